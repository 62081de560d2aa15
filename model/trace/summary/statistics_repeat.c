/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_statistics_repeat: what is counted in periods that are passed at once (kernel/repeat.h).
 *
 *   hear(1)  every counter is kept
 *   hear(2)  minus what was kept: its growth in a period
 *   pass()   plus `times` growths
 *
 * What has no growth of that kind (a transfer's latency, a row of an AHB, an erratum) must not happen in the
 * period: then the witness wants to hear everything.
 */
#include <stdlib.h>

#include "trace/summary/statistics_state.h"

/* A walk over all counters. */
struct statistics_walk {
    enum { KEEP, DIFFER, PASS } part;
    uint64_t *kept; /* from DIFFER on: the growths */
    size_t count, room;
    uint64_t times;
    bool apart; /* DIFFER: something has changed that must not */
};

static uint64_t *next(struct statistics_walk *walk)
{
    const size_t index = walk->count++;
    return index < walk->room ? &walk->kept[index] : NULL;
}

static void counts(struct statistics_walk *walk, uint64_t *counter)
{
    uint64_t *kept = next(walk);
    if (!kept)
        return;
    if (walk->part == KEEP)
        *kept = *counter;
    else if (walk->part == DIFFER)
        *kept = *counter - *kept;
    else
        *counter += walk->times * *kept;
}

static void fixed(struct statistics_walk *walk, uint64_t value)
{
    uint64_t *kept = next(walk);
    if (!kept)
        return;
    if (walk->part == KEEP)
        *kept = value;
    else if (walk->part == DIFFER)
        walk->apart |= *kept != value;
}

/* The cycles of a row are counted at its end, by the cycle it began in. */
static void walk_bus(struct statistics_walk *walk, const struct bus_counts *bus)
{
    fixed(walk, bus->known);
    fixed(walk, bus->since);
    fixed(walk, bus->bytes + bus->errors + bus->retries); /* a beat is one of them */
}

static void walk_beats(struct statistics_walk *walk, struct beat_counts *beats)
{
    counts(walk, &beats->reads);
    counts(walk, &beats->writes);
    counts(walk, &beats->bytes);
    counts(walk, &beats->errors);
}

static void walk_controller(struct statistics_walk *walk, struct controller_counts *controller)
{
    counts(walk, &controller->beats);
    counts(walk, &controller->descriptor);
    counts(walk, &controller->writeback);
    counts(walk, &controller->errors);
}

static void walk_unit(struct statistics_walk *walk, struct unit_counts *unit)
{
    counts(walk, &unit->accesses);
    counts(walk, &unit->writes);
    counts(walk, &unit->errors);
    counts(walk, &unit->stall_cycles);
    counts(walk, &unit->edges);
    fixed(walk, unit->level);
    fixed(walk, unit->overruns);
    fixed(walk, unit->underruns);
    fixed(walk, unit->max_level);
    for (unsigned i = 0; i < ERRATA_MAX; i++)
        fixed(walk, unit->errata.numbers[i].strikes);
}

static void walk_all(struct statistics_walk *walk, struct trace_statistics *self)
{
    fixed(walk, self->latencies.transfers); /* of all controllers */
    fixed(walk, self->failed);
    for (uint32_t i = 0; i < self->bus_count; i++)
        walk_bus(walk, &self->buses[i]);
    for (uint32_t i = 0; i < self->other_count; i++) {
        walk_beats(walk, &self->others[i].all);
        for (unsigned j = 0; j < BEAT_MASTERS_MAX && self->others[i].masters[j].master; j++)
            walk_beats(walk, &self->others[i].masters[j]);
    }
    for (uint32_t i = 0; i < self->unit_count; i++)
        walk_unit(walk, &self->units[i]);
    for (uint32_t i = 0; i < self->controller_count; i++)
        walk_controller(walk, self->controllers[i]);
}

static struct trace_statistics *statistics_of(struct repeat_witness *witness)
{
    return (struct trace_statistics *)((char *)witness -
                                       offsetof(struct trace_statistics, witness));
}

static bool keep(struct trace_statistics *self)
{
    struct statistics_walk walk = {.part = KEEP};
    walk_all(&walk, self); /* how many? */
    if (walk.count > self->kept_room) {
        uint64_t *kept = realloc(self->kept, walk.count * sizeof *kept);
        if (!kept)
            return false;
        self->kept = kept;
        self->kept_room = walk.count;
    }
    self->kept_count = walk.count;
    walk = (struct statistics_walk){.part = KEEP, .kept = self->kept, .room = walk.count};
    walk_all(&walk, self);
    return true;
}

static bool hear(struct repeat_witness *witness, unsigned part, sim_time time)
{
    struct trace_statistics *self = statistics_of(witness);
    (void)time;
    if (part == 0)
        return true;
    if (part == 1)
        return keep(self);
    struct statistics_walk walk = {.part = DIFFER, .kept = self->kept, .room = self->kept_count};
    walk_all(&walk, self);
    return walk.count == self->kept_count && !walk.apart;
}

static void pass(struct repeat_witness *witness, uint64_t times)
{
    struct trace_statistics *self = statistics_of(witness);
    struct statistics_walk walk = {
        .part = PASS, .kept = self->kept, .room = self->kept_count, .times = times};
    walk_all(&walk, self);
}

void trace_statistics_repeat_open(struct trace_statistics *self)
{
    self->witness = (struct repeat_witness){.hear = hear, .pass = pass};
    if (self->system->probes)
        repeat_join(self->system->probes->clock->kernel, &self->witness);
}
