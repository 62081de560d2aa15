/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_vcd: all signals of a system as a Value Change Dump (IEEE 1364-2005, chapter 18), and a
 * GTKWave save file for it.
 *
 * Every probe whose type is not an event and has a field with a width is followed. A SETTLED record
 * of cycle n shows from clock_time(n) on, a REGISTERED record published in step(n) from
 * clock_time(n + 1) on. Only changes are written, and at one time in a fixed order: registered
 * before settled, then by the system's list of probes, then by field. So the file depends on what
 * was published, not on how often a record was repeated nor on the order of steps at one time.
 * Signals are x before their first record. A file may begin in mid-run: its first time is then that of
 * the last step.
 *
 * A view (struct plan_trace) leaves signals out, and times. From the start on all that is left is followed,
 * so that the values at `from` are those of the whole file; up to there nothing is written, and nothing
 * after `to`. A probe of which no signal is left is not observed.
 *
 * The timescale is the largest power of ten (in ps) that divides every clock's period and phase, and the
 * ends of the view; a nanosecond at most where somebody outside tells lines.
 *
 * Not written: EVENT records, but accesses of registers and lines, as texts (vcd_access.c); the clocks themselves, unless asked for (a toggling signal would
 * make the file grow with time instead of with what happens).
 */
#ifndef DMASIM_TRACE_VCD_H
#define DMASIM_TRACE_VCD_H

#include "system.h"
#include "trace/file.h"

struct trace_vcd;

/* Writes the header and joins the probes. `file` is the caller's and must outlive the result. Null
 * on error. The observers stay joined to the probes until they are taken off (probe_leave_all): run no step
 * in between after trace_vcd_free(). */
struct trace_vcd *trace_vcd_open(const struct system *system, struct trace_file *file,
                                 const struct plan_trace *view, struct dmasim_error *error);

/* Writes all that holds up to final_time, and that time. DMASIM_INVALID if a probe ever published a
 * cycle earlier than one that another had already published. */
int trace_vcd_close(struct trace_vcd *self, sim_time final_time, struct dmasim_error *error);

void trace_vcd_free(struct trace_vcd *self);

/* What was written up to now. */
struct trace_vcd_facts {
    sim_time scale_ps; /* the timescale */
    sim_time
        started_ps; /* when a controller first began to work, in the view; SIM_NEVER: it did not */
};
struct trace_vcd_facts trace_vcd_facts(const struct trace_vcd *self);

/* Whether a signal of the probe changed after its first value. Of a controller's state: one that says it works. */
bool trace_vcd_has_moved(const struct trace_vcd *self, const struct probe *probe);

/*
 * The .gtkw beside it in the folder: <stem>.gtkw for <stem>.vcd, and one <stem>.<signal>.txt for each table of
 * names, added to *files. It opens where a controller first begins to work, with some dozens of its cycles. Each bus,
 * then each controller, CPU, master, memory and device is a group, in which each scope below it is one; those in
 * which nothing moved are closed.
 */
int trace_gtkw_write(const struct system *system, struct trace_file **files, struct folder *folder,
                     const char *stem, const struct trace_vcd *vcd, const struct plan_trace *view,
                     sim_time final_time, struct dmasim_error *error);

#endif
