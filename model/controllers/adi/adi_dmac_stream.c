/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_stream: the movers of the ADI AXI DMAC: what stands in the place of an address generator where
 * a side is a stream or a FIFO.
 *
 *   TDATA, or EN and data -> source mover -> burst memory -> destination mover -> TDATA, or data at EN
 *
 * Timing (traces/golden/adi_axi_dmac_ports/README.md, "Stream and FIFO sides")
 *   A request comes to the source mover when it is idle and a burst is granted, or with the last beat of
 *   the request before: no bubble. Grants are registered. The length of the last burst reaches AW through one
 *   register more than in memory to memory. The destination mover sends a burst once all of it is in the
 *   memory; a response follows each, as a B would. A FIFO's data, VALID, UNDERFLOW and OVERFLOW are registers.
 *
 * Inaccuracies
 *   TLAST on the last beat of a request without FLAGS.TLAST ends the request early and the mover too, as
 *   the traces show; whether a request that waits could be taken in that very cycle (not here), none does.
 *   Without 2D the RTL leaves the TUSER of a stream destination undriven: here it is 1 on the first beat after
 *   a reset, as a two-state simulator has it.
 */
#include <string.h>

#include "controllers/adi/adi_dmac_state.h"

/* ---- source ---------------------------------------------------------------------------------- */

static bool mended(const struct adi_dmac *dma)
{
    return dma->config.errata == ADI_NONE;
}

void adi_source_wires(const struct adi_dmac *dma, struct adi_wires *wires, sim_time time)
{
    const struct adi_core *core = &dma->core;
    const struct adi_source_mover *mover = &core->source_mover;
    const bool fifo = dma->config.source_type == ADI_FIFO;
    struct axi_stream_view view = axi_stream_look(dma->input, time);
    wires->in = view;
    bool in = fifo ? view.forward & FIFO_WRITE_EN : view.valid && view.ready;
    if (fifo)
        in = in && mover->active && mover->granted && !mover->aborted &&
             (!mover->needs_sync || wires->sync) && (!mended(dma) || dma->control.running);
    else if (mended(dma) && mover->needs_sync && dma->config.tuser_sync && !view.beat->user)
        in = false; /* the handshake drops a beat ahead of the start of a frame */
    const bool end = dma->end_source[mover->id & dma->id_mask];
    const uint32_t beats = end ? mover->last_beat : dma->source_burst_beats - 1;
    wires->in_beat = in;
    wires->in_last = in && mover->beat == beats;
    wires->in_end = wires->in_last && end;
    wires->early = in && !fifo && view.beat->last && !(wires->in_end && mover->segment_last);
}

bool adi_source_takes(const struct adi_dmac *dma, const struct adi_wires *wires)
{
    const struct adi_source_mover *mover = &dma->core.source_mover;
    const bool rewinds = mended(dma) || dma->core.skipping.ready || !dma->core.rewind.valid;
    return (mover->aborted && rewinds) || (!mover->aborted && !mover->active && mover->granted) ||
           (wires->in_end && !wires->early);
}

/* Bytes of the burst that is closed by this edge, - 1; false if none is. */
bool adi_source_edge(struct adi_dmac *dma, const struct adi_wires *wires, uint32_t throttled,
                     uint32_t *closed)
{
    struct adi_core *core = &dma->core;
    struct adi_source_mover *mover = &core->source_mover;
    const bool fifo = dma->config.source_type == ADI_FIFO;
    const uint32_t slot = mover->id & dma->id_mask;
    const bool segment_last = mover->segment_last;
    const bool closes = wires->in_last || wires->early;
    dma->end_destination[slot] = dma->end_source[slot];
    if (fifo) {
        core->overflow_next =
            (wires->in.forward & FIFO_WRITE_EN) && !(wires->in_beat && wires->running);
        if (wires->in_beat && !wires->running)
            adi_erratum(dma, ADI_ERRATUM_FIFO_STOP);
    } else if (wires->in.forward && !wires->in_beat && mover->needs_sync &&
               dma->config.tuser_sync && mover->active && !wires->in.beat->user &&
               !mover->sync_told && !mended(dma)) {
        mover->sync_told = true;
        adi_erratum(dma, ADI_ERRATUM_LATE_TUSER);
    }
    if (wires->in_beat) {
        uint8_t *to = adi_place(dma, core->port_wm) + mover->beat * dma->source_bytes;
        memcpy(to, wires->in.beat->data, dma->source_bytes);
        dma->partial[slot] = false;
        mover->beat++;
        mover->needs_sync = false;
    }
    if (closes) {
        *closed = mover->beat * dma->source_bytes - 1;
        dma->bytes[slot] = (uint16_t)*closed;
        mover->id++;
        mover->beat = 0;
        core->port_wm++;
    }
    if (wires->in_end || wires->early) {
        mover->length_valid = true;
        mover->length = (uint8_t)(*closed >> dma->destination_log2);
    }
    if (wires->in_end)
        mover->active = false;
    const uint32_t number = mover->number;
    if (wires->split) {
        mover->active = true;
        mover->beat = 0;
        mover->last_beat = (core->split.x & dma->burst_mask) >> dma->source_log2;
        mover->needs_sync = dma->config.sync_start;
        mover->sync_told = false;
        mover->segment_last = adi_segment_last(dma, &core->split);
        mover->number = core->split.number;
        if (mover->aborted)
            mover->aborted = !segment_last;
    }
    if (wires->early) {
        dma->end_source[slot] = dma->end_destination[slot] = true;
        dma->partial[slot] = true;
        dma->skips[slot] = !segment_last;
        if (!segment_last)
            adi_skips_open(dma);
        mover->aborted = true;
        core->throttled = mover->id;
        core->rewind = (struct adi_rewind){
            .valid = true, .skip = !segment_last, .id = mover->id, .number = number};
    }
    mover->granted = mover->id != throttled;
    return closes;
}

/* What the source link drives from now + 1 on. */
void adi_source_drive(struct adi_dmac *dma, sim_time time)
{
    const struct adi_source_mover *mover = &dma->core.source_mover;
    if (dma->config.source_type == ADI_FIFO) {
        axi_stream_answer(dma->input, time,
                          (mover->active ? FIFO_XFER_REQ : 0u) |
                              (dma->core.overflow_next ? FIFO_OVERFLOW : 0u));
        return;
    }
    unsigned gate = AXI_STREAM_ALWAYS;
    if (!mover->active || !mover->granted || mover->aborted)
        gate = AXI_STREAM_NEVER;
    else if (mover->needs_sync && !dma->config.tuser_sync)
        gate = AXI_STREAM_IF_PIN;
    else if (mover->needs_sync && !mended(dma))
        gate = AXI_STREAM_IF_USER;
    axi_stream_answer(dma->input, time, gate);
}

/* ---- destination ----------------------------------------------------------------------------- */

void adi_sink_wires(const struct adi_dmac *dma, struct adi_wires *wires, sim_time time)
{
    const struct adi_core *core = &dma->core;
    const struct adi_sink_mover *mover = &core->sink_mover;
    const bool fifo = dma->config.destination_type == ADI_FIFO;
    struct axi_stream_view view = axi_stream_look(dma->output, time);
    wires->out = view;
    bool open = fifo ? view.back & FIFO_READ_EN : view.ready;
    /* The pin gates VALID of a stream and the handshake of a FIFO. */
    open = open && mover->active && (!mover->needs_sync || (wires->sync && (fifo || !mended(dma))));
    if (mended(dma))
        open = open && (fifo ? dma->control.running : mover->running);
    const bool valid = dma->unpacks ? core->unpack.valid : core->out_valid;
    const bool last = dma->unpacks ? adi_unpack_last(core) : core->out.last;
    wires->port_open = open;
    wires->out_beat = open && valid;
    wires->out_last = wires->out_beat && last;
    wires->out_end = wires->out_last && dma->end_destination[mover->id & dma->id_mask];
    wires->b = core->resp != mover->id &&
               (!core->response_valid || core->manager == ADI_MGR_IDLE) && adi_destination_on(dma);
}

bool adi_sink_takes(const struct adi_dmac *dma, const struct adi_wires *wires)
{
    return !dma->core.sink_mover.active || wires->out_end;
}

void adi_sink_edge(struct adi_dmac *dma, const struct adi_wires *wires,
                   const struct adi_request *from)
{
    struct adi_core *core = &dma->core;
    struct adi_sink_mover *mover = &core->sink_mover;
    const bool fifo = dma->config.destination_type == ADI_FIFO;
    const bool en = fifo ? wires->out.back & FIFO_READ_EN : wires->out.ready;
    const bool synced =
        mover->active && wires->sync && (fifo ? wires->out_beat : en || mended(dma));
    if (mover->held && !wires->out.valid)
        adi_erratum(dma, ADI_ERRATUM_TVALID_SYNC);
    mover->held = !fifo && mover->needs_sync && wires->out.valid && !en;
    if (wires->out_beat)
        mover->user = dma->config.two_d && wires->out_end && mover->last_row && mover->tlast;
    if (wires->out_last)
        mover->id++;
    if (wires->request_out) {
        mover->active = true;
        mover->tlast = from->tlast;
        mover->last_row = from->last_row;
        mover->needs_sync = dma->config.sync_start;
    } else {
        if (wires->out_end)
            mover->active = false;
        if (synced)
            mover->needs_sync = false;
    }
    if (fifo) {
        const bool on = wires->running;
        core->underflow_next = en && !(wires->out_beat && on);
        core->word_next = wires->out_beat && on;
        if (wires->out_beat && !on)
            adi_erratum(dma, ADI_ERRATUM_FIFO_STOP);
        return;
    }
    core->sides.destination_on = mover->running;
    if (wires->running)
        mover->running = true;
    else if (!wires->out.valid || en)
        mover->running = false;
}

/* What the destination link drives from now + 1 on; `word` is the data of the beat just taken. */
void adi_sink_drive(struct adi_dmac *dma, const uint8_t *word, bool fresh, sim_cycle now)
{
    struct adi_core *core = &dma->core;
    const struct adi_sink_mover *mover = &core->sink_mover;
    const sim_time time = dma->unit.clock->time;
    struct axi_stream *link = dma->output;
    if (dma->config.destination_type == ADI_FIFO) {
        if (core->word_next)
            memcpy(axi_stream_place(link)->data, word, dma->destination_bytes);
        axi_stream_drive(link, time,
                         (core->word_next ? FIFO_VALID : 0u) |
                             (core->underflow_next ? FIFO_UNDERFLOW : 0u) |
                             (mover->active ? FIFO_READ_XFER : 0u),
                         core->word_next);
        return;
    }
    const bool valid = (dma->unpacks ? core->unpack.valid : core->out_valid) && mover->active;
    unsigned gate = AXI_STREAM_NEVER;
    if (valid && (!mended(dma) || (mover->running && !mover->needs_sync)))
        gate = mover->needs_sync ? AXI_STREAM_IF_PIN : AXI_STREAM_ALWAYS;
    const bool show = gate && (fresh || !(link->forward.value & (AXI_STREAM_PLACE - 1u)));
    if (show) {
        const bool last = dma->unpacks ? adi_unpack_last(core) : core->out.last;
        struct axi_stream_beat *beat = axi_stream_place(link);
        memcpy(beat->data, dma->unpacks ? adi_unpack_data(dma) : core->out.data,
               dma->destination_bytes);
        beat->keep =
            dma->destination_bytes < 64 ? (UINT64_C(1) << dma->destination_bytes) - 1 : UINT64_MAX;
        beat->last = last && dma->end_destination[mover->id & dma->id_mask] && mover->tlast &&
                     (mover->last_row || dma->config.tlast_every_row || !dma->config.two_d);
        beat->user = mover->user;
        beat->since = now + 1;
    }
    axi_stream_drive(link, time, gate, show);
}
