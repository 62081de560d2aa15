/* SPDX-License-Identifier: BSD-2-Clause */
/* adi_dmac_waits: what an ADI AXI DMAC waits for when a run ends with work left, and why no interrupt comes. */
#include <inttypes.h>

#include "controllers/adi/adi_dmac_state.h"

static void say_transfers(struct log_text *text, const struct adi_dmac *dma)
{
    const struct adi_control *control = &dma->control;
    log_add(text, "%u transfers are under way%s, %u bytes of the one that runs", control->open,
            control->waiting ? ", one is submitted and waits to be taken" : "", control->progress);
    if (!(control->registers[ADI_CONTROL] & ADI_ENABLE))
        log_add(text, "; CONTROL.ENABLE is 0");
    if (control->registers[ADI_CONTROL] & ADI_PAUSE)
        log_add(text, "; CONTROL.PAUSE is 1: no new bursts");
    if (control->registers[ADI_FLAGS] & ADI_CYCLIC &&
        !(control->registers[ADI_CONTROL] & ADI_HARDWARE))
        log_add(text, "; FLAGS.CYCLIC is 1: it starts again at its end");
    if (dma->input)
        log_add(text, "; its source is a %s",
                dma->config.source_type == ADI_FIFO ? "FIFO" : "stream");
    if (dma->output)
        log_add(text, "; its destination is a %s",
                dma->config.destination_type == ADI_FIFO ? "FIFO" : "stream");
    if (dma->input && dma->core.source_mover.active && dma->core.source_mover.needs_sync)
        log_add(text, "; it waits for the sync of the source");
    if (dma->output && dma->core.sink_mover.active && dma->core.sink_mover.needs_sync)
        log_add(text, "; it waits for the sync pin of the destination");
}

bool adi_dmac_waits(const struct component *component, uint32_t index, struct log_text *text)
{
    const struct adi_dmac *dma = component->instance;
    const struct adi_control *control = &dma->control;
    const struct clock *clock = dma->unit.clock;
    const bool busy =
        control->open || control->waiting ||
        (dma->descriptors && (dma->core.sg.head_valid || dma->core.sg.state != ADI_SG_IDLE));
    const uint8_t masked = control->irq_source & control->registers[ADI_IRQ_MASK] & 3;
    if (busy && index-- == 0) {
        say_transfers(text, dma);
        if (dma->descriptors && dma->core.sg.state != ADI_SG_IDLE)
            log_add(text, "; the chain is at the descriptor 0x%08" PRIx64 "%s", dma->core.sg.next,
                    dma->chain.loops ? ", and loops" : "");
        return true;
    }
    if (dma->chain.items > 0 && !dma->chain.interrupts &&
        control->registers[ADI_CONTROL] & ADI_HARDWARE && index-- == 0) {
        log_add(text, "no descriptor of the chain so far asks for an interrupt (its flags, bit 1)");
        return true;
    }
    if (masked && index-- == 0) {
        log_add(text, "IRQ_SOURCE is 0x%x, but does not interrupt: IRQ_MASK = 0x%x masks%s%s",
                control->irq_source, control->registers[ADI_IRQ_MASK],
                masked & ADI_IRQ_START ? " TRANSFER_QUEUED" : "",
                masked & ADI_IRQ_END ? " TRANSFER_COMPLETED" : "");
        return true;
    }
    if (index > 0 || busy || control->irq_source & ADI_IRQ_END)
        return false;
    log_add(text, "no transfer is under way and none has ended");
    if (!(control->registers[ADI_CONTROL] & ADI_ENABLE))
        log_add(text, "; CONTROL.ENABLE is 0");
    if (dma->left.why)
        log_add(text, "; %s in cycle %" PRIu64,
                dma->left.why == ADI_LEFT_STOPPED
                    ? "CONTROL stopped and forgot transfers"
                    : "TRANSFER_SUBMIT came while CONTROL.ENABLE was 0,",
                (dma->left.ps - clock->phase_ps) / clock->period_ps);
    return true;
}
