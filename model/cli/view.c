/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/value.h"

enum view_key { KEY_SIGNALS = 512, KEY_FROM, KEY_TO };

static const char *time_of(struct argp_state *state, const char *value)
{
    struct line error = {0};
    uint64_t time_ps;
    if (!value_parse(PARAMETER_TIME, value, &time_ps, &error))
        argp_error(state, "'%s' is no time such as 80ns", value);
    return value;
}

static error_t view_option(int key, char *value, struct argp_state *state)
{
    struct view_arguments *self = state->input;
    switch (key) {
    case KEY_SIGNALS:
        if (self->signal_count == OVERRIDES_MAX)
            argp_error(state, "too many --trace-signals");
        self->signals[self->signal_count++] = value;
        return 0;
    case KEY_FROM:
        self->from = time_of(state, value);
        return 0;
    case KEY_TO:
        self->to = time_of(state, value);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option view_options[] = {
    {"trace-signals", KEY_SIGNALS, "GLOB", 0,
     "Only such signals in the VCD, by the names of `dmasim trace info --signals`, with their "
     "range or "
     "without; may be repeated",
     0},
    {"trace-from", KEY_FROM, "TIME", 0, "The VCD begins at TIME, with the values that hold then",
     0},
    {"trace-to", KEY_TO, "TIME", 0, "And ends at TIME; the run goes on", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

const struct argp view_argp = {view_options, view_option, NULL, NULL, NULL, NULL, NULL};

/* The globs as a list of YAML. Null if memory is short. */
static char *list_of(const char *const *globs, size_t count)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return NULL;
    fputs("trace.signals=[", out);
    for (size_t i = 0; i < count; i++) {
        fputs(i ? ", '" : "'", out);
        for (const char *c = globs[i]; *c; c++)
            fputs(*c == '\'' ? "''" : (char[]){*c, '\0'}, out);
        fputc('\'', out);
    }
    fputc(']', out);
    const bool good = !ferror(out);
    if (fclose(out) == 0 && good)
        return text;
    free(text);
    return NULL;
}

bool view_override(struct view_arguments *self, struct override_list *overrides)
{
    const char *const ends[] = {self->from, self->to};
    for (int i = 0; i < 2; i++) {
        if (!ends[i])
            continue;
        const size_t room = strlen(ends[i]) + 16;
        self->texts[i] = malloc(room);
        if (!self->texts[i])
            return false;
        snprintf(self->texts[i], room, "trace.%s=%s", i ? "to" : "from", ends[i]);
    }
    if (self->signal_count)
        self->texts[2] = list_of(self->signals, self->signal_count);
    bool good = !self->signal_count || self->texts[2];
    for (int i = 0; i < 3 && good; i++)
        good = !self->texts[i] || override_add(overrides, self->texts[i]);
    return good;
}

void view_free(struct view_arguments *self)
{
    for (int i = 0; i < 3; i++)
        free(self->texts[i]);
}
