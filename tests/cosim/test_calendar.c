/* SPDX-License-Identifier: BSD-2-Clause */
/* test_calendar: what a guest may do with time, to the nanosecond. */
#include "cosim/calendar.h"
#include "suite.h"

static struct calendar calendar;
static const char *why;

static enum calendar_result take(uint32_t operation, uint64_t time_ns, uint64_t *answer)
{
    const struct calendar_message message = {operation, 5, time_ns};
    struct calendar_message reply;
    const enum calendar_result result = calendar_take(&calendar, &message, &reply, &why);
    if (result == CALENDAR_REPLY || result == CALENDAR_REPLY_FILES) {
        ck_assert_uint_eq(reply.operation, CALENDAR_ACK);
        ck_assert_uint_eq(reply.sequence, 5);
        *answer = reply.time_ns;
    }
    return result;
}

static void started(void)
{
    uint64_t answer;
    calendar_init(&calendar);
    ck_assert_int_eq(take(CALENDAR_START, UINT64_MAX, &answer), CALENDAR_REPLY_FILES);
}

START_TEST(nothing_is_before_the_start_and_there_is_one)
{
    uint64_t answer;
    calendar_init(&calendar);
    ck_assert_int_eq(take(CALENDAR_GET, 0, &answer), CALENDAR_BAD);
    started();
    ck_assert_int_eq(take(CALENDAR_START, 0, &answer), CALENDAR_BAD);
}
END_TEST

START_TEST(the_guest_goes_on_by_itself_to_before_what_was_granted)
{
    uint64_t answer;
    started();
    ck_assert_int_eq(take(CALENDAR_UPDATE, 0, &answer), CALENDAR_REPLY);
    ck_assert_int_eq(take(CALENDAR_UPDATE, 1, &answer), CALENDAR_BAD); /* nothing was granted */
    calendar_free_until(&calendar, 1000);
    ck_assert_int_eq(take(CALENDAR_UPDATE, 999, &answer), CALENDAR_REPLY);
    ck_assert_uint_eq(calendar.now_ns, 999);
    ck_assert_int_eq(take(CALENDAR_UPDATE, 1000, &answer), CALENDAR_BAD);
    ck_assert_int_eq(take(CALENDAR_UPDATE, 998, &answer), CALENDAR_REPLY); /* not back */
    ck_assert_uint_eq(calendar.now_ns, 999);
}
END_TEST

START_TEST(while_it_waits_it_goes_nowhere)
{
    uint64_t answer;
    started();
    calendar_free_until(&calendar, 1000);
    ck_assert_int_eq(take(CALENDAR_REQUEST, 500, &answer), CALENDAR_REPLY);
    ck_assert_int_eq(take(CALENDAR_WAIT, 0, &answer), CALENDAR_REPLY);
    ck_assert_int_eq(take(CALENDAR_UPDATE, 1, &answer), CALENDAR_BAD);
    ck_assert_int_eq(take(CALENDAR_WAIT, 0, &answer), CALENDAR_BAD);
    calendar.now_ns = 500;
    ck_assert_uint_eq(calendar_run(&calendar).time_ns, 500);
    ck_assert(!calendar.waiting);
}
END_TEST

START_TEST(an_answer_is_to_something)
{
    uint64_t answer;
    started();
    ck_assert_int_eq(take(CALENDAR_ACK, 0, &answer), CALENDAR_BAD);
    calendar_free_until(&calendar, 1);
    ck_assert_int_eq(take(CALENDAR_ACK, 0, &answer), CALENDAR_NOTHING);
    ck_assert_int_eq(take(CALENDAR_ACK, 0, &answer), CALENDAR_BAD);
}
END_TEST

START_TEST(times_end_where_picoseconds_do)
{
    uint64_t answer;
    started();
    ck_assert_int_eq(take(CALENDAR_REQUEST, UINT64_MAX, &answer), CALENDAR_REPLY);
    ck_assert_uint_eq(calendar.requested_ns, CALENDAR_NEVER);
    calendar_free_until(&calendar, UINT64_MAX);
    ck_assert_int_eq(take(CALENDAR_UPDATE, CALENDAR_NEVER, &answer), CALENDAR_BAD);
    ck_assert_int_eq(take(CALENDAR_UPDATE, CALENDAR_NEVER - 1, &answer), CALENDAR_REPLY);
    ck_assert_uint_lt(calendar.now_ns, UINT64_MAX / 1000);
}
END_TEST

TEST_MAIN("calendar", nothing_is_before_the_start_and_there_is_one,
          the_guest_goes_on_by_itself_to_before_what_was_granted, while_it_waits_it_goes_nowhere,
          an_answer_is_to_something, times_end_where_picoseconds_do)
