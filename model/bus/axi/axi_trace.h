/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_trace: what an AXI interconnect publishes of its ports, see struct axi_row and axi_event. */
#ifndef DMASIM_AXI_TRACE_H
#define DMASIM_AXI_TRACE_H

#include "bus/axi/axi.h"

/* The probe types of a bus, as wide as it is. False if memory is short. */
bool axi_trace_types(struct axi_bus *bus);

/* Readies the probes of a new port; the system lists them with build_probe()'s list. */
bool axi_trace_port(struct axi_port *port);

/* Publishes cycle `now`, once every view is settled. */
void axi_trace(struct axi_bus *bus, sim_cycle now);

#endif
