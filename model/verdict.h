/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verdict: whether a run was what is asked of it.
 *
 * Of every run is asked that it finishes, that no transfer fails, that no data are lost and that no bus answers with an
 * error; of a scenario's also its `expect`. What a condition names is judged by that condition alone:
 *
 *   run.outcome                                          whether it finishes
 *   transfers.failed, .complete; transfers.each.status   transfers that fail
 *   controller.NAME.transfers.failed, .complete          those of a controller
 *   transfer.NAME.status                                 those of this name
 *   ....NAME.overruns, .underruns, .lost                 data that NAME loses
 *   bus.NAME.errors                                      errors on a bus
 *   cpu.NAME.mappings.faults.RULE                        wrong uses of DMA mappings, where they are followed
 *
 * Names are the rows of summary.csv, run.outcome, and of transfers.csv transfer.NAME.COLUMN: a condition with one is
 * asked of each row of that name, with transfers.each.COLUMN of all rows. Columns of times are in nanoseconds, submit_ns
 * for submit_ps.
 */
#ifndef DMASIM_VERDICT_H
#define DMASIM_VERDICT_H

#include "instance.h"
#include "plan/log.h"

struct verdict;
void verdict_free(struct verdict *self);

/* An expectation names columns of transfers; with `beats`, some that come of beats. */
bool verdict_wants_rows(const struct scenario *scenario, bool beats);

/* An expectation names a cause (docs/explain.md). */
bool verdict_wants_causes(const struct scenario *scenario);

/* Names that there cannot be are told to `check`. The system has just been built. DMASIM_OK or DMASIM_MEMORY. */
int verdict_check_names(struct system *system, const struct scenario *scenario,
                        struct scenario_check *check);

/* ---- names ----------------------------------------------------------------------------------- */

/* What a name of an expectation stands for. */
struct verdict_name {
    bool row;           /* a column of transfers; else a figure */
    const char *column; /* in the name */
    size_t of_length;   /* of the transfer's name behind "transfer."; 0: each */
};

struct verdict_name verdict_name(const char *name);

/* The index of a column in transfers.csv, -1: there is none. *ns: it is in picoseconds there. */
int verdict_column(const char *column, bool *ns);

/* Columns, in the order of the file; `text` gets the name of one as conditions have it. False: no more. */
bool verdict_column_name(unsigned index, char text[64]);

/* The context is a struct dmasim: whether a condition of its scenario names what a line of the log is about. */
bool verdict_expects(void *context, const struct log_line *line);

#endif
