/* SPDX-License-Identifier: BSD-2-Clause */
/* verdict: what is asked of a run, held against its figures and transfers. See verdict.h. */
#include "verdict.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/cpu/cpu.h"
#include "kernel/base.h"
#include "metrics.h"
#include "plan/cause.h"
#include "trace/format.h"
#include "trace/trace.h"

#define FOUND_MAX 400

struct figure {
    const char *name, *shown; /* the verdict's */
    struct formula_value value;
};

struct verdict {
    struct arena arena;
    const struct dmasim *sim;
    struct dmasim_result result;
    struct figure *figures; /* those that expectations name, by name */
    uint32_t figure_count;
    char **cells; /* of transfers.csv, row by row, without the first */
    uint32_t rows, columns;
    struct dmasim_check *checks;
    size_t count;
    bool failed; /* memory was short */
};

void verdict_free(struct verdict *self)
{
    if (!self)
        return;
    free(self->cells);
    arena_free(&self->arena);
    free(self);
}

static const struct scenario_expectation *expectation(const struct verdict *self, uint32_t index)
{
    return scenario_expectation(self->sim->scenario, index);
}

static const char *keep(struct verdict *self, const char *text)
{
    const char *kept = arena_text(&self->arena, text);
    self->failed |= !kept;
    return kept ? kept : "";
}

/* ---- figures --------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct figure *)a)->name, ((const struct figure *)b)->name);
}

static struct figure *find_figure(const struct verdict *self, const char *name)
{
    const struct figure key = {.name = name};
    return bsearch(&key, self->figures, self->figure_count, sizeof key, by_name);
}

static const char *outcome_word(enum dmasim_outcome outcome)
{
    static const char *const words[] = {
        [DMASIM_RUNNING] = "interrupted", [DMASIM_DEADLOCKED] = "deadlock",
        [DMASIM_TIME_OVER] = "time-over", [DMASIM_FAILED] = "failed",
        [DMASIM_LOST_DATA] = "lost-data", [DMASIM_DONE] = "done",
    };
    return words[outcome];
}

static bool may_strike(const char *name)
{
    bool may = false;
    return cause_figure(name, &may) && may;
}

/* The names that all expectations have. */
static void want_figures(struct verdict *self)
{
    const struct scenario_expectation *one;
    const char *name;
    uint32_t most = 0;
    for (uint32_t i = 0; (one = expectation(self, i)); i++)
        for (uint32_t k = 0; formula_name(one->formula, k, NULL); k++)
            most++;
    self->figures = arena_alloc(&self->arena, (most + 1) * sizeof *self->figures);
    self->failed |= !self->figures;
    if (self->failed)
        return;
    for (uint32_t i = 0; (one = expectation(self, i)); i++)
        for (uint32_t k = 0; (name = formula_name(one->formula, k, NULL)); k++) {
            struct figure *figure = &self->figures[self->figure_count++];
            *figure = (struct figure){.name = name};
            if (strcmp(name, "run.outcome") == 0) {
                figure->shown = outcome_word(self->result.outcome);
                figure->value = (struct formula_value){.kind = FORMULA_TEXT, .text = figure->shown};
            } else if (strstr(name, ".erratum_") || may_strike(name)) { /* not listed: it has not */
                figure->shown = "0";
                figure->value.kind = FORMULA_NUMBER;
            }
        }
    qsort(self->figures, self->figure_count, sizeof *self->figures, by_name);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < self->figure_count; i++)
        if (kept == 0 || strcmp(self->figures[kept - 1].name, self->figures[i].name) != 0)
            self->figures[kept++] = self->figures[i];
    self->figure_count = kept;
}

static void note_figure(void *context, const char *name, const char *value, const char *unit)
{
    struct verdict *self = context;
    struct figure *figure = find_figure(self, name);
    char shown[128];
    if (!figure)
        return;
    snprintf(shown, sizeof shown, "%s%s%s", value, *unit ? " " : "", unit);
    figure->shown = keep(self, shown);
    figure->value = (struct formula_value){.kind = FORMULA_NUMBER, .number = formula_number(value)};
}

/* ---- rows of transfers ----------------------------------------------------------------------- */

static void read_rows(struct verdict *self, const char *text)
{
    char *copy = text ? arena_text(&self->arena, text) : NULL;
    size_t cells = 0;
    if (!text)
        return;
    for (const char *at = text; *at; at++)
        cells += *at == ',' || *at == '\n';
    self->columns = 1;
    for (const char *at = text; *at && *at != '\n'; at++)
        self->columns += *at == ',';
    self->cells = calloc(cells + 1, sizeof *self->cells);
    self->failed |= !copy || !self->cells;
    if (self->failed)
        return;
    size_t count = 0;
    for (char *at = copy; *at; count++) {
        char *end = at + strcspn(at, ",\n");
        if (count >= self->columns)
            self->cells[count - self->columns] = at;
        at = *end ? end + 1 : end;
        *end = '\0';
    }
    self->rows = (uint32_t)(count / self->columns) - (count > 0);
}

static const char *cell(const struct verdict *self, uint32_t row, const char *column)
{
    bool ns;
    const int at = verdict_column(column, &ns);
    return at < 0 ? "" : self->cells[(size_t)row * self->columns + (size_t)at];
}

/* A name's value in a row, and how it is shown. */
static struct formula_value row_value(const struct verdict *self, uint32_t row, const char *column,
                                      char shown[64])
{
    struct formula_value value = {.kind = FORMULA_NONE};
    bool ns;
    const int at = verdict_column(column, &ns);
    const char *text = at < 0 ? "" : self->cells[(size_t)row * self->columns + (size_t)at];
    if (!*text) {
        snprintf(shown, 64, "nothing");
    } else if (*text < '0' || *text > '9') {
        value = (struct formula_value){.kind = FORMULA_TEXT, .text = text};
        snprintf(shown, 64, "%.60s", text);
    } else {
        value.kind = FORMULA_NUMBER;
        value.number = formula_number(text) / (ns ? 1000 : 1);
        char *end = shown;
        if (ns)
            end = put_text(put_ratio(shown, strtoull(text, NULL, 10), 1, 1000, 3), " ns");
        *end = '\0';
        if (!ns)
            snprintf(shown, 64, "%.60s", text);
    }
    return value;
}

/* The next row at or after `row` that a name is about; self->rows: there is none. */
static uint32_t next_row(const struct verdict *self, const char *name, uint32_t row)
{
    const struct verdict_name parts = verdict_name(name);
    const char *of = parts.column - parts.of_length - 1;
    for (; row < self->rows && parts.of_length; row++) {
        const char *other = cell(self, row, "name");
        if (strlen(other) == parts.of_length && strncmp(other, of, parts.of_length) == 0)
            break;
    }
    return row;
}

/* ---- expectations ---------------------------------------------------------------------------- */

static void say(char found[FOUND_MAX], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(char found[FOUND_MAX], const char *format, ...)
{
    const size_t length = strlen(found);
    va_list list;
    va_start(list, format);
    vsnprintf(found + length, FOUND_MAX - length, format, list);
    va_end(list);
}

/* One round: each name that is about rows stands for its row. False with what was found. */
static bool holds_once(const struct verdict *self, const struct formula *formula,
                       const uint32_t *row, char found[FOUND_MAX])
{
    struct formula_value values[FORMULA_NAMES_MAX];
    char shown[64];
    const char *name;
    found[0] = '\0';
    for (uint32_t k = 0; (name = formula_name(formula, k, NULL)); k++) {
        const struct verdict_name parts = verdict_name(name);
        const struct figure *figure = find_figure(self, name);
        const char *is = figure && figure->shown ? figure->shown : "nothing";
        if (parts.row) {
            values[k] = row_value(self, row[k], parts.column, shown);
            is = shown;
        } else {
            values[k] = figure ? figure->value : (struct formula_value){.kind = FORMULA_NONE};
        }
        say(found, "%s%s is %s", k ? ", " : "", name, is);
        if (parts.row && !parts.of_length)
            say(found, " of %s", cell(self, row[k], "name"));
    }
    return formula_true(formula_evaluate(formula, values));
}

static bool holds(const struct verdict *self, const struct formula *formula, char found[FOUND_MAX])
{
    uint32_t row[FORMULA_NAMES_MAX] = {0}; /* of each name */
    const char *name;
    for (bool first = true;; first = false) {
        bool more = first;
        for (uint32_t k = 0; (name = formula_name(formula, k, NULL)); k++) {
            if (!verdict_name(name).row)
                continue;
            const uint32_t next = next_row(self, name, first ? 0 : row[k] + 1);
            if (next < self->rows)
                row[k] = next;
            more |= next < self->rows;
            if (first && next >= self->rows) {
                snprintf(found, FOUND_MAX, "no transfer %.*s has ended",
                         (int)verdict_name(name).of_length, name + strlen("transfer."));
                return false;
            }
        }
        if (!more)
            return true;
        if (!holds_once(self, formula, row, found))
            return false;
    }
}

static struct dmasim_check *add_check(struct verdict *self, const char *text, const char *found)
{
    struct dmasim_check *check = &self->checks[self->count++];
    *check = (struct dmasim_check){.text = text, .holds = !*found, .found = keep(self, found)};
    return check;
}

static void check_expectation(struct verdict *self, const struct scenario_expectation *one)
{
    char found[FOUND_MAX] = "";
    if (holds(self, one->formula, found))
        found[0] = '\0';
    else if (!found[0])
        say(found, "it is false");
    struct dmasim_check *check = add_check(self, one->text, found);
    check->file = one->place.source ? "--set" : scenario_file(self->sim->scenario);
    check->line = (int)one->place.line;
    check->column = (int)one->place.column;
}

/* ---- what is asked of every run -------------------------------------------------------------- */

static bool named(const struct verdict *self, const char *format, const char *a, const char *b)
    __attribute__((format(printf, 2, 0)));

/* An expectation has the name that the format makes of two texts. */
static bool named(const struct verdict *self, const char *format, const char *a, const char *b)
{
    char name[256];
    snprintf(name, sizeof name, format, a, b);
    return find_figure(self, name) != NULL;
}

static void check_end(struct verdict *self)
{
    static const char *const why[] = {
        [DMASIM_RUNNING] = "it was interrupted",
        [DMASIM_DEADLOCKED] = "deadlock: nothing can happen any more, but work is left",
        [DMASIM_TIME_OVER] = "the time given by `stop` is over, but work is left",
    };
    const enum dmasim_outcome outcome = self->result.outcome;
    char found[FOUND_MAX] = "", at[64];
    if (outcome <= DMASIM_TIME_OVER && !find_figure(self, "run.outcome")) {
        put_ratio(at, self->sim->system.kernel.now, 1, 1000000, 3)[0] = '\0';
        say(found, "not finished at %s us: %s", at, why[outcome]);
    }
    add_check(self, "the run finishes", found);
}

static void check_transfers(struct verdict *self)
{
    static const char *const all[] = {"transfers.failed", "transfers.complete",
                                      "transfers.each.status"};
    const struct run *run = &self->sim->run;
    char found[FOUND_MAX] = "";
    bool judged = false;
    for (size_t i = 0; i < COUNT(all); i++)
        judged |= find_figure(self, all[i]) != NULL;
    for (size_t i = 0; i < run->listener_count && !judged; i++) {
        const struct run_listener *one = &run->listeners[i];
        const char *controller = one->controller ? one->controller : "";
        if (one->failed == 0 || named(self, "transfer.%s.status%s", one->name, "") ||
            named(self, "controller.%s.transfers.%s", controller, "failed") ||
            named(self, "controller.%s.transfers.%s", controller, "complete"))
            continue;
        say(found, "%s%s%s failed", *found ? ", " : "", one->failed_programs ? "program " : "",
            one->name);
        if (one->failed > 1)
            say(found, " %" PRIu64 " times", one->failed);
    }
    add_check(self, "no transfer fails", found);
}

/* Something that a component loses is named. */
static bool loss_named(const struct verdict *self, const char *component)
{
    static const char *const losses[] = {"overruns", "underruns", "lost"};
    for (uint32_t i = 0; i < self->figure_count; i++) {
        const char *name = strchr(self->figures[i].name, '.');
        const size_t length = strlen(component);
        if (!name || strncmp(name + 1, component, length) != 0 || name[length + 1] != '.')
            continue;
        for (size_t k = 0; k < COUNT(losses); k++) {
            const char *last = strrchr(name, '.') + 1;
            if (strcmp(last, losses[k]) == 0)
                return true;
        }
    }
    return false;
}

static void check_losses(struct verdict *self)
{
    const struct plan *plan = self->sim->system.plan;
    char found[FOUND_MAX] = "";
    for (int section = 0; section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < plan->counts[section]; i++) {
            const struct component *one = &plan->components[section][i];
            const uint64_t lost = one->type->lost ? one->type->lost(one) : 0;
            if (lost && !loss_named(self, one->name))
                say(found, "%s%s: %" PRIu64 " item%s overrun or underrun", *found ? ", " : "",
                    one->name, lost, lost == 1 ? "" : "s");
        }
    add_check(self, "no data are lost", found);
}

static void check_buses(struct verdict *self)
{
    const struct system *system = &self->sim->system;
    struct metric_walk walk = {.now = system->kernel.now};
    struct metric metric;
    char found[FOUND_MAX] = "", name[256];
    while (metric_next(system, &walk, &metric)) {
        const bool bus = metric.part->group == COUNTERS_BUS || metric.part->group == COUNTERS_BEATS;
        if (!bus || metric.part->sub[0] || strcmp(metric.counter->name, "errors") != 0 ||
            metric.value == 0)
            continue;
        metric_name(&metric, name, sizeof name);
        if (!find_figure(self, name))
            say(found, "%s%s is %" PRIu64, *found ? ", " : "", name, metric.value);
    }
    add_check(self, "no bus answers with an error", found);
}

static void check_mappings(struct verdict *self)
{
    const struct system *system = &self->sim->system;
    const bool finished = self->result.outcome > DMASIM_TIME_OVER;
    struct metric_walk walk = {.now = system->kernel.now, .group = COUNTERS_CPU};
    struct metric metric;
    char found[FOUND_MAX] = "", name[256];
    while (metric_next(system, &walk, &metric) && walk.group == COUNTERS_CPU) {
        if (!metric.part->sub[1] || strcmp(metric.part->sub[1], "faults") != 0 ||
            metric.value == 0 || (!finished && strcmp(metric.counter->name, "leak") == 0))
            continue;
        metric_name(&metric, name, sizeof name);
        if (!find_figure(self, name))
            say(found, "%s%s is %" PRIu64, *found ? ", " : "", name, metric.value);
    }
    add_check(self, "no DMA mapping is misused", found);
}

static void check_stale(struct verdict *self)
{
    const struct system *system = &self->sim->system;
    struct metric_walk walk = {.now = system->kernel.now, .group = COUNTERS_CPU};
    struct metric metric;
    char found[FOUND_MAX] = "", name[256];
    while (metric_next(system, &walk, &metric) && walk.group == COUNTERS_CPU) {
        if (strcmp(metric.counter->name, "stale_bytes") != 0 || metric.value == 0)
            continue;
        metric_name(&metric, name, sizeof name);
        if (!find_figure(self, name))
            say(found, "%s%s is %" PRIu64, *found ? ", " : "", name, metric.value);
    }
    add_check(self, "nobody reads stale data", found);
}

/* ---- the log --------------------------------------------------------------------------------- */

/* A figure's name has _ where a rule's has -. */
static bool same_rule(const char *figure, const char *rule)
{
    for (; *figure && *rule; figure++, rule++)
        if (*figure != (*rule == '-' ? '_' : *rule))
            return false;
    return *figure == *rule;
}

/* Whether a figure that a condition names is one of a line's. */
static bool about(const char *name, const struct log_line *line)
{
    static const char *const transfers[] = {"transfers.failed", "transfers.complete",
                                            "transfers.each.status"};
    static const char *const losses[] = {"overruns", "underruns", "lost"};
    const char *of = strchr(name, '.');
    const size_t length = strlen(line->of);
    if (line->kind == LOG_HANG)
        return strcmp(name, "run.outcome") == 0;
    if (line->kind == LOG_MAPPING) {
        const char *fault = strstr(name, ".mappings.faults.");
        return fault && same_rule(fault + strlen(".mappings.faults."), line->rule);
    }
    if (line->kind == LOG_STALE)
        return strstr(name, ".stale_bytes") || strstr(name, ".stale_reads");
    for (size_t i = 0; i < COUNT(transfers) && line->kind == LOG_TRANSFER; i++) {
        const char *end = strstr(name, transfers[i]); /* of all, or of a controller */
        if (end && strcmp(end, transfers[i]) == 0)
            return true;
    }
    if (!of || strncmp(of + 1, line->of, length) != 0 || of[length + 1] != '.')
        return false;
    const char *last = strrchr(name, '.') + 1;
    if (line->kind == LOG_BUS)
        return strcmp(last, "errors") == 0 || strcmp(last, "retries") == 0;
    if (line->kind == LOG_TRANSFER)
        return strcmp(last, "status") == 0;
    for (size_t i = 0; i < COUNT(losses) && line->kind == LOG_LOSS; i++)
        if (strcmp(last, losses[i]) == 0)
            return true;
    return false;
}

bool verdict_expects(void *context, const struct log_line *line)
{
    const struct dmasim *sim = context;
    const struct scenario_expectation *one;
    const char *name;
    for (uint32_t i = 0; (one = scenario_expectation(sim->scenario, i)); i++)
        for (uint32_t k = 0; (name = formula_name(one->formula, k, NULL)); k++)
            if (about(name, line))
                return true;
    return false;
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* The mappings of some CPU's drivers are. */
static bool follows_mappings(const struct plan *plan)
{
    bool any = false;
    for (uint32_t i = 0; i < plan->counts[SECTION_CPUS]; i++)
        any |= cpu_of(&plan->components[SECTION_CPUS][i])->mappings != NULL;
    return any;
}

static bool caches(const struct plan *plan)
{
    bool any = false;
    for (uint32_t i = 0; i < plan->counts[SECTION_CPUS]; i++)
        any |= cpu_of(&plan->components[SECTION_CPUS][i])->cache != NULL;
    return any;
}

static struct verdict *judge(const struct dmasim_trace *trace)
{
    struct verdict *self = calloc(1, sizeof *self);
    size_t asked = 4;
    if (!self)
        return NULL;
    self->sim = trace->owner;
    dmasim_outcome(self->sim, &self->result);
    const bool mappings = follows_mappings(self->sim->system.plan);
    const bool cached = caches(self->sim->system.plan);
    asked += mappings + cached;
    size_t count = 0;
    while (expectation(self, (uint32_t)count))
        count++;
    self->checks = arena_alloc(&self->arena, (asked + count) * sizeof *self->checks);
    self->failed = !self->checks;
    want_figures(self);
    read_rows(self, trace_rows_text(trace->trace));
    if (!self->failed) {
        trace_figures(trace->trace, note_figure, self);
        check_end(self);
        check_transfers(self);
        check_losses(self);
        check_buses(self);
        if (mappings)
            check_mappings(self);
        if (cached)
            check_stale(self);
        for (uint32_t i = 0; expectation(self, i); i++)
            check_expectation(self, expectation(self, i));
    }
    if (!self->failed)
        return self;
    verdict_free(self);
    return NULL;
}

int dmasim_trace_check(struct dmasim_trace *trace, size_t index, struct dmasim_check *check)
{
    if (instance_busy(trace->owner))
        return DMASIM_BUSY;
    if (!trace->closed || !trace->expect)
        return DMASIM_INVALID;
    if (!trace->verdict)
        trace->verdict = judge(trace);
    if (!trace->verdict)
        return DMASIM_MEMORY;
    if (index >= trace->verdict->count)
        return DMASIM_UNMAPPED;
    *check = trace->verdict->checks[index];
    return DMASIM_OK;
}
