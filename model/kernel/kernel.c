/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel: the order in which units step.
 *
 * Every clock has two bit masks over its units: `current`, being stepped, and `next`, collected for
 * mask_cycle. Nearly all wake-ups are for the very next edge, so they cost one OR. Alarms beyond it
 * wait in a heap of the clock, ordered by cycle, ties by slot.
 *
 *   time T:  every clock with an edge due at T takes over its wake-ups (clock_begin);
 *            only then do the units step (clock_step), each clock by rising slot.
 *
 * A wake-up raised at T is for an edge later than T, so it lands in `next` and cannot be lost.
 */
#include "kernel/kernel.h"

#include <stdio.h>
#include <string.h>

#include "kernel/repeat.h"
#include "kernel/round.h"

#define NOT_IN_HEAP UINT32_MAX

struct kernel_edge {
    struct unit *before, *after;
    struct kernel_edge *link;
};

void kernel_init(struct kernel *self, struct arena *arena)
{
    *self = (struct kernel){.arena = arena, .quiet_since = SIM_NEVER};
}

struct clock *kernel_clock(struct kernel *self, const char *name, sim_time period_ps,
                           sim_time phase_ps)
{
    struct clock *clock = arena_alloc(self->arena, sizeof *clock);
    if (!clock)
        return NULL;
    *clock = (struct clock){
        .kernel = self,
        .name = name,
        .period_ps = period_ps,
        .phase_ps = phase_ps,
        .time = SIM_NEVER,
        .next_cycle = SIM_NEVER,
        .next_time = SIM_NEVER,
        .mask_cycle = SIM_NEVER,
    };
    struct clock **tail = &self->clocks;
    while (*tail)
        tail = &(*tail)->link;
    *tail = clock;
    return clock;
}

void kernel_add(struct kernel *self, struct unit *unit, const char *name, struct clock *clock,
                unit_step *step, void *unit_self)
{
    *unit = (struct unit){
        .step = step,
        .self = unit_self,
        .clock = clock,
        .name = name,
        .alarm = SIM_NEVER,
        .heap_index = NOT_IN_HEAP,
        .declared = self->unit_count++,
        .link = self->units,
    };
    self->units = unit;
    clock->unit_count++;
}

int kernel_order(struct kernel *self, struct unit *before, struct unit *after)
{
    struct kernel_edge *edge = arena_alloc(self->arena, sizeof *edge);
    if (!edge)
        return DMASIM_MEMORY;
    *edge = (struct kernel_edge){.before = before, .after = after, .link = self->edges};
    self->edges = edge;
    return DMASIM_OK;
}

/* ---- building -------------------------------------------------------------------------------- */

static int refuse(struct dmasim_error *error, const char *why, const struct kernel_edge *edge)
{
    if (error) {
        *error = (struct dmasim_error){.code = DMASIM_INVALID};
        snprintf(error->text, sizeof error->text, "%s between '%s' and '%s'", why,
                 edge->before->name, edge->after->name);
    }
    return DMASIM_INVALID;
}

/* Longest-path ranks. With n units no rank can exceed n - 1 unless the links form a loop. */
static int rank_units(struct kernel *self, struct dmasim_error *error)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (struct kernel_edge *e = self->edges; e; e = e->link) {
            if (e->before->clock != e->after->clock)
                return refuse(error, "a zero-latency link joins two clocks,", e);
            if (e->after->rank > e->before->rank)
                continue;
            e->after->rank = e->before->rank + 1;
            if (e->after->rank >= self->unit_count)
                return refuse(error, "zero-latency links form a loop, closed", e);
            changed = true;
        }
    }
    return DMASIM_OK;
}

static bool steps_earlier(const struct kernel *self, const struct unit *a, const struct unit *b)
{
    if (a->rank != b->rank)
        return a->rank < b->rank;
    return (a->declared < b->declared) != ((self->flags & KERNEL_REVERSED) != 0);
}

static int seal_clock(struct kernel *self, struct clock *clock)
{
    clock->words = (clock->unit_count + 63) / 64;
    clock->units = arena_alloc(self->arena, clock->unit_count * sizeof *clock->units);
    clock->heap = arena_alloc(self->arena, clock->unit_count * sizeof *clock->heap);
    clock->current = arena_alloc(self->arena, clock->words * sizeof *clock->current);
    clock->next = arena_alloc(self->arena, clock->words * sizeof *clock->next);
    if (!clock->units || !clock->heap || !clock->current || !clock->next)
        return DMASIM_MEMORY;

    uint32_t count = 0;
    for (struct unit *u = self->units; u; u = u->link) {
        if (u->clock != clock)
            continue;
        uint32_t slot = count++;
        for (; slot > 0 && steps_earlier(self, u, clock->units[slot - 1]); slot--)
            clock->units[slot] = clock->units[slot - 1];
        clock->units[slot] = u;
    }
    for (uint32_t slot = 0; slot < count; slot++) {
        clock->units[slot]->slot = slot;
        clock->next[slot / 64] |= UINT64_C(1) << (slot % 64);
    }
    if (count) {
        clock->mask_cycle = clock->next_cycle = 0;
        clock->next_time = clock->phase_ps;
    }
    return repeat_prepare(clock);
}

void kernel_add_lazy(struct kernel *self, struct kernel_lazy *lazy)
{
    lazy->link = self->lazy;
    self->lazy = lazy;
}

int kernel_seal(struct kernel *self, unsigned flags, struct dmasim_error *error)
{
    self->flags = flags | (self->flags & KERNEL_ALL_BEATS);
    int code = rank_units(self, error);
    if (code == DMASIM_OK)
        code = rounds_prepare(self);
    for (struct clock *c = self->clocks; c && code == DMASIM_OK; c = c->link)
        code = seal_clock(self, c);
    rounds_sealed(self);
    self->sealed = code == DMASIM_OK;
    return code;
}

/* ---- the alarm heap of a clock --------------------------------------------------------------- */

static bool rings_earlier(const struct unit *a, const struct unit *b)
{
    return a->alarm != b->alarm ? a->alarm < b->alarm : a->slot < b->slot;
}

static void heap_put(struct clock *clock, uint32_t index, struct unit *unit)
{
    clock->heap[index] = unit;
    unit->heap_index = index;
}

static void heap_up(struct clock *clock, uint32_t index, struct unit *unit)
{
    while (index > 0) {
        uint32_t parent = (index - 1) / 2;
        if (!rings_earlier(unit, clock->heap[parent]))
            break;
        heap_put(clock, index, clock->heap[parent]);
        index = parent;
    }
    heap_put(clock, index, unit);
}

static void heap_down(struct clock *clock, uint32_t index, struct unit *unit)
{
    for (;;) {
        uint32_t child = 2 * index + 1;
        if (child >= clock->heap_count)
            break;
        if (child + 1 < clock->heap_count &&
            rings_earlier(clock->heap[child + 1], clock->heap[child]))
            child++;
        if (!rings_earlier(clock->heap[child], unit))
            break;
        heap_put(clock, index, clock->heap[child]);
        index = child;
    }
    heap_put(clock, index, unit);
}

static void heap_remove(struct clock *clock, struct unit *unit)
{
    uint32_t index = unit->heap_index;
    unit->heap_index = NOT_IN_HEAP;
    struct unit *last = clock->heap[--clock->heap_count];
    if (last == unit)
        return;
    if (index > 0 && rings_earlier(last, clock->heap[(index - 1) / 2]))
        heap_up(clock, index, last);
    else
        heap_down(clock, index, last);
}

static void set_alarm(struct clock *clock, struct unit *unit, sim_cycle cycle)
{
    if (unit->heap_index != NOT_IN_HEAP) {
        if (unit->alarm == cycle)
            return;
        heap_remove(clock, unit);
    }
    unit->alarm = cycle;
    if (cycle != SIM_NEVER)
        heap_up(clock, clock->heap_count++, unit);
}

/* ---- running --------------------------------------------------------------------------------- */

sim_cycle clock_edge_after(const struct clock *self, sim_time time)
{
    return time < self->phase_ps ? 0 : (time - self->phase_ps) / self->period_ps + 1;
}

sim_cycle clock_edge_at(const struct clock *self, sim_time time)
{
    if (time <= self->phase_ps)
        return 0;
    return (time - self->phase_ps + self->period_ps - 1) / self->period_ps;
}

static void clock_due(struct clock *self, sim_cycle cycle)
{
    if (cycle < self->next_cycle) {
        self->next_cycle = cycle;
        self->next_time = clock_time(self, cycle);
    }
}

void unit_wake(struct unit *self)
{
    struct clock *clock = self->clock;
    if (!clock->next)
        return; /* before kernel_seal: every unit steps at cycle 0 anyway */
    clock->next[self->slot / 64] |= UINT64_C(1) << (self->slot % 64);
    if (clock->mask_cycle != SIM_NEVER)
        return;
    sim_time now = clock->kernel->now;
    clock->mask_cycle = clock->time == now ? clock->cycle + 1 : clock_edge_after(clock, now);
    clock_due(clock, clock->mask_cycle);
}

void kernel_wake_all(struct kernel *self)
{
    for (struct unit *u = self->units; u; u = u->link)
        unit_wake(u);
}

static void clock_begin(struct clock *self)
{
    self->cycle = self->next_cycle;
    self->time = self->next_time;
    if (self->kernel->flags & KERNEL_EVERY_CYCLE) {
        memset(self->next, 0, self->words * sizeof *self->next);
        for (uint32_t slot = 0; slot < self->unit_count; slot++)
            self->current[slot / 64] |= UINT64_C(1) << (slot % 64);
        self->mask_cycle = SIM_NEVER;
        return;
    }
    if (self->mask_cycle == self->cycle) {
        uint64_t *empty = self->current;
        self->current = self->next;
        self->next = empty;
        self->mask_cycle = SIM_NEVER;
    }
    while (self->heap_count && self->heap[0]->alarm == self->cycle) {
        struct unit *unit = self->heap[0];
        heap_remove(self, unit);
        unit->alarm = SIM_NEVER;
        unit_wake_now(unit);
    }
}

static void set_next_time(struct clock *self)
{
    self->next_cycle = self->mask_cycle;
    if (self->heap_count && self->heap[0]->alarm < self->next_cycle)
        self->next_cycle = self->heap[0]->alarm;
    if (self->kernel->flags & KERNEL_IN_STEPS)
        self->next_cycle = self->cycle + 1;
    if (self->next_cycle == self->cycle + 1)
        self->next_time = self->time + self->period_ps;
    else
        self->next_time =
            self->next_cycle == SIM_NEVER ? SIM_NEVER : clock_time(self, self->next_cycle);
}

void clock_pass(struct clock *self, uint64_t members, sim_cycle cycles)
{
    const uint32_t count = self->heap_count;
    self->cycle += cycles;
    self->repeated += cycles;
    self->time = self->kernel->now = clock_time(self, self->cycle);
    if (self->mask_cycle != SIM_NEVER)
        self->mask_cycle += cycles;
    self->heap_count = 0;
    for (uint32_t i = 0; i < count; i++) { /* in place: the first i are a heap again */
        struct unit *unit = self->heap[i];
        if (members >> unit->slot & 1)
            unit->alarm += cycles;
        heap_up(self, self->heap_count++, unit);
    }
    set_next_time(self);
}

static void clock_step(struct clock *self)
{
    const sim_cycle now = self->cycle;
    for (uint32_t word = 0; word < self->words; word++) {
        while (self->current[word]) {
            unsigned bit = (unsigned)__builtin_ctzll(self->current[word]);
            self->current[word] &= self->current[word] - 1;
            self->stepped |= UINT64_C(1) << bit;
            struct unit *unit = self->units[word * 64 + bit];
            sim_cycle wish = unit->step(unit->self, now);
            if (wish == now + 1) {
                self->next[word] |= UINT64_C(1) << bit;
                self->mask_cycle = now + 1;
            } else if (wish != SIM_NEVER || unit->heap_index != NOT_IN_HEAP) {
                set_alarm(self, unit, wish);
            }
        }
    }
    set_next_time(self);
}

sim_time kernel_next(const struct kernel *self)
{
    sim_time next = SIM_NEVER;
    for (const struct clock *c = self->clocks; c; c = c->link)
        if (c->next_time < next)
            next = c->next_time;
    return next;
}

sim_time kernel_due(const struct kernel *self)
{
    sim_time due = SIM_NEVER;
    for (const struct clock *c = self->clocks; c; c = c->link) {
        sim_cycle cycle = c->mask_cycle;
        if (c->heap_count && c->heap[0]->alarm < cycle)
            cycle = c->heap[0]->alarm;
        if (cycle != SIM_NEVER && !c->background && clock_time(c, cycle) < due)
            due = clock_time(c, cycle);
    }
    return due;
}

void kernel_sample(struct kernel *self, struct kernel_sampler *sampler)
{
    self->sampler = sampler;
    self->flags &= ~(unsigned)KERNEL_EVERY_EDGE;
    self->flags |= sampler ? KERNEL_EVERY_EDGE : 0;
}

/* Steps every clock that has an edge at `time`. */
static void step_all(struct kernel *self, sim_time time, sim_time until)
{
    for (struct clock *c = self->clocks; c; c = c->link)
        if (c->next_time == time)
            clock_begin(c);
    for (struct clock *c = self->clocks; c; c = c->link)
        if (c->time == time)
            clock_step(c);
    for (struct clock *c = self->clocks; c; c = c->link)
        if (c->marked)
            repeat_look(c, until);
}

sim_time kernel_advance(struct kernel *self, sim_time until, unsigned stops)
{
    struct clock *only = self->clocks && !self->clocks->link ? self->clocks : NULL;
    for (struct clock *c = self->clocks; c; c = c->link)
        repeat_forget(c);
    rounds_forget(self);
    for (const struct kernel_lazy *lazy = self->lazy; lazy; lazy = lazy->link)
        if (lazy->refresh)
            lazy->refresh(lazy->self);
    self->stepping = true;
    self->output = false;
    self->stops = stops;
    for (;;) {
        sim_time time = only ? only->next_time : kernel_next(self);
        if (time == SIM_NEVER || time > until) {
            if (time == SIM_NEVER && stops & KERNEL_STOP_IDLE)
                break;
            if (until != SIM_NEVER && until > self->now)
                self->now = until; /* what comes from outside now comes after `until` */
            break;
        }
        self->now = time;
        if (__builtin_expect(self->sampler != NULL, 0))
            self->sampler->before(self->sampler);
        if (only) {
            clock_begin(only);
            clock_step(only);
            if (only->marked)
                repeat_look(only, until);
        } else {
            step_all(self, time, until);
        }
        if (self->round)
            rounds_look(self, until);
        if (__builtin_expect(self->sampler != NULL, 0))
            self->sampler->after(self->sampler);
        if (stops & KERNEL_STOP_QUIET && self->quiet_since != SIM_NEVER)
            break;
        if (stops & KERNEL_STOP_OUTPUT && self->output)
            break;
        if (stops & KERNEL_STOP_IDLE && (self->flags & KERNEL_IN_STEPS || self->backgrounds) &&
            kernel_due(self) == SIM_NEVER)
            break;
    }
    for (const struct kernel_lazy *lazy = self->lazy; lazy; lazy = lazy->link)
        lazy->settle(lazy->self);
    self->stepping = false;
    return self->now;
}
