/* SPDX-License-Identifier: BSD-2-Clause */
/* adi_axi_dmac: configuration of the ADI AXI DMA controller; the model is in adi_dmac.c. */
#ifndef DMASIM_ADI_DMAC_H
#define DMASIM_ADI_DMAC_H

#include "bus/axi/axi_component.h"

#define ADI_FIFO_MAX 64 /* bursts */
#define ADI_BURST_BYTES_MAX 4096
#define ADI_WINDOW_BYTES 4096 /* of registers */

enum adi_errata { ADI_SILICON, ADI_NONE };

/* What a side is, as DMA_TYPE_SRC and DMA_TYPE_DEST number it. */
enum adi_side { ADI_MEMORY, ADI_STREAM, ADI_FIFO };

struct adi_dmac_config {
    uint16_t bus;                                       /* of the registers */
    uint64_t base;                                      /* of the registers, 4 KiB */
    uint8_t source_type, destination_type;              /* enum adi_side */
    uint16_t source_bus;                                /* of the port that reads; a memory */
    uint16_t destination_bus;                           /* of the port that writes; a memory */
    uint32_t source_width_bits, destination_width_bits; /* of a stream or a FIFO */
    uint16_t descriptor_bus; /* of the scatter-gather unit, UINT16_MAX: it is not built in */
    bool sync_start;         /* SYNC_TRANSFER_START */
    bool tuser_sync;         /* AXIS_TUSER_SYNC: by TUSER, not by the pin */
    bool tlast_every_row;    /* DMA_2D_TLAST_MODE */
    uint16_t interrupt;      /* CPU index */
    uint32_t fifo_size;      /* FIFO_SIZE: bursts in the burst memory */
    uint32_t max_bytes_per_burst;
    uint32_t length_width_bits;
    uint32_t address_width_bits;          /* DMA_AXI_ADDR_WIDTH */
    bool source_slice, destination_slice; /* AXI_SLICE_SRC, AXI_SLICE_DEST */
    bool two_d;                           /* DMA_2D_TRANSFER */
    bool cyclic;                          /* CYCLIC */
    bool cache_coherent;                  /* CACHE_COHERENT */
    bool debug_registers;                 /* not DISABLE_DEBUG_REGISTERS */
    uint32_t id;                          /* ID */
    uint8_t errata;                       /* enum adi_errata */
    uint32_t reset_cycles;                /* of the external reset, from cycle 0 on */
    bool general; /* not a parameter: the lean form of the data path is not used, for tests */
};

extern const struct component_type adi_dmac_type;
extern const struct register_map adi_dmac_registers;

/* Errata, by the numbers of docs/controllers/axi-dmac.md. */
enum adi_erratum {
    ADI_ERRATUM_BURST_LENGTH = 1,
    ADI_ERRATUM_PAUSED_CHAIN,
    ADI_ERRATUM_ROW_TABLE,
    ADI_ERRATUM_EARLY_WLAST,
    ADI_ERRATUM_LOST_SEGMENTS,
    ADI_ERRATUM_REWIND,
    ADI_ERRATUM_LATE_TUSER,
    ADI_ERRATUM_REPORTS,
    ADI_ERRATUM_TVALID_RESET,
    ADI_ERRATUM_TVALID_SYNC,
    ADI_ERRATUM_FIFO_STOP,
    ADI_ERRATUM_DONE_SHARED,
    ADI_ERRATUM_CUT_FETCH,
    ADI_ERRATA_COUNT
};

/* Offsets that driver programs use. */
enum adi_register_offset {
    ADI_AT_VERSION = 0x000,
    ADI_AT_INTERFACE_DESCRIPTION_1 = 0x010,
    ADI_AT_IRQ_MASK = 0x080,
    ADI_AT_IRQ_PENDING = 0x084,
    ADI_AT_CONTROL = 0x400,
    ADI_AT_TRANSFER_ID = 0x404,
    ADI_AT_TRANSFER_SUBMIT = 0x408,
    ADI_AT_FLAGS = 0x40c,
    ADI_AT_DEST_ADDRESS = 0x410,
    ADI_AT_SRC_ADDRESS = 0x414,
    ADI_AT_X_LENGTH = 0x418,
    ADI_AT_Y_LENGTH = 0x41c,
    ADI_AT_DEST_STRIDE = 0x420,
    ADI_AT_SRC_STRIDE = 0x424,
    ADI_AT_TRANSFER_DONE = 0x428,
    ADI_AT_ACTIVE_TRANSFER_ID = 0x42c,
    ADI_AT_PARTIAL_TRANSFER_LEN = 0x44c,
    ADI_AT_PARTIAL_TRANSFER_ID = 0x450,
    ADI_AT_SG_ADDRESS = 0x47c,
    ADI_AT_DEST_ADDRESS_HIGH = 0x490,
    ADI_AT_SRC_ADDRESS_HIGH = 0x494,
    ADI_AT_SG_ADDRESS_HIGH = 0x4bc,
};

enum { ADI_IRQ_START = 1, ADI_IRQ_END = 2 };              /* bits of the interrupt registers */
enum { ADI_ENABLE = 1, ADI_PAUSE = 2, ADI_HARDWARE = 4 }; /* of CONTROL */
enum { ADI_CYCLIC = 1, ADI_TLAST = 2, ADI_PARTIAL = 4 };  /* of FLAGS */

/* Orders of the core's events within a cycle (trace/csv/events.h). */
extern const char *const adi_memory_event_order[]; /* traces/golden/adi_axi_dmac */
extern const char *const adi_event_order[]; /* adi_axi_dmac_ports: with what the core does inside */

#endif
