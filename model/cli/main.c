/* SPDX-License-Identifier: BSD-2-Clause */
/* dmasim: the program. It finds the subcommand and hands over. */
#include <argp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "dmasim/dmasim.h"
#include "scenario/report.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *doc;
} commands[] = {
    {"run", cli_run, "simulate a scenario and write its results"},
    {"dts", cli_dts, "print a scenario's device tree"},
    {"linux", cli_linux, "let an unmodified Linux kernel drive a scenario's controllers"},
    {"sweep", cli_sweep, "run all points of an architecture study"},
    {"explain", cli_explain, "what the cycles of buses and transfers went by with"},
    {"compare", cli_compare, "figures of runs side by side"},
    {"report", cli_report, "a page with the pictures of a run or a study"},
    {"check", cli_check, "only validate scenarios"},
    {"regs", cli_regs, "print a register map as Markdown, C header or CSV"},
    {"schema", cli_schema, "print the JSON Schema of scenarios, for editors"},
    {"reference", cli_reference, "print the scenario reference in Markdown"},
    {"referee", cli_referee, "replay recorded cases and compare them cycle by cycle"},
    {"diff", cli_diff, "compare two traces, tables or folders of results"},
    {"trace", cli_trace, "check a VCD, tell what is in it, cut a part out of it"},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

static void help(FILE *to)
{
    fputs("Usage: dmasim COMMAND [ARGUMENT...]\n"
          "A cycle-accurate simulator of DMA controllers.\n\n",
          to);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].doc);
    fputs("\n  dmasim COMMAND --help tells more, with examples. dmasim --version prints the "
          "version.\n"
          "\nExamples:\n"
          "  dmasim run configs/quickstart.yaml\n"
          "  dmasim run configs/modes.yaml -o out/slow --set memories.sram.read_first=3\n"
          "  dmasim regs snps,dw-dmac\n"
          "\nExit codes: 0 good; 1 the thing asked about is false (a run did not finish, a "
          "comparison\n"
          "differs); 2 bad input or use.\n",
          to);
}

int main(int argc, char **argv)
{
    argp_err_exit_status = CLI_USAGE;
    setenv("ARGP_HELP_FMT", "rmargin=99", 0); /* so that an example is one line */
    signal(SIGXFSZ, SIG_IGN); /* a file that gets too large is an error of its write */
    if (argc < 2) {
        help(stderr);
        return CLI_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        help(stdout);
        return CLI_GOOD;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        printf("dmasim %s\n", dmasim_version());
        return CLI_GOOD;
    }
    struct suggestion suggestion;
    suggestion_start(&suggestion, name);
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run(argc - 1, argv + 1);
        suggestion_offer(&suggestion, commands[i].name);
    }
    struct line line = {.length = 0};
    line_add(&line, "unknown command ");
    line_quote(&line, name);
    suggestion_end(&suggestion, &line);
    fprintf(stderr, "dmasim: error: %s\nTry 'dmasim --help'.\n", line.text);
    return CLI_USAGE;
}
