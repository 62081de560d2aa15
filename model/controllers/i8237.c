/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * i8237: the Intel 8237A programmable DMA controller, "intel,8237a".
 *
 * Sources: Intel 8237A data sheet (states, modes, timing, registers); for the half clock in which a
 * pin moves, traces of the RTL KF8237 (traces/golden/i8237/README.md says where the two differ: the
 * data sheet stands).
 *
 *            +--------------------------------------------+
 *   DREQ --> | priority   channel 0 .. 3    state machine | --> DACK, AEN, ADSTB, A, commands, EOP
 *   HRQ <--  |            base, current     SI S0 S1 ..   | <-- HLDA, READY, EOP
 *   CPU <--> | registers  address, count, mode            |
 *            +--------------------------------------------+
 *
 * Timing (a state lasts a clock: L, then H; 2 bytes in block mode, normal timing, written to memory)
 *
 *   state   SI    S0    S1    S2    S3    S4    S2    S3    S4    SI
 *   half    L  H  L  H  L  H  L  H  L  H  L  H  L  H  L  H  L  H  L  H
 *   HRQ     ___/--------------------------------------------------\____
 *   HLDA    _________/----------------------------------------------- ..
 *   AEN     _______________/-------------------------------------------\_
 *   ADSTB   _______________/-----\_____________________________________
 *   A23-A0              <  first               ><  second        >
 *   A15-A8 on D               <     >
 *   DACK    __________________/-------------------------------------\___   (active)
 *   IOR     _____________________/-----------\_____/-----------\________   (active)
 *   MEMW    ___________________________/-----\___________/-----\________   (active)
 *   EOP     _____________________________________________/-----\________   (active, at TC)
 *
 *   - Compressed timing leaves S3 out: both commands go on in S2. Extended write: the write command
 * goes on in S2 too.
 *   - DREQ, HLDA, READY and EOP are looked at where a clock ends. DREQ of clock k raises HRQ in H of
 * k + 1. The channel is chosen where the last S0 ends, among requests of the clock before it.
 *   - READY is looked at where S3 (compressed: S2) and each SW end; low, SW follows. A verify has no
 * SW.
 *   - S1 comes first in a service, and before a byte whose A15-A8 differ from those of the byte
 * before.
 *   - Demand mode goes on if DREQ was active where the clock before S4 ended.
 *   - Address, count, TC, mask and autoinitialisation change in the middle of S4; HRQ falls there.
 *   - Memory to memory: S11 S12 S13 S14 read, S21 S22 S23 S24 write; S11 and S21 are like S1, the
 * rest like S2 S3 S4. READY can add SW behind S13 and S23.
 *   - Cascade: S1, then S4 with DACK until DREQ falls; only HRQ and DACK move.
 *
 * Inaccuracies
 *   - Which half clock a pin moves in is that of the RTL witness; the data sheet's delays are not
 * modelled. EOP goes low in the state in whose first half READY is high: if READY falls only in the
 * second half, EOP stays low through the SW that follow, and if it rises only there, EOP falls with S4.
 *   - EOP from outside ends the transfer in whose S2, S3 or SW it is seen low.
 *   - HRQ stays until HLDA comes, even if the request goes before; then nothing is served.
 *   - HLDA that falls inside a service is ignored.
 *   - Transfer type 3 (illegal) verifies. A software request is served in any mode.
 *   - Memory to memory counts channel 0 down too: at its end with autoinitialisation it starts again.
 * TC is channel 1's; the end of process is both channels'.
 *   - A write to a register from outside in mid-service takes effect at once where the service looks
 * at the register: mode and command count from the next service on.
 *   - The commands of a service that a master clear from outside cuts short go off at once.
 */
#include "bus/isa_components.h"
#include "bus/isa_pages.h"
#include "controllers/i8237_state.h"

#include <string.h>

static unsigned bit(unsigned n)
{
    return 1u << n;
}

unsigned i8237_pins(const struct i8237 *self)
{
    unsigned pins = 0;
    for (unsigned channel = 0; channel < ISA_CHANNELS; channel++)
        pins |= (unsigned)(wire_get(&self->lines[channel].request, self->kernel->now) & 1)
                << channel;
    return pins;
}

bool i8237_hlda(const struct i8237 *self)
{
    if (self->parent == ISA_NOBODY)
        return self->bus->row.hlda;
    return !isa_dack(self->bus, self->parent, self->parent_channel); /* through an inverter */
}

uint8_t i8237_dack_pins(const struct i8237 *self, int channel)
{
    unsigned active = channel == ISA_NOBODY ? 0 : bit((unsigned)channel);
    return (uint8_t)((self->command & I8237_DACK_HIGH ? active : ~active) & 0xf);
}

void i8237_drive(struct i8237 *self)
{
    self->out.state = self->state;
    isa_controller_drive(self->bus, self->index, &self->out);
    if (self->parent != ISA_NOBODY)
        isa_request(self->bus, self->parent, self->parent_channel, self->kernel->now,
                    self->out.hrq);
}

/* ---- a transfer ------------------------------------------------------------------------------ */

static void aim(struct i8237 *self, const struct i8237_channel *channel)
{
    uint64_t page = channel->page ? wire_get(channel->page, self->kernel->now) & 0xff : 0;
    self->out.address = (uint32_t)page << 16 | channel->address;
}

static void advance(struct i8237_channel *channel)
{
    channel->address = (uint16_t)(channel->address + (channel->mode & I8237_DECREMENT ? -1 : 1));
}

/* The end of process of one channel: terminal count or EOP. */
static void end_of_process(struct i8237 *self, unsigned number)
{
    struct i8237_channel *channel = &self->channels[number];
    self->request &= (uint8_t)~bit(number);
    if (channel->mode & I8237_AUTOINIT) {
        channel->address = channel->base_address;
        channel->count = channel->base_count;
    } else {
        self->mask |= (uint8_t)bit(number);
    }
}

static void publish_byte(const struct i8237 *self, sim_cycle now, unsigned channel, bool tc)
{
    const struct i8237_service *service = &self->service;
    uint8_t kind = service->memory_to_memory        ? (uint8_t)(3 + service->writing)
                   : service->write & bit(ISA_MEMW) ? 1
                   : service->read & bit(ISA_MEMR)  ? 2
                                                    : 0;
    if (probe_observed(&self->byte_probe)) {
        struct i8237_byte_record record;
        memset(&record, 0, sizeof record);
        record.address = self->out.address;
        record.channel = (uint8_t)channel;
        record.tc = tc;
        record.kind = kind;
        probe_publish(&self->byte_probe, now, &record);
    }
    if (kind && probe_observed(&self->beat_probe)) {
        struct dma_beat_record record;
        memset(&record, 0, sizeof record);
        record.controller = self->name;
        record.address = self->out.address;
        record.channel = service->channel;
        record.purpose = kind == 1 || kind == 4 ? DMA_DESTINATION : DMA_SOURCE;
        record.bytes = self->out.bytes;
        probe_publish(&self->beat_probe, now, &record);
    }
}

/* The middle of S4 or S24: the byte is over. */
static void finish_byte(struct i8237 *self, sim_cycle now)
{
    struct i8237_service *service = &self->service;
    unsigned number = service->memory_to_memory ? 1 : service->channel;
    struct i8237_channel *channel = &self->channels[number];
    bool tc = channel->count == 0;
    publish_byte(self, now, number, tc);
    advance(channel);
    channel->count--;
    self->out.commands = 0;
    self->out.eop = false;
    if (tc)
        self->status |= (uint8_t)bit(number);

    uint8_t mode = self->channels[service->channel].mode & I8237_SERVICE;
    bool end = tc || service->eop;
    if (end) {
        end_of_process(self, service->channel);
        if (service->memory_to_memory)
            end_of_process(self, number);
    }
    bool demands = i8237_requests(self) & bit(service->channel);
    service->more = !end && (service->memory_to_memory || mode == I8237_BLOCK ||
                             (mode == I8237_DEMAND && demands));
    self->out.hrq = service->more;
}

/* The middle of S14: the byte read is in the temporary register. */
static void finish_read(struct i8237 *self, sim_cycle now)
{
    struct i8237_channel *channel = &self->channels[0];
    publish_byte(self, now, 0, false);
    self->temporary = (uint8_t)self->bus->row.data;
    self->out.commands = 0;
    if (!(self->command & I8237_ADDRESS_HOLD))
        advance(channel);
    if (channel->count-- == 0 && (channel->mode & I8237_AUTOINIT)) {
        channel->address = channel->base_address;
        channel->count = channel->base_count;
    }
}

/* EOP goes low with the last state before S4, as far as that is known. */
static void announce_end(struct i8237 *self)
{
    const struct i8237_service *service = &self->service;
    bool reading = service->memory_to_memory && !service->writing;
    if (service->last && !reading && (self->bus->row.ready || !service->write))
        self->out.eop = true;
}

/* ---- the middle of a clock ------------------------------------------------------------------- */

static void middle(struct i8237 *self, sim_cycle now)
{
    const struct i8237_service *service = &self->service;
    struct isa_master_out *out = &self->out;
    switch ((enum i8237_state)self->state) {
    case I8237_SI:
        out->aen = out->drives = false;
        out->hrq = i8237_requests(self) != 0;
        break;
    case I8237_S1:
    case I8237_S11:
    case I8237_S21:
        out->aen = out->adstb = !service->cascade;
        break;
    case I8237_S2:
    case I8237_S12:
    case I8237_S22:
        out->adstb = false;
        out->commands = service->writing ? 0 : service->read;
        if (service->compressed || (service->extended && self->state != I8237_S12))
            out->commands |= service->write;
        if (service->compressed)
            announce_end(self);
        break;
    case I8237_S3:
    case I8237_S23:
        out->commands |= service->write;
        announce_end(self);
        break;
    case I8237_SW:
        announce_end(self);
        break;
    case I8237_S14:
        finish_read(self, now);
        break;
    case I8237_S4:
    case I8237_S24:
        if (!service->cascade)
            finish_byte(self, now);
        else if (!((self->seen ^ (self->command & I8237_DREQ_LOW ? 0xfu : 0)) >> service->channel &
                   1))
            out->hrq = self->service.more = false;
        break;
    default:
        break;
    }
}

/* ---- the end of a clock ---------------------------------------------------------------------- */

/* The channel that is served, among `requests`. */
static unsigned choose(const struct i8237 *self, unsigned requests)
{
    unsigned first = self->command & I8237_ROTATING ? self->lowest + 1u : 0;
    for (unsigned i = 0; i < ISA_CHANNELS; i++) {
        unsigned channel = (first + i) % ISA_CHANNELS;
        if (requests >> channel & 1)
            return channel;
    }
    return 0;
}

static void begin_service(struct i8237 *self, unsigned number)
{
    const struct i8237_channel *channel = &self->channels[number];
    struct i8237_service *service = &self->service;
    *service = (struct i8237_service){.channel = (uint8_t)number, .more = true};
    self->out.channel = (uint8_t)number;
    service->cascade = (channel->mode & I8237_SERVICE) == I8237_CASCADE;
    service->memory_to_memory =
        number == 0 && !service->cascade && (self->command & I8237_MEMORY_TO_MEMORY);
    if (service->cascade) {
        self->state = I8237_S1;
        return;
    }
    service->extended = self->command & I8237_EXTENDED_WRITE;
    if (service->memory_to_memory) {
        service->read = (uint8_t)bit(ISA_MEMR);
        service->write = (uint8_t)bit(ISA_MEMW);
        service->last = self->channels[1].count == 0;
        self->state = I8237_S11;
    } else {
        service->compressed = self->command & I8237_COMPRESSED;
        uint8_t transfer = channel->mode & I8237_TRANSFER;
        if (transfer == I8237_WRITE) {
            service->read = (uint8_t)bit(ISA_IOR);
            service->write = (uint8_t)bit(ISA_MEMW);
        } else if (transfer == I8237_READ) {
            service->read = (uint8_t)bit(ISA_MEMR);
            service->write = (uint8_t)bit(ISA_IOW);
        }
        service->last = channel->count == 0;
        self->state = I8237_S1;
    }
    self->out.drives = true;
    aim(self, channel);
}

/* S2, S12 or S22, which begins in half now + 1; with `strobed` ADSTB is up and A15-A8 are on D. */
static void begin_transfer(struct i8237 *self, enum i8237_state state, bool strobed, sim_cycle now)
{
    const struct i8237_service *service = &self->service;
    self->state = (uint8_t)state;
    self->out.data = (uint16_t)(self->out.address >> 8 & 0xff);
    self->out.drives_data = strobed;
    self->out.sample = service->write ? now + (service->compressed ? 2 : 4) : SIM_NEVER;
    if (!service->memory_to_memory)
        self->out.dack = i8237_dack_pins(self, service->channel);
}

/* S4, S14 or S24 if READY is high or there is nobody to wait for, else SW. */
static void wait_or(struct i8237 *self, enum i8237_state state)
{
    const struct i8237_service *service = &self->service;
    if (service->write && !self->bus->row.ready) {
        self->state = I8237_SW;
        return;
    }
    self->state = (uint8_t)state;
    self->out.eop |= service->last && state != I8237_S14;
}

static enum i8237_state last_state(const struct i8237_service *service)
{
    if (!service->memory_to_memory)
        return I8237_S4;
    return service->writing ? I8237_S24 : I8237_S14;
}

/* Behind S4 or S24. */
static void next_byte(struct i8237 *self, sim_cycle now)
{
    struct i8237_service *service = &self->service;
    self->out.drives_data = false;
    if (!service->more) {
        self->state = I8237_SI;
        self->out.dack = i8237_dack_pins(self, ISA_NOBODY);
        if (self->command & I8237_ROTATING)
            self->lowest = service->channel;
        return;
    }
    if (service->cascade)
        return;
    const struct i8237_channel *channel = &self->channels[service->channel];
    uint32_t before = self->out.address;
    service->eop = service->writing = false;
    aim(self, channel);
    if (service->memory_to_memory) {
        service->last = self->channels[1].count == 0;
        self->state = I8237_S11;
        return;
    }
    service->last = channel->count == 0;
    if ((before ^ self->out.address) & 0xff00)
        self->state = I8237_S1;
    else
        begin_transfer(self, I8237_S2, false, now);
}

static void edge(struct i8237 *self, sim_cycle now)
{
    struct i8237_service *service = &self->service;
    unsigned requests = i8237_requests(self);
    if (self->state >= I8237_S2 && self->state != I8237_S4 && self->state != I8237_S24)
        service->eop |= self->bus->eop_in;
    switch ((enum i8237_state)self->state) {
    case I8237_SI:
        if (self->out.hrq)
            self->state = I8237_S0;
        break;
    case I8237_S0:
        if (i8237_hlda(self)) {
            if (requests)
                begin_service(self, choose(self, requests));
            else
                self->state = I8237_SI;
        }
        break;
    case I8237_S1:
        begin_transfer(self, service->cascade ? I8237_S4 : I8237_S2, !service->cascade, now);
        break;
    case I8237_S2:
        self->out.drives_data = false;
        if (service->compressed)
            wait_or(self, I8237_S4);
        else
            self->state = I8237_S3;
        break;
    case I8237_S3:
    case I8237_S13:
    case I8237_S23:
    case I8237_SW:
        wait_or(self, last_state(service));
        break;
    case I8237_S11:
        begin_transfer(self, I8237_S12, true, now);
        break;
    case I8237_S12:
        self->out.drives_data = false;
        self->state = I8237_S13;
        break;
    case I8237_S14:
        service->writing = true;
        self->state = I8237_S21;
        aim(self, &self->channels[1]);
        break;
    case I8237_S21:
        begin_transfer(self, I8237_S22, true, now);
        break;
    case I8237_S22:
        self->out.data = self->temporary;
        self->state = I8237_S23;
        break;
    case I8237_S4:
    case I8237_S24:
        next_byte(self, now);
        break;
    case I8237_STATES:
        break;
    }
    self->seen = (uint8_t)i8237_pins(self);
}

/* ---- the step -------------------------------------------------------------------------------- */

/* What the CPU does to the registers; CS counts for nothing while the chip has the bus. True if it
 * did anything. */
static bool take_access(struct i8237 *self, sim_cycle now)
{
    const struct isa_command *command;
    bool any = false;
    if (isa_ends(self->bus, self->slave, ISA_IOW, now, &command) && !i8237_hlda(self)) {
        i8237_write(self, command->address % I8237_PORTS, (uint8_t)command->data);
        any = true;
    }
    struct isa_slave_out answer = {.data = 0xffff};
    if (isa_begins(self->bus, self->slave, ISA_IOR, now, &command) && !i8237_hlda(self)) {
        answer.data = (uint16_t)(0xff00 | i8237_read(self, command->address % I8237_PORTS));
        answer.drives_data = any = true;
    } else if (self->answer.drives_data &&
               !isa_ends(self->bus, self->slave, ISA_IOR, now, &command)) {
        return any;
    }
    self->answer = answer;
    isa_slave_drive(self->bus, self->slave, &answer);
    return any;
}

static void publish(const struct i8237 *self, sim_cycle now)
{
    struct i8237_record record;
    memset(&record, 0, sizeof record);
    record.state = self->state;
    record.channel = self->service.channel;
    record.command = self->command;
    record.mask = self->mask;
    record.request = self->request;
    record.status = self->status;
    record.temporary = self->temporary;
    for (unsigned i = 0; i < ISA_CHANNELS; i++) {
        record.address[i] = self->channels[i].address;
        record.count[i] = self->channels[i].count;
    }
    probe_publish(&self->probe, now, &record);
}

/* True if nothing happens before something outside moves. */
static bool at_rest(const struct i8237 *self)
{
    if (self->seen != i8237_pins(self))
        return false;
    switch ((enum i8237_state)self->state) {
    case I8237_SI:
        return !self->out.hrq && !self->out.aen && !self->out.drives && i8237_requests(self) == 0;
    case I8237_S0:
        return !i8237_hlda(self);
    case I8237_S4:
        return self->service.cascade && self->service.more &&
               ((self->seen ^ (self->command & I8237_DREQ_LOW ? 0xfu : 0)) >>
                    self->service.channel &
                1);
    default:
        return false;
    }
}

static sim_cycle i8237_step(void *instance, sim_cycle now)
{
    struct i8237 *self = instance;
    if (probe_observed(&self->probe))
        publish(self, now);
    bool accessed = take_access(self, now);
    uint8_t before = self->state;
    if (isa_second_half(now))
        edge(self, now);
    else
        middle(self, now);
    i8237_drive(self);
    return before == self->state && !accessed && at_rest(self) ? SIM_NEVER : now + 1;
}

/* ---- probes ---------------------------------------------------------------------------------- */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const state_names[I8237_STATES] = {
    [I8237_SI] = "SI",   [I8237_S0] = "S0",   [I8237_S1] = "S1",   [I8237_S2] = "S2",
    [I8237_S3] = "S3",   [I8237_SW] = "SW",   [I8237_S4] = "S4",   [I8237_S11] = "S11",
    [I8237_S12] = "S12", [I8237_S13] = "S13", [I8237_S14] = "S14", [I8237_S21] = "S21",
    [I8237_S22] = "S22", [I8237_S23] = "S23", [I8237_S24] = "S24",
};

#define RECORD(member, label, width, how) PROBE_FIELD(i8237_record, member, label, width, how)

static const struct probe_field record_fields[] = {
    {.name = "state",
     .offset = offsetof(struct i8237_record, state),
     .size_bytes = 1,
     .width_bits = 4,
     .radix = PROBE_NAME,
     .names = state_names,
     .name_count = COUNT(state_names)},
    RECORD(channel, "channel", 2, PROBE_DECIMAL),
    RECORD(command, "COMMAND", 8, PROBE_HEX_PADDED),
    RECORD(status, "TC", 4, PROBE_HEX),
    RECORD(request, "REQUEST", 4, PROBE_HEX),
    RECORD(mask, "MASK", 4, PROBE_HEX),
    RECORD(temporary, "TEMPORARY", 8, PROBE_HEX_PADDED),
    RECORD(address[0], "CH0_ADDRESS", 16, PROBE_HEX_PADDED),
    RECORD(count[0], "CH0_COUNT", 16, PROBE_HEX_PADDED),
    RECORD(address[1], "CH1_ADDRESS", 16, PROBE_HEX_PADDED),
    RECORD(count[1], "CH1_COUNT", 16, PROBE_HEX_PADDED),
    RECORD(address[2], "CH2_ADDRESS", 16, PROBE_HEX_PADDED),
    RECORD(count[2], "CH2_COUNT", 16, PROBE_HEX_PADDED),
    RECORD(address[3], "CH3_ADDRESS", 16, PROBE_HEX_PADDED),
    RECORD(count[3], "CH3_COUNT", 16, PROBE_HEX_PADDED),
};

static const struct probe_type record_probe_type = {
    .name = "i8237",
    .kind = PROBE_SETTLED,
    .fields = record_fields,
    .field_count = COUNT(record_fields),
    .record_bytes = sizeof(struct i8237_record),
};

static const char *const kind_names[] = {"verify", "write", "read", "source", "destination"};

static const struct probe_field byte_fields[] = {
    PROBE_FIELD(i8237_byte_record, channel, "channel", 0, PROBE_DECIMAL),
    {.name = "kind",
     .offset = offsetof(struct i8237_byte_record, kind),
     .size_bytes = 1,
     .radix = PROBE_NAME,
     .names = kind_names,
     .name_count = COUNT(kind_names)},
    PROBE_FIELD(i8237_byte_record, address, "address", 24, PROBE_HEX_PADDED),
    PROBE_FIELD(i8237_byte_record, tc, "tc", 0, PROBE_DECIMAL),
};

static const struct probe_type byte_probe_type = {
    .name = "i8237_byte",
    .kind = PROBE_EVENT,
    .fields = byte_fields,
    .field_count = COUNT(byte_fields),
    .record_bytes = sizeof(struct i8237_byte_record),
};

/* ---- building -------------------------------------------------------------------------------- */

static int i8237_join(struct build *build, struct component *component, struct i8237 *self)
{
    const struct i8237_config *config = component->config;
    self->index = isa_bus_add_controller(self->bus, &self->unit, self->name, self->lines,
                                         state_names, I8237_STATES);
    if (self->index == ISA_NOBODY) {
        build->check->fail(build->check, component, "bus",
                           "bus '%s' has no room: %d controllers at most", self->bus->name,
                           ISA_CONTROLLERS_MAX);
        return DMASIM_INVALID;
    }
    if (self->index > 0 && self->parent == ISA_NOBODY) {
        build->check->fail(build->check, component, "cascade",
                           "'%s' has HRQ and HLDA of bus '%s': cascade this one behind it",
                           self->bus->controllers[0].name, self->bus->name);
        return DMASIM_INVALID;
    }
    int code = build_isa_slave(build, component, self->bus, &self->unit, 0, &self->slave);
    if (code != DMASIM_OK)
        return code;
    return build_isa_window(build, component, self->bus, self->slave, true, "port", config->port,
                            I8237_PORTS);
}

static int i8237_create(struct build *build, struct component *component)
{
    const struct i8237_config *config = component->config;
    struct i8237 *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->bus = build_isa(build, config->bus);
    self->kernel = build->kernel;
    self->name = component->name;
    self->parent = ISA_NOBODY;
    component->clock = self->bus->unit.clock;
    component->instance = self;
    component->lines = self->lines;
    component->line_count = ISA_CHANNELS;
    if (config->cascade != UINT16_MAX) {
        const struct i8237 *parent =
            build->plan->components[SECTION_CONTROLLERS][config->cascade].instance;
        if (!parent || parent->bus != self->bus) {
            build->check->fail(build->check, component, "cascade",
                               "must be a controller on the same bus that comes before this one");
            return DMASIM_INVALID;
        }
        self->parent = parent->index;
        self->parent_channel = (uint8_t)config->cascade_channel;
    }
    kernel_add(build->kernel, &self->unit, component->name, component->clock, i8237_step, self);
    for (unsigned i = 0; i < ISA_CHANNELS; i++)
        self->lines[i].request.reader = &self->unit;
    int code = i8237_join(build, component, self);
    if (code != DMASIM_OK)
        return code;
    i8237_master_clear(self);
    self->bus->controllers[self->index].out = self->out;
    build_probe(build, &self->probe, self->name, &record_probe_type, component->clock, self);
    build_probe(build, &self->byte_probe, self->name, &byte_probe_type, component->clock, self);
    build_probe(build, &self->beat_probe, self->name, &dma_beat_probe_type, component->clock, self);
    return DMASIM_OK;
}

/* The page registers are built by now. */
static int i8237_complete(struct build *build, struct component *component)
{
    static const uint8_t pc_ports[ISA_CHANNELS] = {7, 3, 1, 2};
    const struct i8237_config *config = component->config;
    struct i8237 *self = component->instance;
    for (uint32_t i = 0; self->parent != ISA_NOBODY && i < self->bus->slave_count; i++) {
        const struct isa_port *slave = &self->bus->slaves[i];
        if (slave->controller != self->parent || slave->channel != self->parent_channel)
            continue;
        build->check->fail(build->check, component, "cascade_channel", "'%s' has DREQ%u already",
                           slave->name, slave->channel);
        return DMASIM_INVALID;
    }
    if (config->pages == UINT16_MAX)
        return DMASIM_OK;
    const struct wire *pages =
        isa_pages_wires(&build->plan->components[SECTION_PERIPHERALS][config->pages]);
    const uint64_t *ports = config->page_ports.items;
    for (uint32_t i = 0; i < ISA_CHANNELS; i++)
        self->channels[i].page =
            &pages[(i < config->page_ports.count ? ports[i] : pc_ports[i]) % ISA_PAGES];
    return DMASIM_OK;
}

static void i8237_check(const struct plan *plan, const struct component *self, struct check *check)
{
    (void)plan;
    const struct i8237_config *config = self->config;
    if (config->port % I8237_PORTS)
        check->fail(check, self, "port", "must be a multiple of 16");
    if (config->page_ports.count > ISA_CHANNELS)
        check->fail(check, self, "page_ports", "%u, at most %d", config->page_ports.count,
                    ISA_CHANNELS);
}

static int i8237_access(struct component *component, uint32_t offset, unsigned size_bytes,
                        bool write, uint64_t *value)
{
    struct i8237 *self = component->instance;
    if (size_bytes != 1 || offset >= I8237_PORTS)
        return DMASIM_UNMAPPED;
    if (write)
        i8237_write(self, offset, (uint8_t)*value);
    else
        *value = i8237_read(self, offset);
    unit_wake(&self->unit);
    return DMASIM_OK;
}

static bool i8237_region(const struct component *self, struct component_region *region)
{
    const struct i8237_config *config = self->config;
    *region = (struct component_region){config->bus, ISA_PORT_BASE + config->port, I8237_PORTS};
    return true;
}

const struct component_type i8237_type = {
    .name = "intel,8237a",
    .section = SECTION_CONTROLLERS,
    .doc = "8237A DMA controller of a PC, four channels.",
    .config_bytes = sizeof(struct i8237_config),
    .parameters = i8237_parameters,
    .registers = &i8237_registers,
    .create = i8237_create,
    .check = i8237_check,
    .complete = i8237_complete,
    .region = i8237_region,
    .access = i8237_access,
};
