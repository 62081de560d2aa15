/* SPDX-License-Identifier: BSD-2-Clause */
/* options: arguments, standard input and messages, for all subcommands. See options.h. */
#include "cli/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "kernel/text.h"
#include "scenario/value.h"

error_t cli_parse(const struct argp *argp, int argc, char **argv, const char *name, void *input)
{
    argv[0] = (char *)(uintptr_t)name; /* argp only reads it */
    return argp_parse(argp, argc, argv, ARGP_IN_ORDER, NULL, input);
}

bool cli_size(const char *text, uint64_t *bytes)
{
    struct line error = {0};
    return value_parse(PARAMETER_BYTES, text, bytes, &error) && *bytes > 0;
}

bool cli_time(const char *text, uint64_t *time_ps)
{
    static const struct {
        const char *unit;
        uint64_t ps;
    } units[] = {
        {"ps", 1}, {"ns", 1000}, {"us", 1000000}, {"ms", 1000000000}, {"s", 1000000000000ull}};
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (end == text || errno || *text == '-')
        return false;
    while (*end == ' ')
        end++;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(end, units[i].unit) == 0) {
            *time_ps = value * units[i].ps;
            return value <= UINT64_MAX / units[i].ps;
        }
    }
    return false;
}

enum loading_key { KEY_CONFINE = 256, KEY_MEMORY };

static error_t loading_option(int key, char *value, struct argp_state *state)
{
    struct loading *self = state->input;
    switch (key) {
    case 's':
        if (!override_add(&self->overrides, value))
            argp_error(state, "too many --set");
        return 0;
    case KEY_CONFINE:
        self->confine = true;
        return 0;
    case KEY_MEMORY:
        if (!cli_size(value, &self->memory_bytes))
            argp_error(state, "'%s' is no size such as 4 GiB", value);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option loading_options[] = {
    {"set", 's', "PATH=VALUE", 0, "Override a value of the scenario; may be repeated", 0},
    {"confine", KEY_CONFINE, NULL, 0,
     "Refuse files outside the scenario's folder: for a scenario that somebody else wrote", 0},
    {"memory-limit", KEY_MEMORY, "SIZE", 0,
     "Refuse a scenario whose memories and state take more (default: 4 GiB)", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

const struct argp loading_argp = {loading_options, loading_option, NULL, NULL, NULL, NULL, NULL};

bool cli_traces(const char *text, struct dmasim_trace_options *options)
{
    static const struct {
        const char *name;
        size_t offset;
    } kinds[] = {
        {"vcd", offsetof(struct dmasim_trace_options, vcd)},
        {"bus", offsetof(struct dmasim_trace_options, bus)},
        {"transfers", offsetof(struct dmasim_trace_options, transfers)},
        {"summary", offsetof(struct dmasim_trace_options, summary)},
        {"log", offsetof(struct dmasim_trace_options, log)},
        {"causes", offsetof(struct dmasim_trace_options, causes)},
        {"cycles", offsetof(struct dmasim_trace_options, cycles)},
        {"events", offsetof(struct dmasim_trace_options, events)},
    };
    *options = (struct dmasim_trace_options){.vcd = false};
    if (strcmp(text, "none") == 0)
        return true;
    for (bool more = true; more;) {
        size_t length = strcspn(text, ",");
        bool known = false;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            if (strlen(kinds[i].name) == length && strncmp(kinds[i].name, text, length) == 0) {
                *(bool *)((char *)options + kinds[i].offset) = true;
                known = true;
            }
        }
        if (!known)
            return false;
        more = text[length] == ',';
        text += length + more;
    }
    return true;
}

void cli_put(FILE *to, const char *text)
{
    for (size_t left = strlen(text); left > 0;) {
        char form[TEXT_ESCAPE];
        size_t length;
        const size_t escaped = text_escape(text, left, form, &length);
        fwrite(escaped ? form : text, 1, length, to);
        text += escaped ? escaped : length;
        left -= escaped ? escaped : length;
    }
}

static void print_message(const char *kind, const struct dmasim_error *error)
{
    cli_put(stderr, error->file[0] ? error->file : "dmasim");
    if (error->line)
        fprintf(stderr, ":%d:%d", error->line, error->column);
    fprintf(stderr, ": %s: ", kind);
    cli_put(stderr, error->text);
    fputs("\n", stderr);
}

void cli_print_error(void *context, const struct dmasim_error *error)
{
    (void)context;
    print_message("error", error);
}

void cli_print_note(void *context, const struct dmasim_error *note)
{
    (void)context;
    print_message("note", note);
}

int cli_flush(int good)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return good;
    perror("dmasim: error: standard output");
    return CLI_USAGE;
}

/* ---- standard input -------------------------------------------------------------------------- */

/* All of it, in the caller's memory; null after an error, which is printed. */
static char *read_input(size_t *length)
{
    char *text = NULL;
    size_t room = 0;
    *length = 0;
    errno = 0;
    for (;;) {
        if (*length == room) {
            room = room ? 2 * room : 1 << 16;
            char *more = realloc(text, room);
            if (!more)
                break;
            text = more;
        }
        const size_t got = fread(text + *length, 1, room - *length, stdin);
        if (got == 0 && !ferror(stdin))
            return text;
        if (got == 0)
            break;
        *length += got;
    }
    perror("dmasim: error: standard input");
    free(text);
    return NULL;
}

struct dmasim *cli_create(const char *path, const struct dmasim_options *options)
{
    if (strcmp(path, "-") != 0)
        return dmasim_create(path, options, NULL);
    size_t length;
    char *text = read_input(&length);
    struct dmasim *sim =
        text ? dmasim_create_text(text, length, "stdin", ".", options, NULL) : NULL;
    free(text);
    return sim;
}
