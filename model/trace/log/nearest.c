/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/log/nearest.h"

#include <inttypes.h>
#include <string.h>

struct near {
    const struct component *below, *above;
    uint64_t below_last, below_base, above_base, above_last;
};

static void look(struct near *near, const struct component *one,
                 const struct component_region *region, uint64_t address)
{
    const uint64_t last = region->base + region->bytes - 1;
    if (last < address && (!near->below || last > near->below_last)) {
        near->below = one;
        near->below_last = last;
        near->below_base = region->base;
    }
    if (region->base > address && (!near->above || region->base < near->above_base)) {
        near->above = one;
        near->above_base = region->base;
        near->above_last = last;
    }
}

void nearest_add(struct log_text *text, const struct plan *plan, const char *bus, uint64_t address)
{
    struct near near = {.below = NULL};
    for (int section = 0; plan && bus && section < SECTION_WORK; section++)
        for (uint32_t i = 0; i < plan->counts[section]; i++) {
            const struct component *one = &plan->components[section][i];
            struct component_region region;
            for (uint32_t k = 0; component_region(one, k, &region); k++)
                if (region.bytes && region.bus < plan->counts[SECTION_BUSES] &&
                    strcmp(plan->components[SECTION_BUSES][region.bus].name, bus) == 0)
                    look(&near, one, &region, address);
        }
    log_add(text, "; nobody answers there");
    if (near.below)
        log_add(text, ", below it is %s (0x%08" PRIx64 " to 0x%08" PRIx64 ")", near.below->name,
                near.below_base, near.below_last);
    if (near.above)
        log_add(text, ", above it is %s (0x%08" PRIx64 " to 0x%08" PRIx64 ")", near.above->name,
                near.above_base, near.above_last);
}
