/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenarios of many entries: reading, building and running one costs in proportion to what it has, however its entries
 * wait for each other. Four times as many entries are four times the work; a square would be sixteen times.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dmasim/dmasim.h"
#include "suite.h"

#include <check.h>

enum { FEW = 4000, TIMES = 4, BYTES = 200 };

static const char head[] =
    "stop: 1000 s\n"
    "clocks: { clk: { frequency: 100 MHz } }\n"
    "buses: { a: { clock: clk } }\n"
    "cpus: { cpu: { bus: a, descriptors: { base: m + 1 MiB, bytes: 8 MiB } } }\n"
    "controllers: { dma: { type: \"snps,dw-dmac\", bus: a, base: 0x4000_0000, interrupt: cpu } }\n"
    "memories: { m: { bus: a, base: 0, size: 16 MiB } }\n"
    "work:\n";

/* The order in which entries come: one after the other, all at once, at a time each. */
enum order { FREE, CHAIN, REVERSED, TIMED, PROGRAMS, WAITING, ORDERS };

static int put_entry(char *at, enum order order, unsigned i, unsigned count)
{
    char more[80] = "";
    if (order == PROGRAMS || order == WAITING)
        return snprintf(at, BYTES,
                        "  - program: { steps: [{ op: write, to: m + %u, value: 1 }%s] }\n",
                        4 * (i % 1000), order == WAITING ? ", { op: at, time: 100 us }" : "");
    if (order == CHAIN && i > 0)
        snprintf(more, sizeof more, ", after: w%u", i - 1);
    if (order == REVERSED && i + 1 < count)
        snprintf(more, sizeof more, ", after: w%u", i + 1);
    if (order == TIMED)
        snprintf(more, sizeof more, ", at: %u us", (i * 7919u) % count);
    return snprintf(at, BYTES,
                    "  - memcpy: { name: w%u, channel: %u, from: m, to: m + 1 KiB, bytes: 16%s }\n",
                    i, i % 4, more);
}

/* CPU seconds of `count` entries. */
static double cost(enum order order, unsigned count, bool run)
{
    char *text = malloc(sizeof head + (size_t)count * BYTES);
    ck_assert_ptr_nonnull(text);
    size_t length = (size_t)sprintf(text, "%s", head);
    for (unsigned i = 0; i < count; i++)
        length += (size_t)put_entry(text + length, order, i, count);
    const clock_t start = clock();
    const struct dmasim_options options = {.check_only = !run};
    struct dmasim_error error;
    struct dmasim *sim = dmasim_create_text(text, length, "many", NULL, &options, &error);
    ck_assert_msg(sim != NULL, "%d:%d: %s", error.line, error.column, error.text);
    if (run) {
        struct dmasim_result result;
        ck_assert_int_eq(dmasim_run(sim, DMASIM_NEVER, NULL), DMASIM_OK);
        ck_assert_int_eq(dmasim_outcome(sim, &result), DMASIM_OK);
        ck_assert_int_eq(result.outcome, DMASIM_DONE);
    }
    dmasim_destroy(sim);
    free(text);
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

START_TEST(four_times_as_many_entries_are_four_times_the_work)
{
    const enum order order = (enum order)(_i / 2);
    const bool run = _i % 2;
    double ratio = 0;
    for (int tries = 0; tries < 3; tries++) { /* another may have had the machine */
        const double few = cost(order, FEW, run), many = cost(order, TIMES * FEW, run);
        ratio = many / few;
        if (ratio < 2 * TIMES)
            break;
    }
    ck_assert_msg(ratio < 2 * TIMES, "order %d, %s: %.1f times", (int)order, run ? "run" : "check",
                  ratio);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("many entries");
    TCase *tests = tcase_create("many");
    tcase_set_timeout(tests, 120);
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, four_times_as_many_entries_are_four_times_the_work, 0, 2 * ORDERS);
    return suite_run(suite);
}
