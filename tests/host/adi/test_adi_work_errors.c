/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of work on an ADI AXI DMAC that the loader refuses. */
#include "adi_work_fixture.h"

#include "bus/bridge/bridge.h"
#include "host/dw_ahb/dw_ahb_work.h"
#include "host/play/adi_script.h"

static void expect_error(const char *text)
{
    test_check(&t);
    ck_assert_msg(strstr(t.errors, text) != NULL, "wanted: %s\ngot: %s", text, t.errors);
    end();
}

static void expect_none(void)
{
    test_check(&t);
    ck_assert_str_eq(t.errors, "");
    end();
}

/* The call says something to the driver of another controller. */
static void say_to_dw(void)
{
    const struct component *call = &t.plan.components[SECTION_WORK][0];
    ((struct dw_ahb_call *)(uintptr_t)driver_group(&t.plan, call, &dw_ahb_work_driver))->given =
        true;
}

#define REFUSED(text, ...)                                                                         \
    do {                                                                                           \
        begin();                                                                                   \
        struct memcpy_config *copy = add_memcpy("copy", 0, 0x8000, 1024);                          \
        (void)copy;                                                                                \
        __VA_ARGS__;                                                                               \
        expect_error(text);                                                                        \
    } while (0)

START_TEST(calls_that_it_cannot_do_are_refused)
{
    REFUSED("copy.mode: dma has no scatter-gather: give it a `descriptor_bus`",
            copy->common.mode = WORK_LINKED_LIST);
    REFUSED("copy.mode: all calls of dma have to be linked_list, or none: b is not",
            add_memcpy("b", 0, 0x8000, 64);
            dma->descriptor_bus = 0; copy->common.mode = WORK_LINKED_LIST);
    REFUSED("copy.segment_bytes: 1000: a descriptor moves", dma->descriptor_bus = 0;
            copy->common.mode = WORK_LINKED_LIST; copy->segment_bytes = 1000);
    REFUSED("copy.mode: cpu has no memory for descriptors",
            test_add(&t, SECTION_BUSES, "axi", "other");
            dma->descriptor_bus = dma->source_bus = dma->destination_bus = ram->bus = 1;
            copy->common.mode = WORK_LINKED_LIST);
    REFUSED("copy.mode: the `descriptors` of cpu, at 0x8000c000, are not on 'other'",
            test_add(&t, SECTION_BUSES, "axi", "other");
            dma->descriptor_bus = 1; copy->common.mode = WORK_LINKED_LIST);
    REFUSED("copy.mode: an adi,axi-dmac has the modes burst and linked_list",
            copy->common.mode = WORK_DEMAND);
    REFUSED("copy.channel: an adi,axi-dmac has channel 0 only", copy->common.channel = 1);
    REFUSED("copy.burst: is not for an adi,axi-dmac", copy->common.burst = 8);
    REFUSED("copy.dw: is for a snps,dw-dmac, and dma is a adi,axi-dmac", say_to_dw());
    REFUSED("copy.width_bits: is not for an adi,axi-dmac", copy->common.width_bits = 32);
    REFUSED("copy.controller: dma has no interrupt to a CPU", dma->interrupt = UINT16_MAX);
    REFUSED("copy.from: 0x80000004 is not a multiple of 8 bytes, a beat of the source",
            copy->from += 4);
    REFUSED("copy.to: bursts from 0x80008040 on would cross 4 KiB", copy->to += 64;
            copy->bytes = 8192);
    REFUSED("copy.to: nobody answers 0x90000000 on 'axi', the destination_bus of dma",
            copy->to = 0x90000000);
    REFUSED("copy.to: 0x8000ff00 .. 0x800102ff ends outside ram", copy->to = RAM + 0xff00);
    REFUSED("copy.to: source and destination overlap", copy->to = RAM + 512);
    REFUSED("copy.to: 0x100000000 .. 0x1000003ff ends beyond 0xffffffff, the last address that "
            "the driver of dma writes",
            ram->base = UINT64_C(0xffff8000);
            copy->from = UINT64_C(0xffff8000); copy->to = UINT64_C(0x100000000));
    REFUSED("copy.bytes: is more than 65536 transfers of 256 bytes (length_width)",
            dma->length_width_bits = 8;
            copy->bytes = 1 << 25; ram->size_bytes = 1 << 27; copy->to = RAM + (1 << 26));
    REFUSED("copy.controller: dma goes from stream to memory: memcpy is for memories at both sides",
            dma->source_type = ADI_STREAM;
            dma->source_bus = UINT16_MAX);
}
END_TEST

#define MEETS(range) range ": its drivers write there"

START_TEST(data_and_descriptors_do_not_share_memory)
{
    static const char *const refusal =
        "copy.to: 0x8000bf00 .. 0x8000c0ff meets the `descriptors` of cpu, " MEETS(
            "0x8000c000 .. 0x8000ffff");
    REFUSED(refusal, dma->descriptor_bus = 0; copy->common.mode = WORK_LINKED_LIST;
            copy->to = RAM + 0xbf00; copy->bytes = 512);
    REFUSED("copy.from: 0x8000fe00 .. 0x8000ffff meets", dma->descriptor_bus = 0;
            copy->common.mode = WORK_LINKED_LIST; copy->from = RAM + 0xfe00; copy->bytes = 512);

    begin();
    dma->descriptor_bus = 0;
    struct memcpy_config *copy = add_memcpy("copy", 0, 0xbe00, 512);
    copy->common.mode = WORK_LINKED_LIST;
    expect_none();

    begin(); /* nobody builds descriptors */
    add_memcpy("copy", 0, 0xbf00, 512);
    expect_none();

    /* The same memory, which the CPU has through a bridge. */
    start();
    test_add(&t, SECTION_BUSES, "ahb", "ahb");
    cpu->bus = 1;
    cpu->descriptors.given = true;
    cpu->descriptors.base = RAM + 0x8000;
    cpu->descriptors.bytes = 0x1000;
    dma = add_dma();
    dma->descriptor_bus = 0;
    struct bridge_config *bridge = test_add(&t, SECTION_PERIPHERALS, "ahb-to-axi", "bridge");
    bridge->bus = 1;
    bridge->target = 0;
    bridge->base = bridge->to = RAM;
    bridge->size_bytes = RAM_BYTES;
    bridge = test_add(&t, SECTION_PERIPHERALS, "ahb-to-axi", "registers");
    bridge->bus = 1;
    bridge->target = 0;
    bridge->base = bridge->to = DMA;
    bridge->size_bytes = 0x1000;
    add_memcpy("copy", 0, 0x8800, 1024)->common.mode = WORK_LINKED_LIST;
    expect_error("copy.to: 0x80008800 .. 0x80008bff meets the `descriptors` of cpu, " MEETS(
        "0x80008000 .. 0x80008fff"));
}
END_TEST

START_TEST(a_cpu_that_does_not_reach_the_registers_is_told)
{
    start();
    test_add(&t, SECTION_BUSES, "ahb", "ahb");
    cpu->bus = 1;
    dma = add_dma();
    add_memcpy("copy", 0, 0x8000, 1024);
    expect_error(
        "copy.controller: cpu, on bus 'ahb', does not reach the registers of dma on 'axi'");
}
END_TEST

START_TEST(a_script_and_a_driver_do_not_share_a_controller)
{
    begin();
    add_memcpy("copy", 0, 0x8000, 1024);
    struct adi_script_config *script = test_add(&t, SECTION_MASTERS, "adi-script", "script");
    script->script = "W 80 1";
    expect_error("copy.controller: dma is driven by script already");
}
END_TEST

START_TEST(devices_and_rows_that_do_not_fit_are_refused)
{
    begin();
    add_source("fifo-writer");
    dma->source_type = ADI_STREAM;
    add_slave("s", 0, 1024);
    expect_error("s.peripheral: dev is a fifo-writer; at the stream of dma is a axi-stream-source");

    begin();
    add_source("axi-stream-source");
    add_slave("s", 0, 1020);
    expect_error("s.segments: 1020 bytes are not whole beats of the stream, 8 bytes");

    begin();
    add_source("axi-stream-source");
    add_ring(4)->period_bytes = 500;
    expect_error("ring.period_bytes: 500 does not divide bytes, 2048");

    begin();
    add_source("axi-stream-source");
    dma->length_width_bits = 8;
    add_ring(4);
    expect_error("ring.period_bytes: a period is one transfer: 256 bytes at most");

    begin();
    add_slave("s", 0, 1024);
    expect_error(
        "s.controller: dma goes from memory to memory: slave_sg is for memory at one side, "
        "take memcpy");

    begin();
    struct interleaved_config *rows = test_add(&t, SECTION_WORK, "interleaved", "rows");
    rows->from = RAM;
    rows->to = RAM + 0x8000;
    rows->chunk_bytes = 256;
    rows->frames = 4;
    rows->source_gap = 64;
    expect_error("rows.source_gap: dma has no rows: give it `two_d: true`");

    begin();
    dma->two_d = true;
    rows = test_add(&t, SECTION_WORK, "interleaved", "rows");
    rows->from = RAM;
    rows->to = RAM + 0x8000;
    rows->chunk_bytes = 256;
    rows->frames = 4;
    rows->source_gap = 4;
    expect_error("rows.source_gap: chunk and gap, 260 bytes, are not a multiple of 8");
}
END_TEST

TEST_MAIN("adi work that is refused", calls_that_it_cannot_do_are_refused,
          data_and_descriptors_do_not_share_memory, a_cpu_that_does_not_reach_the_registers_is_told,
          a_script_and_a_driver_do_not_share_a_controller,
          devices_and_rows_that_do_not_fit_are_refused)
