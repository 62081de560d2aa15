/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_memory: configuration of a memory of given latencies on AXI; the model is in axi_memory.c. */
#ifndef DMASIM_AXI_MEMORY_H
#define DMASIM_AXI_MEMORY_H

#include "bus/axi/axi_component.h"
#include "memory/store.h"

#define AXI_MEMORY_BYTES_MAX UINT64_C(0x40000000)
#define AXI_MEMORY_BURSTS_MAX 256 /* outstanding */

enum axi_pattern {
    AXI_PATTERN_ZERO,
    AXI_PATTERN_XORSHIFT32, /* a byte a step, see axi_memory.c */
    AXI_PATTERN_COUNT,      /* byte i is i */
};

struct axi_memory_stalls {
    uint32_t percent[AXI_CHANNELS]; /* by enum axi_channel */
    uint64_t seed;
    uint32_t generator; /* added to the number of each channel's generator */
};

struct axi_memory_config {
    uint16_t bus;       /* of all channels, or of AR and R */
    uint16_t write_bus; /* of AW, W and B; UINT16_MAX: `bus` */
    uint16_t shares;    /* memory whose bytes these are, UINT16_MAX: its own */
    uint64_t base, size_bytes;
    bool wraps; /* not a parameter: its bytes, a power of two, repeat over all addresses of a bus
                   that has no other slave */
    uint32_t read_latency_cycles, write_latency_cycles;
    uint32_t read_max, write_max; /* bursts */
    uint64_t write_from_cycle;    /* AWREADY is 0 before it */
    struct axi_memory_stalls stalls;
    uint8_t pattern; /* enum axi_pattern */
    uint64_t fill_seed;
    struct parameter_list loads; /* struct store_load */
    struct parameter_list dumps; /* struct store_dump */
};

extern const struct component_type axi_memory_type;
extern const struct parameter axi_memory_parameters[];

/* Cycle of the first beat that a burst's AWLEN did not announce, or that lacks its WLAST; SIM_NEVER if
 * there was none. */
sim_cycle axi_memory_wrong_last(const struct component *component);

#endif
