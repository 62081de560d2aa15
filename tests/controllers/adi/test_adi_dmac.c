/* SPDX-License-Identifier: BSD-2-Clause */
/* ADI AXI DMAC: closed forms, bytes and standing properties over random parameters; registers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "controllers/adi/adi_dmac_watch.h"
#include "kernel/random.h"
#include "referee/adi_case.h"
#include "suite.h"
#include "system.h"

#ifdef NDEBUG
#define SHARE 1
#else
#define SHARE 8 /* with sanitizers a part of it will do */
#endif

#define CYCLES_MAX 200000
#define QUIET_CYCLES                                                                               \
    2000 /* a mode that goes on after the last event of another shows within these */

/* Where the cases lie: memories no larger than what is copied, as filling them is most of a short run. */
#define SOURCE 0x8000u
#define DESTINATION 0x10000u
#define MEMORY_BYTES 0x18000u

/* ---- a run and what shows of it -------------------------------------------------------------- */

struct run {
    struct adi_case wiring;
    struct system system;
    struct probe_observer observer;
    sim_cycle submit, interrupt; /* of the first submit strobe; IRQ_RISE; SIM_NEVER: none */
    sim_cycle last_event;
    uint32_t ends; /* responses that end a transfer */
    uint32_t ar, aw;
    uint64_t hash; /* of all events */
};

static void take_event(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                       const void *record)
{
    (void)probe;
    struct run *self = (struct run *)((char *)observer - offsetof(struct run, observer));
    const struct rtl_event_record *event = record;
    if (strcmp(event->event, "up_wreq") == 0 && event->value == ADI_AT_TRANSFER_SUBMIT &&
        self->submit == SIM_NEVER)
        self->submit = now;
    if (strcmp(event->event, "IRQ_RISE") == 0 && self->interrupt == SIM_NEVER)
        self->interrupt = now;
    self->ends += strcmp(event->event, "resp") == 0 && event->last;
    self->ar += strcmp(event->event, "AR") == 0;
    self->aw += strcmp(event->event, "AW") == 0;
    self->last_event = now;
    const uint64_t parts[] = {
        now,         event->value,       event->len,
        event->last, event->valid_since, (uint64_t)event->event[0] << 8 | (uint8_t)event->event[1]};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        self->hash = (self->hash ^ parts[i]) * UINT64_C(0x100000001b3);
}

static void run_open(struct run *self, unsigned flags, bool observed)
{
    struct check check = {.fail = adi_case_fail};
    self->submit = self->interrupt = SIM_NEVER;
    self->hash = UINT64_C(0xcbf29ce484222325);
    self->ends = self->ar = self->aw = 0;
    ck_assert_int_eq(system_create(&self->system, &self->wiring.plan, flags, &check), DMASIM_OK);
    self->observer.notify = take_event;
    self->observer.next = NULL;
    if (observed)
        probe_observe(system_probe(&self->system, "rtl_event", NULL), &self->observer);
}

static void run_until(struct run *self, sim_cycle cycle)
{
    kernel_advance(&self->system.kernel, cycle * ADI_CASE_PERIOD_PS, 0);
}

static void run_close(struct run *self)
{
    system_free(&self->system);
}

static uint8_t *bytes_of(struct run *self)
{
    return store_bytes(system_built(&self->system, &self->wiring.store), NULL);
}

/* What memory should hold at the end. */
static void check_bytes(struct run *self, const uint8_t *before)
{
    const struct adi_sequence_config *sequence = &self->wiring.sequence;
    uint64_t size = self->wiring.memory.size_bytes;
    uint8_t *expected = malloc(size);
    memcpy(expected, before, size);
    for (uint32_t i = 0; i < sequence->transfers; i++) {
        uint64_t skip = (uint64_t)i * sequence->length_bytes;
        memcpy(expected + sequence->destination + skip, before + sequence->source + skip,
               sequence->length_bytes);
    }
    ck_assert_mem_eq(bytes_of(self), expected, size);
    free(expected);
}

/* A case in a small memory. */
static void case_init(struct adi_case *wiring)
{
    adi_case_init(wiring);
    wiring->memory.size_bytes = MEMORY_BYTES;
    wiring->sequence.source = SOURCE;
    wiring->sequence.destination = DESTINATION;
}

static uint32_t pick(struct random *random, uint32_t from, uint32_t to)
{
    return from + random_below(random, to - from + 1);
}

/* ---- closed forms ---------------------------------------------------------------------------- */

/* A transfer of whole bursts, nothing in the way: 13 + Lr + Lb + Bt + T after the submit strobe
 * (traces/golden/adi_axi_dmac/README.md, "Figures"), +1 and +1 with 2D, +2 with both slices. The burst
 * memory must not hold back the reads: N bursts cover the way of one. */
START_TEST(interrupt_comes_when_the_closed_form_says)
{
    struct random random = random_seeded(7);
    struct run *run = calloc(1, sizeof *run);
    for (unsigned i = 0; i < 1500 / SHARE; i++) {
        case_init(&run->wiring);
        struct adi_case *wiring = &run->wiring;
        wiring->data.width_bits = 32u << random_below(&random, 3);
        const uint32_t width = wiring->data.width_bits / 8;
        wiring->dmac.max_bytes_per_burst = width << pick(&random, 3, 6);
        wiring->dmac.fifo_size = 2u << random_below(&random, 5);
        wiring->dmac.two_d = random_below(&random, 4) == 0;
        const bool slices = random_below(&random, 4) == 0;
        wiring->dmac.source_slice = wiring->dmac.destination_slice = slices;
        const uint32_t beats = wiring->dmac.max_bytes_per_burst / width;
        const uint32_t bursts = pick(&random, 1, 24);
        wiring->sequence.length_bytes = bursts * wiring->dmac.max_bytes_per_burst;
        const uint32_t read = pick(&random, 1, 60), write = pick(&random, 1, 60);
        wiring->memory.read_latency_cycles = read;
        wiring->memory.write_latency_cycles = write;
        if (bursts > wiring->dmac.fifo_size &&
            (read + 2 * beats + 5 + 3) / wiring->dmac.fifo_size >= beats)
            continue; /* reads wait for room: the other closed form */
        run_open(run, random_below(&random, 2) ? KERNEL_REVERSED : 0, true);
        run_until(run, 4000 + 40 * (sim_cycle)bursts * beats);
        const sim_cycle expected =
            13 + read + write + beats + bursts * beats + 2 * wiring->dmac.two_d + 2 * slices;
        if (run->aw < wiring->dmac.fifo_size * 2 - 1) /* no id is waited for */
            ck_assert_msg(run->interrupt == run->submit + expected,
                          "case %u: fifo %u burst %u x %u lat %u %u: %llu, expected %llu", i,
                          wiring->dmac.fifo_size, beats, bursts, read, write,
                          (unsigned long long)(run->interrupt - run->submit),
                          (unsigned long long)expected);
        ck_assert_uint_eq(run->ar, bursts);
        ck_assert_uint_eq(run->aw, bursts);
        run_close(run);
    }
    free(run);
}
END_TEST

/* Long transfers: a burst every max(Bt, (Lr + 2 Bt + 5) / N) cycles. */
START_TEST(bursts_follow_at_the_rate_the_closed_form_says)
{
    struct random random = random_seeded(8);
    struct run *run = calloc(1, sizeof *run);
    for (unsigned i = 0; i < 300 / SHARE; i++) {
        sim_cycle took[2];
        case_init(&run->wiring);
        struct adi_case *wiring = &run->wiring;
        wiring->dmac.fifo_size = 2u << random_below(&random, 3);
        wiring->dmac.max_bytes_per_burst = 64u << random_below(&random, 3);
        const uint32_t beats = wiring->dmac.max_bytes_per_burst / 8, n = wiring->dmac.fifo_size;
        const uint32_t read = pick(&random, 1, 150);
        wiring->memory.read_latency_cycles = read;
        wiring->memory.write_latency_cycles = 1;
        for (unsigned j = 0; j < 2; j++) {
            wiring->sequence.length_bytes =
                (j ? 64 : 32) * n * wiring->dmac.max_bytes_per_burst / 8;
            run_open(run, 0, true);
            run_until(run, 60000);
            took[j] = run->interrupt - run->submit;
            run_close(run);
        }
        const uint32_t bursts = 4 * n; /* that the second has more */
        const uint32_t round = read + 2 * beats + 5;
        const uint32_t expected = round > n * beats ? bursts * round / n : bursts * beats;
        ck_assert_msg(took[1] - took[0] == expected,
                      "case %u: fifo %u beats %u lat %u: %llu not %u", i, n, beats, read,
                      (unsigned long long)(took[1] - took[0]), expected);
    }
    free(run);
}
END_TEST

/* ---- anything goes --------------------------------------------------------------------------- */

static void draw_case(struct adi_case *wiring, struct random *random)
{
    case_init(wiring);
    wiring->data.width_bits = 32u << random_below(random, 4);
    const uint32_t width = wiring->data.width_bits / 8;
    wiring->dmac.max_bytes_per_burst = width << pick(random, 1, 7);
    if (wiring->dmac.max_bytes_per_burst > 4096)
        wiring->dmac.max_bytes_per_burst = 4096;
    wiring->dmac.fifo_size = 2u << random_below(random, 5);
    wiring->dmac.source_slice = random_below(random, 3) == 0;
    wiring->dmac.destination_slice = random_below(random, 3) == 0;
    wiring->dmac.two_d = random_below(random, 5) == 0;
    wiring->dmac.errata = ADI_NONE;
    wiring->sequence.length_bytes = pick(random, 1, random_below(random, 2) ? 300 : 6000);
    wiring->sequence.transfers = pick(random, 1, 5);
    wiring->sequence.kind = wiring->dmac.two_d || wiring->sequence.length_bytes % width
                                ? ADI_SEQUENCE_DRIVER
                                : ADI_SEQUENCE_FAST;
    wiring->sequence.irq_mask = wiring->sequence.transfers == 1 && random_below(random, 2);
    if (wiring->sequence.length_bytes % width)
        wiring->sequence.transfers = 1; /* addresses of the others would be cut */
    wiring->memory.read_latency_cycles = pick(random, 1, 40);
    wiring->memory.write_latency_cycles = pick(random, 1, 40);
    wiring->memory.read_max = pick(random, 1, 10);
    wiring->memory.write_max = pick(random, 1, 10);
    wiring->memory.stalls.seed = random_next(random);
    if (random_below(random, 2))
        for (unsigned i = 0; i < AXI_CHANNELS; i++)
            wiring->memory.stalls.percent[i] = random_below(random, 3) ? 0 : pick(random, 1, 90);
    wiring->memory.fill_seed = 1 + random_below(random, 1000000);
}

/* Every mode gives the same events, the same bytes, and those of a memcpy. */
START_TEST(all_modes_agree_and_all_bytes_arrive)
{
    static const struct {
        unsigned flags;
        bool observed;
    } modes[] = {
        {0, true},  {KERNEL_EVERY_CYCLE, true}, {KERNEL_REVERSED, true},
        {0, false}, {KERNEL_REVERSED, false},   {KERNEL_EVERY_CYCLE | KERNEL_REVERSED, false}};
    struct random random = random_seeded(9);
    struct run *run = calloc(1, sizeof *run);
    for (unsigned i = 0; i < 250 / SHARE; i++) {
        const struct random from = random;
        uint64_t hash = 0;
        sim_cycle quiet = 0;
        for (unsigned mode = 0; mode < sizeof modes / sizeof modes[0]; mode++) {
            random = from;
            draw_case(&run->wiring, &random);
            run_open(run, modes[mode].flags, modes[mode].observed);
            uint64_t size;
            uint8_t *now = store_bytes(system_built(&run->system, &run->wiring.store), &size);
            ck_assert_uint_gt(size, 0);
            uint8_t *before = malloc(size);
            memcpy(before, now, size);
            run_until(run, mode == 0 ? CYCLES_MAX : quiet + QUIET_CYCLES);
            check_bytes(run, before);
            free(before);
            if (mode == 0) {
                hash = run->hash;
                quiet = run->last_event;
            }
            if (modes[mode].observed) {
                ck_assert_msg(run->hash == hash, "case %u: mode %u has other events", i, mode);
                ck_assert_uint_eq(run->ends, run->wiring.sequence.transfers);
            }
            ck_assert_uint_lt(quiet, CYCLES_MAX);
            run_close(run);
        }
    }
    free(run);
}
END_TEST

/* Source and destination overlap, so that reads meet writes on their way: looked at in the middle and at
 * the end, memory is the same whether bursts pass as trains or beat by beat. */
START_TEST(trains_cannot_be_told_from_beats)
{
    struct random random = random_seeded(10);
    struct run *run = calloc(2, sizeof *run);
    for (unsigned i = 0; i < 1000 / SHARE; i++) {
        const struct random from = random;
        sim_cycle look = 0;
        for (unsigned mode = 0; mode < 2; mode++) {
            random = from;
            draw_case(&run[mode].wiring, &random);
            struct adi_case *wiring = &run[mode].wiring;
            const uint32_t width = wiring->data.width_bits / 8;
            wiring->dmac.destination_slice = false;
            memset(wiring->memory.stalls.percent, 0, sizeof wiring->memory.stalls.percent);
            wiring->memory.size_bytes = 1u << 17;
            wiring->sequence.length_bytes = pick(&random, 64, 5000);
            wiring->sequence.transfers = 1;
            wiring->sequence.kind = ADI_SEQUENCE_DRIVER;
            wiring->sequence.irq_mask = 1;
            wiring->sequence.source = 0x10000;
            wiring->sequence.destination =
                0x10000 +
                (sim_cycle)width * pick(&random, 1, 4 * wiring->dmac.max_bytes_per_burst / width);
            wiring->memory.read_latency_cycles = pick(&random, 1, 60);
            look = pick(&random, 100, 1500);
            run_open(&run[mode], mode ? KERNEL_EVERY_CYCLE : 0, false);
        }
        for (unsigned j = 0; j < 3; j++, look += j == 2 ? 20000 : 37) {
            run_until(&run[0], look);
            run_until(&run[1], look);
            ck_assert_mem_eq(bytes_of(&run[0]), bytes_of(&run[1]), 1u << 17);
        }
        run_close(&run[0]);
        run_close(&run[1]);
    }
    free(run);
}
END_TEST

static void check_alike(struct run *a, struct run *b, unsigned number, sim_cycle cycle)
{
    const struct component *dma[] = {system_built(&a->system, &a->wiring.controller),
                                     system_built(&b->system, &b->wiring.controller)};
    ck_assert_mem_eq(bytes_of(a), bytes_of(b), a->wiring.memory.size_bytes);
    for (uint32_t offset = 0; offset < 0x500; offset += 4) {
        uint64_t values[2] = {0, 0};
        for (unsigned i = 0; i < 2; i++)
            dma[i]->type->access((struct component *)dma[i], offset, 4, false, &values[i]);
        ck_assert_msg(values[0] == values[1], "case %u: register 0x%x at %llu: %llx, %llx", number,
                      offset, (unsigned long long)cycle, (unsigned long long)values[0],
                      (unsigned long long)values[1]);
    }
    ck_assert_mem_eq(adi_dmac_counts(dma[0]), adi_dmac_counts(dma[1]), sizeof(struct adi_counts));
}

/* Bytes of the source that have been read and may not have been written yet get another value. */
static void write_over_source(struct run run[2], uint32_t behind)
{
    const struct component *dma = system_built(&run[0].system, &run[0].wiring.controller);
    uint64_t address;
    dma->type->access((struct component *)dma, 0x438, 4, false, &address);
    for (unsigned i = 0; i < 2 && address >= behind; i++)
        memset(bytes_of(&run[i]) + (address - behind), 0x5a, 8);
}

/* Long transfers without stalls, so that periods pass at once: whoever looks in the middle finds the bytes,
 * registers and counts that stepping finds, and whoever listens from then on hears the same. */
START_TEST(repeats_cannot_be_told_from_cycles)
{
    struct random random = random_seeded(14);
    struct run *run = calloc(2, sizeof *run);
    unsigned repeated = 0;
    const unsigned cases = 300 / SHARE;
    for (unsigned i = 0; i < cases; i++) {
        const struct random from = random;
        sim_cycle look = 0;
        for (unsigned mode = 0; mode < 2; mode++) {
            random = from;
            draw_case(&run[mode].wiring, &random);
            struct adi_case *wiring = &run[mode].wiring;
            memset(wiring->memory.stalls.percent, 0, sizeof wiring->memory.stalls.percent);
            wiring->dmac.two_d = false;
            wiring->memory.size_bytes = 1u << 18;
            wiring->sequence.length_bytes = pick(&random, 20000, 70000);
            wiring->sequence.length_bytes -= wiring->sequence.length_bytes % 128;
            wiring->sequence.step_bytes = random_below(&random, 2) ? 0 : 128;
            wiring->sequence.transfers = pick(&random, 1, 3);
            wiring->sequence.source = 128 * pick(&random, 0, 64);
            wiring->sequence.destination = 0x20000 + 128 * pick(&random, 0, 64);
            if (random_below(&random, 8) == 0) /* over its own source */
                wiring->sequence.destination = wiring->sequence.source + 128 * pick(&random, 1, 99);
            wiring->memory.read_latency_cycles = pick(&random, 1, 200);
            look = pick(&random, 500, 9000);
            run_open(&run[mode], mode ? KERNEL_EVERY_CYCLE : 0, false);
        }
        for (unsigned j = 0; j < 3; j++, look += pick(&random, 1, 4000)) {
            run_until(&run[0], look);
            run_until(&run[1], look);
            check_alike(&run[0], &run[1], i, look);
            write_over_source(run, pick(&random, 0, 2000));
        }
        repeated += run[0].system.kernel.clocks->repeated > 0;
        ck_assert_uint_eq(run[1].system.kernel.clocks->repeated, 0);
        for (unsigned mode = 0; mode < 2; mode++) {
            struct run *heard = &run[mode];
            probe_observe(system_probe(&heard->system, "rtl_event", NULL), &heard->observer);
            run_until(heard, look + 300); /* trains under way come to their end */
            heard->hash = 0;
            run_until(heard, look + 1300);
        }
        ck_assert_msg(run[0].hash == run[1].hash, "case %u: other events behind %llu", i,
                      (unsigned long long)look);
        check_alike(&run[0], &run[1], i, look + 1300);
        run_close(&run[0]);
        run_close(&run[1]);
    }
    ck_assert_uint_gt(repeated, cases / 2);
    free(run);
}
END_TEST

/* A snapshot in the middle, an excursion, and back: as if nothing had been. */
START_TEST(snapshot_and_restore_change_nothing)
{
    struct random random = random_seeded(11);
    struct run *run = calloc(1, sizeof *run);
    for (unsigned i = 0; i < 100; i++) {
        const struct random from = random;
        uint8_t *expected = malloc(MEMORY_BYTES);
        for (unsigned mode = 0; mode < 2; mode++) {
            random = from;
            draw_case(&run->wiring, &random);
            run_open(run, 0, false);
            const sim_cycle middle = pick(&random, 100, 3000);
            if (mode) {
                run_until(run, middle);
                struct system_snapshot *snapshot = system_save(&run->system);
                run_until(run, middle + 500);
                system_restore(&run->system, snapshot);
                system_snapshot_free(snapshot);
            }
            run_until(run, middle + 300);
            if (mode)
                ck_assert_mem_eq(bytes_of(run), expected, MEMORY_BYTES);
            else
                memcpy(expected, bytes_of(run), MEMORY_BYTES);
            run_close(run);
        }
        free(expected);
    }
    free(run);
}
END_TEST

/* ---- the RTL's fault ------------------------------------------------------------------------- */

static uint32_t ends_with(struct run *run, uint8_t errata, uint64_t write_from)
{
    adi_case_init(&run->wiring);
    run->wiring.dmac.errata = errata;
    run->wiring.sequence.kind = ADI_SEQUENCE_FAST;
    run->wiring.sequence.transfers = 2;
    run->wiring.memory.write_from_cycle = write_from;
    run_open(run, 0, true);
    run_until(run, 3000);
    const uint32_t ends = run->ends;
    run_close(run);
    return ends;
}

START_TEST(two_single_bursts_hang_from_the_cycle_the_recordings_say)
{
    struct run *run = calloc(1, sizeof *run);
    ck_assert_uint_eq(ends_with(run, ADI_SILICON, 135), 2);
    ck_assert_uint_eq(ends_with(run, ADI_SILICON, 136), 1);
    ck_assert_uint_eq(ends_with(run, ADI_NONE, 135), 2);
    ck_assert_uint_eq(ends_with(run, ADI_NONE, 136), 2);
    free(run);
}
END_TEST

/* Strikes of an erratum, as told. */
struct strikes {
    struct probe_observer observer;
    uint32_t number, count;
};

static void take_strike(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                        const void *record)
{
    struct strikes *self = (struct strikes *)observer;
    (void)probe, (void)now;
    self->count += ((const struct erratum_record *)record)->number == self->number;
}

static uint32_t access_at(struct run *run, uint32_t offset, bool write, uint32_t value)
{
    uint64_t word = value;
    ck_assert_int_eq(adi_dmac_type.access(system_built(&run->system, &run->wiring.controller),
                                          offset, 4, write, &word),
                     DMASIM_OK);
    return (uint32_t)word;
}

/* Transfers that are all accepted before the first one ends: TRANSFER_DONE then, and in the end; how often the
 * erratum struck. */
static uint32_t done_of(struct run *run, uint32_t transfers, uint8_t errata, uint32_t done[2])
{
    struct strikes strikes = {.observer.notify = take_strike, .number = ADI_ERRATUM_DONE_SHARED};
    adi_case_init(&run->wiring);
    run->wiring.dmac.errata = errata;
    run->wiring.dmac.fifo_size = 16;
    run->wiring.sequence.kind = ADI_SEQUENCE_FAST;
    run->wiring.sequence.transfers = transfers;
    run->wiring.sequence.length_bytes = 256;
    run->wiring.memory.write_latency_cycles = 2000;
    run_open(run, 0, true);
    probe_observe(system_probe(&run->system, "erratum", NULL), &strikes.observer);
    for (sim_cycle cycle = 100; run->ends == 0; cycle++)
        run_until(run, cycle);
    done[0] = access_at(run, 0x428, false, 0);
    run_until(run, 20000);
    done[1] = access_at(run, 0x428, false, 0);
    ck_assert_uint_eq(run->ends, transfers);
    run_close(run);
    return strikes.count;
}

/* The end of the first sets bit 0, which the start of the fifth has cleared. */
START_TEST(done_tells_of_a_transfer_under_way_from_the_fifth_on)
{
    struct run *run = calloc(1, sizeof *run);
    uint32_t done[2];
    ck_assert_uint_eq(done_of(run, 4, ADI_SILICON, done), 0);
    ck_assert_uint_eq(done[0], 1);
    ck_assert_uint_eq(done[1], 0xf);
    ck_assert_uint_eq(done_of(run, 5, ADI_SILICON, done), 1);
    ck_assert_uint_eq(done[0], 1);
    ck_assert_uint_eq(done_of(run, 7, ADI_SILICON, done), 3);
    /* Mended, the fifth waits for the end of the first, and is accepted in the cycle after it. */
    ck_assert_uint_eq(done_of(run, 7, ADI_NONE, done), 0);
    ck_assert_uint_eq(done[0], 1);
    ck_assert_uint_eq(done[1], 0xf);
    free(run);
}
END_TEST

/* ---- addresses ------------------------------------------------------------------------------- */

struct addresses {
    struct probe_observer observer;
    uint64_t first[2], last[2]; /* of AR, AW */
};

static void take_address(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                         const void *record)
{
    struct addresses *self = (struct addresses *)observer;
    const struct rtl_event_record *event = record;
    (void)probe, (void)now;
    for (unsigned i = 0; i < 2; i++) {
        if (strcmp(event->event, i ? "AW" : "AR") != 0)
            continue;
        if (self->first[i] == UINT64_MAX)
            self->first[i] = event->value;
        self->last[i] = event->value;
    }
}

/* Of any width: higher bits are dropped, and a transfer goes on at 0 behind the last address. */
START_TEST(no_address_has_more_bits_than_the_width)
{
    struct run *run = calloc(1, sizeof *run);
    for (unsigned mode = 0; mode < 2; mode++) {
        for (uint32_t width = 16; width <= 64; width++) {
            struct addresses seen = {.observer.notify = take_address,
                                     .first = {UINT64_MAX, UINT64_MAX}};
            const uint64_t mask = UINT64_MAX >> (64 - width);
            case_init(&run->wiring);
            run->wiring.memory.size_bytes = 0x10000;
            run->wiring.memory.wraps = true;
            run->wiring.dmac.address_width_bits = width;
            run->wiring.dmac.general = mode;
            run->wiring.sequence.kind = ADI_SEQUENCE_DRIVER64;
            run->wiring.sequence.length_bytes = 512;
            run->wiring.sequence.source = UINT64_MAX - 255;
            run->wiring.sequence.destination = UINT64_C(0x123456789abc8000);
            run_open(run, 0, true);
            probe_observe(system_probe(&run->system, "rtl_event", NULL), &seen.observer);
            run_until(run, 1000);
            ck_assert_uint_eq(run->ends, 1);
            ck_assert_uint_eq(seen.first[0], mask - 255);
            ck_assert_uint_eq(seen.last[0], 128);
            ck_assert_uint_eq(seen.first[1], UINT64_C(0x123456789abc8000) & mask);
            ck_assert_uint_eq(access_at(run, 0x494, false, 0), (uint32_t)(mask >> 32));
            ck_assert_uint_eq(access_at(run, 0x498, false, 0),
                              (uint32_t)(UINT64_C(0x12345678) & mask >> 32));
            run_close(run);
        }
    }
    free(run);
}
END_TEST

/* ---- registers ------------------------------------------------------------------------------- */

static void check_registers(const char *name, uint32_t address_width)
{
    char path[256];
    snprintf(path, sizeof path, SOURCE_DIR "/traces/golden/%s", name);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    char line[128];
    unsigned offset, reset, ones, zeros, lines = 0;
    struct run *run = calloc(1, sizeof *run);
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%x,%x,%x,%x", &offset, &reset, &ones, &zeros) != 4)
            continue;
        adi_case_init(&run->wiring);
        run->wiring.dmac.address_width_bits = address_width;
        run_open(run, 0, false);
        run_until(run, 50);
        ck_assert_uint_eq(access_at(run, offset, false, 0), reset);
        access_at(run, offset, true, UINT32_MAX);
        ck_assert_uint_eq(access_at(run, offset, false, 0), ones);
        access_at(run, offset, true, 0);
        ck_assert_uint_eq(access_at(run, offset, false, 0), zeros);
        run_close(run);
        lines++;
    }
    fclose(file);
    ck_assert_uint_gt(lines, 8);
    free(run);
}

START_TEST(registers_are_those_of_the_probes)
{
    check_registers("adi_axi_dmac/registers.csv", 32);
    check_registers("adi_axi_dmac_more/registers_addr64.csv", 64);
    check_registers("adi_axi_dmac_more/registers_addr40.csv", 40);
}
END_TEST

START_TEST(a_sequence_makes_all_its_transfers_and_ends_with_the_last)
{
    struct run *run = calloc(1, sizeof *run);
    for (unsigned i = 0; i < 8; i++) {
        adi_case_init(&run->wiring);
        struct adi_sequence_config *sequence = &run->wiring.sequence;
        sequence->kind = i & 1 ? ADI_SEQUENCE_FAST : ADI_SEQUENCE_DRIVER;
        sequence->irq_mask = i >> 1 & 1;
        sequence->transfers = 5;
        sequence->length_bytes = 4096;
        sequence->step_bytes = 4096;
        sequence->source = 0x10000;
        sequence->destination = 0x80000;
        run_open(run, i & 4 ? KERNEL_EVERY_CYCLE : 0, true);
        uint8_t *before = malloc(run->wiring.memory.size_bytes);
        memcpy(before, bytes_of(run), run->wiring.memory.size_bytes);
        kernel_advance(&run->system.kernel, 100000 * (sim_time)ADI_CASE_PERIOD_PS,
                       KERNEL_STOP_QUIET);
        ck_assert_uint_ne(run->system.kernel.quiet_since, SIM_NEVER);
        ck_assert_uint_eq(run->ends, 5);
        check_bytes(run, before);
        free(before);
        run_close(run);
    }
    free(run);
}
END_TEST

static void check_size(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                       const void *record)
{
    (void)observer, (void)probe, (void)now;
    const struct axi_event *event = record;
    if (event->channel == AXI_AR || event->channel == AXI_AW)
        ck_assert_uint_eq(event->size, 3);
}

/* AXI4-Lite knows 32 and 64 bits; an access is as wide as the bus. */
START_TEST(registers_are_reached_on_a_lite_bus_of_64_bits)
{
    struct run *run = calloc(1, sizeof *run);
    struct probe_observer sizes = {.notify = check_size};
    adi_case_init(&run->wiring);
    run->wiring.lite.width_bits = 64;
    run_open(run, 0, true);
    probe_observe(system_probe(&run->system, "axi_event", NULL), &sizes);
    run_until(run, 3000);
    ck_assert_uint_eq(run->ends, 1);
    run_close(run);
    free(run);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("adi_axi_dmac");
    TCase *tcase = tcase_create("adi_axi_dmac");
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, interrupt_comes_when_the_closed_form_says);
    tcase_add_test(tcase, bursts_follow_at_the_rate_the_closed_form_says);
    tcase_add_test(tcase, all_modes_agree_and_all_bytes_arrive);
    tcase_add_test(tcase, trains_cannot_be_told_from_beats);
    tcase_add_test(tcase, repeats_cannot_be_told_from_cycles);
    tcase_add_test(tcase, snapshot_and_restore_change_nothing);
    tcase_add_test(tcase, two_single_bursts_hang_from_the_cycle_the_recordings_say);
    tcase_add_test(tcase, done_tells_of_a_transfer_under_way_from_the_fifth_on);
    tcase_add_test(tcase, no_address_has_more_bits_than_the_width);
    tcase_add_test(tcase, a_sequence_makes_all_its_transfers_and_ends_with_the_last);
    tcase_add_test(tcase, registers_are_those_of_the_probes);
    tcase_add_test(tcase, registers_are_reached_on_a_lite_bus_of_64_bits);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
