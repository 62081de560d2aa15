/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device: one PCI function of a board on one vhost-user connection (Linux, include/uapi/linux/virtio_pcidev.h).
 *
 * Queue 0 has commands { u8 operation, u8 bar, u16, u32 size, u64 address } with data; a read has room for its answer, a
 * write is posted: it has none. Queue 1 has buffers for interrupts.
 *
 * The guest waits a microsecond for each posted write that it finds done when it waits for a read. So they are given
 * back when it waits for something else.
 */
#ifndef DMASIM_COSIM_DEVICE_H
#define DMASIM_COSIM_DEVICE_H

#include "cosim/board.h"
#include "cosim/vhost.h"

#define DEVICE_HELD_MAX 200u /* of the 256 places of a queue */

struct device {
    struct board *board;
    struct board_function *function;
    struct vhost vhost;
    uint16_t held[DEVICE_HELD_MAX]; /* posted writes that are done */
    uint32_t held_count;
    uint64_t
        answer_ns; /* when the guest may have the answer of a read; BOARD_NEVER: it waits for none */
    uint16_t answer_head;
    uint32_t answer_length;
    uint8_t buffer[RING_BYTES_MAX];
    struct ring_chain chain;
};

void device_init(struct device *self, struct board *board, struct board_function *function);

/* Looks at the commands that the guest has queued, up to a read whose answer has to wait. Null, or why not. */
const char *device_commands(struct device *self, uint64_t now_ns);

/* The answer of a read that waits is given if it is time; and what stands behind it is looked at. */
const char *device_answer(struct device *self, uint64_t now_ns);

/* Gives posted writes back; true if there were some, and the guest is to be called for queue 0. */
bool device_release(struct device *self);

enum device_interrupt { DEVICE_CALL, DEVICE_LATER, DEVICE_BAD };

/* Queues the interrupt. DEVICE_CALL: the guest is to be called for queue 1; DEVICE_LATER: it has no room now. */
enum device_interrupt device_interrupt(struct device *self, const char **why);

#endif
