/* SPDX-License-Identifier: BSD-2-Clause */
/* Observers of probes through the public header: every record, in its cycle, and its fields. */
#include <string.h>

#include "dmasim/dmasim.h"
#include "suite.h"

static const char scenario[] =
    "clocks: { clk: { period: 10 ns } }\n"
    "buses: { ahb: { clock: clk, width: 128 } }\n"
    "memories: { ram: { bus: ahb, base: 0, size: 4 KiB, fill: { pattern: count } } }\n"
    "masters: { cpu: { type: outside, bus: ahb } }\n";

static struct dmasim *sim;
static size_t haddr, hrdata, records;
static bool seen;

static void setup(void)
{
    struct dmasim_error error;
    sim = dmasim_create_text(scenario, sizeof scenario - 1, "probe.yaml", NULL, NULL, &error);
    ck_assert_msg(sim != NULL, "%s", error.text);
    haddr = hrdata = records = 0;
    seen = false;
}

static void done(void)
{
    dmasim_destroy(sim);
}

static size_t find_field(size_t probe, const char *name)
{
    struct dmasim_field field;
    for (size_t i = 0; dmasim_probe_field(sim, probe, i, &field) == DMASIM_OK; i++)
        if (strcmp(field.name, name) == 0)
            return i;
    ck_abort_msg("no field %s", name);
    return 0;
}

static size_t find_probe(const char *name)
{
    struct dmasim_probe probe;
    for (size_t i = 0; dmasim_probe(sim, i, &probe) == DMASIM_OK; i++)
        if (strcmp(probe.name, name) == 0)
            return i;
    ck_abort_msg("no probe %s", name);
    return 0;
}

/* The address of a read that starts at 100 ns is on the wires in cycle 11, its data in cycle 12. */
static void hear(void *context, const struct dmasim_record *record)
{
    uint32_t address = 1;
    uint8_t data[24];
    ck_assert_ptr_eq(context, &records);
    ck_assert_uint_eq(record->time_ps, record->cycle * 10000);
    ck_assert_uint_eq(record->time_ps, dmasim_now(sim));
    memset(data, 0xee, sizeof data);
    ck_assert_int_eq(dmasim_record_field(record, haddr, &address, sizeof address), DMASIM_OK);
    ck_assert_int_eq(dmasim_record_field(record, hrdata, data, sizeof data), DMASIM_OK);
    ck_assert_int_eq(dmasim_record_field(record, hrdata, data, 15), DMASIM_LIMIT);
    ck_assert_int_eq(dmasim_record_field(record, 1000, data, 24), DMASIM_UNMAPPED);
    records++;
    if (record->cycle == 11)
        ck_assert_uint_eq(address, 0x40);
    if (record->cycle == 10)
        ck_assert_uint_ne(address, 0x40);
    for (unsigned i = 0; i < 16; i++)
        ck_assert_uint_eq(data[i], record->cycle == 12 ? 0x40 + i : 0);
    for (unsigned i = 16; i < 24; i++)
        ck_assert_uint_eq(data[i], 0);
    seen |= record->cycle == 12;
    ck_assert_int_eq(dmasim_watch_probe(sim, 0, hear, NULL), DMASIM_BUSY);
}

START_TEST(each_record_is_told_in_its_cycle)
{
    const size_t probe = find_probe("ahb");
    haddr = find_field(probe, "HADDR");
    hrdata = find_field(probe, "HRDATA");
    ck_assert_int_eq(dmasim_watch_probe(sim, probe, hear, &records), DMASIM_OK);
    ck_assert_int_eq(dmasim_run(sim, 100000, NULL), DMASIM_OK);
    const struct dmasim_transfer read = {.address = 0x40, .bytes = 16};
    ck_assert_int_eq(dmasim_transfer_start(dmasim_port_find(sim, "cpu"), &read, NULL), DMASIM_OK);
    ck_assert_int_eq(dmasim_run(sim, 200000, NULL), DMASIM_OK);
    ck_assert(seen);
    ck_assert_uint_ge(records, 3);
}
END_TEST

START_TEST(what_cannot_be_watched_is_refused)
{
    ck_assert_int_eq(dmasim_watch_probe(sim, 1000, hear, NULL), DMASIM_UNMAPPED);
    ck_assert_int_eq(dmasim_watch_probe(sim, 0, NULL, NULL), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_advance(sim, 1), DMASIM_OK);
    ck_assert_int_eq(dmasim_watch_probe(sim, 0, hear, NULL), DMASIM_PAST);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("watch-probe");
    TCase *tests = tcase_create("watch-probe");
    tcase_add_checked_fixture(tests, setup, done);
    tcase_add_test(tests, each_record_is_told_in_its_cycle);
    tcase_add_test(tests, what_cannot_be_watched_is_refused);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
