/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * i8237_round: how an 8237A takes part in rounds (kernel/round.h): one ends where a transfer begins.
 *
 * Registers and states have to be the same: address and count are 16 bits that come round by themselves.
 */
#include "controllers/i8237/i8237_state.h"

static const struct state_field channel_rows[] = {
    {STATE_SAME(struct i8237_channel, programmed_ps), .past = true},
    {STATE_SAME(struct i8237_channel, submit_ps), .past = true},
    {STATE_SAME(struct i8237_channel, issue_ps), .past = true},
    {.name = NULL},
};
static const struct state_table channel_round = {STATE_TABLE(i8237_channel, channel_rows)};

static const struct state_field rows[] = {
    {STATE_PARTS(struct i8237, channels, channel_round)},
    {STATE_PART(struct i8237, out, isa_out_round)},
    {STATE_PARTS(struct i8237, lines, dma_handshake_state)},
    {STATE_COUNT(struct i8237, beats), .figure = true},
    {.name = NULL},
};
static const struct state_table state = {STATE_TABLE(i8237, rows)};
const struct round_hooks i8237_round = {.state = &state};
