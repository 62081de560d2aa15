/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_csv: generic tables.
 *
 * The row of a held record is kept as text, so that a cycle without a change costs its number and a
 * copy.
 *
 * A table is a witness of rounds (kernel/round.h): what is written of two must be the same, but for cycles, times and
 * fields that count; then the second one is written again with other numbers.
 */
#include "trace/csv/csv.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"
#include "kernel/round.h"
#include "trace/format.h"
#include "trace/round_text.h"

struct csv_source {
    struct probe_observer observer;
    struct trace_csv *csv;
    const struct probe_field **columns;
    uint32_t column_count;
    uint32_t order;
    size_t room; /* for a row, names apart */
};

struct trace_csv {
    struct trace_file *file;
    struct csv_source *sources;
    uint32_t source_count;

    /* events */
    struct trace_rows rows;

    /* cycle by cycle */
    const struct probe *probe;
    unsigned char *record;  /* that `held` shows */
    struct trace_text held; /* ",a,b,c\n" */
    sim_cycle next;         /* first cycle not yet written */
    bool known;

    struct round_witness witness;
    struct round_text text;
    bool *linear; /* by column: it grows by the same number in each round */
    size_t column_count;
    struct {
        struct trace_text held;
        sim_cycle next;
    } mark[2]; /* at the ends of the first and the second round */
};

#define NUMBER_MAX 40 /* characters of a number, at most */

/* The name that the field shows, null if it shows a number. */
static const char *field_text(const struct probe_field *field, const void *record)
{
    if (field->radix == PROBE_TEXT) {
        const char *text;
        memcpy(&text, (const char *)record + field->offset, sizeof text);
        return text ? text : "";
    }
    if (field->radix != PROBE_NAME)
        return NULL;
    uint64_t value = probe_value(field, record);
    return value < field->name_count ? field->names[value] : NULL;
}

static unsigned digits_of(const struct probe_field *field)
{
    return ((field->width_bits ? field->width_bits : field->size_bytes * 8u) + 3) / 4;
}

static char *put_padded(char *at, const struct probe_field *field, const void *record,
                        uint64_t value)
{
    unsigned digits = digits_of(field);
    for (; digits > 16; digits -= (digits - 1) % 16 + 1) {
        uint64_t word;
        memcpy(&word, (const char *)record + field->offset + (digits - 1) / 16 * 8, sizeof word);
        at = put_hex_padded(at, word, (digits - 1) % 16 + 1);
    }
    return put_hex_padded(at, value, digits);
}

/* In front of every hexadecimal number: without it 200001e4 is read as a number of the form 2e9, and 00000010 as ten. */
static char *put_0x(char *at)
{
    *at++ = '0';
    *at++ = 'x';
    return at;
}

static char *put_number(char *at, const struct probe_field *field, const void *record)
{
    uint64_t value = probe_value(field, record);
    switch (field->radix) {
    case PROBE_HEX:
        return put_hex(put_0x(at), value);
    case PROBE_HEX_PADDED:
        return put_padded(put_0x(at), field, record, value);
    case PROBE_ADDRESS:
        return put_hex_padded(put_0x(at), value, value > UINT32_MAX ? 16 : 8);
    case PROBE_TIME:
        return value == SIM_NEVER ? at : put_decimal(at, value);
    default:
        return put_decimal(at, value);
    }
}

/* ",a,b,c\n" */
static void append_record(struct trace_text *text, const struct csv_source *source,
                          const void *record)
{
    const size_t room = source->room;
    char *at = trace_text_room(text, room);
    if (!at)
        return;
    for (uint32_t i = 0; i < source->column_count; i++) {
        const struct probe_field *field = source->columns[i];
        *at++ = ',';
        const char *cell = field_text(field, record);
        if (!cell) {
            at = put_number(at, field, record);
            continue;
        }
        text->used = (size_t)(at - text->data);
        trace_text_cell(text, cell);
        at = trace_text_room(text, room);
        if (!at)
            return;
    }
    *at++ = '\n';
    text->used = (size_t)(at - text->data);
}

/* ---- cycle by cycle ------------------------------------------------------------------------ */

static void write_until(struct trace_csv *self, sim_cycle end)
{
    for (; self->next < end; self->next++) {
        char *at = trace_file_room(self->file, FORMAT_DIGITS_MAX + self->held.used);
        at = put_decimal(at, self->next);
        memcpy(at, self->held.data, self->held.used);
        trace_file_to(self->file, at + self->held.used);
    }
}

static void notify_row(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                       const void *record)
{
    struct csv_source *source = (struct csv_source *)observer;
    struct trace_csv *self = source->csv;
    size_t bytes = probe->type->record_bytes;
    if (self->known && memcmp(self->record, record, bytes) == 0)
        return;
    write_until(self, now);
    memcpy(self->record, record, bytes);
    self->known = true;
    self->held.used = 0;
    append_record(&self->held, source, record);
}

/* ---- events -------------------------------------------------------------------------------- */

static void notify_event(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                         const void *record)
{
    struct csv_source *source = (struct csv_source *)observer;
    sim_time time = clock_time(probe->clock, now);
    struct trace_text *text = trace_rows_begin(&source->csv->rows, time, source->order);
    char *from = trace_text_room(text, 2 * FORMAT_DIGITS_MAX + 2);
    if (!from)
        return;
    char *at = put_decimal(from, now);
    *at++ = ',';
    at = put_decimal(at, time);
    *at++ = ',';
    text->used += (size_t)(at - from);
    trace_text_cell(text, probe->name);
    append_record(text, source, record);
}

/* ---- from round to round --------------------------------------------------------------------- */

static bool keep(struct trace_csv *self, unsigned which)
{
    struct trace_text *held = &self->mark[which].held;
    held->used = 0;
    char *to = trace_text_room(held, self->held.used + 1);
    if (!to)
        return false;
    if (self->held.used)
        memcpy(to, self->held.data, self->held.used);
    held->used = self->held.used;
    self->mark[which].next = self->next;
    return true;
}

/* All events of this time and before have been told. */
static bool hear(struct round_witness *witness, unsigned part, sim_time time)
{
    struct trace_csv *self = CONTAINER_OF(witness, struct trace_csv, witness);
    const struct trace_text *a = &self->mark[0].held, *b = &self->mark[1].held;
    (void)time;
    trace_rows_flush(&self->rows);
    if (!round_text_hear(&self->text, part) || (part > 0 && !keep(self, part - 1)))
        return false;
    return part < 2 || (a->used == b->used && memcmp(a->data, b->data, a->used) == 0 &&
                        round_text_table(&self->text, self->linear, self->column_count));
}

static void pass(struct round_witness *witness, uint64_t times)
{
    struct trace_csv *self = CONTAINER_OF(witness, struct trace_csv, witness);
    round_text_leave(&self->text);
    round_text_put(&self->text, times);
    self->next += times * (self->mark[1].next - self->mark[0].next);
}

static void leave(struct round_witness *witness)
{
    round_text_leave(&CONTAINER_OF(witness, struct trace_csv, witness)->text);
}

/* Of the leading columns the first two are a cycle and a time. False if memory is short. */
static bool join(struct trace_csv *self, struct kernel *kernel, size_t leading)
{
    const struct csv_source *source = &self->sources[0];
    self->text.file = self->file;
    self->column_count = leading + source->column_count;
    self->linear = calloc(self->column_count + 1, sizeof *self->linear);
    if (!self->linear)
        return false;
    for (size_t i = 0; i < leading && i < 2; i++)
        self->linear[i] = true;
    for (uint32_t i = 0; i < source->column_count; i++) {
        const struct probe_field *field = source->columns[i];
        self->linear[leading + i] =
            field->radix == PROBE_TIME || (field->radix == PROBE_DECIMAL && field->counts);
    }
    self->witness = (struct round_witness){.hear = hear, .pass = pass, .leave = leave};
    round_join_witness(kernel, &self->witness);
    return true;
}

/* ---- opening and closing ------------------------------------------------------------------- */

static bool listed(const char *const *list, const char *name)
{
    for (; list && *list; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

static bool open_source(struct csv_source *self, struct trace_csv *csv, const struct probe *probe,
                        const char *const *skip)
{
    const struct probe_type *type = probe->type;
    self->csv = csv;
    self->columns = calloc(type->field_count + 1, sizeof *self->columns);
    if (!self->columns)
        return false;
    self->room = 1;
    for (size_t i = 0; i < type->field_count; i++) {
        if (listed(skip, type->fields[i].name))
            continue;
        const unsigned digits = digits_of(&type->fields[i]);
        self->columns[self->column_count++] = &type->fields[i];
        self->room += 3u + (digits > NUMBER_MAX ? digits : NUMBER_MAX); /* ",0x" */
    }
    return true;
}

static void write_columns(const struct trace_csv *self, const struct csv_source *source)
{
    for (uint32_t i = 0; source && i < source->column_count; i++) {
        trace_file_text(self->file, ",");
        trace_file_text(self->file, source->columns[i]->name);
    }
    trace_file_text(self->file, "\n");
}

static struct trace_csv *create(struct trace_file *file, uint32_t sources)
{
    struct trace_csv *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->file = self->rows.file = file;
    self->sources = calloc(sources + 1, sizeof *self->sources);
    self->source_count = sources;
    if (self->sources)
        return self;
    free(self);
    return NULL;
}

struct trace_csv *trace_csv_open_rows(struct probe *probe, struct trace_file *file,
                                      struct dmasim_error *error)
{
    struct trace_csv *self = create(file, 1);
    bool good = self && open_source(&self->sources[0], self, probe, NULL);
    if (good) {
        self->probe = probe;
        self->record = malloc(probe->type->record_bytes);
        uint32_t commas = self->sources[0].column_count;
        char *empty = trace_text_room(&self->held, commas + 1);
        good = self->record && empty && join(self, probe->clock->kernel, 1);
        if (good) {
            memset(empty, ',', commas);
            empty[commas] = '\n';
            self->held.used = commas + 1;
        }
    }
    if (!good) {
        trace_error(error, DMASIM_MEMORY, file->path, "out of memory");
        trace_csv_free(self);
        return NULL;
    }
    trace_file_text(file, "cycle");
    write_columns(self, &self->sources[0]);
    self->sources[0].observer.notify = notify_row;
    probe_hear(probe, &self->sources[0].observer);
    return self;
}

struct trace_csv *trace_csv_open_events(const struct system *system, const char *type,
                                        const char *label, const char *const *skip,
                                        struct trace_file *file, struct dmasim_error *error)
{
    uint32_t count = 0;
    for (const struct probe *p = system->probes; p; p = p->link)
        count += strcmp(p->type->name, type) == 0;
    struct trace_csv *self = create(file, count);
    bool good = self != NULL;
    uint32_t next = 0, order = 0;
    for (const struct probe *p = system->probes; good && p; p = p->link, order++) {
        if (strcmp(p->type->name, type) != 0)
            continue;
        self->sources[next].order = order;
        good = open_source(&self->sources[next++], self, p, skip);
    }
    if (good && count)
        good = join(self, system->probes->clock->kernel, 3);
    if (!good) {
        trace_error(error, DMASIM_MEMORY, file->path, "out of memory");
        trace_csv_free(self);
        return NULL;
    }
    trace_file_text(file, "cycle,time_ps,");
    trace_file_text(file, label);
    write_columns(self, count ? &self->sources[0] : NULL);
    next = 0;
    for (struct probe *p = system->probes; p; p = p->link) {
        if (strcmp(p->type->name, type) != 0)
            continue;
        self->sources[next].observer.notify = notify_event;
        probe_hear(p, &self->sources[next++].observer);
    }
    return self;
}

int trace_csv_close(struct trace_csv *self, sim_time final_time, struct dmasim_error *error)
{
    if (self->probe) {
        const struct clock *clock = self->probe->clock;
        if (final_time >= clock->phase_ps)
            write_until(self, (final_time - clock->phase_ps) / clock->period_ps + 1);
    } else {
        trace_rows_flush(&self->rows);
    }
    if (self->rows.failed || self->held.failed)
        return trace_error(error, DMASIM_MEMORY, self->file->path, "out of memory");
    return DMASIM_OK;
}

void trace_csv_free(struct trace_csv *self)
{
    if (!self)
        return;
    for (uint32_t i = 0; i < self->source_count; i++)
        free(self->sources[i].columns);
    free(self->sources);
    free(self->record);
    trace_text_free(&self->held);
    trace_text_free(&self->mark[0].held);
    trace_text_free(&self->mark[1].held);
    round_text_free(&self->text);
    free(self->linear);
    trace_rows_free(&self->rows);
    free(self);
}
