/* SPDX-License-Identifier: BSD-2-Clause */
/* statistics_state: what statistics.c collects; summary.c and table.c write it. */
#ifndef DMASIM_TRACE_STATISTICS_STATE_H
#define DMASIM_TRACE_STATISTICS_STATE_H

#include "kernel/round.h"
#include "metrics.h"
#include "trace/summary/distribution.h"
#include "trace/summary/figures.h"
#include "trace/summary/statistics.h"

struct latencies {
    struct distribution ps; /* of complete transfers, sorted once closed */
    struct latency_counts {
        uint64_t transfers, bytes, failed, stopped;
    } counts, begun; /* begun: when a round began that may come again (kernel/round.h) */
};

/* A value that came in such a round. */
struct statistics_value {
    struct distribution *to;
    uint64_t value;
};

/* What is heard at one probe: accesses of a CPU, requests of a device, periods of a cyclic entry. */
struct heard {
    struct probe_observer observer;
    struct trace_statistics *all;
    const struct probe *probe;
    bool period;                /* of intervals: of a cyclic entry, not of a device */
    struct distribution values; /* cycles of the bus, or picoseconds; sorted once closed */
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
    struct heard *heard;
    uint32_t heard_count;
    bool failed;
    struct kernel *kernel; /* null: there is nothing to hear */
    struct round_witness witness;
    struct statistics_value *values; /* of the round, */
    size_t value_count;
    bool full;                         /* and more than there is room for */
    const struct trace_causes *causes; /* null: they are not counted */
};

/* The figures that a probe's values make. */
enum summary_distribution_index statistics_kind(const struct heard *self);

static inline struct metric_walk statistics_walk(const struct trace_statistics *self)
{
    return (struct metric_walk){.now = self->final_ps, .from = self->from};
}

#endif
