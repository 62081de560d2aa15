/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/route.h"

static bool has(const struct component_region *region, uint64_t address)
{
    return address >= region->base && address - region->base < region->bytes;
}

/* Finds the region of a bus that has the address, with the component and the region's index. */
static bool find(const struct plan *plan, uint16_t bus, uint64_t address, enum region_use use,
                 struct plan_route *route, uint32_t *index)
{
    for (int section = 0; section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < plan->counts[section]; i++) {
            struct component *component = &plan->components[section][i];
            struct component_region region;
            for (*index = 0; component_region(component, *index, &region); ++*index) {
                if ((bus != ROUTE_ANY_BUS && region.bus != bus) || !has(&region, address) ||
                    (region.use != REGION_ANY && use != REGION_ANY && region.use != use))
                    continue;
                route->component = component;
                route->region = region;
                return true;
            }
        }
    return false;
}

bool plan_route(const struct plan *plan, uint16_t bus, uint64_t address, enum region_use use,
                struct plan_route *route)
{
    *route = (struct plan_route){.address = address, .bytes = UINT64_MAX};
    for (uint32_t index; find(plan, bus, route->address, use, route, &index); route->windows++) {
        const struct component *component = route->component;
        struct component_region beyond;
        const uint64_t offset = route->address - route->region.base;
        if (route->bytes > route->region.bytes - offset)
            route->bytes = route->region.bytes - offset;
        if (!component->type->leads || !component->type->leads(component, index, &beyond))
            return true;
        if (route->windows == ROUTE_WINDOWS_MAX)
            return false;
        bus = beyond.bus;
        route->address = beyond.base + offset;
    }
    return false;
}

/* Through exactly this many windows. */
static bool reach(const struct plan *plan, uint16_t from, uint16_t to, uint64_t address,
                  unsigned windows, uint64_t *seen)
{
    *seen = address;
    if (windows == 0)
        return from == to;
    for (int section = 0; section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < plan->counts[section]; i++) {
            const struct component *component = &plan->components[section][i];
            struct component_region region, beyond;
            for (uint32_t j = 0; component->type->leads && component_region(component, j, &region);
                 j++)
                if (component->type->leads(component, j, &beyond) && beyond.bus == to &&
                    has(&beyond, address) &&
                    reach(plan, from, region.bus, region.base + (address - beyond.base),
                          windows - 1, seen))
                    return true;
        }
    return false;
}

bool plan_reach(const struct plan *plan, uint16_t from, uint16_t to, uint64_t address,
                uint64_t *seen)
{
    for (unsigned windows = 0; windows <= ROUTE_WINDOWS_MAX; windows++)
        if (reach(plan, from, to, address, windows, seen))
            return true;
    return false;
}
