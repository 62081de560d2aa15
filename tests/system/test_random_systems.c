/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random whole systems (random_system.h): each is read and built or refused with a place, comes to
 * its end, leaves the bytes that plain copying leaves, and is the same system when every unit is
 * stepped at every edge, when units are stepped in the opposite order, when it is saved in the
 * middle, led astray and put back, and when nobody watches it (so that bursts pass as runs).
 *
 * One in eight has work that nothing will ever end: what is left is a deadlock, at the same time in every mode.
 *
 *   RANDOM_SEED=N    first seed, instead of 0
 *   RANDOM_CASES=N   how many
 */
#include "memory/ahb_sram.h"
#include "scenario/scenario.h"
#include "system.h"

#include <stdlib.h>
#include <string.h>

#include "ears.h"
#include "random_system.h"
#include "suite.h"

#define CYCLE_PS UINT64_C(10000)
#define BOUND_PS (UINT64_C(400000) * CYCLE_PS)

enum { BATCHES = 8, PROBES_MAX = 160 };
#ifdef NDEBUG
enum { CASES = 240 };
#else
enum { CASES = 48 };
#endif

/* ---- runs ---------------------------------------------------------------------------------- */

struct run {
    struct scenario *scenario;
    struct system system;
    struct ear ears[PROBES_MAX];
    unsigned ear_count;
};

struct refusal {
    unsigned count;
    char text[1600];
};

static void refused(void *context, const struct dmasim_error *error)
{
    struct refusal *refusal = context;
    if (refusal->count++ == 0)
        snprintf(refusal->text, sizeof refusal->text, "%d:%d: %s", error->line, error->column,
                 error->text);
    if (error->line == 0 || error->text[0] == 0)
        ck_abort_msg("an error without place or text: '%s'", error->text);
}

/* False if it is refused. */
static bool run_open(struct run *run, const struct rs_system *s, unsigned flags, bool watched,
                     struct refusal *refusal)
{
    const struct scenario_options options = {.report = refused, .context = refusal};
    *run = (struct run){.scenario = NULL};
    *refusal = (struct refusal){0};
    if (scenario_load_text(s->text, s->length, "random.yaml", NULL, &options, &run->scenario) !=
        DMASIM_OK)
        return false;
    struct scenario_check check;
    scenario_check_start(&check, run->scenario);
    int code = system_create(&run->system, scenario_plan(run->scenario), flags, &check.check);
    scenario_check_end(&check, refused, refusal);
    if (code != DMASIM_OK) {
        if (refusal->count == 0)
            ck_abort_msg("not built, and no error says why\n%s", s->text);
        system_free(&run->system);
        scenario_free(run->scenario);
        return false;
    }
    for (struct probe *p = run->system.probes; p && watched; p = p->link) {
        if (run->ear_count == PROBES_MAX)
            ck_abort_msg("too many probes");
        struct ear *ear = &run->ears[run->ear_count++];
        ear->observer.notify = hear;
        probe_observe(p, &ear->observer);
    }
    return true;
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

/* By its place among m0, m1, far; the last component is `far` if there is one. */
static const uint8_t *memory(const struct run *run, unsigned index)
{
    if (index >= run->system.plan->counts[SECTION_MEMORIES])
        index = run->system.plan->counts[SECTION_MEMORIES] - 1;
    return store_bytes(&run->system.plan->components[SECTION_MEMORIES][index], NULL);
}

static unsigned memory_count(const struct run *run)
{
    return run->system.plan->counts[SECTION_MEMORIES];
}

/* ---- the same system ----------------------------------------------------------------------- */

struct the_case {
    const struct rs_system *s;
    uint64_t seed;
};

__attribute__((noreturn)) static void broken(const struct the_case *c, const char *what)
{
    if (getenv("RANDOM_SHOW"))
        fprintf(stderr, "%s", c->s->text);
    ck_abort_msg("seed %llu: %s", (unsigned long long)c->seed, what);
}

static void same_end(const struct the_case *c, const struct run *a, const struct run *b,
                     const char *what)
{
    char text[300];
    if (a->system.kernel.now != b->system.kernel.now && a->system.kernel.now < BOUND_PS) {
        snprintf(text, sizeof text, "%s: nothing is left at %llu, not at %llu ps", what,
                 (unsigned long long)b->system.kernel.now,
                 (unsigned long long)a->system.kernel.now);
        broken(c, text);
    }
    if (a->system.kernel.quiet_since != b->system.kernel.quiet_since) {
        snprintf(text, sizeof text, "%s: ends at %llu, not at %llu ps", what,
                 (unsigned long long)b->system.kernel.quiet_since,
                 (unsigned long long)a->system.kernel.quiet_since);
        broken(c, text);
    }
    for (unsigned i = 0; i < memory_count(a); i++) {
        const uint8_t *x = memory(a, i), *y = memory(b, i);
        if (memcmp(x, y, RS_MEMORY_BYTES) == 0)
            continue;
        unsigned at = 0;
        while (x[at] == y[at])
            at++;
        snprintf(text, sizeof text, "%s: memory %u + 0x%x holds %02x, not %02x", what, i, at, y[at],
                 x[at]);
        broken(c, text);
    }
}

static void same_records(const struct the_case *c, const struct run *a, const struct run *b,
                         const char *what)
{
    unsigned i = 0, worst = UINT32_MAX;
    sim_cycle first = SIM_NEVER;
    const char *name = "";
    for (const struct probe *p = a->system.probes; p; p = p->link, i++) {
        const struct ear *x = &a->ears[i], *y = &b->ears[i];
        size_t at = 0;
        while (at < x->count && at < y->count && x->marks[at].cycle == y->marks[at].cycle &&
               x->marks[at].hash == y->marks[at].hash)
            at++;
        if (at == x->count && at == y->count)
            continue;
        sim_cycle cycle = at < x->count ? x->marks[at].cycle : SIM_NEVER;
        if (at < y->count && y->marks[at].cycle < cycle)
            cycle = y->marks[at].cycle;
        if (cycle < first) {
            first = cycle;
            worst = i;
            name = p->name;
        }
    }
    if (worst == UINT32_MAX)
        return;
    char text[300];
    snprintf(text, sizeof text, "%s: %s differs from cycle %llu on", what, name,
             (unsigned long long)first);
    broken(c, text);
}

static void run_again(const struct the_case *c, const struct run *straight, unsigned flags,
                      bool watched, const char *what)
{
    static struct run run;
    struct refusal refusal;
    if (!run_open(&run, c->s, flags, watched, &refusal))
        broken(c, "refused at the second time");
    kernel_advance(&run.system.kernel, BOUND_PS, KERNEL_STOP_QUIET | KERNEL_STOP_IDLE);
    if (watched)
        same_records(c, straight, &run, what);
    same_end(c, straight, &run, what);
    run_close(&run);
}

static void run_astray(const struct the_case *c, const struct run *straight)
{
    static struct run run;
    struct refusal refusal;
    sim_time end = straight->system.kernel.now;
    sim_time middle = end * ((c->seed * 37 + 11) % 97 + 1) / 100;
    if (!run_open(&run, c->s, 0, true, &refusal))
        broken(c, "refused at the second time");
    kernel_advance(&run.system.kernel, middle, KERNEL_STOP_QUIET);
    struct system_snapshot *snapshot = system_save(&run.system);
    if (!snapshot)
        broken(c, "no memory for a snapshot");
    run.system.kernel.muted = true;
    kernel_advance(&run.system.kernel, middle + (end - middle) * (c->seed % 13 + 1) / 12, 0);
    system_restore(&run.system, snapshot);
    system_snapshot_free(snapshot);
    kernel_advance(&run.system.kernel, BOUND_PS, KERNEL_STOP_QUIET | KERNEL_STOP_IDLE);
    same_records(c, straight, &run, "saved and restored");
    same_end(c, straight, &run, "saved and restored");
    run_close(&run);
}

/* ---- the bytes ----------------------------------------------------------------------------- */

static const struct ear *stream_of(const struct run *run, const char *name)
{
    unsigned i = 0;
    for (const struct probe *p = run->system.probes; p; p = p->link, i++)
        if (p->type == &stream_probe_type && strcmp(p->name, name) == 0)
            return &run->ears[i];
    return NULL;
}

static uint64_t device_counter(const struct run *run, unsigned device, uint32_t offset)
{
    struct component *component = &run->system.plan->components[SECTION_PERIPHERALS][device];
    uint64_t value = 0;
    component->type->access(component, offset, 4, false, &value);
    return value;
}

/* Whether the byte is one of position `at` of a ring that counts. */
static bool counts(uint8_t value, uint32_t at, uint32_t ring)
{
    for (uint32_t lap = 0; lap < 256; lap++)
        if (value == (uint8_t)(lap * ring + at))
            return true;
    return false;
}

static void check_sent(const struct the_case *c, const struct run *run, const struct rs_work *w)
{
    char name[16];
    snprintf(name, sizeof name, "dev%u", w->index);
    const struct ear *ear = stream_of(run, name);
    if (!ear)
        broken(c, "a device without stream");
    if (w->call == RS_CYCLIC && w->repeat > 1)
        return;
    if (w->call == RS_CYCLIC ? ear->byte_count < w->period
                             : ear->byte_count != (size_t)w->bytes * w->repeat)
        broken(c, "a device got another number of bytes");
    size_t at = 0;
    while (at < ear->byte_count)
        for (unsigned i = 0; i < w->count; i++)
            for (uint32_t j = 0; j < w->pieces[i].bytes && at < ear->byte_count; j++, at++)
                if (ear->bytes[at] != memory(run, w->pieces[i].from_memory)[w->pieces[i].from + j])
                    broken(c, "a device got wrong bytes");
}

/* Lays what a device sent into the picture. */
static void check_received(const struct the_case *c, const struct run *run, const struct rs_work *w,
                           uint8_t picture[][RS_MEMORY_BYTES])
{
    bool lost = device_counter(run, w->index, 0x0c) > 0;
    uint32_t number = (w->repeat - 1) * w->bytes;
    for (unsigned i = 0; i < w->count; i++) {
        uint8_t *to = picture[w->pieces[i].to_memory] + w->pieces[i].to;
        const uint8_t *there = memory(run, w->pieces[i].to_memory) + w->pieces[i].to;
        if (lost || (w->call == RS_CYCLIC && w->repeat > 1)) {
            memcpy(to, there, w->pieces[i].bytes);
            continue;
        }
        for (uint32_t j = 0; j < w->pieces[i].bytes; j++) {
            if (w->call == RS_SLAVE_SG)
                to[j] = (uint8_t)number++;
            else if (counts(there[j], j, w->bytes))
                to[j] = there[j];
            else if (j < w->period)
                broken(c, "a ring holds bytes that did not arrive");
        }
    }
}

static void check_bytes(const struct the_case *c, const struct run *run,
                        uint8_t picture[][RS_MEMORY_BYTES])
{
    char text[200];
    for (unsigned i = 0; i < c->s->work_count; i++) {
        const struct rs_work *w = &c->s->work[i];
        if (w->device && device_counter(run, w->index, w->to_device ? 0x0c : 0x10) > 0) {
            snprintf(text, sizeof text, "dev%u was accessed when it had not asked", w->index);
            broken(c, text);
        }
        if (w->device && w->to_device)
            check_sent(c, run, w);
        else if (w->device)
            check_received(c, run, w, picture);
        else
            for (unsigned j = 0; j < w->count; j++)
                memcpy(picture[w->pieces[j].to_memory] + w->pieces[j].to,
                       picture[w->pieces[j].from_memory] + w->pieces[j].from, w->pieces[j].bytes);
    }
    for (unsigned i = 0; i < RS_MEMORIES; i++) {
        if (i == 2 ? !c->s->far : i >= c->s->memories)
            continue;
        for (unsigned at = 0; at < RS_SCRATCH; at++)
            if (memory(run, i)[at] != picture[i][at]) {
                snprintf(text, sizeof text, "memory %u + 0x%x holds %02x, not %02x", i, at,
                         memory(run, i)[at], picture[i][at]);
                broken(c, text);
            }
    }
}

static void nothing_warned(const struct the_case *c, const struct run *run)
{
    for (unsigned i = 0; i < run->ear_count; i++)
        if (run->ears[i].warnings) {
            char text[LOG_TEXT_BYTES + 64];
            snprintf(text, sizeof text, "the log warns: %s", run->ears[i].warned);
            broken(c, text);
        }
}

static void transfers_complete(const struct the_case *c, const struct run *run)
{
    unsigned i = 0;
    for (const struct probe *p = run->system.probes; p; p = p->link, i++)
        if (run->ears[i].incomplete) {
            char text[200];
            snprintf(text, sizeof text, "%s failed, and nothing answered ERROR", p->name);
            broken(c, text);
        }
}

/* ---- cases --------------------------------------------------------------------------------- */

/* ERROR in a list item that is not the last, and so has no INT_EN: the driver is never told, as on
 * hardware. */
static bool lost_error(const struct run *run)
{
    struct component *dma = &run->system.plan->components[SECTION_CONTROLLERS][0];
    uint64_t raw_err = 0;
    dma->type->access(dma, 0x2e0, 4, false, &raw_err);
    return raw_err != 0;
}

static unsigned deadlocks;

/* False if the scenario is refused. */
static bool try_seed(uint64_t seed)
{
    static struct rs_system s;
    static struct run straight;
    static uint8_t picture[RS_MEMORIES][RS_MEMORY_BYTES];
    struct refusal refusal;
    const struct the_case c = {.s = &s, .seed = seed};
    const bool stranded = seed % 8 == 5;
    rs_make_kind(&s, seed, stranded);
    if (!run_open(&straight, &s, 0, true, &refusal)) {
        if (getenv("RANDOM_SHOW"))
            fprintf(stderr, "seed %llu refused: %s\n", (unsigned long long)seed, refusal.text);
        return false;
    }
    for (unsigned i = 0; i < RS_MEMORIES; i++)
        memcpy(picture[i], memory(&straight, i), RS_MEMORY_BYTES);
    kernel_advance(&straight.system.kernel, BOUND_PS, KERNEL_STOP_QUIET | KERNEL_STOP_IDLE);
    const bool quiet = straight.system.kernel.quiet_since != SIM_NEVER;
    const bool dead = !quiet && kernel_next(&straight.system.kernel) == SIM_NEVER;
    if (!quiet && !lost_error(&straight) && !stranded) /* traffic may go on beside it */
        broken(&c, dead ? "a deadlock" : "does not end");
    deadlocks += dead && stranded;
    if (!s.errors && !stranded)
        nothing_warned(&c, &straight);
    if (!s.errors) {
        transfers_complete(&c, &straight);
        check_bytes(&c, &straight, picture);
    }
    run_again(&c, &straight, KERNEL_EVERY_CYCLE, true, "every cycle");
    run_again(&c, &straight, KERNEL_REVERSED, true, "reversed");
    run_again(&c, &straight, 0, false, "unwatched");
    run_astray(&c, &straight);
    run_close(&straight);
    return true;
}

static unsigned number(const char *name, unsigned otherwise)
{
    const char *text = getenv(name);
    return text ? (unsigned)strtoul(text, NULL, 0) : otherwise;
}

START_TEST(random_systems_end_with_the_right_bytes_however_they_are_stepped)
{
    unsigned cases = number("RANDOM_CASES", CASES) / BATCHES, built = 0;
    uint64_t seed = number("RANDOM_SEED", 0) + (uint64_t)_i * cases;
    for (unsigned i = 0; i < cases; i++)
        built += try_seed(seed + i);
    ck_assert_uint_ge(built, cases / 2);
    ck_assert_uint_ge(deadlocks, cases / 32); /* of an eighth */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("random_systems");
    TCase *tests = tcase_create("systems");
    tcase_set_timeout(tests, 600);
    tcase_add_loop_test(tests, random_systems_end_with_the_right_bytes_however_they_are_stepped, 0,
                        BATCHES);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
