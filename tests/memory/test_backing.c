/* SPDX-License-Identifier: BSD-2-Clause */
/* Memories that have the caller's bytes, and memories and registers reached by bus and address. */
#include "memory/store.h"
#include "scenario/scenario.h"
#include "suite.h"
#include "system.h"

#include <stdlib.h>
#include <string.h>

enum { KIB = 1024, CYCLE_PS = 10000 };

/* Copies on an AHB and on an AXI; memories at one address of both buses, two that lie side by side, a bridge,
 * and one whose content is given. */
static const char scenario[] =
    "clocks: {clk: {frequency: 100 MHz}}\n"
    "buses:\n"
    "  ahb: {clock: clk}\n"
    "  axi: {type: axi, clock: clk, width: 64}\n"
    "  lite: {type: axi, clock: clk, width: 32, lite: true}\n"
    "cpus: {cpu: {bus: ahb, descriptors: {base: low + 0xf000, bytes: 4 KiB}}}\n"
    "controllers:\n"
    "  dma: {type: \"snps,dw-dmac\", bus: ahb, base: 0x4000_0000, interrupt: cpu}\n"
    "  far: {type: \"adi,axi-dmac\", bus: lite, base: 0x4100_0000, source_bus: axi,\n"
    "        destination_bus: axi}\n"
    "masters:\n"
    "  host: {type: adi-sequence, bus: lite, controller: far, sequence: driver, transfers: 2,\n"
    "         irq_mask: 0, length: 8 KiB, step: 0, source: 0x2000_0000, destination: 0x2000_8000}\n"
    "memories:\n"
    "  low: {bus: ahb, base: 0x2000_0000, size: 64 KiB, dump: [{file: low.bin, offset: 0x8000}]}\n"
    "  high: {bus: ahb, base: 0x2001_0000, size: 64 KiB}\n"
    "  given: {bus: ahb, base: 0x2002_0000, size: 4 KiB, fill: {pattern: byte, value: 7}}\n"
    "  dram: {type: axi-memory, bus: axi, base: 0x2000_0000, size: 512 KiB}\n"
    "  port: {type: axi-memory, bus: axi, shares: dram, base: 0x3000_0000, size: 512 KiB}\n"
    "  array: {type: axi-sram, bus: axi, base: 0x2008_0000, size: 4 KiB}\n"
    "peripherals:\n"
    "  window: {type: ahb-to-axi, bus: ahb, base: 0x6000_0000, size: 4 KiB, target: axi,\n"
    "           to: 0x2008_0000}\n"
    "work:\n"
    "  - memcpy: {name: copy, controller: dma, from: low, to: low + 0x8000, bytes: 6 KiB, burst: "
    "16}\n";

struct stage {
    struct scenario *scenario;
    struct system system;
    uint8_t low[64 * KIB], high[64 * KIB], dram[512 * KIB];
};

static struct stage *stage;

static void complain(void *context, const struct dmasim_error *error)
{
    (void)context;
    ck_abort_msg("%d:%d: %s", error->line, error->column, error->text);
}

static struct stage *stage_new(unsigned flags)
{
    const struct scenario_options options = {.report = complain};
    struct stage *self = calloc(1, sizeof *self);
    ck_assert_int_eq(scenario_load_text(scenario, sizeof scenario - 1, "backing.yaml", NULL,
                                        &options, &self->scenario),
                     DMASIM_OK);
    struct scenario_check check;
    scenario_check_start(&check, self->scenario);
    ck_assert_int_eq(
        system_create(&self->system, scenario_plan(self->scenario), flags, &check.check),
        DMASIM_OK);
    ck_assert_int_eq(scenario_check_end(&check, complain, NULL), DMASIM_OK);
    return self;
}

static void stage_free(struct stage *self)
{
    system_free(&self->system);
    scenario_free(self->scenario);
    free(self);
}

static void setup(void)
{
    stage = stage_new(0);
}

static void teardown(void)
{
    stage_free(stage);
}

static void randomise(uint8_t *bytes, size_t length, uint64_t seed)
{
    struct random random = random_seeded(seed);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)random_next(&random);
}

static void back_all(struct stage *self)
{
    struct system *system = &self->system;
    ck_assert_int_eq(system_back(system, "low", self->low, sizeof self->low), DMASIM_OK);
    ck_assert_int_eq(system_back(system, "high", self->high, sizeof self->high), DMASIM_OK);
    ck_assert_int_eq(system_back(system, "dram", self->dram, sizeof self->dram), DMASIM_OK);
    randomise(self->low, 0x8000, 1);
    randomise(self->dram, 0x8000, 2);
}

static void advance(struct stage *self, uint64_t cycle)
{
    kernel_advance(&self->system.kernel, cycle * CYCLE_PS, 0);
}

/* ---- the caller's bytes -------------------------------------------------------------------------- */

START_TEST(transfers_move_the_callers_bytes)
{
    back_all(stage);
    advance(stage, 20000);
    ck_assert_uint_ne(stage->system.kernel.quiet_since, SIM_NEVER);
    ck_assert_mem_eq(stage->low + 0x8000, stage->low, 6 * KIB);
    ck_assert_mem_eq(stage->dram + 0x8000, stage->dram, 8 * KIB);
    ck_assert_int_eq(stage->dram[0], stage->dram[0x8000]);
    ck_assert_ptr_eq(store_bytes(system_memory(&stage->system, "dram"), NULL), stage->dram);
}
END_TEST

START_TEST(ports_of_a_memory_share_the_callers_bytes)
{
    uint64_t length;
    back_all(stage);
    ck_assert_ptr_eq(store_bytes(system_memory(&stage->system, "port"), &length), stage->dram);
    ck_assert_uint_eq(length, sizeof stage->dram);
}
END_TEST

START_TEST(a_dump_is_of_the_callers_bytes)
{
    back_all(stage);
    const struct component *low = system_memory(&stage->system, "low");
    struct component_output output;
    ck_assert(low->type->output(low, 0, &output));
    ck_assert_ptr_eq(output.bytes, stage->low + 0x8000);
    ck_assert_uint_eq(output.length, 0x8000);
    ck_assert(!low->type->output(low, 1, &output));
}
END_TEST

START_TEST(backing_is_refused_where_it_would_not_be_right)
{
    struct system *system = &stage->system;
    ck_assert_int_eq(system_back(system, "nobody", stage->low, 64 * KIB), DMASIM_UNMAPPED);
    ck_assert_int_eq(system_back(system, "dma", stage->low, 64 * KIB), DMASIM_UNMAPPED);
    ck_assert_int_eq(system_back(system, "low", stage->low, 64 * KIB - 1), DMASIM_INVALID);
    ck_assert_int_eq(system_back(system, "low", stage->low, 64 * KIB + 1), DMASIM_INVALID);
    ck_assert_int_eq(system_back(system, "low", NULL, 64 * KIB), DMASIM_INVALID);
    ck_assert_int_eq(system_back(system, "given", stage->low, 4 * KIB), DMASIM_INVALID);
    ck_assert_uint_eq(system->backings, 0);
    /* Nor may two memories have a byte in common. */
    ck_assert_int_eq(system_back(system, "high", stage->dram + 100, 64 * KIB), DMASIM_OK);
    ck_assert_int_eq(system_back(system, "low", stage->dram + 64 * KIB + 99, 64 * KIB),
                     DMASIM_INVALID);
    ck_assert_int_eq(system_back(system, "low", stage->dram + 64 * KIB + 100, 64 * KIB), DMASIM_OK);
    /* Edge 0 is at 0 ps. */
    ck_assert_int_eq(system_back(system, "low", stage->low, 64 * KIB), DMASIM_OK);
    kernel_advance(&system->kernel, 0, 0);
    ck_assert_int_eq(system_back(system, "high", stage->high, 64 * KIB), DMASIM_PAST);
    ck_assert_ptr_ne(store_bytes(system_memory(system, "high"), NULL), stage->high);
}
END_TEST

START_TEST(large_memories_give_their_part_of_the_arena_back)
{
    const size_t before = stage->system.arena.used_bytes;
    ck_assert_int_eq(system_back(&stage->system, "dram", stage->dram, 512 * KIB), DMASIM_OK);
    ck_assert_uint_eq(before - stage->system.arena.used_bytes, 512 * KIB);
}
END_TEST

/* ---- snapshots ------------------------------------------------------------------------------------- */

/* A snapshot leaves the bytes out: with those of then put back it is the run that was saved. */
START_TEST(a_restored_run_goes_on_with_the_bytes_it_finds)
{
    static uint8_t low[64 * KIB], dram[512 * KIB];
    for (uint64_t cycle = 300; cycle < 2300; cycle += 97) {
        struct stage *straight = stage_new(0), *again = stage_new(0);
        back_all(straight);
        back_all(again);
        advance(straight, 20000);
        advance(again, cycle);
        struct system_snapshot *snapshot = system_save(&again->system);
        memcpy(low, again->low, sizeof low);
        memcpy(dram, again->dram, sizeof dram);
        advance(again, cycle + 700);
        memset(again->low, 0x55, 0x8000);
        ck_assert_int_eq(system_restore(&again->system, snapshot), DMASIM_OK);
        ck_assert_int_eq(again->low[0], 0x55); /* restoring leaves them alone */
        memcpy(again->low, low, sizeof low);
        memcpy(again->dram, dram, sizeof dram);
        advance(again, 20000);
        ck_assert_mem_eq(again->low, straight->low, sizeof low);
        ck_assert_mem_eq(again->dram, straight->dram, sizeof dram);
        system_snapshot_free(snapshot);
        stage_free(straight);
        stage_free(again);
    }
}
END_TEST

/* Other bytes are as good as if they had been stored at the time of the snapshot. */
START_TEST(other_bytes_are_those_stored_at_that_time)
{
    for (uint64_t cycle = 300; cycle < 2300; cycle += 97) {
        struct stage *stored = stage_new(KERNEL_EVERY_CYCLE), *restored = stage_new(0);
        back_all(stored);
        back_all(restored);
        advance(stored, cycle);
        advance(restored, cycle);
        struct system_snapshot *snapshot = system_save(&restored->system);
        advance(restored, cycle + 400);
        ck_assert_int_eq(system_restore(&restored->system, snapshot), DMASIM_OK);
        memset(restored->low, 0xaa, 0x8000);
        memset(restored->dram, 0xbb, 0x8000);
        memcpy(restored->low + 0x8000, stored->low + 0x8000, 0x8000);
        memcpy(restored->dram + 0x8000, stored->dram + 0x8000, 0x8000);
        memset(stored->low, 0xaa, 0x8000);
        memset(stored->dram, 0xbb, 0x8000);
        advance(stored, 20000);
        advance(restored, 20000);
        ck_assert_mem_eq(restored->low, stored->low, sizeof stored->low);
        ck_assert_mem_eq(restored->dram, stored->dram, sizeof stored->dram);
        system_snapshot_free(snapshot);
        stage_free(stored);
        stage_free(restored);
    }
}
END_TEST

START_TEST(a_snapshot_from_before_a_backing_is_refused)
{
    struct system_snapshot *before = system_save(&stage->system);
    ck_assert_int_eq(system_restore(&stage->system, before), DMASIM_OK);
    ck_assert_int_eq(system_back(&stage->system, "dram", stage->dram, 512 * KIB), DMASIM_OK);
    ck_assert_int_eq(system_restore(&stage->system, before), DMASIM_INVALID);
    struct system_snapshot *since = system_save(&stage->system);
    advance(stage, 100);
    ck_assert_int_eq(system_restore(&stage->system, since), DMASIM_OK);
    ck_assert_uint_eq(stage->system.kernel.now, 0);
    system_snapshot_free(before);
    system_snapshot_free(since);
}
END_TEST

/* ---- by bus and address ---------------------------------------------------------------------------- */

START_TEST(memories_at_one_address_of_two_buses_are_both_reached)
{
    struct system *system = &stage->system;
    const uint16_t ahb = system_bus(system, "ahb"), axi = system_bus(system, "axi");
    uint32_t word = 0x11111111, got = 0;
    ck_assert_int_eq(system_write(system, ahb, 0x20000100, &word, 4), DMASIM_OK);
    word = 0x22222222;
    ck_assert_int_eq(system_write(system, axi, 0x20000100, &word, 4), DMASIM_OK);
    ck_assert_int_eq(system_read(system, ahb, 0x20000100, &got, 4), DMASIM_OK);
    ck_assert_uint_eq(got, 0x11111111);
    ck_assert_int_eq(system_read(system, axi, 0x20000100, &got, 4), DMASIM_OK);
    ck_assert_uint_eq(got, 0x22222222);
    /* Without a bus it is not clear which; an address that one bus has is. */
    ck_assert_int_eq(system_read(system, ROUTE_ANY_BUS, 0x20000100, &got, 4), DMASIM_INVALID);
    ck_assert_int_eq(system_read(system, ROUTE_ANY_BUS, 0x30000100, &got, 4), DMASIM_OK);
    ck_assert_uint_eq(got, 0x22222222);
    ck_assert_int_eq(system_read(system, ahb, 0x30000100, &got, 4), DMASIM_UNMAPPED);
    ck_assert_uint_eq(system_bus(system, "nobody"), UINT16_MAX);
}
END_TEST

START_TEST(bytes_of_any_length_cross_from_memory_to_memory)
{
    static uint8_t bytes[70 * KIB], got[70 * KIB];
    struct system *system = &stage->system;
    const uint16_t ahb = system_bus(system, "ahb");
    randomise(bytes, sizeof bytes, 3);
    ck_assert_int_eq(system_write(system, ahb, 0x20008001, bytes, sizeof bytes), DMASIM_OK);
    ck_assert_int_eq(system_read(system, ahb, 0x20008001, got, sizeof got), DMASIM_OK);
    ck_assert_mem_eq(got, bytes, sizeof bytes);
    ck_assert_mem_eq(store_bytes(system_memory(system, "low"), NULL) + 0x8001, bytes, 0x7fff);
    ck_assert_mem_eq(store_bytes(system_memory(system, "high"), NULL), bytes + 0x7fff, 100);
    ck_assert_int_eq(system_read(system, ahb, 0x20000000, got, 0), DMASIM_OK);
}
END_TEST

/* The last byte of three memories in a row is at 0x20020fff. */
START_TEST(nothing_is_copied_if_not_all_of_it_is_there)
{
    static uint8_t bytes[2 * KIB], got[2 * KIB];
    struct system *system = &stage->system;
    const uint16_t ahb = system_bus(system, "ahb");
    const uint8_t *given = store_bytes(system_memory(system, "given"), NULL);
    ck_assert_int_eq(system_write(system, ahb, 0x20020801, bytes, sizeof bytes), DMASIM_UNMAPPED);
    ck_assert_int_eq(given[0x801], 7);
    ck_assert_int_eq(system_read(system, ahb, 0x20020801, got, sizeof got), DMASIM_UNMAPPED);
    ck_assert_int_eq(got[0], 0);
    ck_assert_int_eq(system_write(system, ahb, 0x20020800, bytes, sizeof bytes), DMASIM_OK);
    ck_assert_int_eq(given[0x800], 0);
    ck_assert_int_eq(given[0xfff], 0);
}
END_TEST

START_TEST(bridges_lead_on)
{
    struct system *system = &stage->system;
    const uint16_t ahb = system_bus(system, "ahb"), axi = system_bus(system, "axi");
    uint64_t value = UINT64_C(0x0123456789abcdef), got = 0;
    ck_assert_int_eq(system_write(system, ahb, 0x60000ff8, &value, 8), DMASIM_OK);
    ck_assert_int_eq(system_read(system, axi, 0x20080ff8, &got, 8), DMASIM_OK);
    ck_assert_uint_eq(got, value);
    ck_assert_int_eq(system_write(system, ahb, 0x60000ff9, &value, 8), DMASIM_UNMAPPED);
}
END_TEST

START_TEST(registers_are_reached_at_their_size_only)
{
    struct system *system = &stage->system;
    const uint16_t lite = system_bus(system, "lite");
    uint32_t scratch = 0xcafe1234, got = 0, two[2] = {0, 0};
    ck_assert_int_eq(system_write(system, lite, 0x41000008, &scratch, 4), DMASIM_OK);
    ck_assert_int_eq(system_read(system, lite, 0x41000008, &got, 4), DMASIM_OK);
    ck_assert_uint_eq(got, scratch);
    ck_assert_int_eq(system_read(system, ROUTE_ANY_BUS, 0x41000008, &got, 4), DMASIM_OK);
    ck_assert_int_eq(system_read(system, lite, 0x4100000a, &got, 4), DMASIM_INVALID);
    ck_assert_int_eq(system_read(system, lite, 0x41000008, &got, 3), DMASIM_INVALID);
    ck_assert_int_eq(system_read(system, lite, 0x41000008, two, 8), DMASIM_UNMAPPED);
    ck_assert_int_eq(system_read(system, lite, 0x41000000, two, 16), DMASIM_INVALID);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        transfers_move_the_callers_bytes,
        ports_of_a_memory_share_the_callers_bytes,
        a_dump_is_of_the_callers_bytes,
        backing_is_refused_where_it_would_not_be_right,
        large_memories_give_their_part_of_the_arena_back,
        a_restored_run_goes_on_with_the_bytes_it_finds,
        other_bytes_are_those_stored_at_that_time,
        a_snapshot_from_before_a_backing_is_refused,
        memories_at_one_address_of_two_buses_are_both_reached,
        bytes_of_any_length_cross_from_memory_to_memory,
        nothing_is_copied_if_not_all_of_it_is_there,
        bridges_lead_on,
        registers_are_reached_at_their_size_only,
    };
    Suite *suite = suite_create("backing");
    TCase *tcase = tcase_create("backing");
    tcase_add_checked_fixture(tcase, setup, teardown);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
