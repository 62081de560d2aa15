/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every port of random AXI systems holds every rule of AXI4 and AXI4-Lite in every cycle: an ADI AXI DMAC,
 * its driver and a memory with random widths, bursts, lengths, latencies, stalls and interconnects, each
 * run written as cycles.csv and read by the checker. A failure names the seed.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "axi_checker.h"
#include "referee/adi_case.h"
#include "suite.h"
#include "system.h"
#include "trace/trace.h"

#ifdef NDEBUG
enum { CASES = 80 };
#else
enum { CASES = 20 };
#endif
enum { CYCLES = 1500, PORTS = 5, LITE_PORTS = 2 };

static const char *const ports[PORTS] = {"lite.host", "lite.dma", "axi.dma.src", "axi.dma.dest",
                                         "axi.memory"};

static char folder[64];

static void make_folder(void)
{
    snprintf(folder, sizeof(folder), "/tmp/axi-rules-XXXXXX");
    ck_assert(mkdtemp(folder) != NULL);
}

static void remove_folder(void)
{
    for (unsigned i = 0; i < PORTS; i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/cycles.%s.csv", folder, ports[i]);
        unlink(path);
    }
    rmdir(folder);
}

/* splitmix64 */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint32_t below(uint64_t *state, uint32_t bound)
{
    return (uint32_t)(draw(state) % bound);
}

/* ---- cases ----------------------------------------------------------------------------------- */

/* Bursts of the core are at most max_bytes_per_burst long and as far apart, so they cross 4 KiB if a
 * transfer does not start at a multiple of that. `options` are those of the ports of the data. */
static void make_case(struct adi_case *wiring, struct axi_slice_config *slice, uint64_t seed,
                      struct axi_check_options *options)
{
    static const char *const sliced[] = {"dma.src", "dma.dest", "memory"};
    uint64_t random = seed;
    adi_case_init(wiring);
    *options = (struct axi_check_options){.no_interleave = true};

    uint32_t width_bytes = 4u << below(&random, 5);
    struct adi_dmac_config *dmac = &wiring->dmac;
    dmac->max_bytes_per_burst = width_bytes << below(&random, 8);
    if (dmac->max_bytes_per_burst > 4096)
        dmac->max_bytes_per_burst = 4096;
    dmac->fifo_size = 2u << below(&random, 5);
    dmac->source_slice = below(&random, 3) == 0;
    dmac->destination_slice = below(&random, 3) == 0;
    dmac->two_d = below(&random, 4) == 0;
    dmac->errata = ADI_NONE;
    wiring->data.width_bits = 8 * width_bytes;

    struct adi_sequence_config *sequence = &wiring->sequence;
    bool aligned = below(&random, 3) > 0;
    uint32_t step = aligned ? dmac->max_bytes_per_burst : width_bytes;
    options->cross_4kib = !aligned;
    sequence->kind = below(&random, 2) ? ADI_SEQUENCE_DRIVER : ADI_SEQUENCE_FAST;
    sequence->transfers = 1 + below(&random, 6);
    sequence->irq_mask = (uint8_t)below(&random, 2);
    sequence->length_bytes = 1 + below(&random, below(&random, 2) ? 4096 : 100);
    if (sequence->transfers > 1) /* the next one starts where this one ends */
        sequence->length_bytes += (step - sequence->length_bytes % step) % step;
    sequence->source = below(&random, 0x10000) / step * step;
    sequence->destination = 0x80000 + below(&random, 0x10000) / step * step;
    if (below(&random, 8) == 0)
        sequence->pause_at = below(&random, 200);
    else if (below(&random, 8) == 0)
        sequence->abort_at = below(&random, 200);

    struct axi_memory_config *memory = &wiring->memory;
    memory->read_latency_cycles = 1 + below(&random, below(&random, 2) ? 4 : 100);
    memory->write_latency_cycles = 1 + below(&random, below(&random, 2) ? 4 : 100);
    memory->read_max = 1 + below(&random, below(&random, 2) ? 4 : 64);
    memory->write_max = 1 + below(&random, below(&random, 2) ? 4 : 64);
    memory->stalls.seed = (uint32_t)draw(&random);
    for (unsigned channel = 0; channel < AXI_CHANNELS; channel++)
        memory->stalls.percent[channel] = (uint8_t)(below(&random, 2) ? 0 : below(&random, 98));

    struct axi_crossbar_config *crossbar = &wiring->data.crossbar;
    crossbar->always = below(&random, 2);
    crossbar->grant = (uint8_t)below(&random, 2);
    crossbar->outstanding = 1 + below(&random, 20);
    *slice = (struct axi_slice_config){.port = sliced[below(&random, 3)]};
    for (unsigned channel = 0; channel < AXI_CHANNELS; channel++)
        slice->channels[channel] = below(&random, 2);
    crossbar->slices = (struct parameter_list){slice, crossbar->always && below(&random, 2)};
}

/* Runs a case with cycles.*.csv in the folder. */
static void run_case(struct adi_case *wiring, sim_cycle cycles)
{
    const struct trace_options writing = {.cycles = true};
    struct check check = {.fail = adi_case_fail};
    struct dmasim_error error = {.code = DMASIM_OK};
    struct system system;
    struct trace *trace;
    ck_assert_int_eq(system_create(&system, &wiring->plan, 0, &check), DMASIM_OK);
    int code = trace_open(&trace, &system, &writing, folder, &error);
    ck_assert_msg(code == DMASIM_OK, "%s", error.text);
    kernel_advance(&system.kernel, cycles * ADI_CASE_PERIOD_PS, 0);
    code = trace_close(trace, cycles * ADI_CASE_PERIOD_PS, &error);
    ck_assert_msg(code == DMASIM_OK, "%s", error.text);
    trace_free(trace);
    system_free(&system);
}

/* ---- checks ---------------------------------------------------------------------------------- */

struct first {
    uint64_t cycle;
    unsigned count;
    enum axi_check_rule rule;
    char text[250];
};

static void note(void *context, uint64_t cycle, enum axi_check_rule rule, const char *text)
{
    struct first *first = context;
    if (first->count++ > 0)
        return;
    first->cycle = cycle;
    first->rule = rule;
    snprintf(first->text, sizeof(first->text), "cycle %llu: %s: %s", (unsigned long long)cycle,
             axi_check_rules[rule].name, text);
}

/* What is first found at a port. `beats`, if not null, gets those of R and W on top. */
static struct first check_port(unsigned port, const struct axi_check_options *data,
                               uint64_t beats[2])
{
    struct axi_check_options options = *data;
    struct axi_check_reader reader;
    struct axi_check_row row;
    struct axi_checker checker;
    struct first first = {.count = 0};
    char path[128];
    snprintf(path, sizeof(path), "%s/cycles.%s.csv", folder, ports[port]);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "no %s", path);
    options.lite = port < LITE_PORTS;
    axi_checker_init(&checker, &options, note, &first);
    ck_assert_msg(axi_check_reader_init(&reader, file), "%s: %s", path, reader.csv.error);
    while (axi_check_reader_next(&reader, &row)) {
        checker.options.width_bits = reader.width_bits;
        axi_checker_row(&checker, &row);
    }
    ck_assert_str_eq(reader.csv.error, "");
    axi_checker_end(&checker);
    for (unsigned i = 0; beats && i < 2; i++)
        beats[i] += checker.beats[i];
    axi_checker_free(&checker);
    fclose(file);
    return first;
}

START_TEST(random_systems_hold_every_rule)
{
    uint64_t beats[2] = {0, 0}, lite_beats[2] = {0, 0};
    for (unsigned i = 0; i < CASES; i++) {
        uint64_t seed = (uint64_t)_i * CASES + i;
        struct adi_case wiring;
        struct axi_slice_config slice;
        struct axi_check_options options;
        make_case(&wiring, &slice, seed, &options);
        run_case(&wiring, CYCLES);
        for (unsigned port = 0; port < PORTS; port++) {
            struct first first = check_port(port, &options, port < LITE_PORTS ? lite_beats : beats);
            ck_assert_msg(first.count == 0, "seed %llu, %s, %s", (unsigned long long)seed,
                          ports[port], first.text);
        }
    }
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_gt(beats[i], 100 * CASES);
        ck_assert_uint_gt(lite_beats[i], 4 * CASES);
    }
}
END_TEST

/* The RTL tells a burst the length of another one; recorded in the case n3_64_128_32. */
static void make_wrong_length(struct adi_case *wiring)
{
    static const uint64_t lengths[] = {64, 128, 32};
    adi_case_init(wiring);
    memcpy(wiring->lengths, lengths, sizeof(lengths));
    wiring->sequence.lengths.count = wiring->sequence.transfers = 3;
    wiring->sequence.kind = ADI_SEQUENCE_FAST;
    wiring->sequence.length_bytes = 128;
    wiring->memory.write_from_cycle = 250;
}

START_TEST(wrong_length_of_the_silicon_is_found_and_its_mended_form_is_good)
{
    const struct axi_check_options options = {.complete = true};
    struct adi_case wiring;
    make_wrong_length(&wiring);
    run_case(&wiring, 600);
    struct first first = check_port(3, &options, NULL);
    ck_assert_msg(first.count > 0, "found nothing");
    ck_assert_msg(first.rule == AXI_CHECK_WLAST || first.rule == AXI_CHECK_WRITE_BEATS, "%s",
                  first.text);
    wiring.dmac.errata = ADI_NONE;
    run_case(&wiring, 600);
    for (unsigned port = 0; port < PORTS; port++) {
        first = check_port(port, &options, NULL);
        ck_assert_msg(first.count == 0, "%s, %s", ports[port], first.text);
    }
}
END_TEST

/* The recorded case off_len4096_lat1: the core keeps to MAX_BYTES_PER_BURST and to nothing else. */
START_TEST(transfer_that_starts_inside_a_burst_crosses_4_kib)
{
    struct axi_check_options options = {.complete = true};
    struct adi_case wiring;
    adi_case_init(&wiring);
    wiring.sequence.length_bytes = 4096;
    wiring.sequence.source = 0x10008;
    wiring.sequence.destination = 0x80010;
    wiring.memory.read_latency_cycles = wiring.memory.write_latency_cycles = 1;
    run_case(&wiring, 900);
    struct first first = check_port(2, &options, NULL);
    ck_assert_msg(first.count == 1 && first.rule == AXI_CHECK_KIB4, "%u, %s", first.count,
                  first.text);
    options.cross_4kib = true;
    for (unsigned port = 0; port < PORTS; port++) {
        first = check_port(port, &options, NULL);
        ck_assert_msg(first.count == 0, "%s, %s", ports[port], first.text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("axi_random_rules");
    TCase *tests = tcase_create("systems");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, random_systems_hold_every_rule, 0, 4);
    tcase_add_test(tests, wrong_length_of_the_silicon_is_found_and_its_mended_form_is_good);
    tcase_add_test(tests, transfer_that_starts_inside_a_burst_crosses_4_kib);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
