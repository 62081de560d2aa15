/* SPDX-License-Identifier: BSD-2-Clause */
/* Rounds (kernel/round.h) of a unit that runs in laps: what passes, and up to where. */
#include "kernel/round.h"

#include <string.h>

#include "kernel/random.h"
#include "suite.h"

enum { LAP = 10, MEMORY = 64, NS = 1000 };

struct runner {
    struct unit unit;
    struct kernel *kernel;
    uint64_t laps, most; /* it ends after `most` */
    sim_cycle next;      /* edge that ends the lap */
    uint64_t forgotten;  /* stands in no table */
    uint8_t *memory;     /* left out; a byte in each lap */
    bool stores_same, stores_lap, reads, counts_forgotten;
    uint64_t steps; /* `dead` */
};

static sim_cycle step(void *runner, sim_cycle now)
{
    struct runner *self = runner;
    self->steps++;
    if (now < self->next)
        return self->next;
    self->laps++;
    self->forgotten += self->counts_forgotten;
    const uint8_t byte = self->stores_lap ? (uint8_t)self->laps : 7;
    if (self->stores_same || self->stores_lap)
        round_put(self->kernel, self->memory + 3, &byte, 1);
    if (self->reads)
        round_read(self->kernel);
    if (self->laps == self->most) {
        kernel_release(self->kernel);
        return SIM_NEVER;
    }
    self->next = now + LAP;
    round_mark(&self->unit);
    return self->next;
}

static const struct state_field rows[] = {
    {STATE_COUNT(struct runner, laps), .figure = true},
    {STATE_STAMP(struct runner, next)},
    {STATE_COUNT(struct runner, steps), .dead = true},
    {.name = NULL},
};
static const struct state_table table = {STATE_TABLE(runner, rows)};

static uint64_t limit(const void *runner, const struct round *round, uint64_t times)
{
    const struct runner *self = runner;
    const uint64_t left = (self->most - self->laps - 1) / round_growth(round, &self->laps);
    ck_assert_uint_eq(round_growth(round, &self->next), 0);
    ck_assert_uint_eq(round->cycles, round_growth(round, &self->laps) * LAP);
    return left < times ? left : times;
}

static const struct round_hooks hooks = {.state = &table, .limit = limit};

static struct arena arena;
static struct kernel kernel;

static struct runner *start(uint64_t most, unsigned flags)
{
    memset(&arena, 0, sizeof arena);
    kernel_init(&kernel, &arena);
    struct runner *self = arena_alloc(&arena, sizeof *self);
    self->kernel = &kernel;
    self->most = most;
    self->memory = arena_alloc(&arena, MEMORY);
    ck_assert(round_leave_out(&kernel, self->memory, MEMORY));
    kernel_add(&kernel, &self->unit, "runner", kernel_clock(&kernel, "clock", NS, 0), step, self);
    self->unit.round = &hooks;
    kernel_hold(&kernel);
    ck_assert_int_eq(kernel_seal(&kernel, flags, NULL), DMASIM_OK);
    return self;
}

static void end(void)
{
    arena_free(&arena);
}

START_TEST(laps_pass_and_the_last_is_at_its_time)
{
    struct runner *self = start(1000000, 0);
    kernel_advance(&kernel, SIM_NEVER - 1, KERNEL_STOP_QUIET);
    ck_assert_uint_eq(self->laps, 1000000);
    ck_assert_uint_eq(kernel.quiet_since, (sim_time)(1000000 - 1) * LAP * NS);
    ck_assert_uint_lt(self->steps, 100);
    end();
}
END_TEST

START_TEST(nothing_passes_beyond_until)
{
    for (unsigned more = 0; more < 2; more++) {
        struct runner *self = start(1000000, 0);
        kernel_advance(&kernel, (sim_time)5000 * LAP * NS - 1 + more, 0);
        ck_assert_uint_eq(self->laps, 5000 + more); /* the first lap ends at once */
        ck_assert_uint_lt(self->steps, 100);
        end();
    }
}
END_TEST

START_TEST(stepped_at_every_cycle_none_passes)
{
    struct runner *self = start(100, KERNEL_EVERY_CYCLE);
    kernel_advance(&kernel, SIM_NEVER - 1, KERNEL_STOP_QUIET);
    ck_assert_uint_eq(self->steps, (100 - 1) * LAP + 1);
    end();
}
END_TEST

START_TEST(a_member_without_a_row_has_to_be_the_same)
{
    struct runner *self = start(1000, 0);
    self->counts_forgotten = true;
    kernel_advance(&kernel, SIM_NEVER - 1, KERNEL_STOP_QUIET);
    ck_assert_uint_eq(self->forgotten, 1000);
    ck_assert_uint_ge(self->steps, 1000);
    end();
}
END_TEST

START_TEST(a_store_that_changes_nothing_is_none)
{
    struct runner *self = start(100000, 0);
    self->stores_same = self->reads = true;
    kernel_advance(&kernel, SIM_NEVER - 1, KERNEL_STOP_QUIET);
    ck_assert_uint_eq(self->laps, 100000);
    ck_assert_uint_lt(self->steps, 100);
    end();
}
END_TEST

START_TEST(what_is_only_written_holds_what_the_last_lap_wrote)
{
    for (unsigned laps = 90000; laps < 90003; laps++) {
        struct runner *self = start(SIM_NEVER, 0);
        self->stores_lap = true;
        kernel_advance(&kernel, (sim_time)laps * LAP * NS, 0);
        ck_assert_uint_eq(self->memory[3], (uint8_t)(laps + 1));
        ck_assert_uint_lt(self->steps, 100);
        end();
    }
}
END_TEST

START_TEST(what_changes_and_is_read_does_not_pass)
{
    struct runner *self = start(1000, 0);
    self->stores_lap = self->reads = true;
    kernel_advance(&kernel, SIM_NEVER - 1, KERNEL_STOP_QUIET);
    ck_assert_uint_ge(self->steps, 1000);
    end();
}
END_TEST

START_TEST(an_output_in_a_lap_keeps_it_from_passing)
{
    struct runner *self = start(1000, 0);
    for (unsigned lap = 0; lap < 1000; lap++) {
        kernel_output(&kernel);
        kernel_advance(&kernel, (sim_time)lap * LAP * NS, 0);
    }
    ck_assert_uint_eq(self->laps, 1000);
    end();
}
END_TEST

START_TEST(draws_are_made_at_once)
{
    uint32_t state = 1;
    for (unsigned steps = 0; steps < 1000; steps++, state = xorshift32(state))
        ck_assert_uint_eq(xorshift32_after(1, steps), state);
    ck_assert_uint_eq(xorshift32_after(77, UINT32_MAX), 77); /* its period */
}
END_TEST

TEST_MAIN("round", laps_pass_and_the_last_is_at_its_time, nothing_passes_beyond_until,
          stepped_at_every_cycle_none_passes, a_member_without_a_row_has_to_be_the_same,
          a_store_that_changes_nothing_is_none, what_is_only_written_holds_what_the_last_lap_wrote,
          what_changes_and_is_read_does_not_pass, an_output_in_a_lap_keeps_it_from_passing,
          draws_are_made_at_once)
