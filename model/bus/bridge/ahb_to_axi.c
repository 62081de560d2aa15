/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahb_to_axi: a bridge that is a slave of an AHB and a master of an AXI interconnect.
 *
 * Sources: AMBA Specification rev 2.0 (Arm IHI 0011A) chapter 3; AXI (Arm IHI 0022, issue E) A3.
 *
 *   cycle    n       n+1     n+2     m       m+1
 *   HADDR    A
 *   HREADY   1       0 ...                   1         read: R handed over in m
 *   AR               ARVALID
 *   HWDATA           D
 *   AW, W            AWVALID WVALID                    write: B handed over in m
 *
 * Timing
 *   - AR or AW shows in the cycle after the address was accepted, W one later. HREADY rises in the
 *     cycle after R or B. Of a slave that answers R in the cycle after AR: accepted in n, ARVALID n+1,
 *     R n+2, HREADY n+3, two wait states.
 *   - A burst of fixed length is one AXI burst of that length: INCR4/8/16 is INCR, WRAP4/8/16 is WRAP
 *     (an AHB burst stays inside 1 KiB, so inside 4 KiB). SINGLE is one beat. So is each beat of an
 *     AHB INCR, whose end nobody knows; read_ahead lets a read of one fetch more, up to 1 KiB.
 *   - Reads: R is taken at once into a buffer of 16 beats; a beat that is there needs no wait state.
 *   - Writes: all beats of a burst but the last are taken without wait states; the last waits for B.
 *   - A burst that the AHB breaks off (IHI 0011A 3.11.6, or after ERROR): what is left of R is thrown
 *     away, what is left of W is sent without strobes. The next access waits until the AXI burst is
 *     over, and is started in the cycle in which it ends.
 *
 * Responses: SLVERR and DECERR are ERROR, on the beat of a read, on the last beat of a write.
 *
 * Inaccuracies: one AXI burst at a time. Error of a write that was broken off is lost. HMASTLOCK is
 * ignored. Both buses have the same clock. The AXI is as wide as the AHB or wider. No RTL is the
 * referee: the timing is defined here.
 */
#include "bus/ahb/ahb_component.h"
#include "bus/axi/axi_component.h"
#include "bus/axi/axi_lite.h"
#include "bus/bridge/bridge.h"

#include <string.h>

#define BEATS_MAX 16

struct ahb_to_axi {
    struct unit unit;
    const struct plan *plan;
    const struct bridge_config *config;
    struct ahb_bus *ahb;
    int slave;
    struct axi_port *axi;
    uint64_t offset; /* added to HADDR */
    bool passing;    /* an access from outside */

    /* The burst. */
    bool open; /* on the AXI: its last R or its B is to come */
    bool write, broken;
    uint8_t hmaster;
    struct axi_address ax;
    uint16_t accepted; /* beats the AHB asked for */
    uint16_t ready;    /* beats of R, or of HWDATA, that are in the buffer */
    uint16_t sent;     /* beats of W shown */
    struct ahb_data buffer[BEATS_MAX];
    bool failed[BEATS_MAX];
    bool owed; /* HREADY is low for beat accepted - 1 */

    sim_cycle hwdata_at; /* HWDATA of the address accepted last is to be taken; SIM_NEVER */
    bool waiting;        /* an access waits for the end of the burst */
    bool caught;         /* its HWDATA is in `held` */
    struct ahb_access next;
    struct ahb_data held;
    uint8_t lanes[2][AXI_BYTES_MAX]; /* W */
};

static uint16_t total(const struct ahb_to_axi *self)
{
    return (uint16_t)(self->ax.len + 1);
}

/* ---- towards the AHB ------------------------------------------------------------------------- */

static void hold(struct ahb_to_axi *self)
{
    struct ahb_slave_out *out = &self->ahb->links.slave[self->slave];
    out->ready_at = SIM_NEVER;
    out->hresp = AHB_OKAY;
    out->hrdata = (struct ahb_data){{0, 0}};
}

static void answer(struct ahb_to_axi *self, sim_cycle now, bool failed, const struct ahb_data *data)
{
    self->owed = false;
    ahb_slave_respond(self->ahb, self->slave, now, 0, failed ? AHB_ERROR : AHB_OKAY, data);
    unit_wake(&self->ahb->unit);
}

static void answer_read(struct ahb_to_axi *self, sim_cycle now)
{
    unsigned beat = self->accepted - 1u;
    if (beat < self->ready)
        answer(self, now, self->failed[beat], &self->buffer[beat]);
}

/* ---- a burst --------------------------------------------------------------------------------- */

/* The AXI burst for an access that starts one. */
static struct axi_address translate(const struct ahb_to_axi *self, const struct ahb_access *access)
{
    uint32_t beats = ahb_burst_beats((enum ahb_burst)access->hburst);
    if (access->hburst == AHB_INCR) {
        uint32_t left = (AHB_KIB - access->haddr % AHB_KIB) >> access->hsize;
        beats = access->hwrite ? 1 : self->config->read_ahead_beats;
        if (beats > left)
            beats = left;
    }
    if (access->htrans == AHB_SEQ && access->hburst != AHB_INCR)
        beats = 1; /* the middle of a burst that began elsewhere */
    return (struct axi_address){
        .addr = access->haddr + self->offset,
        .len = (uint8_t)(beats - 1),
        .size = access->hsize,
        .burst = beats > 1 && ahb_burst_wraps((enum ahb_burst)access->hburst) ? AXI_WRAP : AXI_INCR,
        .prot = (uint8_t)((access->hprot >> 1 & 1) | (access->hprot & 1 ? 0 : 4)),
        .cache = (uint8_t)(access->hprot >> 2 & 3),
    };
}

static void start(struct ahb_to_axi *self, const struct ahb_access *access, sim_cycle now)
{
    self->ax = translate(self, access);
    self->open = true;
    self->write = access->hwrite;
    self->broken = false;
    self->hmaster = access->hmaster;
    self->accepted = 1;
    self->ready = self->sent = 0;
    self->owed = true;
    if (!self->write) {
        *axi_show_ar(self->axi) = self->ax;
        self->axi->ready |= AXI_BIT_R;
        hold(self);
        return;
    }
    *axi_show_aw(self->axi) = self->ax;
    self->axi->ready |= AXI_BIT_B;
    if (total(self) > 1)
        answer(self, now, false, NULL);
    else
        hold(self);
}

/* A SEQ to this slave is the next beat of what it was asked for last. */
static bool continues(const struct ahb_to_axi *self, const struct ahb_access *access)
{
    return access->htrans == AHB_SEQ && self->accepted < total(self);
}

static void accept(struct ahb_to_axi *self, const struct ahb_access *access, sim_cycle now)
{
    if (access->hwrite)
        self->hwdata_at = now + 1;
    if (!continues(self, access)) {
        self->broken = true;
        if (self->open) {
            self->waiting = true;
            self->caught = false;
            self->next = *access;
            hold(self);
        } else {
            start(self, access, now);
        }
        return;
    }
    self->accepted++;
    self->owed = true;
    hold(self);
    if (!self->write)
        answer_read(self, now);
    else if (self->accepted < total(self))
        answer(self, now, false, NULL);
}

static void take_hwdata(struct ahb_to_axi *self)
{
    self->hwdata_at = SIM_NEVER;
    if (self->waiting) {
        self->held = self->ahb->row.hwdata;
        self->caught = true;
    } else {
        self->buffer[self->ready++] = self->ahb->row.hwdata;
    }
}

/* ---- towards the AXI ------------------------------------------------------------------------- */

static void take_read(struct ahb_to_axi *self, sim_cycle now)
{
    const struct axi_read *r = self->axi->view.r;
    const uint32_t ahb_bytes = self->ahb->lane_mask + 1;
    const uint64_t address = axi_beat_address(&self->ax, self->ready);
    const uint64_t lane = address & (self->axi->bus->width_bytes - 1) & ~(uint64_t)(ahb_bytes - 1);
    struct ahb_data *data = &self->buffer[self->ready];
    *data = (struct ahb_data){{0, 0}};
    memcpy(data, r->data + lane, ahb_bytes);
    self->failed[self->ready++] = r->resp >= AXI_SLVERR;
    if (r->last) {
        self->open = false;
        self->axi->ready &= (uint8_t)~AXI_BIT_R;
    }
    if (self->owed)
        answer_read(self, now);
}

static void take_edge(struct ahb_to_axi *self, sim_cycle now)
{
    struct axi_port *axi = self->axi;
    const uint8_t fires = axi_fires(axi, now);
    axi->valid &= (uint8_t) ~(fires & AXI_TO_SLAVE);
    if (fires & AXI_BIT_R)
        take_read(self, now);
    if (fires & AXI_BIT_B) {
        self->open = false;
        axi->ready &= (uint8_t)~AXI_BIT_B;
        if (self->owed)
            answer(self, now, axi->view.b->resp >= AXI_SLVERR, NULL);
    }
}

/* Shows the next W if there is one to show. */
static void show_data(struct ahb_to_axi *self)
{
    if (!self->open || !self->write || self->sent == total(self) || (self->axi->valid & AXI_BIT_W))
        return;
    const bool there = self->sent < self->ready;
    if (!there && !self->broken)
        return;
    struct axi_write *w = axi_show_w(self->axi);
    uint8_t *lanes = self->lanes[self->axi->shown >> AXI_W & 1];
    const uint64_t address = axi_beat_address(&self->ax, self->sent);
    const uint32_t bytes = there ? 1u << self->ax.size : 0;
    const uint8_t *hwdata = (const uint8_t *)&self->buffer[self->sent];
    axi_lanes_put(self->axi->bus, address, hwdata + (address & self->ahb->lane_mask), bytes,
                  self->sent + 1u == total(self), lanes, w);
    self->sent++;
}

/* Is a burst of writes broken off? It is, once a cycle with HREADY brings neither its next beat nor
 * BUSY. */
static bool breaks_off(const struct ahb_to_axi *self)
{
    const struct ahb_row *row = &self->ahb->row;
    return row->hready && !(row->htrans == AHB_BUSY && row->hmaster == self->hmaster);
}

static sim_cycle ahb_to_axi_step(void *instance, sim_cycle now)
{
    struct ahb_to_axi *self = instance;
    struct axi_port *axi = self->axi;
    const uint8_t valid = axi->valid, ready = axi->ready, shown = axi->shown;
    const struct ahb_access *access;

    take_edge(self, now);
    if (self->hwdata_at == now)
        take_hwdata(self);
    const bool unfinished = self->open && self->write && !self->broken;
    if (ahb_slave_address(self->ahb, self->slave, now, &access))
        accept(self, access, now);
    else if (unfinished && self->accepted < total(self) && breaks_off(self))
        self->broken = true;
    if (self->waiting && !self->open) {
        self->waiting = false;
        start(self, &self->next, now);
        if (self->caught)
            self->buffer[self->ready++] = self->held;
    }
    show_data(self);
    if (axi->valid != valid || axi->ready != ready || axi->shown != shown)
        axi_touch(axi, now);

    const bool looks = self->open && self->write && !self->broken && self->accepted < total(self);
    return self->hwdata_at != SIM_NEVER || looks ? now + 1 : SIM_NEVER;
}

/* ---- building -------------------------------------------------------------------------------- */

static int ahb_to_axi_create(struct build *build, struct component *component)
{
    const struct bridge_config *config = component->config;
    struct ahb_to_axi *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    if (bridge_clocks(build, component) != DMASIM_OK)
        return DMASIM_INVALID;
    self->plan = build->plan;
    self->config = config;
    self->ahb = build_ahb(build, config->bus);
    self->offset = bridge_to(config) - config->base;
    self->hwdata_at = SIM_NEVER;
    struct axi_bus *axi = build_axi(build, config->target);
    if (axi->width_bits < self->ahb->width_bits) {
        build->check->fail(build->check, component, "target",
                           "'%s' has %u bits, less than the %u of '%s'", axi->name, axi->width_bits,
                           self->ahb->width_bits, self->ahb->name);
        return DMASIM_INVALID;
    }
    component->clock = self->ahb->unit.clock;
    component->instance = self;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, ahb_to_axi_step,
               self);
    self->axi = build_axi_master(build, component, "target", axi, &self->unit, component->name,
                                 AXI_READS | AXI_WRITES);
    if (!self->axi)
        return DMASIM_INVALID;
    return build_ahb_slave(build, component, self->ahb, &self->unit, config->base,
                           config->size_bytes, &self->slave);
}

static int ahb_to_axi_access(struct component *component, uint32_t offset, unsigned size_bytes,
                             bool write, uint64_t *value)
{
    struct ahb_to_axi *self = component->instance;
    return bridge_access(self->plan, self->config, &self->passing, offset, size_bytes, write,
                         value);
}

static const struct parameter ahb_to_axi_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     .of = "ahb",
     PARAMETER_AT(bridge_config, bus),
     .doc = "AHB it is a slave of."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(bridge_config, base),
     .max = UINT32_MAX,
     .doc = "First address there, a multiple of 0x1000."},
    {.name = "size",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(bridge_config, size_bytes),
     .min = BRIDGE_UNIT,
     .max = UINT64_C(1) << 32,
     .doc = "Size of the window, a multiple of 4 KiB."},
    {.name = "target",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     .of = "axi",
     PARAMETER_AT(bridge_config, target),
     .doc = "AXI it is a master of: of the same clock, and as wide or wider."},
    {.name = "to",
     .kind = PARAMETER_ADDRESS,
     PARAMETER_AT(bridge_config, to),
     .initial = BRIDGE_SAME,
     .max = BRIDGE_SAME - 1,
     .doc = "Address there of the window's first byte; none: the same as base."},
    {.name = "read_ahead",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(bridge_config, read_ahead_beats),
     .initial = 1,
     .min = 1,
     .max = BEATS_MAX,
     .doc = "Beats fetched at once for a read burst of undefined length (INCR), whether they are "
            "asked for or not."},
    {.name = NULL},
};

const struct component_type ahb_to_axi_type = {
    .name = "ahb-to-axi",
    .section = SECTION_PERIPHERALS,
    .doc = "Bridge: a window on an AHB behind which an AXI interconnect lies.",
    .config_bytes = sizeof(struct bridge_config),
    .parameters = ahb_to_axi_parameters,
    .create = ahb_to_axi_create,
    .check = bridge_check,
    .region = bridge_region,
    .access = ahb_to_axi_access,
};
