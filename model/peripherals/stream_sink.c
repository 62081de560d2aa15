/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream_sink: what takes data from a controller: an AXI4-Stream slave, or the read side of a FIFO
 * interface (a converter that cannot wait).
 *
 *   cycle      c        c+1      c+2      c+3        period 3
 *   TREADY  ___/--------\_________________/---
 *   EN      ___/--------\_________________/---
 *   VALID   ____________/--------\____________       data, or UNDERFLOW, one cycle after EN
 *
 * Timing
 *   TREADY or EN is 1 in the cycles from + j * period, with `raster` only where j is a slot of the raster that has an item
 *   (raster.h); EN with `gated` only if XFER_REQ was 1 in the
 *   cycle before. A stall is drawn (xorshift32, generator 9 of the seed) once for each such cycle and
 *   takes it away.
 *
 *   With `when_empty: miss` each cycle with TREADY and without TVALID is an underrun, from the cycle after the first
 *   beat of a packet to the one with its TLAST.
 *
 * Inaccuracies
 *   No TID, TDEST, TSTRB. TREADY does not wait for TVALID.
 */
#include <string.h>

#include "bus/records.h"
#include "kernel/random.h"
#include "peripherals/device_log.h"
#include "peripherals/stream_device.h"

#define STALL_GENERATOR 9 /* k of its seed, traces/golden/adi_axi_dmac_ports/README.md */

struct stream_sink {
    struct stream_end end; /* first */
    const struct stream_sink_config *config;
    sim_cycle due; /* next cycle with TREADY or EN */
    bool inside;   /* stream: a packet has begun */
    struct probe stream;
};

static void take(struct stream_sink *self, const struct axi_stream_beat *beat, sim_cycle now)
{
    self->end.counts.beats++;
    if (!probe_observed(&self->stream))
        return;
    for (uint32_t i = 0; i < self->end.link->bytes; i += 8) {
        struct stream_record record = {.bytes = 0};
        for (; record.bytes < 8 && i + record.bytes < self->end.link->bytes; record.bytes++)
            record.value |= (uint64_t)beat->data[i + record.bytes] << 8 * record.bytes;
        probe_publish(&self->stream, now, &record);
    }
}

/* TREADY or EN of now + 1. */
static bool open_next(struct stream_sink *self, sim_cycle now, bool gate)
{
    const struct stream_sink_config *config = self->config;
    if (self->due <= now)
        self->due = stream_due(&config->raster, config->from_cycle, config->period_cycles, now);
    return now + 1 == self->due && gate &&
           !xorshift32_stalls(&self->end.stall, self->config->stalls.percent);
}

/* TREADY stays 1 once it is, and a beat that is not there is none that is missing. */
static bool stays_ready(const struct stream_sink *self)
{
    const struct stream_sink_config *config = self->config;
    return config->period_cycles == 1 && config->raster.active == 0 &&
           config->stalls.percent == 0 && !(config->when_empty == STREAM_MISSES && self->inside);
}

static sim_cycle wait_next(const struct stream_sink *self, sim_cycle now)
{
    /* TREADY that stays 1 needs no step; a stall has to be drawn. */
    if (stays_ready(self) && self->due <= now + 1)
        return SIM_NEVER;
    return self->due > now + 1 ? self->due - 1 : now + 1;
}

static sim_cycle stream_step(void *instance, sim_cycle now)
{
    struct stream_sink *self = instance;
    const sim_time time = self->end.unit.clock->time;
    struct axi_stream_view view = axi_stream_look(self->end.link, time);
    if (view.valid && view.ready) {
        self->inside = !view.beat->last;
        take(self, view.beat, now);
    } else if (view.ready && self->inside && self->config->when_empty == STREAM_MISSES) {
        self->end.counts.lost++;
        device_lost(&self->end.unit, "underrun: a beat is missing inside a packet", 0, 0, false,
                    NULL);
        struct fifo_record record = {.underruns = self->end.counts.lost};
        probe_publish(&self->end.probe, now, &record);
    }
    bool ready = open_next(self, now, true);
    bool rises = ready && self->end.link->back.value == AXI_STREAM_NEVER;
    axi_stream_answer(self->end.link, time, ready ? AXI_STREAM_ALWAYS : AXI_STREAM_NEVER);
    if (rises || (ready && !stays_ready(self)))
        return now + 1; /* a beat may be waiting */
    return wait_next(self, now);
}

static sim_cycle fifo_step(void *instance, sim_cycle now)
{
    struct stream_sink *self = instance;
    const sim_time time = self->end.unit.clock->time;
    struct axi_stream_view view = axi_stream_look(self->end.link, time);
    if (view.forward & FIFO_VALID)
        take(self, view.beat, now);
    if (view.forward & FIFO_UNDERFLOW) {
        self->end.counts.lost++;
        device_lost(&self->end.unit, "underrun: a word is missing (UNDERFLOW)", 0, 0, false, NULL);
        struct fifo_record record = {.underruns = self->end.counts.lost};
        probe_publish(&self->end.probe, now, &record);
    }
    bool open = !self->config->gated || (view.forward & FIFO_READ_XFER);
    bool en = open_next(self, now, open);
    axi_stream_answer(self->end.link, time, en ? FIFO_READ_EN : 0);
    /* Two more steps after an EN: to end it, and to see what came of it. */
    if (en || view.back)
        return now + 1;
    if (!open)
        return SIM_NEVER; /* XFER_REQ wakes it */
    return self->due > now + 1 ? self->due - 1 : now + 1;
}

/* ---- building -------------------------------------------------------------------------------- */

static int create(struct build *build, struct component *component, bool fifo)
{
    const struct stream_sink_config *config = component->config;
    struct stream_sink *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->end.stall = xorshift32_seeded((uint32_t)config->stalls.seed, STALL_GENERATOR);
    self->config = config;
    self->due = config->from_cycle;
    int code = build_stream_end(build, component, config->controller, STREAM_OUTPUT, fifo,
                                fifo ? fifo_step : stream_step, &self->end);
    if (code == DMASIM_OK)
        build_probe(build, &self->stream, component->name, &stream_probe_type, component->clock,
                    self);
    return code;
}

static int create_stream(struct build *build, struct component *component)
{
    return create(build, component, false);
}

static int create_fifo(struct build *build, struct component *component)
{
    return create(build, component, true);
}

static bool output(const struct component *component, uint32_t index, struct component_output *out)
{
    const struct stream_sink_config *config = component->config;
    if (index > 0 || !config->file)
        return false;
    *out = (struct component_output){.file = config->file, .stream = component->name};
    return true;
}

static void sink_check(const struct plan *plan, const struct component *self, struct check *check)
{
    (void)plan;
    raster_check(&((const struct stream_sink_config *)self->config)->raster, 0, self, check);
}

static bool counters(const struct component *component, uint32_t index, sim_time now,
                     struct counter_part *part)
{
    (void)now;
    return stream_counters(component, index, STREAM_OUTPUT, part);
}

static bool stream_claims(const struct plan *plan, const struct component *self, uint32_t index,
                          struct component_claim *claim)
{
    return stream_claim(plan, ((const struct stream_sink_config *)self->config)->controller,
                        STREAM_OUTPUT, false, index, claim);
}

static bool fifo_claims(const struct plan *plan, const struct component *self, uint32_t index,
                        struct component_claim *claim)
{
    return stream_claim(plan, ((const struct stream_sink_config *)self->config)->controller,
                        STREAM_OUTPUT, true, index, claim);
}

/* ---- parameters ------------------------------------------------------------------------------ */

#define COMMON                                                                                     \
    {.name = "controller",                                                                         \
     .kind = PARAMETER_REFERENCE,                                                                  \
     .flags = PARAMETER_REQUIRED,                                                                  \
     .refers = REFERS_CONTROLLER,                                                                  \
     PARAMETER_AT(stream_sink_config, controller),                                                 \
     .initial = UINT16_MAX,                                                                        \
     .doc = "Controller whose output it takes."},                                                  \
        {.name = "period",                                                                         \
         .kind = PARAMETER_UINT,                                                                   \
         PARAMETER_AT(stream_sink_config, period_cycles),                                          \
         .initial = 1,                                                                             \
         .min = 1,                                                                                 \
         .max = UINT32_MAX,                                                                        \
         .doc = "Cycles from one beat to the next."},                                              \
        {.name = "raster",                                                                         \
         .kind = PARAMETER_GROUP,                                                                  \
         PARAMETER_AT(stream_sink_config, raster),                                                 \
         .sub = raster_parameters,                                                                 \
         .doc = "Lines and frames with blanking, in beats."},                                      \
        {.name = "from",                                                                           \
         .kind = PARAMETER_UINT,                                                                   \
         PARAMETER_AT(stream_sink_config, from_cycle),                                             \
         .max = UINT32_MAX,                                                                        \
         .doc = "First cycle in which it takes a beat."},                                          \
        {.name = "stalls",                                                                         \
         .kind = PARAMETER_GROUP,                                                                  \
         PARAMETER_AT(stream_sink_config, stalls),                                                 \
         .sub = stream_stall_parameters,                                                           \
         .doc = "Seeded stalls."},                                                                 \
    {                                                                                              \
        .name = "file", .kind = PARAMETER_OUTPUT, PARAMETER_AT(stream_sink_config, file),          \
        .doc = "File in the output directory that gets the bytes."                                 \
    }

static const char *const empties[] = {[STREAM_WAITS] = "wait", [STREAM_MISSES] = "miss", NULL};

static const struct parameter stream_parameters[] = {
    COMMON,
    {.name = "when_empty",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(stream_sink_config, when_empty),
     .names = empties,
     .doc = "What it does in a cycle with TREADY and without TVALID: wait, or miss: between the "
            "first beat and TLAST that "
            "is an underrun, as of a display or a converter."},
    {.name = NULL},
};

static const struct parameter reader_parameters[] = {
    COMMON,
    {.name = "gated",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(stream_sink_config, gated),
     .doc = "Read only while the controller has a transfer (xfer_req)."},
    {.name = NULL},
};

const struct component_type axi_stream_sink_type = {
    .name = "axi-stream-sink",
    .section = SECTION_PERIPHERALS,
    .doc = "An AXI4-Stream slave behind a controller.",
    .config_bytes = sizeof(struct stream_sink_config),
    .parameters = stream_parameters,
    .create = create_stream,
    .check = sink_check,
    .claims = stream_claims,
    .output = output,
    .lost = stream_lost,
    .counters = counters,
};

const struct component_type fifo_reader_type = {
    .name = "fifo-reader",
    .section = SECTION_PERIPHERALS,
    .doc = "The read side of a FIFO interface, which cannot wait; missed words are counted.",
    .config_bytes = sizeof(struct stream_sink_config),
    .parameters = reader_parameters,
    .create = create_fifo,
    .check = sink_check,
    .claims = fifo_claims,
    .output = output,
    .lost = stream_lost,
    .counters = counters,
};
