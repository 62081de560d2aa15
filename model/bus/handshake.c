/* SPDX-License-Identifier: BSD-2-Clause */
/* handshake: who drives a request line; see handshake.h. */
#include "bus/handshake.h"

static const struct state_field rows[] = {
    {STATE_PART(struct dma_handshake, request, wire_state)},
    {STATE_PART(struct dma_handshake, acknowledge, wire_state)},
    {.name = NULL},
};
const struct state_table dma_handshake_state = {STATE_TABLE(dma_handshake, rows)};
const struct round_hooks dma_handshake_round = {.state = &dma_handshake_state};

struct dma_handshake *handshake_line(struct build *build, const struct component *peripheral,
                                     const struct component *controller, uint32_t index)
{
    struct dma_handshake *line = component_link(controller, PORT_REQUEST, index);
    if (!line)
        build->check->fail(build->check, peripheral, "line", "%s has %u request lines, from 0",
                           controller->name, component_links(controller, PORT_REQUEST));
    return line;
}

struct dma_handshake *handshake_join(struct build *build, const struct component *peripheral,
                                     const struct component *controller, uint32_t index,
                                     struct unit *unit)
{
    struct dma_handshake *line = handshake_line(build, peripheral, controller, index);
    if (!line)
        return NULL;
    if (line->acknowledge.reader) {
        build->check->fail(build->check, peripheral, "line", "request line %u of %s is that of %s",
                           index, controller->name, line->acknowledge.reader->name);
        return NULL;
    }
    line->acknowledge.reader = unit;
    return line;
}

bool handshake_claim(const struct plan *plan, uint16_t controller, uint32_t index,
                     const char *parameter, struct component_claim *claim)
{
    if (controller >= plan->counts[SECTION_CONTROLLERS])
        return false;
    *claim = (struct component_claim){.of = &plan->components[SECTION_CONTROLLERS][controller],
                                      .what = "request line",
                                      .number = index,
                                      .parameter = parameter};
    return true;
}
