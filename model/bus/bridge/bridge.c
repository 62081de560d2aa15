/* SPDX-License-Identifier: BSD-2-Clause */
#include "bus/bridge/bridge.h"

void bridge_check(const struct plan *plan, const struct component *self, struct check *check)
{
    const struct bridge_config *config = self->config;
    const uint64_t to = bridge_to(config);
    const struct bus_space *space = plan->components[SECTION_BUSES][config->target].type->space;
    if (config->base % BRIDGE_UNIT != 0)
        check->fail(check, self, "base", "must be a multiple of 0x1000");
    if (config->size_bytes % BRIDGE_UNIT != 0)
        check->fail(check, self, "size", "must be a multiple of 4 KiB");
    if (to % BRIDGE_UNIT != 0)
        check->fail(check, self, "to", "must be a multiple of 0x1000");
    if (to > space->last || config->size_bytes - 1 > space->last - to)
        check->fail(check, self, config->to == BRIDGE_SAME ? "base" : "to",
                    "the window ends beyond the addresses of the target");
}

bool bridge_region(const struct component *self, uint32_t index, struct component_region *region)
{
    const struct bridge_config *config = self->config;
    *region = (struct component_region){
        .bus = config->bus, .base = config->base, .bytes = config->size_bytes};
    return index == 0;
}

bool bridge_leads(const struct component *self, uint32_t index, struct component_region *beyond)
{
    const struct bridge_config *config = self->config;
    *beyond = (struct component_region){
        .bus = config->target, .base = bridge_to(config), .bytes = config->size_bytes};
    return index == 0;
}

int bridge_clocks(struct build *build, const struct component *component)
{
    const struct bridge_config *config = component->config;
    const struct component *buses = build->plan->components[SECTION_BUSES];
    if (buses[config->bus].clock == buses[config->target].clock)
        return DMASIM_OK;
    build->check->fail(build->check, component, "target", "'%s' and '%s' need the same clock",
                       buses[config->bus].name, buses[config->target].name);
    return DMASIM_INVALID;
}
