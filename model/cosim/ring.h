/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ring: the device's side of a split virtqueue (Virtual I/O Device 1.1, 2.6) in guest memory.
 *
 *     descriptors  { u64 address, u32 length, u16 flags, u16 next } [size]
 *     available    u16 flags, u16 index, u16 head [size]          the guest's
 *     used         u16 flags, u16 index, { u32 head, u32 length } [size]   ours
 *
 * The guest may write anything there at any time: each word is read once, and each address is checked.
 */
#ifndef DMASIM_COSIM_RING_H
#define DMASIM_COSIM_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "cosim/guest_memory.h"

#define RING_SIZE_MAX 256u
#define RING_BYTES_MAX 8192u /* of one chain, what the device reads */
#define RING_PIECES_MAX 8u   /* of one chain, where the device writes */

struct ring {
    uint32_t size; /* a power of two; 0: not set up */
    uint64_t descriptors, available, used;
    uint16_t taken; /* next index of the available ring */
    bool placed, enabled;
};

/* A chain of descriptors: what the guest says, and where it wants an answer. */
struct ring_chain {
    uint16_t head;
    uint32_t length; /* of bytes[] */
    uint32_t room;   /* of all pieces */
    uint32_t piece_count;
    struct {
        uint8_t *at;
        uint32_t length;
    } pieces[RING_PIECES_MAX];
    uint8_t bytes[RING_BYTES_MAX];
};

enum ring_result { RING_TAKEN, RING_EMPTY, RING_BAD };

/* The next chain of the guest's. RING_BAD with *why (what is wrong with the ring): it is unusable from now on. */
enum ring_result ring_take(struct ring *self, const struct guest_memory *memory,
                           struct ring_chain *chain, const char **why);

/* Copies an answer into the chain's pieces, as much as there is room for. */
void ring_answer(const struct ring_chain *chain, const uint8_t *bytes, uint32_t length);

/* Gives a chain back, of which `length` bytes were written. False if the ring is not in guest memory. */
bool ring_put(struct ring *self, const struct guest_memory *memory, uint16_t head, uint32_t length);

#endif
