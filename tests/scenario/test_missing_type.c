/* SPDX-License-Identifier: BSD-2-Clause */
/* A component without `type` is of the first type of its section; if it cannot be, the error names those that it can. */
#include "scenario/scenario.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

struct seen {
    char text[2048];
};

static void hear(void *context, const struct dmasim_error *error)
{
    struct seen *seen = context;
    const size_t used = strlen(seen->text);
    snprintf(seen->text + used, sizeof seen->text - used, "%d:%d: %s\n", error->line, error->column,
             error->text);
}

/* What is said of a peripheral and a memory, behind an AHB, an AXI and a controller of each. */
static const char *told(const char *memory, const char *peripheral)
{
    static struct seen seen;
    char text[2048];
    snprintf(text, sizeof text,
             "clocks: {c: {frequency: 100 MHz}}\n"
             "buses: {ahb: {clock: c}, axi: {type: axi, clock: c, width: 64}}\n"
             "cpus: {cpu: {bus: ahb}}\n"
             "controllers: {dma: {bus: ahb, base: 0x40000000, interrupt: cpu}}\n"
             "memories: {m: %s}\n"
             "peripherals: {p: %s}\n",
             memory, peripheral);
    const struct scenario_options options = {.report = hear, .context = &seen};
    struct scenario *scenario = NULL;
    seen.text[0] = '\0';
    if (scenario_load_text(text, strlen(text), "a.yaml", NULL, &options, &scenario) == DMASIM_OK)
        scenario_free(scenario);
    return seen.text;
}

#define SRAM "{bus: ahb, base: 0x20000000, size: 64 KiB}"
#define UART "{bus: ahb, base: 0x50000000, direction: dev_to_mem, controller: dma, line: 1}"

START_TEST(the_first_type_needs_no_name)
{
    ck_assert_str_eq(told(SRAM, UART), "");
}
END_TEST

START_TEST(types_that_fit_are_named)
{
    ck_assert_str_eq(told(SRAM, "{controller: dma, pattern: count, packets: [1]}"),
                     "6:15: missing key \"type\": without it this is \"fifo\", which has no key "
                     "\"pattern\"; what stands here fits \"type: axi-stream-source\"\n");
    ck_assert_str_eq(told("{bus: ahb, base: 0, size: 1 MiB, preset: ddr4-2400}", UART),
                     "5:12: missing key \"type\": without it this is \"sram\", which has no key "
                     "\"preset\"; what stands here fits \"type: dram\"\n");
    ck_assert_str_eq(told("{bus: axi, base: 0, size: 64 KiB, ports: single}", UART),
                     "5:12: missing key \"type\": without it this is \"sram\", which has no key "
                     "\"ports\"; what stands here fits \"type: axi-sram\"\n");
}
END_TEST

START_TEST(types_that_have_the_keys_are_named_if_none_fits)
{
    ck_assert_str_eq(told(SRAM, "{bus: ahb, port: 0x300, controller: dma, channel: 1}"),
                     "6:15: missing key \"type\": without it this is \"fifo\", which has no key "
                     "\"port\"; all keys that stand here has \"type: isa-device\"\n");
}
END_TEST

START_TEST(what_the_first_type_lacks_is_asked_for_if_no_other_fits)
{
    ck_assert_str_eq(told("{bus: ahb, size: 64 KiB}", UART), "5:12: missing key \"base\"\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("missing type");
    TCase *tcase = tcase_create("missing type");
    tcase_add_test(tcase, the_first_type_needs_no_name);
    tcase_add_test(tcase, types_that_fit_are_named);
    tcase_add_test(tcase, types_that_have_the_keys_are_named_if_none_fits);
    tcase_add_test(tcase, what_the_first_type_lacks_is_asked_for_if_no_other_fits);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
