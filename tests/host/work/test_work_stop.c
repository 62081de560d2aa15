/* SPDX-License-Identifier: BSD-2-Clause */
/* work: calls on a DMAC that are ended before their time, by a timeout or by a program. */
#include "work_fixture.h"

#define SILENT_BYTES 62u
#define BURST 8u
#define GOT 56u /* whole bursts of what arrived */

static struct work_segment segments[2];
static struct slave_sg_config *rx;
static struct test_log transfers, beats;

/* A receive of more than arrives: the device asks for bursts only, and the last items are less than one. */
static void receive(uint64_t timeout_ps)
{
    start();
    ram->fill = (struct store_fill){.pattern = STORE_BYTE, .value = 0xee};
    struct fifo_config *device = add_device("uart", FIFO_DEV_TO_MEM, 0);
    device->width_bits = 8;
    device->threshold = BURST;
    device->single = false;
    device->source.bytes = SILENT_BYTES;
    segments[0] = (struct work_segment){RAM + 0x1000, 1024};
    segments[1] = (struct work_segment){RAM + 0x3000, 1024};
    rx = test_add(&t, SECTION_WORK, "slave_sg", "rx");
    rx->segments = (struct parameter_list){segments, 1};
    rx->common.mode = WORK_DEMAND;
    rx->common.timeout_ps = timeout_ps;
}

static void run_observed(unsigned flags)
{
    test_build(&t, flags);
    test_observe(&t, &transfers, "transfer", "rx");
    test_observe(&t, &beats, "ahb_beat", NULL);
    ck_assert(test_run(&t, LONG));
}

static const struct transfer_record *row(size_t i)
{
    ck_assert_uint_gt(transfers.count, i);
    return TEST_RECORD(&transfers, struct transfer_record, i);
}

static void end(void)
{
    test_log_end(&transfers);
    test_log_end(&beats);
    test_plan_end(&t);
}

static void expect_row(size_t i, const char *status, uint64_t bytes)
{
    ck_assert_str_eq(row(i)->status, status);
    ck_assert_uint_eq(row(i)->bytes, bytes);
}

START_TEST(a_timeout_ends_a_receive_with_what_it_got)
{
    for (unsigned multi_block = 0; multi_block < 2; multi_block++) {
        receive(UINT64_C(50000000));
        dma->multi_block = multi_block;
        run_observed(0);
        expect_row(0, "stopped", GOT);
        ck_assert_uint_eq(row(0)->interrupt_ps, SIM_NEVER);
        ck_assert_uint_gt(row(0)->callback_ps, row(0)->issue_ps + 50000000);
        expect_count_pattern(memory() + 0x1000, GOT);
        ck_assert_uint_eq(memory()[0x1000 + GOT], 0xee);
        end();
    }
}
END_TEST

/* The residue counts what descriptors before the one under way have moved. */
START_TEST(the_residue_is_told_over_all_descriptors)
{
    for (unsigned multi_block = 0; multi_block < 2; multi_block++) {
        receive(UINT64_C(50000000));
        dma->multi_block = multi_block;
        dma->max_block_items = 15;
        segments[0].bytes = 20; /* 15 and 5; then 15, 15, ... */
        rx->segments.count = 2;
        ((struct fifo_config *)test_config(&t, SECTION_PERIPHERALS, 0))->single = true;
        run_observed(0);
        /* behind the burst of the last block its rest is less than one: single requests count */
        expect_row(0, "stopped", SILENT_BYTES);
        expect_count_pattern(memory() + 0x1000, 20);
        ck_assert_uint_eq(memory()[0x3000], 20);
        ck_assert_uint_eq(memory()[0x3000 + SILENT_BYTES - 21], SILENT_BYTES - 1);
        ck_assert_uint_eq(memory()[0x3000 + SILENT_BYTES - 20], 0xee);
        end();
    }
}
END_TEST

START_TEST(a_call_that_is_over_in_time_is_not_ended)
{
    receive(UINT64_C(50000000));
    segments[0].bytes = 48;
    run_observed(0);
    expect_row(0, "complete", 48);
    ck_assert_uint_lt(t.system.kernel.now, row(0)->issue_ps + 50000000);
    end();
}
END_TEST

/* ---- the accesses --------------------------------------------------------------------------- */

struct access {
    bool write;
    uint32_t address, value;
};

#define R(address, value)                                                                          \
    {                                                                                              \
        false, (address), (value)                                                                  \
    }
#define W(address, value)                                                                          \
    {                                                                                              \
        true, (address), (value)                                                                   \
    }

/* The CPU's accesses that end after a time, compared with a list. */
static void expect_accesses(sim_time after_ps, const struct access *list, size_t count)
{
    size_t at = 0;
    for (size_t i = 0; i < beats.count && at < count; i++) {
        const struct ahb_beat *beat = TEST_RECORD(&beats, struct ahb_beat, i);
        if (strcmp(beat->master, "cpu0") != 0 || beat->time_ps <= after_ps)
            continue;
        const uint32_t value = (uint32_t)beat->data.lane[0];
        ck_assert_msg(beat->hwrite == list[at].write && beat->haddr == list[at].address &&
                          value == list[at].value,
                      "access %zu is %c [%08x] = %08x, not %c [%08x] = %08x", at,
                      beat->hwrite ? 'W' : 'R', beat->haddr, value, list[at].write ? 'W' : 'R',
                      list[at].address, list[at].value);
        at++;
    }
    ck_assert_uint_eq(at, count);
}

#define CFG (DMA + 0x40)
#define EMPTY 0x200u
#define SUSP 0x100u
#define PRIOR 0x60u /* of channel 0 of 4 */

START_TEST(a_timeout_does_what_linux_clients_and_driver_do)
{
    /* dmaengine_pause(), dmaengine_tx_status(), dmaengine_terminate_async(); one descriptor */
    static const struct access list[] = {
        R(CFG, PRIOR | EMPTY),
        W(CFG, PRIOR | EMPTY | SUSP),
        R(CFG, PRIOR | EMPTY | SUSP),
        R(DMA + 0x10, 0), /* LLP */
        R(DMA + 0x2c0, 0),
        R(RAM + 0xc008, 0),
        R(DMA + 0x1c, GOT),
        R(DMA + 0x18, 0x00208405), /* CTL_LO */
        R(CFG, PRIOR | EMPTY | SUSP),
        W(CFG, PRIOR | EMPTY | SUSP),
        R(CFG, PRIOR | EMPTY | SUSP),
        W(DMA + 0x3a0, 0x100),
        R(DMA + 0x3a0, 0),
        R(CFG, PRIOR | EMPTY | SUSP),
        W(CFG, PRIOR | EMPTY),
        W(UART + 8, 0), /* the device is switched off */
    };
    receive(UINT64_C(50000000));
    dma->channels = 4;
    run_observed(0);
    expect_accesses(row(0)->issue_ps + 50000000, list, sizeof list / sizeof list[0]);
    end();
}
END_TEST

/* Counted from the first edge at which the start's accesses are over. */
START_TEST(a_timeout_is_exact_to_the_cycle)
{
    receive(UINT64_C(50000000));
    run_observed(0);
    size_t i = 0;
    sim_cycle enabled = 0, paused = 0;
    for (; i < beats.count; i++) {
        const struct ahb_beat *beat = TEST_RECORD(&beats, struct ahb_beat, i);
        if (beat->haddr == UART + 8 && enabled == 0)
            enabled = beat->data_cycle;
        if (beat->haddr == CFG && !beat->hwrite && paused == 0)
            paused = beat->address_cycle;
    }
    /* the thread goes on access_gap cycles after the write, the pause opens in the cycle after its step */
    ck_assert_uint_eq(paused, enabled + cpu->access_gap + 5000 + 1);
    end();
}
END_TEST

START_TEST(an_error_is_looked_at_as_linux_does)
{
    /* LLP, RAW_TFR, LLP of the descriptor, CTL_HI, CTL_LO, then CLEAR_ERR */
    static const struct access list[] = {
        R(DMA + 0x360, 0x10),  W(DMA + 0x310, 0xf00), W(DMA + 0x318, 0xf00),
        W(DMA + 0x330, 0xf00), R(DMA + 0x360, 0),     R(DMA + 0x2c0, 0),
        R(DMA + 0x2e0, 1),     R(DMA + 0x10, 0),      R(DMA + 0x2c0, 0),
        R(RAM + 0xc008, 0),    R(DMA + 0x1c, 4),      R(DMA + 0x18, 0x00004825),
        W(DMA + 0x358, 1),     W(DMA + 0x310, 0xf0f), W(DMA + 0x330, 0xf0f),
    };
    static struct sram_error error = {.offset = 0x110, .bytes = 4, .count = 0};
    start();
    dma->channels = 4;
    ram->errors = (struct parameter_list){&error, 1};
    add_memcpy("rx", RAM + 0x100, RAM + 0x4000, 64)->common.burst = 4;
    run_observed(0);
    kernel_advance(&t.system.kernel, t.system.kernel.now + 10000000, 0);
    expect_row(0, "error", 0);
    sim_time failed = 0;
    for (size_t i = 0; i < beats.count && failed == 0; i++)
        if (TEST_RECORD(&beats, struct ahb_beat, i)->hresp == AHB_ERROR)
            failed = TEST_RECORD(&beats, struct ahb_beat, i)->time_ps;
    expect_accesses(failed, list, sizeof list / sizeof list[0]);
    end();
}
END_TEST

/* ---- programs ------------------------------------------------------------------------------- */

static struct work_step steps[3];

static struct program_config *add_program(uint64_t at_ps, const char *call)
{
    steps[0] = (struct work_step){.op = WORK_TERMINATE, .to = call};
    steps[1] = (struct work_step){.op = WORK_EXPECT, .to = "dma.CH_EN", .value = "0", .mask = "1"};
    steps[2] = (struct work_step){.op = WORK_EXPECT, .to = "uart.STATUS", .value = "6"};
    for (unsigned i = 0; i < 3; i++)
        steps[i].width_bits = 32;
    steps[2].mask = "0xff";
    struct program_config *program = test_add(&t, SECTION_WORK, "program", "ender");
    program->at_ps = at_ps;
    program->steps = (struct parameter_list){steps, 3};
    return program;
}

START_TEST(a_program_ends_a_call_and_goes_on_once_it_has_ended)
{
    for (unsigned first = 0; first < 2; first++) {
        struct test_log program;
        receive(0);
        rx->common.repeat = 3; /* all rounds end */
        add_program(UINT64_C(60000000), "rx");
        if (first) { /* in the list before the call */
            struct component *list = t.plan.components[SECTION_WORK], call = list[0];
            list[0] = list[1];
            list[1] = call;
        }
        test_build(&t, 0);
        test_observe(&t, &transfers, "transfer", "rx");
        test_observe(&t, &beats, "ahb_beat", NULL);
        test_observe(&t, &program, "transfer", "ender");
        ck_assert(test_run(&t, LONG));
        ck_assert_uint_eq(transfers.count, 1);
        expect_row(0, "stopped", GOT);
        expect_status(&program, 0, "complete");
        ck_assert_uint_gt(row(0)->callback_ps, 60000000);
        test_log_end(&program);
        end();
    }
}
END_TEST

START_TEST(a_call_that_has_ended_is_not_ended_again)
{
    receive(0);
    segments[0].bytes = 56;
    add_program(UINT64_C(60000000), "rx");
    run_observed(0);
    expect_row(0, "complete", 56);
    end();
}
END_TEST

START_TEST(a_call_whose_turn_has_not_come_does_not_begin)
{
    receive(0);
    rx->common.at_ps = 80000000;
    add_program(UINT64_C(60000000), "rx")->steps.count = 2;
    run_observed(0);
    ck_assert_uint_eq(transfers.count, 0);
    ck_assert_uint_eq(memory()[0x1000], 0xee);
    end();
}
END_TEST

START_TEST(what_cannot_be_ended_is_refused)
{
    receive(0);
    add_program(0, "tx");
    expect_error("ender.steps.0.to: step 1: to: \"tx\" is no call of `work`");
    receive(0);
    add_program(0, "ender");
    expect_error("ender.steps.0.to: step 1: to: \"ender\" is no call of `work`");
}
END_TEST

/* ---- at any time ---------------------------------------------------------------------------- */

/* Of two jobs of one channel the second waits; the timeout meets it there. */
START_TEST(a_job_that_waits_behind_another_is_taken_out_of_the_queue)
{
    struct test_log second;
    receive(UINT64_C(100000000));
    ram->fill = (struct store_fill){.pattern = STORE_COUNT};
    struct memcpy_config *copy = add_memcpy("copy", RAM + 1, RAM + 0x5000, 64);
    copy->common.at_ps = 10000000;
    copy->common.timeout_ps = 20000000;
    test_build(&t, 0);
    test_observe(&t, &transfers, "transfer", "rx");
    test_observe(&t, &second, "transfer", "copy");
    ck_assert(test_run(&t, LONG));
    expect_row(0, "stopped", GOT);
    expect_status(&second, 0, "stopped");
    ck_assert_uint_eq(TEST_RECORD(&second, struct transfer_record, 0)->bytes, 0);
    ck_assert_uint_lt(TEST_RECORD(&second, struct transfer_record, 0)->callback_ps,
                      row(0)->callback_ps);
    ck_assert_uint_eq(memory()[0x5000], 0); /* not 1 */
    test_log_end(&second);
    test_log_end(&transfers);
    test_plan_end(&t);
}
END_TEST

/* A copy that is ended in any cycle: its row says how many bytes came, all of which are there, or that it is
 * complete; the next entry is not disturbed. The same if every edge is stepped, and in reversed order. */
static void end_copy(unsigned cycles, bool multi_block, unsigned flags, uint64_t *bytes,
                     const char **status, sim_time *now)
{
    start();
    dma->multi_block = multi_block;
    dma->max_block_items = 31;
    ram->fill = (struct store_fill){.pattern = STORE_COUNT};
    ram->read_first = 1;
    struct memcpy_config *copy = add_memcpy("rx", RAM + 0x101, RAM + 0x4002, 150);
    copy->common.burst = 4;
    copy->common.timeout_ps = cycles * UINT64_C(10000);
    copy->common.repeat = 2;
    add_memcpy("next", RAM + 0x200, RAM + 0x5000, 64)->common.after = 0;
    run_observed(flags);
    *bytes = row(0)->bytes;
    *status = row(0)->status;
    *now = t.system.kernel.now;
    ck_assert_uint_eq(transfers.count, 2);
    for (uint32_t i = 0; i < row(0)->bytes; i++)
        ck_assert_msg(memory()[0x4002 + i] == memory()[0x101 + i], "cycle %u: byte %u of %u",
                      cycles, i, (unsigned)row(0)->bytes);
    ck_assert_mem_eq(memory() + 0x5000, memory() + 0x200, 64);
    end();
}

START_TEST(a_call_is_ended_in_any_cycle)
{
    unsigned stopped = 0, complete = 0, odd = 0;
    for (unsigned cycles = 1; cycles < 1100; cycles += 3) {
        uint64_t bytes[2];
        const char *status[2];
        sim_time now[2];
        static const unsigned flags[] = {KERNEL_EVERY_CYCLE, KERNEL_REVERSED};
        end_copy(cycles, cycles & 1, 0, &bytes[0], &status[0], &now[0]);
        end_copy(cycles, cycles & 1, flags[cycles / 2 & 1], &bytes[1], &status[1], &now[1]);
        ck_assert_uint_eq(bytes[0], bytes[1]);
        ck_assert_str_eq(status[0], status[1]);
        ck_assert_uint_eq(now[0], now[1]);
        ck_assert(bytes[0] == 150 || strcmp(status[0], "stopped") == 0);
        odd += bytes[0] == 150 && strcmp(status[0], "stopped") == 0;
        stopped += strcmp(status[0], "stopped") == 0;
        complete += strcmp(status[0], "complete") == 0;
    }
    ck_assert_uint_gt(stopped, 100);
    ck_assert_uint_gt(complete, 10);
    ck_assert_uint_eq(odd, 0); /* one that has it all is complete */
}
END_TEST

TEST_MAIN("work, stop", a_timeout_ends_a_receive_with_what_it_got,
          the_residue_is_told_over_all_descriptors, a_call_that_is_over_in_time_is_not_ended,
          a_timeout_does_what_linux_clients_and_driver_do, a_timeout_is_exact_to_the_cycle,
          an_error_is_looked_at_as_linux_does, a_program_ends_a_call_and_goes_on_once_it_has_ended,
          a_call_that_has_ended_is_not_ended_again, a_call_whose_turn_has_not_come_does_not_begin,
          what_cannot_be_ended_is_refused,
          a_job_that_waits_behind_another_is_taken_out_of_the_queue, a_call_is_ended_in_any_cycle)
