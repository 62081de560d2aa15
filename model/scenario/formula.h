/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * formula: expressions over figures and values, as scenarios and studies have them.
 *
 *     transfers.failed == 0 and bus.ahb.share_of_peak >= 80
 *     transfers.latency.p99 < 2 us
 *     min(burst * 4 B, 256) <= fifo and arbiter != "fixed"
 *
 *     or, and, not     in that order, weakest first; so may stand ||, &&, !
 *     == != < <= > >=  of two numbers, or == and != of two texts
 *     + - * / %  **    as in C; ** is a power
 *     number           12, 0x40, 2.5, 1e6, 1_000, with a unit of scenarios: 64 KiB, 10 us, 100 MHz, 3 MB/s
 *     "text"           or 'text'
 *     name             words of letters, digits, "_" and "-", joined by dots; in `...` any characters
 *     abs ceil floor log2 round sqrt (x), min max (x, ...), if (condition, x, y)
 *
 * A "-" inside a word belongs to it: a difference of names has blanks around it.
 *
 * Numbers are doubles. A unit makes a plain number of the unit that figures have: bytes, nanoseconds, hertz,
 * bytes a second. A condition is 1 or 0. What has no value (a figure that a run does not have, a
 * division by zero) has none in what follows either, but for `and` with a false side and `or` with a true one,
 * and the side that `if` does not take.
 *
 * A formula looks up no names: it lists those it has, and is evaluated over an array of their values. It is
 * bounded in text, names and depth, so a stranger's cannot cost much, and it reaches nothing but that array.
 */
#ifndef DMASIM_FORMULA_H
#define DMASIM_FORMULA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/arena.h"

#define FORMULA_TEXT_MAX 4096u
#define FORMULA_NAMES_MAX 128u
#define FORMULA_DEPTH_MAX 64u

enum formula_kind {
    FORMULA_NONE, /* no value */
    FORMULA_NUMBER,
    FORMULA_TEXT,
};

struct formula_value {
    enum formula_kind kind;
    double number;
    const char *text;
};

struct formula_error {
    size_t offset; /* of the character, from 0 */
    char text[160];
};

struct formula;

/* Null with *error filled. The formula and its names lie in the arena; `text` need not stay. */
struct formula *formula_parse(struct arena *arena, const char *text, struct formula_error *error);

/* The names it has, each once, in the order of their first use; null after the last. *offset (may be null)
 * is where the first use stands in the text. */
const char *formula_name(const struct formula *self, uint32_t index, size_t *offset);

/* Its value for those of its names. A text where a number is wanted has no value. Several threads may evaluate
 * one formula at once. */
struct formula_value formula_evaluate(const struct formula *self,
                                      const struct formula_value *values);

/* True if it is a number other than 0. */
static inline bool formula_true(struct formula_value value)
{
    return value.kind == FORMULA_NUMBER && value.number != 0;
}

/* The number that a value of a scenario stands for, unit and all: NAN if it is none. */
double formula_number(const char *text);

#endif
