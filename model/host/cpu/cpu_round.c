/* SPDX-License-Identifier: BSD-2-Clause */
/* cpu_round: how a CPU and its tasks take part in rounds (kernel/round.h): what of them may differ. */
#include "host/cpu/cpu.h"

static struct state_live pushed_operations(const void *task)
{
    const struct cpu_task *self = task;
    return (struct state_live){self->head, self->count};
}

static const struct state_field operation_rows[] = {
    {STATE_SAME(struct cpu_op, kind)},
    {STATE_SAME(struct cpu_op, hsize)},
    {STATE_SAME(struct cpu_op, locked)},
    {STATE_SAME(struct cpu_op, kernel)},
    {STATE_SAME(struct cpu_op, uncached)},
    {STATE_SAME(struct cpu_op, address)},
    {STATE_SAME(struct cpu_op, value)},
    {STATE_SAME(struct cpu_op, mask)},
    {STATE_SAME(struct cpu_op, tries)},
    {STATE_SAME(struct cpu_op, cycles)},
    {.name = NULL},
};
static const struct state_table operation_round = {STATE_TABLE(cpu_op, operation_rows)};

static const struct state_field task_rows[] = {
    {STATE_SAME(struct cpu_task, head), .dead = true},
    {STATE_STAMP(struct cpu_task, ready_at), .old = 1},
    {STATE_STAMP(struct cpu_task, wake_at)},
    {STATE_PARTS(struct cpu_task, ops, operation_round), .live = pushed_operations},
    {.name = NULL},
};
static const struct state_table task_round = {STATE_TABLE(cpu_task, task_rows)};
const struct round_hooks cpu_task_round = {.state = &task_round};

static const struct state_field line_rows[] = {
    {STATE_STAMP(struct cpu_line, take_at), .old = 1},
    {STATE_SAME(struct cpu_line, seen_ps), .past = true},
    {.name = NULL},
};
static const struct state_table line_round = {STATE_TABLE(cpu_line, line_rows)};

/* Traffic that ends has no rounds; where it is must be the same. */
static const struct state_field traffic_rows[] = {
    {STATE_STAMP(struct cpu_traffic, next_at), .old = 1},
    {.name = NULL},
};
static const struct state_table traffic_round = {STATE_TABLE(cpu_traffic, traffic_rows)};

static const struct state_field access_rows[] = {
    {STATE_STAMP(struct cpu_access_record, start_cycle)},
    {STATE_STAMP(struct cpu_access_record, end_cycle), .past = true}, /* filled in at the end */
    {.name = NULL},
};
static const struct state_table access_round = {STATE_TABLE(cpu_access_record, access_rows)};

static const struct state_field figures_rows[] = {
    {STATE_COUNT(struct cpu_figures, accesses), .figure = true},
    {STATE_COUNT(struct cpu_figures, reads), .figure = true},
    {STATE_COUNT(struct cpu_figures, writes), .figure = true},
    {STATE_COUNT(struct cpu_figures, errors), .figure = true},
    {STATE_COUNT(struct cpu_figures, stall_cycles), .figure = true},
    {STATE_COUNT(struct cpu_figures, grant_wait_cycles), .figure = true},
    {STATE_COUNT(struct cpu_figures, wait_cycles), .figure = true},
    {STATE_COUNT(struct cpu_figures, back_pressure_cycles), .figure = true},
    {.name = NULL},
};
static const struct state_table figures_round = {STATE_TABLE(cpu_figures, figures_rows)};

static struct state_live joined_lines(const void *cpu)
{
    const struct cpu *self = cpu;
    return (struct state_live){0, self->line_count};
}

static const struct state_field cpu_rows[] = {
    {STATE_PARTS(struct cpu, lines, line_round), .live = joined_lines, .built = true},
    {STATE_STAMP(struct cpu, free_at), .old = 1},
    {STATE_PART(struct cpu, traffic, traffic_round)},
    {STATE_PART(struct cpu, access, access_round)},
    {STATE_PART(struct cpu, figures, figures_round)},
    {STATE_COUNT(struct cpu, rounds), .figure = true},
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(cpu, cpu_rows)};
const struct round_hooks cpu_round = {.state = &round_state};
