/* SPDX-License-Identifier: BSD-2-Clause */
/* verdict_names: what names of expectations stand for, and those that stand for nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"
#include "plan/cause.h"
#include "trace/columns.h"
#include "trace/trace.h"
#include "verdict.h"

static const char each[] = "transfers.each.", of_one[] = "transfer.", outcome[] = "run.outcome";

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

struct verdict_name verdict_name(const char *name)
{
    struct verdict_name found = {.row = false};
    if (cause_figure(name, NULL))
        return found;
    if (starts(name, each)) {
        found.row = true;
        found.column = name + strlen(each);
    } else if (starts(name, of_one)) {
        const char *of = name + strlen(of_one), *dot = strchr(of, '.');
        found.row = dot != NULL;
        found.column = dot ? dot + 1 : NULL;
        found.of_length = dot ? (size_t)(dot - of) : 0;
    }
    return found;
}

bool verdict_column_name(unsigned index, char text[64])
{
    const struct column *column = trace_transfers_table;
    while (column->name && index > 0) {
        column++;
        index--;
    }
    if (!column->name)
        return false;
    const size_t length = strlen(column->name);
    snprintf(text, 64, "%s", column->name);
    if (length > 3 && strcmp(text + length - 3, "_ps") == 0)
        text[length - 2] = 'n';
    return true;
}

int verdict_column(const char *column, bool *ns)
{
    char text[64];
    for (unsigned i = 0; verdict_column_name(i, text); i++) {
        const size_t length = strlen(text);
        *ns = length > 3 && strcmp(text + length - 3, "_ns") == 0;
        if (strcmp(text, column) == 0)
            return (int)i;
    }
    return -1;
}

bool verdict_wants_rows(const struct scenario *scenario, bool beats)
{
    const struct scenario_expectation *one;
    const char *name;
    for (uint32_t i = 0; (one = scenario_expectation(scenario, i)); i++)
        for (uint32_t k = 0; (name = formula_name(one->formula, k, NULL)); k++)
            if (verdict_name(name).row &&
                (!beats || strstr(name, "_beat") || strstr(name, ".cpu_")))
                return true;
    return false;
}

bool verdict_wants_causes(const struct scenario *scenario)
{
    const struct scenario_expectation *one;
    const char *name;
    for (uint32_t i = 0; (one = scenario_expectation(scenario, i)); i++)
        for (uint32_t k = 0; (name = formula_name(one->formula, k, NULL)); k++)
            if (cause_figure(name, NULL))
                return true;
    return false;
}

/* ---- those there are ------------------------------------------------------------------------- */

struct known {
    char **names;
    size_t count, room;
    bool failed;
};

static void add(void *context, const char *name, const char *value, const char *unit)
{
    (void)value;
    (void)unit;
    struct known *self = context;
    if (self->count == self->room) {
        const size_t room = self->room ? 2 * self->room : 256;
        char **names = realloc(self->names, room * sizeof *names);
        if (!names) {
            self->failed = true;
            return;
        }
        self->names = names;
        self->room = room;
    }
    self->names[self->count] = strdup(name);
    if (self->names[self->count])
        self->count++;
    else
        self->failed = true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_there(const struct known *self, const char *name)
{
    if (strstr(name, ".erratum_")) /* it is listed once it has struck */
        return true;
    return bsearch(&name, self->names, self->count, sizeof name, by_name) != NULL;
}

static bool has_transfers(const struct plan *plan, const char *name, size_t length)
{
    static const enum component_section sections[] = {SECTION_WORK, SECTION_CONTROLLERS};
    for (size_t s = 0; s < COUNT(sections); s++)
        for (uint32_t i = 0; i < plan->counts[sections[s]]; i++) {
            const char *other = plan->components[sections[s]][i].name;
            if (strlen(other) == length && strncmp(other, name, length) == 0)
                return true;
        }
    return length == 0;
}

/* Of a name in rows: what is wrong with it goes to `line`; it is empty if nothing is. */
static void check_row(const struct plan *plan, const char *name, struct line *line)
{
    const struct verdict_name parts = verdict_name(name);
    const char *of = name + strlen(of_one);
    struct suggestion suggestion;
    char text[64];
    bool ns;
    if (!has_transfers(plan, of, parts.of_length)) {
        snprintf(text, sizeof text, "%.*s", (int)parts.of_length, of);
        line_add(line, "no transfer ");
        line_quote(line, text);
        suggestion_start(&suggestion, text);
        for (uint32_t i = 0; i < plan->counts[SECTION_WORK]; i++)
            suggestion_offer(&suggestion, plan->components[SECTION_WORK][i].name);
        for (uint32_t i = 0; i < plan->counts[SECTION_CONTROLLERS]; i++)
            suggestion_offer(&suggestion, plan->components[SECTION_CONTROLLERS][i].name);
        suggestion_end(&suggestion, line);
    } else if (verdict_column(parts.column, &ns) < 0) {
        char columns[32][64];
        line_add(line, "a transfer has no ");
        line_quote(line, parts.column);
        suggestion_start(&suggestion, parts.column);
        for (unsigned i = 0; i < COUNT(columns) && verdict_column_name(i, columns[i]); i++)
            suggestion_offer(&suggestion, columns[i]);
        suggestion_end(&suggestion, line);
    }
}

/* A cause of a transfer or a controller that is there, which is listed once it has struck. */
static bool may_strike(const struct plan *plan, const char *name)
{
    bool may = false;
    const char *of = strchr(name, '.'), *end = strstr(name, ".cause.");
    return cause_figure(name, &may) && may && of && end > of &&
           has_transfers(plan, of + 1, (size_t)(end - of - 1));
}

static void check_figure(const struct plan *plan, const struct known *known, const char *name,
                         struct line *line)
{
    struct suggestion suggestion;
    if (is_there(known, name) || may_strike(plan, name))
        return;
    line_add(line, "the summary has no ");
    line_quote(line, name);
    suggestion_start(&suggestion, name);
    for (size_t i = 0; i < known->count; i++)
        suggestion_offer(&suggestion, known->names[i]);
    suggestion_end(&suggestion, line);
}

static int gather(struct system *system, const struct scenario *scenario, struct known *known)
{
    struct trace *trace;
    const struct trace_options figures = {.figures = true,
                                          .causes = verdict_wants_causes(scenario)};
    int code = trace_open(&trace, system, &figures, NULL, NULL);
    if (code != DMASIM_OK)
        return code;
    trace_figure_names(trace, add, known);
    trace_free(trace);
    add(known, outcome, NULL, NULL);
    qsort(known->names, known->count, sizeof *known->names, by_name);
    return known->failed ? DMASIM_MEMORY : DMASIM_OK;
}

int verdict_check_names(struct system *system, const struct scenario *scenario,
                        struct scenario_check *check)
{
    const struct scenario_expectation *one = scenario_expectation(scenario, 0);
    struct known known = {.count = 0};
    const int code = one ? gather(system, scenario, &known) : DMASIM_OK;
    for (uint32_t i = 0; code == DMASIM_OK && (one = scenario_expectation(scenario, i)); i++) {
        const char *name;
        size_t offset;
        for (uint32_t k = 0; (name = formula_name(one->formula, k, &offset)); k++) {
            struct line line = {0};
            if (verdict_name(name).row)
                check_row(system->plan, name, &line);
            else
                check_figure(system->plan, &known, name, &line);
            if (line.length)
                scenario_check_expectation(check, i, offset, "\"expect\": %s", line.text);
        }
    }
    while (known.count > 0)
        free(known.names[--known.count]);
    free(known.names);
    return code;
}
