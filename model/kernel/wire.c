/* SPDX-License-Identifier: BSD-2-Clause */
/* wire: its state, for units that have one and repeat. */
#include "kernel/wire.h"

static const struct state_field rows[] = {
    {STATE_SAME(struct wire, value)},
    {STATE_SAME(struct wire, before), .dead = true},
    /* The same, so that none that changes in a period repeats; a round ends behind all edges of its time. */
    {STATE_SAME(struct wire, changed), .dead = true},
    {STATE_FREE(struct wire, reader), .why = STATE_BUILT},
    {.name = NULL},
};
const struct state_table wire_state = {STATE_TABLE(wire, rows)};

static const struct state_field count_rows[] = {
    {STATE_COUNT(struct wire, value), .figure = true},
    {STATE_SAME(struct wire, before), .dead = true},
    {STATE_SAME(struct wire, changed), .dead = true},
    {STATE_FREE(struct wire, reader), .why = STATE_BUILT},
    {.name = NULL},
};
const struct state_table wire_count_state = {STATE_TABLE(wire, count_rows)};
