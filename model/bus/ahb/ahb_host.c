/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahb_host: a CPU's port on an AHB, over the master engine (ahb_master.h).
 *
 * Timing: the address of an access started in step n shows from row n+1 on, once HGRANT is there; an
 * access of b beats takes b + 1 rows on a bus that is free and never waits (IHI 0011A 3.4). Of a stall, rows with
 * HREADY low in its own data phases and those of a RETRY or SPLIT are the slave's; in all others it waits for the bus.
 *
 * Inaccuracies: none beyond those of the engine.
 */
#include <string.h>

#include "bus/ahb/ahb_component.h"
#include "bus/ahb/ahb_master.h"

struct ahb_host {
    struct host_port port; /* first */
    struct ahb_master master;
    struct host_access access;
    uint32_t moved;  /* bytes of it */
    uint64_t waited; /* waits() when it began */
};

/* Rows in which a data phase of this master did not end well: they are counted when a row with HREADY high is settled. */
static uint64_t waits(const struct ahb_host *self)
{
    const struct ahb_master_counts *counts = &self->master.bus->counts.masters[self->master.index];
    return counts->wait_cycles + counts->retries;
}

static struct ahb_data put(const struct ahb_host *self, unsigned beat, unsigned hsize)
{
    const struct ahb_bus *bus = self->master.bus;
    const struct host_access *access = &self->access;
    const uint32_t haddr = (uint32_t)access->address + ((uint32_t)beat << hsize);
    if (!access->data)
        return ahb_lanes_put(bus, haddr, hsize, host_access_data(access, beat));
    struct ahb_data data = {{0, 0}};
    memcpy((uint8_t *)data.lane + (haddr & bus->lane_mask), access->data + ((size_t)beat << hsize),
           access->bytes);
    return data;
}

static bool ahb_host_edge(struct host_port *port, sim_cycle now, struct host_result *result)
{
    struct ahb_host *self = (struct ahb_host *)port;
    const struct host_access *access = &self->access;
    struct ahb_events events = ahb_master_edge(&self->master, now);
    unsigned hsize = (unsigned)__builtin_ctz(access->bytes | 0x100u);
    if (events.accepted && access->write) {
        struct ahb_data data = put(self, events.accepted_beat, hsize);
        ahb_master_hwdata(&self->master, &data);
    }
    if (events.done) {
        if (access->data && !access->write)
            memcpy(access->data + self->moved,
                   (const uint8_t *)events.hrdata->lane +
                       (events.done_haddr & self->master.bus->lane_mask),
                   access->bytes);
        self->moved += access->bytes;
    }
    if (!events.failed && !(events.done && events.last))
        return false;
    port->busy = false;
    *result = (struct host_result){.failed = events.failed,
                                   .moved = self->moved,
                                   .at_least = access->beats + 1u,
                                   .waits = waits(self) - self->waited};
    if (events.done && !access->write)
        result->value = ahb_lanes_get(self->master.bus, events.done_haddr, hsize, events.hrdata);
    return true;
}

static void ahb_host_start(struct host_port *port, sim_cycle now, const struct host_access *access)
{
    struct ahb_host *self = (struct ahb_host *)port;
    self->access = *access;
    self->moved = 0;
    self->waited = waits(self);
    port->busy = true;
    ahb_master_queue(&self->master, now,
                     &(struct ahb_command){
                         .haddr = (uint32_t)access->address,
                         .beats = access->beats,
                         .hwrite = access->write,
                         .hsize = (uint8_t)__builtin_ctz(access->bytes),
                         .hburst = (uint8_t)ahb_burst_of(access->beats),
                         /* Data access; bufferable and cacheable: IHI 0011A 3.8. */
                         .hprot = (uint8_t)((access->prot         ? access->prot
                                             : access->privileged ? 3
                                                                  : 1) |
                                            (access->cacheable ? 12 : 0)),
                     });
}

static sim_cycle ahb_host_drive(struct host_port *port, sim_cycle now)
{
    return ahb_master_drive(&((struct ahb_host *)port)->master, now);
}

static const struct state_field round_rows[] = {
    {STATE_PART(struct ahb_host, master, ahb_master_state)},
    {STATE_COUNT(struct ahb_host, waited), .figure = true}, /* as what it is compared with */
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(ahb_host, round_rows)};
static const struct round_hooks host_round = {.state = &round_state};

struct host_port *ahb_host_port(struct build *build, const struct component *bus,
                                const struct component *host, struct unit *unit)
{
    static const struct host_port_type type = {
        .edge = ahb_host_edge, .start = ahb_host_start, .drive = ahb_host_drive};
    struct ahb_host *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self || !round_join(build->kernel, &host_round, self, unit->clock))
        return NULL;
    self->port = (struct host_port){.type = &type,
                                    .ids = 1,
                                    .prots = 16,
                                    .hints = 1,
                                    .beat_bytes = ((struct ahb_bus *)bus->instance)->width_bits / 8,
                                    .beats = AHB_KIB,
                                    .boundary = AHB_KIB,
                                    .spaces = {{0, UINT32_MAX}}};
    if (ahb_master_join(&self->master, bus->instance, unit, host->name) >= 0)
        return &self->port;
    build->check->fail(build->check, host, "bus", "bus '%s' has no room: %d masters at most",
                       bus->name, AHB_MASTERS_MAX);
    return NULL;
}
