/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The data sheet of the 8237A, "Register Description", "Software Commands" and what of "DMA Operation" is said of
 * registers: a test for each sentence, which stands above it in fewer words.
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

static void hold(unsigned channel)
{
    bench->wiring.scripts[channel] = (struct i8237_script){.request = I8237_REQUEST_HOLD};
}

static void program(unsigned channel, uint8_t mode, uint32_t address, uint32_t count)
{
    i8237_case_channel(&bench->wiring, channel, mode, address, count);
}

static unsigned address(unsigned channel)
{
    return bench_word(bench, channel, 0);
}

static unsigned count(unsigned channel)
{
    return bench_word(bench, channel, 1);
}

static unsigned status(void)
{
    return bench_in(bench, I8237_STATUS);
}

static unsigned mask(void)
{
    return bench->wiring.chip->mask;
}

/* ---- current and base registers ---------------------------------------------------------------- */

/* The address goes up or down after each transfer; the count goes down; both are there in between. Of a single
 * transfer each service moves one byte. */
START_TEST(address_and_count_step_with_each_transfer)
{
    static const struct {
        uint8_t direction;
        unsigned step;
    } ways[] = {{0, 1}, {I8237_DECREMENT, 0xffff}};
    for (unsigned i = 0; i < 2; i++) {
        teardown();
        setup();
        bench_build(bench);
        program(2, I8237_SINGLE | I8237_WRITE | ways[i].direction, 0x4000, 9);
        for (unsigned moved = 1; moved <= 3; moved++) {
            bench_to(bench, 40 * moved);
            i8237_case_dreq(&bench->wiring, 2, true);
            bench_to(bench, 40 * moved + 4); /* up to DACK */
            i8237_case_dreq(&bench->wiring, 2, false);
            bench_to(bench, 40 * moved + 20);
            ck_assert_uint_eq(address(2), (0x4000 + moved * ways[i].step) & 0xffff);
            ck_assert_uint_eq(count(2), 8 - moved);
        }
    }
}
END_TEST

/* Programming a count of 100 gives 101 transfers; TC is where the count goes from zero to FFFF, which it holds
 * afterwards if the channel does not autoinitialise. */
START_TEST(a_count_of_100_gives_101_transfers_and_ffff_is_left)
{
    hold(1);
    bench_build(bench);
    program(1, I8237_BLOCK | I8237_READ, 0x051000, 101);
    bench_run(bench);
    ck_assert_uint_eq(bench->bytes.count, 101);
    ck_assert_uint_eq(bench->bytes.items[99].byte.tc, 0);
    ck_assert_uint_eq(bench->bytes.items[100].byte.tc, 1);
    ck_assert_uint_eq(count(1), 0xffff);
    ck_assert_uint_eq(address(1), 0x1065);
}
END_TEST

/* Both bytes are written and read one after the other, low first; base and current are written together, and
 * only current can be read. */
START_TEST(base_registers_are_written_with_the_current_ones_and_never_read)
{
    hold(3);
    bench_build(bench);
    program(3, I8237_BLOCK | I8237_WRITE, 0xa1b2, 0x10);
    const struct i8237_channel *channel = &bench->wiring.chip->channels[3];
    ck_assert_uint_eq(channel->base_address, 0xa1b2);
    ck_assert_uint_eq(channel->address, 0xa1b2);
    ck_assert_uint_eq(channel->base_count, 0x0f);
    ck_assert_uint_eq(channel->count, 0x0f);
    bench_run(bench);
    ck_assert_uint_eq(address(3), 0xa1c2);
    ck_assert_uint_eq(channel->base_address, 0xa1b2);
    ck_assert_uint_eq(channel->base_count, 0x0f);
}
END_TEST

/* Autoinitialise takes place only after an EOP: a demand service that DREQ ends keeps address and count. */
START_TEST(only_an_end_of_process_autoinitialises)
{
    bench->wiring.scripts[1] = (struct i8237_script){.request = I8237_REQUEST_HOLD,
                                                     .drop_state = I8237_S3,
                                                     .drop_transfer = 3,
                                                     .drop_clocks = 1000};
    bench_build(bench);
    program(1, I8237_DEMAND | I8237_WRITE | I8237_AUTOINIT, 0x051234, 8);
    bench_to(bench, 100);
    ck_assert_uint_eq(bench->bytes.count, 3);
    ck_assert_uint_eq(address(1), 0x1237);
    ck_assert_uint_eq(count(1), 4);
}
END_TEST

/* Base registers remain unchanged throughout the service and restore the current ones at its end; the mask bit is
 * not altered; the channel is ready for the next DREQ. A half written alone changes that half of both. */
START_TEST(autoinitialise_restores_what_was_written_last)
{
    bench_build(bench);
    program(1, I8237_BLOCK | I8237_WRITE | I8237_AUTOINIT, 0x051234, 4);
    bench_to(bench, 4);
    for (unsigned round = 0; round < 2; round++) {
        i8237_case_dreq(&bench->wiring, 1, true);
        bench_to(bench, 40 * round + 10);
        i8237_case_dreq(&bench->wiring, 1, false);
        bench_to(bench, 40 * round + 40);
        ck_assert_uint_eq(address(1), 0x1234);
        ck_assert_uint_eq(count(1), 3);
        ck_assert_uint_eq(mask() & 2, 0);
        ck_assert_uint_eq(status(), 2);
    }
    ck_assert_str_eq(bench_transfers(bench), "1@051234 1@051235 1@051236 1@051237:TC "
                                             "1@051234 1@051235 1@051236 1@051237:TC");
}
END_TEST

/* ---- command register -------------------------------------------------------------------------- */

/* Bit 1 is of no effect if bit 0 is 0, bit 5 if bit 3 is 1. */
START_TEST(bits_of_the_command_that_depend_on_others_do_nothing_without_them)
{
    static const struct {
        uint8_t command;
        const char *states;
    } cases[] = {{I8237_ADDRESS_HOLD, "S0 S1 S2 S3 S4 S2 S3 S4"},
                 {I8237_COMPRESSED, "S0 S1 S2 S4 S2 S4"},
                 {I8237_COMPRESSED | I8237_EXTENDED_WRITE, "S0 S1 S2 S4 S2 S4"}};
    for (unsigned i = 0; i < 3; i++) {
        teardown();
        setup();
        hold(0);
        bench_build(bench);
        bench_out(bench, I8237_COMMAND, cases[i].command);
        program(0, I8237_BLOCK | I8237_WRITE, 0x1000, 2);
        bench_run(bench);
        ck_assert_str_eq(bench_states(bench), cases[i].states);
        ck_assert_uint_eq(address(0), 0x1002);
    }
}
END_TEST

/* The command is cleared by Reset and by a master clear. */
START_TEST(a_master_clear_clears_the_command)
{
    hold(1);
    bench_build(bench);
    bench_out(bench, I8237_COMMAND, I8237_DISABLE | I8237_COMPRESSED);
    bench_out(bench, I8237_MASTER_CLEAR, 0);
    ck_assert_uint_eq(bench->wiring.chip->command, 0);
    program(1, I8237_BLOCK | I8237_WRITE, 0x051234, 1);
    bench_run(bench);
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S3 S4");
}
END_TEST

/* ---- mode register ----------------------------------------------------------------------------- */

/* Bits 0 and 1 of what is written choose the channel's register. */
START_TEST(the_mode_goes_to_the_channel_in_its_low_bits)
{
    bench_build(bench);
    for (unsigned channel = 0; channel < ISA_CHANNELS; channel++)
        bench_out(bench, I8237_MODE, (uint8_t)(channel << 4 | I8237_READ | channel));
    for (unsigned channel = 0; channel < ISA_CHANNELS; channel++)
        ck_assert_uint_eq(bench->wiring.chip->channels[channel].mode & 0xfc,
                          channel << 4 | I8237_READ);
}
END_TEST

/* Write transfers use IOR and MEMW, read transfers MEMR and IOW. Verify transfers make addresses and respond to
 * EOP, but the commands stay inactive and READY is ignored. */
START_TEST(transfer_types_use_their_commands)
{
    static const struct {
        uint8_t type, commands;
    } types[] = {{I8237_WRITE, 1 << ISA_IOR | 1 << ISA_MEMW},
                 {I8237_READ, 1 << ISA_MEMR | 1 << ISA_IOW},
                 {I8237_VERIFY, 0}};
    for (unsigned i = 0; i < 3; i++) {
        teardown();
        setup();
        hold(1);
        bench->wiring.ready_low = types[i].type == I8237_VERIFY ? 3 : 0;
        bench->wiring.eop_transfer = 2;
        bench_build(bench);
        program(1, I8237_BLOCK | types[i].type, 0x051234, 4);
        bench_run(bench);
        unsigned seen = 0;
        for (size_t row = 0; row < bench->rows.count; row++)
            seen |= bench->rows.items[row].row.commands;
        ck_assert_uint_eq(seen, types[i].commands);
        ck_assert_str_eq(bench_transfers(bench), "1@051234 1@051235");
        ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S3 S4 S2 S3 S4");
    }
}
END_TEST

/* ---- request register -------------------------------------------------------------------------- */

/* Bits are set and reset one by one; they are not maskable, and are subject to priority. */
START_TEST(software_requests_are_set_and_reset_apart_and_have_priority)
{
    bench_build(bench);
    for (unsigned channel = 1; channel < ISA_CHANNELS; channel++)
        program(channel, I8237_BLOCK | I8237_WRITE, channel << 16 | 0x1000, 1);
    bench_out(bench, I8237_ALL_MASK, 0xf);
    bench_out(bench, I8237_COMMAND, I8237_DISABLE);
    for (unsigned channel = 1; channel < ISA_CHANNELS; channel++)
        bench_out(bench, I8237_REQUEST, (uint8_t)(4 | channel));
    bench_out(bench, I8237_REQUEST, 2);
    ck_assert_uint_eq(bench->wiring.chip->request, 0xa);
    bench_to(bench, 4);
    bench_out(bench, I8237_COMMAND, 0);
    bench_run(bench);
    ck_assert_str_eq(bench_transfers(bench), "1@011000:TC 3@031000:TC");
}
END_TEST

/* Software requests are served only if the channel is in block mode. */
START_TEST(a_software_request_is_served_in_block_mode_only)
{
    static const uint8_t modes[] = {I8237_DEMAND, I8237_SINGLE, I8237_BLOCK, I8237_CASCADE};
    for (unsigned i = 0; i < 4; i++) {
        teardown();
        setup();
        bench_build(bench);
        program(1, modes[i] | I8237_WRITE, 0x051234, 2);
        bench_to(bench, 4);
        bench_out(bench, I8237_REQUEST, 4 | 1);
        bench_to(bench, 60);
        const bool served = modes[i] == I8237_BLOCK;
        ck_assert_uint_eq(bench->bytes.count, served ? 2 : 0);
        ck_assert_uint_eq(bench_row_at(bench, 13)->hrq, served);
        ck_assert_uint_eq(bench->wiring.chip->request, served ? 0 : 2);
    }
}
END_TEST

/* A bit is cleared by a TC, or by EOP from outside; with autoinitialisation too, so it is served once. */
START_TEST(terminal_count_and_eop_clear_a_software_request)
{
    for (unsigned i = 0; i < 4; i++) {
        teardown();
        setup();
        bench->wiring.eop_transfer = i & 1 ? 2 : 0;
        bench_build(bench);
        program(1, I8237_BLOCK | I8237_WRITE | (i & 2 ? I8237_AUTOINIT : 0), 0x051234, 4);
        bench_to(bench, 4);
        bench_out(bench, I8237_REQUEST, 4 | 1);
        bench_run(bench);
        ck_assert_uint_eq(bench->bytes.count, i & 1 ? 2 : 4);
        ck_assert_uint_eq(bench->wiring.chip->request, 0);
        ck_assert_uint_eq(mask() & 2, i & 2 ? 0 : 2);
        ck_assert_uint_eq(status(), 2);
    }
}
END_TEST

/* ---- mask register ----------------------------------------------------------------------------- */

/* A mask bit disables the DREQ that comes in; it is set with the channel's EOP unless it autoinitialises. */
START_TEST(the_mask_is_set_at_the_end_of_process_of_its_channel_alone)
{
    hold(2);
    bench_build(bench);
    program(2, I8237_BLOCK | I8237_WRITE, 0x1000, 2);
    bench_out(bench, I8237_CLEAR_MASK, 0);
    bench_run(bench);
    ck_assert_uint_eq(mask(), 4);
    ck_assert_uint_eq(bench->bytes.count, 2);
    bench_out(bench, I8237_MASK, 2); /* DREQ still asks: a new service of 64 KiB begins */
    bench_to(bench, bench->wiring.isa.clock->cycle / 2 + 20);
    ck_assert_uint_gt(bench->bytes.count, 2);
}
END_TEST

/* Bits are set and cleared one by one, and all four with one command; Reset sets them. */
START_TEST(mask_bits_are_written_one_by_one_or_all)
{
    bench_build(bench);
    ck_assert_uint_eq(mask(), 0xf);
    bench_out(bench, I8237_MASK, 2);
    ck_assert_uint_eq(mask(), 0xb);
    bench_out(bench, I8237_MASK, 0xf8 | 0); /* bits 3 to 7 do not matter */
    ck_assert_uint_eq(mask(), 0xa);
    bench_out(bench, I8237_MASK, 4 | 2);
    ck_assert_uint_eq(mask(), 0xe);
    bench_out(bench, I8237_ALL_MASK, 0xf5);
    ck_assert_uint_eq(mask(), 5);
    bench_out(bench, I8237_CLEAR_MASK, 0xff);
    ck_assert_uint_eq(mask(), 0);
}
END_TEST

/* ---- status register --------------------------------------------------------------------------- */

/* Bits 0 to 3 are set each time a TC is reached by that channel, or EOP is applied from outside; they are cleared
 * by a read. */
START_TEST(terminal_count_and_eop_set_the_bit_of_their_channel)
{
    for (unsigned i = 0; i < 4; i++)
        for (unsigned channel = 0; channel < ISA_CHANNELS; channel++) {
            teardown();
            setup();
            bench->wiring.eop_transfer = i & 1 ? 3 : 0;
            bench_build(bench);
            program(channel, I8237_BLOCK | I8237_READ | (i & 2 ? I8237_AUTOINIT : 0), 0x1000, 4);
            bench_to(bench, 4);
            i8237_case_dreq(&bench->wiring, channel, true);
            bench_to(bench, 10); /* the last S2 of the block is still to come: nothing is set yet */
            ck_assert_uint_eq(bench->wiring.chip->status, 0);
            i8237_case_dreq(&bench->wiring, channel, false);
            bench_to(bench, 60);
            ck_assert_uint_eq(bench->bytes.count, i & 1 ? 3 : 4);
            ck_assert_uint_eq(status(), 1u << channel);
            ck_assert_uint_eq(status(), 0);
            ck_assert_uint_eq(address(channel), i & 2 ? 0x1000 : 0x1000 + bench->bytes.count);
        }
}
END_TEST

/* The bit changes in the middle of S4: it is not there in its first half, and there in its second. */
START_TEST(the_bit_is_set_in_the_middle_of_s4)
{
    for (unsigned i = 0; i < 2; i++) {
        teardown();
        setup();
        hold(1);
        bench->wiring.eop_transfer = i ? 1 : 0;
        bench_build(bench);
        program(1, I8237_BLOCK | I8237_WRITE, 0x1000, i ? 4 : 1);
        bench_run(bench);
        sim_cycle s4 = bench_clock_of(bench, I8237_S4, 0);
        unsigned before = 0, from = 0;
        for (size_t at = 0; at < bench->chips.count; at++) {
            const struct bench_chip *chip = &bench->chips.items[at];
            if (chip->half <= 2 * s4)
                before = chip->record.status;
            if (chip->half <= 2 * s4 + 1)
                from = chip->record.status;
        }
        ck_assert_uint_eq(before, 0);
        ck_assert_uint_eq(from, 2);
    }
}
END_TEST

/* Bits 4 to 7 are set while their channel asks for service. */
START_TEST(bits_4_to_7_show_who_asks)
{
    bench_build(bench);
    bench_out(bench, I8237_COMMAND, I8237_DISABLE);
    bench_to(bench, 4);
    i8237_case_dreq(&bench->wiring, 3, true);
    bench_to(bench, 6);
    ck_assert_uint_eq(status(), 0x80);
    bench_out(bench, I8237_REQUEST, 4 | 1);
    ck_assert_uint_eq(status(), 0xa0);
    i8237_case_dreq(&bench->wiring, 3, false);
    bench_to(bench, 8);
    ck_assert_uint_eq(status(), 0x20);
}
END_TEST

/* Reset clears bits 0 to 3. */
START_TEST(a_master_clear_clears_the_status)
{
    hold(1);
    bench_build(bench);
    program(1, I8237_BLOCK | I8237_WRITE, 0x1000, 1);
    bench_run(bench);
    ck_assert_uint_eq(bench->wiring.chip->status, 2);
    bench_out(bench, I8237_MASTER_CLEAR, 0);
    ck_assert_uint_eq(bench->wiring.chip->status, 0);
}
END_TEST

/* ---- temporary register and memory to memory --------------------------------------------------- */

static void copy(uint8_t mode, uint32_t from_count, uint32_t to_count)
{
    bench_out(bench, I8237_COMMAND, I8237_MEMORY_TO_MEMORY);
    program(0, I8237_BLOCK | I8237_READ | mode, 0x001000, from_count);
    program(1, I8237_BLOCK | I8237_WRITE | mode, 0x002000, to_count);
    bench_out(bench, I8237_ALL_MASK, 0xf);
    bench_to(bench, 4);
    bench_out(bench, I8237_REQUEST, 4 | 0);
    bench_run(bench);
}

/* The temporary register holds the last byte that was moved from memory to memory, until a Reset. */
START_TEST(the_temporary_register_keeps_the_last_byte_copied)
{
    bench_build(bench);
    copy(0, 3, 3);
    ck_assert_uint_eq(bench_in(bench, I8237_TEMPORARY), bench_memory(bench)[0x1002]);
    bench_out(bench, I8237_COMMAND, 0);
    program(2, I8237_BLOCK | I8237_READ, 0x3055, 1);
    bench_out(bench, I8237_REQUEST, 4 | 2);
    bench_run(bench);
    ck_assert_uint_eq(bench_in(bench, I8237_TEMPORARY), bench_memory(bench)[0x1002]);
    bench_out(bench, I8237_MASTER_CLEAR, 0);
    ck_assert_uint_eq(bench_in(bench, I8237_TEMPORARY), 0);
}
END_TEST

/* TC is channel 1's; AEN is active without any DACK. */
START_TEST(memory_to_memory_ends_with_the_count_of_channel_1)
{
    bench_build(bench);
    copy(0, 9, 3);
    ck_assert_uint_eq(bench->bytes.count, 6);
    ck_assert_uint_eq(status(), 2);
    ck_assert_uint_eq(count(0), 5);
    ck_assert_uint_eq(count(1), 0xffff);
    for (size_t i = 0; i < bench->rows.count; i++)
        ck_assert_uint_eq(bench->rows.items[i].row.dack, 0xf);
}
END_TEST

/* To autoinitialise both channels both counts are programmed identically: the one that did not end stays. */
START_TEST(both_channels_autoinitialise_if_their_counts_are_the_same)
{
    bench_build(bench);
    copy(I8237_AUTOINIT, 3, 3);
    ck_assert_uint_eq(address(0), 0x1000);
    ck_assert_uint_eq(address(1), 0x2000);
    ck_assert_uint_eq(count(0), 2);
    ck_assert_uint_eq(count(1), 2);
    teardown();
    setup();
    bench_build(bench);
    copy(I8237_AUTOINIT, 5, 3);
    ck_assert_uint_eq(address(0), 0x1003);
    ck_assert_uint_eq(count(0), 1);
    ck_assert_uint_eq(address(1), 0x2000);
    ck_assert_uint_eq(count(1), 2);
    teardown();
    setup();
    bench_build(bench);
    copy(I8237_AUTOINIT, 2, 3); /* channel 0 starts again and goes on */
    ck_assert_str_eq(bench_transfers(bench), "0@001000 1@002000 0@001001 1@002001 "
                                             "0@001000 1@002002:TC");
}
END_TEST

/* EOP from outside ends memory to memory; to autoinitialise both channels it is applied in both bus cycles. */
START_TEST(eop_in_a_bus_cycle_of_memory_to_memory_is_that_channels)
{
    static const struct {
        unsigned transfer, moved, status, from, to;
    } cases[] = {{3, 4, 1, 0x1000, 0x2002}, {4, 4, 2, 0x1002, 0x2000}};
    for (unsigned i = 0; i < 2; i++) {
        teardown();
        setup();
        bench->wiring.eop_transfer = cases[i].transfer;
        bench_build(bench);
        copy(I8237_AUTOINIT, 8, 8);
        ck_assert_uint_eq(bench->bytes.count, cases[i].moved);
        ck_assert_uint_eq(status(), cases[i].status);
        ck_assert_uint_eq(address(0), cases[i].from);
        ck_assert_uint_eq(address(1), cases[i].to);
    }
    teardown();
    setup();
    bench_build(bench);
    bench_to(bench, 2);
    i8237_case_pull(&bench->wiring, false, true); /* for ever */
    copy(I8237_AUTOINIT, 8, 8);
    ck_assert_uint_eq(bench->bytes.count, 2);
    ck_assert_uint_eq(status(), 3);
    ck_assert_uint_eq(address(0), 0x1000);
    ck_assert_uint_eq(address(1), 0x2000);
}
END_TEST

/* ---- software commands ------------------------------------------------------------------------- */

/* The first/last flip-flop is one for all channels and for reads and writes; it toggles with each access to an
 * address or a count, is set to the low byte by its command, and by a master clear. */
START_TEST(the_byte_pointer_is_one_for_all_and_cleared_by_its_command)
{
    bench_build(bench);
    program(0, I8237_BLOCK | I8237_WRITE, 0x1234, 0x5679);
    program(1, I8237_BLOCK | I8237_WRITE, 0x9abc, 0xdef1);
    bench_out(bench, I8237_CLEAR_POINTER, 0xff);
    ck_assert_uint_eq(bench_in(bench, 0), 0x34);
    ck_assert_uint_eq(bench_in(bench, 2), 0x9a); /* the high byte of another channel */
    ck_assert_uint_eq(bench_in(bench, 1), 0x78);
    bench_out(bench, 3, 0x77); /* a write is the next access */
    ck_assert_uint_eq(count(1), 0x77f0);
    bench_out(bench, I8237_CLEAR_POINTER, 0);
    bench_in(bench, 0);
    bench_out(bench, I8237_MASTER_CLEAR, 0);
    ck_assert_uint_eq(bench_in(bench, 0), 0x34);
    ck_assert_uint_eq(bench_in(bench, I8237_STATUS), 0); /* other registers do not move it */
    ck_assert_uint_eq(bench_in(bench, 0), 0x12);
}
END_TEST

/* A master clear clears command, status, request, temporary and the flip-flop, sets the mask, and the chip goes
 * idle; addresses, counts and modes keep. */
START_TEST(a_master_clear_is_a_reset)
{
    bench->wiring.bus_config.hlda_clocks = 50;
    hold(1);
    bench_build(bench);
    bench_out(bench, I8237_COMMAND, I8237_ROTATING);
    program(1, I8237_BLOCK | I8237_READ, 0x051234, 8);
    bench_out(bench, I8237_REQUEST, 4 | 2);
    bench_to(bench, 20);
    ck_assert_uint_eq(bench->wiring.chip->state, I8237_S0);
    bench_in(bench, 0);
    bench_out(bench, I8237_MASTER_CLEAR, 0x5a);
    const struct i8237 *chip = bench->wiring.chip;
    ck_assert_uint_eq(chip->command | chip->status | chip->request | chip->temporary, 0);
    ck_assert_uint_eq(chip->mask, 0xf);
    ck_assert(!chip->high_byte);
    ck_assert_uint_eq(chip->state, I8237_SI);
    bench_to(bench, 200);
    ck_assert_uint_eq(bench->bytes.count, 0);
    ck_assert_uint_eq(bench_row_at(bench, 400)->hrq, 0);
    ck_assert_uint_eq(address(1), 0x1234);
    bench_out(bench, I8237_MASK, 1);
    bench_to(bench, 300);
    ck_assert_uint_eq(bench->bytes.count, 8); /* the mode has kept */
}
END_TEST

/* Ports that are illegal to read leave everything as it is; those illegal to write do not exist. */
START_TEST(illegal_reads_change_nothing)
{
    static const uint8_t ports[] = {I8237_REQUEST,       I8237_MASK,       I8237_MODE,
                                    I8237_CLEAR_POINTER, I8237_CLEAR_MASK, I8237_ALL_MASK};
    bench_build(bench);
    program(1, I8237_BLOCK | I8237_WRITE, 0x051234, 8);
    bench_out(bench, I8237_CLEAR_POINTER, 0);
    ck_assert_uint_eq(bench_in(bench, 2), 0x34);
    for (unsigned i = 0; i < sizeof ports; i++)
        bench_in(bench, ports[i]);
    ck_assert_uint_eq(mask(), 0xd);
    ck_assert_uint_eq(bench_in(bench, 2), 0x12); /* the byte pointer too */
}
END_TEST

/* ---- modes ------------------------------------------------------------------------------------- */

/* Single: DREQ that is held gives HRQ up after each transfer, and takes it again; HLDA is asked for anew. */
START_TEST(single_mode_releases_the_bus_between_transfers)
{
    hold(1);
    bench_build(bench);
    program(1, I8237_SINGLE | I8237_WRITE, 0x1000, 3);
    bench_run(bench);
    unsigned rises = 0, acknowledged = 0;
    for (size_t i = 1; i < bench->rows.count; i++) {
        rises += bench->rows.items[i].row.hrq > bench->rows.items[i - 1].row.hrq;
        acknowledged +=
            bench->rows.items[i].row.dack == 0xd && bench->rows.items[i - 1].row.dack != 0xd;
    }
    ck_assert_uint_eq(rises, 3);
    ck_assert_uint_eq(acknowledged, 3);
}
END_TEST

/* Single and block: DREQ need only be held until DACK becomes active, which is in the first half of S2. A request
 * that goes before HLDA is not recognised. */
START_TEST(dreq_is_needed_until_dack_and_no_longer)
{
    static const uint8_t modes[] = {I8237_SINGLE, I8237_BLOCK};
    for (unsigned i = 0; i < 2; i++) {
        teardown();
        setup();
        bench->wiring.scripts[1] = (struct i8237_script){
            .request = I8237_REQUEST_PULSE, .services = 1, .gap = 2}; /* falls in S2 */
        bench_build(bench);
        program(1, modes[i] | I8237_WRITE, 0x1000, 4);
        bench_run(bench);
        ck_assert_uint_eq(bench->bytes.count, i ? 4 : 1);
    }
}
END_TEST

/* Rotating: a device that asks is served after no more than three others. Priority rotates when control returns
 * to the CPU; the channel served becomes the lowest. */
START_TEST(rotating_priority_lets_three_others_pass_at_most)
{
    for (unsigned channel = 0; channel < ISA_CHANNELS; channel++)
        hold(channel);
    bench_build(bench);
    bench_out(bench, I8237_COMMAND, I8237_ROTATING);
    for (unsigned channel = 0; channel < ISA_CHANNELS; channel++)
        program(channel, I8237_SINGLE | I8237_WRITE, channel << 16, 5);
    bench_run(bench);
    ck_assert_uint_eq(bench->bytes.count, 20);
    for (size_t i = 0; i < 20; i++)
        ck_assert_uint_eq(bench->bytes.items[i].byte.channel, i % 4);
}
END_TEST

/* Cascade: READY and EOP are no matter; DACK follows; no transfer, no TC, and the mask stays. */
START_TEST(a_cascade_channel_knows_no_end_of_process)
{
    bench_build(bench);
    program(2, I8237_CASCADE, 0x1234, 1);
    bench_to(bench, 4);
    i8237_case_dreq(&bench->wiring, 2, true);
    bench_to(bench, 20);
    i8237_case_pull(&bench->wiring, true, true);
    bench_to(bench, 30);
    ck_assert_uint_eq(bench_row_at(bench, 60)->dack, 0xb);
    i8237_case_pull(&bench->wiring, false, false);
    i8237_case_dreq(&bench->wiring, 2, false);
    bench_to(bench, 50);
    ck_assert_uint_eq(bench_row_at(bench, 100)->dack, 0xf);
    ck_assert_uint_eq(status(), 0);
    ck_assert_uint_eq(mask() & 4, 0);
    ck_assert_uint_eq(address(2), 0x1234);
    ck_assert_uint_eq(count(2), 0);
}
END_TEST

#define TESTS(X)                                                                                   \
    X(address_and_count_step_with_each_transfer)                                                   \
    X(a_count_of_100_gives_101_transfers_and_ffff_is_left)                                         \
    X(base_registers_are_written_with_the_current_ones_and_never_read)                             \
    X(only_an_end_of_process_autoinitialises)                                                      \
    X(autoinitialise_restores_what_was_written_last)                                               \
    X(bits_of_the_command_that_depend_on_others_do_nothing_without_them)                           \
    X(a_master_clear_clears_the_command)                                                           \
    X(the_mode_goes_to_the_channel_in_its_low_bits)                                                \
    X(transfer_types_use_their_commands)                                                           \
    X(software_requests_are_set_and_reset_apart_and_have_priority)                                 \
    X(a_software_request_is_served_in_block_mode_only)                                             \
    X(terminal_count_and_eop_clear_a_software_request)                                             \
    X(the_mask_is_set_at_the_end_of_process_of_its_channel_alone)                                  \
    X(mask_bits_are_written_one_by_one_or_all)                                                     \
    X(terminal_count_and_eop_set_the_bit_of_their_channel)                                         \
    X(the_bit_is_set_in_the_middle_of_s4)                                                          \
    X(bits_4_to_7_show_who_asks)                                                                   \
    X(a_master_clear_clears_the_status)                                                            \
    X(the_temporary_register_keeps_the_last_byte_copied)                                           \
    X(memory_to_memory_ends_with_the_count_of_channel_1)                                           \
    X(both_channels_autoinitialise_if_their_counts_are_the_same)                                   \
    X(eop_in_a_bus_cycle_of_memory_to_memory_is_that_channels)                                     \
    X(the_byte_pointer_is_one_for_all_and_cleared_by_its_command)                                  \
    X(a_master_clear_is_a_reset)                                                                   \
    X(illegal_reads_change_nothing)                                                                \
    X(single_mode_releases_the_bus_between_transfers)                                              \
    X(dreq_is_needed_until_dack_and_no_longer)                                                     \
    X(rotating_priority_lets_three_others_pass_at_most)                                            \
    X(a_cascade_channel_knows_no_end_of_process)

int main(void)
{
    Suite *suite = suite_create("i8237 data sheet");
    TCase *tests = tcase_create("sentences");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
#define ADD(test) tcase_add_test(tests, test);
    TESTS(ADD)
#undef ADD
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
