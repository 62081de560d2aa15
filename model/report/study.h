/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * study: the rows of a study.db as the data of a report, column by column.
 *
 * Of a study with more cells than there is room for these rows stay: those with the least and the most of each
 * metric, the Pareto front, the first of those that are not ok, the first and the last; and of the others every n-th.
 * Numbers of expressions have REPORT_DIGITS digits.
 */
#ifndef DMASIM_REPORT_STUDY_H
#define DMASIM_REPORT_STUDY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "dmasim/dmasim.h"

#define REPORT_CELLS_MOST                                                                          \
    UINT64_C(800000) /* with these a page may be too long: then half as many */
#define REPORT_CELLS_LEAST UINT64_C(1000)
#define REPORT_DIGITS 9

/* Writes the data as JSON. False with *error filled. */
bool report_study(const char *path, uint64_t cells, FILE *out, struct dmasim_error *error);

#endif
