/* SPDX-License-Identifier: BSD-2-Clause */
/* adi_script: plays a script of register accesses and waits on an ADI AXI DMAC; the model is in
 * adi_script.c. */
#ifndef DMASIM_ADI_SCRIPT_H
#define DMASIM_ADI_SCRIPT_H

#include "bus/axi/axi_component.h"

struct adi_script_config {
    uint16_t bus;        /* AXI4-Lite */
    uint16_t controller; /* whose registers */
    const char *script;
    uint32_t start_cycle; /* of the first step */
    uint64_t limit_cycle; /* no step starts at or after it */
};

struct adi_script_read {
    uint32_t offset, value;
};

/* What came of it. */
struct adi_script_result {
    bool finished, timed_out;
    sim_cycle end; /* cycle in which the step after the last would start */
    const struct adi_script_read *reads;
    uint32_t read_count;
};

extern const struct component_type adi_script_type;

struct adi_script_result adi_script_result(const struct component *component);

#endif
