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
 *   - BVALID of a burst shows in max(AW, WLAST)+L, one a cycle, in the order of the bursts.
 *   - ARREADY in n+1: fewer than read_max bursts are unfinished after edge n. AWREADY: fewer than
 * write_max wait for their B handshake. WREADY is 1; W may come before its AW.
 *   - Stalls, per channel: xorshift32 (s ^= s << 13, s ^= s >> 17, s ^= s << 5), first state
 * seed * 2654435761 + k, k = 1 AR, 2 R, 3 AW, 4 W, 5 B; a draw steps it and stalls if s % 100 is less than
 * the percentage. AR, AW: one draw an edge while below the limit; W: one an edge; they decide READY of the
 * next cycle. R, B: one draw an edge while nothing is shown and something is due.
 *   - A beat is stored at the edge of its W handshake, or of its AW if that comes later. A beat of a read
 * shows what the memory holds at the edge before it shows, stores of that edge included.
 *
 * Inaccuracies
 *   - No banks, no ports to fight for: latency does not depend on the address. One id at a time: beats
 * of different bursts are never interleaved or reordered.
 *   - EXOKAY is never given. A burst ends with its WLAST, whatever AWLEN said (axi_memory_wrong_last
 * tells); one that leaves the memory gets DECERR on each beat outside.
 *   - At most 1024 beats of W are taken ahead of their AW; then WREADY is 0.
 */
#include "memory/axi_memory.h"

#include <string.h>

#include "kernel/random.h"

#define EARLY_BEATS 1024 /* of W ahead of their AW */
#define EARLY_BYTES (AXI_BYTES_MAX + 24)

struct axi_memory_burst {
    struct axi_address ax;
    sim_cycle due; /* of the first beat of R; of B once all beats are there */
    uint8_t resp;
};

/* Bursts in the order of their handshakes. */
struct axi_memory_queue {
    struct axi_memory_burst *bursts; /* ring of AXI_MEMORY_BURSTS_MAX */
    uint32_t first, count;
};

/* Beat by beat through a burst. */
struct axi_memory_walk {
    struct axi_address ax;
    uint64_t all;  /* strobes of a whole beat */
    uint8_t *next; /* plain: of the next beat */
    uint16_t beat;
    bool plain; /* rising addresses, whole beats, all inside the memory */
};

struct axi_memory {
    struct unit unit;
    struct axi_port *read, *write; /* the same port if one bus */
    const struct axi_memory_config *config;
    uint8_t *bytes;
    uint32_t stall[AXI_CHANNELS]; /* generator states */
    bool stalls;                  /* some READY is drawn at every edge */

    uint32_t read_width, write_width; /* bytes of a beat */

    /* Reads: `reading` walks the first of the queue. */
    struct axi_memory_queue reads;
    struct axi_memory_walk reading;
    uint8_t *r_data[2];       /* a whole burst each */
    const uint8_t *r_from[2]; /* what was copied there; null: not plain */
    bool shared;              /* with another unit: no trains */
    bool train;               /* the burst that `reading` walks is sent as one */
    sim_cycle train_from;     /* edge at which its first beat would show */

    /* Writes, from AW to B; those before `complete` have got all their beats, `writing` walks that one. */
    struct axi_memory_queue writes;
    struct axi_memory_walk writing;
    uint32_t complete;
    sim_cycle train_done; /* `first` of the last train of W that is through; SIM_NEVER: none */
    uint8_t *early;       /* beats ahead of their AW: data, strobes, last */
    uint32_t early_first, early_count;
    sim_cycle wrong_last;
    struct axi_direct direct;
};

#define RING (AXI_MEMORY_BURSTS_MAX - 1)

static inline struct axi_memory_burst *queued(struct axi_memory_queue *queue, uint32_t index)
{
    return &queue->bursts[(queue->first + index) & RING];
}

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

static bool inside(const struct axi_memory *self, uint64_t addr, uint64_t length)
{
    const uint64_t offset = addr - self->config->base;
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
    walk->next = walk->plain ? self->bytes + (first - self->config->base) : NULL;
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
    return inside(self, addr, width) ? self->bytes + (addr - self->config->base) : NULL;
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
        memcpy(walk->next, data + (size_t)walk->beat * width, bytes);
        walk->next += bytes;
        walk->beat = (uint16_t)end;
        return;
    }
    while (walk->beat < end) {
        const uint8_t *from = data + (size_t)walk->beat * width;
        uint8_t *to = walk_next(self, walk, width);
        if (to)
            copy(to, from, width);
        else
            queued(&self->writes, self->complete)->resp = AXI_DECERR;
    }
}

static void store_lanes(uint8_t *to, const uint8_t *data, const uint64_t strb[2], uint32_t width)
{
    for (uint32_t i = 0; i < width; i++)
        if (strb[i / 64] >> i % 64 & 1)
            to[i] = data[i];
}

/* ---- trains ---------------------------------------------------------------------------------- */

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

/* Brings both trains to the state behind edge `upto`. Where one reads what the other writes, edge by edge:
 * a beat shows what was stored up to the edge before it shows. */
static void catch_up(struct axi_memory *self, sim_cycle upto)
{
    if (!self->train) {
        store_until(self, upto);
        return;
    }
    const struct axi_memory_walk *from = &self->reading, *to = &self->writing;
    const size_t left = (from->ax.len + 1u - from->beat) * (size_t)self->read_width;
    const bool writes = train_at(self, upto) && to->plain && to->beat <= to->ax.len;
    if (writes && overlap(from->next, to->next, left,
                          (to->ax.len + 1u - to->beat) * (size_t)self->write_width)) {
        sim_cycle edge = self->train_from + from->beat;
        for (; edge <= upto && from->beat < from->ax.len; edge++) {
            store_until(self, edge);
            fetch_until(self, edge);
        }
    }
    store_until(self, upto);
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
    const uint8_t *from = walk_next(self, walk, width);
    self->r_from[shown] = walk->plain ? from - (size_t)r->train * width : NULL;
    r->resp = from ? AXI_OKAY : AXI_DECERR;
    if (from)
        copy(data, from, width);
    else
        memset(data, 0, width);
    self->train = false;
}

/* The first beat of a burst may show behind edge `now`: starts a train if that is allowed. */
static bool start_train(struct axi_memory *self, sim_cycle now)
{
    const struct axi_memory_walk *walk = &self->reading;
    if (!self->config->stalls.percent[AXI_R] && !self->shared && walk->plain && walk->beat == 0 &&
        walk->ax.len >= AXI_TRAIN_BEATS_MIN - 1 && axi_may_train(self->read, AXI_BIT_R)) {
        self->train = true;
        self->train_from = now;
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
        else if (!self->train && !start_train(self, now))
            show_read(self);
        if (self->train) {
            fetch_until(self, now);
            if (now == self->train_from + self->reading.ax.len)
                show_read(self);
            else
                next = self->train_from + self->reading.ax.len;
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
    if (!to)
        queued(queue, self->complete)->resp = AXI_DECERR;
    else if (strb[0] == walk->all && (width <= 64 || strb[1] == UINT64_MAX))
        copy(to, data, width);
    else
        store_lanes(to, data, strb, width);
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

static sim_cycle axi_memory_step(void *memory, sim_cycle now)
{
    struct axi_memory *self = memory;
    if (now > 0)
        catch_up(self, now - 1);
    sim_cycle write = write_edge(self, axi_fires(self->write, now), now);
    store_until(self, now);
    sim_cycle read = read_edge(self, axi_fires(self->read, now), now);
    if (self->stalls)
        return now + 1;
    return write < read ? write : read;
}

/* ---- what repeats ---------------------------------------------------------------------------- */

/* `due` is set in the first `timed` of them. */
static void visit_queue(struct axi_memory_queue *queue, uint32_t timed, struct repeat *repeat)
{
    repeat_same(repeat, queue->count);
    for (uint32_t i = 0; i < queue->count; i++) {
        struct axi_memory_burst *burst = queued(queue, i);
        const struct axi_address *ax = &burst->ax;
        repeat_count(repeat, &burst->ax.addr);
        repeat_same(repeat, (uint64_t)ax->id << 32 | (uint64_t)ax->len << 24 |
                                (uint64_t)ax->size << 16 | (uint64_t)ax->burst << 8 | burst->resp);
        if (i < timed)
            repeat_stamp(repeat, &burst->due);
    }
}

static void visit_pointer(uint8_t **pointer, struct repeat *repeat)
{
    *pointer += repeat_grown(repeat, (uintptr_t)*pointer) - (uintptr_t)*pointer;
}

static void visit_walk(struct axi_memory_walk *walk, struct repeat *repeat)
{
    visit_pointer(&walk->next, repeat);
    repeat_count(repeat, &walk->ax.addr);
    repeat_same(repeat, walk->beat);
}

/* The first count is the next byte to be read, if a read is under way. */
static bool axi_memory_visit(void *memory, struct repeat *repeat)
{
    struct axi_memory *self = memory;
    const uint32_t *percent = self->config->stalls.percent;
    const bool reads = self->reads.count > 0, writes = self->complete < self->writes.count;
    if (self->shared || self->early_count || self->wrong_last != SIM_NEVER ||
        (percent[AXI_AR] | percent[AXI_R] | percent[AXI_AW] | percent[AXI_W] | percent[AXI_B]) ||
        repeat->now + 1 < self->config->write_from_cycle || (reads && !self->reading.plain) ||
        (writes && !self->writing.plain))
        return false;
    if (reads)
        visit_walk(&self->reading, repeat);
    if (writes) {
        visit_walk(&self->writing, repeat);
        self->direct.next = self->writing.next;
    } else {
        visit_pointer(&self->direct.next, repeat);
    }
    visit_queue(&self->reads, self->reads.count, repeat);
    visit_queue(&self->writes, self->complete, repeat);
    repeat_same(repeat, self->complete);
    repeat_same(repeat, self->train);
    if (self->train)
        repeat_stamp(repeat, &self->train_from);
    repeat_stamp(repeat, &self->train_done);
    return true;
}

/* What has left the memory and is not handed over: a beat or train that is shown, beats of a train that is
 * not; from where, to where. How many bytes. */
static size_t shown_bytes(const struct axi_memory *self, const uint8_t **from, uint8_t **to)
{
    const struct axi_port *port = self->read;
    const unsigned shown = port->drive >> (AXI_SHOWN + AXI_R) & 1;
    if (!(port->drive & AXI_BIT_R))
        return 0;
    *from = self->r_from[shown];
    *to = self->r_data[shown];
    return (port->r[shown].train + (size_t)1) * self->read_width;
}

static size_t fetched_bytes(const struct axi_memory *self, const uint8_t **from, uint8_t **to)
{
    if (!self->train)
        return 0;
    const size_t bytes = (size_t)self->reading.beat * self->read_width;
    *from = self->reading.next - bytes;
    *to = self->r_data[~self->read->drive >> (AXI_SHOWN + AXI_R) & 1];
    return bytes;
}

/* Copies can be made again later only if nobody has written over what they are copies of. The master
 * keeps to the addresses of the memory (struct axi_direct). */
static uint64_t axi_memory_limit(void *memory, const struct repeat *repeat, uint64_t times)
{
    const struct axi_memory *self = memory;
    const uint8_t *from = NULL;
    uint8_t *to = NULL;
    (void)repeat;
    size_t bytes = shown_bytes(self, &from, &to);
    if (bytes && (!from || memcmp(from, to, bytes) != 0))
        return 0;
    bytes = fetched_bytes(self, &from, &to);
    return bytes && memcmp(from, to, bytes) != 0 ? 0 : times;
}

static void axi_memory_pass(void *memory, const struct repeat *repeat)
{
    struct axi_memory *self = memory;
    const uint8_t *from;
    uint8_t *to;
    size_t bytes = shown_bytes(self, &from, &to);
    if (bytes) {
        from += repeat->times * repeat->growth[repeat->own];
        self->r_from[self->read->drive >> (AXI_SHOWN + AXI_R) & 1] = from;
        memcpy(to, from, bytes);
    }
    bytes = fetched_bytes(self, &from, &to);
    if (bytes)
        memcpy(to, from, bytes);
}

static const struct repeat_hooks axi_memory_repeat = {
    .visit = axi_memory_visit, .limit = axi_memory_limit, .pass = axi_memory_pass};

/* ---- building -------------------------------------------------------------------------------- */

static void fill(struct axi_memory *self)
{
    const struct axi_memory_config *config = self->config;
    uint32_t s = (uint32_t)config->fill_seed;
    switch ((enum axi_pattern)config->pattern) {
    case AXI_PATTERN_ZERO:
        break;
    case AXI_PATTERN_XORSHIFT32:
        for (uint64_t i = 0; i < config->size_bytes; i++) {
            s = xorshift32(s);
            self->bytes[i] = (uint8_t)s;
        }
        break;
    case AXI_PATTERN_COUNT:
        for (uint64_t i = 0; i < config->size_bytes; i++)
            self->bytes[i] = (uint8_t)i;
        break;
    }
    const struct axi_memory_load *loads = config->loads.items;
    for (uint32_t i = 0; i < config->loads.count; i++)
        if (loads[i].file.length > 0)
            memcpy(self->bytes + loads[i].offset, loads[i].file.bytes, loads[i].file.length);
}

static bool allocate(struct arena *arena, struct axi_memory *self)
{
    const size_t bursts = AXI_MEMORY_BURSTS_MAX * sizeof *self->reads.bursts;
    if (self->config->shares == UINT16_MAX)
        self->bytes = arena_alloc(arena, self->config->size_bytes);
    self->reads.bursts = arena_alloc(arena, bursts);
    self->writes.bursts = arena_alloc(arena, bursts);
    self->early = arena_alloc(arena, (size_t)EARLY_BEATS * EARLY_BYTES);
    for (unsigned i = 0; i < 2; i++) {
        self->r_data[i] = arena_alloc(arena, (size_t)AXI_BEATS_MAX * AXI_BYTES_MAX);
        if (!self->r_data[i])
            return false;
    }
    return (self->bytes || self->config->shares != UINT16_MAX) && self->reads.bursts &&
           self->writes.bursts && self->early;
}

/* Another port of a memory: it steps behind the one whose bytes it shows, so that it sees the stores of
 * the same edge. */
static int share(struct build *build, struct component *component, struct axi_memory *self)
{
    const struct component *of = &build->plan->components[SECTION_MEMORIES][self->config->shares];
    struct axi_memory *owner = of->instance;
    if (!owner || owner == self || owner->config->size_bytes != self->config->size_bytes) {
        build->check->fail(build->check, component, "shares",
                           "must be an axi-memory of the same size that stands before this one");
        return DMASIM_INVALID;
    }
    self->bytes = owner->bytes;
    owner->shared = self->shared = true;
    owner->write->steady = self->write->steady = 0;
    return kernel_order(build->kernel, &owner->unit, &self->unit);
}

static int axi_memory_create(struct build *build, struct component *component)
{
    const struct axi_memory_config *config = component->config;
    struct axi_memory *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->config = config;
    self->wrong_last = self->train_done = SIM_NEVER;
    if (!allocate(build->kernel->arena, self))
        return DMASIM_MEMORY;
    struct axi_bus *bus = build_axi(build, config->bus);
    struct axi_bus *write_bus =
        config->write_bus == UINT16_MAX ? bus : build_axi(build, config->write_bus);
    component->clock = bus->unit.clock;
    component->instance = self;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, axi_memory_step,
               self);
    self->unit.repeat = &axi_memory_repeat;
    uint8_t channels = AXI_READS | (write_bus == bus ? AXI_WRITES : 0);
    self->read = build_axi_slave(build, component, bus, &self->unit, channels, config->base,
                                 config->size_bytes);
    self->write = self->read;
    if (write_bus != bus)
        self->write = build_axi_slave(build, component, write_bus, &self->unit, AXI_WRITES,
                                      config->base, config->size_bytes);
    if (!self->read || !self->write)
        return DMASIM_INVALID;
    if (config->stalls.percent[AXI_W] == 0)
        self->write->steady = AXI_BIT_W;
    self->direct.base = config->base;
    self->direct.size_bytes = config->size_bytes;
    self->read->direct = self->write->direct = &self->direct;
    self->read_width = bus->width_bytes;
    self->write_width = write_bus->width_bytes;

    static const uint8_t numbers[AXI_CHANNELS] = {
        [AXI_AR] = 1, [AXI_R] = 2, [AXI_AW] = 3, [AXI_W] = 4, [AXI_B] = 5};
    const struct axi_memory_stalls *stalls = &config->stalls;
    for (unsigned i = 0; i < AXI_CHANNELS; i++)
        self->stall[i] =
            xorshift32_seeded((uint32_t)stalls->seed, numbers[i] + (uint32_t)stalls->generator);
    self->stalls = stalls->percent[AXI_AR] || stalls->percent[AXI_AW] || stalls->percent[AXI_W];
    if (config->shares != UINT16_MAX)
        return share(build, component, self);
    self->direct.bytes = self->bytes;
    fill(self);
    return DMASIM_OK;
}

static bool fits(const struct axi_memory_config *config, uint64_t offset, uint64_t bytes)
{
    return offset <= config->size_bytes && bytes <= config->size_bytes - offset;
}

static void axi_memory_check(const struct plan *plan, const struct component *self,
                             struct check *check)
{
    const struct axi_memory_config *config = self->config;
    const struct component *buses = plan->components[SECTION_BUSES];
    const struct axi_bus_config *bus = buses[config->bus].config;
    if (config->write_bus != UINT16_MAX) {
        const struct axi_bus_config *write_bus = buses[config->write_bus].config;
        if (write_bus->clock != bus->clock)
            check->fail(check, self, "write_bus", "must have the clock of `bus`");
    }
    if (config->size_bytes % AXI_KIB4)
        check->fail(check, self, "size", "must be a multiple of 4 KiB");
    if (config->base % AXI_KIB4)
        check->fail(check, self, "base", "must be a multiple of 4 KiB");
    const struct axi_memory_load *loads = config->loads.items;
    for (uint32_t i = 0; i < config->loads.count; i++)
        if (!fits(config, loads[i].offset, loads[i].file.length))
            check->fail(check, self, "load", "item %u: the file's %zu bytes end beyond the memory",
                        i, loads[i].file.length);
    const struct axi_memory_dump *dumps = config->dumps.items;
    for (uint32_t i = 0; i < config->dumps.count; i++)
        if (!fits(config, dumps[i].offset, dumps[i].bytes))
            check->fail(check, self, "dump", "item %u ends beyond the memory", i);
}

static bool axi_memory_region(const struct component *self, struct component_region *region)
{
    const struct axi_memory_config *config = self->config;
    *region = (struct component_region){config->bus, config->base, config->size_bytes};
    return true;
}

/* Somebody looks from outside: at the state behind the last edge. */
static void look_at(struct axi_memory *self)
{
    const struct clock *clock = self->unit.clock;
    const sim_cycle now = clock_edge_after(clock, clock->kernel->now);
    if (now > 0)
        catch_up(self, now - 1);
}

static int axi_memory_access(struct component *component, uint32_t offset, unsigned size_bytes,
                             bool write, uint64_t *value)
{
    struct axi_memory *self = component->instance;
    look_at(self);
    if (size_bytes > sizeof *value || !fits(self->config, offset, size_bytes))
        return DMASIM_UNMAPPED;
    if (write) {
        memcpy(self->bytes + offset, value, size_bytes);
    } else {
        *value = 0;
        memcpy(value, self->bytes + offset, size_bytes);
    }
    return DMASIM_OK;
}

uint8_t *axi_memory_bytes(const struct component *component, uint64_t *size_bytes)
{
    if (component->type != &axi_memory_type || !component->instance)
        return NULL;
    struct axi_memory *self = component->instance;
    look_at(self);
    if (size_bytes)
        *size_bytes = self->config->size_bytes;
    return self->bytes;
}

sim_cycle axi_memory_wrong_last(const struct component *component)
{
    const struct axi_memory *self = component->instance;
    return self->wrong_last;
}

static bool axi_memory_output(const struct component *component, uint32_t index,
                              struct component_output *output)
{
    const struct axi_memory_config *config = component->config;
    const struct axi_memory_dump *dumps = config->dumps.items;
    if (index >= config->dumps.count || !component->instance)
        return false;
    const struct axi_memory_dump *dump = &dumps[index];
    *output = (struct component_output){
        .file = dump->file,
        .bytes = axi_memory_bytes(component, NULL) + dump->offset,
        .length = dump->bytes ? dump->bytes : config->size_bytes - dump->offset,
    };
    return true;
}

const struct component_type axi_memory_type = {
    .name = "axi-memory",
    .section = SECTION_MEMORIES,
    .doc = "A memory on AXI with latencies, outstanding limits and seeded stalls.",
    .config_bytes = sizeof(struct axi_memory_config),
    .parameters = axi_memory_parameters,
    .create = axi_memory_create,
    .check = axi_memory_check,
    .region = axi_memory_region,
    .access = axi_memory_access,
    .output = axi_memory_output,
};
