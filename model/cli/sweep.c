/* SPDX-License-Identifier: BSD-2-Clause */
/* sweep: runs the points of a study, or puts the parts of one together. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "scenario/report.h"
#include "study/command.h"
#include "study/export.h"
#include "study/front.h"
#include "study/merge.h"
#include "study/points.h"
#include "study/sweep.h"
#include "trace/folder/folder.h"

#define WORKERS_MAX 1024
#define PARTS_MAX 4096

enum sweep_key {
    KEY_SHARD = 256,
    KEY_MERGE,
    KEY_FORCE,
    KEY_RESUME,
    KEY_COMMAND,
    KEY_SCHEMA,
    KEY_REFERENCE,
    KEY_POINTS
};

struct sweep_arguments {
    const char **names; /* the study, or the parts of a merge */
    size_t name_count;
    const char *directory, *merge;
    unsigned workers;
    struct study_shard shard;
    bool force, quiet;
    const char *command;
    bool points;
    void (*print)(FILE *out); /* a document, instead of a sweep */
};

struct show {
    bool terminal;
    double started;
};

/* Set by SIGINT and SIGTERM; the one thing that a handler may reach. */
static atomic_bool stop;

static void on_signal(int number)
{
    (void)number;
    atomic_store(&stop, true);
}

/* ---- arguments ------------------------------------------------------------------------------- */

static bool parse_number(const char *text, char end, uint64_t most, uint64_t *value,
                         const char **rest)
{
    char *after;
    errno = 0;
    *value = strtoull(text, &after, 10);
    *rest = after + (*after == end && end);
    return after != text && *text != '-' && *text != '+' && !errno && *after == end &&
           *value <= most;
}

static bool parse_shard(const char *text, struct study_shard *shard)
{
    uint64_t index, count;
    const char *rest;
    if (!parse_number(text, '/', 1000000, &index, &rest) ||
        !parse_number(rest, '\0', 1000000, &count, &rest) || index < 1 || index > count)
        return false;
    *shard = (struct study_shard){(uint32_t)index - 1, (uint32_t)count};
    return true;
}

static error_t sweep_option(int key, char *value, struct argp_state *state)
{
    struct sweep_arguments *self = state->input;
    const char *rest;
    uint64_t number;
    switch (key) {
    case 'o':
        self->directory = value;
        if (!*value)
            argp_error(state, "-o names a folder");
        return 0;
    case 'j':
        if (!parse_number(value, '\0', WORKERS_MAX, &number, &rest) || number == 0)
            argp_error(state, "-j takes a number from 1 to %d", WORKERS_MAX);
        self->workers = (unsigned)number;
        return 0;
    case 'q':
        self->quiet = true;
        return 0;
    case KEY_SHARD:
        if (!parse_shard(value, &self->shard))
            argp_error(state, "--shard takes I/N, the I-th of N parts, such as 1/4");
        return 0;
    case KEY_MERGE:
        self->merge = value;
        return 0;
    case KEY_FORCE:
        self->force = true;
        return 0;
    case KEY_RESUME:
        return 0; /* always */
    case KEY_COMMAND:
        self->command = value;
        return 0;
    case KEY_POINTS:
        self->points = true;
        return 0;
    case KEY_SCHEMA:
        self->print = study_write_schema;
        return 0;
    case KEY_REFERENCE:
        self->print = study_write_reference;
        return 0;
    case ARGP_KEY_ARG:
        if (self->name_count == PARTS_MAX)
            argp_error(state, "too many files");
        self->names[self->name_count++] = value;
        return 0;
    case ARGP_KEY_END:
        if (self->name_count == 0 && !self->print)
            argp_error(state, self->merge ? "name the parts" : "name a study file");
        if (!self->merge && self->name_count > 1)
            argp_error(state, "one study at a time");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option sweep_options[] = {
    {"output", 'o', "DIR", 0, "Where the results go (default: out/NAME of the study)", 0},
    {"jobs", 'j', "N", 0, "Runs at a time (default: one per processor)", 0},
    {"shard", KEY_SHARD, "I/N", 0, "Run the I-th of N parts, into study-I-of-N.db", 0},
    {"merge", KEY_MERGE, "OUT.db", 0, "Put the parts that are named together into OUT.db", 0},
    {"resume", KEY_RESUME, NULL, 0, "Go on where an earlier sweep stopped; this is the default", 0},
    {"force", KEY_FORCE, NULL, 0, "Start anew, whatever the results are of", 0},
    {"command", KEY_COMMAND, "POINT", 0, "Print the `dmasim run` command of a point and end", 0},
    {"quiet", 'q', NULL, 0, "No progress and no table", 0},
    {"points", KEY_POINTS, NULL, 0, "Print how many runs there are, before `where`, and end", 0},
    {"schema", KEY_SCHEMA, NULL, 0, "Print the JSON Schema (Draft-07) of studies", 1},
    {"reference", KEY_REFERENCE, NULL, 0, "Print the reference of studies in Markdown", 1},
    {NULL, 0, NULL, 0, NULL, 0},
};

static const struct argp sweep_argp = {
    sweep_options,
    sweep_option,
    "STUDY\n--merge OUT.db PART.db...",
    "Run every point of a study and write study.db (SQLite) and study.csv.\v"
    "Examples:\n"
    "  dmasim sweep configs/studies/outstanding.yaml\n"
    "  dmasim sweep my-study.yaml -o out/mine -j 4\n"
    "  dmasim sweep my-study.yaml --command 17\n"
    "  dmasim sweep my-study.yaml --shard 1/2 -o a; dmasim sweep my-study.yaml --shard 2/2 -o b\n"
    "  dmasim sweep --merge out/all.db a/study-1-of-2.db b/study-2-of-2.db\n"
    "\nA sweep that was stopped goes on where it stopped; what is done is done.\n"
    "Exit codes: 0 all points are there; 1 an `assert` does not hold, or points are missing; 2 "
    "bad\n"
    "input or use; 130 stopped by SIGINT or SIGTERM.",
    NULL,
    NULL,
    NULL};

/* ---- the sweep ------------------------------------------------------------------------------- */

static double wall_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void show_progress(void *context, const struct study_progress *progress)
{
    const struct show *self = context;
    const double seconds = wall_seconds() - self->started;
    uint64_t done = 0;
    if (!self->terminal || seconds < 0.5)
        return;
    for (int i = 0; i < STUDY_STATUSES; i++)
        done += progress->rows[i];
    const double rate = (double)done / seconds;
    fprintf(stderr, "\r%" PRIu64 " of %" PRIu64 " points (%.0f %%), %.0f a second", progress->seen,
            progress->total, 100.0 * (double)progress->seen / (double)progress->total, rate);
    if (rate > 0)
        fprintf(stderr, ", %.0f s left", (double)(progress->total - progress->seen) / rate);
    fputs("\033[K", stderr);
}

static void print_counts(const struct study_progress *progress)
{
    uint64_t done = progress->before;
    const char *front = ": ";
    for (int i = 0; i < STUDY_STATUSES; i++)
        done += progress->rows[i];
    printf("%" PRIu64 " points", done);
    for (int i = 0; i < STUDY_STATUSES; i++) {
        if (progress->rows[i])
            printf("%s%" PRIu64 " %s", front, progress->rows[i], study_status_names[i]);
        front = progress->rows[i] ? ", " : front;
    }
    if (progress->before)
        printf("%s%" PRIu64 " were there", front, progress->before);
    if (progress->left_out)
        printf("; %" PRIu64 " left out by `where`", progress->left_out);
    printf("\n");
}

#define FRONT_SHOWN 10

/* The Pareto front, or the best row if there is one goal. */
static void print_front(struct study_store *store, const struct study *study)
{
    size_t count = 0;
    struct study_best *front = study_front(store, study, &count);
    if (count)
        printf("best by `goals`: %zu point%s that no other is better than in all of them\n", count,
               count == 1 ? "" : "s");
    for (size_t i = 0; i < count && i < FRONT_SHOWN; i++) {
        uint32_t choice[STUDY_AXES_MAX];
        printf("  point %" PRIu64 ":", front[i].point);
        study_point(study, front[i].point, choice);
        for (uint32_t k = 0; k < study->axis_count; k++) {
            struct line line = {0};
            line_quote(&line, study->axes[k].values[choice[k]].text);
            printf(" %s=%.*s", study->axes[k].name, (int)line.length - 2, line.text + 1);
        }
        for (uint32_t k = 0; k < study->minimise_count + study->maximise_count; k++)
            printf("%s %s %.6g", k ? "," : ";",
                   k < study->minimise_count ? study->minimise[k]
                                             : study->maximise[k - study->minimise_count],
                   front[i].goals[k]);
        printf("\n");
    }
    if (count > FRONT_SHOWN)
        printf("  and %zu more\n", count - FRONT_SHOWN);
    free(front);
}

struct files {
    char folder[4000];
    char database[4096], csv[4096], statistics[4096];
};

static bool name_files(const struct sweep_arguments *arguments, const struct study *study,
                       struct files *files)
{
    char stem[64] = "study";
    if (arguments->shard.count > 1)
        snprintf(stem, sizeof stem, "study-%u-of-%u", arguments->shard.index + 1,
                 arguments->shard.count);
    const int length =
        arguments->directory
            ? snprintf(files->folder, sizeof files->folder, "%s", arguments->directory)
            : snprintf(files->folder, sizeof files->folder, "out/%s", study->name);
    if (length <= 0 || length >= (int)sizeof files->folder)
        return false;
    snprintf(files->database, sizeof files->database, "%s/%s.db", files->folder, stem);
    snprintf(files->csv, sizeof files->csv, "%s/%s.csv", files->folder, stem);
    snprintf(files->statistics, sizeof files->statistics, "%s/%s.statistics.csv", files->folder,
             stem);
    return true;
}

static int fail(const struct dmasim_error *error)
{
    cli_print_error(NULL, error);
    return CLI_USAGE;
}

static int run_points(const struct sweep_arguments *arguments, const struct study_base *base,
                      const struct files *files, struct study_store *store)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct show show = {.terminal = !arguments->quiet && isatty(STDERR_FILENO),
                        .started = wall_seconds()};
    const struct study_sweep sweep = {
        .base = base,
        .store = store,
        .shard = arguments->shard,
        .workers = arguments->workers ? arguments->workers
                   : processors > 0   ? (unsigned)processors
                                      : 1,
        .stop = &stop,
        .show = show_progress,
        .context = &show,
    };
    struct study_progress progress;
    struct dmasim_error error;
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    const bool good = study_sweep(&sweep, &progress, &error);
    if (show.terminal)
        fputs("\r\033[K", stderr);
    if (!good)
        return fail(&error);
    if (atomic_load(&stop)) {
        fprintf(stderr,
                "%s: stopped after %" PRIu64 " of %" PRIu64
                " points; the same command goes on from here\n",
                arguments->names[0], progress.seen, progress.total);
        return 130;
    }
    if (!study_store_finish(store, progress.total, progress.left_out)) {
        study_store_error(store, &error);
        return fail(&error);
    }
    if (!study_export(store, files->csv, &error) ||
        (base->study->seeds > 1 && !study_export_statistics(store, files->statistics, &error)))
        return fail(&error);
    if (!arguments->quiet) {
        print_counts(&progress);
        print_front(store, base->study);
        printf("results: %s, %s\n", files->database, files->csv);
    }
    const int64_t asserted = study_store_asserted(store);
    if (asserted > 0)
        fprintf(stderr, "%s: an `assert` does not hold at %" PRId64 " points: see `error`\n",
                arguments->names[0], asserted);
    return cli_flush(asserted > 0 ? CLI_FALSE : CLI_GOOD);
}

/* Prints what a point is as a command. */
static int print_command(const struct sweep_arguments *arguments, const struct study_base *base)
{
    const struct study *study = base->study;
    uint64_t point;
    uint32_t choice[STUDY_AXES_MAX];
    const char *rest;
    if (!parse_number(arguments->command, '\0', UINT64_MAX, &point, &rest) ||
        point >= study_points(study)) {
        fprintf(stderr, "dmasim: error: --command takes a point from 0 to %" PRIu64 "\n",
                study_points(study) - 1);
        return CLI_USAGE;
    }
    study_point(study, point, choice);
    study_command_start(study, study->scenario, stdout);
    for (uint32_t i = 0; i < study->axis_count; i++)
        study_command_value(&study->axes[i], choice[i], stdout);
    printf("\n");
    return cli_flush(CLI_GOOD);
}

static int sweep(const struct sweep_arguments *arguments, const struct study *study)
{
    struct study_base base;
    bool made;
    struct files files;
    struct dmasim_error error = {.code = DMASIM_IO};
    struct study_store *store = NULL;
    int code = CLI_USAGE;
    if (!study_base_load(&base, study, cli_print_error, NULL))
        return CLI_USAGE;
    if (arguments->command) {
        code = print_command(arguments, &base);
    } else if (!study_base_check(&base, cli_print_error, NULL)) {
        code = CLI_USAGE;
    } else if (arguments->points) {
        printf("%" PRIu64 "\n", study_points(study) * (study->seeds ? study->seeds : 1));
        code = cli_flush(CLI_GOOD);
    } else if (!name_files(arguments, study, &files) || !folder_make(files.folder, &made)) {
        fprintf(stderr, "dmasim: error: cannot make the folder %s: %s\n", files.folder,
                strerror(errno));
    } else {
        store = study_store_open(files.database, &base, arguments->shard, arguments->force, &error);
        code = store ? run_points(arguments, &base, &files, store) : fail(&error);
    }
    study_store_close(store);
    study_base_free(&base);
    return code;
}

/* ---- merging --------------------------------------------------------------------------------- */

static int merge(const struct sweep_arguments *arguments)
{
    struct study_merged merged;
    struct dmasim_error error;
    if (!study_merge(arguments->merge, arguments->names, arguments->name_count, arguments->force,
                     &merged, &error))
        return fail(&error);
    if (!arguments->quiet)
        printf("%" PRIu64 " points\nresults: %s\n", merged.rows, arguments->merge);
    if (merged.missing)
        fprintf(stderr, "%s: %" PRIu64 " points are missing, the first is %" PRIu64 "\n",
                arguments->merge, merged.missing, merged.first_missing);
    return cli_flush(merged.missing ? CLI_FALSE : CLI_GOOD);
}

int cli_sweep(int argc, char **argv)
{
    struct sweep_arguments arguments = {.shard = {0, 1}};
    int code = CLI_USAGE;
    arguments.names = calloc(PARTS_MAX, sizeof *arguments.names);
    if (!arguments.names || cli_parse(&sweep_argp, argc, argv, "dmasim sweep", &arguments) != 0) {
        free(arguments.names);
        return CLI_USAGE;
    }
    if (arguments.print) {
        arguments.print(stdout);
        code = cli_flush(CLI_GOOD);
    } else if (arguments.merge) {
        code = merge(&arguments);
    } else {
        struct study *study = study_read(arguments.names[0], cli_print_error, NULL);
        if (study)
            code = sweep(&arguments, study);
        study_free(study);
    }
    free(arguments.names);
    return code;
}
