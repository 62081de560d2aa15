/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_hostile_host: a master on AXI4-Lite that reads and writes at once, each in a list of its own. It keeps
 * a hash of every answer and every change of the interrupt, with their cycles, and looks after the rules of
 * a stream at the controller's output when it is stepped every cycle.
 */
#ifndef DMASIM_TESTS_ADI_HOSTILE_HOST_H
#define DMASIM_TESTS_ADI_HOSTILE_HOST_H

#include <string.h>

#include "bus/axi/axi_component.h"
#include "bus/stream/stream.h"

#define HOSTILE_ACCESSES 128
#define HOSTILE_ANSWER 4 /* cycles from VALID to the answer: adi_dmac_access.c */

struct hostile_access {
    sim_cycle from; /* does not begin before */
    uint32_t address, value;
    uint32_t aw_after, w_after, ready_after; /* cycles from its begin */
};

struct hostile_list {
    struct hostile_access accesses[HOSTILE_ACCESSES];
    uint32_t count;
};

struct hostile_host_config {
    struct hostile_list reads, writes;
};

struct hostile_turn {
    uint32_t next;
    bool open, address_shown, data_shown;
    sim_cycle began;
};

struct hostile_host {
    struct unit unit;
    const struct hostile_host_config *config;
    struct axi_port *port;
    struct wire *interrupt;
    struct axi_stream *output; /* AXI4-Stream, or null */
    uint8_t data[2][AXI_BYTES_MAX];
    struct hostile_turn read, write;
    bool level;
    uint64_t hash;
    const char *fault;

    bool offered; /* at the output, not taken */
    sim_cycle looked;
    struct axi_stream_beat beat;
};

static inline uint64_t hostile_mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15) + (hash >> 29);
}

static inline void hostile_answered(struct hostile_host *self, struct hostile_turn *turn,
                                    const struct hostile_list *list, uint32_t value, sim_cycle now)
{
    const struct hostile_access *access = &list->accesses[turn->next++];
    sim_cycle most = access->aw_after > access->w_after ? access->aw_after : access->w_after;
    if (list == &self->config->reads)
        most = 0;
    most += HOSTILE_ANSWER;
    if (most < access->ready_after)
        most = access->ready_after;
    if (now - turn->began > most)
        self->fault = "an answer is late";
    turn->open = turn->address_shown = turn->data_shown = false;
    self->hash = hostile_mix(hostile_mix(self->hash, now), value);
}

/* Begins what is due in the next cycle; the cycle in which it wants to be asked again. */
static inline sim_cycle hostile_begin(struct hostile_turn *turn, const struct hostile_list *list,
                                      sim_cycle next)
{
    if (turn->open || turn->next == list->count)
        return SIM_NEVER;
    const sim_cycle from = list->accesses[turn->next].from;
    if (from > next)
        return from - 1;
    turn->open = true;
    turn->began = next;
    return SIM_NEVER;
}

/* True from `after` cycles after the begin on; else lowers *wake to the cycle before that. */
static inline bool hostile_due(const struct hostile_turn *turn, uint32_t after, sim_cycle next,
                               sim_cycle *wake)
{
    const sim_cycle due = turn->began + after;
    if (next >= due)
        return true;
    if (*wake > due - 1)
        *wake = due - 1;
    return false;
}

/* AXI4-Lite moves words as wide as the bus (B1.1.1); the address may lie anywhere in it. */
static inline struct axi_address hostile_whole_word(const struct axi_port *port, uint64_t address)
{
    const bool wide = port->bus->width_bytes == 8;
    return (struct axi_address){.addr = address, .size = wide ? 3 : 2, .burst = AXI_INCR};
}

static inline sim_cycle hostile_read(struct hostile_host *self, sim_cycle next)
{
    const struct hostile_list *list = &self->config->reads;
    struct hostile_turn *turn = &self->read;
    sim_cycle wake = hostile_begin(turn, list, next);
    axi_lower_ready(self->port, AXI_BIT_R);
    if (!turn->open)
        return wake;
    const struct hostile_access *access = &list->accesses[turn->next];
    if (!turn->address_shown)
        *axi_show_ar(self->port) = hostile_whole_word(self->port, access->address);
    turn->address_shown = true;
    if (hostile_due(turn, access->ready_after, next, &wake))
        axi_raise_ready(self->port, AXI_BIT_R);
    return wake;
}

static inline sim_cycle hostile_write(struct hostile_host *self, sim_cycle next)
{
    const struct hostile_list *list = &self->config->writes;
    struct hostile_turn *turn = &self->write;
    struct axi_port *port = self->port;
    sim_cycle wake = hostile_begin(turn, list, next);
    axi_lower_ready(port, AXI_BIT_B);
    if (!turn->open)
        return wake;
    const struct hostile_access *access = &list->accesses[turn->next];
    if (!turn->address_shown && hostile_due(turn, access->aw_after, next, &wake)) {
        *axi_show_aw(port) = hostile_whole_word(port, access->address);
        turn->address_shown = true;
    }
    if (!turn->data_shown && hostile_due(turn, access->w_after, next, &wake)) {
        struct axi_write *w = axi_show_w(port);
        uint8_t *data = self->data[port->shown >> AXI_W & 1];
        const uint32_t lane = access->address & (port->bus->width_bytes - 4);
        memset(data, 0xa5, port->bus->width_bytes);
        memcpy(data + lane, &access->value, sizeof access->value);
        *w = (struct axi_write){.data = data, .strb = {UINT64_C(0xf) << lane}, .last = 1};
        turn->data_shown = true;
    }
    if (hostile_due(turn, access->ready_after, next, &wake))
        axi_raise_ready(port, AXI_BIT_B);
    return wake;
}

/* What is offered and not taken stays as it is (IHI 0051A 2.2.1). */
static inline void hostile_look(struct hostile_host *self, sim_cycle now)
{
    struct axi_stream_view view = axi_stream_look(self->output, self->unit.clock->time);
    if (self->offered && self->looked + 1 == now &&
        (!view.valid || view.beat->last != self->beat.last || view.beat->user != self->beat.user ||
         memcmp(view.beat->data, self->beat.data, self->output->bytes) != 0))
        self->fault = "a beat that was offered at the output is gone";
    self->offered = view.valid && !view.ready;
    self->looked = now;
    if (self->offered)
        self->beat = *view.beat;
}

static inline sim_cycle hostile_host_step(void *instance, sim_cycle now)
{
    struct hostile_host *self = instance;
    struct axi_port *port = self->port;
    const uint8_t fire = axi_fires(port, now);
    const uint32_t before = port->drive;
    const bool level = wire_get(self->interrupt, self->unit.clock->time);
    if (level != self->level)
        self->hash = hostile_mix(hostile_mix(self->hash, now), level);
    self->level = level;
    if (self->output && self->unit.clock->kernel->flags & KERNEL_EVERY_CYCLE)
        hostile_look(self, now);
    axi_lower_valid(port, fire & AXI_TO_SLAVE);
    if (fire & AXI_BIT_R) {
        const uint32_t lane =
            self->config->reads.accesses[self->read.next].address & (port->bus->width_bytes - 4);
        uint32_t value;
        memcpy(&value, port->view.r->data + lane, sizeof value);
        hostile_answered(self, &self->read, &self->config->reads, value, now);
    }
    if (fire & AXI_BIT_B)
        hostile_answered(self, &self->write, &self->config->writes, port->view.b->resp, now);
    const sim_cycle read = hostile_read(self, now + 1), write = hostile_write(self, now + 1);
    if (port->drive != before)
        axi_touch(port, now);
    return read < write ? read : write;
}

static inline int hostile_host_create(struct build *build, struct component *component)
{
    struct hostile_host *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->config = component->config;
    const struct component *controller = build->plan->components[SECTION_CONTROLLERS];
    self->interrupt = controller->interrupt;
    self->interrupt->reader = &self->unit;
    self->output =
        ((const struct stream_ports *)component_link(controller, PORT_STREAMS, 0))->stream_out;
    struct axi_bus *bus = build_axi(build, 0);
    component->clock = bus->unit.clock;
    component->instance = self;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, hostile_host_step,
               self);
    self->port = build_axi_master(build, component, "bus", bus, &self->unit, component->name,
                                  AXI_READS | AXI_WRITES);
    return self->port ? DMASIM_OK : DMASIM_INVALID;
}

static const struct component_type hostile_host_type = {
    .name = "hostile",
    .section = SECTION_MASTERS,
    .config_bytes = sizeof(struct hostile_host_config),
    .create = hostile_host_create,
};

#endif
