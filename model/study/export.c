/* SPDX-License-Identifier: BSD-2-Clause */
#include "study/export.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/row.h"
#include "trace/file.h"

#define FREE (-1) /* as many decimals as the value needs */

struct columns {
    int count;     /* of the table */
    int axes;      /* of these */
    int *decimals; /* of each metric */
};

struct export
{
    struct study_store *store;
    struct trace_file *to;
    struct columns columns;
};

/* A cell as CSV has it: in quotes if it must be. */
static void put_text(struct trace_file *to, const char *text)
{
    if (!strpbrk(text, "\",\r\n")) {
        trace_file_text(to, text);
        return;
    }
    trace_file_text(to, "\"");
    for (; *text; text++)
        trace_file_write(to, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    trace_file_text(to, "\"");
}

static void put_number(struct trace_file *to, double value, int decimals)
{
    char text[STUDY_NUMBER_ROOM];
    study_number_print(text, value, decimals);
    trace_file_text(to, text);
}

static bool read_columns(struct export *self)
{
    struct columns *columns = &self->columns;
    sqlite3_stmt *axes = NULL, *metrics = NULL;
    sqlite3 *db = study_store_handle(self->store);
    bool good = sqlite3_prepare_v2(db, "SELECT count(DISTINCT position) FROM axes", -1, &axes,
                                   NULL) == SQLITE_OK &&
                sqlite3_step(axes) == SQLITE_ROW &&
                sqlite3_prepare_v2(db, "SELECT ifnull(decimals, -1) FROM metrics ORDER BY position",
                                   -1, &metrics, NULL) == SQLITE_OK;
    columns->axes = good ? sqlite3_column_int(axes, 0) : 0;
    columns->decimals = good ? calloc(STUDY_METRICS_MAX, sizeof *columns->decimals) : NULL;
    int count = 0;
    while (columns->decimals && sqlite3_step(metrics) == SQLITE_ROW &&
           count < (int)STUDY_METRICS_MAX)
        columns->decimals[count++] = sqlite3_column_int(metrics, 0);
    columns->count = columns->axes + 4 + count;
    sqlite3_finalize(axes);
    sqlite3_finalize(metrics);
    return columns->decimals != NULL;
}

static int first_metric(const struct export *self)
{
    return self->columns.axes + 4;
}

static void put_rows(struct export *self, sqlite3_stmt *rows)
{
    for (int i = 0; i < self->columns.count; i++) {
        if (i)
            trace_file_text(self->to, ",");
        put_text(self->to, sqlite3_column_name(rows, i));
    }
    trace_file_text(self->to, "\n");
    while (sqlite3_step(rows) == SQLITE_ROW) {
        for (int i = 0; i < self->columns.count; i++) {
            if (i)
                trace_file_text(self->to, ",");
            if (sqlite3_column_type(rows, i) == SQLITE_NULL)
                continue;
            if (i >= first_metric(self))
                put_number(self->to, sqlite3_column_double(rows, i),
                           self->columns.decimals[i - first_metric(self)]);
            else
                put_text(self->to, (const char *)sqlite3_column_text(rows, i));
        }
        trace_file_text(self->to, "\n");
    }
}

/* ---- statistics ------------------------------------------------------------------------------ */

/* Of one metric over the seeds of a point (Welford 1962). */
struct statistics {
    uint64_t count;
    double mean, squares, least, most;
};

static void add(struct statistics *self, double value)
{
    const double from = value - self->mean;
    self->count++;
    self->mean += from / (double)self->count;
    self->squares += from * (value - self->mean);
    self->least = self->count == 1 || value < self->least ? value : self->least;
    self->most = self->count == 1 || value > self->most ? value : self->most;
}

static void put_statistics(struct export *self, char *const *front, uint64_t good,
                           const struct statistics *all)
{
    for (int i = 0; i <= self->columns.axes; i++) {
        put_text(self->to, front[i] ? front[i] : "");
        trace_file_text(self->to, ",");
    }
    char count[24];
    snprintf(count, sizeof count, "%llu", (unsigned long long)good);
    trace_file_text(self->to, count);
    for (int i = 0; i < self->columns.count - first_metric(self); i++) {
        const struct statistics *one = &all[i];
        const double numbers[] = {one->mean, one->least, one->most,
                                  one->count > 1 ? sqrt(one->squares / (double)(one->count - 1))
                                                 : 0};
        for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
            trace_file_text(self->to, ",");
            if (one->count)
                put_number(self->to, numbers[k], FREE);
        }
    }
    trace_file_text(self->to, "\n");
}

static void put_statistics_head(struct export *self, sqlite3_stmt *rows)
{
    static const char *const kinds[] = {"mean", "min", "max", "stdev"};
    for (int i = 0; i <= self->columns.axes; i++) {
        put_text(self->to, sqlite3_column_name(rows, i));
        trace_file_text(self->to, ",");
    }
    trace_file_text(self->to, "ok");
    for (int i = first_metric(self); i < self->columns.count; i++)
        for (size_t k = 0; k < 4; k++) {
            char name[400];
            snprintf(name, sizeof name, "%s.%s", sqlite3_column_name(rows, i), kinds[k]);
            trace_file_text(self->to, ",");
            put_text(self->to, name);
        }
    trace_file_text(self->to, "\n");
}

/* Rows come by point. Those that are not ok count for nothing but their number. */
static void put_points(struct export *self, sqlite3_stmt *rows)
{
    const int axes = self->columns.axes, metrics = self->columns.count - first_metric(self);
    char *front[STUDY_AXES_MAX + 1] = {NULL};
    struct statistics *all = calloc((size_t)metrics + 1, sizeof *all);
    uint64_t good = 0;
    put_statistics_head(self, rows);
    while (all && sqlite3_step(rows) == SQLITE_ROW) {
        const char *point = (const char *)sqlite3_column_text(rows, 0);
        if (front[0] && strcmp(front[0], point) != 0) {
            put_statistics(self, front, good, all);
            memset(all, 0, (size_t)metrics * sizeof *all);
            good = 0;
        }
        for (int i = 0; i <= axes && i <= (int)STUDY_AXES_MAX; i++) {
            free(front[i]);
            front[i] = strdup((const char *)sqlite3_column_text(rows, i));
        }
        if (strcmp((const char *)sqlite3_column_text(rows, axes + 2), "ok") != 0)
            continue;
        good++;
        for (int i = 0; i < metrics; i++)
            if (sqlite3_column_type(rows, first_metric(self) + i) != SQLITE_NULL)
                add(&all[i], sqlite3_column_double(rows, first_metric(self) + i));
    }
    if (all && front[0])
        put_statistics(self, front, good, all);
    for (size_t i = 0; i <= STUDY_AXES_MAX; i++)
        free(front[i]);
    free(all);
}

/* ---- files ----------------------------------------------------------------------------------- */

static bool write_file(struct study_store *store, const char *path,
                       void (*put)(struct export *self, sqlite3_stmt *rows),
                       struct dmasim_error *error)
{
    struct export self = {.store = store};
    struct trace_file *files = NULL;
    sqlite3_stmt *rows = NULL;
    bool good =
        read_columns(&self) &&
        sqlite3_prepare_v2(study_store_handle(store), "SELECT * FROM points ORDER BY point, seed",
                           -1, &rows, NULL) == SQLITE_OK;
    if (!good)
        study_store_error(store, error);
    good = good && (self.to = trace_file_open(&files, NULL, path, error));
    if (good) {
        put(&self, rows);
        good = trace_file_publish_all(&files, error) == DMASIM_OK;
    }
    sqlite3_finalize(rows);
    free(self.columns.decimals);
    return good;
}

bool study_export(struct study_store *store, const char *path, struct dmasim_error *error)
{
    return write_file(store, path, put_rows, error);
}

bool study_export_statistics(struct study_store *store, const char *path,
                             struct dmasim_error *error)
{
    return write_file(store, path, put_points, error);
}
