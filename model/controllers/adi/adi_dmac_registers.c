/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_registers: the register map of the ADI AXI DMAC 4.5.e; the only statement
 * of it.
 *
 * Sources: register map probed on the RTL (traces/golden/adi_axi_dmac/registers.csv); names and fields
 * from the core's public documentation (ADI HDL, library axi_dmac) and Linux 6.12 drivers/dma/dma-axi-dmac.c.
 *
 * Resets are those of 64-bit ports and bursts of 128 bytes; INTERFACE_DESCRIPTION_1 and the width of
 * addresses and lengths follow the configuration, see adi_dmac_access.c.
 */
#include "controllers/adi/adi_dmac_state.h"

#define END                                                                                        \
    {                                                                                              \
        .name = NULL                                                                               \
    }
#define FIELD(label, low, bits, kind, text)                                                        \
    {                                                                                              \
        .name = (label), .lsb = (low), .width = (bits), .access = REGISTER_##kind, .doc = (text)   \
    }

static const struct register_field description_fields[] = {
    FIELD("BYTES_PER_BEAT_DEST_LOG2", 0, 4, RO, "Log2 of the bytes of a beat at the destination"),
    FIELD("DMA_TYPE_DEST", 4, 2, RO, "Destination: 0 memory, 1 stream, 2 FIFO"),
    FIELD("BYTES_PER_BEAT_SRC_LOG2", 8, 4, RO, "Log2 of the bytes of a beat at the source"),
    FIELD("DMA_TYPE_SRC", 12, 2, RO, "Source: 0 memory, 1 stream, 2 FIFO"),
    FIELD("BYTES_PER_BURST_WIDTH", 16, 4, RO, "Log2 of MAX_BYTES_PER_BURST"),
    FIELD("DMA_2D_TLAST_MODE", 26, 1, RO, "1: TLAST with every row"),
    FIELD("MAX_NUM_FRAMES", 27, 5, RO, "2 ** MAX_NUM_FRAMES_WIDTH - 1"),
    END,
};
static const struct register_field description_2_fields[] = {
    FIELD("CACHE_COHERENT", 0, 1, RO, "The parameter"),
    END,
};
static const struct register_field status_fields[] = {
    FIELD("STATE", 0, 3, RO, "0 DO_RESET, 1 RESET, 2 DISABLED, 3 STARTUP, 4 ENABLED, 5 SHUTDOWN"),
    FIELD("SG_ENABLED", 3, 1, RO, "The scatter-gather unit is enabled, or not idle"),
    FIELD("DEST_ENABLED", 4, 1, RO, "The destination is enabled"),
    FIELD("SRC_ENABLED", 5, 1, RO, "The source is enabled"),
    FIELD("REQ_ENABLED", 6, 1, RO, "Requests are taken"),
    FIELD("SG_RESETN", 7, 1, RO, "The internal reset is off; 0 without scatter-gather"),
    FIELD("DEST_RESETN", 8, 1, RO, "The internal reset is off"),
    FIELD("SRC_RESETN", 9, 1, RO, "The internal reset is off"),
    FIELD("REQ_RESETN", 10, 1, RO, "The internal reset is off"),
    FIELD("NEEDS_RESET", 11, 1, RO, "There was a disable, and no reset since"),
    END,
};
static const struct register_field ids_0_fields[] = {
    FIELD("REQUEST", 0, 8, RO, "In the burst memory"),
    FIELD("ADDRESS", 8, 8, RO, "Addressed; 0 if it is no memory"),
    FIELD("DATA", 16, 8, RO, "Sent"),
    FIELD("RESPONSE", 24, 8, RO, "Answered"),
    END,
};
static const struct register_field ids_1_fields[] = {
    FIELD("REQUEST", 0, 8, RO, "Split off the requests"),
    FIELD("ADDRESS", 8, 8, RO, "Addressed; 0 if it is no memory"),
    FIELD("DATA", 16, 8, RO, "Received; 0 if it is no memory"),
    FIELD("RESPONSE", 24, 8, RO, "Received"),
    END,
};
static const struct register_field irq_mask_fields[] = {
    FIELD("TRANSFER_QUEUED", 0, 1, RW, "1 masks the start-of-transfer interrupt"),
    FIELD("TRANSFER_COMPLETED", 1, 1, RW, "1 masks the end-of-transfer interrupt"),
    END,
};
static const struct register_field irq_pending_fields[] = {
    FIELD("TRANSFER_QUEUED", 0, 1, W1C, "A request was taken and the register is free"),
    FIELD("TRANSFER_COMPLETED", 1, 1, W1C, "A transfer was completed"),
    END,
};
static const struct register_field irq_source_fields[] = {
    FIELD("TRANSFER_QUEUED", 0, 1, RO, "As IRQ_PENDING, before the mask"),
    FIELD("TRANSFER_COMPLETED", 1, 1, RO, "As IRQ_PENDING, before the mask"),
    END,
};
static const struct register_field control_fields[] = {
    FIELD("ENABLE", 0, 1, RW, "0 stops and forgets all transfers"),
    FIELD("PAUSE", 1, 1, RW, "1 holds back new bursts"),
    FIELD("HWDESC", 2, 1, RW, "1: transfers are chains of descriptors (scatter-gather)"),
    END,
};
static const struct register_field id_fields[] = {
    FIELD("TRANSFER_ID", 0, 2, RO, "Of the next transfer"),
    END,
};
static const struct register_field submit_fields[] = {
    FIELD("TRANSFER_SUBMIT", 0, 1, RW, "Write 1: submit; reads 1 until the request is taken"),
    END,
};
static const struct register_field flags_fields[] = {
    FIELD("CYCLIC", 0, 1, RW, "The transfer starts again at its end"),
    FIELD("TLAST", 1, 1, RW, "Streams: TLAST with the last beat"),
    FIELD("PARTIAL_REPORTING_EN", 2, 1, RW, "Streams: report lengths of transfers that end early"),
    END,
};
static const struct register_field done_fields[] = {
    FIELD("TRANSFER_0_DONE", 0, 1, RO, "Transfer with id 0"),
    FIELD("TRANSFER_1_DONE", 1, 1, RO, "Transfer with id 1"),
    FIELD("TRANSFER_2_DONE", 2, 1, RO, "Transfer with id 2"),
    FIELD("TRANSFER_3_DONE", 3, 1, RO, "Transfer with id 3"),
    FIELD("PARTIAL_TRANSFER_DONE", 31, 1, RO, "A length report waits"),
    END,
};

#define REGISTER(id, at, kind, initial, table, text)                                               \
    [ADI_##id] = {.name = #id,                                                                     \
                  .offset = (at),                                                                  \
                  .access = REGISTER_##kind,                                                       \
                  .reset = (initial),                                                              \
                  .fields = (table),                                                               \
                  .doc = (text)}

static const struct register_entry entries[] = {
    REGISTER(VERSION, 0x000, RO, 0x00040565, NULL, "Version 4.5.e"),
    REGISTER(PERIPHERAL_ID, 0x004, RO, 0, NULL, "Number of the instance"),
    REGISTER(SCRATCH, 0x008, RW, 0, NULL, "For software"),
    REGISTER(IDENTIFICATION, 0x00c, RO, 0x444d4143, NULL, "\"DMAC\""),
    REGISTER(INTERFACE_DESCRIPTION_1, 0x010, RO, 0x38070303, description_fields,
             "What the ports are"),
    REGISTER(INTERFACE_DESCRIPTION_2, 0x014, RO, 0, description_2_fields,
             "Whether the ports are coherent; AXI_AXCACHE and AXI_AXPROT do not reach it"),
    REGISTER(IRQ_MASK, 0x080, RW, 3, irq_mask_fields, "Masks of the interrupts"),
    REGISTER(IRQ_PENDING, 0x084, W1C, 0, irq_pending_fields, "Interrupts that are not masked"),
    REGISTER(IRQ_SOURCE, 0x088, RO, 0, irq_source_fields, "Interrupts before the mask"),
    REGISTER(CONTROL, 0x400, RW, 0, control_fields, "Enable and pause"),
    REGISTER(TRANSFER_ID, 0x404, RO, 0, id_fields, "Id that the next transfer gets"),
    REGISTER(TRANSFER_SUBMIT, 0x408, RW, 0, submit_fields, "Submits a transfer"),
    REGISTER(FLAGS, 0x40c, RW, 3, flags_fields, "Of the transfer"),
    REGISTER(DEST_ADDRESS, 0x410, RW, 0, NULL, "Destination; multiple of a beat"),
    REGISTER(SRC_ADDRESS, 0x414, RW, 0, NULL, "Source; multiple of a beat"),
    REGISTER(X_LENGTH, 0x418, RW, 0, NULL, "Bytes of a row - 1"),
    REGISTER(Y_LENGTH, 0x41c, RW, 0, NULL, "Rows - 1 (2D)"),
    REGISTER(DEST_STRIDE, 0x420, RW, 0, NULL, "From row to row at the destination (2D)"),
    REGISTER(SRC_STRIDE, 0x424, RW, 0, NULL, "From row to row at the source (2D)"),
    REGISTER(TRANSFER_DONE, 0x428, RO, 0, done_fields, "A bit an id"),
    REGISTER(ACTIVE_TRANSFER_ID, 0x42c, RO, 0, NULL, "Id of the transfer that runs"),
    REGISTER(CURRENT_DEST_ADDRESS, 0x434, RO, 0, NULL, "Where the destination is"),
    REGISTER(CURRENT_SRC_ADDRESS, 0x438, RO, 0, NULL, "Where the source is"),
    REGISTER(DEBUG_STATUS, 0x43c, RO, 0x701, status_fields, "State of the reset manager"),
    REGISTER(DEBUG_IDS_0, 0x440, RO, 0, ids_0_fields,
             "Ids of bursts at the destination, in Gray code modulo 2 FIFO_SIZE"),
    REGISTER(DEBUG_IDS_1, 0x444, RO, 0, ids_1_fields, "Ids of bursts at the source, likewise"),
    REGISTER(TRANSFER_PROGRESS, 0x448, RO, 0, NULL, "Bytes of the running transfer"),
    REGISTER(PARTIAL_TRANSFER_LEN, 0x44c, RO, 0, NULL, "Streams: length of a partial transfer"),
    REGISTER(PARTIAL_TRANSFER_ID, 0x450, RO, 0, NULL, "Streams: its id"),
    REGISTER(DESCRIPTOR_ID, 0x454, RO, 0, NULL, "Id of the descriptor that runs (scatter-gather)"),
    [ADI_SG_ADDRESS_REGISTER] = {.name = "SG_ADDRESS",
                                 .offset = 0x47c,
                                 .access = REGISTER_RW,
                                 .doc = "First descriptor of the chain (scatter-gather)"},
    REGISTER(DEST_ADDRESS_HIGH, 0x490, RW, 0, NULL, "DEST_ADDRESS, from bit 32 on"),
    REGISTER(SRC_ADDRESS_HIGH, 0x494, RW, 0, NULL, "SRC_ADDRESS, from bit 32 on"),
    REGISTER(CURRENT_DEST_ADDRESS_HIGH, 0x498, RO, 0, NULL, "CURRENT_DEST_ADDRESS, from bit 32 on"),
    REGISTER(CURRENT_SRC_ADDRESS_HIGH, 0x49c, RO, 0, NULL, "CURRENT_SRC_ADDRESS, from bit 32 on"),
    REGISTER(SG_ADDRESS_HIGH, 0x4bc, RW, 0, NULL, "SG_ADDRESS, from bit 32 on"),
    [ADI_REGISTER_COUNT] = {.name = NULL},
};

const struct register_map adi_dmac_registers = {
    .compatible = "adi,axi-dmac",
    .title = "ADI AXI DMA controller",
    .entries = entries,
    .width_bits = 32,
    .size_bytes = ADI_WINDOW_BYTES,
};
