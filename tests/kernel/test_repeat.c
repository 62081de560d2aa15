/* SPDX-License-Identifier: BSD-2-Clause */
/* Periods that pass at once (kernel/repeat.h) against the same cycles stepped one by one. */
#include "kernel/repeat.h"

#include <check.h>
#include <string.h>

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
        kernel_advance(&kernel, until, false);
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
    kernel_advance(&kernel, SIM_NEVER, false);
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
    kernel_advance(&kernel, 10 * 10000, false);
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
            kernel_advance(&kernel, 10 * 3600, false);
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
    kernel_advance(&kernel, 10 * PERIOD * 100, false);
    ck_assert_uint_eq(clock->repeated, 0);
    kernel_advance(&kernel, SIM_NEVER, false);
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
        kernel_advance(&kernel, 10 * (PERIOD * turn - 1), false);
        ck_assert_uint_eq(self->items, ++items);
        self->left -= 2;
    }
    ck_assert_uint_eq(self->left, 1000 - 20 * 3);
    ck_assert_uint_eq(clock->repeated, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("repeat");
    TCase *tcase = tcase_create("repeat");
    tcase_add_test(tcase, at_every_cycle_the_state_is_that_of_stepping);
    tcase_add_loop_test(tcase, who_takes_no_part_sees_what_stepping_shows, 0, 2);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("one kernel");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_million_periods_take_a_few_steps);
    tcase_add_test(tcase, stepping_every_cycle_passes_nothing);
    tcase_add_test(tcase, who_refuses_stops_it_while_it_steps);
    tcase_add_test(tcase, what_comes_from_outside_begins_the_search_anew);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
