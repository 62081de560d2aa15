/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_vcd: the VCD writer.
 *
 *   notify --record differs from `latest`--> copied, probe's bit set --time moves on--> emit
 *              |                               settled: vcd->settled, due now
 *              else: nothing                   registered: clock's mask, due one period later
 *
 * A probe has at most one record waiting: all that was due at or before a step's time has been
 * written when the first record of that step arrives. Bits are in the order of the system's probes,
 * so taking the lowest first gives the fixed order.
 */
#include "trace/trace_vcd.h"

#include <stdlib.h>
#include <string.h>

#include "trace/trace_format.h"
#include "trace/trace_scopes.h"

struct vcd_field {
    uint16_t offset;
    uint16_t width_bits;
    uint8_t size_bytes, lsb;
    uint8_t id_length;
    char id[TRACE_ID_MAX];
    uint64_t mask[2];
    uint64_t shown[2];
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
    uint64_t *latest;  /* record last published */
    uint64_t *written; /* record the file shows */
    uint64_t *touch;   /* for each word of a record, the fields in it: field_words each */
    uint64_t *changed; /* fields to compare: field_words */
    size_t record_bytes, record_words;
    size_t text_bytes; /* of all fields' changes, at most */
    struct vcd_clock *clock;
    struct vcd_field *fields;
    uint32_t field_count, field_words;
    uint32_t number;
    bool registered;
    bool known; /* `latest` is valid */
    bool shown; /* the fields' `shown` are valid */
};

struct trace_vcd {
    struct trace_file *file;
    sim_time scale_ps;
    sim_time now;     /* latest step that published */
    sim_time stamped; /* time last written, SIM_NEVER before the first */
    const char *late; /* a probe that published out of order */
    struct vcd_probe *probes;
    uint32_t probe_count, words;
    struct vcd_clock *clocks;
    uint32_t clock_count;
    bool show_clocks, any_settled;
    uint64_t *settled;           /* probes with a record that holds since `now` */
    char byte_bits[256 * 8 + 8]; /* the digits of every byte */
};

/* ---- writing ------------------------------------------------------------------------------- */

static void write_time(struct trace_vcd *self, sim_time time)
{
    if (self->stamped == time)
        return;
    self->stamped = time;
    char *at = trace_file_room(self->file, FORMAT_DIGITS_MAX + 2);
    *at++ = '#';
    at = put_decimal(at, time / self->scale_ps);
    *at++ = '\n';
    trace_file_to(self->file, at);
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

/* The digits of `value` from its highest 1 on; all 64 if `whole`. */
static inline char *put_binary(const struct trace_vcd *self, char *at, uint64_t value, bool whole)
{
    unsigned bits = whole ? 64 : 64 - (unsigned)__builtin_clzll(value | 1);
    unsigned bytes = (bits + 7) / 8;
    unsigned skip = bytes * 8 - bits;
    memcpy(at, self->byte_bits + (value >> (bytes * 8 - 8) & 255) * 8 + skip, 8);
    at += 8 - skip;
    while (--bytes > 0) {
        memcpy(at, self->byte_bits + (value >> (bytes * 8 - 8) & 255) * 8, 8);
        at += 8;
    }
    return at;
}

static inline void field_read(const struct vcd_field *field, const unsigned char *record,
                              uint64_t value[2])
{
    const unsigned char *from = record + field->offset;
    uint64_t low = 0, high = 0;
    switch (field->size_bytes) {
    case 1:
        low = *from;
        break;
    case 2: {
        uint16_t half;
        memcpy(&half, from, sizeof half);
        low = half;
        break;
    }
    case 4: {
        uint32_t word;
        memcpy(&word, from, sizeof word);
        low = word;
        break;
    }
    case 16:
        memcpy(&high, from + 8, sizeof high);
        /* fall through */
    default:
        memcpy(&low, from, sizeof low);
        break;
    }
    value[0] = low >> field->lsb & field->mask[0];
    value[1] = high & field->mask[1];
}

/* The fields that lie in words that differ from what the file shows. */
static void find_changed(struct vcd_probe *probe)
{
    for (size_t word = 0; word < probe->record_words; word++) {
        if (probe->latest[word] == probe->written[word] && probe->shown)
            continue;
        probe->written[word] = probe->latest[word];
        for (uint32_t f = 0; f < probe->field_words; f++)
            probe->changed[f] |= probe->touch[word * probe->field_words + f];
    }
}

static char *put_change(const struct trace_vcd *self, char *at, const struct vcd_field *field)
{
    if (field->width_bits == 1) {
        *at++ = (char)('0' + field->shown[0]);
    } else {
        *at++ = 'b';
        if (field->shown[1])
            at = put_binary(self, at, field->shown[1], false);
        at = put_binary(self, at, field->shown[0], field->shown[1] != 0);
        *at++ = ' ';
    }
    memcpy(at, field->id, TRACE_ID_MAX);
    at += field->id_length;
    *at++ = '\n';
    return at;
}

static void write_probe(struct trace_vcd *self, struct vcd_probe *probe, sim_time time)
{
    char *at = NULL;
    find_changed(probe);
    for (uint32_t f = 0; f < probe->field_words; f++) {
        for (uint64_t mask = probe->changed[f]; mask; mask &= mask - 1) {
            struct vcd_field *field = &probe->fields[f * 64 + (uint32_t)__builtin_ctzll(mask)];
            uint64_t value[2];
            field_read(field, (const unsigned char *)probe->latest, value);
            if (value[0] == field->shown[0] && value[1] == field->shown[1] && probe->shown)
                continue;
            field->shown[0] = value[0];
            field->shown[1] = value[1];
            if (!at) {
                write_time(self, time);
                at = trace_file_room(self->file, probe->text_bytes);
            }
            at = put_change(self, at, field);
        }
        probe->changed[f] = 0;
    }
    probe->shown = true;
    if (at)
        trace_file_to(self->file, at);
}

/* Writes the probes of a mask, which is left empty. */
static void write_mask(struct trace_vcd *self, uint64_t *mask, sim_time time)
{
    if (self->show_clocks)
        write_clocks(self, time);
    for (uint32_t w = 0; w < self->words; w++) {
        for (; mask[w]; mask[w] &= mask[w] - 1)
            write_probe(self, &self->probes[w * 64 + (uint32_t)__builtin_ctzll(mask[w])], time);
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
    for (;;) {
        sim_time due = SIM_NEVER;
        uint64_t *mask = NULL;
        for (uint32_t i = 0; i < self->clock_count; i++) {
            if (self->clocks[i].due < due) {
                due = self->clocks[i].due;
                mask = self->clocks[i].mask;
            }
        }
        if (!mask || due > time)
            return;
        for (uint32_t i = 0; i < self->clock_count; i++) {
            struct vcd_clock *clock = &self->clocks[i];
            if (clock->due != due)
                continue;
            clock->due = SIM_NEVER;
            if (clock->mask == mask)
                continue;
            for (uint32_t w = 0; w < self->words; w++) {
                mask[w] |= clock->mask[w];
                clock->mask[w] = 0;
            }
        }
        write_mask(self, mask, due);
    }
}

static void notify(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                   const void *record)
{
    struct vcd_probe *self = (struct vcd_probe *)observer;
    struct trace_vcd *vcd = self->vcd;
    if (self->known && memcmp(self->latest, record, self->record_bytes) == 0)
        return;
    sim_time step = clock_time(probe->clock, now);
    if (step != vcd->now) {
        if (step < vcd->now) {
            vcd->late = probe->name;
            step = vcd->now;
        } else {
            write_settled(vcd);
            write_due(vcd, step);
            vcd->now = step;
        }
    }
    memcpy(self->latest, record, self->record_bytes);
    self->known = true;
    uint64_t bit = UINT64_C(1) << (self->number % 64);
    if (self->registered) {
        self->clock->mask[self->number / 64] |= bit;
        self->clock->due = step + probe->clock->period_ps;
    } else {
        vcd->settled[self->number / 64] |= bit;
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
            trace_file_text(file, field->width_bits == 1 ? "x" : "bx ");
            trace_file_text(file, field->id);
            trace_file_text(file, "\n");
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

static void open_field(struct vcd_field *to, const struct probe_field *from, size_t number)
{
    *to = (struct vcd_field){.offset = from->offset,
                             .size_bytes = from->size_bytes,
                             .width_bits = from->width_bits,
                             .lsb = from->lsb};
    to->mask[0] = from->width_bits < 64 ? (UINT64_C(1) << from->width_bits) - 1 : UINT64_MAX;
    if (from->width_bits > 64 && from->size_bytes == 16)
        to->mask[1] = UINT64_MAX >> (128 - from->width_bits);
    trace_id(number, to->id);
    to->id_length = (uint8_t)strlen(to->id);
}

static bool open_probe(struct trace_vcd *self, struct vcd_probe *to, const struct probe *from,
                       size_t *number)
{
    const struct probe_type *type = from->type;
    to->observer.notify = notify;
    to->vcd = self;
    to->record_bytes = type->record_bytes;
    to->registered = type->kind == PROBE_REGISTERED;
    to->record_words = (type->record_bytes + 7) / 8;
    to->field_words = (uint32_t)(type->field_count + 63) / 64;
    to->latest = calloc(to->record_words, sizeof *to->latest);
    to->written = calloc(to->record_words, sizeof *to->written);
    to->touch = calloc(to->record_words * to->field_words, sizeof *to->touch);
    to->changed = calloc(to->field_words, sizeof *to->changed);
    to->fields = calloc(type->field_count, sizeof *to->fields);
    if (!to->latest || !to->written || !to->touch || !to->changed || !to->fields)
        return false;
    for (uint32_t i = 0; i < self->clock_count; i++)
        if (self->clocks[i].clock == from->clock)
            to->clock = &self->clocks[i];
    to->text_bytes = 16; /* put_binary writes whole bytes */
    for (size_t i = 0; i < type->field_count; i++) {
        if (type->fields[i].width_bits == 0)
            continue;
        const struct probe_field *field = &type->fields[i];
        uint32_t f = to->field_count++;
        open_field(&to->fields[f], field, (*number)++);
        for (size_t byte = field->offset; byte < field->offset + field->size_bytes; byte++)
            to->touch[byte / 8 * to->field_words + f / 64] |= UINT64_C(1) << f % 64;
        to->text_bytes += (size_t)type->fields[i].width_bits + TRACE_ID_MAX + 4;
    }
    return to->clock != NULL && to->text_bytes <= TRACE_FILE_BUFFER / 2;
}

static bool build(struct trace_vcd *self, const struct system *system)
{
    for (const struct probe *p = system->probes; p; p = p->link)
        self->probe_count += trace_has_signals(p);
    self->words = self->probe_count / 64 + 1;
    self->settled = calloc(self->words, sizeof *self->settled);
    self->probes = calloc(self->probe_count + 1, sizeof *self->probes);
    if (!self->settled || !self->probes || !open_clocks(self, system))
        return false;
    uint32_t next = 0;
    size_t number = 0;
    for (const struct probe *p = system->probes; p; p = p->link) {
        if (!trace_has_signals(p))
            continue;
        self->probes[next].number = next;
        if (!open_probe(self, &self->probes[next++], p, &number))
            return false;
    }
    for (uint32_t i = 0; i < self->clock_count; i++)
        trace_id(number + i, self->clocks[i].id);
    for (unsigned byte = 0; byte < 256; byte++)
        for (unsigned bit = 0; bit < 8; bit++)
            self->byte_bits[byte * 8 + bit] = (char)('0' + (byte >> (7 - bit) & 1));
    return true;
}

struct trace_vcd *trace_vcd_open(const struct system *system, struct trace_file *file, bool clocks,
                                 struct dmasim_error *error)
{
    struct trace_vcd *self = calloc(1, sizeof *self);
    struct trace_scope *root = self ? trace_scopes_build(system->probes) : NULL;
    if (root) {
        self->file = file;
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
    uint32_t next = 0;
    for (struct probe *p = system->probes; p; p = p->link)
        if (trace_has_signals(p))
            probe_observe(p, &self->probes[next++].observer);
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
        free(self->probes[i].latest);
        free(self->probes[i].written);
        free(self->probes[i].touch);
        free(self->probes[i].changed);
        free(self->probes[i].fields);
    }
    for (uint32_t i = 0; self->clocks && i < self->clock_count; i++)
        free(self->clocks[i].mask);
    free(self->clocks);
    free(self->probes);
    free(self->settled);
    free(self);
}
