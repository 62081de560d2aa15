/* SPDX-License-Identifier: BSD-2-Clause */
/* Masters and slaves outside, on an AHB (Arm IHI 0011A), cycle by cycle. Edge n is at n * 10 ns. */
#include "outside_fixture.h"

#define NS10 UINT64_C(10000)

static const char scenario[] =
    "clocks: { hclk: { frequency: 100 MHz } }\n"
    "buses: { ahb: { clock: hclk } }\n"
    "memories:\n"
    "  ram: { bus: ahb, base: 0x2000_0000, size: 16 KiB, fill: { pattern: count } }\n"
    "  late: { type: outside, bus: ahb, base: 0x3000_0000, size: 16 KiB }\n"
    "masters: { cpu: { type: outside, bus: ahb, queue: 4, buffer: 4 KiB } }\n";

static void setup(void)
{
    sim = create(scenario, false, false);
}

/* 3.4: address in one cycle, data in the next; both pipelined in a burst. */
START_TEST(a_transfer_starts_in_the_cycle_that_ends_with_the_first_edge_after_the_call)
{
    to(10 * NS10);
    start("cpu", false, 0x20000010, 8, NULL); /* A in 11 and 12, data in 12 and 13 */
    expect("cpu", DMASIM_EVENT_TRANSFER, 13 * NS10);
    ck_assert_int_eq(event.response, DMASIM_RESPONSE_OKAY);
    ck_assert_uint_eq(event.moved, 8);
    static const uint8_t expected[] = {0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17};
    ck_assert_mem_eq(event.data, expected, 8);

    to(20 * NS10 - 1);
    start("cpu", false, 0x20000010, 4, NULL);
    expect("cpu", DMASIM_EVENT_TRANSFER, 21 * NS10);
    to(30 * NS10);
    start("cpu", false, 0x20000010, 4, NULL);
    expect("cpu", DMASIM_EVENT_TRANSFER, 32 * NS10);
}
END_TEST

START_TEST(the_first_call_counts_from_after_edge_0)
{
    start("cpu", false, 0x20000000, 4, NULL);
    expect("cpu", DMASIM_EVENT_TRANSFER, 2 * NS10);
}
END_TEST

START_TEST(any_address_and_length_is_split_into_what_the_bus_carries)
{
    uint8_t data[2000];
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7 + 1);
    /* 1 byte, 2 bytes, 254 words to the KiB (3.5), 245 words: each has a cycle beyond its beats. */
    to(10 * NS10);
    start("cpu", true, 0x20000005, 1999, data);
    expect("cpu", DMASIM_EVENT_TRANSFER, (10 + 2 + 2 + 255 + 246) * NS10);
    start("cpu", false, 0x20000005, 1999, NULL);
    go(sim, UINT64_C(1) << 40);
    ck_assert(dmasim_event_take(sim, &event));
    ck_assert_uint_eq(event.moved, 1999);
    ck_assert_mem_eq(event.data, data, 1999);
}
END_TEST

START_TEST(transfers_queue_in_their_order)
{
    const uint32_t value = 0x11223344;
    to(10 * NS10);
    start("cpu", true, 0x20000000, 4, &value);
    start("cpu", false, 0x20000000, 4, NULL);
    start("cpu", false, 0x20000002, 1, NULL);
    start("cpu", false, 0x20000003, 1, NULL);
    const struct dmasim_transfer more = {.address = 0x20000000, .bytes = 1};
    ck_assert_int_eq(dmasim_transfer_start(port("cpu"), &more, NULL), DMASIM_LIMIT);
    expect("cpu", DMASIM_EVENT_TRANSFER, 12 * NS10);
    expect("cpu", DMASIM_EVENT_TRANSFER, 14 * NS10);
    ck_assert_mem_eq(event.data, &value, 4);
    expect("cpu", DMASIM_EVENT_TRANSFER, 16 * NS10);
    ck_assert_uint_eq(event.data[0], 0x22);
    expect("cpu", DMASIM_EVENT_TRANSFER, 18 * NS10);
    ck_assert_uint_eq(event.id, 4);
}
END_TEST

START_TEST(what_cannot_be_started_is_refused)
{
    const struct dmasim_transfer none = {.address = 0x20000000},
                                 odd = {.address = 0x20000000, .bytes = 8, .beat_bytes = 3},
                                 long_one = {.address = 0x20000000, .bytes = 4097},
                                 far = {.address = UINT64_C(0xfffffffe), .bytes = 4},
                                 nothing = {.address = 0x20000000, .bytes = 4, .write = true};
    ck_assert_int_eq(dmasim_transfer_start(port("cpu"), &none, NULL), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_transfer_start(port("cpu"), &odd, NULL), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_transfer_start(port("cpu"), &long_one, NULL), DMASIM_LIMIT);
    ck_assert_int_eq(dmasim_transfer_start(port("cpu"), &far, NULL), DMASIM_UNMAPPED);
    ck_assert_int_eq(dmasim_transfer_start(port("cpu"), &nothing, NULL), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_transfer_start(port("late"), &none, NULL), DMASIM_INVALID);
    ck_assert_int_eq(dmasim_level_set(port("cpu"), 1), DMASIM_INVALID);
    ck_assert_ptr_null(dmasim_port_find(sim, "ram"));
}
END_TEST

/* 3.9.3: ERROR takes two cycles; the rest of the burst is given up. */
START_TEST(an_unmapped_address_is_an_error)
{
    to(10 * NS10);
    start("cpu", false, 0x10000000, 4, NULL);
    expect("cpu", DMASIM_EVENT_TRANSFER, 12 * NS10);
    ck_assert_int_eq(event.response, DMASIM_RESPONSE_ERROR);
    ck_assert_uint_eq(event.moved, 0);
}
END_TEST

/* ---- slaves ---------------------------------------------------------------------------------- */

static void ask_read(uint64_t edge)
{
    to(edge * NS10);
    start("cpu", false, 0x30000104, 4, NULL);
    expect("late", DMASIM_EVENT_REQUEST, (edge + 1) * NS10); /* A in edge + 1 */
    ck_assert_uint_eq(event.address, 0x30000104);
    ck_assert_uint_eq(event.beats, 1);
    ck_assert_uint_eq(event.bytes, 4);
    ck_assert(!event.write);
    ck_assert_str_eq(event.master, "cpu");
}

/* 3.4: HREADY extends the data phase. */
START_TEST(a_read_ends_with_the_first_edge_after_its_answer)
{
    static const struct {
        uint64_t answer_ps, end;
    } cases[] = {{11 * NS10, 12},     {12 * NS10 - 1, 12}, {12 * NS10, 13},
                 {13 * NS10 - 1, 13}, {13 * NS10, 14},     {5000000 * NS10 + 1, 5000001}};
    const uint32_t value = 0xcafe0123;
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ask_read(10);
        if (cases[i].answer_ps > dmasim_now(sim)) {
            ck_assert_uint_eq(dmasim_next(sim), 12 * NS10);
            to(12 * NS10 - 1);
            if (cases[i].answer_ps > dmasim_now(sim))
                to(cases[i].answer_ps);
        }
        struct dmasim_event request;
        ck_assert(dmasim_request_open(port("late"), 0, &request));
        ck_assert(!dmasim_request_open(port("late"), 1, &event));
        event = request;
        okay(&value);
        ck_assert(!dmasim_request_open(port("late"), 0, &request));
        expect("cpu", DMASIM_EVENT_TRANSFER, cases[i].end * NS10);
        ck_assert_mem_eq(event.data, &value, 4);
        done();
        setup();
    }
}
END_TEST

START_TEST(nobody_steps_while_an_answer_is_awaited)
{
    ask_read(10);
    to(12 * NS10);
    ck_assert_uint_eq(dmasim_next(sim), DMASIM_NEVER);
    okay("abcd");
    ck_assert_uint_eq(dmasim_next(sim), 13 * NS10);
    expect("cpu", DMASIM_EVENT_TRANSFER, 13 * NS10);
}
END_TEST

/* 3.4: HWDATA follows its address by a cycle. */
START_TEST(a_write_is_asked_with_its_data)
{
    const uint16_t value = 0xbeef;
    to(10 * NS10);
    start("cpu", true, 0x30000002, 2, &value);
    expect("late", DMASIM_EVENT_REQUEST, 12 * NS10);
    ck_assert(event.write);
    ck_assert_uint_eq(event.bytes, 2);
    ck_assert_mem_eq(event.data, &value, 2);
    okay(NULL);
    expect("cpu", DMASIM_EVENT_TRANSFER, 13 * NS10);
    ck_assert_int_eq(event.response, DMASIM_RESPONSE_OKAY);
}
END_TEST

/* 3.9.3: two cycles, HREADY low in the first of them. The master knows in the first. */
START_TEST(an_error_takes_two_cycles)
{
    ask_read(10);
    ck_assert_int_eq(answer(DMASIM_RESPONSE_ERROR, NULL), DMASIM_OK);
    expect("cpu", DMASIM_EVENT_TRANSFER, 12 * NS10);
    ck_assert_int_eq(event.response, DMASIM_RESPONSE_ERROR);
    start("cpu", false, 0x20000000, 4, NULL); /* HREADY is low in 12: A in 14, data in 15 */
    expect("cpu", DMASIM_EVENT_TRANSFER, 15 * NS10);
}
END_TEST

/* 3.9.4: IDLE in the second cycle, then the same address again. */
START_TEST(after_retry_the_beat_is_asked_again)
{
    ask_read(10);
    ck_assert_int_eq(answer(DMASIM_RESPONSE_RETRY, NULL), DMASIM_OK);
    expect("late", DMASIM_EVENT_REQUEST, 14 * NS10); /* RETRY in 12 and 13, A in 14 */
    ck_assert_uint_eq(event.id, 2);
    okay("abcd");
    expect("cpu", DMASIM_EVENT_TRANSFER, 15 * NS10);
    ck_assert_mem_eq(event.data, "abcd", 4);
}
END_TEST

START_TEST(an_answer_that_does_not_fit_is_refused)
{
    ask_read(10);
    const uint64_t id = event.id;
    ck_assert_int_eq(answer(DMASIM_RESPONSE_DECODE, NULL), DMASIM_INVALID);
    ck_assert_int_eq(answer(DMASIM_RESPONSE_OKAY, NULL), DMASIM_INVALID);
    event.id = id + 1;
    ck_assert_int_eq(answer(DMASIM_RESPONSE_OKAY, "abcd"), DMASIM_INVALID);
    event.id = id;
    okay("abcd");
    ck_assert_int_eq(answer(DMASIM_RESPONSE_OKAY, "abcd"), DMASIM_INVALID);
}
END_TEST

/* A beat after a beat: address of the next in the data phase of the one before. */
START_TEST(a_burst_is_asked_beat_by_beat)
{
    to(10 * NS10);
    start("cpu", false, 0x30000000, 16, NULL);
    for (unsigned i = 0; i < 4; i++) {
        expect("late", DMASIM_EVENT_REQUEST, (11 + i) * NS10);
        ck_assert_uint_eq(event.address, 0x30000000 + 4 * i);
        okay(&"0123456789abcdef"[4 * i]);
    }
    expect("cpu", DMASIM_EVENT_TRANSFER, 15 * NS10);
    ck_assert_mem_eq(event.data, "0123456789abcdef", 16);
}
END_TEST

START_TEST(a_snapshot_has_what_is_open)
{
    ask_read(10);
    to(40 * NS10);
    struct dmasim_snapshot *snapshot = dmasim_save(sim);
    for (unsigned i = 0; i < 2; i++) {
        struct dmasim_event request;
        ck_assert(dmasim_request_open(port("late"), 0, &request));
        ck_assert_uint_eq(request.time_ps, 11 * NS10);
        ck_assert_uint_eq(request.address, 0x30000104);
        event = request;
        to((50 + i) * NS10);
        okay(i ? "efgh" : "abcd");
        expect("cpu", DMASIM_EVENT_TRANSFER, (51 + i) * NS10);
        ck_assert_mem_eq(event.data, i ? "efgh" : "abcd", 4);
        dmasim_restore(sim, snapshot);
        ck_assert_uint_eq(dmasim_now(sim), 40 * NS10);
    }
    dmasim_snapshot_free(snapshot);
}
END_TEST

static void called_inside(void *context, const char *component, const char *output, bool level,
                          uint64_t at_ps)
{
    (void)component, (void)output, (void)level, (void)at_ps;
    const struct dmasim_transfer transfer = {.address = 0x20000000, .bytes = 4};
    unsigned *calls = context;
    ck_assert_int_eq(dmasim_transfer_start(port("cpu"), &transfer, NULL), DMASIM_BUSY);
    ck_assert(!dmasim_event_take(sim, &event));
    ++*calls;
}

START_TEST(from_inside_a_callback_they_are_busy)
{
    unsigned calls = 0;
    done();
    sim = create("clocks: { hclk: { frequency: 100 MHz } }\n"
                 "buses: { ahb: { clock: hclk } }\n"
                 "cpus: { host: { bus: ahb } }\n"
                 "controllers: { dma: { bus: ahb, base: 0x4000_0000, interrupt: host } }\n"
                 "memories: { ram: { bus: ahb, base: 0x2000_0000, size: 16 KiB } }\n"
                 "masters: { cpu: { type: outside, bus: ahb } }\n"
                 "work: [ { memcpy: { from: ram, to: ram + 0x1000, bytes: 64 } } ]\n",
                 false, false);
    dmasim_on_interrupt(sim, called_inside, &calls);
    dmasim_advance(sim, 100000000);
    ck_assert_uint_ge(calls, 2);
}
END_TEST

/* ---- what a memory needs to be outside ------------------------------------------------------- */

static const char memory_scenario[] =
    "clocks: { hclk: { frequency: 100 MHz } }\n"
    "buses: { ahb: { clock: hclk } }\n"
    "memories:\n"
    "  late: { type: outside, bus: ahb, base: 0x3000_0000, size: 16 KiB, early_writes: true }\n"
    "masters: { cpu: { type: outside, bus: ahb, queue: 4 } }\n";

static void setup_memory(void)
{
    sim = create(memory_scenario, false, false);
}

/* A in 11, HWDATA in 12: asked at the edge that ends 11, over in 12 at the least. */
START_TEST(an_early_write_may_have_no_wait_states)
{
    static const struct {
        uint64_t answer_ps, end;
    } cases[] = {{11 * NS10, 12}, {12 * NS10 - 1, 12}, {12 * NS10, 13}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        to(10 * NS10);
        start("cpu", true, 0x30000002, 2, "ab");
        start("cpu", true, 0x30000004, 4, "cdef");
        expect("late", DMASIM_EVENT_REQUEST, 11 * NS10);
        ck_assert(event.write);
        ck_assert_uint_eq(event.address, 0x30000002);
        ck_assert_uint_eq(event.word_bytes, 4);
        ck_assert_mem_eq(event.data, "ab", 2);
        if (cases[i].answer_ps > dmasim_now(sim))
            dmasim_advance(sim, cases[i].answer_ps);
        struct dmasim_event open;
        ck_assert(dmasim_request_open(port("late"), 0, &open));
        ck_assert_mem_eq(open.data, "ab", 2);
        ck_assert_int_eq(
            dmasim_request_answer(port("late"),
                                  &(struct dmasim_answer){open.id, DMASIM_RESPONSE_OKAY, NULL, 0}),
            DMASIM_OK);
        expect("cpu", DMASIM_EVENT_TRANSFER, cases[i].end * NS10);
        expect("late", DMASIM_EVENT_REQUEST, (cases[i].end + 1) * NS10);
        ck_assert_mem_eq(event.data, "cdef", 4);
        ck_assert(!event.sequential);
        done();
        setup_memory();
    }
}
END_TEST

START_TEST(early_writes_of_a_burst_follow_beat_by_beat)
{
    to(10 * NS10);
    start("cpu", true, 0x30000000, 16, "0123456789abcdef");
    for (unsigned i = 0; i < 4; i++) {
        expect("late", DMASIM_EVENT_REQUEST, (11 + i) * NS10);
        ck_assert_mem_eq(event.data, &"0123456789abcdef"[4 * i], 4);
        ck_assert_int_eq(event.sequential, i > 0);
        okay(NULL);
    }
    expect("cpu", DMASIM_EVENT_TRANSFER, 15 * NS10);
}
END_TEST

/* HRDATA is the whole word that was answered; before that what was shown, and 0 before that. */
START_TEST(hrdata_is_what_was_shown_while_hready_is_low)
{
    char directory[] = "/tmp/dmasim-test-XXXXXX", path[64], line[512];
    ck_assert_ptr_nonnull(mkdtemp(directory));
    const struct dmasim_trace_options options = {.cycles = true};
    struct dmasim_trace *trace = dmasim_trace_open(sim, &options, directory, NULL);
    ck_assert_ptr_nonnull(trace);
    const uint32_t word = 0x44332211, half = 0x0000beef;
    to(10 * NS10);
    start("cpu", false, 0x30000001, 1, NULL);
    expect("late", DMASIM_EVENT_REQUEST, 11 * NS10);
    struct dmasim_answer given = {event.id, DMASIM_RESPONSE_WAIT, &half, 4};
    dmasim_advance(sim, 13 * NS10);
    ck_assert_int_eq(dmasim_request_answer(port("late"), &given), DMASIM_OK);
    dmasim_advance(sim, 15 * NS10);
    given = (struct dmasim_answer){given.id, DMASIM_RESPONSE_OKAY, &word, 3};
    ck_assert_int_eq(dmasim_request_answer(port("late"), &given), DMASIM_INVALID);
    given.bytes = 4;
    ck_assert_int_eq(dmasim_request_answer(port("late"), &given), DMASIM_OK);
    expect("cpu", DMASIM_EVENT_TRANSFER, 16 * NS10);
    ck_assert_uint_eq(event.data[0], 0x22);
    ck_assert_int_eq(dmasim_trace_close(trace, NULL), DMASIM_OK);
    snprintf(path, sizeof path, "%s/cycles.csv", directory);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    for (unsigned row = 0; fgets(line, sizeof line, file); row++) {
        static const char *const hrdata[] = {[13] = "0x00000000",
                                             [14] = "0x00000000",
                                             [15] = "0x0000beef",
                                             [16] = "0x0000beef",
                                             [17] = "0x44332211"};
        if (row >= 13 && row <= 17) /* that of cycle `row - 1` */
            ck_assert_msg(strstr(line, hrdata[row]) != NULL, "%u: %s", row, line);
    }
    fclose(file);
    char command[80];
    snprintf(command, sizeof command, "rm -r %s", directory);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

/* 3.8: data access, privileged or not; 3.6: bursts; beside the beats, what the wires say. */
START_TEST(a_request_tells_the_wires_beside_the_address)
{
    static const struct {
        uint32_t bytes;
        bool privileged;
        uint8_t prot, hprot, hburst;
    } cases[] = {
        {4, false, 0, 1, 0}, {4, true, 0, 3, 0}, {16, true, 12, 12, 3}, {12, false, 15, 15, 1}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_int_eq(
            dmasim_transfer_start(dmasim_port_find(sim, "cpu"),
                                  &(struct dmasim_transfer){.address = 0x30000000,
                                                            .bytes = cases[i].bytes,
                                                            .privileged = cases[i].privileged,
                                                            .attributes = {.prot = cases[i].prot}},
                                  NULL),
            DMASIM_OK);
        for (;;) {
            go(sim, UINT64_C(1) << 40);
            ck_assert(dmasim_event_take(sim, &event));
            if (event.kind == DMASIM_EVENT_TRANSFER)
                break;
            ck_assert_uint_eq(event.attributes.prot, cases[i].hprot);
            ck_assert_uint_eq(event.attributes.burst, cases[i].hburst);
            ck_assert_uint_eq(event.attributes.id, 0);
            ck_assert(!event.attributes.lock);
            okay("word");
        }
    }
    static const struct dmasim_attributes wrong[] = {{.id = 1},  {.prot = 16}, {.cache = 1},
                                                     {.qos = 1}, {.burst = 1}, {.lock = true}};
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_int_eq(dmasim_transfer_start(dmasim_port_find(sim, "cpu"),
                                               &(struct dmasim_transfer){.address = 0x30000000,
                                                                         .bytes = 4,
                                                                         .attributes = wrong[i]},
                                               NULL),
                         DMASIM_INVALID);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("outside-ahb");
    TCase *ports = tcase_create("ports");
    tcase_add_checked_fixture(ports, setup, done);
    tcase_add_test(ports,
                   a_transfer_starts_in_the_cycle_that_ends_with_the_first_edge_after_the_call);
    tcase_add_test(ports, the_first_call_counts_from_after_edge_0);
    tcase_add_test(ports, any_address_and_length_is_split_into_what_the_bus_carries);
    tcase_add_test(ports, transfers_queue_in_their_order);
    tcase_add_test(ports, what_cannot_be_started_is_refused);
    tcase_add_test(ports, an_unmapped_address_is_an_error);
    tcase_add_test(ports, a_read_ends_with_the_first_edge_after_its_answer);
    tcase_add_test(ports, nobody_steps_while_an_answer_is_awaited);
    tcase_add_test(ports, a_write_is_asked_with_its_data);
    tcase_add_test(ports, an_error_takes_two_cycles);
    tcase_add_test(ports, after_retry_the_beat_is_asked_again);
    tcase_add_test(ports, an_answer_that_does_not_fit_is_refused);
    tcase_add_test(ports, a_burst_is_asked_beat_by_beat);
    tcase_add_test(ports, a_snapshot_has_what_is_open);
    tcase_add_test(ports, from_inside_a_callback_they_are_busy);
    tcase_add_test(ports, a_request_tells_the_wires_beside_the_address);
    suite_add_tcase(suite, ports);
    TCase *memory = tcase_create("memory");
    tcase_add_checked_fixture(memory, setup_memory, done);
    tcase_add_test(memory, an_early_write_may_have_no_wait_states);
    tcase_add_test(memory, early_writes_of_a_burst_follow_beat_by_beat);
    tcase_add_test(memory, hrdata_is_what_was_shown_while_hready_is_low);
    suite_add_tcase(suite, memory);
    return suite_run(suite);
}
