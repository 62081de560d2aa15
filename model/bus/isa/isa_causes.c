/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * isa_causes: what a settled half of an ISA bus was used for (plan/cause.c).
 *
 *   half      s-3   s-2   s-1   s     s+1   s+2   s+3
 *   command   \_____________________________________/---
 *   READY     ____________________________/---------       low at the end of s: the two halves behind it are a wait
 *   cause     data  data  data  data  wait  wait  data     state; looked at again at the end of s+2
 */
#include "bus/isa/isa_component.h"

/* What is kept: who drives (bit 0 the CPU, bit 1 + i controller i), whose HRQ is up; and, over a bus cycle, the halves
 * of its wait state, from the first to the last. */
enum { DRIVES, ASKS, WAITS_FROM, WAITS_TO };

static void isa_before(const struct component *self, struct cause_cycle *cycle)
{
    const struct isa_bus *bus = self->instance;
    cycle->kept[DRIVES] = bus->host.drives;
    cycle->kept[ASKS] = 0;
    for (uint32_t i = 0; i < bus->controller_count; i++) {
        const struct isa_master_out *out = &bus->controllers[i].out;
        cycle->kept[DRIVES] |= (uint64_t)out->drives << (1 + i);
        cycle->kept[ASKS] |= (uint64_t)out->hrq << (1 + i);
    }
}

static bool waits(const struct cause_cycle *cycle, sim_cycle now)
{
    return now >= cycle->kept[WAITS_FROM] && now <= cycle->kept[WAITS_TO] && cycle->kept[WAITS_TO];
}

static void isa_settled(const struct component *self, struct cause_cycle *cycle, sim_cycle now)
{
    const struct isa_bus *bus = self->instance;
    const bool sampled = bus->row.commands && bus->cycle_sample != SIM_NEVER &&
                         now >= bus->cycle_sample && (now - bus->cycle_sample) % ISA_HALVES == 0;
    if (!bus->row.commands)
        cycle->kept[WAITS_TO] = 0;
    if (!sampled || bus->row.ready)
        return;
    if (!waits(cycle, now))
        cycle->kept[WAITS_FROM] = now + 1;
    cycle->kept[WAITS_TO] = now + ISA_HALVES;
}

/* Of those that a command is for, the one that holds READY, else the one with the most wait states. */
static const char *slowest(const struct isa_bus *bus)
{
    const struct isa_port *found = NULL;
    for (unsigned lines = bus->row.commands; lines; lines &= lines - 1) {
        const int slave = bus->command[__builtin_ctz(lines)].slave;
        if (slave < 0)
            continue;
        if (bus->holding >> slave & 1)
            return bus->slaves[slave].name;
        if (!found || bus->slaves[slave].wait_states > found->wait_states)
            found = &bus->slaves[slave];
    }
    return found ? found->name : "nobody";
}

static struct cause plain(enum cause_kind kind)
{
    return (struct cause){.kind = (uint8_t)kind};
}

static struct cause of_bus(const struct isa_bus *bus, const struct cause_cycle *cycle,
                           sim_cycle now)
{
    const struct isa_row *row = &bus->row;
    const unsigned io = row->commands & ISA_IO_LINES;
    if (row->commands) {
        if (waits(cycle, now))
            return (struct cause){CAUSE_WAIT, slowest(bus)};
        return plain(io && bus->cycle_master == 0 ? CAUSE_REGISTER : CAUSE_DATA);
    }
    if (cycle->kept[DRIVES])
        return plain(CAUSE_ADDRESS);
    return plain(row->hrq || row->hlda ? CAUSE_HANDOVER : CAUSE_UNASKED);
}

static const char *master_name(const struct component *self, uint32_t index)
{
    const struct isa_bus *bus = self->instance;
    if (index == 0)
        return bus->host_name;
    return index <= bus->controller_count ? bus->controllers[index - 1].name : NULL;
}

static const char *slave_name(const struct component *self, uint32_t index)
{
    const struct isa_bus *bus = self->instance;
    return index < bus->slave_count ? bus->slaves[index].name : NULL;
}

/* From a controller's side: others have the bus while they drive it. */
static struct cause isa_cause(const struct component *self, const struct cause_cycle *cycle,
                              sim_cycle now, uint32_t path, uint32_t master)
{
    (void)path;
    const struct isa_bus *bus = self->instance;
    const uint64_t drives = cycle->kept[DRIVES];
    if (master == CAUSE_WHOLE || drives >> master & 1)
        return of_bus(bus, cycle, now);
    if (!(cycle->kept[ASKS] >> master & 1))
        return plain(CAUSE_UNASKED);
    if (!drives)
        return plain(CAUSE_HANDOVER);
    return (struct cause){CAUSE_ARBITRATION, master_name(self, (uint32_t)__builtin_ctzll(drives))};
}

const struct cause_bus isa_causes = {
    .paths = {""},
    .master = master_name,
    .slave = slave_name,
    .before = isa_before,
    .settle = isa_settled,
    .cause = isa_cause,
};
