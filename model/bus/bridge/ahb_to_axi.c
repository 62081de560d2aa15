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
#include "bus/axi/axi_master.h"
#include "bus/bridge/bridge.h"

#include <string.h>

#define BEATS_MAX 16

struct ahb_to_axi {
    struct unit unit;
    const struct bridge_config *config;
    struct ahb_bus *ahb;
    int slave;
    struct axi_master axi;
    uint64_t offset; /* added to HADDR */

    /* The burst. */
    bool open; /* on the AXI: its last R or its B is to come */
    bool write, broken;
    uint8_t hmaster;
    uint16_t total;    /* its beats */
    uint16_t accepted; /* beats the AHB asked for */
    uint16_t ready;    /* beats of R, or of HWDATA, that are in the buffer */
    uint16_t sent;     /* beats of W given */
    struct ahb_data buffer[BEATS_MAX];
    bool failed[BEATS_MAX];
    bool owed; /* HREADY is low for beat accepted - 1 */

    sim_cycle hwdata_at; /* HWDATA of the address accepted last is to be taken; SIM_NEVER */
    bool waiting;        /* an access waits for the end of the burst */
    bool caught;         /* its HWDATA is in `held` */
    struct ahb_access next;
    struct ahb_data held;
};

/* ---- towards the AHB ------------------------------------------------------------------------- */

static void answer(struct ahb_to_axi *self, sim_cycle now, bool failed, const struct ahb_data *data)
{
    self->owed = false;
    ahb_slave_end_wait(self->ahb, self->slave, now, failed ? AHB_ERROR : AHB_OKAY, data);
}

static void answer_read(struct ahb_to_axi *self, sim_cycle now)
{
    unsigned beat = self->accepted - 1u;
    if (beat < self->ready)
        answer(self, now, self->failed[beat], &self->buffer[beat]);
}

/* ---- a burst --------------------------------------------------------------------------------- */

/* The AXI burst for an access that starts one: within 1 KiB, so one burst. */
static struct axi_command translate(const struct ahb_to_axi *self, const struct ahb_access *access)
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
    return (struct axi_command){
        .addr = access->haddr + self->offset,
        .bytes = (uint64_t)beats << access->hsize,
        .size = access->hsize,
        .burst = beats > 1 && ahb_burst_wraps((enum ahb_burst)access->hburst) ? AXI_WRAP : AXI_INCR,
        .prot = (uint8_t)((access->hprot >> 1 & 1) | (access->hprot & 1 ? 0 : 4)),
        .cache = (uint8_t)(access->hprot >> 2 & 3),
        .write = access->hwrite,
    };
}

static void start(struct ahb_to_axi *self, const struct ahb_access *access, sim_cycle now)
{
    const struct axi_command command = translate(self, access);
    axi_master_queue(&self->axi, &command);
    self->total = (uint16_t)(command.bytes >> command.size);
    self->open = true;
    self->write = access->hwrite;
    self->broken = false;
    self->hmaster = access->hmaster;
    self->accepted = 1;
    self->ready = self->sent = 0;
    self->owed = true;
    if (!self->write) {
        ahb_slave_wait(self->ahb, self->slave);
        return;
    }
    if (self->total > 1)
        answer(self, now, false, NULL);
    else
        ahb_slave_wait(self->ahb, self->slave);
}

/* A SEQ to this slave is the next beat of what it was asked for last. */
static bool continues(const struct ahb_to_axi *self, const struct ahb_access *access)
{
    return access->htrans == AHB_SEQ && self->accepted < self->total;
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
            ahb_slave_wait(self->ahb, self->slave);
        } else {
            start(self, access, now);
        }
        return;
    }
    self->accepted++;
    self->owed = true;
    ahb_slave_wait(self->ahb, self->slave);
    if (!self->write)
        answer_read(self, now);
    else if (self->accepted < self->total)
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

static void take_read(struct ahb_to_axi *self, const struct axi_events *events, sim_cycle now)
{
    const uint32_t lane_mask = self->ahb->lane_mask;
    struct ahb_data *data = &self->buffer[self->ready];
    *data = (struct ahb_data){{0, 0}};
    memcpy(data, events->r_data - (events->r.lane & lane_mask), lane_mask + 1);
    self->failed[self->ready++] = events->r_resp >= AXI_SLVERR;
    if (events->done & AXI_BIT_R)
        self->open = false;
    if (self->owed)
        answer_read(self, now);
}

static void take_edge(struct ahb_to_axi *self, sim_cycle now)
{
    struct axi_events events;
    axi_master_edge(&self->axi, now, &events);
    if (events.fires & AXI_BIT_R)
        take_read(self, &events, now);
    if (events.done & AXI_BIT_B) {
        self->open = false;
        if (self->owed)
            answer(self, now, events.write.resp >= AXI_SLVERR, NULL);
    }
}

/* W: a beat that is there, or without strobes what the AHB broke off. */
static uint32_t give_w(void *instance, const struct axi_beat *beat, struct axi_give *give)
{
    struct ahb_to_axi *self = instance;
    const bool there = self->sent < self->ready;
    if (!there && !self->broken)
        return 0;
    const uint8_t *hwdata = (const uint8_t *)&self->buffer[self->sent];
    if (there)
        memcpy(give->lanes + beat->lane, hwdata + (beat->lane & self->ahb->lane_mask), beat->bytes);
    else
        give->strb[0] = give->strb[1] = 0;
    self->sent++;
    return 1;
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
    const struct ahb_access *access;

    take_edge(self, now);
    if (self->hwdata_at == now)
        take_hwdata(self);
    const bool unfinished = self->open && self->write && !self->broken;
    if (ahb_slave_address(self->ahb, self->slave, now, &access))
        accept(self, access, now);
    else if (unfinished && self->accepted < self->total && breaks_off(self))
        self->broken = true;
    if (self->waiting && !self->open) {
        self->waiting = false;
        start(self, &self->next, now);
        if (self->caught)
            self->buffer[self->ready++] = self->held;
    }
    axi_master_drive(&self->axi, now);

    const bool looks = self->open && self->write && !self->broken && self->accepted < self->total;
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
    struct axi_port *port = build_axi_master(build, component, "target", axi, &self->unit,
                                             component->name, AXI_READS | AXI_WRITES);
    if (!port)
        return DMASIM_INVALID;
    const struct axi_master_config master = {
        .channels = AXI_READS | AXI_WRITES, .give = give_w, .owner = self};
    if (!axi_master_init(&self->axi, port, &master))
        return DMASIM_MEMORY;
    return build_ahb_slave(build, component, self->ahb, &self->unit, config->base,
                           config->size_bytes, &self->slave);
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
    .leads = bridge_leads,
};
