/* SPDX-License-Identifier: BSD-2-Clause */
/* adi_dmac_errata: tells observers when an erratum of the ADI AXI DMAC strikes; docs/controllers/axi-dmac.md
 * has the list. */
#include "controllers/adi/adi_dmac_state.h"

const char *const adi_errata[ADI_ERRATA_COUNT] = {
    [ADI_ERRATUM_BURST_LENGTH] = "a burst length is taken once too often: wrong AWLEN or hang",
    [ADI_ERRATUM_PAUSED_CHAIN] = "a pause makes the rest of a chain forgotten",
    [ADI_ERRATUM_ROW_TABLE] = "the answer of an earlier row is taken for the end of the transfer",
    [ADI_ERRATUM_EARLY_WLAST] = "AWLEN counts empty words, WLAST comes early",
    [ADI_ERRATUM_LOST_SEGMENTS] = "a skipped request is answered without its end",
    [ADI_ERRATUM_REWIND] = "ids of requests after an early TLAST are lost: hang",
    [ADI_ERRATUM_LATE_TUSER] = "a beat ahead of TUSER is not skipped: hang",
    [ADI_ERRATUM_REPORTS] = "a full queue of length reports stops all responses",
    [ADI_ERRATUM_TVALID_RESET] = "a disable takes TVALID away without TREADY",
    [ADI_ERRATUM_TVALID_SYNC] = "the sync pin takes TVALID away without TREADY",
    [ADI_ERRATUM_FIFO_STOP] = "a word of a stopping FIFO side is lost",
    [ADI_ERRATUM_CUT_FETCH] =
        "a reset cuts a descriptor's fetch off: its beats are taken for others",
    [ADI_ERRATUM_DONE_SHARED] = "TRANSFER_DONE shows a transfer under way as done",
};

void adi_erratum(struct adi_dmac *dma, enum adi_erratum number)
{
    if (dma->config.errata == ADI_NONE)
        return;
    dma->figures.strikes++;
    if (dma->figures.errata[number].strikes++ == 0)
        dma->figures.errata[number].first = dma->unit.clock->cycle;
    struct erratum_record record = {dma->unit.name, adi_errata[number], (uint32_t)number};
    probe_publish(&dma->erratum_probe, dma->unit.clock->cycle, &record);
}
