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
    struct store_fill fill;
    struct parameter_list bytes; /* struct store_inline */
    struct parameter_list loads; /* struct store_load */
    struct parameter_list dumps; /* struct store_dump */
};

extern const struct component_type isa_memory_type;

#endif
