/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_respond: responses of the general data path of the ADI AXI DMAC, for bursts that were written and
 * for requests that an early TLAST skipped; see adi_dmac_general.c.
 *
 *   B, or the last beat of a stream -> response -> manager: IDLE ACC WRITE -> registers, 2D unit
 *                       requests that were skipped ->        SKIP WRITE_SKIP
 *
 * Source: traces/golden/adi_axi_dmac/README.md, "One edge"; adi_axi_dmac_ports/README.md for early TLAST.
 * All reads are of values in cycle n, all writes hold from n+1 on.
 */
#include "controllers/adi/adi_dmac_state.h"

/* ---- as they leave the manager ----------------------------------------------------------------- */

bool adi_response_end(const struct adi_dmac *dma)
{
    const struct adi_core *core = &dma->core;
    if (core->manager == ADI_MGR_WRITE_SKIP)
        return dma->config.errata == ADI_NONE;
    return core->manager_end;
}

/* The RTL's answer for a skipped request has the length -1, cut to a burst. */
uint32_t adi_response_bytes(const struct adi_dmac *dma)
{
    const struct adi_core *core = &dma->core;
    if (core->manager == ADI_MGR_WRITE_SKIP)
        return dma->config.errata == ADI_NONE ? 0 : dma->config.max_bytes_per_burst;
    return core->manager_bytes;
}

/* ---- skipped requests -------------------------------------------------------------------------- */

void adi_skips_open(struct adi_dmac *dma)
{
    struct adi_skips *skips = &dma->skip_queue;
    const uint32_t at = (skips->first + skips->count) % ADI_IDS;
    skips->groups[at].requests = 0;
    skips->groups[at].closed = false;
    skips->count += skips->count < ADI_IDS;
}

void adi_skips_add(struct adi_dmac *dma, bool last)
{
    struct adi_skips *skips = &dma->skip_queue;
    const uint32_t at = (skips->first + skips->count - 1) % ADI_IDS;
    skips->groups[at].requests++;
    skips->groups[at].closed = last;
}

/* ---- the manager ------------------------------------------------------------------------------- */

/* Mended: answers for the requests of the first group; IDLE once it is closed. */
static enum adi_response_state answer_skipped(struct adi_dmac *dma)
{
    struct adi_skips *skips = &dma->skip_queue;
    const uint32_t at = skips->first % ADI_IDS;
    if (skips->groups[at].requests > 0) {
        skips->groups[at].requests--;
        return ADI_MGR_WRITE_SKIP;
    }
    if (!skips->groups[at].closed)
        return ADI_MGR_SKIP;
    skips->first++;
    skips->count--;
    return ADI_MGR_IDLE;
}

/* The mended manager: the requests that an early TLAST skipped are answered after its own answer. */
static void mended_manager_edge(struct adi_dmac *dma, const struct adi_wires *wires)
{
    struct adi_core *core = &dma->core;
    switch (core->manager) {
    case ADI_MGR_IDLE:
        if (core->response_valid) {
            core->manager = ADI_MGR_ACC;
            core->manager_end = core->response_end;
            core->manager_partial = core->response_partial;
            core->manager_skips = core->response_skips;
            core->manager_bytes = core->response_bytes;
        }
        break;
    case ADI_MGR_ACC:
        core->manager = ADI_MGR_WRITE;
        break;
    case ADI_MGR_WRITE:
        if (wires->respond)
            core->manager = core->manager_skips ? ADI_MGR_SKIP : ADI_MGR_IDLE;
        break;
    case ADI_MGR_SKIP:
        core->manager = answer_skipped(dma);
        break;
    case ADI_MGR_WRITE_SKIP:
        if (wires->respond)
            core->manager = ADI_MGR_SKIP;
        break;
    }
}

/* Response manager. Once the request that an early TLAST ended is answered, it answers for those that were skipped.
 * `before`: as it was in this cycle. */
static void manager_edge(struct adi_dmac *dma, const struct adi_wires *wires,
                         const struct adi_skipping *before)
{
    struct adi_core *core = &dma->core;
    struct adi_skipping *skipping = &core->skipping;
    const bool skipped = before->count && before->ended == core->rewound.number % 4;
    const enum adi_response_state state = core->manager;
    const bool answers = state == ADI_MGR_WRITE_SKIP && wires->respond;
    const bool adds = before->valid && before->ready;
    const bool last = adi_segment_last(dma, &core->request);
    switch (state) {
    case ADI_MGR_IDLE:
        if (core->response_valid) {
            core->manager = ADI_MGR_ACC;
            core->manager_end = core->response_end;
            core->manager_partial = core->response_partial;
            core->manager_bytes = core->response_bytes;
        } else if (skipped) {
            core->manager = ADI_MGR_SKIP;
        }
        break;
    case ADI_MGR_ACC:
        core->manager = ADI_MGR_WRITE;
        break;
    case ADI_MGR_WRITE:
        if (wires->respond)
            core->manager = skipped ? ADI_MGR_SKIP : ADI_MGR_IDLE;
        break;
    case ADI_MGR_SKIP:
        if (before->count)
            core->manager = ADI_MGR_WRITE_SKIP;
        else if (before->last)
            core->manager = ADI_MGR_IDLE;
        break;
    case ADI_MGR_WRITE_SKIP:
        if (!answers)
            break;
        adi_erratum(dma, ADI_ERRATUM_LOST_SEGMENTS);
        core->manager = ADI_MGR_SKIP;
        break;
    }
    if (adds)
        skipping->last = last;
    else if (state == ADI_MGR_SKIP && !before->count)
        skipping->last = false;
    if (before->valid && last)
        skipping->ready = false;
    else if (!before->count)
        skipping->ready = true;
    skipping->ended =
        (uint8_t)((before->ended + (answers || (state == ADI_MGR_ACC && core->manager_end))) & 3);
    skipping->count = (uint8_t)((before->count + adds - answers) & 3);
}

void adi_respond_edge(struct adi_dmac *dma, const struct adi_wires *wires,
                      const struct adi_skipping *before)
{
    struct adi_core *core = &dma->core;
    const bool idle = core->manager == ADI_MGR_IDLE;
    if (dma->config.errata == ADI_NONE)
        mended_manager_edge(dma, wires);
    else
        manager_edge(dma, wires, before);
    if (wires->b) {
        const uint32_t slot = core->resp & dma->id_mask;
        core->response_valid = true;
        core->response_end = dma->end_destination[slot];
        core->response_partial =
            dma->partial[slot] && (!dma->output || dma->config.errata == ADI_NONE);
        core->response_skips = dma->partial[slot] && dma->skips[slot];
        core->response_bytes = dma->output ? 1 : dma->bytes[slot] + 1u;
        core->resp++;
    } else if (idle) {
        core->response_valid = false;
    }
}
