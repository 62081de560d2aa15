/* SPDX-License-Identifier: BSD-2-Clause */
#include "reading/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROW_MAX ((size_t)16 << 20)
#define END (-1)

static struct csv *start(struct csv *self, struct source *source)
{
    self->source = source;
    self->unreadable = !source;
    self->next_line = 1;
    return self;
}

struct csv *csv_open(const char *path)
{
    struct csv *self = calloc(1, sizeof *self);
    return self ? start(self, source_open(path, self->error, sizeof self->error)) : NULL;
}

struct csv *csv_open_bytes(const void *bytes, size_t length)
{
    struct csv *self = calloc(1, sizeof *self);
    return self ? start(self, source_open_bytes(bytes, length)) : NULL;
}

void csv_close(struct csv *self)
{
    if (!self)
        return;
    source_close(self->source);
    free(self->text);
    free(self->cells);
    free(self);
}

static bool fail(struct csv *self, uint64_t line, const char *text)
{
    if (!self->error[0])
        snprintf(self->error, sizeof self->error, "%s", text);
    self->error_line = line;
    return false;
}

/* The next character without taking it; END also after an error. */
static int peek(struct csv *self)
{
    if (self->at < self->end)
        return (unsigned char)self->buffer[self->at];
    if (self->source_ended)
        return END;
    if (!source_read(self->source, self->buffer, sizeof self->buffer, &self->end)) {
        snprintf(self->error, sizeof self->error, "%s", source_error(self->source));
        self->unreadable = true;
        self->end = 0;
    }
    self->at = 0;
    self->source_ended = self->end == 0;
    return self->end ? (unsigned char)self->buffer[0] : END;
}

static bool put(struct csv *self, int c)
{
    if (self->text_length + 2 > self->text_room) {
        const size_t room = self->text_room ? 2 * self->text_room : 256;
        char *more = room > ROW_MAX ? NULL : realloc(self->text, room);
        if (!more)
            return fail(self, self->line, "a row that is too long");
        self->text = more;
        self->text_room = room;
    }
    self->text[self->text_length++] = (char)c;
    self->text[self->text_length] = '\0';
    return true;
}

static bool quoted(struct csv *self)
{
    const uint64_t line = self->next_line;
    self->at++;
    for (;;) {
        const int c = peek(self);
        if (c == END)
            return fail(self, line, "a quoted cell does not end");
        self->at++;
        self->next_line += c == '\n';
        if (c == 0)
            return fail(self, self->next_line, "a zero byte");
        if (c == '"') {
            if (peek(self) != '"')
                return true;
            self->at++;
        }
        if (!put(self, c))
            return false;
    }
}

/* A cell without what ends it. */
static bool cell(struct csv *self)
{
    if (peek(self) == '"') {
        if (!quoted(self))
            return false;
    } else {
        for (int c; (c = peek(self)) != ',' && c != '\n' && c != '\r' && c != END; self->at++) {
            if (c == '"' || c == 0)
                return fail(self, self->next_line,
                            c ? "a quote inside a cell that does not begin with one"
                              : "a zero byte");
            if (!put(self, c))
                return false;
        }
    }
    return !self->error[0];
}

static bool add_cell(struct csv *self, size_t begin)
{
    if (self->count == self->room) {
        const size_t room = self->room ? 2 * self->room : 16;
        struct csv_cell *more = realloc(self->cells, room * sizeof *more);
        if (!more)
            return fail(self, self->line, "no memory");
        self->cells = more;
        self->room = room;
    }
    const size_t length = self->text_length - begin;
    self->cells[self->count++] = (struct csv_cell){begin, length};
    return put(self, '\0');
}

bool csv_row(struct csv *self)
{
    if (self->error[0] || self->ended)
        return false;
    if (self->columns == 0 && peek(self) == 0xef && self->end >= 3 &&
        memcmp(self->buffer, "\xef\xbb\xbf", 3) == 0)
        self->at += 3;
    self->line = self->next_line;
    self->count = self->text_length = 0;
    if (peek(self) == END) {
        if (!self->error[0] && self->columns == 0)
            return fail(self, 1, "the table has no header");
        self->ended = true;
        return false;
    }
    for (;;) {
        const size_t begin = self->text_length;
        if (!cell(self) || !add_cell(self, begin))
            return false;
        const int c = peek(self);
        if (c == END)
            break;
        self->at++;
        if (c == ',')
            continue;
        self->next_line++;
        if (c == '\n')
            break;
        if (c != '\r' || (peek(self) != '\n' && peek(self) != END))
            return fail(self, self->next_line - 1, "no comma or end of line behind a cell");
        self->at += peek(self) == '\n';
        break;
    }
    if (self->error[0])
        return false;
    if (self->columns == 0)
        self->columns = self->count;
    if (self->count == self->columns)
        return true;
    char text[120];
    snprintf(text, sizeof text, "%zu cells in this row, %zu in the header", self->count,
             self->columns);
    return fail(self, self->line, text);
}
