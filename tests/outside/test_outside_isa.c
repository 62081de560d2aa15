/* SPDX-License-Identifier: BSD-2-Clause */
/* Masters, slaves and request lines outside, on ISA, half by half: half n ends with the edge at (n + 1) * 100 ns.
 * Bus cycles of the CPU: bus/isa/isa_host.c; of the DMA controller: Intel 8237A data sheet, "Timing". */
#include "outside_fixture.h"

#define NS100 UINT64_C(100000)
#define PORT UINT64_C(0x80000000)

static const char scenario[] =
    "clocks: { clk: { frequency: 5 MHz } }\n"
    "buses: { isa: { type: isa, clock: clk, hlda_clocks: 1 } }\n"
    "controllers: { dma: { type: \"intel,8237a\", bus: isa, port: 0 } }\n"
    "memories:\n"
    "  ram: { type: isa-memory, bus: isa, base: 0, size: 64 KiB, fill: { pattern: count } }\n"
    "  late: { type: outside, bus: isa, base: 0x2_0000, size: 256 }\n"
    "masters: { cpu: { type: outside, bus: isa } }\n"
    "peripherals:\n"
    "  uart: { type: outside, bus: isa, base: 0x8000_03f8, size: 8 }\n"
    "  disk: { type: outside-line, controller: dma, line: 2 }\n";

static void setup(void)
{
    sim = create(scenario, false, false);
}

/* T1 in halves 10 and 11, T2 in 12 and 13, T3 in 14 and 15, T4 in 16 and 17. */
START_TEST(a_transfer_takes_four_clocks_for_each_byte)
{
    to(10 * NS100); /* the edge that ends half 9 */
    start("cpu", false, 0x1234, 1, NULL);
    expect("cpu", DMASIM_EVENT_TRANSFER, 18 * NS100);
    ck_assert_uint_eq(event.data[0], 0x34);
    to(30 * NS100);
    start("cpu", true, 0x1003, 3, "abc");
    expect("cpu", DMASIM_EVENT_TRANSFER, 54 * NS100);
    start("cpu", false, 0x1002, 5, NULL);
    expect("cpu", DMASIM_EVENT_TRANSFER, 94 * NS100);
    ck_assert_mem_eq(event.data, "\2abc\6", 5);
}
END_TEST

START_TEST(there_is_nothing_between_memory_and_ports)
{
    const struct dmasim_transfer beyond = {.address = 0xffffff, .bytes = 2},
                                 between = {.address = 0x2000000, .bytes = 1},
                                 last = {.address = PORT + 0xffff, .bytes = 1};
    ck_assert_int_eq(dmasim_transfer_start(port("cpu"), &beyond, NULL), DMASIM_UNMAPPED);
    ck_assert_int_eq(dmasim_transfer_start(port("cpu"), &between, NULL), DMASIM_UNMAPPED);
    ck_assert_int_eq(dmasim_transfer_start(port("cpu"), &last, NULL), DMASIM_OK);
}
END_TEST

/* READY is looked at where T3 (half 15) and each TW end. */
START_TEST(a_read_waits_for_its_answer)
{
    static const struct {
        uint64_t answer_ps, end;
    } cases[] = {{13 * NS100, 18},     {16 * NS100 - 1, 18}, {16 * NS100, 20},
                 {18 * NS100 - 1, 20}, {18 * NS100, 22},     {10000000 * NS100, 10000004}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        to(10 * NS100);
        start("cpu", false, 0x20004, 1, NULL);
        expect("late", DMASIM_EVENT_REQUEST, 13 * NS100); /* MEMR goes on in half 12 */
        ck_assert_uint_eq(event.address, 0x20004);
        ck_assert_uint_eq(event.bytes, 1);
        ck_assert(!event.write && !event.dma);
        ck_assert_str_eq(event.master, "cpu");
        const struct dmasim_event request = event;
        if (cases[i].answer_ps > dmasim_now(sim))
            to(cases[i].answer_ps);
        event = request;
        ck_assert_int_eq(answer(DMASIM_RESPONSE_ERROR, NULL), DMASIM_INVALID);
        okay("x");
        expect("cpu", DMASIM_EVENT_TRANSFER, cases[i].end * NS100);
        ck_assert_uint_eq(event.data[0], 'x');
        done();
        setup();
    }
}
END_TEST

START_TEST(nobody_steps_while_an_answer_is_awaited)
{
    to(10 * NS100);
    start("cpu", false, PORT + 0x3f8, 1, NULL);
    expect("uart", DMASIM_EVENT_REQUEST, 13 * NS100);
    ck_assert_uint_eq(event.address, PORT + 0x3f8);
    to(30 * NS100);
    ck_assert_uint_eq(dmasim_next(sim), DMASIM_NEVER);
}
END_TEST

START_TEST(a_write_is_asked_in_the_half_before_ready_is_looked_at)
{
    to(10 * NS100);
    start("cpu", true, PORT + 0x3f9, 1, "w");
    expect("uart", DMASIM_EVENT_REQUEST, 15 * NS100);
    ck_assert(event.write);
    ck_assert_uint_eq(event.data[0], 'w');
    okay(NULL);
    expect("cpu", DMASIM_EVENT_TRANSFER, 18 * NS100);
}
END_TEST

/* READY is looked at where T3 (half 15) ends. Without an answer it is low from there on; with wait_states 1 it is low at
 * the first look anyway. */
START_TEST(ready_may_be_low_only_where_it_is_looked_at)
{
    static const struct {
        const char *waits;
        uint64_t answer_ps, end;
    } cases[] = {{"0", 13 * NS100, 18},     {"0", 16 * NS100 - 1, 18}, {"0", 16 * NS100, 20},
                 {"0", 18 * NS100 - 1, 20}, {"1", 13 * NS100, 20},     {"1", 18 * NS100 - 1, 20},
                 {"1", 18 * NS100, 22}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "clocks: { clk: { frequency: 5 MHz } }\n"
                 "buses: { isa: { type: isa, clock: clk } }\n"
                 "memories: { late: { type: outside, bus: isa, base: 0, size: 256,\n"
                 "                    ready_first: true, wait_states: %s } }\n"
                 "masters: { cpu: { type: outside, bus: isa } }\n",
                 cases[i].waits);
        done();
        sim = create(text, false, false);
        to(10 * NS100);
        start("cpu", false, 0x20, 1, NULL);
        expect("late", DMASIM_EVENT_REQUEST, 13 * NS100);
        const uint64_t id = event.id;
        dmasim_advance(sim, cases[i].answer_ps);
        const struct dmasim_answer given = {id, DMASIM_RESPONSE_OKAY, "x", 1};
        ck_assert_int_eq(dmasim_request_answer(port("late"), &given), DMASIM_OK);
        expect("cpu", DMASIM_EVENT_TRANSFER, cases[i].end * NS100);
        ck_assert_uint_eq(event.data[0], 'x');
    }
}
END_TEST

/* ---- DREQ, DACK, EOP ------------------------------------------------------------------------- */

static void out(unsigned at, uint8_t value)
{
    start("cpu", true, PORT + at, 1, &value);
    go(sim, dmasim_now(sim) + 1000 * NS100);
    ck_assert(dmasim_event_take(sim, &event));
    ck_assert_int_eq(event.kind, DMASIM_EVENT_TRANSFER);
}

/* Channel 2: `transfer` 1 writes memory, 2 reads it; single mode, from 0x100 on, `bytes` of them. */
static void program(unsigned transfer, unsigned bytes, uint8_t command)
{
    out(8, command);
    out(12, 0);
    out(4, 0x00), out(4, 0x01);
    out(5, (uint8_t)(bytes - 1)), out(5, 0);
    out(11, (uint8_t)(0x40 | transfer << 2 | 2));
    out(10, 2);
}

/* The edge of a first half, so that what is set is on the bus in a second half. */
static uint64_t first_half(void)
{
    const uint64_t edge = dmasim_now(sim) / NS100 / 2 * 2 + 11;
    to(edge * NS100);
    return edge;
}

/* Data sheet: SI, S0 until HLDA, S1, S2, S3, S4. DREQ is looked at where a clock ends. */
START_TEST(a_device_is_read_by_its_dack)
{
    program(1, 2, 0);
    const uint64_t edge = first_half();
    ck_assert_int_eq(dmasim_level_set(port("disk"), DMASIM_LEVEL_DREQ), DMASIM_OK);
    go(sim, edge * NS100 + 100 * NS100);
    ck_assert(dmasim_event_take(sim, &event));
    ck_assert_int_eq(event.kind, DMASIM_EVENT_LEVEL);
    ck_assert_uint_eq(event.level, DMASIM_LEVEL_DACK);
    const uint64_t dack = event.time_ps / NS100; /* DACK comes with S2, IOR in its second half */
    expect("disk", DMASIM_EVENT_REQUEST, (dack + 1) * NS100);
    ck_assert(event.dma && !event.write);
    ck_assert_str_eq(event.master, "dma");
    const struct dmasim_event request = event;
    to((dack + 50) * NS100);
    ck_assert_uint_eq(dmasim_next(sim), DMASIM_NEVER);
    event = request;
    okay("D");
    expect("disk", DMASIM_EVENT_LEVEL, event.time_ps + 53 * NS100);
    ck_assert_uint_eq(event.level, 0);

    /* The second byte is the last: EOP. */
    go(sim, dmasim_now(sim) + 100 * NS100);
    ck_assert(dmasim_event_take(sim, &event));
    ck_assert_uint_eq(event.level, DMASIM_LEVEL_DACK);
    go(sim, dmasim_now(sim) + 100 * NS100);
    ck_assert(dmasim_event_take(sim, &event));
    ck_assert_int_eq(event.kind, DMASIM_EVENT_REQUEST);
    ck_assert_int_eq(dmasim_level_set(port("disk"), 0), DMASIM_OK);
    okay("E");
    go(sim, dmasim_now(sim) + 100 * NS100);
    ck_assert(dmasim_event_take(sim, &event));
    ck_assert_uint_eq(event.level, DMASIM_LEVEL_DACK | DMASIM_LEVEL_EOP);
    for (unsigned level = DMASIM_LEVEL_DACK + 1; level-- > 0;) {
        go(sim, dmasim_now(sim) + 100 * NS100);
        ck_assert(dmasim_event_take(sim, &event));
        ck_assert_uint_eq(event.level, level);
    }

    start("cpu", false, 0x100, 3, NULL);
    go(sim, dmasim_now(sim) + 1000 * NS100);
    ck_assert(dmasim_event_take(sim, &event));
    ck_assert_mem_eq(event.data, "DE\2", 3);
}
END_TEST

/* Late write: IOW comes with the look at READY, in the second half of S3; extended, in that of S2. */
START_TEST(a_device_is_written_by_its_dack)
{
    for (unsigned extended = 0; extended < 2; extended++) {
        program(2, 1, extended ? 0x20 : 0);
        const uint64_t edge = first_half();
        ck_assert_int_eq(dmasim_level_set(port("disk"), DMASIM_LEVEL_DREQ), DMASIM_OK);
        go(sim, edge * NS100 + 100 * NS100);
        ck_assert(dmasim_event_take(sim, &event));
        const uint64_t s2 = event.time_ps / NS100; /* the edge that ends its first half */
        if (!extended) { /* EOP in the second half of S3, as it is seen there */
            expect("disk", DMASIM_EVENT_LEVEL, (s2 + 3) * NS100);
            ck_assert_uint_eq(event.level, DMASIM_LEVEL_DACK | DMASIM_LEVEL_EOP);
        }
        expect("disk", DMASIM_EVENT_REQUEST, (s2 + (extended ? 2 : 3)) * NS100);
        ck_assert(event.write && event.dma);
        ck_assert_uint_eq(event.data[0], 0x00);
        ck_assert_int_eq(dmasim_level_set(port("disk"), 0), DMASIM_OK);
        okay(NULL);
        if (extended) {
            expect("disk", DMASIM_EVENT_LEVEL,
                   (s2 + 4) * NS100); /* with S4: i8237.c, Inaccuracies */
            ck_assert_uint_eq(event.level, DMASIM_LEVEL_DACK | DMASIM_LEVEL_EOP);
        }
        /* EOP goes off in the middle of S4, DACK after it: with a late write one SW comes first. */
        expect("disk", DMASIM_EVENT_LEVEL, (s2 + (extended ? 5 : 7)) * NS100);
        ck_assert_uint_eq(event.level, DMASIM_LEVEL_DACK);
        expect("disk", DMASIM_EVENT_LEVEL, (s2 + (extended ? 6 : 8)) * NS100);
        ck_assert_uint_eq(event.level, 0);
        done();
        setup();
    }
}
END_TEST

/* Both ends of a DMA cycle outside: the write is asked once the read has been answered. */
START_TEST(data_may_come_from_outside_and_go_there)
{
    done();
    sim = create("clocks: { clk: { frequency: 5 MHz } }\n"
                 "buses: { isa: { type: isa, clock: clk, hlda_clocks: 1 } }\n"
                 "controllers: { dma: { type: \"intel,8237a\", bus: isa, port: 0 } }\n"
                 "memories: { late: { type: outside, bus: isa, base: 0, size: 64 KiB } }\n"
                 "masters: { cpu: { type: outside, bus: isa } }\n"
                 "peripherals: { disk: { type: outside-line, controller: dma, line: 2 } }\n",
                 false, false);
    program(1, 1, 0x20);
    const uint64_t edge = first_half();
    ck_assert_int_eq(dmasim_level_set(port("disk"), DMASIM_LEVEL_DREQ), DMASIM_OK);
    go(sim, edge * NS100 + 100 * NS100);
    ck_assert(dmasim_event_take(sim, &event));
    const uint64_t s2 = event.time_ps / NS100;
    expect("disk", DMASIM_EVENT_REQUEST, (s2 + 1) * NS100);
    const struct dmasim_event request = event;
    to((s2 + 40) * NS100);
    event = request;
    okay("R");
    expect("late", DMASIM_EVENT_REQUEST, (s2 + 41) * NS100);
    ck_assert(event.write && event.dma);
    ck_assert_uint_eq(event.address, 0x100);
    ck_assert_uint_eq(event.data[0], 'R');
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("outside-isa");
    TCase *ports = tcase_create("ports");
    tcase_add_checked_fixture(ports, setup, done);
    tcase_add_test(ports, a_transfer_takes_four_clocks_for_each_byte);
    tcase_add_test(ports, there_is_nothing_between_memory_and_ports);
    tcase_add_test(ports, a_read_waits_for_its_answer);
    tcase_add_test(ports, nobody_steps_while_an_answer_is_awaited);
    tcase_add_test(ports, a_write_is_asked_in_the_half_before_ready_is_looked_at);
    tcase_add_test(ports, ready_may_be_low_only_where_it_is_looked_at);
    tcase_add_test(ports, a_device_is_read_by_its_dack);
    tcase_add_test(ports, a_device_is_written_by_its_dack);
    tcase_add_test(ports, data_may_come_from_outside_and_go_there);
    suite_add_tcase(suite, ports);
    return suite_run(suite);
}
