/* SPDX-License-Identifier: BSD-2-Clause */
/* Letters whatever the locale; text from outside that cannot act on a terminal or break a line. */
#include <string.h>

#include "kernel/text.h"
#include "suite.h"

#include <check.h>

static const char *visible(const char *text)
{
    static char out[256];
    const size_t length = text_visible(out, sizeof out, text);
    ck_assert_uint_eq(length, strlen(out));
    return out;
}

START_TEST(letters_are_those_of_ascii)
{
    for (int c = 0; c < 256; c++) {
        const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
        ck_assert_int_eq(ascii_letter((char)c), upper || lower);
        ck_assert_int_eq(ascii_digit((char)c), c >= '0' && c <= '9');
        ck_assert_int_eq((unsigned char)ascii_lower((char)c), upper ? c + 32 : c);
        ck_assert_int_eq((unsigned char)ascii_upper((char)c), lower ? c - 32 : c);
    }
    ck_assert_uint_eq(ascii_hex('9'), 9);
    ck_assert_uint_eq(ascii_hex('f'), 15);
    ck_assert_uint_eq(ascii_hex('A'), 10);
    ck_assert_uint_eq(ascii_hex('g'), 99);
    ck_assert(ascii_same("KIB", "kib"));
    ck_assert(!ascii_same("KIB", "ki"));
    ck_assert(!ascii_same("\xc4", "\xe4")); /* one letter in ISO 8859-1 */
}
END_TEST

START_TEST(text_that_may_be_shown_stays)
{
    ck_assert_str_eq(visible(""), "");
    ck_assert_str_eq(visible("a b~"), "a b~");
    ck_assert_str_eq(visible("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"),
                     "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
}
END_TEST

START_TEST(what_acts_on_a_terminal_or_a_line_is_written_out)
{
    static const struct {
        const char *text, *seen;
    } cases[] = {
        {"a\nb\r\tc", "a\\nb\\r\\tc"},
        {"\x1b[31m\x07\x7f\x01", "\\x1b[31m\\x07\\x7f\\x01"},
        {"\xc2\x9b"
         "31m\xc2\x85",
         "\\u009b31m\\u0085"}, /* C1: CSI and NEL */
        {"\x9b"
         "31m",
         "\\x9b31m"}, /* the same, to an 8-bit terminal */
        {"\xff\xc0\xaf\xed\xa0\x80", "\\xff\\xc0\\xaf\\xed\\xa0\\x80"}, /* no UTF-8 */
        {"\xe2\x82", "\\xe2\\x82"},                                     /* cut off */
        {"\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029"}, /* end of line, of paragraph */
        /* order of text; NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tested */
        {"\xe2\x80\xae\xe2\x81\xa6\xd8\x9c", "\\u202e\\u2066\\u061c"},
        {"\xef\xbb\xbf\xe2\x80\x8b", "\\ufeff\\u200b"},         /* not seen at all */
        {"\xef\xbf\xbf\xf0\x9f\xbf\xbe", "\\uffff\\U0001fffe"}, /* no characters */
        {"\xf3\xa0\x81\x81", "\\U000e0041"},                    /* a tag */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_str_eq(visible(cases[i].text), cases[i].seen);
}
END_TEST

START_TEST(what_is_cut_is_not_cut_inside_a_character)
{
    static const char text[] = "a\xe2\x82\xac\x1b!";
    static const char seen[] = "a\xe2\x82\xac\\x1b!";
    for (size_t size = 1; size <= sizeof seen; size++) {
        char out[sizeof seen + 1];
        memset(out, '#', sizeof out);
        const size_t length = text_visible(out, size, text);
        const size_t expected = size == sizeof seen ? 9 : size > 8 ? 8 : size > 4 ? 4 : size > 1;
        ck_assert_uint_eq(length, expected);
        ck_assert_mem_eq(out, seen, length);
        ck_assert_int_eq(out[length], '\0');
        ck_assert_int_eq(out[size], '#');
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *tests = tcase_create("text");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, letters_are_those_of_ascii);
    tcase_add_test(tests, text_that_may_be_shown_stays);
    tcase_add_test(tests, what_acts_on_a_terminal_or_a_line_is_written_out);
    tcase_add_test(tests, what_is_cut_is_not_cut_inside_a_character);
    return suite_run(suite);
}
