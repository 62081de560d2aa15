/* SPDX-License-Identifier: BSD-2-Clause */
/* point: one run of a study's scenario, and the row that comes of it. */
#ifndef DMASIM_STUDY_POINT_H
#define DMASIM_STUDY_POINT_H

#include <stdatomic.h>

#include "study/study.h"

enum study_status {
    STUDY_OK,
    STUDY_REFUSED, /* the scenario says no to these values */
    STUDY_FAILED,  /* a transfer or program failed, data were lost, or an `assert` does not hold */
    STUDY_UNFINISHED, /* `stop` is over, or a deadlock */
    STUDY_STATUSES
};

extern const char *const study_status_names[STUDY_STATUSES];

#define STUDY_DECIMALS_FREE 255 /* of an expression: as many as its value needs */

struct study_cell {
    bool there;
    uint8_t decimals; /* after the point, as in summary.csv */
    double number;
};

/* Names of figures that somebody wants, sorted, each once. */
struct study_wanted {
    const char **names;
    uint32_t count;
    bool of_trace; /* some are not counted by units: set by study_base_check() */
    bool causes;   /* some are causes, which are counted only if asked for: the same */
};

#define STUDY_ERROR_MAX 600

struct study_row {
    uint64_t point, seed;
    enum study_status status;
    bool asserted; /* an `assert` does not hold */
    char error[STUDY_ERROR_MAX];
    struct study_cell cells[]; /* of each metric */
};

/* What all points share. Several threads may run points of one. */
struct study_base {
    const struct study *study;
    struct dmasim_plan *plan; /* with the study's `set` */
    char *text;               /* of the scenario */
    char *file;               /* its name, for those who run a point again */
    size_t length;
    uint64_t seed; /* the scenario's */
    struct study_wanted wanted;
    struct arena arena;
};

/* Loads the scenario. False after an error, every one told to `sink`. */
bool study_base_load(struct study_base *self, const struct study *study, report_sink *sink,
                     void *context);
void study_base_free(struct study_base *self);

/* Checks paths (paths.h), and tries the first and the last point: a figure that neither has is reported, with what may
 * have been meant. False after an error. */
bool study_base_check(struct study_base *self, report_sink *sink, void *context);

struct study_row *study_row_new(const struct study *study);

/* True unless an expression of `where` leaves the point out. */
bool study_point_wanted(const struct study *study, uint64_t point);

/* Runs a point with a seed. False if it was stopped before its end, since *stop became true. */
bool study_point_run(const struct study_base *base, uint64_t point, uint64_t seed,
                     const atomic_bool *stop, struct study_row *row);

/* The overrides of a point, without those of `set`; at most `most`. Texts lie in the arena. */
uint32_t study_point_overrides(const struct study *study, uint64_t point, struct arena *arena,
                               const char **overrides, uint32_t most);

#endif
