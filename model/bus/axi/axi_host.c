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
 * that is no stall.
 *   An access is INCR bursts, one behind the other: each starts in the cycle after the last R or the B
 * of the one before. A burst ends at 4 KiB (A3.4.1), after 256 beats, and on AXI4-Lite after each beat. A
 * beat wider than the bus is several. After SLVERR or DECERR no further burst is made.
 *
 * AxPROT[0] is 1 for a privileged access; secure, data. AxID is 0, AxCACHE 0: neither bufferable nor
 * modifiable. On AXI4-Lite every beat is as wide as the bus (B1.1.1) and strobes tell the bytes.
 *
 * Inaccuracies: the first W never waits for AW, no W is late. Of a beat of more than 64 bits the upper
 * ones are written as 0.
 */
#include "bus/axi/axi_component.h"
#include "bus/axi/axi_crossbar_state.h"
#include "bus/axi/axi_lite.h"

struct axi_host {
    struct host_port port; /* first */
    struct axi_port *axi;
    struct host_access access;
    uint32_t told;  /* what the port drove when the interconnect was told */
    uint8_t size;   /* log2 of the bytes that a beat here moves */
    uint32_t beats; /* of the access, as beats here */
    uint32_t done;  /* of them in bursts that are over */
    uint32_t burst; /* beats of the burst, */
    uint32_t moved; /* of them handed over (R) or shown (W) */
    bool failed;
    uint64_t value;
    sim_cycle least;
    uint8_t lanes[2][AXI_BYTES_MAX]; /* of the two places of W */
};

static inline uint64_t address_of(const struct axi_host *self, uint32_t beat)
{
    return self->access.address + ((uint64_t)beat << self->size);
}

/* Where a beat here lies in its beat of the access. */
static inline uint32_t offset_of(const struct axi_host *self, uint32_t beat)
{
    return (beat << self->size) & (self->access.bytes - 1u);
}

static uint32_t burst_beats(const struct axi_host *self)
{
    const uint32_t left = self->beats - self->done;
    const uint32_t room =
        (AXI_KIB4 - (uint32_t)address_of(self, self->done) % AXI_KIB4) >> self->size;
    const uint32_t most = self->axi->bus->config.lite ? 1 : AXI_BEATS_MAX;
    const uint32_t beats = left < room ? left : room;
    return beats < most ? beats : most;
}

/* Cycles of a burst that the interconnect adds to a pair of wires. */
static sim_cycle crossing(const struct axi_host *self, uint64_t addr)
{
    const struct axi_bus *bus = self->axi->bus;
    const struct axi_crossbar *crossbar = bus->crossbar;
    const bool write = self->access.write;
    if (!crossbar || !(crossbar->channels & (write ? AXI_WRITES : AXI_READS)))
        return 0;
    const uint8_t near = crossbar->masters[self->axi->index].end.sliced;
    uint8_t far = 0;
    for (uint32_t i = 0; i < bus->region_count; i++)
        if (addr >= bus->regions[i].base && addr <= bus->regions[i].last)
            far = crossbar->slaves[bus->regions[i].slave->index].end.sliced;
#define CYCLE(mask, channel) ((uint32_t)(mask) >> (channel)&1)
    const uint32_t grant = crossbar->registered;
    if (!write)
        return grant + CYCLE(near, AXI_AR) + CYCLE(far, AXI_AR) + CYCLE(near, AXI_R) +
               CYCLE(far, AXI_R);
    /* W crosses with the grant of AW at the earliest; B follows the last W and AW. */
    const uint32_t granted = CYCLE(near, AXI_AW) + grant;
    const uint32_t w_crosses = CYCLE(near, AXI_W) > granted ? CYCLE(near, AXI_W) : granted;
    const uint32_t aw = granted + CYCLE(far, AXI_AW);
    const uint32_t last = w_crosses + CYCLE(far, AXI_W) + self->burst - 1;
    return (aw > last ? aw : last) - (self->burst - 1) + CYCLE(near, AXI_B) + CYCLE(far, AXI_B);
#undef CYCLE
}

/* ---- a burst --------------------------------------------------------------------------------- */

static void show_w(struct axi_host *self)
{
    struct axi_port *axi = self->axi;
    const uint32_t beat = self->done + self->moved++;
    const uint32_t offset = offset_of(self, beat);
    uint64_t data[2] = {host_access_data(&self->access, (beat << self->size) / self->access.bytes)};
    struct axi_write *w = axi_show_w(axi);
    axi_lanes_put(axi->bus, address_of(self, beat), (const uint8_t *)data + offset,
                  1u << self->size, self->moved == self->burst,
                  self->lanes[axi->shown >> AXI_W & 1], w);
}

static void begin(struct axi_host *self)
{
    struct axi_port *axi = self->axi;
    const struct axi_bus *bus = axi->bus;
    self->burst = burst_beats(self);
    self->moved = 0;
    const struct axi_address ax = {
        .addr = address_of(self, self->done),
        .len = (uint8_t)(self->burst - 1),
        .size = bus->config.lite ? (uint8_t)__builtin_ctz(bus->width_bytes) : self->size,
        .burst = AXI_INCR,
        .prot = self->access.privileged,
    };
    self->least += 1 + self->burst + crossing(self, ax.addr);
    if (self->access.write) {
        *axi_show_aw(axi) = ax;
        show_w(self);
    } else {
        *axi_show_ar(axi) = ax;
    }
}

static void take_r(struct axi_host *self, const struct axi_read *r)
{
    const uint32_t beat = self->done + self->moved++;
    const uint32_t offset = offset_of(self, beat);
    uint64_t part[2] = {0};
    memcpy(part, r->data + axi_lane(self->axi->bus, address_of(self, beat)), 1u << self->size);
    if (offset == 0)
        self->value = part[0];
    else if (offset < 8)
        self->value |= part[0] << 8 * offset;
    self->failed |= r->resp >= AXI_SLVERR;
}

/* The burst is over; true if the access is. */
static bool end(struct axi_host *self, struct host_result *result)
{
    self->done += self->burst;
    if (!self->failed && self->done < self->beats) {
        begin(self);
        return false;
    }
    self->port.busy = false;
    *result = (struct host_result){
        .failed = self->failed, .value = self->failed ? 0 : self->value, .at_least = self->least};
    return true;
}

static bool axi_host_edge(struct host_port *port, sim_cycle now, struct host_result *result)
{
    struct axi_host *self = (struct axi_host *)port;
    struct axi_port *axi = self->axi;
    const uint8_t fires = axi_fires(axi, now);
    axi_lower_valid(axi, fires & AXI_TO_SLAVE);
    if (fires & AXI_BIT_W && self->moved < self->burst)
        show_w(self);
    if (fires & AXI_BIT_R) {
        take_r(self, axi->view.r);
        return axi->view.r->last && end(self, result);
    }
    if (!(fires & AXI_BIT_B))
        return false;
    self->failed = axi->view.b->resp >= AXI_SLVERR;
    return end(self, result);
}

static void axi_host_start(struct host_port *port, sim_cycle now, const struct host_access *access)
{
    struct axi_host *self = (struct axi_host *)port;
    const uint32_t width = self->axi->bus->width_bytes;
    const uint32_t bytes = access->bytes < width ? access->bytes : width;
    (void)now;
    port->busy = true;
    self->access = *access;
    self->size = (uint8_t)__builtin_ctz(bytes);
    self->beats = access->beats * (access->bytes / bytes);
    self->done = 0;
    self->failed = false;
    self->value = 0;
    self->least = 0;
    begin(self);
}

static sim_cycle axi_host_drive(struct host_port *port, sim_cycle now)
{
    struct axi_host *self = (struct axi_host *)port;
    const struct axi_port *axi = self->axi;
    const uint32_t changed = axi->drive ^ self->told;
    if (changed & axi->drive || changed >> AXI_SHOWN)
        axi_touch(axi, now);
    else if (changed)
        axi_fell(axi, now);
    self->told = axi->drive;
    return SIM_NEVER;
}

struct host_port *axi_host_port(struct build *build, const struct component *bus,
                                const struct component *host, struct unit *unit)
{
    static const struct host_port_type type = {
        .edge = axi_host_edge, .start = axi_host_start, .drive = axi_host_drive};
    struct axi_host *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return NULL;
    self->port.type = &type;
    self->axi = build_axi_master(build, host, "bus", bus->instance, unit, host->name,
                                 AXI_READS | AXI_WRITES);
    if (!self->axi)
        return NULL;
    axi_raise_ready(self->axi, AXI_TO_MASTER);
    self->told = self->axi->drive;
    return &self->port;
}
