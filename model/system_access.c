/* SPDX-License-Identifier: BSD-2-Clause */
/* system_access: memories and registers of a system, seen from outside in zero time. */
#include <string.h>

#include "memory/store.h"
#include "system.h"

/* ---- memories -------------------------------------------------------------------------------- */

struct component *system_memory(const struct system *self, const char *name)
{
    for (uint32_t i = 0; i < self->plan->counts[SECTION_MEMORIES]; i++) {
        struct component *component = &self->plan->components[SECTION_MEMORIES][i];
        if (component->store && strcmp(component->name, name) == 0)
            return component;
    }
    return NULL;
}

static bool begun(const struct kernel *kernel)
{
    for (const struct clock *clock = kernel->clocks; clock; clock = clock->link)
        if (clock->time != SIM_NEVER)
            return true;
    return false;
}

/* Bytes of two memories are moved in any order where these pass in closed form. */
static bool taken(const struct system *self, const struct store *by, const uint8_t *bytes,
                  uint64_t length)
{
    const uintptr_t first = (uintptr_t)bytes;
    for (uint32_t i = 0; i < self->plan->counts[SECTION_MEMORIES]; i++) {
        const struct store *store = self->plan->components[SECTION_MEMORIES][i].store;
        const uintptr_t start = store ? (uintptr_t)store->bytes : 0;
        if (start && store != by && first < start + store->size_bytes && start < first + length)
            return true;
    }
    return false;
}

int system_back(struct system *self, const char *name, void *bytes, uint64_t length)
{
    const struct component *component = system_memory(self, name);
    if (!component)
        return DMASIM_UNMAPPED;
    if (begun(&self->kernel))
        return DMASIM_PAST;
    if (taken(self, component->store, bytes, length))
        return DMASIM_INVALID;
    const int code = store_back(component->store, &self->arena, bytes, length);
    self->backings += code == DMASIM_OK;
    return code;
}

/* ---- addresses ------------------------------------------------------------------------------- */

uint16_t system_bus(const struct system *self, const char *name)
{
    for (uint32_t i = 0; i < self->plan->counts[SECTION_BUSES]; i++)
        if (strcmp(self->plan->components[SECTION_BUSES][i].name, name) == 0)
            return (uint16_t)i;
    return UINT16_MAX;
}

static bool answers(const struct plan_route *route)
{
    return route->component->store || route->component->type->access;
}

/* Where a register or byte is: ports of one memory are the same place. */
static const void *place_of(const struct plan_route *route)
{
    return route->component->store ? (const void *)route->component->store : route->component;
}

/* Who answers an address. Of any bus: tried on each, it must lead to one place. */
static int find(const struct plan *plan, uint16_t bus, uint64_t address, enum region_use use,
                struct plan_route *route)
{
    if (bus != ROUTE_ANY_BUS)
        return plan_route(plan, bus, address, use, route) && answers(route) ? DMASIM_OK
                                                                            : DMASIM_UNMAPPED;
    int code = DMASIM_UNMAPPED;
    for (uint32_t i = 0; i < plan->counts[SECTION_BUSES]; i++) {
        struct plan_route other;
        if (!plan_route(plan, (uint16_t)i, address, use, &other) || !answers(&other))
            continue;
        if (code == DMASIM_OK && (place_of(&other) != place_of(route) ||
                                  plan_route_offset(&other) != plan_route_offset(route)))
            return DMASIM_INVALID;
        if (code != DMASIM_OK || other.bytes < route->bytes)
            *route = other;
        code = DMASIM_OK;
    }
    return code;
}

int system_access(struct system *self, uint16_t bus, uint64_t address, unsigned size_bytes,
                  bool write, uint64_t *value)
{
    struct plan_route route;
    const int code = find(self->plan, bus, address, write ? REGION_WRITES : REGION_READS, &route);
    if (code != DMASIM_OK)
        return code;
    return route.component->type->access(route.component, plan_route_offset(&route), size_bytes,
                                         write, value);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* A stretch of bytes: read into `to`, or written from `from`; the other is null. */
struct stretch {
    uint16_t bus;
    uint64_t address, length;
    uint8_t *to;
    const uint8_t *from;
};

/* Copies what is in memories, or only tries to. *registers: it met another component. */
static int walk(const struct plan *plan, const struct stretch *stretch, bool copy, bool *registers)
{
    const enum region_use use = stretch->to ? REGION_READS : REGION_WRITES;
    uint64_t bytes;
    for (uint64_t done = 0; done < stretch->length; done += bytes) {
        struct plan_route route;
        if (stretch->address > UINT64_MAX - done)
            return DMASIM_UNMAPPED;
        const int code = find(plan, stretch->bus, stretch->address + done, use, &route);
        if (code != DMASIM_OK)
            return code;
        const struct store *store = route.component->store;
        if (!store) {
            *registers = true;
            return DMASIM_INVALID;
        }
        const uint64_t left = stretch->length - done;
        uint8_t *at = store->bytes + plan_route_offset(&route);
        bytes = left < route.bytes ? left : route.bytes;
        if (copy && stretch->to)
            memcpy(stretch->to + done, at, bytes);
        else if (copy)
            memcpy(at, stretch->from + done, bytes);
    }
    return DMASIM_OK;
}

static int move(struct system *self, const struct stretch *stretch)
{
    bool registers = false;
    const int code = walk(self->plan, stretch, false, &registers);
    if (code == DMASIM_OK)
        return walk(self->plan, stretch, true, &registers);
    const uint64_t length = stretch->length;
    if (!registers || length > 8 || (length & (length - 1)) || stretch->address % length)
        return code;
    uint64_t value = 0;
    if (stretch->from)
        memcpy(&value, stretch->from, length);
    const int found = system_access(self, stretch->bus, stretch->address, (unsigned)length,
                                    stretch->from != NULL, &value);
    if (found == DMASIM_OK && stretch->to)
        memcpy(stretch->to, &value, length);
    return found;
}

int system_read(struct system *self, uint16_t bus, uint64_t address, void *bytes, uint64_t length)
{
    return move(self, &(const struct stretch){
                          .bus = bus, .address = address, .length = length, .to = bytes});
}

int system_write(struct system *self, uint16_t bus, uint64_t address, const void *bytes,
                 uint64_t length)
{
    return move(self, &(const struct stretch){
                          .bus = bus, .address = address, .length = length, .from = bytes});
}
