/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that components write have names of their own, on any file system. */
#include "fake_types.h"
#include "suite.h"

#include <check.h> /* last: it takes the word `fail` */

static struct seen seen;

/* What is said of two memories that write these files. */
static const char *told(const char *first, const char *second)
{
    char text[2048];
    snprintf(text, sizeof text,
             FAKE_BASE "  m: { bus: ahb0, base: 0, size: 1 KiB, dump: \"%s\" }\n"
                       "  n: { bus: ahb0, base: 1024, size: 1 KiB, dump: \"%s\" }\n",
             first, second);
    scenario_free(load(text, &seen));
    return seen.text;
}

START_TEST(a_name_is_not_that_of_a_result)
{
    static const char *const names[] = {
        "trace.vcd",      "trace.*.txt",      "trace.gtkw",
        "bus.csv",        "beats.csv",        "cycles.csv",
        "cycles.b.csv",   "events.csv",       "events.a.b.csv",
        "summary.csv",    "transfers.csv",    "junit.xml",
        "log.txt",        "interrupted.txt",  "scenario.resolved.yaml",
        "unfinished-run", "Trace.VCD",        "SUMMARY.csv",
        "accesses.csv",   "dram.csv",         "causes.csv",
        "trace.vcd/x",    "cycles.B.CSV/x/y",
    };
    static const char *const others[] = {
        "trace.vcd1", "a/trace.vcd", "cycles..csv", "cyclesb.csv", "cycles.b.csvx", "events.csv.x",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char expected[256];
        snprintf(expected, sizeof expected,
                 "a.yaml:6:50: \"%s\" is the name of a file that a run writes itself: give it "
                 "another\n",
                 names[i]);
        ck_assert_str_eq(told("good", names[i]), expected);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        ck_assert_str_eq(told("good", others[i]), "");
}
END_TEST

START_TEST(a_name_is_written_once)
{
    ck_assert_str_eq(told("a", "b"), "");
    ck_assert_str_eq(told("a", "a"),
                     "a.yaml:6:50: \"a\" is written twice, first as \"a\", see a.yaml:5:47\n");
    ck_assert_str_eq(told("x/Same.bin", "X/same.BIN"),
                     "a.yaml:6:50: \"X/same.BIN\" is written twice, first as \"x/Same.bin\", see "
                     "a.yaml:5:47\n");
    ck_assert_str_eq(told("a-b", "a_b"), "");
}
END_TEST

START_TEST(a_file_is_no_folder)
{
    ck_assert_str_eq(told("a", "a/b"),
                     "a.yaml:6:50: \"a/b\" cannot be both a file and a folder, as with \"a\", see "
                     "a.yaml:5:47\n");
    ck_assert_str_eq(told("a/b/c", "A/B"),
                     "a.yaml:6:50: \"A/B\" cannot be both a file and a folder, as with \"a/b/c\", "
                     "see a.yaml:5:47\n");
    ck_assert_str_eq(told("a/b", "a/c"), "");
    ck_assert_str_eq(told("a", "a.b/c"), "");
    ck_assert_str_eq(told("a", "a-b"), "");
}
END_TEST

START_TEST(a_name_is_one_that_can_be_seen_and_told_from_what_is_unfinished)
{
    static const char *const unfinished[] = {"a.tmp", "a.TMP", "a.tmp-00ff", "x.tmp/a",
                                             "x.tmp-1/a"};
    for (size_t i = 0; i < sizeof unfinished / sizeof unfinished[0]; i++) {
        told(unfinished[i], "good");
        ck_assert_ptr_nonnull(strstr(seen.text, "a.yaml:5:47: "));
        ck_assert_ptr_nonnull(strstr(seen.text, "leave \".tmp\" out\n"));
    }
    ck_assert_str_eq(told("a.tmpx", "tmp/a"), "");
    ck_assert_str_eq(told("a\\e[31m", "good"),
                     "a.yaml:5:47: \"a\\x1b[31m\" has characters that cannot be shown\n");
    ck_assert_str_eq(told("\\u202e", "good"),
                     "a.yaml:5:47: \"\\u202e\" has characters that cannot be shown\n");
    ck_assert_str_eq(told("\xc3\xa4", "good"), "");
    ck_assert_ptr_nonnull(strstr(told("./a", "a//b"), "a.yaml:5:47: \"dump\": \"./a\" must be"));
    ck_assert_ptr_nonnull(strstr(seen.text, "a.yaml:6:50: \"dump\": \"a//b\" must be"));
}
END_TEST

/* However many there are, each that is wrong is told. */
START_TEST(many_names_are_compared_in_no_time)
{
    enum { MANY = 1000 };
    char *text = malloc(1 << 20);
    size_t length = (size_t)sprintf(text, "%s", FAKE_BASE);
    for (unsigned i = 0; i < MANY; i++)
        length += (size_t)sprintf(text + length,
                                  "  m%u: { bus: ahb0, base: 0x%x, size: 1 KiB, dump: a%s }\n", i,
                                  i * 1024, i ? "/b" : "");
    ck_assert_ptr_null(load(text, &seen));
    ck_assert_uint_eq(seen.count, 51);
    ck_assert_ptr_nonnull(strstr(seen.text, "... and 949 more"));
    free(text);
}
END_TEST

TEST_MAIN("scenario outputs", a_name_is_not_that_of_a_result, a_name_is_written_once,
          a_file_is_no_folder, a_name_is_one_that_can_be_seen_and_told_from_what_is_unfinished,
          many_names_are_compared_in_no_time)
