/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_crossbar_build: parameters and building of a crossbar; the model is in axi_crossbar.c. */
#include "bus/axi/axi_crossbar_state.h"

#include <string.h>

static const char *const policy_names[] = {"round_robin", "fixed", "weighted", NULL};
static const char *const grant_names[] = {"combinational", "registered", NULL};

static const struct parameter weight_parameters[] = {
    {.name = "master",
     .kind = PARAMETER_TEXT,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(axi_weight, master),
     .doc = "Name of the master."},
    {.name = "grants",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(axi_weight, grants),
     .min = 1,
     .max = 1u << 20,
     .doc = "Bursts it may have in a row."},
    {.name = NULL},
};

#define SLICE(label, channel)                                                                      \
    {                                                                                              \
        .name = (label), .kind = PARAMETER_BOOL,                                                   \
        PARAMETER_AT(axi_slice_config, channels[channel]), .initial = 1,                           \
        .doc = "One on this channel."                                                              \
    }

static const struct parameter slice_parameters[] = {
    {.name = "port",
     .kind = PARAMETER_TEXT,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(axi_slice_config, port),
     .doc = "Name of the master or slave."},
    SLICE("ar", AXI_AR),
    SLICE("r", AXI_R),
    SLICE("aw", AXI_AW),
    SLICE("w", AXI_W),
    SLICE("b", AXI_B),
    {.name = NULL},
};

const struct parameter axi_crossbar_parameters[] = {
    {.name = "policy",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(axi_crossbar_config, policy),
     .initial = AXI_ROUND_ROBIN,
     .names = policy_names,
     .doc = "Whose AR and AW gets to a slave next: the next master in the ring, the first one that "
            "joined (fixed), or the ring with `weights`."},
    {.name = "grant",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(axi_crossbar_config, grant),
     .initial = AXI_COMBINATIONAL,
     .names = grant_names,
     .doc =
         "An address gets to its slave in the cycle of its VALID, or from a register one later."},
    {.name = "always",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(axi_crossbar_config, always),
     .doc =
         "A crossbar also between one master and one slave, which else are joined by wires alone, "
         "without a decoder."},
    {.name = "outstanding",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(axi_crossbar_config, outstanding),
     .initial = AXI_OUTSTANDING,
     .min = 1,
     .max = AXI_OUTSTANDING_MAX,
     .doc = "Bursts of one master that may be unanswered, reads and writes each."},
    {.name = "weights",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(axi_crossbar_config, weights),
     .sub = weight_parameters,
     .item_bytes = sizeof(struct axi_weight),
     .doc = "Under policy weighted; a master not listed has 1."},
    {.name = "slices",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(axi_crossbar_config, slices),
     .sub = slice_parameters,
     .item_bytes = sizeof(struct axi_slice_config),
     .doc = "Register slices between a port and the crossbar: each channel takes a cycle more, and "
            "still one beat per cycle."},
    {.name = NULL},
};

/* ---- slices ---------------------------------------------------------------------------------- */

static struct axi_end *end_named(struct axi_crossbar *self, const char *name)
{
    for (uint32_t i = 0; i < self->master_count; i++)
        if (strcmp(self->masters[i].end.port->name, name) == 0)
            return &self->masters[i].end;
    for (uint32_t i = 0; i < self->slave_count; i++)
        if (strcmp(self->slaves[i].end.port->name, name) == 0)
            return &self->slaves[i].end;
    return NULL;
}

static int add_slices(struct axi_crossbar *self, const struct axi_slice_config *config)
{
    struct axi_end *end = end_named(self, config->port);
    if (!end)
        return DMASIM_INVALID;
    for (unsigned channel = 0; channel < AXI_CHANNELS; channel++) {
        uint8_t mask = (uint8_t)(1u << channel);
        uint8_t all = (mask & AXI_READS) ? AXI_READS : AXI_WRITES;
        if (!config->channels[channel] || end->slices[channel] ||
            !(end->port->channels & self->channels & all))
            continue;
        end->slices[channel] =
            arena_alloc(self->bus->unit.clock->kernel->arena, sizeof *end->slices[channel]);
        if (!end->slices[channel])
            return DMASIM_MEMORY;
        end->sliced |= mask;
    }
    return DMASIM_OK;
}

static int set_weights(struct axi_crossbar *self)
{
    const struct parameter_list *list = &self->bus->config.crossbar.weights;
    const struct axi_weight *weights = list->items;
    for (uint32_t i = 0; i < list->count && self->policy == AXI_WEIGHTED; i++) {
        bool found = false;
        for (uint32_t j = 0; j < self->master_count; j++)
            if (strcmp(self->masters[j].end.port->name, weights[i].master) == 0) {
                self->masters[j].weight = weights[i].grants;
                found = true;
            }
        if (!found)
            return DMASIM_INVALID;
    }
    return DMASIM_OK;
}

static const struct axi_arbiter fresh = {
    .granted = AXI_NOBODY, .last = AXI_MASTERS_MAX - 1, .used = UINT32_MAX};
static const struct axi_arbiter fresh_answers = {.granted = AXI_NOBODY, .last = AXI_NOWHERE};

/* ---- from round to round --------------------------------------------------------------------- */

/* Payloads are gathered and routed anew in each cycle that is settled. */
static const struct state_field end_rows[] = {
    {STATE_SAME(struct axi_end, payload), .dead = true},
    {.name = NULL},
};
static const struct state_table end_round = {STATE_TABLE(axi_end, end_rows)};

static const struct state_field master_rows[] = {
    {STATE_PART(struct axi_side_master, end, end_round)},
    {.name = NULL},
};
static const struct state_table master_state = {STATE_TABLE(axi_side_master, master_rows)};
static const struct round_hooks master_round = {.state = &master_state};

static const struct state_field slave_rows[] = {
    {STATE_PART(struct axi_side_slave, end, end_round)},
    {STATE_SAME(struct axi_side_slave, w_first), .dead = true},
    {.name = NULL},
};
static const struct state_table slave_state = {STATE_TABLE(axi_side_slave, slave_rows)};

/* The ring of those who write, wherever it begins. */
static bool tell_slave(void *slave, struct repeat *words)
{
    const struct axi_side_slave *self = slave;
    const struct axi_crossbar *crossbar = self->end.port->bus->crossbar;
    for (uint32_t i = 0; i < self->w_count; i++)
        repeat_same(words, self->w_order[(self->w_first + i) % crossbar->w_places]);
    return true;
}

static const struct round_hooks slave_round = {.state = &slave_state, .tell = tell_slave};

/* ---- building -------------------------------------------------------------------------------- */

static int create_master(struct axi_crossbar *self, struct axi_side_master *master,
                         struct axi_port *port)
{
    *master = (struct axi_side_master){.end.port = port, .weight = 1};
    master->r = master->b = fresh_answers;
    const struct clock *clock = self->bus->unit.clock;
    if (!round_join(clock->kernel, &master_round, master, clock))
        return DMASIM_MEMORY;
    for (unsigned i = 0; i < AXI_DIRECTIONS; i++) {
        struct axi_thread **entries = &master->threads[i].entries;
        *entries =
            arena_alloc(self->bus->unit.clock->kernel->arena, self->outstanding * sizeof **entries);
        if (!*entries)
            return DMASIM_MEMORY;
    }
    return DMASIM_OK;
}

static int create_slave(struct axi_crossbar *self, struct axi_side_slave *slave,
                        struct axi_port *port)
{
    *slave = (struct axi_side_slave){.end.port = port};
    slave->addresses[AXI_READ] = slave->addresses[AXI_WRITE] = fresh;
    const struct clock *clock = self->bus->unit.clock;
    slave->w_order = arena_alloc(clock->kernel->arena, self->w_places);
    const bool good = slave->w_order &&
                      round_leave_out(clock->kernel, slave->w_order, self->w_places) &&
                      round_join(clock->kernel, &slave_round, slave, clock);
    return good ? DMASIM_OK : DMASIM_MEMORY;
}

int axi_crossbar_create(struct axi_bus *bus, uint8_t channels)
{
    struct arena *arena = bus->unit.clock->kernel->arena;
    const struct axi_crossbar_config *config = &bus->config.crossbar;
    struct axi_crossbar *self = arena_alloc(arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    *self = (struct axi_crossbar){
        .bus = bus,
        .channels = channels,
        .registered = config->grant == AXI_REGISTERED,
        .policy = config->policy,
        .outstanding = config->outstanding ? config->outstanding : AXI_OUTSTANDING,
        .master_count = bus->master_count,
        .slave_count = bus->slave_count,
    };
    self->w_places = self->outstanding * self->master_count;
    self->masters = arena_alloc(arena, (bus->master_count + 1) * sizeof *self->masters);
    self->slaves = arena_alloc(arena, (bus->slave_count + 1) * sizeof *self->slaves);
    if (!self->masters || !self->slaves)
        return DMASIM_MEMORY;
    int code = DMASIM_OK;
    for (uint32_t i = 0; i < bus->master_count && code == DMASIM_OK; i++)
        code = create_master(self, &self->masters[i], bus->masters[i]);
    for (uint32_t i = 0; i < bus->slave_count && code == DMASIM_OK; i++)
        code = create_slave(self, &self->slaves[i], bus->slaves[i]);
    const struct axi_slice_config *slices = config->slices.items;
    for (uint32_t i = 0; i < config->slices.count && code == DMASIM_OK; i++)
        code = add_slices(self, &slices[i]);
    if (code == DMASIM_OK)
        code = set_weights(self);
    bus->crossbar = self;
    return code;
}
