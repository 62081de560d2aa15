/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/matching.h"

#include <stdlib.h>
#include <string.h>

enum matching_key { KEY_IGNORE = 768, KEY_ONLY, KEY_MAP_FILE, KEY_CLOCK, KEY_TOLERANCE };

/* SIGNAL, SIGNAL:rising, :falling, :both */
static void set_clock(struct matching *self, struct argp_state *state, const char *value)
{
    static const char *const edges[] = {":rising", ":falling", ":both"};
    size_t length = strlen(value);
    int edge = 0;
    for (int i = 0; i < 3; i++) {
        const size_t tail = strlen(edges[i]);
        if (length > tail && strcmp(value + length - tail, edges[i]) == 0) {
            edge = i;
            length -= tail;
            break;
        }
    }
    free(self->clock);
    self->clock = strndup(value, length);
    if (!self->clock)
        argp_error(state, "no memory");
    self->options.clock = self->clock;
    self->options.rising = edge != 1;
    self->options.falling = edge != 0;
}

/* VALUE, or NAME=VALUE */
static void add_tolerance(struct matching *self, struct argp_state *state, char *value)
{
    char *equals = strrchr(value, '=');
    if (self->options.tolerance_count == MATCHING_MAX)
        argp_error(state, "too many --tolerance");
    if (equals)
        *equals = '\0';
    self->tolerances[self->options.tolerance_count++] =
        (struct compare_tolerance){equals ? value : NULL, equals ? equals + 1 : value};
}

static void add_glob(const char **list, size_t *count, struct argp_state *state, const char *value)
{
    if (*count == MATCHING_MAX)
        argp_error(state, "too many globs");
    list[(*count)++] = value;
}

static error_t matching_option(int key, char *value, struct argp_state *state)
{
    struct matching *self = state->input;
    struct compare_options *options = &self->options;
    char error[512];
    const bool traces = key == 'm' || key == KEY_MAP_FILE || key == KEY_CLOCK;
    self->traces |= traces;
    self->any |= traces || key == KEY_IGNORE || key == KEY_ONLY || key == KEY_TOLERANCE;
    switch (key) {
    case 'm':
        if (!mappings_add(&options->maps, value, error, sizeof error))
            argp_error(state, "--map: %s", error);
        return 0;
    case KEY_MAP_FILE:
        if (!mappings_add_file(&options->maps, value, error, sizeof error))
            argp_error(state, "%s", error);
        return 0;
    case KEY_IGNORE:
        add_glob(self->ignore, &options->selection.ignore_count, state, value);
        return 0;
    case KEY_ONLY:
        add_glob(self->only, &options->selection.only_count, state, value);
        return 0;
    case KEY_CLOCK:
        set_clock(self, state, value);
        return 0;
    case KEY_TOLERANCE:
        add_tolerance(self, state, value);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option matching_options[] = {
    {"map", 'm', "s/RE/NEW/", 0, "Rewrite the names of B's signals; may be repeated", 0},
    {"map-file", KEY_MAP_FILE, "FILE", 0,
     "The rewrites of --map from a file, one a line; # begins a comment", 0},
    {"ignore", KEY_IGNORE, "GLOB", 0, "Leave out signals or columns of such names", 0},
    {"only", KEY_ONLY, "GLOB", 0, "Leave out all others", 0},
    {"clock", KEY_CLOCK, "SIGNAL[:rising|:falling|:both]", 0,
     "Compare only what a flip-flop would sample at the edges of SIGNAL", 0},
    {"tolerance", KEY_TOLERANCE, "[NAME=]VALUE", 0,
     "Times may be VALUE apart (2ns; 2cycles of --clock); numbers of a table's columns too", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

const struct argp matching_argp = {matching_options, matching_option, NULL, NULL, NULL, NULL, NULL};

void matching_init(struct matching *self)
{
    *self = (struct matching){.any = false};
    self->options.tolerances = self->tolerances;
    self->options.selection.ignore = self->ignore;
    self->options.selection.only = self->only;
}

void matching_free(struct matching *self)
{
    mappings_free(&self->options.maps);
    free(self->clock);
}
