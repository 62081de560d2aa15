/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report: gathers every error of a scenario, each with its place, and hands them out in the order
 * of the file. Suggestions for misspelt words are made here too.
 */
#ifndef DMASIM_REPORT_H
#define DMASIM_REPORT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dmasim/dmasim.h"

#define REPORT_MAX 50 /* errors shown; the rest are counted */

/* Source 0 is the scenario file; source n is the n-th override, whose line is n. */
struct place {
    uint32_t line, column; /* from 1; line 0: no place */
    uint32_t source;
};

struct report_item {
    struct place place;
    uint32_t order; /* of finding */
    int code;
    char text[sizeof((struct dmasim_error *)0)->text];
};

struct report {
    char file[sizeof((struct dmasim_error *)0)->file];
    struct report_item items[REPORT_MAX];
    uint32_t total; /* errors found */
    uint32_t given; /* of these, already handed out by report_give() */
};

typedef void report_sink(void *context, const struct dmasim_error *error);

/* What in the text is from a file, names and values, is made visible here (text_visible), wherever it came in. */
void report_add(struct report *self, int code, struct place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void report_addv(struct report *self, int code, struct place place, const char *format,
                 va_list list) __attribute__((format(printf, 4, 0)));

/* True while another error would still be shown: worth looking for a suggestion. */
static inline bool report_open(const struct report *self)
{
    return self->total < REPORT_MAX;
}

/* Hands what was added since the last call to `sink` (may be null), sorted by place, and then the
 * number of those that were too many. Returns the code of the first, DMASIM_OK if there is none. */
int report_give(struct report *self, report_sink *sink, void *context);

/* ---- words ----------------------------------------------------------------------------------- */

/* A growing line of text in a fixed buffer; what does not fit is cut. */
struct line {
    char text[1400];
    size_t length;
};

void line_add(struct line *self, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds text from a file: in double quotes, as text_visible() has it, at most 60 bytes of it. */
void line_quote(struct line *self, const char *text);

/* The same, as much of it as there is room for: of names of files. */
void line_quote_all(struct line *self, const char *text);

/* Adds ", see FILE:LINE:COLUMN", or nothing if there is no place. */
void line_place(struct line *self, const struct report *report, struct place place);

/* Looks for the word that was meant. Offer every candidate, then ask for the ending of the message:
 * `, did you mean "burst"?`, or the list of all candidates if there are few, or nothing. */
struct suggestion {
    const char *word;
    const char *best;
    unsigned distance;
    unsigned count;
    struct line all;
};

void suggestion_start(struct suggestion *self, const char *word);
void suggestion_offer(struct suggestion *self, const char *candidate);
void suggestion_end(const struct suggestion *self, struct line *line);

/* Edits (insert, delete, replace, swap neighbours) between two words, letter case ignored; words of
 * more than 48 bytes are as far apart as can be. */
unsigned word_distance(const char *a, const char *b);

#endif
