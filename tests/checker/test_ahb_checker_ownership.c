/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rules of arbitration, locks and SPLIT: each finds the fault that was put into a recorded trace, in the cycle
 * in which it shows.
 */
#include "ahb_faults.h"

START_TEST(grant_to_nobody_or_to_two_is_found)
{
    load("gen_amba/A_single_rd_w0_0.csv");
    expect(0, CHECK_GRANT_ONE_HOT);
    load("grlib_rr_fb/D_4m_sat_incr4_w0.csv");
    size_t n = find(0, SEQ, 1, OKAY, 0);
    rows[n].hgrant |= 8 | 4;
    expect(n, CHECK_GRANT_ONE_HOT);
}
END_TEST

START_TEST(owner_that_was_not_granted_is_found)
{
    load("grlib_rr_fb/D_4m_sat_incr4_w0.csv");
    size_t n = find_handover(find(0, SEQ, 1, OKAY, 0));
    rows[n].hmaster = (rows[n].hmaster + 1) % 4;
    expect(n, CHECK_OWNER_GRANT);
}
END_TEST

START_TEST(ownership_that_moves_in_a_wait_state_is_found)
{
    load("grlib_rr_fb/D_4m_gap2_incr4_w1.csv");
    size_t n = find(find(0, SEQ, 0, OKAY, 0) + 1, ANY, 1, ANY, ANY);
    rows[n].hmaster = (rows[n].hmaster + 1) % 4;
    expect(n, CHECK_OWNER_READY);
}
END_TEST

START_TEST(transfer_on_a_bus_nobody_owns_is_found)
{
    const struct ahb_check_options options = {.ignore_lock = true, .grant_nobody = true};
    load("gen_amba/A_single_rd_w0_0.csv");
    expect_nothing(&options);
    size_t n = 1;
    ck_assert_uint_eq(rows[n - 1].hgrant, 0);
    rows[n].htrans = NONSEQ;
    expect_with(n, CHECK_OWNER_NONE, &options);
}
END_TEST

START_TEST(new_owner_that_starts_with_seq_is_found)
{
    load("grlib_rr_fb/D_4m_sat_incr4_w0.csv");
    size_t n = find_handover(find(0, SEQ, 1, OKAY, 0));
    ck_assert_uint_eq(rows[n].htrans, NONSEQ);
    rows[n].htrans = SEQ;
    expect(n, CHECK_HANDOVER);
}
END_TEST

START_TEST(lock_that_comes_late_is_found)
{
    load("grlib_rr_fb/E_lock_incr4pair_w1.csv");
    size_t n = find(0, ANY, ANY, ANY, 1);
    rows[n].hmastlock = 0;
    expect(n, CHECK_MASTLOCK);
}
END_TEST

START_TEST(lock_that_changes_in_a_wait_state_is_found)
{
    load("grlib_rr_fb/E_lock_incr4pair_w1.csv");
    size_t n = find(0, SEQ, 0, OKAY, 1);
    rows[n].hmastlock = 0;
    expect(n, CHECK_MASTLOCK);
}
END_TEST

/* HLOCK falls with a beat that is not the last, or rises behind the first, and HMASTLOCK follows as it must. */
START_TEST(lock_that_changes_inside_a_burst_is_found)
{
    load("grlib_rr_fb/E_lock_incr4pair_w0.csv");
    size_t n = find(find(0, NONSEQ, 1, OKAY, 1), SEQ, 1, OKAY, 1);
    ck_assert_uint_eq(rows[n + 1].htrans, SEQ);
    uint32_t owner = 1u << rows[n].hmaster;
    for (size_t i = n; i < row_count; i++) {
        rows[i].hlock &= ~owner;
        rows[i].hmastlock &= i == n;
    }
    expect(n + 1, CHECK_LOCK_BURST);
    load("grlib_rr_fb/A_wrap8_wr_w0_0.csv");
    n = find(0, NONSEQ, 1, OKAY, 0);
    owner = 1u << rows[n].hmaster;
    for (size_t i = n; i < n + 7; i++) {
        rows[i].hlock |= owner;
        rows[i + 1].hmastlock = 1;
    }
    expect(n + 1, CHECK_LOCK_BURST);
}
END_TEST

START_TEST(grant_that_moves_under_lock_is_found_unless_locks_are_ignored)
{
    const struct ahb_check_options ignore = {.ignore_lock = true};
    load("grlib_rr_fb/E_lock_incr4pair_w1.csv");
    size_t n = find(0, SEQ, 0, OKAY, 1);
    rows[n].hgrant = 8;
    expect(n, CHECK_LOCK_HELD);
    expect_nothing(&ignore);
}
END_TEST

START_TEST(busy_first_of_an_owner_or_behind_the_last_beat_is_found)
{
    load("grlib_rr_fb/D_4m_sat_incr4_w0.csv");
    size_t n = find_handover(find(0, SEQ, 1, OKAY, 0));
    rows[n].htrans = BUSY;
    expect(n, CHECK_HANDOVER);
    load("grlib_rr_fb/A_incr8_wr_w1_1.csv");
    n = find(find(0, SEQ, ANY, ANY, ANY), IDLE, 0, OKAY, 0);
    for (size_t i = n; i < row_count && rows[i].htrans == IDLE; i++)
        rows[i].htrans = BUSY;
    expect(n, CHECK_LENGTH);
}
END_TEST

START_TEST(incr_without_its_request_is_found)
{
    load("grlib_rr_fb/G_1k_incr_3e0_2m.csv");
    size_t n = find(0, SEQ, 1, OKAY, 0) + 1; /* a beat that is not the last */
    ck_assert_uint_eq(rows[n].htrans, SEQ);
    ck_assert_uint_eq(rows[n].hburst, 1);
    ck_assert_uint_eq(rows[n + 1].htrans, SEQ);
    rows[n].hbusreq &= ~(1u << rows[n].hmaster);
    expect(n + 1, CHECK_REQUEST);
}
END_TEST

START_TEST(retried_transfer_that_loses_its_lock_is_found)
{
    load("grlib_rr_fb/I_retry_at2_incr4.csv");
    size_t first = find(0, NONSEQ, ANY, OKAY, ANY), n = find(0, SEQ, 0, RETRY, ANY);
    for (size_t i = first; i < n + 2; i++) {
        rows[i - 1].hlock |= 2;
        rows[i].hmastlock = 1;
        rows[i].hgrant = 2;
    }
    rows[n + 1].hlock |= 2;
    rows[n + 2].hmaster = 1;
    rows[n + 2].htrans = IDLE;
    rows[n + 2].hmastlock = 1;
    expect(n + 3, CHECK_RETRY_AGAIN); /* HLOCK is low in n + 2 */
    rows[n + 2].hlock |= 2;
    rows[n + 3].hlock |= 2;
    rows[n + 3].hmastlock = rows[n + 4].hmastlock = 1;
    expect_nothing(NULL);
}
END_TEST

START_TEST(grant_to_a_split_master_is_found)
{
    load("grlib_rr_fb/I_retry_at2_incr4.csv");
    size_t n = find(0, SEQ, 0, RETRY, ANY), next = find(n + 2, NONSEQ, 1, OKAY, ANY);
    rows[n].hresp = rows[n + 1].hresp = SPLIT;
    uint32_t master = 1u << rows[n].hmaster;
    size_t granted = n + 1;
    while (!(rows[granted].hgrant & master))
        granted++;
    ck_assert_uint_lt(granted, next + 4);
    expect(granted, CHECK_SPLIT_MASK);
    rows[granted].hsplit = master;
    expect_nothing(NULL);
    rows[granted].hsplit = 0;
    rows[granted].hsplit = 4; /* another's */
    expect(granted, CHECK_SPLIT_MASK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ahb_checker_ownership");
    TCase *tests = tcase_create("faults");
    tcase_add_test(tests, grant_to_nobody_or_to_two_is_found);
    tcase_add_test(tests, owner_that_was_not_granted_is_found);
    tcase_add_test(tests, ownership_that_moves_in_a_wait_state_is_found);
    tcase_add_test(tests, transfer_on_a_bus_nobody_owns_is_found);
    tcase_add_test(tests, new_owner_that_starts_with_seq_is_found);
    tcase_add_test(tests, lock_that_comes_late_is_found);
    tcase_add_test(tests, lock_that_changes_in_a_wait_state_is_found);
    tcase_add_test(tests, lock_that_changes_inside_a_burst_is_found);
    tcase_add_test(tests, grant_that_moves_under_lock_is_found_unless_locks_are_ignored);
    tcase_add_test(tests, busy_first_of_an_owner_or_behind_the_last_beat_is_found);
    tcase_add_test(tests, incr_without_its_request_is_found);
    tcase_add_test(tests, retried_transfer_that_loses_its_lock_is_found);
    tcase_add_test(tests, grant_to_a_split_master_is_found);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
