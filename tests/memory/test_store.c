/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who stores into simulated memory between two calls, or reads it, cannot tell what passes at once from
 * what is stepped: a system and its twin, which steps every unit at every edge, are cut at the same random
 * times; at each cut their memories are compared byte for byte, and the same random bytes are put into
 * both by plain stores. Memories whose content is not given are the test's own.
 */
#include "instance.h"
#include "memory/store.h"
#include "random_system.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/random.h"

enum { MEMORIES_MAX = 8, CUTS = 120 };
#ifdef NDEBUG
enum { SEEDS = 8 };
#else
enum { SEEDS = 2 };
#endif

/* ---- a system and its memories ---------------------------------------------------------------- */

struct half {
    struct scenario *scenario;
    struct system system;
    uint8_t *bytes[MEMORIES_MAX];
    uint64_t size_bytes[MEMORIES_MAX];
    uint32_t count;
    void *own[MEMORIES_MAX]; /* what some memories are backed by */
};

/* False if the plan is refused. */
static bool half_build(struct half *self, unsigned flags)
{
    struct scenario_check check;
    scenario_check_start(&check, self->scenario);
    const int code =
        system_create(&self->system, scenario_plan(self->scenario), flags, &check.check);
    scenario_check_end(&check, NULL, NULL);
    if (code != DMASIM_OK) {
        system_free(&self->system);
        scenario_free(self->scenario);
        return false;
    }
    const struct plan *plan = self->system.plan;
    self->count = plan->counts[SECTION_MEMORIES];
    ck_assert_uint_le(self->count, MEMORIES_MAX);
    for (uint32_t i = 0; i < self->count; i++) {
        const struct component *memory = &plan->components[SECTION_MEMORIES][i];
        self->own[i] = calloc(1, memory->store->size_bytes);
        system_back(&self->system, memory->name, self->own[i], memory->store->size_bytes);
    }
    for (uint32_t i = 0; i < self->count; i++)
        self->bytes[i] = store_bytes(&plan->components[SECTION_MEMORIES][i], &self->size_bytes[i]);
    return true;
}

static void half_of_file(struct half *self, const char *name, unsigned flags)
{
    char path[512];
    snprintf(path, sizeof path, SOURCE_DIR "/configs/%s.yaml", name);
    *self = (struct half){.scenario = NULL};
    ck_assert_int_eq(scenario_load(path, NULL, &self->scenario), DMASIM_OK);
    ck_assert(half_build(self, flags));
}

static void half_close(struct half *self)
{
    system_free(&self->system);
    scenario_free(self->scenario);
    for (uint32_t i = 0; i < self->count; i++)
        free(self->own[i]);
}

/* ---- cuts ---------------------------------------------------------------------------------------- */

/* A stretch of one memory gets the same random bytes in both. */
static void store_somewhere(struct half pair[2], struct random *random)
{
    const uint32_t memory = random_below(random, pair[0].count);
    const uint64_t size = pair[0].size_bytes[memory];
    const uint32_t most = random_below(random, 3) ? 64 : 8192;
    uint64_t length = 1 + random_below(random, most);
    if (size == 0)
        return;
    length = length < size ? length : size;
    const uint64_t offset = random_below(random, (uint32_t)(size - length + 1));
    for (uint64_t i = 0; i < length; i++) {
        const uint8_t byte = (uint8_t)random_next(random);
        pair[0].bytes[memory][offset + i] = byte;
        pair[1].bytes[memory][offset + i] = byte;
    }
}

static void compare(const struct half pair[2], const char *name, uint64_t time)
{
    for (uint32_t i = 0; i < pair[0].count; i++) {
        const uint8_t *a = pair[0].bytes[i], *b = pair[1].bytes[i];
        uint64_t at = 0;
        if (memcmp(a, b, pair[0].size_bytes[i]) == 0)
            continue;
        while (a[at] == b[at])
            at++;
        ck_abort_msg("%s at %llu ps: memory %u holds %02x at %llx, not %02x", name,
                     (unsigned long long)time, i, a[at], (unsigned long long)at, b[at]);
    }
    if (pair[0].system.kernel.quiet_since != pair[1].system.kernel.quiet_since)
        ck_abort_msg("%s at %llu ps: only one has ended", name, (unsigned long long)time);
}

/* Windows are up to `apart` edges of the clock, which is the scenario's first. */
static void cut(struct half pair[2], const char *name, uint32_t apart, uint64_t seed)
{
    struct random random = random_seeded(seed);
    const uint64_t period = pair[0].system.kernel.clocks->period_ps;
    uint64_t time = 0;
    for (unsigned i = 0; i < CUTS && pair[0].system.kernel.quiet_since == SIM_NEVER; i++) {
        time += period * random_below(&random, random_below(&random, 4) ? apart : 3) +
                random_below(&random, (uint32_t)period);
        for (unsigned j = 0; j < 2; j++)
            kernel_advance(&pair[j].system.kernel, time, 0);
        compare(pair, name, time);
        for (unsigned stores = random_below(&random, 4); stores > 0; stores--)
            store_somewhere(pair, &random);
    }
    for (unsigned j = 0; j < 2; j++)
        kernel_advance(&pair[j].system.kernel, time + 3000 * period, 0);
    compare(pair, name, time + 3000 * period);
}

/* ---- scenarios ----------------------------------------------------------------------------------- */

static const char *const scenarios[] = {"quickstart",
                                        "modes",
                                        "priorities",
                                        "wait-states",
                                        "errors",
                                        "arbiters",
                                        "axi-bridges",
                                        "linked-list-runtime",
                                        "axi-dmac-copy",
                                        "axi-dmac-memcpy",
                                        "axi-dmac-video",
                                        "axi-dmac-sdr",
                                        "axi-dmac-chain-append",
                                        "axi-outstanding",
                                        "pc-floppy",
                                        "i8237-modes",
                                        "i8237-memory-to-memory"};

START_TEST(stores_and_loads_between_calls_are_exact)
{
    static const uint32_t aparts[] = {12, 60, 400};
    for (unsigned i = 0; i < sizeof aparts / sizeof aparts[0]; i++)
        for (unsigned seed = 0; seed < SEEDS; seed++) {
            const unsigned reversed = seed % 3 == 1 ? KERNEL_REVERSED : 0;
            struct half pair[2];
            half_of_file(&pair[0], scenarios[_i], reversed);
            half_of_file(&pair[1], scenarios[_i], KERNEL_EVERY_CYCLE);
            cut(pair, scenarios[_i], aparts[i], seed * 1000 + i);
            half_close(&pair[0]);
            half_close(&pair[1]);
        }
}
END_TEST

/* Copies from one end to the other, again and again, by trains and repeats. */
START_TEST(they_are_in_long_transfers)
{
    static const char *const files[] = {"axi", "busy"};
    char path[512];
    snprintf(path, sizeof path, SOURCE_DIR "/tests/bench/%s.yaml", files[_i % 2]);
    for (unsigned seed = 0; seed < 2 * SEEDS; seed++) {
        struct half pair[2];
        for (unsigned j = 0; j < 2; j++) {
            pair[j] = (struct half){.scenario = NULL};
            ck_assert_int_eq(scenario_load(path, NULL, &pair[j].scenario), DMASIM_OK);
            ck_assert(half_build(&pair[j], j               ? KERNEL_EVERY_CYCLE
                                           : seed % 3 == 1 ? KERNEL_REVERSED
                                                           : 0));
        }
        cut(pair, path, seed % 2 ? 30 : 800, seed + 50);
        half_close(&pair[0]);
        half_close(&pair[1]);
    }
}
END_TEST

START_TEST(they_are_in_random_systems)
{
    struct rs_system *s = malloc(sizeof *s);
    for (unsigned i = 0; i < 4 * SEEDS; i++) {
        struct half pair[2];
        unsigned built = 0;
        rs_make(s, (uint64_t)_i * 4 * SEEDS + i);
        for (unsigned j = 0; j < 2; j++) {
            pair[j] = (struct half){.scenario = NULL};
            if (scenario_load_text(s->text, s->length, "random.yaml", NULL, NULL,
                                   &pair[j].scenario) != DMASIM_OK)
                break;
            built += half_build(&pair[j], j            ? KERNEL_EVERY_CYCLE
                                          : i % 3 == 1 ? KERNEL_REVERSED
                                                       : 0);
        }
        char name[32];
        snprintf(name, sizeof name, "random system %u", (unsigned)_i * 4 * SEEDS + i);
        if (built == 2)
            cut(pair, name, i % 2 ? 12 : 150, (uint64_t)_i * 100 + i);
        for (unsigned j = 0; j < built; j++)
            half_close(&pair[j]);
    }
    free(s);
}
END_TEST

/* Copies of any shape by a controller on AXI, from one memory to itself or to another. */
static size_t axi_text(struct random *random, char *text, size_t room)
{
    const uint32_t width = 32u << random_below(random, 4);
    const uint32_t burst = (width / 8) << (1 + random_below(random, 5));
    const uint32_t source = random_below(random, 64) * burst;
    const uint32_t length = (1 + random_below(random, random_below(random, 2) ? 6 : 60)) * burst;
    const uint32_t overlap = source + (random_below(random, 5) + 1) * burst;
    const bool one = random_below(random, 2), stalls = random_below(random, 4) == 0;
    const bool narrow = random_below(random, 4) == 0 && width > 32;
    char out[64], shape[256];
    snprintf(out, sizeof out, "  out: {type: axi, clock: clk, width: %u}\n",
             narrow ? width / 2 : width);
    snprintf(
        shape, sizeof shape, "read_latency: %u, write_latency: %u, read_max: %u, write_max: %u%s",
        1 + random_below(random, 40), 1 + random_below(random, 40), 1 + random_below(random, 10),
        1 + random_below(random, 10), stalls ? ", stalls: {r: 20, w: 30, aw: 10}" : "");
    const int count = snprintf(
        text, room,
        "clocks:\n  clk: {frequency: 100 MHz}\nbuses:\n"
        "  lite: {type: axi, clock: clk, width: 32, lite: true}\n"
        "  in: {type: axi, clock: clk, width: %u}\n%s"
        "controllers:\n  dma: {type: \"adi,axi-dmac\", bus: lite, base: 0, source_bus: in, "
        "destination_bus: %s, source_width: %u, destination_width: %u, max_bytes_per_burst: %u, "
        "fifo_size: %u}\n"
        "masters:\n  host: {type: adi-sequence, bus: lite, controller: dma, sequence: driver, "
        "transfers: 100, irq_mask: 0, length: %u, step: 0, source: %u, destination: %u}\n"
        "memories:\n  from: {type: axi-memory, bus: in, size: 64 KiB, fill: xorshift32, %s}\n",
        width, one ? "" : out, one ? "in" : "out", width, one || !narrow ? width : width / 2, burst,
        2u << random_below(random, 5), length, source,
        random_below(random, 2) ? overlap : 0x8000 + overlap, shape);
    ck_assert_int_lt(count, (int)room);
    size_t used = (size_t)count;
    if (!one)
        used += (size_t)snprintf(text + used, room - used,
                                 "  to: {type: %s, bus: out, base: 0, size: 64 KiB%s%s}\n",
                                 random_below(random, 3) ? "axi-memory" : "axi-sram",
                                 stalls ? ", read_latency: " : "", stalls ? "3" : "");
    ck_assert_uint_lt(used, room);
    return used;
}

START_TEST(they_are_in_random_copies_on_axi)
{
    for (unsigned i = 0; i < 8 * SEEDS; i++) {
        struct random random = random_seeded((uint64_t)_i * 1000 + i);
        struct half pair[2];
        char text[4096];
        const size_t length = axi_text(&random, text, sizeof text);
        for (unsigned j = 0; j < 2; j++) {
            pair[j] = (struct half){.scenario = NULL};
            ck_assert_msg(scenario_load_text(text, length, "axi.yaml", NULL, NULL,
                                             &pair[j].scenario) == DMASIM_OK,
                          "%s", text);
            ck_assert(half_build(&pair[j], j            ? KERNEL_EVERY_CYCLE
                                           : i % 3 == 1 ? KERNEL_REVERSED
                                                        : 0));
        }
        cut(pair, text, i % 2 ? 12 : 200, i);
        half_close(&pair[0]);
        half_close(&pair[1]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store");
    TCase *exact = tcase_create("exact");
    tcase_set_timeout(exact, 120);
    tcase_add_loop_test(exact, stores_and_loads_between_calls_are_exact, 0,
                        (int)(sizeof scenarios / sizeof scenarios[0]));
    tcase_add_loop_test(exact, they_are_in_long_transfers, 0, 2);
    tcase_add_loop_test(exact, they_are_in_random_systems, 0, 8);
    tcase_add_loop_test(exact, they_are_in_random_copies_on_axi, 0, 8);
    suite_add_tcase(suite, exact);
    return suite_run(suite);
}
