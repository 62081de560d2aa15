/* SPDX-License-Identifier: BSD-2-Clause */
/* work: transfers with a device at one end, rings, chunks. */
#include "work_fixture.h"

static void receive(uint8_t width_bits, bool single, bool last, uint32_t bytes, uint8_t mode)
{
    struct work_segment segments[] = {{RAM + 0x1000, bytes / 2 / 4 * 4}, {RAM + 0x3000, 0}};
    struct test_log done, level;
    segments[1].bytes = bytes - segments[0].bytes;
    start();
    struct fifo_config *device = add_device("uart", FIFO_DEV_TO_MEM, 0);
    device->width_bits = width_bits;
    device->single = single;
    device->last = last;
    device->source.bytes = bytes;
    struct slave_sg_config *work = test_add(&t, SECTION_WORK, "slave_sg", "rx");
    work->segments = (struct parameter_list){segments, last ? 1 : 2};
    if (last)
        segments[0].bytes = bytes;
    work->common.mode = mode;
    test_build(&t, 0);
    test_observe(&t, &done, "transfer", NULL);
    test_observe(&t, &level, "fifo", "uart");
    ck_assert_msg(test_run(&t, LONG), "not done: %u bits, single %d, last %d, %u bytes", width_bits,
                  single, last, bytes);
    expect_status(&done, 0, "complete");
    const struct fifo_record *state = TEST_RECORD(&level, struct fifo_record, level.count - 1);
    ck_assert_uint_eq(state->overruns, 0);
    ck_assert_uint_eq(state->underruns, 0);
    uint8_t *all = malloc(bytes);
    memcpy(all, memory() + 0x1000, segments[0].bytes);
    memcpy(all + segments[0].bytes, memory() + 0x3000, bytes - segments[0].bytes);
    expect_count_pattern(all, bytes);
    free(all);
    test_log_end(&done);
    test_log_end(&level);
    test_plan_end(&t);
}

START_TEST(a_device_is_received_without_loss)
{
    receive(8, true, false, 100, WORK_DEMAND);
    receive(8, false, false, 128, WORK_DEMAND);
    receive(16, true, false, 100, WORK_DEMAND);
    receive(32, true, false, 100, WORK_BURST);
    receive(32, true, false, 100, WORK_CYCLE_STEALING);
}
END_TEST

START_TEST(a_device_that_controls_the_flow_is_received_to_its_last_item)
{
    receive(8, true, true, 64, WORK_DEMAND);
    receive(8, true, true, 67, WORK_DEMAND);
}
END_TEST

static void transmit(uint8_t width_bits, bool last, uint32_t bytes, uint8_t mode)
{
    struct work_segment segment = {RAM + 0x1000, bytes};
    struct test_log done, stream, level;
    start();
    ram->fill = (struct store_fill){.pattern = STORE_COUNT};
    struct fifo_config *device = add_device("dac", FIFO_MEM_TO_DEV, 3);
    device->width_bits = width_bits;
    device->bytes = bytes;
    device->last = last;
    struct slave_sg_config *work = test_add(&t, SECTION_WORK, "slave_sg", "tx");
    work->segments = (struct parameter_list){&segment, 1};
    work->common.mode = mode;
    test_build(&t, 0);
    test_observe(&t, &done, "transfer", NULL);
    test_observe(&t, &stream, "stream", "dac");
    test_observe(&t, &level, "fifo", "dac");
    ck_assert_msg(test_run(&t, LONG), "not done: %u bits, last %d, %u bytes", width_bits, last,
                  bytes);
    expect_status(&done, 0, "complete");
    ck_assert_uint_eq(stream.count, bytes / (width_bits / 8));
    uint8_t *all = malloc(bytes + 8);
    for (size_t i = 0; i < stream.count; i++)
        memcpy(all + i * width_bits / 8, &TEST_RECORD(&stream, struct stream_record, i)->value, 8);
    expect_count_pattern(all, bytes);
    free(all);
    const struct fifo_record *state = TEST_RECORD(&level, struct fifo_record, level.count - 1);
    ck_assert_uint_eq(state->overruns, 0);
    ck_assert_uint_eq(state->underruns, 0);
    test_log_end(&done);
    test_log_end(&stream);
    test_log_end(&level);
    test_plan_end(&t);
}

START_TEST(a_device_is_sent_to_without_loss)
{
    transmit(8, false, 100, WORK_DEMAND);
    transmit(16, false, 100, WORK_DEMAND);
    transmit(32, false, 100, WORK_BURST);
    transmit(8, false, 100, WORK_CYCLE_STEALING);
}
END_TEST

START_TEST(a_device_that_controls_the_flow_is_sent_to_its_last_item)
{
    transmit(8, true, 64, WORK_DEMAND);
    transmit(32, true, 68, WORK_DEMAND);
}
END_TEST

/* On a bus of 64 bits, into memory and out of it: every byte of an item moves. */
START_TEST(items_of_64_bits_move_on_a_bus_of_64)
{
    static struct work_segment in = {RAM + 0x1000, 256}, out = {RAM + 0x1000, 256};
    struct test_log sent;
    start();
    test_bus_config(&t)->width_bits = 64;
    struct fifo_config *adc = add_device("adc", FIFO_DEV_TO_MEM, 0);
    struct fifo_config *dac = add_device("dac", FIFO_MEM_TO_DEV, 1);
    adc->width_bits = dac->width_bits = 64;
    adc->source.bytes = dac->bytes = 256;
    struct slave_sg_config *rx = test_add(&t, SECTION_WORK, "slave_sg", "rx");
    rx->segments = (struct parameter_list){&in, 1};
    struct slave_sg_config *tx = test_add(&t, SECTION_WORK, "slave_sg", "tx");
    tx->segments = (struct parameter_list){&out, 1};
    tx->peripheral = 1;
    tx->common.channel = 1;
    tx->common.after = 0;
    test_build(&t, 0);
    test_observe(&t, &sent, "stream", "dac");
    ck_assert(test_run(&t, LONG));
    expect_count_pattern(memory() + 0x1000, 256);
    ck_assert_uint_eq(sent.count, 256 / 8);
    for (size_t i = 0; i < sent.count; i++) {
        const struct stream_record *item = TEST_RECORD(&sent, struct stream_record, i);
        ck_assert_uint_eq(item->bytes, 8);
        for (unsigned byte = 0; byte < 8; byte++)
            ck_assert_uint_eq(item->value >> 8 * byte & 0xff, (8 * i + byte) & 0xff);
    }
    test_log_end(&sent);
    test_plan_end(&t);
}
END_TEST

static void play_ring(bool multi_block)
{
    struct test_log done, periods;
    start();
    dma->multi_block = multi_block;
    ram->fill = (struct store_fill){.pattern = STORE_ZERO};
    struct fifo_config *device = add_device("adc", FIFO_DEV_TO_MEM, 0);
    device->width_bits = 16;
    struct cyclic_config *work = test_add(&t, SECTION_WORK, "cyclic", "ring");
    work->buffer = RAM + 0x1000;
    work->bytes = 256;
    work->period_bytes = 64;
    work->periods = 6; /* a turn and a half */
    work->common.mode = WORK_DEMAND;
    test_build(&t, 0);
    test_observe(&t, &done, "transfer", NULL);
    test_observe(&t, &periods, "interval", "ring");
    ck_assert(test_run(&t, LONG));
    expect_status(&done, 0, "complete");
    const struct transfer_record *record = TEST_RECORD(&done, struct transfer_record, 0);
    ck_assert_uint_eq(record->bytes, 6 * 64);
    /* They follow each other from the issue to the last callback; the device's rate sets the pace. */
    const sim_time pace = 64 * UINT64_C(1000000000000) / device->rate;
    sim_time sum = 0;
    ck_assert_uint_eq(periods.count, 6);
    for (size_t i = 0; i < 6; i++) {
        const struct interval_record *period = TEST_RECORD(&periods, struct interval_record, i);
        ck_assert_uint_eq(period->kind, INTERVAL_PERIOD);
        sum += period->ps;
        if (i == 0)
            continue;
        ck_assert_uint_gt(period->ps, pace - pace / 20);
        ck_assert_uint_lt(period->ps, pace + pace / 20);
    }
    ck_assert_uint_eq(sum, record->callback_ps - record->issue_ps);
    test_log_end(&periods);
    expect_count_pattern(memory() + 0x1000, 128); /* bytes 256 .. 383 of the count */
    expect_count_pattern(memory() + 0x1000 - 0, 1);
    for (uint32_t i = 128 + 64; i < 256; i++)
        ck_assert_uint_eq(memory()[0x1000 + i], i); /* of the first turn */
    ck_assert_uint_eq(memory()[0x1100], 0);
    test_log_end(&done);
    test_plan_end(&t);
}

START_TEST(a_ring_goes_round_and_is_stopped)
{
    play_ring(true);
    play_ring(false);
}
END_TEST

START_TEST(a_receiving_device_is_switched_off_when_its_entry_is_over)
{
    static struct work_segment segment = {RAM + 0x1000, 64};
    struct test_log level;
    start();
    add_device("adc", FIFO_DEV_TO_MEM, 0); /* without end */
    struct slave_sg_config *work = test_add(&t, SECTION_WORK, "slave_sg", "rx");
    work->segments = (struct parameter_list){&segment, 1};
    test_build(&t, 0);
    test_observe(&t, &level, "fifo", "adc");
    ck_assert(test_run(&t, LONG));
    kernel_advance(&t.system.kernel, t.system.kernel.now + 1000000000, 0);
    const struct fifo_record *state = TEST_RECORD(&level, struct fifo_record, level.count - 1);
    ck_assert_uint_eq(state->overruns, 0);
    ck_assert_uint_lt(state->level, 16);
    test_log_end(&level);
    test_plan_end(&t);
}
END_TEST

/* ---- chunks -------------------------------------------------------------------------------- */

START_TEST(chunks_and_gaps_are_exact_by_registers_and_by_descriptors)
{
    for (unsigned gaps = DW_GAPS_REGISTERS; gaps <= DW_GAPS_DESCRIPTORS; gaps++) {
        start();
        ram->fill = (struct store_fill){.pattern = STORE_COUNT};
        dma->max_block_items = 31; /* five chunks a block */
        struct interleaved_config *work = test_add(&t, SECTION_WORK, "interleaved", "rows");
        work->from = RAM + 0x400;
        work->to = RAM + 0x4000;
        work->chunk_bytes = 24;
        work->frames = 13;
        work->source_gap = 8;
        work->destination_gap = 40;
        dw_call(work)->gaps = (uint8_t)gaps;
        test_build(&t, 0);
        ck_assert(test_run(&t, LONG));
        for (uint32_t i = 0; i < 13 * 64; i++) {
            uint32_t chunk = i / 64, at = i % 64;
            uint8_t expected = at < 24 ? (uint8_t)(chunk * 32 + at) : (uint8_t)i;
            ck_assert_msg(memory()[0x4000 + i] == expected, "gaps %u, byte %u is %02x, not %02x",
                          gaps, i, memory()[0x4000 + i], expected);
        }
        test_plan_end(&t);
    }
}
END_TEST

TEST_MAIN("work, devices", a_device_is_received_without_loss,
          a_device_that_controls_the_flow_is_received_to_its_last_item,
          a_device_is_sent_to_without_loss,
          a_device_that_controls_the_flow_is_sent_to_its_last_item,
          items_of_64_bits_move_on_a_bus_of_64, a_ring_goes_round_and_is_stopped,
          a_receiving_device_is_switched_off_when_its_entry_is_over,
          chunks_and_gaps_are_exact_by_registers_and_by_descriptors)
