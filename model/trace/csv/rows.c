/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_rows: rows of one time, sorted. */
#include "trace/csv/rows.h"

#include <stdlib.h>

struct trace_text *trace_rows_begin(struct trace_rows *self, sim_time time, uint32_t order)
{
    if (time != self->time)
        trace_rows_flush(self);
    self->time = time;
    if (self->count == self->size) {
        uint32_t size = self->size ? 2 * self->size : 16;
        struct trace_row *rows = realloc(self->rows, size * sizeof *rows);
        if (!rows) {
            self->failed = true;
            return &self->text; /* joined to the row before; the file is refused in the end */
        }
        self->rows = rows;
        self->size = size;
    }
    self->rows[self->count++] = (struct trace_row){order, self->text.used};
    return &self->text;
}

/* Moves the rows into order without changing that of equals; nearly always they are. */
static bool sort(struct trace_rows *self, size_t *lengths)
{
    bool moved = false;
    for (uint32_t i = 0; i < self->count; i++) {
        struct trace_row row = self->rows[i];
        size_t length = lengths[i];
        uint32_t j = i;
        for (; j > 0 && self->rows[j - 1].order > row.order; j--) {
            self->rows[j] = self->rows[j - 1];
            lengths[j] = lengths[j - 1];
            moved = true;
        }
        self->rows[j] = row;
        lengths[j] = length;
    }
    return moved;
}

void trace_rows_flush(struct trace_rows *self)
{
    if (self->text.failed)
        self->failed = true;
    if (self->count < 2) {
        trace_file_write(self->file, self->text.data, self->text.used);
    } else {
        size_t *lengths = calloc(self->count, sizeof *lengths);
        if (!lengths) {
            self->failed = true;
        } else {
            for (uint32_t i = 0; i < self->count; i++) {
                size_t end = i + 1 < self->count ? self->rows[i + 1].from : self->text.used;
                lengths[i] = end - self->rows[i].from;
            }
            if (!sort(self, lengths))
                trace_file_write(self->file, self->text.data, self->text.used);
            else
                for (uint32_t i = 0; i < self->count; i++)
                    trace_file_write(self->file, self->text.data + self->rows[i].from, lengths[i]);
            free(lengths);
        }
    }
    self->text.used = 0;
    self->count = 0;
}

void trace_rows_free(struct trace_rows *self)
{
    trace_text_free(&self->text);
    free(self->rows);
    self->rows = NULL;
}
