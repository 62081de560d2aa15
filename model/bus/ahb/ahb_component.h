/* SPDX-License-Identifier: BSD-2-Clause */
/* ahb_component: the type "ahb", and what is built with it. */
#ifndef DMASIM_AHB_COMPONENT_H
#define DMASIM_AHB_COMPONENT_H

#include "bus/ahb/ahb.h"
#include "bus/host_port.h"
#include "plan/component.h"

extern const struct component_type ahb_type;

/* The built AHB (a reference with .of = "ahb") with this index among the buses. */
static inline struct ahb_bus *build_ahb(const struct build *build, uint16_t index)
{
    return build->plan->components[SECTION_BUSES][index].instance;
}

/* Joins a slave to a bus and maps it; *slave gets its index there. DMASIM_OK, or DMASIM_INVALID after
 * check->fail. */
int build_ahb_slave(struct build *build, const struct component *component, struct ahb_bus *bus,
                    struct unit *unit, uint64_t base, uint64_t bytes, int *slave);

/* ahb_host.c: ahb_type.host_port */
struct host_port *ahb_host_port(struct build *build, const struct component *bus,
                                const struct component *host, struct unit *unit);

/* ahb_causes.c */
extern const struct cause_bus ahb_causes;

#endif
