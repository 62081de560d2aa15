/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_slave: queues and answers of the five channels; rules and timing in axi_slave.h. */
#include "bus/axi/axi_slave.h"

#include <string.h>

/* ---- rings ----------------------------------------------------------------------------------- */

static inline uint32_t wrapped(uint32_t at, uint32_t places)
{
    return at < places ? at : at - places;
}

static inline uint32_t ring_at(const struct axi_slave_ring *ring, uint32_t index)
{
    return wrapped(ring->first + index, ring->places);
}

static inline void ring_pop(struct axi_slave_ring *ring)
{
    ring->first = wrapped(ring->first + 1, ring->places);
    ring->count--;
}

static inline struct axi_slave_burst *burst_at(const struct axi_slave_queue *queue, uint32_t index)
{
    return &queue->bursts[wrapped(queue->first + index, queue->places)];
}

static void push_burst(struct axi_slave_queue *queue, const struct axi_address *ax, sim_cycle now)
{
    *burst_at(queue, queue->count++) = (struct axi_slave_burst){.ax = *ax, .taken = now};
}

/* Takes a burst out; the others stay in their order. */
static void drop_burst(struct axi_slave_queue *queue, uint32_t index)
{
    for (; index > 0; index--)
        *burst_at(queue, index) = *burst_at(queue, index - 1);
    queue->first = wrapped(queue->first + 1, queue->places);
    queue->count--;
}

struct axi_slave_burst *axi_slave_read(const struct axi_slave *self, uint32_t index)
{
    return index < self->reads.count ? burst_at(&self->reads, index) : NULL;
}

struct axi_slave_burst *axi_slave_write(const struct axi_slave *self, uint32_t index)
{
    return index < self->writes.count ? burst_at(&self->writes, index) : NULL;
}

bool axi_slave_ordered(const struct axi_slave_queue *queue, uint32_t index)
{
    const uint32_t id = burst_at(queue, index)->ax.id;
    for (uint32_t i = 0; i < index; i++)
        if (burst_at(queue, i)->ax.id == id)
            return false;
    return true;
}

/* ---- the edge -------------------------------------------------------------------------------- */

void axi_slave_take(struct axi_slave *self, uint8_t fires, sim_cycle now)
{
    if (fires & AXI_BIT_R) {
        axi_lower_valid(self->read, AXI_BIT_R);
        self->reads_open -= self->r[self->r_ring.first].last;
        ring_pop(&self->r_ring);
    }
    if (fires & AXI_BIT_B) {
        axi_lower_valid(self->write, AXI_BIT_B);
        self->writes_open--;
        ring_pop(&self->b_ring);
    }
    if (fires & AXI_BIT_AR) {
        push_burst(&self->reads, self->read->view.ar, now);
        self->reads_open++;
    }
    if (fires & AXI_BIT_AW) {
        push_burst(&self->writes, self->write->view.aw, now);
        self->writes_open++;
    }
    if (fires & AXI_BIT_W) {
        self->hand = self->write->view.w;
        self->hand_train = self->hand->train;
        if (self->hand->train)
            self->train_done = now - self->hand->train;
    }
}

/* ---- W --------------------------------------------------------------------------------------- */

/* Beats of a train, but its last, that the burst that is being filled got up to edge `upto`, and has not taken:
 * how many, and where they lie. */
static uint32_t under_way(const struct axi_slave *self, sim_cycle upto, const uint8_t **data)
{
    const struct axi_port *writer = self->write->writer;
    const uint32_t taken = burst_at(&self->writes, self->filling)->beat;
    for (unsigned i = 0; writer && i < 2; i++) {
        const struct axi_train *train = &writer->w_train[i];
        if (train->beats == 0 || train->first > upto ||
            (self->train_done != SIM_NEVER && train->first <= self->train_done))
            continue;
        const sim_cycle past = upto - train->first + 1;
        const uint32_t there = past < train->beats ? (uint32_t)past : train->beats - 1;
        *data = train->data + (size_t)taken * self->write_width;
        return there > taken ? there - taken : 0;
    }
    return 0;
}

bool axi_slave_next_w(struct axi_slave *self, sim_cycle upto, struct axi_slave_w *w)
{
    if (self->filling == self->writes.count)
        return false;
    *w = (struct axi_slave_w){.burst = burst_at(&self->writes, self->filling), .beats = 1};
    if (self->w_ring.count) {
        const struct axi_slave_kept *kept = &self->w[self->w_ring.first];
        w->data = self->w_data + (size_t)self->w_ring.first * self->write_width;
        w->strb = kept->strb;
        w->last = kept->last;
        return true;
    }
    const struct axi_write *hand = self->hand;
    if (hand && w->burst->beat < self->hand_train) {
        w->beats = self->hand_train - w->burst->beat;
        w->data = hand->data - (size_t)w->beats * self->write_width;
        return true;
    }
    if (hand) {
        w->data = hand->data;
        w->strb = hand->strb;
        w->last = hand->last;
        return true;
    }
    w->beats = under_way(self, upto, &w->data);
    return w->beats > 0;
}

void axi_slave_took(struct axi_slave *self, const struct axi_slave_w *w, uint8_t resp, bool ends)
{
    w->burst->beat = (uint16_t)(w->burst->beat + w->beats);
    if (resp > w->burst->resp)
        w->burst->resp = resp;
    if (self->w_ring.count)
        ring_pop(&self->w_ring);
    else if (w->strb)
        self->hand = NULL;
    else if (self->hand)
        self->hand_train = 0;
    if (ends) {
        w->burst->whole = true;
        self->filling++;
    }
}

/* A word of the bus: most have 8 bytes. */
static inline void copy(uint8_t *to, const uint8_t *from, uint32_t width)
{
    if (width == 8)
        memcpy(to, from, 8);
    else
        memcpy(to, from, width);
}

static void keep(struct axi_slave *self, const uint8_t *data, const uint64_t strb[2], bool last)
{
    const uint32_t place = ring_at(&self->w_ring, self->w_ring.count++);
    copy(self->w_data + (size_t)place * self->write_width, data, self->write_width);
    memcpy(self->w[place].strb, strb, sizeof self->w[place].strb);
    self->w[place].last = last;
}

/* What the owner did not take at this edge. */
static void keep_hand(struct axi_slave *self)
{
    const struct axi_write *hand = self->hand;
    const uint8_t *data = hand->data - (size_t)self->hand_train * self->write_width;
    uint64_t all[2];
    axi_strobes(0, self->write_width, all);
    for (uint32_t i = 0; i < self->hand_train; i++)
        keep(self, data + (size_t)i * self->write_width, all, false);
    keep(self, hand->data, hand->strb, hand->last);
    self->hand = NULL;
}

/* ---- answers --------------------------------------------------------------------------------- */

static uint8_t *place_data(const struct axi_slave *self, uint32_t place)
{
    return self->r_data + (size_t)place * self->config.answer_bytes;
}

uint8_t *axi_slave_r_data(const struct axi_slave *self)
{
    uint8_t *data = place_data(self, ring_at(&self->r_ring, self->r_ring.count));
    if (self->r_train)
        data += (size_t)axi_slave_read(self, 0)->ax.len * self->read_width;
    return data;
}

void axi_slave_put_r(struct axi_slave *self, uint32_t index, sim_cycle due, uint8_t resp,
                     const uint8_t *from)
{
    struct axi_slave_burst *burst = burst_at(&self->reads, index);
    struct axi_slave_answer *answer = &self->r[ring_at(&self->r_ring, self->r_ring.count++)];
    *answer = (struct axi_slave_answer){.due = due,
                                        .from = from,
                                        .id = burst->ax.id,
                                        .resp = resp,
                                        .last = burst->beat == burst->ax.len,
                                        .train = self->r_train ? burst->ax.len : 0};
    self->r_train = false;
    burst->beat++;
    if (answer->last)
        drop_burst(&self->reads, index);
}

void axi_slave_put_b(struct axi_slave *self, uint32_t index, sim_cycle due)
{
    const struct axi_slave_burst *burst = burst_at(&self->writes, index);
    self->b[ring_at(&self->b_ring, self->b_ring.count++)] =
        (struct axi_slave_answer){.due = due, .id = burst->ax.id, .resp = burst->resp};
    drop_burst(&self->writes, index);
    self->filling--;
}

bool axi_slave_b_due(const struct axi_slave *self, sim_cycle now)
{
    return self->b_ring.count && !(self->write->drive & AXI_BIT_B) &&
           self->b[self->b_ring.first].due <= now + 1;
}

/* ---- trains of R ----------------------------------------------------------------------------- */

bool axi_slave_begin_train(struct axi_slave *self, sim_cycle now)
{
    const struct axi_slave_burst *burst = axi_slave_read(self, 0);
    if (!burst || burst->beat > 0 || burst->ax.len < AXI_TRAIN_BEATS_MIN - 1 ||
        !axi_may_train(self->read, AXI_BIT_R))
        return false;
    self->r_train = true;
    self->r_train_from = now;
    self->read->r_train =
        (struct axi_train){.first = now + 1, .beats = burst->ax.len + 1u, .id = burst->ax.id};
    return true;
}

bool axi_slave_next_r(struct axi_slave *self, sim_cycle upto, struct axi_slave_r *r)
{
    if (!self->r_train)
        return false;
    struct axi_slave_burst *burst = axi_slave_read(self, 0);
    const sim_cycle due = upto - self->r_train_from + 1;
    const uint32_t end = due > burst->ax.len ? burst->ax.len : (uint32_t)due;
    if (end <= burst->beat)
        return false;
    *r = (struct axi_slave_r){.burst = burst,
                              .first = burst->beat,
                              .beats = end - burst->beat,
                              .data = place_data(self, ring_at(&self->r_ring, self->r_ring.count)) +
                                      (size_t)burst->beat * self->read_width};
    burst->beat = (uint16_t)end;
    return true;
}

/* ---- what the ports drive -------------------------------------------------------------------- */

uint8_t axi_slave_room(const struct axi_slave *self)
{
    return (uint8_t)((self->reads_open < self->config.reads ? AXI_BIT_AR : 0) |
                     (self->writes_open < self->config.writes ? AXI_BIT_AW : 0) |
                     (self->w_ring.count < self->config.beats ? AXI_BIT_W : 0));
}

/* The first R that was put, if it is due; else the step in which it is shown. */
static sim_cycle show_r(struct axi_slave *self, sim_cycle now)
{
    const uint32_t place = self->r_ring.first;
    const struct axi_slave_answer *answer = &self->r[place];
    if (answer->due > now + 1)
        return answer->due - 1;
    *axi_show_r(self->read) = (struct axi_read){.data = place_data(self, place) +
                                                        (size_t)answer->train * self->read_width,
                                                .id = answer->id,
                                                .resp = answer->resp,
                                                .last = answer->last,
                                                .train = answer->train,
                                                .from = answer->from};
    return SIM_NEVER;
}

static sim_cycle show_b(struct axi_slave *self, sim_cycle now)
{
    const struct axi_slave_answer *answer = &self->b[self->b_ring.first];
    if (answer->due > now + 1)
        return answer->due - 1;
    *axi_show_b(self->write) = (struct axi_response){.id = answer->id, .resp = answer->resp};
    return SIM_NEVER;
}

sim_cycle axi_slave_drive(struct axi_slave *self, sim_cycle now)
{
    struct axi_port *read = self->read, *write = self->write;
    sim_cycle next = SIM_NEVER;
    if (self->hand)
        keep_hand(self);
    const uint8_t ready = axi_slave_room(self) & (uint8_t)~self->held;
    if (read) {
        if (self->r_ring.count && !((read->drive | self->held) & AXI_BIT_R))
            next = show_r(self, now);
        if (self->r_train)
            next = axi_slave_train_end(self);
        axi_set_ready(read, ready, read == write ? AXI_TO_SLAVE : AXI_BIT_AR);
    }
    if (write) {
        if (self->b_ring.count && !((write->drive | self->held) & AXI_BIT_B)) {
            const sim_cycle due = show_b(self, now);
            next = due < next ? due : next;
        }
        if (write != read)
            axi_set_ready(write, ready, AXI_BIT_AW | AXI_BIT_W);
        axi_drove(write, self->before[1], now);
        self->before[1] = write->drive;
    }
    if (read && read != write) {
        axi_drove(read, self->before[0], now);
        self->before[0] = read->drive;
    }
    return next;
}

/* ---- building -------------------------------------------------------------------------------- */

static void *make(struct arena *arena, uint32_t places, size_t bytes, bool *short_of)
{
    void *memory = arena_alloc(arena, places * bytes);
    *short_of |= !memory;
    return memory;
}

bool axi_slave_init(struct axi_slave *self, struct axi_port *read, struct axi_port *write,
                    const struct axi_slave_config *config)
{
    struct arena *arena = (read ? read : write)->unit->clock->kernel->arena;
    bool short_of = false;
    self->read = read;
    self->write = write;
    self->config = *config;
    self->train_done = SIM_NEVER;
    if (read) {
        self->before[0] = read->drive;
        self->read_width = read->bus->width_bytes;
        /* One more than asked for: the one that is handed over at an edge is still being read there. */
        self->r_ring.places = config->answers + 1;
        self->reads.places = config->reads;
        self->reads.bursts = make(arena, config->reads, sizeof *self->reads.bursts, &short_of);
        self->r = make(arena, self->r_ring.places, sizeof *self->r, &short_of);
        self->r_data = make(arena, self->r_ring.places, config->answer_bytes, &short_of);
    }
    if (write) {
        self->before[1] = write->drive;
        self->write_width = write->bus->width_bytes;
        self->writes.places = self->b_ring.places = config->writes;
        self->w_ring.places = config->beats;
        if (write->steady & AXI_BIT_W)
            self->w_ring.places += AXI_BEATS_MAX; /* a train ahead of its AW comes as a whole */
        self->writes.bursts = make(arena, config->writes, sizeof *self->writes.bursts, &short_of);
        self->b = make(arena, config->writes, sizeof *self->b, &short_of);
        self->w = make(arena, self->w_ring.places, sizeof *self->w, &short_of);
        self->w_data = make(arena, self->w_ring.places, self->write_width, &short_of);
    }
    return !short_of;
}
