/* SPDX-License-Identifier: BSD-2-Clause */
/* dmasim_run() and dmasim_outcome(): where a run ends, why, and that its pieces do not matter. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dmasim/dmasim.h"
#include "kernel/random.h"
#include "suite.h"

#include <check.h>

#define PS_PER_CYCLE 10000

static const char copy[] =
    "clocks: { hclk: { frequency: 100 MHz } }\n"
    "buses: { ahb0: { clock: hclk } }\n"
    "cpus: { cpu: { bus: ahb0 } }\n"
    "controllers: { dma: { bus: ahb0, base: 0x4000_0000, interrupt: cpu } }\n"
    "memories:\n"
    "  sram: { bus: ahb0, base: 0x2000_0000, size: 16 KiB, fill: { pattern: count } }\n"
    "work:\n"
    "  - memcpy: { from: sram, to: sram + 0x1000, bytes: 256, at: 1 us }\n";

/* A program waits for an interrupt that never comes. */
static const char dead[] =
    "clocks: { hclk: { frequency: 100 MHz } }\n"
    "buses: { ahb0: { clock: hclk } }\n"
    "cpus: { cpu: { bus: ahb0 } }\n"
    "controllers: { dma: { bus: ahb0, base: 0x4000_0000, interrupt: cpu } }\n"
    "memories: { sram: { bus: ahb0, base: 0x2000_0000, size: 16 KiB } }\n"
    "work: [{ program: { cpu: cpu, steps: [{ op: wait_interrupt, to: dma }] } }]\n";

/* The same beside a memory that is refreshed for ever. */
static const char refreshed[] =
    "clocks: { aclk: { frequency: 100 MHz } }\n"
    "buses: { axi: { type: axi, clock: aclk } }\n"
    "cpus: { cpu: { bus: axi } }\n"
    "controllers: { dma: { type: 'adi,axi-dmac', bus: axi, base: 0x4000_0000, source_bus: axi, "
    "destination_bus: axi, interrupt: cpu } }\n"
    "memories: { dram: { type: dram, bus: axi, base: 0x2000_0000, size: 16 KiB } }\n"
    "work: [{ program: { cpu: cpu, steps: [{ op: read, to: dram }, { op: wait_interrupt, to: dma "
    "}] } }]\n";

static struct dmasim *create(const char *text, const struct dmasim_options *options)
{
    struct dmasim_error error;
    struct dmasim *sim = dmasim_create_text(text, strlen(text), "test", NULL, options, &error);
    ck_assert_msg(sim != NULL, "%d:%d: %s", error.line, error.column, error.text);
    return sim;
}

static struct dmasim_result outcome(const struct dmasim *sim)
{
    struct dmasim_result result;
    ck_assert_int_eq(dmasim_outcome(sim, &result), DMASIM_OK);
    return result;
}

static enum dmasim_why run(struct dmasim *sim, uint64_t until)
{
    enum dmasim_why why;
    ck_assert_int_eq(dmasim_run(sim, until, &why), DMASIM_OK);
    return why;
}

START_TEST(a_run_ends_eight_cycles_after_its_work)
{
    struct dmasim *sim = create(copy, NULL);
    ck_assert_int_eq(outcome(sim).outcome, DMASIM_RUNNING);
    ck_assert_uint_eq(outcome(sim).end_ps, DMASIM_NEVER);
    ck_assert_int_eq(run(sim, 1000), DMASIM_WHY_TIME);
    ck_assert_uint_eq(dmasim_now(sim), 1000);
    while (!dmasim_finished(sim))
        dmasim_advance(sim, dmasim_next(sim));
    const uint64_t done = dmasim_now(sim), end = done + 8 * PS_PER_CYCLE;
    ck_assert_int_eq(run(sim, end - 1), DMASIM_WHY_TIME);
    ck_assert_int_eq(outcome(sim).outcome, DMASIM_RUNNING);
    ck_assert_int_eq(run(sim, DMASIM_NEVER), DMASIM_WHY_FINISHED);
    ck_assert_uint_eq(dmasim_now(sim), end);
    ck_assert_int_eq(outcome(sim).outcome, DMASIM_DONE);
    ck_assert_uint_eq(outcome(sim).end_ps, end);
    /* It goes on after that, and stays what it was. */
    ck_assert_int_eq(run(sim, end + 5), DMASIM_WHY_TIME);
    ck_assert_uint_eq(dmasim_now(sim), end + 5);
    ck_assert_int_eq(outcome(sim).outcome, DMASIM_DONE);
    ck_assert_uint_eq(outcome(sim).end_ps, end);
    ck_assert_int_eq(dmasim_run(sim, end, NULL), DMASIM_PAST);
    dmasim_destroy(sim);
}
END_TEST

/* A time that has passed and a delay of nothing ask for nothing. */
START_TEST(a_program_ends_after_a_last_step_that_asks_for_nothing)
{
    static const char *const last[] = {"{ op: at, time: 10 ns }", "{ op: delay, time: 0 }"};
    for (size_t i = 0; i < 2 * sizeof last / sizeof last[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "clocks: { hclk: { frequency: 100 MHz } }\n"
                 "buses: { ahb0: { clock: hclk } }\n"
                 "cpus: { cpu: { bus: ahb0 } }\n"
                 "memories: { m: { bus: ahb0, base: 0, size: 16 KiB } }\n"
                 "work: [{ program: { repeat: 3, steps: [%s %s] } }]\n",
                 i % 2 ? "" : "{ op: write, to: m, value: 1 },", last[i / 2]);
        struct dmasim *sim = create(text, NULL);
        ck_assert_int_eq(run(sim, DMASIM_NEVER), DMASIM_WHY_FINISHED);
        ck_assert_int_eq(outcome(sim).outcome, DMASIM_DONE);
        dmasim_destroy(sim);
    }
}
END_TEST

START_TEST(the_stop_time_ends_it_before)
{
    for (int own = 0; own < 2; own++) {
        static const char *const overrides[] = {"stop=2 us"};
        const struct dmasim_options options = {
            .overrides = overrides, .override_count = own ? 1 : 0, .stop_ps = own ? 0 : 2000000};
        struct dmasim *sim = create(copy, &options);
        ck_assert_int_eq(run(sim, 1999999), DMASIM_WHY_TIME);
        ck_assert_int_eq(outcome(sim).outcome, DMASIM_RUNNING);
        ck_assert_int_eq(run(sim, DMASIM_NEVER), DMASIM_WHY_TIME);
        ck_assert_uint_eq(dmasim_now(sim), 2000000);
        ck_assert_int_eq(outcome(sim).outcome, DMASIM_TIME_OVER);
        ck_assert_uint_eq(outcome(sim).end_ps, 2000000);
        dmasim_destroy(sim);
    }
}
END_TEST

/* A channel holds the bus while it waits for a device that the CPU has yet to enable over that bus. */
static const char locked[] =
    "clocks: { clk: { frequency: 100 MHz } }\n"
    "buses: { ahb: { clock: clk } }\n"
    "cpus: { cpu: { bus: ahb, descriptors: { base: m + 32 KiB, bytes: 4 KiB } } }\n"
    "controllers: { dma: { bus: ahb, base: 0x4000_0000, interrupt: cpu } }\n"
    "memories: { m: { bus: ahb, base: 0, size: 64 KiB } }\n"
    "peripherals: { tx: { type: fifo, bus: ahb, base: 0x5000_0000, direction: mem_to_dev, "
    "controller: "
    "dma, line: 0 } }\n"
    "work: [{ slave_sg: { mode: demand, dw: { lock: transfer }, peripheral: tx, segments: [{ "
    "address: "
    "m, bytes: 64 }] } }]\n";

START_TEST(a_deadlock_is_where_nothing_was_asked_for_any_more)
{
    static const char *const texts[] = {dead, locked, refreshed};
    uint64_t ends[4];
    for (int i = 0; i < 4; i++) {
        const struct dmasim_options options = {.every_cycle = i & 1};
        struct dmasim *sim = create(texts[_i], &options);
        if (i & 2) { /* in pieces */
            uint64_t until = 0;
            while (run(sim, until) == DMASIM_WHY_TIME)
                until += 7001;
        } else {
            ck_assert_int_eq(run(sim, DMASIM_NEVER), DMASIM_WHY_DEADLOCK);
        }
        ck_assert_int_eq(outcome(sim).outcome, DMASIM_DEADLOCKED);
        ends[i] = dmasim_now(sim);
        ck_assert_uint_eq(outcome(sim).end_ps, ends[i]);
        ck_assert_uint_ge(ends[i], 8 * PS_PER_CYCLE);
        ck_assert_uint_lt(ends[i], (_i ? 1000 : 100) * PS_PER_CYCLE);
        dmasim_destroy(sim);
    }
    for (int i = 1; i < 4; i++)
        ck_assert_uint_eq(ends[i], ends[0]);
}
END_TEST

/* Whoever stands outside can bring it back to life. */
START_TEST(a_deadlock_is_over_when_somebody_outside_ends_it)
{
    struct dmasim *sim = create(dead, NULL);
    ck_assert_int_eq(run(sim, DMASIM_NEVER), DMASIM_WHY_DEADLOCK);
    /* A block of one word on channel 0, whose end interrupts. */
    static const struct {
        uint32_t offset, value;
    } writes[] = {{0x398, 1}, {0x000, 0x20000000}, {0x008, 0x20001000}, {0x018, 0x00000025},
                  {0x01c, 1}, {0x310, 0x101},      {0x3a0, 0x101}};
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) {
        struct dmasim_access access = {.address = 0x40000000 + writes[i].offset,
                                       .size_bytes = 4,
                                       .write = true,
                                       .value = writes[i].value};
        ck_assert_int_eq(dmasim_access(sim, dmasim_now(sim), &access), DMASIM_OK);
    }
    ck_assert_int_eq(run(sim, DMASIM_NEVER), DMASIM_WHY_FINISHED);
    ck_assert_int_eq(outcome(sim).outcome, DMASIM_DONE);
    dmasim_destroy(sim);
}
END_TEST

START_TEST(without_work_there_is_no_end_but_the_stop_time)
{
    static const char idle[] = "clocks: { hclk: { frequency: 100 MHz } }\n"
                               "buses: { ahb0: { clock: hclk } }\n"
                               "controllers: { dma: { bus: ahb0, base: 0x4000_0000 } }\n"
                               "stop: 1 ms\n";
    const struct dmasim_options never = {.stop_ps = DMASIM_NEVER};
    struct dmasim *sim = create(idle, &never);
    ck_assert_int_eq(run(sim, 5000000000), DMASIM_WHY_TIME);
    ck_assert_uint_eq(dmasim_now(sim), 5000000000);
    ck_assert_int_eq(run(sim, DMASIM_NEVER), DMASIM_WHY_TIME);
    ck_assert_int_eq(outcome(sim).outcome, DMASIM_RUNNING);
    dmasim_destroy(sim);
    sim = create(idle, NULL);
    ck_assert_int_eq(run(sim, 5000000000), DMASIM_WHY_TIME);
    ck_assert_uint_eq(dmasim_now(sim), 1000000000);
    ck_assert_int_eq(outcome(sim).outcome, DMASIM_DONE);
    ck_assert_int_eq(run(sim, 5000000000), DMASIM_WHY_TIME);
    ck_assert_uint_eq(dmasim_now(sim), 5000000000);
    dmasim_destroy(sim);
}
END_TEST

START_TEST(work_that_failed_and_data_that_were_lost_are_told)
{
    static const char failing[] =
        "clocks: { hclk: { frequency: 100 MHz } }\n"
        "buses: { ahb0: { clock: hclk } }\n"
        "cpus: { cpu: { bus: ahb0 } }\n"
        "memories: { sram: { bus: ahb0, base: 0x2000_0000, size: 16 KiB } }\n"
        "work: [{ program: { cpu: cpu, steps: [{ op: expect, to: sram, value: \"1\" }] } }]\n";
    struct dmasim *sim = create(failing, NULL);
    ck_assert_int_eq(run(sim, DMASIM_NEVER), DMASIM_WHY_FINISHED);
    ck_assert_int_eq(outcome(sim).outcome, DMASIM_FAILED);
    ck_assert_uint_eq(outcome(sim).failed, 1);
    ck_assert_uint_eq(outcome(sim).failed_programs, 1);
    dmasim_destroy(sim);
    sim = dmasim_create(SOURCE_DIR "/configs/axi-dmac-sdr.yaml", NULL, NULL);
    ck_assert_int_eq(run(sim, DMASIM_NEVER), DMASIM_WHY_FINISHED);
    ck_assert_uint_gt(outcome(sim).lost_items, 0);
    ck_assert_int_eq(outcome(sim).outcome, DMASIM_LOST_DATA);
    dmasim_destroy(sim);
}
END_TEST

/* Every scenario that ships, run whole and in pieces of random length, by run and by advance. */
START_TEST(pieces_do_not_matter)
{
    DIR *folder = opendir(SOURCE_DIR "/configs");
    ck_assert_ptr_nonnull(folder);
    struct random random = random_seeded(1);
    for (const struct dirent *entry; (entry = readdir(folder));) {
        char path[4096];
        if (!strstr(entry->d_name, ".yaml"))
            continue;
        snprintf(path, sizeof path, "%s/configs/%s", SOURCE_DIR, entry->d_name);
        struct dmasim_result whole = {.end_ps = 0};
        enum dmasim_why last = DMASIM_WHY_TIME;
        for (int round = 0; round < 3; round++) {
            struct dmasim *sim = dmasim_create(path, NULL, NULL);
            ck_assert_ptr_nonnull(sim);
            enum dmasim_why why = DMASIM_WHY_TIME;
            if (round == 0)
                why = run(sim, DMASIM_NEVER);
            while (why == DMASIM_WHY_TIME && outcome(sim).outcome == DMASIM_RUNNING) {
                const uint64_t piece = 1 + random_next(&random) % (1 + whole.end_ps / 50);
                if (random_next(&random) % 4 == 0 && dmasim_now(sim) + piece < whole.end_ps)
                    ck_assert_int_eq(dmasim_advance(sim, dmasim_now(sim) + piece), DMASIM_OK);
                else
                    why = run(sim, dmasim_now(sim) + piece);
            }
            const struct dmasim_result result = outcome(sim);
            if (round == 0) {
                whole = result;
                last = why;
            }
            ck_assert_int_eq(why, last);
            ck_assert_uint_eq(dmasim_now(sim), whole.end_ps);
            ck_assert_int_eq(result.outcome, whole.outcome);
            ck_assert_uint_eq(result.end_ps, whole.end_ps);
            ck_assert_uint_eq(result.failed, whole.failed);
            ck_assert_uint_eq(result.lost_items, whole.lost_items);
            dmasim_destroy(sim);
        }
    }
    closedir(folder);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("run");
    TCase *tests = tcase_create("run");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, a_run_ends_eight_cycles_after_its_work);
    tcase_add_test(tests, a_program_ends_after_a_last_step_that_asks_for_nothing);
    tcase_add_test(tests, the_stop_time_ends_it_before);
    tcase_add_loop_test(tests, a_deadlock_is_where_nothing_was_asked_for_any_more, 0, 3);
    tcase_add_test(tests, a_deadlock_is_over_when_somebody_outside_ends_it);
    tcase_add_test(tests, without_work_there_is_no_end_but_the_stop_time);
    tcase_add_test(tests, work_that_failed_and_data_that_were_lost_are_told);
    tcase_add_test(tests, pieces_do_not_matter);
    return suite_run(suite);
}
