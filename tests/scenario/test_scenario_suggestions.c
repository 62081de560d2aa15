/* SPDX-License-Identifier: BSD-2-Clause */
/* Near misses of a type's name get the whole name, and errors in a program point at their step. */
#include <string.h>

#include "scenario/scenario.h"
#include "suite.h"

#include <check.h> /* last: it takes the word `fail` */

static char errors[4096];

static void note(void *context, const struct dmasim_error *error)
{
    size_t *used = context;
    *used += (size_t)snprintf(errors + *used, sizeof errors - *used, "%d:%d: %s\n", error->line,
                              error->column, error->text);
}

static const char *told(const char *controller, const char *step)
{
    char text[2048];
    size_t used = 0;
    const struct scenario_options options = {.report = note, .context = &used};
    struct scenario *scenario = NULL;
    errors[0] = '\0';
    snprintf(text, sizeof text,
             "clocks: { clk: { frequency: 100 MHz } }\n"
             "buses: { ahb: { clock: clk } }\n"
             "cpus: { cpu: { bus: ahb } }\n"
             "controllers: { dma: { type: %s, bus: ahb, base: 0x4000_0000, interrupt: cpu } }\n"
             "work:\n"
             "  - program:\n"
             "      name: p\n"
             "      steps:\n"
             "        - { op: write, to: dma.DMA_CFG, value: DMA_EN }\n"
             "        - { %s }\n",
             controller, step);
    scenario_load_text(text, strlen(text), "a.yaml", NULL, &options, &scenario);
    scenario_free(scenario);
    return errors;
}

#define GOOD "op: read, to: dma.DMA_CFG"
#define DMAC "'snps,dw-dmac'"

START_TEST(a_near_miss_of_a_type_gets_the_whole_name_and_its_steps_are_not_told_of)
{
    static const struct {
        const char *type, *error;
    } cases[] = {
        {DMAC, ""},
        {"snps,dw-dmac", "4:29: unknown type \"snps\", did you mean \"snps,dw-dmac\"? A name with "
                         "a comma needs quotes inside of { }\n"},
        {"dw-dmac", "4:29: unknown type \"dw-dmac\", did you mean \"snps,dw-dmac\"?\n"},
        {"axi-dmac", "4:29: unknown type \"axi-dmac\", did you mean \"adi,axi-dmac\"?\n"},
        {"8237a", "4:29: unknown type \"8237a\", did you mean \"intel,8237a\"?\n"},
        {"'snps,dw-dma'", "4:29: unknown type \"snps,dw-dma\", did you mean \"snps,dw-dmac\"?\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_str_eq(told(cases[i].type, GOOD), cases[i].error);
}
END_TEST

START_TEST(an_error_in_a_program_has_the_place_in_its_step)
{
    static const struct {
        const char *step, *error;
    } cases[] = {
        {"op: write, to: dma.CH_ENN, value: 1",
         "10:28: step 2: to: dma has no register \"CH_ENN\", did you mean \"CH_EN\"?\n"},
        {"op: write, to: dma.DMA_CFG, value: DMA_ON",
         "10:48: step 2: value: unknown name \"DMA_ON\", did you mean \"DMA_EN\"?\n"},
        {"op: write, to: dma.DMA_CFG", "10:11: step 2: write needs a value\n"},
        {"op: read", "10:11: step 2: needs `to`\n"},
        {"op: read, to: 0x4000_0001",
         "10:27: step 2: to: 0x40000001 is not an address for 32 bits\n"},
        {"op: read, to: dma.DMA_CFG, width_bits: 12",
         "10:52: step 2: width_bits must be 8, 16 or 32, not 12\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_str_eq(told(DMAC, cases[i].step), cases[i].error);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario suggestions");
    TCase *tests = tcase_create("suggestions");
    tcase_add_test(tests, a_near_miss_of_a_type_gets_the_whole_name_and_its_steps_are_not_told_of);
    tcase_add_test(tests, an_error_in_a_program_has_the_place_in_its_step);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
