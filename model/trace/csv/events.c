/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/csv/events.h"
#include "kernel/base.h"

#include <string.h>

#include "trace/format.h"

static void put_line(struct event_lines *self, const struct rtl_event_record *event)
{
    char line[EVENT_LINE_BYTES], *at = put_decimal(line, self->cycle);
    const int32_t len = (int32_t)event->len;
    *at++ = ',';
    at = put_text(at, event->event);
    at = put_text(at, ",0x");
    at = put_hex(at, event->value);
    at = put_text(at, len < 0 ? ",-" : ",");
    at = put_decimal(at, len < 0 ? 0 - (uint64_t)(int64_t)len : (uint64_t)len);
    *at++ = ',';
    at = put_decimal(at, event->last);
    *at++ = ',';
    at = event->valid_since == SIM_NEVER ? put_text(at, "-1") : put_decimal(at, event->valid_since);
    *at = '\0';
    self->put(self, line, (size_t)(at - line));
}

/* Place of an event in the order; that of the null entry if it is not there. */
static unsigned rank_of(const char *const *order, const char *event)
{
    unsigned rank = 0;
    for (; order[rank]; rank++) {
        size_t length = strlen(order[rank]);
        if (order[rank][length - 1] == '_' ? strncmp(event, order[rank], length) == 0
                                           : strcmp(event, order[rank]) == 0)
            break;
    }
    return rank;
}

void event_lines_flush(struct event_lines *self)
{
    for (unsigned i = 0; i < self->count; i++)
        put_line(self, &self->held[i].event);
    self->count = 0;
}

void event_lines_add(struct event_lines *self, sim_cycle now, const struct rtl_event_record *event)
{
    unsigned rank = rank_of(self->order, event->event);
    if (!self->order[rank])
        return;
    if (now != self->cycle || self->count == EVENTS_HELD)
        event_lines_flush(self);
    self->cycle = now;
    unsigned at = self->count++;
    for (; at > 0 && self->held[at - 1].rank > rank; at--)
        self->held[at] = self->held[at - 1];
    self->held[at].rank = rank;
    self->held[at].event = *event;
}

/* ---- events.csv ------------------------------------------------------------------------------ */

static void write_line(struct event_lines *lines, const char *line, size_t length)
{
    struct trace_events *self = CONTAINER_OF(lines, struct trace_events, lines);
    char *at = trace_file_room(self->file, length + 1);
    memcpy(at, line, length);
    at[length] = '\n';
    trace_file_to(self->file, at + length + 1);
}

static void notify(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                   const void *record)
{
    (void)probe;
    event_lines_add(&((struct trace_events *)observer)->lines, now, record);
}

static const char *const *order_of(const struct probe_type *type)
{
    static const char *const none[] = {NULL};
    for (size_t i = 0; i < type->field_count; i++)
        if (type->fields[i].radix == PROBE_TEXT && type->fields[i].names)
            return type->fields[i].names;
    return none;
}

void trace_events_open(struct trace_events *self, struct probe *probe, struct trace_file *file)
{
    *self = (struct trace_events){
        .observer.notify = notify,
        .lines = {.order = order_of(probe->type), .put = write_line},
        .file = file,
    };
    trace_file_text(file, "cycle,event,addr_or_value,len,last,valid_since\n");
    probe_observe(probe, &self->observer);
}

void trace_events_close(struct trace_events *self)
{
    event_lines_flush(&self->lines);
}
