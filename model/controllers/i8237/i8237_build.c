/* SPDX-License-Identifier: BSD-2-Clause */
/* i8237_build: probes and building of the 8237A; the model is in i8237.c. */
#include "bus/figures.h"
#include "bus/isa/isa_component.h"
#include "bus/isa/isa_pages.h"
#include "controllers/i8237/i8237_state.h"
#include "kernel/base.h"

/* ---- probes ---------------------------------------------------------------------------------- */

static const char *const state_names[I8237_STATES] = {
    [I8237_SI] = "SI",   [I8237_S0] = "S0",   [I8237_S1] = "S1",   [I8237_S2] = "S2",
    [I8237_S3] = "S3",   [I8237_SW] = "SW",   [I8237_S4] = "S4",   [I8237_S11] = "S11",
    [I8237_S12] = "S12", [I8237_S13] = "S13", [I8237_S14] = "S14", [I8237_S21] = "S21",
    [I8237_S22] = "S22", [I8237_S23] = "S23", [I8237_S24] = "S24",
};

#define RECORD(member, label, width, how) PROBE_FIELD(i8237_record, member, label, width, how)

static const struct probe_field record_fields[] = {
    {.name = "state",
     .offset = offsetof(struct i8237_record, state),
     .size_bytes = 1,
     .width_bits = 4,
     .radix = PROBE_NAME,
     .names = state_names,
     .name_count = COUNT(state_names)},
    RECORD(channel, "channel", 2, PROBE_DECIMAL),
    RECORD(command, "COMMAND", 8, PROBE_HEX_PADDED),
    RECORD(status, "TC", 4, PROBE_HEX),
    RECORD(request, "REQUEST", 4, PROBE_HEX),
    RECORD(mask, "MASK", 4, PROBE_HEX),
    RECORD(temporary, "TEMPORARY", 8, PROBE_HEX_PADDED),
    RECORD(address[0], "CH0_ADDRESS", 16, PROBE_HEX_PADDED),
    RECORD(count[0], "CH0_COUNT", 16, PROBE_HEX_PADDED),
    RECORD(address[1], "CH1_ADDRESS", 16, PROBE_HEX_PADDED),
    RECORD(count[1], "CH1_COUNT", 16, PROBE_HEX_PADDED),
    RECORD(address[2], "CH2_ADDRESS", 16, PROBE_HEX_PADDED),
    RECORD(count[2], "CH2_COUNT", 16, PROBE_HEX_PADDED),
    RECORD(address[3], "CH3_ADDRESS", 16, PROBE_HEX_PADDED),
    RECORD(count[3], "CH3_COUNT", 16, PROBE_HEX_PADDED),
};

static const struct probe_type record_probe_type = {
    .name = "i8237",
    .kind = PROBE_SETTLED,
    .fields = record_fields,
    .field_count = COUNT(record_fields),
    .record_bytes = sizeof(struct i8237_record),
};

static const char *const kind_names[] = {"verify", "write", "read", "source", "destination"};

static const struct probe_field byte_fields[] = {
    PROBE_FIELD(i8237_byte_record, channel, "channel", 0, PROBE_DECIMAL),
    {.name = "kind",
     .offset = offsetof(struct i8237_byte_record, kind),
     .size_bytes = 1,
     .radix = PROBE_NAME,
     .names = kind_names,
     .name_count = COUNT(kind_names)},
    PROBE_FIELD(i8237_byte_record, address, "address", 24, PROBE_HEX_PADDED),
    PROBE_FIELD(i8237_byte_record, tc, "tc", 0, PROBE_DECIMAL),
};

static const struct probe_type byte_probe_type = {
    .name = "i8237_byte",
    .kind = PROBE_EVENT,
    .fields = byte_fields,
    .field_count = COUNT(byte_fields),
    .record_bytes = sizeof(struct i8237_byte_record),
};

/* ---- building -------------------------------------------------------------------------------- */

bool i8237_words(const struct plan *plan, const struct i8237_config *config)
{
    if (config->moves != I8237_AUTO || config->bus >= plan->counts[SECTION_BUSES])
        return config->moves == I8237_WORDS;
    const struct isa_bus_config *bus = plan->components[SECTION_BUSES][config->bus].config;
    return bus->width_bits == 16 && config->port == I8237_SECOND_PORT;
}

unsigned i8237_page(const struct plan *plan, const struct i8237_config *config, unsigned channel)
{
    static const uint8_t first[ISA_CHANNELS] = {7, 3, 1, 2}, second[ISA_CHANNELS] = {15, 11, 9, 10};
    const uint64_t *ports = config->page_ports.items;
    if (channel < config->page_ports.count)
        return (unsigned)ports[channel];
    return config->port == I8237_SECOND_PORT || i8237_words(plan, config) ? second[channel]
                                                                          : first[channel];
}

static int i8237_join(struct build *build, struct component *component, struct i8237 *self)
{
    const struct i8237_config *config = component->config;
    self->index = isa_bus_add_controller(self->bus, &self->unit, self->name, self->lines,
                                         state_names, I8237_STATES);
    if (self->index == ISA_NOBODY) {
        build->check->fail(build->check, component, "bus",
                           "bus '%s' has no room: %d controllers at most", self->bus->name,
                           ISA_CONTROLLERS_MAX);
        return DMASIM_INVALID;
    }
    self->bus->controllers[self->index].words = self->shift;
    if (self->index > 0 && self->parent == ISA_NOBODY) {
        build->check->fail(build->check, component, "cascade",
                           "'%s' has HRQ and HLDA of bus '%s': cascade this one behind it",
                           self->bus->controllers[0].name, self->bus->name);
        return DMASIM_INVALID;
    }
    int code = build_isa_slave(build, component, self->bus, &self->unit, 0, &self->slave);
    if (code != DMASIM_OK)
        return code;
    return build_isa_window(build, component, self->bus, self->slave, true, "port", config->port,
                            I8237_PORTS * config->port_step);
}

static int i8237_create(struct build *build, struct component *component)
{
    const struct i8237_config *config = component->config;
    struct i8237 *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->bus = build_isa(build, config->bus);
    self->kernel = build->kernel;
    self->name = component->name;
    self->parent = ISA_NOBODY;
    self->shift = i8237_words(build->plan, config);
    self->port_step = (uint8_t)config->port_step;
    component->clock = self->bus->unit.clock;
    component->instance = self;
    int code = build_requests(build, component, self->lines, ISA_CHANNELS, sizeof self->lines[0]);
    if (code != DMASIM_OK)
        return code;
    if (config->cascade != UINT16_MAX) {
        const struct i8237 *parent =
            build->plan->components[SECTION_CONTROLLERS][config->cascade].instance;
        if (!parent || parent->bus != self->bus) {
            build->check->fail(build->check, component, "cascade",
                               "must be a controller on the same bus that comes before this one");
            return DMASIM_INVALID;
        }
        self->parent = parent->index;
        self->parent_channel = (uint8_t)config->cascade_channel;
    }
    kernel_add(build->kernel, &self->unit, component->name, component->clock, i8237_step, self);
    self->unit.round = &i8237_round;
    for (unsigned i = 0; i < ISA_CHANNELS; i++)
        self->lines[i].request.reader = &self->unit;
    code = i8237_join(build, component, self);
    if (code != DMASIM_OK)
        return code;
    for (unsigned i = 0; i < ISA_CHANNELS; i++)
        self->channels[i].programmed_ps = SIM_NEVER;
    i8237_master_clear(self);
    self->bus->controllers[self->index].out = self->out;
    build_probe(build, &self->probe, self->name, &record_probe_type, component->clock, self);
    build_probe(build, &self->byte_probe, self->name, &byte_probe_type, component->clock, self);
    build_probe(build, &self->beat_probe, self->name, &dma_beat_probe_type, component->clock, self);
    build_probe(build, &self->register_probe, self->name, &register_probe_type, component->clock,
                self);
    if (!component->driven)
        build_probe(build, &self->transfer_probe, self->name, &transfer_probe_type,
                    component->clock, self);
    return DMASIM_OK;
}

/* The page registers are built by now. */
static int i8237_complete(struct build *build, struct component *component)
{
    const struct i8237_config *config = component->config;
    struct i8237 *self = component->instance;
    if (config->pages == UINT16_MAX)
        return DMASIM_OK;
    const struct wire *pages =
        isa_pages_wires(&build->plan->components[SECTION_PERIPHERALS][config->pages]);
    for (uint32_t i = 0; i < ISA_CHANNELS; i++)
        self->channels[i].page = &pages[i8237_page(build->plan, config, i) % ISA_PAGES];
    return DMASIM_OK;
}

static void i8237_check(const struct plan *plan, const struct component *self, struct check *check)
{
    const struct i8237_config *config = self->config;
    const struct isa_bus_config *bus = plan->components[SECTION_BUSES][config->bus].config;
    if (config->port % (I8237_PORTS * config->port_step))
        check->fail(check, self, "port", "must be a multiple of %u",
                    I8237_PORTS * config->port_step);
    if (config->moves == I8237_WORDS && bus->width_bits < 16)
        check->fail(check, self, "moves", "words need a bus of 16 bits (`width`)");
    if (config->page_ports.count > ISA_CHANNELS)
        check->fail(check, self, "page_ports", "%u, at most %d", config->page_ports.count,
                    ISA_CHANNELS);
}

/* Which of the registers of a plan's `pages` a channel has; the ports of a PC/XT repeat them. */
static unsigned page_register(const struct plan *plan, const struct i8237_config *config,
                              unsigned channel)
{
    const struct isa_pages_config *pages =
        plan->components[SECTION_PERIPHERALS][config->pages].config;
    return i8237_page(plan, config, channel) %
           (pages->machine == ISA_PAGES_OF_XT ? ISA_PAGES_XT : ISA_PAGES);
}

/* The index-th page register; channels of one chip may share theirs. */
static bool claims_page(const struct plan *plan, const struct component *self, uint32_t index,
                        struct component_claim *claim)
{
    const struct i8237_config *config = self->config;
    if (config->pages >= plan->counts[SECTION_PERIPHERALS] ||
        plan->components[SECTION_PERIPHERALS][config->pages].type != &isa_pages_type)
        return false;
    uint32_t seen = 0;
    for (unsigned channel = 0; channel < ISA_CHANNELS; channel++) {
        const unsigned page = page_register(plan, config, channel);
        if (seen >> page & 1)
            continue;
        seen |= 1u << page;
        if (index-- > 0)
            continue;
        *claim =
            (struct component_claim){.of = &plan->components[SECTION_PERIPHERALS][config->pages],
                                     .what = "page register",
                                     .number = page,
                                     .parameter = config->page_ports.count ? "page_ports" : "pages",
                                     .hint = "give each chip its own with `page_ports`"};
        return true;
    }
    return false;
}

static bool i8237_claims(const struct plan *plan, const struct component *self, uint32_t index,
                         struct component_claim *claim)
{
    const struct i8237_config *config = self->config;
    if (index > 0)
        return claims_page(plan, self, index - 1, claim);
    if (config->cascade != UINT16_MAX)
        return handshake_claim(plan, config->cascade, config->cascade_channel, "cascade_channel",
                               claim);
    if (config->bus >= plan->counts[SECTION_BUSES])
        return false;
    *claim = (struct component_claim){.of = &plan->components[SECTION_BUSES][config->bus],
                                      .what = "HRQ",
                                      .number = CLAIM_ALONE,
                                      .parameter = "cascade",
                                      .hint = "cascade one behind the other"};
    return true;
}

static int i8237_access(struct component *component, uint64_t offset, unsigned size_bytes,
                        bool write, uint64_t *value)
{
    struct i8237 *self = component->instance;
    const struct i8237_config *config = component->config;
    const unsigned port = (unsigned)(offset / config->port_step);
    if (size_bytes != 1 || port >= I8237_PORTS)
        return DMASIM_UNMAPPED;
    if (write)
        i8237_write(self, port, (uint8_t)*value);
    else
        *value = i8237_read(self, port);
    unit_wake(&self->unit);
    return DMASIM_OK;
}

static bool i8237_region(const struct component *self, uint32_t index,
                         struct component_region *region)
{
    const struct i8237_config *config = self->config;
    *region = (struct component_region){.bus = config->bus,
                                        .base = ISA_PORT_BASE + config->port,
                                        .bytes = I8237_PORTS * config->port_step};
    return index == 0;
}

static uint32_t i8237_register_step(const struct component *self)
{
    return ((const struct i8237_config *)self->config)->port_step;
}

static bool i8237_counters(const struct component *component, uint32_t index, sim_time now,
                           struct counter_part *part)
{
    const struct i8237 *self = component->instance;
    (void)now;
    tell_dma(part, 0, &(struct dma_figures){.data = self->beats});
    return index == 0;
}

const struct component_type i8237_type = {
    .name = "intel,8237a",
    .section = SECTION_CONTROLLERS,
    .doc = "8237A DMA controller of a PC, four channels.",
    .config_bytes = sizeof(struct i8237_config),
    .parameters = i8237_parameters,
    .registers = &i8237_registers,
    .create = i8237_create,
    .check = i8237_check,
    .complete = i8237_complete,
    .region = i8237_region,
    .claims = i8237_claims,
    .register_step = i8237_register_step,
    .access = i8237_access,
    .counters = i8237_counters,
    .unended = i8237_unended,
    .waits = i8237_waits,
    .does = i8237_does,
};
