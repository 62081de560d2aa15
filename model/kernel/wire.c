/* SPDX-License-Identifier: BSD-2-Clause */
/* wire: its state, for units that have one and repeat. */
#include "kernel/wire.h"

static const struct state_field rows[] = {
    {STATE_SAME(struct wire, value)},
    {STATE_SAME(struct wire, before)},
    {STATE_SAME(struct wire, changed)}, /* so that none that changes in a period repeats */
    {STATE_FREE(struct wire, reader), .why = STATE_BUILT},
    {.name = NULL},
};
const struct state_table wire_state = {STATE_TABLE(wire, rows)};
