/* SPDX-License-Identifier: BSD-2-Clause */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/kernel.h"
#include "kernel/probe.h"
#include "kernel/random.h"
#include "kernel/wire.h"
#include "suite.h"

/* A unit that notes when it was stepped and asks for what the test says. */
struct noter {
    struct unit unit;
    struct kernel *kernel;
    sim_cycle wishes[8]; /* returned one after another, then SIM_NEVER */
    unsigned wish;
    sim_cycle steps[64];
    unsigned count;
    struct wire *out;
    sim_cycle put_at;
    struct wire *in;
    sim_cycle first_seen; /* cycle in which `in` was first high */
    struct unit *also;    /* woken in the same cycle */
    char *order;          /* its letter is appended */
    char letter;
};

static sim_cycle noter_step(void *noter, sim_cycle now)
{
    struct noter *self = noter;
    if (self->count < 64)
        self->steps[self->count++] = now;
    if (self->order) {
        size_t length = strlen(self->order);
        if (length < 60)
            self->order[length] = self->letter;
    }
    if (self->out && now == self->put_at)
        wire_put(self->out, self->kernel->now, 1);
    if (self->in && self->first_seen == SIM_NEVER && wire_get(self->in, self->kernel->now))
        self->first_seen = now;
    if (self->also)
        unit_wake_now(self->also);
    return self->wish < 8 && self->wishes[self->wish] ? self->wishes[self->wish++] : SIM_NEVER;
}

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

static struct noter *noter(struct clock *clock, const char *name)
{
    struct noter *self = arena_alloc(&arena, sizeof *self);
    self->kernel = &kernel;
    self->first_seen = SIM_NEVER;
    kernel_add(&kernel, &self->unit, name, clock, noter_step, self);
    return self;
}

START_TEST(a_unit_steps_at_cycle_0_and_then_only_when_it_asked)
{
    struct noter *a = noter(kernel_clock(&kernel, "clk", 1000, 0), "a");
    a->wishes[0] = 1;
    a->wishes[1] = 5;
    a->wishes[2] = 100;
    ck_assert_int_eq(kernel_seal(&kernel, 0, NULL), DMASIM_OK);
    kernel_advance(&kernel, 99999, 0);
    ck_assert_uint_eq(a->count, 3);
    ck_assert_uint_eq(a->steps[1], 1);
    ck_assert_uint_eq(a->steps[2], 5);
    ck_assert_uint_eq(kernel_next(&kernel), 100000);
    kernel_advance(&kernel, 100000, 0);
    ck_assert_uint_eq(a->steps[3], 100);
    ck_assert_uint_eq(kernel_next(&kernel), SIM_NEVER);
}
END_TEST

START_TEST(a_new_wish_replaces_the_old_alarm)
{
    struct clock *clock = kernel_clock(&kernel, "clk", 1000, 0);
    struct noter *a = noter(clock, "a"), *b = noter(clock, "b");
    a->wishes[0] = 50; /* at 0; b's wire wakes it at 4, and it then wants 20 */
    a->wishes[1] = 20;
    struct wire wire = {.reader = &a->unit};
    b->out = &wire;
    b->put_at = 3;
    b->wishes[0] = 3;
    kernel_seal(&kernel, 0, NULL);
    kernel_advance(&kernel, 100000, 0);
    ck_assert_uint_eq(a->count, 3);
    ck_assert_uint_eq(a->steps[1], 4);
    ck_assert_uint_eq(a->steps[2], 20);
}
END_TEST

START_TEST(a_wire_put_in_cycle_n_is_seen_in_n_plus_1_and_not_in_n)
{
    struct clock *clock = kernel_clock(&kernel, "clk", 1000, 0);
    for (int reader_first = 0; reader_first < 2; reader_first++) {
        struct noter *first = noter(clock, "x"), *second = noter(clock, "y");
        struct noter *reader = reader_first ? first : second;
        struct noter *writer = reader_first ? second : first;
        struct wire *wire = arena_alloc(&arena, sizeof *wire);
        wire->reader = &reader->unit;
        reader->in = writer->out = wire;
        writer->put_at = writer->wishes[0] = 7;
        for (unsigned i = 0; i < 7; i++)
            reader->wishes[i] = i + 4; /* looks in 4, 5, 6, 7, 8 */
    }
    kernel_seal(&kernel, 0, NULL);
    kernel_advance(&kernel, 20000, 0);
    for (struct unit *u = kernel.units; u; u = u->link) {
        struct noter *n = u->self;
        if (n->in)
            ck_assert_uint_eq(n->first_seen, 8);
    }
}
END_TEST

START_TEST(a_wire_between_clocks_is_seen_at_the_readers_first_edge_later_than_the_put)
{
    /* Writer edges every 3 ns, reader edges at 1 + 4n ns: the put at 9 ns falls on reader edge 2. */
    struct clock *fast = kernel_clock(&kernel, "fast", 3000, 0);
    struct clock *slow = kernel_clock(&kernel, "slow", 4000, 1000);
    struct noter *writer = noter(fast, "writer"), *reader = noter(slow, "reader");
    struct wire wire = {.reader = &reader->unit};
    writer->out = reader->in = &wire;
    writer->put_at = writer->wishes[0] = 3;
    reader->wishes[0] = 2; /* steps at 9 ns too, in the same time step */
    kernel_seal(&kernel, 0, NULL);
    kernel_advance(&kernel, 100000, 0);
    ck_assert_uint_eq(reader->steps[1], 2);
    ck_assert_uint_eq(reader->first_seen, 3);
    ck_assert_uint_eq(reader->count, 3);
}
END_TEST

START_TEST(a_lower_rank_steps_first_and_can_wake_a_higher_one_in_the_same_cycle)
{
    struct clock *clock = kernel_clock(&kernel, "clk", 1000, 0);
    struct noter *late = noter(clock, "late"), *early = noter(clock, "early");
    char *order = arena_alloc(&arena, 64);
    late->order = early->order = order;
    late->letter = 'l';
    early->letter = 'e';
    early->also = &late->unit;
    early->wishes[0] = 5;
    kernel_order(&kernel, &early->unit, &late->unit);
    kernel_seal(&kernel, 0, NULL);
    kernel_advance(&kernel, 100000, 0);
    ck_assert_str_eq(order, "elel");
    ck_assert_uint_eq(late->steps[1], 5);
}
END_TEST

START_TEST(equal_ranks_step_in_the_order_of_declaration_or_reversed)
{
    struct clock *clock = kernel_clock(&kernel, "clk", 1000, 0);
    struct noter *units[3];
    char *order = arena_alloc(&arena, 64);
    for (int i = 0; i < 3; i++) {
        units[i] = noter(clock, "unit");
        units[i]->order = order;
        units[i]->letter = (char)('a' + i);
    }
    kernel_order(&kernel, &units[1]->unit, &units[0]->unit);
    kernel_seal(&kernel, _i ? KERNEL_REVERSED : 0, NULL);
    kernel_advance(&kernel, 0, 0);
    ck_assert_str_eq(order, _i ? "cba" : "bca");
}
END_TEST

START_TEST(a_loop_of_zero_latency_links_is_refused_and_named)
{
    struct clock *clock = kernel_clock(&kernel, "clk", 1000, 0);
    struct noter *a = noter(clock, "alpha"), *b = noter(clock, "beta");
    kernel_order(&kernel, &a->unit, &b->unit);
    kernel_order(&kernel, &b->unit, &a->unit);
    struct dmasim_error error;
    ck_assert_int_eq(kernel_seal(&kernel, 0, &error), DMASIM_INVALID);
    ck_assert_ptr_nonnull(strstr(error.text, "loop"));
    ck_assert_ptr_nonnull(strstr(error.text, "alpha"));
}
END_TEST

START_TEST(a_zero_latency_link_between_two_clocks_is_refused)
{
    struct noter *a = noter(kernel_clock(&kernel, "c1", 1000, 0), "alpha");
    struct noter *b = noter(kernel_clock(&kernel, "c2", 1000, 0), "beta");
    kernel_order(&kernel, &a->unit, &b->unit);
    struct dmasim_error error;
    ck_assert_int_eq(kernel_seal(&kernel, 0, &error), DMASIM_INVALID);
    ck_assert_ptr_nonnull(strstr(error.text, "two clocks"));
}
END_TEST

START_TEST(every_cycle_steps_each_unit_at_each_edge)
{
    struct clock *clock = kernel_clock(&kernel, "clk", 1000, 500);
    struct noter *a = noter(clock, "a");
    kernel_seal(&kernel, KERNEL_EVERY_CYCLE, NULL);
    kernel_advance(&kernel, 500 + 9 * 1000 - 1, 0);
    ck_assert_uint_eq(a->count, 9);
    kernel_advance(&kernel, 500 + 9 * 1000, 0);
    ck_assert_uint_eq(a->count, 10);
    for (unsigned i = 0; i < 10; i++)
        ck_assert_uint_eq(a->steps[i], i);
}
END_TEST

START_TEST(more_than_64_units_all_step_and_wake)
{
    struct clock *clock = kernel_clock(&kernel, "clk", 1000, 0);
    struct noter *units[130];
    for (unsigned i = 0; i < 130; i++) {
        units[i] = noter(clock, "unit");
        units[i]->wishes[0] = 1000 - i;
    }
    kernel_seal(&kernel, 0, NULL);
    kernel_advance(&kernel, 2000000, 0);
    for (unsigned i = 0; i < 130; i++) {
        ck_assert_uint_eq(units[i]->count, 2);
        ck_assert_uint_eq(units[i]->steps[1], 1000 - i);
    }
}
END_TEST

START_TEST(the_run_is_quiet_when_the_last_hold_is_released)
{
    struct noter *a = noter(kernel_clock(&kernel, "clk", 1000, 0), "a");
    a->wishes[0] = 1;
    kernel_seal(&kernel, 0, NULL);
    kernel_hold(&kernel);
    kernel_hold(&kernel);
    kernel_release(&kernel);
    ck_assert_uint_eq(kernel.quiet_since, SIM_NEVER);
    kernel_advance(&kernel, 1000, KERNEL_STOP_QUIET);
    kernel_release(&kernel);
    ck_assert_uint_eq(kernel.quiet_since, 1000);
}
END_TEST

START_TEST(a_snapshot_brings_back_every_byte)
{
    unsigned char *small = arena_alloc(&arena, 10), *large = arena_alloc(&arena, 1 << 20);
    unsigned char *after = arena_alloc(&arena, 100);
    small[9] = 1;
    large[12345] = 2;
    after[0] = 3;
    struct arena_snapshot *snapshot = arena_save(&arena);
    small[9] = large[12345] = after[0] = 99;
    large[0] = 1;
    arena_restore(&arena, snapshot);
    arena_snapshot_free(snapshot);
    ck_assert_uint_eq(small[9], 1);
    ck_assert_uint_eq(large[12345], 2);
    ck_assert_uint_eq(large[0], 0);
    ck_assert_uint_eq(after[0], 3);
}
END_TEST

START_TEST(arena_pieces_are_zeroed_aligned_and_apart)
{
    struct random random = random_seeded(1);
    unsigned char *last = NULL;
    for (int i = 0; i < 2000; i++) {
        size_t bytes = random_below(&random, 100) ? random_below(&random, 300) + 1 : 40000;
        unsigned char *piece = arena_alloc(&arena, bytes);
        ck_assert_uint_eq((uintptr_t)piece % 16, 0);
        ck_assert_ptr_ne(piece, last);
        unsigned char any = 0;
        for (size_t k = 0; k < bytes; k++)
            any |= piece[k];
        ck_assert_uint_eq(any, 0);
        memset(piece, 0xff, bytes);
        last = piece;
    }
}
END_TEST

START_TEST(an_edge_after_and_an_edge_at_a_time_differ_only_on_the_edge)
{
    struct clock *clock = kernel_clock(&kernel, "clk", 1000, 300);
    ck_assert_uint_eq(clock_edge_after(clock, 299), 0);
    ck_assert_uint_eq(clock_edge_after(clock, 300), 1);
    ck_assert_uint_eq(clock_edge_after(clock, 1299), 1);
    ck_assert_uint_eq(clock_edge_at(clock, 300), 0);
    ck_assert_uint_eq(clock_edge_at(clock, 301), 1);
    ck_assert_uint_eq(clock_edge_at(clock, 1300), 1);
    ck_assert_uint_eq(clock_edge_at(clock, 1301), 2);
}
END_TEST

static void count_record(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                         const void *record)
{
    (void)observer, (void)probe, (void)now;
    ++*(unsigned *)(uintptr_t)record;
}

START_TEST(who_listens_hears_events_and_leaves_the_model_unobserved)
{
    static const struct probe_type type = {.name = "event", .kind = PROBE_EVENT};
    struct probe probe = {
        .name = "p", .type = &type, .clock = kernel_clock(&kernel, "clk", 1000, 0)};
    struct probe_observer listener = {.notify = count_record}, observer = listener;
    unsigned heard = 0;
    probe_listen(&probe, &listener);
    probe_publish(&probe, 0, &heard);
    ck_assert_uint_eq(heard, 1);
    ck_assert(!kernel.observed);
    probe_observe(&probe, &observer);
    probe_publish(&probe, 1, &heard);
    ck_assert_uint_eq(heard, 3);
    ck_assert(kernel.observed);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel");
    TCase *tcase = tcase_create("kernel");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_unit_steps_at_cycle_0_and_then_only_when_it_asked);
    tcase_add_test(tcase, a_new_wish_replaces_the_old_alarm);
    tcase_add_test(tcase, a_wire_put_in_cycle_n_is_seen_in_n_plus_1_and_not_in_n);
    tcase_add_test(tcase,
                   a_wire_between_clocks_is_seen_at_the_readers_first_edge_later_than_the_put);
    tcase_add_test(tcase, a_lower_rank_steps_first_and_can_wake_a_higher_one_in_the_same_cycle);
    tcase_add_loop_test(tcase, equal_ranks_step_in_the_order_of_declaration_or_reversed, 0, 2);
    tcase_add_test(tcase, a_loop_of_zero_latency_links_is_refused_and_named);
    tcase_add_test(tcase, a_zero_latency_link_between_two_clocks_is_refused);
    tcase_add_test(tcase, every_cycle_steps_each_unit_at_each_edge);
    tcase_add_test(tcase, more_than_64_units_all_step_and_wake);
    tcase_add_test(tcase, the_run_is_quiet_when_the_last_hold_is_released);
    tcase_add_test(tcase, a_snapshot_brings_back_every_byte);
    tcase_add_test(tcase, arena_pieces_are_zeroed_aligned_and_apart);
    tcase_add_test(tcase, an_edge_after_and_an_edge_at_a_time_differ_only_on_the_edge);
    tcase_add_test(tcase, who_listens_hears_events_and_leaves_the_model_unobserved);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
