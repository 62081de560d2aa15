/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_lite: 32-bit accesses of a master on AXI4-Lite, one at a time: axi_master in its simplest use. On an AXI4
 * bus each is a burst of one beat.
 *
 * A step of the owner calls, in this order: axi_lite_edge(); axi_lite_read() or axi_lite_write(), while none is
 * open; axi_lite_drive(). AR, or AW and W together, show in the cycle after; READY of R and B is always 1.
 */
#ifndef DMASIM_AXI_LITE_H
#define DMASIM_AXI_LITE_H

#include "bus/axi/axi_master.h"

struct axi_lite {
    struct axi_master master;
    uint32_t written;
    uint32_t value; /* what the last read brought; 0 with a write */
};

/* As axi_master_round. */
extern const struct state_table axi_lite_round;

/* Readies *self (all 0) for a port that has joined a bus. False if memory is short. */
bool axi_lite_init(struct axi_lite *self, struct axi_port *port);

void axi_lite_read(struct axi_lite *self, uint64_t addr);
void axi_lite_write(struct axi_lite *self, uint64_t addr, uint32_t value);

/* An access is open: from its beginning to the edge that ends it. */
static inline bool axi_lite_open(const struct axi_lite *self)
{
    return !axi_master_idle(&self->master);
}

/* Takes the edge that ends cycle `now`; true if the access ended with it. */
bool axi_lite_edge(struct axi_lite *self, sim_cycle now);

/* Drives the registers for cycle now + 1; nothing has to be stepped for the engine's sake. */
void axi_lite_drive(struct axi_lite *self, sim_cycle now);

#endif
