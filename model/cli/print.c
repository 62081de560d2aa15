/* SPDX-License-Identifier: BSD-2-Clause */
/* print: the subcommands that only print or check: check, regs, schema, reference. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "dmasim/dmasim.h"
#include "scenario/report.h"
#include "scenario/scenario.h"
#include "system.h"

void cli_print_error(void *context, const struct dmasim_error *error)
{
    (void)context;
    if (error->line)
        fprintf(stderr, "%s:%d:%d: error: %s\n", error->file, error->line, error->column,
                error->text);
    else if (error->file[0])
        fprintf(stderr, "%s: error: %s\n", error->file, error->text);
    else
        fprintf(stderr, "dmasim: error: %s\n", error->text);
}

int cli_flush(int good)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return good;
    perror("dmasim: error: standard output");
    return CLI_USAGE;
}

/* ---- check ----------------------------------------------------------------------------------- */

struct check_arguments {
    struct override_list overrides;
    bool any, bad;
};

static error_t check_option(int key, char *value, struct argp_state *state)
{
    struct check_arguments *self = state->input;
    switch (key) {
    case 's':
        if (!override_add(&self->overrides, value))
            argp_error(state, "too many --set");
        return 0;
    case ARGP_KEY_ARG: {
        struct dmasim_options options = {.overrides = self->overrides.texts,
                                         .override_count = self->overrides.count,
                                         .report = cli_print_error};
        struct dmasim *sim = dmasim_create(value, &options, NULL);
        self->any = true;
        self->bad |= !sim;
        if (sim)
            printf("%s: good\n", value);
        dmasim_destroy(sim);
        return 0;
    }
    case ARGP_KEY_END:
        if (!self->any)
            argp_error(state, "name a scenario file");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int cli_check(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"set", 's', "PATH=VALUE", 0, "Override a value in the files that follow", 0},
        {NULL, 0, NULL, 0, NULL, 0},
    };
    static const struct argp argp = {
        options,
        check_option,
        "FILE...",
        "Validate scenarios without running them. Every error is printed as "
        "FILE:LINE:COLUMN.\vExample:\n  dmasim check configs/*.yaml\n"
        "Exit code 2 if any file has an error.",
        NULL,
        NULL,
        NULL};
    struct check_arguments self = {.any = false};
    argv[0] = (char[]){"dmasim check"};
    if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &self) != 0)
        return CLI_USAGE;
    return self.bad ? CLI_USAGE : cli_flush(CLI_GOOD);
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
    argv[0] = (char[]){"dmasim regs"};
    if (argp_parse(&argp, argc, argv, 0, NULL, &self) != 0)
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

static int print_only(int argc, char **argv, char *name, const char *doc,
                      void (*print)(const struct component_type *const *types, FILE *out))
{
    const struct argp argp = {NULL, NULL, NULL, doc, NULL, NULL, NULL};
    argv[0] = name;
    if (argp_parse(&argp, argc, argv, 0, NULL, NULL) != 0)
        return CLI_USAGE;
    print(NULL, stdout);
    return cli_flush(CLI_GOOD);
}

int cli_schema(int argc, char **argv)
{
    char name[] = "dmasim schema";
    return print_only(argc, argv, name,
                      "Print the JSON Schema (Draft-07) of scenarios.\vExample:\n"
                      "  dmasim schema > scenario.schema.json\n"
                      "and in the first line of a scenario:\n"
                      "  # yaml-language-server: $schema=scenario.schema.json",
                      scenario_write_schema);
}

int cli_reference(int argc, char **argv)
{
    char name[] = "dmasim reference";
    return print_only(argc, argv, name,
                      "Print the reference of scenarios in Markdown.\vExample:\n"
                      "  dmasim reference > docs/scenario.md",
                      scenario_write_reference);
}
