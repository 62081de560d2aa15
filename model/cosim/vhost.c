/* SPDX-License-Identifier: BSD-2-Clause */
/* vhost: see vhost.h. */
#include "cosim/vhost.h"

#include <string.h>

/* VIRTIO_F_VERSION_1, VHOST_USER_F_PROTOCOL_FEATURES */
#define FEATURES (UINT64_C(1) << 32 | UINT64_C(1) << 30)
/* REPLY_ACK, BACKEND_REQ, INBAND_NOTIFICATIONS */
#define PROTOCOL_FEATURES (UINT64_C(1) << 3 | UINT64_C(1) << 5 | UINT64_C(1) << 14)

static uint32_t u32_at(const struct vhost_message *message, uint32_t at)
{
    uint32_t value;
    memcpy(&value, message->payload + at, sizeof value);
    return value;
}

static uint64_t u64_at(const struct vhost_message *message, uint32_t at)
{
    uint64_t value;
    memcpy(&value, message->payload + at, sizeof value);
    return value;
}

static void answer(struct vhost_message *reply, uint32_t request, uint64_t value)
{
    reply->request = request;
    reply->flags = VHOST_VERSION | VHOST_IS_REPLY;
    reply->size = sizeof value;
    memcpy(reply->payload, &value, sizeof value);
}

/* Sizes of payloads; what is not here has none, or is not understood. */
static const struct {
    uint32_t request, bytes;
} payloads[] = {
    {VHOST_SET_FEATURES, 8},    {VHOST_SET_PROTOCOL_FEATURES, 8},
    {VHOST_SET_VRING_NUM, 8},   {VHOST_SET_VRING_BASE, 8},
    {VHOST_GET_VRING_BASE, 8},  {VHOST_SET_VRING_ENABLE, 8},
    {VHOST_SET_VRING_ADDR, 40}, {VHOST_VRING_KICK, 8},
    {VHOST_SET_MEM_TABLE, 40},
};

static const char *check_size(const struct vhost_message *message)
{
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++)
        if (payloads[i].request == message->request && message->size < payloads[i].bytes)
            return "a message that is too short";
    return NULL;
}

static const char *set_ring(struct ring *ring, const struct vhost_message *message)
{
    const uint32_t value = u32_at(message, 4);
    switch (message->request) {
    case VHOST_SET_VRING_NUM:
        if (value == 0 || value > RING_SIZE_MAX || (value & (value - 1)) != 0)
            return "a queue whose size is no power of two up to 256";
        ring->size = value;
        return NULL;
    case VHOST_SET_VRING_BASE:
        ring->taken = (uint16_t)value;
        return NULL;
    case VHOST_SET_VRING_ENABLE:
        ring->enabled = value != 0;
        return NULL;
    default: /* VHOST_SET_VRING_ADDR: index, flags, descriptors, used, available, log */
        ring->descriptors = u64_at(message, 8);
        ring->used = u64_at(message, 16);
        ring->available = u64_at(message, 24);
        ring->placed = true;
        return NULL;
    }
}

enum vhost_result vhost_take(struct vhost *self, const struct vhost_message *message,
                             uint32_t file_count, struct vhost_message *reply,
                             struct vhost_region *region, uint32_t *queue, const char **why)
{
    enum vhost_result result = VHOST_DONE;
    reply->request = 0;
    if ((message->flags & 3) != VHOST_VERSION || message->flags & VHOST_IS_REPLY) {
        *why = "a message of another version, or a reply that nobody waits for";
        return VHOST_BAD;
    }
    if ((*why = check_size(message)))
        return VHOST_BAD;
    if (message->flags & VHOST_NEEDS_REPLY)
        answer(reply, message->request, 0);
    switch (message->request) {
    case VHOST_GET_FEATURES:
        answer(reply, message->request, FEATURES);
        return result;
    case VHOST_GET_PROTOCOL_FEATURES:
        answer(reply, message->request, PROTOCOL_FEATURES);
        return result;
    case VHOST_GET_QUEUE_NUM:
        answer(reply, message->request, VHOST_QUEUES);
        return result;
    case VHOST_SET_FEATURES:
        *why = "features that were not offered";
        return u64_at(message, 0) & ~FEATURES ? VHOST_BAD : result;
    case VHOST_SET_PROTOCOL_FEATURES:
        *why = "no notifications in the connection, which are needed";
        return u64_at(message, 0) != PROTOCOL_FEATURES ? VHOST_BAD : result;
    case VHOST_SET_OWNER:
    case VHOST_RESET_OWNER:
        self->owned = message->request == VHOST_SET_OWNER;
        return result;
    case VHOST_SET_MEM_TABLE:
        if (u32_at(message, 0) != 1 || file_count != 1) {
            *why = "guest memory that is not one region in one file";
            return VHOST_BAD;
        }
        memcpy(region, message->payload + 8, sizeof *region);
        return VHOST_MEMORY;
    case VHOST_SET_BACKEND_REQ_FD:
        *why = "no file for notifications";
        return file_count == 1 ? VHOST_CALLS : VHOST_BAD;
    case VHOST_SET_VRING_NUM:
    case VHOST_SET_VRING_BASE:
    case VHOST_SET_VRING_ENABLE:
    case VHOST_SET_VRING_ADDR:
    case VHOST_GET_VRING_BASE:
    case VHOST_VRING_KICK:
        *queue = u32_at(message, 0);
        if (*queue >= VHOST_QUEUES) {
            *why = "a queue that there is not";
            return VHOST_BAD;
        }
        if (message->request == VHOST_VRING_KICK)
            return VHOST_KICKED;
        if (message->request == VHOST_GET_VRING_BASE) { /* it stops, too */
            answer(reply, message->request, *queue | (uint64_t)self->rings[*queue].taken << 32);
            self->rings[*queue].enabled = false;
            return result;
        }
        *why = set_ring(&self->rings[*queue], message);
        return *why ? VHOST_BAD : result;
    default:
        *why = "a message that is not understood";
        return VHOST_BAD;
    }
}

struct vhost_message vhost_call(uint32_t queue)
{
    struct vhost_message call = {
        .request = VHOST_BACKEND_VRING_CALL, .flags = VHOST_VERSION | VHOST_NEEDS_REPLY, .size = 8};
    memcpy(call.payload, &queue, sizeof queue);
    return call;
}
