/* SPDX-License-Identifier: BSD-2-Clause */
/* texts: lists of texts, and numbers that texts are made of. */
#ifndef DMASIM_COMPARE_TEXTS_H
#define DMASIM_COMPARE_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Femtoseconds. 63 bits of a unit of 100 s still fit. */
__extension__ typedef __int128 trace_time;

struct texts {
    char **all;
    size_t count, room;
};

/* Each adds a copy; false if there is no memory. */
bool texts_add(struct texts *self, const char *text);
void texts_sort(struct texts *self);
void texts_free(struct texts *self);

/* A decimal number of `unit_fs`, with a fraction if need be. Returns `to`. */
#define TRACE_TIME_ROOM 64
char *trace_time_print(trace_time time, uint64_t unit_fs, char to[TRACE_TIME_ROOM]);

/* "10ns" */
char *trace_unit_print(uint64_t unit_fs, char to[TRACE_TIME_ROOM]);

/*
 * A time of the command line: "80ns", "1.5 us", "-100ps", a bare number (of A's unit), or "3cycles".
 * It is number / divisor of the unit.
 */
struct time_argument {
    bool given, cycles;
    trace_time number, divisor;
    uint64_t unit_fs; /* 0: A's */
};

bool time_argument_parse(struct time_argument *self, const char *text);

/* In femtoseconds. False if it is no whole number of them. */
bool time_argument_resolve(const struct time_argument *self, uint64_t unit_fs, trace_time *time);

/* A text in JSON, with its quotes; bytes that are no UTF-8 as U+FFFD. */
void json_print(const char *text, FILE *out);

#endif
