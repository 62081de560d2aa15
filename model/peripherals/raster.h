/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * raster: the lines of a camera or a display. Items come in lines with a pause behind each, lines in frames.
 *
 *   slot   0 1 2 3 4 5 6 7 8 9 ...                  active 4, blank 2, lines 2, blank_lines 1
 *          #  #  #  #  .  .  #  #  #  #  .  .  .  .  .  .  .  .  #  #  #  #  ...
 *          \--- line 0 ---/  \--- line 1 ---/  \- blank line -/  \--- line 0 ...
 *
 * A slot is the time of an item; one without an item is blanking.
 */
#ifndef DMASIM_RASTER_H
#define DMASIM_RASTER_H

#include "plan/component.h"

struct raster_config {
    uint64_t active;      /* items of a line, 0: there are no lines */
    uint64_t blank;       /* slots behind each line */
    uint64_t lines;       /* of a frame, 0: there are no frames */
    uint64_t blank_lines; /* behind each frame */
};

extern const struct parameter raster_parameters[];

/* The first slot at or after this one that has an item. */
static inline uint64_t raster_slot(const struct raster_config *self, uint64_t slot)
{
    if (self->active == 0)
        return slot;
    const uint64_t line = self->active + self->blank;
    const uint64_t frame = self->lines ? (self->lines + self->blank_lines) * line : 0;
    const uint64_t begin = frame ? slot - slot % frame : 0;
    const uint64_t at = slot - begin;
    if (frame && at / line >= self->lines)
        return begin + frame;
    if (at % line < self->active)
        return slot;
    const uint64_t next = at - at % line + line;
    return frame && next / line >= self->lines ? begin + frame : begin + next;
}

/* From the slot of an item to that of the next; *slot is moved there. */
static inline uint64_t raster_next(const struct raster_config *self, uint64_t *slot)
{
    const uint64_t before = *slot;
    *slot = raster_slot(self, before + 1);
    return *slot - before;
}

/* For a type's check: what belongs together, and that no pause is longer than time goes. `period_ps`: of a slot, 0 if
 * it is not known. */
void raster_check(const struct raster_config *raster, uint64_t period_ps,
                  const struct component *self, struct check *check);

#endif
