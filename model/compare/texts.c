/* SPDX-License-Identifier: BSD-2-Clause */
#include "compare/texts.h"

#include <stdlib.h>
#include <string.h>

bool texts_add(struct texts *self, const char *text)
{
    if (self->count == self->room) {
        const size_t room = self->room ? 2 * self->room : 16;
        char **more = realloc(self->all, room * sizeof *more);
        if (!more)
            return false;
        self->all = more;
        self->room = room;
    }
    char *copy = strdup(text);
    if (!copy)
        return false;
    self->all[self->count++] = copy;
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void texts_sort(struct texts *self)
{
    if (self->count > 1)
        qsort(self->all, self->count, sizeof *self->all, by_text);
}

void texts_free(struct texts *self)
{
    for (size_t i = 0; i < self->count; i++)
        free(self->all[i]);
    free(self->all);
    *self = (struct texts){.count = 0};
}

char *trace_time_print(trace_time time, uint64_t unit_fs, char to[TRACE_TIME_ROOM])
{
    const bool negative = time < 0;
    if (negative)
        time = -time;
    trace_time whole = time / unit_fs;
    uint64_t rest = (uint64_t)(time % unit_fs);
    char digits[48];
    size_t count = 0, at = 0;
    do
        digits[count++] = (char)('0' + (int)(whole % 10));
    while ((whole /= 10) > 0);
    if (negative)
        to[at++] = '-';
    while (count)
        to[at++] = digits[--count];
    if (rest) {
        to[at++] = '.';
        for (uint64_t part = unit_fs / 10; rest && part; part /= 10) {
            to[at++] = (char)('0' + (int)(rest / part));
            rest %= part;
        }
    }
    to[at] = '\0';
    return to;
}

static const struct {
    const char *name;
    uint64_t fs;
} units[] = {{"s", 1000000000000000}, {"ms", 1000000000000}, {"us", 1000000000},
             {"ns", 1000000},         {"ps", 1000},          {"fs", 1}};

#define UNITS (sizeof units / sizeof units[0])

char *trace_unit_print(uint64_t unit_fs, char to[TRACE_TIME_ROOM])
{
    size_t i = 0;
    while (i + 1 < UNITS && unit_fs < units[i].fs)
        i++;
    snprintf(to, TRACE_TIME_ROOM, "%llu%s", (unsigned long long)(unit_fs / units[i].fs),
             units[i].name);
    return to;
}

bool time_argument_parse(struct time_argument *self, const char *text)
{
    *self = (struct time_argument){.divisor = 1};
    const bool negative = *text == '-';
    int digits = 0;
    bool point = false;
    text += *text == '-' || *text == '+';
    for (; (*text >= '0' && *text <= '9') || (*text == '.' && !point); text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        if (++digits > 20)
            return false;
        self->number = self->number * 10 + (*text - '0');
        self->divisor *= point ? 10 : 1;
    }
    if (digits == 0)
        return false;
    if (negative)
        self->number = -self->number;
    while (*text == ' ')
        text++;
    self->given = true;
    if (strcmp(text, "cycles") == 0 || strcmp(text, "cycle") == 0) {
        self->cycles = true;
        return self->divisor == 1 && !negative;
    }
    if (!*text)
        return true;
    for (size_t i = 0; i < UNITS; i++) {
        if (strcmp(text, units[i].name) == 0) {
            self->unit_fs = units[i].fs;
            return true;
        }
    }
    return false;
}

bool time_argument_resolve(const struct time_argument *self, uint64_t unit_fs, trace_time *time)
{
    const trace_time product = self->number * (self->unit_fs ? self->unit_fs : unit_fs);
    *time = product / self->divisor;
    return product % self->divisor == 0;
}

/* Bytes of the UTF-8 character at `c`, 0 if there is none. */
static int utf8(const unsigned char *c)
{
    const int length = *c < 0x80                 ? 1
                       : *c >= 0xc2 && *c < 0xe0 ? 2
                       : *c >= 0xe0 && *c < 0xf0 ? 3
                       : *c >= 0xf0 && *c < 0xf5 ? 4
                                                 : 0;
    for (int i = 1; i < length; i++)
        if ((c[i] & 0xc0) != 0x80)
            return 0;
    if ((*c == 0xe0 && c[1] < 0xa0) || (*c == 0xed && c[1] > 0x9f) || (*c == 0xf0 && c[1] < 0x90) ||
        (*c == 0xf4 && c[1] > 0x8f))
        return 0;
    return length;
}

void json_print(const char *text, FILE *out)
{
    fputc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c;) {
        const int length = utf8(c);
        if (length == 0) {
            fputs("\\ufffd", out);
            c++;
            continue;
        }
        if (*c == '"' || *c == '\\')
            fprintf(out, "\\%c", *c);
        else if (*c < ' ' || *c == 127)
            fprintf(out, "\\u%04x", *c);
        else
            fwrite(c, 1, (size_t)length, out);
        c += length;
    }
    fputc('"', out);
}
