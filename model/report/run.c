/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compare/texts.h"

#define SCENARIO_MAX 200000 /* bytes of the resolved scenario that are shown */

static bool fail(struct dmasim_error *error, const char *table, uint64_t line, const char *text)
{
    *error = (struct dmasim_error){.code = DMASIM_INVALID, .line = (int)line, .column = line != 0};
    snprintf(error->file, sizeof error->file, "%s", table);
    snprintf(error->text, sizeof error->text, "%s", text);
    return false;
}

struct csv *report_open(const char *folder, const char *name, struct dmasim_error *error)
{
    char path[4096];
    struct stat status;
    snprintf(path, sizeof path, "%.3900s/%s", folder, name);
    error->code = DMASIM_OK;
    if (stat(path, &status) != 0 && errno == ENOENT)
        return NULL;
    struct csv *csv = csv_open(path);
    if (csv && csv_row(csv))
        return csv;
    fail(error, path, csv ? csv->error_line : 0,
         csv && csv->error[0] ? csv->error : "the table is empty");
    csv_close(csv);
    return NULL;
}

bool report_columns(const struct csv *csv, const char *table, const char *const *names,
                    size_t count, size_t *columns, struct dmasim_error *error)
{
    for (size_t i = 0; i < count; i++) {
        columns[i] = csv->columns;
        for (size_t k = 0; k < csv->columns; k++)
            if (strcmp(csv_text(csv, k), names[i]) == 0)
                columns[i] = k;
        if (columns[i] == csv->columns) {
            char text[200];
            snprintf(text, sizeof text, "the table has no column %s", names[i]);
            return fail(error, table, 1, text);
        }
    }
    return true;
}

bool report_close(struct csv *csv, const char *table, struct dmasim_error *error)
{
    const bool good = !csv->error[0] || fail(error, table, csv->error_line, csv->error);
    csv_close(csv);
    return good;
}

/* ---- summary.csv ----------------------------------------------------------------------------- */

/* Figures as [name, value, unit]; *period_ps becomes that of the fastest bus, *there false if there is no table. */
static bool summary(const char *folder, FILE *out, uint64_t *period_ps, bool *there,
                    struct dmasim_error *error)
{
    static const char *const names[] = {"metric", "value", "unit"};
    size_t columns[3];
    struct csv *csv = report_open(folder, "summary.csv", error);
    *there = csv != NULL;
    if (!csv)
        return error->code == DMASIM_OK;
    bool good = report_columns(csv, "summary.csv", names, 3, columns, error);
    const char *comma = "";
    fputs(",\n\"summary\":[", out);
    while (good && csv_row(csv)) {
        const char *name = csv_text(csv, columns[0]), *value = csv_text(csv, columns[1]);
        const size_t length = strlen(name);
        fputs(comma, out);
        comma = ",\n";
        for (int i = 0; i < 3; i++) {
            fputc(i ? ',' : '[', out);
            json_print(csv_text(csv, columns[i]), out);
        }
        fputc(']', out);
        if (strncmp(name, "bus.", 4) == 0 && length > 14 &&
            strcmp(name + length - 10, ".frequency") == 0) {
            const double period = 1e12 / strtod(value, NULL);
            if (period >= 1 && period < 1e15 && (*period_ps == 0 || period < (double)*period_ps))
                *period_ps = (uint64_t)period;
        }
    }
    fputs("]", out);
    return report_close(csv, "summary.csv", error) && good;
}

/* ---- the rest -------------------------------------------------------------------------------- */

/* A text file of the folder as the value of a key, if it is there. */
static void text_file(const char *folder, const char *name, const char *key, FILE *out)
{
    char path[4096];
    snprintf(path, sizeof path, "%.3900s/%s", folder, name);
    FILE *in = fopen(path, "rb");
    char *text = in ? malloc(SCENARIO_MAX + 1) : NULL;
    if (text) {
        const size_t got = fread(text, 1, SCENARIO_MAX, in);
        text[got] = '\0';
        fprintf(out, ",\n\"%s\":", key);
        json_print(text, out);
    }
    free(text);
    if (in)
        fclose(in);
}

bool report_run(const char *folder, FILE *out, struct dmasim_error *error)
{
    struct report_moment stall = {.there = false};
    uint64_t period_ps = 0;
    bool there;
    const size_t length = strlen(folder);
    size_t end = length;
    while (end > 1 && folder[end - 1] == '/')
        end--;
    char name[256];
    size_t from = end;
    while (from > 0 && folder[from - 1] != '/')
        from--;
    snprintf(name, sizeof name, "%.*s", (int)(end - from), folder + from);
    fputs("{\"kind\":\"run\",\"version\":", out);
    json_print(dmasim_version(), out);
    fputs(",\"name\":", out);
    json_print(name, out);
    if (!summary(folder, out, &period_ps, &there, error) || !report_transfers(folder, out, error) ||
        !report_occupancy(folder, out, &stall, error) ||
        !report_waves(folder, out, &stall, period_ps, error))
        return false;
    if (!there)
        return fail(error, folder, 0, "no results of `dmasim run`: there is no summary.csv");
    text_file(folder, "interrupted.txt", "interrupted", out);
    text_file(folder, "scenario.resolved.yaml", "scenario", out);
    fputs("}\n", out);
    return true;
}
