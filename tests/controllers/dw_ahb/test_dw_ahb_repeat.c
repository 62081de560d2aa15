/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Periods of long copies that pass at once (kernel/repeat.h) against a twin that is stepped at every cycle: whoever
 * looks in the middle, at registers, memory or, from some cycle on, at every wire, sees the same.
 */
#define BENCH_MEMORY_BYTES 0x40000u

#include <check.h>

#include "dw_ahb_bench.h"
#include "kernel/random.h"
#include "suite.h"

#ifdef NDEBUG
enum { CASES = 300 };
#else
enum { CASES = 60 };
#endif

/* ---- another master -------------------------------------------------------------------------- */

/* Reads and writes a burst now and then. */
struct poker {
    struct unit unit;
    struct ahb_master master;
    struct random random;
    sim_cycle next;
    uint32_t apart; /* 0: it never does */
    uint32_t mask;
    uint32_t sum; /* of what it read */
    uint32_t address;
};

static sim_cycle poker_step(void *instance, sim_cycle now)
{
    struct poker *self = instance;
    const struct ahb_events events = ahb_master_edge(&self->master, now);
    if (events.done)
        self->sum = self->sum * 31 + (uint32_t)(events.hrdata->lane[0] ^ events.hrdata->lane[1]);
    if (events.accepted) {
        const struct ahb_data data = {{self->sum, ~(uint64_t)self->sum}};
        ahb_master_hwdata(&self->master, &data);
    }
    if (self->apart && now >= self->next && ahb_master_idle(&self->master)) {
        const bool write = random_below(&self->random, 3) == 0;
        const struct ahb_command command = {
            .haddr = BENCH_MEMORY0 + 4 * random_below(&self->random, BENCH_MEMORY_BYTES / 4),
            .beats = 1,
            .hwrite = write,
            .hsize = self->mask < 3 ? 0 : 2,
        };
        ahb_master_queue(&self->master, now, &command);
        self->next = now + 1 + random_below(&self->random, self->apart);
    }
    const sim_cycle wish = ahb_master_drive(&self->master, now);
    return self->apart && self->next > now && self->next < wish ? self->next : wish;
}

static void join_poker(struct bench *bench)
{
    struct poker *self = bench->options.joins;
    struct ahb_bus *bus = bench->buses[0].instance;
    self->mask = bus->lane_mask;
    kernel_add(&bench->kernel, &self->unit, "poker", bench->clock, poker_step, self);
    ck_assert_int_ge(ahb_master_join(&self->master, bus, &self->unit, "poker"), 0);
}

/* ---- random programmings --------------------------------------------------------------------- */

#define LISTS 0x3f000u /* of memory 0 */
#define ITEM 32u

struct programming {
    struct bench_options options;
    unsigned channels;
    struct {
        uint32_t from, to, ctl, items, cfg, blocks;
        uint32_t list;
    } channel[4];
    struct poker poker;
};

static uint32_t below(struct random *random, uint32_t n)
{
    return random_below(random, n);
}

static struct ahb_arbiter_config draw_arbiter(struct random *random)
{
    struct ahb_arbiter_config arbiter = bench_options().arbiter;
    arbiter.policy = (uint8_t)below(random, 4);
    arbiter.order = (uint8_t)below(random, 2);
    arbiter.grant = (uint8_t)below(random, 2);
    arbiter.rearbitrate = (uint8_t)below(random, 3);
    arbiter.park = (uint8_t)below(random, 3);
    arbiter.count_beats = below(random, 2);
    arbiter.max_hold_cycles = below(random, 4) ? 0 : 5 + below(random, 300);
    return arbiter;
}

/* Blocks of a channel lie in a quarter of each memory: its lower half is read, the upper written; now and then
 * one writes over what it, or another, reads. */
static void draw_channel(struct programming *self, struct random *random, unsigned i)
{
    const struct bench_options *options = &self->options;
    unsigned hsize[2], memory[2];
    uint32_t address[2];
    for (unsigned end = 0; end < 2; end++) {
        memory[end] = below(random, 2);
        const uint32_t width = options->width_bits[options->buses == 2 ? memory[end] : 0] / 8;
        hsize[end] = below(random, (uint32_t)__builtin_ctz(width) + 1);
        if (below(random, 2))
            hsize[end] = (unsigned)__builtin_ctz(width);
        address[end] =
            (memory[end] ? BENCH_MEMORY1 : BENCH_MEMORY0) + i * 0xf000 + end * 0x7800 +
            (below(random, 3) ? 64 * below(random, 16) : below(random, 200) << hsize[end]);
    }
    if (below(random, 10) == 0)
        address[1] = address[0] + (below(random, 3000) << hsize[1]);
    if (below(random, 10) == 0)
        address[1] = ((address[1] ^ 0xf000) >> hsize[1]) << hsize[1];
    const uint32_t items = 0x3800u >> hsize[0], most = items < 4095 ? items : 4095;
    self->channel[i].items =
        below(random, 4) ? most - below(random, most / 2) : 1 + below(random, most);
    self->channel[i].from = address[0];
    self->channel[i].to = address[1];
    self->channel[i].ctl = bench_ctl(hsize[0], hsize[1], below(random, 6), below(random, 6));
    if (options->buses == 2)
        self->channel[i].ctl |= DW_PUT(memory[0], CTL_LO, SMS) | DW_PUT(memory[1], CTL_LO, DMS);
    if (below(random, 12) == 0)
        self->channel[i].ctl |= DW_PUT(below(random, 3), CTL_LO, SINC);
    self->channel[i].cfg = DW_PUT(below(random, 8), CFG_LO, CH_PRIOR) |
                           DW_PUT(below(random, 3) ? 0 : 1 + below(random, 20), CFG_LO, MAX_ABRST) |
                           DW_PUT(below(random, 6) == 0, CFG_LO, LOCK_B) |
                           DW_PUT(below(random, 6) == 0, CFG_LO, LOCK_CH);
    self->channel[i].blocks = 1 + below(random, 3);
    self->channel[i].list = BENCH_MEMORY0 + LISTS + i * 8 * ITEM;
}

static void draw(struct programming *self, struct random *random)
{
    static const uint32_t widths[] = {32, 32, 64, 128, 16, 8};
    memset(self, 0, sizeof *self);
    struct bench_options *options = &self->options;
    *options = bench_options();
    options->buses = 1 + below(random, 2);
    options->width_bits[0] = widths[below(random, 6)];
    options->width_bits[1] = widths[below(random, 6)];
    options->waits = below(random, 2) ? 0 : below(random, 4);
    options->arbiter = draw_arbiter(random);
    options->dma.channels = 4;
    options->dma.fifo_bytes = 16u << below(random, 6);
    options->dma.switch_cycles = below(random, 2) ? 0 : below(random, 5);
    options->quiet = true;
    options->join = join_poker;
    self->channels = below(random, 2) ? 1 : 1 + below(random, 4);
    for (unsigned i = 0; i < self->channels; i++)
        draw_channel(self, random, i);
    self->poker.random = random_seeded(random_next(random));
    self->poker.apart = below(random, 3) ? 0 : 1 + below(random, 6000);
    self->poker.next = below(random, 20000);
}

/* A list of blocks, one after the other in memory, with the first in the registers' place. */
static void start(struct bench *bench, const struct programming *self)
{
    bench_put(bench, DW_DMA_CFG, 0, 1);
    for (unsigned i = 0; i < self->channels; i++) {
        const uint32_t bytes = self->channel[i].items
                               << DW_GET(self->channel[i].ctl, CTL_LO, SRC_TR_WIDTH);
        const uint32_t list = self->channel[i].list;
        for (uint32_t block = 0; block < self->channel[i].blocks; block++) {
            const bool last = block + 1 == self->channel[i].blocks;
            const uint32_t ctl =
                self->channel[i].ctl |
                (last ? 0 : DW_MASK(CTL_LO, LLP_SRC_EN) | DW_MASK(CTL_LO, LLP_DST_EN));
            const uint32_t words[] = {self->channel[i].from + (block & 1 ? bytes : 0),
                                      self->channel[i].to + (block & 1 ? bytes : 0),
                                      last ? 0 : list + (block + 1) * ITEM, ctl,
                                      self->channel[i].items};
            for (unsigned word = 0; word < 5; word++)
                bench_word_put(bench, list + block * ITEM + 4 * word, words[word]);
        }
        bench_put(bench, DW_LLP, i, list);
        bench_put(bench, DW_CTL_LO, i, DW_MASK(CTL_LO, LLP_SRC_EN) | DW_MASK(CTL_LO, LLP_DST_EN));
        bench_put(bench, DW_CFG_LO, i, self->channel[i].cfg);
        bench_enable(bench, i);
    }
}

/* ---- the two of them ------------------------------------------------------------------------- */

struct twins {
    struct programming programming[2];
    struct bench *bench[2];
};

static void open_twins(struct twins *self, struct random *random)
{
    const struct random from = *random;
    for (unsigned i = 0; i < 2; i++) {
        struct programming *programming = &self->programming[i];
        *random = from;
        draw(programming, random);
        programming->options.flags = i ? KERNEL_EVERY_CYCLE : 0;
        programming->options.joins = &programming->poker;
        self->bench[i] = bench_create(&programming->options);
        ck_assert(!self->bench[i]->failed);
        start(self->bench[i], programming);
    }
}

static void both_to(struct twins *self, sim_cycle cycle)
{
    for (unsigned i = 0; i < 2; i++)
        bench_to(self->bench[i], cycle);
}

static void check_alike(struct twins *self, unsigned number)
{
    const sim_cycle cycle = bench_cycle(self->bench[1]);
    ck_assert_msg(bench_same_state(self->bench[0], self->bench[1]), "case %u at %llu", number,
                  (unsigned long long)cycle);
    ck_assert_msg(self->programming[0].poker.sum == self->programming[1].poker.sum,
                  "case %u at %llu: something else was read", number, (unsigned long long)cycle);
    ck_assert_uint_eq(self->bench[0]->kernel.holds, self->bench[1]->kernel.holds);
}

/* Somebody outside stores bytes near where a channel is, or suspends it or lets it go on. */
static void meddle(struct twins *self, struct random *random)
{
    const unsigned channel = below(random, self->programming[0].channels);
    const unsigned what = below(random, 5);
    const enum dw_ahb_register end = below(random, 2) ? DW_SAR : DW_DAR;
    const uint32_t address =
        (bench_get(self->bench[1], end, channel) - 100 + below(random, 200)) & ~7u;
    const uint32_t suspended = below(random, 2);
    for (unsigned i = 0; i < 2; i++) {
        if (what < 2 && (address & 0x0fffffff) < BENCH_MEMORY_BYTES)
            memset(bench_byte(self->bench[i], address), 0x5a, 8);
        else if (what == 2)
            bench_put(self->bench[i], DW_CFG_LO, channel,
                      self->programming[0].channel[channel].cfg |
                          DW_PUT(suspended, CFG_LO, CH_SUSP));
    }
}

/* Both are recorded from now on, wire by wire; what was under way comes to its end first. */
static void check_wires(struct twins *self, unsigned number)
{
    const sim_cycle from = bench_cycle(self->bench[1]) + 200;
    for (unsigned i = 0; i < 2; i++)
        bench_record(self->bench[i]);
    both_to(self, from);
    const struct bench_log *logs[] = {&self->bench[0]->log, &self->bench[1]->log};
    size_t at[2] = {0, 0};
    both_to(self, from + 1000);
    for (unsigned i = 0; i < 2; i++)
        while (at[i] < logs[i]->count && logs[i]->items[at[i]].cycle < from)
            at[i]++;
    ck_assert_uint_eq(logs[0]->count - at[0], logs[1]->count - at[1]);
    for (; at[0] < logs[0]->count; at[0]++, at[1]++)
        ck_assert_msg(
            memcmp(&logs[0]->items[at[0]], &logs[1]->items[at[1]], sizeof *logs[0]->items) == 0,
            "case %u: other wires of %u at %llu", number, logs[0]->items[at[0]].source,
            (unsigned long long)logs[0]->items[at[0]].cycle);
}

START_TEST(repeats_cannot_be_told_from_cycles)
{
    const unsigned batch = CASES / 4;
    struct random random = random_seeded(100 + (uint64_t)_i);
    struct twins *twins = calloc(1, sizeof *twins);
    unsigned repeated = 0;
    for (unsigned i = 0; i < batch; i++) {
        open_twins(twins, &random);
        sim_cycle look = 0;
        for (unsigned j = 0; j < 5; j++) {
            look += 1 + below(&random, below(&random, 3) ? 12000 : 3);
            both_to(twins, look);
            check_alike(twins, i);
            meddle(twins, &random);
        }
        repeated += twins->bench[0]->clock->repeated > 0;
        ck_assert_uint_eq(twins->bench[1]->clock->repeated, 0);
        check_wires(twins, i);
        both_to(twins, look + 1200 + below(&random, 100000));
        check_alike(twins, i);
        for (unsigned j = 0; j < 2; j++)
            bench_free(twins->bench[j]);
    }
    ck_assert_uint_gt(repeated, batch / 4);
    free(twins);
}
END_TEST

/* In the middle of a run, too, a suspended channel gives its lock up with the last address of its burst. */
START_TEST(a_lock_ends_with_the_burst_in_which_its_channel_is_suspended)
{
    for (sim_cycle look = 60; look < 140; look++) {
        struct twins *twins = calloc(1, sizeof *twins);
        for (unsigned i = 0; i < 2; i++) {
            struct programming *programming = &twins->programming[i];
            programming->options = bench_options();
            programming->options.arbiter.park = AHB_PARK_LAST;
            programming->options.flags = i ? KERNEL_EVERY_CYCLE : 0;
            programming->options.quiet = true;
            programming->options.join = join_poker;
            programming->options.joins = &programming->poker;
            programming->poker.random = random_seeded(1);
            programming->poker.apart = 1;
            struct bench *bench = twins->bench[i] = bench_create(&programming->options);
            bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1, bench_ctl(2, 2, 3, 3), 4000);
            bench_put(bench, DW_CFG_LO, 0, DW_MASK(CFG_LO, LOCK_B));
            bench_enable(bench, 0);
        }
        both_to(twins, look);
        for (unsigned i = 0; i < 2; i++)
            bench_put(twins->bench[i], DW_CFG_LO, 0,
                      DW_MASK(CFG_LO, LOCK_B) | DW_MASK(CFG_LO, CH_SUSP));
        both_to(twins, look + 1);
        for (unsigned i = 0; i < 60; i++) {
            both_to(twins, look + i);
            check_alike(twins, (unsigned)look);
        }
        for (unsigned i = 0; i < 2; i++)
            bench_free(twins->bench[i]);
        free(twins);
    }
}
END_TEST

/* ---- what passes, and what keeps it from passing --------------------------------------------- */

/* One channel copies 4000 words in bursts of 16; cycles that passed. */
static sim_cycle passed(struct bench_options *options, uint32_t from, uint32_t to)
{
    options->quiet = true;
    struct bench *bench = bench_create(options);
    bench_program(bench, 0, from, to, bench_ctl(2, 2, 3, 3), 4000);
    bench_enable(bench, 0);
    ck_assert(bench->kernel.holds > 0);
    kernel_advance(&bench->kernel, 20000 * (sim_time)BENCH_PERIOD_PS, KERNEL_STOP_QUIET);
    ck_assert_uint_eq(bench->kernel.holds, 0);
    if (from + 16000 <= to || to + 16000 <= from)
        ck_assert_mem_eq(bench_byte(bench, from), bench_byte(bench, to), 16000);
    const sim_cycle cycles = bench->clock->repeated;
    bench_free(bench);
    return cycles;
}

START_TEST(most_of_a_long_block_passes)
{
    for (unsigned waits = 0; waits < 2; waits++) {
        struct bench_options options = bench_options();
        options.waits = waits;
        ck_assert_uint_gt(passed(&options, BENCH_MEMORY0, BENCH_MEMORY1), (1 + waits) * 7000);
        /* Bursts cross 1 KiB here and there: periods are that long. */
        ck_assert_uint_gt(passed(&options, BENCH_MEMORY0 + 4, BENCH_MEMORY1), (1 + waits) * 5000);
    }
}
END_TEST

START_TEST(a_copy_over_its_own_source_does_not_pass)
{
    struct bench_options options = bench_options();
    const uint32_t to = BENCH_MEMORY0;
    ck_assert_uint_eq(passed(&options, to + 64, to), 0);
    ck_assert_uint_gt(passed(&options, to + 16000 + 64, to), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dw_ahb_repeat");
    TCase *tcase = tcase_create("dw_ahb_repeat");
    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, repeats_cannot_be_told_from_cycles, 0, 4);
    tcase_add_test(tcase, a_lock_ends_with_the_burst_in_which_its_channel_is_suspended);
    tcase_add_test(tcase, most_of_a_long_block_passes);
    tcase_add_test(tcase, a_copy_over_its_own_source_does_not_pass);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
