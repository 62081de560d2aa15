/* SPDX-License-Identifier: BSD-2-Clause */
/* work: transfers end to end: CPU, driver, controller, memories, devices. */
#include "plan.h"

#include "host/work.h"
#include "memory/sram.h"
#include "peripherals/fifo_device.h"

#define RAM 0x20000000u
#define RAM_BYTES 65536u
#define DMA 0x40000000u
#define UART 0x40001000u
#define LONG UINT64_C(100000000000) /* 100 ms */

static struct test_plan t;
static struct cpu_config *cpu;
static struct dw_dmac_config *dma;
static struct sram_config *ram;

static void start(void)
{
    test_plan_start(&t);
    cpu = test_add(&t, SECTION_CPUS, "cpu", "cpu0");
    dma = test_add(&t, SECTION_CONTROLLERS, "snps,dw-dmac", "dma");
    ram = test_add(&t, SECTION_MEMORIES, "sram", "ram");
    dma->base = DMA;
    dma->interrupt = 0;
    ram->base = RAM;
    ram->size_bytes = RAM_BYTES;
    ram->fill.pattern = SRAM_RANDOM;
    ram->fill.seed = 7;
}

static struct memcpy_config *add_memcpy(const char *name, uint32_t from, uint32_t to,
                                        uint32_t bytes)
{
    struct memcpy_config *copy = test_add(&t, SECTION_WORK, "memcpy", name);
    copy->from = from;
    copy->to = to;
    copy->bytes = bytes;
    return copy;
}

static const uint8_t *memory(void)
{
    return sram_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL);
}

static void expect_status(const struct test_log *log, size_t i, const char *status)
{
    ck_assert_uint_gt(log->count, i);
    ck_assert_str_eq(TEST_RECORD(log, struct transfer_record, i)->status, status);
}

/* ---- memcpy -------------------------------------------------------------------------------- */

static void copy_is_exact(struct memcpy_config *copy, unsigned flags)
{
    struct test_log done;
    uint32_t from = (uint32_t)copy->from - RAM, to = (uint32_t)copy->to - RAM;
    uint32_t bytes = (uint32_t)copy->bytes;
    test_build(&t, flags);
    test_observe(&t, &done, "transfer", NULL);
    uint8_t *before = malloc(RAM_BYTES);
    memcpy(before, memory(), RAM_BYTES);
    ck_assert_msg(test_run(&t, LONG), "not done");
    expect_status(&done, 0, "complete");
    ck_assert_uint_eq(TEST_RECORD(&done, struct transfer_record, 0)->bytes, bytes);
    ck_assert_mem_eq(memory() + from, before + from, bytes);
    ck_assert_mem_eq(memory() + to, before + from, bytes);
    ck_assert_mem_eq(memory() + to - 4, before + to - 4, 4);
    ck_assert_mem_eq(memory() + to + bytes, before + to + bytes, 4);
    free(before);
    test_log_end(&done);
    test_plan_end(&t);
}

START_TEST(memcpy_moves_every_byte_and_no_other)
{
    static const uint32_t lengths[] = {1, 2, 3, 4, 5, 63, 64, 1000, 4096};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        start();
        copy_is_exact(add_memcpy("copy", RAM + 0x100, RAM + 0x4004, lengths[i]), 0);
    }
}
END_TEST

START_TEST(memcpy_moves_every_byte_in_every_mode)
{
    static const uint8_t modes[] = {WORK_BURST, WORK_CYCLE_STEALING, WORK_LINKED_LIST};
    for (size_t i = 0; i < sizeof modes; i++) {
        start();
        struct memcpy_config *copy = add_memcpy("copy", RAM + 0x100, RAM + 0x4000, 3000);
        copy->common.mode = modes[i];
        copy->segment_bytes = 256;
        copy_is_exact(copy, 0);
    }
}
END_TEST

START_TEST(memcpy_works_without_linked_lists_in_hardware)
{
    start();
    dma->multi_block = false;
    dma->max_block_items = 15;
    copy_is_exact(add_memcpy("copy", RAM + 0x100, RAM + 0x4000, 1000), 0);
}
END_TEST

START_TEST(memcpy_is_cut_into_blocks_of_the_longest_size)
{
    static const uint32_t items[] = {14, 15, 16, 30, 31};
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        for (unsigned multi_block = 0; multi_block < 2; multi_block++) {
            start();
            dma->multi_block = multi_block;
            dma->max_block_items = 15;
            copy_is_exact(add_memcpy("copy", RAM + 0x100, RAM + 0x4000, 4 * items[i]), 0);
        }
    }
}
END_TEST

START_TEST(memcpy_works_without_parameter_registers)
{
    start();
    dma->encoded_parameters = false;
    copy_is_exact(add_memcpy("copy", RAM + 0x100, RAM + 0x4000, 1000), 0);
}
END_TEST

/* ---- order --------------------------------------------------------------------------------- */

START_TEST(entries_come_after_each_other_and_repeat)
{
    struct test_log first, second;
    start();
    struct memcpy_config *late = add_memcpy("late", RAM, RAM + 0x4000, 64);
    struct memcpy_config *early = add_memcpy("early", RAM, RAM + 0x5000, 64);
    late->common.after = 1;
    late->common.channel = 1;
    early->common.at_ps = 30000001;
    early->common.repeat = 3;
    test_build(&t, 0);
    test_observe(&t, &first, "transfer", "early");
    test_observe(&t, &second, "transfer", "late");
    ck_assert(test_run(&t, LONG));
    ck_assert_uint_eq(first.count, 3);
    ck_assert_uint_eq(second.count, 1);
    ck_assert_uint_ge(TEST_RECORD(&first, struct transfer_record, 0)->submit_ps, 30010000);
    ck_assert_uint_gt(TEST_RECORD(&second, struct transfer_record, 0)->submit_ps,
                      TEST_RECORD(&first, struct transfer_record, 2)->callback_ps);
    test_log_end(&first);
    test_log_end(&second);
    test_plan_end(&t);
}
END_TEST

START_TEST(jobs_of_one_channel_queue_up)
{
    struct test_log first, second;
    start();
    add_memcpy("a", RAM, RAM + 0x4000, 4096);
    add_memcpy("b", RAM, RAM + 0x5000, 64);
    test_build(&t, 0);
    test_observe(&t, &first, "transfer", "a");
    test_observe(&t, &second, "transfer", "b");
    ck_assert(test_run(&t, LONG));
    expect_status(&first, 0, "complete");
    expect_status(&second, 0, "complete");
    ck_assert_uint_lt(TEST_RECORD(&second, struct transfer_record, 0)->issue_ps,
                      TEST_RECORD(&first, struct transfer_record, 0)->interrupt_ps);
    ck_assert_mem_eq(memory() + 0x4000, memory(), 4096);
    ck_assert_mem_eq(memory() + 0x5000, memory(), 64);
    test_log_end(&first);
    test_log_end(&second);
    test_plan_end(&t);
}
END_TEST

START_TEST(a_bus_error_ends_the_job_as_error_and_the_next_one_runs)
{
    struct sram_error error = {.offset = 0x110, .bytes = 4, .count = 0};
    struct test_log first, second;
    start();
    ram->errors = (struct parameter_list){&error, 1};
    add_memcpy("bad", RAM + 0x100, RAM + 0x4000, 64);
    add_memcpy("good", RAM + 0x200, RAM + 0x5000, 64);
    test_build(&t, 0);
    test_observe(&t, &first, "transfer", "bad");
    test_observe(&t, &second, "transfer", "good");
    ck_assert(test_run(&t, LONG));
    expect_status(&first, 0, "error");
    expect_status(&second, 0, "complete");
    ck_assert_mem_eq(memory() + 0x5000, memory() + 0x200, 64);
    test_log_end(&first);
    test_log_end(&second);
    test_plan_end(&t);
}
END_TEST

/* ---- the driver's accesses ------------------------------------------------------------------ */

struct access {
    bool write;
    uint32_t offset, value;
};

/* Accesses to the controller's registers, compared with a list. */
static void expect_accesses(const struct test_log *beats, const struct access *list, size_t count)
{
    size_t at = 0;
    for (size_t i = 0; i < beats->count && at < count; i++) {
        const struct ahb_beat *beat = TEST_RECORD(beats, struct ahb_beat, i);
        if (beat->haddr < DMA || beat->haddr >= DMA + 0x400)
            continue;
        uint32_t offset = beat->haddr - DMA;
        uint32_t value = (uint32_t)beat->data.lane[0];
        if (offset == 0x3f0) /* four bits a channel; there are four */
            value = (value & 0xffff) | 0xaaaa0000;
        ck_assert_msg(
            beat->hwrite == list[at].write && offset == list[at].offset && value == list[at].value,
            "access %zu is %c [%03x] = %08x, not %c [%03x] = %08x", at, beat->hwrite ? 'W' : 'R',
            offset, value, list[at].write ? 'W' : 'R', list[at].offset, list[at].value);
        at++;
    }
    ck_assert_uint_eq(at, count);
}

#define R(offset, value)                                                                           \
    {                                                                                              \
        false, 0x##offset, 0x##value                                                               \
    }
#define W(offset, value)                                                                           \
    {                                                                                              \
        true, 0x##offset, 0x##value                                                                \
    }

/* As Linux 6.12 with a controller of 4 channels and 2 masters does, probe and one memcpy. The LLP
 * value is that of our descriptor memory. */
static const struct access linux_accesses[] = {
    R(3f4, 10000b00), R(3f0, aaaaaaaa), W(398, 00000000), W(310, 00000f00), W(318, 00000f00),
    W(320, 00000f00), W(328, 00000f00), W(330, 00000f00), R(398, 00000000), W(3a0, 00000100),
    R(3e8, 00030800), W(3a0, 00000200), R(3e4, 00030800), W(3a0, 00000400), R(3e0, 00030800),
    W(3a0, 00000800), R(3dc, 00030800), W(338, 0000000f), W(340, 0000000f), W(348, 0000000f),
    W(350, 0000000f), W(358, 0000000f), R(3a0, 00000000), W(398, 00000001), R(3a0, 00000000),
    W(040, 00000060), W(044, 00000002), W(310, 00000101), W(330, 00000101), W(010, 2000c000),
    W(018, 18000000), W(01c, 00000000), W(3a0, 00000101), R(360, 00000001), W(310, 00000f00),
    W(318, 00000f00), W(330, 00000f00), R(360, 00000000), R(2c0, 00000001), R(2e0, 00000000),
    R(010, 00000000), R(2c0, 00000001), W(338, 00000001), R(3a0, 00000000), W(310, 00000f0f),
    W(330, 00000f0f),
};

START_TEST(the_driver_does_what_linux_does)
{
    static const uint16_t masters[] = {0, 0};
    struct test_log beats;
    start();
    dma->channels = 4;
    dma->masters = (struct parameter_list){(void *)(uintptr_t)masters, 2};
    dma->max_block_items = 4095;
    dma->max_burst_items = 32;
    add_memcpy("copy", RAM, RAM + 0x4000, 4096);
    test_build(&t, 0);
    test_observe(&t, &beats, "ahb_beat", NULL);
    ck_assert(test_run(&t, LONG));
    kernel_advance(&t.system.kernel, t.system.kernel.now + 10000000, false);
    expect_accesses(&beats, linux_accesses, sizeof linux_accesses / sizeof linux_accesses[0]);
    test_log_end(&beats);
    test_plan_end(&t);
}
END_TEST

START_TEST(descriptors_say_what_linux_would_say)
{
    start();
    dma->max_block_items = 15;
    struct memcpy_config *copy = add_memcpy("copy", RAM, RAM + 0x4000, 100);
    copy->common.burst = 4;
    test_build(&t, 0);
    ck_assert(test_run(&t, LONG));
    uint32_t items[2][5];
    memcpy(items[0], memory() + 0xc000, sizeof items[0]);
    memcpy(items[1], memory() + 0xc020, sizeof items[1]);
    /* widths 4, MSIZE 4, both list enables */
    static const uint32_t first[] = {RAM, RAM + 0x4000, RAM + 0xc020, 0x18004824, 15};
    /* the rest, end of list, INT_EN */
    static const uint32_t second[] = {RAM + 60, RAM + 0x4000 + 60, 0, 0x00004825, 10};
    ck_assert_mem_eq(items[0], first, 16);
    ck_assert_mem_eq(items[1], second, 16);
    ck_assert_uint_eq(items[0][4] & 0xfff, 15);
    ck_assert_uint_eq(items[1][4] & 0xfff, 10);
    test_plan_end(&t);
}
END_TEST

/* ---- devices ------------------------------------------------------------------------------- */

static struct fifo_config *add_device(const char *name, enum fifo_direction direction,
                                      uint32_t line)
{
    struct fifo_config *device = test_add(&t, SECTION_PERIPHERALS, "fifo", name);
    device->base = UART + line * 0x400;
    device->direction = (uint8_t)direction;
    device->controller = 0;
    device->line = line;
    device->rate = 4000000;
    return device;
}

static void expect_count_pattern(const uint8_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        ck_assert_msg(bytes[i] == (uint8_t)i, "byte %u is %02x", i, bytes[i]);
}

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
    ram->fill = (struct sram_fill){.pattern = SRAM_COUNT};
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

static void play_ring(bool multi_block)
{
    struct test_log done;
    start();
    dma->multi_block = multi_block;
    ram->fill = (struct sram_fill){.pattern = SRAM_ZERO};
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
    ck_assert(test_run(&t, LONG));
    expect_status(&done, 0, "complete");
    ck_assert_uint_eq(TEST_RECORD(&done, struct transfer_record, 0)->bytes, 6 * 64);
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

/* ---- chunks -------------------------------------------------------------------------------- */

START_TEST(chunks_and_gaps_are_exact_by_registers_and_by_descriptors)
{
    for (unsigned gaps = WORK_GAPS_REGISTERS; gaps <= WORK_GAPS_DESCRIPTORS; gaps++) {
        start();
        ram->fill = (struct sram_fill){.pattern = SRAM_COUNT};
        dma->max_block_items = 31; /* five chunks a block */
        struct interleaved_config *work = test_add(&t, SECTION_WORK, "interleaved", "rows");
        work->from = RAM + 0x400;
        work->to = RAM + 0x4000;
        work->chunk_bytes = 24;
        work->frames = 13;
        work->source_gap = 8;
        work->destination_gap = 40;
        work->gaps = (uint8_t)gaps;
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

/* ---- programs ------------------------------------------------------------------------------ */

START_TEST(a_program_drives_the_controller_by_name)
{
    static const struct work_step steps[] = {
        {.op = WORK_WRITE, .to = "dma.DMA_CFG", .value = "DMA_EN=1", .width_bits = 32},
        {.op = WORK_WRITE, .to = "dma.CH1_SAR", .value = "ram + 0x100", .width_bits = 32},
        {.op = WORK_WRITE, .to = "dma.CH1_DAR", .value = "ram + 4 KiB", .width_bits = 32},
        {.op = WORK_WRITE,
         .to = "dma.CH1_CTL_LO",
         .value = "INT_EN | SRC_TR_WIDTH=2 | DST_TR_WIDTH=2",
         .width_bits = 32},
        {.op = WORK_WRITE, .to = "dma.CH1_CTL_HI", .value = "BLOCK_TS=16", .width_bits = 32},
        {.op = WORK_WRITE, .to = "dma.CH1_CFG_LO", .value = "0", .width_bits = 32},
        {.op = WORK_WRITE, .to = "dma.MASK_TFR", .value = "0x202", .width_bits = 32},
        {.op = WORK_WRITE, .to = "dma.CH_EN", .value = "CH_EN=2 | CH_EN_WE=2", .width_bits = 32},
        {.op = WORK_WAIT_INTERRUPT, .to = "dma", .width_bits = 32},
        {.op = WORK_EXPECT, .to = "dma.RAW_TFR", .value = "INT=2", .width_bits = 32},
        {.op = WORK_WRITE, .to = "dma.CLEAR_TFR", .value = "2", .width_bits = 32},
        {.op = WORK_POLL, .to = "dma.STATUS_INT", .value = "TFR=0", .width_bits = 32},
        {.op = WORK_DELAY, .time_ps = 1000000},
        {.op = WORK_EXPECT, .to = "ram + 0x100", .value = "0", .mask = "0", .width_bits = 32},
    };
    struct test_log done;
    start();
    struct program_config *program = test_add(&t, SECTION_WORK, "program", "raw");
    program->steps =
        (struct parameter_list){(void *)(uintptr_t)steps, sizeof steps / sizeof steps[0]};
    program->repeat = 2;
    test_build(&t, 0);
    test_observe(&t, &done, "transfer", NULL);
    ck_assert(test_run(&t, LONG));
    ck_assert_uint_eq(done.count, 2);
    expect_status(&done, 1, "complete");
    ck_assert_mem_eq(memory() + 0x1000, memory() + 0x100, 64);
    test_log_end(&done);
    test_plan_end(&t);
}
END_TEST

START_TEST(an_expectation_that_fails_makes_the_program_fail)
{
    static const struct work_step steps[] = {
        {.op = WORK_EXPECT, .to = "dma.COMP_TYPE", .value = "0x44571111", .width_bits = 32}};
    struct test_log done;
    start();
    struct program_config *program = test_add(&t, SECTION_WORK, "program", "raw");
    program->steps = (struct parameter_list){(void *)(uintptr_t)steps, 1};
    test_build(&t, 0);
    test_observe(&t, &done, "transfer", NULL);
    ck_assert(test_run(&t, LONG));
    expect_status(&done, 0, "error");
    test_log_end(&done);
    test_plan_end(&t);
}
END_TEST

/* ---- checks -------------------------------------------------------------------------------- */

static void expect_error(const char *text)
{
    test_check(&t);
    ck_assert_msg(strstr(t.errors, text) != NULL, "no \"%s\" in:\n%s", text, t.errors);
    test_plan_end(&t);
}

START_TEST(transfers_that_cannot_work_are_refused_with_a_reason)
{
    start();
    add_memcpy("copy", RAM + 0xff00, RAM, 0x101);
    expect_error("copy.from: 0x2000ff00 .. 0x20010000 ends outside ram, which ends at 0x2000ffff");
    start();
    add_memcpy("copy", RAM, 0x30000000, 4);
    expect_error("copy.to: 0x30000000 is in no memory");
    start();
    add_memcpy("copy", RAM, RAM + 32, 64);
    expect_error("copy.to: source and destination overlap");
    start();
    add_memcpy("copy", RAM + 2, RAM + 0x4000, 64)->common.width_bits = 32;
    expect_error("copy.from: 0x20000002 is not a multiple of the width, 4 bytes");
    start();
    add_memcpy("copy", RAM, RAM + 0x4000, 64)->common.width_bits = 64;
    expect_error("copy.width_bits: 64 bits are wider than the bus");
    start();
    add_memcpy("copy", RAM, RAM + 0x4000, 64)->common.burst = 12;
    expect_error("copy.burst: must be 1, 4, 8, 16");
    start();
    dma->fifo_bytes = 16;
    add_memcpy("copy", RAM, RAM + 0x4000, 64)->common.burst = 8;
    expect_error("copy.burst: 8 items of 4 bytes are wider than the channel's FIFO of 16 bytes");
    start();
    dma->channels = 2;
    add_memcpy("copy", RAM, RAM + 0x4000, 64)->common.channel = 2;
    expect_error("copy.channel: dma has channels 0 .. 1");
    start();
    add_memcpy("copy", RAM, RAM + 0x4000, 64)->common.mode = WORK_DEMAND;
    expect_error("copy.mode: demand needs a peripheral");
    start();
    dma->interrupt = UINT16_MAX;
    add_memcpy("copy", RAM, RAM + 0x4000, 64);
    expect_error("copy.controller: dma has no interrupt to a CPU");
    start();
    add_memcpy("a", RAM, RAM + 0x4000, 64)->common.after = 1;
    add_memcpy("b", RAM, RAM + 0x4000, 64)->common.after = 0;
    expect_error("a.after: a would wait for itself");
    start();
    add_device("adc", FIFO_DEV_TO_MEM, 0);
    struct cyclic_config *ring = test_add(&t, SECTION_WORK, "cyclic", "ring");
    ring->buffer = RAM;
    ring->bytes = 100;
    ring->period_bytes = 64;
    expect_error("ring.period_bytes: 64 does not divide bytes, 100");
}
END_TEST

START_TEST(names_in_programs_that_do_not_exist_are_refused_with_a_suggestion)
{
    static const struct {
        struct work_step step;
        const char *text;
    } cases[] = {
        {{.op = WORK_WRITE, .to = "dma.CH0_SRA", .value = "0", .width_bits = 32},
         "step 1: to: dma has no register \"CH0_SRA\", did you mean \"CH0_SAR\"?"},
        {{.op = WORK_WRITE, .to = "dna.CH0_SAR", .value = "0", .width_bits = 32},
         "step 1: to: unknown name \"dna\", did you mean \"dma\"?"},
        {{.op = WORK_WRITE, .to = "dma.CH0_CTL_LO", .value = "INT_ENN=1", .width_bits = 32},
         "step 1: value: unknown name \"INT_ENN\", did you mean \"INT_EN\"?"},
        {{.op = WORK_WRITE, .to = "dma.CH0_CTL_LO", .value = "INT_EN=2", .width_bits = 32},
         "step 1: value: INT_EN has 1 bits: 0 .. 1"},
        {{.op = WORK_WRITE, .to = "dma.CH0_SAR", .width_bits = 32}, "step 1: write needs a value"},
        {{.op = WORK_READ, .to = "ram + 2", .width_bits = 32}, "is not an address for 32 bits"},
        {{.op = WORK_READ, .to = "ram + ", .width_bits = 32}, "name or number missing"},
        {{.op = WORK_WAIT_INTERRUPT, .to = "dma.CFG", .width_bits = 32}, "no register \"CFG\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        start();
        struct program_config *program = test_add(&t, SECTION_WORK, "program", "raw");
        program->steps = (struct parameter_list){(void *)(uintptr_t)&cases[i].step, 1};
        expect_error(cases[i].text);
    }
}
END_TEST

/* ---- the standing properties ---------------------------------------------------------------- */

static void busy_system(void)
{
    static struct work_segment segment = {RAM + 0x1000, 300};
    start();
    ram->read_first = 1;
    cpu->traffic.given = true;
    cpu->traffic.base = RAM + 0x8000;
    cpu->traffic.pattern = CPU_RANDOM;
    cpu->traffic.beats = 4;
    struct fifo_config *device = add_device("uart", FIFO_DEV_TO_MEM, 0);
    device->rate = 1000000;
    device->jitter_percent = 80;
    struct slave_sg_config *receive_work = test_add(&t, SECTION_WORK, "slave_sg", "rx");
    receive_work->segments = (struct parameter_list){&segment, 1};
    receive_work->common.mode = WORK_DEMAND;
    struct memcpy_config *copy = add_memcpy("copy", RAM, RAM + 0x4000, 2000);
    copy->common.channel = 1;
    copy->common.at_ps = 7777777;
    copy->common.repeat = 3;
}

static void log_busy_system(unsigned flags, struct test_log *beats, struct test_log *states)
{
    busy_system();
    test_build(&t, flags);
    test_observe(&t, beats, "ahb_beat", NULL);
    test_observe(&t, states, "cpu", NULL);
    ck_assert(test_run(&t, LONG));
}

START_TEST(skipping_and_the_order_of_stepping_change_nothing)
{
    struct test_log beats[3], states[3];
    static const unsigned flags[] = {0, KERNEL_EVERY_CYCLE, KERNEL_REVERSED};
    for (unsigned i = 0; i < 3; i++) {
        log_busy_system(flags[i], &beats[i], &states[i]);
        test_plan_end(&t);
        ck_assert_uint_gt(beats[i].count, 2000);
        ck_assert_uint_eq(beats[i].count, beats[0].count);
        for (size_t j = 0; j < beats[0].count; j++) {
            const struct ahb_beat *a = TEST_RECORD(&beats[0], struct ahb_beat, j);
            const struct ahb_beat *b = TEST_RECORD(&beats[i], struct ahb_beat, j);
            ck_assert_msg(
                a->data_cycle == b->data_cycle && a->haddr == b->haddr &&
                    a->master_index == b->master_index && a->data.lane[0] == b->data.lane[0],
                "flags %u: beat %zu differs in cycle %ju", flags[i], j, (uintmax_t)a->data_cycle);
        }
        ck_assert_uint_eq(states[i].count, states[0].count);
        ck_assert_mem_eq(states[i].cycles, states[0].cycles, states[0].count * sizeof(sim_cycle));
        ck_assert_mem_eq(states[i].records, states[0].records,
                         states[0].count * states[0].record_bytes);
    }
    for (unsigned i = 0; i < 3; i++) {
        test_log_end(&beats[i]);
        test_log_end(&states[i]);
    }
}
END_TEST

START_TEST(a_restored_run_goes_on_as_the_straight_one)
{
    struct test_log beats;
    busy_system();
    test_build(&t, 0);
    test_observe(&t, &beats, "ahb_beat", NULL);
    for (sim_time at = 3000000; at < 90000000; at += 17000000) {
        kernel_advance(&t.system.kernel, at, false);
        struct system_snapshot *snapshot = system_save(&t.system);
        size_t first = beats.count;
        kernel_advance(&t.system.kernel, at + 10000000, false);
        size_t straight = beats.count - first;
        system_restore(&t.system, snapshot);
        kernel_advance(&t.system.kernel, at + 10000000, false);
        ck_assert_uint_gt(straight, 100);
        ck_assert_uint_eq(beats.count - first, 2 * straight);
        for (size_t i = 0; i < straight; i++) {
            const struct ahb_beat *a = TEST_RECORD(&beats, struct ahb_beat, first + i);
            const struct ahb_beat *b = TEST_RECORD(&beats, struct ahb_beat, first + straight + i);
            ck_assert(a->data_cycle == b->data_cycle && a->haddr == b->haddr &&
                      a->data.lane[0] == b->data.lane[0]);
        }
        system_snapshot_free(snapshot);
    }
    test_log_end(&beats);
    test_plan_end(&t);
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
    kernel_advance(&t.system.kernel, t.system.kernel.now + 1000000000, false);
    const struct fifo_record *state = TEST_RECORD(&level, struct fifo_record, level.count - 1);
    ck_assert_uint_eq(state->overruns, 0);
    ck_assert_uint_lt(state->level, 16);
    test_log_end(&level);
    test_plan_end(&t);
}
END_TEST

START_TEST(an_interrupt_goes_to_a_driver_or_to_a_program_not_to_both)
{
    static const struct work_step wait[] = {{.op = WORK_WAIT_INTERRUPT, .to = "dma"}};
    for (unsigned order = 0; order < 2; order++) {
        start();
        if (order == 0)
            add_memcpy("copy", RAM, RAM + 0x4000, 64);
        struct program_config *program = test_add(&t, SECTION_WORK, "program", "raw");
        program->steps = (struct parameter_list){(void *)(uintptr_t)wait, 1};
        if (order == 1)
            add_memcpy("copy", RAM, RAM + 0x4000, 64);
        test_check(&t);
        ck_assert_uint_eq(t.check.failures, 0);
        t.built = true;
        ck_assert_int_eq(system_create(&t.system, &t.plan, 0, &t.check), DMASIM_INVALID);
        ck_assert_ptr_nonnull(
            strstr(t.errors, order == 0 ? "is served by the driver" : "a program waits for it"));
        test_plan_end(&t);
    }
}
END_TEST

START_TEST(locks_priorities_and_modes_reach_the_channel_configuration)
{
    struct test_log beats;
    start();
    struct memcpy_config *copy = add_memcpy("copy", RAM, RAM + 0x4000, 64);
    copy->common.lock = WORK_LOCK_BLOCK;
    copy->common.priority = 5;
    copy->common.mode = WORK_CYCLE_STEALING;
    copy->common.channel = 1;
    test_build(&t, 0);
    test_observe(&t, &beats, "ahb_beat", NULL);
    ck_assert(test_run(&t, LONG));
    uint32_t cfg = 0, ctl = 0;
    for (size_t i = 0; i < beats.count; i++) {
        const struct ahb_beat *beat = TEST_RECORD(&beats, struct ahb_beat, i);
        if (beat->hwrite && beat->haddr == DMA + 0x58 + 0x40)
            cfg = (uint32_t)beat->data.lane[0];
        if (beat->hwrite && beat->haddr == RAM + 0xc000 + 12)
            ctl = (uint32_t)beat->data.lane[0];
    }
    /* MAX_ABRST 1, LOCK_B, LOCK_CH, both levels 1, CH_PRIOR 5 */
    ck_assert_uint_eq(cfg, 1u << 20 | 3u << 16 | 1u << 14 | 1u << 12 | 5u << 5);
    ck_assert_uint_eq(ctl, 0x00000025); /* MSIZE 1 and 1, 32 bits, INT_EN, last */
    test_log_end(&beats);
    test_plan_end(&t);
}
END_TEST

TEST_MAIN(
    "work", memcpy_moves_every_byte_and_no_other, memcpy_moves_every_byte_in_every_mode,
    memcpy_works_without_linked_lists_in_hardware, memcpy_is_cut_into_blocks_of_the_longest_size,
    memcpy_works_without_parameter_registers, entries_come_after_each_other_and_repeat,
    jobs_of_one_channel_queue_up, a_bus_error_ends_the_job_as_error_and_the_next_one_runs,
    the_driver_does_what_linux_does, descriptors_say_what_linux_would_say,
    a_device_is_received_without_loss, a_device_that_controls_the_flow_is_received_to_its_last_item,
    a_device_is_sent_to_without_loss, a_device_that_controls_the_flow_is_sent_to_its_last_item,
    a_ring_goes_round_and_is_stopped, chunks_and_gaps_are_exact_by_registers_and_by_descriptors,
    a_program_drives_the_controller_by_name, an_expectation_that_fails_makes_the_program_fail,
    transfers_that_cannot_work_are_refused_with_a_reason,
    names_in_programs_that_do_not_exist_are_refused_with_a_suggestion,
    skipping_and_the_order_of_stepping_change_nothing, a_restored_run_goes_on_as_the_straight_one,
    a_receiving_device_is_switched_off_when_its_entry_is_over,
    an_interrupt_goes_to_a_driver_or_to_a_program_not_to_both,
    locks_priorities_and_modes_reach_the_channel_configuration)
