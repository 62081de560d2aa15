/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cycles and bytes of a DRAM on AXI, as model/memory/dram_axi.c states them. CK is as fast as the bus where a test counts cycles, so
 * that what is handed over in one cycle is seen in the next. The master shows its first VALID in cycle 1.
 */
#include "traffic_fixture.h"

#include "memory/dram_memory.h"
#include "scenario/scenario.h"

#define BASE UINT64_C(0x40000000)
#define SIZE 0x10000u

static struct dram_memory_config *ram;
static struct axi_bus_config *bus;

static void start(void)
{
    test_plan_start(&t);
    bus = test_add(&t, SECTION_BUSES, "axi", "axi0");
    bus->width_bits = 64;
    m = test_add_traffic(&t, "m0", 1);
    ram = test_add(&t, SECTION_MEMORIES, "dram", "ram");
    ram->bus = 1;
    ram->base = BASE;
    ram->size_bytes = SIZE;
    ram->period_ps = TEST_PERIOD_PS;
}

static struct traffic_burst *read(uint64_t offset, unsigned beats)
{
    return traffic_add(&m->reads, BASE + offset, beats, 3, 0);
}

static struct traffic_burst *write(uint64_t offset, unsigned beats)
{
    return traffic_add(&m->writes, BASE + offset, beats, 3, 0);
}

/* AR in 1, handed over in 2, seen and ACT in 3, RD RCD later, its last data CL + BL later, put in the next and shown in that after. */
START_TEST(the_first_beat_comes_when_its_transaction_is_there)
{
    for (uint32_t rcd = 10; rcd < 14; rcd++) {
        start();
        ram->timing[DRAM_T_RCDR] = rcd;
        read(0, 16);
        run();
        const sim_cycle there = 3 + rcd + 16 + 4;
        ck_assert_uint_eq(READ(0)->address_cycle, 1);
        ck_assert_uint_eq(READ(0)->first_cycle, there + 2);
        /* The second transaction came CCDL after the first, so its beats follow without a gap. */
        ck_assert_uint_eq(READ(0)->end_cycle, there + 2 + 15);
        test_plan_end(&t);
    }
}
END_TEST

/* The last W is taken in 8 and handed over in 9; the controller accepts it in 10, B is put in 11 and shown in 12. WR comes RCD after its ACT. */
START_TEST(b_comes_when_the_burst_is_accepted_or_sent)
{
    for (uint8_t sent = 0; sent < 2; sent++) {
        start();
        ram->write_response = sent;
        write(0, 8);
        run();
        ck_assert_uint_eq(WRITE(0)->end_cycle, 12 + (sent ? 16 : 0));
        test_plan_end(&t);
    }
}
END_TEST

/* A slower master clock: the same transaction in the time of its own clock, rounded up to the next edge of CK. */
START_TEST(clocks_meet_at_the_first_later_edge)
{
    for (unsigned period = 833; period < 840; period += 3) {
        start();
        ram->period_ps = period;
        read(0, 1);
        run();
        const sim_time put = 2 * TEST_PERIOD_PS;
        const sim_cycle seen = put / period + 1;
        const sim_time data = (seen + 16 + 16 + 4) * period;
        ck_assert_uint_eq(READ(0)->first_cycle, data / TEST_PERIOD_PS + 1 + 1);
        test_plan_end(&t);
    }
}
END_TEST

/* In the time of one row's ACT, RD and data a fast bus could ask for more than eight transactions. */
START_TEST(slots_bound_what_is_read_ahead)
{
    sim_cycle ends[2];
    for (unsigned more = 0; more < 2; more++) {
        start();
        ram->read_slots = more ? 64 : 8;
        bus->width_bits = 512;
        for (unsigned i = 0; i < 16; i++)
            traffic_add(&m->reads, BASE + 64 * 32 * i, 32, 6, 0);
        run();
        ends[more] = READ(15)->end_cycle;
        test_plan_end(&t);
    }
    ck_assert_uint_gt(ends[0], ends[1]);
    /* With enough of them the bank group is the limit, but where requests of the next are there. */
    ck_assert_uint_le(ends[1], 41 + 6 * (16 * 32 - 1));
    ck_assert_uint_ge(ends[1], 41 + 4 * (16 * 32 - 1));
}
END_TEST

/* Nothing happens in a scenario that waits for ever, refreshes apart: that is a deadlock, found at once. */
START_TEST(refreshes_are_nobodys_work)
{
    for (unsigned every = 0; every < 2; every++) {
        start();
        read(0, 1);
        test_build(&t, every ? KERNEL_EVERY_CYCLE : 0);
        kernel_hold(&t.system.kernel);
        kernel_advance(&t.system.kernel, 100 * TEST_PERIOD_PS, 0);
        ck_assert_uint_eq(kernel_due(&t.system.kernel), SIM_NEVER);
        ck_assert_uint_lt(kernel_next(&t.system.kernel), SIM_NEVER);
        struct counter_part part;
        const struct component *component = test_find(&t, SECTION_MEMORIES, "ram");
        kernel_advance(&t.system.kernel, 9363 * (sim_time)TEST_PERIOD_PS - 1, 0);
        component->type->counters(component, 0, t.system.kernel.now, &part);
        ck_assert_uint_eq(part.values[11], 0);
        kernel_advance(&t.system.kernel, 9363 * (sim_time)TEST_PERIOD_PS + 400 * TEST_PERIOD_PS, 0);
        component->type->counters(component, 0, t.system.kernel.now, &part);
        ck_assert_uint_eq(part.values[11], 1);
        test_plan_end(&t);
    }
}
END_TEST

START_TEST(what_can_not_be_is_refused)
{
    static const char *const texts[] = {
        "preset: hbm2-2000, row_policy: closed_cap",
        "timing: {REFI: 0}",
        "timing: {REFI: 500}",
        "timing: {CL: 0}",
        "write_queue: 1, write_high: 2",
        "write_high: 5, write_low: 5",
        "refresh: per_bank",
        "ranks: 3",
        "mapping: bits",
        "mapping: bits, mapping_bits: [column.0]",
        "mapping_bits: [column.0]",
        "preset: ddr3-1600, organisation: {groups: 4}",
        "organisation: {groups: 16, banks: 16}",
        "organisation: {transaction: 8}",
        "size: 64 KiB, organisation: {row_bits: 4, column_bits: 2, banks: 1, groups: 1}",
    };
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char text[512];
        struct scenario *scenario;
        snprintf(text, sizeof text,
                 "name: x\nclocks: {c: {period: 10 ns}}\nbuses: {axi: {type: axi, clock: c}}\n"
                 "memories:\n  m: {type: dram, bus: axi, base: 0, %s%s}\n",
                 strstr(texts[i], "size") ? "" : "size: 4 KiB, ", texts[i]);
        const struct scenario_options options = {.report = NULL};
        ck_assert_msg(scenario_load_text(text, strlen(text), "x.yaml", NULL, &options, &scenario) !=
                          DMASIM_OK,
                      "%s was taken", texts[i]);
    }
}
END_TEST

/* ---- random ---------------------------------------------------------------------------------- */

static uint8_t content(uint64_t address)
{
    return (uint8_t)(3 + address);
}

static void fill_random(struct random *random)
{
    unsigned presets = 0;
    while (dram_presets[presets].name)
        presets++;
    bus->width_bits = 32u << random_below(random, 6);
    ram->fill = (struct store_fill){.pattern = STORE_COUNT, .value = 3};
    ram->preset = (uint8_t)random_below(random, presets);
    ram->period_ps = random_below(random, 2) ? 0 : 100 + random_below(random, 30000);
    ram->channels = 1u << random_below(random, 3);
    ram->mapping = (uint8_t)random_below(random, 3);
    ram->scheduler = (uint8_t)random_below(random, 2);
    ram->row_policy = (uint8_t)random_below(random, 2);
    ram->cap = 1 + random_below(random, 4);
    ram->oddities.orphans = 1;
    ram->oddities.same_address = (uint8_t)random_below(random, 2);
    ram->oddities.forwarded = (uint8_t)random_below(random, 2);
    ram->write_response = (uint8_t)random_below(random, 2);
    ram->read_queue = 1 + random_below(random, 8);
    ram->write_queue = 1 + random_below(random, 8);
    ram->reads_max = 1 + random_below(random, 8);
    ram->writes_max = 1 + random_below(random, 8);
    ram->buffer_beats = 1 + random_below(random, 20);
    ram->read_slots = 8 + random_below(random, 20);
    ram->write_slots = 8 + random_below(random, 20);
    m->content = content;
    m->stall = random_below(random, 6);
    m->random = random_seeded(random_next(random));
    const unsigned sizes = 3 + (unsigned)__builtin_ctz(bus->width_bits / 32);
    for (unsigned i = 0; i < 32; i++) {
        unsigned size = random_below(random, sizes), beats = 1 + random_below(random, 16);
        traffic_add(&m->reads, BASE + random_below(random, 0x600), beats, size, i % 3)->ax.burst =
            (uint8_t)random_below(random, 2);
        struct traffic_burst *burst = traffic_add(&m->writes,
                                                  BASE + 0x1000 * (1 + i % 12) + 0x100 * (i / 12) +
                                                      random_below(random, 0x80),
                                                  beats, size, i % 3);
        burst->full = random_below(random, 2);
        if (beats == 4 || beats == 8) {
            burst->ax.burst = AXI_WRAP;
            burst->ax.addr &= ~((UINT64_C(1) << size) - 1);
        }
    }
    /* WRAP reads, which come back to the transaction they began in. */
    for (unsigned i = 0; i < 8; i++) {
        const unsigned size = random_below(random, sizes);
        traffic_add(&m->reads, BASE + (random_below(random, 0x800) >> size << size), 2u << i % 4,
                    size, i % 3)
            ->ax.burst = AXI_WRAP;
    }
}

static uint64_t run_random(uint64_t seed, unsigned flags)
{
    struct random random = random_seeded(seed);
    start();
    fill_random(&random);
    run_with(flags);
    uint64_t hash =
        expect_writes(store_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL), BASE, SIZE);
    test_plan_end(&t);
    return hash;
}

START_TEST(random_bursts_move_the_right_bytes_however_units_are_stepped)
{
    test_any_order(150, run_random);
}
END_TEST

TEST_MAIN("dram on axi", the_first_beat_comes_when_its_transaction_is_there,
          b_comes_when_the_burst_is_accepted_or_sent, clocks_meet_at_the_first_later_edge,
          slots_bound_what_is_read_ahead, refreshes_are_nobodys_work, what_can_not_be_is_refused,
          random_bursts_move_the_right_bytes_however_units_are_stepped)
