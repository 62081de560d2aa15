/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_causes: what a channel does in a cycle, for whoever asks where time went (plan/cause.h).
 *
 * A port serves its commands in order: it works for the channel of its oldest one, whose data phase, address or request
 * is on the bus. Other channels that have a command there wait for their turn. A channel without a command waits
 * for what keeps dw_ahb_burst() from making one.
 *
 * Inaccuracies: of a channel both of whose sides wait, the destination's wait counts once it has data, else the source's.
 */
#include "controllers/dw_ahb/dw_ahb_state.h"

/* The ports that work for it now, the destination's first. True if one will, once its command opens. */
static bool find_uses(const struct dw_ahb *dma, const struct dw_ahb_channel *ch,
                      struct cause_wait *wait)
{
    const sim_cycle now = dma->unit.clock->next_cycle;
    bool opens = false;
    for (unsigned reads = 0; reads < 2; reads++)
        for (uint32_t i = 0; i < dma->port_count; i++) {
            const struct ahb_master *master = &dma->ports[i].master;
            if (master->count == 0)
                continue;
            const struct dw_ahb_flight *flight =
                &dma->ports[i].flights[master->queue[master->head].tag];
            const bool read = flight->purpose != DMA_DESTINATION;
            if (flight->channel != ch->index || read != (reads == 1) || wait->use_count == 2)
                continue;
            if (master->cursor == 0 && !master->data && master->beat == 0 && master->opens > now)
                opens = true;
            else
                cause_uses(wait, master->bus, 0, master->index,
                           flight->purpose == DMA_DESCRIPTOR || flight->purpose == DMA_WRITEBACK);
        }
    return opens;
}

/* The port is another's. */
static bool taken(const struct dw_ahb *dma, const struct dw_ahb_channel *ch, unsigned port)
{
    const struct dw_ahb_port *self = &dma->ports[port];
    return self->master.count > 0 || (self->locked_by >= 0 && self->locked_by != (int8_t)ch->index);
}

static bool unasked(const struct dw_ahb_side *side)
{
    return side->peripheral && !side->open;
}

/* Of a block that is being moved, and of which no burst is. */
static enum cause_kind between_bursts(const struct dw_ahb *dma, const struct dw_ahb_channel *ch)
{
    const struct dw_ahb_side *source = &ch->side[DW_SOURCE],
                             *destination = &ch->side[DW_DESTINATION];
    const sim_cycle now = dma->unit.clock->next_cycle;
    const bool all_read = dw_ahb_items_left(ch, DW_SOURCE) == 0;
    const bool data = ch->pushed != ch->claimed;
    if (dw_ahb_suspended(dma, ch))
        return CAUSE_CPU;
    if (unasked(destination) && (data || all_read))
        return CAUSE_PERIPHERAL;
    if (unasked(source) && !all_read)
        return CAUSE_PERIPHERAL;
    if ((source->open && source->peripheral && now <= source->ready_at) ||
        (destination->open && destination->peripheral && now <= destination->ready_at))
        return CAUSE_LATENCY;
    const bool waits = data ? taken(dma, ch, destination->port) : taken(dma, ch, source->port);
    return waits ? CAUSE_TURN : CAUSE_LATENCY;
}

static enum cause_kind reason(const struct dw_ahb *dma, const struct dw_ahb_channel *ch)
{
    if (ch->commands)
        return CAUSE_TURN;
    switch (ch->state) {
    case DW_STALL:
        return CAUSE_CPU;
    case DW_FETCH:
    case DW_WRITEBACK:
        return taken(dma, ch, ch->item_port) ? CAUSE_TURN : CAUSE_LATENCY;
    case DW_SSTATUS:
        return taken(dma, ch, ch->side[DW_SOURCE].port) ? CAUSE_TURN : CAUSE_LATENCY;
    case DW_DSTATUS:
        return taken(dma, ch, ch->side[DW_DESTINATION].port) ? CAUSE_TURN : CAUSE_LATENCY;
    case DW_TRANSFER:
        return between_bursts(dma, ch);
    default:
        return CAUSE_LATENCY;
    }
}

bool dw_ahb_does(const struct component *self, uint32_t channel, struct cause_wait *wait)
{
    const struct dw_ahb *dma = self->instance;
    *wait = (struct cause_wait){.reason = CAUSE_LATENCY, .elsewhere = CAUSE_FIFO};
    if (channel >= dma->config.channels)
        return false;
    const struct dw_ahb_channel *ch = &dma->channels[channel];
    if (ch->state == DW_DISABLED)
        return true;
    wait->active = true;
    const bool opens = find_uses(dma, ch, wait);
    if (opens && wait->use_count == 0)
        wait->elsewhere = CAUSE_LATENCY;
    else if (wait->use_count == 0)
        wait->reason = wait->elsewhere = (uint8_t)reason(dma, ch);
    return true;
}
