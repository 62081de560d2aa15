/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_summary: summary.csv and the table for the terminal, from what trace_statistics counted. */
#include <inttypes.h>
#include <string.h>

#include "trace/format.h"
#include "trace/summary/statistics_state.h"

#define PS_PER_SECOND UINT64_C(1000000000000)
#define TABLE_BUSES 4
#define TABLE_MASTER_LINES 12 /* of all buses together */

/* ---- summary.csv --------------------------------------------------------------------------- */

/* The names in front of a metric, joined by dots. */
struct scope {
    struct trace_file *file;
    const char *part[4];
};

static void metric_text(const struct scope *scope, const char *metric, const char *value,
                        const char *unit)
{
    struct trace_text name = {0};
    for (size_t i = 0; i < sizeof scope->part / sizeof scope->part[0]; i++) {
        if (!scope->part[i])
            continue;
        char *at = trace_text_room(&name, strlen(scope->part[i]) + 1);
        if (!at)
            break;
        at = put_text(at, scope->part[i]);
        *at++ = '.';
        name.used = (size_t)(at - name.data);
    }
    char *at = trace_text_room(&name, strlen(metric) + 1);
    struct trace_text line = {0};
    if (at) {
        put_text(at, metric)[0] = '\0';
        trace_text_cell(&line, name.data);
    }
    trace_file_write(scope->file, line.data, line.used);
    trace_file_text(scope->file, ",");
    trace_file_text(scope->file, value);
    trace_file_text(scope->file, ",");
    trace_file_text(scope->file, unit);
    trace_file_text(scope->file, "\n");
    trace_text_free(&name);
    trace_text_free(&line);
}

static void metric(const struct scope *scope, const char *name, uint64_t value, const char *unit)
{
    char text[FORMAT_DIGITS_MAX + 1];
    put_decimal(text, value)[0] = '\0';
    metric_text(scope, name, text, unit);
}

static void metric_ratio(const struct scope *scope, const char *name, uint64_t numerator,
                         uint64_t scale, uint64_t denominator, unsigned decimals, const char *unit)
{
    char text[2 * FORMAT_DIGITS_MAX];
    put_ratio(text, numerator, scale, denominator, decimals)[0] = '\0';
    metric_text(scope, name, text, unit);
}

static void metric_ns(const struct scope *scope, const char *name, uint64_t ps)
{
    metric_ratio(scope, name, ps, 1, 1000, 3, "ns");
}

static void write_master(struct trace_file *file, const struct bus_counts *bus,
                         const struct master_counts *master)
{
    struct scope scope = {file, {"bus", bus->probe->name, "master", master->name}};
    metric(&scope, "data_cycles", master->data_cycles, "cycles");
    metric(&scope, "wait_cycles", master->wait_cycles, "cycles");
    metric_ratio(&scope, "utilisation", master->data_cycles, 100, bus->cycles, 2, "%");
    metric(&scope, "bytes", master->bytes, "bytes");
    metric(&scope, "errors", master->errors, "beats");
    metric(&scope, "bursts_broken", master->bursts_broken, "bursts");
    metric(&scope, "request_wait_cycles", master->request_wait_cycles, "cycles");
    metric(&scope, "arbitration_losses", master->arbitration_losses, "beats");
}

static void write_bus(struct trace_file *file, const struct bus_counts *bus)
{
    struct scope scope = {file, {"bus", bus->probe->name}};
    uint64_t period = bus->probe->clock->period_ps;
    uint64_t peak_bytes = bus->cycles * (bus->width_bits / 8);
    metric_ratio(&scope, "frequency", PS_PER_SECOND, 1, period, 0, "Hz");
    metric(&scope, "cycles", bus->cycles, "cycles");
    metric(&scope, "busy_cycles", bus->busy_cycles, "cycles");
    metric(&scope, "data_cycles", bus->data_cycles, "cycles");
    metric(&scope, "wait_cycles", bus->wait_cycles, "cycles");
    metric_ratio(&scope, "utilisation", bus->data_cycles, 100, bus->cycles, 2, "%");
    metric(&scope, "bytes", bus->bytes, "bytes");
    metric_ratio(&scope, "throughput", bus->bytes, PS_PER_SECOND, bus->cycles * period, 0, "B/s");
    metric_ratio(&scope, "peak", bus->width_bits / 8, PS_PER_SECOND, period, 0, "B/s");
    metric_ratio(&scope, "share_of_peak", bus->bytes, 100, peak_bytes, 2, "%");
    metric(&scope, "errors", bus->errors, "beats");
    metric(&scope, "retries", bus->retries, "beats");
    metric(&scope, "bursts", bus->bursts, "bursts");
    metric(&scope, "bursts_broken", bus->bursts_broken, "bursts");
    for (uint32_t i = 0; i < AHB_MASTERS_MAX; i++)
        if (bus->masters[i].name)
            write_master(file, bus, &bus->masters[i]);
}

static void write_beats(const struct scope *scope, const struct beat_counts *self)
{
    metric(scope, "reads", self->reads, "beats");
    metric(scope, "writes", self->writes, "beats");
    metric(scope, "bytes", self->bytes, "bytes");
    metric(scope, "errors", self->errors, "beats");
}

static uint64_t clock_cycles(const struct clock *clock, sim_time until)
{
    return until < clock->phase_ps ? 0 : (until - clock->phase_ps) / clock->period_ps + 1;
}

static void write_other_bus(struct trace_file *file, const struct bus_beats *bus, sim_time end)
{
    struct scope scope = {file, {"bus", bus->probe->name}};
    const struct clock *clock = bus->probe->clock;
    uint64_t cycles = clock_cycles(clock, end);
    metric_ratio(&scope, "frequency", PS_PER_SECOND, 1, clock->period_ps, 0, "Hz");
    metric(&scope, "cycles", cycles, "cycles");
    metric_ratio(&scope, "throughput", bus->all.bytes, PS_PER_SECOND, cycles * clock->period_ps, 0,
                 "B/s");
    write_beats(&scope, &bus->all);
    for (unsigned i = 0; i < BEAT_MASTERS_MAX && bus->masters[i].master; i++) {
        struct scope master = {file, {"bus", bus->probe->name, "master", bus->masters[i].master}};
        write_beats(&master, &bus->masters[i]);
    }
}

/* The value of rank ceil(count * percent / 100) of the sorted latencies; count > 0. */
static uint64_t percentile(const struct latencies *self, unsigned percent)
{
    size_t rank = (self->count * percent + 99) / 100;
    return self->ps[rank ? rank - 1 : 0];
}

static void write_latencies(struct trace_file *file, const char *first, const char *second,
                            const struct latencies *self)
{
    struct scope scope = {file, {first, second, first ? "transfers" : NULL}};
    if (!first)
        scope.part[0] = "transfers";
    metric(&scope, "count", self->transfers, "transfers");
    metric(&scope, "complete", self->transfers - self->failed, "transfers");
    metric(&scope, "failed", self->failed, "transfers");
    metric(&scope, "bytes", self->bytes, "bytes");
    scope.part[first ? 2 : 1] = "latency";
    if (self->count == 0)
        return;
    metric_ns(&scope, "min", self->ps[0]);
    metric_ns(&scope, "median", percentile(self, 50));
    metric_ns(&scope, "p99", percentile(self, 99));
    metric_ns(&scope, "max", self->ps[self->count - 1]);
}

static void write_controller(struct trace_file *file, const struct controller_counts *self)
{
    struct scope scope = {file, {"controller", self->name}};
    write_latencies(file, "controller", self->name, &self->latencies);
    if (!self->tells)
        return;
    metric(&scope, "beats", self->beats, "beats");
    metric(&scope, "descriptor_beats", self->descriptor, "beats");
    metric(&scope, "writeback_beats", self->writeback, "beats");
    metric_ratio(&scope, "descriptor_share", self->descriptor + self->writeback, 100, self->beats,
                 2, "%");
    metric(&scope, "error_beats", self->errors, "beats");
}

/* Only those that struck. */
static void write_errata(struct trace_file *file, const struct unit_counts *self)
{
    for (unsigned number = 0; number < ERRATA_MAX; number++) {
        if (!self->errata.numbers[number].strikes)
            continue;
        char name[32];
        snprintf(name, sizeof name, "erratum_%u", number);
        struct scope scope = {file, {"controller", self->probe->name, name}};
        metric(&scope, "strikes", self->errata.numbers[number].strikes, "times");
        metric(&scope, "first", self->errata.numbers[number].first, "cycle");
    }
}

static void write_unit(struct trace_file *file, const struct unit_counts *self)
{
    if (statistics_is(self->probe, "cpu_access")) {
        struct scope scope = {file, {"cpu", self->probe->name}};
        metric(&scope, "accesses", self->accesses, "accesses");
        metric(&scope, "reads", self->accesses - self->writes, "accesses");
        metric(&scope, "writes", self->writes, "accesses");
        metric(&scope, "errors", self->errors, "accesses");
        metric(&scope, "stall_cycles", self->stall_cycles, "cycles");
    } else if (statistics_is(self->probe, "fifo")) {
        struct scope scope = {file, {"fifo", self->probe->name}};
        metric(&scope, "overruns", self->overruns, "items");
        metric(&scope, "underruns", self->underruns, "items");
        metric(&scope, "max_level", self->max_level, "items");
    } else if (statistics_is(self->probe, "interrupt")) {
        struct scope scope = {file, {"interrupt", self->probe->name}};
        metric(&scope, "count", self->edges, "interrupts");
    } else {
        write_errata(file, self);
    }
}

void trace_statistics_write(struct trace_statistics *self, struct trace_file *file)
{
    trace_file_text(file, "metric,value,unit\n");
    metric_ns(&(struct scope){file, {"run"}}, "time", self->final_time);
    for (uint32_t i = 0; i < self->bus_count; i++)
        write_bus(file, &self->buses[i]);
    for (uint32_t i = 0; i < self->other_count; i++)
        write_other_bus(file, &self->others[i], self->final_time);
    write_latencies(file, NULL, NULL, &self->latencies);
    for (uint32_t i = 0; i < self->controller_count; i++)
        write_controller(file, self->controllers[i]);
    static const char *const types[] = {"cpu_access", "fifo", "interrupt", "erratum"};
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
        for (uint32_t i = 0; i < self->unit_count; i++)
            if (statistics_is(self->units[i].probe, types[t]))
                write_unit(file, &self->units[i]);
}

/* ---- the table ----------------------------------------------------------------------------- */

static const char *ratio(char text[64], uint64_t numerator, uint64_t scale, uint64_t denominator,
                         unsigned decimals)
{
    put_ratio(text, numerator, scale, denominator, decimals)[0] = '\0';
    return text;
}

static void print_bus(const struct bus_counts *bus, unsigned masters, FILE *to)
{
    char a[64], b[64], c[64], d[64];
    uint64_t period = bus->probe->clock->period_ps;
    fprintf(to, "bus %s: %s MB/s, %s %% of peak; data %s %%, wait %s %% of %" PRIu64 " cycles",
            bus->probe->name, ratio(a, bus->bytes, 1000000, bus->cycles * period, 1),
            ratio(b, bus->bytes, 100, bus->cycles * (bus->width_bits / 8), 1),
            ratio(c, bus->data_cycles, 100, bus->cycles, 1),
            ratio(d, bus->wait_cycles, 100, bus->cycles, 1), bus->cycles);
    if (bus->errors)
        fprintf(to, "; %" PRIu64 " ERROR", bus->errors);
    fprintf(to, "\n  %-16s %8s %12s %12s %12s %12s\n", "master", "use %", "bytes", "wait cycles",
            "request wait", "lost to");
    unsigned shown = 0, more = 0;
    for (uint32_t i = 0; i < AHB_MASTERS_MAX; i++) {
        const struct master_counts *m = &bus->masters[i];
        if (!m->name)
            continue;
        if (shown == masters) {
            more++;
            continue;
        }
        shown++;
        fprintf(to, "  %-16.16s %8s %12" PRIu64 " %12" PRIu64 " %12" PRIu64 " %12" PRIu64 "\n",
                m->name, ratio(a, m->data_cycles, 100, bus->cycles, 1), m->bytes, m->wait_cycles,
                m->request_wait_cycles, m->arbitration_losses);
    }
    if (more)
        fprintf(to, "  and %u more\n", more);
}

static void print_other_bus(const struct bus_beats *bus, unsigned masters, sim_time end, FILE *to)
{
    char a[64];
    uint64_t cycles = clock_cycles(bus->probe->clock, end);
    fprintf(to,
            "bus %s: %s MB/s; %" PRIu64 " beats read, %" PRIu64 " written in %" PRIu64 " cycles",
            bus->probe->name,
            ratio(a, bus->all.bytes, 1000000, cycles * bus->probe->clock->period_ps, 1),
            bus->all.reads, bus->all.writes, cycles);
    if (bus->all.errors)
        fprintf(to, "; %" PRIu64 " errors", bus->all.errors);
    fprintf(to, "\n  %-16s %12s %12s %12s\n", "master", "read", "written", "bytes");
    for (unsigned i = 0; i < masters && i < BEAT_MASTERS_MAX && bus->masters[i].master; i++) {
        const struct beat_counts *m = &bus->masters[i];
        fprintf(to, "  %-16.16s %12" PRIu64 " %12" PRIu64 " %12" PRIu64 "\n", m->master, m->reads,
                m->writes, m->bytes);
    }
}

static void print_latencies(const struct latencies *self, FILE *to)
{
    char a[64], b[64], c[64], d[64];
    if (self->transfers == 0)
        return;
    fprintf(to, "transfers: %" PRIu64 " complete, %" PRIu64 " failed, %" PRIu64 " bytes\n",
            self->transfers - self->failed, self->failed, self->bytes);
    if (self->count)
        fprintf(to, "  latency ns: min %s, median %s, p99 %s, max %s\n",
                ratio(a, self->ps[0], 1, 1000, 1), ratio(b, percentile(self, 50), 1, 1000, 1),
                ratio(c, percentile(self, 99), 1, 1000, 1),
                ratio(d, self->ps[self->count - 1], 1, 1000, 1));
}

static void print_controllers(const struct trace_statistics *self, FILE *to)
{
    uint64_t beats = 0, overhead = 0, interrupts = 0;
    bool tells = false;
    char a[64];
    for (uint32_t i = 0; i < self->controller_count; i++) {
        tells |= self->controllers[i]->tells;
        beats += self->controllers[i]->beats;
        overhead += self->controllers[i]->descriptor + self->controllers[i]->writeback;
    }
    for (uint32_t i = 0; i < self->unit_count; i++)
        if (statistics_is(self->units[i].probe, "interrupt"))
            interrupts += self->units[i].edges;
    if (self->controller_count == 0)
        return;
    fputs("dma: ", to);
    if (tells)
        fprintf(to, "%" PRIu64 " beats, %s %% for descriptors; ", beats,
                ratio(a, overhead, 100, beats, 1));
    fprintf(to, "%" PRIu64 " interrupts\n", interrupts);
}

void trace_statistics_print(struct trace_statistics *self, FILE *to)
{
    char a[64];
    fprintf(to, "simulated %s us\n", ratio(a, self->final_time, 1, 1000000, 3));
    uint32_t buses = self->bus_count < TABLE_BUSES ? self->bus_count : TABLE_BUSES;
    for (uint32_t i = 0; i < buses; i++)
        print_bus(&self->buses[i], TABLE_MASTER_LINES / buses, to);
    if (self->bus_count > TABLE_BUSES)
        fprintf(to, "and %u more buses\n", self->bus_count - TABLE_BUSES);
    for (uint32_t i = 0; i < self->other_count && i < TABLE_BUSES; i++)
        print_other_bus(&self->others[i], TABLE_MASTER_LINES / TABLE_BUSES, self->final_time, to);
    print_latencies(&self->latencies, to);
    print_controllers(self, to);
    for (uint32_t i = 0; i < self->unit_count; i++)
        errata_print(&self->units[i].errata, "", self->units[i].probe->name, to);
    uint64_t accesses = 0, stalls = 0, overruns = 0, underruns = 0;
    bool cpus = false, fifos = false;
    for (uint32_t i = 0; i < self->unit_count; i++) {
        cpus |= statistics_is(self->units[i].probe, "cpu_access");
        fifos |= statistics_is(self->units[i].probe, "fifo");
        accesses += self->units[i].accesses;
        stalls += self->units[i].stall_cycles;
        overruns += self->units[i].overruns;
        underruns += self->units[i].underruns;
    }
    if (cpus)
        fprintf(to, "cpu: %" PRIu64 " accesses, %" PRIu64 " stall cycles\n", accesses, stalls);
    if (fifos)
        fprintf(to, "fifos: %" PRIu64 " items overrun, %" PRIu64 " underrun\n", overruns,
                underruns);
}
