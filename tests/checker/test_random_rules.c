/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A thousand random scenarios hold every rule of AHB in every cycle: random arbiters, widths, wait
 * states, failing ranges, scripted masters and DMA controllers, each run written as cycles.csv and
 * read by the checker. A failure names the seed and prints the scenario.
 */
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ahb_checker.h"
#include "scenario/scenario.h"
#include "suite.h"
#include "system.h"
#include "trace/trace.h"

#ifdef NDEBUG
enum { BATCHES = 10 };
#else
enum { BATCHES = 4 };
#endif
enum { SCENARIOS_A_BATCH = 100, CYCLES = 3000, CYCLE_PS = 10000 };

struct text {
    char bytes[32768];
    size_t length;
};

static void put(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t left = sizeof(text->bytes) - text->length;
    int length = vsnprintf(text->bytes + text->length, left, format, arguments);
    va_end(arguments);
    ck_assert_int_ge(length, 0);
    ck_assert_uint_lt((size_t)length, left);
    text->length += (size_t)length;
}

/* splitmix64 */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static unsigned below(uint64_t *state, unsigned bound)
{
    return (unsigned)(draw(state) % bound);
}

/* One in `odds`. */
static bool chance(uint64_t *state, unsigned odds)
{
    return below(state, odds) == 0;
}

#define PICK(state, ...)                                                                           \
    ((const char *const[]){__VA_ARGS__}[below(state, sizeof((const char *const[]){__VA_ARGS__}) /  \
                                                         sizeof(const char *))])

static void put_command(struct text *text, uint64_t *random, unsigned width_bits)
{
    static const char *const bursts[] = {"single", "incr",  "wrap4",  "incr4",
                                         "wrap8",  "incr8", "wrap16", "incr16"};
    unsigned size = 0;
    while (8u << (size + 1) <= width_bits && !chance(random, 3))
        size++;
    uint32_t bases[] = {0, 0x10000, 0x20000, 0x60000}; /* nobody answers at the last */
    uint32_t base = bases[chance(random, 20) ? 3 : below(random, 3)];
    uint32_t offset =
        chance(random, 3) ? 0x400 - (below(random, 24) << size) : below(random, 0x1000);
    offset &= ~((1u << size) - 1);
    unsigned burst = below(random, 8), beats = 1 + below(random, chance(random, 4) ? 40 : 6);
    unsigned busy = chance(random, 5) ? below(random, 0x10000) : 0;
    put(text, "      - {delay: %u, write: %s, lock: %s, width: \"%u\", burst: %s, beats: %u, ",
        below(random, chance(random, 4) ? 40 : 4), PICK(random, "true", "false"),
        chance(random, 8) ? "true" : "false", 8u << size, bursts[burst], beats);
    put(text, "address: 0x%x, drop: %s, busy: 0x%x}\n", base + offset,
        PICK(random, "last_shown", "first_shown", "last_accepted"), busy);
}

static void put_memory(struct text *text, uint64_t *random, unsigned index)
{
    unsigned most = chance(random, 3) ? 5 : 2;
    put(text, "  m%u: {bus: ahb, base: 0x%x, size: 8 KiB, ", index, index * 0x10000);
    put(text, "read_first: %u, read_next: %u, write_first: %u, write_next: %u", below(random, most),
        below(random, most), below(random, most), below(random, most));
    if (chance(random, 2)) {
        put(text, ", errors: [");
        unsigned count = 1 + below(random, 3);
        for (unsigned i = 0; i < count; i++)
            put(text, "%s{offset: 0x%x, bytes: %u, response: %s, count: %u}", i ? ", " : "",
                i * 0x400 + below(random, 0x100) * 4, 4 + 4 * below(random, 8),
                PICK(random, "error", "retry"), 1 + below(random, 6));
        put(text, "]");
    }
    put(text, "}\n");
}

/* A CPU that drives a DMA controller, beside the scripted masters. */
static void put_controller(struct text *text, uint64_t *random, unsigned width_bits)
{
    unsigned channels = 1 + below(random, 4);
    put(text, "  m3: {bus: ahb, base: 0x30000, size: 4 KiB}\n");
    put(text, "cpus:\n  cpu: {bus: ahb, interrupt_latency: %u, descriptors: {base: m3}}\n",
        below(random, 20));
    put(text,
        "controllers:\n  dma: {bus: ahb, base: 0x4000_0000, channels: %u, fifo: %u, "
        "switch_cycles: %u, interrupt: cpu}\n",
        channels, width_bits / 4 << below(random, 4), below(random, 2));
    put(text, "work:\n");
    for (unsigned count = 1 + below(random, 5); count > 0; count--) {
        unsigned from = below(random, 3), to = (from + 1 + below(random, 2)) % 3,
                 align = below(random, 2) ? 4 : 1;
        put(text, "  - memcpy: {channel: %u, from: m%u + 0x%x, to: m%u + 0x%x, bytes: %u, ",
            below(random, channels), from, below(random, 0x700) * align, to,
            below(random, 0x700) * align, (1 + below(random, 200)) * align);
        put(text, "mode: %s, dw: {lock: %s}, repeat: %u}\n",
            PICK(random, "burst", "linked_list", "cycle_stealing"),
            PICK(random, "none", "none", "transaction", "block", "transfer"), 1 + below(random, 3));
    }
}

static void make_scenario(struct text *text, uint64_t seed, struct ahb_check_options *options)
{
    uint64_t random = seed;
    unsigned width_bits = 8u << below(&random, 5), masters = 1 + below(&random, 5);
    *options = (struct ahb_check_options){.width_bits = width_bits};
    options->grant_nobody = chance(&random, 4);
    options->ignore_lock = chance(&random, 4);

    put(text, "clocks:\n  hclk: {frequency: 100 MHz}\n");
    put(text, "buses:\n  ahb:\n    clock: hclk\n    width: %u\n    arbiter:\n", width_bits);
    put(text, "      policy: %s\n", PICK(&random, "fixed", "round_robin", "weighted", "fair_mask"));
    put(text, "      order: %s\n", PICK(&random, "highest_first", "lowest_first"));
    put(text, "      grant: %s\n", PICK(&random, "combinational", "registered"));
    put(text, "      rearbitrate: %s\n", PICK(&random, "burst_end", "release", "any_beat"));
    put(text, "      count_beats: %s\n", PICK(&random, "true", "false"));
    put(text, "      ignore_lock: %s\n", options->ignore_lock ? "true" : "false");
    put(text, "      park: %s\n",
        options->grant_nobody ? "nobody" : PICK(&random, "default_master", "last_owner"));
    put(text, "      default_master: s%u\n", below(&random, masters));
    if (chance(&random, 4))
        put(text, "      ahead: s%u\n", below(&random, masters));
    if (chance(&random, 3))
        put(text, "      max_hold_cycles: %u\n", 1 + below(&random, 12));
    put(text, "memories:\n");
    for (unsigned i = 0; i < 3; i++)
        put_memory(text, &random, i);
    if (width_bits >= 32 && chance(&random, 2))
        put_controller(text, &random, width_bits);
    put(text, "masters:\n");
    for (unsigned i = 0; i < masters; i++) {
        put(text, "  s%u:\n    type: scripted\n    bus: ahb\n    repeat: %u\n    commands:\n", i,
            1 + below(&random, 3));
        for (unsigned count = 1 + below(&random, 12); count > 0; count--)
            put_command(text, &random, width_bits);
    }
}

static void show(void *context, const struct dmasim_error *error)
{
    (void)context;
    fprintf(stderr, "%s:%d:%d: %s\n", error->file, error->line, error->column, error->text);
}

/* Runs the scenario with cycles.csv in `folder`. */
static void run_scenario(const struct text *text, const char *folder)
{
    const struct scenario_options reading = {.report = show};
    const struct trace_options writing = {.cycles = true};
    struct dmasim_error error = {.code = DMASIM_OK};
    struct scenario *scenario;
    struct system system;
    struct trace *trace;
    int code =
        scenario_load_text(text->bytes, text->length, "random.yaml", NULL, &reading, &scenario);
    ck_assert_int_eq(code, DMASIM_OK);
    struct scenario_check check;
    scenario_check_start(&check, scenario);
    code = system_create(&system, scenario_plan(scenario), 0, &check.check);
    ck_assert_int_eq(scenario_check_end(&check, show, NULL), DMASIM_OK);
    ck_assert_int_eq(code, DMASIM_OK);
    code = trace_open(&trace, &system, &writing, folder, &error);
    ck_assert_msg(code == DMASIM_OK, "%s", error.text);
    kernel_advance(&system.kernel, (sim_time)CYCLES * CYCLE_PS, KERNEL_STOP_QUIET);
    code = trace_close(trace, system.kernel.now, &error);
    ck_assert_msg(code == DMASIM_OK, "%s", error.text);
    trace_free(trace);
    system_free(&system);
    scenario_free(scenario);
}

struct finding {
    uint64_t seed;
    const struct text *text;
    const char *path;
};

static void found(void *context, uint64_t cycle, enum ahb_check_rule rule, const char *text)
{
    const struct finding *finding = context;
    fprintf(stderr, "%s", finding->text->bytes);
    ck_abort_msg("seed %llu, %s, cycle %llu: %s: %s", (unsigned long long)finding->seed,
                 finding->path, (unsigned long long)cycle, ahb_check_rules[rule].name, text);
}

/* What the scenarios came by. */
struct coverage {
    uint64_t beats;
    uint64_t
        busy_at_wraps; /* BUSY in a burst rebuilt as INCR, before it goes on at its lower end */
    uint64_t locks_given_up; /* by one command, while another of the same master waits for that */
};

static void cover(struct coverage *coverage, const struct ahb_check_row *before,
                  const struct ahb_check_row *now)
{
    enum { IDLE, BUSY, NONSEQ };
    coverage->beats += now->htrans >= NONSEQ && now->hready;
    if (!before->hready || now->htrans != NONSEQ || now->hmaster != before->hmaster)
        return;
    coverage->busy_at_wraps += before->htrans == BUSY && now->haddr < before->haddr;
    coverage->locks_given_up += before->htrans == IDLE && before->hmastlock && !now->hmastlock;
}

static void check_trace(const char *path, const struct ahb_check_options *options,
                        struct finding *finding, struct coverage *coverage)
{
    struct ahb_check_reader reader;
    struct ahb_check_row row, before = {.hready = 0};
    struct ahb_checker checker;
    FILE *file = fopen(path, "r");
    ck_assert(file != NULL);
    ck_assert_msg(ahb_check_reader_init(&reader, file), "%s", reader.error);
    ahb_checker_init(&checker, options, found, finding);
    while (ahb_check_reader_next(&reader, &row)) {
        ahb_checker_row(&checker, &row);
        cover(coverage, &before, &row);
        before = row;
    }
    ck_assert_str_eq(reader.error, "");
    fclose(file);
}

START_TEST(random_scenarios_hold_every_rule)
{
    char folder[] = "/tmp/random-rules-XXXXXX", path[64];
    ck_assert(mkdtemp(folder) != NULL);
    snprintf(path, sizeof(path), "%s/cycles.csv", folder);
    struct coverage coverage = {.beats = 0};
    for (unsigned i = 0; i < SCENARIOS_A_BATCH; i++) {
        static struct text text; /* large for a stack */
        struct ahb_check_options options;
        struct finding finding = {
            .seed = (uint64_t)_i * SCENARIOS_A_BATCH + i, .text = &text, .path = path};
        text.length = 0;
        make_scenario(&text, finding.seed, &options);
        run_scenario(&text, folder);
        check_trace(path, &options, &finding, &coverage);
    }
    unlink(path);
    rmdir(folder);
    ck_assert_uint_gt(coverage.busy_at_wraps, 0);
    ck_assert_uint_gt(coverage.locks_given_up, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("random_rules");
    TCase *tests = tcase_create("scenarios");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, random_scenarios_hold_every_rule, 0, BATCHES);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
