/* SPDX-License-Identifier: BSD-2-Clause */
/* summary: summary.csv. */
#include <string.h>

#include "trace/format.h"
#include "trace/summary/statistics_state.h"

static void put(struct trace_file *file, const char *name, const char *value, const char *unit)
{
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

/* A figure of a unit. */
static void put_metric(struct trace_file *file, const struct metric *metric)
{
    char value[2 * FORMAT_DIGITS_MAX];
    const size_t length = metric_name(metric, NULL, 0);
    struct trace_text name = {0};
    char *text = trace_text_room(&name, length + 1);
    if (text) {
        metric_name(metric, text, length + 1);
        put_ratio(value, metric->value, metric->scale, metric->over, metric->decimals)[0] = '\0';
        put(file, text, value, metric->unit);
    }
    trace_text_free(&name);
}

static void put_parts(struct trace_file *file, const struct trace_statistics *self,
                      enum counter_group group, const char *component)
{
    struct metric_walk walk = statistics_walk(self);
    for (walk.group = group; metric_part_next(self->system, &walk) && walk.group == group;) {
        struct metric metric;
        if (component && strcmp(walk.of->name, component) != 0)
            continue;
        for (uint32_t row = 0; metric_of_part(&walk, row, &metric); row++)
            put_metric(file, &metric);
    }
}

/* ---- transfers ------------------------------------------------------------------------------- */

/* `front`, a dot if there is one, and the name. */
static void put_named(struct trace_file *file, const char *front, const char *name,
                      const char *value, const char *unit)
{
    struct trace_text text = {0};
    const size_t length = strlen(front) + strlen(name) + 2;
    char *at = trace_text_room(&text, length);
    if (at) {
        at = put_text(at, front);
        if (*front)
            *at++ = '.';
        put_text(at, name)[0] = '\0';
        put(file, text.data, value, unit);
    }
    trace_text_free(&text);
}

static void put_count(struct trace_file *file, const char *front, const char *name, uint64_t value,
                      const char *unit)
{
    char text[FORMAT_DIGITS_MAX + 1];
    put_decimal(text, value)[0] = '\0';
    put_named(file, front, name, text, unit);
}

static void put_ns(struct trace_file *file, const char *front, const char *name, uint64_t ps)
{
    char text[2 * FORMAT_DIGITS_MAX];
    put_ratio(text, ps, 1, 1000, 3)[0] = '\0';
    put_named(file, front, name, text, "ns");
}

/* count .. bytes have the front and "transfers", the latencies `front` and, of all, "transfers" too. */
static void put_latencies(struct trace_file *file, const char *front, const struct latencies *self)
{
    const bool all = !*front;
    put_count(file, front, "transfers.count", self->transfers, "transfers");
    put_count(file, front, "transfers.complete", self->transfers - self->failed, "transfers");
    put_count(file, front, "transfers.failed", self->failed, "transfers");
    put_count(file, front, "transfers.bytes", self->bytes, "bytes");
    if (self->count == 0)
        return;
    put_ns(file, front, all ? "transfers.latency.min" : "latency.min", self->ps[0]);
    put_ns(file, front, all ? "transfers.latency.median" : "latency.median",
           latencies_percentile(self, 50));
    put_ns(file, front, all ? "transfers.latency.p99" : "latency.p99",
           latencies_percentile(self, 99));
    put_ns(file, front, all ? "transfers.latency.max" : "latency.max", self->ps[self->count - 1]);
}

static void put_controller(struct trace_file *file, const struct trace_statistics *self,
                           const struct controller_latencies *controller)
{
    static const char group[] = "controller.";
    struct trace_text front = {0};
    char *at = trace_text_room(&front, sizeof group + strlen(controller->name));
    if (at) {
        put_text(put_text(at, group), controller->name)[0] = '\0';
        put_latencies(file, front.data, &controller->latencies);
    }
    trace_text_free(&front);
    put_parts(file, self, COUNTERS_CONTROLLER, controller->name);
}

void trace_statistics_write(const struct trace_statistics *self, struct trace_file *file)
{
    trace_file_text(file, "metric,value,unit\n");
    put_ns(file, "run", "time", self->final_ps - self->from_ps);
    put_parts(file, self, COUNTERS_BUS, NULL);
    put_parts(file, self, COUNTERS_BEATS, NULL);
    put_latencies(file, "", &self->latencies);
    for (uint32_t i = 0; i < self->controller_count; i++)
        put_controller(file, self, self->controllers[i]);
    for (int group = COUNTERS_CONTROLLER + 1; group < COUNTER_GROUPS; group++)
        put_parts(file, self, (enum counter_group)group, NULL);
}
