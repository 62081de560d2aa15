/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_log: see log.h. */
#include "trace/log/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "kernel/base.h"
#include "kernel/round.h"
#include "trace/format.h"
#include "trace/log/nearest.h"

struct source {
    struct probe_observer observer;
    struct kernel *kernel;
    struct trace_log *log;
    uint32_t order;
};

/* Lines that are alike. */
struct alike {
    const char *of, *rule; /* rule: null */
    uint8_t level, kind;
    uint64_t count;
    sim_time first, last;
    /* When a round began that may come again. */
    uint64_t begun;
    sim_time last_then;
};

struct line {
    sim_time time;
    uint32_t order, number;
    uint8_t level;
    char *text;
};

struct trace_log {
    struct round_witness witness; /* of the system's kernel */
    size_t begun, alike_begun;
    const struct system *system;
    struct trace_file *file;
    trace_log_expected *expected;
    void *context;
    struct source *sources;
    struct line *lines;
    size_t count, size;
    struct alike *alike;
    size_t alike_count, alike_size;
    bool failed;
};

/* Room for one more item; false without memory. */
static bool grow(void **items, size_t count, size_t *size, size_t item_bytes)
{
    if (count < *size)
        return true;
    const size_t more = *size ? 2 * *size : 16;
    void *grown = realloc(*items, more * item_bytes);
    if (!grown)
        return false;
    *items = grown;
    *size = more;
    return true;
}

static void add(struct trace_log *self, const struct clock *clock, sim_time time, uint32_t order,
                enum log_level level, const char *of, const char *text)
{
    char us[64];
    put_ratio(us, time, 1, 1000000, 6)[0] = '\0';
    const uint64_t cycle = time < clock->phase_ps ? 0 : (time - clock->phase_ps) / clock->period_ps;
    const int length = snprintf(NULL, 0, "%s us  cycle %" PRIu64 "  %s  %s: %s", us, cycle,
                                log_level_names[level], of, text);
    char *whole = malloc((size_t)length + 1);
    if (!whole || !grow((void **)&self->lines, self->count, &self->size, sizeof *self->lines)) {
        free(whole);
        self->failed = true;
        return;
    }
    snprintf(whole, (size_t)length + 1, "%s us  cycle %" PRIu64 "  %s  %s: %s", us, cycle,
             log_level_names[level], of, text);
    for (char *at = whole; *at; at++) /* names come from files */
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    self->lines[self->count] = (struct line){.time = time,
                                             .order = order,
                                             .number = (uint32_t)self->count,
                                             .level = (uint8_t)level,
                                             .text = whole};
    self->count++;
}

/* True if there are enough lines of this kind. */
static bool enough(struct trace_log *self, const struct log_line *line, enum log_level level)
{
    const sim_time now = self->system->kernel.now;
    for (size_t i = 0; i < self->alike_count; i++) {
        struct alike *one = &self->alike[i];
        if (one->level == level && one->rule == line->rule && strcmp(one->of, line->of) == 0) {
            one->last = now;
            return one->count++ >= LOG_SAME;
        }
    }
    if (!grow((void **)&self->alike, self->alike_count, &self->alike_size, sizeof *self->alike)) {
        self->failed = true;
        return true;
    }
    self->alike[self->alike_count++] = (struct alike){.of = line->of,
                                                      .rule = line->rule,
                                                      .level = (uint8_t)level,
                                                      .kind = line->kind,
                                                      .count = 1,
                                                      .first = now,
                                                      .last = now};
    return false;
}

static void take(struct trace_log *self, const struct log_line *line, const struct clock *clock,
                 uint32_t order)
{
    const sim_time now = clock->kernel->now;
    enum log_level level = line->level;
    if (level < LOG_NOTE && self->expected && self->expected(self->context, line))
        level = LOG_NOTE;
    if (enough(self, line, level))
        return;
    struct log_text text = {.used = 0};
    log_add(&text, "%s", line->text);
    if (line->unmapped)
        nearest_add(&text, self->system->plan, line->bus, line->address);
    add(self, clock, now, order, level, line->of, text.text);
}

static void notify(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                   const void *record)
{
    const struct source *source = (const struct source *)observer;
    (void)now;
    take(source->log, record, probe->clock, source->order);
}

/* Lines of who drives the clock: all of them, and at their own time. */
static void notify_text(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                        const void *record)
{
    const struct source *source = (const struct source *)observer;
    const struct text_record *told = record;
    (void)now;
    add(source->log, probe->clock, probe->clock->kernel->now, source->order, LOG_NOTE, probe->name,
        told->text);
}

static bool tells(const struct probe *probe)
{
    return probe->type == &log_probe_type || probe->type == &text_probe_type;
}

/* ---- from round to round: lines that are only counted ---------------------------------------- */

static void begin_round(struct round_witness *witness)
{
    struct trace_log *self = CONTAINER_OF(witness, struct trace_log, witness);
    self->begun = self->count;
    self->alike_begun = self->alike_count;
    for (size_t i = 0; i < self->alike_count; i++) {
        self->alike[i].begun = self->alike[i].count;
        self->alike[i].last_then = self->alike[i].last;
    }
}

static bool counts_only(const struct round_witness *witness)
{
    const struct trace_log *self = CONTAINER_OF(witness, const struct trace_log, witness);
    return self->begun == self->count && self->alike_begun == self->alike_count;
}

static void pass_rounds(struct round_witness *witness, uint64_t times)
{
    struct trace_log *self = CONTAINER_OF(witness, struct trace_log, witness);
    for (size_t i = 0; i < self->alike_count; i++) {
        struct alike *one = &self->alike[i];
        one->count += times * (one->count - one->begun);
        one->last += times * (one->last - one->last_then); /* a round later, if there was one */
    }
}

/* ---- opening --------------------------------------------------------------------------------- */

struct trace_log *trace_log_open(const struct system *system, struct trace_file *file,
                                 trace_log_expected *expected, void *context,
                                 struct dmasim_error *error)
{
    size_t count = 0;
    for (const struct probe *p = system->probes; p; p = p->link)
        count += tells(p);
    struct trace_log *self = calloc(1, sizeof *self);
    if (self)
        self->sources = calloc(count + 1, sizeof *self->sources);
    if (!self || !self->sources) {
        free(self);
        trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
        return NULL;
    }
    self->system = system;
    self->file = file;
    self->expected = expected;
    self->context = context;
    struct source *source = self->sources;
    uint32_t order = (uint32_t)count; /* they come in the opposite order of their units */
    for (struct probe *p = system->probes; p; p = p->link) {
        if (!tells(p))
            continue;
        *source =
            (struct source){.observer.notify = p->type == &text_probe_type ? notify_text : notify,
                            .kernel = p->clock->kernel,
                            .log = self,
                            .order = order--};
        probe_count(p, &source++->observer);
    }
    self->witness =
        (struct round_witness){.begin = begin_round, .counts = counts_only, .pass = pass_rounds};
    if (count)
        round_join_witness(self->sources[0].kernel, &self->witness);
    return self;
}

/* ---- what waits ------------------------------------------------------------------------------ */

static void add_waits(struct trace_log *self, const struct component *one)
{
    const struct clock *clock = one->clock ? one->clock : self->system->kernel.clocks;
    for (uint32_t index = 0; one->type->waits; index++) {
        struct log_text text = {.used = 0};
        if (!one->type->waits(one, index, &text))
            return;
        const struct log_line line = {.level = LOG_ERROR, .kind = LOG_HANG, .of = one->name};
        const bool wanted = self->expected && self->expected(self->context, &line);
        if (!enough(self, &line, wanted ? LOG_NOTE : LOG_ERROR))
            add(self, clock, self->system->kernel.now, UINT32_MAX, wanted ? LOG_NOTE : LOG_ERROR,
                one->name, text.text);
    }
}

void trace_log_hung(struct trace_log *self, const char *why)
{
    static const enum component_section order[] = {
        SECTION_WORK,        SECTION_MASTERS, SECTION_CPUS,    SECTION_CONTROLLERS,
        SECTION_PERIPHERALS, SECTION_BUSES,   SECTION_MEMORIES};
    const struct system *system = self->system;
    const struct plan *plan = system->plan;
    const struct log_line line = {.level = LOG_ERROR, .kind = LOG_HANG, .of = plan->name};
    const bool wanted = self->expected && self->expected(self->context, &line);
    if (system->kernel.clocks)
        add(self, system->kernel.clocks, system->kernel.now, UINT32_MAX,
            wanted ? LOG_NOTE : LOG_ERROR, plan->name ? plan->name : "run", why);
    for (size_t i = 0; i < COUNT(order); i++)
        for (uint32_t k = 0; k < plan->counts[order[i]]; k++)
            add_waits(self, &plan->components[order[i]][k]);
}

void trace_log_left(struct trace_log *self)
{
    const struct plan *plan = self->system->plan;
    for (int section = 0; section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < plan->counts[section]; i++) {
            const struct component *one = &plan->components[section][i];
            struct log_line line;
            struct log_text text;
            for (uint32_t k = 0; one->type->leaves && one->type->leaves(one, k, &line, &text);
                 k++) {
                line.text = text.text;
                take(self, &line, one->clock, UINT32_MAX);
            }
        }
}

/* ---- the end --------------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    if (x->time != y->time)
        return x->time > y->time ? 1 : -1;
    if (x->order != y->order)
        return x->order > y->order ? 1 : -1;
    return (x->number > y->number) - (x->number < y->number);
}

/* "3 losses, the first at 0.36 us, the last at 0.56 us", of a device that lost data more than once. */
static void add_losses(struct trace_log *self, const struct alike *one)
{
    char text[192], first[64], last[64];
    put_ratio(first, one->first, 1, 1000000, 6)[0] = '\0';
    put_ratio(last, one->last, 1, 1000000, 6)[0] = '\0';
    snprintf(text, sizeof text, "data were lost %" PRIu64 " times, first at %s us, last at %s us",
             one->count, first, last);
    add(self, self->system->kernel.clocks, self->system->kernel.now, UINT32_MAX,
        (enum log_level)one->level, one->of, text);
}

static void add_counts(struct trace_log *self)
{
    const struct kernel *kernel = &self->system->kernel;
    char text[192], us[64];
    for (size_t i = 0; i < self->alike_count; i++) {
        const struct alike *one = &self->alike[i];
        if (one->kind == LOG_LOSS && one->count > 1)
            add_losses(self, one);
        if (one->count <= LOG_SAME)
            continue;
        put_ratio(us, one->last, 1, 1000000, 6)[0] = '\0';
        snprintf(text, sizeof text, "%" PRIu64 " more lines like these, the last at %s us%s%s%s",
                 one->count - LOG_SAME, us, one->rule ? " [" : "", one->rule ? one->rule : "",
                 one->rule ? "]" : "");
        add(self, kernel->clocks, kernel->now, UINT32_MAX, (enum log_level)one->level, one->of,
            text);
    }
}

int trace_log_close(struct trace_log *self, struct dmasim_error *error)
{
    add_counts(self);
    if (self->count)
        qsort(self->lines, self->count, sizeof *self->lines, by_time);
    for (size_t i = 0; i < self->count && self->file; i++) {
        trace_file_text(self->file, self->lines[i].text);
        trace_file_text(self->file, "\n");
    }
    return self->failed ? trace_error(error, DMASIM_MEMORY, NULL, "out of memory") : DMASIM_OK;
}

const char *trace_log_line(const struct trace_log *self, size_t index, enum log_level *level)
{
    if (index >= self->count)
        return NULL;
    *level = (enum log_level)self->lines[index].level;
    return self->lines[index].text;
}

void trace_log_free(struct trace_log *self)
{
    if (!self)
        return;
    for (size_t i = 0; i < self->count; i++)
        free(self->lines[i].text);
    free(self->lines);
    free(self->alike);
    free(self->sources);
    free(self);
}
