/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_general: how requests become bursts and bytes move, with whatever stands at the two sides; see
 * adi_dmac.c. adi_dmac_core.c is the same for two memories of equal width, without scatter-gather and 2D,
 * where speed counts; tests/controllers/adi/test_adi_random.c holds that the two are equal.
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

#include "controllers/adi/adi_dmac_state.h"

/* ---- wires ----------------------------------------------------------------------------------- */

void adi_general_wires(const struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now)
{
    const struct adi_core *core = &dma->core;
    const struct adi_control *control = &dma->control;
    const bool mended = dma->config.errata == ADI_NONE;
    *wires = (struct adi_wires){
        .resetn = adi_reset_released(dma),
        .running = control->running,
        .hardware = control->registers[ADI_CONTROL] & ADI_HARDWARE,
    };
    if (dma->source) {
        const unsigned source = axi_fires(dma->source, now);
        wires->ar = source & AXI_BIT_AR;
        wires->r = source & AXI_BIT_R;
    }
    if (dma->destination) {
        const unsigned destination = axi_fires(dma->destination, now);
        wires->aw = destination & AXI_BIT_AW;
        wires->w = destination & AXI_BIT_W;
        wires->b = destination & AXI_BIT_B;
    }
    if (dma->input || dma->output) {
        const sim_time time = dma->unit.clock->time;
        wires->sync = !dma->config.sync_start || wire_get(&dma->sync, time);
        if (dma->input)
            adi_source_wires(dma, wires, time);
        if (dma->output)
            adi_sink_wires(dma, wires, time);
    }
    if (dma->descriptors)
        adi_sg_wires(dma, wires, now);

    const bool length_ready = dma->output || !core->length_valid || core->destination.bl_ready;
    const bool out_takes = dma->output ? adi_sink_takes(dma, wires) : core->destination.req_ready;
    const bool request_ready = !core->at_destination.valid || out_takes;
    wires->request_out = core->at_destination.valid && out_takes;
    wires->split = core->split.valid && request_ready &&
                   (dma->input ? adi_source_takes(dma, wires)
                               : core->source.req_ready && core->source.bl_ready && length_ready);
    const bool ready = (core->generator == ADI_GEN_IDLE || core->generator == ADI_GEN_CONSUME) &&
                       adi_generator_released(dma) && (!core->split.valid || wires->split) &&
                       !(mended && core->rewind.valid);
    wires->rewinds = core->rewind.valid && (mended || core->skipping.ready);
    const bool asked = wires->hardware ? core->sg.fields.valid
                                       : control->waiting && control->running && !adi_id_busy(dma);
    wires->respond = (core->manager == ADI_MGR_WRITE || core->manager == ADI_MGR_WRITE_SKIP) &&
                     !(dma->config.two_d ? core->row_held : control->report_held);
    if (dma->config.two_d) {
        wires->accepts = !core->rows.valid;
        wires->load = core->rows.valid && ready;
        wires->resp = core->row_response && !control->report_held;
        wires->resp_end = wires->resp && core->row_response_end;
        wires->resp_partial = wires->resp && core->row_response_partial;
        wires->resp_bytes = core->row_response_bytes;
    } else {
        wires->accepts = ready;
        wires->load = asked && ready;
        wires->resp = wires->respond;
        wires->resp_end = wires->resp && adi_response_end(dma);
        wires->resp_partial =
            wires->resp && core->manager == ADI_MGR_WRITE && core->manager_partial;
        wires->resp_bytes = adi_response_bytes(dma);
    }
    wires->accept = asked && wires->accepts;
    wires->take = wires->hardware ? wires->sg_take : wires->accept;
    wires->resp_completes = wires->resp && wires->resp_end && (!wires->hardware || dma->shown.end);
    wires->sg_pop = dma->config.two_d ? core->row_response_end
                                      : core->manager == ADI_MGR_WRITE && core->manager_end;
    if (mended)
        wires->sg_pop = wires->resp && wires->resp_end;
    wires->moves =
        wires->ar | wires->r | wires->aw | wires->w | wires->b | wires->sg_ar | wires->sg_r;
    adi_memory_wires(dma, wires);
}

/* ---- requests -------------------------------------------------------------------------------- */

/* The request as the registers, or the descriptor, have it. */
static struct adi_request request_of(const struct adi_dmac *dma, const struct adi_wires *wires)
{
    const struct adi_control *control = &dma->control;
    const uint32_t *registers = control->registers;
    if (wires->hardware)
        return dma->core.sg.fields;
    return (struct adi_request){
        .source = adi_address(control, ADI_SRC_ADDRESS, ADI_SRC_ADDRESS_HIGH),
        .destination = adi_address(control, ADI_DEST_ADDRESS, ADI_DEST_ADDRESS_HIGH),
        .x = registers[ADI_X_LENGTH],
        .y = registers[ADI_Y_LENGTH],
        .source_stride = registers[ADI_SRC_STRIDE],
        .destination_stride = registers[ADI_DEST_STRIDE],
        .valid = true,
        .tlast = registers[ADI_FLAGS] & ADI_TLAST,
        .last_row = true,
    };
}

static void next_row(struct adi_dmac *dma)
{
    struct adi_request *rows = &dma->core.rows;
    rows->source = (rows->source + rows->source_stride) & dma->address_mask;
    rows->destination = (rows->destination + rows->destination_stride) & dma->address_mask;
}

/* The 2D unit: a request becomes one of the core for each row. The RTL marks the last row in a table of
 * four, so that the answer of an earlier row that is still on its way may end the transfer. */
static void rows_edge(struct adi_dmac *dma, const struct adi_wires *wires)
{
    struct adi_core *core = &dma->core;
    const bool end = wires->respond && adi_response_end(dma);
    const uint32_t out = core->row_out % ADI_ROWS, in = core->row_in % ADI_ROWS;
    const bool last_out = core->row_last[out / 64] >> out % 64 & 1;
    const bool table_out = core->row_table >> core->row_out % ADI_SILICON_ROWS & 1;
    const bool held = dma->control.report_held;
    if (!core->row_held)
        core->row_held = wires->respond && dma->config.errata == ADI_SILICON;
    else if (!held)
        core->row_held = false;
    core->row_response = wires->respond || (core->row_response && held);
    core->row_response_end = end && (dma->config.errata == ADI_NONE ? last_out : table_out);
    if (wires->respond) {
        core->row_response_partial = core->manager == ADI_MGR_WRITE && core->manager_partial;
        core->row_response_bytes = adi_response_bytes(dma);
    }
    if (end && last_out != table_out)
        adi_erratum(dma, ADI_ERRATUM_ROW_TABLE);
    core->row_out += end;
    if (wires->load) {
        const bool last = core->rows.y == 0;
        const unsigned bit = core->row_in % ADI_SILICON_ROWS;
        core->row_table = (uint8_t)((core->row_table & ~(1u << bit)) | (unsigned)last << bit);
        core->row_last[in / 64] =
            (core->row_last[in / 64] & ~(UINT64_C(1) << in % 64)) | (uint64_t)last << in % 64;
        core->row_in++;
        core->rows.valid = !last;
        core->rows.y -= !last;
        next_row(dma);
    }
    if (wires->accept)
        core->rows = request_of(dma, wires);
    else if (adi_rows_abort(dma)) /* of rows that are skipped the next one is the last */
        core->rows.y = 0;
}

/* One address generator: request and length as offered to it, `granted` the id it may not reach. True if
 * VALID rises. */
static inline bool address_edge(struct adi_dmac *dma, struct adi_address_generator *self,
                                const struct adi_wires *wires, bool request, uint64_t address,
                                bool has_length, uint8_t length, uint32_t granted, bool end,
                                bool handshake, uint32_t burst_beats, bool *early_length)
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
        self->address = (self->address + dma->config.max_bytes_per_burst) & dma->address_mask;
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
        *early_length = req_ready;
    }
    if (!valid) {
        self->last = end;
        self->length = end ? last_length : (uint8_t)(burst_beats - 1);
    }
    self->id += valid && !self->seen;
    self->seen = valid;
    return rises;
}

static void show_address(struct axi_address *ax, const struct adi_address_generator *from,
                         uint32_t size)
{
    *ax = (struct axi_address){
        .addr = from->address,
        .len = from->length,
        .size = (uint8_t)size,
        .burst = AXI_INCR,
        .cache = 3, /* modifiable, bufferable */
    };
}

/* ---- the edge -------------------------------------------------------------------------------- */

/* agen_on, src_on and dst_on of memories: a side stops when what it addressed is through. */
static void sides_edge(struct adi_dmac *dma, const struct adi_wires *wires)
{
    struct adi_core *core = &dma->core;
    const bool source_addressing = core->sides.source_addressing;
    const bool destination_addressing = core->sides.destination_addressing;
    if (wires->running)
        core->sides.source_addressing = core->sides.destination_addressing = true;
    else {
        if (!core->source.valid || wires->ar)
            core->sides.source_addressing = false;
        if (!core->destination.valid || wires->aw)
            core->sides.destination_addressing = false;
    }
    if (source_addressing)
        core->sides.source_on = true;
    else if (core->source.id == core->wm)
        core->sides.source_on = false;
    if (dma->output)
        return;
    if (destination_addressing)
        core->sides.destination_on = true;
    else if (core->resp == core->destination.id)
        core->sides.destination_on = false;
}

static void quiet_port(struct axi_port *port, uint8_t ready, sim_cycle now)
{
    if (!port || (!port->valid && port->ready == ready))
        return;
    port->valid = 0;
    port->ready = ready;
    axi_touch(port, now);
}

static void hold_reset(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    const struct adi_core *core = &dma->core;
    const bool overflow =
        (wires->in.forward & FIFO_WRITE_EN) && !(wires->in_beat && wires->running);
    const bool underflow = (wires->out.back & FIFO_READ_EN) && !(wires->out_beat && wires->running);
    if (dma->descriptors &&
        (core->sg.state == ADI_SG_ADDRESS || core->sg.state == ADI_SG_DESCRIPTOR))
        adi_erratum(dma, ADI_ERRATUM_CUT_FETCH);
    if (dma->config.two_d && wires->accept) /* its addresses no reset clears */
        dma->core.rows = request_of(dma, wires);
    else if (dma->config.two_d && wires->load)
        next_row(dma);
    adi_core_reset(dma, wires);
    dma->skip_queue.first = dma->skip_queue.count = 0;
    quiet_port(dma->source, AXI_BIT_R, now);
    quiet_port(dma->destination, 0, now);
    quiet_port(dma->descriptors, 0, now);
    if (dma->input) {
        dma->core.overflow_next = overflow;
        adi_source_drive(dma, dma->unit.clock->time);
    }
    if (dma->output) {
        if (dma->config.destination_type == ADI_STREAM && wires->out.valid && !wires->out.ready)
            adi_erratum(dma, ADI_ERRATUM_TVALID_RESET);
        dma->core.underflow_next = underflow;
        adi_sink_drive(dma, NULL, false, now);
    }
}

/* Beats - 1 of the last burst of a request, as AWLEN has them. */
static uint8_t last_length_out(struct adi_dmac *dma, uint32_t x)
{
    const uint32_t bytes = x & dma->burst_mask;
    const uint32_t beats = bytes >> dma->destination_log2;
    if (!dma->unpacks)
        return (uint8_t)beats;
    /* The RTL counts whole beats of the source, but sends no empty words. */
    const uint32_t whole =
        (((bytes >> dma->source_log2) + 1) << (dma->source_log2 - dma->destination_log2)) - 1;
    if (whole == beats || dma->config.errata == ADI_NONE)
        return (uint8_t)beats;
    adi_erratum(dma, ADI_ERRATUM_EARLY_WLAST);
    return (uint8_t)whole;
}

static void whole_edge(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    struct adi_core *core = &dma->core;
    if (!wires->resetn) {
        hold_reset(dma, wires, now);
        return;
    }
    struct adi_request request = dma->config.two_d ? core->rows : request_of(dma, wires);
    request.last_row = !dma->config.two_d || core->rows.y == 0;
    const uint32_t generated = core->generated, throttled = core->throttled;
    const uint32_t resp = core->resp, wm = core->wm, dm = core->dm;
    const uint32_t source_id = core->source.id, destination_id = core->destination.id;
    const struct adi_skipping skipping = core->skipping;
    const bool aborted = core->source_mover.aborted;
    const bool rewinds = core->rewind.valid || core->generator == ADI_GEN_REWIND;
    const bool source_end = dma->end_source[source_id & dma->id_mask];
    const bool destination_end = dma->end_destination[destination_id & dma->id_mask];
    const bool length_taken = core->destination.bl_ready;
    const bool length_ready = !core->length_valid || length_taken;
    const bool request_ready = !core->at_destination.valid || wires->request_out;
    const struct adi_request split = core->split, at_destination = core->at_destination;
    const bool mended = dma->config.errata == ADI_NONE;
    const bool skip = mended && aborted && !core->source_mover.segment_last;
    bool early_length = false, ar = false, aw = false;

    sides_edge(dma, wires);
    if (dma->config.two_d)
        rows_edge(dma, wires);
    adi_respond_edge(dma, wires, &skipping);
    if (dma->descriptors)
        adi_sg_edge(dma, wires, now);
    adi_generate_edge(dma, wires, &request, resp);
    if (throttled != generated && throttled - dm != dma->config.fifo_size && !rewinds)
        core->throttled++;

    uint8_t last_length = 0;
    bool has_length = core->length_valid;
    const uint8_t length = core->length;
    if (!dma->input) {
        dma->end_destination[source_id & dma->id_mask] = source_end;
        ar = address_edge(dma, &core->source, wires, wires->split, split.source, wires->split,
                          (uint8_t)((split.x & dma->burst_mask) >> dma->source_log2), throttled,
                          source_end, wires->ar, dma->source_burst_beats, &early_length);
        early_length = false; /* at the source a length comes with its request */
    }
    if (!dma->output) {
        aw = address_edge(dma, &core->destination, wires, at_destination.valid,
                          at_destination.destination, has_length, length, wm, destination_end,
                          wires->aw, dma->destination_burst_beats, &early_length);
        if (early_length)
            adi_erratum(dma, ADI_ERRATUM_BURST_LENGTH);
        if (length_taken)
            core->length_valid = false;
    }
    if (request_ready) {
        core->at_destination = core->to_destination;
        if (aborted && !mended) /* a request behind an early TLAST is not for the destination */
            core->at_destination.valid = false;
        core->to_destination.valid = false;
    }
    if (wires->split && !skip)
        core->to_destination = split;
    if (wires->split && !dma->input && !dma->output) {
        last_length = last_length_out(dma, split.x);
        core->length_valid = true;
        core->length = last_length;
    }
    if (dma->input && core->source_mover.length_valid && (length_ready || dma->output)) {
        core->source_mover.length_valid = false;
        core->length_valid = !dma->output;
        core->length = core->source_mover.length;
    }

    bool closes, fresh = false, w;
    uint32_t closed = 0;
    const uint8_t *word = dma->unpacks ? adi_unpack_data(dma) : core->out.data;
    w = adi_output_edge(dma, wires, dma->output ? wm : destination_id, &fresh);
    closes =
        dma->input ? adi_source_edge(dma, wires, throttled, &closed) : adi_receive_edge(dma, wires);
    if (adi_close_edge(dma, closes))
        core->wm++;
    if (wires->load) {
        core->split = request;
        core->split.number = core->request.number;
    } else if (wires->split || !core->split.valid) { /* what stands in front goes in as well */
        core->split.valid = false;
        core->split.source = request.source;
        core->split.destination = request.destination;
    }

    /* What the ports drive from now + 1 on. */
    struct axi_port *source = dma->source, *destination = dma->destination;
    if (dma->input)
        adi_source_drive(dma, dma->unit.clock->time);
    if (dma->output) {
        adi_sink_edge(dma, wires, &at_destination);
        adi_sink_drive(dma, word, fresh, now);
    }
    if (ar)
        show_address(axi_show_ar(source), &core->source, dma->source_log2);
    else if (wires->ar)
        source->valid &= (uint8_t)~AXI_BIT_AR;
    if (ar || wires->ar)
        axi_touch(source, now);
    if (dma->output)
        return;
    if (aw)
        show_address(axi_show_aw(destination), &core->destination, dma->destination_log2);
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

void adi_general_edge(struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now)
{
    const struct adi_core before = dma->core;
    const struct adi_core *core = &dma->core;
    whole_edge(dma, wires, now);
    wires->changed = wires->moves || memcmp(&before, core, sizeof before) != 0;
    wires->sides_changed =
        wires->changed && (before.sg.state != core->sg.state ||
                           memcmp(&before.sides, &core->sides, sizeof before.sides) != 0);
}
