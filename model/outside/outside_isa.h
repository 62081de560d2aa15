/* SPDX-License-Identifier: BSD-2-Clause */
/* outside_isa: the request line of a device on ISA, which is a slave as well; see outside_isa.c. */
#ifndef DMASIM_OUTSIDE_ISA_H
#define DMASIM_OUTSIDE_ISA_H

#include "bus/isa/isa.h"
#include "outside/outside_line.h"

/* The ISA bus that a built controller is on, and its index there; null if it is on none. */
struct isa_bus *outside_isa_bus(const struct build *build, const struct component *controller,
                                int *index);

/* Builds the device at DREQ and DACK of a channel. */
int outside_isa_line_create(struct build *build, struct component *component, struct isa_bus *bus,
                            int controller, struct dma_handshake *line, unsigned channel,
                            bool dreq_low, bool dack_high);

#endif
