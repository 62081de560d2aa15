/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain: what the cycles of each bus and each transfer went by with (plan/cause.h): of a scenario, which is run, or of
 * results that are there.
 *
 * Everything shown stands in summary.csv, in rows `THING.cause.CAUSE`. Cycles are kept in tenths: those of a bus that
 * settles half a clock at a time have one decimal.
 */
#include <argp.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/explain.h"
#include "cli/summary.h"
#include "dmasim/dmasim.h"
#include "reading/csv.h"

/* ---- arguments ------------------------------------------------------------------------------- */

enum explain_key { KEY_FORMAT = 256, KEY_CAUSES, KEY_ONLY, KEY_EVERY_CYCLE };

static error_t explain_option(int key, char *value, struct argp_state *state)
{
    struct explain *self = state->input;
    switch (key) {
    case KEY_FORMAT:
        self->json = strcmp(value, "json") == 0;
        if (!self->json && strcmp(value, "text") != 0)
            argp_error(state, "--format takes text or json");
        return 0;
    case KEY_ONLY:
        if (self->only_count == sizeof self->only / sizeof self->only[0])
            argp_error(state, "too many --only");
        self->only[self->only_count++] = value;
        return 0;
    case KEY_CAUSES:
        self->causes = true;
        return 0;
    case KEY_EVERY_CYCLE:
        self->every_cycle = true;
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &self->loading;
        return 0;
    case ARGP_KEY_ARG:
        if (self->source)
            argp_error(state, "one scenario, or one folder of results, at a time");
        self->source = value;
        return 0;
    case ARGP_KEY_END:
        if (!self->source && !self->causes)
            argp_error(state, "name a scenario, or a folder of results");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option explain_options[] = {
    {"only", KEY_ONLY, "GLOB", 0, "Things whose name matches, as bus.*; may be repeated", 0},
    {"format", KEY_FORMAT, "text|json", 0, "How to say it (default: text)", 0},
    {"causes", KEY_CAUSES, NULL, 0, "Print all causes and what defines them, in Markdown", 0},
    {"every-cycle", KEY_EVERY_CYCLE, NULL, 0,
     "Step every unit of a scenario at every edge: the same parts, slowly", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static const struct argp_child explain_children[] = {{&loading_argp, 0, NULL, 0},
                                                     {NULL, 0, NULL, 0}};

static const struct argp explain_argp = {
    explain_options,
    explain_option,
    "SCENARIO|RESULTS",
    "Say what the cycles of each bus and each transfer went by with. A scenario is run for it, and "
    "nothing "
    "is written; RESULTS is a folder of `dmasim run`, or its summary.csv.\v"
    "Examples:\n"
    "  dmasim explain configs/modes.yaml\n"
    "  dmasim explain configs/modes.yaml -s memories.sram.read_first=3 --only 'transfer.*'\n"
    "  dmasim explain out/modes --format json\n"
    "\nEach cycle goes to one cause, so the parts add up to all cycles; docs/explain.md defines "
    "them. "
    "The\n"
    "last lines name what costs most, other than useful data and nothing to do, and the "
    "parameters\n"
    "that touch it. In studies the same parts are metrics, as bus.ahb.cause.wait.sram.\n"
    "\nExit codes: 0 explained, also if the run did not finish, which a note says; 2 bad input or "
    "use.",
    explain_children,
    NULL,
    NULL};

/* ---- gathering ------------------------------------------------------------------------------- */

/* Cycles with one decimal or none, in tenths. */
static uint64_t tenths_of(const char *value)
{
    uint64_t tenths = 0;
    const char *at = value;
    for (; *at >= '0' && *at <= '9'; at++)
        tenths = tenths * 10 + (uint64_t)(*at - '0');
    return tenths * TENTHS +
           (at[0] == '.' && at[1] >= '0' && at[1] <= '9' ? (uint64_t)(at[1] - '0') : 0);
}

/* The cause of "wait.sram"; null if it is none of ours. */
static const struct cause_info *cause_named(const char *name)
{
    for (size_t i = 0; i < CAUSES; i++) {
        const size_t length = strlen(cause_table[i].name);
        if (strncmp(cause_table[i].name, name, length) == 0 &&
            name[length] == (cause_table[i].named ? '.' : '\0'))
            return &cause_table[i];
    }
    return NULL;
}

static struct thing *thing_of(struct explain *self, const char *name, size_t length)
{
    for (size_t i = self->count; i-- > 0;)
        if (self->things[i].length == length && memcmp(self->things[i].name, name, length) == 0)
            return &self->things[i];
    struct thing *things = explain_grown(self->things, self->count, &self->room, sizeof *things);
    if (!things)
        return NULL;
    self->things = things;
    things[self->count] = (struct thing){.name = name, .length = length};
    return &things[self->count++];
}

static bool is_share(const char *name)
{
    const size_t length = strlen(name), end = strlen(SHARE_OF_PEAK);
    return length > end && strcmp(name + length - end, SHARE_OF_PEAK) == 0;
}

static bool take_share(struct explain *self, const struct summary_row *row)
{
    if (strspn(row->value, "0123456789.") != strlen(row->value))
        return true;
    struct share *shares =
        explain_grown(self->shares, self->share_count, &self->share_room, sizeof *shares);
    if (!shares)
        return false;
    self->shares = shares;
    shares[self->share_count++] = (struct share){row->name, row->value};
    return true;
}

/* Adds to a part of a thing; false if memory is short. */
static bool add(struct thing *thing, const char *name, const struct cause_info *cause,
                uint64_t tenths)
{
    thing->tenths += tenths;
    for (size_t i = 0; i < thing->count; i++)
        if (strcmp(thing->parts[i].name, name) == 0) {
            thing->parts[i].tenths += tenths;
            return true;
        }
    struct part *parts = explain_grown(thing->parts, thing->count, &thing->room, sizeof *parts);
    if (!parts)
        return false;
    thing->parts = parts;
    parts[thing->count++] = (struct part){name, cause, tenths};
    return true;
}

/* A row of the summary whose texts stay. */
static bool take(void *context, const struct summary_row *row)
{
    static const char middle[] = ".cause.";
    struct explain *self = context;
    const char *at = strstr(row->name, middle);
    const char *name = at ? at + strlen(middle) : NULL;
    const struct cause_info *cause = name ? cause_named(name) : NULL;
    if (is_share(row->name))
        return take_share(self, row);
    if (!cause)
        return true;
    struct thing *thing = thing_of(self, row->name, (size_t)(at - row->name));
    return thing && add(thing, name, cause, tenths_of(row->value));
}

/* A text that is kept to the end; null without memory. */
static const char *keep(struct explain *self, const char *text)
{
    char **names = explain_grown(self->names, self->name_count, &self->name_room, sizeof *names);
    char *copy = names ? strdup(text) : NULL;
    self->names = names ? names : self->names;
    if (copy)
        names[self->name_count++] = copy;
    return copy;
}

/* The same of a run's figures, whose texts do not stay. */
static void take_figure(void *context, const char *name, const char *value, const char *unit)
{
    struct explain *self = context;
    if (!strstr(name, ".cause.") && !is_share(name))
        return;
    const struct summary_row row = {keep(self, name), keep(self, value), unit, 0};
    self->failed |= !row.name || !row.value || !take(self, &row);
}

/* ---- rounds ---------------------------------------------------------------------------------- */

/* The length of the name of the entry that ran, "transfer.copy" of "transfer.copy.round.3"; 0 if it is another thing. */
static size_t base_of(const struct thing *thing)
{
    static const char middle[] = ".round.";
    size_t found = 0;
    for (size_t at = 1; at + strlen(middle) < thing->length; at++)
        if (memcmp(thing->name + at, middle, strlen(middle)) == 0)
            found = at;
    return found;
}

/* What is told by its rounds alone, as programs are, gets a thing of its own. */
static bool add_entries(struct explain *self)
{
    const size_t count = self->count;
    for (size_t i = 0; i < count; i++) {
        if (!self->things[i].base)
            continue;
        struct thing *entry = thing_of(self, self->things[i].name, self->things[i].base);
        if (!entry)
            return false;
        const struct thing *round = &self->things[i]; /* they may have moved */
        for (size_t k = 0; entry >= self->things + count && k < round->count; k++)
            if (!add(entry, round->parts[k].name, round->parts[k].cause, round->parts[k].tenths))
                return false;
    }
    return true;
}

/* Puts each round behind its entry; of an entry that ran once there is none. False if memory is short. */
static bool arrange(struct explain *self)
{
    for (size_t i = 0; i < self->count; i++)
        self->things[i].base = base_of(&self->things[i]);
    if (!add_entries(self))
        return false;
    struct thing *sorted = calloc(self->count + 1, sizeof *sorted);
    size_t count = 0;
    for (size_t i = 0; sorted && i < self->count; i++) {
        if (self->things[i].base)
            continue;
        const size_t own = count++;
        sorted[own] = self->things[i];
        for (size_t k = 0; k < self->count; k++)
            if (self->things[k].base == sorted[own].length &&
                memcmp(self->things[k].name, sorted[own].name, sorted[own].length) == 0)
                sorted[count++] = self->things[k];
        if (count == own + 2)
            free(sorted[--count].parts);
    }
    if (!sorted)
        return false;
    free(self->things);
    self->things = sorted;
    self->count = count;
    return true;
}

/* The rows of causes.csv as those of figures; a folder without one has none. False after an error, which is printed. */
static bool read_rounds(struct explain *self)
{
    static const char *const names[] = {"name", "call", "round", "cause", "cycles"};
    enum { NAME, CALL, ROUND, CAUSE, CYCLES, COLUMNS };
    const size_t length = strlen(self->source);
    const bool file = length > 4 && strcmp(self->source + length - 4, ".csv") == 0;
    const char *slash = file ? strrchr(self->source, '/') : NULL;
    size_t columns[COLUMNS], folder = slash ? (size_t)(slash - self->source) : 0;
    char path[4096];
    if (file && !slash)
        snprintf(path, sizeof path, "causes.csv");
    else
        snprintf(path, sizeof path, "%.*s/causes.csv", (int)(slash ? folder : length),
                 self->source);
    if (access(path, F_OK) != 0)
        return true;
    struct csv *csv = csv_open(path);
    bool good = csv && csv_row(csv);
    for (int i = 0; good && i < COLUMNS; i++) {
        for (columns[i] = 0; columns[i] < csv->columns; columns[i]++)
            if (strcmp(csv_text(csv, columns[i]), names[i]) == 0)
                break;
        good = columns[i] < csv->columns;
        if (!good)
            snprintf(csv->error, sizeof csv->error, "no column %s", names[i]);
    }
    while (good && csv_row(csv)) {
        char name[1024];
        snprintf(name, sizeof name, "%s.%.400s.round.%.40s.cause.%.400s",
                 strcmp(csv_text(csv, columns[CALL]), "program") ? "transfer" : "program",
                 csv_text(csv, columns[NAME]), csv_text(csv, columns[ROUND]),
                 csv_text(csv, columns[CAUSE]));
        take_figure(self, name, csv_text(csv, columns[CYCLES]), "cycles");
    }
    good = good && csv->ended && !csv->error[0];
    if (!good) {
        cli_put(stderr, path);
        fprintf(stderr, ": error: %s\n", csv ? csv->error : "no memory");
    }
    csv_close(csv);
    return good;
}

/* ---- a run ----------------------------------------------------------------------------------- */

static void note_end(struct dmasim *sim, const char *source)
{
    static const char *const texts[] = {
        [DMASIM_DEADLOCKED] = "the run ends in a deadlock",
        [DMASIM_TIME_OVER] = "the time given by `stop` was over before the work",
        [DMASIM_FAILED] = "transfers or programs failed",
        [DMASIM_LOST_DATA] = "data were lost",
    };
    struct dmasim_result result;
    if (dmasim_outcome(sim, &result) != DMASIM_OK || result.outcome == DMASIM_RUNNING ||
        result.outcome == DMASIM_DONE)
        return;
    cli_put(stderr, strcmp(source, "-") ? source : "stdin");
    fprintf(stderr, ": note: %s; what follows is what happened\n", texts[result.outcome]);
}

static bool run_scenario(struct explain *self)
{
    const struct dmasim_options options = {
        .overrides = self->loading.overrides.texts,
        .override_count = self->loading.overrides.count,
        .confine = self->loading.confine,
        .memory_bytes = self->loading.memory_bytes,
        .every_cycle = self->every_cycle,
        .report = cli_print_error,
        .note = cli_print_note,
    };
    static const struct dmasim_trace_options wanted = {
        .table = true, .causes = true, .cause_rounds = true};
    struct dmasim_error error;
    struct dmasim *sim = cli_create(self->source, &options);
    if (!sim)
        return false;
    struct dmasim_trace *trace = dmasim_trace_open(sim, &wanted, ".", &error);
    const bool good = trace && dmasim_run(sim, DMASIM_NEVER, NULL) == DMASIM_OK &&
                      dmasim_trace_close(trace, &error) == DMASIM_OK;
    if (good) {
        dmasim_trace_figures(trace, take_figure, self);
        note_end(sim, self->source);
    } else {
        cli_print_error(NULL, &error);
    }
    dmasim_destroy(sim);
    return good;
}

static bool is_results(const char *source)
{
    struct stat status;
    const size_t length = strlen(source);
    return (stat(source, &status) == 0 && S_ISDIR(status.st_mode)) ||
           (length > 4 && strcmp(source + length - 4, ".csv") == 0);
}

static void print_causes(void)
{
    puts("| cause | in words | what defines it | parameters that touch it |\n| --- | --- | --- | "
         "--- |");
    for (size_t i = 0; i < CAUSES; i++) {
        const struct cause_info *info = &cause_table[i];
        printf("| `%s%s` | %s | %s | ", info->name, info->named ? ".<who>" : "", info->what,
               info->condition);
        if (info->parameters)
            explain_put_parameters(stdout, info, "that one");
        puts(" |");
    }
}

static int by_cost(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    return x->tenths != y->tenths ? (x->tenths < y->tenths ? 1 : -1) : strcmp(x->name, y->name);
}

static int explain(struct explain *self)
{
    char *text = NULL;
    if (self->causes) {
        print_causes();
        return cli_flush(CLI_GOOD);
    }
    if (is_results(self->source) ? !(text = summary_read(self->source, take, self))
                                 : !run_scenario(self))
        return CLI_USAGE;
    if (self->count && is_results(self->source) && !read_rounds(self)) {
        free(text);
        return CLI_USAGE;
    }
    self->failed |= !arrange(self);
    if (self->failed || self->count == 0) {
        cli_put(stderr, strcmp(self->source, "-") ? self->source : "stdin");
        fputs(self->failed
                  ? ": error: out of memory\n"
                  : ": error: no causes in these results: write them with `dmasim run --trace "
                    "summary,causes`\n",
              stderr);
        free(text);
        return CLI_USAGE;
    }
    for (size_t i = 0; i < self->count; i++)
        qsort(self->things[i].parts, self->things[i].count, sizeof(struct part), by_cost);
    (self->json ? explain_print_json : explain_print_text)(self);
    free(text);
    return cli_flush(CLI_GOOD);
}

int cli_explain(int argc, char **argv)
{
    struct explain self = {.json = false};
    if (cli_parse(&explain_argp, argc, argv, "dmasim explain", &self) != 0)
        return CLI_USAGE;
    const int code = explain(&self);
    for (size_t i = 0; i < self.count; i++)
        free(self.things[i].parts);
    for (size_t i = 0; i < self.name_count; i++)
        free(self.names[i]);
    free(self.things);
    free(self.sums);
    free(self.shares);
    free(self.names);
    return code;
}
