/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_component: the type "axi"; see axi_bus.c. */
#include "bus/axi/axi_component.h"
#include "bus/axi/axi_counts.h"
#include "bus/host_port.h"

#include <stdio.h>
#include <string.h>

static const struct parameter axi_parameters[] = {
    {.name = "clock",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_CLOCK,
     PARAMETER_AT(axi_bus_config, clock),
     .doc = "Clock of the bus and of everything on it."},
    {.name = "width",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(axi_bus_config, width_bits),
     .initial = 64,
     .min = 32,
     .max = 8 * AXI_BYTES_MAX,
     .beyond = "AXI has buses of 8 and 16 bits, and the RTL of adi,axi-dmac memories of 16 and "
               "2048: this "
               "model leaves them out",
     .doc = "Bits of a beat, of every port."},
    {.name = "lite",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(axi_bus_config, lite),
     .doc = "AXI4-Lite: single beats, no ids; for registers."},
    {.name = "crossbar",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(axi_bus_config, crossbar),
     .sub = axi_crossbar_parameters,
     .doc = "What joins several masters or slaves: arbiters, limits, register slices."},
    {.name = "coherent",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(axi_bus_config, coherent),
     .doc = "All its masters are coherent with the cache of the CPU on it (docs/memory.md)."},
    {.name = "coherent_masters",
     .kind = PARAMETER_TEXTS,
     PARAMETER_AT(axi_bus_config, coherent_masters),
     .doc = "These are, by their names; a controller's stands for all its ports."},
    {.name = NULL},
};

static int axi_create(struct build *build, struct component *component)
{
    const struct axi_bus_config *config = component->config;
    struct clock *clock = build_clock(build, config->clock);
    component->clock = clock;
    component->instance = axi_bus_create(build->kernel, component->name, clock, config);
    if (!component->instance)
        return DMASIM_MEMORY;
    struct axi_bus *bus = component->instance;
    build_probe(build, &bus->beat_probe, component->name, bus->beat_probe.type, clock, bus);
    return DMASIM_OK;
}

/* Lists the probes of a port under BUS.PORT. */
static bool list_port(struct build *build, struct axi_port *port)
{
    size_t bytes = strlen(port->bus->name) + strlen(port->name) + 2;
    char *scope = arena_alloc(build->kernel->arena, bytes);
    if (!scope)
        return false;
    snprintf(scope, bytes, "%s.%s", port->bus->name, port->name);
    build_probe(build, &port->row_probe, scope, port->row_probe.type, port->bus->unit.clock, port);
    build_probe(build, &port->event_probe, scope, port->event_probe.type, port->bus->unit.clock,
                port);
    return true;
}

static int axi_complete(struct build *build, struct component *component)
{
    struct axi_bus *bus = component->instance;
    for (uint32_t i = 0; i < bus->master_count; i++)
        if (!list_port(build, bus->masters[i]))
            return DMASIM_MEMORY;
    for (uint32_t i = 0; i < bus->slave_count; i++)
        if (!list_port(build, bus->slaves[i]))
            return DMASIM_MEMORY;
    int code = axi_bus_complete(bus);
    if (code == DMASIM_INVALID)
        build->check->fail(build->check, component, "crossbar",
                           "weights or slices name a port that bus '%s' does not have", bus->name);
    return code;
}

static void axi_check(const struct plan *plan, const struct component *self, struct check *check)
{
    const struct axi_bus_config *config = self->config;
    (void)plan;
    check_names_once(check, self, "crossbar.weights", &config->crossbar.weights,
                     sizeof(struct axi_weight));
}

/* IHI 0022E A3.4.1: a burst must not cross 4 KiB, so a slave takes at least that. */
static const struct bus_space axi_space = {
    .unit_bytes = AXI_KIB4, .unit = "4 KiB", .last = UINT64_MAX, .width = "64 bits"};

const struct component_type axi_type = {
    .name = "axi",
    .state = &axi_bus_state,
    .section = SECTION_BUSES,
    .doc = "An AXI4 or AXI4-Lite interconnect.",
    .config_bytes = sizeof(struct axi_bus_config),
    .parameters = axi_parameters,
    .create = axi_create,
    .complete = axi_complete,
    .check = axi_check,
    .space = &axi_space,
    .host_port = axi_host_port,
    .counters = axi_counters,
    .causes = &axi_causes,
};

struct axi_port *build_axi_slave(struct build *build, const struct component *component,
                                 struct axi_bus *bus, struct unit *unit, uint8_t channels,
                                 uint64_t base, uint64_t bytes)
{
    struct axi_port *port = axi_bus_add_slave(bus, unit, component->name, channels);
    if (!port) {
        build->check->fail(build->check, component, "bus",
                           "bus '%s' has no room: %d slaves at most", bus->name, AXI_SLAVES_MAX);
        return NULL;
    }
    if (axi_bus_map(bus, port, base, bytes) == DMASIM_OK)
        return port;
    build->check->fail(build->check, component, "base",
                       "0x%llx .. 0x%llx overlaps another slave or leaves the address space",
                       (unsigned long long)base, (unsigned long long)(base + bytes - 1));
    return NULL;
}

struct axi_port *build_axi_master(struct build *build, const struct component *component,
                                  const char *parameter, struct axi_bus *bus, struct unit *unit,
                                  const char *name, uint8_t channels)
{
    struct axi_port *port = axi_bus_add_master(bus, unit, name, channels);
    if (!port)
        build->check->fail(build->check, component, parameter,
                           "bus '%s' has no room: %d masters at most", bus->name, AXI_MASTERS_MAX);
    return port;
}
