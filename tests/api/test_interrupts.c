/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt outputs as the public header shows them: exact, at no cost, and nothing that a callback calls goes
 * wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dmasim/dmasim.h"
#include "instance.h"
#include "kernel/random.h"
#include "suite.h"

#include <check.h>

enum { EDGES_MAX = 4096 };

struct edge {
    bool level;
    uint64_t at_ps;
};

struct edges {
    struct dmasim *sim;
    struct edge list[EDGES_MAX];
    size_t count;
};

static struct dmasim *create(const char *name, const struct dmasim_options *options)
{
    char path[4096];
    struct dmasim_error error;
    snprintf(path, sizeof path, "%s/%s.yaml", SOURCE_DIR, name);
    struct dmasim *sim = dmasim_create(path, options, &error);
    ck_assert_msg(sim != NULL, "%s", error.text);
    return sim;
}

static void note(void *context, const char *component, const char *output, bool level,
                 uint64_t at_ps)
{
    struct edges *self = context;
    bool now;
    ck_assert_uint_lt(self->count, EDGES_MAX);
    ck_assert_uint_eq(at_ps, dmasim_now(self->sim));
    ck_assert_int_eq(dmasim_interrupt_level(self->sim, component, output, &now), DMASIM_OK);
    ck_assert_int_eq(now, level);
    self->list[self->count++] = (struct edge){level, at_ps};
}

static uint64_t repeated(const struct dmasim *sim)
{
    uint64_t cycles = 0;
    for (const struct clock *c = sim->system.kernel.clocks; c; c = c->link)
        cycles += c->repeated;
    return cycles;
}

/* Everything repeats that repeats with nobody there, and the edges are those of every cycle. */
START_TEST(watching_costs_nothing_of_what_repeats)
{
    static const uint64_t until = UINT64_C(4000000000);
    static struct edges edges[3];
    uint64_t passed[2];
    for (int i = 0; i < 3; i++) {
        const struct dmasim_options options = {.every_cycle = i == 2};
        struct dmasim *sim = create("tests/bench/axi", &options);
        edges[i] = (struct edges){.sim = sim};
        if (i > 0)
            ck_assert_int_eq(dmasim_on_interrupt(sim, note, &edges[i]), DMASIM_OK);
        ck_assert_int_eq(dmasim_advance(sim, until), DMASIM_OK);
        if (i < 2)
            passed[i] = repeated(sim);
        dmasim_destroy(sim);
    }
    ck_assert_uint_gt(passed[0], until / 10000 / 2);
    ck_assert_uint_eq(passed[1], passed[0]);
    ck_assert_uint_gt(edges[1].count, 10);
    ck_assert_uint_eq(edges[1].count, edges[2].count);
    for (size_t i = 0; i < edges[1].count; i++) {
        ck_assert_int_eq(edges[1].list[i].level, edges[2].list[i].level);
        ck_assert_uint_eq(edges[1].list[i].at_ps, edges[2].list[i].at_ps);
    }
}
END_TEST

/* A watch that stops: the run returns at each change, at its time. */
START_TEST(a_watch_can_stop_the_run)
{
    static struct edges edges;
    struct dmasim *sim = create("tests/bench/axi", NULL);
    edges = (struct edges){.sim = sim};
    const struct dmasim_watch watch = {.stop = true, .callback = note, .context = &edges};
    ck_assert_int_eq(dmasim_watch_interrupt(sim, &watch), DMASIM_OK);
    for (size_t stops = 1; stops < 20; stops++) {
        enum dmasim_why why;
        bool level;
        ck_assert_int_eq(dmasim_run(sim, DMASIM_NEVER, &why), DMASIM_OK);
        ck_assert_int_eq(why, DMASIM_WHY_OUTPUT);
        ck_assert_uint_eq(edges.count, stops);
        ck_assert_uint_eq(dmasim_now(sim), edges.list[stops - 1].at_ps);
        ck_assert_int_eq(dmasim_interrupt_level(sim, "dma", NULL, &level), DMASIM_OK);
        ck_assert_int_eq(level, stops % 2);
    }
    const struct dmasim_watch none = {.component = "dma"};
    ck_assert_int_eq(dmasim_watch_interrupt(sim, &none), DMASIM_OK);
    ck_assert_int_eq(dmasim_run(sim, dmasim_now(sim) + 100000000, NULL), DMASIM_OK);
    ck_assert_uint_eq(edges.count, 19);
    dmasim_destroy(sim);
}
END_TEST

START_TEST(outputs_have_names)
{
    struct dmasim *sim = create("configs/quickstart", NULL);
    bool level = true;
    const struct dmasim_watch nobody = {.component = "nobody", .stop = true};
    const struct dmasim_watch nothing = {.component = "dma", .output = "nothing", .stop = true};
    const struct dmasim_watch good = {.component = "dma", .output = "irq", .stop = true};
    ck_assert_int_eq(dmasim_interrupt_level(sim, "dma", "irq", &level), DMASIM_OK);
    ck_assert(!level);
    ck_assert_int_eq(dmasim_interrupt_level(sim, "cpu", NULL, &level), DMASIM_UNMAPPED);
    ck_assert_int_eq(dmasim_watch_interrupt(sim, &nobody), DMASIM_UNMAPPED);
    ck_assert_int_eq(dmasim_watch_interrupt(sim, &nothing), DMASIM_UNMAPPED);
    ck_assert_int_eq(dmasim_watch_interrupt(sim, &good), DMASIM_OK);
    dmasim_destroy(sim);
}
END_TEST

/* ---- calls from inside a callback ------------------------------------------------------------ */

struct intruder {
    struct dmasim *sim;
    struct dmasim_snapshot *snapshot;
    struct dmasim_trace *trace;
    bool active;
    unsigned calls;
};

static void intrude(void *context, const char *component, const char *output, bool level,
                    uint64_t at_ps)
{
    struct intruder *self = context;
    struct dmasim *sim = self->sim;
    self->calls++;
    if (!self->active)
        return;
    struct dmasim_access access = {
        .address = 0x40000080, .size_bytes = 4, .write = true, .value = 0xffffffff};
    struct dmasim_result result;
    struct dmasim_erratum erratum;
    const struct dmasim_watch watch = {.stop = true};
    const struct dmasim_trace_options traced = {.vcd = true};
    struct dmasim_output file;
    struct dmasim_event event;
    struct dmasim_error error;
    enum dmasim_why why;
    bool now;
    ck_assert_int_eq(dmasim_access(sim, at_ps, &access), DMASIM_BUSY);
    ck_assert_int_eq(dmasim_access(sim, at_ps + 1, &access), DMASIM_BUSY);
    ck_assert_int_eq(dmasim_advance(sim, at_ps + 1000000), DMASIM_BUSY);
    ck_assert_int_eq(dmasim_run(sim, at_ps + 1000000, &why), DMASIM_BUSY);
    ck_assert_int_eq(dmasim_outcome(sim, &result), DMASIM_BUSY);
    ck_assert_int_eq(dmasim_erratum(sim, 0, &erratum), DMASIM_BUSY);
    ck_assert_int_eq(dmasim_watch_interrupt(sim, &watch), DMASIM_BUSY);
    ck_assert_int_eq(dmasim_on_interrupt(sim, NULL, NULL), DMASIM_BUSY);
    ck_assert_ptr_null(dmasim_save(sim));
    ck_assert_int_eq(dmasim_restore(sim, self->snapshot), DMASIM_BUSY);
    ck_assert_int_eq(dmasim_mute(sim), DMASIM_BUSY);
    ck_assert_int_eq(dmasim_destroy(sim), DMASIM_BUSY);
    ck_assert_uint_eq(dmasim_now(sim), at_ps);
    ck_assert_uint_eq(dmasim_next(sim), at_ps);
    ck_assert_uint_eq(dmasim_next_output(sim), at_ps);
    ck_assert_int_eq(dmasim_output(sim, 0, &file), DMASIM_BUSY);
    ck_assert_int_eq(dmasim_write_outputs(sim, "/nowhere", NULL), DMASIM_BUSY);
    ck_assert_ptr_null(dmasim_trace_open(sim, &traced, "/nowhere", &error));
    ck_assert_int_eq(error.code, DMASIM_BUSY);
    ck_assert_int_eq(dmasim_trace_close(self->trace, &error), DMASIM_BUSY);
    ck_assert_int_eq(dmasim_trace_free(self->trace), DMASIM_BUSY);
    ck_assert(!dmasim_event_take(sim, &event));
    ck_assert_ptr_null(dmasim_mark_set(sim));
    ck_assert_ptr_null(dmasim_metrics_start(sim, NULL));
    ck_assert(!dmasim_finished(sim));
    ck_assert_int_eq(dmasim_interrupt_level(sim, component, output, &now), DMASIM_OK);
    ck_assert_int_eq(now, level);
}

static void same_state(struct dmasim *a, struct dmasim *b)
{
    ck_assert_uint_eq(dmasim_now(a), dmasim_now(b));
    ck_assert_uint_eq(dmasim_next(a), dmasim_next(b));
    for (uint64_t address = 0; address < 4096; address += 4) {
        struct dmasim_access one = {.address = 0x40000000 + address, .size_bytes = 4}, two = one;
        ck_assert_int_eq(dmasim_access(a, dmasim_now(a), &one),
                         dmasim_access(b, dmasim_now(b), &two));
        ck_assert_uint_eq(one.value, two.value);
    }
}

/* Every call of the header: refused or right, and the simulation goes on as its twin does. */
START_TEST(no_call_from_inside_a_callback_changes_anything)
{
    const struct dmasim_options options = {.every_cycle = _i == 1, .reverse_order = _i == 2};
    struct intruder intruders[2];
    for (unsigned i = 0; i < 2; i++) {
        struct dmasim *sim = create("tests/bench/axi", &options);
        intruders[i] = (struct intruder){.sim = sim, .active = i == 1};
        const struct dmasim_trace_options none = {.table = false};
        intruders[i].snapshot = dmasim_save(sim);
        intruders[i].trace = dmasim_trace_open(sim, &none, "/tmp", NULL);
        ck_assert_ptr_nonnull(intruders[i].trace);
        dmasim_on_interrupt(sim, intrude, &intruders[i]);
    }
    for (uint64_t until = 0; until < 2000000000; until += 123456789) {
        for (unsigned i = 0; i < 2; i++)
            ck_assert_int_eq(dmasim_advance(intruders[i].sim, until), DMASIM_OK);
        ck_assert_uint_eq(intruders[0].calls, intruders[1].calls);
        same_state(intruders[0].sim, intruders[1].sim);
    }
    ck_assert_uint_gt(intruders[1].calls, 4);
    for (unsigned i = 0; i < 2; i++) {
        dmasim_snapshot_free(intruders[i].snapshot);
        ck_assert_int_eq(dmasim_destroy(intruders[i].sim), DMASIM_OK);
    }
}
END_TEST

/* ---- the next output ------------------------------------------------------------------------- */

static const char driven[] = "clocks: { aclk: { frequency: 100 MHz } }\n"
                             "buses:\n"
                             "  lite: { type: axi, clock: aclk, width: 32, lite: true }\n"
                             "  axi: { type: axi, clock: aclk, width: 64 }\n"
                             "controllers:\n"
                             "  dma: { type: 'adi,axi-dmac', bus: lite, base: 0x4000_0000, "
                             "source_bus: axi, destination_bus: axi }\n"
                             "memories: { ram: { type: axi-memory, bus: axi, size: 1 MiB } }\n";

static void put(struct dmasim *sim, uint64_t offset, uint64_t value)
{
    struct dmasim_access access = {
        .address = 0x40000000 + offset, .size_bytes = 4, .write = true, .value = value};
    ck_assert_int_eq(dmasim_access(sim, dmasim_now(sim), &access), DMASIM_OK);
}

/* The caller starts a copy and looks no earlier than it is told to; at random times it asks again. Nothing comes
 * before the bound, and the bound is what the beats need. */
START_TEST(no_output_comes_before_it_is_announced)
{
    struct dmasim_error error;
    const struct dmasim_options options = {.every_cycle = _i % 2};
    struct dmasim *sim =
        dmasim_create_text(driven, strlen(driven), "driven", NULL, &options, &error);
    ck_assert_msg(sim != NULL, "%s", error.text);
    const struct dmasim_watch watch = {.stop = true};
    dmasim_watch_interrupt(sim, &watch);
    struct random random = random_seeded((unsigned)_i);
    dmasim_advance(sim, 10000000);
    ck_assert_uint_eq(dmasim_next_output(sim), DMASIM_NEVER);
    put(sim, 0x400, 1);
    put(sim, 0x080, 0);
    put(sim, 0x40c, 0); /* not cyclic */
    for (unsigned copy = 0; copy < 4; copy++) {
        const uint64_t bytes = 8 * (1 + random_below(&random, 4096)), begin = dmasim_now(sim);
        enum dmasim_why why = DMASIM_WHY_TIME;
        uint64_t last = 0, widest = 0;
        unsigned outputs = 0;
        put(sim, 0x410, 0x80000);
        put(sim, 0x414, 0x1000);
        put(sim, 0x418, bytes - 1);
        put(sim, 0x408, 1);
        while (outputs < 3) { /* it is taken, that is cleared, it has ended */
            const uint64_t now = dmasim_now(sim), bound = dmasim_next_output(sim);
            ck_assert_uint_ne(bound, DMASIM_NEVER);
            ck_assert_uint_gt(bound, now);
            if (bound - now > widest)
                widest = bound - now;
            last = bound;
            ck_assert_int_eq(dmasim_run(sim, bound - 1, &why), DMASIM_OK);
            ck_assert_int_eq(why, DMASIM_WHY_TIME);
            if (random_below(&random, 3) == 0)
                continue;
            ck_assert_int_eq(dmasim_run(sim, bound, &why), DMASIM_OK);
            outputs += why == DMASIM_WHY_OUTPUT;
            if (why == DMASIM_WHY_OUTPUT && outputs == 1)
                put(sim, 0x084, 1);
        }
        ck_assert_uint_eq(dmasim_now(sim), last); /* the last bound was tight */
        /* All bursts of 128 bytes but the first few, a beat in a cycle. */
        if (bytes > 4096)
            ck_assert_uint_ge(widest, (bytes / 8 - 100) * 10000);
        ck_assert_uint_gt(dmasim_now(sim), begin + bytes / 8 * 10000);
        put(sim, 0x084, 3);
        dmasim_advance(sim, dmasim_now(sim) + 100000);
        ck_assert_uint_eq(dmasim_next_output(sim), DMASIM_NEVER);
    }
    dmasim_destroy(sim);
}
END_TEST

static const char copier[] =
    "clocks: { hclk: { frequency: 100 MHz } }\n"
    "buses: { ahb: { clock: hclk, width: 32 } }\n"
    "controllers: { dma: { bus: ahb, base: 0x4000_0000, channels: 2, fifo: 64 B } }\n"
    "memories: { ram: { bus: ahb, base: 0x2000_0000, size: 128 KiB, read_first: 1 } }\n"
    "%s";

static const char onlooker[] =
    "peripherals: { thing: { type: outside, bus: ahb, base: 0x5000_0000, size: 4 KiB } }\n";

enum { /* of the channels, 0x58 apart; of all */
       SAR = 0x00,
       DAR = 0x08,
       CTL_LO = 0x18,
       CTL_HI = 0x1c,
       CFG_LO = 0x40,
       MASK_TFR = 0x310,
       MASK_ERR = 0x330,
       CLEAR_TFR = 0x338,
       DMA_CFG = 0x398,
       CH_EN = 0x3a0,
};

/* A copy from memory to memory in one block of words, with an interrupt at its end. */
static void put_block(struct dmasim *sim, unsigned channel, uint32_t items, uint32_t burst)
{
    const uint64_t at = 0x58 * channel;
    put(sim, at + SAR, 0x20000000 + 0x10000 * channel);
    put(sim, at + DAR, 0x20008000 + 0x10000 * channel);
    put(sim, at + CTL_LO, 1 | 2 << 1 | 2 << 4 | burst << 11 | burst << 14);
    put(sim, at + CTL_HI, items);
    put(sim, at + CFG_LO, channel << 5);
    put(sim, CH_EN, UINT64_C(0x101) << channel);
}

/* Of a DesignWare controller's channels the same holds; whether a thing outside is on the bus, which nobody reaches
 * for, makes no difference. */
START_TEST(no_output_of_a_channel_comes_before_it_is_announced)
{
    char text[1024];
    struct dmasim_error error;
    const struct dmasim_options options = {.every_cycle = _i % 2};
    snprintf(text, sizeof text, copier, _i & 2 ? onlooker : "");
    struct dmasim *sim = dmasim_create_text(text, strlen(text), "copier", NULL, &options, &error);
    ck_assert_msg(sim != NULL, "%s", error.text);
    const struct dmasim_watch watch = {.stop = true};
    dmasim_watch_interrupt(sim, &watch);
    struct random random = random_seeded((unsigned)_i);
    dmasim_advance(sim, 10000000);
    ck_assert_uint_eq(dmasim_next_output(sim), DMASIM_NEVER);
    put(sim, DMA_CFG, 1);
    put(sim, MASK_TFR, 0x303);
    put(sim, MASK_ERR, 0x303);
    for (unsigned block = 0; block < 4; block++) {
        const uint32_t items = 1 + random_below(&random, 4000), begin = block % 2;
        const uint64_t start = dmasim_now(sim);
        enum dmasim_why why = DMASIM_WHY_TIME;
        uint64_t widest = 0;
        put_block(sim, begin, items, random_below(&random, 3));
        while (why != DMASIM_WHY_OUTPUT) {
            const uint64_t now = dmasim_now(sim), bound = dmasim_next_output(sim);
            ck_assert_uint_ne(bound, DMASIM_NEVER);
            ck_assert_uint_gt(bound, now);
            widest = bound - now > widest ? bound - now : widest;
            ck_assert_int_eq(dmasim_run(sim, bound - 1, &why), DMASIM_OK);
            ck_assert_int_eq(why, DMASIM_WHY_TIME);
            if (random_below(&random, 3))
                ck_assert_int_eq(dmasim_run(sim, bound, &why), DMASIM_OK);
        }
        /* A read and a write for each item, on one bus. */
        ck_assert_uint_gt(dmasim_now(sim), start + 2 * items * UINT64_C(10000));
        ck_assert_msg(items < 100 || widest >= (2 * items - 20) * UINT64_C(10000),
                      "%u items, but %ju ps at once at most", items, (uintmax_t)widest);
        put(sim, CLEAR_TFR, 3);
        dmasim_run(sim, dmasim_now(sim) + 100000, &why);
        ck_assert_uint_eq(dmasim_next_output(sim), DMASIM_NEVER);
    }
    /* Both at a time: the one that ends first. */
    put_block(sim, 0, 1 + random_below(&random, 4000), 2);
    put_block(sim, 1, 1 + random_below(&random, 4000), 2);
    for (enum dmasim_why why = DMASIM_WHY_TIME; why != DMASIM_WHY_OUTPUT;) {
        const uint64_t bound = dmasim_next_output(sim);
        ck_assert_int_eq(dmasim_run(sim, bound - 1, &why), DMASIM_OK);
        ck_assert_int_eq(why, DMASIM_WHY_TIME);
        ck_assert_int_eq(dmasim_run(sim, bound, &why), DMASIM_OK);
    }
    dmasim_destroy(sim);
}
END_TEST

/* A word that nobody answers ends a block at once: there is no bound but the next step. */
START_TEST(where_anything_may_fail_anything_may_come)
{
    struct dmasim_error error;
    char text[1024];
    snprintf(text, sizeof text, copier, "");
    struct dmasim *sim = dmasim_create_text(text, strlen(text), "copier", NULL, NULL, &error);
    ck_assert_msg(sim != NULL, "%s", error.text);
    const struct dmasim_watch watch = {.stop = true};
    dmasim_watch_interrupt(sim, &watch);
    put(sim, DMA_CFG, 1);
    put(sim, MASK_ERR, 0x101);
    put(sim, SAR, 0x20020000 - 64); /* leaves the memory after 16 words */
    put(sim, DAR, 0x20000000);
    put(sim, CTL_LO, 1 | 2 << 1 | 2 << 4);
    put(sim, CTL_HI, 1000);
    put(sim, CH_EN, 0x101);
    enum dmasim_why why;
    for (why = DMASIM_WHY_TIME; why != DMASIM_WHY_OUTPUT;) {
        const uint64_t bound = dmasim_next_output(sim);
        ck_assert_uint_le(bound, dmasim_now(sim) + 100000);
        ck_assert_int_eq(dmasim_run(sim, bound - 1, &why), DMASIM_OK);
        ck_assert_int_eq(why, DMASIM_WHY_TIME);
        ck_assert_int_eq(dmasim_run(sim, bound, &why), DMASIM_OK);
    }
    dmasim_destroy(sim);
}
END_TEST

/* ---- excursions ------------------------------------------------------------------------------ */

START_TEST(a_muted_excursion_tells_nothing_and_leaves_no_mark)
{
    static struct edges edges[2];
    for (int i = 0; i < 2; i++) {
        struct dmasim *sim = create("tests/bench/axi", NULL);
        edges[i] = (struct edges){.sim = sim};
        const struct dmasim_watch watch = {.stop = true, .callback = note, .context = &edges[i]};
        dmasim_watch_interrupt(sim, &watch);
        for (int n = 0; n < 5; n++)
            ck_assert_int_eq(dmasim_run(sim, DMASIM_NEVER, NULL), DMASIM_OK);
        if (i == 1) {
            const uint64_t now = dmasim_now(sim);
            struct dmasim_snapshot *snapshot = dmasim_save(sim);
            enum dmasim_why why;
            ck_assert_int_eq(dmasim_mute(sim), DMASIM_OK);
            ck_assert_int_eq(dmasim_run(sim, 2 * now, &why), DMASIM_OK);
            ck_assert_int_eq(why, DMASIM_WHY_TIME);
            ck_assert_uint_eq(edges[1].count, 5);
            ck_assert_int_eq(dmasim_restore(sim, snapshot), DMASIM_OK);
            ck_assert_uint_eq(dmasim_now(sim), now);
            dmasim_snapshot_free(snapshot);
        }
        for (int n = 0; n < 5; n++)
            ck_assert_int_eq(dmasim_run(sim, DMASIM_NEVER, NULL), DMASIM_OK);
        ck_assert_uint_eq(edges[i].count, 10);
        dmasim_destroy(sim);
    }
    ck_assert_uint_eq(edges[0].list[9].at_ps, edges[1].list[9].at_ps);
}
END_TEST

/* Whoever joined after a snapshot stays, whoever left stays away. */
START_TEST(who_watches_is_no_part_of_a_snapshot)
{
    static struct edges edges, others;
    struct dmasim *sim = create("tests/bench/axi", NULL), *other = create("tests/bench/axi", NULL);
    struct dmasim_snapshot *snapshot = dmasim_save(sim);
    edges = (struct edges){.sim = sim};
    others = (struct edges){.sim = other};
    dmasim_on_interrupt(sim, note, &edges);
    dmasim_on_interrupt(other, note, &others);
    ck_assert_int_eq(dmasim_restore(other, snapshot), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_restore(sim, snapshot), DMASIM_OK);
    const uint64_t until = UINT64_C(
        20000000000); /* most of it passes as rounds, of which somebody who joined hears too */
    ck_assert_int_eq(dmasim_advance(sim, until), DMASIM_OK);
    ck_assert_int_eq(dmasim_advance(other, until), DMASIM_OK);
    const size_t count = edges.count;
    ck_assert_uint_gt(count, 200);
    ck_assert_uint_eq(count, others.count);
    dmasim_snapshot_free(snapshot);
    snapshot = dmasim_save(sim);
    dmasim_on_interrupt(sim, NULL, NULL);
    ck_assert_int_eq(dmasim_restore(sim, snapshot), DMASIM_OK);
    ck_assert_int_eq(dmasim_advance(sim, 2 * until), DMASIM_OK);
    ck_assert_uint_eq(edges.count, count);
    dmasim_snapshot_free(snapshot);
    dmasim_destroy(other);
    dmasim_destroy(sim);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("interrupts");
    TCase *tests = tcase_create("interrupts");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, watching_costs_nothing_of_what_repeats);
    tcase_add_test(tests, a_watch_can_stop_the_run);
    tcase_add_test(tests, outputs_have_names);
    tcase_add_loop_test(tests, no_call_from_inside_a_callback_changes_anything, 0, 3);
    tcase_add_loop_test(tests, no_output_comes_before_it_is_announced, 0, 20);
    tcase_add_loop_test(tests, no_output_of_a_channel_comes_before_it_is_announced, 0, 20);
    tcase_add_test(tests, where_anything_may_fail_anything_may_come);
    tcase_add_test(tests, a_muted_excursion_tells_nothing_and_leaves_no_mark);
    tcase_add_test(tests, who_watches_is_no_part_of_a_snapshot);
    return suite_run(suite);
}
