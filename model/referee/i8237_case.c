/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * i8237_case: building, and the player of scripts.
 *
 * The player is a unit on the bus. What it changes "in H of clock k" it puts in the step of half 2 k,
 * so that it holds from half 2 k + 1 on (traces/golden/i8237/README.md, "Replay").
 */
#include "referee/i8237_case.h"
#include "plan/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct player_line {
    bool level;        /* active */
    bool acknowledged; /* DACK was active in the half before */
    bool dropped;
    uint32_t services;  /* begun: DREQ fell in S2 */
    uint32_t transfers; /* S2 seen */
    sim_cycle rise_at;  /* half whose step raises it, SIM_NEVER: none */
};

struct i8237_player {
    struct unit unit;
    struct i8237_case *wiring;
    int slave;
    struct player_line lines[ISA_CHANNELS];
    struct isa_slave_out out;
    uint8_t state;      /* of the half before */
    bool sampled;       /* READY was looked at in this transfer */
    uint32_t low_left;  /* samples still to be low in this transfer */
    uint32_t transfers; /* S2 seen, of all channels */
    sim_cycle changed;  /* half in which the row last changed */
    struct isa_row row;
};

static void put_request(struct i8237_player *self, unsigned channel, bool active)
{
    self->lines[channel].level = active;
    isa_request(self->wiring->bus, 0, channel, self->wiring->kernel.now,
                active != self->wiring->scripts[channel].low);
}

/* True if DACK of the channel is active in this half. */
static bool acknowledged(const struct i8237_player *self, unsigned channel)
{
    bool high = self->wiring->chip->command & I8237_DACK_HIGH;
    return isa_dack(self->wiring->bus, 0, channel) == high;
}

static void play_request(struct i8237_player *self, unsigned channel, bool begins, sim_cycle now)
{
    const struct i8237_script *script = &self->wiring->scripts[channel];
    struct player_line *line = &self->lines[channel];
    const struct isa_row *row = &self->wiring->bus->row;
    bool dack = acknowledged(self, channel);
    bool first_half = !isa_second_half(now);
    if (begins && dack)
        line->transfers++;
    if (now == line->rise_at) {
        line->rise_at = SIM_NEVER;
        put_request(self, channel, true);
    }
    if (script->request == I8237_REQUEST_PULSE) {
        if (first_half && line->level && dack && row->state == I8237_S2) {
            put_request(self, channel, false);
            line->services++;
        }
        if (line->acknowledged && !dack && line->services < script->services)
            line->rise_at = now + 2 * ((sim_cycle)script->gap - 1);
        if (now == line->rise_at) {
            line->rise_at = SIM_NEVER;
            put_request(self, channel, true);
        }
    }
    if (script->request == I8237_REQUEST_UNTIL_EOP && line->level && dack && !row->eop_n)
        put_request(self, channel, false);
    if (script->drop_transfer && !line->dropped && first_half && dack &&
        line->transfers == script->drop_transfer && row->state == script->drop_state) {
        line->dropped = true;
        put_request(self, channel, false);
        line->rise_at = now + 2 * (sim_cycle)script->drop_clocks;
    }
    line->acknowledged = dack;
}

/* The state at whose end READY is first looked at. */
static bool first_sample(const struct i8237_player *self, uint8_t state)
{
    if (self->wiring->chip->command & I8237_COMPRESSED &&
        !(self->wiring->chip->command & I8237_MEMORY_TO_MEMORY))
        return state == I8237_S2;
    return state == I8237_S3 || state == I8237_S13 || state == I8237_S23;
}

static void play_ready(struct i8237_player *self, bool begins, sim_cycle now)
{
    const struct isa_row *row = &self->wiring->bus->row;
    if (begins)
        self->low_left = self->wiring->ready_low;
    if (!isa_second_half(now)) {
        if (begins || first_sample(self, row->state))
            self->out.not_ready = self->low_left > 0;
    } else if (self->low_left > 0 && (first_sample(self, row->state) || row->state == I8237_SW)) {
        self->low_left--;
        self->out.not_ready = self->low_left > 0;
    }
    if (row->state == I8237_S4 || row->state == I8237_S14 || row->state == I8237_S24)
        self->out.not_ready = false;
}

static void play_eop(struct i8237_player *self, bool begins)
{
    const struct isa_row *row = &self->wiring->bus->row;
    if (begins && self->transfers == self->wiring->eop_transfer)
        self->out.eop = true;
    if (row->state == I8237_S4 || row->state == I8237_S14 || row->state == I8237_S24)
        self->out.eop = false;
}

static sim_cycle player_step(void *instance, sim_cycle now)
{
    struct i8237_player *self = instance;
    const struct isa_row *row = &self->wiring->bus->row;
    bool begins = row->state != self->state &&
                  (row->state == I8237_S2 || row->state == I8237_S12 || row->state == I8237_S22);
    if (begins)
        self->transfers++;
    for (unsigned channel = 0; channel < ISA_CHANNELS; channel++)
        if (self->wiring->scripts[channel].request != I8237_REQUEST_NONE)
            play_request(self, channel, begins, now);
    if (self->wiring->ready_low)
        play_ready(self, begins, now);
    if (self->wiring->eop_transfer)
        play_eop(self, begins);
    if (self->wiring->ready_low || self->wiring->eop_transfer)
        isa_slave_drive(self->wiring->bus, self->slave, &self->out);
    if (memcmp(row, &self->row, sizeof *row) != 0) {
        self->row = *row;
        self->changed = now;
    }
    self->state = row->state;
    return now + 1;
}

/* ---- building -------------------------------------------------------------------------------- */

static void fail(struct check *check, const struct component *component, const char *parameter,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

static void fail(struct check *check, const struct component *component, const char *parameter,
                 const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s.%s: ", component ? component->name : "system", parameter ? parameter : "");
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    check->failures++;
}

void i8237_case_init(struct i8237_case *self)
{
    *self = (struct i8237_case){.controllers = 1, .start_clock = 2};
    self->clock_config.period_ps = I8237_CASE_PERIOD_PS;
    self->bus_config = (struct isa_bus_config){.hlda_clocks = 1, .width_bits = 8};
    for (unsigned i = 0; i < 2; i++)
        self->dma_config[i] = (struct i8237_config){.port_step = 1,
                                                    .moves = I8237_BYTES,
                                                    .port = i ? 0xc0 : 0,
                                                    .cascade = i ? 0 : UINT16_MAX,
                                                    .pages = i ? UINT16_MAX : 0};
    self->pages_config.port = 0x80;
    self->memory_config = (struct isa_memory_config){.size_bytes = I8237_CASE_MEMORY,
                                                     .fill = {.pattern = STORE_COUNT}};
}

static int create(struct build *build, enum component_section section, struct component *components,
                  uint32_t count)
{
    build->plan->components[section] = components;
    build->plan->counts[section] = count;
    for (uint32_t i = 0; i < count; i++) {
        int code = components[i].type->create(build, &components[i]);
        if (code != DMASIM_OK)
            return code;
    }
    return DMASIM_OK;
}

static int add_player(struct i8237_case *self)
{
    struct i8237_player *player = arena_alloc(&self->arena, sizeof *player);
    if (!player)
        return DMASIM_MEMORY;
    self->player = player;
    player->wiring = self;
    kernel_add(&self->kernel, &player->unit, "player", self->isa.clock, player_step, player);
    player->slave = isa_bus_add_slave(self->bus, &player->unit, "player", 0);
    for (unsigned channel = 0; channel < ISA_CHANNELS; channel++) {
        const struct i8237_script *script = &self->scripts[channel];
        player->lines[channel].rise_at = SIM_NEVER;
        if (script->low)
            self->chip->lines[channel].request.value = self->chip->lines[channel].request.before =
                1;
        if (script->request != I8237_REQUEST_NONE)
            player->lines[channel].rise_at = 2 * (sim_cycle)self->start_clock;
    }
    return player->slave == ISA_NOBODY ? DMASIM_INVALID : DMASIM_OK;
}

int i8237_case_build(struct i8237_case *self)
{
    struct check check = {.fail = fail};
    kernel_init(&self->kernel, &self->arena);
    struct build build = {
        .kernel = &self->kernel, .plan = &self->plan, .check = &check, .probes = &self->probes};
    self->clock =
        (struct component){.name = "clk", .type = &clock_type, .config = &self->clock_config};
    self->isa = (struct component){.name = "isa", .type = &isa_type, .config = &self->bus_config};
    for (unsigned i = 0; i < 2; i++)
        self->dma[i] = (struct component){
            .name = i ? "dma1" : "dma0", .type = &i8237_type, .config = &self->dma_config[i]};
    self->memory =
        (struct component){.name = "ram", .type = &isa_memory_type, .config = &self->memory_config};
    self->pages =
        (struct component){.name = "pages", .type = &isa_pages_type, .config = &self->pages_config};

    int code = create(&build, SECTION_CLOCKS, &self->clock, 1);
    if (code == DMASIM_OK)
        code = create(&build, SECTION_BUSES, &self->isa, 1);
    if (code == DMASIM_OK)
        code = create(&build, SECTION_CONTROLLERS, self->dma, self->controllers);
    if (code == DMASIM_OK)
        code = create(&build, SECTION_MEMORIES, &self->memory, 1);
    if (code == DMASIM_OK)
        code = create(&build, SECTION_PERIPHERALS, &self->pages, 1);
    for (uint32_t i = 0; code == DMASIM_OK && i < self->controllers; i++)
        code = i8237_type.complete(&build, &self->dma[i]);
    if (code != DMASIM_OK)
        return code;
    self->bus = self->isa.instance;
    self->chip = self->dma[0].instance;
    code = add_player(self);
    struct dmasim_error error;
    return code == DMASIM_OK ? kernel_seal(&self->kernel, self->flags, &error) : code;
}

void i8237_case_free(struct i8237_case *self)
{
    arena_free(&self->arena);
}

/* ---- driving --------------------------------------------------------------------------------- */

void i8237_case_out(struct i8237_case *self, unsigned controller, unsigned port, uint8_t value)
{
    uint64_t word = value;
    i8237_type.access(&self->dma[controller], port, 1, true, &word);
}

uint8_t i8237_case_in(struct i8237_case *self, unsigned controller, unsigned port)
{
    uint64_t word = 0;
    i8237_type.access(&self->dma[controller], port, 1, false, &word);
    return (uint8_t)word;
}

void i8237_case_channel(struct i8237_case *self, unsigned channel, uint8_t mode, uint32_t address,
                        uint32_t count)
{
    static const uint8_t pages[ISA_CHANNELS] = {7, 3, 1, 2};
    uint64_t page = address >> 16 & 0xff;
    i8237_case_out(self, 0, I8237_MASK, (uint8_t)(4 | channel));
    i8237_case_out(self, 0, I8237_CLEAR_POINTER, 0);
    i8237_case_out(self, 0, I8237_MODE, (uint8_t)(mode | channel));
    isa_pages_type.access(&self->pages, pages[channel], 1, true, &page);
    i8237_case_out(self, 0, 2 * channel, (uint8_t)address);
    i8237_case_out(self, 0, 2 * channel, (uint8_t)(address >> 8));
    i8237_case_out(self, 0, 2 * channel + 1, (uint8_t)(count - 1));
    i8237_case_out(self, 0, 2 * channel + 1, (uint8_t)((count - 1) >> 8));
    i8237_case_out(self, 0, I8237_MASK, (uint8_t)channel);
}

void i8237_case_to(struct i8237_case *self, sim_cycle half)
{
    kernel_advance(&self->kernel, clock_time(self->isa.clock, half), 0);
}

bool i8237_case_run(struct i8237_case *self, sim_cycle clocks, sim_cycle quiet)
{
    for (;;) {
        sim_cycle at = self->isa.clock->time == SIM_NEVER ? 0 : self->isa.clock->cycle;
        bool waits = false;
        for (unsigned channel = 0; channel < ISA_CHANNELS; channel++)
            waits |= self->player->lines[channel].rise_at != SIM_NEVER;
        if (!waits && at > self->player->changed + 2 * quiet)
            return true;
        if (at >= 2 * clocks)
            return false;
        i8237_case_to(self, at + 2 * (quiet < clocks ? quiet : clocks) + 1);
    }
}

void i8237_case_pull(struct i8237_case *self, bool not_ready, bool eop)
{
    self->player->out.not_ready = not_ready;
    self->player->out.eop = eop;
    isa_slave_drive(self->bus, self->player->slave, &self->player->out);
}

void i8237_case_dreq(struct i8237_case *self, unsigned channel, bool level)
{
    isa_request(self->bus, 0, channel, self->kernel.now, level);
}
