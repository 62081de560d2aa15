/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_crossbar: AXI4 between several masters and slaves: decoder, arbiters, routes, default slave.
 *
 * Source: AMBA AXI and ACE Protocol Specification (Arm IHI 0022, issue E), A3 (handshakes, bursts,
 * responses), A5 (ids, order).
 *
 *   master 0 =[slice]= decode, order --+-- arbiter AR --=[slice]= slave 0
 *                                      +-- arbiter AW --
 *   master 1 =[slice]= decode, order --+-- W in the order of AW
 *                        |
 *                        +--- default slave (DECERR)      R, B: arbiter at each master
 *
 * Timing (step(n) settles cycle n, then takes the edge that ends it)
 *   - Combinational grant: VALID of a master is at the slave, and the slave's READY at the master, in
 *     the same cycle. Registered grant: chosen at the edge that ends the first cycle of VALID, shown
 *     from the next one on. A grant stays until its handshake (A3.2.1); the next is given in the cycle
 *     after it (registered: at its edge, to another master).
 *   - R and B cross in the same cycle. A slice adds a cycle to its channel.
 *   - The default slave takes AR in cycle n and answers from n+1 on, one beat per cycle; it takes W from
 *     the cycle after AW on, and answers B in the cycle after the last W. One burst a direction and
 *     master at a time.
 *
 * Rules
 *   - A burst goes where all its bytes lie. One that leaves its region gets DECERR, as one does that
 *     crosses 4 KiB, is longer than its type allows or wider than the bus: the master's fault, which
 *     A3.4.1 forbids and leaves open; it is not split, nothing of it reaches a slave, it is counted.
 *   - One slave per id: while bursts of an id are open at a slave, one of that id to another waits. So
 *     responses of one id come in order (A5.3) and no master waits for a response that another's order
 *     holds back.
 *   - W follows AW (A5.4: AXI4 has no WID). It waits until its own AW is granted and shows from that
 *     cycle on, before AW is taken if need be, as a slave may wait for WVALID (A3.3.1). AW to another
 *     slave waits until the last W is handed over: then the orders of two slaves cannot wait for each
 *     other.
 *   - Between slaves that answer one master the turn goes round for each burst; the beats of a burst of
 *     R stay together while the next one is there, gaps are given away.
 *   - The id at a slave has the master's index in bits 31:24.
 *
 * Inaccuracies: no QoS, no exclusive monitor (LOCK passes through), no USER and REGION, no limits of a
 * slave other than its READY.
 */
#include "bus/axi/axi_counts.h"
#include "bus/axi/axi_crossbar_state.h"
#include "plan/log.h"

/* First set bit in the order after+1, after+2, ..., after (mod 32). */
static unsigned next_in_ring(uint32_t vector, unsigned after)
{
    uint32_t later = after < 31 ? vector & ~(bit(after + 1) - 1) : 0;
    return (unsigned)__builtin_ctz(later ? later : vector);
}

/* ---- decoder --------------------------------------------------------------------------------- */

/* Does the burst keep the rules of A3.4.1? *first and *last get its bytes. */
static bool well_formed(const struct axi_bus *bus, const struct axi_address *ax, uint64_t *first,
                        uint64_t *last)
{
    const uint64_t bytes = UINT64_C(1) << ax->size;
    const uint64_t total = bytes * (ax->len + 1u);
    const uint64_t aligned = ax->addr & ~(bytes - 1);
    *first = aligned;
    *last = aligned + bytes - 1;
    if (bytes > bus->width_bytes)
        return false;
    switch ((enum axi_burst)ax->burst) {
    case AXI_INCR:
        *last = aligned + total - 1;
        return *last >= aligned && aligned / AXI_KIB4 == *last / AXI_KIB4;
    case AXI_WRAP:
        *first = aligned & ~(total - 1);
        *last = *first + total - 1;
        return ax->addr == aligned &&
               (ax->len == 1 || ax->len == 3 || ax->len == 7 || ax->len == 15);
    case AXI_FIXED:
        return ax->len < 16;
    }
    return false;
}

/* Index in the list of regions, or its length. */
static uint32_t region_of(const struct axi_bus *bus, uint32_t hint, uint64_t address)
{
    if (hint < bus->region_count && address >= bus->regions[hint].base &&
        address <= bus->regions[hint].last)
        return hint;
    for (uint32_t i = 0; i < bus->region_count; i++)
        if (address >= bus->regions[i].base && address <= bus->regions[i].last)
            return i;
    return bus->region_count;
}

struct axi_port *axi_crossbar_decode(const struct axi_bus *bus, const struct axi_address *ax)
{
    uint64_t first, last;
    if (!well_formed(bus, ax, &first, &last))
        return NULL;
    uint32_t region = region_of(bus, 0, first);
    if (region == bus->region_count || last > bus->regions[region].last)
        return NULL;
    return bus->regions[region].slave;
}

static unsigned decode(struct axi_crossbar *self, const struct axi_address *ax, uint8_t channel)
{
    const struct axi_bus *bus = self->bus;
    uint64_t first, last;
    if (!well_formed(bus, ax, &first, &last))
        return AXI_NOWHERE;
    uint32_t region = region_of(bus, self->last_region, first);
    if (region == bus->region_count || last > bus->regions[region].last)
        return AXI_NOWHERE;
    self->last_region = region;
    const struct axi_port *slave = bus->regions[region].slave;
    return slave->channels & channel ? slave->index : AXI_NOWHERE;
}

/* ---- order of ids ---------------------------------------------------------------------------- */

static struct axi_thread *thread_of(const struct axi_threads *threads, uint32_t id)
{
    for (uint32_t i = 0; i < threads->used; i++)
        if (threads->entries[i].id == id)
            return &threads->entries[i];
    return NULL;
}

static void open_burst(struct axi_threads *threads, uint32_t id, unsigned slave)
{
    struct axi_thread *thread = thread_of(threads, id);
    if (!thread) {
        thread = &threads->entries[threads->used++];
        *thread = (struct axi_thread){.id = id, .slave = (uint8_t)slave};
    }
    thread->count++;
    threads->total++;
}

static void close_burst(struct axi_threads *threads, uint32_t id)
{
    struct axi_thread *thread = thread_of(threads, id);
    if (!thread)
        return;
    threads->total--;
    if (--thread->count == 0)
        *thread = threads->entries[--threads->used];
}

/* May this address be shown to its slave? */
static bool may_go(const struct axi_crossbar *self, const struct axi_side_master *master,
                   enum axi_direction direction, uint32_t id, unsigned target)
{
    const struct axi_threads *threads = &master->threads[direction];
    if (threads->total >= self->outstanding)
        return false;
    if (direction == AXI_WRITE && master->w_open > 0 && master->w_slave != target)
        return false;
    const struct axi_thread *thread = thread_of(threads, id);
    return !thread || thread->slave == target;
}

/* ---- arbiters -------------------------------------------------------------------------------- */

static unsigned choose(const struct axi_crossbar *self, const struct axi_arbiter *arbiter,
                       uint32_t requests)
{
    if (self->policy == AXI_PRIORITY)
        return (unsigned)__builtin_ctz(requests);
    if ((requests & bit(arbiter->last)) && arbiter->used < self->masters[arbiter->last].weight)
        return arbiter->last;
    return next_in_ring(requests, arbiter->last);
}

/* A master's address gets to a slave: from now on its W may follow. */
static void grant(struct axi_crossbar *self, unsigned slave_index, enum axi_direction direction,
                  unsigned index)
{
    struct axi_side_slave *slave = &self->slaves[slave_index];
    struct axi_side_master *master = &self->masters[index];
    struct axi_arbiter *arbiter = &slave->addresses[direction];
    arbiter->used =
        arbiter->last == index && arbiter->used < master->weight ? arbiter->used + 1 : 1;
    arbiter->last = (uint8_t)index;
    arbiter->granted = (uint8_t)index;
    if (direction == AXI_WRITE) {
        slave->w_order[(slave->w_first + slave->w_count++) % self->w_places] = (uint8_t)index;
        master->w_open++;
        master->w_slave = (uint8_t)slave_index;
    }
}

/* ---- coherent masters ------------------------------------------------------------------------ */

/* Is the burst let through by the caches? */
static bool snooped(const struct axi_crossbar *self, const struct axi_side_master *master,
                    enum axi_direction direction, const struct axi_address *ax)
{
    struct snoop_gate *gate = master->gates[direction];
    struct snoop_range range = {.id = ax->id, .write = direction == AXI_WRITE};
    return !gate || !well_formed(self->bus, ax, &range.first, &range.last) ||
           snoop_passes(gate, &range);
}

bool axi_crossbar_gate(struct axi_port *master, bool write, struct snoop_gate *gate)
{
    struct axi_crossbar *self = master->bus->crossbar;
    if (!self || !(self->channels & (write ? AXI_WRITES : AXI_READS)))
        return false;
    self->masters[master->index].gates[write ? AXI_WRITE : AXI_READ] = gate;
    return true;
}

bool axi_crossbar_gated(const struct axi_port *master)
{
    const struct axi_crossbar *self = master->bus->crossbar;
    return self && (self->masters[master->index].gates[AXI_READ] ||
                    self->masters[master->index].gates[AXI_WRITE]);
}

/* ---- AR and AW ------------------------------------------------------------------------------- */

/* Nobody is at the address: the default slave takes it. */
static void refuse(struct axi_crossbar *self, struct axi_side_master *master,
                   enum axi_direction direction, const struct axi_address *ax)
{
    const uint8_t channel = direction == AXI_READ ? AXI_BIT_AR : AXI_BIT_AW;
    struct axi_refuser *refuser = &master->refuser;
    if (!(master->refuser_ready & channel))
        return;
    master->end.ready |= channel;
    self->ungranted[direction] &= ~bit(master->end.port->index);
    open_burst(&master->threads[direction], ax->id, AXI_NOWHERE);
    uint64_t first, last;
    const bool good = well_formed(self->bus, ax, &first, &last);
    self->faults += !good;
    if (log_wanted(&self->bus->unit))
        log_say(&self->bus->unit,
                &(struct log_line){.level = LOG_ERROR,
                                   .kind = LOG_BUS,
                                   .unmapped = good,
                                   .of = self->bus->name,
                                   .bus = self->bus->name,
                                   .address = ax->addr},
                "DECERR answers a %s of 0x%08llx (%u beats of %u bytes) by %s%s",
                direction == AXI_READ ? "read" : "write", (unsigned long long)ax->addr,
                ax->len + 1u, 1u << ax->size, master->end.port->name,
                good ? "" : ": it crosses 4 KiB, or is longer or wider than it may be");
    if (direction == AXI_READ) {
        refuser->reading = true;
        refuser->read_id = ax->id;
        refuser->beats = (uint16_t)(ax->len + 1);
    } else {
        refuser->writing = true;
        refuser->write_id = ax->id;
        master->w_open++;
        master->w_slave = AXI_NOWHERE;
    }
}

/* Shows the granted address to the slave. */
static void offer(struct axi_crossbar *self, unsigned slave_index, enum axi_direction direction)
{
    const enum axi_channel channel = direction == AXI_READ ? AXI_AR : AXI_AW;
    struct axi_side_slave *slave = &self->slaves[slave_index];
    struct axi_arbiter *arbiter = &slave->addresses[direction];
    const unsigned index = arbiter->granted;
    struct axi_side_master *master = &self->masters[index];
    const struct axi_address *ax = master->end.payload[channel];
    struct axi_address *shown = &slave->end.address[direction];
    *shown = *ax;
    shown->id |= (uint32_t)index << AXI_ID_BITS;
    slave->end.payload[channel] = shown;
    slave->end.valid |= (uint8_t)bit(channel);
    self->ungranted[direction] &= ~bit(index);
    self->untaken[direction] |= bit(index);
    if (slave->end.ready & bit(channel)) {
        self->untaken[direction] &= ~bit(index);
        master->end.ready |= (uint8_t)bit(channel);
        open_burst(&master->threads[direction], ax->id, slave_index);
        if (master->gates[direction])
            snoop_taken(master->gates[direction]);
        arbiter->granted = AXI_NOBODY;
        self->requests[direction][slave_index] &= ~bit(index);
    }
}

static void route_addresses(struct axi_crossbar *self, enum axi_direction direction)
{
    const enum axi_channel channel = direction == AXI_READ ? AXI_AR : AXI_AW;
    uint32_t *requests = self->requests[direction];
    uint32_t asked = 0; /* slaves */
    for (uint32_t i = 0; i < self->slave_count; i++)
        requests[i] = 0;
    self->ungranted[direction] = self->untaken[direction] = 0;
    for (uint32_t i = 0; i < self->master_count; i++) {
        struct axi_side_master *master = &self->masters[i];
        if (!(master->end.valid & bit(channel)))
            continue;
        const struct axi_address *ax = master->end.payload[channel];
        self->ungranted[direction] |= bit(i);
        unsigned target = decode(self, ax, (uint8_t)bit(channel));
        bool held = target != AXI_NOWHERE && self->slaves[target].addresses[direction].granted == i;
        if (!held && !may_go(self, master, direction, ax->id, target))
            continue;
        if (target != AXI_NOWHERE && !held && !snooped(self, master, direction, ax))
            continue;
        if (target == AXI_NOWHERE) {
            refuse(self, master, direction, ax);
        } else {
            requests[target] |= bit(i);
            asked |= bit(target);
        }
    }
    for (; asked; asked &= asked - 1) {
        unsigned i = (unsigned)__builtin_ctz(asked);
        struct axi_arbiter *arbiter = &self->slaves[i].addresses[direction];
        if (arbiter->granted == AXI_NOBODY && !self->registered)
            grant(self, i, direction, choose(self, arbiter, requests[i]));
        if (arbiter->granted != AXI_NOBODY)
            offer(self, i, direction);
    }
}

/* A registered grant is given at the edge. */
static void grant_at_edge(struct axi_crossbar *self, enum axi_direction direction)
{
    for (uint32_t i = 0; i < self->slave_count; i++) {
        struct axi_arbiter *arbiter = &self->slaves[i].addresses[direction];
        uint32_t requests = self->requests[direction][i];
        if (!requests || arbiter->granted != AXI_NOBODY)
            continue;
        grant(self, i, direction, choose(self, arbiter, requests));
        self->changed = true;
    }
}

/* ---- W --------------------------------------------------------------------------------------- */

static void close_data(struct axi_side_master *master)
{
    master->w_open--;
}

static void route_data(struct axi_crossbar *self)
{
    for (uint32_t i = 0; i < self->slave_count; i++) {
        struct axi_side_slave *slave = &self->slaves[i];
        if (slave->w_count == 0)
            continue;
        struct axi_side_master *master = &self->masters[slave->w_order[slave->w_first]];
        if (!(master->end.valid & AXI_BIT_W))
            continue;
        const struct axi_write *w = master->end.payload[AXI_W];
        slave->end.valid |= AXI_BIT_W;
        slave->end.payload[AXI_W] = w;
        if (!(slave->end.ready & AXI_BIT_W))
            continue;
        master->end.ready |= AXI_BIT_W;
        if (w->last) {
            slave->w_first = (slave->w_first + 1) % self->w_places;
            slave->w_count--;
            close_data(master);
        }
    }
    for (uint32_t i = 0; i < self->master_count; i++) {
        struct axi_side_master *master = &self->masters[i];
        if (!(master->refuser_ready & master->end.valid & AXI_BIT_W))
            continue;
        const struct axi_write *w = master->end.payload[AXI_W];
        master->end.ready |= AXI_BIT_W;
        if (w->last) {
            master->refuser.writing = false;
            master->refuser.responding = true;
            close_data(master);
        }
    }
}

/* ---- R and B --------------------------------------------------------------------------------- */

/* Who of `answers` (bit AXI_NOWHERE: the default slave) is shown to a master. */
static unsigned pick(const struct axi_arbiter *arbiter, uint32_t answers)
{
    if (arbiter->granted != AXI_NOBODY)
        return arbiter->granted;
    if (arbiter->used && (answers & bit(arbiter->last))) /* in the middle of a burst */
        return arbiter->last;
    return next_in_ring(answers, arbiter->last);
}

/* After one cycle of showing `from`. */
static void note(struct axi_arbiter *arbiter, unsigned from, bool taken, bool last)
{
    arbiter->granted = taken ? AXI_NOBODY : (uint8_t)from;
    if (taken) {
        arbiter->last = (uint8_t)from;
        arbiter->used = !last;
    }
}

static void answer_read(struct axi_crossbar *self, struct axi_side_master *master, uint32_t answers)
{
    unsigned from = pick(&master->r, answers);
    const struct axi_read *r =
        from == AXI_NOWHERE ? &master->refuser.read : self->slaves[from].end.payload[AXI_R];
    struct axi_read *shown = &master->end.read;
    *shown = *r;
    shown->id &= bit(AXI_ID_BITS) - 1;
    master->end.payload[AXI_R] = shown;
    master->end.valid |= AXI_BIT_R;
    bool taken = (master->end.ready & AXI_BIT_R) != 0;
    note(&master->r, from, taken, shown->last);
    if (!taken)
        return;
    if (shown->last)
        close_burst(&master->threads[AXI_READ], shown->id);
    if (shown->last && from != AXI_NOWHERE && master->gates[AXI_READ])
        snoop_over(master->gates[AXI_READ], shown->id);
    if (from != AXI_NOWHERE)
        self->slaves[from].end.ready |= AXI_BIT_R;
    else if (--master->refuser.beats == 0)
        master->refuser.reading = false;
}

static void answer_write(struct axi_crossbar *self, struct axi_side_master *master,
                         uint32_t answers)
{
    unsigned from = pick(&master->b, answers);
    const struct axi_response *b =
        from == AXI_NOWHERE ? &master->refuser.response : self->slaves[from].end.payload[AXI_B];
    struct axi_response *shown = &master->end.response;
    *shown = *b;
    shown->id &= bit(AXI_ID_BITS) - 1;
    master->end.payload[AXI_B] = shown;
    master->end.valid |= AXI_BIT_B;
    bool taken = (master->end.ready & AXI_BIT_B) != 0;
    note(&master->b, from, taken, true);
    if (!taken)
        return;
    close_burst(&master->threads[AXI_WRITE], shown->id);
    if (from != AXI_NOWHERE && master->gates[AXI_WRITE])
        snoop_over(master->gates[AXI_WRITE], shown->id);
    if (from != AXI_NOWHERE)
        self->slaves[from].end.ready |= AXI_BIT_B;
    else
        master->refuser.responding = false;
}

static void route_answers(struct axi_crossbar *self, enum axi_direction direction)
{
    uint32_t answers[AXI_MASTERS_MAX] = {0};
    const enum axi_channel channel = direction == AXI_READ ? AXI_R : AXI_B;
    for (uint32_t i = 0; i < self->slave_count; i++) {
        const struct axi_end *end = &self->slaves[i].end;
        if (!(end->valid & bit(channel)))
            continue;
        uint32_t owner = axi_id_master(
            direction == AXI_READ ? ((const struct axi_read *)end->payload[AXI_R])->id
                                  : ((const struct axi_response *)end->payload[AXI_B])->id);
        if (owner < self->master_count)
            answers[owner] |= bit(i);
    }
    for (uint32_t i = 0; i < self->master_count; i++) {
        struct axi_side_master *master = &self->masters[i];
        if (master->refuser_valid & bit(channel))
            answers[i] |= bit(AXI_NOWHERE);
        if (!answers[i])
            continue;
        if (direction == AXI_READ)
            answer_read(self, master, answers[i]);
        else
            answer_write(self, master, answers[i]);
    }
}

/* ---- the cycle ------------------------------------------------------------------------------- */

bool axi_crossbar_settle(struct axi_bus *bus, sim_cycle now)
{
    struct axi_crossbar *self = bus->crossbar;
    for (uint32_t i = 0; i < self->master_count; i++) {
        axi_crossbar_gather(&self->masters[i].end, AXI_TO_SLAVE);
        axi_crossbar_gather_refuser(&self->masters[i]);
    }
    for (uint32_t i = 0; i < self->slave_count; i++)
        axi_crossbar_gather(&self->slaves[i].end, AXI_TO_MASTER);

    /* A burst answered at this edge makes room from the next cycle on: addresses come first. */
    self->changed = false;
    if (self->channels & AXI_READS) {
        route_addresses(self, AXI_READ);
        route_answers(self, AXI_READ);
    }
    if (self->channels & AXI_WRITES) {
        route_addresses(self, AXI_WRITE);
        route_answers(self, AXI_WRITE);
        route_data(self);
    }
    if (self->registered) {
        grant_at_edge(self, AXI_READ);
        grant_at_edge(self, AXI_WRITE);
    }

    bool moved = self->changed;
    for (uint32_t i = 0; i < self->master_count; i++)
        moved |= axi_crossbar_show(&self->masters[i].end, self->channels, AXI_TO_SLAVE, now);
    for (uint32_t i = 0; i < self->slave_count; i++)
        moved |= axi_crossbar_show(&self->slaves[i].end, self->channels, AXI_TO_MASTER, now);
    return moved;
}

void axi_crossbar_count(const struct axi_bus *bus, const struct axi_port *master, sim_cycle now)
{
    const struct axi_crossbar *self = bus->crossbar;
    const uint8_t addresses = AXI_BIT_AR | AXI_BIT_AW;
    const unsigned i = master->index;
    struct axi_counts *counts = master->counts;
    const unsigned asking = (self->ungranted[AXI_READ] >> i & 1 ? AXI_BIT_AR : 0u) |
                            (self->ungranted[AXI_WRITE] >> i & 1 ? AXI_BIT_AW : 0u);
    unsigned valid = master->view.valid & ~(unsigned)addresses;
    valid |= (self->untaken[AXI_READ] >> i & 1 ? AXI_BIT_AR : 0u) |
             (self->untaken[AXI_WRITE] >> i & 1 ? AXI_BIT_AW : 0u);
    if (asking & AXI_BIT_AW)
        valid &= ~(unsigned)AXI_BIT_W; /* it waits for the same grant */
    const unsigned held = axi_waiting(valid, master->view.ready & ~(unsigned)addresses);
    if (asking != counts->asking)
        axi_count_asking(counts, asking, now);
    if ((held ^ counts->held) & bus->crossing)
        axi_count_held(counts, held, bus->crossing, now);
}

uint64_t axi_crossbar_faults(const struct axi_bus *bus)
{
    return bus->crossbar ? bus->crossbar->faults : 0;
}
