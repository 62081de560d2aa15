/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * i8237_access: registers of the 8237A, read and written, with their effects.
 *
 *   port  read                     written
 *   0-7   current address, count   base and current address, count; low byte, then high byte
 *   8     status: TC bits clear    command
 *   9     -                        request register
 *   a     -                        single mask bit
 *   b     -                        mode
 *   c     -                        clear byte pointer flip-flop
 *   d     temporary                master clear
 *   e     -                        clear mask register
 *   f     -                        all mask bits
 *
 * Inaccuracies
 *   The ports marked - can't be read; they show ones here. The byte pointer moves at the start of a
 *   read and at the end of a write.
 */
#include "controllers/i8237/i8237_state.h"

static uint8_t read_word(struct i8237 *self, uint16_t word)
{
    uint8_t value = (uint8_t)(self->high_byte ? word >> 8 : word);
    self->high_byte = !self->high_byte;
    return value;
}

static void write_word(struct i8237 *self, uint16_t *base, uint16_t *current, uint8_t value)
{
    uint16_t word = self->high_byte ? (uint16_t)((*base & 0x00ff) | value << 8)
                                    : (uint16_t)((*base & 0xff00) | value);
    /* The half that is not written keeps what each register has. */
    *current = self->high_byte ? (uint16_t)((*current & 0x00ff) | value << 8)
                               : (uint16_t)((*current & 0xff00) | value);
    *base = word;
    self->high_byte = !self->high_byte;
}

uint8_t i8237_read(struct i8237 *self, unsigned port)
{
    if (port < 2 * ISA_CHANNELS) {
        const struct i8237_channel *channel = &self->channels[port / 2];
        return read_word(self, port & 1 ? channel->count : channel->address);
    }
    if (port == I8237_STATUS) {
        unsigned dreq = self->seen ^ (self->command & I8237_DREQ_LOW ? 0xfu : 0);
        uint8_t value = (uint8_t)((dreq | self->request) << 4 | self->status);
        self->status = 0;
        return value;
    }
    return port == I8237_TEMPORARY ? self->temporary : 0xff;
}

static void write_bit(uint8_t *bits, uint8_t value)
{
    uint8_t bit = (uint8_t)(1u << (value & 3));
    *bits = (uint8_t)(value & 4 ? *bits | bit : *bits & ~bit);
}

void i8237_write(struct i8237 *self, unsigned port, uint8_t value)
{
    if (log_wanted(&self->unit))
        i8237_check_write(self, port, value);
    if (port < 2 * ISA_CHANNELS)
        self->last_port = (uint8_t)port;
    switch (port) {
    case I8237_COMMAND:
        self->command = value;
        if (self->state == I8237_SI || self->state == I8237_S0) {
            self->out.dack = i8237_dack_pins(self, ISA_NOBODY);
            i8237_drive(self);
        }
        break;
    case I8237_REQUEST:
        write_bit(&self->request, value);
        break;
    case I8237_MASK:
        write_bit(&self->mask, value);
        break;
    case I8237_MODE:
        self->channels[value & 3].mode = value;
        self->channels[value & 3].written |= I8237_WRITTEN_MODE;
        break;
    case I8237_CLEAR_POINTER:
        self->high_byte = false;
        break;
    case I8237_MASTER_CLEAR:
        i8237_master_clear(self);
        i8237_drive(self);
        break;
    case I8237_CLEAR_MASK:
        self->mask = 0;
        break;
    case I8237_ALL_MASK:
        self->mask = value & 0xf;
        break;
    default: {
        struct i8237_channel *channel = &self->channels[port / 2 % ISA_CHANNELS];
        i8237_transfer_programmed(self, port / 2 % ISA_CHANNELS);
        channel->written |= port & 1 ? I8237_WRITTEN_COUNT : I8237_WRITTEN_ADDRESS;
        if (port & 1)
            write_word(self, &channel->base_count, &channel->count, value);
        else
            write_word(self, &channel->base_address, &channel->address, value);
        break;
    }
    }
}

void i8237_master_clear(struct i8237 *self)
{
    for (unsigned channel = 0; channel < ISA_CHANNELS; channel++) {
        i8237_transfer_ended(self, channel, "stopped");
        self->channels[channel].written = 0;
    }
    self->command = self->status = self->request = self->temporary = 0;
    self->high_byte = false;
    self->mask = 0xf;
    self->lowest = ISA_CHANNELS - 1;
    self->state = I8237_SI;
    self->service = (struct i8237_service){.channel = 0};
    self->out = (struct isa_master_out){.dack = i8237_dack_pins(self, ISA_NOBODY),
                                        .bytes = (uint8_t)(1u << self->shift),
                                        .state = I8237_SI,
                                        .sample = SIM_NEVER};
}
