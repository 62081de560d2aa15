/* SPDX-License-Identifier: BSD-2-Clause */
/* The public header, on a small real system. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dmasim/dmasim.h"
#include "suite.h"

#include <check.h>

static const char scenario[] =
    "clocks: { hclk: { frequency: 100 MHz } }\n"
    "buses: { ahb0: { clock: hclk } }\n"
    "cpus: { cpu: { bus: ahb0 } }\n"
    "controllers: { dma: { bus: ahb0, base: 0x4000_0000, interrupt: cpu } }\n"
    "memories:\n"
    "  sram: { bus: ahb0, base: 0x2000_0000, size: 16 KiB, fill: { pattern: count } }\n"
    "work:\n"
    "  - memcpy: { from: sram, to: sram + 0x1000, bytes: 256, at: 1 us }\n";

static char path[] = "/tmp/dmasim-test-XXXXXX";
static struct dmasim *sim;

static void put(const char *text)
{
    FILE *out = fopen(path, "w");
    ck_assert_ptr_nonnull(out);
    fputs(text, out);
    fclose(out);
}

static void setup(void)
{
    strcpy(path, "/tmp/dmasim-test-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    put(scenario);
    struct dmasim_error error;
    sim = dmasim_create(path, NULL, &error);
    ck_assert_msg(sim != NULL, "%s", error.text);
}

static void teardown(void)
{
    dmasim_destroy(sim);
    unlink(path);
}

static uint64_t word(uint64_t address)
{
    struct dmasim_access access = {.address = address, .size_bytes = 4};
    ck_assert_int_eq(dmasim_access(sim, dmasim_now(sim), &access), DMASIM_OK);
    return access.value;
}

static void run(void)
{
    while (!dmasim_finished(sim)) {
        uint64_t next = dmasim_next(sim);
        ck_assert_uint_ne(next, DMASIM_NEVER);
        ck_assert_int_eq(dmasim_advance(sim, next), DMASIM_OK);
        ck_assert_uint_eq(dmasim_now(sim), next);
    }
}

START_TEST(a_transfer_is_done_when_the_simulation_is_finished)
{
    struct dmasim_access access = {
        .address = 0x20000000, .size_bytes = 4, .write = true, .value = 0x600df00d};
    ck_assert_int_eq(dmasim_access(sim, 0, &access), DMASIM_OK);
    ck_assert_uint_ne(word(0x20001000), 0x600df00d);
    ck_assert(!dmasim_finished(sim));
    run();
    ck_assert_uint_gt(dmasim_now(sim), 1000000);
    ck_assert_uint_eq(word(0x20001000), 0x600df00d);
    ck_assert_uint_eq(word(0x200010fc), word(0x200000fc));
}
END_TEST

START_TEST(without_work_nothing_is_ever_finished)
{
    dmasim_destroy(sim);
    put("clocks: { hclk: { frequency: 100 MHz } }\n"
        "buses: { ahb0: { clock: hclk } }\n"
        "cpus: { cpu: { bus: ahb0, traffic: { base: 0x2000_0000 } } }\n"
        "memories: { sram: { bus: ahb0, base: 0x2000_0000, size: 16 KiB } }\n");
    struct dmasim_error error;
    sim = dmasim_create(path, NULL, &error);
    ck_assert_msg(sim != NULL, "%s", error.text);
    ck_assert(!dmasim_finished(sim));
    ck_assert_int_eq(dmasim_advance(sim, 100000000), DMASIM_OK);
    ck_assert_uint_ne(dmasim_next(sim), DMASIM_NEVER);
    ck_assert(!dmasim_finished(sim));
}
END_TEST

START_TEST(what_is_past_is_past)
{
    struct dmasim_access access = {.address = 0x20000000, .size_bytes = 4};
    ck_assert_int_eq(dmasim_advance(sim, 500000), DMASIM_OK);
    ck_assert_int_eq(dmasim_advance(sim, 499999), DMASIM_PAST);
    ck_assert_int_eq(dmasim_access(sim, 499999, &access), DMASIM_PAST);
    ck_assert_int_eq(dmasim_access(sim, 500000, &access), DMASIM_OK);
    ck_assert_int_eq(dmasim_advance(sim, 500000), DMASIM_OK);
}
END_TEST

START_TEST(an_access_is_aligned_and_hits_something)
{
    struct dmasim_access hole = {.address = 0x30000000, .size_bytes = 4};
    struct dmasim_access odd = {.address = 0x20000002, .size_bytes = 4};
    struct dmasim_access wide = {.address = 0x20000000, .size_bytes = 8};
    struct dmasim_access byte = {
        .address = 0x20000003, .size_bytes = 1, .write = true, .value = 0xab};
    ck_assert_int_eq(dmasim_access(sim, 0, &hole), DMASIM_UNMAPPED);
    ck_assert_int_eq(dmasim_access(sim, 0, &odd), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_access(sim, 0, &wide), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_access(sim, 0, &byte), DMASIM_OK);
    ck_assert_uint_eq(word(0x20000000) >> 24, 0xab);
}
END_TEST

START_TEST(a_restored_simulation_repeats_itself)
{
    ck_assert_int_eq(dmasim_advance(sim, 1500000), DMASIM_OK);
    struct dmasim_snapshot *snapshot = dmasim_save(sim);
    ck_assert_ptr_nonnull(snapshot);
    run();
    uint64_t end = dmasim_now(sim);
    dmasim_restore(sim, snapshot);
    ck_assert_uint_eq(dmasim_now(sim), 1500000);
    ck_assert(!dmasim_finished(sim));
    run();
    ck_assert_uint_eq(dmasim_now(sim), end);
    dmasim_snapshot_free(snapshot);
}
END_TEST

struct edges {
    unsigned rises, falls;
    uint64_t last_ps;
    bool good;
};

static void on_interrupt(void *context, const char *component, const char *output, bool level,
                         uint64_t at_ps)
{
    struct edges *self = context;
    self->good &= !strcmp(component, "dma") && !strcmp(output, "irq") && at_ps == dmasim_now(sim) &&
                  at_ps % 10000 == 0;
    self->rises += level;
    self->falls += !level;
    self->last_ps = at_ps;
}

START_TEST(an_interrupt_is_told_at_its_time)
{
    struct edges edges = {.good = true};
    dmasim_on_interrupt(sim, on_interrupt, &edges);
    run();
    ck_assert(edges.good);
    ck_assert_uint_eq(edges.rises, 1);
    ck_assert_uint_eq(edges.falls, 1);
    ck_assert_uint_gt(edges.last_ps, 1000000);
}
END_TEST

START_TEST(an_interrupt_is_told_again_after_restoring)
{
    struct edges edges = {.good = true};
    dmasim_on_interrupt(sim, on_interrupt, &edges);
    while (edges.rises == 0)
        dmasim_advance(sim, dmasim_next(sim));
    struct dmasim_snapshot *snapshot = dmasim_save(sim);
    ck_assert_ptr_nonnull(snapshot);
    run();
    ck_assert_uint_eq(edges.falls, 1);
    dmasim_restore(sim, snapshot);
    run();
    ck_assert_uint_eq(edges.rises, 1);
    ck_assert_uint_eq(edges.falls, 2);
    dmasim_snapshot_free(snapshot);
}
END_TEST

START_TEST(both_orders_and_every_cycle_end_at_the_same_time)
{
    run();
    uint64_t end = dmasim_now(sim);
    for (int i = 1; i < 4; i++) {
        struct dmasim_options options = {.every_cycle = i & 1, .reverse_order = i & 2};
        dmasim_destroy(sim);
        sim = dmasim_create(path, &options, NULL);
        ck_assert_ptr_nonnull(sim);
        run();
        ck_assert_uint_eq(dmasim_now(sim), end);
    }
}
END_TEST

static void count(void *context, const struct dmasim_error *error)
{
    (void)error;
    ++*(unsigned *)context;
}

START_TEST(the_first_error_is_returned_and_all_are_reported)
{
    static const char *const overrides[] = {"buses.ahb0.width=33", "cpus.cpu.bsu=ahb0"};
    unsigned errors = 0;
    struct dmasim_error error;
    struct dmasim_options options = {
        .overrides = overrides, .override_count = 2, .report = count, .context = &errors};
    ck_assert_ptr_null(dmasim_create(path, &options, &error));
    ck_assert_uint_eq(errors, 2);
    ck_assert_int_eq(error.code, DMASIM_INVALID);
    ck_assert_str_eq(error.file, "--set");
    ck_assert_int_eq(error.line, 1);
    ck_assert_int_eq(error.column, 18);
    ck_assert_str_eq(error.text, "\"width\": 33 is not a power of two");
    ck_assert_ptr_null(dmasim_create("/nowhere", NULL, &error));
    ck_assert_int_eq(error.code, DMASIM_IO);
    ck_assert_ptr_null(dmasim_create("/nowhere", NULL, NULL));
}
END_TEST

START_TEST(what_building_finds_has_its_place)
{
    static const char *const overrides[] = {"buses.ahb0.arbiter.default_master=nobody"};
    struct dmasim_error error;
    struct dmasim_options options = {.overrides = overrides, .override_count = 1};
    ck_assert_ptr_null(dmasim_create(path, &options, &error));
    ck_assert_str_eq(error.file, "--set");
    ck_assert_int_eq(error.column, 35);
}
END_TEST

START_TEST(codes_have_texts)
{
    ck_assert_str_eq(dmasim_code_text(DMASIM_OK), "no error");
    ck_assert_str_eq(dmasim_code_text(DMASIM_LIMIT), "limit reached");
    ck_assert_str_eq(dmasim_code_text(-1), "unknown error");
    ck_assert_str_eq(dmasim_code_text(99), "unknown error");
    ck_assert_int_gt((int)strlen(dmasim_version()), 4);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dmasim.h");
    TCase *tests = tcase_create("dmasim");
    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_transfer_is_done_when_the_simulation_is_finished);
    tcase_add_test(tests, without_work_nothing_is_ever_finished);
    tcase_add_test(tests, what_is_past_is_past);
    tcase_add_test(tests, an_access_is_aligned_and_hits_something);
    tcase_add_test(tests, a_restored_simulation_repeats_itself);
    tcase_add_test(tests, an_interrupt_is_told_at_its_time);
    tcase_add_test(tests, an_interrupt_is_told_again_after_restoring);
    tcase_add_test(tests, both_orders_and_every_cycle_end_at_the_same_time);
    tcase_add_test(tests, the_first_error_is_returned_and_all_are_reported);
    tcase_add_test(tests, what_building_finds_has_its_place);
    tcase_add_test(tests, codes_have_texts);
    return suite_run(suite);
}
