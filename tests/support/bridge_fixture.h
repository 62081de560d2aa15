/* SPDX-License-Identifier: BSD-2-Clause */
/* bridge_fixture: an AHB and an AXI bus with a bridge in either direction, for the suites of bridges. */
#ifndef TESTS_BRIDGE_FIXTURE_H
#define TESTS_BRIDGE_FIXTURE_H

#include "bus/ahb/ahb.h"
#include "traffic_fixture.h"

#include "bus/bridge/bridge.h"
#include "host/play/scripted.h"
#include "memory/ahb_sram.h"
#include "memory/axi_sram.h"

#define AHB_BASE 0x20000000u   /* the SRAM behind axi-to-ahb, or the window of ahb-to-axi */
#define OTHER_BASE 0x10000000u /* an SRAM on the AHB */
#define AXI_BASE UINT64_C(0x800000000)
#define SIZE 0x10000u

static struct sram_config *ram;
static struct axi_sram_config *axi_ram;
static struct bridge_config *bridge;
static struct axi_bus_config *axi;
static struct scripted_config *master;
static struct scripted_command commands[40];

static inline void start_axi_to_ahb(void)
{
    test_plan_start(&t);
    axi = test_add(&t, SECTION_BUSES, "axi", "axi0");
    m = test_add_traffic(&t, "m0", 1);
    ram = test_add(&t, SECTION_MEMORIES, "sram", "ram");
    ram->base = AHB_BASE;
    ram->size_bytes = SIZE;
    bridge = test_add(&t, SECTION_PERIPHERALS, "axi-to-ahb", "bridge");
    bridge->bus = 1;
    bridge->target = 0;
    bridge->base = AXI_BASE;
    bridge->size_bytes = SIZE;
    bridge->to = AHB_BASE;
}

static inline void start_ahb_to_axi(uint32_t count)
{
    test_plan_start(&t);
    axi = test_add(&t, SECTION_BUSES, "axi", "axi0");
    master = test_add(&t, SECTION_MASTERS, "scripted", "s0");
    memset(commands, 0, sizeof commands);
    for (uint32_t i = 0; i < count; i++)
        commands[i] = (struct scripted_command){.size = 2, .beats = 1, .address = AHB_BASE};
    master->commands = (struct parameter_list){commands, count};
    axi_ram = test_add(&t, SECTION_MEMORIES, "axi-sram", "ram");
    axi_ram->bus = 1;
    axi_ram->base = AXI_BASE;
    axi_ram->size_bytes = SIZE;
    bridge = test_add(&t, SECTION_PERIPHERALS, "ahb-to-axi", "bridge");
    bridge->bus = 0;
    bridge->target = 1;
    bridge->base = AHB_BASE;
    bridge->size_bytes = SIZE;
    bridge->to = AXI_BASE;
}

static inline struct traffic_burst *read(uint64_t offset, unsigned beats, unsigned size)
{
    return traffic_add(&m->reads, AXI_BASE + offset, beats, size, 5);
}

static inline struct traffic_burst *write(uint64_t offset, unsigned beats, unsigned size)
{
    return traffic_add(&m->writes, AXI_BASE + offset, beats, size, 5);
}

#define BEAT(log, i) TEST_RECORD(log, struct ahb_beat, i)

#endif
