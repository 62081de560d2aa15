/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <string.h>

#include "referee/referee.h"
#include "referee/table_lines.h"

char *lines_read(const char *folder, const char *sub, const char *name)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s%s%s.csv", folder, sub, *sub ? "/" : "", name);
    return length > 0 && (size_t)length < sizeof path ? table_text(path) : NULL;
}

void lines_add(struct lines *self, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length =
        vsnprintf(self->line + self->length, sizeof self->line - self->length, format, args);
    va_end(args);
    self->length += (size_t)length;
    if (self->length >= sizeof self->line)
        self->length = sizeof self->line - 1;
}

void lines_end(struct lines *self)
{
    size_t length = strcspn(self->expected, "\n");
    bool same = length == self->length && memcmp(self->line, self->expected, length) == 0;
    self->number++;
    if (!same && !self->difference[0])
        snprintf(self->difference, sizeof self->difference, "line %zu: \"%.*s\", recorded \"%.*s\"",
                 self->number, (int)(self->length < 200 ? self->length : 200), self->line,
                 (int)(length < 200 ? length : 200), self->expected);
    self->expected += length + (self->expected[length] == '\n');
    self->length = 0;
}

void lines_over(struct lines *self)
{
    if (*self->expected && !self->difference[0])
        snprintf(self->difference, sizeof self->difference, "line %zu: the end, recorded more",
                 self->number + 1);
}

void lines_refuse(struct lines *self, const char *why)
{
    snprintf(self->difference, sizeof self->difference, "%s", why);
}
