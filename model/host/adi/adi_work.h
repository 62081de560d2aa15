/* SPDX-License-Identifier: BSD-2-Clause */
/* adi_work: what the files of adi_work share: how a call becomes segments, and its checks. */
#ifndef DMASIM_ADI_WORK_H
#define DMASIM_ADI_WORK_H

#include "host/adi/adi_driver.h"
#include "host/work/work.h"

#define ADI_SEGMENTS_MAX 65536u

/* What a call moves, before it is cut. */
struct adi_extent {
    uint64_t source, destination;
    uint64_t bytes, rows;
    uint64_t piece; /* bytes; 0: as long as can be */
    uint64_t source_stride, destination_stride;
};

/* The longest transfer, bytes. */
uint64_t adi_work_longest(const struct adi_dmac_config *config);

/* The index-th extent of an entry; false if there are no more. */
bool adi_work_extent(const struct component *work, uint32_t index, struct adi_extent *extent);

/* Cuts an extent; the number of segments. `segments` may be null: only counts. */
uint64_t adi_work_cut(const struct adi_dmac_config *config, const struct adi_extent *extent,
                      struct adi_segment *segments);

/* Segments of an entry; stops to count beyond ADI_SEGMENTS_MAX. */
uint64_t adi_work_segments(const struct component *work, const struct adi_dmac_config *config);

extern const struct work_driver adi_work_driver;

/* work_driver.check */
void adi_work_check(const struct plan *plan, const struct component *work,
                    const struct component *controller, struct check *check);

#endif
