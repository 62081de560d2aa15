/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * columns: what the tables of a run have in their columns and the VCD in its signals: unit and definition of each field
 * of a probe that a writer shows, and of those columns that no probe has. docs/results.md is printed from here.
 */
#ifndef DMASIM_TRACE_COLUMNS_H
#define DMASIM_TRACE_COLUMNS_H

#include "kernel/probe.h"

struct column {
    const char *name; /* null ends a list */
    const char *unit; /* null: a number or a text without one */
    const char *doc;  /* its definition, without a full stop */
};

/* Of one type of probe, or of rows that a writer makes of several. */
struct columns {
    const char *type;  /* of the probe; else the file */
    const char *where; /* which rows, or signals of what, in words */
    const struct column *list;
};
extern const struct columns trace_columns[]; /* a null type at the end */

/* A file that a run may write. */
struct result_file {
    const char *name;       /* <name> stands for a part that differs; null ends the list */
    const char *asked;      /* how it is asked for */
    const char *holds;      /* what it is */
    const char *columns[8]; /* types of `trace_columns`, one of which its rows have; null: none */
};
extern const struct result_file trace_result_files[];

/* Null if nothing is said of it. */
const struct columns *trace_columns_of(const char *type);
const struct column *trace_column(const char *type, const char *name);

/* The columns of transfers.csv, in order, as transfers.c writes them. */
extern const struct column trace_transfers_table[];

#endif
