/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_log: log.txt, what units have to say in words (plan/log.h), in the order of time:
 *
 *   0.420000 us  cycle 42  warning  dma: CH_EN = 0x1: ... [ch-en-write-enable]
 *
 * Lines of one time are in the order of their units, so they are the same in every mode. Of one kind of line (a
 * rule of a component, a level of a component's other lines) LOG_SAME are written; the rest is counted, and the count
 * told at the end. What a condition of the scenario's `expect` names is a note.
 */
#ifndef DMASIM_TRACE_LOG_H
#define DMASIM_TRACE_LOG_H

#include "plan/log.h"
#include "system.h"
#include "trace/file.h"

#define LOG_SAME 16

struct trace_log;

/* Whether somebody wants what a line is about; null: nobody does. */
typedef bool trace_log_expected(void *context, const struct log_line *line);

/* Joins all "log" probes, and "text" ones, whose lines are notes and not counted. `file` is the caller's; null: lines are kept for trace_log_line() alone. Null on error. */
struct trace_log *trace_log_open(const struct system *system, struct trace_file *file,
                                 trace_log_expected *expected, void *context,
                                 struct dmasim_error *error);

/* The run is over with work left, for this reason: says what everything waits for, and why that does not come. */
void trace_log_hung(struct trace_log *self, const char *why);

/* The run is over, with its work done: says what components have left. */
void trace_log_left(struct trace_log *self);

/* Writes what is left. DMASIM_MEMORY if anything was lost. */
int trace_log_close(struct trace_log *self, struct dmasim_error *error);

/* After that: the index-th line, with its level, without a line end; null: there are no more. */
const char *trace_log_line(const struct trace_log *self, size_t index, enum log_level *level);

void trace_log_free(struct trace_log *self);

#endif
