/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_beats: beats of data of an AXI interconnect, as its masters see them, for observers only.
 *
 * A beat of R or W is published in the cycle of its handshake at the master's port, with the address
 * of its burst (Arm IHI 0022 A3.4.1) and the first cycle of that burst's VALID. A beat of W handed over
 * before its AW is published with that AW. A write that failed is known with B only: it is one record
 * more, without bytes, with `error`.
 *
 * Inaccuracies: a master with more than 256 open bursts in one direction, or an observer that joins in
 * the middle of a burst, misses some.
 */
#include "bus/axi/axi_beats.h"

#include <string.h>

#include "bus/axi/axi_crossbar.h"
#include "bus/records.h"
#include "kernel/round.h"

#define BURSTS 256 /* power of two */

struct burst {
    struct axi_address ax;
    sim_cycle since;
    uint16_t beat;
    uint8_t direction; /* 0 read, 1 write */
};

struct bursts {
    uint32_t count;
    struct burst open[BURSTS]; /* oldest first */
};

struct axi_monitor {
    struct bursts reads;     /* until the last R */
    struct bursts writes;    /* until the last W */
    struct bursts responses; /* until B */
    sim_cycle since[AXI_CHANNELS];
    uint8_t was_valid;
    uint16_t early; /* beats of W before their AW */
};

/* ---- bursts ---------------------------------------------------------------------------------- */

static void add(struct bursts *self, const struct burst *burst)
{
    if (self->count < BURSTS)
        self->open[self->count++] = *burst;
}

static void take(struct bursts *self, uint32_t index)
{
    self->count--;
    for (uint32_t i = index; i < self->count; i++)
        self->open[i] = self->open[i + 1];
}

static struct burst *oldest(struct bursts *self, uint32_t id)
{
    for (uint32_t i = 0; i < self->count; i++)
        if (self->open[i].ax.id == id)
            return &self->open[i];
    return NULL;
}

/* ---- records --------------------------------------------------------------------------------- */

/* Null if nobody is there: the default slave. */
static const char *slave_of(const struct axi_bus *bus, const struct axi_port *master,
                            const struct burst *burst)
{
    const uint8_t channel = burst->direction ? AXI_BIT_AW : AXI_BIT_AR;
    for (uint32_t i = 0; i < bus->pair_count; i++)
        if (bus->pairs[i].master == master && (bus->pairs[i].channels & channel))
            return bus->pairs[i].slave->name;
    const struct axi_port *slave = axi_crossbar_decode(bus, &burst->ax);
    return slave && (slave->channels & channel) ? slave->name : NULL;
}

static void publish(const struct axi_bus *bus, const struct axi_port *master,
                    const struct burst *burst, bool error, bool data, sim_cycle now)
{
    struct bus_beat_record record = {
        .master = master->name,
        .slave = slave_of(bus, master, burst),
        .kind = burst->direction ? "write" : "read",
        .address = axi_beat_address(&burst->ax, burst->beat),
        .start_cycle = burst->since,
        .write = burst->direction,
        .error = error,
    };
    if (data) {
        uint64_t bytes = UINT64_C(1) << burst->ax.size;
        record.bytes = (uint8_t)(bytes - (record.address & (bytes - 1)));
    }
    probe_publish(&bus->beat_probe, now, &record);
}

static void read_beat(struct axi_bus *bus, struct axi_monitor *self, const struct axi_port *port,
                      sim_cycle now)
{
    const struct axi_read *r = port->view.r;
    struct burst *burst = oldest(&self->reads, r->id);
    if (!burst)
        return;
    publish(bus, port, burst, r->resp >= AXI_SLVERR, true, now);
    burst->beat++;
    if (r->last)
        take(&self->reads, (uint32_t)(burst - self->reads.open));
}

static void write_beat(struct axi_bus *bus, struct axi_monitor *self, const struct axi_port *port,
                       sim_cycle now)
{
    struct burst *burst = &self->writes.open[0];
    publish(bus, port, burst, false, true, now);
    if (burst->beat++ == burst->ax.len)
        take(&self->writes, 0);
}

static void response(struct axi_bus *bus, struct axi_monitor *self, const struct axi_port *port,
                     sim_cycle now)
{
    const struct axi_response *b = port->view.b;
    struct burst *burst = oldest(&self->responses, b->id);
    if (!burst)
        return;
    if (b->resp >= AXI_SLVERR)
        publish(bus, port, burst, true, false, now);
    take(&self->responses, (uint32_t)(burst - self->responses.open));
}

static void watch(struct axi_bus *bus, struct axi_monitor *self, const struct axi_port *port,
                  sim_cycle now)
{
    const struct axi_view *view = &port->view;
    for (unsigned i = view->valid & ~(unsigned)self->was_valid; i; i &= i - 1)
        self->since[__builtin_ctz(i)] = now;
    const uint8_t fire = view->cycle == now ? view->fire : 0;
    self->was_valid = (uint8_t)(view->valid & ~fire);
    if (fire & AXI_BIT_R)
        read_beat(bus, self, port, now);
    if (fire & AXI_BIT_AR)
        add(&self->reads, &(struct burst){.ax = port->ar[port->shown >> AXI_AR & 1],
                                          .since = self->since[AXI_AR]});
    if (fire & AXI_BIT_B)
        response(bus, self, port, now);
    if (fire & AXI_BIT_AW) {
        struct burst burst = {.ax = port->aw[port->shown >> AXI_AW & 1],
                              .since = self->since[AXI_AW],
                              .direction = 1};
        add(&self->writes, &burst);
        add(&self->responses, &burst);
    }
    if (fire & AXI_BIT_W)
        self->early++;
    while (self->early > 0 && self->writes.count > 0) {
        self->early--;
        write_beat(bus, self, port, now);
    }
}

void axi_beats(struct axi_bus *bus, sim_cycle now)
{
    if (!probe_observed(&bus->beat_probe))
        return;
    for (uint32_t i = 0; i < bus->master_count; i++)
        watch(bus, &bus->monitors[i], bus->masters[i], now);
}

/* ---- what repeats ---------------------------------------------------------------------------- */

static void visit_bursts(struct bursts *self, struct repeat *repeat)
{
    repeat_same(repeat, self->count);
    for (uint32_t i = 0; i < self->count; i++) {
        struct burst *burst = &self->open[i];
        const struct axi_address *ax = &burst->ax;
        repeat_count(repeat, &burst->ax.addr);
        repeat_same(repeat, (uint64_t)ax->id << 32 | (uint64_t)ax->len << 24 |
                                (uint64_t)ax->size << 20 | (uint64_t)ax->burst << 18 |
                                (uint64_t)burst->direction << 17 | burst->beat);
        repeat_stamp(repeat, &burst->since);
    }
}

void axi_beats_visit(struct axi_bus *bus, struct repeat *repeat)
{
    if (!bus->unit.clock->kernel->observed || !probe_observed(&bus->beat_probe))
        return;
    for (uint32_t i = 0; i < bus->master_count; i++) {
        struct axi_monitor *self = &bus->monitors[i];
        visit_bursts(&self->reads, repeat);
        visit_bursts(&self->writes, repeat);
        visit_bursts(&self->responses, repeat);
        repeat_same(repeat, (uint64_t)self->early << 8 | self->was_valid);
        for (unsigned valid = self->was_valid; valid; valid &= valid - 1)
            repeat_stamp(repeat, &self->since[__builtin_ctz(valid)]);
    }
}

/* ---- from round to round --------------------------------------------------------------------- */

static const struct state_field burst_rows[] = {
    {STATE_SAME(struct burst, ax)},
    {STATE_STAMP(struct burst, since)},
    {STATE_SAME(struct burst, beat)},
    {STATE_SAME(struct burst, direction)},
    {.name = NULL},
};
static const struct state_table burst_round = {STATE_TABLE(burst, burst_rows)};

static struct state_live open_bursts(const void *bursts)
{
    return (struct state_live){.count = ((const struct bursts *)bursts)->count};
}

static const struct state_field bursts_rows[] = {
    {STATE_SAME(struct bursts, count)},
    {STATE_PARTS(struct bursts, open, burst_round), .live = open_bursts},
    {.name = NULL},
};
static const struct state_table bursts_round = {STATE_TABLE(bursts, bursts_rows)};

static const struct state_field monitor_rows[] = {
    {STATE_PART(struct axi_monitor, reads, bursts_round)},
    {STATE_PART(struct axi_monitor, writes, bursts_round)},
    {STATE_PART(struct axi_monitor, responses, bursts_round)},
    {STATE_STAMPS(struct axi_monitor, since), .past = true},
    {STATE_SAME(struct axi_monitor, was_valid)},
    {STATE_SAME(struct axi_monitor, early)},
    {.name = NULL},
};
static const struct state_table monitor_round = {STATE_TABLE(axi_monitor, monitor_rows)};

static const struct round_hooks monitor_hooks = {.state = &monitor_round};

/* ---- building -------------------------------------------------------------------------------- */

bool axi_beats_create(struct axi_bus *bus)
{
    struct arena *arena = bus->unit.clock->kernel->arena;
    bus->monitors = arena_room(arena, bus->master_count * sizeof *bus->monitors);
    for (uint32_t i = 0; bus->monitors && i < bus->master_count; i++) {
        struct axi_monitor *monitor = &bus->monitors[i];
        monitor->reads.count = monitor->writes.count = monitor->responses.count = 0;
        memset(monitor->since, 0, sizeof monitor->since);
        monitor->was_valid = 0;
        monitor->early = 0;
        if (!round_join(bus->unit.clock->kernel, &monitor_hooks, monitor, bus->unit.clock))
            return false;
    }
    return bus->monitors != NULL;
}
