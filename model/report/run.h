/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run: what a folder of results says, as the data of a report.
 *
 *     summary.csv    figures, causes among them; the clocks of the buses
 *     transfers.csv  transfers.c: timeline, distribution of latencies
 *     bus.csv, beats.csv   occupancy.c: who was on each bus, and when; the longest wait
 *     trace.vcd      waves.c: levels of FIFOs; waveforms around what is worth a look
 *
 * A file that is not there leaves its part out, and the report says so. Long runs are thinned: time goes into bins
 * (bins.h), of transfers the extremes stay, of a trace a few windows.
 */
#ifndef DMASIM_REPORT_RUN_H
#define DMASIM_REPORT_RUN_H

#include <stdbool.h>
#include <stdio.h>

#include "dmasim/dmasim.h"
#include "reading/csv.h"

/* A stretch of time that is worth a look. */
struct report_moment {
    bool there;
    uint64_t from_ps, to_ps;
    char scope[200]; /* of the signals to show: a bus, or BUS.MASTER */
    char text[300];
};

/* A table of the folder, its header read. Null without an error if there is no such file; else *error is filled. */
struct csv *report_open(const char *folder, const char *name, struct dmasim_error *error);

/* Finds columns by name; false with *error filled if one is missing. */
bool report_columns(const struct csv *csv, const char *table, const char *const *names,
                    size_t count, size_t *columns, struct dmasim_error *error);

/* Closes the table; false with *error filled if it could not be read to the end. */
bool report_close(struct csv *csv, const char *table, struct dmasim_error *error);

bool report_transfers(const char *folder, FILE *out, struct dmasim_error *error);
bool report_occupancy(const char *folder, FILE *out, struct report_moment *stall,
                      struct dmasim_error *error);
/* `stall`: the longest wait that the tables know of. `period_ps`: of the fastest clock; 0: unknown. */
bool report_waves(const char *folder, FILE *out, const struct report_moment *stall,
                  uint64_t period_ps, struct dmasim_error *error);

/* Writes the data as JSON. False with *error filled. */
bool report_run(const char *folder, FILE *out, struct dmasim_error *error);

#endif
