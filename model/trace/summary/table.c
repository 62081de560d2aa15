/* SPDX-License-Identifier: BSD-2-Clause */
/* table: the headline figures for a terminal. */
#include <inttypes.h>

#include "kernel/base.h"
#include "trace/format.h"
#include "trace/summary/errata.h"
#include "trace/summary/statistics_state.h"

#define TABLE_BUSES 4         /* of a kind */
#define TABLE_MASTER_LINES 12 /* of all buses of a kind together */

struct totals {
    uint32_t buses, parts[COUNTER_GROUPS];
    uint64_t beats, overhead, interrupts, overruns, underruns;
    uint64_t accesses, stalls, grant, waits, pressure, longest; /* of CPUs */
};

static const char *ratio(char text[64], uint64_t numerator, uint64_t scale, uint64_t denominator,
                         unsigned decimals)
{
    put_ratio(text, numerator, scale, denominator, decimals)[0] = '\0';
    return text;
}

/* A ratio's counter of the walk's part, of another scale and number of decimals. */
static const char *part_ratio(char text[64], const struct metric_walk *walk, const char *name,
                              uint64_t scale, unsigned decimals)
{
    struct metric metric;
    text[0] = '\0';
    for (uint32_t row = 0; metric_of_part(walk, row, &metric); row++)
        if (strcmp(metric.counter->name, name) == 0)
            ratio(text, metric.value, scale, metric.over, decimals);
    return text;
}

/* A figure of the walk's part, in whole ones: halves are rounded. */
static const char *part_value(char text[64], const struct metric_walk *walk, const char *name)
{
    struct metric metric;
    text[0] = '\0';
    for (uint32_t row = 0; metric_of_part(walk, row, &metric); row++)
        if (strcmp(metric.counter->name, name) == 0)
            ratio(text, metric.value, metric.scale, metric.over, 0);
    return text;
}

/* MB/s of the walk's part. */
static const char *part_rate(char text[64], const struct metric_walk *walk)
{
    struct metric metric;
    text[0] = '\0';
    for (uint32_t row = 0; metric_of_part(walk, row, &metric); row++)
        if (strcmp(metric.counter->name, "throughput") == 0)
            put_significant(text, metric.value, 1000000, metric.over, 4)[0] = '\0';
    return text;
}

static void count_cpu(struct totals *totals, const struct metric_walk *walk)
{
    const uint64_t longest = metric_value(walk, "longest_stall");
    totals->accesses += metric_value(walk, "accesses");
    totals->stalls += metric_value(walk, "stall_cycles");
    totals->grant += metric_value(walk, "grant_wait_cycles");
    totals->waits += metric_value(walk, "wait_cycles");
    totals->pressure += metric_value(walk, "back_pressure_cycles");
    totals->longest = longest > totals->longest ? longest : totals->longest;
}

static struct totals count(const struct trace_statistics *self)
{
    struct totals totals = {.buses = 0};
    struct metric_walk walk = statistics_walk(self);
    while (metric_part_next(self->system, &walk)) {
        totals.parts[walk.part.group]++;
        totals.buses += walk.part.group == COUNTERS_BUS && !walk.part.sub[0];
        if (walk.part.group == COUNTERS_INTERRUPT)
            totals.interrupts += metric_value(&walk, "count");
        totals.beats += walk.part.group == COUNTERS_CONTROLLER ? metric_value(&walk, "beats") : 0;
        totals.overhead +=
            metric_value(&walk, "descriptor_beats") + metric_value(&walk, "writeback_beats");
        if (walk.part.group == COUNTERS_CPU)
            count_cpu(&totals, &walk);
        totals.overruns += metric_value(&walk, "overruns");
        totals.underruns += metric_value(&walk, "underruns");
    }
    return totals;
}

/* ---- buses ----------------------------------------------------------------------------------- */

static void print_bus(const struct metric_walk *bus, FILE *to)
{
    char a[64], b[64], c[64], d[64];
    const uint64_t cycles = metric_value(bus, "cycles"), errors = metric_value(bus, "errors");
    fprintf(to, "bus %s: %s MB/s, %s %% of peak; data %s %%, wait %s %% of %" PRIu64 " cycles",
            bus->of->name, part_rate(a, bus), part_ratio(b, bus, "share_of_peak", 100, 1),
            ratio(c, metric_value(bus, "data_cycles"), 100, cycles, 1),
            ratio(d, metric_value(bus, "wait_cycles"), 100, cycles, 1), cycles);
    if (errors)
        fprintf(to, "; %" PRIu64 " ERROR", errors);
    fprintf(to, "\n  %-16s %8s %12s %12s %12s %10s %10s\n", "master", "use %", "bytes",
            "grant wait", "wait states", "pressure", "lost to");
}

static void print_master(const struct metric_walk *master, FILE *to)
{
    char a[64];
    fprintf(to,
            "  %-16.16s %8s %12" PRIu64 " %12" PRIu64 " %12" PRIu64 " %10" PRIu64 " %10" PRIu64
            "\n",
            master->part.sub[1], part_ratio(a, master, "utilisation", 100, 1),
            metric_value(master, "bytes"), metric_value(master, "grant_wait_cycles"),
            metric_value(master, "wait_cycles"), metric_value(master, "back_pressure_cycles"),
            metric_value(master, "arbitration_losses"));
}

static void print_buses(const struct trace_statistics *self, const struct totals *totals, FILE *to)
{
    const uint32_t buses = totals->buses < TABLE_BUSES ? totals->buses : TABLE_BUSES;
    uint32_t bus = 0, shown = 0, more = 0;
    struct metric_walk walk = statistics_walk(self);
    while (buses && metric_part_next(self->system, &walk) && walk.group == COUNTERS_BUS) {
        if (!walk.part.sub[0]) {
            if (more)
                fprintf(to, "  and %u more\n", more);
            shown = more = 0;
            if (++bus <= buses)
                print_bus(&walk, to);
        } else if (bus <= buses && shown < TABLE_MASTER_LINES / buses) {
            print_master(&walk, to);
            shown++;
        } else {
            more += bus <= buses;
        }
    }
    if (more)
        fprintf(to, "  and %u more\n", more);
    if (totals->buses > TABLE_BUSES)
        fprintf(to, "and %u more buses\n", totals->buses - TABLE_BUSES);
}

static void print_other_bus(const struct metric_walk *bus, FILE *to)
{
    char a[64], b[64], c[64];
    const uint64_t errors = metric_value(bus, "errors");
    fprintf(to, "bus %s: %s MB/s, %s %% of peak; %s cycles", bus->of->name, part_rate(a, bus),
            part_ratio(b, bus, "share_of_peak", 100, 1), part_value(c, bus, "cycles"));
    if (errors)
        fprintf(to, "; %" PRIu64 " errors", errors);
    fprintf(to, "\n  %-16s %10s %10s %12s %12s %12s %10s\n", "master", "read", "written", "bytes",
            "grant wait", "wait states", "pressure");
}

static void print_other_buses(const struct trace_statistics *self, FILE *to)
{
    uint32_t bus = 0, shown = 0;
    struct metric_walk walk = statistics_walk(self);
    walk.group = COUNTERS_BEATS;
    while (metric_part_next(self->system, &walk) && walk.group == COUNTERS_BEATS) {
        if (!walk.part.sub[0]) {
            shown = 0;
            if (++bus > TABLE_BUSES)
                return;
            print_other_bus(&walk, to);
        } else if (shown++ < TABLE_MASTER_LINES / TABLE_BUSES) {
            char a[64], b[64], c[64];
            fprintf(to, "  %-16.16s %10" PRIu64 " %10" PRIu64 " %12" PRIu64 " %12s %12s %10s\n",
                    walk.part.sub[1], metric_value(&walk, "reads"), metric_value(&walk, "writes"),
                    metric_value(&walk, "bytes"), part_value(a, &walk, "grant_wait_cycles"),
                    part_value(b, &walk, "wait_cycles"),
                    part_value(c, &walk, "back_pressure_cycles"));
        }
    }
}

/* ---- what was heard --------------------------------------------------------------------------- */

/* The least and the most of all distributions of a kind, ns. False if there are none. */
static bool spread(const struct trace_statistics *self, bool periods, uint64_t *least,
                   uint64_t *most)
{
    bool any = false;
    for (uint32_t i = 0; i < self->heard_count; i++) {
        const struct heard *heard = &self->heard[i];
        if (statistics_kind(heard) == DISTRIBUTION_STALL || heard->period != periods ||
            !heard->values.count)
            continue;
        const uint64_t low = distribution_rank(&heard->values, 0);
        const uint64_t high = distribution_rank(&heard->values, 100);
        *least = !any || low < *least ? low : *least;
        *most = !any || high > *most ? high : *most;
        any = true;
    }
    return any;
}

static void print_fifos(const struct trace_statistics *self, const struct totals *totals, FILE *to)
{
    char a[64], b[64];
    uint64_t least, most;
    fprintf(to, "fifos: %" PRIu64 " items overrun, %" PRIu64 " underrun", totals->overruns,
            totals->underruns);
    if (spread(self, false, &least, &most))
        fprintf(to, "; request to first item ns: min %s, max %s", ratio(a, least, 1, 1000, 1),
                ratio(b, most, 1, 1000, 1));
    fputc('\n', to);
}

static void print_periods(const struct trace_statistics *self, FILE *to)
{
    char a[64], b[64];
    uint64_t least, most;
    if (spread(self, true, &least, &most))
        fprintf(to, "  cyclic periods ns: min %s, max %s\n", ratio(a, least, 1, 1000, 1),
                ratio(b, most, 1, 1000, 1));
}

/* ---- memories -------------------------------------------------------------------------------- */

/* One line for each DRAM: what its data bus did, its row hits, its latencies. */
static void print_memories(const struct trace_statistics *self, FILE *to)
{
    static const struct {
        const char *share, *text;
    } shares[] = {{"idle_share", "idle"},
                  {"refresh_share", "refresh"},
                  {"row_share", "rows"},
                  {"turnaround_share", "turnaround"},
                  {"spacing_share", "spacing"}};
    char a[64];
    struct metric_walk walk = statistics_walk(self);
    for (walk.group = COUNTERS_MEMORY;
         metric_part_next(self->system, &walk) && walk.group == COUNTERS_MEMORY;) {
        if (walk.part.id == 0)
            fprintf(to, "memory %s: %s %% row hits", walk.of->name,
                    part_ratio(a, &walk, "row_hit_rate", 100, 1));
        if (walk.part.id == 1) {
            fprintf(to, "; data bus: data %s %%", part_ratio(a, &walk, "data_share", 100, 1));
            for (size_t i = 0; i < COUNT(shares); i++)
                fprintf(to, ", %s %s %%", shares[i].text,
                        part_ratio(a, &walk, shares[i].share, 100, 1));
        }
        if (walk.part.id == 2)
            fprintf(to, "; read latency %s cycles\n",
                    part_ratio(a, &walk, "read_latency_mean", 1, 1));
    }
}

/* ---- the table ------------------------------------------------------------------------------- */

static void print_latencies(const struct latencies *self, FILE *to)
{
    const struct latency_counts *counts = &self->counts;
    char a[64], b[64], c[64], d[64];
    if (counts->transfers == 0)
        return;
    fprintf(to, "transfers: %" PRIu64 " complete, ",
            counts->transfers - counts->failed - counts->stopped);
    if (counts->stopped)
        fprintf(to, "%" PRIu64 " stopped, ", counts->stopped);
    fprintf(to, "%" PRIu64 " failed, %" PRIu64 " bytes\n", counts->failed, counts->bytes);
    const struct distribution *ps = &self->ps;
    if (ps->count)
        fprintf(to, "  latency ns: min %s, median %s, p99 %s, max %s\n",
                ratio(a, distribution_rank(ps, 0), 1, 1000, 1),
                ratio(b, distribution_rank(ps, 50), 1, 1000, 1),
                ratio(c, distribution_rank(ps, 99), 1, 1000, 1),
                ratio(d, distribution_rank(ps, 100), 1, 1000, 1));
}

static void print_controllers(const struct trace_statistics *self, const struct totals *totals,
                              FILE *to)
{
    char a[64];
    if (self->controller_count == 0)
        return;
    fputs("dma: ", to);
    if (totals->parts[COUNTERS_CONTROLLER])
        fprintf(to, "%" PRIu64 " beats, %s %% for descriptors; ", totals->beats,
                ratio(a, totals->overhead, 100, totals->beats, 1));
    fprintf(to, "%" PRIu64 " interrupts\n", totals->interrupts);
}

void trace_statistics_print(const struct trace_statistics *self, FILE *to)
{
    char a[64];
    const struct totals totals = count(self);
    const uint32_t notes = self->system->plan ? self->system->plan->notes : 0;
    fprintf(to, "simulated %s us", ratio(a, self->final_ps - self->from_ps, 1, 1000000, 3));
    if (notes)
        fprintf(to, "; notes: %u (settings without their effect, told when it was read)", notes);
    fputc('\n', to);
    print_buses(self, &totals, to);
    print_other_buses(self, to);
    print_latencies(&self->latencies, to);
    print_periods(self, to);
    print_controllers(self, &totals, to);
    struct metric_walk walk = statistics_walk(self);
    for (walk.group = COUNTERS_ERRATUM; metric_part_next(self->system, &walk);)
        errata_print_part(&walk, "", to);
    if (totals.parts[COUNTERS_CPU])
        fprintf(to,
                "cpu: %" PRIu64 " accesses, %" PRIu64 " stall cycles: %" PRIu64 " grant, %" PRIu64
                " wait states, %" PRIu64 " pressure; longest %" PRIu64 "\n",
                totals.accesses, totals.stalls, totals.grant, totals.waits, totals.pressure,
                totals.longest);
    if (totals.parts[COUNTERS_FIFO])
        print_fifos(self, &totals, to);
    if (totals.parts[COUNTERS_MEMORY])
        print_memories(self, to);
}
