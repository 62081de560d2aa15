/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_owner: a unit that owns an axi_master engine and plays a list of commands on it, each with bytes of its
 * own: written from there or read to there. It notes in which cycle what was told.
 */
#ifndef TESTS_AXI_OWNER_H
#define TESTS_AXI_OWNER_H

#include <check.h>
#include <string.h>

#include "bus/axi/axi_master.h"
#include "kernel/random.h"

#define OWNER_COMMANDS 24
#define OWNER_BYTES 0x3000u /* of a command, at most */
#define OWNER_NONE UINT64_MAX

struct owner_command {
    struct axi_command command; /* its tag is set by owner_add() */
    sim_cycle from;             /* step in which it is queued, if there is room */
    sim_cycle done;             /* step that told so; OWNER_NONE */
    uint64_t moved, good;       /* R: bytes told; both: those ahead of a burst that failed */
    uint8_t resp;
    uint8_t *bytes;
};

struct owner {
    struct unit unit;
    struct axi_master master;
    struct axi_master_config config;
    struct random random;
    uint32_t stall; /* one in so many, 2 or more: W is not there, R or B is held; 0: never */
    bool runs;      /* gives what is left of a burst at once */
    uint32_t count, queued, done;
    struct owner_command commands[OWNER_COMMANDS];
    uint32_t order[OWNER_COMMANDS]; /* tags as they ended */
    bool wait_w;                    /* this step: W is not there */
    sim_cycle w_from;               /* first step in which it is */
    sim_cycle hold_first, hold_end; /* steps that hold R */
    struct kernel *held;
};

/* Address of a byte of a command (A3.4.1). */
static inline uint64_t owner_address(const struct axi_command *command, uint64_t offset)
{
    const uint64_t size = UINT64_C(1) << command->size;
    if (command->burst == AXI_FIXED)
        return command->addr + offset % size;
    if (command->burst == AXI_INCR)
        return command->addr + offset;
    const uint64_t first = command->addr & ~(command->bytes - 1);
    return first + (command->addr + offset - first) % command->bytes;
}

/* The byte that a write puts there. */
static inline uint8_t owner_byte(uint32_t tag, uint64_t offset)
{
    return (uint8_t)((tag * 7919u + (uint32_t)offset * 131u + 1) * UINT32_C(2654435761) >> 24);
}

static inline uint32_t owner_give(void *owner, const struct axi_beat *beat, struct axi_give *give)
{
    struct owner *self = owner;
    const struct owner_command *state = &self->commands[beat->tag];
    const uint64_t width = self->master.port->bus->width_bytes;
    ck_assert_uint_eq(beat->addr, owner_address(&state->command, beat->offset));
    ck_assert_uint_eq(beat->lane, beat->addr % width);
    if (self->wait_w)
        return 0;
    const bool whole = state->command.burst == AXI_INCR && beat->bytes == width;
    if (self->runs && whole && beat->offset + beat->burst_left * width <= state->command.bytes) {
        give->data = state->bytes + beat->offset;
        return beat->burst_left;
    }
    memcpy(give->lanes + beat->lane, state->bytes + beat->offset, beat->bytes);
    return 1;
}

static inline void owner_ended(struct owner *self, uint32_t tag, uint8_t resp, uint64_t good,
                               sim_cycle now)
{
    struct owner_command *state = &self->commands[tag];
    ck_assert_uint_eq(state->done, OWNER_NONE);
    if (!state->command.write && !state->command.stops)
        ck_assert_uint_eq(state->moved, state->command.bytes);
    state->done = now;
    state->resp = resp;
    state->good = good;
    self->order[self->done++] = tag;
}

static inline sim_cycle owner_step(void *owner, sim_cycle now)
{
    struct owner *self = owner;
    struct axi_events events;
    axi_master_edge(&self->master, now, &events);
    if (events.fires & AXI_BIT_R) {
        struct owner_command *state = &self->commands[events.r.tag];
        if (!state->command.stops) /* its bytes end where it stopped */
            ck_assert_uint_le(events.r.offset + events.r.bytes, state->command.bytes);
        ck_assert_uint_eq(events.r.addr, owner_address(&state->command, events.r.offset));
        memcpy(state->bytes + events.r.offset, events.r_data, events.r.bytes);
        state->moved += events.r.bytes;
    }
    if (events.done & AXI_BIT_R)
        owner_ended(self, events.read.tag, events.read.resp, events.read.good, now);
    if (events.done & AXI_BIT_B)
        owner_ended(self, events.write.tag, events.write.resp, events.write.good, now);

    sim_cycle next = SIM_NEVER;
    while (self->queued < self->count) {
        const struct owner_command *state = &self->commands[self->queued];
        if (state->from > now) {
            next = state->from;
            break;
        }
        if (!axi_master_queue(&self->master, &state->command))
            break;
        self->queued++;
    }
    self->wait_w = now < self->w_from;
    if (self->wait_w && self->w_from != OWNER_NONE)
        next = self->w_from < next ? self->w_from : next;
    self->master.held = now >= self->hold_first && now < self->hold_end ? AXI_BIT_R : 0;
    if (now < self->hold_end)
        next = now + 1;
    if (self->stall && self->done < self->count) {
        self->wait_w = random_below(&self->random, self->stall) == 0;
        self->master.held = (uint8_t)(random_below(&self->random, self->stall) ? 0 : AXI_BIT_R);
        if (random_below(&self->random, self->stall) == 0)
            self->master.held |= AXI_BIT_B;
        next = now + 1;
    }
    if (self->held && self->done == self->count) {
        kernel_release(self->held);
        self->held = NULL;
    }
    const sim_cycle drive = axi_master_drive(&self->master, now);
    return drive < next ? drive : next;
}

/* Adds a command; the caller may change more of it. */
static inline struct owner_command *owner_add(struct owner *self, bool write, uint64_t addr,
                                              uint64_t bytes, unsigned size, uint32_t id)
{
    struct owner_command *state = &self->commands[self->count];
    *state = (struct owner_command){.command = {.addr = addr,
                                                .bytes = bytes,
                                                .id = id,
                                                .tag = self->count,
                                                .size = (uint8_t)size,
                                                .burst = AXI_INCR,
                                                .write = write},
                                    .done = OWNER_NONE};
    ck_assert_uint_le(bytes, OWNER_BYTES);
    self->count++;
    return state;
}

static inline void owner_join(struct owner *self, struct kernel *kernel, struct axi_bus *bus,
                              const char *name)
{
    kernel_add(kernel, &self->unit, name, bus->unit.clock, owner_step, self);
    struct axi_port *port = axi_bus_add_master(bus, &self->unit, name, AXI_READS | AXI_WRITES);
    ck_assert_ptr_nonnull(port);
    self->config.channels = AXI_READS | AXI_WRITES;
    self->config.give = owner_give;
    self->config.owner = self;
    ck_assert(axi_master_init(&self->master, port, &self->config));
    for (uint32_t i = 0; i < self->count; i++) {
        struct owner_command *state = &self->commands[i];
        state->bytes = arena_alloc(kernel->arena, state->command.bytes);
        for (uint64_t j = 0; j < state->command.bytes; j++)
            state->bytes[j] = state->command.write ? owner_byte(i, j) : 0;
        ck_assert(axi_command_legal(bus, &state->command));
    }
}

#endif
