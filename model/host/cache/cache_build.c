/* SPDX-License-Identifier: BSD-2-Clause */
/* cache_build: parameters, checks, building and figures of a CPU's cache; the model is in cache.c. */
#include <string.h>

#include "bus/ahb/ahb.h"
#include "bus/axi/axi_crossbar.h"
#include "host/cache/cache.h"

/* ---- building -------------------------------------------------------------------------------- */

struct cache *cache_create(struct build *build, const struct cache_config *config, const char *name,
                           struct host_port *bus, struct unit *unit)
{
    struct arena *arena = build->kernel->arena;
    struct cache *self = arena_alloc(arena, sizeof *self);
    if (!self)
        return NULL;
    *self = (struct cache){.port = *bus, .bus = bus, .unit = unit, .name = name, .config = config};
    self->port.type = &cache_port_type;
    self->port.line_bytes = config->line_bytes;
    self->buffer = arena_alloc(arena, (config->buffer_entries + 1) * sizeof *self->buffer);
    return self->buffer && cache_lines_create(&self->lines, arena, config,
                                              build_random(build, config->seed))
               ? self
               : NULL;
}

/* The bus, and the CPU's index among its masters. */
static const void *place_on(const struct component *bus, const char *name, uint32_t *master)
{
    *master = 0;
    if (strcmp(bus->type->name, "axi") == 0) {
        const struct axi_bus *axi = bus->instance;
        while (*master + 1 < axi->master_count && strcmp(axi->masters[*master]->name, name) != 0)
            ++*master;
        return axi;
    }
    const struct ahb_bus *ahb = bus->instance;
    while (*master + 1 < ahb->master_count && strcmp(ahb->masters[*master].name, name) != 0)
        ++*master;
    return ahb;
}

/* In a cycle memories take and give their bytes before the CPU does something with its cache. */
static int order_memory(struct build *build, const struct component *memory, struct unit *cpu)
{
    for (struct unit *unit = build->kernel->units; unit; unit = unit->link)
        if (unit->self == memory->instance && unit->clock == cpu->clock)
            return kernel_order(build->kernel, unit, cpu);
    return DMASIM_OK;
}

static int add_window(struct build *build, struct cache *self, struct component *memory,
                      const struct component_region *region, const struct component *bus)
{
    struct store *store = memory->store;
    struct ideal *ideal = store->ideal ? store->ideal : ideal_create(build, memory, region->base);
    struct ideal_cache joins = {.cpu = self->name, .holds = cache_holds, .self = self};
    if (!ideal)
        return DMASIM_MEMORY;
    joins.bus = place_on(bus, self->name, &joins.master);
    if (!ideal_join(ideal, &joins)) {
        build->check->fail(build->check, memory, NULL, "%d caches at most have lines of it",
                           IDEAL_CACHES);
        return DMASIM_INVALID;
    }
    self->windows[self->window_count++] = (struct cache_window){
        .base = region->base,
        .last = region->base + (region->bytes - 1),
        .ideal = ideal,
        .offset = region->offset,
    };
    return order_memory(build, memory, self->unit);
}

/* Ports of one memory follow each other's bytes. */
static int order_ports(struct build *build, struct cache *self)
{
    const struct plan *plan = build->plan;
    int code = DMASIM_OK;
    for (uint32_t i = 0; i < plan->counts[SECTION_MEMORIES] && code == DMASIM_OK; i++) {
        const struct component *memory = &plan->components[SECTION_MEMORIES][i];
        bool ours = false;
        for (uint32_t j = 0; j < self->window_count; j++)
            ours |= memory->store && memory->store->ideal == self->windows[j].ideal;
        if (ours)
            code = order_memory(build, memory, self->unit);
    }
    return code;
}

/* Caches that work on one memory in one cycle do so in the order of their CPUs. */
static int order_caches(struct build *build, struct cache *self, uint32_t index)
{
    int code = DMASIM_OK;
    for (uint32_t i = 0; i < index && code == DMASIM_OK; i++) {
        const struct component *other = &build->plan->components[SECTION_CPUS][i];
        for (struct unit *unit = build->kernel->units; unit; unit = unit->link)
            if (unit->self == other->instance && unit->clock == self->unit->clock)
                code = kernel_order(build->kernel, unit, self->unit);
    }
    return code;
}

/* A port's name is its component's, or that and a suffix. */
static bool is_named(const char *port, const char *name)
{
    const size_t length = strlen(name);
    return strncmp(port, name, length) == 0 &&
           (!port[length] || port[length] == '.' || port[length] == '_');
}

static bool is_coherent(bool all, const struct parameter_list *list, const char *port)
{
    const char *const *names = list->items;
    for (uint32_t i = 0; i < list->count; i++)
        if (is_named(port, names[i]))
            return true;
    return all;
}

static struct snoop_gate *add_gate(struct build *build, struct cache *self, struct unit *side)
{
    struct snoop_gate *gate = arena_alloc(build->kernel->arena, sizeof *gate);
    if (!gate || kernel_order(build->kernel, side, self->unit) != DMASIM_OK)
        return NULL;
    gate->unit = side;
    gate->snooper = self->unit;
    gate->next = self->gates;
    self->gates = gate;
    return gate;
}

static int gate_axi(struct build *build, struct cache *self, const struct axi_bus *bus, bool *taken)
{
    for (uint32_t i = 0; i < bus->master_count; i++) {
        struct axi_port *port = bus->masters[i];
        *taken |= axi_crossbar_gated(port);
        if (strcmp(port->name, self->name) == 0 ||
            !is_coherent(bus->config.coherent, &bus->config.coherent_masters, port->name))
            continue;
        for (int write = 0; write < 2 && !*taken; write++) {
            if (!(port->channels & (write ? AXI_WRITES : AXI_READS)))
                continue;
            struct snoop_gate *gate = add_gate(build, self, &port->bus->unit);
            if (!gate || !axi_crossbar_gate(port, write, gate))
                return DMASIM_MEMORY;
        }
    }
    return DMASIM_OK;
}

static int gate_ahb(struct build *build, struct cache *self, struct ahb_bus *bus, bool *taken)
{
    for (uint32_t i = 0; i < AHB_MASTERS_MAX; i++) {
        const struct ahb_port *port = &bus->masters[i];
        *taken |= bus->gates[i] != NULL;
        if (!port->name || strcmp(port->name, self->name) == 0 || *taken ||
            !is_coherent(bus->config.coherent, &bus->config.coherent_masters, port->name))
            continue;
        bus->gates[i] = add_gate(build, self, port->unit);
        if (!bus->gates[i])
            return DMASIM_MEMORY;
    }
    return DMASIM_OK;
}

static int add_gates(struct build *build, struct cache *self, const struct component *cpu,
                     const struct component *bus)
{
    bool taken = false;
    const int code = strcmp(bus->type->name, "axi") == 0
                         ? gate_axi(build, self, bus->instance, &taken)
                         : gate_ahb(build, self, bus->instance, &taken);
    if (!taken)
        return code;
    build->check->fail(build->check, cpu, "cache",
                       "masters of bus '%s' are coherent with the cache of another CPU: only one "
                       "CPU of such a bus has a cache",
                       bus->name);
    return DMASIM_INVALID;
}

int cache_complete(struct build *build, struct cache *self, const struct component *cpu,
                   uint16_t bus, const struct cache_range *descriptors)
{
    const struct plan *plan = build->plan;
    const struct cache_range *ranges = self->config->uncached.items;
    const uint32_t count = self->config->uncached.count;
    self->uncached = arena_alloc(build->kernel->arena, (count + 1) * sizeof *self->uncached);
    self->windows = arena_alloc(build->kernel->arena,
                                (plan->counts[SECTION_MEMORIES] + 1) * sizeof *self->windows);
    if (!self->uncached || !self->windows)
        return DMASIM_MEMORY;
    for (uint32_t i = 0; i < count; i++)
        self->uncached[self->uncached_count++] = ranges[i];
    if (descriptors->bytes && self->config->descriptors == CACHE_DESCRIPTORS_UNCACHED)
        self->uncached[self->uncached_count++] = *descriptors;
    int code = DMASIM_OK;
    for (uint32_t i = 0; i < plan->counts[SECTION_MEMORIES] && code == DMASIM_OK; i++) {
        struct component *memory = &plan->components[SECTION_MEMORIES][i];
        struct component_region region;
        if (memory->store && component_region(memory, 0, &region) && region.bus == bus)
            code = add_window(build, self, memory, &region, &plan->components[SECTION_BUSES][bus]);
    }
    if (code == DMASIM_OK)
        code = order_ports(build, self);
    if (code == DMASIM_OK)
        code = add_gates(build, self, cpu, &plan->components[SECTION_BUSES][bus]);
    return code == DMASIM_OK
               ? order_caches(build, self, (uint32_t)(cpu - plan->components[SECTION_CPUS]))
               : code;
}

/* ---- checks ---------------------------------------------------------------------------------- */

void cache_check(const struct plan *plan, const struct component *cpu, uint16_t bus,
                 const struct cache_config *config, struct check *check)
{
    const char *type = plan->components[SECTION_BUSES][bus].type->name;
    const uint64_t way = (uint64_t)config->line_bytes * config->ways;
    const struct cache_range *ranges = config->uncached.items;
    if (strcmp(type, "ahb") != 0 && strcmp(type, "axi") != 0)
        check->fail(check, cpu, "cache", "a CPU on a bus of type %s has none: ahb or axi", type);
    if (config->size_bytes % way != 0 ||
        (config->size_bytes / way & (config->size_bytes / way - 1)))
        check->fail(check, cpu, "cache.size",
                    "must be %llu bytes (ways * line) times a power of 2: %llu is",
                    (unsigned long long)way, (unsigned long long)way);
    for (uint32_t i = 0; i < config->uncached.count; i++)
        if (ranges[i].base > UINT64_MAX - (ranges[i].bytes - 1))
            check->fail(check, cpu, "cache.uncached", "item %u reaches beyond 64 bits", i);
}

/* ---- figures --------------------------------------------------------------------------------- */

#define FIGURE(member, label, of, text) COUNTER(cache_figures, member, label, of, text)

static const struct counter cache_table[] = {
    FIGURE(accesses, "lookups", "lines",
           "lines that reads and writes of the CPU touched, but for those past the cache"),
    FIGURE(hits, "hits", "lines", "of them, those that were there"),
    COUNTER_RATIO(cache_figures, hits, 100, accesses, 1, "hit_percent", "%", "share of hits"),
    FIGURE(read_hits, "read_hits", "lines", "of the hits, reads"),
    FIGURE(read_misses, "read_misses", "lines", "reads of lines that were not there"),
    FIGURE(write_hits, "write_hits", "lines", "of the hits, writes"),
    FIGURE(write_misses, "write_misses", "lines", "writes of lines that were not there"),
    FIGURE(uncached, "uncached", "accesses", "accesses past the cache"),
    FIGURE(fills, "fills", "lines", "lines read from memory"),
    FIGURE(evictions, "evictions", "lines", "dirty lines that made room for others"),
    FIGURE(write_backs, "write_backs", "accesses",
           "lines and stores that it wrote to memory, but for stores past a write buffer that it "
           "does not have"),
    FIGURE(through, "write_through", "accesses",
           "stores that were to be written at once: of write_through, or misses without "
           "write_allocate"),
    FIGURE(cleaned, "cleaned", "lines", "dirty lines that software had written back"),
    FIGURE(invalidated, "invalidated", "lines", "lines that software dropped"),
    FIGURE(dropped, "dropped_dirty", "lines", "of them, dirty ones, whose stores are lost"),
    FIGURE(buffer_full, "buffer_full", "times",
           "accesses that waited for room in the write buffer"),
    FIGURE(snoops, "snoops", "lines", "lines looked up for coherent masters"),
    FIGURE(snoop_hits, "snoop_hits", "lines", "of them, those that were there"),
    FIGURE(snoop_write_backs, "snoop_write_backs", "lines", "of them, dirty ones, written back"),
    FIGURE(errors, "errors", "accesses", "of what it wrote, answered with an error"),
    {.name = NULL},
};

static const struct counter stale_table[] = {
    COUNTER(ideal_figures, stale_reads, "stale_reads", "reads",
            "reads of memory or a cache that gave bytes other than those written last"),
    COUNTER(ideal_figures, stale_bytes, "stale_bytes", "bytes", "bytes that they gave"),
    {.name = NULL},
};

bool cache_counters(const struct cache *self, uint32_t index, struct counter_part *part)
{
    enum { CACHE_PART = 4096 }; /* above the ids of the CPU's other parts */
    if (index == 0) {
        counter_tell(part, COUNTERS_CPU, CACHE_PART, cache_table, &self->figures,
                     sizeof self->figures);
        part->sub[0] = "cache";
        return true;
    }
    if (--index >= self->window_count)
        return false;
    const struct ideal *ideal = self->windows[index].ideal;
    counter_tell(part, COUNTERS_CPU, CACHE_PART + 1 + index, stale_table, &ideal->figures,
                 sizeof ideal->figures);
    part->sub[0] = "cache";
    part->sub[1] = ideal->name;
    part->hidden = ideal->caches[0].self != self; /* the first cache tells it */
    part->about = ideal->figures.stale_reads ? "stale bytes were read" : NULL;
    return true;
}

/* ---- parameters ------------------------------------------------------------------------------ */

static const char *const policy_names[] = {
    [CACHE_WRITE_BACK] = "write_back", [CACHE_WRITE_THROUGH] = "write_through", NULL};
static const char *const replacement_names[] = {[CACHE_LRU] = "lru",
                                                [CACHE_PLRU] = "plru",
                                                [CACHE_FIFO] = "fifo",
                                                [CACHE_RANDOM] = "random",
                                                NULL};
static const char *const descriptor_names[] = {
    [CACHE_DESCRIPTORS_UNCACHED] = "uncached", [CACHE_DESCRIPTORS_CACHED] = "cached", NULL};

static const struct parameter range_parameters[] = {
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(cache_range, base),
     .max = UINT64_MAX,
     .doc = "First address."},
    {.name = "bytes",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(cache_range, bytes),
     .min = 1,
     .max = STORE_BYTES_MAX,
     .doc = "Length; lines of which a part lies in it are not cached."},
    {.name = NULL},
};

#define CYCLES(label, member, first, least, text)                                                  \
    {                                                                                              \
        .name = (label), .kind = PARAMETER_UINT, PARAMETER_AT(cache_config, member),               \
        .initial = (first), .min = (least), .max = 100000, .doc = (text)                           \
    }

const struct parameter cache_parameters[] = {
    {.name = "given", .kind = PARAMETER_GIVEN, PARAMETER_AT(cache_config, given)},
    {.name = "size",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(cache_config, size_bytes),
     .initial = 16384,
     .min = 16,
     .max = 16 << 20,
     .doc = "Bytes of all lines: ways * line times a power of 2."},
    {.name = "line",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(cache_config, line_bytes),
     .initial = 32,
     .min = 16,
     .max = CACHE_LINE_MAX,
     .doc = "Bytes of a line."},
    {.name = "ways",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(cache_config, ways),
     .initial = 4,
     .min = 1,
     .max = CACHE_WAYS_MAX,
     .doc = "Places a line may have; with as many as there are lines it is fully associative."},
    {.name = "policy",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(cache_config, policy),
     .names = policy_names,
     .doc = "Stores stay in the line until it is written back, or go to memory at once."},
    {.name = "write_allocate",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(cache_config, write_allocate),
     .initial = 1,
     .doc = "A store that misses reads its line first; if not, it goes to memory."},
    {.name = "replacement",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(cache_config, replacement),
     .names = replacement_names,
     .doc = "Which line makes room: the one least recently used, a tree that comes near that, the "
            "one filled first, any."},
    {.name = "seed",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cache_config, seed),
     .initial = 1,
     .max = UINT64_MAX,
     .doc = "Seed of the replacement random."},
    CYCLES("hit_latency", hit_cycles, 1, 1, "Cycles of an access that hits."),
    CYCLES("miss_latency", miss_cycles, 1, 1,
           "Cycles from the start of an access that misses to its asking for the bus."),
    CYCLES("maintenance_latency", maintenance_cycles, 2, 1,
           "Cycles in which software cleans or invalidates a line, without its write-back."),
    CYCLES("snoop_latency", snoop_cycles, 1, 1,
           "Cycles in which a line is looked up for a coherent master, without its write-back."),
    {.name = "write_buffer",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cache_config, buffer_entries),
     .initial = 4,
     .max = CACHE_BUFFER_MAX,
     .doc = "Lines and stores that may wait to be written; 0: there is no buffer."},
    {.name = "descriptors",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(cache_config, descriptors),
     .names = descriptor_names,
     .doc = "Whether the memory in which drivers build descriptors is cached; drivers do not "
            "maintain it."},
    {.name = "uncached",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(cache_config, uncached),
     .sub = range_parameters,
     .item_bytes = sizeof(struct cache_range),
     .doc = "Memory that is not cached."},
    {.name = NULL},
};
