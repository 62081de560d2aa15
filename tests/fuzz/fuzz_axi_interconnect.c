/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_axi_interconnect: masters with any bursts, allowed or not, on a crossbar with two kinds of memory and
 * a bridge to an AHB, where another master comes back through a bridge.
 *
 *   m0, m1, m2 -- AXI --+-- sram    0x00000   <-- ahb-to-axi <-- scripted master
 *                       +-- memory  0x10000
 *                       +-- axi-to-ahb 0x20000 --> AHB sram
 *                       +-- dram    0x30000, in some
 *
 * No crash, no endless step, every burst is answered in full (also those that the specification forbids),
 * and what is handed over when, and all memories, are the same when every edge is stepped, in the opposite
 * order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/ahb/ahb_component.h"
#include "bus/axi/axi_component.h"
#include "bus/bridge/bridge.h"
#include "host/play/scripted.h"
#include "memory/ahb_sram.h"
#include "memory/axi_memory.h"
#include "memory/axi_sram.h"
#include "memory/dram_memory.h"
#include "referee/adi_case.h"
#include "system.h"

enum { MASTERS = 3, BURSTS = 24, COMMANDS = 16, PERIOD = 1000, CYCLES = 4000000, INPUT_MAX = 512 };
enum { AXI_BUS, AHB_BUS };
#define WINDOW 0x10000u
#define AHB_SRAM 0x20000000u
#define AHB_WINDOW 0x30000000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct burst {
    struct axi_address ax;
    uint32_t pause; /* cycles after the address before it */
    uint64_t strb;
};

struct list {
    struct burst bursts[BURSTS];
    uint32_t count;
};

struct master_config {
    struct list reads, writes;
    uint32_t pause; /* cycles between beats */
};

struct master {
    struct unit unit;
    const struct master_config *config;
    struct axi_port *port;
    uint32_t reads_shown, reads_done, writes_shown, writes_done;
    uint32_t burst, beat; /* of W */
    sim_cycle at[AXI_CHANNELS];
    uint8_t data[2][AXI_BYTES_MAX];
    uint64_t hash;
};

struct world {
    struct plan plan;
    struct clock_config clock_config;
    struct axi_bus_config axi;
    struct ahb_bus_config ahb;
    struct master_config masters[MASTERS];
    struct scripted_config scripted;
    struct scripted_command commands[COMMANDS];
    struct axi_sram_config sram;
    struct axi_memory_config memory;
    struct dram_memory_config dram;
    struct sram_config far;
    struct bridge_config out, back;
    struct component clock, buses[2], hosts[MASTERS + 1], stores[4], bridges[2];
};

struct outcome {
    uint64_t hash;
    bool done;
    uint8_t sram[WINDOW], memory[WINDOW], far[WINDOW], dram[WINDOW];
};

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15) + (hash >> 29);
}

/* ---- masters --------------------------------------------------------------------------------- */

static void answered(struct master *self, uint8_t fire, sim_cycle now)
{
    const struct axi_port *port = self->port;
    if (fire & AXI_BIT_R) {
        const struct axi_read *r = port->view.r;
        self->hash = mix(mix(self->hash, now), r->id * 16u + r->resp * 2u + r->last);
        for (uint32_t i = 0; i < port->bus->width_bytes; i++)
            self->hash = mix(self->hash, r->data[i]);
        self->reads_done += r->last;
        self->at[AXI_R] = now + 1 + self->config->pause;
    }
    if (fire & AXI_BIT_B) {
        self->hash = mix(mix(self->hash, now), port->view.b->id * 16u + port->view.b->resp);
        self->writes_done++;
        self->at[AXI_B] = now + 1 + self->config->pause;
    }
}

static bool may(const struct master *self, enum axi_channel channel, sim_cycle next)
{
    return !(self->port->valid >> channel & 1) && next >= self->at[channel];
}

static void show_beat(struct master *self, const struct burst *burst, sim_cycle next)
{
    struct axi_port *port = self->port;
    struct axi_write *w = axi_show_w(port);
    uint8_t *data = self->data[port->shown >> AXI_W & 1];
    const uint32_t width = port->bus->width_bytes, bytes = 1u << burst->ax.size;
    const uint32_t lane = (uint32_t)(axi_beat_address(&burst->ax, self->beat) & (width - 1));
    for (uint32_t i = 0; i < width; i++)
        data[i] = (uint8_t)(burst->strb + self->beat * 7 + i);
    *w = (struct axi_write){.data = data, .last = self->beat == burst->ax.len};
    for (uint32_t i = lane; i < ((lane | (bytes - 1)) + 1) && i < width; i++)
        w->strb[i / 64] |= (burst->strb >> i % 61 & 1) << i % 64;
    if (self->beat++ == burst->ax.len) {
        self->beat = 0;
        self->burst++;
    }
    self->at[AXI_W] = next + 1 + self->config->pause;
}

static sim_cycle master_step(void *instance, sim_cycle now)
{
    struct master *self = instance;
    const struct list *reads = &self->config->reads, *writes = &self->config->writes;
    struct axi_port *port = self->port;
    const uint8_t fire = axi_fires(port, now);
    const uint32_t before = port->drive;
    const sim_cycle next = now + 1;
    axi_lower_valid(port, fire & AXI_TO_SLAVE);
    answered(self, fire, now);
    if (self->reads_shown < reads->count && may(self, AXI_AR, next)) {
        const struct burst *burst = &reads->bursts[self->reads_shown++];
        *axi_show_ar(port) = burst->ax;
        self->at[AXI_AR] = next + 1 + burst->pause;
    }
    if (self->writes_shown < writes->count && may(self, AXI_AW, next)) {
        const struct burst *burst = &writes->bursts[self->writes_shown++];
        *axi_show_aw(port) = burst->ax;
        self->at[AXI_AW] = next + 1 + burst->pause;
    }
    if (self->burst < self->writes_shown && may(self, AXI_W, next))
        show_beat(self, &writes->bursts[self->burst], next);
    axi_lower_ready(port, AXI_TO_MASTER);
    axi_raise_ready(port, (next >= self->at[AXI_R] ? AXI_BIT_R : 0u) |
                              (next >= self->at[AXI_B] ? AXI_BIT_B : 0u));
    if (port->drive != before)
        axi_touch(port, now);
    sim_cycle wake = SIM_NEVER;
    for (unsigned i = 0; i < AXI_CHANNELS; i++)
        if (self->at[i] > next && self->at[i] - 1 < wake)
            wake = self->at[i] - 1;
    return wake;
}

static int master_create(struct build *build, struct component *component)
{
    struct master *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    struct axi_bus *bus = build_axi(build, AXI_BUS);
    self->config = component->config;
    component->clock = bus->unit.clock;
    component->instance = self;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, master_step, self);
    self->port = build_axi_master(build, component, "bus", bus, &self->unit, component->name,
                                  AXI_READS | AXI_WRITES);
    return self->port ? DMASIM_OK : DMASIM_INVALID;
}

static const struct component_type master_type = {
    .name = "hostile",
    .section = SECTION_MASTERS,
    .config_bytes = sizeof(struct master_config),
    .create = master_create,
};

/* ---- worlds ---------------------------------------------------------------------------------- */

struct input {
    const uint8_t *at, *end;
};

static uint32_t take(struct input *input)
{
    return input->at < input->end ? *input->at++ : 0;
}

static void read_burst(struct input *input, struct burst *burst)
{
    const uint32_t shape = take(input), place = take(input), rest = take(input);
    burst->ax = (struct axi_address){.addr = (place & 3) * WINDOW + (place >> 2) * 256 + rest,
                                     .id = shape & 3,
                                     .len = (uint8_t)(take(input) % (shape & 4 ? 256 : 16)),
                                     .size = (uint8_t)(rest % 7),
                                     .burst = (uint8_t)(shape >> 3 & 3) % 3,
                                     .lock = (uint8_t)(shape >> 7)};
    if (shape & 0x20) /* near 4 KiB */
        burst->ax.addr = (burst->ax.addr | 0xfff) - (rest & 63);
    if (shape & 0x40)
        burst->ax.addr &= ~(uint64_t)63;
    burst->pause = take(input) % 24;
    burst->strb = rest & 1 ? UINT64_MAX : rest * UINT64_C(0x9e3779b97f4a7c15);
}

static void configure(struct world *self, struct input *input)
{
    const uint32_t bits = take(input), more = take(input), waits = take(input);
    struct axi_crossbar_config *crossbar = &self->axi.crossbar;
    self->clock_config = (struct clock_config){.period_ps = PERIOD};
    self->axi.width_bits = 32u << (bits & 3);
    self->ahb = (struct ahb_bus_config){.width_bits = bits & 3 ? 32u << (more & 1) : 32};
    crossbar->policy = (uint8_t)(bits >> 2 & 1);
    crossbar->grant = (uint8_t)(bits >> 3 & 1);
    crossbar->outstanding = bits >> 4 & 7;
    self->ahb.arbiter.grant = (uint8_t)(more >> 2 & 1);
    self->ahb.arbiter.max_hold_cycles = more >> 3 & 7;
    self->ahb.arbiter.rearbitrate = (uint8_t)(more >> 6 & 3) % 3;
    self->sram = (struct axi_sram_config){.bus = AXI_BUS,
                                          .size_bytes = WINDOW,
                                          .ports = (uint8_t)(bits >> 7),
                                          .arbitration = (uint8_t)(waits & 3) % 3,
                                          .read_latency_cycles = 1 + (waits >> 2 & 3),
                                          .write_latency_cycles = 1 + (waits >> 4 & 3),
                                          .read_beat_cycles = 1 + (waits >> 6 & 1),
                                          .write_beat_cycles = 1 + (waits >> 7),
                                          .reads_max = 1 + (more & 3),
                                          .writes_max = 1 + (bits & 3),
                                          .buffer_beats = 1 + (waits & 15)};
    struct adi_case defaults;
    adi_case_init(&defaults);
    self->memory = defaults.memory;
    self->memory.bus = AXI_BUS;
    self->memory.base = WINDOW;
    self->memory.size_bytes = WINDOW;
    self->memory.read_max = self->memory.write_max = 1 + (waits & 7);
    self->memory.stalls.percent[waits % AXI_CHANNELS] = waits & 32 ? waits % 80 : 0;
    /* Two presets, any queues and timings, a transaction smaller than a word or larger. */
    self->dram = (struct dram_memory_config){.bus = AXI_BUS,
                                             .base = 3 * WINDOW,
                                             .size_bytes = WINDOW,
                                             .preset = more & 1 ? 1 : 4,
                                             .mapping = (uint8_t)(waits & 3) % 3,
                                             .scheduler = bits & 1,
                                             .row_policy = more >> 1 & 1,
                                             .write_response = waits >> 2 & 1,
                                             .period_ps = 300 + 11 * more,
                                             .channels = 1u << (more & 1),
                                             .organisation = {.tx_bytes = 16u << (waits & 3)},
                                             .cap = 1 + (waits & 3),
                                             .read_queue = 1 + (more & 7),
                                             .write_queue = 1 + (waits & 7),
                                             .write_high = UINT32_MAX,
                                             .write_low = UINT32_MAX,
                                             .reads_max = 1 + (bits & 7),
                                             .writes_max = 1 + (waits & 7),
                                             .buffer_beats = 1 + (bits & 15),
                                             .read_slots = 8 + (waits & 7),
                                             .write_slots = 8 + (more & 7)};
    for (unsigned i = 0; i < DRAM_TIMING_COUNT; i++)
        self->dram.timing[i] = UINT32_MAX;
    self->dram.timing[waits % DRAM_T_REFI] = 1 + (more & 63);
    self->far = (struct sram_config){
        .bus = AHB_BUS, .base = AHB_SRAM, .size_bytes = WINDOW, .read_first = more & 3};
    self->out = (struct bridge_config){.bus = AXI_BUS,
                                       .target = AHB_BUS,
                                       .base = 2 * WINDOW,
                                       .size_bytes = WINDOW,
                                       .to = AHB_SRAM};
    self->back = (struct bridge_config){.bus = AHB_BUS,
                                        .target = AXI_BUS,
                                        .base = AHB_WINDOW,
                                        .size_bytes = WINDOW,
                                        .read_ahead_beats = 1 + (waits & 15)};
}

static void decode(struct world *self, struct input *input)
{
    configure(self, input);
    for (unsigned i = 0; i < MASTERS; i++)
        self->masters[i].pause = take(input) % 4;
    while (input->at < input->end) {
        const uint32_t op = take(input);
        struct master_config *master = &self->masters[op % MASTERS];
        struct list *list = op & 0x40 ? &master->writes : &master->reads;
        if (op & 0x80 && self->scripted.commands.count < COMMANDS) {
            const uint32_t shape = take(input), place = take(input);
            const uint8_t size = (uint8_t)(shape & 3) % 3;
            struct scripted_command *command = &self->commands[self->scripted.commands.count++];
            *command = (struct scripted_command){.size = size,
                                                 .write = shape >> 2 & 1,
                                                 .burst = (uint8_t)(shape >> 3 & 7),
                                                 .busy = op & 1 ? (uint16_t)(place * 257) : 0,
                                                 .delay = op & 2 ? place & 7 : 0};
            command->beats = ahb_burst_beats((enum ahb_burst)command->burst);
            if (command->beats == 0)
                command->beats = 1 + place % 20;
            command->address =
                (op & 4 ? AHB_SRAM : AHB_WINDOW) + ((place * 4u) & ~((1u << size) - 1));
        } else if (list->count < BURSTS) {
            read_burst(input, &list->bursts[list->count++]);
        }
    }
    self->scripted.bus = AHB_BUS;
    self->scripted.repeat = 1;
    self->scripted.commands.items = self->commands;
}

static void wire(struct world *self)
{
    static const char *const names[] = {"m0", "m1", "m2"};
    struct plan *plan = &self->plan;
    self->clock =
        (struct component){.name = "clk", .type = &clock_type, .config = &self->clock_config};
    self->buses[AXI_BUS] =
        (struct component){.name = "axi", .type = &axi_type, .config = &self->axi};
    self->buses[AHB_BUS] =
        (struct component){.name = "ahb", .type = &ahb_type, .config = &self->ahb};
    for (unsigned i = 0; i < MASTERS; i++)
        self->hosts[i] =
            (struct component){.name = names[i], .type = &master_type, .config = &self->masters[i]};
    self->hosts[MASTERS] =
        (struct component){.name = "s0", .type = &scripted_type, .config = &self->scripted};
    self->stores[0] =
        (struct component){.name = "sram", .type = &axi_sram_type, .config = &self->sram};
    self->stores[1] =
        (struct component){.name = "memory", .type = &axi_memory_type, .config = &self->memory};
    self->stores[3] = (struct component){.name = "dram", .type = &dram_type, .config = &self->dram};
    self->stores[2] = (struct component){.name = "far", .type = &sram_type, .config = &self->far};
    self->bridges[0] =
        (struct component){.name = "out", .type = &axi_to_ahb_type, .config = &self->out};
    self->bridges[1] =
        (struct component){.name = "back", .type = &ahb_to_axi_type, .config = &self->back};
    struct component *const sections[SECTION_COUNT] = {[SECTION_CLOCKS] = &self->clock,
                                                       [SECTION_BUSES] = self->buses,
                                                       [SECTION_MASTERS] = self->hosts,
                                                       [SECTION_MEMORIES] = self->stores,
                                                       [SECTION_PERIPHERALS] = self->bridges};
    static const uint32_t counts[SECTION_COUNT] = {[SECTION_CLOCKS] = 1,
                                                   [SECTION_BUSES] = 2,
                                                   [SECTION_MASTERS] = MASTERS + 1,
                                                   [SECTION_MEMORIES] = 3,
                                                   [SECTION_PERIPHERALS] = 2};
    memcpy(plan->components, sections, sizeof sections);
    memcpy(plan->counts, counts, sizeof counts);
    struct dram_config dram;
    const char *parameter;
    if (!dram_memory_configure(&self->dram, &dram, &parameter))
        plan->counts[SECTION_MEMORIES]++;
    if (self->scripted.commands.count == 0)
        plan->counts[SECTION_MASTERS] = MASTERS;
    plan->name = "interconnect";
}

static const struct master *master_of(const struct system *system, const struct component *host)
{
    return system_built(system, host)->instance;
}

static bool done(const struct world *world, const struct system *system)
{
    for (unsigned i = 0; i < MASTERS; i++) {
        const struct master *master = master_of(system, &world->hosts[i]);
        if (master->reads_done < master->config->reads.count ||
            master->writes_done < master->config->writes.count)
            return false;
    }
    return true;
}

/* Runs until all is answered, then a little; or until *end, if that is not 0. */
static void simulate(struct world *world, unsigned flags, sim_cycle *end, struct outcome *out)
{
    struct check check = {.fail = adi_case_fail};
    struct system system;
    wire(world);
    if (system_create(&system, &world->plan, flags, &check) != DMASIM_OK)
        abort();
    sim_cycle now = *end;
    if (now == 0)
        for (out->done = false; !out->done && now < CYCLES;) {
            kernel_advance(&system.kernel, (now += 200) * PERIOD, 0);
            out->done = system.kernel.holds == 0 && done(world, &system);
        }
    *end = now;
    kernel_advance(&system.kernel, (now + 100) * PERIOD, 0);
    out->done = system.kernel.holds == 0 && done(world, &system);
    out->hash = 0;
    for (unsigned i = 0; i < MASTERS; i++)
        out->hash = mix(out->hash, master_of(&system, &world->hosts[i])->hash);
    memcpy(out->sram, store_bytes(system_built(&system, &world->stores[0]), NULL), WINDOW);
    memcpy(out->memory, store_bytes(system_built(&system, &world->stores[1]), NULL), WINDOW);
    if (world->plan.counts[SECTION_MEMORIES] > 3)
        memcpy(out->dram, store_bytes(system_built(&system, &world->stores[3]), NULL), WINDOW);
    memcpy(out->far, store_bytes(system_built(&system, &world->stores[2]), NULL), WINDOW);
    system_free(&system);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct outcome plain, other; /* static: the same padding */
    struct input input = {data, data + size};
    struct world *world = calloc(1, sizeof *world);
    if (!world)
        abort();
    if (size <= INPUT_MAX) {
        decode(world, &input);
        sim_cycle end = 0;
        simulate(world, 0, &end, &plain);
        if (!plain.done)
            abort();
        simulate(world, size % 2 ? KERNEL_EVERY_CYCLE : KERNEL_EVERY_CYCLE | KERNEL_REVERSED, &end,
                 &other);
        if (memcmp(&plain, &other, sizeof plain) != 0)
            abort();
    }
    free(world);
    return 0;
}
