/* SPDX-License-Identifier: BSD-2-Clause */
/* interrupts: the public header's watches of interrupt outputs. They are listeners: what repeats goes on as if
 * nobody were there. */
#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "instance.h"
#include "outside/outside.h"

static struct component *find_component(const struct system *system, const char *name,
                                        size_t length)
{
    for (int section = 0; section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < system->plan->counts[section]; i++) {
            struct component *component = &system->plan->components[section][i];
            if (component_links(component, PORT_INTERRUPT) && strlen(component->name) == length &&
                memcmp(component->name, name, length) == 0)
                return component;
        }
    return NULL;
}

static const struct wire *find_output(const struct component *component, const char *output)
{
    for (const struct component_port *port = NULL;
         (port = component_port(component, PORT_INTERRUPT, port));)
        if (strcmp(port->name, output) == 0)
            return port->link;
    return NULL;
}

void interrupt_tell(struct interrupt_line *line, bool level, sim_time at)
{
    struct dmasim *owner = line->owner;
    owner->told = line;
    line->watch.callback(line->watch.context, line->component->name, line->output, level, at);
    owner->told = NULL;
}

static void on_level(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                     const void *record)
{
    struct interrupt_line *line = (struct interrupt_line *)observer;
    struct kernel *kernel = &line->owner->system.kernel;
    const bool level = ((const struct interrupt_record *)record)->level != 0;
    if (level == line->level)
        return;
    line->level = level;
    /* An output that ends nothing is none: rounds pass over it. */
    if (line->watch.stop && kernel->stops & KERNEL_STOP_OUTPUT)
        kernel_output(kernel);
    if (kernel->watch.on)
        interrupt_rounds_note(line);
    if (line->watch.callback)
        interrupt_tell(line, level, clock_time(probe->clock, now));
}

static int find_lines(struct dmasim *self)
{
    const struct probe *first = self->system.probes;
    size_t count = 0;
    if (self->lines)
        return DMASIM_OK;
    for (const struct probe *p = first; p; p = p->link)
        count += p->type == &interrupt_probe_type;
    self->lines = calloc(count + 1, sizeof *self->lines);
    if (!self->lines)
        return DMASIM_MEMORY;
    for (struct probe *p = self->system.probes; p; p = p->link) {
        if (p->type != &interrupt_probe_type)
            continue;
        /* The scope "dma.irq" belongs to the output "irq" of the component "dma". */
        const size_t length = strcspn(p->name, ".");
        struct component *component = find_component(&self->system, p->name, length);
        if (!component)
            continue;
        const char *output = p->name[length] ? p->name + length + 1 : "irq";
        const struct wire *wire = find_output(component, output);
        if (!wire)
            continue;
        struct interrupt_line *line = &self->lines[self->line_count++];
        line->wire = wire;
        line->observer.notify = on_level;
        line->owner = self;
        line->probe = p;
        line->component = component;
        line->output = output;
    }
    if (interrupt_rounds_join(self))
        return DMASIM_OK;
    free(self->lines);
    self->lines = NULL;
    self->line_count = 0;
    return DMASIM_MEMORY;
}

void interrupts_free(struct dmasim *self)
{
    free(self->rounds.change);
    free(self->lines);
}

void interrupts_look(struct dmasim *self)
{
    for (size_t i = 0; i < self->line_count; i++)
        self->lines[i].level = self->lines[i].wire->value != 0;
}

static bool is_line(const struct interrupt_line *line, const char *component, const char *output)
{
    return (!component || strcmp(line->component->name, component) == 0) &&
           (!output || strcmp(line->output, output) == 0);
}

/* Whoever is told of one line may ask for the levels of the others, in rounds that pass too: so all are heard, or none. */
static void listen(struct dmasim *self)
{
    bool wanted = false;
    for (size_t i = 0; i < self->line_count; i++)
        wanted |= self->lines[i].watch.callback || self->lines[i].watch.stop;
    for (size_t i = 0; i < self->line_count && wanted != self->watching; i++) {
        struct interrupt_line *line = &self->lines[i];
        if (wanted) {
            line->level = line->wire->value != 0;
            probe_count(line->probe, &line->observer);
        } else {
            probe_leave(line->probe, &line->observer);
        }
    }
    self->watching = wanted;
}

int dmasim_watch_interrupt(struct dmasim *self, const struct dmasim_watch *watch)
{
    if (instance_busy(self))
        return DMASIM_BUSY;
    if (find_lines(self) != DMASIM_OK)
        return DMASIM_MEMORY;
    bool found = !watch->component && !watch->output;
    for (size_t i = 0; i < self->line_count; i++) {
        struct interrupt_line *line = &self->lines[i];
        if (!is_line(line, watch->component, watch->output))
            continue;
        found = true;
        line->watch = *watch;
    }
    listen(self);
    return found ? DMASIM_OK : DMASIM_UNMAPPED;
}

int dmasim_on_interrupt(struct dmasim *self, dmasim_interrupt *callback, void *context)
{
    const struct dmasim_watch watch = {.callback = callback, .context = context};
    return dmasim_watch_interrupt(self, &watch);
}

int dmasim_interrupt_level(struct dmasim *self, const char *component, const char *output,
                           bool *level)
{
    if (find_lines(self) != DMASIM_OK)
        return DMASIM_MEMORY;
    for (size_t i = 0; i < self->line_count; i++) {
        const struct interrupt_line *line = &self->lines[i];
        if (!is_line(line, component, output ? output : "irq"))
            continue;
        const struct wire *wire = self->rounds.passing ? &line->shown : line->wire;
        const bool before = instance_busy(self) && self->told != line;
        *level = (before ? wire_get(wire, self->system.kernel.now) : wire->value) != 0;
        return DMASIM_OK;
    }
    return DMASIM_UNMAPPED;
}

/* ---- the next output ------------------------------------------------------------------------- */

/* Does a component without `earliest` do anything that nobody asked it for? */
static bool active(const struct component *component)
{
    const enum component_section section = component->type->section;
    return section == SECTION_CPUS || section == SECTION_CONTROLLERS ||
           section == SECTION_MASTERS || component_links(component, PORT_INTERRUPT) > 0;
}

/* Is something on its way to a port, that is no master's? Else it gets an event of what somebody does who reaches for
 * it first, a master, a controller or a CPU. */
static bool ports_wait(const struct system *system)
{
    for (const struct dmasim_port *port = system->outside->first; port; port = port->link)
        if (!port->type->start && !unit_asleep(port->unit))
            return true;
    return false;
}

uint64_t dmasim_next_output(const struct dmasim *self)
{
    const struct system *system = &self->system;
    const sim_time next = dmasim_next(self);
    if (instance_busy(self) || ports_wait(system))
        return next;
    sim_time least = SIM_NEVER;
    for (int section = 0; section < SECTION_COUNT && least > next; section++)
        for (uint32_t i = 0; i < system->plan->counts[section]; i++) {
            const struct component *component = &system->plan->components[section][i];
            sim_time time = active(component) ? next : SIM_NEVER;
            if (component->type->earliest)
                time = component->type->earliest(component);
            least = time < least ? time : least;
        }
    return least;
}
