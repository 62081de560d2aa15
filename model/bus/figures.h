/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * figures: the values and tables (plan/counter.h) that several types have in common: beats on a bus that is no
 * AHB, beats of a controller, a device's FIFO, an interrupt output.
 */
#ifndef DMASIM_FIGURES_H
#define DMASIM_FIGURES_H

#include "kernel/kernel.h"
#include "kernel/probe.h"
#include "kernel/state.h"
#include "plan/counter.h"

/* Of a bus, or of one of its masters. */
struct beat_figures {
    uint64_t reads, writes, bytes, errors;
    uint64_t grant_waits, waits, back_pressure; /* edges of the clock */
};

/* A bus's own part, with what all its masters did; id 0. width_bytes: of all that can move in a cycle. */
void tell_bus_beats(struct counter_part *part, const struct beat_figures *all, uint32_t width_bytes,
                    const struct clock *clock, sim_time now);

/* The same of a bus whose clock has an edge for each half of what it calls a cycle. */
#define FIGURE_HALVES 2
void tell_bus_halves(struct counter_part *part, const struct beat_figures *all,
                     uint32_t width_bytes, const struct clock *clock, sim_time now);

/* One master's, listed once it has moved anything; halves: of such a bus. */
void tell_master_beats(struct counter_part *part, uint32_t id, const char *master, bool halves,
                       const struct beat_figures *figures);

/* The index-th in the order of their first beats (or addresses), and of the list where these are in one cycle;
 * `count` if there is none. firsts: SIM_NEVER without any. */
uint32_t figures_by_first(const sim_cycle *firsts, uint32_t count, uint32_t index);

/* Of a controller's masters, and of the streams at its sides. */
struct dma_figures {
    uint64_t data, descriptor, writeback, errors; /* `errors` are among the others */
};
void tell_dma(struct counter_part *part, uint32_t id, const struct dma_figures *figures);

/* What a device with a FIFO counts, beside what it lost. */
struct fifo_levels {
    uint32_t max, min; /* after a step; min: FIFO_UNFILLED before it was filled */
    bool full;         /* it was filled, and more is to come */
    sim_cycle
        asked; /* first cycle of the request that nothing has moved for yet; SIM_NEVER: there is none */
    uint64_t requests, request_cycles, longest_request;
};
#define FIFO_UNFILLED UINT32_MAX

static inline void fifo_levels_start(struct fifo_levels *self)
{
    *self = (struct fifo_levels){.min = FIFO_UNFILLED, .asked = SIM_NEVER};
}

/* After a step: `filled` once it has been filled, `fed` while more is to come. What is in it between the two is its
 * reserve; a stretch that begins later begins with filling again. */
static inline void fifo_levels_note(struct fifo_levels *self, uint32_t level, bool filled, bool fed)
{
    if (level > self->max)
        self->max = level;
    self->full = fed && (filled || self->full);
    if (self->full && level < self->min)
        self->min = level;
}

/* The first item moves at the edge that ends cycle `now`, or the first of its cycles: publishes the interval. */
void fifo_levels_served(struct fifo_levels *self, const struct probe *intervals, sim_cycle until);

/* From round to round (kernel/round.h). */
extern const struct state_table fifo_levels_round, beat_figures_round;

/* How a device tells it. */
enum fifo_kind {
    FIFO_PLAIN,  /* no level, no request lines */
    FIFO_CYCLES, /* cycles of its bus */
    FIFO_HALVES, /* of a bus whose clock has an edge for each half */
};
void tell_fifo(struct counter_part *part, uint32_t id, enum fifo_kind kind, uint64_t overruns,
               uint64_t underruns, const struct fifo_levels *levels);

/* Rising edges. */
void tell_interrupts(struct counter_part *part, uint32_t id, uint64_t count);

#endif
