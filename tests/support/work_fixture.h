/* SPDX-License-Identifier: BSD-2-Clause */
/* work_fixture: one CPU, one DMAC, one memory, and devices as wanted; what the tests of work share.
 */
#ifndef DMASIM_TESTS_WORK_FIXTURE_H
#define DMASIM_TESTS_WORK_FIXTURE_H

#include "host_plan.h"

#include "host/dw_ahb/dw_ahb_work.h"
#include "memory/ahb_sram.h"
#include "peripherals/fifo_device.h"

#define RAM 0x20000000u
#define RAM_BYTES 65536u
#define DMA 0x40000000u
#define UART 0x40001000u
#define LONG UINT64_C(100000000000) /* 100 ms */

static struct test_plan t;
static struct cpu_config *cpu;
static struct dw_ahb_config *dma;
static struct sram_config *ram;

static inline void start(void)
{
    test_plan_start(&t);
    cpu = test_add(&t, SECTION_CPUS, "cpu", "cpu0");
    dma = test_add(&t, SECTION_CONTROLLERS, "snps,dw-dmac", "dma");
    ram = test_add(&t, SECTION_MEMORIES, "sram", "ram");
    dma->base = DMA;
    dma->interrupt = 0;
    ram->base = RAM;
    ram->size_bytes = RAM_BYTES;
    ram->fill.pattern = STORE_RANDOM;
    ram->fill.seed = 7;
}

static inline struct memcpy_config *add_memcpy(const char *name, uint32_t from, uint32_t to,
                                               uint32_t bytes)
{
    struct memcpy_config *copy = test_add(&t, SECTION_WORK, "memcpy", name);
    copy->from = from;
    copy->to = to;
    copy->bytes = bytes;
    return copy;
}

/* What a call says to the controller alone. */
static inline struct dw_ahb_call *dw_call(const void *config)
{
    const struct component *call = t.plan.components[SECTION_WORK];
    while (call->config != config)
        call++;
    return (struct dw_ahb_call *)(uintptr_t)driver_group(&t.plan, call, &dw_ahb_work_driver);
}

static inline const uint8_t *memory(void)
{
    return store_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL);
}

/* What the checks of the plan say; the plan ends. */
static inline void expect_error(const char *text)
{
    test_check(&t);
    ck_assert_msg(strstr(t.errors, text) != NULL, "no \"%s\" in:\n%s", text, t.errors);
    test_plan_end(&t);
}

static inline void expect_status(const struct test_log *log, size_t i, const char *status)
{
    ck_assert_uint_gt(log->count, i);
    ck_assert_str_eq(TEST_RECORD(log, struct transfer_record, i)->status, status);
}

static inline struct fifo_config *add_device(const char *name, enum fifo_direction direction,
                                             uint32_t line)
{
    struct fifo_config *device = test_add(&t, SECTION_PERIPHERALS, "fifo", name);
    device->base = UART + line * 0x400;
    device->direction = (uint8_t)direction;
    device->controller = 0;
    device->line = line;
    device->rate = 4000000;
    return device;
}

static inline void expect_count_pattern(const uint8_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        ck_assert_msg(bytes[i] == (uint8_t)i, "byte %u is %02x", i, bytes[i]);
}

#endif
