/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_events: events of a core ("rtl_event") as lines in the form of the recordings of its RTL.
 *
 *   cycle,event,addr_or_value,len,last,valid_since
 *   84,AR,0x10000,15,0,83
 *
 * A core publishes the events of a cycle as they come; a recording has them in an order of its own. So
 * those of one cycle are held and sorted, events of one name as they came.
 */
#ifndef DMASIM_TRACE_EVENTS_H
#define DMASIM_TRACE_EVENTS_H

#include "bus/records.h"
#include "trace/file.h"

#define EVENT_LINE_BYTES 128
#define EVENT_COLUMNS 6
#define EVENTS_HELD 64 /* of one cycle: more than an order has names */

struct event_lines {
    /* Names of events in their order within a cycle, null at the end (`names` of the probe's field). A name that
     * ends with _ stands for all that start with it; events that are not named are left out. */
    const char *const *order;
    /* Takes a line, without a line end. */
    void (*put)(struct event_lines *self, const char *line, size_t length);
    sim_cycle cycle; /* of the events that are held */
    unsigned count;
    struct {
        unsigned rank;
        struct rtl_event_record event;
    } held[EVENTS_HELD];
};

/* Takes an event; cycles must not fall. Lines of the cycle before are put. */
void event_lines_add(struct event_lines *self, sim_cycle now, const struct rtl_event_record *event);

/* Puts what is held. */
void event_lines_flush(struct event_lines *self);

/* ---- events.csv ------------------------------------------------------------------------------ */

struct trace_events {
    struct probe_observer observer;
    struct event_lines lines;
    struct trace_file *file;
};

/* Joins the probe, whose type must be "rtl_event", and writes the head line. `file` is the caller's. */
void trace_events_open(struct trace_events *self, struct probe *probe, struct trace_file *file);

/* Writes what is left. */
void trace_events_close(struct trace_events *self);

#endif
