/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_rules: mistakes in programming a DesignWare AHB DMAC, found when registers are written, a channel is enabled or a
 * block begins. Nothing here acts on the model; it is asked only while somebody listens to the log.
 *
 * Where a row says "this model" the sources (dw_ahb_registers.c) do not tell what the hardware does.
 */
#include <inttypes.h>
#include <stdio.h>

#include "controllers/dw_ahb/dw_ahb_rules.h"
#include "kernel/base.h"

#define REGS "Linux 6.12 drivers/dma/dw/regs.h"
#define SVD "Infineon XMC4500.svd, GPDMA0"
#define MODEL "this model, docs/controllers/dw-dmac.md"

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
                    "the list is not read any further: this block is the last",
                    REGS ": DWC_CTLL_LLP_S_EN"},
    [NO_LLP] = {"no-llp", LOG_NOTE, "sets LLP_SRC_EN or LLP_DST_EN with an LLP of 0",
                "there is no list: this block is the last", REGS ": DWC_CTLL_LLP_S_EN"},
    [WIDTH] = {"width", LOG_WARNING, "asks for items wider than the bus of the port",
               "items have the width of the bus", MODEL},
    [ALIGNMENT] = {"alignment", LOG_WARNING, "gives an address that is not a multiple of its item",
                   "the bus answers ERROR to unaligned beats", "IHI 0011A 3.4"},
    [NO_PORT] = {"no-port", LOG_WARNING, "names a master port in SMS or DMS that is not there",
                 "port 0 is used", MODEL},
    [FIXED] = {"fixed-address", LOG_NOTE,
               "keeps the address of memory where it is, in a copy from memory to memory",
               "all items are read from, or written to, one address", SVD ": CTLL.SINC, CTLL.DINC"},
    [JUMPS] = {"jumps", LOG_WARNING, "enables gather or scatter with a count (SGC, DSC) of 0",
               "addresses do not jump", SVD ": CTLL.SRC_GATHER_EN, SGR"},
    [JUMPS_UNUSED] = {"jumps-unused", LOG_NOTE,
                      "enables a channel with an SGR or DSR, and neither gather nor scatter",
                      "addresses do not jump", SVD ": CTLL.SRC_GATHER_EN, SGR"},
    [BURST_LIMIT] = {"burst-limit", LOG_NOTE, "asks for an MSIZE beyond what is built in",
                     "the largest burst is taken", REGS ": DWC_PARAMS.MSIZE"},
    [BURST_FIFO] = {"burst-fifo", LOG_NOTE, "asks for a burst that the FIFO does not hold",
                    "it is moved in shorter bursts on the bus", MODEL},
    [EMPTY] = {"empty-block", LOG_NOTE, "starts a block of no items",
               "nothing is moved, the block ends at once", MODEL},
    [NO_LINE] = {"no-device", LOG_WARNING,
                 "starts a block that waits for a request line at which there is no device",
                 "it waits for ever", REGS ": DWC_CFGH_SRC_PER"},
    [OVERLAP] = {"overlap", LOG_WARNING, "copies onto its own source, ahead of where it reads",
                 "bytes may be overwritten before they are read", MODEL},
    [OVERLAP_BELOW] = {"overlap-behind", LOG_NOTE,
                       "copies onto its own source, behind where it reads",
                       "the copy is good, and the source is overwritten", MODEL},
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
    [BLOCK_UNCLEARED] = {"block-uncleared", LOG_NOTE,
                         "lets a block end while RAW_BLOCK still has the end of the one before, "
                         "with its mask open",
                         "there is one interrupt for the two", SVD ": RAWBLOCK"},
    [CLEARS_NOTHING] = {"clears-nothing", LOG_NOTE,
                        "clears bits of events that have not happened, and none of those that have",
                        "the events that happened stay", SVD ": CLEARTFR"},
    [MASKED] = {"masked", LOG_NOTE,
                "lets an event that was asked for with INT_EN happen with its mask bit 0",
                "it is in RAW but not in STATUS, and does not interrupt", SVD ": MASKTFR"},
    [NO_INT_EN] = {"int-en", LOG_NOTE,
                   "lets an event whose mask is open happen in a block without INT_EN",
                   "it is in RAW but not in STATUS, and does not interrupt", SVD ": CTLL.INT_EN"},
    [ENABLED_ALREADY] = {"enabled-already", LOG_WARNING, "enables a channel that works already",
                         "it goes on as it is: what was written for it since is lost",
                         REGS ": channel_set_bit()"},
    [SWITCHED_OFF] = {"switched-off", LOG_NOTE,
                      "switches a channel off in the middle of its transfer",
                      "it ends there, without an event; what is in its FIFO is lost",
                      SVD ": CHENREG"},
    [PRIORITY] = {"priority", LOG_NOTE, "gives a priority that is not below the number of channels",
                  "it is taken: the order is that of the numbers", SVD ": CFGL.CH_PRIOR"},
    [UNPROGRAMMED] = {"unprogrammed", LOG_WARNING, "enables a channel whose SAR, DAR and LLP are 0",
                      "it moves bytes from address 0 to address 0",
                      REGS ": struct dw_dma_chan_regs"},
    [ITEM_UNUSED] = {"item-unused", LOG_NOTE,
                     "gives a list item an address that is not taken, as LLP_SRC_EN or LLP_DST_EN "
                     "of the block before is 0",
                     "the address goes on from the block before", REGS ": DWC_CTLL_LLP_D_EN"},
    [OVER_LIST] = {"over-list", LOG_WARNING, "has a block write over the next list item",
                   "the list goes on with what is there when it is read", MODEL},
    {.name = NULL},
};

const char *const dw_ahb_event_names[DW_EVENTS] = {"TFR", "BLOCK", "SRC_TRAN", "DST_TRAN", "ERR"};

/* A write left a channel off: what the log says of a run that hangs. */
static void remember(struct dw_ahb *dma, enum dw_ahb_left why, uint32_t value)
{
    dma->left = (struct dw_ahb_left_off){dma->kernel->now, value, (uint8_t)why};
}

/* ---- writes ---------------------------------------------------------------------------------- */

/* Bits that a write of a register with write enables leaves. */
static void check_enables(struct dw_ahb *dma, unsigned which, const char *name, uint32_t value,
                          uint8_t lanes)
{
    const uint32_t bits = lanes & 1 ? value & 0xff : 0, enables = lanes & 2 ? value >> 8 & 0xff : 0;
    const uint32_t built = (1u << dma->config.channels) - 1;
    const uint32_t deaf = bits & ~enables;
    if (which == DW_CH_EN && deaf)
        remember(dma, DW_LEFT_DEAF, value);
    else if (which == DW_CH_EN && !bits && !enables)
        remember(dma, DW_LEFT_NOTHING, value);
    else if (which == DW_CH_EN && bits & enables & ~built)
        remember(dma, DW_LEFT_ABSENT, value);
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
uint32_t dw_ahb_reserved_bits(const struct register_entry *entry)
{
    uint32_t known = 0;
    if (!entry->fields)
        return 0;
    for (const struct register_field *field = entry->fields; field->name; field++)
        known |= (uint32_t)(((UINT64_C(1) << field->width) - 1) << field->lsb);
    return ~known;
}

void dw_ahb_check_llp(const struct dw_ahb *dma, const char *where, uint32_t llp)
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
            dw_ahb_check_llp(dma, name, taken);
        break;
    case DW_CTL_HI:
        if (value & ~(most | DW_MASK(CTL_HI, DONE)) || value & DW_MASK(CTL_HI, DONE))
            RULE(dma, BLOCK_SIZE, "%s = 0x%x: BLOCK_TS %u is beyond %u, taken as %u", name, value,
                 value, most, value & most);
        break;
    case DW_CFG_LO:
        if (!dma->config.multi_block && value & reload)
            RULE(dma, NO_LISTS, "%s = 0x%08x", name, value);
        if (DW_GET(value, CFG_LO, CH_PRIOR) >= dma->config.channels)
            RULE(dma, PRIORITY, "%s = 0x%08x: CH_PRIOR is %u, there are %u channels", name, value,
                 DW_GET(value, CFG_LO, CH_PRIOR), dma->config.channels);
        break;
    default:
        break;
    }
}

/* CH_EN, or DMA_CFG: channels that are off after it, or go on. */
static void check_channels(struct dw_ahb *dma, unsigned which, const char *name, uint32_t value,
                           uint32_t enables)
{
    const bool controller = dma->registers[DW_DMA_CFG][0] & 1;
    const uint32_t on = value & enables & 0xff, off = enables & ~value;
    const uint32_t again = which == DW_CH_EN ? on & dma->active : 0;
    uint32_t stopped = (which == DW_CH_EN ? off : value & 1 ? 0 : 0xff) & dma->active;
    if (which == DW_CH_EN && on && !controller) {
        remember(dma, DW_LEFT_CONTROLLER, value);
        RULE(dma, CONTROLLER_OFF, "CH_EN = 0x%x while DMA_CFG.DMA_EN is 0", value);
        return;
    }
    if (again)
        RULE(dma, ENABLED_ALREADY, "CH_EN = 0x%x: channel %d is enabled already", value,
             __builtin_ctz(again));
    for (; stopped; stopped &= stopped - 1) {
        const struct dw_ahb_channel *ch = &dma->channels[__builtin_ctz(stopped)];
        if (ch->state == DW_DRAIN)
            continue;
        remember(dma, which == DW_CH_EN ? DW_LEFT_STOPPED : DW_LEFT_ALL, value);
        RULE(dma, SWITCHED_OFF, "%s = 0x%x: channel %u is switched off, after %" PRIu64 " bytes",
             name, value, ch->index, ch->moved + ch->popped);
    }
}

void dw_ahb_check_write(struct dw_ahb *dma, uint32_t offset, uint32_t value, uint8_t lanes)
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
    const uint32_t reserved = value & bits & dw_ahb_reserved_bits(hit.entry);
    if (reserved && hit.index != DW_CTL_HI)
        RULE(dma, RESERVED, "%s = 0x%08x sets reserved bits 0x%x", name, value, reserved);
    if (hit.index <= DW_DSR) {
        check_channel_write(dma, &hit, name, value & bits, lanes);
        return;
    }
    const bool requests = hit.index >= DW_REQ_SRC && hit.index <= DW_LST_DST;
    if ((hit.index >= DW_MASK_TFR && hit.index <= DW_MASK_ERR) || requests || hit.index == DW_CH_EN)
        check_enables(dma, hit.index, name, value, lanes);
    const uint32_t wanted = value & value >> 8 & 0xff & bits;
    if (requests && wanted & ~(uint32_t)dma->active)
        RULE(dma, NOT_ENABLED, "%s = 0x%x: channel %d is not enabled", name, value,
             __builtin_ctz(wanted & ~(uint32_t)dma->active));
    if (hit.index == DW_CH_EN || hit.index == DW_DMA_CFG)
        check_channels(dma, hit.index, name, value & bits, value >> 8 & 0xff & bits >> 8);
    if (hit.index >= DW_CLEAR_TFR && hit.index <= DW_CLEAR_ERR) {
        const uint32_t raw = dma->registers[DW_RAW_TFR + hit.index - DW_CLEAR_TFR][0];
        if (raw && !(raw & value & bits))
            RULE(dma, CLEARS_NOTHING, "%s = 0x%x clears none of RAW_%s = 0x%x", name, value,
                 dw_ahb_event_names[hit.index - DW_CLEAR_TFR], raw);
    }
}
