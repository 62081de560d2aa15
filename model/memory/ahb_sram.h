/* SPDX-License-Identifier: BSD-2-Clause */
/* sram: configuration of an on-chip memory and access to its bytes; the model is in ahb_sram.c. */
#ifndef DMASIM_AHB_SRAM_H
#define DMASIM_AHB_SRAM_H

#include "memory/store.h"
#include "plan/component.h"

#define SRAM_BYTES_MIN UINT64_C(0x400)
#define SRAM_BYTES_MAX STORE_BYTES_MAX

enum sram_response { SRAM_RESPONSE_ERROR, SRAM_RESPONSE_RETRY };

struct sram_error {
    uint64_t offset;
    uint64_t bytes;
    uint8_t response; /* enum sram_response */
    uint32_t count;   /* accesses that get it; 0: all */
};

struct sram_config {
    uint16_t bus;
    uint64_t base;
    uint64_t size_bytes;
    uint32_t read_first, read_next, write_first, write_next; /* wait states of NONSEQ and SEQ */
    struct store_fill fill;
    struct parameter_list bytes;  /* struct store_inline */
    struct parameter_list loads;  /* struct store_load */
    struct parameter_list dumps;  /* struct store_dump */
    struct parameter_list errors; /* struct sram_error */
};

extern const struct component_type sram_type;

#endif
