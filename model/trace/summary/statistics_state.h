/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_statistics_state: what statistics.c counts, statistics_repeat.c passes and summary.c
 * writes. */
#ifndef DMASIM_TRACE_STATISTICS_STATE_H
#define DMASIM_TRACE_STATISTICS_STATE_H

#include "bus/ahb/ahb.h"
#include "bus/records.h"
#include "kernel/repeat.h"
#include "trace/summary/errata.h"
#include "trace/summary/statistics.h"

struct master_counts {
    const char *name; /* null: no such master */
    uint64_t data_cycles, wait_cycles, request_wait_cycles, arbitration_losses;
    uint64_t bytes, errors, bursts_broken;
    uint32_t burst_left; /* beats that a fixed-length burst still owes */
};

struct bus_counts {
    struct probe_observer rows, beats;
    const struct probe *probe; /* of the rows */
    struct ahb_row row;        /* holds from cycle `since` on */
    sim_cycle since;
    int data_master; /* whose data phase cycle `since` is, -1 if none */
    bool known;
    uint64_t width_bits;
    uint64_t cycles, busy_cycles, data_cycles, wait_cycles;
    uint64_t bytes, errors, retries, bursts, bursts_broken;
    struct master_counts masters[AHB_MASTERS_MAX];
};

struct latencies {
    uint64_t *ps;
    size_t count, size;
    uint64_t transfers, bytes, failed;
};

struct controller_counts {
    const char *name;
    bool tells; /* it publishes its beats */
    struct latencies latencies;
    uint64_t beats, descriptor, writeback, errors;
};

/* A bus of another type than AHB, by its "bus_beat" probe. */
#define BEAT_MASTERS_MAX 16

struct beat_counts {
    const char *master; /* null: of all */
    uint64_t reads, writes, bytes, errors;
};

struct bus_beats {
    struct probe_observer observer;
    const struct probe *probe;
    struct beat_counts all;
    struct beat_counts
        masters[BEAT_MASTERS_MAX]; /* as they come; what is beyond is only in `all` */
};

/* One probe of "dma_beat", "transfer", "cpu_access", "fifo", "interrupt" or "erratum". */
struct unit_counts {
    struct probe_observer observer;
    const struct probe *probe;
    struct trace_statistics *all;
    struct controller_counts *controller; /* dma_beat: of the last record, */
    const char *controller_name;          /* which named it so */
    uint64_t accesses, writes, errors, stall_cycles;
    uint64_t overruns, underruns, max_level;
    uint64_t edges;
    uint8_t level;
    struct errata errata;
};

struct trace_statistics {
    const struct system *system;
    struct bus_counts *buses;
    uint32_t bus_count;
    struct bus_beats *others;
    uint32_t other_count;
    struct unit_counts *units;
    uint32_t unit_count;
    struct controller_counts **controllers; /* by name, once closed */
    uint32_t controller_count;
    struct latencies latencies;
    sim_time final_time;
    bool failed;
    struct repeat_witness witness;
    uint64_t *kept; /* counters, statistics_repeat.c */
    size_t kept_count, kept_room;
};

/* statistics_repeat.c: joins the kernel as a witness of what repeats. */
void trace_statistics_repeat_open(struct trace_statistics *self);

static inline bool statistics_is(const struct probe *probe, const char *type)
{
    return __builtin_strcmp(probe->type->name, type) == 0;
}

#endif
