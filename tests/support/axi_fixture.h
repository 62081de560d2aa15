/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_fixture: a CPU and a memory that answers in the next cycle, on an AXI bus of 100 MHz. */
#ifndef DMASIM_TESTS_AXI_FIXTURE_H
#define DMASIM_TESTS_AXI_FIXTURE_H

#include "program.h"

#include "bus/axi/axi_component.h"
#include "controllers/adi/adi_dmac.h"
#include "memory/axi_memory.h"

#define RAM 0x80000000u
#define RAM_BYTES 0x10000u
#define DMA 0x40000000u
#define LONG UINT64_C(100000000000) /* 100 ms */

static struct test_plan t;
static struct axi_bus_config *axi;
static struct cpu_config *cpu;
static struct axi_memory_config *ram;

static inline void start(void)
{
    axi = test_plan_start_on(&t, "axi", "axi");
    cpu = test_add(&t, SECTION_CPUS, "cpu", "cpu");
    ram = test_add(&t, SECTION_MEMORIES, "axi-memory", "ram");
    ram->base = RAM;
    ram->size_bytes = RAM_BYTES;
    ram->read_latency_cycles = ram->write_latency_cycles = 1;
    ram->pattern = AXI_PATTERN_XORSHIFT32;
}

static inline void end(void)
{
    test_plan_end(&t);
}

/* A controller between memories, its registers and ports on the one bus. */
static inline struct adi_dmac_config *add_dma(void)
{
    struct adi_dmac_config *dma = test_add(&t, SECTION_CONTROLLERS, "adi,axi-dmac", "dma");
    dma->base = DMA;
    dma->source_bus = dma->destination_bus = 0;
    dma->interrupt = 0;
    return dma;
}

static inline struct memcpy_config *add_memcpy(const char *name, uint32_t from, uint32_t to,
                                               uint32_t bytes)
{
    struct memcpy_config *copy = test_add(&t, SECTION_WORK, "memcpy", name);
    copy->from = RAM + from;
    copy->to = RAM + to;
    copy->bytes = bytes;
    return copy;
}

static inline uint8_t *memory(void)
{
    return store_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL);
}

#endif
