/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cycles of the crossbar, as model/bus/axi_crossbar.c "Timing" and "Rules" state them. Masters show
 * their first VALID in cycle 1; slaves have no stalls and answer R and B in the cycle after.
 */
#include "axi_target.h"
#include "axi_traffic.h"
#include "bus/axi_crossbar.h"
#include "bus/records.h"
#include "suite.h"

#define MASTERS 3
#define SLAVES 2
#define PERIOD 1000
#define SIZE 0x10000u
#define NOWHERE 0x90000000u

struct event {
    sim_cycle cycle;
    const struct axi_port *port;
    uint64_t addr;
    uint32_t id;
    uint8_t channel;
};

static struct arena arena;
static struct kernel kernel;
static struct axi_bus *bus;
static struct axi_bus_config config;
static struct traffic m[MASTERS];
static struct target s[SLAVES];
static struct event events[4096];
static size_t event_count;
static struct bus_beat_record beats[64];
static sim_cycle beat_cycles[64];
static size_t beat_count;

static const char *const master_names[] = {"m0", "m1", "m2"};
static const char *const slave_names[] = {"s0", "s1"};

static uint64_t at(unsigned slave)
{
    return 0x10000000u + slave * (uint64_t)SIZE;
}

static void note_event(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                       const void *record)
{
    (void)observer;
    const struct axi_event *event = record;
    if (event_count < sizeof events / sizeof *events)
        events[event_count++] =
            (struct event){now, probe->owner, event->addr, event->id, event->channel};
}

static void note_beat(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                      const void *record)
{
    (void)observer;
    (void)probe;
    beat_cycles[beat_count] = now;
    beats[beat_count++] = *(const struct bus_beat_record *)record;
}

static struct probe_observer event_observer = {.notify = note_event};
static struct probe_observer beat_observer = {.notify = note_beat};

static void setup(void)
{
    memset(&arena, 0, sizeof arena);
    memset(m, 0, sizeof m);
    memset(s, 0, sizeof s);
    config = (struct axi_bus_config){.width_bits = 64};
    config.crossbar.always = true;
    event_count = beat_count = 0;
}

static void teardown(void)
{
    arena_free(&arena);
}

/* Builds with masters and slaves that tests have filled, and runs them to their end. */
static void run(unsigned masters, unsigned slaves)
{
    kernel_init(&kernel, &arena);
    struct clock *clock = kernel_clock(&kernel, "clk", PERIOD, 0);
    bus = axi_bus_create(&kernel, "axi", clock, &config);
    for (unsigned i = 0; i < masters; i++) {
        traffic_join(&m[i], &kernel, bus, master_names[i]);
        m[i].random = random_seeded(i);
    }
    for (unsigned i = 0; i < slaves; i++) {
        target_join(&s[i], &kernel, bus, slave_names[i], at(i), SIZE);
        s[i].random = random_seeded(i);
    }
    ck_assert_int_eq(axi_bus_complete(bus), DMASIM_OK);
    ck_assert_int_eq(kernel_seal(&kernel, 0, NULL), DMASIM_OK);
    for (unsigned i = 0; i < masters; i++)
        probe_observe(&m[i].port->event_probe, &event_observer);
    for (unsigned i = 0; i < slaves; i++)
        probe_observe(&s[i].port->event_probe, &event_observer);
    probe_observe(&bus->beat_probe, &beat_observer);
    kernel_advance(&kernel, 2000 * PERIOD, false);
    for (unsigned i = 0; i < masters; i++) {
        ck_assert_ptr_null(m[i].fault);
        ck_assert(traffic_done(&m[i]));
    }
}

/* Cycle of the nth handshake of a channel at a port. */
static sim_cycle handshake(const struct axi_port *port, enum axi_channel channel, unsigned nth)
{
    for (size_t i = 0; i < event_count; i++)
        if (events[i].port == port && events[i].channel == channel && nth-- == 0)
            return events[i].cycle;
    ck_abort_msg("no such handshake");
    return 0;
}

/* Masters in the order in which a slave took their addresses, as digits. */
static const char *order(unsigned slave, enum axi_channel channel)
{
    static char text[256];
    size_t length = 0;
    for (size_t i = 0; i < event_count; i++)
        if (events[i].port == s[slave].port && events[i].channel == channel)
            text[length++] = (char)('0' + axi_id_master(events[i].id));
    text[length] = 0;
    return text;
}

static struct traffic_burst *read(unsigned master, uint64_t addr, unsigned beats_, uint32_t id)
{
    return traffic_add(&m[master].reads, addr, beats_, 3, id);
}

static struct traffic_burst *write(unsigned master, uint64_t addr, unsigned beats_, uint32_t id)
{
    return traffic_add(&m[master].writes, addr, beats_, 3, id);
}

static struct axi_slice_config slice(const char *port, unsigned channels)
{
    struct axi_slice_config one = {.port = port};
    for (unsigned i = 0; i < AXI_CHANNELS; i++)
        one.channels[i] = channels >> i & 1;
    return one;
}

/* ---- ways through ---------------------------------------------------------------------------- */

START_TEST(every_channel_crosses_in_the_cycle_of_its_valid)
{
    struct traffic_burst *r = read(0, at(0), 4, 5);
    struct traffic_burst *w = write(0, at(1), 4, 6);
    run(1, 2);
    ck_assert_uint_eq(r->address_cycle, 1);
    ck_assert_uint_eq(handshake(s[0].port, AXI_AR, 0), 1);
    ck_assert_uint_eq(r->first_cycle, 2);
    ck_assert_uint_eq(r->end_cycle, 2 + 3);
    ck_assert_uint_eq(w->address_cycle, 1);
    ck_assert_uint_eq(w->first_cycle, 1); /* W is shown with its AW */
    ck_assert_uint_eq(handshake(s[1].port, AXI_W, 3), 4);
    ck_assert_uint_eq(w->end_cycle, 5);
}
END_TEST

START_TEST(a_registered_grant_costs_one_cycle)
{
    config.crossbar.grant = AXI_REGISTERED;
    struct traffic_burst *r = read(0, at(0), 4, 0);
    struct traffic_burst *w = write(0, at(0), 4, 0);
    run(1, 1);
    ck_assert_uint_eq(r->address_cycle, 2); /* VALID since 1 */
    ck_assert_uint_eq(r->end_cycle, 6);
    ck_assert_uint_eq(w->address_cycle, 2);
    ck_assert_uint_eq(w->first_cycle, 2);
    ck_assert_uint_eq(w->end_cycle, 6);
}
END_TEST

START_TEST(a_slice_costs_one_cycle_and_keeps_a_beat_a_cycle)
{
    struct axi_slice_config slices[] = {slice("m0", AXI_BIT_AR | AXI_BIT_W),
                                        slice("s0", AXI_BIT_R)};
    config.crossbar.slices = (struct parameter_list){slices, 2};
    struct traffic_burst *r = read(0, at(0), 16, 0);
    struct traffic_burst *w = write(0, at(0), 16, 0);
    run(1, 1);
    ck_assert_uint_eq(r->address_cycle, 1);
    ck_assert_uint_eq(handshake(s[0].port, AXI_AR, 0), 2);
    ck_assert_uint_eq(handshake(s[0].port, AXI_R, 0), 3);
    ck_assert_uint_eq(r->first_cycle, 4);
    ck_assert_uint_eq(r->end_cycle, 4 + 15);
    ck_assert_uint_eq(w->first_cycle, 1);
    ck_assert_uint_eq(handshake(s[0].port, AXI_W, 0), 2);
    ck_assert_uint_eq(handshake(s[0].port, AXI_W, 15), 17);
    ck_assert_uint_eq(w->end_cycle, 18);
}
END_TEST

START_TEST(ids_have_the_master_in_the_top_byte_at_the_slave_only)
{
    read(1, at(0), 1, 0xabcdef);
    run(2, 1);
    for (size_t i = 0; i < event_count; i++)
        if (events[i].channel == AXI_AR || events[i].channel == AXI_R)
            ck_assert_uint_eq(events[i].id, events[i].port == s[0].port ? 0x1abcdef : 0xabcdef);
}
END_TEST

/* ---- arbiters -------------------------------------------------------------------------------- */

static void contend(unsigned reads)
{
    for (unsigned i = 0; i < MASTERS; i++)
        for (unsigned j = 0; j < reads; j++)
            read(i, at(0) + 64 * j, 1, j % 4);
    config.crossbar.outstanding = 64;
}

START_TEST(the_loser_of_a_cycle_is_taken_in_the_next)
{
    contend(1);
    run(MASTERS, 1);
    for (unsigned i = 0; i < MASTERS; i++)
        ck_assert_uint_eq(m[i].reads.bursts[0].address_cycle, 1 + i);
}
END_TEST

START_TEST(registered_grants_to_several_masters_follow_each_other)
{
    config.crossbar.grant = AXI_REGISTERED;
    contend(1);
    run(MASTERS, 1);
    for (unsigned i = 0; i < MASTERS; i++)
        ck_assert_uint_eq(m[i].reads.bursts[0].address_cycle, 2 + i);
}
END_TEST

START_TEST(round_robin_gives_each_its_turn)
{
    contend(3);
    run(MASTERS, 1);
    ck_assert_str_eq(order(0, AXI_AR), "012012012");
}
END_TEST

START_TEST(fixed_priority_serves_the_first_master_first)
{
    config.crossbar.policy = AXI_PRIORITY;
    contend(3);
    run(MASTERS, 1);
    ck_assert_str_eq(order(0, AXI_AR), "000111222");
}
END_TEST

START_TEST(weights_are_bursts_in_a_row)
{
    static const struct axi_weight weights[] = {{"m1", 3}, {"m2", 2}};
    config.crossbar.policy = AXI_WEIGHTED;
    config.crossbar.weights = (struct parameter_list){(void *)(uintptr_t)weights, 2};
    contend(4);
    run(MASTERS, 1);
    ck_assert_str_eq(order(0, AXI_AR), "011122012200");
}
END_TEST

/* Who is alone begins a new row when its own is used up. */
START_TEST(a_row_that_nobody_wants_to_end_begins_again)
{
    static const struct axi_weight weights[] = {{"m1", 3}};
    config.crossbar.policy = AXI_WEIGHTED;
    config.crossbar.weights = (struct parameter_list){(void *)(uintptr_t)weights, 1};
    config.crossbar.outstanding = 64;
    for (unsigned i = 0; i < 8; i++)
        read(1, at(0) + 64 * i, 1, i % 4); /* the fourth in cycle 4 */
    read(2, at(0), 1, 0);
    m[2].at[AXI_AR] = 5;
    run(MASTERS, 1);
    ck_assert_str_eq(order(0, AXI_AR), "111111211");
}
END_TEST

START_TEST(a_grant_once_shown_stays_until_it_is_taken)
{
    config.crossbar.policy = AXI_PRIORITY;
    s[0].at[AXI_AR] = 6; /* ARREADY from then on */
    m[0].at[AXI_AR] = 4;
    read(1, at(0), 1, 0); /* since cycle 1 */
    read(0, at(0), 1, 0);
    run(2, 1);
    ck_assert_str_eq(order(0, AXI_AR), "10");
    ck_assert_uint_eq(m[1].reads.bursts[0].address_cycle, 6);
    ck_assert_uint_eq(m[0].reads.bursts[0].address_cycle, 7);
}
END_TEST

START_TEST(weights_are_for_the_policy_weighted_only)
{
    static const struct axi_weight weights[] = {{"m1", 3}};
    config.crossbar.weights = (struct parameter_list){(void *)(uintptr_t)weights, 1};
    contend(3);
    run(MASTERS, 1);
    ck_assert_str_eq(order(0, AXI_AR), "012012012");
}
END_TEST

START_TEST(slaves_that_answer_take_turns_burst_by_burst)
{
    struct traffic_burst *a = read(0, at(0), 4, 0), *b = read(0, at(0) + 512, 4, 0);
    struct traffic_burst *c = read(0, at(1), 4, 1), *d = read(0, at(1) + 512, 4, 1);
    s[0].at[AXI_R] = s[1].at[AXI_R] = 6; /* all are asked for by then */
    run(1, 2);
    ck_assert_uint_eq(a->first_cycle, 6);
    ck_assert_uint_eq(c->first_cycle, 10);
    ck_assert_uint_eq(b->first_cycle, 14);
    ck_assert_uint_eq(d->first_cycle, 18);
}
END_TEST

START_TEST(an_answer_once_shown_stays_until_it_is_taken)
{
    struct traffic_burst *a = read(0, at(1), 1, 0), *b = read(0, at(0), 1, 1);
    m[0].at[AXI_R] = 6; /* RREADY; that of slave 1 shows in 2, of slave 0 in 3 */
    run(1, 2);
    ck_assert_uint_eq(a->first_cycle, 6);
    ck_assert_uint_eq(b->first_cycle, 7);
}
END_TEST

START_TEST(w_of_two_masters_comes_in_the_order_of_their_aw)
{
    write(0, at(0), 4, 0);
    write(1, at(0), 4, 0);
    run(2, 1);
    ck_assert_str_eq(order(0, AXI_AW), "01");
    ck_assert_uint_eq(m[1].writes.bursts[0].address_cycle, 2);
    ck_assert_uint_eq(m[0].writes.bursts[0].first_cycle, 1);
    ck_assert_uint_eq(m[1].writes.bursts[0].first_cycle, 1 + 4); /* VALID since 1 */
}
END_TEST

START_TEST(beats_of_a_burst_stay_together_on_the_way_back)
{
    struct traffic_burst *a = read(0, at(0), 8, 0), *b = read(0, at(1), 8, 1);
    run(1, 2);
    ck_assert_uint_eq(a->first_cycle, 2);
    ck_assert_uint_eq(a->end_cycle, 9);
    ck_assert_uint_eq(b->address_cycle, 2);
    ck_assert_uint_eq(b->first_cycle, 10);
    ck_assert_uint_eq(b->end_cycle, 17);
}
END_TEST

/* ---- order ----------------------------------------------------------------------------------- */

START_TEST(an_id_open_at_one_slave_waits_for_its_last_answer_before_it_goes_to_another)
{
    struct traffic_burst *a = read(0, at(0), 8, 3), *b = read(0, at(1), 1, 3);
    run(1, 2);
    ck_assert_uint_eq(a->end_cycle, 9);
    ck_assert_uint_eq(b->address_cycle, 10); /* VALID since 2 */
}
END_TEST

START_TEST(an_id_waits_for_every_burst_of_it_at_the_other_slave)
{
    read(0, at(0), 8, 3);
    struct traffic_burst *b = read(0, at(0) + 512, 8, 3), *c = read(0, at(1), 1, 3);
    run(1, 2);
    ck_assert_uint_eq(b->end_cycle, 17);
    ck_assert_uint_eq(c->address_cycle, 18); /* VALID since 3 */
}
END_TEST

START_TEST(an_id_that_nobody_answers_waits_for_its_last_answer_too)
{
    struct traffic_burst *a = read(0, NOWHERE, 8, 3), *b = read(0, at(0), 1, 3);
    a->resp = AXI_DECERR;
    run(1, 1);
    ck_assert_uint_eq(a->end_cycle, 9);
    ck_assert_uint_eq(b->address_cycle, 10);
}
END_TEST

START_TEST(the_same_id_to_the_same_slave_does_not_wait)
{
    struct traffic_burst *a = read(0, at(0), 8, 3), *b = read(0, at(0) + 512, 1, 3);
    run(1, 2);
    ck_assert_uint_eq(b->address_cycle, 2);
    ck_assert_uint_eq(b->end_cycle, a->end_cycle + 1);
}
END_TEST

START_TEST(aw_to_another_slave_waits_for_the_last_w)
{
    struct traffic_burst *a = write(0, at(0), 8, 0), *b = write(0, at(1), 1, 1);
    struct traffic_burst *c = write(0, at(0), 1, 2), *d = write(0, at(0), 1, 3);
    run(1, 2);
    ck_assert_uint_eq(handshake(m[0].port, AXI_W, 7), 8);
    ck_assert_uint_eq(b->address_cycle, 9);
    ck_assert_uint_eq(a->end_cycle, 9);
    ck_assert_uint_eq(handshake(m[0].port, AXI_W, 8), 9);
    ck_assert_uint_eq(c->address_cycle, 10);
    ck_assert_uint_eq(d->address_cycle, 11);
}
END_TEST

START_TEST(aw_to_the_first_slave_waits_for_the_last_w_to_the_second)
{
    write(0, at(1), 8, 0);
    struct traffic_burst *b = write(0, at(1) + 512, 8, 1), *c = write(0, at(0), 1, 2);
    run(1, 2);
    ck_assert_uint_eq(b->address_cycle, 2); /* the same slave */
    ck_assert_uint_eq(handshake(m[0].port, AXI_W, 15), 16);
    ck_assert_uint_eq(c->address_cycle, 17);
}
END_TEST

START_TEST(w_waits_for_the_grant_of_its_aw)
{
    m[0].at[AXI_AW] = 6;
    struct traffic_burst *w = write(0, at(0), 1, 0);
    run(1, 1);
    ck_assert_uint_eq(w->first_cycle, 6); /* VALID since 1 */
}
END_TEST

START_TEST(a_slave_may_see_w_before_it_takes_aw)
{
    s[0].order = TARGET_W_FIRST;
    struct traffic_burst *w = write(0, at(0), 2, 0);
    run(1, 1);
    ck_assert_uint_eq(w->first_cycle, 1);
    ck_assert_uint_eq(handshake(s[0].port, AXI_W, 1), 2);
    ck_assert_uint_eq(w->address_cycle, 3);
}
END_TEST

START_TEST(one_more_burst_than_may_be_open_waits_for_an_answer)
{
    config.crossbar.outstanding = 2;
    struct traffic_burst *a = read(0, at(0), 8, 0);
    struct traffic_burst *b = read(0, at(0), 8, 1), *c = read(0, at(0), 8, 2);
    s[0].random = random_seeded(1);
    run(1, 1);
    ck_assert_uint_eq(b->address_cycle, 2);
    sim_cycle first = a->end_cycle < b->end_cycle ? a->end_cycle : b->end_cycle;
    ck_assert_uint_eq(c->address_cycle, first + 1);
}
END_TEST

/* ---- the default slave ----------------------------------------------------------------------- */

START_TEST(nobody_there_is_decerr_on_every_beat)
{
    struct traffic_burst *r = read(0, NOWHERE, 4, 7);
    struct traffic_burst *w = write(0, NOWHERE, 4, 7);
    r->resp = w->resp = AXI_DECERR;
    run(1, 1);
    ck_assert_uint_eq(r->address_cycle, 1);
    ck_assert_uint_eq(r->first_cycle, 2);
    ck_assert_uint_eq(r->end_cycle, 5);
    ck_assert_uint_eq(w->address_cycle, 1);
    ck_assert_uint_eq(w->first_cycle, 2); /* it takes W from the cycle after AW on */
    ck_assert_uint_eq(handshake(m[0].port, AXI_W, 3), 5);
    ck_assert_uint_eq(w->end_cycle, 6);
    ck_assert_uint_eq(axi_crossbar_faults(bus), 0);
}
END_TEST

START_TEST(the_default_slave_takes_a_write_when_the_one_before_is_answered)
{
    struct traffic_burst *a = write(0, NOWHERE, 1, 7), *b = write(0, NOWHERE, 1, 8);
    a->resp = b->resp = AXI_DECERR;
    m[0].at[AXI_B] = 10;
    run(1, 1);
    ck_assert_uint_eq(a->end_cycle, 10);
    ck_assert_uint_eq(b->address_cycle, 11);
}
END_TEST

START_TEST(a_burst_over_4_kib_is_refused_whole_and_one_up_to_it_is_not)
{
    read(0, at(0) + 0x1000 - 32, 4, 0);
    read(0, at(0) + 0x1000 - 24, 4, 1)->resp = AXI_DECERR;
    write(0, at(0) + 0x1000 - 32, 4, 0);
    write(0, at(0) + 0x2000 - 8, 2, 1)->resp = AXI_DECERR;
    run(1, 1);
    ck_assert_uint_eq(axi_crossbar_faults(bus), 2);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_uint_eq(s[0].bytes[0x2000 - 8 + i], 0);
}
END_TEST

START_TEST(what_a_burst_must_not_be_is_refused_and_counted)
{
    static const struct {
        uint64_t offset;
        uint8_t beats, size, burst;
        bool good;
    } cases[] = {
        {0, 1, 3, AXI_INCR, true},
        {0, 1, 4, AXI_INCR, false}, /* wider than the bus */
        {0, 16, 3, AXI_FIXED, true},
        {0, 17, 3, AXI_FIXED, false},
        {8, 4, 3, AXI_WRAP, true},
        {12, 4, 3, AXI_WRAP, false}, /* not aligned */
        {0, 3, 3, AXI_WRAP, false},
        {SIZE - 8, 16, 3, AXI_WRAP, true}, /* to the region's end */
        {SIZE - 8, 1, 3, AXI_INCR, true},
    };
    unsigned faults = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct traffic_burst *burst =
            traffic_add(&m[0].reads, at(0) + cases[i].offset, cases[i].beats, cases[i].size, 0);
        burst->ax.burst = cases[i].burst;
        burst->resp = cases[i].good ? AXI_OKAY : AXI_DECERR;
        faults += !cases[i].good;
    }
    run(1, 1);
    ck_assert_uint_eq(axi_crossbar_faults(bus), faults);
}
END_TEST

/* ---- building, records ----------------------------------------------------------------------- */

START_TEST(a_name_that_no_port_has_is_refused)
{
    struct axi_slice_config slices[] = {slice("m9", AXI_READS)};
    config.crossbar.slices = (struct parameter_list){slices, 1};
    kernel_init(&kernel, &arena);
    bus = axi_bus_create(&kernel, "axi", kernel_clock(&kernel, "clk", PERIOD, 0), &config);
    traffic_join(&m[0], &kernel, bus, "m0");
    target_join(&s[0], &kernel, bus, "s0", at(0), SIZE);
    ck_assert_int_eq(axi_bus_complete(bus), DMASIM_INVALID);
}
END_TEST

static void check_beats(void)
{
    struct traffic_burst *r = read(0, at(0) + 4, 3, 0), *w = write(0, at(0) + 0x100, 2, 0);
    m[0].at[AXI_W] = 9;
    run(1, 1);
    ck_assert_uint_eq(beat_count, 5);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_str_eq(beats[i].kind, "read");
        ck_assert_str_eq(beats[i].master, "m0");
        ck_assert_str_eq(beats[i].slave, "s0");
        ck_assert_uint_eq(beats[i].address, i ? at(0) + 8 * i : at(0) + 4);
        ck_assert_uint_eq(beats[i].bytes, i ? 8 : 4);
        ck_assert_uint_eq(beats[i].start_cycle, 1);
        ck_assert_uint_eq(beat_cycles[i], r->first_cycle + i);
    }
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_str_eq(beats[3 + i].kind, "write");
        ck_assert_uint_eq(beats[3 + i].address, at(0) + 0x100 + 8 * i);
        ck_assert_uint_eq(beats[3 + i].start_cycle, 1);
        ck_assert_uint_eq(beat_cycles[3 + i], w->first_cycle + i);
    }
}

START_TEST(beats_are_published_through_a_crossbar)
{
    check_beats();
}
END_TEST

START_TEST(beats_are_published_of_a_pair)
{
    config.crossbar.always = false;
    check_beats();
    ck_assert_ptr_null(bus->crossbar);
}
END_TEST

START_TEST(a_failed_write_is_one_record_more)
{
    write(0, NOWHERE, 2, 0)->resp = AXI_DECERR;
    run(1, 1);
    ck_assert_uint_eq(beat_count, 3);
    ck_assert_uint_eq(beats[1].error, 0);
    ck_assert_uint_eq(beats[2].error, 1);
    ck_assert_uint_eq(beats[2].bytes, 0);
    ck_assert_ptr_null(beats[2].slave);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("axi crossbar");
    TCase *tc = tcase_create("cycles");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, every_channel_crosses_in_the_cycle_of_its_valid);
    tcase_add_test(tc, a_registered_grant_costs_one_cycle);
    tcase_add_test(tc, a_slice_costs_one_cycle_and_keeps_a_beat_a_cycle);
    tcase_add_test(tc, ids_have_the_master_in_the_top_byte_at_the_slave_only);
    tcase_add_test(tc, the_loser_of_a_cycle_is_taken_in_the_next);
    tcase_add_test(tc, registered_grants_to_several_masters_follow_each_other);
    tcase_add_test(tc, round_robin_gives_each_its_turn);
    tcase_add_test(tc, fixed_priority_serves_the_first_master_first);
    tcase_add_test(tc, weights_are_bursts_in_a_row);
    tcase_add_test(tc, a_row_that_nobody_wants_to_end_begins_again);
    tcase_add_test(tc, a_grant_once_shown_stays_until_it_is_taken);
    tcase_add_test(tc, weights_are_for_the_policy_weighted_only);
    tcase_add_test(tc, slaves_that_answer_take_turns_burst_by_burst);
    tcase_add_test(tc, an_answer_once_shown_stays_until_it_is_taken);
    tcase_add_test(tc, w_of_two_masters_comes_in_the_order_of_their_aw);
    tcase_add_test(tc, beats_of_a_burst_stay_together_on_the_way_back);
    tcase_add_test(tc, an_id_open_at_one_slave_waits_for_its_last_answer_before_it_goes_to_another);
    tcase_add_test(tc, an_id_waits_for_every_burst_of_it_at_the_other_slave);
    tcase_add_test(tc, an_id_that_nobody_answers_waits_for_its_last_answer_too);
    tcase_add_test(tc, the_same_id_to_the_same_slave_does_not_wait);
    tcase_add_test(tc, aw_to_another_slave_waits_for_the_last_w);
    tcase_add_test(tc, aw_to_the_first_slave_waits_for_the_last_w_to_the_second);
    tcase_add_test(tc, w_waits_for_the_grant_of_its_aw);
    tcase_add_test(tc, a_slave_may_see_w_before_it_takes_aw);
    tcase_add_test(tc, one_more_burst_than_may_be_open_waits_for_an_answer);
    tcase_add_test(tc, nobody_there_is_decerr_on_every_beat);
    tcase_add_test(tc, the_default_slave_takes_a_write_when_the_one_before_is_answered);
    tcase_add_test(tc, a_burst_over_4_kib_is_refused_whole_and_one_up_to_it_is_not);
    tcase_add_test(tc, what_a_burst_must_not_be_is_refused_and_counted);
    tcase_add_test(tc, a_name_that_no_port_has_is_refused);
    tcase_add_test(tc, beats_are_published_through_a_crossbar);
    tcase_add_test(tc, beats_are_published_of_a_pair);
    tcase_add_test(tc, a_failed_write_is_one_record_more);
    suite_add_tcase(suite, tc);
    return suite_run(suite);
}
