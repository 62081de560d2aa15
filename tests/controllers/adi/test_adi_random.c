/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random ADI AXI DMACs with random work: every event, and every row of streams and FIFOs, is the same when
 * stepping every edge and in reversed order, and in both forms of the data path; the mended circuit finishes
 * all work, keeps the rules and has every byte in its place.
 */
#include <check.h>

#include "adi_bench.h"
#include "suite.h"

#ifdef NDEBUG
#define CASES 150
#else
#define CASES 60
#endif
#define SOURCE 0x010000u
#define DESTINATION 0x080000u
#define CHAIN 0x100000u
#define SPAN 0x2000u /* bytes of a transfer at most */

struct work {
    unsigned transfers;
    uint32_t x[8], y[8], source_stride[8], destination_stride[8];
    bool segment[8]; /* no FLAGS.TLAST */
    bool chain, early, pauses;
};

static uint32_t pick(struct random *random, const uint32_t *from, uint32_t count)
{
    return from[random_below(random, count)];
}

static uint32_t percent(struct random *random)
{
    return random_below(random, 3) ? 0 : random_below(random, 90);
}

static void pick_devices(struct bench *bench, struct random *random, struct work *work)
{
    struct stream_source_config *source = &bench->wiring.source;
    struct stream_sink_config *sink = &bench->wiring.sink;
    struct axi_memory_config *memory = &bench->wiring.memory;
    source->stalls.seed = sink->stalls.seed = memory->stalls.seed = 1 + random_below(random, 1000);
    source->period_cycles = 1 + (random_below(random, 2) ? 0 : random_below(random, 5));
    sink->period_cycles = 1 + (random_below(random, 2) ? 0 : random_below(random, 5));
    source->stalls.percent = source->period_cycles > 1 ? 0 : percent(random);
    sink->stalls.percent = sink->period_cycles > 1 ? 0 : percent(random);
    source->gated = random_below(random, 2);
    sink->gated = random_below(random, 2);
    memory->read_latency_cycles = 1 + random_below(random, 40);
    memory->write_latency_cycles = 1 + random_below(random, 40);
    bench->wiring.descriptors.read_latency_cycles = 1 + random_below(random, 40);
    for (unsigned i = 0; i < AXI_CHANNELS; i++)
        memory->stalls.percent[i] = percent(random);
    work->early = bench->wiring.dmac.source_type == ADI_STREAM && random_below(random, 2);
    source->packets.count = work->early ? 1 + random_below(random, 4) : 0;
    for (uint32_t i = 0; i < source->packets.count; i++)
        bench->wiring.packets[i] = 1 + random_below(random, 100);
    if (bench->wiring.dmac.sync_start)
        source->user_period = 1 + random_below(random, 40);
    bench->wiring.sync.width_cycles = 0;
    if (bench->wiring.dmac.sync_start && random_below(random, 2))
        bench->wiring.sync =
            (struct sync_pulse_config){.from_cycle = random_below(random, 200),
                                       .period_cycles = 30,
                                       .width_cycles = 6 + random_below(random, 9)};
}

static void pick_sides(struct bench *bench, struct random *random)
{
    static const uint32_t widths[] = {32, 64, 128};
    static const uint32_t bursts[] = {64, 128, 256};
    static const uint32_t fifos[] = {2, 4, 8, 16};
    struct adi_dmac_config *dmac = &bench->wiring.dmac;
    dmac->source_type = (uint8_t)random_below(random, 3);
    dmac->destination_type = (uint8_t)random_below(random, 3);
    dmac->source_width_bits = pick(random, widths, 3);
    dmac->destination_width_bits =
        random_below(random, 2) ? pick(random, widths, 3) : dmac->source_width_bits;
    bench->wiring.source_bus.width_bits = dmac->source_width_bits;
    bench->wiring.destination_bus.width_bits = dmac->destination_width_bits;
    dmac->max_bytes_per_burst = pick(random, bursts, 3);
    dmac->fifo_size = pick(random, fifos, 4);
    dmac->two_d = random_below(random, 2);
    dmac->sync_start = random_below(random, 4) == 0;
    dmac->tuser_sync = random_below(random, 2);
    dmac->descriptor_bus = random_below(random, 3) == 0 ? 3 : UINT16_MAX;
}

/* Writes the script and, for chains, the descriptors. */
static void pick_work(struct bench *bench, struct random *random, struct work *work)
{
    const struct adi_dmac_config *dmac = &bench->wiring.dmac;
    const uint32_t beat =
        (dmac->source_width_bits > dmac->destination_width_bits ? dmac->source_width_bits
                                                                : dmac->destination_width_bits) /
        8;
    work->transfers = 1 + random_below(random, 6);
    work->chain = dmac->descriptor_bus != UINT16_MAX && random_below(random, 4);
    work->pauses = random_below(random, 3) == 0;
    for (unsigned i = 0; i < work->transfers; i++) {
        work->y[i] = dmac->two_d ? random_below(random, 7) : 0;
        work->x[i] = random_below(random, random_below(random, 3) ? 1024 : 90);
        if (dmac->source_type != ADI_MEMORY || dmac->destination_type != ADI_MEMORY)
            work->x[i] |= beat - 1;
        uint32_t stride = (work->x[i] / dmac->max_bytes_per_burst + 1) * dmac->max_bytes_per_burst;
        work->source_stride[i] = stride;
        work->destination_stride[i] = stride;
        work->segment[i] = random_below(random, 5) == 0 && i + 1 < work->transfers;
        if (work->chain)
            bench_descriptor(bench, CHAIN + 64 * i, i + 1 == work->transfers ? 3 : 0, i,
                             DESTINATION + SPAN * i, SOURCE + SPAN * i, CHAIN + 64 * (i + 1),
                             work->y[i], work->x[i], stride, stride);
    }
    bench_script(bench, "W 80 0;W 400 %x", work->chain ? 5 : 1);
    if (work->chain)
        bench_script(bench, ";W 47c %x;W 40c 2;W 408 1", CHAIN);
    for (unsigned i = 0; i < work->transfers && !work->chain; i++)
        bench_script(
            bench, ";P 408;W 410 %x;W 414 %x;W 418 %x;W 41c %x;W 420 %x;W 424 %x;W 40c %x;W 408 1",
            DESTINATION + SPAN * i, SOURCE + SPAN * i, work->x[i], work->y[i],
            work->destination_stride[i], work->source_stride[i], work->segment[i] ? 4 : 6);
    for (unsigned i = 0; work->pauses && i < 3; i++)
        bench_script(bench, ";I %u;W 400 %x;I %u;W 400 %x", random_below(random, 200),
                     work->chain ? 7 : 3, random_below(random, 200), work->chain ? 5 : 1);
    bench_script(bench, ";T %u;I 100", work->chain ? 1 : work->transfers);
}

static struct bench *random_case(unsigned number, struct work *work)
{
    struct random random = random_seeded(number);
    struct bench *bench = bench_new();
    memset(work, 0, sizeof *work);
    bench_fill(bench, number);
    pick_sides(bench, &random);
    pick_devices(bench, &random, work);
    pick_work(bench, &random, work);
    return bench;
}

static void check_modes(const struct bench *expected, unsigned number, unsigned flags, bool general)
{
    struct work work;
    struct bench *bench = random_case(number, &work);
    bench->wiring.dmac = expected->wiring.dmac;
    bench->wiring.dmac.general = general;
    bench->watch_rows = true;
    bench_run(bench, flags);
    ck_assert_msg(bench->rows_hash == expected->rows_hash, "case %u: rows differ with flags %u",
                  number, flags);
    ck_assert_msg(bench->hash == expected->hash && bench->end == expected->end,
                  "case %u differs with flags %u, general %d", number, flags, general);
    ck_assert_int_eq(memcmp(bench->memory, expected->memory, sizeof bench->memory), 0);
    free(bench);
}

START_TEST(every_mode_and_form_gives_the_same_events)
{
    for (unsigned number = 0; number < CASES; number++) {
        struct work work;
        struct bench *bench = random_case(number, &work);
        bench->wiring.dmac.errata = number % 2 ? ADI_NONE : ADI_SILICON;
        bench->watch_rows = true;
        bench_run(bench, 0);
        ck_assert_msg(bench->seen == bench->told, "case %u: rows and events tell two stories",
                      number);
        check_modes(bench, number, KERNEL_EVERY_CYCLE, false);
        check_modes(bench, number, KERNEL_REVERSED, false);
        check_modes(bench, number, KERNEL_EVERY_CYCLE | KERNEL_REVERSED, true);
        free(bench);
    }
}
END_TEST

START_TEST(lean_form_equals_the_general_one)
{
    for (unsigned number = 0; number < CASES; number++) {
        struct work work;
        struct bench *bench = random_case(number, &work), *other = random_case(number, &work);
        for (unsigned i = 0; i < 2; i++) {
            struct adi_ports_case *wiring = i ? &other->wiring : &bench->wiring;
            wiring->dmac.source_type = wiring->dmac.destination_type = ADI_MEMORY;
            wiring->destination_bus.width_bits = wiring->source_bus.width_bits;
            wiring->dmac.two_d = wiring->dmac.sync_start = false;
            wiring->dmac.descriptor_bus = UINT16_MAX;
            wiring->sync.width_cycles = 0;
            wiring->dmac.source_slice = number % 3 == 1;
            wiring->dmac.destination_slice = number % 5 == 1;
            wiring->dmac.errata = number % 7 ? ADI_SILICON : ADI_NONE;
            wiring->dmac.general = i;
        }
        bench_run(bench, 0);
        bench_run(other, 0);
        ck_assert_msg(bench->hash == other->hash && bench->end == other->end, "case %u", number);
        ck_assert_uint_eq(bench->errata, other->errata);
        free(bench);
        free(other);
    }
}
END_TEST

/* Bytes of transfer i, row by row, that are not where they should be. */
static unsigned wrong_bytes(const struct bench *bench, const struct work *work, unsigned i,
                            const uint8_t *before)
{
    unsigned wrong = 0;
    for (uint32_t row = 0; row <= work->y[i]; row++)
        for (uint32_t x = 0; x <= work->x[i]; x++)
            wrong +=
                bench->memory[DESTINATION + SPAN * i + row * work->destination_stride[i] + x] !=
                before[SOURCE + SPAN * i + row * work->source_stride[i] + x];
    return wrong;
}

START_TEST(the_mended_circuit_finishes_and_keeps_the_rules)
{
    for (unsigned number = 0; number < CASES; number++) {
        struct work work;
        struct bench *bench = random_case(number, &work);
        uint8_t *before = malloc(sizeof bench->memory);
        memcpy(before, bench->memory, sizeof bench->memory);
        bench->wiring.dmac.errata = ADI_NONE;
        bench->look_at_stream = true;
        bench_run(bench, 0);
        ck_assert_msg(!bench->timed_out, "case %u hangs", number);
        ck_assert_msg(bench->counts.completions == (work.chain ? 1 : work.transfers),
                      "case %u: %u completions", number, (unsigned)bench->counts.completions);
        ck_assert_msg(bench->transfers == bench->counts.completions, "case %u: %u told", number,
                      (unsigned)bench->transfers);
        uint64_t bytes = 0;
        for (unsigned i = 0; i < work.transfers; i++)
            bytes += (uint64_t)(work.x[i] + 1) * (work.y[i] + 1);
        ck_assert_msg(work.early || bench->transfer_bytes == bytes, "case %u: %u bytes told",
                      number, (unsigned)bench->transfer_bytes);
        ck_assert_uint_eq(bench->errata, 0);
        ck_assert_msg(!bench->wrong_last, "case %u: WLAST", number);
        ck_assert_msg(bench->broken == 0, "case %u: TVALID", number);
        const struct adi_dmac_config *dmac = &bench->wiring.dmac;
        if (dmac->source_type == ADI_MEMORY && dmac->destination_type == ADI_MEMORY)
            for (unsigned i = 0; i < work.transfers; i++)
                ck_assert_msg(wrong_bytes(bench, &work, i, before) == 0, "case %u: bytes", number);
        free(before);
        free(bench);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("adi_random");
    TCase *tcase = tcase_create("random");
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, every_mode_and_form_gives_the_same_events);
    tcase_add_test(tcase, lean_form_equals_the_general_one);
    tcase_add_test(tcase, the_mended_circuit_finishes_and_keeps_the_rules);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
