/* SPDX-License-Identifier: BSD-2-Clause */
/* Periods that pass at once (kernel/repeat.h) against the same cycles stepped one by one. */
#include "kernel/repeat.h"

#include <check.h>
#include <string.h>

#include "kernel/probe.h"
#include "suite.h"

#define PERIOD 7

/* Goes round and counts: one item a turn, at phase 3, until none is left; then it sleeps. */
struct turner {
    struct unit unit;
    unsigned phase, steps;
    bool shy; /* refuses to take part */
    uint64_t left, items;
    sim_cycle last; /* cycle of the last item */
};

/* Looks at what a turner has done. */
struct looker {
    struct unit unit;
    const struct turner *at;
    sim_cycle every, next;
    uint64_t sum;
    unsigned looks;
};

static struct arena arena;
static struct kernel kernel;

static void setup(void)
{
    memset(&arena, 0, sizeof arena);
    kernel_init(&kernel, &arena);
}

static void teardown(void)
{
    arena_free(&arena);
}

static sim_cycle turner_step(void *turner, sim_cycle now)
{
    struct turner *self = turner;
    if (self->left == 0)
        return SIM_NEVER;
    self->steps++;
    if (self->phase == 3) {
        self->items++;
        self->left--;
        self->last = now;
    }
    self->phase = (self->phase + 1) % PERIOD;
    if (self->phase == 0)
        repeat_mark(&self->unit);
    return now + 1;
}

static bool turner_visit(void *turner, struct repeat *repeat)
{
    struct turner *self = turner;
    if (self->shy)
        return false;
    repeat_count(repeat, &self->items);
    repeat_count(repeat, &self->left);
    repeat_same(repeat, self->phase);
    repeat_stamp(repeat, &self->last);
    return true;
}

static uint64_t turner_limit(void *turner, const struct repeat *repeat, uint64_t times)
{
    const struct turner *self = turner;
    const uint64_t items = repeat->growth[repeat->own];
    ck_assert_uint_gt(items, 0);
    return (self->left - 1) / items < times ? (self->left - 1) / items : times;
}

static const struct repeat_hooks turner_repeat = {.visit = turner_visit, .limit = turner_limit};

static struct turner *turner(struct clock *clock, uint64_t items)
{
    struct turner *self = arena_alloc(&arena, sizeof *self);
    *self = (struct turner){.left = items, .last = SIM_NEVER};
    kernel_add(&kernel, &self->unit, "turner", clock, turner_step, self);
    self->unit.repeat = &turner_repeat;
    return self;
}

static sim_cycle looker_step(void *looker, sim_cycle now)
{
    struct looker *self = looker;
    if (now == self->next) {
        self->sum = self->sum * 31 + self->at->items;
        self->looks++;
        self->next += self->every;
    }
    return self->next;
}

START_TEST(at_every_cycle_the_state_is_that_of_stepping)
{
    for (sim_time until = 0; until < 400; until++) {
        setup();
        struct clock *clock = kernel_clock(&kernel, "clk", 1, 0);
        struct turner *self = turner(clock, 50);
        ck_assert_int_eq(kernel_seal(&kernel, 0, NULL), DMASIM_OK);
        kernel_advance(&kernel, until, 0);
        const uint64_t stepped = until + 1; /* cycle 0 too */
        const uint64_t items = (stepped + 3) / PERIOD < 50 ? (stepped + 3) / PERIOD : 50;
        ck_assert_uint_eq(self->items, items);
        ck_assert_uint_eq(self->left, 50 - items);
        if (items)
            ck_assert_uint_eq(self->last, 3 + PERIOD * (items - 1));
        if (items < 50)
            ck_assert_uint_eq(self->phase, stepped % PERIOD);
        ck_assert_uint_eq(kernel.now, until);
        teardown();
    }
}
END_TEST

START_TEST(a_million_periods_take_a_few_steps)
{
    struct clock *clock = kernel_clock(&kernel, "clk", 10, 0);
    struct turner *self = turner(clock, 1000000);
    ck_assert_int_eq(kernel_seal(&kernel, 0, NULL), DMASIM_OK);
    kernel_advance(&kernel, SIM_NEVER, 0);
    ck_assert_uint_eq(self->items, 1000000);
    ck_assert_uint_eq(self->last, 3 + PERIOD * UINT64_C(999999));
    ck_assert_uint_lt(self->steps, 10 * PERIOD);
    ck_assert_uint_gt(clock->repeated, PERIOD * UINT64_C(999980));
}
END_TEST

START_TEST(stepping_every_cycle_passes_nothing)
{
    struct clock *clock = kernel_clock(&kernel, "clk", 10, 0);
    struct turner *self = turner(clock, 1000);
    ck_assert_int_eq(kernel_seal(&kernel, KERNEL_EVERY_CYCLE, NULL), DMASIM_OK);
    kernel_advance(&kernel, 10 * 10000, 0);
    ck_assert_uint_eq(self->items, 1000);
    ck_assert_uint_eq(clock->repeated, 0);
}
END_TEST

/* On the same clock or another; some distances let periods pass in between, some do not. */
START_TEST(who_takes_no_part_sees_what_stepping_shows)
{
    const bool other = _i & 1;
    for (sim_cycle every = 1; every < 60; every++) {
        uint64_t sums[2];
        for (unsigned mode = 0; mode < 2; mode++) {
            setup();
            struct clock *clock = kernel_clock(&kernel, "clk", 10, 0);
            struct clock *second = kernel_clock(&kernel, "second", 9, 4);
            struct turner *self = turner(clock, 500);
            struct looker eye = {.at = self, .every = every};
            kernel_add(&kernel, &eye.unit, "looker", other ? second : clock, looker_step, &eye);
            if (!other)
                ck_assert_int_eq(kernel_order(&kernel, &self->unit, &eye.unit), DMASIM_OK);
            ck_assert_int_eq(kernel_seal(&kernel, mode ? KERNEL_EVERY_CYCLE : 0, NULL), DMASIM_OK);
            kernel_advance(&kernel, 10 * 3600, 0);
            sums[mode] = eye.sum;
            ck_assert_uint_eq(self->items, 500);
            ck_assert_uint_gt(eye.looks, 3600 / (every + 1));
            if (mode || every < 2 * PERIOD) /* two turns are stepped before one is passed */
                ck_assert_uint_eq(clock->repeated, 0);
            else if (every > 4 * PERIOD)
                ck_assert_uint_gt(clock->repeated, 0);
            teardown();
        }
        ck_assert_uint_eq(sums[0], sums[1]);
    }
}
END_TEST

START_TEST(who_refuses_stops_it_while_it_steps)
{
    struct clock *clock = kernel_clock(&kernel, "clk", 10, 0);
    struct turner *willing = turner(clock, 400), *shy = turner(clock, 100);
    shy->shy = true;
    ck_assert_int_eq(kernel_seal(&kernel, 0, NULL), DMASIM_OK);
    kernel_advance(&kernel, 10 * PERIOD * 100, 0);
    ck_assert_uint_eq(clock->repeated, 0);
    kernel_advance(&kernel, SIM_NEVER, 0);
    ck_assert_uint_eq(willing->items, 400);
    ck_assert_uint_eq(willing->last, 3 + PERIOD * 399);
    ck_assert_uint_gt(clock->repeated, 0);
}
END_TEST

START_TEST(what_comes_from_outside_begins_the_search_anew)
{
    struct clock *clock = kernel_clock(&kernel, "clk", 10, 0);
    struct turner *self = turner(clock, 1000);
    ck_assert_int_eq(kernel_seal(&kernel, 0, NULL), DMASIM_OK);
    uint64_t items = 0;
    for (sim_time turn = 1; turn <= 20; turn++) { /* a turn at a time; two more are taken away */
        kernel_advance(&kernel, 10 * (PERIOD * turn - 1), 0);
        ck_assert_uint_eq(self->items, ++items);
        self->left -= 2;
    }
    ck_assert_uint_eq(self->left, 1000 - 20 * 3);
    ck_assert_uint_eq(clock->repeated, 0);
}
END_TEST

static void notice(struct probe_observer *self, const struct probe *probe, sim_cycle now,
                   const void *record)
{
    (void)self;
    (void)probe;
    (void)now;
    (void)record;
}

/* A turner that rings with each item, by a probe or as an output. */
struct bell {
    struct turner turner;
    struct probe probe;
    bool output;
};

static sim_cycle bell_step(void *bell, sim_cycle now)
{
    struct bell *self = bell;
    const uint64_t items = self->turner.items;
    const sim_cycle next = turner_step(&self->turner, now);
    if (self->turner.items == items)
        return next;
    if (self->output)
        kernel_output(&kernel);
    else
        probe_publish(&self->probe, now, &self->turner.items);
    return next;
}

/* 0: nobody listens; 1: somebody does; 2: an output; 3: somebody did, and has left. */
START_TEST(periods_that_ring_pass_only_while_nobody_listens)
{
    struct clock *clock = kernel_clock(&kernel, "clk", 10, 0);
    struct bell *self = arena_alloc(&arena, sizeof *self);
    struct probe_observer ear = {.notify = notice};
    *self = (struct bell){.turner = {.left = 1000, .last = SIM_NEVER}, .output = _i == 2};
    kernel_add(&kernel, &self->turner.unit, "bell", clock, bell_step, self);
    self->turner.unit.repeat = &turner_repeat;
    self->probe = (struct probe){.name = "bell", .clock = clock};
    ck_assert_int_eq(kernel_seal(&kernel, 0, NULL), DMASIM_OK);
    if (_i == 1 || _i == 3)
        probe_listen(&self->probe, &ear);
    if (_i == 3)
        probe_leave(&self->probe, &ear);
    kernel_advance(&kernel, SIM_NEVER, 0);
    ck_assert_uint_eq(self->turner.items, 1000);
    if (_i == 0 || _i == 3) {
        ck_assert_uint_gt(clock->repeated, PERIOD * UINT64_C(900));
    } else {
        ck_assert_uint_eq(clock->repeated, 0);
        ck_assert_uint_eq(kernel.told, 1000);
    }
}
END_TEST

/* ---- witnesses ------------------------------------------------------------------------------- */

/* Writes down what it is told. */
struct diary {
    struct repeat_witness witness;
    struct turner *at;
    char text[64]; /* a letter a call */
    size_t length;
    uint64_t items[3], times; /* of the turner at each part; of pass() */
    sim_time when[3];
    unsigned refuses; /* the part at which it does; 3: never */
};

static void write_down(struct diary *self, char letter)
{
    ck_assert_uint_lt(self->length, sizeof self->text - 1);
    self->text[self->length++] = letter;
}

static bool diary_hear(struct repeat_witness *witness, unsigned part, sim_time time)
{
    struct diary *self = (struct diary *)witness;
    ck_assert_uint_lt(part, 3);
    write_down(self, (char)('0' + part));
    self->items[part] = self->at->items;
    self->when[part] = time;
    return part != self->refuses;
}

static void diary_pass(struct repeat_witness *witness, uint64_t times)
{
    struct diary *self = (struct diary *)witness;
    write_down(self, 'p');
    self->times += times;
    ck_assert_uint_eq(self->at->items, self->items[2]); /* before the units pass */
}

static void diary_leave(struct repeat_witness *witness)
{
    write_down((struct diary *)witness, 'l');
}

static void join(struct diary *diary, struct turner *at, struct probe *probe,
                 struct probe_observer *observer)
{
    *diary =
        (struct diary){.witness = {.hear = diary_hear, .pass = diary_pass, .leave = diary_leave},
                       .at = at,
                       .refuses = 3};
    *observer = (struct probe_observer){.notify = notice};
    *probe = (struct probe){.name = "turner", .clock = at->unit.clock};
    probe_witness(probe, observer);
    repeat_join(&kernel, &diary->witness);
}

START_TEST(a_witness_hears_two_periods_and_is_told_how_many_pass)
{
    struct clock *clock = kernel_clock(&kernel, "clk", 10, 0);
    struct turner *self = turner(clock, 1000);
    struct diary first, second;
    struct probe probes[2];
    struct probe_observer observers[2];
    ck_assert_int_eq(kernel_seal(&kernel, 0, NULL), DMASIM_OK);
    join(&first, self, &probes[0], &observers[0]);
    join(&second, self, &probes[1], &observers[1]);
    kernel_advance(&kernel, SIM_NEVER, 0);
    ck_assert_uint_eq(self->items, 1000);
    ck_assert_uint_eq(self->last, 3 + PERIOD * UINT64_C(999));
    ck_assert_int_eq(strncmp(first.text, "012pl", 5), 0);
    ck_assert_str_eq(first.text, second.text);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(first.items[i + 1], first.items[i] + 1);
        ck_assert_uint_eq(first.when[i + 1], first.when[i] + 10 * PERIOD);
    }
    ck_assert_uint_eq(first.times * PERIOD, clock->repeated);
    ck_assert_uint_gt(first.times, 990);
}
END_TEST

START_TEST(a_witness_that_refuses_hears_everything)
{
    for (unsigned part = 0; part < 3; part++) {
        setup();
        struct clock *clock = kernel_clock(&kernel, "clk", 10, 0);
        struct turner *self = turner(clock, 100);
        struct diary willing, other;
        struct probe probes[2];
        struct probe_observer observers[2];
        ck_assert_int_eq(kernel_seal(&kernel, 0, NULL), DMASIM_OK);
        join(&other, self, &probes[0], &observers[0]);
        join(&willing, self, &probes[1], &observers[1]);
        other.refuses = part;
        kernel_advance(&kernel, SIM_NEVER, 0);
        ck_assert_uint_eq(self->items, 100);
        ck_assert_uint_eq(clock->repeated, 0);
        ck_assert_uint_gt(willing.length, 0);
        for (size_t i = 0; i < willing.length; i++) /* parts in their order, then no more */
            ck_assert_int_eq(willing.text[i], "012"[i % (part + 2)] && i % (part + 2) <= part
                                                  ? (int)('0' + i % (part + 2))
                                                  : 'l');
        teardown();
    }
}
END_TEST

/* Who has to hear every record, and who must not hear of what passes. */
START_TEST(nothing_passes_by_others_who_observe_nor_while_observers_are_deaf)
{
    for (unsigned mode = 0; mode < 3; mode++) {
        setup();
        struct clock *clock = kernel_clock(&kernel, "clk", 10, 0);
        struct turner *self = turner(clock, 100);
        struct diary diary;
        struct probe probe;
        struct probe_observer observer, literal = {.notify = notice};
        ck_assert_int_eq(kernel_seal(&kernel, 0, NULL), DMASIM_OK);
        join(&diary, self, &probe, &observer);
        if (mode == 1)
            probe_observe(&probe, &literal);
        kernel.muted = mode == 2;
        kernel_advance(&kernel, SIM_NEVER, 0);
        ck_assert_uint_eq(self->items, 100);
        ck_assert_int_eq(clock->repeated > 0, mode == 0);
        ck_assert_int_eq(diary.length > 0, mode == 0);
        teardown();
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("repeat");
    TCase *tcase = tcase_create("repeat");
    tcase_add_test(tcase, at_every_cycle_the_state_is_that_of_stepping);
    tcase_add_loop_test(tcase, who_takes_no_part_sees_what_stepping_shows, 0, 2);
    suite_add_tcase(suite, tcase);
    tcase_add_test(tcase, a_witness_that_refuses_hears_everything);
    tcase_add_test(tcase, nothing_passes_by_others_who_observe_nor_while_observers_are_deaf);
    tcase = tcase_create("one kernel");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_million_periods_take_a_few_steps);
    tcase_add_test(tcase, stepping_every_cycle_passes_nothing);
    tcase_add_test(tcase, who_refuses_stops_it_while_it_steps);
    tcase_add_test(tcase, what_comes_from_outside_begins_the_search_anew);
    tcase_add_loop_test(tcase, periods_that_ring_pass_only_while_nobody_listens, 0, 4);
    tcase_add_test(tcase, a_witness_hears_two_periods_and_is_told_how_many_pass);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
