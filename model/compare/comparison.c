/* SPDX-License-Identifier: BSD-2-Clause */
/* comparison: the result, filled in and freed. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "compare/compare.h"

void comparison_fail(struct comparison *self, char side, const char *format, ...)
{
    if (self->verdict == COMPARE_ERROR)
        return; /* the first tells */
    va_list list;
    va_start(list, format);
    vsnprintf(self->error_text, sizeof self->error_text, format, list);
    va_end(list);
    self->error_side = side;
    self->verdict = COMPARE_ERROR;
}

static void signal_free(struct compare_signal *self)
{
    free(self->name);
    free(self->a);
    free(self->b);
}

/* Takes what the signal owns, even if there is no memory. */
bool comparison_signal(struct comparison *self, struct compare_signal signal)
{
    if (self->signal_count == self->signal_room) {
        const size_t room = self->signal_room ? 2 * self->signal_room : 16;
        struct compare_signal *more = realloc(self->signals, room * sizeof *more);
        if (!more || !signal.name) {
            self->signals = more ? more : self->signals;
            signal_free(&signal);
            return false;
        }
        self->signals = more;
        self->signal_room = room;
    }
    self->signals[self->signal_count++] = signal;
    return true;
}

static int by_first(const void *a, const void *b)
{
    const struct compare_signal *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return strcmp(x->name, y->name);
}

void comparison_sort(struct comparison *self)
{
    if (self->signal_count > 1)
        qsort(self->signals, self->signal_count, sizeof *self->signals, by_first);
}

void comparison_free(struct comparison *self)
{
    for (size_t i = 0; i < self->signal_count; i++)
        signal_free(&self->signals[i]);
    free(self->signals);
    for (size_t i = 0; i < self->around_count; i++)
        signal_free(&self->around[i]);
    free(self->around);
    texts_free(&self->first_names);
    texts_free(&self->only_a);
    texts_free(&self->only_b);
    texts_free(&self->kind);
    *self = (struct comparison){.verdict = COMPARE_SAME};
}
