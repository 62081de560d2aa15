/* SPDX-License-Identifier: BSD-2-Clause */
/* trace: what can be done with one VCD of anybody: check, info, cut; and with results: export. */
#include <argp.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/trace.h"
#include "scenario/report.h"

error_t trace_option(int key, char *value, struct argp_state *state)
{
    struct trace_arguments *self = state->input;
    char *end;
    switch (key) {
    case KEY_FROM:
    case KEY_TO: {
        struct time_argument *time = key == KEY_FROM ? &self->from : &self->to;
        if (!time_argument_parse(time, value) || time->cycles || time->number < 0)
            argp_error(state, "'%s' is no time such as 80ns", value);
        return 0;
    }
    case KEY_ONLY:
    case KEY_IGNORE: {
        size_t *count =
            key == KEY_ONLY ? &self->selection.only_count : &self->selection.ignore_count;
        if (*count == TRACE_LIST_MAX)
            argp_error(state, "too many globs");
        (key == KEY_ONLY ? self->only : self->ignore)[(*count)++] = value;
        return 0;
    }
    case KEY_FORMAT:
        if (strcmp(value, "text") != 0 && strcmp(value, "json") != 0)
            argp_error(state, "unknown format '%s': text or json", value);
        self->json = strcmp(value, "json") == 0;
        return 0;
    case KEY_MAX:
        self->max = strtoul(value, &end, 10);
        if (*end || end == value || *value == '-')
            argp_error(state, "'%s' is no number", value);
        return 0;
    case KEY_SIGNALS:
        self->signals = true;
        return 0;
    case KEY_EXPORT:
        self->form = strcmp(value, "chrome") == 0 ? 'c'
                     : strcmp(value, "fst") == 0  ? 'f'
                     : strcmp(value, "ctf") == 0  ? 't'
                                                  : '\0';
        if (!self->form)
            argp_error(state, "unknown form '%s': chrome, ctf or fst", value);
        return 0;
    case 'o':
        self->output = value;
        return 0;
    case ARGP_KEY_ARG:
        if (self->path_count && !self->many)
            argp_error(state, "one file at a time");
        self->paths[self->path_count++] = value;
        return 0;
    case ARGP_KEY_END:
        if (!self->path_count)
            argp_error(state, "name a VCD file, or - for standard input");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int trace_parse(struct trace_arguments *self, const struct argp *argp, int argc, char **argv,
                char *name)
{
    self->selection.ignore = self->ignore;
    self->selection.only = self->only;
    self->max = 100;
    self->paths = calloc((size_t)argc + 1, sizeof *self->paths);
    argv[0] = name;
    return self->paths && argp_parse(argp, argc, argv, 0, NULL, self) == 0 ? CLI_GOOD : CLI_USAGE;
}

void trace_done(struct trace_arguments *self)
{
    free(self->paths);
}

void trace_print_fault(const char *path, const struct vcd_fault *fault)
{
    fprintf(stderr, "%s:", path);
    if (fault->line)
        fprintf(stderr, "%" PRIu64 ":%" PRIu64 ":", fault->line, fault->column);
    fprintf(stderr, " %s: %s\n", fault->warning ? "warning" : "error", fault->text);
}

/* Opens a VCD and reads its declarations. False after a message. */
static bool open_vcd(struct vcd *vcd, struct paths *names, const char *path)
{
    if (!paths_init(names)) {
        fputs("dmasim trace: error: no memory\n", stderr);
        return false;
    }
    if (vcd_open(vcd, path, names) && vcd_header(vcd))
        return true;
    trace_print_fault(path, &vcd->fault);
    vcd_close(vcd);
    paths_free(names);
    return false;
}

int trace_with_vcd(const struct argp *argp, int argc, char **argv, char *name,
                   int (*use)(const struct trace_arguments *self, struct vcd *vcd))
{
    struct trace_arguments self = {.many = false};
    struct paths names;
    struct vcd vcd;
    int code = trace_parse(&self, argp, argc, argv, name);
    if (code == CLI_GOOD && open_vcd(&vcd, &names, self.paths[0])) {
        code = use(&self, &vcd);
        vcd_close(&vcd);
        paths_free(&names);
    } else {
        code = CLI_USAGE;
    }
    trace_done(&self);
    return cli_flush(code);
}

bool *trace_select(const struct vcd *vcd, const struct selection *selection)
{
    bool *keep = calloc(vcd->variable_count + 1, sizeof *keep);
    for (size_t i = 0; i < vcd->variable_count && keep; i++) {
        char *text = malloc(paths_length(vcd->names, vcd->variables[i].name) + 1);
        if (!text) {
            free(keep);
            return NULL;
        }
        paths_print(vcd->names, vcd->variables[i].name, text);
        keep[i] = selection_has(selection, text);
        free(text);
    }
    return keep;
}

/* ---- check ----------------------------------------------------------------------------------- */

struct check {
    const char *path;
    bool quiet;
    size_t max, faults, warnings;
};

static void on_fault(void *context, const struct vcd_fault *fault)
{
    struct check *self = context;
    self->faults += !fault->warning;
    self->warnings += fault->warning;
    if (!self->quiet && self->faults + self->warnings <= self->max)
        trace_print_fault(self->path, fault);
}

static int check_one(const struct trace_arguments *arguments, const char *path)
{
    struct check check = {.path = path, .quiet = arguments->json, .max = arguments->max};
    struct paths names;
    struct vcd vcd;
    if (!paths_init(&names))
        return CLI_USAGE;
    if (vcd_open(&vcd, path, &names)) {
        vcd.report = on_fault;
        vcd.report_context = &check;
        if (vcd_header(&vcd))
            vcd_drain(&vcd);
    } else if (!arguments->json) {
        trace_print_fault(path, &vcd.fault);
    }
    const bool unreadable = vcd.fault.unreadable, valid = !unreadable && vcd.fault_count == 0;
    if (arguments->json) {
        printf("{\"file\": ");
        json_print(path, stdout);
        printf(", \"verdict\": \"%s\", ", valid ? "valid" : unreadable ? "unreadable" : "invalid");
        if (vcd.fault.line)
            printf("\"line\": %" PRIu64 ", \"column\": %" PRIu64 ", ", vcd.fault.line,
                   vcd.fault.column);
        else
            printf("\"line\": null, \"column\": null, ");
        printf("\"message\": ");
        if (valid)
            printf("null");
        else
            json_print(vcd.fault.text, stdout);
        printf(", \"faults\": %zu, \"warnings\": %zu}\n", check.faults, check.warnings);
    } else if (valid) {
        printf("%s: valid\n", path);
    } else if (check.faults + check.warnings > check.max) {
        fprintf(stderr, "%s: %zu errors and %zu warnings in all\n", path, check.faults,
                check.warnings);
    }
    vcd_close(&vcd);
    paths_free(&names);
    return valid ? CLI_GOOD : unreadable ? CLI_USAGE : CLI_FALSE;
}

static int trace_check(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"format", KEY_FORMAT, "FORMAT", 0, "text (default) or json: an object a line", 0},
        {"max", KEY_MAX, "N", 0, "Errors and warnings told of each file (default: 100)", 0},
        {NULL, 0, NULL, 0, NULL, 0},
    };
    static const struct argp argp = {
        options,
        trace_option,
        "FILE...",
        "Validate VCDs after IEEE Std 1364-2005, clause 18. Every fault is printed as "
        "FILE:LINE:COLUMN; what is legal but unusual is a warning. Files may be packed (.gz, "
        ".zst); - is standard input.\v"
        "Example:\n  dmasim trace check out/*/trace.vcd\n"
        "Exit codes: 0 all are valid; 1 one is not; 2 one cannot be read.",
        NULL,
        NULL,
        NULL};
    struct trace_arguments self = {.many = true};
    int code = trace_parse(&self, &argp, argc, argv, (char[]){"dmasim trace check"});
    for (size_t i = 0; i < self.path_count && code != CLI_USAGE; i++) {
        const int one = check_one(&self, self.paths[i]);
        code = one > code ? one : code;
    }
    trace_done(&self);
    return cli_flush(code);
}

/* ---- info ------------------------------------------------------------------------------------ */

static void count_changes(const struct vcd *vcd, uint64_t *changes)
{
    for (uint32_t i = 0; i < vcd->touched_count; i++)
        changes[vcd->touched[i]] += vcd_changed(vcd, vcd->touched[i]);
}

static void print_signals(const struct vcd *vcd, const bool *keep, const uint64_t *changes)
{
    static const char *const kinds[] = {"bits", "event", "real", "string"};
    for (size_t i = 0; i < vcd->variable_count; i++) {
        const uint32_t slot = vcd->variables[i].slot;
        char *text = keep[i] ? malloc(paths_length(vcd->names, vcd->variables[i].name) + 1) : NULL;
        if (!text)
            continue;
        paths_print(vcd->names, vcd->variables[i].name, text);
        printf("%-40s %-6s %6" PRIu64 " %12" PRIu64 "\n", text, kinds[vcd->kinds[slot]],
               vcd->sizes[slot], changes[slot]);
        free(text);
    }
}

static int info(const struct trace_arguments *self, struct vcd *vcd)
{
    char unit[TRACE_TIME_ROOM];
    uint64_t *changes = calloc((size_t)vcd->slot_count + 1, sizeof *changes);
    bool *keep = trace_select(vcd, &self->selection);
    uint64_t first = 0, steps = 0, all = 0;
    bool good = changes && keep;
    while (good && !vcd->ended) {
        good = vcd_step(vcd);
        count_changes(vcd, changes);
        if (steps == 0 || (steps == 1 && vcd->touched_count && all == 0))
            first = vcd->time;
        steps++;
    }
    if (!good) {
        trace_print_fault(self->paths[0], &vcd->fault);
    } else {
        for (uint32_t i = 0; i < vcd->slot_count; i++)
            all += changes[i];
        trace_unit_print(vcd->unit_fs, unit);
        printf("unit       %s%s\ntime       %" PRIu64 " to %" PRIu64 "\nsteps      %" PRIu64
               "\nsignals    %zu\nvalues     %" PRIu32
               " (signals may share one)\nchanges    %" PRIu64 "\n",
               unit, vcd->timescale_given ? "" : " (none is given)", first, vcd->time, steps,
               vcd->variable_count, vcd->slot_count, all);
        if (self->signals) {
            printf("\n%-40s %-6s %6s %12s\n", "signal", "kind", "size", "changes");
            print_signals(vcd, keep, changes);
        }
    }
    free(changes);
    free(keep);
    return good ? CLI_GOOD : CLI_USAGE;
}

static int trace_info(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"signals", KEY_SIGNALS, NULL, 0, "List all signals with their numbers of changes", 0},
        {"only", KEY_ONLY, "GLOB", 0, "List only signals of such names", 0},
        {"ignore", KEY_IGNORE, "GLOB", 0, "Leave out signals of such names", 0},
        {NULL, 0, NULL, 0, NULL, 0},
    };
    static const struct argp argp = {
        options,
        trace_option,
        "FILE",
        "Tell what is in a VCD: unit, time, signals, changes.\v"
        "Example:\n  dmasim trace info out/quickstart/trace.vcd --signals",
        NULL,
        NULL,
        NULL};
    return trace_with_vcd(&argp, argc, argv, (char[]){"dmasim trace info"}, info);
}

/* ---- all ------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *doc;
} commands[] = {
    {"check", trace_check, "validate VCDs"},
    {"info", trace_info, "tell what is in a VCD"},
    {"cut", trace_cut, "write a part of a VCD as a new one"},
    {"export", trace_export, "write results in the form of another viewer"},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

int cli_trace(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    const bool help = strcmp(name, "--help") == 0 || strcmp(name, "-?") == 0;
    FILE *to = help ? stdout : stderr;
    if (*name && !help) {
        struct suggestion suggestion;
        struct line line = {.length = 0};
        suggestion_start(&suggestion, name);
        for (size_t i = 0; i < COMMANDS; i++)
            suggestion_offer(&suggestion, commands[i].name);
        line_add(&line, "unknown command ");
        line_quote(&line, name);
        suggestion_end(&suggestion, &line);
        fprintf(stderr, "dmasim trace: error: %s\n", line.text);
    }
    fputs("Usage: dmasim trace COMMAND [ARGUMENT...]\n\n", to);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].doc);
    fputs("\n  dmasim trace COMMAND --help tells more.\n", to);
    return help ? cli_flush(CLI_GOOD) : CLI_USAGE;
}
