/* SPDX-License-Identifier: BSD-2-Clause */
#include "bus/axi/axi_lite.h"

#include "bus/axi/axi_lite.h"

/* AXI4-Lite has no AxSIZE: an access is as wide as the bus, and strobes pick the word (B1.1.1). */
static struct axi_address word_at(const struct axi_port *port, uint64_t addr)
{
    const struct axi_bus *bus = port->bus;
    const int size = bus->config.lite ? __builtin_ctz(bus->width_bytes) : 2;
    return (struct axi_address){.addr = addr, .size = (uint8_t)size, .burst = AXI_INCR};
}

void axi_lite_read(struct axi_lite *self, uint64_t addr)
{
    *axi_show_ar(self->port) = word_at(self->port, addr);
}

void axi_lite_write(struct axi_lite *self, uint64_t addr, uint32_t value)
{
    struct axi_port *port = self->port;
    *axi_show_aw(port) = word_at(port, addr);
    struct axi_write *w = axi_show_w(port);
    axi_lanes_put(port->bus, addr, &value, sizeof value, true, self->data[port->shown >> AXI_W & 1],
                  w);
}

uint32_t axi_lite_value(const struct axi_lite *self)
{
    const struct axi_port *port = self->port;
    const struct axi_address *ar = &port->ar[port->shown >> AXI_AR & 1];
    uint32_t value;
    memcpy(&value, port->view.r->data + axi_lane(port->bus, ar->addr), sizeof value);
    return value;
}
