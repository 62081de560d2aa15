/* SPDX-License-Identifier: BSD-2-Clause */
/* A CPU's accesses on AXI4 and AXI4-Lite: cycles, lanes, bursts, answers (model/bus/axi/axi_host.c). */
#include "axi_fixture.h"

#include "axi_rows.h"
#include "figure.h"

static struct test_log accesses, events, rows, transfers;

static void build_with(unsigned flags)
{
    test_build(&t, flags);
    test_observe(&t, &accesses, "cpu_access", NULL);
    test_observe(&t, &events, "axi_event", "axi.cpu");
    memset(&rows, 0, sizeof rows);
}

static void run_with(unsigned flags)
{
    build_with(flags);
    if (t.plan.counts[SECTION_WORK])
        test_observe(&t, &transfers, "transfer", NULL);
    ck_assert(test_run(&t, LONG));
}

static void run(void)
{
    run_with(0);
}

/* As run(), for row_at(). */
static void run_and_see_rows(void)
{
    build_with(0);
    test_observe(&t, &rows, "axi_row", "axi.cpu");
    ck_assert(test_run(&t, LONG));
}

static void finish(void)
{
    test_log_end(&accesses);
    test_log_end(&events);
    test_log_end(&rows);
    if (t.plan.counts[SECTION_WORK])
        test_log_end(&transfers);
    end();
}

static const struct cpu_access_record *access_at(size_t index)
{
    ck_assert_uint_lt(index, accesses.count);
    return TEST_RECORD(&accesses, struct cpu_access_record, index);
}

static sim_cycle length(size_t index)
{
    return access_at(index)->end_cycle - access_at(index)->start_cycle + 1;
}

/* The index-th handshake of a channel at the CPU's port. */
static const struct axi_event *event(enum axi_channel channel, size_t index)
{
    for (size_t i = 0; i < events.count; i++) {
        const struct axi_event *e = TEST_RECORD(&events, struct axi_event, i);
        if (e->channel == channel && index-- == 0)
            return e;
    }
    return NULL;
}

/* The wires in a cycle. */
static struct axi_row row_at(sim_cycle cycle)
{
    const void *record = test_log_at(&rows, cycle);
    ck_assert_ptr_nonnull(record);
    return test_axi_row(&rows, record);
}

static bool complete(void)
{
    ck_assert_uint_gt(transfers.count, 0);
    return strcmp(TEST_RECORD(&transfers, struct transfer_record, 0)->status, "complete") == 0;
}

/* `count` accesses of `beats` beats of `bits`, all reads or all writes, one after the other. */
static struct cpu_traffic_config *add_traffic(bool write, uint32_t beats, uint32_t bits,
                                              uint64_t count)
{
    struct cpu_traffic_config *traffic = &cpu->traffic;
    traffic->given = true;
    traffic->base = RAM;
    traffic->bytes = RAM_BYTES;
    traffic->read_percent = write ? 0 : 100;
    traffic->beats = beats;
    traffic->width_bits = bits;
    traffic->count = count;
    return traffic;
}

START_TEST(b_beats_take_b_and_one_cycles)
{
    static const unsigned beats[] = {1, 2, 16, 256};
    for (unsigned write = 0; write < 2; write++)
        for (size_t i = 0; i < 4; i++) {
            start();
            add_traffic(write, beats[i], 64, 3);
            run();
            ck_assert_uint_eq(access_at(0)->start_cycle, 1);
            for (size_t k = 0; k < 3; k++) {
                ck_assert_uint_eq(length(k), beats[i] + 1);
                ck_assert_uint_eq(access_at(k)->stall_cycles, 0);
                ck_assert_uint_eq(access_at(k)->error, 0);
            }
            finish();
        }
}
END_TEST

START_TEST(ar_shows_in_the_cycle_after_the_start_and_the_end_is_the_last_r)
{
    start();
    ram->read_latency_cycles = 5;
    add_traffic(false, 2, 64, 1)->start_ps = 7 * TEST_PERIOD_PS;
    run_and_see_rows();
    /* The step at edge 7 starts it. */
    ck_assert_uint_eq(row_at(7).arvalid, 0);
    ck_assert_uint_eq(row_at(8).arvalid, 1);
    ck_assert_uint_eq(row_at(9).arvalid, 0);
    ck_assert_uint_eq(row_at(8).rready, 1);
    ck_assert_uint_eq(row_at(12).rvalid, 0);
    ck_assert_uint_eq(row_at(13).rvalid, 1);
    ck_assert_uint_eq(event(AXI_R, 1)->cycle, 14);
    ck_assert_uint_eq(access_at(0)->end_cycle, 14);
    ck_assert_uint_eq(access_at(0)->stall_cycles, 4);
    /* R is awaited from cycle 9 to 12. */
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.wait_cycles"), 4);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.grant_wait_cycles"), 0);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.back_pressure_cycles"), 0);
    ck_assert_uint_eq(test_figure(&t.system, "bus.axi.master.cpu.wait_cycles"), 12 - 8);
    ck_assert_uint_eq(test_figure(&t.system, "bus.axi.master.cpu.reads"), 2);
    finish();
}
END_TEST

/* Cycles of the CPU's port with WVALID and without WREADY are back pressure, those between the last W and B latency. */
START_TEST(a_memory_that_takes_no_w_presses_back)
{
    start();
    ram->write_latency_cycles = 3;
    ram->stalls.percent[AXI_W] = 50;
    ram->stalls.seed = 7;
    add_traffic(true, 16, 64, 1);
    run_and_see_rows();
    uint64_t pressed = 0;
    for (sim_cycle cycle = 0; cycle <= access_at(0)->end_cycle; cycle++)
        pressed += row_at(cycle).wvalid && !row_at(cycle).wready;
    ck_assert_uint_gt(pressed, 3);
    ck_assert_uint_eq(access_at(0)->stall_cycles, pressed + 3 - 1);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.back_pressure_cycles"), pressed);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.wait_cycles"), 3 - 1);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.grant_wait_cycles"), 0);
    ck_assert_uint_eq(test_figure(&t.system, "bus.axi.master.cpu.back_pressure_cycles"), pressed);
    ck_assert_uint_eq(test_figure(&t.system, "bus.axi.master.cpu.wait_cycles"), 3 - 1);
    finish();
}
END_TEST

/* Two CPUs show AR in cycle 1. The second's is shown to the memory in cycle 2, when the first's was taken. */
START_TEST(an_address_that_is_not_shown_waits_for_the_grant)
{
    for (unsigned registered = 0; registered < 2; registered++) {
        start();
        axi->crossbar.grant = registered ? AXI_REGISTERED : AXI_COMBINATIONAL;
        ram->read_latency_cycles = 6;
        add_traffic(false, 4, 64, 1);
        struct cpu_config *other = test_add(&t, SECTION_CPUS, "cpu", "other");
        other->traffic = cpu->traffic;
        run();
        ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.grant_wait_cycles"), 0);
        ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu.wait_cycles"), 5);
        ck_assert_uint_eq(test_figure(&t.system, "cpu.other.grant_wait_cycles"), 1);
        ck_assert_uint_eq(test_figure(&t.system, "bus.axi.master.cpu.grant_wait_cycles"),
                          registered);
        ck_assert_uint_eq(test_figure(&t.system, "bus.axi.master.other.grant_wait_cycles"),
                          registered + 1);
        finish();
    }
}
END_TEST

START_TEST(w_shows_with_aw_a_beat_a_cycle_and_the_end_is_b)
{
    start();
    ram->write_latency_cycles = 3;
    add_traffic(true, 4, 64, 1)->start_ps = 7 * TEST_PERIOD_PS;
    run_and_see_rows();
    ck_assert_uint_eq(row_at(7).awvalid | row_at(7).wvalid, 0);
    ck_assert_uint_eq(event(AXI_AW, 0)->cycle, 8);
    for (unsigned i = 0; i < 4; i++) {
        ck_assert_uint_eq(event(AXI_W, i)->cycle, 8 + i);
        ck_assert_uint_eq(event(AXI_W, i)->last, i == 3);
    }
    ck_assert_uint_eq(row_at(12).wvalid, 0);
    ck_assert_uint_eq(row_at(13).bvalid, 0);
    ck_assert_uint_eq(event(AXI_B, 0)->cycle, 14);
    ck_assert_uint_eq(access_at(0)->end_cycle, 14);
    ck_assert_uint_eq(access_at(0)->stall_cycles, 2);
    finish();
}
END_TEST

START_TEST(bytes_go_in_the_lanes_of_their_addresses_on_every_width)
{
    static const struct work_step steps[] = {
        {.op = WORK_WRITE, .to = "ram + 0x11", .value = "0xa5", .width_bits = 8},
        {.op = WORK_WRITE, .to = "ram + 0x22", .value = "0xbeef", .width_bits = 16},
        {.op = WORK_WRITE, .to = "ram + 0x7c", .value = "0x12345678", .width_bits = 32},
        {.op = WORK_EXPECT, .to = "ram + 0x11", .value = "0xa5", .width_bits = 8},
        {.op = WORK_EXPECT, .to = "ram + 0x22", .value = "0xbeef", .width_bits = 16},
        {.op = WORK_EXPECT, .to = "ram + 0x7e", .value = "0x1234", .width_bits = 16},
        {.op = WORK_EXPECT, .to = "ram + 0x7c", .value = "0x12345678", .width_bits = 32},
        {.to = NULL}};
    for (uint32_t width = 32; width <= 1024; width *= 2) {
        start();
        axi->width_bits = width;
        test_add_program(&t, "p", steps);
        build_with(0);
        test_observe(&t, &transfers, "transfer", NULL);
        uint8_t before[256];
        memcpy(before, memory(), sizeof before);
        ck_assert(test_run(&t, LONG));
        ck_assert(complete());
        before[0x11] = 0xa5;
        memcpy(before + 0x22, "\xef\xbe", 2);
        memcpy(before + 0x7c, "\x78\x56\x34\x12", 4);
        ck_assert_mem_eq(memory(), before, sizeof before); /* strobes: nothing else is written */
        ck_assert_uint_eq(event(AXI_AW, 0)->size, 0);
        ck_assert_uint_eq(event(AXI_AW, 1)->size, 1);
        ck_assert_uint_eq(
            event(AXI_W, 2)->strb[0x7c % (width / 8) / 64] >> (0x7c % (width / 8) % 64), 0xf);
        finish();
    }
}
END_TEST

START_TEST(a_beat_wider_than_the_bus_is_several)
{
    start();
    axi->width_bits = 32;
    add_traffic(true, 2, 128, 1);
    build_with(0);
    ck_assert(test_run(&t, LONG));
    ck_assert_uint_eq(event(AXI_AW, 0)->len, 7);
    ck_assert_uint_eq(event(AXI_AW, 0)->size, 2);
    ck_assert_uint_eq(length(0), 9);
    for (unsigned i = 0; i < 8; i++) { /* scrambled data of a beat, then zeros */
        uint32_t value;
        memcpy(&value, memory() + 4 * (size_t)i, sizeof value);
        ck_assert((value != 0) == (i % 4 < 2));
    }
    finish();
}
END_TEST

START_TEST(on_axi4_lite_every_beat_is_a_burst_as_wide_as_the_bus)
{
    for (uint32_t width = 32; width <= 64; width *= 2)
        for (unsigned write = 0; write < 2; write++) {
            start();
            axi->width_bits = width;
            axi->lite = true;
            add_traffic(write, 4, 32, 1);
            run();
            const enum axi_channel channel = write ? AXI_AW : AXI_AR;
            for (unsigned i = 0; i < 4; i++) {
                ck_assert_uint_eq(event(channel, i)->len, 0);
                ck_assert_uint_eq(event(channel, i)->size, width == 32 ? 2 : 3);
                ck_assert_uint_eq(event(channel, i)->addr, RAM + 4 * i);
                ck_assert_uint_eq(event(channel, i)->cycle, 1 + 2 * i);
                if (write)
                    ck_assert_uint_eq(event(AXI_W, i)->strb[0], width == 64 && i % 2 ? 0xf0 : 0x0f);
            }
            ck_assert_uint_eq(length(0), 8);
            ck_assert_uint_eq(access_at(0)->stall_cycles, 0);
            finish();
        }
}
END_TEST

START_TEST(a_burst_ends_at_4_kib_and_after_256_beats)
{
    start();
    add_traffic(false, 100, 64, 1)->base = RAM + 0xf00;
    run();
    ck_assert_uint_eq(event(AXI_AR, 0)->len, 31);
    ck_assert_uint_eq(event(AXI_AR, 1)->addr, RAM + 0x1000);
    ck_assert_uint_eq(event(AXI_AR, 1)->len, 67);
    /* The second shows in the cycle after the last R of the first. */
    ck_assert_uint_eq(event(AXI_AR, 1)->cycle, event(AXI_R, 31)->cycle + 1);
    ck_assert_uint_eq(length(0), 102);
    ck_assert_uint_eq(access_at(0)->stall_cycles, 0);
    finish();

    start();
    axi->width_bits = 32;
    add_traffic(true, 200, 64, 1);
    run();
    ck_assert_uint_eq(event(AXI_AW, 0)->len, 255);
    ck_assert_uint_eq(event(AXI_AW, 1)->addr, RAM + 0x400);
    ck_assert_uint_eq(event(AXI_AW, 1)->len, 143);
    ck_assert_uint_eq(length(0), 402);
    finish();
}
END_TEST

START_TEST(what_nobody_answers_fails_and_ends_the_access)
{
    for (unsigned write = 0; write < 2; write++) {
        start();
        axi->crossbar.always = true;
        /* The second burst goes beyond the memory, the third is not made. */
        add_traffic(write, 300, 64, 1)->base = RAM + RAM_BYTES - 0x100;
        run();
        ck_assert_uint_eq(access_at(0)->error, 1);
        ck_assert_ptr_nonnull(event(write ? AXI_AW : AXI_AR, 1));
        ck_assert_ptr_null(event(write ? AXI_AW : AXI_AR, 2));
        ck_assert_uint_eq(event(write ? AXI_B : AXI_R, write ? 1 : 32)->resp, AXI_DECERR);
        finish();
    }
}
END_TEST

START_TEST(an_error_makes_a_program_fail)
{
    static const struct work_step reads[] = {
        {.op = WORK_READ, .to = "0x9000_0000", .width_bits = 32}, {.to = NULL}};
    static const struct work_step writes[] = {
        {.op = WORK_WRITE, .to = "0x9000_0000", .value = "1", .width_bits = 32}, {.to = NULL}};
    for (unsigned write = 0; write < 2; write++) {
        start();
        axi->crossbar.always = true;
        test_add_program(&t, "p", write ? writes : reads);
        run();
        ck_assert(!complete());
        finish();
    }
}
END_TEST

/* An access that waits for nobody has no stall; one that waits a cycle has one. */
START_TEST(registers_of_a_crossbar_are_no_stalls)
{
    static struct axi_slice_config slices[2];
    for (unsigned i = 0; i < 2 * 32 * 32; i += 61)
        for (unsigned write = 0; write < 2; write++)
            for (unsigned wait = 0; wait < 2; wait++) {
                start();
                axi->crossbar.always = true;
                axi->crossbar.grant = i & 1 ? AXI_REGISTERED : AXI_COMBINATIONAL;
                ram->read_latency_cycles = ram->write_latency_cycles = 1 + wait;
                slices[0].port = "cpu";
                slices[1].port = "ram";
                for (unsigned channel = 0; channel < AXI_CHANNELS; channel++) {
                    slices[0].channels[channel] = i >> (1 + channel) & 1;
                    slices[1].channels[channel] = i >> (6 + channel) & 1;
                }
                axi->crossbar.slices = (struct parameter_list){slices, 2};
                add_traffic(write, 1 + i % 3, 64, 4);
                run();
                for (size_t k = 0; k < 4; k++)
                    ck_assert_msg(access_at(k)->stall_cycles == wait,
                                  "case %u %u: %u stalls in %u, not %u", i, write,
                                  access_at(k)->stall_cycles, (unsigned)length(k), wait);
                finish();
            }
}
END_TEST

START_TEST(registers_on_axi4_answer_single_beats_and_refuse_bursts)
{
    for (unsigned write = 0; write < 2; write++) {
        start();
        add_dma();
        struct cpu_traffic_config *traffic = add_traffic(write, 1, 32, 4);
        traffic->base = DMA + 8; /* SCRATCH */
        traffic->bytes = 4;
        run();
        ck_assert_uint_eq(access_at(0)->error, 0);
        ck_assert_uint_eq(length(0), 5); /* VALID in t, answer in t + 4 */
        finish();

        start();
        add_dma();
        traffic = add_traffic(write, 3, 32, 4);
        traffic->base = DMA + 8;
        traffic->bytes = 12;
        build_with(0);
        ck_assert(test_run(&t, LONG));
        for (size_t i = 0; i < 4; i++) {
            ck_assert_uint_eq(access_at(i)->error, 1);
            ck_assert_uint_eq(length(i), 7);
        }
        for (unsigned i = 0; i < 3 && !write; i++) {
            ck_assert_uint_eq(event(AXI_R, i)->resp, AXI_SLVERR);
            ck_assert_uint_eq(event(AXI_R, i)->last, i == 2);
        }
        /* Nothing was written. */
        uint64_t scratch = 1;
        struct component *dma = test_find(&t, SECTION_CONTROLLERS, "dma");
        ck_assert_int_eq(dma->type->access(dma, 8, 4, false, &scratch), DMASIM_OK);
        ck_assert_uint_eq(scratch, 0);
        finish();

        start(); /* a beat of 64 bits is no register either */
        add_dma();
        traffic = add_traffic(write, 1, 64, 1);
        traffic->base = DMA + 8;
        traffic->bytes = 8;
        run();
        ck_assert_uint_eq(access_at(0)->error, 1);
        finish();
    }
}
END_TEST

START_TEST(stepping_order_and_skipping_change_nothing)
{
    static const unsigned modes[] = {0, KERNEL_EVERY_CYCLE, KERNEL_REVERSED,
                                     KERNEL_EVERY_CYCLE | KERNEL_REVERSED};
    struct cpu_access_record first[200];
    for (size_t i = 0; i < 4; i++) {
        start();
        add_dma();
        ram->stalls = (struct axi_memory_stalls){.percent = {20, 30, 40, 50, 10}, .seed = 5};
        struct cpu_traffic_config *traffic = add_traffic(false, 37, 64, 200);
        traffic->read_percent = 50;
        traffic->pattern = CPU_RANDOM;
        traffic->base = RAM + 0x708;
        traffic->bytes = 0x4000;
        run_with(modes[i]);
        ck_assert_uint_eq(accesses.count, 200);
        if (i == 0)
            memcpy(first, accesses.records, sizeof first);
        for (size_t k = 0; k < 200; k++) {
            ck_assert_uint_eq(access_at(k)->address, first[k].address);
            ck_assert_uint_eq(access_at(k)->end_cycle, first[k].end_cycle);
            ck_assert_uint_eq(access_at(k)->stall_cycles, first[k].stall_cycles);
        }
        finish();
    }
}
END_TEST

#define HIGH UINT64_C(0x123456780000) /* a memory there, and one at the same low 32 bits */

START_TEST(a_memory_above_4_gib_is_read_and_written_by_programs_and_traffic)
{
    static const struct work_step steps[] = {
        {.op = WORK_WRITE, .to = "high + 0x40", .value = "0x600df00d", .width_bits = 32},
        {.op = WORK_EXPECT, .to = "0x123456780040", .value = "0x600df00d", .width_bits = 32},
        {.op = WORK_READ, .to = "0x56780040", .width_bits = 32},
        {.op = WORK_WRITE, .to = "0x123456780fff", .value = "0x5a", .width_bits = 8},
        {.to = NULL},
    };
    uint64_t value = 0;
    start();
    ram->base = (uint32_t)HIGH;
    struct axi_memory_config *high = test_add(&t, SECTION_MEMORIES, "axi-memory", "high");
    *high = *ram;
    high->base = HIGH;
    test_add_program(&t, "program", steps);
    run();
    ck_assert_str_eq(TEST_RECORD(&transfers, struct transfer_record, 0)->status, "complete");
    ck_assert_uint_eq(access_at(0)->address, HIGH + 0x40);
    ck_assert_uint_eq(access_at(2)->address, (uint32_t)HIGH + 0x40);
    ck_assert_uint_eq(event(AXI_AW, 0)->addr, HIGH + 0x40);
    ck_assert_int_eq(system_access(&t.system, ROUTE_ANY_BUS, HIGH + 0xfff, 1, false, &value),
                     DMASIM_OK);
    ck_assert_uint_eq(value, 0x5a);
    ck_assert_int_eq(
        system_access(&t.system, ROUTE_ANY_BUS, (uint32_t)HIGH + 0x40, 4, false, &value),
        DMASIM_OK);
    ck_assert_uint_ne(value, 0x600df00d);
    finish();

    start();
    ram->base = HIGH;
    struct cpu_traffic_config *traffic = add_traffic(true, 1, 32, 3);
    traffic->base = HIGH + 0x100;
    run();
    ck_assert_uint_eq(access_at(2)->address, HIGH + 0x108);
    finish();
}
END_TEST

TEST_MAIN("axi host", b_beats_take_b_and_one_cycles, a_memory_that_takes_no_w_presses_back,
          an_address_that_is_not_shown_waits_for_the_grant,
          ar_shows_in_the_cycle_after_the_start_and_the_end_is_the_last_r,
          w_shows_with_aw_a_beat_a_cycle_and_the_end_is_b,
          bytes_go_in_the_lanes_of_their_addresses_on_every_width,
          a_beat_wider_than_the_bus_is_several,
          on_axi4_lite_every_beat_is_a_burst_as_wide_as_the_bus,
          a_burst_ends_at_4_kib_and_after_256_beats, what_nobody_answers_fails_and_ends_the_access,
          an_error_makes_a_program_fail, registers_of_a_crossbar_are_no_stalls,
          registers_on_axi4_answer_single_beats_and_refuse_bursts,
          stepping_order_and_skipping_change_nothing,
          a_memory_above_4_gib_is_read_and_written_by_programs_and_traffic)
