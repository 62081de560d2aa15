/* SPDX-License-Identifier: BSD-2-Clause */
/* browse: the public header's lists of what a simulation is made of. */
#include <string.h>

#include "instance.h"
#include "scenario/internal.h"

static const struct component *component_at(const struct dmasim *self, size_t index, int *section)
{
    const struct plan *plan = self->system.plan;
    for (*section = 0; *section < SECTION_COUNT; ++*section) {
        if (index < plan->counts[*section])
            return &plan->components[*section][index];
        index -= plan->counts[*section];
    }
    return NULL;
}

static const struct component *component_named(const struct dmasim *self, const char *name,
                                               int *section)
{
    const struct component *component;
    for (size_t i = 0; (component = component_at(self, i, section)); i++)
        if (strcmp(component->name, name) == 0)
            return component;
    return NULL;
}

static size_t elements(const struct register_entry *entry)
{
    return entry->count ? entry->count : 1;
}

static size_t count_registers(const struct register_map *map)
{
    size_t count = 0;
    for (const struct register_entry *e = map ? map->entries : NULL; e && e->name; e++)
        count += elements(e);
    return count;
}

static bool first_region(const struct component *component, struct component_region *region)
{
    return component->type->region && component->type->region(component, 0, region);
}

static int fill_component(const struct dmasim *self, const struct component *from, int section,
                          struct dmasim_component *component)
{
    struct component_region region;
    if (!from)
        return DMASIM_UNMAPPED;
    *component = (struct dmasim_component){
        .section = section_keys[section],
        .name = from->name,
        .type = from->type->name,
        .doc = from->type->doc,
        .register_count = count_registers(from->type->registers),
    };
    if (from->clock) {
        component->clock = from->clock->name;
        component->period_ps = from->clock->period_ps;
        component->phase_ps = from->clock->phase_ps;
    }
    if (first_region(from, &region)) {
        component->bus = self->system.plan->components[SECTION_BUSES][region.bus].name;
        component->base = region.base;
        component->size_bytes = region.bytes;
    }
    return DMASIM_OK;
}

int dmasim_component(const struct dmasim *self, size_t index, struct dmasim_component *component)
{
    int section;
    const struct component *from = component_at(self, index, &section);
    return fill_component(self, from, section, component);
}

int dmasim_component_find(const struct dmasim *self, const char *name,
                          struct dmasim_component *component)
{
    int section;
    const struct component *from = component_named(self, name, &section);
    return fill_component(self, from, section, component);
}

/* ---- registers ------------------------------------------------------------------------------- */

static void fill_register(const struct component *component, const struct register_entry *entry,
                          uint32_t element, struct dmasim_register *found)
{
    struct component_region region = {.base = 0};
    first_region(component, &region);
    *found = (struct dmasim_register){
        .doc = entry->doc ? entry->doc : "",
        .offset = entry->offset + element * entry->stride_bytes,
        .width_bits = component->type->registers->width_bits,
        .reset = entry->reset,
        .access = register_access_name(entry),
    };
    if (component->type->register_step)
        found->offset *= component->type->register_step(component);
    found->address = region.base + found->offset;
    register_name(entry, element, found->name, sizeof found->name);
}

int dmasim_register(const struct dmasim *self, const char *component, size_t index,
                    struct dmasim_register *found)
{
    int section;
    const struct component *of = component_named(self, component, &section);
    const struct register_map *map = of ? of->type->registers : NULL;
    for (const struct register_entry *e = map ? map->entries : NULL; e && e->name; e++) {
        if (index < elements(e)) {
            fill_register(of, e, (uint32_t)index, found);
            return DMASIM_OK;
        }
        index -= elements(e);
    }
    return DMASIM_UNMAPPED;
}

int dmasim_register_find(const struct dmasim *self, const char *component, const char *name,
                         struct dmasim_register *found)
{
    int section;
    struct register_hit hit;
    uint32_t offset;
    const struct component *of = component_named(self, component, &section);
    if (!of || !component_register(of, name, &hit, &offset))
        return DMASIM_UNMAPPED;
    fill_register(of, hit.entry, hit.array, found);
    return DMASIM_OK;
}

/* ---- probes ---------------------------------------------------------------------------------- */

static const struct probe *probe_at(const struct dmasim *self, size_t index)
{
    const struct probe *probe = self->system.probes;
    for (; probe && index > 0; index--)
        probe = probe->link;
    return probe;
}

int dmasim_probe(const struct dmasim *self, size_t index, struct dmasim_probe *probe)
{
    static const char *const kinds[] = {
        [PROBE_SETTLED] = "settled",
        [PROBE_REGISTERED] = "registered",
        [PROBE_EVENT] = "event",
    };
    const struct probe *from = probe_at(self, index);
    if (!from)
        return DMASIM_UNMAPPED;
    *probe = (struct dmasim_probe){
        .name = from->name,
        .type = from->type->name,
        .kind = kinds[from->type->kind],
        .clock = from->clock->name,
        .field_count = from->type->field_count,
    };
    return DMASIM_OK;
}

int dmasim_probe_field(const struct dmasim *self, size_t probe, size_t index,
                       struct dmasim_field *field)
{
    const struct probe *from = probe_at(self, probe);
    if (!from || index >= from->type->field_count)
        return DMASIM_UNMAPPED;
    const struct probe_field *one = &from->type->fields[index];
    *field = (struct dmasim_field){
        .name = one->name,
        .width_bits = one->width_bits,
        .value_names = one->names,
        .value_count = one->names ? one->name_count : 0,
    };
    return DMASIM_OK;
}
