/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahb_arbiter: the arbiter of an AMBA 2 AHB, as parameters.
 *
 * IHI 0011A 3.11 leaves the algorithm and the moments of arbitration to the designer. Two real
 * arbiters mark the range and are held cycle by cycle by traces/golden/ahb:
 *
 *   GRLIB 2025.2 ahbctrl       fixed or round robin, combinational grant, AHB_AT_BURST_END,
 *                              parks on the default master (fixed) or the last owner (ring)
 *   gen_amba_2021              AHB_FAIR_MASK, registered grant, AHB_AT_RELEASE, parks on nobody,
 *                              ignores HLOCK
 *
 * Timing
 *   combinational: HGRANT follows HBUSREQ in the same cycle; ownership moves at the next edge with
 *     HREADY high. Bus idle: request in cycle n, first address in n+1.
 *   registered: HGRANT changes at an edge with HREADY high, from the requests of the cycle it ends:
 *     request in n, HGRANT in n+1, first address in n+2.
 *   max_hold_cycles H: while another master requests, an owner drives at most H address cycles
 *     (combinational; one more if registered), then loses the bus even inside a burst, unless locked.
 *
 * Where rearbitration is allowed, unless the owner is locked (HMASTLOCK; HLOCK of the granted master
 * if the grant is registered) and ignore_lock is false:
 *   AHB_AT_BURST_END   HTRANS IDLE; SINGLE; INCR with the owner's HBUSREQ low; with count_beats the
 *                      last beat of a fixed-length burst. Never at BUSY.
 *   AHB_AT_ANY_BEAT    as above, and every beat of an INCR. (Arm DDI 0243C describes such a one.)
 *   AHB_AT_RELEASE     the granted master's HBUSREQ is low, whatever the burst.
 * A registered grant on its way to a new owner is not withdrawn (except AHB_AT_RELEASE, as gen_amba).
 *
 * Inaccuracies: no SPLIT. AHB_WEIGHTED, max_hold_cycles and AHB_AT_ANY_BEAT have no RTL referee: they
 * are defined here.
 */
#include "bus/ahb/ahb_arbiter.h"

static uint32_t bit(unsigned index)
{
    return UINT32_C(1) << index;
}

static unsigned lowest(uint32_t vector)
{
    return (unsigned)__builtin_ctz(vector);
}

static unsigned highest(uint32_t vector)
{
    return 31u - (unsigned)__builtin_clz(vector);
}

/* First set bit in the order after+1, after+2, ..., after (mod 32). */
static unsigned next_in_ring(uint32_t vector, unsigned after)
{
    uint32_t later = after < 31 ? vector & ~(bit(after + 1) - 1) : 0;
    return lowest(later ? later : vector);
}

static bool registered(const struct ahb_bus *bus)
{
    return bus->config.arbiter.grant == AHB_REGISTERED;
}

/* Master that rearbitration would take the bus from. */
static uint32_t holder(const struct ahb_bus *bus)
{
    return registered(bus) ? bus->arbiter.grant : bit(bus->hmaster);
}

static bool held_too_long(const struct ahb_bus *bus, sim_cycle now)
{
    uint32_t limit = bus->config.arbiter.max_hold_cycles;
    return limit && now - bus->arbiter.since + 1 >= limit &&
           (bus->row.hbusreq & ~bit(bus->hmaster)) != 0 && holder(bus) == bit(bus->hmaster);
}

/* Is the beat on the address bus one after which the bus may go to another master? */
static bool at_boundary(const struct ahb_bus *bus)
{
    const struct ahb_row *row = &bus->row;
    switch (row->htrans) {
    case AHB_IDLE:
        return true;
    case AHB_BUSY:
        return false;
    default:
        break;
    }
    if (row->hburst == AHB_SINGLE)
        return true;
    if (row->hburst == AHB_INCR)
        return bus->config.arbiter.rearbitrate == AHB_AT_ANY_BEAT ||
               !(row->hbusreq & bit(bus->hmaster));
    return bus->config.arbiter.count_beats && row->htrans == AHB_SEQ &&
           bus->arbiter.counter + 1u == ahb_burst_beats(row->hburst);
}

/* A grant from a register shows one cycle later, so it must look at HLOCK one cycle earlier. */
static bool locked(const struct ahb_bus *bus)
{
    if (bus->config.arbiter.ignore_lock)
        return false;
    return registered(bus) ? (bus->row.hlock & bus->arbiter.grant) != 0 : bus->hmastlock;
}

static bool allowed(const struct ahb_bus *bus)
{
    if (bus->config.arbiter.rearbitrate == AHB_AT_RELEASE)
        return !(bus->row.hbusreq & holder(bus));
    if (registered(bus) && bus->arbiter.grant && bus->arbiter.grant != bit(bus->hmaster))
        return false;
    return at_boundary(bus);
}

static uint32_t park(const struct ahb_bus *bus)
{
    switch (bus->config.arbiter.park) {
    case AHB_PARK_DEFAULT:
        return bit(bus->arbiter.default_master);
    case AHB_PARK_LAST:
        return bit(bus->hmaster);
    default:
        return 0;
    }
}

static unsigned choose(const struct ahb_bus *bus, uint32_t requests)
{
    const struct ahb_arbiter *self = &bus->arbiter;
    if (self->ahead < AHB_MASTERS_MAX && (requests & bit(self->ahead)))
        return self->ahead;
    switch (bus->config.arbiter.policy) {
    case AHB_ROUND_ROBIN:
        return next_in_ring(requests, bus->hmaster);
    case AHB_WEIGHTED:
        if ((requests & bit(self->holder)) && self->used < self->weight[self->holder])
            return self->holder;
        return next_in_ring(requests, self->holder);
    case AHB_FAIR_MASK:
        if (requests & ~self->mask)
            requests &= ~self->mask;
        break;
    default:
        break;
    }
    return bus->config.arbiter.order == AHB_HIGHEST_FIRST ? highest(requests) : lowest(requests);
}

/* Who is to have the bus next; *chosen tells whether a request was chosen just now. */
static uint32_t arbitrate(const struct ahb_bus *bus, sim_cycle now, bool *chosen)
{
    *chosen = false;
    uint32_t requests = bus->row.hbusreq;
    if (locked(bus))
        return holder(bus);
    if (held_too_long(bus, now)) {
        requests &= ~bit(bus->hmaster);
    } else if (!allowed(bus)) {
        return holder(bus);
    } else if (!requests) {
        return park(bus);
    }
    *chosen = true;
    return bit(choose(bus, requests));
}

void ahb_arbiter_reset(struct ahb_bus *bus)
{
    struct ahb_arbiter *self = &bus->arbiter;
    bool nobody = bus->config.arbiter.park == AHB_PARK_NOBODY;
    bus->hmaster = nobody ? 0 : self->default_master;
    bus->hwdata_master = bus->hmaster;
    self->grant = nobody ? 0 : bit(self->default_master);
    self->holder = bus->hmaster;
    self->used = UINT32_MAX;
}

uint32_t ahb_arbiter_grant(struct ahb_bus *bus, sim_cycle now)
{
    struct ahb_arbiter *self = &bus->arbiter;
    self->candidate = arbitrate(bus, now, &self->chosen);
    return registered(bus) ? self->grant : self->candidate;
}

/* The fair mask as gen_amba keeps it: served masters are masked until no other asks. */
static bool note_fair(struct ahb_arbiter *self, uint32_t requests)
{
    if (!self->chosen && requests)
        return false;
    uint32_t mask = requests & ~self->mask ? self->mask : 0;
    if (self->chosen)
        mask |= self->candidate;
    bool changed = mask != self->mask;
    self->mask = mask;
    return changed;
}

/* A parked master has spent its slots: what it starts by itself is its last. */
static bool note_weighted(struct ahb_arbiter *self, const struct ahb_row *row)
{
    if (!self->chosen) {
        bool parked = !row->hbusreq && row->htrans == AHB_IDLE && self->candidate;
        bool changed = parked && self->used != UINT32_MAX;
        if (parked) {
            self->holder = (uint8_t)lowest(self->candidate);
            self->used = UINT32_MAX;
        }
        return changed;
    }
    unsigned master = lowest(self->candidate);
    if (master == self->holder && self->used < self->weight[master]) {
        self->used++;
    } else {
        self->holder = (uint8_t)master;
        self->used = 1;
    }
    return true;
}

bool ahb_arbiter_edge(struct ahb_bus *bus, sim_cycle now)
{
    struct ahb_arbiter *self = &bus->arbiter;
    bool changed = self->grant != self->candidate && registered(bus);
    if (bus->config.arbiter.policy == AHB_FAIR_MASK)
        changed |= note_fair(self, bus->row.hbusreq);
    else if (bus->config.arbiter.policy == AHB_WEIGHTED)
        changed |= note_weighted(self, &bus->row);
    self->grant = self->candidate;

    if (bus->row.htrans == AHB_NONSEQ)
        self->counter = 1;
    else if (bus->row.htrans == AHB_SEQ)
        self->counter++;

    uint32_t owner = bus->row.hgrant;
    if (owner && owner != bit(bus->hmaster))
        self->since = now + 1;
    return changed;
}

sim_cycle ahb_arbiter_next(const struct ahb_bus *bus, sim_cycle now)
{
    uint32_t limit = bus->config.arbiter.max_hold_cycles;
    if (!limit || !(bus->row.hbusreq & ~bit(bus->hmaster)))
        return SIM_NEVER;
    sim_cycle due = bus->arbiter.since + limit - 1;
    return due > now ? due : SIM_NEVER;
}
