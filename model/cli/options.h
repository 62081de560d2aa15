/* SPDX-License-Identifier: BSD-2-Clause */
/* options: what several subcommands share. */
#ifndef DMASIM_CLI_OPTIONS_H
#define DMASIM_CLI_OPTIONS_H

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

/* For struct dmasim_options.report: FILE:LINE:COLUMN: error: TEXT on stderr. */
void cli_print_error(void *context, const struct dmasim_error *error);

/* Ends printing to standard output: `good`, or CLI_USAGE with a message if a write failed. */
int cli_flush(int good);

#endif
