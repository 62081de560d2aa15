/* SPDX-License-Identifier: BSD-2-Clause */
/* dw_ahb_fixture: one bench, and list items in its memory 0; what the tests of blocks share. */
#ifndef DMASIM_TESTS_DW_FIXTURE_H
#define DMASIM_TESTS_DW_FIXTURE_H

#include <check.h>

#include "dw_ahb_bench.h"
#include "suite.h"

#define ITEMS (BENCH_MEMORY0 + 0x8000)
#define LISTED (DW_MASK(CTL_LO, LLP_SRC_EN) | DW_MASK(CTL_LO, LLP_DST_EN))

static struct bench *bench;
static struct bench_options options;

static inline void setup(void)
{
    options = bench_options();
    bench = NULL;
}

static inline void teardown(void)
{
    if (bench)
        bench_free(bench);
}

static inline void build(void)
{
    bench = bench_create(&options);
    ck_assert(!bench->failed);
}

static inline bool copied(uint32_t from, uint32_t to, uint32_t bytes)
{
    return memcmp(bench_byte(bench, from), bench_byte(bench, to), bytes) == 0;
}

/* List item i, 32 bytes apart. */
static inline uint32_t item(unsigned i)
{
    return ITEMS + 32 * i;
}

static inline void put_item(unsigned i, uint32_t sar, uint32_t dar, uint32_t llp, uint32_t ctl,
                            uint32_t count)
{
    const uint32_t words[] = {sar, dar, llp, ctl, count};
    for (unsigned w = 0; w < 5; w++)
        bench_word_put(bench, item(i) + 4 * w, words[w]);
}

/* Starts channel 0 on list item 0. */
static inline void start_list(void)
{
    bench_put(bench, DW_DMA_CFG, 0, 1);
    bench_put(bench, DW_LLP, 0, item(0));
    bench_put(bench, DW_CTL_LO, 0, LISTED);
    bench_put(bench, DW_CTL_HI, 0, 0);
    bench_enable(bench, 0);
}

static inline void finish(void)
{
    ck_assert_msg(bench_run(bench, 20000), "channels %x go on", bench_get(bench, DW_CH_EN, 0));
}

/* Runs until a register has a value; fails after 5000 cycles. */
static inline void run_until(enum dw_ahb_register which, unsigned array, uint32_t mask,
                             uint32_t value)
{
    for (unsigned i = 0; i < 5000; i++) {
        if ((bench_get(bench, which, array) & mask) == value)
            return;
        bench_to(bench, bench_cycle(bench) + 1);
    }
    ck_abort_msg("register %u is %x", (unsigned)which, bench_get(bench, which, array));
}

/* A program's main: one suite of one case. */
static inline int run_case(const char *name, TCase *tcase)
{
    Suite *suite = suite_create(name);
    tcase_add_checked_fixture(tcase, setup, teardown);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}

#endif
