/* SPDX-License-Identifier: BSD-2-Clause */
#include "bus/axi_lite.h"

#include "bus/axi_lanes.h"

void axi_lite_read(struct axi_lite *self, uint64_t addr)
{
    *axi_show_ar(self->port) = (struct axi_address){.addr = addr, .size = 2, .burst = AXI_INCR};
}

void axi_lite_write(struct axi_lite *self, uint64_t addr, uint32_t value)
{
    struct axi_port *port = self->port;
    *axi_show_aw(port) = (struct axi_address){.addr = addr, .size = 2, .burst = AXI_INCR};
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
