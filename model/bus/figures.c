/* SPDX-License-Identifier: BSD-2-Clause */
#include "bus/figures.h"
#include "bus/records.h"
#include "kernel/state.h"

/* ---- beats of a bus -------------------------------------------------------------------------- */

struct bus_figures {
    struct beat_figures beats;
    uint64_t cycles, elapsed_ps, once, period_ps, capacity, width_bytes;
};

#define MOVED(type, member)                                                                        \
    COUNTER(type, member reads, "reads", "beats", "beats read"),                                   \
        COUNTER(type, member writes, "writes", "beats",                                            \
                "beats written; a write that failed is one more, where that is known with its "    \
                "answer only (AXI)"),                                                              \
        COUNTER(type, member bytes, "bytes", "bytes", "moved by beats without an error"),          \
        COUNTER(type, member errors, "errors", "beats", "beats read, and writes, that failed")

static const struct counter bus_table[] = {
    COUNTER_STEADY_RATIO(bus_figures, once, COUNTER_PS_PER_SECOND, period_ps, 0, "frequency", "Hz",
                         "of the clock"),
    COUNTER(bus_figures, cycles, "cycles", "cycles", "edges of the clock"),
    COUNTER_RATIO(bus_figures, beats.bytes, COUNTER_PS_PER_SECOND, elapsed_ps, 0, "throughput",
                  "B/s", "bytes / time of all cycles"),
    COUNTER_STEADY_RATIO(bus_figures, width_bytes, COUNTER_PS_PER_SECOND, period_ps, 0, "peak",
                         "B/s",
                         "width / 8 * frequency, twice that where masters read and write: a beat "
                         "of R and one of W in "
                         "each cycle, which is what one slave can do; several can do more"),
    COUNTER_RATIO(bus_figures, beats.bytes, 100, capacity, 2, "share_of_peak", "%",
                  "throughput / peak"),
    COUNTER(bus_figures, beats.grant_waits, "grant_wait_cycles", "cycles", "sum of its masters'"),
    COUNTER(bus_figures, beats.waits, "wait_cycles", "cycles", "sum of its masters'"),
    COUNTER(bus_figures, beats.back_pressure, "back_pressure_cycles", "cycles",
            "sum of its masters'"),
    MOVED(bus_figures, beats.),
    {.name = NULL},
};

static const struct counter master_table[] = {
    COUNTER(beat_figures, grant_waits, "grant_wait_cycles", "cycles",
            "cycles, of AR and of AW, with VALID high at the interconnect and the address not "
            "shown to a "
            "slave: another's turn, an order of ids, a limit, a registered grant"),
    COUNTER(
        beat_figures, waits, "wait_cycles", "cycles",
        "cycles of the slave's latency: with a read open (its AR taken, its last R not) and RVALID "
        "low, and those in which of all open writes only B is missing"),
    COUNTER(beat_figures, back_pressure, "back_pressure_cycles", "cycles",
            "cycles, of reading and of writing, with VALID high and READY low on a channel, of AR "
            "and AW "
            "once they are shown to the slave"),
    MOVED(beat_figures, ),
    {.name = NULL},
};

void tell_bus_beats(struct counter_part *part, const struct beat_figures *all, uint32_t width_bytes,
                    const struct clock *clock, sim_time now)
{
    const uint64_t cycles = clock->time == SIM_NEVER ? 0 : clock_edge_after(clock, now);
    const struct bus_figures figures = {.beats = *all,
                                        .cycles = cycles,
                                        .elapsed_ps = cycles * clock->period_ps,
                                        .once = 1,
                                        .period_ps = clock->period_ps,
                                        .capacity = cycles * width_bytes,
                                        .width_bytes = width_bytes};
    counter_tell(part, COUNTERS_BEATS, 0, bus_table, &figures, sizeof figures);
}

/* ---- of a bus that has more edges than cycles ------------------------------------------------- */

struct edge_figures {
    struct beat_figures beats;
    uint64_t edges, elapsed_ps, once, period_ps, capacity, width_bytes, slowest_ps;
    uint64_t twice; /* bytes in as many edges as the fastest transfer takes */
};

#define CYCLES(type, member, label, text)                                                          \
    COUNTER_PARTS(type, member, FIGURE_HALVES, 1, label, "cycles", text, false)
#define CYCLES_STEADY(type, member, label, text)                                                   \
    COUNTER_PARTS(type, member, FIGURE_HALVES, 1, label, "cycles", text, true)

static const struct counter edge_table[] = {
    COUNTER_STEADY_RATIO(edge_figures, once, COUNTER_PS_PER_SECOND, period_ps, 0, "frequency", "Hz",
                         "of CLK"),
    CYCLES(edge_figures, edges, "cycles", "of CLK, of which a half is 0.5"),
    COUNTER_RATIO(edge_figures, beats.bytes, COUNTER_PS_PER_SECOND, elapsed_ps, 0, "throughput",
                  "B/s", "bytes / time of all cycles"),
    COUNTER_STEADY_RATIO(edge_figures, width_bytes, COUNTER_PS_PER_SECOND, slowest_ps, 0, "peak",
                         "B/s", "width / 8 * frequency / 2: compressed timing of the 8237A"),
    COUNTER_RATIO(edge_figures, twice, 100, capacity, 2, "share_of_peak", "%", "throughput / peak"),
    CYCLES(edge_figures, beats.grant_waits, "grant_wait_cycles", "sum of its masters'"),
    CYCLES(edge_figures, beats.waits, "wait_cycles", "sum of its masters'"),
    CYCLES(edge_figures, beats.back_pressure, "back_pressure_cycles",
           "0: nobody on this bus can hold up another but by READY"),
    MOVED(edge_figures, beats.),
    {.name = NULL},
};

static const struct counter edge_master_table[] = {
    CYCLES(beat_figures, grant_waits, "grant_wait_cycles",
           "of a controller, with HRQ high and the bus not its own (HLDA low; of a cascaded one "
           "AEN low); of "
           "the CPU, those by which its bus cycles began later because of HRQ and HLDA"),
    CYCLES(beat_figures, waits, "wait_cycles", "in which READY was low where it is looked at"),
    CYCLES(beat_figures, back_pressure, "back_pressure_cycles",
           "0: nobody on this bus can hold up another but by READY"),
    MOVED(beat_figures, ),
    {.name = NULL},
};

void tell_bus_halves(struct counter_part *part, const struct beat_figures *all,
                     uint32_t width_bytes, const struct clock *clock, sim_time now)
{
    const uint64_t edges = clock->time == SIM_NEVER ? 0 : clock_edge_after(clock, now);
    const struct edge_figures figures = {.beats = *all,
                                         .edges = edges,
                                         .elapsed_ps = edges * clock->period_ps,
                                         .once = 1,
                                         .period_ps = clock->period_ps * FIGURE_HALVES,
                                         .capacity = edges * width_bytes,
                                         .twice = all->bytes * 2 * FIGURE_HALVES,
                                         .width_bytes = width_bytes,
                                         .slowest_ps = 2 * clock->period_ps * FIGURE_HALVES};
    counter_tell(part, COUNTERS_BEATS, 0, edge_table, &figures, sizeof figures);
}

/* ---- masters --------------------------------------------------------------------------------- */

void tell_master_beats(struct counter_part *part, uint32_t id, const char *master, bool halves,
                       const struct beat_figures *figures)
{
    counter_tell(part, COUNTERS_BEATS, id, halves ? edge_master_table : master_table, figures,
                 sizeof *figures);
    part->sub[0] = "master";
    part->sub[1] = master;
    part->hidden = !(figures->reads | figures->writes | figures->errors);
}

uint32_t figures_by_first(const sim_cycle *firsts, uint32_t count, uint32_t index)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t before = 0;
        for (uint32_t j = 0; j < count; j++)
            before += firsts[j] < firsts[i] || (firsts[j] == firsts[i] && j < i);
        if (before == index)
            return i;
    }
    return count;
}

/* ---- controllers, devices, interrupts -------------------------------------------------------- */

struct dma_shown {
    uint64_t beats, descriptor, writeback, overhead, errors;
};

static const struct counter dma_table[] = {
    COUNTER(dma_shown, beats, "beats", "beats",
            "beats of its masters, and of the streams and FIFOs at its sides"),
    COUNTER(dma_shown, descriptor, "descriptor_beats", "beats", "of them, reads of descriptors"),
    COUNTER(dma_shown, writeback, "writeback_beats", "beats", "of them, writes into descriptors"),
    COUNTER_RATIO(dma_shown, overhead, 100, beats, 2, "descriptor_share", "%",
                  "(descriptor_beats + writeback_beats) / beats"),
    COUNTER(dma_shown, errors, "error_beats", "beats",
            "beats that the bus answered with an error, as far as the controller is told"),
    {.name = NULL},
};

void tell_dma(struct counter_part *part, uint32_t id, const struct dma_figures *figures)
{
    const struct dma_shown shown = {
        .beats = figures->data + figures->descriptor + figures->writeback,
        .descriptor = figures->descriptor,
        .writeback = figures->writeback,
        .overhead = figures->descriptor + figures->writeback,
        .errors = figures->errors,
    };
    counter_tell(part, COUNTERS_CONTROLLER, id, dma_table, &shown, sizeof shown);
}

struct fifo_figures {
    uint64_t overruns, underruns, max_level, min_level;
    uint64_t requests, request_cycles, longest_request;
};

#define LOST                                                                                       \
    COUNTER(fifo_figures, overruns, "overruns", "items", "items lost because there was no room"),  \
        COUNTER(fifo_figures, underruns, "underruns", "items",                                     \
                "items missing when they were read or due")
#define LEVELS                                                                                     \
    COUNTER_STEADY(fifo_figures, max_level, "max_level", "items", "the most that were in it"),     \
        COUNTER_STEADY(                                                                            \
            fifo_figures, min_level, "min_level", "items",                                         \
            "the fewest that were in it from its filling (up to the threshold, or so far that no " \
            "burst is asked for) until the last item came, in any such stretch; 0 without one"),   \
        COUNTER(fifo_figures, requests, "requests", "requests",                                    \
                "times it asked for service and got its first item moved")
#define REQUESTS                                                                                   \
    "of these, from the begin of the first cycle of the request that was served (BURST, if it "    \
    "was up) to the edge with which its first item moved"
#define LONGEST "the longest of them"

static const struct counter fifo_plain_table[] = {LOST, {.name = NULL}};

static const struct counter fifo_table[] = {
    LOST,
    LEVELS,
    COUNTER(fifo_figures, request_cycles, "request_cycles", "cycles", REQUESTS),
    COUNTER_STEADY(fifo_figures, longest_request, "longest_request", "cycles", LONGEST),
    {.name = NULL},
};

static const struct counter fifo_halves_table[] = {
    LOST,
    LEVELS,
    CYCLES(fifo_figures, request_cycles, "request_cycles", REQUESTS),
    CYCLES_STEADY(fifo_figures, longest_request, "longest_request", LONGEST),
    {.name = NULL},
};

void fifo_levels_served(struct fifo_levels *self, const struct probe *intervals, sim_cycle until)
{
    if (self->asked == SIM_NEVER)
        return;
    const sim_cycle cycles = until - self->asked;
    const struct interval_record record = {.kind = INTERVAL_REQUEST,
                                           .ps = cycles * intervals->clock->period_ps};
    self->asked = SIM_NEVER;
    self->requests++;
    self->request_cycles += cycles;
    if (cycles > self->longest_request)
        self->longest_request = cycles;
    probe_publish(intervals, intervals->clock->cycle, &record);
}

void tell_fifo(struct counter_part *part, uint32_t id, enum fifo_kind kind, uint64_t overruns,
               uint64_t underruns, const struct fifo_levels *levels)
{
    static const struct counter *const tables[] = {[FIFO_PLAIN] = fifo_plain_table,
                                                   [FIFO_CYCLES] = fifo_table,
                                                   [FIFO_HALVES] = fifo_halves_table};
    struct fifo_figures figures = {.overruns = overruns, .underruns = underruns};
    if (levels) {
        figures.max_level = levels->max;
        figures.min_level = levels->min == FIFO_UNFILLED ? 0 : levels->min;
        figures.requests = levels->requests;
        figures.request_cycles = levels->request_cycles;
        figures.longest_request = levels->longest_request;
    }
    counter_tell(part, COUNTERS_FIFO, id, tables[kind], &figures, sizeof figures);
}

struct interrupt_figures {
    uint64_t count;
};

static const struct counter interrupt_table[] = {
    COUNTER(interrupt_figures, count, "count", "interrupts", "rising edges of the output"),
    {.name = NULL},
};

void tell_interrupts(struct counter_part *part, uint32_t id, uint64_t count)
{
    const struct interrupt_figures figures = {.count = count};
    counter_tell(part, COUNTERS_INTERRUPT, id, interrupt_table, &figures, sizeof figures);
}

/* ---- from round to round --------------------------------------------------------------------- */

static const struct state_field levels_rows[] = {
    {STATE_STAMP(struct fifo_levels, asked)},
    {STATE_COUNT(struct fifo_levels, requests), .figure = true},
    {STATE_COUNT(struct fifo_levels, request_cycles), .figure = true},
    {.name = NULL},
};
const struct state_table fifo_levels_round = {STATE_TABLE(fifo_levels, levels_rows)};

static const struct state_field beats_rows[] = {
    {STATE_COUNT(struct beat_figures, reads), .figure = true},
    {STATE_COUNT(struct beat_figures, writes), .figure = true},
    {STATE_COUNT(struct beat_figures, bytes), .figure = true},
    {STATE_COUNT(struct beat_figures, grant_waits), .figure = true},
    {STATE_COUNT(struct beat_figures, waits), .figure = true},
    {.name = NULL},
};
const struct state_table beat_figures_round = {STATE_TABLE(beat_figures, beats_rows)};
