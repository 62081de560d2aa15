/* SPDX-License-Identifier: BSD-2-Clause */
/* The examples of docs/scenario.md: each type and each call has one, and all of them are one scenario that runs. */
#include "scenario/internal.h"
#include "scenario/scenario.h"
#include "suite.h"
#include "system.h"

#include <stdio.h>
#include <string.h>

/* What the examples name and no example is. */
static const struct {
    enum component_section section;
    const char *text;
} beside[] = {
    {SECTION_CLOCKS, "clk: { frequency: 5 MHz }"},
    {SECTION_BUSES, "registers: { type: axi, clock: hclk, width: 32 }"},
    {SECTION_BUSES, "stream-bus: { type: axi, clock: hclk, width: 64 }"},
    {SECTION_CPUS, "isa-cpu: { bus: isa }"},
    {SECTION_CONTROLLERS, "sequenced: { type: \"adi,axi-dmac\", bus: registers, base: 0x6000_1000, "
                          "source_bus: axi, destination_bus: axi }"},
    {SECTION_CONTROLLERS, "scripted-dma: { type: \"adi,axi-dmac\", bus: registers, base: "
                          "0x6000_2000, source_bus: axi, destination_bus: axi }"},
    {SECTION_CONTROLLERS, "streamed: { type: \"adi,axi-dmac\", bus: registers, base: 0x6000_3000, "
                          "source: stream, destination_bus: stream-bus }"},
    {SECTION_CONTROLLERS, "shown: { type: \"adi,axi-dmac\", bus: registers, base: 0x6000_4000, "
                          "source_bus: stream-bus, destination: stream }"},
    {SECTION_CONTROLLERS, "received: { type: \"adi,axi-dmac\", bus: registers, base: 0x6000_5000, "
                          "source: fifo, destination_bus: axi }"},
    {SECTION_CONTROLLERS, "played: { type: \"adi,axi-dmac\", bus: registers, base: 0x6000_6000, "
                          "source_bus: axi, destination: fifo }"},
    {SECTION_CONTROLLERS, "synced: { type: \"adi,axi-dmac\", bus: registers, base: 0x6000_7000, "
                          "source: stream, destination_bus: axi, sync_start: true }"},
    {SECTION_CONTROLLERS, "taken: { type: \"adi,axi-dmac\", bus: registers, base: 0x6000_8000, "
                          "source_bus: axi, destination: stream }"},
};

static void refused(void *context, const struct dmasim_error *error)
{
    (void)context;
    ck_abort_msg("%d:%d: %s", error->line, error->column, error->text);
}

static size_t compose(char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "stop: 1 ms\n");
    for (int section = 0; section < SECTION_COUNT; section++) {
        used += (size_t)snprintf(text + used, size - used, "%s:\n", section_keys[section]);
        for (const struct scenario_example *one = scenario_examples; one->text; one++)
            if (one->section == (enum component_section)section)
                used += (size_t)snprintf(text + used, size - used, "  %s\n", one->text);
        for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++)
            if (beside[i].section == (enum component_section)section)
                used += (size_t)snprintf(text + used, size - used, "  %s\n", beside[i].text);
    }
    ck_assert_uint_lt(used, size);
    return used;
}

START_TEST(each_type_has_an_example)
{
    for (const struct component_type *const *type = component_types; *type; type++)
        ck_assert_msg(scenario_example((*type)->section, (*type)->name), "%s: %s",
                      section_keys[(*type)->section], (*type)->name);
}
END_TEST

START_TEST(the_examples_are_a_scenario_that_runs)
{
    static char text[16384];
    const size_t length = compose(text, sizeof text);
    const struct scenario_options options = {.report = refused};
    struct scenario *scenario;
    struct system system;
    struct scenario_check check;
    ck_assert_int_eq(scenario_load_text(text, length, "examples", NULL, &options, &scenario),
                     DMASIM_OK);
    scenario_check_start(&check, scenario);
    ck_assert_int_eq(system_create(&system, scenario_plan(scenario), 0, &check.check), DMASIM_OK);
    ck_assert_int_eq(scenario_check_end(&check, refused, NULL), DMASIM_OK);
    kernel_advance(&system.kernel, UINT64_C(1000000000), KERNEL_STOP_QUIET);
    ck_assert_uint_eq(system.kernel.holds, 0);
    system_free(&system);
    scenario_free(scenario);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario examples");
    TCase *tcase = tcase_create("examples");
    tcase_add_test(tcase, each_type_has_an_example);
    tcase_add_test(tcase, the_examples_are_a_scenario_that_runs);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
