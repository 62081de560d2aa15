/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_statistics: the figures of a run, from the same probes as the tables.
 *
 * summary.csv has lines `metric,value,unit`; values are integers or have a fixed number of
 * decimals, rounded to nearest. A cycle without a record is like the last that had one. Cycles run
 * from 0 to the last edge at or before the final time.
 *
 *   run.time                               ns
 *   bus.<bus>.frequency                    Hz
 *   bus.<bus>.cycles
 *   bus.<bus>.busy_cycles                  with a data phase
 *   bus.<bus>.data_cycles                  in which a data phase ended with OKAY
 *   bus.<bus>.wait_cycles                  with HREADY low
 *   bus.<bus>.utilisation                  data_cycles / cycles, %
 *   bus.<bus>.bytes                        moved by data phases that ended with OKAY
 *   bus.<bus>.throughput, .peak            B/s over all cycles; width / 8 * frequency
 *   bus.<bus>.share_of_peak                %
 *   bus.<bus>.errors, .retries             data phases that ended so
 *   bus.<bus>.bursts                       NONSEQ data phases
 *   bus.<bus>.bursts_broken                fixed-length bursts left before their last beat, save
 *                                          those abandoned after ERROR
 *   bus.<bus>.master.<master>.data_cycles, .wait_cycles, .bytes, .errors, .bursts_broken
 *   bus.<bus>.master.<master>.utilisation  data_cycles / cycles of the bus, %
 *   bus.<bus>.master.<master>.request_wait_cycles
 *                                          HBUSREQ high while HMASTER is another
 *   bus.<bus>.master.<master>.arbitration_losses
 *                                          addresses of other masters accepted (HREADY high, HTRANS
 *                                          NONSEQ or SEQ, HMASTER another) in cycles in which it
 *                                          had HBUSREQ high and HGRANT low
 *   transfers.count, .complete, .failed, .bytes
 *   transfers.latency.{min,median,p99,max} submit to callback of complete transfers, ns; the
 *                                          median and p99 are the values of rank ceil(n p)
 *   controller.<controller>.transfers.* and .latency.*: the same
 *   controller.<controller>.beats          data phases of its masters
 *   controller.<controller>.descriptor_beats, .writeback_beats, .error_beats
 *   controller.<controller>.descriptor_share
 *                                          descriptor and write-back beats / beats, %
 *   cpu.<cpu>.accesses, .reads, .writes, .errors, .stall_cycles
 *   fifo.<fifo>.overruns, .underruns       items
 *   fifo.<fifo>.max_level                  items
 *   interrupt.<probe>.count                rising edges
 *
 * Buses, CPUs, FIFOs and interrupts stand in the order of the system's probes, controllers by name.
 *
 * Inaccuracies: a burst broken in its undefined-length part (INCR) cannot be told from two bursts.
 */
#ifndef DMASIM_TRACE_STATISTICS_H
#define DMASIM_TRACE_STATISTICS_H

#include "system.h"
#include "trace/file.h"

struct trace_statistics;

/* Joins the probes. Null on error. */
struct trace_statistics *trace_statistics_open(const struct system *system,
                                               struct dmasim_error *error);

/* Counts up to final_time; call once, before writing or printing. DMASIM_MEMORY if a transfer's
 * latency was lost. */
int trace_statistics_close(struct trace_statistics *self, sim_time final_time,
                           struct dmasim_error *error);

void trace_statistics_write(struct trace_statistics *self, struct trace_file *file);

/* The headline figures as an aligned table of at most 25 lines. */
void trace_statistics_print(struct trace_statistics *self, FILE *to);

void trace_statistics_free(struct trace_statistics *self);

#endif
