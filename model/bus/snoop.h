/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snoop: what a coherent master asks of the cache of a CPU before its burst goes to memory.
 *
 *   master's side: asks with the addresses of a burst ---> cache: looks up line by line, writes back what is dirty, drops
 *                  waits                              <--- opens    what will be written
 *   burst goes, its lines are locked ... last R, B, end of the data phases: closed
 *
 * The cache's unit steps behind the master's side in a cycle (kernel_order): it sees what is asked in the same cycle; that a
 * gate is open is seen from the next one on.
 */
#ifndef DMASIM_SNOOP_H
#define DMASIM_SNOOP_H

#include "kernel/kernel.h"

#define SNOOP_OPEN 320 /* bursts of a gate under way: more than any bus lets a master have */

struct snoop_range {
    uint64_t first, last;
    uint32_t id;
    bool write;
};

struct snoop_gate {
    struct unit *unit;    /* of the master's side: stepped when it opens */
    struct unit *snooper; /* the cache's */
    struct snoop_range ask;
    bool asked;  /* by the master's side */
    bool opened; /* by the cache */
    struct snoop_range open[SNOOP_OPEN];
    uint32_t count;
    struct snoop_gate *next; /* of the same cache */
};

/* May the burst go? Asks, if it has not been asked for; then until snoop_taken() it is the same burst. */
static inline bool snoop_passes(struct snoop_gate *self, const struct snoop_range *range)
{
    if (!self->asked) {
        self->asked = true;
        self->opened = false;
        self->ask = *range;
        unit_wake_now(self->snooper);
    }
    return self->opened;
}

/* Its address is taken. */
static inline void snoop_taken(struct snoop_gate *self)
{
    if (!self->asked)
        return;
    if (self->count < SNOOP_OPEN)
        self->open[self->count++] = self->ask;
    self->asked = false;
}

/* The oldest burst of an id is over. */
static inline void snoop_over(struct snoop_gate *self, uint32_t id)
{
    for (uint32_t i = 0; i < self->count; i++) {
        if (self->open[i].id != id)
            continue;
        for (self->count--; i < self->count; i++)
            self->open[i] = self->open[i + 1];
        unit_wake_now(self->snooper);
        return;
    }
}

/* Is a range kept from a CPU that wants to read, or write, it? */
static inline bool snoop_locks(const struct snoop_gate *self, uint64_t first, uint64_t last,
                               bool write)
{
    for (uint32_t i = 0; i < self->count + self->asked; i++) {
        const struct snoop_range *range = i < self->count ? &self->open[i] : &self->ask;
        if (first <= range->last && last >= range->first && (write || range->write))
            return true;
    }
    return false;
}

#endif
