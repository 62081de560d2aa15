/* SPDX-License-Identifier: BSD-2-Clause */
/* "path.to.key=value" over a scenario. */
#include "fake_types.h"
#include "suite.h"

#include <check.h> /* last: it takes the word `fail` */

static struct seen seen;

#define SCENARIO                                                                                   \
    FAKE_BASE "work:\n"                                                                            \
              "  - memcpy: { name: first, from: sram, to: 0 }\n"                                   \
              "  - memcpy: { from: sram, to: 0 }\n"

static struct scenario *good(const char *override)
{
    struct scenario *scenario = load_with(SCENARIO, override, &seen);
    ck_assert_msg(scenario && !seen.text[0], "%s: %s", override, seen.text);
    return scenario;
}

static void bad(const char *override, const char *errors)
{
    ck_assert_ptr_null(load_with(SCENARIO, override, &seen));
    ck_assert_str_eq(seen.text, errors);
}

START_TEST(a_parameter_takes_the_new_value)
{
    struct scenario *s = good("memories.sram.size=128 KiB");
    ck_assert_uint_eq(((struct fake_memory *)config_of(s, SECTION_MEMORIES, "sram"))->size_bytes,
                      131072);
    scenario_free(s);
    s = good("seed=7");
    ck_assert_uint_eq(scenario_plan(s)->seed, 7);
    scenario_free(s);
}
END_TEST

START_TEST(a_key_or_group_that_was_not_there_is_made)
{
    struct scenario *s = good("buses.ahb0.arbiter.policy=fixed");
    ck_assert_uint_eq(((struct fake_bus *)config_of(s, SECTION_BUSES, "ahb0"))->arbiter.policy, 1);
    scenario_free(s);
    s = good("peripherals.d={ small: 3 }");
    ck_assert_uint_eq(((struct fake_device *)config_of(s, SECTION_PERIPHERALS, "d"))->small, 3);
    scenario_free(s);
}
END_TEST

START_TEST(work_is_reached_by_number_by_name_and_with_its_call)
{
    static const char *const paths[] = {"work.0.bytes=17", "work.first.bytes=17",
                                        "work.0.memcpy.bytes=17", "work.first.memcpy.bytes=17"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct scenario *s = good(paths[i]);
        const struct fake_copy *first = config_of(s, SECTION_WORK, "first");
        const struct fake_copy *second = config_of(s, SECTION_WORK, "memcpy1");
        ck_assert_uint_eq(first->bytes, 17);
        ck_assert_uint_eq(second->bytes, 4096);
        scenario_free(s);
    }
}
END_TEST

START_TEST(an_alias_keeps_its_value_when_its_anchor_is_overridden)
{
    struct scenario *s = load_with("clocks:\n  a: &x { frequency: 1 MHz }\n  b: *x\n",
                                   "clocks.a.frequency=2 MHz", &seen);
    ck_assert_ptr_nonnull(s);
    ck_assert_uint_eq(((struct fake_clock *)config_of(s, SECTION_CLOCKS, "a"))->frequency_hz,
                      2000000);
    ck_assert_uint_eq(((struct fake_clock *)config_of(s, SECTION_CLOCKS, "b"))->frequency_hz,
                      1000000);
    scenario_free(s);
}
END_TEST

START_TEST(the_last_override_wins)
{
    static const char *const overrides[] = {"seed=2", "work.0.bytes=5", "seed=3"};
    struct scenario *s = load_bytes(SCENARIO, strlen(SCENARIO), overrides, 3, &seen);
    ck_assert_ptr_nonnull(s);
    ck_assert_uint_eq(scenario_plan(s)->seed, 3);
    ck_assert_uint_eq(((struct fake_copy *)config_of(s, SECTION_WORK, "first"))->bytes, 5);
    scenario_free(s);
}
END_TEST

START_TEST(a_wrong_override_has_its_place)
{
    bad("seed", "--set:1:1: \"seed\" is not path.to.key=value\n");
    bad("memories.srma.size=1 KiB",
        "--set:1:10: nothing in the scenario is called \"srma\", did you mean \"sram\"?\n");
    bad("memories.sram.siez=1 KiB", "--set:1:15: unknown key \"siez\", did you mean \"size\"?\n");
    bad("memoris.sram.size=1 KiB",
        "--set:1:1: unknown key \"memoris\", did you mean \"memories\"?\n");
    bad("memories.sram.size=2 TiB",
        "--set:1:20: \"size\": unknown unit \"TiB\", did you mean \"KiB\"?\n");
    bad("work.2.bytes=1",
        "--set:1:6: nothing in the scenario is called \"2\", entries are 0 to 1\n");
    bad("work.frist.bytes=1",
        "--set:1:6: nothing in the scenario is called \"frist\", entries are 0 to 1\n");
    bad("memories..size=1", "--set:1:10: a word of the path is missing\n");
    bad("=1", "--set:1:1: a word of the path is missing\n");
    bad("seed.more=1", "--set:1:1: \"seed\" takes one value, not a map\n");
    bad("seed=[", "--set:1:7: did not find expected node content\n");
    bad("seed=1\n--- 2", "--set:1:13: a second document: a scenario is one\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario overrides");
    TCase *tests = tcase_create("overrides");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, a_parameter_takes_the_new_value);
    tcase_add_test(tests, a_key_or_group_that_was_not_there_is_made);
    tcase_add_test(tests, work_is_reached_by_number_by_name_and_with_its_call);
    tcase_add_test(tests, an_alias_keeps_its_value_when_its_anchor_is_overridden);
    tcase_add_test(tests, the_last_override_wins);
    tcase_add_test(tests, a_wrong_override_has_its_place);
    return suite_run(suite);
}
