/* SPDX-License-Identifier: BSD-2-Clause */
/* base: what C leaves out, for every folder. */
#ifndef DMASIM_BASE_H
#define DMASIM_BASE_H

#include <stddef.h>
#include <stdint.h>

/* Words are laid into simulated memories as they lie here: scripts/cmake/hosts.cmake. */
_Static_assert(sizeof(void *) == 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "64 bits and little endian");

/* Items of an array (not of a pointer). */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The struct of which `pointer` is a member. */
#define CONTAINER_OF(pointer, type, member)                                                        \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* What a reader knows and neither compiler nor analyser can see. Wrong, it is undefined. */
#define KNOWN(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            __builtin_unreachable();                                                               \
    } while (0)

static inline uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

#endif
