/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_causes: what the controller does in a cycle, for whoever asks where time went (plan/cause.h).
 *
 * Both sides work at the same time. Once there is something to send, it is the destination that holds a transfer up,
 * else the source; descriptors come last.
 */
#include "controllers/adi/adi_dmac_state.h"

/* Something is accepted, or on its way through the core. */
static bool at_work(const struct adi_dmac *dma)
{
    const struct adi_core *core = &dma->core;
    const struct adi_control *control = &dma->control;
    return control->running &&
           (control->open || control->waiting || core->resp != core->generated ||
            core->generating || core->generator != ADI_GEN_IDLE || core->split.valid ||
            core->to_destination.valid || core->at_destination.valid || core->rows.valid ||
            core->sg.head_valid || core->sg.state != ADI_SG_IDLE);
}

/* A beat moves on a stream or a FIFO. */
static bool streams(const struct adi_dmac *dma)
{
    const sim_time now = dma->kernel->now;
    if (dma->input) {
        const struct axi_stream_view in = axi_stream_look(dma->input, now);
        if (dma->config.source_type == ADI_FIFO ? in.forward & FIFO_WRITE_EN : in.valid && in.ready)
            return true;
    }
    if (dma->output) {
        const struct axi_stream_view out = axi_stream_look(dma->output, now);
        if (dma->config.destination_type == ADI_FIFO ? out.forward & FIFO_VALID
                                                     : out.valid && out.ready)
            return true;
    }
    return false;
}

/* Bursts that the source has not asked for. */
static bool bursts_left(const struct adi_core *core)
{
    return core->source.id != core->generated || core->generating ||
           core->generator != ADI_GEN_IDLE || core->split.valid || core->rows.valid;
}

static void use(struct cause_wait *wait, const struct axi_port *port, unsigned path,
                enum cause_kind idle)
{
    if (!port)
        return;
    cause_uses(wait, port->bus, path, port->index, false);
    wait->uses[wait->use_count - 1].idle = (uint8_t)idle;
}

bool adi_dmac_does(const struct component *self, uint32_t channel, struct cause_wait *wait)
{
    enum { READS, WRITES };
    const struct adi_dmac *dma = self->instance;
    const struct adi_core *core = &dma->core;
    *wait = (struct cause_wait){.reason = CAUSE_LATENCY, .elsewhere = CAUSE_NOTHING};
    if (channel > 0)
        return false;
    wait->active = at_work(dma);
    if (!wait->active)
        return true;
    const bool more = bursts_left(core);
    /* All places are taken, or asked for. */
    const bool full = more && core->throttled - core->dm == dma->config.fifo_size &&
                      core->source.id == core->throttled;
    const bool all_in = !more && core->wm == core->generated;
    const bool sends =
        core->wm != core->dm || core->sending || core->out_valid || core->forward_valid;
    wait->moves = streams(dma);
    if (dma->destination && sends)
        use(wait, dma->destination, WRITES, CAUSE_LATENCY);
    /* A stream or FIFO that does not take what is there keeps the next row from being asked for. */
    const enum cause_kind held = dma->output && sends ? CAUSE_PERIPHERAL : CAUSE_LATENCY;
    use(wait, dma->source, READS, full ? CAUSE_FIFO : more ? held : CAUSE_NOTHING);
    if (dma->source)
        wait->uses[wait->use_count - 1].limited = full;
    if (dma->destination && !sends)
        use(wait, dma->destination, WRITES, all_in ? CAUSE_LATENCY : CAUSE_FIFO);
    if (dma->descriptors) {
        use(wait, dma->descriptors, READS, CAUSE_NOTHING);
        wait->uses[wait->use_count - 1].fetches = true;
    }
    if ((dma->input && !sends && core->throttled != core->wm) || (dma->output && sends))
        wait->reason = CAUSE_PERIPHERAL;
    else if (full && !core->source.valid)
        wait->reason = CAUSE_FIFO;
    return true;
}
