/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outside: what stands outside the simulation and takes part in it through ports that a scenario
 * declares: masters, slaves, request lines, streams, interrupt inputs. dmasim.h, "Things outside", is how
 * a caller uses them; docs/outside.md has the timing of each on each bus.
 *
 *      caller          port (here)                     the rest
 *      start, answer,  registers that it drives  --->  bus, controller, CPU
 *      set, send
 *      event_take <--- what its unit saw at an edge <--
 *
 * Timing, the same everywhere
 *   A call at time t, all edges up to and including t having been stepped, changes what a port drives as a
 * register would whose clock edge is t: the first edge later than t is the first that samples it. What a
 * port sees at an edge is an event of that edge's time. So an answer that is given at the time of its
 * request, before time goes on, is what a register behind the bus would give.
 *
 *   edge        n             n+1           n+2
 *   bus         | request     |             |
 *   event       ^ time n
 *   answer        at n <= t < n+1: sampled by n+1; at n+1 <= t < n+2: sampled by n+2
 *
 * All state, data too, lies in the arena: a snapshot has open requests and transfers under way. A port that
 * waits for its caller sleeps.
 */
#ifndef DMASIM_OUTSIDE_H
#define DMASIM_OUTSIDE_H

#include "kernel/kernel.h"
#include "plan/component.h"

/* What a port can be asked to do; null: not that kind of port. Each returns an enum dmasim_code. */
struct outside_type {
    const char *kind; /* in words */
    int (*start)(struct dmasim_port *self, const struct dmasim_transfer *transfer, uint64_t *id);
    int (*answer)(struct dmasim_port *self, const struct dmasim_answer *answer);
    int (*set)(struct dmasim_port *self, uint32_t level);
    int (*send)(struct dmasim_port *self, const struct dmasim_beat *beat);
    int (*accept)(struct dmasim_port *self, uint32_t beats);
    /* The index-th request that was told and is not answered. */
    bool (*open)(const struct dmasim_port *self, uint32_t index, struct dmasim_event *event);
    /* Time of the port's first event, of which there is one; and takes it: outside_took() at its end. */
    sim_time (*next)(const struct dmasim_port *self);
    void (*take)(struct dmasim_port *self, struct dmasim_event *event);
};

/* First member of every port; its unit's clock is the port's. */
struct dmasim_port {
    const struct outside_type *type;
    const char *name;
    struct outside_list *list;
    struct unit *unit;
    uint32_t events;   /* that were not taken yet */
    sim_time event_ps; /* of the first of them */
    struct dmasim_port *link;
};

/* The ports of a system, in the order of building. */
struct outside_list {
    struct dmasim_port *first, **tail;
    uint32_t events;  /* of all ports */
    const bool *busy; /* true: inside a callback although the kernel does not step; may be null */
};

extern const struct component_type outside_master_type;
extern const struct component_type outside_memory_type, outside_device_type;
extern const struct component_type outside_line_type;
extern const struct component_type outside_source_type, outside_sink_type;
extern const struct component_type outside_interrupt_type;

/* Adds a port to the system's list. */
void outside_join(struct build *build, struct dmasim_port *self, const struct outside_type *type,
                  const struct component *component, struct unit *unit);

/* In a step of the port's unit: there is one event more, which stops a run or does not. */
void outside_tell(struct dmasim_port *self, bool stops);

/* One event is gone. */
void outside_took(struct dmasim_port *self);

/* The cycle in which a call made now changes what is driven: as a step at the edge that ends it. */
static inline sim_cycle outside_cycle(const struct dmasim_port *self)
{
    const struct clock *clock = self->unit->clock;
    return clock_edge_after(clock, clock->kernel->now) - 1;
}

static inline sim_time outside_now(const struct dmasim_port *self)
{
    return self->unit->clock->kernel->now;
}

/* ---- for whoever stands outside ---------------------------------------------------------------- */

/* Readies a call from outside: DMASIM_BUSY inside a callback. All edges up to now are stepped then,
 * those of time 0 too. */
int outside_enter(struct dmasim_port *self);

struct dmasim_port *outside_find(const struct outside_list *list, const char *name);

/* Takes the earliest event, of ports with events of one time the one built first; false: there is none. */
bool outside_take(struct outside_list *list, struct dmasim_event *event);

#endif
