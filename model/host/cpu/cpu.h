/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpu: configuration of a CPU, and the tasks that run on it; the model is in cpu.c.
 *
 * A task is a piece of software as an explicit state machine. Its run() appends operations
 * (register and memory accesses, delays) to the task's list and returns; the CPU performs them one
 * by one, then calls run() again. A run() that appends nothing sends the task to sleep, until
 * cpu_task_wake(). `value` is what the last read or poll saw.
 */
#ifndef DMASIM_CPU_H
#define DMASIM_CPU_H

#include "bus/host_port.h"
#include "bus/records.h"
#include "host/cache/cache.h"
#include "host/cpu/cpu_mappings.h"
#include "kernel/random.h"
#include "kernel/round.h"
#include "plan/component.h"

#define CPU_OPS 64        /* operations one run() may append */
#define CPU_WATCHES 2     /* wires that may wake a task besides what it awaits */
#define CPU_INTERRUPTS 16 /* interrupt inputs */

enum cpu_context { CPU_IDLE, CPU_TRAFFIC, CPU_PROGRAM, CPU_SERVICE };

/* Lower runs first. Threads do not preempt each other; the others preempt them between accesses. */
enum cpu_priority { CPU_ISR, CPU_TASKLET, CPU_THREAD };

enum cpu_op_kind { CPU_READ, CPU_WRITE, CPU_POLL, CPU_DELAY, CPU_MAINTAIN };

struct cpu_op {
    uint8_t kind;
    uint8_t hsize;    /* 0, 1, 2 */
    bool locked;      /* interrupts stay off up to the next operation of the task */
    bool kernel;      /* of the DMA API itself: no use of a buffer */
    bool uncached;    /* past the cache */
    uint64_t address; /* aligned to the size; MAINTAIN: of what is left, any */
    uint32_t value; /* WRITE: written; POLL: wanted, under mask; MAINTAIN: enum host_maintenance */
    uint32_t mask;
    uint32_t tries;   /* POLL: reads before it gives up; 0: never */
    sim_cycle cycles; /* DELAY: length; POLL: between reads; MAINTAIN: bytes that are left */
};

struct cpu;
struct cpu_line;

struct cpu_task {
    struct cpu *cpu;
    void (*run)(struct cpu_task *self, sim_cycle now);
    const char *name;
    uint8_t priority; /* enum cpu_priority */
    bool awake;
    bool failed;        /* an access got ERROR; the owner clears it */
    bool timed_out;     /* a poll gave up; the owner clears it */
    uint64_t failed_at; /* address of the latest access that got ERROR */
    uint8_t head, count;
    uint32_t value;
    sim_cycle ready_at;                    /* earliest step for its next operation */
    const struct cpu_line *waits;          /* asleep until this interrupt is up; cleared then */
    const struct wire *trigger;            /* asleep until this wire is up; cleared then */
    const struct wire *watch[CPU_WATCHES]; /* wake it too while it sleeps; cleared then */
    sim_cycle wake_at;                     /* so does this step */
    struct cpu_task *next_waiting;         /* for the same interrupt */
    uint32_t index;                        /* in the set of its priority, by age */
    bool is_due;    /* in the heap of those that have something to do later */
    bool told;      /* the trigger will be told */
    bool signalled; /* it was */
    struct cpu_op ops[CPU_OPS];
};

enum cpu_traffic_pattern { CPU_SEQUENTIAL, CPU_RANDOM, CPU_STRIDE };

struct cpu_traffic_config {
    bool given;
    uint8_t pattern; /* enum cpu_traffic_pattern */
    uint64_t base, bytes;
    uint64_t stride_bytes;
    uint32_t read_percent;
    uint32_t think_cycles;
    uint32_t beats;
    uint32_t width_bits;
    uint64_t seed;
    uint64_t count; /* accesses; 0: without end, and without holding the run open */
    uint64_t start_ps;
};

struct cpu_memory {
    bool given;
    uint64_t base, bytes;
};

struct cpu_config {
    uint16_t bus;
    uint32_t interrupt_latency; /* cycles, all of them */
    uint32_t tasklet_latency;
    uint32_t callback_latency;
    uint32_t access_gap;
    struct cpu_memory descriptors;
    struct cpu_traffic_config traffic;
    struct cpu_mappings_config mappings;
    struct cache_config cache;
};

/* An interrupt input. */
struct cpu_line {
    const struct wire *wire;
    struct cpu_task *handler; /* null: a program polls or waits for it */
    bool waited;              /* by a program; then it takes no handler */
    struct cpu_task *waiting; /* for it, and not listed */
    bool pending;
    bool in_service;
    sim_cycle take_at; /* service may start in this step */
    sim_time seen_ps;  /* when the level was seen high */
};

struct cpu_traffic {
    const struct cpu_traffic_config *config; /* null: none */
    struct random random;
    uint64_t done;
    uint64_t position;
    sim_cycle next_at; /* earliest step for the next access */
    bool holding;
    bool reading;
};

/* The tasks of a priority, by age, and which of them are to be looked at. */
struct cpu_set {
    struct cpu_task **tasks;
    uint64_t *bits, *summary; /* a bit for each task; for each word of bits that has any */
    uint32_t count, room;
};

struct cpu {
    struct unit unit;
    struct host_port *port;
    struct cache *cache; /* null: none; else the port is its own */
    uint32_t edges;      /* of its clock in a cycle of the bus */
    const char *name;
    const struct cpu_config *config;
    struct kernel *kernel;
    struct cpu_set sets[CPU_THREAD + 1]; /* by priority */
    struct cpu_task **due;               /* a heap by ready_at */
    uint32_t due_count, due_room, task_count;
    uint32_t busy[CPU_THREAD + 1]; /* tasks with operations, by priority */
    struct cpu_task *thread;       /* that runs on until it sleeps or delays */
    struct cpu_task *locker;       /* that has interrupts off */
    struct cpu_task *owner;        /* of the access under way; null: traffic */
    struct cpu_line lines[CPU_INTERRUPTS];
    uint32_t line_count;
    sim_cycle free_at; /* earliest step for the next access */
    struct cpu_traffic traffic;
    uint64_t heap_base, heap_bytes; /* descriptor memory */
    uint64_t heap_used;             /* of it given out */
    struct cpu_mappings *mappings;  /* null: its drivers' DMA mappings are not followed */

    /* The access under way. */
    struct cpu_access_record access;

    struct cpu_figures { /* of accesses that are over */
        uint64_t accesses, reads, writes, errors;
        uint64_t stall_cycles, grant_wait_cycles, wait_cycles, back_pressure_cycles;
        uint64_t longest_stall; /* all in cycles of the bus */
    } figures;
    struct cpu_record state;
    uint32_t rounds; /* transfers of work that its threads began, and ended */
    struct probe probe, access_probe;
};

extern const struct component_type cpu_type;

/* cpu_round.c */
extern const struct round_hooks cpu_round, cpu_task_round;

/* The input a wire is attached to, null if it is not. */
struct cpu_line *cpu_line_of(struct cpu *self, const struct wire *wire);

/* Adds a task, which lies in the kernel's arena, zeroed. It starts asleep. If memory is short, the
 * arena is exhausted. */
void cpu_add_task(struct cpu *self, struct cpu_task *task, const char *name,
                  enum cpu_priority priority, void (*run)(struct cpu_task *, sim_cycle));

/* cpu_tasks.c: has a task looked at, unless it has something to do later; files one that has nothing to do now. */
void cpu_task_list(struct cpu_task *task);
void cpu_task_file(struct cpu_task *task, sim_cycle now);

/* The first listed task of a set whose index is `from` or more; null if there is none. */
struct cpu_task *cpu_listed(const struct cpu_set *set, uint32_t from);

/* Lists those that have something to do by now. */
void cpu_tasks_due(struct cpu *self, sim_cycle now);

/* Lists those that wait for an interrupt that has come up. */
void cpu_line_pends(struct cpu_line *line);

/* Lets run() be called again, if the task sleeps without waits and trigger. From a task of the same
 * CPU only, or while building. */
static inline void cpu_task_wake(struct cpu_task *task)
{
    task->awake = true;
    cpu_task_list(task);
}

/* Sleeps until the wire is up; the wire's reader must be the CPU's unit. For run(), as its last
 * act. */
static inline void cpu_task_await(struct cpu_task *task, const struct wire *wire)
{
    task->trigger = wire;
}

/* The wire, whose reader must be the CPU's unit, wakes the task where it sleeps without waits and trigger; so may
 * others. Null: no more. For run(). */
static inline void cpu_task_watch(struct cpu_task *task, unsigned which, const struct wire *wire)
{
    task->watch[which] = wire;
}

/* So does this step, SIM_NEVER: none. */
static inline void cpu_task_sleep_until(struct cpu_task *task, sim_cycle step)
{
    task->wake_at = step;
}

/* The same where whoever puts the wire also calls cpu_task_tell(): until then the task costs nothing. */
static inline void cpu_task_await_told(struct cpu_task *task, const struct wire *wire)
{
    task->trigger = wire;
    task->told = !task->signalled;
}

/* From any unit: the wire was put. The task sees it as any reader does, so the order of stepping does not matter. */
static inline void cpu_task_tell(struct cpu_task *task)
{
    task->signalled = true;
    task->told = false;
    cpu_task_list(task);
}

/* Appends an operation; more than CPU_OPS of one run() is a fault of the caller and is refused. */
bool cpu_push(struct cpu_task *task, const struct cpu_op *op);

static inline void cpu_read(struct cpu_task *task, uint64_t address)
{
    cpu_push(task, &(struct cpu_op){.kind = CPU_READ, .hsize = 2, .address = address});
}

static inline void cpu_write(struct cpu_task *task, uint64_t address, uint32_t value)
{
    cpu_push(task,
             &(struct cpu_op){.kind = CPU_WRITE, .hsize = 2, .address = address, .value = value});
}

static inline void cpu_delay(struct cpu_task *task, sim_cycle cycles)
{
    if (cycles > 0)
        cpu_push(task, &(struct cpu_op){.kind = CPU_DELAY, .cycles = cycles});
}

/* Bytes of a line of the CPU's cache; 0: it has none, memory is as DMA sees it. */
static inline uint32_t cpu_line_bytes(const struct cpu *self)
{
    return self->port->line_bytes;
}

/* Cleans, invalidates or flushes all lines that [address, address + bytes) touches, one after the other, as whole
 * lines: who invalidates part of one loses what else is dirty in it. Interrupts come between lines. Nothing, in no
 * time, if the CPU has no cache or bytes is 0. */
static inline void cpu_maintain(struct cpu_task *task, enum host_maintenance what, uint64_t address,
                                uint64_t bytes)
{
    if (cpu_line_bytes(task->cpu) && bytes)
        cpu_push(task,
                 &(struct cpu_op){
                     .kind = CPU_MAINTAIN, .address = address, .value = what, .cycles = bytes});
}

/* Keeps other tasks and interrupts out from the operation at index `first` of the list (its count
 * before that was appended) up to the last one. */
void cpu_lock_from(struct cpu_task *task, unsigned first);

/* Keeps others out beyond the last operation of the list, until a later list ends without. A run() that
 * has nothing more to do then calls cpu_unlock(). */
static inline void cpu_lock_on(struct cpu_task *task)
{
    task->ops[(task->head + task->count - 1u) % CPU_OPS].locked = true;
}

static inline void cpu_unlock(const struct cpu_task *task)
{
    if (task->cpu->locker == task)
        task->cpu->locker = NULL;
}

/* Where the memory for descriptors of a CPU lies; *bytes is 0 if there is none. */
void cpu_heap_place(const struct plan *plan, const struct component *cpu, uint64_t *base,
                    uint64_t *bytes);

/* Gives out memory for descriptors while building; false if there is not enough. */
bool cpu_heap(struct cpu *self, uint64_t bytes, uint64_t *address);

/* The built CPU of a component. */
static inline struct cpu *cpu_of(const struct component *component)
{
    return component->instance;
}

/* cpu_traffic.c: next command of the background traffic in this step; false if none. */
bool cpu_traffic_next(struct cpu *self, sim_cycle now, struct host_access *access);
void cpu_traffic_done(struct cpu *self, sim_cycle now);
void cpu_traffic_create(struct build *build, struct cpu *self);
void cpu_traffic_check(const struct plan *plan, const struct component *component,
                       struct check *check);
extern const struct parameter cpu_traffic_parameters[];

#endif
