/* SPDX-License-Identifier: BSD-2-Clause */
/* components: the component types of this folder. */
#ifndef DMASIM_BUS_COMPONENTS_H
#define DMASIM_BUS_COMPONENTS_H

#include "bus/component.h"

struct clock_config {
    uint64_t frequency_hz;
    uint64_t period_ps; /* 0: from the frequency */
    uint64_t phase_ps;
};

extern const struct component_type clock_type;
extern const struct component_type ahb_type;

/* ahb_host.c: ahb_type.host_port */
struct host_port *ahb_host_port(struct build *build, const struct component *bus,
                                const struct component *host, struct unit *unit);

#endif
