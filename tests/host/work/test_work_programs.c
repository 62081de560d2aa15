/* SPDX-License-Identifier: BSD-2-Clause */
/* work: raw programs, and what is refused. */
#include "work_fixture.h"

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
    test_observe(&t, &done, "transfer", "raw");
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
    test_observe(&t, &done, "transfer", "raw");
    ck_assert(test_run(&t, LONG));
    expect_status(&done, 0, "error");
    test_log_end(&done);
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

/* ---- checks -------------------------------------------------------------------------------- */

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

TEST_MAIN("work, programs", a_program_drives_the_controller_by_name,
          an_expectation_that_fails_makes_the_program_fail,
          an_interrupt_goes_to_a_driver_or_to_a_program_not_to_both,
          transfers_that_cannot_work_are_refused_with_a_reason,
          names_in_programs_that_do_not_exist_are_refused_with_a_suggestion)
