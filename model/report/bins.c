/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/bins.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_WIDTH_PS 1000u

void report_bins_start(struct report_bins *self)
{
    *self = (struct report_bins){.width_ps = FIRST_WIDTH_PS};
}

void report_bins_free(struct report_bins *self)
{
    for (size_t i = 0; i < self->count; i++)
        free(self->series[i]);
    free(self->series);
    *self = (struct report_bins){.width_ps = FIRST_WIDTH_PS};
}

size_t report_bins_new(struct report_bins *self)
{
    if (self->count == self->room) {
        const size_t room = self->room ? 2 * self->room : 16;
        struct report_series **series = realloc(self->series, room * sizeof(void *));
        if (!series)
            return SIZE_MAX;
        self->series = series;
        self->room = room;
    }
    struct report_series *one = calloc(1, sizeof *one);
    if (!one)
        return SIZE_MAX;
    self->series[self->count] = one;
    return self->count++;
}

static struct report_bin joined(const struct report_bin *a, const struct report_bin *b)
{
    if (!a->any || !b->any)
        return a->any ? *a : *b;
    return (struct report_bin){.sum = a->sum + b->sum,
                               .low = a->low < b->low ? a->low : b->low,
                               .high = a->high > b->high ? a->high : b->high,
                               .any = true};
}

static void fold(struct report_bins *self)
{
    for (size_t k = 0; k < self->count; k++) {
        struct report_bin *bins = self->series[k]->bins;
        for (unsigned i = 0; i < REPORT_BINS / 2; i++)
            bins[i] = joined(&bins[2 * i], &bins[2 * i + 1]);
        memset(bins + REPORT_BINS / 2, 0, REPORT_BINS / 2 * sizeof *bins);
    }
    self->width_ps *= 2;
}

void report_bins_add(struct report_bins *self, size_t series, uint64_t from_ps, uint64_t to_ps,
                     double value)
{
    if (to_ps <= from_ps || to_ps > UINT64_MAX / 4)
        return;
    while (to_ps > self->width_ps * REPORT_BINS)
        fold(self);
    if (to_ps > self->end_ps)
        self->end_ps = to_ps;
    while (from_ps < to_ps) {
        const uint64_t at = from_ps / self->width_ps, until = (at + 1) * self->width_ps;
        const uint64_t end = to_ps < until ? to_ps : until;
        const struct report_bin here = {
            .sum = value * (double)(end - from_ps), .low = value, .high = value, .any = true};
        struct report_bin *bin = &self->series[series]->bins[at];
        *bin = joined(bin, &here);
        from_ps = end;
    }
}

void report_bins_print(const struct report_bins *self, size_t series, enum report_bin_part part,
                       FILE *out)
{
    const uint64_t count = (self->end_ps + self->width_ps - 1) / self->width_ps;
    fputc('[', out);
    for (uint64_t i = 0; i < count; i++) {
        const struct report_bin *bin = &self->series[series]->bins[i];
        const uint64_t left = self->end_ps - i * self->width_ps;
        const double width = (double)(left < self->width_ps ? left : self->width_ps);
        if (i)
            fputc(',', out);
        if (!bin->any)
            fputs("null", out);
        else
            fprintf(out, "%.5g",
                    part == REPORT_BIN_MEAN  ? bin->sum / width
                    : part == REPORT_BIN_LOW ? bin->low
                                             : bin->high);
    }
    fputc(']', out);
}
