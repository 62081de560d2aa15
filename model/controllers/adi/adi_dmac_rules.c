/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_rules: mistakes in programming an ADI AXI DMAC, found when registers are written and a transfer is submitted.
 * Nothing here acts on the model; it is asked only while somebody listens to the log.
 *
 * What a register of an address or a length drops is judged at the submit: drivers write all ones to see which bits
 * are there (Linux 6.12 drivers/dma/dma-axi-dmac.c, axi_dmac_detect_caps()).
 */
#include <inttypes.h>
#include <stdio.h>

#include "controllers/adi/adi_dmac_state.h"
#include "kernel/base.h"

#define RTL "RTL of ADI hdl, library axi_dmac: axi_dmac_regmap_request.v"
#define PAGE "docs/controllers/axi-dmac.md"

enum rule {
    HOLE,
    READ_ONLY,
    NO_UNIT,
    NOT_ENABLED,
    QUEUE_FULL,
    CHANGED,
    PAUSED,
    NO_CYCLIC,
    CUT,
    ROUNDED,
    NO_2D,
    CROSSES,
    OVERLAP,
    STOPPED,
    MASKED,
    LOOP,
    SG_ALIGNMENT,
    SG_UNUSED,
};

const struct log_rule adi_dmac_rules[] = {
    [HOLE] = {"hole", LOG_WARNING, "writes where there is no register", "it is ignored", RTL},
    [READ_ONLY] = {"read-only", LOG_WARNING, "writes a register that is read-only", "it is ignored",
                   RTL},
    [NO_UNIT] = {"no-scatter-gather", LOG_WARNING,
                 "asks for chains (HWDESC, SG_ADDRESS) where the unit is not built in",
                 "the bits stay 0", RTL ", DMA_SG_TRANSFER"},
    [NOT_ENABLED] = {"not-enabled", LOG_WARNING, "submits a transfer while CONTROL.ENABLE is 0",
                     "it is forgotten", RTL ", up_dma_req_valid"},
    [QUEUE_FULL] = {"queue-full", LOG_WARNING,
                    "submits a transfer while TRANSFER_SUBMIT still reads 1",
                    "it is ignored, there is one transfer of the two", RTL ", up_dma_req_valid"},
    [CHANGED] = {"changed", LOG_NOTE,
                 "writes addresses, lengths or flags while TRANSFER_SUBMIT still reads 1",
                 "the transfer that waits takes them as they are when it is taken", RTL},
    [PAUSED] = {"paused", LOG_NOTE, "submits a transfer while CONTROL.PAUSE is 1",
                "it waits until PAUSE is 0", RTL},
    [NO_CYCLIC] = {"no-cyclic", LOG_WARNING, "asks for FLAGS.CYCLIC, which is not built in",
                   "the transfer is done once", RTL ", CYCLIC"},
    [CUT] = {"cut", LOG_WARNING,
             "submits an address or length of which the register has dropped bits",
             "the register takes the bits it has: those of whole beats, within its width", RTL},
    [ROUNDED] = {"rounded", LOG_WARNING, "submits a length that is not a multiple of a beat",
                 "it is rounded up to whole beats: more bytes are moved than were asked for",
                 RTL ", DMA_LENGTH_ALIGN"},
    [NO_2D] = {"no-2d", LOG_WARNING, "submits rows where DMA_2D_TRANSFER is not built in",
               "there is one row", RTL ", DMA_2D_TRANSFER"},
    [CROSSES] = {"crosses-4k", LOG_WARNING,
                 "submits an address off MAX_BYTES_PER_BURST, so that a burst crosses 4 KiB",
                 "the burst is sent as it is, which AXI does not allow", "IHI 0022E A3.4.1; " PAGE},
    [OVERLAP] = {"overlap", LOG_WARNING, "copies onto its own source, above where it reads",
                 "bytes may be overwritten before they are read", PAGE},
    [STOPPED] = {"stopped", LOG_NOTE, "disables the controller with transfers under way",
                 "they stop and are forgotten, without an interrupt", RTL},
    [MASKED] = {"masked", LOG_NOTE, "lets a transfer end while IRQ_MASK masks that",
                "it is in IRQ_SOURCE and TRANSFER_DONE, and does not interrupt",
                RTL ", up_irq_mask"},
    [LOOP] =
        {"loop", LOG_WARNING,
         "runs a chain that loops back on itself, no descriptor of which asks for an interrupt",
         "it goes round until the controller is disabled", PAGE},
    [SG_ALIGNMENT] = {"descriptor-unaligned", LOG_WARNING,
                      "links a descriptor whose address is not a multiple of 8",
                      "bits 2:0 are dropped", RTL ", dmac_sg.v"},
    [SG_UNUSED] = {"chain-unused", LOG_WARNING,
                   "submits with an SG_ADDRESS while CONTROL.HWDESC is 0",
                   "the chain is not read: the registers are the transfer", RTL ", up_hwdesc"},
    {.name = NULL},
};

#define RULE(dma, which, ...)                                                                      \
    log_rule(&(dma)->unit, (dma)->unit.name, &adi_dmac_rules[which], __VA_ARGS__)

/* ---- writes ---------------------------------------------------------------------------------- */

static const struct {
    enum adi_register index;
    const char *name;
} dropping[ADI_DROPPING] = {
    {ADI_DEST_ADDRESS, "DEST_ADDRESS"},
    {ADI_SRC_ADDRESS, "SRC_ADDRESS"},
    {ADI_DEST_ADDRESS_HIGH, "DEST_ADDRESS_HIGH"},
    {ADI_SRC_ADDRESS_HIGH, "SRC_ADDRESS_HIGH"},
    {ADI_X_LENGTH, "X_LENGTH"},
    {ADI_Y_LENGTH, "Y_LENGTH"},
    {ADI_DEST_STRIDE, "DEST_STRIDE"},
    {ADI_SRC_STRIDE, "SRC_STRIDE"},
    {ADI_SG_ADDRESS_REGISTER, "SG_ADDRESS"},
    {ADI_SG_ADDRESS_HIGH, "SG_ADDRESS_HIGH"},
    {ADI_FLAGS, "FLAGS"},
};

void adi_note_write(struct adi_dmac *dma, enum adi_register index, uint32_t value)
{
    dma->mask_noted &= index != ADI_IRQ_MASK;
    for (unsigned i = 0; i < ADI_DROPPING; i++)
        if (dropping[i].index == index)
            dma->asked[i] = value;
}

static bool of_transfer(enum adi_register index)
{
    for (unsigned i = 0; i < ADI_DROPPING; i++)
        if (dropping[i].index == index)
            return true;
    return false;
}

/* Whether a register is one of the transfers that are submitted now. */
static bool used(const struct adi_dmac *dma, enum adi_register index)
{
    const bool chain = dma->control.registers[ADI_CONTROL] & ADI_HARDWARE;
    switch (index) {
    case ADI_SG_ADDRESS_REGISTER:
    case ADI_SG_ADDRESS_HIGH:
        return chain;
    case ADI_DEST_ADDRESS:
    case ADI_DEST_ADDRESS_HIGH:
        return !chain && dma->destination;
    case ADI_SRC_ADDRESS:
    case ADI_SRC_ADDRESS_HIGH:
        return !chain && dma->source;
    case ADI_DEST_STRIDE:
        return !chain && dma->destination && dma->config.two_d;
    case ADI_SRC_STRIDE:
        return !chain && dma->source && dma->config.two_d;
    default:
        return !chain;
    }
}

static void check_dropped(const struct adi_dmac *dma)
{
    for (unsigned i = 0; i < ADI_DROPPING; i++) {
        const enum adi_register index = dropping[i].index;
        const uint32_t asked = dma->asked[i], has = dma->control.registers[index];
        if (asked == has || !used(dma, index))
            continue;
        if (index == ADI_FLAGS)
            RULE(dma, NO_CYCLIC, "FLAGS = 0x%x", asked);
        else if (index == ADI_Y_LENGTH && !dma->config.two_d)
            RULE(dma, NO_2D, "Y_LENGTH = %u", asked);
        else if (index == ADI_X_LENGTH && (asked | dma->length_ones) == has)
            RULE(dma, ROUNDED, "X_LENGTH = %u: %" PRIu64 " bytes, taken as %" PRIu64, asked,
                 asked + UINT64_C(1), has + UINT64_C(1));
        else
            RULE(dma, CUT, "%s = 0x%08x is not aligned to its beats or too large: it is 0x%08x",
                 dropping[i].name, asked, has);
    }
}

static void check_bursts(const struct adi_dmac *dma, const char *name, uint64_t first,
                         uint64_t bytes)
{
    const uint32_t burst = dma->config.max_bytes_per_burst;
    if (first % burst && first / 4096 != (first + bytes - 1) / 4096)
        RULE(dma, CROSSES,
             "%s = 0x%08" PRIx64 " is not a multiple of %u, and %" PRIu64 " bytes cross 4 KiB",
             name, first, burst, bytes);
}

static void check_submit(const struct adi_dmac *dma)
{
    const struct adi_control *control = &dma->control;
    const uint32_t *registers = control->registers;
    if (!(registers[ADI_CONTROL] & ADI_ENABLE)) {
        RULE(dma, NOT_ENABLED, "TRANSFER_SUBMIT = 1 while CONTROL.ENABLE is 0");
        return;
    }
    if (control->waiting)
        RULE(dma, QUEUE_FULL, "TRANSFER_SUBMIT = 1 while it reads 1: the queue is full");
    if (registers[ADI_CONTROL] & ADI_PAUSE)
        RULE(dma, PAUSED, "TRANSFER_SUBMIT = 1 while CONTROL.PAUSE is 1");
    check_dropped(dma);
    if (registers[ADI_CONTROL] & ADI_HARDWARE)
        return;
    const uint32_t chain = registers[ADI_SG_ADDRESS_REGISTER];
    if (chain && (chain | 7) != UINT32_MAX) /* what a driver's look for the unit leaves */
        RULE(dma, SG_UNUSED, "SG_ADDRESS = 0x%08x, CONTROL.HWDESC is 0", chain);
    const uint64_t from = adi_address(control, ADI_SRC_ADDRESS, ADI_SRC_ADDRESS_HIGH);
    const uint64_t to = adi_address(control, ADI_DEST_ADDRESS, ADI_DEST_ADDRESS_HIGH);
    const uint64_t bytes = registers[ADI_X_LENGTH] + UINT64_C(1);
    const bool rows = dma->config.two_d && registers[ADI_Y_LENGTH] > 0;
    if (dma->source)
        check_bursts(dma, "SRC_ADDRESS", from, bytes);
    if (dma->destination)
        check_bursts(dma, "DEST_ADDRESS", to, bytes);
    if (dma->source && dma->destination && dma->source->bus == dma->destination->bus && !rows &&
        to > from && to - from < bytes)
        RULE(dma, OVERLAP,
             "SRC_ADDRESS = 0x%08" PRIx64 " and DEST_ADDRESS = 0x%08" PRIx64
             " overlap in a transfer of %" PRIu64 " bytes",
             from, to, bytes);
}

void adi_check_write(const struct adi_dmac *dma, uint32_t offset, uint32_t value)
{
    const struct adi_control *control = &dma->control;
    struct register_hit hit;
    if (!register_find(&adi_dmac_registers, offset & 0x7fc, &hit)) {
        RULE(dma, HOLE, "0x%x is written to offset 0x%03x, where there is no register", value,
             offset);
        return;
    }
    const enum adi_register index = (enum adi_register)hit.index;
    if (hit.entry->access == REGISTER_RO)
        RULE(dma, READ_ONLY, "%s = 0x%x: %s is read-only", hit.entry->name, value, hit.entry->name);
    else if (index == ADI_TRANSFER_SUBMIT && value & 1)
        check_submit(dma);
    else if (of_transfer(index) && control->waiting && control->registers[index] != value)
        RULE(dma, CHANGED, "%s = 0x%x while a transfer waits to be taken", hit.entry->name, value);
    if (index != ADI_CONTROL)
        return;
    if (value & ADI_HARDWARE && !dma->descriptors)
        RULE(dma, NO_UNIT, "CONTROL = 0x%x: HWDESC", value);
    if (control->registers[ADI_CONTROL] & ADI_ENABLE && !(value & ADI_ENABLE) &&
        (control->open || control->waiting))
        RULE(dma, STOPPED, "CONTROL = 0x%x with %u transfers under way", value,
             control->open + control->waiting);
}

/* Once for each write of IRQ_MASK: a driver that polls has it masked for ever. */
void adi_check_end(struct adi_dmac *dma)
{
    if (dma->mask_noted || !(dma->control.registers[ADI_IRQ_MASK] & ADI_IRQ_END))
        return;
    dma->mask_noted = true;
    if (log_wanted(&dma->unit))
        RULE(dma, MASKED, "transfer %u ends, IRQ_MASK = 0x%x masks the end", dma->control.active_id,
             dma->control.registers[ADI_IRQ_MASK]);
}

/* R. P. Brent: an address is kept, anew after 1, 2, 4 ... descriptors; a chain that loops comes back to one. */
void adi_check_descriptor(struct adi_dmac *dma, bool first)
{
    struct adi_chain *chain = &dma->chain;
    const struct adi_sg *sg = &dma->core.sg;
    if (first)
        *chain = (struct adi_chain){.items = 0};
    else if (log_wanted(&dma->unit) && sg->words[ADI_WORD_NEXT] & 7)
        RULE(dma, SG_ALIGNMENT, "a descriptor's next_sg_addr = 0x%08x is not aligned",
             sg->words[ADI_WORD_NEXT]);
    if (chain->loops)
        return;
    chain->loops = chain->items > 0 && sg->next == chain->kept;
    if ((chain->items & (chain->items - 1)) == 0)
        chain->kept = sg->next;
    chain->items++;
    if (chain->loops && !chain->interrupts && log_wanted(&dma->unit))
        RULE(dma, LOOP,
             "the chain loops: its descriptor 0x%08" PRIx64 " comes again, back to where it was",
             sg->next);
}

/* ---- what waits ------------------------------------------------------------------------------ */

static void say_transfers(struct log_text *text, const struct adi_dmac *dma)
{
    const struct adi_control *control = &dma->control;
    log_add(text, "%u transfers are under way%s, %u bytes of the one that runs", control->open,
            control->waiting ? ", one is submitted and waits to be taken" : "", control->progress);
    if (!(control->registers[ADI_CONTROL] & ADI_ENABLE))
        log_add(text, "; CONTROL.ENABLE is 0");
    if (control->registers[ADI_CONTROL] & ADI_PAUSE)
        log_add(text, "; CONTROL.PAUSE is 1: no new bursts");
    if (control->registers[ADI_FLAGS] & ADI_CYCLIC)
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
    if (index > 0 || busy || control->irq_source)
        return false;
    log_add(text, "no transfer is under way and no interrupt is raised");
    if (!(control->registers[ADI_CONTROL] & ADI_ENABLE))
        log_add(text, "; CONTROL.ENABLE is 0");
    return true;
}
