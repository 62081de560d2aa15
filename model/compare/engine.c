/* SPDX-License-Identifier: BSD-2-Clause */
/* engine: walks two VCDs in the order of time (rules D4 to D8, O1, O3, O4). */
#include "compare/engine.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AROUND_MAX 8

trace_time engine_time(const struct engine *self, int side, uint64_t time)
{
    const trace_time at = (trace_time)time * self->unit[side] + (side ? self->offset : 0);
    return at < 0 ? 0 : at;
}

static trace_time next_of(const struct engine *self, int side)
{
    const struct vcd *file = &self->file[side];
    return file->ended ? TRACE_NEVER : engine_time(self, side, file->next);
}

/* ---- differences ----------------------------------------------------------------------------- */

void engine_differs(struct engine *self, struct link *link, trace_time time, bool before)
{
    if (link->count++ == 0) {
        link->first = time;
        link->first_edge = self->options->clock ? self->file[0].watched_edges : 0;
        for (int side = 0; side < 2; side++) {
            const struct vcd *file = &self->file[side];
            const uint32_t slot = link->slot[side];
            const bool old = before && self->stepped[side] && file->stamps[slot] == file->step;
            char **value = side ? &link->b : &link->a;
            if (file->kinds[slot] == VCD_EVENT &&
                !(self->stepped[side] && file->stamps[slot] == file->step))
                *value = strdup("0");
            else if (!*value)
                *value = value_text(file, slot, old);
        }
    }
    struct comparison *result = self->result;
    if (result->first_given)
        return;
    result->first_given = true;
    result->first = time;
    result->first_edge = link->first_edge;
    self->around_due = true;
}

static void mark(struct engine *self, struct link *link, bool differs)
{
    if (differs == (link->differing != NO_LINK))
        return;
    self->hot[link - self->links].differs = differs;
    if (differs) {
        link->differing = self->differing_count;
        self->differing[self->differing_count++] = (uint32_t)(link - self->links);
        return;
    }
    const uint32_t last = self->differing[--self->differing_count];
    self->differing[link->differing] = last;
    self->links[last].differing = link->differing;
    link->differing = NO_LINK;
}

static uint32_t occurrences(const struct engine *self, const struct link *link, int side)
{
    const struct vcd *file = &self->file[side];
    const uint32_t slot = link->slot[side];
    return self->stepped[side] && file->stamps[slot] == file->step ? file->occurrences[slot] : 0;
}

/* After a step: whether the link differs now. */
static void look(struct engine *self, struct link *link, trace_time time)
{
    const struct vcd *a = &self->file[0], *b = &self->file[1];
    if (a->kinds[link->slot[0]] == VCD_EVENT) {
        /* Both sides may come here; the time of the last difference tells. */
        if (!self->options->clock && occurrences(self, link, 0) != occurrences(self, link, 1) &&
            (link->count == 0 || link->last_edge != self->moment)) {
            engine_differs(self, link, time, false);
            link->last_edge = self->moment;
        }
        return;
    }
    const bool differs = !vcd_same(a, link->slot[0], b, link->slot[1]);
    if (differs && link->differing == NO_LINK && !self->options->clock)
        engine_differs(self, link, time, false);
    mark(self, link, differs);
}

static void look_at_touched(struct engine *self, int side, trace_time time)
{
    const struct vcd *file = &self->file[side];
    const uint32_t *first = self->first_link[side];
    const unsigned char *a = self->file[0].bit, *b = self->file[1].bit;
    for (uint32_t i = 0; i < file->touched_count; i++) {
        for (uint32_t l = first[file->touched[i]]; l != NO_LINK; l = self->hot[l].next[side]) {
            const struct hot_link *hot = &self->hot[l];
            if (!hot->bit || (a[hot->slot[0]] != b[hot->slot[1]]) != hot->differs)
                look(self, &self->links[l], time);
        }
    }
}

/* Begins to compare: at `time` every link is looked at. */
static void open_window(struct engine *self, trace_time time)
{
    self->open = true;
    if (self->tolerant) {
        tolerance_open(self, time);
        return;
    }
    for (uint32_t i = 0; i < self->link_count; i++)
        look(self, &self->links[i], time);
}

/* ---- clock ----------------------------------------------------------------------------------- */

/* What a flip-flop would have sampled at `time`: the values of before this step, so what was marked then. */
static void sample(struct engine *self, trace_time time)
{
    const bool a = self->stepped[0] && self->file[0].watched_edge && time > 0;
    const bool b = self->stepped[1] && self->file[1].watched_edge && time > 0;
    if (!a && !b)
        return;
    const uint64_t edge = self->file[0].watched_edges;
    if (a != b) {
        if (self->clock_compared)
            engine_differs(self, &self->clock_link, time, false);
        return;
    }
    for (uint32_t i = 0; i < self->differing_count; i++) {
        struct link *link = &self->links[self->differing[i]];
        if (link->count == 0 || link->last_edge + 1 != edge)
            engine_differs(self, link, time, true);
        link->last_edge = edge;
    }
}

/* ---- steps ----------------------------------------------------------------------------------- */

static bool tell(struct engine *self, int side)
{
    const struct vcd_fault *why = &self->file[side].fault;
    comparison_fail(self->result, (char)('A' + side), "%s", why->text);
    self->result->error_line = why->unreadable ? 0 : why->line;
    self->result->error_column = why->unreadable ? 0 : why->column;
    return false;
}

/* A side has a fault: that of A is told, if A has one too. */
static bool fault(struct engine *self, int side)
{
    if (side == 1 && !vcd_drain(&self->file[0]))
        side = 0;
    return tell(self, side);
}

/* Reads both sides' steps at `time`. At 0 there may be several of a side (rule O4). */
static bool advance(struct engine *self, trace_time time)
{
    for (int side = 0; side < 2; side++) {
        struct vcd *file = &self->file[side];
        self->stepped[side] = false;
        while (next_of(self, side) <= time) {
            if (!vcd_step(file))
                return fault(self, side);
            self->stepped[side] = true;
        }
        if (self->stepped[side] && side == 1 &&
            (trace_time)file->time * self->unit[1] + self->offset != time)
            self->stepped[side] = false; /* it fell before 0, and is no step at 0 */
    }
    return true;
}

/* Passes what is equal in both. Sets *time to that of the step in which they part. */
static bool skip(struct engine *self, trace_time *time, bool *skipped)
{
    struct vcd *a = &self->file[0], *b = &self->file[1];
    *skipped = false;
    if (!self->skippable || self->differing_count || self->waiting_count || a->ended || b->ended ||
        a->next != b->next || !vcd_skip_equal(a, b))
        return true;
    for (int side = 0; side < 2; side++)
        if (self->file[side].fault_count || self->file[side].fault.unreadable ||
            !vcd_finish(&self->file[side]))
            return fault(self, side);
    *skipped = self->stepped[0] = self->stepped[1] = true;
    *time = engine_time(self, 0, a->time);
    return true;
}

/* A name of the first difference. */
static uint32_t first_name(const struct engine *self)
{
    for (uint32_t i = 0; i < self->link_count; i++)
        if (self->links[i].count && self->links[i].first == self->result->first)
            return self->links[i].name;
    return self->clock_name;
}

/* Keeps what else holds in the scope of the first difference. */
static void keep_around(struct engine *self)
{
    struct comparison *result = self->result;
    self->around_due = false;
    const uint32_t scope = self->table->all[first_name(self)].parent;
    result->around = calloc(AROUND_MAX, sizeof *result->around);
    for (uint32_t i = 0;
         i < self->link_count && result->around && result->around_count < AROUND_MAX; i++) {
        const struct link *link = &self->links[i];
        if (link->count || self->file[0].kinds[link->slot[0]] == VCD_EVENT ||
            self->table->all[link->name].parent != scope)
            continue;
        const struct vcd *a = &self->file[0];
        const bool old =
            self->options->clock && self->stepped[0] && a->stamps[link->slot[0]] == a->step;
        result->around[result->around_count++] = (struct compare_signal){
            .name = engine_name(self, link->name), .a = value_text(a, link->slot[0], old)};
    }
}

/* All that is asked for is known: what differs first, and nothing waits that may have differed before. */
static bool enough(const struct engine *self)
{
    const struct comparison *result = self->result;
    return self->options->first_only && self->waiting_count == 0 &&
           (result->first_given || result->only_a.count || result->only_b.count ||
            result->kind.count);
}

static bool walk(struct engine *self)
{
    const bool clock = self->options->clock != NULL;
    while ((!self->file[0].ended || !self->file[1].ended) && !enough(self)) {
        trace_time time = next_of(self, 0);
        const trace_time b = next_of(self, 1);
        time = b < time ? b : time;
        if (time > self->read_to && !(self->any_by_edges && self->waiting_count)) {
            if (!self->open && !clock)
                open_window(self, self->from);
            break;
        }
        if (!self->open && (time > self->from || (clock && time == self->from))) {
            self->stepped[0] = self->stepped[1] = false;
            open_window(self, self->from);
        }
        bool skipped = false;
        if (self->open && !skip(self, &time, &skipped))
            return false;
        if (skipped && time > self->read_to)
            break;
        if (!skipped && !advance(self, time))
            return false;
        self->moment++;
        if (clock && self->open && !self->tolerant)
            sample(self, time);
        if (self->around_due)
            keep_around(self);
        if ((!self->open && time == self->from) || (self->open && clock && time == 0)) {
            open_window(self, time);
        } else if (self->open && self->tolerant) {
            tolerance_step(self, time);
        } else if (self->open) {
            for (int side = 0; side < 2; side++)
                if (self->stepped[side])
                    look_at_touched(self, side, time);
        }
        if (self->around_due)
            keep_around(self);
    }
    return true;
}

/* ---- the end --------------------------------------------------------------------------------- */

static void compare_ends(struct engine *self)
{
    trace_time end[2];
    for (int side = 0; side < 2; side++) {
        end[side] = engine_time(self, side, self->file[side].time);
        if (end[side] > self->to)
            end[side] = self->to;
        if (end[side] < self->from)
            end[side] = self->from;
    }
    struct comparison *result = self->result;
    const trace_time apart = end[0] > end[1] ? end[0] - end[1] : end[1] - end[0];
    if (result->first_given || self->options->clock || apart <= self->end_tolerance)
        return;
    result->first_given = true;
    result->first = end[0] < end[1] ? end[0] : end[1];
    if (!texts_add(&result->first_names, "(end)"))
        comparison_fail(result, 0, "no memory");
}

/* Puts a link that differs into the result, under one of its names. */
static bool collect_name(struct engine *self, const struct link *link, uint32_t name)
{
    struct comparison *result = self->result;
    struct compare_signal signal = {.name = engine_name(self, name),
                                    .count = link->count,
                                    .first = link->first,
                                    .a = strdup(link->a ? link->a : ""),
                                    .b = strdup(link->b ? link->b : "")};
    const bool good =
        signal.name && signal.a && signal.b &&
        (link->first != result->first || texts_add(&result->first_names, signal.name));
    return comparison_signal(result, signal) && good;
}

/* With tolerances what differs first may have been found later. */
static void note_first(struct comparison *self, const struct link *link)
{
    if (link->count == 0 || link->first > self->first)
        return;
    self->first = link->first;
    self->first_edge = link->first_edge;
}

static bool collect(struct engine *self)
{
    struct comparison *result = self->result;
    for (uint32_t i = 0; i < self->link_count; i++)
        note_first(result, &self->links[i]);
    note_first(result, &self->clock_link);
    for (uint32_t i = 0; i < self->link_count; i++) {
        struct link *link = &self->links[i];
        for (uint32_t name = link->name; link->count && name != PATH_ROOT;
             name = self->next_name[name])
            if (!collect_name(self, link, name))
                return false;
    }
    if (self->clock_link.count && !collect_name(self, &self->clock_link, self->clock_name))
        return false;
    texts_sort(&result->first_names);
    comparison_sort(result);
    return true;
}

static bool prepare_times(struct engine *self)
{
    const struct compare_options *options = self->options;
    const struct {
        const struct time_argument *argument;
        trace_time *time, preset;
        const char *name;
    } times[] = {{&options->from, &self->from, 0, "--from"},
                 {&options->to, &self->to, TRACE_NEVER - 1, "--to"},
                 {&options->offset, &self->offset, 0, "--offset"}};
    for (int i = 0; i < 3; i++) {
        *times[i].time = times[i].preset;
        if (times[i].argument->given &&
            !time_argument_resolve(times[i].argument, self->unit[0], times[i].time)) {
            comparison_fail(self->result, 0, "%s: no whole number of femtoseconds", times[i].name);
            return false;
        }
    }
    if (self->from < 0)
        self->from = 0;
    self->read_to = self->to;
    if (self->to >= self->from)
        return true;
    comparison_fail(self->result, 0, "--to is before --from, or before 0");
    return false;
}

static bool open_side(struct engine *self, int side, const char *path)
{
    const int live = side ? self->options->live : 0;
    return live ? vcd_open_descriptor(&self->file[side], live, &self->names)
                : vcd_open(&self->file[side], path, &self->names);
}

static void run(struct engine *self, const char *const path[2])
{
    for (int side = 0; side < 2; side++)
        if (!open_side(self, side, path[side]) ||
            (self->options->buffer_bytes &&
             !vcd_set_buffer(&self->file[side], self->options->buffer_bytes))) {
            tell(self, side);
            return;
        }
    for (int side = 0; side < 2; side++) {
        if (!vcd_header(&self->file[side])) {
            fault(self, side);
            return;
        }
        self->unit[side] = self->file[side].unit_fs;
    }
    self->result->unit_fs = self->unit[0];
    if (!prepare_times(self) || (self->options->align && !engine_align(self, path)) ||
        !engine_match(self) || !tolerance_prepare(self) || !walk(self))
        return;
    for (int side = 0; side < 2 && !enough(self); side++)
        if (!vcd_drain(&self->file[side])) {
            fault(self, side);
            return;
        }
    self->stepped[0] = self->stepped[1] = false;
    if (!self->open && !self->options->clock)
        open_window(self, self->from);
    if (self->around_due)
        keep_around(self);
    if (self->tolerant)
        tolerance_close(self);
    compare_ends(self);
    self->result->offset = self->offset;
    if (self->options->clock)
        self->result->edges = self->file[0].watched_edges;
    if (!collect(self))
        comparison_fail(self->result, 0, "no memory");
}

void compare_vcd(const char *a, const char *b, const struct compare_options *options,
                 struct comparison *result)
{
    struct engine self = {.options = options, .result = result};
    const char *const path[2] = {a, b};
    *result = (struct comparison){.verdict = COMPARE_SAME, .unit_fs = 1};
    if (!paths_init(&self.names))
        comparison_fail(result, 0, "no memory");
    else
        run(&self, path);
    if (result->verdict != COMPARE_ERROR &&
        (result->first_given || result->only_a.count || result->only_b.count || result->kind.count))
        result->verdict = COMPARE_DIFFERENT;
    if (options->live && !self.file[1].source)
        close(options->live); /* B was not opened: whoever writes it waits */
    tolerance_free(&self);
    free(self.clock_link.a);
    free(self.clock_link.b);
    for (uint32_t i = 0; i < self.link_count; i++) {
        free(self.links[i].a);
        free(self.links[i].b);
    }
    for (int side = 0; side < 2; side++) {
        free(self.slot_of[side]);
        free(self.first_link[side]);
        if (self.names.all)
            vcd_close(&self.file[side]);
    }
    free(self.next_name);
    free(self.links);
    free(self.hot);
    free(self.differing);
    free(self.waiting);
    paths_free(&self.names);
    paths_free(&self.printed);
}
