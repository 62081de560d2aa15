/* SPDX-License-Identifier: BSD-2-Clause */
/* run: where a simulation ends, and what its events say about the outcome. See run.h. */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"
#include "outside/outside.h"

static void note_transfer(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                          const void *published)
{
    (void)probe;
    (void)now;
    struct run_listener *self = (struct run_listener *)observer;
    const struct transfer_record *record = published;
    self->ended++;
    if (strcmp(record->status, "error") != 0)
        return;
    self->failed++;
    self->controller = record->controller;
    self->failed_programs += strcmp(record->call, "program") == 0;
}

/* The probe of the next entry of work, from entry *index on: those of controllers' own transfers, of which nobody says
 * that they failed, cost something to listen to. Entries are built in order, and so are their probes. */
static bool of_work(const struct system *system, const struct probe *probe, uint32_t *index)
{
    const struct plan *plan = system->plan;
    if (probe->type != &transfer_probe_type || *index >= plan->counts[SECTION_WORK] ||
        plan->components[SECTION_WORK][*index].name != probe->name)
        return false;
    ++*index;
    return true;
}

static void begin_round(struct round_witness *witness)
{
    struct run *self = CONTAINER_OF(witness, struct run, witness);
    for (size_t i = 0; i < self->listener_count; i++) {
        struct run_listener *one = &self->listeners[i];
        one->begun.ended = one->ended;
        one->begun.failed = one->failed;
        one->begun.failed_programs = one->failed_programs;
    }
}

static void pass_rounds(struct round_witness *witness, uint64_t times)
{
    struct run *self = CONTAINER_OF(witness, struct run, witness);
    for (size_t i = 0; i < self->listener_count; i++) {
        struct run_listener *one = &self->listeners[i];
        one->ended += times * (one->ended - one->begun.ended);
        one->failed += times * (one->failed - one->begun.failed);
        one->failed_programs += times * (one->failed_programs - one->begun.failed_programs);
    }
}

static int listen(struct run *self)
{
    uint32_t index = 0;
    self->listeners = calloc(self->system->plan->counts[SECTION_WORK] + 1, sizeof *self->listeners);
    if (!self->listeners)
        return DMASIM_MEMORY;
    for (struct probe *p = self->system->probes; p; p = p->link) {
        if (!of_work(self->system, p, &index))
            continue;
        struct run_listener *one = &self->listeners[self->listener_count++];
        one->observer.notify = note_transfer;
        one->name = p->name;
        probe_count(p, &one->observer);
    }
    return DMASIM_OK;
}

int run_init(struct run *self, struct system *system, sim_time stop_ps)
{
    const struct kernel *kernel = &system->kernel;
    *self = (struct run){.system = system, .stop_ps = stop_ps, .has_work = kernel->holds > 0};
    sim_time slowest = 1;
    for (const struct clock *c = kernel->clocks; c; c = c->link)
        if (c->period_ps > slowest)
            slowest = c->period_ps;
    self->settle_ps = RUN_SETTLE_CYCLES * slowest;
    self->outside = system->outside && system->outside->first;
    self->witness = (struct round_witness){.begin = begin_round, .pass = pass_rounds};
    round_join_witness(&system->kernel, &self->witness);
    return listen(self);
}

void run_free(struct run *self)
{
    free(self->listeners);
    self->listeners = NULL;
}

bool run_done(const struct run *self)
{
    return self->has_work && self->system->kernel.quiet_since != SIM_NEVER;
}

/* Has whoever stands outside brought a dead system back to life? Is one dead that was advanced from outside? */
static void look(struct run *self)
{
    const struct kernel *kernel = &self->system->kernel;
    const bool dead =
        self->has_work && !self->outside && kernel->holds > 0 && kernel_due(kernel) == SIM_NEVER;
    if (dead && !self->dead)
        self->dead_since = kernel->now;
    if (self->over && self->why == RUN_DEADLOCK && !dead)
        self->over = false;
    self->dead = dead;
}

/* Where the run ends as far as is known now. */
static sim_time end_of(const struct run *self)
{
    if (run_done(self))
        return self->system->kernel.quiet_since + self->settle_ps;
    return self->dead ? self->dead_since + self->settle_ps : self->stop_ps;
}

/* Nothing is left to step up to `time`, and it is now. */
static bool reached(const struct kernel *kernel, sim_time time)
{
    return kernel->now >= time && kernel_next(kernel) > time;
}

static void note_end(struct run *self)
{
    self->over = true;
    self->end_ps = end_of(self);
    self->why = run_done(self) ? RUN_FINISHED : self->dead ? RUN_DEADLOCK : RUN_TIME;
}

/* To `until`; earlier at an output or at the run's end, if `stop` says so. */
static enum run_why go(struct run *self, sim_time until, bool stop)
{
    struct kernel *kernel = &self->system->kernel;
    look(self);
    for (;;) {
        const sim_time end = self->over ? SIM_NEVER : end_of(self);
        const sim_time limit = until < end ? until : end;
        unsigned stops = stop ? KERNEL_STOP_OUTPUT : 0;
        if (!self->over && !run_done(self) && !self->dead) {
            stops |= KERNEL_STOP_QUIET;
            if (self->has_work && !self->outside)
                stops |= KERNEL_STOP_IDLE;
        }
        if (!reached(kernel, limit)) {
            kernel_advance(kernel, limit, stops);
            look(self);
            if (stop && kernel->output)
                return RUN_OUTPUT;
        }
        if (!self->over && reached(kernel, end_of(self))) {
            note_end(self);
            if (stop)
                return self->why;
        }
        if (reached(kernel, until) || (limit == SIM_NEVER && kernel_next(kernel) == SIM_NEVER))
            return RUN_TIME;
    }
}

enum run_why run_to(struct run *self, sim_time until)
{
    return go(self, until, true);
}

void run_advance(struct run *self, sim_time until)
{
    go(self, until, false);
}

uint64_t run_ended(const struct run *self)
{
    uint64_t ended = 0;
    for (size_t i = 0; i < self->listener_count; i++)
        ended += self->listeners[i].ended > 0;
    return ended;
}

uint64_t run_failed(const struct run *self)
{
    uint64_t failed = 0;
    for (size_t i = 0; i < self->listener_count; i++)
        failed += self->listeners[i].failed;
    return failed;
}

uint64_t run_failed_programs(const struct run *self)
{
    uint64_t failed = 0;
    for (size_t i = 0; i < self->listener_count; i++)
        failed += self->listeners[i].failed_programs;
    return failed;
}

/* ---- snapshots ------------------------------------------------------------------------------- */

struct run_snapshot {
    struct run run;
    struct run_listener listeners[];
};

struct run_snapshot *run_save(const struct run *self)
{
    const size_t bytes = self->listener_count * sizeof *self->listeners;
    struct run_snapshot *snapshot = malloc(sizeof *snapshot + bytes);
    if (!snapshot)
        return NULL;
    snapshot->run = *self;
    memcpy(snapshot->listeners, self->listeners, bytes);
    return snapshot;
}

void run_restore(struct run *self, const struct run_snapshot *snapshot)
{
    *self = snapshot->run;
    for (size_t i = 0; i < self->listener_count; i++) {
        const struct probe_observer joined = self->listeners[i].observer;
        self->listeners[i] = snapshot->listeners[i];
        self->listeners[i].observer = joined; /* its place in the list may be another now */
    }
}

void run_snapshot_free(struct run_snapshot *snapshot)
{
    free(snapshot);
}
