/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "referee/referee.h"

char *table_text(const char *path)
{
    char packed[4096];
    gzFile file = gzopen(path, "rb");
    if (!file && errno == ENOENT && strlen(path) + 4 <= sizeof packed) {
        snprintf(packed, sizeof packed, "%s.gz", path);
        file = gzopen(packed, "rb");
    }
    if (!file)
        return NULL;
    size_t size = 0, room = 1 << 16;
    char *text = malloc(room + 1);
    int got = 0;
    while (text && (got = gzread(file, text + size, (unsigned)(room - size))) > 0) {
        size += (size_t)got;
        if (size < room)
            continue;
        room *= 2;
        char *more = realloc(text, room + 1);
        if (!more)
            free(text);
        text = more;
    }
    if (text && got < 0) {
        free(text);
        text = NULL;
        errno = EIO;
    }
    gzclose(file);
    if (text)
        text[size] = '\0';
    return text;
}

static size_t count(const char *text, char what)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == what;
    return n;
}

/* Ends a cell and takes its quotes off, in place. Returns the next cell, null after the last. */
static char *end_cell(char **cell)
{
    char *at = *cell;
    if (*at == '"') {
        char *to = *cell = ++at;
        while (*at && !(at[0] == '"' && at[1] != '"')) {
            at += *at == '"'; /* a doubled quote stands for one */
            *to++ = *at++;
        }
        if (*at)
            at++;
        *to = '\0';
    }
    at = strchr(at, ',');
    if (!at)
        return NULL;
    *at = '\0';
    return at + 1;
}

bool table_read(struct table *self, const char *folder, const char *file)
{
    char path[4096];
    *self = (struct table){.text = NULL};
    snprintf(path, sizeof path, "%s/%s", folder, file);
    self->text = table_text(path);
    if (!self->text) {
        fprintf(stderr, "%s: error: %s\n", path, strerror(errno));
        return false;
    }
    size_t lines = count(self->text, '\n') + 1;
    size_t cells = lines + count(self->text, ',');
    self->cells = malloc(cells * sizeof *self->cells);
    if (!self->cells) {
        table_free(self);
        return false;
    }
    size_t used = 0;
    for (char *line = self->text; *line;) {
        char *next = line + strcspn(line, "\r\n");
        char *end = next;
        while (*next == '\r' || *next == '\n')
            next++;
        *end = '\0';
        size_t columns = 0;
        for (char *cell = line; cell; columns++) {
            char *text = cell;
            cell = end_cell(&text);
            self->cells[used++] = text;
        }
        if (self->rows == 0)
            self->columns = columns;
        self->rows++;
        if (columns != self->columns) {
            fprintf(stderr, "%s:%zu: error: %zu columns, but the header has %zu\n", path,
                    self->rows, columns, self->columns);
            table_free(self);
            return false;
        }
        line = next;
    }
    return true;
}

void table_free(struct table *self)
{
    free(self->cells);
    free(self->text);
    *self = (struct table){.text = NULL};
}

size_t table_column(const struct table *self, const char *name)
{
    for (size_t i = 0; i < self->columns && self->rows; i++)
        if (strcmp(table_cell(self, 0, i), name) == 0)
            return i;
    return SIZE_MAX;
}

const char *table_named(const struct table *self, size_t row, const char *column)
{
    size_t index = table_column(self, column);
    return index == SIZE_MAX ? "" : table_cell(self, row, index);
}
