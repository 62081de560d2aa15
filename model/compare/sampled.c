/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sampled: tolerances of what a clock samples. Of each side
 *
 *     edge            1       2       3       4        of the clock, in this file, since the window began
 *     sampled value   v1      v1      v2      v2       as a flip-flop takes it, the value just before the edge
 *     change          v1 @1           v2 @3
 *
 * is a list of changes: the value at the begin of the window, if it is the same in both files, else the first sample;
 * and every sample that is another value than the one before. The k-th of
 * A is held against the k-th of B as without a clock (rule O6): so many edges apart, or so much time. The edges
 * themselves are changes of the clock, the k-th of A against the k-th of B.
 *
 * Memory: the value sampled last of every slot; not the length of the files.
 */
#include <stdlib.h>
#include <string.h>

#include "compare/engine.h"

bool sampled_prepare(struct engine *self)
{
    self->skippable = false; /* every edge is to be seen */
    for (int side = 0; side < 2; side++) {
        struct sampled *sampled = &self->sampled[side];
        const size_t slots = (size_t)self->file[side].slot_count + 1;
        sampled->values = calloc(slots, sizeof *sampled->values);
        sampled->known = calloc(slots, sizeof *sampled->known);
        sampled->listed = calloc(slots, sizeof *sampled->listed);
        sampled->stale = calloc(slots, sizeof *sampled->stale);
        if (!sampled->values || !sampled->known || !sampled->listed || !sampled->stale) {
            comparison_fail(self->result, 0, "no memory");
            return false;
        }
    }
    return true;
}

static void list(struct sampled *self, uint32_t slot)
{
    if (self->listed[slot])
        return;
    self->listed[slot] = true;
    self->stale[self->stale_count++] = slot;
}

/* Links that begin with unlike values begin with their first samples, and so do all that share a slot with one. */
static void mark_unlike(struct engine *self)
{
    for (int side = 0; side < 2; side++)
        for (uint32_t slot = 0; slot < self->file[side].slot_count; slot++)
            self->sampled[side].known[slot] = true;
    for (bool more = true; more;) {
        more = false;
        for (uint32_t i = 0; i < self->link_count; i++) {
            const uint32_t *slot = self->links[i].slot;
            bool *a = &self->sampled[0].known[slot[0]], *b = &self->sampled[1].known[slot[1]];
            const bool both =
                *a && *b && vcd_same(&self->file[0], slot[0], &self->file[1], slot[1]);
            more |= *a != both || *b != both;
            *a = *b = both;
        }
    }
}

void sampled_open(struct engine *self)
{
    self->edges_before = self->file[0].watched_edges;
    for (uint32_t i = 0; i < self->link_count;
         i++) /* of the clock the edges are compared, no samples */
        self->links[i].closed |= self->links[i].slot[0] == self->clock_slot[0] &&
                                 self->links[i].slot[1] == self->clock_slot[1];
    mark_unlike(self);
    for (int side = 0; side < 2; side++) {
        struct vcd *file = &self->file[side];
        struct sampled *sampled = &self->sampled[side];
        for (uint32_t slot = 0; slot < file->slot_count; slot++) {
            if (self->first_link[side][slot] == NO_LINK || file->kinds[slot] == VCD_EVENT)
                continue;
            list(sampled, slot);
            char digit;
            const struct vcd_text value = tolerance_value(file, slot, false, &digit);
            if (sampled->known[slot] &&
                !vcd_text_set(file, &sampled->values[slot], value.text, value.length))
                comparison_fail(self->result, 0, "no memory");
        }
    }
}

/* The slot's value just before the edge that the last step has. */
static bool take(struct engine *self, int side, uint32_t slot, trace_time time)
{
    struct sampled *sampled = &self->sampled[side];
    struct vcd *file = &self->file[side];
    char digit;
    const struct vcd_text value =
        tolerance_value(file, slot, file->stamps[slot] == file->step, &digit);
    struct vcd_text *last = &sampled->values[slot];
    if (sampled->known[slot] && vcd_same_text((enum vcd_kind)file->kinds[slot], last, &value))
        return true;
    sampled->known[slot] = true;
    if (!vcd_text_set(file, last, value.text, value.length))
        return false;
    bool good = true;
    for (uint32_t l = self->first_link[side][slot]; l != NO_LINK && good;
         l = self->links[l].next[side])
        good = tolerance_push(
            self, &self->links[l], side,
            (struct pending){
                .time = time, .edge = sampled->edges, .value = value, .occurrences = 1});
    return good;
}

static bool take_edge(struct engine *self, int side, trace_time time)
{
    struct sampled *sampled = &self->sampled[side];
    sampled->edges++;
    bool good = true;
    if (self->clock_compared)
        good = tolerance_push(
            self, &self->clock_link, side,
            (struct pending){.time = time, .edge = sampled->edges, .occurrences = 1});
    for (uint32_t i = 0; i < sampled->stale_count && good; i++) {
        sampled->listed[sampled->stale[i]] = false;
        good = take(self, side, sampled->stale[i], time);
    }
    sampled->stale_count = 0;
    return good;
}

void sampled_step(struct engine *self, trace_time time)
{
    for (int side = 0; side < 2; side++) {
        const struct vcd *file = &self->file[side];
        if (!self->stepped[side])
            continue;
        if (file->watched_edge && time > 0 && !take_edge(self, side, time))
            comparison_fail(self->result, 0, "no memory for what waits within the tolerance");
        for (uint32_t i = 0; i < file->touched_count; i++)
            if (self->first_link[side][file->touched[i]] != NO_LINK &&
                file->kinds[file->touched[i]] != VCD_EVENT)
                list(&self->sampled[side], file->touched[i]);
    }
}

void sampled_free(struct engine *self)
{
    for (int side = 0; side < 2; side++) {
        struct sampled *sampled = &self->sampled[side];
        for (uint32_t i = 0; sampled->values && i < self->file[side].slot_count; i++)
            free(sampled->values[i].text);
        free(sampled->values);
        free(sampled->known);
        free(sampled->listed);
        free(sampled->stale);
    }
}
