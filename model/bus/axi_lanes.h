/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_lanes: which lanes of a beat hold which bytes (Arm IHI 0022, issue E, A3.4.3). */
#ifndef DMASIM_AXI_LANES_H
#define DMASIM_AXI_LANES_H

#include <string.h>

#include "bus/axi.h"

/* Lane of the byte at an address. */
static inline uint32_t axi_lane(const struct axi_bus *bus, uint64_t addr)
{
    return (uint32_t)addr & (bus->width_bytes - 1);
}

/* Makes *w the beat that writes `count` bytes at addr, up to 32 and not beyond the word; `lanes` is where
 * its data lie, a word of the bus. */
static inline void axi_lanes_put(const struct axi_bus *bus, uint64_t addr, const void *bytes,
                                 uint32_t count, bool last, uint8_t *lanes, struct axi_write *w)
{
    const uint32_t lane = axi_lane(bus, addr);
    memset(lanes, 0, bus->width_bytes);
    memcpy(lanes + lane, bytes, count);
    *w = (struct axi_write){.data = lanes, .last = last};
    w->strb[lane / 64] = ((UINT64_C(1) << count) - 1) << lane % 64;
}

#endif
