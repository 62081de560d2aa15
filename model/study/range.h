/* SPDX-License-Identifier: BSD-2-Clause */
/* range: the values of an axis from its first to its last. */
#ifndef DMASIM_STUDY_RANGE_H
#define DMASIM_STUDY_RANGE_H

#include "study/study.h"

struct study_range {
    const char *from, *to, *step; /* step: null if there is a count */
    uint64_t count;
    bool log;
};

/* Fills the axis' values, which lie in the arena. False with the message in *error. All numbers have one kind
 * of unit; values are whole numbers of its smallest (bytes, ps, Hz, B/s). */
bool study_range(struct arena *arena, const struct study_range *range, struct study_axis *axis,
                 struct line *error);

#endif
