/* SPDX-License-Identifier: BSD-2-Clause */
/* stream_state: the state of a link, for the unit that owns it and passes rounds (kernel/round.h). */
#include "bus/stream/stream.h"

static const struct state_field beat_rows[] = {
    {STATE_STAMP(struct axi_stream_beat, since)},
    {STATE_SAME(struct axi_stream_beat, keep)},
    {STATE_SAME(struct axi_stream_beat, last)},
    {STATE_SAME(struct axi_stream_beat, user)},
    {STATE_FREE(struct axi_stream_beat, data), .data = true, .why = "no controller looks at it"},
    {.name = NULL},
};
static const struct state_table beat_state = {STATE_TABLE(axi_stream_beat, beat_rows)};

static const struct state_field rows[] = {
    {STATE_PART(struct axi_stream, forward, wire_state)},
    {STATE_PART(struct axi_stream, back, wire_state)},
    {STATE_FREE(struct axi_stream, pin), .why = STATE_BUILT},
    {STATE_PARTS(struct axi_stream, places, beat_state)},
    {STATE_FREE(struct axi_stream, bytes), .why = STATE_BUILT},
    {STATE_FREE(struct axi_stream, monitor), .why = STATE_PROBE},
    {.name = NULL},
};
const struct state_table axi_stream_state = {STATE_TABLE(axi_stream, rows)};
