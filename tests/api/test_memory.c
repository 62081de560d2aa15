/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory by the public header: the caller's bytes, plain loads and stores, access by bus and address. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "dmasim/dmasim.h"
#include "suite.h"

enum { SIZE = 16384, HALF = SIZE / 2 };

static const char scenario[] =
    "clocks: { clk: { frequency: 100 MHz } }\n"
    "buses: { ahb: { clock: clk }, axi: { type: axi, clock: clk } }\n"
    "cpus: { cpu: { bus: ahb } }\n"
    "controllers: { dma: { bus: ahb, base: 0x4000_0000, interrupt: cpu } }\n"
    "memories:\n"
    "  ram: { bus: ahb, base: 0x2000_0000, size: 16 KiB }\n"
    "  rom: { bus: ahb, base: 0x2000_4000, size: 1 KiB, fill: { pattern: count } }\n"
    "  far: { type: axi-sram, bus: axi, base: 0x2000_0000, size: 4 KiB }\n"
    "work:\n"
    "  - memcpy: { from: ram, to: ram + 8 KiB, bytes: 4 KiB, at: 1 us, burst: 16 }\n";

static struct dmasim *sim;
static uint8_t bytes[SIZE];

static struct dmasim *create(bool every_cycle)
{
    struct dmasim_error error;
    const struct dmasim_options options = {.every_cycle = every_cycle};
    struct dmasim *self =
        dmasim_create_text(scenario, sizeof scenario - 1, "memory", NULL, &options, &error);
    ck_assert_msg(self != NULL, "%s", error.text);
    return self;
}

static void setup(void)
{
    sim = create(false);
    for (unsigned i = 0; i < SIZE; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 256);
}

static void teardown(void)
{
    dmasim_destroy(sim);
}

START_TEST(a_transfer_moves_the_callers_bytes)
{
    ck_assert_int_eq(dmasim_memory_back(sim, "ram", bytes, SIZE), DMASIM_OK);
    ck_assert_ptr_eq(dmasim_memory(sim, "ram", NULL), bytes);
    enum dmasim_why why;
    ck_assert_int_eq(dmasim_run(sim, DMASIM_NEVER, &why), DMASIM_OK);
    ck_assert_int_eq(why, DMASIM_WHY_FINISHED);
    ck_assert_mem_eq(bytes + HALF, bytes, 4096);
}
END_TEST

START_TEST(the_bytes_of_a_memory_are_where_it_is_said)
{
    uint64_t length = 0;
    uint8_t *rom = dmasim_memory(sim, "rom", &length);
    ck_assert_ptr_nonnull(rom);
    ck_assert_uint_eq(length, 1024);
    ck_assert_int_eq(rom[0x55], 0x55);
    rom[0x55] = 0xee;
    uint8_t got = 0;
    ck_assert_int_eq(dmasim_bus_read(sim, "ahb", 0x20004055, &got, 1), DMASIM_OK);
    ck_assert_int_eq(got, 0xee);
    ck_assert_ptr_null(dmasim_memory(sim, "nobody", &length));
    ck_assert_ptr_null(dmasim_memory(sim, "dma", &length));
}
END_TEST

/* The source is stored over while it is copied, cycle by cycle, at another place each time. */
START_TEST(stores_in_between_are_seen_as_in_every_cycle)
{
    struct dmasim *twin = create(true);
    uint8_t *a = dmasim_memory(sim, "ram", NULL), *b = dmasim_memory(twin, "ram", NULL);
    for (uint64_t time = 0; time < 120000000; time += 170000) {
        ck_assert_int_eq(dmasim_advance(sim, time), DMASIM_OK);
        ck_assert_int_eq(dmasim_advance(twin, time), DMASIM_OK);
        ck_assert_mem_eq(a, b, SIZE);
        const size_t at = (size_t)(time / 170000 * 37 % 3072);
        memset(a + at, (int)(time / 170000 & 0xff), 1024);
        memset(b + at, (int)(time / 170000 & 0xff), 1024);
    }
    ck_assert(dmasim_finished(sim));
    dmasim_destroy(twin);
}
END_TEST

START_TEST(backing_is_refused_after_the_first_edge_and_over_given_content)
{
    ck_assert_int_eq(dmasim_memory_back(sim, "rom", bytes, 1024), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_memory_back(sim, "ram", bytes, SIZE - 1), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_memory_back(sim, "nobody", bytes, SIZE), DMASIM_UNMAPPED);
    ck_assert_int_eq(dmasim_memory_back(sim, "ram", bytes, SIZE), DMASIM_OK);
    ck_assert_int_eq(dmasim_memory_back(sim, "ram", bytes, SIZE), DMASIM_OK);
    ck_assert_int_eq(dmasim_advance(sim, 0), DMASIM_OK);
    ck_assert_int_eq(dmasim_memory_back(sim, "ram", bytes, SIZE), DMASIM_PAST);
}
END_TEST

START_TEST(snapshots_leave_the_callers_bytes_out)
{
    static uint8_t then[SIZE];
    struct dmasim_snapshot *before = dmasim_save(sim);
    ck_assert_int_eq(dmasim_memory_back(sim, "ram", bytes, SIZE), DMASIM_OK);
    ck_assert_int_eq(dmasim_restore(sim, before), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_advance(sim, 20000000), DMASIM_OK);
    struct dmasim_snapshot *middle = dmasim_save(sim);
    memcpy(then, bytes, SIZE);
    ck_assert_int_eq(dmasim_run(sim, DMASIM_NEVER, NULL), DMASIM_OK);
    ck_assert_int_eq(dmasim_restore(sim, middle), DMASIM_OK);
    ck_assert_mem_eq(bytes + HALF, bytes, 4096); /* still those of the end */
    ck_assert_mem_ne(bytes, then, SIZE);
    memcpy(bytes, then, SIZE);
    bytes[4095] = 0x99; /* it is not read yet */
    ck_assert_int_eq(dmasim_run(sim, DMASIM_NEVER, NULL), DMASIM_OK);
    ck_assert_mem_eq(bytes + HALF, bytes, 4096);
    ck_assert_int_eq(bytes[HALF + 4095], 0x99);
    dmasim_snapshot_free(before);
    dmasim_snapshot_free(middle);
}
END_TEST

START_TEST(buses_tell_memories_at_one_address_apart)
{
    uint32_t near = 0x11111111, far = 0x22222222, got = 0;
    ck_assert_int_eq(dmasim_bus_write(sim, "ahb", 0x20000010, &near, 4), DMASIM_OK);
    ck_assert_int_eq(dmasim_bus_write(sim, "axi", 0x20000010, &far, 4), DMASIM_OK);
    ck_assert_int_eq(dmasim_bus_read(sim, "ahb", 0x20000010, &got, 4), DMASIM_OK);
    ck_assert_uint_eq(got, near);
    ck_assert_int_eq(dmasim_bus_read(sim, NULL, 0x20000010, &got, 4), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_bus_read(sim, NULL, 0x20001000, &got, 4), DMASIM_OK);
    ck_assert_int_eq(dmasim_bus_read(sim, "nobody", 0x20001000, &got, 4), DMASIM_UNMAPPED);
    struct dmasim_access access = {.address = 0x20000010, .size_bytes = 4, .bus = "axi"};
    ck_assert_int_eq(dmasim_access(sim, 0, &access), DMASIM_OK);
    ck_assert_uint_eq(access.value, far);
    access.bus = NULL;
    ck_assert_int_eq(dmasim_access(sim, 0, &access), DMASIM_INVALID);
    access.bus = "nobody";
    ck_assert_int_eq(dmasim_access(sim, 0, &access), DMASIM_UNMAPPED);
}
END_TEST

START_TEST(bytes_of_any_length_and_registers_at_their_size)
{
    uint8_t got[3000], wide[8];
    const uint64_t at = 0x20004000 - 2500;
    ck_assert_int_eq(dmasim_bus_write(sim, "ahb", at, bytes, sizeof got), DMASIM_OK);
    ck_assert_int_eq(dmasim_bus_read(sim, "ahb", at, got, sizeof got), DMASIM_OK);
    ck_assert_mem_eq(got, bytes, sizeof got);
    ck_assert_mem_eq(dmasim_memory(sim, "rom", NULL), bytes + 2500, 500);
    uint32_t sar = 0x12345678, back = 0;
    ck_assert_int_eq(dmasim_bus_write(sim, "ahb", 0x40000000, &sar, 4), DMASIM_OK);
    ck_assert_int_eq(dmasim_bus_read(sim, "ahb", 0x40000000, &back, 4), DMASIM_OK);
    ck_assert_uint_eq(back, sar);
    ck_assert_int_eq(dmasim_bus_read(sim, "ahb", 0x40000002, &back, 4), DMASIM_INVALID);
    ck_assert_int_ne(dmasim_bus_read(sim, "ahb", 0x40000000, wide, 8), DMASIM_OK);
}
END_TEST

static int inside[3];

static void on_interrupt(void *context, const char *component, const char *output, bool level,
                         uint64_t at_ps)
{
    uint8_t byte;
    (void)context;
    (void)component;
    (void)output;
    (void)level;
    (void)at_ps;
    inside[0] = dmasim_bus_read(sim, "ahb", 0x20000000, &byte, 1);
    inside[1] = dmasim_memory_back(sim, "ram", bytes, SIZE);
    inside[2] = dmasim_memory(sim, "ram", NULL) != NULL;
}

START_TEST(nothing_is_to_be_had_in_a_callback)
{
    inside[0] = inside[1] = inside[2] = -1;
    ck_assert_int_eq(dmasim_on_interrupt(sim, on_interrupt, NULL), DMASIM_OK);
    ck_assert_int_eq(dmasim_run(sim, DMASIM_NEVER, NULL), DMASIM_OK);
    ck_assert_int_eq(inside[0], DMASIM_BUSY);
    ck_assert_int_eq(inside[1], DMASIM_BUSY);
    ck_assert_int_eq(inside[2], 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("memory");
    TCase *tcase = tcase_create("memory");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_transfer_moves_the_callers_bytes);
    tcase_add_test(tcase, the_bytes_of_a_memory_are_where_it_is_said);
    tcase_add_test(tcase, stores_in_between_are_seen_as_in_every_cycle);
    tcase_add_test(tcase, backing_is_refused_after_the_first_edge_and_over_given_content);
    tcase_add_test(tcase, snapshots_leave_the_callers_bytes_out);
    tcase_add_test(tcase, buses_tell_memories_at_one_address_apart);
    tcase_add_test(tcase, bytes_of_any_length_and_registers_at_their_size);
    tcase_add_test(tcase, nothing_is_to_be_had_in_a_callback);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
