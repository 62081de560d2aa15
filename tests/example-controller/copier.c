/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * copier: a DMA controller made up as an example: it copies words, one by one, over an AHB.
 *
 *   CPU --AHB--> [ SOURCE | DESTINATION | LENGTH | STATUS ] --interrupt--> CPU
 *                               |
 *                      read, write, read ... --AHB--> memories
 *
 *   row        e      e+1    e+2    e+3    e+4    e+5    e+6    e+7
 *   HBUSREQ           1                    1
 *   address                  read                 write
 *   data       LENGTH               read                 write
 *   interrupt                                                   1      after the last word
 *
 * Timing: a write of LENGTH whose data phase ends in row e starts a copy. On a free bus without wait
 * states a word takes 6 rows: its read is asked for, has its address and its data in one row each, and so has its
 * write. DONE, and with it the interrupt, is up from the row after the data phase of the last write. Registers answer without wait states.
 *
 * Inaccuracies: there is no such hardware. LENGTH written while it copies is ignored.
 */
#include "copier.h"

#include "bus/ahb/ahb_component.h"
#include "bus/ahb/ahb_master.h"
#include "bus/figures.h"
#include "bus/records.h"

enum { SOURCE, DESTINATION, LENGTH, STATUS, REGISTERS };

struct copier {
    struct unit unit;
    const char *name;
    const struct copier_config *config;
    struct kernel *kernel;
    struct ahb_bus *bus;
    struct ahb_master port;
    int slave;
    uint32_t registers[REGISTERS];
    uint32_t word; /* read, to be written */
    bool writing;
    uint64_t beats, interrupts; /* told by counters() */
    struct wire interrupt;
    struct probe interrupt_probe, beat_probe;
};

/* ---- registers ------------------------------------------------------------------------------- */

static const struct register_field status_fields[] = {
    {.name = "DONE", .lsb = 0, .width = 1, .access = REGISTER_W1C, .doc = "The copy is over."},
    {.name = "ERROR", .lsb = 1, .width = 1, .access = REGISTER_W1C, .doc = "The bus said ERROR."},
    {.name = NULL},
};

static const struct register_entry entries[] = {
    [SOURCE] = {.name = "SOURCE", .offset = COPIER_AT_SOURCE, .doc = "Address of the next word."},
    [DESTINATION] = {.name = "DESTINATION",
                     .offset = COPIER_AT_DESTINATION,
                     .doc = "Where the next word goes."},
    [LENGTH] = {.name = "LENGTH",
                .offset = COPIER_AT_LENGTH,
                .doc = "Bytes left; writing it starts a copy."},
    [STATUS] = {.name = "STATUS",
                .offset = COPIER_AT_STATUS,
                .access = REGISTER_RO,
                .fields = status_fields,
                .doc = "How the copy ended; not 0 raises the interrupt."},
    {.name = NULL},
};

const struct register_map copier_registers = {.compatible = "example,copier",
                                              .title = "Example copier",
                                              .entries = entries,
                                              .width_bits = 32,
                                              .size_bytes = COPIER_WINDOW_BYTES};

static void set_status(struct copier *self, sim_cycle now, uint32_t status)
{
    self->interrupts += status != 0 && self->registers[STATUS] == 0;
    self->registers[STATUS] = status;
    wire_put(&self->interrupt, self->unit.clock->time, status != 0);
    probe_publish_level(&self->interrupt_probe, now, status != 0);
}

/* Asks for the read or the write of a word. */
static void ask(struct copier *self, sim_cycle now, bool write)
{
    self->writing = write;
    ahb_master_queue(&self->port, now,
                     &(struct ahb_command){.haddr = self->registers[write ? DESTINATION : SOURCE],
                                           .beats = 1,
                                           .hwrite = write,
                                           .hsize = 2,
                                           .hburst = AHB_SINGLE,
                                           .hprot = 1});
}

/* A word is written to a register; false for a hole. */
static bool write_register(struct copier *self, sim_cycle now, uint32_t offset, uint32_t value)
{
    struct register_hit hit;
    if (!register_find(&copier_registers, offset, &hit))
        return false;
    if (self->registers[LENGTH] != 0 && hit.index != STATUS)
        return true; /* it copies */
    const uint32_t after =
        (uint32_t)register_write(hit.entry, self->registers[hit.index], value, 0xf);
    if (hit.index == STATUS) {
        set_status(self, now, after);
        return true;
    }
    self->registers[hit.index] = after & ~3u;
    if (hit.index == LENGTH && self->registers[LENGTH] != 0)
        ask(self, now, false);
    return true;
}

static bool read_register(const struct copier *self, uint32_t offset, uint32_t *value)
{
    struct register_hit hit;
    if (!register_find(&copier_registers, offset, &hit))
        return false;
    *value = (uint32_t)register_read(hit.entry, self->registers[hit.index]);
    return true;
}

static void take_access(struct copier *self, sim_cycle now)
{
    const struct ahb_access *access;
    const struct ahb_data *hwdata;
    uint32_t value = 0;
    if (ahb_slave_data(self->bus, self->slave, now, &access, &hwdata) && access->hwrite)
        write_register(self, now, access->haddr - (uint32_t)self->config->base,
                       (uint32_t)ahb_lanes_get(self->bus, access->haddr, 2, hwdata));
    if (!ahb_slave_address(self->bus, self->slave, now, &access))
        return;
    const bool known = read_register(self, access->haddr - (uint32_t)self->config->base, &value) &&
                       access->hsize == 2;
    const struct ahb_data hrdata = ahb_lanes_put(self->bus, access->haddr & ~3u, 2, value);
    ahb_slave_respond(self->bus, self->slave, now, 0, known ? AHB_OKAY : AHB_ERROR, &hrdata);
}

/* ---- the copy -------------------------------------------------------------------------------- */

static void take_beat(struct copier *self, sim_cycle now, const struct ahb_events *events)
{
    struct dma_beat_record beat = {.controller = self->name,
                                   .address = events->done_haddr,
                                   .purpose = self->writing ? DMA_DESTINATION : DMA_SOURCE,
                                   .bytes = 4};
    self->beats++;
    probe_publish(&self->beat_probe, now, &beat);
    if (!self->writing) {
        self->word = (uint32_t)ahb_lanes_get(self->bus, events->done_haddr, 2, events->hrdata);
        ask(self, now, true);
        return;
    }
    self->registers[SOURCE] += 4;
    self->registers[DESTINATION] += 4;
    self->registers[LENGTH] -= 4;
    if (self->registers[LENGTH] != 0)
        ask(self, now, false);
    else
        set_status(self, now, COPIER_DONE);
}

static sim_cycle copier_step(void *instance, sim_cycle now)
{
    struct copier *self = instance;
    const struct ahb_events events = ahb_master_edge(&self->port, now);
    take_access(self, now);
    if (events.accepted && self->writing) {
        const struct ahb_data hwdata =
            ahb_lanes_put(self->bus, self->registers[DESTINATION], 2, self->word);
        ahb_master_hwdata(&self->port, &hwdata);
    }
    if (events.done) {
        take_beat(self, now, &events);
    } else if (events.failed) {
        self->registers[LENGTH] = 0;
        set_status(self, now, COPIER_DONE | COPIER_ERROR);
    }
    return ahb_master_drive(&self->port, now);
}

/* ---- the component --------------------------------------------------------------------------- */

static const struct parameter copier_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     PARAMETER_AT(copier_config, bus),
     .of = "ahb",
     .doc = "Bus of its registers and of the data."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(copier_config, base),
     .max = UINT32_MAX,
     .doc = "Address of the registers, which take 1 KiB."},
    {.name = "interrupt",
     .kind = PARAMETER_REFERENCE,
     .refers = REFERS_CPU,
     PARAMETER_AT(copier_config, interrupt),
     .doc = "CPU that takes the interrupt."},
    {.name = NULL},
};

static int copier_create(struct build *build, struct component *component)
{
    const struct copier_config *config = component->config;
    struct copier *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->name = component->name;
    self->config = config;
    self->kernel = build->kernel;
    self->bus = build_ahb(build, config->bus);
    component->instance = self;
    component->clock = self->bus->unit.clock;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, copier_step, self);
    if (ahb_master_join(&self->port, self->bus, &self->unit, component->name) < 0) {
        build->check->fail(build->check, component, "bus", "bus '%s' has no room", self->bus->name);
        return DMASIM_INVALID;
    }
    build_probe(build, &self->interrupt_probe, component->name, &interrupt_probe_type,
                component->clock, self);
    build_probe(build, &self->beat_probe, component->name, &dma_beat_probe_type, component->clock,
                self);
    int code = build_interrupt(build, component, "irq", &self->interrupt, config->interrupt);
    if (code != DMASIM_OK)
        return code;
    return build_ahb_slave(build, component, self->bus, &self->unit, config->base,
                           COPIER_WINDOW_BYTES, &self->slave);
}

static bool copier_region(const struct component *component, uint32_t index,
                          struct component_region *region)
{
    const struct copier_config *config = component->config;
    *region = (struct component_region){
        .bus = config->bus, .base = config->base, .bytes = COPIER_WINDOW_BYTES};
    return index == 0;
}

static int copier_access(struct component *component, uint64_t offset, unsigned size_bytes,
                         bool write, uint64_t *value)
{
    struct copier *self = component->instance;
    const sim_cycle next = clock_edge_after(component->clock, self->kernel->now);
    uint32_t word = (uint32_t)*value;
    if (size_bytes != 4 || offset >= COPIER_WINDOW_BYTES)
        return DMASIM_UNMAPPED;
    if (!(write ? write_register(self, next > 0 ? next - 1 : 0, (uint32_t)offset, word)
                : read_register(self, (uint32_t)offset, &word)))
        return DMASIM_UNMAPPED;
    if (!write)
        *value = word;
    unit_wake(&self->unit);
    return DMASIM_OK;
}

static bool copier_counters(const struct component *component, uint32_t index, sim_time now,
                            struct counter_part *part)
{
    const struct copier *self = component->instance;
    (void)now;
    if (index == 0)
        tell_dma(part, 0, &(struct dma_figures){.data = self->beats});
    else
        tell_interrupts(part, 1, self->interrupts);
    return index < 2;
}

const struct component_type copier_type = {
    .name = "example,copier",
    .section = SECTION_CONTROLLERS,
    .doc = "Copies words over an AHB, one by one.",
    .config_bytes = sizeof(struct copier_config),
    .parameters = copier_parameters,
    .registers = &copier_registers,
    .create = copier_create,
    .region = copier_region,
    .access = copier_access,
    .counters = copier_counters,
};
