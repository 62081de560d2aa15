/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The AHB checker finds nothing in the reference traces, and finds faults seeded into them: each
 * test changes a wire or two of one cycle and expects the rule, at the cycle, as the first
 * violation.
 */
#include "ahb_faults.h"

START_TEST(reference_traces_hold_every_rule)
{
    FILE *cases = fopen(GOLDEN "cases.csv", "r");
    ck_assert_msg(cases != NULL, "no %scases.csv", GOLDEN);
    char line[4096];
    unsigned traces = 0;
    ck_assert(fgets(line, sizeof(line), cases) != NULL);
    while (fgets(line, sizeof(line), cases)) {
        line[strcspn(line, ",")] = '\0';
        load(line);
        bool gen_amba = strncmp(line, "gen_amba/", 9) == 0;
        struct ahb_check_options options = {.ignore_lock = gen_amba, .grant_nobody = gen_amba};
        ck_assert_uint_gt(row_count, 0);
        struct first first = check_rows(&options);
        ck_assert_msg(first.count == 0, "%s: cycle %llu: %s", line, (unsigned long long)first.cycle,
                      first.text);
        traces++;
    }
    fclose(cases);
    ck_assert_uint_eq(traces, 368);
}
END_TEST

START_TEST(address_that_changes_in_a_wait_state_is_found)
{
    load("grlib_rr_fb/A_incr8_wr_w1_1.csv");
    size_t n = find(0, SEQ, 0, OKAY, 0) + 1;
    rows[n].haddr += 4;
    expect(n, CHECK_STABLE);
}
END_TEST

START_TEST(transfer_that_is_withdrawn_in_a_wait_state_is_found)
{
    load("grlib_rr_fb/A_incr8_wr_w1_1.csv");
    size_t n = find(0, SEQ, 0, OKAY, 0) + 1;
    rows[n].htrans = IDLE;
    expect(n, CHECK_STABLE);
}
END_TEST

START_TEST(control_that_changes_in_a_wait_state_is_found)
{
    load("grlib_rr_fb/A_incr8_wr_w1_1.csv");
    size_t n = find(0, SEQ, 0, OKAY, 0) + 1;
    rows[n].hsize = 1;
    expect(n, CHECK_STABLE);
}
END_TEST

START_TEST(seq_after_idle_is_found)
{
    load("grlib_rr_fb/A_incr8_wr_w1_1.csv");
    size_t n = find(find(0, SEQ, ANY, ANY, ANY), IDLE, 1, OKAY, 0) + 1;
    ck_assert_uint_eq(rows[n].htrans, IDLE);
    rows[n].htrans = SEQ;
    expect(n, CHECK_FIRST);
}
END_TEST

START_TEST(two_swapped_addresses_of_a_burst_are_found)
{
    load("grlib_rr_fb/D_4m_sat_incr4_w0.csv");
    size_t n = find(0, SEQ, 1, OKAY, 0);
    uint32_t haddr = rows[n].haddr;
    rows[n].haddr = rows[n + 1].haddr;
    rows[n + 1].haddr = haddr;
    expect(n, CHECK_SEQUENCE);
}
END_TEST

START_TEST(wrapping_burst_that_does_not_wrap_is_found)
{
    load("grlib_rr_fb/A_wrap8_wr_w0_0.csv");
    size_t n = find(0, SEQ, 1, OKAY, 0);
    while (rows[n].haddr > rows[n - 1].haddr)
        n++;
    ck_assert_uint_eq(rows[n].htrans, SEQ);
    rows[n].haddr = rows[n - 1].haddr + 4;
    expect(n, CHECK_SEQUENCE);
}
END_TEST

START_TEST(direction_that_changes_inside_a_burst_is_found)
{
    load("grlib_rr_fb/D_4m_sat_incr4_w0.csv");
    size_t n = find(0, SEQ, 1, OKAY, 0);
    rows[n].hwrite ^= 1;
    expect(n, CHECK_CONTROL);
}
END_TEST

START_TEST(fixed_burst_that_ends_early_is_found)
{
    load("grlib_rr_fb/A_wrap8_wr_w0_0.csv");
    size_t n = find(0, SEQ, 1, OKAY, 0) + 6; /* the last beat */
    ck_assert_uint_eq(rows[n].htrans, SEQ);
    ck_assert_uint_eq(rows[n + 1].htrans, IDLE);
    rows[n].htrans = IDLE;
    expect(n, CHECK_LENGTH);
}
END_TEST

START_TEST(fixed_burst_with_a_beat_too_many_is_found)
{
    load("grlib_rr_fb/A_incr16_rd_w0_0.csv");
    size_t n = find(0, SEQ, 1, OKAY, 0);
    for (size_t i = n - 1; rows[i].htrans != IDLE; i++)
        rows[i].hburst = 5; /* INCR8 */
    expect(n + 7, CHECK_LENGTH);
}
END_TEST

START_TEST(busy_with_another_address_than_the_next_beat_is_found)
{
    load("grlib_rr_fb/H_busy_incr8.csv");
    size_t n = find(0, BUSY, 1, OKAY, 0);
    rows[n].haddr += 8;
    expect(n, CHECK_BUSY);
    load("gen_amba/H_busy_incr_w1.csv"); /* an INCR, whose length nobody knows */
    const struct ahb_check_options options = {.ignore_lock = true, .grant_nobody = true};
    n = find(0, BUSY, ANY, OKAY, 0);
    size_t next = find(n, SEQ, ANY, OKAY, 0);
    for (size_t i = n; i < next; i++)
        rows[i].haddr += 8;
    expect_with(n, CHECK_BUSY, &options);
}
END_TEST

START_TEST(nonseq_in_the_middle_of_a_fixed_burst_is_found)
{
    load("grlib_rr_fb/A_wrap8_wr_w0_0.csv");
    size_t n = find(0, SEQ, 1, OKAY, 0) + 2;
    ck_assert_uint_eq(rows[n].htrans, SEQ);
    rows[n].htrans = NONSEQ;
    expect(n, CHECK_LENGTH);
}
END_TEST

START_TEST(burst_over_1_kib_is_found)
{
    load("grlib_rr_fb/G_1k_incr_3e0_2m.csv");
    size_t n = find(0, NONSEQ, ANY, OKAY, 0);
    while (rows[n].haddr != 0x400)
        n++;
    ck_assert_uint_eq(rows[n].htrans, NONSEQ);
    rows[n].htrans = SEQ;
    expect(n, CHECK_KIB);
    load("grlib_rr_fb/A_incr8_wr_w1_1.csv");
    n = find(0, NONSEQ, 1, OKAY, 0);
    rows[n].haddr = 0x3f0; /* a fixed length says where it will end */
    expect(n, CHECK_KIB);
}
END_TEST

START_TEST(misaligned_address_is_found)
{
    load("grlib_rr_fb/D_4m_sat_single_w0.csv");
    size_t n = find(0, NONSEQ, 1, OKAY, 0);
    rows[n].haddr |= 2;
    expect(n, CHECK_ALIGNMENT);
}
END_TEST

START_TEST(transfer_wider_than_the_bus_is_found)
{
    load("grlib_rr_fb/D_4m_sat_single_w0.csv");
    size_t n = find(0, NONSEQ, 1, OKAY, 0);
    rows[n].hsize = 3;
    expect(n, CHECK_SIZE);
    expect_nothing(&(struct ahb_check_options){.width_bits = 64});
}
END_TEST

START_TEST(wait_state_for_idle_is_found)
{
    load("grlib_rr_fb/D_4m_sat_single_w0.csv");
    rows[1].hready = 0;
    expect(1, CHECK_IDLE_OKAY);
}
END_TEST

START_TEST(error_of_one_cycle_is_found)
{
    load("grlib_rr_fb/I_error_at2_incr4_w1.csv");
    size_t n = find(0, ANY, 0, ERROR, ANY); /* the first cycle becomes a wait state */
    rows[n].hresp = OKAY;
    expect(n + 1, CHECK_TWO_CYCLE);
}
END_TEST

START_TEST(error_that_turns_okay_is_found)
{
    load("grlib_rr_fb/I_error_at2_incr4_w1.csv");
    size_t n = find(0, ANY, 0, ERROR, ANY);
    rows[n + 1].hresp = OKAY;
    expect(n + 1, CHECK_TWO_CYCLE);
}
END_TEST

START_TEST(retried_master_that_goes_on_is_found)
{
    load("grlib_rr_fb/I_retry_at2_incr4.csv");
    size_t n = find(0, SEQ, 0, RETRY, ANY) + 1;
    ck_assert_uint_eq(rows[n].htrans, IDLE);
    rows[n].htrans = SEQ;
    rows[n].haddr = rows[n - 1].haddr;
    expect(n, CHECK_RETRY_IDLE);
}
END_TEST

START_TEST(retried_transfer_that_is_not_repeated_is_found)
{
    load("grlib_rr_fb/I_retry_at2_incr4.csv");
    size_t n = find(find(0, ANY, 1, RETRY, ANY), NONSEQ, ANY, OKAY, ANY);
    while (rows[n].hmaster != 1)
        n++;
    ck_assert_uint_eq(rows[n].htrans, NONSEQ);
    rows[n].haddr += 4;
    expect(n, CHECK_RETRY_AGAIN);
}
END_TEST

/* One value of one wire of one row is changed, in each row of each recording where the rules leave it no choice. */
static void change(struct ahb_check_row *row, unsigned which)
{
    switch (which) {
    case 0:
        row->haddr += 1u << row->hsize;
        break;
    case 1:
        row->hburst ^= 1;
        break;
    case 2:
        row->hsize ^= 1;
        break;
    case 3:
        row->hwrite ^= 1;
        break;
    case 4:
        row->hmaster ^= 1;
        break;
    case 5:
        row->hmastlock ^= 1;
        break;
    case 6:
        row->htrans ^= 1; /* BUSY and IDLE, SEQ and NONSEQ */
        break;
    case 7:
        row->hresp ^= 1;
        break;
    default:
        row->hgrant ^= 1u << row->hmaster;
        break;
    }
}
enum { CHANGES = 9 };

/* Do the rules say what this row's value is, by the rows before and behind it? */
static bool bound(size_t n, unsigned which)
{
    const struct ahb_check_row *now = &rows[n], *before = &rows[n - 1];
    const bool waits = !before->hready;
    const bool inside = now->htrans == SEQ || now->htrans == BUSY;
    const bool cancelled = before->hresp != OKAY && waits && now->htrans == IDLE;
    switch (which) {
    case 0:
    case 1:
    case 2:
    case 3:
        return inside || (waits && now->htrans != IDLE);
    case 6: /* an INCR may end anywhere, also behind BUSY */
        return waits ? !cancelled : now->htrans == SEQ && now->hburst != 1;
    default:
        return true;
    }
}

START_TEST(no_change_of_a_bound_wire_goes_unnoticed)
{
    FILE *cases = fopen(GOLDEN "cases.csv", "r");
    ck_assert(cases != NULL);
    char line[4096];
    unsigned long changed = 0;
    ck_assert(fgets(line, sizeof(line), cases) != NULL);
    while (fgets(line, sizeof(line), cases)) {
        line[strcspn(line, ",")] = '\0';
        load(line);
        bool gen_amba = strncmp(line, "gen_amba/", 9) == 0;
        struct ahb_check_options options = {.ignore_lock = gen_amba, .grant_nobody = gen_amba};
        for (size_t n = 1; n < row_count; n++) {
            for (unsigned which = 0; which < CHANGES; which++) {
                if (!bound(n, which) || (gen_amba && which == 8))
                    continue;
                struct ahb_check_row was = rows[n];
                change(&rows[n], which);
                struct first first = check_rows(&options);
                ck_assert_msg(first.count > 0, "%s: cycle %zu: change %u is not noticed", line, n,
                              which);
                ck_assert_msg(first.cycle == n || first.cycle == n + 1,
                              "%s: cycle %zu: change %u is noticed in cycle %llu", line, n, which,
                              (unsigned long long)first.cycle);
                rows[n] = was;
                changed++;
            }
        }
    }
    fclose(cases);
    ck_assert_uint_gt(changed, 100000);
}
END_TEST

START_TEST(write_data_that_changes_in_a_wait_state_is_found)
{
    load("grlib_rr_fb/A_incr8_wr_w1_1.csv");
    size_t n = find(0, SEQ, 0, OKAY, 0) + 1;
    rows[n].hwdata[0] ^= 0x100;
    expect(n, CHECK_WRITE_DATA);
    rows[n].hwdata[0] ^= 0x100;
    rows[n].hwdata[1] ^= 1; /* no lane of a word at a 32-bit address */
    expect_nothing(NULL);
}
END_TEST

START_TEST(one_wait_state_more_than_allowed_is_found)
{
    load("grlib_rr_fb/A_incr8_rd_w3_3.csv");
    expect_nothing(&(struct ahb_check_options){.max_waits = 3});
    size_t n = find(0, ANY, 0, OKAY, 0) + 2; /* the third */
    expect_with(n, CHECK_WAITS, &(struct ahb_check_options){.max_waits = 2});
}
END_TEST

START_TEST(missing_cycle_and_impossible_value_are_found)
{
    load("grlib_rr_fb/D_4m_sat_single_w0.csv");
    rows[2].htrans = 4;
    expect(2, CHECK_ENCODING);
    load("grlib_rr_fb/D_4m_sat_single_w0.csv");
    memmove(&rows[1], &rows[2], (row_count - 2) * sizeof(rows[0]));
    row_count--;
    expect(2, CHECK_ENCODING);
}
END_TEST

START_TEST(skipped_rule_is_not_reported)
{
    load("grlib_rr_fb/D_4m_sat_single_w0.csv");
    rows[find(0, NONSEQ, 1, OKAY, 0)].haddr |= 2;
    struct ahb_check_options options = {0};
    options.skip[check_rule_find(ahb_check_rules, "alignment")] = true;
    expect_nothing(&options);
    ck_assert_int_eq(check_rule_find(ahb_check_rules, "alinement"), CHECK_RULE_COUNT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ahb_checker");
    TCase *tests = tcase_create("faults");
    tcase_add_test(tests, reference_traces_hold_every_rule);
    tcase_add_test(tests, address_that_changes_in_a_wait_state_is_found);
    tcase_add_test(tests, transfer_that_is_withdrawn_in_a_wait_state_is_found);
    tcase_add_test(tests, control_that_changes_in_a_wait_state_is_found);
    tcase_add_test(tests, seq_after_idle_is_found);
    tcase_add_test(tests, two_swapped_addresses_of_a_burst_are_found);
    tcase_add_test(tests, wrapping_burst_that_does_not_wrap_is_found);
    tcase_add_test(tests, direction_that_changes_inside_a_burst_is_found);
    tcase_add_test(tests, fixed_burst_that_ends_early_is_found);
    tcase_add_test(tests, fixed_burst_with_a_beat_too_many_is_found);
    tcase_add_test(tests, busy_with_another_address_than_the_next_beat_is_found);
    tcase_add_test(tests, nonseq_in_the_middle_of_a_fixed_burst_is_found);
    tcase_add_test(tests, burst_over_1_kib_is_found);
    tcase_add_test(tests, misaligned_address_is_found);
    tcase_add_test(tests, transfer_wider_than_the_bus_is_found);
    tcase_add_test(tests, wait_state_for_idle_is_found);
    tcase_add_test(tests, error_of_one_cycle_is_found);
    tcase_add_test(tests, error_that_turns_okay_is_found);
    tcase_add_test(tests, retried_master_that_goes_on_is_found);
    tcase_add_test(tests, retried_transfer_that_is_not_repeated_is_found);
    tcase_add_test(tests, no_change_of_a_bound_wire_goes_unnoticed);
    tcase_add_test(tests, write_data_that_changes_in_a_wait_state_is_found);
    tcase_add_test(tests, one_wait_state_more_than_allowed_is_found);
    tcase_add_test(tests, missing_cycle_and_impossible_value_are_found);
    tcase_add_test(tests, skipped_rule_is_not_reported);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
