/* SPDX-License-Identifier: BSD-2-Clause */
/* calendar: see calendar.h. */
#include "cosim/calendar.h"

/* What a guest's clock of the day shows at its start: the same in every run. */
#define TIME_OF_DAY_NS UINT64_C(1700000000000000000)

void calendar_init(struct calendar *self)
{
    *self = (struct calendar){.requested_ns = CALENDAR_NEVER};
}

static enum calendar_result update(struct calendar *self, uint64_t time_ns, const char **why)
{
    if (time_ns <= self->now_ns)
        return CALENDAR_REPLY;
    if (self->waiting || time_ns >= self->granted_ns) {
        *why = "a time to which it was not allowed to go";
        return CALENDAR_BAD;
    }
    self->now_ns = time_ns;
    return CALENDAR_REPLY;
}

enum calendar_result calendar_take(struct calendar *self, const struct calendar_message *message,
                                   struct calendar_message *reply, const char **why)
{
    *reply = (struct calendar_message){CALENDAR_ACK, message->sequence, 0};
    if (!self->started && message->operation != CALENDAR_START) {
        *why = "time before it has started";
        return CALENDAR_BAD;
    }
    switch (message->operation) {
    case CALENDAR_ACK:
        if (!self->unanswered) {
            *why = "an answer that nobody waits for";
            return CALENDAR_BAD;
        }
        self->unanswered--;
        return CALENDAR_NOTHING;
    case CALENDAR_START:
        if (self->started) {
            *why = "a second start";
            return CALENDAR_BAD;
        }
        self->started = true;
        return CALENDAR_REPLY_FILES;
    case CALENDAR_REQUEST:
        self->requested_ns = message->time_ns < self->now_ns     ? self->now_ns
                             : message->time_ns > CALENDAR_NEVER ? CALENDAR_NEVER
                                                                 : message->time_ns;
        return CALENDAR_REPLY;
    case CALENDAR_WAIT:
        if (self->waiting) {
            *why = "a second wait";
            return CALENDAR_BAD;
        }
        self->waiting = true;
        self->granted_ns = 0;
        return CALENDAR_REPLY;
    case CALENDAR_GET:
        reply->time_ns = self->now_ns;
        return CALENDAR_REPLY;
    case CALENDAR_UPDATE:
        return update(self, message->time_ns, why);
    case CALENDAR_GET_TOD:
        reply->time_ns = TIME_OF_DAY_NS;
        return CALENDAR_REPLY;
    case CALENDAR_BROADCAST:
        return CALENDAR_REPLY;
    default:
        *why = "a message about time that there is not";
        return CALENDAR_BAD;
    }
}

struct calendar_message calendar_free_until(struct calendar *self, uint64_t until_ns)
{
    if (until_ns < self->now_ns)
        until_ns = self->now_ns;
    self->granted_ns = until_ns < CALENDAR_NEVER ? until_ns : CALENDAR_NEVER;
    self->unanswered++;
    return (struct calendar_message){CALENDAR_FREE_UNTIL, ++self->sequence, self->granted_ns};
}

struct calendar_message calendar_run(struct calendar *self)
{
    self->waiting = false;
    self->requested_ns = CALENDAR_NEVER;
    self->unanswered++;
    return (struct calendar_message){CALENDAR_RUN, ++self->sequence, self->now_ns};
}
