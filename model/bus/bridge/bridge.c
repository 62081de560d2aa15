/* SPDX-License-Identifier: BSD-2-Clause */
#include "bus/bridge/bridge.h"

int bridge_access(const struct plan *plan, const struct bridge_config *config, bool *busy,
                  uint32_t offset, unsigned size_bytes, bool write, uint64_t *value)
{
    const uint64_t address = bridge_to(config) + offset;
    int code = DMASIM_UNMAPPED;
    if (*busy)
        return code;
    *busy = true;
    for (int section = 0; section < SECTION_COUNT && code == DMASIM_UNMAPPED; section++)
        for (uint32_t i = 0; i < plan->counts[section]; i++) {
            struct component *component = &plan->components[section][i];
            struct component_region region;
            if (!component->type->access || !component->type->region ||
                !component->type->region(component, &region) || region.bus != config->target ||
                address < region.base || address - region.base >= region.bytes)
                continue;
            code = component->type->access(component, (uint32_t)(address - region.base), size_bytes,
                                           write, value);
            break;
        }
    *busy = false;
    return code;
}

/* More bridges in a row lead nowhere new. */
static bool reach(const struct plan *plan, uint16_t from, uint16_t to, uint64_t address,
                  uint64_t *seen, unsigned bridges)
{
    *seen = address;
    if (from == to)
        return true;
    for (uint32_t i = 0; i < plan->counts[SECTION_PERIPHERALS] && bridges > 0; i++) {
        const struct component *bridge = &plan->components[SECTION_PERIPHERALS][i];
        const struct bridge_config *config = bridge->config;
        if (bridge->type != &ahb_to_axi_type && bridge->type != &axi_to_ahb_type)
            continue;
        const uint64_t offset = address - bridge_to(config);
        if (config->target == to && offset < config->size_bytes &&
            reach(plan, from, config->bus, config->base + offset, seen, bridges - 1))
            return true;
    }
    return false;
}

bool bridge_reach(const struct plan *plan, uint16_t from, uint16_t to, uint64_t address,
                  uint64_t *seen)
{
    return reach(plan, from, to, address, seen, 4);
}

void bridge_check(const struct plan *plan, const struct component *self, struct check *check)
{
    const struct bridge_config *config = self->config;
    (void)plan;
    const uint64_t to = bridge_to(config);
    const bool wide = self->type == &ahb_to_axi_type; /* addresses of the target */
    if (config->base % BRIDGE_UNIT != 0)
        check->fail(check, self, "base", "must be a multiple of 0x1000");
    if (config->size_bytes % BRIDGE_UNIT != 0)
        check->fail(check, self, "size", "must be a multiple of 4 KiB");
    if (to % BRIDGE_UNIT != 0)
        check->fail(check, self, "to", "must be a multiple of 0x1000");
    if (config->size_bytes - 1 > (wide ? UINT64_MAX : UINT32_MAX) - to)
        check->fail(check, self, config->to == BRIDGE_SAME ? "base" : "to",
                    "the window ends beyond the addresses of the target");
}

bool bridge_region(const struct component *self, struct component_region *region)
{
    const struct bridge_config *config = self->config;
    *region = (struct component_region){config->bus, config->base, config->size_bytes};
    return true;
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
