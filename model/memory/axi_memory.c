/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_memory: a memory behind AXI4 slave ports, of given latencies, outstanding limits and stalls.
 *
 * It is the memory of the recorded traces in traces/golden/adi_axi_dmac (README there, "Memory").
 *
 *   cycle     a      a+1 ...  a+L    a+L+1          every output is a register
 *   AR        *
 *   RVALID    ______________/------------ ...       beats one per cycle, bursts in order
 *
 *   cycle     w      w+1 ...  w+L
 *   WLAST     *
 *   BVALID    _______________/---
 *
 * Timing (L: read_latency, write_latency, at least 1)
 *   - AR accepted in cycle a: the first beat shows in a+L or when the burst before is through.
 *   - BVALID of a burst shows in max(AW, WLAST)+L, one per cycle, in the order of the bursts.
 *   - ARREADY in n+1: fewer than read_max bursts are unfinished after edge n. AWREADY: fewer than
 *     write_max wait for their B handshake. WREADY is 1; W may come before its AW.
 *   - Stalls, per channel: xorshift32 (s ^= s << 13, s ^= s >> 17, s ^= s << 5), first state
 *     seed * 2654435761 + k, k = 1 AR, 2 R, 3 AW, 4 W, 5 B; a draw steps it and stalls if s % 100 is less than
 *     the percentage. AR, AW: one draw per edge while below the limit; W: one an edge; they decide READY of the
 *     next cycle. R, B: one draw per edge while nothing is shown and something is due.
 *   - A beat is stored at the edge of its W handshake, or of its AW if that comes later. A beat of a read
 *     shows what the memory holds at the edge before it shows, stores of that edge included.
 *
 * Inaccuracies
 *   - No banks, no ports to fight for: latency does not depend on the address. One id at a time: beats
 *     of different bursts are never interleaved or reordered.
 *   - EXOKAY is never given. A burst ends with its WLAST, whatever AWLEN said (axi_memory_wrong_last
 *     tells); one that leaves the memory gets DECERR on each beat outside.
 *   - At most 1024 beats of W are taken ahead of their AW; then WREADY is 0.
 */
#include <string.h>

#include "kernel/random.h"
#include "memory/axi_memory_state.h"
#include "memory/ideal_bus.h"
#include "plan/log.h"

static inline bool draw(struct axi_memory *self, enum axi_channel channel)
{
    return xorshift32_stalls(&self->stall[channel], self->config->stalls.percent[channel]);
}

/* The port drove `before` until now. */
static inline void touch(const struct axi_port *port, uint32_t before, sim_cycle now)
{
    if (port->drive == before)
        return;
    if (port->drive & ~before || (port->drive ^ before) >> AXI_SHOWN)
        axi_touch(port, now);
    else
        axi_fell(port, now);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static uint64_t offset_of(const struct axi_memory *self, uint64_t addr)
{
    return (addr - self->config->base) & self->offset_mask;
}

static bool inside(const struct axi_memory *self, uint64_t addr, uint64_t length)
{
    const uint64_t offset = offset_of(self, addr);
    return offset < self->config->size_bytes && length <= self->config->size_bytes - offset;
}

static inline void copy(uint8_t *to, const uint8_t *from, uint32_t width)
{
    if (width == 8)
        memcpy(to, from, 8);
    else if (width == 4)
        memcpy(to, from, 4);
    else
        memcpy(to, from, width);
}

static inline struct kernel *kernel_of(const struct axi_memory *self)
{
    return self->unit.clock->kernel;
}

/* Readies the walk through a burst. */
static void walk_begin(const struct axi_memory *self, struct axi_memory_walk *walk,
                       const struct axi_address *ax, uint32_t width)
{
    const uint64_t first = ax->addr & ~(uint64_t)(width - 1);
    walk->ax = *ax;
    walk->beat = 0;
    walk->all = width < 64 ? (UINT64_C(1) << width) - 1 : UINT64_MAX;
    walk->plain = ax->burst == AXI_INCR && UINT32_C(1) << ax->size == width &&
                  inside(self, first, (ax->len + UINT64_C(1)) * width);
    walk->next = walk->plain ? self->store->bytes + offset_of(self, first) : NULL;
}

/* A burst that leaves the memory, once its address is taken. */
static void tell_outside(const struct axi_memory *self, const struct axi_port *port,
                         const struct axi_address *ax, bool write)
{
    const uint64_t width = write ? self->write_width : self->read_width;
    const uint64_t first = ax->addr & ~(width - 1);
    const uint64_t bytes = ax->burst == AXI_FIXED ? width : (ax->len + UINT64_C(1)) * width;
    const struct axi_bus *bus = port->bus;
    if (!log_wanted(&self->unit) || inside(self, first, bytes))
        return;
    const char *by = NULL; /* the one master that can have asked */
    for (unsigned i = 0, askers = 0; i < bus->master_count; i++)
        if (bus->masters[i]->channels & (write ? AXI_WRITES : AXI_READS))
            by = askers++ ? NULL : bus->masters[i]->name;
    log_say(&self->unit,
            &(struct log_line){.level = LOG_ERROR,
                               .kind = LOG_BUS,
                               .unmapped = !inside(self, first, width),
                               .of = bus->name,
                               .bus = bus->name,
                               .address = ax->addr},
            "DECERR answers beats of a %s of 0x%08llx (%u beats of %u bytes)%s%s: they are outside "
            "of %s",
            write ? "write" : "read", (unsigned long long)ax->addr, ax->len + 1u, 1u << ax->size,
            by ? " by " : "", by ? by : "", self->unit.name);
}

/* Where the next beat lies; null if outside of the memory. */
static inline uint8_t *walk_next(const struct axi_memory *self, struct axi_memory_walk *walk,
                                 uint32_t width)
{
    const unsigned beat = walk->beat++;
    if (walk->plain && beat <= walk->ax.len) {
        uint8_t *at = walk->next;
        walk->next += width;
        return at;
    }
    const uint64_t addr = axi_beat_address(&walk->ax, beat) & ~(uint64_t)(width - 1);
    return inside(self, addr, width) ? self->store->bytes + offset_of(self, addr) : NULL;
}

/* Stores whole beats of the burst that is being written up to beat `end`; data are those of beat 0. */
static void store_train(struct axi_memory *self, const uint8_t *data, uint32_t end)
{
    struct axi_memory_walk *walk = &self->writing;
    const uint32_t width = self->write_width;
    if (end <= walk->beat)
        return;
    if (walk->plain && end <= walk->ax.len + 1u) {
        const size_t bytes = (size_t)(end - walk->beat) * width;
        round_put(kernel_of(self), walk->next, data + (size_t)walk->beat * width, bytes);
        walk->next += bytes;
        walk->beat = (uint16_t)end;
        return;
    }
    while (walk->beat < end) {
        const uint8_t *from = data + (size_t)walk->beat * width;
        uint8_t *to = walk_next(self, walk, width);
        if (to)
            round_put(kernel_of(self), to, from, width);
        else
            queued(&self->writes, self->complete)->resp = AXI_DECERR;
    }
}

static inline void put(struct axi_memory *self, uint8_t *to, const uint8_t *data)
{
    round_writes(kernel_of(self), to, data, self->write_width);
    copy(to, data, self->write_width);
}

static void store_lanes(struct axi_memory *self, uint8_t *to, const uint8_t *data,
                        const uint64_t strb[2])
{
    for (uint32_t i = 0; i < self->write_width; i++)
        if (strb[i / 64] >> i % 64 & 1)
            round_put(kernel_of(self), to + i, data + i, 1);
}

/* ---- trains ---------------------------------------------------------------------------------- */

/* Beats of a train, but its last, are stored and fetched late: before the handshake of an AW or W, which may
 * change where they go, before a read is shown, and for whoever looks. */

/* Is there a train of W, or was one of late? */
static inline bool any_writes(const struct axi_memory *self)
{
    const struct axi_port *writer = self->write->writer;
    return writer && (writer->w_train[0].beats | writer->w_train[1].beats);
}

/* The train of W that goes to the burst being written at edge `upto`; null if there is none. */
static const struct axi_train *train_at(const struct axi_memory *self, sim_cycle upto)
{
    const struct axi_port *writer = self->write->writer;
    if (!writer || self->early_count || self->complete == self->writes.count)
        return NULL;
    for (unsigned i = 0; i < 2; i++) {
        const struct axi_train *train = &writer->w_train[i];
        if (train->beats && train->first <= upto &&
            (self->train_done == SIM_NEVER || train->first > self->train_done))
            return train;
    }
    return NULL;
}

/* Stores the beats of a train of W, but its last, that were handed over at edge `upto` or before. */
static void store_until(struct axi_memory *self, sim_cycle upto)
{
    const struct axi_train *train = train_at(self, upto);
    if (!train)
        return;
    sim_cycle beats = upto - train->first + 1;
    if (beats >= train->beats)
        beats = train->beats - 1;
    store_train(self, train->data, (uint32_t)beats);
}

static bool overlap(const uint8_t *a, const uint8_t *b, size_t bytes_a, size_t bytes_b)
{
    return a < b + bytes_b && b < a + bytes_a;
}

/* Fetches beats of the train of R into its buffer: those that would show by edge `upto`. */
static void fetch_until(struct axi_memory *self, sim_cycle upto)
{
    struct axi_memory_walk *walk = &self->reading;
    const uint32_t width = self->read_width;
    const sim_cycle due = upto - self->train_from + 1;
    const uint32_t end = due > walk->ax.len ? walk->ax.len : (uint32_t)due;
    if (end <= walk->beat)
        return;
    uint8_t *buffer = self->r_data[~self->read->drive >> (AXI_SHOWN + AXI_R) & 1];
    const size_t bytes = (size_t)(end - walk->beat) * width;
    memcpy(buffer + (size_t)walk->beat * width, walk->next, bytes);
    walk->next += bytes;
    walk->beat = (uint16_t)end;
}

/* Brings both trains to the state after edge `upto`. Where one reads what the other writes, edge by edge:
 * a beat shows what was stored up to the edge before it shows. */
void axi_memory_catch_up(struct axi_memory *self, sim_cycle upto)
{
    const struct axi_train *train = train_at(self, upto);
    const struct axi_memory_walk *from = &self->reading, *to = &self->writing;
    if (self->train && train) {
        const size_t left = (from->ax.len + 1u - from->beat) * (size_t)self->read_width;
        const bool plain = to->plain && train->beats <= to->ax.len + 1u;
        sim_cycle edge = self->train_from + from->beat;
        if (!plain || overlap(from->next, to->next, left,
                              (train->beats - to->beat) * (size_t)self->write_width)) {
            for (; edge <= upto && from->beat < from->ax.len; edge++) {
                store_until(self, edge);
                fetch_until(self, edge);
            }
        }
    }
    if (train)
        store_until(self, upto);
    if (self->train)
        fetch_until(self, upto);
}

/* ---- reads ----------------------------------------------------------------------------------- */

/* Shows the next beat. */
static inline void show_read(struct axi_memory *self)
{
    struct axi_port *port = self->read;
    struct axi_memory_walk *walk = &self->reading;
    const uint32_t width = self->read_width;
    const unsigned shown = axi_show(port, AXI_R);
    struct axi_read *r = &port->r[shown];
    r->train = self->train ? (uint8_t)walk->beat : 0;
    uint8_t *data = self->r_data[shown] + (size_t)r->train * width;
    r->last = walk->beat == walk->ax.len;
    r->data = data;
    r->id = walk->ax.id;
    round_read(kernel_of(self));
    const uint8_t *from = walk_next(self, walk, width);
    if (from && self->store->ideal)
        ideal_axi_gives(self->store, port, &walk->ax, walk->beat - 1u,
                        offset_of(self, axi_beat_address(&walk->ax, walk->beat - 1u)));
    r->from = walk->plain ? from : NULL;
    r->resp = from ? AXI_OKAY : AXI_DECERR;
    if (from)
        copy(data, from, width);
    else
        memset(data, 0, width);
    self->train = false;
}

/* The first beat of a burst may show after edge `now`: starts a train if that is allowed. */
static bool start_train(struct axi_memory *self, sim_cycle now)
{
    const struct axi_memory_walk *walk = &self->reading;
    if (!self->config->stalls.percent[AXI_R] && !self->shared && walk->plain && walk->beat == 0 &&
        walk->ax.len >= AXI_TRAIN_BEATS_MIN - 1 && axi_may_train(self->read, AXI_BIT_R)) {
        self->train = true;
        self->train_from = now;
        self->read->r_train =
            (struct axi_train){.first = now + 1, .beats = walk->ax.len + 1u, .id = walk->ax.id};
    }
    return self->train;
}

static inline sim_cycle read_edge(struct axi_memory *self, unsigned fire, sim_cycle now)
{
    struct axi_port *port = self->read;
    struct axi_memory_queue *queue = &self->reads;
    const uint32_t before = port->drive;
    if (fire & AXI_BIT_R) {
        axi_lower_valid(port, AXI_BIT_R);
        if (self->reading.beat > self->reading.ax.len) { /* its last */
            queue->first++;
            if (--queue->count)
                walk_begin(self, &self->reading, &queued(queue, 0)->ax, self->read_width);
        }
    }
    if (fire & AXI_BIT_AR) {
        struct axi_memory_burst *burst = queued(queue, queue->count);
        burst->ax = *port->view.ar;
        tell_outside(self, port, &burst->ax, false);
        burst->due = now + self->config->read_latency_cycles;
        if (queue->count++ == 0)
            walk_begin(self, &self->reading, &burst->ax, self->read_width);
    }
    if (queue->count < self->config->read_max && !draw(self, AXI_AR))
        axi_raise_ready(port, AXI_BIT_AR);
    else
        axi_lower_ready(port, AXI_BIT_AR);

    sim_cycle next = SIM_NEVER;
    if (queue->count && !(port->drive & AXI_BIT_R)) {
        const sim_cycle due = queued(queue, 0)->due;
        if (due > now + 1)
            next = due - 1;
        else if (draw(self, AXI_R))
            next = now + 1;
        else if (!self->train && !start_train(self, now)) {
            if (any_writes(self))
                store_until(self, now);
            show_read(self);
        }
        if (self->train) {
            next = self->train_from + self->reading.ax.len;
            if (now == next) {
                axi_memory_catch_up(self, now);
                show_read(self);
                next = SIM_NEVER;
            }
        }
    }
    touch(port, before, now);
    return next;
}

/* ---- writes ---------------------------------------------------------------------------------- */

/* Stores one beat of the burst that is next to be completed. */
static inline void take_beat(struct axi_memory *self, const uint8_t *data, const uint64_t strb[2],
                             bool last, sim_cycle now)
{
    struct axi_memory_walk *walk = &self->writing;
    struct axi_memory_queue *queue = &self->writes;
    const uint32_t width = self->write_width;
    const bool expected = walk->beat == walk->ax.len;
    uint8_t *to = walk_next(self, walk, width);
    if (to)
        ideal_axi_takes(self->store, self->write, &walk->ax, (uint64_t)(to - self->store->bytes),
                        data, strb);
    if (!to)
        queued(queue, self->complete)->resp = AXI_DECERR;
    else if (strb[0] == walk->all && (width <= 64 || strb[1] == UINT64_MAX))
        put(self, to, data);
    else
        store_lanes(self, to, data, strb);
    if (last != expected && self->wrong_last == SIM_NEVER)
        self->wrong_last = now;
    if (!last)
        return;
    queued(queue, self->complete)->due = now + self->config->write_latency_cycles;
    self->direct.next = walk->next;
    if (++self->complete < queue->count)
        walk_begin(self, walk, &queued(queue, self->complete)->ax, width);
}

static uint8_t *early_beat(struct axi_memory *self, uint32_t index)
{
    return self->early + (size_t)((self->early_first + index) % EARLY_BEATS) * EARLY_BYTES;
}

static void keep_beat(struct axi_memory *self, const uint8_t *data, const uint64_t strb[2],
                      bool last)
{
    uint8_t *beat = early_beat(self, self->early_count++);
    memcpy(beat, data, self->write_width);
    memcpy(beat + AXI_BYTES_MAX, strb, 16);
    beat[AXI_BYTES_MAX + 16] = last;
}

/* The beats of a train before its last one, `w`, as far as they are not stored yet. */
static void take_train(struct axi_memory *self, const struct axi_write *w, sim_cycle now)
{
    static const uint64_t all[2] = {UINT64_MAX, UINT64_MAX};
    const uint8_t *data = w->data - (size_t)w->train * self->write_width;
    self->train_done = now - w->train;
    if (self->complete < self->writes.count) {
        store_train(self, data, w->train);
        return;
    }
    for (uint32_t i = 0; i < w->train; i++)
        keep_beat(self, data + (size_t)i * self->write_width, all, false);
}

/* Beats that came ahead of the AWs that are now here. */
static void take_early(struct axi_memory *self, sim_cycle now)
{
    while (self->early_count && self->complete < self->writes.count) {
        const uint8_t *beat = early_beat(self, 0);
        uint64_t strb[2];
        memcpy(strb, beat + AXI_BYTES_MAX, sizeof strb);
        take_beat(self, beat, strb, beat[AXI_BYTES_MAX + 16], now);
        self->early_first = (self->early_first + 1) % EARLY_BEATS;
        self->early_count--;
    }
}

static inline sim_cycle answer_edge(struct axi_memory *self, sim_cycle now)
{
    struct axi_port *port = self->write;
    const struct axi_memory_burst *burst = queued(&self->writes, 0);
    if (burst->due > now + 1)
        return burst->due - 1;
    if (draw(self, AXI_B))
        return now + 1;
    *axi_show_b(port) = (struct axi_response){.id = burst->ax.id, .resp = burst->resp};
    return SIM_NEVER;
}

static inline sim_cycle write_edge(struct axi_memory *self, unsigned fire, sim_cycle now)
{
    struct axi_port *port = self->write;
    struct axi_memory_queue *queue = &self->writes;
    const struct axi_memory_config *config = self->config;
    const uint32_t before = port->drive;
    if (fire & AXI_BIT_B) {
        axi_lower_valid(port, AXI_BIT_B);
        queue->first++;
        queue->count--;
        self->complete--;
    }
    if (fire & AXI_BIT_AW) {
        struct axi_memory_burst *burst = queued(queue, queue->count);
        burst->ax = *port->view.aw;
        tell_outside(self, port, &burst->ax, true);
        burst->due = SIM_NEVER;
        burst->resp = AXI_OKAY;
        if (queue->count++ == self->complete)
            walk_begin(self, &self->writing, &burst->ax, self->write_width);
        take_early(self, now);
    }
    if (fire & AXI_BIT_W) {
        const struct axi_write *w = port->view.w;
        if (w->train)
            take_train(self, w, now);
        if (self->complete < queue->count)
            take_beat(self, w->data, w->strb, w->last, now);
        else
            keep_beat(self, w->data, w->strb, w->last);
    }

    sim_cycle next = SIM_NEVER;
    uint32_t ready = 0;
    if (queue->count < config->write_max && !draw(self, AXI_AW)) {
        if (now + 1 >= config->write_from_cycle)
            ready |= AXI_BIT_AW;
        else
            next = config->write_from_cycle - 1;
    }
    if (!draw(self, AXI_W) && self->early_count < EARLY_BEATS)
        ready |= AXI_BIT_W;
    port->drive =
        (port->drive & ~((uint32_t)(AXI_BIT_AW | AXI_BIT_W) << AXI_READY)) | ready << AXI_READY;
    if (self->complete && !(port->drive & AXI_BIT_B)) {
        sim_cycle due = answer_edge(self, now);
        next = due < next ? due : next;
    }
    touch(port, before, now);
    return next;
}

sim_cycle axi_memory_step(void *memory, sim_cycle now)
{
    struct axi_memory *self = memory;
    const unsigned fire = axi_fires(self->write, now);
    if (fire & (AXI_BIT_AW | AXI_BIT_W) && now > 0 && (self->train || any_writes(self)))
        axi_memory_catch_up(self, now - 1);
    sim_cycle write = write_edge(self, fire, now);
    sim_cycle read = read_edge(self, axi_fires(self->read, now), now);
    if (self->stalls)
        return now + 1;
    return write < read ? write : read;
}
