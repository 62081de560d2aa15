/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * isa_round: how an ISA bus and its CPU's port take part in rounds (kernel/round.h): what of them may differ.
 *
 * Stamps of commands and of READY only matter for a while: a bus cycle is over within its wait states.
 */
#include "bus/isa/isa.h"

/* Halves that the longest bus cycle takes: wait states of slave, CPU and board are 1000 each at most, twice over. */
enum { CYCLE_OVER = 1 << 14 };

static const struct state_field out_rows[] = {
    {STATE_STAMP(struct isa_master_out, sample), .old = CYCLE_OVER},
    {.name = NULL},
};
const struct state_table isa_out_round = {STATE_TABLE(isa_master_out, out_rows)};

static const struct state_field command_rows[] = {
    {STATE_STAMP(struct isa_command, begun), .old = CYCLE_OVER},
    {STATE_STAMP(struct isa_command, ended), .old = CYCLE_OVER},
    {.name = NULL},
};
static const struct state_table command_round = {STATE_TABLE(isa_command, command_rows)};

static const struct state_field cycle_rows[] = {
    {STATE_STAMP(struct isa_cycle_record, start_cycle), .past = true},
    {.name = NULL},
};
static const struct state_table cycle_round = {STATE_TABLE(isa_cycle_record, cycle_rows)};

static const struct state_field controller_rows[] = {
    {STATE_PART(struct isa_controller, out, isa_out_round)},
    {.name = NULL},
};
static const struct state_table controller_round = {STATE_TABLE(isa_controller, controller_rows)};

static const struct state_field bus_rows[] = {
    {STATE_STAMP(struct isa_bus, view), .past = true}, /* nobody looks at it */
    {STATE_SAME(struct isa_bus, owner)},
    {STATE_PARTS(struct isa_bus, command, command_round)},
    {STATE_STAMP(struct isa_bus, hrq_since)},
    {STATE_PART(struct isa_bus, cycle, cycle_round)},
    {STATE_STAMP(struct isa_bus, cycle_sample), .past = true},
    {STATE_STAMP(struct isa_bus, ready_rose), .past = true},
    {STATE_PARTS(struct isa_bus, figures, beat_figures_round)},
    {STATE_PART(struct isa_bus, host, isa_out_round)},
    {STATE_PARTS(struct isa_bus, controllers, controller_round)},
    {.name = NULL},
};
static const struct state_table bus_round = {STATE_TABLE(isa_bus, bus_rows)};

/* A round ends in the same half of a clock. */
static bool tell(void *instance, struct repeat *words)
{
    const struct isa_bus *self = instance;
    repeat_same(words, isa_second_half(self->unit.clock->cycle));
    return true;
}

const struct round_hooks isa_bus_round = {.state = &bus_round, .tell = tell};
