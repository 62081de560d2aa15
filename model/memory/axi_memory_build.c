/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_memory_build: a memory on AXI is built and looked at from outside; its cycles are in axi_memory.c. */
#include "kernel/random.h"
#include "memory/axi_memory_state.h"

/* Without its fill, which has patterns of its own. */
static struct store_content content_of(const struct axi_memory_config *config)
{
    return (struct store_content){.base = config->base,
                                  .size_bytes = config->size_bytes,
                                  .loads = config->loads,
                                  .dumps = config->dumps};
}

static void fill(struct axi_memory *self, const struct build *build)
{
    const struct axi_memory_config *config = self->config;
    const struct store_content content = content_of(config);
    uint8_t *bytes = self->store->bytes;
    uint32_t s = (uint32_t)config->fill_seed;
    if (build->unfilled)
        return;
    switch ((enum axi_pattern)config->pattern) {
    case AXI_PATTERN_ZERO:
        break;
    case AXI_PATTERN_XORSHIFT32:
        for (uint64_t i = 0; i < config->size_bytes; i++) {
            s = xorshift32(s);
            bytes[i] = (uint8_t)s;
        }
        break;
    case AXI_PATTERN_COUNT:
        for (uint64_t i = 0; i < config->size_bytes; i++)
            bytes[i] = (uint8_t)i;
        break;
    }
    self->store->laid = config->pattern != AXI_PATTERN_ZERO;
    store_lay(self->store, &content, build);
}

static bool allocate(struct build *build, struct component *component, struct axi_memory *self)
{
    struct arena *arena = build->kernel->arena;
    const size_t bursts = AXI_MEMORY_BURSTS_MAX * sizeof *self->reads.bursts;
    self->store = &self->own;
    if (self->config->shares == UINT16_MAX &&
        store_create(&self->own, component, self->config->size_bytes, build) != DMASIM_OK)
        return false;
    self->reads.bursts = arena_alloc(arena, bursts);
    self->writes.bursts = arena_alloc(arena, bursts);
    self->early = arena_room(arena, (size_t)EARLY_BEATS * EARLY_BYTES);
    for (unsigned i = 0; i < 2; i++) {
        self->r_data[i] = arena_room(arena, (size_t)AXI_BEATS_MAX * AXI_BYTES_MAX);
        if (!self->r_data[i])
            return false;
    }
    /* Beats that are early have no rounds: axi_memory_round. */
    return self->reads.bursts && self->writes.bursts && self->early &&
           round_leave_out(build->kernel, self->early, (size_t)EARLY_BEATS * EARLY_BYTES) &&
           (self->config->shares != UINT16_MAX ||
            round_leave_out(build->kernel, self->own.bytes, self->config->size_bytes));
}

/* Another port of a memory: it steps after the one whose bytes it shows, so that it sees the stores of
 * the same edge. */
static int share(struct build *build, struct component *component, struct axi_memory *self)
{
    const struct component *of = &build->plan->components[SECTION_MEMORIES][self->config->shares];
    struct axi_memory *owner = of->instance;
    if (!owner || owner == self || owner->config->size_bytes != self->config->size_bytes) {
        build->check->fail(build->check, component, "shares",
                           "must be an axi-memory of the same size that stands before this one");
        return DMASIM_INVALID;
    }
    component->store = self->store = owner->store;
    owner->shared = self->shared = true;
    owner->write->steady = self->write->steady = 0;
    return kernel_order(build->kernel, &owner->unit, &self->unit);
}

/* Brings bytes to the state after the last edge. */
static void settle(void *memory)
{
    struct axi_memory *self = memory;
    const struct axi_port *writer = self->write->writer;
    const struct clock *clock = self->unit.clock;
    if (!self->train && !(writer && (writer->w_train[0].beats | writer->w_train[1].beats)))
        return;
    const sim_cycle next = clock_edge_after(clock, clock->kernel->now);
    if (next > 0)
        axi_memory_catch_up(self, next - 1);
}

static int axi_memory_create(struct build *build, struct component *component)
{
    const struct axi_memory_config *config = component->config;
    struct axi_memory *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->config = config;
    self->offset_mask = config->wraps ? config->size_bytes - 1 : UINT64_MAX;
    self->wrong_last = self->train_done = SIM_NEVER;
    if (!allocate(build, component, self))
        return DMASIM_MEMORY;
    struct axi_bus *bus = build_axi(build, config->bus);
    struct axi_bus *write_bus =
        config->write_bus == UINT16_MAX ? bus : build_axi(build, config->write_bus);
    component->clock = bus->unit.clock;
    component->instance = self;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, axi_memory_step,
               self);
    self->unit.repeat = &axi_memory_repeat;
    self->unit.round = &axi_memory_round;
    uint8_t channels = AXI_READS | (write_bus == bus ? AXI_WRITES : 0);
    self->read = build_axi_slave(build, component, bus, &self->unit, channels, config->base,
                                 config->size_bytes);
    self->write = self->read;
    if (write_bus != bus)
        self->write = build_axi_slave(build, component, write_bus, &self->unit, AXI_WRITES,
                                      config->base, config->size_bytes);
    if (!self->read || !self->write)
        return DMASIM_INVALID;
    self->lazy = (struct kernel_lazy){settle, NULL, self, NULL};
    kernel_add_lazy(build->kernel, &self->lazy);
    if (config->stalls.percent[AXI_W] == 0)
        self->write->steady = AXI_BIT_W;
    self->direct.base = config->base;
    self->direct.size_bytes = config->size_bytes;
    self->read->direct = self->write->direct = &self->direct;
    self->read_width = bus->width_bytes;
    self->write_width = write_bus->width_bytes;

    static const uint8_t numbers[AXI_CHANNELS] = {
        [AXI_AR] = 1, [AXI_R] = 2, [AXI_AW] = 3, [AXI_W] = 4, [AXI_B] = 5};
    const struct axi_memory_stalls *stalls = &config->stalls;
    for (unsigned i = 0; i < AXI_CHANNELS; i++)
        self->stall[i] =
            xorshift32_seeded((uint32_t)stalls->seed, numbers[i] + (uint32_t)stalls->generator);
    self->stalls = stalls->percent[AXI_AR] || stalls->percent[AXI_AW] || stalls->percent[AXI_W];
    if (config->shares != UINT16_MAX)
        return share(build, component, self);
    self->direct.bytes = &self->own.bytes;
    fill(self, build);
    return DMASIM_OK;
}

static void axi_memory_check(const struct plan *plan, const struct component *self,
                             struct check *check)
{
    const struct axi_memory_config *config = self->config;
    const struct component *buses = plan->components[SECTION_BUSES];
    const struct axi_bus_config *bus = buses[config->bus].config;
    if (config->write_bus != UINT16_MAX) {
        const struct axi_bus_config *write_bus = buses[config->write_bus].config;
        if (write_bus->clock != bus->clock)
            check->fail(check, self, "write_bus", "must have the clock of `bus`");
    }
    if (config->size_bytes % AXI_KIB4)
        check->fail(check, self, "size", "must be a multiple of 4 KiB");
    if (config->base % AXI_KIB4)
        check->fail(check, self, "base", "must be a multiple of 4 KiB");
    const struct store_content content = content_of(config);
    store_check(&content, self, check);
}

static bool axi_memory_region(const struct component *self, uint32_t index,
                              struct component_region *region)
{
    const struct axi_memory_config *config = self->config;
    const bool apart = config->write_bus != UINT16_MAX && config->write_bus != config->bus;
    *region = (struct component_region){.bus = index ? config->write_bus : config->bus,
                                        .base = config->base,
                                        .bytes = config->size_bytes,
                                        .use = !apart  ? REGION_ANY
                                               : index ? REGION_WRITES
                                                       : REGION_READS};
    return index < 1u + apart;
}

sim_cycle axi_memory_wrong_last(const struct component *component)
{
    const struct axi_memory *self = component->instance;
    return self->wrong_last;
}

static bool axi_memory_output(const struct component *self, uint32_t index,
                              struct component_output *output)
{
    const struct axi_memory_config *config = self->config;
    return store_output(self, &config->dumps, index, output);
}

const struct component_type axi_memory_type = {
    .name = "axi-memory",
    .section = SECTION_MEMORIES,
    .doc = "A memory on AXI with latencies, outstanding limits and seeded stalls.",
    .config_bytes = sizeof(struct axi_memory_config),
    .parameters = axi_memory_parameters,
    .state = &axi_memory_state,
    .create = axi_memory_create,
    .check = axi_memory_check,
    .region = axi_memory_region,
    .access = store_access,
    .output = axi_memory_output,
};
