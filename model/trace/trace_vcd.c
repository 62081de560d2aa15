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
#include "trace/trace_vcd.h"

#include <stdlib.h>
#include <string.h>

#include "trace/trace_format.h"
#include "trace/trace_scopes.h"

#define TIME_BYTES (FORMAT_DIGITS_MAX + 8) /* of a line with a time, and spoiled behind it */
#define DIGITS_SPOILED 64

enum { VCD_FIELDS_MAX = 64 }; /* of an observer */

/* Of a change: one digit, a vector within one word, a vector of several words. */
enum vcd_form { VCD_SCALAR, VCD_VECTOR, VCD_WIDE };

struct vcd_field {
    const struct vcd_word *word; /* of its lowest bit */
    uint64_t mask;               /* its bits in that word */
    uint64_t shown;              /* its value in the file, good once `fresh` is false */
    uint64_t *wide;              /* VCD_WIDE: the same, low word first */
    char tail[8];                /* what follows the digits: " ID\n"; VCD_SCALAR: digit, "ID\n" */
    uint16_t width_bits;
    uint8_t tail_length;
    uint8_t shift; /* of the lowest bit */
    uint8_t form;  /* enum vcd_form */
};

/* Of a bit of a word: its fields, and the bits of the word that are not of just the same fields. */
struct vcd_bits {
    uint64_t fields;
    uint64_t others;
};

struct vcd_word {
    uint64_t latest;       /* as last published */
    struct vcd_bits *bits; /* by bit */
    size_t offset;         /* in the record */
};

struct vcd_clock {
    const struct clock *clock;
    uint64_t *mask; /* probes with a record due at `due` */
    sim_time due;   /* SIM_NEVER if there are none */
    sim_time edge;  /* next change of the clock's own signal */
    bool level;
    char id[TRACE_ID_MAX];
};

struct vcd_probe {
    struct probe_observer observer;
    struct trace_vcd *vcd;
    struct probe *source;
    struct vcd_word *words, *words_end; /* of whole words */
    uint64_t changed;                   /* fields that may differ from what the file shows */
    uint64_t first;                     /* all fields until a record is taken, then 0 */
    uint64_t *waiting, bit;             /* where and which to set when a record waits */
    struct vcd_clock *clock;            /* null if its records are settled */
    struct vcd_field *fields;
    struct vcd_bits *bits; /* of all words */
    size_t text_bytes;     /* of all fields' changes, at most */
    uint32_t field_count;
    uint32_t rest_bytes; /* of a shorter word behind words_end, at the end of the record */
    bool fresh;          /* nothing was written yet */
};

struct trace_vcd {
    struct trace_file *file;
    sim_time scale_ps;
    sim_time now;     /* latest step that published */
    sim_time stamped; /* time last written */
    uint64_t front;   /* its decimal digits but the last four, as a number and as text */
    uint32_t front_length;
    char front_text[FORMAT_DIGITS_MAX];
    const char *late; /* a probe that published out of order */
    struct vcd_probe *probes;
    uint32_t probe_count, words;
    struct vcd_clock *clocks;
    uint32_t clock_count;
    bool show_clocks, any_settled;
    sim_time due;           /* of the registered records due first, SIM_NEVER if there are none */
    uint64_t *settled;      /* probes with a record that holds since `now` */
    char byte_bits[256][8]; /* the binary digits of every byte */
    char pairs[100][2];     /* the decimal digits of 0 .. 99 */
};

/* ---- writing ------------------------------------------------------------------------------- */

static inline char *put_two(const struct trace_vcd *self, char *at, uint32_t value)
{
    memcpy(at, self->pairs[value], 2);
    return at + 2;
}

/* A line with the time. Most have only the last four digits to make: the others are as before. */
static char *put_new_time(struct trace_vcd *self, char *at, uint64_t time)
{
    *at++ = '#';
    if (time < 10000) {
        at = put_decimal(at, time);
    } else {
        if (time / 10000 != self->front) {
            self->front = time / 10000;
            self->front_length =
                (uint32_t)(put_decimal(self->front_text, self->front) - self->front_text);
        }
        memcpy(at, self->front_text, sizeof self->front_text);
        at += self->front_length;
        uint32_t last = (uint32_t)(time % 10000);
        at = put_two(self, at, last / 100);
        at = put_two(self, at, last % 100);
    }
    *at++ = '\n';
    return at;
}

/* The time, unless it stands there already. What is written behind it counts only once `stamped` is
 * set to it. */
static inline char *put_time(struct trace_vcd *self, char *at, sim_time time)
{
    return self->stamped == time ? at : put_new_time(self, at, time / self->scale_ps);
}

static void write_time(struct trace_vcd *self, sim_time time)
{
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
        write_time(self, first);
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
            trace_file_to(self->file, at);
        }
    }
}

/* The digits of `value` from its highest 1 on; all 64 if `whole`. Spoils DIGITS_SPOILED bytes from
 * `at` on. */
static inline char *put_binary(const struct trace_vcd *self, char *at, uint64_t value, bool whole)
{
    unsigned zeros = whole ? 0 : (unsigned)__builtin_clzll(value | 1);
    unsigned bits = 64 - zeros;
    value <<= zeros;
    memcpy(at, self->byte_bits[value >> 56], 8);
    if (bits > 8)
        for (unsigned byte = 1; byte < 4; byte++)
            memcpy(at + byte * 8, self->byte_bits[value >> (56 - 8 * byte) & 255], 8);
    if (bits > 32)
        for (unsigned byte = 4; byte < 8; byte++)
            memcpy(at + byte * 8, self->byte_bits[value >> (56 - 8 * byte) & 255], 8);
    return at + bits;
}

static inline char *put_tail(char *at, const struct vcd_field *field)
{
    memcpy(at, field->tail, sizeof field->tail);
    return at + field->tail_length;
}

static inline char *put_scalar(char *at, const struct vcd_field *field)
{
    char *end = put_tail(at, field);
    *at = (char)('0' + field->shown);
    return end;
}

/* As put_field, for VCD_WIDE. */
static char *put_wide(const struct trace_vcd *self, char *at, struct vcd_field *field, bool fresh)
{
    const unsigned shift = field->shift, width = field->width_bits;
    unsigned count = (width + 63) / 64;
    bool same = !fresh;
    for (unsigned i = 0; i < count; i++) {
        uint64_t value = field->word[i].latest >> shift;
        if (shift && (i + 1) * 64 < shift + width)
            value |= field->word[i + 1].latest << (64 - shift);
        if (i + 1 == count && width % 64)
            value &= (UINT64_C(1) << width % 64) - 1;
        same &= value == field->wide[i];
        field->wide[i] = value;
    }
    if (same)
        return at;
    while (count > 1 && field->wide[count - 1] == 0)
        count--;
    *at++ = 'b';
    at = put_binary(self, at, field->wide[count - 1], false);
    while (--count > 0)
        at = put_binary(self, at, field->wide[count - 1], true);
    return put_tail(at, field);
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
    if (field->form == VCD_SCALAR)
        return put_scalar(at, field);
    *at++ = 'b';
    return put_tail(put_binary(self, at, value, false), field);
}

static void write_probe(struct trace_vcd *self, struct vcd_probe *probe, sim_time time)
{
    const bool fresh = probe->fresh;
    char *start = trace_file_room(self->file, TIME_BYTES + probe->text_bytes);
    char *from = put_time(self, start, time), *at = from;
    for (uint64_t changed = probe->changed; changed; changed &= changed - 1)
        at = put_field(self, at, &probe->fields[__builtin_ctzll(changed)], fresh);
    probe->changed = 0;
    probe->fresh = false;
    if (at != from) {
        self->stamped = time;
        trace_file_to(self->file, at);
    }
}

/* Writes the probes of a mask, which is left empty. */
static inline void write_mask(struct trace_vcd *self, uint64_t *mask, sim_time time)
{
    if (self->show_clocks)
        write_clocks(self, time);
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

/* The fields of the record that change, the first time all. */
static inline uint64_t take_record(struct vcd_probe *self, const unsigned char *record)
{
    uint64_t changed = self->first;
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

static void notify(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
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

/* ---- opening ------------------------------------------------------------------------------- */

static void declare(struct trace_file *file, const char *name, unsigned width, const char *id)
{
    char text[64], *at = text;
    at = put_text(at, "$var wire ");
    at = put_decimal(at, width);
    *at++ = ' ';
    at = put_text(at, id);
    *at++ = ' ';
    trace_file_write(file, text, (size_t)(at - text));
    trace_file_text(file, name);
    at = text;
    if (width > 1) {
        at = put_text(at, " [");
        at = put_decimal(at, width - 1);
        at = put_text(at, ":0]");
    }
    at = put_text(at, " $end\n");
    trace_file_write(file, text, (size_t)(at - text));
}

static void declare_scope(struct trace_file *file, const struct trace_scope *scope)
{
    if (scope->name) {
        trace_file_text(file, "$scope module ");
        trace_file_text(file, scope->name);
        trace_file_text(file, " $end\n");
    }
    for (const struct trace_signal *s = scope->signals; s; s = s->next)
        declare(file, s->name, s->field->width_bits, s->id);
    for (const struct trace_scope *s = scope->child; s; s = s->next)
        declare_scope(file, s);
    if (scope->name)
        trace_file_text(file, "$upscope $end\n");
}

static void write_header(struct trace_vcd *self, const struct trace_scope *root)
{
    static const char *const scales[] = {"1 ps",   "10 ps",  "100 ps", "1 ns",   "10 ns",
                                         "100 ns", "1 us",   "10 us",  "100 us", "1 ms",
                                         "10 ms",  "100 ms", "1 s"};
    unsigned power = 0;
    for (sim_time scale = 1; scale < self->scale_ps; scale *= 10)
        power++;
    struct trace_file *file = self->file;
    trace_file_text(file, "$version dmasim $end\n$timescale ");
    trace_file_text(file, scales[power]);
    trace_file_text(file, " $end\n");
    declare_scope(file, root);
    if (self->show_clocks) {
        trace_file_text(file, "$scope module clocks $end\n");
        for (uint32_t i = 0; i < self->clock_count; i++)
            declare(file, self->clocks[i].clock->name, 1, self->clocks[i].id);
        trace_file_text(file, "$upscope $end\n");
    }
    trace_file_text(file, "$enddefinitions $end\n#0\n$dumpvars\n");
    self->stamped = 0;
    for (uint32_t p = 0; p < self->probe_count; p++) {
        for (uint32_t i = 0; i < self->probes[p].field_count; i++) {
            const struct vcd_field *field = &self->probes[p].fields[i];
            trace_file_text(file, field->form == VCD_SCALAR ? "x" : "bx ");
            trace_file_write(file, field->tail + 1, field->tail_length - 1u);
        }
    }
    for (uint32_t i = 0; self->show_clocks && i < self->clock_count; i++) {
        trace_file_text(file, "0");
        trace_file_text(file, self->clocks[i].id);
        trace_file_text(file, "\n");
    }
    trace_file_text(file, "$end\n");
}

static bool scale_divides(const struct trace_vcd *self, sim_time scale)
{
    for (uint32_t i = 0; i < self->clock_count; i++) {
        const struct clock *clock = self->clocks[i].clock;
        if (clock->period_ps % scale || clock->phase_ps % scale)
            return false;
        if (self->show_clocks && clock->period_ps / 2 % scale)
            return false;
    }
    return true;
}

static bool open_clocks(struct trace_vcd *self, const struct system *system)
{
    for (const struct clock *c = system->kernel.clocks; c; c = c->link)
        self->clock_count++;
    self->clocks = calloc(self->clock_count + 1, sizeof *self->clocks);
    if (!self->clocks)
        return false;
    uint32_t i = 0;
    for (const struct clock *c = system->kernel.clocks; c; c = c->link, i++) {
        struct vcd_clock *clock = &self->clocks[i];
        *clock = (struct vcd_clock){.clock = c, .due = SIM_NEVER, .edge = c->phase_ps};
        clock->mask = calloc(self->words, sizeof *clock->mask);
        if (!clock->mask)
            return false;
    }
    const sim_time second = UINT64_C(1000000000000);
    self->scale_ps = 1;
    while (self->scale_ps < second && scale_divides(self, self->scale_ps * 10))
        self->scale_ps *= 10;
    return true;
}

/* False if memory is short. */
static bool open_field(struct vcd_probe *probe, const struct probe_field *from, size_t number)
{
    const unsigned room = 8u * from->size_bytes - from->lsb;
    const unsigned width = from->width_bits < room ? from->width_bits : room;
    const unsigned shift = (from->offset % 8 * 8u + from->lsb) % 64;
    struct vcd_field *to = &probe->fields[probe->field_count++];
    *to = (struct vcd_field){
        .word = &probe->words[(from->offset * 8u + from->lsb) / 64],
        .width_bits = (uint16_t)width,
        .shift = (uint8_t)shift,
        .form = shift + width > 64      ? VCD_WIDE
                : from->width_bits == 1 ? VCD_SCALAR
                                        : VCD_VECTOR,
    };
    if (to->form == VCD_WIDE)
        to->wide = calloc((width + 63) / 64, sizeof *to->wide);
    else
        to->mask = UINT64_MAX >> (64 - width) << shift;
    to->tail[0] = ' ';
    trace_id(number, to->tail + 1);
    to->tail_length = (uint8_t)strlen(to->tail);
    to->tail[to->tail_length++] = '\n';
    probe->text_bytes += width + 1u + sizeof to->tail;
    return to->form != VCD_WIDE || to->wide;
}

/* The tables that lead from a bit to its fields. */
static void open_bits(struct vcd_probe *self, size_t words)
{
    for (uint32_t f = 0; f < self->field_count; f++) {
        const struct vcd_field *field = &self->fields[f];
        for (unsigned bit = field->shift; bit < field->shift + field->width_bits; bit++)
            field->word[bit / 64].bits[bit % 64].fields |= UINT64_C(1) << f;
    }
    for (size_t i = 0; i < words * 64; i++)
        for (size_t bit = 0; bit < 64; bit++)
            if (self->bits[i / 64 * 64 + bit].fields != self->bits[i].fields)
                self->bits[i].others |= UINT64_C(1) << bit;
}

/* The words of the record; those without a field are dropped. */
static void open_words(struct vcd_probe *self, size_t record_bytes)
{
    const size_t words = (record_bytes + 7) / 8;
    for (size_t w = 0; w < words; w++) {
        self->words[w].offset = w * 8;
        self->words[w].bits = &self->bits[w * 64];
    }
    open_bits(self, words);
    struct vcd_word *kept = self->words;
    for (size_t w = 0; w < words; w++) {
        const struct vcd_word *word = &self->words[w];
        uint64_t any = 0;
        for (unsigned bit = 0; bit < 64; bit++)
            any |= word->bits[bit].fields;
        if (!any)
            continue;
        for (uint32_t f = 0; f < self->field_count; f++)
            if (self->fields[f].word == word)
                self->fields[f].word = kept;
        const size_t left = record_bytes - word->offset;
        self->rest_bytes = left < 8 ? (uint32_t)left : 0;
        *kept++ = *word;
    }
    self->words_end = kept - (self->rest_bytes != 0);
}

/* Readies an observer for the probe's signals from *next on, as many as it can take. False if memory
 * is short. */
static bool open_probe(struct trace_vcd *self, struct vcd_probe *to, struct probe *from,
                       size_t *next, size_t *number)
{
    const struct probe_type *type = from->type;
    const size_t words = (type->record_bytes + 7) / 8;
    to->observer.notify = notify;
    to->vcd = self;
    to->source = from;
    to->words = calloc(words, sizeof *to->words);
    to->bits = calloc(words * 64, sizeof *to->bits);
    to->fields = calloc(VCD_FIELDS_MAX, sizeof *to->fields);
    if (!to->words || !to->bits || !to->fields)
        return false;
    const size_t index = (size_t)(to - self->probes);
    to->bit = UINT64_C(1) << index % 64;
    to->waiting = &self->settled[index / 64];
    for (uint32_t i = 0; type->kind == PROBE_REGISTERED && i < self->clock_count; i++) {
        if (self->clocks[i].clock == from->clock) {
            to->clock = &self->clocks[i];
            to->waiting = &to->clock->mask[index / 64];
        }
    }
    to->text_bytes = DIGITS_SPOILED;
    to->fresh = true;
    for (; *next < type->field_count && to->field_count < VCD_FIELDS_MAX; (*next)++)
        if (type->fields[*next].width_bits && !open_field(to, &type->fields[*next], (*number)++))
            return false;
    to->first = UINT64_MAX >> (64 - to->field_count);
    open_words(to, type->record_bytes);
    return to->clock || type->kind == PROBE_SETTLED;
}

static size_t count_signals(const struct probe *probe)
{
    size_t count = 0;
    for (size_t i = 0; trace_has_signals(probe) && i < probe->type->field_count; i++)
        count += probe->type->fields[i].width_bits != 0;
    return count;
}

static bool build(struct trace_vcd *self, const struct system *system)
{
    for (const struct probe *p = system->probes; p; p = p->link)
        self->probe_count += (uint32_t)((count_signals(p) + VCD_FIELDS_MAX - 1) / VCD_FIELDS_MAX);
    self->words = self->probe_count / 64 + 1;
    self->settled = calloc(self->words, sizeof *self->settled);
    self->probes = calloc(self->probe_count + 1, sizeof *self->probes);
    if (!self->settled || !self->probes || !open_clocks(self, system))
        return false;
    uint32_t next = 0;
    size_t number = 0;
    for (struct probe *p = system->probes; p; p = p->link) {
        size_t field = 0, end = number + count_signals(p);
        while (number < end) {
            if (!open_probe(self, &self->probes[next++], p, &field, &number))
                return false;
        }
    }
    for (uint32_t i = 0; i < self->clock_count; i++)
        trace_id(number + i, self->clocks[i].id);
    for (unsigned i = 0; i < 100; i++) {
        self->pairs[i][0] = (char)('0' + i / 10);
        self->pairs[i][1] = (char)('0' + i % 10);
    }
    for (unsigned byte = 0; byte < 256; byte++)
        for (unsigned bit = 0; bit < 8; bit++)
            self->byte_bits[byte][bit] = (char)('0' + (byte >> (7 - bit) & 1));
    return true;
}

struct trace_vcd *trace_vcd_open(const struct system *system, struct trace_file *file, bool clocks,
                                 struct dmasim_error *error)
{
    struct trace_vcd *self = calloc(1, sizeof *self);
    struct trace_scope *root = self ? trace_scopes_build(system->probes) : NULL;
    if (root) {
        self->file = file;
        self->due = SIM_NEVER;
        self->show_clocks = clocks;
    }
    if (!root || !build(self, system)) {
        trace_error(error, DMASIM_MEMORY, file->path, "out of memory");
        trace_scopes_free(root);
        trace_vcd_free(self);
        return NULL;
    }
    write_header(self, root);
    trace_scopes_free(root);
    for (uint32_t i = 0; i < self->probe_count; i++)
        probe_observe(self->probes[i].source, &self->probes[i].observer);
    return self;
}

int trace_vcd_close(struct trace_vcd *self, sim_time final_time, struct dmasim_error *error)
{
    write_settled(self);
    write_due(self, final_time);
    if (self->show_clocks)
        write_clocks(self, final_time);
    if (final_time / self->scale_ps > self->stamped / self->scale_ps)
        write_time(self, final_time);
    if (self->late)
        return trace_error(error, DMASIM_INVALID, self->file->path,
                           "probe %s published a cycle that had already passed", self->late);
    return DMASIM_OK;
}

sim_time trace_vcd_scale_ps(const struct trace_vcd *self)
{
    return self->scale_ps;
}

void trace_vcd_free(struct trace_vcd *self)
{
    if (!self)
        return;
    for (uint32_t i = 0; self->probes && i < self->probe_count; i++) {
        free(self->probes[i].words);
        free(self->probes[i].bits);
        for (uint32_t f = 0; f < self->probes[i].field_count; f++)
            free(self->probes[i].fields[f].wide);
        free(self->probes[i].fields);
    }
    for (uint32_t i = 0; self->clocks && i < self->clock_count; i++)
        free(self->clocks[i].mask);
    free(self->clocks);
    free(self->probes);
    free(self->settled);
    free(self);
}
