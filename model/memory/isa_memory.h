/* SPDX-License-Identifier: BSD-2-Clause */
/* isa_memory: configuration of a memory on an ISA bus; the model is in isa_memory.c. */
#ifndef DMASIM_ISA_MEMORY_H
#define DMASIM_ISA_MEMORY_H

#include "memory/store.h"
#include "plan/component.h"

struct isa_memory_config {
    uint16_t bus;
    uint64_t base;
    uint64_t size_bytes;
    uint32_t wait_states;
    struct sram_fill fill;
    struct parameter_list bytes; /* struct sram_inline */
    struct parameter_list loads; /* struct sram_load */
    struct parameter_list dumps; /* struct sram_dump */
};

extern const struct component_type isa_memory_type;

/* The content of a built "isa-memory" component; *size_bytes (may be null) gets its length. Null if
 * the component is of another type or not built. */
uint8_t *isa_memory_bytes(const struct component *component, uint64_t *size_bytes);

#endif
