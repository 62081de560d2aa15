/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_repeat: what repeats (kernel/repeat.h) in the middle of a transfer between two memories.
 *
 * The words that are told are those of adi_dmac_core.c. Ids move on, hence their slots in the rings of ids and
 * in the burst memory. Bytes on their way are compared with the source, which they are copies of; so
 * those of later can be copied from there.
 *
 *   source       ....|<-- first .. port_wm: in the burst memory -->|<- growth ->|....
 *   destination  ....| stored up to direct->next |<------ growth ------>|....
 */
#include <string.h>

#include "controllers/adi/adi_dmac_state.h"

enum { BEHIND = 4 }; /* bursts behind dn that may still be on their way out, see place_mask */

static void visit_generator(struct adi_address_generator *self, uint32_t resp,
                            struct repeat *repeat)
{
    repeat_same(repeat, self->id - resp);
    repeat_count_32(repeat, &self->id);
    repeat_count(repeat, &self->address);
    repeat_same(repeat, (uint64_t)self->req_ready << 4 | (uint64_t)self->bl_ready << 3 |
                            (uint64_t)self->valid << 2 | (uint64_t)self->seen << 1 | self->last);
    repeat_same(repeat, (uint64_t)self->length << 8 | self->last_length);
}

static void visit_request(const struct adi_request *request, struct repeat *repeat)
{
    repeat_same(repeat, request->valid);
    if (!request->valid)
        return;
    repeat_same(repeat, request->source);
    repeat_same(repeat, request->destination);
    repeat_same(repeat, request->x);
}

static void visit_word(const struct axi_write *word, struct repeat *repeat)
{
    repeat_same(repeat, word->strb[0]);
    repeat_same(repeat, word->strb[1]);
    repeat_same(repeat, word->last);
}

/* The first count is `generated`, the next two are the addresses. */
static bool visit(void *instance, struct repeat *repeat)
{
    struct adi_dmac *dma = instance;
    struct adi_core *core = &dma->core;
    const uint32_t resp = core->resp;
    if (!dma->calm || !core->generating || core->response_end || core->manager_end ||
        (dma->wish && dma->wish->kind == ADI_WISH_RESPONSES) || dma->registers->view.valid ||
        !dma->source->direct || !dma->destination->direct)
        return false;
    repeat_same(repeat, core->generated - resp);
    repeat_count_32(repeat, &core->generated);
    visit_generator(&core->source, resp, repeat);
    visit_generator(&core->destination, resp, repeat);
    uint32_t *const ids[] = {&core->throttled, &core->wm, &core->dn, &core->dm, &core->port_wm};
    for (unsigned i = 0; i < sizeof ids / sizeof *ids; i++) {
        repeat_same(repeat, *ids[i] - resp);
        repeat_count_32(repeat, ids[i]);
    }
    repeat_count_32(repeat, &core->resp);
    repeat_count_32(repeat, &core->bursts_left);
    repeat_same(repeat, core->last_bytes);
    visit_request(&core->split, repeat);
    visit_request(&core->to_destination, repeat);
    visit_request(&core->at_destination, repeat);
    repeat_same(repeat, (uint64_t)core->length_valid << 8 | core->length);
    repeat_same(repeat, core->port_beat);
    repeat_same(repeat, core->slice_last);
    repeat_same(repeat, (uint64_t)core->sending << 1 | core->train);
    if (core->train)
        repeat_stamp(repeat, &core->train_end);
    repeat_same(repeat, (uint64_t)core->beat << 16 | core->beats);
    repeat_same(repeat, core->tail);
    repeat_same(repeat, (uint64_t)core->out_valid << 2 | (uint64_t)core->forward_valid << 1 |
                            core->skid_ready);
    if (dma->config.destination_slice) {
        visit_word(&core->out, repeat);
        visit_word(&core->skid, repeat);
    }
    repeat_same(repeat, core->response_valid);
    repeat_same(repeat, core->response_bytes);
    repeat_same(repeat, core->manager);
    repeat_same(repeat, core->manager_bytes);
    const struct adi_sides *sides = &core->sides;
    repeat_same(repeat, (uint64_t)sides->source_addressing << 3 |
                            (uint64_t)sides->destination_addressing << 2 |
                            (uint64_t)sides->source_on << 1 | sides->destination_on);

    struct adi_control *control = &dma->control;
    repeat_same(repeat,
                (uint64_t)control->state << 2 | (uint64_t)control->running << 1 | control->waiting);
    repeat_count_32(repeat, &control->progress);
    repeat_same(repeat, dma->counts.completions);
    repeat_count(repeat, &dma->counts.responses);
    if (dma->kernel->observed && probe_observed(&dma->beat_probe))
        adi_beats_visit(dma, repeat);
    if (dma->kernel->observed && dma->transfer_probe.followed)
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
    for (uint32_t id = dma->core.dn - BEHIND; id != dma->core.port_wm + 1; id++)
        if (memcmp(place_of(dma, id), burst_at(dma, source, id), held(dma, id)) != 0)
            return false;
    return true;
}

static bool inside(const struct side *side, uint64_t from, uint64_t *room)
{
    const struct axi_direct *direct = side->direct;
    const uint64_t last = direct->base + direct->size_bytes;
    if (from < direct->base || side->end > last || side->end < from)
        return false;
    *room = last - side->end;
    return true;
}

static uint64_t limit(void *instance, const struct repeat *repeat, uint64_t times)
{
    const struct adi_dmac *dma = instance;
    const struct adi_core *core = &dma->core;
    const uint64_t *growth = repeat->growth + repeat->own;
    const uint64_t bursts = (uint32_t)growth[0], bytes = bursts << dma->burst_log2;
    if (bursts == 0 || bursts > core->bursts_left || growth[2] != bytes || growth[4] != bytes ||
        !uniform(dma))
        return 0;
    const struct side source = side_of(dma, dma->source, &core->source);
    const struct side destination = side_of(dma, dma->destination, &core->destination);
    const uint64_t first = (uint64_t)(core->dn - BEHIND) << dma->burst_log2;
    const uint64_t from = source.address + first, to = destination.address + first;
    uint64_t room[2];
    if (!inside(&source, from, &room[0]) || !inside(&destination, to, &room[1]))
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
    memcpy(stored - bytes, at(&source, source.address + offset), bytes);
    for (uint32_t id = core->dn - BEHIND; id != core->port_wm + 1; id++)
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
}

const struct repeat_hooks adi_dmac_repeat = {.visit = visit, .limit = limit, .pass = pass};
