/* SPDX-License-Identifier: BSD-2-Clause */
/* What one component alone can have is claimed once: the place of the second claim, and that of the first. */
#include <string.h>

#include "scenario/scenario.h"
#include "suite.h"

#include <check.h> /* last: it takes the word `fail` */

static char errors[4096];

static void note(void *context, const struct dmasim_error *error)
{
    size_t *used = context;
    *used += (size_t)snprintf(errors + *used, sizeof errors - *used, "%s:%d:%d: %s\n", error->file,
                              error->line, error->column, error->text);
}

static bool load(const char *text, const char *override)
{
    size_t used = 0;
    const struct scenario_options options = {.report = note,
                                             .context = &used,
                                             .overrides = &override,
                                             .override_count = override != NULL};
    struct scenario *scenario = NULL;
    errors[0] = '\0';
    scenario_load_text(text, strlen(text), "a.yaml", NULL, &options, &scenario);
    scenario_free(scenario);
    return scenario != NULL;
}

#define AHB                                                                                        \
    "clocks: { clk: { frequency: 100 MHz } }\n"                                                    \
    "buses: { ahb: { clock: clk } }\n"                                                             \
    "cpus: { cpu: { bus: ahb } }\n"                                                                \
    "controllers: { dma: { bus: ahb, base: 0x4000_0000, channels: 2, interrupt: cpu },\n"          \
    "               d2: { bus: ahb, base: 0x4100_0000, interrupt: cpu } }\n"

#define ISA                                                                                        \
    "clocks: { clk: { frequency: 5 MHz } }\n"                                                      \
    "buses: { isa: { type: isa, clock: clk } }\n"                                                  \
    "cpus: { cpu: { bus: isa } }\n"

#define AXI                                                                                        \
    "clocks: { clk: { frequency: 100 MHz } }\n"                                                    \
    "buses: { axi: { type: axi, clock: clk } }\n"                                                  \
    "cpus: { cpu: { bus: axi } }\n"                                                                \
    "memories: { m: { type: axi-memory, bus: axi, base: 0, size: 4 KiB } }\n"

#define DMA8237 "{ type: 'intel,8237a', bus: isa"
#define DEVICE "{ type: isa-device, bus: isa, start: time, controller: dma"
#define FIFO "{ type: fifo, bus: ahb, direction: dev_to_mem, controller: "

static const struct {
    const char *text, *error;
} cases[] = {
    {AHB "peripherals:\n"
         "  u: " FIFO "dma, line: 3, base: 0x5000_0000 }\n"
         "  v: " FIFO "d2, line: 3, base: 0x5000_0400 }\n"
         "  w: " FIFO "dma, line: 3, base: 0x5000_0800 }\n",
     "a.yaml:9:76: request line 3 of dma is that of u, see a.yaml:7:76\n"},
    {AHB "peripherals:\n"
         "  u: { type: outside-line, controller: dma, line: 0 }\n"
         "  v: " FIFO "dma, base: 0x5000_0400 }\n"
         "  w: { type: outside-line, controller: dma, line: 0 }\n",
     "a.yaml:8:3: request line 0 of dma is that of u, see a.yaml:7:51\n"
     "a.yaml:9:51: request line 0 of dma is that of u, see a.yaml:7:51\n"},
    {AHB "peripherals:\n"
         "  u: " FIFO "dma, line: 0, base: 0x5000_0000 }\n"
         "  v: " FIFO "dma, line: 1, base: 0x5000_0000 }\n",
     "a.yaml:8:85: v (0x50000000 to 0x500003ff) overlaps u (0x50000000 to 0x500003ff), "
     "see a.yaml:7:85\n"},
    {ISA "controllers: { dma: " DMA8237 " } }\n"
         "peripherals:\n"
         "  f: " DEVICE ", channel: 2 }\n"
         "  g: " DEVICE ", channel: 2 }\n",
     "a.yaml:7:75: request line 2 of dma is that of f, see a.yaml:6:75\n"},
    {ISA "controllers: { dma: " DMA8237 " } }\n"
         "peripherals:\n"
         "  f: " DEVICE ", channel: 1 }\n"
         "  g: { type: outside-line, controller: dma, line: 1 }\n",
     "a.yaml:7:51: request line 1 of dma is that of f, see a.yaml:6:75\n"},
    {ISA "controllers:\n"
         "  dma: " DMA8237 " }\n"
         "  two: " DMA8237 ", port: 0xc0, cascade: dma, cascade_channel: 1 }\n"
         "peripherals: { f: " DEVICE ", channel: 1 } }\n",
     "a.yaml:7:88: request line 1 of dma is that of two, see a.yaml:6:84\n"},
    {ISA "controllers:\n"
         "  dma: " DMA8237 " }\n"
         "  two: " DMA8237 ", port: 0xc0 }\n",
     "a.yaml:6:3: HRQ of isa is that of dma, see a.yaml:5:3; cascade one behind the other\n"},
    {ISA "controllers:\n"
         "  dma: " DMA8237 ", pages: p }\n"
         "  two: " DMA8237 ", port: 0x20, pages: p, cascade: dma }\n"
         "peripherals: { p: { type: isa-pages, bus: isa } }\n",
     "a.yaml:6:60: page register 1 of p is that of dma, see a.yaml:5:48; give each chip its own "
     "with `page_ports`\n"
     "a.yaml:6:60: page register 2 of p is that of dma, see a.yaml:5:48; give each chip its own "
     "with `page_ports`\n"
     "a.yaml:6:60: page register 3 of p is that of dma, see a.yaml:5:48; give each chip its own "
     "with `page_ports`\n"
     "a.yaml:6:60: page register 7 of p is that of dma, see a.yaml:5:48; give each chip its own "
     "with `page_ports`\n"},
    {ISA "controllers:\n"
         "  dma: " DMA8237 ", pages: p }\n"
         "  two: " DMA8237 ", port: 0x20, pages: p, cascade: dma, page_ports: [4, 5, 6, 7] }\n"
         "peripherals: { p: { type: isa-pages, bus: isa } }\n",
     "a.yaml:6:89: page register 7 of p is that of dma, see a.yaml:5:48; give each chip its own "
     "with `page_ports`\n"},
    {"clocks: { clk: { frequency: 100 MHz } }\n"
     "buses: { ahb: { clock: clk, master_order: [b, a, b],\n"
     "                arbiter: { weights: [{ master: a, grants: 1 }, { master: a, grants: 2 }] } } "
     "}\n"
     "cpus: { a: { bus: ahb }, b: { bus: ahb } }\n",
     "a.yaml:2:43: 'b' is named twice\n"
     "a.yaml:3:37: 'a' is named twice\n"},
    {"clocks: { clk: { frequency: 100 MHz } }\n"
     "buses: { axi: { type: axi, clock: clk, crossbar: { policy: weighted,\n"
     "          weights: [{ master: a, grants: 1 }, { master: b, grants: 3 }, { master: a, grants: "
     "2 }] } } }\n"
     "cpus: { a: { bus: axi }, b: { bus: axi } }\n"
     "memories: { m: { type: axi-memory, bus: axi, base: 0, size: 4 KiB } }\n",
     "a.yaml:3:20: 'a' is named twice\n"},
    {ISA "masters: { m: { type: outside, bus: isa } }\n",
     "a.yaml:4:37: the CPU's side of isa is that of cpu, see a.yaml:3:21\n"},
    {"clocks: { clk: { frequency: 5 MHz } }\n"
     "buses: { isa: { type: isa, clock: clk } }\n"
     "cpus: { a: { bus: isa }, b: { bus: isa } }\n",
     "a.yaml:3:36: the CPU's side of isa is that of a, see a.yaml:3:19\n"},
    {ISA "controllers: { dma: " DMA8237 " } }\n"
         "peripherals:\n"
         "  f: " DEVICE ", port: 0x300, channel: 0 }\n"
         "  g: " DEVICE ", port: 0x300, channel: 1 }\n",
     "a.yaml:7:72: g (0x80000300 to 0x80000303) overlaps f (0x80000300 to 0x80000303), see "
     "a.yaml:6:72\n"},
    {AXI "controllers: { dma: { type: 'adi,axi-dmac', bus: axi, base: 0x4000_0000,\n"
         "  source: stream, destination_bus: axi } }\n"
         "peripherals:\n"
         "  a: { type: axi-stream-source, controller: dma }\n"
         "  b: { type: outside-source, controller: dma }\n"
         "  c: { type: sync-pulse, controller: dma }\n"
         "  d: { type: sync-pulse, controller: dma }\n",
     "a.yaml:9:42: stream input of dma is that of a, see a.yaml:8:45\n"
     "a.yaml:11:38: the sync pin of dma is that of c, see a.yaml:10:38\n"},
};

START_TEST(the_second_claim_is_refused_with_the_place_of_the_first)
{
    ck_assert(!load(cases[_i].text, NULL));
    ck_assert_str_eq(errors, cases[_i].error);
}
END_TEST

START_TEST(a_claim_by_an_override_has_its_place)
{
    static const char text[] = AHB "peripherals:\n"
                                   "  u: " FIFO "dma, line: 3, base: 0x5000_0000 }\n"
                                   "  v: " FIFO "dma, line: 4, base: 0x5000_0400 }\n";
    ck_assert_msg(load(text, NULL), "%s", errors);
    ck_assert(!load(text, "peripherals.v.line=3"));
    ck_assert_str_eq(errors, "--set:1:20: request line 3 of dma is that of u, see a.yaml:7:76\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario claims");
    TCase *tests = tcase_create("claims");
    tcase_add_loop_test(tests, the_second_claim_is_refused_with_the_place_of_the_first, 0,
                        (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tests, a_claim_by_an_override_has_its_place);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
