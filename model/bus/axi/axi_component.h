/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_component: the component type "axi", and how components join one. */
#ifndef DMASIM_AXI_COMPONENT_H
#define DMASIM_AXI_COMPONENT_H

#include "bus/axi/axi.h"
#include "bus/host_port.h"
#include "plan/component.h"

extern const struct component_type axi_type;

/* The built interconnect (a reference with .of = "axi") with this index. */
static inline struct axi_bus *build_axi(const struct build *build, uint16_t index)
{
    return build->plan->components[SECTION_BUSES][index].instance;
}

/* Joins a slave and maps it. Null after check->fail. */
struct axi_port *build_axi_slave(struct build *build, const struct component *component,
                                 struct axi_bus *bus, struct unit *unit, uint8_t channels,
                                 uint64_t base, uint64_t bytes);

/* Joins a master named `name`; `parameter` named the bus. Null after check->fail. */
struct axi_port *build_axi_master(struct build *build, const struct component *component,
                                  const char *parameter, struct axi_bus *bus, struct unit *unit,
                                  const char *name, uint8_t channels);

/* axi_host.c: component_type.host_port of the type. */
struct host_port *axi_host_port(struct build *build, const struct component *bus,
                                const struct component *host, struct unit *unit);

/* axi_causes.c */
extern const struct cause_bus axi_causes;

#endif
