/* SPDX-License-Identifier: BSD-2-Clause */
/* dw_ahb_rules.h: what the files of the rules share: dw_ahb_rules.c (writes), dw_ahb_block_rules.c, dw_ahb_waits.c. */
#ifndef DMASIM_DW_AHB_RULES_H
#define DMASIM_DW_AHB_RULES_H

#include "controllers/dw_ahb/dw_ahb_state.h"

enum dw_ahb_rule {
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
    NO_PORT,
    FIXED,
    JUMPS,
    JUMPS_UNUSED,
    BURST_LIMIT,
    BURST_FIFO,
    EMPTY,
    NO_LINE,
    OVERLAP,
    OVERLAP_BELOW,
    TWO_WRITERS,
    OWN_REGISTERS,
    LOOP,
    UNCLEARED,
    BLOCK_UNCLEARED,
    CLEARS_NOTHING,
    MASKED,
    NO_INT_EN,
    ENABLED_ALREADY,
    SWITCHED_OFF,
    PRIORITY,
    UNPROGRAMMED,
    ITEM_UNUSED,
    OVER_LIST,
};

#define RULE(dma, which, ...) log_rule(&(dma)->unit, (dma)->name, &dw_ahb_rules[which], __VA_ARGS__)

/* Bits that no field has. */
uint32_t dw_ahb_reserved_bits(const struct register_entry *entry);

/* Of an LLP that software gave, in words at `where`. */
void dw_ahb_check_llp(const struct dw_ahb *dma, const char *where, uint32_t llp);

/* Where a block was described: " (list item 0x20008000)", or nothing. */
const char *dw_ahb_where(const struct dw_ahb_channel *ch, char text[32]);

#endif
