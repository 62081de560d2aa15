/* SPDX-License-Identifier: BSD-2-Clause */
/* ideal_bus: whose access it is that a memory answers (ideal.h), as AHB and AXI tell it. */
#ifndef DMASIM_IDEAL_BUS_H
#define DMASIM_IDEAL_BUS_H

#include "bus/ahb/ahb.h"
#include "bus/axi/axi.h"
#include "memory/ideal.h"

/* IHI 0011A 3.8: HPROT[3], cacheable. */
static inline struct ideal_by ideal_ahb_by(const struct ahb_bus *bus,
                                           const struct ahb_access *access)
{
    return (struct ideal_by){.bus = bus,
                             .master = access->hmaster,
                             .name = bus->masters[access->hmaster].name,
                             .cacheable = (access->hprot & 8) != 0};
}

static inline void ideal_ahb_takes(const struct store *store, const struct ahb_bus *bus,
                                   const struct ahb_access *access, uint64_t offset,
                                   const uint8_t *data)
{
    if (__builtin_expect(store->ideal == NULL, 1))
        return;
    const struct ideal_by by = ideal_ahb_by(bus, access);
    ideal_takes(store->ideal, &by, offset, data, (size_t)1 << access->hsize);
}

static inline void ideal_ahb_gives(const struct store *store, const struct ahb_bus *bus,
                                   const struct ahb_access *access, uint64_t offset)
{
    if (__builtin_expect(store->ideal == NULL, 1))
        return;
    const struct ideal_by by = ideal_ahb_by(bus, access);
    ideal_gives(store->ideal, &by, offset, (size_t)1 << access->hsize);
}

/* Whose burst it is that came to a slave's port: behind a crossbar its id says so, in a pair there is one master.
 * A4.4: AxCACHE[3:2], allocate, is set of what a cache sends. */
static inline struct ideal_by ideal_axi_by(const struct axi_port *slave,
                                           const struct axi_address *ax, uint8_t channels)
{
    const struct axi_bus *bus = slave->bus;
    uint32_t master = bus->crossing & channels ? axi_id_master(ax->id) : 0;
    if (!(bus->crossing & channels))
        while (master + 1 < bus->master_count && !(bus->masters[master]->channels & channels))
            master++;
    return (struct ideal_by){.bus = bus,
                             .master = master,
                             .name = bus->masters[master]->name,
                             .cacheable = (ax->cache & 12) != 0};
}

/* Bytes of a beat, from its address on. */
static inline size_t ideal_axi_bytes(const struct axi_address *ax, unsigned beat)
{
    const uint64_t size = UINT64_C(1) << ax->size;
    return (size_t)(size - (axi_beat_address(ax, beat) & (size - 1)));
}

/* A beat of W that is about to be stored; data and strobes are those of a word of the bus, whose first byte is
 * at `offset`. */
static inline void ideal_axi_takes(const struct store *store, const struct axi_port *slave,
                                   const struct axi_address *ax, uint64_t offset,
                                   const uint8_t *data, const uint64_t strb[2])
{
    if (__builtin_expect(store->ideal == NULL, 1))
        return;
    const struct ideal_by by = ideal_axi_by(slave, ax, AXI_WRITES);
    const uint32_t width = slave->bus->width_bytes;
    for (uint32_t first = 0, end; first < width; first = end + 1) {
        for (end = first; end < width && strb[end / 64] >> end % 64 & 1; end++) {
        }
        ideal_takes(store->ideal, &by, offset + first, data + first, end - first);
    }
}

/* A beat of R that takes its bytes; its address is at `offset`. */
static inline void ideal_axi_gives(const struct store *store, const struct axi_port *slave,
                                   const struct axi_address *ax, unsigned beat, uint64_t offset)
{
    if (__builtin_expect(store->ideal == NULL, 1))
        return;
    const size_t bytes = ideal_axi_bytes(ax, beat);
    const struct ideal_by by = ideal_axi_by(slave, ax, AXI_READS);
    if (offset < store->size_bytes && bytes <= store->size_bytes - offset)
        ideal_gives(store->ideal, &by, offset, bytes);
}

#endif
