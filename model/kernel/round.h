/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * round: a system that is where it was before goes the same way again, and many such rounds pass at once.
 *
 * What repeats within a transfer kernel/repeat.h passes. A round is longer: a transfer from the driver's write to its
 * interrupt, a ring of descriptors, a buffer that is filled again and again. It takes no list of what a unit has:
 * everything in the arena is compared, byte by byte, but for what the units' tables (kernel/state.h) say of
 * members that may differ. A member that no table has must be the same, so a word that was forgotten costs time,
 * not truth. All clocks take part, and any number of units.
 *
 *      a                  b                  c                           z
 *   ---|------------------|------------------|------------ ... ----------|--->
 *          state of a, but    watched: like b,    `times` rounds at once    goes on step by step
 *          for figures        bytes of memories
 *
 * Rows of tables mean this, from round to round:
 *
 *   STATE_STAMP           a cycle of the unit's clock, as far from now as it was
 *   `past`                a cycle or time, as far from now as it was or where it was. No unit decides by it
 *   `figure` STATE_COUNT  grows by the same amount. No unit decides by it, or its limit() says how far it may go
 *   `dead`                differs, and nobody reads it before it is written
 *   `data`                bytes on their way, which steer nothing; they leave within a round
 *   live(), STATE_PLACES  what is not told is dead
 *   all others            the same: counts, and what is free for kernel/repeat.h
 *
 * Memories' bytes are left out (round_leave_out); whoever writes to them does so through round_put() and friends,
 * which in the watched round note what changed. If all is again what it was, memories are where they were. If not, or
 * if `data` differ, and memories are not read at all, what they hold in the end is what the last round writes; so all but
 * the last two are passed, of which the first brings the data on their way up to date.
 *
 * Whoever knows where a round may end (a controller: at the start of a transfer) says so with round_mark().
 * Nothing passes while a probe is observed by others than witnesses of rounds, or every cycle is stepped; nor over
 * something that somebody outside was told; nor beyond the `until` of kernel_advance(). Where a witness hears two rounds
 * are stepped for it, and memories must be again what they were: then all that follow are like the second, but for
 * figures.
 */
#ifndef DMASIM_ROUND_H
#define DMASIM_ROUND_H

#include <string.h>

#include "kernel/kernel.h"
#include "kernel/repeat.h"
#include "kernel/state.h"

struct rounds;

/* Who stands outside and counts (probe_count): begin() keeps what it has, pass() adds what has come since, so many times.
 * Who observes (probe_witness, probe_hear) hears two rounds instead, and writes what it would hear in those that follow:
 *
 *   ---|---------|---------|---------|--- ... ---|--->
 *      a         hear(0)   hear(1)   hear(2), pass()
 */
struct round_witness {
    void (*begin)(struct round_witness *self); /* null: nothing */
    /* False: what has come since begin() is more than numbers. Null: never. */
    bool (*counts)(const struct round_witness *self);
    /* All edges up to `time`, at which a round begins, ends, or both, have been stepped. False: it cannot go on without
     * hearing; what it heard is void, as it is with a part 0 after any other. Null: it only counts. */
    bool (*hear)(struct round_witness *self, unsigned part, sim_time time);
    void (*pass)(struct round_witness *self, uint64_t times);
    /* The time at or after `now` that no round may lie across; SIM_NEVER: there is none. Null: the same. */
    sim_time (*until)(const struct round_witness *self, sim_time now);
    /* Nothing is heard any more: no part follows. Null: nothing to do. */
    void (*leave)(struct round_witness *self);
    struct round_witness *next;
    const void *group; /* kernel->joining when it joined */
};

/* The witness outlives the system's runs. */
void round_join_witness(struct kernel *kernel, struct round_witness *witness);

/* Between two calls of kernel_advance(): all witnesses of a group, which is not null, leave. */
void round_leave_all(struct kernel *kernel, const void *group);

/* What limit() and pass() are told. */
struct round {
    const struct rounds *of;
    uint64_t times;   /* pass(): rounds */
    sim_cycle cycles; /* of a round, of the unit's clock */
};

/* How much a member that is a `figure` grows in a round, modulo its width. */
uint64_t round_growth(const struct round *self, const void *figure);

struct round_hooks {
    const struct state_table *state; /* of the unit's struct; may have some of its members only */
    /* False: not now. Brings up to date what is worked out later, and tells with repeat_same() what figures have in
     * common. Null: nothing. */
    bool (*tell)(void *self, struct repeat *words);
    /* At most `times` rounds; 0: none. Null: as many as you like. */
    uint64_t (*limit)(const void *self, const struct round *round, uint64_t times);
    /* What the table cannot say. Null: nothing. */
    void (*pass)(void *self, const struct round *round);
};

/* While building: a struct in the arena that is no unit's, with cycles of that clock. False if there is no memory. */
bool round_join(struct kernel *kernel, const struct round_hooks *hooks, void *self,
                const struct clock *clock);

/* Says, in a step, that a round may end with this edge. */
static inline void round_mark(const struct unit *unit)
{
    unit->clock->kernel->round = true;
}

/* While building: bytes in the arena that are not compared, because each who writes to them tells. False if there is
 * no memory. */
bool round_leave_out(struct kernel *kernel, const void *bytes, size_t length);

/* While building: bytes in the arena that are `data`. False if there is no memory. */
bool round_data(struct kernel *kernel, const void *bytes, size_t length);

/* Somebody reads bytes of a memory. */
static inline void round_read(struct kernel *kernel)
{
    kernel->watch.read = true;
}

void round_compare(struct kernel *kernel, void *to, const void *from, size_t bytes);

/* Bytes go to a memory: to be called before they are copied. */
static inline void round_writes(struct kernel *kernel, void *to, const void *from, size_t bytes)
{
    if (kernel->watch.on)
        round_compare(kernel, to, from, bytes);
}

/* Bytes go to a memory. */
static inline void round_put(struct kernel *kernel, void *to, const void *from, size_t bytes)
{
    round_writes(kernel, to, from, bytes);
    memcpy(to, from, bytes);
}

/* Of the kernel, while building, before its own memory is allocated; DMASIM_OK or DMASIM_MEMORY. */
int rounds_prepare(struct kernel *kernel);
/* Behind it: what is added to the arena later is not known, so that nothing passes any more. */
void rounds_sealed(struct kernel *kernel);

/* Nothing from before counts. */
void rounds_forget(struct kernel *kernel);

/* All edges of this time have been stepped, and one is marked: passes rounds, no further than `until`. */
void rounds_look(struct kernel *kernel, sim_time until);

#endif
