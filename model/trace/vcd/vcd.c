/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_vcd: the VCD writer.
 *
 *   notify --a word differs from `latest`--> stored, probe's bit set --time moves on--> emit
 *              |                               settled: vcd->settled, due now
 *              else: nothing                   registered: clock's mask, due one period later
 *
 * A probe has at most one record waiting: all that was due at or before a step's time is written
 * before a record of that step is taken. Bits are in the order of the system's probes, so taking the
 * lowest first gives the fixed order.
 *
 * A record is kept as those of its words of 8 bytes that have fields. Tables made when the file is
 * opened lead from a bit of a word to its fields, so that only fields with a bit that changed are
 * looked at. A probe of more than 64 signals is followed by several observers.
 */
#include "trace/vcd/vcd_state.h"
#include "trace/vcd/vcd_text.h"

#include <string.h>

/* ---- writing ------------------------------------------------------------------------------- */

/* The time, unless it stands there already. What is written after it counts only once `stamped` is
 * set to it. */
static inline char *put_time(struct trace_vcd *self, char *at, sim_time time)
{
    return self->stamped == time ? at : put_new_time(self, at, time / self->scale_ps);
}

static void write_time(struct trace_vcd *self, sim_time time)
{
    if (__builtin_expect(self->silent, 0))
        return;
    char *at = trace_file_room(self->file, TIME_BYTES);
    trace_file_to(self->file, put_time(self, at, time));
    self->stamped = time;
}

/* Clock edges up to and including `time`. */
static void write_clocks(struct trace_vcd *self, sim_time time)
{
    for (;;) {
        sim_time first = SIM_NEVER;
        for (uint32_t i = 0; i < self->clock_count; i++)
            if (self->clocks[i].edge < first)
                first = self->clocks[i].edge;
        if (first > time)
            return;
        if (__builtin_expect(self->windowed, 0))
            trace_vcd_window(self, first);
        write_time(self, first);
        if (__builtin_expect(self->heard != NULL, 0))
            trace_vcd_hear_clocks(self, first);
        for (uint32_t i = 0; i < self->clock_count; i++) {
            struct vcd_clock *clock = &self->clocks[i];
            if (clock->edge != first)
                continue;
            clock->level = !clock->level;
            sim_time half = clock->clock->period_ps / 2;
            clock->edge += clock->level ? half : clock->clock->period_ps - half;
            char *at = trace_file_room(self->file, TRACE_ID_MAX + 2);
            *at++ = clock->level ? '1' : '0';
            at = put_text(at, clock->id);
            *at++ = '\n';
            if (!self->silent)
                trace_file_to(self->file, at);
        }
    }
}

/* As put_field, for VCD_WIDE. */
static char *put_wide(const struct trace_vcd *self, char *at, struct vcd_field *field, bool fresh)
{
    bool same = !fresh;
    for (unsigned i = 0; i < vcd_words(field); i++) {
        const uint64_t value = latest_word(field, i);
        same &= value == field->wide[i];
        field->wide[i] = value;
    }
    return same ? at : put_shown_wide(self, at, field);
}

/* Takes the value that was published last and writes it; nothing if the file shows it already. */
static inline char *put_field(const struct trace_vcd *self, char *at, struct vcd_field *field,
                              bool fresh)
{
    if (__builtin_expect(field->form == VCD_WIDE, 0))
        return put_wide(self, at, field, fresh);
    const uint64_t value = (field->word->latest & field->mask) >> field->shift;
    if (value == field->shown && !fresh)
        return at;
    field->shown = value;
    return put_shown(self, at, field);
}

static void write_access(struct trace_vcd *self, const struct vcd_probe *probe, sim_time time)
{
    char *start = trace_file_room(self->file, TIME_BYTES + VCD_ACCESS_BYTES);
    char *end = trace_vcd_put_access(probe, put_time(self, start, time));
    if (self->silent)
        return;
    self->stamped = time;
    trace_file_to(self->file, end);
}

static void write_probe(struct trace_vcd *self, struct vcd_probe *probe, sim_time time)
{
    if (__builtin_expect(probe->access != NULL, 0)) {
        write_access(self, probe, time);
        return;
    }
    const bool fresh = probe->fresh;
    if (__builtin_expect(self->heard != NULL, 0))
        trace_vcd_hear_probe(self, probe, time);
    char *start = trace_file_room(self->file, TIME_BYTES + probe->text_bytes);
    char *from = put_time(self, start, time), *at = from;
    if (__builtin_expect(!probe->moved && !fresh, 0))
        trace_vcd_moved(self, probe, time);
    for (uint64_t changed = probe->changed; changed; changed &= changed - 1)
        at = put_field(self, at, &probe->fields[__builtin_ctzll(changed)], fresh);
    probe->changed = 0;
    probe->fresh = false;
    if (at != from && !self->silent) {
        self->stamped = time;
        trace_file_to(self->file, at);
    }
}

/* Writes the probes of a mask, which is left empty. */
static inline void write_mask(struct trace_vcd *self, uint64_t *mask, sim_time time)
{
    if (self->show_clocks)
        write_clocks(self, time);
    if (__builtin_expect(self->windowed, 0))
        trace_vcd_window(self, time);
    for (uint32_t w = 0; w < self->words; w++) {
        uint64_t set = mask[w];
        mask[w] = 0;
        for (; set; set &= set - 1)
            write_probe(self, &self->probes[w * 64 + (uint32_t)__builtin_ctzll(set)], time);
    }
}

static void write_settled(struct trace_vcd *self)
{
    if (self->any_settled)
        write_mask(self, self->settled, self->now);
    self->any_settled = false;
}

/* Writes all registered records due up to and including `time`. */
static void write_due(struct trace_vcd *self, sim_time time)
{
    while (self->due <= time) {
        const sim_time due = self->due;
        uint64_t *mask = NULL;
        self->due = SIM_NEVER;
        for (uint32_t i = 0; i < self->clock_count; i++) {
            struct vcd_clock *clock = &self->clocks[i];
            if (clock->due > due) {
                if (clock->due < self->due)
                    self->due = clock->due;
                continue;
            }
            clock->due = SIM_NEVER;
            if (!mask) {
                mask = clock->mask;
                continue;
            }
            for (uint32_t w = 0; w < self->words; w++) {
                mask[w] |= clock->mask[w];
                clock->mask[w] = 0;
            }
        }
        if (mask)
            write_mask(self, mask, due);
    }
}

/* The word of the 1 .. 7 bytes at the end of a record. */
static inline uint64_t read_rest(const unsigned char *from, uint32_t bytes)
{
    uint64_t word = 0;
    unsigned at = 0;
    if (bytes & 4) {
        uint32_t part;
        memcpy(&part, from, sizeof part);
        word = part;
        at = 4;
    }
    if (bytes & 2) {
        uint16_t part;
        memcpy(&part, from + at, sizeof part);
        word |= (uint64_t)part << 8 * at;
        at += 2;
    }
    if (bytes & 1)
        word |= (uint64_t)from[at] << 8 * at;
    return word;
}

/* Adds the fields of the word that change. */
static inline void take_word(struct vcd_word *word, uint64_t value, uint64_t *fields)
{
    uint64_t change = word->latest ^ value;
    if (!change)
        return;
    word->latest = value;
    do {
        const struct vcd_bits *bits = &word->bits[(size_t)__builtin_ctzll(change)];
        *fields |= bits->fields;
        change &= bits->others;
    } while (change);
}

/* Data that come from somewhere else may differ in a period that is passed, even if they do not now. */
static inline uint64_t take_origins(struct vcd_probe *self, const unsigned char *record)
{
    uint64_t changed = 0;
    for (uint64_t left = self->data; left; left &= left - 1) {
        struct vcd_field *field = &self->fields[__builtin_ctzll(left)];
        const uint8_t *origin;
        memcpy(&origin, record + field->origin_offset, sizeof origin);
        if (origin != field->origin) {
            field->origin = origin;
            changed |= left & -left;
        }
    }
    return changed;
}

/* The fields of the record that change, the first time all. */
static inline uint64_t take_record(struct vcd_probe *self, const unsigned char *record)
{
    uint64_t changed = self->first | take_origins(self, record);
    struct vcd_word *word = self->words;
    for (; word < self->words_end; word++) {
        uint64_t value;
        memcpy(&value, record + word->offset, sizeof value);
        take_word(word, value, &changed);
    }
    if (self->rest_bytes)
        take_word(word, read_rest(record + word->offset, self->rest_bytes), &changed);
    self->first = 0;
    return changed;
}

void trace_vcd_advance(struct trace_vcd *self, sim_time step)
{
    if (step <= self->now)
        return;
    write_settled(self);
    write_due(self, step);
    self->now = step;
}

void trace_vcd_notify(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                      const void *record)
{
    struct vcd_probe *self = (struct vcd_probe *)observer;
    struct trace_vcd *vcd = self->vcd;
    sim_time step = clock_time(probe->clock, now);
    if (step > vcd->now) {
        write_settled(vcd);
        write_due(vcd, step);
        vcd->now = step;
    }
    uint64_t changed = take_record(self, record);
    if (!changed)
        return;
    self->changed |= changed;
    if (step < vcd->now) {
        vcd->late = probe->name;
        step = vcd->now;
    }
    *self->waiting |= self->bit;
    if (self->clock) {
        self->clock->due = step + probe->clock->period_ps;
        if (self->clock->due < vcd->due)
            vcd->due = self->clock->due;
    } else {
        vcd->any_settled = true;
    }
}

int trace_vcd_close(struct trace_vcd *self, sim_time final_time, struct dmasim_error *error)
{
    write_settled(self);
    write_due(self, final_time);
    if (self->show_clocks)
        write_clocks(self, final_time);
    if (self->windowed)
        final_time = trace_vcd_window_close(self, final_time);
    if (final_time / self->scale_ps > self->stamped / self->scale_ps)
        write_time(self, final_time);
    if (self->late)
        return trace_error(error, DMASIM_INVALID, self->file->path,
                           "probe %s published a cycle that had already passed", self->late);
    return DMASIM_OK;
}
