/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers with units are exact, in integers. */
#include "fake_types.h"
#include "suite.h"

#include <check.h> /* last: it takes the word `fail` */

START_TEST(a_number_with_a_unit_is_exact)
{
    static const struct {
        enum parameter_kind kind;
        const char *text;
        uint64_t value;
    } cases[] = {
        {PARAMETER_UINT, "0", 0},
        {PARAMETER_UINT, " 17 ", 17},
        {PARAMETER_UINT, "1_000_000", 1000000},
        {PARAMETER_UINT, "0xFf_ff", 65535},
        {PARAMETER_UINT, "0b1010", 10},
        {PARAMETER_UINT, "2.0", 2},
        {PARAMETER_UINT, "18446744073709551615", UINT64_MAX},
        {PARAMETER_UINT, "0xffffffffffffffff", UINT64_MAX},
        {PARAMETER_ADDRESS, "0x4000_0000", 0x40000000},
        {PARAMETER_BYTES, "5", 5},
        {PARAMETER_BYTES, "4 KiB", 4096},
        {PARAMETER_BYTES, "4kib", 4096},
        {PARAMETER_BYTES, "4K", 4096},
        {PARAMETER_BYTES, "64k", 65536},
        {PARAMETER_BYTES, "1.5 M", 1572864},
        {PARAMETER_BYTES, "2g", UINT64_C(2147483648)},
        {PARAMETER_BYTES, "0x10 KiB", 16384},
        {PARAMETER_BYTES, "1.5 KiB", 1536},
        {PARAMETER_BYTES, "3 kB", 3000},
        {PARAMETER_BYTES, "16 GiB", UINT64_C(17179869184)},
        {PARAMETER_TIME, "250 ns", 250000},
        {PARAMETER_TIME, "0", 0},
        {PARAMETER_TIME, "0.001 ns", 1},
        {PARAMETER_TIME, "1s", UINT64_C(1000000000000)},
        {PARAMETER_TIME, "2 \xc2\xb5s", 2000000},
        {PARAMETER_TIME, "18446744073709551615 ps", UINT64_MAX},
        {PARAMETER_TIME, "18446744.073709551615 s", UINT64_MAX},
        {PARAMETER_FREQUENCY, "2.5 MHz", 2500000},
        {PARAMETER_FREQUENCY, "100 mhz", 100000000},
        {PARAMETER_FREQUENCY, "33.333333 MHz", 33333333},
        {PARAMETER_FREQUENCY, "1.000000000 GHz", 1000000000},
        {PARAMETER_RATE, "3 Mbaud", 300000},
        {PARAMETER_RATE, "115200 baud", 11520},
        {PARAMETER_RATE, "115.2 kbaud", 11520},
        {PARAMETER_RATE, "10 MB/s", 10000000},
        {PARAMETER_RATE, "1 MiB/s", 1048576},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct line error = {0};
        uint64_t value = 12345;
        bool good = value_parse(cases[i].kind, cases[i].text, &value, &error);
        ck_assert_msg(good, "%s: %s", cases[i].text, error.text);
        ck_assert_msg(value == cases[i].value, "%s is not %llu", cases[i].text,
                      (unsigned long long)value);
    }
}
END_TEST

START_TEST(anything_else_is_refused)
{
    static const struct {
        enum parameter_kind kind;
        const char *text, *error;
    } cases[] = {
        {PARAMETER_UINT, "", "\"\" is not a whole number such as 16 or 0x10"},
        {PARAMETER_UINT, "0x", "\"0x\" is not a whole number such as 16 or 0x10"},
        {PARAMETER_UINT, "1__0", "\"1__0\" is not a whole number such as 16 or 0x10"},
        {PARAMETER_UINT, "1_", "\"1_\" is not a whole number such as 16 or 0x10"},
        {PARAMETER_UINT, "1.5", "\"1.5\" is no whole number of 1"},
        {PARAMETER_UINT, "+1", "\"+1\" is not a whole number such as 16 or 0x10"},
        {PARAMETER_UINT, "1 2", "\"1 2\" is not a whole number such as 16 or 0x10"},
        {PARAMETER_UINT, "007",
         "\"007\" starts with 0: write it without, or in hexadecimal with 0x"},
        {PARAMETER_UINT, "18446744073709551616", "\"18446744073709551616\" is too large"},
        {PARAMETER_UINT, "99999999999999999999999",
         "\"99999999999999999999999\" has too many digits"},
        {PARAMETER_UINT, "0.0000000000000000000", "\"0.0000000000000000000\" has too many digits"},
        {PARAMETER_UINT, "1e3", "\"1e3\" has a unit where a plain number is due"},
        {PARAMETER_BYTES, "16777216 TiB", "unknown unit \"TiB\", did you mean \"KiB\"?"},
        {PARAMETER_BYTES, "17179869184 GiB", "\"17179869184 GiB\" is too large"},
        {PARAMETER_BYTES, "0.3 KiB", "\"0.3 KiB\" is no whole number of bytes"},
        {PARAMETER_TIME, "5", "\"5\" has no unit, write a time such as 250 ns"},
        {PARAMETER_TIME, "5 Ms", "unknown unit \"Ms\", did you mean \"ms\"?"},
        {PARAMETER_TIME, "1.0001 ns", "\"1.0001 ns\" is no whole number of picoseconds"},
        {PARAMETER_FREQUENCY, "5 ns", "unknown unit \"ns\"; known: Hz, kHz, MHz, GHz"},
        {PARAMETER_RATE, "9601 baud", "\"9601 baud\" is no whole number of bytes per second"},
        {PARAMETER_TIME, "5 n s", "\"5 n s\" is not a time such as 250 ns"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct line error = {0};
        uint64_t value = 12345;
        ck_assert_msg(!value_parse(cases[i].kind, cases[i].text, &value, &error), "%s accepted",
                      cases[i].text);
        ck_assert_str_eq(error.text, cases[i].error);
        ck_assert_uint_eq(value, 12345);
    }
}
END_TEST

START_TEST(what_is_written_reads_back)
{
    static const enum parameter_kind kinds[] = {PARAMETER_UINT,      PARAMETER_ADDRESS,
                                                PARAMETER_BYTES,     PARAMETER_TIME,
                                                PARAMETER_FREQUENCY, PARAMETER_RATE};
    static const uint64_t seeds[] = {0, 1, 7, 10, 1000, 1024, 1000000, 1048576, 3000000000};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++)
            for (uint64_t value = seeds[i]; value >= seeds[i]; value = value * 10 + 10) {
                char text[VALUE_TEXT];
                struct line error = {0};
                uint64_t again = 1;
                value_format(kinds[k], value, text, sizeof text);
                ck_assert_msg(value_parse(kinds[k], text, &again, &error), "%s: %s", text,
                              error.text);
                ck_assert_uint_eq(again, value);
                if (value > UINT64_MAX / 100)
                    break;
            }
}
END_TEST

START_TEST(the_largest_unit_that_fits_is_written)
{
    static const struct {
        enum parameter_kind kind;
        uint64_t value;
        const char *text;
    } cases[] = {
        {PARAMETER_BYTES, 65536, "64 KiB"},
        {PARAMETER_BYTES, 1000, "1000 B"},
        {PARAMETER_TIME, 1000000, "1 us"},
        {PARAMETER_TIME, 1500, "1500 ps"},
        {PARAMETER_FREQUENCY, 2500000, "2500 kHz"},
        {PARAMETER_RATE, 300000, "300 kB/s"},
        {PARAMETER_RATE, 1048576, "1 MiB/s"},
        {PARAMETER_TIME, 0, "0 ps"},
        {PARAMETER_ADDRESS, 0x40000000, "0x40000000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[VALUE_TEXT];
        value_format(cases[i].kind, cases[i].value, text, sizeof text);
        ck_assert_str_eq(text, cases[i].text);
    }
}
END_TEST

START_TEST(the_distance_of_words_counts_edits)
{
    ck_assert_uint_eq(word_distance("burst", "burst"), 0);
    ck_assert_uint_eq(word_distance("brust", "burst"), 1);
    ck_assert_uint_eq(word_distance("bust", "burst"), 1);
    ck_assert_uint_eq(word_distance("bursts", "burst"), 1);
    ck_assert_uint_eq(word_distance("BURST", "burst"), 0);
    ck_assert_uint_eq(word_distance("", "abc"), 3);
    ck_assert_uint_eq(word_distance("abc", ""), 3);
    ck_assert_uint_eq(word_distance("kitten", "sitting"), 3);
    ck_assert_uint_eq(word_distance("x", "a_word_of_more_than_forty_eight_bytes_is_never_close"),
                      255);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario values");
    TCase *tests = tcase_create("values");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, a_number_with_a_unit_is_exact);
    tcase_add_test(tests, anything_else_is_refused);
    tcase_add_test(tests, what_is_written_reads_back);
    tcase_add_test(tests, the_largest_unit_that_fits_is_written);
    tcase_add_test(tests, the_distance_of_words_counts_edits);
    return suite_run(suite);
}
