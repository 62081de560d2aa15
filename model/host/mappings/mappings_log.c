/* SPDX-License-Identifier: BSD-2-Clause */
/* mappings_log: what each fault is, what comes of it, where Linux says so, and a line of the log about one. */
#include "host/mappings/mappings_log.h"

#define NAMED(id) [MAPPING_FAULT_##id]
#define DEBUG_C "Linux kernel/dma/debug.c: "
#define DMA_API "Linux Documentation/core-api/dma-api.rst"
#define HOWTO "Linux Documentation/core-api/dma-api-howto.rst"

const struct log_rule mapping_rules[] = {
    NAMED(DOUBLE_MAP) = {"double-map", LOG_ERROR,
                         "maps for a device what is mapped for it, and the device may write",
                         "who unmaps first takes it from the other",
                         DEBUG_C "active_cacheline_insert()"},
    NAMED(OVERLAP) = {"overlap", LOG_ERROR,
                      "maps, for a device that may write, what shares a cache line with another "
                      "mapping of that kind",
                      "a line that is written back or discarded for one is for the other too",
                      DEBUG_C "active_cacheline_insert(); here all lines of a mapping count"},
    NAMED(UNALIGNED) = {"unaligned", LOG_ERROR,
                        "maps, for a device that may write, a buffer that does not begin and end "
                        "with a cache line",
                        "what else lies in its first or last line is lost, or put over the data",
                        DMA_API ", Part Ia; dma_get_cache_alignment()"},
    NAMED(STACK) = {"stack", LOG_ERROR, "maps memory of a stack",
                    "it may not be contiguous, shares lines, and is another's when the function "
                    "returns",
                    DEBUG_C "check_for_stack()"},
    NAMED(AREA) = {"area", LOG_ERROR,
                   "maps text, read-only data, or memory that is not mapped linearly",
                   "a device writes over it, or somewhere else",
                   DEBUG_C "check_for_illegal_area(), debug_dma_map_single()"},
    NAMED(MASK) = {"mask", LOG_ERROR, "maps what the device does not reach, by its DMA mask",
                   "the mapping fails: there is none",
                   "Linux kernel/dma/direct.h: "
                   "dma_direct_map_page()"},
    NAMED(SEGMENT) = {"segment", LOG_ERROR,
                      "maps an entry of a scatter list that is longer than the device takes, or "
                      "crosses its boundary",
                      "the device wraps, or moves a part", DEBUG_C "check_sg_segment()"},
    NAMED(UNCHECKED) = {"unchecked", LOG_ERROR,
                        "unmaps what it never asked dma_mapping_error() about",
                        "a mapping that fails would be used", DEBUG_C "check_unmap()"},
    NAMED(UNMAP_UNKNOWN) = {"unmap-unknown", LOG_ERROR, "unmaps or frees what is not mapped",
                            "nothing is unmapped", DEBUG_C "check_unmap()"},
    NAMED(UNMAP_SIZE) = {"unmap-size", LOG_ERROR, "unmaps with another length than it mapped",
                         "lines are left out, or others' are discarded", DEBUG_C "check_unmap()"},
    NAMED(UNMAP_KIND) = {"unmap-kind", LOG_ERROR, "unmaps with another function than it mapped",
                         "what was set up stays", DEBUG_C "check_unmap()"},
    NAMED(UNMAP_DIRECTION) = {"unmap-direction", LOG_ERROR,
                              "unmaps with another direction than it mapped",
                              "lines that have to be discarded may stay", DEBUG_C "check_unmap()"},
    NAMED(COUNT) = {"count", LOG_ERROR,
                    "unmaps or syncs a scatter list with another number of entries than it mapped",
                    "some of them are left out", DEBUG_C "check_unmap(), check_sync()"},
    NAMED(LEAK) = {"leak", LOG_ERROR, "leaves mapped at the end",
                   "the memory stays open to the device", DEBUG_C "dma_debug_device_change()"},
    NAMED(SYNC_UNKNOWN) = {"sync-unknown", LOG_ERROR, "syncs what is not mapped",
                           "nothing is synced", DEBUG_C "check_sync()"},
    NAMED(SYNC_RANGE) = {"sync-range", LOG_ERROR, "syncs beyond a mapping",
                         "lines of others are discarded or written back", DEBUG_C "check_sync()"},
    NAMED(SYNC_DIRECTION) = {"sync-direction", LOG_ERROR,
                             "syncs with another direction than it mapped",
                             "lines that have to be discarded or written back may not be",
                             DEBUG_C "check_sync()"},
    NAMED(NOT_MAPPED) = {"not-mapped", LOG_ERROR, "lets a device use what is not mapped for it",
                         "without an IOMMU it does", DMA_API ", Part Id"},
    NAMED(AFTER_UNMAP) = {"after-unmap", LOG_ERROR, "lets a device use what was unmapped, or freed",
                          "without an IOMMU it does", DMA_API ", Part Id"},
    NAMED(BEYOND) = {"beyond", LOG_ERROR, "lets a device run beyond a mapping",
                     "without an IOMMU it does", DMA_API ", Part Id"},
    NAMED(WRONG_WAY) = {"wrong-way", LOG_ERROR, "lets a device use a mapping against its direction",
                        "what it reads may be old, what it writes may be lost",
                        DMA_API ", Part Id: enum dma_data_direction"},
    NAMED(NO_SYNC_FOR_CPU) = {"no-sync-for-cpu", LOG_ERROR,
                              "uses a buffer that the device may write, without a sync for the CPU",
                              "it may read what was there before, or write over what comes",
                              HOWTO ", Using Streaming DMA mappings"},
    NAMED(NO_SYNC_FOR_DEVICE) = {"no-sync-for-device", LOG_ERROR,
                                 "lets a device use what the CPU has written, without a sync for "
                                 "the device",
                                 "the device may read what was there before",
                                 HOWTO ", Using Streaming DMA mappings"},
    NAMED(POOL) = {"pool", LOG_ERROR,
                   "frees a block of a pool that is free, or none; destroys a pool with blocks in "
                   "use; uses a block that is free, or lets a device",
                   "the block may be another's",
                   "Linux mm/dmapool.c: pool_block_err(), dma_pool_destroy()"},
    NAMED(ENTRIES) = {"entries", LOG_ERROR, "has more mapped than `entries` says",
                      "nothing is judged from now on", DEBUG_C "dma_entry_alloc()"},
    {.name = NULL},
};

/* ---- lines ----------------------------------------------------------------------------------- */

typedef unsigned long long ull;

static void add_range(struct log_text *text, uint64_t address, uint64_t bytes)
{
    log_add(text, "%s0x%llx .. 0x%llx", text->used ? " " : "", (ull)address,
            (ull)(address + (bytes ? bytes - 1 : 0)));
}

static void add_owner(struct log_text *text, const struct mapping_owner *by)
{
    if (by->entry)
        log_add(text, " by %s", by->entry);
    if (by->step)
        log_add(text, ", step %u", by->step);
}

static void add_time(struct log_text *text, sim_time time)
{
    log_add(text, " at %llu.%06llu us", (ull)(time / 1000000), (ull)(time % 1000000));
}

void mappings_describe(struct log_text *text, const struct mapping *mapping)
{
    add_range(text, mapping->memory, mapping->bytes);
    if (mapping->handle != mapping->memory)
        log_add(text, ", for the device at 0x%llx", (ull)mapping->handle);
    log_add(text, ", %s, %s, mapped", mapping_kind_names[mapping->kind],
            mapping_direction_names[mapping->direction]);
    add_owner(text, &mapping->by);
    add_time(text, mapping->since);
    if (mapping->until != SIM_NEVER) {
        log_add(text, ", unmapped");
        add_owner(text, &mapping->unmapped_by);
        add_time(text, mapping->until);
    }
}

static const char *device_name(const struct plan *plan, uint16_t device)
{
    return device < plan->counts[SECTION_CONTROLLERS]
               ? plan->components[SECTION_CONTROLLERS][device].name
               : "a device";
}

static void add_call(struct log_text *text, const struct plan *plan,
                     const struct mapping_fault *fault)
{
    const struct mapping_call *call = fault->call;
    if (call->by.step)
        log_add(text, "step %u:", call->by.step);
    add_range(text, call->memory, call->bytes);
    log_add(text, " (%s, %s, %s)", device_name(plan, call->device), mapping_kind_names[call->kind],
            mapping_direction_names[call->direction]);
    switch ((enum mapping_fault_class)fault->class) {
    case MAPPING_FAULT_STACK:
    case MAPPING_FAULT_AREA:
        log_add(text, " meets %s at 0x%llx", fault->what, (ull)fault->limit);
        break;
    case MAPPING_FAULT_MASK:
        log_add(text, " ends beyond the mask 0x%llx", (ull)fault->limit);
        break;
    case MAPPING_FAULT_SEGMENT:
        log_add(text, fault->what ? " crosses a multiple of 0x%llx" : " is longer than 0x%llx",
                (ull)fault->limit);
        break;
    case MAPPING_FAULT_UNALIGNED:
        log_add(text, " is not whole lines of %llu bytes", (ull)fault->limit);
        break;
    case MAPPING_FAULT_COUNT:
        log_add(text, " has %u entries, not %llu", call->listed, (ull)fault->limit);
        break;
    case MAPPING_FAULT_POOL:
        log_add(text, " %s", fault->what);
        break;
    case MAPPING_FAULT_SYNC_DIRECTION:
        log_add(text, " is synced for the %s", fault->what);
        break;
    default:
        break;
    }
    if (fault->mapping) {
        log_add(text, "; there is");
        mappings_describe(text, fault->mapping);
    }
}

static void add_access(struct log_text *text, const struct plan *plan,
                       const struct mapping_fault *fault)
{
    log_add(text, "%s", fault->write ? "writes" : "reads");
    add_range(text, fault->address, fault->bytes);
    if (fault->cpu && fault->class != MAPPING_FAULT_POOL)
        log_add(text, ", which %s may write", device_name(plan, fault->device));
    if (fault->class == MAPPING_FAULT_BEYOND)
        log_add(text, ", beyond");
    else if (fault->class == MAPPING_FAULT_NOT_MAPPED && fault->mapping)
        log_add(text, ", which is mapped for %s alone:", device_name(plan, fault->mapping->device));
    else if (fault->class == MAPPING_FAULT_NO_SYNC_FOR_DEVICE)
        log_add(text, ", of which the CPU has written 0x%llx:", (ull)fault->limit);
    else if (fault->class == MAPPING_FAULT_POOL)
        log_add(text, ", a block of a pool that nobody has");
    else if (fault->class == MAPPING_FAULT_AFTER_UNMAP)
        log_add(text, ", which was");
    else if (fault->mapping)
        log_add(text, ":");
    if (fault->mapping)
        mappings_describe(text, fault->mapping);
}

struct log_line mappings_line(const struct plan *plan, const char *of,
                              const struct mapping_fault *fault, struct log_text *text)
{
    const struct log_rule *rule = &mapping_rules[fault->class];
    *text = (struct log_text){.used = 0};
    if (fault->call)
        add_call(text, plan, fault);
    else if (fault->class == MAPPING_FAULT_ENTRIES)
        log_add(text, "more than %llu mappings, or parts of them", (ull)fault->limit);
    else if (fault->class == MAPPING_FAULT_LEAK)
        mappings_describe(text, fault->mapping);
    else
        add_access(text, plan, fault);
    log_add(text, ": %s [%s]", rule->does, rule->name);
    return (struct log_line){
        .level = rule->level, .kind = LOG_MAPPING, .of = of, .rule = rule->name};
}

void mappings_log(const struct unit *unit, const struct plan *plan, const char *of,
                  const struct mapping_fault *fault)
{
    struct log_text text;
    if (!log_wanted(unit))
        return;
    const struct log_line line = mappings_line(plan, of, fault, &text);
    log_say(unit, &line, "%s", text.text);
}
