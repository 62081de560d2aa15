/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wire: a registered level between two units.
 *
 * A value put at time t is seen by the reader from its first edge later than t on; until then the
 * value from before. No copying step is needed: the wire keeps both values and the time of change.
 */
#ifndef DMASIM_WIRE_H
#define DMASIM_WIRE_H

#include "kernel/kernel.h"
#include "kernel/state.h"

struct wire {
    uint64_t value;
    uint64_t before; /* what holds at `changed` itself */
    sim_time changed;
    struct unit *reader; /* woken by each change; may be null */
};

/* A wire, and one whose level is a figure (kernel/round.h). */
extern const struct state_table wire_state, wire_count_state;

/* The level in the cycle that the edge at `now` ends. */
static inline uint64_t wire_get(const struct wire *self, sim_time now)
{
    return self->changed < now ? self->value : self->before;
}

static inline void wire_put(struct wire *self, sim_time now, uint64_t value)
{
    if (value == self->value)
        return;
    if (self->changed < now) {
        self->before = self->value;
        self->changed = now;
    }
    self->value = value;
    if (self->reader)
        unit_wake(self->reader);
}

#endif
