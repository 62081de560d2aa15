/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_core: how requests become bursts and bytes move between two memories of equal width, without
 * scatter-gather and 2D: the lean form of adi_dmac_general.c.
 *
 *   registers -> request generator: an id per burst
 *             -> split -> source address generator      -> AR   R -> burst memory
 *                      -> destination address generator -> AW             | W
 *                                                responses <- B           v
 *
 * Source: traces/golden/adi_axi_dmac/README.md, "One edge": every register of the data path, in the names
 * used here. All reads below are of values in cycle n, all writes hold from n+1 on: a function takes what
 * an earlier one overwrites as an argument. Each part notes in wires->changed that a register of it changed;
 * if none did and nothing is handed over, the controller sleeps.
 */
#include <string.h>

#include "controllers/adi/adi_dmac_state.h"

/* ---- wires ----------------------------------------------------------------------------------- */

static inline bool generator_ready(const struct adi_core *core, const struct adi_wires *wires)
{
    return !core->generating && (!core->split.valid || wires->split);
}

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

    wires->split = core->split.valid && core->source.req_ready && core->source.bl_ready &&
                   (!core->length_valid || core->destination.bl_ready) &&
                   (!core->at_destination.valid || core->destination.req_ready);
    wires->take = wires->load = control->waiting && control->running &&
                                generator_ready(core, wires) && adi_generator_released(dma) &&
                                !adi_id_busy(dma);
    wires->resp = wires->respond = core->manager == ADI_MGR_WRITE;
    wires->resp_end = core->manager_end;
    wires->resp_completes = wires->resp && wires->resp_end;
    wires->resp_bytes = core->manager_bytes;
    wires->hardware = wires->accept = wires->sg_take = wires->resp_partial = false;
    wires->request_out = core->at_destination.valid && core->destination.req_ready;
    /* What the output register sees: WREADY, or the skid register of the slice. */
    wires->out_ready =
        !core->out_valid || (dma->config.destination_slice ? core->skid_ready : wires->w);
}

/* ---- requests -------------------------------------------------------------------------------- */

static struct adi_request request_of(const struct adi_dmac *dma)
{
    const uint32_t *registers = dma->control.registers;
    return (struct adi_request){
        .source = adi_address(&dma->control, ADI_SRC_ADDRESS, ADI_SRC_ADDRESS_HIGH),
        .destination = adi_address(&dma->control, ADI_DEST_ADDRESS, ADI_DEST_ADDRESS_HIGH),
        .x = registers[ADI_X_LENGTH],
        .valid = true,
    };
}

/* Request generator: an id per cycle while fewer than 2 * FIFO_SIZE - 1 are open. */
static inline void generate_edge(struct adi_dmac *dma, struct adi_wires *wires, uint32_t resp)
{
    struct adi_core *core = &dma->core;
    const uint32_t burst = dma->config.max_bytes_per_burst;
    if (!core->generating) {
        if (!wires->load)
            return;
        const uint32_t x = dma->control.registers[ADI_X_LENGTH];
        core->bursts_left = x >> dma->burst_log2;
        core->last_bytes = x & (burst - 1);
        core->first = core->generated;
        core->generating = wires->changed = true;
        return;
    }
    if (!wires->running || core->generated - resp == dma->id_mask)
        return;
    const bool end = core->bursts_left == 0;
    const uint32_t slot = core->generated & dma->id_mask;
    dma->end_source[slot] = end;
    dma->bytes[slot] = (uint16_t)(end ? core->last_bytes : burst - 1);
    core->generated++;
    core->bursts_left--;
    core->generating = !end;
    wires->changed = true;
}

/* What an address generator is offered. */
struct adi_offer {
    bool request, has_length;
    uint64_t address;
    uint8_t length;
    uint32_t granted; /* the id it may not reach */
};

/* One address generator. True if VALID rises. */
static inline bool address_edge(struct adi_dmac *dma, struct adi_address_generator *self,
                                struct adi_wires *wires, const struct adi_offer *offer,
                                const bool *ends, bool handshake)
{
    const bool bl_ready = self->bl_ready;
    bool rises = false;
    if (self->valid) {
        if (handshake) {
            self->valid = false;
            self->req_ready = self->last;
            wires->changed = true;
            self->address = (self->address + dma->config.max_bytes_per_burst) & dma->address_mask;
        }
        if (!self->seen) {
            self->id++;
            self->seen = wires->changed = true;
        }
    } else {
        const bool req_ready = self->req_ready;
        wires->changed |= self->seen;
        self->seen = false;
        if (self->id != offer->granted && wires->running) {
            const bool end = ends[self->id & dma->id_mask];
            if (!req_ready && (!end || !bl_ready)) {
                rises = self->valid = wires->changed = true;
                self->last = end;
                self->length = end ? self->last_length : (uint8_t)(dma->burst_beats - 1);
            }
            /* The RTL does not look at req_ready here: it may take the length of the request after. */
            if (end && !bl_ready && (!req_ready || dma->config.errata == ADI_SILICON)) {
                self->bl_ready = wires->changed = true;
                if (req_ready && self == &dma->core.destination)
                    adi_erratum(dma, ADI_ERRATUM_BURST_LENGTH);
            }
        }
        if (req_ready) {
            self->address = offer->address;
            self->req_ready = !offer->request;
            wires->changed |= offer->request;
        }
    }
    if (bl_ready && offer->has_length) {
        self->last_length = offer->length;
        self->bl_ready = false;
        wires->changed = true;
    }
    return rises;
}

static inline void show_address(const struct adi_dmac *dma, struct axi_address *ax,
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

/* The addresses in front of an empty pipe go into it as well: CURRENT_SRC_ADDRESS shows them. */
static void follow_registers(struct adi_dmac *dma, struct adi_wires *wires)
{
    struct adi_request *split = &dma->core.split;
    const struct adi_request now = request_of(dma);
    wires->changed |= split->source != now.source || split->destination != now.destination;
    split->source = now.source;
    split->destination = now.destination;
}

/* The pipes between the register map and the address generators. */
static inline void pipes_edge(struct adi_dmac *dma, struct adi_wires *wires, bool length_taken,
                              bool request_taken)
{
    struct adi_core *core = &dma->core;
    if (!dma->calm ||
        core->to_destination.valid | core->at_destination.valid | core->length_valid) {
        if (request_taken || !core->at_destination.valid) {
            wires->changed |= core->to_destination.valid | core->at_destination.valid ||
                              core->at_destination.destination != core->to_destination.destination;
            core->at_destination = core->to_destination;
            core->to_destination.valid = false;
        }
        if (length_taken && core->length_valid) {
            core->length_valid = false;
            wires->changed = true;
        }
    }
    if (wires->split) {
        const struct adi_request *split = &core->split;
        core->to_destination = *split;
        core->length_valid = true;
        core->length =
            (uint8_t)((split->x & (dma->config.max_bytes_per_burst - 1)) >> dma->width_log2);
        core->split.valid = false;
        wires->changed = true;
    }
    if (wires->load) {
        core->split = wires->request;
        wires->changed = true;
    } else if (!core->split.valid && (wires->split || !dma->calm)) {
        follow_registers(dma, wires);
    }
}

/* ---- burst memory ---------------------------------------------------------------------------- */

static inline uint8_t *place(const struct adi_dmac *dma, uint32_t id)
{
    return dma->memory + ((size_t)(id & dma->place_mask) << dma->burst_log2);
}

/* Beats from the port; true if one closes a burst in the memory. */
static inline bool receive_edge(struct adi_dmac *dma, struct adi_wires *wires)
{
    struct adi_core *core = &dma->core;
    const bool sliced = core->slice_last;
    core->slice_last = false;
    wires->changed |= sliced;
    if (!wires->r)
        return sliced;
    const struct axi_read *r = dma->source->view.r;
    const bool last = r->last;
    if (core->port_beat + r->train < dma->burst_beats) {
        uint8_t *to = place(dma, core->port_wm) + (core->port_beat << dma->width_log2);
        const size_t train = (size_t)r->train << dma->width_log2;
        if (r->train)
            memcpy(to, r->data - train, train + dma->width_bytes);
        else if (dma->width_bytes == 8)
            memcpy(to, r->data, 8);
        else if (dma->width_bytes == 4)
            memcpy(to, r->data, 4);
        else
            memcpy(to, r->data, dma->width_bytes);
    }
    core->port_beat += 1u + r->train;
    if (last) {
        core->port_beat = 0;
        core->port_wm++;
    }
    if (!dma->config.source_slice)
        return last;
    core->slice_last = last;
    wires->changed |= last;
    return sliced;
}

static inline uint64_t ones(uint32_t count)
{
    return count < 64 ? (UINT64_C(1) << count) - 1 : UINT64_MAX;
}

/* Strobes of the first `bytes` lanes. */
static inline void fill_strobes(struct axi_write *w, uint32_t bytes)
{
    w->strb[0] = ones(bytes);
    w->strb[1] = bytes > 64 ? ones(bytes - 64) : 0;
}

/* The memory's read side and the output register, which is `beat`; true if that has a new beat. */
static inline bool send_edge(struct adi_dmac *dma, struct adi_wires *wires, uint32_t addressed,
                             struct axi_write *beat)
{
    struct adi_core *core = &dma->core;
    const bool sending = core->sending;
    const bool last_beat = sending && wires->out_ready && core->beat == core->beats;
    if (wires->out_ready) {
        wires->changed |= core->out_valid | sending;
        core->out_valid = sending;
        if (sending) {
            const uint32_t offset = (uint32_t)core->beat << dma->width_log2;
            beat->data = place(dma, core->dn - 1) + offset;
            beat->from = core->from ? core->from + offset : NULL;
            beat->last = last_beat;
            fill_strobes(beat, last_beat ? core->tail + 1u : dma->width_bytes);
            core->beat++;
        }
    }
    if (!sending || last_beat) {
        wires->changed |= core->dm != core->dn;
        core->dm = core->dn;
        core->sending = addressed != core->dn;
        if (core->sending) {
            const uint32_t bytes = dma->bytes[core->dn & dma->id_mask];
            core->beats = (uint16_t)(bytes >> dma->width_log2);
            core->tail = (uint8_t)(bytes & (dma->width_bytes - 1));
            core->from = dma->kernel->observed ? adi_repeat_from(dma, core->dn) : NULL;
            core->dn++;
            core->beat = 0;
            wires->changed = true;
        }
    }
    return wires->out_ready && sending;
}

/* W of the port behind the register slice; true if it changes. */
static bool slice_edge(struct adi_dmac *dma, struct adi_wires *wires, uint32_t addressed)
{
    struct adi_core *core = &dma->core;
    struct axi_port *port = dma->destination;
    const bool out_valid = core->out_valid;
    const struct axi_write out = core->out;
    const bool forward_ready = !core->forward_valid || wires->w;
    const bool skid_ready = core->skid_ready, was_valid = core->forward_valid;
    send_edge(dma, wires, addressed, &core->out);
    if (forward_ready) {
        core->forward_valid = skid_ready ? out_valid : true;
        if (core->forward_valid)
            *axi_show_w(port) = skid_ready ? out : core->skid;
        else
            axi_lower_valid(port, AXI_BIT_W);
        core->skid_ready = true;
    } else if (out_valid) {
        core->skid_ready = false;
    }
    if (skid_ready)
        core->skid = out;
    wires->changed |= core->skid_ready != skid_ready || core->forward_valid != was_valid;
    return forward_ready && (was_valid || core->forward_valid);
}

/* W of the port; true if it has a new beat. */
static inline bool output_edge(struct adi_dmac *dma, struct adi_wires *wires, uint32_t addressed,
                               sim_cycle now)
{
    struct adi_core *core = &dma->core;
    if (dma->config.destination_slice)
        return slice_edge(dma, wires, addressed);
    struct axi_port *port = dma->destination;
    if (core->train && now < core->train_end)
        return false;
    const uint8_t train = core->train ? (uint8_t)core->beats : 0;
    if (train) { /* WREADY was 1 all the time */
        core->train = false;
        core->beat = core->beats;
        wires->out_ready = true;
    } else if (wires->out_ready && core->sending && core->beat == 0 &&
               core->beats >= AXI_TRAIN_BEATS_MIN - 1 && axi_may_train(port, AXI_BIT_W)) {
        core->train = core->out_valid = true;
        core->train_end = now + core->beats;
        core->train_slot ^= 1;
        port->w_train[core->train_slot] = (struct axi_train){
            .first = now + 1, .beats = core->beats + 1u, .data = place(dma, core->dn - 1)};
        if (wires->w)
            axi_lower_valid(port, AXI_BIT_W);
        return false;
    }
    const unsigned hidden = ~port->drive >> (AXI_SHOWN + AXI_W) & 1;
    if (send_edge(dma, wires, addressed, &port->w[hidden])) {
        port->w[hidden].train = train;
        axi_show(port, AXI_W);
        return true;
    }
    if (wires->w)
        axi_lower_valid(port, AXI_BIT_W);
    return false;
}

/* ---- responses ------------------------------------------------------------------------------- */

static inline void respond_edge(struct adi_dmac *dma, struct adi_wires *wires)
{
    struct adi_core *core = &dma->core;
    const bool idle = core->manager == ADI_MGR_IDLE;
    if (!wires->b && idle && !core->response_valid)
        return;
    wires->changed |= !idle | core->response_valid;
    if (!idle) {
        core->manager = core->manager == ADI_MGR_ACC ? ADI_MGR_WRITE : ADI_MGR_IDLE;
    } else if (core->response_valid) {
        core->manager = ADI_MGR_ACC;
        core->manager_end = core->response_end;
        core->manager_bytes = core->response_bytes;
    }
    if (wires->b) {
        wires->changed = true;
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
static inline void sides_edge(struct adi_core *core, struct adi_wires *wires)
{
    const struct adi_sides was = core->sides;
    struct adi_sides *sides = &core->sides;
    if (wires->running && was.source_addressing && was.destination_addressing && was.source_on &&
        was.destination_on)
        return;
    if (wires->running) {
        sides->source_addressing = sides->destination_addressing = true;
    } else {
        if (!core->source.valid || wires->ar)
            sides->source_addressing = false;
        if (!core->destination.valid || wires->aw)
            sides->destination_addressing = false;
    }
    if (was.source_addressing)
        sides->source_on = true;
    else if (core->source.id == core->wm)
        sides->source_on = false;
    if (was.destination_addressing)
        sides->destination_on = true;
    else if (core->resp == core->destination.id)
        sides->destination_on = false;
    wires->sides_changed = was.source_addressing != sides->source_addressing ||
                           was.destination_addressing != sides->destination_addressing ||
                           was.source_on != sides->source_on ||
                           was.destination_on != sides->destination_on;
}

/* What an address register has behind an edge of the reset, which does not clear it. */
static uint64_t kept_address(const struct adi_dmac *dma, const struct adi_address_generator *self,
                             uint64_t offered, bool handshake)
{
    if (self->req_ready)
        return offered;
    const uint32_t step = handshake ? dma->config.max_bytes_per_burst : 0;
    return (self->address + step) & dma->address_mask;
}

/* The edge of a cycle with the internal reset on; null: power-on. */
void adi_core_reset(struct adi_dmac *dma, const struct adi_wires *wires)
{
    struct adi_core *core = &dma->core;
    uint64_t source = 0, destination = 0, on_its_way = 0;
    struct adi_request rows = core->rows;
    if (wires) {
        source = kept_address(dma, &core->source, core->split.source, wires->ar);
        destination =
            kept_address(dma, &core->destination, core->at_destination.destination, wires->aw);
        on_its_way = (wires->split ? &core->split : &core->to_destination)->destination;
    }
    rows.valid = false;
    memset(core, 0, sizeof *core);
    core->source.address = source;
    core->destination.address = destination;
    core->to_destination.destination = on_its_way;
    core->rows = rows;
    core->source.req_ready = core->source.bl_ready = true;
    core->destination.req_ready = core->destination.bl_ready = true;
    core->skid_ready = true;
    core->sink_mover.user = true;
    core->skipping.ready = true;
}

static void hold_reset(struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now)
{
    struct axi_port *source = dma->source, *destination = dma->destination;
    const uint64_t addresses[] = {dma->core.source.address, dma->core.destination.address};
    adi_core_reset(dma, wires);
    wires->changed |=
        addresses[0] != dma->core.source.address || addresses[1] != dma->core.destination.address;
    if (source->valid || source->ready != AXI_BIT_R) {
        source->valid = 0;
        source->ready = AXI_BIT_R;
        axi_touch(source, now);
    }
    if (destination->valid || destination->ready) {
        destination->valid = destination->ready = 0;
        axi_touch(destination, now);
    }
}

void adi_core_edge(struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now)
{
    struct adi_core *core = &dma->core;
    struct axi_port *source = dma->source, *destination = dma->destination;
    if (!wires->resetn) {
        hold_reset(dma, wires, now);
        return;
    }
    const uint32_t generated = core->generated, throttled = core->throttled;
    const uint32_t resp = core->resp, dm = core->dm, destination_id = core->destination.id;
    const uint32_t source_slot = core->source.id & dma->id_mask;
    const bool source_end = dma->end_source[source_slot];
    const bool length_taken = core->destination.bl_ready;
    const bool request_taken = core->destination.req_ready;
    if (wires->load)
        wires->request = request_of(dma);

    sides_edge(core, wires);
    respond_edge(dma, wires);
    struct adi_offer offer = {.granted = core->wm,
                              .request = core->at_destination.valid,
                              .address = core->at_destination.destination,
                              .has_length = core->length_valid,
                              .length = core->length};
    const bool aw =
        address_edge(dma, &core->destination, wires, &offer, dma->end_destination, wires->aw);
    offer = (struct adi_offer){
        .granted = throttled,
        .request = wires->split,
        .address = core->split.source,
        .has_length = wires->split,
        .length =
            (uint8_t)((core->split.x & (dma->config.max_bytes_per_burst - 1)) >> dma->width_log2)};
    const bool ar = address_edge(dma, &core->source, wires, &offer, dma->end_source, wires->ar);
    generate_edge(dma, wires, resp);
    dma->end_destination[source_slot] = source_end;
    if (throttled != generated && throttled - dm != dma->config.fifo_size) {
        core->throttled++;
        wires->changed = true;
    }
    pipes_edge(dma, wires, length_taken, request_taken);
    const bool w = output_edge(dma, wires, destination_id, now);
    if (receive_edge(dma, wires)) {
        core->wm++;
        wires->changed = true;
    }

    /* What the ports drive from now + 1 on. */
    if (ar) {
        show_address(dma, axi_show_ar(source), &core->source);
        axi_touch(source, now);
    } else if (wires->ar) {
        axi_lower_valid(source, AXI_BIT_AR);
        axi_fell(source, now);
    }
    if (aw)
        show_address(dma, axi_show_aw(destination), &core->destination);
    else if (wires->aw)
        axi_lower_valid(destination, AXI_BIT_AW);
    const bool bready = core->resp != core->destination.id &&
                        (!core->response_valid || core->manager == ADI_MGR_IDLE);
    const uint32_t ready = bready ? AXI_BIT_B << AXI_READY : 0;
    const uint32_t before = destination->drive & AXI_BIT_B << AXI_READY;
    destination->drive ^= before ^ ready;
    if (aw | w | (ready > before))
        axi_touch(destination, now);
    else if (wires->aw | wires->w | (ready < before))
        axi_fell(destination, now);
}
