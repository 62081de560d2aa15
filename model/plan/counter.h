/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counter: figures that units count, and the tables that describe them.
 *
 * A unit counts from time 0 on, in numbers of its own struct, whether anybody reads them or not: beats in
 * closed form are counted in closed form. A type tells its counters in parts (the component itself, each
 * master of a bus, each interrupt output): a table of figures, and the values as they are at a time, which
 * may be later than the unit's last step but not than its next. Telling changes nothing.
 *
 * The values of a part are a struct of uint64_t, of which the table gives offsets. A figure is one of them, or
 * a ratio of two that stays exact until somebody prints it. Who wants the figures of a window keeps the values
 * of its begin (metrics.h).
 */
#ifndef DMASIM_COUNTER_H
#define DMASIM_COUNTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct counter {
    const char *name; /* last part of the dotted name; null ends a table */
    const char *unit;
    const char *doc; /* its definition, one sentence without a full stop */
    uint16_t value;  /* offset among the values */
    uint16_t over;   /* of a ratio: what it is divided by */
    uint64_t scale;  /* of a ratio: value * scale / over; 0: the value itself */
    uint32_t
        parts; /* the value counts parts of the unit, so many to one: a ratio without `over`; 0: it does not */
    uint8_t decimals; /* of a ratio, as printed: rounded to nearest */
    bool steady; /* no sum over time (a maximum, a first cycle, a clock's rate): no window of it */
};

#define COUNTER(type, member, label, of, text)                                                     \
    {                                                                                              \
        .name = (label), .unit = (of), .doc = (text), .value = offsetof(struct type, member)       \
    }
#define COUNTER_STEADY(type, member, label, of, text)                                              \
    {                                                                                              \
        .name = (label), .unit = (of), .doc = (text), .value = offsetof(struct type, member),      \
        .steady = true                                                                             \
    }
#define COUNTER_RATIO(type, member, times, by, digits, label, of, text)                            \
    {                                                                                              \
        .name = (label), .unit = (of), .doc = (text), .value = offsetof(struct type, member),      \
        .over = offsetof(struct type, by), .scale = (times), .decimals = (digits)                  \
    }
#define COUNTER_PARTS(type, member, of_one, digits, label, of, text, always)                       \
    {                                                                                              \
        .name = (label), .unit = (of), .doc = (text), .value = offsetof(struct type, member),      \
        .parts = (of_one), .scale = 1, .decimals = (digits), .steady = (always)                    \
    }
#define COUNTER_STEADY_RATIO(type, member, times, by, digits, label, of, text)                     \
    {                                                                                              \
        .name = (label), .unit = (of), .doc = (text), .value = offsetof(struct type, member),      \
        .over = offsetof(struct type, by), .scale = (times), .decimals = (digits), .steady = true  \
    }

#define COUNTER_VALUES 32 /* of a part, at most */
#define COUNTER_PS_PER_SECOND UINT64_C(1000000000000)

/* What a part is, in the order in which figures are listed. */
enum counter_group {
    COUNTERS_BUS,        /* cycle by cycle: AHB */
    COUNTERS_BEATS,      /* a bus of another type */
    COUNTERS_CONTROLLER, /* its beats */
    COUNTERS_CPU,
    COUNTERS_FIFO,
    COUNTERS_MEMORY, /* its requests, its data bus, its latencies */
    COUNTERS_INTERRUPT,
    COUNTERS_ERRATUM, /* of a controller */
    COUNTER_GROUPS
};

struct counter_part {
    enum counter_group group;
    const char *sub[2]; /* after the component's name in a figure's: "master", "cpu"; null: none */
    uint32_t id;        /* which part of the component it is: the same at any time */
    const char *about;  /* what happened if it counts anything, in words; null: nothing special */
    const struct counter *table;
    bool hidden; /* it is not listed: nothing has happened that it counts */
    uint64_t values[COUNTER_VALUES];
};

/* `figures` is a struct of uint64_t. */
static inline void counter_tell(struct counter_part *part, enum counter_group group, uint32_t id,
                                const struct counter *table, const void *figures, size_t bytes)
{
    *part = (struct counter_part){.group = group, .id = id, .table = table};
    memcpy(part->values, figures, bytes < sizeof part->values ? bytes : sizeof part->values);
}

#endif
