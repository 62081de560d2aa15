/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_sg: the scatter-gather unit of the ADI AXI DMAC: chains of descriptors become requests.
 *
 *   registers -> head (one place) -> IDLE -> ADDRESS -> DESCRIPTOR -> READY -> fields (one place) -> core
 *                                     ^         ^            6 beats    |  \
 *                                     |         +--- next --------------+   -> ids (four places)
 *                                     +------------- last --------------+          popped by responses
 *
 * Timing (traces/golden/adi_axi_dmac_ports/README.md, "Scatter-gather")
 *   A head is taken one cycle after the strobe of TRANSFER_SUBMIT, its ARVALID shows two cycles later.
 *   READY begins in the cycle after the last beat. A descriptor leaves two cycles after its last beat at the
 *   earliest, the next ARVALID in the cycle after READY. Both outputs of READY acknowledge apart; the
 *   acknowledge bits outlive a pause.
 *
 * Inaccuracies
 *   An error response of the descriptor port is not seen; the RTL has no path for it. What a fall of `en`
 *   does in ADDRESS and DESCRIPTOR (nothing, here) no trace has decided.
 */
#include <string.h>

#include "controllers/adi/adi_dmac_state.h"

/* Layout of a descriptor, in words of 32 bits. */
enum {
    WORD_FLAGS = 0,
    WORD_ID = 1,
    WORD_DESTINATION = 2,
    WORD_SOURCE = 4,
    WORD_NEXT = 6,
    WORD_Y_LENGTH = 8,
    WORD_X_LENGTH = 9,
    WORD_SOURCE_STRIDE = 10,
    WORD_DESTINATION_STRIDE = 11,
};
enum { FLAG_LAST = 1, FLAG_INTERRUPT = 2 };

#define DESCRIPTOR_ALIGN UINT64_C(7) /* low bits of addresses are dropped */

void adi_sg_wires(const struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now)
{
    const struct adi_sg *sg = &dma->core.sg;
    const unsigned fires = axi_fires(dma->descriptors, now);
    wires->sg_ar = fires & AXI_BIT_AR;
    wires->sg_r = fires & AXI_BIT_R;
    wires->sg_take = dma->control.waiting && dma->control.running && wires->hardware &&
                     (!sg->head_valid || sg->state == ADI_SG_IDLE);
}

/* An address of the descriptor: as many bits as the core has. */
static uint64_t address_at(const struct adi_dmac *dma, unsigned word)
{
    const uint32_t *words = dma->core.sg.words;
    return ((uint64_t)words[word + 1] << 32 | words[word]) & dma->address_mask;
}

static struct adi_request fields_of(const struct adi_dmac *dma)
{
    const uint32_t *words = dma->core.sg.words;
    return (struct adi_request){
        .source = address_at(dma, WORD_SOURCE) & ~(uint64_t)(dma->source_bytes - 1),
        .destination = address_at(dma, WORD_DESTINATION) & ~(uint64_t)(dma->destination_bytes - 1),
        .x = (words[WORD_X_LENGTH] & dma->length_mask) | dma->length_ones,
        .y = dma->config.two_d ? words[WORD_Y_LENGTH] & dma->length_mask : 0,
        .source_stride = words[WORD_SOURCE_STRIDE] & dma->length_mask & ~(dma->source_bytes - 1),
        .destination_stride =
            words[WORD_DESTINATION_STRIDE] & dma->length_mask & ~(dma->destination_bytes - 1),
        .tlast = dma->control.registers[ADI_FLAGS] & ADI_TLAST,
        .valid = true,
    };
}

static void fetch(struct adi_dmac *dma, uint64_t address, sim_cycle now)
{
    dma->core.sg.state = ADI_SG_ADDRESS;
    dma->core.sg.beat = 0;
    *axi_show_ar(dma->descriptors) = (struct axi_address){
        .addr = address,
        .len = ADI_DESCRIPTOR_BEATS - 1,
        .size = 3,
        .burst = AXI_INCR,
        .cache = 3,
    };
    axi_touch(dma->descriptors, now);
}

/* What the descriptor in READY does in this cycle. */
static void ready_edge(struct adi_dmac *dma, const struct adi_wires *wires, bool fields_ready,
                       sim_cycle now)
{
    struct adi_sg *sg = &dma->core.sg;
    if (!wires->running && (dma->control.registers[ADI_CONTROL] & ADI_ENABLE)) {
        if (dma->config.errata == ADI_NONE)
            return; /* waits for the end of the pause */
        adi_erratum(dma, ADI_ERRATUM_PAUSED_CHAIN);
    }
    const bool load = !sg->fields_taken && fields_ready;
    const bool push = !sg->id_taken && sg->id_count < ADI_SG_IDS;
    if (load)
        sg->fields = fields_of(dma);
    if (push)
        sg->ids[(sg->id_first + sg->id_count++) % ADI_SG_IDS] = (struct adi_sg_id){
            .id = sg->words[WORD_ID], .end = sg->words[WORD_FLAGS] & FLAG_INTERRUPT};
    sg->fields_taken |= load;
    sg->id_taken |= push;
    const bool done = sg->fields_taken && sg->id_taken;
    if (done)
        sg->fields_taken = sg->id_taken = false;
    if (!wires->running || (done && (sg->words[WORD_FLAGS] & FLAG_LAST)))
        sg->state = ADI_SG_IDLE;
    else if (done)
        fetch(dma, address_at(dma, WORD_NEXT) & ~DESCRIPTOR_ALIGN, now);
}

void adi_sg_edge(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    struct adi_sg *sg = &dma->core.sg;
    struct axi_port *port = dma->descriptors;
    const bool taken = wires->hardware && wires->accept;
    const bool fields_ready = !sg->fields.valid || taken;
    const bool pop = wires->resp && wires->resp_end && sg->id_count > 0;
    if (taken)
        sg->fields.valid = false;
    switch (sg->state) {
    case ADI_SG_IDLE:
        if (sg->head_valid)
            fetch(dma, sg->head, now);
        sg->head_valid = false;
        break;
    case ADI_SG_ADDRESS:
        if (wires->sg_ar) {
            sg->state = ADI_SG_DESCRIPTOR;
            port->valid &= (uint8_t)~AXI_BIT_AR;
            axi_touch(port, now);
        }
        break;
    case ADI_SG_DESCRIPTOR:
        if (wires->sg_r) {
            const struct axi_read *r = port->view.r;
            if (sg->beat < ADI_DESCRIPTOR_BEATS)
                memcpy(&sg->words[2 * sg->beat++], r->data, 8);
            if (r->last)
                sg->state = ADI_SG_READY;
        }
        break;
    case ADI_SG_READY:
        ready_edge(dma, wires, fields_ready, now);
        break;
    }
    if (wires->sg_take) {
        sg->head_valid = true;
        sg->head = adi_address(&dma->control, ADI_SG_ADDRESS_REGISTER, ADI_SG_ADDRESS_HIGH);
    }
    if (pop) {
        sg->shown = sg->ids[sg->id_first];
        sg->id_first = (uint8_t)((sg->id_first + 1) % ADI_SG_IDS);
        sg->id_count--;
    }
}

struct adi_sg_id adi_sg_head(const struct adi_dmac *dma)
{
    const struct adi_sg *sg = &dma->core.sg;
    return sg->id_count ? sg->ids[sg->id_first] : sg->shown;
}
