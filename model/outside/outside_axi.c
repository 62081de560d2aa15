/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outside_axi: the AXI end of a slave outside.
 *
 * Source: AMBA AXI and ACE Protocol Specification (Arm IHI 0022, issue E), A3.
 *
 *   edge         n            n+1          n+2          n+3
 *   AR           ^ taken
 *   event        ^ time n
 *   R                         0 ^          1 ^                    answered before the time of n+1
 *
 *   AW, last W   ^ taken, in any order
 *   event        ^ time n
 *   B                           ^                                 answered before the time of n+1
 *
 * Timing
 *   A burst is a request: a read when its AR is taken, a write when its AW and last W are. Answered at t,
 * its first R, or its B, shows in the cycle that ends with the first edge later than t, if the bursts of
 * that direction before it are served; then a beat of R in each cycle with RREADY. Bursts of one direction
 * are served in the order of their addresses, in whatever order they are answered. ARREADY, AWREADY and
 * WREADY are 1 while there is room: outstanding_reads, outstanding_writes. Nobody steps while an answer is
 * awaited.
 *
 * Responses: DMASIM_RESPONSE_ERROR is SLVERR, _DECODE DECERR, of every beat. What is not in the slave's
 * region (a pair of ports has no decoder) gets DECERR by itself, in the cycle after the request.
 *
 * Inaccuracies: LOCK is ignored, an exclusive access is answered OKAY (A7.2). No RETRY: AXI has none.
 */
#include <string.h>

#include "bus/axi/axi.h"
#include "bus/axi/axi_component.h"
#include "outside/outside_slave.h"

/* Requests of one direction, in the order of their addresses: a ring in `requests` from `base` on. */
struct direction {
    uint32_t base, places, first;
    uint32_t count; /* bursts that are not over: their AR or AW was taken */
    uint32_t whole; /* writes: their last W was */
    uint32_t asked; /* writes: both, so their callers were told */
};

struct outside_axi {
    struct outside_slave slave; /* first */
    struct axi_port *axi;
    struct direction reads, writes;
    struct axi_address *addresses;   /* of each request */
    uint32_t w_beats;                /* W taken of the burst after the last whole one */
    uint32_t r_beats;                /* R handed over of the first read */
    uint8_t lanes[2][AXI_BYTES_MAX]; /* of the two places of R */
};

static uint32_t place_at(const struct direction *direction, uint32_t index)
{
    return direction->base + (direction->first + index) % direction->places;
}

static struct outside_request *request_at(struct outside_axi *self,
                                          const struct direction *direction, uint32_t index)
{
    return &self->slave.requests[place_at(direction, index)];
}

static const char *master_of(const struct outside_axi *self, const struct axi_address *ax,
                             bool write)
{
    const struct axi_bus *bus = self->axi->bus;
    const uint8_t channels = write ? AXI_WRITES : AXI_READS;
    for (uint32_t i = 0; i < bus->pair_count; i++)
        if (bus->pairs[i].slave == self->axi && bus->pairs[i].channels & channels)
            return bus->pairs[i].master->name;
    return bus->masters[axi_id_master(ax->id)]->name;
}

static bool inside(const struct outside_axi *self, uint64_t address)
{
    const struct outside_slave_config *config = self->slave.config;
    return address >= config->base && address - config->base < config->size_bytes;
}

/* All of a burst is here: its caller is asked. */
static void ask(struct outside_axi *self, struct outside_request *request,
                const struct axi_address *ax, bool write)
{
    static const uint8_t bursts[] = {[AXI_FIXED] = DMASIM_BURST_FIXED,
                                     [AXI_INCR] = DMASIM_BURST_INCR,
                                     [AXI_WRAP] = DMASIM_BURST_WRAP};
    request->address = ax->addr;
    request->beats = ax->len + 1u;
    request->beat_bytes = UINT32_C(1) << ax->size;
    request->burst = bursts[ax->burst];
    request->write = write;
    request->privileged = ax->prot & 1;
    request->master = master_of(self, ax, write);
    request->attributes =
        (struct dmasim_attributes){.id = ax->id & ((UINT32_C(1) << AXI_ID_BITS) - 1),
                                   .prot = ax->prot,
                                   .cache = ax->cache,
                                   .qos = ax->qos,
                                   .lock = ax->lock};
    if (inside(self, ax->addr)) {
        outside_ask(&self->slave, request);
        return;
    }
    request->state = OUTSIDE_ANSWERED;
    request->response = DMASIM_RESPONSE_DECODE;
    request->words = false;
    memset(request->data, 0, (size_t)request->beats * request->beat_bytes);
}

/* W came as words of the bus: now that the addresses are known, only what beats are made of is kept. */
static void gather(const struct outside_axi *self, struct outside_request *request,
                   const struct axi_address *ax)
{
    const uint32_t width = self->axi->bus->width_bytes, bytes = UINT32_C(1) << ax->size;
    for (uint32_t beat = 0; beat <= ax->len; beat++) {
        const uint64_t address = axi_beat_address(ax, beat) & ~(uint64_t)(bytes - 1);
        const uint32_t from = beat * width + axi_lane(self->axi->bus, address);
        memmove(request->data + (size_t)beat * bytes, request->data + from, bytes);
        for (uint32_t i = 0; i < bytes; i++) {
            const uint32_t to = beat * bytes + i;
            const unsigned on = request->strobes[(from + i) / 8] >> (from + i) % 8 & 1;
            uint8_t *strobes = &request->strobes[to / 8];
            *strobes = (uint8_t)((*strobes & ~(1u << to % 8)) | on << to % 8);
        }
    }
}

/* ---- the edge -------------------------------------------------------------------------------- */

/* A word has a bit for each of its bytes: less than a byte of them on a narrow bus. */
static void take_strobes(uint8_t *strobes, uint32_t beat, const struct axi_write *w, uint32_t width)
{
    if (width >= 8) {
        memcpy(strobes + (size_t)beat * (width / 8), w->strb, width / 8);
        return;
    }
    const uint32_t from = beat * width;
    const unsigned mask = (1u << width) - 1u, on = (unsigned)w->strb[0] & mask;
    uint8_t *byte = &strobes[from / 8];
    *byte = (uint8_t)((*byte & ~(mask << from % 8)) | on << from % 8);
}

static void take_w(struct outside_axi *self)
{
    const struct axi_write *w = self->axi->view.w;
    const uint32_t width = self->axi->bus->width_bytes;
    struct outside_request *request = request_at(self, &self->writes, self->writes.whole);
    memcpy(request->data + (size_t)self->w_beats * width, w->data, width);
    take_strobes(request->strobes, self->w_beats, w, width);
    self->w_beats++;
    if (w->last) {
        self->w_beats = 0;
        self->writes.whole++;
    }
}

static void pop(struct outside_axi *self, struct direction *direction)
{
    request_at(self, direction, 0)->state = OUTSIDE_FREE;
    direction->first = (direction->first + 1) % direction->places;
    direction->count--;
}

static void take_edge(struct outside_axi *self, sim_cycle now)
{
    struct axi_port *axi = self->axi;
    const uint8_t fires = axi_fires(axi, now);
    axi_lower_valid(axi, fires & AXI_TO_MASTER);
    if (fires & AXI_BIT_R && ++self->r_beats == request_at(self, &self->reads, 0)->beats) {
        self->r_beats = 0;
        pop(self, &self->reads);
    }
    if (fires & AXI_BIT_B) {
        pop(self, &self->writes);
        self->writes.whole--;
        self->writes.asked--;
    }
    if (fires & AXI_BIT_AR) {
        const uint32_t place = place_at(&self->reads, self->reads.count++);
        self->addresses[place] = *axi->view.ar;
        ask(self, &self->slave.requests[place], &self->addresses[place], false);
    }
    if (fires & AXI_BIT_AW)
        self->addresses[place_at(&self->writes, self->writes.count++)] = *axi->view.aw;
    if (fires & AXI_BIT_W)
        take_w(self);
    while (self->writes.asked < self->writes.count && self->writes.asked < self->writes.whole) {
        const uint32_t place = place_at(&self->writes, self->writes.asked++);
        struct outside_request *request = &self->slave.requests[place];
        gather(self, request, &self->addresses[place]);
        ask(self, request, &self->addresses[place], true);
    }
}

/* ---- the registers of the next cycle --------------------------------------------------------- */

static uint8_t resp_of(const struct outside_request *request)
{
    static const uint8_t resps[] = {[DMASIM_RESPONSE_OKAY] = AXI_OKAY,
                                    [DMASIM_RESPONSE_ERROR] = AXI_SLVERR,
                                    [DMASIM_RESPONSE_DECODE] = AXI_DECERR};
    return resps[request->response];
}

static void show_r(struct outside_axi *self, const struct outside_request *request)
{
    struct axi_port *axi = self->axi;
    const struct axi_address *ax = &self->addresses[place_at(&self->reads, 0)];
    const uint64_t address =
        axi_beat_address(ax, self->r_beats) & ~(uint64_t)(request->beat_bytes - 1);
    struct axi_read *r = axi_show_r(axi);
    uint8_t *lanes = self->lanes[axi->shown >> AXI_R & 1];
    if (request->words) {
        memcpy(lanes, request->data + (size_t)self->r_beats * axi->bus->width_bytes,
               axi->bus->width_bytes);
    } else {
        memset(lanes, 0, axi->bus->width_bytes);
        memcpy(lanes + axi_lane(axi->bus, address),
               request->data + (size_t)self->r_beats * request->beat_bytes, request->beat_bytes);
    }
    *r = (struct axi_read){
        .data = lanes, .id = ax->id, .resp = resp_of(request), .last = self->r_beats == ax->len};
}

/* As in a step at edge `now`, after its handshakes were taken, which lowered a VALID or not. */
static void drive(struct outside_axi *self, sim_cycle now, bool lowered)
{
    struct axi_port *axi = self->axi;
    const uint32_t driven = axi->drive;
    const struct outside_request *read = request_at(self, &self->reads, 0);
    const struct outside_request *write = request_at(self, &self->writes, 0);
    if (self->reads.count && read->state == OUTSIDE_ANSWERED && !(axi->valid & AXI_BIT_R))
        show_r(self, read);
    if (self->writes.asked && write->state == OUTSIDE_ANSWERED && !(axi->valid & AXI_BIT_B))
        *axi_show_b(axi) = (struct axi_response){
            .id = self->addresses[place_at(&self->writes, 0)].id, .resp = resp_of(write)};
    axi->ready = (uint8_t)((self->reads.count < self->reads.places ? AXI_BIT_AR : 0) |
                           (self->writes.count < self->writes.places ? AXI_BIT_AW : 0) |
                           (self->writes.whole < self->writes.places ? AXI_BIT_W : 0));
    if (axi->drive != driven || lowered)
        axi_touch(axi, now);
}

static sim_cycle outside_axi_step(void *instance, sim_cycle now)
{
    struct outside_axi *self = instance;
    const uint8_t valid = self->axi->valid;
    take_edge(self, now);
    drive(self, now, self->axi->valid != valid);
    return SIM_NEVER;
}

static void outside_axi_answered(struct outside_slave *slave, struct outside_request *request)
{
    struct outside_axi *self = (struct outside_axi *)slave;
    (void)request;
    drive(self, outside_cycle(&slave->port), false);
}

/* ---- building -------------------------------------------------------------------------------- */

int outside_axi_create(struct build *build, struct component *component)
{
    static const struct outside_type type = {.kind = "slave",
                                             .answer = outside_slave_answer,
                                             .open = outside_slave_open,
                                             .next = outside_slave_next,
                                             .take = outside_slave_take};
    const struct outside_slave_config *config = component->config;
    struct axi_bus *bus = build_axi(build, config->bus);
    struct arena *arena = build->kernel->arena;
    struct outside_axi *self = arena_alloc(arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    struct outside_slave *slave = &self->slave;
    const uint32_t places = config->reads_max + config->writes_max;
    self->reads = (struct direction){.places = config->reads_max};
    self->writes = (struct direction){.base = config->reads_max, .places = config->writes_max};
    self->addresses = arena_alloc(arena, places * sizeof *self->addresses);
    slave->config = config;
    slave->word_bytes = bus->width_bytes;
    slave->answered = outside_axi_answered;
    slave->responses =
        1u << DMASIM_RESPONSE_OKAY | 1u << DMASIM_RESPONSE_ERROR | 1u << DMASIM_RESPONSE_DECODE;
    if (!self->addresses ||
        !outside_requests_create(build, slave, places, (size_t)AXI_BEATS_MAX * bus->width_bytes,
                                 true))
        return DMASIM_MEMORY;
    component->instance = self;
    component->clock = bus->unit.clock;
    kernel_add(build->kernel, &slave->unit, component->name, component->clock, outside_axi_step,
               self);
    outside_join(build, &slave->port, &type, component, &slave->unit);
    self->axi = build_axi_slave(build, component, bus, &slave->unit, AXI_READS | AXI_WRITES,
                                config->base, config->size_bytes);
    return self->axi ? DMASIM_OK : DMASIM_INVALID;
}
