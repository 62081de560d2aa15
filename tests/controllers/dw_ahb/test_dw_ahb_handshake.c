/* SPDX-License-Identifier: BSD-2-Clause */
/* Transactions that devices and software ask the DMAC for. */
#include "dw_ahb_fixture.h"

START_TEST(a_burst_request_moves_msize_items_and_then_waits)
{
    build();
    bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1,
                  bench_ctl(2, 2, 1, 1) | DW_PUT(2, CTL_LO, TT_FC), 12);
    bench_put(bench, DW_CFG_LO, 0, 0);
    bench_put(bench, DW_CFG_HI, 0, 0);
    bench->lines[0].requests[0] = bench->lines[0].requests[1] = HANDSHAKE_BURST;
    bench->lines[0].count = 2;
    bench_enable(bench, 0);
    bench_to(bench, 300);
    ck_assert_uint_eq(bench_get(bench, DW_SAR, 0), BENCH_MEMORY0 + 32);
    ck_assert_uint_eq(bench_get(bench, DW_DAR, 0), BENCH_MEMORY1 + 32);
    ck_assert_uint_eq(bench->lines[0].finished, 0);
    ck_assert_uint_eq(bench_get(bench, DW_RAW_SRC_TRAN, 0), 1);
    ck_assert_uint_eq(bench_get(bench, DW_RAW_DST_TRAN, 0), 0);
    bench->lines[0].count = 3;
    bench->lines[0].requests[2] = HANDSHAKE_BURST;
    unit_wake(&bench->lines[0].unit);
    finish();
    bench_to(bench, bench_cycle(bench) + 5);
    ck_assert_uint_eq(bench->lines[0].finished, 1);
    ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1, 48));
}
END_TEST

START_TEST(a_single_request_counts_only_where_no_whole_burst_is_left)
{
    build();
    bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1,
                  bench_ctl(2, 2, 1, 1) | DW_PUT(1, CTL_LO, TT_FC), 6);
    bench_put(bench, DW_CFG_LO, 0, 0);
    bench_put(bench, DW_CFG_HI, 0, DW_PUT(3, CFG_HI, DEST_PER));
    struct bench_line *line = &bench->lines[3];
    line->requests[0] = HANDSHAKE_SINGLE;
    line->count = 1;
    bench_enable(bench, 0);
    bench_to(bench, 100);
    ck_assert_uint_eq(line->served, 0);
    ck_assert_uint_eq(bench_get(bench, DW_DAR, 0), BENCH_MEMORY1);
    wire_put(&line->line->request, bench->kernel.now, HANDSHAKE_SINGLE | HANDSHAKE_BURST);
    bench_to(bench, 200);
    ck_assert_uint_eq(bench_get(bench, DW_DAR, 0), BENCH_MEMORY1 + 16);
    line->requests[1] = line->requests[2] = HANDSHAKE_SINGLE;
    line->count = 3;
    unit_wake(&line->unit);
    finish();
    bench_to(bench, bench_cycle(bench) + 5);
    ck_assert_uint_eq(line->served, 3);
    ck_assert_uint_eq(line->finished, 1);
    ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1, 24));
}
END_TEST

START_TEST(software_requests_move_transactions_and_clear_themselves)
{
    build();
    bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1,
                  bench_ctl(2, 2, 1, 1) | DW_PUT(2, CTL_LO, TT_FC), 8);
    bench_put(bench, DW_REQ_SRC, 0, 0x101); /* ignored: the channel does not work yet */
    ck_assert_uint_eq(bench_get(bench, DW_REQ_SRC, 0), 0);
    bench_put(bench, DW_MASK_SRC_TRAN, 0, 0x101);
    bench_enable(bench, 0);
    for (unsigned i = 0; i < 2; i++) {
        bench_to(bench, bench_cycle(bench) + 50);
        ck_assert_uint_eq(bench_get(bench, DW_SAR, 0), BENCH_MEMORY0 + 16 * i);
        bench_put(bench, DW_REQ_SRC, 0, 0x101);
        ck_assert_uint_eq(bench_get(bench, DW_REQ_SRC, 0), 1);
        run_until(DW_REQ_SRC, 0, 1, 0);
        ck_assert_uint_eq(bench_get(bench, DW_STATUS_INT, 0), 1u << DW_SRC_TRAN);
        bench_put(bench, DW_CLEAR_SRC_TRAN, 0, 1);
    }
    finish();
    ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1, 32));
}
END_TEST

START_TEST(the_destination_ends_a_block_with_last_and_fcmode_fetches_no_more_than_asked)
{
    for (unsigned fcmode = 0; fcmode < 2; fcmode++) {
        if (bench)
            bench_free(bench);
        build();
        bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1,
                      bench_ctl(2, 2, 1, 1) | DW_PUT(6, CTL_LO, TT_FC), 0);
        bench_put(bench, DW_CFG_LO, 0, 0);
        bench_put(bench, DW_CFG_HI, 0, DW_PUT(fcmode, CFG_HI, FCMODE));
        bench->lines[0].requests[0] = HANDSHAKE_BURST;
        bench->lines[0].requests[1] = HANDSHAKE_SINGLE | HANDSHAKE_LAST;
        bench->lines[0].count = 2;
        bench_enable(bench, 0);
        finish();
        ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1, 20));
        ck_assert_uint_eq(bench_get(bench, DW_DAR, 0), BENCH_MEMORY1 + 20);
        if (fcmode)
            ck_assert_uint_eq(bench_get(bench, DW_SAR, 0), BENCH_MEMORY0 + 20);
        else
            ck_assert_uint_gt(bench_get(bench, DW_SAR, 0), BENCH_MEMORY0 + 20);
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("handshakes");
    tcase_add_test(tcase, a_burst_request_moves_msize_items_and_then_waits);
    tcase_add_test(tcase, a_single_request_counts_only_where_no_whole_burst_is_left);
    tcase_add_test(tcase, software_requests_move_transactions_and_clear_themselves);
    tcase_add_test(tcase,
                   the_destination_ends_a_block_with_last_and_fcmode_fetches_no_more_than_asked);
    return run_case("dw_dmac, handshakes", tcase);
}
