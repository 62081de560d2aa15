/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * csv: reads a table (RFC 4180, lines ended by LF or CRLF) as a stream, one row at a time. The first row is
 * the header; every other one has as many cells.
 */
#ifndef DMASIM_READING_CSV_H
#define DMASIM_READING_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reading/source.h"

struct csv_cell {
    size_t at, length; /* in `text`, which has a zero behind it */
};

struct csv {
    struct source *source;
    char *text; /* of this row */
    size_t text_length, text_room;
    struct csv_cell *cells;
    size_t count, room;
    size_t columns; /* of the header; 0 before it */
    uint64_t line;  /* of the row, from 1 */
    bool ended;
    uint64_t error_line; /* 0: none */
    bool unreadable;
    char error[160];

    uint64_t next_line;
    size_t at, end;
    bool source_ended;
    char buffer[1 << 16];
};

/* Null only if there is no memory; a file that cannot be had shows in `error`. csv_close() must follow. */
struct csv *csv_open(const char *path);
struct csv *csv_open_bytes(const void *bytes, size_t length);
void csv_close(struct csv *self);

/* The next row. False at the end (`ended`) and after an error. */
bool csv_row(struct csv *self);

static inline const char *csv_text(const struct csv *self, size_t column)
{
    return self->text + self->cells[column].at;
}

#endif
