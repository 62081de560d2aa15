/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random programs that are right, of each controller: the log has no mistake in them. The systems of
 * snps,dw-dmac and intel,8237a are those of test_random_systems.c and test_random_isa.c, which hold that they move the right
 * bytes; those of adi,axi-dmac are programs that are made here, for one without the errata of the RTL, which hang.
 *
 *   RANDOM_SEED=N    first seed, instead of 0
 *   RANDOM_CASES=N   how many of each
 */
#include "kernel/random.h"
#include "plan/log.h"
#include "random_isa.h"
#include "random_system.h"
#include "scenario/scenario.h"
#include "suite.h"
#include "system.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOUND_PS UINT64_C(500000000000) /* 500 ms */

enum { PROBES_MAX = 128 };
#ifdef NDEBUG
enum { CASES = 200 };
#else
enum { CASES = 30 };
#endif

struct listener {
    struct probe_observer observers[PROBES_MAX];
    unsigned count;
};

static const char *text_now; /* of the system that runs */
static unsigned long long seed_now;
static bool ended; /* nothing of its work was left */

static void refused(void *context, const struct dmasim_error *error)
{
    (void)context;
    (void)error;
}

static void hear(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                 const void *record)
{
    const struct log_line *line = record;
    (void)observer;
    (void)now;
    if (line->kind == LOG_RULE && line->level <= LOG_WARNING)
        ck_abort_msg("seed %llu: %s: %s\n%s", seed_now, probe->name, line->text, text_now);
}

/* True if there is such a system. */
static bool is_quiet(const char *text)
{
    const struct scenario_options options = {.report = refused};
    struct scenario *scenario;
    struct system system;
    struct scenario_check check;
    static struct listener listener;
    if (scenario_load_text(text, strlen(text), "quiet.yaml", NULL, &options, &scenario) !=
        DMASIM_OK)
        return false;
    scenario_check_start(&check, scenario);
    const int code = system_create(&system, scenario_plan(scenario), 0, &check.check);
    scenario_check_end(&check, NULL, NULL);
    listener = (struct listener){.count = 0};
    text_now = text;
    for (struct probe *p = system.probes; code == DMASIM_OK && p; p = p->link) {
        if (p->type != &log_probe_type)
            continue;
        ck_assert_uint_lt(listener.count, PROBES_MAX);
        listener.observers[listener.count].notify = hear;
        probe_observe(p, &listener.observers[listener.count++]);
    }
    if (code == DMASIM_OK)
        kernel_advance(&system.kernel, BOUND_PS, KERNEL_STOP_QUIET);
    ended = system.kernel.holds == 0;
    system_free(&system);
    scenario_free(scenario);
    return code == DMASIM_OK;
}

/* ---- programs of an adi,axi-dmac --------------------------------------------------------------- */

struct text {
    char at[16384];
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *self, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    self->used +=
        (size_t)vsnprintf(self->at + self->used, sizeof self->at - self->used, format, list);
    va_end(list);
    ck_assert_uint_lt(self->used, sizeof self->at);
}

static void put_write(struct text *self, const char *to, unsigned long long value)
{
    put(self, "        - {op: write, to: \"%s\", value: 0x%llx}\n", to, value);
}

/* A descriptor of a chain, word by word, through the window. */
static void put_descriptor(struct text *self, struct random *random, unsigned index, bool last,
                           unsigned long long to, unsigned long long from, unsigned bytes)
{
    const unsigned at = 0x30000 + 64 * index;
    const unsigned words[10] = {last ? 3 : 0, /* LAST, and the interrupt */
                                random_below(random, 100),
                                (unsigned)to,
                                0,
                                (unsigned)from,
                                0,
                                last ? 0 : 0x80000000 + at + 64,
                                0,
                                0,
                                bytes - 1};
    for (unsigned i = 0; i < 10; i++) {
        char name[32];
        snprintf(name, sizeof name, "ram + 0x%x", at + 4 * i);
        put_write(self, name, words[i]);
    }
}

/* One transfer by the registers, or a chain; bursts start at multiples of their size, sources lie below destinations. */
static void put_transfer(struct text *self, struct random *random, unsigned burst, bool chain,
                         unsigned rows, unsigned number)
{
    const unsigned pieces = chain ? 1 + random_below(random, 4) : 1;
    unsigned from = 0, to = 0, bytes = 0;
    for (unsigned i = 0; i < pieces; i++) {
        bytes = 1 + random_below(random, chain ? 600 : 3000);
        from = burst * random_below(random, 0x8000 / burst);
        to = 0x10000 + 0x4000 * number + burst * (i * 1024 / burst);
        if (chain)
            put_descriptor(self, random, i, i + 1 == pieces, 0x80000000 + to, 0x80000000 + from,
                           bytes);
    }
    if (chain) {
        put_write(self, "dma.SG_ADDRESS", 0x80030000);
    } else {
        put_write(self, "dma.FLAGS", 2 * random_below(random, 2));
        put_write(self, "dma.SRC_ADDRESS", 0x80000000 + from);
        put_write(self, "dma.DEST_ADDRESS", 0x80000000 + to);
        put_write(self, "dma.X_LENGTH", (rows > 1 ? 256 : bytes) - 1);
        if (rows) {
            put_write(self, "dma.Y_LENGTH", rows - 1);
            put_write(self, "dma.SRC_STRIDE", 512);
            put_write(self, "dma.DEST_STRIDE", 1024);
        }
    }
    put_write(self, "dma.TRANSFER_SUBMIT", 1);
    put(self, "        - {op: poll, to: dma.TRANSFER_SUBMIT, value: 0, time: 100 ns}\n");
}

static void make_adi(struct text *self, uint64_t seed)
{
    struct random random = random_seeded(seed);
    const unsigned burst = 64u << random_below(&random, 3), fifo = 2u << random_below(&random, 4);
    const bool chain = random_below(&random, 2), two_d = !chain && random_below(&random, 2);
    const unsigned transfers = 1 + random_below(&random, 3);
    self->used = 0;
    put(self,
        "clocks: {aclk: {frequency: 100 MHz}}\n"
        "buses:\n  ahb: {clock: aclk}\n  lite: {type: axi, clock: aclk, width: 32, lite: true}\n"
        "  axi: {type: axi, clock: aclk, width: 64}\n"
        "cpus: {cpu: {bus: ahb}}\n"
        "controllers: {dma: {type: 'adi,axi-dmac', bus: lite, base: 0x40000000, source_bus: axi,"
        " destination_bus: axi, interrupt: cpu, errata: none, fifo_size: %u, max_bytes_per_burst: "
        "%u%s%s}}\n",
        fifo, burst, chain ? ", descriptor_bus: axi" : "", two_d ? ", two_d: true" : "");
    put(self,
        "peripherals: {window: {type: ahb-to-axi, bus: ahb, base: 0x80000000, size: 256 KiB, "
        "target: axi},"
        " registers: {type: ahb-to-axi, bus: ahb, base: 0x40000000, size: 4 KiB, target: lite}}\n"
        "memories: {ram: {type: axi-memory, bus: axi, base: 0x80000000, size: 256 KiB, fill: "
        "count}}\n"
        "stop: 10 ms\nwork:\n  - program:\n      name: driver\n      steps:\n");
    put_write(self, "dma.IRQ_MASK", 1);
    put_write(self, "dma.CONTROL", chain ? 5 : 1);
    for (unsigned i = 0; i < transfers; i++) {
        put_transfer(self, &random, burst, chain, two_d ? 1 + random_below(&random, 4) : 0, i);
        put(self, "        - {op: wait_interrupt, to: dma}\n");
        put_write(self, "dma.IRQ_PENDING", 3);
    }
}

/* ---- all three -------------------------------------------------------------------------------------- */

static uint64_t number(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text ? strtoull(text, NULL, 0) : otherwise;
}

START_TEST(programs_of_a_dw_dmac_that_are_right_are_not_warned_of)
{
    const uint64_t first = number("RANDOM_SEED", 0), cases = number("RANDOM_CASES", CASES);
    struct rs_system *s = malloc(sizeof *s);
    ck_assert_ptr_nonnull(s);
    unsigned built = 0;
    for (seed_now = first; seed_now < first + cases; seed_now++) {
        rs_make(s, seed_now);
        built += is_quiet(s->text);
    }
    ck_assert_uint_gt(built, cases / 2);
    free(s);
}
END_TEST

START_TEST(programs_of_an_axi_dmac_that_are_right_are_not_warned_of)
{
    const uint64_t first = number("RANDOM_SEED", 0), cases = number("RANDOM_CASES", CASES);
    struct text *text = malloc(sizeof *text);
    ck_assert_ptr_nonnull(text);
    for (seed_now = first; seed_now < first + cases; seed_now++) {
        make_adi(text, seed_now);
        ck_assert_msg(is_quiet(text->at) && ended, "seed %llu\n%s", seed_now, text->at);
    }
    free(text);
}
END_TEST

START_TEST(programs_of_an_8237a_that_are_right_are_not_warned_of)
{
    const uint64_t first = number("RANDOM_SEED", 0), cases = number("RANDOM_CASES", CASES);
    struct ri_system *s = malloc(sizeof *s);
    ck_assert_ptr_nonnull(s);
    for (seed_now = first; seed_now < first + cases; seed_now++) {
        ri_make(s, seed_now);
        if (strstr(s->text, "machine: xt"))
            continue; /* its channels 0 and 1 share a page register: one moves the other's bytes */
        ck_assert_msg(is_quiet(s->text), "seed %llu is refused\n%s", seed_now, s->text);
    }
    free(s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("random_quiet");
    TCase *tcase = tcase_create("random_quiet");
    tcase_set_timeout(tcase, 0);
    tcase_add_test(tcase, programs_of_a_dw_dmac_that_are_right_are_not_warned_of);
    tcase_add_test(tcase, programs_of_an_axi_dmac_that_are_right_are_not_warned_of);
    tcase_add_test(tcase, programs_of_an_8237a_that_are_right_are_not_warned_of);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
