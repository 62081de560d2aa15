/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * isa_host: a CPU's port on an ISA bus: bus cycles as an 8088 makes them.
 *
 *   clock     T1      T2      T3      TW      T4
 *   half      L   H   L   H   L   H   L   H   L   H
 *   A         <                                   >
 *   command   ________/-----------------------\____     MEMR, MEMW, IOR or IOW
 *   READY                         ^       ^             looked at where T3 and TW end
 *
 * Timing: a bus cycle is four clocks and its wait states; an access of n bytes on a bus of w is n / w
 * of them, back to back. A stall is what is more than that and the half up to the begin of a clock; of it, clocks
 * in which others have the bus or ask for it are waiting for the grant, the rest wait states. The command goes off with T4, and the data of a read are those of the half
 * before. A new bus cycle begins only while HLDA is low. While HRQ is high none begins either, but
 * for one after each HLDA: between two services the CPU gets one bus cycle.
 *
 * Inaccuracies: no instruction fetches; the CPU uses the bus for what its software asks only. No
 * bus error: what nobody answers reads as ones.
 */
#include "bus/isa/isa_component.h"

enum isa_clock { ISA_TI, ISA_T1, ISA_T2, ISA_T3, ISA_T4 };

struct isa_host {
    struct host_port port; /* first */
    struct isa_bus *bus;
    struct host_access access;
    struct isa_master_out out;
    uint64_t value; /* read so far */
    uint32_t moved; /* bytes of the access */
    uint8_t clock;  /* enum isa_clock */
    bool turn;      /* a bus cycle may begin although HRQ is high */
    bool hlda;      /* of the half before */
    sim_cycle
        ready_for; /* first half in which the next bus cycle could begin, if the bus were free */
    uint64_t held; /* halves by which others kept it from that, */
    uint64_t held_before; /* and their sum when the access began */
    sim_cycle aligned;    /* the half up to the begin of a clock */
};

static uint32_t bus_bytes(const struct isa_host *self)
{
    uint32_t width = self->bus->config.width_bits / 8;
    uint32_t address = (uint32_t)self->access.address + self->moved;
    uint32_t left = self->access.bytes * (uint32_t)self->access.beats - self->moved;
    return width > 1 && left > 1 && !(address & 1) ? 2 : 1;
}

/* T1 of the next bus cycle, in the half after this one. */
static void begin(struct isa_host *self, sim_cycle now)
{
    uint32_t address = (uint32_t)self->access.address + self->moved;
    uint32_t bytes = self->access.bytes;
    self->clock = ISA_T1;
    self->turn = false;
    self->held += now + 1 - self->ready_for;
    self->out.address = address & ISA_MEMORY_LAST;
    self->out.bytes = (uint8_t)bus_bytes(self);
    self->out.drives = self->out.busy = true;
    self->out.sample = now + 6; /* the end of T3 */
    if (self->access.write) {
        const uint8_t *data = self->access.data ? self->access.data + self->moved : NULL;
        uint64_t beat = host_access_data(&self->access, self->moved / bytes);
        if (data)
            self->out.data = (uint16_t)(data[0] | (self->out.bytes > 1 ? data[1] << 8 : 0xff00));
        else
            self->out.data = (uint16_t)(beat >> (8 * (self->moved % bytes)));
        if (self->bus->config.width_bits == 8)
            self->out.data &= 0xff;
    }
}

static uint8_t command_of(const struct host_access *access)
{
    bool port = access->address >= ISA_PORT_BASE;
    enum isa_line line =
        port ? (access->write ? ISA_IOW : ISA_IOR) : (access->write ? ISA_MEMW : ISA_MEMR);
    return (uint8_t)(1u << line);
}

/* The end of T3 or TW: the bus cycle is done with T4. */
static void take_data(struct isa_host *self)
{
    unsigned bytes = self->access.bytes;
    uint64_t data = self->bus->row.data & (self->out.bytes > 1 ? 0xffffu : 0xffu);
    if (self->moved % bytes == 0)
        self->value = 0;
    self->value |= data << (8 * (self->moved % bytes));
    for (unsigned i = 0; self->access.data && !self->access.write && i < self->out.bytes; i++)
        self->access.data[self->moved + i] = (uint8_t)(data >> 8 * i);
    self->moved += self->out.bytes;
}

static bool isa_host_edge(struct host_port *port, sim_cycle now, struct host_result *result)
{
    struct isa_host *self = (struct isa_host *)port;
    if (self->hlda != self->bus->row.hlda)
        self->turn = self->hlda;
    self->hlda = self->bus->row.hlda;
    if (!port->busy || !isa_second_half(now))
        return false;
    switch ((enum isa_clock)self->clock) {
    case ISA_TI:
        break;
    case ISA_T1:
        self->clock = ISA_T2;
        self->out.commands = command_of(&self->access);
        self->out.drives_data = self->access.write;
        break;
    case ISA_T2:
        self->clock = ISA_T3;
        break;
    case ISA_T3:
        if (!self->bus->row.ready)
            break;
        self->clock = ISA_T4;
        self->out.commands = 0;
        take_data(self);
        break;
    case ISA_T4: {
        uint32_t bytes = self->access.bytes * (uint32_t)self->access.beats;
        self->clock = ISA_TI;
        self->out.drives = self->out.drives_data = self->out.busy = false;
        self->ready_for = now + 1;
        if (self->moved < bytes)
            break;
        port->busy = false;
        uint32_t width = self->bus->config.width_bits / 8;
        *result = (struct host_result){.value = self->value,
                                       .moved = bytes,
                                       .at_least = self->aligned +
                                                   8 * ((sim_cycle)bytes + width - 1) / width,
                                       .grant = self->held - self->held_before,
                                       .rest_waits = true};
        return true;
    }
    }
    return false;
}

static void isa_host_start(struct host_port *port, sim_cycle now, const struct host_access *access)
{
    struct isa_host *self = (struct isa_host *)port;
    self->access = *access;
    self->moved = 0;
    self->held_before = self->held;
    self->aligned = !isa_second_half(now); /* T1 begins with a clock, so behind a second half */
    self->ready_for = now + 1 + self->aligned;
    port->busy = true;
}

static sim_cycle isa_host_drive(struct host_port *port, sim_cycle now)
{
    struct isa_host *self = (struct isa_host *)port;
    const struct isa_row *row = &self->bus->row;
    bool held = row->hlda || (row->hrq && !self->turn);
    if (port->busy && self->clock == ISA_TI && !held && isa_second_half(now))
        begin(self, now);
    isa_bus_drive_host(self->bus, &self->out);
    if (self->clock == ISA_T3 && now >= self->out.sample && !row->ready)
        return SIM_NEVER; /* READY wakes it */
    return port->busy && (self->clock != ISA_TI || !held) ? now + 1 : SIM_NEVER;
}

/* Of the time in which it may not begin a bus cycle only a sum is made. */
static const struct state_field round_rows[] = {
    {STATE_PART(struct isa_host, out, isa_out_round)},
    {STATE_STAMP(struct isa_host, ready_for), .past = true},
    {STATE_COUNT(struct isa_host, held), .figure = true},
    {STATE_COUNT(struct isa_host, held_before), .figure = true},
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(isa_host, round_rows)};
static const struct round_hooks host_round = {.state = &round_state};

struct host_port *isa_host_port(struct build *build, const struct component *bus,
                                const struct component *host, struct unit *unit)
{
    static const struct host_port_type type = {
        .edge = isa_host_edge, .start = isa_host_start, .drive = isa_host_drive};
    struct isa_host *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self || !round_join(build->kernel, &host_round, self, unit->clock))
        return NULL;
    self->bus = bus->instance;
    self->port = (struct host_port){
        .ids = 1,
        .prots = 1,
        .hints = 1,
        .type = &type,
        .beat_bytes = self->bus->config.width_bits / 8,
        .beats = UINT16_MAX,
        .boundary = ISA_MEMORY_LAST + 1,
        .spaces = {{0, ISA_MEMORY_LAST}, {ISA_PORT_BASE, ISA_PORT_BASE + ISA_PORT_LAST}}};
    self->out.sample = SIM_NEVER;
    if (isa_bus_add_host(self->bus, unit, host->name, &self->held))
        return &self->port;
    build->check->fail(build->check, host, "bus", "bus '%s' has a CPU already: '%s'",
                       self->bus->name, self->bus->host_name);
    return NULL;
}
