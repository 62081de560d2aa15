/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/summary/distribution.h"
#include "trace/format.h"

#include <stdlib.h>

/* Where the value is, or would be. */
static struct distribution_place *find(struct distribution_place *places, size_t size,
                                       uint64_t value)
{
    size_t at = (size_t)((value * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (size - 1);
    while (places[at].count && places[at].value != value)
        at = (at + 1) & (size - 1);
    return &places[at];
}

static bool grow(struct distribution *self)
{
    const size_t size = self->size ? 2 * self->size : 64;
    struct distribution_place *places = calloc(size, sizeof *places);
    if (!places)
        return false;
    for (size_t i = 0; i < self->size; i++)
        if (self->places[i].count)
            *find(places, size, self->places[i].value) = self->places[i];
    free(self->places);
    self->places = places;
    self->size = size;
    return true;
}

bool distribution_add(struct distribution *self, uint64_t value)
{
    return distribution_add_many(self, value, 1);
}

bool distribution_add_many(struct distribution *self, uint64_t value, uint64_t times)
{
    if (self->used >= self->size / 4 * 3 && !grow(self))
        return false;
    struct distribution_place *place = find(self->places, self->size, value);
    self->used += place->count == 0;
    place->value = value;
    place->count += times;
    self->count += times;
    self->sum += times * value;
    return true;
}

/* Free places behind the others. */
static int by_value(const void *a, const void *b)
{
    const struct distribution_place *x = a, *y = b;
    if (!x->count || !y->count)
        return (y->count != 0) - (x->count != 0);
    return (x->value > y->value) - (x->value < y->value);
}

void distribution_sort(struct distribution *self)
{
    if (self->used)
        qsort(self->places, self->size, sizeof *self->places, by_value);
}

uint64_t distribution_rank(const struct distribution *self, unsigned percent)
{
    const uint64_t rank = (uint64_t)(((uint128)self->count * percent + 99) / 100);
    const struct distribution_place *place = self->places;
    for (uint64_t seen = place->count; seen < rank; seen += place->count)
        place++;
    return place->value;
}

void distribution_free(struct distribution *self)
{
    free(self->places);
    *self = (struct distribution){.places = NULL};
}
