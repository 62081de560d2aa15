/* SPDX-License-Identifier: BSD-2-Clause */
/* content: what a memory holds at the start and leaves behind, for every type of memory. */
#ifndef DMASIM_STORE_H
#define DMASIM_STORE_H

#include "plan/component.h"

#define CONTENT_BYTES_MAX UINT64_C(0x40000000)

enum sram_pattern {
    SRAM_ZERO,
    SRAM_BYTE,    /* every byte is `value` */
    SRAM_ADDRESS, /* every word is its own bus address */
    SRAM_RANDOM,  /* seeded */
    SRAM_COUNT,   /* byte i is `value` + i */
};

struct sram_fill {
    uint8_t pattern; /* enum sram_pattern */
    uint8_t value;
    uint64_t seed;
};

struct sram_inline {
    uint64_t offset;
    struct parameter_list values; /* uint64_t, one per byte */
};

struct sram_load {
    uint64_t offset;
    struct parameter_blob file;
};

struct sram_dump {
    const char *file; /* null: none */
    uint64_t offset;
    uint64_t bytes; /* 0: to the end */
};

extern const struct parameter sram_fill_parameters[], sram_load_parameters[],
    sram_inline_parameters[], sram_dump_parameters[];

/* The parts of a memory's configuration. */
struct content {
    uint64_t base, size_bytes;
    struct sram_fill fill;
    struct parameter_list bytes; /* struct sram_inline */
    struct parameter_list loads; /* struct sram_load */
    struct parameter_list dumps; /* struct sram_dump */
};

/* Of any config struct with these members. */
#define CONTENT_OF(config)                                                                         \
    (&(const struct content){.base = (config)->base,                                               \
                             .size_bytes = (config)->size_bytes,                                   \
                             .fill = (config)->fill,                                               \
                             .bytes = (config)->bytes,                                             \
                             .loads = (config)->loads,                                             \
                             .dumps = (config)->dumps})

/* True if [offset, offset + bytes) lies inside the memory. */
static inline bool content_inside(const struct content *self, uint64_t offset, uint64_t bytes)
{
    return offset <= self->size_bytes && bytes <= self->size_bytes - offset;
}

/* An access from outside to a memory's bytes, low byte first; DMASIM_UNMAPPED if it leaves the memory. */
int content_access(uint8_t *memory, uint64_t memory_bytes, uint64_t offset, unsigned size_bytes,
                   bool write, uint64_t *value);

/* Lays fill, loads and inline bytes, in this order, into zeroed memory. */
void content_lay(const struct content *self, const struct build *build, uint8_t *memory);

/* Complains of what lies beyond the memory or is no byte. */
void content_check(const struct content *self, const struct component *component,
                   struct check *check);

/* The index-th dump; false if there are no more. */
bool content_output(const struct content *self, const uint8_t *memory, uint32_t index,
                    struct component_output *output);

#endif
