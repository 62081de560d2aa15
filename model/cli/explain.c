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

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/summary.h"
#include "dmasim/dmasim.h"
#include "plan/cause.h"
#include "scenario/json.h"
#include "trace/format.h"

#define TENTHS 10u

struct part {
    const char *name; /* "wait.sram" */
    const struct cause_info *cause;
    uint64_t tenths;
};

/* A bus, a direction of one, a transfer, a controller. */
struct thing {
    const char *name; /* "bus.ahb", up to ".cause." */
    size_t length;
    struct part *parts;
    size_t count, room;
    uint64_t tenths; /* of all its parts */
};

struct explain {
    const char *source;
    struct loading loading;
    const char *only[64];
    size_t only_count;
    bool json, causes;
    struct thing *things;
    size_t count, room;
    struct share {
        const char *name, *percent; /* "bus.ahb.share_of_peak" */
    } * shares;
    size_t share_count, share_room;
    char **names; /* copies */
    size_t name_count, name_room;
    struct part *sums; /* of things of a kind */
    size_t sum_count, sum_room;
    bool failed;
};

/* ---- arguments ------------------------------------------------------------------------------- */

enum explain_key { KEY_FORMAT = 256, KEY_CAUSES, KEY_ONLY };

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

static void *grown(void *items, size_t count, size_t *room, size_t bytes)
{
    if (count < *room)
        return items;
    *room = *room ? 2 * *room : 16;
    return realloc(items, *room * bytes);
}

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
    struct thing *things = grown(self->things, self->count, &self->room, sizeof *things);
    if (!things)
        return NULL;
    self->things = things;
    things[self->count] = (struct thing){.name = name, .length = length};
    return &things[self->count++];
}

static const char share_of_peak[] = ".share_of_peak";

static bool is_share(const char *name)
{
    const size_t length = strlen(name), end = strlen(share_of_peak);
    return length > end && strcmp(name + length - end, share_of_peak) == 0;
}

static bool take_share(struct explain *self, const struct summary_row *row)
{
    if (strspn(row->value, "0123456789.") != strlen(row->value))
        return true;
    struct share *shares =
        grown(self->shares, self->share_count, &self->share_room, sizeof *shares);
    if (!shares)
        return false;
    self->shares = shares;
    shares[self->share_count++] = (struct share){row->name, row->value};
    return true;
}

/* Of a bus, or of a direction of one; null: it has none. */
static const char *share_of(const struct explain *self, const struct thing *thing)
{
    for (size_t i = 0; i < self->share_count; i++) {
        const size_t length = strlen(self->shares[i].name) - strlen(share_of_peak);
        if (length <= thing->length && strncmp(self->shares[i].name, thing->name, length) == 0 &&
            (length == thing->length || thing->name[length] == '.'))
            return self->shares[i].percent;
    }
    return NULL;
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
    if (!thing)
        return false;
    struct part *parts = grown(thing->parts, thing->count, &thing->room, sizeof *parts);
    if (!parts)
        return false;
    thing->parts = parts;
    parts[thing->count++] = (struct part){name, cause, tenths_of(row->value)};
    thing->tenths += parts[thing->count - 1].tenths;
    return true;
}

/* A text that is kept to the end; null without memory. */
static const char *keep(struct explain *self, const char *text)
{
    char **names = grown(self->names, self->name_count, &self->name_room, sizeof *names);
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
        .report = cli_print_error,
        .note = cli_print_note,
    };
    static const struct dmasim_trace_options wanted = {.table = true, .causes = true};
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

/* ---- what costs most ------------------------------------------------------------------------- */

static bool wanted(const struct explain *self, const struct thing *thing)
{
    char name[512];
    snprintf(name, sizeof name, "%.*s", (int)thing->length, thing->name);
    for (size_t i = 0; i < self->only_count; i++)
        if (fnmatch(self->only[i], name, 0) == 0)
            return true;
    return self->only_count == 0;
}

static bool costs(const struct part *part)
{
    return part->cause != &cause_table[CAUSE_DATA] && part->cause != &cause_table[CAUSE_NOTHING];
}

static bool is_of(const struct thing *thing, const char *kind)
{
    return strncmp(thing->name, kind, strlen(kind)) == 0;
}

struct cost {
    const struct part *part;
    uint64_t tenths, all; /* of these things together */
    const char *of;
};

/* Adds a part to the sums by name; false if there is no memory. */
static bool add_up(struct explain *self, const struct part *part)
{
    for (size_t i = 0; i < self->sum_count; i++)
        if (strcmp(self->sums[i].name, part->name) == 0) {
            self->sums[i].tenths += part->tenths;
            return true;
        }
    struct part *sums = grown(self->sums, self->sum_count, &self->sum_room, sizeof *sums);
    if (!sums)
        return false;
    self->sums = sums;
    sums[self->sum_count++] = *part;
    return true;
}

/* The cause that takes most of all things of a kind together; without a part if none does. */
static struct cost most_of(struct explain *self, const char *kind, const char *of)
{
    struct cost most = {.part = NULL, .of = of};
    self->sum_count = 0;
    for (size_t i = 0; i < self->count; i++) {
        const struct thing *thing = &self->things[i];
        if (!is_of(thing, kind) || !wanted(self, thing))
            continue;
        most.all += thing->tenths;
        for (size_t k = 0; k < thing->count; k++)
            self->failed |= !add_up(self, &thing->parts[k]);
    }
    for (size_t i = 0; i < self->sum_count; i++)
        if (costs(&self->sums[i]) && self->sums[i].tenths > most.tenths) {
            most.part = &self->sums[i];
            most.tenths = self->sums[i].tenths;
        }
    return most;
}

/* Of transfers, where there are any; else of controllers; else of buses. */
static struct cost find_most(struct explain *self)
{
    static const char *const kinds[][2] = {
        {"transfer.", "all transfers"}, {"controller.", "all controllers"}, {"bus.", "all buses"}};
    struct cost most = {.part = NULL};
    for (size_t i = 0; i < 3 && !most.part; i++)
        most = most_of(self, kinds[i][0], kinds[i][1]);
    return most;
}

/* ---- telling --------------------------------------------------------------------------------- */

static const char *cycles_text(char text[32], uint64_t tenths)
{
    put_ratio(text, tenths, 1, TENTHS, tenths % TENTHS ? 1 : 0)[0] = '\0';
    return text;
}

static const char *percent_text(char text[64], uint64_t tenths, uint64_t all)
{
    put_ratio(text, tenths, 100, all, 2)[0] = '\0';
    return text;
}

static int by_cost(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    return x->tenths != y->tenths ? (x->tenths < y->tenths ? 1 : -1) : strcmp(x->name, y->name);
}

static void print_thing(const struct explain *self, const struct thing *thing)
{
    const char *share = share_of(self, thing);
    char cycles[32], percent[64];
    const char *dot = memchr(thing->name, '.', thing->length);
    const int kind = dot ? (int)(dot - thing->name) : (int)thing->length;
    const char *name = dot ? dot + 1 : "";
    printf("%.*s %.*s: %s cycles%s%s%s\n", kind, thing->name,
           (int)(thing->length - (size_t)(name - thing->name)), name,
           cycles_text(cycles, thing->tenths), share ? ", " : "", share ? share : "",
           share ? " % of peak" : "");
    for (size_t i = 0; i < thing->count && thing->parts[i].tenths; i++)
        printf("  %-24s %12s %7s %%  %s\n", thing->parts[i].name,
               cycles_text(cycles, thing->parts[i].tenths),
               percent_text(percent, thing->parts[i].tenths, thing->tenths),
               thing->parts[i].cause->what);
}

/* The parameters, with `who` for the name. */
static void put_parameters(FILE *to, const struct cause_info *cause, const char *who)
{
    static const char place[] = "<who>";
    const char *at = cause->parameters;
    for (const char *found; (found = strstr(at, place)); at = found + strlen(place))
        fprintf(to, "%.*s%s", (int)(found - at), at, who);
    fputs(at, to);
}

/* Of a part: whose it is. */
static const char *who_of(const struct part *part)
{
    return part->cause->named ? part->name + strlen(part->cause->name) + 1 : "";
}

static void print_text(struct explain *self)
{
    char cycles[32], percent[64];
    for (size_t i = 0; i < self->count; i++)
        if (wanted(self, &self->things[i]))
            print_thing(self, &self->things[i]);
    const struct cost most = find_most(self);
    if (!most.part) {
        puts("costs most: nothing but useful data");
        return;
    }
    printf("costs most: %s, %s %% of %s (%s cycles): %s\n", most.part->name,
           percent_text(percent, most.tenths, most.all), most.of, cycles_text(cycles, most.tenths),
           most.part->cause->what);
    if (most.part->cause->parameters) {
        fputs("touched by: ", stdout);
        put_parameters(stdout, most.part->cause, who_of(most.part));
        putchar('\n');
    }
}

static void json_amount(struct json *json, const char *key, const char *text)
{
    json_next(json, key);
    fputs(text, json->out);
}

static void json_parameters(struct json *json, const struct part *part)
{
    char *text = NULL;
    size_t length;
    FILE *memory = open_memstream(&text, &length);
    if (memory && part->cause->parameters)
        put_parameters(memory, part->cause, who_of(part));
    json_text(json, "parameters", memory && fclose(memory) == 0 ? text : "");
    free(text);
}

static void print_json(struct explain *self)
{
    struct json json = {.out = stdout, .first = true};
    char text[64];
    json_open(&json, NULL, '{');
    json_open(&json, "things", '[');
    for (size_t i = 0; i < self->count; i++) {
        const struct thing *thing = &self->things[i];
        char name[512];
        if (!wanted(self, thing))
            continue;
        snprintf(name, sizeof name, "%.*s", (int)thing->length, thing->name);
        json_open(&json, NULL, '{');
        json_text(&json, "name", name);
        json_amount(&json, "cycles", cycles_text(text, thing->tenths));
        if (share_of(self, thing))
            json_amount(&json, "share_of_peak", share_of(self, thing));
        json_open(&json, "causes", '[');
        for (size_t k = 0; k < thing->count; k++) {
            json_open(&json, NULL, '{');
            json_text(&json, "cause", thing->parts[k].name);
            json_amount(&json, "cycles", cycles_text(text, thing->parts[k].tenths));
            json_amount(&json, "percent",
                        percent_text(text, thing->parts[k].tenths, thing->tenths));
            json_close(&json, '}');
        }
        json_close(&json, ']');
        json_close(&json, '}');
    }
    json_close(&json, ']');
    const struct cost most = find_most(self);
    if (most.part) {
        json_open(&json, "costs_most", '{');
        json_text(&json, "cause", most.part->name);
        json_text(&json, "of", most.of);
        json_amount(&json, "cycles", cycles_text(text, most.tenths));
        json_amount(&json, "percent", percent_text(text, most.tenths, most.all));
        json_text(&json, "what", most.part->cause->what);
        json_parameters(&json, most.part);
        json_close(&json, '}');
    }
    json_close(&json, '}');
    putchar('\n');
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
            put_parameters(stdout, info, "that one");
        puts(" |");
    }
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
    (self->json ? print_json : print_text)(self);
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
