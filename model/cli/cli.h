/* SPDX-License-Identifier: BSD-2-Clause */
/* cli: the subcommands of dmasim. Each gets argv from its own name on and returns the exit code. */
#ifndef DMASIM_CLI_H
#define DMASIM_CLI_H

enum cli_exit {
    CLI_GOOD = 0,
    CLI_FALSE = 1, /* the thing asked about is false: a comparison differs, a run did not finish */
    CLI_USAGE = 2, /* bad input or use */
    CLI_INTERRUPTED = 130, /* by a signal, in order */
};

int cli_run(int argc, char **argv);
int cli_dts(int argc, char **argv);
int cli_linux(int argc, char **argv);
int cli_sweep(int argc, char **argv);
int cli_compare(int argc, char **argv);
int cli_report(int argc, char **argv);
int cli_explain(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_regs(int argc, char **argv);
int cli_schema(int argc, char **argv);
int cli_reference(int argc, char **argv);
int cli_referee(int argc, char **argv);
int cli_diff(int argc, char **argv);
int cli_trace(int argc, char **argv);

#endif
