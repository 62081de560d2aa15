/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_files: the commands of `dmasim trace` that write: cut, export. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/trace.h"
#include "export/chrome.h"
#include "export/ctf.h"
#include "reading/vcd_cut.h"

/* ---- files ----------------------------------------------------------------------------------- */

struct output {
    const char *path; /* null: standard output */
    char temporary[4096];
    FILE *file;
};

static bool output_open(struct output *self, const char *path)
{
    *self = (struct output){.path = path, .file = stdout};
    if (!path)
        return true;
    snprintf(self->temporary, sizeof self->temporary, "%.4000s.tmp", path);
    self->file = fopen(self->temporary, "wb");
    if (!self->file)
        fprintf(stderr, "%s: error: %s\n", path, strerror(errno));
    return self->file != NULL;
}

/* The file appears whole, if all is `good`, or not at all. Returns whether it does. */
static bool output_close(struct output *self, bool good)
{
    if (!self->path)
        return good;
    bool written = !ferror(self->file);
    written = fclose(self->file) == 0 && written;
    written = written && good && rename(self->temporary, self->path) == 0;
    if (good && !written)
        fprintf(stderr, "%s: error: %s\n", self->path, strerror(errno));
    if (!written)
        remove(self->temporary);
    return written;
}

static bool resolve(const struct time_argument *time, const struct vcd *vcd, uint64_t *to)
{
    trace_time fs;
    if (!time->given)
        return true;
    if (time_argument_resolve(time, vcd->unit_fs, &fs) && fs % vcd->unit_fs == 0 &&
        fs / vcd->unit_fs <= INT64_MAX) {
        *to = (uint64_t)(fs / vcd->unit_fs);
        return true;
    }
    fputs("dmasim trace: error: a time that is no whole number of the file's unit\n", stderr);
    return false;
}

/* ---- cut ------------------------------------------------------------------------------------- */

static int cut(const struct trace_arguments *self, struct vcd *vcd)
{
    struct output output;
    struct vcd_cut cut = {.to = INT64_MAX};
    if (!resolve(&self->from, vcd, &cut.from) || !resolve(&self->to, vcd, &cut.to))
        return CLI_USAGE;
    if (cut.to < cut.from) {
        fputs("dmasim trace cut: error: --to is before --from\n", stderr);
        return CLI_USAGE;
    }
    if (!output_open(&output, self->output))
        return CLI_USAGE;
    cut.out = output.file;
    cut.keep = trace_select(vcd, &self->selection);
    const bool good = cut.keep && vcd_cut(vcd, &cut);
    if (!good)
        trace_print_fault(self->paths[0], &vcd->fault);
    free(cut.keep);
    return output_close(&output, good) ? CLI_GOOD : CLI_USAGE;
}

int trace_cut(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"output", 'o', "FILE", 0, "Where it goes (default: standard output)", 0},
        {"from", KEY_FROM, "TIME", 0, "From TIME on (80ns; a bare number is in the file's unit)",
         0},
        {"to", KEY_TO, "TIME", 0, "Up to TIME", 0},
        {"only", KEY_ONLY, "GLOB", 0, "Only signals of such names", 0},
        {"ignore", KEY_IGNORE, "GLOB", 0, "Leave out signals of such names", 0},
        {NULL, 0, NULL, 0, NULL, 0},
    };
    static const struct argp argp = {
        options,
        trace_option,
        "FILE",
        "Write a part of a VCD as a new one: a span of time, some of its signals. Times stay.\v"
        "Example:\n"
        "  dmasim trace cut out/quickstart/trace.vcd --from 1us --to 2us --only '*.h*' -o part.vcd",
        NULL,
        NULL,
        NULL};
    return trace_with_vcd(&argp, argc, argv, (char[]){"dmasim trace cut"}, cut);
}

/* ---- export ---------------------------------------------------------------------------------- */

static int export_to_chrome(const struct trace_arguments *self)
{
    struct output output;
    char error[256];
    if (!output_open(&output, self->output))
        return CLI_USAGE;
    const bool good = export_chrome(self->paths[0], output.file, error, sizeof error);
    if (!good)
        fprintf(stderr, "%s: error: %s\n", self->paths[0], error);
    return output_close(&output, good) ? CLI_GOOD : CLI_USAGE;
}

/* GTKWave's own program makes the FST. */
static int export_to_fst(const struct trace_arguments *self)
{
    if (!self->output) {
        fputs("dmasim trace export: error: an FST needs -o FILE\n", stderr);
        return CLI_USAGE;
    }
    const pid_t child = fork();
    if (child == 0) {
        execlp("vcd2fst", "vcd2fst", self->paths[0], self->output, (char *)NULL);
        fputs("dmasim trace export: error: vcd2fst cannot be run: it is part of GTKWave\n", stderr);
        _exit(CLI_USAGE);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0)
        return CLI_USAGE;
    return CLI_GOOD;
}

static int export_to_ctf(const struct trace_arguments *self)
{
    char error[512];
    if (!self->output) {
        fputs("dmasim trace export: error: ctf needs -o, a new folder\n", stderr);
        return CLI_USAGE;
    }
    if (export_ctf(self->paths[0], self->output, error, sizeof error))
        return CLI_GOOD;
    fprintf(stderr, "%s: error: %s\n", self->paths[0], error);
    return CLI_USAGE;
}

int trace_export(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"to", KEY_EXPORT, "FORM", 0, "chrome, ctf or fst", 0},
        {"output", 'o', "FILE", 0, "Where it goes (default, but for fst: standard output)", 0},
        {NULL, 0, NULL, 0, NULL, 0},
    };
    static const struct argp argp = {
        options,
        trace_option,
        "FOLDER|FILE",
        "Write results in the form of another viewer. chrome: a folder of results as tracks for "
        "ui.perfetto.dev and chrome://tracing, transfers of each controller and beats of each "
        "master. ctf: the same as events of a trace in the Common Trace Format 1.8, a new folder, "
        "for "
        "babeltrace2 and Trace Compass. fst: a VCD as GTKWave's FST, by its vcd2fst.\v"
        "Examples:\n"
        "  dmasim trace export out/quickstart --to chrome -o quickstart.json\n"
        "  dmasim trace export out/quickstart --to ctf -o quickstart.ctf\n"
        "  dmasim trace export out/quickstart/trace.vcd --to fst -o trace.fst",
        NULL,
        NULL,
        NULL};
    struct trace_arguments self = {.many = false};
    int code = trace_parse(&self, &argp, argc, argv, (char[]){"dmasim trace export"});
    if (code == CLI_GOOD && !self.form) {
        fputs("dmasim trace export: error: --to chrome, ctf or fst\n", stderr);
        code = CLI_USAGE;
    } else if (code == CLI_GOOD) {
        code = self.form == 'c'   ? export_to_chrome(&self)
               : self.form == 't' ? export_to_ctf(&self)
                                  : export_to_fst(&self);
    }
    trace_done(&self);
    return cli_flush(code);
}
