/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cycles, limits and bytes of the AXI SRAM, as model/memory/axi_sram.c states them. The master shows
 * its first VALID in cycle 1, so that AR, AW and the first W are taken in cycle 1.
 */
#include "traffic_fixture.h"

#include "memory/axi_sram.h"

#define BASE UINT64_C(0x40000000)
#define SIZE 0x10000u

static struct axi_sram_config *ram;

static void start(void)
{
    test_plan_start(&t);
    struct axi_bus_config *bus = test_add(&t, SECTION_BUSES, "axi", "axi0");
    bus->width_bits = 64;
    m = test_add_traffic(&t, "m0", 1);
    ram = test_add(&t, SECTION_MEMORIES, "axi-sram", "ram");
    ram->bus = 1;
    ram->base = BASE;
    ram->size_bytes = SIZE;
}

static struct traffic_burst *read(uint64_t offset, unsigned beats)
{
    return traffic_add(&m->reads, BASE + offset, beats, 3, 0);
}

static struct traffic_burst *write(uint64_t offset, unsigned beats)
{
    return traffic_add(&m->writes, BASE + offset, beats, 3, 0);
}

START_TEST(the_first_beat_comes_read_latency_after_the_access_and_then_one_a_cycle)
{
    for (uint32_t latency = 1; latency < 9; latency++) {
        start();
        ram->read_latency_cycles = latency;
        read(0, 16);
        run();
        ck_assert_uint_eq(READ(0)->address_cycle, 1);
        ck_assert_uint_eq(READ(0)->first_cycle, 2 + latency);
        ck_assert_uint_eq(READ(0)->end_cycle, 2 + latency + 15);
        test_plan_end(&t);
    }
}
END_TEST

START_TEST(b_comes_write_latency_after_the_last_beat_is_stored)
{
    for (uint32_t latency = 1; latency < 9; latency++) {
        start();
        ram->write_latency_cycles = latency;
        write(0, 16);
        run();
        ck_assert_uint_eq(WRITE(0)->first_cycle, 1);
        /* The last W is taken in 16 and stored in 17. */
        ck_assert_uint_eq(WRITE(0)->end_cycle, 17 + latency);
        test_plan_end(&t);
    }
}
END_TEST

START_TEST(cycles_a_beat_bound_the_bandwidth)
{
    start();
    ram->read_beat_cycles = 3;
    ram->write_beat_cycles = 2;
    read(0, 16);
    write(0x1000, 16);
    run();
    ck_assert_uint_eq(READ(0)->first_cycle, 3);
    ck_assert_uint_eq(READ(0)->end_cycle, 3 + 15 * 3);
    ck_assert_uint_eq(WRITE(0)->end_cycle, 2 + 15 * 2 + 1);
    test_plan_end(&t);
}
END_TEST

START_TEST(bursts_follow_each_other_without_a_gap)
{
    start();
    ram->read_latency_cycles = 5;
    for (unsigned i = 0; i < 4; i++)
        read(0x100 * i, 8);
    run();
    ck_assert_uint_eq(READ(3)->end_cycle, 7 + 31);
    test_plan_end(&t);
}
END_TEST

START_TEST(one_outstanding_read_leaves_the_latency_between_bursts)
{
    start();
    ram->read_latency_cycles = 5;
    ram->reads_max = 1;
    read(0, 8);
    read(0x100, 8);
    run();
    ck_assert_uint_eq(READ(0)->end_cycle, 14);
    ck_assert_uint_eq(READ(1)->address_cycle, 15);
    ck_assert_uint_eq(READ(1)->first_cycle, 15 + 1 + 5);
    test_plan_end(&t);
}
END_TEST

START_TEST(one_outstanding_write_waits_for_b)
{
    start();
    ram->writes_max = 1;
    ram->write_latency_cycles = 4;
    write(0, 1);
    write(0x100, 1);
    run();
    ck_assert_uint_eq(WRITE(0)->end_cycle, 6);
    ck_assert_uint_eq(WRITE(1)->address_cycle, 7);
    test_plan_end(&t);
}
END_TEST

static void both(uint8_t ports, uint8_t arbitration)
{
    start();
    ram->ports = ports;
    ram->arbitration = arbitration;
    read(0, 16);
    write(0x1000, 16);
    run();
}

START_TEST(a_dual_port_reads_and_writes_at_once)
{
    both(AXI_SRAM_DUAL, AXI_SRAM_READ_FIRST);
    ck_assert_uint_eq(READ(0)->end_cycle, 3 + 15);
    ck_assert_uint_eq(WRITE(0)->end_cycle, 2 + 15 + 1);
    test_plan_end(&t);
}
END_TEST

START_TEST(a_single_port_serves_reads_first)
{
    both(AXI_SRAM_SINGLE, AXI_SRAM_READ_FIRST);
    ck_assert_uint_eq(READ(0)->end_cycle, 3 + 15);
    /* Reads have the array in 2 .. 17, writes in 18 .. 33. */
    ck_assert_uint_eq(WRITE(0)->end_cycle, 34);
    test_plan_end(&t);
}
END_TEST

START_TEST(a_single_port_serves_writes_first)
{
    both(AXI_SRAM_SINGLE, AXI_SRAM_WRITE_FIRST);
    ck_assert_uint_eq(WRITE(0)->end_cycle, 2 + 15 + 1);
    ck_assert_uint_eq(READ(0)->end_cycle, 34);
    test_plan_end(&t);
}
END_TEST

START_TEST(a_single_port_that_alternates_gives_each_half)
{
    both(AXI_SRAM_SINGLE, AXI_SRAM_ALTERNATE);
    ck_assert_uint_eq(READ(0)->first_cycle, 4); /* the write of cycle 2 went first */
    ck_assert_uint_eq(READ(0)->end_cycle, 4 + 30);
    ck_assert_uint_eq(WRITE(0)->end_cycle, 2 + 30 + 1);
    test_plan_end(&t);
}
END_TEST

START_TEST(a_full_write_buffer_holds_wready)
{
    start();
    ram->buffer_beats = 2;
    ram->write_beat_cycles = 10;
    write(0, 4);
    run();
    /* Taken in 1 and 2, stored in 2; in 3 the place of the first is free. Stored next: 12, 22, 32. */
    ck_assert_uint_eq(WRITE(0)->end_cycle, 33);
    test_plan_end(&t);
}
END_TEST

START_TEST(ranges_answer_slverr_as_often_as_they_say)
{
    static struct axi_sram_error errors[] = {{0x10, 8, 1}, {0x1008, 8, 0}};
    start();
    ram->errors = (struct parameter_list){errors, 2};
    ram->fill = (struct store_fill){.pattern = STORE_BYTE, .value = 0xee};
    read(0x10, 1)->resp = AXI_SLVERR;
    read(0x10, 1);
    write(0x1000, 3)->resp = AXI_SLVERR;
    write(0x1000, 1);
    run();
    const uint8_t *bytes = store_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL);
    for (unsigned i = 0; i < 8; i++) {
        ck_assert_uint_eq(bytes[0x1008 + i], 0xee);
        ck_assert_uint_eq(bytes[0x1010 + i], traffic_byte(WRITE(0), 2, i));
    }
    test_plan_end(&t);
}
END_TEST

START_TEST(beyond_the_memory_is_decerr)
{
    start();
    read(SIZE, 2)->resp = AXI_DECERR; /* a pair of ports has no decoder */
    write(SIZE, 2)->resp = AXI_DECERR;
    run();
    test_plan_end(&t);
}
END_TEST

START_TEST(content_is_laid_as_in_other_memories_and_seen_from_outside)
{
    start();
    ram->fill = (struct store_fill){.pattern = STORE_ADDRESS};
    static const uint64_t values[] = {1, 2};
    struct store_inline list = {.offset = 10, .values = {(void *)(uintptr_t)values, 2}};
    ram->bytes = (struct parameter_list){&list, 1};
    run();
    uint64_t value;
    ck_assert_int_eq(system_access(&t.system, ROUTE_ANY_BUS, BASE + 8, 4, false, &value),
                     DMASIM_OK);
    ck_assert_uint_eq(value, (0x0201u << 16) | 0x0008);
    value = 0x1234;
    ck_assert_int_eq(system_access(&t.system, ROUTE_ANY_BUS, BASE + 0x20, 2, true, &value),
                     DMASIM_OK);
    ck_assert_int_eq(system_access(&t.system, ROUTE_ANY_BUS, BASE + SIZE, 4, false, &value),
                     DMASIM_UNMAPPED);
    ck_assert_uint_eq(store_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL)[0x20], 0x34);
    test_plan_end(&t);
}
END_TEST

/* ---- random ---------------------------------------------------------------------------------- */

static uint8_t content(uint64_t address)
{
    return (uint8_t)(3 + address);
}

static void fill_random(struct random *random)
{
    ram->fill = (struct store_fill){.pattern = STORE_COUNT, .value = 3};
    ram->ports = (uint8_t)random_below(random, 2);
    ram->arbitration = (uint8_t)random_below(random, 3);
    ram->read_latency_cycles = 1 + random_below(random, 6);
    ram->write_latency_cycles = 1 + random_below(random, 6);
    ram->read_beat_cycles = 1 + random_below(random, 3);
    ram->write_beat_cycles = 1 + random_below(random, 3);
    ram->reads_max = 1 + random_below(random, 5);
    ram->writes_max = 1 + random_below(random, 5);
    ram->buffer_beats = 1 + random_below(random, 6);
    m->content = content;
    m->stall = random_below(random, 6);
    m->random = random_seeded(random_next(random));
    for (unsigned i = 0; i < 32; i++) {
        unsigned size = random_below(random, 4), beats = 1 + random_below(random, 16);
        traffic_add(&m->reads, BASE + random_below(random, 0x800), beats, size, i % 3)->ax.burst =
            (uint8_t)random_below(random, 2);
        struct traffic_burst *burst = traffic_add(
            &m->writes, BASE + 0x8000 + 0x100 * i + random_below(random, 0x80), beats, size, i % 3);
        burst->full = random_below(random, 2);
        if (beats == 4 || beats == 8) {
            burst->ax.burst = AXI_WRAP;
            burst->ax.addr &= ~((UINT64_C(1) << size) - 1);
        }
    }
}

static uint64_t run_random(uint64_t seed, unsigned flags)
{
    struct random random = random_seeded(seed);
    start();
    fill_random(&random);
    run_with(flags);
    uint64_t hash =
        expect_writes(store_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL), BASE, SIZE);
    test_plan_end(&t);
    return hash;
}

START_TEST(random_bursts_move_the_right_bytes_however_units_are_stepped)
{
    test_any_order(200, run_random);
}
END_TEST

TEST_MAIN("axi sram", the_first_beat_comes_read_latency_after_the_access_and_then_one_a_cycle,
          b_comes_write_latency_after_the_last_beat_is_stored, cycles_a_beat_bound_the_bandwidth,
          bursts_follow_each_other_without_a_gap,
          one_outstanding_read_leaves_the_latency_between_bursts, one_outstanding_write_waits_for_b,
          a_dual_port_reads_and_writes_at_once, a_single_port_serves_reads_first,
          a_single_port_serves_writes_first, a_single_port_that_alternates_gives_each_half,
          a_full_write_buffer_holds_wready, ranges_answer_slverr_as_often_as_they_say,
          beyond_the_memory_is_decerr, content_is_laid_as_in_other_memories_and_seen_from_outside,
          random_bursts_move_the_right_bytes_however_units_are_stepped)
