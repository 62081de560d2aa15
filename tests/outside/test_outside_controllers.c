/* SPDX-License-Identifier: BSD-2-Clause */
/* Controllers that are programmed by a master outside and move data of slaves outside; request lines, streams and
 * interrupt inputs. Edge n is at n * 10 ns. */
#include "outside_fixture.h"

#define NS10 UINT64_C(10000)

static uint8_t bytes[0x4000]; /* behind the slave outside */

/* Serves a request of the event after `delay` ps, from or to bytes[]. */
static void serve(uint64_t delay)
{
    const struct dmasim_event request = event;
    uint8_t *at = &bytes[request.address % sizeof bytes];
    struct dmasim_answer reply = {.id = request.id, .bytes = request.bytes, .data = at};
    if (request.write) {
        for (uint32_t i = 0; i < request.bytes; i++)
            if (!request.strobes || request.strobes[i / 8] >> i % 8 & 1)
                at[i] = request.data[i];
        reply.bytes = 0;
    }
    if (delay) {
        const uint64_t until = request.time_ps + delay;
        while (dmasim_now(sim) < until)
            go(sim, until);
    }
    ck_assert_int_eq(dmasim_request_answer(request.port, &reply), DMASIM_OK);
}

/* A register write or read by the master "cpu", with everybody served meanwhile. */
static uint32_t access_to(bool writes, uint64_t address, uint32_t value, uint64_t delay)
{
    start("cpu", writes, address, 4, &value);
    for (;;) {
        while (!dmasim_event_take(sim, &event))
            go(sim, dmasim_now(sim) + 1000 * NS10);
        if (event.kind == DMASIM_EVENT_TRANSFER)
            break;
        serve(delay);
    }
    ck_assert_int_eq(event.response, DMASIM_RESPONSE_OKAY);
    if (!writes)
        memcpy(&value, event.data, 4);
    return value;
}

static void set(uint64_t address, uint32_t value)
{
    access_to(true, address, value, 0);
}

static void fill(void)
{
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 5 + i / 256);
}

/* ---- AHB ------------------------------------------------------------------------------------- */

#define DW UINT64_C(0x40000000)

static void setup_ahb(void)
{
    fill();
    sim = create("clocks: { hclk: { frequency: 100 MHz } }\n"
                 "buses: { ahb: { clock: hclk } }\n"
                 "cpus: { host: { bus: ahb, interrupt_latency: 1 } }\n"
                 "controllers: { dma: { bus: ahb, base: 0x4000_0000, interrupt: host } }\n"
                 "memories:\n"
                 "  ram: { bus: ahb, base: 0x2000_0000, size: 16 KiB, fill: { pattern: random } }\n"
                 "  late: { type: outside, bus: ahb, base: 0x3000_0000, size: 16 KiB }\n"
                 "masters: { cpu: { type: outside, bus: ahb } }\n"
                 "peripherals:\n"
                 "  line: { type: outside-line, controller: dma, line: 3 }\n"
                 "  irq: { type: outside-interrupt, interrupt: host }\n"
                 "work:\n"
                 "  - program: { cpu: host, steps: [ { op: wait_interrupt, to: irq },\n"
                 "      { op: write, to: late + 0x10, value: 0x55 } ] }\n",
                 false, false);
}

/* Channel 0: words, bursts of 4, from and to rising addresses but for a device's. */
static void program(uint32_t from, uint32_t into, uint32_t words, uint32_t ctl, uint32_t cfg_lo,
                    uint32_t cfg_hi)
{
    set(DW + 0x398, 1);
    set(DW + 0x00, from);
    set(DW + 0x08, into);
    set(DW + 0x10, 0);
    set(DW + 0x18, 2u << 1 | 2u << 4 | 1u << 11 | 1u << 14 | 1u | ctl);
    set(DW + 0x1c, words);
    set(DW + 0x40, cfg_lo);
    set(DW + 0x44, cfg_hi);
    set(DW + 0x3a0, 0x101);
}

static void expect_same(uint32_t into, const uint8_t *expected, uint32_t count)
{
    for (uint32_t i = 0; i < count; i += 4)
        ck_assert_uint_eq(access_to(false, into + i, 0, 0),
                          *(const uint32_t *)(const void *)(expected + i));
}

START_TEST(the_ahb_dmac_copies_from_and_to_a_slave_outside)
{
    for (uint64_t delay = 0; delay < 8 * NS10; delay += 7 * NS10 / 2) {
        program(0x30000100, 0x20000200, 60, 0, 0xc00, 0);
        while (access_to(false, DW + 0x3a0, 0, delay) & 1)
            ;
        expect_same(0x20000200, bytes + 0x100, 240);
        program(0x20000200, 0x30002000, 60, 0, 0xc00, 0);
        while (access_to(false, DW + 0x3a0, 0, delay) & 1)
            ;
        ck_assert_mem_eq(bytes + 0x2000, bytes + 0x100, 240);
        memset(bytes + 0x2000, 0, 240);
    }
}
END_TEST

/* bus/handshake.h: request, beats, acknowledge, request falls, acknowledge falls. */
START_TEST(a_request_line_is_driven_and_its_acknowledge_seen)
{
    for (unsigned later = 0; later < 3; later++) {
        program(0x20000200, 0x30000000, 8, 2u << 7 | 1u << 20, 0x800, 3u << 11);
        uint64_t t = (dmasim_now(sim) / NS10 + 200) * NS10;
        to(t);
        const uint64_t at = t + later * (NS10 - 1);
        if (at > t)
            to(at);
        ck_assert_int_eq(dmasim_level_set(port("line"), DMASIM_LEVEL_BURST), DMASIM_OK);
        /* Set at the time of edge n or less than a cycle later it is sampled by n + 1. */
        static uint64_t first;
        const uint64_t moved = later == 2 ? NS10 : 0;
        go(sim, UINT64_C(1) << 40);
        ck_assert(dmasim_event_take(sim, &event));
        ck_assert_int_eq(event.kind, DMASIM_EVENT_REQUEST);
        if (later == 0)
            first = event.time_ps - t;
        ck_assert_uint_eq(event.time_ps - t, first + moved);
        for (unsigned beat = 0; beat < 4; beat++) {
            ck_assert_uint_eq(event.address, 0x30000000);
            okay(NULL);
            go(sim, dmasim_now(sim) + 1000 * NS10);
            ck_assert(dmasim_event_take(sim, &event));
        }
        ck_assert_int_eq(event.kind, DMASIM_EVENT_LEVEL);
        ck_assert_uint_eq(event.level, DMASIM_LEVEL_ACK);
        to(event.time_ps + 30 * NS10);
        ck_assert_int_eq(dmasim_level_set(port("line"), 0), DMASIM_OK);
        const uint64_t fallen = dmasim_now(sim);
        expect("line", DMASIM_EVENT_LEVEL, fallen + 2 * NS10); /* sampled, driven, seen */
        ck_assert_uint_eq(event.level, 0);
        ck_assert_int_eq(dmasim_level_set(port("line"), DMASIM_LEVEL_BURST), DMASIM_OK);
        for (unsigned beat = 0; beat < 4; beat++) {
            go(sim, dmasim_now(sim) + 1000 * NS10);
            ck_assert(dmasim_event_take(sim, &event));
            okay(NULL);
        }
        go(sim, dmasim_now(sim) + 1000 * NS10);
        ck_assert(dmasim_event_take(sim, &event));
        ck_assert_uint_eq(event.level, DMASIM_LEVEL_ACK | DMASIM_LEVEL_FINISH);
        ck_assert_int_eq(dmasim_level_set(port("line"), 8), DMASIM_INVALID);
        ck_assert_int_eq(dmasim_level_set(port("line"), 0), DMASIM_OK);
        go(sim, dmasim_now(sim) + 1000 * NS10);
        ck_assert(dmasim_event_take(sim, &event));
    }
}
END_TEST

/* host/cpu/cpu.c: high in row n, service in step n + 1, its address in row n + 2, HWDATA in n + 3. */
START_TEST(an_interrupt_input_is_sampled_by_the_first_edge_after_it_was_set)
{
    static const struct {
        uint64_t set_ps, asked;
    } cases[] = {
        {100 * NS10 - 1, 103}, {100 * NS10, 104}, {101 * NS10 - 1, 104}, {101 * NS10, 105}};
    for (unsigned i = 0; i < 4; i++) {
        to(cases[i].set_ps);
        ck_assert_int_eq(dmasim_level_set(port("irq"), 2), DMASIM_INVALID);
        ck_assert_int_eq(dmasim_level_set(port("irq"), DMASIM_LEVEL_INTERRUPT), DMASIM_OK);
        expect("late", DMASIM_EVENT_REQUEST, cases[i].asked * NS10);
        ck_assert_uint_eq(event.address, 0x30000010);
        ck_assert_str_eq(event.master, "host");
        done();
        setup_ahb();
    }
}
END_TEST

/* ---- AXI ------------------------------------------------------------------------------------- */

#define ADI UINT64_C(0x40000000)

static const char copy[] =
    "clocks: { aclk: { frequency: 100 MHz } }\n"
    "buses:\n"
    "  lite: { type: axi, clock: aclk, width: 32, lite: true }\n"
    "  axi: { type: axi, clock: aclk, width: 64 }\n"
    "controllers:\n"
    "  dma: { type: \"adi,axi-dmac\", bus: lite, base: 0x4000_0000, source_bus: axi,\n"
    "         destination_bus: axi }\n"
    "masters:\n"
    "  cpu: { type: outside, bus: lite }\n"
    "  host: { type: outside, bus: axi }\n"
    "memories:\n"
    "  ram: { type: axi-sram, bus: axi, base: 0x2000_0000, size: 16 KiB }\n"
    "  late: { type: outside, bus: axi, base: 0x3000_0000, size: 16 KiB, outstanding_reads: 4,\n"
    "          outstanding_writes: 3 }\n";

static void submit(uint32_t from, uint32_t into, uint32_t length, uint32_t flags)
{
    set(ADI + 0x80, 0);
    set(ADI + 0x400, 1);
    set(ADI + 0x40c, flags);
    set(ADI + 0x410, into);
    set(ADI + 0x414, from);
    set(ADI + 0x418, length - 1);
    set(ADI + 0x408, 1);
}

START_TEST(the_axi_dmac_copies_from_and_to_a_slave_outside)
{
    fill();
    sim = create(copy, false, false);
    for (uint64_t delay = 0; delay < 20 * NS10; delay += 17 * NS10 / 2) {
        submit(0x30000100, 0x20000200, 1024, 0);
        while (!(access_to(false, ADI + 0x84, 0, delay) & 2))
            ;
        set(ADI + 0x84, 3);
        submit(0x20000200, 0x30002000, 1024, 0);
        while (!(access_to(false, ADI + 0x84, 0, delay) & 2))
            ;
        set(ADI + 0x84, 3);
        ck_assert_mem_eq(bytes + 0x2000, bytes + 0x100, 1024);
        memset(bytes + 0x2000, 0, 1024);
    }
    done();
}
END_TEST

/* ---- streams --------------------------------------------------------------------------------- */

static void setup_stream(const char *ends)
{
    char text[1024];
    snprintf(text, sizeof text,
             "clocks: { aclk: { frequency: 100 MHz } }\n"
             "buses:\n"
             "  lite: { type: axi, clock: aclk, width: 32, lite: true }\n"
             "  axi: { type: axi, clock: aclk, width: 64 }\n"
             "masters: { cpu: { type: outside, bus: lite } }\n"
             "memories: { ram: { type: axi-sram, bus: axi, base: 0, size: 64 KiB,\n"
             "                   fill: { pattern: count } } }\n%s",
             ends);
    sim = create(text, false, false);
}

static const char input[] =
    "controllers: { dma: { type: \"adi,axi-dmac\", bus: lite, base: 0x4000_0000, source: stream,\n"
    "                      destination_bus: axi } }\n"
    "peripherals: { source: { type: outside-source, controller: dma, buffer: 8, tell: %s } }\n";

static const char output[] =
    "controllers: { dma: { type: \"adi,axi-dmac\", bus: lite, base: 0x4000_0000, source_bus: axi,\n"
    "                      destination: stream } }\n"
    "peripherals: { sink: { type: outside-sink, controller: dma, buffer: 8, tell: %s } }\n";

static int send(const char *data, bool last)
{
    const struct dmasim_beat beat = {.data = data, .bytes = 8, .last = last};
    return dmasim_stream_send(port("source"), &beat);
}

static void setup_end(const char *text, const char *tell)
{
    char ends[512];
    snprintf(ends, sizeof ends, text, tell);
    setup_stream(ends);
    submit(0, 0, 64, 0);
    to((dmasim_now(sim) / NS10 + 100) * NS10);
}

/* IHI 0051A 2.2.1: TVALID stays until TREADY; a waiting controller takes a beat in each cycle. */
START_TEST(beats_of_a_source_go_one_in_each_cycle)
{
    setup_end(input, "beats");
    const uint64_t t = dmasim_now(sim);
    ck_assert_int_eq(send("01234567", false), DMASIM_OK); /* shows in t + 1 */
    ck_assert_int_eq(send("abcdefgh", false), DMASIM_OK);
    expect("source", DMASIM_EVENT_SENT, t + NS10);
    ck_assert_uint_eq(event.left, 1);
    expect("source", DMASIM_EVENT_SENT, t + 2 * NS10);
    ck_assert_uint_eq(event.left, 0);
    to(t + 10 * NS10 - 1);
    ck_assert_int_eq(send("ijklmnop", false), DMASIM_OK);
    expect("source", DMASIM_EVENT_SENT, t + 10 * NS10);
    to(t + 20 * NS10);
    ck_assert_int_eq(send("qrstuvwx", false), DMASIM_OK);
    expect("source", DMASIM_EVENT_SENT, t + 21 * NS10);
    ck_assert_int_eq(
        dmasim_stream_send(port("source"), &(struct dmasim_beat){.data = "012345678", .bytes = 9}),
        DMASIM_INVALID);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_int_eq(send("qrstuvwx", false), DMASIM_OK);
    ck_assert_int_eq(send("qrstuvwx", false), DMASIM_LIMIT);
    done();
}
END_TEST

START_TEST(a_source_may_tell_its_end_only)
{
    setup_end(input, "ends");
    const uint64_t t = dmasim_now(sim);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_int_eq(send(&"0123456789abcdef"[i], false), DMASIM_OK);
    expect("source", DMASIM_EVENT_SENT, t + 8 * NS10);
    ck_assert_uint_eq(event.beats, 8);
    to(dmasim_now(sim) + 100 * NS10);
    struct dmasim_access access = {.address = 8, .size_bytes = 4};
    ck_assert_int_eq(dmasim_access(sim, dmasim_now(sim), &access), DMASIM_OK);
    ck_assert_mem_eq(&access.value, "1234", 4);
    done();
}
END_TEST

START_TEST(beats_come_to_a_sink_in_the_cycles_it_allows)
{
    setup_end(output, "beats");
    const uint64_t t = dmasim_now(sim);
    ck_assert_int_eq(dmasim_stream_accept(port("sink"), 9), DMASIM_LIMIT);
    ck_assert_int_eq(dmasim_stream_accept(port("sink"), 2), DMASIM_OK);
    for (unsigned i = 0; i < 2; i++) {
        expect("sink", DMASIM_EVENT_RECEIVED, t + (1 + i) * NS10);
        for (unsigned k = 0; k < 8; k++)
            ck_assert_uint_eq(event.data[k], 8 * i + k);
        ck_assert_uint_eq(event.strobes[0], 0xff);
        ck_assert_uint_eq(event.left, 1 - i);
        ck_assert(!event.last);
    }
    to(t + 50 * NS10 - 1);
    ck_assert_int_eq(dmasim_stream_accept(port("sink"), 1), DMASIM_OK);
    expect("sink", DMASIM_EVENT_RECEIVED, t + 50 * NS10);
    to(t + 60 * NS10);
    ck_assert_int_eq(dmasim_stream_accept(port("sink"), 1), DMASIM_OK);
    expect("sink", DMASIM_EVENT_RECEIVED, t + 61 * NS10);
    done();
}
END_TEST

START_TEST(a_sink_may_stop_at_its_end_only)
{
    setup_end(output, "ends");
    const uint64_t t = dmasim_now(sim);
    ck_assert_int_eq(dmasim_stream_accept(port("sink"), 6), DMASIM_OK);
    go(sim, t + 100 * NS10);
    ck_assert_uint_eq(dmasim_now(sim), t + 6 * NS10);
    for (unsigned i = 0; i < 6; i++)
        expect("sink", DMASIM_EVENT_RECEIVED, t + (1 + i) * NS10);
    ck_assert(!dmasim_event_take(sim, &event));
    done();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("outside-controllers");
    TCase *ahb = tcase_create("ahb"), *axi = tcase_create("axi");
    tcase_add_checked_fixture(ahb, setup_ahb, done);
    tcase_add_test(ahb, the_ahb_dmac_copies_from_and_to_a_slave_outside);
    tcase_add_test(ahb, a_request_line_is_driven_and_its_acknowledge_seen);
    tcase_add_test(ahb, an_interrupt_input_is_sampled_by_the_first_edge_after_it_was_set);
    suite_add_tcase(suite, ahb);
    tcase_add_test(axi, the_axi_dmac_copies_from_and_to_a_slave_outside);
    tcase_add_test(axi, beats_of_a_source_go_one_in_each_cycle);
    tcase_add_test(axi, a_source_may_tell_its_end_only);
    tcase_add_test(axi, beats_come_to_a_sink_in_the_cycles_it_allows);
    tcase_add_test(axi, a_sink_may_stop_at_its_end_only);
    suite_add_tcase(suite, axi);
    return suite_run(suite);
}
