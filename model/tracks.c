/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tracks: lines that whoever drives the clock tells (dmasim_tell()), for writers of traces: a probe each, behind those of
 * the system, of no unit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "instance.h"

static int refuse(struct dmasim_error *error, const char *name, const char *why)
{
    if (error->code == DMASIM_OK) {
        error->code = DMASIM_INVALID;
        snprintf(error->text, sizeof error->text, "track '%.64s' %s", name, why);
    }
    return DMASIM_INVALID;
}

/* Words of ASCII letters, digits and '_' with dots between them. */
static bool is_name(const char *name)
{
    char last = '.';
    for (; *name; last = *name++) {
        const bool word = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') ||
                          (*name >= '0' && *name <= '9') || *name == '_';
        if (!word && (*name != '.' || last == '.'))
            return false;
    }
    return last != '.';
}

static bool is_component(const struct plan *plan, const char *name)
{
    const size_t length = strcspn(name, ".");
    for (int section = 0; section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < plan->counts[section]; i++) {
            const char *other = plan->components[section][i].name;
            if (strncmp(other, name, length) == 0 && other[length] == '\0')
                return true;
        }
    return false;
}

/* The clock with the shortest period: its cycles are nearest to any time. */
static struct clock *finest(const struct system *system)
{
    struct clock *best = system->kernel.clocks;
    for (struct clock *c = best; c; c = c->link)
        if (c->period_ps < best->period_ps)
            best = c;
    return best;
}

int tracks_init(struct dmasim *self, const struct dmasim_options *options,
                struct dmasim_error *error)
{
    struct clock *clock = finest(&self->system);
    struct probe **end = &self->system.probes;
    if (options->track_count == 0)
        return DMASIM_OK;
    if (!clock)
        return refuse(error, options->tracks[0], "has no clock: the scenario has none");
    self->tracks = calloc(options->track_count, sizeof *self->tracks);
    if (!self->tracks)
        return DMASIM_MEMORY;
    while (*end)
        end = &(*end)->link;
    for (; self->track_count < options->track_count; self->track_count++) {
        const char *name = options->tracks[self->track_count];
        struct track *track = &self->tracks[self->track_count];
        if (!is_name(name))
            return refuse(error, name, "is no name: words of a-z, 0-9 and _, with dots between");
        if (is_component(self->system.plan, name))
            return refuse(error, name, "has the name of a component");
        for (size_t i = 0; i < self->track_count; i++)
            if (strcmp(self->tracks[i].name, name) == 0)
                return refuse(error, name, "is named twice");
        track->name = strdup(name);
        if (!track->name)
            return DMASIM_MEMORY;
        track->probe = (struct probe){
            .name = track->name, .type = &text_probe_type, .clock = clock, .told = UINT8_MAX};
        *end = &track->probe;
        end = &track->probe.link;
    }
    return DMASIM_OK;
}

void tracks_free(struct dmasim *self)
{
    for (size_t i = 0; i < self->track_count; i++)
        free(self->tracks[i].name);
    free(self->tracks);
}

int dmasim_tell(struct dmasim *self, uint64_t at_ps, const char *name, const char *text)
{
    const struct track *track = NULL;
    if (instance_busy(self))
        return DMASIM_BUSY;
    for (size_t i = 0; i < self->track_count && !track; i++)
        if (strcmp(self->tracks[i].name, name) == 0)
            track = &self->tracks[i];
    if (!track)
        return DMASIM_UNMAPPED;
    const int code = dmasim_advance(self, at_ps);
    if (code == DMASIM_OK && probe_observed(&track->probe))
        probe_notify(&track->probe, track->probe.clock->cycle,
                     &(struct text_record){text, strlen(text)});
    return code;
}
