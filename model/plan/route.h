/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * route: who answers an address of a bus.
 *
 *   bus a   ---[ memory ]---[ window ]---         region() of each
 *                               | leads()
 *   bus b   ----------------[ dma ]------         plan_route(a, address) is dma, plan_reach(a, b, base of
 *                                                 dma) is where bus a has it
 *
 * A route ends at the first component that leads nowhere. One that needs more than ROUTE_WINDOWS_MAX
 * windows in a row, such as one of bridges that lead back to each other, is none.
 */
#ifndef DMASIM_ROUTE_H
#define DMASIM_ROUTE_H

#include "plan/component.h"

#define ROUTE_WINDOWS_MAX 4
#define ROUTE_ANY_BUS UINT16_MAX

struct plan_route {
    struct component *component;    /* who answers */
    struct component_region region; /* in this region of it, */
    uint64_t address;               /* at this address of that region's bus */
    uint64_t bytes;   /* from there on to the end of the region or of a window before */
    uint32_t windows; /* on the way */
};

/* What access() takes for the address of a route. */
static inline uint64_t plan_route_offset(const struct plan_route *self)
{
    return self->region.offset + (self->address - self->region.base);
}

/* Who answers an address of a bus for this use; of ROUTE_ANY_BUS the first of the plan whose region has it.
 * False if nobody does. */
bool plan_route(const struct plan *plan, uint16_t bus, uint64_t address, enum region_use use,
                struct plan_route *route);

/* Where a master of bus `from` sees an address of bus `to`: there, or through the fewest windows. False if
 * it does not. */
bool plan_reach(const struct plan *plan, uint16_t from, uint16_t to, uint64_t address,
                uint64_t *seen);

#endif
