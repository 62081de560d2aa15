/* SPDX-License-Identifier: BSD-2-Clause */
/* trace: what the commands of `dmasim trace` share. */
#ifndef DMASIM_CLI_TRACE_H
#define DMASIM_CLI_TRACE_H

#include <argp.h>

#include "compare/mapping.h"
#include "compare/texts.h"
#include "reading/vcd.h"

#define TRACE_LIST_MAX 256

enum trace_key {
    KEY_FROM = 256,
    KEY_TO,
    KEY_ONLY,
    KEY_IGNORE,
    KEY_FORMAT,
    KEY_MAX,
    KEY_SIGNALS,
    KEY_EXPORT
};

struct trace_arguments {
    const char **paths;
    size_t path_count;
    const char *output;
    struct selection selection;
    const char *ignore[TRACE_LIST_MAX], *only[TRACE_LIST_MAX];
    struct time_argument from, to;
    bool json, signals, many; /* many: more than one file may be named */
    size_t max;
    char form; /* of export: 'c'hrome, 'f'st, c't'f */
};

/* Reads the arguments; argv[0] becomes `name`. trace_done() frees. CLI_GOOD or CLI_USAGE. */
int trace_parse(struct trace_arguments *self, const struct argp *argp, int argc, char **argv,
                char *name);
void trace_done(struct trace_arguments *self);

error_t trace_option(int key, char *value, struct argp_state *state);

void trace_print_fault(const char *path, const struct vcd_fault *fault);

/* A whole subcommand that takes one VCD: reads the arguments, opens the file, reads its declarations, and gives
 * both to `use`, which returns the exit code. */
int trace_with_vcd(const struct argp *argp, int argc, char **argv, char *name,
                   int (*use)(const struct trace_arguments *self, struct vcd *vcd));

/* Which variables are meant; to be freed. */
bool *trace_select(const struct vcd *vcd, const struct selection *selection);

int trace_cut(int argc, char **argv);
int trace_export(int argc, char **argv);

#endif
