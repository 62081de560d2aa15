/* SPDX-License-Identifier: BSD-2-Clause */
/* Masters and slaves outside, on AXI4 and AXI4-Lite (Arm IHI 0022E), cycle by cycle. Edge n is at n * 10 ns. */
#include "outside_fixture.h"

#define NS10 UINT64_C(10000)

/* A memory beside the slave: a crossbar whose grants are combinational joins them in the same cycle. */
static const char scenario[] =
    "clocks: { aclk: { frequency: 100 MHz } }\n"
    "buses: { axi: { type: axi, clock: aclk, width: 64 } }\n"
    "memories:\n"
    "  ram: { type: axi-sram, bus: axi, base: 0x1_0000_0000, size: 16 KiB, fill: { pattern: count "
    "} }\n"
    "  late: { type: outside, bus: axi, base: 0x2_0000_0000, size: 16 KiB, outstanding_reads: 2 }\n"
    "masters:\n"
    "  cpu: { type: outside, bus: axi, buffer: 8 KiB }\n"
    "  gpu: { type: outside, bus: axi }\n";

/* One slave and one master: wires. */
static const char pair[] =
    "clocks: { aclk: { frequency: 100 MHz } }\n"
    "buses: { axi: { type: axi, clock: aclk, width: 1024 } }\n"
    "memories: { late: { type: outside, bus: axi, base: 0x2_0000_0000, size: 4 KiB } }\n"
    "masters: { cpu: { type: outside, bus: axi, buffer: 8 KiB } }\n";

static void setup(void)
{
    sim = create(scenario, false, false);
}

static void setup_pair(void)
{
    sim = create(pair, false, false);
}

START_TEST(a_read_ends_with_its_last_r)
{
    to(10 * NS10);
    start("cpu", false, UINT64_C(0x100000010), 16, NULL); /* AR in 11; axi-sram: R in 13 and 14 */
    expect("cpu", DMASIM_EVENT_TRANSFER, 14 * NS10);
    ck_assert_int_eq(event.response, DMASIM_RESPONSE_OKAY);
    for (unsigned i = 0; i < 16; i++)
        ck_assert_uint_eq(event.data[i], 0x10 + i);
}
END_TEST

/* A3.4.1: 4 KiB, 256 beats. */
START_TEST(any_address_and_length_is_split_into_what_the_bus_carries)
{
    uint8_t data[6001];
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 11 + 3);
    start("cpu", true, UINT64_C(0x100000007), sizeof data, data);
    go(sim, UINT64_C(1) << 40);
    ck_assert(dmasim_event_take(sim, &event));
    ck_assert_uint_eq(event.moved, sizeof data);
    start("cpu", false, UINT64_C(0x100000007), sizeof data, NULL);
    go(sim, UINT64_C(1) << 40);
    ck_assert(dmasim_event_take(sim, &event));
    ck_assert_uint_eq(event.moved, sizeof data);
    ck_assert_mem_eq(event.data, data, sizeof data);
}
END_TEST

START_TEST(nobody_at_an_address_is_a_decode_error)
{
    start("cpu", false, UINT64_C(0x500000000), 8, NULL);
    go(sim, UINT64_C(1) << 40);
    ck_assert(dmasim_event_take(sim, &event));
    ck_assert_int_eq(event.response, DMASIM_RESPONSE_DECODE);
    ck_assert_uint_eq(event.moved, 0);
}
END_TEST

static void ask_read(const char *from, uint64_t edge, uint64_t address, uint32_t bytes)
{
    to(edge * NS10);
    start(from, false, address, bytes, NULL);
    expect("late", DMASIM_EVENT_REQUEST, (edge + 1) * NS10); /* AR in edge + 1 */
    ck_assert_uint_eq(event.address, address);
    ck_assert_uint_eq(event.bytes, bytes);
    ck_assert(!event.write);
    ck_assert_str_eq(event.master, from);
}

/* A3.2.1: RVALID waits for nobody but the data. */
START_TEST(a_read_ends_with_the_first_edge_after_its_answer)
{
    static const struct {
        uint64_t answer_ps, end;
    } cases[] = {{11 * NS10, 12},     {12 * NS10 - 1, 12}, {12 * NS10, 13},
                 {13 * NS10 - 1, 13}, {13 * NS10, 14},     {5000000 * NS10 + 1, 5000001}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ask_read("cpu", 10, UINT64_C(0x200000100), 8);
        const struct dmasim_event request = event;
        if (cases[i].answer_ps > dmasim_now(sim))
            to(cases[i].answer_ps);
        event = request;
        okay("01234567");
        expect("cpu", DMASIM_EVENT_TRANSFER, cases[i].end * NS10);
        ck_assert_mem_eq(event.data, "01234567", 8);
        done();
        setup();
    }
}
END_TEST

START_TEST(a_burst_is_one_request_and_a_beat_in_each_cycle)
{
    ask_read("gpu", 10, UINT64_C(0x200000100), 32);
    ck_assert_uint_eq(event.beats, 4);
    ck_assert_uint_eq(event.beat_bytes, 8);
    ck_assert_int_eq(event.burst, DMASIM_BURST_INCR);
    okay("0123456789abcdefghijklmnopqrstuv");
    expect("gpu", DMASIM_EVENT_TRANSFER, 15 * NS10);
    ck_assert_mem_eq(event.data, "0123456789abcdefghijklmnopqrstuv", 32);
}
END_TEST

/* Two reads are open at once; the second is answered first, and waits for the first. */
START_TEST(reads_are_served_in_the_order_of_their_addresses)
{
    ask_read("cpu", 10, UINT64_C(0x200000100), 8);
    const struct dmasim_event first = event;
    ask_read("gpu", 20, UINT64_C(0x200000200), 8);
    okay("gpugpugp");
    to(30 * NS10);
    struct dmasim_event open;
    ck_assert(dmasim_request_open(port("late"), 0, &open));
    ck_assert_uint_eq(open.id, first.id);
    ck_assert(!dmasim_request_open(port("late"), 1, &open));
    event = first;
    okay("cpucpucp");
    expect("cpu", DMASIM_EVENT_TRANSFER, 31 * NS10);
    ck_assert_mem_eq(event.data, "cpucpucp", 8);
    expect("gpu", DMASIM_EVENT_TRANSFER, 32 * NS10);
    ck_assert_mem_eq(event.data, "gpugpugp", 8);
}
END_TEST

START_TEST(nobody_steps_while_an_answer_is_awaited)
{
    ask_read("cpu", 10, UINT64_C(0x200000100), 8);
    to(15 * NS10);
    ck_assert_uint_eq(dmasim_next(sim), DMASIM_NEVER);
}
END_TEST

/* A3.3.1: B after the last W and its AW. */
START_TEST(a_write_is_asked_with_all_its_data)
{
    to(10 * NS10);
    start("cpu", true, UINT64_C(0x200000104), 20, "0123456789abcdefghij");
    /* 4 bytes alone, then 2 beats of 8 */
    expect("late", DMASIM_EVENT_REQUEST, 11 * NS10);
    ck_assert(event.write);
    ck_assert_uint_eq(event.address, UINT64_C(0x200000104));
    ck_assert_uint_eq(event.beat_bytes, 4);
    ck_assert_uint_eq(event.bytes, 4);
    ck_assert_mem_eq(event.data, "0123", 4);
    ck_assert_uint_eq(event.strobes[0] & 0xf, 0xf);
    okay(NULL); /* B in 12, AW in 13, W in 13 and 14 */
    expect("late", DMASIM_EVENT_REQUEST, 14 * NS10);
    ck_assert_uint_eq(event.beats, 2);
    ck_assert_mem_eq(event.data, "456789abcdefghij", 16);
    ck_assert_uint_eq(event.strobes[0], 0xff);
    ck_assert_uint_eq(event.strobes[1], 0xff);
    const struct dmasim_event request = event;
    to(20 * NS10);
    event = request;
    okay(NULL);
    expect("cpu", DMASIM_EVENT_TRANSFER, 21 * NS10);
    ck_assert_uint_eq(event.moved, 20);
}
END_TEST

START_TEST(errors_are_slverr_and_decerr)
{
    ask_read("cpu", 10, UINT64_C(0x200000100), 16);
    ck_assert_int_eq(answer(DMASIM_RESPONSE_RETRY, NULL), DMASIM_INVALID);
    ck_assert_int_eq(answer(DMASIM_RESPONSE_ERROR, NULL), DMASIM_OK);
    expect("cpu", DMASIM_EVENT_TRANSFER, 13 * NS10); /* both beats */
    ck_assert_int_eq(event.response, DMASIM_RESPONSE_ERROR);
    start("cpu", true, UINT64_C(0x200000100), 8, "01234567");
    expect("late", DMASIM_EVENT_REQUEST, 14 * NS10);
    ck_assert_int_eq(answer(DMASIM_RESPONSE_DECODE, NULL), DMASIM_OK);
    expect("cpu", DMASIM_EVENT_TRANSFER, 15 * NS10);
    ck_assert_int_eq(event.response, DMASIM_RESPONSE_DECODE);
}
END_TEST

START_TEST(a_snapshot_has_what_is_open)
{
    ask_read("cpu", 10, UINT64_C(0x200000100), 16);
    struct dmasim_snapshot *snapshot = dmasim_save(sim);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert(dmasim_request_open(port("late"), 0, &event));
        const struct dmasim_event request = event;
        to((50 + i) * NS10);
        event = request;
        okay(i ? "0123456789abcdef" : "fedcba9876543210");
        expect("cpu", DMASIM_EVENT_TRANSFER, (52 + i) * NS10);
        ck_assert_mem_eq(event.data, i ? "0123456789abcdef" : "fedcba9876543210", 16);
        dmasim_restore(sim, snapshot);
    }
    dmasim_snapshot_free(snapshot);
}
END_TEST

/* Of one time: the master that the scenario names first, whoever stepped first. */
START_TEST(events_of_one_time_come_in_the_order_of_the_scenario)
{
    for (unsigned i = 0; i < 4; i++) {
        done();
        sim = create("clocks: { aclk: { frequency: 100 MHz } }\n"
                     "buses:\n"
                     "  one: { type: axi, clock: aclk }\n"
                     "  two: { type: axi, clock: aclk }\n"
                     "memories:\n"
                     "  a: { type: axi-sram, bus: one, base: 0, size: 4 KiB }\n"
                     "  b: { type: axi-sram, bus: two, base: 0, size: 4 KiB }\n"
                     "masters:\n"
                     "  first: { type: outside, bus: two }\n"
                     "  second: { type: outside, bus: one }\n",
                     i & 1, i & 2);
        to(10 * NS10);
        start("second", false, 0, 8, NULL);
        start("first", false, 0, 8, NULL);
        expect("first", DMASIM_EVENT_TRANSFER, 13 * NS10);
        expect("second", DMASIM_EVENT_TRANSFER, 13 * NS10);
    }
}
END_TEST

/* ---- a pair, the widest bus ------------------------------------------------------------------ */

START_TEST(a_beat_may_be_128_bytes)
{
    uint8_t data[384];
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i + 1);
    to(10 * NS10);
    start("cpu", true, UINT64_C(0x200000040), 64 + 256, data);
    expect("late", DMASIM_EVENT_REQUEST, 11 * NS10);
    ck_assert_uint_eq(event.bytes, 64);
    ck_assert_mem_eq(event.data, data, 64);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_uint_eq(event.strobes[i], 0xff);
    okay(NULL);
    expect("late", DMASIM_EVENT_REQUEST, 14 * NS10);
    ck_assert_uint_eq(event.beat_bytes, 128);
    ck_assert_uint_eq(event.bytes, 256);
    ck_assert_mem_eq(event.data, data + 64, 256);
    for (unsigned i = 0; i < 32; i++)
        ck_assert_uint_eq(event.strobes[i], 0xff);
    ck_assert_str_eq(event.master, "cpu");
    okay(NULL);
    expect("cpu", DMASIM_EVENT_TRANSFER, 15 * NS10);
    start("cpu", false, UINT64_C(0x200000080), 256, NULL);
    expect("late", DMASIM_EVENT_REQUEST, 16 * NS10);
    okay(data);
    expect("cpu", DMASIM_EVENT_TRANSFER, 18 * NS10);
    ck_assert_mem_eq(event.data, data, 256);
}
END_TEST

/* Nothing decodes between two ports: the slave refuses what it does not have. */
START_TEST(what_is_beyond_the_slave_is_a_decode_error)
{
    to(10 * NS10);
    start("cpu", false, UINT64_C(0x200001000), 128, NULL);
    expect("cpu", DMASIM_EVENT_TRANSFER, 12 * NS10);
    ck_assert_int_eq(event.response, DMASIM_RESPONSE_DECODE);
    start("cpu", true, UINT64_C(0x1ffffff80), 128, (uint8_t[128]){0});
    expect("cpu", DMASIM_EVENT_TRANSFER, 14 * NS10);
    ck_assert_int_eq(event.response, DMASIM_RESPONSE_DECODE);
}
END_TEST

/* A3.4.3: a strobe for each byte. Of a bus narrower than 64 bits a beat has less than a byte of them. */
START_TEST(strobes_of_all_beats_are_told_on_a_bus_of_any_width)
{
    char text[300];
    uint8_t data[64], got[64];
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i + 1);
    for (unsigned width = 32; width <= 1024; width *= 2)
        for (unsigned from = 0; from < 3; from++) {
            done();
            snprintf(text, sizeof text,
                     "clocks: { aclk: { frequency: 100 MHz } }\n"
                     "buses: { axi: { type: axi, clock: aclk, width: %u } }\n"
                     "memories: { late: { type: outside, bus: axi, base: 0, size: 4 KiB } }\n"
                     "masters: { cpu: { type: outside, bus: axi, buffer: 8 KiB } }\n",
                     width);
            sim = create(text, false, false);
            start("cpu", true, from, 60 - from, data + from);
            memset(got, 0, sizeof got);
            for (;;) {
                while (!dmasim_event_take(sim, &event))
                    go(sim, dmasim_now(sim) + 1000 * NS10);
                if (event.kind == DMASIM_EVENT_TRANSFER)
                    break;
                const uint64_t first = event.address & ~(uint64_t)(event.beat_bytes - 1);
                for (uint32_t i = 0; i < event.bytes; i++)
                    if (event.strobes[i / 8] >> i % 8 & 1)
                        got[first + i] = event.data[i];
                okay(NULL);
            }
            ck_assert_mem_eq(got + from, data + from, 60 - from);
            for (unsigned i = 0; i < from; i++)
                ck_assert_uint_eq(got[i], 0);
        }
}
END_TEST

static int start_with(const char *port, bool write, struct dmasim_attributes attributes)
{
    static const uint8_t data[16];
    return dmasim_transfer_start(dmasim_port_find(sim, port),
                                 &(struct dmasim_transfer){.address = UINT64_C(0x200000000),
                                                           .bytes = 16,
                                                           .write = write,
                                                           .privileged = true,
                                                           .data = write ? data : NULL,
                                                           .attributes = attributes},
                                 NULL);
}

START_TEST(attributes_of_a_transfer_are_those_of_its_bursts)
{
    for (int write = 0; write < 2; write++) {
        ck_assert_int_eq(start_with("gpu", write,
                                    (struct dmasim_attributes){
                                        .id = 0xabcdef, .prot = 6, .cache = 15, .qos = 9}),
                         DMASIM_OK);
        go(sim, UINT64_C(1) << 40);
        ck_assert(dmasim_event_take(sim, &event));
        ck_assert_int_eq(event.kind, DMASIM_EVENT_REQUEST);
        ck_assert_uint_eq(event.attributes.id, 0xabcdef);
        ck_assert_uint_eq(event.attributes.prot, 7); /* and privileged */
        ck_assert_uint_eq(event.attributes.cache, 15);
        ck_assert_uint_eq(event.attributes.qos, 9);
        ck_assert_uint_eq(event.attributes.burst, 0);
        ck_assert(!event.attributes.lock);
        okay(write ? NULL : "0123456789abcdef");
        go(sim, UINT64_C(1) << 40);
        ck_assert(dmasim_event_take(sim, &event));
        ck_assert_int_eq(event.kind, DMASIM_EVENT_TRANSFER);
        ck_assert_int_eq(event.response, DMASIM_RESPONSE_OKAY);
    }
}
END_TEST

START_TEST(attributes_that_the_bus_has_no_wires_for_are_refused)
{
    static const struct dmasim_attributes wrong[] = {{.id = UINT32_C(1) << 24},
                                                     {.prot = 8},
                                                     {.cache = 16},
                                                     {.qos = 16},
                                                     {.burst = 1},
                                                     {.lock = true}};
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_int_eq(start_with("cpu", false, wrong[i]), DMASIM_INVALID);
    dmasim_destroy(sim);
    sim =
        create("clocks: { aclk: { frequency: 100 MHz } }\n"
               "buses: { axi: { type: axi, clock: aclk, width: 32, lite: true } }\n"
               "memories: { late: { type: outside, bus: axi, base: 0x2_0000_0000, size: 4 KiB } }\n"
               "masters: { cpu: { type: outside, bus: axi } }\n",
               false, false);
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_int_eq(start_with("cpu", false, wrong[i]), DMASIM_INVALID);
    ck_assert_int_eq(start_with("cpu", false, (struct dmasim_attributes){.id = 1}), DMASIM_INVALID);
    ck_assert_int_eq(start_with("cpu", false, (struct dmasim_attributes){.cache = 1}),
                     DMASIM_INVALID);
    ck_assert_int_eq(start_with("cpu", false, (struct dmasim_attributes){.prot = 2}), DMASIM_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("outside-axi");
    TCase *crossbar = tcase_create("crossbar"), *wires = tcase_create("pair");
    tcase_add_checked_fixture(crossbar, setup, done);
    tcase_add_test(crossbar, a_read_ends_with_its_last_r);
    tcase_add_test(crossbar, any_address_and_length_is_split_into_what_the_bus_carries);
    tcase_add_test(crossbar, nobody_at_an_address_is_a_decode_error);
    tcase_add_test(crossbar, a_read_ends_with_the_first_edge_after_its_answer);
    tcase_add_test(crossbar, a_burst_is_one_request_and_a_beat_in_each_cycle);
    tcase_add_test(crossbar, reads_are_served_in_the_order_of_their_addresses);
    tcase_add_test(crossbar, nobody_steps_while_an_answer_is_awaited);
    tcase_add_test(crossbar, a_write_is_asked_with_all_its_data);
    tcase_add_test(crossbar, errors_are_slverr_and_decerr);
    tcase_add_test(crossbar, a_snapshot_has_what_is_open);
    tcase_add_test(crossbar, events_of_one_time_come_in_the_order_of_the_scenario);
    tcase_add_test(crossbar, attributes_of_a_transfer_are_those_of_its_bursts);
    tcase_add_test(crossbar, attributes_that_the_bus_has_no_wires_for_are_refused);
    suite_add_tcase(suite, crossbar);
    tcase_add_checked_fixture(wires, setup_pair, done);
    tcase_add_test(wires, a_beat_may_be_128_bytes);
    tcase_add_test(wires, what_is_beyond_the_slave_is_a_decode_error);
    tcase_add_test(wires, strobes_of_all_beats_are_told_on_a_bus_of_any_width);
    suite_add_tcase(suite, wires);
    return suite_run(suite);
}
