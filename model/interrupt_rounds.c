/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * interrupt_rounds: who watches interrupts hears of rounds that pass (kernel/round.h) as if they were stepped.
 *
 * What changes in a watched round, and when, is noted; for each round that passes all of it is told again, at its time.
 * A callback can change nothing (DMASIM_BUSY), and what it may ask for is answered from what was noted.
 */
#include <stdlib.h>

#include "instance.h"
#include "kernel/base.h"

enum { CHANGES_MAX = 1024 }; /* of a round; one with more is stepped */

void interrupt_rounds_note(struct interrupt_line *line)
{
    struct interrupt_rounds *self = &line->owner->rounds;
    if (self->count == CHANGES_MAX) {
        self->full = true;
        return;
    }
    self->change[self->count++] =
        (struct interrupt_change){line, line->owner->system.kernel.now - self->begun, line->level};
}

static void begin(struct round_witness *witness)
{
    struct dmasim *owner = CONTAINER_OF(witness, struct dmasim, rounds.witness);
    owner->rounds.begun = owner->system.kernel.now;
    owner->rounds.count = 0;
    owner->rounds.full = false;
}

static bool counts(const struct round_witness *witness)
{
    return !CONTAINER_OF(witness, const struct dmasim, rounds.witness)->rounds.full;
}

static bool called(const struct interrupt_rounds *self)
{
    for (uint32_t i = 0; i < self->count; i++)
        if (self->change[i].line->watch.callback)
            return true;
    return false;
}

static void pass(struct round_witness *witness, uint64_t times)
{
    struct dmasim *owner = CONTAINER_OF(witness, struct dmasim, rounds.witness);
    struct interrupt_rounds *self = &owner->rounds;
    struct kernel *kernel = &owner->system.kernel;
    const sim_time end = kernel->now, length = end - self->begun;
    if (!called(self))
        return;
    for (size_t i = 0; i < owner->line_count; i++) {
        const uint64_t level = owner->lines[i].level;
        owner->lines[i].shown = (struct wire){.value = level, .before = level};
    }
    self->passing = true;
    for (uint64_t round = 0; round < times; round++) {
        const sim_time start = end + round * length;
        for (const struct interrupt_change *c = self->change; c < self->change + self->count; c++) {
            kernel->now = start + c->after;
            wire_put(&c->line->shown, kernel->now, c->level);
            if (c->line->watch.callback)
                interrupt_tell(c->line, c->level, kernel->now);
        }
    }
    self->passing = false;
    kernel->now = end;
}

bool interrupt_rounds_join(struct dmasim *self)
{
    struct interrupt_rounds *rounds = &self->rounds;
    rounds->change = malloc(CHANGES_MAX * sizeof *rounds->change);
    if (!rounds->change)
        return false;
    rounds->witness = (struct round_witness){.begin = begin, .counts = counts, .pass = pass};
    round_join_witness(&self->system.kernel, &rounds->witness);
    return true;
}
