/* SPDX-License-Identifier: BSD-2-Clause */
/* rows: all rows of a table, found by their keys. Equal keys are taken in the order of the table. */
#ifndef DMASIM_COMPARE_ROWS_H
#define DMASIM_COMPARE_ROWS_H

#include "reading/csv.h"

struct row {
    size_t key; /* in `texts`: cells with a zero behind each */
    size_t key_length;
    size_t text;  /* the same of all cells */
    size_t cells; /* the first, in `cells`; their places count from `text` */
    uint32_t next;
    bool taken;
};

struct rows {
    struct row *all;
    size_t count, room;
    char *texts;
    size_t texts_length, texts_room;
    struct csv_cell *cells;
    size_t cell_count, cell_room;
    uint32_t *buckets;
    size_t bucket_count;
    char *key; /* that was looked for last */
    size_t key_length, key_room;
    char error[80];
};

/* Reads the rest of a table. False after an error, of the table or with a text in `error`. */
bool rows_read(struct rows *self, struct csv *csv, const size_t *keys, size_t key_count);

/* The first row not taken yet with the keys of csv's row; null if there is none: `key` has them. */
struct row *rows_take(struct rows *self, const struct csv *csv, const size_t *keys,
                      size_t key_count);

void rows_free(struct rows *self);

#endif
