/* SPDX-License-Identifier: BSD-2-Clause */
/* options: what several subcommands share. */
#ifndef DMASIM_CLI_OPTIONS_H
#define DMASIM_CLI_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include "dmasim/dmasim.h"

#define OVERRIDES_MAX 256

struct override_list {
    const char *texts[OVERRIDES_MAX];
    size_t count;
};

static inline bool override_add(struct override_list *self, const char *text)
{
    if (self->count == OVERRIDES_MAX)
        return false;
    self->texts[self->count++] = text;
    return true;
}

/* How a system is made of a scenario: --set, --confine, --memory-limit. */
struct loading {
    struct override_list overrides;
    uint64_t memory_bytes; /* 0: the library's own limit */
    bool confine;
};

/* A child of a subcommand's parser, whose input is a struct loading. */
extern const struct argp loading_argp;

/* argp_parse() under the name of a subcommand. Options and arguments may stand in any order, whatever
 * POSIXLY_CORRECT says. */
error_t cli_parse(const struct argp *argp, int argc, char **argv, const char *name, void *input);

/* dmasim_create(); the path "-" is standard input, whose files are found from the current directory on. Errors are
 * printed; null after one. */
struct dmasim *cli_create(const char *path, const struct dmasim_options *options);

/* A size such as 4096, 64k or 4 GiB; false if it is none, or 0. */
bool cli_size(const char *text, uint64_t *bytes);

/* A time such as "10us"; false if it is none. */
bool cli_time(const char *text, uint64_t *time_ps);

/* A list of kinds of traces, or `none`; the others are off. False if a name is none of them. */
#define TRACE_NAMES "vcd, bus, transfers, summary, causes, log, cycles, events"
bool cli_traces(const char *text, struct dmasim_trace_options *options);

/* For struct dmasim_options.report: FILE:LINE:COLUMN: error: TEXT on stderr. */
void cli_print_error(void *context, const struct dmasim_error *error);

/* The same of a setting that cannot have its effect. */
void cli_print_note(void *context, const struct dmasim_error *note);

/* Text that came from outside (an argument, a name of a file), as text_visible() has it. */
void cli_put(FILE *to, const char *text);

/* Ends printing to standard output: `good`, or CLI_USAGE with a message if a write failed. */
int cli_flush(int good);

#endif
