/* SPDX-License-Identifier: BSD-2-Clause */
/* export: a study's rows as CSV. */
#ifndef DMASIM_STUDY_EXPORT_H
#define DMASIM_STUDY_EXPORT_H

#include "study/store.h"

/* Writes all rows by point and seed: point, the axes, seed, status, error, the metrics as plain numbers, with
 * as many decimals as in summary.csv. The file appears whole or not at all. */
bool study_export(struct study_store *store, const char *path, struct dmasim_error *error);

/* A row per point over its seeds: how many were ok, and of each metric mean, least, most and the standard
 * deviation of the sample (n - 1). */
bool study_export_statistics(struct study_store *store, const char *path,
                             struct dmasim_error *error);

#endif
