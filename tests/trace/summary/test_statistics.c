/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace_fixture.h"

#include "bus/ahb/ahb.h"
#include "trace/format.h"

static const struct probe_field no_fields[] = {{.name = "none", .size_bytes = 1}};
static const struct probe_type row_type = {"ahb_row", PROBE_SETTLED, no_fields, 1,
                                           sizeof(struct ahb_row)};
static const struct probe_type beat_type = {"ahb_beat", PROBE_EVENT, no_fields, 1,
                                            sizeof(struct ahb_beat)};

struct rig {
    struct bench b;
    struct ahb_bus *bus;
    struct probe *rows, *beats;
    struct trace *trace;
};

static void rig_init(struct rig *self)
{
    bench_init(&self->b);
    self->bus = calloc(1, sizeof *self->bus);
    self->bus->width_bits = 32;
    self->bus->masters[0].name = "cpu";
    self->bus->masters[1].name = "dma";
    self->rows = bench_probe(&self->b, "ahb0", &row_type, 0, self->bus);
    self->beats = bench_probe(&self->b, "ahb0", &beat_type, 0, self->bus);
}

static void rig_open(struct rig *self)
{
    self->trace = bench_open(&self->b, (struct trace_options){.summary = true});
}

static void rig_done(struct rig *self)
{
    free(self->bus);
    bench_done(&self->b);
}

static void expect(struct rig *self, const char *line)
{
    bench_expect_line(&self->b, "summary.csv", line);
}

struct cycle {
    sim_cycle cycle;
    uint32_t hbusreq, hgrant;
    uint8_t hmaster, htrans, hready;
};

/* dma takes the bus for two beats, the first with two wait states, while cpu waits; then cpu moves
 * one beat. By cycle: 0-1 quiet, 2 dma asks, 3 its NONSEQ, 4-5 wait, 6 its SEQ and first data, 7
 * cpu's NONSEQ and second data, 8 cpu's data, 9 quiet. */
static const struct cycle story[] = {
    {0, 0, 1, 0, AHB_IDLE, 1}, {2, 2, 2, 0, AHB_IDLE, 1}, {3, 3, 2, 1, AHB_NONSEQ, 1},
    {4, 3, 2, 1, AHB_SEQ, 0},  {6, 3, 1, 1, AHB_SEQ, 1},  {7, 1, 1, 0, AHB_NONSEQ, 1},
    {8, 0, 1, 0, AHB_IDLE, 1},
};

static void tell(struct rig *self, bool repeat)
{
    for (size_t i = 0; i < COUNT(story); i++) {
        const struct cycle *c = &story[i];
        struct ahb_row row = {.hbusreq = c->hbusreq,
                              .hgrant = c->hgrant,
                              .hmaster = c->hmaster,
                              .htrans = c->htrans,
                              .hready = c->hready};
        sim_cycle end = i + 1 < COUNT(story) ? story[i + 1].cycle : 10;
        for (sim_cycle n = c->cycle; n < (repeat ? end : c->cycle + 1); n++)
            probe_publish(self->rows, n, &row);
    }
}

START_TEST(cycles_of_a_bus_are_counted_by_what_they_do)
{
    for (int repeat = 0; repeat < 2; repeat++) {
        struct rig r;
        rig_init(&r);
        rig_open(&r);
        tell(&r, repeat);
        bench_close(r.trace, 99999);
        expect(&r, "run.time,99.999,ns");
        expect(&r, "bus.ahb0.frequency,100000000,Hz");
        expect(&r, "bus.ahb0.cycles,10,cycles");
        expect(&r, "bus.ahb0.busy_cycles,5,cycles");
        expect(&r, "bus.ahb0.data_cycles,3,cycles");
        expect(&r, "bus.ahb0.wait_cycles,2,cycles");
        expect(&r, "bus.ahb0.utilisation,30.00,%");
        expect(&r, "bus.ahb0.master.cpu.data_cycles,1,cycles");
        expect(&r, "bus.ahb0.master.cpu.wait_cycles,0,cycles");
        expect(&r, "bus.ahb0.master.cpu.request_wait_cycles,4,cycles");
        expect(&r, "bus.ahb0.master.cpu.arbitration_losses,1,beats");
        expect(&r, "bus.ahb0.master.dma.data_cycles,2,cycles");
        expect(&r, "bus.ahb0.master.dma.wait_cycles,2,cycles");
        expect(&r, "bus.ahb0.master.dma.utilisation,20.00,%");
        expect(&r, "bus.ahb0.master.dma.request_wait_cycles,1,cycles");
        expect(&r, "bus.ahb0.master.dma.arbitration_losses,0,beats");
        rig_done(&r);
    }
}
END_TEST

START_TEST(a_data_phase_outlasts_an_idle_address_bus)
{
    struct rig r;
    rig_init(&r);
    rig_open(&r);
    probe_publish(r.rows, 0, &(struct ahb_row){.hmaster = 1, .htrans = AHB_NONSEQ, .hready = 1});
    probe_publish(r.rows, 1, &(struct ahb_row){.hmaster = 1, .hready = 0});
    probe_publish(r.rows, 3, &(struct ahb_row){.hmaster = 1, .hready = 1});
    bench_close(r.trace, 50000);
    expect(&r, "bus.ahb0.busy_cycles,3,cycles");
    expect(&r, "bus.ahb0.master.dma.wait_cycles,2,cycles");
    expect(&r, "bus.ahb0.master.dma.data_cycles,1,cycles");
    rig_done(&r);
}
END_TEST

START_TEST(the_last_row_holds_to_the_final_time_and_not_longer)
{
    for (sim_time final_time = 99999; final_time <= 100000; final_time++) {
        struct rig r;
        rig_init(&r);
        rig_open(&r);
        probe_publish(r.rows, 0, &(struct ahb_row){.htrans = AHB_SEQ, .hready = 1});
        bench_close(r.trace, final_time);
        expect(&r, final_time == 99999 ? "bus.ahb0.data_cycles,9,cycles"
                                       : "bus.ahb0.data_cycles,10,cycles");
        rig_done(&r);
    }
}
END_TEST

static void beat(struct rig *self, uint8_t master, enum ahb_trans trans, enum ahb_burst burst,
                 enum ahb_resp resp)
{
    probe_publish(self->beats, 0,
                  &(struct ahb_beat){.master = self->bus->masters[master].name,
                                     .master_index = master,
                                     .htrans = (uint8_t)trans,
                                     .hburst = (uint8_t)burst,
                                     .hresp = (uint8_t)resp,
                                     .hsize = 2});
}

START_TEST(bytes_errors_and_broken_bursts_come_from_the_beats)
{
    struct rig r;
    rig_init(&r);
    rig_open(&r);
    tell(&r, false);
    beat(&r, 1, AHB_NONSEQ, AHB_INCR4, AHB_OKAY);
    beat(&r, 1, AHB_SEQ, AHB_INCR4, AHB_OKAY);
    beat(&r, 0, AHB_NONSEQ, AHB_SINGLE, AHB_ERROR);
    beat(&r, 1, AHB_NONSEQ, AHB_INCR, AHB_OKAY); /* the rest: INCR4 was broken */
    bench_close(r.trace, 99999);
    expect(&r, "bus.ahb0.bytes,12,bytes");
    expect(&r, "bus.ahb0.throughput,120000000,B/s");
    expect(&r, "bus.ahb0.peak,400000000,B/s");
    expect(&r, "bus.ahb0.share_of_peak,30.00,%");
    expect(&r, "bus.ahb0.errors,1,beats");
    expect(&r, "bus.ahb0.bursts,3,bursts");
    expect(&r, "bus.ahb0.bursts_broken,1,bursts");
    expect(&r, "bus.ahb0.master.dma.bytes,12,bytes");
    expect(&r, "bus.ahb0.master.dma.bursts_broken,1,bursts");
    expect(&r, "bus.ahb0.master.cpu.bytes,0,bytes");
    expect(&r, "bus.ahb0.master.cpu.errors,1,beats");
    rig_done(&r);
}
END_TEST

START_TEST(a_whole_burst_a_repeated_first_beat_and_an_error_break_nothing)
{
    struct rig r;
    rig_init(&r);
    rig_open(&r);
    beat(&r, 0, AHB_NONSEQ, AHB_INCR4, AHB_RETRY);
    beat(&r, 0, AHB_NONSEQ, AHB_INCR4, AHB_OKAY);
    for (int i = 0; i < 3; i++)
        beat(&r, 0, AHB_SEQ, AHB_INCR4, AHB_OKAY);
    beat(&r, 0, AHB_NONSEQ, AHB_INCR8, AHB_OKAY);
    beat(&r, 0, AHB_SEQ, AHB_INCR8, AHB_ERROR);
    beat(&r, 0, AHB_NONSEQ, AHB_SINGLE, AHB_OKAY);
    bench_close(r.trace, 0);
    expect(&r, "bus.ahb0.bursts_broken,0,bursts");
    expect(&r, "bus.ahb0.retries,1,beats");
    expect(&r, "bus.ahb0.bytes,24,bytes");
    rig_done(&r);
}
END_TEST

START_TEST(latencies_are_values_of_a_rank)
{
    struct rig r;
    rig_init(&r);
    struct probe *transfers = bench_probe(&r.b, "cpu", &transfer_probe_type, 0, NULL);
    rig_open(&r);
    struct transfer_record record = {.controller = "dma0", .bytes = 10, .status = "complete"};
    for (uint64_t i = 100; i > 0; i--) { /* latencies of 1.001, 2.001 ... 100.001 ns */
        record.callback_ps = i * 1000 + 1;
        probe_publish(transfers, 200, &record);
    }
    record.status = "error";
    record.callback_ps = 5000000;
    probe_publish(transfers, 200, &record);
    record = (struct transfer_record){
        .controller = "adma", .bytes = 6, .status = "complete", .callback_ps = 500};
    probe_publish(transfers, 201, &record);
    bench_close(r.trace, 2010000);
    expect(&r, "transfers.count,102,transfers");
    expect(&r, "transfers.complete,101,transfers");
    expect(&r, "transfers.failed,1,transfers");
    expect(&r, "transfers.bytes,1006,bytes");
    expect(&r, "transfers.latency.min,0.500,ns");
    expect(&r, "controller.dma0.transfers.count,101,transfers");
    expect(&r, "controller.dma0.latency.min,1.001,ns");
    expect(&r, "controller.dma0.latency.median,50.001,ns");
    expect(&r, "controller.dma0.latency.p99,99.001,ns");
    expect(&r, "controller.dma0.latency.max,100.001,ns");
    expect(&r, "controller.adma.latency.median,0.500,ns");
    char *text = bench_read(&r.b, "summary.csv");
    ck_assert(strstr(text, "controller.adma") < strstr(text, "controller.dma0"));
    free(text);
    rig_done(&r);
}
END_TEST

START_TEST(descriptors_cpus_fifos_and_interrupts_are_counted)
{
    struct rig r;
    rig_init(&r);
    struct probe *beats = bench_probe(&r.b, "dma0", &dma_beat_probe_type, 0, NULL);
    struct probe *interrupt = bench_probe(&r.b, "dma0", &interrupt_probe_type, 0, NULL);
    struct probe *access = bench_probe(&r.b, "cpu0", &cpu_access_probe_type, 0, NULL);
    struct probe *fifo = bench_probe(&r.b, "uart0", &fifo_probe_type, 0, NULL);
    rig_open(&r);
    struct dma_beat_record beat_record = {.controller = "dma0", .bytes = 4};
    static const enum dma_purpose purposes[] = {DMA_SOURCE,     DMA_DESTINATION, DMA_DESCRIPTOR,
                                                DMA_DESCRIPTOR, DMA_WRITEBACK,   DMA_SOURCE,
                                                DMA_SOURCE};
    for (size_t i = 0; i < COUNT(purposes); i++) {
        beat_record.purpose = (uint8_t)purposes[i];
        probe_publish(beats, i, &beat_record);
    }
    static const uint8_t levels[] = {0, 1, 1, 0, 1, 0, 0};
    for (size_t i = 0; i < COUNT(levels); i++)
        probe_publish(interrupt, i, &(struct interrupt_record){.level = levels[i]});
    probe_publish(access, 1, &(struct cpu_access_record){.write = 1, .stall_cycles = 3});
    probe_publish(access, 2, &(struct cpu_access_record){.stall_cycles = 4, .error = 1});
    probe_publish(fifo, 1, &(struct fifo_record){.level = 9});
    probe_publish(fifo, 2, &(struct fifo_record){.level = 2, .overruns = 5, .underruns = 1});
    bench_close(r.trace, 100000);
    expect(&r, "controller.dma0.beats,7,beats");
    expect(&r, "controller.dma0.descriptor_beats,2,beats");
    expect(&r, "controller.dma0.writeback_beats,1,beats");
    expect(&r, "controller.dma0.descriptor_share,42.86,%");
    expect(&r, "interrupt.dma0.count,2,interrupts");
    expect(&r, "cpu.cpu0.accesses,2,accesses");
    expect(&r, "cpu.cpu0.reads,1,accesses");
    expect(&r, "cpu.cpu0.writes,1,accesses");
    expect(&r, "cpu.cpu0.errors,1,accesses");
    expect(&r, "cpu.cpu0.stall_cycles,7,cycles");
    expect(&r, "fifo.uart0.overruns,5,items");
    expect(&r, "fifo.uart0.underruns,1,items");
    expect(&r, "fifo.uart0.max_level,9,items");
    rig_done(&r);
}
END_TEST

START_TEST(the_table_has_at_most_25_lines)
{
    struct rig r;
    rig_init(&r);
    static const char *const names[AHB_MASTERS_MAX] = {"a", "b", "c", "d", "e", "f", "g", "h",
                                                       "i", "j", "k", "l", "m", "n", "o", "p"};
    for (size_t i = 0; i < AHB_MASTERS_MAX; i++)
        r.bus->masters[i].name = names[i];
    bench_probe(&r.b, "ahb1", &row_type, 0, r.bus);
    bench_probe(&r.b, "ahb2", &row_type, 0, r.bus);
    struct probe *transfers = bench_probe(&r.b, "cpu", &transfer_probe_type, 0, NULL);
    r.trace = bench_open(&r.b, (struct trace_options){.statistics = true});
    tell(&r, false);
    probe_publish(transfers, 9, &(struct transfer_record){.status = "complete", .callback_ps = 7});
    struct dmasim_error error;
    ck_assert_int_eq(trace_close(r.trace, 99999, &error), DMASIM_OK);
    ck_assert_uint_eq(bench_files(&r.b), 0);
    char path[128];
    snprintf(path, sizeof path, "%s/table", r.b.dir);
    FILE *to = fopen(path, "w");
    trace_print(r.trace, to);
    fclose(to);
    trace_free(r.trace);
    char *text = bench_read(&r.b, "table");
    size_t lines = 0, longest = 0;
    for (char *line = text; *line; lines++) {
        size_t length = strcspn(line, "\n");
        longest = length > longest ? length : longest;
        line += length + 1;
    }
    ck_assert_uint_le(lines, 25);
    ck_assert_uint_ge(lines, 20);
    ck_assert_uint_le(longest, 100);
    free(text);
    rig_done(&r);
}
END_TEST

START_TEST(ratios_are_rounded_to_nearest_and_survive_large_numbers)
{
    static const struct {
        uint64_t numerator, scale, denominator;
        unsigned decimals;
        const char *text;
    } cases[] = {
        {1, 100, 3, 2, "33.33"},
        {2, 100, 3, 2, "66.67"},
        {1, 1, 2, 0, "1"},
        {999, 1, 1000, 2, "1.00"},
        {994, 1, 1000, 2, "0.99"},
        {5, 1, 0, 3, "0.000"},
        {1001, 1, 1000, 3, "1.001"},
        {UINT64_MAX, 1000, UINT64_MAX, 1, "1000.0"},
        {1u << 26, 1000000000000, 1u << 26, 0, "1000000000000"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[64];
        *put_ratio(text, cases[i].numerator, cases[i].scale, cases[i].denominator,
                   cases[i].decimals) = '\0';
        ck_assert_str_eq(text, cases[i].text);
    }
}
END_TEST

START_TEST(beats_of_another_bus_are_counted_by_direction_and_master)
{
    static const char cpu[] = "cpu", dma[] = "dma";
    struct bench b;
    bench_init(&b);
    struct probe *beats = bench_probe(&b, "isa0", &bus_beat_probe_type, 1, NULL);
    struct trace *trace = bench_open(&b, (struct trace_options){.summary = true, .bus = true});
    const struct bus_beat_record records[] = {
        {.master = cpu, .slave = "ram", .kind = "read", .address = 0x10, .bytes = 2},
        {.master = dma, .kind = "write", .address = 0x20, .write = 1, .bytes = 1, .start_cycle = 1},
        {.master = dma, .kind = "write", .address = 0x21, .write = 1, .bytes = 1, .error = 1},
    };
    for (size_t i = 0; i < COUNT(records); i++)
        probe_publish(beats, i + 2, &records[i]);
    bench_close(trace, 5000 + 9 * 25000);
    static const char *const lines[] = {
        "bus.isa0.frequency,40000000,Hz",   "bus.isa0.cycles,10,cycles",
        "bus.isa0.throughput,12000000,B/s", "bus.isa0.reads,1,beats",
        "bus.isa0.writes,2,beats",          "bus.isa0.bytes,3,bytes",
        "bus.isa0.errors,1,beats",          "bus.isa0.master.dma.bytes,1,bytes",
        "bus.isa0.master.cpu.reads,1,beats"};
    for (size_t i = 0; i < COUNT(lines); i++)
        bench_expect_line(&b, "summary.csv", lines[i]);
    bench_expect_line(&b, "beats.csv", "3,80000,isa0,1,dma,,write,20,1,1,0");
    char *bus = bench_read(&b, "bus.csv");
    ck_assert_ptr_null(bus); /* it is for an AHB */
    bench_done(&b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        cycles_of_a_bus_are_counted_by_what_they_do,
        a_data_phase_outlasts_an_idle_address_bus,
        the_last_row_holds_to_the_final_time_and_not_longer,
        bytes_errors_and_broken_bursts_come_from_the_beats,
        a_whole_burst_a_repeated_first_beat_and_an_error_break_nothing,
        latencies_are_values_of_a_rank,
        descriptors_cpus_fifos_and_interrupts_are_counted,
        beats_of_another_bus_are_counted_by_direction_and_master,
        the_table_has_at_most_25_lines,
        ratios_are_rounded_to_nearest_and_survive_large_numbers,
    };
    return bench_run("statistics", tests, COUNT(tests));
}
