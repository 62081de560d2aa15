/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_vcd_repeat: what a VCD shows of periods that are passed at once (kernel/repeat.h).
 *
 *   period heard first   #10 b0001 ! 1" b1101 #       #11 0" b1110 #
 *   and second           #26 b0011 ! 1" b0111 #       #27 0" b0101 #
 *   template             time VALUE TEXT DATA         time TEXT DATA     times `times`
 *
 * All that is written in two periods is noted. What is the same in both is text. Of a field that counts
 * the difference is known, of one with an origin where the next bytes lie (kernel/probe.h). If the two differ
 * in any other way, the witness wants to hear everything.
 *
 * A value is written if the file shows another; so what might be written is noted too.
 */
#include <stdlib.h>

#include "kernel/base.h"
#include "trace/vcd/vcd_text.h"

enum {
    HEARD_MAX = 1 << 14, /* of a period */
    TEXT_MAX = 1 << 17,
};

enum heard_kind { HEARD_TIME, HEARD_LEVEL, HEARD_FIELD };

struct vcd_heard {
    enum heard_kind kind;
    bool written;            /* HEARD_FIELD: another value than before */
    struct vcd_field *field; /* HEARD_FIELD */
    const char *id;          /* HEARD_LEVEL: of a clock */
    uint64_t high;           /* of VCD_WIDE without an origin */
    uint64_t value; /* HEARD_TIME: from the period's begin on, modulo 2^64, in units of the file */
    const uint8_t *origin;
};

enum vcd_part_kind { PART_TIME, PART_TEXT, PART_VALUE, PART_DATA };

/* Of the template: a step through a period's text. */
struct vcd_part {
    enum vcd_part_kind kind;
    uint32_t length; /* PART_TEXT; PART_DATA: bytes */
    struct vcd_field *field;
    const char *text;
    uint64_t value; /* PART_TIME as above; PART_VALUE: in the period before */
    uint64_t growth;
    const uint8_t *origin; /* PART_DATA: in the period before */
    ptrdiff_t stride;
};

/* A field that counts or has an origin, as last published at the end of each period heard. */
struct vcd_held {
    struct vcd_field *field;
    uint64_t value[2];
    const uint8_t *origin[2];
};

struct vcd_repeat {
    struct vcd_heard *periods[2]; /* HEARD_MAX each, and some room behind them */
    size_t counts[2];
    unsigned period; /* which one is heard */
    sim_time begin;  /* of it; once both are heard, their end */
    sim_time length;
    struct vcd_part *parts;
    size_t part_count, part_bytes; /* bytes: of a period's text, at most */
    char *text;
    struct vcd_held *held;
    size_t held_count;
};

/* ---- hearing --------------------------------------------------------------------------------- */

static uint64_t latest_value(const struct vcd_field *field)
{
    return (field->word->latest & field->mask) >> field->shift;
}

/* Notes no more than fit: a full period is not a template. */
static void note(struct trace_vcd *self, const struct vcd_heard *heard)
{
    *self->heard = *heard;
    if (self->heard < self->repeat->periods[self->repeat->period] + HEARD_MAX)
        self->heard++;
}

static void note_time(struct trace_vcd *self, sim_time time)
{
    const uint64_t value = time / self->scale_ps - self->repeat->begin / self->scale_ps;
    note(self, &(struct vcd_heard){.kind = HEARD_TIME, .value = value});
}

void trace_vcd_hear_probe(struct trace_vcd *self, const struct vcd_probe *probe, sim_time time)
{
    note_time(self, time);
    for (uint64_t changed = probe->changed; changed; changed &= changed - 1) {
        struct vcd_field *field = &probe->fields[__builtin_ctzll(changed)];
        struct vcd_heard heard = {.kind = HEARD_FIELD, .field = field, .origin = field->origin};
        if (field->form != VCD_WIDE) {
            heard.value = latest_value(field);
            heard.written = probe->fresh || heard.value != field->shown;
        } else if (field->width_bits <= 128) {
            heard.value = latest_word(field, 0);
            heard.high = field->width_bits > 64 ? latest_word(field, 1) : 0;
            heard.written = probe->fresh || heard.value != field->wide[0] ||
                            (field->width_bits > 64 && heard.high != field->wide[1]);
        }
        note(self, &heard);
    }
}

void trace_vcd_hear_clocks(struct trace_vcd *self, sim_time time)
{
    const struct vcd_clock *clock = &self->clocks[0]; /* the only one */
    note_time(self, time);
    note(self, &(struct vcd_heard){.kind = HEARD_LEVEL, .id = clock->id, .value = !clock->level});
}

static void hold(struct vcd_repeat *repeat, unsigned which)
{
    for (size_t i = 0; i < repeat->held_count; i++) {
        struct vcd_held *held = &repeat->held[i];
        held->value[which] = latest_value(held->field);
        held->origin[which] = held->field->origin;
    }
}

/* ---- the template ---------------------------------------------------------------------------- */

static struct vcd_part *add_part(struct vcd_repeat *repeat, enum vcd_part_kind kind)
{
    struct vcd_part *part = &repeat->parts[repeat->part_count++];
    *part = (struct vcd_part){.kind = kind};
    return part;
}

/* Appends to the text at the end of the template, or begins one. */
static bool add_text(struct vcd_repeat *repeat, char *from, const char *end)
{
    struct vcd_part *last = repeat->part_count ? &repeat->parts[repeat->part_count - 1] : NULL;
    if (!last || last->kind != PART_TEXT) {
        last = add_part(repeat, PART_TEXT);
        last->text = from;
    }
    last->length += (uint32_t)(end - from);
    repeat->part_bytes += (size_t)(end - from);
    return repeat->part_bytes < TEXT_MAX;
}

static size_t field_bytes(const struct vcd_field *field)
{
    return field->width_bits + 1u + sizeof field->tail;
}

/* Where the field's bytes are; null if that is not known. */
static const uint8_t *origin_of(const struct vcd_heard *heard)
{
    static const uint8_t zeros[PROBE_BYTES_MAX];
    return heard->origin == probe_nowhere ? NULL : heard->origin ? heard->origin : zeros;
}

static bool add_data(struct vcd_repeat *repeat, const struct vcd_heard *a,
                     const struct vcd_heard *b)
{
    struct vcd_part *part = add_part(repeat, PART_DATA);
    part->field = b->field;
    part->length = b->field->width_bits / 8u;
    part->origin = origin_of(b);
    if (!part->origin || !origin_of(a) || !a->origin != !b->origin)
        return false;
    part->stride = part->origin - origin_of(a);
    return b->field->form == VCD_WIDE || memcmp(&b->value, part->origin, part->length) == 0;
}

static bool add_field(const struct trace_vcd *self, const struct vcd_heard *a,
                      const struct vcd_heard *b, char **text)
{
    struct vcd_repeat *repeat = self->repeat;
    const struct vcd_field *field = b->field;
    if (a->field != field)
        return false;
    repeat->part_bytes += field_bytes(field);
    if (field->origin_offset)
        return add_data(repeat, a, b);
    if (field->form == VCD_WIDE && (field->counts || field->width_bits > 128))
        return false;
    if (field->counts) {
        struct vcd_part *part = add_part(repeat, PART_VALUE);
        part->field = b->field;
        part->value = b->value;
        part->growth = b->value - a->value;
        return true;
    }
    if (a->value != b->value || a->high != b->high || a->written != b->written)
        return false;
    if (!b->written)
        return true;
    struct vcd_field shown = *field;
    uint64_t wide[2] = {b->value, b->high};
    shown.shown = b->value;
    shown.wide = wide;
    char *from = *text;
    *text = field->form == VCD_WIDE ? put_shown_wide(self, from, &shown)
                                    : put_shown(self, from, &shown);
    return add_text(repeat, from, *text);
}

static bool add_heard(const struct trace_vcd *self, const struct vcd_heard *a,
                      const struct vcd_heard *b, char **text)
{
    struct vcd_repeat *repeat = self->repeat;
    if (a->kind != b->kind)
        return false;
    if (b->kind == HEARD_FIELD)
        return add_field(self, a, b, text);
    if (a->value != b->value)
        return false;
    if (b->kind == HEARD_TIME) {
        add_part(repeat, PART_TIME)->value = b->value;
        repeat->part_bytes += TIME_BYTES;
        return true;
    }
    char *from = *text, *at = from;
    *at++ = (char)('0' + b->value);
    at = put_text(at, b->id);
    *at++ = '\n';
    *text = at;
    return add_text(repeat, from, at);
}

static bool build_template(const struct trace_vcd *self)
{
    struct vcd_repeat *repeat = self->repeat;
    char *text = repeat->text;
    repeat->part_count = 0;
    repeat->part_bytes = DIGITS_SPOILED;
    if (repeat->counts[0] != repeat->counts[1] || repeat->counts[0] == HEARD_MAX)
        return false;
    for (size_t i = 0; i < repeat->counts[0]; i++)
        if (!add_heard(self, &repeat->periods[0][i], &repeat->periods[1][i], &text))
            return false;
    return repeat->part_bytes < TEXT_MAX;
}

/* What waits is due at a time that moves on with this clock. */
static bool waits_alone(const struct trace_vcd *self, sim_time now)
{
    uint32_t due = 0;
    for (uint32_t i = 0; i < self->clock_count; i++)
        due += self->clocks[i].due != SIM_NEVER;
    return due == 0 || (due == 1 && self->due > now);
}

static bool hear(struct repeat_witness *witness, unsigned part, sim_time time)
{
    struct trace_vcd *self = CONTAINER_OF(witness, struct trace_vcd, witness);
    struct vcd_repeat *repeat = self->repeat;
    if (part > 0)
        repeat->counts[part - 1] = (size_t)(self->heard - repeat->periods[part - 1]);
    if (part == 0) /* one that waits is written in the period */
        self->access_told = trace_vcd_access_waits(self);
    if (part == 2) {
        self->heard = NULL;
        repeat->length = time - repeat->begin;
        repeat->begin = time;
        hold(repeat, 1);
        return !self->access_told && waits_alone(self, time) && build_template(self);
    }
    if (self->show_clocks && self->clock_count > 1)
        return false;
    if (part == 1)
        hold(repeat, 0);
    repeat->period = part;
    repeat->begin = time;
    self->heard = repeat->periods[part];
    return true;
}

static sim_time until(const struct repeat_witness *witness, sim_time now)
{
    return trace_vcd_until(CONTAINER_OF(witness, struct trace_vcd, witness), now);
}

static void leave(struct repeat_witness *witness)
{
    (CONTAINER_OF(witness, struct trace_vcd, witness))->heard = NULL;
}

/* ---- passing --------------------------------------------------------------------------------- */

static inline char *put_value(const struct trace_vcd *self, char *at, struct vcd_part *part)
{
    struct vcd_field *field = part->field;
    part->value += part->growth;
    const uint64_t value = part->value & field->mask >> field->shift;
    if (value == field->shown)
        return at;
    field->shown = value;
    return put_shown(self, at, field);
}

static inline char *put_data(const struct trace_vcd *self, char *at, struct vcd_part *part)
{
    struct vcd_field *field = part->field;
    const uint8_t *from = part->origin += part->stride;
    if (field->form == VCD_WIDE) {
        uint64_t *shown = field->wide;
        if (memcmp(shown, from, part->length) == 0)
            return at;
        memcpy(shown, from, part->length);
        return put_shown_wide(self, at, field);
    }
    uint64_t value = 0;
    if (part->length == sizeof value)
        memcpy(&value, from, sizeof value);
    else
        memcpy(&value, from, part->length);
    if (value == field->shown)
        return at;
    field->shown = value;
    return put_shown(self, at, field);
}

/* A period that begins at `begin`, in units of the file; the end of its text. `stamped` is the time that
 * was written last. */
static char *put_period(struct trace_vcd *self, char *at, uint64_t begin, uint64_t *stamped)
{
    const struct vcd_repeat *repeat = self->repeat;
    const struct vcd_part *end = repeat->parts + repeat->part_count;
    uint64_t now = *stamped;
    for (struct vcd_part *part = repeat->parts; part < end; part++) {
        if (part->kind == PART_TIME) {
            now = begin + part->value;
            continue;
        }
        char *from = at, *put = now == *stamped ? at : put_new_time(self, at, now);
        at = put;
        if (part->kind == PART_DATA) {
            at = put_data(self, at, part);
        } else if (part->kind == PART_VALUE) {
            at = put_value(self, at, part);
        } else {
            memcpy(at, part->text, part->length);
            at += part->length;
        }
        if (at == put)
            at = from;
        else
            *stamped = now;
    }
    return at;
}

/* The bytes of a field, as published last, lie at `from`. */
static void hold_bytes(const struct vcd_field *field, const uint8_t *from)
{
    for (unsigned i = 0; i < field->width_bits / 8u; i++) {
        const unsigned bit = field->shift + 8 * i;
        uint64_t *latest = &field->word[bit / 64].latest;
        *latest = (*latest & ~(UINT64_C(255) << bit % 64)) | (uint64_t)from[i] << bit % 64;
    }
}

/* What was published last, whether it is written already or waits. */
static void move_held(struct vcd_repeat *repeat, uint64_t times)
{
    for (size_t i = 0; i < repeat->held_count; i++) {
        struct vcd_held *held = &repeat->held[i];
        struct vcd_field *field = held->field;
        if (field->counts) {
            const uint64_t value = held->value[1] + times * (held->value[1] - held->value[0]);
            field->word->latest =
                (field->word->latest & ~field->mask) | (value << field->shift & field->mask);
        } else if (held->origin[1] != held->origin[0]) {
            field->origin += (ptrdiff_t)times * (held->origin[1] - held->origin[0]);
            hold_bytes(field, field->origin);
        }
    }
}

static void pass(struct repeat_witness *witness, uint64_t times)
{
    struct trace_vcd *self = CONTAINER_OF(witness, struct trace_vcd, witness);
    struct vcd_repeat *repeat = self->repeat;
    const sim_time passed = times * repeat->length;
    const uint64_t step = repeat->length / self->scale_ps;
    if (self->windowed)
        trace_vcd_window(self, repeat->begin);
    uint64_t begin = repeat->begin / self->scale_ps, stamped = self->stamped / self->scale_ps;
    for (uint64_t i = 0; i < times; i++, begin += step) {
        char *at = trace_file_room(self->file, repeat->part_bytes);
        at = put_period(self, at, begin, &stamped);
        if (!self->silent)
            trace_file_to(self->file, at);
    }
    if (!self->silent)
        self->stamped = stamped * self->scale_ps;
    move_held(repeat, times);
    self->now += passed;
    if (self->due != SIM_NEVER)
        self->due += passed;
    for (uint32_t i = 0; i < self->clock_count; i++) {
        struct vcd_clock *clock = &self->clocks[i];
        if (clock->due != SIM_NEVER)
            clock->due += passed;
        if (self->clock_count == 1)
            clock->edge += passed;
    }
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool is_held(const struct vcd_field *field)
{
    return field->counts || field->origin_offset;
}

bool trace_vcd_repeat_open(struct trace_vcd *self)
{
    struct vcd_repeat *repeat = self->repeat = calloc(1, sizeof *repeat);
    if (!repeat)
        return false;
    size_t fields = 0;
    for (uint32_t p = 0; p < self->probe_count; p++)
        fields += self->probes[p].field_count;
    repeat->periods[0] = malloc((HEARD_MAX + 1) * sizeof *repeat->periods[0]);
    repeat->periods[1] = malloc((HEARD_MAX + 1) * sizeof *repeat->periods[1]);
    repeat->parts = malloc(HEARD_MAX * sizeof *repeat->parts);
    repeat->text = malloc(2 * TEXT_MAX);
    repeat->held = calloc(fields + 1, sizeof *repeat->held);
    if (!repeat->periods[0] || !repeat->periods[1] || !repeat->parts || !repeat->text ||
        !repeat->held)
        return false;
    for (uint32_t p = 0; p < self->probe_count; p++)
        for (uint32_t f = 0; f < self->probes[p].field_count; f++)
            if (is_held(&self->probes[p].fields[f]))
                repeat->held[repeat->held_count++].field = &self->probes[p].fields[f];
    self->witness =
        (struct repeat_witness){.hear = hear, .pass = pass, .until = until, .leave = leave};
    return true;
}

void trace_vcd_repeat_free(struct trace_vcd *self)
{
    struct vcd_repeat *repeat = self->repeat;
    if (!repeat)
        return;
    free(repeat->periods[0]);
    free(repeat->periods[1]);
    free(repeat->parts);
    free(repeat->text);
    free(repeat->held);
    free(repeat);
}
