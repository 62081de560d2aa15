/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random traffic on random arbiters: the AHB rules hold in every cycle (tests/checker, which shares
 * nothing with the bus), and skipping, stepping every cycle and the order of units make no difference.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "checker/ahb_checker.h"
#include "kernel/random.h"
#include "recorder.h"
#include "suite.h"

/* Split over the test's loop. */
#ifdef NDEBUG
#define CASES 1500
#else
#define CASES 300
#endif
#define LOOPS 10

static struct ahb_case wiring;
static struct recorder plain, other;

static void random_arbiter(struct random *random, struct ahb_arbiter_config *arbiter)
{
    static const char *const names[] = {"m0", "m1", "m2", "m3"};
    static struct ahb_weight weights[2];
    *arbiter = (struct ahb_arbiter_config){
        .policy = (uint8_t)random_below(random, 4),
        .order = (uint8_t)random_below(random, 2),
        .grant = (uint8_t)random_below(random, 2),
        .rearbitrate = (uint8_t)random_below(random, 3),
        .park = (uint8_t)random_below(random, 2), /* nobody granted is no AMBA 2 */
        .count_beats = random_below(random, 2),
        .default_master = names[random_below(random, 4)],
        .ahead = random_below(random, 4) ? NULL : names[random_below(random, 4)],
        .max_hold_cycles = random_below(random, 4) ? 0 : 1 + random_below(random, 12),
    };
    const uint32_t first = random_below(random, 4), second = first + 1 + random_below(random, 3);
    weights[0] = (struct ahb_weight){names[first], 1 + random_below(random, 4)};
    weights[1] = (struct ahb_weight){names[second % 4], 1 + random_below(random, 4)};
    arbiter->weights = (struct parameter_list){weights, 2};
}

static void random_commands(struct random *random, unsigned master)
{
    struct parameter_list *list = &wiring.scripts[master].commands;
    list->count = random_below(random, 9) + (master == 0);
    for (uint32_t i = 0; i < list->count; i++) {
        struct scripted_command *c = &wiring.commands[master][i];
        unsigned size = random_below(random, wiring.bus.width_bits == 64 ? 4 : 3);
        uint32_t area = random_below(random, 3) ? 0x300 + random_below(random, 0x180)
                                                : random_below(random, 0x10000);
        *c = (struct scripted_command){
            .delay = random_below(random, 2) ? 0 : random_below(random, 12),
            .address = (area & ~((1u << size) - 1)) | (random_below(random, 2) ? 0x80000000 : 0),
            .beats = 1 + random_below(random, 20),
            .busy = random_below(random, 3) ? 0 : (uint16_t)(random_next(random) & 0xfffe),
            .size = (uint8_t)size,
            .burst = (uint8_t)random_below(random, 8),
            .drop = (uint8_t)random_below(random, 3),
            .write = random_below(random, 2),
            .lock = random_below(random, 6) == 0,
        };
        if (c->burst == AHB_SINGLE) {
            c->beats = 1;
            c->busy = 0;
        }
    }
}

static void random_case(uint64_t seed)
{
    struct random random = random_seeded(seed);
    ahb_case_init(&wiring);
    wiring.bus.width_bits = random_below(&random, 2) ? 32 : 64;
    random_arbiter(&random, &wiring.bus.arbiter);
    for (unsigned i = 0; i < 2; i++) {
        wiring.slaves[i].words = 1u << 11;
        wiring.slaves[i].first_wait_cycles =
            random_below(&random, 2) ? 0 : random_below(&random, 6);
        wiring.slaves[i].next_wait_cycles = random_below(&random, 2) ? 0 : random_below(&random, 4);
        if (random_below(&random, 3) == 0) {
            wiring.slaves[i].inject_at = random_below(&random, 30);
            wiring.slaves[i].inject_response = random_below(&random, 2) ? AHB_ERROR : AHB_RETRY;
        }
    }
    if (random_below(&random, 4) == 0)
        wiring.slaves[1].size_bytes = 0x8000; /* addresses beyond get the default slave's ERROR */
    for (unsigned i = 0; i < AHB_CASE_MASTERS; i++)
        random_commands(&random, i);
}

static void violated(void *context, uint64_t cycle, enum ahb_check_rule rule, const char *text)
{
    ck_abort_msg("seed %llu, cycle %llu: rule %d: %s", *(unsigned long long *)context,
                 (unsigned long long)cycle, rule, text);
}

static void check_rules(unsigned long long seed)
{
    struct ahb_checker checker;
    struct ahb_check_options options = {.width_bits = wiring.bus.width_bits};
    ahb_checker_init(&checker, &options, violated, &seed);
    for (unsigned i = 0; i < plain.count; i++) {
        const struct ahb_row *r = &plain.rows[i];
        struct ahb_check_row row = {
            .cycle = i,
            .hbusreq = r->hbusreq,
            .hlock = r->hlock,
            .hgrant = r->hgrant,
            .hmaster = r->hmaster,
            .hmastlock = r->hmastlock,
            .htrans = r->htrans,
            .hburst = r->hburst,
            .haddr = r->haddr,
            .hwrite = r->hwrite,
            .hsize = r->hsize,
            .hready = r->hready,
            .hresp = r->hresp,
            .hsplit = r->hsplit,
            .hwdata = {r->hwdata.lane[0], r->hwdata.lane[1]},
            .hrdata = {r->hrdata.lane[0], r->hrdata.lane[1]},
        };
        ahb_checker_row(&checker, &row);
    }
}

START_TEST(rules_hold_and_modes_agree)
{
    for (int i = 0; i < CASES / LOOPS; i++) {
        uint64_t seed = (uint64_t)_i * 1000 + (uint64_t)i;
        random_case(seed);
        ck_assert_msg(recorder_run(&plain, &wiring, 0), "seed %llu is refused or does not end",
                      (unsigned long long)seed);
        check_rules(seed);
        for (unsigned flags = 1; flags < 4; flags++) {
            random_case(seed);
            ck_assert(recorder_run(&other, &wiring, flags));
            ck_assert_msg(plain.count == other.count, "seed %llu, flags %u: %u cycles, not %u",
                          (unsigned long long)seed, flags, other.count, plain.count);
            for (unsigned cycle = 0; cycle < plain.count; cycle++)
                ck_assert_msg(
                    memcmp(&plain.rows[cycle], &other.rows[cycle], sizeof plain.rows[0]) == 0,
                    "seed %llu, flags %u, cycle %u", (unsigned long long)seed, flags, cycle);
        }
    }
}
END_TEST

/* What the masters' probes were last told, and what they must have been told for the last row. */
struct listener {
    struct probe_observer observer;
    struct ahb_master_row told;
};
static struct watch {
    struct probe_observer observer;
    struct listener masters[AHB_CASE_MASTERS];
    struct ahb_master_row wanted[AHB_CASE_MASTERS];
    unsigned rows;
} watch;

static void take_master(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                        const void *record)
{
    (void)probe;
    (void)now;
    ((struct listener *)observer)->told = *(const struct ahb_master_row *)record;
}

static bool same_row(const struct ahb_master_row *a, const struct ahb_master_row *b)
{
    return a->address_phase == b->address_phase && a->hbusreq == b->hbusreq &&
           a->hlock == b->hlock && a->hgrant == b->hgrant && a->hprot == b->hprot &&
           a->hwdata.lane[0] == b->hwdata.lane[0] && a->hwdata.lane[1] == b->hwdata.lane[1];
}

/* Masters' rows are told behind the bus's: those of the last row are there with the next. */
static void take_row(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                     const void *record)
{
    (void)observer;
    const struct ahb_bus *bus = probe->owner;
    const struct ahb_row *row = record;
    for (unsigned i = 0; i < AHB_CASE_MASTERS; i++) {
        if (watch.rows > 0)
            ck_assert_msg(same_row(&watch.masters[i].told, &watch.wanted[i]),
                          "master %u before cycle %llu", i, (unsigned long long)now);
        const struct ahb_master_out *out = &bus->links.master[i];
        watch.wanted[i] = (struct ahb_master_row){
            .address_phase = out->address_phase,
            .hbusreq = row->hbusreq >> i & 1,
            .hlock = row->hlock >> i & 1,
            .hgrant = row->hgrant >> i & 1,
            .hprot = out->hprot,
            .hwdata = out->hwdata,
        };
    }
    watch.rows++;
}

START_TEST(every_change_of_a_master_is_told)
{
    for (unsigned seed = 0; seed < 300; seed++) {
        struct system system;
        struct check check = {.fail = ahb_case_fail};
        random_case(seed);
        ck_assert_int_eq(system_create(&system, &wiring.plan, 0, &check), DMASIM_OK);
        watch = (struct watch){.observer = {.notify = take_row}};
        probe_observe(system_probe(&system, "ahb_row", NULL), &watch.observer);
        struct probe *probe = system_probe(&system, "ahb_master", NULL);
        const struct ahb_bus *bus = probe->owner;
        for (; probe; probe = system_probe(&system, "ahb_master", probe)) {
            for (unsigned i = 0; i < AHB_CASE_MASTERS; i++) {
                if (&bus->masters[i].probe != probe)
                    continue;
                watch.masters[i].observer.notify = take_master;
                probe_observe(probe, &watch.masters[i].observer);
            }
        }
        kernel_advance(&system.kernel, 4000 * (sim_time)AHB_CASE_PERIOD_PS, KERNEL_STOP_QUIET);
        ck_assert_uint_gt(watch.rows, 2);
        system_free(&system);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ahb_random");
    TCase *tcase = tcase_create("ahb_random");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, rules_hold_and_modes_agree, 0, LOOPS);
    tcase_add_test(tcase, every_change_of_a_master_is_told);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
