/* SPDX-License-Identifier: BSD-2-Clause */
/* What stops a channel of the DMAC: ERROR in each phase of a block. */
#include "dw_ahb_fixture.h"

static void expect_error(void)
{
    finish();
    ck_assert_uint_eq(bench_get(bench, DW_RAW_ERR, 0), 1);
    ck_assert_uint_eq(bench_get(bench, DW_RAW_TFR, 0), 0);
    ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 0);
    bench_put(bench, DW_MASK_ERR, 0, 0x101);
    ck_assert_uint_eq(bench_get(bench, DW_STATUS_INT, 0), 1u << DW_ERR);
    bench_put(bench, DW_CLEAR_ERR, 0, 1);
    /* The channel works again. */
    bench_put(bench, DW_CFG_HI, 0, 0);
    bench_program(bench, 0, BENCH_MEMORY0 + 0x2000, BENCH_MEMORY1 + 0x2000, bench_ctl(2, 2, 2, 2),
                  20);
    bench_put(bench, DW_LLP, 0, 0);
    bench_enable(bench, 0);
    finish();
    ck_assert_uint_eq(bench_get(bench, DW_RAW_TFR, 0), 1);
    ck_assert(copied(BENCH_MEMORY0 + 0x2000, BENCH_MEMORY1 + 0x2000, 80));
}

START_TEST(an_error_at_the_source_stops_the_channel_with_the_address_that_failed)
{
    options.errors[0] = (struct sram_error){.offset = 0x14, .bytes = 4};
    options.error_count = 1;
    build();
    bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1, bench_ctl(2, 2, 2, 2), 100);
    bench_enable(bench, 0);
    finish();
    ck_assert_uint_eq(bench_get(bench, DW_SAR, 0), BENCH_MEMORY0 + 0x14);
    expect_error();
}
END_TEST

START_TEST(an_error_at_the_destination_stops_the_channel_with_the_address_that_failed)
{
    options.errors[0] = (struct sram_error){.offset = 0x1008, .bytes = 4};
    options.error_count = 1;
    build();
    bench_program(bench, 0, BENCH_MEMORY1, BENCH_MEMORY0 + 0x1000, bench_ctl(2, 2, 2, 2), 100);
    bench_enable(bench, 0);
    finish();
    ck_assert_uint_eq(bench_get(bench, DW_DAR, 0), BENCH_MEMORY0 + 0x1008);
    expect_error();
}
END_TEST

START_TEST(an_error_while_a_list_item_is_read_stops_the_channel)
{
    options.errors[0] = (struct sram_error){.offset = 0x8008, .bytes = 4};
    options.error_count = 1;
    build();
    put_item(0, BENCH_MEMORY0, BENCH_MEMORY1, 0, bench_ctl(2, 2, 2, 2), 4);
    start_list();
    finish();
    ck_assert_uint_eq(bench_get(bench, DW_LLP, 0), item(0));
    /* INT_EN was off in the register: the event is raw only. */
    ck_assert_uint_eq(bench_get(bench, DW_RAW_ERR, 0), 1);
    ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 0);
}
END_TEST

START_TEST(an_error_while_an_item_is_written_back_stops_the_channel_before_block_is_raised)
{
    build();
    put_item(0, BENCH_MEMORY0, BENCH_MEMORY1, 0, bench_ctl(2, 2, 2, 2), 4);
    start_list();
    run_until(DW_LLP, 0, UINT32_MAX, 0);
    bench->dma->channels[0].item = 0x50000000; /* nobody answers there */
    finish();
    ck_assert_uint_eq(bench_get(bench, DW_RAW_BLOCK, 0), 0);
    ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1, 16));
    expect_error();
}
END_TEST

START_TEST(an_error_while_status_is_fetched_stops_the_channel_before_block_is_raised)
{
    build();
    put_item(0, BENCH_MEMORY0, BENCH_MEMORY1, 0, bench_ctl(2, 2, 2, 2), 4);
    bench_put(bench, DW_SSTATAR, 0, 0x50000000); /* nobody answers */
    bench_put(bench, DW_CFG_HI, 0, DW_MASK(CFG_HI, SS_UPD_EN));
    start_list();
    finish();
    ck_assert_uint_eq(bench_get(bench, DW_RAW_BLOCK, 0), 0);
    ck_assert_uint_eq(bench_word(bench, item(0) + 16), 4);
    ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1, 16));
    expect_error();
}
END_TEST

START_TEST(unmapped_and_misaligned_addresses_are_errors_too)
{
    static const uint32_t addresses[] = {0x10000000, BENCH_MEMORY0 + 2};
    for (unsigned i = 0; i < 2; i++) {
        if (bench)
            bench_free(bench);
        build();
        bench_program(bench, 0, addresses[i], BENCH_MEMORY1, bench_ctl(2, 2, 2, 2), 100);
        bench_enable(bench, 0);
        expect_error();
    }
}
END_TEST

START_TEST(an_error_of_one_channel_leaves_the_others_alone)
{
    build();
    bench_program(bench, 0, 0x10000000, BENCH_MEMORY1, bench_ctl(2, 2, 2, 2), 100);
    bench_program(bench, 1, BENCH_MEMORY0, BENCH_MEMORY1, bench_ctl(2, 2, 2, 2), 100);
    bench_enable(bench, 1);
    bench_enable(bench, 0);
    finish();
    ck_assert_uint_eq(bench_get(bench, DW_RAW_ERR, 0), 1);
    ck_assert_uint_eq(bench_get(bench, DW_RAW_TFR, 0), 2);
    ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1, 400));
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("errors");
    tcase_add_test(tcase, an_error_at_the_source_stops_the_channel_with_the_address_that_failed);
    tcase_add_test(tcase,
                   an_error_at_the_destination_stops_the_channel_with_the_address_that_failed);
    tcase_add_test(tcase, an_error_while_a_list_item_is_read_stops_the_channel);
    tcase_add_test(tcase,
                   an_error_while_an_item_is_written_back_stops_the_channel_before_block_is_raised);
    tcase_add_test(tcase,
                   an_error_while_status_is_fetched_stops_the_channel_before_block_is_raised);
    tcase_add_test(tcase, unmapped_and_misaligned_addresses_are_errors_too);
    tcase_add_test(tcase, an_error_of_one_channel_leaves_the_others_alone);
    return run_case("dw_dmac, errors", tcase);
}
