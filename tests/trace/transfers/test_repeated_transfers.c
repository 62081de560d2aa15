/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copies by an ADI AXI DMAC whose transfers and figures are written while periods pass at once: the same
 * bytes as when every cycle is stepped.
 */
#include "trace_fixture.h"

#include "controllers/adi/adi_dmac_state.h"
#include "kernel/random.h"
#include "kernel/repeat.h"
#include "scenario/scenario.h"

enum { OVERRIDES_MAX = 16, PRINTED_MAX = 1 << 14 };

#define CLOCKS "clocks:\n  aclk: {frequency: 100 MHz}\n"

/* One memory, transfers one after the other. */
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
    uint64_t hash; /* of the beats heard from `look_ps` on */
    uint64_t open; /* of the transfers under way at `look_ps` */
    char printed[PRINTED_MAX];
    sim_cycle repeated;
};

struct variant {
    const char *text;
    const char *overrides[OVERRIDES_MAX];
    size_t count;
    bool vcd;
    bool listens;     /* somebody hears the beats from `look_ps` on */
    unsigned rows;    /* of transfers.csv, at least */
    sim_time look_ps; /* the run pauses here */
};

struct listener {
    struct probe_observer observer;
    uint64_t *hash;
};

static void mix(uint64_t *hash, uint64_t value)
{
    *hash = (*hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    *hash ^= *hash >> 29;
}

static void listen(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                   const void *record)
{
    uint64_t *hash = ((struct listener *)observer)->hash;
    mix(hash, now);
    for (size_t i = 0; i < probe->type->field_count; i++)
        if (probe->type->fields[i].radix != PROBE_TEXT)
            mix(hash, probe_value(&probe->type->fields[i], record));
}

static uint64_t hash_transfers(const struct system *system)
{
    const struct adi_dmac *dma = system->plan->components[SECTION_CONTROLLERS][0].instance;
    const struct adi_follow *follow = &dma->follow;
    uint64_t hash = 0;
    for (uint32_t i = follow->ended; i != follow->accepted; i++) {
        const struct adi_transfer *transfer = &follow->queue[i % ADI_TRANSFERS];
        mix(&hash, transfer->bytes);
        mix(&hash, transfer->beats.data);
        mix(&hash, transfer->beats.first_ps);
        mix(&hash, transfer->beats.last_ps);
    }
    return hash;
}

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

static void run_variant(const struct variant *variant, unsigned flags, bool transfers,
                        struct outcome *out)
{
    const struct scenario_options options = {
        .overrides = variant->overrides, .override_count = variant->count, .report = refused};
    const struct trace_options traces = {
        .transfers = transfers, .summary = true, .vcd = transfers && variant->vcd};
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
    struct scenario_check check;
    scenario_check_start(&check, scenario);
    ck_assert_int_eq(system_create(&system, scenario_plan(scenario), flags, &check.check),
                     DMASIM_OK);
    const int code = trace_open(&trace, &system, &traces, bench.dir, &error);
    ck_assert_msg(code == DMASIM_OK, "%s", error.text);
    kernel_advance(&system.kernel, variant->look_ps, 0);
    out->open = hash_transfers(&system);
    struct listener listeners[8];
    size_t count = 0;
    for (struct probe *probe = system.probes; variant->listens && probe; probe = probe->link)
        if (probe->type == &bus_beat_probe_type || probe->type == &dma_beat_probe_type) {
            listeners[count] = (struct listener){{.notify = listen}, &out->hash};
            probe_observe(probe, &listeners[count++].observer);
        }
    kernel_advance(&system.kernel, end_ps, 0);
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

/* Cycles that passed at once. The summary alone, whose counting follows no beat, is the same too. */
static sim_cycle check_variant(const struct variant *variant)
{
    struct outcome *outcomes = calloc(3, sizeof *outcomes);
    run_variant(variant, 0, true, &outcomes[0]);
    run_variant(variant, KERNEL_EVERY_CYCLE, true, &outcomes[1]);
    run_variant(variant, 0, false, &outcomes[2]);
    ck_assert_str_eq(outcomes[0].summary, outcomes[1].summary);
    ck_assert_str_eq(outcomes[2].summary, outcomes[1].summary);
    ck_assert(outcomes[2].repeated >= outcomes[0].repeated || variant->listens);
    ck_assert_str_eq(outcomes[0].transfers, outcomes[1].transfers);
    ck_assert_str_eq(outcomes[0].printed, outcomes[1].printed);
    ck_assert_uint_ge(rows_of(outcomes[0].transfers), variant->rows);
    ck_assert_uint_eq(outcomes[1].repeated, 0);
    ck_assert_uint_eq(outcomes[0].open, outcomes[1].open);
    ck_assert_uint_eq(outcomes[0].hash, outcomes[1].hash);
    ck_assert(variant->listens == (outcomes[0].hash != 0));
    const sim_cycle repeated = outcomes[0].repeated;
    for (unsigned i = 0; i < 3; i++) {
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

/* What is kept while beats are observed has gone on too: addresses, first cycles of bursts. */
START_TEST(beats_behind_a_pass_are_those_of_cycles)
{
    struct random random = random_seeded(4);
    for (unsigned i = 0; i < 12; i++) {
        struct variant variant = {.text = i & 1 ? work : sequence, .listens = true};
        variant.look_ps = 10000 * (sim_time)(4000 + random_below(&random, 3000));
        variant.overrides[variant.count++] =
            i & 1 ? "memories.from.read_latency=30" : "memories.memory.read_latency=30";
        if (i & 2) { /* addresses wait */
            variant.overrides[variant.count++] =
                i & 1 ? "memories.from.read_max=3" : "memories.memory.read_max=3";
            variant.overrides[variant.count++] =
                i & 1 ? "memories.to.write_max=1" : "memories.memory.write_max=1";
        }
        ck_assert_uint_gt(check_variant(&variant), 1000);
    }
}
END_TEST

/* Ids in flight after a pass have had another owner before: the ring of ids is larger than what was stepped. */
START_TEST(beats_behind_a_pass_are_of_their_own_transfer)
{
    static const char *const limits[] = {"1", "2", "8", "64"};
    for (size_t i = 0; i < COUNT(limits); i++) {
        char text[64];
        snprintf(text, sizeof text, "memories.memory.read_max=%s", limits[i]);
        const struct variant variant = {
            .text = sequence, .overrides = {"controllers.dma.fifo_size=64", text}, .count = 2};
        ck_assert_uint_gt(check_variant(&variant), 1000);
    }
}
END_TEST

/* A burst at a time, so that there are cycles without a beat: the last one lies where it should. */
START_TEST(transfers_under_way_are_those_of_cycles)
{
    for (sim_cycle cycle = 5000; cycle < 5140; cycle += 3) {
        const struct variant variant = {
            .text = sequence,
            .overrides = {"memories.memory.read_latency=100", "memories.memory.read_max=1",
                          "masters.host.transfers=1", "masters.host.length=8KiB"},
            .count = 4,
            .look_ps = 10000 * cycle};
        check_variant(&variant);
    }
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
        snprintf(texts[n++], TEXT, "controllers.dma.fifo_size=%u", 2u << random_below(&random, 6));
        snprintf(texts[n++], TEXT, "controllers.dma.max_bytes_per_burst=%u",
                 64u << random_below(&random, 3));
        snprintf(texts[n++], TEXT, "controllers.dma.destination_slice=%s",
                 random_below(&random, 2) ? "true" : "false");
        if (!(i & 1)) {
            snprintf(texts[n++], TEXT, "masters.host.length=%u",
                     (unsigned)(8 * (1 + random_below(&random, 12000))));
            snprintf(texts[n++], TEXT, "masters.host.irq_mask=%u",
                     (unsigned)random_below(&random, 2));
            if (random_below(&random, 4) == 0)
                snprintf(texts[n++], TEXT, "masters.host.%s_at=%u", i & 2 ? "pause" : "abort",
                         (unsigned)(3000 + random_below(&random, 4000)));
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

/* ---- periods by hand ------------------------------------------------------------------------- */

enum { PERIOD = 1000, PERIODS = 9 }; /* cycles; periods of a run */

enum extra { NOTHING, LEVELS, ACCESSES, TRANSFER };

struct hand {
    struct bench bench;
    struct probe *beats, *interrupt, *transfer, *access;
    struct trace *trace;
    unsigned beats_in_period;
    enum extra extra;
};

static void hand_open(struct hand *self, unsigned beats, enum extra extra)
{
    struct bench *bench = &self->bench;
    bench_init(bench);
    self->beats_in_period = beats;
    self->extra = extra;
    self->beats = bench_probe(bench, "dma", &dma_beat_probe_type, 0, NULL);
    self->interrupt = bench_probe(bench, "irq", &interrupt_probe_type, 0, NULL);
    self->transfer = bench_probe(bench, "call", &transfer_probe_type, 0, NULL);
    self->access = bench_probe(bench, "cpu", &cpu_access_probe_type, 0, NULL);
    self->trace = bench_open(bench, (struct trace_options){.transfers = true});
}

static void transfer(struct hand *self, sim_cycle now, uint64_t bytes, sim_cycle issue)
{
    probe_publish(self->transfer, now,
                  &(struct transfer_record){.name = "t",
                                            .controller = "dma",
                                            .channel = 1,
                                            .bytes = bytes,
                                            .submit_ps = clock_time(self->transfer->clock, issue),
                                            .issue_ps = clock_time(self->transfer->clock, issue),
                                            .interrupt_ps = SIM_NEVER,
                                            .callback_ps = clock_time(self->transfer->clock, now),
                                            .status = "complete"});
}

static void extra(struct hand *self, sim_cycle now)
{
    switch (self->extra) {
    case LEVELS:
        probe_publish(self->interrupt, now, &(struct interrupt_record){.level = 1});
        probe_publish(self->interrupt, now + 1, &(struct interrupt_record){.level = 0});
        break;
    case ACCESSES:
        probe_publish(self->access, now,
                      &(struct cpu_access_record){.write = 1, .error = 1, .stall_cycles = 3});
        break;
    case TRANSFER:
        transfer(self, now, 4, now - 10);
        break;
    default:
        break;
    }
}

/* Beats of two channels, of every purpose, some failed. */
static void period(struct hand *self, unsigned number)
{
    const sim_cycle begin = (sim_cycle)number * PERIOD;
    for (unsigned i = 0; i < self->beats_in_period; i++) {
        const sim_cycle now = begin + i * (PERIOD - 20) / self->beats_in_period + 1;
        const struct dma_beat_record beat = {.controller = "dma",
                                             .channel = i % 3 != 0,
                                             .purpose = (uint8_t)(i % 7 % 4),
                                             .bytes = (uint8_t)(1 + i % 5),
                                             .error = i % 11 == 10};
        probe_publish(self->beats, now, &beat);
    }
    extra(self, begin + PERIOD - 10);
}

static bool all_hear(struct hand *self, unsigned part, unsigned number)
{
    bool good = true;
    for (struct repeat_witness *w = self->bench.system.kernel.witnesses; w; w = w->next)
        good &= w->hear(w, part, clock_time(self->beats->clock, (sim_cycle)number * PERIOD));
    return good;
}

static void hand_close(struct hand *self, struct outcome *out)
{
    const sim_cycle end = (sim_cycle)PERIODS * PERIOD;
    transfer(self, end + 1, (uint64_t)self->beats_in_period, 3 * PERIOD);
    transfer(self, end + 2, 4 * (uint64_t)self->beats_in_period / 5, end - PERIOD / 2);
    bench_close(self->trace, clock_time(self->beats->clock, end + 5));
    memset(out, 0, sizeof *out);
    out->transfers = bench_read(&self->bench, "transfers.csv");
    bench_done(&self->bench);
}

/* False if some witness wants to hear everything. If not, it has heard two of PERIODS. */
static bool check_periods(unsigned beats, enum extra extra_kind)
{
    struct hand *hand = calloc(1, sizeof *hand);
    struct outcome *outcomes = calloc(2, sizeof *outcomes);
    hand_open(hand, beats, extra_kind);
    for (unsigned i = 0; i < PERIODS; i++)
        period(hand, i);
    hand_close(hand, &outcomes[0]);

    memset(hand, 0, sizeof *hand);
    hand_open(hand, beats, extra_kind);
    period(hand, 0);
    all_hear(hand, 0, 1);
    period(hand, 1);
    all_hear(hand, 1, 2);
    period(hand, 2);
    const bool heard = all_hear(hand, 2, 3);
    for (struct repeat_witness *w = hand->bench.system.kernel.witnesses; heard && w; w = w->next)
        w->pass(w, PERIODS - 4);
    for (unsigned i = heard ? PERIODS - 1 : 3; i < PERIODS; i++)
        period(hand, i);
    hand_close(hand, &outcomes[1]);
    ck_assert_ptr_nonnull(outcomes[0].transfers);
    ck_assert_str_eq(outcomes[0].transfers, outcomes[1].transfers);
    for (unsigned i = 0; i < 2; i++)
        free(outcomes[i].transfers);
    free(outcomes);
    free(hand);
    return heard;
}

/* Fewer beats than are remembered, some that fill them in a few periods, more. */
START_TEST(beats_go_on_as_far_as_they_are_remembered)
{
    static const unsigned beats[] = {1, 2, 10, 100, 900, 1500, 4096, 6144, 7000, 20000};
    for (size_t i = 0; i < COUNT(beats); i++)
        ck_assert(check_periods(beats[i], NOTHING));
}
END_TEST

START_TEST(transfers_and_accesses_are_heard)
{
    ck_assert(!check_periods(100, TRANSFER));
    ck_assert(!check_periods(100, ACCESSES));
    ck_assert(check_periods(100, LEVELS));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        transfers_of_a_sequence_are_counted_as_cycle_by_cycle,
        calls_of_a_cpu_are_counted_as_cycle_by_cycle,
        with_a_vcd_all_witnesses_go_on_together,
        beats_behind_a_pass_are_those_of_cycles,
        beats_behind_a_pass_are_of_their_own_transfer,
        transfers_under_way_are_those_of_cycles,
        any_period_is_counted_as_cycle_by_cycle,
        beats_go_on_as_far_as_they_are_remembered,
        transfers_and_accesses_are_heard,
    };
    return bench_run("repeated_transfers", tests, COUNT(tests));
}
