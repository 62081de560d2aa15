/* SPDX-License-Identifier: BSD-2-Clause */
/* Distributions, and the figures that are made of what is heard. */
#include "trace_fixture.h"

#include "bus/records.h"
#include "trace/summary/distribution.h"

/* 5, 3, 5, 9: the median is the second, p99 the last. */
START_TEST(a_distribution_is_exact)
{
    static const uint64_t values[] = {5, 3, 5, 9};
    struct distribution one = {.count = 0}, many = {.count = 0};
    for (size_t i = 0; i < COUNT(values); i++)
        ck_assert(distribution_add(&one, values[i]));
    distribution_sort(&one);
    ck_assert_uint_eq(one.count, 4);
    ck_assert_uint_eq(one.sum, 22);
    ck_assert_uint_eq(distribution_rank(&one, 0), 3);
    ck_assert_uint_eq(distribution_rank(&one, 25), 3);
    ck_assert_uint_eq(distribution_rank(&one, 26), 5);
    ck_assert_uint_eq(distribution_rank(&one, 75), 5);
    ck_assert_uint_eq(distribution_rank(&one, 76), 9);
    ck_assert_uint_eq(distribution_rank(&one, 99), 9);
    distribution_free(&one);
    for (uint64_t i = 0; i < 100000; i++)
        ck_assert(distribution_add(&many, i * 7919 % 100000)); /* each once */
    distribution_sort(&many);
    for (unsigned percent = 1; percent <= 100; percent++)
        ck_assert_uint_eq(distribution_rank(&many, percent), 1000 * (uint64_t)percent - 1);
    distribution_free(&many);
}
END_TEST

START_TEST(what_is_heard_is_told_with_its_distribution)
{
    struct bench b;
    bench_init(&b);
    struct probe *accesses = bench_probe(&b, "cpu0", &cpu_access_probe_type, 0, NULL);
    struct probe *requests = bench_probe(&b, "uart", &interval_probe_type, 0, NULL);
    struct probe *periods = bench_probe(&b, "ring", &interval_probe_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.summary = true});
    static const uint32_t stalls[] = {0, 0, 1, 7};
    for (size_t i = 0; i < COUNT(stalls); i++)
        probe_publish(accesses, i, &(struct cpu_access_record){.stall_cycles = stalls[i]});
    probe_publish(requests, 1, &(struct interval_record){INTERVAL_REQUEST, 40000});
    probe_publish(requests, 2, &(struct interval_record){INTERVAL_REQUEST, 50000});
    probe_publish(periods, 1, &(struct interval_record){INTERVAL_PERIOD, 1000001});
    probe_publish(periods, 3, &(struct interval_record){INTERVAL_PERIOD, 0});
    bench_close(trace, 99999);
    static const char *const lines[] = {
        "cpu.cpu0.stall.min,0,cycles",
        "cpu.cpu0.stall.mean,2.000,cycles",
        "cpu.cpu0.stall.median,0,cycles",
        "cpu.cpu0.stall.p99,7,cycles",
        "cpu.cpu0.stall.max,7,cycles",
        "fifo.uart.request_latency.min,40.000,ns",
        "fifo.uart.request_latency.mean,45.000,ns",
        "fifo.uart.request_latency.median,40.000,ns",
        "fifo.uart.request_latency.max,50.000,ns",
        "transfer.ring.period.count,2,periods",
        "transfer.ring.period.missed,1,periods",
        "transfer.ring.period.mean,500.001,ns",
        "transfer.ring.period.max,1000.001,ns",
    };
    for (size_t i = 0; i < COUNT(lines); i++)
        bench_expect_line(&b, "summary.csv", lines[i]);
    bench_done(&b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_distribution_is_exact,
        what_is_heard_is_told_with_its_distribution,
    };
    return bench_run("distribution", tests, COUNT(tests));
}
