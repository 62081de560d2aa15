/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * compare: whether two traces, or two tables, say the same, and where they differ first. docs/diff.md has
 * the rules, which decide.
 */
#ifndef DMASIM_COMPARE_H
#define DMASIM_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compare/mapping.h"
#include "compare/texts.h"

struct compare_tolerance {
    const char *name; /* a glob; null: all */
    const char *value;
};

struct compare_options {
    struct selection selection;
    struct mappings maps;
    struct time_argument from, to, offset;
    const char *clock; /* printed name; null: every instant */
    bool rising, falling;
    const char *align; /* printed name, with =VALUE or without */
    const struct compare_tolerance *tolerances;
    size_t tolerance_count;
    const char *key;     /* columns of tables, separated by commas */
    size_t buffer_bytes; /* of each reader; 0: as it comes */
    bool first_only;     /* traces: the rest is not read once they differ */
    int live; /* traces: a descriptor that B is read from; 0: its path is. It is closed */
};

/* A signal or a column that differs. */
struct compare_signal {
    char *name;
    uint64_t count;   /* of intervals, edges or rows */
    trace_time first; /* of tables: the row */
    char *a, *b;      /* the values at its first difference */
};

enum compare_verdict { COMPARE_SAME, COMPARE_DIFFERENT, COMPARE_ERROR };

struct comparison {
    enum compare_verdict verdict;
    const char *scale; /* what `first` counts, from 1: "row", "line"; null: femtoseconds */
    uint64_t unit_fs;  /* of A; 1 for tables */

    /* The first difference in time. */
    bool first_given;
    trace_time first;
    uint64_t first_edge;           /* of the clock, from 1; 0: there is none */
    struct texts first_names;      /* all that differ then, sorted; "(end)" */
    struct compare_signal *around; /* equal then, of the same scopes: `a` is the value */
    size_t around_count;

    struct texts only_a, only_b, kind; /* sorted */
    struct compare_signal *signals;    /* by `first`, then by name */
    size_t signal_count, signal_room;
    uint64_t compared; /* signals, columns or bytes */
    uint64_t edges;    /* of A's clock */
    trace_time offset; /* that was added to B's times */
    uint64_t rows[2];  /* of tables */
    bool keys;         /* rows were joined by their keys */

    /* COMPARE_ERROR */
    char error_side;                   /* 'A', 'B', or 0: the options */
    uint64_t error_line, error_column; /* 0: no place */
    char error_text[256];
};

void compare_vcd(const char *a, const char *b, const struct compare_options *options,
                 struct comparison *result);
void compare_tables(const char *a, const char *b, const struct compare_options *options,
                    struct comparison *result);
void compare_bytes(const char *a, const char *b, struct comparison *result);
void comparison_free(struct comparison *self);

/* What a file is compared as, by its name: .vcd, .csv, packed or not; else bytes, which `other` means. */
enum compare_type { COMPARE_VCD, COMPARE_TABLE, COMPARE_BYTES };
enum compare_type compare_type_of(const char *path, enum compare_type other);

/* A file of one of two folders, or of both. */
struct folder_file {
    char *name;    /* relative, without .gz or .zst */
    char *path[2]; /* null: not there */
    enum compare_type type;
    struct comparison result;
};

struct folder_comparison {
    enum compare_verdict verdict;
    struct folder_file *files; /* by name */
    size_t count, room;
    char error[300]; /* a folder cannot be read */
};

void compare_folders(const char *a, const char *b, const struct compare_options *options,
                     struct folder_comparison *result);
void folder_comparison_free(struct folder_comparison *self);

/* For those who fill in a comparison. */
bool comparison_signal(struct comparison *self, struct compare_signal signal);
void comparison_sort(struct comparison *self);
__attribute__((format(printf, 3, 4))) void comparison_fail(struct comparison *self, char side,
                                                           const char *format, ...);

#endif
