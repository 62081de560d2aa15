/* SPDX-License-Identifier: BSD-2-Clause */
/* compare: the figures of several runs side by side. */
#include <argp.h>
#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/point.h"
#include "cli/summary.h"
#include "scenario/formula.h"

#define RUNS_MAX 16

struct figure {
    const char *name, *unit;
    const char
        *values[RUNS_MAX]; /* as they stand in summary.csv; null: that run does not have it */
};

struct compare {
    const char *runs[RUNS_MAX];
    char *texts[RUNS_MAX];
    size_t run_count;
    const char *only[64];
    size_t only_count;
    bool all, csv;
    struct figure *figures;
    size_t figure_count, figure_size;
};

/* One summary of them is being read. */
struct reading {
    struct compare *compare;
    size_t run;
};

enum compare_key { KEY_ONLY = 256, KEY_CSV };

static error_t compare_option(int key, char *value, struct argp_state *state)
{
    struct compare *self = state->input;
    switch (key) {
    case 'a':
        self->all = true;
        return 0;
    case KEY_CSV:
        self->csv = true;
        return 0;
    case KEY_ONLY:
        if (self->only_count == sizeof self->only / sizeof self->only[0])
            argp_error(state, "too many --only");
        self->only[self->only_count++] = value;
        return 0;
    case ARGP_KEY_ARG:
        if (self->run_count == RUNS_MAX)
            argp_error(state, "at most %d runs", RUNS_MAX);
        self->runs[self->run_count++] = value;
        return 0;
    case ARGP_KEY_END:
        if (self->run_count < 2)
            argp_error(state, "name at least two results");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option compare_options[] = {
    {"all", 'a', NULL, 0, "Figures that are equal in all runs too", 0},
    {"only", KEY_ONLY, "GLOB", 0, "Figures whose name matches; may be repeated", 0},
    {"csv", KEY_CSV, NULL, 0, "As CSV: metric, unit, a column of values per run", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static const struct argp compare_argp = {
    compare_options,
    compare_option,
    "A B [C...]",
    "Show the figures of results side by side, with differences to the first in per cent. A, B ... "
    "are "
    "results folders of `dmasim run`, summary.csv files, or points of a study: STUDY.db:POINT, of "
    "one "
    "seed STUDY.db:POINT:SEED.\v"
    "Examples:\n"
    "  dmasim compare out/modes out/slow\n"
    "  dmasim compare out/a out/b out/c --only 'bus.*.throughput' --only 'cpu.*'\n"
    "  dmasim compare out/arbiters/study.db:3 out/arbiters/study.db:11\n"
    "\nExit codes: 0 shown, whether they differ or not; 2 bad input or use.",
    NULL,
    NULL,
    NULL};

/* ---- reading --------------------------------------------------------------------------------- */

static struct figure *find(struct compare *self, const char *name, size_t hint)
{
    for (size_t i = 0; i < self->figure_count; i++) {
        struct figure *figure = &self->figures[(hint + i) % self->figure_count];
        if (strcmp(figure->name, name) == 0)
            return figure;
    }
    if (self->figure_count == self->figure_size) {
        const size_t size = self->figure_size ? 2 * self->figure_size : 256;
        struct figure *figures = realloc(self->figures, size * sizeof *figures);
        if (!figures)
            return NULL;
        self->figures = figures;
        self->figure_size = size;
    }
    struct figure *figure = &self->figures[self->figure_count++];
    *figure = (struct figure){.name = name, .unit = ""};
    return figure;
}

static bool keep(void *context, const struct summary_row *row)
{
    struct reading *reading = context;
    struct figure *figure = find(reading->compare, row->name, row->index);
    if (!figure)
        return false;
    figure->unit = row->unit;
    figure->values[reading->run] = row->value;
    return true;
}

static bool keep_metric(void *context, const char *name, const char *value, size_t position)
{
    const struct reading *reading = context;
    struct figure *figure = find(reading->compare, name, position);
    if (figure)
        figure->values[reading->run] = value;
    return figure != NULL;
}

static int read_run(struct compare *self, size_t run)
{
    struct reading reading = {self, run};
    self->texts[run] = point_named(self->runs[run])
                           ? point_read(self->runs[run], keep_metric, &reading)
                           : summary_read(self->runs[run], keep, &reading);
    return self->texts[run] ? CLI_GOOD : CLI_USAGE;
}

/* ---- printing -------------------------------------------------------------------------------- */

static bool wanted(const struct compare *self, const struct figure *figure)
{
    bool equal = true, named = self->only_count == 0;
    for (size_t i = 0; i < self->only_count; i++)
        named |= fnmatch(self->only[i], figure->name, 0) == 0;
    for (size_t i = 1; i < self->run_count; i++)
        equal &= figure->values[i] && figure->values[0] &&
                 strcmp(figure->values[i], figure->values[0]) == 0;
    return named && (self->all || !equal);
}

/* "+12.5 %" of the second against the first; nothing if they are no numbers, or the first is 0. */
static void change(char text[24], const char *first, const char *second)
{
    const double a = first ? formula_number(first) : 0, b = second ? formula_number(second) : 0;
    const double percent = 100 * (b - a) / fabs(a);
    text[0] = '\0';
    if (isfinite(percent) && first && second)
        snprintf(text, 24, "%+.*f %%", fabs(percent) < 100 ? 2 : 0, percent);
}

static void put_cell(const char *text)
{
    if (!strpbrk(text, "\",\r\n")) {
        cli_put(stdout, text);
        return;
    }
    putchar('"');
    for (; *text; text++)
        printf(*text == '"' ? "\"\"" : "%c", *text);
    putchar('"');
}

static void print_csv(const struct compare *self)
{
    printf("metric,unit");
    for (size_t i = 0; i < self->run_count; i++) {
        printf(",");
        put_cell(self->runs[i]);
    }
    printf("\n");
    for (size_t k = 0; k < self->figure_count; k++) {
        const struct figure *figure = &self->figures[k];
        if (!wanted(self, figure))
            continue;
        put_cell(figure->name);
        printf(",%s", figure->unit);
        for (size_t i = 0; i < self->run_count; i++)
            printf(",%s", figure->values[i] ? figure->values[i] : "");
        printf("\n");
    }
}

static void print_table(const struct compare *self)
{
    size_t name = strlen("metric"), shown = 0;
    for (size_t k = 0; k < self->figure_count; k++)
        if (wanted(self, &self->figures[k])) {
            const size_t length = strlen(self->figures[k].name);
            name = length > name ? length : name;
            shown++;
        }
    for (size_t i = 0; i < self->run_count; i++) {
        printf("%c: ", (char)('A' + i));
        cli_put(stdout, self->runs[i]);
        printf("\n");
    }
    printf("%-*s %-10s %16s", (int)name, "metric", "unit", "A");
    for (size_t i = 1; i < self->run_count; i++)
        printf(" %16c %10s", (char)('A' + i), "to A");
    printf("\n");
    for (size_t k = 0; k < self->figure_count; k++) {
        const struct figure *figure = &self->figures[k];
        if (!wanted(self, figure))
            continue;
        printf("%-*s %-10s %16s", (int)name, figure->name, figure->unit,
               figure->values[0] ? figure->values[0] : "-");
        for (size_t i = 1; i < self->run_count; i++) {
            char text[24];
            change(text, figure->values[0], figure->values[i]);
            printf(" %16s %10s", figure->values[i] ? figure->values[i] : "-", text);
        }
        printf("\n");
    }
    if (shown < self->figure_count)
        printf("%zu of %zu figures shown%s\n", shown, self->figure_count,
               self->all ? "" : "; --all shows those that are equal too");
}

int cli_compare(int argc, char **argv)
{
    struct compare self = {.all = false};
    int code = CLI_GOOD;
    if (cli_parse(&compare_argp, argc, argv, "dmasim compare", &self) != 0)
        return CLI_USAGE;
    for (size_t i = 0; i < self.run_count && code == CLI_GOOD; i++)
        code = read_run(&self, i);
    if (code == CLI_GOOD) {
        (self.csv ? print_csv : print_table)(&self);
        code = cli_flush(CLI_GOOD);
    }
    for (size_t i = 0; i < self.run_count; i++)
        free(self.texts[i]);
    free(self.figures);
    return code;
}
