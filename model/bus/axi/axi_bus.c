/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_bus: an AXI4 or AXI4-Lite interconnect: joins VALID and READY of masters and slaves.
 *
 * Source: AMBA AXI and ACE Protocol Specification (Arm IHI 0022, issue E), part A.
 *
 *   ACLK cycle   n        n+1      n+2
 *   VALID     ___/-----------------\___    driven by the sender, stays until READY (A3.2.1)
 *   READY     ____________/---------___    driven by the receiver
 *   handed over           ^ edge that ends n+1
 *
 * Timing (step(n) settles cycle n)
 *   A pair of one master and one slave is wires: VALID and payload reach the other end in the cycle in
 *   which they are driven, READY comes back in the same cycle. Both ends step at an edge with a
 *   handshake. The interconnect sleeps until a port changes what it drives.
 *
 * Inaccuracies
 *   - A pair has no decoder: unmapped addresses reach the slave. Everything else is joined by
 *     axi_crossbar.c, which has one.
 *   - LOCK, CACHE, PROT and QOS are carried and traced, nothing acts on them. No USER and REGION.
 */
#include "bus/axi/axi.h"

#include <string.h>

#include "bus/axi/axi_beats.h"
#include "bus/axi/axi_counts.h"
#include "bus/axi/axi_crossbar.h"
#include "bus/axi/axi_trace.h"
#include "bus/records.h"

/* ---- one cycle ------------------------------------------------------------------------------- */

static inline unsigned place(uint32_t drive, enum axi_channel channel)
{
    return drive >> (16 + (unsigned)channel) & 1;
}

/* What a port sees of its channels in the pair; true if it has to step. */
static inline bool look(struct axi_port *port, sim_cycle now, uint32_t mask, uint32_t levels,
                        uint32_t incoming)
{
    port->view.cycle = now;
    port->view.levels = (port->view.levels & ~mask) | levels;
    return levels >> 16 || (levels & incoming & port->watch);
}

/* The wires of a pair in cycle `now`; true if something is handed over. */
static inline bool settle_pair(const struct axi_pair *pair, sim_cycle now)
{
    struct axi_port *m = pair->master, *s = pair->slave;
    const uint32_t channels = pair->channels;
    const uint32_t out = m->drive, in = s->drive;
    const uint32_t driven = (out | in) & (channels | channels << 8);
    const uint32_t fire = driven & driven >> 8 & 0xff;
    const uint32_t levels = driven | fire << 16;
    const uint32_t mask = channels | channels << 8 | channels << 16;
    if (channels & AXI_READS) {
        s->view.ar = &m->ar[place(out, AXI_AR)];
        m->view.r = &s->r[place(in, AXI_R)];
    }
    if (channels & AXI_WRITES) {
        s->view.aw = &m->aw[place(out, AXI_AW)];
        s->view.w = &m->w[place(out, AXI_W)];
        m->view.b = &s->b[place(in, AXI_B)];
    }
    const unsigned held = axi_waiting(driven & 0xff, driven >> 8);
    if (held != (m->counts->held & channels))
        axi_count_held(m->counts, held, channels, now);
    if (fire)
        axi_count(m, fire, now);
    if (look(m, now, mask, levels, AXI_TO_MASTER))
        unit_wake_now(m->unit);
    if (look(s, now, mask, levels, AXI_TO_SLAVE))
        unit_wake_now(s->unit);
    return fire != 0;
}

static bool settle_crossbar(struct axi_bus *self, sim_cycle now)
{
    const bool moved = axi_crossbar_settle(self, now);
    for (uint32_t i = 0; i < self->master_count; i++) {
        const struct axi_port *master = self->masters[i];
        const unsigned fire = axi_fires(master, now) & self->crossing;
        axi_crossbar_count(self, master, now);
        if (fire)
            axi_count(master, fire, now);
    }
    return moved;
}

static sim_cycle axi_bus_step(void *bus, sim_cycle now)
{
    struct axi_bus *self = bus;
    bool moved = false;
    for (uint32_t i = 0; i < self->pair_count; i++)
        moved |= settle_pair(&self->pairs[i], now);
    if (self->crossbar)
        moved |= settle_crossbar(self, now);
    if (__builtin_expect(self->unit.clock->kernel->observed, 0)) {
        axi_trace(self, now);
        axi_beats(self, now);
    }
    if (!moved || !(self->watched || self->crossbar || self->unit.clock->kernel->observed))
        return SIM_NEVER;
    self->due = now + 1;
    return now + 1;
}

/* ---- building -------------------------------------------------------------------------------- */

struct axi_bus *axi_bus_create(struct kernel *kernel, const char *name, struct clock *clock,
                               const struct axi_bus_config *config)
{
    struct axi_bus *self = arena_alloc(kernel->arena, sizeof *self);
    if (!self)
        return NULL;
    self->name = name;
    self->width_bits = config->width_bits;
    self->width_bytes = config->width_bits / 8;
    self->config = *config;
    self->due = SIM_NEVER;
    kernel_add(kernel, &self->unit, name, clock, axi_bus_step, self);
    self->unit.repeat = &axi_bus_repeat;
    self->unit.round = &axi_bus_round;
    self->beat_probe =
        (struct probe){.name = name, .type = &bus_beat_probe_type, .clock = clock, .owner = self};
    return axi_trace_types(self) ? self : NULL;
}

static struct axi_port *join(struct axi_bus *self, struct unit *unit, const char *name,
                             uint8_t channels, bool master)
{
    struct axi_port **ports = master ? self->masters : self->slaves;
    uint32_t *count = master ? &self->master_count : &self->slave_count;
    struct kernel *kernel = self->unit.clock->kernel;
    struct axi_port *port = arena_alloc(kernel->arena, sizeof *port);
    if (!port || *count == (master ? AXI_MASTERS_MAX : AXI_SLAVES_MAX) ||
        kernel_order(kernel, &self->unit, unit) != DMASIM_OK)
        return NULL;
    port->bus = self;
    port->unit = unit;
    port->name = name;
    port->channels = channels;
    port->master = master;
    port->index = (uint8_t)*count;
    port->view.cycle = SIM_NEVER;
    if (!axi_trace_port(port) || (master && !axi_counts_create(port)))
        return NULL;
    ports[(*count)++] = port;
    return port;
}

struct axi_port *axi_bus_add_master(struct axi_bus *self, struct unit *unit, const char *name,
                                    uint8_t channels)
{
    return join(self, unit, name, channels, true);
}

struct axi_port *axi_bus_add_slave(struct axi_bus *self, struct unit *unit, const char *name,
                                   uint8_t channels)
{
    return join(self, unit, name, channels, false);
}

int axi_bus_map(struct axi_bus *self, struct axi_port *slave, uint64_t base, uint64_t bytes)
{
    if (bytes == 0 || base + (bytes - 1) < base || self->region_count == AXI_REGIONS_MAX)
        return DMASIM_INVALID;
    uint64_t last = base + (bytes - 1);
    for (uint32_t i = 0; i < self->region_count; i++)
        if (base <= self->regions[i].last && last >= self->regions[i].base)
            return DMASIM_INVALID;
    self->regions[self->region_count++] = (struct axi_region){base, last, slave};
    return DMASIM_OK;
}

/* The only port of a list with these channels; null if there is none or another. */
static struct axi_port *only(struct axi_port *const *ports, uint32_t count, uint8_t channels)
{
    struct axi_port *found = NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (!(ports[i]->channels & channels))
            continue;
        if (found)
            return NULL;
        found = ports[i];
    }
    return found;
}

static bool any(struct axi_port *const *ports, uint32_t count, uint8_t channels)
{
    for (uint32_t i = 0; i < count; i++)
        if (ports[i]->channels & channels)
            return true;
    return false;
}

static void add_pair(struct axi_bus *self, struct axi_port *master, struct axi_port *slave,
                     uint8_t channels)
{
    if (channels & AXI_READS) {
        slave->trains |= master->steady & AXI_BIT_R;
        master->reader = slave;
    }
    if (channels & AXI_WRITES) {
        master->trains |= slave->steady & AXI_BIT_W;
        slave->writer = master;
    }
    master->direct = slave->direct;
    slave->row_probe.parts[slave->row_probe.parts[0] != NULL] = &master->row_probe;
    struct axi_pair *last = self->pair_count ? &self->pairs[self->pair_count - 1] : NULL;
    if (last && last->master == master && last->slave == slave)
        last->channels |= channels;
    else
        self->pairs[self->pair_count++] = (struct axi_pair){master, slave, channels};
}

int axi_bus_complete(struct axi_bus *self)
{
    for (uint32_t i = 0; i < self->master_count; i++)
        self->watched |= self->masters[i]->watch != 0;
    for (uint32_t i = 0; i < self->slave_count; i++)
        self->watched |= self->slaves[i]->watch != 0;
    static const uint8_t directions[] = {AXI_READS, AXI_WRITES};
    const struct axi_crossbar_config *config = &self->config.crossbar;
    uint8_t crossing = 0;
    if (!axi_beats_create(self))
        return DMASIM_MEMORY;
    for (unsigned i = 0; i < 2; i++) {
        uint8_t channels = directions[i];
        struct axi_port *master = only(self->masters, self->master_count, channels);
        struct axi_port *slave = only(self->slaves, self->slave_count, channels);
        if (!any(self->masters, self->master_count, channels))
            continue;
        if (master && slave && !config->always && config->slices.count == 0)
            add_pair(self, master, slave, channels);
        else
            crossing |= channels;
    }
    self->crossing = crossing;
    return crossing ? axi_crossbar_create(self, crossing) : DMASIM_OK;
}
