/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * repeat: finds periods and passes them.
 *
 * The search is Brent's: the state of one mark is kept and compared with that of each mark after it; after
 * 1, 2, 4 ... marks the latest is kept instead. A period of any number of marks is found that way
 * once the kept mark lies in the part that repeats. If there are witnesses, the mark then moves on period by
 * period, twice.
 */
#include "kernel/repeat.h"

#include <string.h>

enum {
    UNITS_MAX = 64, /* of a clock that can repeat: one word of its masks */
    MARKS_MAX = 64, /* periods are not sought beyond */
    RESTS_MAX = 10, /* log2 of the marks not looked at after failures in a row */
};

struct repeat_state {
    sim_cycle cycle;  /* SIM_NEVER: none */
    uint64_t members; /* units that take part */
    uint32_t same_count, count_count;
    uint64_t *same, *counts;
};

struct repeater {
    uint64_t able;        /* units that have hooks */
    uint32_t marks, upto; /* since the kept one; when it is replaced */
    uint32_t rest, failures;
    uint64_t told;     /* kernel->told at the last look */
    unsigned heard;    /* parts that the witnesses were told of */
    sim_cycle hear_at; /* of the next part */
    struct repeat_state *kept, *fresh;
    uint32_t same_room, count_room; /* words of a state */
    uint64_t *growth;
    const struct state_code *code[UNITS_MAX]; /* null: no table */
    uint32_t first_count[UNITS_MAX];          /* of a unit's counts */
};

/* Readies the unit's table; adds what there is to tell of it. */
static bool prepare_unit(struct repeater *self, const struct unit *unit, struct arena *arena)
{
    const struct repeat_hooks *hooks = unit->repeat;
    const uint32_t by_hand = !hooks->visit ? 0 : hooks->words ? hooks->words : REPEAT_WORDS;
    uint32_t same = 0, counts = 0;
    if (hooks->state) {
        const struct state_code *code = state_compile(arena, hooks->state);
        if (!code)
            return false;
        self->code[unit->slot] = code;
        state_words(code, &same, &counts);
    }
    self->same_room += same + by_hand + 1; /* its alarm */
    self->count_room += counts + by_hand;
    return true;
}

static struct repeat_state *state_create(const struct repeater *self, struct arena *arena)
{
    struct repeat_state *state = arena_alloc(arena, sizeof *state);
    if (!state)
        return NULL;
    state->same = arena_room(arena, self->same_room * sizeof *state->same);
    state->counts = arena_room(arena, self->count_room * sizeof *state->counts);
    return state->same && state->counts ? state : NULL;
}

int repeat_prepare(struct clock *clock)
{
    uint64_t able = 0;
    if (clock->unit_count > UNITS_MAX)
        return DMASIM_OK;
    for (uint32_t slot = 0; slot < clock->unit_count; slot++)
        if (clock->units[slot]->repeat)
            able |= UINT64_C(1) << slot;
    if (!able)
        return DMASIM_OK;
    struct arena *arena = clock->kernel->arena;
    struct repeater *self = arena_alloc(arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->able = able;
    self->same_room = 2; /* the mask of who steps next, and one that is never told */
    self->count_room = 1;
    for (uint64_t left = able; left; left &= left - 1)
        if (!prepare_unit(self, clock->units[__builtin_ctzll(left)], arena))
            return DMASIM_MEMORY;
    self->kept = state_create(self, arena);
    self->fresh = state_create(self, arena);
    self->growth = arena_room(arena, self->count_room * sizeof *self->growth);
    if (!self->kept || !self->fresh || !self->growth)
        return DMASIM_MEMORY;
    clock->repeater = self;
    repeat_forget(clock);
    return DMASIM_OK;
}

void repeat_forget(struct clock *clock)
{
    struct repeater *self = clock->repeater;
    clock->marked = false;
    clock->stepped = 0;
    if (!self)
        return;
    if (self->heard)
        for (struct repeat_witness *w = clock->kernel->witnesses; w; w = w->next)
            if (w->leave)
                w->leave(w);
    self->heard = 0;
    self->told = clock->kernel->told;
    self->kept->cycle = SIM_NEVER;
    self->marks = 0;
    self->upto = 1;
}

void repeat_join(struct kernel *kernel, struct repeat_witness *witness)
{
    for (struct clock *c = kernel->clocks; c; c = c->link)
        repeat_forget(c);
    witness->group = kernel->joining;
    witness->next = kernel->witnesses;
    kernel->witnesses = witness;
}

void repeat_leave_all(struct kernel *kernel, const void *group)
{
    for (struct clock *c = kernel->clocks; c; c = c->link)
        repeat_forget(c);
    struct repeat_witness **place = &kernel->witnesses;
    while (*place) {
        if ((*place)->group == group)
            *place = (*place)->next;
        else
            place = &(*place)->next;
    }
}

/* Looks again after a while, which grows from failure to failure. */
static void rest(struct clock *clock)
{
    struct repeater *self = clock->repeater;
    repeat_forget(clock);
    self->rest = UINT32_C(1) << self->failures;
    if (self->failures < RESTS_MAX)
        self->failures++;
}

/* Tells or passes a unit's words. */
static bool visit(const struct repeater *self, const struct unit *unit, struct repeat *repeat)
{
    const struct state_code *code = self->code[unit->slot];
    if (unit->repeat->visit && !unit->repeat->visit(unit->self, repeat))
        return false;
    if (code)
        state_walk(code, unit->self, repeat);
    return true;
}

/* Tells the state of all units that can into `fresh`. */
static void tell(struct repeater *self, const struct clock *clock)
{
    struct repeat_state *state = self->fresh;
    struct repeat repeat = {.now = clock->cycle,
                            .same = state->same,
                            .counts = state->counts,
                            .same_room = self->same_room,
                            .count_room = self->count_room};
    state->cycle = clock->cycle;
    state->members = 0;
    for (uint64_t able = self->able; able; able &= able - 1) {
        const unsigned slot = (unsigned)__builtin_ctzll(able);
        struct unit *unit = clock->units[slot];
        const uint32_t same = repeat.same_count, counts = repeat.count_count;
        self->first_count[slot] = counts;
        repeat_same(&repeat, unit->alarm == SIM_NEVER ? SIM_NEVER : unit->alarm - clock->cycle);
        if (visit(self, unit, &repeat) && repeat.same_count < repeat.same_room &&
            repeat.count_count < repeat.count_room) {
            state->members |= UINT64_C(1) << slot;
        } else {
            repeat.same_count = same;
            repeat.count_count = counts;
        }
    }
    repeat_same(&repeat, clock->next[0]);
    state->same_count = repeat.same_count;
    state->count_count = repeat.count_count;
}

static bool alike(const struct repeat_state *a, const struct repeat_state *b)
{
    return a->members == b->members && a->same_count == b->same_count &&
           a->count_count == b->count_count &&
           memcmp(a->same, b->same, a->same_count * sizeof *a->same) == 0;
}

/* Cycles that may pass before somebody who does not take part is due. */
static sim_cycle free_cycles(const struct clock *clock, uint64_t members, sim_time until)
{
    const struct kernel *kernel = clock->kernel;
    for (const struct clock *c = kernel->clocks; c; c = c->link)
        if (c != clock && c->next_time <= until)
            until = c->next_time - 1; /* SIM_NEVER is later than any `until` but itself */
    sim_cycle last = SIM_NEVER;
    if (until != SIM_NEVER)
        last = until < clock->time ? clock->cycle : clock_edge_after(clock, until) - 1;
    for (uint32_t i = 0; i < clock->heap_count; i++) {
        const struct unit *unit = clock->heap[i];
        if (!(members >> unit->slot & 1) && unit->alarm - 1 < last)
            last = unit->alarm - 1;
    }
    return last > clock->cycle ? last - clock->cycle : 0;
}

static void pass(struct clock *clock, struct repeat *repeat)
{
    struct repeater *self = clock->repeater;
    const uint64_t members = self->fresh->members;
    for (uint64_t left = members; left; left &= left - 1)
        visit(self, clock->units[__builtin_ctzll(left)], repeat);
    for (uint64_t left = members; left; left &= left - 1) {
        const unsigned slot = (unsigned)__builtin_ctzll(left);
        struct unit *unit = clock->units[slot];
        repeat->own = self->first_count[slot];
        if (unit->repeat->pass)
            unit->repeat->pass(unit->self, repeat);
    }
    clock_pass(clock, members, repeat->cycles);
}

/* The kept and the fresh state are alike: how many periods are free. */
static uint64_t periods(const struct clock *clock, struct repeat *repeat, sim_time until)
{
    const struct repeater *self = clock->repeater;
    const sim_cycle period = self->fresh->cycle - self->kept->cycle;
    uint64_t times = free_cycles(clock, self->fresh->members, until) / period;
    for (uint64_t left = self->fresh->members; left && times; left &= left - 1) {
        const unsigned slot = (unsigned)__builtin_ctzll(left);
        struct unit *unit = clock->units[slot];
        repeat->own = self->first_count[slot];
        if (unit->repeat->limit)
            times = unit->repeat->limit(unit->self, repeat, times);
    }
    repeat->times = times;
    repeat->cycles = times * period;
    return times;
}

/* Some unit of another clock was stepped since the kept mark. */
static bool others_stepped(const struct clock *clock)
{
    const struct repeater *self = clock->repeater;
    if (self->kept->cycle == SIM_NEVER)
        return false;
    const sim_time since = clock_time(clock, self->kept->cycle);
    for (const struct clock *c = clock->kernel->clocks; c; c = c->link)
        if (c != clock && c->time != SIM_NEVER && c->time >= since)
            return true;
    return false;
}

/* The fresh state is kept from now on. */
static void keep(struct clock *clock)
{
    struct repeater *self = clock->repeater;
    struct repeat_state *kept = self->kept;
    self->kept = self->fresh;
    self->fresh = kept;
    clock->stepped = 0;
}

/* A part begins for the witnesses; false if one of them has to hear everything. */
static bool hear(struct clock *clock, sim_cycle period)
{
    struct repeater *self = clock->repeater;
    const unsigned part = self->heard++;
    for (struct repeat_witness *w = clock->kernel->witnesses; w; w = w->next)
        if (!w->hear(w, part, clock->time))
            return false;
    self->hear_at = clock->cycle + period;
    return true;
}

/* The fresh state is like the kept one. */
static void found(struct clock *clock, sim_time until)
{
    struct repeater *self = clock->repeater;
    const struct repeat_state *kept = self->kept, *fresh = self->fresh;
    const sim_cycle period = fresh->cycle - kept->cycle;
    const unsigned last = clock->kernel->witnesses ? 2 : 0;
    struct repeat repeat = {
        .now = clock->cycle, .growth = self->growth, .count_room = self->count_room};
    for (const struct repeat_witness *w = clock->kernel->witnesses; w; w = w->next) {
        const sim_time limit = w->until ? w->until(w, clock->time) : SIM_NEVER;
        until = limit < until ? limit : until;
    }
    for (uint32_t i = 0; i < fresh->count_count; i++)
        self->growth[i] = fresh->counts[i] - kept->counts[i];
    if (periods(clock, &repeat, until) <= last - self->heard || (last && !hear(clock, period))) {
        rest(clock);
        return;
    }
    if (self->heard == last + 1 || last == 0) {
        for (struct repeat_witness *w = clock->kernel->witnesses; w; w = w->next)
            w->pass(w, repeat.times);
        pass(clock, &repeat);
        self->failures = 0;
        repeat_forget(clock);
    } else {
        keep(clock);
    }
}

/* Does what is observed allow it? */
static bool allowed(const struct kernel *kernel)
{
    return !kernel->observed || (!kernel->literally && !kernel->muted);
}

void repeat_look(struct clock *clock, sim_time until)
{
    struct repeater *self = clock->repeater;
    clock->marked = false;
    if (!self || !allowed(clock->kernel) || clock->kernel->flags & KERNEL_NO_CLOSED)
        return;
    if (self->rest) {
        self->rest--;
        self->told = clock->kernel->told;
        return;
    }
    if (self->heard && clock->cycle < self->hear_at)
        return;
    if (self->told != clock->kernel->told || (clock->stepped | clock->next[0]) & ~self->able ||
        others_stepped(clock)) {
        repeat_forget(clock);
        return;
    }
    tell(self, clock);
    const struct repeat_state *kept = self->kept, *fresh = self->fresh;
    if ((clock->stepped | clock->next[0]) & ~fresh->members) {
        rest(clock);
        return;
    }
    if (kept->cycle != SIM_NEVER && alike(kept, fresh)) {
        found(clock, until);
        return;
    }
    if (self->heard) { /* another way than twice before */
        rest(clock);
        return;
    }
    if (kept->cycle == SIM_NEVER || ++self->marks == self->upto) {
        keep(clock);
        self->marks = 0;
        self->upto *= 2;
    }
    if (self->upto > MARKS_MAX)
        rest(clock);
}
