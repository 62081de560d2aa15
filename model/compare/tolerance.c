/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tolerance: the k-th value of a variable in A against its k-th in B (rule O6). A change waits until the other
 * side has made one too, or cannot in time any more; so what waits is what lies within the tolerance.
 */
#include <stdlib.h>
#include <string.h>

#include "compare/engine.h"
#include "kernel/text.h"

/* A number of edges, if *by_edges, else a time. */
static bool resolve(struct engine *self, const struct compare_tolerance *one, trace_time *time,
                    bool *by_edges)
{
    struct time_argument argument;
    if (!time_argument_parse(&argument, one->value) || argument.number < 0) {
        comparison_fail(self->result, 0,
                        "--tolerance: '%.60s' is no time such as 2ns, and no number of cycles such "
                        "as 2cycles",
                        one->value);
        return false;
    }
    *by_edges = argument.cycles;
    *time = argument.number;
    if (argument.cycles && !self->options->clock) {
        comparison_fail(self->result, 0,
                        "--tolerance: '%.60s' counts the edges of a clock: name it by --clock",
                        one->value);
        return false;
    }
    if (argument.cycles)
        return true;
    if (time_argument_resolve(&argument, self->unit[0], time))
        return true;
    comparison_fail(self->result, 0, "--tolerance: no whole number of femtoseconds");
    return false;
}

static bool link_matches(const struct engine *self, const struct link *link, const char *glob)
{
    for (uint32_t name = link->name; name != PATH_ROOT; name = self->next_name[name]) {
        char *text = engine_name(self, name);
        const bool matches = text && text_glob(glob, text);
        free(text);
        if (matches)
            return true;
    }
    return false;
}

/* Of the clock itself a time alone can be meant: its edges are what cycles are counted by. */
static bool is_clock(const struct engine *self, const char *glob)
{
    return self->options->clock && (!glob || text_glob(glob, self->options->clock));
}

bool tolerance_prepare(struct engine *self)
{
    const struct compare_options *options = self->options;
    self->tolerant = options->tolerance_count > 0;
    trace_time most = 0;
    for (size_t i = 0; i < options->tolerance_count; i++) {
        const struct compare_tolerance *one = &options->tolerances[i];
        trace_time time;
        bool by_edges;
        if (!resolve(self, one, &time, &by_edges))
            return false;
        self->any_by_edges |= by_edges;
        if (!by_edges) {
            most = time > most ? time : most;
            if (!one->name)
                self->end_tolerance = time;
            if (is_clock(self, one->name))
                self->clock_link.tolerance = time;
        }
        for (uint32_t l = 0; l < self->link_count; l++) {
            if (!one->name || link_matches(self, &self->links[l], one->name)) {
                self->links[l].tolerance = time;
                self->links[l].by_edges = by_edges;
            }
        }
    }
    if (self->to < TRACE_NEVER - 1)
        self->read_to = self->to + most;
    return !self->tolerant || !options->clock || sampled_prepare(self);
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
    struct link *last = self->waiting[--self->waiting_count];
    self->waiting[link->waiting] = last;
    last->waiting = link->waiting;
    link->waiting = NO_LINK;
}

/* The link differs from `time` on, for good; with a clock from that edge of the window on. */
static void close_link(struct engine *self, struct link *link, trace_time time, uint64_t edge)
{
    while (link->queue.count)
        pop(self, link);
    if (time > self->to)
        return;
    link->closed = true;
    self->skippable = false;
    engine_differs(self, link, time, false);
    link->first_edge = self->edges_before + edge;
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

struct vcd_text tolerance_value(const struct vcd *file, uint32_t slot, bool before, char *digit)
{
    if (file->kinds[slot] == VCD_EVENT)
        return (struct vcd_text){.text = NULL};
    if (file->kinds[slot] != VCD_BITS || file->sizes[slot] > 1)
        return before ? file->text_before[slot] : file->text[slot];
    *digit = (char)(before ? file->bit_before[slot] : file->bit[slot]);
    return (struct vcd_text){.text = digit, .length = 1};
}

static bool append(struct engine *self, struct link *link, int side, const struct pending *change)
{
    struct pending_queue *queue = &link->queue;
    if (queue->count == queue->room && !grow(queue))
        return false;
    struct pending *entry = &queue->all[(queue->first + queue->count) & (queue->room - 1)];
    entry->time = change->time;
    entry->edge = change->edge;
    entry->occurrences = change->occurrences;
    if (!vcd_text_set(&self->file[side], &entry->value, change->value.text, change->value.length))
        return false;
    if (queue->count++ == 0) {
        link->waiting = self->waiting_count;
        self->waiting[self->waiting_count++] = link;
    }
    queue->of_b = side == 1;
    return true;
}

/* Whether a change comes too late for one that waits. */
static bool too_late(const struct link *link, const struct pending *waits, trace_time time,
                     uint64_t edge)
{
    if (!link->by_edges)
        return time > waits->time + link->tolerance;
    return (trace_time)edge > (trace_time)waits->edge + link->tolerance;
}

/* The values at the first difference, with a clock: those that were sampled, not those of now. */
static void keep_sampled(struct engine *self, struct link *link, int side,
                         const struct vcd_text *waits, const struct vcd_text *came)
{
    if (!self->options->clock || link == &self->clock_link)
        return;
    for (int i = 0; i < 2; i++) {
        char **value = i ? &link->b : &link->a;
        if (!*value)
            *value = value_text_of(&self->file[i], link->slot[i], i == side ? came : waits);
    }
}

bool tolerance_push(struct engine *self, struct link *link, int side, struct pending change)
{
    const enum vcd_kind kind = (enum vcd_kind)self->file[side].kinds[link->slot[side]];
    while (change.occurrences && !link->closed) {
        if (link->queue.count == 0 || link->queue.of_b == (side == 1))
            return append(self, link, side, &change);
        struct pending *other = front(link);
        /* Of edges that are not at the same times in both the later one may have the smaller number. */
        if (too_late(link, other, change.time, change.edge) ||
            (link->by_edges && too_late(link, &change, other->time, other->edge)) ||
            !vcd_same_text(kind, &other->value, &change.value)) {
            keep_sampled(self, link, side, &other->value, &change.value);
            close_link(self, link, other->time, other->edge);
            return true;
        }
        const uint64_t both =
            change.occurrences < other->occurrences ? change.occurrences : other->occurrences;
        change.occurrences -= both;
        other->occurrences -= both;
        if (other->occurrences == 0)
            pop(self, link);
    }
    return true;
}

static bool push(struct engine *self, struct link *link, int side, trace_time time)
{
    const struct vcd *file = &self->file[side];
    const uint32_t slot = link->slot[side];
    char digit;
    return tolerance_push(self, link, side,
                          (struct pending){.time = time,
                                           .value = tolerance_value(file, slot, false, &digit),
                                           .occurrences = file->kinds[slot] == VCD_EVENT
                                                              ? file->occurrences[slot]
                                                              : 1});
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
    if (self->options->clock) {
        sampled_open(self);
        return;
    }
    for (uint32_t i = 0; i < self->link_count; i++) {
        struct link *link = &self->links[i];
        if (!vcd_same(&self->file[0], link->slot[0], &self->file[1], link->slot[1]))
            close_link(self, link, time, 0);
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
    if (self->options->clock) {
        sampled_step(self, time);
    } else {
        for (int side = 0; side < 2; side++)
            if (self->stepped[side])
                push_touched(self, side, time);
    }
    for (uint32_t i = self->waiting_count; i-- > 0;) {
        struct link *link = self->waiting[i];
        const struct pending *waits = front(link);
        const int other = link->queue.of_b ? 0 : 1;
        if (too_late(link, waits, time, self->sampled[other].edges))
            close_link(self, link, waits->time, waits->edge);
    }
}

void tolerance_close(struct engine *self)
{
    while (self->waiting_count) {
        struct link *link = self->waiting[self->waiting_count - 1];
        close_link(self, link, front(link)->time, front(link)->edge);
    }
}

static void free_queue(struct pending_queue *self)
{
    for (uint32_t k = 0; k < self->room; k++)
        free(self->all[k].value.text);
    free(self->all);
}

void tolerance_free(struct engine *self)
{
    for (uint32_t i = 0; i < self->link_count; i++)
        free_queue(&self->links[i].queue);
    free_queue(&self->clock_link.queue);
    sampled_free(self);
}
