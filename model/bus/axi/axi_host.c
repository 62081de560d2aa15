/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_host: a CPU's port on an AXI4 or AXI4-Lite interconnect: one access at a time.
 *
 * Source: AMBA AXI and ACE Protocol Specification (Arm IHI 0022, issue E), A3 and B1.
 *
 *   cycle      n+1    n+2    n+3    n+4             an access of two beats that starts in step n
 *   AR         A ^
 *   R                 0 ^    1 ^
 *
 *   AW         A ^
 *   W          0 ^    1 ^
 *   B                        ^
 *
 * Timing
 *   AR, or AW with the first W, shows in the cycle after the start; RREADY and BREADY are always 1. The
 * access ends with its last R or its B, so b beats take b + 1 cycles on an interconnect of wires and a
 * slave that answers in the next cycle. A registered grant and slices make it longer (axi_crossbar.c);
 * that is no stall. Of a stall, cycles in which the crossbar does not show the address to its slave are waiting for the
 * grant, those with VALID and without READY back pressure, the others latency of the slave.
 *   An access is a command of axi_master, one burst under way: each starts in the cycle after the last R or the B
 * of the one before. A burst ends at 4 KiB (A3.4.1), after 256 beats, and on AXI4-Lite after each beat. A
 * beat wider than the bus is several. After SLVERR or DECERR no further burst is made.
 *
 * AxPROT[0] is 1 for a privileged access. What else AxPROT says, AxID, AxCACHE and AxQOS are the access's, of a CPU 0:
 * secure, data, neither bufferable nor modifiable. On AXI4-Lite every beat is as wide as the bus (B1.1.1) and strobes tell the bytes.
 *
 * Inaccuracies: the first W never waits for AW, no W is late. Of a beat of more than 64 bits without
 * bytes of its own (host_access.data) the upper ones are written as 0.
 */
#include <string.h>

#include "bus/axi/axi_component.h"
#include "bus/axi/axi_counts.h"
#include "bus/axi/axi_crossbar.h"
#include "bus/axi/axi_master.h"

struct axi_host {
    struct host_port port; /* first */
    struct axi_master master;
    struct host_access access;
    uint64_t value;
    uint64_t burst; /* address of the burst under way: what is before it has moved */
    sim_cycle least;
    sim_cycle granting;     /* cycles of registered grants, which are in `least` */
    uint64_t granted, held; /* the port's counts when it began */
};

/* ---- an access ------------------------------------------------------------------------------- */

static uint32_t give_w(void *host, const struct axi_beat *beat, struct axi_give *give)
{
    const struct axi_host *self = host;
    const uint32_t bytes = self->access.bytes;
    if (self->access.data) {
        memcpy(give->lanes + beat->lane, self->access.data + beat->offset, beat->bytes);
        return 1;
    }
    const uint64_t data[2] = {host_access_data(&self->access, (uint32_t)beat->offset / bytes)};
    memcpy(give->lanes + beat->lane, (const uint8_t *)data + beat->offset % bytes, beat->bytes);
    return 1;
}

static void take_r(struct axi_host *self, const struct axi_events *events)
{
    const uint32_t offset = (uint32_t)events->r.offset & (self->access.bytes - 1u);
    uint64_t part = 0;
    if (self->access.data) {
        memcpy(self->access.data + events->r.offset, events->r_data, events->r.bytes);
        return;
    }
    memcpy(&part, events->r_data, events->r.bytes < 8 ? events->r.bytes : 8);
    if (offset == 0)
        self->value = part;
    else if (offset < 8)
        self->value |= part << 8 * offset;
}

static void begun(struct axi_host *self, const struct axi_address *ax)
{
    const uint32_t beats = ax->len + 1u;
    self->burst = ax->addr;
    self->least +=
        1 + beats + axi_crossbar_crossing(self->master.port, ax->addr, beats, self->access.write);
    self->granting += axi_crossbar_grant(self->master.port, self->access.write);
}

static bool axi_host_edge(struct host_port *port, sim_cycle now, struct host_result *result)
{
    struct axi_host *self = (struct axi_host *)port;
    struct axi_events events;
    axi_master_edge(&self->master, now, &events);
    if (events.fires & AXI_BIT_AR)
        begun(self, events.ar);
    if (events.fires & AXI_BIT_AW)
        begun(self, events.aw);
    if (events.fires & AXI_BIT_R)
        take_r(self, &events);
    if (!events.done)
        return false;
    const uint8_t resp = events.done & AXI_BIT_R ? events.read.resp : events.write.resp;
    const bool failed = resp >= AXI_SLVERR;
    const struct host_access *access = &self->access;
    const struct axi_counts *counts = self->master.port->counts;
    const uint64_t granted = counts->grant_cycles - self->granted;
    port->busy = false;
    *result = (struct host_result){
        .failed = failed,
        .nobody = resp == AXI_DECERR,
        .moved = failed ? (uint32_t)(self->burst - access->address)
                        : (uint32_t)access->beats * access->bytes,
        .value = failed ? 0 : self->value,
        .at_least = self->least,
        .grant = granted > self->granting ? granted - self->granting : 0,
        .pressure = counts->held_cycles - self->held,
        .rest_waits = true,
    };
    return true;
}

static void axi_host_start(struct host_port *port, sim_cycle now, const struct host_access *access)
{
    struct axi_host *self = (struct axi_host *)port;
    const uint32_t width = self->master.port->bus->width_bytes;
    (void)now;
    port->busy = true;
    self->access = *access;
    self->value = 0;
    self->least = self->granting = 0;
    self->granted = self->master.port->counts->grant_cycles;
    self->held = self->master.port->counts->held_cycles;
    const struct axi_command command = {
        .addr = access->address,
        .bytes = (uint64_t)access->beats * access->bytes,
        .size = (uint8_t)__builtin_ctz(access->bytes < width ? access->bytes : width),
        .burst = AXI_INCR,
        .id = access->id,
        .prot = access->prot | access->privileged,
        .cache = access->cacheable ? 15 : access->cache, /* write-back, allocate: table A4-5 */
        .qos = access->qos,
        .write = access->write,
        .stops = true,
    };
    axi_master_queue(&self->master, &command);
}

static sim_cycle axi_host_drive(struct host_port *port, sim_cycle now)
{
    return axi_master_drive(&((struct axi_host *)port)->master, now);
}

/* Sums are compared with those of the port, which grow as they do. */
static const struct state_field round_rows[] = {
    {STATE_PART(struct axi_host, master, axi_master_round)},
    {STATE_COUNT(struct axi_host, granted), .figure = true},
    {STATE_COUNT(struct axi_host, held), .figure = true},
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(axi_host, round_rows)};
static const struct round_hooks host_round = {.state = &round_state};

struct host_port *axi_host_port(struct build *build, const struct component *bus,
                                const struct component *host, struct unit *unit)
{
    static const struct host_port_type type = {
        .edge = axi_host_edge, .start = axi_host_start, .drive = axi_host_drive};
    struct axi_host *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self || !round_join(build->kernel, &host_round, self, unit->clock))
        return NULL;
    const struct axi_bus *axi = bus->instance;
    const uint32_t width = axi->width_bytes;
    self->port = (struct host_port){.type = &type,
                                    .ids = axi->config.lite ? 1 : UINT32_C(1) << AXI_ID_BITS,
                                    .prots = 8,
                                    .hints = axi->config.lite ? 1 : 16,
                                    .beat_bytes = width,
                                    .beats = AXI_BEATS_MAX,
                                    .boundary = AXI_KIB4,
                                    .spaces = {{0, UINT64_MAX}}};
    struct axi_port *port = build_axi_master(build, host, "bus", bus->instance, unit, host->name,
                                             AXI_READS | AXI_WRITES);
    if (!port)
        return NULL;
    axi_raise_ready(port, AXI_TO_MASTER);
    const struct axi_master_config config = {
        .channels = AXI_READS | AXI_WRITES, .parked = AXI_TO_MASTER, .give = give_w, .owner = self};
    return axi_master_init(&self->master, port, &config) ? &self->port : NULL;
}
