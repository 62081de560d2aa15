/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahb_faults: recorded traces into which a test puts a fault, and in which cycle the checker finds it.
 */
#ifndef TESTS_AHB_FAULTS_H
#define TESTS_AHB_FAULTS_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ahb_checker.h"
#include "suite.h"

#define GOLDEN SOURCE_DIR "/traces/golden/ahb/"

enum { IDLE, BUSY, NONSEQ, SEQ };
enum { OKAY, ERROR, RETRY, SPLIT };
enum { ROWS_MAX = 400, ANY = -1 };

static struct ahb_check_row rows[ROWS_MAX];
static size_t row_count;

static inline void load(const char *name)
{
    char path[sizeof(GOLDEN) + 4096];
    struct ahb_check_reader reader;
    snprintf(path, sizeof(path), "%s%s", GOLDEN, name);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    ck_assert_msg(ahb_check_reader_init(&reader, file), "%s", reader.error);
    row_count = 0;
    while (row_count < ROWS_MAX && ahb_check_reader_next(&reader, &rows[row_count]))
        row_count++;
    ck_assert_str_eq(reader.error, "");
    ck_assert_uint_lt(row_count, ROWS_MAX);
    fclose(file);
}

/* First row from `from` on with these values; ANY matches all. */
static inline size_t find(size_t from, int htrans, int hready, int hresp, int hmastlock)
{
    for (size_t i = from; i < row_count; i++)
        if ((htrans == ANY || rows[i].htrans == (uint32_t)htrans) &&
            (hready == ANY || rows[i].hready == (uint32_t)hready) &&
            (hresp == ANY || rows[i].hresp == (uint32_t)hresp) &&
            (hmastlock == ANY || rows[i].hmastlock == (uint32_t)hmastlock))
            return i;
    ck_abort_msg("no such row");
}

/* First row whose owner is another than in the row before. */
static inline size_t find_handover(size_t from)
{
    for (size_t i = from + 1; i < row_count; i++)
        if (rows[i].hmaster != rows[i - 1].hmaster)
            return i;
    ck_abort_msg("no such row");
}

struct first {
    uint64_t cycle;
    enum ahb_check_rule rules[8]; /* found in that cycle */
    size_t count;
    char text[200];
};

static inline void note(void *context, uint64_t cycle, enum ahb_check_rule rule, const char *text)
{
    struct first *first = context;
    if (first->count == 0) {
        first->cycle = cycle;
        snprintf(first->text, sizeof(first->text), "%s: %s", ahb_check_rules[rule].name, text);
    }
    if (cycle == first->cycle && first->count < 8)
        first->rules[first->count++] = rule;
}

static inline struct first check_rows(const struct ahb_check_options *options)
{
    struct first first = {.count = 0};
    struct ahb_checker checker;
    ahb_checker_init(&checker, options, note, &first);
    for (size_t i = 0; i < row_count; i++)
        ahb_checker_row(&checker, &rows[i]);
    return first;
}

static inline void expect_with(size_t cycle, enum ahb_check_rule rule,
                               const struct ahb_check_options *options)
{
    struct first first = check_rows(options);
    ck_assert_msg(first.count > 0, "found nothing, expected %s", ahb_check_rules[rule].name);
    bool found = false;
    for (size_t i = 0; i < first.count; i++)
        found |= first.rules[i] == rule;
    ck_assert_msg(first.cycle == cycle && found, "expected %s in cycle %zu, cycle %llu has %s",
                  ahb_check_rules[rule].name, cycle, (unsigned long long)first.cycle, first.text);
}

static inline void expect(size_t cycle, enum ahb_check_rule rule)
{
    expect_with(cycle, rule, NULL);
}

static inline void expect_nothing(const struct ahb_check_options *options)
{
    struct first first = check_rows(options);
    ck_assert_msg(first.count == 0, "cycle %llu: %s", (unsigned long long)first.cycle, first.text);
}

#endif
