/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/rtl_compare.h"

#include <inttypes.h>
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
        snprintf(text, RTL_LINE_BYTES, "nothing");
        return;
    }
    for (size_t i = 0; i < RTL_COLUMNS; i++)
        used += (size_t)snprintf(text + used, RTL_LINE_BYTES - used, "%s%.20s", i ? "," : "",
                                 table_cell(self->golden, self->row, i));
}

static void compare_line(struct rtl_compare *self, const struct rtl_event_record *event)
{
    char line[RTL_LINE_BYTES], recorded[RTL_LINE_BYTES];
    int used = snprintf(line, sizeof line, "%" PRIu64 ",%s,0x%" PRIx64 ",%d,%u,", self->cycle,
                        event->event, event->value, (int)event->len, event->last);
    if (event->valid_since == SIM_NEVER)
        snprintf(line + used, sizeof line - (size_t)used, "-1");
    else
        snprintf(line + used, sizeof line - (size_t)used, "%" PRIu64, event->valid_since);
    recorded_line(self, recorded);
    if (strcmp(line, recorded) == 0)
        self->row++;
    else
        rtl_compare_differ(self, recorded, "%s", line);
}

static void compare_cycle(struct rtl_compare *self)
{
    for (unsigned i = 0; i < self->count && !self->differs; i++)
        compare_line(self, &self->held[i].event);
    self->count = 0;
}

/* Place of an event in the order; that of the null entry if it is not there. */
static unsigned rank_of(const struct rtl_compare *self, const char *event)
{
    unsigned rank = 0;
    for (; self->order[rank]; rank++) {
        size_t length = strlen(self->order[rank]);
        if (self->order[rank][length - 1] == '_' ? strncmp(event, self->order[rank], length) == 0
                                                 : strcmp(event, self->order[rank]) == 0)
            break;
    }
    return rank;
}

void rtl_compare_add(struct rtl_compare *self, sim_cycle now, const struct rtl_event_record *event)
{
    unsigned rank = rank_of(self, event->event);
    if (self->differs || now > self->last_cycle || !self->order[rank])
        return;
    if (now != self->cycle || self->count == RTL_EVENTS)
        compare_cycle(self);
    self->cycle = now;
    unsigned at = self->count++;
    for (; at > 0 && self->held[at - 1].rank > rank; at--)
        self->held[at] = self->held[at - 1];
    self->held[at].rank = rank;
    self->held[at].event = *event;
    if (self->plain_responses && strcmp(event->event, "resp") == 0)
        self->held[at].event.value = self->held[at].event.len = 0;
}

static void take_event(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                       const void *record)
{
    (void)probe;
    rtl_compare_add(
        (struct rtl_compare *)((char *)observer - offsetof(struct rtl_compare, observer)), now,
        record);
}

void rtl_compare_start(struct rtl_compare *self, struct probe *probe, const struct table *golden,
                       const char *const *order)
{
    self->golden = golden;
    self->order = order;
    self->row = 1;
    self->last_cycle = SIM_NEVER;
    self->observer.notify = take_event;
    probe_observe(probe, &self->observer);
}

void rtl_compare_end(struct rtl_compare *self)
{
    char recorded[RTL_LINE_BYTES];
    compare_cycle(self);
    recorded_line(self, recorded);
    if (self->row < self->golden->rows)
        rtl_compare_differ(self, recorded, "nothing any more");
}
