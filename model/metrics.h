/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics: every figure that the units of a system count, by name, unit and definition (docs/metrics.md).
 *
 *   struct metric_walk walk = {.now = system->kernel.now};
 *   struct metric metric;
 *   while (metric_next(system, &walk, &metric))
 *       ... metric_name(&metric, text, sizeof text), metric.value ...
 *
 * A walk changes nothing and costs nothing while nobody walks. Between two calls of kernel_advance() it
 * tells what has been counted up to and including all edges at or before its time, whatever was passed in
 * closed form; two walks at one time tell the same. The names are those of summary.csv:
 *
 *   bus.ahb.master.cpu.wait_cycles
 *   group . component [. part] . figure
 */
#ifndef DMASIM_METRICS_H
#define DMASIM_METRICS_H

#include "plan/counter.h"
#include "system.h"

/* Values at the begin of a window: of a metric, what it has grown since then. */
struct metric_mark;

/* As they are at `now`; null if memory is short. Good as long as the system is, also after a
 * system_restore(). */
struct metric_mark *metric_mark(const struct system *system, sim_time now);
void metric_mark_free(struct metric_mark *mark);

#define METRIC_COMPONENTS                                                                          \
    64 /* that a walk remembers the groups of; others are asked for each group */

struct metric_walk {
    sim_time now; /* the time reached, or a later one up to which nothing happens */
    const struct metric_mark *from; /* null: from time 0 */

    /* The rest is the walk's own; 0 at first. */
    enum counter_group group;
    uint32_t section, component, index;
    uint32_t seen; /* components that were looked at, of this group */
    bool learnt;   /* a whole group was walked: `groups` is known */
    uint8_t
        groups[METRIC_COMPONENTS]; /* of the first components: bit i, it has a part of group i */
    uint32_t row;                  /* of the part's table, the next to tell */
    bool inside;                   /* a part is being told */
    const struct component *of;
    struct counter_part part;
};

struct metric {
    const struct component *component;
    const struct counter_part *part; /* good until the next call */
    const struct counter *counter;
    const char *unit, *doc;
    uint64_t value;
    /* Of a ratio; its value is value * scale / over, 0 if that is 0. Else 1 and 1. */
    uint64_t scale, over;
    unsigned decimals; /* to print */
};

/* The next figure; false if there is none left. */
bool metric_next(const struct system *system, struct metric_walk *walk, struct metric *metric);

/* The figure of this name, as a walk from time 0 would tell it at `now`; `walk` is where its part lies. False if there is
 * none. It asks that component alone. */
bool metric_find(const struct system *system, sim_time now, const char *name,
                 struct metric_walk *walk, struct metric *metric);

/* The dotted name, cut if there is no room; its length without that. */
size_t metric_name(const struct metric *metric, char *text, size_t size);

/* The same with <bus> and the like for the names of components and masters, and n for the number of an erratum: what
 * stands in docs/results.md. Cut if there is no room. */
void metric_pattern(const struct metric *metric, char *text, size_t size);

/* ---- part by part ---------------------------------------------------------------------------- */

/* The next part that is listed: walk->of and walk->part; false if there is none left. */
bool metric_part_next(const struct system *system, struct metric_walk *walk);

/* The row-th figure of the walk's part; false if there are no more. */
bool metric_of_part(const struct metric_walk *walk, uint32_t row, struct metric *metric);

/* The value of the walk's part with this name, which is no ratio; 0 if it has none. */
uint64_t metric_value(const struct metric_walk *walk, const char *name);

#endif
