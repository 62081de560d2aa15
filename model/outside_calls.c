/* SPDX-License-Identifier: BSD-2-Clause */
/* outside_calls: the public calls of ports for things outside; outside/outside.h has what they do. */
#include "instance.h"
#include "outside/outside.h"

struct dmasim_port *dmasim_port_find(struct dmasim *self, const char *name)
{
    return outside_find(self->system.outside, name);
}

struct dmasim_port *dmasim_port_next(struct dmasim *self, const struct dmasim_port *after)
{
    return after ? after->link : self->system.outside->first;
}

const char *dmasim_port_name(const struct dmasim_port *port)
{
    return port->name;
}

const char *dmasim_port_kind(const struct dmasim_port *port)
{
    return port->type->kind;
}

bool dmasim_event_take(struct dmasim *self, struct dmasim_event *event)
{
    return !instance_busy(self) && outside_take(self->system.outside, event);
}

/* Calls what the port's type has for it. */
#define CALL(port, member, ...)                                                                    \
    do {                                                                                           \
        if (!(port)->type->member)                                                                 \
            return DMASIM_INVALID;                                                                 \
        const int code = outside_enter(port);                                                      \
        return code == DMASIM_OK ? (port)->type->member((port), __VA_ARGS__) : code;               \
    } while (0)

int dmasim_transfer_start(struct dmasim_port *port, const struct dmasim_transfer *transfer,
                          uint64_t *id)
{
    CALL(port, start, transfer, id);
}

int dmasim_request_answer(struct dmasim_port *port, const struct dmasim_answer *answer)
{
    CALL(port, answer, answer);
}

bool dmasim_request_open(const struct dmasim_port *port, uint32_t index, struct dmasim_event *event)
{
    *event = (struct dmasim_event){.port = (struct dmasim_port *)(uintptr_t)port};
    return !port->unit->clock->kernel->stepping && port->type->open &&
           port->type->open(port, index, event);
}

int dmasim_level_set(struct dmasim_port *port, uint32_t level)
{
    CALL(port, set, level);
}

int dmasim_stream_send(struct dmasim_port *port, const struct dmasim_beat *beat)
{
    CALL(port, send, beat);
}

int dmasim_stream_accept(struct dmasim_port *port, uint32_t beats)
{
    CALL(port, accept, beats);
}
