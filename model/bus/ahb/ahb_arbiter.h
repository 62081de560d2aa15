/* SPDX-License-Identifier: BSD-2-Clause */
/* ahb_arbiter: who gets the bus next; see ahb_arbiter.c. */
#ifndef DMASIM_AHB_ARBITER_H
#define DMASIM_AHB_ARBITER_H

#include "bus/ahb/ahb.h"

/* Readies the registers for cycle 0. */
void ahb_arbiter_reset(struct ahb_bus *bus);

/* HGRANT in this cycle, from the row settled so far: one bit, or 0 for nobody. Leaves in the arbiter
 * whom it would choose, for ahb_arbiter_edge(). */
uint32_t ahb_arbiter_grant(struct ahb_bus *bus, sim_cycle now);

/* Takes an edge with HREADY high. True if a register changed. */
bool ahb_arbiter_edge(struct ahb_bus *bus, sim_cycle now);

/* First cycle later than now at which HGRANT may change although no wire does, SIM_NEVER if none. */
sim_cycle ahb_arbiter_next(const struct ahb_bus *bus, sim_cycle now);

#endif
