/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cycles of the DMAC, as model/controllers/dw_ahb/dw_ahb.c "Timing" states them. Memory has no wait
 * states and the bus is parked on the DMAC unless a test says otherwise; cycle N is that of the
 * CH_EN write.
 */
#include <check.h>

#include "dw_ahb_bench.h"
#include "suite.h"

#define N 10

static struct bench *bench;
static struct bench_options options;

static void setup(void)
{
    options = bench_options();
    bench = NULL;
}

static void teardown(void)
{
    bench_free(bench);
}

/* Builds, and starts a copy on channel 0 in cycle N. */
static void copy(uint32_t ctl, uint32_t items, uint32_t cfg_lo, uint32_t cfg_hi)
{
    bench = bench_create(&options);
    ck_assert(!bench->failed);
    bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1, ctl, items);
    bench_put(bench, DW_CFG_LO, 0, cfg_lo);
    bench_put(bench, DW_CFG_HI, 0, cfg_hi);
    bench_to(bench, N);
    bench_enable(bench, 0);
}

static const struct ahb_row *row(sim_cycle cycle)
{
    return bench_row(bench, 0, cycle);
}

/* Cycle of the first NONSEQ or SEQ at an address; fails if there is none. */
static sim_cycle cycle_of(uint32_t address)
{
    for (sim_cycle cycle = 0; cycle <= bench_cycle(bench); cycle++)
        if (bench_address_at(bench, 0, cycle, address))
            return cycle;
    ck_abort_msg("%x is never addressed", address);
    return 0;
}

START_TEST(the_first_request_comes_enable_cycles_after_the_write)
{
    for (uint32_t e = 2; e < 6; e++) {
        if (bench)
            bench_free(bench);
        options.dma.enable_cycles = e;
        copy(bench_ctl(2, 2, 1, 1), 4, 0, 0);
        ck_assert(bench_run(bench, 100));
        ck_assert_uint_eq(row(N + e - 1)->hbusreq, 0);
        ck_assert_uint_eq(row(N + e)->hbusreq, 1);
        ck_assert_uint_eq(row(N + e)->htrans, AHB_NONSEQ);
    }
}
END_TEST

START_TEST(a_word_takes_an_address_and_a_data_cycle_a_side)
{
    copy(bench_ctl(2, 2, 0, 0), 1, 0, 0);
    bench_to(bench, N + 1);
    ck_assert_uint_eq(row(N + 1)->htrans, AHB_IDLE);
    bench_to(bench, N + 4);
    ck_assert_uint_eq(cycle_of(BENCH_MEMORY0), N + 2);
    ck_assert_uint_eq(row(N + 3)->htrans, AHB_IDLE); /* source data */
    ck_assert_uint_eq(cycle_of(BENCH_MEMORY1), N + 4);
    ck_assert_uint_eq(row(N + 4)->hburst, AHB_SINGLE);
    ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 1);
    ck_assert_uint_eq(bench_get(bench, DW_RAW_TFR, 0), 0);
    bench_to(bench, N + 5); /* destination data */
    ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 0);
    ck_assert_uint_eq(bench_get(bench, DW_RAW_TFR, 0), 1);
    ck_assert_uint_eq(bench_word(bench, BENCH_MEMORY1), bench_word(bench, BENCH_MEMORY0));
}
END_TEST

START_TEST(wait_states_lengthen_each_data_phase)
{
    options.waits = 3;
    copy(bench_ctl(2, 2, 0, 0), 1, 0, 0);
    bench_to(bench, N + 4 + 3);
    ck_assert_uint_eq(cycle_of(BENCH_MEMORY1), N + 4 + 3);
    bench_to(bench, N + 4 + 6);
    ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 1);
    bench_to(bench, N + 5 + 6);
    ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 0);
}
END_TEST

START_TEST(a_change_of_side_costs_switch_cycles_beyond_the_data_it_waits_for)
{
    for (uint32_t s = 0; s < 5; s++) {
        if (bench)
            bench_free(bench);
        options.dma.switch_cycles = s;
        copy(bench_ctl(2, 2, 0, 0), 1, 0, 0);
        ck_assert(bench_run(bench, 100));
        /* Its data are there after N + 3, so that 0 and 1 are the same. */
        ck_assert_uint_eq(cycle_of(BENCH_MEMORY1), s < 2 ? N + 4 : N + 3 + s);
    }
}
END_TEST

START_TEST(bursts_of_one_side_follow_each_other_without_an_idle_cycle)
{
    options.dma.fifo_bytes = 64;
    copy(bench_ctl(2, 2, 1, 3), 16, 0, DW_PUT(1, CFG_HI, FIFO_MODE));
    ck_assert(bench_run(bench, 200));
    for (unsigned i = 0; i < 8; i++) /* half the FIFO in two bursts of MSIZE 4 */
        ck_assert_uint_eq(cycle_of(BENCH_MEMORY0 + 4 * i), N + 2 + i);
    ck_assert_uint_eq(row(N + 2)->hburst, AHB_INCR4);
    ck_assert_uint_eq(row(N + 6)->htrans, AHB_NONSEQ);
}
END_TEST

START_TEST(hburst_is_the_fixed_one_of_exactly_that_length)
{
    static const struct {
        uint32_t items;
        enum ahb_burst burst;
    } cases[] = {{1, AHB_SINGLE}, {2, AHB_INCR},  {4, AHB_INCR4},  {5, AHB_INCR},
                 {8, AHB_INCR8},  {15, AHB_INCR}, {16, AHB_INCR16}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (bench)
            bench_free(bench);
        copy(bench_ctl(2, 2, 3, 3), cases[i].items, 0, DW_PUT(1, CFG_HI, FIFO_MODE));
        ck_assert(bench_run(bench, 200));
        ck_assert_uint_eq(row(N + 2)->hburst, cases[i].burst);
    }
}
END_TEST

START_TEST(max_abrst_cuts_bursts)
{
    copy(bench_ctl(2, 2, 3, 3), 16, DW_PUT(5, CFG_LO, MAX_ABRST), 0);
    bench_to(bench, N + 2 + 5);
    for (unsigned i = 0; i < 5; i++)
        ck_assert_uint_eq(row(N + 2 + i)->htrans, i ? AHB_SEQ : AHB_NONSEQ);
    ck_assert_uint_ne(row(N + 2 + 5)->htrans, AHB_SEQ);
}
END_TEST

START_TEST(cycle_stealing_drops_the_request_for_a_cycle_after_every_beat)
{
    /* MSIZE 8 and FIFO_MODE keep the source at work alone for a while. */
    copy(bench_ctl(2, 2, 2, 2), 8, DW_PUT(1, CFG_LO, MAX_ABRST), DW_PUT(1, CFG_HI, FIFO_MODE));
    ck_assert(bench_run(bench, 200));
    for (unsigned i = 0; i < 4; i++) {
        ck_assert_uint_eq(cycle_of(BENCH_MEMORY0 + 4 * i), N + 2 + 2 * i);
        ck_assert_uint_eq(row(N + 2 + 2 * i)->hburst, AHB_SINGLE);
        ck_assert_uint_eq(row(N + 2 + 2 * i)->hbusreq, 0);
        ck_assert_uint_eq(row(N + 3 + 2 * i)->htrans, AHB_IDLE);
    }
}
END_TEST

START_TEST(falling_and_fixed_addresses_go_as_single_beats)
{
    copy(bench_ctl(2, 2, 2, 2) | DW_PUT(1, CTL_LO, SINC) | DW_PUT(2, CTL_LO, DINC), 4, 0,
         DW_PUT(1, CFG_HI, FIFO_MODE));
    bench_put(bench, DW_CH_EN, 0, 0x100);
    bench_free(bench);
    bench = bench_create(&options);
    bench_program(bench, 0, BENCH_MEMORY0 + 0x100, BENCH_MEMORY1,
                  bench_ctl(2, 2, 2, 2) | DW_PUT(1, CTL_LO, SINC) | DW_PUT(2, CTL_LO, DINC), 4);
    bench_put(bench, DW_CFG_HI, 0, DW_PUT(1, CFG_HI, FIFO_MODE));
    bench_to(bench, N);
    bench_enable(bench, 0);
    ck_assert(bench_run(bench, 200));
    for (unsigned i = 0; i < 4; i++) {
        sim_cycle cycle = cycle_of(BENCH_MEMORY0 + 0x100 - 4 * i);
        ck_assert_uint_eq(row(cycle)->htrans, AHB_NONSEQ);
        ck_assert_uint_eq(row(cycle)->hburst, AHB_SINGLE);
    }
    sim_cycle first = cycle_of(BENCH_MEMORY1);
    for (unsigned i = 0; i < 4; i++) {
        ck_assert(bench_address_at(bench, 0, first + i, BENCH_MEMORY1));
        ck_assert_uint_eq(row(first + i)->htrans, AHB_NONSEQ);
    }
}
END_TEST

START_TEST(a_request_is_answered_after_handshake_cycles_and_acknowledged_after_its_last_data)
{
    for (uint32_t h = 1; h < 5; h++) {
        if (bench)
            bench_free(bench);
        options.dma.handshake_cycles = h;
        copy(bench_ctl(2, 2, 1, 1) | DW_PUT(2, CTL_LO, TT_FC), 4, 0, 0);
        struct bench_line *line = &bench->lines[0];
        line->requests[0] = HANDSHAKE_BURST;
        line->count = 1;
        line->first = N + 20; /* the first cycle in which the request is up */
        unit_wake(&line->unit);
        bench_to(bench, N + 20 + h - 1);
        ck_assert_uint_eq(row(N + 20 + h - 1)->hbusreq, 0);
        bench_to(bench, N + 20 + h);
        ck_assert_uint_eq(row(N + 20 + h)->hbusreq, 1);
        ck_assert_uint_eq(cycle_of(BENCH_MEMORY0), N + 20 + h);
        ck_assert(bench_run(bench, 100));
        bench_to(bench, bench_cycle(bench) + 5);
        /* Four addresses, one data cycle more, and the acknowledge shows in the next. */
        ck_assert_uint_eq(line->acknowledged_at, N + 20 + h + 4 + 1);
        ck_assert_uint_eq(line->finished, 1);
        ck_assert_uint_eq(line->line->acknowledge.value, 0);
        /* Request seen low in the cycle after, acknowledge low one later. */
        ck_assert_uint_eq(line->line->acknowledge.changed / BENCH_PERIOD_PS,
                          line->acknowledged_at + 1);
    }
}
END_TEST

/* The device takes its request back at the first acknowledge; nothing else happens at the second. */
START_TEST(an_acknowledge_whose_request_is_already_low_is_up_for_a_cycle)
{
    static const unsigned flags[] = {0, KERNEL_REVERSED, KERNEL_EVERY_CYCLE};
    for (unsigned i = 0; i < 3; i++) {
        if (bench)
            bench_free(bench);
        options.flags = flags[i];
        options.dma.switch_cycles = 4;
        bench = bench_create(&options);
        /* A byte of a word that is written when it is whole. */
        for (unsigned ch = 0; ch < 2; ch++) {
            bench_program(bench, ch, BENCH_MEMORY0 + 0x40 * ch, BENCH_MEMORY1,
                          bench_ctl(0, 2, 0, 0) | DW_PUT(2, CTL_LO, TT_FC), 4);
            bench_put(bench, DW_CFG_LO, ch, 0);
            bench_put(bench, DW_CFG_HI, ch, 0);
        }
        struct bench_line *line = &bench->lines[0];
        line->requests[0] = HANDSHAKE_BURST;
        line->count = 1;
        line->first = N + 20;
        unit_wake(&line->unit);
        bench_to(bench, N);
        bench_enable(bench, 0);
        bench_enable(bench, 1);
        const sim_cycle first = N + 22, second = first + 1 + 4; /* addresses */
        bench_to(bench, second);
        ck_assert_uint_eq(cycle_of(BENCH_MEMORY0), first);
        ck_assert_uint_eq(cycle_of(BENCH_MEMORY0 + 0x40), second);
        ck_assert_uint_eq(line->acknowledged_at, first + 2);
        ck_assert_uint_eq(line->line->acknowledge.value, 0);
        bench_to(bench, second + 1);
        ck_assert_uint_eq(line->line->acknowledge.value, HANDSHAKE_ACK); /* from second + 2 on */
        bench_to(bench, second + 2);
        ck_assert_uint_eq(line->line->acknowledge.value, 0); /* from second + 3 on */
        ck_assert_uint_eq(line->served, 1);
    }
}
END_TEST

START_TEST(a_list_item_is_five_reads_and_the_block_follows_its_last_data)
{
    bench = bench_create(&options);
    bench_word_put(bench, BENCH_MEMORY0 + 0x400, BENCH_MEMORY0);
    bench_word_put(bench, BENCH_MEMORY0 + 0x404, BENCH_MEMORY1);
    bench_word_put(bench, BENCH_MEMORY0 + 0x408, 0);
    bench_word_put(bench, BENCH_MEMORY0 + 0x40c, bench_ctl(2, 2, 0, 0));
    bench_word_put(bench, BENCH_MEMORY0 + 0x410, 1);
    bench_put(bench, DW_DMA_CFG, 0, 1);
    bench_put(bench, DW_LLP, 0, BENCH_MEMORY0 + 0x400);
    bench_put(bench, DW_CTL_LO, 0, DW_MASK(CTL_LO, LLP_SRC_EN) | DW_MASK(CTL_LO, LLP_DST_EN));
    bench_to(bench, N);
    bench_enable(bench, 0);
    bench_to(bench, N + 7);
    for (unsigned i = 0; i < 5; i++)
        ck_assert_uint_eq(cycle_of(BENCH_MEMORY0 + 0x400 + 4 * i), N + 2 + i);
    ck_assert_uint_eq(row(N + 7)->htrans, AHB_IDLE); /* data of the last word */
    ck_assert_uint_eq(bench_get(bench, DW_LLP, 0), 0);
    bench_to(bench, N + 12);
    ck_assert_uint_eq(cycle_of(BENCH_MEMORY0), N + 8);
    ck_assert_uint_eq(cycle_of(BENCH_MEMORY1), N + 10);
    /* The destination's data phase ends in N + 11, then CTL_HI goes back to the item. */
    ck_assert_uint_eq(row(N + 11)->htrans, AHB_IDLE);
    ck_assert(bench_address_at(bench, 0, N + 12, BENCH_MEMORY0 + 0x410));
    ck_assert_uint_eq(row(N + 12)->hwrite, 1);
    ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 1);
    bench_to(bench, N + 13);
    ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 0);
    ck_assert_uint_eq(bench_word(bench, BENCH_MEMORY0 + 0x410), 0x1001);
}
END_TEST

START_TEST(the_interrupt_output_shows_in_the_cycle_after_the_last_data_phase)
{
    copy(bench_ctl(2, 2, 0, 0), 1, 0, 0);
    bench_put(bench, DW_MASK_TFR, 0, 0x101);
    bench_to(bench, N + 5);
    sim_time end = (N + 5) * BENCH_PERIOD_PS;
    ck_assert_uint_eq(wire_get(&bench->dma->interrupt, end), 0);
    ck_assert_uint_eq(wire_get(&bench->dma->interrupt, end + BENCH_PERIOD_PS), 1);
}
END_TEST

START_TEST(registers_answer_over_the_bus_with_their_wait_states)
{
    /* Channel 0 copies two words into channel 1's SAR (0x58) and LLP (0x68) by scatter, then back.
     */
    for (uint32_t w = 0; w < 3; w++) {
        if (bench)
            bench_free(bench);
        options.dma.register_wait_cycles = w;
        bench = bench_create(&options);
        bench_program(bench, 0, BENCH_MEMORY0, BENCH_REGISTERS + 0x58, bench_ctl(2, 2, 0, 0), 1);
        bench_to(bench, N);
        bench_enable(bench, 0);
        bench_to(bench, N + 4 + w);
        ck_assert_uint_eq(bench_get(bench, DW_SAR, 1), 0);
        ck_assert_uint_eq(row(N + 4 + w)->hready, w == 0);
        bench_to(bench, N + 5 + w);
        ck_assert_uint_eq(bench_get(bench, DW_SAR, 1), bench_word(bench, BENCH_MEMORY0));
        ck_assert(bench_run(bench, 100));

        bench_program(bench, 0, BENCH_REGISTERS + 0x5a, BENCH_MEMORY1 + 2, bench_ctl(1, 1, 0, 0),
                      1);
        bench_enable(bench, 0);
        ck_assert(bench_run(bench, 100));
        ck_assert_uint_eq(bench_word(bench, BENCH_MEMORY1) >> 16,
                          bench_word(bench, BENCH_MEMORY0) >> 16);
    }
}
END_TEST

START_TEST(wide_buses_reach_every_register_lane)
{
    options.width_bits[0] = 128;
    bench = bench_create(&options);
    bench_program(bench, 0, BENCH_MEMORY0, BENCH_REGISTERS + 0x60, bench_ctl(4, 4, 0, 0), 1);
    bench_enable(bench, 0);
    ck_assert(bench_run(bench, 100));
    ck_assert_uint_eq(bench_get(bench, DW_DAR, 1), bench_word(bench, BENCH_MEMORY0));
    ck_assert_uint_eq(bench_get(bench, DW_LLP, 1), bench_word(bench, BENCH_MEMORY0 + 8));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dw_dmac, timing");
    TCase *tcase = tcase_create("timing");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, the_first_request_comes_enable_cycles_after_the_write);
    tcase_add_test(tcase, a_word_takes_an_address_and_a_data_cycle_a_side);
    tcase_add_test(tcase, wait_states_lengthen_each_data_phase);
    tcase_add_test(tcase, a_change_of_side_costs_switch_cycles_beyond_the_data_it_waits_for);
    tcase_add_test(tcase, bursts_of_one_side_follow_each_other_without_an_idle_cycle);
    tcase_add_test(tcase, hburst_is_the_fixed_one_of_exactly_that_length);
    tcase_add_test(tcase, max_abrst_cuts_bursts);
    tcase_add_test(tcase, cycle_stealing_drops_the_request_for_a_cycle_after_every_beat);
    tcase_add_test(tcase, falling_and_fixed_addresses_go_as_single_beats);
    tcase_add_test(
        tcase, a_request_is_answered_after_handshake_cycles_and_acknowledged_after_its_last_data);
    tcase_add_test(tcase, an_acknowledge_whose_request_is_already_low_is_up_for_a_cycle);
    tcase_add_test(tcase, a_list_item_is_five_reads_and_the_block_follows_its_last_data);
    tcase_add_test(tcase, the_interrupt_output_shows_in_the_cycle_after_the_last_data_phase);
    tcase_add_test(tcase, registers_answer_over_the_bus_with_their_wait_states);
    tcase_add_test(tcase, wide_buses_reach_every_register_lane);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
