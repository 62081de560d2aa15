/* SPDX-License-Identifier: BSD-2-Clause */
/* What the DMAC does with blocks: lists, reload, status, suspension, priorities, locks. */
#include "dw_ahb_fixture.h"

#define HALF_MODE DW_PUT(1, CFG_HI, FIFO_MODE)

static unsigned count_addresses(uint32_t address)
{
    unsigned count = 0;
    for (sim_cycle cycle = 0; cycle <= bench_cycle(bench); cycle++) {
        const struct ahb_row *row = bench_row(bench, 0, cycle);
        count += row && row->htrans >= AHB_NONSEQ && row->hready && row->haddr == address;
    }
    return count;
}

/* ---- lists ----------------------------------------------------------------------------------- */

START_TEST(a_list_moves_every_block_and_marks_each_item_done)
{
    build();
    uint32_t ctl = bench_ctl(2, 2, 1, 1);
    put_item(0, BENCH_MEMORY0, BENCH_MEMORY1, item(1), ctl | LISTED, 10);
    put_item(1, BENCH_MEMORY0 + 0x100, BENCH_MEMORY1 + 0x200, item(2), ctl | LISTED, 3);
    put_item(2, BENCH_MEMORY0 + 0x300, BENCH_MEMORY1 + 0x400, 0, ctl, 7);
    start_list();
    ck_assert_uint_eq(bench_get(bench, DW_LLP, 0), item(0));
    run_until(DW_LLP, 0, UINT32_MAX, item(1));
    ck_assert_uint_eq(bench_get(bench, DW_RAW_BLOCK, 0), 0);
    run_until(DW_RAW_BLOCK, 0, 1, 1);
    ck_assert_uint_eq(bench_get(bench, DW_RAW_TFR, 0), 0);
    finish();
    ck_assert_uint_eq(bench_get(bench, DW_RAW_TFR, 0), 1);
    ck_assert_uint_eq(bench_get(bench, DW_LLP, 0), 0);
    ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1, 40));
    ck_assert(copied(BENCH_MEMORY0 + 0x100, BENCH_MEMORY1 + 0x200, 12));
    ck_assert(copied(BENCH_MEMORY0 + 0x300, BENCH_MEMORY1 + 0x400, 28));
    ck_assert_uint_eq(bench_word(bench, item(0) + 16), 0x1000 | 10);
    ck_assert_uint_eq(bench_word(bench, item(1) + 16), 0x1000 | 3);
    ck_assert_uint_eq(bench_word(bench, item(2) + 16), 0x1000 | 7);
}
END_TEST

START_TEST(without_write_back_items_keep_their_words)
{
    options.dma.write_back = false;
    build();
    put_item(0, BENCH_MEMORY0, BENCH_MEMORY1, 0, bench_ctl(2, 2, 1, 1), 10);
    start_list();
    finish();
    ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1, 40));
    ck_assert_uint_eq(bench_word(bench, item(0) + 16), 10);
}
END_TEST

START_TEST(an_item_already_read_does_not_change_while_a_later_one_does)
{
    build();
    uint32_t ctl = bench_ctl(2, 2, 1, 1);
    put_item(0, BENCH_MEMORY0, BENCH_MEMORY1, item(1), ctl | LISTED, 50);
    put_item(1, BENCH_MEMORY0 + 0x100, BENCH_MEMORY1 + 0x100, 0, ctl, 5);
    start_list();
    run_until(DW_LLP, 0, UINT32_MAX, item(1));
    put_item(0, BENCH_MEMORY0 + 0x1000, BENCH_MEMORY1 + 0x1000, 0, ctl, 1);
    put_item(1, BENCH_MEMORY0 + 0x2000, BENCH_MEMORY1 + 0x2000, item(2), ctl | LISTED, 6);
    put_item(2, BENCH_MEMORY0 + 0x3000, BENCH_MEMORY1 + 0x3000, 0, ctl, 4); /* appended */
    finish();
    ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1, 200));
    ck_assert(!copied(BENCH_MEMORY0 + 0x1000, BENCH_MEMORY1 + 0x1000, 4));
    ck_assert(copied(BENCH_MEMORY0 + 0x2000, BENCH_MEMORY1 + 0x2000, 24));
    ck_assert(copied(BENCH_MEMORY0 + 0x3000, BENCH_MEMORY1 + 0x3000, 16));
}
END_TEST

START_TEST(a_side_without_list_goes_on_behind_the_block_or_reloads)
{
    for (unsigned reload = 0; reload < 2; reload++) {
        if (bench)
            bench_free(bench);
        build();
        uint32_t ctl = bench_ctl(2, 2, 1, 1), source = DW_MASK(CTL_LO, LLP_SRC_EN);
        put_item(0, BENCH_MEMORY0, 0xdead0000, item(1), ctl | source, 4);
        put_item(1, BENCH_MEMORY0 + 0x100, 0xdead0000, 0, ctl, 4);
        bench_put(bench, DW_DAR, 0, BENCH_MEMORY1);
        bench_put(bench, DW_CFG_LO, 0, DW_PUT(reload, CFG_LO, RELOAD_DST));
        bench_put(bench, DW_DMA_CFG, 0, 1);
        bench_put(bench, DW_LLP, 0, item(0));
        bench_put(bench, DW_CTL_LO, 0, source);
        bench_enable(bench, 0);
        if (reload) { /* ends with the RELOAD bit cleared in the last block */
            run_until(DW_LLP, 0, UINT32_MAX, 0);
            bench_put(bench, DW_CFG_LO, 0, 0);
        }
        finish();
        ck_assert(copied(BENCH_MEMORY0 + 0x100, BENCH_MEMORY1 + (reload ? 0 : 16), 16));
        ck_assert_uint_eq(bench_get(bench, DW_DAR, 0), BENCH_MEMORY1 + (reload ? 16 : 32));
    }
}
END_TEST

START_TEST(status_is_fetched_after_the_block_and_written_to_its_item)
{
    for (unsigned enables = 1; enables < 4; enables++) {
        if (bench)
            bench_free(bench);
        build();
        put_item(0, BENCH_MEMORY0, BENCH_MEMORY1, 0, bench_ctl(2, 2, 1, 1), 4);
        bench_word_put(bench, item(0) + 20, 0x55555555);
        bench_word_put(bench, item(0) + 24, 0x66666666);
        bench_put(bench, DW_SSTATAR, 0, BENCH_MEMORY0 + 0x40);
        bench_put(bench, DW_DSTATAR, 0, BENCH_MEMORY1 + 0x80);
        bench_put(bench, DW_CFG_HI, 0,
                  DW_PUT(enables & 1, CFG_HI, SS_UPD_EN) | DW_PUT(enables >> 1, CFG_HI, DS_UPD_EN));
        start_list();
        finish();
        uint32_t sstat = bench_word(bench, BENCH_MEMORY0 + 0x40);
        uint32_t dstat = bench_word(bench, BENCH_MEMORY1 + 0x80);
        ck_assert_uint_eq(bench_word(bench, item(0) + 16), 0x1004);
        ck_assert_uint_eq(bench_word(bench, item(0) + 20), enables & 1 ? sstat : 0x55555555);
        ck_assert_uint_eq(bench_word(bench, item(0) + 24), enables & 2 ? dstat : 0x66666666);
        ck_assert_uint_eq(bench_get(bench, DW_SSTAT, 0), enables & 1 ? sstat : 0x55555555);
        ck_assert_uint_eq(bench_get(bench, DW_DSTAT, 0), enables & 2 ? dstat : 0x66666666);
    }
}
END_TEST

/* ---- reload ---------------------------------------------------------------------------------- */

START_TEST(a_reloaded_block_waits_until_software_clears_the_block_interrupt)
{
    build();
    bench_put(bench, DW_CFG_LO, 0, DW_MASK(CFG_LO, RELOAD_SRC) | DW_MASK(CFG_LO, RELOAD_DST));
    bench_put(bench, DW_MASK_BLOCK, 0, 0x101);
    bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1, bench_ctl(2, 2, 1, 1), 4);
    bench_enable(bench, 0);
    run_until(DW_RAW_BLOCK, 0, 1, 1);
    bench_to(bench, bench_cycle(bench) + 500);
    ck_assert_uint_eq(bench->dma->channels[0].state, DW_STALL);
    ck_assert_uint_eq(count_addresses(BENCH_MEMORY0), 1);
    bench_put(bench, DW_CFG_LO, 0, 0); /* the next is the last */
    bench_put(bench, DW_CLEAR_BLOCK, 0, 1);
    finish();
    ck_assert_uint_eq(count_addresses(BENCH_MEMORY0), 2);
    ck_assert_uint_eq(bench_get(bench, DW_RAW_TFR, 0), 1);
    ck_assert_uint_eq(bench_get(bench, DW_SAR, 0), BENCH_MEMORY0 + 16);
}
END_TEST

START_TEST(a_reloaded_block_goes_on_by_itself_if_block_cannot_interrupt)
{
    build();
    bench_put(bench, DW_CFG_LO, 0, DW_MASK(CFG_LO, RELOAD_SRC));
    bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1, bench_ctl(2, 2, 1, 1), 4);
    bench_enable(bench, 0);
    run_until(DW_DAR, 0, UINT32_MAX, BENCH_MEMORY1 + 40); /* in the third block */
    bench_put(bench, DW_CFG_LO, 0, 0);
    finish();
    ck_assert_uint_eq(count_addresses(BENCH_MEMORY0), 3);
    for (unsigned i = 0; i < 3; i++)
        ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1 + 16 * i, 16));
}
END_TEST

START_TEST(a_reloaded_block_of_no_items_takes_a_cycle_each_and_can_be_stopped)
{
    build();
    bench_put(bench, DW_CFG_LO, 0, DW_MASK(CFG_LO, RELOAD_SRC));
    bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1, bench_ctl(2, 2, 1, 1), 0);
    bench_enable(bench, 0);
    bench_to(bench, 100);
    ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 1);
    bench_put(bench, DW_CH_EN, 0, 0x100);
    ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 0);
}
END_TEST

/* ---- suspend and disable --------------------------------------------------------------------- */

START_TEST(a_suspended_channel_empties_its_fifo_and_resumes_without_loss)
{
    for (sim_cycle when = 3; when < 60; when += 3) {
        if (bench)
            bench_free(bench);
        build();
        bench_put(bench, DW_CFG_LO, 0, 0);
        bench_put(bench, DW_CFG_HI, 0, when % 2 ? HALF_MODE : 0);
        bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1, bench_ctl(0, 2, 2, 2), 200);
        bench_enable(bench, 0);
        bench_to(bench, when);
        bench_put(bench, DW_CFG_LO, 0, DW_MASK(CFG_LO, CH_SUSP));
        run_until(DW_CFG_LO, 0, DW_MASK(CFG_LO, FIFO_EMPTY), DW_MASK(CFG_LO, FIFO_EMPTY));
        uint32_t sar = bench_get(bench, DW_SAR, 0), dar = bench_get(bench, DW_DAR, 0);
        ck_assert_uint_eq((sar - BENCH_MEMORY0) / 4, (dar - BENCH_MEMORY1) / 4);
        bench_to(bench, bench_cycle(bench) + 200);
        ck_assert_uint_eq(bench_get(bench, DW_SAR, 0), sar);
        ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 1);
        bench_put(bench, DW_CFG_LO, 0, 0);
        finish();
        ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1, 200));
    }
}
END_TEST

START_TEST(a_disabled_channel_finishes_its_burst_and_raises_nothing)
{
    build();
    bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1, bench_ctl(2, 2, 2, 2), 200);
    bench_to(bench, 10);
    bench_enable(bench, 0);
    bench_to(bench, 14); /* a burst of 8 shows its addresses in 12 .. 19 */
    bench_put(bench, DW_CH_EN, 0, 0x100);
    bench_to(bench, 19);
    ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 1);
    bench_to(bench, 20);
    ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 0);
    ck_assert_uint_eq(bench_get(bench, DW_SAR, 0), BENCH_MEMORY0 + 32);
    ck_assert_uint_eq(bench_get(bench, DW_DAR, 0), BENCH_MEMORY1);
    ck_assert_uint_eq(bench_get(bench, DW_CTL_HI, 0) & 0xfff, 8);
    ck_assert_uint_eq(bench_get(bench, DW_CFG_LO, 0) & DW_MASK(CFG_LO, FIFO_EMPTY),
                      DW_MASK(CFG_LO, FIFO_EMPTY));
    bench_to(bench, 200);
    ck_assert_uint_eq(bench_get(bench, DW_RAW_TFR, 0) | bench_get(bench, DW_RAW_ERR, 0), 0);
    ck_assert_uint_eq(bench->kernel.holds, 0);
    /* And it can be used again. */
    bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1, bench_ctl(2, 2, 2, 2), 20);
    bench_enable(bench, 0);
    finish();
    ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1, 80));
}
END_TEST

START_TEST(dma_en_off_stops_all_channels_and_reads_one_until_they_are)
{
    build();
    for (unsigned i = 0; i < 2; i++) {
        bench_program(bench, i, BENCH_MEMORY0, BENCH_MEMORY1, bench_ctl(2, 2, 2, 2), 200);
        bench_enable(bench, i);
    }
    bench_to(bench, 6);
    bench_put(bench, DW_DMA_CFG, 0, 0);
    ck_assert_uint_eq(bench_get(bench, DW_DMA_CFG, 0), 1);
    finish();
    ck_assert_uint_eq(bench_get(bench, DW_DMA_CFG, 0), 0);
    ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 0);
}
END_TEST

/* ---- priorities and locks
 * ------------------------------------------------------------------------ */

/* Starts three equal copies and returns the order in which they end, first in bits 3:0. */
static uint32_t order_of_ends(const uint8_t *priority, uint32_t cfg_of_0)
{
    build();
    for (unsigned i = 0; i < 3; i++) {
        bench_program(bench, i, BENCH_MEMORY0, BENCH_MEMORY1 + 0x1000 * i, bench_ctl(2, 2, 2, 2),
                      64);
        bench_put(bench, DW_CFG_LO, i, DW_PUT(priority[i], CFG_LO, CH_PRIOR) | (i ? 0 : cfg_of_0));
    }
    bench_put(bench, DW_CH_EN, 0, 0x101);
    bench_put(bench, DW_CH_EN, 0, 0x606);
    uint32_t order = 0, before = 7;
    for (unsigned ends = 0; ends < 3;) {
        bench_to(bench, bench_cycle(bench) + 1);
        uint32_t now = bench_get(bench, DW_CH_EN, 0);
        if (now != before && before != 7 + now) {
            order |= (uint32_t)__builtin_ctz(before & ~now) << (4 * ends++);
            before = now;
        }
        ck_assert_uint_lt(bench_cycle(bench), 5000);
    }
    return order;
}

START_TEST(the_channel_with_the_highest_priority_is_served_first_and_ties_by_number)
{
    ck_assert_uint_eq(order_of_ends((uint8_t[]){0, 7, 3}, 0), 0x021);
    bench_free(bench);
    ck_assert_uint_eq(order_of_ends((uint8_t[]){4, 4, 4}, 0), 0x210);
    bench_free(bench);
    ck_assert_uint_eq(order_of_ends((uint8_t[]){1, 2, 3}, 0), 0x012);
}
END_TEST

START_TEST(a_channel_lock_over_the_transfer_keeps_higher_priorities_out)
{
    build();
    bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1, bench_ctl(2, 2, 2, 2), 64);
    bench_put(bench, DW_CFG_LO, 0, DW_MASK(CFG_LO, LOCK_CH));
    bench_program(bench, 1, BENCH_MEMORY0, BENCH_MEMORY1 + 0x1000, bench_ctl(2, 2, 2, 2), 64);
    bench_put(bench, DW_CFG_LO, 1, DW_PUT(7, CFG_LO, CH_PRIOR));
    bench_enable(bench, 0);
    bench_to(bench, 8);
    bench_enable(bench, 1);
    run_until(DW_CH_EN, 0, 1, 0);
    ck_assert_uint_eq(bench_get(bench, DW_SAR, 1), BENCH_MEMORY0);
    finish();
    ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1 + 0x1000, 256));
}
END_TEST

START_TEST(a_bus_lock_over_the_block_holds_hlock_from_first_to_last_address)
{
    build();
    bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1, bench_ctl(2, 2, 1, 1), 16);
    bench_put(bench, DW_CFG_LO, 0, DW_MASK(CFG_LO, LOCK_B) | DW_PUT(1, CFG_LO, LOCK_B_L));
    bench_enable(bench, 0);
    finish();
    bench_to(bench, bench_cycle(bench) + 3);
    sim_cycle first = 0, last = 0;
    for (sim_cycle cycle = 0; cycle <= bench_cycle(bench); cycle++) {
        if (bench_row(bench, 0, cycle)->htrans < AHB_NONSEQ)
            continue;
        first = first ? first : cycle;
        last = cycle;
    }
    ck_assert_uint_eq(bench_row(bench, 0, first - 2)->hlock, 0);
    for (sim_cycle cycle = first - 1; cycle < last; cycle++)
        ck_assert_uint_eq(bench_row(bench, 0, cycle)->hlock, 1);
    for (sim_cycle cycle = first; cycle <= last; cycle++)
        ck_assert_uint_eq(bench_row(bench, 0, cycle)->hmastlock, 1);
    ck_assert_uint_eq(bench_row(bench, 0, last)->hlock, 0);
    ck_assert_uint_eq(bench_row(bench, 0, last + 1)->hmastlock, 0);
}
END_TEST

/* HMASTLOCK is HLOCK of a cycle ahead: what is not locked waits until HLOCK was low for one. */
START_TEST(a_list_item_is_not_fetched_under_the_lock_that_another_channel_gives_up)
{
    build();
    put_item(0, BENCH_MEMORY0, BENCH_MEMORY1, 0, bench_ctl(2, 2, 1, 1), 4);
    put_item(1, BENCH_MEMORY0, BENCH_MEMORY1 + 0x1000, 0, bench_ctl(2, 2, 1, 1), 4);
    bench_put(bench, DW_CFG_LO, 0,
              DW_MASK(CFG_LO, LOCK_B) | DW_PUT(7, CFG_LO, CH_PRIOR)); /* over the transfer */
    bench_put(bench, DW_LLP, 1, item(1));
    bench_put(bench, DW_CTL_LO, 1, LISTED);
    start_list();
    bench_enable(bench, 1);
    finish();
    sim_cycle written = 0;
    while (!bench_address_at(bench, 0, written, item(0) + 16) ||
           !bench_row(bench, 0, written)->hwrite)
        written++;
    const struct ahb_row *row[4];
    for (unsigned i = 0; i < 4; i++)
        row[i] = bench_row(bench, 0, written + i);
    ck_assert_uint_eq(row[0]->hlock, 1); /* CTL_HI goes back: the block is done with its data, */
    ck_assert_uint_eq(row[1]->hlock, 1); /* here, and the lock with it */
    ck_assert_uint_eq(row[2]->hlock, 0);
    ck_assert_uint_eq(row[2]->hmastlock, 1);
    ck_assert_uint_eq(row[2]->htrans, AHB_IDLE);
    ck_assert(bench_address_at(bench, 0, written + 3, item(1)));
    for (unsigned beat = 0; beat < 5; beat++)
        ck_assert_uint_eq(bench_row(bench, 0, written + 3 + beat)->hmastlock, 0);
    ck_assert(copied(BENCH_MEMORY0, BENCH_MEMORY1 + 0x1000, 16));
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("transfers");
    tcase_add_test(tcase, a_list_moves_every_block_and_marks_each_item_done);
    tcase_add_test(tcase, without_write_back_items_keep_their_words);
    tcase_add_test(tcase, an_item_already_read_does_not_change_while_a_later_one_does);
    tcase_add_test(tcase, a_side_without_list_goes_on_behind_the_block_or_reloads);
    tcase_add_test(tcase, status_is_fetched_after_the_block_and_written_to_its_item);
    tcase_add_test(tcase, a_reloaded_block_waits_until_software_clears_the_block_interrupt);
    tcase_add_test(tcase, a_reloaded_block_goes_on_by_itself_if_block_cannot_interrupt);
    tcase_add_test(tcase, a_reloaded_block_of_no_items_takes_a_cycle_each_and_can_be_stopped);
    tcase_add_test(tcase, a_suspended_channel_empties_its_fifo_and_resumes_without_loss);
    tcase_add_test(tcase, a_disabled_channel_finishes_its_burst_and_raises_nothing);
    tcase_add_test(tcase, dma_en_off_stops_all_channels_and_reads_one_until_they_are);
    tcase_add_test(tcase, the_channel_with_the_highest_priority_is_served_first_and_ties_by_number);
    tcase_add_test(tcase, a_channel_lock_over_the_transfer_keeps_higher_priorities_out);
    tcase_add_test(tcase, a_bus_lock_over_the_block_holds_hlock_from_first_to_last_address);
    tcase_add_test(tcase, a_list_item_is_not_fetched_under_the_lock_that_another_channel_gives_up);
    return run_case("dw_dmac, transfers", tcase);
}
