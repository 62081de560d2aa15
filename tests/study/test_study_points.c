/* SPDX-License-Identifier: BSD-2-Clause */
/* Which values a point has, from its number alone. */
#include "study/points.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include <check.h> /* last: it takes the word `fail` */

static struct study *read_axes(const char *rest)
{
    char text[1000];
    snprintf(text, sizeof text, "scenario: s.yaml\nmetrics: [m]\n%s", rest);
    struct study *study = study_read_text(text, strlen(text), "s.yaml", NULL, NULL);
    ck_assert_ptr_nonnull(study);
    return study;
}

/* All points, as "abc abc ...": a letter for each axis' index. */
static const char *all_points(const struct study *study)
{
    static char text[2000];
    size_t length = 0;
    for (uint64_t point = 0; point < study_points(study); point++) {
        uint32_t choice[STUDY_AXES_MAX];
        study_point(study, point, choice);
        for (uint32_t i = 0; i < study->axis_count; i++)
            text[length++] = (char)('0' + choice[i]);
        text[length++] = ' ';
    }
    text[length] = '\0';
    return text;
}

START_TEST(product_zip_and_groups)
{
    static const struct {
        const char *axes, *points;
    } cases[] = {
        {"axes: {a: {path: p, values: [x, y]}, b: {path: p, values: [x, y, z]}}",
         "00 01 02 10 11 12 "},
        {"axes: {a: {path: p, values: [x, y]}, b: {path: p, values: [x, y]}}\ncombine: zip",
         "00 11 "},
        {"axes: {a: {path: p, values: [x, y]}, g: {combine: zip, axes: {b: {path: p, values: [x, "
         "y]},"
         " c: {path: p, values: [x, y]}}}}",
         "000 011 100 111 "},
        {"axes: {g: {axes: {a: {path: p, values: [x, y]}, b: {path: p, values: [x, y]}}}, c: "
         "{path: "
         "p, values: [x, y, z, w]}}\ncombine: zip",
         "000 011 102 113 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct study *study = read_axes(cases[i].axes);
        ck_assert_str_eq(all_points(study), cases[i].points);
        study_free(study);
    }
}
END_TEST

/* Each value of each axis comes equally often, and pairs are not the same from axis to axis. */
START_TEST(a_latin_hypercube_is_even)
{
    struct study *study = read_axes(
        "axes: {a: {path: p, from: 0, to: 9, step: 1}, b: {path: p, from: 0, to: 24, step: 1}}\n"
        "combine: sample\ncount: 100\nmethod: latin_hypercube");
    uint32_t of_a[10] = {0}, of_b[25] = {0}, equal = 0;
    ck_assert_uint_eq(study_points(study), 100);
    for (uint64_t point = 0; point < 100; point++) {
        uint32_t choice[STUDY_AXES_MAX];
        study_point(study, point, choice);
        of_a[choice[0]]++;
        of_b[choice[1]]++;
        equal += choice[0] * 25 / 10 == choice[1];
    }
    for (uint32_t i = 0; i < 10; i++)
        ck_assert_uint_eq(of_a[i], 10);
    for (uint32_t i = 0; i < 25; i++)
        ck_assert_uint_eq(of_b[i], 4);
    ck_assert_uint_lt(equal, 20);
    study_free(study);
}
END_TEST

/* Seeds make other samples; the same seed the same; no value is left out for long. */
START_TEST(a_random_sample)
{
    static const char form[] =
        "axes: {a: {path: p, values: [x, y, z]}, b: {path: p, values: [x, y, "
        "z]}}\ncombine: sample\ncount: 200\nseed: %d";
    char text[400], first[2000];
    uint32_t counts[3] = {0};
    snprintf(text, sizeof text, form, 1);
    struct study *study = read_axes(text);
    strcpy(first, all_points(study));
    ck_assert_str_eq(all_points(study), first);
    for (uint64_t point = 0; point < 200; point++) {
        uint32_t choice[STUDY_AXES_MAX];
        study_point(study, point, choice);
        counts[choice[1]]++;
    }
    for (int i = 0; i < 3; i++)
        ck_assert(counts[i] > 45 && counts[i] < 90); /* 66.7, sigma 6.7 */
    study_free(study);
    snprintf(text, sizeof text, form, 2);
    study = read_axes(text);
    ck_assert_str_ne(all_points(study), first);
    study_free(study);
}
END_TEST

TEST_MAIN("points of a study", product_zip_and_groups, a_latin_hypercube_is_even, a_random_sample)
