/* SPDX-License-Identifier: BSD-2-Clause */
/* pattern: a slave whose unwritten words tell where they were read from; see ahb_pattern.c. */
#ifndef DMASIM_AHB_PATTERN_H
#define DMASIM_AHB_PATTERN_H

#include "plan/component.h"

struct pattern_config {
    uint16_t bus;
    uint64_t base;
    uint64_t size_bytes;
    uint32_t first_wait_cycles; /* of a NONSEQ */
    uint32_t next_wait_cycles;  /* of a SEQ */
    uint8_t number;             /* shown in unwritten words */
    uint32_t inject_at;         /* transfer, from 0, that gets inject_response; UINT32_MAX: none */
    uint8_t inject_response;    /* enum ahb_resp */
    uint32_t words;             /* words it can store; power of two */
};

extern const struct component_type pattern_type;

#endif
