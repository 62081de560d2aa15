/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_dw_dmac: random register accesses, memory contents and request lines between short runs.
 *
 * The first bytes pick a configuration, the rest are operations of one byte and their operands. No
 * crash, no endless step, and the counts of every channel keep their order:
 * popped <= claimed <= pushed <= commanded <= popped + FIFO. One input in 16 is simulated in three
 * ways, which must be the same: skipping, every edge stepped, and unwatched.
 */
#define BENCH_MEMORY_BYTES 0x1000u
#include "bus/handshake.h"
#include "dw_ahb_bench.h"

#define INPUT_MAX 1024 /* some hundred operations */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *at, *end;
};

static uint32_t take(struct input *input, unsigned bytes)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes && input->at < input->end; i++)
        value |= (uint32_t)*input->at++ << (8 * i);
    return value;
}

static void check(const struct bench *bench)
{
    for (uint32_t i = 0; i < bench->options.dma.channels; i++) {
        const struct dw_ahb_channel *ch = &bench->dma->channels[i];
        bool ordered = ch->popped <= ch->claimed && ch->claimed <= ch->pushed &&
                       ch->pushed <= ch->commanded &&
                       ch->commanded - ch->popped <= bench->options.dma.fifo_bytes;
        if (!ordered || ch->state >= DW_STATES)
            abort();
    }
    if (bench->kernel.holds != (uint64_t)__builtin_popcount(bench->dma->active))
        abort();
}

/* An address that is likely to be somewhere. */
static uint32_t address(struct input *input)
{
    uint32_t value = take(input, 2);
    switch (take(input, 1) & 3) {
    case 0:
        return take(input, 4);
    case 1:
        return BENCH_MEMORY1 + value % (BENCH_MEMORY_BYTES + 64);
    default:
        return BENCH_MEMORY0 + value % (BENCH_MEMORY_BYTES + 64);
    }
}

static void operation(struct bench *bench, struct input *input)
{
    uint8_t op = (uint8_t)take(input, 1);
    switch (op & 7) {
    case 0: { /* any offset, any size */
        uint64_t value = take(input, 4);
        dw_ahb_type.access(&bench->controllers[0], take(input, 2) & 0x7ff, 1u << (op >> 3 & 3),
                           op >> 5 & 1, &value);
        break;
    }
    case 1: { /* a register of a channel */
        enum dw_ahb_register which = take(input, 1) % (DW_DSR + 1u);
        bool points = which <= DW_LLP || which == DW_SSTATAR || which == DW_DSTATAR;
        bench_put(bench, which, op >> 5, points ? address(input) : take(input, 4));
        break;
    }
    case 2: /* a common one */
        bench_put(bench, DW_RAW_TFR + take(input, 1) % (DW_REGISTER_COUNT - DW_RAW_TFR), 0,
                  take(input, 4));
        break;
    case 3: /* start */
        bench_put(bench, DW_DMA_CFG, 0, 1);
        bench_put(bench, DW_CH_EN, 0, 0x101u << (op >> 5));
        break;
    case 4: { /* a request line */
        struct dma_handshake *line =
            component_link(&bench->controllers[0], PORT_REQUEST, take(input, 1) % DW_LINES_MAX);
        if (line)
            wire_put(&line->request, bench->kernel.now, op >> 3 & 7);
        break;
    }
    case 5: { /* a list item, or part of one */
        uint32_t at = (address(input) & 0xfffc) % (BENCH_MEMORY_BYTES - 32) + BENCH_MEMORY0;
        for (unsigned i = 0; i < (op >> 3 & 7u); i++)
            bench_word_put(bench, at + 4 * i, i < 3 ? address(input) : take(input, 4));
        break;
    }
    default:
        bench_to(bench, bench_cycle(bench) + (op >> 3) * (op & 1 ? 1u : 8u));
        break;
    }
}

/* Runs the input; the caller frees the bench. */
static struct bench *run(const uint8_t *data, size_t size, unsigned flags, bool quiet)
{
    struct input input = {data, data + size};
    struct bench_options options = bench_options();
    uint32_t pick = take(&input, 4);
    options.buses = 1 + (pick & 1);
    options.width_bits[0] = 32u << (pick >> 1 & 3) % 3;
    options.width_bits[1] = 32u << (pick >> 3 & 3) % 3;
    options.waits = pick >> 5 & 3;
    options.dma.fifo_bytes = 16u << (pick >> 7 & 3);
    options.dma.channels = 1 + (pick >> 9 & 7);
    options.dma.max_block_items = (4u << (pick >> 12 & 15) % 11) - 1;
    options.dma.max_burst_items = 4u << (pick >> 16 & 7) % 7;
    options.dma.switch_cycles = pick >> 19 & 3;
    options.dma.enable_cycles = 1 + (pick >> 21 & 3);
    options.dma.multi_block = pick >> 23 & 1;
    options.flags = flags;
    options.quiet = quiet;
    struct bench *bench = bench_create(&options);
    if (bench->failed)
        abort();
    bench_to(bench, 1); /* what comes from outside comes after the first edge */
    while (input.at < input.end) {
        operation(bench, &input);
        check(bench);
    }
    bench_to(bench, bench_cycle(bench) + 300);
    check(bench);
    return bench;
}

static void compare(const uint8_t *data, size_t size)
{
    struct bench *skipping = run(data, size, 0, false);
    struct bench *stepping = run(data, size, KERNEL_EVERY_CYCLE, false);
    struct bench *unwatched = run(data, size, 0, true);
    const struct bench_log *a = &skipping->log, *b = &stepping->log;
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        if (memcmp(&a->items[i], &b->items[i], sizeof a->items[i]) == 0)
            continue;
        fprintf(stderr, "cycles %llu and %llu, sources %u and %u differ\n",
                (unsigned long long)a->items[i].cycle, (unsigned long long)b->items[i].cycle,
                a->items[i].source, b->items[i].source);
        abort();
    }
    if (a->count != b->count)
        abort();
    if (!bench_same_state(skipping, unwatched))
        abort();
    bench_free(skipping);
    bench_free(stepping);
    bench_free(unwatched);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > INPUT_MAX)
        return 0;
    if (size > 3 && data[3] >> 4 == 0)
        compare(data, size);
    else
        bench_free(run(data, size, 0, true));
    return 0;
}
