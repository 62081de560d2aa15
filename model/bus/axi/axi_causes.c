/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_causes: what the channels of a master's port were used for, reading and writing apart (plan/cause.c).
 *
 *   before the edge   VALID of the master, and of a pair both ends' VALID and READY, as they are driven; what is open
 *   settled           of a crossbar: R and B at the port, and what was handed over
 *
 * The interconnect need not have stepped: a VALID or READY that only fell wakes nobody, so its view may be older.
 *
 * Inaccuracies: of reads that are open at several slaves the slave of one of them is named. Of an address that waits in
 * the crossbar for what is neither another master nor a limit (an order of ids), the slave that it waits for.
 */
#include "bus/axi/axi_component.h"
#include "bus/axi/axi_counts.h"
#include "bus/axi/axi_crossbar_state.h"

/* A word for each master: its channels in this cycle, what is open, and the slave of each direction. */
enum {
    VALID = 0,
    READY = 8,
    OPEN_READ = 1 << 16,
    OPEN_WRITE = 1 << 17,
    OWED = 1 << 18,
    SLAVE = 32
};
enum { NO_SLAVE = 0xff };

static uint64_t with_slave(uint64_t word, enum axi_direction direction, unsigned slave)
{
    const unsigned at = SLAVE + 8 * (unsigned)direction;
    return (word & ~(UINT64_C(0xff) << at)) | (uint64_t)slave << at;
}

static const char *slave_of(const struct axi_bus *bus, uint64_t word, uint32_t direction)
{
    const unsigned slave = word >> (SLAVE + 8 * direction) & 0xff;
    return slave < bus->slave_count ? bus->slaves[slave]->name : "nobody";
}

static bool at_registers(const struct cause_cycle *cycle, uint64_t word, uint32_t direction)
{
    const unsigned slave = word >> (SLAVE + 8 * direction) & 0xff;
    return slave < AXI_SLAVES_MAX && cycle->registers >> slave & 1;
}

static struct cause plain(enum cause_kind kind)
{
    return (struct cause){.kind = (uint8_t)kind};
}

/* ---- one cycle ------------------------------------------------------------------------------- */

/* Where the open bursts of a master behind a crossbar are, else where its address goes. */
static unsigned crossing_slave(const struct axi_bus *bus, const struct axi_port *master,
                               enum axi_direction direction)
{
    const struct axi_threads *threads = &bus->crossbar->masters[master->index].threads[direction];
    const enum axi_channel channel = direction == AXI_READ ? AXI_AR : AXI_AW;
    const struct axi_address *ax = direction == AXI_READ ? master->ar : master->aw;
    if (threads->used)
        return threads->entries[0].slave;
    if (!(master->valid >> channel & 1))
        return NO_SLAVE;
    const struct axi_port *slave = axi_crossbar_decode(bus, &ax[master->shown >> channel & 1]);
    return slave ? slave->index : NO_SLAVE;
}

static void axi_before(const struct component *self, struct cause_cycle *cycle)
{
    const struct axi_bus *bus = self->instance;
    for (uint32_t i = 0; i < bus->master_count; i++) {
        const struct axi_port *master = bus->masters[i];
        const struct axi_counts *counts = master->counts;
        uint64_t word = (uint64_t)(master->valid & AXI_TO_SLAVE) << VALID;
        word |= counts->open_reads.count ? OPEN_READ : 0;
        word |= counts->open_writes.count ? OPEN_WRITE : 0;
        word |= counts->owed ? OWED : 0;
        for (unsigned d = 0; d < AXI_DIRECTIONS; d++)
            word = with_slave(word, (enum axi_direction)d,
                              bus->crossbar ? crossing_slave(bus, master, (enum axi_direction)d)
                                            : NO_SLAVE);
        cycle->kept[i] = word;
    }
    for (uint32_t i = 0; i < bus->pair_count; i++) {
        const struct axi_pair *pair = &bus->pairs[i];
        const struct axi_port *m = pair->master, *s = pair->slave;
        uint64_t *word = &cycle->kept[m->index];
        const unsigned valid = s->valid & AXI_TO_MASTER,
                       ready = (m->ready & AXI_TO_MASTER) | (s->ready & AXI_TO_SLAVE);
        *word |= (uint64_t)(valid & pair->channels) << VALID | (uint64_t)(ready & pair->channels)
                                                                   << READY;
        if (pair->channels & AXI_READS)
            *word = with_slave(*word, AXI_READ, s->index);
        if (pair->channels & AXI_WRITES)
            *word = with_slave(*word, AXI_WRITE, s->index);
    }
}

/* What the crossbar joined: READY stands for the handshake. */
static void axi_settled(const struct component *self, struct cause_cycle *cycle, sim_cycle now)
{
    const struct axi_bus *bus = self->instance;
    const struct axi_crossbar *crossbar = bus->crossbar;
    for (uint32_t i = 0; crossbar && i < bus->master_count; i++) {
        const struct axi_port *port = bus->masters[i];
        const struct axi_side_master *master = &crossbar->masters[i];
        const unsigned fires = axi_fires(port, now) & bus->crossing;
        uint64_t *word = &cycle->kept[i];
        *word |= (uint64_t)(((port->view.valid & AXI_TO_MASTER & bus->crossing) | fires)) << VALID;
        *word |= (uint64_t)fires << READY;
        if (fires & AXI_BIT_R)
            *word = with_slave(*word, AXI_READ, master->r.last);
        if (*word & AXI_BIT_W)
            *word = with_slave(*word, AXI_WRITE, master->w_slave);
    }
}

/* ---- causes ---------------------------------------------------------------------------------- */

static bool is(uint64_t word, unsigned channel)
{
    return word >> VALID & channel;
}

static bool fires(uint64_t word, unsigned channel)
{
    return is(word, channel) && word >> READY & channel;
}

/* Its address waits in the crossbar and is shown to nobody; a limit is what holds it. */
static bool ungranted(const struct axi_bus *bus, uint32_t master, uint32_t direction)
{
    const uint8_t channel = direction == AXI_READ ? AXI_BIT_AR : AXI_BIT_AW;
    return bus->crossbar && bus->crossing & channel &&
           bus->crossbar->ungranted[direction] >> master & 1;
}

static bool limited(const struct axi_bus *bus, const struct cause_cycle *cycle, uint32_t master)
{
    if (cycle->limited >> master & 1)
        return true;
    return ungranted(bus, master, AXI_READ) &&
           bus->crossbar->masters[master].threads[AXI_READ].total >= bus->crossbar->outstanding;
}

/* Who has the slave that the address wants. */
static struct cause of_ungranted(const struct axi_bus *bus, uint64_t word, uint32_t master,
                                 uint32_t direction)
{
    const struct axi_crossbar *crossbar = bus->crossbar;
    if (crossbar->masters[master].threads[direction].total >= crossbar->outstanding)
        return plain(CAUSE_OUTSTANDING);
    for (uint32_t i = 0; i < bus->slave_count; i++) {
        const struct axi_arbiter *arbiter = &crossbar->slaves[i].addresses[direction];
        const unsigned other = arbiter->granted != AXI_NOBODY ? arbiter->granted : arbiter->last;
        if (!(crossbar->requests[direction][i] >> master & 1))
            continue;
        if (other == master || other >= bus->master_count)
            return plain(CAUSE_HANDOVER);
        return (struct cause){CAUSE_ARBITRATION, bus->masters[other]->name};
    }
    return (struct cause){CAUSE_WAIT, slave_of(bus, word, direction)};
}

static struct cause of_read(const struct axi_bus *bus, const struct cause_cycle *cycle,
                            uint32_t master)
{
    const uint64_t word = cycle->kept[master];
    const struct cause wait = {CAUSE_WAIT, slave_of(bus, word, AXI_READ)};
    if (fires(word, AXI_BIT_R)) {
        if (bus->masters[master]->view.r->resp >= AXI_SLVERR)
            return plain(CAUSE_FAILED);
        if (at_registers(cycle, word, AXI_READ))
            return plain(CAUSE_REGISTER);
        return plain(cycle->fetching[AXI_READ] >> master & 1 ? CAUSE_DESCRIPTOR : CAUSE_DATA);
    }
    if (is(word, AXI_BIT_R))
        return plain(CAUSE_FIFO);
    if (word & OPEN_READ)
        return limited(bus, cycle, master) ? plain(CAUSE_OUTSTANDING) : wait;
    if (fires(word, AXI_BIT_AR))
        return plain(CAUSE_ADDRESS);
    if (!is(word, AXI_BIT_AR))
        return plain(CAUSE_UNASKED);
    return ungranted(bus, master, AXI_READ) ? of_ungranted(bus, word, master, AXI_READ) : wait;
}

static struct cause of_write(const struct axi_bus *bus, const struct cause_cycle *cycle,
                             uint32_t master)
{
    const uint64_t word = cycle->kept[master];
    const struct cause wait = {CAUSE_WAIT, slave_of(bus, word, AXI_WRITE)};
    if (fires(word, AXI_BIT_W))
        return plain(at_registers(cycle, word, AXI_WRITE) ? CAUSE_REGISTER : CAUSE_DATA);
    if (is(word, AXI_BIT_AW | AXI_BIT_W) && ungranted(bus, master, AXI_WRITE))
        return of_ungranted(bus, word, master, AXI_WRITE);
    if (is(word, AXI_BIT_W))
        return wait;
    if (fires(word, AXI_BIT_AW))
        return plain(CAUSE_ADDRESS);
    if (is(word, AXI_BIT_AW))
        return wait;
    if (word & OPEN_WRITE)
        return plain(CAUSE_FIFO);
    return word & OWED ? wait : plain(CAUSE_UNASKED);
}

static struct cause axi_cause(const struct component *self, const struct cause_cycle *cycle,
                              sim_cycle now, uint32_t path, uint32_t master)
{
    (void)now;
    const struct axi_bus *bus = self->instance;
    if (master != CAUSE_WHOLE)
        return path == AXI_READ ? of_read(bus, cycle, master) : of_write(bus, cycle, master);
    struct cause found = plain(CAUSE_UNASKED);
    for (uint32_t i = 0; i < bus->master_count; i++) {
        const struct cause one =
            path == AXI_READ ? of_read(bus, cycle, i) : of_write(bus, cycle, i);
        if (one.kind < found.kind)
            found = one;
    }
    return found.kind == CAUSE_ARBITRATION ? plain(CAUSE_HANDOVER) : found;
}

static const char *master_name(const struct component *self, uint32_t index)
{
    const struct axi_bus *bus = self->instance;
    return index < bus->master_count ? bus->masters[index]->name : NULL;
}

static const char *slave_name(const struct component *self, uint32_t index)
{
    const struct axi_bus *bus = self->instance;
    return index < bus->slave_count ? bus->slaves[index]->name : NULL;
}

static bool used(const struct component *self, uint32_t path)
{
    const struct axi_bus *bus = self->instance;
    uint8_t channels = 0;
    for (uint32_t i = 0; i < bus->master_count; i++)
        channels |= bus->masters[i]->channels;
    return channels & (path == AXI_READ ? AXI_READS : AXI_WRITES);
}

const struct cause_bus axi_causes = {
    .paths = {[AXI_READ] = "read", [AXI_WRITE] = "write"},
    .master = master_name,
    .slave = slave_name,
    .used = used,
    .before = axi_before,
    .settle = axi_settled,
    .cause = axi_cause,
};
