/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace: the result files of one run.
 *
 *   trace_open -> run the system -> trace_close (all files appear) or trace_abort (none does)
 *
 *   trace.vcd, trace.gtkw, trace.<signal>.txt   vcd.h
 *   cycles.csv, or cycles.<name>.csv if there are several: probes of a type "..._row"
 *   bus.csv: probes "ahb_beat", or "isa_cycle" if there is no AHB    csv.h
 *   beats.csv: probes "bus_beat" of other buses, if there are any
 *   dram.csv, with bus.csv: probes "dram_command", if there are any
 *   accesses.csv, with bus.csv: probes "cpu_access", if there are any
 *   events.csv, or events.<name>.csv if there are several: probes "rtl_event"   events.h
 *   transfers.csv                               transfers.h
 *   summary.csv, and a table                    statistics.h
 *   causes.csv, with summary.csv if causes are counted: causes/rows.c
 *   log.txt                                     log/log.h
 *   files of "stream" probes                    stream.h
 *
 * The directory is a results folder (folder/folder.h): all files appear at once in trace_close(), instead of those of the
 * run before.
 */
#ifndef DMASIM_TRACE_H
#define DMASIM_TRACE_H

#include <stdio.h>

#include "system.h"
#include "trace/log/log.h"

struct trace_stream_option {
    const char *probe; /* name of a "stream" probe */
    const char *file;  /* its name below the directory */
};

struct trace_options {
    bool vcd, cycles, bus, events, transfers, summary, log;
    bool vcd_clocks; /* the clocks as signals too, whatever the view says; makes the VCD large */
    const struct plan_trace *view; /* what the VCD shows; its globs outlive the trace; null: all */
    const struct dmasim_packer *vcd_packer; /* as in struct dmasim_trace_options */
    dmasim_write *vcd_write;
    void *vcd_context;
    bool statistics;   /* figures and transfers although no file is asked for, for trace_print() */
    bool causes;       /* with figures of any kind: also causes (causes/causes.h) */
    bool cause_rounds; /* trace_figures() tells trace_causes_rounds() too */
    bool figures;      /* figures alone, for trace_figures() */
    bool rows;         /* keep the rows of transfers for trace_rows_text(), */
    bool rows_beats;   /* those columns too that come of beats */
    bool lines;        /* keep the log's lines for trace_log_text() */
    trace_log_expected *expected; /* of the log; may be null */
    void *context;                /* its */
    const struct trace_stream_option *streams;
    size_t stream_count;
    struct folder *
        folder; /* the directory, claimed already; null: the trace claims it, if there is any file */
};

struct trace;

/* Opens what the options ask for in directory `dir`, which must exist (null if options->folder is it), and joins the system's
 * probes; between two calls of kernel_advance() at any time. In mid-run units are woken, so that each shows its
 * state from its next cycle on; bursts that were under way and pass in closed form are seen again
 * after their end, and not at all before. DMASIM_OK with *self the caller's; else an error, and no
 * file is left. A stream option whose probe does not exist, or events without a controller that tells
 * any, is DMASIM_INVALID. */
int trace_open(struct trace **self, const struct system *system,
               const struct trace_options *options, const char *dir, struct dmasim_error *error);

/* True once a write has failed (a full disk): a long run may as well stop. */
bool trace_failed(const struct trace *self);

/* Hands on what waits in buffers. */
void trace_flush(struct trace *self);

/* Bytes that were written to its files so far. */
uint64_t trace_bytes(const struct trace *self);

/* Before trace_close(): the run ended with work left, which the log explains. */
void trace_hung(struct trace *self, const char *why);

/* The same of one whose work is done. */
void trace_left(struct trace *self);

/* The run is over at final_time: writes what is left and puts all files in their places. On error
 * none of them appears (save those already renamed, if a rename is what failed). Nothing observes the
 * system any more. The trace lives on for trace_print(). */
int trace_close(struct trace *self, sim_time final_time, struct dmasim_error *error);

/* After trace_close(): the table of headline figures, and of the transfers, if they are few;
 * nothing if neither summary nor statistics was asked for. */
void trace_print(struct trace *self, FILE *to);

/* After trace_close(): tells each row of summary.csv; false if neither summary nor statistics was asked for. */
bool trace_figures(const struct trace *self,
                   void (*row)(void *context, const char *name, const char *value,
                               const char *unit),
                   void *context);

/* After trace_close(), with `rows`: transfers.csv as a text, the trace's. Else null. */
const char *trace_rows_text(const struct trace *self);

/* After trace_close(), with `log` or `lines`: the index-th line of the log; null: there are no more. */
const char *trace_log_text(const struct trace *self, size_t index, enum log_level *level);

/* While it is open: tells each name that trace_figures() may tell, with no values; false as there. */
bool trace_figure_names(struct trace *self,
                        void (*row)(void *context, const char *name, const char *value,
                                    const char *unit),
                        void *context);

/* Removes all files not yet in place (none after trace_close) and frees the trace; null does
 * nothing. The system must still be there, unless it was closed. */
void trace_free(struct trace *self);

/* The run failed: the same as trace_free(). */
static inline void trace_abort(struct trace *self)
{
    trace_free(self);
}

#endif
