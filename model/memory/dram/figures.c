/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the cycles of the data bus went, told at each RD and WR for the time since the end of the last data.
 *
 * Its own data takes BL cycles (data; what overlaps other data is not counted twice). What lies between is taken off in this
 * order: cycles in which no request waited (idle); in which a refresh of all banks waited or ran, or one of a bank waited
 * (refresh); until the row that the access itself had to have opened could be accessed (row); the rest is
 * turnaround if the direction or the rank changed, and spacing if not: the distance inside a bank group, or that
 * the scheduler had other things to do first. All are seen from the command, CL or CWL before its data.
 */
#include "memory/dram/internal.h"

static struct data_bus *bus_of(struct dram_channel *self, unsigned rank)
{
    return &self->buses[self->config->standard == DRAM_HBM2 ? rank : 0];
}

void dram_figures_init(struct dram_channel *self)
{
    for (unsigned i = 0; i < DRAM_RANKS_MAX; i++)
        self->buses[i] = (struct data_bus){.free = 1, .busy_since = 1, .last_rank = -1};
}

void dram_wait_begins(struct dram_channel *self, int64_t now, unsigned rank)
{
    struct data_bus *bus = bus_of(self, rank);
    if (bus->waiting++ == 0)
        bus->busy_since = now;
}

void dram_refresh_waits(struct dram_channel *self, int64_t now, unsigned rank)
{
    struct data_bus *bus = bus_of(self, rank);
    if (now >= bus->refresh_until)
        bus->refresh_since = now;
    bus->refresh_until = CYCLE_NEVER;
}

void dram_refresh_runs(struct dram_channel *self, int64_t until, unsigned rank)
{
    bus_of(self, rank)->refresh_until = until;
}

/* Takes off the front of [from, until) what lies before `end`. */
static uint64_t take(int64_t *from, int64_t until, int64_t end)
{
    const int64_t stop = end < until ? end : until;
    if (stop <= *from)
        return 0;
    const uint64_t taken = (uint64_t)(stop - *from);
    *from = stop;
    return taken;
}

/* The part of [from, until) that lies in [first, end); what is left is as long, wherever it was. */
static uint64_t take_inside(int64_t *from, int64_t until, int64_t first, int64_t end)
{
    const int64_t begin = later_of(*from, first);
    const int64_t stop = end < until ? end : until;
    if (stop <= begin)
        return 0;
    *from += stop - begin;
    return (uint64_t)(stop - begin);
}

void dram_account(struct dram_channel *self, int64_t now, const struct entry *entry)
{
    const uint32_t *timing = self->config->timing;
    const int64_t latency = timing[entry->write ? DRAM_T_CWL : DRAM_T_CL];
    const int64_t ends = now + latency + timing[DRAM_T_BL];
    struct dram_counts *counts = &self->counts;
    struct data_bus *bus = bus_of(self, entry->rank);
    int64_t from = bus->free - latency;
    const bool turned = bus->last_rank >= 0 && bus->last_write != entry->write;
    counts->idle += take(&from, now, bus->busy_since);
    counts->refresh += take_inside(&from, now, bus->refresh_since, bus->refresh_until);
    if (entry->activated)
        counts->row +=
            take(&from, now, self->bank_ready[entry->bank][entry->write ? DRAM_WR : DRAM_RD]);
    uint64_t *rest =
        turned || bus->last_rank != entry->rank ? &counts->turnaround : &counts->spacing;
    *rest += take(&from, now, now);
    if (ends > bus->free) {
        const int64_t alone = ends - bus->free;
        counts->data += alone < timing[DRAM_T_BL] ? (uint64_t)alone : timing[DRAM_T_BL];
        bus->free = ends;
    }
    counts->turnarounds += turned;
    bus->last_write = entry->write;
    bus->last_rank = entry->rank;
    bus->waiting--;
    if (entry->write)
        counts->writes++;
    else
        counts->reads++;
    if (!entry->activated)
        counts->hits++;
    else if (entry->precharged)
        counts->conflicts++;
    else
        counts->misses++;
}

/* The time since the last data. What waits now counts as spacing until it is served and tells what it waited for. */
static void count_rest(const struct data_bus *bus, int64_t now, struct dram_counts *counts)
{
    int64_t from = bus->free;
    const int64_t until = later_of(now + 1, from);
    counts->cycles += (uint64_t)(until - 1);
    counts->idle += take(&from, until, bus->waiting ? bus->busy_since : until);
    counts->refresh += take_inside(&from, until, bus->refresh_since, bus->refresh_until);
    counts->spacing += take(&from, until, until);
}

static void add(struct dram_counts *sum, const struct dram_counts *more)
{
    uint64_t *to = &sum->reads;
    const uint64_t *from = &more->reads;
    for (uint64_t *end = &sum->cycles; to <= end;)
        *to++ += *from++;
}

struct dram_counts dram_count(const struct dram *self, unsigned channel, sim_cycle now)
{
    struct dram_counts sum = {.reads = 0};
    const unsigned buses = self->config.standard == DRAM_HBM2 ? self->config.ranks : 1;
    for (unsigned i = 0; i < self->config.channels; i++) {
        if (channel != i && channel < self->config.channels)
            continue;
        struct dram_counts counts = self->channels[i].counts;
        for (unsigned bus = 0; bus < buses; bus++)
            count_rest(&self->channels[i].buses[bus], (int64_t)now, &counts);
        add(&sum, &counts);
    }
    return sum;
}
