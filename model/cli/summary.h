/* SPDX-License-Identifier: BSD-2-Clause */
/* summary: reads a summary.csv, of this program's or of anybody's who writes the same form. */
#ifndef DMASIM_CLI_SUMMARY_H
#define DMASIM_CLI_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

struct summary_row {
    const char *name, *value, *unit;
    size_t index; /* from 0 on */
};

/* False: there is no memory to keep the row. */
typedef bool summary_each(void *context, const struct summary_row *row);

/* Tells each row of a results folder's summary, or of a file. The texts lie in what is returned, which the caller frees;
 * null after an error, which is printed. */
char *summary_read(const char *results, summary_each *each, void *context);

#endif
