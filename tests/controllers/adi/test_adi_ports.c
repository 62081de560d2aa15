/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Closed forms of the ADI AXI DMAC's other ports, over random parameters beyond the recordings. Source:
 * traces/golden/adi_axi_dmac_ports/README.md and docs/controllers/axi-dmac.md.
 */
#include <check.h>

#include "adi_bench.h"
#include "suite.h"

#define CASES 60
#define CHAIN 0x100000u

static void submit(struct bench *bench, uint32_t bytes)
{
    bench_script(bench, "W 80 1;W 400 1;W 410 80000;W 414 10000;W 418 %x;W 40c 2;W 408 1;T 1;Q;I 8",
                 bytes - 1);
}

/* Strobe of the last write of TRANSFER_SUBMIT: the request waits one cycle later. */
static sim_cycle strobe(const struct bench *bench)
{
    return bench_cycle(bench, "req_valid", 0) - 1;
}

START_TEST(a_descriptor_costs_nine_cycles_and_its_latency)
{
    struct random random = random_seeded(1);
    for (unsigned i = 0; i < CASES; i++) {
        const uint32_t latency = 1 + random_below(&random, 60), sg = 1 + random_below(&random, 60);
        const uint32_t bytes = 64 * (1 + random_below(&random, 4));
        struct bench *plain = bench_new(), *chain = bench_new();
        plain->wiring.memory.read_latency_cycles = chain->wiring.memory.read_latency_cycles =
            latency;
        submit(plain, bytes);
        bench_run(plain, 0);
        chain->wiring.dmac.descriptor_bus = 3;
        chain->wiring.descriptors.read_latency_cycles = sg;
        bench_descriptor(chain, CHAIN, 3, 7, 0x80000, 0x10000, 0, 0, bytes - 1, 0, 0);
        bench_script(chain, "W 80 1;W 400 5;W 47c %x;W 40c 2;W 408 1;T 1;Q;I 8", CHAIN);
        bench_run(chain, 0);
        const sim_cycle t = strobe(chain);
        ck_assert_uint_eq(bench_cycle(chain, "sg_req", 0), t + 1);
        ck_assert_uint_eq(bench_cycle(chain, "SG_AR", 0), t + 3);
        ck_assert_uint_eq(bench_cycle(chain, "sg_out", 0), t + 10 + sg);
        ck_assert_uint_eq(bench_cycle(chain, "AR", 0), t + 14 + sg);
        ck_assert_uint_eq(bench_cycle(chain, "IRQ_RISE", 0) - t,
                          bench_cycle(plain, "IRQ_RISE", 0) - strobe(plain) + 9 + sg);
        free(plain);
        free(chain);
    }
}
END_TEST

START_TEST(a_chain_is_fetched_by_the_rule_of_three_terms)
{
    struct random random = random_seeded(2);
    for (unsigned i = 0; i < CASES; i++) {
        struct bench *bench = bench_new();
        bench->wiring.dmac.descriptor_bus = 3;
        bench->wiring.memory.read_latency_cycles = 1 + random_below(&random, 40);
        bench->wiring.descriptors.read_latency_cycles = 1 + random_below(&random, 40);
        bench->wiring.memory.write_latency_cycles = 1 + random_below(&random, 40);
        const unsigned count = 2 + random_below(&random, 14);
        for (unsigned k = 0; k < count; k++)
            bench_descriptor(bench, CHAIN + 64 * k, k + 1 == count ? 3 : 0, k, 0x80000 + 0x400 * k,
                             0x10000 + 0x400 * k, CHAIN + 64 * (k + 1), 0,
                             128 * (1 + random_below(&random, 5)) - 1, 0, 0);
        bench_script(bench, "W 80 1;W 400 5;W 47c %x;W 40c 2;W 408 1;T 1;Q;I 8", CHAIN);
        bench_run(bench, 0);
        ck_assert(!bench->timed_out);
        /* Ends of requests: dresp with last. */
        sim_cycle ends[16];
        unsigned end_count = 0;
        for (unsigned e = 0; e < bench->event_count && end_count < 16; e++)
            if (strcmp(bench->events[e].event.event, "dresp") == 0 && bench->events[e].event.last)
                ends[end_count++] = bench->events[e].cycle;
        for (unsigned k = 1; k < count; k++) {
            sim_cycle expected = bench_cycle(bench, "SG_R", 6 * k - 1) + 2;
            if (k >= 2 && bench_cycle(bench, "sg_out", k - 2) + 1 > expected)
                expected = bench_cycle(bench, "sg_out", k - 2) + 1;
            if (k >= 5 && ends[k - 5] + 2 > expected)
                expected = ends[k - 5] + 2;
            ck_assert_uint_eq(bench_cycle(bench, "SG_AR", k), expected);
        }
        free(bench);
    }
}
END_TEST

START_TEST(a_stream_destination_starts_three_cycles_behind_its_burst)
{
    struct random random = random_seeded(3);
    for (unsigned i = 0; i < CASES; i++) {
        struct bench *bench = bench_new();
        const uint32_t beats = 1 + random_below(&random, 16);
        bench->wiring.dmac.destination_type = ADI_STREAM;
        bench->wiring.memory.read_latency_cycles = 1 + random_below(&random, 60);
        submit(bench, 8 * beats);
        bench_run(bench, 0);
        ck_assert_uint_eq(bench_cycle(bench, "M_XFER_RISE", 0), strobe(bench) + 5);
        ck_assert_uint_eq(bench_cycle(bench, "M", 0), bench_cycle(bench, "R", beats - 1) + 3);
        const sim_cycle last = bench_cycle(bench, "M", beats - 1);
        ck_assert_uint_eq(last, bench_cycle(bench, "M", 0) + beats - 1);
        ck_assert_uint_eq(bench_cycle(bench, "dresp", 0), last + 4);
        ck_assert_uint_eq(bench_cycle(bench, "IRQ_RISE", 0), last + 6);
        ck_assert_uint_eq(bench_cycle(bench, "M_XFER_FALL", 0), last + 1);
        free(bench);
    }
}
END_TEST

START_TEST(a_stream_source_takes_its_first_beat_six_cycles_behind_the_submit)
{
    struct random random = random_seeded(4);
    for (unsigned i = 0; i < CASES; i++) {
        struct bench *bench = bench_new();
        const uint32_t beats = 1 + random_below(&random, 16);
        bench->wiring.dmac.source_type = ADI_STREAM;
        bench->wiring.memory.write_latency_cycles = 1 + random_below(&random, 60);
        submit(bench, 8 * beats);
        bench_run(bench, 0);
        ck_assert_uint_eq(bench_cycle(bench, "S", 0), strobe(bench) + 6);
        const sim_cycle last = bench_cycle(bench, "S", beats - 1);
        ck_assert_uint_eq(bench_cycle(bench, "AW", 0), last + 4);
        ck_assert_uint_eq(bench_cycle(bench, "W", 0), last + 7);
        ck_assert_uint_eq(bench_cycle(bench, "resp", 0), bench_cycle(bench, "B", 0) + 3);
        ck_assert_uint_eq(bench_cycle(bench, "IRQ_RISE", 0), bench_cycle(bench, "B", 0) + 5);
        free(bench);
    }
}
END_TEST

/* In silicon an earlier row's answer ends the transfer; see the list of errata. */
START_TEST(rows_end_once_when_mended)
{
    for (unsigned mended = 0; mended < 2; mended++) {
        struct bench *bench = bench_new();
        bench->wiring.dmac.two_d = true;
        bench->wiring.dmac.errata = mended ? ADI_NONE : ADI_SILICON;
        bench->wiring.memory.write_latency_cycles = 400;
        bench_script(bench, "W 80 1;W 400 1;W 410 80000;W 414 10000;W 418 3f;W 41c f;W 420 40;"
                            "W 424 200;W 40c 2;W 408 1;T 1;I 1500");
        bench_run(bench, 0);
        ck_assert_uint_eq(bench->counts.completions, mended ? 1 : 4);
        ck_assert_uint_eq(bench->errata, mended ? 0 : 1u << ADI_ERRATUM_ROW_TABLE);
        free(bench);
    }
}
END_TEST

START_TEST(a_pause_forgets_a_chain_unless_mended)
{
    for (unsigned mended = 0; mended < 2; mended++) {
        struct bench *bench = bench_new();
        bench->wiring.dmac.descriptor_bus = 3;
        bench->wiring.dmac.errata = mended ? ADI_NONE : ADI_SILICON;
        for (unsigned k = 0; k < 8; k++)
            bench_descriptor(bench, CHAIN + 64 * k, k == 7 ? 3 : 0, k, 0x80000 + 0x400 * k,
                             0x10000 + 0x400 * k, CHAIN + 64 * (k + 1), 0, 0x3ff, 0, 0);
        bench_script(bench,
                     "W 80 1;W 400 5;W 47c %x;W 40c 0;W 408 1;I 50;W 400 7;I 300;W 400 5;I 2000",
                     CHAIN);
        bench_run(bench, 0);
        ck_assert_uint_eq(bench->counts.completions, mended);
        ck_assert_uint_eq(bench->errata, mended ? 0 : 1u << ADI_ERRATUM_PAUSED_CHAIN);
        free(bench);
    }
}
END_TEST

static void count_failures(struct check *check, const struct component *component,
                           const char *parameter, const char *format, ...)
{
    (void)component, (void)parameter, (void)format;
    check->failures++;
}

static uint32_t failures(const struct adi_ports_case *wiring)
{
    struct check check = {.fail = count_failures};
    adi_dmac_type.check(&wiring->plan, &wiring->controller, &check);
    return check.failures;
}

/* At a stream it would lose beats: the model has none there. */
START_TEST(a_slice_is_at_a_memory_only)
{
    for (unsigned side = 0; side < 2; side++)
        for (unsigned type = ADI_MEMORY; type <= ADI_FIFO; type++) {
            struct adi_ports_case wiring;
            adi_ports_case_init(&wiring);
            *(side ? &wiring.dmac.destination_type : &wiring.dmac.source_type) = (uint8_t)type;
            adi_ports_case_wire(&wiring);
            ck_assert_uint_eq(failures(&wiring), 0);
            *(side ? &wiring.dmac.destination_slice : &wiring.dmac.source_slice) = true;
            ck_assert_uint_eq(failures(&wiring), type != ADI_MEMORY);
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("adi_ports");
    TCase *tcase = tcase_create("closed forms");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, a_descriptor_costs_nine_cycles_and_its_latency);
    tcase_add_test(tcase, a_chain_is_fetched_by_the_rule_of_three_terms);
    tcase_add_test(tcase, a_stream_destination_starts_three_cycles_behind_its_burst);
    tcase_add_test(tcase, a_stream_source_takes_its_first_beat_six_cycles_behind_the_submit);
    tcase_add_test(tcase, rows_end_once_when_mended);
    tcase_add_test(tcase, a_pause_forgets_a_chain_unless_mended);
    tcase_add_test(tcase, a_slice_is_at_a_memory_only);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
