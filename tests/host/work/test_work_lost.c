/* SPDX-License-Identifier: BSD-2-Clause */
/* A source that has an end and has lost items: the transfers that wait for them end, as errors. */
#include "work_fixture.h"

static struct fifo_config *device;
static struct work_segment segment;

/* 4 MB/s from 0 on, 64 bytes in all, into a FIFO of 16: what comes later than 4 us and is not taken is lost. */
static void start_source(uint64_t bytes)
{
    start();
    device = add_device("rx", FIFO_DEV_TO_MEM, 0);
    device->start = FIFO_START_TIME;
    device->source.bytes = bytes;
    device->depth = 16;
    device->threshold = 4;
    segment = (struct work_segment){RAM + 0x100, (uint32_t)bytes};
}

static struct slave_sg_config *add_receive(const char *name, uint64_t at_ps)
{
    struct slave_sg_config *config = test_add(&t, SECTION_WORK, "slave_sg", name);
    config->peripheral = 0;
    config->common.at_ps = at_ps;
    config->segments = (struct parameter_list){&segment, 1};
    return config;
}

static struct test_log transfers;

static void run(bool ends)
{
    test_build(&t, 0);
    test_observe(&t, &transfers, "transfer", NULL);
    ck_assert(test_run(&t, LONG) == ends);
}

static void finish(void)
{
    test_log_end(&transfers);
    test_plan_end(&t);
}

START_TEST(what_is_taken_in_time_is_complete)
{
    start_source(64);
    add_receive("a", 0);
    run(true);
    expect_status(&transfers, 0, "complete");
    expect_count_pattern(memory() + 0x100, 64);
    finish();
}
END_TEST

START_TEST(a_transfer_that_waits_for_lost_items_ends_as_an_error)
{
    for (unsigned single = 0; single < 2; single++)
        for (unsigned lists = 0; lists < 2; lists++) {
            start_source(64);
            device->single = single;
            dma->multi_block = lists;
            if (lists) {
                cpu->descriptors.given = true;
                cpu->descriptors.base = RAM + 0x8000;
            }
            add_receive("a", 8000000);
            run(true);
            expect_status(&transfers, 0, "error");
            ck_assert_uint_eq(transfers.count, 1);
            /* What the FIFO had at 8 us is in memory, but for what waits for a burst. */
            expect_count_pattern(memory() + 0x100, 12);
            finish();
        }
}
END_TEST

START_TEST(each_transfer_of_a_queue_ends)
{
    start_source(64);
    add_receive("a", 8000000);
    add_receive("b", 8000000)->common.repeat = 2;
    test_build(&t, 0);
    struct test_log others;
    test_observe(&t, &transfers, "transfer", "a");
    test_observe(&t, &others, "transfer", "b");
    ck_assert(test_run(&t, LONG));
    expect_status(&transfers, 0, "error");
    ck_assert_uint_eq(others.count, 2);
    expect_status(&others, 0, "error");
    expect_status(&others, 1, "error");
    test_log_end(&others);
    finish();
}
END_TEST

/* `a` takes what comes in time and is over; `b` comes for the rest, of which some was lost. */
START_TEST(a_transfer_that_is_over_does_not_end_another)
{
    start_source(128);
    segment.bytes = 32;
    add_receive("a", 0);
    struct slave_sg_config *b = add_receive("b", 20000000);
    static struct work_segment rest;
    rest = (struct work_segment){RAM + 0x400, 96};
    b->segments = (struct parameter_list){&rest, 1};
    add_memcpy("c", RAM, RAM + 0x1000, 4000)->common.at_ps = 40000000;
    test_build(&t, 0);
    struct test_log logs[3];
    for (unsigned i = 0; i < 3; i++)
        test_observe(&t, &logs[i], "transfer", (const char *const[]){"a", "b", "c"}[i]);
    ck_assert(test_run(&t, LONG));
    kernel_advance(&t.system.kernel, LONG, 0);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_uint_eq(logs[i].count, 1);
        expect_status(&logs[i], 0, i == 1 ? "error" : "complete");
        test_log_end(&logs[i]);
    }
    test_plan_end(&t);
}
END_TEST

/* Without a loss more may be meant to come: it waits, and that is said. */
START_TEST(a_transfer_that_asks_for_more_than_there_is_waits)
{
    start_source(64);
    segment.bytes = 80;
    add_receive("a", 0);
    run(false);
    ck_assert_uint_eq(transfers.count, 0);
    finish();
}
END_TEST

TEST_MAIN("lost items", what_is_taken_in_time_is_complete,
          a_transfer_that_waits_for_lost_items_ends_as_an_error, each_transfer_of_a_queue_ends,
          a_transfer_that_is_over_does_not_end_another,
          a_transfer_that_asks_for_more_than_there_is_waits)
