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

/* Ends the building of a bus once every master has joined: checks the names its arbiter uses and
 * registers the masters' probes. DMASIM_OK, DMASIM_MEMORY, or DMASIM_INVALID after check->fail. */
int ahb_complete(struct build *build, struct component *component);

#endif
