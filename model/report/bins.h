/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bins: what went on over time, in a few hundred stretches of equal length, however long it was. When time goes
 * beyond the last bin two of each become one. A bin has the least, the most and the mean over time of what held in
 * it, so that no extreme is lost.
 */
#ifndef DMASIM_REPORT_BINS_H
#define DMASIM_REPORT_BINS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define REPORT_BINS 512u

struct report_bin {
    double sum; /* of value * ps */
    double low, high;
    bool any;
};

struct report_series {
    struct report_bin bins[REPORT_BINS];
};

/* All series of one have the same bins. */
struct report_bins {
    uint64_t width_ps; /* of a bin */
    uint64_t end_ps;   /* of the last stretch that was added */
    struct report_series **series;
    size_t count, room;
};

void report_bins_start(struct report_bins *self);
void report_bins_free(struct report_bins *self);

/* A new series; its index, or SIZE_MAX if memory is short. */
size_t report_bins_new(struct report_bins *self);

/* From `from_ps` to `to_ps` the value held. Stretches of one series may overlap: sums add up. */
void report_bins_add(struct report_bins *self, size_t series, uint64_t from_ps, uint64_t to_ps,
                     double value);

enum report_bin_part { REPORT_BIN_MEAN, REPORT_BIN_LOW, REPORT_BIN_HIGH };

/* A JSON list of a part of each bin up to the end; null where nothing held. */
void report_bins_print(const struct report_bins *self, size_t series, enum report_bin_part part,
                       FILE *out);

#endif
