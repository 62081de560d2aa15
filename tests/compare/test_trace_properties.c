/* SPDX-License-Identifier: BSD-2-Clause */
/* Random traces: what must hold of any two, and the rules word by word. */
#include <stdlib.h>
#include <unistd.h>

#include "compare/compare.h"
#include "random_trace.h"
#include "suite.h"

static char path_a[64], path_b[64];

static void set_up(void)
{
    snprintf(path_a, sizeof path_a, "/tmp/trace-a-%d.vcd", (int)getpid());
    snprintf(path_b, sizeof path_b, "/tmp/trace-b-%d.vcd", (int)getpid());
}

static void tear_down(void)
{
    unlink(path_a);
    unlink(path_b);
}

static void expect(const struct trace *a, const struct trace *b, const struct trace_rules *rules,
                   const struct compare_options *options, uint64_t seed, const char *what)
{
    const struct trace_verdict verdict = trace_compare(a, b, rules);
    struct comparison result;
    compare_vcd(path_a, path_b, options, &result);
    ck_assert_msg(result.verdict != COMPARE_ERROR, "seed %llu, %s: %s", (unsigned long long)seed,
                  what, result.error_text);
    char want[256] = "", told[256] = "", number[TRACE_TIME_ROOM];
    if (verdict.first >= 0) {
        snprintf(want, sizeof want, "%lld", (long long)verdict.first);
        for (int i = 0; i < a->count && !verdict.end; i++)
            if (verdict.differs[i])
                sprintf(want + strlen(want), " t.v%d", i);
        strcat(want, verdict.end ? " (end)" : "");
    }
    if (result.first_given) {
        snprintf(told, sizeof told, "%s", trace_time_print(result.first, 1000000, number));
        for (size_t i = 0; i < result.first_names.count; i++)
            sprintf(told + strlen(told), " %s", result.first_names.all[i]);
    }
    ck_assert_msg(strcmp(want, told) == 0, "seed %llu, %s: \"%s\", by the rules \"%s\"",
                  (unsigned long long)seed, what, told, want);
    ck_assert(result.verdict == (want[0] ? COMPARE_DIFFERENT : COMPARE_SAME));
    comparison_free(&result);
}

/* In how many intervals a variable differs; of events at how many times. */
static uint64_t intervals(const struct trace *a, const struct trace *b, int variable)
{
    const int64_t last = a->end > b->end ? a->end : b->end;
    uint64_t count = 0;
    bool before = false;
    for (int64_t time = 0; time <= last; time++) {
        const bool event = a->kind[variable] == TRACE_EVENT;
        const bool differs =
            event ? trace_events(a, variable, time) != trace_events(b, variable, time)
                  : !trace_same_value(a, b, variable, time, false);
        count += differs && (event || !before);
        before = differs;
    }
    return count;
}

static void expect_intervals(const struct trace *a, const struct trace *b,
                             const struct compare_options *options, uint64_t seed)
{
    struct comparison result;
    compare_vcd(path_a, path_b, options, &result);
    for (int i = 0; i < a->count; i++) {
        uint64_t told = 0;
        for (size_t k = 0; k < result.signal_count; k++)
            if (atoi(result.signals[k].name + strlen("t.v")) == i)
                told = result.signals[k].count;
        const uint64_t want = intervals(a, b, i);
        ck_assert_msg(told == want, "seed %llu, t.v%d: %llu intervals, by the rules %llu",
                      (unsigned long long)seed, i, (unsigned long long)told,
                      (unsigned long long)want);
    }
    comparison_free(&result);
}

static struct time_argument ns(int64_t time)
{
    return (struct time_argument){.given = true, .number = time, .divisor = 1, .unit_fs = 1000000};
}

static const struct trace_rules all_times = {.to = INT64_MAX, .tolerance = -1};

/* Buffers in which words lie across the ends; the larger ones are long enough to pass what is equal. */
static const size_t buffers[] = {0, 64, 1500, 4096};

START_TEST(a_trace_is_the_same_as_itself_however_it_is_written)
{
    for (uint64_t seed = 1; seed <= 150; seed++) {
        struct trace *trace = trace_random(seed);
        trace_write(trace, 0, path_a);
        trace_write(trace, seed % 3 ? seed : 0, path_b);
        const struct compare_options options = {.buffer_bytes = buffers[seed % 4]};
        expect(trace, trace, &all_times, &options, seed, "the same");
        free(trace);
    }
}
END_TEST

START_TEST(a_change_left_out_is_found_at_its_time)
{
    for (uint64_t seed = 1; seed <= 150; seed++) {
        struct trace *trace = trace_random(seed), *other = trace_random(seed);
        struct random random = random_seeded(seed);
        const int at = (int)random_below(&random, (uint32_t)trace->change_count);
        const struct trace_change gone = trace->changes[at];
        const char *before = trace_at(trace, gone.variable, gone.time, true);
        bool last = true; /* of its variable at that time, and not a repeat */
        for (int i = 0; i < trace->change_count; i++)
            last &= i == at || trace->changes[i].variable != gone.variable ||
                    trace->changes[i].time != gone.time;
        last &=
            trace->kind[gone.variable] == TRACE_EVENT || !before || strcmp(before, gone.value) != 0;
        memmove(&other->changes[at], &other->changes[at + 1],
                (size_t)(other->change_count - at - 1) * sizeof gone);
        other->change_count--;
        trace_write(trace, 0, path_a);
        trace_write(other, seed % 2 ? seed : 0, path_b);
        const struct compare_options options = {.buffer_bytes = buffers[seed % 4]};
        expect(trace, other, &all_times, &options, seed, "a change less");
        struct comparison result;
        compare_vcd(path_a, path_b, &options, &result);
        ck_assert_msg(!last || result.first == (trace_time)gone.time * 1000000, "seed %llu",
                      (unsigned long long)seed);
        comparison_free(&result);
        free(trace);
        free(other);
    }
}
END_TEST

START_TEST(traces_that_differ_do_so_where_the_rules_say)
{
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct trace *a = trace_random(seed), *b = trace_random(seed);
        struct random random = random_seeded(seed);
        trace_mutate(b, seed);
        trace_write(a, 0, path_a);
        trace_write(b, random_below(&random, 2) ? seed : 0, path_b);
        struct compare_options options = {.buffer_bytes = buffers[seed % 4]};
        expect(a, b, &all_times, &options, seed, "plain");
        if (a->change_count < 400)
            expect_intervals(a, b, &options, seed);

        struct trace_rules rules = all_times;
        rules.clock = true;
        options.clock = "t.v0";
        options.rising = true;
        expect(a, b, &rules, &options, seed, "clock");
        rules.from = random_below(&random, (uint32_t)a->end + 20);
        rules.to = rules.from + (int64_t)random_below(&random, (uint32_t)a->end);
        options.from = ns(rules.from);
        options.to = ns(rules.to);
        expect(a, b, &rules, &options, seed, "clock, from, to");
        rules.clock = false;
        options.clock = NULL;
        expect(a, b, &rules, &options, seed, "from, to");

        rules = all_times;
        rules.tolerance = random_below(&random, 6);
        char value[32];
        snprintf(value, sizeof value, "%dns", (int)rules.tolerance);
        const struct compare_tolerance tolerance = {NULL, value};
        options = (struct compare_options){
            .buffer_bytes = buffers[seed % 4], .tolerances = &tolerance, .tolerance_count = 1};
        expect(a, b, &rules, &options, seed, value);

        rules.clock = true;
        options.clock = "t.v0";
        options.rising = true;
        if (a->change_count < 200) {
            expect(a, b, &rules, &options, seed, "clock and a tolerance of time");
            rules.by_edges = true;
            rules.tolerance = random_below(&random, 3);
            snprintf(value, sizeof value, "%dcycles", (int)rules.tolerance);
            expect(a, b, &rules, &options, seed, "clock and a tolerance of cycles");
        }
        free(a);
        free(b);
    }
}
END_TEST

START_TEST(the_other_way_round_the_same_differs)
{
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct trace *a = trace_random(seed), *b = trace_random(seed);
        trace_mutate(b, seed);
        trace_write(a, seed % 5 ? 0 : seed, path_a);
        trace_write(b, 0, path_b);
        const struct compare_options options = {.buffer_bytes = buffers[seed % 4]};
        struct comparison one, other;
        compare_vcd(path_a, path_b, &options, &one);
        compare_vcd(path_b, path_a, &options, &other);
        ck_assert(one.verdict == other.verdict && one.first_given == other.first_given &&
                  one.first == other.first && one.signal_count == other.signal_count);
        for (size_t i = 0; i < one.signal_count; i++) {
            ck_assert_str_eq(one.signals[i].name, other.signals[i].name);
            ck_assert(one.signals[i].count == other.signals[i].count);
            ck_assert_str_eq(one.signals[i].a, other.signals[i].b);
        }
        comparison_free(&one);
        comparison_free(&other);
        free(a);
        free(b);
    }
}
END_TEST

START_TEST(times_added_to_b_are_taken_off_again)
{
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct trace *a = trace_random(seed), *b = trace_random(seed);
        const int64_t late = 1 + (int64_t)(seed * 7 % 90);
        for (int i = 0; i < b->change_count; i++)
            b->changes[i].time += late;
        b->end += late;
        trace_write(a, 0, path_a);
        trace_write(b, seed % 2 ? seed : 0, path_b);
        const struct compare_options options = {.offset = ns(-late),
                                                .buffer_bytes = buffers[seed % 4]};
        expect(a, a, &all_times, &options, seed, "offset");
        free(a);
        free(b);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("trace properties");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_trace_is_the_same_as_itself_however_it_is_written);
    tcase_add_test(tests, a_change_left_out_is_found_at_its_time);
    tcase_add_test(tests, traces_that_differ_do_so_where_the_rules_say);
    tcase_add_test(tests, the_other_way_round_the_same_differs);
    tcase_add_test(tests, times_added_to_b_are_taken_off_again);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
