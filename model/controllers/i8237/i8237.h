/* SPDX-License-Identifier: BSD-2-Clause */
/* i8237: configuration of the 8237A DMA controller; the model is in i8237.c. */
#ifndef DMASIM_I8237_H
#define DMASIM_I8237_H

#include "bus/isa/isa.h"
#include "plan/component.h"

#define I8237_PORTS 16
#define I8237_SECOND_PORT 0xc0 /* of the second one of a PC/AT */

struct i8237_config {
    uint16_t bus;
    uint32_t port;                    /* first of its 16 ports */
    uint16_t cascade;                 /* controller in front of it, UINT16_MAX: none */
    uint32_t cascade_channel;         /* of that one */
    uint16_t pages;                   /* page registers, UINT16_MAX: none, A23-A16 are 0 */
    struct parameter_list page_ports; /* uint64_t, of each channel: offset in them */
    uint32_t port_step;               /* from one of its registers to the next: 1, or 2 */
    uint8_t moves;                    /* enum i8237_moves */
};

enum i8237_moves { I8237_AUTO, I8237_BYTES, I8237_WORDS };

/* Whether its channels move words, as channels 5 to 7 of a PC/AT: A16-A1 and counts are those of words, and bit 0 of
 * the page is not used. */
bool i8237_words(const struct plan *plan, const struct i8237_config *config);

/* Offset of a channel's page register in those of a PC/AT. */
unsigned i8237_page(const struct plan *plan, const struct i8237_config *config, unsigned channel);

extern const struct component_type i8237_type;
extern const struct register_map i8237_registers;
extern const struct parameter i8237_parameters[];

/* Offsets of its registers. Address and count of channel n are at 2 n and 2 n + 1. */
enum i8237_port {
    I8237_COMMAND = 8, /* written */
    I8237_STATUS = 8,  /* read */
    I8237_REQUEST = 9,
    I8237_MASK = 10,
    I8237_MODE = 11,
    I8237_CLEAR_POINTER = 12,
    I8237_MASTER_CLEAR = 13, /* written */
    I8237_TEMPORARY = 13,    /* read */
    I8237_CLEAR_MASK = 14,
    I8237_ALL_MASK = 15,
};

enum i8237_command {
    I8237_MEMORY_TO_MEMORY = 0x01,
    I8237_ADDRESS_HOLD = 0x02,
    I8237_DISABLE = 0x04,
    I8237_COMPRESSED = 0x08,
    I8237_ROTATING = 0x10,
    I8237_EXTENDED_WRITE = 0x20,
    I8237_DREQ_LOW = 0x40,
    I8237_DACK_HIGH = 0x80,
};

enum i8237_mode {
    I8237_VERIFY = 0x00,
    I8237_WRITE = 0x04, /* to memory */
    I8237_READ = 0x08,  /* from memory */
    I8237_TRANSFER = 0x0c,
    I8237_AUTOINIT = 0x10,
    I8237_DECREMENT = 0x20,
    I8237_DEMAND = 0x00,
    I8237_SINGLE = 0x40,
    I8237_BLOCK = 0x80,
    I8237_CASCADE = 0xc0,
    I8237_SERVICE = 0xc0,
};

#endif
