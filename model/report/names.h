/* SPDX-License-Identifier: BSD-2-Clause */
/* names: what the values of a signal are called, as trace.gtkw and the files beside it tell GTKWave. */
#ifndef DMASIM_REPORT_NAMES_H
#define DMASIM_REPORT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct report_name {
    unsigned long value;
    char text[32];
};

/* Names of the values of one signal: `file` has them. */
struct report_named {
    char *signal, *file;
    struct report_name *names;
    size_t count;
};

struct report_names {
    struct report_named *all;
    size_t count;
};

/* Reads trace.gtkw of a folder and the files that it names; what cannot be read has no names. */
void report_names_read(struct report_names *self, const char *folder);
void report_names_free(struct report_names *self);

/* Those of a signal's path, null if it has none. */
const struct report_named *report_names_of(const struct report_names *self, const char *signal);

/* The name of a value as waves.c has it: "101" or "0x1f". Null if it has none. */
const char *report_named_value(const struct report_named *self, const char *value);

#endif
