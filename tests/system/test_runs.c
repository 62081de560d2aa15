/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs (bus/ahb/ahb.h) against beats: every shipped scenario is simulated twice, once watched, so that
 * every beat is stepped, and once not, so that the middle of bursts passes in closed form. Whoever
 * looks at registers, memory or time, at any cycle, must see no difference.
 */
#include "instance.h"
#include "memory/store.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/random.h"
#include "suite.h"

#define PROBES_MAX 512
#define CYCLE_PS 10000 /* of all shipped scenarios */

struct deaf {
    struct probe_observer observer;
};

static struct deaf deaf[PROBES_MAX];

static void hear_nothing(struct probe_observer *self, const struct probe *probe, sim_cycle now,
                         const void *record)
{
    (void)self;
    (void)probe;
    (void)now;
    (void)record;
}

static struct dmasim *build(const char *name, const struct dmasim_options *options, bool watched)
{
    char path[512];
    struct dmasim_error error;
    snprintf(path, sizeof path, SOURCE_DIR "/configs/%s.yaml", name);
    struct dmasim *sim = dmasim_create(path, options, &error);
    ck_assert_msg(sim != NULL, "%s: %s", path, error.text);
    unsigned used = 0;
    for (struct probe *p = sim->system.probes; p && watched; p = p->link) {
        ck_assert_uint_lt(used, PROBES_MAX);
        deaf[used] = (struct deaf){{.notify = hear_nothing}};
        probe_observe(p, &deaf[used++].observer);
    }
    return sim;
}

static const char *const scenarios[] = {
    "quickstart",          "modes",    "priorities", "wait-states",
    "linked-list-runtime", "arbiters", "errors"};

/* An address that answers: a word of a register window or a memory. */
static uint32_t random_address(struct random *random, const struct plan *plan)
{
    static const enum component_section sections[] = {SECTION_CONTROLLERS, SECTION_MEMORIES};
    enum component_section section = sections[random_below(random, 2)];
    if (plan->counts[section] == 0)
        section = SECTION_MEMORIES;
    const struct component *component =
        &plan->components[section][random_below(random, plan->counts[section])];
    struct component_region region;
    component_region(component, 0, &region);
    /* Much of what moves is in the first KiB of its area. */
    uint32_t within = random_below(random, 2) ? 0x400 : (uint32_t)region.bytes;
    return (uint32_t)region.base + (random_below(random, within) & ~3u);
}

/* Looks are up to `apart` cycles apart. */
static void compare(const char *name, const struct dmasim_options *options, uint32_t apart,
                    uint64_t seed)
{
    struct dmasim *beats = build(name, options, true), *runs = build(name, options, false);
    struct random random = random_seeded(seed);
    uint64_t stop = runs->system.plan->stop_ps;
    uint64_t time = 0;
    unsigned looks = 0;
    while (time < stop && beats->system.kernel.quiet_since == SIM_NEVER) {
        time +=
            CYCLE_PS * (1 + (uint64_t)random_below(&random, random_below(&random, 4) ? apart : 2));
        struct dmasim_access access = {.size_bytes = 4};
        access.address = random_address(&random, runs->system.plan);
        struct dmasim_access same = access;
        int code = dmasim_access(beats, time, &access);
        if (code != dmasim_access(runs, time, &same) || access.value != same.value)
            ck_abort_msg("%s at %llu ps: 0x%llx holds 0x%llx, not 0x%llx", name,
                         (unsigned long long)time, (unsigned long long)access.address,
                         (unsigned long long)same.value, (unsigned long long)access.value);
        if (beats->system.kernel.quiet_since != runs->system.kernel.quiet_since)
            ck_abort_msg("%s at %llu ps: only one has ended", name, (unsigned long long)time);
        looks++;
    }
    dmasim_advance(beats, time + 100 * CYCLE_PS);
    dmasim_advance(runs, time + 100 * CYCLE_PS);
    ck_assert_uint_eq(beats->system.kernel.quiet_since, runs->system.kernel.quiet_since);
    ck_assert_uint_gt(looks, 800 / apart);
    for (uint32_t i = 0; i < runs->system.plan->counts[SECTION_MEMORIES]; i++) {
        uint64_t length;
        const uint8_t *a =
            store_bytes(&beats->system.plan->components[SECTION_MEMORIES][i], &length);
        const uint8_t *b =
            store_bytes(&runs->system.plan->components[SECTION_MEMORIES][i], &length);
        ck_assert_int_eq(length ? memcmp(a, b, length) : 0, 0);
    }
    dmasim_destroy(beats);
    dmasim_destroy(runs);
}

START_TEST(nobody_can_tell_a_run_from_its_beats)
{
    compare(scenarios[_i], NULL, 40, (uint64_t)_i + 1);
}
END_TEST

/* On AXI whole bursts pass as trains, and whole periods as repeats. */
START_TEST(nobody_can_tell_what_passed_on_axi)
{
    static const char *const names[] = {"axi-dmac-copy", "axi-dmac-memcpy",       "axi-outstanding",
                                        "axi-dmac-sdr",  "axi-dmac-chain-append", "axi-dmac-video"};
    for (uint32_t apart = 40; apart < 1500; apart *= 6)
        for (uint64_t seed = 0; seed < 10; seed++)
            compare(names[_i], NULL, apart, 10 * apart + seed);
}
END_TEST

START_TEST(under_no_arbiter_and_with_no_wait_states_can_anybody)
{
    static const char *const names[] = {"modes", "priorities", "wait-states"};
    static const char *const settings[][4] = {
        {"buses.ahb.arbiter.policy=fixed", "buses.ahb.arbiter.policy=round_robin",
         "buses.ahb.arbiter.policy=weighted", "buses.ahb.arbiter.policy=fair_mask"},
        {"buses.ahb.arbiter.grant=registered", "buses.ahb.arbiter.grant=combinational",
         "buses.ahb.arbiter.order=lowest_first", "buses.ahb.arbiter.count_beats=false"},
        {"buses.ahb.arbiter.rearbitrate=any_beat", "buses.ahb.arbiter.rearbitrate=release",
         "buses.ahb.arbiter.rearbitrate=burst_end", "buses.ahb.arbiter.max_hold_cycles=5"},
        {"buses.ahb.arbiter.park=last_owner", "buses.ahb.arbiter.park=nobody",
         "buses.ahb.arbiter.ahead=cpu", "buses.ahb.arbiter.park=default_master"},
        {"memories.sram.read_first=3", "memories.sram.write_first=2", "memories.sram.read_next=2",
         "memories.sram.write_next=1"},
        {"controllers.dma.switch_cycles=0", "controllers.dma.switch_cycles=3",
         "controllers.dma.fifo=128", "controllers.dma.fifo=256"},
        {"work.0.dw.lock=transaction", "work.0.dw.lock=block", "work.0.dw.lock=transfer",
         "work.0.burst=8"},
    };
    struct random random = random_seeded((uint64_t)_i + 500);
    const char *chosen[8];
    size_t count = 0;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        chosen[count++] = settings[i][random_below(&random, 4)];
    struct dmasim_options options = {.overrides = chosen, .override_count = count};
    compare(names[_i % 3], &options, 40, (uint64_t)_i);
}
END_TEST

START_TEST(writes_from_outside_into_a_run_are_seen_by_the_beats_behind_them)
{
    /* Words close to SAR are overwritten at random times. */
    struct dmasim *beats = build("priorities", NULL, true);
    struct dmasim *runs = build("priorities", NULL, false);
    struct random random = random_seeded((uint64_t)_i + 77);
    for (uint64_t time = 6000000; time < 100000000;) {
        time += CYCLE_PS * (1 + (uint64_t)random_below(&random, 20));
        struct dmasim_access sar = {.size_bytes = 4};
        sar.address = 0x40000000 + 0x58 * random_below(&random, 4);
        ck_assert_int_eq(dmasim_access(beats, time, &sar), DMASIM_OK);
        struct dmasim_access access = {.size_bytes = 4, .write = true};
        access.address = sar.value + 4 * random_below(&random, 12);
        if (access.address < 0x20000000 || access.address >= 0x20004000)
            continue;
        access.value = random_next(&random);
        struct dmasim_access same = access;
        ck_assert_int_eq(dmasim_access(beats, time, &access), DMASIM_OK);
        ck_assert_int_eq(dmasim_access(runs, time, &same), DMASIM_OK);
    }
    dmasim_advance(beats, 200000000);
    dmasim_advance(runs, 200000000);
    uint64_t length = 0;
    const uint8_t *a = store_bytes(&beats->system.plan->components[SECTION_MEMORIES][0], &length);
    const uint8_t *b = store_bytes(&runs->system.plan->components[SECTION_MEMORIES][0], &length);
    ck_assert_int_eq(memcmp(a, b, length), 0);
    dmasim_destroy(beats);
    dmasim_destroy(runs);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("runs");
    TCase *tcase = tcase_create("runs");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, nobody_can_tell_a_run_from_its_beats, 0,
                        (int)(sizeof scenarios / sizeof scenarios[0]));
    tcase_add_loop_test(tcase, nobody_can_tell_what_passed_on_axi, 0, 6);
    tcase_add_loop_test(tcase, under_no_arbiter_and_with_no_wait_states_can_anybody, 0, 60);
    tcase_add_loop_test(tcase, writes_from_outside_into_a_run_are_seen_by_the_beats_behind_them, 0,
                        4);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
