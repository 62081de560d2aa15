/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * repeat: periods that are like the one before are passed at once.
 *
 * What a synchronous circuit does next is a function of its state. If everything that has been stepped
 * since edge a is at edge b in the state of edge a, except for numbers that only count (addresses, ids,
 * bytes moved), then it will do the same again from b to b + (b - a), and so on, until a count
 * reaches its end or somebody else takes part.
 *
 *      a           b           c           d                   z
 *   ---|-----------|-----------|-----------|--- ... -----------|--->
 *        P cycles    the same    `times` periods at once         goes on step by step
 *        stepped     state: P
 *
 * A unit that can take part has hooks, and its state is a table (kernel/state.h) whose rows say of each member
 * that it must be the same, counts, or is a cycle number. The table is walked to tell the words and, later, to
 * change them. What a table cannot say visit() does, by hand: it refuses, it brings a state that is worked out
 * later up to date, it tells what counts have in common (a difference that must be the same).
 * limit() says for how many periods its counts count, pass() does with bytes what the periods would have
 * done.
 *
 * Whoever knows where a period may end (a controller: at a burst) says so in its step with
 * repeat_mark(). Nothing repeats while
 *   - a probe is observed by others than witnesses, or every cycle is stepped;
 *   - a unit without hooks has been stepped since a, or is due before the end;
 *   - somebody outside was told something since a: a listener of a probe, or by kernel_output();
 *   - `until` of kernel_advance() comes first: so whoever looks from outside finds every unit at its time.
 *
 * A witness observes probes and can tell from what it hears in two periods what it would hear in those that
 * follow. So two more periods are stepped for it:
 *
 *      a           b           c           d                   z
 *   ---|-----------|-----------|-----------|--- ... -----------|--->
 *                  hear(0)     hear(1)     hear(2), pass()
 */
#ifndef DMASIM_REPEAT_H
#define DMASIM_REPEAT_H

#include "kernel/kernel.h"
#include "kernel/state.h"

struct repeat {
    sim_cycle now;    /* the edge that all units have taken */
    uint64_t times;   /* 0: the visit tells; else it passes so many periods */
    sim_cycle cycles; /* of all of them */
    uint64_t *same, *counts;
    const uint64_t *growth; /* of each count in a period; with `times` and in limit() and pass() */
    uint32_t same_count, count_count;
    uint32_t same_room, count_room;
    uint32_t own; /* of limit() and pass(): the unit's first count */
};

#define REPEAT_WORDS 1024

struct repeat_hooks {
    const struct state_table *state; /* of the unit's struct; null: visit() tells it all */
    /* Called before the table is walked: tells or passes words by hand, which come first. False if the unit
     * cannot take part now; not while it passes. Null: nothing to do. */
    bool (*visit)(void *self, struct repeat *repeat);
    uint32_t
        words; /* of each kind that visit() tells at most; 0: REPEAT_WORDS. With more it is left out */
    /* At most `times` periods; 0: none. Null: as many as you like. */
    uint64_t (*limit)(void *self, const struct repeat *repeat, uint64_t times);
    /* Called after the visits that pass. Null: nothing to do. */
    void (*pass)(void *self, const struct repeat *repeat);
};

static inline void repeat_same(struct repeat *self, uint64_t value)
{
    if (!self->times && self->same_count < self->same_room)
        self->same[self->same_count++] = value;
}

static inline uint64_t repeat_grown(struct repeat *self, uint64_t value)
{
    if (self->count_count == self->count_room)
        return value;
    const uint32_t index = self->count_count++;
    if (self->times)
        return value + self->times * self->growth[index];
    self->counts[index] = value;
    return value;
}

static inline void repeat_count(struct repeat *self, uint64_t *count)
{
    *count = repeat_grown(self, *count);
}

static inline void repeat_count_32(struct repeat *self, uint32_t *count)
{
    *count = (uint32_t)repeat_grown(self, *count);
}

/* SIM_NEVER stays what it is. */
static inline void repeat_stamp(struct repeat *self, sim_cycle *cycle)
{
    if (!self->times)
        repeat_same(self, *cycle == SIM_NEVER ? SIM_NEVER : *cycle - self->now);
    else if (*cycle != SIM_NEVER)
        *cycle += self->cycles;
}

/* Says, in a step, that a period of what repeats may end with this edge. */
static inline void repeat_mark(const struct unit *unit)
{
    unit->clock->marked = true;
}

struct repeat_witness {
    /* Two periods are heard: from part 0 to 1, and from 1 to 2; `time` is that of the edge. False at 2: it
     * cannot go on without hearing; what it heard is void, as it is with a part 0 after a part 1. */
    bool (*hear)(struct repeat_witness *self, unsigned part, sim_time time);
    /* `times` periods like the second, after hear(2). */
    void (*pass)(struct repeat_witness *self, uint64_t times);
    /* The time at or after `now` that no period may lie across; SIM_NEVER: there is none. Null: the same. */
    sim_time (*until)(const struct repeat_witness *self, sim_time now);
    /* Nothing is heard any more: no part follows. Null: nothing to do. */
    void (*leave)(struct repeat_witness *self);
    struct repeat_witness *next;
    const void *group; /* kernel->joining when it joined */
};

/* The witness outlives the run. */
void repeat_join(struct kernel *kernel, struct repeat_witness *witness);

/* Between two calls of kernel_advance(): all witnesses of a group, which is not null, leave. */
void repeat_leave_all(struct kernel *kernel, const void *group);

/* Of the kernel: memory for a clock whose units are sealed; DMASIM_OK or DMASIM_MEMORY. */
int repeat_prepare(struct clock *clock);

/* Nothing from before counts: what comes from outside may have changed. */
void repeat_forget(struct clock *clock);

/* The clock's edge has been stepped and is marked: passes what repeats, no further than `until`. */
void repeat_look(struct clock *clock, sim_time until);

#endif
