/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_keeper: a unit that owns an axi_slave engine and keeps bytes behind it: answers after a latency, in order or in
 * any order that AXI4 allows, or only when somebody outside says so.
 */
#ifndef TESTS_AXI_KEEPER_H
#define TESTS_AXI_KEEPER_H

#include <check.h>
#include <string.h>

#include "bus/axi/axi_slave.h"
#include "kernel/random.h"

struct keeper {
    struct unit unit;
    struct axi_slave slave;
    struct axi_slave_config config;
    struct random random;
    uint64_t base, size;
    uint8_t *bytes;
    uint32_t read_latency, write_latency; /* from AR, from the last of AW and W; at least 1 */
    uint32_t stall; /* one in so many: a channel is held; 0: never, else 2 or more */
    bool mixed;     /* answers any burst that may be */
    bool late;      /* answers nothing unless `told` */
    bool told;      /* cleared when taken */
    bool before;    /* takes W before the edge: a cycle later */
    bool trains;    /* in order: a beat at a time, or as trains */
    uint64_t fault_first, fault_last;
    uint32_t steps;
};

static inline uint8_t keeper_resp(const struct keeper *self, const struct axi_address *ax)
{
    return ax->addr >= self->fault_first && ax->addr <= self->fault_last ? AXI_SLVERR : AXI_OKAY;
}

static inline uint8_t *keeper_word(const struct keeper *self, const struct axi_slave_burst *burst,
                                   uint32_t beat, uint32_t width)
{
    const uint64_t word = axi_beat_address(&burst->ax, beat) & ~(uint64_t)(width - 1);
    ck_assert_uint_le(word - self->base + width, self->size);
    return self->bytes + (word - self->base);
}

static inline void keeper_store(struct keeper *self, sim_cycle now)
{
    const uint32_t width = self->slave.write_width;
    struct axi_slave_w w;
    while (axi_slave_next_w(&self->slave, now, &w)) {
        const uint8_t resp = keeper_resp(self, &w.burst->ax);
        for (uint32_t i = 0; i < w.beats; i++) {
            uint8_t *word = keeper_word(self, w.burst, w.burst->beat + i, width);
            for (uint32_t lane = 0; lane < width && resp == AXI_OKAY; lane++)
                if (!w.strb || w.strb[lane / 64] >> lane % 64 & 1)
                    word[lane] = w.data[(size_t)i * width + lane];
        }
        ck_assert_uint_eq(w.last, w.burst->beat + w.beats == w.burst->ax.len + 1u);
        if (w.last)
            w.burst->taken = now; /* the latency of B counts from here */
        axi_slave_took(&self->slave, &w, resp, w.last);
    }
}

/* The burst that is answered next; -1: none now. */
static inline int32_t keeper_pick(struct keeper *self, const struct axi_slave_queue *queue,
                                  uint32_t count)
{
    if (count == 0)
        return -1;
    if (!self->mixed)
        return 0;
    const uint32_t index = random_below(&self->random, count);
    return axi_slave_ordered(queue, index) ? (int32_t)index : 0;
}

static inline void keeper_answer(struct keeper *self, sim_cycle now)
{
    struct axi_slave *slave = &self->slave;
    const uint32_t width = slave->read_width;
    int32_t index;
    while (axi_slave_r_room(slave) &&
           (index = keeper_pick(self, &slave->reads, slave->reads.count)) >= 0) {
        const struct axi_slave_burst *burst = axi_slave_read(slave, (uint32_t)index);
        const uint8_t resp = keeper_resp(self, &burst->ax);
        memset(axi_slave_r_data(slave), 0x5a, width);
        if (resp == AXI_OKAY)
            memcpy(axi_slave_r_data(slave), keeper_word(self, burst, burst->beat, width), width);
        axi_slave_put_r(slave, (uint32_t)index, burst->taken + self->read_latency, resp, NULL);
    }
    while ((index = keeper_pick(self, &slave->writes, slave->filling)) >= 0)
        axi_slave_put_b(slave, (uint32_t)index,
                        axi_slave_write(slave, (uint32_t)index)->taken + self->write_latency);
    (void)now;
}

static inline void keeper_copy(const struct keeper *self, const struct axi_slave_burst *burst,
                               uint32_t beat, uint8_t *to)
{
    const uint32_t width = self->slave.read_width;
    memcpy(to, keeper_word(self, burst, beat, width), width);
}

/* Brings trains up to edge `upto`, edge by edge: a beat shows what was stored until the edge before. */
static inline void keeper_catch_up(struct keeper *self, sim_cycle upto)
{
    struct axi_slave *slave = &self->slave;
    struct axi_slave_r r;
    sim_cycle edge = slave->r_train ? slave->r_train_from : upto;
    for (edge = edge < upto ? edge : upto; edge <= upto; edge++) {
        keeper_store(self, edge);
        while (axi_slave_next_r(slave, edge, &r))
            for (uint32_t i = 0; i < r.beats; i++)
                keeper_copy(self, r.burst, r.first + i, r.data + (size_t)i * slave->read_width);
    }
}

/* Answers of a keeper with trains; the step in which the next is due. */
static inline sim_cycle keeper_answer_trains(struct keeper *self, sim_cycle now)
{
    struct axi_slave *slave = &self->slave;
    while (slave->filling > 0)
        axi_slave_put_b(slave, 0, axi_slave_write(slave, 0)->taken + self->write_latency);
    const struct axi_slave_burst *burst = axi_slave_read(slave, 0);
    if (!burst || !axi_slave_r_idle(slave))
        return SIM_NEVER;
    const sim_cycle due = burst->taken + self->read_latency;
    if (due > now + 1)
        return due - 1;
    if (!slave->r_train && burst->ax.burst == AXI_INCR &&
        UINT32_C(1) << burst->ax.size == slave->read_width)
        axi_slave_begin_train(slave, now);
    if (slave->r_train) {
        keeper_catch_up(self, now);
        if (now < axi_slave_train_end(slave))
            return SIM_NEVER;
    }
    keeper_copy(self, burst, burst->beat, axi_slave_r_data(slave));
    axi_slave_put_r(slave, 0, now + 1, AXI_OKAY, NULL);
    return SIM_NEVER;
}

static inline sim_cycle keeper_step(void *keeper, sim_cycle now)
{
    struct keeper *self = keeper;
    self->steps++;
    if (self->trains) {
        if (now > 0)
            keeper_catch_up(self, now - 1);
        axi_slave_edge(&self->slave, now);
        keeper_store(self, now);
        const sim_cycle answer = keeper_answer_trains(self, now);
        const sim_cycle drive = axi_slave_drive(&self->slave, now);
        return answer < drive ? answer : drive;
    }
    const bool waits = self->slave.w_ring.count > 0;
    if (self->before)
        keeper_store(self, now);
    axi_slave_edge(&self->slave, now);
    if (!self->before)
        keeper_store(self, now);
    if (!self->late || self->told)
        keeper_answer(self, now);
    self->told = false;
    sim_cycle next = SIM_NEVER;
    if (self->stall) {
        self->slave.held = 0;
        for (unsigned channel = 0; channel < AXI_CHANNELS; channel++)
            if (random_below(&self->random, self->stall) == 0)
                self->slave.held |= (uint8_t)(1u << channel);
        next = now + 1;
    }
    const sim_cycle due = axi_slave_drive(&self->slave, now);
    if (self->before && (waits || self->slave.w_ring.count))
        next = now + 1;
    return due < next ? due : next;
}

static inline void keeper_join(struct keeper *self, struct kernel *kernel, struct axi_bus *bus,
                               const char *name, uint64_t base, uint64_t size)
{
    kernel_add(kernel, &self->unit, name, bus->unit.clock, keeper_step, self);
    struct axi_port *port = axi_bus_add_slave(bus, &self->unit, name, AXI_READS | AXI_WRITES);
    ck_assert_ptr_nonnull(port);
    self->config.answer_bytes = (self->trains ? AXI_BEATS_MAX : 1) * bus->width_bytes;
    if (self->trains)
        port->steady = AXI_BIT_W;
    self->bytes = arena_alloc(kernel->arena, size);
    self->base = base;
    self->size = size;
    ck_assert(axi_slave_init(&self->slave, port, port, &self->config));
    ck_assert_int_eq(axi_bus_map(bus, port, base, size), DMASIM_OK);
}

#endif
