/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A CPU drives a DMAC that it sees above 4 GiB: from an AXI behind a bridge, and from an AHB, whose addresses end there,
 * behind two.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "dmasim/dmasim.h"
#include "suite.h"

enum { COPIED = 12 * 1024, TO = 16 * 1024 };

static const char machine[] =
    "clocks: {clk: {frequency: 100 MHz}}\n"
    "buses: {front: {clock: clk}, axi: {type: axi, clock: clk, width: 64}, ahb: {clock: clk}}\n"
    "cpus: {cpu: {bus: %s}}\n"
    "controllers: {dma: {bus: ahb, base: 0x4000_0000, channels: 2, interrupt: cpu,\n"
    "  multi_block: false}}\n"
    "memories: {ram: {bus: ahb, base: 0x4001_0000, size: 64 KiB, fill: {pattern: random}}}\n"
    "peripherals:\n"
    "  out: {type: ahb-to-axi, bus: front, base: 0x8000_0000, size: 1 MiB, target: axi,\n"
    "        to: 0x12_0000_0000}\n"
    "  up: {type: axi-to-ahb, bus: axi, base: 0x12_0000_0000, size: 1 MiB, target: ahb,\n"
    "       to: 0x4000_0000}\n"
    "work:\n"
    "  - memcpy: {channel: 1, from: ram, to: ram + 16 KiB, bytes: 12 KiB}\n";

/* Where the work is over. */
static uint64_t copy(const char *bus, bool every_cycle)
{
    char text[sizeof machine + 16];
    snprintf(text, sizeof text, machine, bus);
    struct dmasim_error error;
    const struct dmasim_options options = {.every_cycle = every_cycle};
    struct dmasim *sim =
        dmasim_create_text(text, strlen(text), "above.yaml", NULL, &options, &error);
    ck_assert_msg(sim != NULL, "%d: %s", error.line, error.text);
    enum dmasim_why why;
    ck_assert_int_eq(dmasim_run(sim, DMASIM_NEVER, &why), DMASIM_OK);
    ck_assert_int_eq(why, DMASIM_WHY_FINISHED);
    const uint8_t *ram = dmasim_memory(sim, "ram", NULL);
    ck_assert_mem_eq(ram + TO, ram, COPIED);
    const uint64_t end = dmasim_now(sim);

    /* The registers are there, and nothing else is at the address modulo 4 GiB. */
    static const struct {
        const char *bus;
        uint64_t base;
    } views[] = {{"ahb", 0x40000000}, {"axi", 0x1200000000}, {"front", 0x80000000}};
    enum { SAR1 = 0x58 };
    for (unsigned i = 0; i < 3; i++) {
        uint32_t value = 0;
        ck_assert_int_eq(dmasim_bus_read(sim, views[i].bus, views[i].base + SAR1, &value, 4),
                         DMASIM_OK);
        ck_assert_uint_eq(value, 0x40010000 + COPIED);
    }
    uint32_t none;
    ck_assert_int_eq(dmasim_bus_read(sim, "axi", SAR1, &none, 4), DMASIM_UNMAPPED);
    ck_assert_int_eq(dmasim_bus_read(sim, "axi", 0x11ffffffff, &none, 1), DMASIM_UNMAPPED);
    dmasim_destroy(sim);
    return end;
}

START_TEST(a_cpu_drives_a_dmac_above_4_gib)
{
    const uint64_t near = copy("axi", false), far = copy("front", false);
    ck_assert_uint_eq(copy("axi", true), near);
    ck_assert_uint_eq(copy("front", true), far);
    ck_assert_uint_gt(far, near); /* each access of a register crosses one bridge more */
}
END_TEST

TEST_MAIN("bridges_above", a_cpu_drives_a_dmac_above_4_gib)
