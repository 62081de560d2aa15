/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine axi_master: bursts, cycles and order as model/bus/axi/axi_master.h states them, against a slave
 * that uses every freedom of AXI4; clauses are those of Arm IHI 0022, issue E.
 */
#include "axi_owner.h"
#include "axi_target.h"
#include "axi_watch.h"
#include "suite.h"

#include <stdlib.h>

#define PERIOD 1000
#define BASE UINT64_C(0x10000000)
#define SIZE 0x80000u
#define EVENTS 4096

struct event {
    sim_cycle cycle, since;
    uint64_t addr, strb[2];
    uint32_t id;
    uint8_t channel, len, size, burst, last;
};

static struct arena arena;
static struct kernel kernel;
static struct axi_bus_config config;
static struct axi_bus *bus;
static struct owner *m;
static struct target *s;
static struct event events[EVENTS];
static size_t event_count;

static void note(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                 const void *record)
{
    const struct axi_event *in = record;
    (void)observer;
    (void)probe;
    if (event_count == EVENTS)
        return;
    events[event_count++] = (struct event){.cycle = now,
                                           .since = in->valid_since,
                                           .addr = in->addr,
                                           .strb = {in->strb[0], in->strb[1]},
                                           .id = in->id,
                                           .channel = in->channel,
                                           .len = in->len,
                                           .size = in->size,
                                           .burst = in->burst,
                                           .last = in->last};
}

static struct probe_observer observer = {.notify = note};

static void setup(void)
{
    memset(&arena, 0, sizeof arena);
    kernel_init(&kernel, &arena);
    config = (struct axi_bus_config){.width_bits = 64};
    m = calloc(1, sizeof *m);
    s = calloc(1, sizeof *s);
    m->config.outstanding[0] = m->config.outstanding[1] = 4;
    event_count = 0;
}

static void teardown(void)
{
    arena_free(&arena);
    free(m);
    free(s);
}

/* Memory of the slave before the run. */
static uint8_t content(uint64_t addr)
{
    return (uint8_t)(addr * UINT32_C(2654435761) >> 11);
}

static void build(unsigned flags)
{
    bus = axi_bus_create(&kernel, "axi", kernel_clock(&kernel, "clk", PERIOD, 0), &config);
    owner_join(m, &kernel, bus, "m");
    target_join(s, &kernel, bus, "s", BASE, SIZE);
    s->fault_first = BASE + SIZE - 0x1000;
    s->fault_last = BASE + SIZE - 1;
    for (uint32_t i = 0; i < SIZE; i++)
        s->bytes[i] = content(BASE + i);
    ck_assert_int_eq(axi_bus_complete(bus), DMASIM_OK);
    ck_assert_int_eq(kernel_seal(&kernel, flags, NULL), DMASIM_OK);
}

static void run_to_end(void)
{
    kernel_hold(&kernel);
    m->held = &kernel;
    kernel_advance(&kernel, (sim_time)200000 * PERIOD, KERNEL_STOP_QUIET);
    kernel_advance(&kernel, kernel.now + 10 * PERIOD, 0);
    ck_assert_uint_eq(m->done, m->count);
    ck_assert(axi_master_idle(&m->master));
    ck_assert_uint_eq(m->master.strays, 0);
}

static void run(void)
{
    build(0);
    probe_observe(&m->master.port->event_probe, &observer);
    run_to_end();
}

static struct owner_command *rd(uint64_t offset, uint64_t bytes, unsigned size, uint32_t id)
{
    return owner_add(m, false, BASE + offset, bytes, size, id);
}

static struct owner_command *wr(uint64_t offset, uint64_t bytes, unsigned size, uint32_t id)
{
    return owner_add(m, true, BASE + offset, bytes, size, id);
}

/* The nth handshake of a channel. */
static const struct event *event(enum axi_channel channel, unsigned nth)
{
    for (size_t i = 0; i < event_count; i++)
        if (events[i].channel == channel && nth-- == 0)
            return &events[i];
    ck_abort_msg("no such handshake");
    return NULL;
}

static unsigned handshakes(enum axi_channel channel)
{
    unsigned count = 0;
    for (size_t i = 0; i < event_count; i++)
        count += events[i].channel == channel;
    return count;
}

#define BURST(channel, nth, address, beats)                                                        \
    do {                                                                                           \
        ck_assert_uint_eq(event(channel, nth)->addr, BASE + (address));                            \
        ck_assert_uint_eq(event(channel, nth)->len + 1u, beats);                                   \
    } while (0)

/* ---- cycles ---------------------------------------------------------------------------------- */

START_TEST(ar_shows_in_the_cycle_after_the_command_and_the_end_is_told_with_the_last_r)
{
    rd(0, 16, 3, 0)->from = 7;
    run();
    ck_assert_uint_eq(event(AXI_AR, 0)->since, 8); /* not in 7 */
    ck_assert_uint_eq(event(AXI_AR, 0)->cycle, 8);
    ck_assert_uint_eq(event(AXI_R, 0)->cycle, 9);
    ck_assert_uint_eq(event(AXI_R, 1)->cycle, 10);
    ck_assert_uint_eq(m->commands[0].done, 10);
}
END_TEST

START_TEST(the_first_w_shows_with_its_aw_and_then_one_a_cycle)
{
    wr(0, 32, 3, 0)->from = 7;
    run();
    ck_assert_uint_eq(event(AXI_AW, 0)->since, 8);
    for (unsigned i = 0; i < 4; i++) {
        ck_assert_uint_eq(event(AXI_W, i)->since, 8 + i);
        ck_assert_uint_eq(event(AXI_W, i)->last, i == 3);
    }
    ck_assert_uint_eq(event(AXI_B, 0)->cycle, 12);
    ck_assert_uint_eq(m->commands[0].done, 12);
}
END_TEST

START_TEST(w_waits_for_its_data_and_aw_does_not)
{
    wr(0, 16, 3, 0);
    m->w_from = 9;
    run();
    ck_assert_uint_eq(event(AXI_AW, 0)->since, 1);
    ck_assert_uint_eq(event(AXI_W, 0)->since, 10); /* A3.2.1: no handshake is waited for */
    ck_assert_uint_eq(event(AXI_W, 1)->since, 11);
}
END_TEST

START_TEST(a_burst_begins_in_the_cycle_after_the_answer_that_makes_room)
{
    m->config.outstanding[0] = m->config.outstanding[1] = 2;
    for (unsigned i = 0; i < 3; i++) {
        rd(0x100 * i, 64, 3, 0);
        wr(0x1000 + 0x100 * i, 64, 3, 0);
    }
    run();
    const sim_cycle last_r = event(AXI_R, 7)->cycle, b = event(AXI_B, 0)->cycle;
    ck_assert_uint_eq(event(AXI_AR, 1)->since, 2); /* one a cycle while there is room */
    ck_assert_uint_eq(event(AXI_AR, 2)->since, last_r + 1);
    ck_assert_uint_eq(event(AXI_AW, 2)->since, b + 1);
    ck_assert_uint_gt(last_r, 3);
}
END_TEST

START_TEST(ready_is_one_from_the_burst_on_until_the_last_answer)
{
    rd(0, 16, 3, 0)->from = 5;
    build(0);
    const struct axi_port *port = m->master.port;
    for (sim_cycle n = 0; n < 20; n++) { /* behind step n: what holds in n + 1 */
        kernel_advance(&kernel, n * PERIOD, 0);
        const bool open = n + 1 >= 6 && n + 1 <= 8; /* AR shows in 6, R in 7 and 8 */
        ck_assert_uint_eq(port->ready, open ? AXI_BIT_R : 0);
    }
}
END_TEST

START_TEST(parked_ready_is_one_though_nothing_is_open)
{
    rd(0, 16, 3, 0)->from = 5;
    m->config.parked = AXI_BIT_R | AXI_BIT_B;
    build(0);
    for (sim_cycle n = 0; n < 20; n++) {
        kernel_advance(&kernel, n * PERIOD, 0);
        ck_assert_uint_eq(m->master.port->ready, AXI_BIT_R | AXI_BIT_B);
    }
}
END_TEST

START_TEST(a_held_channel_hands_over_nothing_from_the_next_cycle_on)
{
    rd(0, 64, 3, 0);
    m->hold_first = 4;
    m->hold_end = 9;
    run();
    ck_assert_uint_eq(event(AXI_R, 2)->cycle, 4); /* held in step 4 */
    ck_assert_uint_eq(event(AXI_R, 3)->cycle, 10);
}
END_TEST

/* ---- bursts: A3.4.1 -------------------------------------------------------------------------- */

START_TEST(a_burst_ends_at_4_kib)
{
    rd(0xff0, 32, 3, 0);
    wr(0x2ffd, 8, 3, 0); /* neither end aligned */
    run();
    ck_assert_uint_eq(handshakes(AXI_AR), 2);
    BURST(AXI_AR, 0, 0xff0, 2);
    BURST(AXI_AR, 1, 0x1000, 2);
    BURST(AXI_AW, 0, 0x2ffd, 1);
    BURST(AXI_AW, 1, 0x3000, 1);
    ck_assert_uint_eq(event(AXI_W, 0)->strb[0], 0xe0);
    ck_assert_uint_eq(event(AXI_W, 1)->strb[0], 0x1f);
}
END_TEST

START_TEST(a_burst_of_incr_has_256_beats_at_most_and_one_of_fixed_16)
{
    rd(0x1001, 300, 0, 0);
    struct owner_command *fixed = rd(0x3000, 20 * 4, 2, 0);
    fixed->command.burst = AXI_FIXED;
    run();
    ck_assert_uint_eq(handshakes(AXI_AR), 4);
    BURST(AXI_AR, 0, 0x1001, 256);
    BURST(AXI_AR, 1, 0x1101, 44);
    BURST(AXI_AR, 2, 0x3000, 16);
    BURST(AXI_AR, 3, 0x3000, 4);
    ck_assert_uint_eq(event(AXI_AR, 3)->burst, AXI_FIXED);
}
END_TEST

START_TEST(the_largest_burst_of_a_command_is_kept)
{
    rd(0, 17 * 8, 3, 0)->command.burst_beats = 8;
    run();
    ck_assert_uint_eq(handshakes(AXI_AR), 3);
    BURST(AXI_AR, 0, 0, 8);
    BURST(AXI_AR, 1, 64, 8);
    BURST(AXI_AR, 2, 128, 1);
    ck_assert_uint_eq(m->done, 1);
}
END_TEST

START_TEST(wrap_is_one_burst_from_where_it_starts)
{
    struct owner_command *wrap = rd(0x18, 32, 3, 0);
    wrap->command.burst = AXI_WRAP;
    run();
    BURST(AXI_AR, 0, 0x18, 4);
    for (unsigned i = 0; i < 32; i++)
        ck_assert_uint_eq(wrap->bytes[i], content(BASE + (0x18 + i) % 32));
}
END_TEST

START_TEST(lite_has_one_beat_each_as_wide_as_the_bus)
{
    config.lite = true;
    wr(0x104, 12, 2, 0);
    run();
    ck_assert_uint_eq(handshakes(AXI_AW), 3); /* B1.1.1 */
    for (unsigned i = 0; i < 3; i++) {
        BURST(AXI_AW, i, 0x104 + 4 * i, 1);
        ck_assert_uint_eq(event(AXI_AW, i)->size, 3);
        ck_assert_uint_eq(event(AXI_W, i)->strb[0], i == 1 ? 0x0f : 0xf0);
    }
}
END_TEST

START_TEST(commands_that_break_a_rule_are_known)
{
    build(0);
    const struct axi_command good = {.addr = BASE, .bytes = 64, .size = 3, .burst = AXI_WRAP};
    struct axi_command c = good;
    ck_assert(axi_command_legal(bus, &c));
    c.bytes = 24; /* WRAP of three beats */
    ck_assert(!axi_command_legal(bus, &c));
    c.bytes = 8 * 32;
    ck_assert(!axi_command_legal(bus, &c));
    c = good;
    c.addr++; /* WRAP that is not aligned */
    ck_assert(!axi_command_legal(bus, &c));
    c = good;
    c.size = 4; /* wider than the bus */
    ck_assert(!axi_command_legal(bus, &c));
    c = good;
    c.bytes = 0;
    ck_assert(!axi_command_legal(bus, &c));
    c = good;
    c.burst = AXI_INCR;
    c.addr = UINT64_MAX - 62;
    ck_assert(!axi_command_legal(bus, &c));
    c.addr--;
    ck_assert(axi_command_legal(bus, &c));
    c = good;
    c.id = 1u << AXI_ID_BITS;
    ck_assert(!axi_command_legal(bus, &c));
    c = good;
    c.lock = 1;
    c.addr += 32; /* A7.2.4: aligned to all its bytes */
    ck_assert(!axi_command_legal(bus, &c));
}
END_TEST

/* ---- order ----------------------------------------------------------------------------------- */

START_TEST(a_fence_waits_for_all_before_it_and_for_nothing_behind)
{
    wr(0x100, 64, 3, 0);
    rd(0x100, 64, 3, 1)->command.fence = true;
    rd(0x1000, 8, 3, 2); /* begins behind it, as reads keep their order */
    run();
    ck_assert_uint_eq(event(AXI_AR, 0)->since, m->commands[0].done + 1);
    ck_assert_mem_eq(m->commands[1].bytes, m->commands[0].bytes, 64);
}
END_TEST

START_TEST(without_a_fence_a_read_goes_at_once)
{
    wr(0x100, 64, 3, 0);
    rd(0x200, 64, 3, 1);
    run();
    ck_assert_uint_eq(event(AXI_AR, 0)->since, 1);
}
END_TEST

START_TEST(a_command_that_stops_begins_no_burst_behind_an_error)
{
    m->config.outstanding[0] = m->config.outstanding[1] = 1;
    struct owner_command *r = rd(SIZE - 0x1000, 64, 3, 0), *w = wr(SIZE - 0x1000, 64, 3, 0);
    r->command.burst_beats = w->command.burst_beats = 2;
    r->command.stops = w->command.stops = true;
    struct owner_command *on = rd(SIZE - 0x1000, 64, 3, 0);
    on->command.burst_beats = 2;
    run();
    ck_assert_uint_eq(r->resp, AXI_SLVERR);
    ck_assert_uint_eq(w->resp, AXI_SLVERR);
    ck_assert_uint_eq(on->resp, AXI_SLVERR);
    ck_assert_uint_eq(handshakes(AXI_AR), 1 + 4);
    ck_assert_uint_eq(handshakes(AXI_AW), 1);
    ck_assert_uint_eq(r->moved, 16);
}
END_TEST

START_TEST(the_worst_response_of_a_command_is_told_and_that_of_others_is_not)
{
    rd(SIZE - 0x1010, 32, 3, 0)->command.burst_beats = 2;
    rd(0, 32, 3, 0);
    run();
    ck_assert_uint_eq(m->commands[0].resp, AXI_SLVERR);
    ck_assert_uint_eq(m->commands[0].good, 16); /* the first burst */
    ck_assert_uint_eq(m->commands[1].resp, AXI_OKAY);
    ck_assert_uint_eq(m->commands[1].good, 32);
    ck_assert_mem_eq(m->commands[1].bytes, s->bytes, 32);
}
END_TEST

START_TEST(more_commands_than_there_is_room_for_are_refused)
{
    build(0);
    const struct axi_command command = {.addr = BASE, .bytes = 8, .size = 3, .burst = AXI_INCR};
    for (unsigned i = 0; i < AXI_MASTER_COMMANDS; i++)
        ck_assert(axi_master_queue(&m->master, &command));
    ck_assert(!axi_master_queue(&m->master, &command));
}
END_TEST

/* ---- random ---------------------------------------------------------------------------------- */

#define READS_END 0x10000u /* offsets below: only read */

static void random_command(struct random *random, unsigned index)
{
    const unsigned width = config.width_bits / 8;
    const unsigned size = random_below(random, (unsigned)__builtin_ctz(width) + 1);
    const bool write = random_below(random, 2);
    const uint32_t id = config.lite ? 0 : random_below(random, 3);
    const uint64_t slot =
        write ? READS_END + (uint64_t)index * 0x3000 : random_below(random, 0xa000);
    uint64_t bytes = 1 + random_below(random, random_below(random, 3) ? 100 : 0x1800);
    struct owner_command *c = owner_add(m, write, BASE + slot, bytes, size, id);
    if (config.lite)
        c->command.bytes = 1 + bytes % 64;
    const unsigned kind = config.lite ? 9 : random_below(random, 8);
    if (kind < 2) { /* FIXED, WRAP */
        const uint64_t mask = (UINT64_C(1) << size) - 1;
        c->command.burst = kind ? AXI_WRAP : AXI_FIXED;
        c->command.addr &= ~mask;
        c->command.bytes = kind ? UINT64_C(2) << (size + random_below(random, 4))
                                : (1 + random_below(random, 40)) << size;
    } else if (random_below(random, 2)) {
        c->command.addr += random_below(random, 0x1000);
    }
    if (random_below(random, 3) == 0)
        c->command.burst_beats = (uint16_t)(1 + random_below(random, 20));
    c->command.fence = random_below(random, 8) == 0;
    c->from = random_below(random, 200);
    if (index > 0 && m->commands[index - 1].from > c->from)
        c->from = m->commands[index - 1].from;
}

struct outcome {
    uint64_t hash;
    uint32_t done;
};

static void mix(uint64_t *hash, uint64_t value)
{
    *hash = (*hash ^ value) * UINT64_C(0x100000001b3);
}

/* One random play; its checks, and what may not depend on how units are stepped. */
static struct outcome play(uint64_t seed, unsigned flags, bool observed)
{
    setup();
    struct random random = random_seeded(seed);
    config.width_bits = 32u << random_below(&random, 4);
    config.lite = random_below(&random, 6) == 0;
    if (config.lite)
        config.width_bits = 32u << random_below(&random, 2);
    config.crossbar.always = random_below(&random, 2);
    config.crossbar.grant = (uint8_t)random_below(&random, 2);
    m->config.outstanding[0] = (uint16_t)(1 + random_below(&random, 6));
    m->config.outstanding[1] = (uint16_t)(1 + random_below(&random, 6));
    m->config.parked = (uint8_t)(random_below(&random, 2) ? AXI_TO_MASTER : 0);
    m->stall = random_below(&random, 3) * (2 + random_below(&random, 3));
    m->random = random_seeded(seed + 1);
    s->order = (uint8_t)random_below(&random, 3);
    s->stall = random_below(&random, 3) * random_below(&random, 8);
    s->random = random_seeded(seed + 2);
    const unsigned count = 1 + random_below(&random, OWNER_COMMANDS);
    for (unsigned i = 0; i < count; i++)
        random_command(&random, i);
    build(flags);
    struct axi_watch watch = {0};
    const struct axi_check_options options = {.complete = true};
    if (observed) {
        axi_watch_port(&watch, m->master.port, &options);
        probe_observe(&m->master.port->event_probe, &observer);
    }
    run_to_end();
    if (observed) {
        const char *fault = axi_watch_end(&watch, kernel.now / PERIOD + 1);
        ck_assert_msg(!fault, "seed %ju: %s", (uintmax_t)seed, fault);
        axi_watch_free(&watch);
    }

    uint8_t *expected = malloc(SIZE);
    for (uint32_t i = 0; i < SIZE; i++)
        expected[i] = content(BASE + i);
    struct outcome outcome = {.hash = m->done};
    for (unsigned i = 0; i < count; i++) {
        const struct owner_command *c = &m->commands[i];
        mix(&outcome.hash, c->done);
        ck_assert_uint_eq(c->resp, AXI_OKAY);
        for (uint64_t j = 0; j < c->command.bytes; j++) {
            const uint64_t at = owner_address(&c->command, j);
            if (c->command.write)
                expected[at - BASE] = c->bytes[j];
            else
                ck_assert_msg(c->bytes[j] == content(at), "seed %ju: command %u byte %ju",
                              (uintmax_t)seed, i, (uintmax_t)j);
        }
    }
    ck_assert_msg(memcmp(s->bytes, expected, SIZE) == 0, "seed %ju: bytes", (uintmax_t)seed);
    free(expected);
    teardown();
    return outcome;
}

START_TEST(random_commands_move_the_bytes_that_a_plain_copy_moves)
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
        for (unsigned flags = 1; flags < 4; flags++)
            ck_assert_msg(play(seed, flags, true).hash == plain.hash, "seed %ju, flags %u",
                          (uintmax_t)seed, flags);
        ck_assert_uint_eq(play(seed, 0, false).hash, plain.hash);
    }
    setup();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("axi master");
    TCase *tests = tcase_create("all");
    const TTest *const list[] = {
        ar_shows_in_the_cycle_after_the_command_and_the_end_is_told_with_the_last_r,
        the_first_w_shows_with_its_aw_and_then_one_a_cycle,
        w_waits_for_its_data_and_aw_does_not,
        a_burst_begins_in_the_cycle_after_the_answer_that_makes_room,
        ready_is_one_from_the_burst_on_until_the_last_answer,
        parked_ready_is_one_though_nothing_is_open,
        a_held_channel_hands_over_nothing_from_the_next_cycle_on,
        a_burst_ends_at_4_kib,
        a_burst_of_incr_has_256_beats_at_most_and_one_of_fixed_16,
        the_largest_burst_of_a_command_is_kept,
        wrap_is_one_burst_from_where_it_starts,
        lite_has_one_beat_each_as_wide_as_the_bus,
        commands_that_break_a_rule_are_known,
        a_fence_waits_for_all_before_it_and_for_nothing_behind,
        without_a_fence_a_read_goes_at_once,
        a_command_that_stops_begins_no_burst_behind_an_error,
        the_worst_response_of_a_command_is_told_and_that_of_others_is_not,
        more_commands_than_there_is_room_for_are_refused,
        random_commands_move_the_bytes_that_a_plain_copy_moves,
        nothing_depends_on_how_units_are_stepped_or_on_who_observes,
    };
    tcase_add_checked_fixture(tests, setup, teardown);
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        tcase_add_test(tests, list[i]);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
