/* SPDX-License-Identifier: BSD-2-Clause */
/* cache_fixture: CPUs on one bus with a memory, whose accesses a test makes one by one. */
#ifndef DMASIM_TESTS_CACHE_FIXTURE_H
#define DMASIM_TESTS_CACHE_FIXTURE_H

#include "host_plan.h"

#include "host/cpu/cpu.h"
#include "memory/ahb_sram.h"
#include "memory/axi_memory.h"
#include "memory/axi_sram.h"
#include "memory/dram_memory.h"
#include "memory/store.h"

#define RAM 0x80000000u
#define RAM_BYTES 0x10000u
#define CPUS_MAX 4

/* A task that does what it is told. */
struct hand {
    struct cpu_task task; /* first */
    struct cpu_op op;
    bool told, done;
    sim_cycle begun, ended; /* cycles of its access */
};

static struct test_plan t;
static struct cpu_config *cpus[CPUS_MAX];
static struct hand *hands[CPUS_MAX];
static uint32_t cpu_count;

static inline void hand_run(struct cpu_task *task, sim_cycle now)
{
    struct hand *self = (struct hand *)task;
    if (self->told) {
        self->told = false;
        self->begun = now;
        cpu_push(task, &self->op);
        return;
    }
    if (!self->done)
        self->ended = now;
    self->done = true;
}

/* One bus of a type, so many CPUs, 64 KiB of a memory. Their caches are given with defaults. */
static inline void *cache_start(const char *bus, const char *memory, uint32_t count)
{
    static const char *const names[] = {"cpu0", "cpu1", "cpu2", "cpu3"};
    test_plan_start_on(&t, bus, "bus");
    cpu_count = count;
    for (uint32_t i = 0; i < count; i++) {
        cpus[i] = test_add(&t, SECTION_CPUS, "cpu", names[i]);
        cpus[i]->access_gap = 0;
        cpus[i]->cache.given = true;
        cpus[i]->cache.descriptors = CACHE_DESCRIPTORS_CACHED;
    }
    void *config = test_add(&t, SECTION_MEMORIES, memory, "ram");
    if (strcmp(memory, "sram") == 0) {
        struct sram_config *sram = config;
        sram->base = RAM;
        sram->size_bytes = RAM_BYTES;
    } else if (strcmp(memory, "axi-memory") == 0) {
        struct axi_memory_config *axi = config;
        axi->base = RAM;
        axi->size_bytes = RAM_BYTES;
        axi->read_latency_cycles = axi->write_latency_cycles = 1;
    } else if (strcmp(memory, "dram") == 0) {
        struct dram_memory_config *dram = config;
        dram->base = RAM;
        dram->size_bytes = RAM_BYTES;
    } else {
        struct axi_sram_config *axi = config;
        axi->base = RAM;
        axi->size_bytes = RAM_BYTES;
    }
    return config;
}

static inline void cache_build(unsigned flags)
{
    test_build(&t, flags);
    for (uint32_t i = 0; i < cpu_count; i++) {
        struct cpu *cpu = cpu_of(&t.system.plan->components[SECTION_CPUS][i]);
        hands[i] = calloc(1, sizeof **hands);
        cpu_add_task(cpu, &hands[i]->task, "hand", CPU_THREAD, hand_run);
    }
    kernel_advance(&t.system.kernel, 100000, 0);
}

static inline void cache_end(void)
{
    for (uint32_t i = 0; i < cpu_count; i++)
        free(hands[i]);
    test_plan_end(&t);
}

static inline struct cache *cache_at(uint32_t cpu)
{
    return cpu_of(&t.system.plan->components[SECTION_CPUS][cpu])->cache;
}

static inline uint8_t *ram_bytes(void)
{
    return store_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL);
}

/* Tells a CPU, which begins in the next cycle. */
static inline void tell_op(uint32_t cpu, const struct cpu_op *op)
{
    struct hand *hand = hands[cpu];
    ck_assert(!hand->told);
    hand->op = *op;
    hand->told = true;
    hand->done = false;
    cpu_task_wake(&hand->task);
    unit_wake(&hand->task.cpu->unit);
}

/* Does it, and all that comes of it; the value read. */
static inline uint32_t do_op(uint32_t cpu, const struct cpu_op *op)
{
    tell_op(cpu, op);
    for (int i = 0; i < 2000 && (!hands[cpu]->done || t.system.kernel.holds); i++)
        kernel_advance(&t.system.kernel, t.system.kernel.now + 100 * TEST_PERIOD_PS, 0);
    ck_assert(hands[cpu]->done && t.system.kernel.holds == 0);
    return hands[cpu]->task.value;
}

static inline uint32_t do_read(uint32_t cpu, uint32_t offset)
{
    return do_op(cpu, &(struct cpu_op){.kind = CPU_READ, .hsize = 2, .address = RAM + offset});
}

static inline void do_write(uint32_t cpu, uint32_t offset, uint32_t value)
{
    do_op(cpu,
          &(struct cpu_op){.kind = CPU_WRITE, .hsize = 2, .address = RAM + offset, .value = value});
}

static inline void do_maintain(uint32_t cpu, enum host_maintenance what, uint32_t offset,
                               uint32_t bytes)
{
    do_op(cpu, &(struct cpu_op){
                   .kind = CPU_MAINTAIN, .address = RAM + offset, .value = what, .cycles = bytes});
}

/* Cycles from the step that begins an operation to the one that ends it. */
static inline sim_cycle took(uint32_t cpu)
{
    return hands[cpu]->ended - hands[cpu]->begun;
}

#endif
