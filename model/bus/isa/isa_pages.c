/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * isa_pages: the page registers of a PC/AT, 16 bytes beside its DMA controllers (74LS612; in a PC/XT
 * a 74LS670 with four of them). A controller's channel takes A23-A16 from one of them.
 *
 *   port    0x87 0x83 0x81 0x82    0x8f 0x8b 0x89 0x8a
 *   channel 0    1    2    3       4    5    6    7
 *
 * A PC/XT has four of four bits, A19-A16, which cannot be read; the ports repeat them, and channels 0 and 1 share
 * that of port 0x83 (the 74LS670 is read by DACK2 and DACK3; IBM 5160 Technical Reference, logic diagrams).
 *
 *   machine  registers        bits of each  read
 *   at       16               A23-A16       yes
 *   xt       4, repeated      A19-A16       ones
 *
 * Timing: a byte written is on the address lines from the half after the one in which IOW goes off.
 *
 * Inaccuracies: none known.
 */
#include "bus/isa/isa_pages.h"

#include "bus/isa/isa_component.h"

struct isa_pages {
    struct unit unit;
    struct isa_bus *bus;
    int slave;
    struct isa_slave_out answer;
    bool xt;
    struct wire page[ISA_PAGES];
};

static void write_page(struct isa_pages *self, unsigned port, uint64_t value)
{
    const sim_time now = self->unit.clock->kernel->now;
    if (!self->xt) {
        wire_put(&self->page[port % ISA_PAGES], now, value & 0xff);
        return;
    }
    for (unsigned i = port % ISA_PAGES_XT; i < ISA_PAGES; i += ISA_PAGES_XT)
        wire_put(&self->page[i], now, value & 0xf);
}

static uint64_t read_page(const struct isa_pages *self, unsigned port)
{
    return self->xt ? 0xff : self->page[port % ISA_PAGES].value;
}

static const struct state_field round_rows[] = {
    {STATE_PARTS(struct isa_pages, page, wire_state)},
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(isa_pages, round_rows)};
static const struct round_hooks pages_round = {.state = &round_state};

static sim_cycle isa_pages_step(void *instance, sim_cycle now)
{
    struct isa_pages *self = instance;
    const struct isa_command *command;
    if (isa_ends(self->bus, self->slave, ISA_IOW, now, &command))
        write_page(self, command->address, command->data);
    if (isa_ends(self->bus, self->slave, ISA_IOR, now, &command))
        self->answer.drives_data = false;
    if (isa_begins(self->bus, self->slave, ISA_IOR, now, &command)) {
        uint64_t page = read_page(self, command->address);
        self->answer =
            (struct isa_slave_out){.data = (uint16_t)(0xff00 | page), .drives_data = true};
    }
    isa_slave_drive(self->bus, self->slave, &self->answer);
    return SIM_NEVER;
}

static int isa_pages_create(struct build *build, struct component *component)
{
    const struct isa_pages_config *config = component->config;
    struct isa_pages *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->bus = build_isa(build, config->bus);
    self->xt = config->machine == ISA_PAGES_OF_XT;
    component->instance = self;
    component->clock = self->bus->unit.clock;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, isa_pages_step, self);
    self->unit.round = &pages_round;
    int code = build_isa_slave(build, component, self->bus, &self->unit, 0, &self->slave);
    if (code != DMASIM_OK)
        return code;
    return build_isa_window(build, component, self->bus, self->slave, true, "port", config->port,
                            ISA_PAGES);
}

static void isa_pages_check(const struct plan *plan, const struct component *self,
                            struct check *check)
{
    (void)plan;
    const struct isa_pages_config *config = self->config;
    if (config->port % ISA_PAGES)
        check->fail(check, self, "port", "must be a multiple of 16");
}

static bool isa_pages_region(const struct component *self, uint32_t index,
                             struct component_region *region)
{
    const struct isa_pages_config *config = self->config;
    *region = (struct component_region){
        .bus = config->bus, .base = ISA_PORT_BASE + config->port, .bytes = ISA_PAGES};
    return index == 0;
}

static int isa_pages_access(struct component *component, uint64_t offset, unsigned size_bytes,
                            bool write, uint64_t *value)
{
    struct isa_pages *self = component->instance;
    if (size_bytes != 1 || offset >= ISA_PAGES)
        return DMASIM_UNMAPPED;
    if (write)
        write_page(self, (unsigned)offset, *value);
    else
        *value = read_page(self, (unsigned)offset);
    return DMASIM_OK;
}

const struct wire *isa_pages_wires(const struct component *component)
{
    return ((const struct isa_pages *)component->instance)->page;
}

static const char *const machines[] = {[ISA_PAGES_OF_AT] = "at", [ISA_PAGES_OF_XT] = "xt", NULL};

const struct parameter isa_pages_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     .of = "isa",
     PARAMETER_AT(isa_pages_config, bus),
     .doc = "Bus it is on."},
    {.name = "port",
     .kind = PARAMETER_ADDRESS,
     PARAMETER_AT(isa_pages_config, port),
     .initial = 0x80,
     .max = ISA_PORT_LAST,
     .doc = "First of its 16 ports, a multiple of 16."},
    {.name = "machine",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(isa_pages_config, machine),
     .names = machines,
     .doc = "at: 16 registers of 8 bits (A23-A16); xt: four of 4 bits (A19-A16), which the 16 "
            "ports repeat and which "
            "cannot be read."},
    {.name = NULL},
};

static const struct register_entry entries[] = {
    {.name = "PAGE%u",
     .offset = 0,
     .count = ISA_PAGES,
     .stride_bytes = 1,
     .access = REGISTER_RW,
     .doc = "A23-A16 of the channel that has this register; channels 0 to 3 of a PC: 7, 3, 1, 2"},
    {.name = NULL},
};

static const struct register_map registers = {
    .compatible = "isa-pages",
    .title = "Page registers of a PC",
    .entries = entries,
    .width_bits = 8,
    .size_bytes = ISA_PAGES,
};

const struct component_type isa_pages_type = {
    .name = "isa-pages",
    .section = SECTION_PERIPHERALS,
    .doc = "Page registers of a PC: A23-A16 of DMA channels.",
    .config_bytes = sizeof(struct isa_pages_config),
    .parameters = isa_pages_parameters,
    .registers = &registers,
    .create = isa_pages_create,
    .check = isa_pages_check,
    .region = isa_pages_region,
    .access = isa_pages_access,
};
