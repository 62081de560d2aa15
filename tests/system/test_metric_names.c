/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * docs/results.md has each figure of the scenarios in configs/, with its unit and its definition, and no others that are
 * counted; and each column and signal of their probes.
 */
#include "metrics.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/scenario.h"
#include "suite.h"
#include "trace/columns.h"

enum { ROWS_MAX = 192, ROW = 400, NAME = 200 };

struct rows {
    char text[ROWS_MAX][ROW];
    unsigned count;
};

static void refused(void *context, const struct dmasim_error *error)
{
    (void)context;
    ck_abort_msg("%s", error->text);
}

static void add(struct rows *self, const struct metric *metric)
{
    char name[NAME], row[ROW];
    metric_pattern(metric, name, sizeof name);
    if (metric->decimals)
        snprintf(row, sizeof row, "| `%s` | %s, %u decimals | %s |", name, metric->unit,
                 metric->decimals, metric->doc);
    else
        snprintf(row, sizeof row, "| `%s` | %s | %s |", name, metric->unit, metric->doc);
    for (unsigned i = 0; i < self->count; i++)
        if (strcmp(self->text[i], row) == 0)
            return;
    ck_assert_uint_lt(self->count, ROWS_MAX);
    strcpy(self->text[self->count++], row);
}

/* Each field of a probe that a table or the VCD shows. */
static void check_probes(const struct system *system, const char *path)
{
    static const char *const in_tables[] = {"ahb_beat",     "bus_beat",  "isa_cycle",
                                            "dram_command", "rtl_event", "cpu_access"};
    for (const struct probe *probe = system->probes; probe; probe = probe->link) {
        const struct probe_type *type = probe->type;
        bool table = false;
        for (size_t i = 0; i < sizeof in_tables / sizeof in_tables[0]; i++)
            table |= strcmp(in_tables[i], type->name) == 0;
        for (size_t i = 0; i < type->field_count; i++) {
            const struct probe_field *field = &type->fields[i];
            const bool vcd = field->width_bits &&
                             (type->kind != PROBE_EVENT || strcmp(type->name, "register") == 0);
            const bool front = strcmp(field->name, "data_cycle") == 0 ||
                               strcmp(field->name, "end_cycle") == 0 ||
                               strcmp(field->name, "time_ps") == 0;
            if (vcd || (table && !front))
                ck_assert_msg(trace_column(type->name, field->name),
                              "%s: %s of %s has no definition", path, field->name, type->name);
        }
    }
}

/* All parts, also those that are listed only once they have counted something. */
static void add_component(struct rows *self, const struct component *component)
{
    struct metric_walk walk = {.of = component};
    for (uint32_t i = 0;
         component->type->counters && component->type->counters(component, i, 0, &walk.part); i++) {
        struct metric metric;
        for (uint32_t row = 0; metric_of_part(&walk, row, &metric); row++)
            add(self, &metric);
    }
}

static void add_scenario(struct rows *self, const char *path)
{
    const struct scenario_options options = {.report = refused};
    struct scenario *scenario;
    struct system system;
    ck_assert_int_eq(scenario_load(path, &options, &scenario), DMASIM_OK);
    struct scenario_check check;
    scenario_check_start(&check, scenario);
    ck_assert_int_eq(system_create(&system, scenario_plan(scenario), 0, &check.check), DMASIM_OK);
    scenario_check_end(&check, refused, NULL);
    for (int section = 0; section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < system.plan->counts[section]; i++)
            add_component(self, &system.plan->components[section][i]);
    check_probes(&system, path);
    system_free(&system);
    scenario_free(scenario);
}

START_TEST(the_page_has_every_figure_and_no_other)
{
    struct rows *rows = calloc(1, sizeof *rows);
    DIR *dir = opendir(SOURCE_DIR "/configs");
    ck_assert(rows && dir);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        char path[512];
        const char *end = strrchr(entry->d_name, '.');
        snprintf(path, sizeof path, SOURCE_DIR "/configs/%s", entry->d_name);
        if (end && strcmp(end, ".yaml") == 0)
            add_scenario(rows, path);
    }
    closedir(dir);

    FILE *page = fopen(SOURCE_DIR "/docs/results.md", "r");
    ck_assert_ptr_nonnull(page);
    char line[1024], missing[8192] = "";
    unsigned found = 0, lines = 0;
    bool figures = false;
    bool seen[ROWS_MAX] = {false};
    while (fgets(line, sizeof line, page)) {
        line[strcspn(line, "\n")] = '\0';
        figures |= strcmp(line, "## Figures") == 0;
        figures &= strcmp(line, "### Of a whole run") != 0; /* those are no counters */
        if (!figures || strncmp(line, "| `", 3) != 0)
            continue;
        lines++;
        bool known = false;
        for (unsigned i = 0; i < rows->count; i++)
            if (strcmp(rows->text[i], line) == 0) {
                found += !seen[i];
                seen[i] = known = true;
            }
        ck_assert_msg(known, "nothing counts this:\n%s", line);
    }
    fclose(page);
    for (unsigned i = 0; i < rows->count; i++)
        if (!seen[i])
            snprintf(missing + strlen(missing), sizeof missing - strlen(missing), "%s\n",
                     rows->text[i]);
    ck_assert_msg(found == rows->count, "docs/results.md has not\n%s", missing);
    ck_assert_uint_ge(lines, rows->count);
    free(rows);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("metric_names");
    TCase *tcase = tcase_create("metric_names");
    tcase_add_test(tcase, the_page_has_every_figure_and_no_other);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
