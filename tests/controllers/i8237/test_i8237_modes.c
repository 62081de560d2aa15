/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the data sheet of the 8237A asks for beyond the recorded cases: modes, priority, end of
 * process, cascade, memory to memory.
 */
#include <check.h>

#include "i8237_bench.h"
#include "suite.h"

static struct bench *bench;

static void setup(void)
{
    bench = bench_new();
}

static void teardown(void)
{
    bench_free(bench);
    bench = NULL;
}

static void request(unsigned channel, enum i8237_request how, uint32_t services)
{
    bench->wiring.scripts[channel] =
        (struct i8237_script){.request = (uint8_t)how, .services = services, .gap = 2};
}

/* Channel 1 with one mode, after the bench is built. */
static void program(uint8_t mode, uint32_t address, uint32_t count)
{
    i8237_case_channel(&bench->wiring, 1, mode, address, count);
}

/* ---- the recorded cases that have no row ----------------------------------------------------- */

START_TEST(ready_low_for_the_first_sample_costs_one_wait_state_and_no_terminal_count)
{
    request(1, I8237_REQUEST_PULSE, 1);
    bench->wiring.ready_low = 1;
    bench_build(bench);
    program(I8237_BLOCK | I8237_WRITE, 0x051234, 8);
    bench_run(bench);
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S3 SW S4 S2 S3 SW S4 S2 S3 SW S4 S2 S3 SW S4 "
                                          "S2 S3 SW S4 S2 S3 SW S4 S2 S3 SW S4 S2 S3 SW S4");
    ck_assert_str_eq(bench_transfers(bench), "1@051234 1@051235 1@051236 1@051237 1@051238 "
                                             "1@051239 1@05123A 1@05123B:TC");
}
END_TEST

START_TEST(a_software_request_is_served_though_masked_and_ends_with_terminal_count)
{
    bench_build(bench);
    program(I8237_BLOCK | I8237_WRITE, 0x051234, 4);
    bench_out(bench, I8237_ALL_MASK, 0xf);
    bench_to(bench, 4);
    bench_out(bench, I8237_REQUEST, 4 | 1);
    ck_assert_uint_eq(bench_in(bench, I8237_STATUS), 0x20);
    bench_run(bench);
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S3 S4 S2 S3 S4 S2 S3 S4 S2 S3 S4");
    ck_assert_str_eq(bench_transfers(bench), "1@051234 1@051235 1@051236 1@051237:TC");
    ck_assert_uint_eq(bench_in(bench, I8237_STATUS), 0x02);
}
END_TEST

START_TEST(clear_mask_opens_all_four)
{
    request(1, I8237_REQUEST_PULSE, 1);
    bench_build(bench);
    program(I8237_BLOCK | I8237_WRITE, 0x051234, 4);
    bench_out(bench, I8237_ALL_MASK, 0xf);
    bench_out(bench, I8237_CLEAR_MASK, 0);
    bench_run(bench);
    ck_assert_str_eq(bench_transfers(bench), "1@051234 1@051235 1@051236 1@051237:TC");
}
END_TEST

START_TEST(all_mask_bits_are_written_at_once)
{
    request(1, I8237_REQUEST_PULSE, 1);
    bench_build(bench);
    program(I8237_BLOCK | I8237_WRITE, 0x051234, 4);
    bench_out(bench, I8237_ALL_MASK, 0x0d);
    bench_run(bench);
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S3 S4 S2 S3 S4 S2 S3 S4 S2 S3 S4");
    ck_assert_str_eq(bench_transfers(bench), "1@051234 1@051235 1@051236 1@051237:TC");
}
END_TEST

static void memory_to_memory(uint8_t command, uint32_t count)
{
    bench_out(bench, I8237_COMMAND, I8237_MEMORY_TO_MEMORY | command);
    i8237_case_channel(&bench->wiring, 0, I8237_BLOCK | I8237_READ, 0x001000, count);
    i8237_case_channel(&bench->wiring, 1, I8237_BLOCK | I8237_WRITE, 0x002000, count);
    bench_out(bench, I8237_ALL_MASK, 0xf);
    bench_to(bench, 4);
    bench_out(bench, I8237_REQUEST, 4 | 0);
    bench_run(bench);
}

START_TEST(memory_to_memory_takes_eight_clocks_a_byte)
{
    bench_build(bench);
    memory_to_memory(0, 4);
    ck_assert_str_eq(bench_states(bench),
                     "S0 S11 S12 S13 S14 S21 S22 S23 S24 S11 S12 S13 S14 S21 S22 S23 S24 "
                     "S11 S12 S13 S14 S21 S22 S23 S24 S11 S12 S13 S14 S21 S22 S23 S24");
    ck_assert_str_eq(bench_transfers(bench),
                     "0@001000 1@002000 0@001001 1@002001 0@001002 1@002002 0@001003 1@002003:TC");
    ck_assert_mem_eq(bench_memory(bench) + 0x2000, bench_memory(bench) + 0x1000, 4);
    ck_assert_uint_eq(bench_in(bench, I8237_TEMPORARY), 3);
    ck_assert_uint_eq(bench_in(bench, I8237_STATUS), 0x02);
    ck_assert_uint_eq(bench->wiring.chip->request, 0);
}
END_TEST

START_TEST(reads_of_a_register_go_low_byte_first_and_start_again_behind_the_clear)
{
    bench_build(bench);
    program(I8237_BLOCK | I8237_WRITE, 0x051234, 4);
    for (unsigned round = 0; round < 2; round++) {
        bench_out(bench, I8237_CLEAR_POINTER, 0);
        ck_assert_uint_eq(bench_in(bench, 2), 0x34);
        ck_assert_uint_eq(bench_in(bench, 2), 0x12);
        ck_assert_uint_eq(bench_in(bench, 2), 0x34); /* one byte on: the clear must set it back */
    }
}
END_TEST

/* ---- addresses and counts -------------------------------------------------------------------- */

START_TEST(addresses_fall_and_wrap_inside_16_bits)
{
    request(1, I8237_REQUEST_PULSE, 1);
    bench_build(bench);
    program(I8237_BLOCK | I8237_READ | I8237_DECREMENT, 0x050001, 4);
    bench_run(bench);
    ck_assert_str_eq(bench_transfers(bench), "1@050001 1@050000 1@05FFFF 1@05FFFE:TC");
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S3 S4 S2 S3 S4 S1 S2 S3 S4 S2 S3 S4");
    ck_assert_uint_eq(bench_word(bench, 1, 0), 0xfffd);
    ck_assert_uint_eq(bench_word(bench, 1, 1), 0xffff);
}
END_TEST

START_TEST(a_count_of_ffff_moves_64_ki_bytes)
{
    request(1, I8237_REQUEST_PULSE, 1);
    bench_build(bench);
    program(I8237_BLOCK | I8237_WRITE, 0x030000, 0x10000);
    bench_run(bench);
    ck_assert_uint_eq(bench->bytes.count, 0x10000);
    ck_assert_uint_eq(bench->bytes.items[0xfffe].byte.tc, 0);
    ck_assert_uint_eq(bench->bytes.items[0xffff].byte.tc, 1);
    ck_assert_uint_eq(bench->bytes.items[0xffff].byte.address, 0x03ffff);
    ck_assert_uint_eq(bench_word(bench, 1, 0), 0);
    /* The first half of S4 is when the byte is reported: 65536 of 3 clocks, 256 S1, less that. */
    sim_cycle first = bench_clock_of(bench, I8237_S1, 0);
    ck_assert_uint_eq(bench->bytes.items[0xffff].half / 2 - first + 1, 3 * 65536 + 256);
}
END_TEST

START_TEST(current_address_and_count_are_read_back_between_services)
{
    request(1, I8237_REQUEST_PULSE, 3);
    bench_build(bench);
    program(I8237_SINGLE | I8237_READ, 0x051234, 10);
    bench_run(bench);
    ck_assert_uint_eq(bench->bytes.count, 3);
    ck_assert_uint_eq(bench_word(bench, 1, 0), 0x1237);
    ck_assert_uint_eq(bench_word(bench, 1, 1), 6);
}
END_TEST

START_TEST(autoinitialise_starts_again_and_leaves_the_mask_open)
{
    request(1, I8237_REQUEST_PULSE, 2);
    bench_build(bench);
    program(I8237_BLOCK | I8237_WRITE | I8237_AUTOINIT, 0x051234, 2);
    bench_run(bench);
    ck_assert_str_eq(bench_transfers(bench), "1@051234 1@051235:TC 1@051234 1@051235:TC");
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S3 S4 S2 S3 S4 SI*3 S0 S1 S2 S3 S4 S2 S3 S4");
    ck_assert_uint_eq(bench->wiring.chip->mask & 2, 0);
    ck_assert_uint_eq(bench_word(bench, 1, 0), 0x1234);
    ck_assert_uint_eq(bench_word(bench, 1, 1), 1);
}
END_TEST

/* ---- the end of process ---------------------------------------------------------------------- */

START_TEST(eop_from_outside_ends_the_service_and_masks)
{
    request(1, I8237_REQUEST_PULSE, 2);
    bench->wiring.eop_transfer = 3;
    bench_build(bench);
    program(I8237_BLOCK | I8237_WRITE, 0x051234, 8);
    bench_run(bench);
    ck_assert_str_eq(bench_transfers(bench), "1@051234 1@051235 1@051236");
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S3 S4 S2 S3 S4 S2 S3 S4");
    ck_assert_uint_eq(bench->wiring.chip->mask & 2, 2);
    ck_assert_uint_eq(bench_in(bench, I8237_STATUS), 0x22); /* TC; DREQ waits for ever */
    ck_assert_uint_eq(bench_word(bench, 1, 1), 4);
}
END_TEST

START_TEST(eop_from_outside_reloads_under_autoinitialise)
{
    request(1, I8237_REQUEST_PULSE, 1);
    bench->wiring.eop_transfer = 3;
    bench_build(bench);
    program(I8237_BLOCK | I8237_WRITE | I8237_AUTOINIT, 0x051234, 8);
    bench_run(bench);
    ck_assert_uint_eq(bench->bytes.count, 3);
    ck_assert_uint_eq(bench->wiring.chip->mask & 2, 0);
    ck_assert_uint_eq(bench_word(bench, 1, 0), 0x1234);
    ck_assert_uint_eq(bench_word(bench, 1, 1), 7);
}
END_TEST

START_TEST(eop_from_outside_in_idle_does_nothing)
{
    bench_build(bench);
    program(I8237_BLOCK | I8237_WRITE, 0x051234, 2);
    bench_to(bench, 5);
    i8237_case_pull(&bench->wiring, false, true);
    bench_to(bench, 10);
    i8237_case_pull(&bench->wiring, false, false);
    bench_to(bench, 12);
    i8237_case_dreq(&bench->wiring, 1, true);
    bench_run(bench);
    ck_assert_str_eq(bench_transfers(bench), "1@051234 1@051235:TC");
}
END_TEST

START_TEST(status_shows_requests_masked_or_not_and_a_read_clears_terminal_counts)
{
    request(1, I8237_REQUEST_HOLD, 0);
    request(3, I8237_REQUEST_HOLD, 0);
    bench_build(bench);
    program(I8237_BLOCK | I8237_WRITE, 0x051234, 2);
    bench_run(bench);
    ck_assert_uint_eq(bench_in(bench, I8237_STATUS), 0xa2);
    ck_assert_uint_eq(bench_in(bench, I8237_STATUS), 0xa0);
}
END_TEST

/* ---- services -------------------------------------------------------------------------------- */

START_TEST(a_held_request_is_served_again_and_again_in_compressed_single_mode)
{
    request(1, I8237_REQUEST_HOLD, 0);
    bench_build(bench);
    bench_out(bench, I8237_COMMAND, I8237_COMPRESSED);
    program(I8237_SINGLE | I8237_WRITE, 0x0512ff, 3);
    bench_run(bench);
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S4 SI S0 S1 S2 S4 SI S0 S1 S2 S4");
    ck_assert_str_eq(bench_transfers(bench), "1@0512FF 1@051300 1@051301:TC");
}
END_TEST

START_TEST(wait_states_come_in_single_and_demand_mode_too)
{
    request(1, I8237_REQUEST_HOLD, 0);
    bench->wiring.ready_low = 2;
    bench_build(bench);
    program(I8237_SINGLE | I8237_WRITE, 0x051234, 2);
    bench_run(bench);
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S3 SW*2 S4 SI S0 S1 S2 S3 SW*2 S4");
    teardown();
    setup();
    request(1, I8237_REQUEST_HOLD, 0);
    bench->wiring.ready_low = 2;
    bench_build(bench);
    program(I8237_DEMAND | I8237_WRITE, 0x051234, 2);
    bench_run(bench);
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S3 SW*2 S4 S2 S3 SW*2 S4");
}
END_TEST

/* DREQ of a demand service falls in a half: the clock before S4 is the last that counts. */
START_TEST(demand_mode_ends_with_the_transfer_whose_s3_saw_dreq_fall)
{
    static const struct {
        uint8_t state;
        unsigned moved;
    } drops[] = {{I8237_S2, 4}, {I8237_S3, 4}, {I8237_S4, 5}};
    for (unsigned i = 0; i < 3; i++) {
        teardown();
        setup();
        bench->wiring.scripts[1] = (struct i8237_script){.request = I8237_REQUEST_HOLD,
                                                         .drop_state = drops[i].state,
                                                         .drop_transfer = 4,
                                                         .drop_clocks = 1000};
        bench_build(bench);
        program(I8237_DEMAND | I8237_WRITE, 0x051234, 8);
        bench_to(bench, 100);
        ck_assert_uint_eq(bench->bytes.count, drops[i].moved);
        ck_assert_uint_eq(bench_state_at(bench, 100), I8237_SI);
        ck_assert_uint_eq(bench_word(bench, 1, 1), 7 - drops[i].moved);
    }
}
END_TEST

START_TEST(a_request_that_goes_before_hlda_is_not_served)
{
    bench->wiring.bus_config.hlda_clocks = 20;
    bench_build(bench);
    program(I8237_SINGLE | I8237_WRITE, 0x051234, 8);
    bench_to(bench, 5);
    i8237_case_dreq(&bench->wiring, 1, true);
    bench_to(bench, 15);
    i8237_case_dreq(&bench->wiring, 1, false);
    bench_to(bench, 100);
    ck_assert_uint_eq(bench->bytes.count, 0);
    ck_assert_uint_eq(bench_state_at(bench, 100), I8237_SI);
    ck_assert_uint_eq(bench_row_at(bench, 200)->hrq, 0);
    ck_assert_uint_eq(bench_row_at(bench, 200)->hlda, 0);
}
END_TEST

START_TEST(a_disabled_controller_serves_nothing_until_it_is_enabled)
{
    request(1, I8237_REQUEST_HOLD, 0);
    bench_build(bench);
    program(I8237_BLOCK | I8237_WRITE, 0x051234, 2);
    bench_out(bench, I8237_COMMAND, I8237_DISABLE);
    bench_to(bench, 50);
    ck_assert_uint_eq(bench_row_at(bench, 100)->hrq, 0);
    bench_out(bench, I8237_COMMAND, 0);
    bench_run(bench);
    ck_assert_uint_eq(bench_clock_of(bench, I8237_S0, 0), 52);
    ck_assert_str_eq(bench_transfers(bench), "1@051234 1@051235:TC");
}
END_TEST

/* ---- priority -------------------------------------------------------------------------------- */

static const char *order(void)
{
    static char text[256];
    size_t used = 0;
    for (size_t i = 0; i < bench->bytes.count && used + 2 < sizeof text; i++)
        text[used++] = (char)('0' + bench->bytes.items[i].byte.channel);
    text[used] = '\0';
    return text;
}

static void four_channels(uint8_t command, uint8_t mode, enum i8237_request how, uint32_t count)
{
    for (unsigned channel = 0; channel < ISA_CHANNELS; channel++)
        request(channel, how, count);
    bench_build(bench);
    bench_out(bench, I8237_COMMAND, command);
    for (unsigned channel = 0; channel < ISA_CHANNELS; channel++)
        i8237_case_channel(&bench->wiring, channel, mode, channel << 16 | 0x1000, count);
    bench_run(bench);
}

START_TEST(four_channels_rotate)
{
    four_channels(I8237_ROTATING, I8237_SINGLE | I8237_WRITE, I8237_REQUEST_PULSE, 4);
    ck_assert_str_eq(order(), "0123012301230123");
}
END_TEST

START_TEST(four_channels_of_fixed_priority_alternate_while_requests_need_time_to_rise)
{
    four_channels(0, I8237_SINGLE | I8237_WRITE, I8237_REQUEST_PULSE, 4);
    ck_assert_str_eq(order(), "0101010123232323");
}
END_TEST

START_TEST(held_requests_of_fixed_priority_go_in_turn_to_terminal_count)
{
    four_channels(0, I8237_SINGLE | I8237_WRITE, I8237_REQUEST_HOLD, 3);
    ck_assert_str_eq(order(), "000111222333");
}
END_TEST

START_TEST(nothing_of_higher_priority_gets_into_a_service)
{
    bench->wiring.scripts[3] = (struct i8237_script){.request = I8237_REQUEST_HOLD};
    bench_build(bench);
    i8237_case_channel(&bench->wiring, 0, I8237_SINGLE | I8237_WRITE, 0x1000, 1);
    i8237_case_channel(&bench->wiring, 3, I8237_BLOCK | I8237_WRITE, 0x2000, 8);
    bench_to(bench, 8); /* inside the block */
    i8237_case_dreq(&bench->wiring, 0, true);
    bench_run(bench);
    ck_assert_str_eq(order(), "333333330");
}
END_TEST

START_TEST(rotation_counts_services_not_bytes)
{
    four_channels(I8237_ROTATING, I8237_DEMAND | I8237_WRITE, I8237_REQUEST_HOLD, 2);
    ck_assert_str_eq(order(), "00112233");
}
END_TEST

/* ---- polarity -------------------------------------------------------------------------------- */

START_TEST(dreq_can_be_active_low_and_dack_active_high)
{
    request(1, I8237_REQUEST_HOLD, 0);
    bench->wiring.scripts[1].low = true;
    for (unsigned channel = 0; channel < ISA_CHANNELS; channel++)
        bench->wiring.scripts[channel].low = true;
    bench_build(bench);
    bench_out(bench, I8237_COMMAND, I8237_DREQ_LOW | I8237_DACK_HIGH);
    program(I8237_SINGLE | I8237_WRITE, 0x051234, 2);
    bench_run(bench);
    ck_assert_str_eq(bench_transfers(bench), "1@051234 1@051235:TC");
    sim_cycle s2 = bench_clock_of(bench, I8237_S2, 0);
    ck_assert_uint_eq(bench_row_at(bench, 2 * s2 - 1)->dack, 0);
    ck_assert_uint_eq(bench_row_at(bench, 2 * s2)->dack, 2);
    ck_assert_uint_eq(bench_row_at(bench, 2 * s2)->dreq, 0xd);
    ck_assert_uint_eq(bench_row_at(bench, 2)->dreq, 0xf);
}
END_TEST

/* ---- memory to memory ------------------------------------------------------------------------ */

START_TEST(channel_0_keeps_its_address_on_demand)
{
    bench_build(bench);
    memory_to_memory(I8237_ADDRESS_HOLD, 5);
    uint8_t filled[5];
    memset(filled, bench_memory(bench)[0x1000], sizeof filled);
    ck_assert_mem_eq(bench_memory(bench) + 0x2000, filled, sizeof filled);
    ck_assert_uint_eq(bench_memory(bench)[0x2005], 5);
    ck_assert_uint_eq(bench_word(bench, 0, 0), 0x1000);
    ck_assert_uint_eq(bench_word(bench, 1, 0), 0x2005);
}
END_TEST

START_TEST(memory_to_memory_waits_for_both_memories)
{
    bench->wiring.memory_config.wait_states = 1;
    bench_build(bench);
    memory_to_memory(0, 1);
    ck_assert_str_eq(bench_states(bench), "S0 S11 S12 S13 SW S14 S21 S22 S23 SW S24");
    ck_assert_uint_eq(bench_memory(bench)[0x2000], bench_memory(bench)[0x1000]);
}
END_TEST

START_TEST(memory_to_memory_is_for_channel_0_only_and_dreq_can_ask_for_it)
{
    request(0, I8237_REQUEST_HOLD, 0);
    bench_build(bench);
    bench_out(bench, I8237_COMMAND, I8237_MEMORY_TO_MEMORY | I8237_COMPRESSED);
    i8237_case_channel(&bench->wiring, 1, I8237_BLOCK | I8237_WRITE, 0x002000, 2);
    i8237_case_channel(&bench->wiring, 0, I8237_BLOCK | I8237_READ, 0x001000, 2);
    bench_run(bench);
    ck_assert_str_eq(bench_states(bench), "S0 S11 S12 S13 S14 S21 S22 S23 S24 "
                                          "S11 S12 S13 S14 S21 S22 S23 S24");
    ck_assert_uint_eq(bench->wiring.chip->mask & 3, 3);
}
END_TEST

START_TEST(eop_ends_memory_to_memory_with_the_byte_written)
{
    bench->wiring.eop_transfer = 3; /* the read of the second byte */
    bench_build(bench);
    memory_to_memory(0, 8);
    ck_assert_str_eq(bench_transfers(bench), "0@001000 1@002000 0@001001 1@002001");
    ck_assert_uint_eq(bench_in(bench, I8237_STATUS), 1); /* it was in the read, channel 0's */
}
END_TEST

/* ---- cascade --------------------------------------------------------------------------------- */

START_TEST(a_cascade_channel_answers_dack_only)
{
    bench_build(bench);
    bench_out(bench, I8237_MODE, I8237_CASCADE | 0);
    bench_out(bench, I8237_MASK, 0);
    bench_to(bench, 4);
    i8237_case_dreq(&bench->wiring, 0, true); /* from L of clock 5 on */
    bench_to(bench, 30);
    i8237_case_dreq(&bench->wiring, 0, false);
    bench_to(bench, 60);
    ck_assert_str_eq(bench_states(bench), "S0 S1 S4*24");
    for (sim_cycle half = 0; half < 120; half++) {
        const struct isa_row *row = bench_row_at(bench, half);
        ck_assert_uint_eq(row->aen | row->adstb | row->commands, 0);
        ck_assert_uint_eq(row->dack, half >= 18 && half < 66 ? 0xe : 0xf);
        ck_assert_uint_eq(row->hrq, half >= 13 && half < 65);
    }
    ck_assert_uint_eq(bench->bytes.count, 0);
    ck_assert_uint_eq(bench_word(bench, 0, 0), 0);
    ck_assert_uint_eq(bench_word(bench, 0, 1), 0);
}
END_TEST

/* Ports of the second controller. */
static void second_out(unsigned port, uint8_t value)
{
    i8237_case_out(&bench->wiring, 1, port, value);
}

START_TEST(two_controllers_are_cascaded_as_in_a_pc)
{
    bench->wiring.controllers = 2;
    bench_build(bench);
    bench_out(bench, I8237_MODE, I8237_CASCADE | 0);
    bench_out(bench, I8237_MASK, 0);
    i8237_case_channel(&bench->wiring, 2, I8237_SINGLE | I8237_READ, 0x3000, 1);
    second_out(I8237_CLEAR_POINTER, 0);
    second_out(I8237_MODE, I8237_BLOCK | I8237_WRITE | 1);
    second_out(2, 0x00);
    second_out(2, 0x40);
    second_out(3, 2);
    second_out(3, 0);
    second_out(I8237_MASK, 1);
    bench_to(bench, 4);
    isa_request(bench->wiring.bus, 1, 1, bench->wiring.kernel.now, true);
    i8237_case_dreq(&bench->wiring, 2, true);
    bench_to(bench, 60);
    isa_request(bench->wiring.bus, 1, 1, bench->wiring.kernel.now, false);
    bench_run(bench);
    /* Channel 2 of the first asked while HRQ of the second was still on its way: it comes first. */
    ck_assert_str_eq(bench_transfers(bench), "2@003000:TC");
    const struct i8237 *second = bench->wiring.dma[1].instance;
    ck_assert_uint_eq(second->status, 2);
    ck_assert_uint_eq(second->channels[1].address, 0x4003);
    ck_assert_uint_eq(second->state, I8237_SI);
    ck_assert_uint_eq(bench->wiring.chip->state, I8237_SI);
    ck_assert_uint_eq(bench_memory(bench)[0x4000], 0xff); /* nobody drove the bus */
    ck_assert_uint_eq(bench_memory(bench)[0x4002], 0xff);
    ck_assert_uint_eq(bench_memory(bench)[0x4003], 0x03);
    for (size_t i = 0; i < bench->rows.count; i++) {
        const struct isa_row *row = &bench->rows.items[i].row;
        if (row->dack >> 4 != 0xf)
            ck_assert_uint_eq(row->dack, 0xde); /* DACK0 of the first, DACK1 of the second */
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("i8237 modes");
    TCase *tests = tcase_create("modes");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests,
                   ready_low_for_the_first_sample_costs_one_wait_state_and_no_terminal_count);
    tcase_add_test(tests, a_software_request_is_served_though_masked_and_ends_with_terminal_count);
    tcase_add_test(tests, clear_mask_opens_all_four);
    tcase_add_test(tests, all_mask_bits_are_written_at_once);
    tcase_add_test(tests, memory_to_memory_takes_eight_clocks_a_byte);
    tcase_add_test(tests, reads_of_a_register_go_low_byte_first_and_start_again_behind_the_clear);
    tcase_add_test(tests, addresses_fall_and_wrap_inside_16_bits);
    tcase_add_test(tests, a_count_of_ffff_moves_64_ki_bytes);
    tcase_add_test(tests, current_address_and_count_are_read_back_between_services);
    tcase_add_test(tests, autoinitialise_starts_again_and_leaves_the_mask_open);
    tcase_add_test(tests, eop_from_outside_ends_the_service_and_masks);
    tcase_add_test(tests, eop_from_outside_reloads_under_autoinitialise);
    tcase_add_test(tests, eop_from_outside_in_idle_does_nothing);
    tcase_add_test(tests, status_shows_requests_masked_or_not_and_a_read_clears_terminal_counts);
    tcase_add_test(tests, a_held_request_is_served_again_and_again_in_compressed_single_mode);
    tcase_add_test(tests, wait_states_come_in_single_and_demand_mode_too);
    tcase_add_test(tests, demand_mode_ends_with_the_transfer_whose_s3_saw_dreq_fall);
    tcase_add_test(tests, a_request_that_goes_before_hlda_is_not_served);
    tcase_add_test(tests, a_disabled_controller_serves_nothing_until_it_is_enabled);
    tcase_add_test(tests, four_channels_rotate);
    tcase_add_test(tests,
                   four_channels_of_fixed_priority_alternate_while_requests_need_time_to_rise);
    tcase_add_test(tests, held_requests_of_fixed_priority_go_in_turn_to_terminal_count);
    tcase_add_test(tests, nothing_of_higher_priority_gets_into_a_service);
    tcase_add_test(tests, rotation_counts_services_not_bytes);
    tcase_add_test(tests, dreq_can_be_active_low_and_dack_active_high);
    tcase_add_test(tests, channel_0_keeps_its_address_on_demand);
    tcase_add_test(tests, memory_to_memory_waits_for_both_memories);
    tcase_add_test(tests, memory_to_memory_is_for_channel_0_only_and_dreq_can_ask_for_it);
    tcase_add_test(tests, eop_ends_memory_to_memory_with_the_byte_written);
    tcase_add_test(tests, a_cascade_channel_answers_dack_only);
    tcase_add_test(tests, two_controllers_are_cascaded_as_in_a_pc);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
