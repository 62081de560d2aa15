/* SPDX-License-Identifier: BSD-2-Clause */
/* table_lines: lines that a replay makes, held against those of a recorded file. The first difference is kept. */
#ifndef DMASIM_TABLE_LINES_H
#define DMASIM_TABLE_LINES_H

#include <stdbool.h>
#include <stddef.h>

enum { LINES_BYTES = 512 };

struct lines {
    const char *expected; /* the rest of the file */
    size_t number;
    size_t length;
    char line[LINES_BYTES]; /* under way */
    char difference[LINES_BYTES];
};

/* FOLDER/SUB/NAME.csv or its .gz whole; null if it can't be read. */
char *lines_read(const char *folder, const char *sub, const char *name);

void lines_add(struct lines *self, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lines_end(struct lines *self);
/* The file has nothing more. */
void lines_over(struct lines *self);
void lines_refuse(struct lines *self, const char *why);

#endif
