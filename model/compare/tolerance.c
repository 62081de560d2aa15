/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tolerance: the k-th value of a variable in A against its k-th in B (rule O6). A change waits until the other
 * side has made one too, or cannot in time any more; so what waits is what lies within the tolerance.
 */
#include <stdlib.h>
#include <string.h>

#include "compare/engine.h"

static bool resolve(struct engine *self, const struct compare_tolerance *one, trace_time *time)
{
    struct time_argument argument;
    if (!time_argument_parse(&argument, one->value) || argument.number < 0 || argument.cycles) {
        comparison_fail(self->result, 0, "--tolerance: '%.60s' is no time such as 2ns", one->value);
        return false;
    }
    if (time_argument_resolve(&argument, self->unit[0], time))
        return true;
    comparison_fail(self->result, 0, "--tolerance: no whole number of femtoseconds");
    return false;
}

static bool link_matches(const struct engine *self, const struct link *link, const char *glob)
{
    for (uint32_t name = link->name; name != PATH_ROOT; name = self->next_name[name]) {
        char *text = engine_name(self, name);
        const bool matches = text && glob_matches(glob, text);
        free(text);
        if (matches)
            return true;
    }
    return false;
}

bool tolerance_prepare(struct engine *self)
{
    const struct compare_options *options = self->options;
    self->tolerant = options->tolerance_count > 0;
    if (self->tolerant && options->clock) {
        comparison_fail(self->result, 0, "--tolerance and --clock cannot be used together");
        return false;
    }
    trace_time most = 0;
    for (size_t i = 0; i < options->tolerance_count; i++) {
        const struct compare_tolerance *one = &options->tolerances[i];
        trace_time time;
        if (!resolve(self, one, &time))
            return false;
        most = time > most ? time : most;
        if (!one->name)
            self->end_tolerance = time;
        for (uint32_t l = 0; l < self->link_count; l++)
            if (!one->name || link_matches(self, &self->links[l], one->name))
                self->links[l].tolerance = time;
    }
    if (self->to < TRACE_NEVER - 1)
        self->read_to = self->to + most;
    return true;
}

static struct pending *front(struct link *link)
{
    return &link->queue.all[link->queue.first];
}

static void pop(struct engine *self, struct link *link)
{
    struct pending_queue *queue = &link->queue;
    queue->first = (queue->first + 1) & (queue->room - 1);
    if (--queue->count)
        return;
    const uint32_t last = self->waiting[--self->waiting_count];
    self->waiting[link->waiting] = last;
    self->links[last].waiting = link->waiting;
    link->waiting = NO_LINK;
}

/* The link differs from `time` on, for good. */
static void close_link(struct engine *self, struct link *link, trace_time time)
{
    while (link->queue.count)
        pop(self, link);
    if (time > self->to)
        return;
    link->closed = true;
    self->skippable = false;
    engine_differs(self, link, time, false);
}

static bool grow(struct pending_queue *self)
{
    const uint32_t room = self->room ? 2 * self->room : 4;
    struct pending *more = calloc(room, sizeof *more);
    if (!more)
        return false;
    for (uint32_t i = 0; i < self->count; i++)
        more[i] = self->all[(self->first + i) & (self->room - 1)];
    free(self->all); /* full: every entry, and what it owns, has moved */
    self->all = more;
    self->first = 0;
    self->room = room;
    return true;
}

/* A slot's value as a text: of one bit, its digit in `digit`. */
static struct vcd_text value_of(const struct vcd *file, uint32_t slot, char *digit)
{
    if (file->kinds[slot] == VCD_EVENT)
        return (struct vcd_text){.text = NULL};
    if (file->kinds[slot] != VCD_BITS || file->sizes[slot] > 1)
        return file->text[slot];
    *digit = (char)file->bit[slot];
    return (struct vcd_text){.text = digit, .length = 1};
}

static bool append(struct engine *self, struct link *link, int side, trace_time time,
                   const struct vcd_text *value, uint64_t occurrences)
{
    struct pending_queue *queue = &link->queue;
    if (queue->count == queue->room && !grow(queue))
        return false;
    struct pending *entry = &queue->all[(queue->first + queue->count) & (queue->room - 1)];
    entry->time = time;
    entry->occurrences = occurrences;
    if (!vcd_text_set(&self->file[side], &entry->value, value->text, value->length))
        return false;
    if (queue->count++ == 0) {
        link->waiting = self->waiting_count;
        self->waiting[self->waiting_count++] = (uint32_t)(link - self->links);
    }
    queue->of_b = side == 1;
    return true;
}

static bool push(struct engine *self, struct link *link, int side, trace_time time)
{
    const struct vcd *file = &self->file[side];
    const uint32_t slot = link->slot[side];
    const enum vcd_kind kind = (enum vcd_kind)file->kinds[slot];
    uint64_t occurrences = kind == VCD_EVENT ? file->occurrences[slot] : 1;
    char digit;
    const struct vcd_text value = value_of(file, slot, &digit);
    while (occurrences && !link->closed) {
        if (link->queue.count == 0 || link->queue.of_b == (side == 1))
            return append(self, link, side, time, &value, occurrences);
        struct pending *other = front(link);
        if (time - other->time > link->tolerance || !vcd_same_text(kind, &other->value, &value)) {
            close_link(self, link, other->time);
            return true;
        }
        const uint64_t both = occurrences < other->occurrences ? occurrences : other->occurrences;
        occurrences -= both;
        other->occurrences -= both;
        if (other->occurrences == 0)
            pop(self, link);
    }
    return true;
}

static void push_touched(struct engine *self, int side, trace_time time)
{
    const struct vcd *file = &self->file[side];
    for (uint32_t i = 0; i < file->touched_count; i++) {
        const uint32_t slot = file->touched[i];
        if (!vcd_changed(file, slot))
            continue;
        for (uint32_t l = self->first_link[side][slot]; l != NO_LINK; l = self->links[l].next[side])
            if (!push(self, &self->links[l], side, time))
                comparison_fail(self->result, 0, "no memory for what waits within the tolerance");
    }
}

void tolerance_open(struct engine *self, trace_time time)
{
    for (uint32_t i = 0; i < self->link_count; i++) {
        struct link *link = &self->links[i];
        if (!vcd_same(&self->file[0], link->slot[0], &self->file[1], link->slot[1]))
            close_link(self, link, time);
        for (int side = 0; side < 2; side++) {
            const struct vcd *file = &self->file[side];
            const uint32_t slot = link->slot[side];
            if (file->kinds[slot] == VCD_EVENT && self->stepped[side] &&
                file->stamps[slot] == file->step && !push(self, link, side, time))
                comparison_fail(self->result, 0, "no memory");
        }
    }
}

void tolerance_step(struct engine *self, trace_time time)
{
    for (int side = 0; side < 2; side++)
        if (self->stepped[side])
            push_touched(self, side, time);
    for (uint32_t i = self->waiting_count; i-- > 0;) {
        struct link *link = &self->links[self->waiting[i]];
        if (front(link)->time + link->tolerance < time)
            close_link(self, link, front(link)->time);
    }
}

void tolerance_close(struct engine *self)
{
    while (self->waiting_count) {
        struct link *link = &self->links[self->waiting[self->waiting_count - 1]];
        close_link(self, link, front(link)->time);
    }
}

void tolerance_free(struct engine *self)
{
    for (uint32_t i = 0; i < self->link_count; i++) {
        for (uint32_t k = 0; k < self->links[i].queue.room; k++)
            free(self->links[i].queue.all[k].value.text);
        free(self->links[i].queue.all);
    }
}
