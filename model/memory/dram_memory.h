/* SPDX-License-Identifier: BSD-2-Clause */
/* dram_memory: the component type "dram": a DRAM with its controller, on AXI or AHB. */
#ifndef DMASIM_DRAM_MEMORY_H
#define DMASIM_DRAM_MEMORY_H

#include "memory/dram_controller.h"
#include "memory/store.h"

#define DRAM_SLOTS_MAX 4096

enum dram_write_response { DRAM_RESPOND_ACCEPTED, DRAM_RESPOND_SENT };

struct dram_organisation {
    uint32_t groups, banks, row_bits, column_bits, tx_bytes; /* 0: the preset's */
};

/* Each: 0 as the reference, 1 mended. In the order of enum dram_mended. */
struct dram_oddities {
    uint8_t rank_turnaround, same_address, forwarded, orphans;
};

struct dram_memory_config {
    uint16_t bus;
    uint64_t base, size_bytes;
    uint8_t preset, mapping, scheduler, row_policy, refresh, write_response;
    uint64_t period_ps;       /* 0: the preset's */
    uint32_t channels, ranks; /* ranks 0: the preset's */
    struct dram_organisation organisation;
    uint32_t timing[DRAM_TIMING_COUNT]; /* UINT32_MAX: the preset's */
    struct parameter_list mapping_bits; /* const char * */
    uint32_t cap, scatter_cycles;
    uint32_t read_queue, write_queue, write_high,
        write_low; /* the last two: UINT32_MAX: from the size */
    struct dram_oddities oddities;
    uint32_t reads_max, writes_max; /* bursts */
    uint32_t buffer_beats;
    uint32_t read_slots, write_slots; /* transactions */
    struct store_fill fill;
    struct parameter_list bytes; /* struct store_inline */
    struct parameter_list loads; /* struct store_load */
    struct parameter_list dumps; /* struct store_dump */
};

/* What both ports begin with. */
struct dram_port {
    struct unit unit;
    struct dram_controller *controller;
};

extern const struct component_type dram_type;
extern const struct parameter dram_parameters[];

/* What the parameters say. Null, or why there is no such memory and which parameter is at fault. */
const char *dram_memory_configure(const struct dram_memory_config *self, struct dram_config *config,
                                  const char **parameter);

/* The ports. DMASIM_OK, DMASIM_MEMORY or DMASIM_INVALID after check->fail. */
int dram_ahb_create(struct build *build, struct component *component,
                    const struct dram_config *config, sim_time period_ps);
int dram_axi_create(struct build *build, struct component *component,
                    const struct dram_config *config, sim_time period_ps);

#endif
