/* SPDX-License-Identifier: BSD-2-Clause */
/* work_buffers: see work_buffers.h. */
#include "host/work/work_buffers.h"

#include "plan/route.h"

enum { SIDES = 2 };

enum work_buffers_phase {
    BUFFERS_FREE,
    BUFFERS_BEGINNING,
    BUFFERS_READY,
    BUFFERS_USED,
    BUFFERS_ENDING
};

struct work_buffers {
    const struct work_mapping_config *config;
    work_move *move;
    struct dma_request sides[SIDES]; /* the call is filled in */
    struct work_segment one[SIDES];
    bool source[SIDES];
    bool failed[SIDES]; /* its mapping, and the client has looked */
    uint32_t count;     /* of sides */
    bool coherent;
    /* Where it is. */
    uint8_t phase; /* enum work_buffers_phase */
    bool mapped;   /* and kept for the next round */
    uint32_t side, call;
    struct dma_progress progress;
    uint64_t *moved; /* of each segment of the sides: where the job has it */
    /* A ring. */
    struct work_segment period;
    uint64_t ring, ring_bytes;
    uint32_t periods; /* that are to be looked at */
};

/* ---- building -------------------------------------------------------------------------------- */

/* An address of a controller, as the CPU's bus has it. */
static uint64_t as_seen(const struct plan *plan, uint16_t bus, uint64_t address)
{
    struct plan_route route;
    uint64_t seen;
    if (!plan_route(plan, bus, address, REGION_ANY, &route) &&
        plan_route(plan, ROUTE_ANY_BUS, address, REGION_ANY, &route) &&
        plan_reach(plan, bus, route.region.bus, route.address, &seen))
        return seen;
    return address;
}

static void add_side(struct work_buffers *self, uint64_t address, uint64_t bytes, uint8_t direction)
{
    const uint32_t side = self->count++;
    self->one[side] = (struct work_segment){address, bytes};
    self->sides[side].segments = &self->one[side];
    self->sides[side].count = 1;
    self->sides[side].kind = self->coherent ? MAPPING_COHERENT : MAPPING_SINGLE;
    self->sides[side].direction = self->coherent ? MAPPING_BIDIRECTIONAL : direction;
    self->source[side] = direction == MAPPING_TO_DEVICE;
}

static int add_list(struct build *build, struct work_buffers *self,
                    const struct slave_sg_config *config, uint16_t bus, uint8_t direction)
{
    const struct work_segment *segments = config->segments.items;
    const uint32_t count = config->segments.count;
    struct work_segment *seen = arena_alloc(build->kernel->arena, count * sizeof *seen);
    if (!seen)
        return DMASIM_MEMORY;
    for (uint32_t i = 0; i < count; i++)
        seen[i] = (struct work_segment){as_seen(build->plan, bus, segments[i].address),
                                        segments[i].bytes};
    add_side(self, 0, 0, direction);
    self->sides[0].segments = seen;
    self->sides[0].count = count;
    if (!self->coherent)
        self->sides[0].kind = MAPPING_SG;
    return DMASIM_OK;
}

static int add_sides(struct build *build, const struct component *component,
                     struct work_buffers *self, uint16_t bus, uint8_t direction)
{
    const struct plan *plan = build->plan;
    if (component->type == &slave_sg_type)
        return add_list(build, self, component->config, bus, direction);
    if (component->type == &memcpy_type) {
        const struct memcpy_config *config = component->config;
        add_side(self, as_seen(plan, bus, config->from), config->bytes, MAPPING_TO_DEVICE);
        add_side(self, as_seen(plan, bus, config->to), config->bytes, MAPPING_FROM_DEVICE);
    } else if (component->type == &interleaved_type) {
        const struct interleaved_config *config = component->config;
        const uint64_t chunk = config->chunk_bytes, more = config->frames - 1;
        add_side(self, as_seen(plan, bus, config->from),
                 chunk + more * (chunk + config->source_gap), MAPPING_TO_DEVICE);
        add_side(self, as_seen(plan, bus, config->to),
                 chunk + more * (chunk + config->destination_gap), MAPPING_FROM_DEVICE);
    } else {
        const struct cyclic_config *config = component->config;
        self->ring = as_seen(plan, bus, config->buffer);
        self->ring_bytes = config->bytes;
        self->period = (struct work_segment){self->ring, config->period_bytes};
        add_side(self, self->ring, config->bytes, direction);
    }
    return DMASIM_OK;
}

int work_buffers_create(struct build *build, const struct component *component, struct work *work,
                        const struct component *controller, bool from_device, work_move *move)
{
    const struct cpu *cpu = work->task.cpu;
    const struct work_common *common = component->config;
    struct arena *arena = build->kernel->arena;
    if (!cpu->mappings || !cpu->mappings->config->calls)
        return DMASIM_OK;
    struct work_buffers *self = arena_alloc(arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    const bool usual = common->mapping.kind == WORK_MAPPING_USUAL;
    self->config = &common->mapping;
    self->move = move;
    self->coherent =
        usual ? component->type == &cyclic_type : common->mapping.kind == WORK_MAPPING_COHERENT;
    const int code = add_sides(build, component, self, cpu->config->bus,
                               from_device ? MAPPING_FROM_DEVICE : MAPPING_TO_DEVICE);
    if (code != DMASIM_OK)
        return code;
    uint32_t segments = 0;
    for (uint32_t i = 0; i < self->count; i++) {
        self->sides[i].device =
            (uint16_t)(controller - build->plan->components[SECTION_CONTROLLERS]);
        self->sides[i].by.entry = component->name;
        segments += self->sides[i].count;
    }
    self->moved = arena_alloc(arena, segments * sizeof *self->moved);
    if (!self->moved)
        return DMASIM_MEMORY;
    uint64_t *moved = self->moved;
    for (uint32_t side = 0; side < self->count; side++)
        for (uint32_t i = 0; i < self->sides[side].count; i++)
            *moved++ = self->sides[side].segments[i].address;
    work->buffers = self;
    return DMASIM_OK;
}

/* ---- what a client calls --------------------------------------------------------------------- */

/* Goes on with a call for each of the sides; true once all are done. */
static bool call_all(struct work *work, enum dma_call call)
{
    struct work_buffers *self = work->buffers;
    for (; self->side < self->count; self->side++) {
        struct dma_request *side = &self->sides[self->side];
        side->call = (uint8_t)call;
        if (call == DMA_CALL_MAP && self->progress.next == 0)
            self->failed[self->side] = false;
        if (self->failed[self->side])
            continue;
        if (!dma_go_on(side, &self->progress, &work->task))
            return false;
        self->failed[self->side] = self->progress.failed && (self->config->check || self->coherent);
        self->progress = (struct dma_progress){.next = 0};
    }
    self->side = 0;
    return true;
}

/* The job goes where the device has the buffers. */
static void place(struct work *work)
{
    struct work_buffers *self = work->buffers;
    const struct mappings *tracker = &work->task.cpu->mappings->tracker;
    uint64_t *moved = self->moved;
    for (uint32_t side = 0; side < self->count; side++)
        for (uint32_t i = 0; i < self->sides[side].count; i++, moved++) {
            const struct work_segment *segment = &self->sides[side].segments[i];
            const uint64_t is = *moved;
            const uint64_t shall =
                mappings_handle(tracker, self->sides[side].device, segment->address);
            if (is != shall && self->move)
                self->move(work, self->source[side], is, segment->bytes, shall);
            *moved = shall;
        }
}

/* The calls of a phase, one after the other. Operations of one have to be done before the next begins. */
static bool calls(struct work *work, const enum dma_call *list, const bool *wanted, uint32_t count)
{
    struct work_buffers *self = work->buffers;
    for (; self->call < count; self->call++) {
        if (work->task.count > 0)
            return false;
        if (wanted[self->call] && !call_all(work, list[self->call]))
            return false;
    }
    self->call = 0;
    return true;
}

static bool end_of(struct work *work, bool last)
{
    struct work_buffers *self = work->buffers;
    const struct work_mapping_config *config = self->config;
    const bool kept = self->coherent || config->keep;
    const enum dma_call list[] = {DMA_CALL_SYNC_FOR_CPU, DMA_CALL_UNMAP};
    const bool wanted[] = {config->sync_for_cpu && !self->coherent && kept && !last,
                           config->unmap && (last || !kept)};
    if (!calls(work, list, wanted, 2))
        return false;
    self->mapped = kept && !last;
    self->phase = BUFFERS_FREE;
    return work->task.count == 0;
}

bool work_buffers_begin(struct work *work)
{
    static const enum dma_call list[] = {DMA_CALL_MAP, DMA_CALL_CHECK, DMA_CALL_SYNC_FOR_DEVICE};
    struct work_buffers *self = work->buffers;
    if (!self)
        return true;
    if (!work_buffers_periods(work) || work->task.count > 0)
        return false;
    if (self->phase == BUFFERS_USED)
        self->phase = BUFFERS_ENDING;
    if (self->phase == BUFFERS_ENDING && !end_of(work, false))
        return false;
    if (self->phase == BUFFERS_READY) {
        self->phase = BUFFERS_USED;
        return true;
    }
    const struct work_mapping_config *config = self->config;
    const bool wanted[] = {config->map && !self->mapped,
                           config->map && config->check && !self->mapped && !self->coherent,
                           config->sync_for_device && self->mapped && !self->coherent};
    self->phase = BUFFERS_BEGINNING;
    if (!calls(work, list, wanted, 3))
        return false;
    place(work);
    self->phase = work->task.count > 0 ? BUFFERS_READY : BUFFERS_USED;
    return self->phase == BUFFERS_USED;
}

bool work_buffers_end(struct work *work)
{
    struct work_buffers *self = work->buffers;
    if (!self || self->phase == BUFFERS_FREE)
        return true;
    if (!work_buffers_periods(work) || work->task.count > 0)
        return false;
    if (self->phase == BUFFERS_USED)
        self->phase = BUFFERS_ENDING;
    return end_of(work, true);
}

bool work_buffers_failed(const struct work *work)
{
    const struct work_buffers *self = work->buffers;
    bool failed = false;
    for (uint32_t i = 0; self && i < self->count; i++)
        failed |= self->failed[i];
    return failed;
}

uint64_t work_buffers_handle(const struct work *work, uint64_t address)
{
    const struct work_buffers *self = work->buffers;
    return self
               ? mappings_handle(&work->task.cpu->mappings->tracker, self->sides[0].device, address)
               : address;
}

/* ---- a ring ---------------------------------------------------------------------------------- */

void work_buffers_period(struct work *work, uint32_t count)
{
    struct work_buffers *self = work->buffers;
    if (self && !self->coherent)
        self->periods += count;
}

bool work_buffers_periods(struct work *work)
{
    static const enum dma_call list[] = {DMA_CALL_SYNC_FOR_CPU, DMA_CALL_SYNC_FOR_DEVICE};
    struct work_buffers *self = work->buffers;
    while (self && self->periods) {
        struct dma_request request = self->sides[0];
        request.segments = &self->period;
        for (; self->call < 2; self->call++) {
            const bool wanted =
                self->call ? self->config->sync_for_device : self->config->sync_for_cpu;
            if (work->task.count > 0)
                return false;
            request.call = (uint8_t)list[self->call];
            if (wanted && !dma_go_on(&request, &self->progress, &work->task))
                return false;
            self->progress = (struct dma_progress){.next = 0};
        }
        self->call = 0;
        self->periods--;
        self->period.address += self->period.bytes;
        if (self->period.address >= self->ring + self->ring_bytes)
            self->period.address = self->ring;
    }
    return true;
}
