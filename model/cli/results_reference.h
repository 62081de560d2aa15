/* SPDX-License-Identifier: BSD-2-Clause */
/* results_reference: files, columns, signals and figures of a run in Markdown, for docs/results.md. */
#ifndef DMASIM_CLI_RESULTS_REFERENCE_H
#define DMASIM_CLI_RESULTS_REFERENCE_H

#include <stdbool.h>
#include <stdio.h>

/* False if memory is short. */
bool results_reference_print(FILE *to);

#endif
