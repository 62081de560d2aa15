/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store: the rows of a study in a SQLite file (docs/studies.md has its tables). What is committed stays,
 * whatever happens to the process.
 */
#ifndef DMASIM_STUDY_STORE_H
#define DMASIM_STUDY_STORE_H

#include "study/point.h"

struct study_store;

struct study_shard {
    uint32_t index, count; /* index from 0; count 1: the whole study */
};

/* Opens or makes the file. A file of the same study goes on; one of another study is refused, unless `anew`:
 * then it is emptied. Null with *error filled. */
struct study_store *study_store_open(const char *path, const struct study_base *base,
                                     struct study_shard shard, bool anew,
                                     struct dmasim_error *error);

/* Opens an existing one to read. */
struct study_store *study_store_read(const char *path, struct dmasim_error *error);

/* A text of the table `provenance`, which the caller frees; null if it is not there. */
char *study_store_key(struct study_store *self, const char *key);

/* Null if the file is of this study, else what differs: "study", "scenario", "version". */
const char *study_store_differs(struct study_store *self, const struct study_base *base);

/* Told every row there is, by point and seed. False if it was stopped by `each`, or an error. */
bool study_store_keys(struct study_store *self,
                      bool (*each)(void *context, uint64_t point, uint64_t seed), void *context);

/* Adds a row; it is kept from the next commit on. False after an error, which study_store_error() has. */
bool study_store_add(struct study_store *self, const struct study_row *row);
bool study_store_commit(struct study_store *self);

/* All runs are there: notes how many there are, and how many of them `where` left out. */
bool study_store_finish(struct study_store *self, uint64_t runs, uint64_t left_out);

/* How many rows there are; -1 after an error. */
int64_t study_store_count(struct study_store *self);

/* Rows where an `assert` does not hold; -1 after an error. */
int64_t study_store_asserted(struct study_store *self);

/* Takes over all rows of a part, which must be of the same study. */
bool study_store_take(struct study_store *self, const char *part_path, struct dmasim_error *error);

/* The database itself, for export.c. */
struct sqlite3 *study_store_handle(struct study_store *self);

void study_store_error(const struct study_store *self, struct dmasim_error *error);
void study_store_close(struct study_store *self);

#endif
