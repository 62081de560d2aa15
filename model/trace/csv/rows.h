/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_rows: lines of a file in a fixed order: by time, then by a number that the writer gives
 * (the place of the publishing probe), then as they came. Times must not fall.
 */
#ifndef DMASIM_TRACE_ROWS_H
#define DMASIM_TRACE_ROWS_H

#include "kernel/probe.h"
#include "trace/file.h"
#include "trace/format.h"

struct trace_row {
    uint32_t order;
    size_t from;
};

struct trace_rows {
    struct trace_file *file;
    sim_time time; /* of all rows waiting */
    struct trace_text text;
    struct trace_row *rows;
    uint32_t count, size;
    bool failed;
};

/* Begins a row; the caller appends its text, line end too, to the result. */
struct trace_text *trace_rows_begin(struct trace_rows *self, sim_time time, uint32_t order);

/* Writes the rows waiting. */
void trace_rows_flush(struct trace_rows *self);

void trace_rows_free(struct trace_rows *self);

#endif
