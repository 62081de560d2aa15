/* SPDX-License-Identifier: BSD-2-Clause */
/* summary: the rows of summary.csv. */
#include <string.h>

#include "kernel/base.h"
#include "trace/causes/causes.h"
#include "trace/format.h"
#include "trace/summary/statistics_state.h"

/* Where the rows go. */
struct rows {
    statistics_row *row;
    void *context;
};

static void put(const struct rows *to, const char *name, const char *value, const char *unit)
{
    to->row(to->context, name, value, unit);
}

/* A figure of a unit. */
static void put_metric(const struct rows *to, const struct metric *metric)
{
    char value[2 * FORMAT_DIGITS_MAX];
    const size_t length = metric_name(metric, NULL, 0);
    struct trace_text name = {0};
    char *text = trace_text_room(&name, length + 1);
    if (text) {
        metric_name(metric, text, length + 1);
        put_ratio(value, metric->value, metric->scale, metric->over, metric->decimals)[0] = '\0';
        put(to, text, value, metric->unit);
    }
    trace_text_free(&name);
}

static void put_parts(const struct rows *to, const struct trace_statistics *self,
                      enum counter_group group, const char *component)
{
    struct metric_walk walk = statistics_walk(self);
    for (walk.group = group; metric_part_next(self->system, &walk) && walk.group == group;) {
        struct metric metric;
        if (component && strcmp(walk.of->name, component) != 0)
            continue;
        for (uint32_t row = 0; metric_of_part(&walk, row, &metric); row++)
            put_metric(to, &metric);
    }
}

/* ---- transfers ------------------------------------------------------------------------------- */

/* `front`, a dot if there is one, and the name. */
static void put_named(const struct rows *to, const char *front, const char *name, const char *value,
                      const char *unit)
{
    struct trace_text text = {0};
    const size_t length = strlen(front) + strlen(name) + 2;
    char *at = trace_text_room(&text, length);
    if (at) {
        at = put_text(at, front);
        if (*front)
            *at++ = '.';
        put_text(at, name)[0] = '\0';
        put(to, text.data, value, unit);
    }
    trace_text_free(&text);
}

static void put_count(const struct rows *to, const char *front, const char *name, uint64_t value,
                      const char *unit)
{
    char text[FORMAT_DIGITS_MAX + 1];
    put_decimal(text, value)[0] = '\0';
    put_named(to, front, name, text, unit);
}

static void put_scaled(const struct rows *to, const char *front, const char *name, uint64_t value,
                       uint64_t over, unsigned decimals, const char *unit)
{
    char text[2 * FORMAT_DIGITS_MAX];
    put_ratio(text, value, 1, over, decimals)[0] = '\0';
    put_named(to, front, name, text, unit);
}

static void put_figure(const struct rows *to, const char *front, enum summary_figure_index index,
                       uint64_t value)
{
    put_count(to, front, summary_figures[index].name, value, summary_figures[index].unit);
}

/* min to max behind the distribution's name, if there is a value. */
static void put_distribution(const struct rows *to, const char *front,
                             enum summary_distribution_index index, const struct distribution *self)
{
    const struct summary_distribution *kind = &summary_distributions[index];
    const uint64_t over = kind->cycles ? 1 : 1000;
    const char *unit = kind->cycles ? "cycles" : "ns";
    char text[64];
    for (size_t i = 0; i < SUMMARY_RANKS && self->count > 0; i++) {
        char *at = put_text(put_text(text, kind->name), ".");
        put_text(at, summary_ranks[i].name)[0] = '\0';
        if (i == SUMMARY_MEAN)
            put_scaled(to, front, text, self->sum, over * self->count, 3, unit);
        else
            put_scaled(to, front, text, distribution_rank(self, summary_ranks[i].percent), over,
                       kind->cycles ? 0 : 3, unit);
    }
}

/* count .. bytes have the front and "transfers", the latencies `front` and, of all, "transfers" too. */
static void put_latencies(const struct rows *to, const char *front, const struct latencies *self)
{
    const struct latency_counts *counts = &self->counts;
    put_figure(to, front, FIGURE_TRANSFERS, counts->transfers);
    put_figure(to, front, FIGURE_COMPLETE, counts->transfers - counts->failed - counts->stopped);
    put_figure(to, front, FIGURE_FAILED, counts->failed);
    put_figure(to, front, FIGURE_BYTES, counts->bytes);
    if (*front)
        put_distribution(to, front, DISTRIBUTION_CONTROLLER, &self->ps);
    else
        put_distribution(to, summary_distributions[DISTRIBUTION_LATENCY].front,
                         DISTRIBUTION_LATENCY, &self->ps);
}

/* What was heard at a probe, behind the names of what is counted. */
static void put_heard(const struct rows *to, const struct heard *self)
{
    const enum summary_distribution_index kind = statistics_kind(self);
    const char *group = summary_distributions[kind].front;
    const size_t length = strcspn(group, ".");
    struct trace_text front = {0};
    char *at = trace_text_room(&front, length + strlen(self->probe->name) + 2);
    if (at && self->values.count > 0) {
        memcpy(at, group, length);
        at = put_text(at + length, ".");
        put_text(at, self->probe->name)[0] = '\0';
        if (kind == DISTRIBUTION_PERIOD) {
            put_figure(to, front.data, FIGURE_PERIODS, self->values.count);
            put_figure(to, front.data, FIGURE_MISSED, distribution_zeros(&self->values));
        }
        put_distribution(to, front.data, kind, &self->values);
    }
    trace_text_free(&front);
}

static void put_controller(const struct rows *to, const struct trace_statistics *self,
                           const struct controller_latencies *controller)
{
    static const char group[] = "controller.";
    struct trace_text front = {0};
    char *at = trace_text_room(&front, sizeof group + strlen(controller->name));
    if (at) {
        put_text(put_text(at, group), controller->name)[0] = '\0';
        put_latencies(to, front.data, &controller->latencies);
    }
    trace_text_free(&front);
    put_parts(to, self, COUNTERS_CONTROLLER, controller->name);
}

void trace_statistics_rows(const struct trace_statistics *self, statistics_row *row, void *context)
{
    const struct rows rows = {row, context}, *to = &rows;
    const struct summary_figure *time = &summary_figures[FIGURE_TIME];
    put_scaled(to, "", time->name, self->final_ps - self->from_ps, 1000, time->decimals,
               time->unit);
    put_figure(to, "", FIGURE_NOTES, self->system->plan ? self->system->plan->notes : 0);
    put_parts(to, self, COUNTERS_BUS, NULL);
    put_parts(to, self, COUNTERS_BEATS, NULL);
    put_latencies(to, "", &self->latencies);
    for (uint32_t i = 0; i < self->controller_count; i++)
        put_controller(to, self, self->controllers[i]);
    for (int group = COUNTERS_CONTROLLER + 1; group < COUNTER_GROUPS; group++)
        put_parts(to, self, (enum counter_group)group, NULL);
    for (uint32_t i = 0; i < self->heard_count; i++)
        put_heard(to, &self->heard[i]);
    if (self->causes)
        trace_causes_rows(self->causes, row, context);
}

void trace_statistics_add(struct trace_statistics *self, const struct trace_causes *causes)
{
    self->causes = causes;
}

static void write_row(void *context, const char *name, const char *value, const char *unit)
{
    struct trace_file *file = context;
    struct trace_text line = {0};
    trace_text_cell(&line, name);
    trace_file_write(file, line.data, line.used);
    trace_text_free(&line);
    trace_file_text(file, ",");
    trace_file_text(file, value);
    trace_file_text(file, ",");
    trace_file_text(file, unit);
    trace_file_text(file, "\n");
}

void trace_statistics_write(const struct trace_statistics *self, struct trace_file *file)
{
    trace_file_text(file, "metric,value,unit\n");
    trace_statistics_rows(self, write_row, file);
}
