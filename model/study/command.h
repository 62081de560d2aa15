/* SPDX-License-Identifier: BSD-2-Clause */
/* command: a point as the `dmasim run` that runs it, for a shell. */
#ifndef DMASIM_STUDY_COMMAND_H
#define DMASIM_STUDY_COMMAND_H

#include "study/study.h"

/* What all points have in common: the scenario and the study's `set`. */
void study_command_start(const struct study *study, const char *scenario, FILE *out);

/* What a value of an axis adds to it, a blank in front. */
void study_command_value(const struct study_axis *axis, uint32_t value, FILE *out);

#endif
