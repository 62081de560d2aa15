/* SPDX-License-Identifier: BSD-2-Clause */
/* adi_sequence: a fixed driver of an ADI AXI DMAC, to the cycle; the model is in adi_sequence.c. */
#ifndef DMASIM_ADI_SEQUENCE_H
#define DMASIM_ADI_SEQUENCE_H

#include "bus/axi/axi_component.h"

enum adi_sequence_kind {
    ADI_SEQUENCE_DRIVER,
    ADI_SEQUENCE_FAST,
    ADI_SEQUENCE_DRIVER64, /* with the registers of addresses' high halves */
};

struct adi_sequence_config {
    uint16_t bus;        /* AXI4-Lite */
    uint16_t controller; /* whose registers */
    uint8_t kind;        /* enum adi_sequence_kind */
    uint32_t transfers;
    uint32_t length_bytes;
    struct parameter_list lengths; /* uint64_t, one per transfer; empty: length_bytes */
    uint64_t source, destination;  /* of transfer i: + i * step_bytes */
    uint64_t step_bytes;           /* beyond 32 bits: length_bytes */
    uint8_t irq_mask;
    uint32_t start_cycle; /* of the first access */
    uint32_t pause_at;    /* cycles after the submit; UINT32_MAX: no pause */
    uint32_t abort_at;    /* likewise */
};

extern const struct component_type adi_sequence_type;

#endif
