/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_csv: probes as tables, one column for each field of the probe's type.
 *
 * Rows: one row for each cycle of the probe's clock from 0 to the last edge at or before the final
 * time, `cycle` first. A cycle without a record repeats the record before it; cycles before the
 * first record have empty cells.
 *
 * Events: one row for each record of every probe of one type, `cycle`, `time_ps` and the probe's
 * name first. Rows of one time stand in the order of the system's probes.
 *
 * A field shows by its radix: names, plain or padded hex without 0x, decimal; times in ps, empty if
 * SIM_NEVER.
 */
#ifndef DMASIM_TRACE_CSV_H
#define DMASIM_TRACE_CSV_H

#include "system.h"
#include "trace/csv/rows.h"
#include "trace/file.h"

struct trace_csv;

/* A table of one probe, cycle by cycle. Null on error. `file` is the caller's. */
struct trace_csv *trace_csv_open_rows(struct probe *probe, struct trace_file *file,
                                      struct dmasim_error *error);

/* A table of the events of all probes of a type. `label` heads the column of probe names; fields
 * named in `skip` (ends with null; may be null) are left out. With no such probe the file is only
 * the line `cycle,time_ps,<label>`. */
struct trace_csv *trace_csv_open_events(const struct system *system, const char *type,
                                        const char *label, const char *const *skip,
                                        struct trace_file *file, struct dmasim_error *error);

/* Writes what is left. DMASIM_MEMORY if a row was lost. */
int trace_csv_close(struct trace_csv *self, sim_time final_time, struct dmasim_error *error);

void trace_csv_free(struct trace_csv *self);

#endif
