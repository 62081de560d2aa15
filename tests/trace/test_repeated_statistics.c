/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copies by an ADI AXI DMAC whose statistics and transfers are written while periods pass at once: the same
 * bytes as when every cycle is stepped.
 */
#include "fixture.h"

#include "kernel/random.h"
#include "scenario/scenario.h"

enum { OVERRIDES_MAX = 16, PRINTED_MAX = 1 << 14 };

#define CLOCKS "clocks:\n  aclk: {frequency: 100 MHz}\n"

/* One memory, transfers one behind the other. */
static const char sequence[] =
    "name: one\nstop: 1 ms\n" CLOCKS "buses:\n"
    "  lite: {type: axi, clock: aclk, width: 32, lite: true}\n"
    "  axi: {type: axi, clock: aclk, width: 64}\n"
    "controllers:\n"
    "  dma: {type: 'adi,axi-dmac', bus: lite, base: 0x40000000, source_bus: axi,"
    " destination_bus: axi}\n"
    "masters:\n"
    "  host: {type: adi-sequence, bus: lite, controller: dma, irq_mask: 0, transfers: 3,"
    " length: 64 KiB, step: 0, source: 0x10000, destination: 0x80000}\n"
    "memories:\n"
    "  memory: {type: axi-memory, bus: axi, size: 1 MiB, fill: xorshift32}\n";

/* Two memories; a CPU calls. */
static const char work[] =
    "name: two\nstop: 2 ms\n" CLOCKS "buses:\n"
    "  registers: {type: axi, clock: aclk, width: 32}\n"
    "  in: {type: axi, clock: aclk, width: 64}\n"
    "  out: {type: axi, clock: aclk, width: 64}\n"
    "cpus:\n  cpu: {bus: registers}\n"
    "controllers:\n"
    "  dma: {type: 'adi,axi-dmac', bus: registers, base: 0x40000000, source_bus: in,"
    " destination_bus: out, interrupt: cpu}\n"
    "memories:\n"
    "  from: {type: axi-memory, bus: in, size: 256 KiB, fill: xorshift32}\n"
    "  to: {type: axi-memory, bus: out, size: 256 KiB}\n"
    "work:\n"
    "  - memcpy: {name: a, from: from, to: to, bytes: 64 KiB}\n"
    "  - memcpy: {name: b, from: from + 0x100, to: to + 0x10000, bytes: 100_000, after: a}\n"
    "  - memcpy: {name: c, from: from, to: to + 0x8000, bytes: 20_000, after: b}\n";

struct outcome {
    char *summary, *transfers;
    char printed[PRINTED_MAX];
    sim_cycle repeated;
};

struct variant {
    const char *text;
    const char *overrides[OVERRIDES_MAX];
    size_t count;
    bool vcd;
    unsigned rows;    /* of transfers.csv, at least */
    sim_time look_ps; /* the run pauses here */
};

static void refused(void *context, const struct dmasim_error *error)
{
    (void)context;
    ck_abort_msg("%s", error->text);
}

static void print_to(struct trace *trace, char *text)
{
    FILE *to = fmemopen(text, PRINTED_MAX - 1, "w");
    ck_assert_ptr_nonnull(to);
    trace_print(trace, to);
    fclose(to);
}

static void run_variant(const struct variant *variant, unsigned flags, struct outcome *out)
{
    const struct scenario_options options = {
        .overrides = variant->overrides, .override_count = variant->count, .report = refused};
    const struct trace_options traces = {.transfers = true, .summary = true, .vcd = variant->vcd};
    const sim_time end_ps = 900000000;
    struct bench bench; /* for its folder */
    struct scenario *scenario;
    struct trace *trace;
    struct system system;
    struct dmasim_error error = {0};
    bench_init(&bench);
    memset(out, 0, sizeof *out);
    ck_assert_int_eq(scenario_load_text(variant->text, strlen(variant->text), "t.yaml", NULL,
                                        &options, &scenario),
                     DMASIM_OK);
    ck_assert_int_eq(
        system_create(&system, scenario_plan(scenario), flags, scenario_check(scenario)),
        DMASIM_OK);
    const int code = trace_open(&trace, &system, &traces, bench.dir, &error);
    ck_assert_msg(code == DMASIM_OK, "%s", error.text);
    kernel_advance(&system.kernel, variant->look_ps, false);
    kernel_advance(&system.kernel, end_ps, false);
    out->repeated = system.kernel.clocks->repeated;
    ck_assert_int_eq(trace_close(trace, end_ps, &error), DMASIM_OK);
    print_to(trace, out->printed);
    trace_free(trace);
    out->summary = bench_read(&bench, "summary.csv");
    out->transfers = bench_read(&bench, "transfers.csv");
    system_free(&system);
    scenario_free(scenario);
    bench_done(&bench);
}

static unsigned rows_of(const char *text)
{
    unsigned rows = 0;
    while ((text = strchr(text, '\n')) && *++text)
        rows++;
    return rows;
}

/* Cycles that passed at once. */
static sim_cycle check_variant(const struct variant *variant)
{
    struct outcome *outcomes = calloc(2, sizeof *outcomes);
    run_variant(variant, 0, &outcomes[0]);
    run_variant(variant, KERNEL_EVERY_CYCLE, &outcomes[1]);
    ck_assert_str_eq(outcomes[0].summary, outcomes[1].summary);
    ck_assert_str_eq(outcomes[0].transfers, outcomes[1].transfers);
    ck_assert_str_eq(outcomes[0].printed, outcomes[1].printed);
    ck_assert_uint_ge(rows_of(outcomes[0].transfers), variant->rows);
    ck_assert_uint_eq(outcomes[1].repeated, 0);
    const sim_cycle repeated = outcomes[0].repeated;
    for (unsigned i = 0; i < 2; i++) {
        free(outcomes[i].summary);
        free(outcomes[i].transfers);
    }
    free(outcomes);
    return repeated;
}

START_TEST(transfers_of_a_sequence_are_counted_as_cycle_by_cycle)
{
    const struct variant variant = {.text = sequence, .rows = 3};
    ck_assert_uint_gt(check_variant(&variant), 3 * 7000); /* of 3 * 8192 */
}
END_TEST

START_TEST(calls_of_a_cpu_are_counted_as_cycle_by_cycle)
{
    const struct variant variant = {.text = work, .rows = 3};
    ck_assert_uint_gt(check_variant(&variant), 15000); /* of 23192 */
}
END_TEST

START_TEST(with_a_vcd_all_witnesses_go_on_together)
{
    const struct variant variant = {.text = sequence, .vcd = true, .rows = 3};
    ck_assert_uint_gt(check_variant(&variant), 3 * 7000);
}
END_TEST

/* Lengths, latencies, limits of what is outstanding, bursts and the burst memory; looked at in the middle. */
START_TEST(any_period_is_counted_as_cycle_by_cycle)
{
    enum { CASES = 60, TEXT = 64 };
    struct random random = random_seeded(3);
    char(*texts)[TEXT] = calloc(OVERRIDES_MAX, sizeof *texts);
    unsigned repeated = 0;
    for (unsigned i = 0; i < CASES; i++) {
        struct variant variant = {.text = i & 1 ? work : sequence, .vcd = i % 5 == 0};
        static const char *const memories[2][2] = {{"memory", "memory"}, {"from", "to"}};
        const char *const *memory = memories[i & 1];
        size_t n = 0;
        snprintf(texts[n++], TEXT, "memories.%s.read_latency=%u", memory[0],
                 (unsigned)(1 + random_below(&random, 100)));
        snprintf(texts[n++], TEXT, "memories.%s.write_latency=%u", memory[1],
                 (unsigned)(1 + random_below(&random, 100)));
        snprintf(texts[n++], TEXT, "memories.%s.read_max=%u", memory[0],
                 (unsigned)(1 + random_below(&random, 9)));
        snprintf(texts[n++], TEXT, "memories.%s.write_max=%u", memory[1],
                 (unsigned)(1 + random_below(&random, 9)));
        snprintf(texts[n++], TEXT, "controllers.dma.fifo_size=%u", 2u << random_below(&random, 4));
        snprintf(texts[n++], TEXT, "controllers.dma.max_bytes_per_burst=%u",
                 64u << random_below(&random, 3));
        snprintf(texts[n++], TEXT, "controllers.dma.destination_slice=%s",
                 random_below(&random, 2) ? "true" : "false");
        if (!(i & 1)) {
            snprintf(texts[n++], TEXT, "masters.host.length=%u",
                     (unsigned)(8 * (1 + random_below(&random, 12000))));
            snprintf(texts[n++], TEXT, "masters.host.irq_mask=%u",
                     (unsigned)random_below(&random, 2));
        }
        for (variant.count = 0; variant.count < n; variant.count++)
            variant.overrides[variant.count] = texts[variant.count];
        variant.look_ps = 10000 * (sim_time)random_below(&random, 20000);
        repeated += check_variant(&variant) > 0;
    }
    ck_assert_uint_gt(repeated, CASES / 2);
    free(texts);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        transfers_of_a_sequence_are_counted_as_cycle_by_cycle,
        calls_of_a_cpu_are_counted_as_cycle_by_cycle,
        with_a_vcd_all_witnesses_go_on_together,
        any_period_is_counted_as_cycle_by_cycle,
    };
    return bench_run("repeated_statistics", tests, COUNT(tests));
}
