/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tables: two CSVs, row by row (rules C1 to C3), or joined by key columns. By position memory does not grow
 * with the length; with keys the rows of B are kept.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/compare.h"
#include "compare/rows.h"
#include "kernel/text.h"
#include "reading/csv.h"

struct column {
    char *name;
    size_t at[2];
    uint64_t count, first; /* rows that differ, the first of them */
    char *a, *b;
    bool tolerant;
    double tolerance;
};

struct tables {
    const struct compare_options *options;
    struct comparison *result;
    struct csv *file[2];
    struct column *columns;
    size_t count;
    size_t *keys[2]; /* columns in the order of --key */
    size_t key_count;
};

static bool no_memory(struct tables *self)
{
    comparison_fail(self->result, 0, "no memory");
    return false;
}

static bool fault(struct tables *self, int side)
{
    while (side == 1 && csv_row(self->file[0]))
        continue;
    side = side == 1 && !self->file[0]->error[0] ? 1 : 0;
    const struct csv *file = self->file[side];
    comparison_fail(self->result, (char)('A' + side), "%s", file->error);
    self->result->error_line = file->unreadable ? 0 : file->error_line;
    return false;
}

/* ---- columns --------------------------------------------------------------------------------- */

/* The column of a name; of several with one name, the one that as many stand before. */
static size_t find(const struct csv *file, const char *name, size_t nth)
{
    for (size_t i = 0; i < file->columns; i++)
        if (strcmp(csv_text(file, i), name) == 0 && nth-- == 0)
            return i;
    return SIZE_MAX;
}

static size_t same_before(const struct csv *file, size_t column)
{
    size_t count = 0;
    for (size_t i = 0; i < column; i++)
        count += strcmp(csv_text(file, i), csv_text(file, column)) == 0;
    return count;
}

static bool match_columns(struct tables *self)
{
    const struct csv *a = self->file[0], *b = self->file[1];
    self->columns = calloc(a->columns + 1, sizeof *self->columns);
    if (!self->columns)
        return no_memory(self);
    for (size_t i = 0; i < a->columns; i++) {
        const char *name = csv_text(a, i);
        if (!selection_has(&self->options->selection, name))
            continue;
        const size_t other = find(b, name, same_before(a, i));
        if (other == SIZE_MAX) {
            if (!texts_add(&self->result->only_a, name))
                return no_memory(self);
            continue;
        }
        self->columns[self->count] = (struct column){.name = strdup(name), .at = {i, other}};
        if (!self->columns[self->count++].name)
            return no_memory(self);
    }
    for (size_t i = 0; i < b->columns; i++)
        if (selection_has(&self->options->selection, csv_text(b, i)) &&
            find(a, csv_text(b, i), same_before(b, i)) == SIZE_MAX &&
            !texts_add(&self->result->only_b, csv_text(b, i)))
            return no_memory(self);
    texts_sort(&self->result->only_a);
    texts_sort(&self->result->only_b);
    self->result->compared = self->count;
    return true;
}

static bool set_tolerances(struct tables *self)
{
    for (size_t i = 0; i < self->options->tolerance_count; i++) {
        const struct compare_tolerance *one = &self->options->tolerances[i];
        char *end;
        const double value = strtod(one->value, &end);
        bool used = false;
        if (end == one->value || *end || !(value >= 0)) {
            comparison_fail(self->result, 0, "--tolerance: '%.60s' is no number", one->value);
            return false;
        }
        for (size_t k = 0; k < self->count; k++) {
            struct column *column = &self->columns[k];
            if (one->name && !text_glob(one->name, column->name))
                continue;
            column->tolerant = used = true;
            column->tolerance = value;
        }
        if (!used) {
            comparison_fail(self->result, 0, "--tolerance: no column \"%.60s\" in both tables",
                            one->name ? one->name : "*");
            return false;
        }
    }
    return true;
}

static bool find_keys(struct tables *self)
{
    const char *at = self->options->key;
    if (!at)
        return true;
    for (int side = 0; side < 2; side++) {
        self->keys[side] = calloc(strlen(at) + 1, sizeof *self->keys[side]);
        if (!self->keys[side])
            return no_memory(self);
    }
    for (;; at++) {
        const size_t length = strcspn(at, ",");
        char *name = strndup(at, length);
        for (int side = 0; side < 2 && name; side++) {
            const size_t column = find(self->file[side], name, 0);
            if (column == SIZE_MAX)
                comparison_fail(self->result, (char)('A' + side), "--key: no column \"%.60s\"",
                                name);
            self->keys[side][self->key_count] = column;
        }
        free(name);
        self->key_count++;
        at += length;
        if (!*at)
            return name ? self->result->verdict != COMPARE_ERROR : no_memory(self);
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool same_cell(const struct column *column, const char *a, size_t a_length, const char *b,
                      size_t b_length)
{
    if (a_length == b_length && memcmp(a, b, a_length) == 0)
        return true;
    if (!column->tolerant || !a_length || !b_length)
        return false;
    char *end_a, *end_b;
    const double x = strtod(a, &end_a), y = strtod(b, &end_b);
    return !*end_a && !*end_b && fabs(x - y) <= column->tolerance;
}

/* Compares A's row with cells of B. `row` counts from 1. */
static bool compare_row(struct tables *self, uint64_t row, const char *text,
                        const struct csv_cell *cells)
{
    const struct csv *a = self->file[0];
    struct comparison *result = self->result;
    for (size_t i = 0; i < self->count; i++) {
        struct column *column = &self->columns[i];
        const struct csv_cell *x = &a->cells[column->at[0]], *y = &cells[column->at[1]];
        if (same_cell(column, a->text + x->at, x->length, text + y->at, y->length))
            continue;
        if (column->count++ == 0) {
            column->first = row;
            column->a = strdup(a->text + x->at);
            column->b = strdup(text + y->at);
            if (!column->a || !column->b)
                return no_memory(self);
        }
        if (!result->first_given) {
            result->first_given = true;
            result->first = row;
        }
    }
    return true;
}

static void ends_at(struct comparison *self, uint64_t row)
{
    if (self->first_given)
        return;
    self->first_given = true;
    self->first = row;
    if (!texts_add(&self->first_names, "(end)"))
        comparison_fail(self, 0, "no memory");
}

static bool by_position(struct tables *self)
{
    struct csv *a = self->file[0], *b = self->file[1];
    uint64_t *rows = self->result->rows;
    for (;;) {
        const bool more_a = csv_row(a), more_b = csv_row(b);
        if (a->error[0] || b->error[0])
            return fault(self, a->error[0] ? 0 : 1);
        rows[0] += more_a;
        rows[1] += more_b;
        if (!more_a && !more_b)
            break;
        if (more_a && more_b && !compare_row(self, rows[0], b->text, b->cells))
            return false;
    }
    if (rows[0] != rows[1])
        ends_at(self->result, (rows[0] < rows[1] ? rows[0] : rows[1]) + 1);
    return true;
}

/* Rows of B that A has not: told by their keys, as rows of A that B has not. */
static bool only(struct tables *self, struct texts *list, const char *key)
{
    char text[256];
    size_t length = 0;
    const char *at = key;
    for (size_t i = 0; i < self->key_count && length + 4 < sizeof text; i++, at += strlen(at) + 1)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%.*s", i ? "," : "row ",
                                   (int)(sizeof text - length - 4), at);
    return texts_add(list, text) || no_memory(self);
}

static bool by_key(struct tables *self)
{
    struct csv *a = self->file[0], *b = self->file[1];
    struct rows rows = {.count = 0};
    bool good = rows_read(&rows, b, self->keys[1], self->key_count);
    if (!good && !b->error[0])
        comparison_fail(self->result, 'B', "%s", rows.error);
    else if (!good)
        fault(self, 1);
    self->result->rows[1] = rows.count;
    while (good && csv_row(a)) {
        self->result->rows[0]++;
        struct row *row = rows_take(&rows, a, self->keys[0], self->key_count);
        good = row ? compare_row(self, self->result->rows[0], rows.texts + row->text,
                                 rows.cells + row->cells)
                   : only(self, &self->result->only_a, rows.key);
    }
    if (good && a->error[0])
        good = fault(self, 0);
    for (size_t i = 0; i < rows.count && good; i++)
        if (!rows.all[i].taken)
            good = only(self, &self->result->only_b, rows.texts + rows.all[i].key);
    rows_free(&rows);
    return good;
}

/* Moves what differs into the result. */
static bool collect(struct tables *self)
{
    struct comparison *result = self->result;
    for (size_t i = 0; i < self->count; i++) {
        struct column *column = &self->columns[i];
        if (!column->count)
            continue;
        const struct compare_signal signal = {.name = column->name,
                                              .count = column->count,
                                              .first = (trace_time)column->first,
                                              .a = column->a,
                                              .b = column->b};
        column->name = column->a = column->b = NULL;
        if (signal.first == result->first && !texts_add(&result->first_names, signal.name)) {
            comparison_signal(result, signal);
            return false;
        }
        if (!comparison_signal(result, signal))
            return false;
    }
    texts_sort(&result->first_names);
    comparison_sort(result);
    return true;
}

static void run(struct tables *self)
{
    for (int side = 0; side < 2; side++)
        if (!csv_row(self->file[side])) {
            fault(self, side);
            return;
        }
    if (!match_columns(self) || !set_tolerances(self) || !find_keys(self))
        return;
    self->result->keys = self->key_count > 0;
    if ((self->key_count ? by_key(self) : by_position(self)) && !collect(self))
        no_memory(self);
}

void compare_tables(const char *a, const char *b, const struct compare_options *options,
                    struct comparison *result)
{
    *result = (struct comparison){.verdict = COMPARE_SAME, .scale = "row", .unit_fs = 1};
    struct tables self = {.options = options, .result = result};
    self.file[0] = csv_open(a);
    self.file[1] = csv_open(b);
    if (self.file[0] && self.file[1])
        run(&self);
    else
        no_memory(&self);
    if (result->verdict != COMPARE_ERROR &&
        (result->first_given || result->only_a.count || result->only_b.count))
        result->verdict = COMPARE_DIFFERENT;
    for (size_t i = 0; i < self.count; i++) {
        free(self.columns[i].name);
        free(self.columns[i].a);
        free(self.columns[i].b);
    }
    free(self.columns);
    for (int side = 0; side < 2; side++) {
        free(self.keys[side]);
        csv_close(self.file[side]);
    }
}
