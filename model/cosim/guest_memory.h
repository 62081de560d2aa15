/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * guest_memory: the memory of a guest that is another process, mapped here. Every address that comes from the guest
 * goes through guest_memory_at(), so that none reaches beyond it.
 */
#ifndef DMASIM_COSIM_GUEST_MEMORY_H
#define DMASIM_COSIM_GUEST_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#define GUEST_MEMORY_MAX (UINT64_C(4) << 30)

struct guest_memory {
    uint8_t *bytes; /* null: none is mapped */
    uint64_t base, size;
};

/* Maps `size` bytes of a file from `offset` on as the guest's addresses from `base` on. Null, or why not. */
const char *guest_memory_map(struct guest_memory *self, int fd, uint64_t offset, uint64_t base,
                             uint64_t size);

void guest_memory_unmap(struct guest_memory *self);

/* The bytes at an address of the guest; null unless all of them are there. */
uint8_t *guest_memory_at(const struct guest_memory *self, uint64_t address, uint64_t length);

/* True if the guest has cut its file while it was mapped: what was read since then is zeros. Of one process all
 * mappings, from the first guest_memory_map() on. */
bool guest_memory_lost(void);

#endif
