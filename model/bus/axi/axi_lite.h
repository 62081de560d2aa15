/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_lite: 32-bit accesses of a master on AXI4-Lite, one at a time; who raises them owns the timing.
 * And which lanes of a beat hold which bytes (Arm IHI 0022, issue E, A3.4.3). */
#ifndef DMASIM_AXI_LITE_H
#define DMASIM_AXI_LITE_H

#include <string.h>

#include "bus/axi/axi.h"

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

struct axi_lite {
    struct axi_port *port;
    uint8_t data[2][AXI_BYTES_MAX]; /* of the two places of W */
};

/* Shows AR, or AW and W together, from the next cycle on; the caller calls axi_touch(). */
void axi_lite_read(struct axi_lite *self, uint64_t addr);
void axi_lite_write(struct axi_lite *self, uint64_t addr, uint32_t value);

/* What the R that is handed over at this edge brings for the last axi_lite_read(). */
uint32_t axi_lite_value(const struct axi_lite *self);

#endif
