/* SPDX-License-Identifier: BSD-2-Clause */
/* run_results: what a run leaves in its folder, and what a user is told of it, whoever has driven it. */
#ifndef DMASIM_CLI_RUN_RESULTS_H
#define DMASIM_CLI_RUN_RESULTS_H

#include <stdbool.h>

#include "dmasim/dmasim.h"

#define RUN_DIRECTORY 4096

/* A folder is this run's: `wanted`, or null for one named after the scenario. False with a message. */
bool run_results_claim(struct dmasim *sim, const char *wanted, bool force,
                       char directory[RUN_DIRECTORY]);

/* Once all traces are closed: the files of the scenario's, the resolved scenario, and, if the run was interrupted (by
 * null: it was not), that it was. Then all appear. False with a message. */
bool run_results_write(struct dmasim *sim, const char *directory, const char *by);

/* Starts a message about the scenario, "-": standard input. */
void run_results_line(const char *scenario);

/* Errata that struck: what a user must hear although it is in no table. */
void run_results_errata(const struct dmasim *sim, const char *scenario);

#endif
