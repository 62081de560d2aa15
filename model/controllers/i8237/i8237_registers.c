/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * i8237_registers: the register map of the 8237A; the only statement of names and fields. Intel 8237A
 * data sheet, "Register Description" and "Software Commands".
 *
 * At two ports one register is read and another written: STATUS and COMMAND, TEMPORARY and
 * MASTER_CLEAR. Address and count take two accesses, low byte first (CLEAR_POINTER).
 */
#include "controllers/i8237/i8237.h"

#define FIELD(label, low, bits, kind, text)                                                        \
    {                                                                                              \
        .name = #label, .lsb = (low), .width = (bits), .access = REGISTER_##kind, .doc = (text)    \
    }
#define END                                                                                        \
    {                                                                                              \
        .name = NULL                                                                               \
    }

static const struct register_field command_fields[] = {
    FIELD(MEMORY_TO_MEMORY, 0, 1, WO, "Channel 0 reads, channel 1 writes memory"),
    FIELD(ADDRESS_HOLD, 1, 1, WO, "Channel 0 keeps its address in memory to memory"),
    FIELD(DISABLE, 2, 1, WO, "No request is served"),
    FIELD(COMPRESSED, 3, 1, WO, "Without S3"),
    FIELD(ROTATING, 4, 1, WO, "The channel served last has the lowest priority"),
    FIELD(EXTENDED_WRITE, 5, 1, WO, "Write commands begin with the read commands"),
    FIELD(DREQ_LOW, 6, 1, WO, "DREQ is active low"),
    FIELD(DACK_HIGH, 7, 1, WO, "DACK is active high"),
    END,
};

static const struct register_field status_fields[] = {
    FIELD(TC, 0, 4, RO,
          "Channels whose process ended, by terminal count or EOP; a read clears them"),
    FIELD(REQUEST, 4, 4, RO, "Channels that ask for service, masked or not"),
    END,
};

static const struct register_field bit_fields[] = {
    FIELD(CHANNEL, 0, 2, WO, "Channel"),
    FIELD(SET, 2, 1, WO, "1 sets, 0 clears the channel's bit"),
    END,
};

static const struct register_field mode_fields[] = {
    FIELD(CHANNEL, 0, 2, WO, "Channel"),
    FIELD(TRANSFER, 2, 2, WO, "0 verify, 1 write to memory, 2 read from memory"),
    FIELD(AUTOINIT, 4, 1, WO, "Address and count start again at the end of process"),
    FIELD(DECREMENT, 5, 1, WO, "Addresses fall"),
    FIELD(MODE, 6, 2, WO, "0 demand, 1 single, 2 block, 3 cascade"),
    END,
};

static const struct register_field mask_fields[] = {
    FIELD(MASK, 0, 4, WO, "Channels whose DREQ is ignored"),
    END,
};

#define PORT(id, at, kind, table, text)                                                            \
    {                                                                                              \
        .name = #id, .offset = (at), .access = REGISTER_##kind, .fields = (table), .doc = (text)   \
    }

static const struct register_entry entries[] = {
    {.name = "CH%u_ADDRESS",
     .offset = 0,
     .count = ISA_CHANNELS,
     .stride_bytes = 2,
     .access = REGISTER_RW,
     .doc = "Base and current address, a byte at a time"},
    {.name = "CH%u_COUNT",
     .offset = 1,
     .count = ISA_CHANNELS,
     .stride_bytes = 2,
     .access = REGISTER_RW,
     .doc = "Base and current word count, one less than the bytes, a byte at a time"},
    PORT(STATUS, I8237_STATUS, RO, status_fields, "Status"),
    PORT(COMMAND, I8237_COMMAND, WO, command_fields, "Command"),
    PORT(REQUEST, I8237_REQUEST, WO, bit_fields, "Software request"),
    PORT(MASK, I8237_MASK, WO, bit_fields, "Mask of one channel"),
    PORT(MODE, I8237_MODE, WO, mode_fields, "Mode of a channel"),
    PORT(CLEAR_POINTER, I8237_CLEAR_POINTER, WO, NULL, "The next byte is a low one"),
    PORT(TEMPORARY, I8237_TEMPORARY, RO, NULL, "Last byte moved from memory to memory"),
    PORT(MASTER_CLEAR, I8237_MASTER_CLEAR, WO, NULL, "Reset"),
    PORT(CLEAR_MASK, I8237_CLEAR_MASK, WO, NULL, "No channel is masked"),
    PORT(ALL_MASK, I8237_ALL_MASK, WO, mask_fields, "Masks of all channels"),
    END,
};

const struct register_map i8237_registers = {
    .compatible = "intel,8237a",
    .title = "8237A DMA controller",
    .entries = entries,
    .width_bits = 8,
    .size_bytes = I8237_PORTS,
};
