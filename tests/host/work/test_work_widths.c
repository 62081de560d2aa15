/* SPDX-License-Identifier: BSD-2-Clause */
/* work: how a transfer with a device becomes blocks of a DMAC, as Linux 6.12's driver cuts it. */
#include "work_fixture.h"

#define ITEMS (RAM + 0xc000)
#define CTL_LO_WORD 3
#define CTL_HI_WORD 4

static struct work_segment segment;

static void receive(uint8_t width_bits, uint32_t threshold, uint32_t at, uint32_t bytes)
{
    start();
    struct fifo_config *device = add_device("uart", FIFO_DEV_TO_MEM, 0);
    device->width_bits = width_bits;
    device->threshold = threshold;
    device->source.bytes = bytes;
    segment = (struct work_segment){RAM + at, bytes};
    struct slave_sg_config *work = test_add(&t, SECTION_WORK, "slave_sg", "rx");
    work->segments = (struct parameter_list){&segment, 1};
    work->common.mode = WORK_DEMAND;
}

static uint32_t item_word(unsigned item, unsigned word)
{
    uint32_t value;
    memcpy(&value, memory() + (ITEMS - RAM) + 32 * item + 4 * word, 4);
    return value;
}

static unsigned memory_width(unsigned item)
{
    return DW_GET(item_word(item, CTL_LO_WORD), CTL_LO, DST_TR_WIDTH);
}

START_TEST(memory_items_from_a_device_are_of_bus_burst_and_address_whatever_the_length)
{
    static const uint8_t widths[] = {8, 16, 32};
    static const uint32_t bursts[] = {1, 2, 3, 4, 8};
    for (unsigned i = 0; i < sizeof widths; i++) {
        for (unsigned j = 0; j < sizeof bursts / sizeof bursts[0]; j++) {
            for (uint32_t at = 0x1000; at < 0x1004; at++) {
                for (uint32_t items = 13; items <= 16; items++) {
                    const uint32_t device = widths[i] / 8;
                    receive(widths[i], bursts[j], at, items * device);
                    test_build(&t, 0);
                    ck_assert(test_run(&t, LONG));
                    /* 3 is rounded down to 2; the bus has 4 bytes */
                    uint32_t width = device * (bursts[j] == 3 ? 2 : bursts[j]);
                    width = width < 4 ? width : 4;
                    while (at % width)
                        width /= 2;
                    ck_assert_msg(1u << memory_width(0) == width,
                                  "%u bits, burst %u, %u items to ..%x: items of %u bytes, not %u",
                                  widths[i], bursts[j], items, at & 3, 1u << memory_width(0),
                                  width);
                    expect_count_pattern(memory() + at, items * device);
                    test_plan_end(&t);
                }
            }
        }
    }
}
END_TEST

START_TEST(a_width_that_is_told_stays)
{
    receive(8, 1, 0x1000, 64);
    ((struct slave_sg_config *)(uintptr_t)t.plan.components[SECTION_WORK][0].config)
        ->common.width_bits = 32;
    test_build(&t, 0);
    ck_assert(test_run(&t, LONG));
    ck_assert_uint_eq(memory_width(0), 2);
    test_plan_end(&t);
}
END_TEST

/* The longest block, and the next one where that ends: its address decides its memory items. */
START_TEST(blocks_from_a_device_are_as_long_as_they_can_be)
{
    static const struct {
        unsigned items, width;
    } blocks[] = {{15, 2}, {15, 0}, {10, 1}};
    receive(8, 4, 0x1000, 40);
    dma->max_block_items = 15;
    test_build(&t, 0);
    ck_assert(test_run(&t, LONG));
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_uint_eq(item_word(i, CTL_HI_WORD) & 0xfff, blocks[i].items);
        ck_assert_uint_eq(memory_width(i), blocks[i].width);
    }
    expect_count_pattern(memory() + 0x1000, 40);
    test_plan_end(&t);
}
END_TEST

START_TEST(a_device_wider_than_the_way_to_memory_is_refused)
{
    static const uint16_t masters[] = {0, 1};
    for (unsigned narrow = 0; narrow < 2; narrow++) {
        start();
        struct ahb_bus_config *two = test_add(&t, SECTION_BUSES, "ahb", "two");
        two->width_bits = narrow ? 16 : 32;
        dma->masters = (struct parameter_list){(void *)(uintptr_t)masters, 2};
        dma->multi_block = false;
        struct sram_config *far = test_add(&t, SECTION_MEMORIES, "sram", "far");
        far->bus = 1;
        far->base = 0x30000000;
        far->size_bytes = 4096;
        struct fifo_config *device = add_device("dac", FIFO_MEM_TO_DEV, 0);
        device->width_bits = 32;
        segment = (struct work_segment){0x30000000, 64};
        struct slave_sg_config *work = test_add(&t, SECTION_WORK, "slave_sg", "tx");
        work->segments = (struct parameter_list){&segment, 1};
        dw_call(work)->memory_master = 1;
        if (narrow) {
            expect_error("tx.peripheral: the driver refuses dac, whose items have 32 bits: memory "
                         "has a bus of 16 only");
            continue;
        }
        test_build(&t, 0);
        ck_assert(test_run(&t, LONG));
        test_plan_end(&t);
    }
}
END_TEST

START_TEST(a_bus_narrower_than_registers_and_descriptors_is_refused)
{
    for (uint32_t bits = 8; bits <= 64; bits *= 2) {
        start();
        test_bus_config(&t)->width_bits = bits;
        add_memcpy("copy", RAM, RAM + 0x4001, 64);
        if (bits < 32) {
            expect_error("copy.controller: the driver needs 32 bits, 'ahb0' has ");
            continue;
        }
        test_build(&t, 0);
        ck_assert(test_run(&t, LONG));
        ck_assert_mem_eq(memory() + 0x4001, memory(), 64);
        test_plan_end(&t);
    }
}
END_TEST

/* ---- the probe and block by block ----------------------------------------------------------- */

/* Whether the CPU reads, or writes, a register; the values written with it. */
static unsigned accesses(const struct test_log *beats, bool write, uint32_t offset,
                         uint32_t *values)
{
    unsigned count = 0;
    for (size_t i = 0; i < beats->count; i++) {
        const struct ahb_beat *beat = TEST_RECORD(beats, struct ahb_beat, i);
        if (beat->hwrite == write && beat->haddr == DMA + offset)
            values[count++ % 8] = (uint32_t)beat->data.lane[0];
    }
    return count;
}

START_TEST(without_parameter_registers_the_driver_does_not_read_them)
{
    uint32_t values[8];
    for (unsigned encoded = 0; encoded < 2; encoded++) {
        struct test_log beats;
        start();
        dma->encoded_parameters = encoded;
        add_memcpy("copy", RAM, RAM + 0x4000, 64);
        test_build(&t, 0);
        test_observe(&t, &beats, "ahb_beat", NULL);
        ck_assert(test_run(&t, LONG));
        ck_assert_uint_eq(accesses(&beats, false, 0x3f4, values), encoded); /* DW_PARAMS */
        ck_assert_uint_eq(accesses(&beats, false, 0x3f0, values), encoded); /* MAX_BLK_SIZE */
        test_log_end(&beats);
        test_plan_end(&t);
    }
}
END_TEST

START_TEST(block_by_block_only_the_last_one_is_without_list_enables)
{
    uint32_t values[8];
    struct test_log beats;
    start();
    dma->multi_block = false;
    dma->max_block_items = 15;
    add_memcpy("copy", RAM, RAM + 0x4000, 4 * 40)->common.burst = 4;
    test_build(&t, 0);
    test_observe(&t, &beats, "ahb_beat", NULL);
    ck_assert(test_run(&t, LONG));
    ck_assert_uint_eq(accesses(&beats, true, 0x018, values), 3);
    ck_assert_uint_eq(values[0], 0x18004825);
    ck_assert_uint_eq(values[1], 0x18004825);
    ck_assert_uint_eq(values[2], 0x00004825);
    test_log_end(&beats);
    test_plan_end(&t);
}
END_TEST

TEST_MAIN("work, widths",
          memory_items_from_a_device_are_of_bus_burst_and_address_whatever_the_length,
          a_width_that_is_told_stays, blocks_from_a_device_are_as_long_as_they_can_be,
          a_device_wider_than_the_way_to_memory_is_refused,
          a_bus_narrower_than_registers_and_descriptors_is_refused,
          without_parameter_registers_the_driver_does_not_read_them,
          block_by_block_only_the_last_one_is_without_list_enables)
