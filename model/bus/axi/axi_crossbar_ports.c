/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_crossbar_ports: what the ports of a crossbar and their slices drive, gathered before it is routed, and
 * what they see of the result; the model is in axi_crossbar.c.
 */
#include "bus/axi/axi_crossbar_state.h"

static const uint8_t no_data[AXI_BYTES_MAX];

static unsigned place(const struct axi_port *port, enum axi_channel channel)
{
    return port->shown >> channel & 1;
}

static const void *shown_payload(const struct axi_port *port, enum axi_channel channel)
{
    unsigned where = place(port, channel);
    switch (channel) {
    case AXI_AR:
        return &port->ar[where];
    case AXI_AW:
        return &port->aw[where];
    case AXI_W:
        return &port->w[where];
    case AXI_R:
        return &port->r[where];
    default:
        return &port->b[where];
    }
}

void axi_crossbar_gather(struct axi_end *end, uint8_t drives)
{
    const struct axi_port *port = end->port;
    end->valid = port->valid & drives;
    end->ready = port->ready & (uint8_t)~drives;
    for (unsigned channels = end->valid & ~(unsigned)end->sliced; channels;
         channels &= channels - 1) {
        enum axi_channel channel = (enum axi_channel)__builtin_ctz(channels);
        end->payload[channel] = shown_payload(port, channel);
    }
    for (unsigned channels = end->sliced; channels; channels &= channels - 1) {
        enum axi_channel channel = (enum axi_channel)__builtin_ctz(channels);
        const struct axi_slice *slice = end->slices[channel];
        uint8_t mask = (uint8_t)bit(channel);
        if (drives & mask) {
            end->valid = (uint8_t)((end->valid & ~mask) | (axi_slice_valid(slice) ? mask : 0));
            end->payload[channel] = axi_slice_payload(slice, channel);
        } else {
            end->ready = (uint8_t)((end->ready & ~mask) | (axi_slice_ready(slice) ? mask : 0));
        }
    }
}

void axi_crossbar_gather_refuser(struct axi_side_master *master)
{
    struct axi_refuser *refuser = &master->refuser;
    master->refuser_valid =
        (uint8_t)((refuser->reading ? AXI_BIT_R : 0) | (refuser->responding ? AXI_BIT_B : 0));
    master->refuser_ready =
        (uint8_t)((refuser->reading ? 0 : AXI_BIT_AR) | (refuser->writing ? AXI_BIT_W : 0) |
                  (refuser->writing || refuser->responding ? 0 : AXI_BIT_AW));
    if (refuser->reading)
        refuser->read = (struct axi_read){.data = no_data,
                                          .id = refuser->read_id,
                                          .resp = AXI_DECERR,
                                          .last = refuser->beats == 1};
    if (refuser->responding)
        refuser->response = (struct axi_response){.id = refuser->write_id, .resp = AXI_DECERR};
}

/* Between the port and the slices of one channel: the port's levels, and the edge. */
static void pass_slice(const struct axi_end *end, enum axi_channel channel, bool drives,
                       uint8_t *valid, uint8_t *ready)
{
    struct axi_slice *slice = end->slices[channel];
    const uint8_t mask = (uint8_t)bit(channel);
    const bool inner = (end->valid & end->ready & mask) != 0;
    const uint32_t width = end->port->bus->width_bytes;
    bool outer;
    if (drives) {
        *valid = (uint8_t)((*valid & ~mask) | (end->port->valid & mask));
        *ready = (uint8_t)((*ready & ~mask) | (axi_slice_ready(slice) ? mask : 0));
        outer = (*valid & *ready & mask) != 0;
        if (inner)
            axi_slice_pop(slice);
        if (outer)
            axi_slice_push(slice, channel, shown_payload(end->port, channel), width);
    } else {
        *valid = (uint8_t)((*valid & ~mask) | (axi_slice_valid(slice) ? mask : 0));
        *ready = (uint8_t)((*ready & ~mask) | (end->port->ready & mask));
        outer = (*valid & *ready & mask) != 0;
        if (outer)
            axi_slice_pop(slice);
        if (inner)
            axi_slice_push(slice, channel, end->payload[channel], width);
    }
}

static void look(struct axi_view *view, unsigned incoming, const struct axi_end *end)
{
    for (; incoming; incoming &= incoming - 1) {
        enum axi_channel channel = (enum axi_channel)__builtin_ctz(incoming);
        const void *payload = end->sliced & bit(channel)
                                  ? axi_slice_payload(end->slices[channel], channel)
                                  : end->payload[channel];
        switch (channel) {
        case AXI_AR:
            view->ar = payload;
            break;
        case AXI_AW:
            view->aw = payload;
            break;
        case AXI_W:
            view->w = payload;
            break;
        case AXI_R:
            view->r = payload;
            break;
        default:
            view->b = payload;
            break;
        }
    }
}

bool axi_crossbar_show(struct axi_end *end, uint8_t channels, uint8_t drives, sim_cycle now)
{
    struct axi_port *port = end->port;
    struct axi_view *view = &port->view;
    channels &= port->channels;
    uint8_t valid = end->valid & channels, ready = end->ready & channels;
    const uint8_t inner = valid & ready;
    for (unsigned i = end->sliced & channels & ~drives; i; i &= i - 1)
        look(view, i & -i, end); /* before the edge moves on */
    for (unsigned i = end->sliced & channels; i; i &= i - 1) {
        enum axi_channel channel = (enum axi_channel)__builtin_ctz(i);
        pass_slice(end, channel, (drives & bit(channel)) != 0, &valid, &ready);
    }
    look(view, valid & (unsigned)~drives & ~(unsigned)end->sliced, end);
    const uint8_t fire = valid & ready;
    view->cycle = now;
    view->valid = (uint8_t)((view->valid & ~channels) | valid);
    view->ready = (uint8_t)((view->ready & ~channels) | ready);
    view->fire = (uint8_t)((view->fire & ~channels) | fire);
    if (fire | (valid & port->watch & ~drives))
        unit_wake_now(port->unit);
    return (fire | inner) != 0;
}

sim_cycle axi_crossbar_grant(const struct axi_port *master, bool write)
{
    const struct axi_crossbar *crossbar = master->bus->crossbar;
    return crossbar && (crossbar->channels & (write ? AXI_WRITES : AXI_READS)) &&
           crossbar->registered;
}

sim_cycle axi_crossbar_crossing(const struct axi_port *master, uint64_t addr, uint32_t beats,
                                bool write)
{
    const struct axi_bus *bus = master->bus;
    const struct axi_crossbar *crossbar = bus->crossbar;
    if (!crossbar || !(crossbar->channels & (write ? AXI_WRITES : AXI_READS)))
        return 0;
    const uint8_t near = crossbar->masters[master->index].end.sliced;
    uint8_t far = 0;
    for (uint32_t i = 0; i < bus->region_count; i++)
        if (addr >= bus->regions[i].base && addr <= bus->regions[i].last)
            far = crossbar->slaves[bus->regions[i].slave->index].end.sliced;
#define CYCLE(mask, channel) ((uint32_t)(mask) >> (channel)&1)
    const uint32_t grant = crossbar->registered;
    if (!write)
        return grant + CYCLE(near, AXI_AR) + CYCLE(far, AXI_AR) + CYCLE(near, AXI_R) +
               CYCLE(far, AXI_R);
    /* W crosses with the grant of AW at the earliest; B follows the last W and AW. */
    const uint32_t granted = CYCLE(near, AXI_AW) + grant;
    const uint32_t w_crosses = CYCLE(near, AXI_W) > granted ? CYCLE(near, AXI_W) : granted;
    const uint32_t aw = granted + CYCLE(far, AXI_AW);
    const uint32_t last = w_crosses + CYCLE(far, AXI_W) + beats - 1;
    return (aw > last ? aw : last) - (beats - 1) + CYCLE(near, AXI_B) + CYCLE(far, AXI_B);
#undef CYCLE
}
