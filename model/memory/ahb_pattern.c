/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pattern: a sparse slave for exact traffic, the scripted slave of the golden traces
 * (traces/golden/ahb/README.md "Slave" and rules 5, 6, 18).
 *
 * A word reads as the word last written to it, else as A0000000 | number << 24 | (address & 3ffc).
 * A write stores the whole HWDATA word, whatever HSIZE, at the end of its data phase, unless it got
 * another response than OKAY.
 *
 * Timing: HREADY low for first_wait_cycles (NONSEQ) or next_wait_cycles (SEQ), then the response;
 * two cycles if it is not OKAY.
 *
 * Inaccuracies: 32-bit words, also on a wider bus (the word shows in all lanes). It stores a
 * limited number of different words; a write to one more gets ERROR.
 */
#include "memory/ahb_pattern.h"
#include "bus/ahb/ahb_component.h"

struct pattern_word {
    uint32_t address; /* of the word, with bit 0 set where the entry is used */
    uint32_t value;
};

struct pattern {
    struct unit unit;
    struct ahb_bus *bus;
    const struct pattern_config *config;
    int slave;
    uint32_t transfers;
    uint32_t used;
    struct pattern_word *words; /* open addressing */
};

static const char *const response_names[] = {"okay", "error", "retry", NULL};

static const struct parameter pattern_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     .of = "ahb",
     PARAMETER_AT(pattern_config, bus),
     .doc = "Bus it answers on."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(pattern_config, base),
     .max = UINT32_MAX,
     .doc = "First address."},
    {.name = "size",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(pattern_config, size_bytes),
     .min = AHB_KIB,
     .max = UINT64_C(1) << 32,
     .doc = "Bytes of address space it answers."},
    {.name = "first_wait_cycles",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(pattern_config, first_wait_cycles),
     .max = 1u << 20,
     .doc = "Wait states of a NONSEQ transfer."},
    {.name = "next_wait_cycles",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(pattern_config, next_wait_cycles),
     .max = 1u << 20,
     .doc = "Wait states of a SEQ transfer."},
    {.name = "number",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(pattern_config, number),
     .max = 15,
     .doc = "Shown in bits 27:24 of words never written."},
    {.name = "inject_at",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(pattern_config, inject_at),
     .initial = UINT32_MAX,
     .max = UINT32_MAX,
     .doc = "Transfer, counted from 0, that gets inject_response; 4294967295: none."},
    {.name = "inject_response",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(pattern_config, inject_response),
     .initial = AHB_ERROR,
     .names = response_names,
     .doc = "Response of that transfer."},
    {.name = "words",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(pattern_config, words),
     .initial = 16384,
     .min = 16,
     .max = 1u << 20,
     .doc = "Different words it can store; a write to one more gets ERROR."},
    {.name = NULL},
};

/* The entry of an address, or the free one where it would go. There is always a free one. */
static struct pattern_word *find(const struct pattern *self, uint32_t address)
{
    uint32_t key = (address & ~3u) | 1u;
    uint32_t slot = (address >> 2) * UINT32_C(2654435761);
    for (;; slot++) {
        struct pattern_word *word = &self->words[slot & (self->config->words - 1)];
        if (word->address == key || word->address == 0)
            return word;
    }
}

static uint32_t load(const struct pattern *self, uint32_t address)
{
    const struct pattern_word *word = find(self, address);
    if (word->address)
        return word->value;
    return UINT32_C(0xa0000000) | (uint32_t)self->config->number << 24 | (address & 0x3ffc);
}

static void store(struct pattern *self, uint32_t address, uint32_t value)
{
    struct pattern_word *word = find(self, address);
    self->used += word->address == 0;
    *word = (struct pattern_word){(address & ~3u) | 1u, value};
}

/* Would a write need a word more than there may be? One stays free to end every search. */
static bool full(const struct pattern *self, const struct ahb_access *access)
{
    return access->hwrite && self->used + 2 >= self->config->words &&
           find(self, access->haddr)->address == 0;
}

static sim_cycle pattern_step(void *pattern, sim_cycle now)
{
    struct pattern *self = pattern;
    const struct pattern_config *config = self->config;
    const struct ahb_access *access;
    const struct ahb_data *hwdata;
    if (ahb_slave_data(self->bus, self->slave, now, &access, &hwdata) && access->hwrite) {
        unsigned lane = access->haddr & self->bus->lane_mask & ~3u;
        store(self, access->haddr, (uint32_t)(hwdata->lane[lane / 8] >> (lane % 8 * 8)));
    }
    if (ahb_slave_address(self->bus, self->slave, now, &access)) {
        enum ahb_resp response = self->transfers++ == config->inject_at
                                     ? (enum ahb_resp)config->inject_response
                                     : AHB_OKAY;
        if (full(self, access))
            response = AHB_ERROR;
        uint64_t word = load(self, access->haddr);
        struct ahb_data data = {{word, 0}};
        if (self->bus->width_bits > 32)
            data = (struct ahb_data){{word | word << 32, word | word << 32}};
        ahb_slave_respond(self->bus, self->slave, now,
                          access->htrans == AHB_SEQ ? config->next_wait_cycles
                                                    : config->first_wait_cycles,
                          response, &data);
    }
    return SIM_NEVER;
}

static int pattern_create(struct build *build, struct component *component)
{
    const struct pattern_config *config = component->config;
    struct ahb_bus *bus = build_ahb(build, config->bus);
    struct pattern *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->bus = bus;
    self->config = config;
    self->words = arena_alloc(build->kernel->arena, config->words * sizeof *self->words);
    if (!self->words)
        return DMASIM_MEMORY;
    component->instance = self;
    component->clock = bus->unit.clock;
    kernel_add(build->kernel, &self->unit, component->name, bus->unit.clock, pattern_step, self);
    return build_ahb_slave(build, component, bus, &self->unit, config->base, config->size_bytes,
                           &self->slave);
}

static bool pattern_region(const struct component *component, uint32_t index,
                           struct component_region *region)
{
    const struct pattern_config *config = component->config;
    *region = (struct component_region){
        .bus = config->bus, .base = config->base, .bytes = config->size_bytes};
    return index == 0;
}

const struct component_type pattern_type = {
    .name = "pattern",
    .section = SECTION_MEMORIES,
    .doc = "A sparse slave whose unwritten words tell their address; for exact traffic.",
    .config_bytes = sizeof(struct pattern_config),
    .parameters = pattern_parameters,
    .create = pattern_create,
    .region = pattern_region,
};
