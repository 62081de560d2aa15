/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dram_ahb: the port of a DRAM controller on AHB.
 *
 * Source: AMBA Specification rev 2.0 (Arm IHI 0011A), 3.4.
 *
 *   read     n: address taken, handed over   the first CK edge later than n: may get its ACT   m: first edge later than
 *            HREADY low ...................................................................    the last data; ready in m+1
 *   write    n: address taken   n+1: HWDATA, ready; handed over with the edge that ends it if nothing goes on in its transaction
 *
 * Timing
 *   A read fetches the transaction (64 or 32 bytes, aligned) that it lies in; HREADY is low until it is there. What was
 *   fetched last stays: reads of it have no wait states. Nothing is fetched ahead.
 *   A write has no wait states as long as one of `write_slots` is free: it is posted. Beats of one transaction that follow
 *   each other without a cycle between them are one WR; the first cycle in which no such beat begins ends it, and so
 *   does a read. All slots taken: HREADY is low until the controller has accepted, or sent, a write.
 *   The port gives accesses their order: a write is in the memory with its HWDATA, a read shows what is there when its address
 *   is taken, whatever the controller does first.
 *
 * Responses: always OKAY.
 *
 * Inaccuracies: strobes cost nothing (DM pins); what is fetched is kept for ever, and seen from outside at once when somebody
 * outside stores there; no SPLIT while a read waits.
 */
#include "memory/dram_memory.h"

#include "bus/ahb/ahb_component.h"
#include "memory/ideal_bus.h"

#include <string.h>

#define NOTHING UINT64_MAX

enum dram_ahb_wait { WAITS_FOR_NOTHING, WAITS_FOR_DATA, WAITS_FOR_SLOT };

struct dram_ahb {
    struct dram_port port; /* first */
    struct ahb_bus *bus;
    int slave;
    uint32_t base, word_mask, tx;
    struct store store;
    uint8_t waits;         /* enum dram_ahb_wait */
    uint64_t kept;         /* transaction that was fetched last */
    uint64_t wanted;       /* that waits for a slot */
    uint64_t gathers;      /* that is being written; its slot is taken */
    struct ahb_data word;  /* of the read that waits */
    uint16_t *free_writes; /* a stack of slots */
    uint32_t free_count;
    uint16_t slot; /* of what is gathered */
};

static struct ahb_data word_at(const struct dram_ahb *self, uint32_t haddr)
{
    struct ahb_data data = {{0, 0}};
    memcpy(&data, self->store.bytes + ((haddr - self->base) & ~self->word_mask),
           self->word_mask + 1);
    return data;
}

static void end_gathering(struct dram_ahb *self, sim_time time)
{
    if (self->gathers == NOTHING)
        return;
    dram_put(self->port.controller, time, self->gathers * self->tx, true, self->slot);
    self->gathers = NOTHING;
}

static void begin_gathering(struct dram_ahb *self, uint64_t number)
{
    self->gathers = number;
    self->slot = self->free_writes[--self->free_count];
}

static void take_replies(struct dram_ahb *self, sim_cycle now, sim_time time)
{
    struct dram_reply reply;
    while (dram_take_reply(self->port.controller, time, &reply)) {
        if (reply.write)
            self->free_writes[self->free_count++] = (uint16_t)reply.slot;
        else
            ahb_slave_end_wait(self->bus, self->slave, now, AHB_OKAY, &self->word);
        if (!reply.write)
            self->waits = WAITS_FOR_NOTHING;
    }
    if (self->waits != WAITS_FOR_SLOT || self->free_count == 0)
        return;
    self->waits = WAITS_FOR_NOTHING;
    begin_gathering(self, self->wanted);
    ahb_slave_end_wait(self->bus, self->slave, now, AHB_OKAY, NULL);
}

static void take_write(struct dram_ahb *self, uint64_t number, sim_cycle now, sim_time time)
{
    if (self->gathers != number) {
        end_gathering(self, time);
        if (self->free_count == 0) {
            self->waits = WAITS_FOR_SLOT;
            self->wanted = number;
            ahb_slave_wait(self->bus, self->slave);
            return;
        }
        begin_gathering(self, number);
    }
    ahb_slave_respond(self->bus, self->slave, now, 0, AHB_OKAY, NULL);
}

static void take_read(struct dram_ahb *self, uint32_t haddr, uint64_t number, sim_cycle now,
                      sim_time time)
{
    end_gathering(self, time);
    self->word = word_at(self, haddr);
    if (number == self->kept) {
        ahb_slave_respond(self->bus, self->slave, now, 0, AHB_OKAY, &self->word);
        return;
    }
    self->kept = number;
    self->waits = WAITS_FOR_DATA;
    ahb_slave_wait(self->bus, self->slave);
    dram_put(self->port.controller, time, number * self->tx, false, 0);
}

static sim_cycle dram_ahb_step(void *instance, sim_cycle now)
{
    struct dram_ahb *self = instance;
    const sim_time time = clock_time(self->port.unit.clock, now);
    const struct ahb_access *access;
    const struct ahb_data *hwdata;
    take_replies(self, now, time);
    const bool ended = ahb_slave_data(self->bus, self->slave, now, &access, &hwdata);
    if (ended && access->hwrite) {
        const uint8_t *data = (const uint8_t *)hwdata + (access->haddr & self->word_mask);
        const uint64_t offset = access->haddr - self->base;
        ideal_ahb_takes(&self->store, self->bus, access, offset, data);
        memcpy(self->store.bytes + offset, data, (size_t)1 << access->hsize);
    }
    if (ahb_slave_address(self->bus, self->slave, now, &access)) {
        const uint64_t number = (access->haddr - self->base) / self->tx;
        if (access->hwrite)
            take_write(self, number, now, time);
        else
            take_read(self, access->haddr, number, now, time);
        if (!access->hwrite)
            ideal_ahb_gives(&self->store, self->bus, access, access->haddr - self->base);
    } else if (ended) {
        end_gathering(self, time);
    }
    return SIM_NEVER;
}

/* ---- building -------------------------------------------------------------------------------- */

int dram_ahb_create(struct build *build, struct component *component,
                    const struct dram_config *config, sim_time period_ps)
{
    const struct dram_memory_config *memory = component->config;
    struct arena *arena = build->kernel->arena;
    struct dram_ahb *self = arena_alloc(arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->bus = build_ahb(build, memory->bus);
    self->base = (uint32_t)memory->base;
    self->word_mask = self->bus->lane_mask;
    self->tx = config->tx_bytes;
    self->kept = self->gathers = NOTHING;
    self->free_writes = arena_alloc(arena, memory->write_slots * sizeof *self->free_writes);
    if (!self->free_writes ||
        store_create(&self->store, component, memory->size_bytes, build) != DMASIM_OK)
        return DMASIM_MEMORY;
    for (uint32_t i = 0; i < memory->write_slots; i++)
        self->free_writes[self->free_count++] = (uint16_t)i;
    component->clock = self->bus->unit.clock;
    component->instance = self;
    kernel_add(build->kernel, &self->port.unit, component->name, component->clock, dram_ahb_step,
               self);
    const int code = build_ahb_slave(build, component, self->bus, &self->port.unit, memory->base,
                                     memory->size_bytes, &self->slave);
    if (code != DMASIM_OK)
        return code;
    const uint32_t slots[2] = {1, memory->write_slots};
    self->port.controller =
        dram_controller_create(build, component, config, period_ps, &self->port.unit, slots,
                               memory->write_response == DRAM_RESPOND_SENT);
    if (!self->port.controller)
        return DMASIM_MEMORY;
    self->port.controller->base = memory->base;
    store_lay(&self->store, STORE_CONTENT(memory), build);
    return DMASIM_OK;
}
