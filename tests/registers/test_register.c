/* SPDX-License-Identifier: BSD-2-Clause */
/* Register tables: decode, access kinds with byte lanes, names, printing. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "registers/register.h"
#include "suite.h"

static const struct register_field control_fields[] = {
    {.name = "ENABLE", .lsb = 0, .width = 1, .access = REGISTER_RW, .doc = "On"},
    {.name = "BUSY", .lsb = 1, .width = 1, .access = REGISTER_RO, .doc = "Works"},
    {.name = "MODE", .lsb = 8, .width = 4, .access = REGISTER_RW, .doc = "A \"mode\""},
    {.name = "KICK", .lsb = 31, .width = 1, .access = REGISTER_WO, .doc = "Starts"},
    {.name = NULL},
};
static const struct register_field mask_fields[] = {
    {.name = "MASK", .lsb = 0, .width = 8, .access = REGISTER_WE8},
    {.name = "MASK_WE", .lsb = 8, .width = 8, .access = REGISTER_WO},
    {.name = NULL},
};

enum { CONTROL, EVENTS, ADDRESS, MASK };
static const struct register_entry entries[] = {
    [CONTROL] = {.name = "CONTROL", .offset = 0x00, .reset = 0x2, .fields = control_fields},
    [EVENTS] = {.name = "EVENTS", .offset = 0x04, .access = REGISTER_W1C, .doc = "Happened"},
    [ADDRESS] = {.name = "CH%u_ADDRESS", .offset = 0x10, .count = 12, .stride_bytes = 8},
    [MASK] = {.name = "MASK", .offset = 0x100, .fields = mask_fields},
    {.name = NULL},
};
static const struct register_map map = {
    .compatible = "acme,toy-dma", .title = "Toy", .entries = entries, .width_bits = 32};

START_TEST(a_register_is_found_at_its_four_bytes_and_not_beside)
{
    struct register_hit hit;
    ck_assert(register_find(&map, 0x0, &hit));
    ck_assert_uint_eq(hit.index, CONTROL);
    ck_assert(register_find(&map, 0x3, &hit));
    ck_assert_uint_eq(hit.index, CONTROL);
    ck_assert(register_find(&map, 0x4, &hit));
    ck_assert_uint_eq(hit.index, EVENTS);
    ck_assert(!register_find(&map, 0x8, &hit));
}
END_TEST

START_TEST(an_array_has_elements_a_stride_apart_and_holes_between)
{
    struct register_hit hit;
    ck_assert(register_find(&map, 0x10 + 11 * 8, &hit));
    ck_assert_uint_eq(hit.index, ADDRESS);
    ck_assert_uint_eq(hit.array, 11);
    ck_assert(!register_find(&map, 0x14, &hit));
    ck_assert(!register_find(&map, 0x10 + 12 * 8, &hit));
}
END_TEST

START_TEST(names_give_offsets)
{
    struct register_hit hit;
    uint32_t offset;
    ck_assert(register_lookup(&map, "CH11_ADDRESS", &hit, &offset));
    ck_assert_uint_eq(offset, 0x10 + 11 * 8);
    ck_assert_uint_eq(hit.array, 11);
    ck_assert(register_lookup(&map, "MASK", &hit, &offset));
    ck_assert_uint_eq(offset, 0x100);
    static const char *const wrong[] = {
        "CH12_ADDRESS", "CH_ADDRESS", "CH01_ADDRESS",         "CH1_ADDRES", "CH1_ADDRESSES",
        "mask",         "",           "CH99999999999_ADDRESS"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert(!register_lookup(&map, wrong[i], &hit, &offset));
}
END_TEST

START_TEST(reserved_and_read_only_bits_keep_their_value)
{
    ck_assert_uint_eq(register_write(&entries[CONTROL], 0x2, 0xffffffff, 0xf), 0x80000f03);
    ck_assert_uint_eq(register_write(&entries[CONTROL], 0x80000f03, 0, 0xf), 0x2);
}
END_TEST

START_TEST(only_written_byte_lanes_change)
{
    ck_assert_uint_eq(register_write(&entries[CONTROL], 0x2, 0xffffffff, 0x1), 0x3);
    ck_assert_uint_eq(register_write(&entries[CONTROL], 0x2, 0xffffffff, 0x2), 0xf02);
    ck_assert_uint_eq(register_write(&entries[ADDRESS], 0x11223344, 0xaabbccdd, 0x6), 0x11bbcc44);
}
END_TEST

START_TEST(writing_one_clears_in_written_lanes)
{
    ck_assert_uint_eq(register_write(&entries[EVENTS], 0xffff, 0x0f0f, 0xf), 0xf0f0);
    ck_assert_uint_eq(register_write(&entries[EVENTS], 0xffff, 0x0f0f, 0x1), 0xfff0);
}
END_TEST

START_TEST(write_enables_let_single_bits_through)
{
    const struct register_entry *mask = &entries[MASK];
    ck_assert_uint_eq(register_read(mask, register_write(mask, 0xf0, 0x010f, 0xf)), 0xf1);
    ck_assert_uint_eq(register_read(mask, register_write(mask, 0xf0, 0xff00, 0xf)), 0x00);
    ck_assert_uint_eq(register_read(mask, register_write(mask, 0xf0, 0x00ff, 0xf)), 0xf0);
    /* Without the lane of the enables nothing is enabled. */
    ck_assert_uint_eq(register_read(mask, register_write(mask, 0xf0, 0xffff, 0x1)), 0xf0);
}
END_TEST

START_TEST(write_only_bits_read_zero)
{
    ck_assert_uint_eq(register_read(&entries[CONTROL], 0x80000f03), 0xf03);
}
END_TEST

START_TEST(fields_are_found_by_name)
{
    const struct register_field *mode = register_field(&entries[CONTROL], "MODE");
    ck_assert_ptr_nonnull(mode);
    ck_assert_uint_eq(field_get(mode, 0xabcd), 0xb);
    ck_assert_ptr_null(register_field(&entries[CONTROL], "MOOD"));
    ck_assert_ptr_null(register_field(&entries[EVENTS], "MODE"));
}
END_TEST

struct text {
    char bytes[8192];
    size_t length;
};

static void collect(void *context, const char *text, size_t length)
{
    struct text *all = context;
    ck_assert_uint_lt(all->length + length, sizeof all->bytes);
    memcpy(all->bytes + all->length, text, length);
    all->length += length;
}

static struct text printed(enum register_format format)
{
    struct text all = {.length = 0};
    register_print(&map, format, collect, &all);
    return all;
}

START_TEST(the_map_prints_as_markdown)
{
    struct text all = printed(REGISTER_MARKDOWN);
    ck_assert_ptr_nonnull(strstr(all.bytes, "# Toy (`acme,toy-dma`)\n"));
    ck_assert_ptr_nonnull(strstr(all.bytes, "| 0x000 | CONTROL | mixed | 0x00000002 |  |\n"));
    ck_assert_ptr_nonnull(
        strstr(all.bytes, "| 0x010 + x * 0x08 (x < 12) | CHx_ADDRESS | RW | 0x00000000 |  |\n"));
    ck_assert_ptr_nonnull(strstr(all.bytes, "| 11:8 | MODE | RW | A \"mode\" |\n"));
}
END_TEST

START_TEST(the_map_prints_as_a_c_header)
{
    struct text all = printed(REGISTER_C_HEADER);
    ck_assert_ptr_nonnull(strstr(all.bytes, "#define TOY_DMA_CONTROL 0x000\n"));
    ck_assert_ptr_nonnull(
        strstr(all.bytes, "#define TOY_DMA_CHx_ADDRESS(x) (0x010 + (x) * 0x08)\n"));
    ck_assert_ptr_nonnull(strstr(all.bytes, "#define TOY_DMA_CONTROL_MODE_SHIFT 8\n"));
    ck_assert_ptr_nonnull(strstr(all.bytes, "#define TOY_DMA_CONTROL_MODE_MASK 0x00000f00u\n"));
}
END_TEST

START_TEST(the_map_prints_as_csv)
{
    struct text all = printed(REGISTER_CSV);
    ck_assert_ptr_nonnull(strstr(all.bytes, "0x010,12,0x08,CHx_ADDRESS,RW,0x00000000,,,,,\"\"\n"));
    ck_assert_ptr_nonnull(strstr(
        all.bytes, "0x000,1,0x00,CONTROL,mixed,0x00000002,MODE,11,8,RW,\"A \"\"mode\"\"\"\n"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("registers");
    TCase *tcase = tcase_create("registers");
    tcase_add_test(tcase, a_register_is_found_at_its_four_bytes_and_not_beside);
    tcase_add_test(tcase, an_array_has_elements_a_stride_apart_and_holes_between);
    tcase_add_test(tcase, names_give_offsets);
    tcase_add_test(tcase, reserved_and_read_only_bits_keep_their_value);
    tcase_add_test(tcase, only_written_byte_lanes_change);
    tcase_add_test(tcase, writing_one_clears_in_written_lanes);
    tcase_add_test(tcase, write_enables_let_single_bits_through);
    tcase_add_test(tcase, write_only_bits_read_zero);
    tcase_add_test(tcase, fields_are_found_by_name);
    tcase_add_test(tcase, the_map_prints_as_markdown);
    tcase_add_test(tcase, the_map_prints_as_a_c_header);
    tcase_add_test(tcase, the_map_prints_as_csv);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
