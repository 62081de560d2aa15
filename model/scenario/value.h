/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * value: numbers with units, to and from text, in integers only.
 *
 *     number  = digits ["." digits] | "0x" hex digits | "0b" binary digits    "_" between digits
 *     value   = number [spaces] [unit]
 *
 * "2.5 MHz" is exactly 2500000 Hz; a value that is no whole number of the kind's unit (hertz,
 * bytes, picoseconds, bytes per second) is an error. Letter case of a unit is free, but "Ms" is no
 * time. Of bytes K, M and G alone are powers of 1024.
 */
#ifndef DMASIM_VALUE_H
#define DMASIM_VALUE_H

#include "plan/parameter.h"
#include "scenario/report.h"

struct value_unit {
    const char *name;
    uint64_t multiply, divide; /* value = number * multiply / divide */
    const char *also;          /* another name; null: none */
};

/* The kind's units, smallest first, ended by a null name; null if it has none. */
const struct value_unit *value_units(enum parameter_kind kind);

/* True if the kind needs a unit on every value but 0. */
bool value_needs_unit(enum parameter_kind kind);

/* Reads text as a value of the kind (UINT, ADDRESS without names, BYTES, TIME, FREQUENCY, RATE).
 * False on error, with the message in *error. */
bool value_parse(enum parameter_kind kind, const char *text, uint64_t *value, struct line *error);

/* Writes the value so that value_parse() gives it back, with the largest unit that fits exactly. */
void value_format(enum parameter_kind kind, uint64_t value, char *text, size_t size);
#define VALUE_SIZE_OF "size of " /* and a file: its length, where bytes are wanted */
#define VALUE_TEXT 32            /* bytes enough for any */

/* Largest value a parameter takes: its max, or what its member holds. */
uint64_t value_max(const struct parameter *parameter);

/* True if the value is a default that stands for "not set". */
bool value_unset(const struct parameter *parameter, uint64_t value);

/* Range and power of two. False with the message in *error. */
bool value_allowed(const struct parameter *parameter, uint64_t value, struct line *error);

/* An unsigned member of 1, 2, 4 or 8 bytes. */
void value_store(void *member, size_t size_bytes, uint64_t value);
uint64_t value_load(const void *member, size_t size_bytes);

#endif
