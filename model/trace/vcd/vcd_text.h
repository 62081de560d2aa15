/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_vcd_text: the lines of a VCD. Each function returns the end of what it put at `at`. */
#ifndef DMASIM_TRACE_VCD_TEXT_H
#define DMASIM_TRACE_VCD_TEXT_H

#include <string.h>

#include "trace/vcd/vcd_state.h"

static inline char *put_two(const struct trace_vcd *self, char *at, uint32_t value)
{
    memcpy(at, self->pairs[value], 2);
    return at + 2;
}

/* A line with the time. Most have only the last four digits to make: the others are as before. */
static inline char *put_new_time(struct trace_vcd *self, char *at, uint64_t time)
{
    *at++ = '#';
    if (time < 10000) {
        at = put_decimal(at, time);
    } else {
        if (time / 10000 != self->front) {
            self->front = time / 10000;
            self->front_length =
                (uint32_t)(put_decimal(self->front_text, self->front) - self->front_text);
        }
        memcpy(at, self->front_text, sizeof self->front_text);
        at += self->front_length;
        uint32_t last = (uint32_t)(time % 10000);
        at = put_two(self, at, last / 100);
        at = put_two(self, at, last % 100);
    }
    *at++ = '\n';
    return at;
}

/* The digits of `value` from its highest 1 on; all 64 if `whole`. Spoils DIGITS_SPOILED bytes from
 * `at` on. */
static inline char *put_binary(const struct trace_vcd *self, char *at, uint64_t value, bool whole)
{
    unsigned zeros = whole ? 0 : (unsigned)__builtin_clzll(value | 1);
    unsigned bits = 64 - zeros;
    value <<= zeros;
    memcpy(at, self->byte_bits[value >> 56], 8);
    if (bits > 8)
        for (unsigned byte = 1; byte < 4; byte++)
            memcpy(at + byte * 8, self->byte_bits[value >> (56 - 8 * byte) & 255], 8);
    if (bits > 32)
        for (unsigned byte = 4; byte < 8; byte++)
            memcpy(at + byte * 8, self->byte_bits[value >> (56 - 8 * byte) & 255], 8);
    return at + bits;
}

static inline char *put_tail(char *at, const struct vcd_field *field)
{
    memcpy(at, field->tail, sizeof field->tail);
    return at + field->tail_length;
}

static inline char *put_scalar(char *at, const struct vcd_field *field)
{
    char *end = put_tail(at, field);
    *at = (char)('0' + field->shown);
    return end;
}

static inline unsigned vcd_words(const struct vcd_field *field)
{
    return (field->width_bits + 63u) / 64;
}

/* Word i of VCD_WIDE as last published. */
static inline uint64_t latest_word(const struct vcd_field *field, unsigned i)
{
    const unsigned shift = field->shift, width = field->width_bits;
    uint64_t value = field->word[i].latest >> shift;
    if (shift && (i + 1) * 64 < shift + width)
        value |= field->word[i + 1].latest << (64 - shift);
    if (i + 1 == vcd_words(field) && width % 64)
        value &= (UINT64_C(1) << width % 64) - 1;
    return value;
}

/* The value of the field that the file shows from now on. */
static inline char *put_shown(const struct trace_vcd *self, char *at, const struct vcd_field *field)
{
    if (field->form == VCD_SCALAR)
        return put_scalar(at, field);
    *at++ = 'b';
    return put_tail(put_binary(self, at, field->shown, false), field);
}

/* The same of VCD_WIDE. */
static inline char *put_shown_wide(const struct trace_vcd *self, char *at,
                                   const struct vcd_field *field)
{
    unsigned count = vcd_words(field);
    while (count > 1 && field->wide[count - 1] == 0)
        count--;
    *at++ = 'b';
    at = put_binary(self, at, field->wide[count - 1], false);
    while (--count > 0)
        at = put_binary(self, at, field->wide[count - 1], true);
    return put_tail(at, field);
}

#endif
