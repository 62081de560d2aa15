/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mappings: what a CPU's drivers have mapped for DMA, and every use of it that the DMA API does not allow, as Linux
 * finds it with CONFIG_DMA_API_DEBUG; and what only a simulator sees, since it sees every access.
 *
 *              map                    sync_for_cpu                 unmap
 *   CPU  ------|                      |=====|                      |------     may read what devices write, may write
 *   device     |======================|     |======================|           may read and write, by the direction
 *                                           sync_for_device
 *
 * A plain module: it knows addresses, devices by number and times, no bus and no CPU. Addresses are those of the CPU's
 * bus. The buffer is `memory`; where the device is told that it lies is `handle`, which is another with a bounce buffer.
 *
 * Bytes of a mapping that is not coherent are in two sets:
 *   readable   synced for the CPU, and not written by the device since
 *   written    by the CPU, and not synced for the device since
 * A CPU that reads what a device may write has to find it readable; a device must meet nothing that is written.
 *
 * Sources: Linux 6.12, kernel/dma/debug.c and Documentation/core-api/dma-api.rst, each fault says where.
 *
 * Inaccuracies: two CPUs that map for one device know nothing of each other; a mapping is known by its addresses, as in
 * Linux, so of two that are alike in everything either may be meant.
 */
#ifndef DMASIM_MAPPINGS_H
#define DMASIM_MAPPINGS_H

#include "plan/log.h"

enum mapping_kind {
    MAPPING_SINGLE,
    MAPPING_PAGE,
    MAPPING_SG,
    MAPPING_COHERENT,
    MAPPING_NONCOHERENT,
    MAPPING_KINDS
};
enum mapping_direction {
    MAPPING_TO_DEVICE,
    MAPPING_FROM_DEVICE,
    MAPPING_BIDIRECTIONAL,
    MAPPING_DIRECTIONS
};
extern const char *const mapping_kind_names[], *const mapping_direction_names[];

/* id, member of struct mapping_faults, name of the rule */
#define MAPPING_FAULT_MAP(X)                                                                       \
    X(DOUBLE_MAP, double_map, "double-map")                                                        \
    X(OVERLAP, overlap, "overlap")                                                                 \
    X(UNALIGNED, unaligned, "unaligned")                                                           \
    X(STACK, stack, "stack")                                                                       \
    X(AREA, area, "area")                                                                          \
    X(MASK, mask, "mask")                                                                          \
    X(SEGMENT, segment, "segment")                                                                 \
    X(UNCHECKED, unchecked, "unchecked")                                                           \
    X(UNMAP_UNKNOWN, unmap_unknown, "unmap-unknown")                                               \
    X(UNMAP_SIZE, unmap_size, "unmap-size")                                                        \
    X(UNMAP_KIND, unmap_kind, "unmap-kind")                                                        \
    X(UNMAP_DIRECTION, unmap_direction, "unmap-direction")                                         \
    X(COUNT, count, "count")                                                                       \
    X(LEAK, leak, "leak")                                                                          \
    X(SYNC_UNKNOWN, sync_unknown, "sync-unknown")                                                  \
    X(SYNC_RANGE, sync_range, "sync-range")                                                        \
    X(SYNC_DIRECTION, sync_direction, "sync-direction")                                            \
    X(NOT_MAPPED, not_mapped, "not-mapped")                                                        \
    X(AFTER_UNMAP, after_unmap, "after-unmap")                                                     \
    X(BEYOND, beyond, "beyond")                                                                    \
    X(WRONG_WAY, wrong_way, "wrong-way")                                                           \
    X(NO_SYNC_FOR_CPU, no_sync_for_cpu, "no-sync-for-cpu")                                         \
    X(NO_SYNC_FOR_DEVICE, no_sync_for_device, "no-sync-for-device")                                \
    X(POOL, pool, "pool")                                                                          \
    X(ENTRIES, entries, "entries")

enum mapping_fault_class {
#define MAPPING_FAULT(id, member, name) MAPPING_FAULT_##id,
    MAPPING_FAULT_MAP(MAPPING_FAULT)
#undef MAPPING_FAULT
        MAPPING_FAULTS
};

struct mapping_faults {
#define MAPPING_FAULT(id, member, name) uint64_t member;
    MAPPING_FAULT_MAP(MAPPING_FAULT)
#undef MAPPING_FAULT
};

/* One row a class, and a last one with a null name. */
extern const struct log_rule mapping_rules[];

/* Who calls: an entry of work, and the step of its program; 0: it is none. */
struct mapping_owner {
    const char *entry;
    uint32_t step;
};

struct mapping {
    uint64_t handle, memory, bytes;
    uint16_t device;
    uint8_t kind, direction;
    bool unchecked;  /* nobody has asked whether it failed */
    uint32_t listed; /* MAPPING_SG: entries of its list */
    struct mapping_owner by, unmapped_by;
    sim_time since, until;      /* until: of one that is no more */
    uint32_t readable, written; /* sets of ranges */
    uint32_t next;              /* free */
};

/* What is asked of the tracker. */
struct mapping_call {
    struct mapping_owner by;
    sim_time now;
    uint16_t device;
    uint8_t kind, direction;
    uint64_t memory, handle, bytes;
    uint32_t listed;
};

/* What is told of a fault; by class some of it is not there: 0, null. */
struct mapping_fault {
    uint8_t class;                   /* enum mapping_fault_class */
    const struct mapping_call *call; /* null: an access */
    const struct mapping *mapping;   /* that it is about */
    uint16_t device;
    bool cpu, write; /* of an access */
    uint64_t address, bytes;
    uint64_t limit; /* that was kept not: a mask, a length, a count; where a stack begins */
    const char *what;
};
typedef void mappings_tell(void *context, const struct mapping_fault *fault);

struct mapping_device {
    uint64_t mask;        /* last address it reaches */
    uint64_t max_segment; /* bytes of an entry of a list */
    uint64_t boundary;    /* a power of two that such an entry does not cross; 0: none */
    bool coherent;        /* it is snooped: lines are no matter */
    /* Accesses in a row that are wrong in the same way are one fault. [write] */
    struct mapping_streak {
        uint8_t class; /* MAPPING_FAULTS: the last one was right */
        uint64_t next;
    } streak[2];
};

struct mapping_area {
    const char *what;
    uint64_t base, bytes;
    bool stack;
};

struct mapping_range {
    uint64_t first, end;
    uint32_t next;
};

/* Coherent memory that is given out in blocks. */
struct mapping_pool {
    uint64_t base, bytes, block_bytes; /* block_bytes 0: there is no pool here */
    uint16_t device;
    uint32_t used; /* a set of ranges */
};
#define MAPPING_POOLS 32

#define MAPPING_NONE UINT32_MAX
#define MAPPING_RETIRED 256 /* that are remembered when they are no more */

/* Sorted by an address of each. */
struct mapping_index {
    uint32_t *order;
    uint64_t longest; /* since it was empty */
    size_t key;       /* offset of the address */
};

struct mappings {
    struct mapping *entries;
    struct mapping_range *ranges;
    struct mapping_index by_handle, by_memory;
    struct mapping *retired; /* a ring */
    struct mapping_device *devices;
    struct mapping_pool *pools;
    const struct mapping_area *areas;
    uint32_t area_count, device_count;
    uint32_t count, room, free; /* of entries */
    uint32_t free_range;
    uint32_t retired_next, retired_count;
    uint64_t line_bytes;
    struct mapping_streak streak[2]; /* of the CPU */
    bool full;                       /* no more entries, once: nothing is judged any more */
    struct mapping_figures {
        uint64_t maps, unmaps, syncs, bytes;
        uint64_t active, most;
    } figures;
    struct mapping_faults faults;
    mappings_tell *tell;
    void *context;
};

/* Room for so many mappings at a time. The devices reach everything, areas are none, the line is 64 bytes. False if
 * memory is short. */
bool mappings_create(struct mappings *self, struct arena *arena, uint32_t devices, uint32_t entries,
                     mappings_tell *tell, void *context);

/* Notes a mapping, or an allocation, and tells what is wrong with it. False: it failed, there is none: the device does
 * not reach it. */
bool mappings_map(struct mappings *self, const struct mapping_call *call);

/* Forgets one. It is known by its handle; size, direction and kind are compared. */
void mappings_unmap(struct mappings *self, const struct mapping_call *call);

/* Bytes from `memory` on are handed to the CPU, or to the device. */
void mappings_sync(struct mappings *self, const struct mapping_call *call, bool to_cpu);

/* dma_mapping_error(): the driver has looked. */
void mappings_checked(struct mappings *self, const struct mapping_call *call);

/* Where the device has a byte of a buffer that is mapped for it; the address itself if it is not. */
uint64_t mappings_handle(const struct mappings *self, uint16_t device, uint64_t memory);

/* Accesses, in the order of time: a device's by handles, software's by buffers. */
void mappings_device_access(struct mappings *self, uint16_t device, uint64_t address,
                            uint64_t bytes, bool write);
void mappings_cpu_access(struct mappings *self, uint64_t address, uint64_t bytes, bool write);

/* dma_pool_create() of call->bytes at call->memory in blocks, dma_pool_destroy() of what is there, dma_pool_alloc() and
 * dma_pool_free() of a block. */
void mappings_pool_create(struct mappings *self, const struct mapping_call *call,
                          uint64_t block_bytes);
void mappings_pool_destroy(struct mappings *self, const struct mapping_call *call);
void mappings_pool_alloc(struct mappings *self, const struct mapping_call *call);
void mappings_pool_free(struct mappings *self, const struct mapping_call *call);

/* The index-th that is there, by handles; null: there are no more. */
const struct mapping *mappings_active(const struct mappings *self, uint32_t index);

/* ---- between the files of mappings ----------------------------------------------------------- */

static inline uint64_t mapping_key(const struct mappings *self, const struct mapping_index *index,
                                   uint32_t at)
{
    const struct mapping *entry = &self->entries[index->order[at]];
    return index->key == offsetof(struct mapping, handle) ? entry->handle : entry->memory;
}

/* Entries of an index that have some of the bytes, from the last to the first: *at is the place behind the one that is
 * told, at first MAPPING_NONE. Null: there are no more. */
struct mapping *mapping_index_meets(const struct mappings *self, const struct mapping_index *index,
                                    uint64_t address, uint64_t bytes, uint32_t *at);

/* Before the entry counts, and while it still does. */
void mapping_index_add(const struct mappings *self, struct mapping_index *index, uint32_t entry);
void mapping_index_remove(const struct mappings *self, struct mapping_index *index, uint32_t entry);

/* Sets of ranges, by their heads. False: there is no more room. */
bool mapping_ranges_add(struct mappings *self, uint32_t *set, uint64_t first, uint64_t end);
bool mapping_ranges_remove(struct mappings *self, uint32_t *set, uint64_t first, uint64_t end);
void mapping_ranges_clear(struct mappings *self, uint32_t *set);

/* The first byte of [first, end) that is in the set, or that is not; false: none. */
bool mapping_ranges_meet(const struct mappings *self, uint32_t set, uint64_t first, uint64_t end,
                         uint64_t *at);
bool mapping_ranges_miss(const struct mappings *self, uint32_t set, uint64_t first, uint64_t end,
                         uint64_t *at);

/* The pool that has a byte; null: none has. */
struct mapping_pool *mapping_pool_at(const struct mappings *self, uint64_t address);

/* What call is wrong in which way. */
void mapping_tell_call(struct mappings *self, enum mapping_fault_class class,
                       const struct mapping_call *call, const struct mapping *mapping,
                       uint64_t limit, const char *what);

void mapping_tell(struct mappings *self, const struct mapping_fault *fault);

/* There is no room for what has to be remembered. */
void mapping_full(struct mappings *self);

#endif
