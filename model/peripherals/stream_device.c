/* SPDX-License-Identifier: BSD-2-Clause */
/* stream_device: what sources and sinks have in common. */
#include "peripherals/stream_device.h"

#include "bus/figures.h"
#include "bus/records.h"
#include "bus/stream/stream.h"

const struct parameter stream_stall_parameters[] = {
    {.name = "percent",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(stream_stalls, percent),
     .max = 99,
     .doc = "Percent of the draws that stall."},
    {.name = "seed",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(stream_stalls, seed),
     .initial = 1,
     .max = UINT32_MAX,
     .doc = "Seed of the draws."},
    {.name = NULL},
};

struct stream_ports *build_streams(struct build *build, const struct component *component,
                                   uint16_t controller)
{
    struct component *named = &build->plan->components[SECTION_CONTROLLERS][controller];
    struct stream_ports *streams = component_link(named, PORT_STREAMS, 0);
    if (!streams)
        build->check->fail(build->check, component, "controller", "%s has no streams", named->name);
    return streams;
}

int build_stream_end(struct build *build, struct component *component, uint16_t controller,
                     enum stream_side side, bool fifo, unit_step *step, struct stream_end *end)
{
    const bool input = side == STREAM_INPUT;
    struct stream_ports *ports = build_streams(build, component, controller);
    if (!ports)
        return DMASIM_INVALID;
    struct axi_stream *link = input ? (fifo ? ports->fifo_in : ports->stream_in)
                                    : (fifo ? ports->fifo_out : ports->stream_out);
    if (!link) {
        build->check->fail(build->check, component, "controller", "it has no %s %s",
                           fifo ? "FIFO" : "stream", input ? "input" : "output");
        return DMASIM_INVALID;
    }
    struct unit **reader = input ? &link->back.reader : &link->forward.reader;
    if (*reader) {
        build->check->fail(build->check, component, "controller",
                           input ? "its input has a source already"
                                 : "its output has a sink already");
        return DMASIM_INVALID;
    }
    component->clock = build->plan->components[SECTION_CONTROLLERS][controller].clock;
    component->instance = end;
    kernel_add(build->kernel, &end->unit, component->name, component->clock, step, end);
    *reader = &end->unit;
    ports->watchers[side] = &end->unit;
    end->link = link;
    build_probe(build, &end->probe, component->name, &fifo_probe_type, component->clock, end);
    return DMASIM_OK;
}

bool stream_claim(const struct plan *plan, uint16_t controller, enum stream_side side, bool fifo,
                  uint32_t index, struct component_claim *claim)
{
    static const char *const names[2][2] = {{"stream input", "stream output"},
                                            {"FIFO input", "FIFO output"}};
    if (index > 0 || controller >= plan->counts[SECTION_CONTROLLERS])
        return false;
    *claim = (struct component_claim){.of = &plan->components[SECTION_CONTROLLERS][controller],
                                      .what = names[fifo][side],
                                      .number = CLAIM_ALONE,
                                      .parameter = "controller"};
    return true;
}

uint64_t stream_lost(const struct component *component)
{
    return stream_counts(component).lost;
}

bool stream_counters(const struct component *component, uint32_t index, enum stream_side side,
                     struct counter_part *part)
{
    const struct stream_end *end = component->instance;
    const bool input = side == STREAM_INPUT;
    tell_fifo(part, 0, FIFO_PLAIN, input ? end->counts.lost : 0, input ? 0 : end->counts.lost,
              NULL);
    return index == 0;
}

struct stream_counts stream_counts(const struct component *component)
{
    const struct stream_end *end = component->instance;
    return end->counts;
}
