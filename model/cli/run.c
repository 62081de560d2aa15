/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run: simulates one scenario and writes its results.
 *
 * Each result file appears whole or not at all. A run that does not finish (deadlock, `stop` reached)
 * still leaves its traces, since they tell why, and ends with exit code 1.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bus/records.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "instance.h"
#include "trace/summary/errata.h"
#include "trace/trace.h"

#define SETTLE_CYCLES 8 /* of the slowest clock, after the end of the work */
#define STREAMS_MAX 64
#define CHUNK_CYCLES 500000 /* of the fastest clock, between looks at the wall clock */

#define TRACE_NAMES "vcd, bus, transfers, summary, cycles, events"

enum run_key {
    KEY_EVERY_CYCLE = 256,
    KEY_REVERSE,
    KEY_SNAPSHOT,
    KEY_CYCLES,
    KEY_TRACE,
    KEY_CLOCKS
};

struct run_arguments {
    const char *scenario;
    const char *directory;
    struct override_list overrides;
    bool quiet, every_cycle, reverse_order;
    uint64_t snapshot_ps;
    struct trace_options trace;
};

/* What is told of a run even if nothing is traced, at no cost for it: programs of `work` in which an
 * `expect` or an access failed, and errata that struck. One for each probe. */
struct listener {
    struct probe_observer observer;
    struct listener *next;
    const struct probe *probe;
    unsigned failed_programs;
    struct errata errata;
};

struct session {
    const struct run_arguments *arguments;
    struct dmasim *sim;
    struct kernel *kernel;
    struct trace *trace;
    char directory[4096];
    uint64_t stop_ps;
    uint64_t chunk_ps;
    uint64_t settle_ps;
    uint64_t cycle_ps; /* of the fastest clock */
    bool terminal;     /* progress is shown */
    double started, shown;
    struct listener *listeners; /* in the order of the probes */
    const char *unfinished;     /* why the run did not finish; null if it did */
};

/* ---- arguments ------------------------------------------------------------------------------- */

/* A time such as "10us"; false if it is none. */
static bool parse_time(const char *text, uint64_t *time_ps)
{
    static const struct {
        const char *unit;
        uint64_t ps;
    } units[] = {
        {"ps", 1}, {"ns", 1000}, {"us", 1000000}, {"ms", 1000000000}, {"s", 1000000000000ull}};
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (end == text || errno || *text == '-')
        return false;
    while (*end == ' ')
        end++;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(end, units[i].unit) == 0) {
            *time_ps = value * units[i].ps;
            return value <= UINT64_MAX / units[i].ps;
        }
    }
    return false;
}

static bool parse_traces(const char *text, struct trace_options *options)
{
    static const struct {
        const char *name;
        size_t offset;
    } kinds[] = {
        {"vcd", offsetof(struct trace_options, vcd)},
        {"bus", offsetof(struct trace_options, bus)},
        {"transfers", offsetof(struct trace_options, transfers)},
        {"summary", offsetof(struct trace_options, summary)},
        {"cycles", offsetof(struct trace_options, cycles)},
        {"events", offsetof(struct trace_options, events)},
    };
    *options = (struct trace_options){.vcd = false};
    if (strcmp(text, "none") == 0)
        return true;
    while (*text) {
        size_t length = strcspn(text, ",");
        bool known = false;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            if (strlen(kinds[i].name) == length && strncmp(kinds[i].name, text, length) == 0) {
                *(bool *)((char *)options + kinds[i].offset) = true;
                known = true;
            }
        }
        if (!known)
            return false;
        text += length + (text[length] == ',');
    }
    return true;
}

static error_t run_option(int key, char *value, struct argp_state *state)
{
    struct run_arguments *self = state->input;
    switch (key) {
    case 'o':
        self->directory = value;
        return 0;
    case 's':
        if (!override_add(&self->overrides, value))
            argp_error(state, "too many --set");
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
        if (!parse_time(value, &self->snapshot_ps) || self->snapshot_ps == 0)
            argp_error(state, "'%s' is no time such as 10us", value);
        return 0;
    case KEY_TRACE:
        if (!parse_traces(value, &self->trace))
            argp_error(state, "--trace takes none, or a list of " TRACE_NAMES);
        return 0;
    case KEY_CYCLES:
        self->trace.cycles = true;
        return 0;
    case KEY_CLOCKS:
        self->trace.vcd_clocks = true;
        return 0;
    case ARGP_KEY_ARG:
        if (self->scenario)
            argp_error(state, "one scenario at a time");
        self->scenario = value;
        return 0;
    case ARGP_KEY_END:
        if (!self->scenario)
            argp_error(state, "name a scenario file");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option run_options[] = {
    {"output", 'o', "DIR", 0, "Where the results go (default: out/NAME of the scenario)", 0},
    {"set", 's', "PATH=VALUE", 0, "Override a value of the scenario; may be repeated", 0},
    {"trace", KEY_TRACE, "LIST", 0,
     "What to write: none, or a list of " TRACE_NAMES " (default: all but cycles and events)", 0},
    {"cycles", KEY_CYCLES, NULL, 0, "Also write cycles.csv: every wire of the bus in every cycle",
     0},
    {"clocks", KEY_CLOCKS, NULL, 0, "Clocks in the VCD too (makes it large)", 0},
    {"quiet", 'q', NULL, 0, "No table and no progress", 0},
    {"every-cycle", KEY_EVERY_CYCLE, NULL, 0,
     "Step every unit at every edge: the same results, slowly", 1},
    {"reverse-order", KEY_REVERSE, NULL, 0,
     "Step units of equal rank in the opposite order: the same results", 1},
    {"snapshot-at", KEY_SNAPSHOT, "TIME", 0,
     "At TIME save the state, run on unobserved, restore, and go on: the same results", 1},
    {NULL, 0, NULL, 0, NULL, 0},
};

static const struct argp run_argp = {
    run_options,
    run_option,
    "SCENARIO",
    "Simulate a scenario and write its traces and figures.\v"
    "Examples:\n"
    "  dmasim run configs/quickstart.yaml\n"
    "  dmasim run configs/modes.yaml -o out/slow -s memories.sram.read_first=3\n"
    "  dmasim run big.yaml --trace summary\n"
    "  dmasim run configs/axi-dmac-copy.yaml --trace events\n"
    "\nResults: trace.vcd with trace.gtkw, bus.csv, transfers.csv, summary.csv, the files that "
    "the\n"
    "scenario's memories and peripherals write, and scenario.resolved.yaml with every default\n"
    "filled in. cycles: every wire in every cycle; events: what the core of an adi,axi-dmac does, "
    "in\n"
    "the form of its RTL's recordings (events.NAME.csv if there are several).\n"
    "Exit codes: 0 all work was done; 1 the run did not finish, or an `expect` of a program "
    "failed;\n"
    "2 bad input or use.",
    NULL,
    NULL,
    NULL};

/* ---- files ----------------------------------------------------------------------------------- */

/* mkdir -p */
static bool make_directories(const char *path)
{
    char part[4096];
    if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
        return false;
    for (char *slash = part + 1;; slash++) {
        if (*slash != '/' && *slash)
            continue;
        char rest = *slash;
        *slash = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return false;
        *slash = rest;
        if (!rest)
            return true;
    }
}

static bool output_of(const struct component *component, uint32_t index,
                      struct component_output *output)
{
    return component->type->output && component->type->output(component, index, output);
}

/* Where an output of the scenario goes; its directories are made. Null after an error. */
static char *output_path(const struct session *self, const char *file)
{
    size_t bytes = strlen(self->directory) + strlen(file) + 2;
    char *path = malloc(bytes);
    if (!path)
        return NULL;
    snprintf(path, bytes, "%s/%s", self->directory, file);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    bool made = make_directories(path);
    *slash = '/';
    if (made)
        return path;
    fprintf(stderr, "%s: error: %s\n", path, strerror(errno));
    free(path);
    return NULL;
}

/* Streams of bytes that the traces are to collect. */
static bool collect_streams(const struct session *self, struct trace_stream_option *streams,
                            size_t *count)
{
    const struct plan *plan = self->sim->system.plan;
    for (int section = 0; section < SECTION_COUNT; section++) {
        for (uint32_t i = 0; i < plan->counts[section]; i++) {
            struct component_output output;
            for (uint32_t k = 0; output_of(&plan->components[section][i], k, &output); k++) {
                if (!output.stream)
                    continue;
                char *path = *count < STREAMS_MAX ? output_path(self, output.file) : NULL;
                if (!path)
                    return false;
                streams[(*count)++] = (struct trace_stream_option){output.stream, path};
            }
        }
    }
    return true;
}

static bool write_whole(const char *path, bool (*write)(FILE *file, const void *context),
                        const void *context)
{
    size_t bytes = strlen(path) + 5;
    char *temporary = malloc(bytes);
    if (!temporary)
        return false;
    snprintf(temporary, bytes, "%s.tmp", path);
    FILE *file = fopen(temporary, "wb");
    bool good = file && write(file, context);
    good = file && fclose(file) == 0 && good && rename(temporary, path) == 0;
    if (!good) {
        fprintf(stderr, "%s: error: %s\n", path, strerror(errno));
        remove(temporary);
    }
    free(temporary);
    return good;
}

static bool write_bytes(FILE *file, const void *context)
{
    const struct component_output *output = context;
    return fwrite(output->bytes, 1, output->length, file) == output->length;
}

static bool write_resolved(FILE *file, const void *context)
{
    const struct session *self = context;
    scenario_write_resolved(self->sim->scenario, self->directory, file);
    return !ferror(file);
}

static bool write_outputs(const struct session *self)
{
    const struct plan *plan = self->sim->system.plan;
    for (int section = 0; section < SECTION_COUNT; section++) {
        for (uint32_t i = 0; i < plan->counts[section]; i++) {
            struct component_output output;
            for (uint32_t k = 0; output_of(&plan->components[section][i], k, &output); k++) {
                if (output.stream)
                    continue;
                char *path = output_path(self, output.file);
                bool good = path && write_whole(path, write_bytes, &output);
                free(path);
                if (!good)
                    return false;
            }
        }
    }
    char *path = output_path(self, "scenario.resolved.yaml");
    bool good = path && write_whole(path, write_resolved, self);
    free(path);
    return good;
}

/* ---- the run --------------------------------------------------------------------------------- */

static void note_transfer(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                          const void *published)
{
    (void)probe;
    (void)now;
    const struct transfer_record *record = published;
    if (strcmp(record->call, "program") == 0 && strcmp(record->status, "error") == 0)
        ((struct listener *)observer)->failed_programs++;
}

static void note_erratum(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                         const void *published)
{
    (void)probe;
    errata_add(&((struct listener *)observer)->errata, now, published);
}

static bool listen(struct session *self)
{
    static const struct {
        const char *type;
        void (*notify)(struct probe_observer *, const struct probe *, sim_cycle, const void *);
    } kinds[] = {{"transfer", note_transfer}, {"erratum", note_erratum}};
    struct listener **tail = &self->listeners;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (struct probe *p = NULL; (p = system_probe(&self->sim->system, kinds[i].type, p));) {
            struct listener *one = calloc(1, sizeof *one);
            if (!one)
                return false;
            one->observer.notify = kinds[i].notify;
            one->probe = p;
            *tail = one;
            tail = &one->next;
            probe_listen(p, &one->observer);
        }
    }
    return true;
}

/* Tells on stderr what the listeners heard and frees them; the number of programs that failed. */
static unsigned tell(struct session *self, bool good)
{
    unsigned failed = 0;
    char front[4096];
    snprintf(front, sizeof front, "%s: ", self->arguments->scenario);
    while (self->listeners) {
        struct listener *one = self->listeners;
        self->listeners = one->next;
        failed += one->failed_programs;
        if (good && self->arguments->quiet) /* else the table has them */
            errata_print(&one->errata, front, one->probe->name, stderr);
        free(one);
    }
    if (good && failed)
        fprintf(stderr, "%s%u programs failed: see the status in transfers.csv\n", front, failed);
    return failed;
}

static double wall_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void show_progress(struct session *self)
{
    double now = wall_seconds();
    if (!self->terminal || now - self->shown < 0.25 || now - self->started < 0.5)
        return;
    self->shown = now;
    sim_cycle cycles = self->kernel->now / self->cycle_ps;
    double mega = (double)cycles * 1e-6;
    fprintf(stderr, "\r%s: %.3f ms, %.1f million cycles, %.1f million a second   ",
            self->sim->system.plan->name, (double)self->kernel->now * 1e-9, mega,
            mega / (now - self->started));
}

/* Runs to `until` or to the end of all work. */
static void run_until(struct session *self, uint64_t until)
{
    while (self->kernel->now < until && self->kernel->quiet_since == SIM_NEVER) {
        uint64_t next = kernel_next(self->kernel);
        if (next == SIM_NEVER) {
            if (self->kernel->holds)
                self->unfinished = "deadlock: nothing can happen any more, but work is left";
            return;
        }
        uint64_t from = next > self->kernel->now ? next : self->kernel->now;
        uint64_t chunk =
            until > from && until - from > self->chunk_ps ? from + self->chunk_ps : until;
        kernel_advance(self->kernel, chunk, KERNEL_STOP_QUIET);
        if (self->trace && trace_failed(self->trace))
            return;
        show_progress(self);
    }
}

/* Saves, runs on with deaf observers for a while, and puts everything back. */
static bool excursion(struct session *self)
{
    struct system_snapshot *snapshot = system_save(&self->sim->system);
    if (!snapshot)
        return false;
    self->kernel->muted = true;
    uint64_t now = self->kernel->now;
    kernel_advance(self->kernel, now + now / 2, KERNEL_STOP_QUIET);
    system_restore(&self->sim->system, snapshot);
    system_snapshot_free(snapshot);
    return true;
}

static bool simulate(struct session *self)
{
    uint64_t snapshot_ps = self->arguments->snapshot_ps;
    if (snapshot_ps && snapshot_ps < self->stop_ps) {
        run_until(self, snapshot_ps);
        if (self->kernel->quiet_since == SIM_NEVER && !self->unfinished && !excursion(self)) {
            fputs("dmasim: error: no memory for the snapshot\n", stderr);
            return false;
        }
    }
    if (!self->unfinished)
        run_until(self, self->stop_ps);
    if (self->kernel->quiet_since != SIM_NEVER)
        kernel_advance(self->kernel, self->kernel->quiet_since + self->settle_ps, 0);
    else if (!self->unfinished && self->kernel->holds)
        self->unfinished = "the time given by `stop` is over, but work is left";
    if (self->terminal && self->shown > 0)
        fputs("\r\033[K", stderr);
    return true;
}

static void find_clocks(struct session *self)
{
    uint64_t slowest = 0;
    self->cycle_ps = UINT64_MAX;
    for (const struct clock *c = self->kernel->clocks; c; c = c->link) {
        if (c->period_ps < self->cycle_ps)
            self->cycle_ps = c->period_ps;
        if (c->period_ps > slowest)
            slowest = c->period_ps;
    }
    if (slowest == 0)
        slowest = self->cycle_ps = 1;
    self->settle_ps = SETTLE_CYCLES * slowest;
    self->chunk_ps = CHUNK_CYCLES * self->cycle_ps;
}

static bool prepare(struct session *self)
{
    const struct run_arguments *arguments = self->arguments;
    const struct plan *plan = self->sim->system.plan;
    int length = arguments->directory
                     ? snprintf(self->directory, sizeof self->directory, "%s", arguments->directory)
                     : snprintf(self->directory, sizeof self->directory, "out/%s", plan->name);
    if (length <= 0 || length >= (int)sizeof self->directory ||
        !make_directories(self->directory)) {
        fprintf(stderr, "%s: error: %s\n", self->directory, strerror(errno));
        return false;
    }
    self->kernel = &self->sim->system.kernel;
    self->stop_ps = plan->stop_ps;
    self->terminal = !arguments->quiet && isatty(STDERR_FILENO);
    self->started = wall_seconds();
    find_clocks(self);
    return true;
}

static int run_all(struct session *self)
{
    if (!prepare(self))
        return CLI_USAGE;
    struct trace_stream_option streams[STREAMS_MAX];
    struct trace_options options = self->arguments->trace;
    options.streams = streams;
    options.stream_count = 0;
    options.statistics = !self->arguments->quiet;
    struct dmasim_error error = {.code = DMASIM_OK};
    bool good = collect_streams(self, streams, &options.stream_count);
    if (good && trace_open(&self->trace, &self->sim->system, &options, self->directory, &error) !=
                    DMASIM_OK) {
        self->trace = NULL;
        good = false;
    }
    good = good && listen(self) && simulate(self);
    good = good && trace_close(self->trace, self->kernel->now, &error) == DMASIM_OK;
    good = good && write_outputs(self);
    if (error.code != DMASIM_OK)
        cli_print_error(NULL, &error);
    if (good && !self->arguments->quiet) {
        trace_print(self->trace, stdout);
        printf("results: %s\n", self->directory);
    }
    for (size_t i = 0; i < options.stream_count; i++)
        free((char *)(uintptr_t)streams[i].path);
    trace_free(self->trace);
    good = cli_flush(CLI_GOOD) == CLI_GOOD && good;
    const unsigned failed_programs = tell(self, good);
    if (!good)
        return CLI_USAGE;
    if (!self->unfinished)
        return failed_programs ? CLI_FALSE : CLI_GOOD;
    fprintf(stderr, "%s: not finished at %.3f us: %s\n", self->arguments->scenario,
            (double)self->kernel->now * 1e-6, self->unfinished);
    return CLI_FALSE;
}

int cli_run(int argc, char **argv)
{
    struct run_arguments arguments = {
        .trace = {.vcd = true, .bus = true, .transfers = true, .summary = true}};
    argv[0] = (char[]){"dmasim run"};
    if (argp_parse(&run_argp, argc, argv, 0, NULL, &arguments) != 0)
        return CLI_USAGE;
    struct dmasim_options options = {
        .overrides = arguments.overrides.texts,
        .override_count = arguments.overrides.count,
        .every_cycle = arguments.every_cycle,
        .reverse_order = arguments.reverse_order,
        .report = cli_print_error,
    };
    struct session self = {.arguments = &arguments};
    self.sim = dmasim_create(arguments.scenario, &options, NULL);
    if (!self.sim)
        return CLI_USAGE;
    int code = run_all(&self);
    dmasim_destroy(self.sim);
    return code;
}
