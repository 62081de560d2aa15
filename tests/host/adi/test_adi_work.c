/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver of the ADI AXI DMAC (adi_driver.c, adi_work.c) between memories: what it does to the registers, in
 * the order of dma-axi-dmac.c, how it cuts, what arrives. */
#include "adi_work_fixture.h"

#include "bus/bridge/bridge.h"

/* ---- memory to memory ------------------------------------------------------------------------ */

START_TEST(a_copy_is_programmed_as_linux_does)
{
    begin();
    add_memcpy("copy", 0x100, 0x8000, 512);
    run();
    ck_assert_str_eq(accesses(),
                     "400=1 408? 404? 410=80008000 420=0 414=80000100 424=0 418=1ff 41c=0 40c=6 "
                     "408=1 84? 84=1 408? 84? 84=2 428?");
    ck_assert_uint_eq(rises(), 2); /* start and end of transfer */
    ck_assert_mem_eq(memory() + 0x8000, memory() + 0x100, 512);
    ck_assert_str_eq(transfer(0)->status, "complete");
    ck_assert_str_eq(transfer(0)->mode, "burst");
    ck_assert_uint_eq(transfer(0)->bytes, 512);
    finish();
}
END_TEST

START_TEST(every_length_is_that_of_a_plain_copy)
{
    static const unsigned lengths[] = {1, 7, 8, 9, 127, 128, 129, 1001, 4096, 4097, 10000, 16384};
    static const unsigned bits[] = {8, 12, 24};
    for (size_t i = 0; i < 12; i++)
        for (size_t k = 0; k < 3; k++) {
            begin();
            dma->length_width_bits = bits[k];
            add_memcpy("copy", 0, 0x8000, lengths[i]);
            build();
            watch_transfers();
            uint8_t before[RAM_BYTES];
            memcpy(before, memory(), sizeof before);
            memcpy(before + 0x8000, before, lengths[i]);
            ck_assert(test_run(&t, LONG));
            ck_assert_mem_eq(memory(), before, sizeof before); /* and not a byte more */
            const unsigned most = 1u << bits[k], pieces = (lengths[i] + most - 1) / most;
            ck_assert_uint_eq(times("408=1"), pieces);
            ck_assert_uint_eq(transfer(0)->bytes, lengths[i]);
            finish();
        }
}
END_TEST

START_TEST(a_long_copy_is_cut_into_equal_pieces_of_whole_bursts)
{
    begin();
    dma->length_width_bits = 12;
    add_memcpy("copy", 0, 0x8000, 10000);
    run();
    /* 3 pieces of 3334 bytes, rounded up to 27 bursts of 128, and the rest; TLAST with the last. */
    ck_assert_uint_eq(times("418=d7f"), 2);
    ck_assert_uint_eq(times("418=c0f"), 1);
    ck_assert_uint_eq(times("414=80000d80"), 1);
    ck_assert_uint_eq(times("410=80009b00"), 1);
    ck_assert_uint_eq(times("40c=4"), 2);
    ck_assert_uint_eq(times("40c=6"), 1);
    finish();
}
END_TEST

START_TEST(the_next_transfer_is_submitted_while_the_one_before_runs)
{
    begin();
    dma->length_width_bits = 12;
    add_memcpy("copy", 0, 0x8000, 12288);
    run();
    /* The start of the first comes back to the second, that of the second to the third, and none
     * waits for an end. */
    const char *second = strstr(strstr(accesses(), "408=1") + 1, "408=1");
    const char *third = strstr(second + 1, "408=1"), *end_of_transfer = strstr(accesses(), "428?");
    ck_assert_ptr_nonnull(third);
    ck_assert_ptr_nonnull(end_of_transfer);
    ck_assert(second < end_of_transfer);
    ck_assert_str_eq(transfer(0)->status, "complete");
    ck_assert_uint_eq(times("84=1") + times("84=2") + 2 * times("84=3"), 6);
    ck_assert_uint_le(rises(), 6);
    ck_assert_uint_eq(rises(), times("84?"));
    finish();
}
END_TEST

START_TEST(entries_wait_for_each_other_in_the_queue)
{
    begin();
    dma->length_width_bits = 12;
    add_memcpy("a", 0, 0x8000, 10000);
    add_memcpy("b", 0x4000, 0xc000, 100);
    add_memcpy("c", 0x5000, 0xd000, 5000)->common.after = 1;
    run();
    ck_assert_uint_eq(transfers.count, 3);
    ck_assert_str_eq(transfer(0)->name, "a");
    ck_assert_str_eq(transfer(1)->name, "b");
    ck_assert_str_eq(transfer(2)->name, "c");
    ck_assert_mem_eq(memory() + 0x8000, memory(), 10000);
    ck_assert_mem_eq(memory() + 0xc000, memory() + 0x4000, 100);
    ck_assert_mem_eq(memory() + 0xd000, memory() + 0x5000, 5000);
    ck_assert_uint_ge(transfer(2)->submit_ps, transfer(1)->callback_ps);
    finish();
}
END_TEST

START_TEST(a_repeat_does_it_again)
{
    begin();
    add_memcpy("copy", 0, 0x8000, 640)->common.repeat = 9; /* ids come round */
    run();
    ck_assert_uint_eq(transfers.count, 9);
    for (size_t i = 0; i < 9; i++)
        ck_assert_str_eq(transfer(i)->status, "complete");
    ck_assert_uint_eq(times("408=1"), 9);
    finish();
}
END_TEST

START_TEST(latencies_are_those_of_the_cpu)
{
    sim_time callback[2], seen[2];
    for (unsigned i = 0; i < 2; i++) {
        begin();
        cpu->tasklet_latency = 10 + i;
        cpu->callback_latency = 20 + 2 * i;
        add_memcpy("copy", 0, 0x8000, 640);
        run();
        callback[i] = transfer(0)->callback_ps;
        seen[i] = transfer(0)->interrupt_ps;
        finish();
    }
    ck_assert_uint_eq(seen[1], seen[0]);
    ck_assert_uint_eq(callback[1], callback[0] + UINT64_C(3) * TEST_PERIOD_PS);
}
END_TEST

START_TEST(a_chain_is_written_to_memory_and_submitted_once)
{
    begin();
    dma->descriptor_bus = 0;
    struct memcpy_config *copy = add_memcpy("copy", 0x100, 0x8000, 1800);
    copy->common.mode = WORK_LINKED_LIST;
    copy->segment_bytes = 512;
    run();
    ck_assert_str_eq(accesses_after("1 "), /* starts are masked */
                     "400=5 408? 404? 47c=8000c000 4bc=0 40c=4 408=1 84? 84=2 428?");
    ck_assert_mem_eq(memory() + 0x8000, memory() + 0x100, 1800);
    static const uint32_t descriptors[4][12] = {
        {0, 0, RAM + 0x8000, 0, RAM + 0x100, 0, RAM + 0xc040, 0, 0, 511, 0, 0},
        {0, 32, RAM + 0x8200, 0, RAM + 0x300, 0, RAM + 0xc080, 0, 0, 511, 0, 0},
        {0, 32, RAM + 0x8400, 0, RAM + 0x500, 0, RAM + 0xc0c0, 0, 0, 511, 0, 0},
        {3, 32, RAM + 0x8600, 0, RAM + 0x700, 0, 0, 0, 0, 263, 0, 0},
    };
    for (unsigned i = 0; i < 4; i++)
        ck_assert_mem_eq(memory() + 0xc000 + 64 * i, descriptors[i], sizeof descriptors[i]);
    ck_assert_uint_eq(rises(), 1);
    ck_assert_uint_eq(transfer(0)->bytes, 1800);
    ck_assert_uint_lt(transfer(0)->submit_ps, transfer(0)->issue_ps); /* the prep writes */
    finish();
}
END_TEST

START_TEST(chains_wait_for_each_other_in_the_queue)
{
    begin();
    dma->descriptor_bus = 0;
    dma->two_d = true;
    dma->errata = ADI_NONE;
    add_memcpy("a", 0, 0x4000, 5000)->common.mode = WORK_LINKED_LIST;
    struct memcpy_config *b = add_memcpy("b", 0x2000, 0x6000, 64); /* over before a service is */
    b->common.mode = WORK_LINKED_LIST;
    b->common.repeat = 7;
    struct interleaved_config *rows = test_add(&t, SECTION_WORK, "interleaved", "rows");
    rows->common.mode = WORK_LINKED_LIST;
    rows->from = RAM + 0x2000;
    rows->to = RAM + 0x8000;
    rows->chunk_bytes = 128;
    rows->frames = 20;
    rows->source_gap = 128;
    run();
    ck_assert_uint_eq(transfers.count, 9);
    for (size_t i = 0; i < 9; i++)
        ck_assert_uint_lt(transfer(i)->submit_ps, transfer(i)->issue_ps); /* written each time */
    for (size_t i = 0; i < 9; i++)
        ck_assert_str_eq(transfer(i)->status, "complete");
    ck_assert_uint_eq(times("408=1"), 9);
    ck_assert_mem_eq(memory() + 0x4000, memory(), 5000);
    ck_assert_mem_eq(memory() + 0x6000, memory() + 0x2000, 64);
    for (unsigned i = 0; i < 20; i++)
        ck_assert_mem_eq(memory() + 0x8000 + 128 * i, memory() + 0x2000 + 256 * i, 128);
    finish();
}
END_TEST

START_TEST(a_chain_that_found_the_queue_full_starts_at_the_end_of_one)
{
    begin();
    dma->descriptor_bus = 0;
    for (unsigned i = 0; i < 8; i++) {
        static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
        struct memcpy_config *copy = add_memcpy(names[i], 0, 0x4000, 0x4000);
        copy->common.mode = WORK_LINKED_LIST;
        copy->segment_bytes = 0x4000; /* one descriptor: written in less time than it takes */
    }
    run();
    ck_assert_uint_eq(transfers.count, 8);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_str_eq(transfer(i)->status, "complete");
    ck_assert_mem_eq(memory() + 0x4000, memory(), 0x4000);
    finish();
}
END_TEST

START_TEST(rows_are_one_transfer)
{
    begin();
    dma->two_d = true;
    dma->errata = ADI_NONE;
    struct interleaved_config *rows = test_add(&t, SECTION_WORK, "interleaved", "rows");
    rows->from = RAM;
    rows->to = RAM + 0x8000;
    rows->chunk_bytes = 256;
    rows->frames = 20;
    rows->source_gap = 256;
    rows->destination_gap = 0;
    run();
    ck_assert_uint_eq(times("408=1"), 1);
    ck_assert_uint_eq(times("418=ff"), 1);
    ck_assert_uint_eq(times("41c=13"), 1);
    ck_assert_uint_eq(times("424=200"), 1);
    ck_assert_uint_eq(times("420=100"), 1);
    for (unsigned i = 0; i < 20; i++)
        ck_assert_mem_eq(memory() + 0x8000 + 256 * i, memory() + 512 * i, 256);
    ck_assert_uint_eq(transfer(0)->bytes, 5120);
    finish();
}
END_TEST

START_TEST(rows_without_gaps_need_no_rows)
{
    begin();
    struct interleaved_config *rows = test_add(&t, SECTION_WORK, "interleaved", "rows");
    rows->from = RAM;
    rows->to = RAM + 0x8000;
    rows->chunk_bytes = 100;
    rows->frames = 20;
    run();
    ck_assert_uint_eq(times("418=7cf"), 1);
    ck_assert_mem_eq(memory() + 0x8000, memory(), 2000);
    finish();
}
END_TEST

/* ---- buses ----------------------------------------------------------------------------------- */

START_TEST(the_registers_may_have_a_bus_of_their_own)
{
    start(); /* the bus of the registers and the CPU */
    axi->lite = true;
    axi->width_bits = 32;
    test_add(&t, SECTION_BUSES, "axi", "data");
    ram->bus = 1;
    dma = add_dma();
    dma->source_bus = dma->destination_bus = 1;
    add_memcpy("copy", 0, 0x8000, 5000);
    run();
    ck_assert_mem_eq(memory() + 0x8000, memory(), 5000);
    finish();
}
END_TEST

START_TEST(a_cpu_on_ahb_reaches_the_registers_through_a_bridge)
{
    start();
    test_add(&t, SECTION_BUSES, "ahb", "ahb");
    cpu->bus = 1;
    dma = add_dma();
    struct bridge_config *bridge = test_add(&t, SECTION_PERIPHERALS, "ahb-to-axi", "bridge");
    bridge->bus = 1;
    bridge->target = 0;
    bridge->base = 0x10000000;
    bridge->size_bytes = 0x4000;
    bridge->to = DMA - 0x2000;
    add_memcpy("copy", 0, 0x8000, 5000);
    test_build(&t, 0);
    ck_assert(test_run(&t, LONG));
    ck_assert_mem_eq(memory() + 0x8000, memory(), 5000);
    end();
}
END_TEST

START_TEST(stepping_order_and_skipping_change_nothing)
{
    static const unsigned modes[] = {0, KERNEL_EVERY_CYCLE, KERNEL_REVERSED,
                                     KERNEL_EVERY_CYCLE | KERNEL_REVERSED};
    static char first[sizeof registers.text];
    struct transfer_record records[3];
    for (size_t i = 0; i < 4; i++) {
        begin();
        dma->length_width_bits = 10;
        cpu->traffic.given = true;
        cpu->traffic.base = RAM + 0xf000;
        cpu->traffic.beats = 5;
        ram->stalls = (struct axi_memory_stalls){.percent = {20, 30, 40, 50, 10}, .seed = 3};
        add_memcpy("a", 0, 0x8000, 5000)->common.repeat = 2;
        add_memcpy("b", 0x2000, 0xc000, 3000);
        run_with(modes[i]);
        ck_assert_uint_eq(transfers.count, 3);
        if (i == 0) {
            strcpy(first, registers.text);
            memcpy(records, transfers.records, sizeof records);
        }
        ck_assert_str_eq(registers.text, first);
        for (size_t k = 0; k < 3; k++) {
            ck_assert_uint_eq(transfer(k)->callback_ps, records[k].callback_ps);
            ck_assert_uint_eq(transfer(k)->interrupt_ps, records[k].interrupt_ps);
        }
        finish();
    }
}
END_TEST

TEST_MAIN("adi work", a_copy_is_programmed_as_linux_does, every_length_is_that_of_a_plain_copy,
          a_long_copy_is_cut_into_equal_pieces_of_whole_bursts,
          the_next_transfer_is_submitted_while_the_one_before_runs,
          entries_wait_for_each_other_in_the_queue, a_repeat_does_it_again,
          latencies_are_those_of_the_cpu, a_chain_is_written_to_memory_and_submitted_once,
          chains_wait_for_each_other_in_the_queue,
          a_chain_that_found_the_queue_full_starts_at_the_end_of_one, rows_are_one_transfer,
          rows_without_gaps_need_no_rows, the_registers_may_have_a_bus_of_their_own,
          a_cpu_on_ahb_reaches_the_registers_through_a_bridge,
          stepping_order_and_skipping_change_nothing)
