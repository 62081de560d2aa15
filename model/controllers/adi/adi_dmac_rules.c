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
    OVERLAP_BEHIND,
    ROWS_MEET,
    NO_ADDRESS,
    OWN_REGISTERS,
    RESERVED,
    NOT_SUBMITTED,
    NARROW,
    STOPPED,
    MASKED,
    UNCLEARED,
    CLEARS_NOTHING,
    LOOP,
    SG_ALIGNMENT,
    SG_UNUSED,
    SG_ERROR,
    OVER_CHAIN,
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
    [OVERLAP_BEHIND] = {"overlap-behind", LOG_NOTE,
                        "copies onto its own source, at or below where it reads",
                        "the copy is good, and the source is overwritten", PAGE},
    [ROWS_MEET] = {"rows-meet", LOG_WARNING, "submits rows that are longer than their DEST_STRIDE",
                   "each row is written over the end of the one before, or over all of it",
                   RTL ", DMA_2D_TRANSFER"},
    [NO_ADDRESS] = {"no-address", LOG_NOTE,
                    "gives an address to a side that is a stream or a FIFO interface",
                    "there is no such register: it is ignored",
                    RTL ", HAS_DEST_ADDR, HAS_SRC_ADDR"},
    [OWN_REGISTERS] = {"own-registers", LOG_WARNING,
                       "moves data into the registers of the controller itself",
                       "they are written as by a CPU", PAGE},
    [RESERVED] = {"reserved", LOG_WARNING, "sets reserved bits", "they are dropped", RTL},
    [NOT_SUBMITTED] = {"not-submitted", LOG_WARNING, "writes TRANSFER_SUBMIT without its bit 0",
                       "nothing is submitted", RTL ", up_dma_req_valid"},
    [NARROW] = {"narrow", LOG_WARNING, "writes a part of a register",
                "strobes are ignored: the whole register is written, with what the other lanes "
                "carry",
                "RTL of ADI hdl, library common: up_axi.v"},
    [STOPPED] = {"stopped", LOG_NOTE, "disables the controller with transfers under way",
                 "they stop and are forgotten, without an interrupt", RTL},
    [MASKED] = {"masked", LOG_NOTE, "lets a transfer end while IRQ_MASK masks that",
                "it is in IRQ_SOURCE and TRANSFER_DONE, and does not interrupt",
                RTL ", up_irq_mask"},
    [UNCLEARED] = {"uncleared", LOG_NOTE,
                   "lets a transfer end while IRQ_SOURCE still has the end of the one before",
                   "there is one interrupt for the two; TRANSFER_DONE has both", RTL},
    [CLEARS_NOTHING] = {"clears-nothing", LOG_NOTE,
                        "writes IRQ_PENDING without a bit of those that are pending", "they stay",
                        RTL ", up_irq_source_clear"},
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
    [SG_ERROR] = {"descriptor-error", LOG_WARNING,
                  "links a descriptor where nothing answers as memory does",
                  "the response is not seen: what came with it is taken for the descriptor",
                  RTL ", dmac_sg.v; " PAGE},
    [OVER_CHAIN] = {"over-chain", LOG_WARNING, "has a transfer write over the next descriptor",
                    "the chain goes on with what is there when it is read", PAGE},
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

/* What is told once. */
enum { NOTE_MASKED = 1, NOTE_UNCLEARED = 2, NOTE_BEHIND = 4, NOTE_ADDRESS = 8 };

/* A note is told once, since IRQ_MASK was written: what goes on for ever must not be told for ever. */
static bool first_note(struct adi_dmac *dma, uint8_t which)
{
    const bool told = dma->noted & which;
    dma->noted |= which;
    return !told;
}

void adi_note_write(struct adi_dmac *dma, enum adi_register index, uint32_t value)
{
    if (index == ADI_IRQ_MASK)
        dma->noted = 0;
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
        if (index == ADI_FLAGS) {
            if (asked & ~has & ADI_CYCLIC)
                RULE(dma, NO_CYCLIC, "FLAGS = 0x%x", asked);
        } else if (index == ADI_Y_LENGTH && !dma->config.two_d)
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

/* Where something was described: a register, or that of a descriptor. */
struct place {
    const char *source, *destination;
};

static void check_request(struct adi_dmac *dma, const struct place *at, uint64_t from, uint64_t to,
                          uint64_t bytes, uint64_t rows, uint64_t stride)
{
    const struct adi_dmac_config *config = &dma->config;
    if (dma->source)
        check_bursts(dma, at->source, from, bytes);
    if (dma->destination)
        check_bursts(dma, at->destination, to, bytes);
    if (dma->destination && rows > 1 && stride < bytes)
        RULE(dma, ROWS_MEET, "%s: %" PRIu64 " rows of %" PRIu64 " bytes are %" PRIu64 " apart",
             at->destination, rows, bytes, stride);
    if (dma->destination && config->bus == config->destination_bus && rows == 1 &&
        to < config->base + ADI_WINDOW_BYTES && config->base < to + bytes)
        RULE(dma, OWN_REGISTERS,
             "%s = 0x%08" PRIx64 ": the transfer of %" PRIu64
             " bytes meets the registers at 0x%08" PRIx64,
             at->destination, to, bytes, config->base);
    if (!dma->source || !dma->destination || dma->source->bus != dma->destination->bus ||
        rows > 1 || to >= from + bytes || from >= to + bytes)
        return;
    if (to <= from && !first_note(dma, NOTE_BEHIND))
        return;
    log_rule(&dma->unit, dma->unit.name, &adi_dmac_rules[to > from ? OVERLAP : OVERLAP_BEHIND],
             "%s = 0x%08" PRIx64 " and %s = 0x%08" PRIx64 " overlap in a transfer of %" PRIu64
             " bytes",
             at->source, from, at->destination, to, bytes);
}

/* A transfer is submitted that is not taken. */
static void remember(struct adi_dmac *dma, enum adi_left why)
{
    dma->left = (struct adi_left_off){dma->unit.clock->kernel->now, (uint8_t)why};
}

/* Addresses for sides that have none: all ones are a driver's look for them. */
static void check_sides(struct adi_dmac *dma)
{
    for (unsigned i = 0; i < ADI_DROPPING; i++) {
        const enum adi_register index = dropping[i].index;
        const uint32_t asked = dma->asked[i];
        const bool absent = index == ADI_DEST_ADDRESS  ? !dma->destination
                            : index == ADI_SRC_ADDRESS ? !dma->source
                                                       : false;
        if (absent && asked && asked != UINT32_MAX && first_note(dma, NOTE_ADDRESS))
            RULE(dma, NO_ADDRESS, "%s = 0x%08x: that side is a %s", dropping[i].name, asked,
                 (index == ADI_DEST_ADDRESS ? dma->config.destination_type
                                            : dma->config.source_type) == ADI_FIFO
                     ? "FIFO interface"
                     : "stream");
        if ((index == ADI_DEST_STRIDE || index == ADI_SRC_STRIDE) && !dma->config.two_d && asked &&
            asked != UINT32_MAX)
            RULE(dma, NO_2D, "%s = %u", dropping[i].name, asked);
        if (index == ADI_SG_ADDRESS_REGISTER && !dma->descriptors && asked && asked != UINT32_MAX)
            RULE(dma, NO_UNIT, "SG_ADDRESS = 0x%08x", asked);
    }
}

static void check_submit(struct adi_dmac *dma)
{
    const struct adi_control *control = &dma->control;
    const uint32_t *registers = control->registers;
    if (!(registers[ADI_CONTROL] & ADI_ENABLE)) {
        remember(dma, ADI_LEFT_DISABLED);
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
    check_sides(dma);
    const uint32_t chain = registers[ADI_SG_ADDRESS_REGISTER];
    if (chain && (chain | 7) != UINT32_MAX) /* what a driver's look for the unit leaves */
        RULE(dma, SG_UNUSED, "SG_ADDRESS = 0x%08x, CONTROL.HWDESC is 0", chain);
    static const struct place place = {"SRC_ADDRESS", "DEST_ADDRESS"};
    check_request(dma, &place, adi_address(control, ADI_SRC_ADDRESS, ADI_SRC_ADDRESS_HIGH),
                  adi_address(control, ADI_DEST_ADDRESS, ADI_DEST_ADDRESS_HIGH),
                  registers[ADI_X_LENGTH] + UINT64_C(1),
                  dma->config.two_d ? registers[ADI_Y_LENGTH] + UINT64_C(1) : 1,
                  registers[ADI_DEST_STRIDE]);
}

/* Bits that no field has. */
static uint32_t reserved_bits(const struct register_entry *entry)
{
    uint32_t known = 0;
    if (!entry->fields)
        return 0;
    for (const struct register_field *field = entry->fields; field->name; field++)
        known |= (uint32_t)(((UINT64_C(1) << field->width) - 1) << field->lsb);
    return ~known;
}

void adi_check_write(struct adi_dmac *dma, uint32_t offset, uint32_t value)
{
    const struct adi_control *control = &dma->control;
    struct register_hit hit;
    if (!register_find(&adi_dmac_registers, offset & 0x7fc, &hit)) {
        RULE(dma, HOLE, "0x%x is written to offset 0x%03x, where there is no register", value,
             offset);
        return;
    }
    const enum adi_register index = (enum adi_register)hit.index;
    const uint32_t reserved = value & reserved_bits(hit.entry);
    if (reserved && hit.entry->access != REGISTER_RO)
        RULE(dma, RESERVED, "%s = 0x%x sets reserved bits 0x%x", hit.entry->name, value, reserved);
    if (index == ADI_TRANSFER_SUBMIT && !(value & 1))
        RULE(dma, NOT_SUBMITTED, "TRANSFER_SUBMIT = 0x%x", value);
    const uint32_t pending = control->irq_source & ~control->registers[ADI_IRQ_MASK];
    if (index == ADI_IRQ_PENDING && pending && !(value & pending))
        RULE(dma, CLEARS_NOTHING, "IRQ_PENDING = 0x%x clears none of 0x%x", value, pending);
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
        (control->open || control->waiting)) {
        remember(dma, ADI_LEFT_STOPPED);
        RULE(dma, STOPPED, "CONTROL = 0x%x with %u transfers under way", value,
             control->open + control->waiting);
    }
}

void adi_check_strobes(const struct adi_dmac *dma, uint32_t offset, unsigned lanes)
{
    struct register_hit hit;
    if ((lanes & 0xf) == 0xf || !log_wanted(&dma->unit))
        return;
    const bool known = register_find(&adi_dmac_registers, offset & 0x7fc, &hit);
    RULE(dma, NARROW, "%s is written with the byte lanes 0x%x of 0xf",
         known ? hit.entry->name : "a hole", lanes & 0xf);
}

/* IRQ_SOURCE is that from before the end. */
void adi_check_end(struct adi_dmac *dma)
{
    const struct adi_control *control = &dma->control;
    const bool masked = control->registers[ADI_IRQ_MASK] & ADI_IRQ_END;
    if (masked && first_note(dma, NOTE_MASKED) && log_wanted(&dma->unit))
        RULE(dma, MASKED, "transfer %u ends, IRQ_MASK = 0x%x masks the end", control->active_id,
             control->registers[ADI_IRQ_MASK]);
    if (!masked && control->irq_source & ADI_IRQ_END && first_note(dma, NOTE_UNCLEARED) &&
        log_wanted(&dma->unit))
        RULE(dma, UNCLEARED,
             "transfer %u ends while IRQ_SOURCE = 0x%x has an end from before (no IRQ_PENDING)",
             control->active_id, control->irq_source);
}

/* R. P. Brent: an address is kept, anew after 1, 2, 4 ... descriptors; a chain that loops comes back to one. */
void adi_check_descriptor(struct adi_dmac *dma, bool first)
{
    struct adi_chain *chain = &dma->chain;
    const struct adi_sg *sg = &dma->core.sg;
    if (first)
        *chain = (struct adi_chain){.items = 0};
    else if (log_wanted(&dma->unit) && sg->words[ADI_WORD_NEXT] & 7)
        RULE(dma, SG_ALIGNMENT,
             "a descriptor's next_sg_addr = 0x%08x is not aligned (descriptor 0x%08" PRIx64 ")",
             sg->words[ADI_WORD_NEXT], chain->at);
    chain->before = first ? 0 : chain->at;
    chain->at = sg->next;
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

/* A beat of a descriptor was answered with an error. */
void adi_check_descriptor_beat(const struct adi_dmac *dma, unsigned response)
{
    const struct adi_chain *chain = &dma->chain;
    if (response == AXI_OKAY || dma->core.sg.beat != 0 || !log_wanted(&dma->unit))
        return;
    if (chain->before)
        RULE(dma, SG_ERROR,
             "the descriptor 0x%08" PRIx64 " is answered with %s: next_sg_addr of the descriptor "
             "0x%08" PRIx64 ", whose flags have no LAST (bit 0)",
             chain->at, response == AXI_DECERR ? "DECERR" : "SLVERR", chain->before);
    else
        RULE(dma, SG_ERROR, "the descriptor 0x%08" PRIx64 " is answered with %s: SG_ADDRESS",
             chain->at, response == AXI_DECERR ? "DECERR" : "SLVERR");
}

/* A descriptor has been read. */
void adi_check_fetched(struct adi_dmac *dma, const struct adi_request *taken)
{
    const uint32_t *words = dma->core.sg.words;
    struct place place = {.source = NULL};
    char texts[2][64];
    if (!log_wanted(&dma->unit))
        return;
    snprintf(texts[0], sizeof texts[0], "src_addr of descriptor 0x%08" PRIx64, dma->chain.at);
    snprintf(texts[1], sizeof texts[1], "dest_addr of descriptor 0x%08" PRIx64, dma->chain.at);
    place.source = texts[0];
    place.destination = texts[1];
    if (dma->source && words[ADI_WORD_SOURCE] != (uint32_t)taken->source)
        RULE(dma, CUT, "%s = 0x%08x is not aligned to its beats: it is 0x%08x", texts[0],
             words[ADI_WORD_SOURCE], (uint32_t)taken->source);
    if (dma->destination && words[ADI_WORD_DESTINATION] != (uint32_t)taken->destination)
        RULE(dma, CUT, "%s = 0x%08x is not aligned to its beats: it is 0x%08x", texts[1],
             words[ADI_WORD_DESTINATION], (uint32_t)taken->destination);
    if (words[ADI_WORD_X_LENGTH] & ~dma->length_mask)
        RULE(dma, CUT, "x_length of descriptor 0x%08" PRIx64 " = 0x%08x is too large: it is 0x%08x",
             dma->chain.at, words[ADI_WORD_X_LENGTH], taken->x);
    check_request(dma, &place, taken->source, taken->destination, taken->x + UINT64_C(1),
                  taken->y + UINT64_C(1), taken->destination_stride);
    const uint64_t next = words[ADI_WORD_NEXT] & ~UINT32_C(7), to = taken->destination;
    if (dma->destination && dma->descriptors->bus == dma->destination->bus &&
        !(words[0] & ADI_FLAG_LAST) && to < next + 8 * ADI_DESCRIPTOR_BEATS &&
        next < to + taken->x + 1)
        RULE(dma, OVER_CHAIN,
             "%s = 0x%08" PRIx64
             ": the transfer of %u bytes meets the next descriptor 0x%08" PRIx64,
             texts[1], to, taken->x + 1, next);
}
