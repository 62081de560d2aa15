/* SPDX-License-Identifier: BSD-2-Clause */
/* point: a point of a study as it is named on a command line, STUDY.db:POINT or STUDY.db:POINT:SEED. */
#ifndef DMASIM_CLI_POINT_H
#define DMASIM_CLI_POINT_H

#include <stdbool.h>
#include <stddef.h>

/* Whether an argument names a point: it ends as one, is no file itself, and what stands before it is a file. */
bool point_named(const char *argument);

/* False: there is no memory to keep it. */
typedef bool point_each(void *context, const char *name, const char *value, size_t position);

/* Tells each metric of the point that has a value. The texts lie in what is returned, which the caller frees; null after an
 * error, which is printed. */
char *point_read(const char *argument, point_each *each, void *context);

#endif
