/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calendar: the side of um_timetravel (Linux, include/uapi/linux/um_timetravel.h) that owns time. A guest asks
 * when it wants to run, waits, and runs when it is told; all its nanoseconds are the simulation's.
 *
 *     guest                     calendar
 *     START                ->   ACK, with two files that are not used
 *     REQUEST t, WAIT      ->   ACK, ACK
 *                          <-   FREE_UNTIL u: it may go on by itself to any time before u
 *                          <-   RUN t
 *     UPDATE t             ->   ACK: it has gone on by itself to t, and will do something that is seen outside
 *
 * No sockets here: messages in, messages out.
 */
#ifndef DMASIM_COSIM_CALENDAR_H
#define DMASIM_COSIM_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* 208 days: picoseconds of the model are 64 bits wide. No guest gets there. */
#define CALENDAR_NEVER UINT64_C(18000000000000000)

enum calendar_operation {
    CALENDAR_ACK,
    CALENDAR_START,
    CALENDAR_REQUEST,
    CALENDAR_WAIT,
    CALENDAR_GET,
    CALENDAR_UPDATE,
    CALENDAR_RUN,
    CALENDAR_FREE_UNTIL,
    CALENDAR_GET_TOD,
    CALENDAR_BROADCAST,
};

struct calendar_message {
    uint32_t operation, sequence;
    uint64_t time_ns;
};

struct calendar {
    bool started, waiting;
    uint64_t now_ns;       /* of the guest, as far as it has told; of all when it waits */
    uint64_t requested_ns; /* when it wants to run; CALENDAR_NEVER: it has not asked */
    uint64_t granted_ns;   /* it may go on by itself to any time before this */
    uint32_t sequence;     /* of what was sent last */
    uint32_t unanswered;   /* RUN and FREE_UNTIL that the guest has not acknowledged */
};

void calendar_init(struct calendar *self);

enum calendar_result {
    CALENDAR_REPLY,       /* *reply is to be sent */
    CALENDAR_REPLY_FILES, /* with two files */
    CALENDAR_NOTHING,
    CALENDAR_BAD, /* *why: the guest cannot be understood any more */
};

/* A message of the guest's. */
enum calendar_result calendar_take(struct calendar *self, const struct calendar_message *message,
                                   struct calendar_message *reply, const char **why);

/* The guest may go on by itself to any time before this, but not behind `now`. */
struct calendar_message calendar_free_until(struct calendar *self, uint64_t until_ns);

/* The guest runs, at now_ns. */
struct calendar_message calendar_run(struct calendar *self);

#endif
