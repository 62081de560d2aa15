/* SPDX-License-Identifier: BSD-2-Clause */
/* verdict: what was asked of a run, for people and for machines. */
#ifndef DMASIM_CLI_VERDICT_H
#define DMASIM_CLI_VERDICT_H

#include <stdbool.h>

#include "dmasim/dmasim.h"

/* Tells on stderr what does not hold of a closed trace with `expect`; CLI_GOOD, CLI_FALSE, or CLI_USAGE after an error. */
int verdict_tell(struct dmasim_trace *trace, const char *scenario);

/* Writes a JUnit report: a test case for all that is asked of the run, or, of one that was not run, the error. False
 * with a message if it cannot be written. */
bool verdict_junit(const char *path, const char *suite, struct dmasim_trace *trace,
                   const struct dmasim_error *error);

#endif
