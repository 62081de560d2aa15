/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_target: a slave for tests that uses every freedom AXI4 gives one: stalls, R beats of several ids
 * interleaved, responses of different ids in any order, AWREADY that waits for WVALID or for all of W.
 */
#ifndef TESTS_AXI_TARGET_H
#define TESTS_AXI_TARGET_H

#include <check.h>
#include <string.h>

#include "bus/axi/axi.h"
#include "kernel/random.h"

#define TARGET_OPEN 8
#define TARGET_BEATS 1024

enum target_order { TARGET_AT_ONCE, TARGET_AW_WAITS_FOR_W, TARGET_W_FIRST };

struct target_burst {
    struct axi_address ax;
    uint16_t beat;
    bool whole; /* writes: all W are here */
    uint8_t resp;
};

struct target_beat {
    uint8_t data[AXI_BYTES_MAX];
    uint64_t strb[2];
    uint8_t last;
};

struct target {
    struct unit unit;
    struct axi_port *port;
    struct random random;
    uint32_t stall;
    uint8_t order; /* enum target_order */
    uint64_t base;
    uint8_t *bytes;
    uint64_t size;
    uint64_t fault_first, fault_last; /* bursts that start there get SLVERR */
    struct target_burst reads[TARGET_OPEN], writes[TARGET_OPEN];
    uint32_t read_count, write_count;
    struct target_beat beats[TARGET_BEATS]; /* W without an AW yet */
    uint32_t beat_first, beat_count, bursts_here;
    uint8_t data[2][AXI_BYTES_MAX];
    int32_t r_burst, b_burst; /* shown; -1: nothing */
    sim_cycle at[AXI_CHANNELS];
};

static inline void target_pause(struct target *self, enum axi_channel channel, sim_cycle now)
{
    uint32_t pause = 0;
    if (self->stall && random_below(&self->random, 3) == 0)
        pause = random_below(&self->random, self->stall + 1);
    self->at[channel] = now + 1 + pause;
}

static inline uint8_t target_resp(const struct target *self, const struct axi_address *ax)
{
    return ax->addr >= self->fault_first && ax->addr <= self->fault_last ? AXI_SLVERR : AXI_OKAY;
}

static inline void target_drop(struct target_burst *list, uint32_t *count, uint32_t index)
{
    --*count;
    for (uint32_t i = index; i < *count; i++)
        list[i] = list[i + 1];
}

/* A burst that may answer: random, the oldest of its id. -1 if there is none. */
static inline int32_t target_choose(struct target *self, const struct target_burst *list,
                                    uint32_t count, bool writes)
{
    if (count == 0)
        return -1;
    uint32_t id = list[random_below(&self->random, count)].ax.id;
    for (uint32_t i = 0; i < count; i++)
        if (list[i].ax.id == id)
            return !writes || list[i].whole ? (int32_t)i : -1;
    return -1;
}

static inline void target_store(struct target *self)
{
    for (uint32_t i = 0; i < self->write_count && self->beat_count > 0; i++) {
        struct target_burst *burst = &self->writes[i];
        while (!burst->whole && self->beat_count > 0) {
            const struct target_beat *beat = &self->beats[self->beat_first++ % TARGET_BEATS];
            uint64_t width = self->port->bus->width_bytes;
            uint64_t word = axi_beat_address(&burst->ax, burst->beat) & ~(width - 1);
            self->beat_count--;
            for (unsigned lane = 0; lane < width && burst->resp == AXI_OKAY; lane++)
                if (beat->strb[lane / 64] >> (lane % 64) & 1)
                    self->bytes[word + lane - self->base] = beat->data[lane];
            ck_assert_uint_eq(beat->last, burst->beat == burst->ax.len);
            burst->whole = burst->beat++ == burst->ax.len;
            self->bursts_here -= burst->whole;
        }
    }
}

static inline void target_edge(struct target *self, sim_cycle now)
{
    struct axi_port *port = self->port;
    const uint8_t fires = axi_fires(port, now);
    if (fires & AXI_BIT_R) {
        struct target_burst *burst = &self->reads[self->r_burst];
        if (burst->beat++ == burst->ax.len)
            target_drop(self->reads, &self->read_count, (uint32_t)self->r_burst);
        port->valid &= (uint8_t)~AXI_BIT_R;
        target_pause(self, AXI_R, now);
    }
    if (fires & AXI_BIT_B) {
        target_drop(self->writes, &self->write_count, (uint32_t)self->b_burst);
        port->valid &= (uint8_t)~AXI_BIT_B;
        target_pause(self, AXI_B, now);
    }
    if (fires & AXI_BIT_AR) {
        self->reads[self->read_count++] =
            (struct target_burst){.ax = *port->view.ar, .resp = target_resp(self, port->view.ar)};
        port->ready &= (uint8_t)~AXI_BIT_AR;
        target_pause(self, AXI_AR, now);
    }
    if (fires & AXI_BIT_AW) {
        self->writes[self->write_count++] =
            (struct target_burst){.ax = *port->view.aw, .resp = target_resp(self, port->view.aw)};
        port->ready &= (uint8_t)~AXI_BIT_AW;
        target_pause(self, AXI_AW, now);
    }
    if (fires & AXI_BIT_W) {
        struct target_beat *beat =
            &self->beats[(self->beat_first + self->beat_count++) % TARGET_BEATS];
        ck_assert_uint_le(self->beat_count, TARGET_BEATS);
        memcpy(beat->data, port->view.w->data, port->bus->width_bytes);
        memcpy(beat->strb, port->view.w->strb, sizeof beat->strb);
        beat->last = port->view.w->last;
        self->bursts_here += beat->last;
        port->ready &= (uint8_t)~AXI_BIT_W;
        target_pause(self, AXI_W, now);
    }
    target_store(self);
}

static inline bool target_wants(struct target *self, enum axi_channel channel)
{
    const uint8_t seen = self->port->view.valid & (uint8_t)~self->port->view.fire;
    switch (channel) {
    case AXI_AR:
        return self->read_count < TARGET_OPEN;
    case AXI_AW:
        if (self->write_count == TARGET_OPEN)
            return false;
        if (self->order == TARGET_AW_WAITS_FOR_W)
            return (seen & AXI_BIT_AW) && (seen & AXI_BIT_W);
        return self->order == TARGET_AT_ONCE || self->bursts_here > 0;
    case AXI_W:
        if (self->order == TARGET_AW_WAITS_FOR_W)
            return self->write_count > 0 && !self->writes[self->write_count - 1].whole;
        return self->beat_count < TARGET_BEATS && self->bursts_here < TARGET_OPEN;
    default:
        return true;
    }
}

static inline void target_show_read(struct target *self)
{
    int32_t index = target_choose(self, self->reads, self->read_count, false);
    if (index < 0)
        return;
    const struct target_burst *burst = &self->reads[index];
    struct axi_read *r = axi_show_r(self->port);
    uint8_t *data = self->data[self->port->shown >> AXI_R & 1];
    uint64_t width = self->port->bus->width_bytes;
    uint64_t word = axi_beat_address(&burst->ax, burst->beat) & ~(width - 1);
    memset(data, 0x5a, width);
    if (burst->resp == AXI_OKAY)
        memcpy(data, self->bytes + (word - self->base), width);
    *r = (struct axi_read){.data = data,
                           .id = burst->ax.id,
                           .resp = burst->resp,
                           .last = burst->beat == burst->ax.len};
    self->r_burst = index;
}

static inline void target_show_response(struct target *self)
{
    int32_t index = target_choose(self, self->writes, self->write_count, true);
    if (index < 0)
        return;
    *axi_show_b(self->port) =
        (struct axi_response){.id = self->writes[index].ax.id, .resp = self->writes[index].resp};
    self->b_burst = index;
}

static inline bool target_can_respond(const struct target *self)
{
    for (uint32_t i = 0; i < self->write_count; i++)
        if (self->writes[i].whole)
            return true;
    return false;
}

static inline sim_cycle target_step(void *target, sim_cycle now)
{
    struct target *self = target;
    struct axi_port *port = self->port;
    const uint8_t shown = port->shown, valid = port->valid, ready = port->ready;
    target_edge(self, now);

    sim_cycle next = SIM_NEVER;
    for (unsigned channel = 0; channel < AXI_CHANNELS; channel++) {
        uint8_t mask = (uint8_t)(1u << channel);
        if ((port->valid | port->ready) & mask)
            continue;
        bool wants = (mask & AXI_TO_SLAVE) != 0 ? target_wants(self, (enum axi_channel)channel)
                     : channel == AXI_R         ? self->read_count > 0
                                                : target_can_respond(self);
        if (!wants)
            continue;
        if (self->at[channel] > now + 1) {
            next = self->at[channel] - 1 < next ? self->at[channel] - 1 : next;
            continue;
        }
        if (mask & AXI_TO_SLAVE)
            port->ready |= mask;
        else if (channel == AXI_R)
            target_show_read(self);
        else
            target_show_response(self);
        if (!((port->valid | port->ready) & mask)) { /* the one it chose cannot go yet */
            self->at[channel] = now + 2;
            next = now + 1;
        }
    }
    if (port->shown != shown || port->valid != valid || port->ready != ready)
        axi_touch(port, now);
    return next;
}

static inline void target_join(struct target *self, struct kernel *kernel, struct axi_bus *bus,
                               const char *name, uint64_t base, uint64_t size)
{
    kernel_add(kernel, &self->unit, name, bus->unit.clock, target_step, self);
    self->port = axi_bus_add_slave(bus, &self->unit, name, AXI_READS | AXI_WRITES);
    ck_assert_ptr_nonnull(self->port);
    self->bytes = arena_alloc(kernel->arena, size);
    self->base = base;
    self->size = size;
    self->fault_first = UINT64_MAX;
    if (self->order == TARGET_AW_WAITS_FOR_W)
        self->port->watch = AXI_BIT_AW | AXI_BIT_W;
    ck_assert_int_eq(axi_bus_map(bus, self->port, base, size), DMASIM_OK);
}

#endif
