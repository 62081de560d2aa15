/* SPDX-License-Identifier: BSD-2-Clause */
/* ring: see ring.h. */
#include "cosim/ring.h"

#include <stdatomic.h>
#include <string.h>

enum { DESCRIPTOR_NEXT = 1, DESCRIPTOR_WRITE = 2, DESCRIPTOR_INDIRECT = 4 };

#define DESCRIPTOR_BYTES 16u
#define USED_BYTES 8u

struct descriptor {
    uint64_t address;
    uint32_t length;
    uint16_t flags, next;
};

/* A word of the ring; one load, whatever the guest does meanwhile. */
static uint16_t load_word(const uint8_t *at)
{
    uint16_t word;
    atomic_thread_fence(memory_order_seq_cst);
    memcpy(&word, at, sizeof word);
    atomic_thread_fence(memory_order_seq_cst);
    return word;
}

/* Adds what a descriptor names to the chain. Null, or what is wrong. */
static const char *add_piece(struct ring_chain *chain, const struct guest_memory *memory,
                             const struct descriptor *piece)
{
    uint8_t *at = guest_memory_at(memory, piece->address, piece->length);
    if (!at)
        return "a descriptor outside guest memory";
    if (piece->flags & DESCRIPTOR_INDIRECT)
        return "an indirect descriptor, which was not offered";
    if (piece->flags & DESCRIPTOR_WRITE) {
        if (chain->piece_count == RING_PIECES_MAX || piece->length > RING_BYTES_MAX - chain->room)
            return "too much room for an answer";
        chain->pieces[chain->piece_count].at = at;
        chain->pieces[chain->piece_count++].length = piece->length;
        chain->room += piece->length;
        return NULL;
    }
    if (chain->room)
        return "a descriptor to read behind one to write";
    if (piece->length > RING_BYTES_MAX - chain->length)
        return "a command that is too long";
    memcpy(chain->bytes + chain->length, at, piece->length);
    chain->length += piece->length;
    return NULL;
}

enum ring_result ring_take(struct ring *self, const struct guest_memory *memory,
                           struct ring_chain *chain, const char **why)
{
    if (!self->size || !self->placed) {
        *why = "a queue that was not set up";
        return RING_BAD;
    }
    const uint8_t *available = guest_memory_at(memory, self->available, 4 + 2u * self->size);
    const uint8_t *table =
        guest_memory_at(memory, self->descriptors, (uint64_t)DESCRIPTOR_BYTES * self->size);
    if (!available || !table) {
        *why = "a queue outside guest memory";
        return RING_BAD;
    }
    const uint16_t waiting = (uint16_t)(load_word(available + 2) - self->taken);
    if (waiting == 0)
        return RING_EMPTY;
    if (waiting > self->size) {
        *why = "a queue with more entries than it has places";
        return RING_BAD;
    }
    uint16_t index = load_word(available + 4 + 2u * (self->taken % self->size));
    chain->head = index;
    chain->length = chain->room = chain->piece_count = 0;
    for (uint32_t count = 0;; count++) {
        struct descriptor piece;
        if (index >= self->size || count == self->size) {
            *why = count == self->size ? "a chain of descriptors without an end"
                                       : "a descriptor that is not there";
            return RING_BAD;
        }
        memcpy(&piece, table + (size_t)DESCRIPTOR_BYTES * index, sizeof piece);
        if ((*why = add_piece(chain, memory, &piece)))
            return RING_BAD;
        if (!(piece.flags & DESCRIPTOR_NEXT))
            break;
        index = piece.next;
    }
    self->taken++;
    return RING_TAKEN;
}

void ring_answer(const struct ring_chain *chain, const uint8_t *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < chain->piece_count && length > 0; i++) {
        const uint32_t part = chain->pieces[i].length < length ? chain->pieces[i].length : length;
        memcpy(chain->pieces[i].at, bytes, part);
        bytes += part;
        length -= part;
    }
}

bool ring_put(struct ring *self, const struct guest_memory *memory, uint16_t head, uint32_t length)
{
    uint8_t *used = self->size
                        ? guest_memory_at(memory, self->used, 4 + (uint64_t)USED_BYTES * self->size)
                        : NULL;
    if (!used)
        return false;
    const uint16_t index = load_word(used + 2), next = (uint16_t)(index + 1);
    const uint32_t entry[2] = {head, length};
    memcpy(used + 4 + (size_t)USED_BYTES * (index % self->size), entry, sizeof entry);
    atomic_thread_fence(memory_order_seq_cst);
    memcpy(used + 2, &next, sizeof next);
    atomic_thread_fence(memory_order_seq_cst);
    return true;
}
