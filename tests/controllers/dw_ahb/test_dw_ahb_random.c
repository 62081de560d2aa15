/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random legal programmings of several channels at once: the log has no warning, the bytes are those of a plain reference,
 * and every cycle of the trace is the same when stepping every edge and in reversed order.
 */
#include <check.h>

#include "dw_ahb_bench.h"
#include "kernel/random.h"
#include "suite.h"

#ifdef NDEBUG
#define CASES 400
#else
#define CASES 120
#endif
/* Of each memory a channel has this much: the lower half to read, the upper to write. */
#define SLICE 0x4000u
#define HALF 0x2000u

struct side_case {
    unsigned memory, hsize, msize, inc; /* inc: 0 rises, 1 falls, 2 fixed */
    uint32_t every, skip;               /* gather or scatter, 0 none */
    uint32_t address;
    bool peripheral, software;
};

struct channel_case {
    struct side_case side[2];
    unsigned tt_fc;
    uint32_t items, bytes;
    uint32_t ctl, cfg_lo, cfg_hi;
    uint8_t requests[2][BENCH_REQUESTS_MAX];
    uint32_t request_count[2], gap[2];
    bool repeat[2];
};

struct whole_case {
    struct bench_options options;
    uint32_t channels;
    struct channel_case channel[4];
};

static uint32_t below(struct random *random, uint32_t n)
{
    return random_below(random, n);
}

static uint32_t msize_items(const struct whole_case *all, unsigned code)
{
    uint32_t items = code ? 2u << code : 1;
    return items < all->options.dma.max_burst_items ? items : all->options.dma.max_burst_items;
}

/* Requests of a peripheral that ends the block itself; returns the items they are worth. */
static uint32_t pick_requests(struct random *random, struct channel_case *ch, unsigned end,
                              uint32_t burst, uint32_t most)
{
    uint32_t items = 0, count = 0;
    while (count < BENCH_REQUESTS_MAX - 1 && items + burst + 1 < most && below(random, 8)) {
        bool is_burst = below(random, 2);
        items += is_burst ? burst : 1;
        ch->requests[end][count++] = is_burst ? HANDSHAKE_BURST : HANDSHAKE_SINGLE;
    }
    items += 1;
    ch->requests[end][count++] = HANDSHAKE_SINGLE | HANDSHAKE_LAST;
    ch->request_count[end] = count;
    return items;
}

static void pick_side(struct random *random, struct whole_case *all, unsigned index, unsigned end)
{
    struct channel_case *ch = &all->channel[index];
    struct side_case *side = &ch->side[end];
    side->memory = below(random, 2);
    uint32_t width = all->options.width_bits[all->options.buses == 2 ? side->memory : 0];
    side->hsize = below(random, (uint32_t)__builtin_ctz(width / 8) + 1);
    side->msize = below(random, 5);
    side->inc = below(random, 8) ? 0 : 1 + below(random, 2);
    if (side->inc != 2 && below(random, 4) == 0) {
        side->every = 1 + below(random, 20);
        side->skip = below(random, 9);
    }
    uint32_t base = (side->memory ? BENCH_MEMORY1 : BENCH_MEMORY0) + index * SLICE + end * HALF;
    uint32_t item = 1u << side->hsize;
    side->address = side->inc == 1 ? base + HALF - item * (1 + below(random, 4))
                                   : base + item * below(random, 8);
}

static void pick_channel(struct random *random, struct whole_case *all, unsigned index)
{
    struct channel_case *ch = &all->channel[index];
    static const bool source_peripheral[] = {0, 0, 1, 1, 1, 1, 0, 1};
    static const bool destination_peripheral[] = {0, 1, 0, 1, 0, 1, 1, 1};
    pick_side(random, all, index, 0);
    pick_side(random, all, index, 1);
    struct side_case *source = &ch->side[0], *destination = &ch->side[1];
    ch->tt_fc = below(random, 2) ? 0 : below(random, 8);
    source->peripheral = source_peripheral[ch->tt_fc];
    destination->peripheral = destination_peripheral[ch->tt_fc];

    for (unsigned end = 0; end < 2; end++) {
        ch->requests[end][0] = HANDSHAKE_BURST;
        ch->requests[end][1] = HANDSHAKE_BURST | HANDSHAKE_SINGLE;
        ch->request_count[end] = 2;
        ch->repeat[end] = true;
        ch->gap[end] = below(random, 12);
    }
    uint32_t items = below(random, 100);
    ch->bytes = items << source->hsize;
    if (ch->tt_fc == 4 || ch->tt_fc == 5) {
        ch->repeat[0] = false;
        uint32_t moved = pick_requests(random, ch, 0, msize_items(all, source->msize), 120);
        ch->bytes = moved << source->hsize;
    } else if (ch->tt_fc >= 6) {
        ch->repeat[1] = false;
        uint32_t moved = pick_requests(random, ch, 1, msize_items(all, destination->msize), 80);
        ch->bytes = moved << destination->hsize;
    } else {
        source->software = source->peripheral && below(random, 3) == 0;
        destination->software = destination->peripheral && below(random, 3) == 0;
    }
    ch->items = items;
    for (unsigned end = 0; end < 2; end++) { /* stay inside the half slice */
        struct side_case *side = &ch->side[end];
        uint32_t jumps = side->every ? (ch->bytes >> side->hsize) / side->every + 1 : 0;
        if (ch->bytes + ((jumps * side->skip) << side->hsize) > HALF - 0x200)
            side->every = 0;
    }
    ch->ctl = bench_ctl(source->hsize, destination->hsize, source->msize, destination->msize) |
              DW_PUT(source->inc, CTL_LO, SINC) | DW_PUT(destination->inc, CTL_LO, DINC) |
              DW_PUT(source->every > 0, CTL_LO, SRC_GATHER_EN) |
              DW_PUT(destination->every > 0, CTL_LO, DST_SCATTER_EN) |
              DW_PUT(ch->tt_fc, CTL_LO, TT_FC);
    if (all->options.buses == 2)
        ch->ctl |= DW_PUT(source->memory, CTL_LO, SMS) | DW_PUT(destination->memory, CTL_LO, DMS);
    ch->cfg_lo = DW_PUT(below(random, 8), CFG_LO, CH_PRIOR) |
                 DW_PUT(below(random, 2) ? 0 : 1 + below(random, 20), CFG_LO, MAX_ABRST) |
                 DW_PUT(source->software, CFG_LO, HS_SEL_SRC) |
                 DW_PUT(destination->software, CFG_LO, HS_SEL_DST);
    if (all->options.buses == 1 || index == 0)
        ch->cfg_lo |= DW_PUT(below(random, 4) == 0, CFG_LO, LOCK_CH) |
                      DW_PUT(below(random, 3), CFG_LO, LOCK_CH_L) |
                      DW_PUT(below(random, 4) == 0, CFG_LO, LOCK_B) |
                      DW_PUT(below(random, 3), CFG_LO, LOCK_B_L);
    ch->cfg_hi = DW_PUT(below(random, 2), CFG_HI, FCMODE) |
                 DW_PUT(below(random, 2), CFG_HI, FIFO_MODE) |
                 DW_PUT(below(random, 8), CFG_HI, PROTCTL) | DW_PUT(2 * index, CFG_HI, SRC_PER) |
                 DW_PUT(2 * index + 1, CFG_HI, DEST_PER);
}

static struct whole_case pick_case(uint64_t seed)
{
    struct random random = random_seeded(seed);
    struct whole_case all = {.options = bench_options()};
    struct bench_options *options = &all.options;
    options->buses = 1 + below(&random, 2);
    options->width_bits[0] = 32u << below(&random, 3);
    options->width_bits[1] = 32u << below(&random, 3);
    options->waits = below(&random, 3) ? 0 : below(&random, 4);
    options->arbiter.grant = (uint8_t)below(&random, 2);
    options->arbiter.park = (uint8_t)below(&random, 3);
    options->dma.fifo_bytes = 16u << below(&random, 4);
    options->dma.max_burst_items = 4u << below(&random, 4);
    options->dma.enable_cycles = 1 + below(&random, 4);
    options->dma.switch_cycles = below(&random, 4);
    options->dma.handshake_cycles = 1 + below(&random, 4);
    options->errors[0] = (struct sram_error){.offset = below(&random, 0x2000),
                                             .bytes = 0x100,
                                             .response = SRAM_RESPONSE_RETRY,
                                             .count = 1 + below(&random, 9)};
    options->error_count = below(&random, 2);
    all.channels = 1 + below(&random, 4);
    for (unsigned i = 0; i < all.channels; i++)
        pick_channel(&random, &all, i);
    return all;
}

/* ---- the reference: plain loops over items --------------------------------------------------- */

struct walk {
    uint32_t address, item, since_jump;
    const struct side_case *side;
};

static struct walk walk_start(const struct side_case *side)
{
    return (struct walk){.address = side->address, .item = 1u << side->hsize, .side = side};
}

static void walk_on(struct walk *walk)
{
    const struct side_case *side = walk->side;
    if (side->inc == 2)
        return;
    uint32_t step = walk->item;
    if (side->every && ++walk->since_jump == side->every) {
        walk->since_jump = 0;
        step += side->skip * walk->item;
    }
    walk->address += side->inc ? -step : step;
}

/* Moves the channel's bytes in the bench's memories; final addresses in *sar and *dar. */
static void reference(struct bench *bench, const struct channel_case *ch, uint32_t *sar,
                      uint32_t *dar)
{
    static uint8_t stream[0x10000];
    struct walk from = walk_start(&ch->side[0]), to = walk_start(&ch->side[1]);
    for (uint32_t at = 0; at < ch->bytes; at += from.item, walk_on(&from))
        memcpy(stream + at, bench_byte(bench, from.address), from.item);
    uint32_t at = 0;
    for (; at + to.item <= ch->bytes; at += to.item, walk_on(&to))
        memcpy(bench_byte(bench, to.address), stream + at, to.item);
    uint32_t tail = ch->bytes - at, place = to.address;
    for (uint32_t piece = to.item / 2; piece; piece /= 2) {
        if (!(tail & piece))
            continue;
        memcpy(bench_byte(bench, place), stream + at, piece);
        at += piece;
        if (ch->side[1].inc != 2)
            place += piece;
    }
    *sar = from.address;
    *dar = tail && ch->side[1].inc == 0 ? place : to.address;
    if (tail && ch->side[1].inc == 1)
        *dar -= to.item;
}

/* ---- running --------------------------------------------------------------------------------- */

static void start(struct bench *bench, const struct whole_case *all)
{
    for (unsigned i = 0; i < all->channels; i++) {
        const struct channel_case *ch = &all->channel[i];
        for (unsigned end = 0; end < 2; end++) {
            struct bench_line *line = &bench->lines[2 * i + end];
            memcpy(line->requests, ch->requests[end], sizeof line->requests);
            line->count = ch->request_count[end];
            line->repeat = ch->repeat[end];
            line->gap = ch->gap[end];
        }
        bench_program(bench, i, ch->side[0].address, ch->side[1].address, ch->ctl, ch->items);
        bench_put(bench, DW_CFG_LO, i, ch->cfg_lo);
        bench_put(bench, DW_CFG_HI, i, ch->cfg_hi);
        bench_put(bench, DW_SGR, i,
                  DW_PUT(ch->side[0].every, SGR, SGC) | DW_PUT(ch->side[0].skip, SGR, SGI));
        bench_put(bench, DW_DSR, i,
                  DW_PUT(ch->side[1].every, DSR, DSC) | DW_PUT(ch->side[1].skip, DSR, DSI));
    }
    for (unsigned i = 0; i < all->channels; i++)
        bench_enable(bench, i);
}

/* Software asks again every seventh cycle. */
static bool run(struct bench *bench, const struct whole_case *all)
{
    for (unsigned round = 0; round < 20000; round++) {
        if (bench->kernel.holds == 0)
            break;
        for (unsigned i = 0; i < all->channels; i++)
            for (unsigned end = 0; end < 2; end++)
                if (all->channel[i].side[end].software)
                    bench_put(bench, DW_REQ_SRC + end, 0, 0x101u << i);
        bench_to(bench, bench_cycle(bench) + 7);
    }
    bool done = bench->kernel.holds == 0;
    bench_to(bench, bench_cycle(bench) + 40);
    return done;
}

static void check_case(uint64_t seed)
{
    struct whole_case all = pick_case(seed);
    struct bench *bench = bench_create(&all.options);
    struct bench *expected = bench_create(&all.options);
    ck_assert_msg(!bench->failed, "seed %llu does not build", (unsigned long long)seed);
    start(bench, &all);
    ck_assert_msg(run(bench, &all), "seed %llu does not end, channels %x", (unsigned long long)seed,
                  bench_get(bench, DW_CH_EN, 0));
    ck_assert_uint_eq(bench_get(bench, DW_RAW_TFR, 0), (1u << all.channels) - 1);
    ck_assert_uint_eq(bench_get(bench, DW_RAW_ERR, 0), 0);
    ck_assert_uint_eq(bench_get(bench, DW_CH_EN, 0), 0);
    ck_assert_msg(bench->warnings == 0, "seed %llu: a legal programming is warned of: %s",
                  (unsigned long long)seed, bench->warned);
    for (unsigned i = 0; i < all.channels; i++) {
        uint32_t sar, dar;
        reference(expected, &all.channel[i], &sar, &dar);
        if (all.channel[i].tt_fc < 6)
            ck_assert_msg(bench_get(bench, DW_SAR, i) == sar, "seed %llu channel %u: SAR %x not %x",
                          (unsigned long long)seed, i, bench_get(bench, DW_SAR, i), sar);
        ck_assert_msg(bench_get(bench, DW_DAR, i) == dar, "seed %llu channel %u: DAR %x not %x",
                      (unsigned long long)seed, i, bench_get(bench, DW_DAR, i), dar);
        if (all.channel[i].tt_fc < 4)
            ck_assert_uint_eq(bench_get(bench, DW_CTL_HI, i) & 0xfff, all.channel[i].items);
    }
    for (unsigned memory = 0; memory < 2; memory++) {
        uint32_t base = memory ? BENCH_MEMORY1 : BENCH_MEMORY0;
        const uint8_t *is = bench_byte(bench, base), *should = bench_byte(expected, base);
        for (uint32_t at = 0; at < BENCH_MEMORY_BYTES; at++)
            if (is[at] != should[at])
                ck_abort_msg("seed %llu: byte %x is %02x, not %02x", (unsigned long long)seed,
                             base + at, is[at], should[at]);
    }
    static const unsigned flags[] = {KERNEL_EVERY_CYCLE, KERNEL_REVERSED};
    for (unsigned i = 0; i < 2; i++) {
        struct bench_options other = all.options;
        other.flags = flags[i];
        struct bench *again = bench_create(&other);
        start(again, &all);
        ck_assert(run(again, &all));
        ck_assert_msg(bench_same_log(bench, again), "seed %llu, %s", (unsigned long long)seed,
                      i ? "reversed" : "every cycle");
        bench_free(again);
    }
    /* Without observers, and looked at in mid-run. */
    struct bench_options quiet = all.options;
    quiet.quiet = true;
    struct bench *unwatched = bench_create(&quiet), *watched = bench_create(&all.options);
    start(unwatched, &all);
    start(watched, &all);
    bench_to(unwatched, 40 + seed % 64);
    bench_to(watched, 40 + seed % 64);
    ck_assert_msg(bench_same_state(watched, unwatched), "seed %llu: state in mid-run differs",
                  (unsigned long long)seed);
    ck_assert_msg(run(unwatched, &all), "seed %llu does not end unwatched",
                  (unsigned long long)seed);
    ck_assert(run(watched, &all));
    ck_assert_msg(bench_same_state(watched, unwatched), "seed %llu: state at the end differs",
                  (unsigned long long)seed);
    ck_assert_msg(bench_cycle(unwatched) == bench_cycle(watched),
                  "seed %llu: ends near cycle %llu watched, %llu not", (unsigned long long)seed,
                  (unsigned long long)bench_cycle(watched),
                  (unsigned long long)bench_cycle(unwatched));
    bench_free(unwatched);
    bench_free(watched);
    bench_free(expected);
    bench_free(bench);
}

START_TEST(random_programmings_move_the_reference_bytes_and_skip_exactly)
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
    Suite *suite = suite_create("dw_dmac, random");
    TCase *tcase = tcase_create("random");
    tcase_set_timeout(tcase, 600);
    tcase_add_test(tcase, random_programmings_move_the_reference_bytes_and_skip_exactly);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
