/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_format: numbers as text, without printf and without a locale.
 *
 * Each put_* writes at `at`, without a final zero byte, and returns the place after what it wrote.
 */
#ifndef DMASIM_TRACE_FORMAT_H
#define DMASIM_TRACE_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FORMAT_DIGITS_MAX 20 /* of a 64-bit decimal */

__extension__ typedef unsigned __int128 uint128;

static inline char *put_decimal(char *at, uint64_t value)
{
    if (value < 10) {
        *at = (char)('0' + value);
        return at + 1;
    }
    char digits[FORMAT_DIGITS_MAX];
    size_t from = sizeof digits;
    do {
        digits[--from] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    memcpy(at, digits + from, sizeof digits - from);
    return at + (sizeof digits - from);
}

/* The low `digits` hex digits (1 .. 16), leading zeros too. */
static inline char *put_hex_padded(char *at, uint64_t value, unsigned digits)
{
    char *end = at + digits;
    for (char *digit = end; digit-- > at; value >>= 4)
        *digit = "0123456789abcdef"[value & 15];
    return end;
}

static inline char *put_hex(char *at, uint64_t value)
{
    unsigned bits = 64 - (unsigned)__builtin_clzll(value | 1);
    return put_hex_padded(at, value, (bits + 3) / 4);
}

static inline char *put_text(char *at, const char *text)
{
    size_t length = strlen(text);
    memcpy(at, text, length);
    return at + length;
}

/* numerator * scale / denominator with `decimals` (0 .. 6) digits after the point, rounded to
 * nearest, halves up; "0" if the denominator is 0. */
char *put_ratio(char *at, uint64_t numerator, uint64_t scale, uint64_t denominator,
                unsigned decimals);

/* The same with as many decimals (1 .. 6) as `digits` significant digits need: of four 0.03120, 16.70, 144.8,
 * 1448.0. Writes FORMAT_DIGITS_MAX + 7 characters at most. */
char *put_significant(char *at, uint64_t numerator, uint64_t scale, uint64_t denominator,
                      unsigned digits);

/* A text that grows. On lack of memory it stays as it was and `failed` is set. */
struct trace_text {
    char *data;
    size_t used, size;
    int failed;
};

/* Room for `bytes` more at the end, null without memory; the caller then adds to `used`. */
char *trace_text_room(struct trace_text *self, size_t bytes);

/* Appends a CSV cell, quoted (RFC 4180) if it holds a comma, a quote or a line end. */
void trace_text_cell(struct trace_text *self, const char *cell);

void trace_text_free(struct trace_text *self);

#endif
