/* SPDX-License-Identifier: BSD-2-Clause */
/* docs/metrics.md has each figure of the scenarios in configs/, with its unit and its definition; and no others. */
#include "metrics.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/scenario.h"
#include "suite.h"

enum { ROWS_MAX = 128, ROW = 400, NAME = 200 };

struct rows {
    char text[ROWS_MAX][ROW];
    unsigned count;
};

static void refused(void *context, const struct dmasim_error *error)
{
    (void)context;
    ck_abort_msg("%s", error->text);
}

/* The name with <bus> and the like for components, as the page has it. */
static void pattern(const struct metric *metric, char *name, size_t size)
{
    static const char *const groups[COUNTER_GROUPS] = {
        "bus.<bus>",   "bus.<bus>",       "controller.<controller>", "cpu.<cpu>",
        "fifo.<fifo>", "memory.<memory>", "interrupt.<component>",   "controller.<controller>"};
    const struct counter_part *part = metric->part;
    const char *sub = part->sub[1]                      ? ".master.<master>"
                      : part->group == COUNTERS_ERRATUM ? ".erratum_<n>"
                                                        : "";
    snprintf(name, size, "%s%s.%s", groups[part->group], sub, metric->counter->name);
}

static void add(struct rows *self, const struct metric *metric)
{
    char name[NAME], row[ROW];
    pattern(metric, name, sizeof name);
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

    FILE *page = fopen(SOURCE_DIR "/docs/metrics.md", "r");
    ck_assert_ptr_nonnull(page);
    char line[1024], missing[8192] = "";
    unsigned found = 0, lines = 0;
    bool seen[ROWS_MAX] = {false};
    while (fgets(line, sizeof line, page)) {
        line[strcspn(line, "\n")] = '\0';
        /* `transfers.` and `run.` are no counters. */
        if (strncmp(line, "| `", 3) != 0 || strstr(line, "transfers.") ||
            strstr(line, "latency.") || strstr(line, "`run."))
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
    ck_assert_msg(found == rows->count, "docs/metrics.md has not\n%s", missing);
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
