/* SPDX-License-Identifier: BSD-2-Clause */
/* mappings: made, undone, handed over; what is wrong with that. See mappings.h; accesses are in mappings_access.c. */
#include "host/mappings/mappings.h"

#include <string.h>

const char *const mapping_kind_names[] = {[MAPPING_SINGLE] = "single",
                                          [MAPPING_PAGE] = "page",
                                          [MAPPING_SG] = "sg",
                                          [MAPPING_COHERENT] = "coherent",
                                          [MAPPING_NONCOHERENT] = "noncoherent",
                                          NULL};
const char *const mapping_direction_names[] = {[MAPPING_TO_DEVICE] = "to_device",
                                               [MAPPING_FROM_DEVICE] = "from_device",
                                               [MAPPING_BIDIRECTIONAL] = "bidirectional",
                                               NULL};

bool mappings_create(struct mappings *self, struct arena *arena, uint32_t devices, uint32_t entries,
                     mappings_tell *tell, void *context)
{
    const uint32_t ranges = 4 * entries;
    *self = (struct mappings){
        .entries = arena_alloc(arena, entries * sizeof *self->entries),
        .ranges = arena_alloc(arena, ranges * sizeof *self->ranges),
        .by_handle = {arena_alloc(arena, entries * sizeof(uint32_t)), 0,
                      offsetof(struct mapping, handle)},
        .by_memory = {arena_alloc(arena, entries * sizeof(uint32_t)), 0,
                      offsetof(struct mapping, memory)},
        .retired = arena_alloc(arena, MAPPING_RETIRED * sizeof *self->retired),
        .devices = arena_alloc(arena, (devices + 1) * sizeof *self->devices),
        .pools = arena_alloc(arena, MAPPING_POOLS * sizeof *self->pools),
        .device_count = devices,
        .room = entries,
        .line_bytes = 64,
        .tell = tell,
        .context = context,
    };
    if (!self->entries || !self->ranges || !self->by_handle.order || !self->by_memory.order ||
        !self->retired || !self->devices || !self->pools)
        return false;
    for (uint32_t i = 0; i < entries; i++)
        self->entries[i].next = i + 1 < entries ? i + 1 : MAPPING_NONE;
    for (uint32_t i = 0; i < ranges; i++)
        self->ranges[i].next = i + 1 < ranges ? i + 1 : MAPPING_NONE;
    for (uint32_t i = 0; i < 2; i++)
        self->streak[i].class = MAPPING_FAULTS;
    for (uint32_t i = 0; i < devices; i++)
        self->devices[i] = (struct mapping_device){
            .mask = UINT64_MAX,
            .max_segment = UINT64_MAX,
            .streak = {{.class = MAPPING_FAULTS}, {.class = MAPPING_FAULTS}}};
    return true;
}

void mapping_tell(struct mappings *self, const struct mapping_fault *fault)
{
    uint64_t *counts = (uint64_t *)&self->faults;
    counts[fault->class]++;
    self->tell(self->context, fault);
}

void mapping_full(struct mappings *self)
{
    if (self->full)
        return;
    self->full = true;
    mapping_tell(self, &(struct mapping_fault){.class = MAPPING_FAULT_ENTRIES,
                                               .device = UINT16_MAX,
                                               .limit = self->room});
}

void mapping_tell_call(struct mappings *self, enum mapping_fault_class class,
                       const struct mapping_call *call, const struct mapping *mapping,
                       uint64_t limit, const char *what)
{
    mapping_tell(self, &(struct mapping_fault){.class = (uint8_t) class,
                                               .call = call,
                                               .mapping = mapping,
                                               .device = call->device,
                                               .address = call->memory,
                                               .bytes = call->bytes,
                                               .limit = limit,
                                               .what = what});
}

static bool allocated(uint8_t kind)
{
    return kind == MAPPING_COHERENT || kind == MAPPING_NONCOHERENT;
}

/* dma_map_single() is dma_map_page(). */
static bool alike(uint8_t a, uint8_t b)
{
    return a == b || (a <= MAPPING_PAGE && b <= MAPPING_PAGE);
}

/* ---- map ------------------------------------------------------------------------------------- */

/* What devices may write must not lie in a line with what others may. */
static void check_shared(struct mappings *self, const struct mapping_call *call)
{
    const uint64_t line = self->devices[call->device].coherent ? 1 : self->line_bytes;
    const uint64_t first = call->memory / line * line;
    const uint64_t last = (call->memory + (call->bytes - 1)) / line * line + (line - 1);
    const struct mapping *other, *found = NULL;
    uint32_t at = MAPPING_NONE;
    bool twice = false;
    if (call->direction == MAPPING_TO_DEVICE)
        return;
    while ((other = mapping_index_meets(self, &self->by_memory, first, last - first + 1, &at))) {
        if (other->direction == MAPPING_TO_DEVICE)
            continue;
        twice = other->memory == call->memory && other->bytes == call->bytes &&
                other->device == call->device;
        found = other;
        if (twice)
            break;
    }
    if (found)
        mapping_tell_call(self, twice ? MAPPING_FAULT_DOUBLE_MAP : MAPPING_FAULT_OVERLAP, call,
                          found, 0, NULL);
}

static void check_buffer(struct mappings *self, const struct mapping_call *call)
{
    const uint64_t last = call->memory + (call->bytes - 1);
    for (uint32_t i = 0; i < self->area_count; i++) {
        const struct mapping_area *area = &self->areas[i];
        if (call->memory <= area->base + (area->bytes - 1) && last >= area->base)
            mapping_tell_call(self, area->stack ? MAPPING_FAULT_STACK : MAPPING_FAULT_AREA, call,
                              NULL, area->base, area->what);
    }
    if (call->direction != MAPPING_TO_DEVICE && !self->devices[call->device].coherent &&
        (call->memory % self->line_bytes || (last + 1) % self->line_bytes))
        mapping_tell_call(self, MAPPING_FAULT_UNALIGNED, call, NULL, self->line_bytes, NULL);
}

static void check_segment(struct mappings *self, const struct mapping_call *call)
{
    const struct mapping_device *device = &self->devices[call->device];
    const uint64_t last = call->handle + (call->bytes - 1);
    if (call->bytes > device->max_segment)
        mapping_tell_call(self, MAPPING_FAULT_SEGMENT, call, NULL, device->max_segment, NULL);
    if (device->boundary && call->handle / device->boundary != last / device->boundary)
        mapping_tell_call(self, MAPPING_FAULT_SEGMENT, call, NULL, device->boundary, "boundary");
}

bool mappings_map(struct mappings *self, const struct mapping_call *call)
{
    const struct mapping_device *device = &self->devices[call->device];
    self->figures.maps++;
    if (call->handle > device->mask || call->bytes - 1 > device->mask - call->handle) {
        mapping_tell_call(self, MAPPING_FAULT_MASK, call, NULL, device->mask, NULL);
        return false;
    }
    if (!allocated(call->kind))
        check_buffer(self, call);
    if (call->kind == MAPPING_SG)
        check_segment(self, call);
    check_shared(self, call);
    if (self->free == MAPPING_NONE || self->count == self->room || self->full) {
        mapping_full(self);
        return true;
    }
    const uint32_t index = self->free;
    struct mapping *entry = &self->entries[index];
    self->free = entry->next;
    *entry = (struct mapping){
        .handle = call->handle,
        .memory = call->memory,
        .bytes = call->bytes,
        .device = call->device,
        .kind = call->kind,
        .direction = call->direction,
        .unchecked = call->kind <= MAPPING_PAGE,
        .listed = call->listed,
        .by = call->by,
        .since = call->now,
        .until = SIM_NEVER,
        .readable = MAPPING_NONE,
        .written = MAPPING_NONE,
    };
    mapping_index_add(self, &self->by_handle, index);
    mapping_index_add(self, &self->by_memory, index);
    self->count++;
    self->figures.bytes += call->bytes;
    self->figures.active = self->count;
    if (self->count > self->figures.most)
        self->figures.most = self->count;
    /* The CPU has it first. */
    if (call->kind == MAPPING_NONCOHERENT &&
        !mapping_ranges_add(self, &entry->readable, call->memory, call->memory + call->bytes))
        mapping_full(self);
    return true;
}

/* ---- unmap ----------------------------------------------------------------------------------- */

/* What begins at a handle, the one that fits best. */
static struct mapping *find_exact(const struct mappings *self, const struct mapping_call *call)
{
    struct mapping *entry, *best = NULL;
    int most = -1;
    uint32_t at = MAPPING_NONE;
    while ((entry = mapping_index_meets(self, &self->by_handle, call->handle, 1, &at))) {
        if (entry->handle != call->handle || entry->device != call->device)
            continue;
        const int fits = (entry->bytes == call->bytes) + alike(entry->kind, call->kind) +
                         (entry->direction == call->direction) + (entry->listed == call->listed);
        if (fits >= most) { /* of those that fit alike, the one that was mapped first */
            most = fits;
            best = entry;
        }
    }
    return best;
}

/* The latest that had the byte for this device and is no more; null: none is known. */
static const struct mapping *find_retired(const struct mappings *self, uint16_t device,
                                          uint64_t handle)
{
    for (uint32_t i = 1; i <= self->retired_count; i++) {
        const struct mapping *one =
            &self->retired[(self->retired_next + MAPPING_RETIRED - i) % MAPPING_RETIRED];
        if (one->device == device && handle >= one->handle && handle - one->handle < one->bytes)
            return one;
    }
    return NULL;
}

void mappings_unmap(struct mappings *self, const struct mapping_call *call)
{
    struct mapping *entry = find_exact(self, call);
    self->figures.unmaps++;
    if (self->full)
        return;
    if (!entry) {
        mapping_tell_call(self, MAPPING_FAULT_UNMAP_UNKNOWN, call,
                          find_retired(self, call->device, call->handle), 0, NULL);
        return;
    }
    if (call->bytes != entry->bytes && call->kind != MAPPING_SG)
        mapping_tell_call(self, MAPPING_FAULT_UNMAP_SIZE, call, entry, 0, NULL);
    if (!alike(call->kind, entry->kind))
        mapping_tell_call(self, MAPPING_FAULT_UNMAP_KIND, call, entry, 0, NULL);
    else if (call->kind == MAPPING_SG && call->listed != entry->listed)
        mapping_tell_call(self, MAPPING_FAULT_COUNT, call, entry, entry->listed, NULL);
    else if (call->bytes != entry->bytes && call->kind == MAPPING_SG)
        mapping_tell_call(self, MAPPING_FAULT_UNMAP_SIZE, call, entry, 0, NULL);
    if (call->direction != entry->direction)
        mapping_tell_call(self, MAPPING_FAULT_UNMAP_DIRECTION, call, entry, 0, NULL);
    if (entry->unchecked)
        mapping_tell_call(self, MAPPING_FAULT_UNCHECKED, call, entry, 0, NULL);
    const uint32_t index = (uint32_t)(entry - self->entries);
    mapping_index_remove(self, &self->by_handle, index);
    mapping_index_remove(self, &self->by_memory, index);
    self->figures.active = --self->count;
    mapping_ranges_clear(self, &entry->readable);
    mapping_ranges_clear(self, &entry->written);
    entry->until = call->now;
    entry->unmapped_by = call->by;
    self->retired[self->retired_next] = *entry;
    self->retired_next = (self->retired_next + 1) % MAPPING_RETIRED;
    self->retired_count += self->retired_count < MAPPING_RETIRED;
    entry->next = self->free;
    self->free = index;
}

/* ---- sync ------------------------------------------------------------------------------------ */

static struct mapping *find_around(const struct mappings *self, const struct mapping_call *call,
                                   const struct mapping **partly)
{
    struct mapping *entry, *found = NULL;
    uint32_t at = MAPPING_NONE;
    *partly = NULL;
    while ((entry = mapping_index_meets(self, &self->by_handle, call->handle, call->bytes, &at))) {
        if (entry->device != call->device)
            continue;
        if (call->handle >= entry->handle &&
            call->bytes <= entry->bytes - (call->handle - entry->handle)) {
            if (!found || found->direction != call->direction)
                found = entry;
        } else {
            *partly = entry;
        }
    }
    return found;
}

void mappings_sync(struct mappings *self, const struct mapping_call *call, bool to_cpu)
{
    const struct mapping *partly;
    struct mapping *entry = find_around(self, call, &partly);
    self->figures.syncs++;
    if (self->full)
        return;
    if (!entry) {
        mapping_tell_call(self, partly ? MAPPING_FAULT_SYNC_RANGE : MAPPING_FAULT_SYNC_UNKNOWN,
                          call, partly ? partly : find_retired(self, call->device, call->handle), 0,
                          NULL);
        return;
    }
    if (entry->kind == MAPPING_COHERENT)
        return;
    if (entry->direction != MAPPING_BIDIRECTIONAL && entry->direction != call->direction)
        mapping_tell_call(self, MAPPING_FAULT_SYNC_DIRECTION, call, entry, 0,
                          to_cpu ? "cpu" : "device");
    if (call->kind == MAPPING_SG && entry->kind == MAPPING_SG && call->listed != entry->listed)
        mapping_tell_call(self, MAPPING_FAULT_COUNT, call, entry, entry->listed, NULL);
    const uint64_t first = entry->memory + (call->handle - entry->handle);
    const uint64_t end = first + call->bytes;
    bool room = true;
    if (!to_cpu)
        room = mapping_ranges_remove(self, &entry->readable, first, end) &&
               mapping_ranges_remove(self, &entry->written, first, end);
    else if (call->direction != MAPPING_TO_DEVICE)
        room = mapping_ranges_add(self, &entry->readable, first, end);
    if (!room)
        mapping_full(self);
}

void mappings_checked(struct mappings *self, const struct mapping_call *call)
{
    struct mapping *entry, *found = NULL;
    uint32_t at = MAPPING_NONE;
    while ((entry = mapping_index_meets(self, &self->by_handle, call->handle, 1, &at)))
        if (entry->handle == call->handle && entry->device == call->device && entry->unchecked)
            found = entry;
    if (found)
        found->unchecked = false;
}

uint64_t mappings_handle(const struct mappings *self, uint16_t device, uint64_t memory)
{
    const struct mapping *entry;
    uint32_t at = MAPPING_NONE;
    while ((entry = mapping_index_meets(self, &self->by_memory, memory, 1, &at)))
        if (entry->device == device)
            return entry->handle + (memory - entry->memory);
    return memory;
}

const struct mapping *mappings_active(const struct mappings *self, uint32_t index)
{
    return index < self->count ? &self->entries[self->by_handle.order[index]] : NULL;
}

/* ---- accesses -------------------------------------------------------------------------------- */

/* Accesses that follow each other and are wrong in the same way are told once. */
static void tell_access(struct mappings *self, struct mapping_streak *streak,
                        const struct mapping_fault *fault)
{
    if (streak->class != fault->class || streak->next != fault->address)
        mapping_tell(self, fault);
    *streak = (struct mapping_streak){fault->class, fault->address + fault->bytes};
}

/* Why a device has no business there. It runs beyond a mapping if it goes on from there, or is no further than a line. */
static void tell_astray(struct mappings *self, const struct mapping_fault *access,
                        const struct mapping *partly)
{
    struct mapping_fault fault = *access;
    struct mapping_streak *streak = &self->devices[access->device].streak[access->write];
    const struct mapping *below = NULL, *entry;
    uint32_t at = MAPPING_NONE;
    const uint64_t near = fault.address < self->line_bytes ? 0 : fault.address - self->line_bytes;
    fault.mapping = find_retired(self, fault.device, fault.address);
    fault.class = MAPPING_FAULT_AFTER_UNMAP;
    while (
        (entry = mapping_index_meets(self, &self->by_handle, near, fault.address - near + 1, &at)))
        if (entry->device == fault.device &&
            (!below || entry->handle + entry->bytes > below->handle + below->bytes))
            below = entry;
    if (streak->class == MAPPING_FAULT_BEYOND && streak->next == fault.address) {
        fault.class = MAPPING_FAULT_BEYOND;
    } else if (partly || (!fault.mapping && below)) {
        fault.class = MAPPING_FAULT_BEYOND;
        fault.mapping = partly ? partly : below;
    } else if (!fault.mapping) {
        fault.class = MAPPING_FAULT_NOT_MAPPED;
        at = MAPPING_NONE;
        fault.mapping =
            mapping_index_meets(self, &self->by_handle, fault.address, fault.bytes, &at);
    }
    tell_access(self, streak, &fault);
}

/* A block of a pool that nobody has. True: it was told. */
static bool in_free_block(struct mappings *self, const struct mapping_fault *access,
                          uint64_t memory, struct mapping_streak *streak)
{
    struct mapping_fault fault = *access;
    const struct mapping_pool *pool = mapping_pool_at(self, memory);
    if (!pool ||
        !mapping_ranges_miss(self, pool->used, memory, memory + access->bytes, &fault.limit))
        return false;
    fault.class = MAPPING_FAULT_POOL;
    tell_access(self, streak, &fault);
    return true;
}

/* The device has a mapping for it. What the CPU has written there has not reached it. */
static void take(struct mappings *self, const struct mapping_fault *access, struct mapping *entry)
{
    const uint64_t first = entry->memory + (access->address - entry->handle);
    struct mapping_fault fault = *access;
    struct mapping_streak *streak = &self->devices[access->device].streak[access->write];
    if (entry->kind == MAPPING_COHERENT) {
        if (!in_free_block(self, access, first, streak))
            streak->class = MAPPING_FAULTS;
        return;
    }
    if (mapping_ranges_meet(self, entry->written, first, first + access->bytes, &fault.limit)) {
        fault.class = MAPPING_FAULT_NO_SYNC_FOR_DEVICE;
        fault.mapping = entry;
        tell_access(self, streak, &fault);
    } else {
        streak->class = MAPPING_FAULTS;
    }
    if (access->write &&
        !mapping_ranges_remove(self, &entry->readable, first, first + access->bytes))
        mapping_full(self);
}

void mappings_device_access(struct mappings *self, uint16_t device, uint64_t address,
                            uint64_t bytes, bool write)
{
    struct mapping_fault access = {
        .device = device, .write = write, .address = address, .bytes = bytes};
    struct mapping *entry, *around = NULL, *partly = NULL;
    const uint8_t against = write ? MAPPING_TO_DEVICE : MAPPING_FROM_DEVICE;
    uint32_t at = MAPPING_NONE;
    if (self->full)
        return;
    while ((entry = mapping_index_meets(self, &self->by_handle, address, bytes, &at))) {
        if (entry->device != device)
            continue;
        if (address < entry->handle || bytes > entry->bytes - (address - entry->handle))
            partly = entry;
        else if (!around || around->direction == against)
            around = entry;
    }
    if (!around) {
        tell_astray(self, &access, partly);
    } else if (around->direction == against) {
        access.class = MAPPING_FAULT_WRONG_WAY;
        access.mapping = around;
        tell_access(self, &self->devices[device].streak[write], &access);
    } else {
        take(self, &access, around);
    }
}

void mappings_cpu_access(struct mappings *self, uint64_t address, uint64_t bytes, bool write)
{
    struct mapping_fault access = {.device = UINT16_MAX,
                                   .class = MAPPING_FAULT_NO_SYNC_FOR_CPU,
                                   .cpu = true,
                                   .write = write,
                                   .address = address,
                                   .bytes = bytes};
    struct mapping *entry;
    uint32_t at = MAPPING_NONE;
    bool wrong = false;
    if (self->full)
        return;
    while ((entry = mapping_index_meets(self, &self->by_memory, address, bytes, &at))) {
        const uint64_t end = entry->memory + entry->bytes;
        const uint64_t first = address > entry->memory ? address : entry->memory;
        const uint64_t last = address + bytes < end ? address + bytes : end;
        if (entry->kind == MAPPING_COHERENT) {
            wrong |= in_free_block(self, &access, address, &self->streak[write]);
            continue;
        }
        if (entry->direction != MAPPING_TO_DEVICE && !wrong &&
            mapping_ranges_miss(self, entry->readable, first, last, &access.limit)) {
            wrong = true;
            access.mapping = entry;
            access.device = entry->device;
            tell_access(self, &self->streak[write], &access);
        }
        if (write && !mapping_ranges_add(self, &entry->written, first, last))
            mapping_full(self);
    }
    if (!wrong)
        self->streak[write].class = MAPPING_FAULTS;
}
