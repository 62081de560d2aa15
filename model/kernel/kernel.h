/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel: time, clocks, units, wake-ups.
 *
 * A unit is a synchronous state machine: step(self, cycle) does everything that happens at one edge
 * of the unit's clock and returns the next cycle at which it wants to run again by itself, or
 * SIM_NEVER. A unit that nobody wakes and that asked for nothing is not stepped: a step at any other
 * cycle must change nothing, so that stepping every unit at every edge gives the same trace.
 *
 *              cycle n                     cycle n+1
 *   edge n ----------------- edge n+1 ---------------------
 *   step(n): read what holds in cycle n, write what holds from cycle n+1 on
 *
 * Two kinds of link join units:
 *   - registered (struct wire): written in step(n), seen at the first edge of the reader's clock that
 *     is later than edge n;
 *   - zero latency: seen in the same cycle. kernel_order(before, after) declares it; the kernel gives
 *     the units ranks and steps a lower rank first. A loop of such links is refused by kernel_seal().
 *     Only units of one clock may be joined so.
 *
 * A unit writes its own state and its outgoing links, nothing else; then the order of stepping inside
 * a rank cannot matter (KERNEL_REVERSED proves it).
 *
 * All memory comes from one arena while the system is built; a snapshot is a copy of the arena.
 */
#ifndef DMASIM_KERNEL_H
#define DMASIM_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dmasim/dmasim.h"
#include "kernel/arena.h"

typedef uint64_t sim_time;  /* picoseconds since the start */
typedef uint64_t sim_cycle; /* edges of one clock since the start */

#define SIM_NEVER UINT64_MAX

struct kernel;
struct clock;
struct probe;

typedef sim_cycle unit_step(void *self, sim_cycle now);

struct unit {
    unit_step *step;
    void *self;
    struct clock *clock;
    const char *name;
    sim_cycle alarm;     /* next self-chosen cycle, SIM_NEVER if none */
    uint32_t slot;       /* bit number in the clock's masks; lower ranks have lower slots */
    uint32_t rank;       /* filled by kernel_seal() */
    uint32_t heap_index; /* place in the clock's alarm heap, UINT32_MAX if not in it */
    uint32_t declared;   /* order of kernel_add() */
    struct unit *link;   /* list of all units of the kernel */
    const struct repeat_hooks *repeat; /* null: cannot take part in what repeats; kernel/repeat.h */
    const struct round_hooks *round;   /* null: nothing of it may differ; kernel/round.h */
    struct probe *log; /* what it has to say in words (plan/log.h); null: to nobody */
};

struct clock {
    struct kernel *kernel;
    const char *name;
    sim_time period_ps;
    sim_time phase_ps; /* time of edge 0 */
    uint32_t
        edges; /* in what its users call a cycle; 0 is 1. For figures only: time goes by edges */
    sim_cycle cycle; /* the edge being stepped, or the last that was */
    sim_time time;   /* its time, SIM_NEVER before the first */
    /* The next edge at which anything of this clock is due, SIM_NEVER if none. */
    sim_cycle next_cycle;
    sim_time next_time;
    sim_cycle mask_cycle; /* the edge the mask `next` is for, SIM_NEVER while it is empty */
    struct unit **units;  /* by slot */
    uint64_t *current;    /* units still to step at `cycle` */
    uint64_t *next;       /* units to step at mask_cycle */
    struct unit **heap;   /* units with an alarm beyond the next edge, earliest first */
    uint32_t heap_count;
    uint32_t unit_count;
    uint32_t words; /* of each mask */
    bool
        background; /* what is due goes on for ever by itself (refreshes): nobody waits for it. Its unit's */
    bool marked;      /* a period may end with this edge: kernel/repeat.h */
    uint64_t stepped; /* units stepped since a mark was kept; of the first word of the masks */
    struct repeater *repeater; /* null: nothing here can repeat */
    sim_cycle repeated;        /* cycles passed that way */
    struct clock *link;
};

enum kernel_flags {
    KERNEL_EVERY_CYCLE = 1, /* step every unit at every edge */
    KERNEL_REVERSED = 2,    /* step the units of one rank in the opposite order */
    KERNEL_EVERY_EDGE =
        4, /* come to every edge, and step there whom it concerns: kernel_sample() */
    KERNEL_ALL_BEATS =
        8, /* nothing passes in closed form, though edges at which nobody is due do */
    KERNEL_IN_STEPS = KERNEL_EVERY_CYCLE | KERNEL_EVERY_EDGE,
    KERNEL_NO_CLOSED = KERNEL_IN_STEPS | KERNEL_ALL_BEATS, /* nothing passes in closed form */
};

/* What kernel_advance() stops at besides its time. */
enum kernel_stop {
    KERNEL_STOP_QUIET = 1,  /* the last hold was released */
    KERNEL_STOP_OUTPUT = 2, /* somebody outside has something to see: kernel_output() */
    KERNEL_STOP_IDLE = 4,   /* nobody asks to be stepped any more: kernel_due() is never */
};

/*
 * Bytes that a unit moves later, or reads earlier, than at the edges that say so: the middle of a burst that
 * passes in closed form. Nobody inside can tell; who stands outside must not be able to either.
 *
 *   kernel_advance()    |refresh|  edges ...  |settle|
 *   outside      ...----|                            |---- stores and loads ----...
 *
 * After settle() every byte that was written at an edge up to and including now is in its place. Before
 * refresh() anything may have been stored: what is due at a later edge, and was read ahead, is read again.
 */
struct kernel_lazy {
    void (*settle)(void *self);
    void (*refresh)(void *self); /* null: nothing is read ahead */
    void *self;
    struct kernel_lazy *link;
};

/*
 * Who looks at every edge. before(): what units hold in the cycle that the edge ends; after(): all units have taken it,
 * and wires of zero latency are those of that cycle. It changes nothing. Clocks of which an edge is due have that time
 * as next_time before, and as time after.
 */
struct kernel_sampler {
    void (*before)(struct kernel_sampler *self);
    void (*after)(struct kernel_sampler *self);
};

struct kernel {
    struct arena *arena;
    struct clock *clocks; /* linked in the order of their making */
    struct unit *units;
    struct kernel_lazy *lazy;
    struct kernel_edge *edges; /* zero-latency links, for kernel_seal() */
    sim_time now;              /* the time being stepped, or the time reached */
    uint64_t holds;            /* work that keeps the run open */
    sim_time quiet_since;      /* when holds last fell to 0, SIM_NEVER while it is not 0 */
    uint32_t unit_count;
    uint32_t flags;
    uint32_t backgrounds; /* clocks that may be in the background */
    bool sealed;
    bool stepping;  /* inside kernel_advance(): nobody outside may look or touch */
    bool output;    /* kernel_output() was called in the time step */
    unsigned stops; /* of kernel_advance() */
    uint64_t told;  /* times somebody outside was told something: what repeats must not pass that */
    uint64_t answered; /* of them, those where it matters when: not those of probe_count() */
    uint32_t observed; /* observers of probes, listeners apart */
    uint32_t
        literally; /* those of them that have to hear every record: no witnesses (kernel/repeat.h) */
    uint32_t unrounded; /* those of them that are no witnesses of rounds (kernel/round.h) either */
    struct repeat_witness *witnesses;
    const void
        *joining; /* whoever lets observers and witnesses join now: they can leave together */
    bool muted;   /* observers hear nothing (excursions between snapshot and restore) */
    bool round;   /* a round may end with this time step: kernel/round.h */
    struct {
        bool on;            /* bytes that go to memories are compared with those there */
        bool changed, read; /* some differed; somebody has read any */
    } watch;
    struct rounds *rounds;    /* null: none pass */
    struct round_hole *holes; /* what is left out of them */
    struct round_member *members;
    struct round_witness *round_witnesses;
    struct kernel_sampler *sampler; /* null: nobody looks at every edge */
};

/* A snapshot is the arena's bytes and a copy of this struct: see system_save(). */

void kernel_init(struct kernel *self, struct arena *arena);

/* Adds a clock. period_ps > 0. Null if memory is short. */
struct clock *kernel_clock(struct kernel *self, const char *name, sim_time period_ps,
                           sim_time phase_ps);

/* Adds a unit, which the caller has placed in the kernel's arena. The name is kept, not copied.
 * Every unit is stepped at cycle 0 of its clock. */
void kernel_add(struct kernel *self, struct unit *unit, const char *name, struct clock *clock,
                unit_step *step, void *unit_self);

/* Declares that `after` sees what `before` writes in the same cycle. DMASIM_OK or DMASIM_MEMORY. */
int kernel_order(struct kernel *self, struct unit *before, struct unit *after);

/* Adds what kernel_advance() settles; it lies in the kernel's arena. */
void kernel_add_lazy(struct kernel *self, struct kernel_lazy *lazy);

/* While building: beats do not pass in closed form, because somebody follows each of them (memory/ideal.h). */
static inline void kernel_all_beats(struct kernel *self)
{
    self->flags |= KERNEL_ALL_BEATS;
}

/* Ends building: ranks the units and readies the clocks. DMASIM_INVALID with a text that names the
 * units if zero-latency links form a loop or join two clocks. */
int kernel_seal(struct kernel *self, unsigned flags, struct dmasim_error *error);

/* From now on every edge is looked at, before the first one is stepped; null: none is any more. */
void kernel_sample(struct kernel *self, struct kernel_sampler *sampler);

/* Earliest time at which anything can happen, SIM_NEVER if nothing ever will. */
sim_time kernel_next(const struct kernel *self);

/* The same, of what was asked for: stepping every cycle is not, nor what is due on a clock in the background. */
sim_time kernel_due(const struct kernel *self);

/* Steps all edges up to and including `until`. stops: enum kernel_stop; what they name ends it after the
 * time step in which it happened. Returns the time reached: `until`, or that time step's. Bytes in memories are
 * then as all edges up to that time leave them, and stores into them are seen at all later edges. */
sim_time kernel_advance(struct kernel *self, sim_time until, unsigned stops);

/* From a step, or a probe's observer: whoever stands outside has something to see in this time step. */
static inline void kernel_output(struct kernel *self)
{
    self->output = true;
    self->told++;
    self->answered++;
}

/* Work that keeps the run open: the run is over when every hold is released. */
static inline void kernel_hold(struct kernel *self)
{
    self->holds++;
    self->quiet_since = SIM_NEVER;
}

static inline void kernel_release(struct kernel *self)
{
    if (--self->holds == 0)
        self->quiet_since = self->now;
}

static inline sim_time clock_time(const struct clock *self, sim_cycle cycle)
{
    return self->phase_ps + cycle * self->period_ps;
}

/* What its users call a cycle: a bus that settles each half of a clock has two edges in one. */
static inline sim_time clock_cycle_ps(const struct clock *self)
{
    return self->period_ps * (self->edges ? self->edges : 1);
}

/* First edge that is later than `time`. */
sim_cycle clock_edge_after(const struct clock *self, sim_time time);

/* First edge at or after `time`. */
sim_cycle clock_edge_at(const struct clock *self, sim_time time);

/* All members have passed `cycles`: the clock and their alarms go on from there. */
void clock_pass(struct clock *self, uint64_t members, sim_cycle cycles);

/* Steps the unit at the first edge of its clock later than now. */
void unit_wake(struct unit *self);

/* Nobody has asked for a step of the unit, nor has it itself. */
static inline bool unit_asleep(const struct unit *self)
{
    return self->alarm == SIM_NEVER && !(self->clock->next[self->slot / 64] >> self->slot % 64 & 1);
}

/* All units, so that each publishes what it has to show: for observers that join in mid-run. */
void kernel_wake_all(struct kernel *self);

/* Steps the unit at the edge being stepped. Only from a unit of lower rank of the same clock
 * (declared with kernel_order). */
static inline void unit_wake_now(struct unit *self)
{
    self->clock->current[self->slot / 64] |= UINT64_C(1) << (self->slot % 64);
}

#endif
