/* SPDX-License-Identifier: BSD-2-Clause */
/* dmasim: the public header on top of a scenario and a system. */
#include "dmasim/dmasim.h"

#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "instance.h"

#ifndef DMASIM_VERSION
#define DMASIM_VERSION "0.1.0"
#endif

struct dmasim_line {
    struct probe_observer observer;
    struct dmasim *owner;
    struct dmasim_line *next;
    uint8_t level;
    char name[];
};

const char *dmasim_code_text(int code)
{
    static const char *const texts[] = {
#define DMASIM_TEXT(id, text) [DMASIM_##id] = text,
        DMASIM_ERROR_MAP(DMASIM_TEXT)
#undef DMASIM_TEXT
    };
    bool known = code >= 0 && (size_t)code < sizeof texts / sizeof texts[0];
    return known ? texts[code] : "unknown error";
}

const char *dmasim_version(void)
{
    return DMASIM_VERSION;
}

/* Keeps the first error beside what the caller asked for. */
struct first_error {
    const struct dmasim_options *options;
    struct dmasim_error error;
};

static void keep_first(void *context, const struct dmasim_error *error)
{
    struct first_error *self = context;
    if (self->error.code == DMASIM_OK)
        self->error = *error;
    if (self->options->report)
        self->options->report(self->options->context, error);
}

struct dmasim *dmasim_create(const char *scenario_path, const struct dmasim_options *options,
                             struct dmasim_error *error)
{
    static const struct dmasim_options no_options;
    struct first_error first = {.options = options ? options : &no_options};
    struct scenario_options reading = {.overrides = first.options->overrides,
                                       .override_count = first.options->override_count,
                                       .report = keep_first,
                                       .context = &first};
    struct dmasim *self = calloc(1, sizeof *self);
    int code = self ? scenario_load(scenario_path, &reading, &self->scenario) : DMASIM_MEMORY;
    if (code == DMASIM_OK) {
        unsigned flags = (first.options->every_cycle ? KERNEL_EVERY_CYCLE : 0u) |
                         (first.options->reverse_order ? KERNEL_REVERSED : 0u);
        code = system_create(&self->system, scenario_plan(self->scenario), flags,
                             scenario_check(self->scenario));
        int found = scenario_report(self->scenario);
        if (code == DMASIM_OK)
            code = found;
        scenario_watch(self->scenario, NULL, NULL); /* `first` ends here */
        if (code == DMASIM_OK)
            return self;
        system_free(&self->system);
        scenario_free(self->scenario);
    }
    free(self);
    if (first.error.code == DMASIM_OK) {
        first.error.code = code;
        strcpy(first.error.text, dmasim_code_text(code));
    }
    if (error)
        *error = first.error;
    return NULL;
}

static void free_lines(struct dmasim *self)
{
    while (self->lines) {
        struct dmasim_line *line = self->lines;
        self->lines = line->next;
        free(line);
    }
}

void dmasim_destroy(struct dmasim *self)
{
    if (!self)
        return;
    system_free(&self->system);
    scenario_free(self->scenario);
    free_lines(self);
    free(self);
}

uint64_t dmasim_now(const struct dmasim *self)
{
    return self->system.kernel.now;
}

uint64_t dmasim_next(const struct dmasim *self)
{
    return kernel_next(&self->system.kernel);
}

int dmasim_advance(struct dmasim *self, uint64_t until_ps)
{
    if (until_ps < self->system.kernel.now)
        return DMASIM_PAST;
    kernel_advance(&self->system.kernel, until_ps, 0);
    return DMASIM_OK;
}

bool dmasim_finished(const struct dmasim *self)
{
    return self->system.kernel.quiet_since != SIM_NEVER;
}

int dmasim_access(struct dmasim *self, uint64_t at_ps, struct dmasim_access *access)
{
    if (access->size_bytes != 1 && access->size_bytes != 2 && access->size_bytes != 4)
        return DMASIM_INVALID;
    if (access->address % access->size_bytes)
        return DMASIM_INVALID;
    int code = dmasim_advance(self, at_ps);
    if (code != DMASIM_OK)
        return code;
    return system_access(&self->system, access->address, access->size_bytes, access->write,
                         &access->value);
}

static void on_level(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                     const void *record)
{
    struct dmasim_line *line =
        (struct dmasim_line *)(void *)((char *)observer - offsetof(struct dmasim_line, observer));
    const struct interrupt_record *interrupt = record;
    if (interrupt->level == line->level)
        return;
    line->level = interrupt->level;
    if (line->owner->interrupt)
        line->owner->interrupt(line->owner->interrupt_context, line->name, line->level != 0,
                               clock_time(probe->clock, now));
}

void dmasim_on_interrupt(struct dmasim *self, dmasim_interrupt *callback, void *context)
{
    self->interrupt = callback;
    self->interrupt_context = context;
    if (self->lines)
        return;
    struct probe *probe = NULL;
    while ((probe = system_probe(&self->system, "interrupt", probe)) != NULL) {
        /* The scope "dma.irq" belongs to the controller "dma". */
        size_t length = strcspn(probe->name, ".");
        struct dmasim_line *line = calloc(1, sizeof *line + length + 1);
        if (!line)
            return;
        memcpy(line->name, probe->name, length);
        line->owner = self;
        line->observer.notify = on_level;
        line->next = self->lines;
        self->lines = line;
        probe_observe(probe, &line->observer);
    }
}

/* The system's state, and what each watched interrupt output told last. */
struct dmasim_snapshot {
    struct system_snapshot *system;
    size_t count;
    uint8_t levels[];
};

struct dmasim_snapshot *dmasim_save(const struct dmasim *self)
{
    size_t count = 0;
    for (const struct dmasim_line *line = self->lines; line; line = line->next)
        count++;
    struct dmasim_snapshot *snapshot = malloc(sizeof *snapshot + count);
    if (!snapshot)
        return NULL;
    snapshot->count = 0;
    for (const struct dmasim_line *line = self->lines; line; line = line->next)
        snapshot->levels[snapshot->count++] = line->level;
    snapshot->system = system_save(&self->system);
    if (snapshot->system)
        return snapshot;
    free(snapshot);
    return NULL;
}

void dmasim_restore(struct dmasim *self, const struct dmasim_snapshot *snapshot)
{
    size_t index = 0;
    for (struct dmasim_line *line = self->lines; line && index < snapshot->count; line = line->next)
        line->level = snapshot->levels[index++];
    system_restore(&self->system, snapshot->system);
}

void dmasim_snapshot_free(struct dmasim_snapshot *snapshot)
{
    if (!snapshot)
        return;
    system_snapshot_free(snapshot->system);
    free(snapshot);
}
