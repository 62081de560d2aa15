/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random machines with 8237As (random_isa.h): each is read and built, comes to its end, leaves what a device
 * sent where it was asked to, and is the same machine when every unit is stepped at every edge, when units are
 * stepped in the opposite order, and when it is saved in the middle, led astray and put back.
 *
 *   RANDOM_SEED=N    first seed, instead of 0
 *   RANDOM_CASES=N   how many
 *   RANDOM_PRINT=N   prints the scenario of this seed, and runs nothing
 */
#include "ears.h"
#include "memory/store.h"
#include "random_isa.h"
#include "scenario/scenario.h"
#include "suite.h"
#include "system.h"

#define BOUND_PS UINT64_C(500000000000) /* 500 ms */

enum { BATCHES = 4, PROBES_MAX = 64 };
#ifdef NDEBUG
enum { CASES = 200 };
#else
enum { CASES = 40 };
#endif

struct run {
    struct scenario *scenario;
    struct system system;
    struct ear ears[PROBES_MAX];
    unsigned ear_count;
    char refused[2048];
};

static void note(void *context, const struct dmasim_error *error)
{
    struct run *run = context;
    if (!run->refused[0])
        snprintf(run->refused, sizeof run->refused, "%d:%d: %s", error->line, error->column,
                 error->text);
}

__attribute__((noreturn)) static void broken(const struct ri_system *s, uint64_t seed,
                                             const char *what, const char *name)
{
    if (getenv("RANDOM_SHOW"))
        fprintf(stderr, "%s", s->text);
    ck_abort_msg("seed %llu: %s %s", (unsigned long long)seed, what, name);
}

static void run_open(struct run *run, const struct ri_system *s, uint64_t seed, unsigned flags)
{
    *run = (struct run){.scenario = NULL};
    const struct scenario_options options = {.report = note, .context = run};
    if (scenario_load_text(s->text, s->length, "random.yaml", NULL, &options, &run->scenario) !=
        DMASIM_OK)
        broken(s, seed, "refused", run->refused);
    struct scenario_check check;
    scenario_check_start(&check, run->scenario);
    int code = system_create(&run->system, scenario_plan(run->scenario), flags, &check.check);
    scenario_check_end(&check, note, run);
    if (code != DMASIM_OK)
        broken(s, seed, "not built", run->refused);
    for (struct probe *p = run->system.probes; p; p = p->link) {
        ck_assert_uint_lt(run->ear_count, PROBES_MAX);
        struct ear *ear = &run->ears[run->ear_count++];
        ear->observer.notify = hear;
        probe_observe(p, &ear->observer);
    }
}

static void run_close(struct run *run)
{
    for (unsigned i = 0; i < run->ear_count; i++) {
        free(run->ears[i].marks);
        free(run->ears[i].bytes);
    }
    system_free(&run->system);
    scenario_free(run->scenario);
}

static const uint8_t *memory(const struct run *run, uint64_t *size)
{
    return store_bytes(&run->system.plan->components[SECTION_MEMORIES][0], size);
}

static void same(const struct ri_system *s, uint64_t seed, const struct run *a, const struct run *b,
                 const char *what)
{
    const struct probe *p = a->system.probes;
    uint64_t size;
    for (unsigned i = 0; i < a->ear_count; i++, p = p->link) {
        const struct ear *x = &a->ears[i], *y = &b->ears[i];
        bool equal = x->count == y->count;
        for (size_t at = 0; equal && at < x->count; at++)
            equal =
                x->marks[at].cycle == y->marks[at].cycle && x->marks[at].hash == y->marks[at].hash;
        if (!equal)
            broken(s, seed, what, p->name);
    }
    if (a->system.kernel.quiet_since != b->system.kernel.quiet_since)
        broken(s, seed, what, "ends at another time");
    if (memcmp(memory(a, &size), memory(b, NULL), 0x60000) != 0)
        broken(s, seed, what, "has other bytes");
}

static void again(const struct ri_system *s, uint64_t seed, const struct run *straight,
                  unsigned flags, const char *what)
{
    static struct run run;
    run_open(&run, s, seed, flags);
    kernel_advance(&run.system.kernel, BOUND_PS, KERNEL_STOP_QUIET);
    same(s, seed, straight, &run, what);
    run_close(&run);
}

static void astray(const struct ri_system *s, uint64_t seed, const struct run *straight)
{
    static struct run run;
    const sim_time end = straight->system.kernel.now;
    const sim_time middle = end * ((seed * 37 + 11) % 97 + 1) / 100;
    run_open(&run, s, seed, 0);
    kernel_advance(&run.system.kernel, middle, KERNEL_STOP_QUIET);
    struct system_snapshot *snapshot = system_save(&run.system);
    ck_assert_ptr_nonnull(snapshot);
    run.system.kernel.muted = true;
    kernel_advance(&run.system.kernel, middle + (end - middle) * (seed % 13 + 1) / 12, 0);
    ck_assert_int_eq(system_restore(&run.system, snapshot), DMASIM_OK);
    system_snapshot_free(snapshot);
    kernel_advance(&run.system.kernel, BOUND_PS, KERNEL_STOP_QUIET);
    same(s, seed, straight, &run, "saved and restored");
    run_close(&run);
}

static const struct ear *ear_of(const struct run *run, const struct probe_type *type,
                                const char *name)
{
    unsigned i = 0;
    for (const struct probe *p = run->system.probes; p; p = p->link, i++)
        if (p->type == type && strcmp(p->name, name) == 0)
            return &run->ears[i];
    ck_abort_msg("no probe %s", name);
    return NULL;
}

/* What arrived in the one transfer of a device, if it is complete, counts from 0. Returns how many are. */
static unsigned check_bytes(const struct ri_system *s, uint64_t seed, const struct run *run)
{
    unsigned checked = 0;
    for (unsigned d = 0; d < s->device_count; d++) {
        const struct ri_device *device = &s->devices[d];
        if (!device->plain || ear_of(run, &transfer_probe_type, device->work)->incomplete)
            continue;
        for (uint32_t i = 0; i < device->first_bytes; i++)
            if (memory(run, NULL)[device->address + i] != (uint8_t)i)
                broken(s, seed, "wrong bytes by", device->work);
        checked++;
    }
    return checked;
}

static unsigned try_seed(uint64_t seed)
{
    static struct ri_system s;
    static struct run straight;
    ri_make(&s, seed);
    run_open(&straight, &s, seed, 0);
    kernel_advance(&straight.system.kernel, BOUND_PS, KERNEL_STOP_QUIET);
    if (straight.system.kernel.quiet_since == SIM_NEVER)
        broken(&s, seed,
               kernel_next(&straight.system.kernel) == SIM_NEVER ? "a deadlock" : "does not end",
               "");
    const unsigned checked = check_bytes(&s, seed, &straight);
    again(&s, seed, &straight, KERNEL_EVERY_CYCLE, "every cycle");
    again(&s, seed, &straight, KERNEL_REVERSED, "reversed");
    astray(&s, seed, &straight);
    run_close(&straight);
    return checked;
}

static unsigned number(const char *name, unsigned otherwise)
{
    const char *text = getenv(name);
    return text ? (unsigned)strtoul(text, NULL, 0) : otherwise;
}

START_TEST(random_machines_end_and_are_the_same_however_they_are_stepped)
{
    const unsigned cases = number("RANDOM_CASES", CASES) / BATCHES;
    const uint64_t seed = number("RANDOM_SEED", 0) + (uint64_t)_i * cases;
    unsigned checked = 0;
    for (unsigned i = 0; i < cases; i++)
        checked += try_seed(seed + i);
    ck_assert(cases < 50 || checked > 0); /* one in ten or so can be checked */
}
END_TEST

int main(void)
{
    if (getenv("RANDOM_PRINT")) {
        static struct ri_system s;
        ri_make(&s, number("RANDOM_PRINT", 0));
        fputs(s.text, stdout);
        return 0;
    }
    Suite *suite = suite_create("random isa");
    TCase *tests = tcase_create("machines");
    tcase_set_timeout(tests, 600);
    tcase_add_loop_test(tests, random_machines_end_and_are_the_same_however_they_are_stepped, 0,
                        BATCHES);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
