/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_round: how the controller takes part in rounds (kernel/round.h), in whichever form.
 *
 * Ids and numbers of requests count on; what decides is how far they are from each other, and in which slot of the
 * rings of ids and of the burst memory they are.
 */
#include "controllers/adi/adi_dmac_state.h"
#include "kernel/base.h"
#include "kernel/round.h"

static bool tell(void *instance, struct repeat *words)
{
    struct adi_dmac *dma = instance;
    const struct adi_core *core = &dma->core;
    const uint32_t ids[] = {core->generated,
                            core->throttled,
                            dma->input ? core->source_mover.id : core->source.id,
                            core->wm,
                            dma->output ? core->sink_mover.id : core->destination.id,
                            core->dn,
                            core->dm,
                            core->port_wm};
    const uint32_t numbers[] = {core->split.number, core->to_destination.number,
                                core->at_destination.number,
                                dma->input ? core->source_mover.number : core->split.number};
    if (core->rewind.valid || core->rewound.valid || core->skipping.count)
        return false;
    if (probe_observed(&dma->transfer_probe))
        adi_follow_tell(dma, words);
    repeat_same(words, core->resp & (dma->id_mask | dma->place_mask));
    for (unsigned i = 0; i < COUNT(ids); i++)
        repeat_same(words, ids[i] - core->resp);
    repeat_same(words, core->row_out % ADI_ROWS);
    repeat_same(words, core->row_in - core->row_out);
    for (unsigned i = 0; i < COUNT(numbers); i++)
        repeat_same(words, numbers[i] - core->request.number);
    return true;
}

/* Of what the wish is about. */
static const uint64_t *wished(const struct adi_dmac *dma)
{
    switch (dma->wish->kind) {
    case ADI_WISH_COMPLETIONS:
        return &dma->counts.completions;
    case ADI_WISH_RESPONSES:
        return &dma->counts.responses;
    case ADI_WISH_SENT:
        return &dma->counts.sent;
    case ADI_WISH_READ:
        return &dma->counts.read;
    case ADI_WISH_RECEIVED:
        return &dma->counts.received;
    default:
        return NULL;
    }
}

static uint64_t limit(const void *instance, const struct round *round, uint64_t times)
{
    const struct adi_dmac *dma = instance;
    /* Bytes of a stream leave the burst memory within a round. */
    if (dma->input &&
        (uint32_t)round_growth(round, &dma->core.generated) < dma->place_mask + UINT32_C(1))
        return 0;
    const uint64_t *count = dma->wish ? wished(dma) : NULL;
    const uint64_t growth = count ? round_growth(round, count) : 0;
    if (growth == 0)
        return times;
    const uint64_t left = dma->wish->count > *count ? dma->wish->count - *count - 1 : 0;
    return left / growth < times ? left / growth : times;
}

static void pass(void *instance, const struct round *round)
{
    struct adi_dmac *dma = instance;
    if (probe_observed(&dma->transfer_probe))
        adi_follow_pass_rounds(dma, round);
}

const struct round_hooks adi_dmac_round = {
    .state = &adi_dmac_state, .tell = tell, .limit = limit, .pass = pass};
