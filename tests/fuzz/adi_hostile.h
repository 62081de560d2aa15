/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_hostile: bytes as an ADI AXI DMAC, what stands at its ports, and what is done to it: accesses of the
 * register port at any offset (read and write at once, AW before W and behind it, a master that lets the
 * answer wait), register and memory accesses from outside, chains of descriptors of any shape, pauses and
 * disables at any time. Shared by the fuzzer and a test with inputs that once failed.
 *
 *   input -> hostile_decode -> plan: configuration, accesses (host), actions (from outside)
 *   plan -> hostile_run(way) -> outcome, the same in every way of stepping
 */
#ifndef DMASIM_TESTS_ADI_HOSTILE_H
#define DMASIM_TESTS_ADI_HOSTILE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adi_hostile_host.h"
#include "controllers/adi/adi_dmac_state.h"
#include "kernel/random.h"
#include "referee/adi_ports_case.h"
#include "system.h"

#define HOSTILE_MEMORY 0x8000u
#define HOSTILE_FENCE 0x4000u /* fenced: no transfer writes below */
#define HOSTILE_SLOTS 0x1000u /* of descriptors */
#define HOSTILE_SLOT_COUNT 16u
#define HOSTILE_ACTIONS 512
#define HOSTILE_CYCLES 3000 /* operations begin before it */
#define HOSTILE_REST 300    /* cycles after the last */

enum hostile_kind { HOSTILE_WRITE, HOSTILE_READ, HOSTILE_STORE };

/* From outside, behind the edge that ends `cycle`. */
struct hostile_action {
    sim_cycle cycle;
    uint32_t kind, address, value, size_bytes;
};

struct hostile_plan {
    struct adi_ports_case wiring;
    struct hostile_host_config host;
    struct hostile_action actions[HOSTILE_ACTIONS];
    uint32_t action_count;
    sim_cycle when, busy[2], end; /* busy: of the host's reads and writes */
    bool fenced;
    uint8_t memory[HOSTILE_MEMORY];
};

struct hostile_input {
    const uint8_t *at, *end;
};

static inline uint32_t hostile_take(struct hostile_input *input, unsigned bytes)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes && input->at < input->end; i++)
        value |= (uint32_t)*input->at++ << (8 * i);
    return value;
}

/* ---- configuration --------------------------------------------------------------------------- */

static inline uint32_t hostile_percent(struct random *random)
{
    return random_below(random, 3) ? 0 : random_below(random, 90);
}

static inline void hostile_devices(struct adi_ports_case *wiring, struct random *random)
{
    struct stream_source_config *source = &wiring->source;
    struct stream_sink_config *sink = &wiring->sink;
    struct axi_memory_config *memory = &wiring->memory;
    source->stalls.seed = sink->stalls.seed = memory->stalls.seed = 1 + random_below(random, 1000);
    source->period_cycles = 1 + (random_below(random, 2) ? 0 : random_below(random, 5));
    sink->period_cycles = 1 + (random_below(random, 2) ? 0 : random_below(random, 5));
    source->stalls.percent = hostile_percent(random);
    sink->stalls.percent = hostile_percent(random);
    source->gated = random_below(random, 2);
    sink->gated = random_below(random, 2);
    source->beats = random_below(random, 4) ? 0 : 1 + random_below(random, 60);
    source->packets.count = random_below(random, 2) ? 0 : 1 + random_below(random, 4);
    for (uint32_t i = 0; i < source->packets.count; i++)
        wiring->packets[i] = 1 + random_below(random, 30);
    source->user_period = random_below(random, 12);
    if (random_below(random, 3) == 0)
        wiring->sync = (struct sync_pulse_config){.from_cycle = random_below(random, 200),
                                                  .period_cycles = 30,
                                                  .width_cycles = 1 + random_below(random, 20)};
    memory->size_bytes = wiring->descriptors.size_bytes = HOSTILE_MEMORY;
    memory->read_latency_cycles = 1 + random_below(random, random_below(random, 2) ? 4 : 40);
    memory->write_latency_cycles = 1 + random_below(random, random_below(random, 2) ? 4 : 40);
    memory->read_max = 1 + random_below(random, 16);
    memory->write_max = 1 + random_below(random, 16);
    wiring->descriptors.read_latency_cycles = 1 + random_below(random, 40);
    for (unsigned i = 0; i < AXI_CHANNELS && random_below(random, 2); i++)
        memory->stalls.percent[i] = hostile_percent(random);
    wiring->source_bus.crossbar.always = random_below(random, 6) == 0;
    wiring->destination_bus.crossbar.always = random_below(random, 6) == 0;
}

static inline void hostile_configure(struct hostile_plan *plan, struct hostile_input *input)
{
    struct adi_dmac_config *dmac = &plan->wiring.dmac;
    const uint32_t sides = hostile_take(input, 1) % 12, widths = hostile_take(input, 1);
    const uint32_t sizes = hostile_take(input, 1), bits = hostile_take(input, 2);
    const bool lean = sides >= 9;
    struct random random = random_seeded(hostile_take(input, 2));
    adi_ports_case_init(&plan->wiring);
    dmac->source_type = lean ? ADI_MEMORY : (uint8_t)(sides % 3);
    dmac->destination_type = lean ? ADI_MEMORY : (uint8_t)(sides / 3);
    dmac->source_width_bits = 32u << (widths & 7) % 4;
    dmac->destination_width_bits =
        lean || widths & 8 ? dmac->source_width_bits : 32u << (widths >> 4 & 7) % 4;
    if (widths == 0x87 && dmac->source_type)
        dmac->source_width_bits = 16;
    plan->wiring.source_bus.width_bits = dmac->source_type ? 64 : dmac->source_width_bits;
    plan->wiring.destination_bus.width_bits =
        dmac->destination_type ? 64 : dmac->destination_width_bits;
    plan->wiring.lite.width_bits = bits & 0x8000 ? 64 : 32;
    dmac->max_bytes_per_burst = 32u << (sizes & 7) % 6;
    dmac->fifo_size = 2u << (sizes >> 3 & 3);
    dmac->length_width_bits = sizes & 0x80 ? 8 + (sizes >> 5 & 3) * 8 : 24;
    const bool equal = dmac->source_width_bits == dmac->destination_width_bits;
    dmac->source_slice = bits & 1 && equal && dmac->source_type == ADI_MEMORY;
    dmac->destination_slice = bits & 2 && equal && dmac->destination_type == ADI_MEMORY;
    dmac->descriptor_bus = !lean && bits & 4 ? 3 : UINT16_MAX;
    dmac->two_d = !lean && bits & 8;
    dmac->cyclic = bits & 0x10;
    dmac->errata = bits & 0x20 ? ADI_NONE : ADI_SILICON;
    dmac->sync_start = bits & 0x40 && bits & 0x80;
    dmac->tuser_sync = bits & 0x100;
    dmac->tlast_every_row = bits & 0x200;
    dmac->reset_cycles = bits & 0x400 ? 0 : 20;
    plan->fenced = bits & 0x800;
    /* Behind a fence no transfer may come to the end of the addresses, as it goes on at 0. */
    static const uint8_t widths_of[] = {32, 20, 48, 64};
    dmac->address_width_bits = plan->fenced ? 33 : widths_of[bits >> 12 & 3];
    hostile_devices(&plan->wiring, &random);
    adi_ports_case_wire(&plan->wiring);
    memset(&plan->host, 0, sizeof plan->host);
    plan->wiring.host =
        (struct component){.name = "host", .type = &hostile_host_type, .config = &plan->host};
    for (uint32_t i = 0; i < HOSTILE_MEMORY; i += 4) {
        uint32_t word = random_next(&random);
        memcpy(plan->memory + i, &word, 4);
    }
}

/* ---- operations ------------------------------------------------------------------------------ */

static inline void hostile_act(struct hostile_plan *plan, enum hostile_kind kind, uint32_t address,
                               uint32_t value, uint32_t size_bytes)
{
    if (plan->action_count < HOSTILE_ACTIONS)
        plan->actions[plan->action_count++] =
            (struct hostile_action){plan->when, kind, address, value, size_bytes};
}

/* One for the host; `manner` is how it holds its READY and separates AW from W. */
static inline void hostile_ask(struct hostile_plan *plan, bool write, uint32_t address,
                               uint32_t value, uint32_t manner)
{
    struct hostile_list *list = write ? &plan->host.writes : &plan->host.reads;
    if (list->count == HOSTILE_ACCESSES)
        return;
    struct hostile_access *access = &list->accesses[list->count++];
    *access = (struct hostile_access){.from = plan->when,
                                      .address = address,
                                      .value = value,
                                      .ready_after = manner & 15,
                                      .aw_after = manner & 0x40 ? 0 : manner >> 4 & 3,
                                      .w_after = manner & 0x40 ? manner >> 4 & 3 : 0};
    if (plan->busy[write] < plan->when)
        plan->busy[write] = plan->when;
    plan->busy[write] += 30;
}

static inline uint32_t hostile_address(struct hostile_input *input)
{
    const uint32_t kind = hostile_take(input, 1), value = hostile_take(input, 1);
    switch (kind & 15) {
    case 0:
        return hostile_take(input, 4);
    case 1:
        return UINT32_C(0xffffff00) + value;
    case 2:
        return HOSTILE_MEMORY - 128 + value;
    case 3:
        return 0x1000 * (kind >> 4) - value % 64;
    case 4:
        return value << (kind >> 4);
    default:
        return (value * 128) % HOSTILE_MEMORY;
    }
}

/* Where a descriptor is, or is said to be. */
static inline uint32_t hostile_slot(const struct hostile_plan *plan, struct hostile_input *input)
{
    const uint32_t pick = hostile_take(input, 1);
    if (plan->fenced || pick < 0xc0)
        return HOSTILE_SLOTS + 64 * (pick % HOSTILE_SLOT_COUNT);
    return pick & 1 ? hostile_address(input) : HOSTILE_SLOTS + 0x1000 - 8 * (pick % 16);
}

static inline uint32_t hostile_value(const struct hostile_plan *plan, struct hostile_input *input,
                                     uint32_t offset)
{
    uint32_t pick;
    switch (offset) {
    case ADI_AT_DEST_ADDRESS:
        return hostile_address(input) | (plan->fenced ? HOSTILE_FENCE : 0);
    case ADI_AT_SRC_ADDRESS:
        return hostile_address(input);
    case ADI_AT_SG_ADDRESS:
        return hostile_slot(plan, input);
    case ADI_AT_X_LENGTH:
    case ADI_AT_Y_LENGTH:
    case ADI_AT_DEST_STRIDE:
    case ADI_AT_SRC_STRIDE:
        pick = hostile_take(input, 1);
        if (pick == 0xff)
            return hostile_take(input, 4);
        return offset == ADI_AT_Y_LENGTH ? pick % 7 : pick << (pick & 3);
    case ADI_AT_TRANSFER_SUBMIT:
        return 1;
    default:
        return hostile_take(input, 1);
    }
}

/* A register written by the host or from outside, whole. */
static inline void hostile_put(struct hostile_plan *plan, struct hostile_input *input, bool host,
                               uint32_t offset)
{
    const uint32_t value = hostile_value(plan, input, offset & 0x7fc);
    if (host)
        hostile_ask(plan, true, offset, value, 0);
    else
        hostile_act(plan, HOSTILE_WRITE, offset, value, 4);
}

static inline void hostile_transfer(struct hostile_plan *plan, struct hostile_input *input,
                                    bool host)
{
    static const uint32_t offsets[] = {
        ADI_AT_CONTROL,    ADI_AT_FLAGS,          ADI_AT_DEST_ADDRESS, ADI_AT_SRC_ADDRESS,
        ADI_AT_X_LENGTH,   ADI_AT_Y_LENGTH,       ADI_AT_DEST_STRIDE,  ADI_AT_SRC_STRIDE,
        ADI_AT_SG_ADDRESS, ADI_AT_TRANSFER_SUBMIT};
    const uint32_t which = hostile_take(input, 1);
    for (unsigned i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        if (i == 0)
            hostile_act(plan, HOSTILE_WRITE, ADI_AT_CONTROL, which & 1 ? 5 : 1, 4);
        else if (i == 9 || (i < 8 && which >> i & 1) || (i == 8 && which & 1))
            hostile_put(plan, input, host, offsets[i]);
    }
}

static inline void hostile_store(struct hostile_plan *plan, uint32_t address, uint32_t value)
{
    hostile_act(plan, HOSTILE_STORE, address, value, 4);
}

/* Some words of a descriptor, by a mask. */
static inline void hostile_descriptor(struct hostile_plan *plan, struct hostile_input *input,
                                      uint32_t mask)
{
    const uint32_t at = HOSTILE_SLOTS + 64 * (hostile_take(input, 1) % HOSTILE_SLOT_COUNT);
    static const uint32_t offsets[] = {ADI_AT_DEST_ADDRESS, ADI_AT_SRC_ADDRESS, ADI_AT_SG_ADDRESS,
                                       ADI_AT_X_LENGTH,     ADI_AT_Y_LENGTH,    ADI_AT_SRC_STRIDE,
                                       ADI_AT_DEST_STRIDE};
    static const uint32_t words[] = {2, 4, 6, 9, 8, 10, 11};
    hostile_store(plan, at, hostile_take(input, 1) & 3);
    hostile_store(plan, at + 4, plan->action_count);
    for (unsigned i = 0; i < 7; i++)
        if (mask >> (i % 5) & 1)
            hostile_store(plan, at + 4 * words[i], hostile_value(plan, input, offsets[i]));
}

static inline void hostile_any_write(struct hostile_plan *plan, struct hostile_input *input,
                                     uint32_t op)
{
    uint32_t offset = hostile_take(input, op & 8 ? 4 : 2) & (op & 8 ? UINT32_MAX : 0xfff);
    const uint32_t value = hostile_take(input, op & 0x10 ? 4 : 1);
    const uint32_t word = offset & 0x7fc;
    if (plan->fenced && (word == ADI_AT_DEST_ADDRESS || word == ADI_AT_SG_ADDRESS))
        return;
    if (op & 0x20)
        hostile_ask(plan, true, offset, value, hostile_take(input, 1));
    else
        hostile_act(plan, HOSTILE_WRITE, offset, value, 1u << (op >> 6));
}

static inline void hostile_operation(struct hostile_plan *plan, struct hostile_input *input)
{
    const uint32_t op = hostile_take(input, 1);
    uint32_t at;
    switch (op & 7) {
    case 0:
        at = adi_dmac_registers.entries[hostile_take(input, 1) % ADI_REGISTER_COUNT].offset;
        hostile_put(plan, input, op & 8, at);
        break;
    case 1:
        hostile_any_write(plan, input, op);
        break;
    case 2:
        at = op & 8 ? hostile_take(input, 2) : 0x400 + 4 * (hostile_take(input, 1) % 32);
        if (op & 0x10)
            hostile_ask(plan, false, at, 0, op & 0x20 ? hostile_take(input, 1) : 0);
        else
            hostile_act(plan, HOSTILE_READ, at, 0, 1u << (op >> 6));
        break;
    case 3: /* enable, pause, HWDESC in any combination; masks and acknowledges */
        at = op & 0x40 ? ADI_AT_CONTROL : op & 0x80 ? ADI_AT_IRQ_MASK : ADI_AT_IRQ_PENDING;
        if (op & 0x20)
            hostile_ask(plan, true, at, op >> 3 & 7, 0);
        else
            hostile_act(plan, HOSTILE_WRITE, at, op >> 3 & 7, 4);
        break;
    case 4:
        hostile_transfer(plan, input, op & 8);
        break;
    case 5:
        hostile_descriptor(plan, input, op >> 3);
        break;
    case 6:
        at = hostile_address(input) % (HOSTILE_MEMORY - 4);
        if (plan->fenced && at < HOSTILE_SLOTS + 64 * HOSTILE_SLOT_COUNT)
            break;
        hostile_store(plan, at, hostile_take(input, 4));
        break;
    default:
        plan->when += 1 + (op >> 3) * (hostile_take(input, 1) & 1 ? 1u : 8u);
        break;
    }
}

/* The plan of an input; false if it is no possible configuration. The caller frees it. */
static inline struct hostile_plan *hostile_decode(const uint8_t *data, size_t size)
{
    struct hostile_input input = {data, data + size};
    struct hostile_plan *plan = calloc(1, sizeof *plan);
    if (!plan)
        abort();
    hostile_configure(plan, &input);
    plan->when = 1;
    if (plan->fenced) {
        const uint32_t destination = HOSTILE_FENCE, none = 0;
        for (uint32_t i = 0; i < HOSTILE_SLOT_COUNT; i++) {
            const uint32_t next = HOSTILE_SLOTS + 64 * ((i + 1) % HOSTILE_SLOT_COUNT);
            memcpy(plan->memory + HOSTILE_SLOTS + 64 * i + 8, &destination, 4);
            memcpy(plan->memory + HOSTILE_SLOTS + 64 * i + 12, &none, 4);
            memcpy(plan->memory + HOSTILE_SLOTS + 64 * i + 24, &next, 4);
        }
        hostile_act(plan, HOSTILE_WRITE, ADI_AT_DEST_ADDRESS, HOSTILE_FENCE, 4);
        hostile_act(plan, HOSTILE_WRITE, ADI_AT_SG_ADDRESS, HOSTILE_SLOTS, 4);
    }
    while (input.at < input.end && plan->when < HOSTILE_CYCLES)
        hostile_operation(plan, &input);
    plan->end = plan->when;
    for (unsigned i = 0; i < 2; i++)
        if (plan->busy[i] > plan->end)
            plan->end = plan->busy[i];
    plan->end += HOSTILE_REST;
    return plan;
}

#endif
