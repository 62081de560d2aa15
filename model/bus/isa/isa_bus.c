/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * isa_bus: the wires of an ISA bus, and the CPU's side of HOLD and HLDA.
 *
 *   half     2k    2k+1  ...            2(k+N)+1        2j+1            2j+3
 *   HRQ      ______/--------------------- ... ----------\_______________
 *   HLDA     ____________________________/-------- ... -----------------\____
 *
 * Timing
 *   - HLDA rises `hlda_clocks` (N) clocks after HRQ, in the second half of a clock, or in the first
 *     clock after the CPU's bus cycle if that ends later. It falls one clock after HRQ.
 *   - A command (MEMR, MEMW, IOR, IOW) selects its slave in the half in which it goes on. What a
 *     slave puts on the bus in answer is there from the next half on. A write is taken when its command
 *     goes off: the data are those of the half before.
 *   - A slave with W wait states holds READY low from the command on until W samples of it were
 *     low; it rises in the first half of the clock after the last of them.
 *   - `dma_waits` adds to the wait states of each DMA cycle but those of a refresh (IBM 5160 Technical Reference:
 *     a DMA cycle takes five clocks, that of a refresh four).
 *   - While AEN is high ports are not decoded: IOR and IOW select the slave whose DACK is active.
 *
 * Inaccuracies
 *   - No set-up, hold or propagation times: everything changes where a half begins.
 *   - BALE, the byte lanes of a 16-bit slot (SBHE, MEMCS16, IOCS16) and MASTER are left out: a word
 *     moves as one.
 *   - Two masters that drive at once: the host wins, then controller 0.
 *   - A bus that nobody drives carries ones.
 */
#include "bus/isa/isa.h"
#include "kernel/base.h"
#include "plan/log.h"

#include <string.h>

/* ---- probes ---------------------------------------------------------------------------------- */

enum { WIDTH_DATA = 254, WIDTH_CHANNELS = 255 }; /* filled in when a bus knows them */

#define ROW(member, width, how) PROBE_FIELD(isa_row, member, #member, width, how)
static const struct probe_field row_fields[] = {
    ROW(state, 4, PROBE_NAME),
    ROW(dreq, WIDTH_CHANNELS, PROBE_HEX),
    ROW(hrq, 1, PROBE_DECIMAL),
    ROW(hlda, 1, PROBE_DECIMAL),
    PROBE_FIELD(isa_row, dack, "dack_n", WIDTH_CHANNELS, PROBE_HEX),
    ROW(aen, 1, PROBE_DECIMAL),
    ROW(adstb, 1, PROBE_DECIMAL),
    ROW(memr_n, 1, PROBE_DECIMAL),
    ROW(memw_n, 1, PROBE_DECIMAL),
    ROW(ior_n, 1, PROBE_DECIMAL),
    ROW(iow_n, 1, PROBE_DECIMAL),
    ROW(ready, 1, PROBE_DECIMAL),
    ROW(eop_n, 1, PROBE_DECIMAL),
    ROW(address, 24, PROBE_HEX_PADDED),
    ROW(data, WIDTH_DATA, PROBE_HEX_PADDED),
};
enum { ROW_STATE };

static const char *const command_names[16] = {
    [0] = "-",
    [1 << ISA_MEMR] = "MEMR",
    [1 << ISA_MEMW] = "MEMW",
    [1 << ISA_MEMR | 1 << ISA_MEMW] = "MEMR+MEMW",
    [1 << ISA_IOR] = "IOR",
    [1 << ISA_IOR | 1 << ISA_MEMR] = "IOR+MEMR",
    [1 << ISA_IOR | 1 << ISA_MEMW] = "IOR+MEMW",
    [1 << ISA_IOR | ISA_MEMORY_LINES] = "IOR+MEMR+MEMW",
    [1 << ISA_IOW] = "IOW",
    [1 << ISA_IOW | 1 << ISA_MEMR] = "MEMR+IOW",
    [1 << ISA_IOW | 1 << ISA_MEMW] = "IOW+MEMW",
    [1 << ISA_IOW | ISA_MEMORY_LINES] = "IOW+MEMR+MEMW",
    [ISA_IO_LINES] = "IOR+IOW",
    [ISA_IO_LINES | 1 << ISA_MEMR] = "IOR+IOW+MEMR",
    [ISA_IO_LINES | 1 << ISA_MEMW] = "IOR+IOW+MEMW",
    [ISA_IO_LINES | ISA_MEMORY_LINES] = "IOR+IOW+MEMR+MEMW",
};

#define CYCLE(member, width, how) PROBE_FIELD(isa_cycle_record, member, #member, width, how)
static const struct probe_field cycle_fields[] = {
    CYCLE(start_cycle, 0, PROBE_DECIMAL),
    CYCLE(master, 0, PROBE_TEXT),
    {.name = "command",
     .offset = offsetof(struct isa_cycle_record, commands),
     .size_bytes = 1,
     .radix = PROBE_NAME,
     .names = command_names,
     .name_count = COUNT(command_names)},
    CYCLE(dma, 0, PROBE_DECIMAL),
    CYCLE(channel, 0, PROBE_DECIMAL),
    CYCLE(memory, 0, PROBE_TEXT),
    CYCLE(device, 0, PROBE_TEXT),
    CYCLE(address, 24, PROBE_HEX_PADDED),
    CYCLE(bytes, 0, PROBE_DECIMAL),
    CYCLE(data, 16, PROBE_HEX_PADDED),
    CYCLE(eop, 0, PROBE_DECIMAL),
};

static const struct probe_type cycle_probe_type = {
    .name = "isa_cycle",
    .kind = PROBE_EVENT,
    .fields = cycle_fields,
    .field_count = COUNT(cycle_fields),
    .record_bytes = sizeof(struct isa_cycle_record),
};

/* ---- one half -------------------------------------------------------------------------------- */

static unsigned bit(unsigned n)
{
    return 1u << n;
}

static int decode(const struct isa_bus *self, enum isa_line line, const struct isa_row *row)
{
    bool port = bit(line) & ISA_IO_LINES;
    if (port && row->aen) {
        for (uint32_t i = 0; i < self->slave_count; i++) {
            const struct isa_port *slave = &self->slaves[i];
            if (slave->controller >= 0 &&
                (row->dack >> (ISA_CHANNELS * (unsigned)slave->controller + slave->channel) & 1) ==
                    slave->dack_high)
                return (int)i;
        }
        return ISA_NOBODY;
    }
    uint32_t address = port ? row->address & ISA_PORT_LAST : row->address;
    for (uint32_t i = 0; i < self->window_count; i++) {
        const struct isa_window *window = &self->windows[i];
        if (window->port == port && address >= window->base && address <= window->last)
            return window->slave;
    }
    return ISA_NOBODY;
}

/* Who drives address and commands; null if nobody does. */
static const struct isa_master_out *driver(const struct isa_bus *self, const char **name)
{
    static const struct isa_master_out nobody = {.sample = SIM_NEVER};
    if (self->host.drives) {
        *name = self->host_name;
        return &self->host;
    }
    for (uint32_t i = 0; i < self->controller_count; i++)
        if (self->controllers[i].out.drives) {
            *name = self->controllers[i].name;
            return &self->controllers[i].out;
        }
    *name = "-";
    return &nobody;
}

const char *isa_bus_owner(const struct isa_bus *self)
{
    return self->owner;
}

static void settle_controllers(struct isa_bus *self, struct isa_row *row)
{
    bool eop = false;
    row->dack = 0;
    for (uint32_t i = 0; i < self->controller_count; i++) {
        const struct isa_controller *controller = &self->controllers[i];
        const struct isa_master_out *out = &controller->out;
        row->dack |= (uint8_t)(out->dack << (ISA_CHANNELS * i));
        row->aen |= out->aen;
        row->adstb |= out->adstb;
        eop |= out->eop;
        if (i == 0) {
            row->hrq = out->hrq;
            row->state = out->state;
        }
        if (out->drives)
            row->state = out->state;
        for (unsigned channel = 0; channel < ISA_CHANNELS; channel++) {
            const struct wire *request = &controller->lines[channel].request;
            if (wire_get(request, self->unit.clock->kernel->now) & 1)
                row->dreq |= (uint8_t)bit(ISA_CHANNELS * i + channel);
        }
    }
    self->eop_in = false;
    for (uint32_t i = 0; i < self->slave_count; i++)
        self->eop_in |= self->slaves[i].out.eop;
    row->eop_n = !(eop || self->eop_in);
}

/* The data lines: the master, or the slaves of the commands that read. */
static void settle_data(const struct isa_bus *self, struct isa_row *row,
                        const struct isa_master_out *out)
{
    row->data = (uint16_t)(bit(self->config.width_bits) - 1);
    for (uint32_t i = 0; i < self->controller_count; i++)
        if (self->controllers[i].out.drives_data)
            row->data &= self->controllers[i].out.data;
    if (out->drives_data && out == &self->host)
        row->data = out->data;
    for (unsigned line = 0; line < ISA_LINES; line++) {
        int slave = self->command[line].slave;
        if ((row->commands >> line & 1) && slave >= 0 && self->slaves[slave].out.drives_data)
            row->data &= self->slaves[slave].out.data;
    }
}

/* True if the DACK of one that refreshes is active. */
static bool refreshes(const struct isa_bus *self, const struct isa_row *row)
{
    for (uint32_t i = 0; self->refreshing && i < self->slave_count; i++) {
        const struct isa_port *slave = &self->slaves[i];
        if (slave->refreshes &&
            (row->dack >> (ISA_CHANNELS * (unsigned)slave->controller + slave->channel) & 1) ==
                slave->dack_high)
            return true;
    }
    return false;
}

/* READY of this half. A slave that holds late does so from the half on at whose end READY is looked at, unless the
 * command goes on only there. Returns the half in which it changes by itself. */
static sim_cycle settle_ready(struct isa_bus *self, struct isa_row *row,
                              const struct isa_master_out *out, sim_cycle now)
{
    sim_cycle ready_at = 0, held_at = 0;
    row->ready = 1;
    self->holding = 0;
    for (uint32_t i = 0; i < self->slave_count; i++)
        row->ready &= !self->slaves[i].out.not_ready;
    for (unsigned lines = row->commands; lines; lines &= lines - 1) {
        const struct isa_command *command = &self->command[__builtin_ctz(lines)];
        const struct isa_port *slave = command->slave >= 0 ? &self->slaves[command->slave] : NULL;
        if (!slave || !slave->holds || slave->out.released)
            continue;
        self->holding |= bit((unsigned)command->slave);
        if (!slave->holds_late || (now >= out->sample && command->begun < out->sample))
            row->ready = 0;
        else if (now < out->sample)
            held_at = out->sample;
    }
    if (out->sample == SIM_NEVER)
        return SIM_NEVER;
    const uint32_t board = out != &self->host && self->config.dma_waits && !refreshes(self, row)
                               ? self->config.dma_waits
                               : 0;
    for (unsigned line = 0; line < ISA_LINES; line++) {
        int slave = self->command[line].slave;
        if (!(row->commands >> line & 1))
            continue;
        uint32_t waits = slave >= 0 ? self->slaves[slave].wait_states : 0;
        if (out == &self->host) {
            bool port = bit(line) & ISA_IO_LINES;
            waits += port ? self->config.cpu_io_waits : self->config.cpu_memory_waits;
        }
        waits += board;
        if (waits > 0 && out->sample + 2 * (sim_cycle)waits - 1 > ready_at)
            ready_at = out->sample + 2 * (sim_cycle)waits - 1;
    }
    row->ready &= now >= ready_at;
    if (held_at > now && (ready_at <= now || held_at < ready_at))
        return held_at;
    return now < ready_at ? ready_at : SIM_NEVER;
}

/* A command at which nobody answers: a read gets what is left on the lines, a write is lost. */
static void tell_nobody(const struct isa_bus *self, enum isa_line line, const struct isa_row *row)
{
    const bool port = bit(line) & ISA_IO_LINES, write = line == ISA_MEMW || line == ISA_IOW;
    const char *by = NULL;
    if (refreshes(self, row) || !driver(self, &by))
        return;
    if (port && row->aen) {
        log_say(
            &self->unit,
            &(struct log_line){.level = LOG_WARNING, .kind = LOG_BUS, .of = self->name},
            "no device has a DACK of its own when %s %s a port: DMA at a channel without a device",
            by, write ? "writes" : "reads");
        return;
    }
    const uint64_t address = port ? ISA_PORT_BASE + (row->address & ISA_PORT_LAST) : row->address;
    log_say(&self->unit,
            &(struct log_line){.level = row->aen ? LOG_WARNING : LOG_NOTE,
                               .kind = LOG_BUS,
                               .unmapped = true,
                               .of = self->name,
                               .bus = self->name,
                               .address = address},
            "nobody answers a %s of %s 0x%0*x by %s%s", write ? "write" : "read",
            port ? "port" : "memory", port ? 3 : 6,
            (unsigned)(port ? row->address & ISA_PORT_LAST : row->address), by,
            write ? ": it is lost" : ": it gets what is on the lines");
}

/* Commands that go on or off with this half. */
static void take_commands(struct isa_bus *self, const struct isa_row *old, struct isa_row *row,
                          const struct isa_master_out *out, sim_cycle now)
{
    unsigned ended = old->commands & ~row->commands;
    unsigned begun = row->commands & ~old->commands;
    for (unsigned lines = ended; lines; lines &= lines - 1) {
        struct isa_command *command = &self->command[__builtin_ctz(lines)];
        command->ended = now;
        command->data = old->data;
        command->eop = !old->eop_n;
        if (command->slave >= 0)
            unit_wake_now(self->slaves[command->slave].unit);
    }
    for (unsigned lines = begun; lines; lines &= lines - 1) {
        enum isa_line line = (enum isa_line)__builtin_ctz(lines);
        struct isa_command *command = &self->command[line];
        command->begun = now;
        command->address = row->address;
        command->bytes = out->bytes;
        command->dma = row->aen;
        command->slave = (int16_t)decode(self, line, row);
        if (command->slave >= 0)
            unit_wake_now(self->slaves[command->slave].unit);
        else if (log_wanted(&self->unit))
            tell_nobody(self, line, row);
    }
}

static const char *slave_name(const struct isa_bus *self, unsigned lines)
{
    for (; lines; lines &= lines - 1) {
        int slave = self->command[__builtin_ctz(lines)].slave;
        if (slave >= 0)
            return self->slaves[slave].name;
    }
    return "-";
}

static void publish_cycle(struct isa_bus *self, const struct isa_row *last, sim_cycle now)
{
    struct isa_cycle_record *cycle = &self->cycle;
    cycle->data = last->data;
    cycle->memory = slave_name(self, cycle->commands & ISA_MEMORY_LINES);
    cycle->device = slave_name(self, cycle->commands & ISA_IO_LINES);
    cycle->eop = !last->eop_n;
    probe_publish(&self->cycle_probe, now, cycle);
    const bool io = !(cycle->commands & ISA_MEMORY_LINES);
    const bool write = cycle->commands & (io ? bit(ISA_IOW) : bit(ISA_MEMW));
    struct beat_figures *figures = &self->figures[self->cycle_master];
    if (self->firsts[self->cycle_master] == SIM_NEVER)
        self->firsts[self->cycle_master] = now;
    *(write ? &figures->writes : &figures->reads) += 1;
    figures->bytes += cycle->bytes;
    /* READY is looked at where this half and every second one after it ends. */
    if (self->cycle_sample != SIM_NEVER && self->ready_rose > self->cycle_sample)
        figures->waits += (self->ready_rose - self->cycle_sample + 1) / 2 * ISA_HALVES;
    if (!probe_observed(&self->beat_probe))
        return;
    struct bus_beat_record beat = {
        .master = cycle->master,
        .slave = io ? cycle->device : cycle->memory,
        .kind = command_names[cycle->commands & 0xf],
        .address = io ? ISA_PORT_BASE + cycle->address : cycle->address,
        .start_cycle = cycle->start_cycle,
        .write = write,
        .bytes = cycle->bytes,
    };
    probe_publish(&self->beat_probe, now, &beat);
}

static void follow_cycle(struct isa_bus *self, const struct isa_row *old,
                         const struct isa_master_out *out, const char *master, sim_cycle now)
{
    const struct isa_row *row = &self->row;
    struct isa_cycle_record *cycle = &self->cycle;
    if (old->commands && !row->commands)
        publish_cycle(self, old, now);
    if (!old->commands && row->commands) {
        self->cycle_master = 0;
        for (uint32_t i = 0; i < self->controller_count; i++)
            if (out == &self->controllers[i].out)
                self->cycle_master = (uint8_t)(1 + i);
        self->cycle_sample = out->sample;
        self->ready_rose = 0;
        *cycle = (struct isa_cycle_record){.start_cycle = now,
                                           .master = master,
                                           .address = row->address,
                                           .channel = out->channel,
                                           .dma = row->aen,
                                           .bytes = out->bytes};
    }
    cycle->commands |= row->commands;
}

/* Steps, in this half, whom a change of HRQ, HLDA, DACK, READY or EOP concerns. */
static void wake_others(struct isa_bus *self, const struct isa_row *old, uint32_t was_holding)
{
    const struct isa_row *row = &self->row;
    const bool waits = old->ready != row->ready || old->eop_n != row->eop_n;
    if (old->hlda != row->hlda || old->dack != row->dack || waits)
        for (uint32_t i = 0; i < self->controller_count; i++)
            unit_wake_now(self->controllers[i].unit);
    if ((old->hlda != row->hlda || old->hrq != row->hrq || waits) && self->host_unit)
        unit_wake_now(self->host_unit);
    if (was_holding & ~self->holding)
        for (uint32_t left = self->holding; left; left &= left - 1)
            unit_wake_now(self->slaves[__builtin_ctz(left)].unit);
    if (old->dack == row->dack && old->eop_n == row->eop_n)
        return;
    for (uint32_t i = 0; i < self->slave_count; i++)
        if (self->slaves[i].controller >= 0)
            unit_wake_now(self->slaves[i].unit);
}

/* HLDA from the next half on. Returns the half at which this must be looked at again. */
static sim_cycle hold(struct isa_bus *self, sim_cycle now)
{
    if (!self->row.hrq)
        self->hrq_since = SIM_NEVER;
    else if (self->hrq_since == SIM_NEVER)
        self->hrq_since = now;
    sim_cycle at = SIM_NEVER;
    if (self->hlda && !self->row.hrq)
        at = now;
    else if (!self->hlda && self->row.hrq && !self->host.busy)
        at = self->hrq_since + 2 * (sim_cycle)self->config.hlda_clocks - 1;
    if (at == SIM_NEVER)
        return SIM_NEVER;
    if (at > now)
        return at;
    if (!isa_second_half(now))
        self->hlda = !self->hlda;
    return now + 1;
}

/* Controllers that ask for a bus that is not theirs in this half. The sum is that of ends, less that of begins. */
static void count_asking(struct isa_bus *self, sim_cycle now)
{
    unsigned asking = 0;
    for (uint32_t i = 0; i < self->controller_count; i++) {
        const struct isa_master_out *out = &self->controllers[i].out;
        if (out->hrq && !(i == 0 ? self->row.hlda : out->aen))
            asking |= bit(i);
    }
    for (unsigned changed = asking ^ self->asking; changed; changed &= changed - 1) {
        const unsigned i = (unsigned)__builtin_ctz(changed);
        self->figures[1 + i].grant_waits += asking >> i & 1 ? -now : now;
    }
    self->asking = (uint8_t)asking;
}

struct beat_figures isa_bus_figures(const struct isa_bus *self, uint32_t master, sim_time now)
{
    struct beat_figures figures = self->figures[master];
    if (master == 0)
        figures.grant_waits = self->host_held ? *self->host_held : 0;
    else if (self->asking >> (master - 1) & 1)
        figures.grant_waits += clock_edge_after(self->unit.clock, now);
    return figures;
}

static sim_cycle isa_bus_step(void *instance, sim_cycle now)
{
    struct isa_bus *self = instance;
    const struct isa_row old = self->row;
    const uint32_t was_holding = self->holding;
    struct isa_row row;
    const char *master;
    memset(&row, 0, sizeof row); /* observers compare bytes */
    const struct isa_master_out *out = driver(self, &master);
    self->view = now;
    self->owner = out->drives ? master : NULL;
    row.hlda = self->hlda;
    settle_controllers(self, &row);
    row.address = out->address;
    row.commands = out->commands;
    row.memr_n = !(row.commands >> ISA_MEMR & 1);
    row.memw_n = !(row.commands >> ISA_MEMW & 1);
    row.ior_n = !(row.commands >> ISA_IOR & 1);
    row.iow_n = !(row.commands >> ISA_IOW & 1);
    take_commands(self, &old, &row, out, now);
    settle_data(self, &row, out);
    sim_cycle next = settle_ready(self, &row, out, now);
    self->row = row;
    if (row.ready && !old.ready)
        self->ready_rose = now;
    count_asking(self, now);
    if (old.commands != row.commands)
        follow_cycle(self, &old, out, master, now);
    wake_others(self, &old, was_holding);
    probe_publish(&self->row_probe, now, &self->row);
    sim_cycle held = hold(self, now);
    return held < next ? held : next;
}

/* ---- for units on the bus -------------------------------------------------------------------- */

static bool same_out(const struct isa_master_out *a, const struct isa_master_out *b)
{
    return a->address == b->address && a->data == b->data && a->commands == b->commands &&
           a->bytes == b->bytes && a->dack == b->dack && a->state == b->state &&
           a->channel == b->channel && a->drives == b->drives && a->drives_data == b->drives_data &&
           a->aen == b->aen && a->adstb == b->adstb && a->hrq == b->hrq && a->eop == b->eop &&
           a->busy == b->busy && a->sample == b->sample;
}

static void drive(struct isa_bus *self, struct isa_master_out *mine,
                  const struct isa_master_out *out)
{
    if (same_out(mine, out))
        return;
    *mine = *out;
    unit_wake(&self->unit);
}

void isa_controller_drive(struct isa_bus *self, int controller, const struct isa_master_out *out)
{
    drive(self, &self->controllers[controller].out, out);
}

void isa_bus_drive_host(struct isa_bus *self, const struct isa_master_out *out)
{
    drive(self, &self->host, out);
}

void isa_slave_drive(struct isa_bus *self, int slave, const struct isa_slave_out *out)
{
    struct isa_slave_out *mine = &self->slaves[slave].out;
    if (mine->data == out->data && mine->drives_data == out->drives_data &&
        mine->not_ready == out->not_ready && mine->released == out->released &&
        mine->eop == out->eop)
        return;
    *mine = *out;
    unit_wake(&self->unit);
}

sim_cycle isa_data_at(const struct isa_bus *self, int slave, sim_cycle now)
{
    const char *name;
    const struct isa_master_out *out = driver(self, &name);
    if (self->holding & ~bit((unsigned)slave))
        return SIM_NEVER;
    for (unsigned lines = self->row.commands & (bit(ISA_MEMR) | bit(ISA_IOR)); lines;
         lines &= lines - 1)
        if (self->command[__builtin_ctz(lines)].begun >= now)
            return now + 1; /* what it reads is on the bus from the next half on */
    if (out->sample == SIM_NEVER || now + 1 >= out->sample)
        return now;
    return out->sample - 1;
}

void isa_request(struct isa_bus *self, int controller, unsigned channel, sim_time now, bool level)
{
    struct wire *request = &self->controllers[controller].lines[channel].request;
    if (request->value == level)
        return;
    wire_put(request, now, level);
    unit_wake(&self->unit);
}

/* ---- building -------------------------------------------------------------------------------- */

struct isa_bus *isa_bus_create(struct kernel *kernel, const char *name, struct clock *clock,
                               const struct isa_bus_config *config)
{
    struct isa_bus *self = arena_alloc(kernel->arena, sizeof *self);
    struct probe_field *fields = arena_alloc(kernel->arena, sizeof row_fields);
    struct probe_type *type = arena_alloc(kernel->arena, sizeof *type);
    if (!self || !fields || !type)
        return NULL;
    self->name = name;
    self->config = *config;
    self->host_name = "-";
    self->view = SIM_NEVER;
    self->hrq_since = SIM_NEVER;
    for (unsigned i = 0; i <= ISA_CONTROLLERS_MAX; i++)
        self->firsts[i] = SIM_NEVER;
    for (unsigned line = 0; line < ISA_LINES; line++)
        self->command[line] =
            (struct isa_command){.begun = SIM_NEVER, .ended = SIM_NEVER, .slave = ISA_NOBODY};
    kernel_add(kernel, &self->unit, name, clock, isa_bus_step, self);
    self->unit.round = &isa_bus_round;

    memcpy(fields, row_fields, sizeof row_fields);
    for (size_t i = 0; i < COUNT(row_fields); i++) {
        if (fields[i].width_bits == WIDTH_DATA)
            fields[i].width_bits = (uint8_t)config->width_bits;
        else if (fields[i].width_bits == WIDTH_CHANNELS)
            fields[i].width_bits = ISA_CHANNELS;
    }
    self->row_fields = fields;
    *type = (struct probe_type){"isa_row", PROBE_SETTLED, fields, COUNT(row_fields),
                                sizeof(struct isa_row)};
    self->row_probe = (struct probe){.name = name, .type = type, .clock = clock, .owner = self};
    self->cycle_probe =
        (struct probe){.name = name, .type = &cycle_probe_type, .clock = clock, .owner = self};
    self->beat_probe =
        (struct probe){.name = name, .type = &bus_beat_probe_type, .clock = clock, .owner = self};
    return self;
}

bool isa_bus_add_host(struct isa_bus *self, struct unit *unit, const char *name,
                      const uint64_t *held)
{
    if (self->host_unit || kernel_order(unit->clock->kernel, &self->unit, unit) != DMASIM_OK)
        return false;
    self->host_unit = unit;
    self->host_name = name;
    self->host_held = held;
    return true;
}

int isa_bus_add_controller(struct isa_bus *self, struct unit *unit, const char *name,
                           struct dma_handshake *lines, const char *const *state_names,
                           uint16_t state_count)
{
    if (self->controller_count == ISA_CONTROLLERS_MAX ||
        kernel_order(unit->clock->kernel, &self->unit, unit) != DMASIM_OK)
        return ISA_NOBODY;
    int index = (int)self->controller_count++;
    struct isa_controller *controller = &self->controllers[index];
    *controller = (struct isa_controller){.name = name, .unit = unit, .lines = lines};
    self->row_fields[ROW_STATE].names = state_names;
    self->row_fields[ROW_STATE].name_count = state_count;
    for (size_t i = 0; i < COUNT(row_fields); i++)
        if (row_fields[i].width_bits == WIDTH_CHANNELS)
            self->row_fields[i].width_bits = (uint8_t)(ISA_CHANNELS * self->controller_count);
    return index;
}

int isa_bus_add_slave(struct isa_bus *self, struct unit *unit, const char *name,
                      uint32_t wait_states)
{
    if (self->slave_count == ISA_SLAVES_MAX ||
        kernel_order(unit->clock->kernel, &self->unit, unit) != DMASIM_OK)
        return ISA_NOBODY;
    int index = (int)self->slave_count++;
    self->slaves[index] = (struct isa_port){
        .name = name, .unit = unit, .wait_states = wait_states, .controller = ISA_NOBODY};
    return index;
}

int isa_bus_map(struct isa_bus *self, int slave, bool port, uint32_t base, uint32_t last)
{
    if (last < base || last > (port ? ISA_PORT_LAST : ISA_MEMORY_LAST) ||
        self->window_count == ISA_WINDOWS_MAX)
        return DMASIM_INVALID;
    for (uint32_t i = 0; i < self->window_count; i++) {
        const struct isa_window *window = &self->windows[i];
        if (window->port == port && base <= window->last && last >= window->base)
            return DMASIM_INVALID;
    }
    self->windows[self->window_count++] =
        (struct isa_window){.base = base, .last = last, .slave = (uint8_t)slave, .port = port};
    return DMASIM_OK;
}

void isa_bus_refreshes(struct isa_bus *self, int slave)
{
    self->slaves[slave].refreshes = true;
    self->refreshing = true;
}

void isa_bus_holds(struct isa_bus *self, int slave, bool late)
{
    self->slaves[slave].holds = true;
    self->slaves[slave].holds_late = late;
}

void isa_bus_dack(struct isa_bus *self, int slave, int controller, unsigned channel, bool high)
{
    struct isa_port *port = &self->slaves[slave];
    port->controller = (int16_t)controller;
    port->channel = (uint8_t)channel;
    port->dack_high = high;
}
