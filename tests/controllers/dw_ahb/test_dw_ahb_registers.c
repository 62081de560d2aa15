/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of the DMAC: resets, policy, what is built in, interrupts, and the accesses of Linux's
 * driver in their order. Tables: Linux 6.12 drivers/dma/dw/regs.h, Infineon XMC4500.svd.
 */
#include <check.h>

#include "dw_ahb_bench.h"
#include "suite.h"

static struct bench *bench;

static void build(const struct bench_options *options)
{
    bench = bench_create(options);
    ck_assert(!bench->failed);
}

static void setup(void)
{
    struct bench_options options = bench_options();
    build(&options);
}

static void teardown(void)
{
    bench_free(bench);
}

static uint32_t at(uint32_t offset)
{
    uint64_t value = 0;
    ck_assert_int_eq(dw_ahb_type.access(&bench->controllers[0], offset, 4, false, &value),
                     DMASIM_OK);
    return (uint32_t)value;
}

static void to(uint32_t offset, uint32_t written)
{
    uint64_t value = written;
    ck_assert_int_eq(dw_ahb_type.access(&bench->controllers[0], offset, 4, true, &value),
                     DMASIM_OK);
}

START_TEST(registers_have_the_published_reset_values_at_the_published_offsets)
{
    static const struct {
        uint32_t offset, value;
    } resets[] = {
        {0x000, 0},          {0x008, 0},          {0x010, 0},          {0x018, 0x00304801},
        {0x01c, 0x00000002}, {0x020, 0},          {0x028, 0},          {0x030, 0},
        {0x038, 0},          {0x040, 0x00000e00}, {0x044, 0x00000004}, {0x048, 0},
        {0x050, 0},          {0x2c0, 0},          {0x2e0, 0},          {0x2e8, 0},
        {0x310, 0},          {0x330, 0},          {0x338, 0},          {0x360, 0},
        {0x368, 0},          {0x390, 0},          {0x398, 0},          {0x3a0, 0},
        {0x3a8, 0x00afc000}, {0x3f8, 0x44571110}, {0x3fc, 0x3231342a},
    };
    for (size_t i = 0; i < sizeof resets / sizeof *resets; i++)
        ck_assert_msg(at(resets[i].offset) == resets[i].value, "%03x reads %08x, not %08x",
                      resets[i].offset, at(resets[i].offset), resets[i].value);
    /* The other channels are 0x58 apart and differ in priority. */
    ck_assert_uint_eq(at(3 * 0x58 + 0x40), 0x00000e60);
    ck_assert_uint_eq(at(3 * 0x58 + 0x18), 0x00304801);
}
END_TEST

START_TEST(offsets_without_a_register_and_missing_channels_are_unmapped)
{
    static const uint32_t holes[] = {0x04, 0x54, 4 * 0x58, 0x2c4, 0x3c8, 0x400};
    uint64_t value = 0;
    for (size_t i = 0; i < sizeof holes / sizeof *holes; i++)
        ck_assert_int_eq(dw_ahb_type.access(&bench->controllers[0], holes[i], 4, false, &value),
                         DMASIM_UNMAPPED);
    ck_assert_int_eq(dw_ahb_type.access(&bench->controllers[0], 0x2, 4, false, &value),
                     DMASIM_UNMAPPED);
}
END_TEST

START_TEST(parameter_registers_say_what_is_built_in)
{
    struct bench_options options = bench_options();
    options.dma.channels = 3;
    options.buses = 2;
    options.width_bits[1] = 128;
    options.dma.max_block_items = 1023;
    options.dma.max_burst_items = 16;
    bench_free(bench);
    build(&options);
    ck_assert_uint_eq(at(0x3f4), 1u << 28 | 2u << 8 | 1u << 11 | 0u << 15 | 2u << 17);
    ck_assert_uint_eq(at(0x3f0), 0x888);               /* (4 << 8) - 1 */
    ck_assert_uint_eq(at(0x3e8), 1u << 11 | 2u << 16); /* channel 0: 4 << 2 */
    ck_assert_uint_eq(at(0x3e0), 1u << 11 | 2u << 16);
    ck_assert_uint_eq(at(0x3dc), 0); /* no channel 3 */
}
END_TEST

START_TEST(without_multi_block_lists_and_reload_stay_off)
{
    struct bench_options options = bench_options();
    options.dma.multi_block = false;
    bench_free(bench);
    build(&options);
    to(0x10, 0xffffffff);
    ck_assert_uint_eq(at(0x10), 0);
    to(0x40, 0xffffffff);
    ck_assert_uint_eq(at(0x40) >> 30, 0);
    ck_assert_uint_eq(at(0x3e8) & (1u << 11 | 1u << 13), 1u << 13);
}
END_TEST

START_TEST(without_encoded_parameters_they_read_zero)
{
    struct bench_options options = bench_options();
    options.dma.encoded_parameters = false;
    bench_free(bench);
    build(&options);
    ck_assert_uint_eq(at(0x3f4), 0);
    ck_assert_uint_eq(at(0x3f0), 0);
    ck_assert_uint_eq(at(0x3e8), 0);
    ck_assert_uint_eq(at(0x3f8), 0x44571110);
}
END_TEST

START_TEST(reserved_bits_read_zero_and_the_block_size_has_as_many_bits_as_built)
{
    to(0x18, 0xffffffff);
    ck_assert_uint_eq(at(0x18), 0x1ff7ffff);
    to(0x1c, 0xffffffff);
    ck_assert_uint_eq(at(0x1c), 0x1fff);
    to(0x44, 0xffffffff);
    ck_assert_uint_eq(at(0x44), 0x7fff);
    struct bench_options options = bench_options();
    options.dma.max_block_items = 31;
    bench_free(bench);
    build(&options);
    to(0x1c, 0xfff);
    ck_assert_uint_eq(at(0x1c), 31);
}
END_TEST

START_TEST(a_byte_write_changes_its_lane_only)
{
    uint64_t value = 0xab;
    to(0x00, 0x11223344);
    ck_assert_int_eq(dw_ahb_type.access(&bench->controllers[0], 2, 1, true, &value), DMASIM_OK);
    ck_assert_uint_eq(at(0x00), 0x11ab3344);
    value = 0;
    ck_assert_int_eq(dw_ahb_type.access(&bench->controllers[0], 2, 2, false, &value), DMASIM_OK);
    ck_assert_uint_eq(value, 0x11ab);
}
END_TEST

START_TEST(enables_are_ignored_while_the_controller_is_off)
{
    to(0x3a0, 0x101);
    ck_assert_uint_eq(at(0x3a0), 0);
    to(0x398, 1);
    to(0x3a0, 0x001);
    ck_assert_uint_eq(at(0x3a0), 0);
    to(0x3a0, 0x100);
    ck_assert_uint_eq(at(0x3a0), 0);
}
END_TEST

START_TEST(registers_of_a_working_channel_keep_their_value_but_for_suspend_and_reload)
{
    bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1, bench_ctl(2, 2, 0, 0), 100);
    to(0x40, 0x20);
    bench_enable(bench, 0);
    ck_assert_uint_eq(at(0x3a0), 1);
    to(0x00, 0x12345678);
    to(0x18, 0);
    to(0x48, 7);
    to(0x40, 0xffffffff);
    ck_assert_uint_eq(at(0x00), BENCH_MEMORY0);
    ck_assert_uint_eq(at(0x18), bench_ctl(2, 2, 0, 0));
    ck_assert_uint_eq(at(0x48), 0);
    ck_assert_uint_eq(at(0x40), 0xc0000320);
}
END_TEST

START_TEST(status_needs_raw_mask_and_the_block_s_int_en)
{
    for (unsigned int_en = 0; int_en < 2; int_en++) {
        uint32_t ctl = (bench_ctl(2, 2, 0, 0) & ~1u) | int_en;
        bench_program(bench, 0, BENCH_MEMORY0, BENCH_MEMORY1, ctl, 1);
        bench_enable(bench, 0);
        ck_assert(bench_run(bench, 100));
        ck_assert_uint_eq(at(0x2c0), 1); /* RAW_TFR, whatever INT_EN is */
        ck_assert_uint_eq(at(0x2c8), 1);
        ck_assert_uint_eq(at(0x360), 0);
        to(0x310, 0x101);
        ck_assert_uint_eq(at(0x2e8), int_en);
        ck_assert_uint_eq(at(0x360), int_en);
        to(0x310, 0x100);
        ck_assert_uint_eq(at(0x360), 0);
        to(0x338, 1);
        to(0x340, 1);
        ck_assert_uint_eq(at(0x2c0), 0);
        ck_assert_uint_eq(at(0x2c8), 0);
    }
}
END_TEST

/* ---- what Linux does, from a captured run of dw_dmac_pci with dmatest ------------------------ */

struct access {
    char kind; /* 'W', 'R' to compare, 'r' to read only, '!' run until the interrupt */
    uint32_t offset, value;
};

static void replay(const struct access *log, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct access *a = &log[i];
        if (a->kind == '!')
            ck_assert(bench_run(bench, 20000));
        else if (a->kind == 'W')
            to(a->offset, a->value);
        else
            ck_assert_msg(a->kind == 'r' || at(a->offset) == a->value, "access %zu: %03x is %x", i,
                          a->offset, at(a->offset));
    }
}

static const struct access linux_probe[] = {
    {'R', 0x3f4, 0x10000b00}, {'R', 0x3f0, 0x0000aaaa}, {'W', 0x398, 0},     {'W', 0x310, 0xf00},
    {'W', 0x318, 0xf00},      {'W', 0x320, 0xf00},      {'W', 0x328, 0xf00}, {'W', 0x330, 0xf00},
    {'R', 0x398, 0},          {'W', 0x3a0, 0x100},      {'r', 0x3e8, 0},     {'W', 0x3a0, 0x200},
    {'r', 0x3e4, 0},          {'W', 0x3a0, 0x400},      {'r', 0x3e0, 0},     {'W', 0x3a0, 0x800},
    {'r', 0x3dc, 0},          {'W', 0x338, 0xf},        {'W', 0x340, 0xf},   {'W', 0x348, 0xf},
    {'W', 0x350, 0xf},        {'W', 0x358, 0xf},        {'R', 0x3a0, 0},     {'W', 0x398, 1},
};
static const struct access linux_copy[] = {
    {'R', 0x3a0, 0},          {'W', 0x040, 0x60},  {'W', 0x044, 2},
    {'W', 0x310, 0x101},      {'W', 0x330, 0x101}, {'W', 0x010, 0x20001000},
    {'W', 0x018, 0x18000000}, {'W', 0x01c, 0},     {'W', 0x3a0, 0x101},
    {'R', 0x010, 0x20001000}, {'!', 0, 0},         {'R', 0x360, 1},
    {'W', 0x310, 0xf00},      {'W', 0x318, 0xf00}, {'W', 0x330, 0xf00},
    {'R', 0x360, 0},          {'R', 0x2c0, 1},     {'R', 0x2e0, 0},
    {'R', 0x010, 0},          {'R', 0x2c0, 1},     {'W', 0x338, 1},
    {'R', 0x3a0, 0},          {'W', 0x310, 0xf0f}, {'W', 0x330, 0xf0f},
    {'R', 0x360, 0},
};
static const struct access linux_terminate[] = {
    {'R', 0x040, 0x260}, {'W', 0x040, 0x160}, {'R', 0x040, 0x360}, {'R', 0x040, 0x360},
    {'W', 0x3a0, 0x100}, {'R', 0x3a0, 0},     {'W', 0x040, 0x60},  {'R', 0x3a0, 0},
    {'W', 0x398, 0},     {'R', 0x398, 0},
};

START_TEST(linux_probes_copies_and_terminates)
{
    struct bench_options options = bench_options();
    options.dma.masters = (struct parameter_list){(uint16_t[]){0, 0}, 2};
    bench_free(bench);
    build(&options);
    replay(linux_probe, sizeof linux_probe / sizeof *linux_probe);

    for (unsigned round = 0; round < 2; round++) {
        const uint32_t more = 0x18000000;
        const uint32_t ctl = DW_PUT(2, CTL_LO, SRC_TR_WIDTH) | DW_PUT(2, CTL_LO, DST_TR_WIDTH) |
                             DW_PUT(3, CTL_LO, SRC_MSIZE) | DW_PUT(3, CTL_LO, DEST_MSIZE) |
                             DW_PUT(1, CTL_LO, SMS);
        const uint32_t items[] = {
            BENCH_MEMORY0,        BENCH_MEMORY1,        0x20001020, ctl | more, 1000, 0, 0, 0,
            BENCH_MEMORY0 + 4000, BENCH_MEMORY1 + 4000, 0,          ctl | 1,    20,   0, 0, 0,
        };
        for (unsigned i = 0; i < 16; i++)
            bench_word_put(bench, 0x20001000 + 4 * i, items[i]);
        replay(linux_copy, sizeof linux_copy / sizeof *linux_copy);
        ck_assert_mem_eq(bench_byte(bench, BENCH_MEMORY1), bench_byte(bench, BENCH_MEMORY0), 4080);
        ck_assert_uint_eq(bench_word(bench, 0x20001010), 0x1000 | 1000); /* DONE and BLOCK_TS */
        ck_assert_uint_eq(bench_word(bench, 0x20001030), 0x1000 | 20);
    }
    replay(linux_terminate, sizeof linux_terminate / sizeof *linux_terminate);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dw_dmac, registers");
    TCase *tcase = tcase_create("registers");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, registers_have_the_published_reset_values_at_the_published_offsets);
    tcase_add_test(tcase, offsets_without_a_register_and_missing_channels_are_unmapped);
    tcase_add_test(tcase, parameter_registers_say_what_is_built_in);
    tcase_add_test(tcase, without_multi_block_lists_and_reload_stay_off);
    tcase_add_test(tcase, without_encoded_parameters_they_read_zero);
    tcase_add_test(tcase, reserved_bits_read_zero_and_the_block_size_has_as_many_bits_as_built);
    tcase_add_test(tcase, a_byte_write_changes_its_lane_only);
    tcase_add_test(tcase, enables_are_ignored_while_the_controller_is_off);
    tcase_add_test(tcase,
                   registers_of_a_working_channel_keep_their_value_but_for_suspend_and_reload);
    tcase_add_test(tcase, status_needs_raw_mask_and_the_block_s_int_en);
    tcase_add_test(tcase, linux_probes_copies_and_terminates);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
