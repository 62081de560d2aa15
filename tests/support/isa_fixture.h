/* SPDX-License-Identifier: BSD-2-Clause */
/* isa_fixture: a PC: a CPU, an 8237A, page registers, memory and devices on an ISA bus of 5 MHz. */
#ifndef DMASIM_TESTS_ISA_FIXTURE_H
#define DMASIM_TESTS_ISA_FIXTURE_H

#include "program.h"

#include "bus/isa/isa_component.h"
#include "bus/isa/isa_pages.h"
#include "controllers/i8237/i8237.h"
#include "memory/isa_memory.h"
#include "peripherals/isa_device.h"

#define ISA_PERIOD_PS 200000u
#define PORT(n) (ISA_PORT_BASE + (n))
#define LONG UINT64_C(100000000000) /* 100 ms */

static struct test_plan t;
static struct isa_bus_config *isa;
static struct cpu_config *cpu;
static struct isa_memory_config *ram;

static inline void start(void)
{
    isa = test_plan_start_on(&t, "isa", "isa");
    uint64_t *clock = test_config(&t, SECTION_CLOCKS, 0);
    clock[1] = ISA_PERIOD_PS;
    cpu = test_add(&t, SECTION_CPUS, "cpu", "cpu");
    struct i8237_config *dma = test_add(&t, SECTION_CONTROLLERS, "intel,8237a", "dma");
    dma->pages = 0;
    ram = test_add(&t, SECTION_MEMORIES, "isa-memory", "ram");
    ram->size_bytes = 0x40000;
    ram->fill.pattern = STORE_RANDOM;
    test_add(&t, SECTION_PERIPHERALS, "isa-pages", "pages");
}

static inline void end(void)
{
    test_plan_end(&t);
}

static inline struct isa_device_config *add_device(const char *name, unsigned channel,
                                                   enum isa_device_direction direction)
{
    struct isa_device_config *device = test_add(&t, SECTION_PERIPHERALS, "isa-device", name);
    device->port = 0x300;
    device->channel = channel;
    device->direction = (uint8_t)direction;
    device->interrupt = 0;
    return device;
}

static inline struct slave_sg_config *add_slave(const char *name, unsigned channel,
                                                uint64_t address, uint64_t bytes)
{
    static struct work_segment segments[8];
    static unsigned used;
    struct work_segment *segment = &segments[used++ % 8];
    *segment = (struct work_segment){address, bytes};
    struct slave_sg_config *config = test_add(&t, SECTION_WORK, "slave_sg", name);
    config->peripheral = 1;
    config->common.channel = channel;
    config->common.mode = WORK_CYCLE_STEALING;
    config->segments = (struct parameter_list){segment, 1};
    return config;
}

static inline const uint8_t *memory(void)
{
    return store_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL);
}

static inline struct isa_bus *bus(void)
{
    return t.system.plan->components[SECTION_BUSES][0].instance;
}

#endif
