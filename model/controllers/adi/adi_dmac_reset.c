/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_reset: the reset manager of the ADI AXI DMAC, which also enables and pauses it.
 *
 *   DO_RESET -> RESET -> DISABLED -> STARTUP -> ENABLED -> SHUTDOWN -+
 *       ^                   |  ^                                     |
 *       +---- dirty --------+  +-------------------------------------+
 *
 * Timing: traces/golden/adi_axi_dmac/README.md, "Reset manager": STARTUP in cycle s starts both sides in
 * s+3 and is ENABLED in s+4; a pause shows SHUTDOWN two cycles after its strobe, a disable three. The
 * internal reset is low in cycle n if the state was DO_RESET in any of n-8 to n-3.
 */
#include "controllers/adi/adi_dmac_state.h"

#define RESET_LAG 0xfcu      /* bits of was_resetting: 3 to 8 cycles ago */
#define GENERATOR_LAG 0x1f8u /* 4 to 9 */

bool adi_reset_released(const struct adi_dmac *dma)
{
    return (dma->control.was_resetting & RESET_LAG) == 0;
}

bool adi_generator_released(const struct adi_dmac *dma)
{
    return (dma->control.was_resetting & GENERATOR_LAG) == 0;
}

/* The scatter-gather unit finishes a fetch, which the RTL waits for only while CONTROL.HWDESC is set. Mended, a
 * descriptor waits for the end of a pause. */
static bool chain_idle(const struct adi_dmac *dma)
{
    const enum adi_sg_state state = dma->core.sg.state;
    if (dma->config.errata == ADI_NONE)
        return state == ADI_SG_IDLE || state == ADI_SG_READY;
    return !(dma->control.registers[ADI_CONTROL] & ADI_HARDWARE) ||
           (state == ADI_SG_IDLE && !dma->control.running);
}

static enum adi_reset_state next_state(const struct adi_dmac *dma, const struct adi_wires *wires,
                                       sim_cycle now)
{
    const struct adi_control *control = &dma->control;
    const bool source_on = adi_source_on(dma), destination_on = adi_destination_on(dma);
    const bool enable = control->registers[ADI_CONTROL] & ADI_ENABLE;
    const bool pause = control->registers[ADI_CONTROL] & ADI_PAUSE;
    switch (control->state) {
    case ADI_RM_DO_RESET:
        return now >= dma->config.reset_cycles ? ADI_RM_RESET : ADI_RM_DO_RESET;
    case ADI_RM_RESET:
        return wires->resetn && enable ? ADI_RM_DISABLED : ADI_RM_RESET;
    case ADI_RM_DISABLED:
        if (control->dirty)
            return ADI_RM_DO_RESET;
        return pause ? ADI_RM_DISABLED : ADI_RM_STARTUP; /* a disable of this cycle is seen later */
    case ADI_RM_STARTUP:
        return source_on && destination_on ? ADI_RM_ENABLED : ADI_RM_STARTUP;
    case ADI_RM_ENABLED:
        return pause || control->dirty ? ADI_RM_SHUTDOWN : ADI_RM_ENABLED;
    default:
        return !source_on && !destination_on && chain_idle(dma) ? ADI_RM_DISABLED : ADI_RM_SHUTDOWN;
    }
}

void adi_reset_edge(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    struct adi_control *control = &dma->control;
    const enum adi_reset_state state = control->state;
    const bool enable = control->registers[ADI_CONTROL] & ADI_ENABLE;
    control->state = next_state(dma, wires, now);
    control->was_resetting =
        (uint16_t)((control->was_resetting << 1 | (state == ADI_RM_DO_RESET)) & 0x1ff);
    if (state == ADI_RM_RESET)
        control->dirty = false;
    else if (!enable)
        control->dirty = true;
    control->running = state == ADI_RM_STARTUP || state == ADI_RM_ENABLED;
}
