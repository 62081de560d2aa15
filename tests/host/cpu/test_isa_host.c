/* SPDX-License-Identifier: BSD-2-Clause */
/* A CPU's bus cycles on an ISA bus, and how it gives the bus up and gets it back (isa_host.c). */
#include "figure.h"
#include "isa_fixture.h"

static struct test_log rows, cycles, accesses;

static void build(void)
{
    test_build(&t, 0);
    test_observe(&t, &rows, "isa_row", NULL);
    test_observe(&t, &cycles, "isa_cycle", NULL);
    test_observe(&t, &accesses, "cpu_access", NULL);
}

static void finish(void)
{
    test_log_end(&rows);
    test_log_end(&cycles);
    test_log_end(&accesses);
    end();
}

static const struct isa_row *row_at(sim_cycle half)
{
    return test_log_at(&rows, half);
}

static const struct isa_cycle_record *cycle(size_t index)
{
    ck_assert_uint_lt(index, cycles.count);
    return TEST_RECORD(&cycles, struct isa_cycle_record, index);
}

START_TEST(a_bus_cycle_takes_four_clocks)
{
    start();
    static const struct work_step steps[] = {
        {.op = WORK_WRITE, .to = "ram + 0x10", .value = "0xa5", .width_bits = 8},
        {.op = WORK_EXPECT, .to = "ram + 0x10", .value = "0xa5", .width_bits = 8},
        {.to = NULL}};
    test_add_program(&t, "p", steps);
    build();
    ck_assert(test_run(&t, LONG));
    ck_assert_uint_eq(cycles.count, 2);
    sim_cycle t1 = cycle(0)->start_cycle - 2; /* MEMW goes on with T2 */
    ck_assert_uint_eq(t1 % 2, 0);
    ck_assert_uint_eq(row_at(t1)->address, 0x10);
    ck_assert_uint_eq(row_at(t1)->commands, 0);
    ck_assert_uint_eq(row_at(t1 + 2)->memw_n, 0);
    ck_assert_uint_eq(row_at(t1 + 5)->memw_n, 0);
    ck_assert_uint_eq(row_at(t1 + 5)->data, 0xa5);
    ck_assert_uint_eq(row_at(t1 + 6)->memw_n, 1);
    ck_assert_uint_eq(cycle(1)->commands, 1 << ISA_MEMR);
    ck_assert_uint_eq(cycle(1)->data, 0xa5);
    ck_assert_uint_eq(memory()[0x10], 0xa5);
    finish();
}
END_TEST

START_TEST(wait_states_of_bus_and_device_add_up)
{
    start();
    isa->cpu_io_waits = 1;
    ram->wait_states = 2;
    static const struct work_step steps[] = {
        {.op = WORK_WRITE, .to = "pages.PAGE7", .value = "0x12", .width_bits = 8},
        {.op = WORK_EXPECT, .to = "pages.PAGE7", .value = "0x12", .width_bits = 8},
        {.op = WORK_READ, .to = "ram", .width_bits = 8},
        {.to = NULL}};
    test_add_program(&t, "p", steps);
    build();
    ck_assert(test_run(&t, LONG));
    /* T2 and T3 have the command, and each TW. */
    ck_assert_uint_eq(cycles.cycles[0] - cycle(0)->start_cycle, 2 * 3);
    ck_assert_uint_eq(cycles.cycles[1] - cycle(1)->start_cycle, 2 * 3);
    ck_assert_uint_eq(cycles.cycles[2] - cycle(2)->start_cycle, 2 * 4);
    ck_assert_uint_eq(cycle(0)->address, 0x87);
    /* 1 + 1 + 2 clocks; those of the bus are halves. */
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.stall_cycles"), 4);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.wait_cycles"), 4);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.grant_wait_cycles"), 0);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.longest_stall"), 2);
    ck_assert_uint_eq(test_figure(&t.system, "bus.isa.master.cpu.wait_cycles"), 2 * 4);
    ck_assert_uint_eq(test_figure(&t.system, "bus.isa.master.cpu.grant_wait_cycles"), 0);
    ck_assert_uint_eq(test_figure(&t.system, "bus.isa.master.cpu.reads"), 2);
    ck_assert_uint_eq(test_figure(&t.system, "bus.isa.master.cpu.writes"), 1);
    finish();
}
END_TEST

START_TEST(a_word_is_two_bus_cycles_on_eight_bits_and_one_on_sixteen)
{
    static const struct work_step steps[] = {
        {.op = WORK_WRITE, .to = "ram + 0x20", .value = "0x44332211", .width_bits = 32},
        {.op = WORK_EXPECT, .to = "ram + 0x20", .value = "0x44332211", .width_bits = 32},
        {.op = WORK_EXPECT, .to = "ram + 0x22", .value = "0x4433", .width_bits = 16},
        {.to = NULL}};
    for (unsigned wide = 0; wide < 2; wide++) {
        start();
        isa->width_bits = wide ? 16 : 8;
        test_add_program(&t, "p", steps);
        build();
        ck_assert(test_run(&t, LONG));
        ck_assert_uint_eq(cycles.count, wide ? 5 : 10);
        finish();
    }
}
END_TEST

START_TEST(what_nobody_answers_reads_as_ones)
{
    start();
    static const struct work_step steps[] = {
        {.op = WORK_EXPECT, .to = "0x8000_0060", .value = "0xff", .width_bits = 8},
        {.op = WORK_EXPECT, .to = "0xf0000", .value = "0xff", .width_bits = 8},
        {.to = NULL}};
    test_add_program(&t, "p", steps);
    struct test_log transfers;
    build();
    test_observe(&t, &transfers, "transfer", "p");
    ck_assert(test_run(&t, LONG));
    ck_assert_str_eq(TEST_RECORD(&transfers, struct transfer_record, 0)->status, "complete");
    test_log_end(&transfers);
    finish();
}
END_TEST

/* Halves with HRQ up and HLDA down, by the rows. */
static uint64_t asked(sim_cycle end)
{
    uint64_t halves = 0;
    for (sim_cycle half = 0; half < end; half++)
        halves += row_at(half)->hrq && !row_at(half)->hlda;
    return halves;
}

/* A device that always wants service, and a CPU that always wants the bus. */
static void contend(enum work_mode mode)
{
    struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
    device->bytes = 16;
    device->request = ISA_DEVICE_DEMAND;
    add_slave("s", 1, 0x1000, 16)->common.mode = (uint8_t)mode;
    cpu->traffic.given = true;
    cpu->traffic.base = 0x8000;
    cpu->traffic.bytes = 0x1000;
    cpu->traffic.width_bits = 8;
    build();
    ck_assert(test_run(&t, LONG));
}

START_TEST(between_two_services_the_cpu_gets_one_bus_cycle)
{
    start();
    contend(WORK_CYCLE_STEALING);
    size_t first = 0, dma = 0;
    while (!cycle(first)->dma)
        first++;
    for (size_t i = first; dma < 16; i++) {
        ck_assert_uint_eq(cycle(i)->dma, (i - first) % 2 == 0);
        dma += cycle(i)->dma;
    }
    finish();
}
END_TEST

START_TEST(a_block_keeps_the_bus_from_the_cpu)
{
    start();
    contend(WORK_BURST);
    size_t first = 0;
    while (!cycle(first)->dma)
        first++;
    for (size_t i = first; i < first + 16; i++)
        ck_assert_uint_eq(cycle(i)->dma, 1);
    ck_assert_uint_eq(cycle(first + 15)->eop, 1);
    ck_assert_uint_eq(cycle(first + 16)->dma, 0);
    finish();
}
END_TEST

/* A bus cycle is eight halves, from the begin of a clock on; what an access took longer others had the bus. */
START_TEST(waiting_for_the_bus_is_counted_in_clocks)
{
    start();
    contend(WORK_BURST);
    uint64_t stalls = 0, longest = 0;
    for (size_t i = 0; i < accesses.count; i++) {
        const struct cpu_access_record *one = TEST_RECORD(&accesses, struct cpu_access_record, i);
        const sim_cycle begin = one->start_cycle + one->start_cycle % 2;
        const uint64_t more = one->end_cycle + 1 - begin - 8;
        ck_assert_uint_eq(more % 2, 0);
        ck_assert_uint_eq(one->stall_cycles, more / 2);
        stalls += more / 2;
        longest = more / 2 > longest ? more / 2 : longest;
    }
    ck_assert_uint_gt(longest, 16 * 3); /* a block of 16 */
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.stall_cycles"), stalls);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.grant_wait_cycles"), stalls);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.wait_cycles"), 0);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.longest_stall"), longest);
    const sim_cycle end = clock_edge_after(bus()->unit.clock, t.system.kernel.now);
    ck_assert_uint_eq(test_figure(&t.system, "bus.isa.master.dma.grant_wait_cycles"), asked(end));
    ck_assert_uint_eq(test_figure(&t.system, "bus.isa.master.dma.wait_cycles"), 0);
    ck_assert_uint_eq(test_figure(&t.system, "bus.isa.master.dma.bytes"), 16);
    ck_assert_uint_eq(test_figure(&t.system, "bus.isa.cycles"), end);
    finish();
}
END_TEST

START_TEST(hlda_waits_for_the_end_of_a_bus_cycle)
{
    start();
    contend(WORK_CYCLE_STEALING);
    for (size_t i = 0; i + 1 < rows.count; i++) {
        const struct isa_row *before = TEST_RECORD(&rows, struct isa_row, i);
        const struct isa_row *after = TEST_RECORD(&rows, struct isa_row, i + 1);
        if (before->hlda || !after->hlda)
            continue;
        sim_cycle half = rows.cycles[i + 1];
        ck_assert_uint_eq(half % 2, 1);
        ck_assert_uint_eq(before->commands, 0);
        ck_assert_uint_eq(after->commands, 0);
        /* No bus cycle of the CPU is cut: its command went off a whole T4 before. */
        ck_assert_uint_eq(row_at(half - 2)->commands, 0);
    }
    for (size_t i = 0; i < rows.count; i++) {
        const struct isa_row *row = TEST_RECORD(&rows, struct isa_row, i);
        ck_assert(!(row->hlda && row->commands && !row->aen));
    }
    finish();
}
END_TEST

START_TEST(an_access_of_the_cpu_to_the_controller_waits_while_hlda_is_up)
{
    start();
    struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
    device->bytes = 64;
    device->request = ISA_DEVICE_DEMAND;
    struct slave_sg_config *slave = add_slave("s", 1, 0x1000, 64);
    slave->common.mode = WORK_BURST;
    /* Reads the count over and over; the block is 193 clocks long. */
    static const struct work_step steps[] = {
        {.op = WORK_WRITE, .to = "dma.CLEAR_POINTER", .value = "0", .width_bits = 8},
        {.op = WORK_READ, .to = "dma.CH3_COUNT", .width_bits = 8},
        {.op = WORK_READ, .to = "dma.CH3_COUNT", .width_bits = 8},
        {.to = NULL}};
    struct program_config *program = test_add_program(&t, "reader", steps);
    program->repeat = 40;
    build();
    ck_assert(test_run(&t, LONG));
    unsigned blocks = 0;
    for (size_t i = 0; i < cycles.count; i++)
        blocks += cycle(i)->dma;
    ck_assert_uint_eq(blocks, 64);
    for (size_t i = 0; i < rows.count; i++) {
        const struct isa_row *row = TEST_RECORD(&rows, struct isa_row, i);
        if (row->hlda && !row->ior_n)
            ck_assert_uint_eq(row->aen, 1); /* the device's, not a register's */
    }
    finish();
}
END_TEST

TEST_MAIN("isa host", waiting_for_the_bus_is_counted_in_clocks, a_bus_cycle_takes_four_clocks,
          wait_states_of_bus_and_device_add_up,
          a_word_is_two_bus_cycles_on_eight_bits_and_one_on_sixteen,
          what_nobody_answers_reads_as_ones, between_two_services_the_cpu_gets_one_bus_cycle,
          a_block_keeps_the_bus_from_the_cpu, hlda_waits_for_the_end_of_a_bus_cycle,
          an_access_of_the_cpu_to_the_controller_waits_while_hlda_is_up)
