/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines and frames with blanking: the raster itself, and the devices of each bus that keep to it. */
#include "host_plan.h"

#include "bus/isa/isa_component.h"
#include "controllers/adi/adi_dmac.h"
#include "controllers/i8237/i8237.h"
#include "kernel/random.h"
#include "peripherals/fifo_device.h"
#include "peripherals/isa_device.h"
#include "peripherals/stream_device.h"

static struct test_plan t;

/* 3 items and 2 of blanking, two lines and one blank line: a frame of 15 slots. */
static const struct raster_config small = {.active = 3, .blank = 2, .lines = 2, .blank_lines = 1};
static const unsigned slots[] = {0, 1, 2, 5, 6, 7, 15, 16, 17, 20, 21, 22, 30};

/* Whether a slot has an item, by counting. */
static bool active(const struct raster_config *raster, uint64_t slot)
{
    uint64_t x = 0, y = 0;
    while (slot-- > 0)
        if (++x == raster->active + raster->blank) {
            x = 0;
            if (++y == raster->lines + raster->blank_lines && raster->lines)
                y = 0;
        }
    return raster->active == 0 || (x < raster->active && (raster->lines == 0 || y < raster->lines));
}

START_TEST(the_next_slot_with_an_item_is_found)
{
    struct random random = random_seeded(5);
    for (unsigned i = 0; i < 300; i++) {
        struct raster_config raster = {.active = random_next(&random) % 5,
                                       .blank = random_next(&random) % 4,
                                       .lines = random_next(&random) % 4};
        raster.blank_lines = raster.lines ? random_next(&random) % 3 : 0;
        for (uint64_t slot = 0; slot < 60; slot++) {
            uint64_t next = slot;
            while (!active(&raster, next))
                next++;
            ck_assert_uint_eq(raster_slot(&raster, slot), next);
        }
    }
    for (uint64_t i = 0, slot = 0; i + 1 < sizeof slots / sizeof slots[0]; i++) {
        ck_assert_uint_eq(slot, slots[i]);
        ck_assert_uint_eq(raster_next(&small, &slot), slots[i + 1] - slots[i]);
    }
}
END_TEST

START_TEST(items_of_a_fifo_device_keep_to_the_raster)
{
    struct test_log log;
    for (unsigned rate = 0; rate < 2; rate++) {
        test_plan_start(&t);
        struct fifo_config *fifo = test_add(&t, SECTION_PERIPHERALS, "fifo", "camera");
        fifo->base = 0x40001000;
        fifo->depth = 64;
        fifo->start = FIFO_START_TIME;
        fifo->rate = rate ? 1000000 : 0; /* 100 cycles, or one */
        fifo->raster = small;
        test_build(&t, 0);
        test_observe(&t, &log, "fifo", "camera");
        for (unsigned i = 0; i < sizeof slots / sizeof slots[0]; i++) {
            const sim_cycle due = (slots[i] + 1) * (rate ? 100 : 1);
            for (unsigned late = 0; late < 2; late++) {
                kernel_advance(&t.system.kernel, (due - 1 + late) * TEST_PERIOD_PS, 0);
                ck_assert_uint_eq(TEST_RECORD(&log, struct fifo_record, log.count - 1)->level,
                                  i + late);
            }
        }
        test_log_end(&log);
        test_plan_end(&t);
    }
}
END_TEST

START_TEST(a_display_misses_items_in_lines_and_none_in_blanking)
{
    struct test_log log;
    test_plan_start(&t);
    struct fifo_config *fifo = test_add(&t, SECTION_PERIPHERALS, "fifo", "display");
    fifo->base = 0x40001000;
    fifo->direction = FIFO_MEM_TO_DEV;
    fifo->start = FIFO_START_TIME;
    fifo->when_empty = FIFO_MISSES;
    fifo->rate = 1000000;
    fifo->raster = small;
    test_build(&t, 0);
    test_observe(&t, &log, "fifo", "display");
    uint64_t item = 1;
    struct component *display = test_find(&t, SECTION_PERIPHERALS, "display");
    kernel_advance(&t.system.kernel, 0, 0);
    display->type->access(display, 0, 4, true,
                          &item); /* the clock starts in cycle 0: slot i at 100 (i + 1) */
    for (unsigned i = 1; i < sizeof slots / sizeof slots[0]; i++)
        for (unsigned late = 0; late < 2; late++) {
            kernel_advance(&t.system.kernel, (100 * (slots[i] + 1) - 1 + late) * TEST_PERIOD_PS, 0);
            ck_assert_uint_eq(TEST_RECORD(&log, struct fifo_record, log.count - 1)->underruns,
                              i - 1 + late);
        }
    test_log_end(&log);
    test_plan_end(&t);
}
END_TEST

START_TEST(bytes_of_a_device_on_isa_keep_to_the_raster)
{
    struct test_log log;
    test_plan_start_on(&t, "isa", "isa");
    test_add(&t, SECTION_CONTROLLERS, "intel,8237a", "dma");
    struct isa_device_config *device = test_add(&t, SECTION_PERIPHERALS, "isa-device", "scanner");
    device->start = ISA_DEVICE_BY_TIME;
    device->port = ISA_PORT_LAST + 1;
    device->depth = 64;
    device->period_ps = 1000000;
    device->raster = small;
    test_build(&t, 0);
    test_observe(&t, &log, "fifo", "scanner");
    const struct component *scanner = test_find(&t, SECTION_PERIPHERALS, "scanner");
    const sim_time begin = clock_time(scanner->clock, 0);
    for (unsigned i = 0; i < sizeof slots / sizeof slots[0]; i++)
        for (unsigned late = 0; late < 2; late++) {
            const sim_time due = begin + (slots[i] + 1) * UINT64_C(1000000);
            kernel_advance(&t.system.kernel, late ? due : due - 1, 0);
            ck_assert_uint_eq(TEST_RECORD(&log, struct fifo_record, log.count - 1)->level,
                              i + late);
        }
    test_log_end(&log);
    test_plan_end(&t);
}
END_TEST

/* EN of a FIFO's ends and TREADY of a sink are up in cycles from + slot * period. */
START_TEST(strobes_of_streams_and_fifos_keep_to_the_raster)
{
    static const char *const types[] = {"fifo-writer", "fifo-reader", "axi-stream-sink"};
    for (unsigned i = 0; i < 6; i++) {
        const uint64_t period = i < 3 ? 1 : 3;
        const bool fifo = i % 3 < 2, input = i % 3 == 0;
        test_plan_start(&t);
        test_add(&t, SECTION_BUSES, "axi", "axi");
        struct adi_dmac_config *dma = test_add(&t, SECTION_CONTROLLERS, "adi,axi-dmac", "dma");
        dma->bus = 1;
        dma->base = 0x40000000;
        dma->source_type = dma->destination_type = fifo ? ADI_FIFO : ADI_STREAM;
        void *config = test_add(&t, SECTION_PERIPHERALS, types[i % 3], "end");
        if (input) {
            struct stream_source_config *source = config;
            source->controller = 0;
            source->period_cycles = period;
            source->from_cycle = 4;
            source->raster = small;
        } else {
            struct stream_sink_config *sink = config;
            sink->controller = 0;
            sink->period_cycles = period;
            sink->from_cycle = 4;
            sink->raster = small;
        }
        test_build(&t, 0);
        const struct stream_ports *ports =
            component_link(test_find(&t, SECTION_CONTROLLERS, "dma"), PORT_STREAMS, 0);
        const struct wire *wire = input  ? &ports->fifo_in->forward
                                  : fifo ? &ports->fifo_out->back
                                         : &ports->stream_out->back;
        unsigned found = 0;
        for (sim_cycle cycle = 2; found + 1 < sizeof slots / sizeof slots[0]; cycle++) {
            kernel_advance(&t.system.kernel, (cycle - 1) * TEST_PERIOD_PS, 0);
            const uint64_t level = wire_get(wire, cycle * TEST_PERIOD_PS);
            const bool up = input  ? level & FIFO_WRITE_EN
                            : fifo ? level & FIFO_READ_EN
                                   : level != AXI_STREAM_NEVER;
            const bool due = cycle == 4 + slots[found] * period;
            ck_assert_msg(up == due, "%s, period %u: cycle %u", types[i % 3], (unsigned)period,
                          (unsigned)cycle);
            found += due;
        }
        test_plan_end(&t);
    }
}
END_TEST

/* Beats at cycles 20, 35 and 38, the last of them with TLAST; TREADY in each cycle, or in 2 + 3 n. */
START_TEST(a_sink_misses_beats_inside_a_packet_only)
{
    for (unsigned misses = 0; misses < 2; misses++)
        for (unsigned period = 1; period <= 3; period += 2) {
            test_plan_start(&t);
            test_add(&t, SECTION_BUSES, "axi", "axi");
            struct adi_dmac_config *dma = test_add(&t, SECTION_CONTROLLERS, "adi,axi-dmac", "dma");
            dma->bus = 1;
            dma->base = 0x40000000;
            dma->source_type = dma->destination_type = ADI_STREAM;
            struct stream_sink_config *sink =
                test_add(&t, SECTION_PERIPHERALS, "axi-stream-sink", "display");
            sink->controller = 0;
            sink->period_cycles = period;
            sink->from_cycle = period == 1 ? 0 : 2;
            sink->when_empty = misses ? STREAM_MISSES : STREAM_WAITS;
            test_build(&t, 0);
            struct axi_stream *link =
                ((const struct stream_ports *)component_link(
                     test_find(&t, SECTION_CONTROLLERS, "dma"), PORT_STREAMS, 0))
                    ->stream_out;
            const struct component *display = test_find(&t, SECTION_PERIPHERALS, "display");
            unsigned beats = 0, expected = 0;
            for (sim_cycle cycle = 1; cycle < 60; cycle++) {
                const bool ready = period == 1 || cycle % 3 == 2;
                const bool shows = cycle == 20 || cycle == 35 || cycle == 38;
                kernel_advance(&t.system.kernel, (cycle - 1) * TEST_PERIOD_PS, 0);
                ck_assert_uint_eq(stream_counts(display).beats, beats);
                ck_assert_uint_eq(stream_counts(display).lost, misses ? expected : 0);
                if (shows)
                    axi_stream_place(link)->last = cycle == 38;
                axi_stream_drive(link, t.system.kernel.now,
                                 shows ? AXI_STREAM_ALWAYS : AXI_STREAM_NEVER, shows);
                ck_assert(!shows || ready);
                beats += shows;
                expected += ready && !shows && cycle > 20 && cycle < 38;
            }
            ck_assert_uint_eq(stream_counts(display).lost, misses ? (period == 1 ? 16 : 4) : 0);
            test_plan_end(&t);
        }
}
END_TEST

START_TEST(what_does_not_make_a_raster_is_refused)
{
    test_plan_start(&t);
    struct fifo_config *fifo = test_add(&t, SECTION_PERIPHERALS, "fifo", "a");
    fifo->base = 0x40001000;
    fifo->raster = (struct raster_config){.blank = 3};
    fifo = test_add(&t, SECTION_PERIPHERALS, "fifo", "b");
    fifo->base = 0x40001400;
    fifo->raster = (struct raster_config){.active = 4, .blank_lines = 1};
    fifo = test_add(&t, SECTION_PERIPHERALS, "fifo", "c");
    fifo->base = 0x40001800;
    fifo->rate = 1;
    fifo->raster =
        (struct raster_config){.active = 65535, .blank = 65535, .lines = 1, .blank_lines = 1023};
    test_check(&t);
    ck_assert_ptr_nonnull(strstr(t.errors, "a.raster: needs `active`"));
    ck_assert_ptr_nonnull(strstr(t.errors, "b.raster.blank_lines: belongs to frames"));
    ck_assert_ptr_nonnull(strstr(t.errors, "c.raster: its blanking would last longer"));
    ck_assert_uint_eq(t.check.failures, 3);
    test_plan_end(&t);
}
END_TEST

TEST_MAIN("raster", the_next_slot_with_an_item_is_found, items_of_a_fifo_device_keep_to_the_raster,
          a_display_misses_items_in_lines_and_none_in_blanking,
          bytes_of_a_device_on_isa_keep_to_the_raster,
          strobes_of_streams_and_fifos_keep_to_the_raster, a_sink_misses_beats_inside_a_packet_only,
          what_does_not_make_a_raster_is_refused)
