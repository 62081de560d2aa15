/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bridges between AHB and AXI: cycles as model/bus/bridge/ahb_to_axi.c and axi_to_ahb.c state them, responses,
 * access from outside.
 */
#include "bridge_fixture.h"
#include "bus/ahb/ahb.h"

/* ---- AXI to AHB ------------------------------------------------------------------------------ */

START_TEST(a_read_takes_an_address_and_a_data_cycle_between_ar_and_r)
{
    for (uint32_t waits = 0; waits < 4; waits++) {
        start_axi_to_ahb();
        ram->read_first = waits;
        read(0, 4, 2);
        run();
        ck_assert_uint_eq(READ(0)->address_cycle, 1);
        ck_assert_uint_eq(READ(0)->first_cycle, 4 + waits); /* HADDR in 2, HRDATA in 3 */
        ck_assert_uint_eq(READ(0)->end_cycle, 4 + waits + 3);
        test_plan_end(&t);
    }
}
END_TEST

START_TEST(a_bus_parked_elsewhere_costs_the_cycle_of_hbusreq)
{
    static struct scripted_command none = {.delay = 1000000, .beats = 1, .size = 2};
    start_axi_to_ahb();
    none.address = AHB_BASE;
    master = test_add(&t, SECTION_MASTERS, "scripted", "s0");
    master->commands = (struct parameter_list){&none, 1};
    test_bus_config(&t)->arbiter.default_master = "s0";
    read(0, 1, 2);
    test_build(&t, 0);
    test_run(&t, UINT64_C(10000000));
    m = test_traffic(&t, "m0");
    ck_assert_uint_eq(READ(0)->first_cycle, 5);
    test_plan_end(&t);
}
END_TEST

START_TEST(a_write_goes_on_when_its_last_w_is_there)
{
    start_axi_to_ahb();
    write(0, 4, 2);
    run();
    ck_assert_uint_eq(WRITE(0)->first_cycle, 1);
    /* W in 1 .. 4, HADDR in 5 .. 8, the last HWDATA in 9. */
    ck_assert_uint_eq(WRITE(0)->end_cycle, 10);
    test_plan_end(&t);
}
END_TEST

START_TEST(bursts_keep_their_kind)
{
    static const struct {
        unsigned beats, size;
        uint8_t burst, hburst;
        unsigned count, hsize;
    } cases[] = {
        {4, 2, AXI_INCR, AHB_INCR4, 4, 2},    {8, 1, AXI_INCR, AHB_INCR8, 8, 1},
        {5, 2, AXI_INCR, AHB_INCR, 5, 2},     {1, 2, AXI_INCR, AHB_SINGLE, 1, 2},
        {16, 0, AXI_WRAP, AHB_WRAP16, 16, 0}, {4, 2, AXI_WRAP, AHB_WRAP4, 4, 2},
        {2, 3, AXI_INCR, AHB_INCR4, 4, 2}, /* 64 bits are two beats of 32 */
        {3, 2, AXI_FIXED, AHB_SINGLE, 3, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (unsigned direction = 0; direction < 2; direction++) {
            struct test_log log;
            start_axi_to_ahb();
            struct traffic_burst *burst = direction ? write(0x40, cases[i].beats, cases[i].size)
                                                    : read(0x40, cases[i].beats, cases[i].size);
            burst->ax.burst = cases[i].burst;
            test_build(&t, 0);
            test_observe(&t, &log, "ahb_beat", NULL);
            ck_assert(test_run(&t, UINT64_C(10000000)));
            ck_assert_uint_eq(log.count, cases[i].count);
            for (size_t j = 0; j < log.count; j++) {
                ck_assert_uint_eq(BEAT(&log, j)->hburst, cases[i].hburst);
                ck_assert_uint_eq(BEAT(&log, j)->hsize, cases[i].hsize);
                ck_assert_uint_eq(BEAT(&log, j)->hwrite, direction);
            }
            test_log_end(&log);
            test_plan_end(&t);
        }
    }
}
END_TEST

START_TEST(a_burst_over_1_kib_goes_on_with_nonseq)
{
    struct test_log log;
    start_axi_to_ahb();
    read(0x400 - 8, 4, 2);
    test_build(&t, 0);
    test_observe(&t, &log, "ahb_beat", NULL);
    ck_assert(test_run(&t, UINT64_C(10000000)));
    ck_assert_uint_eq(log.count, 4);
    for (size_t i = 0; i < 4; i++)
        ck_assert_uint_eq(BEAT(&log, i)->htrans, i % 2 ? AHB_SEQ : AHB_NONSEQ);
    test_log_end(&log);
    test_plan_end(&t);
}
END_TEST

START_TEST(an_error_is_slverr_and_the_rest_of_its_burst_with_it)
{
    static struct sram_error errors[] = {{0x10, 4, SRAM_RESPONSE_ERROR, 1},
                                         {0x1000, 4, SRAM_RESPONSE_ERROR, 1},
                                         {0x2000, 4, SRAM_RESPONSE_RETRY, 3}};
    start_axi_to_ahb();
    ram->errors = (struct parameter_list){errors, 3};
    read(0x10, 4, 2)->resp = AXI_SLVERR;
    read(0x10, 4, 2);
    read(0x2000, 4, 2);
    write(0x1000, 4, 2)->resp = AXI_SLVERR;
    write(0x1000, 4, 2);
    run();
    test_plan_end(&t);
}
END_TEST

START_TEST(outside_the_window_is_decerr)
{
    start_axi_to_ahb();
    read(SIZE, 4, 2)->resp = AXI_DECERR;
    write(SIZE, 4, 2)->resp = AXI_DECERR;
    read(SIZE - 4, 1, 2);
    run();
    test_plan_end(&t);
}
END_TEST

START_TEST(accesses_from_outside_pass_through)
{
    start_axi_to_ahb();
    test_build(&t, 0);
    uint64_t value = 0x1234;
    ck_assert_int_eq(system_access(&t.system, ROUTE_ANY_BUS, AXI_BASE + 0x40, 4, true, &value),
                     DMASIM_OK);
    ck_assert_int_eq(system_access(&t.system, ROUTE_ANY_BUS, AHB_BASE + 0x40, 4, false, &value),
                     DMASIM_OK);
    ck_assert_uint_eq(value, 0x1234);
    test_plan_end(&t);
}
END_TEST

/* ---- AHB to AXI ------------------------------------------------------------------------------ */

static struct test_log run_ahb(unsigned flags)
{
    struct test_log beats;
    test_build(&t, flags);
    test_observe(&t, &beats, "ahb_beat", NULL);
    ck_assert(test_run(&t, LONG));
    return beats;
}

static sim_cycle data_cycles(const struct test_log *beats, size_t i)
{
    return BEAT(beats, i)->data_cycle - BEAT(beats, i)->address_cycle;
}

START_TEST(a_read_waits_for_ar_the_memory_and_r)
{
    for (uint32_t latency = 1; latency < 4; latency++) {
        start_ahb_to_axi(1);
        axi_ram->read_latency_cycles = latency;
        struct test_log beats = run_ahb(0);
        /* Accepted in n, AR in n+1, array in n+2, R in n+2+latency, HREADY one later. */
        ck_assert_uint_eq(data_cycles(&beats, 0), 3 + latency);
        test_log_end(&beats);
        test_plan_end(&t);
    }
}
END_TEST

START_TEST(a_write_waits_for_b)
{
    start_ahb_to_axi(1);
    commands[0].write = true;
    struct test_log beats = run_ahb(0);
    /* Accepted in n, W in n+2, stored in n+3, B in n+4, HREADY one later. */
    ck_assert_uint_eq(data_cycles(&beats, 0), 5);
    test_log_end(&beats);
    test_plan_end(&t);
}
END_TEST

START_TEST(a_fixed_burst_is_one_axi_burst_and_its_beats_follow_each_other)
{
    static const struct {
        uint8_t hburst, burst;
        unsigned beats;
    } cases[] = {{AHB_INCR4, AXI_INCR, 4}, {AHB_INCR8, AXI_INCR, 8}, {AHB_INCR16, AXI_INCR, 16},
                 {AHB_WRAP4, AXI_WRAP, 4}, {AHB_WRAP8, AXI_WRAP, 8}, {AHB_WRAP16, AXI_WRAP, 16}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (unsigned direction = 0; direction < 2; direction++) {
            struct test_log beats, events;
            start_ahb_to_axi(1);
            commands[0].burst = cases[i].hburst;
            commands[0].beats = cases[i].beats;
            commands[0].address = AHB_BASE + 0x48;
            commands[0].write = direction;
            test_build(&t, 0);
            test_observe(&t, &beats, "ahb_beat", NULL);
            test_observe(&t, &events, "axi_event", NULL);
            ck_assert(test_run(&t, LONG));
            ck_assert_uint_eq(beats.count, cases[i].beats);
            const struct axi_event *event = TEST_RECORD(&events, struct axi_event, 0);
            ck_assert_uint_eq(event->channel, direction ? AXI_AW : AXI_AR);
            ck_assert_uint_eq(event->burst, cases[i].burst);
            ck_assert_uint_eq(event->len, cases[i].beats - 1);
            ck_assert_uint_eq(event->addr, AXI_BASE + 0x48);
            for (size_t j = 0; j < beats.count; j++) {
                bool waits = direction ? j + 1 == beats.count : j == 0;
                ck_assert_uint_eq(data_cycles(&beats, j), !waits ? 1 : direction ? 5 : 4);
            }
            test_log_end(&beats);
            test_log_end(&events);
            test_plan_end(&t);
        }
    }
}
END_TEST

/* Cycles of the handshakes of a channel at the bridge. */
static unsigned handshakes(const struct test_log *events, enum axi_channel channel,
                           sim_cycle *cycles)
{
    unsigned count = 0;
    for (size_t i = 0; i < events->count; i++)
        if (TEST_RECORD(events, struct axi_event, i)->channel == channel)
            cycles[count++] = events->cycles[i];
    return count;
}

START_TEST(busy_does_not_end_a_burst)
{
    struct test_log events;
    sim_cycle cycles[16];
    start_ahb_to_axi(1);
    commands[0].burst = AHB_INCR4;
    commands[0].beats = 4;
    commands[0].write = true;
    commands[0].busy = 1 << 2;
    test_build(&t, 0);
    test_observe(&t, &events, "axi_event", NULL);
    ck_assert(test_run(&t, LONG));
    ck_assert_uint_eq(handshakes(&events, AXI_AW, cycles), 1);
    ck_assert_uint_eq(handshakes(&events, AXI_W, cycles), 4);
    ck_assert_uint_eq(cycles[1], cycles[0] + 1);
    ck_assert_uint_eq(cycles[2], cycles[1] + 2);
    test_log_end(&events);
    test_plan_end(&t);
}
END_TEST

START_TEST(a_burst_broken_off_is_filled_up_without_strobes_at_once)
{
    static struct scripted_command others = {
        .delay = 2, .address = OTHER_BASE, .beats = 16, .burst = AHB_INCR16, .size = 2};
    struct test_log events;
    sim_cycle cycles[16] = {0};
    start_ahb_to_axi(1);
    commands[0].burst = AHB_INCR8;
    commands[0].beats = 8;
    commands[0].write = true;
    ram = test_add(&t, SECTION_MEMORIES, "sram", "other");
    ram->base = OTHER_BASE;
    ram->size_bytes = SIZE;
    struct scripted_config *s1 = test_add(&t, SECTION_MASTERS, "scripted", "s1");
    s1->commands = (struct parameter_list){&others, 1};
    test_bus_config(&t)->arbiter.max_hold_cycles = 3;
    test_build(&t, 0);
    test_observe(&t, &events, "axi_event", NULL);
    ck_assert(test_run(&t, LONG));
    ck_assert_uint_ge(handshakes(&events, AXI_AW, cycles), 2);
    handshakes(&events, AXI_W, cycles);
    for (unsigned i = 1; i < 8; i++)
        ck_assert_uint_eq(cycles[i], cycles[0] + i);
    for (size_t i = 0, w = 0; i < events.count; i++) {
        const struct axi_event *event = TEST_RECORD(&events, struct axi_event, i);
        if (event->channel == AXI_W && w++ == 7) {
            ck_assert_uint_eq(event->strb[0], 0);
            ck_assert_uint_eq(event->last, 1);
        }
    }
    test_log_end(&events);
    test_plan_end(&t);
}
END_TEST

START_TEST(read_ahead_spares_the_wait_states_of_an_undefined_burst)
{
    start_ahb_to_axi(1);
    bridge->read_ahead_beats = 4;
    commands[0].burst = AHB_INCR;
    commands[0].beats = 6;
    struct test_log beats = run_ahb(0);
    static const unsigned cycles[] = {4, 1, 1, 1, 4, 1};
    for (size_t i = 0; i < 6; i++)
        ck_assert_uint_eq(data_cycles(&beats, i), cycles[i]);
    test_log_end(&beats);
    test_plan_end(&t);
}
END_TEST

START_TEST(slverr_is_error_on_the_beat_of_a_read_and_on_the_last_of_a_write)
{
    static struct axi_sram_error errors[] = {{4, 4, 0}};
    start_ahb_to_axi(3);
    axi_ram->errors = (struct parameter_list){errors, 1};
    for (unsigned i = 0; i < 2; i++) {
        commands[i].burst = AHB_INCR4;
        commands[i].beats = 4;
        commands[i].write = i == 0;
    }
    struct test_log beats = run_ahb(0);
    static const uint8_t resp[] = {AHB_OKAY, AHB_OKAY, AHB_OKAY, AHB_ERROR, AHB_OKAY, AHB_ERROR};
    ck_assert_uint_eq(beats.count, 7);
    for (size_t i = 0; i < 6; i++)
        ck_assert_uint_eq(BEAT(&beats, i)->hresp, resp[i]);
    test_log_end(&beats);
    test_plan_end(&t);
}
END_TEST

START_TEST(an_axi_narrower_than_the_ahb_is_refused)
{
    start_ahb_to_axi(1);
    test_bus_config(&t)->width_bits = 128;
    ck_assert_int_eq(system_create(&t.system, &t.plan, 0, &t.check), DMASIM_INVALID);
    ck_assert_ptr_nonnull(strstr(t.errors, "less than the 128"));
    t.built = true;
    test_plan_end(&t);
}
END_TEST

START_TEST(a_way_through_both_bridges_back_to_the_same_ahb_is_a_deadlock)
{
    start_ahb_to_axi(1);
    axi_ram->base += SIZE;
    struct bridge_config *back = test_add(&t, SECTION_PERIPHERALS, "axi-to-ahb", "back");
    back->bus = 1;
    back->target = 0;
    back->base = AXI_BASE;
    back->size_bytes = SIZE;
    back->to = OTHER_BASE;
    ram = test_add(&t, SECTION_MEMORIES, "sram", "other");
    ram->base = OTHER_BASE;
    ram->size_bytes = SIZE;
    test_build(&t, 0);
    ck_assert(!test_run(&t, LONG));
    ck_assert_uint_eq(kernel_next(&t.system.kernel), SIM_NEVER);
    uint64_t value; /* from outside nothing is in the way */
    ck_assert_int_eq(system_access(&t.system, ROUTE_ANY_BUS, AHB_BASE, 4, false, &value),
                     DMASIM_OK);
    test_plan_end(&t);
}
END_TEST

TEST_MAIN("bridges", a_read_takes_an_address_and_a_data_cycle_between_ar_and_r,
          a_bus_parked_elsewhere_costs_the_cycle_of_hbusreq,
          a_write_goes_on_when_its_last_w_is_there, bursts_keep_their_kind,
          a_burst_over_1_kib_goes_on_with_nonseq,
          an_error_is_slverr_and_the_rest_of_its_burst_with_it, outside_the_window_is_decerr,
          accesses_from_outside_pass_through, a_read_waits_for_ar_the_memory_and_r,
          a_write_waits_for_b, a_fixed_burst_is_one_axi_burst_and_its_beats_follow_each_other,
          busy_does_not_end_a_burst, a_burst_broken_off_is_filled_up_without_strobes_at_once,
          read_ahead_spares_the_wait_states_of_an_undefined_burst,
          slverr_is_error_on_the_beat_of_a_read_and_on_the_last_of_a_write,
          an_axi_narrower_than_the_ahb_is_refused,
          a_way_through_both_bridges_back_to_the_same_ahb_is_a_deadlock)
