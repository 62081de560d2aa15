/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_reports: TRANSFER_PROGRESS and the lengths of transfers that a stream ended early; see adi_dmac_access.c.
 *
 *   response -> progress, id -> in front of the queue -> queue of three -> what the registers show
 *     n                              n + 1                 n + 2               n + 3
 *
 * Source: measured on the RTL (docs/controllers/axi-dmac.md, "Evidence"), register reads in every cycle around a report.
 *   - A completion clears the progress one cycle late; a report takes its length from it when it enters the queue.
 *   - TRANSFER_DONE shows a report from n + 1 on; the read of PARTIAL_TRANSFER_ID that takes one hides the next for a
 *     cycle.
 *   - No response follows another at once, and none at all while the queue is full: erratum 8.
 *   - CONTROL.ENABLE 0 empties the queue and clears the progress; what the registers show stays.
 */
#include "controllers/adi/adi_dmac_state.h"

/* How far TRANSFER_PROGRESS counts. */
static uint32_t progress_mask(const struct adi_dmac *dma)
{
    return dma->config.two_d ? UINT32_MAX : dma->length_mask;
}

void adi_progress(struct adi_dmac *dma, uint32_t bytes)
{
    dma->control.progress = (dma->control.progress + bytes) & progress_mask(dma);
}

/* The queue and the register that shows its first report. */
static void queue_edge(struct adi_control *control, bool pop, bool enable,
                       const struct adi_report *new)
{
    const unsigned count = control->report_count;
    if (count > 0 && (!control->report_valid || pop)) {
        control->report_shown = control->reports[control->report_first];
        control->report_first = (uint8_t)((control->report_first + 1) % ADI_REPORTS);
        control->report_count--;
        control->report_valid = true;
    } else if (pop) {
        control->report_valid = false;
    }
    if (new) {
        const unsigned at = control->report_first + control->report_count++;
        control->reports[at % ADI_REPORTS] = *new;
    }
    if (!enable) {
        control->report_count = control->report_first = 0;
        control->report_valid = false;
    }
}

void adi_reports_edge(struct adi_dmac *dma, const struct adi_wires *wires, bool enable)
{
    struct adi_control *control = &dma->control;
    const bool silicon = dma->config.errata == ADI_SILICON;
    const bool read = control->report_pop, room = control->report_count < ADI_REPORTS;
    const struct adi_report waiting = {control->progress, control->report_id};
    const bool enters = control->report_waits && room;
    const bool told = wires->resp_partial && (control->registers[ADI_FLAGS] & ADI_PARTIAL);
    const bool was_valid = control->report_valid;
    control->report_pop = false;
    queue_edge(control, read && was_valid, enable, enters ? &waiting : NULL);

    if (!enable)
        control->report_told = false;
    else if (told)
        control->report_told = silicon || room; /* mended, one that finds no room is lost */
    else if (read)
        control->report_told = false;
    else if (was_valid)
        control->report_told = true;

    if (!control->report_held)
        control->report_held = wires->resp && silicon;
    else if (room)
        control->report_held = false;
    if (wires->resp) {
        control->report_waits = told && (silicon || room);
        control->report_id = control->active_id;
        if (!room && (told || !read))
            adi_erratum(dma, ADI_ERRATUM_REPORTS);
    } else if (room) {
        control->report_waits = false;
    }

    if (wires->resp)
        adi_progress(dma, wires->resp_bytes);
    else if (control->progress_ended)
        control->progress = 0;
    control->progress_ended = wires->resp_completes;
    if (!enable) {
        control->progress = 0;
        control->report_held = false;
    }
}
