/* SPDX-License-Identifier: BSD-2-Clause */
/* access: the public header's calls for memory and registers, seen from outside. */
#include "instance.h"
#include "memory/store.h"

/* Index of a bus by its name; null is any. False if there is none of this name. */
static bool bus_of(const struct dmasim *self, const char *name, uint16_t *bus)
{
    *bus = name ? system_bus(&self->system, name) : ROUTE_ANY_BUS;
    return !name || *bus != ROUTE_ANY_BUS;
}

int dmasim_access(struct dmasim *self, uint64_t at_ps, struct dmasim_access *access)
{
    uint16_t bus;
    if (instance_busy(self))
        return DMASIM_BUSY;
    if (access->size_bytes != 1 && access->size_bytes != 2 && access->size_bytes != 4)
        return DMASIM_INVALID;
    if (access->address % access->size_bytes)
        return DMASIM_INVALID;
    int code = dmasim_advance(self, at_ps);
    if (code != DMASIM_OK)
        return code;
    if (!bus_of(self, access->bus, &bus))
        return DMASIM_UNMAPPED;
    self->busy = true;
    code = system_access(&self->system, bus, access->address, access->size_bytes, access->write,
                         &access->value);
    self->busy = false;
    return code;
}

int dmasim_bus_read(struct dmasim *self, const char *bus_name, uint64_t address, void *bytes,
                    uint64_t length)
{
    uint16_t bus;
    if (instance_busy(self))
        return DMASIM_BUSY;
    if (!bus_of(self, bus_name, &bus))
        return DMASIM_UNMAPPED;
    self->busy = true;
    const int code = system_read(&self->system, bus, address, bytes, length);
    self->busy = false;
    return code;
}

int dmasim_bus_write(struct dmasim *self, const char *bus_name, uint64_t address, const void *bytes,
                     uint64_t length)
{
    uint16_t bus;
    if (instance_busy(self))
        return DMASIM_BUSY;
    if (!bus_of(self, bus_name, &bus))
        return DMASIM_UNMAPPED;
    self->busy = true;
    const int code = system_write(&self->system, bus, address, bytes, length);
    self->busy = false;
    return code;
}

void *dmasim_memory(const struct dmasim *self, const char *name, uint64_t *length)
{
    const struct component *memory = system_memory(&self->system, name);
    if (instance_busy(self) || !memory)
        return NULL;
    return store_bytes(memory, length);
}

int dmasim_memory_back(struct dmasim *self, const char *name, void *bytes, uint64_t length)
{
    if (instance_busy(self))
        return DMASIM_BUSY;
    return system_back(&self->system, name, bytes, length);
}
