/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bounce: memory that every device reaches, lent to mappings of buffers that their device does not (Linux's swiotlb).
 *
 * Slots of 2 KiB (IO_TLB_SHIFT), the first fit of adjacent free ones, 128 of them at most (IO_TLB_SEGSIZE): include/linux/swiotlb.h.
 *
 * Inaccuracies: the search begins at the first slot each time, Linux's behind the last that it gave out.
 */
#ifndef DMASIM_BOUNCE_H
#define DMASIM_BOUNCE_H

#include "kernel/arena.h"

#define BOUNCE_SLOT_BYTES 2048
#define BOUNCE_SLOTS_MAX 128 /* of a mapping */

struct bounce {
    uint64_t base;
    uint32_t slots;
    uint8_t *
        taken; /* a byte a slot: 0; of the first one of a buffer how many it has; of the others UINT8_MAX */
};

/* False if memory is short. */
bool bounce_create(struct bounce *self, struct arena *arena, uint64_t base, uint64_t bytes);

/* A place for a buffer, whose address has its low bits; false: there is none. */
bool bounce_take(struct bounce *self, uint64_t memory, uint64_t bytes, uint64_t *address);

/* Gives back what was lent. An address that is none of it is let be. */
void bounce_drop(struct bounce *self, uint64_t address);

#endif
