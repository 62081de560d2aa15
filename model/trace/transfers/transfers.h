/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_transfers: one row for each transfer of `work`, joined with the beats that moved it, and for those
 * that a controller which no entry of `work` names tells of itself, some with their beats (struct transfer_beats).
 *
 * A row is written when the transfer is published (its callback, failure or stop). What has been submitted and has not
 * ended when the table is closed has a row then, "unfinished", with the bytes and beats it got. Its columns:
 * trace_transfers_table (columns.h).
 *
 * Times are picoseconds; a cycle is the last edge at or before that time of the clock on which the
 * controller's beats are published, which on an ISA bus has an edge for each half of CLK. What did not happen is empty.
 *
 * Which beats are a transfer's, if its publisher does not tell? A channel works through its transfers one after the other, so they
 * follow those of the transfer before, on that channel, and:
 *   - the first is the first source or destination beat from there on, at or after the issue;
 *   - the last is, for a complete transfer, the destination beat that fills its bytes; otherwise,
 *     and if it did not reach them before its interrupt, the last data beat up to the interrupt (before
 *     the callback if there was none).
 * cpu_accesses and cpu_stall_cycles count what all CPUs finished between the first and the last beat.
 * descriptor_beats counts descriptor reads and write-backs in the same stretch.
 *
 * Inaccuracies: only the last 4096 beats of a channel are remembered. A transfer that is published
 * with more beats than that of later ones behind it gets the last beat by time alone, and no accesses and
 * stalls (empty) if its publisher tells the beats. A descriptor fetched before the end of the transfer ahead
 * counts for that one.
 */
#ifndef DMASIM_TRACE_TRANSFERS_H
#define DMASIM_TRACE_TRANSFERS_H

#include "system.h"
#include "trace/file.h"

#define TRACE_TRANSFERS_SHOWN 12

struct trace_transfers;

/* Joins all "transfer" and "dma_beat" probes. Null on error. `file` is the caller's; null: for the table alone.
 * Without `beats` only transfers are heard, which costs the run nothing: what comes of beats is empty, but
 * of transfers whose publisher tells it. */
struct trace_transfers *trace_transfers_open(const struct system *system, struct trace_file *file,
                                             bool beats, struct dmasim_error *error);

/* Writes what is left. DMASIM_MEMORY if anything was lost. */
int trace_transfers_close(struct trace_transfers *self, struct dmasim_error *error);

/* The transfers as a table, if there are no more than TRACE_TRANSFERS_SHOWN. `cycles` and `MB/s` (bytes over that
 * time) are from issue to end, the callback; `beat MB/s` is bytes over the time from the begin of the first data
 * beat to the end of the last, which is the rate while it ran and nothing of what it took to get there; what it
 * cost the CPUs is from the first to the last beat. Bytes over a time are told of complete transfers only. */
void trace_transfers_print(const struct trace_transfers *self, FILE *to);

void trace_transfers_free(struct trace_transfers *self);

#endif
