/* SPDX-License-Identifier: BSD-2-Clause */
/* fifo_device_build: the FIFO device as a component; the model is in fifo_device.c. */
#include "bus/figures.h"
#include "bus/records.h"
#include "peripherals/fifo_device_state.h"
#include "plan/log.h"

#define PS_PER_SECOND UINT64_C(1000000000000)

/* ---- building ------------------------------------------------------------------------------ */

static int fifo_create_links(struct build *build, struct component *component, struct fifo *self)
{
    const struct fifo_config *config = self->config;
    int code = build_ahb_slave(build, component, self->bus, &self->unit, config->base,
                               FIFO_WINDOW_BYTES, &self->slave);
    if (code != DMASIM_OK)
        return code;
    if (config->controller == UINT16_MAX)
        return DMASIM_OK;
    const struct component *controller =
        &build->plan->components[SECTION_CONTROLLERS][config->controller];
    self->lines = handshake_join(build, component, controller, config->line, &self->unit);
    return self->lines ? DMASIM_OK : DMASIM_INVALID;
}

uint64_t fifo_total_bytes(const struct fifo_config *config)
{
    if (config->direction == FIFO_MEM_TO_DEV)
        return config->bytes;
    const struct fifo_source *source = &config->source;
    if (source->file.path && (source->bytes == 0 || source->bytes > source->file.length))
        return source->file.length;
    return source->bytes;
}

static int fifo_create(struct build *build, struct component *component)
{
    const struct fifo_config *config = component->config;
    struct fifo *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->items = arena_alloc(build->kernel->arena, config->depth * sizeof *self->items);
    if (!self->items)
        return DMASIM_MEMORY;

    self->config = config;
    self->kernel = build->kernel;
    self->bus = build_ahb(build, config->bus);
    self->item_bytes = config->width_bits / 8;
    self->total = fifo_total_bytes(config) / self->item_bytes;
    self->due_cycle = self->over_cycle = SIM_NEVER;
    self->jitter = build_random(build, config->seed);
    self->content = build_random(build, config->seed + 1);
    if (config->rate > 0) {
        self->period_ps = self->item_bytes * PS_PER_SECOND / config->rate;
        self->period_rest = self->item_bytes * PS_PER_SECOND % config->rate;
    }
    component->clock = self->bus->unit.clock;
    component->instance = self;
    self->start_cycle = config->start == FIFO_START_TIME
                            ? clock_edge_at(component->clock, config->start_ps)
                            : SIM_NEVER;

    kernel_add(build->kernel, &self->unit, component->name, component->clock, fifo_step, self);
    build_probe(build, &self->probe, component->name, &fifo_probe_type, component->clock, self);
    build_probe(build, &self->stream, component->name, &stream_probe_type, component->clock, self);
    build_probe(build, &self->register_probe, component->name, &register_probe_type,
                component->clock, self);
    build_probe(build, &self->intervals, component->name, &interval_probe_type, component->clock,
                self);
    fifo_levels_start(&self->levels);
    int code = fifo_create_links(build, component, self);
    self->feeds.item_bytes = self->item_bytes;
    fifo_hold(self);
    return code;
}

static void fifo_check(const struct plan *plan, const struct component *self, struct check *check)
{
    const struct fifo_config *config = self->config;
    bool out = config->direction == FIFO_MEM_TO_DEV;
    const struct ahb_bus_config *bus = plan->components[SECTION_BUSES][config->bus].config;
    if (config->width_bits < 8 || (config->width_bits & (config->width_bits - 1)) != 0) {
        check->fail(check, self, "width_bits", "must be 8, 16, 32 or 64, not %u",
                    config->width_bits);
        return;
    }
    if (config->width_bits > bus->width_bits) {
        check->fail(check, self, "width_bits", "%u bits are wider than the bus, %u",
                    config->width_bits, bus->width_bits);
        return;
    }
    raster_check(&config->raster,
                 config->rate ? config->width_bits / 8 * PS_PER_SECOND / config->rate : 0, self,
                 check);
    if (config->base % FIFO_WINDOW_BYTES != 0)
        check->fail(check, self, "base", "must be a multiple of 0x400");
    if (config->threshold > config->depth)
        check->fail(check, self, "threshold", "%u items never fit in a FIFO of %u (depth)",
                    config->threshold, config->depth);
    if (out && (config->source.file.path || config->source.bytes > 0))
        check->fail(check, self, "source", "a mem_to_dev device has a sink, not a source");
    if (!out && (config->sink || config->bytes > 0))
        check->fail(check, self, config->sink ? "sink" : "bytes",
                    "belongs to mem_to_dev; a dev_to_mem device has a source");
    uint64_t total = fifo_total_bytes(config);
    if (total % (config->width_bits / 8) != 0)
        check->fail(check, self, out ? "bytes" : "source",
                    "%ju bytes are not whole items of %u bits", (uintmax_t)total,
                    config->width_bits);
    if (config->source.file.path && config->source.file.length == 0)
        check->fail(check, self, "source", "the file %s is empty", config->source.file.path);
    if (config->last && total == 0)
        check->fail(check, self, "last", "a device that controls the flow needs to know its total");
    if (config->jitter_percent > 0 && config->rate == 0)
        CHECK_NOTE(check, self, "jitter",
                   "without a rate every item comes at once: there is no jitter");
    if (config->start_ps > 0 && config->start != FIFO_START_TIME)
        CHECK_NOTE(check, self, "start_at",
                   "it is enabled by the driver: `start: time` lets this count");
    if (config->last && config->controller == UINT16_MAX)
        check->fail(check, self, "last", "needs request lines, see `controller`");
}

static void fifo_fed(const struct component *component, struct feed *feed)
{
    struct fifo *self = component->instance;
    fifo_feeds_join(&self->feeds, feed, &self->unit);
}

static bool fifo_region(const struct component *self, uint32_t index,
                        struct component_region *region)
{
    const struct fifo_config *config = self->config;
    *region = (struct component_region){
        .bus = config->bus, .base = config->base, .bytes = FIFO_WINDOW_BYTES};
    return index == 0;
}

static bool fifo_claims(const struct plan *plan, const struct component *self, uint32_t index,
                        struct component_claim *claim)
{
    const struct fifo_config *config = self->config;
    return index == 0 && handshake_claim(plan, config->controller, config->line, "line", claim);
}

static int fifo_access(struct component *component, uint64_t offset, unsigned size_bytes,
                       bool write, uint64_t *value)
{
    struct fifo *self = component->instance;
    uint64_t word = *value;
    sim_cycle next = clock_edge_after(component->clock, self->kernel->now);
    const uint32_t at = (uint32_t)offset;
    (void)size_bytes;
    bool known = at == offset && (write ? fifo_write(self, next > 0 ? next - 1 : 0, at, word)
                                        : fifo_read(self, at, &word));
    if (!known)
        return DMASIM_UNMAPPED;
    if (!write)
        *value = word;
    unit_wake(&self->unit);
    return DMASIM_OK;
}

uint32_t fifo_register_address(const struct fifo_config *config, enum fifo_register index)
{
    return (uint32_t)config->base + fifo_registers.entries[index].offset;
}

static bool fifo_output(const struct component *component, uint32_t index,
                        struct component_output *output)
{
    const struct fifo_config *config = component->config;
    if (index > 0 || !config->sink)
        return false;
    *output = (struct component_output){.file = config->sink, .stream = component->name};
    return true;
}

/* What it has done of what it is for, when the run is over with work left. */
static bool fifo_waits(const struct component *component, uint32_t index, struct log_text *text)
{
    const struct fifo *self = component->instance;
    const bool sends = self->config->direction == FIFO_DEV_TO_MEM;
    if (index > 0 || !self->lines)
        return false;
    log_add(text, "%llu items have %s", (unsigned long long)self->moved,
            sends ? "come from its source" : "gone to its sink");
    if (self->total)
        log_add(text, " of %llu%s", (unsigned long long)self->total,
                self->moved == self->total ? ", it has no more" : "");
    log_add(text, "; its FIFO has %u of %u (threshold %u)", self->level, self->config->depth,
            self->config->threshold);
    if (!self->enabled)
        log_add(text, "; it is not enabled (CTRL)");
    else
        log_add(text, self->request ? "; it asks for service" : "; it does not ask for service");
    const unsigned long long lost = self->overruns + self->underruns;
    if (lost)
        log_add(text, "; it has lost %llu items", lost);
    return true;
}

static uint64_t fifo_lost(const struct component *component)
{
    const struct fifo *self = component->instance;
    return self->overruns + self->underruns;
}

static bool fifo_counters(const struct component *component, uint32_t index, sim_time now,
                          struct counter_part *part)
{
    const struct fifo *self = component->instance;
    (void)now;
    tell_fifo(part, 0, FIFO_CYCLES, self->overruns, self->underruns, &self->levels);
    return index == 0;
}

const struct component_type fifo_device_type = {
    .name = "fifo",
    .section = SECTION_PERIPHERALS,
    .doc = "Peripheral with a FIFO, a data rate and DMA request lines.",
    .config_bytes = sizeof(struct fifo_config),
    .parameters = fifo_parameters,
    .registers = &fifo_registers,
    .create = fifo_create,
    .check = fifo_check,
    .region = fifo_region,
    .claims = fifo_claims,
    .fed = fifo_fed,
    .access = fifo_access,
    .output = fifo_output,
    .lost = fifo_lost,
    .waits = fifo_waits,
    .counters = fifo_counters,
};
