/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_job: a transfer, cut into the blocks of a DesignWare AHB DMAC.
 *
 * Source: Linux 6.12 drivers/dma/dw: what dwc_prep_dma_memcpy(), dwc_prep_slave_sg() and
 * dw_dma_prepare_ctllo() compute; the fields are those of controllers/dw_ahb/dw_ahb_fields.h.
 *
 *   extent 0        extent 1             block: at most block_items source items of one extent
 *   [-----|-----|--][-----|--]  ...
 *
 * A block counts items of the source. Memory items are as wide as told, else
 *
 *   memory to memory   as the port's bus and all addresses and lengths let
 *   to a device        as the port's bus, the extent's address and its length let
 *   from a device      min(bus, device item x burst it is configured for), as far as the block's address lets,
 *                      whatever its length, so that suspended the channel keeps no piece of a memory item
 *                      (Linux since d04b21bfa1c5); what is left of a block's end is written in pieces
 *
 * Gather and scatter run on over block borders: their extents end where a jump does.
 *
 * Inaccuracies: Linux leaves the memory side's burst at one item; here it is the job's. Blocks to a device end on
 * whole items of it, and so do those from one on memory items of a width that was told; Linux does not see to that.
 */
#include "host/dw_ahb/dw_ahb_driver.h"

static bool from_device(const struct dw_ahb_job *job)
{
    return job->flow == DW_FC_P2M || job->flow == DW_FC_PERIPHERAL_P2M;
}

static bool to_device(const struct dw_ahb_job *job)
{
    return job->flow == DW_FC_M2P || job->flow == DW_FC_PERIPHERAL_M2P;
}

static uint8_t width_of(uint64_t aligned)
{
    return (uint8_t)__builtin_ctzll(aligned);
}

/* log2 of the widest item that fits all extents. */
static uint8_t widest(const struct dw_ahb_driver *self, const struct dw_ahb_job *job)
{
    uint64_t aligned = self->data_bytes[job->memory_master];
    if (job->list)
        return width_of(aligned);
    aligned |= job->source | job->destination | job->bytes;
    if (job->extents > 1)
        aligned |= job->extent_bytes | job->source_step | job->destination_step;
    return width_of(aligned);
}

static bool told(const struct dw_ahb_job *job)
{
    return job->width != DW_WIDTH_AUTO;
}

void dw_ahb_job_start(const struct dw_ahb_driver *self, struct dw_ahb_job *job)
{
    job->cursor = (struct dw_ahb_cursor){0, 0, 0};
    if (told(job))
        job->auto_width = job->width;
    else if (from_device(job))
        job->auto_width =
            width_of(self->data_bytes[job->memory_master] | job->device_burst << job->device_width);
    else
        job->auto_width = widest(self, job);
}

int dw_ahb_driver_msize(uint32_t items)
{
    if (items == 1)
        return 0;
    if (items < 4 || items > 256 || (items & (items - 1)) != 0)
        return -1;
    return __builtin_ctz(items) - 1;
}

static uint32_t control(const struct dw_ahb_job *job, unsigned memory_width)
{
    bool from = from_device(job), to = to_device(job);
    unsigned source_width = from ? job->device_width : memory_width;
    unsigned destination_width = to ? job->device_width : memory_width;
    uint32_t sms = from ? job->device_master : job->memory_master;
    uint32_t dms = to ? job->device_master : job->memory_master;
    uint32_t value = DW_PUT(destination_width, CTL_LO, DST_TR_WIDTH) |
                     DW_PUT(source_width, CTL_LO, SRC_TR_WIDTH) |
                     DW_PUT(to ? 2u : 0u, CTL_LO, DINC) | DW_PUT(from ? 2u : 0u, CTL_LO, SINC) |
                     DW_PUT(dw_ahb_driver_msize(job->destination_burst), CTL_LO, DEST_MSIZE) |
                     DW_PUT(dw_ahb_driver_msize(job->source_burst), CTL_LO, SRC_MSIZE) |
                     DW_PUT(job->flow, CTL_LO, TT_FC) | DW_PUT(dms, CTL_LO, DMS) |
                     DW_PUT(sms, CTL_LO, SMS) | DW_MASK(CTL_LO, LLP_DST_EN) |
                     DW_MASK(CTL_LO, LLP_SRC_EN);
    if (job->sgr)
        value |= DW_MASK(CTL_LO, SRC_GATHER_EN);
    if (job->dsr)
        value |= DW_MASK(CTL_LO, DST_SCATTER_EN);
    return value;
}

bool dw_ahb_job_next(const struct dw_ahb_driver *self, struct dw_ahb_job *job,
                     struct dw_ahb_block *block)
{
    struct dw_ahb_cursor *at = &job->cursor;
    if (at->extent == job->extents)
        return false;

    const bool from = from_device(job), to = to_device(job);
    const uint32_t offset = (uint32_t)at->offset;
    uint32_t source, destination;
    uint64_t length;
    unsigned width = job->auto_width;
    if (job->list) {
        const struct dw_ahb_extent *extent = &job->list[at->extent];
        source = destination = extent->address + offset;
        length = extent->bytes;
        if (!told(job) && to)
            width = width_of((UINT64_C(1) << width) | extent->address | extent->bytes);
    } else {
        const uint64_t before = at->extent * job->extent_bytes;
        length = job->bytes - before < job->extent_bytes ? job->bytes - before : job->extent_bytes;
        source = job->source + at->extent * job->source_step + offset;
        destination = job->destination + at->extent * job->destination_step + offset;
    }
    if (!told(job) && from)
        width = width_of((UINT64_C(1) << width) | destination);

    uint64_t most = self->queues[job->channel].block_items;
    while (told(job) && from && width > job->device_width &&
           most >> (width - job->device_width) == 0)
        width--; /* the longest block does not fill a wider memory item */
    unsigned source_width = from ? job->device_width : width;
    unsigned destination_width = to ? job->device_width : width;
    uint64_t items = (length - at->offset) >> source_width;
    /* As its own flow controller a peripheral says itself where the block ends. */
    if (items > most && job->flow < DW_FC_PERIPHERAL_P2M)
        items = most;
    /* A block that is not the last of its extent ends on an item of the destination, so that the
     * next one starts on one: a piece written to a device counts as a whole item there. */
    if ((to || told(job)) && destination_width > source_width &&
        items << source_width < length - at->offset)
        items &= ~((UINT64_C(1) << (destination_width - source_width)) - 1);
    uint64_t bytes = items << source_width;

    block->bytes = bytes;
    block->ctl_lo = control(job, width);
    block->ctl_hi = DW_PUT(items < most ? items : most, CTL_HI, BLOCK_TS);
    block->sar = from ? job->device_address : source;
    block->dar = to ? job->device_address : destination;

    at->offset += bytes;
    at->block++;
    if (bytes == 0 || at->offset >= length) {
        at->extent++;
        at->offset = 0;
    }
    block->last = at->extent == job->extents;
    return true;
}

uint32_t dw_ahb_driver_blocks(const struct dw_ahb_driver *self, const struct dw_ahb_job *job,
                              uint32_t most)
{
    struct dw_ahb_job counted = *job;
    struct dw_ahb_block block;
    dw_ahb_job_start(self, &counted);
    while (counted.cursor.block <= most && dw_ahb_job_next(self, &counted, &block)) {
    }
    return counted.cursor.block;
}
