/* SPDX-License-Identifier: BSD-2-Clause */
/* statistics_state: what statistics.c collects; summary.c and table.c write it. */
#ifndef DMASIM_TRACE_STATISTICS_STATE_H
#define DMASIM_TRACE_STATISTICS_STATE_H

#include "metrics.h"
#include "trace/summary/statistics.h"

struct latencies {
    uint64_t *ps; /* of complete transfers, sorted once closed */
    size_t count, size;
    uint64_t transfers, bytes, failed;
};

/* A controller of the plan, or one that a transfer named. */
struct controller_latencies {
    const char *name;
    struct latencies latencies;
};

struct transfer_listener {
    struct probe_observer observer;
    struct trace_statistics *all;
};

struct trace_statistics {
    const struct system *system;
    struct metric_mark *from;
    sim_time from_ps, final_ps;
    struct transfer_listener *listeners;
    struct controller_latencies **controllers; /* by name, once closed */
    uint32_t controller_count;
    struct latencies latencies;
    bool failed;
};

/* The value of rank ceil(count * percent / 100) of the sorted latencies; count > 0. */
static inline uint64_t latencies_percentile(const struct latencies *self, unsigned percent)
{
    size_t rank = (self->count * percent + 99) / 100;
    return self->ps[rank ? rank - 1 : 0];
}

static inline struct metric_walk statistics_walk(const struct trace_statistics *self)
{
    return (struct metric_walk){.now = self->final_ps, .from = self->from};
}

#endif
