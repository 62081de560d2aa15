/* SPDX-License-Identifier: BSD-2-Clause */
/* dw_ahb: configuration of the DesignWare AHB DMA controller; the model is in dw_ahb.c. */
#ifndef DMASIM_DW_AHB_H
#define DMASIM_DW_AHB_H

#include "bus/handshake.h"
#include "plan/component.h"

#define DW_CHANNELS_MAX 8
#define DW_MASTERS_MAX 4

struct dw_ahb_config {
    uint16_t bus;                  /* of the register interface */
    uint64_t base;                 /* of the registers, 1 KiB */
    struct parameter_list masters; /* uint16_t bus of each master port, 1 .. 4; default: {bus} */
    uint32_t channels;             /* 1 .. 8 */
    uint32_t fifo_bytes;           /* of each channel; power of two, 8 .. 1024 */
    uint32_t max_block_items;      /* 3, 7, 15 .. 4095 */
    uint32_t max_burst_items;      /* largest MSIZE: 4 .. 256 */
    uint32_t request_lines;        /* hardware handshake interfaces, 0 .. 16 */
    bool multi_block;              /* linked lists and reload built in */
    bool encoded_parameters;       /* DW_PARAMS and friends read as built, else 0 */
    bool write_back;               /* CTL_HI is written back to the list item of a done block */
    uint16_t interrupt;            /* CPU index */
    /* Latencies in bus clocks, see dw_ahb.c "Timing". */
    uint32_t enable_cycles;        /* from the ChEn write to the first request */
    uint32_t switch_cycles;        /* between bursts of different channels or sides on a port */
    uint32_t handshake_cycles;     /* from a seen request to the first address */
    uint32_t register_wait_cycles; /* wait states of the register interface */
};

extern const struct component_type dw_ahb_type;
extern const struct register_map dw_ahb_registers;

#endif
