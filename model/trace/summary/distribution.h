/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * distribution: how often each value was seen. Exact: a value has a place of its own, so memory grows with how many
 * different ones there are, not with how many were seen.
 */
#ifndef DMASIM_TRACE_DISTRIBUTION_H
#define DMASIM_TRACE_DISTRIBUTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All 0 is empty. */
struct distribution {
    struct distribution_place {
        uint64_t value, count; /* count 0: free */
    } * places;                /* hashed by value; by rank once sorted */
    size_t used, size;
    uint64_t count, sum; /* of all values */
};

/* False if memory is short; the value is lost then. */
bool distribution_add(struct distribution *self, uint64_t value);

/* The same, so many times; at least once. */
bool distribution_add_many(struct distribution *self, uint64_t value, uint64_t times);

/* By value; no adding after that. */
void distribution_sort(struct distribution *self);

/* Of a sorted one with count > 0: the value of rank ceil(count * percent / 100), from 1 on; 0 is the least. */
uint64_t distribution_rank(const struct distribution *self, unsigned percent);

/* Of a sorted one: values that are 0. */
static inline uint64_t distribution_zeros(const struct distribution *self)
{
    return self->count && self->places[0].value == 0 ? self->places[0].count : 0;
}

void distribution_free(struct distribution *self);

#endif
