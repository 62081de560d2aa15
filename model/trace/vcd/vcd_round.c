/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_vcd_round: what a VCD shows of rounds that are passed at once (kernel/round.h).
 *
 *   round heard first   #1000 1! b110 "     #1010 0!
 *   and second          #1500 1! b111 "     #1510 0!
 *   what differs        time     value      time
 *
 * Where the two end the writer must be in the same state, but for how far it has come; and the text of both be the same,
 * but for times, and for fields that count (kernel/probe.h) if all that is written of such a field has grown by the same
 * amount: then what is written depends on nothing but differences, which stay the same. In any other case the witness
 * wants to hear everything.
 */
#include <stdlib.h>

#include "kernel/base.h"
#include "trace/round_text.h"
#include "trace/vcd/vcd_text.h"

enum {
    GROWING_MAX = 16,
    TIMES = 3, /* of the writer itself, in its mark */
};

/* Of a probe. */
struct vcd_waiting {
    uint64_t changed;
    bool waits, fresh;
    uint32_t access_bytes;
    char access[VCD_ACCESS_MAX];
};

/* All that the writer goes on with. */
struct vcd_mark {
    uint64_t *values;        /* of each word of each field: as last published, and as shown */
    const uint8_t **origins; /* of each field */
    struct vcd_waiting *probes;
    sim_time *times; /* of the writer, of each clock, of each probe's access */
    bool *levels;    /* of each clock */
    bool any_settled, silent, over;
};

/* A field of which the text has grown. */
struct vcd_growing {
    const struct vcd_field *field;
    uint64_t growth;
    size_t lines;
};

struct vcd_round {
    struct round_text text;
    struct vcd_mark mark[2]; /* at the ends of the first and the second round */
    sim_time begin, length;
    struct vcd_growing growing[GROWING_MAX];
    unsigned growing_count;
};

/* ---- the writer's state ---------------------------------------------------------------------- */

/* A number of it, to be kept, or to be moved on. */
typedef void visit_time(void *context, sim_time *time);

static void visit_times(struct trace_vcd *self, visit_time *visit, void *context)
{
    visit(context, &self->now);
    visit(context, &self->stamped);
    visit(context, &self->due);
    for (uint32_t i = 0; i < self->clock_count; i++) {
        visit(context, &self->clocks[i].due);
        if (self->show_clocks)
            visit(context, &self->clocks[i].edge);
    }
    for (uint32_t p = 0; p < self->probe_count; p++)
        if (self->probes[p].access)
            visit(context, &self->probes[p].access->step);
}

static void keep_time(void *context, sim_time *time)
{
    sim_time **next = context;
    *(*next)++ = *time;
}

static uint64_t latest_of(const struct vcd_field *field, unsigned word)
{
    return field->form == VCD_WIDE ? latest_word(field, word)
                                   : (field->word->latest & field->mask) >> field->shift;
}

static void keep_values(const struct trace_vcd *self, struct vcd_mark *mark)
{
    uint64_t *value = mark->values;
    const uint8_t **origin = mark->origins;
    for (uint32_t p = 0; p < self->probe_count; p++) {
        const struct vcd_probe *probe = &self->probes[p];
        for (uint32_t f = 0; !probe->access && f < probe->field_count; f++) {
            const struct vcd_field *field = &probe->fields[f];
            *origin++ = field->origin;
            for (unsigned i = 0; i < vcd_words(field); i++) {
                *value++ = latest_of(field, i);
                *value++ = field->form == VCD_WIDE ? field->wide[i] : field->shown;
            }
        }
    }
}

static void keep(struct trace_vcd *self, struct vcd_mark *mark)
{
    sim_time *time = mark->times;
    visit_times(self, keep_time, &time);
    keep_values(self, mark);
    for (uint32_t i = 0; i < self->clock_count; i++)
        mark->levels[i] = self->clocks[i].level;
    for (uint32_t p = 0; p < self->probe_count; p++) {
        const struct vcd_probe *probe = &self->probes[p];
        struct vcd_waiting *waiting = &mark->probes[p];
        waiting->changed = probe->changed;
        waiting->waits = (*probe->waiting & probe->bit) != 0;
        waiting->fresh = probe->fresh;
        waiting->access_bytes = probe->access ? probe->access->length : 0;
        if (probe->access)
            memcpy(waiting->access, probe->access->text, sizeof waiting->access);
    }
    mark->any_settled = self->any_settled;
    mark->silent = self->silent;
    mark->over = self->over;
}

struct comparison {
    const sim_time *before;
    sim_time length;
    bool same;
};

/* A time goes on with the rounds, or stays where it is. */
static void compare_time(void *context, sim_time *time)
{
    struct comparison *self = context;
    const sim_time growth = *time - *self->before++;
    self->same &= growth == 0 || growth == self->length;
}

static bool same_values(const struct trace_vcd *self)
{
    const struct vcd_mark *a = &self->round->mark[0], *b = &self->round->mark[1];
    size_t value = 0, next = 0;
    bool same = true;
    for (uint32_t p = 0; p < self->probe_count; p++) {
        const struct vcd_probe *probe = &self->probes[p];
        for (uint32_t f = 0; !probe->access && f < probe->field_count; f++, next++) {
            const struct vcd_field *field = &probe->fields[f];
            same &= a->origins[next] == b->origins[next];
            const bool grows = field->counts && field->form != VCD_WIDE && !b->silent;
            for (unsigned i = 0; i < 2 * vcd_words(field); i++, value++)
                same &= grows || a->values[value] == b->values[value];
        }
    }
    return same;
}

/* Is the writer, but for how far it has come and for fields that count, in the state of a round before? */
static bool same_state(struct trace_vcd *self)
{
    const struct vcd_mark *a = &self->round->mark[0], *b = &self->round->mark[1];
    struct comparison times = {a->times, self->round->length, true};
    bool same = a->any_settled == b->any_settled && a->silent == b->silent && a->over == b->over;
    visit_times(self, compare_time, &times);
    for (uint32_t i = 0; i < self->clock_count; i++)
        same &= a->levels[i] == b->levels[i];
    for (uint32_t p = 0; p < self->probe_count; p++) {
        const struct vcd_waiting *x = &a->probes[p], *y = &b->probes[p];
        same &= x->changed == y->changed && x->waits == y->waits && x->fresh == y->fresh &&
                x->access_bytes == y->access_bytes &&
                memcmp(x->access, y->access, x->access_bytes) == 0;
    }
    return same && times.same && same_values(self);
}

/* ---- the text -------------------------------------------------------------------------------- */

/* Two lines at once. */
struct lines {
    const char *text, *a, *b, *a_end, *b_end;
    sim_time growth; /* of times, in units of the file */
};

/* The field that counts whose lines end like this; null: there is none, or it is not one vector. */
static const struct vcd_field *counting(const struct trace_vcd *self, const char *tail,
                                        size_t length)
{
    for (uint32_t p = 0; p < self->probe_count; p++)
        for (uint32_t f = 0; f < self->probes[p].field_count; f++) {
            const struct vcd_field *field = &self->probes[p].fields[f];
            if (field->form == VCD_VECTOR && field->tail_length == length &&
                memcmp(field->tail, tail, length) == 0)
                return field->counts ? field : NULL;
        }
    return NULL;
}

static struct vcd_growing *growing(struct vcd_round *self, const struct vcd_field *field,
                                   uint64_t growth)
{
    for (unsigned i = 0; i < self->growing_count; i++)
        if (self->growing[i].field == field)
            return self->growing[i].growth == growth ? &self->growing[i] : NULL;
    if (self->growing_count == GROWING_MAX)
        return NULL;
    self->growing[self->growing_count] = (struct vcd_growing){field, growth, 0};
    return &self->growing[self->growing_count++];
}

static uint64_t read_digits(const char *from, const char *end, unsigned base)
{
    uint64_t value = 0;
    for (; from < end; from++)
        value = value * base + (uint64_t)(*from - '0');
    return value;
}

/* b1101 ID of both, of which the digits differ. */
static bool add_value(struct trace_vcd *self, const struct lines *lines)
{
    struct vcd_round *round = self->round;
    const char *a = memchr(lines->a, ' ', (size_t)(lines->a_end - lines->a));
    const char *b = memchr(lines->b, ' ', (size_t)(lines->b_end - lines->b));
    if (!a || !b || *lines->a != 'b' || *lines->b != 'b')
        return false;
    const size_t tail = (size_t)(lines->b_end - b);
    const struct vcd_field *field = counting(self, b, tail);
    if (!field || (size_t)(lines->a_end - a) != tail || memcmp(a, b, tail) != 0)
        return false;
    const uint64_t value = read_digits(lines->b + 1, b, 2);
    struct vcd_growing *one = growing(
        round, field, (value - read_digits(lines->a + 1, a, 2)) & field->mask >> field->shift);
    if (!one)
        return false;
    one->lines++;
    return round_text_cell(&round->text,
                           &(struct round_cell){.value = value,
                                                .growth = one->growth,
                                                .at = (uint32_t)(lines->b + 1 - lines->text),
                                                .length = (uint8_t)(b - lines->b - 1),
                                                .form = ROUND_BINARY,
                                                .bits = (uint8_t)field->width_bits});
}

static bool add_time(struct round_text *text, const struct lines *lines)
{
    const char *digits = lines->b + 1;
    const uint64_t value = read_digits(digits, lines->b_end - 1, 10);
    if (value - read_digits(lines->a + 1, lines->a_end - 1, 10) != lines->growth)
        return false;
    return round_text_cell(text,
                           &(struct round_cell){.value = value,
                                                .growth = lines->growth,
                                                .at = (uint32_t)(digits - lines->text),
                                                .length = (uint8_t)(lines->b_end - 1 - digits),
                                                .form = ROUND_DECIMAL,
                                                .bits = 64});
}

/* Of what has grown every line has: none is among those that are the same in both rounds. */
static bool all_grow(const struct vcd_round *self)
{
    const char *text = round_text_of(&self->text, 1),
               *end = text + round_text_bytes(&self->text, 1);
    size_t lines[GROWING_MAX] = {0};
    for (const char *line = text, *next; self->growing_count && line < end; line = next) {
        next = round_text_line(line, end);
        const char *tail = memchr(line, ' ', (size_t)(next - line));
        for (unsigned i = 0; *line == 'b' && tail && i < self->growing_count; i++) {
            const struct vcd_field *field = self->growing[i].field;
            lines[i] += field->tail_length == next - tail &&
                        memcmp(field->tail, tail, field->tail_length) == 0;
        }
    }
    for (unsigned i = 0; i < self->growing_count; i++)
        if (lines[i] != self->growing[i].lines)
            return false;
    return true;
}

/* A field that counts, and of which nothing was written, has not grown unseen; what was has grown as its text. */
static bool values_grow(const struct trace_vcd *self)
{
    const struct vcd_round *round = self->round;
    size_t value = 0;
    for (uint32_t p = 0; p < self->probe_count; p++) {
        const struct vcd_probe *probe = &self->probes[p];
        for (uint32_t f = 0; !probe->access && f < probe->field_count; f++) {
            const struct vcd_field *field = &probe->fields[f];
            uint64_t growth = 0;
            for (unsigned i = 0; i < round->growing_count; i++)
                if (round->growing[i].field == field)
                    growth = round->growing[i].growth;
            for (unsigned i = 0; i < 2 * vcd_words(field); i++, value++) {
                const uint64_t grown = round->mark[1].values[value] - round->mark[0].values[value];
                if (field->form == VCD_WIDE ? grown != 0
                                            : (grown & field->mask >> field->shift) != growth)
                    return false;
            }
        }
    }
    return true;
}

/* Finds what differs; false if anything does that may not. */
static bool compare(struct trace_vcd *self)
{
    struct vcd_round *round = self->round;
    struct round_text *text = &round->text;
    const char *a_end = round_text_of(text, 0) + round_text_bytes(text, 0);
    const char *b_end = round_text_of(text, 1) + round_text_bytes(text, 1);
    struct lines lines = {.text = round_text_of(text, 1),
                          .a_end = round_text_of(text, 0),
                          .b_end = round_text_of(text, 1),
                          .growth = round->length / self->scale_ps};
    round->growing_count = 0;
    while (lines.a_end < a_end && lines.b_end < b_end) {
        lines.a = lines.a_end;
        lines.b = lines.b_end;
        lines.a_end = round_text_line(lines.a, a_end);
        lines.b_end = round_text_line(lines.b, b_end);
        const size_t bytes = (size_t)(lines.b_end - lines.b);
        if (*lines.a == '#' && *lines.b == '#') {
            if (!add_time(text, &lines))
                return false;
        } else if (((size_t)(lines.a_end - lines.a) != bytes ||
                    memcmp(lines.a, lines.b, bytes) != 0) &&
                   !add_value(self, &lines)) {
            return false;
        }
    }
    return lines.a_end == a_end && lines.b_end == b_end && all_grow(round) && values_grow(self);
}

/* ---- the witness ----------------------------------------------------------------------------- */

static struct trace_vcd *vcd_of(const struct round_witness *witness)
{
    return CONTAINER_OF(witness, struct trace_vcd, round_witness);
}

static bool hear(struct round_witness *witness, unsigned part, sim_time time)
{
    struct trace_vcd *self = vcd_of(witness);
    struct vcd_round *round = self->round;
    round->length = time - round->begin;
    round->begin = time;
    if (!round_text_hear(&round->text, part))
        return false;
    if (part > 0)
        keep(self, &round->mark[part - 1]);
    return part < 2 || (round->length % self->scale_ps == 0 && same_state(self) && compare(self));
}

static sim_time until(const struct round_witness *witness, sim_time now)
{
    return trace_vcd_until(vcd_of(witness), now);
}

static void leave(struct round_witness *witness)
{
    round_text_leave(&vcd_of(witness)->round->text);
}

struct motion {
    const sim_time *before, *after;
    uint64_t times;
};

static void move_time(void *context, sim_time *time)
{
    struct motion *self = context;
    *time += self->times * (*self->after++ - *self->before++);
}

static void move_values(struct trace_vcd *self, uint64_t times)
{
    for (unsigned i = 0; i < self->round->growing_count; i++) {
        const struct vcd_growing *one = &self->round->growing[i];
        for (uint32_t p = 0; p < self->probe_count; p++) {
            struct vcd_probe *probe = &self->probes[p];
            for (uint32_t f = 0; f < probe->field_count; f++) {
                struct vcd_field *field = &probe->fields[f];
                const uint64_t mask = field->mask >> field->shift;
                if (field != one->field)
                    continue;
                const uint64_t value = (latest_of(field, 0) + times * one->growth) & mask;
                field->shown = (field->shown + times * one->growth) & mask;
                field->word->latest = (field->word->latest & ~field->mask) | value << field->shift;
            }
        }
    }
}

static void pass(struct round_witness *witness, uint64_t times)
{
    struct trace_vcd *self = vcd_of(witness);
    struct vcd_round *round = self->round;
    struct motion motion = {round->mark[0].times, round->mark[1].times, times};
    round_text_leave(&round->text);
    round_text_put(&round->text, times);
    visit_times(self, move_time, &motion);
    move_values(self, times);
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool open_mark(struct vcd_mark *mark, const struct trace_vcd *self, size_t fields,
                      size_t words)
{
    mark->values = calloc(2 * words + 1, sizeof *mark->values);
    mark->origins = calloc(fields + 1, sizeof *mark->origins);
    mark->probes = calloc(self->probe_count + 1, sizeof *mark->probes);
    mark->times =
        calloc(TIMES + 2 * (size_t)self->clock_count + self->probe_count, sizeof *mark->times);
    mark->levels = calloc(self->clock_count + 1, sizeof *mark->levels);
    return mark->values && mark->origins && mark->probes && mark->times && mark->levels;
}

bool trace_vcd_round_open(struct trace_vcd *self)
{
    struct vcd_round *round = self->round = calloc(1, sizeof *round);
    if (!round)
        return false;
    size_t fields = 0, words = 0;
    for (uint32_t p = 0; p < self->probe_count; p++) {
        const struct vcd_probe *probe = &self->probes[p];
        for (uint32_t f = 0; f < probe->field_count; f++, fields++)
            words += vcd_words(&probe->fields[f]);
    }
    round->text.file = self->file;
    self->round_witness =
        (struct round_witness){.hear = hear, .pass = pass, .until = until, .leave = leave};
    return open_mark(&round->mark[0], self, fields, words) &&
           open_mark(&round->mark[1], self, fields, words);
}

void trace_vcd_round_free(struct trace_vcd *self)
{
    struct vcd_round *round = self->round;
    if (!round)
        return;
    for (unsigned i = 0; i < COUNT(round->mark); i++) {
        struct vcd_mark *mark = &round->mark[i];
        free(mark->values);
        free(mark->origins);
        free(mark->probes);
        free(mark->times);
        free(mark->levels);
    }
    round_text_free(&round->text);
    free(round);
}
