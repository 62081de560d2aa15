/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver of the ADI AXI DMAC with a device at one side: segments, rings, what ends early. */
#include "adi_work_fixture.h"

START_TEST(a_stream_and_a_fifo_fill_the_segments)
{
    for (unsigned fifo = 0; fifo < 2; fifo++) {
        begin();
        struct stream_source_config *device =
            add_source(fifo ? "fifo-writer" : "axi-stream-source");
        device->period_cycles = 4;
        device->gated = fifo; /* from the request on, without a gap between the two transfers */
        add_slave("s", 0, 1024);
        run();
        ck_assert_str_eq(transfer(0)->status, "complete");
        ck_assert_uint_eq(transfer(0)->bytes, 2048);
        ck_assert_uint_eq(times("408=1"), 2);
        ck_assert_uint_eq(times("414=ffffffff"), 1); /* only the probe writes of the source */
        ck_assert_uint_eq(times("424=0"), 0);
        for (unsigned i = 0; i < 1024 && !fifo; i++) {
            ck_assert_uint_eq(memory()[i], i & 0xff);
            ck_assert_uint_eq(memory()[0x4000 + i], i & 0xff);
        }
        finish();
    }
}
END_TEST

START_TEST(a_packet_that_ends_early_ends_the_call)
{
    static uint64_t packets[] = {40};
    begin();
    struct stream_source_config *device = add_source("axi-stream-source");
    device->packets = (struct parameter_list){packets, 1};
    dma->errata = ADI_NONE;
    struct slave_sg_config *slave = add_slave("s", 0, 1024);
    slave->segments.count = 1;
    run();
    ck_assert_str_eq(transfer(0)->status, "complete");
    ck_assert_uint_eq(transfer(0)->bytes, 320);
    ck_assert_ptr_nonnull(strstr(accesses(), "428? 44c? 450? 428?"));
    finish();
}
END_TEST

START_TEST(behind_an_early_end_the_next_call_gets_its_data)
{
    static uint64_t packets[] = {20, 20, 64, 64};
    for (unsigned pieces = 1; pieces <= 16; pieces *= 2)
        for (uint64_t period = 1; period <= 50; period += 7) {
            begin();
            struct stream_source_config *device = add_source("axi-stream-source");
            device->packets = (struct parameter_list){packets, 4};
            device->period_cycles = period;
            dma->errata = ADI_NONE;
            dma->length_width_bits = 8;
            struct slave_sg_config *first = add_slave("first", 0, 256 * pieces);
            struct slave_sg_config *second = add_slave("second", 0x8000, 512);
            static struct work_segment segments[2];
            segments[0] = (struct work_segment){RAM, 256 * pieces};
            segments[1] = (struct work_segment){RAM + 0x8000, 512};
            first->segments = (struct parameter_list){&segments[0], 1};
            second->segments = (struct parameter_list){&segments[1], 1};
            first->common.repeat = 2;
            second->common.after = 0;
            run();
            ck_assert_uint_eq(transfer(0)->bytes, 160);
            ck_assert_uint_eq(transfer(1)->bytes, 160);
            ck_assert_uint_eq(transfer(2)->bytes, 512);
            for (unsigned i = 0; i < 160; i++)
                ck_assert_uint_eq(memory()[i], (160 + i) & 0xff);
            for (unsigned i = 0; i < 512; i++)
                ck_assert_msg(memory()[0x8000 + i] == ((320 + i) & 0xff), "%u pieces, %u: byte %u",
                              pieces, (unsigned)period, i);
            ck_assert_uint_le(times("408=1"), 2 + 2 * 6);
            finish();
        }
}
END_TEST

START_TEST(memory_goes_to_a_stream)
{
    begin();
    test_add(&t, SECTION_PERIPHERALS, "axi-stream-sink", "dev");
    dma->destination_type = ADI_STREAM;
    dma->destination_bus = UINT16_MAX;
    add_slave("s", 0, 1024);
    run();
    ck_assert_uint_eq(transfer(0)->bytes, 2048);
    ck_assert_uint_eq(stream_counts(test_find(&t, SECTION_PERIPHERALS, "dev")).beats, 256);
    ck_assert_uint_eq(times("410=80000000"), 0);
    finish();
}
END_TEST

START_TEST(a_ring_goes_round_and_is_disabled_in_the_end)
{
    begin();
    add_source("axi-stream-source")->period_cycles = 4;
    add_ring(10);
    run();
    ck_assert_str_eq(transfer(0)->status, "complete");
    ck_assert_uint_eq(transfer(0)->bytes, 10 * 512);
    ck_assert_uint_eq(times("400=0"), 1);
    ck_assert_uint_ge(times("408=1"), 10);
    ck_assert_uint_le(times("408=1"), 14); /* four segments are in flight at most */
    ck_assert_uint_ge(times("410=80000600"), 2);
    ck_assert_str_eq(strstr(accesses(), "400=0"), "400=0");
    finish();
}
END_TEST

START_TEST(a_period_is_submitted_again_when_it_is_free)
{
    for (unsigned count = 1; count <= 2; count++) {
        begin();
        add_source("axi-stream-source")->period_cycles = 4;
        add_ring(9)->bytes = 512 * count;
        run();
        ck_assert_str_eq(transfer(0)->status, "complete");
        ck_assert_uint_eq(transfer(0)->bytes, 9 * 512);
        ck_assert_uint_ge(times("410=80000000"), 9 / count);
        finish();
    }
}
END_TEST

START_TEST(what_waits_behind_a_ring_starts_when_it_is_stopped)
{
    begin();
    add_source("axi-stream-source")->period_cycles = 4;
    add_ring(6);
    add_slave("s", 0x8000, 256);
    run();
    ck_assert_uint_eq(transfers.count, 2);
    ck_assert_str_eq(transfer(0)->name, "ring");
    ck_assert_str_eq(transfer(1)->name, "s");
    ck_assert_str_eq(transfer(1)->status, "complete");
    ck_assert_uint_eq(transfer(1)->bytes, 512);
    ck_assert_ptr_nonnull(strstr(accesses(), "400=0 400=1 408? 404?"));
    finish();
}
END_TEST

START_TEST(beats_have_the_addresses_of_their_bursts)
{
    begin();
    add_memcpy("copy", 0x100, 0x8000, 1001);
    build();
    struct test_log beats;
    test_observe(&t, &beats, "dma_beat", "dma");
    ck_assert(test_run(&t, LONG));
    uint32_t from = RAM + 0x100, to = RAM + 0x8000;
    for (size_t i = 0; i < beats.count; i++) {
        const struct dma_beat_record *beat = TEST_RECORD(&beats, struct dma_beat_record, i);
        uint32_t *at = beat->purpose == DMA_SOURCE ? &from : &to;
        ck_assert_uint_eq(beat->address, *at);
        ck_assert_uint_eq(beat->bytes, *at == RAM + 0x8000 + 1000 ? 1 : 8);
        *at += beat->bytes;
    }
    ck_assert_uint_eq(beats.count, 2 * 126);
    ck_assert_uint_eq(to, RAM + 0x8000 + 1001);
    test_log_end(&beats);
    finish();
}
END_TEST

TEST_MAIN("adi work with devices", a_stream_and_a_fifo_fill_the_segments,
          a_packet_that_ends_early_ends_the_call, behind_an_early_end_the_next_call_gets_its_data,
          memory_goes_to_a_stream, a_ring_goes_round_and_is_disabled_in_the_end,
          a_period_is_submitted_again_when_it_is_free,
          what_waits_behind_a_ring_starts_when_it_is_stopped,
          beats_have_the_addresses_of_their_bursts)
