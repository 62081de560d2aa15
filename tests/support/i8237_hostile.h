/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * i8237_hostile: bytes as operations on two cascaded 8237As: any port written or read, any level on any
 * DREQ, READY and EOP, page registers, and time. Shared by the fuzzer and a test with random bytes.
 */
#ifndef DMASIM_TESTS_I8237_HOSTILE_H
#define DMASIM_TESTS_I8237_HOSTILE_H

#include "i8237_bench.h"

struct hostile_input {
    const uint8_t *at, *end;
};

static inline uint8_t hostile_take(struct hostile_input *input)
{
    return input->at < input->end ? *input->at++ : 0;
}

static inline void hostile_operation(struct bench *bench, struct hostile_input *input)
{
    struct i8237_case *wiring = &bench->wiring;
    uint8_t op = hostile_take(input);
    switch (op & 7) {
    case 0:
    case 1:
        i8237_case_out(wiring, op & 1, op >> 4, hostile_take(input));
        break;
    case 2:
        i8237_case_in(wiring, op >> 3 & 1, op >> 4);
        break;
    case 3: /* a channel, ready to go */
        i8237_case_channel(wiring, op >> 3 & 3, hostile_take(input) & 0xfc,
                           (uint32_t)hostile_take(input) << 4, 1 + (op >> 5));
        break;
    case 4: { /* DREQ of either; HRQ of the second drives DREQ0 of the first */
        unsigned controller = op >> 3 & 1, channel = op >> 4 & 3;
        isa_request(wiring->bus, (int)controller, channel | (channel == 0 && controller == 0),
                    wiring->kernel.now, op >> 6 & 1);
        break;
    }
    case 5:
        i8237_case_pull(wiring, op >> 3 & 1, op >> 4 & 1);
        break;
    case 6: { /* a page, or a byte of memory */
        uint64_t value = hostile_take(input);
        if (op & 8)
            isa_pages_type.access(&wiring->pages, op >> 4, 1, true, &value);
        else
            isa_memory_type.access(&wiring->memory, op, 1, true, &value);
        break;
    }
    default:
        i8237_case_to(wiring, wiring->isa.clock->cycle + 1 + (op >> 3));
        break;
    }
    const struct i8237 *second = wiring->dma[1].instance;
    bench_need(wiring->chip->state < I8237_STATES && second->state < I8237_STATES, "no state");
}

/* Runs the input; the caller frees the bench. */
static inline struct bench *hostile_run(const uint8_t *data, size_t size, unsigned flags)
{
    struct hostile_input input = {data, data + size};
    struct bench *bench = bench_new();
    uint8_t pick = hostile_take(&input);
    bench->wiring.flags = flags;
    bench->wiring.controllers = 2;
    bench->wiring.memory_config.size_bytes = 0x800;
    bench->wiring.memory_config.wait_states = pick & 3;
    bench->wiring.bus_config.hlda_clocks = 1 + (pick >> 2 & 3);
    bench->wiring.bus_config.dma_waits = pick >> 4 & 1;
    if (pick >> 5 & 1) { /* a bus of words; bit 6: the first chip moves them too */
        bench->wiring.bus_config.width_bits = 16;
        bench->wiring.dma_config[1].moves = I8237_WORDS;
        bench->wiring.dma_config[0].moves = pick >> 6 & 1 ? I8237_WORDS : I8237_BYTES;
    }
    bench_build(bench);
    i8237_case_to(&bench->wiring, 0); /* what comes from outside comes after the first edge */
    while (input.at < input.end)
        hostile_operation(bench, &input);
    i8237_case_to(&bench->wiring, bench->wiring.isa.clock->cycle + 100);
    return bench;
}

/* False if the model does other things when every edge is stepped, or in the opposite order. */
static inline bool hostile_agrees(const uint8_t *data, size_t size)
{
    struct bench *plain = hostile_run(data, size, 0);
    struct bench *stepped = hostile_run(data, size, KERNEL_EVERY_CYCLE);
    struct bench *reversed = hostile_run(data, size, KERNEL_REVERSED);
    bool same = bench_same(plain, stepped) && bench_same(plain, reversed) &&
                memcmp(bench_memory(plain), bench_memory(stepped), 0x800) == 0;
    bench_free(plain);
    bench_free(stepped);
    bench_free(reversed);
    return same;
}

#endif
