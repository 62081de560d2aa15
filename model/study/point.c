/* SPDX-License-Identifier: BSD-2-Clause */
/* point: builds a point's system from the study's plan, runs it, and keeps what was asked for. */
#include "study/point.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"
#include "plan/cause.h"
#include "scenario/text_file.h"
#include "scenario/tree.h"
#include "study/figures.h"
#include "study/paths.h"
#include "study/points.h"

#define CHUNK_PS UINT64_C(1000000000) /* between looks at *stop */

const char *const study_status_names[STUDY_STATUSES] = {
    [STUDY_OK] = "ok",
    [STUDY_REFUSED] = "refused",
    [STUDY_FAILED] = "failed",
    [STUDY_UNFINISHED] = "unfinished",
};

static const struct dmasim_trace_options without_causes = {.table = true},
                                         with_causes = {.table = true, .causes = true};

/* ---- a point's system ----------------------------------------------------------------------- */

uint32_t study_point_overrides(const struct study *study, uint64_t point, struct arena *arena,
                               const char **overrides, uint32_t most)
{
    uint32_t choice[STUDY_AXES_MAX], count = 0;
    study_point(study, point, choice);
    for (uint32_t i = 0; i < study->axis_count; i++) {
        const struct study_axis *axis = &study->axes[i];
        const char *value = axis->values[choice[i]].override;
        for (uint32_t k = 0; k < axis->path_count && count < most; k++) {
            char *text = arena_alloc(arena, strlen(axis->paths[k]) + strlen(value) + 2);
            if (!text)
                return count;
            sprintf(text, "%s=%s", axis->paths[k], value);
            overrides[count++] = text;
        }
    }
    return count;
}

/* The errors of a refused point, as many as fit. */
static void keep_error(void *context, const struct dmasim_error *error)
{
    struct study_row *row = context;
    const size_t used = strlen(row->error);
    snprintf(row->error + used, sizeof row->error - used, "%s%s", used ? "; " : "", error->text);
}

/* The system of a point; null if it is refused, with the errors in the row (may be null). */
static struct dmasim *build(const struct study_base *base, uint64_t point, uint64_t seed,
                            struct study_row *row)
{
    const char *overrides[STUDY_OVERRIDES_MAX];
    char seeded[40];
    struct arena arena = {0};
    struct dmasim_options options = {.overrides = overrides, .context = row};
    options.report = row ? keep_error : NULL;
    options.override_count =
        study_point_overrides(base->study, point, &arena, overrides, STUDY_OVERRIDES_MAX - 1);
    if (seed != base->seed) {
        snprintf(seeded, sizeof seeded, "seed=%llu", (unsigned long long)seed);
        overrides[options.override_count++] = seeded;
    }
    struct dmasim *sim = dmasim_create_from(base->plan, &options, NULL);
    arena_free(&arena);
    return sim;
}

/* ---- places in the study --------------------------------------------------------------------- */

/* A sink of errors whose places are in overrides, as "--set:2:7": they stand in the study. */
struct placing {
    const struct study *study;
    report_sink *sink;
    void *context;
};

static void place_setting(void *context, const struct dmasim_error *error)
{
    const struct placing *self = context;
    struct dmasim_error placed = *error;
    if (study_of_override(error) && (uint32_t)error->line <= self->study->override_count)
        study_tell_at(self->study, self->study->places[error->line - 1], &placed, self->sink,
                      self->context);
    else
        self->sink(self->context, error);
}

/* ---- the scenario ---------------------------------------------------------------------------- */

bool study_base_load(struct study_base *self, const struct study *study, report_sink *sink,
                     void *context)
{
    struct dmasim_error error = {.code = DMASIM_IO};
    *self = (struct study_base){.study = study, .file = strdup(study->scenario)};
    self->text = text_file_load(study->scenario, TREE_TEXT_MAX, &self->length, &error);
    if (!self->text) {
        sink(context, &error);
        study_base_free(self);
        return false;
    }
    const char *slash = strrchr(study->scenario, '/');
    char *folder = strdup(slash ? study->scenario : ".");
    if (folder && slash)
        folder[slash == study->scenario ? 1 : slash - study->scenario] = '\0';
    struct placing placing = {study, sink, context};
    const struct dmasim_options options = {.overrides = study->overrides,
                                           .override_count = study->override_count,
                                           .report = place_setting,
                                           .context = &placing};
    self->plan = folder && self->file ? dmasim_plan_text(self->text, self->length, study->scenario,
                                                         folder, &options, NULL)
                                      : NULL;
    free(folder);
    if (self->plan)
        self->seed = dmasim_plan_seed(self->plan);
    if (self->plan && study_wanted_make(&self->wanted, study, &self->arena))
        return true;
    study_base_free(self);
    return false;
}

void study_base_free(struct study_base *self)
{
    dmasim_plan_free(self->plan);
    free(self->text);
    free(self->file);
    arena_free(&self->arena);
    *self = (struct study_base){.study = NULL};
}

/* Where the first expression stands that asks for a figure. */
static struct place place_of(const struct study *study, const char *figure)
{
    const struct study_expressions *const all[] = {&study->metrics, &study->asserts};
    for (size_t k = 0; k < COUNT(all); k++)
        for (uint32_t i = 0; i < all[k]->count; i++) {
            const struct study_expression *item = &all[k]->items[i];
            const char *name = item->figure;
            for (uint32_t n = 0;
                 item->formula ? (name = formula_name(item->formula, n, NULL)) != NULL : n == 0;
                 n++)
                if (name && strcmp(name, figure) == 0)
                    return item->place;
        }
    return (struct place){0};
}

/* The names that the wanted ones may have meant. */
static void tell_unknown(const struct study_base *self, const char *name, struct dmasim *sim,
                         report_sink *sink, void *context)
{
    struct dmasim_metrics *walk = dmasim_metrics_start(sim, NULL);
    struct dmasim_metric metric;
    struct dmasim_error error = {.code = DMASIM_INVALID};
    struct suggestion suggestion;
    struct line line = {0};
    line_add(&line, "no figure ");
    line_quote(&line, name);
    suggestion_start(&suggestion, name);
    suggestion_offer(&suggestion, "run.time");
    while (walk && dmasim_metric_next(walk, &metric) == DMASIM_OK)
        suggestion_offer(&suggestion, metric.name);
    suggestion_end(&suggestion, &line);
    dmasim_metrics_end(walk);
    snprintf(error.text, sizeof error.text, "%s", line.text);
    study_tell_at(self->study, place_of(self->study, name), &error, sink, context);
}

/* What there is before anything happens. */
static void figures_before(const struct study_base *self, struct dmasim *sim,
                           struct study_cell *cells)
{
    struct study_cell *counted = calloc(self->wanted.count + 1, sizeof *counted);
    struct dmasim_trace *trace =
        self->wanted.causes ? dmasim_trace_open(sim, &with_causes, ".", NULL) : NULL;
    memset(cells, 0, self->wanted.count * sizeof *cells);
    if (counted)
        study_figures(&self->wanted, sim, NULL, counted);
    if (trace && dmasim_trace_close(trace, NULL) == DMASIM_OK)
        study_figures(&self->wanted, sim, trace, cells);
    for (uint32_t i = 0; counted && i < self->wanted.count; i++)
        if (counted[i].there)
            cells[i] = counted[i];
    free(counted);
}

bool study_base_check(struct study_base *self, report_sink *sink, void *context)
{
    const uint64_t points[] = {0, study_points(self->study) - 1};
    bool *known = calloc(self->wanted.count + 1, sizeof *known);
    struct study_cell *cells = calloc(self->wanted.count + 1, sizeof *cells);
    struct dmasim *sims[COUNT(points)] = {NULL}, *any = NULL;
    bool good = study_paths_check(self, sink, context) && known && cells;
    for (uint32_t i = 0; i < self->wanted.count; i++)
        self->wanted.causes |= cause_figure(self->wanted.names[i], NULL);
    for (size_t k = 0; good && k < COUNT(points); k++) {
        sims[k] = build(self, points[k], self->seed, NULL);
        any = sims[k] ? sims[k] : any;
        if (sims[k])
            figures_before(self, sims[k], cells);
        for (uint32_t i = 0; i < self->wanted.count; i++) {
            self->wanted.of_trace |= !cells[i].there || self->wanted.causes;
            known[i] |= cells[i].there || study_figure_of_trace(self->wanted.names[i]);
        }
    }
    for (uint32_t i = 0; any && i < self->wanted.count; i++)
        if (!known[i]) {
            tell_unknown(self, self->wanted.names[i], any, sink, context);
            good = false;
        }
    for (size_t k = 0; k < COUNT(points); k++)
        dmasim_destroy(sims[k]);
    free(cells);
    free(known);
    return good;
}

struct study_row *study_row_new(const struct study *study)
{
    return calloc(1, sizeof(struct study_row) + study->metrics.count * sizeof(struct study_cell));
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool axis_value(const struct study *study, const uint32_t *choice, const char *name,
                       struct formula_value *value)
{
    for (uint32_t i = 0; i < study->axis_count; i++) {
        const struct study_value *chosen = &study->axes[i].values[choice[i]];
        if (strcmp(study->axes[i].name, name) != 0)
            continue;
        *value = chosen->number == chosen->number
                     ? (struct formula_value){.kind = FORMULA_NUMBER, .number = chosen->number}
                     : (struct formula_value){.kind = FORMULA_TEXT, .text = chosen->text};
        return true;
    }
    return false;
}

static struct formula_value cell_value(const struct study_cell *cell)
{
    return cell->there ? (struct formula_value){.kind = FORMULA_NUMBER, .number = cell->number}
                       : (struct formula_value){.kind = FORMULA_NONE};
}

bool study_point_wanted(const struct study *study, uint64_t point)
{
    uint32_t choice[STUDY_AXES_MAX];
    study_point(study, point, choice);
    for (uint32_t i = 0; i < study->where.count; i++) {
        const struct formula *formula = study->where.items[i].formula;
        struct formula_value values[FORMULA_NAMES_MAX];
        const char *name;
        for (uint32_t k = 0; (name = formula_name(formula, k, NULL)); k++)
            axis_value(study, choice, name, &values[k]);
        if (!formula_true(formula_evaluate(formula, values)))
            return false;
    }
    return true;
}

/* An expression over axes, the first `count` of the study's metrics, and figures. */
static struct formula_value evaluate(const struct study_base *base, const uint32_t *choice,
                                     const struct study_cell *figures,
                                     const struct study_cell *metrics, uint32_t count,
                                     const struct formula *formula)
{
    const struct study_expressions *all = &base->study->metrics;
    struct formula_value values[FORMULA_NAMES_MAX];
    const char *name;
    for (uint32_t k = 0; (name = formula_name(formula, k, NULL)); k++) {
        uint32_t i = 0;
        if (axis_value(base->study, choice, name, &values[k]))
            continue;
        while (i < count && strcmp(all->items[i].name, name) != 0)
            i++;
        const int at = study_wanted_find(&base->wanted, name);
        if (i < count)
            values[k] = cell_value(&metrics[i]);
        else
            values[k] =
                at < 0 ? (struct formula_value){.kind = FORMULA_NONE} : cell_value(&figures[at]);
    }
    return formula_evaluate(formula, values);
}

/* ---- the run --------------------------------------------------------------------------------- */

static bool run(struct dmasim *sim, const atomic_bool *stop, struct dmasim_result *result)
{
    do {
        const uint64_t now = dmasim_now(sim), next = dmasim_next(sim);
        const uint64_t from = next > now && next != DMASIM_NEVER ? next : now;
        if (atomic_load_explicit(stop, memory_order_relaxed) ||
            dmasim_run(sim, from < DMASIM_NEVER - CHUNK_PS ? from + CHUNK_PS : DMASIM_NEVER, NULL))
            return false;
    } while (dmasim_outcome(sim, result) == DMASIM_OK && result->outcome == DMASIM_RUNNING);
    return true;
}

static void judge(struct study_row *row, const struct dmasim_result *result)
{
    static const struct {
        enum study_status status;
        const char *text;
    } outcomes[] = {
        [DMASIM_DONE] = {STUDY_OK, ""},
        [DMASIM_FAILED] = {STUDY_FAILED, "transfers or programs failed"},
        [DMASIM_LOST_DATA] = {STUDY_FAILED, "data were lost"},
        [DMASIM_TIME_OVER] = {STUDY_UNFINISHED, "the time given by `stop` is over"},
        [DMASIM_DEADLOCKED] = {STUDY_UNFINISHED, "deadlock: nothing can happen any more"},
    };
    row->status = outcomes[result->outcome].status;
    snprintf(row->error, sizeof row->error, "%s", outcomes[result->outcome].text);
}

static void fill(const struct study_base *base, const uint32_t *choice,
                 const struct study_cell *figures, struct study_row *row)
{
    const struct study *study = base->study;
    for (uint32_t i = 0; i < study->metrics.count; i++) {
        const struct study_expression *item = &study->metrics.items[i];
        if (!item->formula) {
            row->cells[i] = figures[study_wanted_find(&base->wanted, item->figure)];
            continue;
        }
        const struct formula_value value =
            evaluate(base, choice, figures, row->cells, i, item->formula);
        row->cells[i] = (struct study_cell){.there = value.kind == FORMULA_NUMBER,
                                            .decimals = STUDY_DECIMALS_FREE,
                                            .number = value.number};
    }
    for (uint32_t i = 0; i < study->asserts.count; i++) {
        const struct study_expression *item = &study->asserts.items[i];
        const struct formula_value value =
            evaluate(base, choice, figures, row->cells, study->metrics.count, item->formula);
        if (formula_true(value))
            continue;
        struct dmasim_error error = {.code = DMASIM_INVALID};
        snprintf(error.text, sizeof error.text, "assert: %.400s %s", item->text,
                 value.kind == FORMULA_NONE ? "has no value" : "is false");
        keep_error(row, &error);
        row->asserted = true;
        if (row->status == STUDY_OK)
            row->status = STUDY_FAILED;
    }
}

bool study_point_run(const struct study_base *base, uint64_t point, uint64_t seed,
                     const atomic_bool *stop, struct study_row *row)
{
    const struct study *study = base->study;
    uint32_t choice[STUDY_AXES_MAX];
    memset(row, 0, sizeof *row + study->metrics.count * sizeof row->cells[0]);
    row->point = point;
    row->seed = seed;
    study_point(study, point, choice);
    struct dmasim *sim = build(base, point, seed, row);
    if (!sim) {
        row->status = STUDY_REFUSED;
        return true;
    }
    const struct dmasim_trace_options *table = base->wanted.causes ? &with_causes : &without_causes;
    struct dmasim_result result;
    struct study_cell *figures = calloc(base->wanted.count + 1, sizeof *figures);
    struct dmasim_trace *trace =
        base->wanted.of_trace ? dmasim_trace_open(sim, table, ".", NULL) : NULL;
    const bool finished = figures && (trace || !base->wanted.of_trace) && run(sim, stop, &result) &&
                          (!trace || dmasim_trace_close(trace, NULL) == DMASIM_OK);
    if (finished) {
        judge(row, &result);
        study_figures(&base->wanted, sim, trace, figures);
        fill(base, choice, figures, row);
    }
    free(figures);
    dmasim_destroy(sim);
    return finished;
}
