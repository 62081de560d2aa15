/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_sram: configuration of an on-chip memory on AXI; the model is in axi_sram.c. */
#ifndef DMASIM_AXI_SRAM_H
#define DMASIM_AXI_SRAM_H

#include "bus/axi/axi_component.h"
#include "memory/store.h"

#define AXI_SRAM_OPEN_MAX 256    /* bursts */
#define AXI_SRAM_LATENCY_MAX 256 /* cycles */

enum axi_sram_ports { AXI_SRAM_SINGLE, AXI_SRAM_DUAL };
enum axi_sram_arbitration { AXI_SRAM_READ_FIRST, AXI_SRAM_WRITE_FIRST, AXI_SRAM_ALTERNATE };

struct axi_sram_error {
    uint64_t offset, bytes;
    uint32_t count; /* beats that get it; 0: all */
};

struct axi_sram_config {
    uint16_t bus;
    uint64_t base, size_bytes;
    uint8_t ports, arbitration;
    uint32_t read_latency_cycles, write_latency_cycles;
    uint32_t read_beat_cycles, write_beat_cycles;
    uint32_t reads_max, writes_max; /* bursts */
    uint32_t buffer_beats;
    struct store_fill fill;
    struct parameter_list bytes;  /* struct store_inline */
    struct parameter_list loads;  /* struct store_load */
    struct parameter_list dumps;  /* struct store_dump */
    struct parameter_list errors; /* struct axi_sram_error */
};

extern const struct component_type axi_sram_type;

#endif
