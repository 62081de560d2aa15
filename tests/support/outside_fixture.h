/* SPDX-License-Identifier: BSD-2-Clause */
/* outside_fixture: a scenario with ports, driven event by event. */
#ifndef TESTS_OUTSIDE_FIXTURE_H
#define TESTS_OUTSIDE_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dmasim/dmasim.h"
#include "instance.h"
#include "suite.h"

static struct dmasim *sim;
static struct dmasim_event event; /* taken last */

static inline struct dmasim *create(const char *scenario, bool every_cycle, bool reversed)
{
    char path[] = "/tmp/dmasim-test-XXXXXX";
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq(write(descriptor, scenario, strlen(scenario)), (ssize_t)strlen(scenario));
    close(descriptor);
    const struct dmasim_options options = {.every_cycle = every_cycle, .reverse_order = reversed};
    struct dmasim_error error;
    struct dmasim *self = dmasim_create(path, &options, &error);
    unlink(path);
    ck_assert_msg(self != NULL, "%d: %s", error.line, error.text);
    return self;
}

/* To `until`, or the first time step with an event. */
static inline void go(struct dmasim *self, uint64_t until)
{
    enum dmasim_why why;
    do
        ck_assert_int_eq(dmasim_run(self, until, &why), DMASIM_OK);
    while (why != DMASIM_WHY_OUTPUT && dmasim_now(self) < until);
}

static inline void to(uint64_t time_ps)
{
    go(sim, time_ps);
    ck_assert_uint_eq(dmasim_now(sim), time_ps);
    ck_assert(!dmasim_event_take(sim, &event));
}

static inline struct dmasim_port *port(const char *name)
{
    struct dmasim_port *found = dmasim_port_find(sim, name);
    ck_assert_msg(found != NULL, "no port %s", name);
    return found;
}

/* The next event is this one, at this time. */
static inline void expect(const char *name, enum dmasim_event_kind kind, uint64_t time_ps)
{
    if (!dmasim_event_take(sim, &event)) {
        go(sim, time_ps + 1000000000);
        ck_assert_msg(dmasim_event_take(sim, &event), "no event");
    }
    ck_assert_str_eq(dmasim_port_name(event.port), name);
    ck_assert_int_eq(event.kind, kind);
    ck_assert_uint_eq(event.time_ps, time_ps);
    ck_assert_uint_ge(dmasim_now(sim), time_ps);
}

static inline void start(const char *name, bool writes, uint64_t address, uint32_t bytes,
                         const void *data)
{
    const struct dmasim_transfer transfer = {
        .address = address, .bytes = bytes, .write = writes, .data = data};
    ck_assert_int_eq(dmasim_transfer_start(port(name), &transfer, NULL), DMASIM_OK);
}

/* Answers the request of the event that was taken last. */
static inline int answer(enum dmasim_response response, const void *data)
{
    return dmasim_request_answer(
        event.port, &(struct dmasim_answer){event.id, response, data, data ? event.bytes : 0});
}

static inline void okay(const void *data)
{
    ck_assert_int_eq(answer(DMASIM_RESPONSE_OKAY, data), DMASIM_OK);
}

static inline void done(void)
{
    dmasim_destroy(sim);
    sim = NULL;
}

#endif
