/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_repeat: what repeats (kernel/repeat.h) in the middle of a transfer between two memories.
 *
 * What the table tells are the registers of adi_dmac_core.c. Ids move on, hence their slots in the rings of ids and
 * in the burst memory. Bytes on their way are compared with the source, which they are copies of; so
 * those of later can be copied from there.
 *
 *   source       ....|<-- first .. port_wm: in the burst memory -->|<- growth ->|....
 *   destination  ....| stored up to direct->next |<------ growth ------>|....
 */
#include <string.h>

#include "controllers/adi/adi_dmac_state.h"
#include "kernel/base.h"

/* ---- tables ---------------------------------------------------------------------------------- */

static const struct state_field generator_rows[] = {
    {STATE_COUNT(struct adi_address_generator, address)},
    {STATE_COUNT(struct adi_address_generator, id), .figure = true},
    {STATE_SAME(struct adi_address_generator, req_ready)},
    {STATE_SAME(struct adi_address_generator, bl_ready)},
    {STATE_SAME(struct adi_address_generator, valid)},
    {STATE_SAME(struct adi_address_generator, seen)},
    {STATE_SAME(struct adi_address_generator, last)},
    {STATE_SAME(struct adi_address_generator, length)},
    {STATE_SAME(struct adi_address_generator, last_length)},
    {.name = NULL},
};
static const struct state_table generator_state = {
    STATE_TABLE(adi_address_generator, generator_rows)};

static const struct state_field request_rows[] = {
    {STATE_SAME(struct adi_request, source)},
    {STATE_SAME(struct adi_request, destination)},
    {STATE_SAME(struct adi_request, x)},
    {STATE_COUNT(struct adi_request, number), .figure = true},
    {STATE_SAME(struct adi_request, y)},
    {STATE_SAME(struct adi_request, source_stride)},
    {STATE_SAME(struct adi_request, destination_stride)},
    {STATE_SAME(struct adi_request, valid)},
    {STATE_SAME(struct adi_request, tlast)},
    {STATE_SAME(struct adi_request, last_row)},
    {.name = NULL},
};
static const struct state_table request_state = {STATE_TABLE(adi_request, request_rows)};

static const struct state_field source_mover_rows[] = {
    {STATE_COUNT(struct adi_source_mover, id), .figure = true},
    {STATE_SAME(struct adi_source_mover, beat)},
    {STATE_SAME(struct adi_source_mover, last_beat)},
    {STATE_COUNT(struct adi_source_mover, number), .figure = true},
    {STATE_SAME(struct adi_source_mover, active)},
    {STATE_SAME(struct adi_source_mover, granted)},
    {STATE_SAME(struct adi_source_mover, aborted)},
    {STATE_SAME(struct adi_source_mover, segment_last)},
    {STATE_SAME(struct adi_source_mover, needs_sync)},
    {STATE_SAME(struct adi_source_mover, sync_told)},
    {STATE_SAME(struct adi_source_mover, length_valid)},
    {STATE_SAME(struct adi_source_mover, length)},
    {.name = NULL},
};
static const struct state_table source_mover_state = {
    STATE_TABLE(adi_source_mover, source_mover_rows)};

static const struct state_field sink_mover_rows[] = {
    {STATE_COUNT(struct adi_sink_mover, id), .figure = true},
    {STATE_SAME(struct adi_sink_mover, active)},
    {STATE_SAME(struct adi_sink_mover, tlast)},
    {STATE_SAME(struct adi_sink_mover, last_row)},
    {STATE_SAME(struct adi_sink_mover, needs_sync)},
    {STATE_SAME(struct adi_sink_mover, user)},
    {STATE_SAME(struct adi_sink_mover, running)},
    {STATE_SAME(struct adi_sink_mover, held)},
    {.name = NULL},
};
static const struct state_table sink_mover_state = {STATE_TABLE(adi_sink_mover, sink_mover_rows)};

static struct state_live while_a_train_goes(const void *core)
{
    const struct adi_core *self = core;
    return (struct state_live){0, self->train};
}

#define LEAN "the lean form has none"

static const struct state_field core_rows[] = {
    {STATE_COUNT(struct adi_core, generated), .figure = true},
    {STATE_COUNT(struct adi_core, throttled), .figure = true},
    {STATE_COUNT(struct adi_core, wm), .figure = true},
    {STATE_COUNT(struct adi_core, dn), .figure = true},
    {STATE_COUNT(struct adi_core, dm), .figure = true},
    {STATE_COUNT(struct adi_core, resp), .figure = true},
    {STATE_PART(struct adi_core, source, generator_state)},
    {STATE_PART(struct adi_core, destination, generator_state)},
    {STATE_FREE(struct adi_core, rows), .why = LEAN},
    {STATE_COUNT(struct adi_core, row_in), .figure = true},
    {STATE_COUNT(struct adi_core, row_out), .figure = true},
    {STATE_FREE(struct adi_core, row_last), .why = LEAN},
    {STATE_FREE(struct adi_core, row_table), .why = LEAN},
    {STATE_FREE(struct adi_core, row_response), .why = LEAN},
    {STATE_FREE(struct adi_core, row_response_end), .why = LEAN},
    {STATE_FREE(struct adi_core, row_response_partial), .why = LEAN},
    {STATE_FREE(struct adi_core, row_response_bytes), .why = LEAN},
    {STATE_FREE(struct adi_core, row_held), .why = LEAN},
    {STATE_FREE(struct adi_core, generator), .why = LEAN},
    {STATE_SAME(struct adi_core, generating)},
    {STATE_SAME(struct adi_core, last_bytes)},
    {STATE_COUNT(struct adi_core, bursts_left)},
    {STATE_FREE(struct adi_core, first), .dead = true,
     .why = "it only says when to look for what repeats"},
    {STATE_PART(struct adi_core, request, request_state)},
    {STATE_FREE(struct adi_core, rewind), .why = LEAN},
    {STATE_FREE(struct adi_core, rewound), .why = LEAN},
    {STATE_FREE(struct adi_core, skipping), .why = LEAN},
    {STATE_PART(struct adi_core, split, request_state)},
    {STATE_PART(struct adi_core, to_destination, request_state)},
    {STATE_PART(struct adi_core, at_destination, request_state)},
    {STATE_SAME(struct adi_core, length_valid)},
    {STATE_SAME(struct adi_core, length)},
    {STATE_COUNT(struct adi_core, port_wm), .figure = true},
    {STATE_SAME(struct adi_core, port_beat)},
    {STATE_SAME(struct adi_core, slice_last)},
    {STATE_FREE(struct adi_core, packed_last), .why = LEAN},
    {STATE_SAME(struct adi_core, sending)},
    {STATE_FREE(struct adi_core, from), .why = "pass() moves it on"},
    {STATE_SAME(struct adi_core, train)},
    {STATE_FREE(struct adi_core, train_slot), .why = "which of the two places does not matter"},
    {STATE_STAMP(struct adi_core, train_end), .live = while_a_train_goes,
     .why = "of a train that is over"},
    {STATE_SAME(struct adi_core, beat)},
    {STATE_SAME(struct adi_core, beats)},
    {STATE_SAME(struct adi_core, tail)},
    {STATE_SAME(struct adi_core, out_valid)},
    {STATE_SAME(struct adi_core, forward_valid)},
    {STATE_SAME(struct adi_core, skid_ready)},
    {STATE_PART(struct adi_core, out, axi_write_state)},
    {STATE_PART(struct adi_core, skid, axi_write_state)},
    {STATE_FREE(struct adi_core, unpack), .why = LEAN},
    {STATE_SAME(struct adi_core, response_valid)},
    {STATE_SAME(struct adi_core, response_end)},
    {STATE_SAME(struct adi_core, response_bytes)},
    {STATE_SAME(struct adi_core, manager)},
    {STATE_SAME(struct adi_core, manager_end)},
    {STATE_SAME(struct adi_core, manager_partial)},
    {STATE_SAME(struct adi_core, response_partial)},
    {STATE_SAME(struct adi_core, response_skips)},
    {STATE_SAME(struct adi_core, manager_skips)},
    {STATE_SAME(struct adi_core, manager_bytes)},
    {STATE_SAME(struct adi_core, sides)},
    {STATE_FREE(struct adi_core, sg), .why = LEAN},
    {STATE_PART(struct adi_core, source_mover, source_mover_state)},
    {STATE_PART(struct adi_core, sink_mover, sink_mover_state)},
    {STATE_FREE(struct adi_core, overflow_next), .why = LEAN},
    {STATE_FREE(struct adi_core, underflow_next), .why = LEAN},
    {STATE_FREE(struct adi_core, word_next), .why = LEAN},
    {.name = NULL},
};
static const struct state_table core_state = {STATE_TABLE(adi_core, core_rows)};

static const struct state_field control_rows[] = {
    {STATE_SAME(struct adi_control, state)},
    {STATE_SAME(struct adi_control, was_resetting)},
    {STATE_SAME(struct adi_control, dirty)},
    {STATE_SAME(struct adi_control, running)},
    {STATE_SAME(struct adi_control, write_step)},
    {STATE_SAME(struct adi_control, read_step)},
    {STATE_SAME(struct adi_control, write_offset)},
    {STATE_SAME(struct adi_control, write_value)},
    {STATE_SAME(struct adi_control, read_offset)},
    {STATE_SAME(struct adi_control, read_value)},
    {STATE_SAME(struct adi_control, write_refused)},
    {STATE_SAME(struct adi_control, refused_id)},
    {STATE_SAME(struct adi_control, read_left)},
    {STATE_SAME(struct adi_control, waiting)},
    {STATE_SAME(struct adi_control, irq_source)},
    {STATE_SAME(struct adi_control, irq)},
    {STATE_SAME(struct adi_control, transfer_id)},
    {STATE_SAME(struct adi_control, active_id)},
    {STATE_SAME(struct adi_control, done)},
    {STATE_SAME(struct adi_control, open)},
    {STATE_COUNT(struct adi_control, progress)},
    {STATE_SAME(struct adi_control, progress_ended)},
    {STATE_SAME(struct adi_control, reports)},
    {STATE_SAME(struct adi_control, report_shown)},
    {STATE_SAME(struct adi_control, report_first)},
    {STATE_SAME(struct adi_control, report_count)},
    {STATE_SAME(struct adi_control, report_valid)},
    {STATE_SAME(struct adi_control, report_told)},
    {STATE_SAME(struct adi_control, report_held)},
    {STATE_SAME(struct adi_control, report_waits)},
    {STATE_SAME(struct adi_control, report_pop)},
    {STATE_SAME(struct adi_control, report_id)},
    {STATE_SAME(struct adi_control, registers)},
    {.name = NULL},
};
static const struct state_table control_state = {STATE_TABLE(adi_control, control_rows)};

static const struct state_field counts_rows[] = {
    {STATE_COUNT(struct adi_counts, completions), .figure = true},
    {STATE_COUNT(struct adi_counts, responses), .figure = true},
    {STATE_COUNT(struct adi_counts, sent), .figure = true},
    {STATE_COUNT(struct adi_counts, read), .figure = true},
    {STATE_COUNT(struct adi_counts, received), .figure = true},
    {.name = NULL},
};
static const struct state_table counts_state = {STATE_TABLE(adi_counts, counts_rows)};

static const struct state_field figures_rows[] = {
    {STATE_COUNT(struct adi_figures, refused), .figure = true},
    {STATE_COUNT(struct adi_figures, interrupts), .figure = true},
    {STATE_COUNT(struct adi_figures, strikes), .figure = true},
    {STATE_SAME(struct adi_figures, errata)}, /* an erratum that strikes is told outside */
    {.name = NULL},
};
static const struct state_table figures_state = {STATE_TABLE(adi_figures, figures_rows)};

#define ALIKE "limit() asks that they are alike, pass() makes them so"

static const struct state_field left_rows[] = {
    {STATE_SAME(struct adi_left_off, ps), .past = true},
    {STATE_SAME(struct adi_left_off, why)},
    {.name = NULL},
};
static const struct state_table left_state = {STATE_TABLE(adi_left_off, left_rows)};

static const struct state_field dmac_rows[] = {
    {STATE_FREE(struct adi_dmac, unit), .why = STATE_KERNEL},
    {STATE_FREE(struct adi_dmac, kernel), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, registers), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, source), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, destination), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, descriptors), .why = STATE_BUILT},
    {STATE_POINTERS(struct adi_dmac, input, axi_stream_state)},
    {STATE_POINTERS(struct adi_dmac, output, axi_stream_state)},
    {STATE_FREE(struct adi_dmac, streams), .why = STATE_BUILT},
    {STATE_PART(struct adi_dmac, sync, wire_state)},
    {STATE_FREE(struct adi_dmac, config), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, width_bytes), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, width_log2), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, source_bytes), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, source_log2), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, destination_bytes), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, destination_log2), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, packs), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, unpacks), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, source_burst_beats), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, destination_burst_beats), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, burst_beats), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, burst_log2), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, burst_mask), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, length_ones), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, id_mask), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, place_mask), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, length_mask), .why = STATE_BUILT},
    {STATE_FREE(struct adi_dmac, address_mask), .why = STATE_BUILT},
    {STATE_PART(struct adi_dmac, core, core_state)},
    {STATE_PART(struct adi_dmac, control, control_state)},
    {STATE_FREE(struct adi_dmac, end_source), .why = ALIKE},
    {STATE_FREE(struct adi_dmac, end_destination), .why = ALIKE},
    {STATE_FREE(struct adi_dmac, partial), .why = LEAN},
    {STATE_FREE(struct adi_dmac, skips), .why = LEAN},
    {STATE_FREE(struct adi_dmac, skip_queue), .why = LEAN},
    {STATE_FREE(struct adi_dmac, shown), .why = LEAN},
    {STATE_FREE(struct adi_dmac, bytes), .why = ALIKE},
    {STATE_FREE(struct adi_dmac, memory), .why = "limit() and pass() see to the bytes"},
    {STATE_FREE(struct adi_dmac, read_data), .why = "filled before it is shown"},
    {STATE_FREE(struct adi_dmac, lean), .why = STATE_BUILT},
    {STATE_SAME(struct adi_dmac, calm)},
    {STATE_PART(struct adi_dmac, interrupt, wire_state)},
    {STATE_PART(struct adi_dmac, pending, wire_state)},
    {STATE_PART(struct adi_dmac, completed, wire_count_state)},
    {STATE_FREE(struct adi_dmac, before), .why = "of events, whose observers hear of every cycle"},
    {STATE_FREE(struct adi_dmac, probe), .why = STATE_PROBE},
    {STATE_FREE(struct adi_dmac, interrupt_probe), .why = STATE_PROBE},
    {STATE_FREE(struct adi_dmac, event_probe), .why = STATE_PROBE},
    {STATE_FREE(struct adi_dmac, erratum_probe), .why = STATE_PROBE},
    {STATE_FREE(struct adi_dmac, beat_probe), .why = STATE_PROBE},
    {STATE_FREE(struct adi_dmac, transfer_probe), .why = STATE_PROBE},
    {STATE_FREE(struct adi_dmac, register_probe), .why = STATE_PROBE},
    {STATE_FREE(struct adi_dmac, open_reads), .why = "visit() tells them while beats are observed"},
    {STATE_FREE(struct adi_dmac, open_writes),
     .why = "visit() tells them while beats are observed"},
    {STATE_FREE(struct adi_dmac, open_descriptors), .why = LEAN},
    {STATE_FREE(struct adi_dmac, early_writes),
     .why = "visit() tells them while beats are observed"},
    {STATE_FREE(struct adi_dmac, follow), .why = "visit() tells it while somebody listens"},
    {STATE_PART(struct adi_dmac, counts, counts_state)},
    {STATE_PART(struct adi_dmac, figures, figures_state)},
    {STATE_SAME(struct adi_dmac, follower)},
    {STATE_SAME(struct adi_dmac, wish)},
    {STATE_SAME(struct adi_dmac, chain)},
    {STATE_SAME(struct adi_dmac, noted)},
    {STATE_PART(struct adi_dmac, left, left_state)},
    {STATE_SAME(struct adi_dmac, asked)},
    {.name = NULL},
};
const struct state_table adi_dmac_state = {STATE_TABLE(adi_dmac, dmac_rows)};

/* The first counts are `generated` and the two addresses. */
static bool visit(void *instance, struct repeat *repeat)
{
    struct adi_dmac *dma = instance;
    const struct adi_core *core = &dma->core;
    if (!dma->calm || !core->generating || core->response_end || core->manager_end ||
        (dma->wish && dma->wish->kind == ADI_WISH_RESPONSES) || dma->registers->view.valid ||
        !dma->source->direct || !dma->destination->direct)
        return false;
    repeat_grown(repeat, core->generated);
    repeat_grown(repeat, core->source.address);
    repeat_grown(repeat, core->destination.address);
    const uint32_t ids[] = {core->generated, core->throttled, core->source.id, core->destination.id,
                            core->wm,        core->dn,        core->dm,        core->port_wm};
    for (unsigned i = 0; i < sizeof ids / sizeof *ids; i++)
        repeat_same(repeat, ids[i] - core->resp);
    if (dma->kernel->observed && probe_observed(&dma->beat_probe))
        adi_beats_visit(dma, repeat);
    if (probe_observed(&dma->transfer_probe))
        adi_follow_visit(dma, repeat);
    return true;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* A side of the transfer as it lies in the memory there. */
struct side {
    const struct axi_direct *direct;
    uint64_t address; /* of burst 0, modulo 2^64 */
    uint64_t end;     /* no access beyond, with what is asked for by now */
};

static struct side side_of(const struct adi_dmac *dma, const struct axi_port *port,
                           const struct adi_address_generator *from)
{
    const uint64_t burst = dma->config.max_bytes_per_burst;
    const uint32_t id = from->id - (from->valid && from->seen); /* whose address it is */
    return (struct side){
        .direct = port->direct,
        .address = from->address - id * burst,
        .end = from->address + 2 * burst,
    };
}

static uint8_t *at(const struct side *side, uint64_t address)
{
    return *side->direct->bytes + (address - side->direct->base);
}

const uint8_t *adi_repeat_from(const struct adi_dmac *dma, uint32_t id)
{
    const struct axi_direct *direct = dma->source->direct;
    const uint32_t burst = dma->config.max_bytes_per_burst;
    if (!direct)
        return NULL;
    const struct side side = side_of(dma, dma->source, &dma->core.source);
    const uint64_t address = side.address + (uint64_t)id * burst;
    const bool there = address >= direct->base && address - direct->base < direct->size_bytes &&
                       direct->size_bytes - (address - direct->base) >= burst;
    return there ? at(&side, address) : NULL;
}

static uint8_t *burst_at(const struct adi_dmac *dma, const struct side *side, uint32_t id)
{
    return at(side, side->address + (uint64_t)id * dma->config.max_bytes_per_burst);
}

static uint8_t *place_of(const struct adi_dmac *dma, uint32_t id)
{
    return dma->memory + ((size_t)(id & dma->place_mask) << dma->burst_log2);
}

/* Bytes of a burst that are in the burst memory. */
static size_t held(const struct adi_dmac *dma, uint32_t id)
{
    return id == dma->core.port_wm ? (size_t)dma->core.port_beat << dma->width_log2
                                   : dma->config.max_bytes_per_burst;
}

/* No slot of a live burst differs from another. */
static bool uniform(const struct adi_dmac *dma)
{
    const struct adi_core *core = &dma->core;
    const uint16_t bytes = (uint16_t)(dma->config.max_bytes_per_burst - 1);
    for (uint32_t id = core->resp; id != core->generated; id++) {
        const uint32_t slot = id & dma->id_mask;
        if (dma->bytes[slot] != bytes || dma->end_source[slot])
            return false;
    }
    for (uint32_t id = core->resp; id != core->source.id; id++)
        if (dma->end_destination[id & dma->id_mask])
            return false;
    return true;
}

/* Everything that is on its way is what the source holds. */
static bool copies(const struct adi_dmac *dma, const struct side *source)
{
    for (uint32_t id = dma->core.dn - ADI_BEHIND; id != dma->core.port_wm + 1; id++)
        if (memcmp(place_of(dma, id), burst_at(dma, source, id), held(dma, id)) != 0)
            return false;
    return true;
}

/* Within the memory, and what addresses the controller has. */
static bool inside(const struct adi_dmac *dma, const struct side *side, uint64_t from,
                   uint64_t *room)
{
    const struct axi_direct *direct = side->direct;
    uint64_t last = direct->base + direct->size_bytes;
    if (last > dma->address_mask)
        last = dma->address_mask;
    if (from < direct->base || side->end > last || side->end < from)
        return false;
    *room = last - side->end;
    return true;
}

/* This unit is the one that moves bytes of both memories: what another moves meanwhile would not be seen. */
static bool claim(const struct adi_dmac *dma)
{
    struct axi_direct *ends[] = {dma->source->direct, dma->destination->direct};
    for (unsigned i = 0; i < COUNT(ends); i++) {
        if (ends[i]->mover && ends[i]->mover != dma)
            return false;
        ends[i]->mover = dma;
    }
    return true;
}

static uint64_t limit(void *instance, const struct repeat *repeat, uint64_t times)
{
    const struct adi_dmac *dma = instance;
    const struct adi_core *core = &dma->core;
    const uint64_t *growth = repeat->growth + repeat->own;
    const uint64_t bursts = (uint32_t)growth[0], bytes = bursts << dma->burst_log2;
    if (bursts == 0 || bursts > core->bursts_left || growth[1] != bytes || growth[2] != bytes ||
        !claim(dma) || !uniform(dma))
        return 0;
    const struct side source = side_of(dma, dma->source, &core->source);
    const struct side destination = side_of(dma, dma->destination, &core->destination);
    const uint64_t first = (uint64_t)(core->dn - ADI_BEHIND) << dma->burst_log2;
    const uint64_t from = source.address + first, to = destination.address + first;
    uint64_t room[2];
    if (!inside(dma, &source, from, &room[0]) || !inside(dma, &destination, to, &room[1]))
        return 0;
    const uint8_t *next = destination.direct->next;
    if (!next || next < at(&destination, to) || next > at(&destination, destination.end))
        return 0;

    uint64_t most = core->bursts_left / bursts;
    for (unsigned i = 0; i < 2; i++)
        most = room[i] / bytes < most ? room[i] / bytes : most;
    times = most < times ? most : times;
    if (times == 0)
        return 0;
    const uint8_t *source_first = at(&source, from), *destination_first = at(&destination, to);
    const bool apart = at(&source, source.end + times * bytes) <= destination_first ||
                       at(&destination, destination.end + times * bytes) <= source_first;
    return apart && copies(dma, &source) ? times : 0;
}

/* Points to the same beat of a burst that is `bytes` behind. */
static void move_on(const struct adi_dmac *dma, const uint8_t **data, size_t bytes)
{
    const size_t ring = (size_t)(dma->place_mask + 1) << dma->burst_log2;
    if (*data)
        *data = dma->memory + ((size_t)(*data - dma->memory) + bytes) % ring;
}

static void pass(void *instance, const struct repeat *repeat)
{
    struct adi_dmac *dma = instance;
    struct adi_core *core = &dma->core;
    const struct side source = side_of(dma, dma->source, &core->source);
    const struct side destination = side_of(dma, dma->destination, &core->destination);
    const size_t bytes = (size_t)(repeat->times * (uint32_t)repeat->growth[repeat->own])
                         << dma->burst_log2;
    uint8_t *stored = destination.direct->next;
    const uint64_t offset = (uint64_t)(stored - bytes - *destination.direct->bytes) +
                            destination.direct->base - destination.address;
    round_read(dma->kernel);
    round_put(dma->kernel, stored - bytes, at(&source, source.address + offset), bytes);
    for (uint32_t id = core->dn - ADI_BEHIND; id != core->port_wm + 1; id++)
        memcpy(place_of(dma, id), burst_at(dma, &source, id), held(dma, id));
    for (uint32_t id = core->resp; id != core->generated; id++) {
        const uint32_t slot = id & dma->id_mask;
        dma->end_source[slot] = dma->end_destination[slot] = false;
        dma->bytes[slot] = (uint16_t)(dma->config.max_bytes_per_burst - 1);
    }
    struct axi_port *port = dma->destination;
    const uint8_t **const pointers[] = {&port->w[0].data, &port->w[1].data,
                                        &core->out.data,  &port->w_train[0].data,
                                        &core->skid.data, &port->w_train[1].data};
    for (unsigned i = 0; i < sizeof pointers / sizeof *pointers; i++)
        move_on(dma, pointers[i], bytes);
    const uint8_t **const origins[] = {&port->w[0].from, &port->w[1].from, &core->out.from,
                                       &core->skid.from, &core->from};
    for (unsigned i = 0; i < sizeof origins / sizeof *origins; i++)
        if (*origins[i])
            *origins[i] += bytes;
    if (probe_observed(&dma->transfer_probe))
        adi_follow_pass(dma);
}

const struct repeat_hooks adi_dmac_repeat = {
    .state = &adi_dmac_state, .visit = visit, .limit = limit, .pass = pass};
