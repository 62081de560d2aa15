/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_fields: the fields of the DesignWare AHB DMAC's registers, stated once.
 *
 * dw_ahb_registers.c makes the table of fields from it, and this header the constants that
 * DW_GET(value, CTL_LO, TT_FC) and DW_MASK(CFG_LO, CH_SUSP) use. Sources: see dw_ahb_registers.c.
 */
#ifndef DMASIM_DW_AHB_FIELDS_H
#define DMASIM_DW_AHB_FIELDS_H

/* X(register, field, lsb, width, access, meaning) */
#define DW_LLP_FIELDS(X)                                                                           \
    X(LLP, LMS, 0, 2, RW, "Master port that reads the next item")                                  \
    X(LLP, LOC, 2, 30, RW, "Address of the next list item, in words; 0: there is none")

#define DW_CTL_LO_FIELDS(X)                                                                        \
    X(CTL_LO, INT_EN, 0, 1, RW, "Interrupts of this block reach STATUS")                           \
    X(CTL_LO, DST_TR_WIDTH, 1, 3, RW, "A destination item has 2^n bytes")                          \
    X(CTL_LO, SRC_TR_WIDTH, 4, 3, RW, "A source item has 2^n bytes")                               \
    X(CTL_LO, DINC, 7, 2, RW, "Destination address: 0 rises, 1 falls, 2 or 3 fixed")               \
    X(CTL_LO, SINC, 9, 2, RW, "Source address: 0 rises, 1 falls, 2 or 3 fixed")                    \
    X(CTL_LO, DEST_MSIZE, 11, 3, RW, "Items a destination burst transaction: 1, 4, 8 ... 256")     \
    X(CTL_LO, SRC_MSIZE, 14, 3, RW, "Items a source burst transaction: 1, 4, 8 ... 256")           \
    X(CTL_LO, SRC_GATHER_EN, 17, 1, RW, "The source address jumps as SGR says")                    \
    X(CTL_LO, DST_SCATTER_EN, 18, 1, RW, "The destination address jumps as DSR says")              \
    X(CTL_LO, TT_FC, 20, 3, RW,                                                                    \
      "Type and flow controller: 0 M2M, 1 M2P, 2 P2M, 3 P2P by the controller; 4 P2M by the "      \
      "peripheral, 5 P2P by the source, 6 M2P by the peripheral, 7 P2P by the destination")        \
    X(CTL_LO, DMS, 23, 2, RW, "Master port of the destination")                                    \
    X(CTL_LO, SMS, 25, 2, RW, "Master port of the source")                                         \
    X(CTL_LO, LLP_DST_EN, 27, 1, RW, "The destination of the next block comes from the list")      \
    X(CTL_LO, LLP_SRC_EN, 28, 1, RW, "The source of the next block comes from the list")

#define DW_CTL_HI_FIELDS(X)                                                                        \
    X(CTL_HI, BLOCK_TS, 0, 12, RW,                                                                 \
      "Block size in source items; reads the items taken once enabled")                            \
    X(CTL_HI, DONE, 12, 1, RW, "The block is done (written back to the list)")

#define DW_CFG_LO_FIELDS(X)                                                                        \
    X(CFG_LO, CH_PRIOR, 5, 3, RW, "Priority, 7 is served first")                                   \
    X(CFG_LO, CH_SUSP, 8, 1, RW, "Take no more from the source")                                   \
    X(CFG_LO, FIFO_EMPTY, 9, 1, RO,                                                                \
      "The FIFO is empty; while suspended: holds no destination item")                             \
    X(CFG_LO, HS_SEL_DST, 10, 1, RW, "Destination handshake: 0 hardware, 1 software")              \
    X(CFG_LO, HS_SEL_SRC, 11, 1, RW, "Source handshake: 0 hardware, 1 software")                   \
    X(CFG_LO, LOCK_CH_L, 12, 2, RW, "Channel lock over: 0 transfer, 1 block, 2 transaction")       \
    X(CFG_LO, LOCK_B_L, 14, 2, RW, "Bus lock over: 0 transfer, 1 block, 2 transaction")            \
    X(CFG_LO, LOCK_CH, 16, 1, RW, "Lock the master ports for this channel")                        \
    X(CFG_LO, LOCK_B, 17, 1, RW, "Lock the bus (HLOCK)")                                           \
    X(CFG_LO, DST_HS_POL, 18, 1, RW, "Destination handshake polarity, 1 active low")               \
    X(CFG_LO, SRC_HS_POL, 19, 1, RW, "Source handshake polarity, 1 active low")                    \
    X(CFG_LO, MAX_ABRST, 20, 10, RW, "Longest AHB burst in beats, 0 no limit")                     \
    X(CFG_LO, RELOAD_SRC, 30, 1, RW, "The source of the next block starts where this one did")     \
    X(CFG_LO, RELOAD_DST, 31, 1, RW, "The destination of the next block starts where this one did")

#define DW_CFG_HI_FIELDS(X)                                                                        \
    X(CFG_HI, FCMODE, 0, 1, RW, "1: take from the source only what the destination asked for")     \
    X(CFG_HI, FIFO_MODE, 1, 1, RW, "1: wait for half a FIFO before a burst")                       \
    X(CFG_HI, PROTCTL, 2, 3, RW, "HPROT[3:1]")                                                     \
    X(CFG_HI, DS_UPD_EN, 5, 1, RW, "Fetch DSTAT after each block and write it back")               \
    X(CFG_HI, SS_UPD_EN, 6, 1, RW, "Fetch SSTAT after each block and write it back")               \
    X(CFG_HI, SRC_PER, 7, 4, RW, "Request line of the source")                                     \
    X(CFG_HI, DEST_PER, 11, 4, RW, "Request line of the destination")

#define DW_SGR_FIELDS(X)                                                                           \
    X(SGR, SGI, 0, 20, RW, "Items skipped")                                                        \
    X(SGR, SGC, 20, 12, RW, "Items between two jumps")

#define DW_DSR_FIELDS(X)                                                                           \
    X(DSR, DSI, 0, 20, RW, "Items skipped")                                                        \
    X(DSR, DSC, 20, 12, RW, "Items between two jumps")

#define DW_RAW_FIELDS(X) X(RAW, INT, 0, 8, RO, "Bit n: channel n")

#define DW_MASK_FIELDS(X)                                                                          \
    X(MASK, INT_MASK, 0, 8, WE8, "Bit n: channel n interrupts")                                    \
    X(MASK, INT_MASK_WE, 8, 8, WO, "Write enables")

#define DW_CLEAR_FIELDS(X) X(CLEAR, CLEAR, 0, 8, WO, "Writing 1 clears RAW of channel n")

#define DW_STATUS_INT_FIELDS(X)                                                                    \
    X(STATUS_INT, TFR, 0, 1, RO, "Some bit of STATUS_TFR is set")                                  \
    X(STATUS_INT, BLOCK, 1, 1, RO, "Some bit of STATUS_BLOCK is set")                              \
    X(STATUS_INT, SRCT, 2, 1, RO, "Some bit of STATUS_SRC_TRAN is set")                            \
    X(STATUS_INT, DSTT, 3, 1, RO, "Some bit of STATUS_DST_TRAN is set")                            \
    X(STATUS_INT, ERR, 4, 1, RO, "Some bit of STATUS_ERR is set")

#define DW_REQUEST_FIELDS(X)                                                                       \
    X(REQUEST, REQ, 0, 8, WE8, "Bit n: channel n; cleared when its transaction is done")           \
    X(REQUEST, REQ_WE, 8, 8, WO, "Write enables")

#define DW_DMA_CFG_FIELDS(X)                                                                       \
    X(DMA_CFG, DMA_EN, 0, 1, RW, "The controller works; after 0 reads 1 until all channels are off")

#define DW_CH_EN_FIELDS(X)                                                                         \
    X(CH_EN, CH_EN, 0, 8, WE8, "Bit n: channel n works; cleared when its transfer ends")           \
    X(CH_EN, CH_EN_WE, 8, 8, WO, "Write enables")

#define DW_TEST_FIELDS(X) X(TEST, TEST_SLV_IF, 0, 1, RW, "Kept, without effect")

#define DW_DWC_PARAMS_FIELDS(X)                                                                    \
    X(DWC_PARAMS, MBLK_EN, 11, 1, RO, "Multi-block transfers are built in")                        \
    X(DWC_PARAMS, HC_LLP, 13, 1, RO, "LLP is hard-wired to 0")                                     \
    X(DWC_PARAMS, MSIZE, 16, 3, RO, "Largest burst transaction: 4 << n items")

#define DW_DW_PARAMS_FIELDS(X)                                                                     \
    X(DW_PARAMS, NR_CHAN, 8, 3, RO, "Channels - 1")                                                \
    X(DW_PARAMS, NR_MASTER, 11, 2, RO, "Master ports - 1")                                         \
    X(DW_PARAMS, DATA_WIDTH1, 15, 2, RO, "Width of master port 1: 4 << n bytes")                   \
    X(DW_PARAMS, DATA_WIDTH2, 17, 2, RO, "Width of master port 2")                                 \
    X(DW_PARAMS, DATA_WIDTH3, 19, 2, RO, "Width of master port 3")                                 \
    X(DW_PARAMS, DATA_WIDTH4, 21, 2, RO, "Width of master port 4")                                 \
    X(DW_PARAMS, EN, 28, 1, RO, "The parameter registers are built in")

#define DW_FIELD_CONSTANTS(reg, field, lsb, width, access, doc)                                    \
    DW_##reg##_##field##_LSB = (lsb), DW_##reg##_##field##_BITS = (width),
enum dw_ahb_field_constants {
    DW_LLP_FIELDS(DW_FIELD_CONSTANTS) DW_CTL_LO_FIELDS(DW_FIELD_CONSTANTS)
        DW_CTL_HI_FIELDS(DW_FIELD_CONSTANTS) DW_CFG_LO_FIELDS(DW_FIELD_CONSTANTS) DW_CFG_HI_FIELDS(
            DW_FIELD_CONSTANTS) DW_SGR_FIELDS(DW_FIELD_CONSTANTS) DW_DSR_FIELDS(DW_FIELD_CONSTANTS)
            DW_RAW_FIELDS(DW_FIELD_CONSTANTS) DW_MASK_FIELDS(DW_FIELD_CONSTANTS)
                DW_CLEAR_FIELDS(DW_FIELD_CONSTANTS) DW_STATUS_INT_FIELDS(DW_FIELD_CONSTANTS)
                    DW_REQUEST_FIELDS(DW_FIELD_CONSTANTS) DW_DMA_CFG_FIELDS(DW_FIELD_CONSTANTS)
                        DW_CH_EN_FIELDS(DW_FIELD_CONSTANTS) DW_TEST_FIELDS(DW_FIELD_CONSTANTS)
                            DW_DWC_PARAMS_FIELDS(DW_FIELD_CONSTANTS)
                                DW_DW_PARAMS_FIELDS(DW_FIELD_CONSTANTS)
};
#undef DW_FIELD_CONSTANTS

#define DW_GET(value, reg, field)                                                                  \
    ((uint32_t)(value) >> DW_##reg##_##field##_LSB &                                               \
     ((UINT32_C(1) << DW_##reg##_##field##_BITS) - 1))
#define DW_PUT(value, reg, field) ((uint32_t)(value) << DW_##reg##_##field##_LSB)
#define DW_MASK(reg, field)                                                                        \
    (((UINT32_C(1) << DW_##reg##_##field##_BITS) - 1) << DW_##reg##_##field##_LSB)

#endif
