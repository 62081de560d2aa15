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
    {.name = NULL},
};

#define RULE(self, which, ...)                                                                     \
    log_rule(&(self)->unit, (self)->name, &i8237_rules[which], __VA_ARGS__)

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
    case I8237_MODE:
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

/* A transfer begins. */
void i8237_check_begin(const struct i8237 *self, unsigned number)
{
    const struct i8237_channel *channel = &self->channels[number];
    const unsigned type = channel->mode & I8237_TRANSFER;
    if (!log_wanted(&self->unit))
        return;
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
