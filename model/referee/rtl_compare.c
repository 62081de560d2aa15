/* SPDX-License-Identifier: BSD-2-Clause */
#include "referee/rtl_compare.h"
#include "kernel/base.h"

#include <stdarg.h>
#include <string.h>

void rtl_compare_differ(struct rtl_compare *self, const char *recorded, const char *format, ...)
{
    if (self->differs)
        return;
    self->differs = true;
    snprintf(self->recorded, sizeof self->recorded, "%s", recorded);
    va_list args;
    va_start(args, format);
    vsnprintf(self->modelled, sizeof self->modelled, format, args);
    va_end(args);
}

static void recorded_line(const struct rtl_compare *self, char *text)
{
    size_t used = 0;
    if (self->row >= self->golden->rows) {
        snprintf(text, EVENT_LINE_BYTES, "nothing");
        return;
    }
    for (size_t i = 0; i < EVENT_COLUMNS; i++)
        used += (size_t)snprintf(text + used, EVENT_LINE_BYTES - used, "%s%.20s", i ? "," : "",
                                 table_cell(self->golden, self->row, i));
}

static void compare_line(struct event_lines *lines, const char *line, size_t length)
{
    struct rtl_compare *self = CONTAINER_OF(lines, struct rtl_compare, lines);
    char recorded[EVENT_LINE_BYTES];
    (void)length;
    if (self->differs)
        return;
    recorded_line(self, recorded);
    if (strcmp(line, recorded) == 0)
        self->row++;
    else
        rtl_compare_differ(self, recorded, "%s", line);
}

void rtl_compare_add(struct rtl_compare *self, sim_cycle now, const struct rtl_event_record *event)
{
    if (self->differs || now > self->last_cycle)
        return;
    struct rtl_event_record compared = *event;
    if (self->plain_responses && strcmp(event->event, "resp") == 0)
        compared.value = compared.len = 0;
    event_lines_add(&self->lines, now, &compared);
}

static void take_event(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                       const void *record)
{
    (void)probe;
    rtl_compare_add(CONTAINER_OF(observer, struct rtl_compare, observer), now, record);
}

void rtl_compare_start(struct rtl_compare *self, struct probe *probe, const struct table *golden,
                       const char *const *order)
{
    self->golden = golden;
    self->lines.order = order;
    self->lines.put = compare_line;
    self->row = 1;
    self->last_cycle = SIM_NEVER;
    self->observer.notify = take_event;
    probe_observe(probe, &self->observer);
}

void rtl_compare_end(struct rtl_compare *self)
{
    char recorded[EVENT_LINE_BYTES];
    event_lines_flush(&self->lines);
    recorded_line(self, recorded);
    if (self->row < self->golden->rows)
        rtl_compare_differ(self, recorded, "nothing any more");
}
