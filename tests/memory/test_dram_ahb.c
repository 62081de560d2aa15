/* SPDX-License-Identifier: BSD-2-Clause */
/* Cycles and bytes of a DRAM on AHB, as model/memory/dram_ahb.c states them. CK is as fast as the bus. */
#include "host_plan.h"

#include "bus/ahb/ahb.h"
#include "host/play/scripted.h"
#include "kernel/random.h"
#include "memory/ahb_sram.h"
#include "memory/dram_memory.h"

#define BASE 0x20000000u
enum { COMMANDS = 48, SIZE = 8192 };

static struct test_plan t;
static struct scripted_config *master;
static struct dram_memory_config *ram;
static struct scripted_command commands[COMMANDS];

static void start(uint32_t count, bool dram)
{
    test_plan_start(&t);
    master = test_add(&t, SECTION_MASTERS, "scripted", "m0");
    memset(commands, 0, sizeof commands);
    for (uint32_t i = 0; i < count; i++)
        commands[i] = (struct scripted_command){.size = 2, .beats = 1, .address = BASE};
    master->commands = (struct parameter_list){commands, count};
    if (dram) {
        ram = test_add(&t, SECTION_MEMORIES, "dram", "ram");
        ram->base = BASE;
        ram->size_bytes = SIZE;
        ram->period_ps = TEST_PERIOD_PS;
    } else {
        struct sram_config *sram = test_add(&t, SECTION_MEMORIES, "sram", "ram");
        sram->base = BASE;
        sram->size_bytes = SIZE;
    }
}

static struct test_log run(unsigned flags)
{
    struct test_log beats;
    test_build(&t, flags);
    test_observe(&t, &beats, "ahb_beat", NULL);
    ck_assert(test_run(&t, UINT64_C(10000000000)));
    kernel_advance(&t.system.kernel, t.system.kernel.now + 2000 * TEST_PERIOD_PS, 0);
    return beats;
}

static void end(struct test_log *beats)
{
    test_log_end(beats);
    test_plan_end(&t);
}

static sim_cycle data_cycles(const struct test_log *beats, size_t i)
{
    const struct ahb_beat *beat = TEST_RECORD(beats, struct ahb_beat, i);
    return beat->data_cycle - beat->address_cycle;
}

/* Its index-th figure. */
static uint64_t figure(unsigned index)
{
    struct counter_part part;
    const struct component *component = test_find(&t, SECTION_MEMORIES, "ram");
    ck_assert(component->type->counters(component, 0, t.system.kernel.now, &part));
    return part.values[index];
}

/* Handed over in n, ACT in n + 1, data RCD + CL + BL later, seen in the next cycle, ready in that after. */
START_TEST(a_read_waits_for_its_transaction_and_what_was_fetched_stays)
{
    for (uint32_t rcd = 15; rcd < 18; rcd++) {
        start(3, true);
        ram->timing[DRAM_T_RCDR] = rcd;
        commands[0].burst = AHB_INCR16;
        commands[1].address = BASE + 64 - 4;
        commands[2].address = BASE + 64;
        struct test_log beats = run(0);
        ck_assert_uint_eq(beats.count, 18);
        ck_assert_uint_eq(data_cycles(&beats, 0), 1 + rcd + 16 + 4 + 1 + 1);
        for (unsigned i = 1; i < 17; i++)
            ck_assert_uint_eq(data_cycles(&beats, i), 1);
        ck_assert_uint_eq(data_cycles(&beats, 17), 1 + 16 + 4 + 1 + 1);
        ck_assert_uint_eq(figure(0), 2);
        end(&beats);
    }
}
END_TEST

START_TEST(writes_are_posted_and_beats_that_follow_each_other_are_one_transaction)
{
    for (unsigned apart = 0; apart < 2; apart++) {
        start(3, true);
        commands[0].burst = commands[1].burst = AHB_INCR8;
        commands[0].write = commands[1].write = commands[2].write = true;
        commands[1].address = BASE + 32;
        commands[1].delay = apart ? 4 : 0;
        commands[2].address = BASE + 4096;
        struct test_log beats = run(0);
        for (unsigned i = 0; i < 17; i++)
            ck_assert_uint_eq(data_cycles(&beats, i), 1);
        /* Those that came apart merge in the write queue, unless the first has its ACT. */
        ck_assert_uint_ge(figure(1) + figure(4), 2 + apart);
        end(&beats);
    }
}
END_TEST

START_TEST(without_a_slot_a_write_waits)
{
    for (unsigned slots = 8; slots < 13; slots += 4) {
        start(12, true);
        ram->write_slots = slots;
        ram->write_response = DRAM_RESPOND_SENT;
        ram->timing[DRAM_T_RCDW] = 400;
        for (unsigned i = 0; i < 12; i++) {
            commands[i].write = true;
            commands[i].address = BASE + 64 * i;
        }
        struct test_log beats = run(0);
        for (unsigned i = 0; i < slots; i++)
            ck_assert_uint_eq(data_cycles(&beats, i), 1);
        if (slots < 12)
            ck_assert_uint_gt(data_cycles(&beats, slots), 300);
        end(&beats);
    }
}
END_TEST

/* The same bytes as in an SRAM, read and left behind, and the same cycles however units are stepped. */
static uint64_t run_random(uint64_t seed, unsigned flags)
{
    static struct ahb_data seen[2][COMMANDS * 16];
    static uint8_t left[2][SIZE];
    static const uint8_t bursts[] = {AHB_SINGLE, AHB_INCR,  AHB_INCR4,  AHB_WRAP4,
                                     AHB_INCR8,  AHB_WRAP8, AHB_INCR16, AHB_WRAP16};
    uint64_t hash = 0;
    memset(seen, 0, sizeof seen);
    for (unsigned dram = 0; dram < 2; dram++) {
        struct random random = random_seeded(seed);
        start(COMMANDS, dram);
        test_bus_config(&t)->width_bits = 32u << random_below(&random, 3);
        if (dram) {
            ram->preset = (uint8_t)(seed % 6);
            ram->period_ps = seed % 3 ? 0 : 7777;
            ram->write_slots = 8;
            ram->write_queue = 4;
            ram->write_response = seed & 1;
        }
        for (unsigned i = 0; i < COMMANDS; i++) {
            struct scripted_command *command = &commands[i];
            command->size = (uint8_t)random_below(&random, 3);
            command->burst = bursts[random_below(&random, 8)];
            command->write = random_below(&random, 2);
            command->delay = random_below(&random, 4) ? 0 : random_below(&random, 60);
            command->beats = ahb_burst_beats(command->burst);
            if (command->beats == 0)
                command->beats = 1 + random_below(&random, 16);
            command->address = BASE + random_below(&random, 7) * 1024 +
                               (random_below(&random, 512) >> command->size << command->size);
        }
        struct test_log beats = run(flags);
        for (size_t i = 0; i < beats.count; i++) {
            const struct ahb_beat *beat = TEST_RECORD(&beats, struct ahb_beat, i);
            ck_assert_uint_lt(i, COMMANDS * 16);
            if (!beat->hwrite)
                memcpy((uint8_t *)&seen[dram][i],
                       (const uint8_t *)&beat->data +
                           (beat->haddr & (test_bus_config(&t)->width_bits / 8 - 1)),
                       (size_t)1 << beat->hsize);
            hash = hash * 31 + (dram ? beat->data_cycle : 0);
        }
        memcpy(left[dram], store_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL), SIZE);
        end(&beats);
    }
    ck_assert_mem_eq(seen[0], seen[1], sizeof seen[0]);
    ck_assert_mem_eq(left[0], left[1], SIZE);
    return hash;
}

START_TEST(random_bursts_move_what_they_move_in_an_sram)
{
    test_any_order(60, run_random);
}
END_TEST

TEST_MAIN("dram on ahb", a_read_waits_for_its_transaction_and_what_was_fetched_stays,
          writes_are_posted_and_beats_that_follow_each_other_are_one_transaction,
          without_a_slot_a_write_waits, random_bursts_move_what_they_move_in_an_sram)
