/* SPDX-License-Identifier: BSD-2-Clause */
#include "outside/outside.h"

#include <string.h>

void outside_join(struct build *build, struct dmasim_port *self, const struct outside_type *type,
                  const struct component *component, struct unit *unit)
{
    struct outside_list *list = build->outside;
    *self = (struct dmasim_port){
        .type = type, .name = component->name, .list = list, .unit = unit, .event_ps = SIM_NEVER};
    *list->tail = self;
    list->tail = &self->link;
}

void outside_tell(struct dmasim_port *self, bool stops)
{
    struct kernel *kernel = self->unit->clock->kernel;
    if (self->events++ == 0)
        self->event_ps = kernel->now;
    self->list->events++;
    if (stops)
        kernel_output(kernel);
}

void outside_took(struct dmasim_port *self)
{
    self->events--;
    self->list->events--;
    self->event_ps = self->events ? self->type->next(self) : SIM_NEVER;
}

int outside_enter(struct dmasim_port *self)
{
    struct kernel *kernel = self->unit->clock->kernel;
    if (kernel->stepping || (self->list->busy && *self->list->busy))
        return DMASIM_BUSY;
    if (kernel_next(kernel) <= kernel->now)
        kernel_advance(kernel, kernel->now, 0);
    return DMASIM_OK;
}

struct dmasim_port *outside_find(const struct outside_list *list, const char *name)
{
    for (struct dmasim_port *port = list->first; port; port = port->link)
        if (strcmp(port->name, name) == 0)
            return port;
    return NULL;
}

bool outside_take(struct outside_list *list, struct dmasim_event *event)
{
    if (list->events == 0)
        return false;
    struct dmasim_port *earliest = NULL;
    for (struct dmasim_port *port = list->first; port; port = port->link)
        if (port->events && (!earliest || port->event_ps < earliest->event_ps))
            earliest = port;
    *event = (struct dmasim_event){.port = earliest, .time_ps = earliest->event_ps};
    earliest->type->take(earliest, event);
    return true;
}
