/* SPDX-License-Identifier: BSD-2-Clause */
/* points: how many there are, and which values each has. */
#ifndef DMASIM_STUDY_POINTS_H
#define DMASIM_STUDY_POINTS_H

#include "study/study.h"

/* Points of the whole study, seeds not counted, or of one member of a group; UINT64_MAX: too many. */
uint64_t study_points(const struct study *self);
uint64_t study_member_points(const struct study *self, const struct study_member *member);

#endif
