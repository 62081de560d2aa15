/* SPDX-License-Identifier: BSD-2-Clause */
/* bounce: see bounce.h. */
#include "host/mappings/bounce.h"

#include <string.h>

enum { LOW = 7 }; /* bits of the address that are kept: copies go word by word */

bool bounce_create(struct bounce *self, struct arena *arena, uint64_t base, uint64_t bytes)
{
    *self = (struct bounce){.base = base, .slots = (uint32_t)(bytes / BOUNCE_SLOT_BYTES)};
    self->taken = arena_alloc(arena, self->slots + 1);
    return self->taken != NULL;
}

static uint64_t slots_of(uint64_t address, uint64_t bytes)
{
    return ((address & LOW) + bytes + BOUNCE_SLOT_BYTES - 1) / BOUNCE_SLOT_BYTES;
}

bool bounce_take(struct bounce *self, uint64_t memory, uint64_t bytes, uint64_t *address)
{
    const uint64_t wanted = slots_of(memory, bytes);
    uint64_t run = 0;
    for (uint32_t i = 0; wanted <= BOUNCE_SLOTS_MAX && i < self->slots; i++) {
        run = self->taken[i] ? 0 : run + 1;
        if (run < wanted)
            continue;
        const uint64_t first = i + 1 - wanted;
        memset(self->taken + first, UINT8_MAX, wanted);
        self->taken[first] = (uint8_t)wanted;
        *address = self->base + first * BOUNCE_SLOT_BYTES + (memory & LOW);
        return true;
    }
    return false;
}

void bounce_drop(struct bounce *self, uint64_t address)
{
    if (address < self->base || (address - self->base) / BOUNCE_SLOT_BYTES >= self->slots)
        return;
    uint8_t *first = self->taken + (address - self->base) / BOUNCE_SLOT_BYTES;
    if (*first <= BOUNCE_SLOTS_MAX)
        memset(first, 0, *first);
}
