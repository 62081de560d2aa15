/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Standing properties of the 8237A under random operations: skipping is stepping every edge, the order
 * inside a rank does not matter, a restored snapshot goes on as the run did; bytes moved are those of a
 * plain copy.
 */
#include <check.h>

#include "i8237_hostile.h"
#include "kernel/random.h"
#include "suite.h"

START_TEST(every_step_and_every_order_give_the_same)
{
    struct random random = random_seeded((uint64_t)_i + 1);
    uint8_t bytes[256];
    for (unsigned round = 0; round < 150; round++) {
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)random_next(&random);
        ck_assert_msg(hostile_agrees(bytes, sizeof bytes), "round %u", round);
    }
}
END_TEST

START_TEST(a_restored_snapshot_goes_on_as_the_run_did)
{
    struct random random = random_seeded(77);
    uint8_t first[160], then[160];
    for (unsigned round = 0; round < 100; round++) {
        for (size_t i = 0; i < sizeof first; i++) {
            first[i] = (uint8_t)random_next(&random);
            then[i] = (uint8_t)random_next(&random);
        }
        struct bench *bench = hostile_run(first, sizeof first, 0);
        struct kernel kernel = bench->wiring.kernel;
        struct arena_snapshot *saved = arena_save(&bench->wiring.arena);
        ck_assert_ptr_nonnull(saved);
        struct bench_row *rows[2];
        size_t counts[2];
        for (unsigned go = 0; go < 2; go++) {
            bench->rows.count = 0;
            struct hostile_input input = {then, then + sizeof then};
            while (input.at < input.end)
                hostile_operation(bench, &input);
            counts[go] = bench->rows.count;
            rows[go] = malloc((counts[go] + 1) * sizeof *rows[go]);
            ck_assert_ptr_nonnull(rows[go]);
            memcpy(rows[go], bench->rows.items, counts[go] * sizeof *rows[go]);
            bench->wiring.kernel = kernel;
            arena_restore(&bench->wiring.arena, saved);
        }
        ck_assert_uint_eq(counts[0], counts[1]);
        for (size_t i = 0; i < counts[0]; i++) {
            ck_assert_uint_eq(rows[0][i].half, rows[1][i].half);
            ck_assert_mem_eq(&rows[0][i].row, &rows[1][i].row, sizeof(struct isa_row));
        }
        free(rows[0]);
        free(rows[1]);
        arena_snapshot_free(saved);
        bench_free(bench);
    }
}
END_TEST

START_TEST(memory_to_memory_is_a_plain_copy)
{
    struct random random = random_seeded(5);
    for (unsigned round = 0; round < 60; round++) {
        struct bench *bench = bench_new();
        bench->wiring.memory_config.fill.pattern = STORE_RANDOM;
        bench->wiring.memory_config.fill.seed = round;
        bench->wiring.memory_config.wait_states = round % 3;
        bench_build(bench);
        uint32_t from = random_next(&random) % 0x10000, to = random_next(&random) % 0x10000;
        uint32_t count = 1 + random_next(&random) % 500;
        bool down = random_next(&random) & 1;
        static uint8_t expected[0x20000];
        memcpy(expected, bench_memory(bench), sizeof expected);
        for (uint32_t i = 0; i < count; i++)
            expected[0x10000 | ((to + i) & 0xffff)] =
                expected[(down ? from - i : from + i) & 0xffff];
        bench_out(bench, I8237_COMMAND, I8237_MEMORY_TO_MEMORY);
        i8237_case_channel(&bench->wiring, 0,
                           I8237_BLOCK | I8237_READ | (down ? I8237_DECREMENT : 0), from, count);
        i8237_case_channel(&bench->wiring, 1, I8237_BLOCK | I8237_WRITE, 0x10000 | to, count);
        bench_out(bench, I8237_REQUEST, 4);
        bench_run(bench);
        ck_assert_mem_eq(bench_memory(bench), expected, sizeof expected);
        bench_free(bench);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("i8237 random");
    TCase *tests = tcase_create("random");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, every_step_and_every_order_give_the_same, 0, 4);
    tcase_add_test(tests, a_restored_snapshot_goes_on_as_the_run_did);
    tcase_add_test(tests, memory_to_memory_is_a_plain_copy);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
