/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clocks of the 8237A against the closed forms of its data sheet (traces/golden/i8237/README.md), and
 * the half clocks its pins move in (model/controllers/i8237/i8237.c "Timing").
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

/* ---- the budget ------------------------------------------------------------------------------ */

struct budget {
    uint8_t service, timing, transfer;
    bool decrement;
    uint32_t waits;
    uint16_t address;
};

static void count_clocks(const struct bench *self, size_t from, sim_cycle *active, sim_cycle *read,
                         sim_cycle *write)
{
    *active = *read = *write = 0;
    for (size_t i = from; i + 1 < self->rows.count; i++) {
        const struct isa_row *row = &self->rows.items[i].row;
        sim_cycle halves = self->rows.items[i + 1].half - self->rows.items[i].half;
        *active += row->state > I8237_S0 ? halves : 0;
        *read += row->commands & (1u << ISA_MEMR | 1u << ISA_IOR) ? halves : 0;
        *write += row->commands & (1u << ISA_MEMW | 1u << ISA_IOW) ? halves : 0;
    }
}

/* One run of N bytes on a bench that has done others. */
static void one_run(const struct budget *budget, unsigned count)
{
    size_t rows = bench->rows.count - 1, bytes = bench->bytes.count;
    sim_cycle from = bench->wiring.isa.clock->cycle / 2;
    bool compressed = budget->timing & I8237_COMPRESSED;
    bool verify = budget->transfer == I8237_VERIFY;
    i8237_case_channel(
        &bench->wiring, 1,
        (uint8_t)(budget->service | budget->transfer | (budget->decrement ? I8237_DECREMENT : 0)),
        budget->address, count);
    i8237_case_dreq(&bench->wiring, 1, true);

    uint64_t waits = verify ? 0 : budget->waits;
    uint64_t transfer = (compressed ? 2u : 3u) + waits;
    unsigned low = budget->address & 0xff;
    unsigned steps = budget->decrement ? 255 - low : low;
    uint64_t carries = (steps + count - 1) / 256;
    uint64_t expected =
        budget->service == I8237_SINGLE ? count * (1 + transfer) : 1 + count * transfer + carries;
    bench_to(bench, from + expected + 2 * (uint64_t)count + 10);
    i8237_case_dreq(&bench->wiring, 1, false);
    bench_to(bench, bench->wiring.isa.clock->cycle / 2 + 3);

    sim_cycle active, read, write;
    count_clocks(bench, rows, &active, &read, &write);
    ck_assert_uint_eq(active, 2 * expected);
    ck_assert_uint_eq(read, verify ? 0 : 2 * count * ((compressed ? 1u : 2u) + waits));
    bool early = compressed || (budget->timing & I8237_EXTENDED_WRITE);
    ck_assert_uint_eq(write, verify ? 0 : 2 * count * ((early && !compressed ? 2u : 1u) + waits));
    ck_assert_uint_eq(bench->bytes.count - bytes, count);
    for (unsigned i = 0; i < count; i++) {
        const struct i8237_byte_record *byte = &bench->bytes.items[bytes + i].byte;
        unsigned address = budget->decrement ? budget->address - i : budget->address + i;
        ck_assert_uint_eq(byte->address, address & 0xffff);
        ck_assert_uint_eq(byte->tc, i + 1 == count);
    }
}

START_TEST(the_budget_is_met_for_1_to_64_bytes_in_every_mode)
{
    static const uint8_t services[] = {I8237_SINGLE, I8237_BLOCK, I8237_DEMAND};
    static const uint8_t transfers[] = {I8237_VERIFY, I8237_WRITE, I8237_READ};
    static const uint8_t timings[] = {0, I8237_COMPRESSED, I8237_EXTENDED_WRITE,
                                      I8237_COMPRESSED | I8237_EXTENDED_WRITE};
    static const uint16_t addresses[] = {0x1200, 0x34f0, 0xfffa, 0x0007};
    struct budget budget = {.timing = timings[_i]};
    for (unsigned service = 0; service < 3; service++)
        for (unsigned transfer = 0; transfer < 3; transfer++)
            for (budget.waits = 0; budget.waits <= 4; budget.waits++) {
                budget.service = services[service];
                budget.transfer = transfers[transfer];
                teardown();
                setup();
                bench->wiring.memory_config.size_bytes = 0x10000;
                bench->wiring.memory_config.fill.pattern = STORE_ZERO;
                bench->wiring.memory_config.wait_states = budget.waits;
                bench_build(bench);
                bench_out(bench, I8237_COMMAND, budget.timing);
                bench_to(bench, 2);
                for (unsigned count = 1; count <= 64; count++) {
                    budget.address = addresses[count % 4];
                    budget.decrement = count / 4 & 1;
                    one_run(&budget, count);
                }
            }
}
END_TEST

/* ---- pins ------------------------------------------------------------------------------------ */

/* Builds a block-mode case of channel 1 with DREQ up in H of clock 2: S0 is clock 4. */
static void block(uint8_t command, uint8_t transfer, uint32_t address, uint32_t count)
{
    bench->wiring.scripts[1] =
        (struct i8237_script){.request = I8237_REQUEST_PULSE, .services = 1, .gap = 2};
    bench_build(bench);
    bench_out(bench, I8237_COMMAND, command);
    i8237_case_channel(&bench->wiring, 1, (uint8_t)(I8237_BLOCK | transfer), address, count);
    bench_run(bench);
}

/* The levels of a wire from half 4 (L of clock 2) on: one character a half. */
static const char *wave(char wire, unsigned clocks)
{
    static char text[128];
    for (unsigned i = 0; i < 2 * clocks; i++) {
        const struct isa_row *row = bench_row_at(bench, 4 + i);
        bool level = false;
        switch (wire) {
        case 'q':
            level = row->dreq >> 1 & 1;
            break;
        case 'r':
            level = row->hrq;
            break;
        case 'h':
            level = row->hlda;
            break;
        case 'a':
            level = row->aen;
            break;
        case 's':
            level = row->adstb;
            break;
        case 'd':
            level = row->dack >> 1 & 1;
            break;
        case 'R':
            level = row->memr_n;
            break;
        case 'W':
            level = row->memw_n;
            break;
        case 'i':
            level = row->ior_n;
            break;
        case 'o':
            level = row->iow_n;
            break;
        case 'y':
            level = row->ready;
            break;
        default:
            level = row->eop_n;
            break;
        }
        text[i] = level ? '1' : '0';
    }
    text[2 * clocks] = '\0';
    return text;
}

/* Clocks 2 3 4 .. : SI SI S0 S1 S2 S3 S4 S2 S3 S4 SI SI; two characters a clock. */
START_TEST(pins_of_a_block_move_in_the_halves_of_the_data_sheet)
{
    block(0, I8237_WRITE, 0x051234, 2);
    ck_assert_str_eq(wave('q', 12), "011111111000000000000000");
    ck_assert_str_eq(wave('r', 12), "000111111111111111100000");
    ck_assert_str_eq(wave('h', 12), "000001111111111111111000");
    ck_assert_str_eq(wave('a', 12), "000000011111111111111000");
    ck_assert_str_eq(wave('s', 12), "000000011000000000000000");
    ck_assert_str_eq(wave('d', 12), "111111110000000000001111");
    ck_assert_str_eq(wave('i', 12), "111111111000011000011111");
    ck_assert_str_eq(wave('W', 12), "111111111110011110011111");
    ck_assert_str_eq(wave('R', 12), "111111111111111111111111");
    ck_assert_str_eq(wave('o', 12), "111111111111111111111111");
    ck_assert_str_eq(wave('e', 12), "111111111111111110011111");
    ck_assert_str_eq(wave('y', 12), "111111111111111111111111");
}
END_TEST

START_TEST(a_read_from_memory_has_memr_and_iow_in_their_place)
{
    block(0, I8237_READ, 0x051234, 2);
    ck_assert_str_eq(wave('R', 12), "111111111000011000011111");
    ck_assert_str_eq(wave('o', 12), "111111111110011110011111");
    ck_assert_str_eq(wave('W', 12), "111111111111111111111111");
    ck_assert_str_eq(wave('i', 12), "111111111111111111111111");
}
END_TEST

START_TEST(an_extended_write_goes_on_with_the_read)
{
    block(I8237_EXTENDED_WRITE, I8237_WRITE, 0x051234, 2);
    ck_assert_str_eq(wave('i', 12), "111111111000011000011111");
    ck_assert_str_eq(wave('W', 12), "111111111000011000011111");
    ck_assert_str_eq(wave('e', 12), "111111111111111110011111");
}
END_TEST

START_TEST(compressed_timing_has_both_commands_for_a_clock)
{
    block(I8237_COMPRESSED, I8237_WRITE, 0x051234, 2);
    ck_assert_str_eq(wave('i', 12), "111111111001100111111111");
    ck_assert_str_eq(wave('W', 12), "111111111001100111111111");
    ck_assert_str_eq(wave('e', 12), "111111111111100111111111");
    ck_assert_str_eq(wave('d', 12), "111111110000000011111111");
    ck_assert_str_eq(wave('a', 12), "000000011111111110000000");
}
END_TEST

START_TEST(a_verify_moves_all_pins_but_the_commands)
{
    block(0, I8237_VERIFY, 0x051234, 2);
    ck_assert_str_eq(wave('a', 12), "000000011111111111111000");
    ck_assert_str_eq(wave('s', 12), "000000011000000000000000");
    ck_assert_str_eq(wave('d', 12), "111111110000000000001111");
    ck_assert_str_eq(wave('i', 12), "111111111111111111111111");
    ck_assert_str_eq(wave('W', 12), "111111111111111111111111");
    ck_assert_str_eq(wave('R', 12), "111111111111111111111111");
    ck_assert_str_eq(wave('o', 12), "111111111111111111111111");
    ck_assert_str_eq(wave('e', 12), "111111111111111110011111");
}
END_TEST

START_TEST(the_high_address_is_on_the_data_bus_in_s2_behind_s1_only)
{
    block(0, I8237_READ, 0x0512fe, 4);
    /* S1 S2 S3 S4 S2 S3 S4 S1 S2 S3 S4 S2 S3 S4 from clock 5 on */
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S3 S4 S2 S3 S4 S1 S2 S3 S4 S2 S3 S4");
    for (sim_cycle half = 8; half < 40; half++) {
        unsigned clock = (unsigned)half / 2;
        const struct isa_row *row = bench_row_at(bench, half);
        unsigned data = 0xff;
        bool reads = half > 2 * 6 + 1 && (clock == 7 || clock == 10 || clock == 14 || clock == 17);
        if (clock == 6)
            data = 0x12;
        else if (clock == 13)
            data = 0x13;
        else if (reads || half == 2 * 8 || half == 2 * 11 || half == 2 * 15 || half == 2 * 18)
            data = row->address & 0xff; /* byte n of the memory is n */
        ck_assert_uint_eq(row->data, data);
    }
    ck_assert_uint_eq(bench_row_at(bench, 2 * 5)->address, 0x0512fe);
    ck_assert_uint_eq(bench_row_at(bench, 2 * 12)->address, 0x051300);
    ck_assert_uint_eq(bench_row_at(bench, 2 * 12 + 1)->adstb, 1);
}
END_TEST

START_TEST(ready_low_for_samples_adds_a_wait_state_each)
{
    bench->wiring.memory_config.wait_states = 2;
    block(0, I8237_WRITE, 0x051234, 1);
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S3 SW*2 S4");
    ck_assert_str_eq(wave('y', 12), "111111111110001111111111");
    ck_assert_str_eq(wave('i', 12), "111111111000000001111111");
    ck_assert_str_eq(wave('W', 12), "111111111110000001111111");
    ck_assert_str_eq(wave('e', 12), "111111111110000001111111");
}
END_TEST

START_TEST(a_compressed_transfer_waits_behind_s2)
{
    bench->wiring.memory_config.wait_states = 1;
    block(I8237_COMPRESSED, I8237_READ, 0x051234, 2);
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 SW S4 S2 SW S4");
    ck_assert_str_eq(wave('y', 12), "111111111011111011111111");
    ck_assert_str_eq(wave('R', 12), "111111111000011000011111");
}
END_TEST

START_TEST(wait_states_of_a_slave_and_a_pin_held_low_are_the_same)
{
    for (unsigned compressed = 0; compressed < 2; compressed++)
        for (uint32_t waits = 0; waits < 5; waits++) {
            char states[2][256];
            for (unsigned pin = 0; pin < 2; pin++) {
                teardown();
                setup();
                if (pin)
                    bench->wiring.ready_low = waits;
                else
                    bench->wiring.memory_config.wait_states = waits;
                block(compressed ? I8237_COMPRESSED : 0, I8237_WRITE, 0x0512fe, 4);
                snprintf(states[pin], sizeof states[pin], "%s", bench_states(bench));
            }
            ck_assert_str_eq(states[0], states[1]);
        }
}
END_TEST

START_TEST(a_verify_does_not_look_at_ready)
{
    bench->wiring.ready_low = 3;
    block(0, I8237_VERIFY, 0x051234, 2);
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S3 S4 S2 S3 S4");
}
END_TEST

START_TEST(a_single_or_compressed_verify_takes_the_clocks_of_its_timing)
{
    bench->wiring.scripts[1] = (struct i8237_script){.request = I8237_REQUEST_HOLD};
    bench_build(bench);
    bench_out(bench, I8237_COMMAND, I8237_COMPRESSED);
    i8237_case_channel(&bench->wiring, 1, I8237_SINGLE | I8237_VERIFY, 0x1234, 2);
    bench_run(bench);
    ck_assert_str_eq(bench_states(bench), "S0 S1 S2 S4 SI S0 S1 S2 S4");
}
END_TEST

START_TEST(dreq_raises_hrq_a_clock_later_and_no_sooner)
{
    bench_build(bench);
    i8237_case_channel(&bench->wiring, 1, I8237_SINGLE | I8237_READ, 0x1234, 2);
    bench_to(bench, 9);
    i8237_case_to(&bench->wiring, 2 * 10); /* from half 21 on: H of clock 10 */
    i8237_case_dreq(&bench->wiring, 1, true);
    bench_to(bench, 20);
    ck_assert_uint_eq(bench_row_at(bench, 20)->dreq, 0);
    ck_assert_uint_eq(bench_row_at(bench, 21)->dreq, 2);
    ck_assert_uint_eq(bench_row_at(bench, 22)->hrq, 0);
    ck_assert_uint_eq(bench_row_at(bench, 23)->hrq, 1);
    ck_assert_uint_eq(bench_state_at(bench, 11), I8237_SI);
    ck_assert_uint_eq(bench_state_at(bench, 12), I8237_S0);
}
END_TEST

START_TEST(hlda_comes_any_number_of_clocks_after_hrq)
{
    for (uint32_t clocks = 1; clocks < 40; clocks += 7) {
        teardown();
        setup();
        bench->wiring.bus_config.hlda_clocks = clocks;
        block(0, I8237_WRITE, 0x051234, 1);
        char expected[64];
        snprintf(expected, sizeof expected, clocks > 1 ? "S0*%u S1 S2 S3 S4" : "S0 S1 S2 S3 S4",
                 clocks);
        ck_assert_str_eq(bench_states(bench), expected);
        sim_cycle rises = 7 + 2 * (sim_cycle)clocks;
        ck_assert_uint_eq(bench_row_at(bench, rises - 1)->hlda, 0);
        ck_assert_uint_eq(bench_row_at(bench, rises)->hlda, 1);
        ck_assert_uint_eq(bench_row_at(bench, rises + 9)->hlda, 1);
        ck_assert_uint_eq(bench_row_at(bench, rises + 10)->hlda, 0);
    }
}
END_TEST

START_TEST(hlda_falls_between_services_of_a_held_request)
{
    bench->wiring.scripts[1] = (struct i8237_script){.request = I8237_REQUEST_HOLD};
    bench->wiring.bus_config.hlda_clocks = 3;
    bench_build(bench);
    i8237_case_channel(&bench->wiring, 1, I8237_SINGLE | I8237_READ, 0x1234, 3);
    bench_run(bench);
    ck_assert_str_eq(bench_states(bench),
                     "S0*3 S1 S2 S3 S4 SI S0*3 S1 S2 S3 S4 SI S0*3 S1 S2 S3 S4");
    sim_cycle si = bench_clock_of(bench, I8237_SI, 10);
    ck_assert_uint_eq(bench_row_at(bench, 2 * si)->hlda, 1);
    ck_assert_uint_eq(bench_row_at(bench, 2 * si + 1)->hlda, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("i8237 timing");
    TCase *budget = tcase_create("budget");
    tcase_set_timeout(budget, 120);
    tcase_add_checked_fixture(budget, setup, teardown);
    tcase_add_loop_test(budget, the_budget_is_met_for_1_to_64_bytes_in_every_mode, 0, 4);
    suite_add_tcase(suite, budget);
    TCase *pins = tcase_create("pins");
    tcase_add_checked_fixture(pins, setup, teardown);
    tcase_add_test(pins, pins_of_a_block_move_in_the_halves_of_the_data_sheet);
    tcase_add_test(pins, a_read_from_memory_has_memr_and_iow_in_their_place);
    tcase_add_test(pins, an_extended_write_goes_on_with_the_read);
    tcase_add_test(pins, compressed_timing_has_both_commands_for_a_clock);
    tcase_add_test(pins, a_verify_moves_all_pins_but_the_commands);
    tcase_add_test(pins, the_high_address_is_on_the_data_bus_in_s2_behind_s1_only);
    tcase_add_test(pins, ready_low_for_samples_adds_a_wait_state_each);
    tcase_add_test(pins, a_compressed_transfer_waits_behind_s2);
    tcase_add_test(pins, wait_states_of_a_slave_and_a_pin_held_low_are_the_same);
    tcase_add_test(pins, a_verify_does_not_look_at_ready);
    tcase_add_test(pins, a_single_or_compressed_verify_takes_the_clocks_of_its_timing);
    tcase_add_test(pins, dreq_raises_hrq_a_clock_later_and_no_sooner);
    tcase_add_test(pins, hlda_comes_any_number_of_clocks_after_hrq);
    tcase_add_test(pins, hlda_falls_between_services_of_a_held_request);
    suite_add_tcase(suite, pins);
    return suite_run(suite);
}
