/* SPDX-License-Identifier: BSD-2-Clause */
/* merge: the parts of a study, run by shard, in one file. */
#ifndef DMASIM_STUDY_MERGE_H
#define DMASIM_STUDY_MERGE_H

#include "study/store.h"

struct study_merged {
    uint64_t rows;
    uint64_t missing;       /* runs that no part has */
    uint64_t first_missing; /* point of the first of them */
};

/* Makes or completes `out` and a CSV beside it. The study is the one that stands in the first part. False with
 * *error filled if parts are not of one study, or disagree about a point. */
bool study_merge(const char *out, const char *const *parts, size_t count, bool anew,
                 struct study_merged *merged, struct dmasim_error *error);

#endif
