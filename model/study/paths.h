/* SPDX-License-Identifier: BSD-2-Clause */
/* paths: what the axes of a study set is there, and set by one of them; errors of overrides, where the study has them. */
#ifndef DMASIM_STUDY_PATHS_H
#define DMASIM_STUDY_PATHS_H

#include "study/point.h"

#define STUDY_OVERRIDES_MAX 256 /* of a point, its seed among them */

/* Tells an error as one of the study's text at a place. */
void study_tell_at(const struct study *study, struct place place, struct dmasim_error *error,
                   report_sink *sink, void *context);

/* Its place is in an override, as "--set:2:7". */
bool study_of_override(const struct dmasim_error *error);

/* Each path of an axis is of it alone, and leads somewhere. False after an error. */
bool study_paths_check(const struct study_base *self, report_sink *sink, void *context);

#endif
