/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <string.h>

#include "compare/report.h"

/* "65 ns", "row 12" */
static const char *when(const struct comparison *result, trace_time first, char *to, size_t room)
{
    char number[TRACE_TIME_ROOM], unit[TRACE_TIME_ROOM];
    if (result->scale) {
        snprintf(to, room, "%s %s", result->scale, trace_time_print(first, 1, number));
        return to;
    }
    /* The largest unit in which it is a whole number. */
    uint64_t base = 1;
    while (base < 1000000000000000u && first % (trace_time)(base * 1000) == 0 &&
           (first || base * 1000 <= result->unit_fs))
        base *= 1000;
    trace_unit_print(base, unit);
    snprintf(to, room, "%s %s", trace_time_print(first, base, number), unit + 1);
    return to;
}

static void name_list(const struct report *self, const char *title, const struct texts *list)
{
    if (list->count == 0)
        return;
    fprintf(self->out, "%s: %zu\n", title, list->count);
    for (size_t i = 0; i < list->count && i < self->max; i++)
        fprintf(self->out, "  %s\n", list->all[i]);
    if (list->count > self->max)
        fprintf(self->out, "  and %zu more\n", list->count - self->max);
}

static int widest(const struct report *self, const struct comparison *result)
{
    size_t width = 8;
    for (size_t i = 0; i < result->signal_count && i < self->max; i++)
        width = strlen(result->signals[i].name) > width ? strlen(result->signals[i].name) : width;
    for (size_t i = 0; i < result->around_count; i++)
        width = strlen(result->around[i].name) > width ? strlen(result->around[i].name) : width;
    return width < 100 ? (int)width : 100;
}

static void first(const struct report *self, const struct comparison *result, int width)
{
    char text[160];
    fprintf(self->out, "first difference: %s", when(result, result->first, text, sizeof text));
    if (result->first_edge)
        fprintf(self->out, ", edge %" PRIu64 " of %s", result->first_edge, self->clock);
    if (result->first_names.count && strcmp(result->first_names.all[0], "(end)") == 0) {
        fprintf(self->out, ": one of them ends there\n");
        return;
    }
    fputc('\n', self->out);
    size_t shown = 0;
    for (size_t i = 0; i < result->signal_count; i++) {
        const struct compare_signal *signal = &result->signals[i];
        if (signal->first != result->first || shown++ >= self->max)
            continue;
        fprintf(self->out, "  %-*s  A %s  B %s\n", width, signal->name, signal->a, signal->b);
    }
    if (shown > self->max)
        fprintf(self->out, "  and %zu more\n", shown - self->max);
    if (result->around_count)
        fputs("beside them, the same in both\n", self->out);
    for (size_t i = 0; i < result->around_count; i++)
        fprintf(self->out, "  %-*s  %s\n", width, result->around[i].name, result->around[i].a);
}

static void signals(const struct report *self, const struct comparison *result, int width)
{
    static const char *const names[][2] = {
        {"interval", "intervals"}, {"range of edges", "ranges of edges"}, {"row", "rows"}};
    const char *const *what = names[result->scale ? 2 : self->clock ? 1 : 0];
    if (result->signal_count == 0)
        return;
    fprintf(self->out, "%s that differ: %zu\n", result->scale ? "columns" : "signals",
            result->signal_count);
    for (size_t i = 0; i < result->signal_count && i < self->max; i++) {
        const struct compare_signal *signal = &result->signals[i];
        char text[160];
        fprintf(self->out, "  %-*s  %" PRIu64 " %s, first %s\n", width, signal->name, signal->count,
                what[signal->count != 1], when(result, signal->first, text, sizeof text));
    }
    if (result->signal_count > self->max)
        fprintf(self->out, "  and %zu more\n", result->signal_count - self->max);
}

static const char *verdict(enum compare_verdict verdict)
{
    return verdict == COMPARE_SAME ? "same" : verdict == COMPARE_DIFFERENT ? "different" : "error";
}

void report_text(const struct report *self, const struct comparison *result)
{
    if (result->verdict == COMPARE_ERROR) {
        const char *path =
            result->error_side ? self->path[result->error_side - 'A'] : "dmasim diff";
        fprintf(stderr, "%s:", path);
        if (result->error_line)
            fprintf(stderr, "%" PRIu64 ":", result->error_line);
        if (result->error_line && result->error_column)
            fprintf(stderr, "%" PRIu64 ":", result->error_column);
        fprintf(stderr, " error: %s\n", result->error_text);
        return;
    }
    const char *what = !result->scale                      ? "signals"
                       : strcmp(result->scale, "row") == 0 ? "columns"
                                                           : "bytes";
    const int length = (int)strlen(what) - (result->compared == 1); /* 1 signal, 2 signals */
    fprintf(self->out, "A %s\nB %s\n%s: %" PRIu64 " %.*s compared", self->path[0], self->path[1],
            verdict(result->verdict), result->compared, length, what);
    if (result->edges)
        fprintf(self->out, " at %" PRIu64 " edges of %s", result->edges, self->clock);
    if (result->rows[0] || result->rows[1])
        fprintf(self->out, ", %" PRIu64 " rows in A, %" PRIu64 " in B", result->rows[0],
                result->rows[1]);
    fputc('\n', self->out);
    const int width = widest(self, result);
    if (result->first_given)
        first(self, result, width);
    signals(self, result, width);
    name_list(self, "only in A", &result->only_a);
    name_list(self, "only in B", &result->only_b);
    name_list(self, "of another kind or size", &result->kind);
}

void report_folders_text(const struct report *self, const struct folder_comparison *result)
{
    if (result->error[0]) {
        fprintf(stderr, "%s\n", result->error);
        return;
    }
    fprintf(self->out, "A %s\nB %s\n%s\n", self->path[0], self->path[1], verdict(result->verdict));
    for (size_t i = 0; i < result->count; i++) {
        const struct folder_file *file = &result->files[i];
        char text[160];
        if (!file->path[0] || !file->path[1]) {
            fprintf(self->out, "  %-24s only in %c\n", file->name, file->path[0] ? 'A' : 'B');
            continue;
        }
        fprintf(self->out, "  %-24s %s", file->name, verdict(file->result.verdict));
        if (file->result.first_given)
            fprintf(self->out, ", first %s",
                    when(&file->result, file->result.first, text, sizeof text));
        fputc('\n', self->out);
    }
    for (size_t i = 0; i < result->count; i++) {
        const struct folder_file *file = &result->files[i];
        const struct report one = {
            {file->path[0], file->path[1]}, self->clock, self->max, self->out};
        if (!file->path[0] || !file->path[1] || file->result.verdict == COMPARE_SAME)
            continue;
        if (file->result.verdict == COMPARE_DIFFERENT)
            fputc('\n', self->out);
        report_text(&one, &file->result);
    }
}
