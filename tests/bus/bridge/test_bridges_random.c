/* SPDX-License-Identifier: BSD-2-Clause */
/* Random bursts through both bridges: bytes against a plain copy, and the same cycles however units are
 * stepped. */
#include "bridge_fixture.h"
#include "bus/ahb/ahb.h"

/* ---- AXI to AHB ------------------------------------------------------------------------------ */

static uint8_t content(uint64_t address)
{
    return (uint8_t)(9 + address);
}

static void fill_axi_to_ahb(struct random *random)
{
    axi->width_bits = 32u << random_below(random, 3);
    test_bus_config(&t)->width_bits = 8u << random_below(random, 5);
    ram->fill = (struct store_fill){.pattern = STORE_COUNT, .value = 9};
    ram->read_first = random_below(random, 3);
    ram->read_next = random_below(random, 2);
    ram->write_first = random_below(random, 3);
    ram->write_next = random_below(random, 2);
    m->content = content;
    m->stall = random_below(random, 6);
    m->random = random_seeded(random_next(random));
    for (unsigned i = 0; i < 24; i++) {
        unsigned size = random_below(random, 3 + (axi->width_bits > 32 ? 1u : 0) +
                                                 (axi->width_bits > 64 ? 1u : 0));
        unsigned beats = 1 + random_below(random, 16);
        struct traffic_burst *r = read(random_below(random, 0x1000 - (beats << size)), beats, size);
        r->ax.burst = (uint8_t)random_below(random, 2);
        struct traffic_burst *w =
            write(0x8000 + 0x200 * i + random_below(random, 0x80), beats, size);
        w->ax.burst = (uint8_t)random_below(random, 2);
        w->full = random_below(random, 2);
        if ((beats & (beats - 1)) == 0 && beats > 1) {
            r->ax.burst = w->ax.burst = AXI_WRAP;
            r->ax.addr &= ~((UINT64_C(1) << size) - 1);
            w->ax.addr &= ~((UINT64_C(1) << size) - 1);
        }
    }
    if (random_below(random, 2)) { /* somebody else wants the bus */
        static struct scripted_command other = {
            .address = AHB_BASE + 0x7000, .beats = 4, .burst = AHB_INCR4, .delay = 3};
        master = test_add(&t, SECTION_MASTERS, "scripted", "s0");
        master->commands = (struct parameter_list){&other, 1};
        master->repeat = 40;
        test_bus_config(&t)->arbiter.max_hold_cycles = random_below(random, 6);
        test_bus_config(&t)->arbiter.rearbitrate = (uint8_t)random_below(random, 3);
    }
}

static uint64_t random_axi_to_ahb(uint64_t seed, unsigned flags)
{
    struct random random = random_seeded(seed);
    start_axi_to_ahb();
    fill_axi_to_ahb(&random);
    run_with(flags);
    uint64_t hash =
        expect_writes(store_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL), AXI_BASE, SIZE);
    test_plan_end(&t);
    return hash;
}

START_TEST(random_bursts_reach_an_ahb_however_units_are_stepped)
{
    test_any_order(120, random_axi_to_ahb);
}
END_TEST

/* ---- AHB to AXI ------------------------------------------------------------------------------ */

static void fill_ahb_to_axi(struct random *random, struct scripted_command *list)
{
    axi->width_bits = 32u << random_below(random, 6);
    const unsigned ahb =
        random_below(random, 3 + (axi->width_bits > 32 ? 1u : 0) + (axi->width_bits > 64 ? 1u : 0));
    test_bus_config(&t)->width_bits = 8u << ahb;
    axi_ram->fill = (struct store_fill){.pattern = STORE_COUNT, .value = 1};
    axi_ram->read_latency_cycles = 1 + random_below(random, 5);
    axi_ram->write_beat_cycles = 1 + random_below(random, 3);
    axi_ram->read_beat_cycles = 1 + random_below(random, 3);
    bridge->read_ahead_beats = 1 + random_below(random, 16);
    struct ahb_arbiter_config *arbiter = &test_bus_config(&t)->arbiter;
    arbiter->max_hold_cycles = random_below(random, 8);
    arbiter->rearbitrate = (uint8_t)random_below(random, 3);
    arbiter->grant = (uint8_t)random_below(random, 2);
    for (unsigned i = 0; i < 40; i++) {
        struct scripted_command *command = &list[i];
        unsigned size = random_below(random, ahb + 1);
        *command =
            (struct scripted_command){.size = (uint8_t)size, .write = random_below(random, 2)};
        command->burst = (uint8_t)random_below(random, 8);
        command->beats = ahb_burst_beats((enum ahb_burst)command->burst);
        if (command->beats == 0)
            command->beats = 1 + random_below(random, 20);
        command->address = AHB_BASE + (random_below(random, 0x200) & ~((1u << size) - 1));
        if (i >= 20 && random_below(random, 2))
            command->address -= AHB_BASE - OTHER_BASE;
        command->busy = random_below(random, 3) ? 0 : (uint16_t)random_next(random);
        command->delay = random_below(random, 3) ? 0 : random_below(random, 5);
    }
    master->commands = (struct parameter_list){list, 20};
    struct scripted_config *other = test_add(&t, SECTION_MASTERS, "scripted", "s1");
    other->commands = (struct parameter_list){list + 20, 20};
    other->repeat = master->repeat = 2;
}

static uint64_t random_ahb_to_axi(uint64_t seed, unsigned flags)
{
    struct random random = random_seeded(seed);
    struct test_log beats, events;
    start_ahb_to_axi(0);
    ram = test_add(&t, SECTION_MEMORIES, "sram", "other");
    ram->base = OTHER_BASE;
    ram->size_bytes = SIZE;
    fill_ahb_to_axi(&random, commands);
    test_build(&t, flags);
    test_observe(&t, &beats, "ahb_beat", NULL);
    test_observe(&t, &events, "axi_event", NULL);
    ck_assert(test_run(&t, LONG));
    static uint8_t expected[SIZE];
    for (uint32_t i = 0; i < SIZE; i++)
        expected[i] = (uint8_t)(1 + i);
    const uint32_t lanes = test_bus_config(&t)->width_bits / 8 - 1;
    ck_assert_uint_lt(beats.count, TEST_EVENTS);
    uint64_t hash = 0;
    for (size_t i = 0; i < beats.count; i++) {
        const struct ahb_beat *beat = BEAT(&beats, i);
        hash = hash * 31 + beat->data_cycle;
        if (beat->haddr < AHB_BASE)
            continue;
        uint8_t *at = expected + (beat->haddr - AHB_BASE);
        const uint8_t *data = (const uint8_t *)&beat->data + (beat->haddr & lanes);
        ck_assert_uint_eq(beat->hresp, AHB_OKAY);
        if (beat->hwrite)
            memcpy(at, data, (size_t)1 << beat->hsize);
        else
            ck_assert_msg(memcmp(at, data, (size_t)1 << beat->hsize) == 0, "seed %ju, beat %zu",
                          (uintmax_t)seed, i);
    }
    for (size_t i = 0; i < events.count; i++)
        hash =
            hash * 31 + events.cycles[i] * 8 + TEST_RECORD(&events, struct axi_event, i)->channel;
    ck_assert_mem_eq(store_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL), expected, SIZE);
    test_log_end(&beats);
    test_log_end(&events);
    test_plan_end(&t);
    return hash;
}

START_TEST(random_bursts_reach_an_axi_however_units_are_stepped)
{
    test_any_order(40, random_ahb_to_axi);
}
END_TEST

TEST_MAIN("bridges, random", random_bursts_reach_an_ahb_however_units_are_stepped,
          random_bursts_reach_an_axi_however_units_are_stepped)
