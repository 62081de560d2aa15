/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * points: the choice of a point from its number alone, so that points may be run in any order, by anybody,
 * and a sample needs no memory.
 *
 * A random sample draws each member's index with a generator seeded by (seed, member, point). A latin
 * hypercube cuts each member's values into as many equal parts as there are points, and gives part p(k) to
 * point k, where p is a permutation of its own for each member: a Feistel network of four rounds over the
 * least even number of bits, walked until it falls inside (Black and Rogaway 2002, "Ciphers with arbitrary finite
 * domains").
 */
#include "study/points.h"

#include "kernel/random.h"

static uint64_t saturated_product(uint64_t a, uint64_t b)
{
    return b && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static uint64_t group_points(const struct study *self, const struct study_group *group)
{
    uint64_t product = 1;
    if (group->combine == STUDY_SAMPLE)
        return group->count;
    if (group->combine == STUDY_ZIP)
        return study_member_points(self, &group->members[0]);
    for (uint32_t i = 0; i < group->member_count; i++)
        product = saturated_product(product, study_member_points(self, &group->members[i]));
    return product;
}

uint64_t study_member_points(const struct study *self, const struct study_member *member)
{
    return member->group ? group_points(self, member->group) : self->axes[member->axis].value_count;
}

uint64_t study_points(const struct study *self)
{
    return group_points(self, &self->root);
}

/* ---- samples --------------------------------------------------------------------------------- */

/* 64 random bits that follow from three numbers. */
static uint64_t mix(uint64_t seed, uint64_t member, uint64_t k)
{
    struct random random =
        random_seeded(random_seeded(random_seeded(seed).state + member).state + k);
    const uint64_t high = random_next(&random);
    return high << 32 | random_next(&random);
}

/* The k-th of a permutation of 0 .. count-1. */
static uint64_t permuted(uint64_t seed, uint64_t member, uint64_t k, uint64_t count)
{
    unsigned half = 1;
    while (half < 31 && UINT64_C(1) << (2 * half) < count)
        half++;
    const uint64_t mask = (UINT64_C(1) << half) - 1;
    do {
        uint64_t left = k >> half, right = k & mask;
        for (unsigned round = 0; round < 4; round++) {
            const uint64_t next = left ^ (mix(seed, member * 4 + round, right) & mask);
            left = right;
            right = next;
        }
        k = left << half | right;
    } while (k >= count);
    return k;
}

__extension__ typedef unsigned __int128 uint128;

static uint64_t sampled(const struct study_group *group, uint32_t member, uint64_t k,
                        uint64_t values)
{
    if (group->method == STUDY_RANDOM)
        return (uint64_t)((uint128)mix(group->seed, member, k) * values >> 64);
    /* the middle of the part */
    const uint64_t part = permuted(group->seed, member, k, group->count);
    return (uint64_t)((uint128)(2 * part + 1) * values / (2 * group->count));
}

static void choose(const struct study *self, const struct study_member *member, uint64_t point,
                   uint32_t *choice);

static void choose_group(const struct study *self, const struct study_group *group, uint64_t point,
                         uint32_t *choice)
{
    for (uint32_t i = group->member_count; i-- > 0;) {
        const struct study_member *member = &group->members[i];
        const uint64_t values = study_member_points(self, member);
        if (group->combine == STUDY_SAMPLE) {
            choose(self, member, sampled(group, i, point, values), choice);
        } else if (group->combine == STUDY_ZIP) {
            choose(self, member, point, choice);
        } else {
            choose(self, member, point % values, choice);
            point /= values;
        }
    }
}

static void choose(const struct study *self, const struct study_member *member, uint64_t point,
                   uint32_t *choice)
{
    if (member->group)
        choose_group(self, member->group, point, choice);
    else
        choice[member->axis] = (uint32_t)point;
}

void study_point(const struct study *self, uint64_t point, uint32_t *choice)
{
    choose_group(self, &self->root, point, choice);
}
