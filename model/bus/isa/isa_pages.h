/* SPDX-License-Identifier: BSD-2-Clause */
/* isa_pages: the page registers of a PC; the model is in isa_pages.c. */
#ifndef DMASIM_ISA_PAGES_H
#define DMASIM_ISA_PAGES_H

#include "plan/component.h"

#define ISA_PAGES 16
#define ISA_PAGES_XT 4 /* of them in a PC/XT */

enum isa_pages_machine { ISA_PAGES_OF_AT, ISA_PAGES_OF_XT };

struct isa_pages_config {
    uint16_t bus;
    uint32_t port;
    uint8_t machine; /* enum isa_pages_machine */
};

extern const struct component_type isa_pages_type;
extern const struct parameter isa_pages_parameters[];

/* The outputs of a built "isa-pages" component: one wire for each of its 16 registers. */
const struct wire *isa_pages_wires(const struct component *component);

#endif
