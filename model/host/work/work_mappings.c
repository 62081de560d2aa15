/* SPDX-License-Identifier: BSD-2-Clause */
/* work_mappings: see work_mappings.h. */
#include "host/work/work_mappings.h"

/* ---- entries of a scatter list --------------------------------------------------------------- */

/* The entry that begins with a segment: with those behind it that lie beside it, as far as the device takes it. */
static struct work_segment entry_at(const struct cpu_mappings *mappings,
                                    const struct dma_request *request, uint32_t index,
                                    uint32_t *end)
{
    const struct mapping_device *device = &mappings->tracker.devices[request->device];
    struct work_segment entry = request->segments[index];
    for (*end = index + 1; *end < request->count && mappings->config->merge; ++*end) {
        const struct work_segment *next = &request->segments[*end];
        const uint64_t last = next->address + (next->bytes - 1);
        if (entry.address + entry.bytes != next->address ||
            entry.bytes + next->bytes > device->max_segment ||
            (device->boundary && entry.address / device->boundary != last / device->boundary))
            break;
        entry.bytes += next->bytes;
    }
    return entry;
}

/* ---- lines of a cache ------------------------------------------------------------------------ */

/* A device may have written what a call gives back to the CPU. */
static bool gives_back(const struct dma_request *request)
{
    return request->call == DMA_CALL_UNMAP || request->call == DMA_CALL_SYNC_FOR_CPU;
}

/* Linux arch/arm64/mm/dma-mapping.c: arch_sync_dma_for_device() cleans, whatever the direction; arch_sync_dma_for_cpu()
 * invalidates, and dcache_inval_poc() (mm/cache.S) flushes lines at the ends that are not the buffer's alone. */
static void maintain(const struct dma_request *request, struct cpu_task *task, uint64_t address,
                     uint64_t bytes)
{
    const uint64_t line = cpu_line_bytes(task->cpu);
    if (line == 0)
        return;
    if (!gives_back(request)) {
        cpu_maintain(task, HOST_CLEAN, address, bytes);
        return;
    }
    const uint64_t end = address + bytes;
    uint64_t first = address, last = end;
    if (address % line != 0) {
        cpu_maintain(task, HOST_FLUSH, address, 1);
        first += line - address % line;
    }
    if (end % line != 0 && last > first) {
        last -= end % line;
        cpu_maintain(task, HOST_FLUSH, last, 1);
    }
    if (last > first)
        cpu_maintain(task, HOST_INVALIDATE, first, last - first);
}

/* ---- copies ---------------------------------------------------------------------------------- */

/* The next word between a buffer and what it was lent; false: all is copied. */
static bool copy_on(struct dma_progress *self, struct cpu_task *task, uint64_t from, uint64_t to,
                    uint64_t bytes)
{
    const uint64_t left = bytes - self->offset;
    const uint64_t at = from + self->offset, place = to + self->offset;
    const uint8_t hsize = (at | place) % 4 == 0 && left >= 4   ? 2
                          : (at | place) % 2 == 0 && left >= 2 ? 1
                                                               : 0;
    struct cpu_op op = {.kind = CPU_READ, .hsize = hsize, .address = at, .kernel = true};
    if (left == 0)
        return false;
    if (self->reading) {
        op.kind = CPU_WRITE;
        op.address = place;
        op.value = task->value;
        self->offset += UINT64_C(1) << hsize;
    }
    self->reading = !self->reading;
    return cpu_push(task, &op);
}

/* Where the entry is for the device, if it has been lent memory. */
static uint64_t lent_to(const struct cpu_mappings *mappings, uint16_t device, uint64_t memory)
{
    const uint64_t handle = mappings_handle(&mappings->tracker, device, memory);
    return handle == memory ? DMA_NOT_LENT : handle;
}

/* A device does not reach it, or nobody may. */
static bool has_to_bounce(const struct cpu_mappings *mappings, const struct dma_request *request,
                          const struct work_segment *entry)
{
    const uint64_t mask = mappings->tracker.devices[request->device].mask;
    const bool beyond = entry->address > mask || entry->bytes - 1 > mask - entry->address;
    return request->kind <= MAPPING_SG && mappings->bounce.slots > 0 &&
           (beyond || mappings->config->bounce.force);
}

/* Copies what the call has to copy; true: there is nothing left to copy. */
static bool copied(const struct dma_request *request, struct dma_progress *progress,
                   struct cpu_task *task, const struct work_segment *entry)
{
    struct cpu_mappings *mappings = task->cpu->mappings;
    const bool back = request->call == DMA_CALL_UNMAP || request->call == DMA_CALL_SYNC_FOR_CPU;
    if (!progress->copying) {
        progress->lent = DMA_NOT_LENT;
        if (request->call != DMA_CALL_MAP)
            progress->lent = lent_to(mappings, request->device, entry->address);
        else if (has_to_bounce(mappings, request, entry) &&
                 !bounce_take(&mappings->bounce, entry->address, entry->bytes, &progress->lent))
            progress->lent = DMA_NOT_LENT;
        /* What a device writes is preceded by what was there: it may write a part. */
        if (progress->lent == DMA_NOT_LENT || request->call == DMA_CALL_CHECK ||
            (back && request->direction == MAPPING_TO_DEVICE) ||
            (request->call == DMA_CALL_SYNC_FOR_DEVICE &&
             request->direction == MAPPING_FROM_DEVICE))
            return true;
        progress->copying = true;
        if (back) /* what was lent is read behind this */
            maintain(request, task, progress->lent, entry->bytes);
        mappings->figures.bounced += entry->bytes;
    }
    const uint64_t from = back ? progress->lent : entry->address;
    const uint64_t to = back ? entry->address : progress->lent;
    if (copy_on(progress, task, from, to, entry->bytes))
        return false;
    progress->copying = false;
    progress->offset = 0;
    return true;
}

/* ---- calls ----------------------------------------------------------------------------------- */

static uint64_t lines_of(const struct cpu_mappings *mappings, const struct dma_request *request,
                         const struct work_segment *entry)
{
    const uint64_t line = mappings->tracker.line_bytes;
    const bool back = request->call == DMA_CALL_UNMAP || request->call == DMA_CALL_SYNC_FOR_CPU;
    if (mappings->tracker.devices[request->device].coherent || request->kind >= MAPPING_COHERENT ||
        request->call == DMA_CALL_CHECK || (back && request->direction == MAPPING_TO_DEVICE))
        return 0;
    return (entry->address + (entry->bytes - 1)) / line - entry->address / line + 1;
}

/* False: mapping failed. */
static bool note(const struct dma_request *request, const struct dma_progress *progress,
                 struct cpu_task *task, const struct work_segment *entry)
{
    struct cpu_mappings *mappings = task->cpu->mappings;
    struct mappings *tracker = &mappings->tracker;
    const struct mapping_call call = {
        .by = request->by,
        .now = task->cpu->unit.clock->time,
        .device = request->device,
        .kind = request->kind,
        .direction = request->direction,
        .memory = entry->address,
        .handle = progress->lent != DMA_NOT_LENT ? progress->lent : entry->address,
        .bytes = entry->bytes,
        .listed = request->kind == MAPPING_SG ? request->count : 0,
    };
    switch ((enum dma_call)request->call) {
    case DMA_CALL_MAP:
        return mappings_map(tracker, &call);
    case DMA_CALL_UNMAP:
        mappings_unmap(tracker, &call);
        if (progress->lent != DMA_NOT_LENT)
            bounce_drop(&mappings->bounce, progress->lent);
        break;
    case DMA_CALL_SYNC_FOR_CPU:
    case DMA_CALL_SYNC_FOR_DEVICE:
        mappings_sync(tracker, &call, request->call == DMA_CALL_SYNC_FOR_CPU);
        break;
    case DMA_CALL_POOL_CREATE:
        mappings_pool_create(tracker, &call, request->block_bytes);
        break;
    case DMA_CALL_POOL_ALLOC:
        mappings_pool_alloc(tracker, &call);
        break;
    case DMA_CALL_POOL_FREE:
        mappings_pool_free(tracker, &call);
        break;
    case DMA_CALL_POOL_DESTROY:
        mappings_pool_destroy(tracker, &call);
        break;
    case DMA_CALL_CHECK:
        mappings_checked(tracker, &call);
        break;
    }
    return true;
}

/* An entry could not be mapped: those before it are no more. */
static void undo(const struct dma_request *request, struct dma_progress *progress,
                 struct cpu_task *task)
{
    struct cpu_mappings *mappings = task->cpu->mappings;
    struct dma_request back = *request;
    struct dma_progress at = {.next = 0};
    uint32_t end;
    back.call = DMA_CALL_UNMAP;
    if (progress->lent != DMA_NOT_LENT)
        bounce_drop(&mappings->bounce, progress->lent);
    for (uint32_t i = 0; i < progress->next; i = end) {
        const struct work_segment entry = entry_at(mappings, request, i, &end);
        at.lent = lent_to(mappings, request->device, entry.address);
        note(&back, &at, task, &entry);
    }
    progress->failed = true;
    progress->next = request->count;
}

static void pay(const struct dma_request *request, const struct dma_progress *progress,
                struct cpu_task *task, const struct work_segment *entry)
{
    struct cpu_mappings *mappings = task->cpu->mappings;
    const struct cpu_mappings_config *config = mappings->config;
    const uint32_t set_up[] = {[DMA_CALL_MAP] = config->map_cycles,
                               [DMA_CALL_UNMAP] = config->unmap_cycles,
                               [DMA_CALL_SYNC_FOR_CPU] = config->sync_cycles,
                               [DMA_CALL_SYNC_FOR_DEVICE] = config->sync_cycles,
                               [DMA_CALL_CHECK] = 0,
                               [DMA_CALL_POOL_CREATE] = config->map_cycles,
                               [DMA_CALL_POOL_ALLOC] = 0,
                               [DMA_CALL_POOL_FREE] = 0,
                               [DMA_CALL_POOL_DESTROY] = config->unmap_cycles};
    const uint64_t lines = lines_of(mappings, request, entry);
    const bool cached = cpu_line_bytes(task->cpu) != 0; /* then they take what they take */
    const uint64_t cycles = set_up[request->call] + (cached ? 0 : lines * config->line_cycles);
    mappings->figures.lines += lines;
    mappings->figures.cycles += cycles;
    cpu_delay(task, cycles);
    const bool lent = progress->lent != DMA_NOT_LENT;
    if (request->kind == MAPPING_COHERENT &&
        (request->call == DMA_CALL_MAP || request->call == DMA_CALL_POOL_CREATE) &&
        !mappings->tracker.devices[request->device].coherent)
        cpu_maintain(task, HOST_FLUSH, entry->address,
                     entry->bytes); /* it is uncached from now on */
    else if (lines && !(lent && gives_back(request)))
        maintain(request, task, lent ? progress->lent : entry->address, entry->bytes);
}

bool dma_go_on(const struct dma_request *request, struct dma_progress *progress,
               struct cpu_task *task)
{
    while (task->count == 0 && progress->next < request->count) {
        uint32_t end;
        const struct work_segment entry =
            entry_at(task->cpu->mappings, request, progress->next, &end);
        if (!copied(request, progress, task, &entry))
            return false;
        const bool good = note(request, progress, task, &entry);
        pay(request, progress, task, &entry);
        if (good)
            progress->next = end;
        else
            undo(request, progress, task);
    }
    return progress->next == request->count;
}
