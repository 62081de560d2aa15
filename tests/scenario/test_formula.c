/* SPDX-License-Identifier: BSD-2-Clause */
/* Expressions: what they mean, what has no value, where an error stands, and what is bounded. */
#include "kernel/random.h"
#include "scenario/formula.h"
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h> /* last: it takes the word `fail` */

/* The values of all names: a 3, b 4, bus.ahb-0.x 10, kind "fixed"; others have none. */
static struct formula_value value_of(const char *name)
{
    static const struct {
        const char *name;
        struct formula_value value;
    } values[] = {
        {"a", {.kind = FORMULA_NUMBER, .number = 3}},
        {"b", {.kind = FORMULA_NUMBER, .number = 4}},
        {"bus.ahb-0.x", {.kind = FORMULA_NUMBER, .number = 10}},
        {"two words", {.kind = FORMULA_NUMBER, .number = 2}},
        {"kind", {.kind = FORMULA_TEXT, .text = "fixed"}},
    };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (strcmp(values[i].name, name) == 0)
            return values[i].value;
    return (struct formula_value){.kind = FORMULA_NONE};
}

static struct formula_value evaluate(const char *text)
{
    struct arena arena = {0};
    struct formula_error error;
    struct formula *formula = formula_parse(&arena, text, &error);
    ck_assert_msg(formula != NULL, "%s: %zu: %s", text, error.offset, error.text);
    struct formula_value values[FORMULA_NAMES_MAX];
    const char *name;
    for (uint32_t i = 0; (name = formula_name(formula, i, NULL)); i++)
        values[i] = value_of(name);
    const struct formula_value result = formula_evaluate(formula, values);
    ck_assert_int_ne(result.kind, FORMULA_TEXT);
    arena_free(&arena);
    return result;
}

START_TEST(what_expressions_mean)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"1 + 2 * 3", 7},
        {"(1 + 2) * 3", 9},
        {"10 - 4 - 3", 3},
        {"2 ** 3 ** 2", 512},
        {"-2 ** 2", -4},
        {"2 ** -1", 0.5},
        {"7 % 4 / 2", 1.5},
        {"- - 3", 3},
        {"0x1f + 1_000", 1031},
        {"1.5e3", 1500},
        {"25e-1", 2.5},
        {"4 KiB", 4096},
        {"2 us", 2000},
        {"1500 ps", 1.5},
        {"2.5 MHz", 2.5e6},
        {"3 MB/s", 3e6},
        {"64KiB/2", 32768},
        {"a - b", -1},
        {"a-1 == 0", NAN}, /* a word of its own */
        {"bus.ahb-0.x / 4", 2.5},
        {"`two words` + 1", 3},
        {"a < b", 1},
        {"a <= 3 and b >= 4", 1},
        {"a > b or not (a == 3)", 0},
        {"!a == 3", 0}, /* not (a == 3) */
        {"a != b && a < 4 || 0", 1},
        {"1 or 0 and 0", 1},
        {"kind == \"fixed\"", 1},
        {"kind != 'fixed'", 0},
        {"kind == 'round' or true", 1},
        {"min(b, a, 9) + max(1, 2)", 5},
        {"if(a > b, 1, 2)", 2},
        {"abs(-3) + ceil(0.2) + floor(1.9) + round(2.5) + log2(8) + sqrt(16)", 15},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct formula_value value = evaluate(cases[i].text);
        if (isnan(cases[i].value))
            ck_assert_msg(value.kind == FORMULA_NONE, "%s", cases[i].text);
        else
            ck_assert_msg(value.kind == FORMULA_NUMBER && value.number == cases[i].value,
                          "%s is %g", cases[i].text, value.number);
    }
}
END_TEST

START_TEST(what_has_no_value)
{
    static const char *const without[] = {
        "missing",          "missing + 1", "1 / 0",     "1 % 0",
        "kind + 1",         "kind < 'x'",  "kind == 1", "sqrt(-1)",
        "missing and true", "log2(0)",     "10 ** 400", "if(missing, 1, 2)",
        "if(1, missing, 2)"};
    static const char *const with[] = {"missing and 0 or 1", "missing or 1", "if(1, 1, missing)",
                                       "not (missing and false)"};
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++)
        ck_assert_msg(evaluate(without[i]).kind == FORMULA_NONE, "%s", without[i]);
    for (size_t i = 0; i < sizeof with / sizeof with[0]; i++)
        ck_assert_msg(formula_true(evaluate(with[i])), "%s", with[i]);
}
END_TEST

START_TEST(an_error_has_its_place)
{
    static const struct {
        const char *text;
        size_t offset;
        const char *message;
    } cases[] = {
        {"", 0, "a value is missing at the end"},
        {"a +", 3, "a value is missing at the end"},
        {"a + * b", 4, "a value is missing"},
        {"a = b", 2, "\"=\" compares nothing, did you mean \"==\"?"},
        {"a b", 2, "an operator is missing"},
        {"(a", 0, "\"(\" is not closed"},
        {"a)", 1, "\")\" closes nothing"},
        {"1 < a < 3", 6, "compare two values at a time: a < b and b < c"},
        {"'fixed", 0, "the text that starts here does not end"},
        {"`x", 0, "the name that starts here does not end"},
        {"exp(1)", 0, "no function \"exp\": abs, ceil, floor, if, log2, max, min, round, sqrt"},
        {"sqrt(1, 2)", 5, "sqrt takes 1 value"},
        {"if(1, 2)", 3, "if takes 3 values"},
        {"max(1", 5, "\")\" is missing"},
        {"5furlongs", 1, "\"furlongs\" is no unit"},
        {"0x", 0, "0x needs digits"},
        {"and 1", 0, "a value is missing before \"and\""},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct formula_error error;
        ck_assert_ptr_null(formula_parse(&arena, cases[i].text, &error));
        ck_assert_msg(error.offset == cases[i].offset && !strcmp(error.text, cases[i].message),
                      "%s: %zu: %s", cases[i].text, error.offset, error.text);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(names_are_listed_once_with_their_place)
{
    struct arena arena = {0};
    struct formula_error error;
    struct formula *formula = formula_parse(&arena, "b + min(a, b) / x.y-z", &error);
    size_t offset;
    ck_assert_str_eq(formula_name(formula, 0, &offset), "b");
    ck_assert_uint_eq(offset, 0);
    ck_assert_str_eq(formula_name(formula, 1, &offset), "a");
    ck_assert_uint_eq(offset, 8);
    ck_assert_str_eq(formula_name(formula, 2, &offset), "x.y-z");
    ck_assert_uint_eq(offset, 16);
    ck_assert_ptr_null(formula_name(formula, 3, NULL));
    arena_free(&arena);
}
END_TEST

/* Depth, length and names: an error, neither a crash nor a value. */
START_TEST(what_is_bounded)
{
    static const char *const pieces[] = {"(", "-", "not ", "1+(", "a**", "max(1,", "if(1,1,"};
    struct arena arena = {0};
    struct formula_error error;
    char text[2 * FORMULA_TEXT_MAX];
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        text[0] = '\0';
        for (unsigned n = 0; n < 500; n++)
            strcat(text, pieces[i]);
        ck_assert_ptr_null(formula_parse(&arena, text, &error));
    }
    memset(text, ' ', FORMULA_TEXT_MAX + 1);
    text[FORMULA_TEXT_MAX + 1] = '\0';
    text[0] = '1';
    ck_assert_ptr_null(formula_parse(&arena, text, &error));
    text[FORMULA_TEXT_MAX] = '\0';
    ck_assert_ptr_nonnull(formula_parse(&arena, text, &error));
    size_t length = 0;
    for (unsigned n = 0; n <= FORMULA_NAMES_MAX; n++)
        length += (size_t)sprintf(text + length, "%sn%u", n ? "+" : "", n);
    ck_assert_ptr_null(formula_parse(&arena, text, &error));
    *strrchr(text, '+') = '\0';
    ck_assert_ptr_nonnull(formula_parse(&arena, text, &error));
    arena_free(&arena);
}
END_TEST

/* Random words: whatever is accepted can be evaluated, whatever is not has a place inside the text. */
START_TEST(random_texts)
{
    static const char *const words[] = {
        "a", "kind", "x.y", "1",  "2 KiB", "+",  "-",   "*",   "/",  "**",   "%",
        "(", ")",    "<",   "==", "!=",    "or", "and", "not", "!",  "min(", "if(",
        ",", "'t'",  "\"",  "`",  "0x",    "1e", "=",   "&&",  "\t", "\xff"};
    for (uint64_t seed = 1; seed <= 20000; seed++) {
        struct random random = random_seeded(seed);
        struct arena arena = {0};
        char text[256] = "";
        for (uint32_t n = 1 + random_below(&random, 16); n > 0; n--) {
            strcat(text, words[random_below(&random, sizeof words / sizeof words[0])]);
            strcat(text, random_below(&random, 3) ? " " : "");
        }
        struct formula_error error;
        struct formula *formula = formula_parse(&arena, text, &error);
        struct formula_value values[FORMULA_NAMES_MAX] = {{0}};
        if (formula)
            formula_evaluate(formula, values);
        else
            ck_assert_msg(error.offset <= strlen(text) && error.text[0], "seed %lu",
                          (unsigned long)seed);
        arena_free(&arena);
    }
}
END_TEST

START_TEST(the_number_of_a_value)
{
    ck_assert_double_eq(formula_number("64 KiB"), 65536);
    ck_assert_double_eq(formula_number("0x10"), 16);
    ck_assert_double_eq(formula_number("2.5 us"), 2500);
    ck_assert_double_eq(formula_number("100 MHz"), 1e8);
    ck_assert_double_eq(formula_number("3 MB/s"), 3e6);
    ck_assert_double_eq(formula_number("45.25"), 45.25);
    ck_assert(isnan(formula_number("fixed")));
    ck_assert(isnan(formula_number("45.25 x")));
    ck_assert(isnan(formula_number("")));
}
END_TEST

TEST_MAIN("formula", what_expressions_mean, what_has_no_value, an_error_has_its_place,
          names_are_listed_once_with_their_place, what_is_bounded, random_texts,
          the_number_of_a_value)
