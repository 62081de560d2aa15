/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_channel: the life of a channel from CH_EN to the end of its transfer; see dw_ahb.c.
 *
 *   DISABLED --CH_EN--> ENABLE --+--> FETCH --+--> TRANSFER --> [SSTATUS] --> [DSTATUS]
 *       ^                        |            |        ^                          |
 *       |                        +---- no list ---------                    [WRITEBACK]
 *       |                                                                         |
 *       +-- last block: TFR <---- block done: BLOCK ------------------------------+
 *       |                            |
 *       |                            +--> [STALL] --> FETCH (list) or TRANSFER (reload)
 *       +-- DRAIN <-- CH_EN or DMA_EN written 0, ERROR (ERR)
 *
 * What comes after a block follows from LLP and CTL as they are then, per side:
 *   LLP.LOC not 0 and LLP_x_EN   the address in the next list item
 *   else RELOAD_x                the address this block started with
 *   else                         the address behind this block (contiguous)
 * A list item is read if LLP.LOC is not 0 and one side at least has LLP_x_EN; without list and
 * reload the block was the last.
 *
 * Before a reloaded block the channel stalls if BLOCK of this channel can interrupt (MASK and
 * INT_EN), until software clears RAW.BLOCK, so that it may end the sequence by clearing the RELOAD
 * bits: the block after the stall is then the last.
 */
#include "controllers/dw_ahb/dw_ahb_state.h"

static uint32_t bit(const struct dw_ahb_channel *ch)
{
    return UINT32_C(1) << ch->index;
}

void dw_ahb_raise(struct dw_ahb *dma, struct dw_ahb_channel *ch, enum dw_ahb_event event)
{
    dw_ahb_check_event(dma, ch, event);
    dma->registers[DW_RAW_TFR + event][0] |= bit(ch);
    if (dw_ahb_channel_register(dma, ch, DW_CTL_LO) & DW_MASK(CTL_LO, INT_EN))
        dma->visible[event] |= (uint8_t)bit(ch);
}

/* Does this side's next address come from the list? */
static bool side_listed(const struct dw_ahb *dma, const struct dw_ahb_channel *ch,
                        enum dw_ahb_end end)
{
    uint32_t ctl = dw_ahb_channel_register(dma, ch, DW_CTL_LO);
    return (ctl & (end == DW_SOURCE ? DW_MASK(CTL_LO, LLP_SRC_EN) : DW_MASK(CTL_LO, LLP_DST_EN))) &&
           (dw_ahb_channel_register(dma, ch, DW_LLP) & DW_MASK(LLP, LOC));
}

static bool listed(const struct dw_ahb *dma, const struct dw_ahb_channel *ch)
{
    return side_listed(dma, ch, DW_SOURCE) || side_listed(dma, ch, DW_DESTINATION);
}

static unsigned list_port(const struct dw_ahb *dma, uint32_t llp)
{
    unsigned port = DW_GET(llp, LLP, LMS);
    return port < dma->port_count ? port : 0;
}

static void start_fetch(struct dw_ahb *dma, struct dw_ahb_channel *ch)
{
    uint32_t llp = dw_ahb_channel_register(dma, ch, DW_LLP);
    ch->item = llp & DW_MASK(LLP, LOC);
    dw_ahb_check_item(dma, ch);
    ch->item_port = (uint8_t)list_port(dma, llp);
    ch->asked = false;
    ch->state = DW_FETCH;
}

/* A block without items lasts a cycle, so that a reloaded one takes time. */
static void start_block(struct dw_ahb *dma, struct dw_ahb_channel *ch, sim_cycle now)
{
    ch->ready_at = now + 1;
    ch->moved += ch->popped;
    dma->registers[DW_CTL_HI][ch->index] &= ~DW_MASK(CTL_HI, DONE);
    dw_ahb_block_start(dma, ch);
    dw_ahb_check_block(dma, ch);
    ch->state = DW_TRANSFER;
}

static void start_next(struct dw_ahb *dma, struct dw_ahb_channel *ch, sim_cycle now)
{
    for (unsigned end = 0; end < DW_ENDS; end++) {
        struct dw_ahb_side *side = &ch->side[end];
        if (ch->reload[end])
            side->next = side->current = side->start;
    }
    if (listed(dma, ch))
        start_fetch(dma, ch);
    else
        start_block(dma, ch, now);
}

void dw_ahb_channel_enable(struct dw_ahb *dma, struct dw_ahb_channel *ch, sim_cycle now)
{
    ch->state = DW_ENABLE;
    ch->ready_at = now + dma->config.enable_cycles - 1;
    ch->failed = ch->from_list = false;
    ch->reload[DW_SOURCE] = ch->reload[DW_DESTINATION] = false;
    ch->commands = 0;
    ch->commanded = ch->pushed = ch->claimed = ch->popped = 0;
    ch->ran = true;
    ch->enabled_ps = dma->kernel->now;
    ch->moved = ch->items = 0;
    ch->loops = ch->loop_told = false;
    dw_ahb_check_enable(dma, ch);
    round_mark(&dma->unit);
    for (unsigned end = 0; end < DW_ENDS; end++) {
        struct dw_ahb_side *side = &ch->side[end];
        side->start = side->next = side->current = dma->registers[DW_SAR + end][ch->index];
        side->open = false;
        side->flying = 0;
    }
    dma->active |= (uint8_t)bit(ch);
    dma->block_heard &= (uint8_t)~bit(ch);
    dma->block_heard |= (uint8_t)(dma->registers[DW_MASK_BLOCK][0] & bit(ch));
    kernel_hold(dma->kernel);
}

/* The channel is done, whatever the reason. What is left in the FIFO is lost. */
static void switch_off(struct dw_ahb *dma, struct dw_ahb_channel *ch, const char *status)
{
    dw_ahb_publish_transfer(dma, ch, status);
    for (unsigned end = 0; end < DW_ENDS; end++)
        dma->registers[DW_SAR + end][ch->index] = ch->side[end].current;
    for (unsigned which = DW_REQ_SRC; which <= DW_LST_DST; which++)
        dma->registers[which][0] &= ~bit(ch);
    ch->popped = ch->claimed = ch->commanded = ch->pushed;
    ch->side[DW_SOURCE].open = ch->side[DW_DESTINATION].open = false;
    ch->state = DW_DISABLED;
    dma->active &= (uint8_t)~bit(ch);
    if (!dma->active)
        dma->switching_off = false;
    dw_ahb_unlock(dma, ch, DW_LOCK_TRANSFER);
    kernel_release(dma->kernel);
}

static void drained(struct dw_ahb *dma, struct dw_ahb_channel *ch)
{
    if (ch->failed)
        dw_ahb_raise(dma, ch, DW_ERR);
    switch_off(dma, ch, ch->failed ? "error" : "stopped");
}

void dw_ahb_channel_stop(struct dw_ahb *dma, struct dw_ahb_channel *ch)
{
    ch->state = DW_DRAIN;
    if (ch->commands == 0)
        drained(dma, ch);
}

void dw_ahb_channel_fail(struct dw_ahb_channel *ch)
{
    ch->failed = true;
    ch->state = DW_DRAIN;
}

/* Lays a list item that was read into the registers. */
static void take_item(struct dw_ahb *dma, struct dw_ahb_channel *ch)
{
    enum { SAR, DAR, LLP, CTL_LO, CTL_HI, SSTAT, DSTAT };
    uint32_t(*reg)[DW_CHANNELS_MAX] = dma->registers;
    const struct register_entry *entries = dw_ahb_registers.entries;
    for (unsigned end = 0; end < DW_ENDS; end++) {
        struct dw_ahb_side *side = &ch->side[end];
        if (side_listed(dma, ch, (enum dw_ahb_end)end))
            side->start = side->next = side->current = ch->words[SAR + end];
    }
    dw_ahb_check_fetched(dma, ch);
    reg[DW_LLP][ch->index] = ch->words[LLP];
    reg[DW_CTL_LO][ch->index] = (uint32_t)register_write(
        &entries[DW_CTL_LO], reg[DW_CTL_LO][ch->index], ch->words[CTL_LO], 0xf);
    reg[DW_CTL_HI][ch->index] = ch->words[CTL_HI] & dma->config.max_block_items;
    if (reg[DW_CFG_HI][ch->index] & (DW_MASK(CFG_HI, SS_UPD_EN) | DW_MASK(CFG_HI, DS_UPD_EN))) {
        reg[DW_SSTAT][ch->index] = ch->words[SSTAT];
        reg[DW_DSTAT][ch->index] = ch->words[DSTAT];
    }
    ch->from_list = true;
}

/* The block is moved, and whatever had to be written back is. */
static void block_done(struct dw_ahb *dma, struct dw_ahb_channel *ch, sim_cycle now)
{
    dw_ahb_raise(dma, ch, DW_BLOCK);
    dw_ahb_unlock(dma, ch, DW_LOCK_BLOCK);

    uint32_t cfg = dw_ahb_channel_register(dma, ch, DW_CFG_LO);
    ch->reload[DW_SOURCE] = (cfg & DW_MASK(CFG_LO, RELOAD_SRC)) && !side_listed(dma, ch, DW_SOURCE);
    ch->reload[DW_DESTINATION] =
        (cfg & DW_MASK(CFG_LO, RELOAD_DST)) && !side_listed(dma, ch, DW_DESTINATION);
    bool reloads = ch->reload[DW_SOURCE] || ch->reload[DW_DESTINATION];
    if (!reloads && !listed(dma, ch)) {
        dw_ahb_raise(dma, ch, DW_TFR);
        switch_off(dma, ch, "complete");
    } else if (reloads && (dma->visible[DW_BLOCK] & dma->registers[DW_MASK_BLOCK][0] & bit(ch))) {
        ch->state = DW_STALL;
    } else {
        start_next(dma, ch, now);
    }
}

/* After the block, and after each thing to do before it counts as done. */
static void wind_up(struct dw_ahb *dma, struct dw_ahb_channel *ch, sim_cycle now)
{
    uint32_t cfg = dw_ahb_channel_register(dma, ch, DW_CFG_HI);
    ch->asked = false;
    switch (ch->state) {
    case DW_TRANSFER:
        dma->registers[DW_CTL_HI][ch->index] |= DW_MASK(CTL_HI, DONE);
        if (cfg & DW_MASK(CFG_HI, SS_UPD_EN)) {
            ch->state = DW_SSTATUS;
            return;
        }
        /* fall through */
    case DW_SSTATUS:
        if (cfg & DW_MASK(CFG_HI, DS_UPD_EN)) {
            ch->state = DW_DSTATUS;
            return;
        }
        /* fall through */
    case DW_DSTATUS:
        ch->todo = 0;
        if (ch->from_list && dma->config.write_back)
            ch->todo |= 1;
        if (ch->from_list && (cfg & DW_MASK(CFG_HI, SS_UPD_EN)))
            ch->todo |= 2;
        if (ch->from_list && (cfg & DW_MASK(CFG_HI, DS_UPD_EN)))
            ch->todo |= 4;
        if (ch->todo) {
            ch->words[4] = DW_MASK(CTL_HI, DONE) | ((ch->pushed >> ch->side[DW_SOURCE].hsize) &
                                                    dma->config.max_block_items);
            ch->words[5] = dw_ahb_channel_register(dma, ch, DW_SSTAT);
            ch->words[6] = dw_ahb_channel_register(dma, ch, DW_DSTAT);
            ch->state = DW_WRITEBACK;
            return;
        }
        /* fall through */
    default:
        block_done(dma, ch, now);
    }
}

void dw_ahb_channel_advance(struct dw_ahb *dma, struct dw_ahb_channel *ch, sim_cycle now)
{
    for (;;) {
        switch (ch->state) {
        case DW_ENABLE:
            if (now < ch->ready_at)
                return;
            start_next(dma, ch, now);
            break;
        case DW_FETCH:
            if (!ch->asked || ch->commands)
                return;
            take_item(dma, ch);
            start_block(dma, ch, now);
            break;
        case DW_TRANSFER:
            if (now < ch->ready_at && ch->length_known && ch->block_bytes == 0)
                return;
            if (!dw_ahb_block_advance(dma, ch, now))
                return;
            wind_up(dma, ch, now);
            break;
        case DW_SSTATUS:
        case DW_DSTATUS:
            if (!ch->asked || ch->commands)
                return;
            dma->registers[ch->state == DW_SSTATUS ? DW_SSTAT : DW_DSTAT][ch->index] = ch->words[0];
            wind_up(dma, ch, now);
            break;
        case DW_WRITEBACK:
            if (ch->todo || ch->commands)
                return;
            wind_up(dma, ch, now);
            break;
        case DW_STALL:
            if (dma->registers[DW_RAW_BLOCK][0] & bit(ch))
                return;
            start_next(dma, ch, now);
            break;
        case DW_DRAIN:
            if (ch->commands)
                return;
            drained(dma, ch);
            return;
        default:
            return;
        }
    }
}
