/* SPDX-License-Identifier: BSD-2-Clause */
/* What the public header lists of a simulation, and the files it leaves: in windows, in pieces. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dmasim/dmasim.h"
#include "kernel/random.h"
#include "suite.h"

#include <check.h>

static char folder[64];

static void setup(void)
{
    strcpy(folder, "/tmp/dmasim-results-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static struct dmasim *create(const char *name)
{
    char path[4096];
    struct dmasim_error error;
    snprintf(path, sizeof path, "%s/configs/%s.yaml", SOURCE_DIR, name);
    struct dmasim *sim = dmasim_create(path, NULL, &error);
    ck_assert_msg(sim != NULL, "%s", error.text);
    return sim;
}

/* A file of the folder; the caller's. */
static char *contents(const char *name)
{
    char path[512];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "no %s", path);
    ck_assert_int_eq(fstat(fileno(file), &status), 0);
    char *text = calloc(1, (size_t)status.st_size + 1);
    ck_assert_uint_eq(fread(text, 1, (size_t)status.st_size, file), (size_t)status.st_size);
    fclose(file);
    return text;
}

static size_t count_files(void)
{
    size_t count = 0;
    DIR *list = opendir(folder);
    for (const struct dirent *entry; (entry = readdir(list));)
        count += entry->d_name[0] != '.';
    closedir(list);
    return count;
}

static struct dmasim_trace *open_trace(struct dmasim *sim,
                                       const struct dmasim_trace_options *options)
{
    struct dmasim_error error;
    struct dmasim_trace *trace = dmasim_trace_open(sim, options, folder, &error);
    ck_assert_msg(trace != NULL, "%s", error.text);
    return trace;
}

static void close_trace(struct dmasim_trace *trace)
{
    struct dmasim_error error;
    ck_assert_msg(dmasim_trace_close(trace, &error) == DMASIM_OK, "%s", error.text);
    ck_assert_int_eq(dmasim_trace_free(trace), DMASIM_OK);
}

/* ---- lists ----------------------------------------------------------------------------------- */

START_TEST(components_and_registers_are_listed)
{
    struct dmasim *sim = create("quickstart");
    struct dmasim_component component;
    struct dmasim_register one, same;
    ck_assert_int_eq(dmasim_component_find(sim, "dma", &component), DMASIM_OK);
    ck_assert_str_eq(component.section, "controllers");
    ck_assert_str_eq(component.type, "snps,dw-dmac");
    ck_assert_str_eq(component.bus, "ahb");
    ck_assert_uint_eq(component.period_ps, 10000);
    ck_assert_uint_gt(component.register_count, 50);
    for (size_t i = 0; i < component.register_count; i++) {
        struct dmasim_access access = {.size_bytes = 4};
        ck_assert_int_eq(dmasim_register(sim, "dma", i, &one), DMASIM_OK);
        ck_assert_int_eq(dmasim_register_find(sim, "dma", one.name, &same), DMASIM_OK);
        ck_assert_uint_eq(one.offset, same.offset);
        ck_assert_uint_eq(one.address, component.base + one.offset);
        access.address = one.address;
        const int code = dmasim_access(sim, 0, &access); /* less channels: holes */
        ck_assert(code == DMASIM_OK || code == DMASIM_UNMAPPED);
    }
    ck_assert_int_eq(dmasim_register(sim, "dma", component.register_count, &one), DMASIM_UNMAPPED);
    ck_assert_int_eq(dmasim_register_find(sim, "dma", "CH1_SAR", &one), DMASIM_OK);
    ck_assert_uint_eq(one.offset, 0x58);
    ck_assert_str_eq(one.access, "RW");
    ck_assert_int_eq(dmasim_register_find(sim, "dma", "CH9_SAR", &one), DMASIM_UNMAPPED);
    ck_assert_int_eq(dmasim_component_find(sim, "amd", &component), DMASIM_UNMAPPED);
    size_t count = 0;
    while (dmasim_component(sim, count, &component) == DMASIM_OK)
        count++;
    ck_assert_uint_gt(count, 8);
    ck_assert_str_eq(component.section, "work"); /* the last */
    ck_assert_str_eq(dmasim_name(sim), "quickstart");
    dmasim_destroy(sim);
}
END_TEST

START_TEST(probes_are_listed)
{
    struct dmasim *sim = create("quickstart");
    struct dmasim_probe probe;
    struct dmasim_field field;
    bool rows = false;
    size_t i = 0;
    for (; dmasim_probe(sim, i, &probe) == DMASIM_OK; i++) {
        ck_assert_uint_gt(probe.field_count, 0);
        for (size_t f = 0; f < probe.field_count; f++)
            ck_assert_int_eq(dmasim_probe_field(sim, i, f, &field), DMASIM_OK);
        ck_assert_int_eq(dmasim_probe_field(sim, i, probe.field_count, &field), DMASIM_UNMAPPED);
        rows |= !strcmp(probe.type, "ahb_row") && !strcmp(probe.kind, "settled");
    }
    ck_assert(rows);
    ck_assert_int_eq(dmasim_probe_field(sim, i, 0, &field), DMASIM_UNMAPPED);
    dmasim_destroy(sim);
}
END_TEST

/* The figure of a name; the number of all in *count. */
static uint64_t figure(const struct dmasim *sim, const struct dmasim_mark *from, const char *name,
                       size_t *count)
{
    struct dmasim_metrics *walk = dmasim_metrics_start(sim, from);
    struct dmasim_metric metric;
    uint64_t value = UINT64_MAX;
    ck_assert_ptr_nonnull(walk);
    for (*count = 0; dmasim_metric_next(walk, &metric) == DMASIM_OK; ++*count) {
        ck_assert(metric.unit && metric.doc && metric.scale);
        if (strcmp(metric.name, name) == 0)
            value = metric.value;
    }
    dmasim_metrics_end(walk);
    return value;
}

START_TEST(metrics_are_walked_from_the_start_or_from_a_mark)
{
    static const char name[] = "bus.ahb.bytes";
    struct dmasim *sim = create("modes");
    size_t count, again;
    ck_assert_uint_eq(figure(sim, NULL, name, &count), 0);
    ck_assert_uint_gt(count, 20);
    dmasim_run(sim, 100000000, NULL);
    const uint64_t half = figure(sim, NULL, name, &again);
    struct dmasim_mark *mark = dmasim_mark_set(sim);
    struct dmasim_metrics *walk = dmasim_metrics_start(sim, NULL);
    struct dmasim_metric metric;
    ck_assert_uint_gt(half, 0);
    ck_assert_int_eq(dmasim_metric_next(walk, &metric), DMASIM_OK);
    dmasim_run(sim, 200000000, NULL);
    ck_assert_int_eq(dmasim_metric_next(walk, &metric), DMASIM_PAST);
    dmasim_metrics_end(walk);
    const uint64_t all = figure(sim, NULL, name, &count), since = figure(sim, mark, name, &again);
    ck_assert_uint_gt(all, half);
    ck_assert_uint_eq(all - half, since);
    ck_assert_uint_eq(count, again);
    dmasim_mark_free(mark);
    dmasim_destroy(sim);
}
END_TEST

/* ---- files ----------------------------------------------------------------------------------- */

static const struct dmasim_trace_options everything = {
    .vcd = true, .cycles = true, .bus = true, .transfers = true, .summary = true, .streams = true};

/* Whole and in pieces of random length: the same bytes. */
START_TEST(files_do_not_tell_of_the_pieces)
{
    static const char *const names[] = {"modes", "axi-bridges", "pc-floppy", "axi-dmac-memcpy"};
    struct random random = random_seeded(7);
    char *whole[3];
    static const char *const files[] = {"trace.vcd", "transfers.csv", "summary.csv"};
    struct dmasim_result result;
    for (int round = 0; round < 2; round++) {
        struct dmasim *sim = create(names[_i]);
        struct dmasim_trace *trace = open_trace(sim, &everything);
        enum dmasim_why why = DMASIM_WHY_TIME;
        while (why == DMASIM_WHY_TIME) {
            const uint64_t piece = 1 + random_next(&random) % 9000000;
            const uint64_t until = round ? dmasim_now(sim) + piece : DMASIM_NEVER;
            ck_assert_int_eq(dmasim_run(sim, until, &why), DMASIM_OK);
        }
        ck_assert_int_eq(dmasim_outcome(sim, &result), DMASIM_OK);
        close_trace(trace);
        ck_assert_int_eq(dmasim_write_outputs(sim, folder, NULL), DMASIM_OK);
        for (int f = 0; f < 3; f++) {
            char *text = contents(files[f]);
            if (round == 1) {
                ck_assert_msg(strcmp(text, whole[f]) == 0, "%s differs", files[f]);
                free(whole[f]);
                free(text);
            } else {
                whole[f] = text;
            }
        }
        dmasim_destroy(sim);
    }
}
END_TEST

/* ---- windows --------------------------------------------------------------------------------- */

/* A VCD as values over time: of each signal by its full name. */
struct signal {
    char id[8], name[128], value[160];
};

struct vcd {
    char *text, *at;
    struct signal signals[4096];
    size_t count;
    uint64_t time; /* values are those after the changes at it */
    bool ended;
};

static struct signal *find_signal(struct vcd *self, const char *id)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp(self->signals[i].id, id) == 0)
            return &self->signals[i];
    ck_abort_msg("no signal %s", id);
}

static char *next_line(struct vcd *self)
{
    char *line = self->at, *end = line;
    while (*end && *end != '\n')
        end++;
    if (!*end)
        return NULL;
    *end = '\0';
    self->at = end + 1;
    return line;
}

static void open_vcd(struct vcd *self)
{
    char scope[128] = "", name[100], id[8];
    unsigned width;
    *self = (struct vcd){.text = contents("trace.vcd")};
    self->at = self->text;
    for (char *line; (line = next_line(self)) && strncmp(line, "$enddef", 7) != 0;) {
        if (sscanf(line, "$scope module %99s", name) == 1) {
            strcat(strcat(scope, "."), name);
        } else if (strncmp(line, "$upscope", 8) == 0) {
            *strrchr(scope, '.') = '\0';
        } else if (sscanf(line, "$var wire %u %7s %99s", &width, id, name) == 3) {
            struct signal *signal = &self->signals[self->count++];
            strcpy(signal->id, id);
            snprintf(signal->name, sizeof signal->name, "%.64s.%.60s", scope, name);
        }
    }
    ck_assert_uint_gt(self->count, 5);
}

/* Not strtoull(), which under strict string checks looks at all that follows. */
static uint64_t number(const char *digits)
{
    uint64_t value = 0;
    for (; *digits >= '0' && *digits <= '9'; digits++)
        value = 10 * value + (uint64_t)(*digits - '0');
    return value;
}

/* Takes all changes up to and including `time` (in units of the file). */
static void go_to(struct vcd *self, uint64_t time)
{
    for (char *line; !self->ended && *self->at;) {
        if (*self->at == '#' && number(self->at + 1) > time)
            return;
        line = next_line(self);
        char *space = strchr(line, ' ');
        if (*line == '#') {
            self->time = strtoull(line + 1, NULL, 10);
        } else if (*line == 'b') {
            *space = '\0';
            strcpy(find_signal(self, space + 1)->value, line + 1);
        } else if (*line == 's') {
            continue; /* a text: unset up to the first access in a window */
        } else if (*line != '$') {
            sprintf(find_signal(self, line + 1)->value, "%c", *line);
        }
    }
    self->ended = true;
}

/* Windows one after another: from the second cycle on each shows what a trace from the start shows. */
START_TEST(windows_show_what_the_whole_shows)
{
    static const char *const names[] = {"modes", "axi-bridges", "pc-floppy", "axi-dmac-memcpy"};
    static struct vcd whole, window;
    const struct dmasim_trace_options vcd = {.vcd = true}, all_the_time = {.table = true};
    struct dmasim *sim = create(names[_i]);
    struct dmasim_trace *trace = open_trace(sim, &vcd);
    struct dmasim_result result;
    ck_assert_int_eq(dmasim_run(sim, DMASIM_NEVER, NULL), DMASIM_OK);
    ck_assert_int_eq(dmasim_outcome(sim, &result), DMASIM_OK);
    close_trace(trace);
    dmasim_destroy(sim);
    open_vcd(&whole);
    char *text = contents("trace.vcd");
    const uint64_t end = strtoull(strrchr(text, '#') + 1, NULL, 10), unit = result.end_ps / end;
    free(text);

    sim = create(names[_i]);
    open_trace(sim, &all_the_time); /* so that no burst is passed unseen */
    size_t compared = 0;
    for (unsigned n = 1; n < 5; n++) {
        const uint64_t from = result.end_ps / 5 * n + n * 1237;
        ck_assert_int_eq(dmasim_run(sim, from, NULL), DMASIM_OK);
        trace = open_trace(sim, &vcd);
        ck_assert_int_eq(dmasim_run(sim, from + result.end_ps / 10, NULL), DMASIM_OK);
        close_trace(trace);
        open_vcd(&window);
        ck_assert_uint_eq(window.count, whole.count);
        /* Two cycles of the slowest clock, 1 us. */
        for (uint64_t time = (from + 2000000) / unit; time * unit < from + result.end_ps / 10;
             time += 1 + end / 500) {
            go_to(&whole, time);
            go_to(&window, time);
            for (size_t i = 0; i < whole.count; i++) {
                const struct signal *a = &whole.signals[i], *b = &window.signals[i];
                ck_assert_str_eq(a->name, b->name);
                if (a->value[0] == 'x')
                    continue; /* nothing was published so far */
                ck_assert_msg(strcmp(a->value, b->value) == 0,
                              "window %u: at %llu %s is %s, was %s", n, (unsigned long long)time,
                              a->name, b->value, a->value);
                compared++;
            }
        }
        free(window.text);
    }
    ck_assert_uint_gt(compared, 1000);
    free(whole.text);
    dmasim_destroy(sim); /* with the other trace */
    ck_assert_int_eq(access(folder, F_OK), 0);
}
END_TEST

START_TEST(a_trace_that_is_not_closed_leaves_nothing)
{
    struct dmasim *sim = create("modes");
    struct dmasim_trace *trace = open_trace(sim, &everything);
    ck_assert_uint_eq(count_files(), 1); /* the folder of what is unfinished */
    dmasim_run(sim, 1000000, NULL);
    ck_assert_int_eq(dmasim_trace_free(trace), DMASIM_OK);
    ck_assert_uint_eq(count_files(), 0);
    open_trace(sim, &everything);
    dmasim_destroy(sim);
    ck_assert_uint_eq(count_files(), 0);
}
END_TEST

START_TEST(only_an_excursion_can_be_undone_under_a_trace)
{
    struct dmasim *sim = create("modes");
    struct dmasim_trace *trace = open_trace(sim, &everything);
    dmasim_run(sim, 10000000, NULL);
    struct dmasim_snapshot *snapshot = dmasim_save(sim);
    dmasim_mute(sim);
    dmasim_run(sim, 20000000, NULL);
    ck_assert_int_eq(dmasim_restore(sim, snapshot), DMASIM_OK);
    ck_assert_uint_eq(dmasim_now(sim), 10000000);
    dmasim_run(sim, 20000000, NULL);
    ck_assert_int_eq(dmasim_restore(sim, snapshot), DMASIM_INVALID);
    dmasim_mute(sim);
    ck_assert_int_eq(dmasim_restore(sim, snapshot), DMASIM_INVALID);
    close_trace(trace);
    ck_assert_int_eq(dmasim_restore(sim, snapshot), DMASIM_OK);
    dmasim_snapshot_free(snapshot);
    dmasim_destroy(sim);
}
END_TEST

/* ---- folders --------------------------------------------------------------------------------- */

START_TEST(a_folder_is_one_simulation_s_until_it_is_destroyed)
{
    struct dmasim_error error;
    struct dmasim *one = create("modes"), *other = create("modes");
    ck_assert_int_eq(dmasim_write_file(one, folder, "a.txt", "a", 1, &error), DMASIM_OK);
    ck_assert_int_eq(dmasim_write_file(other, folder, "b.txt", "b", 1, &error), DMASIM_IO);
    ck_assert_ptr_nonnull(strstr(error.text, "another run"));
    ck_assert_str_eq(error.file, folder);
    ck_assert_ptr_null(
        dmasim_trace_open(other, &(struct dmasim_trace_options){.summary = true}, folder, &error));
    ck_assert_int_eq(dmasim_results_begin(other, folder, NULL, NULL), DMASIM_IO);
    ck_assert_int_eq(dmasim_results_begin(one, folder, NULL, NULL), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_write_file(one, folder, "a.txt", "new", 3, NULL), DMASIM_OK);
    ck_assert_int_eq(dmasim_write_file(one, folder, "c.txt", "c", 1, NULL), DMASIM_OK);
    ck_assert_uint_eq(count_files(), 2);
    dmasim_destroy(one);
    /* The next one's first file takes the place of all of them. */
    ck_assert_int_eq(dmasim_write_file(other, folder, "b.txt", "b", 1, &error), DMASIM_OK);
    ck_assert_uint_eq(count_files(), 1);
    dmasim_destroy(other);
}
END_TEST

START_TEST(results_that_were_begun_appear_at_once_or_never)
{
    static const struct dmasim_trace_options summary = {.summary = true};
    for (int ends = 1; ends >= 0; ends--) {
        struct dmasim *sim = create("modes");
        ck_assert_int_eq(dmasim_results_begin(sim, folder, NULL, NULL), DMASIM_OK);
        struct dmasim_trace *trace = open_trace(sim, &summary);
        dmasim_run(sim, 1000000, NULL);
        close_trace(trace);
        ck_assert_int_eq(dmasim_write_file(sim, folder, ends ? "a" : "b", "text", 4, NULL),
                         DMASIM_OK);
        ck_assert_uint_eq(count_files(), ends ? 1 : 3); /* the folder of what is unfinished */
        if (ends)
            ck_assert_int_eq(dmasim_results_end(sim, NULL), DMASIM_OK);
        dmasim_destroy(sim);
        ck_assert_uint_eq(count_files(), 2);
        free(contents("a"));
        free(contents("summary.csv"));
    }
}
END_TEST

START_TEST(names_of_results_lead_nowhere_else)
{
    static const char *const names[] = {"",     "/x",   "../x", "a/../x",           ".x",
                                        "a/.x", "a//b", "a/",   "unfinished-run",   "a\nb",
                                        ".",    "..",   "a/.",  "unfinished-run/a", "\x1b[2J"};
    struct dmasim_error error;
    struct dmasim *sim = create("modes");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ck_assert_msg(dmasim_write_file(sim, folder, names[i], "x", 1, &error) == DMASIM_IO, "%s",
                      names[i]);
    ck_assert_uint_eq(count_files(), 0);
    ck_assert_int_eq(dmasim_write_file(sim, folder, "a/b/c", "x", 1, &error), DMASIM_OK);
    free(contents("a/b/c"));
    dmasim_destroy(sim);
}
END_TEST

START_TEST(a_folder_with_other_things_is_refused)
{
    static const struct dmasim_results_options force = {.force = true};
    struct dmasim_error error;
    char path[128];
    snprintf(path, sizeof path, "%s/notes", folder);
    FILE *file = fopen(path, "w");
    fputs("mine", file);
    fclose(file);
    struct dmasim *sim = create("modes");
    ck_assert_int_eq(dmasim_write_file(sim, folder, "a", "x", 1, &error), DMASIM_IO);
    ck_assert_ptr_nonnull(strstr(error.text, "notes"));
    ck_assert_int_eq(dmasim_results_begin(sim, folder, &force, NULL), DMASIM_OK);
    ck_assert_int_eq(dmasim_write_file(sim, folder, "notes", "x", 1, &error), DMASIM_IO);
    ck_assert_int_eq(dmasim_write_file(sim, folder, "a", "x", 1, &error), DMASIM_OK);
    ck_assert_int_eq(dmasim_results_end(sim, NULL), DMASIM_OK);
    char *text = contents("notes");
    ck_assert_str_eq(text, "mine");
    free(text);
    dmasim_destroy(sim);
}
END_TEST

START_TEST(what_is_asked_of_a_run_is_told_of_its_trace)
{
    static const struct dmasim_trace_options expect = {.expect = true}, none = {.expect = false};
    struct dmasim *sim = create("errors");
    struct dmasim_trace *trace = open_trace(sim, &expect), *other = open_trace(sim, &none);
    struct dmasim_check check;
    ck_assert_int_eq(dmasim_trace_check(trace, 0, &check), DMASIM_INVALID);
    dmasim_run(sim, DMASIM_NEVER, NULL);
    ck_assert_int_eq(dmasim_trace_close(trace, NULL), DMASIM_OK);
    ck_assert_int_eq(dmasim_trace_close(other, NULL), DMASIM_OK);
    ck_assert_int_eq(dmasim_trace_check(other, 0, &check), DMASIM_INVALID);
    size_t count = 0;
    for (; dmasim_trace_check(trace, count, &check) == DMASIM_OK; count++) {
        ck_assert_msg(check.holds, "%s: %s", check.text, check.found);
        ck_assert_str_eq(check.found, "");
        ck_assert_int_eq(check.file != NULL, count >= 4);
    }
    ck_assert_uint_eq(count, 7);
    ck_assert_str_eq(check.text, "bus.ahb.retries == 10");
    dmasim_destroy(sim);
}
END_TEST

/* ---- texts ----------------------------------------------------------------------------------- */

struct page {
    char text[65536];
    size_t length;
    bool full;
};

static bool put(void *context, const char *text, size_t length)
{
    struct page *self = context;
    if (self->full || self->length + length >= sizeof self->text)
        return false;
    memcpy(self->text + self->length, text, length);
    self->length += length;
    return true;
}

START_TEST(texts_go_to_whoever_asks)
{
    static struct page resolved, again, table, full = {.full = true};
    const struct dmasim_trace_options counting = {.table = true};
    struct dmasim *sim = create("modes");
    struct dmasim_trace *trace = open_trace(sim, &counting);
    ck_assert_int_eq(dmasim_write_resolved(sim, NULL, put, &resolved), DMASIM_OK);
    ck_assert_int_eq(dmasim_write_resolved(sim, NULL, put, &full), DMASIM_IO);
    struct dmasim *same =
        dmasim_create_text(resolved.text, resolved.length, "again", "configs", NULL, NULL);
    ck_assert_ptr_nonnull(same);
    ck_assert_int_eq(dmasim_write_resolved(same, NULL, put, &again), DMASIM_OK);
    ck_assert_str_eq(resolved.text, again.text);
    dmasim_run(sim, DMASIM_NEVER, NULL);
    ck_assert_int_eq(dmasim_trace_table(trace, put, &table), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_trace_close(trace, NULL), DMASIM_OK);
    ck_assert_int_eq(dmasim_trace_close(trace, NULL), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_trace_table(trace, put, &table), DMASIM_OK);
    ck_assert_ptr_nonnull(strstr(table.text, "transfers:"));
    dmasim_destroy(same);
    dmasim_destroy(sim);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("results");
    TCase *tests = tcase_create("results");
    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, components_and_registers_are_listed);
    tcase_add_test(tests, probes_are_listed);
    tcase_add_test(tests, metrics_are_walked_from_the_start_or_from_a_mark);
    tcase_add_loop_test(tests, files_do_not_tell_of_the_pieces, 0, 4);
    tcase_add_loop_test(tests, windows_show_what_the_whole_shows, 0, 4);
    tcase_add_test(tests, a_trace_that_is_not_closed_leaves_nothing);
    tcase_add_test(tests, only_an_excursion_can_be_undone_under_a_trace);
    tcase_add_test(tests, texts_go_to_whoever_asks);
    tcase_add_test(tests, a_folder_is_one_simulation_s_until_it_is_destroyed);
    tcase_add_test(tests, results_that_were_begun_appear_at_once_or_never);
    tcase_add_test(tests, names_of_results_lead_nowhere_else);
    tcase_add_test(tests, a_folder_with_other_things_is_refused);
    tcase_add_test(tests, what_is_asked_of_a_run_is_told_of_its_trace);
    return suite_run(suite);
}
