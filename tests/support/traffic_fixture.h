/* SPDX-License-Identifier: BSD-2-Clause */
/* traffic_fixture: a plan with one scripted AXI master, run to the end of its bursts. */
#ifndef TESTS_TRAFFIC_FIXTURE_H
#define TESTS_TRAFFIC_FIXTURE_H

#include "axi_plan.h"

#define LONG UINT64_C(10000000000) /* 10 ms */

static struct test_plan t;
static struct traffic *m; /* "m0": as it starts, then as it ended */

#define READ(i) (&m->reads.bursts[i])
#define WRITE(i) (&m->writes.bursts[i])

static inline void run_with(unsigned flags)
{
    test_build(&t, flags);
    ck_assert(test_run(&t, LONG));
    m = test_traffic(&t, "m0");
    ck_assert_msg(!m->fault, "%s", m->fault);
}

static inline void run(void)
{
    run_with(0);
}

/* The memory at `base` is as it was (m->content) but for the writes; a hash of the cycles of all bursts. */
static inline uint64_t expect_writes(const uint8_t *memory, uint64_t base, uint32_t size_bytes)
{
    uint8_t *expected = malloc(size_bytes);
    for (uint32_t i = 0; i < size_bytes; i++)
        expected[i] = m->content(base + i);
    for (uint32_t i = 0; i < m->writes.count; i++)
        traffic_apply(WRITE(i), m->port->bus->width_bytes, expected, base);
    ck_assert_mem_eq(memory, expected, size_bytes);
    free(expected);
    uint64_t hash = t.system.kernel.now;
    for (uint32_t i = 0; i < m->reads.count; i++)
        hash = hash * 31 + READ(i)->end_cycle;
    for (uint32_t i = 0; i < m->writes.count; i++)
        hash = hash * 31 + WRITE(i)->end_cycle;
    return hash;
}

#endif
