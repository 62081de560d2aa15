/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bridges between AHB and AXI beside their cycles: kinds of access, turns of reads and writes, lanes that
 * carry nothing, what is fetched ahead (model/bus/bridge/ahb_to_axi.c, axi_to_ahb.c).
 */
#include "bridge_fixture.h"

#include "axi_rows.h"

#include "bus/ahb/ahb_component.h"
#include "bus/ahb/ahb_master.h"

/* ---- AXI to AHB ------------------------------------------------------------------------------ */

static struct test_log beats;

static void run_and_see_beats(void)
{
    test_build(&t, 0);
    test_observe(&t, &beats, "ahb_beat", NULL);
    ck_assert(test_run(&t, LONG));
    m = test_traffic(&t, "m0");
    ck_assert_ptr_null(m->fault);
}

static void finish(void)
{
    test_log_end(&beats);
    test_plan_end(&t);
}

START_TEST(axprot_and_axcache_become_hprot)
{
    static const struct {
        uint8_t prot, cache, hprot;
    } cases[] = {
        {0, 0, 1}, /* data, user */
        {1, 0, 3}, /* privileged */
        {2, 0, 1}, /* an AHB does not know secure */
        {4, 0, 0}, /* an instruction */
        {0, 1, 5}, /* bufferable */
        {0, 2, 9}, /* modifiable: cacheable */
        {0, 4, 1}, /* nor allocation */
        {5, 3, 14},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned direction = 0; direction < 2; direction++) {
            start_axi_to_ahb();
            struct traffic_burst *burst = direction ? write(0, 1, 2) : read(0, 1, 2);
            burst->ax.prot = cases[i].prot;
            burst->ax.cache = cases[i].cache;
            run_and_see_beats();
            ck_assert_uint_eq(BEAT(&beats, 0)->hprot, cases[i].hprot);
            finish();
        }
}
END_TEST

/* 'R' and 'W' in the order in which the bursts, each of other beats than its neighbours, come out. */
static const char *order(void)
{
    static char text[64];
    size_t length = 0;
    for (size_t i = 0; i < beats.count; i++)
        if (BEAT(&beats, i)->htrans == AHB_NONSEQ)
            text[length++] = BEAT(&beats, i)->hwrite ? 'W' : 'R';
    text[length] = 0;
    return text;
}

START_TEST(behind_a_read_it_is_the_turn_of_a_write_that_waits)
{
    start_axi_to_ahb();
    for (unsigned i = 0; i < 3; i++) {
        read(0x40 * i, 8, 2);
        write(0x1000 + 0x40 * i, 1, 2);
    }
    run_and_see_beats();
    ck_assert_str_eq(order(), "WRWRWR");
    finish();
}
END_TEST

START_TEST(behind_a_write_it_is_the_turn_of_a_read_that_comes_with_the_next)
{
    bool together = false;
    for (sim_cycle at = 2; at < 20; at++) {
        start_axi_to_ahb();
        write(0x1000, 1, 2);
        write(0x1040, 1, 2);
        read(0, 1, 2);
        m->at[AXI_AR] = at;
        run_and_see_beats();
        const sim_cycle w = WRITE(1)->first_cycle, ar = READ(0)->address_cycle;
        ck_assert_str_eq(order(), ar <= w ? "WRW" : "WWR");
        together |= ar == w;
        finish();
    }
    ck_assert(together);
}
END_TEST

START_TEST(pieces_of_a_burst_follow_each_other)
{
    start_axi_to_ahb();
    read(0x44, 2, 2)->ax.burst = AXI_WRAP; /* 0x44, then 0x40 */
    run_and_see_beats();
    ck_assert_uint_eq(beats.count, 2);
    ck_assert_uint_eq(BEAT(&beats, 0)->haddr, AHB_BASE + 0x44);
    ck_assert_uint_eq(BEAT(&beats, 1)->haddr, AHB_BASE + 0x40);
    ck_assert_uint_eq(BEAT(&beats, 1)->address_cycle, BEAT(&beats, 0)->address_cycle + 1);
    finish();
}
END_TEST

/* Counts the beats of R that failed, and their bytes that are not 0. */
struct r_observer {
    struct probe_observer observer; /* first */
    unsigned dirty, failed;
};

static void notify_r(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                     const void *record)
{
    struct r_observer *self = (struct r_observer *)observer;
    const struct axi_event *event = record;
    (void)probe;
    (void)now;
    if (event->channel != AXI_R || event->resp == AXI_OKAY)
        return;
    self->failed++;
    for (unsigned i = 0; i < 8; i++)
        self->dirty += event->data[i] != 0;
}

START_TEST(beats_that_failed_bring_no_bytes_of_those_before)
{
    static struct sram_error errors[] = {{0x80, 4, SRAM_RESPONSE_ERROR, 1}};
    start_axi_to_ahb();
    axi->width_bits = 64;
    ram->fill.pattern = STORE_RANDOM;
    ram->errors = (struct parameter_list){errors, 1};
    read(0, 8, 3); /* both buffers */
    read(0x40, 8, 3);
    read(0x80, 8, 3)->resp = AXI_SLVERR;
    test_build(&t, 0);
    struct r_observer r = {.observer.notify = notify_r};
    probe_observe(system_probe(&t.system, "axi_event", NULL), &r.observer);
    ck_assert(test_run(&t, LONG));
    ck_assert_uint_eq(r.failed, 8);
    ck_assert_uint_eq(r.dirty, 0);
    test_plan_end(&t);
}
END_TEST

START_TEST(hwdata_is_0_beside_the_bytes_of_a_narrow_beat)
{
    struct test_log rows;
    start_axi_to_ahb();
    write(0, 4, 2);
    write(0x11, 1, 0);
    test_build(&t, 0);
    test_observe(&t, &rows, "ahb_row", NULL);
    test_observe(&t, &beats, "ahb_beat", NULL);
    ck_assert(test_run(&t, LONG));
    ck_assert_uint_eq(beats.count, 5);
    const struct ahb_beat *beat = BEAT(&beats, 4);
    ck_assert_uint_eq(beat->haddr, AHB_BASE + 0x11);
    ck_assert_uint_eq(beat->data.lane[0] & ~UINT64_C(0xff00), 0);
    ck_assert_uint_eq(beat->data.lane[1], 0);
    for (size_t i = 0; i < rows.count; i++)
        ck_assert_uint_eq(TEST_RECORD(&rows, struct ahb_row, i)->hwdata.lane[1], 0);
    test_log_end(&rows);
    finish();
}
END_TEST

/* ---- AHB to AXI ------------------------------------------------------------------------------ */

/* A master with all values of HPROT, one after the other: reads, then writes. */
struct any_hprot {
    struct unit unit;
    struct ahb_master ahb;
    unsigned queued, done;
};

static sim_cycle any_hprot_step(void *instance, sim_cycle now)
{
    struct any_hprot *self = instance;
    struct ahb_events events = ahb_master_edge(&self->ahb, now);
    self->done += events.done;
    if (self->done == 32 && events.done)
        kernel_release(self->unit.clock->kernel);
    if (self->queued < 32 && ahb_master_idle(&self->ahb)) {
        struct ahb_command command = {.haddr = AHB_BASE + 4 * self->queued,
                                      .beats = 1,
                                      .hsize = 2,
                                      .hprot = self->queued % 16,
                                      .hwrite = self->queued >= 16};
        ck_assert(ahb_master_queue(&self->ahb, now, &command));
        self->queued++;
    }
    return ahb_master_drive(&self->ahb, now);
}

static int any_hprot_create(struct build *build, struct component *component)
{
    struct any_hprot *self = arena_alloc(build->kernel->arena, sizeof *self);
    struct ahb_bus *bus = build_ahb(build, 0);
    component->clock = bus->unit.clock;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, any_hprot_step, self);
    ck_assert_int_ge(ahb_master_join(&self->ahb, bus, &self->unit, component->name), 0);
    kernel_hold(build->kernel);
    return DMASIM_OK;
}

static const struct parameter any_hprot_parameters[] = {{.name = NULL}};

static const struct component_type any_hprot_type = {.name = "any-hprot",
                                                     .section = SECTION_MASTERS,
                                                     .config_bytes = 1,
                                                     .parameters = any_hprot_parameters,
                                                     .create = any_hprot_create};

START_TEST(hprot_becomes_axprot_and_axcache)
{
    struct test_log rows;
    start_ahb_to_axi(0);
    t.plan.components[SECTION_MASTERS][0].type = &any_hprot_type;
    test_build(&t, 0);
    test_observe(&t, &rows, "axi_row", NULL);
    ck_assert(test_run(&t, LONG));
    unsigned seen = 0;
    for (size_t i = 0; i < rows.count; i++) {
        const struct axi_row row = test_axi_row_of(&rows, i);
        if (!row.arvalid && !row.awvalid)
            continue;
        const uint64_t addr = row.arvalid ? row.araddr : row.awaddr;
        const unsigned hprot = (unsigned)(addr - AXI_BASE) / 4 % 16;
        const unsigned prot = row.arvalid ? row.arprot : row.awprot;
        const unsigned cache = row.arvalid ? row.arcache : row.awcache;
        ck_assert_uint_eq(prot & 1, hprot >> 1 & 1);    /* privileged */
        ck_assert_uint_eq(prot & 2, 0);                 /* secure */
        ck_assert_uint_eq(prot >> 2 & 1, !(hprot & 1)); /* an instruction */
        ck_assert_uint_eq(cache, hprot >> 2);
        seen++;
    }
    ck_assert_uint_ge(seen, 32);
    test_log_end(&rows);
    test_plan_end(&t);
}
END_TEST

START_TEST(reading_ahead_ends_at_1_kib)
{
    struct test_log events;
    start_ahb_to_axi(1);
    bridge->read_ahead_beats = 4;
    commands[0].burst = AHB_INCR;
    commands[0].beats = 4;
    commands[0].address = AHB_BASE + 0x400 - 8;
    test_build(&t, 0);
    test_observe(&t, &events, "axi_event", NULL);
    ck_assert(test_run(&t, LONG));
    static const struct {
        uint64_t addr;
        unsigned len;
    } bursts[] = {{AXI_BASE + 0x3f8, 1}, {AXI_BASE + 0x400, 3}};
    unsigned count = 0;
    for (size_t i = 0; i < events.count; i++) {
        const struct axi_event *event = TEST_RECORD(&events, struct axi_event, i);
        if (event->channel != AXI_AR || strcmp(event->port, "bridge") != 0)
            continue;
        ck_assert_uint_lt(count, 2);
        ck_assert_uint_eq(event->addr, bursts[count].addr);
        ck_assert_uint_eq(event->len, bursts[count++].len);
    }
    ck_assert_uint_eq(count, 2);
    test_log_end(&events);
    test_plan_end(&t);
}
END_TEST

START_TEST(lanes_without_a_strobe_are_0_on_the_axi)
{
    struct test_log rows;
    start_ahb_to_axi(5);
    for (unsigned i = 0; i < 5; i++) {
        commands[i].write = true;
        commands[i].address = AHB_BASE + (i < 3 ? 4 * i : 0x20 + i);
        commands[i].size = i < 3 ? 2 : 0;
    }
    test_build(&t, 0);
    test_observe(&t, &rows, "axi_row", NULL);
    ck_assert(test_run(&t, LONG));
    unsigned narrow = 0;
    for (size_t i = 0; i < rows.count; i++) {
        const struct axi_row row = test_axi_row_of(&rows, i);
        if (!row.wvalid)
            continue;
        for (unsigned lane = 0; lane < 8; lane++) /* 64 bits: RDATA, then WDATA */
            if (!(row.wstrb[0] >> lane & 1))
                ck_assert_uint_eq(row.data[8 + lane], 0);
        narrow += __builtin_popcountll(row.wstrb[0]) == 1;
    }
    ck_assert_uint_ge(narrow, 2);
    test_log_end(&rows);
    test_plan_end(&t);
}
END_TEST

TEST_MAIN("signals of bridges", axprot_and_axcache_become_hprot,
          behind_a_read_it_is_the_turn_of_a_write_that_waits,
          behind_a_write_it_is_the_turn_of_a_read_that_comes_with_the_next,
          pieces_of_a_burst_follow_each_other, beats_that_failed_bring_no_bytes_of_those_before,
          hwdata_is_0_beside_the_bytes_of_a_narrow_beat, hprot_becomes_axprot_and_axcache,
          reading_ahead_ends_at_1_kib, lanes_without_a_strobe_are_0_on_the_axi)
