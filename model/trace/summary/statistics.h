/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * statistics: the figures of a run, as summary.csv and as a table.
 *
 * summary.csv has lines `metric,value,unit`; values are integers or have a fixed number of decimals, rounded to
 * nearest. The figures are those that units count (metrics.h; docs/metrics.md has all of them and what
 * they mean), in the order of counter groups, and of transfers, which are heard when they end:
 *
 *   run.time                               ns
 *   run.notes                              settings that cannot have their effect
 *   bus.<bus>. ...
 *   transfers.count, .complete, .failed, .bytes
 *   transfers.latency.{min,mean,median,p99,max} submit to callback of complete transfers, ns; the median and p99 are
 *                                          the values of rank ceil(n p)
 *   controller.<controller>.transfers.* and .latency.*: the same
 *   controller.<controller>. ...           by name
 *   cpu, fifo, interrupt, controller.<controller>.erratum_<n>
 *   cpu.<cpu>.stall.*, fifo.<fifo>.request_latency.*, transfer.<entry>.period.*: the same of accesses, requests and
 *                                          periods, each of which is heard
 *   bus.<bus>.cause.<cause>, transfer.<entry>.cause.<cause>: causes/causes.h
 *
 * All of it is of the time since it was opened.
 */
#ifndef DMASIM_TRACE_STATISTICS_H
#define DMASIM_TRACE_STATISTICS_H

#include "system.h"
#include "trace/file.h"

struct trace_causes;
struct trace_statistics;

/* Notes what has been counted, and listens to transfers. Null on error. */
struct trace_statistics *trace_statistics_open(const struct system *system,
                                               struct dmasim_error *error);

/* The rows of causes (trace/causes) are among those below from now on. */
void trace_statistics_add(struct trace_statistics *self, const struct trace_causes *causes);

/* The run is over; call once, before writing or printing. DMASIM_MEMORY if a transfer's latency was lost. */
int trace_statistics_close(struct trace_statistics *self, sim_time final_time,
                           struct dmasim_error *error);

/* Told each row, in the order of the file. */
typedef void statistics_row(void *context, const char *name, const char *value, const char *unit);
void trace_statistics_rows(const struct trace_statistics *self, statistics_row *row, void *context);

/* The same before the run: also the rows of what has not happened yet. Values mean nothing. */
void trace_statistics_names(struct trace_statistics *self, statistics_row *row, void *context);

void trace_statistics_write(const struct trace_statistics *self, struct trace_file *file);

/* The headline figures as an aligned table of at most 25 lines. */
void trace_statistics_print(const struct trace_statistics *self, FILE *to);

void trace_statistics_free(struct trace_statistics *self);

#endif
