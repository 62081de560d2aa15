/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * figures: the values and tables (plan/counter.h) that several types have in common: beats on a bus that is no
 * AHB, beats of a controller, a device's FIFO, an interrupt output.
 */
#ifndef DMASIM_FIGURES_H
#define DMASIM_FIGURES_H

#include "kernel/kernel.h"
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

struct fifo_figures {
    uint64_t overruns, underruns, max_level;
};
void tell_fifo(struct counter_part *part, uint32_t id, const struct fifo_figures *figures);

/* Rising edges. */
void tell_interrupts(struct counter_part *part, uint32_t id, uint64_t count);

#endif
