/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahb_bus: an AMBA 2 AHB: multiplexers, decoder, default slave; the arbiter is in ahb_arbiter.c.
 *
 * Source: AMBA Specification rev 2.0 (Arm IHI 0011A), chapter 3.
 *
 *              cycle    n        n+1      n+2
 *   address phase   <  A      ><  B     ><          of HMASTER
 *   data phase                 <  A     ><  B       HWDATA of the master that drove A
 *   HREADY          -----------\____/-------       low: address and data phases both wait
 *
 * Timing (step(n) settles cycle n, then takes the edge that ends it, if HREADY is high)
 *   - HMASTER := the granted master, 0 if nobody is; HMASTLOCK := its HLOCK (3.11.4, 3.11.5).
 *   - The address phase of HMASTER is accepted; its data phase starts in n+1 (3.6).
 *   - IDLE and BUSY get a zero-wait OKAY (3.5.1); so does a bus nobody drives.
 *   - No slave at the address, HSIZE wider than the bus, or an unaligned address (3.4): the default
 *     slave answers with the two-cycle ERROR (3.9.4), without wait states.
 *   - The middle of a burst passes as a run (struct ahb_run) when nobody observes the bus, the middle of a
 *     transfer as repeats (ahb_repeat.c).
 *   - While HREADY is low the bus sleeps until the slave's ready_at; a request wakes it, since a
 *     combinational HGRANT may follow.
 *
 * Inaccuracies
 *   - No SPLIT; HSPLIT stays 0.
 *   - HRDATA is 0 outside read data phases, as in the golden traces; a real multiplexer shows junk.
 *   - HPROT is carried and traced, nothing acts on it.
 */
#include "bus/ahb/ahb.h"
#include "bus/ahb/ahb_arbiter.h"
#include "bus/ahb/ahb_counts.h"
#include "kernel/base.h"
#include "plan/component.h"

#include <string.h>

static uint32_t bit(unsigned index)
{
    return UINT32_C(1) << index;
}

/* ---- records --------------------------------------------------------------------------------- */

static const char *const trans_names[] = {"IDLE", "BUSY", "NONSEQ", "SEQ"};
static const char *const burst_names[] = {"SINGLE", "INCR",  "WRAP4",  "INCR4",
                                          "WRAP8",  "INCR8", "WRAP16", "INCR16"};
static const char *const resp_names[] = {"OKAY", "ERROR", "RETRY", "SPLIT"};

#define NAMED(type, member, label, width, how, list)                                               \
    {                                                                                              \
        .name = (label), .offset = offsetof(struct type, member),                                  \
        .size_bytes = sizeof(((struct type *)0)->member), .width_bits = (width), .radix = (how),   \
        .names = (list), .name_count = COUNT(list)                                                 \
    }

/* Columns of the golden traces (traces/golden/ahb), after the cycle. A width of 255 is the number of
 * masters, 254 the bus width. HTRANS, HBURST and HRESP stay numbers in a table of cycles. */
#define WIDTH_MASTERS 255
#define WIDTH_BUS 254

static const struct probe_field row_fields[] = {
    PROBE_FIELD(ahb_row, hbusreq, "HBUSREQ", WIDTH_MASTERS, PROBE_HEX),
    PROBE_FIELD(ahb_row, hlock, "HLOCK", WIDTH_MASTERS, PROBE_HEX),
    PROBE_FIELD(ahb_row, hgrant, "HGRANT", WIDTH_MASTERS, PROBE_HEX),
    PROBE_FIELD(ahb_row, hmaster, "HMASTER", 4, PROBE_DECIMAL),
    PROBE_FIELD(ahb_row, hmastlock, "HMASTLOCK", 1, PROBE_DECIMAL),
    NAMED(ahb_row, htrans, "HTRANS", 2, PROBE_DECIMAL, trans_names),
    NAMED(ahb_row, hburst, "HBURST", 3, PROBE_DECIMAL, burst_names),
    PROBE_FIELD(ahb_row, haddr, "HADDR", 32, PROBE_HEX_PADDED),
    PROBE_FIELD(ahb_row, hwrite, "HWRITE", 1, PROBE_DECIMAL),
    PROBE_FIELD(ahb_row, hsize, "HSIZE", 3, PROBE_DECIMAL),
    PROBE_FIELD(ahb_row, hready, "HREADY", 1, PROBE_DECIMAL),
    NAMED(ahb_row, hresp, "HRESP", 2, PROBE_DECIMAL, resp_names),
    PROBE_FIELD(ahb_row, hwdata, "HWDATA", WIDTH_BUS, PROBE_HEX_PADDED),
    PROBE_FIELD(ahb_row, hrdata, "HRDATA", WIDTH_BUS, PROBE_HEX_PADDED),
    PROBE_FIELD(ahb_row, hsplit, "HSPLIT", WIDTH_MASTERS, PROBE_HEX),
};

static const struct probe_field master_fields[] = {
    PROBE_FIELD(ahb_master_row, hbusreq, "HBUSREQ", 1, PROBE_DECIMAL),
    PROBE_FIELD(ahb_master_row, hlock, "HLOCK", 1, PROBE_DECIMAL),
    PROBE_FIELD(ahb_master_row, hgrant, "HGRANT", 1, PROBE_DECIMAL),
    NAMED(ahb_master_row, htrans, "HTRANS", 2, PROBE_DECIMAL, trans_names),
    NAMED(ahb_master_row, hburst, "HBURST", 3, PROBE_DECIMAL, burst_names),
    PROBE_FIELD(ahb_master_row, haddr, "HADDR", 32, PROBE_HEX_PADDED),
    PROBE_FIELD(ahb_master_row, hwrite, "HWRITE", 1, PROBE_DECIMAL),
    PROBE_FIELD(ahb_master_row, hsize, "HSIZE", 3, PROBE_DECIMAL),
    PROBE_FIELD(ahb_master_row, hprot, "HPROT", 4, PROBE_HEX),
    PROBE_FIELD(ahb_master_row, hwdata, "HWDATA", WIDTH_BUS, PROBE_HEX_PADDED),
};

static const struct probe_field beat_fields[] = {
    PROBE_FIELD(ahb_beat, address_cycle, "address_cycle", 0, PROBE_DECIMAL),
    PROBE_FIELD(ahb_beat, data_cycle, "data_cycle", 0, PROBE_DECIMAL),
    PROBE_FIELD(ahb_beat, time_ps, "time_ps", 0, PROBE_TIME),
    PROBE_FIELD(ahb_beat, master, "master", 0, PROBE_TEXT),
    PROBE_FIELD(ahb_beat, slave, "slave", 0, PROBE_TEXT),
    PROBE_FIELD(ahb_beat, haddr, "HADDR", 0, PROBE_HEX_PADDED),
    PROBE_FIELD(ahb_beat, hwrite, "HWRITE", 0, PROBE_DECIMAL),
    PROBE_FIELD(ahb_beat, hsize, "HSIZE", 0, PROBE_DECIMAL),
    NAMED(ahb_beat, htrans, "HTRANS", 0, PROBE_NAME, trans_names),
    NAMED(ahb_beat, hburst, "HBURST", 0, PROBE_NAME, burst_names),
    PROBE_FIELD(ahb_beat, hmastlock, "HMASTLOCK", 0, PROBE_DECIMAL),
    PROBE_FIELD(ahb_beat, hprot, "HPROT", 0, PROBE_HEX),
    NAMED(ahb_beat, hresp, "HRESP", 0, PROBE_NAME, resp_names),
    PROBE_FIELD(ahb_beat, data, "data", WIDTH_BUS, PROBE_HEX_PADDED),
};

/* A type for this bus: the fields' widths depend on it. Null if memory is short. */
static struct probe_type *type_for(struct ahb_bus *self, const char *name, enum probe_kind kind,
                                   const struct probe_field *fields, size_t count, size_t bytes)
{
    struct arena *arena = self->unit.clock->kernel->arena;
    struct probe_type *type = arena_alloc(arena, sizeof *type);
    struct probe_field *own = arena_alloc(arena, count * sizeof *own);
    if (!type || !own)
        return NULL;
    memcpy(own, fields, count * sizeof *own);
    for (size_t i = 0; i < count; i++) {
        if (own[i].width_bits == WIDTH_BUS)
            own[i].width_bits = (uint16_t)self->width_bits;
        else if (own[i].width_bits == WIDTH_MASTERS)
            own[i].width_bits = AHB_MASTERS_MAX;
    }
    *type = (struct probe_type){name, kind, own, count, bytes};
    return type;
}

static void publish_master(const struct ahb_bus *self, unsigned i, sim_cycle now)
{
    const struct ahb_row *row = &self->row;
    const struct ahb_master_out *out = &self->links.master[i];
    if (!probe_observed(&self->masters[i].probe))
        return;
    struct ahb_master_row record = {
        .address_phase = out->address_phase,
        .hbusreq = row->hbusreq >> i & 1,
        .hlock = row->hlock >> i & 1,
        .hgrant = row->hgrant >> i & 1,
        .hprot = out->hprot,
        .hwdata = out->hwdata,
    };
    probe_publish(&self->masters[i].probe, now, &record);
}

/* A master without a command changes neither address nor data; its row is not repeated. */
static void publish_row(struct ahb_bus *self, sim_cycle now)
{
    const struct ahb_row *row = &self->row;
    struct ahb_published *last = &self->published;
    const uint32_t attentive = self->links.attentive;
    uint32_t changed = attentive | last->attentive | (row->hbusreq ^ last->hbusreq) |
                       (row->hlock ^ last->hlock) | (row->hgrant ^ last->hgrant);
    *last = (struct ahb_published){row->hbusreq, row->hlock, row->hgrant, attentive};
    probe_publish(&self->row_probe, now, row);
    for (; changed; changed &= changed - 1)
        publish_master(self, (unsigned)__builtin_ctz(changed), now);
}

static void publish_beat(const struct ahb_bus *self, sim_cycle now)
{
    const struct ahb_access *data = &self->data;
    struct ahb_beat beat = {
        .address_cycle = self->data_since,
        .data_cycle = now,
        .time_ps = self->unit.clock->time,
        .master = self->masters[data->hmaster].name,
        .slave = self->data_slave == AHB_DEFAULT_SLAVE ? "-" : self->slaves[self->data_slave].name,
        .haddr = data->haddr,
        .master_index = data->hmaster,
        .htrans = data->htrans,
        .hburst = data->hburst,
        .hwrite = data->hwrite,
        .hsize = data->hsize,
        .hprot = data->hprot,
        .hmastlock = data->hmastlock,
        .hresp = self->row.hresp,
        .data = data->hwrite ? self->row.hwdata : self->row.hrdata,
    };
    probe_publish(&self->beat_probe, now, &beat);
}

/* ---- one cycle ------------------------------------------------------------------------------- */

/* The slave that answers an address phase. */
static int8_t decode(struct ahb_bus *self, uint32_t haddr, unsigned hsize)
{
    uint32_t bytes = UINT32_C(1) << hsize;
    if (bytes > self->lane_mask + 1 || (haddr & (bytes - 1)))
        return AHB_DEFAULT_SLAVE;
    const struct ahb_region *region = &self->regions[self->last_region];
    if (self->last_region < self->region_count && haddr >= region->base && haddr <= region->last)
        return (int8_t)region->slave;
    for (uint32_t i = 0; i < self->region_count; i++) {
        region = &self->regions[i];
        if (haddr >= region->base && haddr <= region->last) {
            self->last_region = i;
            return (int8_t)region->slave;
        }
    }
    return AHB_DEFAULT_SLAVE;
}

static void settle_response(struct ahb_bus *self, sim_cycle now)
{
    struct ahb_row *row = &self->row;
    row->hready = 1;
    row->hresp = AHB_OKAY;
    row->hrdata = (struct ahb_data){{0, 0}};
    if (self->data_slave < 0)
        return;
    sim_cycle ready_at = self->error_ready;
    enum ahb_resp hresp = AHB_ERROR;
    if (self->data_slave != AHB_DEFAULT_SLAVE) {
        const struct ahb_slave_out *out = &self->links.slave[self->data_slave];
        ready_at = out->ready_at;
        hresp = out->hresp;
        if (!self->data.hwrite)
            row->hrdata = out->hrdata;
    }
    row->hready = now >= ready_at;
    if (now + 1 >= ready_at)
        row->hresp = (uint8_t)hresp;
}

static void settle(struct ahb_bus *self, sim_cycle now)
{
    struct ahb_row *row = &self->row;
    const struct ahb_master_out *out = &self->links.master[self->hmaster];
    self->view = now;
    self->data_slave = self->next_data_slave;
    self->data_master = self->next_data_master;
    row->hbusreq = self->links.hbusreq;
    row->hlock = self->links.hlock;
    row->hmaster = self->hmaster;
    row->hmastlock = self->hmastlock;
    row->address_phase = out->address_phase;
    row->hwdata = self->links.master[self->hwdata_master].hwdata;
    settle_response(self, now);
    row->hgrant = ahb_arbiter_grant(self, now);
}

/* The edge that ends a cycle with HREADY high. True if the next cycle can differ from this one. */
static bool take_edge(struct ahb_bus *self, sim_cycle now)
{
    const struct ahb_row *row = &self->row;
    bool changes = self->data_slave >= 0 || row->htrans != AHB_IDLE;
    if (row->htrans == AHB_NONSEQ || row->htrans == AHB_SEQ) {
        const struct ahb_master_out *out = &self->links.master[self->hmaster];
        self->accepted.address_phase = row->address_phase;
        self->accepted.hmaster = row->hmaster;
        self->accepted.hprot = out->hprot;
        self->accepted.hmastlock = row->hmastlock;
        self->accepted_slave = decode(self, row->haddr, row->hsize);
        self->next_data_master = (int8_t)row->hmaster;
        self->error_ready = now + 2;
    } else {
        self->accepted_slave = -1;
        self->next_data_master = -1;
    }
    self->next_data_slave = self->accepted_slave;

    changes |= ahb_arbiter_edge(self, now);
    uint8_t owner = row->hgrant ? (uint8_t)__builtin_ctz(row->hgrant) : 0;
    uint8_t mastlock = (row->hlock & row->hgrant) != 0;
    changes |=
        owner != row->hmaster || mastlock != row->hmastlock || self->hwdata_master != row->hmaster;
    self->hwdata_master = row->hmaster;
    self->hmaster = owner;
    self->hmastlock = mastlock;
    return changes;
}

/* ---- runs ------------------------------------------------------------------------------------ */

static bool observed(const struct ahb_bus *self)
{
    return probe_observed(&self->row_probe) || probe_observed(&self->beat_probe) ||
           probe_observed(&self->masters[self->row.hmaster].probe);
}

/* Starts a run if the beat accepted at this edge is followed by enough that nobody needs to see. */
static bool start_run(struct ahb_bus *self, sim_cycle now)
{
    const struct ahb_row *row = &self->row;
    const struct ahb_master_out *out = &self->links.master[row->hmaster];
    if (out->promise < AHB_RUN_BEATS_MIN || self->accepted_slave == AHB_DEFAULT_SLAVE)
        return false;
    const struct ahb_port *slave = &self->slaves[self->accepted_slave];
    const struct ahb_arbiter_config *arbiter = &self->config.arbiter;
    if (!slave->runs || row->hgrant != bit(row->hmaster) || arbiter->max_hold_cycles ||
        (arbiter->rearbitrate == AHB_AT_ANY_BEAT && row->hburst == AHB_INCR) || observed(self) ||
        (self->unit.clock->kernel->flags & KERNEL_NO_CLOSED))
        return false;

    struct ahb_run *run = &self->run;
    uint32_t beats = out->promise < AHB_RUN_BEATS ? out->promise : AHB_RUN_BEATS;
    uint32_t last = row->haddr + (beats << row->hsize);
    if (last < row->haddr || last > self->regions[self->last_region].last)
        return false;
    run->start = now;
    run->first_done = now + 1 + slave->wait[row->hwrite][row->htrans == AHB_SEQ];
    run->period = 1 + slave->wait[row->hwrite][1];
    run->beats = (uint16_t)beats;
    run->end = ahb_run_done(run, beats - 1);
    run->haddr = row->haddr;
    run->hsize = row->hsize;
    run->hwrite = row->hwrite;
    run->htrans = row->htrans;
    run->master = row->hmaster;
    run->slave = self->accepted_slave;

    /* What the edges in between would have done to the bus. */
    self->accepted.haddr = ahb_run_address(run, beats - 1);
    self->accepted.htrans = AHB_SEQ;
    self->arbiter.counter = (uint8_t)(self->arbiter.counter + beats - 1);
    return true;
}

/* Steps, in this same cycle, the masters and slaves that this edge concerns. */
static void wake_ports(struct ahb_bus *self)
{
    const struct ahb_row *row = &self->row;
    uint32_t masters = self->data_slave >= 0 ? bit((unsigned)self->data_master) : 0;
    if (row->hready) {
        masters |= row->hgrant | bit(row->hmaster);
        if (self->accepted_slave >= 0 && self->accepted_slave != AHB_DEFAULT_SLAVE)
            unit_wake_now(self->slaves[self->accepted_slave].unit);
        if (self->data_slave >= 0 && self->data_slave != AHB_DEFAULT_SLAVE)
            unit_wake_now(self->slaves[self->data_slave].unit);
    }
    for (masters &= self->links.attentive; masters; masters &= masters - 1)
        unit_wake_now(self->masters[__builtin_ctz(masters)].unit);
}

static sim_cycle ahb_bus_step(void *bus, sim_cycle now)
{
    struct ahb_bus *self = bus;
    const bool run_ends = self->run.start != SIM_NEVER;
    if (run_ends) {
        if (now < self->run.end) {
            ahb_count_requests(self, now);
            return self->run.end;
        }
        ahb_count_run(self);
        self->run.start = SIM_NEVER;
    }
    /* The transfer whose data phase this is was accepted at the edge before. */
    if (self->next_data_slave >= 0 && self->data_fresh) {
        self->data = self->accepted;
        self->data_since = now - 1;
    }
    self->data_fresh = false;
    ahb_count_waits(self, now);
    settle(self, now);
    ahb_count_row(self, now);
    if (probe_observed(&self->row_probe))
        publish_row(self, now);

    if (!self->row.hready) {
        self->accepted_slave = -1;
        if (self->row.hresp != AHB_OKAY) {
            wake_ports(self);
            return now + 1;
        }
        sim_cycle ready_at = self->data_slave == AHB_DEFAULT_SLAVE
                                 ? self->error_ready
                                 : self->links.slave[self->data_slave].ready_at;
        if (self->data_slave == AHB_DEFAULT_SLAVE ||
            self->links.slave[self->data_slave].hresp != AHB_OKAY)
            ready_at--;
        sim_cycle next = ahb_arbiter_next(self, now);
        return ready_at < next ? ready_at : next;
    }

    ahb_count_ready(self);
    if (self->data_slave >= 0 && probe_observed(&self->beat_probe))
        publish_beat(self, now);
    bool changes = take_edge(self, now);
    self->data_fresh = self->accepted_slave >= 0;
    wake_ports(self);
    /* Where one ends the next can't start: master and slave still have to take its last beats. */
    if (self->data_fresh && !run_ends && start_run(self, now))
        return self->run.end;
    return changes ? now + 1 : ahb_arbiter_next(self, now);
}

/* ---- building -------------------------------------------------------------------------------- */

struct ahb_bus *ahb_bus_create(struct kernel *kernel, const char *name, struct clock *clock,
                               const struct ahb_bus_config *config)
{
    struct ahb_bus *self = arena_alloc(kernel->arena, sizeof *self);
    if (!self)
        return NULL;
    self->name = name;
    self->width_bits = config->width_bits;
    self->lane_mask = config->width_bits / 8 - 1;
    self->config = *config;
    self->view = SIM_NEVER;
    self->run.start = SIM_NEVER;
    self->accepted_slave = self->data_slave = self->data_master = -1;
    self->next_data_slave = self->next_data_master = -1;
    self->arbiter.ahead = AHB_MASTERS_MAX;
    self->published.attentive = UINT32_MAX >> (32 - AHB_MASTERS_MAX);
    for (unsigned i = 0; i < AHB_MASTERS_MAX; i++) {
        self->arbiter.weight[i] = 1;
        self->counts.masters[i].asked = SIM_NEVER;
    }
    kernel_add(kernel, &self->unit, name, clock, ahb_bus_step, self);
    self->unit.repeat = &ahb_bus_repeat;
    self->unit.round = &ahb_bus_round;

    struct probe_type *row = type_for(self, "ahb_row", PROBE_SETTLED, row_fields, COUNT(row_fields),
                                      sizeof(struct ahb_row));
    struct probe_type *beat = type_for(self, "ahb_beat", PROBE_EVENT, beat_fields,
                                       COUNT(beat_fields), sizeof(struct ahb_beat));
    self->master_type = type_for(self, "ahb_master", PROBE_SETTLED, master_fields,
                                 COUNT(master_fields), sizeof(struct ahb_master_row));
    if (!row || !beat || !self->master_type)
        return NULL;
    self->row_fields = (struct probe_field *)(uintptr_t)row->fields; /* ours, see type_for */
    self->row_probe = (struct probe){.name = name, .type = row, .clock = clock, .owner = self};
    self->beat_probe = (struct probe){.name = name, .type = beat, .clock = clock, .owner = self};
    ahb_arbiter_reset(self);
    return self;
}

void ahb_bus_widths(struct ahb_bus *self)
{
    struct probe_field *fields = self->row_fields;
    for (size_t i = 0; i < COUNT(row_fields); i++)
        if (row_fields[i].width_bits == WIDTH_MASTERS)
            fields[i].width_bits = (uint16_t)self->master_count;
}

/* Index for a master of this name: its place in master_order, or the first free one behind it. */
static int master_index(const struct ahb_bus *self, const char *name)
{
    const char *const *order = self->config.master_order.items;
    uint32_t listed = self->config.master_order.count;
    for (uint32_t i = 0; i < listed && i < AHB_MASTERS_MAX; i++)
        if (strcmp(order[i], name) == 0)
            return (int)i;
    for (uint32_t i = listed; i < AHB_MASTERS_MAX; i++)
        if (!self->masters[i].unit)
            return (int)i;
    return -1;
}

int ahb_bus_add_master(struct ahb_bus *self, struct unit *unit, const char *name)
{
    int index = master_index(self, name);
    if (index < 0 || self->masters[index].unit ||
        kernel_order(unit->clock->kernel, &self->unit, unit) != DMASIM_OK)
        return -1;
    struct ahb_port *port = &self->masters[index];
    port->name = name;
    port->unit = unit;
    port->probe = (struct probe){
        .name = name, .type = self->master_type, .clock = self->unit.clock, .owner = self};
    if ((uint32_t)index >= self->master_count)
        self->master_count = self->counts.master_count = (uint32_t)index + 1;

    const struct ahb_arbiter_config *arbiter = &self->config.arbiter;
    if (arbiter->default_master && strcmp(arbiter->default_master, name) == 0)
        self->arbiter.default_master = (uint8_t)index;
    if (arbiter->ahead && strcmp(arbiter->ahead, name) == 0)
        self->arbiter.ahead = (uint8_t)index;
    const struct ahb_weight *weights = arbiter->weights.items;
    for (uint32_t i = 0; i < arbiter->weights.count; i++)
        if (strcmp(weights[i].master, name) == 0)
            self->arbiter.weight[index] = weights[i].grants;
    ahb_arbiter_reset(self);
    return index;
}

int ahb_bus_add_slave(struct ahb_bus *self, struct unit *unit, const char *name)
{
    if (self->slave_count == AHB_SLAVES_MAX ||
        kernel_order(unit->clock->kernel, &self->unit, unit) != DMASIM_OK)
        return -1;
    self->slaves[self->slave_count] = (struct ahb_port){.name = name, .unit = unit};
    return (int)self->slave_count++;
}

void ahb_bus_slave_runs(struct ahb_bus *self, int slave, uint32_t (*wait)[2])
{
    self->slaves[slave].runs = true;
    memcpy(self->slaves[slave].wait, wait, sizeof self->slaves[slave].wait);
}

void ahb_bus_slave_direct(struct ahb_bus *self, int slave, struct ahb_direct *direct)
{
    self->slaves[slave].direct = direct;
}

int ahb_bus_map(struct ahb_bus *self, int slave, uint32_t base, uint64_t bytes)
{
    if (bytes == 0 || base + bytes - 1 > UINT32_MAX || self->region_count == AHB_SLAVES_MAX)
        return DMASIM_INVALID;
    uint32_t last = (uint32_t)(base + bytes - 1);
    for (uint32_t i = 0; i < self->region_count; i++)
        if (base <= self->regions[i].last && last >= self->regions[i].base)
            return DMASIM_INVALID;
    self->regions[self->region_count++] = (struct ahb_region){base, last, (uint8_t)slave};
    return DMASIM_OK;
}

const char *ahb_bus_owner(const struct ahb_bus *self)
{
    const bool idle = self->row.htrans == AHB_IDLE && self->data_master < 0;
    return idle || self->view == SIM_NEVER ? NULL : self->masters[self->row.hmaster].name;
}
