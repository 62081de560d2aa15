/* SPDX-License-Identifier: BSD-2-Clause */
/* front: what is best by a study's goals. */
#ifndef DMASIM_STUDY_FRONT_H
#define DMASIM_STUDY_FRONT_H

#include "study/store.h"

/* A row that no other is better than in one goal and at least as good in all. */
struct study_best {
    uint64_t point, seed;
    double goals[STUDY_GOALS_MAX]; /* values, `minimise` first */
};

/* The Pareto front of the rows that are ok and have a value for every goal, by point and seed; of rows that are
 * equal in all goals the first. The caller frees it; null if memory is short or the store says no. No goals: none. */
struct study_best *study_front(struct study_store *store, const struct study *study, size_t *count);

#endif
