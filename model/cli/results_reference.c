/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * results_reference: see results_reference.h.
 *
 * Figures are in tables of the components that count them, which a component has once it is built. So small systems are
 * built here, with one of each type that counts; a test holds that they miss nothing that any scenario in configs has.
 */
#include "cli/results_reference.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"
#include "kernel/text.h"
#include "metrics.h"
#include "scenario/scenario.h"
#include "trace/columns.h"
#include "trace/summary/figures.h"

enum { ROWS_MAX = 256, NAME = 200 };

static const char *const systems[] = {
    "clocks: {c: {frequency: 100 MHz}}\n"
    "buses: {ahb: {clock: c}}\n"
    "cpus: {cpu: {bus: ahb, mappings: {}, cache: {}}}\n"
    "controllers: {dma: {type: \"snps,dw-dmac\", bus: ahb, base: 0x40000000, interrupt: cpu}}\n"
    "memories: {sram: {bus: ahb, base: 0x20000000, size: 64 KiB}}\n"
    "peripherals: {device: {type: fifo, bus: ahb, base: 0x50000000, direction: dev_to_mem,\n"
    "  controller: dma, line: 1}}\n",
    "clocks: {c: {frequency: 100 MHz}}\n"
    "buses: {axi: {type: axi, clock: c, width: 64}}\n"
    "cpus: {cpu: {bus: axi}}\n"
    "controllers: {dma: {type: \"adi,axi-dmac\", bus: axi, base: 0x40000000, source: fifo,\n"
    "  destination_bus: axi, interrupt: cpu}}\n"
    "memories: {memory: {type: axi-sram, bus: axi, base: 0x80000000, size: 64 KiB},\n"
    "  dram: {type: dram, bus: axi, base: 0x90000000, size: 16 MiB, preset: ddr4-2400}}\n"
    "peripherals: {writer: {type: fifo-writer, controller: dma}}\n",
    "clocks: {c: {frequency: 5 MHz}}\n"
    "buses: {isa: {type: isa, clock: c}}\n"
    "cpus: {cpu: {bus: isa}}\n"
    "controllers: {dma: {type: \"intel,8237a\", bus: isa, pages: pages}}\n"
    "memories: {ram: {type: isa-memory, bus: isa, base: 0, size: 64 KiB}}\n"
    "peripherals: {pages: {type: isa-pages, bus: isa},\n"
    "  disk: {type: isa-device, bus: isa, port: 0x300, controller: dma, channel: 1,\n"
    "    direction: to_memory, bytes: 16 B, interrupt: cpu}}\n",
};

struct rows {
    const char *titles[ROWS_MAX];
    char *texts[ROWS_MAX];
    unsigned count;
    bool failed;
};

/* Under which a part's figures stand, in the order of the page. */
static const char *const titles[] = {"AHB",     "AXI",        "ISA",  "Controllers", "CPUs",
                                     "Devices", "Interrupts", "DRAM", "Others",      NULL};

static const char *title_of(const struct component *component, enum counter_group group)
{
    switch (group) {
    case COUNTERS_BUS:
        return titles[0];
    case COUNTERS_BEATS:
        return strcmp(component->type->name, "isa") == 0 ? titles[2] : titles[1];
    case COUNTERS_CONTROLLER:
    case COUNTERS_ERRATUM:
        return titles[3];
    case COUNTERS_CPU:
        return titles[4];
    case COUNTERS_FIFO:
        return titles[5];
    case COUNTERS_INTERRUPT:
        return titles[6];
    case COUNTERS_MEMORY:
        return titles[7];
    default:
        return titles[8];
    }
}

static void add(struct rows *self, const char *title, const struct metric *metric)
{
    char name[NAME], decimals[32] = "";
    metric_pattern(metric, name, sizeof name);
    if (metric->decimals)
        snprintf(decimals, sizeof decimals, ", %u decimals", metric->decimals);
    const int length =
        snprintf(NULL, 0, "| `%s` | %s%s | %s |", name, metric->unit, decimals, metric->doc);
    char *row = malloc((size_t)length + 1);
    if (!row || self->count == ROWS_MAX) {
        free(row);
        self->failed = true;
        return;
    }
    snprintf(row, (size_t)length + 1, "| `%s` | %s%s | %s |", name, metric->unit, decimals,
             metric->doc);
    for (unsigned i = 0; i < self->count; i++)
        if (self->titles[i] == title && strcmp(self->texts[i], row) == 0) {
            free(row);
            return;
        }
    self->titles[self->count] = title;
    self->texts[self->count++] = row;
}

/* All parts, also those that are listed only once they have counted something. */
static void add_component(struct rows *self, const struct component *component)
{
    struct metric_walk walk = {.of = component};
    for (uint32_t i = 0;
         component->type->counters && component->type->counters(component, i, 0, &walk.part); i++) {
        struct metric metric;
        for (uint32_t row = 0; metric_of_part(&walk, row, &metric); row++)
            add(self, title_of(component, walk.part.group), &metric);
    }
}

static void add_system(struct rows *self, const char *text)
{
    const struct scenario_options options = {.report = NULL};
    struct scenario *scenario;
    struct system system;
    if (scenario_load_text(text, strlen(text), "reference", NULL, &options, &scenario) !=
        DMASIM_OK) {
        self->failed = true;
        return;
    }
    struct scenario_check check;
    scenario_check_start(&check, scenario);
    const int code = system_create(&system, scenario_plan(scenario), 0, &check.check);
    scenario_check_end(&check, NULL, NULL);
    for (int section = 0; code == DMASIM_OK && section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < system.plan->counts[section]; i++)
            add_component(self, &system.plan->components[section][i]);
    self->failed |= code != DMASIM_OK;
    system_free(&system);
    scenario_free(scenario);
}

/* ---- printing -------------------------------------------------------------------------------- */

static void print_files(FILE *to)
{
    fputs("## Files\n\n| file | asked for by | what it is |\n| --- | --- | --- |\n", to);
    for (const struct result_file *file = trace_result_files; file->name; file++)
        fprintf(to, "| `%s` | %s | %s |\n", file->name, file->asked, file->holds);
}

static const char *files_of(const char *type)
{
    for (const struct result_file *file = trace_result_files; file->name; file++)
        for (size_t i = 0; i < COUNT(file->columns) && file->columns[i]; i++)
            if (strcmp(file->columns[i], type) == 0)
                return file->name;
    return NULL;
}

static void print_columns(FILE *to)
{
    fputs("\n## Columns and signals\n\n"
          "The wires of a bus have the same names in its tables and in the VCD.\n",
          to);
    for (const struct columns *one = trace_columns; one->type; one++) {
        const char *file = files_of(one->type);
        if (file)
            fprintf(to, "\n**%s**, %s:\n\n", file, one->where);
        else
            fprintf(to, "\n**%c%s**:\n\n", ascii_upper(one->where[0]), one->where + 1);
        fputs("| name | unit | definition |\n| --- | --- | --- |\n", to);
        for (const struct column *column = one->list; column->name; column++)
            fprintf(to, "| `%s` | %s | %s |\n", column->name, column->unit ? column->unit : "",
                    column->doc);
    }
}

static const char head[] = "| name | unit | definition |\n| --- | --- | --- |\n";

static void print_figures(FILE *to, const struct rows *rows)
{
    fputs(
        "\n## Figures\n\n"
        "The rows of `summary.csv`. `<...>` stands for a component's name, or for that of a master "
        "on a bus; how they are counted, and why:\n[metrics.md](metrics.md).\n",
        to);
    for (size_t i = 0; titles[i]; i++) {
        unsigned written = 0;
        for (unsigned row = 0; row < rows->count; row++) {
            if (rows->titles[row] != titles[i])
                continue;
            if (written++ == 0)
                fprintf(to, "\n### %s\n\n%s", titles[i], head);
            fprintf(to, "%s\n", rows->texts[row]);
        }
    }
}

static void print_figure(FILE *to, const char *front, const struct summary_figure *figure)
{
    fprintf(to, "| `%s%s` | %s", front, figure->name, figure->unit);
    if (figure->decimals)
        fprintf(to, ", %u decimals", figure->decimals);
    fprintf(to, " | %s |\n", figure->doc);
}

static void print_whole(FILE *to)
{
    static const char of_controller[] = "controller.<controller>.";
    fprintf(to, "\n### Of a whole run\n\n%s", head);
    for (int i = 0; i < FIGURE_PERIODS; i++)
        print_figure(to, "", &summary_figures[i]);
    for (int i = FIGURE_TRANSFERS; i < FIGURE_PERIODS; i++)
        print_figure(to, of_controller, &summary_figures[i]);
    print_figure(to, "transfer.<entry>.", &summary_figures[FIGURE_PERIODS]);
    print_figure(to, "transfer.<entry>.", &summary_figures[FIGURE_MISSED]);
    for (int i = 0; i < SUMMARY_DISTRIBUTIONS; i++) {
        const struct summary_distribution *one = &summary_distributions[i];
        for (int rank = 0; rank < SUMMARY_RANKS; rank++)
            fprintf(to, "| `%s.%s.%s` | %s%s | %s, %s |\n", one->front, one->name,
                    summary_ranks[rank].name, one->cycles ? "cycles" : "ns",
                    one->cycles && rank != SUMMARY_MEAN ? "" : ", 3 decimals",
                    summary_ranks[rank].doc, one->doc);
    }
    fputs("\nA distribution without a value has no figures. Rows of causes, "
          "`bus.<bus>.cause.<cause>` and so on: [explain.md](explain.md).\n",
          to);
}

bool results_reference_print(FILE *to)
{
    struct rows *rows = calloc(1, sizeof *rows);
    if (!rows)
        return false;
    for (size_t i = 0; i < COUNT(systems); i++)
        add_system(rows, systems[i]);
    print_files(to);
    print_columns(to);
    print_figures(to, rows);
    print_whole(to);
    const bool good = !rows->failed;
    for (unsigned i = 0; i < rows->count; i++)
        free(rows->texts[i]);
    free(rows);
    return good;
}
