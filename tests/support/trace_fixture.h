/* SPDX-License-Identifier: BSD-2-Clause */
/* fixture: a system of hand-made clocks and probes, and a folder for files. */
#ifndef TRACE_FIXTURE_H
#define TRACE_FIXTURE_H

#include <check.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/records.h"
#include "kernel/base.h"
#include "suite.h"
#include "trace/folder/folder.h"
#include "trace/trace.h"

#define MAYBE_UNUSED __attribute__((unused))

/* Everything lives outside file scope, in here. */
struct bench {
    struct system system;
    struct clock clocks[2];
    struct probe probes[8];
    size_t probe_count;
    char dir[64];
};

/* A system with two clocks: "fast" of 10 ns and "slow" of 25 ns that starts at 5 ns. */
MAYBE_UNUSED static void bench_init(struct bench *self)
{
    memset(self, 0, sizeof *self);
    self->clocks[0] = (struct clock){.kernel = &self->system.kernel,
                                     .name = "fast",
                                     .period_ps = 10000,
                                     .link = &self->clocks[1]};
    self->clocks[1] = (struct clock){
        .kernel = &self->system.kernel, .name = "slow", .period_ps = 25000, .phase_ps = 5000};
    self->system.kernel.clocks = &self->clocks[0];
    strcpy(self->dir, "/tmp/dmasim-trace-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(self->dir));
}

MAYBE_UNUSED static struct probe *bench_probe(struct bench *self, const char *name,
                                              const struct probe_type *type, size_t clock,
                                              const void *owner)
{
    ck_assert_uint_lt(self->probe_count, COUNT(self->probes));
    struct probe *probe = &self->probes[self->probe_count];
    *probe =
        (struct probe){.name = name, .type = type, .clock = &self->clocks[clock], .owner = owner};
    if (self->probe_count)
        self->probes[self->probe_count - 1].link = probe;
    else
        self->system.probes = probe;
    self->probe_count++;
    return probe;
}

MAYBE_UNUSED static struct trace *bench_open(struct bench *self, struct trace_options options)
{
    struct trace *trace;
    struct dmasim_error error = {0};
    int code = trace_open(&trace, &self->system, &options, self->dir, &error);
    ck_assert_msg(code == DMASIM_OK, "%s", error.text);
    return trace;
}

MAYBE_UNUSED static void bench_close(struct trace *trace, sim_time final_time)
{
    struct dmasim_error error = {0};
    int code = trace_close(trace, final_time, &error);
    ck_assert_msg(code == DMASIM_OK, "%s", error.text);
    trace_free(trace);
}

/* The file's text, the caller's; null if there is none. */
MAYBE_UNUSED static char *bench_read(const struct bench *self, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", self->dir, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = calloc(1, 1 << 20);
    ck_assert_ptr_nonnull(text);
    size_t length = fread(text, 1, (1 << 20) - 1, file);
    fclose(file);
    text[length] = '\0';
    return text;
}

MAYBE_UNUSED static void bench_expect(const struct bench *self, const char *name,
                                      const char *expected)
{
    char *text = bench_read(self, name);
    ck_assert_msg(text != NULL, "no file %s", name);
    ck_assert_str_eq(text, expected);
    free(text);
}

/* The file has this line. */
MAYBE_UNUSED static void bench_expect_line(const struct bench *self, const char *name,
                                           const char *line)
{
    char *text = bench_read(self, name);
    ck_assert_msg(text != NULL, "no file %s", name);
    size_t length = strlen(line);
    bool found = false;
    for (const char *at = text; at && !found; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
        found = strncmp(at, line, length) == 0 && (at[length] == '\n' || at[length] == '\0');
    ck_assert_msg(found, "%s has no line\n%s\nbut\n%s", name, line, text);
    free(text);
}

MAYBE_UNUSED static unsigned bench_files(const struct bench *self)
{
    unsigned count = 0;
    DIR *dir = opendir(self->dir);
    ck_assert_ptr_nonnull(dir);
    for (const struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

MAYBE_UNUSED static void bench_done(struct bench *self)
{
    DIR *dir = opendir(self->dir);
    ck_assert_ptr_nonnull(dir);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", self->dir, entry->d_name);
        if (entry->d_name[0] != '.' || strcmp(entry->d_name, FOLDER_MARKER) == 0)
            unlink(path);
    }
    closedir(dir);
    rmdir(self->dir);
}

/* A run of the tests of one file. */
MAYBE_UNUSED static int bench_run(const char *name, const TTest *const *tests, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}

#endif
