/* SPDX-License-Identifier: BSD-2-Clause */
#include "study/figures.h"

#include <stdlib.h>
#include <string.h>

#include "plan/cause.h"
#include "trace/format.h"

#define FEW 16 /* figures that are looked for one by one; of more all are walked over */

static bool is_axis(const struct study *study, const char *name)
{
    for (uint32_t i = 0; i < study->axis_count; i++)
        if (strcmp(study->axes[i].name, name) == 0)
            return true;
    return false;
}

/* One of the first `count` metrics. */
static bool is_metric(const struct study *study, uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(study->metrics.items[i].name, name) == 0)
            return true;
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the expressions, appended to `names` if it is not null; how many there are now. */
static uint32_t gather(const struct study *study, const struct study_expressions *all, bool asserts,
                       const char **names, uint32_t count)
{
    for (uint32_t i = 0; i < all->count; i++) {
        const struct study_expression *item = &all->items[i];
        const char *name = item->figure;
        for (uint32_t k = 0;
             item->formula ? (name = formula_name(item->formula, k, NULL)) != NULL : k == 0; k++) {
            if (is_axis(study, name) ||
                (item->formula && is_metric(study, asserts ? study->metrics.count : i, name)))
                continue;
            if (names)
                names[count] = name;
            count++;
        }
    }
    return count;
}

bool study_wanted_make(struct study_wanted *self, const struct study *study, struct arena *arena)
{
    const uint32_t most =
        gather(study, &study->asserts, true, NULL, gather(study, &study->metrics, false, NULL, 0));
    const char **names = arena_alloc(arena, (most + 1) * sizeof *names);
    if (!names)
        return false;
    gather(study, &study->asserts, true, names, gather(study, &study->metrics, false, names, 0));
    qsort(names, most, sizeof *names, by_name);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < most; i++)
        if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0)
            names[kept++] = names[i];
    *self = (struct study_wanted){.names = names, .count = kept};
    return true;
}

int study_wanted_find(const struct study_wanted *self, const char *name)
{
    const char **found = bsearch(&name, self->names, self->count, sizeof name, by_name);
    return found ? (int)(found - self->names) : -1;
}

/* The number that a decimal text shows. */
static struct study_cell cell_of(const char *text)
{
    struct study_cell cell = {.there = true};
    double scale = 1;
    bool point = false;
    for (; *text; text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        cell.number = cell.number * 10 + (*text - '0');
        if (point) {
            scale *= 10;
            cell.decimals++;
        }
    }
    cell.number /= scale;
    return cell;
}

static struct study_cell cell_of_metric(const struct dmasim_metric *metric)
{
    char text[2 * FORMAT_DIGITS_MAX];
    put_ratio(text, metric->value, metric->scale, metric->over, metric->decimals)[0] = '\0';
    return cell_of(text);
}

bool study_figure_of_trace(const char *name)
{
    return strcmp(name, "run.time") == 0 || strncmp(name, "transfers.", 10) == 0 ||
           strstr(name, ".transfers.") || strstr(name, ".latency.");
}

struct keeping {
    const struct study_wanted *wanted;
    struct study_cell *cells;
};

static void keep(void *context, const char *name, const char *value, const char *unit)
{
    const struct keeping *self = context;
    const int at = study_wanted_find(self->wanted, name);
    (void)unit;
    if (at >= 0)
        self->cells[at] = cell_of(value);
}

void study_figures(const struct study_wanted *self, struct dmasim *sim, struct dmasim_trace *trace,
                   struct study_cell *cells)
{
    memset(cells, 0, self->count * sizeof *cells);
    if (trace) {
        for (uint32_t i = 0; self->causes && i < self->count; i++) {
            bool known = false;
            cells[i].there = cause_figure(self->names[i], &known) && known;
        }
        dmasim_trace_figures(trace, keep, &(struct keeping){self, cells});
        return;
    }
    struct dmasim_metric metric;
    if (self->count <= FEW) {
        for (uint32_t i = 0; i < self->count; i++)
            if (dmasim_metric_find(sim, self->names[i], &metric) == DMASIM_OK)
                cells[i] = cell_of_metric(&metric);
        return;
    }
    struct dmasim_metrics *walk = dmasim_metrics_start(sim, NULL);
    while (walk && dmasim_metric_next(walk, &metric) == DMASIM_OK) {
        const int at = study_wanted_find(self, metric.name);
        if (at >= 0)
            cells[at] = cell_of_metric(&metric);
    }
    dmasim_metrics_end(walk);
}
