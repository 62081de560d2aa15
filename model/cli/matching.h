/* SPDX-License-Identifier: BSD-2-Clause */
/* matching: options that say which signals of two traces are held against each other, and how. */
#ifndef DMASIM_CLI_MATCHING_H
#define DMASIM_CLI_MATCHING_H

#include <argp.h>

#include "compare/compare.h"

#define MATCHING_MAX 256

struct matching {
    struct compare_options options;
    const char *ignore[MATCHING_MAX], *only[MATCHING_MAX];
    struct compare_tolerance tolerances[MATCHING_MAX];
    char *clock; /* what options.clock is, to be freed */
    bool traces; /* an option that only traces know was given */
    bool any;    /* one of them all was */
};

/* --map, --map-file, --ignore, --only, --clock, --tolerance: a child of a subcommand's parser, whose input is this. */
extern const struct argp matching_argp;

void matching_init(struct matching *self);
void matching_free(struct matching *self);

#endif
