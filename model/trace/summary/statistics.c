/* SPDX-License-Identifier: BSD-2-Clause */
/* statistics: the begin of the window, and the latencies of transfers that end in it. */
#include "trace/summary/statistics.h"

#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "kernel/base.h"
#include "trace/summary/statistics_state.h"

static struct controller_latencies *controller(struct trace_statistics *self, const char *name)
{
    for (uint32_t i = 0; i < self->controller_count; i++)
        if (strcmp(self->controllers[i]->name, name) == 0)
            return self->controllers[i];
    struct controller_latencies **table =
        realloc(self->controllers, (self->controller_count + 1) * sizeof(*table));
    if (table)
        self->controllers = table;
    struct controller_latencies *one = calloc(1, sizeof *one);
    if (!table || !one) {
        free(one);
        self->failed = true;
        return NULL;
    }
    one->name = name;
    self->controllers[self->controller_count++] = one;
    return one;
}

enum { VALUES_MAX = 1 << 14 }; /* of a round; one with more is stepped */

static void add_value(struct trace_statistics *self, struct distribution *to, uint64_t value)
{
    self->failed |= !distribution_add(to, value);
    if (!self->kernel->watch.on)
        return;
    self->full |= self->value_count == VALUES_MAX;
    if (!self->full)
        self->values[self->value_count++] = (struct statistics_value){to, value};
}

static void add(struct trace_statistics *all, struct latencies *self,
                const struct transfer_record *record)
{
    struct latency_counts *counts = &self->counts;
    counts->transfers++;
    if (strcmp(record->status, "complete") != 0) {
        if (strcmp(record->status, "stopped") == 0)
            counts->stopped++;
        else
            counts->failed++;
        return;
    }
    counts->bytes += record->bytes;
    if (record->submit_ps == SIM_NEVER || record->callback_ps == SIM_NEVER ||
        record->callback_ps < record->submit_ps)
        return;
    add_value(all, &self->ps, record->callback_ps - record->submit_ps);
}

static void notify(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                   const void *record)
{
    (void)probe;
    (void)now;
    struct trace_statistics *all = ((struct transfer_listener *)observer)->all;
    const struct transfer_record *transfer = record;
    add(all, &all->latencies, transfer);
    if (!transfer->controller)
        return;
    struct controller_latencies *one = controller(all, transfer->controller);
    if (one)
        add(all, &one->latencies, transfer);
}

/* ---- intervals ------------------------------------------------------------------------------- */

static void hear(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                 const void *record)
{
    struct heard *self = (struct heard *)observer;
    (void)now;
    uint64_t value;
    if (probe->type == &cpu_access_probe_type) {
        value = ((const struct cpu_access_record *)record)->stall_cycles;
    } else {
        const struct interval_record *interval = record;
        self->period = interval->kind == INTERVAL_PERIOD;
        value = interval->ps;
    }
    add_value(self->all, &self->values, value);
}

static bool is_heard(const struct probe *probe)
{
    return probe->type == &cpu_access_probe_type || probe->type == &interval_probe_type;
}

enum summary_distribution_index statistics_kind(const struct heard *self)
{
    if (self->probe->type == &cpu_access_probe_type)
        return DISTRIBUTION_STALL;
    return self->period ? DISTRIBUTION_PERIOD : DISTRIBUTION_REQUEST;
}

/* ---- from round to round: what came is so often again -------------------------------------------- */

static void begin_round(struct round_witness *witness)
{
    struct trace_statistics *self = CONTAINER_OF(witness, struct trace_statistics, witness);
    self->latencies.begun = self->latencies.counts;
    for (uint32_t i = 0; i < self->controller_count; i++)
        self->controllers[i]->latencies.begun = self->controllers[i]->latencies.counts;
    self->value_count = 0;
    self->full = false;
}

static bool fits(const struct round_witness *witness)
{
    return !CONTAINER_OF(witness, const struct trace_statistics, witness)->full;
}

static void pass_latencies(struct latencies *self, uint64_t times)
{
    struct latency_counts *now = &self->counts;
    const struct latency_counts *begun = &self->begun;
    now->transfers += times * (now->transfers - begun->transfers);
    now->bytes += times * (now->bytes - begun->bytes);
    now->failed += times * (now->failed - begun->failed);
    now->stopped += times * (now->stopped - begun->stopped);
}

static void pass_rounds(struct round_witness *witness, uint64_t times)
{
    struct trace_statistics *self = CONTAINER_OF(witness, struct trace_statistics, witness);
    pass_latencies(&self->latencies, times);
    for (uint32_t i = 0; i < self->controller_count; i++)
        pass_latencies(&self->controllers[i]->latencies, times);
    for (size_t i = 0; i < self->value_count; i++)
        self->failed |= !distribution_add_many(self->values[i].to, self->values[i].value, times);
}

/* ---- opening and closing --------------------------------------------------------------------- */

static struct probe *transfers(const struct system *system, struct probe *from)
{
    return system_probe(system, transfer_probe_type.name, from);
}

static void listen(struct trace_statistics *self)
{
    struct transfer_listener *next = self->listeners;
    for (struct probe *p = NULL; (p = transfers(self->system, p)); next++) {
        next->all = self;
        next->observer.notify = notify;
        probe_count(p, &next->observer);
    }
    struct heard *heard = self->heard;
    for (struct probe *p = self->system->probes; p; p = p->link) {
        if (!is_heard(p))
            continue;
        *heard = (struct heard){.observer.notify = hear, .all = self, .probe = p};
        probe_count(p, &heard++->observer);
    }
    self->witness =
        (struct round_witness){.begin = begin_round, .counts = fits, .pass = pass_rounds};
    if (self->kernel)
        round_join_witness(self->kernel, &self->witness);
}

static bool hear_intervals(struct trace_statistics *self)
{
    for (const struct probe *p = self->system->probes; p; p = p->link)
        self->heard_count += is_heard(p);
    self->heard = calloc(self->heard_count + 1, sizeof *self->heard);
    return self->heard != NULL;
}

struct trace_statistics *trace_statistics_open(const struct system *system,
                                               struct dmasim_error *error)
{
    size_t probes = 0;
    for (struct probe *p = NULL; (p = transfers(system, p));)
        probes++;
    struct trace_statistics *self = calloc(1, sizeof *self);
    if (self) {
        const struct plan *plan = system->plan;
        self->system = system;
        self->kernel = system->probes ? system->probes->clock->kernel : NULL;
        self->values = malloc(VALUES_MAX * sizeof *self->values);
        self->from_ps = system->kernel.now;
        self->from = metric_mark(system, self->from_ps);
        self->listeners = calloc(probes + 1, sizeof *self->listeners);
        for (uint32_t i = 0; plan && i < plan->counts[SECTION_CONTROLLERS]; i++)
            controller(self, plan->components[SECTION_CONTROLLERS][i].name);
    }
    if (!self || !self->from || !self->values || !self->listeners || !hear_intervals(self) ||
        self->failed) {
        trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
        trace_statistics_free(self);
        return NULL;
    }
    listen(self);
    return self;
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(struct controller_latencies *const *)a)->name,
                  (*(struct controller_latencies *const *)b)->name);
}

int trace_statistics_close(struct trace_statistics *self, sim_time final_time,
                           struct dmasim_error *error)
{
    self->final_ps = final_time;
    distribution_sort(&self->latencies.ps);
    for (uint32_t i = 0; i < self->heard_count; i++)
        distribution_sort(&self->heard[i].values);
    if (self->controller_count)
        qsort(self->controllers, self->controller_count, sizeof *self->controllers, by_name);
    for (uint32_t i = 0; i < self->controller_count; i++)
        distribution_sort(&self->controllers[i]->latencies.ps);
    if (!self->failed)
        return DMASIM_OK;
    trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
    return DMASIM_MEMORY;
}

/* A value where none was heard, so that its rows are told; and none again. */
static void assume(struct distribution *self, struct distribution **assumed, uint32_t *count)
{
    if (self->count > 0 || !distribution_add(self, 0))
        return;
    distribution_sort(self);
    assumed[(*count)++] = self;
}

void trace_statistics_names(struct trace_statistics *self, statistics_row *row, void *context)
{
    const uint32_t most = 1 + self->controller_count + self->heard_count;
    struct distribution **assumed = calloc(most, sizeof *assumed);
    uint32_t count = 0;
    if (!assumed)
        return;
    assume(&self->latencies.ps, assumed, &count);
    for (uint32_t i = 0; i < self->controller_count; i++)
        assume(&self->controllers[i]->latencies.ps, assumed, &count);
    for (uint32_t i = 0; i < self->heard_count; i++)
        assume(&self->heard[i].values, assumed, &count);
    trace_statistics_rows(self, row, context);
    while (count > 0)
        distribution_free(assumed[--count]);
    free(assumed);
}

void trace_statistics_free(struct trace_statistics *self)
{
    if (!self)
        return;
    for (uint32_t i = 0; i < self->controller_count; i++) {
        distribution_free(&self->controllers[i]->latencies.ps);
        free(self->controllers[i]);
    }
    free(self->controllers);
    distribution_free(&self->latencies.ps);
    for (uint32_t i = 0; self->heard && i < self->heard_count; i++)
        distribution_free(&self->heard[i].values);
    free(self->heard);
    free(self->listeners);
    free(self->values);
    metric_mark_free(self->from);
    free(self);
}
