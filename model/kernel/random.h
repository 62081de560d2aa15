/* SPDX-License-Identifier: BSD-2-Clause */
/* random: xorshift64*, the one generator for seeded rates, patterns and traffic (Vigna 2016), and the
 * xorshift32 (Marsaglia 2003) that the recorded cases draw with. */
#ifndef DMASIM_RANDOM_H
#define DMASIM_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

/* Any seed will do, 0 too: splitmix64 spreads it and never leaves the state 0 for long. */
static inline struct random random_seeded(uint64_t seed)
{
    uint64_t z = seed + UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return (struct random){.state = z ? z : 1};
}

static inline uint32_t random_next(struct random *self)
{
    self->state ^= self->state >> 12;
    self->state ^= self->state << 25;
    self->state ^= self->state >> 27;
    return (uint32_t)((self->state * UINT64_C(0x2545f4914f6cdd1d)) >> 32);
}

/* Uniform enough in 0 .. below-1; below > 0. */
static inline uint32_t random_below(struct random *self, uint32_t below)
{
    return (uint32_t)(((uint64_t)random_next(self) * below) >> 32);
}

/* One step of xorshift32 (13, 17, 5); never leaves 0. */
static inline uint32_t xorshift32(uint32_t state)
{
    state ^= state << 13;
    state ^= state >> 17;
    return state ^ state << 5;
}

/* After `steps` of them: it is linear over GF(2), so they are squared. */
static inline uint32_t xorshift32_after(uint32_t state, uint64_t steps)
{
    uint32_t columns[32], squared[32];
    for (unsigned i = 0; i < 32; i++)
        columns[i] = xorshift32(UINT32_C(1) << i);
    for (; steps; steps >>= 1) {
        uint32_t next = 0;
        for (unsigned i = 0; i < 32; i++) {
            next ^= state >> i & 1 ? columns[i] : 0;
            squared[i] = 0;
            for (unsigned j = 0; j < 32; j++)
                squared[i] ^= columns[i] >> j & 1 ? columns[j] : 0;
        }
        state = steps & 1 ? next : state;
        for (unsigned i = 0; i < 32; i++)
            columns[i] = squared[i];
    }
    return state;
}

/* The first state of generator k of a recorded case. */
static inline uint32_t xorshift32_seeded(uint32_t seed, uint32_t k)
{
    uint32_t state = seed * UINT32_C(2654435761) + k;
    return state ? state : 1;
}

/* Draws: true in about `percent` of 100. Draws nothing for 0. */
static inline bool xorshift32_stalls(uint32_t *state, uint32_t percent)
{
    if (percent == 0)
        return false;
    *state = xorshift32(*state);
    return *state % 100 < percent;
}

#endif
