/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace_fixture.h"

#include "bus/ahb/ahb.h"

static const char *const trans_names[] = {"IDLE", "BUSY", "NONSEQ", "SEQ"};

/* The columns of the golden traces (traces/golden/ahb), for a bus of 32 or 128 bits. */
#define ROW_FIELDS(width)                                                                          \
    {                                                                                              \
        PROBE_FIELD(ahb_row, hbusreq, "HBUSREQ", 16, PROBE_HEX),                                   \
            PROBE_FIELD(ahb_row, hlock, "HLOCK", 16, PROBE_HEX),                                   \
            PROBE_FIELD(ahb_row, hgrant, "HGRANT", 16, PROBE_HEX),                                 \
            PROBE_FIELD(ahb_row, hmaster, "HMASTER", 4, PROBE_DECIMAL),                            \
            PROBE_FIELD(ahb_row, hmastlock, "HMASTLOCK", 1, PROBE_DECIMAL),                        \
            {.name = "HTRANS",                                                                     \
             .offset = offsetof(struct ahb_row, htrans),                                           \
             .size_bytes = 1,                                                                      \
             .width_bits = 2,                                                                      \
             .radix = PROBE_DECIMAL,                                                               \
             .names = trans_names,                                                                 \
             .name_count = 4},                                                                     \
            PROBE_FIELD(ahb_row, hburst, "HBURST", 3, PROBE_DECIMAL),                              \
            PROBE_FIELD(ahb_row, haddr, "HADDR", 32, PROBE_HEX_PADDED),                            \
            PROBE_FIELD(ahb_row, hwrite, "HWRITE", 1, PROBE_DECIMAL),                              \
            PROBE_FIELD(ahb_row, hsize, "HSIZE", 3, PROBE_DECIMAL),                                \
            PROBE_FIELD(ahb_row, hready, "HREADY", 1, PROBE_DECIMAL),                              \
            PROBE_FIELD(ahb_row, hresp, "HRESP", 2, PROBE_DECIMAL),                                \
            PROBE_FIELD(ahb_row, hwdata, "HWDATA", (width), PROBE_HEX_PADDED),                     \
            PROBE_FIELD(ahb_row, hrdata, "HRDATA", (width), PROBE_HEX_PADDED),                     \
            PROBE_FIELD(ahb_row, hsplit, "HSPLIT", 16, PROBE_HEX),                                 \
    }
static const struct probe_field row32_fields[] = ROW_FIELDS(32);
static const struct probe_field row128_fields[] = ROW_FIELDS(128);
static const struct probe_type row32 = {"ahb_row", PROBE_SETTLED, row32_fields, COUNT(row32_fields),
                                        sizeof(struct ahb_row)};
static const struct probe_type row128 = {"ahb_row", PROBE_SETTLED, row128_fields,
                                         COUNT(row128_fields), sizeof(struct ahb_row)};

static const struct probe_field beat_fields[] = {
    PROBE_FIELD(ahb_beat, data_cycle, "data_cycle", 0, PROBE_DECIMAL),
    PROBE_FIELD(ahb_beat, time_ps, "time_ps", 0, PROBE_TIME),
    PROBE_FIELD(ahb_beat, master, "master", 0, PROBE_TEXT),
    PROBE_FIELD(ahb_beat, haddr, "HADDR", 0, PROBE_HEX_PADDED),
    {.name = "HTRANS",
     .offset = offsetof(struct ahb_beat, htrans),
     .size_bytes = 1,
     .radix = PROBE_NAME,
     .names = trans_names,
     .name_count = 4},
};
static const struct probe_type beat_type = {"ahb_beat", PROBE_EVENT, beat_fields,
                                            COUNT(beat_fields), sizeof(struct ahb_beat)};

#define HEADER                                                                                     \
    "cycle,HBUSREQ,HLOCK,HGRANT,HMASTER,HMASTLOCK,HTRANS,HBURST,HADDR,HWRITE,HSIZE,HREADY,HRESP,"  \
    "HWDATA,HRDATA,HSPLIT\n"

static const struct ahb_row quiet = {.hgrant = 1, .hready = 1};
static const struct ahb_row moving = {.hbusreq = 0x12,
                                      .hgrant = 2,
                                      .hmaster = 1,
                                      .htrans = AHB_NONSEQ,
                                      .hburst = AHB_INCR16,
                                      .haddr = 0x10c,
                                      .hwrite = 1,
                                      .hsize = 2,
                                      .hready = 1,
                                      .hwdata = {{0xd1000004, 0}}};

START_TEST(cycles_has_one_row_for_each_cycle_in_the_columns_of_the_golden_traces)
{
    struct bench b;
    bench_init(&b);
    struct probe *bus = bench_probe(&b, "ahb0", &row32, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.cycles = true});
    probe_publish(bus, 0, &quiet);
    probe_publish(bus, 3, &moving);
    probe_publish(bus, 4, &quiet);
    bench_close(trace, 59999); /* cycle 6 would be at 60000 */
    bench_expect(&b, "cycles.csv",
                 HEADER "0,0x0,0x0,0x1,0,0,0,0,0x00000000,0,0,1,0,0x00000000,0x00000000,0x0\n"
                        "1,0x0,0x0,0x1,0,0,0,0,0x00000000,0,0,1,0,0x00000000,0x00000000,0x0\n"
                        "2,0x0,0x0,0x1,0,0,0,0,0x00000000,0,0,1,0,0x00000000,0x00000000,0x0\n"
                        "3,0x12,0x0,0x2,1,0,2,7,0x0000010c,1,2,1,0,0xd1000004,0x00000000,0x0\n"
                        "4,0x0,0x0,0x1,0,0,0,0,0x00000000,0,0,1,0,0x00000000,0x00000000,0x0\n"
                        "5,0x0,0x0,0x1,0,0,0,0,0x00000000,0,0,1,0,0x00000000,0x00000000,0x0\n");
    bench_done(&b);
}
END_TEST

START_TEST(repeating_a_record_in_every_cycle_gives_the_same_table)
{
    char *texts[2];
    for (int repeat = 0; repeat < 2; repeat++) {
        struct bench b;
        bench_init(&b);
        struct probe *bus = bench_probe(&b, "ahb0", &row32, 1, NULL);
        struct trace *trace = bench_open(&b, (struct trace_options){.cycles = true});
        for (sim_cycle n = 0; n < 100; n++)
            if (repeat || n % 10 == 0)
                probe_publish(bus, n, n / 10 % 2 ? &moving : &quiet);
        bench_close(trace, 5000 + 99 * 25000); /* the edge of cycle 99 itself */
        texts[repeat] = bench_read(&b, "cycles.csv");
        bench_done(&b);
    }
    ck_assert_str_eq(texts[0], texts[1]);
    ck_assert_ptr_nonnull(strstr(texts[0], "\n99,"));
    ck_assert_ptr_null(strstr(texts[0], "\n100,"));
    free(texts[0]);
    free(texts[1]);
}
END_TEST

START_TEST(a_row_of_1024_bits_shows_256_digits_the_highest_byte_first)
{
    struct wide {
        uint64_t data[16];
        uint32_t odd[2]; /* 36 bits of it */
    } row;
    static const struct probe_field fields[] = {
        PROBE_FIELD(wide, data, "DATA", 1024, PROBE_HEX_PADDED),
        PROBE_FIELD(wide, odd, "ODD", 36, PROBE_HEX_PADDED),
    };
    static const struct probe_type type = {"wide_row", PROBE_SETTLED, fields, COUNT(fields),
                                           sizeof row};
    char expected[512] = "cycle,DATA,ODD\n0,0x", *at = expected + strlen(expected);
    struct bench b;
    bench_init(&b);
    struct probe *probe = bench_probe(&b, "wide", &type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.cycles = true});
    memset(&row, 0, sizeof row);
    for (unsigned i = 0; i < 128; i++)
        ((uint8_t *)row.data)[i] = (uint8_t)i;
    for (unsigned i = 128; i-- > 0;)
        at += sprintf(at, "%02x", i);
    row.odd[0] = 0x89abcdef;
    row.odd[1] = 0xfff7;
    strcpy(at, ",0x789abcdef\n");
    probe_publish(probe, 0, &row);
    bench_close(trace, 9999);
    bench_expect(&b, "cycles.csv", expected);
    bench_done(&b);
}
END_TEST

START_TEST(an_address_has_8_digits_or_16_if_it_needs_more)
{
    struct at {
        uint64_t address;
    };
    static const struct probe_field fields[] = {PROBE_FIELD(at, address, "ADDR", 0, PROBE_ADDRESS)};
    static const struct probe_type type = {"at_row", PROBE_SETTLED, fields, COUNT(fields),
                                           sizeof(struct at)};
    struct bench b;
    bench_init(&b);
    struct probe *probe = bench_probe(&b, "at", &type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.cycles = true});
    probe_publish(probe, 0, &(struct at){0xffff});
    probe_publish(probe, 1, &(struct at){0xffffffff});
    probe_publish(probe, 2, &(struct at){UINT64_C(0x100000000)});
    bench_close(trace, 29999);
    bench_expect(&b, "cycles.csv",
                 "cycle,ADDR\n0,0x0000ffff\n1,0xffffffff\n2,0x0000000100000000\n");
    bench_done(&b);
}
END_TEST

START_TEST(a_bus_of_128_bits_shows_32_digits)
{
    struct bench b;
    bench_init(&b);
    struct probe *bus = bench_probe(&b, "ahb0", &row128, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.cycles = true});
    struct ahb_row row = quiet;
    row.hrdata = (struct ahb_data){{0x0123456789abcdef, 0xfedc}};
    probe_publish(bus, 0, &row);
    bench_close(trace, 0);
    bench_expect(&b, "cycles.csv",
                 HEADER
                 "0,0x0,0x0,0x1,0,0,0,0,0x00000000,0,0,1,0,0x00000000000000000000000000000000,"
                 "0x000000000000fedc0123456789abcdef,0x0\n");
    bench_done(&b);
}
END_TEST

START_TEST(cycles_before_the_first_record_are_empty)
{
    struct bench b;
    bench_init(&b);
    struct probe *bus = bench_probe(&b, "ahb0", &row32, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.cycles = true});
    probe_publish(bus, 1, &quiet);
    bench_close(trace, 10000);
    bench_expect(&b, "cycles.csv",
                 HEADER "0,,,,,,,,,,,,,,,\n"
                        "1,0x0,0x0,0x1,0,0,0,0,0x00000000,0,0,1,0,0x00000000,0x00000000,0x0\n");
    bench_done(&b);
}
END_TEST

START_TEST(several_buses_have_a_file_each_and_one_table_of_beats)
{
    struct bench b;
    bench_init(&b);
    bench_probe(&b, "ahb0", &row32, 0, NULL);
    struct probe *beats0 = bench_probe(&b, "ahb0", &beat_type, 0, NULL);
    bench_probe(&b, "ahb1", &row32, 0, NULL);
    struct probe *beats1 = bench_probe(&b, "ahb1", &beat_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.cycles = true, .bus = true});
    struct ahb_beat beat = {.master = "dma, left", .haddr = 0x20, .htrans = AHB_SEQ};
    /* In one cycle the second bus comes first: the table keeps the order of the probes. */
    probe_publish(beats1, 7, &beat);
    probe_publish(beats0, 7, &beat);
    beat.master = "cpu";
    beat.htrans = AHB_NONSEQ;
    probe_publish(beats1, 7, &beat);
    probe_publish(beats1, 8, &beat);
    bench_close(trace, 80000);
    bench_expect(&b, "bus.csv",
                 "cycle,time_ps,bus,master,HADDR,HTRANS\n"
                 "7,70000,ahb0,\"dma, left\",0x00000020,SEQ\n"
                 "7,70000,ahb1,\"dma, left\",0x00000020,SEQ\n"
                 "7,70000,ahb1,cpu,0x00000020,NONSEQ\n"
                 "8,80000,ahb1,cpu,0x00000020,NONSEQ\n");
    ck_assert_uint_eq(bench_files(&b), 3);
    bench_expect_line(&b, "cycles.ahb0.csv", "8,,,,,,,,,,,,,,,");
    bench_expect_line(&b, "cycles.ahb1.csv", "8,,,,,,,,,,,,,,,");
    bench_done(&b);
}
END_TEST

START_TEST(a_long_table_is_whole)
{
    struct bench b;
    bench_init(&b);
    struct probe *beats = bench_probe(&b, "ahb0", &beat_type, 0, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.bus = true});
    struct ahb_beat beat = {.master = "cpu"};
    for (sim_cycle n = 0; n < 20000; n++)
        probe_publish(beats, n, &beat);
    bench_close(trace, 0);
    char *text = bench_read(&b, "bus.csv");
    size_t lines = 0;
    for (const char *at = text; *at; at++)
        lines += *at == '\n';
    ck_assert_uint_eq(lines, 20001);
    ck_assert_ptr_nonnull(strstr(text, "\n19999,199990000,ahb0,cpu,0x00000000,IDLE\n"));
    free(text);
    bench_done(&b);
}
END_TEST

START_TEST(packed_pins_are_fields_of_their_own)
{
    struct fifo_record record = {.level = 3, .request = 5, .acknowledge = 2, .overruns = 7};
    static const struct {
        const char *name;
        uint64_t value;
    } expected[] = {{"level", 3},   {"dma_req", 1},    {"dma_single", 0}, {"dma_last", 1},
                    {"dma_ack", 0}, {"dma_finish", 1}, {"overruns", 7},   {"underruns", 0}};
    ck_assert_uint_eq(fifo_probe_type.field_count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        ck_assert_str_eq(fifo_probe_type.fields[i].name, expected[i].name);
        ck_assert_uint_eq(probe_value(&fifo_probe_type.fields[i], &record), expected[i].value);
    }
}
END_TEST

struct call {
    struct probe_observer observer;
    char **at;
    char mark;
};

static void mark(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                 const void *record)
{
    (void)probe;
    (void)now;
    (void)record;
    struct call *self = (struct call *)observer;
    *(*self->at)++ = self->mark;
}

START_TEST(observers_hear_in_the_order_of_joining)
{
    struct bench b;
    bench_init(&b);
    struct probe *probe = bench_probe(&b, "ahb0", &row32, 0, NULL);
    char heard[8] = "", *at = heard;
    struct call first = {.observer.notify = mark, .at = &at, .mark = '1'};
    struct call second = {.observer.notify = mark, .at = &at, .mark = '2'};
    ck_assert(!probe_observed(probe));
    probe_observe(probe, &first.observer);
    probe_observe(probe, &second.observer);
    probe_publish(probe, 0, &quiet);
    ck_assert_str_eq(heard, "12");
    b.system.kernel.muted = true;
    probe_publish(probe, 1, &quiet);
    ck_assert_str_eq(heard, "12");
    bench_done(&b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        cycles_has_one_row_for_each_cycle_in_the_columns_of_the_golden_traces,
        repeating_a_record_in_every_cycle_gives_the_same_table,
        a_row_of_1024_bits_shows_256_digits_the_highest_byte_first,
        a_bus_of_128_bits_shows_32_digits,
        an_address_has_8_digits_or_16_if_it_needs_more,
        cycles_before_the_first_record_are_empty,
        several_buses_have_a_file_each_and_one_table_of_beats,
        a_long_table_is_whole,
        packed_pins_are_fields_of_their_own,
        observers_hear_in_the_order_of_joining,
    };
    return bench_run("csv", tests, COUNT(tests));
}
