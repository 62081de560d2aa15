/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The AXI checker finds nothing in correct random traces, and finds faults seeded into them: each fault
 * breaks one thing and says in which row the checker must see it. What is found first must be that rule,
 * in that row, and no other; with the rule left out, nothing is found up to there.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "axi_checker.h"
#include "axi_faults.h"
#include "suite.h"

#ifdef NDEBUG
enum { TRACES_A_BATCH = 1000 };
#else
enum { TRACES_A_BATCH = 300 };
#endif
enum { BATCHES = 8 };

static struct axi_seeding seeding; /* large for a stack */

/* ---- what is found ----------------------------------------------------------------------------- */

struct first {
    uint64_t cycle;
    enum axi_check_rule rules[16]; /* found in that cycle */
    size_t count;
    char text[250];
};

static void note(void *context, uint64_t cycle, enum axi_check_rule rule, const char *text)
{
    struct first *first = context;
    if (first->count == 0) {
        first->cycle = cycle;
        snprintf(first->text, sizeof(first->text), "%s: %s", axi_check_rules[rule].name, text);
    }
    if (cycle == first->cycle && first->count < 16)
        first->rules[first->count++] = rule;
}

/* Checks the trace. `counted`, if not null, gets beats and answers. */
static struct first check_rows(struct axi_checker *counted)
{
    struct first first = {.count = 0};
    struct axi_checker checker;
    axi_checker_init(&checker, &seeding.options, note, &first);
    for (size_t i = 0; i < seeding.trace.row_count; i++)
        axi_checker_row(&checker, &seeding.trace.rows[i]);
    axi_checker_end(&checker);
    ck_assert(!checker.out_of_memory);
    axi_checker_free(&checker);
    if (counted)
        *counted = checker;
    return first;
}

/* A correct trace; everything that it holds is asked for. */
static void make(uint64_t seed, bool lite)
{
    axi_random_make(&seeding.trace, seed, lite);
    const struct axi_random_options *made = &seeding.trace.options;
    seeding.options = (struct axi_check_options){
        .width_bits = made->width_bits,
        .lite = made->lite,
        .no_interleave = !made->interleave,
        .limit_ahead = true,
        .ahead = made->ahead,
        .complete = true,
    };
    seeding.draws = seed ^ UINT64_C(0x5eed);
}

START_TEST(correct_random_traces_hold_every_rule)
{
    uint64_t beats = 0, answers = 0;
    for (unsigned i = 0; i < TRACES_A_BATCH; i++) {
        uint64_t seed = (uint64_t)_i * TRACES_A_BATCH + i;
        struct axi_checker checker;
        make(seed, i % 5 == 0);
        struct first first = check_rows(&checker);
        ck_assert_msg(first.count == 0, "seed %llu, cycle %llu: %s", (unsigned long long)seed,
                      (unsigned long long)first.cycle, first.text);
        ck_assert_uint_eq(checker.answers[0], seeding.trace.read_count);
        ck_assert_uint_eq(checker.answers[1], seeding.trace.write_count);
        beats += checker.beats[0] + checker.beats[1];
        answers += checker.answers[0] + checker.answers[1];
    }
    ck_assert_uint_gt(answers, 15 * TRACES_A_BATCH);
    ck_assert_uint_gt(beats, 8 * answers);
}
END_TEST

static const struct fault {
    const char *name;
    long (*seed)(struct axi_seeding *self);
    enum axi_check_rule rule;
    bool lite;
} faults[] = {
    {"cycle is missing", seed_cycle_is_missing, AXI_CHECK_ENCODING, false},
    {"impossible value", seed_impossible_value, AXI_CHECK_ENCODING, false},
    {"strobe that the bus does not have", seed_strobe_that_the_bus_does_not_have,
     AXI_CHECK_ENCODING, false},
    {"VALID in reset", seed_valid_in_reset, AXI_CHECK_RESET, false},
    {"VALID right after reset", seed_valid_right_after_reset, AXI_CHECK_RESET, false},
    {"VALID is withdrawn", seed_valid_is_withdrawn, AXI_CHECK_VALID_HELD, false},
    {"VALID is withdrawn, Lite", seed_valid_is_withdrawn, AXI_CHECK_VALID_HELD, true},
    {"address changes", seed_address_changes, AXI_CHECK_STABLE, false},
    {"write data changes", seed_write_data_changes, AXI_CHECK_STABLE, false},
    {"read data changes", seed_read_data_changes, AXI_CHECK_STABLE, false},
    {"response changes", seed_response_changes, AXI_CHECK_STABLE, false},
    {"FIXED of more than 16 beats", seed_fixed_burst_of_more_than_16_beats, AXI_CHECK_FIXED_LENGTH,
     false},
    {"WRAP of another length", seed_wrapping_burst_of_another_length, AXI_CHECK_WRAP_LENGTH, false},
    {"WRAP not aligned", seed_wrapping_burst_that_is_not_aligned, AXI_CHECK_WRAP_ALIGNMENT, false},
    {"beat wider than the bus", seed_beat_wider_than_the_bus, AXI_CHECK_SIZE, false},
    {"burst over 4 KiB", seed_burst_over_4_kib, AXI_CHECK_KIB4, false},
    {"strobe outside the beat", seed_strobe_outside_the_beat, AXI_CHECK_STROBE, false},
    {"WLAST early or missing", seed_wlast_early_or_missing, AXI_CHECK_WLAST, false},
    {"WLAST missing, Lite", seed_wlast_early_or_missing, AXI_CHECK_WLAST, true},
    {"burst ahead of AW of another length", seed_burst_ahead_of_its_aw_is_too_short_or_too_long,
     AXI_CHECK_WRITE_BEATS, false},
    {"too many W bursts ahead", seed_more_w_bursts_ahead_than_allowed, AXI_CHECK_W_AHEAD, false},
    {"response of an unknown id", seed_response_of_an_unknown_id, AXI_CHECK_B_ADDRESS, false},
    {"response before its address", seed_response_before_its_address, AXI_CHECK_B_ADDRESS, false},
    {"response before the last beat", seed_response_before_the_last_beat, AXI_CHECK_B_LAST, false},
    {"response before the beat, Lite", seed_response_before_the_last_beat, AXI_CHECK_B_LAST, true},
    {"read data of an unknown id", seed_read_data_of_an_unknown_id, AXI_CHECK_R_ADDRESS, false},
    {"read data before its address", seed_read_data_before_its_address, AXI_CHECK_R_ADDRESS, false},
    {"RLAST early or missing", seed_rlast_early_or_missing, AXI_CHECK_RLAST, false},
    {"reads out of order", seed_reads_of_one_id_out_of_order, AXI_CHECK_R_ORDER, false},
    {"reads that interleave", seed_read_bursts_that_interleave, AXI_CHECK_R_INTERLEAVE, false},
    {"EXOKAY of a normal access", seed_exokay_of_a_normal_access, AXI_CHECK_EXOKAY, false},
    {"EXOKAY, Lite", seed_exokay_of_a_normal_access, AXI_CHECK_EXOKAY, true},
    {"Lite burst or narrow beat", seed_lite_burst_or_narrow_beat, AXI_CHECK_LITE_BURST, true},
    {"Lite access with an id", seed_lite_access_with_an_id, AXI_CHECK_LITE_ID, true},
    {"Lite bus of 128 bit", seed_lite_bus_of_128_bit, AXI_CHECK_LITE_WIDTH, true},
    {"trace that ends under way", seed_trace_that_ends_under_way, AXI_CHECK_COMPLETE, false},
};

enum { FAULTS = sizeof(faults) / sizeof(faults[0]), TRIES = 4000, HITS = 120 };

/* The fault seeded into the trace of one seed. False if there is no place for it. */
static bool try_fault(const struct fault *fault, uint64_t seed)
{
    make(seed, fault->lite);
    long row = fault->seed(&seeding);
    if (row == NO_SITE)
        return false;
    uint64_t cycle = seeding.trace.rows[row].cycle;
    struct first first = check_rows(NULL);
    ck_assert_msg(first.count > 0, "%s, seed %llu: found nothing, expected %s in cycle %llu",
                  fault->name, (unsigned long long)seed, axi_check_rules[fault->rule].name,
                  (unsigned long long)cycle);
    for (size_t i = 0; i < first.count; i++)
        ck_assert_msg(first.cycle == cycle && first.rules[i] == fault->rule,
                      "%s, seed %llu: expected %s alone in cycle %llu, cycle %llu has %s and %s",
                      fault->name, (unsigned long long)seed, axi_check_rules[fault->rule].name,
                      (unsigned long long)cycle, (unsigned long long)first.cycle, first.text,
                      axi_check_rules[first.rules[i]].name);
    seeding.options.skip[fault->rule] = true;
    first = check_rows(NULL);
    ck_assert_msg(first.count == 0 || first.cycle > cycle,
                  "%s, seed %llu, %s left out: cycle %llu has %s", fault->name,
                  (unsigned long long)seed, axi_check_rules[fault->rule].name,
                  (unsigned long long)first.cycle, first.text);
    return true;
}

START_TEST(seeded_fault_is_found_as_its_rule_alone)
{
    const struct fault *fault = &faults[_i];
    unsigned hits = 0;
    for (uint64_t seed = 0; seed < TRIES && hits < HITS; seed++)
        hits += try_fault(fault, seed);
    ck_assert_msg(hits == HITS, "%s: a place in %u traces only", fault->name, hits);
}
END_TEST

START_TEST(every_rule_has_a_seeded_fault)
{
    for (int rule = 0; rule < AXI_CHECK_RULE_COUNT; rule++) {
        bool has = false;
        for (unsigned i = 0; i < FAULTS; i++)
            has |= faults[i].rule == (enum axi_check_rule)rule;
        ck_assert_msg(has, "no fault for %s", axi_check_rules[rule].name);
        ck_assert_int_eq(check_rule_find(axi_check_rules, axi_check_rules[rule].name), rule);
    }
    ck_assert_int_eq(check_rule_find(axi_check_rules, "4kb"), AXI_CHECK_RULE_COUNT);
}
END_TEST

/* Addresses of the beats worked out by hand. */
START_TEST(lanes_follow_the_address_of_each_beat)
{
    static const struct {
        uint64_t addr;
        uint32_t burst, len, size, bus_bytes, beat;
        uint64_t low, high;
    } beats[] = {
        {0x07, INCR, 3, 2, 8, 0, 0x80, 0},    /* 07 */
        {0x07, INCR, 3, 2, 8, 1, 0x0f, 0},    /* 08 */
        {0x07, INCR, 3, 2, 8, 2, 0xf0, 0},    /* 0c */
        {0x07, INCR, 3, 2, 8, 3, 0x0f, 0},    /* 10 */
        {0x01, INCR, 1, 2, 4, 0, 0x0e, 0},    /* 01 */
        {0x01, INCR, 1, 2, 4, 1, 0x0f, 0},    /* 04 */
        {0x34, WRAP, 3, 2, 8, 0, 0xf0, 0},    /* 34 */
        {0x34, WRAP, 3, 2, 8, 1, 0x0f, 0},    /* 38 */
        {0x34, WRAP, 3, 2, 8, 2, 0xf0, 0},    /* 3c */
        {0x34, WRAP, 3, 2, 8, 3, 0x0f, 0},    /* 30 */
        {0x3c, WRAP, 3, 2, 16, 1, 0x000f, 0}, /* 30 */
        {0x3c, WRAP, 3, 2, 16, 2, 0x00f0, 0}, /* 34 */
        {0x35, FIXED, 3, 2, 8, 0, 0xe0, 0},
        {0x35, FIXED, 3, 2, 8, 3, 0xe0, 0},
        {0x3f, INCR, 255, 0, 128, 0, UINT64_C(1) << 63, 0},
        {0x3f, INCR, 255, 0, 128, 1, 0, 1},
        {0x7f, INCR, 255, 0, 128, 1, 1, 0},
        {0x10, INCR, 1, 7, 128, 0, UINT64_MAX << 16, UINT64_MAX},
        {0x10, INCR, 1, 7, 128, 1, UINT64_MAX, UINT64_MAX},
    };
    for (size_t i = 0; i < sizeof(beats) / sizeof(beats[0]); i++) {
        const struct axi_check_address ax = {.addr = beats[i].addr,
                                             .burst = beats[i].burst,
                                             .len = beats[i].len,
                                             .size = beats[i].size};
        uint64_t lanes[2];
        axi_check_lanes(&ax, beats[i].beat, beats[i].bus_bytes, lanes);
        ck_assert_msg(lanes[0] == beats[i].low && lanes[1] == beats[i].high,
                      "number %zu: %llx %llx", i, (unsigned long long)lanes[1],
                      (unsigned long long)lanes[0]);
    }
}
END_TEST

START_TEST(burst_over_4_kib_is_let_through_if_nobody_promises_otherwise)
{
    unsigned hits = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        make(seed, false);
        long row = seed_burst_over_4_kib(&seeding);
        if (row == NO_SITE)
            continue;
        hits++;
        ck_assert_uint_eq(check_rows(NULL).cycle, (uint64_t)row);
        seeding.options.cross_4kib = true;
        struct first first = check_rows(NULL);
        ck_assert_msg(first.count == 0 || first.cycle > (uint64_t)row, "%s", first.text);
    }
    ck_assert_uint_gt(hits, 20);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("axi_checker");
    TCase *tests = tcase_create("faults");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, correct_random_traces_hold_every_rule, 0, BATCHES);
    tcase_add_loop_test(tests, seeded_fault_is_found_as_its_rule_alone, 0, FAULTS);
    tcase_add_test(tests, every_rule_has_a_seeded_fault);
    tcase_add_test(tests, lanes_follow_the_address_of_each_beat);
    tcase_add_test(tests, burst_over_4_kib_is_let_through_if_nobody_promises_otherwise);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
