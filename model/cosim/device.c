/* SPDX-License-Identifier: BSD-2-Clause */
/* device: see device.h. */
#include "cosim/device.h"

#include <string.h>

enum operation {
    CONFIG_READ = 1,
    CONFIG_WRITE,
    MMIO_READ,
    MMIO_WRITE,
    MMIO_MEMSET,
    INTERRUPT,
    MESSAGE,
};

#define COMMAND_BYTES 16u

struct command {
    uint8_t operation, bar;
    uint16_t reserved;
    uint32_t size;
    uint64_t address;
};

void device_init(struct device *self, struct board *board, struct board_function *function)
{
    self->board = board;
    self->function = function;
    self->vhost = (struct vhost){.owned = false};
    self->held_count = 0;
    self->answer_ns = BOARD_NEVER;
}

/* Reads as the command says; the time from which on the guest may have the answer. */
static uint64_t do_read(struct device *self, const struct command *command, uint64_t now_ns)
{
    struct pci *pci = &self->function->pci;
    const uint32_t length = command->size;
    memset(self->buffer, 0xff, length);
    if (command->operation == CONFIG_READ)
        pci_config_read(pci, command->address, self->buffer, length);
    else if (command->bar == 0)
        return board_read(self->board, self->function, now_ns, command->address, self->buffer,
                          length);
    else if (command->bar == 2 && pci->msix)
        pci_table_read(pci, command->address, self->buffer, length);
    return now_ns;
}

static bool do_write(struct device *self, const struct command *command, uint64_t now_ns,
                     const uint8_t *bytes)
{
    struct pci *pci = &self->function->pci;
    if (command->operation == CONFIG_WRITE)
        pci_config_write(pci, command->address, bytes, command->size);
    else if (command->bar == 0)
        return board_write(self->board, self->function, now_ns, command->address, bytes,
                           command->size);
    else if (command->bar == 2 && pci->msix)
        pci_table_write(pci, command->address, bytes, command->size);
    return true;
}

/* The command in the chain; *ready_ns is when its answer may be given. Null, or what is wrong. */
static const char *do_command(struct device *self, uint64_t now_ns, uint64_t *ready_ns)
{
    struct command command;
    const struct ring_chain *chain = &self->chain;
    const uint8_t *data = chain->bytes + COMMAND_BYTES;
    *ready_ns = now_ns;
    if (chain->length < COMMAND_BYTES)
        return "a command that is too short";
    memcpy(&command, chain->bytes, sizeof command);
    if (command.size == 0 || command.size > RING_BYTES_MAX - COMMAND_BYTES)
        return "a command of no size, or of too large a one";
    switch (command.operation) {
    case CONFIG_READ:
    case MMIO_READ:
        if (chain->room < command.size)
            return "a read without room for its answer";
        *ready_ns = do_read(self, &command, now_ns);
        ring_answer(chain, self->buffer, command.size);
        return NULL;
    case MMIO_MEMSET:
        if (chain->length - COMMAND_BYTES < 1)
            return "a write without data";
        memset(self->buffer, data[0], command.size);
        data = self->buffer;
        break;
    case CONFIG_WRITE:
    case MMIO_WRITE:
        if (chain->length - COMMAND_BYTES < command.size)
            return "a write without data";
        break;
    default:
        return "a command that there is not";
    }
    return do_write(self, &command, now_ns, data) ? NULL
                                                  : "more posted writes than there is room for";
}

bool device_release(struct device *self)
{
    const bool some = self->held_count > 0;
    for (uint32_t i = 0; i < self->held_count; i++)
        ring_put(&self->vhost.rings[VHOST_COMMANDS], &self->board->memory, self->held[i], 0);
    self->held_count = 0;
    return some && self->vhost.rings[VHOST_COMMANDS].enabled;
}

const char *device_commands(struct device *self, uint64_t now_ns)
{
    struct ring *ring = &self->vhost.rings[VHOST_COMMANDS];
    const char *why = NULL;
    while (self->answer_ns == BOARD_NEVER) {
        const enum ring_result result = ring_take(ring, &self->board->memory, &self->chain, &why);
        if (result != RING_TAKEN)
            return result == RING_BAD ? why : NULL;
        uint64_t ready_ns;
        if ((why = do_command(self, now_ns, &ready_ns)))
            return why;
        const struct ring_chain *chain = &self->chain;
        if (chain->room == 0) {
            self->held[self->held_count++] = chain->head;
            if (self->held_count == DEVICE_HELD_MAX)
                device_release(self);
        } else if (ready_ns > now_ns) {
            self->answer_ns = ready_ns;
            self->answer_head = chain->head;
            self->answer_length = chain->room;
        } else if (!ring_put(ring, &self->board->memory, chain->head, chain->room)) {
            return "a queue outside guest memory";
        }
    }
    return NULL;
}

const char *device_answer(struct device *self, uint64_t now_ns)
{
    if (self->answer_ns > now_ns)
        return NULL;
    self->answer_ns = BOARD_NEVER;
    if (!ring_put(&self->vhost.rings[VHOST_COMMANDS], &self->board->memory, self->answer_head,
                  self->answer_length))
        return "a queue outside guest memory";
    return device_commands(self, now_ns);
}

enum device_interrupt device_interrupt(struct device *self, const char **why)
{
    struct ring *ring = &self->vhost.rings[VHOST_INTERRUPTS];
    if (!ring->enabled)
        return DEVICE_LATER;
    const enum ring_result result = ring_take(ring, &self->board->memory, &self->chain, why);
    if (result != RING_TAKEN)
        return result == RING_BAD ? DEVICE_BAD : DEVICE_LATER;
    const struct pci *pci = &self->function->pci;
    const struct command command = {.operation = pci->msix ? MESSAGE : INTERRUPT,
                                    .size = pci->msix ? 4 : 0,
                                    .address = pci->msix ? 0 : 1};
    uint8_t message[COMMAND_BYTES + 4];
    const uint32_t length = COMMAND_BYTES + command.size;
    memcpy(message, &command, sizeof command);
    memcpy(message + COMMAND_BYTES, &pci->vector[2], 4);
    *why = "no room for an interrupt in its buffer";
    if (self->chain.room < length)
        return DEVICE_BAD;
    ring_answer(&self->chain, message, length);
    *why = "a queue outside guest memory";
    return ring_put(ring, &self->board->memory, self->chain.head, length) ? DEVICE_CALL
                                                                          : DEVICE_BAD;
}
