/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two ADI AXI DMACs on one memory: one reads it while the other writes it, at addresses that may be the same. Looked
 * at at random times, memories are as with every cycle stepped.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "dmasim/dmasim.h"
#include "kernel/random.h"
#include "suite.h"

#ifdef NDEBUG
enum { CASES = 60 };
#else
enum { CASES = 10 };
#endif

enum { BYTES = 128 * 1024 };
#define US UINT64_C(1000000)

static const char platform[] =
    "clocks: {clk: {frequency: 100 MHz}}\n"
    "buses:\n"
    "  lite: {type: axi, clock: clk, width: 32, lite: true}\n"
    "  out: {type: axi, clock: clk, width: 64}\n"
    "  in: {type: axi, clock: clk, width: 64}\n"
    "  away: {type: axi, clock: clk, width: 64}\n"
    "  from: {type: axi, clock: clk, width: 64}\n"
    "cpus: {cpu: {bus: lite}}\n"
    "controllers:\n"
    "  a: {type: \"adi,axi-dmac\", bus: lite, base: 0x4000_0000, source_bus: out,\n"
    "      destination_bus: away, interrupt: cpu}\n"
    "  b: {type: \"adi,axi-dmac\", bus: lite, base: 0x4001_0000, source_bus: from,\n"
    "      destination_bus: in, interrupt: cpu}\n"
    "memories:\n"
    "  both: {type: axi-memory, bus: out, write_bus: in, base: 0, size: 128 KiB, fill: "
    "xorshift32}\n"
    "  read: {type: axi-memory, bus: from, base: 0, size: 128 KiB, fill: count}\n"
    "  written: {type: axi-memory, bus: away, base: 0, size: 128 KiB}\n"
    "work:\n";

static struct dmasim *create(const char *text, bool every_cycle)
{
    struct dmasim_error error;
    const struct dmasim_options options = {.every_cycle = every_cycle};
    struct dmasim *self =
        dmasim_create_text(text, strlen(text), "pairs.yaml", NULL, &options, &error);
    ck_assert_msg(self != NULL, "%d: %s", error.line, error.text);
    return self;
}

static unsigned bursts(struct random *random, unsigned from, unsigned more)
{
    return 128 * (from + random_below(random, more));
}

START_TEST(what_one_writes_the_other_reads_as_in_every_cycle)
{
    struct random random = random_seeded(31);
    for (unsigned i = 0; i < CASES; i++) {
        char text[4096];
        snprintf(text, sizeof text,
                 "%s  - memcpy: {controller: a, from: %u, to: 0x0, bytes: %u, at: %u ns}\n"
                 "  - memcpy: {controller: b, from: 0x0, to: %u, bytes: %u, at: %u ns}\n",
                 platform, bursts(&random, 0, 200), bursts(&random, 100, 400),
                 random_below(&random, 2000), bursts(&random, 0, 200), bursts(&random, 100, 400),
                 random_below(&random, 2000));
        struct dmasim *sims[] = {create(text, false), create(text, true)};
        uint64_t look = US * random_below(&random, 60);
        for (unsigned j = 0; j < 3; j++, look += US * (j ? 200 : 1 + random_below(&random, 30))) {
            for (unsigned k = 0; k < 2; k++)
                ck_assert_int_eq(dmasim_advance(sims[k], look), DMASIM_OK);
            static const char *const names[] = {"both", "written"};
            for (unsigned k = 0; k < 2; k++)
                ck_assert_msg(memcmp(dmasim_memory(sims[0], names[k], NULL),
                                     dmasim_memory(sims[1], names[k], NULL), BYTES) == 0,
                              "case %u: %s differs at %llu ps", i, names[k],
                              (unsigned long long)look);
        }
        dmasim_destroy(sims[0]);
        dmasim_destroy(sims[1]);
    }
}
END_TEST

TEST_MAIN("adi_pairs", what_one_writes_the_other_reads_as_in_every_cycle)
