/* SPDX-License-Identifier: BSD-2-Clause */
/* cpu_mappings: see cpu_mappings.h. */
#include "host/cpu/cpu_mappings.h"

#include <stdio.h>

#include "host/cpu/cpu.h"
#include "plan/route.h"

static const char *const area_names[] = {[CPU_AREA_STACK] = "stack",
                                         [CPU_AREA_TEXT] = "text",
                                         [CPU_AREA_RODATA] = "rodata",
                                         [CPU_AREA_VMALLOC] = "vmalloc",
                                         NULL};

/* ---- building -------------------------------------------------------------------------------- */

uint16_t cpu_mappings_of(const struct plan *plan, const struct component *controller)
{
    uint16_t index = component_reference(controller, REFERS_CPU);
    if (index == UINT16_MAX)
        index = 0;
    return index < plan->counts[SECTION_CPUS] ? index : UINT16_MAX;
}

static void tell(void *context, const struct mapping_fault *fault)
{
    const struct cpu *self = context;
    const struct plan *plan = self->mappings->plan;
    const char *of = fault->call ? fault->call->by.entry : NULL;
    if (!fault->call && fault->cpu)
        of = self->mappings->software;
    else if (!fault->call && fault->device < plan->counts[SECTION_CONTROLLERS])
        of = plan->components[SECTION_CONTROLLERS][fault->device].name;
    mappings_log(&self->unit, plan, of, fault);
}

static void configure_devices(struct cpu_mappings *self)
{
    const struct cpu_device_config *devices = self->config->devices.items;
    for (uint32_t i = 0; i < self->config->devices.count; i++) {
        struct mapping_device *device = &self->tracker.devices[devices[i].controller];
        device->mask = UINT64_MAX >> (64 - devices[i].mask_bits);
        device->max_segment = devices[i].max_segment ? devices[i].max_segment : UINT64_MAX;
        device->boundary = devices[i].boundary;
        device->coherent = devices[i].coherent;
    }
}

/* Beats that devices may have between two edges of the CPU. */
static uint32_t most_heard(const struct plan *plan, const struct clock *clock)
{
    enum { BEATS = 8 }; /* at one edge of a device: data in and out, descriptors, of two ports */
    uint64_t most = BEATS;
    for (uint32_t i = 0; i < plan->counts[SECTION_CONTROLLERS]; i++) {
        const struct clock *theirs = plan->components[SECTION_CONTROLLERS][i].clock;
        most += BEATS * (theirs ? clock->period_ps / theirs->period_ps + 2 : 2);
    }
    return (uint32_t)(most < 65536 ? most : 65536);
}

int cpu_mappings_create(struct build *build, struct cpu *self, uint16_t bus)
{
    const struct cpu_mappings_config *config = &self->config->mappings;
    struct arena *arena = build->kernel->arena;
    if (!config->given)
        return DMASIM_OK;
    struct cpu_mappings *made = arena_alloc(arena, sizeof *made);
    if (!made)
        return DMASIM_MEMORY;
    self->mappings = made;
    made->config = config;
    made->plan = build->plan;
    made->bus = bus;
    made->areas = arena_alloc(arena, (config->areas.count + 1) * sizeof *made->areas);
    if (!made->areas ||
        !mappings_create(&made->tracker, arena, build->plan->counts[SECTION_CONTROLLERS],
                         config->entries, tell, self))
        return DMASIM_MEMORY;
    if (config->bounce.given &&
        !bounce_create(&made->bounce, arena, config->bounce.base, config->bounce.bytes))
        return DMASIM_MEMORY;
    const struct cpu_area_config *areas = config->areas.items;
    for (uint32_t i = 0; i < config->areas.count; i++)
        made->areas[i] = (struct mapping_area){.what = area_names[areas[i].kind],
                                               .base = areas[i].base,
                                               .bytes = areas[i].bytes,
                                               .stack = areas[i].kind == CPU_AREA_STACK};
    made->tracker.areas = made->areas;
    made->tracker.area_count = config->areas.count;
    made->tracker.line_bytes =
        self->config->cache.given ? self->config->cache.line_bytes : config->line_bytes;
    configure_devices(made);
    return DMASIM_OK;
}

int cpu_mappings_complete(struct build *build, struct cpu *self)
{
    struct cpu_mappings *mappings = self->mappings;
    if (!mappings || !mappings->config->watch)
        return DMASIM_OK;
    mappings->heard_room = most_heard(build->plan, self->unit.clock);
    mappings->heard =
        arena_alloc(build->kernel->arena, mappings->heard_room * sizeof *mappings->heard);
    return mappings->heard ? DMASIM_OK : DMASIM_MEMORY;
}

void cpu_mappings_check(const struct plan *plan, const struct component *component,
                        struct check *check)
{
    const struct cpu_mappings_config *config =
        &((const struct cpu_config *)component->config)->mappings;
    const struct cpu_device_config *devices = config->devices.items;
    const struct cpu_bounce_config *bounce = &config->bounce;
    struct plan_route route;
    if (bounce->given && bounce->base % BOUNCE_SLOT_BYTES)
        check->fail(check, component, "mappings.bounce.base", "must be a multiple of %u",
                    BOUNCE_SLOT_BYTES);
    else if (bounce->given &&
             (!plan_route(plan, ((const struct cpu_config *)component->config)->bus, bounce->base,
                          REGION_ANY, &route) ||
              route.component->type->section != SECTION_MEMORIES || bounce->bytes > route.bytes))
        check->fail(check, component, "mappings.bounce", "0x%jx .. 0x%jx is not in a memory",
                    (uintmax_t)bounce->base, (uintmax_t)(bounce->base + bounce->bytes - 1));
    for (uint32_t i = 0; i < config->devices.count; i++) {
        const uint16_t of = devices[i].controller;
        char path[64];
        if (of >= plan->counts[SECTION_CONTROLLERS])
            continue;
        const struct component *controller = &plan->components[SECTION_CONTROLLERS][of];
        const uint16_t cpu = cpu_mappings_of(plan, controller);
        snprintf(path, sizeof path, "mappings.devices.%u.controller", i);
        if (cpu < plan->counts[SECTION_CPUS] && &plan->components[SECTION_CPUS][cpu] != component)
            check->fail(check, component, path, "the driver of %s runs on %s", controller->name,
                        plan->components[SECTION_CPUS][cpu].name);
        for (uint32_t k = 0; k < i; k++)
            if (devices[k].controller == of)
                check->fail(check, component, path, "%s stands in the list twice",
                            controller->name);
    }
}

/* ---- accesses -------------------------------------------------------------------------------- */

/* What the CPU's bus has at a device's address; false: it is no memory, or the CPU does not reach it. */
static bool find_window(struct cpu_mappings *self, uint64_t address)
{
    struct plan_route route;
    uint64_t seen = address;
    if (!plan_route(self->plan, self->bus, address, REGION_ANY, &route)) {
        if (!plan_route(self->plan, ROUTE_ANY_BUS, address, REGION_ANY, &route) ||
            !plan_reach(self->plan, self->bus, route.region.bus, route.address, &seen))
            return false;
    }
    self->window.first = address;
    self->window.end = address + route.bytes;
    self->window.shift = seen - address;
    self->window.memory = route.component->type->section == SECTION_MEMORIES;
    return true;
}

void cpu_mappings_hear(struct cpu *self, uint16_t device, const struct dma_beat_record *record)
{
    struct cpu_mappings *mappings = self->mappings;
    const uint64_t address = record->address;
    if (mappings->window.end <= address || mappings->window.first > address)
        if (!find_window(mappings, address))
            return;
    const uint64_t seen = address + mappings->window.shift;
    const bool descriptor = record->purpose >= DMA_DESCRIPTOR;
    if (!mappings->window.memory || record->error ||
        (descriptor && seen >= self->heap_base && seen - self->heap_base < self->heap_bytes))
        return;
    if (mappings->heard_count == mappings->heard_room)
        cpu_mappings_judge(self, SIM_NEVER);
    mappings->heard[mappings->heard_count++] = (struct cpu_heard){
        .at = self->kernel->now,
        .device = device,
        .write = record->purpose == DMA_DESTINATION || record->purpose == DMA_WRITEBACK,
        .address = seen,
        .bytes = record->bytes,
    };
    unit_wake(&self->unit);
}

/* Controllers of one edge are heard in the order in which they are stepped: by device, then. */
void cpu_mappings_judge(struct cpu *self, sim_time before)
{
    struct cpu_mappings *mappings = self->mappings;
    const uint32_t devices = mappings->tracker.device_count;
    for (uint32_t device = 0; mappings->heard_count && device < devices; device++)
        for (uint32_t i = 0; i < mappings->heard_count; i++) {
            const struct cpu_heard *one = &mappings->heard[i];
            if (one->device == device && one->at < before)
                mappings_device_access(&mappings->tracker, one->device, one->address, one->bytes,
                                       one->write);
        }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < mappings->heard_count; i++)
        if (mappings->heard[i].at >= before)
            mappings->heard[kept++] = mappings->heard[i];
    mappings->heard_count = kept;
}

void cpu_mappings_access(struct cpu *self, const char *software, uint64_t address, uint64_t bytes,
                         bool write)
{
    struct cpu_mappings *mappings = self->mappings;
    if (!mappings->tracker.count)
        return;
    mappings->software = software;
    mappings_cpu_access(&mappings->tracker, address, bytes, write);
}

bool cpu_mappings_uncached(const struct cpu *self, uint64_t address, uint64_t bytes)
{
    const struct mappings *tracker = &self->mappings->tracker;
    const struct mapping *one;
    uint32_t at = MAPPING_NONE;
    while (tracker->count &&
           (one = mapping_index_meets(tracker, &tracker->by_memory, address, bytes, &at)))
        if (one->kind == MAPPING_COHERENT && !tracker->devices[one->device].coherent)
            return true;
    return false;
}

void cpu_mappings_advise(struct cpu *self, const struct stale_record *record)
{
    /* Without a mapping, with one. */
    static const char *const missed[][2] = {
        [STALE_DIRTY] = {"map_single (to_device) behind the write, before the transfer",
                         "sync_for_device behind the write, before the transfer"},
        [STALE_CACHED] =
            {"map_single (from_device) before the transfer and unmap_single behind it, "
             "before the read",
             "sync_for_cpu behind the transfer, before the read"},
        [STALE_LOST] = {"a buffer on cache lines of its own",
                        "a buffer on cache lines of its own, or a sync_for_device behind the "
                        "write"},
    };
    const struct mappings *tracker = &self->mappings->tracker;
    uint32_t at = MAPPING_NONE;
    const struct mapping *one =
        mapping_index_meets(tracker, &tracker->by_memory, record->address, record->bytes, &at);
    struct log_text text = {.used = 0};
    if (!log_wanted(&self->unit))
        return;
    log_add(&text, "0x%08llx would not be stale by %s", (unsigned long long)record->address,
            missed[record->cause][one != NULL]);
    if (one) {
        log_add(&text, "; there is");
        mappings_describe(&text, one);
    }
    log_say(&self->unit,
            &(struct log_line){.level = LOG_NOTE, .kind = LOG_STALE, .of = record->reader}, "%s",
            text.text);
}

bool cpu_mappings_left(const struct component *component, uint32_t index, struct log_line *line,
                       struct log_text *text)
{
    const struct cpu *self = component->instance;
    const struct mapping *left =
        self->mappings ? mappings_active(&self->mappings->tracker, index) : NULL;
    if (!left)
        return false;
    const struct mapping_fault fault = {
        .class = MAPPING_FAULT_LEAK, .mapping = left, .device = left->device};
    *line = mappings_line(self->mappings->plan, left->by.entry ? left->by.entry : self->name,
                          &fault, text);
    return true;
}

/* ---- figures --------------------------------------------------------------------------------- */

static const struct counter mapping_table[] = {
    COUNTER(cpu_mapping_figures, maps, "maps", "calls",
            "mappings and allocations that were asked for"),
    COUNTER(cpu_mapping_figures, unmaps, "unmaps", "calls", "mappings undone, allocations freed"),
    COUNTER(cpu_mapping_figures, syncs, "syncs", "calls", "syncs, for the CPU or for a device"),
    COUNTER(cpu_mapping_figures, bytes, "bytes", "bytes", "length of what was mapped"),
    COUNTER_STEADY(cpu_mapping_figures, most, "most", "mappings", "most that there were at a time"),
    COUNTER(cpu_mapping_figures, bounced, "bounced", "bytes",
            "of them and of their syncs, copied into or out of bounce buffers"),
    COUNTER(cpu_mapping_figures, lines, "lines", "lines",
            "cache lines that these calls had to maintain"),
    COUNTER(cpu_mapping_figures, cycles, "cycles", "cycles",
            "what these calls took of the CPU by `map_cycles` and so on"),
    {.name = NULL},
};

#define MAPPING_FAULT(id, member, rule)                                                            \
    COUNTER(mapping_faults, member, #member, "faults", "faults [" rule "] of docs/log.md"),
static const struct counter fault_table[] = {
    MAPPING_FAULT_MAP(MAPPING_FAULT){.name = NULL},
};
#undef MAPPING_FAULT

bool cpu_mappings_counters(const struct cpu *self, uint32_t index, struct counter_part *part)
{
    const struct cpu_mappings *mappings = self->mappings;
    if (!mappings || index > 1)
        return false;
    if (index == 0) {
        struct cpu_mapping_figures figures = mappings->figures;
        figures.maps = mappings->tracker.figures.maps;
        figures.unmaps = mappings->tracker.figures.unmaps;
        figures.syncs = mappings->tracker.figures.syncs;
        figures.bytes = mappings->tracker.figures.bytes;
        figures.most = mappings->tracker.figures.most;
        counter_tell(part, COUNTERS_CPU, 1, mapping_table, &figures, sizeof figures);
        part->sub[0] = "mappings";
        return true;
    }
    struct mapping_faults faults = mappings->tracker.faults;
    faults.leak = mappings->tracker.count; /* so far */
    counter_tell(part, COUNTERS_CPU, 2, fault_table, &faults, sizeof faults);
    part->sub[0] = "mappings";
    part->sub[1] = "faults";
    return true;
}

/* ---- parameters ------------------------------------------------------------------------------ */

static const struct parameter area_parameters[] = {
    {.name = "kind",
     .kind = PARAMETER_ENUM,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(cpu_area_config, kind),
     .names = area_names,
     .doc = "stack, text, rodata or vmalloc (not mapped linearly)."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(cpu_area_config, base),
     .doc = "First address, as the CPU's bus has it."},
    {.name = "bytes",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(cpu_area_config, bytes),
     .min = 1,
     .max = UINT64_C(1) << 40,
     .doc = "Length."},
    {.name = NULL},
};

static const struct parameter bounce_parameters[] = {
    {.name = "given", .kind = PARAMETER_GIVEN, PARAMETER_AT(cpu_bounce_config, given)},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(cpu_bounce_config, base),
     .doc = "First address, a multiple of 2 KiB, as the CPU's bus and the devices have it."},
    {.name = "bytes",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(cpu_bounce_config, bytes),
     .min = BOUNCE_SLOT_BYTES,
     .max = UINT64_C(1) << 30,
     .doc = "Length; it is lent in slots of 2 KiB."},
    {.name = "force",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(cpu_bounce_config, force),
     .doc = "Buffers that their device reaches are copied too (swiotlb=force)."},
    {.name = NULL},
};

static const struct parameter device_parameters[] = {
    {.name = "controller",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_CONTROLLER,
     PARAMETER_AT(cpu_device_config, controller),
     .doc = "Controller whose driver runs on this CPU."},
    {.name = "mask_bits",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_device_config, mask_bits),
     .initial = 64,
     .min = 1,
     .max = 64,
     .doc = "Address bits of its DMA mask, until a program sets another (`dma_mask`)."},
    {.name = "max_segment",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(cpu_device_config, max_segment),
     .max = UINT64_C(1) << 40,
     .doc = "Longest entry of a scatter list that it takes, dma_set_max_seg_size(); 0: any."},
    {.name = "boundary",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(cpu_device_config, boundary),
     .initial = UINT64_C(1) << 32,
     .min = 1,
     .max = UINT64_C(1) << 40,
     .doc = "An entry of a scatter list must not cross a multiple of it, "
            "dma_set_seg_boundary()."},
    {.name = "coherent",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(cpu_device_config, coherent),
     .doc = "Its accesses are snooped: no cache line has to be maintained for it."},
    {.name = NULL},
};

const struct parameter cpu_mappings_parameters[] = {
    {.name = "given", .kind = PARAMETER_GIVEN, PARAMETER_AT(cpu_mappings_config, given)},
    {.name = "calls",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(cpu_mappings_config, calls),
     .initial = true,
     .doc = "Calls of `work` map, sync and unmap their buffers, as `mapping` of each says."},
    {.name = "watch",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(cpu_mappings_config, watch),
     .initial = true,
     .doc = "What controllers read and write is held against the mappings. Then no transfer of "
            "theirs passes in closed form."},
    {.name = "merge",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(cpu_mappings_config, merge),
     .initial = true,
     .doc = "Entries of a scatter list that lie side by side become one, as far as the device "
            "takes it."},
    {.name = "line_bytes",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(cpu_mappings_config, line_bytes),
     .initial = 64,
     .min = 1,
     .max = 4096,
     .doc =
         "Bytes of a cache line, dma_get_cache_alignment(); of a CPU with a `cache` those of its "
         "lines."},
    {.name = "entries",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_mappings_config, entries),
     .initial = 4096,
     .min = 1,
     .max = 1u << 20,
     .doc = "Most mappings at a time; beyond that nothing is judged any more."},
    {.name = "map_cycles",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_mappings_config, map_cycles),
     .max = 1000000,
     .doc = "Cycles of computing that mapping or allocating a buffer, or an entry of a scatter "
            "list, takes, without the lines."},
    {.name = "unmap_cycles",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_mappings_config, unmap_cycles),
     .max = 1000000,
     .doc = "The same for unmapping and freeing."},
    {.name = "sync_cycles",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_mappings_config, sync_cycles),
     .max = 1000000,
     .doc = "The same for a sync."},
    {.name = "line_cycles",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_mappings_config, line_cycles),
     .max = 1000000,
     .doc = "Cycles that maintaining a cache line takes: each line of a buffer when it is mapped "
            "or synced for the device, and, if the device may write, when it is unmapped or synced "
            "for the CPU."},
    {.name = "bounce",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(cpu_mappings_config, bounce),
     .sub = bounce_parameters,
     .doc =
         "Memory that devices reach, into which and out of which buffers are copied that they do "
         "not (swiotlb); if not given, mapping such a buffer fails."},
    {.name = "areas",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(cpu_mappings_config, areas),
     .sub = area_parameters,
     .item_bytes = sizeof(struct cpu_area_config),
     .doc = "Memory in which no buffer for DMA may lie."},
    {.name = "devices",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(cpu_mappings_config, devices),
     .sub = device_parameters,
     .item_bytes = sizeof(struct cpu_device_config),
     .doc = "What drivers say of their devices; one that is not in the list reaches everything."},
    {.name = NULL},
};
