/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dram_axi: the port of a DRAM controller on AXI.
 *
 *   AR --[reads_max]-- cut into transactions --[read_slots]--> controller --> slots -- R, in the order of each id
 *   AW, W --[buffer]-- joined to transactions --[write_slots]--> controller --> B
 *
 *   cycle    n        n+1             the first CK edge later than n+1     m: first edge later than the last data
 *   AR       taken    handed over     seen, may get its ACT                put, RVALID in m+1
 *   last W   taken    handed over     seen, accepted                       B in m+1
 *
 * Timing
 *   In a cycle of the bus one word's worth of transactions is handed over to read, one beat of W is taken and the
 *   transactions it ends are handed over, one beat of R is put. A burst is cut into the transactions
 *   (64 or 32 bytes, aligned) that its beats touch, in their order; beats in one transaction share it, and
 *   a WRAP burst that begins inside of one reads it again at its end.
 *   The port is where accesses get their order: a read takes its bytes, and a write stores them, when it is handed
 *   over. So whatever the controller does first, and whether it forwards, data are those of the order of the
 *   port: a read sees all writes that had their B before its AR. Reads go before writes of one cycle.
 *   R of different ids may be mixed and overtake each other, beat by beat, the oldest burst first; of one id they
 *   keep the order of their addresses (Arm IHI 0022 A5.3). A transaction keeps its slot until its last beat is put:
 *   so R that is not taken stops the reads. B comes when the controller has accepted, or sent, all of a burst.
 *
 * Responses: OKAY; DECERR for a beat beyond the memory, which moves nothing. LOCK is ignored: OKAY says that exclusive access is not supported (A7.2).
 *
 * Inaccuracies: strobes cost nothing (DM pins): a partial write is one WR; one without any strobe is, too. No
 * priorities (QoS), no reordering between ids in the port, no buffer that serves reads of what was read before.
 */
#include "memory/dram_memory.h"

#include "bus/axi/axi_component.h"
#include "bus/axi/axi_slave.h"
#include "memory/ideal_bus.h"

#include <string.h>

/* The transactions of a burst, one after the other. */
struct walk {
    uint64_t number; /* of the last: address / transaction */
    uint16_t beat;   /* that comes next, and how many of its transactions were told */
    uint16_t inside;
    uint32_t count; /* told so far */
};

struct read_burst {
    struct walk asked; /* handed over */
    struct walk put;   /* those of the beats that were put */
    uint32_t freed;
    uint16_t *slots; /* a ring of read_slots: of those handed over and not freed */
};

struct write_burst {
    uint32_t serial;
    uint32_t open; /* transactions without a reply */
    struct walk walk;
};

struct dram_axi {
    struct dram_port port; /* first */
    struct axi_slave slave;
    const struct dram_memory_config *config;
    uint64_t base;
    struct store store;
    uint32_t width, tx, per_word; /* bytes; transactions of a word */

    struct read_burst **reads; /* as the engine's: oldest first; those behind are free */
    uint32_t read_count;
    struct write_burst *writes;
    uint32_t write_count, serials;

    uint16_t *free_reads, *free_writes; /* stacks of slots */
    uint32_t free_read_count, free_write_count;
    uint8_t *slot_done;   /* read slots: the data is there */
    uint8_t *slot_bytes;  /* tx bytes each */
    uint32_t *slot_burst; /* write slots: serial of the burst */
};

/* ---- transactions of a burst ----------------------------------------------------------------- */

/* Transactions that a beat touches; false if it is beyond the memory. */
static bool touch(const struct dram_axi *self, const struct axi_address *ax, unsigned beat,
                  uint64_t *first, uint64_t *last)
{
    const uint64_t address = axi_beat_address(ax, beat) - self->base;
    const uint64_t end = address | ((UINT64_C(1) << ax->size) - 1);
    const uint64_t size = self->store.size_bytes;
    if (address >= size)
        return false;
    *first = address / self->tx;
    *last = (end < size ? end : size - 1) / self->tx;
    return true;
}

/* The next transaction of a burst up to its beat `upto`; false if there is none. */
static bool walk_next(const struct dram_axi *self, const struct axi_address *ax, struct walk *walk,
                      unsigned upto)
{
    while (walk->beat <= upto) {
        uint64_t first, last;
        const bool any = touch(self, ax, walk->beat, &first, &last);
        while (any && first + walk->inside <= last) {
            const uint64_t number = first + walk->inside++;
            if (walk->count > 0 && number == walk->number)
                continue;
            walk->number = number;
            walk->count++;
            return true;
        }
        walk->beat++;
        walk->inside = 0;
    }
    return false;
}

/* Does the beat after `beat` begin in another transaction than `number`? */
static bool leaves(const struct dram_axi *self, const struct axi_address *ax, unsigned beat,
                   uint64_t number)
{
    uint64_t first, last;
    return beat == ax->len || !touch(self, ax, beat + 1, &first, &last) || first != number;
}

/* Where the slot of the index-th transaction of a burst is told. */
static uint16_t *slot_of(const struct dram_axi *self, const struct read_burst *burst,
                         uint32_t index)
{
    return &burst->slots[index % self->config->read_slots];
}

/* ---- reads ----------------------------------------------------------------------------------- */

/* A transaction is read for those of its bytes that the burst wants. */
static void tell_ideal(const struct dram_axi *self, const struct axi_address *ax, uint64_t offset)
{
    const struct ideal_by by = ideal_axi_by(self->slave.read, ax, AXI_READS);
    const unsigned beats = ax->burst == AXI_FIXED ? 1 : ax->len + 1u;
    const uint64_t end = offset + self->tx;
    for (unsigned beat = 0; beat < beats; beat++) {
        const uint64_t first = axi_beat_address(ax, beat) - self->base;
        const uint64_t bytes = ideal_axi_bytes(ax, beat);
        const uint64_t from = first > offset ? first : offset;
        const uint64_t upto = first + bytes < end ? first + bytes : end;
        if (from < upto)
            ideal_gives(self->store.ideal, &by, from, upto - from);
    }
}

/* Hands a word's worth of transactions over, of bursts in the order of their addresses. */
static void ask(struct dram_axi *self, sim_time time)
{
    uint32_t left = self->per_word;
    for (uint32_t i = 0; i < self->read_count && left; i++) {
        struct read_burst *burst = self->reads[i];
        const struct axi_address *ax = &axi_slave_read(&self->slave, i)->ax;
        while (left && self->free_read_count && walk_next(self, ax, &burst->asked, ax->len)) {
            const uint16_t slot = self->free_reads[--self->free_read_count];
            const uint64_t offset = burst->asked.number * self->tx;
            *slot_of(self, burst, burst->asked.count - 1) = slot;
            self->slot_done[slot] = false;
            if (self->store.ideal)
                tell_ideal(self, ax, offset);
            memcpy(self->slot_bytes + (size_t)slot * self->tx, self->store.bytes + offset,
                   self->tx);
            dram_put(self->port.controller, time, offset, false, slot);
            left--;
        }
        if (burst->asked.beat <= ax->len)
            return; /* no slot, or no time: the others wait behind */
    }
}

static bool may_ask(const struct dram_axi *self)
{
    if (self->free_read_count == 0)
        return false;
    for (uint32_t i = 0; i < self->read_count; i++) {
        const struct axi_address *ax = &axi_slave_read(&self->slave, i)->ax;
        struct walk walk = self->reads[i]->asked;
        if (walk_next(self, ax, &walk, ax->len))
            return true;
    }
    return false;
}

/* Is the data of the next beat there? */
static bool beat_ready(const struct dram_axi *self, const struct read_burst *burst,
                       const struct axi_slave_burst *from)
{
    struct walk walk = burst->put;
    while (walk_next(self, &from->ax, &walk, from->beat))
        if (walk.count > burst->asked.count ||
            !self->slot_done[*slot_of(self, burst, walk.count - 1)])
            return false;
    return true;
}

/* The oldest burst that may put a beat; the count of bursts if none may. */
static uint32_t next_to_put(const struct dram_axi *self)
{
    uint32_t i = 0;
    while (i < self->read_count &&
           (!beat_ready(self, self->reads[i], axi_slave_read(&self->slave, i)) ||
            !axi_slave_ordered(&self->slave.reads, i)))
        i++;
    return i;
}

static void free_read_slots(struct dram_axi *self, struct read_burst *burst, uint32_t upto)
{
    while (burst->freed < upto)
        self->free_reads[self->free_read_count++] = *slot_of(self, burst, burst->freed++);
}

static void put(struct dram_axi *self, uint32_t index, sim_cycle now)
{
    struct read_burst *burst = self->reads[index];
    const struct axi_slave_burst *from = axi_slave_read(&self->slave, index);
    const unsigned beat = from->beat;
    const struct axi_address ax = from->ax;
    uint8_t *data = axi_slave_r_data(&self->slave);
    const uint64_t word = (axi_beat_address(&ax, beat) - self->base) & ~(uint64_t)(self->width - 1);
    memset(data, 0, self->width);
    uint64_t begins = 0, ends = 0;
    const bool inside = touch(self, &ax, beat, &begins, &ends);
    /* The transaction that the beat before ended in, if this one goes on in it, and its own. */
    const bool shared = inside && burst->put.count > 0 && burst->put.number == begins;
    const uint32_t first = burst->put.count - shared;
    while (walk_next(self, &ax, &burst->put, beat)) {
    }
    for (uint32_t i = first; i < burst->put.count; i++) {
        const uint8_t *bytes = self->slot_bytes + (size_t)*slot_of(self, burst, i) * self->tx;
        const uint64_t start = (begins + i - first) * self->tx;
        if (start + self->tx <= word || start >= word + self->width)
            continue; /* of a beat wider than the bus */
        if (self->tx >= self->width)
            memcpy(data, bytes + (word - start), self->width);
        else
            memcpy(data + (start - word), bytes, self->tx);
    }
    if (inside)
        free_read_slots(self, burst,
                        burst->put.count - !leaves(self, &ax, beat, burst->put.number));
    axi_slave_put_r(&self->slave, index, now + 1, inside ? AXI_OKAY : AXI_DECERR, NULL);
    if (beat < ax.len)
        return;
    self->read_count--;
    memmove(&self->reads[index], &self->reads[index + 1],
            (self->read_count - index) * sizeof(struct read_burst *));
    self->reads[self->read_count] = burst;
}

/* ---- writes ---------------------------------------------------------------------------------- */

static void store_word(struct dram_axi *self, uint64_t offset, const struct axi_slave_w *w)
{
    uint8_t *word = self->store.bytes + (offset & ~(uint64_t)(self->width - 1));
    const uint64_t all = self->width >= 64 ? UINT64_MAX : (UINT64_C(1) << self->width) - 1;
    ideal_axi_takes(&self->store, self->slave.write, &w->burst->ax,
                    offset & ~(uint64_t)(self->width - 1), w->data, w->strb);
    if (w->strb[0] == all && (self->width <= 64 || w->strb[1] == UINT64_MAX)) {
        memcpy(word, w->data, self->width);
        return;
    }
    for (uint32_t lane = 0; lane < self->width; lane++)
        if (w->strb[lane / 64] >> (lane % 64) & 1)
            word[lane] = w->data[lane];
}

/* Transactions that the next beat of W ends. */
static uint32_t ends_with_beat(const struct dram_axi *self)
{
    const struct axi_slave_burst *burst = axi_slave_write(&self->slave, self->slave.filling);
    uint64_t first, last;
    if (!touch(self, &burst->ax, burst->beat, &first, &last))
        return 0;
    return (uint32_t)(last - first) + leaves(self, &burst->ax, burst->beat, last);
}

static bool may_store(const struct dram_axi *self)
{
    const struct axi_slave *slave = &self->slave;
    return slave->w_ring.count > 0 && slave->filling < self->write_count &&
           ends_with_beat(self) <= self->free_write_count;
}

static void hand_over(struct dram_axi *self, struct write_burst *burst, uint64_t number,
                      sim_time time)
{
    const uint16_t slot = self->free_writes[--self->free_write_count];
    self->slot_burst[slot] = burst->serial;
    burst->open++;
    dram_put(self->port.controller, time, number * self->tx, true, slot);
}

static void store_beat(struct dram_axi *self, sim_cycle now, sim_time time)
{
    struct axi_slave_w w;
    struct write_burst *burst = &self->writes[self->slave.filling];
    if (!axi_slave_next_w(&self->slave, now, &w))
        return;
    const struct axi_address *ax = &w.burst->ax;
    const unsigned beat = w.burst->beat;
    uint64_t first, last;
    const bool inside = touch(self, ax, beat, &first, &last);
    if (inside) {
        store_word(self, axi_beat_address(ax, beat) - self->base, &w);
        for (uint64_t number = first; number < last; number++)
            hand_over(self, burst, number, time);
        if (leaves(self, ax, beat, last))
            hand_over(self, burst, last, time);
    }
    axi_slave_took(&self->slave, &w, inside ? AXI_OKAY : AXI_DECERR, beat == ax->len);
}

/* Puts B of whole bursts that have all their replies, in the order of each id. */
static void respond(struct dram_axi *self, sim_cycle now)
{
    for (uint32_t i = 0; i < self->write_count;) {
        const struct axi_slave_burst *burst = axi_slave_write(&self->slave, i);
        if (!burst->whole || self->writes[i].open > 0 ||
            !axi_slave_ordered(&self->slave.writes, i)) {
            i++;
            continue;
        }
        axi_slave_put_b(&self->slave, i, now + 1);
        self->write_count--;
        memmove(&self->writes[i], &self->writes[i + 1],
                (self->write_count - i) * sizeof *self->writes);
    }
}

/* ---- the unit -------------------------------------------------------------------------------- */

static void take_replies(struct dram_axi *self, sim_time time)
{
    struct dram_reply reply;
    while (dram_take_reply(self->port.controller, time, &reply)) {
        if (!reply.write) {
            self->slot_done[reply.slot] = true;
            continue;
        }
        uint32_t i = 0;
        while (i < self->write_count && self->writes[i].serial != self->slot_burst[reply.slot])
            i++;
        if (i < self->write_count)
            self->writes[i].open--;
        self->free_writes[self->free_write_count++] = (uint16_t)reply.slot;
    }
}

/* Bursts whose address was taken at this edge. */
static void take_bursts(struct dram_axi *self)
{
    for (; self->read_count < self->slave.reads.count; self->read_count++) {
        struct read_burst *burst = self->reads[self->read_count];
        burst->asked = burst->put = (struct walk){.beat = 0};
        burst->freed = 0;
    }
    for (; self->write_count < self->slave.writes.count; self->write_count++)
        self->writes[self->write_count] = (struct write_burst){.serial = self->serials++};
}

static sim_cycle dram_axi_step(void *instance, sim_cycle now)
{
    struct dram_axi *self = instance;
    const sim_time time = clock_time(self->port.unit.clock, now);
    take_replies(self, time);
    ask(self, time);
    if (axi_slave_r_room(&self->slave)) {
        const uint32_t index = next_to_put(self);
        if (index < self->read_count)
            put(self, index, now);
    }
    if (may_store(self))
        store_beat(self, now, time);
    respond(self, now);
    axi_slave_edge(&self->slave, now);
    take_bursts(self);
    sim_cycle next = axi_slave_drive(&self->slave, now);
    if (may_ask(self) || may_store(self) ||
        (axi_slave_r_room(&self->slave) && next_to_put(self) < self->read_count))
        next = now + 1;
    return next > now ? next : now + 1;
}

/* ---- building -------------------------------------------------------------------------------- */

static bool make_queues(struct dram_axi *self, struct arena *arena)
{
    const struct dram_memory_config *config = self->config;
    self->reads = arena_alloc(arena, config->reads_max * sizeof(struct read_burst *));
    struct read_burst *bursts = arena_alloc(arena, config->reads_max * sizeof *bursts);
    self->writes = arena_alloc(arena, config->writes_max * sizeof *self->writes);
    self->free_reads = arena_alloc(arena, config->read_slots * sizeof *self->free_reads);
    self->free_writes = arena_alloc(arena, config->write_slots * sizeof *self->free_writes);
    self->slot_done = arena_alloc(arena, config->read_slots);
    self->slot_bytes = arena_alloc(arena, (size_t)config->read_slots * self->tx);
    self->slot_burst = arena_alloc(arena, config->write_slots * sizeof *self->slot_burst);
    if (!self->reads || !bursts || !self->writes || !self->free_reads || !self->free_writes ||
        !self->slot_done || !self->slot_bytes || !self->slot_burst)
        return false;
    uint16_t *slots =
        arena_alloc(arena, (size_t)config->reads_max * config->read_slots * sizeof *slots);
    if (!slots)
        return false;
    for (uint32_t i = 0; i < config->reads_max; i++) {
        bursts[i].slots = slots + (size_t)i * config->read_slots;
        self->reads[i] = &bursts[i];
    }
    for (uint32_t i = 0; i < config->read_slots; i++)
        self->free_reads[self->free_read_count++] = (uint16_t)i;
    for (uint32_t i = 0; i < config->write_slots; i++)
        self->free_writes[self->free_write_count++] = (uint16_t)i;
    return true;
}

int dram_axi_create(struct build *build, struct component *component,
                    const struct dram_config *config, sim_time period_ps)
{
    const struct dram_memory_config *memory = component->config;
    struct arena *arena = build->kernel->arena;
    struct dram_axi *self = arena_alloc(arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    struct axi_bus *bus = build_axi(build, memory->bus);
    self->config = memory;
    self->base = memory->base;
    self->width = bus->width_bytes;
    self->tx = config->tx_bytes;
    self->per_word = self->width > self->tx ? self->width / self->tx : 1;
    if (store_create(&self->store, component, memory->size_bytes, build) != DMASIM_OK ||
        !make_queues(self, arena))
        return DMASIM_MEMORY;
    component->clock = bus->unit.clock;
    component->instance = self;
    kernel_add(build->kernel, &self->port.unit, component->name, component->clock, dram_axi_step,
               self);
    struct axi_port *axi =
        build_axi_slave(build, component, bus, &self->port.unit, AXI_READS | AXI_WRITES,
                        memory->base, memory->size_bytes);
    if (!axi)
        return DMASIM_INVALID;
    const struct axi_slave_config slave = {.reads = memory->reads_max,
                                           .writes = memory->writes_max,
                                           .beats = memory->buffer_beats,
                                           .answers = 4,
                                           .answer_bytes = self->width};
    if (!axi_slave_init(&self->slave, axi, axi, &slave))
        return DMASIM_MEMORY;
    const uint32_t slots[2] = {memory->read_slots, memory->write_slots};
    self->port.controller =
        dram_controller_create(build, component, config, period_ps, &self->port.unit, slots,
                               memory->write_response == DRAM_RESPOND_SENT);
    if (!self->port.controller)
        return DMASIM_MEMORY;
    self->port.controller->base = memory->base;
    store_lay(&self->store, STORE_CONTENT(memory), build);
    return DMASIM_OK;
}
