/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_transfer: how a channel moves a block; see dw_ahb.c for the rules and their timing.
 *
 *   block        BLOCK_TS source items, or until the flow controller says LAST
 *   transaction  MSIZE items of a side, or 1; a peripheral asks for each, memory always has one
 *   AHB burst    as much of a transaction as FIFO, MAX_ABRST and gather or scatter let pass
 *
 * Every count that decides something is one of the five byte counts drawn in dw_ahb_state.h.
 */
#include "controllers/dw_ahb/dw_ahb_state.h"
#include "kernel/base.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "FIFO bytes are copied in host order");

/* ---- the start of a block -------------------------------------------------------------------- */

/* TT_FC: which sides have a handshake, and who knows the length of a block. */
static const struct {
    bool source, destination;
    enum dw_ahb_flow flow;
} type_and_flow[8] = {
    {false, false, DW_BY_CONTROLLER}, {false, true, DW_BY_CONTROLLER},
    {true, false, DW_BY_CONTROLLER},  {true, true, DW_BY_CONTROLLER},
    {true, false, DW_BY_SOURCE},      {true, true, DW_BY_SOURCE},
    {false, true, DW_BY_DESTINATION}, {true, true, DW_BY_DESTINATION},
};

static int8_t direction_of(uint32_t inc)
{
    return inc == 0 ? 1 : inc == 1 ? -1 : 0;
}

/* MSIZE in items, at most what is built in. */
static uint16_t burst_items(const struct dw_ahb *dma, uint32_t msize)
{
    uint32_t items = msize ? UINT32_C(2) << msize : 1;
    return (uint16_t)least(items, dma->config.max_burst_items);
}

static void decode_side(const struct dw_ahb *dma, struct dw_ahb_side *side, uint32_t width,
                        uint32_t port, uint32_t inc, uint32_t jump, bool jumps)
{
    side->port = (uint8_t)(port < dma->port_count ? port : 0);
    uint32_t widest = (uint32_t)__builtin_ctz(dma->ports[side->port].master.bus->lane_mask + 1);
    side->hsize = (uint8_t)least(width, widest);
    side->direction = direction_of(inc);
    side->jump_every = jumps && side->direction ? DW_GET(jump, SGR, SGC) : 0;
    side->jump_bytes = DW_GET(jump, SGR, SGI) << side->hsize;
    side->run_left = side->jump_every;
    side->open = false;
    side->transaction = 0;
}

void dw_ahb_block_start(struct dw_ahb *dma, struct dw_ahb_channel *ch)
{
    const uint32_t ctl = dw_ahb_channel_register(dma, ch, DW_CTL_LO);
    const uint32_t cfg = dw_ahb_channel_register(dma, ch, DW_CFG_LO);
    const uint32_t cfg_hi = dw_ahb_channel_register(dma, ch, DW_CFG_HI);
    struct dw_ahb_side *source = &ch->side[DW_SOURCE], *destination = &ch->side[DW_DESTINATION];

    decode_side(dma, source, DW_GET(ctl, CTL_LO, SRC_TR_WIDTH), DW_GET(ctl, CTL_LO, SMS),
                DW_GET(ctl, CTL_LO, SINC), dw_ahb_channel_register(dma, ch, DW_SGR),
                DW_GET(ctl, CTL_LO, SRC_GATHER_EN));
    decode_side(dma, destination, DW_GET(ctl, CTL_LO, DST_TR_WIDTH), DW_GET(ctl, CTL_LO, DMS),
                DW_GET(ctl, CTL_LO, DINC), dw_ahb_channel_register(dma, ch, DW_DSR),
                DW_GET(ctl, CTL_LO, DST_SCATTER_EN));
    source->burst_items = burst_items(dma, DW_GET(ctl, CTL_LO, SRC_MSIZE));
    destination->burst_items = burst_items(dma, DW_GET(ctl, CTL_LO, DEST_MSIZE));
    source->software = DW_GET(cfg, CFG_LO, HS_SEL_SRC);
    destination->software = DW_GET(cfg, CFG_LO, HS_SEL_DST);
    source->line = (uint8_t)DW_GET(cfg_hi, CFG_HI, SRC_PER);
    destination->line = (uint8_t)DW_GET(cfg_hi, CFG_HI, DEST_PER);

    const uint32_t type = DW_GET(ctl, CTL_LO, TT_FC);
    source->peripheral = type_and_flow[type].source;
    destination->peripheral = type_and_flow[type].destination;
    ch->flow = (uint8_t)type_and_flow[type].flow;
    ch->fifo_half = DW_GET(cfg_hi, CFG_HI, FIFO_MODE);
    ch->on_demand = ch->flow == DW_BY_DESTINATION && DW_GET(cfg_hi, CFG_HI, FCMODE);
    ch->hprot = (uint8_t)(1 | DW_GET(cfg_hi, CFG_HI, PROTCTL) << 1);
    uint32_t longest = DW_GET(cfg, CFG_LO, MAX_ABRST);
    ch->longest = longest ? (uint16_t)longest : UINT16_MAX;

    uint32_t items = dw_ahb_channel_register(dma, ch, DW_CTL_HI) & dma->config.max_block_items;
    ch->length_known = ch->flow == DW_BY_CONTROLLER;
    ch->block_bytes = ch->length_known ? items << source->hsize : 0;
    ch->commanded = ch->pushed = ch->claimed = ch->popped = 0;
}

/* ---- transactions ---------------------------------------------------------------------------- */

static uint32_t bytes_left(const struct dw_ahb_channel *ch, enum dw_ahb_end end)
{
    uint32_t taken = end == DW_SOURCE ? ch->commanded : ch->claimed;
    return ch->block_bytes > taken ? ch->block_bytes - taken : 0;
}

uint32_t dw_ahb_items_left(const struct dw_ahb_channel *ch, enum dw_ahb_end end)
{
    if (!ch->length_known)
        return UINT32_MAX;
    uint32_t round_up = (UINT32_C(1) << ch->side[end].hsize) - 1;
    return (bytes_left(ch, end) + round_up) >> ch->side[end].hsize;
}

static bool controls_flow(const struct dw_ahb_channel *ch, enum dw_ahb_end end)
{
    return ch->flow == (end == DW_SOURCE ? DW_BY_SOURCE : DW_BY_DESTINATION);
}

static bool acknowledging(const struct dw_ahb *dma, const struct dw_ahb_side *side)
{
    return dma->acknowledged >> side->line & 1;
}

/* enum handshake_request bits that ask for a transaction. */
static unsigned request_of(const struct dw_ahb *dma, const struct dw_ahb_channel *ch,
                           enum dw_ahb_end end)
{
    const struct dw_ahb_side *side = &ch->side[end];
    if (side->software) {
        unsigned burst = dma->registers[DW_REQ_SRC + end][0] >> ch->index & 1;
        unsigned single = dma->registers[DW_SGL_REQ_SRC + end][0] >> ch->index & 1;
        unsigned last = dma->registers[DW_LST_SRC + end][0] >> ch->index & 1;
        return burst * HANDSHAKE_BURST | single * HANDSHAKE_SINGLE | last * HANDSHAKE_LAST;
    }
    if (side->line >= dma->config.request_lines || acknowledging(dma, side))
        return 0;
    return (unsigned)wire_get(&dma->lines[side->line].request, dma->kernel->now);
}

/* Items a request is worth now, 0 if it has to wait. BURST is a transaction of MSIZE items, cut at
 * the end of the block; SINGLE counts only where no whole burst is left, or may not come. */
static uint32_t items_requested(const struct dw_ahb_channel *ch, enum dw_ahb_end end,
                                unsigned request)
{
    const struct dw_ahb_side *side = &ch->side[end];
    uint32_t left = dw_ahb_items_left(ch, end);
    if (request & HANDSHAKE_BURST)
        return least(side->burst_items, left);
    if (!(request & HANDSHAKE_SINGLE))
        return 0;
    bool region = left < side->burst_items || side->burst_items == 1;
    bool open_ended = controls_flow(ch, end) || (end == DW_SOURCE && ch->flow == DW_BY_DESTINATION);
    return region || open_ended ? least(1, left) : 0;
}

static void open_transaction(struct dw_ahb *dma, struct dw_ahb_channel *ch, enum dw_ahb_end end,
                             sim_cycle now)
{
    struct dw_ahb_side *side = &ch->side[end];
    if (!side->peripheral || side->open || (end == DW_SOURCE && dw_ahb_suspended(dma, ch)))
        return;
    unsigned request = request_of(dma, ch, end);
    uint32_t items = items_requested(ch, end, request);
    if (items == 0)
        return;
    side->open = true;
    side->request = (uint8_t)request;
    side->transaction = items;
    side->ready_at = now + dma->config.handshake_cycles - 1;
    if (controls_flow(ch, end) && (request & HANDSHAKE_LAST) && !ch->length_known) {
        ch->length_known = true;
        ch->block_bytes = (end == DW_SOURCE ? ch->commanded : ch->claimed) + (items << side->hsize);
    }
}

static void close_transaction(struct dw_ahb *dma, struct dw_ahb_channel *ch, enum dw_ahb_end end)
{
    struct dw_ahb_side *side = &ch->side[end];
    if (!side->open)
        return;
    if (ch->length_known)
        side->transaction = least(side->transaction, dw_ahb_items_left(ch, end));
    if (side->transaction || side->flying || !side->peripheral)
        return;
    side->open = false;
    dw_ahb_raise(dma, ch, end == DW_SOURCE ? DW_SRC_TRAN : DW_DST_TRAN);
    if (side->software) {
        uint32_t bit = UINT32_C(1) << ch->index;
        dma->registers[DW_REQ_SRC + end][0] &= ~bit;
        dma->registers[DW_SGL_REQ_SRC + end][0] &= ~bit;
        dma->registers[DW_LST_SRC + end][0] &= ~bit;
        return;
    }
    unsigned finish = dw_ahb_items_left(ch, end) == 0 ? HANDSHAKE_FINISH : 0;
    wire_put(&dma->lines[side->line].acknowledge, dma->kernel->now, HANDSHAKE_ACK | finish);
    dma->acknowledged |= (uint16_t)(1u << side->line);
}

bool dw_ahb_block_advance(struct dw_ahb *dma, struct dw_ahb_channel *ch, sim_cycle now)
{
    if (ch->side[DW_SOURCE].peripheral || ch->side[DW_DESTINATION].peripheral) {
        close_transaction(dma, ch, DW_SOURCE);
        close_transaction(dma, ch, DW_DESTINATION);
        open_transaction(dma, ch, DW_SOURCE, now);
        open_transaction(dma, ch, DW_DESTINATION, now);
        /* The destination may just have said LAST. */
        close_transaction(dma, ch, DW_SOURCE);
    }
    return ch->length_known && ch->popped == ch->block_bytes && ch->commands == 0 &&
           !(ch->side[DW_SOURCE].open && ch->side[DW_SOURCE].peripheral) &&
           !(ch->side[DW_DESTINATION].open && ch->side[DW_DESTINATION].peripheral);
}

/* ---- AHB bursts ------------------------------------------------------------------------------ */

/* Memory always wants the next transaction. */
static void open_memory(struct dw_ahb_channel *ch, enum dw_ahb_end end)
{
    struct dw_ahb_side *side = &ch->side[end];
    if (side->peripheral || side->open)
        return;
    side->transaction = least(side->burst_items, dw_ahb_items_left(ch, end));
    side->open = side->transaction > 0;
}

/* Items the source may bring: room in the FIFO, and demand if only that counts. */
static uint32_t source_items(const struct dw_ahb *dma, const struct dw_ahb_channel *ch)
{
    const struct dw_ahb_side *side = &ch->side[DW_SOURCE];
    const struct dw_ahb_side *destination = &ch->side[DW_DESTINATION];
    uint32_t want = least(side->transaction, dw_ahb_items_left(ch, DW_SOURCE));
    if (ch->on_demand) {
        uint32_t asked = ch->claimed;
        if (destination->open)
            asked += destination->transaction << destination->hsize;
        uint32_t missing = asked > ch->commanded ? asked - ch->commanded : 0;
        uint32_t round_up = (UINT32_C(1) << side->hsize) - 1;
        want = least(want, (missing + round_up) >> side->hsize);
    }
    uint32_t level = ch->commanded - ch->popped;
    uint32_t space = dma->config.fifo_bytes - level;
    uint32_t items = least(want, space >> side->hsize);
    if (ch->fifo_half && items < want && space <= dma->config.fifo_bytes / 2 &&
        level >= UINT32_C(1) << destination->hsize)
        return 0;
    return items;
}

/* The source has nothing under way and no room for another item: waiting for it would be for ever.
 */
static bool source_stuck(const struct dw_ahb *dma, const struct dw_ahb_channel *ch)
{
    const struct dw_ahb_side *source = &ch->side[DW_SOURCE];
    uint32_t space = dma->config.fifo_bytes - (ch->commanded - ch->popped);
    return source->flying == 0 && space >> source->hsize == 0;
}

/* Whole items the destination may take. */
static uint32_t destination_items(const struct dw_ahb *dma, const struct dw_ahb_channel *ch)
{
    const struct dw_ahb_side *side = &ch->side[DW_DESTINATION];
    uint32_t want = side->transaction;
    if (ch->length_known)
        want = least(want, bytes_left(ch, DW_DESTINATION) >> side->hsize);
    uint32_t data = ch->pushed - ch->claimed;
    uint32_t items = least(want, data >> side->hsize);
    if (ch->fifo_half && items < want && data < dma->config.fifo_bytes / 2 &&
        !dw_ahb_suspended(dma, ch) && !source_stuck(dma, ch))
        return 0;
    return items;
}

/* Moves the address past items, with the jump of a gather or scatter. */
static void step_address(struct dw_ahb_side *side, uint32_t items)
{
    uint32_t bytes = items << side->hsize;
    if (side->jump_every) {
        side->run_left -= items;
        if (side->run_left == 0) {
            side->run_left = side->jump_every;
            bytes += side->jump_bytes;
        }
    }
    if (side->direction > 0)
        side->next += bytes;
    else if (side->direction < 0)
        side->next -= bytes;
}

/* The end of a block that does not fill a destination item: the widest piece that fits, at its
 * place in the item. Returns its HSIZE. */
static unsigned tail_piece(struct dw_ahb_channel *ch, struct dw_ahb_side *side)
{
    uint32_t left = bytes_left(ch, DW_DESTINATION);
    unsigned hsize = 31u - (unsigned)__builtin_clz(left);
    uint32_t piece = UINT32_C(1) << hsize;
    if (side->direction)
        side->next += piece;
    if (left == piece) {
        side->transaction--;
        uint32_t tail = ch->block_bytes & ((UINT32_C(1) << side->hsize) - 1);
        if (side->direction < 0)
            side->next -= tail + (UINT32_C(1) << side->hsize);
    }
    return hsize;
}

bool dw_ahb_burst(struct dw_ahb *dma, struct dw_ahb_channel *ch, enum dw_ahb_end end, unsigned port,
                  sim_cycle now, struct ahb_command *command, struct dw_ahb_flight *flight)
{
    struct dw_ahb_side *side = &ch->side[end];
    if (side->port != port || (end == DW_SOURCE && dw_ahb_suspended(dma, ch)))
        return false;
    open_memory(ch, end);
    if (!side->open || side->transaction == 0 || (side->peripheral && now < side->ready_at))
        return false;

    const uint32_t address = side->next;
    uint32_t beats;
    unsigned hsize = side->hsize;
    if (end == DW_DESTINATION && ch->length_known &&
        bytes_left(ch, DW_DESTINATION) < UINT32_C(1) << hsize) {
        if (ch->pushed - ch->claimed < bytes_left(ch, DW_DESTINATION))
            return false;
        hsize = tail_piece(ch, side);
        beats = 1;
    } else {
        beats = end == DW_SOURCE ? source_items(dma, ch) : destination_items(dma, ch);
        beats = least(beats, ch->longest);
        if (side->jump_every)
            beats = least(beats, side->run_left);
        if (side->direction < 0)
            beats = least(beats, 1);
        if (beats == 0)
            return false;
        step_address(side, beats);
        side->transaction -= beats;
    }
    if (!side->peripheral && side->transaction == 0)
        side->open = false;
    side->flying += beats;

    *flight = (struct dw_ahb_flight){
        .channel = ch->index,
        .purpose = end == DW_SOURCE ? DMA_SOURCE : DMA_DESTINATION,
        .hsize = (uint8_t)hsize,
        .direction = side->direction,
        .beats = (uint16_t)beats,
        .address = address,
        .after = side->next,
        .first = ch->claimed,
    };
    if (end == DW_SOURCE)
        ch->commanded += beats << hsize;
    else
        ch->claimed += beats << hsize;
    *command = (struct ahb_command){
        .haddr = address,
        .beats = (uint16_t)beats,
        .hwrite = end == DW_DESTINATION,
        .hsize = (uint8_t)hsize,
        .hburst = (uint8_t)(side->direction ? ahb_burst_of(beats) : AHB_SINGLE),
        .hprot = ch->hprot,
        .fixed_address = side->direction == 0,
        .drop = AHB_DROP_LAST_SHOWN,
    };
    return true;
}

/* ---- the FIFO -------------------------------------------------------------------------------- */

/* The FIFO's size is a power of two. */
void dw_ahb_fifo_push(struct dw_ahb *dma, struct dw_ahb_channel *ch, const uint8_t *bytes,
                      uint32_t count)
{
    const uint32_t at = ch->pushed & (dma->config.fifo_bytes - 1);
    const uint32_t to_end = least(count, dma->config.fifo_bytes - at);
    memcpy(ch->fifo + at, bytes, to_end);
    if (to_end < count)
        memcpy(ch->fifo, bytes + to_end, count - to_end);
    ch->pushed += count;
}

void dw_ahb_fifo_peek(const struct dw_ahb *dma, const struct dw_ahb_channel *ch, uint32_t from,
                      uint8_t *bytes, uint32_t count)
{
    const uint32_t at = from & (dma->config.fifo_bytes - 1);
    const uint32_t to_end = least(count, dma->config.fifo_bytes - at);
    memcpy(bytes, ch->fifo + at, to_end);
    if (to_end < count)
        memcpy(bytes + to_end, ch->fifo, count - to_end);
}
