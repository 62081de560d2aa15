/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_stream_trace: the monitor of a stream or a FIFO interface, for observers only.
 *
 *   sender, receiver: step(n)      put what holds in n+1, wake the monitor if it is observed
 *   monitor:          step(n+1)    looks at the link as both ends do, publishes the row of cycle n+1
 *
 * A link's wires differ from those of the cycle before only where an end or the pin has put something, so
 * no row is missed. Both ends leave a shown payload alone until every unit has stepped at its edge: the
 * monitor may step before or behind them.
 *
 * Signal names are those of Arm IHI 0051A, 2.1, and of the pins of the ADI AXI DMAC.
 */
#include "bus/stream/stream_trace.h"
#include "kernel/base.h"

#include <string.h>

#define BIT(type, member, label) PROBE_FIELD(type, member, label, 1, PROBE_DECIMAL)
#define WIDE(type, member, label)                                                                  \
    {                                                                                              \
        .name = (label), .offset = offsetof(struct type, member), .radix = PROBE_HEX_PADDED        \
    }

/* Data, and what is as wide, stand last; widths are filled in. */
static const struct probe_field stream_fields[] = {
    BIT(axi_stream_row, tvalid, "TVALID"), BIT(axi_stream_row, tready, "TREADY"),
    BIT(axi_stream_row, tlast, "TLAST"),   BIT(axi_stream_row, tuser, "TUSER"),
    WIDE(axi_stream_row, tkeep, "TKEEP"),  WIDE(axi_stream_row, tdata, "TDATA"),
};

static const struct probe_field write_fields[] = {
    BIT(fifo_row, en, "fifo_wr_en"),
    BIT(fifo_row, lost, "fifo_wr_overflow"),
    BIT(fifo_row, xfer_req, "fifo_wr_xfer_req"),
    WIDE(fifo_row, data, "fifo_wr_din"),
};

static const struct probe_field read_fields[] = {
    BIT(fifo_row, en, "fifo_rd_en"),          BIT(fifo_row, valid, "fifo_rd_valid"),
    BIT(fifo_row, lost, "fifo_rd_underflow"), BIT(fifo_row, xfer_req, "fifo_rd_xfer_req"),
    WIDE(fifo_row, data, "fifo_rd_dout"),
};

static const struct kind {
    const char *name;
    const struct probe_field *fields;
    size_t count, data; /* data: offset in the record */
} kinds[] = {
    [AXI_STREAM_LINK] = {"axi_stream_row", stream_fields, COUNT(stream_fields),
                         offsetof(struct axi_stream_row, tdata)},
    [AXI_STREAM_FIFO_WRITE] = {"fifo_write_row", write_fields, COUNT(write_fields),
                               offsetof(struct fifo_row, data)},
    [AXI_STREAM_FIFO_READ] = {"fifo_read_row", read_fields, COUNT(read_fields),
                              offsetof(struct fifo_row, data)},
};

static void publish_stream(const struct axi_stream *link, const struct axi_stream_view *view,
                           sim_cycle now)
{
    struct axi_stream_row row;
    memset(&row, 0, sizeof row); /* observers may compare bytes */
    row.tvalid = view->valid;
    row.tready = view->ready;
    if (view->valid) {
        row.tlast = view->beat->last;
        row.tuser = view->beat->user;
        row.tkeep[0] = view->beat->keep;
        row.tkeep[1] = link->bytes > 64 ? UINT64_MAX >> (128 - link->bytes) : 0;
        memcpy(row.tdata, view->beat->data, link->bytes);
    }
    probe_publish(&link->monitor.row_probe, now, &row);
}

static void publish_fifo(const struct axi_stream *link, const struct axi_stream_view *view,
                         sim_cycle now)
{
    const bool writes = link->monitor.kind == AXI_STREAM_FIFO_WRITE;
    struct fifo_row row;
    memset(&row, 0, sizeof row);
    row.en = (writes ? view->forward & FIFO_WRITE_EN : view->back & FIFO_READ_EN) != 0;
    row.valid = !writes && view->forward & FIFO_VALID;
    row.lost = (writes ? view->back & FIFO_OVERFLOW : view->forward & FIFO_UNDERFLOW) != 0;
    row.xfer_req = (writes ? view->back & FIFO_XFER_REQ : view->forward & FIFO_READ_XFER) != 0;
    if (writes ? row.en : row.valid)
        memcpy(row.data, view->beat->data, link->bytes);
    probe_publish(&link->monitor.row_probe, now, &row);
}

static sim_cycle monitor_step(void *stream, sim_cycle now)
{
    struct axi_stream *link = stream;
    if (!probe_observed(&link->monitor.row_probe))
        return SIM_NEVER;
    const struct axi_stream_view view = axi_stream_look(link, link->monitor.unit.clock->time);
    if (link->monitor.kind == AXI_STREAM_LINK)
        publish_stream(link, &view, now);
    else
        publish_fifo(link, &view, now);
    return SIM_NEVER;
}

int axi_stream_watch(struct build *build, struct axi_stream *link, const char *name,
                     struct clock *clock, enum axi_stream_kind kind)
{
    struct arena *arena = build->kernel->arena;
    const struct kind *from = &kinds[kind];
    struct probe_type *type = arena_alloc(arena, sizeof *type);
    struct probe_field *fields = arena_alloc(arena, from->count * sizeof *fields);
    if (!type || !fields)
        return DMASIM_MEMORY;
    memcpy(fields, from->fields, from->count * sizeof *fields);
    struct probe_field *data = &fields[from->count - 1];
    data->width_bits = (uint16_t)(8 * link->bytes);
    data->size_bytes = (uint8_t)link->bytes;
    if (kind == AXI_STREAM_LINK) {
        data[-1].width_bits = (uint16_t)link->bytes;
        data[-1].size_bytes = link->bytes > 64 ? 16 : 8;
    }
    *type = (struct probe_type){from->name, PROBE_SETTLED, fields, from->count,
                                from->data + ((size_t)link->bytes + 7) / 8 * 8};
    link->monitor.kind = kind;
    kernel_add(build->kernel, &link->monitor.unit, name, clock, monitor_step, link);
    build_probe(build, &link->monitor.row_probe, name, type, clock, link);
    return DMASIM_OK;
}
