/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_trace: rows and events of an AXI interconnect's ports, for observers only.
 *
 * Signal names are those of Arm IHI 0022, chapter A2. Payload fields of a channel are 0 while its VALID
 * is 0.
 */
#include "bus/axi/axi_trace.h"
#include "kernel/base.h"

#include <string.h>

static const char *const burst_names[] = {"FIXED", "INCR", "WRAP"};
static const char *const resp_names[] = {"OKAY", "EXOKAY", "SLVERR", "DECERR"};
static const char *const channel_names[] = {"AR", "R", "AW", "W", "B"};

#define NAMED(type, member, label, width, how, list)                                               \
    {                                                                                              \
        .name = (label), .offset = offsetof(struct type, member),                                  \
        .size_bytes = sizeof(((struct type *)0)->member), .width_bits = (width), .radix = (how),   \
        .names = (list), .name_count = COUNT(list)                                                 \
    }
#define BIT(member, label) PROBE_FIELD(axi_row, member, label, 1, PROBE_DECIMAL)

static const struct probe_field read_fields[] = {
    BIT(arvalid, "ARVALID"),
    BIT(arready, "ARREADY"),
    PROBE_COUNTER(axi_row, araddr, "ARADDR", 64, PROBE_HEX),
    PROBE_FIELD(axi_row, arid, "ARID", 32, PROBE_HEX),
    PROBE_FIELD(axi_row, arlen, "ARLEN", 8, PROBE_DECIMAL),
    PROBE_FIELD(axi_row, arsize, "ARSIZE", 3, PROBE_DECIMAL),
    NAMED(axi_row, arburst, "ARBURST", 2, PROBE_DECIMAL, burst_names),
    PROBE_FIELD(axi_row, arprot, "ARPROT", 3, PROBE_HEX),
    PROBE_FIELD(axi_row, arcache, "ARCACHE", 4, PROBE_HEX),
    PROBE_FIELD(axi_row, arqos, "ARQOS", 4, PROBE_HEX),
    BIT(rvalid, "RVALID"),
    BIT(rready, "RREADY"),
    PROBE_FIELD(axi_row, rid, "RID", 32, PROBE_HEX),
    NAMED(axi_row, rresp, "RRESP", 2, PROBE_DECIMAL, resp_names),
    BIT(rlast, "RLAST"),
    {.name = "RDATA",
     .offset = offsetof(struct axi_row, data),
     .origin = offsetof(struct axi_row, r_from),
     .radix = PROBE_HEX_PADDED},
};

static const struct probe_field write_fields[] = {
    BIT(awvalid, "AWVALID"),
    BIT(awready, "AWREADY"),
    PROBE_COUNTER(axi_row, awaddr, "AWADDR", 64, PROBE_HEX),
    PROBE_FIELD(axi_row, awid, "AWID", 32, PROBE_HEX),
    PROBE_FIELD(axi_row, awlen, "AWLEN", 8, PROBE_DECIMAL),
    PROBE_FIELD(axi_row, awsize, "AWSIZE", 3, PROBE_DECIMAL),
    NAMED(axi_row, awburst, "AWBURST", 2, PROBE_DECIMAL, burst_names),
    PROBE_FIELD(axi_row, awprot, "AWPROT", 3, PROBE_HEX),
    PROBE_FIELD(axi_row, awcache, "AWCACHE", 4, PROBE_HEX),
    PROBE_FIELD(axi_row, awqos, "AWQOS", 4, PROBE_HEX),
    BIT(wvalid, "WVALID"),
    BIT(wready, "WREADY"),
    {.name = "WSTRB", .offset = offsetof(struct axi_row, wstrb), .radix = PROBE_HEX_PADDED},
    BIT(wlast, "WLAST"),
    BIT(bvalid, "BVALID"),
    BIT(bready, "BREADY"),
    PROBE_FIELD(axi_row, bid, "BID", 32, PROBE_HEX),
    NAMED(axi_row, bresp, "BRESP", 2, PROBE_DECIMAL, resp_names),
    {.name = "WDATA",
     .offset = offsetof(struct axi_row, data),
     .origin = offsetof(struct axi_row, w_from),
     .radix = PROBE_HEX_PADDED},
};

static const struct probe_field event_fields[] = {
    PROBE_FIELD(axi_event, cycle, "cycle", 0, PROBE_DECIMAL),
    PROBE_FIELD(axi_event, port, "port", 0, PROBE_TEXT),
    NAMED(axi_event, channel, "channel", 0, PROBE_NAME, channel_names),
    PROBE_FIELD(axi_event, addr, "addr", 0, PROBE_HEX),
    PROBE_FIELD(axi_event, id, "id", 0, PROBE_HEX),
    PROBE_FIELD(axi_event, len, "len", 0, PROBE_DECIMAL),
    PROBE_FIELD(axi_event, size, "size", 0, PROBE_DECIMAL),
    NAMED(axi_event, burst, "burst", 0, PROBE_NAME, burst_names),
    PROBE_FIELD(axi_event, strb, "strb", 0, PROBE_HEX),
    PROBE_FIELD(axi_event, last, "last", 0, PROBE_DECIMAL),
    NAMED(axi_event, resp, "resp", 0, PROBE_NAME, resp_names),
    PROBE_FIELD(axi_event, valid_since, "valid_since", 0, PROBE_DECIMAL),
};

static const struct probe_type event_type = {
    .name = "axi_event",
    .kind = PROBE_EVENT,
    .fields = event_fields,
    .field_count = COUNT(event_fields),
    .record_bytes = sizeof(struct axi_event),
};

/* ---- types ----------------------------------------------------------------------------------- */

/* The fields of some channels, those of data as wide as the bus. Null if memory is short. */
static const struct probe_type *row_type(struct axi_bus *bus, uint8_t channels)
{
    struct arena *arena = bus->unit.clock->kernel->arena;
    struct probe_type *type = arena_alloc(arena, sizeof *type);
    struct probe_field *fields =
        arena_alloc(arena, (COUNT(read_fields) + COUNT(write_fields)) * sizeof *fields);
    if (!type || !fields)
        return NULL;
    size_t count = 0;
    if (channels & AXI_READS) {
        memcpy(fields, read_fields, sizeof read_fields);
        count = COUNT(read_fields);
        struct probe_field *data = &fields[count - 1];
        data->width_bits = (uint16_t)bus->width_bits;
        data->size_bytes = (uint8_t)bus->width_bytes;
    }
    if (channels & AXI_WRITES) {
        memcpy(fields + count, write_fields, sizeof write_fields);
        count += COUNT(write_fields);
        struct probe_field *data = &fields[count - 1];
        data->width_bits = (uint16_t)bus->width_bits;
        data->size_bytes = (uint8_t)bus->width_bytes;
        data->offset = (uint16_t)(data->offset + bus->width_bytes);
        for (size_t i = 0; i < count; i++) {
            if (strcmp(fields[i].name, "WSTRB") != 0)
                continue;
            fields[i].width_bits = (uint16_t)bus->width_bytes;
            fields[i].size_bytes = bus->width_bytes > 64 ? 16 : 8;
        }
    }
    *type = (struct probe_type){"axi_row", PROBE_SETTLED, fields, count,
                                offsetof(struct axi_row, data) + 2 * (size_t)bus->width_bytes};
    return type;
}

bool axi_trace_types(struct axi_bus *bus)
{
    bus->row_types[1] = row_type(bus, AXI_READS);
    bus->row_types[2] = row_type(bus, AXI_WRITES);
    bus->row_types[3] = row_type(bus, AXI_READS | AXI_WRITES);
    bus->event_type = &event_type;
    return bus->row_types[1] && bus->row_types[2] && bus->row_types[3];
}

bool axi_trace_port(struct axi_port *port)
{
    struct axi_bus *bus = port->bus;
    unsigned which =
        ((port->channels & AXI_READS) != 0) + 2u * ((port->channels & AXI_WRITES) != 0);
    struct probe probe = {.name = port->name, .clock = bus->unit.clock, .owner = port};
    port->row_probe = port->event_probe = probe;
    port->row_probe.type = bus->row_types[which];
    port->event_probe.type = bus->event_type;
    return which != 0;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static const struct axi_address *shown_ar(const struct axi_port *port)
{
    return port->master ? &port->ar[port->shown >> AXI_AR & 1] : port->view.ar;
}

static const struct axi_address *shown_aw(const struct axi_port *port)
{
    return port->master ? &port->aw[port->shown >> AXI_AW & 1] : port->view.aw;
}

static const struct axi_write *shown_w(const struct axi_port *port)
{
    return port->master ? &port->w[port->shown >> AXI_W & 1] : port->view.w;
}

static const struct axi_read *shown_r(const struct axi_port *port)
{
    return port->master ? port->view.r : &port->r[port->shown >> AXI_R & 1];
}

static const struct axi_response *shown_b(const struct axi_port *port)
{
    return port->master ? port->view.b : &port->b[port->shown >> AXI_B & 1];
}

/* AXI4-Lite has no ids (B1.1.1): the master's number that a crossbar keeps there is its own. */
static uint32_t traced_id(const struct axi_port *port, uint32_t id)
{
    return port->bus->config.lite ? 0 : id;
}

static void put_reads(struct axi_row *row, const struct axi_port *port, unsigned valid,
                      unsigned ready, size_t width)
{
    row->arvalid = valid >> AXI_AR & 1;
    row->arready = ready >> AXI_AR & 1;
    row->rvalid = valid >> AXI_R & 1;
    row->rready = ready >> AXI_R & 1;
    if (row->arvalid) {
        const struct axi_address *ar = shown_ar(port);
        row->araddr = ar->addr;
        row->arid = traced_id(port, ar->id);
        row->arlen = ar->len;
        row->arsize = ar->size;
        row->arburst = ar->burst;
        row->arprot = ar->prot;
        row->arcache = ar->cache;
        row->arqos = ar->qos;
    }
    if (row->rvalid) {
        const struct axi_read *r = shown_r(port);
        row->rid = traced_id(port, r->id);
        row->rresp = r->resp;
        row->rlast = r->last;
        memcpy(row->data, r->data, width);
        row->r_from = r->from ? r->from : probe_nowhere;
    }
}

static void put_writes(struct axi_row *row, const struct axi_port *port, unsigned valid,
                       unsigned ready, size_t width)
{
    row->awvalid = valid >> AXI_AW & 1;
    row->awready = ready >> AXI_AW & 1;
    row->wvalid = valid >> AXI_W & 1;
    row->wready = ready >> AXI_W & 1;
    row->bvalid = valid >> AXI_B & 1;
    row->bready = ready >> AXI_B & 1;
    if (row->awvalid) {
        const struct axi_address *aw = shown_aw(port);
        row->awaddr = aw->addr;
        row->awid = traced_id(port, aw->id);
        row->awlen = aw->len;
        row->awsize = aw->size;
        row->awburst = aw->burst;
        row->awprot = aw->prot;
        row->awcache = aw->cache;
        row->awqos = aw->qos;
    }
    if (row->wvalid) {
        const struct axi_write *w = shown_w(port);
        row->wlast = w->last;
        memcpy(row->wstrb, w->strb, sizeof row->wstrb);
        memcpy(row->data + width, w->data, width);
        row->w_from = w->from ? w->from : probe_nowhere;
    }
    if (row->bvalid) {
        const struct axi_response *b = shown_b(port);
        row->bid = traced_id(port, b->id);
        row->bresp = b->resp;
    }
}

static void publish_row(const struct axi_port *port, sim_cycle now)
{
    struct axi_row row;
    memset(&row, 0, port->row_probe.type->record_bytes); /* observers may compare bytes */
    row.r_from = row.w_from = NULL;
    if (port->channels & AXI_READS)
        put_reads(&row, port, port->view.valid, port->view.ready, port->bus->width_bytes);
    if (port->channels & AXI_WRITES)
        put_writes(&row, port, port->view.valid, port->view.ready, port->bus->width_bytes);
    probe_publish(&port->row_probe, now, &row);
}

/* ---- events ---------------------------------------------------------------------------------- */

static void publish_event(const struct axi_port *port, enum axi_channel channel, sim_cycle now)
{
    struct axi_event event = {.cycle = now,
                              .valid_since = port->since[channel],
                              .port = port->name,
                              .channel = (uint8_t)channel};
    const struct axi_address *ax = NULL;
    switch (channel) {
    case AXI_AR:
        ax = shown_ar(port);
        break;
    case AXI_AW:
        ax = shown_aw(port);
        break;
    case AXI_R:
        event.id = shown_r(port)->id;
        event.resp = shown_r(port)->resp;
        event.last = shown_r(port)->last;
        event.data = shown_r(port)->data;
        break;
    case AXI_W:
        event.last = shown_w(port)->last;
        event.data = shown_w(port)->data;
        memcpy(event.strb, shown_w(port)->strb, sizeof event.strb);
        break;
    default:
        event.id = shown_b(port)->id;
        event.resp = shown_b(port)->resp;
        break;
    }
    if (ax) {
        event.addr = ax->addr;
        event.id = ax->id;
        event.len = ax->len;
        event.size = ax->size;
        event.burst = ax->burst;
    }
    probe_publish(&port->event_probe, now, &event);
}

static void publish_events(struct axi_port *port, sim_cycle now)
{
    const unsigned valid = port->view.valid;
    for (unsigned new = valid & ~(unsigned)port->was_valid; new; new &= new - 1)
        port->since[__builtin_ctz(new)] = now;
    for (unsigned fire = port->view.fire; fire; fire &= fire - 1)
        publish_event(port, (enum axi_channel)__builtin_ctz(fire), now);
    port->was_valid = (uint8_t)(valid & ~(unsigned)port->view.fire);
}

static void publish_port(struct axi_port *port, sim_cycle now)
{
    if (probe_observed(&port->row_probe))
        publish_row(port, now);
    if (probe_observed(&port->event_probe))
        publish_events(port, now);
}

void axi_trace(struct axi_bus *bus, sim_cycle now)
{
    for (uint32_t i = 0; i < bus->master_count; i++)
        publish_port(bus->masters[i], now);
    for (uint32_t i = 0; i < bus->slave_count; i++)
        publish_port(bus->slaves[i], now);
}
