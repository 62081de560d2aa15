/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What units count, at random moments: the same whether cycles are skipped or stepped, in either order of stepping, and
 * what an observer of every record counts (observed_figures.h).
 *
 *   RANDOM_SEED=N    first seed, instead of 0
 *   RANDOM_CASES=N   how many
 */
#include "metrics.h"

#include "axi_systems.h"
#include "observed_figures.h"
#include "random_system.h"
#include "scenario/scenario.h"
#include "suite.h"

enum { TEXT_MAX = 1 << 16, MOMENTS = 24, WAYS = 3, OVERRIDE = AXI_OVERRIDE };
#ifdef NDEBUG
enum { CASES = 60 };
#else
enum { CASES = 12 };
#endif

struct one {
    struct scenario *scenario;
    struct system system;
    struct observed *observed; /* null: nobody observes it */
    char text[TEXT_MAX];       /* of all its figures */
};

static void ignored(void *context, const struct dmasim_error *error)
{
    (void)context;
    (void)error;
}

static bool open_one(struct one *self, const char *text, const char *const *overrides, size_t count,
                     unsigned flags, bool observed)
{
    const struct scenario_options options = {
        .report = ignored, .overrides = overrides, .override_count = count};
    self->observed = NULL;
    if (scenario_load_text(text, strlen(text), "metrics.yaml", NULL, &options, &self->scenario) !=
        DMASIM_OK)
        return false;
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
    if (observed)
        self->observed = observed_open(&self->system);
    return true;
}

static void close_one(struct one *self)
{
    system_free(&self->system);
    scenario_free(self->scenario);
    free(self->observed);
}

/* ---- comparing ------------------------------------------------------------------------------- */

/* Looked for by its name, it is the same; a name that is none is not found. */
static void find(const struct one *self, const struct metric *metric, const char *name)
{
    struct metric_walk walk;
    struct metric found;
    char other[OBSERVED_NAME + 4];
    ck_assert_msg(metric_find(&self->system, self->system.kernel.now, name, &walk, &found),
                  "%s is not found", name);
    ck_assert_ptr_eq(found.counter, metric->counter);
    ck_assert_uint_eq(found.value, metric->value);
    ck_assert_uint_eq(found.over, metric->over);
    snprintf(other, sizeof other, "%s.x", name);
    ck_assert(!metric_find(&self->system, self->system.kernel.now, other, &walk, &found));
    other[strlen(name) - 1] = '\0';
    ck_assert(!metric_find(&self->system, self->system.kernel.now, other, &walk, &found));
    snprintf(other, sizeof other, "x%s", name);
    ck_assert(!metric_find(&self->system, self->system.kernel.now, other, &walk, &found));
    ck_assert(!metric_find(&self->system, self->system.kernel.now, "", &walk, &found));
}

static void write_figures(struct one *self, const struct metric_mark *from)
{
    struct metric_walk walk = {.now = self->system.kernel.now, .from = from};
    struct metric metric;
    size_t used = 0;
    while (metric_next(&self->system, &walk, &metric)) {
        char name[OBSERVED_NAME];
        ck_assert_uint_lt(metric_name(&metric, name, sizeof name), sizeof name);
        if (!from && used % 7 == 0) /* some of them */
            find(self, &metric, name);
        const int length =
            snprintf(self->text + used, TEXT_MAX - used, "%s %ju * %ju / %ju\n", name,
                     (uintmax_t)metric.value, (uintmax_t)metric.scale, (uintmax_t)metric.over);
        used += (size_t)length;
        ck_assert_uint_lt(used, TEXT_MAX);
    }
}

/* All figures that are no ratios are there, and no others. */
static void check_observed(struct one *self, const char *text)
{
    struct metric_walk walk = {.now = self->system.kernel.now};
    struct metric metric;
    unsigned count = 0;
    observed_tell(self->observed, walk.now);
    while (metric_next(&self->system, &walk, &metric)) {
        char name[OBSERVED_NAME];
        uint64_t value;
        if (metric.counter->scale)
            continue;
        metric_name(&metric, name, sizeof name);
        if (strcmp(metric.counter->name, "min_level") == 0)
            continue; /* no record tells whether more is to come: test_fifo_device has it by hand */
        ck_assert_msg(observed_find(self->observed, name, &value), "%s is new\n%s", name, text);
        ck_assert_msg(value == metric.value, "%s is %ju at %ju, but %ju were observed\n%s", name,
                      (uintmax_t)metric.value, (uintmax_t)walk.now, (uintmax_t)value, text);
        count++;
    }
    ck_assert_uint_eq(count, self->observed->figure_count);
}

static const char *first_difference(const char *a, const char *b)
{
    static _Thread_local char line[160];
    while (*a && *a == *b) {
        a++;
        b++;
    }
    snprintf(line, sizeof line, "'%.60s' for '%.60s'", a, b);
    return line;
}

/* Skipping, reversed, and every cycle with an observer. False if the scenario is refused. Adds the cycles that passed
 * as repeats. */
static bool compare(const char *text, const char *const *overrides, size_t count,
                    sim_time length_ps, struct random *random, sim_cycle *repeated)
{
    static const unsigned flags[WAYS] = {0, KERNEL_REVERSED, KERNEL_EVERY_CYCLE};
    struct one *ways = calloc(WAYS, sizeof *ways);
    ck_assert_ptr_nonnull(ways);
    for (unsigned i = 0; i < WAYS; i++)
        if (!open_one(&ways[i], text, overrides, count, flags[i], i == WAYS - 1)) {
            ck_assert_uint_eq(i, 0);
            free(ways);
            return false;
        }
    sim_time time = 0;
    for (unsigned moment = 0; moment < MOMENTS; moment++) {
        time += 1 + random_below(random, (uint32_t)(2 * length_ps / MOMENTS));
        for (unsigned i = 0; i < WAYS; i++) {
            kernel_advance(&ways[i].system.kernel, time, 0);
            write_figures(&ways[i], NULL);
        }
        for (unsigned i = 1; i < WAYS; i++)
            ck_assert_msg(strcmp(ways[i].text, ways[0].text) == 0, "at %ju ps, way %u: %s\n%s",
                          (uintmax_t)time, i, first_difference(ways[0].text, ways[i].text), text);
        check_observed(&ways[WAYS - 1], text);
    }
    *repeated += ways[0].system.kernel.clocks->repeated;
    for (unsigned i = 0; i < WAYS; i++)
        close_one(&ways[i]);
    free(ways);
    return true;
}

static uint64_t number(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text ? strtoull(text, NULL, 0) : otherwise;
}

/* ---- AHB ------------------------------------------------------------------------------------- */

START_TEST(figures_of_random_ahb_systems_are_those_of_cycles)
{
    const uint64_t first = number("RANDOM_SEED", 0), cases = number("RANDOM_CASES", CASES);
    struct rs_system *s = malloc(sizeof *s);
    ck_assert_ptr_nonnull(s);
    unsigned built = 0;
    sim_cycle repeated = 0;
    for (uint64_t seed = first; seed < first + cases; seed++) {
        struct random random = random_seeded(seed);
        rs_make(s, seed);
        built += compare(s->text, NULL, 0, UINT64_C(6000) * 10000, &random, &repeated);
    }
    ck_assert_uint_gt(built, cases / 2);
    free(s);
}
END_TEST

/* Copies that pass as repeats, of two channels that take turns or of one, with a CPU that asks in between. */
static const char copies[] =
    "name: copies\nstop: 1 s\nclocks:\n  hclk: {frequency: 100 MHz}\n"
    "buses:\n  ahb: {clock: hclk, width: 32}\n"
    "cpus:\n  cpu: {bus: ahb, descriptors: {base: sram + 256 KiB},"
    " traffic: {base: sram + 264 KiB, bytes: 1 KiB, think_cycles: 20000}}\n"
    "controllers:\n  dma: {bus: ahb, base: 0x40000000, channels: 2, fifo: 64 B, switch_cycles: 0,"
    " interrupt: cpu}\n"
    "memories:\n  sram: {bus: ahb, base: 0x20000000, size: 320 KiB}\n"
    "work:\n"
    "  - memcpy: {channel: 0, from: sram, to: sram + 64 KiB, bytes: 48 KiB, burst: 16}\n"
    "  - memcpy: {channel: 1, from: sram + 128 KiB, to: sram + 192 KiB, bytes: 16 KiB, burst: 8}\n";

START_TEST(figures_of_long_copies_on_an_ahb_are_those_of_cycles)
{
    const uint64_t first = number("RANDOM_SEED", 0), cases = number("RANDOM_CASES", CASES) / 4 + 1;
    sim_cycle repeated[2] = {0, 0};
    for (uint64_t seed = first; seed < first + cases; seed++) {
        struct random random = random_seeded(seed);
        char texts[5][OVERRIDE];
        snprintf(texts[0], OVERRIDE, "memories.sram.read_next=%u",
                 (unsigned)random_below(&random, 3));
        snprintf(texts[1], OVERRIDE, "memories.sram.write_first=%u",
                 (unsigned)random_below(&random, 3));
        snprintf(texts[2], OVERRIDE, "controllers.dma.fifo=%u", 128u << random_below(&random, 3));
        snprintf(texts[3], OVERRIDE, "buses.ahb.width=%u", 32u << random_below(&random, 2));
        snprintf(texts[4], OVERRIDE, "buses.ahb.arbiter.park=%s",
                 seed & 1 ? "last_owner" : "default_master"); /* nobody ever waits for a grant */
        const char *const overrides[] = {texts[0], texts[1], texts[2], texts[3], texts[4]};
        sim_cycle passed = 0;
        ck_assert(compare(copies, overrides, 5, UINT64_C(40000) * 10000, &random, &passed));
        repeated[seed & 1] += passed;
    }
    ck_assert_uint_gt(repeated[0], cases * 500);
    ck_assert_uint_gt(repeated[1], cases * 500);
}
END_TEST

/* ---- AXI ------------------------------------------------------------------------------------- */

START_TEST(figures_of_axi_systems_are_those_of_cycles)
{
    const uint64_t first = number("RANDOM_SEED", 0), cases = number("RANDOM_CASES", CASES);
    char(*texts)[OVERRIDE] = calloc(AXI_OVERRIDES, sizeof *texts);
    ck_assert_ptr_nonnull(texts);
    unsigned built = 0;
    sim_cycle repeated = 0;
    for (uint64_t seed = first; seed < first + cases; seed++) {
        struct random random = random_seeded(seed);
        const char *overrides[AXI_OVERRIDES];
        const size_t count = axi_overrides(texts, seed % AXI_TEXTS, &random);
        for (size_t i = 0; i < count; i++)
            overrides[i] = texts[i];
        built += compare(axi_texts[seed % AXI_TEXTS], overrides, count, UINT64_C(12000) * 10000,
                         &random, &repeated);
    }
    ck_assert_uint_gt(repeated, cases * 500);
    ck_assert_uint_gt(built, cases / 2);
    free(texts);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("metrics");
    TCase *tcase = tcase_create("metrics");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, figures_of_random_ahb_systems_are_those_of_cycles);
    tcase_add_test(tcase, figures_of_long_copies_on_an_ahb_are_those_of_cycles);
    tcase_add_test(tcase, figures_of_axi_systems_are_those_of_cycles);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
