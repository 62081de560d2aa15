/* SPDX-License-Identifier: BSD-2-Clause */
/* A sound scenario becomes the plan it describes, and its resolved form the same plan again. */
#include "fake_types.h"
#include "suite.h"

#include <check.h> /* last: it takes the word `fail` */

static struct seen seen;

static struct scenario *good(const char *text)
{
    struct scenario *scenario = load(text, &seen);
    ck_assert_str_eq(seen.text, "");
    ck_assert_ptr_nonnull(scenario);
    return scenario;
}

START_TEST(a_plan_has_what_the_file_says)
{
    struct scenario *s =
        good("name: first-try\nseed: 0x10\nstop: 2.5 ms\n" FAKE_BASE "controllers:\n"
             "  dma: { type: 'snps,dw-dmac', bus: ahb0, base: 0x4000_0000 }\n"
             "work:\n"
             "  - memcpy: { name: one, from: sram, to: sram + 0x1000 }\n"
             "  - memcpy: { from: 0, to: dma.CFG + 4, bytes: 1 KiB, after: one }\n");
    const struct plan *plan = scenario_plan(s);
    ck_assert_str_eq(plan->name, "first-try");
    ck_assert_uint_eq(plan->seed, 16);
    ck_assert_uint_eq(plan->stop_ps, UINT64_C(2500000000));
    ck_assert_uint_eq(plan->counts[SECTION_WORK], 2);
    ck_assert_str_eq(plan->components[SECTION_WORK][0].name, "one");
    ck_assert_str_eq(plan->components[SECTION_WORK][1].name, "memcpy1");
    const struct fake_clock *clock = config_of(s, SECTION_CLOCKS, "hclk");
    const struct fake_bus *bus = config_of(s, SECTION_BUSES, "ahb0");
    const struct fake_copy *one = config_of(s, SECTION_WORK, "one");
    const struct fake_copy *two = config_of(s, SECTION_WORK, "memcpy1");
    ck_assert_uint_eq(clock->frequency_hz, 100000000);
    ck_assert_uint_eq(bus->clock, 0);
    ck_assert_uint_eq(bus->width_bits, 32);
    ck_assert_uint_eq(one->from, 0x20000000);
    ck_assert_uint_eq(one->to, 0x20001000);
    ck_assert_uint_eq(one->bytes, 4096);
    ck_assert_uint_eq(one->after, UINT16_MAX);
    ck_assert_uint_eq(two->to, 0x40000044);
    ck_assert_uint_eq(two->after, 0);
    scenario_free(s);
}
END_TEST

START_TEST(what_is_left_out_has_its_default)
{
    struct scenario *s = good("peripherals: { d: , e: {} }\n");
    const struct fake_device *d = config_of(s, SECTION_PERIPHERALS, "d");
    ck_assert_str_eq(scenario_plan(s)->name, "a");
    ck_assert_uint_eq(scenario_plan(s)->seed, 1);
    ck_assert_uint_eq(scenario_plan(s)->stop_ps, UINT64_C(1000000000000));
    ck_assert_uint_eq(d->limit, UINT64_MAX);
    ck_assert_uint_eq(d->controller, UINT16_MAX);
    ck_assert_uint_eq(d->steps.count, 0);
    ck_assert(!d->enabled && !d->option.given && !d->label);
    scenario_free(s);
}
END_TEST

#define EVERYTHING                                                                                 \
    FAKE_BASE "peripherals:\n"                                                                     \
              "  d:\n"                                                                             \
              "    enabled: true\n"                                                                \
              "    small: 255\n"                                                                   \
              "    rate: 3 Mbaud\n"                                                                \
              "    delay: 0.25 us\n"                                                               \
              "    limit: none\n"                                                                  \
              "    label: \"none\"\n"                                                              \
              "    numbers: [0, 0x10, 255]\n"                                                      \
              "    words: [a, \"b c\", \"\"]\n"                                                    \
              "    addresses: sram + 1 KiB\n"                                                      \
              "    steps:\n"                                                                       \
              "      - address: sram\n"                                                            \
              "      - { address: sram + 4, value: 7 }\n"                                          \
              "    option: { level: 3 }\n"

START_TEST(every_kind_of_value_is_read)
{
    struct scenario *s = good(EVERYTHING);
    const struct fake_device *d = config_of(s, SECTION_PERIPHERALS, "d");
    ck_assert(d->enabled);
    ck_assert_uint_eq(d->small, 255);
    ck_assert_uint_eq(d->rate, 300000);
    ck_assert_uint_eq(d->delay_ps, 250000);
    ck_assert_uint_eq(d->limit, UINT64_MAX);
    ck_assert_str_eq(d->label, "none");
    ck_assert_uint_eq(d->numbers.count, 3);
    ck_assert_uint_eq(((uint64_t *)d->numbers.items)[1], 16);
    ck_assert_str_eq(((const char **)d->words.items)[1], "b c");
    ck_assert_str_eq(((const char **)d->words.items)[2], "");
    ck_assert_uint_eq(d->addresses.count, 1);
    ck_assert_uint_eq(((uint64_t *)d->addresses.items)[0], 0x20000400);
    ck_assert_uint_eq(d->steps.count, 2);
    const struct fake_step *steps = d->steps.items;
    ck_assert_uint_eq(steps[1].address, 0x20000004);
    ck_assert_uint_eq(steps[1].value, 7);
    ck_assert_uint_eq(steps[1].place.line, 18);
    ck_assert_uint_eq(steps[1].place.column, 9);
    ck_assert(d->option.given);
    ck_assert_uint_eq(d->option.level, 3);
    scenario_free(s);
}
END_TEST

START_TEST(the_resolved_scenario_is_the_same_plan_and_the_same_bytes)
{
    struct scenario *s = good(EVERYTHING "work: [ { memcpy: { from: sram, to: 0 } } ]\n");
    char *first = resolved(s);
    scenario_free(s);
    s = good(first);
    char *second = resolved(s);
    scenario_free(s);
    ck_assert_str_eq(first, second);
    ck_assert_str_eq(first, "name: a\n"
                            "seed: 1\n"
                            "stop: 1 s\n"
                            "\n"
                            "clocks:\n"
                            "  hclk:\n"
                            "    type: clock\n"
                            "    frequency: 100 MHz\n"
                            "    phase: 0 ps\n"
                            "\n"
                            "buses:\n"
                            "  ahb0:\n"
                            "    type: ahb\n"
                            "    clock: hclk\n"
                            "    width: 32\n"
                            "    arbiter:\n"
                            "      policy: round_robin\n"
                            "      limit: 0\n"
                            "\n"
                            "memories:\n"
                            "  sram:\n"
                            "    type: sram\n"
                            "    bus: ahb0\n"
                            "    base: 0x20000000\n"
                            "    size: 64 KiB\n"
                            "    file: none\n"
                            "    dump: none\n"
                            "\n"
                            "peripherals:\n"
                            "  d:\n"
                            "    type: fifo\n"
                            "    enabled: true\n"
                            "    small: 255\n"
                            "    rate: 300 kB/s\n"
                            "    delay: 250 ns\n"
                            "    limit: none\n"
                            "    label: \"none\"\n"
                            "    numbers: [0, 16, 255]\n"
                            "    words: [a, \"b c\", \"\"]\n"
                            "    addresses: [0x20000400]\n"
                            "    steps:\n"
                            "      - address: 0x20000000\n"
                            "        value: 0\n"
                            "      - address: 0x20000004\n"
                            "        value: 7\n"
                            "    option:\n"
                            "      level: 3\n"
                            "    controller: none\n"
                            "\n"
                            "work:\n"
                            "  - memcpy:\n"
                            "      name: memcpy0\n"
                            "      from: 0x20000000\n"
                            "      to: 0x0\n"
                            "      bytes: 4 KiB\n"
                            "      after: none\n");
    free(first);
    free(second);
}
END_TEST

START_TEST(an_alias_is_what_its_anchor_is)
{
    struct scenario *s = good("clocks:\n  a: &slow { frequency: 1 MHz }\n  b: *slow\n");
    const struct fake_clock *b = config_of(s, SECTION_CLOCKS, "b");
    ck_assert_uint_eq(b->frequency_hz, 1000000);
    scenario_free(s);
}
END_TEST

START_TEST(an_address_may_build_on_another_in_any_order)
{
    struct scenario *s =
        good("clocks: { hclk: { frequency: 1 MHz } }\n"
             "buses: { b0: { clock: hclk }, b1: { clock: hclk }, b2: { clock: hclk } }\n"
             "memories:\n"
             "  c: { bus: b2, base: b + 0x400, size: 1 KiB }\n"
             "  b: { bus: b1, base: a + 0x800, size: 2 KiB }\n"
             "  a: { bus: b0, base: 0x1_0000, size: 4 KiB }\n");
    const struct fake_memory *b = config_of(s, SECTION_MEMORIES, "b");
    const struct fake_memory *c = config_of(s, SECTION_MEMORIES, "c");
    ck_assert_uint_eq(b->base, 0x10800);
    ck_assert_uint_eq(c->base, 0x10c00);
    scenario_free(s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario plan");
    TCase *tests = tcase_create("plan");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, a_plan_has_what_the_file_says);
    tcase_add_test(tests, what_is_left_out_has_its_default);
    tcase_add_test(tests, every_kind_of_value_is_read);
    tcase_add_test(tests, the_resolved_scenario_is_the_same_plan_and_the_same_bytes);
    tcase_add_test(tests, an_alias_is_what_its_anchor_is);
    tcase_add_test(tests, an_address_may_build_on_another_in_any_order);
    return suite_run(suite);
}
