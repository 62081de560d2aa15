/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scripted: an AHB master that plays a list of commands, as a source of exact traffic.
 *
 * It is the scripted master of the golden traces (traces/golden/ahb/README.md): its beats carry
 * HWDATA = D0000000 | master << 24 | command << 16 | beat, from the cycle after the address was
 * accepted, for reads too.
 *
 * Timing: the first command opens in cycle max(1, delay), each later one in L + 1 + delay, L being the
 * cycle in which the last address of the command before was accepted (or its ERROR began, if that was
 * before). The rest is bus/ahb/ahb_master.c.
 *
 * Inaccuracies: command numbers beyond 255 and beats beyond 65535 wrap in HWDATA.
 */
#include "host/play/scripted.h"

#include "bus/ahb/ahb_component.h"
#include "bus/ahb/ahb_master.h"

struct scripted {
    struct unit unit;
    struct ahb_master port;
    const struct scripted_config *config;
    struct kernel *kernel;
    uint32_t next;  /* command to queue */
    uint32_t round; /* of the list */
    bool holding;
};

static const char *const burst_names[] = {"single", "incr",   "wrap4",  "incr4", "wrap8",
                                          "incr8",  "wrap16", "incr16", NULL};
static const char *const drop_names[] = {"last_shown", "first_shown", "last_accepted", NULL};
static const char *const size_names[] = {"8", "16", "32", "64", "128", NULL};

static const struct parameter command_parameters[] = {
    {.name = "delay",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(scripted_command, delay),
     .max = UINT32_MAX,
     .doc = "Cycles between the end of the command before and the opening of this one."},
    {.name = "write",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(scripted_command, write),
     .doc = "Write rather than read."},
    {.name = "lock",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(scripted_command, lock),
     .doc = "Assert HLOCK for the command."},
    {.name = "width",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(scripted_command, size),
     .initial = 2,
     .names = size_names,
     .doc = "Bits of a beat (HSIZE)."},
    {.name = "burst",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(scripted_command, burst),
     .initial = AHB_SINGLE,
     .names = burst_names,
     .doc = "HBURST."},
    {.name = "beats",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(scripted_command, beats),
     .initial = 1,
     .min = 1,
     .max = 65535,
     .doc = "Beats of an INCR; a fixed-length burst has its own number."},
    {.name = "address",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(scripted_command, address),
     .max = UINT32_MAX,
     .doc = "Address of the first beat."},
    {.name = "drop",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(scripted_command, drop),
     .names = drop_names,
     .doc =
         "When HBUSREQ falls: as the last address appears, with the first beat of a fixed-length "
         "burst, or after the last address was accepted."},
    {.name = "busy",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(scripted_command, busy),
     .max = UINT16_MAX,
     .doc = "Bit n: one BUSY cycle before beat n."},
    {.name = NULL},
};

static const struct parameter scripted_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     .of = "ahb",
     PARAMETER_AT(scripted_config, bus),
     .doc = "Bus it is a master of."},
    {.name = "repeat",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(scripted_config, repeat),
     .initial = 1,
     .max = UINT32_MAX,
     .doc = "How often the list is played; 0 plays it for ever and does not hold the run open."},
    {.name = "commands",
     .kind = PARAMETER_LIST,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(scripted_config, commands),
     .sub = command_parameters,
     .item_bytes = sizeof(struct scripted_command),
     .doc = "What it does, in order."},
    {.name = NULL},
};

static bool more(const struct scripted *self)
{
    return self->next < self->config->commands.count &&
           (self->config->repeat == 0 || self->round < self->config->repeat);
}

static void queue_next(struct scripted *self, sim_cycle now)
{
    const struct scripted_command *list = self->config->commands.items;
    const struct scripted_command *c = &list[self->next];
    unsigned beats = ahb_burst_beats(c->burst);
    struct ahb_command command = {
        .haddr = (uint32_t)c->address,
        .beats = (uint16_t)(beats ? beats : c->beats),
        .busy = c->busy,
        .delay = (uint32_t)c->delay,
        .tag = self->next,
        .hwrite = c->write,
        .hsize = c->size,
        .hburst = c->burst,
        .hprot = 1, /* data access, user, not bufferable, not cacheable */
        .lock = c->lock,
        .drop = c->drop,
    };
    ahb_master_queue(&self->port, now, &command);
    if (++self->next == self->config->commands.count) {
        self->round++;
        if (self->config->repeat == 0 || self->round < self->config->repeat)
            self->next = 0;
    }
}

static sim_cycle scripted_step(void *scripted, sim_cycle now)
{
    struct scripted *self = scripted;
    struct ahb_events events = ahb_master_edge(&self->port, now);
    if (events.accepted) {
        uint32_t word = UINT32_C(0xd0000000) | (uint32_t)self->port.index << 24 |
                        (events.accepted_tag & 0xff) << 16 | events.accepted_beat;
        struct ahb_data data = {{word | (uint64_t)word << 32, word | (uint64_t)word << 32}};
        if (self->port.bus->width_bits <= 32)
            data = (struct ahb_data){{word, 0}};
        ahb_master_hwdata(&self->port, &data);
    }
    while (more(self) && !ahb_master_full(&self->port))
        queue_next(self, now);
    if (self->holding && !more(self) && ahb_master_idle(&self->port)) {
        self->holding = false;
        kernel_release(self->kernel);
    }
    return ahb_master_drive(&self->port, now);
}

static int scripted_create(struct build *build, struct component *component)
{
    struct kernel *kernel = build->kernel;
    const struct scripted_config *config = component->config;
    struct ahb_bus *bus = build_ahb(build, config->bus);
    struct scripted *self = arena_alloc(kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->config = config;
    self->kernel = kernel;
    component->instance = self;
    component->clock = bus->unit.clock;
    kernel_add(kernel, &self->unit, component->name, bus->unit.clock, scripted_step, self);
    if (ahb_master_join(&self->port, bus, &self->unit, component->name) < 0) {
        build->check->fail(build->check, component, "bus", "bus '%s' has no room for more masters",
                           bus->name);
        return DMASIM_INVALID;
    }
    if (config->repeat && config->commands.count) {
        self->holding = true;
        kernel_hold(kernel);
    }
    return DMASIM_OK;
}

static void scripted_check(const struct plan *plan, const struct component *component,
                           struct check *check)
{
    (void)plan;
    const struct scripted_config *config = component->config;
    const struct scripted_command *list = config->commands.items;
    for (uint32_t i = 0; i < config->commands.count; i++)
        if (list[i].address & ((UINT64_C(1) << list[i].size) - 1))
            check->fail(check, component, "commands",
                        "command %u: address 0x%llx is not aligned to its %u-bit beats", i,
                        (unsigned long long)list[i].address, 8u << list[i].size);
}

const struct component_type scripted_type = {
    .name = "scripted",
    .section = SECTION_MASTERS,
    .doc = "A master that plays a list of commands, with every wire in its hands.",
    .config_bytes = sizeof(struct scripted_config),
    .parameters = scripted_parameters,
    .create = scripted_create,
    .check = scripted_check,
};
