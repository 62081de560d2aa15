/* SPDX-License-Identifier: BSD-2-Clause */
/* report: errors with places, in the order of the file, and "did you mean". See report.h. */
#include "scenario/report.h"

#include "kernel/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void report_addv(struct report *self, int code, struct place place, const char *format,
                 va_list list)
{
    if (self->total < REPORT_MAX) {
        struct report_item *item = &self->items[self->total];
        item->place = place;
        item->order = self->total;
        item->code = code;
        char text[2 * sizeof item->text];
        vsnprintf(text, sizeof text, format, list);
        text_visible(item->text, sizeof item->text, text);
    }
    self->total++;
}

void report_add(struct report *self, int code, struct place place, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    report_addv(self, code, place, format, list);
    va_end(list);
}

static int compare_items(const void *left, const void *right)
{
    const struct report_item *a = left, *b = right;
    if (a->place.source != b->place.source)
        return a->place.source < b->place.source ? -1 : 1;
    if (a->place.line != b->place.line)
        return a->place.line < b->place.line ? -1 : 1;
    if (a->place.column != b->place.column)
        return a->place.column < b->place.column ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

int report_give(struct report *self, report_sink *sink, void *context)
{
    uint32_t from = self->given < REPORT_MAX ? self->given : REPORT_MAX;
    uint32_t to = self->total < REPORT_MAX ? self->total : REPORT_MAX;
    qsort(self->items + from, to - from, sizeof self->items[0], compare_items);
    int code = from < to ? self->items[from].code : DMASIM_OK;
    for (uint32_t i = from; i < to && sink; i++) {
        const struct report_item *item = &self->items[i];
        struct dmasim_error error = {
            .code = item->code, .line = (int)item->place.line, .column = (int)item->place.column};
        snprintf(error.file, sizeof error.file, "%s", item->place.source ? "--set" : self->file);
        snprintf(error.text, sizeof error.text, "%s", item->text);
        sink(context, &error);
    }
    if (self->total > to && self->total > self->given && sink) {
        struct dmasim_error error = {.code = DMASIM_LIMIT};
        snprintf(error.file, sizeof error.file, "%s", self->file);
        snprintf(error.text, sizeof error.text, "... and %u more", self->total - to);
        sink(context, &error);
    }
    self->given = self->total;
    return code;
}

void line_add(struct line *self, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    size_t left = sizeof self->text - self->length;
    int written = vsnprintf(self->text + self->length, left, format, list);
    va_end(list);
    if (written > 0)
        self->length += (size_t)written < left ? (size_t)written : left - 1;
}

static void quote(struct line *self, const char *text, size_t most)
{
    char whole[sizeof self->text];
    const size_t length = text_visible(whole, sizeof whole, text);
    const size_t room = sizeof self->text - self->length;
    size_t shown = length;
    if (most > room)
        most = room;
    if (length > most) {
        /* Not inside a character or a form, whichever stands there. */
        shown = most;
        while (shown > 0 && ((unsigned char)whole[shown] & 0xc0) == 0x80)
            shown--;
        for (size_t back = 1; back < TEXT_ESCAPE && back <= shown; back++)
            if (whole[shown - back] == '\\') {
                shown -= back;
                break;
            }
    }
    line_add(self, shown < length ? "\"%.*s...\"" : "\"%.*s\"", (int)shown, whole);
}

void line_quote(struct line *self, const char *text)
{
    quote(self, text, 60);
}

void line_quote_all(struct line *self, const char *text)
{
    quote(self, text, sizeof self->text - 64);
}

void line_place(struct line *self, const struct report *report, struct place place)
{
    if (place.line)
        line_add(self, ", see %s:%u:%u", place.source ? "--set" : report->file, place.line,
                 place.column);
}

unsigned word_distance(const char *a, const char *b)
{
    enum { LONGEST = 48 };
    size_t length_a = strnlen(a, LONGEST + 1), length_b = strnlen(b, LONGEST + 1);
    if (length_a > LONGEST || length_b > LONGEST)
        return UINT8_MAX;
    uint8_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= length_b; j++)
        rows[0][j] = (uint8_t)j;
    for (size_t i = 1; i <= length_a; i++) {
        uint8_t *row = rows[i % 3];
        const uint8_t *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = (uint8_t)i;
        for (size_t j = 1; j <= length_b; j++) {
            const char x = ascii_lower(a[i - 1]), y = ascii_lower(b[j - 1]);
            unsigned least = above[j - 1] + (x != y ? 1u : 0u);
            if (above[j] + 1u < least)
                least = above[j] + 1u;
            if (row[j - 1] + 1u < least)
                least = row[j - 1] + 1u;
            if (i > 1 && j > 1 && x == ascii_lower(b[j - 2]) && ascii_lower(a[i - 2]) == y &&
                above2[j - 2] + 1u < least)
                least = above2[j - 2] + 1u;
            row[j] = (uint8_t)least;
        }
    }
    return rows[length_a % 3][length_b];
}

void suggestion_start(struct suggestion *self, const char *word)
{
    *self = (struct suggestion){.word = word, .distance = UINT8_MAX};
}

void suggestion_offer(struct suggestion *self, const char *candidate)
{
    unsigned distance = word_distance(self->word, candidate);
    size_t length = strlen(self->word);
    size_t allowed = length < 3 ? 1 : length < 6 ? 2 : length / 3 + 1;
    if (distance <= allowed && distance < length && distance < self->distance) {
        self->distance = distance;
        self->best = candidate;
    }
    line_add(&self->all, self->count ? ", %s" : "%s", candidate);
    self->count++;
}

void suggestion_end(const struct suggestion *self, struct line *line)
{
    enum { LISTED = 16 };
    if (self->best)
        line_add(line, ", did you mean \"%s\"?", self->best);
    else if (self->count > 0 && self->count <= LISTED && self->all.length < 250)
        line_add(line, "; known: %s", self->all.text);
}
