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
 *     goes on in S2 too.
 *   - DREQ, HLDA, READY and EOP are looked at where a clock ends. DREQ of clock k raises HRQ in H of
 *     k + 1. The channel is chosen where the last S0 ends, among requests of the clock before it.
 *   - READY is looked at where S3 (compressed: S2) and each SW end; low, SW follows. A verify has no
 *     SW.
 *   - S1 comes first in a service, and before a byte whose A15-A8 differ from those of the byte
 *     before.
 *   - Demand mode goes on if DREQ was active where the clock before S4 ended.
 *   - Address, count, TC, mask and autoinitialisation change in the middle of S4; HRQ falls there.
 *   - Memory to memory: S11 S12 S13 S14 read, S21 S22 S23 S24 write; S11 and S21 are like S1, the
 *     rest like S2 S3 S4. READY can add SW behind S13 and S23.
 *   - Words (channels 5 to 7 of a PC/AT; IBM PC/AT Technical Reference, "DMA"): A15-A0 of the chip are A16-A1 of the
 *     bus, A23-A17 come from the page, whose bit 0 is not used, A0 is low, and each transfer moves 16 bits.
 *   - Cascade: S1, then S4 with DACK until DREQ falls; only HRQ and DACK move.
 *
 * Inaccuracies
 *   - Which half clock a pin moves in is that of the RTL witness; the data sheet's delays are not
 *     modelled. EOP goes low in the state in whose first half READY is high: if READY falls only in the
 *     second half, EOP stays low through the SW that follow, and if it rises only there, EOP falls with S4.
 *   - EOP from outside ends the transfer in whose S2, S3 or SW it is seen low. In memory to memory it is channel
 *     0's in S11 to S14 and channel 1's from S21 on; either ends the service with the byte written.
 *   - HRQ stays until HLDA comes, even if the request goes before; then nothing is served.
 *   - HLDA that falls inside a service is ignored.
 *   - Transfer type 3 (illegal) verifies. The software request of channel 0 begins memory to memory in any mode
 *     but cascade.
 *   - Memory to memory counts channel 0 down too: when that count rolls over, or EOP is pulled in its read, it
 *     autoinitialises. TC in the status is channel 1's; mask and request bits are both channels'.
 *   - A write to a register from outside in mid-service takes effect at once where the service looks
 *     at the register: mode and command count from the next service on.
 *   - Of words, memory to memory moves the low byte: the temporary register has eight bits.
 *   - The commands of a service that a master clear from outside cuts short go off at once.
 */
#include "bus/isa/isa_component.h"
#include "controllers/i8237/i8237_state.h"

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
    uint32_t page = channel->page ? wire_get(channel->page, self->kernel->now) & 0xff : 0;
    page &= ~(uint32_t)self->shift;
    self->out.address = page << 16 | (uint32_t)channel->address << self->shift;
}

static void advance(struct i8237_channel *channel)
{
    channel->address = (uint16_t)(channel->address + (channel->mode & I8237_DECREMENT ? -1 : 1));
}

static void reload(struct i8237_channel *channel)
{
    channel->address = channel->base_address;
    channel->count = channel->base_count;
}

/* The end of process of the service: `ended` are the channels whose terminal count or EOP it was. In memory to
 * memory the other one stops too, and keeps its address and count. */
static void end_of_process(struct i8237 *self, unsigned ended)
{
    unsigned stopped = ended | bit(self->service.channel);
    if (self->service.memory_to_memory)
        stopped |= bit(1);
    i8237_check_end(self, ended);
    self->status |= (uint8_t)ended;
    self->request &= (uint8_t)~stopped;
    for (unsigned number = 0; number < ISA_CHANNELS; number++) {
        struct i8237_channel *channel = &self->channels[number];
        if (!(stopped & bit(number)))
            continue;
        if (!(channel->mode & I8237_AUTOINIT))
            self->mask |= (uint8_t)bit(number);
        else if (ended & bit(number))
            reload(channel);
    }
}

static void publish_byte(struct i8237 *self, sim_cycle now, unsigned channel, bool tc)
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
    self->beats += kind != 0;
    i8237_transfer_byte(self, service->channel, kind);
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

    uint8_t mode = self->channels[service->channel].mode & I8237_SERVICE;
    const unsigned ended = service->eop | (tc ? bit(number) : 0);
    if (ended) {
        i8237_transfer_ended(self, service->channel, tc ? "complete" : "stopped");
        end_of_process(self, ended);
    }
    bool demands = i8237_requests(self) & bit(service->channel);
    service->more = !ended && (service->memory_to_memory || mode == I8237_BLOCK ||
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
    if (channel->count-- == 0 && (channel->mode & I8237_AUTOINIT))
        reload(channel);
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
        i8237_check_cascade(self, number);
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
    i8237_transfer_served(self, number);
    self->out.drives = true;
    self->out.bytes = service->memory_to_memory ? 1 : (uint8_t)(1u << self->shift);
    aim(self, channel);
}

/* S2, S12 or S22, which begins in half now + 1; with `strobed` ADSTB is up and A15-A8 are on D. */
static void begin_transfer(struct i8237 *self, enum i8237_state state, bool strobed, sim_cycle now)
{
    const struct i8237_service *service = &self->service;
    self->state = (uint8_t)state;
    self->out.data = (uint16_t)(self->out.address >> (8 + self->shift) & 0xff);
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
    service->eop = 0;
    service->writing = false;
    aim(self, channel);
    if (service->memory_to_memory) {
        service->last = self->channels[1].count == 0;
        self->state = I8237_S11;
        return;
    }
    service->last = channel->count == 0;
    if ((before ^ self->out.address) >> self->shift & 0xff00)
        self->state = I8237_S1;
    else
        begin_transfer(self, I8237_S2, false, now);
}

/* The channel whose bus cycle is under way, as a bit. */
static unsigned active(const struct i8237_service *service)
{
    return bit(service->writing ? 1 : service->channel);
}

static void edge(struct i8237 *self, sim_cycle now)
{
    struct i8237_service *service = &self->service;
    unsigned requests = i8237_requests(self);
    if (self->bus->eop_in && self->state >= I8237_S2 && self->state != I8237_S4 &&
        self->state != I8237_S24)
        service->eop |= (uint8_t)active(service);
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

static unsigned port_of(const struct i8237 *self, const struct isa_command *command)
{
    return command->address / self->port_step % I8237_PORTS;
}

/* What the CPU does to the registers; CS counts for nothing while the chip has the bus. True if it
 * did anything. */
static bool take_access(struct i8237 *self, sim_cycle now)
{
    const struct isa_command *command;
    bool any = false;
    if (isa_ends(self->bus, self->slave, ISA_IOW, now, &command) && !i8237_hlda(self)) {
        const unsigned port = port_of(self, command);
        i8237_write(self, port, (uint8_t)command->data);
        register_publish(&self->register_probe, now, &i8237_registers, port, (uint8_t)command->data,
                         true);
        any = true;
    }
    struct isa_slave_out answer = {.data = 0xffff};
    if (isa_begins(self->bus, self->slave, ISA_IOR, now, &command) && !i8237_hlda(self)) {
        const unsigned port = port_of(self, command);
        const uint8_t value = i8237_read(self, port);
        register_publish(&self->register_probe, now, &i8237_registers, port, value, false);
        answer.data = (uint16_t)(0xff00 | value);
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
    case I8237_SW: /* READY and EOP wake it */
        return !self->bus->row.ready &&
               (self->service.eop & active(&self->service) || !self->bus->eop_in);
    default:
        return false;
    }
}

sim_cycle i8237_step(void *instance, sim_cycle now)
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
