/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * isa_device: a device on an ISA bus with DREQ, DACK and a data rate: a floppy controller, a sound
 * card, or what asks for the refresh of a PC's memory.
 *
 *   to_memory    medium --byte--> [ up to `depth` ] --IOR--> bus      DREQ: a byte waits
 *   from_memory  bus --IOW--> [ up to `depth` ] --byte--> medium      DREQ: there is room
 *   refresh      timer --> DREQ, which DACK takes back; no data
 *
 *   half      n     n+1   n+2  ...  d     d+1
 *   byte due  x
 *   DREQ            /----- ... -----------\____     request: single
 *   DACK_n    ----------- ... ------\__________
 *
 * Timing
 *   Byte i of a run (from 0) is due at begin + latency + (i + 1) * period, exact in picoseconds on
 *   average (with `raster`, i counts the slots of the raster.h), and comes at the first edge at or after that; from_memory: begin is when the first byte
 *   came over the bus. DREQ shows from the half after the edge at
 *   which a byte came or left. `single`: it falls in the half after the one in which DACK is active,
 *   and rises again after DACK. `demand`: it falls while DACK is active once only the byte that
 *   moves next is left, which is early enough for a service to end with that byte.
 *   IOR takes a byte out where it goes on, IOW brings one in where it goes off.
 *   A run is over when EOP is low at the end of a DACK access, when `bytes` have moved over the bus, or
 *   with a write of 0 to CONTROL. The interrupt rises in the half after; a read of STATUS or a write to
 *   CONTROL takes it back. A byte that finds no room (to_memory), or is due and not there
 *   (from_memory), is lost and counted.
 *
 *   `eop_after` bytes of a run the device pulls EOP: from the half after DACK, or after the command of the byte
 *   before goes off, to the end of that byte's command. It is low where S2 ends, which is when the 8237A looks.
 *   On a channel that moves words (channels 5 to 7 of a PC/AT) two bytes make a request, the first in D7-D0.
 *
 * Inaccuracies
 *   No commands, sectors or heads: a run is a stretch of bytes. A write from medium to memory that verifies only (no IOR) is
 *   taken back by its DACK but leaves the byte where it is.
 */
#include "peripherals/isa_device.h"
#include "peripherals/device_log.h"

#include <string.h>

#include "bus/figures.h"
#include "bus/isa/isa_component.h"
#include "bus/records.h"
#include "kernel/random.h"
#include "kernel/round.h"

#define PS_PER_SECOND UINT64_C(1000000000000)

struct isa_device {
    struct unit unit;
    struct isa_bus *bus;
    const struct isa_device_config *config;
    struct kernel *kernel;
    int slave, controller;
    uint32_t item_bytes; /* that one DMA cycle moves: 1, or 2 on a channel of words */

    uint8_t *bytes; /* ring of `room` */
    uint32_t room;
    uint32_t head, level;

    bool running;
    bool lost;
    bool dreq;           /* active */
    bool acknowledged;   /* DACK in the half before */
    bool taking;         /* a byte or word is on its way over the bus, by IOR */
    sim_cycle begin_at;  /* begins by itself; SIM_NEVER if not, or done */
    sim_cycle due_cycle; /* of the next byte, SIM_NEVER: none */
    sim_time due_ps;
    uint64_t due_rest, period_ps, period_rest;
    uint64_t slot; /* of the byte that is due, in the raster (raster.h) */
    struct random random;
    uint64_t source; /* bytes the medium gave so far, of all runs */
    uint64_t total;  /* of a run, 0: endless */
    uint64_t came;   /* of this run: from the medium, or over the bus (from_memory) */
    uint64_t moved;  /* of this run: over the bus, or to the medium (from_memory) */
    uint64_t gone;   /* of this run: came and were lost */
    uint64_t overruns, underruns;
    struct fifo_levels levels;
    bool interrupted; /* the output was up after the last step */
    uint64_t interrupts;

    struct isa_slave_out out;
    struct wire interrupt;
    struct probe probe, interrupt_probe, stream, intervals;
};

/* ---- the medium ------------------------------------------------------------------------------ */

static bool waits(const struct isa_device *self)
{
    return self->period_ps > 0;
}

static void go(struct isa_device *self, uint64_t periods)
{
    self->due_ps += periods * self->period_ps;
    self->due_rest += periods * self->period_rest;
    if (self->config->rate) {
        self->due_ps += self->due_rest / self->config->rate;
        self->due_rest %= self->config->rate;
    }
    self->due_cycle = clock_edge_at(self->unit.clock, self->due_ps);
}

static void next_due(struct isa_device *self)
{
    go(self, raster_next(&self->config->raster, &self->slot));
}

static void end_run(struct isa_device *self, bool interrupt)
{
    self->running = false;
    self->due_cycle = SIM_NEVER;
    if (interrupt)
        wire_put(&self->interrupt, self->kernel->now, 1);
}

/* The first byte is due a period and the latency later. */
static void start_clock(struct isa_device *self, sim_cycle now)
{
    self->due_rest = self->slot = 0;
    self->due_ps = clock_time(self->unit.clock, now) + self->config->latency_ps;
    go(self, 1);
    if (self->due_cycle <= now)
        self->due_cycle = now + 1;
}

static void begin_run(struct isa_device *self, sim_cycle now)
{
    self->running = true;
    self->lost = false;
    self->head = self->level = 0;
    self->came = self->moved = self->gone = 0;
    self->total = self->config->bytes ? self->config->bytes : self->config->file.length;
    self->due_cycle = SIM_NEVER;
    if (self->config->direction != ISA_DEVICE_FROM_MEMORY)
        start_clock(self, now);
}

static uint8_t medium_byte(struct isa_device *self)
{
    const struct parameter_blob *file = &self->config->file;
    uint64_t index = self->source++;
    if (file->length > 0)
        return file->bytes[index % file->length];
    return self->config->pattern == ISA_DEVICE_RANDOM ? (uint8_t)random_next(&self->random)
                                                      : (uint8_t)index;
}

static void push(struct isa_device *self, uint8_t byte)
{
    self->bytes[(self->head + self->level++) % self->room] = byte;
}

static uint8_t pop(struct isa_device *self)
{
    if (self->level == 0)
        return 0xff;
    uint8_t byte = self->bytes[self->head];
    self->head = (self->head + 1) % self->room;
    self->level--;
    return byte;
}

static bool more_to_come(const struct isa_device *self)
{
    return self->total == 0 || self->came < self->total;
}

static void give(struct isa_device *self)
{
    uint8_t byte = medium_byte(self);
    self->came++;
    if (self->level < self->room) {
        push(self, byte);
        return;
    }
    self->lost = true;
    self->overruns++;
    device_lost(&self->unit, "overrun: a byte is lost", self->level, self->room, true,
                isa_bus_owner(self->bus));
    self->gone++;
}

static void take(struct isa_device *self, sim_cycle now)
{
    if (self->level == 0) {
        self->lost |= more_to_come(self);
        self->underruns += more_to_come(self);
        if (more_to_come(self))
            device_lost(&self->unit, "underrun: a byte is missing", 0, self->room, true,
                        isa_bus_owner(self->bus));
        return;
    }
    struct stream_record record = {.value = pop(self), .bytes = 1};
    probe_publish(&self->stream, now, &record);
    self->moved++;
    if (self->total && self->moved == self->total)
        end_run(self, true);
}

/* A refresh is due while the one before was not served. */
static void miss_refresh(struct isa_device *self)
{
    if (!waits(self))
        return;
    self->overruns++;
    device_lost(&self->unit, "overrun: a refresh is missed", self->level, 1, true,
                isa_bus_owner(self->bus));
}

/* What is due in this step. */
static void run_medium(struct isa_device *self, sim_cycle now)
{
    while (self->running && self->due_cycle <= now) {
        if (waits(self))
            next_due(self);
        else
            self->due_cycle = now + 1;
        switch ((enum isa_device_direction)self->config->direction) {
        case ISA_DEVICE_REFRESH:
            if (self->level == 0)
                push(self, 0);
            else
                miss_refresh(self);
            break;
        case ISA_DEVICE_TO_MEMORY:
            if (!more_to_come(self))
                self->due_cycle = SIM_NEVER;
            else if (waits(self) || self->level < self->room)
                give(self);
            break;
        case ISA_DEVICE_FROM_MEMORY:
            if (waits(self) || self->level > 0)
                take(self, now);
            break;
        }
    }
    /* A medium that never waits: it acts again when the bus moved a byte. */
    if (self->running && !waits(self) && self->due_cycle > now) {
        bool stuck = self->config->direction == ISA_DEVICE_FROM_MEMORY
                         ? self->level == 0
                         : self->level == self->room || !more_to_come(self);
        self->due_cycle = stuck ? SIM_NEVER : now + 1;
    }
}

/* ---- the bus --------------------------------------------------------------------------------- */

/* A byte moved over the bus: a medium that never waits goes on. */
static void moved_byte(struct isa_device *self, sim_cycle now)
{
    if (self->running && !waits(self) && self->due_cycle == SIM_NEVER)
        self->due_cycle = now + 1;
}

/* to_memory: the run is over when every byte of it has moved or is lost. */
static void end_if_all(struct isa_device *self)
{
    if (self->total && self->moved + self->gone == self->total)
        end_run(self, true);
}

static uint8_t read_port(struct isa_device *self, unsigned port, sim_cycle now)
{
    if (port == ISA_DEVICE_DATA && self->config->direction == ISA_DEVICE_TO_MEMORY) {
        moved_byte(self, now);
        self->moved += self->running && self->level > 0;
        const uint8_t byte = pop(self);
        if (self->running)
            end_if_all(self);
        return byte;
    }
    if (port != ISA_DEVICE_STATUS)
        return 0xff;
    uint8_t status =
        (uint8_t)((self->interrupt.value ? ISA_DEVICE_INTERRUPT : 0) |
                  (self->running ? ISA_DEVICE_RUNNING : 0) | (self->lost ? ISA_DEVICE_LOST : 0));
    wire_put(&self->interrupt, self->kernel->now, 0);
    return status;
}

static void bring(struct isa_device *self, uint8_t byte, sim_cycle now)
{
    if (self->level == self->room)
        return;
    push(self, byte);
    if (self->running && more_to_come(self) && self->came++ == 0)
        start_clock(self, now);
    moved_byte(self, now);
}

static void write_port(struct isa_device *self, unsigned port, uint8_t value, sim_cycle now)
{
    if (port == ISA_DEVICE_DATA && self->config->direction == ISA_DEVICE_FROM_MEMORY)
        bring(self, value, now);
    if (port != ISA_DEVICE_CONTROL)
        return;
    wire_put(&self->interrupt, self->kernel->now, 0);
    if (value & ISA_DEVICE_RUN)
        begin_run(self, now);
    else
        end_run(self, false);
}

/* DMA that goes the other way than the device. */
static void tell_direction(struct isa_device *self, bool written)
{
    const bool gives = self->config->direction == ISA_DEVICE_TO_MEMORY;
    if (!self->running || self->config->direction == ISA_DEVICE_REFRESH || gives != written ||
        !log_wanted(&self->unit))
        return;
    log_say(&self->unit,
            &(struct log_line){.level = LOG_WARNING, .kind = LOG_STATE, .of = self->unit.name},
            "DMA of channel %u %s it, and it %s data: MODE.TRANSFER has to be %s",
            (unsigned)self->config->channel, written ? "writes" : "reads",
            gives ? "gives" : "takes", gives ? "1 (write to memory)" : "2 (read from memory)");
}

/* A process ends ahead of the device's run. */
static void tell_early(struct isa_device *self)
{
    if (self->total > self->moved && log_wanted(&self->unit))
        log_say(&self->unit,
                &(struct log_line){.level = LOG_NOTE, .kind = LOG_STATE, .of = self->unit.name},
                "its run ends with terminal count after %llu of %llu bytes",
                (unsigned long long)self->moved, (unsigned long long)self->total);
}

/* The end of a byte that DACK asked for. */
static void served(struct isa_device *self, const struct isa_command *command)
{
    if (!self->running || self->config->direction == ISA_DEVICE_REFRESH)
        return;
    if (self->config->direction == ISA_DEVICE_TO_MEMORY) {
        self->moved += command->bytes;
        if (command->eop) {
            tell_early(self);
            end_run(self, true);
        } else {
            end_if_all(self);
        }
    } else if (command->eop) {
        self->total = self->came; /* what is left still goes to the medium */
        if (self->moved == self->total)
            end_run(self, true);
    }
}

static void run_bus(struct isa_device *self, sim_cycle now)
{
    const struct isa_command *command;
    if (isa_ends(self->bus, self->slave, ISA_IOW, now, &command)) {
        if (!command->dma) {
            write_port(self, command->address % ISA_DEVICE_PORTS, (uint8_t)command->data, now);
        } else {
            tell_direction(self, true);
            fifo_levels_served(&self->levels, &self->intervals, now);
            for (unsigned i = 0;
                 i < command->bytes && self->config->direction == ISA_DEVICE_FROM_MEMORY; i++)
                bring(self, (uint8_t)(command->data >> 8 * i), now);
            served(self, command);
        }
    }
    if (isa_ends(self->bus, self->slave, ISA_IOR, now, &command)) {
        self->out.data = 0xffff;
        self->out.drives_data = false;
        self->taking = false;
        if (command->dma)
            served(self, command);
    }
    if (isa_begins(self->bus, self->slave, ISA_IOR, now, &command)) {
        uint16_t data = 0xffff;
        if (!command->dma) {
            data = 0xff00 | read_port(self, command->address % ISA_DEVICE_PORTS, now);
        } else if (tell_direction(self, false), self->config->direction == ISA_DEVICE_TO_MEMORY) {
            fifo_levels_served(&self->levels, &self->intervals, now);
            self->taking = self->level > 0;
            data = pop(self);
            data |= (uint16_t)((command->bytes > 1 ? pop(self) : 0xff) << 8);
            moved_byte(self, now);
        }
        self->out.data = data;
        self->out.drives_data = true;
    }
}

/* Bytes or words that could move now. */
static uint64_t offered(const struct isa_device *self)
{
    if (!self->running)
        return 0;
    if (self->config->direction != ISA_DEVICE_FROM_MEMORY)
        return self->level / self->item_bytes + (uint64_t)self->taking;
    uint64_t room = self->room - self->level;
    uint64_t left = self->total ? self->total - self->came : UINT64_MAX;
    return (room < left ? room : left) / self->item_bytes;
}

/* EOP goes low with the DACK of the byte or word that is to be the last, or where the one before it has moved. */
static void drive_eop(struct isa_device *self, bool dack)
{
    const uint64_t last = self->config->eop_bytes;
    const uint64_t over =
        self->config->direction == ISA_DEVICE_FROM_MEMORY ? self->came : self->moved;
    self->out.eop = last && dack && self->running && over + self->item_bytes == last;
    isa_slave_drive(self->bus, self->slave, &self->out);
}

static void drive_request(struct isa_device *self, sim_cycle now)
{
    const struct isa_device_config *config = self->config;
    bool dack = isa_dack(self->bus, self->controller, config->channel) == config->dack_high;
    if (config->direction == ISA_DEVICE_REFRESH && dack && !self->acknowledged) {
        pop(self);
        fifo_levels_served(&self->levels, &self->intervals, now);
    }
    const bool before = self->dreq;
    /* With DACK one byte is as good as moved: demand mode looks too early to see it go. */
    self->dreq =
        offered(self) > (dack ? 1u : 0u) && (config->request == ISA_DEVICE_DEMAND || !dack);
    self->acknowledged = dack;
    drive_eop(self, dack);
    if (self->dreq && !before)
        self->levels.asked = now + 1;
    isa_request(self->bus, self->controller, config->channel, self->kernel->now,
                self->dreq != config->dreq_low);
}

static void publish(struct isa_device *self, sim_cycle now)
{
    if (probe_observed(&self->probe)) {
        struct fifo_record record;
        memset(&record, 0, sizeof record);
        record.level = self->level;
        record.request = self->dreq;
        record.acknowledge = self->acknowledged;
        record.overruns = self->overruns;
        record.underruns = self->underruns;
        probe_publish(&self->probe, now, &record);
    }
    probe_publish_level(&self->interrupt_probe, now, (uint8_t)self->interrupt.value);
}

static void count(struct isa_device *self)
{
    const bool level = self->interrupt.value != 0;
    self->interrupts += level && !self->interrupted;
    self->interrupted = level;
    const bool out = self->config->direction == ISA_DEVICE_FROM_MEMORY;
    fifo_levels_note(&self->levels, self->level, out ? self->level == self->room : self->level > 0,
                     self->running && more_to_come(self));
}

static sim_cycle isa_device_step(void *instance, sim_cycle now)
{
    struct isa_device *self = instance;
    if (self->begin_at <= now) {
        self->begin_at = SIM_NEVER;
        begin_run(self, now);
    }
    run_bus(self, now);
    run_medium(self, now);
    drive_request(self, now);
    count(self);
    publish(self, now);
    return self->begin_at < self->due_cycle ? self->begin_at : self->due_cycle;
}

/* ---- from round to round --------------------------------------------------------------------- */

/* What is told by hand is dead here. */
static const struct state_field round_rows[] = {
    {STATE_SAME(struct isa_device, head), .dead = true},
    {STATE_STAMP(struct isa_device, begin_at)},
    {STATE_STAMP(struct isa_device, due_cycle)},
    {STATE_SAME(struct isa_device, due_ps), .dead = true},
    {STATE_COUNT(struct isa_device, source), .figure = true},
    {STATE_COUNT(struct isa_device, came), .figure = true},
    {STATE_COUNT(struct isa_device, moved), .figure = true},
    {STATE_COUNT(struct isa_device, gone), .figure = true},
    {STATE_COUNT(struct isa_device, overruns), .figure = true},
    {STATE_COUNT(struct isa_device, underruns), .figure = true},
    {STATE_PART(struct isa_device, levels, fifo_levels_round)},
    {STATE_COUNT(struct isa_device, interrupts), .figure = true},
    {STATE_PART(struct isa_device, interrupt, wire_state)},
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(isa_device, round_rows)};

/* Of a run that ends the counts decide; of one without an end whether there was a first byte. */
static bool round_tell(void *instance, struct repeat *words)
{
    const struct isa_device *self = instance;
    const uint64_t length = self->config->file.length;
    const bool ends = self->total || self->config->eop_bytes;
    repeat_same(words, self->due_cycle == SIM_NEVER ? 0 : self->due_ps - self->kernel->now);
    repeat_same(words, length ? self->source % length : (uint8_t)self->source);
    repeat_same(words, ends ? self->came : self->came > 0);
    repeat_same(words, ends ? self->moved : 0);
    repeat_same(words, ends ? self->gone : 0);
    for (uint32_t i = 0; i < self->level; i++)
        repeat_same(words, self->bytes[(self->head + i) % self->room]);
    return true;
}

static void round_pass(void *instance, const struct round *round)
{
    struct isa_device *self = instance;
    self->due_ps += round->times * round->cycles * self->unit.clock->period_ps;
}

static const struct round_hooks device_round = {
    .state = &round_state, .tell = round_tell, .pass = round_pass};

/* ---- building -------------------------------------------------------------------------------- */

static int join(struct build *build, struct component *component, struct isa_device *self)
{
    const struct isa_device_config *config = self->config;
    const struct component *controller =
        &build->plan->components[SECTION_CONTROLLERS][config->controller];
    const struct dma_handshake *first = component_link(controller, PORT_REQUEST, 0);
    struct dma_handshake *line = component_link(controller, PORT_REQUEST, config->channel);
    self->controller = ISA_NOBODY;
    for (uint32_t i = 0; i < self->bus->controller_count; i++)
        if (self->bus->controllers[i].lines == first)
            self->controller = (int)i;
    if (self->controller == ISA_NOBODY) {
        build->check->fail(build->check, component, "controller", "'%s' is not on bus '%s'",
                           controller->name, self->bus->name);
        return DMASIM_INVALID;
    }
    line->request.value = line->request.before = config->dreq_low;
    const bool words = self->bus->controllers[self->controller].words;
    self->item_bytes = words && config->direction != ISA_DEVICE_REFRESH ? 2 : 1;
    self->room = config->depth * self->item_bytes;
    self->bytes = arena_alloc(build->kernel->arena, self->room);
    if (!self->bytes || !round_leave_out(build->kernel, self->bytes, self->room))
        return DMASIM_MEMORY;
    if (config->eop_bytes % self->item_bytes) {
        build->check->fail(build->check, component, "eop_after", "must be whole words");
        return DMASIM_INVALID;
    }
    const uint64_t total = config->bytes ? config->bytes : config->file.length;
    if (total % self->item_bytes) {
        build->check->fail(build->check, component, config->bytes ? "bytes" : "file",
                           "%llu bytes are not whole words, which channel %u of '%s' moves",
                           (unsigned long long)total, config->channel, controller->name);
        return DMASIM_INVALID;
    }
    int code = build_isa_slave(build, component, self->bus, &self->unit, config->wait_states,
                               &self->slave);
    if (code != DMASIM_OK)
        return code;
    isa_bus_dack(self->bus, self->slave, self->controller, config->channel, config->dack_high);
    self->bus->slaves[self->slave].dreq_low = config->dreq_low;
    if (config->direction == ISA_DEVICE_REFRESH)
        isa_bus_refreshes(self->bus, self->slave);
    if (config->port > ISA_PORT_LAST)
        return DMASIM_OK;
    return build_isa_window(build, component, self->bus, self->slave, true, "port", config->port,
                            ISA_DEVICE_PORTS);
}

static int isa_device_create(struct build *build, struct component *component)
{
    const struct isa_device_config *config = component->config;
    struct isa_device *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->bus = build_isa(build, config->bus);
    self->config = config;
    self->kernel = build->kernel;
    self->out.data = 0xffff;
    self->random = build_random(build, config->seed);
    self->period_ps = config->rate ? PS_PER_SECOND / config->rate : config->period_ps;
    self->period_rest = config->rate ? PS_PER_SECOND % config->rate : 0;
    component->clock = self->bus->unit.clock;
    component->instance = self;
    int code = build_interrupt(build, component, "irq", &self->interrupt, config->interrupt);
    if (code != DMASIM_OK)
        return code;
    self->due_cycle = SIM_NEVER;
    self->begin_at = config->start == ISA_DEVICE_BY_TIME
                         ? clock_edge_at(component->clock, config->start_ps)
                         : SIM_NEVER;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, isa_device_step,
               self);
    self->unit.round = &device_round;
    build_probe(build, &self->probe, component->name, &fifo_probe_type, component->clock, self);
    build_probe(build, &self->interrupt_probe, component->name, &interrupt_probe_type,
                component->clock, self);
    build_probe(build, &self->stream, component->name, &stream_probe_type, component->clock, self);
    build_probe(build, &self->intervals, component->name, &interval_probe_type, component->clock,
                self);
    fifo_levels_start(&self->levels);
    return join(build, component, self);
}

static bool isa_device_claims(const struct plan *plan, const struct component *self, uint32_t index,
                              struct component_claim *claim)
{
    const struct isa_device_config *config = self->config;
    return index == 0 &&
           handshake_claim(plan, config->controller, config->channel, "channel", claim);
}

static void isa_device_check(const struct plan *plan, const struct component *self,
                             struct check *check)
{
    const struct isa_device_config *config = self->config;
    (void)plan;
    if (config->port <= ISA_PORT_LAST && config->port % ISA_DEVICE_PORTS)
        check->fail(check, self, "port", "must be a multiple of 4");
    if (config->rate && config->period_ps)
        check->fail(check, self, "period", "give a rate or a period, not both");
    raster_check(&config->raster, config->rate ? PS_PER_SECOND / config->rate : config->period_ps,
                 self, check);
    if (config->raster.active && !config->rate && !config->period_ps)
        check->fail(check, self, "raster", "a medium that never waits has no blanking");
    if (config->direction == ISA_DEVICE_REFRESH && !config->rate && !config->period_ps)
        check->fail(check, self, "period", "a refresh needs a period");
    if (config->eop_bytes && config->direction == ISA_DEVICE_REFRESH)
        check->fail(check, self, "eop_after", "a refresh has no end");
    if (config->start == ISA_DEVICE_BY_DRIVER && config->port > ISA_PORT_LAST)
        check->fail(check, self, "port", "a device that a driver starts needs ports");
    if (config->sink && config->direction != ISA_DEVICE_FROM_MEMORY)
        check->fail(check, self, "sink", "belongs to from_memory");
    if (config->file.path && config->direction != ISA_DEVICE_TO_MEMORY)
        check->fail(check, self, "file", "belongs to to_memory");
}

static bool isa_device_region(const struct component *self, uint32_t index,
                              struct component_region *region)
{
    const struct isa_device_config *config = self->config;
    if (config->port > ISA_PORT_LAST)
        return false;
    *region = (struct component_region){
        .bus = config->bus, .base = ISA_PORT_BASE + config->port, .bytes = ISA_DEVICE_PORTS};
    return index == 0;
}

static int isa_device_access(struct component *component, uint64_t offset, unsigned size_bytes,
                             bool write, uint64_t *value)
{
    struct isa_device *self = component->instance;
    sim_cycle next = clock_edge_after(component->clock, self->kernel->now);
    sim_cycle now = next > 0 ? next - 1 : 0;
    if (size_bytes != 1 || offset >= ISA_DEVICE_PORTS)
        return DMASIM_UNMAPPED;
    if (write)
        write_port(self, (uint32_t)offset, (uint8_t)*value, now);
    else
        *value = read_port(self, (uint32_t)offset, now);
    unit_wake(&self->unit);
    return DMASIM_OK;
}

static bool isa_device_output(const struct component *component, uint32_t index,
                              struct component_output *output)
{
    const struct isa_device_config *config = component->config;
    if (index > 0 || !config->sink)
        return false;
    *output = (struct component_output){.file = config->sink, .stream = component->name};
    return true;
}

/* What it has done of its run, when the run is over with work left. */
static bool isa_device_waits(const struct component *component, uint32_t index,
                             struct log_text *text)
{
    const struct isa_device *self = component->instance;
    if (index > 0 || self->config->direction == ISA_DEVICE_REFRESH)
        return false;
    if (!self->running) {
        log_add(text, "it does not run (CONTROL), %llu bytes of its last run moved",
                (unsigned long long)self->moved);
        return true;
    }
    log_add(text, "%llu bytes of its run moved", (unsigned long long)self->moved);
    if (self->total)
        log_add(text, " of %llu", (unsigned long long)self->total);
    log_add(text, "; its FIFO has %u of %u; DREQ is %s", self->level, self->room,
            self->dreq ? "active, and DACK does not come" : "not active");
    if (self->gone)
        log_add(text, "; %llu bytes were lost", (unsigned long long)self->gone);
    return true;
}

static uint64_t isa_device_lost(const struct component *component)
{
    const struct isa_device *self = component->instance;
    return self->overruns + self->underruns;
}

static bool isa_device_counters(const struct component *component, uint32_t index, sim_time now,
                                struct counter_part *part)
{
    const struct isa_device *self = component->instance;
    (void)now;
    if (index == 0)
        tell_fifo(part, index, FIFO_HALVES, self->overruns, self->underruns, &self->levels);
    else
        tell_interrupts(part, index, self->interrupts);
    return index < 2;
}

const struct component_type isa_device_type = {
    .name = "isa-device",
    .section = SECTION_PERIPHERALS,
    .doc = "Device on an ISA bus with DREQ, DACK and a data rate.",
    .config_bytes = sizeof(struct isa_device_config),
    .parameters = isa_device_parameters,
    .registers = &isa_device_registers,
    .create = isa_device_create,
    .check = isa_device_check,
    .region = isa_device_region,
    .claims = isa_device_claims,
    .access = isa_device_access,
    .output = isa_device_output,
    .lost = isa_device_lost,
    .waits = isa_device_waits,
    .counters = isa_device_counters,
};
