/* SPDX-License-Identifier: BSD-2-Clause */
/* fifo_device: arrivals, losses and the request lines, edge by edge. */
#include "figure.h"
#include "host_plan.h"

#include "bus/ahb/ahb.h"
#include "bus/feed.h"
#include "bus/handshake.h"
#include "bus/records.h"
#include "host/play/scripted.h"
#include "peripherals/fifo_device.h"

#define BASE 0x40001000u

static struct test_plan t;
static struct fifo_config *fifo;
static struct scripted_config *master;
static struct scripted_command commands[64];
static uint32_t command_count;
static struct dma_handshake lines[2];
static struct test_log log_fifo;

/* A controller that offers lines and does nothing: the tests acknowledge by hand. */
static int fake_create(struct build *build, struct component *self)
{
    memset(lines, 0, sizeof lines);
    return build_requests(build, self, lines, 2, sizeof lines[0]);
}

static const struct parameter fake_parameters[] = {{.name = NULL}};
static const struct component_type fake_type = {.name = "fake",
                                                .section = SECTION_CONTROLLERS,
                                                .config_bytes = 1,
                                                .parameters = fake_parameters,
                                                .create = fake_create};

static void start(enum fifo_direction direction)
{
    test_plan_start(&t);
    test_add_type(&t, &fake_type, "dma");
    master = test_add(&t, SECTION_MASTERS, "scripted", "m0");
    master->commands = (struct parameter_list){commands, 0};
    command_count = 0;
    fifo = test_add(&t, SECTION_PERIPHERALS, "fifo", "uart");
    fifo->base = BASE;
    fifo->direction = (uint8_t)direction;
    fifo->controller = 0;
    fifo->line = 1;
    fifo->depth = 8;
    fifo->threshold = 4;
    fifo->start = FIFO_START_TIME;
    fifo->rate = 1000000; /* an item of a byte each 1 us: 100 cycles */
}

/* A one-beat access in the data phase of row `data_cycle`. */
static void access_at(sim_cycle data_cycle, bool write, uint32_t offset)
{
    static sim_cycle last;
    if (command_count == 0)
        last = 0;
    sim_cycle opens = data_cycle - 1;
    commands[command_count] = (struct scripted_command){
        .delay = command_count == 0 ? opens : opens - last - 1,
        .address = BASE + offset,
        .size = 2,
        .beats = 1,
        .write = write,
    };
    last = opens;
    command_count++;
    master->commands.count = command_count;
}

static void build(void)
{
    test_build(&t, 0);
    test_observe(&t, &log_fifo, "fifo", "uart");
}

/* State once edge `cycle` was taken. */
static struct fifo_record after(sim_cycle cycle)
{
    kernel_advance(&t.system.kernel, cycle * TEST_PERIOD_PS, 0);
    ck_assert_uint_gt(log_fifo.count, 0);
    return *TEST_RECORD(&log_fifo, struct fifo_record, log_fifo.count - 1);
}

static void acknowledge(uint64_t level)
{
    wire_put(&lines[1].acknowledge, t.system.kernel.now, level);
}

static void end(void)
{
    test_log_end(&log_fifo);
    test_plan_end(&t);
}

/* ---- arrivals ------------------------------------------------------------------------------ */

START_TEST(an_item_arrives_at_its_edge_and_not_one_before)
{
    start(FIFO_DEV_TO_MEM);
    build();
    ck_assert_uint_eq(after(99).level, 0);
    ck_assert_uint_eq(after(100).level, 1);
    ck_assert_uint_eq(after(199).level, 1);
    ck_assert_uint_eq(after(200).level, 2);
    end();
}
END_TEST

START_TEST(a_period_that_is_no_whole_number_of_picoseconds_does_not_drift)
{
    start(FIFO_DEV_TO_MEM);
    fifo->rate = 300000; /* 3 Mbaud: 3333333 1/3 ps */
    build();
    ck_assert_uint_eq(after(333).level, 0);
    ck_assert_uint_eq(after(334).level, 1); /* 3.34 us */
    ck_assert_uint_eq(after(999).level, 2);
    ck_assert_uint_eq(after(1000).level, 3); /* 10 us exactly */
    struct fifo_record before = after(9999999);
    ck_assert_uint_eq(before.level + before.overruns, 29999);
    struct fifo_record then = after(10000000); /* 100 ms: item 30000 */
    ck_assert_uint_eq(then.level + then.overruns, 30000);
    end();
}
END_TEST

START_TEST(the_clock_starts_when_the_device_is_enabled)
{
    start(FIFO_DEV_TO_MEM);
    fifo->start_ps = 500001; /* first edge at or after: 51 */
    build();
    ck_assert_uint_eq(after(150).level, 0);
    ck_assert_uint_eq(after(151).level, 1);
    end();

    start(FIFO_DEV_TO_MEM);
    fifo->start = FIFO_START_DRIVER;
    access_at(20, true, 8); /* HWDATA d0000000: CTRL.ENABLE = 0 */
    access_at(40, true, 4); /* two beats: STATUS, then d0010001 to CTRL in data phase 41 */
    commands[1].beats = 2;
    commands[1].burst = AHB_INCR;
    build();
    ck_assert_uint_eq(after(140).level, 0);
    ck_assert_uint_eq(after(141).level, 1);
    end();
}
END_TEST

START_TEST(jitter_delays_items_by_no_more_than_its_share_and_keeps_the_mean)
{
    start(FIFO_DEV_TO_MEM);
    fifo->jitter_percent = 50;
    fifo->depth = 4096;
    build();
    bool late = false;
    for (uint32_t i = 1; i <= 2000; i++) {
        uint32_t early = after(100 * i - 1).level;
        ck_assert_uint_eq(early, i - 1);
        late |= after(100 * i).level == i - 1;
        ck_assert_uint_eq(after(100 * i + 50).level, i);
    }
    ck_assert(late);
    end();
}
END_TEST

START_TEST(a_finite_source_ends)
{
    static const uint8_t content[] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66};
    start(FIFO_DEV_TO_MEM);
    fifo->width_bits = 16;
    fifo->source.file = (struct parameter_blob){"in.bin", content, sizeof content};
    access_at(1000, false, 0);
    access_at(1002, false, 0);
    access_at(1004, false, 0);
    build();
    struct test_log beats;
    test_observe(&t, &beats, "ahb_beat", NULL);
    struct fifo_record end_state = after(5000);
    ck_assert_uint_eq(end_state.level, 0);
    ck_assert_uint_eq(end_state.underruns, 0);
    ck_assert_uint_eq(beats.count, 3);
    ck_assert_uint_eq(TEST_RECORD(&beats, struct ahb_beat, 0)->data.lane[0], 0x2211);
    ck_assert_uint_eq(TEST_RECORD(&beats, struct ahb_beat, 1)->data.lane[0], 0x4433);
    ck_assert_uint_eq(TEST_RECORD(&beats, struct ahb_beat, 2)->data.lane[0], 0x6655);
    test_log_end(&beats);
    end();
}
END_TEST

START_TEST(without_a_rate_the_fifo_stays_full_and_loses_nothing)
{
    start(FIFO_DEV_TO_MEM);
    fifo->rate = 0;
    access_at(50, false, 0);
    build();
    ck_assert_uint_eq(after(7).level, 7); /* from cycle 1 on, one each cycle */
    ck_assert_uint_eq(after(8).level, 8);
    struct fifo_record state = after(100);
    ck_assert_uint_eq(state.level, 8); /* refilled after the read */
    ck_assert_uint_eq(state.overruns, 0);
    end();
}
END_TEST

/* ---- losses -------------------------------------------------------------------------------- */

START_TEST(an_item_that_finds_the_fifo_full_is_lost_and_counted)
{
    start(FIFO_DEV_TO_MEM);
    build();
    ck_assert_uint_eq(after(800).overruns, 0);
    ck_assert_uint_eq(after(899).overruns, 0);
    struct fifo_record state = after(900);
    ck_assert_uint_eq(state.level, 8);
    ck_assert_uint_eq(state.overruns, 1);
    end();
}
END_TEST

START_TEST(a_read_at_the_edge_of_an_arrival_makes_room_for_it)
{
    for (sim_cycle accepted = 899; accepted <= 901; accepted++) {
        start(FIFO_DEV_TO_MEM);
        access_at(accepted + 1, false, 0);
        build();
        ck_assert_uint_eq(after(950).overruns, accepted <= 900 ? 0 : 1);
        end();
    }
}
END_TEST

START_TEST(a_read_of_an_empty_fifo_is_an_underrun_also_at_the_edge_of_an_arrival)
{
    for (sim_cycle accepted = 100; accepted <= 101; accepted++) {
        start(FIFO_DEV_TO_MEM);
        access_at(accepted + 1, false, 0);
        build();
        struct fifo_record state = after(150);
        ck_assert_uint_eq(state.underruns, accepted == 100 ? 1 : 0);
        ck_assert_uint_eq(state.level, accepted == 100 ? 1 : 0);
        end();
    }
}
END_TEST

/* ---- mem_to_dev ---------------------------------------------------------------------------- */

START_TEST(the_first_item_leaves_a_period_after_it_came)
{
    start(FIFO_MEM_TO_DEV);
    access_at(40, true, 0);
    access_at(42, true, 0);
    build();
    ck_assert_uint_eq(after(40).level, 1);
    ck_assert_uint_eq(after(139).level, 2);
    ck_assert_uint_eq(after(140).level, 1);
    ck_assert_uint_eq(after(239).level, 1);
    ck_assert_uint_eq(after(240).level, 0);
    /* Nobody said how much would come: the clock of a controller's stream goes on until FINISH. */
    ck_assert_uint_eq(after(339).underruns, 0);
    ck_assert_uint_eq(after(340).underruns, 1);
    ck_assert_uint_eq(after(2000).underruns, 17);
    acknowledge(HANDSHAKE_ACK | HANDSHAKE_FINISH);
    ck_assert_uint_eq(after(3000).underruns, 17);
    end();
}
END_TEST

/* ---- what is owed to a sending device --------------------------------------------------------- */

static struct feed feeds[2];

/* A device with this much on its way to it: two items of a byte come at 40, 42; more from `later` on. */
static void start_fed(sim_cycle later)
{
    start(FIFO_MEM_TO_DEV);
    access_at(40, true, 0);
    access_at(42, true, 0);
    access_at(later, true, 0);
    access_at(later + 2, true, 0);
    build();
    memset(feeds, 0, sizeof feeds);
    for (unsigned i = 0; i < 2; i++)
        fifo_device_type.fed(test_find(&t, SECTION_PERIPHERALS, "uart"), &feeds[i]);
}

static void feed(unsigned which, uint64_t bytes)
{
    wire_put(&feeds[which].wire, t.system.kernel.now, bytes);
}

START_TEST(a_missing_item_of_a_transfer_is_an_underrun_and_what_comes_after_it_is_none)
{
    start_fed(890);
    feed(0, 4);
    ck_assert_uint_eq(after(240).level, 0);
    ck_assert_uint_eq(after(339).underruns, 0);
    ck_assert_uint_eq(after(340).underruns, 1);
    ck_assert_uint_eq(after(840).underruns, 6);
    ck_assert_uint_eq(after(939).level, 2);
    ck_assert_uint_eq(after(940).level, 1); /* the clock went on */
    ck_assert_uint_eq(after(1040).level, 0);
    ck_assert_uint_eq(after(5000).underruns, 6);
    end();
}
END_TEST

START_TEST(between_two_transfers_the_clock_stands)
{
    start_fed(890);
    feed(0, 2);
    ck_assert_uint_eq(after(240).level, 0);
    after(300);
    feed(0, 0);
    after(800);
    feed(0, 2);
    ck_assert_uint_eq(after(890).level, 1);
    ck_assert_uint_eq(after(989).level, 2);
    ck_assert_uint_eq(after(990).level, 1); /* a period after it came */
    ck_assert_uint_eq(after(5000).underruns, 0);
    end();
}
END_TEST

START_TEST(what_two_transfers_owe_is_added)
{
    start_fed(890);
    feed(0, 1);
    feed(1, 3);
    after(100);
    feed(0, 0);
    ck_assert_uint_eq(after(840).underruns, 6);
    ck_assert_uint_eq(after(5000).underruns, 6);
    end();
}
END_TEST

START_TEST(an_endless_transfer_owes_until_it_is_stopped)
{
    start_fed(890);
    feed(1, FEED_ENDLESS);
    ck_assert_uint_eq(after(840).underruns, 6);
    ck_assert_uint_eq(after(1040).level, 0);
    ck_assert_uint_eq(after(1139).underruns, 6);
    ck_assert_uint_eq(after(1140).underruns, 7);
    feed(1, 0); /* seen at 1141 */
    ck_assert_uint_eq(after(5000).underruns, 7);
    end();
}
END_TEST

START_TEST(a_device_can_be_one_that_always_misses_or_always_waits)
{
    for (unsigned waits = 0; waits < 2; waits++) {
        start(FIFO_MEM_TO_DEV);
        fifo->when_empty = waits ? FIFO_WAITS : FIFO_MISSES;
        fifo->controller = UINT16_MAX;
        fifo->bytes = waits ? 3 : 0;
        access_at(40, true, 0);
        access_at(560, true, 0);
        build();
        ck_assert_uint_eq(after(140).level, 0);
        ck_assert_uint_eq(after(239).underruns, 0);
        ck_assert_uint_eq(after(240).underruns, waits ? 0 : 1);
        ck_assert_uint_eq(after(639).level, 1);
        ck_assert_uint_eq(after(640).level, waits ? 1 : 0);
        ck_assert_uint_eq(after(660).level, 0);
        ck_assert_uint_eq(after(1040).underruns, waits ? 0 : 8);
        end();
    }
}
END_TEST

START_TEST(a_device_that_is_off_keeps_no_run_open)
{
    static const struct {
        enum fifo_start start;
        uint64_t bytes;
        bool on, off;
        unsigned holds;
    } cases[] = {
        {FIFO_START_DRIVER, 0, false, false, 0}, {FIFO_START_DRIVER, 9, false, false, 0},
        {FIFO_START_DRIVER, 0, true, false, 1},  {FIFO_START_DRIVER, 9, true, false, 1},
        {FIFO_START_DRIVER, 0, true, true, 0},   {FIFO_START_DRIVER, 9, true, true, 0},
        {FIFO_START_TIME, 9, false, false, 1},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        start(FIFO_MEM_TO_DEV);
        fifo->start = (uint8_t)cases[i].start;
        fifo->start_ps = UINT64_C(1000000000);
        fifo->bytes = cases[i].bytes;
        build();
        struct component *uart = test_find(&t, SECTION_PERIPHERALS, "uart");
        uint64_t one = 1, none = 0, item = 0x55;
        after(0);
        if (cases[i].on)
            fifo_device_type.access(uart, 8, 4, true, &one);
        for (unsigned n = 0; n < 2; n++)
            fifo_device_type.access(uart, 0, 4, true, &item);
        if (cases[i].off)
            fifo_device_type.access(uart, 8, 4, true, &none);
        after(50);
        ck_assert_uint_eq(t.system.kernel.holds, cases[i].holds);
        end();
    }
}
END_TEST

START_TEST(the_stream_carries_what_was_written_and_holds_the_run_open)
{
    struct test_log stream;
    start(FIFO_MEM_TO_DEV);
    fifo->width_bits = 32;
    fifo->rate = 4000000;
    fifo->bytes = 12;
    for (sim_cycle i = 0; i < 3; i++)
        access_at(40 + 2 * i, true, 0);
    build();
    test_observe(&t, &stream, "stream", "uart");
    ck_assert(test_run(&t, 10000000));
    ck_assert_uint_eq(t.system.kernel.now, 340 * TEST_PERIOD_PS);
    ck_assert_uint_eq(stream.count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        const struct stream_record *record = TEST_RECORD(&stream, struct stream_record, i);
        ck_assert_uint_eq(record->value, 0xd0000000 + (i << 16));
        ck_assert_uint_eq(record->bytes, 4);
        ck_assert_uint_eq(stream.cycles[i], 140 + 100 * i);
    }
    test_log_end(&stream);
    end();
}
END_TEST

START_TEST(a_missing_item_before_the_total_is_an_underrun)
{
    start(FIFO_MEM_TO_DEV);
    fifo->bytes = 2;
    access_at(40, true, 0);
    access_at(240, true, 0); /* due at this very edge: too late */
    build();
    ck_assert_uint_eq(after(239).underruns, 0);
    ck_assert_uint_eq(after(240).underruns, 1);
    ck_assert_uint_eq(after(339).level, 1);
    ck_assert_uint_eq(after(340).level, 0);
    ck_assert_uint_eq(after(2000).underruns, 1);
    end();
}
END_TEST

START_TEST(a_write_to_a_full_fifo_is_lost_and_counted)
{
    start(FIFO_MEM_TO_DEV);
    for (sim_cycle i = 0; i < 9; i++)
        access_at(20 + 2 * i, true, 0);
    build();
    ck_assert_uint_eq(after(35).overruns, 0);
    struct fifo_record state = after(36);
    ck_assert_uint_eq(state.level, 8);
    ck_assert_uint_eq(state.overruns, 1);
    end();
}
END_TEST

/* ---- request lines -------------------------------------------------------------------------- */

START_TEST(single_rises_with_the_first_item_and_burst_with_the_threshold)
{
    start(FIFO_DEV_TO_MEM);
    build();
    ck_assert_uint_eq(after(99).request, 0);
    ck_assert_uint_eq(after(100).request, HANDSHAKE_SINGLE);
    ck_assert_uint_eq(after(399).request, HANDSHAKE_SINGLE);
    ck_assert_uint_eq(after(400).request, HANDSHAKE_SINGLE | HANDSHAKE_BURST);
    end();

    start(FIFO_DEV_TO_MEM);
    fifo->single = false;
    build();
    ck_assert_uint_eq(after(399).request, 0);
    ck_assert_uint_eq(after(400).request, HANDSHAKE_BURST);
    end();
}
END_TEST

START_TEST(a_request_stays_until_acknowledged_falls_and_waits_for_the_acknowledge_to_fall)
{
    start(FIFO_DEV_TO_MEM);
    fifo->single = false;
    for (sim_cycle i = 0; i < 4; i++)
        access_at(450 + 2 * i, false, 0);
    build();
    ck_assert_uint_eq(after(480).request, HANDSHAKE_BURST); /* drained, still asking */
    acknowledge(HANDSHAKE_ACK);                             /* from edge 481 on */
    ck_assert_uint_eq(after(481).request, 0);
    ck_assert_uint_eq(after(850).level, 4);
    ck_assert_uint_eq(after(850).request, 0); /* a new burst waits, ACK is up */
    acknowledge(0);
    ck_assert_uint_eq(after(851).request, HANDSHAKE_BURST);
    end();
}
END_TEST

/* BURST is up from cycle 401 on, and the address of the first read is taken with the edge that ends 419; again from 601
 * on, taken with the edge that ends 609. SINGLE is up meanwhile and is not what was served. */
START_TEST(a_request_lasts_from_its_first_cycle_to_the_edge_that_moves_an_item)
{
    struct test_log intervals;
    start(FIFO_DEV_TO_MEM);
    access_at(420, false, 0);
    access_at(425, false, 0);
    access_at(610, false, 0);
    build();
    test_observe(&t, &intervals, "interval", "uart");
    after(418);
    ck_assert_uint_eq(test_figure(&t.system, "fifo.uart.requests"), 0);
    after(419);
    ck_assert_uint_eq(test_figure(&t.system, "fifo.uart.requests"), 1);
    after(430);
    acknowledge(HANDSHAKE_ACK);
    after(440);
    acknowledge(0);
    after(599);
    ck_assert_uint_eq(after(600).request, HANDSHAKE_BURST | HANDSHAKE_SINGLE);
    after(700);
    ck_assert_uint_eq(test_figure(&t.system, "fifo.uart.requests"), 2);
    ck_assert_uint_eq(test_figure(&t.system, "fifo.uart.request_cycles"), 420 - 401 + 610 - 601);
    ck_assert_uint_eq(test_figure(&t.system, "fifo.uart.longest_request"), 19);
    ck_assert_uint_eq(test_figure(&t.system, "fifo.uart.max_level"), 4);
    ck_assert_uint_eq(test_figure(&t.system, "fifo.uart.min_level"), 2); /* 425 to 499 */
    ck_assert_uint_eq(intervals.count, 2);
    const struct interval_record *first = TEST_RECORD(&intervals, struct interval_record, 0);
    ck_assert_uint_eq(first->kind, INTERVAL_REQUEST);
    ck_assert_uint_eq(first->ps, 19 * TEST_PERIOD_PS);
    ck_assert_uint_eq(intervals.cycles[1], 609);
    test_log_end(&intervals);
    end();
}
END_TEST

/* It asks from cycle 1 on and is written by the edge that ends 10. With the fifth of six items no burst is asked for any
 * more: from there to the last one is its reserve. */
START_TEST(the_lowest_level_is_that_between_filling_and_the_last_item)
{
    start(FIFO_MEM_TO_DEV);
    fifo->bytes = 6;
    for (unsigned i = 0; i < 6; i++)
        access_at(10 + (i < 5 ? 2 * i : 120), true, 0);
    build();
    after(117);
    ck_assert_uint_eq(test_figure(&t.system, "fifo.uart.request_cycles"), 11 - 1);
    ck_assert_uint_eq(test_figure(&t.system, "fifo.uart.min_level"), 4); /* one left at 110 */
    after(2000);
    ck_assert_uint_eq(test_figure(&t.system, "fifo.uart.min_level"), 4);
    ck_assert_uint_eq(test_figure(&t.system, "fifo.uart.max_level"), 5);
    ck_assert_uint_eq(test_figure(&t.system, "fifo.uart.underruns"), 0);
    end();
}
END_TEST

START_TEST(room_is_what_mem_to_dev_asks_for)
{
    start(FIFO_MEM_TO_DEV);
    fifo->single = false;
    for (sim_cycle i = 0; i < 5; i++)
        access_at(20 + 2 * i, true, 0);
    build();
    ck_assert_uint_eq(after(0).request, HANDSHAKE_BURST);
    ck_assert_uint_eq(after(30).level, 5); /* room for 3 */
    acknowledge(HANDSHAKE_ACK);
    ck_assert_uint_eq(after(31).request, 0);
    acknowledge(0);
    ck_assert_uint_eq(after(119).request, 0);
    ck_assert_uint_eq(after(120).request, HANDSHAKE_BURST); /* the first item left */
    end();
}
END_TEST

START_TEST(as_flow_controller_it_marks_the_last_request)
{
    start(FIFO_DEV_TO_MEM);
    fifo->last = true;
    fifo->source.bytes = 9; /* two bursts and a single item */
    for (sim_cycle i = 0; i < 4; i++)
        access_at(450 + 2 * i, false, 0);
    for (sim_cycle i = 0; i < 4; i++)
        access_at(850 + 2 * i, false, 0);
    build();
    ck_assert_uint_eq(after(399).request, 0);
    ck_assert_uint_eq(after(460).request, HANDSHAKE_BURST);
    acknowledge(HANDSHAKE_ACK);
    after(461);
    acknowledge(0);
    ck_assert_uint_eq(after(799).request, 0);
    ck_assert_uint_eq(after(860).request, HANDSHAKE_BURST);
    acknowledge(HANDSHAKE_ACK);
    after(861);
    acknowledge(0);
    ck_assert_uint_eq(after(899).request, 0);
    ck_assert_uint_eq(after(900).request, HANDSHAKE_SINGLE | HANDSHAKE_LAST);
    end();

    start(FIFO_DEV_TO_MEM);
    fifo->last = true;
    fifo->source.bytes = 4;
    build();
    ck_assert_uint_eq(after(400).request, HANDSHAKE_BURST | HANDSHAKE_LAST);
    end();
}
END_TEST

START_TEST(what_does_not_fit_is_refused_with_a_reason)
{
    start(FIFO_DEV_TO_MEM);
    fifo->base = BASE + 4;
    fifo->threshold = 9;
    fifo->bytes = 12;
    fifo->last = true;
    test_check(&t);
    ck_assert_ptr_nonnull(strstr(t.errors, "uart.base: must be a multiple of 0x400"));
    ck_assert_ptr_nonnull(strstr(t.errors, "uart.threshold: 9 items never fit in a FIFO of 8"));
    ck_assert_ptr_nonnull(strstr(t.errors, "uart.bytes: belongs to mem_to_dev"));
    ck_assert_ptr_nonnull(strstr(t.errors, "uart.last: "));
    ck_assert_uint_eq(t.check.failures, 4);
    test_plan_end(&t);
}
END_TEST

START_TEST(an_item_is_no_wider_than_the_bus)
{
    start(FIFO_DEV_TO_MEM);
    fifo->width_bits = 64;
    test_check(&t);
    ck_assert_str_eq(t.errors, "uart.width_bits: 64 bits are wider than the bus, 32\n");
    test_plan_end(&t);
    start(FIFO_DEV_TO_MEM);
    fifo->width_bits = 64;
    test_bus_config(&t)->width_bits = 64;
    test_check(&t);
    ck_assert_uint_eq(t.check.failures, 0);
    test_plan_end(&t);
}
END_TEST

START_TEST(a_request_line_has_one_device)
{
    start(FIFO_DEV_TO_MEM);
    struct fifo_config *second = test_add(&t, SECTION_PERIPHERALS, "fifo", "spi");
    *second = *fifo;
    second->base = BASE + 0x400;
    second->line = 0;
    build();
    end();

    start(FIFO_DEV_TO_MEM);
    second = test_add(&t, SECTION_PERIPHERALS, "fifo", "spi");
    *second = *fifo;
    second->base = BASE + 0x400;
    t.built = true;
    ck_assert_int_eq(system_create(&t.system, &t.plan, 0, &t.check), DMASIM_INVALID);
    ck_assert_ptr_nonnull(strstr(t.errors, "spi.line: request line 1 of dma is that of uart"));
    test_plan_end(&t);
}
END_TEST

TEST_MAIN("fifo_device", an_item_arrives_at_its_edge_and_not_one_before,
          a_period_that_is_no_whole_number_of_picoseconds_does_not_drift,
          the_clock_starts_when_the_device_is_enabled,
          jitter_delays_items_by_no_more_than_its_share_and_keeps_the_mean, a_finite_source_ends,
          without_a_rate_the_fifo_stays_full_and_loses_nothing,
          an_item_that_finds_the_fifo_full_is_lost_and_counted,
          a_read_at_the_edge_of_an_arrival_makes_room_for_it,
          a_read_of_an_empty_fifo_is_an_underrun_also_at_the_edge_of_an_arrival,
          the_first_item_leaves_a_period_after_it_came,
          a_missing_item_of_a_transfer_is_an_underrun_and_what_comes_after_it_is_none,
          between_two_transfers_the_clock_stands, what_two_transfers_owe_is_added,
          an_endless_transfer_owes_until_it_is_stopped,
          a_device_can_be_one_that_always_misses_or_always_waits,
          a_device_that_is_off_keeps_no_run_open,
          the_stream_carries_what_was_written_and_holds_the_run_open,
          a_missing_item_before_the_total_is_an_underrun,
          a_write_to_a_full_fifo_is_lost_and_counted,
          single_rises_with_the_first_item_and_burst_with_the_threshold,
          an_item_is_no_wider_than_the_bus,
          a_request_lasts_from_its_first_cycle_to_the_edge_that_moves_an_item,
          the_lowest_level_is_that_between_filling_and_the_last_item,
          a_request_stays_until_acknowledged_falls_and_waits_for_the_acknowledge_to_fall,
          room_is_what_mem_to_dev_asks_for, as_flow_controller_it_marks_the_last_request,
          what_does_not_fit_is_refused_with_a_reason, a_request_line_has_one_device)
