/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_transfers: the join of transfers and beats.
 *
 * Of each channel a ring of its last beats, each with the sums up to and including it; so any
 * stretch of beats is two entries and a subtraction, and bounds are found by bisection.
 *
 *     ring:  ... | done: end of the transfer before | first ........ last |  next transfer's ...
 */
#include "kernel/base.h"
#include "trace/transfers/transfers_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "kernel/repeat.h"
#include "kernel/round.h"
#include "trace/columns.h"
#include "trace/csv/rows.h"
#include "trace/format.h"

static bool is_data(const struct beat *beat)
{
    return beat->purpose == DMA_SOURCE || beat->purpose == DMA_DESTINATION;
}

static struct channel *find(const struct trace_transfers *self, const char *controller,
                            uint32_t number)
{
    for (struct channel *c = self->channels; c; c = c->next)
        if (c->number == number && strcmp(c->controller, controller) == 0)
            return c;
    return NULL;
}

static struct channel *add(struct trace_transfers *self, const char *controller, uint32_t number,
                           const struct clock *clock)
{
    struct channel *channel = calloc(1, sizeof *channel);
    if (channel)
        channel->ring = malloc(RING * sizeof *channel->ring);
    if (!channel || !channel->ring) {
        free(channel);
        self->failed = true;
        return NULL;
    }
    channel->controller = controller;
    channel->number = number;
    channel->clock = clock;
    channel->next = self->channels;
    self->channels = channel;
    return channel;
}

static void notify_beat(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                        const void *published)
{
    struct source *source = (struct source *)observer;
    const struct dma_beat_record *record = published;
    if (source->controller != record->controller) {
        memset(source->cache, 0, sizeof source->cache);
        source->controller = record->controller;
    }
    struct channel *channel = source->cache[record->channel];
    if (!channel) {
        channel = find(source->transfers, record->controller, record->channel);
        if (!channel)
            channel = add(source->transfers, record->controller, record->channel, probe->clock);
        if (!channel)
            return;
        source->cache[record->channel] = channel;
    }
    struct beat beat = sums_of(channel);
    beat.time = clock_time(probe->clock, now);
    beat.purpose = record->purpose;
    beat.data += is_data(&beat);
    beat.descriptor += !is_data(&beat);
    if (record->purpose == DMA_DESTINATION && !record->error)
        beat.bytes += record->bytes;
    const struct trace_transfers *self = source->transfers;
    const bool same = self->access_ps == beat.time;
    beat.accesses = same ? self->before.count : self->accesses.count;
    beat.stalls = same ? self->before.stalls : self->accesses.stalls;
    channel->ring[channel->count++ % RING] = beat;
    if (is_data(&beat) && !channel->has_first) {
        channel->first = beat;
        channel->has_first = true;
    }
}

static void notify_access(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                          const void *published)
{
    struct trace_transfers *self = ((struct source *)observer)->transfers;
    const struct cpu_access_record *record = published;
    const sim_time time = clock_time(probe->clock, now);
    if (time != self->access_ps)
        self->before = self->accesses;
    self->access_ps = time;
    self->accesses.count++;
    self->accesses.stalls += record->stall_cycles;
}

static const struct beat *ring_at(const struct channel *self, uint64_t index)
{
    return &self->ring[index % RING];
}

static uint64_t oldest(const struct channel *self)
{
    uint64_t kept = self->count > RING ? self->count - RING : 0;
    return kept > self->done ? kept : self->done;
}

/* First remembered beat later than `time` (with `or_at`: at or later), `count` if there is none. */
static uint64_t index_by_time(const struct channel *self, sim_time time, bool or_at)
{
    uint64_t low = oldest(self), high = self->count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        sim_time at = ring_at(self, middle)->time;
        if (at > time || (or_at && at == time))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* First remembered beat with at least `bytes` moved, `count` if none; only exact if the oldest
 * remembered has fewer, or is the first of the stretch. */
static uint64_t index_by_bytes(const struct channel *self, uint64_t bytes)
{
    uint64_t low = oldest(self), high = self->count;
    if (low < high && low > self->done && ring_at(self, low)->bytes >= bytes)
        return self->count; /* it is forgotten */
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (ring_at(self, middle)->bytes >= bytes)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

struct joined {
    sim_time first_ps, last_ps;
    uint64_t data, descriptor;
    uint64_t accesses, stalls; /* from the first to the last beat */
};

static const struct joined nothing = {.first_ps = SIM_NEVER, .last_ps = SIM_NEVER};

/* Takes the beats of a transfer off its channel. */
static struct joined take(struct channel *self, const struct transfer_record *record)
{
    struct joined out = nothing;
    sim_time from = record->issue_ps != SIM_NEVER ? record->issue_ps : record->submit_ps;
    bool interrupted = record->interrupt_ps != SIM_NEVER;
    sim_time until = interrupted ? record->interrupt_ps : record->callback_ps;

    uint64_t end = index_by_time(self, until, !interrupted); /* first beat not in it */
    if (record->bytes && strcmp(record->status, "complete") == 0) {
        uint64_t filled = index_by_bytes(self, self->base.bytes + record->bytes);
        if (filled < self->count && filled < end) {
            /* The write-back of its descriptor follows its last data beat. */
            filled++;
            while (filled < end && ring_at(self, filled)->purpose == DMA_WRITEBACK)
                filled++;
            end = filled;
        }
    }
    uint64_t begin = index_by_time(self, from, true);
    while (begin < end && !is_data(ring_at(self, begin)))
        begin++;
    struct beat first = {.time = SIM_NEVER};
    if (self->has_first && self->first.time >= from && self->first.time <= until)
        first = self->first;
    else if (begin < end)
        first = *ring_at(self, begin);
    out.first_ps = first.time;

    uint64_t last = end;
    while (last > oldest(self) && !is_data(ring_at(self, last - 1)))
        last--;
    if (last > oldest(self) && out.first_ps != SIM_NEVER) {
        const struct beat *beat = ring_at(self, last - 1);
        out.last_ps = beat->time;
        out.accesses = beat->accesses - first.accesses;
        out.stalls = beat->stalls - first.stalls;
    }

    if (end > self->done) {
        struct beat sums = end > oldest(self) ? *ring_at(self, end - 1) : self->base;
        out.data = sums.data - self->base.data;
        out.descriptor = sums.descriptor - self->base.descriptor;
        self->base = sums;
        self->done = end;
        self->has_first = false;
        for (uint64_t i = oldest(self); i < self->count && !self->has_first; i++) {
            self->has_first = is_data(ring_at(self, i));
            self->first = *ring_at(self, i);
        }
    }
    return out;
}

static const struct beat *beat_at(const struct channel *self, sim_time time)
{
    const uint64_t index = index_by_time(self, time, true);
    return index < self->count && ring_at(self, index)->time == time ? ring_at(self, index) : NULL;
}

/* The beats that the publisher tells; those of transfers under way overlap, so that none are taken off. */
static struct joined told(struct channel *self, const struct transfer_beats *beats)
{
    struct joined out = {.first_ps = beats->first_ps,
                         .last_ps = beats->last_ps,
                         .data = beats->data,
                         .descriptor = beats->descriptor};
    if (!self)
        return out;
    const bool kept = self->has_first && self->first.time == beats->first_ps;
    const struct beat *first = kept ? &self->first : beat_at(self, beats->first_ps);
    const struct beat *last = beat_at(self, beats->last_ps);
    if (first && last) {
        out.accesses = last->accesses - first->accesses;
        out.stalls = last->stalls - first->stalls;
    } else if (beats->data) {
        out.accesses = out.stalls = SIM_NEVER;
    }
    const struct beat *next = beat_at(self, beats->next_ps);
    self->has_first = next != NULL;
    if (next)
        self->first = *next;
    return out;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static void append_number(struct trace_text *text, uint64_t value)
{
    char *from = trace_text_room(text, FORMAT_DIGITS_MAX + 1), *at = from;
    if (!from)
        return;
    if (value != SIM_NEVER)
        at = put_decimal(at, value);
    *at++ = ',';
    text->used += (size_t)(at - from);
}

static void append_text(struct trace_text *text, const char *cell)
{
    trace_text_cell(text, cell ? cell : "");
    append_number(text, SIM_NEVER); /* the comma */
}

static const struct clock *clock_of(const struct trace_transfers *self, const char *controller,
                                    const struct clock *otherwise)
{
    for (const struct channel *c = self->channels; c; c = c->next)
        if (strcmp(c->controller, controller) == 0)
            return c->clock;
    const struct plan *plan = self->system->plan;
    for (uint32_t i = 0; plan && i < plan->counts[SECTION_CONTROLLERS]; i++) {
        const struct component *component = &plan->components[SECTION_CONTROLLERS][i];
        if (component->clock && strcmp(component->name, controller) == 0)
            return component->clock;
    }
    return otherwise;
}

static uint64_t cycle_of(const struct clock *clock, sim_time time)
{
    if (time == SIM_NEVER || time < clock->phase_ps)
        return SIM_NEVER;
    return (time - clock->phase_ps) / clock->period_ps;
}

/* From the issue (the submit, without one) to the end: its callback, its interrupt without one. */
static sim_time took(const struct transfer_record *record)
{
    const sim_time from = record->issue_ps != SIM_NEVER ? record->issue_ps : record->submit_ps;
    const sim_time to =
        record->callback_ps != SIM_NEVER ? record->callback_ps : record->interrupt_ps;
    return from == SIM_NEVER || to == SIM_NEVER || to < from ? 0 : to - from;
}

/* A row at a time, of a clock; `order`: among those of the same time. */
static void add_row(struct trace_transfers *self, const struct transfer_record *record,
                    const struct joined *beats, const struct clock *clock, sim_time time,
                    uint32_t order)
{
    const struct joined joined = *beats;
    const char *controller = record->controller ? record->controller : "";
    sim_time times[] = {record->submit_ps, record->issue_ps,     joined.first_ps,
                        joined.last_ps,    record->interrupt_ps, record->callback_ps};
    const size_t count = COUNT(times);

    if (self->transfers < TRACE_TRANSFERS_SHOWN)
        self->headlines[self->transfers] = (struct headline){
            .name = record->name ? record->name : "",
            .mode = record->mode ? record->mode : "",
            .status = record->status,
            .bytes = record->bytes,
            .took_ps = took(record),
            .beats_ps = joined.last_ps == SIM_NEVER
                            ? 0
                            : joined.last_ps - joined.first_ps + clock->period_ps,
            .accesses = joined.accesses == SIM_NEVER ? 0 : joined.accesses,
            .stalls = joined.stalls == SIM_NEVER ? 0 : joined.stalls,
            .period_ps = clock_cycle_ps(clock),
            .complete = strcmp(record->status, "complete") == 0,
        };
    self->transfers++;
    if (!self->file)
        return;

    struct trace_text *text = trace_rows_begin(&self->rows, time, order);
    append_text(text, controller);
    append_number(text, record->channel);
    append_text(text, record->name);
    append_text(text, record->call);
    append_text(text, record->mode);
    append_number(text, record->bytes);
    append_text(text, record->status);
    for (size_t i = 0; i < count; i++)
        append_number(text, times[i]);
    for (size_t i = 0; i < count; i++)
        append_number(text, cycle_of(clock, times[i]));
    append_number(text, joined.data);
    append_number(text, joined.descriptor);
    append_number(text, joined.accesses);
    append_number(text, joined.stalls);
    if (!text->failed)
        text->data[text->used - 1] = '\n';
}

static void notify_transfer(struct probe_observer *observer, const struct probe *probe,
                            sim_cycle now, const void *published)
{
    struct source *source = (struct source *)observer;
    struct trace_transfers *self = source->transfers;
    const struct transfer_record *record = published;
    const char *controller = record->controller ? record->controller : "";
    struct channel *channel = find(self, controller, record->beats ? 0 : record->channel);
    struct joined joined = nothing;
    if (record->beats)
        joined = told(channel, record->beats);
    else if (channel)
        joined = take(channel, record);
    add_row(self, record, &joined, clock_of(self, controller, probe->clock),
            clock_time(probe->clock, now), source->order);
}

/* ---- transfers that have not ended ----------------------------------------------------------- */

struct unended {
    struct transfer_record record;
    size_t order;
};

static int by_submit(const void *a, const void *b)
{
    const struct unended *x = a, *y = b;
    if (x->record.submit_ps != y->record.submit_ps)
        return x->record.submit_ps > y->record.submit_ps ? 1 : -1;
    return (x->order > y->order) - (x->order < y->order);
}

/* With what it has moved so far; those that wait behind it on its channel come later and find nothing. */
static void add_unended(struct trace_transfers *self, const struct transfer_record *record,
                        uint32_t order)
{
    const struct kernel *kernel = &self->system->kernel;
    const char *controller = record->controller ? record->controller : "";
    struct channel *channel = find(self, controller, record->beats ? 0 : record->channel);
    struct transfer_record so_far = *record;
    struct joined joined = nothing;
    if (record->beats) {
        joined = told(channel, record->beats);
    } else if (channel) {
        const uint64_t before = channel->base.bytes;
        joined = take(channel, record);
        so_far.bytes = channel->base.bytes - before;
    }
    add_row(self, &so_far, &joined, clock_of(self, controller, kernel->clocks), kernel->now, order);
}

/* Those of one section, behind `count` of them: their number. Null: they are only counted. */
static size_t list_unended(const struct plan *plan, enum component_section section,
                           struct unended *list, size_t count)
{
    for (uint32_t i = 0; i < plan->counts[section]; i++) {
        const struct component *one = &plan->components[section][i];
        struct transfer_record record;
        for (uint32_t index = 0; one->type->unended && one->type->unended(one, index, &record);
             index++, count++)
            if (list)
                list[count] = (struct unended){.record = record, .order = count};
    }
    return count;
}

static void add_all_unended(struct trace_transfers *self)
{
    const struct plan *plan = self->system->plan;
    if (!plan)
        return;
    const size_t count =
        list_unended(plan, SECTION_WORK, NULL, list_unended(plan, SECTION_CONTROLLERS, NULL, 0));
    struct unended *list = calloc(count + 1, sizeof *list);
    self->failed |= !list;
    if (!list)
        return;
    list_unended(plan, SECTION_WORK, list, list_unended(plan, SECTION_CONTROLLERS, list, 0));
    if (count)
        qsort(list, count, sizeof *list, by_submit);
    for (size_t i = 0; i < count; i++)
        add_unended(self, &list[i].record, (uint32_t)i);
    free(list);
}

/* MB/s of a transfer that is complete; else a dash. */
static const char *rate(char text[64], const struct headline *line, sim_time ps)
{
    if (line->complete && line->bytes && ps)
        put_significant(text, line->bytes, 1000000, ps, 4)[0] = '\0';
    else
        put_text(text, "-")[0] = '\0';
    return text;
}

/* What CPUs did meanwhile, which is known if beats are. */
static void print_accesses(const struct trace_transfers *self, const struct headline *line,
                           FILE *to)
{
    char each[64];
    put_ratio(each, line->stalls, 1, line->accesses, 2)[0] = '\0';
    if (self->beats)
        fprintf(to, " %12" PRIu64 " %9" PRIu64 " %10s", line->accesses, line->stalls, each);
    else
        fprintf(to, " %12s %9s %10s", "-", "-", "-");
}

void trace_transfers_print(const struct trace_transfers *self, FILE *to)
{
    if (self->transfers == 0 || self->transfers > TRACE_TRANSFERS_SHOWN)
        return;
    fprintf(to, "%-16s %-14s %9s %9s %8s %9s %12s %9s %10s\n", "transfer", "mode", "bytes",
            "cycles", "MB/s", "beat MB/s", "CPU accesses", "stalls", "per access");
    for (uint64_t i = 0; i < self->transfers; i++) {
        const struct headline *line = &self->headlines[i];
        char whole[64], beats[64];
        fprintf(to, "%-16.16s %-14.14s %9" PRIu64 " %9" PRIu64 " %8s %9s", line->name, line->mode,
                line->bytes, line->took_ps / line->period_ps, rate(whole, line, line->took_ps),
                rate(beats, line, line->beats_ps));
        print_accesses(self, line, to);
        fprintf(to, "%s%s\n", line->complete ? "" : "  ", line->complete ? "" : line->status);
    }
    fputs("  cycles, MB/s: from issue to end; beat MB/s, CPU, stalls: from first to last beat\n",
          to);
}

/* ---- opening and closing ------------------------------------------------------------------- */

typedef void notify(struct probe_observer *, const struct probe *, sim_cycle, const void *);

static notify *listens_to(const struct probe *probe)
{
    if (strcmp(probe->type->name, "dma_beat") == 0)
        return notify_beat;
    if (strcmp(probe->type->name, "cpu_access") == 0)
        return notify_access;
    return strcmp(probe->type->name, "transfer") == 0 ? notify_transfer : NULL;
}

static void write_names(struct trace_file *file)
{
    for (const struct column *column = trace_transfers_table; column->name; column++) {
        trace_file_text(file, column->name);
        trace_file_text(file, column[1].name ? "," : "\n");
    }
}

struct trace_transfers *trace_transfers_open(const struct system *system, struct trace_file *file,
                                             bool beats, struct dmasim_error *error)
{
    size_t count = 0;
    for (const struct probe *p = system->probes; p; p = p->link)
        count += listens_to(p) != NULL;
    struct trace_transfers *self = calloc(1, sizeof *self);
    if (self) {
        self->sources = calloc(count + 1, sizeof *self->sources);
        self->period = malloc(RING * sizeof *self->period);
    }
    if (!self || !self->sources || !self->period) {
        trace_transfers_free(self);
        trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
        return NULL;
    }
    self->file = self->rows.file = file;
    self->system = system;
    self->beats = beats;
    if (file)
        write_names(file);
    struct source *source = self->sources;
    uint32_t order = 0;
    for (struct probe *p = system->probes; p; p = p->link, order++) {
        if (!listens_to(p) || (!beats && listens_to(p) != notify_transfer))
            continue;
        source->transfers = self;
        source->order = order;
        source->observer.notify = listens_to(p);
        if (beats)
            probe_witness(p, &source++->observer);
        else if (file)
            probe_listen(p, &source++->observer);
        else
            probe_count(p, &source++->observer);
    }
    trace_transfers_join(self);
    return self;
}

int trace_transfers_close(struct trace_transfers *self, struct dmasim_error *error)
{
    add_all_unended(self);
    if (self->file)
        trace_rows_flush(&self->rows);
    if (self->failed || self->rows.failed)
        return trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
    return DMASIM_OK;
}

void trace_transfers_free(struct trace_transfers *self)
{
    if (!self)
        return;
    while (self->channels) {
        struct channel *channel = self->channels;
        self->channels = channel->next;
        free(channel->ring);
        free(channel);
    }
    free(self->sources);
    free(self->period);
    round_text_free(&self->text);
    trace_rows_free(&self->rows);
    free(self);
}
