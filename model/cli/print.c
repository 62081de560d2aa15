/* SPDX-License-Identifier: BSD-2-Clause */
/* print: the subcommands that only print or check: check, regs, schema, reference. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/results_reference.h"
#include "dmasim/dmasim.h"
#include "scenario/report.h"
#include "scenario/scenario.h"
#include "system.h"

/* ---- check ----------------------------------------------------------------------------------- */

struct check_arguments {
    struct loading loading;
    const char **files; /* room for all arguments */
    size_t count;
};

static error_t check_option(int key, char *value, struct argp_state *state)
{
    struct check_arguments *self = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &self->loading;
        return 0;
    case ARGP_KEY_ARG:
        self->files[self->count++] = value;
        return 0;
    case ARGP_KEY_END:
        if (self->count == 0)
            argp_error(state, "name a scenario file");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool check_all(const struct check_arguments *self)
{
    const struct dmasim_options options = {.overrides = self->loading.overrides.texts,
                                           .override_count = self->loading.overrides.count,
                                           .confine = self->loading.confine,
                                           .memory_bytes = self->loading.memory_bytes,
                                           .check_only = true,
                                           .report = cli_print_error,
                                           .note = cli_print_note};
    bool good = true;
    for (size_t i = 0; i < self->count; i++) {
        struct dmasim *sim = cli_create(self->files[i], &options);
        good &= sim != NULL;
        if (sim) {
            cli_put(stdout, self->files[i]);
            fputs(": good\n", stdout);
        }
        dmasim_destroy(sim);
    }
    return good;
}

int cli_check(int argc, char **argv)
{
    static const struct argp_child children[] = {{&loading_argp, 0, NULL, 0}, {NULL, 0, NULL, 0}};
    static const struct argp argp = {
        NULL,
        check_option,
        "FILE...",
        "Validate scenarios without running them; FILE may be - for standard input. Every error is "
        "printed as FILE:LINE:COLUMN.\vExample:\n  dmasim check configs/*.yaml\n"
        "Options hold for every file. Exit code 2 if any file has an error.",
        children,
        NULL,
        NULL};
    struct check_arguments self = {.files = calloc((size_t)argc, sizeof(char *))};
    if (!self.files) {
        perror("dmasim: error");
        return CLI_USAGE;
    }
    const bool good = cli_parse(&argp, argc, argv, "dmasim check", &self) == 0 && check_all(&self);
    free(self.files);
    const int code = cli_flush(CLI_GOOD);
    return good ? code : CLI_USAGE;
}

/* ---- regs ------------------------------------------------------------------------------------ */

struct regs_arguments {
    const char *name;
    enum register_format format;
};

static error_t regs_option(int key, char *value, struct argp_state *state)
{
    struct regs_arguments *self = state->input;
    switch (key) {
    case 'f':
        if (strcmp(value, "markdown") == 0)
            self->format = REGISTER_MARKDOWN;
        else if (strcmp(value, "c") == 0)
            self->format = REGISTER_C_HEADER;
        else if (strcmp(value, "csv") == 0)
            self->format = REGISTER_CSV;
        else
            argp_error(state, "unknown format '%s': markdown, c or csv", value);
        return 0;
    case ARGP_KEY_ARG:
        if (self->name)
            argp_error(state, "one register map at a time");
        self->name = value;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void to_stdout(void *context, const char *text, size_t length)
{
    (void)context;
    fwrite(text, 1, length, stdout);
}

int cli_regs(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"format", 'f', "FORMAT", 0, "markdown (default), c or csv", 0},
        {NULL, 0, NULL, 0, NULL, 0},
    };
    static const struct argp argp = {
        options,
        regs_option,
        "[TYPE]",
        "Print the register map of a controller or peripheral; without "
        "TYPE, list those there are.\vExamples:\n"
        "  dmasim regs\n"
        "  dmasim regs snps,dw-dmac\n"
        "  dmasim regs snps,dw-dmac --format c > dw_dmac_regs.h",
        NULL,
        NULL,
        NULL};
    struct regs_arguments self = {.format = REGISTER_MARKDOWN};
    if (cli_parse(&argp, argc, argv, "dmasim regs", &self) != 0)
        return CLI_USAGE;

    struct suggestion suggestion;
    if (self.name)
        suggestion_start(&suggestion, self.name);
    for (const struct component_type *const *t = component_types; *t; t++) {
        if (!(*t)->registers)
            continue;
        if (!self.name) {
            printf("%-16s %s\n", (*t)->name, (*t)->doc);
        } else if (strcmp((*t)->name, self.name) == 0) {
            register_print((*t)->registers, self.format, to_stdout, NULL);
            return cli_flush(CLI_GOOD);
        } else {
            suggestion_offer(&suggestion, (*t)->name);
        }
    }
    if (!self.name)
        return cli_flush(CLI_GOOD);
    struct line line = {.length = 0};
    line_add(&line, "nothing with registers is called ");
    line_quote(&line, self.name);
    suggestion_end(&suggestion, &line);
    fprintf(stderr, "dmasim regs: error: %s\n", line.text);
    return CLI_USAGE;
}

/* ---- schema, reference ----------------------------------------------------------------------- */

static int print_only(int argc, char **argv, const char *name, const char *doc,
                      void (*print)(const struct component_type *const *types, FILE *out))
{
    const struct argp argp = {NULL, NULL, NULL, doc, NULL, NULL, NULL};
    if (cli_parse(&argp, argc, argv, name, NULL) != 0)
        return CLI_USAGE;
    print(NULL, stdout);
    return cli_flush(CLI_GOOD);
}

int cli_schema(int argc, char **argv)
{
    return print_only(argc, argv, "dmasim schema",
                      "Print the JSON Schema (Draft-07) of scenarios.\vExample:\n"
                      "  dmasim schema > scenario.schema.json\n"
                      "and in the first line of a scenario:\n"
                      "  # yaml-language-server: $schema=scenario.schema.json",
                      scenario_write_schema);
}

static error_t reference_option(int key, char *value, struct argp_state *state)
{
    bool *results = state->input;
    (void)value;
    if (key != 'r')
        return ARGP_ERR_UNKNOWN;
    *results = true;
    return 0;
}

int cli_reference(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"results", 'r', NULL, 0, "Of results: files, columns, signals, figures", 0},
        {NULL, 0, NULL, 0, NULL, 0},
    };
    static const struct argp argp = {options,
                                     reference_option,
                                     NULL,
                                     "Print the reference of scenarios in Markdown.\vExample:\n"
                                     "  dmasim reference > docs/scenario.md",
                                     NULL,
                                     NULL,
                                     NULL};
    bool results = false;
    if (cli_parse(&argp, argc, argv, "dmasim reference", &results) != 0)
        return CLI_USAGE;
    if (!results) {
        scenario_write_reference(NULL, stdout);
    } else if (!results_reference_print(stdout)) {
        fputs("dmasim reference: error: out of memory\n", stderr);
        return CLI_USAGE;
    }
    return cli_flush(CLI_GOOD);
}
