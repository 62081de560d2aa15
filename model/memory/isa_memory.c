/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * isa_memory: a memory on an ISA bus.
 *
 *   half     n     n+1   ...   m     m+1
 *   MEMR_n   0     0     ...   0     1
 *   D        -     D(A)  ...   D(A)  -
 *   MEMW_n   0     0     ...   0     1     the byte of half m is stored in half m + 1
 *
 * Timing: a read is on the data lines from the half after MEMR goes on until MEMR goes off. With
 * `wait_states` W, READY is low for W samples of every access (bus/isa/isa_bus.c).
 *
 * Inaccuracies: refresh is not needed: rows keep their bits. A word at the last address is a byte.
 */
#include "memory/isa_memory.h"

#include <string.h>

#include "bus/isa/isa_component.h"
#include "kernel/round.h"

struct isa_memory {
    struct unit unit;
    struct isa_bus *bus;
    int slave;
    uint32_t base;
    struct store store;
    struct isa_slave_out out;
};

static uint16_t load(const struct isa_memory *self, const struct isa_command *command)
{
    uint32_t offset = command->address - self->base;
    unsigned high = 0xff;
    round_read(self->unit.clock->kernel);
    if (command->bytes > 1 && offset + 1 < self->store.size_bytes)
        high = self->store.bytes[offset + 1];
    return (uint16_t)(high << 8 | self->store.bytes[offset]);
}

static void store(struct isa_memory *self, const struct isa_command *command)
{
    uint32_t offset = command->address - self->base;
    const uint8_t bytes[] = {(uint8_t)command->data, (uint8_t)(command->data >> 8)};
    const bool word = command->bytes > 1 && offset + 1 < self->store.size_bytes;
    round_put(self->unit.clock->kernel, self->store.bytes + offset, bytes, word ? 2 : 1);
}

static sim_cycle isa_memory_step(void *instance, sim_cycle now)
{
    struct isa_memory *self = instance;
    const struct isa_command *command;
    if (isa_ends(self->bus, self->slave, ISA_MEMW, now, &command))
        store(self, command);
    if (isa_ends(self->bus, self->slave, ISA_MEMR, now, &command))
        self->out = (struct isa_slave_out){.data = 0xffff};
    if (isa_begins(self->bus, self->slave, ISA_MEMR, now, &command))
        self->out = (struct isa_slave_out){.data = load(self, command), .drives_data = true};
    isa_slave_drive(self->bus, self->slave, &self->out);
    return SIM_NEVER;
}

/* ---- building ------------------------------------------------------------------------------ */

static int isa_memory_create(struct build *build, struct component *component)
{
    const struct isa_memory_config *config = component->config;
    struct isa_memory *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    if (store_create(&self->store, component, config->size_bytes, build) != DMASIM_OK)
        return DMASIM_MEMORY;
    self->bus = build_isa(build, config->bus);
    self->base = (uint32_t)config->base;
    self->out.data = 0xffff;
    component->clock = self->bus->unit.clock;
    component->instance = self;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, isa_memory_step,
               self);
    if (!round_leave_out(build->kernel, self->store.bytes, self->store.size_bytes))
        return DMASIM_MEMORY;
    int code = build_isa_slave(build, component, self->bus, &self->unit, config->wait_states,
                               &self->slave);
    if (code == DMASIM_OK)
        code = build_isa_window(build, component, self->bus, self->slave, false, "base",
                                config->base, config->size_bytes);
    if (code == DMASIM_OK)
        store_lay(&self->store, STORE_CONTENT(config), build);
    return code;
}

static void isa_memory_check(const struct plan *plan, const struct component *self,
                             struct check *check)
{
    (void)plan;
    const struct isa_memory_config *config = self->config;
    store_check(STORE_CONTENT(config), self, check);
    if (config->base + config->size_bytes > ISA_MEMORY_LAST + UINT64_C(1))
        check->fail(check, self, "size", "reaches beyond the 16 MiB of 24-bit addresses");
}

static bool isa_memory_region(const struct component *self, uint32_t index,
                              struct component_region *region)
{
    const struct isa_memory_config *config = self->config;
    *region = (struct component_region){
        .bus = config->bus, .base = config->base, .bytes = config->size_bytes};
    return index == 0;
}

static const struct parameter isa_memory_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     .of = "isa",
     PARAMETER_AT(isa_memory_config, bus),
     .doc = "Bus it is on."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     PARAMETER_AT(isa_memory_config, base),
     .max = ISA_MEMORY_LAST,
     .doc = "First address."},
    {.name = "size",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(isa_memory_config, size_bytes),
     .min = 1,
     .max = ISA_MEMORY_LAST + 1,
     .doc = "Size."},
    {.name = "wait_states",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(isa_memory_config, wait_states),
     .max = 1000,
     .doc = "Wait states of every access."},
    {.name = "fill",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(isa_memory_config, fill),
     .sub = store_fill_parameters,
     .doc = "What the memory holds at the start, before `load` and `bytes`."},
    {.name = "load",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(isa_memory_config, loads),
     .sub = store_load_parameters,
     .item_bytes = sizeof(struct store_load),
     .doc = "Files put into the memory at the start."},
    {.name = "bytes",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(isa_memory_config, bytes),
     .sub = store_inline_parameters,
     .item_bytes = sizeof(struct store_inline),
     .doc = "Bytes put into the memory at the start, after `load`."},
    {.name = "dump",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(isa_memory_config, dumps),
     .sub = store_dump_parameters,
     .item_bytes = sizeof(struct store_dump),
     .doc = "Parts of the memory written to files when the run is over."},
    {.name = NULL},
};

static bool isa_memory_output(const struct component *self, uint32_t index,
                              struct component_output *output)
{
    const struct isa_memory_config *config = self->config;
    return store_output(self, &config->dumps, index, output);
}

const struct component_type isa_memory_type = {
    .name = "isa-memory",
    .section = SECTION_MEMORIES,
    .doc = "Memory on an ISA bus.",
    .config_bytes = sizeof(struct isa_memory_config),
    .parameters = isa_memory_parameters,
    .create = isa_memory_create,
    .check = isa_memory_check,
    .region = isa_memory_region,
    .access = store_access,
    .output = isa_memory_output,
};
