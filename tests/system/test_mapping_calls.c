/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random systems whose calls map their buffers: nothing is wrong with that, nothing stays mapped, and the bytes are where
 * plain copying leaves them, with bounce buffers too; so when every unit is stepped at every edge, in the opposite order,
 * and behind a snapshot. One call left out is told, whatever the system.
 *
 *   RANDOM_SEED=N    first seed, instead of 0
 *   RANDOM_CASES=N   how many
 */
#include "host/cpu/cpu.h"
#include "memory/store.h"
#include "scenario/scenario.h"
#include "suite.h"
#include "system.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/random.h"

enum { CASES = 60, PLATFORMS = 3, COPIES = 4, MEMORY = 32768, BLOCK = 2048 };
#define BOUND_PS (UINT64_C(1000) * 1000 * 1000 * 1000)

/* The bounce buffers lie in `low`, which all reach; `ram` lies beyond a mask of mask_bits. */
static const struct {
    const char *text;
    unsigned mask_bits, align;
} platforms[PLATFORMS] = {
    {"clocks: {clk: {frequency: 100 MHz}}\nbuses: {bus: {clock: clk}}\n"
     "controllers: {dma: {type: 'snps,dw-dmac', bus: bus, base: 0x40000000, interrupt: cpu}}\n"
     "memories:\n"
     "  ram: {bus: bus, base: 0x20000000, size: 32 KiB, fill: {pattern: random}}\n"
     "  low: {bus: bus, base: 0x10000000, size: 64 KiB}\n",
     29, 4},
    {"clocks: {clk: {frequency: 100 MHz}}\nbuses: {bus: {type: axi, clock: clk, width: 64}}\n"
     "controllers: {dma: {type: 'adi,axi-dmac', bus: bus, base: 0x40000000, source_bus: bus, "
     "destination_bus: bus, interrupt: cpu, length_width: 12}}\n"
     "memories:\n"
     "  ram: {type: axi-sram, bus: bus, base: 0x20000000, size: 32 KiB, fill: {pattern: random}}\n"
     "  low: {type: axi-sram, bus: bus, base: 0x10000000, size: 64 KiB}\n",
     29, 128},
    {"clocks: {clk: {frequency: 4.77 MHz}}\nbuses: {bus: {type: isa, clock: clk}}\n"
     "controllers: {dma: {type: 'intel,8237a', bus: bus, port: 0, pages: pages}}\n"
     "peripherals: {pages: {type: isa-pages, bus: bus, port: 0x80}}\n"
     "memories:\n"
     "  ram: {type: isa-memory, bus: bus, base: 0x20000, size: 32 KiB, fill: {pattern: random}}\n"
     "  low: {type: isa-memory, bus: bus, base: 0x00000, size: 64 KiB}\n",
     17, 1}};

struct stage {
    struct scenario *scenario;
    struct system system;
    char refusal[2048];
};

struct design {
    char text[8192];
    unsigned blocks[COPIES][2], offset[COPIES], bytes[COPIES];
    bool bounced;
};

static unsigned any(struct random *random, unsigned below)
{
    return random_below(random, below);
}

/* left_out: what a call leaves out; null: nothing. */
static void design(struct design *self, unsigned seed, const char *left_out)
{
    static const char *const kinds[] = {"", "kind: streaming, ", "kind: coherent, ",
                                        "keep: true, "};
    struct random random = random_seeded(seed);
    const unsigned platform = seed % PLATFORMS;
    self->bounced = !left_out && any(&random, 2);
    int used =
        snprintf(self->text, sizeof self->text,
                 "%scpus: {cpu: {bus: bus, descriptors: {base: low + 0xf000, bytes: 4 KiB}, "
                 "access_gap: %u, mappings: {line_bytes: %u, map_cycles: %u, unmap_cycles: %u, "
                 "sync_cycles: %u, line_cycles: %u",
                 platforms[platform].text, any(&random, 3), 1u << any(&random, 7),
                 any(&random, 2) * any(&random, 90), any(&random, 2) * any(&random, 90),
                 any(&random, 2) * any(&random, 90), any(&random, 3));
    if (self->bounced)
        used += snprintf(self->text + used, sizeof self->text - (size_t)used,
                         ", bounce: {base: low, bytes: 32 KiB}, devices: [{controller: dma, "
                         "mask_bits: %u}]",
                         platforms[platform].mask_bits);
    used += snprintf(self->text + used, sizeof self->text - (size_t)used, "}}}\nwork:\n");
    bool taken[MEMORY / BLOCK] = {false};
    for (unsigned i = 0; i < COPIES; i++) {
        for (unsigned side = 0; side < 2; side++) {
            unsigned block;
            do
                block = any(&random, MEMORY / BLOCK);
            while (taken[block]);
            taken[block] = true;
            self->blocks[i][side] = block;
        }
        const unsigned align = 128; /* whole lines */
        self->offset[i] = align * any(&random, 4);
        self->bytes[i] = align * (1 + any(&random, 8));
        const char *kind = left_out ? "kind: streaming, " : kinds[any(&random, 4)];
        if (self->bounced && !strcmp(kind, kinds[2]))
            kind = ""; /* what is allocated is where the device reaches it */
        used += snprintf(
            self->text + used, sizeof self->text - (size_t)used,
            "  - memcpy: {name: c%u, from: ram + %u, to: ram + %u, bytes: %u, repeat: %u, "
            "mapping: {%s%s%s}%s%.*s}\n",
            i, self->blocks[i][0] * BLOCK + self->offset[i],
            self->blocks[i][1] * BLOCK + self->offset[i], self->bytes[i], 1 + any(&random, 3), kind,
            left_out ? left_out : "map: true", left_out ? ": false" : "", i ? ", after: c" : "",
            i ? 1 : 0, i ? &"0123"[i - 1] : "");
    }
}

static void refused(void *context, const struct dmasim_error *error)
{
    struct stage *stage = context;
    if (!stage->refusal[0])
        snprintf(stage->refusal, sizeof stage->refusal, "%d: %s", error->line, error->text);
}

static void build(struct stage *stage, const struct design *design, unsigned flags)
{
    const struct scenario_options options = {.report = refused, .context = stage};
    struct scenario_check check;
    *stage = (struct stage){.scenario = NULL};
    ck_assert_msg(scenario_load_text(design->text, strlen(design->text), "case.yaml", NULL,
                                     &options, &stage->scenario) == DMASIM_OK,
                  "%s\n%s", stage->refusal, design->text);
    scenario_check_start(&check, stage->scenario);
    const int code =
        system_create(&stage->system, scenario_plan(stage->scenario), flags, &check.check);
    scenario_check_end(&check, refused, stage);
    ck_assert_msg(code == DMASIM_OK, "%s\n%s", stage->refusal, design->text);
}

static void leave(struct stage *stage)
{
    system_free(&stage->system);
    scenario_free(stage->scenario);
}

static void finish(struct stage *stage, const struct design *design)
{
    kernel_advance(&stage->system.kernel, BOUND_PS, KERNEL_STOP_QUIET);
    ck_assert_msg(stage->system.kernel.quiet_since != SIM_NEVER, "not over\n%s", design->text);
}

static const struct cpu_mappings *followed(const struct stage *stage)
{
    return cpu_of(&stage->system.plan->components[SECTION_CPUS][0])->mappings;
}

static uint8_t *bytes_of(const struct stage *stage)
{
    return store_bytes(&stage->system.plan->components[SECTION_MEMORIES][0], NULL);
}

static uint64_t faults(const struct stage *stage)
{
    const uint64_t *counts = (const uint64_t *)&followed(stage)->tracker.faults;
    uint64_t sum = followed(stage)->tracker.count; /* what is left */
    for (unsigned i = 0; i < MAPPING_FAULTS; i++)
        sum += counts[i];
    return sum;
}

static void check_end(struct stage *stage, const struct design *design, const uint8_t *wanted,
                      sim_time end)
{
    ck_assert_msg(faults(stage) == 0, "faults in\n%s", design->text);
    ck_assert_msg(memcmp(bytes_of(stage), wanted, MEMORY) == 0, "bytes differ in\n%s",
                  design->text);
    ck_assert_uint_eq(stage->system.kernel.quiet_since, end);
    ck_assert_int_eq(followed(stage)->figures.bounced > 0, design->bounced);
    for (uint32_t i = 0; i < followed(stage)->bounce.slots; i++)
        ck_assert_uint_eq(followed(stage)->bounce.taken[i], 0);
}

START_TEST(calls_map_rightly_in_every_mode)
{
    static uint8_t wanted[MEMORY];
    const char *first = getenv("RANDOM_SEED"), *count = getenv("RANDOM_CASES");
    const unsigned from = first ? (unsigned)atoi(first) : 0;
    const unsigned cases = count ? (unsigned)atoi(count) : CASES;
    for (unsigned seed = from; seed < from + cases; seed++) {
        static struct design made;
        struct stage stage;
        design(&made, seed, NULL);
        build(&stage, &made, 0);
        memcpy(wanted, bytes_of(&stage), MEMORY);
        for (unsigned i = 0; i < COPIES; i++)
            memmove(wanted + made.blocks[i][1] * BLOCK + made.offset[i],
                    wanted + made.blocks[i][0] * BLOCK + made.offset[i], made.bytes[i]);
        finish(&stage, &made);
        const sim_time end = stage.system.kernel.quiet_since;
        check_end(&stage, &made, wanted, end);
        leave(&stage);
        for (unsigned mode = 0; mode < 3; mode++) {
            build(&stage, &made, mode == 0 ? KERNEL_EVERY_CYCLE : mode == 1 ? KERNEL_REVERSED : 0);
            kernel_advance(&stage.system.kernel, end / 4 * (1 + seed % 3), 0);
            struct system_snapshot *snapshot = system_save(&stage.system);
            ck_assert_ptr_nonnull(snapshot);
            finish(&stage, &made);
            ck_assert_int_eq(system_restore(&stage.system, snapshot), DMASIM_OK);
            system_snapshot_free(snapshot);
            finish(&stage, &made);
            check_end(&stage, &made, wanted, end);
            leave(&stage);
        }
    }
}
END_TEST

START_TEST(what_a_call_leaves_out_is_told)
{
    static const char *const left_out[] = {"map", "unmap", "check"};
    for (unsigned seed = 0; seed < 9; seed++) {
        static struct design made;
        struct stage stage;
        design(&made, seed, left_out[seed / 3]);
        build(&stage, &made, 0);
        finish(&stage, &made);
        ck_assert_msg(faults(&stage) > 0, "%s", made.text);
        leave(&stage);
    }
}
END_TEST

/* A number that is right, at an edge, or nonsense. */
static const char *odd(struct random *random)
{
    static const char *const values[] = {
        "0",    "1",          "2",     "3",      "64",         "63",   "4096", "65536",  "-22",
        "1000", "0x20000000", "2 KiB", "64 KiB", "0x20007fff", "true", "ram",  "1 << 3", "1e9"};
    return values[any(random, sizeof values / sizeof values[0])];
}

START_TEST(parameters_are_refused_with_a_place_or_the_run_ends)
{
    static const char *const keys[] = {"line_bytes",  "entries",     "map_cycles", "unmap_cycles",
                                       "sync_cycles", "line_cycles", "watch",      "merge"};
    static struct design made;
    struct random random = random_seeded(5);
    unsigned built = 0, refusals = 0;
    for (unsigned i = 0; i < 600; i++) {
        struct stage stage = {.scenario = NULL};
        const struct scenario_options options = {.report = refused, .context = &stage};
        int used =
            snprintf(made.text, sizeof made.text, "%scpus: {cpu: {bus: bus, mappings: {%s: %s",
                     platforms[0].text, keys[any(&random, 8)], odd(&random));
        if (any(&random, 2))
            used += snprintf(made.text + used, sizeof made.text - (size_t)used,
                             ", bounce: {base: %s, bytes: %s}",
                             any(&random, 2) ? "low" : odd(&random), odd(&random));
        if (any(&random, 2))
            used += snprintf(made.text + used, sizeof made.text - (size_t)used,
                             ", devices: [{controller: dma, mask_bits: %s, boundary: %s}]",
                             any(&random, 2) ? "29" : odd(&random),
                             any(&random, 2) ? "4096" : odd(&random));
        if (any(&random, 3) == 0)
            used += snprintf(made.text + used, sizeof made.text - (size_t)used,
                             ", areas: [{kind: text, base: %s, bytes: %s}]",
                             any(&random, 2) ? "ram" : odd(&random), odd(&random));
        snprintf(made.text + used, sizeof made.text - (size_t)used,
                 "}}}\nwork:\n  - memcpy: {from: ram, to: ram + 4 KiB, bytes: 256, repeat: 2}\n");
        if (scenario_load_text(made.text, strlen(made.text), "case.yaml", NULL, &options,
                               &stage.scenario) != DMASIM_OK) {
            ck_assert_msg(stage.refusal[0] > '0' && stage.refusal[0] <= '9', "%s: %s",
                          stage.refusal, made.text);
            refusals++;
            continue;
        }
        scenario_free(stage.scenario);
        build(&stage, &made, 0);
        finish(&stage, &made);
        leave(&stage);
        built++;
    }
    ck_assert_uint_gt(built, 60);
    ck_assert_uint_gt(refusals, 60);
}
END_TEST

TEST_MAIN("calls that map", calls_map_rightly_in_every_mode, what_a_call_leaves_out_is_told,
          parameters_are_refused_with_a_place_or_the_run_ends)
