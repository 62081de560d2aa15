/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_traffic: a scripted AXI master for tests. It sends its bursts in order, reads and writes apart,
 * with pauses and stalls of its own random numbers, and checks what comes back: data against
 * `content`, order of each id, LAST, the response.
 */
#ifndef TESTS_AXI_TRAFFIC_H
#define TESTS_AXI_TRAFFIC_H

#include <check.h>
#include <string.h>

#include "bus/axi/axi.h"
#include "kernel/random.h"

#define TRAFFIC_BURSTS 96

struct traffic_burst {
    struct axi_address ax;
    uint32_t seed; /* of the data and strobes of a write */
    uint8_t resp;  /* expected */
    bool full;     /* all strobes */
    bool sent, done;
    uint16_t beat;
    sim_cycle address_cycle, first_cycle, end_cycle; /* of AR or AW, first R or W, last R or B */
};

struct traffic_list {
    uint32_t count, next; /* next to send */
    uint32_t next_data;   /* writes: whose W comes next */
    struct traffic_burst bursts[TRAFFIC_BURSTS];
};

struct traffic {
    struct unit unit;
    struct axi_port *port;
    struct random random;
    uint32_t stall; /* cycles at most between two things on one channel; 0: as fast as can be */
    uint32_t open;  /* bursts at most without an answer, each direction; 0: no limit */
    struct traffic_list reads, writes;
    uint32_t open_reads, open_writes, done;
    uint16_t data_beat;
    uint8_t data[2][AXI_BYTES_MAX];
    sim_cycle at[AXI_CHANNELS];           /* earliest cycle of the next VALID or READY */
    uint8_t (*content)(uint64_t address); /* what reads find; null: anything */
    const char *fault;                    /* first thing that was wrong */
    struct kernel *held;                  /* released when all is done; may be null */
};

/* Byte of a write. */
static inline uint8_t traffic_byte(const struct traffic_burst *burst, unsigned beat, unsigned lane)
{
    return (uint8_t)((burst->seed + beat * 131u + lane * 17u) * UINT32_C(2654435761) >> 24);
}

/* Is a byte of a beat written? `lane` must be one of the beat's own. */
static inline bool traffic_strobe(const struct traffic_burst *burst, unsigned beat, unsigned lane)
{
    return burst->full || (traffic_byte(burst, beat, lane + 64) & 3) != 0;
}

/* Lanes of a beat: [first, last]. */
static inline void traffic_lanes(const struct axi_address *ax, unsigned beat, unsigned width,
                                 unsigned *first, unsigned *last)
{
    uint64_t address = axi_beat_address(ax, beat);
    uint64_t bytes = UINT64_C(1) << ax->size;
    *first = (unsigned)(address & (width - 1));
    *last = (unsigned)((address & ~(bytes - 1)) & (width - 1)) + (unsigned)bytes - 1;
}

/* Writes what a burst of writes leaves in memory into `bytes`, that of address `base` first. */
static inline void traffic_apply(const struct traffic_burst *burst, unsigned width, uint8_t *bytes,
                                 uint64_t base)
{
    for (unsigned beat = 0; beat <= burst->ax.len; beat++) {
        unsigned first, last;
        traffic_lanes(&burst->ax, beat, width, &first, &last);
        uint64_t word = axi_beat_address(&burst->ax, beat) & ~(uint64_t)(width - 1);
        for (unsigned lane = first; lane <= last; lane++)
            if (traffic_strobe(burst, beat, lane))
                bytes[word + lane - base] = traffic_byte(burst, beat, lane);
    }
}

static inline void traffic_wrong(struct traffic *self, const char *what)
{
    if (!self->fault)
        self->fault = what;
}

/* Next cycle in which a channel may do something, after `now`. */
static inline void traffic_pause(struct traffic *self, enum axi_channel channel, sim_cycle now)
{
    uint32_t pause = 0;
    if (self->stall && random_below(&self->random, 3) == 0)
        pause = random_below(&self->random, self->stall + 1);
    self->at[channel] = now + 1 + pause;
}

static inline struct traffic_burst *traffic_oldest(struct traffic_list *list, uint32_t id)
{
    for (uint32_t i = 0; i < list->next; i++)
        if (list->bursts[i].sent && !list->bursts[i].done && list->bursts[i].ax.id == id)
            return &list->bursts[i];
    return NULL;
}

static inline void traffic_take_read(struct traffic *self, sim_cycle now)
{
    const struct axi_read *r = self->port->view.r;
    struct traffic_burst *burst = traffic_oldest(&self->reads, r->id);
    if (!burst) {
        traffic_wrong(self, "R of no burst");
        return;
    }
    if (r->resp != burst->resp)
        traffic_wrong(self, "RRESP");
    if (r->last != (burst->beat == burst->ax.len))
        traffic_wrong(self, "RLAST");
    if (burst->resp == AXI_OKAY && self->content) {
        unsigned first, last, width = self->port->bus->width_bytes;
        traffic_lanes(&burst->ax, burst->beat, width, &first, &last);
        uint64_t word = axi_beat_address(&burst->ax, burst->beat) & ~(uint64_t)(width - 1);
        for (unsigned lane = first; lane <= last; lane++)
            if (r->data[lane] != self->content(word + lane))
                traffic_wrong(self, "RDATA");
    }
    if (burst->beat == 0)
        burst->first_cycle = now;
    if (burst->beat++ == burst->ax.len) {
        burst->done = true;
        burst->end_cycle = now;
        self->open_reads--;
        self->done++;
    }
}

static inline void traffic_take_response(struct traffic *self, sim_cycle now)
{
    const struct axi_response *b = self->port->view.b;
    struct traffic_burst *burst = traffic_oldest(&self->writes, b->id);
    if (!burst) {
        traffic_wrong(self, "B of no burst");
        return;
    }
    if (burst->beat != burst->ax.len + 1u)
        traffic_wrong(self, "B before the last W");
    if (b->resp != burst->resp)
        traffic_wrong(self, "BRESP");
    burst->done = true;
    burst->end_cycle = now;
    self->open_writes--;
    self->done++;
}

static inline void traffic_edge(struct traffic *self, sim_cycle now)
{
    struct axi_port *port = self->port;
    const uint8_t fires = axi_fires(port, now);
    if (fires & AXI_BIT_AR) {
        struct traffic_burst *burst = &self->reads.bursts[self->reads.next++];
        burst->sent = true;
        burst->address_cycle = now;
        port->valid &= (uint8_t)~AXI_BIT_AR;
        traffic_pause(self, AXI_AR, now);
    }
    if (fires & AXI_BIT_AW) {
        struct traffic_burst *burst = &self->writes.bursts[self->writes.next++];
        burst->sent = true;
        burst->address_cycle = now;
        port->valid &= (uint8_t)~AXI_BIT_AW;
        traffic_pause(self, AXI_AW, now);
    }
    if (fires & AXI_BIT_W) {
        struct traffic_burst *burst = &self->writes.bursts[self->writes.next_data];
        if (burst->beat == 0)
            burst->first_cycle = now;
        burst->beat++;
        if (self->data_beat++ == burst->ax.len) {
            self->writes.next_data++;
            self->data_beat = 0;
        }
        port->valid &= (uint8_t)~AXI_BIT_W;
        traffic_pause(self, AXI_W, now);
    }
    if (fires & AXI_BIT_R) {
        traffic_take_read(self, now);
        traffic_pause(self, AXI_R, now);
        port->ready &= (uint8_t)~AXI_BIT_R;
    }
    if (fires & AXI_BIT_B) {
        traffic_take_response(self, now);
        traffic_pause(self, AXI_B, now);
        port->ready &= (uint8_t)~AXI_BIT_B;
    }
}

static inline void traffic_show_data(struct traffic *self)
{
    const struct traffic_burst *burst = &self->writes.bursts[self->writes.next_data];
    unsigned first, last, width = self->port->bus->width_bytes;
    traffic_lanes(&burst->ax, self->data_beat, width, &first, &last);
    struct axi_write *w = axi_show_w(self->port);
    uint8_t *data = self->data[self->port->shown >> AXI_W & 1];
    memset(data, 0xa5, width);
    *w = (struct axi_write){.data = data, .last = self->data_beat == burst->ax.len};
    for (unsigned lane = first; lane <= last; lane++) {
        data[lane] = traffic_byte(burst, self->data_beat, lane);
        if (traffic_strobe(burst, self->data_beat, lane))
            w->strb[lane / 64] |= UINT64_C(1) << (lane % 64);
    }
}

static inline sim_cycle traffic_step(void *traffic, sim_cycle now)
{
    struct traffic *self = traffic;
    struct axi_port *port = self->port;
    const uint8_t shown = port->shown, valid = port->valid, ready = port->ready;
    traffic_edge(self, now);

    sim_cycle next = SIM_NEVER;
    const uint8_t drives = port->valid | port->ready;
    for (unsigned channel = 0; channel < AXI_CHANNELS; channel++) {
        bool wants = true;
        uint8_t mask = (uint8_t)(1u << channel);
        if (channel == AXI_AR)
            wants = self->reads.next < self->reads.count &&
                    (!self->open || self->open_reads < self->open);
        else if (channel == AXI_AW)
            wants = self->writes.next < self->writes.count &&
                    (!self->open || self->open_writes < self->open);
        else if (channel == AXI_W)
            wants = self->writes.next_data < self->writes.count;
        if (!wants || (drives & mask))
            continue;
        if (self->at[channel] > now + 1) {
            next = self->at[channel] - 1 < next ? self->at[channel] - 1 : next;
            continue;
        }
        if (channel == AXI_AR) {
            *axi_show_ar(port) = self->reads.bursts[self->reads.next].ax;
            self->open_reads++;
        } else if (channel == AXI_AW) {
            *axi_show_aw(port) = self->writes.bursts[self->writes.next].ax;
            self->open_writes++;
        } else if (channel == AXI_W) {
            traffic_show_data(self);
        } else {
            port->ready |= mask;
        }
    }
    if (port->shown != shown || port->valid != valid || port->ready != ready)
        axi_touch(port, now);
    if (self->held && self->done && self->done == self->reads.count + self->writes.count) {
        kernel_release(self->held);
        self->held = NULL;
    }
    return next;
}

static inline bool traffic_done(const struct traffic *self)
{
    return self->done == self->reads.count + self->writes.count;
}

/* Joins a bus; the caller has filled or will fill the lists. */
static inline void traffic_join(struct traffic *self, struct kernel *kernel, struct axi_bus *bus,
                                const char *name)
{
    kernel_add(kernel, &self->unit, name, bus->unit.clock, traffic_step, self);
    self->port = axi_bus_add_master(bus, &self->unit, name, AXI_READS | AXI_WRITES);
    ck_assert_ptr_nonnull(self->port);
}

/* Adds a burst. */
static inline struct traffic_burst *traffic_add(struct traffic_list *list, uint64_t addr,
                                                unsigned beats, unsigned size, uint32_t id)
{
    struct traffic_burst *burst = &list->bursts[list->count++];
    *burst = (struct traffic_burst){.ax = {.addr = addr,
                                           .id = id,
                                           .len = (uint8_t)(beats - 1),
                                           .size = (uint8_t)size,
                                           .burst = AXI_INCR},
                                    .seed = list->count * 77u + (uint32_t)addr,
                                    .full = true};
    return burst;
}

#endif
