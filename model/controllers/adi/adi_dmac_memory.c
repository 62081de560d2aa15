/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_memory: the burst memory of the ADI AXI DMAC and what lies between it and the ports.
 *
 *   source port -> [slice] -> [register, if narrower] -> FIFO_SIZE bursts -> output register
 *                          -> [slice] -> [unpacking register, if narrower] -> destination port
 *
 * Source: traces/golden/adi_axi_dmac/README.md, "Burst memory", and traces/golden/adi_axi_dmac_ports/
 * README.md, "Unequal widths". The memory's words are as wide as the wider side.
 */
#include <string.h>

#include "controllers/adi/adi_dmac_state.h"

uint8_t *adi_place(const struct adi_dmac *dma, uint32_t id)
{
    return dma->memory + ((size_t)(id & dma->place_mask) << dma->burst_log2);
}

/* ---- unpacking ------------------------------------------------------------------------------- */

bool adi_unpack_last(const struct adi_core *core)
{
    return core->unpack.word.last && core->unpack.part == core->unpack.parts - 1;
}

const uint8_t *adi_unpack_data(const struct adi_dmac *dma)
{
    const uint8_t *data = dma->core.unpack.word.data;
    return data ? data + dma->core.unpack.part * dma->destination_bytes : NULL;
}

static bool taken_at_port(const struct adi_dmac *dma, const struct adi_wires *wires)
{
    return dma->output ? wires->out_beat : wires->w;
}

/* The ready that the output register sees from the unpacking register. */
static bool unpack_ready(const struct adi_dmac *dma, const struct adi_wires *wires)
{
    const struct adi_unpack *unpack = &dma->core.unpack;
    return !unpack->valid || (unpack->part == unpack->parts - 1 && taken_at_port(dma, wires));
}

void adi_memory_wires(const struct adi_dmac *dma, struct adi_wires *wires)
{
    const struct adi_core *core = &dma->core;
    bool ready;
    if (dma->unpacks)
        ready = unpack_ready(dma, wires);
    else if (dma->config.destination_slice)
        ready = core->skid_ready;
    else
        ready = taken_at_port(dma, wires);
    wires->out_ready = !core->out_valid || ready;
}

/* Parts of a word that hold a byte. */
static unsigned parts_of(const struct adi_dmac *dma, const struct axi_write *word)
{
    unsigned parts = dma->width_bytes / dma->destination_bytes;
    if (!word->last)
        return parts;
    for (; parts > 1; parts--) {
        unsigned lane = (parts - 1) * dma->destination_bytes;
        if (word->strb[lane / 64] >> lane % 64 & 1)
            break;
    }
    return parts;
}

/* True if the port gets another beat. */
static bool unpack_edge(struct adi_dmac *dma, const struct adi_wires *wires,
                        const struct axi_write *out, bool out_valid)
{
    struct adi_unpack *unpack = &dma->core.unpack;
    if (unpack_ready(dma, wires)) {
        unpack->valid = out_valid;
        unpack->part = 0;
        if (out_valid) {
            unpack->word = *out;
            unpack->parts = (uint8_t)parts_of(dma, out);
        }
        return out_valid;
    }
    if (!taken_at_port(dma, wires))
        return false;
    unpack->part++;
    return true;
}

/* ---- the memory ------------------------------------------------------------------------------ */

/* Beats from the port; true if one closes a burst. */
bool adi_receive_edge(struct adi_dmac *dma, const struct adi_wires *wires)
{
    struct adi_core *core = &dma->core;
    const bool sliced = core->slice_last;
    core->slice_last = false;
    if (!wires->r)
        return sliced;
    const struct axi_read *r = dma->source->view.r;
    const bool last = r->last;
    if (core->port_beat + r->train < dma->source_burst_beats) {
        const size_t train = r->train * (size_t)dma->source_bytes;
        memcpy(adi_place(dma, core->port_wm) + core->port_beat * dma->source_bytes, r->data - train,
               train + dma->source_bytes);
    }
    core->port_beat += 1u + r->train;
    if (last) {
        core->port_beat = 0;
        core->port_wm++;
    }
    if (!dma->config.source_slice)
        return last;
    core->slice_last = last;
    return sliced;
}

/* True if a burst is closed in the memory; a register that collects narrower beats adds a cycle. */
bool adi_close_edge(struct adi_dmac *dma, bool closes)
{
    if (!dma->packs)
        return closes;
    const bool packed = dma->core.packed_last;
    dma->core.packed_last = closes;
    return packed;
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
            core->out.data = adi_place(dma, core->dn - 1) + core->beat * dma->width_bytes;
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

/* ---- the port -------------------------------------------------------------------------------- */

static void show_beat(struct axi_port *port, const struct axi_write *beat)
{
    *axi_show_w(port) = *beat;
}

/* Through a register slice: a skid stage and a forward register. */
static void slice_edge(struct adi_dmac *dma, const struct adi_wires *wires,
                       const struct axi_write *out, bool out_valid, bool skid_ready)
{
    struct adi_core *core = &dma->core;
    struct axi_port *port = dma->destination;
    if (!core->forward_valid || wires->w) {
        core->forward_valid = skid_ready ? out_valid : true;
        if (core->forward_valid)
            show_beat(port, skid_ready ? out : &core->skid);
        else
            port->valid &= (uint8_t)~AXI_BIT_W;
        core->skid_ready = true;
    } else if (out_valid) {
        core->skid_ready = false;
    }
    if (skid_ready)
        core->skid = *out;
}

static void show_part(struct adi_dmac *dma)
{
    const struct adi_unpack *unpack = &dma->core.unpack;
    const unsigned lane = unpack->part * dma->destination_bytes;
    struct axi_write *w = axi_show_w(dma->destination);
    const uint64_t full = (UINT64_C(1) << dma->destination_bytes) - 1; /* below 64 bytes */
    *w = (struct axi_write){.data = adi_unpack_data(dma), .last = adi_unpack_last(&dma->core)};
    w->strb[0] = dma->destination_bytes == 64 ? unpack->word.strb[lane / 64]
                                              : unpack->word.strb[lane / 64] >> lane % 64 & full;
}

/* Output register and what follows. *fresh: a narrower side or a stream has another beat to show. True if
 * the W channel of the port changed. */
bool adi_output_edge(struct adi_dmac *dma, const struct adi_wires *wires, uint32_t addressed,
                     bool *fresh)
{
    struct adi_core *core = &dma->core;
    struct axi_port *port = dma->destination;
    if (dma->output || dma->unpacks) {
        const struct axi_write out = core->out;
        const bool out_valid = core->out_valid;
        *fresh = send_edge(dma, wires, addressed);
        if (dma->unpacks)
            *fresh = unpack_edge(dma, wires, &out, out_valid);
        if (dma->output)
            return false;
        const bool was_shown = port->valid & AXI_BIT_W;
        if (*fresh)
            show_part(dma);
        else if (!core->unpack.valid)
            port->valid &= (uint8_t)~AXI_BIT_W;
        return was_shown != ((port->valid & AXI_BIT_W) != 0) || wires->w;
    }
    const bool was_shown = port->valid & AXI_BIT_W;
    if (!dma->config.destination_slice) {
        if (send_edge(dma, wires, addressed))
            show_beat(port, &core->out);
        else if (!core->out_valid)
            port->valid &= (uint8_t)~AXI_BIT_W;
    } else {
        const struct axi_write out = core->out;
        const bool out_valid = core->out_valid, skid_ready = core->skid_ready;
        send_edge(dma, wires, addressed);
        slice_edge(dma, wires, &out, out_valid, skid_ready);
    }
    return was_shown != ((port->valid & AXI_BIT_W) != 0) || wires->w;
}
