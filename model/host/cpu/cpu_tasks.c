/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpu_tasks: which tasks of a CPU have to be looked at, so that a step costs no more however many there are.
 *
 *   listed    a bit in the set of its priority: looked at in each step in which the CPU chooses, by age
 *   due       in a heap by ready_at: it has something to do, later
 *   neither   asleep: until cpu_task_wake(), the wire it was told of (cpu_task_await_told), or its interrupt
 *
 * Where a task is filed changes nothing that it does: whoever is not listed would have been passed over.
 */
#include "host/cpu/cpu.h"

#include <string.h>

enum { ROOM = 8 }; /* tasks of a priority that there is room for at first */

/* ---- sets ------------------------------------------------------------------------------------ */

static bool grow(struct cpu *self, struct cpu_set *set)
{
    struct arena *arena = self->kernel->arena;
    const uint32_t room = set->room ? 2 * set->room : ROOM;
    const size_t words = room / 64 + 1, old = set->room / 64 + 1;
    struct cpu_task **tasks = arena_alloc(arena, room * sizeof(*tasks));
    uint64_t *bits = arena_alloc(arena, words * sizeof *bits);
    uint64_t *summary = arena_alloc(arena, (words / 64 + 1) * sizeof *summary);
    if (!tasks || !bits || !summary)
        return false;
    if (set->room) {
        memcpy(tasks, set->tasks, set->room * sizeof(*tasks));
        memcpy(bits, set->bits, old * sizeof *bits);
        memcpy(summary, set->summary, (old / 64 + 1) * sizeof *summary);
    }
    *set = (struct cpu_set){tasks, bits, summary, set->count, room};
    return true;
}

/* The heap has a place for every task. */
static bool grow_due(struct cpu *self)
{
    if (self->task_count < self->due_room)
        return true;
    const uint32_t room = self->due_room ? 2 * self->due_room : ROOM;
    struct cpu_task **due = arena_alloc(self->kernel->arena, room * sizeof(*due));
    if (!due)
        return false;
    self->due = due; /* nobody is due while the system is built */
    self->due_room = room;
    return true;
}

void cpu_add_task(struct cpu *self, struct cpu_task *task, const char *name,
                  enum cpu_priority priority, void (*run)(struct cpu_task *, sim_cycle))
{
    struct cpu_set *set = &self->sets[priority];
    *task = (struct cpu_task){
        .cpu = self, .run = run, .name = name, .priority = (uint8_t)priority, .wake_at = SIM_NEVER};
    if ((set->count == set->room && !grow(self, set)) || !grow_due(self) ||
        !round_join(self->kernel, &cpu_task_round, task, self->unit.clock))
        return; /* the arena tells: nothing of the system is run */
    task->index = set->count;
    set->tasks[set->count++] = task;
    self->task_count++;
}

void cpu_task_list(struct cpu_task *task)
{
    struct cpu_set *set = &task->cpu->sets[task->priority];
    const uint32_t word = task->index / 64;
    if (task->is_due)
        return;
    set->bits[word] |= UINT64_C(1) << task->index % 64;
    set->summary[word / 64] |= UINT64_C(1) << word % 64;
}

static void unlist(struct cpu_task *task)
{
    struct cpu_set *set = &task->cpu->sets[task->priority];
    const uint32_t word = task->index / 64;
    set->bits[word] &= ~(UINT64_C(1) << task->index % 64);
    if (!set->bits[word])
        set->summary[word / 64] &= ~(UINT64_C(1) << word % 64);
}

struct cpu_task *cpu_listed(const struct cpu_set *set, uint32_t from)
{
    if (from >= set->count)
        return NULL;
    uint32_t word = from / 64;
    uint64_t bits = set->bits[word] >> from % 64 << from % 64;
    if (!bits) {
        const uint32_t words = (set->count - 1) / 64 + 1;
        if (++word >= words)
            return NULL;
        uint64_t left = set->summary[word / 64] >> word % 64 << word % 64;
        for (word /= 64; !left;) {
            if (++word > (words - 1) / 64)
                return NULL;
            left = set->summary[word];
        }
        word = word * 64 + (uint32_t)__builtin_ctzll(left);
        bits = set->bits[word];
    }
    return set->tasks[word * 64 + (uint32_t)__builtin_ctzll(bits)];
}

/* ---- due ------------------------------------------------------------------------------------- */

/* Which of two that are due at one time comes first makes no difference: they are listed by age. */
static void due_put(struct cpu *self, struct cpu_task *task)
{
    uint32_t at = self->due_count++;
    for (; at > 0 && self->due[(at - 1) / 2]->ready_at > task->ready_at; at = (at - 1) / 2)
        self->due[at] = self->due[(at - 1) / 2];
    self->due[at] = task;
    task->is_due = true;
}

static struct cpu_task *due_take(struct cpu *self)
{
    struct cpu_task *first = self->due[0], *last = self->due[--self->due_count];
    uint32_t at = 0;
    for (uint32_t child = 1; child < self->due_count; child = 2 * at + 1) {
        if (child + 1 < self->due_count &&
            self->due[child + 1]->ready_at < self->due[child]->ready_at)
            child++;
        if (self->due[child]->ready_at >= last->ready_at)
            break;
        self->due[at] = self->due[child];
        at = child;
    }
    self->due[at] = last;
    first->is_due = false;
    return first;
}

void cpu_tasks_due(struct cpu *self, sim_cycle now)
{
    while (self->due_count && self->due[0]->ready_at <= now)
        cpu_task_list(due_take(self));
}

/* ---- filing ---------------------------------------------------------------------------------- */

static bool is_listed(const struct cpu_task *task)
{
    const struct cpu_set *set = &task->cpu->sets[task->priority];
    return set->bits[task->index / 64] >> task->index % 64 & 1;
}

/* Something else may wake it, of which nobody tells. */
static bool watches(const struct cpu_task *task)
{
    bool any = task->wake_at != SIM_NEVER;
    for (unsigned i = 0; i < CPU_WATCHES; i++)
        any |= task->watch[i] != NULL;
    return any;
}

void cpu_task_file(struct cpu_task *task, sim_cycle now)
{
    if (!is_listed(task))
        return; /* as it is already */
    if (task->count > 0 || (task->awake && !task->waits && !task->trigger)) {
        if (task->ready_at <= now)
            return;
        unlist(task);
        due_put(task->cpu, task);
    } else if (task->waits) {
        if (task->waits->pending || watches(task))
            return;
        unlist(task);
        struct cpu_line *line = &task->cpu->lines[task->waits - task->cpu->lines];
        task->next_waiting = line->waiting;
        line->waiting = task;
    } else if ((!task->trigger || task->told) && !watches(task)) {
        unlist(task);
    }
}

void cpu_line_pends(struct cpu_line *line)
{
    for (struct cpu_task *task = line->waiting; task; task = task->next_waiting)
        cpu_task_list(task);
    line->waiting = NULL;
}
