/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_core: how requests become bursts and bytes move; see adi_axi_dmac.c.
 *
 *   registers -> [2D rows] -> request generator: an id per burst
 *                          -> split -> source address generator      -> AR   R -> burst memory
 *                                   -> destination address generator -> AW             | W
 *                                                             responses <- B           v
 *
 * Source: traces/golden/adi_axi_dmac/README.md, "One edge": every register of the data path, in the names
 * used here. All reads below are of values in cycle n, all writes hold from n+1 on: a function takes what
 * an earlier one overwrites as an argument.
 */
#include <string.h>

#include "controllers/adi_dmac_state.h"

/* ---- wires ----------------------------------------------------------------------------------- */

void adi_core_wires(const struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now)
{
    const struct adi_core *core = &dma->core;
    const struct adi_control *control = &dma->control;
    const unsigned source = axi_fires(dma->source, now);
    const unsigned destination = axi_fires(dma->destination, now);
    wires->ar = source & AXI_BIT_AR;
    wires->r = source & AXI_BIT_R;
    wires->aw = destination & AXI_BIT_AW;
    wires->w = destination & AXI_BIT_W;
    wires->b = destination & AXI_BIT_B;
    wires->resetn = adi_reset_released(dma);
    wires->running = control->running;

    const bool length_ready = !core->length_valid || core->destination.bl_ready;
    const bool request_ready = !core->at_destination.valid || core->destination.req_ready;
    wires->split = core->split.valid && core->source.req_ready && core->source.bl_ready &&
                   length_ready && request_ready;
    const bool ready = !core->generating && (!core->split.valid || wires->split);
    const bool asked = control->waiting && control->running;
    if (dma->config.two_d) {
        wires->take = asked && !core->rows.valid;
        wires->load = core->rows.valid && ready;
        wires->resp = core->row_response;
        wires->resp_end = core->row_response_end;
        wires->resp_bytes = core->row_response_bytes;
    } else {
        wires->take = wires->load = asked && ready;
        wires->resp = core->manager == ADI_MGR_WRITE;
        wires->resp_end = core->manager_end;
        wires->resp_bytes = core->manager_bytes;
    }
    /* What the output register sees: WREADY, or the skid register of the slice. */
    wires->out_ready =
        !core->out_valid || (dma->config.destination_slice ? core->skid_ready : wires->w);
}

/* ---- requests -------------------------------------------------------------------------------- */

static struct adi_request request_of(const struct adi_dmac *dma)
{
    const uint32_t *registers = dma->control.registers;
    return (struct adi_request){
        .source = registers[ADI_SRC_ADDRESS],
        .destination = registers[ADI_DEST_ADDRESS],
        .x = registers[ADI_X_LENGTH],
        .valid = true,
    };
}

/* The 2D unit: a request becomes one of the core for each row. */
static void rows_edge(struct adi_dmac *dma, const struct adi_wires *wires)
{
    struct adi_core *core = &dma->core;
    const uint32_t *registers = dma->control.registers;
    const bool end = core->manager == ADI_MGR_WRITE && core->manager_end;
    core->row_response = core->manager == ADI_MGR_WRITE;
    core->row_response_end = end && (core->row_last >> core->row_out & 1);
    core->row_response_bytes = core->manager_bytes;
    core->row_out = (core->row_out + end) & 3;
    if (wires->load) {
        const bool last = core->rows_left == 0;
        core->row_last =
            (uint8_t)((core->row_last & ~(1u << core->row_in)) | (unsigned)last << core->row_in);
        core->row_in = (core->row_in + 1) & 3;
        core->rows.valid = !last;
        core->rows_left -= !last;
        core->rows.source += core->source_stride;
        core->rows.destination += core->destination_stride;
    }
    if (wires->take) {
        core->rows = request_of(dma);
        core->rows_left = registers[ADI_Y_LENGTH];
        core->source_stride = registers[ADI_SRC_STRIDE];
        core->destination_stride = registers[ADI_DEST_STRIDE];
    }
}

/* Request generator: an id per cycle while fewer than 2 * FIFO_SIZE - 1 are open. */
static void generate_edge(struct adi_dmac *dma, const struct adi_wires *wires,
                          const struct adi_request *request, uint32_t resp)
{
    struct adi_core *core = &dma->core;
    if (!core->generating) {
        if (!wires->load)
            return;
        core->generating = true;
        core->bursts_left = request->x >> dma->burst_log2;
        core->last_bytes = request->x & (dma->config.max_bytes_per_burst - 1);
        return;
    }
    if (!wires->running || core->generated - resp == dma->id_mask)
        return;
    const bool end = core->bursts_left == 0;
    const uint32_t slot = core->generated & dma->id_mask;
    dma->end_source[slot] = end;
    dma->bytes[slot] = (uint16_t)(end ? core->last_bytes : dma->config.max_bytes_per_burst - 1);
    core->generated++;
    core->bursts_left--;
    core->generating = !end;
}

/* One address generator: request and length as offered to it, `granted` the id it may not reach. True if
 * VALID rises. */
static inline bool address_edge(const struct adi_dmac *dma, struct adi_address_generator *self,
                                const struct adi_wires *wires, bool request, uint64_t address,
                                bool has_length, uint8_t length, uint32_t granted, bool end,
                                bool handshake)
{
    const bool waits = self->id != granted && wires->running;
    const bool req_ready = self->req_ready, bl_ready = self->bl_ready, valid = self->valid;
    bool rises = false;
    if (req_ready) {
        self->address = address;
        self->req_ready = !request;
    } else if (handshake) {
        self->valid = false;
        self->req_ready = self->last;
        self->address += dma->config.max_bytes_per_burst;
    } else if (waits && (!end || !bl_ready)) {
        rises = !valid;
        self->valid = true;
    }
    const uint8_t last_length = self->last_length;
    if (bl_ready) {
        if (has_length) {
            self->last_length = length;
            self->bl_ready = false;
        }
    } else if (!valid && end && waits && (!req_ready || dma->config.errata == ADI_SILICON)) {
        /* The RTL does not look at req_ready: the length of the request after may be taken instead. */
        self->bl_ready = true;
    }
    if (!valid) {
        self->last = end;
        self->length = end ? last_length : (uint8_t)(dma->burst_beats - 1);
    }
    self->id += valid && !self->seen;
    self->seen = valid;
    return rises;
}

static void show_address(const struct adi_dmac *dma, struct axi_address *ax,
                         const struct adi_address_generator *from)
{
    *ax = (struct axi_address){
        .addr = from->address,
        .len = from->length,
        .size = (uint8_t)dma->width_log2,
        .burst = AXI_INCR,
        .cache = 3, /* modifiable, bufferable */
    };
}

/* ---- burst memory ---------------------------------------------------------------------------- */

static uint8_t *place(const struct adi_dmac *dma, uint32_t id)
{
    return dma->memory + ((size_t)(id & dma->place_mask) << dma->burst_log2);
}

/* Beats from the port; true if one closes a burst in the memory. */
static bool receive_edge(struct adi_dmac *dma, const struct adi_wires *wires)
{
    struct adi_core *core = &dma->core;
    const bool sliced = core->slice_last;
    core->slice_last = false;
    if (!wires->r)
        return sliced;
    const struct axi_read *r = dma->source->view.r;
    const bool last = r->last;
    if (core->port_beat < dma->burst_beats) {
        uint8_t *to = place(dma, core->port_wm) + core->port_beat * dma->width_bytes;
        if (dma->width_bytes == 8)
            memcpy(to, r->data, 8);
        else if (dma->width_bytes == 4)
            memcpy(to, r->data, 4);
        else
            memcpy(to, r->data, dma->width_bytes);
    }
    core->port_beat++;
    if (last) {
        core->port_beat = 0;
        core->port_wm++;
    }
    if (!dma->config.source_slice)
        return last;
    core->slice_last = last;
    return sliced;
}

static void fill_strobes(struct axi_write *w, unsigned bytes)
{
    w->strb[0] = bytes < 64 ? (UINT64_C(1) << bytes) - 1 : UINT64_MAX;
    w->strb[1] = bytes <= 64 ? 0 : bytes < 128 ? (UINT64_C(1) << (bytes - 64)) - 1 : UINT64_MAX;
}

/* The memory's read side and the output register; true if the register has a new beat. */
static bool send_edge(struct adi_dmac *dma, const struct adi_wires *wires, uint32_t addressed)
{
    struct adi_core *core = &dma->core;
    const bool last_beat = core->sending && wires->out_ready && core->beat == core->beats;
    const bool burst_ready = !core->sending || last_beat;
    const bool burst_valid = addressed != core->dn;
    bool fresh = false;
    if (wires->out_ready) {
        fresh = core->out_valid = core->sending;
        if (core->sending) {
            const bool last = core->beat == core->beats;
            core->out.data = place(dma, core->dn - 1) + core->beat * dma->width_bytes;
            core->out.last = last;
            fill_strobes(&core->out, last ? core->tail + 1u : dma->width_bytes);
        }
    }
    if (burst_ready)
        core->dm = core->dn;
    if (burst_valid && burst_ready) {
        const uint32_t bytes = dma->bytes[core->dn & dma->id_mask];
        core->beats = (uint16_t)(bytes >> dma->width_log2);
        core->tail = (uint8_t)(bytes & (dma->width_bytes - 1));
        core->dn++;
        core->beat = 0;
    } else if (core->sending && wires->out_ready) {
        core->beat++;
    }
    if (burst_valid)
        core->sending = true;
    else if (last_beat)
        core->sending = false;
    return fresh;
}

static void show_beat(struct axi_port *port, const struct axi_write *beat)
{
    *axi_show_w(port) = *beat;
}

/* W of the port, straight from the output register or through a register slice. */
static bool output_edge(struct adi_dmac *dma, const struct adi_wires *wires, uint32_t addressed)
{
    struct adi_core *core = &dma->core;
    struct axi_port *port = dma->destination;
    const bool out_valid = core->out_valid;
    const bool was_shown = port->valid & AXI_BIT_W;
    if (!dma->config.destination_slice) {
        if (send_edge(dma, wires, addressed))
            show_beat(port, &core->out);
        else if (!core->out_valid)
            port->valid &= (uint8_t)~AXI_BIT_W;
        return was_shown != ((port->valid & AXI_BIT_W) != 0) || wires->w;
    }
    const struct axi_write out = core->out;
    const bool forward_ready = !core->forward_valid || wires->w;
    const bool skid_ready = core->skid_ready;
    send_edge(dma, wires, addressed);
    if (forward_ready) {
        core->forward_valid = skid_ready ? out_valid : true;
        if (core->forward_valid)
            show_beat(port, skid_ready ? &out : &core->skid);
        else
            port->valid &= (uint8_t)~AXI_BIT_W;
        core->skid_ready = true;
    } else if (out_valid) {
        core->skid_ready = false;
    }
    if (skid_ready)
        core->skid = out;
    return was_shown != ((port->valid & AXI_BIT_W) != 0) || wires->w;
}

/* ---- responses ------------------------------------------------------------------------------- */

static void respond_edge(struct adi_dmac *dma, const struct adi_wires *wires)
{
    struct adi_core *core = &dma->core;
    const bool idle = core->manager == ADI_MGR_IDLE;
    if (idle && core->response_valid) {
        core->manager = ADI_MGR_ACC;
        core->manager_end = core->response_end;
        core->manager_bytes = core->response_bytes;
    } else if (core->manager == ADI_MGR_ACC) {
        core->manager = ADI_MGR_WRITE;
    } else {
        core->manager = ADI_MGR_IDLE;
    }
    if (wires->b) {
        const uint32_t slot = core->resp & dma->id_mask;
        core->response_valid = true;
        core->response_end = dma->end_destination[slot];
        core->response_bytes = dma->bytes[slot] + 1u;
        core->resp++;
    } else if (idle) {
        core->response_valid = false;
    }
}

/* ---- the edge -------------------------------------------------------------------------------- */

/* agen_on, src_on and dst_on: a side stops when what it addressed is through. */
static void sides_edge(struct adi_core *core, const struct adi_wires *wires)
{
    const bool source_addressing = core->source_addressing;
    const bool destination_addressing = core->destination_addressing;
    if (wires->running)
        core->source_addressing = core->destination_addressing = true;
    else {
        if (!core->source.valid || wires->ar)
            core->source_addressing = false;
        if (!core->destination.valid || wires->aw)
            core->destination_addressing = false;
    }
    if (source_addressing)
        core->source_on = true;
    else if (core->source.id == core->wm)
        core->source_on = false;
    if (destination_addressing)
        core->destination_on = true;
    else if (core->resp == core->destination.id)
        core->destination_on = false;
}

void adi_core_reset(struct adi_dmac *dma)
{
    struct adi_core *core = &dma->core;
    memset(core, 0, sizeof *core);
    core->source.req_ready = core->source.bl_ready = true;
    core->destination.req_ready = core->destination.bl_ready = true;
    core->skid_ready = true;
}

static void hold_reset(struct adi_dmac *dma, sim_cycle now)
{
    adi_core_reset(dma);
    struct axi_port *ports[] = {dma->source, dma->destination};
    for (unsigned i = 0; i < 2; i++) {
        uint8_t ready = i ? 0 : AXI_BIT_R;
        if (ports[i]->valid || ports[i]->ready != ready) {
            ports[i]->valid = 0;
            ports[i]->ready = ready;
            axi_touch(ports[i], now);
        }
    }
}

void adi_core_edge(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    struct adi_core *core = &dma->core;
    if (!wires->resetn) {
        hold_reset(dma, now);
        return;
    }
    const struct adi_request request = dma->config.two_d ? core->rows : request_of(dma);
    const uint32_t generated = core->generated, throttled = core->throttled;
    const uint32_t resp = core->resp, wm = core->wm, dm = core->dm;
    const uint32_t source_id = core->source.id, destination_id = core->destination.id;
    const bool source_end = dma->end_source[source_id & dma->id_mask];
    const bool destination_end = dma->end_destination[destination_id & dma->id_mask];
    const bool length_taken = core->destination.bl_ready;
    const bool request_ready = !core->at_destination.valid || core->destination.req_ready;
    const struct adi_request split = core->split;
    const uint8_t last_length =
        (uint8_t)((split.x & (dma->config.max_bytes_per_burst - 1)) >> dma->width_log2);

    sides_edge(core, wires);
    if (dma->config.two_d)
        rows_edge(dma, wires);
    respond_edge(dma, wires);
    generate_edge(dma, wires, &request, resp);
    dma->end_destination[source_id & dma->id_mask] = source_end;
    if (throttled != generated && throttled - dm != dma->config.fifo_size)
        core->throttled++;

    const bool ar = address_edge(dma, &core->source, wires, wires->split, split.source,
                                 wires->split, last_length, throttled, source_end, wires->ar);
    const bool aw = address_edge(dma, &core->destination, wires, core->at_destination.valid,
                                 core->at_destination.destination, core->length_valid, core->length,
                                 wm, destination_end, wires->aw);
    if (request_ready) {
        core->at_destination = core->to_destination;
        core->to_destination.valid = false;
    }
    if (wires->split) {
        core->to_destination = split;
        core->length_valid = true;
        core->length = last_length;
    } else if (length_taken) {
        core->length_valid = false;
    }
    if (wires->load)
        core->split = request;
    else if (wires->split)
        core->split.valid = false;

    const bool w = output_edge(dma, wires, destination_id);
    if (receive_edge(dma, wires))
        core->wm++;

    /* What the ports drive from now + 1 on. */
    struct axi_port *source = dma->source, *destination = dma->destination;
    if (ar)
        show_address(dma, axi_show_ar(source), &core->source);
    else if (wires->ar)
        source->valid &= (uint8_t)~AXI_BIT_AR;
    if (ar || wires->ar)
        axi_touch(source, now);
    if (aw)
        show_address(dma, axi_show_aw(destination), &core->destination);
    else if (wires->aw)
        destination->valid &= (uint8_t)~AXI_BIT_AW;
    const uint8_t bready = core->resp != core->destination.id &&
                                   (!core->response_valid || core->manager == ADI_MGR_IDLE)
                               ? AXI_BIT_B
                               : 0;
    if (aw || wires->aw || w || destination->ready != bready) {
        destination->ready = bready;
        axi_touch(destination, now);
    }
}
