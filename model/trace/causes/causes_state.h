/* SPDX-License-Identifier: BSD-2-Clause */
/* causes_state: what is counted (causes.c), and how it is told (rows.c). */
#ifndef DMASIM_CAUSES_STATE_H
#define DMASIM_CAUSES_STATE_H

#include "host/work/work.h"
#include "plan/component.h"
#include "trace/causes/causes.h"

struct named {
    uint8_t kind;
    const char *who;
    uint64_t cycles;
};

/* Cycles by cause. */
struct account {
    uint64_t kinds[CAUSES]; /* those with a name apart */
    struct named *named;
    uint32_t named_count, named_room;
};

struct bus {
    const struct component *component;
    const struct cause_bus *hooks;
    struct cause_cycle cycle;
    struct account accounts[CAUSE_PATHS];
    uint32_t path_count;
};

/* A controller that no call runs. */
struct free_controller {
    const struct component *component;
    struct account account; /* of its channels, while they are at work */
};

/* A channel of a controller, or a CPU. */
struct waiter {
    const struct component *component;
    uint32_t channel;
    uint64_t buses;               /* bit i: it has a master on bus i */
    struct free_controller *free; /* of which it is; null: of another */
    struct cause_wait wait;
};

/* A time that an entry ran: a transfer, or a program. */
struct cause_round {
    sim_time submit_ps;
    struct account account;
};

/* An entry of work. */
struct entry {
    const struct component *component;
    const struct waiter *waiter; /* of the transfer under way; null: its controller tells nothing */
    const struct work *program;  /* null: it is a call */
    struct cause_wait own;       /* of a program: what its accesses do */
    const struct clock *clock;
    struct account account;
    sim_time submit_ps;         /* of the last time it ran */
    struct cause_round *rounds; /* the last of CAUSE_ROUNDS + 1 is all that came after the others */
    uint32_t round_count, round_room;
    const struct bus *bus; /* of a program: where its CPU is, as which master; null: nowhere */
    uint32_t master;
};

struct trace_causes {
    struct kernel_sampler sampler; /* first */
    const struct system *system;   /* null once nobody looks */
    struct bus *buses;
    struct waiter *waiters;
    struct entry *entries;
    struct entry **live; /* under way */
    struct free_controller *free;
    uint32_t bus_count, waiter_count, entry_count, live_count, free_count;
    uint64_t rounds; /* of all CPUs, when `live` was found */
    bool served;     /* some transfer is its driver's in this cycle */
    bool failed;
};

/* ---- rows.c ---------------------------------------------------------------------------------- */

void account_free(struct account *self);

/* The entry begins again: from now on the round that was submitted then is counted. False if memory is short. */
bool entry_round(struct entry *self, sim_time submit_ps);

static inline struct cause_round *entry_now(struct entry *self)
{
    return self->round_count ? &self->rounds[self->round_count - 1] : NULL;
}

#endif
