/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store: the bytes of a memory, for every type of memory: whose they are, what they hold at the start, what is
 * left behind of them.
 *
 *   owner    STORE_ARENA: part of the system's state, in every snapshot
 *            STORE_CALLER: somebody else's (mmap of a guest's memory); what they hold is left out of snapshots
 *
 * The bytes are exact whenever kernel_advance() has returned, and may be stored to until it is called again
 * (struct kernel_lazy). Several ports of one memory share a store, so it does not know addresses.
 */
#ifndef DMASIM_STORE_H
#define DMASIM_STORE_H

#include "plan/component.h"

#define STORE_BYTES_MAX UINT64_C(0x40000000)

enum store_pattern {
    STORE_ZERO,
    STORE_BYTE,    /* every byte is `value` */
    STORE_ADDRESS, /* every word is its own bus address */
    STORE_RANDOM,  /* seeded */
    STORE_COUNT,   /* byte i is `value` + i */
};

struct store_fill {
    uint8_t pattern; /* enum store_pattern */
    uint8_t value;
    uint64_t seed;
};

struct store_inline {
    uint64_t offset;
    struct parameter_list values; /* uint64_t, one per byte */
};

struct store_load {
    uint64_t offset;
    struct parameter_blob file;
};

struct store_dump {
    const char *file; /* null: none */
    uint64_t offset;
    uint64_t bytes; /* 0: to the end */
};

extern const struct parameter store_fill_parameters[], store_load_parameters[],
    store_inline_parameters[], store_dump_parameters[];

enum store_owner { STORE_ARENA, STORE_CALLER };

struct ideal; /* memory/ideal.h */

struct store {
    uint8_t *bytes;
    uint64_t size_bytes;
    uint8_t owner;       /* enum store_owner */
    bool laid;           /* the scenario says what it holds at the start */
    struct ideal *ideal; /* what it would hold without the caches of CPUs; null: there is none */
};

/* The parts of a memory's configuration. */
struct store_content {
    uint64_t base, size_bytes;
    struct store_fill fill;
    struct parameter_list bytes; /* struct store_inline */
    struct parameter_list loads; /* struct store_load */
    struct parameter_list dumps; /* struct store_dump */
};

/* Of any config struct with these members. */
#define STORE_CONTENT(config)                                                                      \
    (&(const struct store_content){.base = (config)->base,                                         \
                                   .size_bytes = (config)->size_bytes,                             \
                                   .fill = (config)->fill,                                         \
                                   .bytes = (config)->bytes,                                       \
                                   .loads = (config)->loads,                                       \
                                   .dumps = (config)->dumps})

/* True if [offset, offset + bytes) lies inside the memory. */
static inline bool store_inside(const struct store_content *self, uint64_t offset, uint64_t bytes)
{
    return offset <= self->size_bytes && bytes <= self->size_bytes - offset;
}

/* Makes zeroed bytes in the arena and offers them in component->store. DMASIM_OK or DMASIM_MEMORY. */
int store_create(struct store *self, struct component *component, uint64_t size_bytes,
                 const struct build *build);

/* Lays fill, loads and inline bytes, in this order, into zeroed bytes. */
void store_lay(struct store *self, const struct store_content *content, const struct build *build);

/* Complains of what lies beyond the memory or is no byte. */
void store_check(const struct store_content *self, const struct component *component,
                 struct check *check);

/* From now on the bytes are the caller's, who keeps them as long as the system is there; those of the arena are
 * given back. DMASIM_INVALID, and nothing is changed, if the length is not that of the memory or the scenario
 * says what it holds. Nothing may have been stepped: what units remember of bytes stays behind. */
int store_back(struct store *self, struct arena *arena, void *bytes, uint64_t length);

/* component_type.access of a memory: low byte first; DMASIM_UNMAPPED if it leaves the memory. */
int store_access(struct component *component, uint64_t offset, unsigned size_bytes, bool write,
                 uint64_t *value);

/* The index-th of a component's dumps (struct store_dump); false if there are no more. */
bool store_output(const struct component *component, const struct parameter_list *dumps,
                  uint32_t index, struct component_output *output);

/* The bytes of a built memory; *size_bytes (may be null) gets how many. Null and 0 if it is no memory. */
static inline uint8_t *store_bytes(const struct component *component, uint64_t *size_bytes)
{
    const struct store *store = component->store;
    if (size_bytes)
        *size_bytes = store ? store->size_bytes : 0;
    return store ? store->bytes : NULL;
}

#endif
