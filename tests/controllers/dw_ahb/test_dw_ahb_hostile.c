/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random programmings that nobody means: any bits in CTL and CFG, several sides on one request line, list
 * items of random words, and software that suspends, stops, asks and clears at random times. They
 * need not end, but every cycle of the trace, and all registers and memory on the way, are the same when
 * every edge is stepped, in reversed order, and without observers.
 */
#include <check.h>

#include "dw_ahb_bench.h"
#include "kernel/random.h"
#include "suite.h"

#ifdef NDEBUG
#define CASES 300
#else
#define CASES 60
#endif
#define ROUNDS 60     /* of software */
#define ITEMS 0x8000u /* offset of the list items in both memories */

static uint32_t below(struct random *random, uint32_t n)
{
    return random_below(random, n);
}

static struct bench_options pick_options(struct random *random)
{
    struct bench_options options = bench_options();
    options.buses = 1 + below(random, 2);
    options.width_bits[0] = 32u << below(random, 3);
    options.width_bits[1] = 32u << below(random, 3);
    options.waits = below(random, 3) ? 0 : below(random, 4);
    options.arbiter.grant = (uint8_t)below(random, 2);
    options.arbiter.park = (uint8_t)below(random, 3);
    options.dma.fifo_bytes = 16u << below(random, 4);
    options.dma.max_burst_items = 4u << below(random, 4);
    options.dma.max_block_items = 15;
    options.dma.request_lines = 4;
    options.dma.enable_cycles = 1 + below(random, 4);
    options.dma.switch_cycles = below(random, 8);
    options.dma.handshake_cycles = 1 + below(random, 4);
    options.errors[0] = (struct sram_error){.offset = below(random, 0x8000),
                                            .bytes = 0x20,
                                            .response = below(random, 2) ? SRAM_RESPONSE_RETRY
                                                                         : SRAM_RESPONSE_ERROR,
                                            .count = 1 + below(random, 9)};
    options.error_count = below(random, 2);
    return options;
}

static uint32_t pick_address(struct random *random)
{
    const uint32_t base = below(random, 2) ? BENCH_MEMORY1 : BENCH_MEMORY0;
    return base + below(random, 0x7000) * (below(random, 8) ? 16 : 1) % 0x7000;
}

static uint32_t pick_item(struct random *random)
{
    if (below(random, 3) == 0)
        return 0;
    return (below(random, 2) ? BENCH_MEMORY1 : BENCH_MEMORY0) + ITEMS + 0x20 * below(random, 8) +
           below(random, 2);
}

static uint32_t pick_ctl(struct random *random)
{
    uint32_t ctl = (uint32_t)random_next(random);
    /* Mostly aligned, short and with lists, as otherwise it is over at once. */
    if (below(random, 8))
        ctl &= ~(DW_MASK(CTL_LO, SRC_TR_WIDTH) | DW_MASK(CTL_LO, DST_TR_WIDTH));
    if (below(random, 8))
        ctl |= DW_PUT(below(random, 3), CTL_LO, SRC_TR_WIDTH) |
               DW_PUT(below(random, 3), CTL_LO, DST_TR_WIDTH);
    return ctl;
}

static uint32_t pick_cfg_hi(struct random *random)
{
    return DW_PUT(below(random, 2), CFG_HI, FCMODE) | DW_PUT(below(random, 2), CFG_HI, FIFO_MODE) |
           DW_PUT(below(random, 8) == 0, CFG_HI, SS_UPD_EN) |
           DW_PUT(below(random, 8) == 0, CFG_HI, DS_UPD_EN) |
           DW_PUT(below(random, 3), CFG_HI, SRC_PER) | DW_PUT(below(random, 3), CFG_HI, DEST_PER);
}

static void start(struct bench *bench, struct random *random)
{
    for (unsigned i = 0; i < 4; i++) {
        struct bench_line *line = &bench->lines[i];
        line->count = 1 + below(random, 20);
        line->repeat = below(random, 2);
        line->gap = below(random, 12);
        for (unsigned at = 0; at < line->count; at++)
            line->requests[at] =
                (uint8_t)(1 + below(random, 3) + (below(random, 5) ? 0 : HANDSHAKE_LAST));
        bench_put(bench, DW_MASK_TFR + below(random, DW_EVENTS), 0, (uint32_t)random_next(random));
    }
    for (unsigned memory = 0; memory < 2; memory++)
        for (unsigned i = 0; i < 8; i++) {
            const uint32_t item = (memory ? BENCH_MEMORY1 : BENCH_MEMORY0) + ITEMS + 0x20 * i;
            bench_word_put(bench, item, pick_address(random));
            bench_word_put(bench, item + 4, pick_address(random));
            bench_word_put(bench, item + 8, pick_item(random));
            bench_word_put(bench, item + 12, pick_ctl(random));
            bench_word_put(bench, item + 16, below(random, 16));
        }
    bench_put(bench, DW_DMA_CFG, 0, 1);
}

static void program_channel(struct bench *bench, struct random *random, unsigned i)
{
    bench_put(bench, DW_SAR, i, pick_address(random));
    bench_put(bench, DW_DAR, i, pick_address(random));
    bench_put(bench, DW_SSTATAR, i, pick_address(random) & ~3u);
    bench_put(bench, DW_DSTATAR, i, pick_address(random) & ~3u);
    bench_put(bench, DW_LLP, i, pick_item(random));
    bench_put(bench, DW_CTL_LO, i, pick_ctl(random));
    bench_put(bench, DW_CTL_HI, i, below(random, 16));
    uint32_t cfg = (uint32_t)random_next(random);
    if (below(random, 2))
        cfg &= ~(DW_MASK(CFG_LO, HS_SEL_SRC) | DW_MASK(CFG_LO, HS_SEL_DST));
    if (below(random, 2))
        cfg &= ~(DW_MASK(CFG_LO, LOCK_CH) | DW_MASK(CFG_LO, LOCK_B));
    if (below(random, 4))
        cfg &= ~DW_MASK(CFG_LO, CH_SUSP);
    if (below(random, 2))
        cfg &= ~DW_MASK(CFG_LO, MAX_ABRST);
    bench_put(bench, DW_CFG_LO, i, cfg);
    bench_put(bench, DW_CFG_HI, i, pick_cfg_hi(random));
    bench_put(bench, DW_SGR, i, DW_PUT(1 + below(random, 9), SGR, SGC) | below(random, 5));
    bench_put(bench, DW_DSR, i, DW_PUT(1 + below(random, 9), DSR, DSC) | below(random, 5));
    bench_put(bench, DW_CH_EN, 0, 0x101u << i);
}

/* What software does between two windows. */
static void act(struct bench *bench, struct random *random)
{
    const unsigned i = below(random, 4);
    const uint32_t cfg = bench_get(bench, DW_CFG_LO, i);
    switch (below(random, 10)) {
    case 0:
    case 1:
    case 2:
        program_channel(bench, random, i);
        break;
    case 3:
        bench_put(bench, DW_REQ_SRC + below(random, 6), 0, 0x101u << i);
        break;
    case 4:
        bench_put(bench, DW_CLEAR_TFR + below(random, DW_EVENTS), 0, 0xf);
        break;
    case 5:
        bench_put(bench, DW_CFG_LO, i, cfg ^ DW_MASK(CFG_LO, CH_SUSP));
        break;
    case 6:
        bench_put(bench, DW_CFG_LO, i,
                  cfg & ~(DW_MASK(CFG_LO, CH_SUSP) | DW_MASK(CFG_LO, RELOAD_SRC) |
                          DW_MASK(CFG_LO, RELOAD_DST)));
        break;
    case 7:
        if (below(random, 3) == 0)
            bench_put(bench, DW_CH_EN, 0, 0x100u << i);
        break;
    case 8:
        if (below(random, 8) == 0)
            bench_put(bench, DW_DMA_CFG, 0, 0);
        else
            bench_put(bench, DW_DMA_CFG, 0, 1);
        break;
    default:
        break;
    }
}

static void check_case(uint64_t seed)
{
    static const struct {
        unsigned flags;
        bool quiet;
    } ways[] = {{0, false}, {KERNEL_EVERY_CYCLE, false}, {KERNEL_REVERSED, false}, {0, true}};
    struct random first = random_seeded(seed);
    const struct bench_options options = pick_options(&first);
    struct bench *benches[4];
    struct random randoms[4];
    for (unsigned i = 0; i < 4; i++) {
        struct bench_options way = options;
        way.flags = ways[i].flags;
        way.quiet = ways[i].quiet;
        benches[i] = bench_create(&way);
        randoms[i] = first;
        start(benches[i], &randoms[i]);
    }
    const bool busy = seed % 2;
    sim_cycle time = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        time += 1 + below(&first, busy ? 30 : 300);
        for (unsigned i = 0; i < 4; i++) {
            act(benches[i], &randoms[i]);
            bench_to(benches[i], time);
            ck_assert_msg(bench_same_state(benches[0], benches[i]),
                          "seed %llu: way %u differs by cycle %llu", (unsigned long long)seed, i,
                          (unsigned long long)time);
        }
    }
    for (unsigned i = 1; i < 3; i++)
        ck_assert_msg(bench_same_log(benches[0], benches[i]),
                      "seed %llu: the trace of way %u differs", (unsigned long long)seed, i);
    for (unsigned i = 0; i < 4; i++)
        bench_free(benches[i]);
}

START_TEST(programmings_that_nobody_means_skip_exactly)
{
    const char *first = getenv("DW_SEED"), *count = getenv("DW_CASES");
    uint64_t from = first ? strtoull(first, NULL, 0) : 1;
    uint64_t cases = count ? strtoull(count, NULL, 0) : CASES;
    for (uint64_t seed = from; seed < from + cases; seed++)
        check_case(seed);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dw_dmac, hostile");
    TCase *tcase = tcase_create("hostile");
    tcase_set_timeout(tcase, 600);
    tcase_add_test(tcase, programmings_that_nobody_means_skip_exactly);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
