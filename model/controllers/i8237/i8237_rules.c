/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * i8237_rules: mistakes in programming an 8237A, found when its ports are written and when a service begins. Nothing here
 * acts on the model; it is asked only while somebody listens to the log.
 */
#include "controllers/i8237/i8237_state.h"
#include "kernel/base.h"

#define SHEET "Intel 8237A data sheet"

enum rule {
    POINTER,
    HALF,
    NOT_BLOCK,
    DISABLED,
    ILLEGAL,
    VERIFIES,
    WRAPS,
    ODD_PAGE,
    IN_SERVICE,
    UNMASKED,
    UNPROGRAMMED,
    NO_PAGE,
    CASCADE,
    POLARITY,
    CLEARED,
    TWO_WRITERS,
    OVERLAP,
    UNCLEARED,
};

const struct log_rule i8237_rules[] = {
    [POINTER] = {"byte-pointer", LOG_WARNING,
                 "begins an address or a count while the byte pointer is at the high byte",
                 "the byte goes to the high half, and the next one to the low half: CLEAR_POINTER "
                 "comes first",
                 SHEET ", Clear First/Last Flip-Flop"},
    [HALF] = {"half", LOG_WARNING,
              "unmasks a channel of which one byte of address or count is missing",
              "the missing byte is what it was before", SHEET ", Current Address Register"},
    [NOT_BLOCK] = {"request-not-block", LOG_NOTE,
                   "sets a software request of a channel that is not in block mode",
                   "it is not served", SHEET ", Request Register"},
    [DISABLED] = {"disabled", LOG_NOTE, "unmasks a channel while COMMAND.DISABLE is 1",
                  "no request is served", SHEET ", Command Register"},
    [ILLEGAL] = {"illegal-type", LOG_WARNING, "sets the transfer type 3", "the model verifies",
                 SHEET ", Mode Register: illegal"},
    [VERIFIES] = {"verify", LOG_NOTE, "has a channel of a device in the transfer type verify",
                  "addresses are counted, no data move", SHEET ", Mode Register"},
    [WRAPS] = {"wraps", LOG_NOTE,
               "has a transfer go beyond a multiple of 64 K of the chip's address",
               "the page register does not count: it goes on at the other end of the same 64 K",
               SHEET ", Current Address Register"},
    [ODD_PAGE] = {"odd-page", LOG_NOTE, "gives a channel that moves words an odd page",
                  "bit 0 of the page is not used", "IBM PC/AT Technical Reference, DMA"},
    [IN_SERVICE] = {"in-transfer", LOG_NOTE,
                    "writes the address or count of a channel in the middle of its transfer",
                    "the transfer goes on with the new value", SHEET},
    [UNMASKED] = {"unmasked", LOG_WARNING,
                  "writes address, count or mode of a channel that is not masked",
                  "a DREQ between two of the writes is served with half of them",
                  SHEET ", Program Condition"},
    [UNPROGRAMMED] = {"unprogrammed", LOG_WARNING,
                      "has a channel served of which address, count or mode was not written since "
                      "the reset or a master clear",
                      "it works with what is there", SHEET ", Register Description"},
    [NO_PAGE] = {"no-page", LOG_NOTE, "has a channel served whose page register was never written",
                 "A23-A16 are 0: the first 64 K", "IBM PC/AT Technical Reference, DMA"},
    [CASCADE] = {"cascade", LOG_WARNING,
                 "sets the mode cascade of a channel at which there is no controller",
                 "DACK comes, but neither an address nor a command", SHEET ", Cascade Mode"},
    [POLARITY] = {"polarity", LOG_WARNING,
                  "sets another level of DREQ or DACK than the devices have",
                  "requests are seen where there are none, or acknowledges are not",
                  SHEET ", Command Register"},
    [CLEARED] = {"master-clear", LOG_NOTE, "clears the chip while channels are not masked",
                 "all are masked; command, status, requests and the byte pointer are cleared",
                 SHEET ", Master Clear"},
    [TWO_WRITERS] = {"two-writers", LOG_WARNING, "has two channels write the same bytes at once",
                     "the last one wins", "docs/controllers/i8237.md"},
    [OVERLAP] = {"overlap", LOG_WARNING,
                 "copies memory onto its own source, ahead of where it reads",
                 "bytes are overwritten before they are read", SHEET ", Memory-to-Memory"},
    [UNCLEARED] = {"uncleared", LOG_NOTE,
                   "lets a channel reach terminal count while STATUS has the one before, unread",
                   "the two cannot be told apart", SHEET ", Status Register"},
    {.name = NULL},
};

#define RULE(self, which, ...)                                                                     \
    log_rule(&(self)->unit, (self)->name, &i8237_rules[which], __VA_ARGS__)

/* What the devices of the chip's channels understand. */
static void check_polarity(const struct i8237 *self, uint8_t value)
{
    for (uint32_t i = 0; i < self->bus->slave_count; i++) {
        const struct isa_port *port = &self->bus->slaves[i];
        if (port->controller != self->index)
            continue;
        if (port->dack_high != ((value & I8237_DACK_HIGH) != 0))
            RULE(self, POLARITY, "COMMAND = 0x%02x: DACK is active %s, %s at channel %u has it %s",
                 value, value & I8237_DACK_HIGH ? "high" : "low", port->name, port->channel,
                 port->dack_high ? "high" : "low");
        if (port->dreq_low != ((value & I8237_DREQ_LOW) != 0))
            RULE(self, POLARITY, "COMMAND = 0x%02x: DREQ is active %s, %s at channel %u has it %s",
                 value, value & I8237_DREQ_LOW ? "low" : "high", port->name, port->channel,
                 port->dreq_low ? "low" : "high");
    }
}

static bool is_cascade(const struct i8237 *self, unsigned channel)
{
    return (self->channels[channel].mode & I8237_SERVICE) == I8237_CASCADE;
}

static void check_unmasked(const struct i8237 *self, unsigned channels)
{
    for (unsigned left = channels & self->mask; left; left &= left - 1) {
        const unsigned channel = (unsigned)__builtin_ctz(left);
        if (self->high_byte && self->last_port / 2 == channel)
            RULE(self, HALF, "channel %u is unmasked, and the high byte of CH%u_%s is missing",
                 channel, channel, self->last_port & 1 ? "COUNT" : "ADDRESS");
        if (self->command & I8237_DISABLE)
            RULE(self, DISABLED, "channel %u is unmasked, COMMAND.DISABLE is 1", channel);
    }
}

void i8237_check_write(const struct i8237 *self, unsigned port, uint8_t value)
{
    const unsigned channel = port / 2;
    if (port < 2 * ISA_CHANNELS) {
        const char *name = port & 1 ? "COUNT" : "ADDRESS";
        if (self->high_byte && port != self->last_port)
            RULE(self, POINTER,
                 "CH%u_%s = 0x%02x is taken as a high byte: the byte pointer is not clear", channel,
                 name, value);
        if (!(self->mask >> channel & 1) && !self->channels[channel].begun && !self->high_byte &&
            !is_cascade(self, channel))
            RULE(self, UNMASKED, "CH%u_%s = 0x%02x: channel %u is not masked", channel, name, value,
                 channel);
        if (self->channels[channel].begun)
            RULE(self, IN_SERVICE, "CH%u_%s = 0x%02x in the middle of the channel's transfer",
                 channel, name, value);
        return;
    }
    const unsigned number = value & 3;
    switch (port) {
    case I8237_MASK:
        if (!(value & 4))
            check_unmasked(self, 1u << number);
        break;
    case I8237_ALL_MASK:
        check_unmasked(self, ~(unsigned)value & 0xf);
        break;
    case I8237_CLEAR_MASK:
        check_unmasked(self, 0xf);
        break;
    case I8237_COMMAND:
        check_polarity(self, value);
        break;
    case I8237_MASTER_CLEAR:
        if (~self->mask & 0xf)
            RULE(self, CLEARED, "MASTER_CLEAR with channels 0x%x not masked", ~self->mask & 0xfu);
        break;
    case I8237_MODE:
        if (!(self->mask >> number & 1) && self->channels[number].mode != value &&
            (value & I8237_SERVICE) != I8237_CASCADE)
            RULE(self, UNMASKED, "MODE = 0x%02x: channel %u is not masked", value, number);
        if ((value & I8237_TRANSFER) == I8237_TRANSFER)
            RULE(self, ILLEGAL, "MODE = 0x%02x: TRANSFER of channel %u is 3", value, number);
        break;
    case I8237_REQUEST:
        if (value & 4 && (self->channels[number].mode & I8237_SERVICE) != I8237_BLOCK &&
            !(number == 0 && self->command & I8237_MEMORY_TO_MEMORY))
            RULE(self, NOT_BLOCK, "REQUEST = 0x%02x: channel %u is not in block mode (MODE)", value,
                 number);
        break;
    default:
        break;
    }
}

static bool asks(const struct i8237 *self, unsigned number)
{
    const unsigned dreq = i8237_pins(self) ^ (self->command & I8237_DREQ_LOW ? 0xfu : 0);
    return dreq >> number & 1;
}

/* The bytes of memory that a channel's address and count are for: the first, and how many. */
static uint32_t bytes_of(const struct i8237 *self, const struct i8237_channel *channel,
                         uint32_t *first)
{
    const uint32_t page = channel->page ? (uint32_t)channel->page->value : 0;
    const uint32_t count = channel->count + UINT32_C(1);
    const uint32_t at =
        channel->mode & I8237_DECREMENT ? channel->address + 1u - count : channel->address;
    *first = (self->shift ? page & 0xfe : page) << 16 | (at & 0xffff) << self->shift;
    return count << self->shift;
}

static bool meet(uint32_t a, uint32_t a_bytes, uint32_t b, uint32_t b_bytes)
{
    return a < b + b_bytes && b < a + a_bytes;
}

static void check_memory(struct i8237 *self, unsigned number)
{
    const struct i8237_channel *channel = &self->channels[number];
    uint32_t first, other;
    const uint32_t bytes = bytes_of(self, channel, &first);
    for (unsigned i = 0; i < ISA_CHANNELS; i++) {
        const struct i8237_channel *one = &self->channels[i];
        if (i == number || !one->begun || self->mask >> i & 1 ||
            (one->mode & I8237_TRANSFER) != I8237_WRITE ||
            (channel->mode & I8237_TRANSFER) != I8237_WRITE || self->service.memory_to_memory)
            continue;
        const uint32_t others = bytes_of(self, one, &other);
        if (meet(first, bytes, other, others))
            RULE(self, TWO_WRITERS,
                 "channels %u and %u write the same bytes: 0x%06x, %u bytes, and 0x%06x, %u bytes",
                 i, number, other, others, first, bytes);
    }
    if (!self->service.memory_to_memory)
        return;
    const struct i8237_channel *to = &self->channels[1];
    const uint32_t written = bytes_of(self, to, &other);
    const bool down = channel->mode & I8237_DECREMENT;
    if (!(self->command & I8237_ADDRESS_HOLD) && meet(first, written, other, written) &&
        (down ? other < first : other > first))
        RULE(self, OVERLAP,
             "channel 0 reads from 0x%06x and channel 1 writes to 0x%06x: %u bytes overlap", first,
             other, written);
}

/* The device of a channel refreshes memory: which addresses it counts does not matter. */
static bool refreshes(const struct i8237 *self, unsigned channel)
{
    for (uint32_t i = 0; i < self->bus->slave_count; i++) {
        const struct isa_port *port = &self->bus->slaves[i];
        if (port->refreshes && port->controller == self->index && port->channel == channel)
            return true;
    }
    return false;
}

/* A transfer begins. */
void i8237_check_begin(struct i8237 *self, unsigned number)
{
    const struct i8237_channel *channel = &self->channels[number];
    const unsigned type = channel->mode & I8237_TRANSFER;
    if (!log_wanted(&self->unit) || refreshes(self, number))
        return;
    for (unsigned i = number; i <= number + self->service.memory_to_memory; i++) {
        const unsigned missing =
            ~self->channels[i].written &
            (I8237_WRITTEN_ADDRESS | I8237_WRITTEN_MODE |
             (i == 0 && self->service.memory_to_memory ? 0 : I8237_WRITTEN_COUNT));
        if (missing)
            RULE(self, UNPROGRAMMED, "channel %u is served, and%s%s%s was not written", i,
                 missing & I8237_WRITTEN_ADDRESS ? " its address" : "",
                 missing & I8237_WRITTEN_COUNT ? " its count" : "",
                 missing & I8237_WRITTEN_MODE ? " its mode" : "");
        const struct wire *page = self->channels[i].page;
        if (page && page->changed == 0 && page->value == 0 && !(self->told_page >> i & 1)) {
            self->told_page |= (uint8_t)(1u << i);
            RULE(self, NO_PAGE, "channel %u is served at 0x%04x, and its page was never written", i,
                 self->channels[i].address);
        }
    }
    check_memory(self, number);
    const bool down = channel->mode & I8237_DECREMENT;
    if (down ? channel->count > channel->address : channel->address + channel->count > 0xffff)
        RULE(self, WRAPS, "channel %u: address 0x%04x and count 0x%04x", number, channel->address,
             channel->count);
    if (type == 0 && asks(self, number))
        RULE(self, VERIFIES, "channel %u serves DREQ in the type verify (MODE.TRANSFER = 0)",
             number);
    if (self->shift && channel->page && channel->page->value & 1)
        RULE(self, ODD_PAGE, "channel %u: its page is 0x%02x", number,
             (unsigned)channel->page->value);
}

void i8237_check_cascade(const struct i8237 *self, unsigned number)
{
    for (uint32_t i = 0; i < self->bus->slave_count; i++) {
        const struct isa_port *port = &self->bus->slaves[i];
        if (port->controller == self->index && port->channel == number && log_wanted(&self->unit))
            RULE(self, CASCADE, "channel %u serves %s in the mode cascade (MODE.MODE = 3)", number,
                 port->name);
    }
}

void i8237_check_end(struct i8237 *self, unsigned ended)
{
    const unsigned again = ended & self->status & ~(unsigned)self->told_end;
    self->told_end |= (uint8_t)again;
    if (again && log_wanted(&self->unit))
        RULE(self, UNCLEARED, "channel %d reaches terminal count, STATUS has bit %d from before",
             __builtin_ctz(again), __builtin_ctz(again));
}

/* ---- what waits ------------------------------------------------------------------------------ */

static void say_channel(struct log_text *text, const struct i8237 *self, unsigned number)
{
    const struct i8237_channel *channel = &self->channels[number];
    log_add(text, "channel %u: address 0x%04x, count 0x%04x", number, channel->address,
            channel->count);
    if (channel->begun)
        log_add(text, ", %llu bytes of its transfer moved", (unsigned long long)channel->bytes);
    log_add(text, asks(self, number) ? "; DREQ is active"
                                     : "; DREQ is not active, its device does not ask");
    if (self->mask >> number & 1)
        log_add(text, ", and the channel is masked (MASK)");
    if (self->command & I8237_DISABLE)
        log_add(text, "; COMMAND.DISABLE is 1: no request is served");
    if (self->request >> number & 1 && !(i8237_software_requests(self) >> number & 1))
        log_add(text, "; its software request is not served, as it is not in block mode");
    if (self->status >> number & 1)
        log_add(text, "; it has reached terminal count");
}

bool i8237_waits(const struct component *component, uint32_t index, struct log_text *text)
{
    const struct i8237 *self = component->instance;
    for (unsigned number = 0; number < ISA_CHANNELS; number++) {
        const struct i8237_channel *channel = &self->channels[number];
        const bool cascade = (channel->mode & I8237_SERVICE) == I8237_CASCADE;
        const bool programmed = channel->programmed_ps != SIM_NEVER;
        if ((!channel->begun && !asks(self, number) && !programmed &&
             !(self->request >> number & 1)) ||
            cascade || index-- > 0)
            continue;
        say_channel(text, self, number);
        return true;
    }
    return false;
}
