/* SPDX-License-Identifier: BSD-2-Clause */
/* The device on an ISA bus (isa_device.c): data rate, DREQ, the end of a run. */
#include "support/isa_fixture.h"

static struct test_log rows, fifo, interrupts;

static void build(const char *device)
{
    test_build(&t, 0);
    test_observe(&t, &rows, "isa_row", NULL);
    test_observe(&t, &fifo, "fifo", device);
    test_observe(&t, &interrupts, "interrupt", device);
}

static void finish(void)
{
    test_log_end(&rows);
    test_log_end(&fifo);
    test_log_end(&interrupts);
    end();
}

static const struct isa_row *row_at(sim_cycle half)
{
    return test_log_at(&rows, half);
}

static const struct fifo_record *last(void)
{
    ck_assert_uint_gt(fifo.count, 0);
    return TEST_RECORD(&fifo, struct fifo_record, fifo.count - 1);
}

/* First half from `from` on in which the mask of DREQ has a level. */
static sim_cycle dreq(sim_cycle from, unsigned mask, bool level)
{
    for (size_t i = 0; i < rows.count; i++) {
        const struct isa_row *row = TEST_RECORD(&rows, struct isa_row, i);
        sim_cycle until = i + 1 < rows.count ? rows.cycles[i + 1] : SIM_NEVER;
        if (until > from && ((row->dreq & mask) != 0) == level)
            return rows.cycles[i] > from ? rows.cycles[i] : from;
    }
    ck_abort_msg("no such DREQ");
    return 0;
}

START_TEST(a_byte_comes_each_period_and_dreq_falls_with_dack)
{
    start();
    struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
    device->rate = 100000; /* 10 us: 100 halves */
    device->bytes = 4;
    device->start = ISA_DEVICE_BY_TIME;
    device->start_ps = 100000; /* edge 0 of the bus */
    add_slave("s", 1, 0x100, 4);
    build("dev");
    ck_assert(test_run(&t, LONG));
    sim_cycle half = 0;
    for (unsigned i = 1; i <= 4; i++) {
        half = dreq(half, 2, true);
        ck_assert_uint_eq(half, 100 * i + 1); /* seen from the half after the edge it came at */
        half = dreq(half, 2, false);
        ck_assert_uint_eq(row_at(half - 2)->dack, 0xf);
        ck_assert_uint_eq(row_at(half - 1)->dack, 0xd);
    }
    ck_assert_uint_eq(last()->overruns, 0);
    finish();
}
END_TEST

START_TEST(the_rate_is_exact_on_average)
{
    start();
    struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
    device->rate = 30001;
    device->bytes = 300;
    add_slave("s", 1, 0x100, 300);
    build("dev");
    ck_assert(test_run(&t, LONG));
    sim_cycle first = dreq(0, 2, true), half = first;
    for (unsigned i = 1; i < 300; i++)
        half = dreq(dreq(half, 2, false), 2, true);
    /* 299 periods of 33.3322... us in halves of 100 ns, each end rounded up to an edge. */
    sim_cycle exact = UINT64_C(299) * 10000000 / 30001;
    ck_assert_uint_ge(half - first, exact);
    ck_assert_uint_le(half - first, exact + 1);
    finish();
}
END_TEST

START_TEST(a_byte_nobody_fetches_in_time_is_lost_and_told)
{
    start();
    struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
    device->rate = 1000000; /* 10 halves: less than a service takes */
    device->bytes = 20;
    add_slave("s", 1, 0x100, 20);
    struct test_log transfers;
    build("dev");
    test_observe(&t, &transfers, "transfer", NULL);
    ck_assert(test_run(&t, LONG));
    ck_assert_uint_gt(last()->overruns, 0);
    ck_assert_str_eq(TEST_RECORD(&transfers, struct transfer_record, 0)->status, "error");
    test_log_end(&transfers);
    finish();
}
END_TEST

START_TEST(a_byte_that_is_not_there_in_time_is_missed)
{
    start();
    struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_FROM_MEMORY);
    device->rate = 1000000;
    device->bytes = 20;
    add_slave("s", 1, 0x100, 20);
    build("dev");
    ck_assert(test_run(&t, LONG));
    ck_assert_uint_gt(last()->underruns, 0);
    finish();
}
END_TEST

START_TEST(the_interrupt_rises_with_the_end_and_falls_with_the_status_read)
{
    start();
    struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
    device->rate = 100000;
    add_slave("s", 1, 0x100, 4);
    build("dev");
    ck_assert(test_run(&t, LONG));
    sim_cycle rises = 0, falls = 0;
    for (size_t i = 0; i < interrupts.count; i++) {
        bool level = TEST_RECORD(&interrupts, struct interrupt_record, i)->level;
        if (level && !rises)
            rises = interrupts.cycles[i];
        if (!level && rises && !falls)
            falls = interrupts.cycles[i];
    }
    ck_assert_uint_eq(row_at(rises - 1)->eop_n, 0); /* IOR goes off together with EOP */
    ck_assert_uint_eq(row_at(rises)->eop_n, 1);
    ck_assert_uint_gt(falls, rises);
    finish();
}
END_TEST

START_TEST(a_demand_service_ends_with_the_last_byte_that_is_there)
{
    for (unsigned compressed = 0; compressed < 2; compressed++) {
        start();
        struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
        device->request = ISA_DEVICE_DEMAND;
        device->rate = 100000;
        device->depth = 8;
        device->bytes = 40;
        add_slave("s", 1, 0x100, 40)->common.mode = WORK_DEMAND;
        struct test_log beats;
        build("dev");
        test_observe(&t, &beats, "dma_beat", NULL);
        struct component *dma = test_find(&t, SECTION_CONTROLLERS, "dma");
        uint64_t command = compressed ? I8237_COMPRESSED : 0;
        i8237_type.access(dma, I8237_COMMAND, 1, true, &command);
        ck_assert(test_run(&t, LONG));
        ck_assert_uint_eq(beats.count, 40);
        for (unsigned i = 0; i < 40; i++)
            ck_assert_uint_eq(memory()[0x100 + i], i);
        test_log_end(&beats);
        finish();
    }
}
END_TEST

START_TEST(bytes_from_memory_reach_the_sink_in_order_in_every_mode)
{
    static const enum work_mode modes[] = {WORK_BURST, WORK_CYCLE_STEALING, WORK_DEMAND};
    for (unsigned i = 0; i < 3; i++) {
        start();
        struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_FROM_MEMORY);
        device->request = modes[i] == WORK_CYCLE_STEALING ? ISA_DEVICE_SINGLE : ISA_DEVICE_DEMAND;
        device->rate = modes[i] == WORK_BURST ? 0 : 50000;
        device->depth = modes[i] == WORK_BURST ? 64 : 5;
        device->bytes = 64;
        add_slave("s", 1, 0x321, 64)->common.mode = (uint8_t)modes[i];
        struct test_log stream;
        build("dev");
        test_observe(&t, &stream, "stream", "dev");
        ck_assert(test_run(&t, LONG));
        ck_assert_uint_eq(stream.count, 64);
        for (unsigned n = 0; n < 64; n++)
            ck_assert_uint_eq(TEST_RECORD(&stream, struct stream_record, n)->value,
                              memory()[0x321 + n]);
        ck_assert_uint_eq(last()->underruns, 0);
        test_log_end(&stream);
        finish();
    }
}
END_TEST

START_TEST(a_refresh_asks_each_period_and_moves_no_data)
{
    start();
    struct isa_device_config *device = add_device("refresh", 0, ISA_DEVICE_REFRESH);
    device->port = ISA_PORT_LAST + 1;
    device->period_ps = 15000000;
    device->start = ISA_DEVICE_BY_TIME;
    static const struct work_step steps[] = {
        {.op = WORK_WRITE, .to = "dma.MODE", .value = "0x58", .width_bits = 8},
        {.op = WORK_WRITE, .to = "dma.MASK", .value = "0", .width_bits = 8},
        {.op = WORK_DELAY, .to = "-", .time_ps = UINT64_C(1000000000)},
        {.to = NULL}};
    test_add_program(&t, "p", steps);
    struct test_log beats;
    build("refresh");
    test_observe(&t, &beats, "dma_beat", NULL);
    ck_assert(test_run(&t, LONG));
    ck_assert_uint_eq(beats.count, 66); /* 1 ms of 15 us */
    ck_assert_uint_eq(last()->overruns, 0);
    test_log_end(&beats);
    finish();
}
END_TEST

/* Depth 1: what is not fetched before the next byte comes is lost. The run is over with the last byte that is
 * fetched, whatever was lost and whoever fetches. */
START_TEST(a_run_that_lost_bytes_ends_with_the_last_that_is_left)
{
    static const sim_time fetched[] = {45000000, 15000000};
    for (unsigned i = 0; i < 2; i++) {
        start();
        struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
        device->period_ps = 10000000;
        device->bytes = 4;
        device->start = ISA_DEVICE_BY_TIME;
        test_build(&t, 0);
        struct component *dev = test_find(&t, SECTION_PERIPHERALS, "dev");
        uint64_t status, byte;
        kernel_advance(&t.system.kernel, fetched[i], 0);
        isa_device_type.access(dev, ISA_DEVICE_DATA, 1, false, &byte);
        ck_assert_uint_eq(byte, 0);
        isa_device_type.access(dev, ISA_DEVICE_STATUS, 1, false, &status);
        ck_assert_uint_eq(status,
                          i == 0 ? ISA_DEVICE_INTERRUPT | ISA_DEVICE_LOST : ISA_DEVICE_RUNNING);
        if (i == 1) { /* byte 1 came at 20 us, 2 and 3 find it there */
            kernel_advance(&t.system.kernel, 100000000, 0);
            isa_device_type.access(dev, ISA_DEVICE_DATA, 1, false, &byte);
            ck_assert_uint_eq(byte, 1);
            isa_device_type.access(dev, ISA_DEVICE_STATUS, 1, false, &status);
            ck_assert_uint_eq(status, ISA_DEVICE_INTERRUPT | ISA_DEVICE_LOST);
        }
        end();
    }
}
END_TEST

START_TEST(two_devices_on_one_channel_claim_the_same_line)
{
    start();
    add_device("one", 1, ISA_DEVICE_TO_MEMORY);
    struct isa_device_config *two = add_device("two", 1, ISA_DEVICE_TO_MEMORY);
    two->port = 0x311;
    two->rate = 1;
    two->period_ps = 1;
    test_check(&t);
    struct component_claim claims[2];
    for (unsigned i = 0; i < 2; i++) {
        const struct component *device = &t.plan.components[SECTION_PERIPHERALS][1 + i];
        ck_assert(device->type->claims(&t.plan, device, 0, &claims[i]));
        ck_assert(!device->type->claims(&t.plan, device, 1, &claims[i]));
    }
    ck_assert_ptr_eq(claims[0].of, claims[1].of);
    ck_assert_str_eq(claims[0].what, claims[1].what);
    ck_assert_uint_eq(claims[0].number, claims[1].number);
    ck_assert_ptr_nonnull(strstr(t.errors, "two.port: must be a multiple of 4"));
    ck_assert_ptr_nonnull(strstr(t.errors, "two.period: give a rate or a period"));
    end();
}
END_TEST

TEST_MAIN("isa device", a_byte_comes_each_period_and_dreq_falls_with_dack,
          the_rate_is_exact_on_average, a_byte_nobody_fetches_in_time_is_lost_and_told,
          a_byte_that_is_not_there_in_time_is_missed,
          the_interrupt_rises_with_the_end_and_falls_with_the_status_read,
          a_demand_service_ends_with_the_last_byte_that_is_there,
          bytes_from_memory_reach_the_sink_in_order_in_every_mode,
          a_refresh_asks_each_period_and_moves_no_data,
          a_run_that_lost_bytes_ends_with_the_last_that_is_left,
          two_devices_on_one_channel_claim_the_same_line)
