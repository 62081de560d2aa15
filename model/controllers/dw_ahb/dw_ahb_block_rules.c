/* SPDX-License-Identifier: BSD-2-Clause */
/* dw_ahb_block_rules: mistakes that are found when a channel is enabled, a block begins, a list is read, an event happens. */
#include <inttypes.h>
#include <stdio.h>

#include "controllers/dw_ahb/dw_ahb_rules.h"

/* A note is told once of a channel: what goes on for ever must not be told for ever. `kind`: below 32. */
static bool first(struct dw_ahb_channel *ch, unsigned kind)
{
    const uint32_t bit = UINT32_C(1) << kind;
    const bool told = ch->noted & bit;
    ch->noted |= bit;
    return !told;
}

enum {
    NOTE_LIMIT,
    NOTE_FIFO = NOTE_LIMIT + DW_ENDS,
    NOTE_EMPTY = NOTE_FIFO + DW_ENDS,
    NOTE_NO_LLP,
    NOTE_EVENT, /* four */
    NOTE_FIXED = NOTE_EVENT + 4,
    NOTE_JUMPS = NOTE_FIXED + DW_ENDS,
    NOTE_OVERLAP = NOTE_JUMPS + DW_ENDS,
    NOTE_UNUSED,
    NOTES = NOTE_UNUSED + DW_ENDS
};
_Static_assert(NOTES <= 32, "bits of `noted`");

/* Where a block was described: " (list item 0x20008000)", or nothing. */
const char *dw_ahb_where(const struct dw_ahb_channel *ch, char text[32])
{
    text[0] = '\0';
    if (ch->from_list)
        snprintf(text, 32, " (list item 0x%08x)", ch->item);
    return text;
}

/* ---- a channel is enabled, a block begins ---------------------------------------------------- */

/* First byte of a side of a block, and how many bytes from there on; 0: that is not known. */
static uint64_t touched(const struct dw_ahb_channel *ch, enum dw_ahb_end end, uint64_t *first)
{
    const struct dw_ahb_side *side = &ch->side[end];
    const uint64_t item = UINT64_C(1) << side->hsize;
    const uint64_t done = end == DW_SOURCE ? ch->commanded : ch->claimed;
    *first = side->next;
    if (!ch->length_known || side->jump_every)
        return 0;
    if (side->direction > 0)
        *first = side->next - done;
    else if (side->direction < 0)
        *first = side->next + done + item - ch->block_bytes;
    return side->direction ? ch->block_bytes : item;
}

static bool meet(uint64_t a, uint64_t a_bytes, uint64_t b, uint64_t b_bytes)
{
    return a_bytes && b_bytes && a < b + b_bytes && b < a + a_bytes;
}

static void check_jumps(const struct dw_ahb *dma, struct dw_ahb_channel *ch, enum dw_ahb_end end,
                        uint32_t ctl)
{
    static const char *const names[DW_ENDS] = {"SGR", "DSR"}, *const counts[DW_ENDS] = {"SGC",
                                                                                        "DSC"};
    static const char *const enables[DW_ENDS] = {"SRC_GATHER_EN", "DST_SCATTER_EN"};
    const bool on =
        end == DW_SOURCE ? DW_GET(ctl, CTL_LO, SRC_GATHER_EN) : DW_GET(ctl, CTL_LO, DST_SCATTER_EN);
    const uint32_t jump = dw_ahb_channel_register(dma, ch, end == DW_SOURCE ? DW_SGR : DW_DSR);
    const uint32_t count = DW_GET(jump, SGR, SGC);
    if (on == (count > 0) || !first(ch, NOTE_JUMPS + end))
        return;
    if (on)
        RULE(dma, JUMPS, "CH%u_CTL_LO.%s = 1 with CH%u_%s.%s = 0", ch->index, enables[end],
             ch->index, names[end], counts[end]);
    else
        RULE(dma, JUMPS_UNUSED, "CH%u_%s = 0x%08x while CH%u_CTL_LO.%s is 0", ch->index, names[end],
             jump, ch->index, enables[end]);
}

static void check_side(const struct dw_ahb *dma, struct dw_ahb_channel *ch, enum dw_ahb_end end)
{
    static const char *const names[DW_ENDS] = {"SAR", "DAR"}, *const sides[DW_ENDS] = {"SRC",
                                                                                       "DST"};
    static const char *const ports[DW_ENDS] = {"SMS", "DMS"}, *const steps[DW_ENDS] = {"SINC",
                                                                                       "DINC"};
    static const char *const lines[DW_ENDS] = {"SRC_PER", "DEST_PER"};
    static const char *const bursts[DW_ENDS] = {"SRC_MSIZE", "DEST_MSIZE"};
    const struct dw_ahb_side *side = &ch->side[end];
    const uint32_t ctl = dw_ahb_channel_register(dma, ch, DW_CTL_LO);
    const uint32_t width =
        end == DW_SOURCE ? DW_GET(ctl, CTL_LO, SRC_TR_WIDTH) : DW_GET(ctl, CTL_LO, DST_TR_WIDTH);
    const uint32_t msize =
        end == DW_SOURCE ? DW_GET(ctl, CTL_LO, SRC_MSIZE) : DW_GET(ctl, CTL_LO, DEST_MSIZE);
    const uint32_t port = end == DW_SOURCE ? DW_GET(ctl, CTL_LO, SMS) : DW_GET(ctl, CTL_LO, DMS);
    const uint32_t items = msize ? UINT32_C(2) << msize : 1;
    const unsigned n = ch->index;
    char item[32];
    dw_ahb_where(ch, item);
    if (port >= dma->port_count)
        RULE(dma, NO_PORT, "CH%u_CTL_LO.%s = %u%s: there are %u master ports", n, ports[end], port,
             item, dma->port_count);
    if (!side->direction && !ch->side[DW_SOURCE].peripheral &&
        !ch->side[DW_DESTINATION].peripheral && first(ch, NOTE_FIXED + end))
        RULE(dma, FIXED, "CH%u_CTL_LO.%s = %u%s: the address 0x%08x is fixed", n, steps[end],
             end == DW_SOURCE ? DW_GET(ctl, CTL_LO, SINC) : DW_GET(ctl, CTL_LO, DINC), item,
             side->next);
    check_jumps(dma, ch, end, ctl);
    if (width > side->hsize)
        RULE(dma, WIDTH, "CH%u_CTL_LO.%s_TR_WIDTH = %u%s: items of %u bytes, the bus has %u", n,
             sides[end], width, item, 1u << width, 1u << side->hsize);
    if (side->next & ((UINT32_C(1) << side->hsize) - 1))
        RULE(dma, ALIGNMENT,
             "CH%u_%s = 0x%08x is not aligned to its items of %u bytes (%s_TR_WIDTH = %u)%s", n,
             names[end], side->next, 1u << side->hsize, sides[end], width, item);
    if (items > dma->config.max_burst_items && first(ch, NOTE_LIMIT + end))
        RULE(dma, BURST_LIMIT, "CH%u_CTL_LO.%s = %u: %u items, %u are built in", n, bursts[end],
             msize, items, dma->config.max_burst_items);
    if (((uint64_t)side->burst_items << side->hsize) > dma->config.fifo_bytes &&
        items <= dma->config.max_burst_items && first(ch, NOTE_FIFO + end))
        RULE(dma, BURST_FIFO,
             "CH%u_CTL_LO.%s = %u: a burst of %u items of %u bytes is more than the FIFO of %u "
             "bytes",
             n, bursts[end], msize, side->burst_items, 1u << side->hsize, dma->config.fifo_bytes);
    if (side->peripheral && !side->software &&
        (side->line >= dma->config.request_lines || !dma->lines[side->line].acknowledge.reader))
        RULE(dma, NO_LINE, "CH%u_CFG_HI.%s = %u: no device is at request line %u", n, lines[end],
             side->line, side->line);
}

static void check_others(const struct dw_ahb *dma, const struct dw_ahb_channel *ch)
{
    uint64_t first, other;
    const uint64_t bytes = touched(ch, DW_DESTINATION, &first);
    const struct dw_ahb_side *destination = &ch->side[DW_DESTINATION];
    const struct ahb_bus *bus = dma->ports[destination->port].master.bus;
    if (bus == dma->bus && meet(first, bytes, dma->config.base, DW_REGISTER_BYTES))
        RULE(dma, OWN_REGISTERS,
             "CH%u_DAR = 0x%08x: the block of %" PRIu64 " bytes meets the registers at 0x%08x",
             ch->index, (uint32_t)first, bytes, (uint32_t)dma->config.base);
    const uint32_t next = dw_ahb_channel_register(dma, ch, DW_LLP) & DW_MASK(LLP, LOC);
    const uint32_t lists = DW_MASK(CTL_LO, LLP_SRC_EN) | DW_MASK(CTL_LO, LLP_DST_EN);
    if (next && dw_ahb_channel_register(dma, ch, DW_CTL_LO) & lists &&
        meet(first, bytes, next, 4 * DW_ITEM_WORDS) && bus == dma->ports[ch->item_port].master.bus)
        RULE(dma, OVER_LIST,
             "CH%u_DAR = 0x%08x: the block of %" PRIu64 " bytes meets the next list item 0x%08x",
             ch->index, (uint32_t)first, bytes, next);
    for (unsigned on = dma->active & ~(1u << ch->index); on; on &= on - 1) {
        const struct dw_ahb_channel *one = &dma->channels[__builtin_ctz(on)];
        if (one->state != DW_TRANSFER || one->side[DW_DESTINATION].port != destination->port ||
            !destination->direction || !one->side[DW_DESTINATION].direction)
            continue;
        const uint64_t others = touched(one, DW_DESTINATION, &other);
        if (meet(first, bytes, other, others))
            RULE(dma, TWO_WRITERS,
                 "channels %u and %u write the same bytes, 0x%08x to 0x%08x: CH%u_DAR = 0x%08x",
                 one->index, ch->index, (uint32_t)(first > other ? first : other),
                 (uint32_t)((first + bytes < other + others ? first + bytes : other + others) - 1),
                 ch->index, (uint32_t)first);
    }
}

/* A block that is written where it is read: good only if what is written was read before. */
static void check_overlap(const struct dw_ahb *dma, struct dw_ahb_channel *ch)
{
    const struct dw_ahb_side *source = &ch->side[DW_SOURCE];
    const struct dw_ahb_side *destination = &ch->side[DW_DESTINATION];
    uint64_t from, to;
    const uint64_t read = touched(ch, DW_SOURCE, &from);
    const uint64_t written = touched(ch, DW_DESTINATION, &to);
    char item[32];
    if (source->peripheral || destination->peripheral || source->port != destination->port ||
        !meet(from, read, to, written))
        return;
    const bool behind = source->direction == destination->direction && source->direction &&
                        (source->direction > 0 ? to <= from : to >= from);
    dw_ahb_where(ch, item);
    if (!behind)
        RULE(dma, OVERLAP,
             "channel %u%s: source 0x%08x and destination 0x%08x overlap in a block of %u bytes",
             ch->index, item, source->next, destination->next, ch->block_bytes);
    else if (first(ch, NOTE_OVERLAP))
        RULE(dma, OVERLAP_BELOW,
             "channel %u%s: source 0x%08x and destination 0x%08x overlap in a block of %u bytes",
             ch->index, item, source->next, destination->next, ch->block_bytes);
}

void dw_ahb_check_block(const struct dw_ahb *dma, struct dw_ahb_channel *ch)
{
    if (!log_wanted(&dma->unit))
        return;
    check_side(dma, ch, DW_SOURCE);
    check_side(dma, ch, DW_DESTINATION);
    if (ch->length_known && ch->block_bytes == 0 && first(ch, NOTE_EMPTY))
        RULE(dma, EMPTY, "channel %u: BLOCK_TS is 0 (CH%u_CTL_HI)", ch->index, ch->index);
    check_overlap(dma, ch);
    check_others(dma, ch);
}

void dw_ahb_check_enable(const struct dw_ahb *dma, struct dw_ahb_channel *ch)
{
    if (!log_wanted(&dma->unit))
        return;
    const uint32_t ctl = dw_ahb_channel_register(dma, ch, DW_CTL_LO);
    const uint32_t llp = dw_ahb_channel_register(dma, ch, DW_LLP);
    const uint32_t enables = DW_MASK(CTL_LO, LLP_SRC_EN) | DW_MASK(CTL_LO, LLP_DST_EN);
    if (!dw_ahb_channel_register(dma, ch, DW_SAR) && !dw_ahb_channel_register(dma, ch, DW_DAR) &&
        !llp)
        RULE(dma, UNPROGRAMMED, "channel %u is enabled with CH%u_SAR, CH%u_DAR and CH%u_LLP 0",
             ch->index, ch->index, ch->index, ch->index);
    if (llp & DW_MASK(LLP, LOC) && !(ctl & enables))
        RULE(dma, LLP_UNUSED,
             "channel %u is enabled with CH%u_LLP = 0x%08x and neither LLP_SRC_EN nor LLP_DST_EN",
             ch->index, ch->index, llp);
    else if (!(llp & DW_MASK(LLP, LOC)) && ctl & enables && first(ch, NOTE_NO_LLP))
        RULE(dma, NO_LLP, "channel %u is enabled with LLP_SRC_EN or LLP_DST_EN and CH%u_LLP = 0",
             ch->index, ch->index);
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* R. P. Brent: an address is kept, anew after 1, 2, 4 ... items; a list that loops comes back to one. */
void dw_ahb_check_item(const struct dw_ahb *dma, struct dw_ahb_channel *ch)
{
    if (ch->items == 0 || (ch->items & (ch->items - 1)) == 0) {
        if (ch->items && ch->item == ch->item_kept)
            ch->loops = true;
        ch->item_kept = ch->item;
    } else if (ch->item == ch->item_kept) {
        ch->loops = true;
    }
    ch->items++;
    if (!ch->loops || ch->loop_told || !log_wanted(&dma->unit))
        return;
    const uint32_t bit = 1u << ch->index;
    ch->loop_told = true;
    if (!(dma->block_heard & bit)) /* a ring, with an interrupt for each block */
        RULE(dma, LOOP,
             "channel %u: its list loops, item 0x%08x comes again after %" PRIu64
             " items, back to where it was",
             ch->index, ch->item, ch->items - 1);
}

void dw_ahb_check_fetched(const struct dw_ahb *dma, struct dw_ahb_channel *ch)
{
    char where[64];
    if (!log_wanted(&dma->unit))
        return;
    snprintf(where, sizeof where, "LLP of list item 0x%08x (channel %u)", ch->item, ch->index);
    dw_ahb_check_llp(dma, where, ch->words[2]);
    const uint32_t enables = DW_MASK(CTL_LO, LLP_SRC_EN) | DW_MASK(CTL_LO, LLP_DST_EN);
    const uint32_t reserved =
        ch->words[3] & dw_ahb_reserved_bits(&dw_ahb_registers.entries[DW_CTL_LO]);
    if (ch->words[2] & DW_MASK(LLP, LOC) && !(ch->words[3] & enables))
        RULE(dma, LLP_UNUSED,
             "list item 0x%08x of channel %u: LLP = 0x%08x, and CTL_LO = 0x%08x has neither "
             "LLP_SRC_EN nor LLP_DST_EN",
             ch->item, ch->index, ch->words[2], ch->words[3]);
    for (unsigned end = 0; end < DW_ENDS; end++) {
        const struct dw_ahb_side *side = &ch->side[end];
        const uint32_t on = DW_MASK(CTL_LO, LLP_SRC_EN) >> end;
        if (!(dw_ahb_channel_register(dma, ch, DW_CTL_LO) & on) && ch->words[end] &&
            ch->words[end] != side->next && first(ch, NOTE_UNUSED + end))
            RULE(dma, ITEM_UNUSED,
                 "list item 0x%08x of channel %u: its %s = 0x%08x, %s of the block before is 0",
                 ch->item, ch->index, end == DW_SOURCE ? "SAR" : "DAR", ch->words[end],
                 end == DW_SOURCE ? "LLP_SRC_EN" : "LLP_DST_EN");
    }
    if (reserved)
        RULE(dma, RESERVED,
             "list item 0x%08x of channel %u: CTL_LO = 0x%08x sets reserved bits 0x%x", ch->item,
             ch->index, ch->words[3], reserved);
    if (ch->words[4] & ~(dma->config.max_block_items | DW_MASK(CTL_HI, DONE)))
        RULE(dma, BLOCK_SIZE,
             "list item 0x%08x of channel %u: BLOCK_TS %u is beyond %u, taken as %u", ch->item,
             ch->index, ch->words[4], dma->config.max_block_items,
             ch->words[4] & dma->config.max_block_items);
}

/* ---- events ---------------------------------------------------------------------------------- */

void dw_ahb_check_event(const struct dw_ahb *dma, struct dw_ahb_channel *ch,
                        enum dw_ahb_event event)
{
    if (!log_wanted(&dma->unit))
        return;
    const uint32_t bit = 1u << ch->index;
    const char *name = dw_ahb_event_names[event];
    const bool enabled = dw_ahb_channel_register(dma, ch, DW_CTL_LO) & DW_MASK(CTL_LO, INT_EN);
    const bool open = dma->registers[DW_MASK_TFR + event][0] & bit;
    if (event == DW_TFR && dma->registers[DW_RAW_TFR][0] & bit)
        RULE(dma, UNCLEARED,
             "channel %u: a transfer ends while RAW_TFR has bit %u from before (no CLEAR_TFR)",
             ch->index, ch->index);
    if (event == DW_BLOCK && enabled && open && dma->registers[DW_RAW_BLOCK][0] & bit)
        RULE(dma, BLOCK_UNCLEARED,
             "channel %u: a block ends while RAW_BLOCK has bit %u from before (no CLEAR_BLOCK)",
             ch->index, ch->index);
    if (event != DW_TFR && event != DW_ERR)
        return;
    if (enabled == open || !first(ch, NOTE_EVENT + (event == DW_ERR ? 2u : 0u) + enabled))
        return;
    if (enabled)
        RULE(dma, MASKED, "channel %u: RAW_%s has bit %u, MASK_%s has not: masked", ch->index, name,
             ch->index, name);
    else
        RULE(dma, NO_INT_EN, "channel %u: RAW_%s has bit %u, INT_EN of the block is 0", ch->index,
             name, ch->index);
}
