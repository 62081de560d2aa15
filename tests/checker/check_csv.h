/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_csv: rows of a table whose columns are found by name, for the checkers of AXI and AXI-Stream.
 *
 * Names match in any case. Columns that the table of columns does not have are passed over, those
 * that the file does not have leave the record as it was.
 */
#ifndef TESTS_CHECK_CSV_H
#define TESTS_CHECK_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { CHECK_CSV_COLUMNS_MAX = 96, CHECK_CSV_WIDE_BYTES = 128 };

/* Where a cell goes. Text is in base 10 or 16; a cell with 0x in front is in base 16 always. */
enum check_csv_kind {
    CHECK_CSV_DECIMAL, /* uint32_t */
    CHECK_CSV_HEX,     /* uint32_t */
    CHECK_CSV_CYCLE,   /* uint64_t, base 10 */
    CHECK_CSV_HEX64,   /* uint64_t */
    CHECK_CSV_MASK,    /* uint64_t[2], low bits first, base 16 */
    CHECK_CSV_WIDE,    /* uint8_t[CHECK_CSV_WIDE_BYTES], low byte first, base 16 */
};

struct check_csv_column {
    const char *name;
    enum check_csv_kind kind;
    size_t offset; /* in the record */
};

struct check_csv {
    FILE *file;
    const struct check_csv_column *columns;
    unsigned column_count;
    unsigned file_columns;
    int of_file[CHECK_CSV_COLUMNS_MAX];     /* index into columns, -1: passed over */
    bool present[CHECK_CSV_COLUMNS_MAX];    /* by index into columns */
    unsigned digits[CHECK_CSV_COLUMNS_MAX]; /* of the longest cell yet */
    unsigned long line;
    char error[160]; /* empty if there was none */
};

/* Takes over `file` for reading only (the caller closes it) and reads the header line. */
bool check_csv_init(struct check_csv *self, FILE *file, const struct check_csv_column *columns,
                    unsigned column_count);

/* False at the end of the file, or at a malformed row (then `error` says what is wrong). An empty cell
 * is 0. */
bool check_csv_next(struct check_csv *self, void *record);

/* Index of a column by its name in the table of columns, -1 if there is none. */
int check_csv_find(const struct check_csv *self, const char *name);

#endif
