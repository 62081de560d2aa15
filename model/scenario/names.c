/* SPDX-License-Identifier: BSD-2-Clause */
/* names: a hash table with open addresses, never more than half full. See names.h. */
#include "scenario/names.h"

#include <string.h>

/* FNV-1a. */
static uint32_t hash_of(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return hash ^ hash >> 15;
}

/* Where the name is, or would be; there is room. */
static struct name_slot *slot_of(const struct names *self, const char *name, uint32_t hash)
{
    for (uint32_t at = hash;; at++) {
        struct name_slot *slot = &self->slots[at & (self->room - 1)];
        if (!slot->name || (slot->hash == hash && strcmp(slot->name, name) == 0))
            return slot;
    }
}

uint32_t names_find(const struct names *self, const char *name)
{
    if (self->count == 0)
        return NAMES_NONE;
    const struct name_slot *slot = slot_of(self, name, hash_of(name));
    return slot->name ? slot->value : NAMES_NONE;
}

static bool grow(struct names *self, struct arena *arena)
{
    const struct names old = *self;
    self->room = old.room ? 2 * old.room : 16;
    self->slots = arena_alloc(arena, self->room * sizeof *self->slots);
    if (!self->slots) {
        *self = old;
        return false;
    }
    for (uint32_t i = 0; i < old.room; i++)
        if (old.slots[i].name)
            *slot_of(self, old.slots[i].name, old.slots[i].hash) = old.slots[i];
    return true;
}

bool names_put(struct names *self, struct arena *arena, const char *name, uint32_t value)
{
    if (2 * (self->count + 1) > self->room && !grow(self, arena))
        return false;
    const uint32_t hash = hash_of(name);
    struct name_slot *slot = slot_of(self, name, hash);
    self->count += !slot->name;
    *slot = (struct name_slot){slot->name ? slot->name : name, hash, value};
    return true;
}
