/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sweep: all points of a study, or those of a shard, in as many threads as asked for.
 *
 *     points --(each worker takes the next)--> rows --(one queue)--> the store, in commits
 *
 * A point's row follows from the study alone, so what is in the store when all are done does not depend on the number
 * of workers, the order, or how often the sweep was interrupted.
 */
#ifndef DMASIM_STUDY_SWEEP_H
#define DMASIM_STUDY_SWEEP_H

#include "study/store.h"

struct study_progress {
    uint64_t total;  /* runs there are, before `where` */
    uint64_t seen;   /* of these: done now or before, or left out */
    uint64_t before; /* rows that were there at the start */
    uint64_t left_out;
    uint64_t rows[STUDY_STATUSES]; /* of this sweep */
    uint64_t asserted;             /* rows of this sweep with a false `assert` */
};

struct study_sweep {
    const struct study_base *base;
    struct study_store *store;
    struct study_shard shard;
    unsigned workers;
    const atomic_bool *stop; /* becomes true: end soon, in order */
    void (*show)(void *context, const struct study_progress *progress); /* a few times a second */
    void *context;
};

/* False after an error, with *error filled. What was done is committed in any case; *progress tells how far it
 * came. */
bool study_sweep(const struct study_sweep *self, struct study_progress *progress,
                 struct dmasim_error *error);

#endif
