/* SPDX-License-Identifier: BSD-2-Clause */
/* view: what of a run its VCD shows, as options of the command line; they are overrides of the scenario's `trace`. */
#ifndef DMASIM_CLI_VIEW_H
#define DMASIM_CLI_VIEW_H

#include "cli/options.h"

struct view_arguments {
    const char *from, *to; /* null: as the scenario has it */
    const char *signals[OVERRIDES_MAX];
    size_t signal_count;
    char *texts[3]; /* of the overrides */
};

/* --trace-signals, --trace-from, --trace-to: a child of the subcommand's parser, whose input is this. */
extern const struct argp view_argp;

/* Adds the overrides. False if they are too many, or memory is short. */
bool view_override(struct view_arguments *self, struct override_list *overrides);
void view_free(struct view_arguments *self);

#endif
