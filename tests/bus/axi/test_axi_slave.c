/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine axi_slave: queues, cycles and order as model/bus/axi/axi_slave.h states them, against scripted masters
 * (axi_traffic.h), which check data, LAST, responses and the order of each id themselves; clauses are those of
 * Arm IHI 0022, issue E. A master shows its first VALID in cycle 1.
 */
#include "axi_keeper.h"
#include "axi_traffic.h"
#include "axi_watch.h"
#include "suite.h"

#include <stdlib.h>

#define PERIOD 1000
#define BASE UINT64_C(0x10000000)
#define SIZE 0x20000u
#define FAULTS 0x1f000u
#define WRITES 0x8000u /* offsets below: only read */
#define MASTERS 3
#define EVENTS 4096

struct event {
    sim_cycle cycle, since;
    uint32_t id;
    uint8_t channel;
};

static struct arena arena;
static struct kernel kernel;
static struct axi_bus_config config;
static struct axi_bus *bus;
static struct traffic *m[MASTERS];
static unsigned masters;
static struct keeper *s;
static struct event events[EVENTS];
static size_t event_count;

static void note(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                 const void *record)
{
    const struct axi_event *in = record;
    (void)observer;
    (void)probe;
    if (event_count < EVENTS)
        events[event_count++] = (struct event){now, in->valid_since, in->id, in->channel};
}

static struct probe_observer observer = {.notify = note};

static uint8_t content(uint64_t addr)
{
    return (uint8_t)(addr * UINT32_C(2654435761) >> 11);
}

static void setup(void)
{
    memset(&arena, 0, sizeof arena);
    kernel_init(&kernel, &arena);
    config = (struct axi_bus_config){.width_bits = 64};
    for (unsigned i = 0; i < MASTERS; i++) {
        m[i] = calloc(1, sizeof *m[i]);
        m[i]->content = content;
    }
    s = calloc(1, sizeof *s);
    s->config = (struct axi_slave_config){.reads = 8, .writes = 8, .beats = 4, .answers = 4};
    s->read_latency = s->write_latency = 1;
    masters = 1;
    event_count = 0;
}

static void teardown(void)
{
    arena_free(&arena);
    for (unsigned i = 0; i < MASTERS; i++)
        free(m[i]);
    free(s);
}

static void build(unsigned flags)
{
    static const char *const names[MASTERS] = {"m0", "m1", "m2"};
    bus = axi_bus_create(&kernel, "axi", kernel_clock(&kernel, "clk", PERIOD, 0), &config);
    for (unsigned i = 0; i < MASTERS && i < masters; i++)
        traffic_join(m[i], &kernel, bus, names[i]);
    keeper_join(s, &kernel, bus, "s", BASE, SIZE);
    s->fault_first = BASE + FAULTS;
    s->fault_last = BASE + SIZE - 1;
    for (uint32_t i = 0; i < SIZE; i++)
        s->bytes[i] = content(BASE + i);
    ck_assert_int_eq(axi_bus_complete(bus), DMASIM_OK);
    ck_assert_int_eq(kernel_seal(&kernel, flags, NULL), DMASIM_OK);
}

static bool done(void)
{
    for (unsigned i = 0; i < masters; i++)
        if (!traffic_done(m[i]))
            return false;
    return true;
}

static void run_to_end(void)
{
    while (!done()) {
        const sim_time next = kernel_next(&kernel);
        ck_assert_msg(next < (sim_time)100000 * PERIOD, "no end");
        kernel_advance(&kernel, next, 0);
    }
    kernel_advance(&kernel, kernel.now + 10 * PERIOD, 0);
    for (unsigned i = 0; i < masters; i++)
        ck_assert_msg(!m[i]->fault, "m%u: %s", i, m[i]->fault);
}

static void run(void)
{
    build(0);
    probe_observe(&s->slave.read->event_probe, &observer);
    run_to_end();
}

static struct traffic_burst *rd(uint64_t offset, unsigned beats, uint32_t id)
{
    return traffic_add(&m[0]->reads, BASE + offset, beats, 3, id);
}

static struct traffic_burst *wr(uint64_t offset, unsigned beats, uint32_t id)
{
    return traffic_add(&m[0]->writes, BASE + offset, beats, 3, id);
}

static const struct event *event(enum axi_channel channel, unsigned nth)
{
    for (size_t i = 0; i < event_count; i++)
        if (events[i].channel == channel && nth-- == 0)
            return &events[i];
    ck_abort_msg("no such handshake");
    return NULL;
}

/* ---- cycles ---------------------------------------------------------------------------------- */

START_TEST(an_answer_shows_in_the_cycle_in_which_it_is_due)
{
    for (uint32_t latency = 1; latency < 6; latency++) {
        teardown();
        setup();
        s->read_latency = s->write_latency = latency;
        rd(0, 4, 0);
        wr(WRITES, 4, 0);
        run();
        ck_assert_uint_eq(event(AXI_AR, 0)->cycle, 1);
        ck_assert_uint_eq(event(AXI_R, 0)->since, 1 + latency);
        ck_assert_uint_eq(event(AXI_R, 3)->cycle, 1 + latency + 3); /* one a cycle */
        ck_assert_uint_eq(event(AXI_W, 3)->cycle, 4);
        ck_assert_uint_eq(event(AXI_B, 0)->since, 4 + latency);
    }
}
END_TEST

START_TEST(arready_is_one_in_the_cycle_after_the_last_r_that_makes_room)
{
    s->config.reads = 2;
    for (unsigned i = 0; i < 3; i++)
        rd(0x100 * i, 3, 0);
    run();
    const sim_cycle last = event(AXI_R, 2)->cycle;
    ck_assert_uint_eq(event(AXI_AR, 1)->cycle, 2);
    ck_assert_uint_eq(event(AXI_AR, 2)->since, 3); /* shown at once, */
    ck_assert_uint_eq(event(AXI_AR, 2)->cycle, last + 1);
}
END_TEST

START_TEST(awready_is_one_in_the_cycle_after_the_b_that_makes_room)
{
    s->config.writes = 2;
    s->write_latency = 5;
    for (unsigned i = 0; i < 3; i++)
        wr(WRITES + 0x100 * i, 1, 0);
    run();
    ck_assert_uint_eq(event(AXI_AW, 1)->cycle, 2);
    ck_assert_uint_eq(event(AXI_AW, 2)->cycle, event(AXI_B, 0)->cycle + 1);
}
END_TEST

START_TEST(w_waits_while_as_many_beats_as_there_is_room_for_have_no_aw)
{
    s->config.beats = 3;
    s->slave.held = AXI_BIT_AW;
    wr(WRITES, 8, 0);
    build(0);
    probe_observe(&s->slave.read->event_probe, &observer);
    kernel_advance(&kernel, 20 * PERIOD, 0);
    ck_assert_uint_eq(s->slave.w_ring.count, 3); /* A3.3.1: W may come first */
    ck_assert_uint_eq(event(AXI_W, 2)->cycle, 3);
    s->slave.held = 0;
    unit_wake(&s->unit);
    run_to_end();
    const sim_cycle aw = event(AXI_AW, 0)->cycle;
    ck_assert_uint_eq(aw, 22); /* woken at 21 */
    ck_assert_uint_eq(event(AXI_W, 3)->cycle, aw + 1);
    ck_assert_uint_eq(event(AXI_W, 7)->cycle, aw + 5);
}
END_TEST

START_TEST(a_held_answer_does_not_show_and_one_that_shows_stays)
{
    rd(0, 2, 0);
    build(0);
    kernel_advance(&kernel, PERIOD, 0); /* AR is handed over in 1, R shows in 2 */
    ck_assert_uint_eq(s->slave.read->valid & AXI_BIT_R, AXI_BIT_R);
    s->slave.held = AXI_BIT_R;
    kernel_advance(&kernel, 9 * PERIOD, 0);
    ck_assert_uint_eq(m[0]->reads.bursts[0].beat,
                      1); /* the first was handed over, the second waits */
    ck_assert_uint_eq(s->slave.read->valid & AXI_BIT_R, 0);
    s->slave.held = 0;
    unit_wake(&s->unit);
    run_to_end();
    ck_assert_uint_eq(m[0]->reads.bursts[0].end_cycle, 11);
}
END_TEST

START_TEST(beats_taken_before_the_edge_are_those_of_the_edge_before)
{
    s->before = true;
    wr(WRITES, 2, 0);
    run();
    ck_assert_uint_eq(event(AXI_W, 1)->cycle, 2);
    ck_assert_uint_eq(event(AXI_B, 0)->since, 4); /* stored in 3 */
}
END_TEST

START_TEST(an_answer_may_stay_out_for_any_time_and_nothing_steps_meanwhile)
{
    s->late = true;
    rd(0, 2, 0);
    wr(WRITES, 2, 0);
    build(0);
    probe_observe(&s->slave.read->event_probe, &observer);
    kernel_advance(&kernel, 10 * PERIOD, 0);
    const uint32_t steps = s->steps;
    ck_assert_uint_eq(kernel_next(&kernel), SIM_NEVER);
    kernel_advance(&kernel, 1000 * PERIOD, 0);
    ck_assert_uint_eq(s->steps, steps);
    s->told = true;
    unit_wake(&s->unit);
    run_to_end();
    ck_assert_uint_eq(event(AXI_R, 0)->since, 1002); /* woken at 1001 */
    ck_assert_uint_eq(event(AXI_B, 0)->since, 1002);
}
END_TEST

START_TEST(only_the_oldest_of_an_id_may_be_answered)
{
    s->late = true;
    rd(0, 1, 5);
    rd(8, 1, 5);
    rd(16, 1, 6);
    build(0);
    kernel_advance(&kernel, 10 * PERIOD, 0);
    ck_assert_uint_eq(s->slave.reads.count, 3);
    ck_assert(axi_slave_ordered(&s->slave.reads, 0));
    ck_assert(!axi_slave_ordered(&s->slave.reads, 1)); /* A5.3.1 */
    ck_assert(axi_slave_ordered(&s->slave.reads, 2));
    memcpy(axi_slave_r_data(&s->slave), s->bytes + 16, 8);
    axi_slave_put_r(&s->slave, 2, 0, AXI_OKAY, NULL);
    ck_assert_uint_eq(axi_slave_read(&s->slave, 1)->ax.addr, BASE + 8);
    s->told = true;
    unit_wake(&s->unit);
    run_to_end();
    ck_assert_uint_lt(m[0]->reads.bursts[2].end_cycle, m[0]->reads.bursts[0].end_cycle);
    ck_assert_uint_lt(m[0]->reads.bursts[0].end_cycle, m[0]->reads.bursts[1].end_cycle);
}
END_TEST

START_TEST(b_has_the_worst_response_of_its_beats)
{
    wr(FAULTS, 2, 0)->resp = AXI_SLVERR;
    rd(FAULTS, 2, 0)->resp = AXI_SLVERR;
    wr(WRITES, 2, 0);
    run();
}
END_TEST

/* ---- random ---------------------------------------------------------------------------------- */

struct outcome {
    uint64_t hash, end;
};

static void mix(uint64_t *hash, uint64_t value)
{
    *hash = (*hash ^ value) * UINT64_C(0x100000001b3);
}

static void random_bursts(struct random *random, unsigned master)
{
    const unsigned sizes = (unsigned)__builtin_ctz(config.width_bits / 8) + 1;
    for (unsigned write = 0; write < 2; write++) {
        struct traffic_list *list = write ? &m[master]->writes : &m[master]->reads;
        const unsigned count = random_below(random, 24);
        for (unsigned i = 0; i < count; i++) {
            const unsigned size = random_below(random, sizes);
            unsigned beats = 1 + random_below(random, random_below(random, 4) ? 8 : 64);
            if (beats << size > 0x200)
                beats = 0x200u >> size;
            const uint64_t slot =
                write ? WRITES + (master * 24 + i) * 0x400 : random_below(random, 30) * 0x400;
            struct traffic_burst *burst = traffic_add(
                list, BASE + slot + ((uint64_t)random_below(random, 0x200) >> size << size), beats,
                size, random_below(random, 4));
            burst->full = random_below(random, 2);
            if (random_below(random, 5) == 0 && (beats & (beats - 1)) == 0 && beats > 1 &&
                beats <= 16)
                burst->ax.burst = AXI_WRAP;
            else if (random_below(random, 6) == 0 && beats <= 16)
                burst->ax.burst = AXI_FIXED;
        }
    }
}

static struct outcome play(uint64_t seed, unsigned flags, bool observed)
{
    setup();
    struct random random = random_seeded(seed);
    config.width_bits = 32u << random_below(&random, 4);
    config.crossbar.grant = (uint8_t)random_below(&random, 2);
    masters = 1 + random_below(&random, MASTERS);
    s->config = (struct axi_slave_config){.reads = 1 + random_below(&random, 6),
                                          .writes = 1 + random_below(&random, 6),
                                          .beats = 1 + random_below(&random, 9),
                                          .answers = 1 + random_below(&random, 6)};
    s->read_latency = 1 + random_below(&random, 7);
    s->write_latency = 1 + random_below(&random, 7);
    s->stall = random_below(&random, 3) * (2 + random_below(&random, 3));
    s->mixed = random_below(&random, 2);
    s->before = random_below(&random, 2);
    s->random = random_seeded(seed + 1);
    for (unsigned i = 0; i < masters; i++) {
        m[i]->random = random_seeded(seed + 2 + i);
        m[i]->stall = random_below(&random, 3) * random_below(&random, 6);
        random_bursts(&random, i);
    }
    if (s->stall && s->mixed)
        s->random = random_seeded(seed);
    build(flags);
    struct axi_watch watch = {0};
    const struct axi_check_options options = {.complete = true};
    if (observed) {
        axi_watch_port(&watch, s->slave.read, &options);
        probe_observe(&s->slave.read->event_probe, &observer);
    }
    run_to_end();
    struct outcome outcome = {.end = kernel.now};
    if (observed) {
        const char *fault = axi_watch_end(&watch, kernel.now / PERIOD + 1);
        ck_assert_msg(!fault, "seed %ju: %s", (uintmax_t)seed, fault);
        axi_watch_free(&watch);
        for (size_t i = 0; i < event_count; i++) {
            mix(&outcome.hash, events[i].cycle);
            mix(&outcome.hash, events[i].since);
            mix(&outcome.hash, events[i].id << 3 | events[i].channel);
        }
    }
    uint8_t *expected = malloc(SIZE);
    for (uint32_t i = 0; i < SIZE; i++)
        expected[i] = content(BASE + i);
    for (unsigned i = 0; i < masters; i++)
        for (uint32_t j = 0; j < m[i]->writes.count; j++)
            traffic_apply(&m[i]->writes.bursts[j], bus->width_bytes, expected, BASE);
    ck_assert_msg(memcmp(expected, s->bytes, SIZE) == 0, "seed %ju: bytes", (uintmax_t)seed);
    free(expected);
    teardown();
    return outcome;
}

START_TEST(random_bursts_find_and_leave_the_bytes_of_a_plain_copy)
{
    teardown();
    for (uint64_t seed = 1; seed <= 120; seed++)
        play(seed, 0, true);
    setup();
}
END_TEST

START_TEST(nothing_depends_on_how_units_are_stepped_or_on_who_observes)
{
    teardown();
    for (uint64_t seed = 1; seed <= 40; seed++) {
        const struct outcome plain = play(seed, 0, true);
        for (unsigned flags = 1; flags < 4; flags++) {
            const struct outcome other = play(seed, flags, true);
            ck_assert_msg(other.hash == plain.hash, "seed %ju, flags %u", (uintmax_t)seed, flags);
        }
        ck_assert_uint_eq(play(seed, 0, false).end, plain.end);
    }
    setup();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("axi slave");
    TCase *tests = tcase_create("all");
    const TTest *const list[] = {
        an_answer_shows_in_the_cycle_in_which_it_is_due,
        arready_is_one_in_the_cycle_after_the_last_r_that_makes_room,
        awready_is_one_in_the_cycle_after_the_b_that_makes_room,
        w_waits_while_as_many_beats_as_there_is_room_for_have_no_aw,
        a_held_answer_does_not_show_and_one_that_shows_stays,
        beats_taken_before_the_edge_are_those_of_the_edge_before,
        an_answer_may_stay_out_for_any_time_and_nothing_steps_meanwhile,
        only_the_oldest_of_an_id_may_be_answered,
        b_has_the_worst_response_of_its_beats,
        random_bursts_find_and_leave_the_bytes_of_a_plain_copy,
        nothing_depends_on_how_units_are_stepped_or_on_who_observes,
    };
    tcase_add_checked_fixture(tests, setup, teardown);
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        tcase_add_test(tests, list[i]);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
