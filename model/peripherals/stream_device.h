/* SPDX-License-Identifier: BSD-2-Clause */
/* stream_device: configuration of peripherals at the streams and FIFOs of a controller; the models are in
 * stream_source.c, stream_sink.c and sync_pulse.c. */
#ifndef DMASIM_STREAM_DEVICE_H
#define DMASIM_STREAM_DEVICE_H

#include "bus/stream/stream.h"
#include "peripherals/raster.h"

enum stream_empty { STREAM_WAITS, STREAM_MISSES };
enum stream_pattern { STREAM_XORSHIFT32, STREAM_COUNT };

struct stream_stalls {
    uint32_t percent;
    uint64_t seed;
};

struct stream_source_config {
    uint16_t controller;
    uint64_t period_cycles;
    struct raster_config raster;
    uint64_t from_cycle;
    uint64_t beats;                /* 0: endless, or as long as the file */
    bool gated;                    /* FIFO: only while XFER_REQ was 1 */
    struct parameter_list packets; /* uint64_t beats each; stream */
    uint64_t user_period, user_phase;
    struct stream_stalls stalls;
    struct parameter_blob file;
    uint8_t pattern; /* enum stream_pattern */
    uint64_t pattern_seed;
};

struct stream_sink_config {
    uint16_t controller;
    uint64_t period_cycles;
    struct raster_config raster;
    uint64_t from_cycle;
    bool gated;         /* FIFO: only while XFER_REQ was 1 */
    uint8_t when_empty; /* enum stream_empty; stream */
    struct stream_stalls stalls;
    const char *file;
};

struct sync_pulse_config {
    uint16_t controller;
    uint64_t from_cycle;
    uint64_t period_cycles; /* 0: one pulse */
    uint64_t width_cycles;
};

extern const struct parameter stream_stall_parameters[];

extern const struct component_type axi_stream_source_type, fifo_writer_type;
extern const struct component_type axi_stream_sink_type, fifo_reader_type;
extern const struct component_type sync_pulse_type;

/* Beats that were handed over, and words lost (writer) or missed (reader). */
struct stream_counts {
    uint64_t beats, lost;
};

/* What a source and a sink have in common: a unit at the other end of a controller's stream or FIFO. */
struct stream_end {
    struct unit unit;
    struct axi_stream *link;
    uint32_t stall; /* generator state */
    struct stream_counts counts;
    struct probe probe; /* struct fifo_record */
};

/* Of the controller; its place in stream_ports.watchers. */
enum stream_side { STREAM_INPUT, STREAM_OUTPUT };

/* Joins *end, the first member of the component's unit, to the stream (fifo: the FIFO) of the controller
 * that the peripheral names. DMASIM_OK, or DMASIM_INVALID after check->fail. */
int build_stream_end(struct build *build, struct component *component, uint16_t controller,
                     enum stream_side side, bool fifo, unit_step *step, struct stream_end *end);

/* The first cycle after `now` that is from + j * period, and j a slot of the raster that has an item. */
static inline sim_cycle stream_due(const struct raster_config *raster, sim_cycle from,
                                   uint64_t period, sim_cycle now)
{
    return now < from ? from : from + raster_slot(raster, (now - from) / period + 1) * period;
}

/* What it claims of the controller: the stream (fifo: the FIFO) of that side. */
bool stream_claim(const struct plan *plan, uint16_t controller, enum stream_side side, bool fifo,
                  uint32_t index, struct component_claim *claim);

/* What the type's `counters` hook tells. */
bool stream_counters(const struct component *component, uint32_t index, enum stream_side side,
                     struct counter_part *part);

/* Of a built source or sink. */
struct stream_counts stream_counts(const struct component *component);

/* For struct component_type. */
uint64_t stream_lost(const struct component *component);

/* The streams of the controller a peripheral names; null after check->fail. */
struct stream_ports *build_streams(struct build *build, const struct component *component,
                                   uint16_t controller);

#endif
