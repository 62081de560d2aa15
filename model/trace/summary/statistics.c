/* SPDX-License-Identifier: BSD-2-Clause */
/* statistics: the begin of the window, and the latencies of transfers that end in it. */
#include "trace/summary/statistics.h"

#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
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

static bool add(struct latencies *self, const struct transfer_record *record)
{
    self->transfers++;
    if (strcmp(record->status, "complete") != 0) {
        if (strcmp(record->status, "stopped") == 0)
            self->stopped++;
        else
            self->failed++;
        return true;
    }
    self->bytes += record->bytes;
    if (record->submit_ps == SIM_NEVER || record->callback_ps == SIM_NEVER ||
        record->callback_ps < record->submit_ps)
        return true;
    return distribution_add(&self->ps, record->callback_ps - record->submit_ps);
}

static void notify(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                   const void *record)
{
    (void)probe;
    (void)now;
    struct trace_statistics *all = ((struct transfer_listener *)observer)->all;
    const struct transfer_record *transfer = record;
    if (!add(&all->latencies, transfer))
        all->failed = true;
    if (!transfer->controller)
        return;
    struct controller_latencies *one = controller(all, transfer->controller);
    if (one && !add(&one->latencies, transfer))
        all->failed = true;
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
    if (!distribution_add(&self->values, value))
        self->all->failed = true;
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
        probe_listen(p, &next->observer);
    }
    struct heard *heard = self->heard;
    for (struct probe *p = self->system->probes; p; p = p->link) {
        if (!is_heard(p))
            continue;
        *heard = (struct heard){.observer.notify = hear, .all = self, .probe = p};
        probe_listen(p, &heard++->observer);
    }
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
        self->from_ps = system->kernel.now;
        self->from = metric_mark(system, self->from_ps);
        self->listeners = calloc(probes + 1, sizeof *self->listeners);
        for (uint32_t i = 0; plan && i < plan->counts[SECTION_CONTROLLERS]; i++)
            controller(self, plan->components[SECTION_CONTROLLERS][i].name);
    }
    if (!self || !self->from || !self->listeners || !hear_intervals(self) || self->failed) {
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
    metric_mark_free(self->from);
    free(self);
}
