/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_records: transfers of a DesignWare AHB DMAC as software that writes its registers makes them, for whoever
 * listens ("transfer"). Of a controller that calls of `work` run, those tell the transfers.
 *
 *   CH_EN written        first beat ...     last beat      write-back      RAW_TFR, RAW_ERR, CH_EN = 0
 *   ---|-----------------|----------------------|--------------|--------------|---
 *   submit_ps = issue_ps                                                    callback_ps
 *
 * All blocks of a list or a reload are one transfer. Bytes are those that the destination has taken. interrupt_ps is
 * when whoever reads the output (nobody: this clock) sees it up; it is empty if the end is masked, or the last block
 * has no INT_EN. A channel that was switched off while it worked is "stopped". Nothing here acts on the model.
 *
 * Inaccuracies
 *   The interrupt is that of the transfer's end also where the output was up from something before.
 */
#include "controllers/dw_ahb/dw_ahb_state.h"

/* By TT_FC. */
static const char *const modes[8] = {"mem_to_mem", "mem_to_dev", "dev_to_mem", "dev_to_dev",
                                     "dev_to_mem", "dev_to_dev", "mem_to_dev", "dev_to_dev"};

static struct transfer_record record_of(const struct dw_ahb *dma, const struct dw_ahb_channel *ch,
                                        const char *status)
{
    const uint32_t type = DW_GET(dw_ahb_channel_register(dma, ch, DW_CTL_LO), CTL_LO, TT_FC);
    return (struct transfer_record){
        .name = dma->name,
        .call = ch->from_list ? "list" : "registers",
        .mode = modes[type],
        .controller = dma->name,
        .channel = ch->index,
        .bytes = ch->moved + ch->popped,
        .submit_ps = ch->enabled_ps,
        .issue_ps = ch->enabled_ps,
        .interrupt_ps = SIM_NEVER,
        .callback_ps = SIM_NEVER,
        .status = status,
    };
}

static sim_time seen(const struct dw_ahb *dma, const struct clock *clock)
{
    return clock_time(clock, clock_edge_after(clock, dma->kernel->now));
}

void dw_ahb_publish_transfer(struct dw_ahb *dma, const struct dw_ahb_channel *ch,
                             const char *status)
{
    if (!probe_observed(&dma->transfer_probe))
        return;
    const struct clock *own = dma->unit.clock;
    const struct clock *reader = dma->interrupt.reader ? dma->interrupt.reader->clock : own;
    const uint32_t ends = dw_ahb_event_bits(dma, DW_TFR) | dw_ahb_event_bits(dma, DW_ERR);
    struct transfer_record record = record_of(dma, ch, status);
    record.callback_ps = seen(dma, own);
    if (ends >> ch->index & 1)
        record.interrupt_ps = seen(dma, reader);
    probe_publish(&dma->transfer_probe, dma->unit.clock->cycle, &record);
}

bool dw_ahb_unended(const struct component *component, uint32_t index,
                    struct transfer_record *record)
{
    const struct dw_ahb *dma = component->instance;
    if (component->driven)
        return false;
    unsigned left = dma->active;
    for (; index > 0 && left; index--)
        left &= left - 1;
    if (!left)
        return false;
    *record = record_of(dma, &dma->channels[__builtin_ctz(left)], "unfinished");
    return true;
}
