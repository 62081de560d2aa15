/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_crossbar: joins any number of AXI masters and slaves; the model is in axi_crossbar.c. */
#ifndef DMASIM_AXI_CROSSBAR_H
#define DMASIM_AXI_CROSSBAR_H

#include "bus/axi/axi.h"

struct axi_crossbar;

/* Builds bus->crossbar for these channels (AXI_READS, AXI_WRITES or both) of all ports that have
 * joined. DMASIM_OK, DMASIM_MEMORY, or DMASIM_INVALID if a name in the configuration is no port's. */
int axi_crossbar_create(struct axi_bus *bus, uint8_t channels);

struct snoop_gate;

/* From now on bursts of a master wait for a gate; while building, for a direction that goes through a crossbar. False:
 * it does not. */
bool axi_crossbar_gate(struct axi_port *master, bool write, struct snoop_gate *gate);

/* Has the master a gate? */
bool axi_crossbar_gated(const struct axi_port *master);

/* Settles cycle `now` and takes the edge that ends it; true if the next cycle can differ. */
bool axi_crossbar_settle(struct axi_bus *bus, sim_cycle now);

/* Counts what a master waits for in the cycle that is settled, and from it on. */
void axi_crossbar_count(const struct axi_bus *bus, const struct axi_port *master, sim_cycle now);

/* Cycles of a registered grant, which no address goes without. */
sim_cycle axi_crossbar_grant(const struct axi_port *master, bool write);

/* The slave that answers the whole burst; null if none does. */
struct axi_port *axi_crossbar_decode(const struct axi_bus *bus, const struct axi_address *ax);

/* Bursts so far that broke a rule of A3.4.1 (4 KiB, length or size) and got DECERR for it. */
uint64_t axi_crossbar_faults(const struct axi_bus *bus);

/* Cycles that a burst of a master to this address takes longer than over a pair of wires, if nobody else wants
 * what it wants; 0 without a crossbar. */
sim_cycle axi_crossbar_crossing(const struct axi_port *master, uint64_t addr, uint32_t beats,
                                bool write);

#endif
