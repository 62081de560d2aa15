/* SPDX-License-Identifier: BSD-2-Clause */
/* The example of docs/adding-a-controller.md: its timing, its bytes, its driver, and that skipping changes
 * nothing. Its rows of component_types and work_drivers are in lists of this test. */
#include "copier.h"

#include <stdlib.h>
#include <string.h>

#include "scenario/scenario.h"
#include "suite.h"
#include "system.h"

#define SRAM UINT64_C(0x20000000)
#define DMA UINT64_C(0x40000000)
#define COPIED 32768
#define PERIOD_PS 10000

static const struct work_driver *const drivers[] = {&copier_driver, NULL};

static struct {
    const struct component_type *types[64];
    struct scenario *scenario;
    struct scenario_check check;
    struct system system;
    char error[sizeof((struct dmasim_error *)0)->text];
} t;

static void report(void *context, const struct dmasim_error *error)
{
    (void)context;
    snprintf(t.error, sizeof t.error, "%s", error->text);
}

/* Reads the scenario, with overrides that end with null. DMASIM_OK or the first error. */
static int load(const char *const *overrides)
{
    size_t count = 0;
    struct scenario_options options = {
        .types = t.types, .drivers = drivers, .overrides = overrides, .report = report};
    while (component_types[count])
        count++;
    memcpy(t.types, component_types, count * sizeof *t.types);
    t.types[count] = &copier_type;
    t.types[count + 1] = NULL;
    while (overrides[options.override_count])
        options.override_count++;
    return scenario_load(SOURCE_DIR "/tests/example-controller/copier.yaml", &options, &t.scenario);
}

static void start(unsigned flags)
{
    ck_assert_msg(load((const char *const[]){NULL}) == DMASIM_OK, "%s", t.error);
    scenario_check_start(&t.check, t.scenario);
    ck_assert_int_eq(system_create(&t.system, scenario_plan(t.scenario), flags, &t.check.check),
                     DMASIM_OK);
}

static void end(void)
{
    system_free(&t.system);
    ck_assert_int_eq(scenario_check_end(&t.check, NULL, NULL), DMASIM_OK);
    scenario_free(t.scenario);
}

static void run_until(sim_cycle cycle)
{
    kernel_advance(&t.system.kernel, cycle * PERIOD_PS, 0);
}

static uint64_t get(uint64_t address)
{
    uint64_t value = 0;
    ck_assert_int_eq(system_access(&t.system, 0, address, 4, false, &value), DMASIM_OK);
    return value;
}

static void put(uint64_t address, uint64_t value)
{
    ck_assert_int_eq(system_access(&t.system, 0, address, 4, true, &value), DMASIM_OK);
}

/* Programs a copy by hand while the CPU's own is over, at the edge that ends cycle 9999. */
static void program(uint32_t bytes)
{
    run_until(9999);
    ck_assert_uint_eq(get(DMA + COPIER_AT_LENGTH), 0);
    put(DMA + COPIER_AT_SOURCE, SRAM);
    put(DMA + COPIER_AT_DESTINATION, SRAM + 0x4000);
    put(DMA + COPIER_AT_LENGTH, bytes);
}

START_TEST(a_word_takes_six_rows_and_done_is_up_in_the_next)
{
    for (uint32_t words = 1; words <= 3; words++) {
        start(0);
        program(4 * words);
        run_until(9999 + 6 * words);
        ck_assert_uint_eq(get(DMA + COPIER_AT_STATUS), 0);
        ck_assert_uint_eq(get(DMA + COPIER_AT_LENGTH), 4);
        run_until(9999 + 6 * words + 1);
        ck_assert_uint_eq(get(DMA + COPIER_AT_STATUS), COPIER_DONE);
        ck_assert_uint_eq(get(DMA + COPIER_AT_LENGTH), 0);
        ck_assert_uint_eq(get(SRAM + 4 * (words - 1)), get(SRAM + 0x4000 + 4 * (words - 1)));
        end();
    }
}
END_TEST

START_TEST(its_driver_copies_and_any_way_of_stepping_gives_the_same)
{
    static const unsigned modes[] = {0, KERNEL_EVERY_CYCLE, KERNEL_REVERSED};
    sim_time finished = 0;
    for (size_t i = 0; i < 3; i++) {
        start(modes[i]);
        kernel_advance(&t.system.kernel, t.system.plan->stop_ps, KERNEL_STOP_QUIET);
        ck_assert_uint_eq(t.system.kernel.holds, 0);
        static uint8_t bytes[COPIED + 2048];
        ck_assert_int_eq(system_read(&t.system, 0, SRAM, bytes, sizeof bytes), DMASIM_OK);
        ck_assert_mem_eq(bytes, bytes + COPIED, 1024);
        ck_assert_mem_ne(bytes + 1024, bytes + COPIED + 1024, 1024);
        if (i == 0)
            finished = t.system.kernel.now;
        ck_assert_uint_eq(t.system.kernel.now, finished);
        end();
    }
    ck_assert_uint_gt(finished, 256 * 6 * (sim_time)PERIOD_PS);
}
END_TEST

START_TEST(what_it_cannot_do_is_refused_when_the_scenario_is_read)
{
    ck_assert_int_ne(load((const char *const[]){"work.copy.bytes=1022", NULL}), DMASIM_OK);
    ck_assert_str_eq(t.error, "the copier moves whole words");
    ck_assert_int_ne(load((const char *const[]){"work.copy.to=0x3000_0000", NULL}), DMASIM_OK);
    ck_assert_str_eq(t.error, "0x30000000 .. 0x300003ff is not in one memory");
}
END_TEST

TEST_MAIN("copier", a_word_takes_six_rows_and_done_is_up_in_the_next,
          its_driver_copies_and_any_way_of_stepping_gives_the_same,
          what_it_cannot_do_is_refused_when_the_scenario_is_read)
