/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cause: what a cycle of a bus, or of a transfer, went by with. Each goes to exactly one cause.
 *
 *   edge n ------------------- cycle n ------------------- edge n+1
 *                      before(): what units hold in it         after(): the wires as they were in it
 *
 * Whoever counts (trace/causes) looks at every edge, from outside: a bus tells what its wires were used for, as a
 * whole or from the side of one master; a controller or CPU tells for each of its channels what that is waiting
 * for, and which of its masters work for it. What nobody asks a bus for goes to what its masters wait for.
 *
 * The signal conditions stand in cause_table, from which docs/explain.md has them.
 */
#ifndef DMASIM_CAUSE_H
#define DMASIM_CAUSE_H

#include "kernel/kernel.h"

/* In the order in which the first that holds is taken, where several do. */
enum cause_kind {
    CAUSE_DATA,
    CAUSE_DESCRIPTOR,
    CAUSE_REGISTER,
    CAUSE_FAILED,
    CAUSE_ADDRESS,
    CAUSE_WAIT, /* of a slave */
    CAUSE_OUTSTANDING,
    CAUSE_ARBITRATION, /* lost to a master */
    CAUSE_HANDOVER,
    CAUSE_LOCK,
    CAUSE_OWNER_IDLE,
    CAUSE_FIFO,
    CAUSE_LATENCY,
    CAUSE_TURN,
    CAUSE_PERIPHERAL,
    CAUSE_CPU,
    CAUSE_NOTHING,
    CAUSES,
    CAUSE_UNASKED = CAUSES, /* of a bus: nobody asks for it; of a master: it does not */
};

struct cause {
    uint8_t kind;    /* enum cause_kind */
    const char *who; /* CAUSE_WAIT: the slave; CAUSE_ARBITRATION: the master; else null */
};

/* The same kinds in words. */
struct cause_info {
    const char *name;       /* in summary.csv, behind "cause." */
    const char *what;       /* in a sentence: "waits for the slave" */
    const char *condition;  /* of signals and states that defines it, bus by bus */
    const char *parameters; /* that touch it, with <who> for a name; null: none */
    bool named;             /* a slave or master follows its name */
};
extern const struct cause_info cause_table[CAUSES];

/* True for the name of a figure that is a cause, "bus.ahb.cause.wait.sram". Those of transfers and controllers are listed
 * only where they strike: *may (may be null) is set if it is one that may. */
bool cause_figure(const char *name, bool *may);

/* ---- buses ----------------------------------------------------------------------------------- */

#define CAUSE_PATHS 2
#define CAUSE_MASTERS 16
#define CAUSE_WHOLE UINT32_MAX /* in the place of a master: the bus as a whole */

/* What is kept of a cycle of a bus from before() to after(). */
struct cause_cycle {
    uint32_t fetching[CAUSE_PATHS]; /* bit i: what master i moves is a descriptor */
    uint32_t limited;   /* bit i: master i would read on, but for a limit of open bursts */
    uint32_t registers; /* bit i: slave i is the registers of a controller */
    uint64_t kept[2 + CAUSE_MASTERS]; /* the bus's own; 0 at first, and then as it was left */
};

struct component;

struct cause_bus {
    const char
        *paths[CAUSE_PATHS + 1]; /* names of what moves data at the same time; "" if it is one */
    bool (*used)(const struct component *self, uint32_t path);               /* null: it is */
    const char *(*master)(const struct component *self, uint32_t index);     /* null: no more */
    const char *(*slave)(const struct component *self, uint32_t index);      /* the same */
    void (*before)(const struct component *self, struct cause_cycle *cycle); /* may be null */
    void (*settle)(const struct component *self, struct cause_cycle *cycle,
                   sim_cycle now); /* likewise */
    /* After settle(): what a path was used for; with CAUSE_WHOLE by anybody, else from a master's side. */
    struct cause (*cause)(const struct component *self, const struct cause_cycle *cycle,
                          sim_cycle now, uint32_t path, uint32_t master);
};

/* ---- those that use them --------------------------------------------------------------------- */

/* A master that works for a channel. */
struct cause_use {
    const void *bus; /* the instance */
    uint8_t path, master;
    uint8_t idle; /* enum cause_kind: why it does not ask its bus for anything, if it does not */
    bool fetches; /* what it moves is a descriptor */
    bool limited; /* it would ask for more, but for a limit of open bursts */
};

/* What a channel does in a cycle. */
struct cause_wait {
    bool active; /* it is at work; else its driver has not told it anything, or has to */
    uint8_t use_count;
    struct cause_use uses[3]; /* those of it that matter first, first */
    bool moves;               /* beats that are on no bus: of a stream, of a FIFO's interface */
    uint8_t reason;           /* enum cause_kind: why, if none of them asks its bus for anything */
    uint8_t elsewhere;        /* the same, for a bus that it has a master on and does not use now */
};

static inline void cause_uses(struct cause_wait *self, const void *bus, unsigned path,
                              unsigned master, bool fetches)
{
    self->uses[self->use_count++] = (struct cause_use){.bus = bus,
                                                       .path = (uint8_t)path,
                                                       .master = (uint8_t)master,
                                                       .idle = CAUSE_LATENCY,
                                                       .fetches = fetches};
}

#endif
