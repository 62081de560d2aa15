/* SPDX-License-Identifier: BSD-2-Clause */
/* dmasim: the public header on top of a scenario and a system. */
#include "dmasim/dmasim.h"
#include "kernel/base.h"

#include <stdlib.h>
#include <string.h>

#include "instance.h"
#include "metrics.h"
#include "outside/outside.h"
#include "trace/summary/errata.h"
#include "verdict.h"

#ifndef DMASIM_VERSION
#define DMASIM_VERSION "0.1.0"
#endif

const char *dmasim_code_text(int code)
{
    static const char *const texts[] = {
#define DMASIM_TEXT(id, text) [DMASIM_##id] = text,
        DMASIM_ERROR_MAP(DMASIM_TEXT)
#undef DMASIM_TEXT
    };
    bool known = code >= 0 && (size_t)code < COUNT(texts);
    return known ? texts[code] : "unknown error";
}

const char *dmasim_version(void)
{
    return DMASIM_VERSION;
}

/* Keeps the first error beside what the caller asked for. */
struct first_error {
    const struct dmasim_options *options;
    struct dmasim_error error;
};

static void keep_first(void *context, const struct dmasim_error *error)
{
    struct first_error *self = context;
    if (self->error.code == DMASIM_OK)
        self->error = *error;
    if (self->options->report)
        self->options->report(self->options->context, error);
}

static void pass_note(void *context, const struct dmasim_error *note)
{
    const struct first_error *self = context;
    if (self->options->note)
        self->options->note(self->options->context, note);
}

static const struct dmasim_options no_options;

/* Ends a call that may have failed: the first error, or that of the code, goes to the caller. */
static void tell_error(const struct first_error *first, int code, struct dmasim_error *error)
{
    if (!error)
        return;
    *error = first->error;
    if (error->code == DMASIM_OK) {
        error->code = code;
        strcpy(error->text, dmasim_code_text(code));
    }
}

static struct dmasim_plan *plan_end(struct scenario *scenario, int code,
                                    const struct first_error *first, struct dmasim_error *error)
{
    struct dmasim_plan *plan = code == DMASIM_OK ? malloc(sizeof *plan) : NULL;
    if (plan) {
        plan->scenario = scenario;
        return plan;
    }
    tell_error(first, code == DMASIM_OK ? DMASIM_MEMORY : code, error);
    scenario_free(scenario);
    return NULL;
}

static struct scenario_options reading(struct first_error *first,
                                       const struct dmasim_options *options)
{
    *first = (struct first_error){.options = options ? options : &no_options};
    return (struct scenario_options){.overrides = first->options->overrides,
                                     .override_count = first->options->override_count,
                                     .confine = first->options->confine,
                                     .report = keep_first,
                                     .note = pass_note,
                                     .context = first};
}

struct dmasim_plan *dmasim_plan_read(const char *scenario_path,
                                     const struct dmasim_options *options,
                                     struct dmasim_error *error)
{
    struct first_error first;
    const struct scenario_options how = reading(&first, options);
    struct scenario *scenario = NULL;
    const int code = scenario_load(scenario_path, &how, &scenario);
    return plan_end(scenario, code, &first, error);
}

struct dmasim_plan *dmasim_plan_text(const char *text, size_t length, const char *name,
                                     const char *directory, const struct dmasim_options *options,
                                     struct dmasim_error *error)
{
    struct first_error first;
    const struct scenario_options how = reading(&first, options);
    struct scenario *scenario = NULL;
    const int code = scenario_load_text(text, length, name, directory, &how, &scenario);
    return plan_end(scenario, code, &first, error);
}

struct dmasim_plan *dmasim_plan_override(const struct dmasim_plan *plan,
                                         const struct dmasim_options *options,
                                         struct dmasim_error *error)
{
    struct first_error first;
    const struct scenario_options how = reading(&first, options);
    struct scenario *scenario = NULL;
    const int code = scenario_derive(plan->scenario, &how, &scenario);
    return plan_end(scenario, code, &first, error);
}

void dmasim_plan_free(struct dmasim_plan *plan)
{
    if (!plan)
        return;
    scenario_free(plan->scenario);
    free(plan);
}

uint64_t dmasim_plan_seed(const struct dmasim_plan *plan)
{
    return scenario_plan(plan->scenario)->seed;
}

static int build(struct dmasim *self, struct first_error *first)
{
    const struct dmasim_options *options = first->options;
    unsigned flags = (options->every_cycle ? KERNEL_EVERY_CYCLE : 0u) |
                     (options->reverse_order ? KERNEL_REVERSED : 0u) |
                     (options->check_only ? SYSTEM_UNFILLED : 0u);
    const struct plan *plan = scenario_plan(self->scenario);
    struct scenario_check check;
    scenario_check_start(&check, self->scenario);
    int code = system_create_within(
        &self->system, plan, flags,
        options->memory_bytes ? options->memory_bytes : SYSTEM_BYTES_MAX, &check.check);
    if (code == DMASIM_OK && check.check.failures == 0)
        code = verdict_check_names(&self->system, self->scenario, &check);
    const int found = scenario_check_end(&check, keep_first, first);
    if (code == DMASIM_OK)
        code = found;
    struct dmasim_error bad = {.code = DMASIM_OK};
    if (code == DMASIM_OK)
        code = tracks_init(self, options, &bad);
    if (bad.code != DMASIM_OK)
        keep_first(first, &bad);
    if (code == DMASIM_OK)
        self->system.outside->busy = &self->busy;
    if (code == DMASIM_OK)
        code = run_init(&self->run, &self->system,
                        options->stop_ps ? options->stop_ps : plan->stop_ps);
    return code;
}

/* From a scenario that the result holds. */
static struct dmasim *create(const struct scenario *scenario, const struct dmasim_options *options,
                             struct dmasim_error *error)
{
    struct first_error first = {.options = options ? options : &no_options};
    struct dmasim *self = calloc(1, sizeof *self);
    int code = DMASIM_MEMORY;
    if (self) {
        self->scenario = scenario_hold(scenario);
        code = results_init(self) ? build(self, &first) : DMASIM_MEMORY;
        if (code == DMASIM_OK)
            return self;
        dmasim_destroy(self);
    }
    tell_error(&first, code, error);
    return NULL;
}

struct dmasim *dmasim_create_from(const struct dmasim_plan *plan,
                                  const struct dmasim_options *options, struct dmasim_error *error)
{
    if (!options || options->override_count == 0)
        return create(plan->scenario, options, error);
    struct dmasim_plan *changed = dmasim_plan_override(plan, options, error);
    struct dmasim *self = changed ? create(changed->scenario, options, error) : NULL;
    dmasim_plan_free(changed);
    return self;
}

struct dmasim *dmasim_create(const char *scenario_path, const struct dmasim_options *options,
                             struct dmasim_error *error)
{
    struct dmasim_plan *plan = dmasim_plan_read(scenario_path, options, error);
    struct dmasim *self = plan ? create(plan->scenario, options, error) : NULL;
    dmasim_plan_free(plan);
    return self;
}

struct dmasim *dmasim_create_text(const char *text, size_t length, const char *name,
                                  const char *directory, const struct dmasim_options *options,
                                  struct dmasim_error *error)
{
    struct dmasim_plan *plan = dmasim_plan_text(text, length, name, directory, options, error);
    struct dmasim *self = plan ? create(plan->scenario, options, error) : NULL;
    dmasim_plan_free(plan);
    return self;
}

int dmasim_destroy(struct dmasim *self)
{
    if (!self)
        return DMASIM_OK;
    if (instance_busy(self))
        return DMASIM_BUSY;
    traces_free(self);
    results_free(self);
    system_free(&self->system);
    probes_free(self);
    tracks_free(self);
    run_free(&self->run);
    scenario_free(self->scenario);
    interrupts_free(self);
    free(self);
    return DMASIM_OK;
}

/* ---- time ------------------------------------------------------------------------------------ */

const char *dmasim_name(const struct dmasim *self)
{
    return self->system.plan->name;
}

uint64_t dmasim_now(const struct dmasim *self)
{
    return self->system.kernel.now;
}

uint64_t dmasim_next(const struct dmasim *self)
{
    const struct kernel *kernel = &self->system.kernel;
    return instance_busy(self) ? kernel->now : kernel_next(kernel);
}

int dmasim_advance(struct dmasim *self, uint64_t until_ps)
{
    if (instance_busy(self))
        return DMASIM_BUSY;
    if (until_ps < self->system.kernel.now)
        return DMASIM_PAST;
    run_advance(&self->run, until_ps);
    return DMASIM_OK;
}

int dmasim_run(struct dmasim *self, uint64_t until_ps, enum dmasim_why *why)
{
    static const enum dmasim_why reasons[] = {
        [RUN_TIME] = DMASIM_WHY_TIME,
        [RUN_OUTPUT] = DMASIM_WHY_OUTPUT,
        [RUN_FINISHED] = DMASIM_WHY_FINISHED,
        [RUN_DEADLOCK] = DMASIM_WHY_DEADLOCK,
    };
    if (instance_busy(self))
        return DMASIM_BUSY;
    if (until_ps < self->system.kernel.now)
        return DMASIM_PAST;
    enum run_why reason = run_to(&self->run, until_ps);
    if (why)
        *why = reasons[reason];
    return DMASIM_OK;
}

bool dmasim_finished(const struct dmasim *self)
{
    const struct kernel *kernel = &self->system.kernel;
    return run_done(&self->run) && (!instance_busy(self) || kernel->quiet_since < kernel->now);
}

/* ---- outcome --------------------------------------------------------------------------------- */

static uint64_t lost_items(const struct system *system)
{
    uint64_t lost = 0;
    for (int section = 0; section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < system->plan->counts[section]; i++) {
            const struct component *component = &system->plan->components[section][i];
            if (component->type->lost)
                lost += component->type->lost(component);
        }
    return lost;
}

int dmasim_outcome(const struct dmasim *self, struct dmasim_result *result)
{
    const struct run *run = &self->run;
    if (instance_busy(self))
        return DMASIM_BUSY;
    *result = (struct dmasim_result){
        .outcome = DMASIM_RUNNING,
        .end_ps = run->over ? run->end_ps : DMASIM_NEVER,
        .failed = run_failed(run),
        .failed_programs = run_failed_programs(run),
        .lost_items = lost_items(&self->system),
        .work_entries = run->listener_count,
        .work_ended = run_ended(run),
        .stop_ps = run->stop_ps,
    };
    if (!run->over)
        return DMASIM_OK;
    if (run->why == RUN_DEADLOCK)
        result->outcome = DMASIM_DEADLOCKED;
    else if (run->why == RUN_TIME && run->has_work)
        result->outcome = DMASIM_TIME_OVER;
    else if (result->failed)
        result->outcome = DMASIM_FAILED;
    else
        result->outcome = result->lost_items ? DMASIM_LOST_DATA : DMASIM_DONE;
    return DMASIM_OK;
}

int dmasim_erratum(const struct dmasim *self, size_t index, struct dmasim_erratum *erratum)
{
    struct metric_walk walk = {.now = self->system.kernel.now, .group = COUNTERS_ERRATUM};
    if (instance_busy(self))
        return DMASIM_BUSY;
    do
        if (!metric_part_next(&self->system, &walk))
            return DMASIM_UNMAPPED;
    while (index-- > 0);
    *erratum = (struct dmasim_erratum){
        .component = walk.of->name,
        .number = errata_number(&walk),
        .text = walk.part.about,
        .strikes = metric_value(&walk, "strikes"),
        .first_cycle = metric_value(&walk, "first"),
    };
    return DMASIM_OK;
}

/* ---- snapshots ------------------------------------------------------------------------------- */

struct dmasim_snapshot {
    const struct dmasim *owner;
    struct system_snapshot *system;
    struct run_snapshot *run;
};

void dmasim_snapshot_free(struct dmasim_snapshot *snapshot)
{
    if (!snapshot)
        return;
    system_snapshot_free(snapshot->system);
    run_snapshot_free(snapshot->run);
    free(snapshot);
}

struct dmasim_snapshot *dmasim_save(const struct dmasim *self)
{
    struct dmasim_snapshot *snapshot = instance_busy(self) ? NULL : malloc(sizeof *snapshot);
    if (!snapshot)
        return NULL;
    snapshot->owner = self;
    snapshot->system = system_save(&self->system);
    snapshot->run = run_save(&self->run);
    if (snapshot->system && snapshot->run)
        return snapshot;
    dmasim_snapshot_free(snapshot);
    return NULL;
}

int dmasim_restore(struct dmasim *self, const struct dmasim_snapshot *snapshot)
{
    if (instance_busy(self))
        return DMASIM_BUSY;
    if (snapshot->owner != self)
        return DMASIM_INVALID;
    if (traces_open(self) &&
        !(self->system.kernel.muted && self->muted_ps == system_saved_at(snapshot->system)))
        return DMASIM_INVALID;
    int code = system_restore(&self->system, snapshot->system);
    if (code != DMASIM_OK)
        return code;
    run_restore(&self->run, snapshot->run);
    interrupts_look(self);
    return DMASIM_OK;
}

int dmasim_mute(struct dmasim *self)
{
    if (instance_busy(self))
        return DMASIM_BUSY;
    if (!self->system.kernel.muted)
        self->muted_ps = self->system.kernel.now;
    self->system.kernel.muted = true;
    return DMASIM_OK;
}
