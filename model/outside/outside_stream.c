/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outside_stream: the other end of a controller's AXI4-Stream, driven from outside.
 *
 * Source: AMBA 4 AXI4-Stream Protocol (Arm IHI 0051A), 2.2: a beat moves at the edge that ends a cycle
 * in which TVALID and TREADY are both 1.
 *
 *   edge      n          n+1        n+2
 *   TVALID    __/--------------------\__      sent at the time of edge n, or later, before that of n+1
 *   TREADY    _____________/---------\__
 *   event                            ^ time of edge n+2
 *
 * Timing
 *   Source: beats wait in a queue. One that is sent at t into an empty queue shows in the cycle that ends
 * with the first edge later than t, each other in the cycle after the handshake of the one before.
 *   Sink: TREADY is 1 while beats are allowed that did not come yet. What is allowed at t counts from the
 * cycle that ends with the first edge later than t.
 *   With `tell: beats` each handshake is an event of its edge. With `tell: ends` a source tells only that
 * its queue has run empty; a sink tells each beat too, but a run goes on until the one with TLAST, or the
 * last that is allowed.
 *
 * Inaccuracies: no TID, TDEST, TSTRB, as peripherals/stream_source.c has it. TREADY does not wait for TVALID.
 */
#include <string.h>

#include "outside/outside.h"
#include "peripherals/stream_device.h"

enum outside_tell { OUTSIDE_BEATS, OUTSIDE_ENDS };

struct outside_stream_config {
    uint16_t controller;
    uint32_t buffer_beats;
    uint8_t tell; /* enum outside_tell */
};

/* Beats in a ring. Of a source: to be sent, the first perhaps shown. Of a sink: received and not taken. */
struct outside_stream {
    struct stream_end end; /* first, as stream_device.h wants it */
    struct dmasim_port port;
    const struct outside_stream_config *config;
    struct axi_stream_beat *beats;
    sim_time *times;  /* sink: of each beat's handshake */
    uint64_t keep[2]; /* sink: of the beat taken last, as its event has it */
    uint32_t first, count;
    uint32_t allowed; /* sink: beats that may still come */
    bool shown;       /* source */
    sim_time sent_ps; /* source: of the latest handshake */
    uint64_t sent;    /* source: beats handed over, */
    uint64_t told;    /* of which the caller knows */
};

static struct outside_stream *stream_of(const struct dmasim_port *port)
{
    return (struct outside_stream *)(void *)((char *)(uintptr_t)port -
                                             offsetof(struct outside_stream, port));
}

static uint32_t place(const struct outside_stream *self, uint32_t index)
{
    return (self->first + index) % self->config->buffer_beats;
}

static void pop(struct outside_stream *self)
{
    self->first = place(self, 1);
    self->count--;
}

/* ---- source ---------------------------------------------------------------------------------- */

/* Drives TVALID as in a step at time `now`. */
static void show(struct outside_stream *self, sim_time now)
{
    const bool fresh = !self->shown && self->count > 0;
    if (fresh) {
        struct axi_stream_beat *beat = axi_stream_place(self->end.link);
        *beat = self->beats[self->first];
        beat->since = clock_edge_after(self->end.unit.clock, now);
        self->shown = true;
    }
    axi_stream_drive(self->end.link, now, self->shown ? AXI_STREAM_ALWAYS : AXI_STREAM_NEVER,
                     fresh);
}

/* All beats since the caller was told last are one event. */
static void tell_sent(struct outside_stream *self)
{
    if (self->config->tell == OUTSIDE_ENDS && self->count > 0)
        return;
    if (self->port.events == 0)
        outside_tell(&self->port, true);
    else
        kernel_output(self->end.unit.clock->kernel);
}

static sim_cycle source_step(void *instance, sim_cycle now)
{
    struct outside_stream *self = instance;
    const sim_time time = self->end.unit.clock->time;
    const struct axi_stream_view view = axi_stream_look(self->end.link, time);
    if (view.valid && view.ready) {
        self->shown = false;
        self->end.counts.beats++;
        pop(self);
        self->sent++;
        self->sent_ps = time;
        tell_sent(self);
    }
    const bool waits = self->shown;
    show(self, time);
    return self->shown && !waits ? now + 1 : SIM_NEVER;
}

static int outside_stream_send(struct dmasim_port *port, const struct dmasim_beat *wish)
{
    struct outside_stream *self = stream_of(port);
    const uint32_t bytes = self->end.link->bytes;
    if (wish->bytes == 0 || wish->bytes > bytes || (wish->bytes < bytes && wish->bytes > 63) ||
        !wish->data)
        return DMASIM_INVALID;
    if (self->count == self->config->buffer_beats)
        return DMASIM_LIMIT;
    struct axi_stream_beat *beat = &self->beats[place(self, self->count++)];
    memset(beat, 0, sizeof *beat);
    memcpy(beat->data, wish->data, wish->bytes);
    beat->keep = wish->bytes < 64 ? (UINT64_C(1) << wish->bytes) - 1 : UINT64_MAX;
    beat->last = wish->last;
    beat->user = wish->user;
    if (!self->shown) {
        show(self, outside_now(port));
        unit_wake(&self->end.unit);
    }
    return DMASIM_OK;
}

static sim_time source_next(const struct dmasim_port *port)
{
    return stream_of(port)->sent_ps;
}

static void source_take(struct dmasim_port *port, struct dmasim_event *event)
{
    struct outside_stream *self = stream_of(port);
    event->kind = DMASIM_EVENT_SENT;
    event->time_ps = self->sent_ps;
    event->beats = (uint32_t)(self->sent - self->told);
    event->left = self->count;
    self->told = self->sent;
    outside_took(port);
}

/* ---- sink ------------------------------------------------------------------------------------ */

static void receive(struct outside_stream *self, const struct axi_stream_beat *beat, sim_time time)
{
    const uint32_t at = place(self, self->count++);
    self->beats[at] = *beat;
    self->times[at] = time;
    self->allowed--;
    self->end.counts.beats++;
    outside_tell(&self->port,
                 self->config->tell == OUTSIDE_BEATS || beat->last || self->allowed == 0);
}

static sim_cycle sink_step(void *instance, sim_cycle now)
{
    struct outside_stream *self = instance;
    const sim_time time = self->end.unit.clock->time;
    const struct axi_stream_view view = axi_stream_look(self->end.link, time);
    if (view.valid && view.ready)
        receive(self, view.beat, time);
    axi_stream_answer(self->end.link, time, self->allowed ? AXI_STREAM_ALWAYS : AXI_STREAM_NEVER);
    (void)now;
    return SIM_NEVER;
}

static int outside_stream_accept(struct dmasim_port *port, uint32_t beats)
{
    struct outside_stream *self = stream_of(port);
    if (beats > self->config->buffer_beats - self->count - self->allowed)
        return DMASIM_LIMIT;
    self->allowed += beats;
    if (self->allowed) {
        axi_stream_answer(self->end.link, outside_now(port), AXI_STREAM_ALWAYS);
        unit_wake(&self->end.unit);
    }
    return DMASIM_OK;
}

static sim_time sink_next(const struct dmasim_port *port)
{
    const struct outside_stream *self = stream_of(port);
    return self->times[self->first];
}

static void sink_take(struct dmasim_port *port, struct dmasim_event *event)
{
    struct outside_stream *self = stream_of(port);
    const struct axi_stream_beat *beat = &self->beats[self->first];
    event->kind = DMASIM_EVENT_RECEIVED;
    event->beats = 1;
    event->beat_bytes = self->end.link->bytes;
    event->bytes = self->end.link->bytes;
    event->data = beat->data;
    self->keep[0] = beat->keep;
    self->keep[1] = UINT64_MAX;
    event->strobes = (const uint8_t *)self->keep; /* little endian */
    event->last = beat->last;
    event->user = beat->user;
    event->left = self->allowed;
    pop(self);
    outside_took(port);
}

/* ---- building -------------------------------------------------------------------------------- */

static int create(struct build *build, struct component *component, const struct outside_type *type,
                  enum stream_side side, unit_step *step)
{
    const struct outside_stream_config *config = component->config;
    struct arena *arena = build->kernel->arena;
    struct outside_stream *self = arena_alloc(arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->config = config;
    self->beats = arena_alloc(arena, config->buffer_beats * sizeof *self->beats);
    self->times = arena_alloc(arena, config->buffer_beats * sizeof *self->times);
    if (!self->beats || !self->times)
        return DMASIM_MEMORY;
    const int code =
        build_stream_end(build, component, config->controller, side, false, step, &self->end);
    if (code == DMASIM_OK)
        outside_join(build, &self->port, type, component, &self->end.unit);
    return code;
}

static int create_source(struct build *build, struct component *component)
{
    static const struct outside_type type = {.kind = "stream source",
                                             .send = outside_stream_send,
                                             .next = source_next,
                                             .take = source_take};
    return create(build, component, &type, STREAM_INPUT, source_step);
}

static int create_sink(struct build *build, struct component *component)
{
    static const struct outside_type type = {.kind = "stream sink",
                                             .accept = outside_stream_accept,
                                             .next = sink_next,
                                             .take = sink_take};
    return create(build, component, &type, STREAM_OUTPUT, sink_step);
}

static bool source_claims(const struct plan *plan, const struct component *self, uint32_t index,
                          struct component_claim *claim)
{
    const struct outside_stream_config *config = self->config;
    return stream_claim(plan, config->controller, STREAM_INPUT, false, index, claim);
}

static bool sink_claims(const struct plan *plan, const struct component *self, uint32_t index,
                        struct component_claim *claim)
{
    const struct outside_stream_config *config = self->config;
    return stream_claim(plan, config->controller, STREAM_OUTPUT, false, index, claim);
}

static const char *const tell_names[] = {[OUTSIDE_BEATS] = "beats", [OUTSIDE_ENDS] = "ends", NULL};

#define STREAM_PARAMETERS(controller_doc, buffer_doc, tell_doc)                                    \
    {                                                                                              \
        {.name = "controller",                                                                     \
         .kind = PARAMETER_REFERENCE,                                                              \
         .flags = PARAMETER_REQUIRED,                                                              \
         .refers = REFERS_CONTROLLER,                                                              \
         PARAMETER_AT(outside_stream_config, controller),                                          \
         .initial = UINT16_MAX,                                                                    \
         .doc = (controller_doc)},                                                                 \
            {.name = "buffer",                                                                     \
             .kind = PARAMETER_UINT,                                                               \
             PARAMETER_AT(outside_stream_config, buffer_beats),                                    \
             .initial = 16,                                                                        \
             .min = 1,                                                                             \
             .max = 65536,                                                                         \
             .doc = (buffer_doc)},                                                                 \
            {.name = "tell",                                                                       \
             .kind = PARAMETER_ENUM,                                                               \
             PARAMETER_AT(outside_stream_config, tell),                                            \
             .initial = OUTSIDE_BEATS,                                                             \
             .names = tell_names,                                                                  \
             .doc = (tell_doc)},                                                                   \
        {                                                                                          \
            .name = NULL                                                                           \
        }                                                                                          \
    }

static const struct parameter source_parameters[] = STREAM_PARAMETERS(
    "Controller whose input it drives.", "Beats that may wait to be sent.",
    "What is told and stops a run: beats (each one that moved) or ends (the last one "
    "that waited).");

static const struct parameter sink_parameters[] = STREAM_PARAMETERS(
    "Controller whose output it takes.", "Beats that may be allowed, or wait to be taken.",
    "What stops a run: beats (each one that moved) or ends (TLAST, or the last one allowed).");

const struct component_type outside_source_type = {
    .name = "outside-source",
    .section = SECTION_PERIPHERALS,
    .doc = "An AXI4-Stream master before a controller, whose beats a caller of the library sends.",
    .config_bytes = sizeof(struct outside_stream_config),
    .parameters = source_parameters,
    .create = create_source,
    .claims = source_claims,
};

const struct component_type outside_sink_type = {
    .name = "outside-sink",
    .section = SECTION_PERIPHERALS,
    .doc = "An AXI4-Stream slave behind a controller, whose beats a caller of the library takes.",
    .config_bytes = sizeof(struct outside_stream_config),
    .parameters = sink_parameters,
    .create = create_sink,
    .claims = sink_claims,
};
