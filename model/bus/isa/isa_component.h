/* SPDX-License-Identifier: BSD-2-Clause */
/* isa_components: the component type "isa". */
#ifndef DMASIM_ISA_COMPONENTS_H
#define DMASIM_ISA_COMPONENTS_H

#include "bus/host_port.h"
#include "bus/isa/isa.h"
#include "plan/component.h"

extern const struct component_type isa_type;
extern const struct parameter isa_parameters[];

/* isa_host.c */
struct host_port *isa_host_port(struct build *build, const struct component *bus,
                                const struct component *host, struct unit *unit);

/* Joins a slave with a window of memory or of ports. DMASIM_OK, or DMASIM_INVALID after check->fail on
 * parameter `where`. */
int build_isa_slave(struct build *build, const struct component *component, struct isa_bus *bus,
                    struct unit *unit, uint32_t wait_states, int *slave);
int build_isa_window(struct build *build, const struct component *component, struct isa_bus *bus,
                     int slave, bool port, const char *where, uint64_t base, uint64_t bytes);

/* The built ISA bus (a reference with .of = "isa") with this index in its section. */
static inline struct isa_bus *build_isa(const struct build *build, uint16_t index)
{
    return build->plan->components[SECTION_BUSES][index].instance;
}

/* isa_causes.c */
extern const struct cause_bus isa_causes;

#endif
