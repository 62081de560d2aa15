/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/component.h"

#include <string.h>

uint16_t component_reference(const struct component *self, enum parameter_refers refers)
{
    for (const struct parameter *p = self->type->parameters; p && p->name; p++) {
        uint16_t index;
        if (p->kind != PARAMETER_REFERENCE || p->refers != refers)
            continue;
        memcpy(&index, (const char *)self->config + p->offset, sizeof index);
        return index;
    }
    return UINT16_MAX;
}

int build_port(struct build *build, struct component *component, const struct component_port *port)
{
    struct component_port **end = &component->ports;
    while (*end)
        end = &(*end)->next;
    *end = arena_alloc(build->kernel->arena, sizeof **end);
    if (!*end)
        return DMASIM_MEMORY;
    **end = *port;
    (*end)->next = NULL;
    return DMASIM_OK;
}

int build_interrupt(struct build *build, struct component *component, const char *name,
                    struct wire *wire, uint16_t cpu)
{
    const struct plan *plan = build->plan;
    if (!component->interrupt)
        component->interrupt = wire;
    return build_port(build, component,
                      &(struct component_port){.name = name,
                                               .kind = PORT_INTERRUPT,
                                               .link = wire,
                                               .count = 1,
                                               .to = cpu < plan->counts[SECTION_CPUS]
                                                         ? &plan->components[SECTION_CPUS][cpu]
                                                         : NULL});
}

const struct component_port *component_port(const struct component *self, enum port_kind kind,
                                            const struct component_port *from)
{
    const struct component_port *port = from ? from->next : self->ports;
    while (port && port->kind != kind)
        port = port->next;
    return port;
}

uint32_t component_links(const struct component *self, enum port_kind kind)
{
    uint32_t count = 0;
    for (const struct component_port *port = NULL; (port = component_port(self, kind, port));)
        count += port->count;
    return count;
}

void *component_link(const struct component *self, enum port_kind kind, uint32_t index)
{
    for (const struct component_port *port = NULL; (port = component_port(self, kind, port));) {
        if (index < port->count)
            return (char *)port->link + index * port->stride_bytes;
        index -= port->count;
    }
    return NULL;
}

static const char *name_in(const struct parameter_list *list, size_t item_bytes, uint32_t index)
{
    return *(const char *const *)((const char *)list->items + index * item_bytes);
}

void check_names_once(struct check *check, const struct component *component, const char *parameter,
                      const struct parameter_list *list, size_t item_bytes)
{
    for (uint32_t i = 1; i < list->count; i++)
        for (uint32_t before = 0; before < i; before++) {
            const char *name = name_in(list, item_bytes, i);
            if (strcmp(name, name_in(list, item_bytes, before)) != 0)
                continue;
            check->fail(check, component, parameter, "'%s' is named twice", name);
            break;
        }
}

bool claim_host(const struct plan *plan, uint16_t bus, uint32_t index,
                struct component_claim *claim)
{
    if (index > 0 || bus >= plan->counts[SECTION_BUSES])
        return false;
    *claim = (struct component_claim){.of = &plan->components[SECTION_BUSES][bus],
                                      .what = "the CPU's side",
                                      .number = CLAIM_ALONE,
                                      .parameter = "bus"};
    return claim->of->type->one_host;
}

bool component_register(const struct component *self, const char *name, struct register_hit *hit,
                        uint32_t *offset)
{
    const struct register_map *map = self->type->registers;
    if (!map || !register_lookup(map, name, hit, offset))
        return false;
    if (self->type->register_step)
        *offset *= self->type->register_step(self);
    return true;
}
