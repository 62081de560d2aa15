/* SPDX-License-Identifier: BSD-2-Clause */
/* round_text: keeping the text of rounds, and putting it again. */
#include "trace/round_text.h"

#include <stdlib.h>
#include <string.h>

#include "trace/format.h"

enum {
    PIECE = 1 << 12, /* bytes between two cells that are copied at once */
    DIGITS_MAX = 64, /* of a cell */
    STRIDE = 32,     /* copied at a time, so spoiled behind a piece */
    FIRST_CELLS = 1 << 10,
};

/* ---- hearing --------------------------------------------------------------------------------- */

bool round_text_hear(struct round_text *self, unsigned part)
{
    trace_file_copy(self->file, part < 2 ? &self->heard[part] : NULL);
    self->cell_count = 0;
    return part == 0 || !self->heard[part - 1].failed;
}

void round_text_leave(struct round_text *self)
{
    trace_file_copy(self->file, NULL);
}

void round_text_free(struct round_text *self)
{
    free(self->heard[0].text);
    free(self->heard[1].text);
    free(self->cells);
    *self = (struct round_text){.file = self->file};
}

bool round_text_cell(struct round_text *self, const struct round_cell *cell)
{
    if (self->cell_count == self->cell_room) {
        const size_t room = self->cell_room ? 2 * self->cell_room : FIRST_CELLS;
        struct round_cell *cells = realloc(self->cells, room * sizeof *cells);
        if (!cells)
            return false;
        self->cells = cells;
        self->cell_room = room;
    }
    self->cells[self->cell_count++] = *cell;
    return true;
}

const char *round_text_line(const char *line, const char *end)
{
    const char *found = memchr(line, '\n', (size_t)(end - line));
    return found ? found + 1 : end;
}

/* ---- tables ---------------------------------------------------------------------------------- */

static const char *cell_end(const char *from, const char *end)
{
    while (from < end && *from != ',' && *from != '\n')
        from++;
    return from;
}

/* False if it is no decimal number. */
static bool read_decimal(const char *from, const char *end, uint64_t *value)
{
    *value = 0;
    const bool any = from < end && end - from < FORMAT_DIGITS_MAX;
    for (; from < end; from++) {
        if (*from < '0' || *from > '9')
            return false;
        *value = *value * 10 + (uint64_t)(*from - '0');
    }
    return any;
}

static bool add_line(struct round_text *self, const char *a, const char *a_end, const char *b,
                     const char *b_end, const bool *linear, size_t columns)
{
    for (size_t column = 0; a < a_end && b < b_end; column++) {
        const char *a_next = cell_end(a, a_end), *b_next = cell_end(b, b_end);
        const size_t length = (size_t)(b_next - b);
        if (*a == '"' || *b == '"')
            return false; /* there may be commas in it */
        if ((size_t)(a_next - a) != length || memcmp(a, b, length) != 0) {
            struct round_cell cell = {.at = (uint32_t)(b - self->heard[1].text),
                                      .length = (uint8_t)length,
                                      .form = ROUND_DECIMAL,
                                      .bits = 64};
            uint64_t before;
            if (column >= columns || !linear[column] || !read_decimal(a, a_next, &before) ||
                !read_decimal(b, b_next, &cell.value))
                return false;
            cell.growth = cell.value - before;
            if (!round_text_cell(self, &cell))
                return false;
        }
        a = a_next + 1;
        b = b_next + 1;
    }
    return a >= a_end && b >= b_end;
}

bool round_text_table(struct round_text *self, const bool *linear, size_t columns)
{
    const char *a = self->heard[0].text, *b = self->heard[1].text;
    const char *a_end = a + self->heard[0].used, *b_end = b + self->heard[1].used;
    while (a < a_end && b < b_end) {
        const char *a_next = round_text_line(a, a_end), *b_next = round_text_line(b, b_end);
        if (!add_line(self, a, a_next, b, b_next, linear, columns))
            return false;
        a = a_next;
        b = b_next;
    }
    return a == a_end && b == b_end;
}

/* ---- putting --------------------------------------------------------------------------------- */

/* Decimal numbers of which most have the same digits in front of the last four. */
struct front {
    uint64_t value;
    size_t length;
    char text[FORMAT_DIGITS_MAX + 4];
};

static void put_four(char *at, uint32_t value)
{
    const uint32_t hundreds = value * 5243 >> 19; /* value / 100, of values below 10000 */
    const uint32_t pairs = hundreds | (value - 100 * hundreds) << 16;
    const uint32_t tens = (pairs * 103 >> 10) & 0x000f000f; /* each / 10 */
    const uint32_t digits = (tens | (pairs - 10 * tens) << 8) + 0x30303030;
    const char text[4] = {(char)digits, (char)(digits >> 8), (char)(digits >> 16),
                          (char)(digits >> 24)};
    memcpy(at, text, sizeof text);
}

static inline char *put_with_front(struct front *front, char *at, uint64_t value)
{
    if (value < 10000)
        return put_decimal(at, value);
    const uint64_t higher = value / 10000;
    if (higher != front->value) {
        front->value = higher;
        front->length = (size_t)(put_decimal(front->text, higher) - front->text);
    }
    memcpy(at, front->text, FORMAT_DIGITS_MAX);
    at += front->length;
    put_four(at, (uint32_t)(value % 10000));
    return at + 4;
}

static char *put_bits(char *at, uint64_t value)
{
    for (int bit = 63 - __builtin_clzll(value | 1); bit >= 0; bit--)
        *at++ = (char)('0' + (value >> bit & 1));
    return at;
}

static inline char *put_cell(struct front *front, char *at, const struct round_cell *cell,
                             uint64_t rounds)
{
    const uint64_t value = cell->value + rounds * cell->growth;
    if (cell->form == ROUND_DECIMAL)
        return put_with_front(front, at, value);
    return put_bits(at, cell->bits < 64 ? value & ((UINT64_C(1) << cell->bits) - 1) : value);
}

/* Copies, and spoils some bytes behind; there are as many behind the text. */
static inline void copy_piece(char *to, const char *from, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += STRIDE)
        memcpy(to + i, from + i, STRIDE);
}

/* The text in front of the cell at `to`, of any length: what is left of it is short. */
static const char *put_long(struct trace_file *file, const char *from, const char *to)
{
    for (; to - from > PIECE; from += PIECE)
        trace_file_write(file, from, PIECE);
    return from;
}

static void put_round(const struct round_text *self, struct front *front, uint64_t rounds)
{
    struct trace_file *file = self->file;
    const struct round_cell *end = self->cells + self->cell_count;
    const char *text = self->heard[1].text, *from = text;
    for (const struct round_cell *cell = self->cells; cell < end;) {
        char *at = trace_file_room(file, TRACE_FILE_BUFFER / 4);
        const char *full = at + TRACE_FILE_BUFFER / 4 - PIECE - STRIDE - DIGITS_MAX;
        for (; cell < end && at < full && text + cell->at - from <= PIECE; cell++) {
            const size_t bytes = (size_t)(text + cell->at - from);
            copy_piece(at, from, bytes);
            at = put_cell(front, at + bytes, cell, rounds);
            from = text + cell->at + cell->length;
        }
        trace_file_to(file, at);
        if (cell < end)
            from = put_long(file, from, text + cell->at);
    }
    const char *last = text + self->heard[1].used;
    from = put_long(file, from, last);
    trace_file_write(file, from, (size_t)(last - from));
}

void round_text_put(struct round_text *self, uint64_t times)
{
    struct front front = {.value = 0};
    if (self->heard[1].used == 0)
        return;
    for (uint64_t i = 1; i <= times; i++)
        put_round(self, &front, i);
}
