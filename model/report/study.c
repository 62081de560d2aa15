/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/study.h"

#include <inttypes.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "compare/texts.h"
#include "study/command.h"
#include "study/front.h"
#include "study/points.h"
#include "study/store.h"

#define ODD_MAX 500u
#define TEXT_MAX 100000 /* bytes of the study that are shown */

/* A row that stays. Errors are numbered; -1: none. */
struct row {
    uint64_t point, seed;
    int status, error;
    bool asserted;
    double *metrics; /* NAN: none */
};

struct table {
    struct study_store *store;
    struct study *study;
    uint32_t metrics;
    uint64_t most;  /* cells that there is room for */
    uint64_t total; /* rows of the database */
    unsigned char *kept;
    struct row *rows;
    size_t count;
    double *cells;
    struct texts errors;
    int64_t counts[STUDY_STATUSES];
};

static bool fail(struct dmasim_error *error, const char *path, const char *text)
{
    *error = (struct dmasim_error){.code = DMASIM_INVALID};
    snprintf(error->file, sizeof error->file, "%s", path);
    snprintf(error->text, sizeof error->text, "%s", text);
    return false;
}

static sqlite3_stmt *select_rows(const struct table *self)
{
    sqlite3 *db = study_store_handle(self->store);
    sqlite3_str *text = sqlite3_str_new(db);
    sqlite3_stmt *statement = NULL;
    sqlite3_str_appendall(text, "SELECT point, seed, status, error, asserted");
    for (uint32_t i = 0; i < self->metrics; i++)
        sqlite3_str_appendf(text, ", \"%w\"", self->study->metrics.items[i].name);
    sqlite3_str_appendall(text, " FROM points ORDER BY point, seed");
    char *query = sqlite3_str_finish(text);
    if (query)
        sqlite3_prepare_v2(db, query, -1, &statement, NULL);
    sqlite3_free(query);
    return statement;
}

static int status_of(sqlite3_stmt *rows)
{
    const char *text = (const char *)sqlite3_column_text(rows, 2);
    for (int i = 0; text && i < STUDY_STATUSES; i++)
        if (strcmp(text, study_status_names[i]) == 0)
            return i;
    return STUDY_FAILED;
}

static double metric(sqlite3_stmt *rows, uint32_t i)
{
    const int at = (int)i + 5;
    const int type = sqlite3_column_type(rows, at);
    return type == SQLITE_INTEGER || type == SQLITE_FLOAT ? sqlite3_column_double(rows, at)
                                                          : (double)NAN;
}

/* ---- which rows stay ------------------------------------------------------------------------- */

struct extreme {
    double low, high;
    uint64_t low_row, high_row;
    bool any;
};

static void keep(struct table *self, uint64_t row)
{
    self->kept[row / 8] |= (unsigned char)(1u << row % 8);
}

static bool is_kept(const struct table *self, uint64_t row)
{
    return self->kept[row / 8] >> row % 8 & 1;
}

static void look(struct table *self, sqlite3_stmt *rows, uint64_t row, struct extreme *extremes)
{
    for (uint32_t i = 0; i < self->metrics; i++) {
        const double value = metric(rows, i);
        struct extreme *one = &extremes[i];
        if (value != value)
            continue;
        if (!one->any || value < one->low) {
            one->low = value;
            one->low_row = row;
        }
        if (!one->any || value > one->high) {
            one->high = value;
            one->high_row = row;
        }
        one->any = true;
    }
}

static bool choose(struct table *self)
{
    const uint64_t columns = self->study->axis_count + self->metrics + 4;
    const uint64_t most = self->most / columns + 1;
    const uint64_t every = self->total <= most ? 1 : self->total / most + 1;
    struct extreme *extremes = calloc(self->metrics + 1, sizeof *extremes);
    size_t front_count = 0, next = 0;
    struct study_best *front = study_front(self->store, self->study, &front_count);
    sqlite3_stmt *rows = extremes ? select_rows(self) : NULL;
    uint64_t row = 0;
    unsigned odd = 0;
    while (rows && row < self->total && sqlite3_step(rows) == SQLITE_ROW) {
        const uint64_t point = (uint64_t)sqlite3_column_int64(rows, 0);
        const uint64_t seed = (uint64_t)sqlite3_column_int64(rows, 1);
        const int status = status_of(rows);
        const bool best =
            front && next < front_count && front[next].point == point && front[next].seed == seed;
        self->counts[status]++;
        next += best;
        if (row % every == 0 || best || row + 1 == self->total ||
            (status != STUDY_OK && odd < ODD_MAX)) {
            odd += status != STUDY_OK;
            keep(self, row);
        }
        look(self, rows, row, extremes);
        row++;
    }
    for (uint32_t i = 0; rows && i < self->metrics; i++)
        if (extremes[i].any) {
            keep(self, extremes[i].low_row);
            keep(self, extremes[i].high_row);
        }
    for (uint64_t i = 0; i < row; i++)
        self->count += is_kept(self, i);
    sqlite3_finalize(rows);
    free(front);
    free(extremes);
    return rows && row == self->total;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static int error_of(struct table *self, sqlite3_stmt *rows)
{
    const char *text = (const char *)sqlite3_column_text(rows, 3);
    if (!text || !*text)
        return -1;
    for (size_t i = self->errors.count; i > 0 && self->errors.count - i < 100; i--)
        if (strcmp(self->errors.all[i - 1], text) == 0)
            return (int)i - 1;
    return texts_add(&self->errors, text) ? (int)self->errors.count - 1 : -1;
}

static bool read_rows(struct table *self)
{
    sqlite3_stmt *rows = select_rows(self);
    self->rows = calloc(self->count + 1, sizeof *self->rows);
    self->cells = calloc(self->count * self->metrics + 1, sizeof *self->cells);
    size_t at = 0;
    bool good = rows && self->rows && self->cells;
    for (uint64_t row = 0; good && row < self->total; row++) {
        if (!(good = sqlite3_step(rows) == SQLITE_ROW) || !is_kept(self, row))
            continue;
        struct row *one = &self->rows[at];
        *one = (struct row){.point = (uint64_t)sqlite3_column_int64(rows, 0),
                            .seed = (uint64_t)sqlite3_column_int64(rows, 1),
                            .status = status_of(rows),
                            .error = error_of(self, rows),
                            .asserted = sqlite3_column_int(rows, 4) != 0,
                            .metrics = self->cells + at * self->metrics};
        good = one->point < study_points(self->study);
        for (uint32_t i = 0; i < self->metrics; i++)
            one->metrics[i] = metric(rows, i);
        at++;
    }
    sqlite3_finalize(rows);
    return good;
}

/* ---- printing -------------------------------------------------------------------------------- */

static void key(FILE *out, const char *name)
{
    fprintf(out, ",\n\"%s\":", name);
}

static void put_list(FILE *out, const char *const *texts, uint32_t count)
{
    fputc('[', out);
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            fputc(',', out);
        json_print(texts[i], out);
    }
    fputc(']', out);
}

/* A number with at most so many digits; null if it is none. */
static void put_number(FILE *out, double value, int digits)
{
    if (isfinite(value))
        fprintf(out, "%.*g", digits, value);
    else
        fputs("null", out);
}

/* What a value of an axis adds to a command, or without an axis its start, as a JSON text. */
static void put_command(FILE *out, const struct study *study, const char *scenario,
                        const struct study_axis *axis, uint32_t value)
{
    char *text = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&text, &length);
    if (to) {
        if (axis)
            study_command_value(axis, value, to);
        else
            study_command_start(study, scenario, to);
        fclose(to);
    }
    json_print(text ? text : "", out);
    free(text);
}

static void put_axes(const struct study *study, FILE *out)
{
    key(out, "axes");
    for (uint32_t i = 0; i < study->axis_count; i++) {
        const struct study_axis *axis = &study->axes[i];
        fputs(i ? ",\n{\"name\":" : "[{\"name\":", out);
        json_print(axis->name, out);
        fputs(",\"paths\":", out);
        put_list(out, axis->paths, axis->path_count);
        fputs(",\"values\":[", out);
        for (uint32_t k = 0; k < axis->value_count; k++) {
            fputs(k ? ",[" : "[", out);
            json_print(axis->values[k].text, out);
            fputc(',', out);
            put_number(out, axis->values[k].number, 15);
            fputc(',', out);
            put_command(out, study, NULL, axis, k);
            fputc(']', out);
        }
        fputs("]}", out);
    }
    fputs(study->axis_count ? "]" : "[]", out);
}

static void put_metrics(const struct study *study, FILE *out)
{
    key(out, "metrics");
    for (uint32_t i = 0; i < study->metrics.count; i++) {
        const struct study_expression *item = &study->metrics.items[i];
        fputs(i ? ",\n{\"name\":" : "[{\"name\":", out);
        json_print(item->name, out);
        fputs(",\"expression\":", out);
        json_print(item->text, out);
        fputs("}", out);
    }
    fputs(study->metrics.count ? "]" : "[]", out);
}

static void put_columns(const struct table *self, FILE *out)
{
    const struct study *study = self->study;
    const struct row *rows = self->rows;
    const char *const names[] = {"point", "seed", "status", "error", "asserted"};
    for (int k = 0; k < 5; k++) {
        key(out, names[k]);
        for (size_t i = 0; i < self->count; i++) {
            const uint64_t values[] = {rows[i].point, rows[i].seed, (uint64_t)rows[i].status, 0,
                                       rows[i].asserted};
            fputc(i ? ',' : '[', out);
            if (k == 3)
                fprintf(out, "%d", rows[i].error);
            else
                fprintf(out, "%" PRIu64, values[k]);
        }
        fputs(self->count ? "]" : "[]", out);
    }
    key(out, "choices");
    for (uint32_t k = 0; k < study->axis_count; k++)
        for (size_t i = 0; i < self->count; i++) {
            uint32_t choice[STUDY_AXES_MAX];
            study_point(study, rows[i].point, choice);
            fprintf(out, "%s%s%u", i ? "" : k ? ",\n" : "[", i ? "," : "[", choice[k]);
            if (i + 1 == self->count)
                fputc(']', out);
        }
    fputs(self->count && study->axis_count ? "]" : "[]", out);
    key(out, "figures");
    for (uint32_t k = 0; k < self->metrics; k++)
        for (size_t i = 0; i < self->count; i++) {
            fprintf(out, "%s%s", i ? "" : k ? ",\n" : "[", i ? "," : "[");
            put_number(out, rows[i].metrics[k],
                       study->metrics.items[k].formula ? REPORT_DIGITS : 15);
            if (i + 1 == self->count)
                fputc(']', out);
        }
    fputs(self->count && self->metrics ? "]" : "[]", out);
}

static void put_provenance(const struct table *self, const char *path, FILE *out)
{
    const struct study *study = self->study;
    char *version = study_store_key(self->store, "version");
    char *scenario = study_store_key(self->store, "scenario_file");
    char *seed = study_store_key(self->store, "scenario_seed");
    char *runs = study_store_key(self->store, "runs");
    char *left_out = study_store_key(self->store, "left_out");
    const char *name = strrchr(path, '/'); /* with the folder that it lies in */
    while (name && name > path && name[-1] != '/')
        name--;
    fputs("{\"kind\":\"study\",\"version\":", out);
    json_print(version ? version : "", out);
    key(out, "name");
    json_print(name ? name : path, out);
    key(out, "scenario");
    json_print(scenario ? scenario : study->scenario, out);
    key(out, "command");
    put_command(out, study, scenario ? scenario : study->scenario, NULL, 0);
    key(out, "scenarioSeed");
    fprintf(out, "%llu", seed ? strtoull(seed, NULL, 10) : 0);
    key(out, "text");
    char *text = strndup(study->text, TEXT_MAX);
    json_print(text ? text : "", out);
    key(out, "total");
    fprintf(out, "%" PRIu64, self->total);
    key(out, "whole");
    fputs(runs ? "true" : "false", out);
    key(out, "leftOut");
    fprintf(out, "%llu", left_out ? strtoull(left_out, NULL, 10) : 0);
    key(out, "statuses");
    put_list(out, study_status_names, STUDY_STATUSES);
    key(out, "counts");
    for (int i = 0; i < STUDY_STATUSES; i++)
        fprintf(out, "%c%" PRId64, i ? ',' : '[', self->counts[i]);
    fputc(']', out);
    key(out, "minimise");
    put_list(out, study->minimise, study->minimise_count);
    key(out, "maximise");
    put_list(out, study->maximise, study->maximise_count);
    free(text);
    free(version);
    free(scenario);
    free(seed);
    free(runs);
    free(left_out);
}

static bool report_table(struct table *self, const char *path, FILE *out,
                         struct dmasim_error *error)
{
    const int64_t total = study_store_count(self->store);
    self->total = total < 0 ? 0 : (uint64_t)total;
    self->kept = calloc(self->total / 8 + 1, 1);
    if (total < 0 || !self->kept || !choose(self) || !read_rows(self)) {
        study_store_error(self->store, error);
        return false;
    }
    put_provenance(self, path, out);
    put_axes(self->study, out);
    put_metrics(self->study, out);
    key(out, "errors");
    put_list(out, (const char *const *)self->errors.all, (uint32_t)self->errors.count);
    put_columns(self, out);
    fputs("}\n", out);
    return true;
}

bool report_study(const char *path, uint64_t cells, FILE *out, struct dmasim_error *error)
{
    struct table self = {.most = cells, .store = study_store_read(path, error)};
    if (!self.store)
        return false;
    char *text = study_store_key(self.store, "study");
    self.study = text ? study_read_text(text, strlen(text), path, NULL, NULL) : NULL;
    bool good = self.study || fail(error, path, "it holds no study that can be read");
    if (good) {
        self.metrics = self.study->metrics.count;
        good = report_table(&self, path, out, error);
    }
    study_free(self.study);
    study_store_close(self.store);
    texts_free(&self.errors);
    free(text);
    free(self.kept);
    free(self.rows);
    free(self.cells);
    return good;
}
