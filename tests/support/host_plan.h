/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * plan: systems for tests, built from the component tables as a scenario would be.
 *
 *   struct test_plan t;
 *   test_plan_start(&t);                                  one 100 MHz clock (10 ns), one 32-bit AHB
 *   struct sram_config *ram = test_add(&t, SECTION_MEMORIES, "sram", "ram");
 *   ...
 *   test_build(&t, 0);
 */
#ifndef DMASIM_TESTS_PLAN_H
#define DMASIM_TESTS_PLAN_H

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/ahb/ahb.h"
#include "bus/records.h"
#include "plan/driver.h"
#include "suite.h"
#include "system.h"

#define TEST_PERIOD_PS 10000u
#define TEST_COMPONENTS 16
#define TEST_EVENTS 65536

struct test_plan {
    struct plan plan;
    struct system system;
    struct check check;
    char errors[4096];
    bool built;
};

static inline void test_fail(struct check *check, const struct component *component,
                             const char *parameter, const char *format, ...)
{
    struct test_plan *t = (struct test_plan *)((char *)check - offsetof(struct test_plan, check));
    size_t used = strlen(t->errors);
    used +=
        (size_t)snprintf(t->errors + used, sizeof t->errors - used,
                         "%s.%s: ", component ? component->name : "-", parameter ? parameter : "-");
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(t->errors + used, sizeof t->errors - used, format, arguments);
    va_end(arguments);
    strncat(t->errors, "\n", sizeof t->errors - strlen(t->errors) - 1);
    check->failures++;
}

static inline void test_defaults(const struct parameter *table, char *config)
{
    for (const struct parameter *p = table; p->name; p++) {
        char *at = config + p->offset;
        uint64_t value = p->initial;
        switch (p->kind) {
        case PARAMETER_GROUP:
            test_defaults(p->sub, at);
            break;
        case PARAMETER_REFERENCE:
            value = p->flags & PARAMETER_REQUIRED ? 0 : UINT16_MAX;
            memcpy(at, &value, 2);
            break;
        case PARAMETER_BOOL:
        case PARAMETER_UINT:
        case PARAMETER_ADDRESS:
        case PARAMETER_BYTES:
        case PARAMETER_TIME:
        case PARAMETER_FREQUENCY:
        case PARAMETER_RATE:
        case PARAMETER_ENUM:
            memcpy(at, &value, p->size_bytes);
            break;
        default:
            break;
        }
    }
}

/* Adds a component of a test's own type, or any, and returns its config, which is 0. */
static inline void *test_add_type(struct test_plan *t, const struct component_type *type,
                                  const char *name)
{
    uint32_t index = t->plan.counts[type->section]++;
    ck_assert_uint_lt(index, TEST_COMPONENTS);
    struct component *component = &t->plan.components[type->section][index];
    *component = (struct component){.type = type, .name = name};
    void *config = calloc(1, driver_config_bytes(type, t->plan.drivers));
    component->config = config;
    return config;
}

/* Adds a component with its defaults (required references: index 0) and returns its config. */
static inline void *test_add(struct test_plan *t, enum component_section section, const char *type,
                             const char *name)
{
    const struct component_type *found = component_type_find(section, type);
    ck_assert_ptr_nonnull(found);
    void *config = test_add_type(t, found, name);
    struct parameter *table = calloc(driver_table_rows(found, t->plan.drivers), sizeof *table);
    driver_table(found, t->plan.drivers, table);
    test_defaults(table, config);
    free(table);
    return config;
}

/* Starts with a bus of this type instead of the AHB; its config. */
static inline void *test_plan_start_on(struct test_plan *t, const char *type, const char *name)
{
    memset(t, 0, sizeof *t);
    t->check.fail = test_fail;
    t->plan.name = "test";
    t->plan.stop_ps = UINT64_MAX;
    t->plan.drivers = work_drivers;
    for (unsigned i = 0; i < SECTION_COUNT; i++)
        t->plan.components[i] = calloc(TEST_COMPONENTS, sizeof(struct component));
    uint64_t *clock = test_add(t, SECTION_CLOCKS, "clock", "clk"); /* frequency, period, phase */
    clock[1] = TEST_PERIOD_PS;
    return test_add(t, SECTION_BUSES, type, name);
}

static inline void test_plan_start(struct test_plan *t)
{
    test_plan_start_on(t, "ahb", "ahb0");
}

/* The config of a component, to change before it is built. */
static inline void *test_config(const struct test_plan *t, unsigned section, uint32_t index)
{
    return (void *)(uintptr_t)t->plan.components[section][index].config;
}

static inline struct ahb_bus_config *test_bus_config(struct test_plan *t)
{
    return test_config(t, SECTION_BUSES, 0);
}

/* A component by name; once the plan is built, the system's. */
static inline struct component *test_find(struct test_plan *t, enum component_section section,
                                          const char *name)
{
    for (uint32_t i = 0; i < t->plan.counts[section]; i++)
        if (strcmp(t->plan.components[section][i].name, name) == 0)
            return t->built ? &t->system.plan->components[section][i]
                            : &t->plan.components[section][i];
    ck_abort_msg("no component %s", name);
    return NULL;
}

/* Runs the components' checks on the plan. */
static inline void test_check(struct test_plan *t)
{
    for (unsigned section = 0; section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < t->plan.counts[section]; i++) {
            struct component *component = &t->plan.components[section][i];
            if (component->type->check)
                component->type->check(&t->plan, component, &t->check);
        }
}

static inline void test_build(struct test_plan *t, unsigned flags)
{
    test_check(t);
    ck_assert_msg(t->check.failures == 0, "%s", t->errors);
    int code = system_create(&t->system, &t->plan, flags, &t->check);
    t->built = true;
    ck_assert_msg(code == DMASIM_OK && t->check.failures == 0, "%s", t->errors);
}

static inline void test_plan_end(struct test_plan *t)
{
    if (t->built)
        system_free(&t->system);
    for (unsigned section = 0; section < SECTION_COUNT; section++) {
        for (uint32_t i = 0; i < t->plan.counts[section]; i++)
            free(test_config(t, section, i));
        free(t->plan.components[section]);
    }
}

/* Runs until work is done, or to `until_ps`; true if it is done. */
static inline bool test_run(struct test_plan *t, sim_time until_ps)
{
    kernel_advance(&t->system.kernel, until_ps, KERNEL_STOP_QUIET);
    return t->system.kernel.holds == 0;
}

/* Collects records of one probe type, of all probes or of the one named. */
struct test_log {
    struct probe_observer observer; /* first */
    size_t record_bytes;
    size_t count;
    sim_cycle *cycles;
    char *records;
};

static inline void test_log_notify(struct probe_observer *observer, const struct probe *probe,
                                   sim_cycle now, const void *record)
{
    struct test_log *log = (struct test_log *)observer;
    (void)probe;
    if (log->count == TEST_EVENTS)
        return;
    log->cycles[log->count] = now;
    memcpy(log->records + log->count++ * log->record_bytes, record, log->record_bytes);
}

static inline void test_observe(struct test_plan *t, struct test_log *log, const char *type,
                                const char *name)
{
    struct probe *probe = NULL;
    memset(log, 0, sizeof *log);
    log->observer.notify = test_log_notify;
    while ((probe = system_probe(&t->system, type, probe)))
        if (!name || strcmp(probe->name, name) == 0)
            break;
    ck_assert_msg(probe != NULL, "no probe %s %s", type, name ? name : "");
    log->record_bytes = probe->type->record_bytes;
    log->cycles = malloc(TEST_EVENTS * sizeof *log->cycles);
    log->records = malloc(TEST_EVENTS * log->record_bytes);
    probe_observe(probe, &log->observer);
}

static inline void test_log_end(struct test_log *log)
{
    free(log->cycles);
    free(log->records);
}

#define TEST_RECORD(log, type, index) ((const type *)(const void *)(log)->records + (index))

/* What holds in a cycle: the record published last up to it; null if there is none. */
static inline const void *test_log_at(const struct test_log *log, sim_cycle cycle)
{
    size_t count = 0;
    while (count < log->count && log->cycles[count] <= cycle)
        count++;
    return count ? log->records + (count - 1) * log->record_bytes : NULL;
}

/* Random cases are the same however units are stepped: `run` returns a hash of all that happened. */
static inline void test_any_order(uint64_t seeds, uint64_t (*run)(uint64_t seed, unsigned flags))
{
    static const unsigned flags[] = {KERNEL_EVERY_CYCLE, KERNEL_REVERSED};
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        const uint64_t plain = run(seed, 0);
        for (unsigned i = 0; i < 2; i++)
            ck_assert_msg(run(seed, flags[i]) == plain, "seed %ju, flags %u", (uintmax_t)seed,
                          flags[i]);
    }
}

#endif
