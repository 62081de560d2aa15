/* SPDX-License-Identifier: BSD-2-Clause */
#include "study/front.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct front {
    const struct study *study;
    uint32_t goals;
    struct study_best *rows;
    size_t count, size;
};

enum order { NEITHER, BETTER, WORSE };

/* Of `a` against `b`; equal rows are WORSE, so that the first stays. */
static enum order compare(const struct front *self, const double *a, const double *b)
{
    bool better = false, worse = false;
    for (uint32_t i = 0; i < self->goals; i++) {
        const bool less = i < self->study->minimise_count;
        better |= less ? a[i] < b[i] : a[i] > b[i];
        worse |= less ? a[i] > b[i] : a[i] < b[i];
    }
    return better ? (worse ? NEITHER : BETTER) : WORSE;
}

static bool offer(struct front *self, const struct study_best *row)
{
    size_t kept = 0;
    for (size_t i = 0; i < self->count; i++) {
        const enum order order = compare(self, row->goals, self->rows[i].goals);
        if (order == WORSE)
            return true; /* nothing that is in the front is better than anything else in it */
        if (order == NEITHER)
            self->rows[kept++] = self->rows[i];
    }
    self->count = kept;
    if (self->count == self->size) {
        const size_t size = self->size ? 2 * self->size : 64;
        struct study_best *rows = realloc(self->rows, size * sizeof *rows);
        if (!rows)
            return false;
        self->rows = rows;
        self->size = size;
    }
    self->rows[self->count++] = *row;
    return true;
}

static sqlite3_stmt *select_goals(struct study_store *store, const struct study *study)
{
    sqlite3 *db = study_store_handle(store);
    sqlite3_str *text = sqlite3_str_new(db);
    sqlite3_stmt *statement = NULL;
    sqlite3_str_appendall(text, "SELECT point, seed");
    for (uint32_t i = 0; i < study->minimise_count; i++)
        sqlite3_str_appendf(text, ", \"%w\"", study->minimise[i]);
    for (uint32_t i = 0; i < study->maximise_count; i++)
        sqlite3_str_appendf(text, ", \"%w\"", study->maximise[i]);
    sqlite3_str_appendall(text, " FROM points WHERE status = 'ok' ORDER BY point, seed");
    char *query = sqlite3_str_finish(text);
    if (query)
        sqlite3_prepare_v2(db, query, -1, &statement, NULL);
    sqlite3_free(query);
    return statement;
}

struct study_best *study_front(struct study_store *store, const struct study *study, size_t *count)
{
    struct front self = {.study = study, .goals = study->minimise_count + study->maximise_count};
    sqlite3_stmt *rows = self.goals ? select_goals(store, study) : NULL;
    bool good = rows != NULL;
    *count = 0;
    while (good && sqlite3_step(rows) == SQLITE_ROW) {
        struct study_best row = {.point = (uint64_t)sqlite3_column_int64(rows, 0),
                                 .seed = (uint64_t)sqlite3_column_int64(rows, 1)};
        bool whole = true;
        for (uint32_t i = 0; i < self.goals; i++) {
            whole &= sqlite3_column_type(rows, (int)i + 2) != SQLITE_NULL;
            row.goals[i] = sqlite3_column_double(rows, (int)i + 2);
        }
        good = !whole || offer(&self, &row);
    }
    sqlite3_finalize(rows);
    if (!good) {
        free(self.rows);
        return NULL;
    }
    *count = self.count;
    return self.rows ? self.rows : calloc(1, sizeof *self.rows);
}
