/* SPDX-License-Identifier: BSD-2-Clause */
/* diff: the subcommand; what is compared and how is in compare/, the rules are in docs/diff.md. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/matching.h"
#include "cli/options.h"
#include "compare/compare.h"
#include "compare/report.h"
#include "export/html.h"

enum diff_key {
    KEY_FROM = 256,
    KEY_TO,
    KEY_OFFSET,
    KEY_ALIGN,
    KEY_FORMAT,
    KEY_MAX,
    KEY_KEY,
    KEY_HTML,
    KEY_FIRST
};

enum diff_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_JUNIT };

struct diff_arguments {
    const char *path[2];
    int count;
    struct matching matching;
    enum diff_format format;
    const char *html;
    size_t max;
    bool times; /* an option that only traces know was given */
};

static void set_time(struct argp_state *state, struct time_argument *time, const char *value)
{
    if (!time_argument_parse(time, value) || time->cycles)
        argp_error(state, "'%s' is no time such as 80ns", value);
}

static void set_format(struct diff_arguments *self, struct argp_state *state, const char *value)
{
    static const char *const names[] = {"text", "json", "junit"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(value, names[i]) == 0) {
            self->format = (enum diff_format)i;
            return;
        }
    }
    argp_error(state, "unknown format '%s': text, json or junit", value);
}

static error_t diff_option(int key, char *value, struct argp_state *state)
{
    struct diff_arguments *self = state->input;
    struct compare_options *options = &self->matching.options;
    char *end;
    self->times |= key == KEY_FROM || key == KEY_TO || key == KEY_OFFSET || key == KEY_ALIGN;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &self->matching;
        return 0;
    case KEY_FROM:
        set_time(state, &options->from, value);
        return 0;
    case KEY_TO:
        set_time(state, &options->to, value);
        return 0;
    case KEY_OFFSET:
        set_time(state, &options->offset, value);
        return 0;
    case KEY_ALIGN:
        options->align = value;
        return 0;
    case KEY_FIRST:
        options->first_only = true;
        return 0;
    case KEY_FORMAT:
        set_format(self, state, value);
        return 0;
    case KEY_MAX:
        self->max = strtoul(value, &end, 10);
        if (*end || end == value || *value == '-')
            argp_error(state, "'%s' is no number", value);
        return 0;
    case KEY_KEY:
        options->key = value;
        return 0;
    case KEY_HTML:
        self->html = value;
        return 0;
    case ARGP_KEY_ARG:
        if (self->count == 2)
            argp_error(state, "two at a time");
        self->path[self->count++] = value;
        return 0;
    case ARGP_KEY_END:
        if (self->count != 2)
            argp_error(state, "name what is to be compared: A and B");
        if (options->align && options->offset.given)
            argp_error(state, "--align and --offset cannot be used together");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option diff_options[] = {
    {"from", KEY_FROM, "TIME", 0, "Compare from TIME on (80ns; a bare number is in A's unit)", 0},
    {"to", KEY_TO, "TIME", 0, "Compare up to TIME", 0},
    {"offset", KEY_OFFSET, "TIME", 0, "Add TIME to all times of B (--offset=-100ns)", 0},
    {"align", KEY_ALIGN, "SIGNAL[=VALUE]", 0,
     "Move B so that SIGNAL takes VALUE, or first changes, at one time in both; begin there", 0},
    {"key", KEY_KEY, "COLUMN,...", 0, "Join the rows of tables by these columns, not by position",
     0},
    {"first", KEY_FIRST, NULL, 0,
     "Of traces: read no further than the first difference; whoever writes into a pipe is ended by "
     "that",
     0},
    {"format", KEY_FORMAT, "FORMAT", 0, "text (default), json or junit", 0},
    {"html", KEY_HTML, "FILE", 0,
     "Draw the waveforms around the first difference of two traces, both sides", 0},
    {"max", KEY_MAX, "N", 0, "Lines of each list of the text (default: 20)", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static const struct argp_child diff_children[] = {{&matching_argp, 0, NULL, 0}, {NULL, 0, NULL, 0}};

static const struct argp diff_argp = {
    diff_options,
    diff_option,
    "A B",
    "Compare two traces (VCD), two tables (CSV) or two folders of results, and tell where they "
    "differ first. Each may be packed (.gz, .zst); - is standard input.\v"
    "Examples:\n"
    "  dmasim diff golden/trace.vcd out/quickstart/trace.vcd\n"
    "  dmasim diff model.vcd rtl.vcd.zst --clock tb.clk --map 's/^bench[.]dut[.]/tb./'\n"
    "  dmasim diff a.vcd b.vcd --ignore 'tb.dbg.*' --from 80ns --to 200ns --format json\n"
    "  dmasim diff old/transfers.csv out/quickstart/transfers.csv --tolerance bytes=8\n"
    "  dmasim diff old out/quickstart\n"
    "\nWhat counts as a difference is in docs/diff.md.\n"
    "Exit codes: 0 the same; 1 different; 2 bad input or use.",
    diff_children,
    NULL,
    NULL};

static int exit_of(enum compare_verdict verdict)
{
    const int code = verdict == COMPARE_SAME        ? CLI_GOOD
                     : verdict == COMPARE_DIFFERENT ? CLI_FALSE
                                                    : CLI_USAGE;
    return cli_flush(code);
}

static int diff_folders(const struct diff_arguments *self, const struct report *report)
{
    static void (*const reports[])(const struct report *, const struct folder_comparison *) = {
        report_folders_text, report_folders_json, report_folders_junit};
    struct folder_comparison result;
    compare_folders(self->path[0], self->path[1], &self->matching.options, &result);
    reports[self->format](report, &result);
    const enum compare_verdict verdict = result.verdict;
    folder_comparison_free(&result);
    return exit_of(verdict);
}

/* The page appears whole or not at all. */
static bool write_html(const struct diff_arguments *self, const struct comparison *result)
{
    char temporary[4096], error[256] = "";
    snprintf(temporary, sizeof temporary, "%.4000s.tmp", self->html);
    FILE *file = fopen(temporary, "wb");
    bool good = file != NULL;
    if (good)
        good =
            export_html(self->path, &self->matching.options, result, file, error, sizeof error) &&
            !ferror(file);
    good = file && fclose(file) == 0 && good && rename(temporary, self->html) == 0;
    if (!good) {
        fprintf(stderr, "%s: error: %s\n", self->html, error[0] ? error : strerror(errno));
        if (file)
            remove(temporary);
    }
    return good;
}

static int diff_files(const struct diff_arguments *self, const struct report *report)
{
    static void (*const reports[])(const struct report *, const struct comparison *) = {
        report_text, report_json, report_junit};
    const enum compare_type a = compare_type_of(self->path[0], COMPARE_BYTES),
                            b = compare_type_of(self->path[1], COMPARE_BYTES);
    const bool table = a == COMPARE_TABLE || b == COMPARE_TABLE;
    const char *why = NULL;
    if (table && (a == COMPARE_VCD || b == COMPARE_VCD))
        why = "a table and a trace cannot be compared";
    else if (table && (self->times || self->matching.traces))
        why = "tables have no times and no scopes: --ignore, --only, --key and --tolerance are "
              "for them";
    else if (!table && self->matching.options.key)
        why = "--key is for tables";
    else if (table && self->matching.options.first_only)
        why = "--first is for traces";
    else if (table && self->html)
        why = "--html is for traces";
    else if (self->html && (strcmp(self->path[0], "-") == 0 || strcmp(self->path[1], "-") == 0))
        why = "--html reads twice: standard input cannot be";
    else if (strcmp(self->path[0], "-") == 0 && strcmp(self->path[1], "-") == 0)
        why = "there is one standard input";
    if (why) {
        fprintf(stderr, "dmasim diff: error: %s\n", why);
        return CLI_USAGE;
    }
    struct comparison result;
    if (table)
        compare_tables(self->path[0], self->path[1], &self->matching.options, &result);
    else
        compare_vcd(self->path[0], self->path[1], &self->matching.options, &result);
    reports[self->format](report, &result);
    const enum compare_verdict verdict = result.verdict;
    const bool drawn = !self->html || verdict == COMPARE_ERROR || write_html(self, &result);
    comparison_free(&result);
    return drawn ? exit_of(verdict) : CLI_USAGE;
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

int cli_diff(int argc, char **argv)
{
    struct diff_arguments self = {.max = 20};
    matching_init(&self.matching);
    argv[0] = (char[]){"dmasim diff"};
    if (argp_parse(&diff_argp, argc, argv, 0, NULL, &self) != 0)
        return CLI_USAGE;
    const struct report report = {
        {self.path[0], self.path[1]}, self.matching.options.clock, self.max, stdout};
    const bool a = is_folder(self.path[0]), b = is_folder(self.path[1]);
    int code = CLI_USAGE;
    if (a && b && self.html)
        fputs("dmasim diff: error: --html is for traces\n", stderr);
    else if (a && b)
        code = diff_folders(&self, &report);
    else if (a || b)
        fprintf(stderr, "%s: error: a folder, and %s is none\n", self.path[a ? 0 : 1],
                self.path[a ? 1 : 0]);
    else
        code = diff_files(&self, &report);
    matching_free(&self.matching);
    return code;
}
