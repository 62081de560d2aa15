/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_registers: the register map of the DesignWare AHB DMAC; the only statement of it.
 *
 * Sources: Linux 6.12 drivers/dma/dw/regs.h (offsets, names, fields), Infineon XMC4500.svd (GPDMA0,
 * the same IP: reset values, LOCK_CH and LOCK_B, write enables).
 *
 *   0x000  channel 0 .. 7, 0x58 each: SAR DAR LLP CTL SSTAT DSTAT SSTATAR DSTATAR CFG SGR DSR
 *   0x2c0  RAW, STATUS, MASK, CLEAR, each TFR BLOCK SRC_TRAN DST_TRAN ERR, 8 bytes apart
 *   0x360  STATUS_INT, software handshake, DMA_CFG, CH_EN
 *   0x3a8  DMA_ID and what the configuration built in
 *
 * Resets are those of a channel 0 before the configuration is laid in: CH_PRIOR starts as the
 * channel's number, and the parameter registers read as dw_ahb_create() computes them.
 */
#include "controllers/dw_ahb/dw_ahb_state.h"

#define END                                                                                        \
    {                                                                                              \
        .name = NULL                                                                               \
    }

#define FIELD(reg, label, low, bits, kind, text)                                                   \
    {.name = #label, .lsb = (low), .width = (bits), .access = REGISTER_##kind, .doc = (text)},

static const struct register_field llp_fields[] = {DW_LLP_FIELDS(FIELD) END};
static const struct register_field ctl_lo_fields[] = {DW_CTL_LO_FIELDS(FIELD) END};
static const struct register_field ctl_hi_fields[] = {DW_CTL_HI_FIELDS(FIELD) END};
static const struct register_field cfg_lo_fields[] = {DW_CFG_LO_FIELDS(FIELD) END};
static const struct register_field cfg_hi_fields[] = {DW_CFG_HI_FIELDS(FIELD) END};
static const struct register_field sgr_fields[] = {DW_SGR_FIELDS(FIELD) END};
static const struct register_field dsr_fields[] = {DW_DSR_FIELDS(FIELD) END};
static const struct register_field raw_fields[] = {DW_RAW_FIELDS(FIELD) END};
static const struct register_field mask_fields[] = {DW_MASK_FIELDS(FIELD) END};
static const struct register_field clear_fields[] = {DW_CLEAR_FIELDS(FIELD) END};
static const struct register_field status_int_fields[] = {DW_STATUS_INT_FIELDS(FIELD) END};
static const struct register_field request_fields[] = {DW_REQUEST_FIELDS(FIELD) END};
static const struct register_field dma_cfg_fields[] = {DW_DMA_CFG_FIELDS(FIELD) END};
static const struct register_field ch_en_fields[] = {DW_CH_EN_FIELDS(FIELD) END};
static const struct register_field test_fields[] = {DW_TEST_FIELDS(FIELD) END};
static const struct register_field dwc_params_fields[] = {DW_DWC_PARAMS_FIELDS(FIELD) END};
static const struct register_field dw_ahb_params_fields[] = {DW_DW_PARAMS_FIELDS(FIELD) END};

#define CHANNEL(id, label, at, initial, table, text)                                               \
    [DW_##id] = {.name = "CH%u_" label,                                                            \
                 .offset = (at),                                                                   \
                 .count = DW_CHANNELS_MAX,                                                         \
                 .stride_bytes = DW_CHANNEL_BYTES,                                                 \
                 .access = REGISTER_RW,                                                            \
                 .reset = (initial),                                                               \
                 .fields = (table),                                                                \
                 .doc = (text)}

#define COMMON(id, at, kind, initial, table, text)                                                 \
    [DW_##id] = {.name = #id,                                                                      \
                 .offset = (at),                                                                   \
                 .access = REGISTER_##kind,                                                        \
                 .reset = (initial),                                                               \
                 .fields = (table),                                                                \
                 .doc = (text)}

/* The five registers of one interrupt kind's group, in the order of enum dw_ahb_event. */
#define GROUP(name, at, kind, table, text)                                                         \
    COMMON(name##_TFR, (at) + 0x00, kind, 0, table, text ": transfer complete"),                   \
        COMMON(name##_BLOCK, (at) + 0x08, kind, 0, table, text ": block complete"),                \
        COMMON(name##_SRC_TRAN, (at) + 0x10, kind, 0, table, text ": source transaction"),         \
        COMMON(name##_DST_TRAN, (at) + 0x18, kind, 0, table, text ": destination transaction"),    \
        COMMON(name##_ERR, (at) + 0x20, kind, 0, table, text ": bus error")

static const struct register_entry entries[] = {
    CHANNEL(SAR, "SAR", 0x00, 0, NULL, "Source address"),
    CHANNEL(DAR, "DAR", 0x08, 0, NULL, "Destination address"),
    CHANNEL(LLP, "LLP", 0x10, 0, llp_fields, "Linked list pointer"),
    CHANNEL(CTL_LO, "CTL_LO", 0x18, 0x00304801, ctl_lo_fields, "Control of the block"),
    CHANNEL(CTL_HI, "CTL_HI", 0x1c, 0x00000002, ctl_hi_fields, "Size of the block"),
    CHANNEL(SSTAT, "SSTAT", 0x20, 0, NULL, "Source status"),
    CHANNEL(DSTAT, "DSTAT", 0x28, 0, NULL, "Destination status"),
    CHANNEL(SSTATAR, "SSTATAR", 0x30, 0, NULL, "Where the source status is fetched"),
    CHANNEL(DSTATAR, "DSTATAR", 0x38, 0, NULL, "Where the destination status is fetched"),
    CHANNEL(CFG_LO, "CFG_LO", 0x40, 0x00000e00, cfg_lo_fields, "Configuration of the channel"),
    CHANNEL(CFG_HI, "CFG_HI", 0x44, 0x00000004, cfg_hi_fields, "Configuration of the channel"),
    CHANNEL(SGR, "SGR", 0x48, 0, sgr_fields, "Source gather"),
    CHANNEL(DSR, "DSR", 0x50, 0, dsr_fields, "Destination scatter"),
    GROUP(RAW, 0x2c0, RO, raw_fields, "Events that happened"),
    GROUP(STATUS, 0x2e8, RO, raw_fields, "Events that interrupt"),
    GROUP(MASK, 0x310, RW, mask_fields, "Events let through"),
    GROUP(CLEAR, 0x338, WO, clear_fields, "Clears events"),
    COMMON(STATUS_INT, 0x360, RO, 0, status_int_fields, "Which kinds of event interrupt"),
    COMMON(REQ_SRC, 0x368, RW, 0, request_fields, "Software request: source burst"),
    COMMON(REQ_DST, 0x370, RW, 0, request_fields, "Software request: destination burst"),
    COMMON(SGL_REQ_SRC, 0x378, RW, 0, request_fields, "Software request: source item"),
    COMMON(SGL_REQ_DST, 0x380, RW, 0, request_fields, "Software request: destination item"),
    COMMON(LST_SRC, 0x388, RW, 0, request_fields, "Software request: last of the source"),
    COMMON(LST_DST, 0x390, RW, 0, request_fields, "Software request: last of the destination"),
    COMMON(DMA_CFG, 0x398, RW, 0, dma_cfg_fields, "Enable of the controller"),
    COMMON(CH_EN, 0x3a0, RW, 0, ch_en_fields, "Enables of the channels"),
    COMMON(DMA_ID, 0x3a8, RO, 0x00afc000, NULL, "Identity"),
    COMMON(DMA_TEST, 0x3b0, RW, 0, test_fields, "Test"),
    [DW_DWC_PARAMS] = {.name = "DWC_PARAMS_%u",
                       .offset = 0x3cc,
                       .count = DW_CHANNELS_MAX,
                       .stride_bytes = 4,
                       .access = REGISTER_RO,
                       .fields = dwc_params_fields,
                       .doc = "What is built into a channel; element x is channel 7 - x"},
    COMMON(MULTI_BLK_TYPE, 0x3ec, RO, 0, NULL, "Four bits a channel: 0 all multi-block types"),
    COMMON(MAX_BLK_SIZE, 0x3f0, RO, 0, NULL, "Four bits n a channel: up to (4 << n) - 1 items"),
    COMMON(DW_PARAMS, 0x3f4, RO, 0, dw_ahb_params_fields, "What is built into the controller"),
    COMMON(COMP_TYPE, 0x3f8, RO, 0x44571110, NULL, "Type of the component"),
    COMMON(COMP_VERSION, 0x3fc, RO, 0x3231342a, NULL, "Version of the component: 214*"),
    [DW_REGISTER_COUNT] = {.name = NULL},
};

const struct register_map dw_ahb_registers = {
    .compatible = "snps,dw-dmac",
    .title = "DesignWare AHB DMA controller",
    .entries = entries,
    .width_bits = 32,
    .size_bytes = DW_REGISTER_BYTES,
};
