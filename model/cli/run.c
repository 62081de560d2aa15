/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run: simulates one scenario and writes its results.
 *
 * The results appear all at once, instead of those of the run before in the same folder. A run that does not finish (deadlock, `stop` reached)
 * still leaves its traces, since they tell why, and ends with exit code 1.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/live.h"
#include "cli/matching.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/run_results.h"
#include "cli/verdict.h"
#include "cli/view.h"
#include "cli/zst.h"
#include "compare/report.h"
#include "dmasim/dmasim.h"

enum run_key {
    KEY_EVERY_CYCLE = 256,
    KEY_REVERSE,
    KEY_SNAPSHOT,
    KEY_CYCLES,
    KEY_TRACE,
    KEY_CLOCKS,
    KEY_FORCE,
    KEY_JUNIT,
    KEY_COMPRESS,
    KEY_UNTIL,
    KEY_LOG
};

struct run_arguments {
    const char *scenario;
    const char *directory, *junit;
    struct loading loading;
    bool quiet, every_cycle, reverse_order, cycles, clocks, force;
    uint64_t snapshot_ps;
    int log; /* enum dmasim_log_level of what is told on stderr; -1: nothing */
    struct dmasim_trace_options trace;
    struct view_arguments view;
    bool compress;
    const char *until; /* the file that the run is to differ from; null: none */
    struct matching matching;
};

struct session {
    const struct run_arguments *arguments;
    struct dmasim *sim;
    struct dmasim_trace *trace;
    struct live *live;    /* with `until` */
    struct zst *zst;      /* with `compress` */
    bool stream, differs; /* the VCD alone, to standard output; the run was ended by a difference */
    char directory[4096];
    struct progress progress;
    int signal; /* that ended the run; 0: none */
};

/* ---- arguments ------------------------------------------------------------------------------- */

/* A level of the log; false if it is none. */
static bool parse_level(const char *text, int *level)
{
    static const char *const names[] = {"none", "error", "warning", "note", "debug"};
    for (int i = 0; i < (int)(sizeof names / sizeof names[0]); i++)
        if (strcmp(names[i], text) == 0) {
            *level = i - 1;
            return true;
        }
    return false;
}

static error_t run_option(int key, char *value, struct argp_state *state)
{
    struct run_arguments *self = state->input;
    switch (key) {
    case 'o':
        if (!*value)
            argp_error(state, "--output names no folder");
        self->directory = value;
        return 0;
    case 'q':
        self->quiet = true;
        return 0;
    case KEY_EVERY_CYCLE:
        self->every_cycle = true;
        return 0;
    case KEY_REVERSE:
        self->reverse_order = true;
        return 0;
    case KEY_SNAPSHOT:
        if (!cli_time(value, &self->snapshot_ps) || self->snapshot_ps == 0)
            argp_error(state, "'%s' is no time such as 10us", value);
        return 0;
    case KEY_TRACE:
        if (!cli_traces(value, &self->trace))
            argp_error(state, "--trace takes none, or a list of " TRACE_NAMES);
        return 0;
    case KEY_CYCLES:
        self->cycles = true;
        return 0;
    case KEY_FORCE:
        self->force = true;
        return 0;
    case KEY_JUNIT:
        self->junit = value;
        return 0;
    case KEY_COMPRESS:
        if (strcmp(value, "zst") != 0)
            argp_error(state, "--compress takes zst");
        self->compress = true;
        return 0;
    case KEY_UNTIL:
        self->until = value;
        return 0;
    case KEY_LOG:
        if (!parse_level(value, &self->log))
            argp_error(state, "--log takes none, error, warning, note or debug");
        return 0;
    case KEY_CLOCKS:
        self->clocks = true;
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &self->view;
        state->child_inputs[1] = &self->matching;
        state->child_inputs[2] = &self->loading;
        return 0;
    case ARGP_KEY_ARG:
        if (self->scenario)
            argp_error(state, "one scenario at a time");
        self->scenario = value;
        return 0;
    case ARGP_KEY_END:
        if (!self->scenario)
            argp_error(state, "name a scenario file");
        self->trace.cycles |= self->cycles; /* in whatever order they and --trace stood */
        self->trace.vcd_clocks |= self->clocks;
        if (self->matching.any && !self->until)
            argp_error(
                state,
                "--map, --ignore, --only, --clock and --tolerance are of --until-differs-from");
        if (!view_override(&self->view, &self->loading.overrides))
            argp_error(state, "too many --set");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option run_options[] = {
    {"output", 'o', "DIR", 0,
     "Where the results go (default: out/NAME of the scenario); - with --trace vcd: the VCD alone, "
     "to standard output",
     0},
    {"trace", KEY_TRACE, "LIST", 0,
     "What to write: none, or a list of " TRACE_NAMES " (default: all but cycles and events)", 0},
    {"cycles", KEY_CYCLES, NULL, 0,
     "Write cycles.csv, every wire of the bus in every cycle, beside what --trace says", 0},
    {"clocks", KEY_CLOCKS, NULL, 0, "Clocks in the VCD too (makes it large)", 0},
    {"compress", KEY_COMPRESS, "zst", 0, "Pack the VCD while it is written: trace.vcd.zst", 0},
    {"until-differs-from", KEY_UNTIL, "FILE", 0,
     "Hold the run's VCD against that FILE while it is simulated, and end it where they differ "
     "first",
     0},
    {"quiet", 'q', NULL, 0, "No table and no progress", 0},
    {"force", KEY_FORCE, NULL, 0,
     "Write into a folder that has other things in it, and over results that were changed", 0},
    {"log", KEY_LOG, "LEVEL", 0,
     "Tell lines of log.txt on stderr: none, error (default), warning, note, debug", 0},
    {"junit", KEY_JUNIT, "FILE", 0,
     "Write what was asked of the run, and what came of it, as JUnit's XML for CI", 0},
    {"every-cycle", KEY_EVERY_CYCLE, NULL, 0,
     "Step every unit at every edge: the same results, slowly", 1},
    {"reverse-order", KEY_REVERSE, NULL, 0,
     "Step units of equal rank in the opposite order: the same results", 1},
    {"snapshot-at", KEY_SNAPSHOT, "TIME", 0,
     "At TIME save the state, run on unobserved, restore, and go on: the same results", 1},
    {NULL, 0, NULL, 0, NULL, 0},
};

static const struct argp_child run_children[] = {
    {&view_argp, 0, NULL, 0},
    {&matching_argp, 0, "How --until-differs-from compares (dmasim diff; the run is B):", 2},
    {&loading_argp, 0, NULL, 0},
    {NULL, 0, NULL, 0}};

static const struct argp run_argp = {
    run_options,
    run_option,
    "SCENARIO",
    "Simulate a scenario (- is standard input) and write its traces and figures.\v"
    "Examples:\n"
    "  dmasim run configs/quickstart.yaml\n"
    "  dmasim run configs/modes.yaml -o out/slow -s memories.sram.read_first=3\n"
    "  dmasim run big.yaml --trace summary\n"
    "  dmasim run configs/axi-dmac-copy.yaml --trace events\n"
    "  dmasim run configs/modes.yaml --trace vcd -o - | dmasim diff golden.vcd - --first\n"
    "  dmasim run configs/modes.yaml --until-differs-from golden.vcd\n"
    "\nResults: trace.vcd with trace.gtkw, bus.csv (of AXI beats.csv; with a CPU accesses.csv\n"
    "beside it), transfers.csv, summary.csv with causes.csv, the files that the scenario's\n"
    "memories and peripherals write, and scenario.resolved.yaml with every default filled in.\n"
    "cycles: every wire in every cycle; events: what the core of an adi,axi-dmac does, in the\n"
    "form of its RTL's recordings (events.NAME.csv if there are several).\n"
    "The table's MB/s of a transfer are its bytes over the time from issue to end (callback), "
    "beat\n"
    "MB/s those over the time from its first to its last beat. docs/metrics.md defines each "
    "figure.\n"
    "They appear at once, instead of those of the run before. docs/results.md says when a folder "
    "is\n"
    "refused, and what a scenario that somebody else wrote can do.\n"
    "Exit codes: 0 all work was done; 1 the run did not finish, a transfer or program failed, "
    "data\n"
    "were lost, a bus answered with an error, or a condition of the scenario's `expect` does not "
    "hold\n"
    "(what they name is judged by them alone); 2 bad input or use; 130 SIGINT or SIGTERM ended it: "
    "the\n"
    "results go up to there, and interrupted.txt is one of them.",
    run_children,
    NULL,
    NULL};

/* ---- files ----------------------------------------------------------------------------------- */

static bool write_stream(void *context, const char *text, size_t length)
{
    return fwrite(text, 1, length, context) == length;
}

/* ---- the run --------------------------------------------------------------------------------- */

/* Runs to `until` or to the end of the run, or until a signal. */
static void run_until(struct session *self, uint64_t until)
{
    struct dmasim_result result;
    enum dmasim_why why = DMASIM_WHY_TIME;
    /* A run that is over goes on if it is asked to: its results would be those of a later time. */
    if (dmasim_outcome(self->sim, &result) != DMASIM_OK || result.outcome != DMASIM_RUNNING)
        return;
    do {
        uint64_t window = progress_window(&self->progress, until);
        if (self->live)
            window = live_window(dmasim_now(self->sim), self->progress.cycle_ps, window);
        if (dmasim_run(self->sim, window, &why) != DMASIM_OK || dmasim_trace_failed(self->trace))
            return;
        progress_step(&self->progress, self->trace);
        if (self->stream)
            dmasim_trace_flush(self->trace);
        self->differs = self->live && live_step(self->live);
        if (!self->signal)
            self->signal = progress_interrupted();
    } while (!self->signal && !self->differs && why == DMASIM_WHY_TIME &&
             dmasim_now(self->sim) < until && dmasim_outcome(self->sim, &result) == DMASIM_OK &&
             result.outcome == DMASIM_RUNNING);
}

/* Saves, runs on with nobody told for a while, and puts everything back. */
static bool excursion(struct session *self)
{
    struct dmasim_snapshot *snapshot = dmasim_save(self->sim);
    if (!snapshot)
        return false;
    const uint64_t now = dmasim_now(self->sim);
    bool good = dmasim_mute(self->sim) == DMASIM_OK &&
                dmasim_run(self->sim, now + now / 2, NULL) == DMASIM_OK &&
                dmasim_restore(self->sim, snapshot) == DMASIM_OK;
    dmasim_snapshot_free(snapshot);
    return good;
}

static bool simulate(struct session *self)
{
    struct dmasim_result result;
    if (self->arguments->snapshot_ps) {
        run_until(self, self->arguments->snapshot_ps);
        if (dmasim_outcome(self->sim, &result) == DMASIM_OK && result.outcome == DMASIM_RUNNING &&
            !self->signal && !self->differs && !excursion(self)) {
            fputs("dmasim: error: no memory for the snapshot\n", stderr);
            return false;
        }
    }
    if (!self->signal && !self->differs)
        run_until(self, DMASIM_NEVER);
    progress_end(&self->progress);
    return true;
}

static bool prepare(struct session *self)
{
    const struct run_arguments *arguments = self->arguments;
    const struct dmasim_trace_options *trace = &arguments->trace;
    const bool alone = trace->vcd && !trace->bus && !trace->transfers && !trace->summary &&
                       !trace->cycles && !trace->events && !trace->log;
    self->stream = arguments->directory && strcmp(arguments->directory, "-") == 0;
    if (self->stream && !alone) {
        fputs("dmasim: error: -o - is for --trace vcd, which goes to standard output\n", stderr);
        return false;
    }
    if (self->stream)
        return true;
    return run_results_claim(self->sim, arguments->directory, arguments->force, self->directory);
}

/* Writes everything, and the table if it is wanted. False after an error. */
static bool write_results(struct session *self)
{
    struct dmasim_error error = {.code = DMASIM_OK};
    if (dmasim_trace_close(self->trace, &error) != DMASIM_OK) {
        cli_print_error(NULL, &error);
        return false;
    }
    if (self->stream)
        return true;
    const char *by = self->differs            ? "a difference (--until-differs-from)"
                     : self->signal == SIGINT ? "SIGINT"
                     : self->signal           ? "SIGTERM"
                                              : NULL;
    if (!run_results_write(self->sim, self->directory, by))
        return false;
    if (!self->arguments->quiet) {
        dmasim_trace_table(self->trace, write_stream, stdout);
        fputs("results: ", stdout);
        cli_put(stdout, self->directory);
        fputs("\n", stdout);
    }
    return true;
}

/* Lines of the log, up to the level asked for. */
static void tell_log(const struct session *self)
{
    enum { TOLD = 12 };
    enum dmasim_log_level level;
    const char *text;
    size_t told = 0;
    for (size_t i = 0; dmasim_trace_log(self->trace, i, &level, &text) == DMASIM_OK; i++)
        if ((int)level <= self->arguments->log && told++ < TOLD) {
            run_results_line(self->arguments->scenario);
            cli_put(stderr, text);
            fputs("\n", stderr);
        }
    if (told > TOLD)
        fprintf(stderr, "%zu more lines: see log.txt, or --trace log\n", told - TOLD);
}

/* Tells on stderr what came of it; the exit code. */
static int tell(const struct session *self)
{
    struct dmasim_result result = {.outcome = DMASIM_RUNNING};
    const char *scenario = self->arguments->scenario, *junit = self->arguments->junit;
    dmasim_outcome(self->sim, &result);
    if (self->arguments->quiet) /* else the table has them */
        run_results_errata(self->sim, scenario);
    tell_log(self);
    if (result.failed_programs) {
        run_results_line(scenario);
        fprintf(stderr, "%" PRIu64 " programs failed: see the status in transfers.csv\n",
                result.failed_programs);
    }
    const int code = verdict_tell(self->trace, strcmp(scenario, "-") ? scenario : "stdin");
    if (junit && !verdict_junit(junit, dmasim_name(self->sim), self->trace, NULL))
        return CLI_USAGE;
    return self->signal ? CLI_INTERRUPTED : code;
}

/* What the run was held against; and if they are the same, or it went on to its end, what came of it. */
static int tell_comparison(const struct session *self, const struct comparison *comparison)
{
    const struct run_arguments *arguments = self->arguments;
    const struct report report = {{arguments->until, "the run"},
                                  arguments->matching.options.clock,
                                  20,
                                  self->stream ? stderr : stdout};
    report_text(&report, comparison);
    if (comparison->verdict == COMPARE_ERROR)
        return CLI_USAGE;
    const int code = self->differs ? CLI_GOOD : tell(self);
    return cli_flush(comparison->verdict == COMPARE_SAME || code ? code : CLI_FALSE);
}

/* What the run writes, and what it is held against. */
static bool open_traces(struct session *self)
{
    const struct run_arguments *arguments = self->arguments;
    struct dmasim_error error;
    const char *why;
    const bool packed = arguments->compress || dmasim_trace_packed(self->sim);
    if (packed && arguments->trace.vcd && !(self->zst = zst_open(&why))) {
        fprintf(stderr, "dmasim: error: %s: %s\n",
                arguments->compress ? "--compress" : "trace.compress", why);
        return false;
    }
    struct dmasim_trace_options options = arguments->trace;
    options.streams = !self->stream;
    options.table = !arguments->quiet && !self->stream;
    options.expect = options.lines = true;
    options.log &= !self->stream;
    options.vcd_packer = self->zst ? zst_packer(self->zst) : NULL;
    options.vcd_write = self->stream ? write_stream : NULL;
    options.vcd_context = stdout;
    self->trace = dmasim_trace_open(self->sim, &options, self->directory, &error);
    if (!self->trace)
        cli_print_error(NULL, &error);
    if (self->trace && arguments->until)
        self->live = live_begin(self->sim, options.vcd_clocks, arguments->until,
                                &arguments->matching.options);
    return self->trace && (self->live || !arguments->until);
}

static int run_all(struct session *self)
{
    if (!prepare(self))
        return CLI_USAGE;
    const struct run_arguments *arguments = self->arguments;
    if (!open_traces(self))
        return CLI_USAGE;
    progress_start(&self->progress, self->sim, !arguments->quiet && isatty(STDERR_FILENO));
    bool good = simulate(self);
    const struct comparison *comparison = self->live ? live_end(self->live) : NULL;
    good = good && write_results(self);
    if (cli_flush(CLI_GOOD) != CLI_GOOD || !good)
        return CLI_USAGE;
    return comparison ? tell_comparison(self, comparison) : tell(self);
}

static void arguments_free(struct run_arguments *self)
{
    view_free(&self->view);
    matching_free(&self->matching);
}

/* Prints an error, and keeps the first. */
static void report(void *context, const struct dmasim_error *error)
{
    struct dmasim_error *first = context;
    if (first->code == DMASIM_OK)
        *first = *error;
    cli_print_error(NULL, error);
}

int cli_run(int argc, char **argv)
{
    struct dmasim_error first = {.code = DMASIM_OK};
    struct run_arguments arguments = {.trace = {.vcd = true,
                                                .bus = true,
                                                .transfers = true,
                                                .summary = true,
                                                .causes = true,
                                                .log = true},
                                      .log = DMASIM_LOG_ERROR};
    matching_init(&arguments.matching);
    if (cli_parse(&run_argp, argc, argv, "dmasim run", &arguments) != 0)
        return CLI_USAGE;
    struct dmasim_options options = {
        .overrides = arguments.loading.overrides.texts,
        .override_count = arguments.loading.overrides.count,
        .every_cycle = arguments.every_cycle,
        .reverse_order = arguments.reverse_order,
        .confine = arguments.loading.confine,
        .memory_bytes = arguments.loading.memory_bytes,
        .report = report,
        .context = &first,
        .note = cli_print_note,
    };
    struct session self = {.arguments = &arguments};
    self.sim = cli_create(arguments.scenario, &options);
    if (!self.sim) {
        if (arguments.junit)
            verdict_junit(arguments.junit, arguments.scenario, NULL, &first);
        arguments_free(&arguments);
        return CLI_USAGE;
    }
    int code = run_all(&self);
    live_free(self.live);
    dmasim_destroy(self.sim);
    zst_close(self.zst);
    arguments_free(&arguments);
    return code;
}
