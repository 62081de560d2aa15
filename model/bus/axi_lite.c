/* SPDX-License-Identifier: BSD-2-Clause */
#include "bus/axi_lite.h"

#include <string.h>

static uint32_t lane_of(const struct axi_lite *self, uint64_t addr)
{
    return (uint32_t)addr & (self->port->bus->width_bytes - 1);
}

void axi_lite_read(struct axi_lite *self, uint64_t addr)
{
    *axi_show_ar(self->port) = (struct axi_address){.addr = addr, .size = 2, .burst = AXI_INCR};
}

void axi_lite_write(struct axi_lite *self, uint64_t addr, uint32_t value)
{
    struct axi_port *port = self->port;
    *axi_show_aw(port) = (struct axi_address){.addr = addr, .size = 2, .burst = AXI_INCR};
    struct axi_write *w = axi_show_w(port);
    uint8_t *data = self->data[port->shown >> AXI_W & 1];
    const uint32_t lane = lane_of(self, addr);
    memset(data, 0, port->bus->width_bytes);
    memcpy(data + lane, &value, sizeof value);
    *w = (struct axi_write){.data = data, .last = 1};
    w->strb[lane / 64] = UINT64_C(0xf) << lane % 64;
}

uint32_t axi_lite_value(const struct axi_lite *self)
{
    const struct axi_port *port = self->port;
    const struct axi_address *ar = &port->ar[port->shown >> AXI_AR & 1];
    uint32_t value;
    memcpy(&value, port->view.r->data + lane_of(self, ar->addr), sizeof value);
    return value;
}
