/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outside_master: a bus master whose transfers are started from outside, over the bus's host_port.
 *
 *   cycle      n        n+1      n+2      n+3          AHB, two beats, free bus, no wait states
 *   call       ^ at the time of edge n, or later, before that of n+1
 *   HADDR               A0       A1
 *   data                         D0       D1
 *   event                                 ^ at the edge that ends n+3
 *
 * Timing
 *   Transfers are made one after the other, in the order of their starts. What a transfer's bytes need is
 * made of pieces that the bus can carry: up to the first address that is aligned to a beat, beats that get
 * wider; then bursts, none beyond 1 KiB on AHB (IHI 0011A 3.5), 4 KiB and 256 beats on AXI (IHI 0022E
 * A3.4.1); then beats that get narrower. A piece starts in the cycle after the end of the one before; so
 * does the next transfer.
 *   The first piece of a transfer that is started at t while none is under way shows in the cycle that ends
 * with the first edge later than t, HGRANT or ISA's HLDA allowing.
 *
 * Inaccuracies
 *   One piece is outstanding: addresses of the next do not overlap data of the one before. No locked,
 * exclusive, wrapping or fixed bursts. On ISA it takes the place of the CPU.
 */
#include <string.h>

#include "bus/host_port.h"
#include "outside/outside.h"

#define TRANSFER_BYTES_MAX (UINT64_C(1) << 20)

struct outside_master_config {
    uint16_t bus;
    uint32_t queue;
    uint64_t buffer_bytes;
};

struct transfer {
    uint64_t id, address, tag;
    uint32_t bytes;
    uint32_t moved; /* bytes of pieces that ended well */
    uint32_t beat_bytes;
    bool write, privileged;
    struct dmasim_attributes attributes;
    uint8_t response;
    sim_time ended_ps;
    uint8_t *data;
};

/* Transfers in a ring, oldest first: `ended` that wait to be told, then the one under way, then those that
 * were not begun. */
struct outside_master {
    struct dmasim_port port; /* first */
    struct unit unit;
    struct host_port *host;
    struct transfer *transfers;
    uint32_t places, first, count, ended;
    uint32_t buffer_bytes;
    uint64_t last_id;
};

static struct transfer *transfer_at(const struct outside_master *self, uint32_t index)
{
    return &self->transfers[(self->first + index) % self->places];
}

/* The next piece of what is left. */
static struct host_access piece(const struct host_port *host, const struct transfer *transfer)
{
    const uint64_t address = transfer->address + transfer->moved;
    const uint32_t left = transfer->bytes - transfer->moved;
    uint32_t bytes = transfer->beat_bytes;
    while (bytes > left || address & (bytes - 1))
        bytes /= 2;
    uint32_t beats = bytes == transfer->beat_bytes ? left / bytes : 1;
    const uint32_t room = (host->boundary - (uint32_t)(address & (host->boundary - 1))) / bytes;
    beats = beats < room ? beats : room;
    beats = beats < host->beats ? beats : host->beats;
    return (struct host_access){
        .address = address,
        .beats = (uint16_t)beats,
        .bytes = (uint8_t)bytes,
        .write = transfer->write,
        .privileged = transfer->privileged,
        .id = transfer->attributes.id,
        .prot = transfer->attributes.prot,
        .cache = transfer->attributes.cache,
        .qos = transfer->attributes.qos,
        .data = transfer->data + transfer->moved,
    };
}

static void begin(struct outside_master *self, sim_cycle now)
{
    const struct host_access access = piece(self->host, transfer_at(self, self->ended));
    self->host->type->start(self->host, now, &access);
}

static void end_piece(struct outside_master *self, const struct host_result *result)
{
    struct transfer *transfer = transfer_at(self, self->ended);
    transfer->moved += result->moved;
    if (result->failed)
        transfer->response = result->nobody ? DMASIM_RESPONSE_DECODE : DMASIM_RESPONSE_ERROR;
    else if (transfer->moved < transfer->bytes)
        return;
    transfer->ended_ps = self->unit.clock->time;
    self->ended++;
    outside_tell(&self->port, true);
}

static sim_cycle outside_master_step(void *instance, sim_cycle now)
{
    struct outside_master *self = instance;
    struct host_port *host = self->host;
    struct host_result result;
    if (host->type->edge(host, now, &result))
        end_piece(self, &result);
    if (!host->busy && self->ended < self->count)
        begin(self, now);
    return host->type->drive(host, now);
}

/* ---- calls ----------------------------------------------------------------------------------- */

static bool reaches(const struct host_port *host, uint64_t address, uint32_t bytes)
{
    for (unsigned i = 0; i < 2; i++) {
        const struct host_space *space = &host->spaces[i];
        if (address >= space->first && address <= space->last && bytes - 1 <= space->last - address)
            return true;
    }
    return false;
}

/* Has the bus wires for them? */
static bool carries(const struct host_port *host, const struct dmasim_attributes *wish)
{
    return wish->id < host->ids && wish->prot < host->prots && wish->cache < host->hints &&
           wish->qos < host->hints && !wish->burst && !wish->lock;
}

static int outside_master_start(struct dmasim_port *port, const struct dmasim_transfer *wish,
                                uint64_t *id)
{
    struct outside_master *self = (struct outside_master *)port;
    const struct host_port *host = self->host;
    const uint32_t beat_bytes = wish->beat_bytes ? wish->beat_bytes : host->beat_bytes;
    if (wish->bytes == 0 || beat_bytes & (beat_bytes - 1) || (wish->write && !wish->data) ||
        !carries(host, &wish->attributes))
        return DMASIM_INVALID;
    if (wish->bytes > self->buffer_bytes || self->count == self->places)
        return DMASIM_LIMIT;
    if (!reaches(host, wish->address, wish->bytes))
        return DMASIM_UNMAPPED;
    struct transfer *transfer = transfer_at(self, self->count++);
    *transfer = (struct transfer){
        .id = ++self->last_id,
        .address = wish->address,
        .tag = wish->tag,
        .bytes = wish->bytes,
        .beat_bytes = beat_bytes < host->beat_bytes ? beat_bytes : host->beat_bytes,
        .write = wish->write,
        .privileged = wish->privileged,
        .attributes = wish->attributes,
        .data = transfer->data,
    };
    if (wish->write)
        memcpy(transfer->data, wish->data, wish->bytes);
    else
        memset(transfer->data, 0, wish->bytes);
    if (id)
        *id = transfer->id;
    if (!host->busy) {
        const sim_cycle now = outside_cycle(port);
        begin(self, now);
        host->type->drive(self->host, now);
        unit_wake(&self->unit);
    }
    return DMASIM_OK;
}

static sim_time outside_master_next(const struct dmasim_port *port)
{
    return transfer_at((const struct outside_master *)port, 0)->ended_ps;
}

static void outside_master_take(struct dmasim_port *port, struct dmasim_event *event)
{
    struct outside_master *self = (struct outside_master *)port;
    const struct transfer *transfer = transfer_at(self, 0);
    event->kind = DMASIM_EVENT_TRANSFER;
    event->id = transfer->id;
    event->tag = transfer->tag;
    event->address = transfer->address;
    event->write = transfer->write;
    event->privileged = transfer->privileged;
    event->response = transfer->response;
    event->beat_bytes = transfer->beat_bytes;
    event->moved = transfer->moved;
    event->bytes = transfer->bytes;
    event->data = transfer->write ? NULL : transfer->data;
    self->first = (self->first + 1) % self->places;
    self->count--;
    self->ended--;
    outside_took(port);
}

/* ---- building -------------------------------------------------------------------------------- */

static int outside_master_create(struct build *build, struct component *component)
{
    static const struct outside_type type = {.kind = "master",
                                             .start = outside_master_start,
                                             .next = outside_master_next,
                                             .take = outside_master_take};
    const struct outside_master_config *config = component->config;
    const struct component *bus = &build->plan->components[SECTION_BUSES][config->bus];
    struct arena *arena = build->kernel->arena;
    struct outside_master *self = arena_alloc(arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->places = config->queue;
    self->buffer_bytes = (uint32_t)config->buffer_bytes;
    self->transfers = arena_alloc(arena, config->queue * sizeof *self->transfers);
    if (!self->transfers)
        return DMASIM_MEMORY;
    for (uint32_t i = 0; i < config->queue; i++) {
        self->transfers[i].data = arena_alloc(arena, config->buffer_bytes);
        if (!self->transfers[i].data)
            return DMASIM_MEMORY;
    }
    component->instance = self;
    component->clock = bus->clock;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, outside_master_step,
               self);
    const uint32_t failures = build->check->failures;
    self->host = bus->type->host_port(build, bus, component, &self->unit);
    if (!self->host)
        return build->check->failures == failures ? DMASIM_MEMORY : DMASIM_INVALID;
    outside_join(build, &self->port, &type, component, &self->unit);
    return DMASIM_OK;
}

static void outside_master_check(const struct plan *plan, const struct component *self,
                                 struct check *check)
{
    const struct outside_master_config *config = self->config;
    const struct component_type *bus = plan->components[SECTION_BUSES][config->bus].type;
    if (!bus->host_port)
        check->fail(check, self, "bus", "no master from outside can be on a bus of type %s",
                    bus->name);
}

static bool outside_master_claims(const struct plan *plan, const struct component *self,
                                  uint32_t index, struct component_claim *claim)
{
    return claim_host(plan, ((const struct outside_master_config *)self->config)->bus, index,
                      claim);
}

static const struct parameter outside_master_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     PARAMETER_AT(outside_master_config, bus),
     .doc = "Bus it is a master of."},
    {.name = "queue",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(outside_master_config, queue),
     .initial = 4,
     .min = 1,
     .max = 1024,
     .doc = "Transfers that may be started and not yet taken back by their caller."},
    {.name = "buffer",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(outside_master_config, buffer_bytes),
     .initial = 4096,
     .min = 1,
     .max = TRANSFER_BYTES_MAX,
     .doc = "Bytes of the longest transfer."},
    {.name = NULL},
};

static sim_time earliest(const struct component *component)
{
    const struct outside_master *self = component->instance;
    return self->ended < self->count ? kernel_next(self->unit.clock->kernel) : SIM_NEVER;
}

const struct component_type outside_master_type = {
    .name = "outside",
    .section = SECTION_MASTERS,
    .doc = "A bus master that a caller of the library drives: any address and length, in bus time.",
    .config_bytes = sizeof(struct outside_master_config),
    .parameters = outside_master_parameters,
    .earliest = earliest,
    .create = outside_master_create,
    .check = outside_master_check,
    .claims = outside_master_claims,
};
