/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bridges between AHB and AXI: cycles as model/bus/ahb_to_axi.c and axi_to_ahb.c state them, bytes of
 * random traffic, responses, access from outside.
 */
#include "axi_plan.h"

#include "bus/bridge.h"
#include "host/scripted.h"
#include "memory/axi_sram.h"
#include "memory/sram.h"

#define AHB_BASE 0x20000000u   /* the SRAM behind axi-to-ahb, or the window of ahb-to-axi */
#define OTHER_BASE 0x10000000u /* an SRAM on the AHB */
#define AXI_BASE UINT64_C(0x800000000)
#define SIZE 0x10000u

static struct test_plan t;
static struct traffic *m;
static struct sram_config *ram;
static struct axi_sram_config *axi_ram;
static struct bridge_config *bridge;
static struct axi_bus_config *axi;
static struct scripted_config *master;
static struct scripted_command commands[40];

static void start_axi_to_ahb(void)
{
    test_plan_start(&t);
    axi = test_add(&t, SECTION_BUSES, "axi", "axi0");
    m = test_add_traffic(&t, "m0", 1);
    ram = test_add(&t, SECTION_MEMORIES, "sram", "ram");
    ram->base = AHB_BASE;
    ram->size_bytes = SIZE;
    bridge = test_add(&t, SECTION_PERIPHERALS, "axi-to-ahb", "bridge");
    bridge->bus = 1;
    bridge->target = 0;
    bridge->base = AXI_BASE;
    bridge->size_bytes = SIZE;
    bridge->to = AHB_BASE;
}

static void start_ahb_to_axi(uint32_t count)
{
    test_plan_start(&t);
    axi = test_add(&t, SECTION_BUSES, "axi", "axi0");
    master = test_add(&t, SECTION_MASTERS, "scripted", "s0");
    memset(commands, 0, sizeof commands);
    for (uint32_t i = 0; i < count; i++)
        commands[i] = (struct scripted_command){.size = 2, .beats = 1, .address = AHB_BASE};
    master->commands = (struct parameter_list){commands, count};
    axi_ram = test_add(&t, SECTION_MEMORIES, "axi-sram", "ram");
    axi_ram->bus = 1;
    axi_ram->base = AXI_BASE;
    axi_ram->size_bytes = SIZE;
    bridge = test_add(&t, SECTION_PERIPHERALS, "ahb-to-axi", "bridge");
    bridge->bus = 0;
    bridge->target = 1;
    bridge->base = AHB_BASE;
    bridge->size_bytes = SIZE;
    bridge->to = AXI_BASE;
}

static void run(void)
{
    test_build(&t, 0);
    ck_assert(test_run(&t, UINT64_C(10000000000)));
    m = test_traffic(&t, "m0");
    ck_assert_ptr_null(m->fault);
}

static struct traffic_burst *read(uint64_t offset, unsigned beats, unsigned size)
{
    return traffic_add(&m->reads, AXI_BASE + offset, beats, size, 5);
}

static struct traffic_burst *write(uint64_t offset, unsigned beats, unsigned size)
{
    return traffic_add(&m->writes, AXI_BASE + offset, beats, size, 5);
}

#define READ(i) (&m->reads.bursts[i])
#define WRITE(i) (&m->writes.bursts[i])
#define BEAT(log, i) TEST_RECORD(log, struct ahb_beat, i)

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
    ck_assert_int_eq(system_access(&t.system, AXI_BASE + 0x40, 4, true, &value), DMASIM_OK);
    ck_assert_int_eq(system_access(&t.system, AHB_BASE + 0x40, 4, false, &value), DMASIM_OK);
    ck_assert_uint_eq(value, 0x1234);
    test_plan_end(&t);
}
END_TEST

static uint8_t content(uint64_t address)
{
    return (uint8_t)(9 + address);
}

static void fill_axi_to_ahb(struct random *random)
{
    axi->width_bits = 32u << random_below(random, 3);
    test_bus_config(&t)->width_bits = 8u << random_below(random, 5);
    ram->fill = (struct sram_fill){.pattern = SRAM_COUNT, .value = 9};
    ram->read_first = random_below(random, 3);
    ram->read_next = random_below(random, 2);
    ram->write_first = random_below(random, 3);
    ram->write_next = random_below(random, 2);
    m->content = content;
    m->stall = random_below(random, 6);
    m->random = random_seeded(random_next(random));
    for (unsigned i = 0; i < 24; i++) {
        unsigned size = random_below(random, 3 + (axi->width_bits > 32 ? 1u : 0) +
                                                 (axi->width_bits > 64 ? 1u : 0));
        unsigned beats = 1 + random_below(random, 16);
        struct traffic_burst *r = read(random_below(random, 0x1000 - (beats << size)), beats, size);
        r->ax.burst = (uint8_t)random_below(random, 2);
        struct traffic_burst *w =
            write(0x8000 + 0x200 * i + random_below(random, 0x80), beats, size);
        w->ax.burst = (uint8_t)random_below(random, 2);
        w->full = random_below(random, 2);
        if ((beats & (beats - 1)) == 0 && beats > 1) {
            r->ax.burst = w->ax.burst = AXI_WRAP;
            r->ax.addr &= ~((UINT64_C(1) << size) - 1);
            w->ax.addr &= ~((UINT64_C(1) << size) - 1);
        }
    }
    if (random_below(random, 2)) { /* somebody else wants the bus */
        static struct scripted_command other = {
            .address = AHB_BASE + 0x7000, .beats = 4, .burst = AHB_INCR4, .delay = 3};
        master = test_add(&t, SECTION_MASTERS, "scripted", "s0");
        master->commands = (struct parameter_list){&other, 1};
        master->repeat = 40;
        test_bus_config(&t)->arbiter.max_hold_cycles = random_below(random, 6);
        test_bus_config(&t)->arbiter.rearbitrate = (uint8_t)random_below(random, 3);
    }
}

static uint64_t random_axi_to_ahb(uint64_t seed, unsigned flags)
{
    struct random random = random_seeded(seed);
    start_axi_to_ahb();
    fill_axi_to_ahb(&random);
    test_build(&t, flags);
    ck_assert_msg(test_run(&t, UINT64_C(10000000000)), "seed %ju", (uintmax_t)seed);
    m = test_traffic(&t, "m0");
    ck_assert_msg(!m->fault, "seed %ju: %s", (uintmax_t)seed, m->fault);
    static uint8_t expected[SIZE];
    for (uint32_t i = 0; i < SIZE; i++)
        expected[i] = content(AXI_BASE + i);
    for (uint32_t i = 0; i < m->writes.count; i++)
        traffic_apply(WRITE(i), axi->width_bits / 8, expected, AXI_BASE);
    ck_assert_mem_eq(sram_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL), expected, SIZE);
    uint64_t hash = t.system.kernel.now;
    for (uint32_t i = 0; i < m->reads.count; i++)
        hash = hash * 31 + READ(i)->end_cycle * 7 + WRITE(i)->end_cycle;
    test_plan_end(&t);
    return hash;
}

START_TEST(random_bursts_reach_an_ahb_however_units_are_stepped)
{
    for (uint64_t seed = 1; seed <= 120; seed++) {
        uint64_t plain = random_axi_to_ahb(seed, 0);
        ck_assert_uint_eq(random_axi_to_ahb(seed, KERNEL_EVERY_CYCLE), plain);
        ck_assert_uint_eq(random_axi_to_ahb(seed, KERNEL_REVERSED), plain);
    }
}
END_TEST

/* ---- AHB to AXI ------------------------------------------------------------------------------ */

static struct test_log run_ahb(unsigned flags)
{
    struct test_log beats;
    test_build(&t, flags);
    test_observe(&t, &beats, "ahb_beat", NULL);
    ck_assert(test_run(&t, UINT64_C(10000000000)));
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
            ck_assert(test_run(&t, UINT64_C(10000000000)));
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
    ck_assert(test_run(&t, UINT64_C(10000000000)));
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
    sim_cycle cycles[16];
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
    ck_assert(test_run(&t, UINT64_C(10000000000)));
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
    ck_assert(!test_run(&t, UINT64_C(10000000000)));
    ck_assert_uint_eq(kernel_next(&t.system.kernel), SIM_NEVER);
    uint64_t value; /* from outside nothing is in the way */
    ck_assert_int_eq(system_access(&t.system, AHB_BASE, 4, false, &value), DMASIM_OK);
    test_plan_end(&t);
}
END_TEST

static void fill_ahb_to_axi(struct random *random, struct scripted_command *list)
{
    axi->width_bits = 32u << random_below(random, 6);
    const unsigned ahb =
        random_below(random, 3 + (axi->width_bits > 32 ? 1u : 0) + (axi->width_bits > 64 ? 1u : 0));
    test_bus_config(&t)->width_bits = 8u << ahb;
    axi_ram->fill = (struct sram_fill){.pattern = SRAM_COUNT, .value = 1};
    axi_ram->read_latency_cycles = 1 + random_below(random, 5);
    axi_ram->write_beat_cycles = 1 + random_below(random, 3);
    axi_ram->read_beat_cycles = 1 + random_below(random, 3);
    bridge->read_ahead_beats = 1 + random_below(random, 16);
    struct ahb_arbiter_config *arbiter = &test_bus_config(&t)->arbiter;
    arbiter->max_hold_cycles = random_below(random, 8);
    arbiter->rearbitrate = (uint8_t)random_below(random, 3);
    arbiter->grant = (uint8_t)random_below(random, 2);
    for (unsigned i = 0; i < 40; i++) {
        struct scripted_command *command = &list[i];
        unsigned size = random_below(random, ahb + 1);
        *command =
            (struct scripted_command){.size = (uint8_t)size, .write = random_below(random, 2)};
        command->burst = (uint8_t)random_below(random, 8);
        command->beats = ahb_burst_beats((enum ahb_burst)command->burst);
        if (command->beats == 0)
            command->beats = 1 + random_below(random, 20);
        command->address = AHB_BASE + (random_below(random, 0x200) & ~((1u << size) - 1));
        if (i >= 20 && random_below(random, 2))
            command->address -= AHB_BASE - OTHER_BASE;
        command->busy = random_below(random, 3) ? 0 : (uint16_t)random_next(random);
        command->delay = random_below(random, 3) ? 0 : random_below(random, 5);
    }
    master->commands = (struct parameter_list){list, 20};
    struct scripted_config *other = test_add(&t, SECTION_MASTERS, "scripted", "s1");
    other->commands = (struct parameter_list){list + 20, 20};
    other->repeat = master->repeat = 2;
}

static uint64_t random_ahb_to_axi(uint64_t seed, unsigned flags)
{
    struct random random = random_seeded(seed);
    struct test_log beats, events;
    start_ahb_to_axi(0);
    ram = test_add(&t, SECTION_MEMORIES, "sram", "other");
    ram->base = OTHER_BASE;
    ram->size_bytes = SIZE;
    fill_ahb_to_axi(&random, commands);
    test_build(&t, flags);
    test_observe(&t, &beats, "ahb_beat", NULL);
    test_observe(&t, &events, "axi_event", NULL);
    ck_assert(test_run(&t, UINT64_C(10000000000)));
    static uint8_t expected[SIZE];
    for (uint32_t i = 0; i < SIZE; i++)
        expected[i] = (uint8_t)(1 + i);
    const uint32_t lanes = test_bus_config(&t)->width_bits / 8 - 1;
    ck_assert_uint_lt(beats.count, TEST_EVENTS);
    uint64_t hash = 0;
    for (size_t i = 0; i < beats.count; i++) {
        const struct ahb_beat *beat = BEAT(&beats, i);
        hash = hash * 31 + beat->data_cycle;
        if (beat->haddr < AHB_BASE)
            continue;
        uint8_t *at = expected + (beat->haddr - AHB_BASE);
        const uint8_t *data = (const uint8_t *)&beat->data + (beat->haddr & lanes);
        ck_assert_uint_eq(beat->hresp, AHB_OKAY);
        if (beat->hwrite)
            memcpy(at, data, (size_t)1 << beat->hsize);
        else
            ck_assert_msg(memcmp(at, data, (size_t)1 << beat->hsize) == 0, "seed %ju, beat %zu",
                          (uintmax_t)seed, i);
    }
    for (size_t i = 0; i < events.count; i++)
        hash =
            hash * 31 + events.cycles[i] * 8 + TEST_RECORD(&events, struct axi_event, i)->channel;
    ck_assert_mem_eq(axi_sram_bytes(test_find(&t, SECTION_MEMORIES, "ram")), expected, SIZE);
    test_log_end(&beats);
    test_log_end(&events);
    test_plan_end(&t);
    return hash;
}

START_TEST(random_bursts_reach_an_axi_however_units_are_stepped)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        uint64_t plain = random_ahb_to_axi(seed, 0);
        ck_assert_uint_eq(random_ahb_to_axi(seed, KERNEL_EVERY_CYCLE), plain);
        ck_assert_uint_eq(random_ahb_to_axi(seed, KERNEL_REVERSED), plain);
    }
}
END_TEST

TEST_MAIN("bridges", a_read_takes_an_address_and_a_data_cycle_between_ar_and_r,
          a_bus_parked_elsewhere_costs_the_cycle_of_hbusreq,
          a_write_goes_on_when_its_last_w_is_there, bursts_keep_their_kind,
          a_burst_over_1_kib_goes_on_with_nonseq,
          an_error_is_slverr_and_the_rest_of_its_burst_with_it, outside_the_window_is_decerr,
          accesses_from_outside_pass_through, random_bursts_reach_an_ahb_however_units_are_stepped,
          a_read_waits_for_ar_the_memory_and_r, a_write_waits_for_b,
          a_fixed_burst_is_one_axi_burst_and_its_beats_follow_each_other, busy_does_not_end_a_burst,
          a_burst_broken_off_is_filled_up_without_strobes_at_once,
          read_ahead_spares_the_wait_states_of_an_undefined_burst,
          slverr_is_error_on_the_beat_of_a_read_and_on_the_last_of_a_write,
          an_axi_narrower_than_the_ahb_is_refused,
          a_way_through_both_bridges_back_to_the_same_ahb_is_a_deadlock,
          random_bursts_reach_an_axi_however_units_are_stepped)
