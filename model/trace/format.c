/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_format: fixed-point ratios and growing texts. */
#include "trace/format.h"

#include <stdbool.h>
#include <stdlib.h>

char *put_ratio(char *at, uint64_t numerator, uint64_t scale, uint64_t denominator,
                unsigned decimals)
{
    uint64_t unit = 1;
    for (unsigned i = 0; i < decimals; i++)
        unit *= 10;
    uint128 value = 0;
    if (denominator) {
        uint128 product = (uint128)numerator * scale; /* a carry is lost only beyond 2^128 */
        value = product / denominator * unit +
                ((product % denominator) * unit + denominator / 2) / denominator;
    }
    at = put_decimal(at, (uint64_t)(value / unit));
    if (decimals == 0)
        return at;
    *at++ = '.';
    uint64_t fraction = (uint64_t)(value % unit);
    for (unsigned i = decimals; i-- > 0; fraction /= 10)
        at[i] = (char)('0' + fraction % 10);
    return at + decimals;
}

char *put_significant(char *at, uint64_t numerator, uint64_t scale, uint64_t denominator,
                      unsigned digits)
{
    for (unsigned decimals = 6;; decimals--) {
        char *end = put_ratio(at, numerator, scale, denominator, decimals);
        const char *first = at;
        while (first < end && (*first == '0' || *first == '.'))
            first++;
        const bool whole = first < end - decimals;
        if (decimals == 1 || (first < end && (unsigned)(end - first) - whole <= digits))
            return end;
    }
}

char *trace_text_room(struct trace_text *self, size_t bytes)
{
    if (self->size - self->used < bytes) {
        size_t size = self->size ? self->size : 256;
        while (size - self->used < bytes)
            size *= 2;
        char *data = realloc(self->data, size);
        if (!data) {
            self->failed = 1;
            return NULL;
        }
        self->data = data;
        self->size = size;
    }
    return self->data + self->used;
}

void trace_text_cell(struct trace_text *self, const char *cell)
{
    size_t length = strlen(cell);
    char *at = trace_text_room(self, 2 * length + 2);
    if (!at)
        return;
    char *from = at;
    if (!cell[strcspn(cell, ",\"\r\n")]) {
        memcpy(at, cell, length);
        self->used += length;
        return;
    }
    *at++ = '"';
    for (; *cell; cell++) {
        if (*cell == '"')
            *at++ = '"';
        *at++ = *cell;
    }
    *at++ = '"';
    self->used += (size_t)(at - from);
}

void trace_text_free(struct trace_text *self)
{
    free(self->data);
    *self = (struct trace_text){0};
}
