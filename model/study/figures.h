/* SPDX-License-Identifier: BSD-2-Clause */
/* figures: the numbers of a run by their names in summary.csv, those that somebody wants. */
#ifndef DMASIM_STUDY_FIGURES_H
#define DMASIM_STUDY_FIGURES_H

#include "dmasim/dmasim.h"
#include "kernel/arena.h"
#include "study/point.h"

/* All that metrics, their expressions and asserts name and that is neither an axis nor a metric further up. */
bool study_wanted_make(struct study_wanted *self, const struct study *study, struct arena *arena);

/* Index of a name, -1 if nobody wants it. */
int study_wanted_find(const struct study_wanted *self, const char *name);

/* True for figures that are not counted by units: a trace has them. */
bool study_figure_of_trace(const char *name);

/* Fills `cells`, one per wanted name. `trace`: closed, with its table; null: only what units count, which is faster. */
void study_figures(const struct study_wanted *self, struct dmasim *sim, struct dmasim_trace *trace,
                   struct study_cell *cells);

#endif
