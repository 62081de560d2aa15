/* SPDX-License-Identifier: BSD-2-Clause */
/* Every kind of error of a scenario: its exact place and text. */
#include "fake_types.h"
#include "suite.h"

#include <check.h> /* last: it takes the word `fail` */

static struct seen seen;

struct wrong {
    const char *yaml;
    const char *errors;
};

static void expect(const struct wrong *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct scenario *scenario = load(cases[i].yaml, &seen);
        ck_assert_msg(!scenario, "accepted: %s", cases[i].yaml);
        ck_assert_msg(!strcmp(seen.text, cases[i].errors), "of\n%s\nexpected\n%sgot\n%s",
                      cases[i].yaml, cases[i].errors, seen.text);
    }
}

#define EXPECT(cases) expect(cases, sizeof cases / sizeof cases[0])

START_TEST(an_unknown_word_gets_a_suggestion)
{
    static const struct wrong cases[] = {
        {"clocks: {c: {frequency: 1 MHz}}\nbuses: {b: {clock: c, policy: fixed}}\n",
         "a.yaml:2:23: unknown key \"policy\", did you mean \"arbiter: {policy: ...}\"?\n"},
        {"clock: {}\n", "a.yaml:1:1: unknown key \"clock\", did you mean \"clocks\"?\n"},
        {"clocks: { a: { frequncy: 1 MHz, frequency: 1 MHz } }\n",
         "a.yaml:1:16: unknown key \"frequncy\", did you mean \"frequency\"?\n"},
        {"clocks: { a: { frequency: 1 MHz, x: 1 } }\n",
         "a.yaml:1:34: unknown key \"x\"; known: type, frequency, phase\n"},
        {"clocks: { a: { frequency: 1 MHzz } }\n",
         "a.yaml:1:27: \"frequency\": unknown unit \"MHzz\", did you mean \"MHz\"?\n"},
        {FAKE_BASE "controllers: { c: { type: 'snps,dw-dma', bus: ahb0, base: 0 } }\n",
         "a.yaml:5:27: unknown type \"snps,dw-dma\", did you mean \"snps,dw-dmac\"?\n"},
        {FAKE_BASE "work: [ { memcopy: { from: 0, to: 0 } } ]\n",
         "a.yaml:5:11: unknown call \"memcopy\", did you mean \"memcpy\"?\n"},
        {FAKE_BASE "work: [ { memcpy: { from: srma, to: sram } } ]\n",
         "a.yaml:5:27: \"from\": nothing is named \"srma\", did you mean \"sram\"?\n"},
        {"clocks: { hclk: { frequency: 1 MHz } }\nbuses: { b: { clock: hckl } }\n",
         "a.yaml:2:22: \"clock\": no clock \"hckl\", did you mean \"hclk\"?\n"},
        {"clocks: { hclk: { frequency: 1 MHz } }\n"
         "buses: { b: { clock: hclk, arbiter: { policy: round_robbin } } }\n",
         "a.yaml:2:47: \"policy\": unknown value \"round_robbin\", did you mean "
         "\"round_robin\"?\n"},
        {"clocks: { hclk: { frequency: 1 MHz } }\n"
         "buses: { b: { clock: hclk, arbiter: { policy: best } } }\n",
         "a.yaml:2:47: \"policy\": unknown value \"best\"; known: round_robin, fixed, weighted\n"},
        {FAKE_BASE "controllers: { dma: { bus: ahb0, base: 0 } }\n"
                   "work: [ { memcpy: { from: dma.CGF, to: 0 } } ]\n",
         "a.yaml:6:27: \"from\": dma has no register \"CGF\", did you mean \"CFG\"?\n"},
    };
    EXPECT(cases);
}
END_TEST

START_TEST(a_value_out_of_range_is_told_the_range)
{
    static const struct wrong cases[] = {
        {"peripherals: { d: { small: 256 } }\n",
         "a.yaml:1:28: \"small\": 256 is out of range, allowed: 0 to 255\n"},
        {"peripherals: { d: { small: -1 } }\n",
         "a.yaml:1:28: \"small\": \"-1\" is negative, least is 0\n"},
        {"peripherals: { d: { numbers: [1, 300] } }\n",
         "a.yaml:1:34: \"numbers\": 300 is out of range, allowed: 0 to 255\n"},
        {"peripherals: { d: { limit: 101 } }\n",
         "a.yaml:1:28: \"limit\": 101 is out of range, allowed: 0 to 100\n"},
        {"clocks: { a: { frequency: 0 } }\n",
         "a.yaml:1:27: \"frequency\": 0 Hz is out of range, allowed: 1 Hz to 10 GHz\n"},
        {"clocks: { a: { frequency: 100 } }\n", "a.yaml:1:27: \"frequency\": \"100\" has no unit, "
                                                "write a frequency such as 100 MHz\n"},
        {"clocks: { a: { frequency: 1 MHz, phase: 0.3 ps } }\n",
         "a.yaml:1:41: \"phase\": \"0.3 ps\" is no whole number of picoseconds\n"},
        {"clocks: { h: { frequency: 1 MHz } }\nbuses: { b: { clock: h, width: 48 } }\n",
         "a.yaml:2:32: \"width\": 48 is not a power of two\n"},
        {"peripherals: { d: { small: 010 } }\n", "a.yaml:1:28: \"small\": \"010\" starts with 0: "
                                                 "write it without, or in hexadecimal with 0x\n"},
        {"peripherals: { d: { small: 4 KiB } }\n",
         "a.yaml:1:28: \"small\": \"4 KiB\" has a unit where a plain number is due\n"},
        {"peripherals: { d: { small: many } }\n",
         "a.yaml:1:28: \"small\": \"many\" is not a whole number such as 16 or 0x10\n"},
        {"peripherals: { d: { enabled: yes } }\n", "a.yaml:1:30: \"enabled\": \"yes\" is neither "
                                                   "true nor false, did you mean \"true\"?\n"},
        {FAKE_BASE "controllers: { c: { bus: ahb0, base: 0, "
                   "masters: [ahb0, ahb0, ahb0, ahb0, ahb0] } }\n",
         "a.yaml:5:50: \"masters\" has 5 items, allowed: 0 to 4\n"},
    };
    EXPECT(cases);
}
END_TEST

START_TEST(the_shape_of_the_tree_must_be_right)
{
    static const struct wrong cases[] = {
        {"[]\n", "a.yaml:1:1: a scenario is a map of keys such as clocks:\n"},
        {"clocks: [a]\n", "a.yaml:1:9: \"clocks\" is a map of names\n"},
        {"clocks: { a: 100 MHz }\n", "a.yaml:1:14: a map of keys is due here\n"},
        {"work: { memcpy: {} }\n", "a.yaml:1:7: \"work\" is a list of calls\n"},
        {"work: [ memcpy ]\n", "a.yaml:1:9: an entry of \"work\" is one call with its keys\n"},
        {"work:\n  - memcpy:\n    from: 0\n    to: 0\n",
         "a.yaml:2:5: an entry of \"work\" is one call with its keys, indent the keys below the "
         "call\n"},
        {"seed: [1]\n", "a.yaml:1:7: \"seed\" takes one value, not a list\n"},
        {"seed:\n", "a.yaml:1:6: \"seed\" has no value\n"},
        {"peripherals: { d: { option: 3 } }\n", "a.yaml:1:29: \"option\" is a map of keys\n"},
        {"peripherals: { d: { steps: 3 } }\n", "a.yaml:1:28: \"steps\" is a list\n"},
        {"peripherals: { d: { steps: [3] } }\n",
         "a.yaml:1:29: an item of \"steps\" is a map of keys\n"},
        {"peripherals: { d: { type: [fifo] } }\n", "a.yaml:1:27: \"type\" takes one name\n"},
        {"masters: { m: {} }\n", "a.yaml:1:12: nothing of this kind can be built yet\n"},
    };
    EXPECT(cases);
}
END_TEST

START_TEST(what_is_required_must_be_there)
{
    static const struct wrong cases[] = {
        {"clocks:\n  a: {}\n", "a.yaml:2:3: missing key \"frequency\"\n"},
        {"clocks:\n  a:\n", "a.yaml:2:3: missing key \"frequency\"\n"},
        {"peripherals: { d: { option: {} } }\n", "a.yaml:1:29: missing key \"level\"\n"},
        {"peripherals: { d: { steps: [ { value: 1 } ] } }\n",
         "a.yaml:1:30: missing key \"address\"\n"},
        {"work:\n- memcpy: { to: 0 }\n", "a.yaml:2:3: missing key \"from\"\n"},
    };
    EXPECT(cases);
}
END_TEST

START_TEST(a_name_is_a_name_and_unique)
{
    static const struct wrong cases[] = {
        {"clocks: { a: { frequency: 1 MHz }, a: { frequency: 2 MHz } }\n",
         "a.yaml:1:36: duplicate key \"a\", first at line 1, column 11\n"},
        {"seed: 1\nstop: 1 s\nseed: 2\n",
         "a.yaml:3:1: duplicate key \"seed\", first at line 1, column 1\n"},
        {"clocks: { 1a: { frequency: 1 MHz } }\n",
         "a.yaml:1:11: \"1a\" is no name: letters, digits, \"_\" and \"-\", at most 63, a letter "
         "first\n"},
        {"clocks: { none: { frequency: 1 MHz } }\n",
         "a.yaml:1:11: \"none\" is no name: letters, digits, \"_\" and \"-\", at most 63, a letter "
         "first, and not \"none\"\n"},
        {"clocks: { x: { frequency: 1 MHz } }\nbuses: { x: { clock: x } }\n",
         "a.yaml:2:10: name \"x\" is taken by a clock\n"},
        {"work:\n- memcpy: { name: x, from: 0, to: 0 }\n- memcpy: { name: x, from: 0, to: 0 }\n",
         "a.yaml:3:19: name \"x\" is taken by the entry at line 2\n"},
        {"work: [ { memcpy: { name: [x], from: 0, to: 0 } } ]\n",
         "a.yaml:1:27: \"name\" takes one name\n"},
        {"name: a/b\n",
         "a.yaml:1:7: \"a/b\" is no name: letters, digits, \"_\" and \"-\", at most 63, a letter "
         "first\n"},
    };
    EXPECT(cases);
}
END_TEST

START_TEST(all_errors_of_a_file_come_at_once_and_in_its_order)
{
    static const struct wrong cases[] = {
        {"work:\n"
         "  - memcpy: { from: nowhere, to: 0, byte: 1 }\n"
         "controllers:\n"
         "  bad: { bus: ahb0, base: 0x1000, burst: 128 }\n"
         "  worse: { bus: ahb1, base: 0x400 }\n"
         "clocks: { hclk: { frequency: 1 Mhz } }\n"
         "buses: { ahb0: { clock: hclk, width: 33 }, ahb2: { clock: hclk } }\n",
         "a.yaml:2:21: \"from\": nothing is named \"nowhere\"; known: bad, worse\n"
         "a.yaml:2:37: unknown key \"byte\", did you mean \"bytes\"?\n"
         "a.yaml:5:17: \"bus\": no bus \"ahb1\", did you mean \"ahb0\"?\n"
         "a.yaml:7:38: \"width\": 33 is not a power of two\n"},
        {"clocks: { hclk: { frequency: 1 Mhz } }\n"
         "buses: { ahb0: { clock: hclk }, ahb2: { clok: hclk } }\n"
         "controllers:\n"
         "  bad: { bus: ahb0, base: 0x1000, burst: 128 }\n"
         "  unsure: { bus: ahb2, base: 0x1000, burst: 128 }\n",
         "a.yaml:2:33: missing key \"clock\"\n"
         "a.yaml:2:41: unknown key \"clok\", did you mean \"clock\"?\n"
         "a.yaml:4:42: a burst of 128 bytes is wider than the FIFO of 64\n"},
    };
    EXPECT(cases);
}
END_TEST

START_TEST(regions_keep_apart_and_to_their_units)
{
    static const struct wrong cases[] = {
        {FAKE_BASE "  more: { bus: ahb0, base: 0x2000_f000, size: 8 KiB }\n",
         "a.yaml:5:28: more (0x2000f000 to 0x20010fff) overlaps sram (0x20000000 to 0x2000ffff), "
         "see a.yaml:4:28\n"},
        {FAKE_BASE "  last: { bus: ahb0, base: 0x2000_fc00, size: 1 KiB }\n",
         "a.yaml:5:28: last (0x2000fc00 to 0x2000ffff) overlaps sram (0x20000000 to 0x2000ffff), "
         "see a.yaml:4:28\n"},
        {FAKE_BASE "  odd: { bus: ahb0, base: 0x200, size: 1000 }\n",
         "a.yaml:5:27: odd starts at 0x200, which is no multiple of 1 KiB\n"
         "a.yaml:5:40: odd takes 1000 B, which is no multiple of 1 KiB\n"},
        {"clocks: { hclk: { frequency: 1 MHz } }\n"
         "buses: { w: { type: wires, clock: hclk } }\n"
         "memories: { odd: { bus: w, base: 3, size: 5 } }\n"
         "controllers: { c: { bus: w, base: 0x400 } }\n",
         "a.yaml:4:26: \"bus\": w is of type wires; it must be of type ahb\n"},
        {FAKE_BASE "  high: { bus: ahb0, base: 0xffff_fc00, size: 2 KiB }\n",
         "a.yaml:5:28: high at 0xfffffc00 with 2 KiB ends beyond 32 bits\n"},
        {FAKE_BASE "controllers: { c: { bus: ahb0, base: sram + 0x400 } }\n",
         "a.yaml:5:38: c (0x20000400 to 0x200007ff) overlaps sram (0x20000000 to 0x2000ffff), "
         "see a.yaml:4:28\n"},
        {FAKE_BASE "work: [ { memcpy: { from: sram + 64 KiB, to: sram } } ]\n",
         "a.yaml:5:27: \"from\": \"sram + 64 KiB\" is outside sram, which has 64 KiB\n"},
        {FAKE_BASE "work: [ { memcpy: { from: hclk, to: sram + } } ]\n",
         "a.yaml:5:27: \"from\": hclk has no address\n"
         "a.yaml:5:37: \"to\": \"sram +\" is not an address such as 0x4000_0000 or NAME + 0x40\n"},
        {"clocks: { h: { frequency: 1 MHz } }\nbuses: { b: { clock: h } }\n"
         "memories:\n  m: { bus: b, base: n, size: 1 KiB }\n  n: { bus: b, base: m, size: 1 KiB "
         "}\n",
         "a.yaml:4:22: \"base\": addresses that depend on each other in a loop\n"},
    };
    EXPECT(cases);
}
END_TEST

START_TEST(two_regions_side_by_side_or_on_two_buses_are_fine)
{
    struct scenario *scenario = load("clocks: { h: { frequency: 1 MHz } }\n"
                                     "buses: { b: { clock: h }, b2: { clock: h } }\n"
                                     "memories:\n"
                                     "  m: { bus: b, base: n + 1 KiB - 0, size: 1 KiB }\n",
                                     &seen);
    ck_assert_ptr_null(scenario);
    scenario = load("clocks: { h: { frequency: 1 MHz } }\n"
                    "buses: { b: { clock: h }, b2: { clock: h } }\n"
                    "memories:\n"
                    "  m: { bus: b, base: 0x400, size: 1 KiB }\n"
                    "  n: { bus: b, base: 0x800, size: 1 KiB }\n"
                    "  o: { bus: b2, base: 0x400, size: 2 KiB }\n"
                    "  p: { bus: b, base: 0xffff_fc00, size: 1 KiB }\n",
                    &seen);
    ck_assert_str_eq(seen.text, "");
    scenario_free(scenario);
}
END_TEST

START_TEST(work_that_waits_for_itself_is_refused)
{
    static const struct wrong cases[] = {
        {"work: [ { memcpy: { name: x, from: 0, to: 0, after: x } } ]\n",
         "a.yaml:1:53: x waits for itself\n"},
        {"work:\n"
         "- memcpy: { name: x, from: 0, to: 0, after: y }\n"
         "- memcpy: { name: y, from: 0, to: 0, after: z }\n"
         "- memcpy: { name: z, from: 0, to: 0, after: x }\n",
         "a.yaml:4:45: x waits for itself, through other entries\n"},
    };
    EXPECT(cases);
}
END_TEST

START_TEST(an_output_file_stays_below_the_output_directory)
{
    static const char *const names[] = {"/etc/x", "../x", "a/../../x", "a//b", "a/", "./a", "''"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 FAKE_BASE "  m: { bus: ahb0, base: 0, size: 1 KiB, dump: %s }\n", names[i]);
        ck_assert_ptr_null(load(text, &seen));
        ck_assert_ptr_nonnull(strstr(seen.text, "a.yaml:5:47: \"dump\": "));
        ck_assert_ptr_nonnull(strstr(seen.text, "must be a file name below the output directory"));
    }
    struct scenario *scenario =
        load(FAKE_BASE "  m: { bus: ahb0, base: 0, size: 1 KiB, dump: a/b..c }\n", &seen);
    ck_assert_str_eq(seen.text, "");
    scenario_free(scenario);
}
END_TEST

START_TEST(errors_beyond_fifty_are_counted)
{
    char text[8192];
    size_t length = 0;
    for (unsigned i = 0; i < 60; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "k%u: 1\n", i);
    ck_assert_ptr_null(load(text, &seen));
    ck_assert_uint_eq(seen.count, 51);
    ck_assert_ptr_nonnull(strstr(seen.text, "a.yaml:50:1: unknown key \"k49\""));
    ck_assert_ptr_null(strstr(seen.text, "k50"));
    ck_assert_ptr_nonnull(strstr(seen.text, "a.yaml:0:0: ... and 10 more\n"));
}
END_TEST

START_TEST(what_is_found_while_building_has_its_place_too)
{
    struct scenario *scenario = load(FAKE_BASE "peripherals:\n"
                                               "  d:\n"
                                               "    steps:\n"
                                               "    - { address: 0,\n"
                                               "        value: 5 }\n",
                                     &seen);
    ck_assert_ptr_nonnull(scenario);
    struct scenario_check gathered;
    scenario_check_start(&gathered, scenario);
    struct check *check = &gathered.check;
    const struct component *d = &scenario_plan(scenario)->components[SECTION_PERIPHERALS][0];
    void (*tell)(struct check *, const struct component *, const char *, const char *, ...) =
        check->fail;
    tell(check, d, "steps.0.value", "five is too much: %d", 5);
    tell(check, d, "steps.0.missing", "b");
    tell(check, d, "small", "c");
    tell(check, d, "stepson", "e");
    tell(check, NULL, NULL, "d");
    ck_assert_uint_eq(check->failures, 5);
    ck_assert_int_eq(scenario_check_end(&gathered, see, &seen), DMASIM_INVALID);
    ck_assert_str_eq(seen.text, "a.yaml:0:0: d\n"
                                "a.yaml:6:3: c\n"
                                "a.yaml:6:3: e\n"
                                "a.yaml:8:7: b\n"
                                "a.yaml:9:16: five is too much: 5\n");
    ck_assert_int_eq(scenario_check_end(&gathered, NULL, NULL), DMASIM_OK);
    scenario_free(scenario);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario errors");
    TCase *tests = tcase_create("errors");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, an_unknown_word_gets_a_suggestion);
    tcase_add_test(tests, a_value_out_of_range_is_told_the_range);
    tcase_add_test(tests, the_shape_of_the_tree_must_be_right);
    tcase_add_test(tests, what_is_required_must_be_there);
    tcase_add_test(tests, a_name_is_a_name_and_unique);
    tcase_add_test(tests, all_errors_of_a_file_come_at_once_and_in_its_order);
    tcase_add_test(tests, regions_keep_apart_and_to_their_units);
    tcase_add_test(tests, two_regions_side_by_side_or_on_two_buses_are_fine);
    tcase_add_test(tests, work_that_waits_for_itself_is_refused);
    tcase_add_test(tests, an_output_file_stays_below_the_output_directory);
    tcase_add_test(tests, errors_beyond_fifty_are_counted);
    tcase_add_test(tests, what_is_found_while_building_has_its_place_too);
    return suite_run(suite);
}
