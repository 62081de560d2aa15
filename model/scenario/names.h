/* SPDX-License-Identifier: BSD-2-Clause */
/* names: from a name to a value, however many there are. The names must live as long. */
#ifndef DMASIM_NAMES_H
#define DMASIM_NAMES_H

#include <stdbool.h>

#include "kernel/arena.h"

struct name_slot {
    const char *name; /* null: free */
    uint32_t hash, value;
};

/* All zero: empty. */
struct names {
    struct name_slot *slots; /* in an arena */
    uint32_t count, room;    /* a power of two, at least twice the count; or 0 */
};

#define NAMES_NONE UINT32_MAX

/* The value of a name, NAMES_NONE if it is not there. */
uint32_t names_find(const struct names *self, const char *name);

/* Sets the value of a name, new or not. False if memory is short. */
bool names_put(struct names *self, struct arena *arena, const char *name, uint32_t value);

#endif
