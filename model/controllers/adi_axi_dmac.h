/* SPDX-License-Identifier: BSD-2-Clause */
/* adi_axi_dmac: configuration of the ADI AXI DMA controller; the model is in adi_axi_dmac.c. */
#ifndef DMASIM_ADI_AXI_DMAC_H
#define DMASIM_ADI_AXI_DMAC_H

#include "bus/axi_component.h"

#define ADI_FIFO_MAX 64 /* bursts */
#define ADI_BURST_BYTES_MAX 4096
#define ADI_WINDOW_BYTES 4096 /* of registers */

enum adi_errata { ADI_SILICON, ADI_NONE };

struct adi_dmac_config {
    uint16_t bus;             /* of the registers */
    uint64_t base;            /* of the registers, 4 KiB */
    uint16_t source_bus;      /* of the port that reads */
    uint16_t destination_bus; /* of the port that writes */
    uint16_t interrupt;       /* CPU index */
    uint32_t fifo_size;       /* FIFO_SIZE: bursts in the burst memory */
    uint32_t max_bytes_per_burst;
    uint32_t length_width_bits;
    bool source_slice, destination_slice; /* AXI_SLICE_SRC, AXI_SLICE_DEST */
    bool two_d;                           /* DMA_2D_TRANSFER */
    bool cyclic;                          /* CYCLIC */
    uint8_t errata;                       /* enum adi_errata */
    uint32_t reset_cycles;                /* of the external reset, from cycle 0 on */
};

extern const struct component_type adi_axi_dmac_type;
extern const struct register_map adi_axi_dmac_registers;

/* IRQ_SOURCE & ~IRQ_MASK as a level one cycle ahead of the interrupt output; `reader` is woken by its
 * changes (one reader). */
struct wire *adi_axi_dmac_pending(const struct component *component, struct unit *reader);

/* Offsets that driver programs use. */
enum adi_register_offset {
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
};

/* An event of the core as its RTL shows it (PROBE_EVENT "rtl_event"), in the order of the recorded
 * traces (traces/golden/adi_axi_dmac/README.md). */
struct rtl_event_record {
    const char *event;
    uint64_t value; /* address, strobes, or data of a register */
    uint32_t len;
    uint8_t last;
    sim_cycle valid_since; /* SIM_NEVER: not told */
};

#endif
