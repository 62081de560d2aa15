/* SPDX-License-Identifier: BSD-2-Clause */
/* work: transfers end to end: CPU, driver, controller, memories. */
#include "bus/ahb/ahb.h"
#include "work_fixture.h"

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
    kernel_advance(&t.system.kernel, t.system.kernel.now + 10000000, 0);
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

START_TEST(locks_priorities_and_modes_reach_the_channel_configuration)
{
    struct test_log beats;
    start();
    struct memcpy_config *copy = add_memcpy("copy", RAM, RAM + 0x4000, 64);
    struct dw_ahb_call *call = dw_call(copy);
    call->lock = DW_LOCK_BLOCK;
    call->priority = 5;
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
        kernel_advance(&t.system.kernel, at, 0);
        struct system_snapshot *snapshot = system_save(&t.system);
        size_t first = beats.count;
        kernel_advance(&t.system.kernel, at + 10000000, 0);
        size_t straight = beats.count - first;
        system_restore(&t.system, snapshot);
        kernel_advance(&t.system.kernel, at + 10000000, 0);
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

TEST_MAIN("work", memcpy_moves_every_byte_and_no_other, memcpy_moves_every_byte_in_every_mode,
          memcpy_works_without_linked_lists_in_hardware,
          memcpy_is_cut_into_blocks_of_the_longest_size, memcpy_works_without_parameter_registers,
          entries_come_after_each_other_and_repeat, jobs_of_one_channel_queue_up,
          a_bus_error_ends_the_job_as_error_and_the_next_one_runs, the_driver_does_what_linux_does,
          descriptors_say_what_linux_would_say,
          locks_priorities_and_modes_reach_the_channel_configuration,
          skipping_and_the_order_of_stepping_change_nothing,
          a_restored_run_goes_on_as_the_straight_one)
