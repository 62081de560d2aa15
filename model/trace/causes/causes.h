/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * causes: what each cycle of each bus, and of each transfer of `work`, went by with (plan/cause.h, docs/explain.md).
 *
 * Every edge is looked at, from the first on: nothing passes in closed form, and units are stepped as ever. Each
 * thing's parts add up to its cycles:
 *
 *   bus.<bus>.cause.<cause>                 edges of its clock
 *   bus.<bus>.read.cause.<cause>            the same of what moves at the same time: the two directions of an AXI
 *   transfer.<entry>.cause.<cause>          edges of the controller's clock from the submit to the end, of all its rounds
 *   controller.<controller>.cause.<cause>   of one that no call runs: the same of its channels, while they are at work
 *
 *   program.<entry>.cause.<cause>           of a program of `work`, edges of its CPU's clock: trace_causes_rounds() alone
 *
 * <cause> is a name of cause_table; behind "wait" and "arbitration" stands whose. Buses have a row for every cause and
 * slave, transfers for those that struck.
 */
#ifndef DMASIM_TRACE_CAUSES_H
#define DMASIM_TRACE_CAUSES_H

#include "system.h"
#include "trace/summary/statistics.h"

struct trace_causes;

/* Begins to look. Null with an error: DMASIM_PAST if an edge has been stepped, as all are counted; DMASIM_INVALID if
 * somebody looks already. */
struct trace_causes *trace_causes_open(const struct system *system, struct dmasim_error *error);

/* Each row as it is now, in the form of the summary's. Cycles of a bus that settles halves have a decimal. */
void trace_causes_rows(const struct trace_causes *self, statistics_row *row, void *context);

#define CAUSE_ROUNDS 1000 /* of an entry that are told one by one */

/*
 * The same of each time that an entry of `work` ran, programs too: transfer.<entry>.round.<n>.cause.<cause> and
 * program.<entry>.round.<n>.cause.<cause>, <n> from 1. Of an entry that runs more than CAUSE_ROUNDS times those behind them
 * are one, whose <n> is "rest". A time that took no cycle is not there.
 */
void trace_causes_rounds(const struct trace_causes *self, statistics_row *row, void *context);

/* The same as causes.csv (rows.c). */
void trace_causes_write(const struct trace_causes *self, struct trace_file *file);

/* DMASIM_MEMORY if something was lost. */
int trace_causes_close(struct trace_causes *self, struct dmasim_error *error);

/* Nobody looks any more. Null does nothing. */
void trace_causes_free(struct trace_causes *self);

#endif
