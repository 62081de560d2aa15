/* SPDX-License-Identifier: BSD-2-Clause */
/* row: one row of a study's database, and its numbers as texts. */
#ifndef DMASIM_STUDY_ROW_H
#define DMASIM_STUDY_ROW_H

#include "study/store.h"

#define STUDY_NUMBER_ROOM 400

/* A metric as study.csv has it: with the decimals that summary.csv has, or, if they are negative, as few digits as read
 * back as the same number. */
void study_number_print(char text[STUDY_NUMBER_ROOM], double value, int decimals);

enum study_found { STUDY_FOUND, STUDY_NO_ROW, STUDY_ROW_ERROR };

/* Tells each metric of a point that has a value, by position; the texts are good until `each` returns. `seed`: null if any
 * will do, then the first is taken. STUDY_ROW_ERROR if the store says no, or `each` returns false. */
enum study_found study_row_read(struct study_store *store, uint64_t point, const uint64_t *seed,
                                bool (*each)(void *context, const char *name, const char *value,
                                             size_t position),
                                void *context);

#endif
