/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_earliest: when the interrupt output may change next, without having it stepped.
 *
 *   row     | f         | f+1       | ...       | f + n - 1
 *   beats     the next                            the last of the block: its interrupt rises here at the earliest
 *
 * A channel that copies within memories that answer everything with OKAY raises nothing before the end of its
 * block. Each beat that is left, of both sides if they are on one bus, takes a row at least.
 */
#include "controllers/dw_ahb/dw_ahb_state.h"

static bool unmasked(const struct dw_ahb *dma, const struct dw_ahb_channel *ch, unsigned which)
{
    return dma->registers[which][0] >> ch->index & 1;
}

static uint32_t beats_of(const struct dw_ahb_side *side, uint32_t bytes)
{
    return (bytes >> side->hsize) + ((bytes & ((UINT32_C(1) << side->hsize) - 1)) != 0);
}

/* Rows up to that of the last beat of the channel's block, at the least; 0: any row may end in an interrupt. */
static uint64_t rows_left(const struct dw_ahb *dma, const struct dw_ahb_channel *ch)
{
    const struct dw_ahb_side *source = &ch->side[DW_SOURCE];
    const struct dw_ahb_side *destination = &ch->side[DW_DESTINATION];
    if (!dw_ahb_copies(dma, ch) || unmasked(dma, ch, DW_MASK_SRC_TRAN) ||
        unmasked(dma, ch, DW_MASK_DST_TRAN))
        return 0;
    const bool shared =
        dma->ports[source->port].master.bus == dma->ports[destination->port].master.bus;
    return beats_of(destination, ch->block_bytes - ch->popped) +
           (shared ? (uint64_t)beats_of(source, ch->block_bytes - ch->pushed) : 0);
}

sim_time dw_ahb_earliest(const struct component *component)
{
    const struct dw_ahb *dma = component->instance;
    const struct clock *clock = dma->unit.clock;
    const sim_time next = kernel_next(dma->kernel);
    if (!dma->active)
        return unit_asleep(&dma->unit) ? SIM_NEVER : next;
    if (dma->switching_off || dma->acknowledged ||
        (dma->interrupt.value != 0) != dw_ahb_interrupt_level(dma))
        return next;
    const sim_cycle first = clock_edge_after(clock, dma->kernel->now);
    uint64_t behind = 0, least = UINT64_MAX;
    for (uint32_t i = 0; i < dma->port_count; i++)
        behind += first ? ahb_master_behind(&dma->ports[i].master, first - 1) : 0;
    for (unsigned on = dma->active; on; on &= on - 1) {
        const uint64_t rows = rows_left(dma, &dma->channels[__builtin_ctz(on)]);
        least = rows < least ? rows : least;
    }
    if (least <= behind)
        return next;
    const sim_time ended = clock_time(clock, first + least - behind - 1);
    return ended > next ? ended : next;
}
