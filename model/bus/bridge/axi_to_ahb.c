/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_to_ahb: a bridge that is a slave of an AXI interconnect and a master of an AHB.
 *
 * Sources: AXI (Arm IHI 0022, issue E) A3; AMBA Specification rev 2.0 (Arm IHI 0011A) chapter 3.
 *
 *   cycle    n       n+1     n+2     n+3
 *   AR       taken
 *   HBUSREQ          1
 *   HADDR                    A                  bus free, grant combinational and not parked here
 *   HRDATA                           D          no wait states
 *   R                                        RVALID in n+4
 *
 * Timing
 *   - HBUSREQ rises in the cycle after AR, or after the last W if AW was before: a write is sent on when
 *     all of it is there, as an AHB has no strobes and an address cannot wait for its data.
 *   - R shows in the cycle after the data phase of its beat, B in the one after the last data phase. Up
 *     to 256 beats wait for RREADY; the AHB never waits for it.
 *   - One AXI burst at a time; reads and writes that wait take turns. The next AR (AW) is taken while
 *     one is served. W of the next burst is taken after B.
 *
 * Bursts
 *   - INCR is one AHB burst: INCR4, INCR8 or INCR16 if it has that length, else INCR; at 1 KiB it goes on
 *     with NONSEQ (3.6). WRAP4/8/16 is one too; a WRAP that an AHB does not have is two INCR. FIXED is
 *     a row of SINGLE.
 *   - A beat wider than the AHB is several beats there.
 *   - A first beat that is not aligned is read whole. Beats of W that lack strobes are sent as the
 *     largest aligned SINGLE transfers that cover their bytes; one without any is not sent.
 *
 * Responses: ERROR on a read is SLVERR on that beat and the rest of its AHB burst, which is given up;
 * on a write it is SLVERR on B, and the other AHB bursts of it are sent still.
 *
 * A transfer that comes from the AHB it leads back to never ends: the AHB waits for it, and it for the
 * AHB, as in hardware without SPLIT. The run is reported as a deadlock.
 *
 * Inaccuracies: LOCK is ignored. Both buses have the same clock. No RTL is the referee: the timing is
 * defined here.
 */
#include "bus/ahb/ahb_component.h"
#include "bus/ahb/ahb_master.h"
#include "bus/axi/axi_component.h"
#include "bus/axi/axi_slave.h"
#include "bus/bridge/bridge.h"

#include <string.h>

/* An AHB command, and which beats of AXI it is. */
struct piece {
    uint32_t haddr;
    uint16_t first; /* beat of AXI */
    uint16_t beats; /* of the AHB */
    uint8_t hsize, hburst, split;
    bool fixed; /* every beat at haddr */
};

struct axi_to_ahb {
    struct unit unit;
    const struct bridge_config *config;
    struct axi_slave axi;
    struct ahb_master ahb;
    uint64_t offset; /* subtracted from ARADDR and AWADDR */
    uint32_t width;  /* bytes of the AXI */
    uint8_t ahb_size;

    bool write_was_last;

    bool busy, write; /* the burst that is served */
    struct axi_address ax;
    uint16_t beat;       /* next of AXI to be made a piece */
    uint16_t lane;       /* in it, for parts of a beat */
    uint16_t read, sent; /* beats of R that are there, that were shown */
    uint8_t b_resp;
    struct piece pieces[AHB_QUEUE];
    uint32_t tag; /* of the next piece */

    uint8_t *read_data, *write_data; /* AXI_BEATS_MAX beats each */
    uint8_t resp[AXI_BEATS_MAX];
    uint64_t strb[AXI_BEATS_MAX][2];
    bool whole; /* all W of a burst were handed over, its B was not */
};

static uint16_t total(const struct axi_to_ahb *self)
{
    return (uint16_t)(self->ax.len + 1);
}

/* ---- pieces ---------------------------------------------------------------------------------- */

/* Bytes a beat covers, aligned to its size. */
static uint64_t beat_base(const struct axi_to_ahb *self, unsigned beat)
{
    return axi_beat_address(&self->ax, beat) & ~((UINT64_C(1) << self->ax.size) - 1);
}

static bool strobed(const struct axi_to_ahb *self, unsigned beat, unsigned lane)
{
    return self->strb[beat][lane / 64] >> (lane % 64) & 1;
}

static bool full_beat(const struct axi_to_ahb *self, unsigned beat)
{
    if (!self->write)
        return true;
    unsigned lane = (unsigned)(beat_base(self, beat) & (self->width - 1));
    for (unsigned i = 0; i < 1u << self->ax.size; i++)
        if (!strobed(self, beat, lane + i))
            return false;
    return true;
}

/* Beats from `first` on that have rising addresses and all their strobes. */
static uint16_t run_length(const struct axi_to_ahb *self, uint16_t first)
{
    uint16_t beat = first;
    while (beat < total(self) && full_beat(self, beat)) {
        beat++;
        if (self->ax.burst == AXI_FIXED ||
            (beat < total(self) && beat_base(self, beat) < beat_base(self, beat - 1u)))
            break;
    }
    return (uint16_t)(beat - first);
}

static bool whole_burst(const struct axi_to_ahb *self)
{
    for (uint16_t beat = 0; beat < total(self); beat++)
        if (!full_beat(self, beat))
            return false;
    return true;
}

static uint8_t wrap_burst(unsigned beats)
{
    return beats == 4 ? AHB_WRAP4 : beats == 8 ? AHB_WRAP8 : beats == 16 ? AHB_WRAP16 : AHB_INCR;
}

/* The largest aligned part of a beat from self->lane on; false if no strobe is left in it. */
static bool next_part(struct axi_to_ahb *self, struct piece *piece)
{
    const uint64_t base = beat_base(self, self->beat);
    const unsigned bytes = 1u << self->ax.size;
    const unsigned first = (unsigned)(base & (self->width - 1));
    while (self->lane < bytes && !strobed(self, self->beat, first + self->lane))
        self->lane++;
    if (self->lane >= bytes)
        return false;
    unsigned size = 0;
    while (size < self->ahb_size) {
        unsigned wider = 2u << size;
        if (self->lane % wider || self->lane + wider > bytes)
            break;
        bool all = true;
        for (unsigned i = 0; i < wider && all; i++)
            all = strobed(self, self->beat, first + self->lane + i);
        if (!all)
            break;
        size++;
    }
    *piece = (struct piece){.haddr = (uint32_t)(base - self->offset + self->lane),
                            .first = self->beat,
                            .beats = 1,
                            .hsize = (uint8_t)size,
                            .hburst = AHB_SINGLE,
                            .split = 7}; /* all of it is one beat of AXI */
    self->lane = (uint16_t)(self->lane + (1u << size));
    return true;
}

/* The next command of the burst; false if there is none. */
static bool next_piece(struct axi_to_ahb *self, struct piece *piece)
{
    const uint8_t size = self->ax.size < self->ahb_size ? self->ax.size : self->ahb_size;
    const uint8_t split = (uint8_t)(self->ax.size - size);
    while (self->beat < total(self)) {
        uint16_t beats = self->lane ? 0 : run_length(self, self->beat);
        if (beats == 0) {
            if (next_part(self, piece))
                return true;
            self->beat++;
            self->lane = 0;
            continue;
        }
        *piece = (struct piece){
            .haddr = (uint32_t)(beat_base(self, self->beat) - self->offset),
            .first = self->beat,
            .hsize = size,
            .split = split,
        };
        if (self->beat == 0 && split == 0 && self->ax.burst == AXI_WRAP &&
            wrap_burst(total(self)) != AHB_INCR && whole_burst(self)) {
            beats = total(self);
            piece->hburst = wrap_burst(beats);
        } else if (split == 0 && self->ax.burst == AXI_FIXED && self->beat == 0 &&
                   whole_burst(self)) {
            beats = total(self);
            piece->fixed = true;
        }
        piece->beats = (uint16_t)(beats << split);
        if (piece->fixed)
            piece->hburst = AHB_SINGLE;
        else if (piece->hburst == AHB_SINGLE)
            piece->hburst = (uint8_t)ahb_burst_of(piece->beats);
        self->beat = (uint16_t)(self->beat + beats);
        return true;
    }
    return false;
}

/* Queues commands: one that is sent, and one behind it. */
static void queue_pieces(struct axi_to_ahb *self, sim_cycle now)
{
    struct piece piece;
    while (self->busy && ahb_master_unsent(&self->ahb) < 2 && !ahb_master_full(&self->ahb) &&
           next_piece(self, &piece)) {
        const uint8_t prot = self->ax.prot;
        struct ahb_command command = {
            .haddr = piece.haddr,
            .beats = piece.beats,
            .tag = self->tag,
            .hwrite = self->write,
            .hsize = piece.hsize,
            .hburst = piece.hburst,
            .hprot = (uint8_t)((prot & 4 ? 0 : 1) | (prot & 1) << 1 | (self->ax.cache & 3) << 2),
            .fixed_address = piece.fixed,
        };
        self->pieces[self->tag++ % AHB_QUEUE] = piece;
        ahb_master_queue(&self->ahb, now, &command);
    }
}

/* ---- data ------------------------------------------------------------------------------------ */

static uint32_t piece_address(const struct piece *piece, unsigned beat)
{
    if (piece->fixed)
        return piece->haddr;
    uint32_t address = piece->haddr + ((uint32_t)beat << piece->hsize);
    if (!ahb_burst_wraps((enum ahb_burst)piece->hburst))
        return address;
    uint32_t wrap = (uint32_t)piece->beats << piece->hsize;
    return (piece->haddr & ~(wrap - 1)) | (address & (wrap - 1));
}

static unsigned piece_beat(const struct piece *piece, unsigned beat)
{
    return piece->first + (beat >> piece->split);
}

/* Where a byte of an AHB address lies in a beat of AXI. */
static size_t place(const struct axi_to_ahb *self, unsigned beat, uint32_t haddr)
{
    return (size_t)beat * self->width + ((haddr + self->offset) & (self->width - 1));
}

static void give_hwdata(struct axi_to_ahb *self, const struct ahb_events *events)
{
    const struct piece *piece = &self->pieces[events->accepted_tag % AHB_QUEUE];
    uint32_t haddr = piece_address(piece, events->accepted_beat);
    struct ahb_data data = {{0, 0}};
    memcpy((uint8_t *)&data + (haddr & self->ahb.bus->lane_mask),
           self->write_data + place(self, piece_beat(piece, events->accepted_beat), haddr),
           (size_t)1 << piece->hsize);
    ahb_master_hwdata(&self->ahb, &data);
}

static void take_hrdata(struct axi_to_ahb *self, const struct ahb_events *events)
{
    const struct piece *piece = &self->pieces[events->done_tag % AHB_QUEUE];
    uint32_t haddr = piece_address(piece, events->done_beat);
    unsigned beat = piece_beat(piece, events->done_beat);
    memcpy(self->read_data + place(self, beat, haddr),
           (const uint8_t *)events->hrdata + (haddr & self->ahb.bus->lane_mask),
           (size_t)1 << piece->hsize);
    if ((events->done_beat + 1u) % (1u << piece->split) == 0)
        self->read = (uint16_t)(beat + 1);
}

/* The rest of a piece did not happen. */
static void fail(struct axi_to_ahb *self, const struct ahb_events *events)
{
    const struct piece *piece = &self->pieces[events->done_tag % AHB_QUEUE];
    self->b_resp = AXI_SLVERR;
    if (self->write)
        return;
    unsigned end = piece_beat(piece, piece->beats - 1u) + 1;
    for (unsigned beat = piece_beat(piece, events->done_beat); beat < end; beat++)
        self->resp[beat] = AXI_SLVERR;
    self->read = (uint16_t)end;
}

/* ---- the AXI side ---------------------------------------------------------------------------- */

static void take_edge(struct axi_to_ahb *self, sim_cycle now)
{
    struct axi_slave_w w;
    const uint8_t fires = axi_slave_edge(&self->axi, now);
    if ((fires & AXI_BIT_R) && self->sent == total(self))
        self->busy = false;
    if (fires & AXI_BIT_B)
        self->busy = self->whole = false;
    if (fires & AXI_BIT_W)
        self->whole = self->axi.hand->last;
    while (axi_slave_next_w(&self->axi, now, &w)) {
        const uint16_t beat = w.burst->beat;
        memcpy(self->write_data + (size_t)beat * self->width, w.data, self->width);
        memcpy(self->strb[beat], w.strb, sizeof self->strb[beat]);
        axi_slave_took(&self->axi, &w, AXI_OKAY, w.last);
    }
}

static void start(struct axi_to_ahb *self)
{
    const struct axi_slave_burst *read = axi_slave_read(&self->axi, 0);
    const struct axi_slave_burst *write = axi_slave_write(&self->axi, 0);
    const bool can_write = write && write->whole;
    if (self->busy || (!read && !can_write))
        return;
    self->write = can_write && (!read || !self->write_was_last);
    self->write_was_last = self->write;
    self->ax = self->write ? write->ax : read->ax;
    self->busy = true;
    self->beat = self->lane = self->read = self->sent = 0;
    /* Where no decoder stands in front, an address may lie outside. */
    const bool inside = self->ax.addr - self->config->base < self->config->size_bytes;
    self->b_resp = inside ? AXI_OKAY : AXI_DECERR;
    if (!inside)
        self->beat = self->read = total(self);
    if (!self->write) {
        memset(self->resp, self->b_resp, sizeof self->resp);
        memset(self->read_data, 0, (size_t)total(self) * self->width);
    }
}

/* One more of each direction may wait while one is served, and W of one burst. */
static uint8_t held(const struct axi_to_ahb *self)
{
    const uint32_t read = self->busy && !self->write, write = self->busy && self->write;
    return (uint8_t)((self->axi.reads_open > read ? AXI_BIT_AR : 0) |
                     (self->axi.writes_open > write ? AXI_BIT_AW : 0) |
                     (self->whole ? AXI_BIT_W : 0));
}

static void answer(struct axi_to_ahb *self, sim_cycle now)
{
    struct axi_slave *axi = &self->axi;
    if (self->busy && !self->write && self->sent < self->read && axi_slave_r_idle(axi)) {
        memcpy(axi_slave_r_data(axi), self->read_data + (size_t)self->sent * self->width,
               self->width);
        axi_slave_put_r(axi, 0, now + 1, self->resp[self->sent++], NULL);
    }
    if (self->busy && self->write && self->sent == 0 && ahb_master_idle(&self->ahb)) {
        axi_slave_write(axi, 0)->resp = self->b_resp;
        axi_slave_put_b(axi, 0, now + 1);
        self->sent = 1;
    }
    axi->held = held(self);
    axi_slave_drive(axi, now); /* nothing is put that is due later */
}

static sim_cycle axi_to_ahb_step(void *instance, sim_cycle now)
{
    struct axi_to_ahb *self = instance;
    struct ahb_events events = ahb_master_edge(&self->ahb, now);
    if (events.done && !self->write)
        take_hrdata(self, &events);
    if (events.failed)
        fail(self, &events);
    if (events.accepted && self->write)
        give_hwdata(self, &events);
    take_edge(self, now);
    start(self);
    queue_pieces(self, now);
    answer(self, now);
    return ahb_master_drive(&self->ahb, now);
}

/* ---- building -------------------------------------------------------------------------------- */

static int axi_to_ahb_create(struct build *build, struct component *component)
{
    const struct bridge_config *config = component->config;
    struct arena *arena = build->kernel->arena;
    struct axi_to_ahb *self = arena_alloc(arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    if (bridge_clocks(build, component) != DMASIM_OK)
        return DMASIM_INVALID;
    struct axi_bus *axi = build_axi(build, config->bus);
    struct ahb_bus *ahb = build_ahb(build, config->target);
    self->config = config;
    self->offset = config->base - bridge_to(config);
    self->width = axi->width_bytes;
    self->ahb_size = (uint8_t)__builtin_ctz(ahb->width_bits / 8);
    self->write_data = arena_alloc(arena, (size_t)AXI_BEATS_MAX * self->width);
    self->read_data = arena_alloc(arena, (size_t)AXI_BEATS_MAX * self->width);
    if (!self->read_data || !self->write_data)
        return DMASIM_MEMORY;
    component->clock = axi->unit.clock;
    component->instance = self;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, axi_to_ahb_step,
               self);
    if (ahb_master_join(&self->ahb, ahb, &self->unit, component->name) < 0) {
        build->check->fail(build->check, component, "target",
                           "bus '%s' has no room: %d masters at most", ahb->name, AHB_MASTERS_MAX);
        return DMASIM_INVALID;
    }
    struct axi_port *port =
        build_axi_slave(build, component, axi, &self->unit, AXI_READS | AXI_WRITES, config->base,
                        config->size_bytes);
    if (!port)
        return DMASIM_INVALID;
    const struct axi_slave_config slave = {
        .reads = 2, .writes = 2, .beats = AXI_BEATS_MAX, .answers = 1, .answer_bytes = self->width};
    return axi_slave_init(&self->axi, port, port, &slave) ? DMASIM_OK : DMASIM_MEMORY;
}

static const struct parameter axi_to_ahb_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     .of = "axi",
     PARAMETER_AT(bridge_config, bus),
     .doc = "AXI it is a slave of."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(bridge_config, base),
     .max = UINT64_MAX,
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
     .of = "ahb",
     PARAMETER_AT(bridge_config, target),
     .doc = "AHB it is a master of, of the same clock."},
    {.name = "to",
     .kind = PARAMETER_ADDRESS,
     PARAMETER_AT(bridge_config, to),
     .initial = BRIDGE_SAME,
     .max = UINT32_MAX,
     .doc = "Address there of the window's first byte; none: the same as base."},
    {.name = NULL},
};

const struct component_type axi_to_ahb_type = {
    .name = "axi-to-ahb",
    .section = SECTION_PERIPHERALS,
    .doc = "Bridge: a window on an AXI interconnect behind which an AHB lies.",
    .config_bytes = sizeof(struct bridge_config),
    .parameters = axi_to_ahb_parameters,
    .create = axi_to_ahb_create,
    .check = bridge_check,
    .region = bridge_region,
    .leads = bridge_leads,
};
