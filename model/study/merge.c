/* SPDX-License-Identifier: BSD-2-Clause */
#include "study/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/export.h"
#include "study/points.h"

/* The study and its scenario as the file has them. False with *error filled. */
static bool read_origin(struct study_store *store, const char *path, struct study_base *base,
                        struct study **study, struct dmasim_error *error)
{
    char *text = study_store_key(store, "study"), *seed = study_store_key(store, "scenario_seed");
    *base = (struct study_base){.text = study_store_key(store, "scenario"),
                                .file = study_store_key(store, "scenario_file")};
    *study = text ? study_read_text(text, strlen(text), path, NULL, NULL) : NULL;
    base->study = *study;
    base->length = base->text ? strlen(base->text) : 0;
    base->seed = seed ? strtoull(seed, NULL, 10) : 0;
    free(text);
    free(seed);
    if (*study && base->text && base->file)
        return true;
    *error = (struct dmasim_error){.code = DMASIM_INVALID, .text = "it holds no study"};
    snprintf(error->file, sizeof error->file, "%s", path);
    return false;
}

static bool check_part(const char *path, const struct study_base *base, struct dmasim_error *error)
{
    struct study_store *part = study_store_read(path, error);
    const char *other = part ? study_store_differs(part, base) : NULL;
    if (other) {
        *error = (struct dmasim_error){.code = DMASIM_INVALID};
        snprintf(error->file, sizeof error->file, "%s", path);
        snprintf(error->text, sizeof error->text, "it holds results of another %s", other);
    }
    study_store_close(part);
    return part && !other;
}

/* Walks the rows in order beside the runs that there should be. */
struct walk {
    const struct study *study;
    uint64_t seed, seeds;
    uint64_t next; /* run */
    struct study_merged *merged;
};

static void miss_until(struct walk *self, uint64_t run)
{
    for (; self->next < run; self->next++) {
        const uint64_t point = self->next / self->seeds;
        if (!study_point_wanted(self->study, point))
            continue;
        if (self->merged->missing++ == 0)
            self->merged->first_missing = point;
    }
}

static bool each(void *context, uint64_t point, uint64_t seed)
{
    struct walk *self = context;
    const uint64_t run = point * self->seeds + (seed - self->seed);
    self->merged->rows++;
    miss_until(self, run);
    self->next = run + 1;
    return true;
}

static bool finish(struct study_store *store, const char *out, const struct study_base *base,
                   struct study_merged *merged, struct dmasim_error *error)
{
    const uint64_t seeds = base->study->seeds ? base->study->seeds : 1;
    struct walk walk = {base->study, base->seed, seeds, 0, merged};
    if (!study_store_keys(store, each, &walk)) {
        study_store_error(store, error);
        return false;
    }
    const uint64_t total = study_points(base->study) * seeds;
    miss_until(&walk, total);
    if (merged->missing == 0 && !study_store_finish(store, total, total - merged->rows)) {
        study_store_error(store, error);
        return false;
    }
    const size_t length = strlen(out);
    char *csv = malloc(length + 16);
    const size_t stem = length > 3 && strcmp(out + length - 3, ".db") == 0 ? length - 3 : length;
    bool good = csv != NULL;
    if (good) {
        sprintf(csv, "%.*s.csv", (int)stem, out);
        good = study_export(store, csv, error);
    }
    if (good && base->study->seeds > 1) {
        sprintf(csv, "%.*s.statistics.csv", (int)stem, out);
        good = study_export_statistics(store, csv, error);
    }
    free(csv);
    return good;
}

bool study_merge(const char *out, const char *const *parts, size_t count, bool anew,
                 struct study_merged *merged, struct dmasim_error *error)
{
    struct study_base base = {.study = NULL};
    struct study *study = NULL;
    struct study_store *first = study_store_read(parts[0], error), *store = NULL;
    bool good = first && read_origin(first, parts[0], &base, &study, error);
    *merged = (struct study_merged){.rows = 0};
    study_store_close(first);
    for (size_t i = 1; good && i < count; i++)
        good = check_part(parts[i], &base, error);
    if (good)
        store = study_store_open(out, &base, (struct study_shard){0, 1}, anew, error);
    good = good && store;
    for (size_t i = 0; good && i < count; i++)
        good = study_store_take(store, parts[i], error);
    good = good && finish(store, out, &base, merged, error);
    study_store_close(store);
    study_free(study);
    free(base.text);
    free(base.file);
    return good;
}
