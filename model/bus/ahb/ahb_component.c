/* SPDX-License-Identifier: BSD-2-Clause */
/* ahb_component: the type "ahb"; see ahb_bus.c. */
#include "bus/ahb/ahb_component.h"

#include <stdio.h>
#include <string.h>

#include "bus/ahb/ahb_counts.h"

int build_ahb_slave(struct build *build, const struct component *component, struct ahb_bus *bus,
                    struct unit *unit, uint64_t base, uint64_t bytes, int *slave)
{
    *slave = ahb_bus_add_slave(bus, unit, component->name);
    if (*slave < 0) {
        build->check->fail(build->check, component, "bus",
                           "bus '%s' has no room: %d slaves at most", bus->name, AHB_SLAVES_MAX);
        return DMASIM_INVALID;
    }
    if (ahb_bus_map(bus, *slave, (uint32_t)base, bytes) == DMASIM_OK)
        return DMASIM_OK;
    build->check->fail(build->check, component, "base",
                       "0x%llx .. 0x%llx overlaps another slave or leaves the 32-bit space",
                       (unsigned long long)base, (unsigned long long)(base + bytes - 1));
    return DMASIM_INVALID;
}

static const char *const policy_names[] = {"fixed", "round_robin", "weighted", "fair_mask", NULL};
static const char *const order_names[] = {"highest_first", "lowest_first", NULL};
static const char *const grant_names[] = {"combinational", "registered", NULL};
static const char *const rearbitrate_names[] = {"burst_end", "release", "any_beat", NULL};
static const char *const park_names[] = {"default_master", "last_owner", "nobody", NULL};

static const struct parameter weight_parameters[] = {
    {.name = "master",
     .kind = PARAMETER_TEXT,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(ahb_weight, master),
     .doc = "Name of the master."},
    {.name = "grants",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(ahb_weight, grants),
     .min = 1,
     .max = 1u << 20,
     .doc = "Grants it may have in a row."},
    {.name = NULL},
};

const struct parameter ahb_arbiter_parameters[] = {
    {.name = "policy",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(ahb_arbiter_config, policy),
     .initial = AHB_ROUND_ROBIN,
     .names = policy_names,
     .doc = "Who wins: fixed priority, the next in the ring behind the owner, the ring with "
            "`weights`, or a mask of the masters served since the last time nobody else asked."},
    {.name = "order",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(ahb_arbiter_config, order),
     .initial = AHB_LOWEST_FIRST,
     .names = order_names,
     .doc =
         "Index that wins under fixed and fair_mask. The lowest one has the master that is named "
         "first in `master_order`, else declared first."},
    {.name = "grant",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(ahb_arbiter_config, grant),
     .initial = AHB_COMBINATIONAL,
     .names = grant_names,
     .doc = "HGRANT in the cycle of HBUSREQ, or from a register one cycle later."},
    {.name = "rearbitrate",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(ahb_arbiter_config, rearbitrate),
     .initial = AHB_AT_BURST_END,
     .names = rearbitrate_names,
     .doc =
         "Where the bus may change hands: at the end of bursts, when the owner's HBUSREQ is low, "
         "or at any beat outside a fixed-length burst."},
    {.name = "count_beats",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(ahb_arbiter_config, count_beats),
     .initial = 1,
     .doc = "Count the beats of fixed-length bursts, to rearbitrate on the last one."},
    {.name = "ignore_lock",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(ahb_arbiter_config, ignore_lock),
     .doc = "HLOCK does not hold the grant."},
    {.name = "park",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(ahb_arbiter_config, park),
     .initial = AHB_PARK_DEFAULT,
     .names = park_names,
     .doc = "Who is granted when nobody asks."},
    {.name = "default_master",
     .kind = PARAMETER_TEXT,
     PARAMETER_AT(ahb_arbiter_config, default_master),
     .doc = "Name of the default master; none: the one with index 0."},
    {.name = "ahead",
     .kind = PARAMETER_TEXT,
     PARAMETER_AT(ahb_arbiter_config, ahead),
     .doc = "Name of a master that wins whenever it asks, ahead of the policy."},
    {.name = "max_hold_cycles",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(ahb_arbiter_config, max_hold_cycles),
     .max = UINT32_MAX,
     .doc = "Address cycles after which an owner loses the bus to another that asks, even inside a "
            "burst; 0: no limit."},
    {.name = "starved_after",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(ahb_arbiter_config, starved_after),
     .max = UINT32_MAX,
     .doc = "Cycles after which a master that still waits for the bus is told of in the log, as a "
            "warning; 0: no limit. It changes nothing."},
    {.name = "weights",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(ahb_arbiter_config, weights),
     .sub = weight_parameters,
     .item_bytes = sizeof(struct ahb_weight),
     .doc = "Under policy weighted; a master not listed has 1."},
    {.name = NULL},
};

const struct parameter ahb_bus_parameters[] = {
    {.name = "clock",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_CLOCK,
     PARAMETER_AT(ahb_bus_config, clock),
     .doc = "HCLK."},
    {.name = "width",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(ahb_bus_config, width_bits),
     .initial = 32,
     .min = 8,
     .max = 128,
     .doc = "Bits of HWDATA and HRDATA."},
    {.name = "master_order",
     .kind = PARAMETER_TEXTS,
     PARAMETER_AT(ahb_bus_config, master_order),
     .doc = "Names of masters in the order of their indices; others follow as they are declared "
            "(cpus, controllers, masters)."},
    {.name = "arbiter",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(ahb_bus_config, arbiter),
     .sub = ahb_arbiter_parameters,
     .doc = "Who gets the bus, and when."},
    {.name = "coherent",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(ahb_bus_config, coherent),
     .doc = "All its masters are coherent with the cache of the CPU on it (docs/memory.md)."},
    {.name = "coherent_masters",
     .kind = PARAMETER_TEXTS,
     PARAMETER_AT(ahb_bus_config, coherent_masters),
     .doc = "These are, by their names; a controller's stands for all its ports."},
    {.name = NULL},
};

static int ahb_create(struct build *build, struct component *component)
{
    const struct ahb_bus_config *config = component->config;
    struct clock *clock = build_clock(build, config->clock);
    struct ahb_bus *bus = ahb_bus_create(build->kernel, component->name, clock, config);
    if (!bus)
        return DMASIM_MEMORY;
    component->instance = bus;
    component->clock = clock;
    build_probe(build, &bus->row_probe, component->name, bus->row_probe.type, clock, bus);
    build_probe(build, &bus->beat_probe, component->name, bus->beat_probe.type, clock, bus);
    return DMASIM_OK;
}

/* Once every master has joined: checks the names its arbiter uses, registers the masters' probes. */

static bool joined(const struct ahb_bus *bus, const char *name)
{
    for (uint32_t i = 0; i < bus->master_count; i++)
        if (bus->masters[i].unit && strcmp(bus->masters[i].name, name) == 0)
            return true;
    return false;
}

static void need_master(struct check *check, const struct component *component,
                        const char *parameter, const char *name)
{
    const struct ahb_bus *bus = component->instance;
    if (name && !joined(bus, name))
        check->fail(check, component, parameter, "bus '%s' has no master '%s'", bus->name, name);
}

static int ahb_complete(struct build *build, struct component *component)
{
    struct ahb_bus *bus = component->instance;
    const struct ahb_arbiter_config *arbiter = &bus->config.arbiter;
    struct check *check = build->check;
    uint32_t before = check->failures;
    need_master(check, component, "arbiter.default_master", arbiter->default_master);
    need_master(check, component, "arbiter.ahead", arbiter->ahead);
    const struct ahb_weight *weights = arbiter->weights.items;
    for (uint32_t i = 0; i < arbiter->weights.count; i++)
        need_master(check, component, "arbiter.weights", weights[i].master);
    const char *const *order = bus->config.master_order.items;
    for (uint32_t i = 0; i < bus->config.master_order.count; i++)
        need_master(check, component, "master_order", order[i]);

    for (uint32_t i = 0; i < bus->master_count; i++) {
        struct ahb_port *port = &bus->masters[i];
        if (!port->unit)
            continue;
        size_t bytes = strlen(bus->name) + strlen(port->name) + 2;
        char *scope = arena_alloc(build->kernel->arena, bytes);
        if (!scope)
            return DMASIM_MEMORY;
        snprintf(scope, bytes, "%s.%s", bus->name, port->name);
        build_probe(build, &port->probe, scope, bus->master_type, bus->unit.clock, bus);
    }
    ahb_bus_widths(bus);
    return check->failures == before ? DMASIM_OK : DMASIM_INVALID;
}

static void ahb_check(const struct plan *plan, const struct component *self, struct check *check)
{
    const struct ahb_bus_config *config = self->config;
    (void)plan;
    check_names_once(check, self, "master_order", &config->master_order, sizeof(char *));
    check_names_once(check, self, "arbiter.weights", &config->arbiter.weights,
                     sizeof(struct ahb_weight));
}

/* IHI 0011A 3.8: the smallest space of a slave is 1 KiB. */
static const struct bus_space ahb_space = {
    .unit_bytes = AHB_KIB, .unit = "1 KiB", .last = UINT32_MAX, .width = "32 bits"};

const struct component_type ahb_type = {
    .name = "ahb",
    .state = &ahb_bus_state,
    .section = SECTION_BUSES,
    .doc = "An AMBA 2 AHB with any number of masters and slaves up to 16 each.",
    .config_bytes = sizeof(struct ahb_bus_config),
    .parameters = ahb_bus_parameters,
    .create = ahb_create,
    .complete = ahb_complete,
    .check = ahb_check,
    .host_port = ahb_host_port,
    .counters = ahb_counters,
    .leaves = ahb_leaves,
    .causes = &ahb_causes,
    .space = &ahb_space,
};
