/* SPDX-License-Identifier: BSD-2-Clause */
/* report: a page with the pictures of a run or a study. Builds without npm's packages only say so. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/options.h"

#ifndef DMASIM_REPORT

int cli_report(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    fputs("dmasim: error: this build has no `report`: it was made without npm or without network "
          "(docs/report.md)\n",
          stderr);
    return CLI_USAGE;
}

#else

#include "report/page.h"
#include "report/run.h"
#include "report/study.h"
#include "trace/file.h"

struct report_arguments {
    const char *results, *output;
    bool quiet;
};

static error_t report_option(int key, char *value, struct argp_state *state)
{
    struct report_arguments *self = state->input;
    switch (key) {
    case 'o':
        self->output = value;
        if (!*value)
            argp_error(state, "-o names a file");
        return 0;
    case 'q':
        self->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        if (self->results)
            argp_error(state, "one run or study at a time");
        self->results = value;
        return 0;
    case ARGP_KEY_END:
        if (!self->results)
            argp_error(state, "name a folder of results or a study.db");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option report_options[] = {
    {"output", 'o', "FILE", 0,
     "Where the page goes (default: report.html in the folder, or beside study.db)", 0},
    {"quiet", 'q', NULL, 0, "Do not say where it is", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static const struct argp report_argp = {
    report_options,
    report_option,
    "RESULTS|STUDY.db",
    "Write one HTML file with the pictures of a run, or of a study, which needs no network.\v"
    "Examples:\n"
    "  dmasim report out/quickstart\n"
    "  dmasim report out/outstanding/study.db -o outstanding.html\n"
    "\nOf a run: figures, who was on each bus, latencies, levels of FIFOs, the transfers over\n"
    "time, waveforms around the first error, the first loss and the longest stall. What was not\n"
    "traced is left out. Of a study: metrics over the axes, heat map, Pareto front, parallel\n"
    "coordinates, all points as a table, and the `dmasim run` command of each. docs/report.md\n"
    "has more.\n"
    "Exit codes: 0 good; 2 bad input or use.",
    NULL,
    NULL,
    NULL};

static int fail(const struct dmasim_error *error)
{
    cli_print_error(NULL, error);
    return CLI_USAGE;
}

/* Where the page goes if nobody says: in a folder, or beside a file, with the file's stem. */
static bool default_output(const char *results, bool folder, char *path, size_t room)
{
    const char *slash = strrchr(results, '/');
    const char *dot = strrchr(slash ? slash : results, '.');
    const int length =
        folder ? snprintf(path, room, "%s%sreport.html", results,
                          results[0] && results[strlen(results) - 1] == '/' ? "" : "/")
               : snprintf(path, room, "%.*s.html",
                          (int)(dot ? (size_t)(dot - results) : strlen(results)), results);
    return length > 0 && (size_t)length < room;
}

/* The data of a run, or of a study with at most so many cells, packed. False with *error filled. */
static bool pack(const char *results, bool folder, uint64_t cells, struct report_packed *packed,
                 struct dmasim_error *error)
{
    char *json = NULL;
    size_t length = 0;
    *packed = (struct report_packed){.bytes = NULL};
    *error = (struct dmasim_error){.code = DMASIM_MEMORY, .text = "out of memory"};
    FILE *out = open_memstream(&json, &length);
    bool good = out && (folder ? report_run(results, out, error)
                               : report_study(results, cells, out, error));
    if (out)
        good = fclose(out) == 0 && good;
    if (good && !(good = report_page_pack(json, length, packed)))
        *error = (struct dmasim_error){.code = DMASIM_MEMORY, .text = "out of memory"};
    free(json);
    return good;
}

/* The same with as many cells as a page has room for. */
static bool pack_to_fit(const char *results, bool folder, struct report_packed *packed,
                        struct dmasim_error *error)
{
    for (uint64_t cells = REPORT_CELLS_MOST;; cells /= 2) {
        if (!pack(results, folder, cells, packed, error))
            return false;
        if (folder || report_page_size(packed) <= REPORT_PAGE_MOST || cells < REPORT_CELLS_LEAST)
            return true;
        free(packed->bytes);
    }
}

static int report(const struct report_arguments *arguments)
{
    char path[4096], title[300];
    struct dmasim_error error;
    struct stat status;
    struct report_packed packed = {.bytes = NULL};
    struct trace_file *files = NULL;
    const char *results = arguments->results;
    const bool folder = stat(results, &status) == 0 && S_ISDIR(status.st_mode);
    if (arguments->output)
        snprintf(path, sizeof path, "%s", arguments->output);
    else if (!default_output(results, folder, path, sizeof path))
        return fail(&(struct dmasim_error){.code = DMASIM_IO, .text = "the name is too long"});
    snprintf(title, sizeof title, "dmasim: %.250s", results);
    bool good = pack_to_fit(results, folder, &packed, &error);
    struct trace_file *to = good ? trace_file_open(&files, NULL, path, &error) : NULL;
    if (to)
        report_page_write(to, title, &packed);
    good = to && trace_file_publish_all(&files, &error) == DMASIM_OK;
    free(packed.bytes);
    if (!good)
        return fail(&error);
    if (arguments->quiet)
        return CLI_GOOD;
    printf("report: ");
    cli_put(stdout, path);
    printf("\n");
    return cli_flush(CLI_GOOD);
}

int cli_report(int argc, char **argv)
{
    struct report_arguments arguments = {.quiet = false};
    if (cli_parse(&report_argp, argc, argv, "dmasim report", &arguments) != 0)
        return CLI_USAGE;
    return report(&arguments);
}

#endif
