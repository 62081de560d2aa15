/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_work_segments: how a call on an ADI AXI DMAC becomes transfers; see adi_work.c.
 *
 * n bytes are the fewest pieces of equal length, rounded up to whole bursts of
 * MAX_BYTES_PER_BURST, and the rest. Linux rounds up to a beat; pieces that start off a burst would cross
 * 4 KiB. Linux's driver has no memcpy (its interleaved call with one frame is that).
 */
#include "host/adi/adi_work.h"

uint64_t adi_work_longest(const struct adi_dmac_config *config)
{
    return UINT64_C(1) << config->length_width_bits;
}

static uint64_t piece_bytes(const struct adi_dmac_config *config, uint64_t bytes)
{
    const uint64_t most = adi_work_longest(config), burst = config->max_bytes_per_burst;
    const uint64_t pieces = (bytes + most - 1) / most;
    const uint64_t piece = (bytes + pieces - 1) / pieces;
    return burst <= most ? (piece + burst - 1) / burst * burst : most;
}

uint64_t adi_work_cut(const struct adi_dmac_config *config, const struct adi_extent *extent,
                      struct adi_segment *segments)
{
    const uint64_t piece = extent->rows > 1 ? extent->bytes
                           : extent->piece  ? extent->piece
                                            : piece_bytes(config, extent->bytes);
    const uint64_t count = (extent->bytes + piece - 1) / piece;
    for (uint64_t i = 0; i < count && segments; i++) {
        const uint64_t offset = i * piece, left = extent->bytes - offset;
        segments[i] = (struct adi_segment){
            .source = (uint32_t)(extent->source + offset),
            .destination = (uint32_t)(extent->destination + offset),
            .bytes = (uint32_t)(left < piece ? left : piece),
            .rows = (uint32_t)extent->rows,
            .source_stride = (uint32_t)extent->source_stride,
            .destination_stride = (uint32_t)extent->destination_stride,
        };
    }
    return count;
}

bool adi_work_extent(const struct component *work, uint32_t index, struct adi_extent *extent)
{
    *extent = (struct adi_extent){.rows = 1};
    if (work->type == &slave_sg_type) {
        const struct slave_sg_config *config = work->config;
        const struct work_segment *segments = config->segments.items;
        if (index >= config->segments.count)
            return false;
        extent->source = extent->destination = segments[index].address;
        extent->bytes = segments[index].bytes;
        return true;
    }
    if (work->type == &cyclic_type) {
        const struct cyclic_config *config = work->config;
        extent->source = extent->destination = config->buffer + index * config->period_bytes;
        extent->bytes = config->period_bytes;
        return (index + 1) * config->period_bytes <= config->bytes;
    }
    if (work->type == &memcpy_type) {
        const struct memcpy_config *config = work->config;
        extent->source = config->from;
        extent->destination = config->to;
        extent->bytes = config->bytes;
        extent->piece = config->common.mode == WORK_LINKED_LIST ? config->segment_bytes : 0;
        return index == 0;
    }
    const struct interleaved_config *config = work->config;
    extent->source = config->from;
    extent->destination = config->to;
    extent->bytes = config->chunk_bytes;
    if (config->source_gap || config->destination_gap) {
        extent->rows = config->frames;
        extent->source_stride = config->chunk_bytes + config->source_gap;
        extent->destination_stride = config->chunk_bytes + config->destination_gap;
    } else {
        extent->bytes *= config->frames;
    }
    return index == 0;
}

uint64_t adi_work_segments(const struct component *work, const struct adi_dmac_config *config)
{
    uint64_t count = 0;
    struct adi_extent extent;
    for (uint32_t i = 0; count <= ADI_SEGMENTS_MAX && adi_work_extent(work, i, &extent); i++)
        count += adi_work_cut(config, &extent, NULL);
    return count;
}
