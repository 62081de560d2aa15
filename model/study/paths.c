/* SPDX-License-Identifier: BSD-2-Clause */
#include "study/paths.h"

#include <stdio.h>
#include <string.h>

#include "kernel/base.h"
#include "study/points.h"

void study_tell_at(const struct study *study, struct place place, struct dmasim_error *error,
                   report_sink *sink, void *context)
{
    snprintf(error->file, sizeof error->file, "%s", study->file);
    error->line = (int)place.line;
    error->column = (int)place.column;
    sink(context, error);
}

bool study_of_override(const struct dmasim_error *error)
{
    return strcmp(error->file, "--set") == 0 && error->line > 0;
}

#define LOOKS 16 /* points at which it is looked whether a path leads somewhere */

/* What a look at one path hears. */
struct hearing {
    int line; /* of the path among the overrides */
    size_t length;
    struct dmasim_error error; /* of the path itself */
};

/* No key, no component of that name: not what a value may be to blame for. */
static bool of_path(const struct dmasim_error *error)
{
    static const char *const begins[] = {"nothing in the scenario is called ", "unknown key ",
                                         "a word of the path is missing",
                                         "the value here has no parts", "the path is too long"};
    for (size_t i = 0; i < COUNT(begins); i++)
        if (strncmp(error->text, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

static void hear(void *context, const struct dmasim_error *error)
{
    struct hearing *self = context;
    if (study_of_override(error) && error->line == self->line && self->error.code == DMASIM_OK &&
        (size_t)error->column <= self->length && of_path(error))
        self->error = *error;
}

/* Whether the path of an override leads nowhere at a point; then *error says why. */
static bool leads_nowhere(const struct study_base *self, uint64_t point, uint32_t override,
                          struct dmasim_error *error)
{
    const char *overrides[STUDY_OVERRIDES_MAX];
    struct arena arena = {0};
    struct dmasim_options options = {.overrides = overrides, .report = hear};
    options.override_count =
        study_point_overrides(self->study, point, &arena, overrides, STUDY_OVERRIDES_MAX - 1);
    struct hearing hearing = {.line = (int) override + 1};
    if (override < options.override_count)
        hearing.length = strcspn(overrides[override], "=");
    options.context = &hearing;
    dmasim_plan_free(dmasim_plan_override(self->plan, &options, NULL));
    arena_free(&arena);
    *error = hearing.error;
    return error->code != DMASIM_OK;
}

/* A path that leads nowhere at all of some points leads nowhere. What another axis sets may be what makes it lead
 * somewhere, so it is looked at with the others. */
static bool check_path(const struct study_base *self, uint32_t override, struct place place,
                       report_sink *sink, void *context)
{
    const uint64_t points = study_points(self->study);
    const uint64_t looks = points < LOOKS ? points : LOOKS;
    struct dmasim_error error;
    for (uint64_t k = 0; k < looks; k++)
        if (!leads_nowhere(self, looks > 1 ? (points - 1) / (looks - 1) * k : 0, override, &error))
            return true;
    if (looks)
        study_tell_at(self->study, place, &error, sink, context);
    return looks == 0;
}

static const struct study_axis *sets_too(const struct study *study, uint32_t axis, uint32_t path)
{
    for (uint32_t i = 0; i <= axis; i++)
        for (uint32_t k = 0; k < (i < axis ? study->axes[i].path_count : path); k++)
            if (strcmp(study->axes[i].paths[k], study->axes[axis].paths[path]) == 0)
                return &study->axes[i];
    return NULL;
}

bool study_paths_check(const struct study_base *self, report_sink *sink, void *context)
{
    const struct study *study = self->study;
    uint32_t override = 0;
    bool good = true;
    for (uint32_t i = 0; i < study->axis_count; i++)
        for (uint32_t k = 0; k < study->axes[i].path_count; k++, override++) {
            struct dmasim_error error = {.code = DMASIM_INVALID};
            const struct place place = study->axes[i].places[k];
            const struct study_axis *other =
                override < STUDY_OVERRIDES_MAX - 1 ? sets_too(study, i, k) : NULL;
            if (override == STUDY_OVERRIDES_MAX - 1) {
                snprintf(error.text, sizeof error.text, "too many paths, a study has at most %d",
                         STUDY_OVERRIDES_MAX - 1);
                study_tell_at(study, place, &error, sink, context);
                return false;
            }
            if (other) {
                snprintf(error.text, sizeof error.text,
                         "\"%.200s\" is set by axis \"%.64s\" already", study->axes[i].paths[k],
                         other->name);
                study_tell_at(study, place, &error, sink, context);
                good = false;
            } else {
                good &= check_path(self, override, place, sink, context);
            }
        }
    return good;
}
