/* SPDX-License-Identifier: BSD-2-Clause */
#include "bus/figures.h"

/* ---- beats of a bus -------------------------------------------------------------------------- */

struct bus_figures {
    struct beat_figures beats;
    uint64_t cycles, elapsed_ps, once, period_ps;
};

#define BEATS(type, member)                                                                        \
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
    BEATS(bus_figures, beats.),
    {.name = NULL},
};

static const struct counter master_table[] = {
    BEATS(beat_figures, ),
    {.name = NULL},
};

void tell_bus_beats(struct counter_part *part, const struct beat_figures *all,
                    const struct clock *clock, sim_time now)
{
    const uint64_t cycles = clock->time == SIM_NEVER ? 0 : clock_edge_after(clock, now);
    const struct bus_figures figures = {.beats = *all,
                                        .cycles = cycles,
                                        .elapsed_ps = cycles * clock->period_ps,
                                        .once = 1,
                                        .period_ps = clock->period_ps};
    counter_tell(part, COUNTERS_BEATS, 0, bus_table, &figures, sizeof figures);
}

void tell_master_beats(struct counter_part *part, uint32_t id, const char *master,
                       const struct beat_figures *figures)
{
    counter_tell(part, COUNTERS_BEATS, id, master_table, figures, sizeof *figures);
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

static const struct counter fifo_table[] = {
    COUNTER(fifo_figures, overruns, "overruns", "items", "items lost because there was no room"),
    COUNTER(fifo_figures, underruns, "underruns", "items",
            "items missing when they were read or due"),
    COUNTER_STEADY(fifo_figures, max_level, "max_level", "items", "the most that were in it"),
    {.name = NULL},
};

void tell_fifo(struct counter_part *part, uint32_t id, const struct fifo_figures *figures)
{
    counter_tell(part, COUNTERS_FIFO, id, fifo_table, figures, sizeof *figures);
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
