/* SPDX-License-Identifier: BSD-2-Clause */
/* rtl_compare: events of a core against the lines of a recording, in order and in every column. */
#ifndef DMASIM_RTL_COMPARE_H
#define DMASIM_RTL_COMPARE_H

#include "referee/referee.h"
#include "trace/csv/events.h"

struct rtl_compare {
    struct probe_observer observer;
    struct event_lines lines;
    const struct table *golden;
    bool plain_responses; /* `resp` without length and value */
    sim_cycle last_cycle; /* nothing is compared after it */
    size_t row;           /* next recorded line */
    bool differs;
    char recorded[EVENT_LINE_BYTES], modelled[EVENT_LINE_BYTES];
};

/* Starts a comparison; `probe` is of the type "rtl_event", `order` that of the recording. */
void rtl_compare_start(struct rtl_compare *self, struct probe *probe, const struct table *golden,
                       const char *const *order);

/* Adds an event that the model does not publish itself. */
void rtl_compare_add(struct rtl_compare *self, sim_cycle now, const struct rtl_event_record *event);

/* Compares what is held, and that no recorded line is left. */
void rtl_compare_end(struct rtl_compare *self);

/* A difference found otherwise; only the first is kept. printf-like. */
void rtl_compare_differ(struct rtl_compare *self, const char *recorded, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
