/* SPDX-License-Identifier: BSD-2-Clause */
/* Figures by hand: each kind of counter once, as summary.csv has it. */
#include "trace_fixture.h"

#include "bus/ahb/ahb_component.h"
#include "bus/ahb/ahb_counts.h"
#include "bus/figures.h"
#include "metrics.h"
#include "trace/format.h"

/* ---- components that count what a test says -------------------------------------------------- */

struct rig {
    struct bench b;
    struct plan plan;
    struct component buses[4], units[4];
    struct ahb_bus *bus; /* "ahb0", and all others */
    struct trace *trace;
};

static void rig_init(struct rig *self)
{
    memset(self, 0, sizeof *self);
    bench_init(&self->b);
    self->bus = calloc(1, sizeof *self->bus);
    self->bus->width_bits = 32;
    self->bus->view = self->bus->run.start = SIM_NEVER;
    self->bus->data_master = -1;
    self->bus->unit.clock = &self->b.clocks[0];
    self->bus->masters[0].name = "cpu";
    self->bus->masters[1].name = "dma";
    self->bus->master_count = 2;
    static const char *const names[] = {"ahb0", "ahb1", "ahb2", "ahb3"};
    for (size_t i = 0; i < COUNT(names); i++)
        self->buses[i] =
            (struct component){.name = names[i], .type = &ahb_type, .instance = self->bus};
    self->plan.components[SECTION_BUSES] = self->buses;
    self->plan.components[SECTION_CONTROLLERS] = self->units;
    self->plan.counts[SECTION_BUSES] = 1;
    self->b.system.plan = &self->plan;
    for (size_t i = 0; i < COUNT(self->b.clocks); i++)
        self->b.clocks[i].time = SIM_NEVER;
}

/* A component whose type tells `part`s. */
static void rig_add(struct rig *self, const char *name, const struct component_type *type)
{
    self->units[self->plan.counts[SECTION_CONTROLLERS]++] =
        (struct component){.name = name, .type = type};
}

static void rig_open(struct rig *self)
{
    self->trace = bench_open(&self->b, (struct trace_options){.summary = true});
    for (size_t i = 0; i < COUNT(self->b.clocks); i++)
        self->b.clocks[i].time = self->b.clocks[i].phase_ps;
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

/* ---- an AHB ---------------------------------------------------------------------------------- */

struct cycle {
    sim_cycle cycle;
    uint32_t hbusreq, hgrant;
    uint8_t hmaster, htrans, hready;
    uint8_t hburst, hresp;
};

/* The bus settles this row as its step does. */
static void settle(struct ahb_bus *bus, const struct cycle *c)
{
    const struct ahb_row before = bus->row;
    const bool data = before.hready && before.htrans >= AHB_NONSEQ;
    const int8_t owner = data ? (int8_t)before.hmaster : -1;
    ahb_count_waits(bus, c->cycle);
    if (data)
        bus->data = (struct ahb_access){.htrans = before.htrans,
                                        .hburst = before.hburst,
                                        .hsize = 2,
                                        .hmaster = before.hmaster};
    if (before.hready)
        bus->data_master = owner;
    bus->view = c->cycle;
    bus->row = (struct ahb_row){.hbusreq = c->hbusreq,
                                .hgrant = c->hgrant,
                                .hmaster = c->hmaster,
                                .htrans = c->htrans,
                                .hburst = c->hburst,
                                .hresp = c->hresp,
                                .hready = c->hready};
    ahb_count_row(bus, c->cycle);
    if (c->hready)
        ahb_count_ready(bus);
}

/* dma takes the bus for two beats, the first with two wait states, while cpu waits; then cpu moves
 * one beat. By cycle: 0-1 quiet, 2 dma asks, 3 its NONSEQ, 4-5 wait, 6 its SEQ and first data, 7
 * cpu's NONSEQ and second data, 8 cpu's data, 9 quiet. */
static const struct cycle story[] = {
    {0, 0, 1, 0, AHB_IDLE, 1, 0, 0},   {2, 2, 2, 0, AHB_IDLE, 1, 0, 0},
    {3, 3, 2, 1, AHB_NONSEQ, 1, 1, 0}, {4, 3, 2, 1, AHB_SEQ, 0, 1, 0},
    {6, 3, 1, 1, AHB_SEQ, 1, 1, 0},    {7, 1, 1, 0, AHB_NONSEQ, 1, 0, 0},
    {8, 0, 1, 0, AHB_IDLE, 1, 0, 0},
};

static void tell(struct rig *self, bool repeat)
{
    for (size_t i = 0; i < COUNT(story); i++) {
        struct cycle c = story[i];
        const sim_cycle end = i + 1 < COUNT(story) ? story[i + 1].cycle : 10;
        do
            settle(self->bus, &c);
        while (++c.cycle < end && repeat);
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
        expect(&r, "bus.ahb0.bytes,12,bytes");
        expect(&r, "bus.ahb0.throughput,120000000,B/s");
        expect(&r, "bus.ahb0.peak,400000000,B/s");
        expect(&r, "bus.ahb0.share_of_peak,30.00,%");
        expect(&r, "bus.ahb0.bursts,2,bursts");
        expect(&r, "bus.ahb0.master.cpu.data_cycles,1,cycles");
        expect(&r, "bus.ahb0.master.cpu.wait_cycles,0,cycles");
        expect(&r, "bus.ahb0.master.cpu.bytes,4,bytes");
        expect(&r, "bus.ahb0.master.cpu.grant_wait_cycles,4,cycles");
        expect(&r, "bus.ahb0.master.cpu.arbitration_losses,1,beats");
        expect(&r, "bus.ahb0.master.dma.data_cycles,2,cycles");
        expect(&r, "bus.ahb0.master.dma.wait_cycles,2,cycles");
        expect(&r, "bus.ahb0.master.dma.utilisation,20.00,%");
        expect(&r, "bus.ahb0.master.dma.grant_wait_cycles,1,cycles");
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
    settle(r.bus, &(struct cycle){.cycle = 0, .hmaster = 1, .htrans = AHB_NONSEQ, .hready = 1});
    settle(r.bus, &(struct cycle){.cycle = 1, .hmaster = 1});
    settle(r.bus, &(struct cycle){.cycle = 3, .hmaster = 1, .hready = 1});
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
        settle(r.bus, &(struct cycle){.cycle = 0, .htrans = AHB_NONSEQ, .hready = 1});
        settle(r.bus, &(struct cycle){.cycle = 1, .hbusreq = 2});
        bench_close(r.trace, final_time);
        expect(&r, final_time == 99999 ? "bus.ahb0.wait_cycles,9,cycles"
                                       : "bus.ahb0.wait_cycles,10,cycles");
        expect(&r, final_time == 99999 ? "bus.ahb0.master.dma.grant_wait_cycles,9,cycles"
                                       : "bus.ahb0.master.dma.grant_wait_cycles,10,cycles");
        rig_done(&r);
    }
}
END_TEST

/* Beats of one master or another, a row each: of the address before. */
static void beat(struct rig *self, uint8_t master, enum ahb_trans trans, enum ahb_burst burst,
                 enum ahb_resp resp)
{
    const sim_cycle now = self->bus->view == SIM_NEVER ? 0 : self->bus->view + 1;
    settle(self->bus, &(struct cycle){.cycle = now,
                                      .hmaster = master,
                                      .htrans = (uint8_t)trans,
                                      .hburst = (uint8_t)burst,
                                      .hready = 1});
    settle(self->bus, &(struct cycle){.cycle = now + 1, .hready = 1, .hresp = (uint8_t)resp});
}

START_TEST(bytes_errors_and_broken_bursts_are_counted_with_the_beats)
{
    struct rig r;
    rig_init(&r);
    rig_open(&r);
    beat(&r, 1, AHB_NONSEQ, AHB_INCR4, AHB_OKAY);
    beat(&r, 1, AHB_SEQ, AHB_INCR4, AHB_OKAY);
    beat(&r, 0, AHB_NONSEQ, AHB_SINGLE, AHB_ERROR);
    beat(&r, 1, AHB_NONSEQ, AHB_INCR, AHB_OKAY); /* the rest: INCR4 was broken */
    bench_close(r.trace, 99999);
    expect(&r, "bus.ahb0.bytes,12,bytes");
    expect(&r, "bus.ahb0.busy_cycles,4,cycles");
    expect(&r, "bus.ahb0.data_cycles,3,cycles");
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

/* INCR8 with a wait state for each beat but the first, as a run of its first five beats: addresses 0 .. 5 are
 * accepted in rows 0, 1, 3, 5, 7, 9. */
static void start_run(struct ahb_bus *bus)
{
    settle(bus, &(struct cycle){.cycle = 0,
                                .hmaster = 1,
                                .hgrant = 2,
                                .htrans = AHB_NONSEQ,
                                .hburst = AHB_INCR8,
                                .hready = 1});
    bus->accepted.hburst = AHB_INCR8;
    bus->run = (struct ahb_run){.start = 0,
                                .first_done = 1,
                                .end = 9,
                                .period = 2,
                                .beats = 5,
                                .hsize = 2,
                                .master = 1,
                                .htrans = AHB_NONSEQ};
}

START_TEST(a_run_is_counted_row_by_row_whenever_one_looks)
{
    static const struct {
        const char *data, *wait, *bytes, *losses, *asks;
    } rows[] = {
        /* rows 0 .. n are over; the other master asks from row 4 on */
        {"0", "0", "0", "0", "0"},  {"1", "0", "4", "0", "0"},  {"1", "1", "4", "0", "0"},
        {"2", "1", "8", "0", "0"},  {"2", "2", "8", "0", "1"},  {"3", "2", "12", "1", "2"},
        {"3", "3", "12", "1", "3"}, {"4", "3", "16", "2", "4"}, {"4", "4", "16", "2", "5"},
    };
    for (sim_cycle n = 0; n < COUNT(rows); n++) {
        struct rig r;
        char line[128];
        rig_init(&r);
        rig_open(&r);
        start_run(r.bus);
        if (n >= 4) {
            r.bus->links.hbusreq = 1;
            ahb_count_requests(r.bus, 4);
        }
        bench_close(r.trace, n * 10000);
        snprintf(line, sizeof line, "bus.ahb0.master.dma.data_cycles,%s,cycles", rows[n].data);
        expect(&r, line);
        snprintf(line, sizeof line, "bus.ahb0.master.dma.wait_cycles,%s,cycles", rows[n].wait);
        expect(&r, line);
        snprintf(line, sizeof line, "bus.ahb0.master.dma.bytes,%s,bytes", rows[n].bytes);
        expect(&r, line);
        snprintf(line, sizeof line, "bus.ahb0.master.cpu.arbitration_losses,%s,beats",
                 rows[n].losses);
        expect(&r, line);
        snprintf(line, sizeof line, "bus.ahb0.master.cpu.grant_wait_cycles,%s,cycles",
                 rows[n].asks);
        expect(&r, line);
        expect(&r, n == 0 ? "bus.ahb0.bursts,0,bursts" : "bus.ahb0.bursts,1,bursts");
        rig_done(&r);
    }
}
END_TEST

/* ---- transfers ------------------------------------------------------------------------------- */

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

/* ---- other units ----------------------------------------------------------------------------- */

static bool dma_counters(const struct component *component, uint32_t index, sim_time now,
                         struct counter_part *part)
{
    const bool other = strcmp(component->name, "dma0") != 0;
    const uint64_t some = now > 0, more = now > 50000; /* time is what grows here */
    if (index == 0)
        tell_dma(part, 0, &(struct dma_figures){some * (4 + other) + 3 * more, 2 * some, some, 0});
    else if (index == 1)
        tell_interrupts(part, 1, 2 * some + more);
    else
        tell_fifo(
            part, 2, FIFO_CYCLES, 5 * some + more, some,
            &(struct fifo_levels){
                .max = 9, .min = 2, .requests = 3, .request_cycles = 21, .longest_request = 11});
    return index < 3;
}

static const struct component_type dma_type = {
    .name = "dma", .section = SECTION_CONTROLLERS, .counters = dma_counters};

START_TEST(beats_interrupts_and_fifos_are_told)
{
    struct rig r;
    rig_init(&r);
    rig_add(&r, "dma0", &dma_type);
    rig_add(&r, "admac", &dma_type);
    rig_open(&r);
    bench_close(r.trace, 40000);
    expect(&r, "controller.dma0.beats,7,beats");
    expect(&r, "controller.dma0.descriptor_beats,2,beats");
    expect(&r, "controller.dma0.writeback_beats,1,beats");
    expect(&r, "controller.dma0.descriptor_share,42.86,%");
    expect(&r, "controller.admac.beats,8,beats");
    expect(&r, "interrupt.dma0.count,2,interrupts");
    expect(&r, "fifo.dma0.overruns,5,items");
    expect(&r, "fifo.dma0.underruns,1,items");
    expect(&r, "fifo.dma0.max_level,9,items");
    rig_done(&r);
}
END_TEST

START_TEST(a_window_has_what_was_counted_in_it)
{
    struct rig r;
    rig_init(&r);
    rig_add(&r, "dma0", &dma_type);
    rig_open(&r);
    trace_abort(r.trace);
    tell(&r, false);
    r.b.system.kernel.now = 39999; /* rows 0 .. 3 */
    r.trace = bench_open(&r.b, (struct trace_options){.summary = true});
    r.b.system.kernel.now = 99999;
    bench_close(r.trace, 99999);
    expect(&r, "run.time,60.000,ns");
    expect(&r, "bus.ahb0.cycles,6,cycles");
    expect(&r, "bus.ahb0.frequency,100000000,Hz");
    expect(&r, "controller.dma0.beats,3,beats");
    expect(&r, "controller.dma0.descriptor_beats,0,beats");
    expect(&r, "controller.dma0.descriptor_share,0.00,%");
    expect(&r, "interrupt.dma0.count,1,interrupts");
    expect(&r, "fifo.dma0.overruns,1,items");
    expect(&r, "fifo.dma0.max_level,9,items"); /* it has no window */
    rig_done(&r);
}
END_TEST

static bool beat_counters(const struct component *component, uint32_t index, sim_time now,
                          struct counter_part *part)
{
    static const struct beat_figures none, cpu = {1, 0, 2, 0, 4, 3, 2}, dma = {0, 2, 1, 1, 7, 6, 5},
                                           all = {1, 2, 3, 1, 11, 9, 7};
    if (index == 0)
        tell_bus_beats(part, now ? &all : &none, 16, component->clock, now);
    else if (index == 1)
        tell_master_beats(part, index, "cpu", false, now ? &cpu : &none);
    else
        tell_master_beats(part, index, index == 2 ? "dma" : "idle", false,
                          now && index == 2 ? &dma : &none);
    return index < 4;
}

static const struct component_type beats_type = {
    .name = "beats", .section = SECTION_BUSES, .counters = beat_counters};

START_TEST(beats_of_another_bus_are_told_by_direction_and_master)
{
    struct rig r;
    rig_init(&r);
    r.buses[0] = (struct component){.name = "isa0", .type = &beats_type, .clock = &r.b.clocks[1]};
    rig_open(&r);
    bench_close(r.trace, 5000 + 9 * 25000);
    static const char *const lines[] = {
        "bus.isa0.frequency,40000000,Hz",
        "bus.isa0.cycles,10,cycles",
        "bus.isa0.throughput,12000000,B/s",
        "bus.isa0.reads,1,beats",
        "bus.isa0.writes,2,beats",
        "bus.isa0.bytes,3,bytes",
        "bus.isa0.errors,1,beats",
        "bus.isa0.master.dma.bytes,1,bytes",
        "bus.isa0.master.cpu.reads,1,beats",
        "bus.isa0.peak,640000000,B/s",   /* 8 bytes of R and of W, 40 MHz */
        "bus.isa0.share_of_peak,1.88,%", /* 3 of 160 bytes */
        "bus.isa0.grant_wait_cycles,11,cycles",
        "bus.isa0.wait_cycles,9,cycles",
        "bus.isa0.back_pressure_cycles,7,cycles",
        "bus.isa0.master.dma.grant_wait_cycles,7,cycles",
        "bus.isa0.master.dma.wait_cycles,6,cycles",
        "bus.isa0.master.cpu.back_pressure_cycles,2,cycles"};
    for (size_t i = 0; i < COUNT(lines); i++)
        expect(&r, lines[i]);
    char *text = bench_read(&r.b, "summary.csv");
    ck_assert_ptr_null(strstr(text, "idle")); /* it moved nothing */
    free(text);
    rig_done(&r);
}
END_TEST

static bool half_counters(const struct component *component, uint32_t index, sim_time now,
                          struct counter_part *part)
{
    static const struct beat_figures none, all = {1, 2, 3, 0, 7, 4, 0};
    if (index == 0)
        tell_bus_halves(part, now ? &all : &none, 1, component->clock, now);
    else
        tell_master_beats(part, index, "cpu", true, now ? &all : &none);
    return index < 2;
}

static const struct component_type halves_type = {
    .name = "halves", .section = SECTION_BUSES, .counters = half_counters};

/* 11 edges of 25 ns, two to a cycle: 5.5 cycles at 20 MHz, and a byte in two cycles at most. */
START_TEST(a_bus_with_two_edges_in_a_cycle_tells_cycles)
{
    struct rig r;
    rig_init(&r);
    r.buses[0] = (struct component){.name = "isa0", .type = &halves_type, .clock = &r.b.clocks[1]};
    rig_open(&r);
    bench_close(r.trace, 5000 + 10 * 25000);
    static const char *const lines[] = {"bus.isa0.frequency,20000000,Hz",
                                        "bus.isa0.cycles,5.5,cycles",
                                        "bus.isa0.throughput,10909091,B/s",
                                        "bus.isa0.peak,10000000,B/s",
                                        "bus.isa0.grant_wait_cycles,3.5,cycles",
                                        "bus.isa0.wait_cycles,2.0,cycles",
                                        "bus.isa0.back_pressure_cycles,0.0,cycles",
                                        "bus.isa0.master.cpu.grant_wait_cycles,3.5,cycles"};
    for (size_t i = 0; i < COUNT(lines); i++)
        expect(&r, lines[i]);
    rig_done(&r);
}
END_TEST

START_TEST(masters_stand_in_the_order_of_their_first_beats)
{
    static const sim_cycle firsts[] = {9, SIM_NEVER, 4, 9, 3};
    static const uint32_t order[] = {4, 2, 0, 3, 1, COUNT(firsts)};
    for (uint32_t i = 0; i < COUNT(order); i++)
        ck_assert_uint_eq(figures_by_first(firsts, COUNT(firsts), i), order[i]);
}
END_TEST

/* ---- names and the table --------------------------------------------------------------------- */

START_TEST(a_name_is_cut_where_there_is_no_room)
{
    struct rig r;
    rig_init(&r);
    r.b.clocks[0].time = 0;
    struct metric_walk walk = {.now = 0};
    struct metric metric;
    static const char name[] = "bus.ahb0.frequency";
    char text[sizeof name + 1];
    ck_assert(metric_next(&r.b.system, &walk, &metric));
    ck_assert_uint_eq(metric_name(&metric, text, sizeof name), sizeof name - 1);
    ck_assert_str_eq(text, name);
    ck_assert_uint_eq(metric_name(&metric, text, sizeof name - 1), sizeof name - 1);
    ck_assert_str_eq(text, "bus.ahb0.frequenc");
    ck_assert_uint_eq(metric_name(&metric, NULL, 0), sizeof name - 1);
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
    r.bus->master_count = AHB_MASTERS_MAX;
    r.plan.counts[SECTION_BUSES] = 3;
    struct probe *transfers = bench_probe(&r.b, "cpu", &transfer_probe_type, 0, NULL);
    r.trace = bench_open(&r.b, (struct trace_options){.statistics = true});
    r.b.clocks[0].time = 0;
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
    char *of_transfers = strstr(text, "\ntransfer "); /* the table of those comes behind it */
    ck_assert_ptr_nonnull(of_transfers);
    of_transfers[1] = '\0';
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

START_TEST(rates_have_four_significant_digits_and_no_more_than_that_below_the_point)
{
    static const struct {
        uint64_t numerator, denominator;
        const char *text;
    } cases[] = {
        {31203, 1000000, "0.03120"},
        {16700, 1000, "16.70"},
        {144789, 1000, "144.8"},
        {14478912, 1000, "14478.9"},
        {99996, 10000, "10.00"},
        {99994, 10000, "9.999"},
        {1, 3, "0.3333"},
        {1, 1000000, "0.000001"},
        {0, 7, "0.0"},
        {7, 0, "0.0"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[64];
        *put_significant(text, cases[i].numerator, 1, cases[i].denominator, 4) = '\0';
        ck_assert_str_eq(text, cases[i].text);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        cycles_of_a_bus_are_counted_by_what_they_do,
        a_data_phase_outlasts_an_idle_address_bus,
        the_last_row_holds_to_the_final_time_and_not_longer,
        bytes_errors_and_broken_bursts_are_counted_with_the_beats,
        a_whole_burst_a_repeated_first_beat_and_an_error_break_nothing,
        a_run_is_counted_row_by_row_whenever_one_looks,
        latencies_are_values_of_a_rank,
        beats_interrupts_and_fifos_are_told,
        a_window_has_what_was_counted_in_it,
        beats_of_another_bus_are_told_by_direction_and_master,
        a_bus_with_two_edges_in_a_cycle_tells_cycles,
        masters_stand_in_the_order_of_their_first_beats,
        a_name_is_cut_where_there_is_no_room,
        the_table_has_at_most_25_lines,
        ratios_are_rounded_to_nearest_and_survive_large_numbers,
        rates_have_four_significant_digits_and_no_more_than_that_below_the_point,
    };
    return bench_run("statistics", tests, COUNT(tests));
}
