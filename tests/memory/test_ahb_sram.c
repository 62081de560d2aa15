/* SPDX-License-Identifier: BSD-2-Clause */
/* sram: cycle-exact wait states, lanes, initial content, errors. */
#include "host_plan.h"

#include "bus/ahb/ahb.h"
#include "host/play/scripted.h"
#include "memory/ahb_sram.h"

static struct test_plan t;
static struct scripted_config *master;
static struct sram_config *ram;
static struct scripted_command commands[8];

static void start(uint32_t count)
{
    test_plan_start(&t);
    master = test_add(&t, SECTION_MASTERS, "scripted", "m0");
    memset(commands, 0, sizeof commands);
    for (uint32_t i = 0; i < count; i++) {
        commands[i].size = 2;
        commands[i].beats = 1;
        commands[i].address = 0x20000000;
    }
    master->commands = (struct parameter_list){commands, count};
    ram = test_add(&t, SECTION_MEMORIES, "sram", "ram");
    ram->base = 0x20000000;
    ram->size_bytes = 4096;
}

/* Runs all commands and returns the log of beats. */
static struct test_log run(void)
{
    struct test_log beats;
    test_build(&t, 0);
    test_observe(&t, &beats, "ahb_beat", NULL);
    ck_assert(test_run(&t, UINT64_C(100000000)));
    return beats;
}

static const uint8_t *bytes(void)
{
    return store_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL);
}

static void end(struct test_log *beats)
{
    test_log_end(beats);
    test_plan_end(&t);
}

static sim_cycle data_cycles(const struct test_log *beats, size_t i)
{
    const struct ahb_beat *beat = TEST_RECORD(beats, struct ahb_beat, i);
    return beat->data_cycle - beat->address_cycle;
}

START_TEST(a_read_burst_waits_read_first_then_read_next)
{
    start(1);
    ram->read_first = 3;
    ram->read_next = 1;
    ram->write_first = ram->write_next = 7; /* must not matter */
    commands[0].burst = AHB_INCR4;
    struct test_log beats = run();
    ck_assert_uint_eq(beats.count, 4);
    ck_assert_uint_eq(data_cycles(&beats, 0), 1 + 3);
    ck_assert_uint_eq(data_cycles(&beats, 1), 1 + 1);
    ck_assert_uint_eq(data_cycles(&beats, 3), 1 + 1);
    end(&beats);
}
END_TEST

START_TEST(a_write_burst_waits_write_first_then_write_next)
{
    start(1);
    ram->write_first = 2;
    ram->read_first = ram->read_next = 7;
    commands[0].burst = AHB_INCR4;
    commands[0].write = true;
    struct test_log beats = run();
    ck_assert_uint_eq(data_cycles(&beats, 0), 1 + 2);
    ck_assert_uint_eq(data_cycles(&beats, 1), 1);
    end(&beats);
}
END_TEST

START_TEST(hready_is_low_in_the_last_wait_cycle_and_high_in_the_next)
{
    struct test_log rows;
    start(1);
    ram->read_first = 2;
    test_build(&t, KERNEL_EVERY_CYCLE);
    test_observe(&t, &rows, "ahb_row", NULL);
    ck_assert(test_run(&t, UINT64_C(100000000)));
    size_t address = 0;
    while (TEST_RECORD(&rows, struct ahb_row, address)->htrans != AHB_NONSEQ)
        address++;
    ck_assert_uint_eq(TEST_RECORD(&rows, struct ahb_row, address + 1)->hready, 0);
    ck_assert_uint_eq(TEST_RECORD(&rows, struct ahb_row, address + 2)->hready, 0);
    ck_assert_uint_eq(TEST_RECORD(&rows, struct ahb_row, address + 3)->hready, 1);
    end(&rows);
}
END_TEST

START_TEST(a_write_changes_only_the_bytes_of_its_size)
{
    start(2);
    ram->fill = (struct store_fill){.pattern = STORE_BYTE, .value = 0xee};
    commands[0].write = true;
    commands[0].size = 0;
    commands[0].address = 0x20000002; /* lane 2 of d0000000: 00 */
    commands[1].write = true;
    commands[1].size = 1;
    commands[1].address = 0x20000006; /* lanes 2, 3 of d0010000: 01 d0 */
    struct test_log beats = run();
    static const uint8_t expected[] = {0xee, 0xee, 0x00, 0xee, 0xee, 0xee, 0x01, 0xd0, 0xee};
    ck_assert_mem_eq(bytes(), expected, sizeof expected);
    end(&beats);
}
END_TEST

START_TEST(a_read_whose_address_phase_is_the_data_phase_of_a_write_sees_what_it_wrote)
{
    start(2);
    commands[0].write = true;
    struct test_log beats = run();
    const struct ahb_beat *write = TEST_RECORD(&beats, struct ahb_beat, 0);
    const struct ahb_beat *read = TEST_RECORD(&beats, struct ahb_beat, 1);
    ck_assert_uint_eq(read->address_cycle, write->data_cycle);
    ck_assert_uint_eq(read->data.lane[0], 0xd0000000);
    end(&beats);
}
END_TEST

START_TEST(a_wide_bus_reads_whole_words)
{
    for (uint32_t width = 64; width <= 128; width *= 2) {
        start(1);
        test_bus_config(&t)->width_bits = width;
        ram->fill = (struct store_fill){.pattern = STORE_COUNT, .value = 0x10};
        commands[0].size = width == 64 ? 3 : 4;
        commands[0].address = 0x20000010;
        struct test_log beats = run();
        const struct ahb_beat *beat = TEST_RECORD(&beats, struct ahb_beat, 0);
        ck_assert_uint_eq(beat->data.lane[0], UINT64_C(0x2726252423222120));
        ck_assert_uint_eq(beat->data.lane[1], width == 64 ? 0 : UINT64_C(0x2f2e2d2c2b2a2928));
        end(&beats);
    }
}
END_TEST

START_TEST(fill_then_file_then_bytes)
{
    static const uint8_t file[] = {1, 2, 3, 4};
    static const uint64_t values[] = {0xaa, 0xbb};
    struct store_load load = {.offset = 8, .file = {"x.bin", file, sizeof file}};
    struct store_inline list = {.offset = 10, .values = {(void *)(uintptr_t)values, 2}};
    start(1);
    ram->fill.pattern = STORE_ADDRESS;
    ram->loads = (struct parameter_list){&load, 1};
    ram->bytes = (struct parameter_list){&list, 1};
    struct test_log beats = run();
    static const uint8_t expected[] = {0, 0, 0,    0x20, 4,  0, 0, 0x20,
                                       1, 2, 0xaa, 0xbb, 12, 0, 0, 0x20};
    ck_assert_mem_eq(bytes(), expected, sizeof expected);
    end(&beats);
}
END_TEST

START_TEST(random_content_follows_from_the_seed)
{
    uint8_t first[64];
    for (uint64_t seed = 1; seed <= 3; seed++) {
        start(1);
        ram->fill = (struct store_fill){.pattern = STORE_RANDOM, .seed = seed == 3 ? 1 : seed};
        struct test_log beats = run();
        if (seed == 1)
            memcpy(first, bytes(), sizeof first);
        else
            ck_assert_int_eq(memcmp(first, bytes(), sizeof first) == 0, seed == 3);
        end(&beats);
    }
}
END_TEST

START_TEST(an_error_range_answers_error_count_times_after_its_wait_states)
{
    struct sram_error error = {
        .offset = 16, .bytes = 4, .response = SRAM_RESPONSE_ERROR, .count = 1};
    start(4);
    ram->errors = (struct parameter_list){&error, 1};
    ram->write_first = 1;
    for (unsigned i = 0; i < 4; i++)
        commands[i].write = true;
    commands[0].address = 0x2000000c; /* the word before */
    commands[1].address = 0x20000014; /* the word behind */
    commands[2].address = 0x20000010;
    commands[3].address = 0x20000010; /* works again */
    struct test_log beats = run();
    static const uint8_t responses[] = {AHB_OKAY, AHB_OKAY, AHB_ERROR, AHB_OKAY};
    for (size_t i = 0; i < 4; i++)
        ck_assert_uint_eq(TEST_RECORD(&beats, struct ahb_beat, i)->hresp, responses[i]);
    ck_assert_uint_eq(data_cycles(&beats, 0), 1 + 1);
    ck_assert_uint_eq(data_cycles(&beats, 2), 1 + 1 + 1); /* two cycles of ERROR */
    uint32_t word;
    memcpy(&word, bytes() + 16, 4);
    ck_assert_uint_eq(word, 0xd0030000); /* of the last command: the one before was not stored */
    end(&beats);
}
END_TEST

START_TEST(a_retry_range_makes_the_master_repeat_and_loses_nothing)
{
    struct sram_error error = {
        .offset = 4, .bytes = 4, .response = SRAM_RESPONSE_RETRY, .count = 2};
    start(1);
    ram->errors = (struct parameter_list){&error, 1};
    commands[0].write = true;
    commands[0].burst = AHB_INCR4;
    struct test_log beats = run();
    unsigned retries = 0;
    for (size_t i = 0; i < beats.count; i++)
        retries += TEST_RECORD(&beats, struct ahb_beat, i)->hresp == AHB_RETRY;
    ck_assert_uint_eq(retries, 2);
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t word;
        memcpy(&word, bytes() + 4 * i, 4);
        ck_assert_uint_eq(word, 0xd0000000 + i);
    }
    end(&beats);
}
END_TEST

START_TEST(accesses_from_outside_reach_the_bytes)
{
    start(1);
    struct test_log beats = run();
    uint64_t value = 0x1234;
    ck_assert_int_eq(system_access(&t.system, ROUTE_ANY_BUS, 0x20000102, 2, true, &value),
                     DMASIM_OK);
    ck_assert_int_eq(system_access(&t.system, ROUTE_ANY_BUS, 0x20000100, 4, false, &value),
                     DMASIM_OK);
    ck_assert_uint_eq(value, 0x12340000);
    ck_assert_int_eq(system_access(&t.system, ROUTE_ANY_BUS, 0x20001000, 4, false, &value),
                     DMASIM_UNMAPPED);
    end(&beats);
}
END_TEST

START_TEST(what_does_not_fit_is_refused_with_a_reason)
{
    static const uint64_t values[] = {1, 256};
    struct store_inline list = {.offset = 4095, .values = {(void *)(uintptr_t)values, 2}};
    struct store_dump dump = {.file = "x", .offset = 0, .bytes = 4097};
    start(1);
    ram->size_bytes = 4096;
    ram->base = 0x20000200;
    ram->bytes = (struct parameter_list){&list, 1};
    ram->dumps = (struct parameter_list){&dump, 1};
    test_check(&t);
    ck_assert_uint_eq(t.check.failures, 4);
    ck_assert_ptr_nonnull(strstr(t.errors, "ram.base: must be a multiple of 0x400"));
    ck_assert_ptr_nonnull(strstr(t.errors, "ram.bytes: item 0 ends beyond the memory"));
    ck_assert_ptr_nonnull(strstr(t.errors, "value 1 is not a byte"));
    ck_assert_ptr_nonnull(strstr(t.errors, "ram.dump: item 0 ends beyond the memory"));
    test_plan_end(&t);
}
END_TEST

TEST_MAIN("sram", a_read_burst_waits_read_first_then_read_next,
          a_write_burst_waits_write_first_then_write_next,
          hready_is_low_in_the_last_wait_cycle_and_high_in_the_next,
          a_write_changes_only_the_bytes_of_its_size,
          a_read_whose_address_phase_is_the_data_phase_of_a_write_sees_what_it_wrote,
          a_wide_bus_reads_whole_words, fill_then_file_then_bytes,
          random_content_follows_from_the_seed,
          an_error_range_answers_error_count_times_after_its_wait_states,
          a_retry_range_makes_the_master_repeat_and_loses_nothing,
          accesses_from_outside_reach_the_bytes, what_does_not_fit_is_refused_with_a_reason)
