/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_access: what reading and writing a register does; see dw_ahb.c.
 *
 * Policy (byte lanes, write enables, reserved bits) is register.h's and the table's; here are side
 * effects and the registers that are not stored as written:
 *
 *   SAR, DAR        while the channel works: the next item not yet moved
 *   CTL_HI          BLOCK_TS: once enabled, items taken from the source in this block
 *   CFG_LO          FIFO_EMPTY
 *   STATUS_x        RAW_x & MASK_x, of events raised in a block with INT_EN
 *   CH_EN, DMA_CFG  what still works
 *
 * Registers of a channel that works keep their value, but for CFG_LO's CH_SUSP and RELOAD bits.
 */
#include "controllers/dw_ahb/dw_ahb_state.h"

uint32_t dw_ahb_event_bits(const struct dw_ahb *dma, enum dw_ahb_event event)
{
    return dma->registers[DW_RAW_TFR + event][0] & dma->registers[DW_MASK_TFR + event][0] &
           dma->visible[event];
}

bool dw_ahb_interrupt_level(const struct dw_ahb *dma)
{
    for (unsigned event = 0; event < DW_EVENTS; event++)
        if (dw_ahb_event_bits(dma, event))
            return true;
    return false;
}

static void sort_channels(struct dw_ahb *dma)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < dma->config.channels; i++) {
        uint32_t priority = DW_GET(dma->registers[DW_CFG_LO][i], CFG_LO, CH_PRIOR);
        uint32_t at = count++;
        for (; at > 0; at--) {
            uint8_t other = dma->order[at - 1];
            if (DW_GET(dma->registers[DW_CFG_LO][other], CFG_LO, CH_PRIOR) >= priority)
                break;
            dma->order[at] = other;
        }
        dma->order[at] = (uint8_t)i;
    }
}

/* log2 of (n + 1) / 4, for n = 3, 7 ... 4095: how MAX_BLK_SIZE states block sizes. */
static uint32_t block_code(uint32_t items)
{
    return (uint32_t)__builtin_ctz((items + 1) / 4);
}

void dw_ahb_registers_reset(struct dw_ahb *dma)
{
    const struct dw_ahb_config *config = &dma->config;
    const struct register_entry *entries = dw_ahb_registers.entries;
    for (unsigned which = 0; which < DW_REGISTER_COUNT; which++)
        for (unsigned i = 0; i < DW_CHANNELS_MAX; i++)
            dma->registers[which][i] = (uint32_t)entries[which].reset;
    for (uint32_t i = 0; i < config->channels; i++) {
        dma->registers[DW_CFG_LO][i] |= DW_PUT(i, CFG_LO, CH_PRIOR);
        dma->registers[DW_CTL_HI][i] &= config->max_block_items;
    }
    sort_channels(dma);
    if (!config->encoded_parameters)
        return;

    uint32_t params = DW_PUT(config->channels - 1, DW_PARAMS, NR_CHAN) |
                      DW_PUT(dma->port_count - 1, DW_PARAMS, NR_MASTER) | DW_PUT(1, DW_PARAMS, EN);
    for (uint32_t i = 0; i < dma->port_count; i++) {
        uint32_t bytes = dma->ports[i].master.bus->lane_mask + 1;
        uint32_t code = bytes > 4 ? (uint32_t)__builtin_ctz(bytes / 4) : 0;
        params |= code << (DW_DW_PARAMS_DATA_WIDTH1_LSB + i * DW_DW_PARAMS_DATA_WIDTH1_BITS);
    }
    dma->registers[DW_DW_PARAMS][0] = params;
    for (uint32_t i = 0; i < config->channels; i++) {
        dma->registers[DW_MAX_BLK_SIZE][0] |= block_code(config->max_block_items) << (4 * i);
        dma->registers[DW_DWC_PARAMS][DW_CHANNELS_MAX - 1 - i] =
            DW_PUT(config->multi_block, DWC_PARAMS, MBLK_EN) |
            DW_PUT(!config->multi_block, DWC_PARAMS, HC_LLP) |
            DW_PUT(__builtin_ctz(config->max_burst_items / 4), DWC_PARAMS, MSIZE);
    }
}

static bool find(const struct dw_ahb *dma, uint32_t offset, struct register_hit *hit)
{
    if (!register_find(&dw_ahb_registers, offset, hit))
        return false;
    return hit->index > DW_DSR || hit->array < dma->config.channels;
}

/* ---- reads ----------------------------------------------------------------------------------- */

static bool fifo_empty(const struct dw_ahb *dma, const struct dw_ahb_channel *ch)
{
    uint32_t level = ch->commanded - ch->popped;
    if (dw_ahb_suspended(dma, ch) && ch->state == DW_TRANSFER)
        return level < UINT32_C(1) << ch->side[DW_DESTINATION].hsize;
    return level == 0;
}

static uint32_t channel_value(const struct dw_ahb *dma, unsigned which, unsigned index)
{
    const struct dw_ahb_channel *ch = &dma->channels[index];
    uint32_t value = dma->registers[which][index];
    switch (which) {
    case DW_SAR:
    case DW_DAR:
        return ch->state != DW_DISABLED ? ch->side[which - DW_SAR].current : value;
    case DW_CTL_HI:
        if (!ch->ran)
            return value;
        return (value & DW_MASK(CTL_HI, DONE)) |
               ((ch->pushed >> ch->side[DW_SOURCE].hsize) & dma->config.max_block_items);
    case DW_CFG_LO:
        value &= ~DW_MASK(CFG_LO, FIFO_EMPTY);
        return value | DW_PUT(fifo_empty(dma, ch), CFG_LO, FIFO_EMPTY);
    default:
        return value;
    }
}

bool dw_ahb_register_read(const struct dw_ahb *dma, uint32_t offset, uint32_t *value)
{
    struct register_hit hit;
    if (!find(dma, offset, &hit))
        return false;
    uint32_t stored = dma->registers[hit.index][hit.array];
    if (hit.index <= DW_DSR) {
        stored = channel_value(dma, hit.index, hit.array);
    } else if (hit.index >= DW_STATUS_TFR && hit.index <= DW_STATUS_ERR) {
        stored = dw_ahb_event_bits(dma, hit.index - DW_STATUS_TFR);
    } else if (hit.index == DW_STATUS_INT) {
        stored = 0;
        for (unsigned event = 0; event < DW_EVENTS; event++)
            stored |= (uint32_t)(dw_ahb_event_bits(dma, event) != 0) << event;
    } else if (hit.index == DW_CH_EN) {
        stored = dma->active;
    } else if (hit.index == DW_DMA_CFG) {
        stored |= dma->switching_off;
    }
    *value = (uint32_t)register_read(hit.entry, stored);
    return true;
}

/* ---- writes ---------------------------------------------------------------------------------- */

static void write_channel(struct dw_ahb *dma, const struct register_hit *hit, uint32_t value,
                          uint8_t lanes)
{
    struct dw_ahb_channel *ch = &dma->channels[hit->array];
    uint32_t *stored = &dma->registers[hit->index][hit->array];
    uint32_t taken = (uint32_t)register_write(hit->entry, *stored, value, lanes);
    const uint32_t reload = DW_MASK(CFG_LO, RELOAD_SRC) | DW_MASK(CFG_LO, RELOAD_DST);
    const uint32_t live = DW_MASK(CFG_LO, CH_SUSP) | reload;
    if (ch->state != DW_DISABLED) {
        if (hit->index != DW_CFG_LO)
            return;
        taken = (*stored & ~live) | (taken & live);
    }
    switch (hit->index) {
    case DW_LLP:
        if (!dma->config.multi_block)
            taken = 0;
        break;
    case DW_CTL_HI:
        taken &= dma->config.max_block_items | DW_MASK(CTL_HI, DONE);
        ch->ran = false;
        break;
    case DW_CFG_LO:
        if (!dma->config.multi_block)
            taken &= ~reload;
        break;
    default:
        break;
    }
    *stored = taken;
    if (hit->index == DW_CFG_LO && dw_ahb_suspended(dma, ch))
        dw_ahb_unlock(dma, ch, DW_LOCK_TRANSFER);
    if (hit->index == DW_CFG_LO)
        sort_channels(dma);
}

static void write_enables(struct dw_ahb *dma, uint32_t wanted, sim_cycle now)
{
    for (unsigned i = 0; i < dma->config.channels; i++) {
        struct dw_ahb_channel *ch = &dma->channels[i];
        bool on = wanted >> i & 1;
        if (on && ch->state == DW_DISABLED)
            dw_ahb_channel_enable(dma, ch, now);
        else if (!on && ch->state != DW_DISABLED && ch->state != DW_DRAIN)
            dw_ahb_channel_stop(dma, ch);
    }
}

bool dw_ahb_register_write(struct dw_ahb *dma, uint32_t offset, uint32_t value, uint8_t lanes,
                           sim_cycle now)
{
    struct register_hit hit;
    if (log_wanted(&dma->unit))
        dw_ahb_check_write(dma, offset, value, lanes);
    if (!find(dma, offset, &hit))
        return false;
    dma->calm = false;
    if (hit.index <= DW_DSR) {
        write_channel(dma, &hit, value, lanes);
        return true;
    }
    uint32_t *stored = &dma->registers[hit.index][hit.array];
    if (hit.index == DW_CH_EN) {
        if (dma->registers[DW_DMA_CFG][0] & DW_MASK(DMA_CFG, DMA_EN))
            write_enables(dma, (uint32_t)register_write(hit.entry, dma->active, value, lanes), now);
        return true;
    }
    uint32_t taken = (uint32_t)register_write(hit.entry, *stored, value, lanes);
    if (hit.index >= DW_CLEAR_TFR && hit.index <= DW_CLEAR_ERR) {
        unsigned event = hit.index - DW_CLEAR_TFR;
        uint32_t clear = (uint32_t)register_write(hit.entry, 0, value, lanes);
        dma->registers[DW_RAW_TFR + event][0] &= ~clear;
        dma->visible[event] &= (uint8_t)~clear;
    } else if (hit.index >= DW_REQ_SRC && hit.index <= DW_LST_DST) {
        /* Only of channels that work, and no other bits than those. */
        *stored = (*stored & ~(uint32_t)dma->active) | (taken & dma->active);
    } else {
        *stored = taken;
        if (hit.index == DW_MASK_BLOCK)
            dma->block_heard |= (uint8_t)(taken & dma->active);
        if (hit.index == DW_DMA_CFG && !(taken & DW_MASK(DMA_CFG, DMA_EN)) && dma->active) {
            dma->switching_off = true;
            write_enables(dma, 0, now);
        }
    }
    return true;
}
