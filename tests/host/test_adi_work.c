/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver of the ADI AXI DMAC (adi_driver.c, adi_work.c): what it does to the registers, in the order of
 * dma-axi-dmac.c, how it cuts, what arrives, what the loader refuses. */
#include "axi_fixture.h"

#include "bus/bridge.h"
#include "host/adi_script.h"
#include "memory/sram.h"
#include "peripherals/stream_device.h"

/* The CPU's accesses to the registers as text: "400=1" is a write, "408?" a read. */
struct text_observer {
    struct probe_observer observer; /* first */
    uint32_t address;
    size_t used;
    char text[32768];
};

static struct text_observer registers;
static struct test_log transfers, interrupts;
static struct adi_dmac_config *dma;

static void notify_text(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                        const void *record)
{
    struct text_observer *self = (struct text_observer *)observer;
    const struct axi_event *event = record;
    (void)probe;
    (void)now;
    if (event->channel == AXI_AR || event->channel == AXI_AW)
        self->address = (uint32_t)event->addr;
    if (self->address < DMA || self->address >= DMA + ADI_WINDOW_BYTES)
        return;
    size_t room = sizeof self->text - self->used;
    uint32_t value;
    if (event->channel == AXI_AR) {
        self->used += (size_t)snprintf(self->text + self->used, room, "%s%x?",
                                       self->used ? " " : "", self->address - DMA);
    } else if (event->channel == AXI_W) {
        memcpy(&value, event->data + self->address % (axi->width_bits / 8), sizeof value);
        self->used += (size_t)snprintf(self->text + self->used, room, "%s%x=%x",
                                       self->used ? " " : "", self->address - DMA, value);
    }
}

#define PROBE_TEXT_OF_DRIVER                                                                       \
    "0? 10? 40c=1 40c? 47c=ffffffff 47c? 41c=1 41c? 418=ffffffff 418? 410=ffffffff 410? "          \
    "414=ffffffff 414? 418=0 418? 80=0 "

/* What follows the probe. */
static const char *accesses(void)
{
    const size_t probe = strlen(PROBE_TEXT_OF_DRIVER);
    ck_assert_int_eq(strncmp(registers.text, PROBE_TEXT_OF_DRIVER, probe), 0);
    return registers.text + probe;
}

static unsigned times(const char *what)
{
    unsigned count = 0;
    char padded[32];
    snprintf(padded, sizeof padded, " %s ", what);
    static char all[sizeof registers.text + 2];
    snprintf(all, sizeof all, " %s ", registers.text);
    for (const char *at = all; (at = strstr(at, padded)); at++)
        count++;
    return count;
}

static unsigned rises(void)
{
    unsigned count = 0, before = 0;
    for (size_t i = 0; i < interrupts.count; i++) {
        const unsigned level = TEST_RECORD(&interrupts, struct interrupt_record, i)->level;
        count += level && !before;
        before = level;
    }
    return count;
}

static void build_with(unsigned flags)
{
    test_build(&t, flags);
    test_observe(&t, &interrupts, "interrupt", "dma");
    registers.observer = (struct probe_observer){.notify = notify_text};
    registers.used = 0;
    registers.text[0] = '\0';
    struct probe *probe = NULL;
    while ((probe = system_probe(&t.system, "axi_event", probe)))
        if (strcmp(probe->name, "axi.cpu") == 0)
            probe_observe(probe, &registers.observer);
    /* All entries of work. */
    memset(&transfers, 0, sizeof transfers);
    transfers.observer.notify = test_log_notify;
    transfers.record_bytes = sizeof(struct transfer_record);
    transfers.cycles = malloc(TEST_EVENTS * sizeof *transfers.cycles);
    transfers.records = malloc(TEST_EVENTS * transfers.record_bytes);
}

static struct probe_observer copies[TEST_COMPONENTS];

static void notify_transfer(struct probe_observer *observer, const struct probe *probe,
                            sim_cycle now, const void *record)
{
    (void)observer;
    test_log_notify(&transfers.observer, probe, now, record);
}

static void build(void)
{
    build_with(0);
}

static void watch_transfers(void)
{
    struct probe *probe = NULL;
    for (unsigned i = 0; (probe = system_probe(&t.system, "transfer", probe)); i++) {
        copies[i] = (struct probe_observer){.notify = notify_transfer};
        probe_observe(probe, &copies[i]);
    }
}

static void run_with(unsigned flags)
{
    build_with(flags);
    watch_transfers();
    ck_assert(test_run(&t, LONG));
}

static void run(void)
{
    run_with(0);
}

static void finish(void)
{
    test_log_end(&transfers);
    test_log_end(&interrupts);
    end();
}

static const struct transfer_record *transfer(size_t index)
{
    ck_assert_uint_lt(index, transfers.count);
    return TEST_RECORD(&transfers, struct transfer_record, index);
}

static void begin(void)
{
    start();
    dma = add_dma();
}

static struct memcpy_config *add_memcpy(const char *name, uint32_t from, uint32_t to,
                                        uint32_t bytes)
{
    struct memcpy_config *copy = test_add(&t, SECTION_WORK, "memcpy", name);
    copy->from = RAM + from;
    copy->to = RAM + to;
    copy->bytes = bytes;
    return copy;
}

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
    ck_assert_str_eq(accesses(),
                     "400=5 408? 404? 47c=8000c000 40c=4 408=1 84? 84=1 408? 84? 84=2 428?");
    ck_assert_mem_eq(memory() + 0x8000, memory() + 0x100, 1800);
    static const uint32_t descriptors[4][12] = {
        {0, 0, RAM + 0x8000, 0, RAM + 0x100, 0, RAM + 0xc040, 0, 0, 511, 0, 0},
        {0, 1, RAM + 0x8200, 0, RAM + 0x300, 0, RAM + 0xc080, 0, 0, 511, 0, 0},
        {0, 2, RAM + 0x8400, 0, RAM + 0x500, 0, RAM + 0xc0c0, 0, 0, 511, 0, 0},
        {3, 3, RAM + 0x8600, 0, RAM + 0x700, 0, 0, 0, 0, 263, 0, 0},
    };
    for (unsigned i = 0; i < 4; i++)
        ck_assert_mem_eq(memory() + 0xc000 + 64 * i, descriptors[i], sizeof descriptors[i]);
    ck_assert_uint_eq(rises(), 2);
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

/* ---- devices --------------------------------------------------------------------------------- */

static struct slave_sg_config *add_slave(const char *name, uint32_t at, uint32_t bytes)
{
    static struct work_segment segments[2];
    segments[0] = (struct work_segment){RAM + at, bytes};
    segments[1] = (struct work_segment){RAM + at + 0x4000, bytes};
    struct slave_sg_config *config = test_add(&t, SECTION_WORK, "slave_sg", name);
    config->segments = (struct parameter_list){segments, 2};
    return config;
}

static struct stream_source_config *add_source(const char *type)
{
    struct stream_source_config *device = test_add(&t, SECTION_PERIPHERALS, type, "dev");
    device->pattern = STREAM_COUNT;
    dma->source_type = strcmp(type, "fifo-writer") == 0 ? ADI_FIFO : ADI_STREAM;
    dma->source_bus = UINT16_MAX;
    return device;
}

START_TEST(a_stream_and_a_fifo_fill_the_segments)
{
    for (unsigned fifo = 0; fifo < 2; fifo++) {
        begin();
        struct stream_source_config *device =
            add_source(fifo ? "fifo-writer" : "axi-stream-source");
        device->period_cycles = 4;
        device->gated = fifo; /* from the request on, without a gap between the two transfers */
        add_slave("s", 0, 1024);
        run();
        ck_assert_str_eq(transfer(0)->status, "complete");
        ck_assert_uint_eq(transfer(0)->bytes, 2048);
        ck_assert_uint_eq(times("408=1"), 2);
        ck_assert_uint_eq(times("414=ffffffff"), 1); /* only the probe writes of the source */
        ck_assert_uint_eq(times("424=0"), 0);
        for (unsigned i = 0; i < 1024 && !fifo; i++) {
            ck_assert_uint_eq(memory()[i], i & 0xff);
            ck_assert_uint_eq(memory()[0x4000 + i], i & 0xff);
        }
        finish();
    }
}
END_TEST

START_TEST(a_packet_that_ends_early_ends_the_call)
{
    static uint64_t packets[] = {40};
    begin();
    struct stream_source_config *device = add_source("axi-stream-source");
    device->packets = (struct parameter_list){packets, 1};
    dma->errata = ADI_NONE;
    struct slave_sg_config *slave = add_slave("s", 0, 1024);
    slave->segments.count = 1;
    run();
    ck_assert_str_eq(transfer(0)->status, "complete");
    ck_assert_uint_eq(transfer(0)->bytes, 320);
    ck_assert_ptr_nonnull(strstr(accesses(), "428? 44c? 450? 428?"));
    finish();
}
END_TEST

START_TEST(behind_an_early_end_the_next_call_gets_its_data)
{
    static uint64_t packets[] = {20, 20, 64, 64};
    for (unsigned pieces = 1; pieces <= 16; pieces *= 2)
        for (uint64_t period = 1; period <= 50; period += 7) {
            begin();
            struct stream_source_config *device = add_source("axi-stream-source");
            device->packets = (struct parameter_list){packets, 4};
            device->period_cycles = period;
            dma->errata = ADI_NONE;
            dma->length_width_bits = 8;
            struct slave_sg_config *first = add_slave("first", 0, 256 * pieces);
            struct slave_sg_config *second = add_slave("second", 0x8000, 512);
            static struct work_segment segments[2];
            segments[0] = (struct work_segment){RAM, 256 * pieces};
            segments[1] = (struct work_segment){RAM + 0x8000, 512};
            first->segments = (struct parameter_list){&segments[0], 1};
            second->segments = (struct parameter_list){&segments[1], 1};
            first->common.repeat = 2;
            second->common.after = 0;
            run();
            ck_assert_uint_eq(transfer(0)->bytes, 160);
            ck_assert_uint_eq(transfer(1)->bytes, 160);
            ck_assert_uint_eq(transfer(2)->bytes, 512);
            for (unsigned i = 0; i < 160; i++)
                ck_assert_uint_eq(memory()[i], (160 + i) & 0xff);
            for (unsigned i = 0; i < 512; i++)
                ck_assert_msg(memory()[0x8000 + i] == ((320 + i) & 0xff), "%u pieces, %u: byte %u",
                              pieces, (unsigned)period, i);
            ck_assert_uint_le(times("408=1"), 2 + 2 * 6);
            finish();
        }
}
END_TEST

START_TEST(memory_goes_to_a_stream)
{
    begin();
    test_add(&t, SECTION_PERIPHERALS, "axi-stream-sink", "dev");
    dma->destination_type = ADI_STREAM;
    dma->destination_bus = UINT16_MAX;
    add_slave("s", 0, 1024);
    run();
    ck_assert_uint_eq(transfer(0)->bytes, 2048);
    ck_assert_uint_eq(stream_counts(test_find(&t, SECTION_PERIPHERALS, "dev")).beats, 256);
    ck_assert_uint_eq(times("410=80000000"), 0);
    finish();
}
END_TEST

static struct cyclic_config *add_ring(uint32_t periods)
{
    struct cyclic_config *ring = test_add(&t, SECTION_WORK, "cyclic", "ring");
    ring->buffer = RAM;
    ring->bytes = 2048;
    ring->period_bytes = 512;
    ring->periods = periods;
    return ring;
}

START_TEST(a_ring_goes_round_and_is_disabled_in_the_end)
{
    begin();
    add_source("axi-stream-source")->period_cycles = 4;
    add_ring(10);
    run();
    ck_assert_str_eq(transfer(0)->status, "complete");
    ck_assert_uint_eq(transfer(0)->bytes, 10 * 512);
    ck_assert_uint_eq(times("400=0"), 1);
    ck_assert_uint_ge(times("408=1"), 10);
    ck_assert_uint_le(times("408=1"), 14); /* four segments are in flight at most */
    ck_assert_uint_ge(times("410=80000600"), 2);
    ck_assert_str_eq(strstr(accesses(), "400=0"), "400=0");
    finish();
}
END_TEST

START_TEST(a_period_is_submitted_again_when_it_is_free)
{
    for (unsigned count = 1; count <= 2; count++) {
        begin();
        add_source("axi-stream-source")->period_cycles = 4;
        add_ring(9)->bytes = 512 * count;
        run();
        ck_assert_str_eq(transfer(0)->status, "complete");
        ck_assert_uint_eq(transfer(0)->bytes, 9 * 512);
        ck_assert_uint_ge(times("410=80000000"), 9 / count);
        finish();
    }
}
END_TEST

START_TEST(what_waits_behind_a_ring_starts_when_it_is_stopped)
{
    begin();
    add_source("axi-stream-source")->period_cycles = 4;
    add_ring(6);
    add_slave("s", 0x8000, 256);
    run();
    ck_assert_uint_eq(transfers.count, 2);
    ck_assert_str_eq(transfer(0)->name, "ring");
    ck_assert_str_eq(transfer(1)->name, "s");
    ck_assert_str_eq(transfer(1)->status, "complete");
    ck_assert_uint_eq(transfer(1)->bytes, 512);
    ck_assert_ptr_nonnull(strstr(accesses(), "400=0 400=1 408? 404?"));
    finish();
}
END_TEST

START_TEST(beats_have_the_addresses_of_their_bursts)
{
    begin();
    add_memcpy("copy", 0x100, 0x8000, 1001);
    build();
    struct test_log beats;
    test_observe(&t, &beats, "dma_beat", "dma");
    ck_assert(test_run(&t, LONG));
    uint32_t from = RAM + 0x100, to = RAM + 0x8000;
    for (size_t i = 0; i < beats.count; i++) {
        const struct dma_beat_record *beat = TEST_RECORD(&beats, struct dma_beat_record, i);
        uint32_t *at = beat->purpose == DMA_SOURCE ? &from : &to;
        ck_assert_uint_eq(beat->address, *at);
        ck_assert_uint_eq(beat->bytes, *at == RAM + 0x8000 + 1000 ? 1 : 8);
        *at += beat->bytes;
    }
    ck_assert_uint_eq(beats.count, 2 * 126);
    ck_assert_uint_eq(to, RAM + 0x8000 + 1001);
    test_log_end(&beats);
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

/* ---- errors ---------------------------------------------------------------------------------- */

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

TEST_MAIN("adi work", a_copy_is_programmed_as_linux_does, every_length_is_that_of_a_plain_copy,
          a_long_copy_is_cut_into_equal_pieces_of_whole_bursts,
          the_next_transfer_is_submitted_while_the_one_before_runs,
          entries_wait_for_each_other_in_the_queue, a_repeat_does_it_again,
          latencies_are_those_of_the_cpu, a_chain_is_written_to_memory_and_submitted_once,
          chains_wait_for_each_other_in_the_queue, rows_are_one_transfer,
          rows_without_gaps_need_no_rows, a_stream_and_a_fifo_fill_the_segments,
          a_packet_that_ends_early_ends_the_call, behind_an_early_end_the_next_call_gets_its_data,
          memory_goes_to_a_stream, a_period_is_submitted_again_when_it_is_free,
          beats_have_the_addresses_of_their_bursts, a_ring_goes_round_and_is_disabled_in_the_end,
          what_waits_behind_a_ring_starts_when_it_is_stopped,
          the_registers_may_have_a_bus_of_their_own,
          a_cpu_on_ahb_reaches_the_registers_through_a_bridge,
          stepping_order_and_skipping_change_nothing, calls_that_it_cannot_do_are_refused,
          data_and_descriptors_do_not_share_memory, a_cpu_that_does_not_reach_the_registers_is_told,
          a_script_and_a_driver_do_not_share_a_controller,
          devices_and_rows_that_do_not_fit_are_refused)
