/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_sg: the scatter-gather unit of the ADI AXI DMAC: chains of descriptors become requests.
 *
 *   registers -> head (one place) -> IDLE -> ADDRESS -> DESCRIPTOR -> READY -> fields (one place) -> core
 *                                     ^         ^            6 beats    |  \
 *                                     |         +--- next --------------+   -> ids (three places, and one shown)
 *                                     +------------- last --------------+          popped by responses
 *
 * Timing (traces/golden/adi_axi_dmac_ports/README.md, "Scatter-gather")
 *   A head is taken one cycle after the strobe of TRANSFER_SUBMIT, its ARVALID shows two cycles later.
 *   READY begins in the cycle after the last beat. A descriptor leaves two cycles after its last beat at the
 *   earliest, the next ARVALID in the cycle after READY. Both outputs of READY acknowledge apart; the
 *   acknowledge bits outlive a pause. An id shows two cycles after it was pushed, and in front of it three wait.
 *   RREADY is on while the six beats are awaited. In a pause or disable IDLE forgets a head, and READY the rest of
 *   its chain; a reset forgets a fetch, whose beats are then taken for those of the next one.
 *
 * Inaccuracies
 *   An error response of the descriptor port is not seen; the RTL has no path for it.
 */
#include <string.h>

#include "controllers/adi/adi_dmac_state.h"

/* Layout of a descriptor, in words of 32 bits. */
enum {
    WORD_FLAGS = 0,
    WORD_ID = 1,
    WORD_DESTINATION = ADI_WORD_DESTINATION,
    WORD_SOURCE = ADI_WORD_SOURCE,
    WORD_NEXT = ADI_WORD_NEXT,
    WORD_Y_LENGTH = 8,
    WORD_X_LENGTH = ADI_WORD_X_LENGTH,
    WORD_SOURCE_STRIDE = 10,
    WORD_DESTINATION_STRIDE = 11,
};
enum { FLAG_LAST = ADI_FLAG_LAST, FLAG_INTERRUPT = 2 };

#define COUNTER_MASK 7u              /* of beats */
#define DESCRIPTOR_ALIGN UINT64_C(7) /* low bits of addresses are dropped */

void adi_sg_wires(const struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now)
{
    const struct adi_sg *sg = &dma->core.sg;
    const unsigned fires = axi_fires(dma->descriptors, now);
    wires->sg_ar = fires & AXI_BIT_AR;
    wires->sg_r = fires & AXI_BIT_R;
    wires->sg_shows = dma->descriptors->view.valid & AXI_BIT_R;
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
        .valid = false,
    };
}

/* What the port drives in a state. The address is that of the register, whatever becomes of it. */
void adi_sg_drive(struct adi_dmac *dma, sim_cycle now)
{
    const struct adi_sg *sg = &dma->core.sg;
    struct axi_port *port = dma->descriptors;
    const bool asks = sg->state == ADI_SG_ADDRESS;
    const uint8_t ready = sg->state == ADI_SG_DESCRIPTOR ? AXI_BIT_R : 0;
    const bool asked = port->valid & AXI_BIT_AR;
    const bool same = asks && asked && port->ar[port->shown >> AXI_AR & 1].addr == sg->next;
    if (port->ready == ready && (same || (!asks && !asked)))
        return;
    port->ready = ready;
    if (asks && !same) {
        *axi_show_ar(port) = (struct axi_address){
            .addr = sg->next,
            .len = ADI_DESCRIPTOR_BEATS - 1,
            .size = 3,
            .burst = AXI_INCR,
            .cache = 3,
        };
    } else if (!asks) {
        port->valid &= (uint8_t)~AXI_BIT_AR;
    }
    axi_touch(port, now);
}

/* READY: fields and id go out, each when there is room; true when both have. */
static bool ready_edge(struct adi_dmac *dma, bool fields_ready, bool id_ready)
{
    struct adi_sg *sg = &dma->core.sg;
    const bool load = !sg->fields_taken && fields_ready;
    const bool push = !sg->id_taken && id_ready;
    sg->fields.valid |= load;
    if (push)
        sg->ids[(sg->id_first + sg->id_count++) % ADI_SG_IDS] = (struct adi_sg_id){
            .id = sg->words[WORD_ID], .end = sg->words[WORD_FLAGS] & FLAG_INTERRUPT};
    sg->fields_taken |= load;
    sg->id_taken |= push;
    const bool done = sg->fields_taken && sg->id_taken;
    if (done)
        sg->fields_taken = sg->id_taken = false;
    return done;
}

/* A beat is a field by how many cycles of RVALID there were since READY: beats of a fetch that a reset cut off
 * are taken for those of the next. */
static void beat_edge(struct adi_dmac *dma)
{
    struct adi_sg *sg = &dma->core.sg;
    adi_check_descriptor_beat(dma, dma->descriptors->view.r->resp);
    if (sg->beat < ADI_DESCRIPTOR_BEATS)
        memcpy(&sg->words[2 * sg->beat], dma->descriptors->view.r->data, 8);
    if (2 * sg->beat == WORD_NEXT)
        sg->next = address_at(dma, WORD_NEXT) & ~DESCRIPTOR_ALIGN;
    sg->beat = (sg->beat + 1) & COUNTER_MASK;
}

/* The ids: a queue, and a register that shows the first of it. */
static void ids_edge(struct adi_dmac *dma, bool pop, unsigned count)
{
    struct adi_sg *sg = &dma->core.sg;
    if (count > 0 && (!sg->shown_valid || pop)) {
        dma->shown = sg->ids[sg->id_first];
        sg->id_first = (uint8_t)((sg->id_first + 1) % ADI_SG_IDS);
        sg->id_count--;
        sg->shown_valid = true;
    } else if (count == 0 && pop) {
        sg->shown_valid = false;
    }
}

void adi_sg_edge(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    struct adi_sg *sg = &dma->core.sg;
    const bool mended = dma->config.errata == ADI_NONE;
    const bool stays = mended && !wires->running; /* a pause: what waits, waits on */
    /* With HWDESC off the core's ready takes a descriptor out all the same, and it is lost. */
    const bool lost = !mended && !wires->hardware && sg->fields.valid && wires->accepts;
    const bool taken = lost || (wires->hardware && wires->accept);
    const bool fields_ready = !sg->fields.valid || taken;
    const unsigned count = sg->id_count;
    const enum adi_sg_state state = sg->state;
    const bool pauses = !wires->running && (dma->control.registers[ADI_CONTROL] & ADI_ENABLE);
    if (lost)
        adi_erratum(dma, ADI_ERRATUM_PAUSED_CHAIN);
    if (taken)
        sg->fields.valid = false;
    if (fields_ready) /* valid or not, they go into the empty place */
        sg->fields = fields_of(dma);
    switch (state) {
    case ADI_SG_IDLE:
        if (stays || !sg->head_valid)
            break;
        sg->next = sg->head;
        sg->head_valid = false;
        if (wires->running)
            sg->state = ADI_SG_ADDRESS;
        else if (pauses)
            adi_erratum(dma, ADI_ERRATUM_PAUSED_CHAIN);
        break;
    case ADI_SG_ADDRESS:
        if (wires->sg_ar)
            sg->state = ADI_SG_DESCRIPTOR;
        break;
    case ADI_SG_DESCRIPTOR:
        if (wires->sg_r && dma->descriptors->view.r->last)
            sg->state = ADI_SG_READY;
        break;
    case ADI_SG_READY:
        if (stays)
            break;
        if (pauses)
            adi_erratum(dma, ADI_ERRATUM_PAUSED_CHAIN);
        const bool last = sg->words[WORD_FLAGS] & FLAG_LAST;
        if (!ready_edge(dma, fields_ready, count < ADI_SG_IDS) && wires->running)
            break;
        sg->state = !wires->running || last ? ADI_SG_IDLE : ADI_SG_ADDRESS;
        break;
    }
    if (sg->state == ADI_SG_ADDRESS && state != ADI_SG_ADDRESS)
        adi_check_descriptor(dma, state == ADI_SG_IDLE);
    if (state == ADI_SG_READY)
        dma->chain.interrupts |= sg->words[WORD_FLAGS] & FLAG_INTERRUPT;
    if (wires->sg_shows && (!mended || state == ADI_SG_DESCRIPTOR))
        beat_edge(dma);
    else if (state == ADI_SG_READY)
        sg->beat = 0;
    if (sg->state == ADI_SG_READY && state == ADI_SG_DESCRIPTOR) {
        const struct adi_request read = fields_of(dma);
        adi_check_fetched(dma, &read);
    }
    if (wires->sg_take) {
        sg->head_valid = true;
        sg->head = adi_address(&dma->control, ADI_SG_ADDRESS_REGISTER, ADI_SG_ADDRESS_HIGH);
    }
    ids_edge(dma, wires->sg_pop, count);
    adi_sg_drive(dma, now);
}
