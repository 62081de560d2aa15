/* SPDX-License-Identifier: BSD-2-Clause */
/* Settings that are allowed and cannot have their effect: told with their place, once, and counted. */
#include "dmasim/dmasim.h"

#include <stdio.h>
#include <string.h>

#include "suite.h"

struct told {
    unsigned notes, errors;
    char text[4096]; /* line:column: text, a line each */
};

static void note(void *context, const struct dmasim_error *told)
{
    struct told *self = context;
    const size_t used = strlen(self->text);
    self->notes++;
    ck_assert_int_eq(told->code, DMASIM_OK);
    snprintf(self->text + used, sizeof self->text - used, "%s:%d:%d: %s\n", told->file, told->line,
             told->column, told->text);
}

static void error(void *context, const struct dmasim_error *told)
{
    (void)told;
    ((struct told *)context)->errors++;
}

#define FRONT                                                                                      \
    "stop: 1 ms\nclocks:\n  hclk: {frequency: 100 MHz}\n"                                          \
    "buses:\n  ahb: {clock: hclk, width: 32}\n"                                                    \
    "cpus:\n  cpu: {bus: ahb}\n"                                                                   \
    "memories:\n  sram: {bus: ahb, base: 0x20000000, size: 64 KiB}\n"                              \
    "work:\n"                                                                                      \
    "  - memcpy: {from: sram, to: sram + 16 KiB, bytes: 1 KiB}\n"                                  \
    "  - memcpy: {from: sram, to: sram + 24 KiB, bytes: 1 KiB}\n"                                  \
    "controllers:\n"                                                                               \
    "  dma: {bus: ahb, base: 0x40000000, interrupt: cpu"

/* What is told of a scenario, which is good. */
static struct told read_text(const char *text)
{
    struct told told = {.notes = 0};
    const struct dmasim_options options = {.report = error, .note = note, .context = &told};
    struct dmasim *sim = dmasim_create_text(text, strlen(text), "a.yaml", NULL, &options, NULL);
    ck_assert_ptr_nonnull(sim);
    dmasim_destroy(sim);
    ck_assert_uint_eq(told.errors, 0);
    return told;
}

START_TEST(a_default_copy_gets_the_bursts_that_its_driver_asks_for)
{
    ck_assert_uint_eq(read_text(FRONT "}\n").notes, 0);
    ck_assert_uint_eq(read_text(FRONT ", fifo: 128 B}\n").notes, 0);
}
END_TEST

START_TEST(a_fifo_that_holds_one_burst_or_less_is_told_once)
{
    ck_assert_str_eq(
        read_text(FRONT ", fifo: 64 B}\n").text,
        "a.yaml:14:59: 64 bytes hold one burst of 16 items of 4 bytes, not two: reads and "
        "writes of a copy cut each other's; 128 bytes hold two\n");
    ck_assert_str_eq(read_text(FRONT ", fifo: 32 B}\n").text,
                     "a.yaml:14:59: 32 bytes make bursts of copies 8 items of 4 bytes, not 16; 128 "
                     "bytes hold two of those\n");
    /* Longer ones are no wish of the controller's own limit. */
    ck_assert_uint_eq(read_text(FRONT ", fifo: 64 B, max_burst: 8}\n").notes, 0);
}
END_TEST

START_TEST(a_time_and_a_jitter_that_nobody_looks_at_are_told)
{
    const struct told told = read_text(
        FRONT
        "}\nperipherals:\n"
        "  a: {bus: ahb, base: 0x40001000, direction: dev_to_mem, jitter: 5}\n"
        "  b: {bus: ahb, base: 0x40002000, direction: dev_to_mem, rate: 1 MB/s, start_at: 1 us}\n"
        "  c: {bus: ahb, base: 0x40003000, direction: dev_to_mem, rate: 1 MB/s, jitter: 5,"
        " start: time, start_at: 1 us}\n");
    ck_assert_uint_eq(told.notes, 2);
    ck_assert_ptr_nonnull(strstr(told.text, "a.yaml:16:66: without a rate"));
    ck_assert_ptr_nonnull(strstr(told.text, "a.yaml:17:82: it is enabled by the driver"));
}
END_TEST

START_TEST(nobody_has_to_listen)
{
    static const char text[] = FRONT ", fifo: 64 B}\n";
    struct dmasim *sim = dmasim_create_text(text, strlen(text), "a.yaml", NULL, NULL, NULL);
    ck_assert_ptr_nonnull(sim);
    dmasim_destroy(sim);
}
END_TEST

TEST_MAIN("notes", a_default_copy_gets_the_bursts_that_its_driver_asks_for,
          a_fifo_that_holds_one_burst_or_less_is_told_once,
          a_time_and_a_jitter_that_nobody_looks_at_are_told, nobody_has_to_listen)
