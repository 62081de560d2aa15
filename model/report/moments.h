/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * moments: reads a VCD once for what is worth a look in it, and for the levels of FIFOs.
 *
 * The first error: HRESP is ERROR, or RRESP or BRESP is SLVERR or DECERR while its VALID is high.
 * The first loss: `overruns` or `underruns` goes up, or fifo_wr_overflow is high.
 * The longest stall: HBUSREQ high and HGRANT low, HREADY (or READY of an ISA bus) low, or VALID high and READY low.
 */
#ifndef DMASIM_REPORT_MOMENTS_H
#define DMASIM_REPORT_MOMENTS_H

#include "reading/vcd.h"
#include "report/bins.h"
#include "report/run.h"

#define REPORT_LEVELS_MAX 128u

struct report_moments {
    struct report_moment error, loss, stall;
    struct report_bins levels;
    char *level_names[REPORT_LEVELS_MAX]; /* of each series */
    uint64_t step_ps; /* the least time between two steps; 0: there are no two */
};

void report_moments_free(struct report_moments *self);

/* A path in full, to be freed; null if memory is short. */
char *report_path(const struct paths *paths, uint32_t name);

/* A time of the file in ps. */
uint64_t report_ps(const struct vcd *vcd, uint64_t time);

/* Reads an opened VCD to its end. False after a fault, which is the VCD's, or if memory is short. */
bool report_moments_read(struct report_moments *self, struct vcd *vcd);

#endif
