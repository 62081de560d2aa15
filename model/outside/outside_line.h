/* SPDX-License-Identifier: BSD-2-Clause */
/* outside_line: levels that are seen to change, as events of a port. */
#ifndef DMASIM_OUTSIDE_LINE_H
#define DMASIM_OUTSIDE_LINE_H

#include "outside/outside.h"

#define OUTSIDE_LEVELS 16 /* changes that may wait for their caller */

struct outside_change {
    sim_time at_ps;
    uint32_t level;
    uint32_t missed; /* changes right before this one that found no room */
};

/* All 0 is good: the level is 0 at first. */
struct outside_levels {
    uint32_t level; /* as told last */
    uint32_t first, count;
    struct outside_change changes[OUTSIDE_LEVELS];
};

/* In a step of the port's unit: the level is this. If it changed that is an event. The latest change is
 * always kept. */
void outside_level(struct dmasim_port *port, struct outside_levels *self, uint32_t level);

/* Time of the first change that was not taken; SIM_NEVER: none. */
sim_time outside_levels_next(const struct outside_levels *self);

void outside_levels_take(struct dmasim_port *port, struct outside_levels *self,
                         struct dmasim_event *event);

#endif
