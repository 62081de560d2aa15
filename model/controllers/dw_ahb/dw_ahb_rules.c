/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_rules: mistakes in programming a DesignWare AHB DMAC, found when registers are written, a channel is enabled or a
 * block begins. Nothing here acts on the model; it is asked only while somebody listens to the log.
 *
 * Where a row says "this model" the sources (dw_ahb_registers.c) do not tell what the hardware does.
 */
#include <inttypes.h>
#include <stdio.h>

#include "controllers/dw_ahb/dw_ahb_state.h"
#include "kernel/base.h"

#define REGS "Linux 6.12 drivers/dma/dw/regs.h"
#define SVD "Infineon XMC4500.svd, GPDMA0"
#define MODEL "this model, docs/controllers/dw-dmac.md"

enum rule {
    HOLE,
    ABSENT,
    READ_ONLY,
    WRITE_ENABLE,
    BUSY,
    RESERVED,
    BLOCK_SIZE,
    NO_LISTS,
    CONTROLLER_OFF,
    NOT_ENABLED,
    LLP_PORT,
    LLP_UNUSED,
    NO_LLP,
    WIDTH,
    ALIGNMENT,
    BURST_LIMIT,
    BURST_FIFO,
    EMPTY,
    NO_LINE,
    OVERLAP,
    TWO_WRITERS,
    OWN_REGISTERS,
    LOOP,
    UNCLEARED,
    MASKED,
    NO_INT_EN,
};

const struct log_rule dw_ahb_rules[] = {
    [HOLE] = {"hole", LOG_WARNING, "writes where there is no register", "it is ignored", MODEL},
    [ABSENT] = {"absent-channel", LOG_WARNING, "uses a channel that is not built in",
                "it is ignored", REGS},
    [READ_ONLY] = {"read-only", LOG_WARNING, "writes a register that is read-only", "it is ignored",
                   SVD},
    [WRITE_ENABLE] =
        {"write-enable", LOG_WARNING,
         "writes bits of MASK_x, CH_EN or a software request without their write enables, "
         "8 bits above",
         "they are ignored", REGS ": channel_set_bit()"},
    [BUSY] = {"busy", LOG_WARNING, "writes a register of a channel that is working",
              "it is ignored, but for CH_SUSP and the RELOAD bits", MODEL},
    [RESERVED] = {"reserved", LOG_WARNING, "sets reserved bits", "they are dropped", SVD},
    [BLOCK_SIZE] = {"block-size", LOG_WARNING, "writes a BLOCK_TS beyond the largest block",
                    "the upper bits are cut", REGS ": MAX_BLK_SIZE"},
    [NO_LISTS] = {"no-multi-block", LOG_WARNING,
                  "uses lists or reload where multi-block transfers are not built in",
                  "the bits stay 0", REGS ": DWC_PARAMS.MBLK_EN"},
    [CONTROLLER_OFF] = {"dma-en", LOG_WARNING, "enables a channel while DMA_CFG.DMA_EN is 0",
                        "it is ignored", REGS ": DW_CFG_DMA_EN"},
    [NOT_ENABLED] = {"request-unheard", LOG_NOTE,
                     "sets a software request of a channel that is not enabled", "it is ignored",
                     MODEL},
    [LLP_PORT] =
        {"llp-port", LOG_WARNING,
         "gives a list address whose low bits, LMS, name a master port that is not there",
         "bits 1:0 are no part of the address, which has to be aligned to 4 bytes; port 0 is used",
         REGS ": DWC_LLP_LMS"},
    [LLP_UNUSED] = {"llp-unused", LOG_WARNING,
                    "enables a channel with an LLP but neither LLP_SRC_EN nor LLP_DST_EN",
                    "the list is not read: there is one block", REGS ": DWC_CTLL_LLP_S_EN"},
    [NO_LLP] = {"no-llp", LOG_NOTE, "sets LLP_SRC_EN or LLP_DST_EN with an LLP of 0",
                "there is no list: this block is the last", REGS ": DWC_CTLL_LLP_S_EN"},
    [WIDTH] = {"width", LOG_WARNING, "asks for items wider than the bus of the port",
               "items have the width of the bus", MODEL},
    [ALIGNMENT] = {"alignment", LOG_WARNING, "gives an address that is not a multiple of its item",
                   "the bus answers ERROR to unaligned beats", "IHI 0011A 3.4"},
    [BURST_LIMIT] = {"burst-limit", LOG_NOTE, "asks for an MSIZE beyond what is built in",
                     "the largest burst is taken", REGS ": DWC_PARAMS.MSIZE"},
    [BURST_FIFO] = {"burst-fifo", LOG_NOTE, "asks for a burst that the FIFO does not hold",
                    "it is moved in shorter bursts on the bus", MODEL},
    [EMPTY] = {"empty-block", LOG_NOTE, "starts a block of no items",
               "nothing is moved, the block ends at once", MODEL},
    [NO_LINE] = {"no-device", LOG_WARNING,
                 "starts a block that waits for a request line at which there is no device",
                 "it waits for ever", REGS ": DWC_CFGH_SRC_PER"},
    [OVERLAP] = {"overlap", LOG_WARNING, "copies onto its own source, above where it reads",
                 "bytes may be overwritten before they are read", MODEL},
    [TWO_WRITERS] = {"two-writers", LOG_WARNING, "has two channels write the same bytes at once",
                     "the last beat wins", MODEL},
    [OWN_REGISTERS] = {"own-registers", LOG_WARNING,
                       "moves data into the registers of the controller itself",
                       "they are written as by a CPU", MODEL},
    [LOOP] = {"loop", LOG_WARNING,
              "runs a list that loops back on itself, with no block interrupt that could end it",
              "it goes round until the channel is disabled", REGS ": struct dw_lli"},
    [UNCLEARED] = {"uncleared", LOG_WARNING,
                   "lets a transfer end while RAW still has the end of the one before",
                   "the two cannot be told apart", SVD ": RAWTFR"},
    [MASKED] = {"masked", LOG_NOTE,
                "lets an event that was asked for with INT_EN happen with its mask bit 0",
                "it is in RAW but not in STATUS, and does not interrupt", SVD ": MASKTFR"},
    [NO_INT_EN] = {"int-en", LOG_NOTE,
                   "lets an event whose mask is open happen in a block without INT_EN",
                   "it is in RAW but not in STATUS, and does not interrupt", SVD ": CTLL.INT_EN"},
    {.name = NULL},
};

#define RULE(dma, which, ...) log_rule(&(dma)->unit, (dma)->name, &dw_ahb_rules[which], __VA_ARGS__)

/* ---- writes ---------------------------------------------------------------------------------- */

/* Bits that a write of a register with write enables leaves. */
static void check_enables(const struct dw_ahb *dma, const char *name, uint32_t value, uint8_t lanes)
{
    const uint32_t bits = lanes & 1 ? value & 0xff : 0, enables = lanes & 2 ? value >> 8 & 0xff : 0;
    const uint32_t built = (1u << dma->config.channels) - 1;
    const uint32_t deaf = bits & ~enables;
    if (deaf)
        RULE(dma, WRITE_ENABLE, "%s = 0x%x sets bit %d without its write enable (%s_WE, bit %d)",
             name, value, __builtin_ctz(deaf), name, __builtin_ctz(deaf) + 8);
    else if (!bits && !enables)
        RULE(dma, WRITE_ENABLE, "%s = 0x%x has no write enable (%s_WE, bits 15:8)", name, value,
             name);
    if (enables & ~built)
        RULE(dma, ABSENT, "%s = 0x%x is for channel %d, and there are %u channels (0 to %u)", name,
             value, __builtin_ctz(enables & ~built), dma->config.channels,
             dma->config.channels - 1);
}

/* Bits that no field has. */
static uint32_t reserved_bits(const struct register_entry *entry)
{
    uint32_t known = 0;
    if (!entry->fields)
        return 0;
    for (const struct register_field *field = entry->fields; field->name; field++)
        known |= (uint32_t)(((UINT64_C(1) << field->width) - 1) << field->lsb);
    return ~known;
}

static void check_llp(const struct dw_ahb *dma, const char *where, uint32_t llp)
{
    const uint32_t port = DW_GET(llp, LLP, LMS);
    if (port >= dma->port_count)
        RULE(dma, LLP_PORT, "%s = 0x%08x: LMS is %u, there are %u ports", where, llp, port,
             dma->port_count);
}

static void check_channel_write(const struct dw_ahb *dma, const struct register_hit *hit,
                                const char *name, uint32_t value, uint8_t lanes)
{
    const struct dw_ahb_channel *ch = &dma->channels[hit->array];
    const uint32_t stored = dma->registers[hit->index][hit->array];
    const uint32_t taken = (uint32_t)register_write(hit->entry, stored, value, lanes);
    const uint32_t most = dma->config.max_block_items;
    const uint32_t reload = DW_MASK(CFG_LO, RELOAD_SRC) | DW_MASK(CFG_LO, RELOAD_DST);
    uint32_t live = hit->index == DW_CFG_LO ? DW_MASK(CFG_LO, CH_SUSP) | reload : 0;
    if (ch->state != DW_DISABLED && (taken ^ stored) & ~live)
        RULE(dma, BUSY, "%s = 0x%08x is written while channel %u is working", name, value,
             hit->array);
    switch (hit->index) {
    case DW_LLP:
        if (!dma->config.multi_block && value)
            RULE(dma, NO_LISTS, "%s = 0x%08x", name, value);
        else
            check_llp(dma, name, taken);
        break;
    case DW_CTL_HI:
        if (value & ~(most | DW_MASK(CTL_HI, DONE)) || value & DW_MASK(CTL_HI, DONE))
            RULE(dma, BLOCK_SIZE, "%s = 0x%x: BLOCK_TS %u is beyond %u, taken as %u", name, value,
                 value, most, value & most);
        break;
    case DW_CFG_LO:
        if (!dma->config.multi_block && value & reload)
            RULE(dma, NO_LISTS, "%s = 0x%08x", name, value);
        break;
    default:
        break;
    }
}

void dw_ahb_check_write(const struct dw_ahb *dma, uint32_t offset, uint32_t value, uint8_t lanes)
{
    struct register_hit hit;
    char name[32];
    if (!register_find(&dw_ahb_registers, offset, &hit)) {
        RULE(dma, HOLE, "0x%x is written to offset 0x%03x, where there is no register", value,
             offset);
        return;
    }
    register_name(hit.entry, hit.array, name, sizeof name);
    if (hit.index <= DW_DSR && hit.array >= dma->config.channels) {
        RULE(dma, ABSENT, "%s = 0x%x: there is no channel %u, there are %u channels (0 to %u)",
             name, value, hit.array, dma->config.channels, dma->config.channels - 1);
        return;
    }
    const bool events = hit.index >= DW_RAW_TFR && hit.index <= DW_STATUS_ERR;
    if (events || hit.index == DW_STATUS_INT || hit.entry->access == REGISTER_RO) {
        RULE(dma, READ_ONLY, "%s = 0x%x: %s is read-only", name, value, name);
        return;
    }
    const uint32_t bits = (uint32_t)(lanes & 1 ? 0xff : 0) | (uint32_t)(lanes & 2 ? 0xff00 : 0) |
                          (uint32_t)(lanes & 4 ? 0xff0000 : 0) |
                          (uint32_t)(lanes & 8 ? 0xff000000 : 0);
    const uint32_t reserved = value & bits & reserved_bits(hit.entry);
    if (reserved && hit.index != DW_CTL_HI)
        RULE(dma, RESERVED, "%s = 0x%08x sets reserved bits 0x%x", name, value, reserved);
    if (hit.index <= DW_DSR) {
        check_channel_write(dma, &hit, name, value & bits, lanes);
        return;
    }
    const bool requests = hit.index >= DW_REQ_SRC && hit.index <= DW_LST_DST;
    if ((hit.index >= DW_MASK_TFR && hit.index <= DW_MASK_ERR) || requests || hit.index == DW_CH_EN)
        check_enables(dma, name, value, lanes);
    const uint32_t wanted = value & value >> 8 & 0xff & bits;
    if (requests && wanted & ~(uint32_t)dma->active)
        RULE(dma, NOT_ENABLED, "%s = 0x%x: channel %d is not enabled", name, value,
             __builtin_ctz(wanted & ~(uint32_t)dma->active));
    if (hit.index == DW_CH_EN && wanted && !(dma->registers[DW_DMA_CFG][0] & 1))
        RULE(dma, CONTROLLER_OFF, "CH_EN = 0x%x while DMA_CFG.DMA_EN is 0", value);
}

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
    NOTE_EVENT
};

/* ---- a channel is enabled, a block begins ---------------------------------------------------- */

static bool copies(const struct dw_ahb_channel *ch)
{
    return ch->length_known && !ch->side[DW_SOURCE].peripheral &&
           !ch->side[DW_DESTINATION].peripheral && ch->side[DW_SOURCE].direction > 0 &&
           ch->side[DW_DESTINATION].direction > 0;
}

/* First byte that a block writes, and how many bytes from there on; 0: that is not known. */
static uint64_t written(const struct dw_ahb_channel *ch, uint64_t *first)
{
    const struct dw_ahb_side *side = &ch->side[DW_DESTINATION];
    *first = side->next - (side->direction > 0 ? ch->claimed : 0);
    if (!ch->length_known || side->direction < 0 || side->jump_every)
        return 0;
    return side->direction ? ch->block_bytes : UINT64_C(1) << side->hsize;
}

static bool meet(uint64_t a, uint64_t a_bytes, uint64_t b, uint64_t b_bytes)
{
    return a_bytes && b_bytes && a < b + b_bytes && b < a + a_bytes;
}

static void check_side(const struct dw_ahb *dma, struct dw_ahb_channel *ch, enum dw_ahb_end end)
{
    static const char *const names[DW_ENDS] = {"SAR", "DAR"}, *const sides[DW_ENDS] = {"SRC",
                                                                                       "DST"};
    static const char *const lines[DW_ENDS] = {"SRC_PER", "DEST_PER"};
    static const char *const bursts[DW_ENDS] = {"SRC_MSIZE", "DEST_MSIZE"};
    const struct dw_ahb_side *side = &ch->side[end];
    const uint32_t ctl = dw_ahb_channel_register(dma, ch, DW_CTL_LO);
    const uint32_t width =
        end == DW_SOURCE ? DW_GET(ctl, CTL_LO, SRC_TR_WIDTH) : DW_GET(ctl, CTL_LO, DST_TR_WIDTH);
    const uint32_t msize =
        end == DW_SOURCE ? DW_GET(ctl, CTL_LO, SRC_MSIZE) : DW_GET(ctl, CTL_LO, DEST_MSIZE);
    const uint32_t items = msize ? UINT32_C(2) << msize : 1;
    const unsigned n = ch->index;
    if (width > side->hsize)
        RULE(dma, WIDTH, "CH%u_CTL_LO.%s_TR_WIDTH = %u: items of %u bytes, the bus has %u", n,
             sides[end], width, 1u << width, 1u << side->hsize);
    if (side->next & ((UINT32_C(1) << side->hsize) - 1))
        RULE(dma, ALIGNMENT,
             "CH%u_%s = 0x%08x is not aligned to its items of %u bytes (%s_TR_WIDTH = %u)", n,
             names[end], side->next, 1u << side->hsize, sides[end], width);
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
    const uint64_t bytes = written(ch, &first);
    const struct dw_ahb_side *destination = &ch->side[DW_DESTINATION];
    const struct ahb_bus *bus = dma->ports[destination->port].master.bus;
    if (bus == dma->bus && meet(first, bytes, dma->config.base, DW_REGISTER_BYTES))
        RULE(dma, OWN_REGISTERS,
             "CH%u_DAR = 0x%08x: the block of %" PRIu64 " bytes meets the registers at 0x%08x",
             ch->index, (uint32_t)first, bytes, (uint32_t)dma->config.base);
    for (unsigned on = dma->active & ~(1u << ch->index); on; on &= on - 1) {
        const struct dw_ahb_channel *one = &dma->channels[__builtin_ctz(on)];
        if (one->state != DW_TRANSFER || one->side[DW_DESTINATION].port != destination->port ||
            !destination->direction || !one->side[DW_DESTINATION].direction)
            continue;
        const uint64_t others = written(one, &other);
        if (meet(first, bytes, other, others))
            RULE(dma, TWO_WRITERS,
                 "channels %u and %u write the same bytes, 0x%08x to 0x%08x: CH%u_DAR = 0x%08x",
                 one->index, ch->index, (uint32_t)(first > other ? first : other),
                 (uint32_t)((first + bytes < other + others ? first + bytes : other + others) - 1),
                 ch->index, (uint32_t)first);
    }
}

void dw_ahb_check_block(const struct dw_ahb *dma, struct dw_ahb_channel *ch)
{
    if (!log_wanted(&dma->unit))
        return;
    check_side(dma, ch, DW_SOURCE);
    check_side(dma, ch, DW_DESTINATION);
    const uint32_t from = ch->side[DW_SOURCE].next, to = ch->side[DW_DESTINATION].next;
    if (ch->length_known && ch->block_bytes == 0 && first(ch, NOTE_EMPTY))
        RULE(dma, EMPTY, "channel %u: BLOCK_TS is 0 (CH%u_CTL_HI)", ch->index, ch->index);
    if (copies(ch) && ch->side[DW_SOURCE].port == ch->side[DW_DESTINATION].port && to > from &&
        to - from < ch->block_bytes)
        RULE(dma, OVERLAP,
             "channel %u: source 0x%08x and destination 0x%08x overlap in a block of %u bytes",
             ch->index, from, to, ch->block_bytes);
    check_others(dma, ch);
}

void dw_ahb_check_enable(const struct dw_ahb *dma, struct dw_ahb_channel *ch)
{
    if (!log_wanted(&dma->unit))
        return;
    const uint32_t ctl = dw_ahb_channel_register(dma, ch, DW_CTL_LO);
    const uint32_t llp = dw_ahb_channel_register(dma, ch, DW_LLP);
    const uint32_t enables = DW_MASK(CTL_LO, LLP_SRC_EN) | DW_MASK(CTL_LO, LLP_DST_EN);
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

void dw_ahb_check_fetched(const struct dw_ahb *dma, const struct dw_ahb_channel *ch)
{
    char where[64];
    if (!log_wanted(&dma->unit))
        return;
    snprintf(where, sizeof where, "LLP of list item 0x%08x (channel %u)", ch->item, ch->index);
    check_llp(dma, where, ch->words[2]);
    if (ch->words[4] & ~(dma->config.max_block_items | DW_MASK(CTL_HI, DONE)))
        RULE(dma, BLOCK_SIZE,
             "list item 0x%08x of channel %u: BLOCK_TS %u is beyond %u, taken as %u", ch->item,
             ch->index, ch->words[4], dma->config.max_block_items,
             ch->words[4] & dma->config.max_block_items);
}

/* ---- events ---------------------------------------------------------------------------------- */

static const char *const event_names[DW_EVENTS] = {"TFR", "BLOCK", "SRC_TRAN", "DST_TRAN", "ERR"};

void dw_ahb_check_event(const struct dw_ahb *dma, struct dw_ahb_channel *ch,
                        enum dw_ahb_event event)
{
    if (!log_wanted(&dma->unit))
        return;
    const uint32_t bit = 1u << ch->index;
    const char *name = event_names[event];
    const bool enabled = dw_ahb_channel_register(dma, ch, DW_CTL_LO) & DW_MASK(CTL_LO, INT_EN);
    const bool open = dma->registers[DW_MASK_TFR + event][0] & bit;
    if (event == DW_TFR && dma->registers[DW_RAW_TFR][0] & bit)
        RULE(dma, UNCLEARED,
             "channel %u: a transfer ends while RAW_TFR has bit %u from before (no CLEAR_TFR)",
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

static const char *const purpose_names[DMA_PURPOSES] = {
    "reading the source", "writing the destination", "reading a list item",
    "writing back to a list item"};

void dw_ahb_log_failure(const struct dw_ahb *dma, const struct dw_ahb_channel *ch,
                        enum dma_purpose purpose, uint32_t address)
{
    if (!log_wanted(&dma->unit))
        return;
    const struct ahb_bus *bus = dma->ports[0].master.bus;
    log_say(&dma->unit, &(struct log_line){.level = LOG_ERROR, .kind = LOG_BUS, .of = bus->name},
            "%s: channel %u got ERROR at 0x%08x while %s, after %" PRIu64
            " bytes: it is switched off, RAW_ERR has bit %u",
            dma->name, ch->index, address, purpose_names[purpose], ch->moved + ch->popped,
            ch->index);
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

/* Why events that happened do not interrupt, or that none has happened. */
static bool say_events(struct log_text *text, const struct dw_ahb *dma, uint32_t index)
{
    uint32_t raised = 0;
    for (unsigned event = 0; event < DW_EVENTS; event++)
        for (uint32_t left = dma->registers[DW_RAW_TFR + event][0]; left; left &= left - 1) {
            const unsigned n = (unsigned)__builtin_ctz(left);
            raised++;
            if ((event != DW_TFR && event != DW_ERR) ||
                dw_ahb_event_bits(dma, (enum dw_ahb_event)event) >> n & 1 || index-- > 0)
                continue;
            log_add(text, "RAW_%s has bit %u, but does not interrupt:", event_names[event], n);
            if (!(dma->registers[DW_MASK_TFR + event][0] >> n & 1))
                log_add(text, " MASK_%s bit %u is 0 (masked)", event_names[event], n);
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
