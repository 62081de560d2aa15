/* SPDX-License-Identifier: BSD-2-Clause */
/* Plans: read once, built many times, changed without reading again, shared by threads. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dmasim/dmasim.h"
#include "suite.h"

#include <check.h>

static const char copy[] =
    "clocks: { hclk: { frequency: 100 MHz } }\n"
    "buses: { ahb0: { clock: hclk } }\n"
    "cpus: { cpu: { bus: ahb0 } }\n"
    "controllers: { dma: { bus: ahb0, base: 0x4000_0000, interrupt: cpu } }\n"
    "memories:\n"
    "  sram: { bus: ahb0, base: 0x2000_0000, size: 4 KiB, fill: { pattern: count } }\n"
    "work:\n"
    "  - memcpy: { from: sram, to: sram + 0x800, bytes: 64 }\n";

static struct dmasim_plan *read_plan(const char *text)
{
    struct dmasim_error error;
    struct dmasim_plan *plan =
        dmasim_plan_text(text, strlen(text), "copy.yaml", NULL, NULL, &error);
    ck_assert_msg(plan != NULL, "%d:%d: %s", error.line, error.column, error.text);
    return plan;
}

static bool put_stream(void *context, const char *text, size_t length)
{
    return fwrite(text, 1, length, context) == length;
}

static struct dmasim_plan *with(const struct dmasim_plan *plan, const char *text,
                                struct dmasim_error *error)
{
    const struct dmasim_options options = {.overrides = &text, .override_count = 1};
    return dmasim_plan_override(plan, &options, error);
}

/* Time at which a simulation of the plan ends; it is done then. */
static uint64_t end_of(const struct dmasim_plan *plan, const struct dmasim_options *options)
{
    struct dmasim_result result;
    struct dmasim *sim = dmasim_create_from(plan, options, NULL);
    ck_assert_ptr_nonnull(sim);
    dmasim_run(sim, DMASIM_NEVER, NULL);
    ck_assert_int_eq(dmasim_outcome(sim, &result), DMASIM_OK);
    ck_assert_int_eq(result.outcome, DMASIM_DONE);
    ck_assert_uint_eq(result.end_ps, dmasim_now(sim));
    dmasim_destroy(sim);
    return result.end_ps;
}

START_TEST(a_plan_is_built_many_times_and_may_go_first)
{
    struct dmasim_plan *plan = read_plan(copy);
    const uint64_t end = end_of(plan, NULL);
    struct dmasim *sims[3];
    for (int i = 0; i < 3; i++)
        sims[i] = dmasim_create_from(plan, NULL, NULL);
    dmasim_plan_free(plan);
    for (int i = 0; i < 3; i++) {
        for (uint64_t until = 0; until < end; until += 1000 * (unsigned)(i + 1))
            ck_assert_int_eq(dmasim_advance(sims[i], until), DMASIM_OK);
        ck_assert_int_eq(dmasim_run(sims[i], DMASIM_NEVER, NULL), DMASIM_OK);
        ck_assert_uint_eq(dmasim_now(sims[i]), end);
        dmasim_destroy(sims[i]);
    }
}
END_TEST

START_TEST(overrides_go_over_the_kept_tree)
{
    struct dmasim_plan *plan = read_plan(copy), *read;
    struct dmasim_plan *slow = with(plan, "memories.sram.read_first=3", NULL);
    struct dmasim_plan *both = with(slow, "work.0.bytes=128", NULL);
    static const char *const texts[] = {"memories.sram.read_first=3", "work.0.bytes=128"};
    struct dmasim_options options = {.overrides = texts, .override_count = 2};
    const uint64_t end = end_of(plan, NULL);
    dmasim_plan_free(plan); /* `slow` and `both` keep what they need of it */
    read = dmasim_plan_text(copy, strlen(copy), "copy.yaml", NULL, &options, NULL);
    ck_assert_uint_gt(end_of(slow, NULL), end);
    ck_assert_uint_gt(end_of(both, NULL), end_of(slow, NULL));
    ck_assert_uint_eq(end_of(both, NULL), end_of(read, NULL));
    /* Options of building take overrides too; that of the same key is the last. */
    const char *fast = "memories.sram.read_first=0";
    options = (struct dmasim_options){.overrides = &fast, .override_count = 1};
    ck_assert_uint_eq(end_of(slow, &options), end);
    ck_assert_uint_gt(end_of(slow, NULL), end);
    dmasim_plan_free(slow);
    dmasim_plan_free(both);
    dmasim_plan_free(read);
}
END_TEST

START_TEST(errors_in_overrides_have_their_number)
{
    struct dmasim_error error;
    struct dmasim_plan *plan = read_plan(copy);
    struct dmasim_plan *good = with(plan, "memories.sram.read_first=1", &error);
    ck_assert_ptr_null(with(good, "memories.sram.read_first=many", &error));
    ck_assert_int_eq(error.code, DMASIM_INVALID);
    ck_assert_str_eq(error.file, "--set");
    ck_assert_int_eq(error.line, 2);
    ck_assert_int_eq(error.column, 26);
    /* What building finds, in this plan and in the one beneath. */
    struct dmasim_plan *bad = with(good, "buses.ahb0.arbiter.default_master=nobody", &error);
    ck_assert_ptr_nonnull(bad);
    for (int i = 0; i < 2; i++) {
        ck_assert_ptr_null(dmasim_create_from(bad, NULL, &error));
        ck_assert_str_eq(error.file, "--set");
        ck_assert_int_eq(error.line, 2);
        ck_assert_int_eq(error.column, 35);
    }
    ck_assert_uint_gt(end_of(good, NULL), 0);
    dmasim_plan_free(bad);
    dmasim_plan_free(good);
    dmasim_plan_free(plan);
}
END_TEST

/* Neither the scenario nor what it loads is read again. */
START_TEST(files_are_read_once)
{
    char folder[] = "/tmp/dmasim-plan-XXXXXX", path[64], data[64];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/copy.yaml", folder);
    snprintf(data, sizeof data, "%s/data.bin", folder);
    FILE *file = fopen(path, "w");
    fputs("clocks: { hclk: { frequency: 100 MHz } }\n"
          "buses: { ahb0: { clock: hclk } }\n"
          "memories: { sram: { bus: ahb0, base: 0x2000_0000, size: 4 KiB, load: [{ file: data.bin "
          "}] } }\n",
          file);
    fclose(file);
    file = fopen(data, "w");
    fputs("abcd", file);
    fclose(file);
    struct dmasim_error error;
    struct dmasim_plan *plan = dmasim_plan_read(path, NULL, &error);
    ck_assert_msg(plan != NULL, "%s", error.text);
    unlink(path);
    unlink(data);
    rmdir(folder);
    struct dmasim_plan *moved = with(plan, "memories.sram.base=0x1000", &error);
    ck_assert_msg(moved != NULL, "%s", error.text);
    dmasim_plan_free(plan);
    struct dmasim *sim = dmasim_create_from(moved, NULL, NULL);
    struct dmasim_access access = {.address = 0x1000, .size_bytes = 4};
    ck_assert_int_eq(dmasim_access(sim, 0, &access), DMASIM_OK);
    ck_assert_uint_eq(access.value, 0x64636261);
    dmasim_destroy(sim);
    ck_assert_ptr_null(with(moved, "memories.sram.load=[{file: other.bin}]", &error));
    dmasim_plan_free(moved);
}
END_TEST

/* ---- threads --------------------------------------------------------------------------------- */

struct job {
    pthread_t thread;
    const struct dmasim_plan *plan;
    unsigned rounds, seed;
    uint64_t ends[2]; /* without and with an override */
    unsigned wrong;
};

static void *work(void *argument)
{
    struct job *self = argument;
    const char *text = "work.0.bytes=128";
    const char *bad = "buses.ahb0.arbiter.default_master=nobody";
    for (unsigned i = self->seed; i < self->seed + self->rounds; i++) {
        struct dmasim_options options = {.overrides = &text, .override_count = i % 16 == 0};
        struct dmasim_error error;
        struct dmasim *sim = dmasim_create_from(self->plan, &options, NULL);
        self->wrong += !sim || dmasim_run(sim, DMASIM_NEVER, NULL) != DMASIM_OK ||
                       dmasim_now(sim) != self->ends[options.override_count];
        dmasim_destroy(sim);
        if (i % 64 != 0)
            continue;
        options = (struct dmasim_options){.overrides = &bad, .override_count = 1};
        self->wrong +=
            dmasim_create_from(self->plan, &options, &error) != NULL || error.column != 35;
    }
    return NULL;
}

/* Ten thousand each, of one plan. scripts/check runs it under ThreadSanitizer too. */
START_TEST(two_threads_build_from_one_plan)
{
    struct dmasim_plan *plan = read_plan(copy), *longer = with(plan, "work.0.bytes=128", NULL);
    struct job jobs[2];
    for (unsigned i = 0; i < 2; i++) {
        jobs[i] = (struct job){.plan = plan, .rounds = 10000, .seed = i * 7};
        jobs[i].ends[0] = end_of(plan, NULL);
        jobs[i].ends[1] = end_of(longer, NULL);
    }
    dmasim_plan_free(longer);
    for (unsigned i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&jobs[i].thread, NULL, work, &jobs[i]), 0);
    for (unsigned i = 0; i < 2; i++) {
        pthread_join(jobs[i].thread, NULL);
        ck_assert_uint_eq(jobs[i].wrong, 0);
    }
    dmasim_plan_free(plan);
}
END_TEST

/* The scenario with every value in it; the caller's. */
static char *resolved(const char *entry, const char *override)
{
    char text[1000];
    snprintf(text, sizeof text, "%.*s  - memcpy: { from: sram, to: sram + 0x800, bytes: 64%s }\n",
             (int)(strstr(copy, "  - memcpy") - copy), copy, entry);
    const struct dmasim_options options = {.overrides = &override,
                                           .override_count = override ? 1 : 0};
    struct dmasim *sim = dmasim_create_text(text, strlen(text), "copy.yaml", NULL, &options, NULL);
    ck_assert_msg(sim != NULL, "%s", text);
    char *result = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&result, &length);
    ck_assert_int_eq(dmasim_write_resolved(sim, NULL, put_stream, stream), DMASIM_OK);
    fclose(stream);
    dmasim_destroy(sim);
    return result;
}

START_TEST(a_drivers_key_may_stand_without_its_group)
{
    static const char *const same[][2] = {
        {", lock: block, priority: 3", NULL},
        {", lock: block, dw: { priority: 3 }", NULL},
        {", dw: { priority: 3 }", "work.0.lock=block"},
        {", dw: { lock: block }", "work.0.priority=3"},
    };
    char *whole = resolved(", dw: { lock: block, priority: 3 }", NULL);
    ck_assert_ptr_nonnull(strstr(whole, "lock: block"));
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        char *other = resolved(same[i][0], same[i][1]);
        ck_assert_str_eq(other, whole);
        free(other);
    }
    free(whole);
    struct dmasim_error error;
    struct dmasim_plan *plan = read_plan(copy);
    ck_assert_ptr_null(with(plan,
                            "work.0={memcpy: {from: sram, to: sram, bytes: 4, lock: block, "
                            "dw: {lock: none}}}",
                            &error));
    ck_assert_str_eq(error.text, "\"lock\" stands in \"dw\" as well");
    dmasim_plan_free(plan);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan");
    TCase *tests = tcase_create("plan");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_plan_is_built_many_times_and_may_go_first);
    tcase_add_test(tests, overrides_go_over_the_kept_tree);
    tcase_add_test(tests, errors_in_overrides_have_their_number);
    tcase_add_test(tests, files_are_read_once);
    tcase_add_test(tests, two_threads_build_from_one_plan);
    tcase_add_test(tests, a_drivers_key_may_stand_without_its_group);
    return suite_run(suite);
}
