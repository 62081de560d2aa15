/* SPDX-License-Identifier: BSD-2-Clause */
/* isa_components: the type "isa", and what other types build with. */
#include "bus/isa/isa_component.h"
#include "bus/host_port.h"

#include <stdio.h>
#include <string.h>

const struct parameter isa_parameters[] = {
    {.name = "clock",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_CLOCK,
     PARAMETER_AT(isa_bus_config, clock),
     .doc = "CLK; a cycle of the bus is half a period of it. An odd number of picoseconds is made "
            "even."},
    {.name = "width",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(isa_bus_config, width_bits),
     .initial = 8,
     .min = 8,
     .max = 16,
     .doc = "Bits of the data bus."},
    {.name = "hlda_clocks",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(isa_bus_config, hlda_clocks),
     .initial = 1,
     .min = 1,
     .max = 1u << 20,
     .doc = "Clocks from HRQ to HLDA if the CPU has no bus cycle under way."},
    {.name = "cpu_memory_waits",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(isa_bus_config, cpu_memory_waits),
     .max = 1000,
     .doc = "Wait states in memory cycles of the CPU, beside those of the memory."},
    {.name = "cpu_io_waits",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(isa_bus_config, cpu_io_waits),
     .max = 1000,
     .doc = "Wait states in I/O cycles of the CPU, beside those of the device."},
    {.name = "dma_waits",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(isa_bus_config, dma_waits),
     .max = 1000,
     .doc = "Wait states in DMA cycles but those of a refresh, beside those of memory and device: "
            "1 in a PC/XT, whose "
            "DMA cycles take five clocks and refreshes four."},
    {.name = NULL},
};

static int isa_create(struct build *build, struct component *component)
{
    const struct isa_bus_config *config = component->config;
    struct clock *clock = build_clock(build, config->clock);
    size_t bytes = strlen(component->name) + sizeof ".half";
    char *name = arena_alloc(build->kernel->arena, bytes);
    if (!name)
        return DMASIM_MEMORY;
    snprintf(name, bytes, "%s.half", component->name);
    clock->period_ps &= ~UINT64_C(1); /* both halves are whole picoseconds */
    /* States begin with CLK low: half a period after the clock's edges. */
    sim_time half = clock->period_ps / 2;
    component->clock = kernel_clock(build->kernel, name, half, clock->phase_ps + half);
    if (!component->clock)
        return DMASIM_MEMORY;
    component->clock->edges = ISA_HALVES;
    struct isa_bus *bus = isa_bus_create(build->kernel, component->name, component->clock, config);
    if (!bus)
        return DMASIM_MEMORY;
    component->instance = bus;
    build_probe(build, &bus->row_probe, component->name, bus->row_probe.type, component->clock,
                bus);
    build_probe(build, &bus->cycle_probe, component->name, bus->cycle_probe.type, component->clock,
                bus);
    build_probe(build, &bus->beat_probe, component->name, bus->beat_probe.type, component->clock,
                bus);
    return DMASIM_OK;
}

int build_isa_slave(struct build *build, const struct component *component, struct isa_bus *bus,
                    struct unit *unit, uint32_t wait_states, int *slave)
{
    *slave = isa_bus_add_slave(bus, unit, component->name, wait_states);
    if (*slave != ISA_NOBODY)
        return DMASIM_OK;
    build->check->fail(build->check, component, "bus", "bus '%s' has no room: %d slaves at most",
                       bus->name, ISA_SLAVES_MAX);
    return DMASIM_INVALID;
}

int build_isa_window(struct build *build, const struct component *component, struct isa_bus *bus,
                     int slave, bool port, const char *where, uint64_t base, uint64_t bytes)
{
    if (bytes > 0 && base + bytes - 1 <= (port ? ISA_PORT_LAST : ISA_MEMORY_LAST) &&
        isa_bus_map(bus, slave, port, (uint32_t)base, (uint32_t)(base + bytes - 1)) == DMASIM_OK)
        return DMASIM_OK;
    build->check->fail(build->check, component, where, "0x%llx .. 0x%llx overlaps another or %s",
                       (unsigned long long)base, (unsigned long long)(base + bytes - 1),
                       port ? "is beyond port 0xffff" : "is beyond 16 MiB");
    return DMASIM_INVALID;
}

static bool isa_counters(const struct component *component, uint32_t index, sim_time now,
                         struct counter_part *part)
{
    const struct isa_bus *self = component->instance;
    if (index == 0) {
        struct beat_figures all = {.reads = 0};
        for (uint32_t i = 0; i <= self->controller_count; i++) {
            all.reads += self->figures[i].reads;
            all.writes += self->figures[i].writes;
            all.bytes += self->figures[i].bytes;
            const struct beat_figures one = isa_bus_figures(self, i, now);
            all.grant_waits += one.grant_waits;
            all.waits += one.waits;
        }
        tell_bus_halves(part, &all, self->config.width_bits / 8, self->unit.clock, now);
        return true;
    }
    const uint32_t i = figures_by_first(self->firsts, 1 + self->controller_count, index - 1);
    if (i > self->controller_count)
        return false;
    const struct beat_figures figures = isa_bus_figures(self, i, now);
    tell_master_beats(part, 1 + i, i ? self->controllers[i - 1].name : self->host_name, true,
                      &figures);
    return true;
}

static const struct bus_space isa_space = {
    .unit_bytes = 1,
    .unit = "1 B",
    .last = ISA_PORT_BASE + ISA_PORT_LAST,
    .width = "the ports, which end at 0x8000ffff",
};

const struct component_type isa_type = {
    .name = "isa",
    .section = SECTION_BUSES,
    .doc = "The bus of a PC with its CPU's HOLD and HLDA; port n is at address 0x8000_0000 + n.",
    .config_bytes = sizeof(struct isa_bus_config),
    .parameters = isa_parameters,
    .create = isa_create,
    .space = &isa_space,
    .one_host = true,
    .host_port = isa_host_port,
    .counters = isa_counters,
    .causes = &isa_causes,
};
