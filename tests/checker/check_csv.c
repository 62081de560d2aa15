/* SPDX-License-Identifier: BSD-2-Clause */
/* check_csv: see the header. */
#include "check_csv.h"

#include <string.h>
#include <strings.h>

enum { LINE_BYTES = 4096, DIGITS_MAX = 2 * CHECK_CSV_WIDE_BYTES };

static bool malformed(struct check_csv *self, const char *what, const char *name)
{
    snprintf(self->error, sizeof(self->error), "line %lu: %s%.60s", self->line, what, name);
    return false;
}

/* Reads a line without its end. False at the end of the file. */
static bool read_line(struct check_csv *self, char *line)
{
    if (!fgets(line, LINE_BYTES, self->file))
        return false;
    self->line++;
    size_t length = strcspn(line, "\r\n");
    if (line[length] == '\0' && !feof(self->file))
        return malformed(self, "too long", "");
    line[length] = '\0';
    return true;
}

int check_csv_find(const struct check_csv *self, const char *name)
{
    for (unsigned i = 0; i < self->column_count; i++)
        if (strcasecmp(self->columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* Ends the cell at `text` and returns the next one, null after the last. */
static char *cut_cell(char *text)
{
    char *comma = strchr(text, ',');
    if (comma)
        *comma++ = '\0';
    return comma;
}

bool check_csv_init(struct check_csv *self, FILE *file, const struct check_csv_column *columns,
                    unsigned column_count)
{
    char line[LINE_BYTES];
    memset(self, 0, sizeof(*self));
    self->file = file;
    self->columns = columns;
    self->column_count = column_count;
    if (!read_line(self, line))
        return self->error[0] ? false : malformed(self, "no header", "");
    for (char *cell = line, *next; cell; cell = next) {
        next = cut_cell(cell);
        if (self->file_columns == CHECK_CSV_COLUMNS_MAX)
            return malformed(self, "too many columns", "");
        int index = check_csv_find(self, cell);
        if (index >= 0 && self->present[index])
            return malformed(self, "column twice: ", cell);
        if (index >= 0)
            self->present[index] = true;
        self->of_file[self->file_columns++] = index;
    }
    return true;
}

static unsigned digit_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return (unsigned)(digit - '0');
    if (digit >= 'a' && digit <= 'f')
        return (unsigned)(digit - 'a') + 10;
    if (digit >= 'A' && digit <= 'F')
        return (unsigned)(digit - 'A') + 10;
    return 16;
}

/* Digits of a cell, highest first, to bytes, lowest first. False if one is no digit or they are too many. */
static bool read_hex(const char *cell, size_t digits, uint8_t *bytes, size_t count)
{
    memset(bytes, 0, count);
    for (size_t i = 0; i < digits; i++) {
        unsigned value = digit_value(cell[digits - 1 - i]);
        if (value > 15 || (value > 0 && i / 2 >= count))
            return false;
        if (value > 0)
            bytes[i / 2] |= (uint8_t)(value << 4 * (i % 2));
    }
    return true;
}

static bool read_decimal(const char *cell, uint64_t *number)
{
    *number = 0;
    for (; *cell; cell++) {
        unsigned value = digit_value(*cell);
        if (value > 9 || *number > (UINT64_MAX - value) / 10)
            return false;
        *number = *number * 10 + value;
    }
    return true;
}

static uint64_t word(const uint8_t *bytes)
{
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--)
        value = value << 8 | bytes[i];
    return value;
}

static bool read_cell(struct check_csv *self, unsigned index, const char *cell, void *record)
{
    const struct check_csv_column *column = &self->columns[index];
    char *to = (char *)record + column->offset;
    enum check_csv_kind kind = column->kind;
    uint64_t number = 0, mask[2];
    bool prefixed = cell[0] == '0' && (cell[1] == 'x' || cell[1] == 'X');
    bool hex = prefixed || (kind != CHECK_CSV_DECIMAL && kind != CHECK_CSV_CYCLE);
    if (prefixed)
        cell += 2;
    size_t digits = strlen(cell);
    if (digits > self->digits[index])
        self->digits[index] = (unsigned)digits;
    if (digits > DIGITS_MAX)
        return false;
    if (hex) {
        static const size_t room[] = {4, 4, 8, 8, 16, CHECK_CSV_WIDE_BYTES};
        uint8_t bytes[CHECK_CSV_WIDE_BYTES];
        if (!read_hex(cell, digits, bytes, room[kind]))
            return false;
        memset(bytes + room[kind], 0, sizeof(bytes) - room[kind]);
        if (kind == CHECK_CSV_WIDE) {
            memcpy(to, bytes, sizeof(bytes));
            return true;
        }
        mask[0] = number = word(bytes);
        mask[1] = word(bytes + 8);
    } else if (!read_decimal(cell, &number)) {
        return false;
    }
    if (kind == CHECK_CSV_MASK) {
        memcpy(to, mask, sizeof(mask));
    } else if (kind == CHECK_CSV_DECIMAL || kind == CHECK_CSV_HEX) {
        uint32_t narrow = (uint32_t)number;
        memcpy(to, &narrow, sizeof(narrow));
        return narrow == number;
    } else {
        memcpy(to, &number, sizeof(number));
    }
    return true;
}

bool check_csv_next(struct check_csv *self, void *record)
{
    char line[LINE_BYTES];
    if (!read_line(self, line))
        return false;
    unsigned at = 0;
    for (char *cell = line, *next; cell; cell = next, at++) {
        next = cut_cell(cell);
        if (at == self->file_columns)
            return malformed(self, "more cells than columns", "");
        int index = self->of_file[at];
        if (index >= 0 && !read_cell(self, (unsigned)index, cell, record))
            return malformed(self, "no value: ", cell);
    }
    return at == self->file_columns || malformed(self, "fewer cells than columns", "");
}
