/* SPDX-License-Identifier: BSD-2-Clause */
/* A study file: what it becomes, and every error with its place. */
#include "kernel/random.h"
#include "study/study.h"
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h> /* last: it takes the word `fail` */

struct heard {
    int count;
    char text[8][1600];
};

static void hear(void *context, const struct dmasim_error *error)
{
    struct heard *self = context;
    if (self->count < 8)
        snprintf(self->text[self->count], sizeof self->text[0], "%d:%d: %s", error->line,
                 error->column, error->text);
    self->count++;
}

static struct study *read_good(const char *text)
{
    struct heard heard = {0};
    struct study *study = study_read_text(text, strlen(text), "folder/my-study.yaml", hear, &heard);
    ck_assert_msg(study != NULL, "%s", heard.text[0]);
    return study;
}

START_TEST(what_a_file_becomes)
{
    struct study *study =
        read_good("scenario: base.yaml\n"
                  "set: {stop: 1 ms, memories.m: {type: sram, base: 0}}\n"
                  "axes:\n"
                  "  burst: {path: [a.b, c.d], values: [4, 8 KiB, \"x, y\", {k: 1}]}\n"
                  "  wait: {path: e.f, from: 10 ns, to: 1 us, count: 3, scale: log}\n"
                  "where: burst != 8192 or wait > 50 ns\n"
                  "repeat: {seeds: 3}\n"
                  "metrics: {m: bus.x.bytes / 2, n: run.time}\n"
                  "assert: [m > 1]\n"
                  "goals: {minimise: n, maximise: [m]}\n");
    ck_assert_str_eq(study->name, "my-study");
    ck_assert_str_eq(study->scenario, "folder/base.yaml");
    ck_assert_uint_eq(study->override_count, 2);
    ck_assert_str_eq(study->overrides[0], "stop=1 ms");
    ck_assert_str_eq(study->overrides[1], "memories.m={type: sram, base: 0}");
    ck_assert_uint_eq(study->axis_count, 2);
    ck_assert_uint_eq(study->axes[0].path_count, 2);
    ck_assert_str_eq(study->axes[0].values[1].text, "8 KiB");
    ck_assert_double_eq(study->axes[0].values[1].number, 8192);
    ck_assert_str_eq(study->axes[0].values[2].text, "x, y");
    ck_assert_str_eq(study->axes[0].values[2].override, "\"x, y\"");
    ck_assert(isnan(study->axes[0].values[2].number));
    ck_assert_str_eq(study->axes[0].values[3].override, "{k: 1}");
    ck_assert_uint_eq(study->axes[1].value_count, 3);
    ck_assert_str_eq(study->axes[1].values[1].text, "100 ns");
    ck_assert_uint_eq(study->seeds, 3);
    ck_assert_uint_eq(study->where.count, 1);
    ck_assert_uint_eq(study->asserts.count, 1);
    ck_assert_str_eq(study->maximise[0], "m");
    study_free(study);
}
END_TEST

START_TEST(ranges)
{
    static const struct {
        const char *range, *values;
    } cases[] = {
        {"from: 1, to: 9, step: 3", "1 4 7 "},
        {"from: 9, to: 1, step: 4", "9 5 1 "},
        {"from: 16 B, to: 1 KiB, count: 7, scale: log", "16 B,32 B,64 B,128 B,256 B,512 B,1 KiB,"},
        {"from: 0, to: 1 KiB, count: 3", "0 B,512 B,1 KiB,"},
        {"from: 1, to: 4, count: 10, scale: log", "1 2 3 4 "},
        {"from: 100 MHz, to: 200 MHz, step: 50 MHz", "100 MHz,150 MHz,200 MHz,"},
        {"from: 5, to: 5, count: 1", "5 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[300], values[200] = "";
        snprintf(text, sizeof text, "scenario: x\nmetrics: [m]\naxes: {a: {path: p, %s}}",
                 cases[i].range);
        struct study *study = read_good(text);
        for (uint32_t k = 0; k < study->axes[0].value_count; k++) {
            strcat(values, study->axes[0].values[k].text);
            strcat(values, strchr(cases[i].values, ',') ? "," : " ");
        }
        ck_assert_str_eq(values, cases[i].values);
        study_free(study);
    }
}
END_TEST

START_TEST(errors_have_their_places)
{
#define HEAD "scenario: s.yaml\nmetrics: [m]\n"
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"[]", "1:1: a study is a map of keys"},
        {"scenario: s\nmetrics: [m]\n", "1:1: missing key \"axes\""},
        {HEAD "axis: {a: {path: p, values: [1]}}", "1:1: missing key \"axes\""},
        {HEAD "axes: {a: {path: p, values: []}}", "3:29: \"values\" is empty"},
        {HEAD "axes: {a: {values: [1]}}", "3:11: missing key \"path\""},
        {HEAD "axes: {a: {path: p, valeus: [1]}}",
         "3:21: unknown key \"valeus\", did you mean \"values\"?"},
        {HEAD "axes: {a: {path: p, from: 1}}",
         "3:11: an axis has \"values\", or \"from\", \"to\" and either \"step\" or \"count\""},
        {HEAD "axes: {a: {path: p, from: 1, to: 2 ns, step: 1}}",
         "3:27: \"from\", \"to\" and \"step\" are numbers with one kind of unit"},
        {HEAD "axes: {a: {path: p, from: 0, to: 8, count: 3, scale: log}}",
         "3:27: a logarithmic range starts and ends above 0"},
        {HEAD "axes: {a: {path: p, from: 0, to: 8, step: 0}}", "3:27: \"step\" must not be 0"},
        {HEAD "axes: {a: {path: p, from: 0, to: 8000000, step: 1}}",
         "3:27: too many values, an axis has at most 100000"},
        {HEAD "axes: {a: {path: p, values: [1], step: 1}}",
         "3:40: \"step\" has no meaning beside \"values\""},
        {HEAD "axes: {a: {path: p, values: [1], combine: zip}}",
         "3:43: \"combine\" is for a group, one with \"axes\""},
        {HEAD "axes: {point: {path: p, values: [1]}}",
         "3:8: the name of an axis is a word of letters, digits and \"_\", and not point, seed, "
         "status, error or asserted"},
        {HEAD "axes: {m: {path: p, values: [1]}}", "2:11: there is a column \"m\" already"},
        {HEAD "axes: {a: {path: p, values: [1]}}\ncombine: zap",
         "4:10: \"combine\": unknown value \"zap\", did you mean \"zip\"?"},
        {HEAD "axes: {a: {path: p, values: [1]}}\ncombine: sample",
         "1:1: a sample needs \"count\", the number of its points"},
        {HEAD "axes: {a: {path: p, values: [1]}}\ncount: 4",
         "4:8: \"count\" is for a sample; did you mean \"combine: sample\"?"},
        {HEAD "axes: {a: {path: p, values: [1, 2]}, b: {path: p, values: [1]}}\ncombine: zip",
         "3:38: zip takes axes of one length: \"a\" has 2 values, \"b\" 1"},
        {HEAD "axes: {a: {path: p, values: [1]}}\nwhere: a > 1 and c",
         "4:18: no axis \"c\"; known: a"},
        {HEAD "axes: {a: {path: p, values: [1]}}\nwhere: ['a >']",
         "4:13: a value is missing at the end"},
        {HEAD "axes: {a: {path: p, values: [1]}}\nrepeat: {seeds: 0}",
         "4:17: \"seeds\" must be 1 to 1000000"},
        {HEAD "axes: {a: {path: p, values: [1]}}\ngoals: {minimise: n}",
         "4:19: no metric \"n\"; known: m"},
        {HEAD "axes: {a: {path: p, values: [1]}, g: {axes: {a: {path: p, values: [2]}}}}",
         "3:46: there are two axes \"a\""},
        {HEAD "axes: {a: &r {path: p, from: 1, to: 100000, step: 1}, b: *r, c: *r}",
         "1:1: too many points, a study has at most 100000000 with its seeds"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct heard heard = {0};
        ck_assert_ptr_null(
            study_read_text(cases[i].text, strlen(cases[i].text), "s.yaml", hear, &heard));
        ck_assert_msg(strcmp(heard.text[0], cases[i].error) == 0, "%s\n got %s\nwant %s",
                      cases[i].text, heard.text[0], cases[i].error);
    }
}
END_TEST

START_TEST(every_error_is_told)
{
    static const char text[] = HEAD "axes: {a: {path: p, vals: [1]}, b: 3}\nwere: 1\nrepeat: 2\n";
    struct heard heard = {0};
    ck_assert_ptr_null(study_read_text(text, strlen(text), "s.yaml", hear, &heard));
    ck_assert_int_eq(heard.count, 4);
}
END_TEST

/* Aliases of aliases: bounded work. */
START_TEST(aliases_do_not_explode)
{
    char text[4000] = HEAD "axes:\n  g0: &g0 {axes: {a: {path: p, values: [1]}}}\n";
    for (int i = 1; i < 20; i++) {
        char line[200];
        snprintf(line, sizeof line, "  g%d: &g%d {axes: {p: *g%d, q: *g%d, r: *g%d, s: *g%d}}\n", i,
                 i, i - 1, i - 1, i - 1, i - 1);
        strcat(text, line);
    }
    struct heard heard = {0};
    ck_assert_ptr_null(study_read_text(text, strlen(text), "s.yaml", hear, &heard));
    ck_assert_int_gt(heard.count, 0);
}
END_TEST

/* Mutations of a good file: read or refused, with something said. */
START_TEST(mutations)
{
    static const char good[] = "scenario: base.yaml\nset: [a.b=1]\naxes:\n"
                               "  burst: {path: [a.b, c.d], values: [4, 8 KiB, {k: 1}]}\n"
                               "  g: {combine: zip, axes: {x: {path: e.f, from: 10 ns, to: 1 us, "
                               "count: 3}, y: {path: z, values: [1, 2, 3]}}}\n"
                               "combine: sample\ncount: 9\nmethod: latin_hypercube\n"
                               "where: burst != 8192\nrepeat: {seeds: 3}\n"
                               "metrics: {m: bus.x.bytes / 2}\ngoals: {maximise: m}\n";
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        struct random random = random_seeded(seed);
        char text[sizeof good];
        memcpy(text, good, sizeof good);
        for (uint32_t n = 1 + random_below(&random, 4); n > 0; n--)
            text[random_below(&random, sizeof good - 1)] =
                " \n:{}[],&*ax01-\"'"[random_below(&random, 18)];
        struct heard heard = {0};
        struct study *study = study_read_text(text, sizeof good - 1, "s.yaml", hear, &heard);
        ck_assert_msg(study || heard.count, "seed %lu", (unsigned long)seed);
        study_free(study);
    }
}
END_TEST

TEST_MAIN("study files", what_a_file_becomes, ranges, errors_have_their_places, every_error_is_told,
          aliases_do_not_explode, mutations)
