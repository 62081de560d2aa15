/* SPDX-License-Identifier: BSD-2-Clause */
/* figure: one figure that a system counts, by its name in summary.csv. */
#ifndef DMASIM_TESTS_FIGURE_H
#define DMASIM_TESTS_FIGURE_H

#include <check.h>

#include "metrics.h"

/* As it is now, in parts of its unit if it counts those (FIGURE_HALVES); no ratio otherwise. */
static inline uint64_t test_figure(const struct system *system, const char *name)
{
    struct metric_walk walk = {.now = system->kernel.now};
    struct metric metric;
    while (metric_next(system, &walk, &metric)) {
        char text[160];
        metric_name(&metric, text, sizeof text);
        if (strcmp(text, name) == 0)
            return metric.value;
    }
    ck_abort_msg("no figure %s", name);
}

#endif
