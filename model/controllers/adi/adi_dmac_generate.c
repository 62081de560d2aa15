/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_generate: the request generator of the general data path of the ADI AXI DMAC; see adi_dmac_general.c.
 *
 *   IDLE -> IDS: an id per cycle -> IDLE
 *     \      |
 *      +-> REWIND -> IDLE, IDS (the request loaded last once more) or CONSUME <-> SKIP: a request is skipped
 *
 * An early TLAST in cycle s sets it back behind the burst that TLAST ended: REWIND is s + 2, unless the answers to
 * requests that were skipped before are not all given yet (struct adi_skipping, `ready`). In s + 1 it still issues an
 * id, and loads a request. Requests are told apart by the lowest bit of their number: with two of them loaded behind
 * the one that was ended, the ids of both are lost.
 *
 * Source: traces/golden/adi_axi_dmac_ports/README.md, "Early TLAST", and random packets and queues measured on the RTL.
 */
#include "controllers/adi/adi_dmac_state.h"

bool adi_segment_last(const struct adi_dmac *dma, const struct adi_request *request)
{
    return request->tlast && (request->last_row || dma->config.tlast_every_row);
}

static void begin_request(struct adi_dmac *dma, const struct adi_request *request)
{
    struct adi_core *core = &dma->core;
    core->generator = ADI_GEN_IDS;
    core->bursts_left = request->x >> dma->burst_log2;
}

/* True if it was the request's last id. */
static bool issue(struct adi_dmac *dma, const struct adi_request *request)
{
    struct adi_core *core = &dma->core;
    const bool end = core->bursts_left == 0;
    const uint32_t slot = core->generated & dma->id_mask;
    dma->end_source[slot] = end;
    dma->bytes[slot] = (uint16_t)(end ? request->x & dma->burst_mask : dma->burst_mask);
    core->generated++;
    core->bursts_left--;
    return end;
}

static bool may_issue(const struct adi_dmac *dma, const struct adi_wires *wires, uint32_t resp)
{
    return wires->running && dma->core.generated - resp != dma->id_mask;
}

bool adi_rows_abort(const struct adi_dmac *dma)
{
    const struct adi_core *core = &dma->core;
    return dma->config.errata == ADI_SILICON && core->generator == ADI_GEN_REWIND &&
           core->rewound.skip && !adi_segment_last(dma, &core->request) &&
           !dma->config.tlast_every_row;
}

/* REWIND: what becomes of the request that was loaded last. */
static enum adi_generator_state rewound(struct adi_dmac *dma)
{
    struct adi_core *core = &dma->core;
    const uint32_t behind = core->request.number - core->rewound.number;
    const bool last = adi_segment_last(dma, &core->request);
    core->generated = core->rewound.id;
    core->bursts_left = core->request.x >> dma->burst_log2;
    if (behind > 1)
        adi_erratum(dma, ADI_ERRATUM_REWIND);
    if (behind % 2 == 0)
        return core->rewound.skip ? ADI_GEN_CONSUME : ADI_GEN_IDLE;
    if (!core->rewound.skip)
        return ADI_GEN_IDS;
    core->skipping.valid = true;
    return last ? ADI_GEN_IDLE : ADI_GEN_CONSUME;
}

static void silicon_edge(struct adi_dmac *dma, const struct adi_wires *wires,
                         const struct adi_request *request, uint32_t resp)
{
    struct adi_core *core = &dma->core;
    const bool rewinds = wires->rewinds;
    core->skipping.valid = false;
    switch (core->generator) {
    case ADI_GEN_IDLE:
        if (wires->load)
            begin_request(dma, request);
        if (rewinds)
            core->generator = ADI_GEN_REWIND;
        break;
    case ADI_GEN_IDS:
        if (may_issue(dma, wires, resp) && issue(dma, &core->request))
            core->generator = ADI_GEN_IDLE;
        if (rewinds)
            core->generator = ADI_GEN_REWIND;
        break;
    case ADI_GEN_REWIND:
        core->generator = rewound(dma);
        break;
    case ADI_GEN_CONSUME:
        if (!wires->load)
            break;
        core->skipping.valid = true;
        core->generator = ADI_GEN_SKIP;
        break;
    case ADI_GEN_SKIP:
        core->generator = adi_segment_last(dma, &core->request) ? ADI_GEN_IDLE : ADI_GEN_CONSUME;
        break;
    }
    if (rewinds) {
        core->rewound = core->rewind;
        core->rewind.valid = false;
    }
}

/* Mended, nothing is loaded in s + 1, and the skipped requests of each early TLAST are counted apart. */
static void mended_edge(struct adi_dmac *dma, const struct adi_wires *wires,
                        const struct adi_request *request, uint32_t resp)
{
    struct adi_core *core = &dma->core;
    const struct adi_request before = core->request;
    if (wires->rewinds) {
        core->rewind.valid = false;
        core->generator = ADI_GEN_REWIND;
        return;
    }
    switch (core->generator) {
    case ADI_GEN_IDLE:
        if (!wires->load)
            break;
        begin_request(dma, request);
        if (core->skipping.valid)
            core->generator = ADI_GEN_SKIP;
        break;
    case ADI_GEN_IDS:
        if (may_issue(dma, wires, resp) && issue(dma, &before))
            core->generator = ADI_GEN_IDLE;
        break;
    case ADI_GEN_REWIND:
        core->generated = core->rewind.id;
        core->skipping.valid = core->rewind.skip;
        core->generator = ADI_GEN_IDLE;
        if (before.number != core->rewind.number + 1)
            break;
        begin_request(dma, &before); /* it has had ids already: once more */
        if (core->skipping.valid)
            core->generator = ADI_GEN_SKIP;
        break;
    default:
        adi_skips_add(dma, adi_segment_last(dma, &before));
        if (adi_segment_last(dma, &before))
            core->skipping.valid = false;
        core->generator = ADI_GEN_IDLE;
        break;
    }
}

void adi_generate_edge(struct adi_dmac *dma, const struct adi_wires *wires,
                       const struct adi_request *request, uint32_t resp)
{
    struct adi_core *core = &dma->core;
    if (dma->config.errata == ADI_SILICON)
        silicon_edge(dma, wires, request, resp);
    else
        mended_edge(dma, wires, request, resp);
    if (wires->load) {
        const uint32_t number = core->request.number;
        core->request = *request;
        core->request.number = number + 1;
    }
}
