/* SPDX-License-Identifier: BSD-2-Clause */
/* dts_plan: see dts_plan.h. */
#include "dts/dts_plan.h"

#include <string.h>

#include "plan/clock.h"

static const struct parameter *find(const struct component *component, const char *name)
{
    for (const struct parameter *p = component->type->parameters; p && p->name; p++)
        if (strcmp(p->name, name) == 0)
            return p;
    return NULL;
}

uint64_t plan_number(const struct component *component, const char *parameter)
{
    const struct parameter *p = find(component, parameter);
    uint64_t value = 0;
    if (p && p->size_bytes <= sizeof value) /* the host is little endian */
        memcpy(&value, (const char *)component->config + p->offset, p->size_bytes);
    return value;
}

const struct component *plan_reference(const struct plan *plan, const struct component *component,
                                       const char *parameter, enum component_section section)
{
    if (!find(component, parameter))
        return NULL;
    const uint64_t index = plan_number(component, parameter);
    return index < plan->counts[section] ? &plan->components[section][index] : NULL;
}

static const struct parameter_list *masters(const struct component *component)
{
    const struct parameter *p = find(component, "masters");
    return p ? (const void *)((const char *)component->config + p->offset) : NULL;
}

uint32_t plan_master_count(const struct component *component)
{
    const struct parameter_list *list = masters(component);
    return list && list->count ? list->count : 1;
}

uint16_t plan_master(const struct component *component, uint32_t index)
{
    const struct parameter_list *list = masters(component);
    return list && list->count ? ((const uint16_t *)list->items)[index]
                               : (uint16_t)plan_number(component, "bus");
}

uint64_t plan_bus_bits(const struct plan *plan, uint16_t bus)
{
    return bus < plan->counts[SECTION_BUSES]
               ? plan_number(&plan->components[SECTION_BUSES][bus], "width")
               : 0;
}

const struct component *plan_clock(const struct plan *plan, uint16_t bus)
{
    return bus < plan->counts[SECTION_BUSES]
               ? plan_reference(plan, &plan->components[SECTION_BUSES][bus], "clock",
                                SECTION_CLOCKS)
               : NULL;
}

uint64_t plan_frequency(const struct component *clock)
{
    const struct clock_config *config = clock->config;
    if (config->frequency_hz)
        return config->frequency_hz;
    return (UINT64_C(1000000000000) + config->period_ps / 2) / config->period_ps;
}

bool plan_feeds_memory(const struct component *device)
{
    static const char *const givers[] = {"axi-stream-source", "fifo-writer"};
    for (size_t i = 0; i < sizeof givers / sizeof givers[0]; i++)
        if (strcmp(device->type->name, givers[i]) == 0)
            return true;
    const struct parameter *p = find(device, "direction");
    return p && plan_number(device, "direction") == 0; /* dev_to_mem */
}
