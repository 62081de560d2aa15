/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vhost: a vhost-user device (QEMU, docs/interop/vhost-user.rst) of two queues whose notifications travel in the
 * connection itself, as User-Mode Linux has it. No sockets here: messages in, messages out.
 */
#ifndef DMASIM_COSIM_VHOST_H
#define DMASIM_COSIM_VHOST_H

#include "cosim/ring.h"

#define VHOST_HEADER_BYTES 12u
#define VHOST_PAYLOAD_MAX 512u
#define VHOST_FILES_MAX 8u

enum vhost_request {
    VHOST_GET_FEATURES = 1,
    VHOST_SET_FEATURES = 2,
    VHOST_SET_OWNER = 3,
    VHOST_RESET_OWNER = 4,
    VHOST_SET_MEM_TABLE = 5,
    VHOST_SET_VRING_NUM = 8,
    VHOST_SET_VRING_ADDR = 9,
    VHOST_SET_VRING_BASE = 10,
    VHOST_GET_VRING_BASE = 11,
    VHOST_GET_PROTOCOL_FEATURES = 15,
    VHOST_SET_PROTOCOL_FEATURES = 16,
    VHOST_GET_QUEUE_NUM = 17,
    VHOST_SET_VRING_ENABLE = 18,
    VHOST_SET_BACKEND_REQ_FD = 21,
    VHOST_VRING_KICK = 35,
};
enum { VHOST_BACKEND_VRING_CALL = 4 };

enum { VHOST_VERSION = 1, VHOST_IS_REPLY = 4, VHOST_NEEDS_REPLY = 8 };

struct vhost_message {
    uint32_t request, flags, size; /* size: of the payload */
    uint8_t payload[VHOST_PAYLOAD_MAX];
};

struct vhost_region {
    uint64_t guest, size, user, offset;
};

enum { VHOST_COMMANDS, VHOST_INTERRUPTS, VHOST_QUEUES };

struct vhost {
    struct ring rings[VHOST_QUEUES];
    bool owned;
};

enum vhost_result {
    VHOST_DONE,   /* a reply is to be sent if reply->request is not 0 */
    VHOST_MEMORY, /* the same, after files[0] was mapped as *region says */
    VHOST_CALLS,  /* the same; files[0] is where the guest is notified */
    VHOST_KICKED, /* the same, after the queue *queue was looked at */
    VHOST_BAD,    /* *why */
};

/* A message of the guest's, whose size is checked already. */
enum vhost_result vhost_take(struct vhost *self, const struct vhost_message *message,
                             uint32_t file_count, struct vhost_message *reply,
                             struct vhost_region *region, uint32_t *queue, const char **why);

/* Tells the guest to look at a queue. */
struct vhost_message vhost_call(uint32_t queue);

#endif
