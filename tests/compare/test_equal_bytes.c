/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that are equal in both files are read once: but not while a value differs, or waits for the other side. */
#include <stdlib.h>
#include <unistd.h>

#include "compare/compare.h"
#include "suite.h"

#define CHANGES 2000 /* some buffers full: more bytes than what is worth to be skipped, in each */
#define BUFFER 4096

static char path[2][64];

static void set_up(void)
{
    for (int side = 0; side < 2; side++)
        snprintf(path[side], sizeof path[side], "/tmp/equal-%c-%d.vcd", 'a' + side, (int)getpid());
}

static void tear_down(void)
{
    unlink(path[0]);
    unlink(path[1]);
}

/* v as told, at 10, 5000 and 5001; between them only another signal changes, in the same bytes. */
static void write_trace(int side, const char *values)
{
    FILE *out = fopen(path[side], "wb");
    ck_assert_ptr_nonnull(out);
    fputs("$timescale 1ns $end\n$scope module t $end\n$var wire 1 ! v $end\n"
          "$var wire 1 \" other $end\n$upscope $end\n$enddefinitions $end\n#0\n0!\n0\"\n",
          out);
    fprintf(out, "#10\n%c!\n", values[0]);
    for (int i = 0; i < CHANGES; i++)
        fprintf(out, "#%d\n%d\"\n", 20 + i, i % 2 ? 0 : 1);
    fprintf(out, "#5000\n%c!\n#5001\n%c!\n#6000\n", values[1], values[2]);
    fclose(out);
}

START_TEST(a_difference_that_goes_on_over_equal_bytes_ends_and_begins_where_it_does)
{
    const struct compare_options options = {.buffer_bytes = BUFFER};
    struct comparison result;
    write_trace(0, "111");
    write_trace(1, "010");
    compare_vcd(path[0], path[1], &options, &result);
    ck_assert_int_eq(result.verdict, COMPARE_DIFFERENT);
    ck_assert(result.first == 10 * 1000000);
    ck_assert_uint_eq(result.signal_count, 1);
    ck_assert_str_eq(result.signals[0].name, "t.v");
    ck_assert_uint_eq(result.signals[0].count, 2); /* from 10 to 5000, and from 5001 on */
    comparison_free(&result);
}
END_TEST

START_TEST(a_change_that_waits_over_equal_bytes_finds_the_other_sides)
{
    static const char *const within[] = {"4990ns", "4989ns"};
    write_trace(0, "111");
    write_trace(1, "011");
    for (int n = 0; n < 2; n++) {
        const struct compare_tolerance tolerance = {NULL, within[n]};
        const struct compare_options options = {
            .buffer_bytes = BUFFER, .tolerances = &tolerance, .tolerance_count = 1};
        struct comparison result;
        compare_vcd(path[0], path[1], &options, &result);
        ck_assert_int_eq(result.verdict, n ? COMPARE_DIFFERENT : COMPARE_SAME);
        ck_assert(!n || result.first == 10 * 1000000);
        comparison_free(&result);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("equal bytes");
    TCase *tests = tcase_create("all");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_difference_that_goes_on_over_equal_bytes_ends_and_begins_where_it_does);
    tcase_add_test(tests, a_change_that_waits_over_equal_bytes_finds_the_other_sides);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
