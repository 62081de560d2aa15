/* SPDX-License-Identifier: BSD-2-Clause */
/* dw_ahb_waits: what failed, what a DesignWare AHB DMAC waits for when a run ends with work left, and why an event does not interrupt. */
#include <inttypes.h>

#include "controllers/dw_ahb/dw_ahb_rules.h"

static const char *const purpose_names[DMA_PURPOSES] = {
    "reading the source", "writing the destination", "reading a list item",
    "writing back to a list item"};

void dw_ahb_log_failure(const struct dw_ahb *dma, const struct dw_ahb_channel *ch,
                        enum dma_purpose purpose, uint32_t address)
{
    if (!log_wanted(&dma->unit))
        return;
    const struct ahb_bus *bus = dma->ports[0].master.bus;
    const char *doing = ch->state == DW_SSTATUS   ? "reading SSTAT (SSTATAR)"
                        : ch->state == DW_DSTATUS ? "reading DSTAT (DSTATAR)"
                                                  : purpose_names[purpose];
    char item[32];
    dw_ahb_where(ch, item);
    log_say(&dma->unit, &(struct log_line){.level = LOG_ERROR, .kind = LOG_BUS, .of = bus->name},
            "%s: channel %u got ERROR at 0x%08x while %s%s, after %" PRIu64
            " bytes: it is switched off, RAW_ERR has bit %u",
            dma->name, ch->index, address, doing, purpose == DMA_DESCRIPTOR ? "" : item,
            ch->moved + ch->popped, ch->index);
}

/* ---- what waits ------------------------------------------------------------------------------ */

static void say_side(struct log_text *text, const struct dw_ahb *dma,
                     const struct dw_ahb_channel *ch, enum dw_ahb_end end)
{
    static const char *const names[DW_ENDS] = {"source", "destination"};
    static const char *const requests[DW_ENDS] = {"REQ_SRC", "REQ_DST"};
    const struct dw_ahb_side *side = &ch->side[end];
    if (!side->peripheral || side->open || dw_ahb_items_left(ch, end) == 0)
        return;
    if (side->software)
        log_add(text, "; the %s waits for a software request (%s)", names[end], requests[end]);
    else if (side->line >= dma->config.request_lines || !dma->lines[side->line].acknowledge.reader)
        log_add(text, "; the %s waits for request line %u, at which there is no device", names[end],
                side->line);
    else
        log_add(text, "; the %s waits for a request of %s on line %u", names[end],
                dma->lines[side->line].acknowledge.reader->name, side->line);
}

static void say_channel(struct log_text *text, const struct dw_ahb *dma,
                        const struct dw_ahb_channel *ch)
{
    static const char *const states[DW_STATES] = {
        [DW_ENABLE] = "is about to start",
        [DW_FETCH] = "reads a list item",
        [DW_TRANSFER] = "moves a block",
        [DW_SSTATUS] = "reads SSTAT",
        [DW_DSTATUS] = "reads DSTAT",
        [DW_WRITEBACK] = "writes a list item back",
        [DW_DRAIN] = "is being switched off",
        [DW_STALL] = "stalls before a reloaded block until RAW_BLOCK is cleared",
    };
    log_add(text, "channel %u %s, %" PRIu64 " bytes moved", ch->index, states[ch->state],
            ch->moved + ch->popped);
    if (ch->state == DW_TRANSFER && ch->length_known)
        log_add(text, ", %u of %u items of the block taken",
                ch->pushed >> ch->side[DW_SOURCE].hsize,
                ch->block_bytes >> ch->side[DW_SOURCE].hsize);
    if (ch->loops)
        log_add(text, "; its list loops (item 0x%08x), %" PRIu64 " items so far", ch->item,
                ch->items);
    if (dw_ahb_suspended(dma, ch))
        log_add(text, "; CFG_LO.CH_SUSP is 1: it takes nothing from the source");
    if (dw_ahb_channel_register(dma, ch, DW_CFG_LO) &
        (DW_MASK(CFG_LO, RELOAD_SRC) | DW_MASK(CFG_LO, RELOAD_DST)))
        log_add(text, "; RELOAD is set: it goes on until that is cleared");
    if (ch->state != DW_TRANSFER)
        return;
    say_side(text, dma, ch, DW_SOURCE);
    say_side(text, dma, ch, DW_DESTINATION);
}

static const char *const left_off[] = {
    [DW_LEFT_DEAF] = "set bits without their write enables, 8 bits above",
    [DW_LEFT_NOTHING] = "had no write enable",
    [DW_LEFT_ABSENT] = "was for a channel that is not there",
    [DW_LEFT_CONTROLLER] = "came while DMA_CFG.DMA_EN was 0",
    [DW_LEFT_STOPPED] = "switched a channel off in the middle of its transfer",
    [DW_LEFT_ALL] = "switched all channels off in the middle of their transfers",
};

/* Why events that happened do not interrupt, or that none has happened. */
static bool say_events(struct log_text *text, const struct dw_ahb *dma, uint32_t index)
{
    const struct clock *clock = dma->unit.clock;
    uint32_t raised = 0;
    for (unsigned event = 0; event < DW_EVENTS; event++)
        for (uint32_t left = dma->registers[DW_RAW_TFR + event][0]; left; left &= left - 1) {
            const unsigned n = (unsigned)__builtin_ctz(left);
            raised++;
            if ((event != DW_TFR && event != DW_ERR) ||
                dw_ahb_event_bits(dma, (enum dw_ahb_event)event) >> n & 1 || index-- > 0)
                continue;
            log_add(text, "RAW_%s has bit %u, but does not interrupt:", dw_ahb_event_names[event],
                    n);
            if (!(dma->registers[DW_MASK_TFR + event][0] >> n & 1))
                log_add(text, " MASK_%s bit %u is 0 (masked)", dw_ahb_event_names[event], n);
            if (!(dma->visible[event] >> n & 1))
                log_add(text, "%s CH%u_CTL_LO.INT_EN was 0 in its block",
                        dma->registers[DW_MASK_TFR + event][0] >> n & 1 ? "" : ",", n);
            return true;
        }
    if (index > 0 || dma->active || raised)
        return false;
    log_add(text, "no channel is enabled and no event has happened");
    if (!(dma->registers[DW_DMA_CFG][0] & 1))
        log_add(text, "; DMA_CFG.DMA_EN is 0");
    if (dma->left.why)
        log_add(text, "; %s = 0x%x in cycle %" PRIu64 " %s",
                dma->left.why == DW_LEFT_ALL ? "DMA_CFG" : "CH_EN", dma->left.value,
                (dma->left.ps - clock->phase_ps) / clock->period_ps, left_off[dma->left.why]);
    return true;
}

bool dw_ahb_waits(const struct component *component, uint32_t index, struct log_text *text)
{
    const struct dw_ahb *dma = component->instance;
    for (unsigned left = dma->active; left; left &= left - 1)
        if (index-- == 0) {
            say_channel(text, dma, &dma->channels[__builtin_ctz(left)]);
            return true;
        }
    return say_events(text, dma, index);
}
