/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outside_line: a request line of a controller that is driven from outside, and an interrupt input of a CPU.
 *
 *   edge          n            n+1          n+2
 *   request       ^ set at the time of n, or later: the controller samples it at n+1
 *   acknowledge                              ^ driven in the step of n+1: an event at n+2
 *
 * Timing
 *   bus/handshake.h, with the caller as the peripheral: a level set at t is sampled by the controller's first
 * edge later than t; what the controller drives from edge n on is an event of edge n+1, where a peripheral
 * of the same clock samples it. A line of an 8237A is a device on ISA: outside_isa.c.
 *   An interrupt input that is set at t is sampled by the CPU's first edge later than t (host/cpu/cpu.c).
 *
 * Inaccuracies: no synchronisers.
 */
#include "outside/outside_line.h"

#include "bus/handshake.h"
#include "bus/records.h"
#include "outside/outside_isa.h"

void outside_level(struct dmasim_port *port, struct outside_levels *self, uint32_t level)
{
    if (level == self->level)
        return;
    self->level = level;
    if (self->count == OUTSIDE_LEVELS) {
        struct outside_change *last =
            &self->changes[(self->first + OUTSIDE_LEVELS - 1) % OUTSIDE_LEVELS];
        *last = (struct outside_change){
            .at_ps = port->unit->clock->time, .level = level, .missed = last->missed + 1};
        kernel_output(port->unit->clock->kernel);
        return;
    }
    self->changes[(self->first + self->count++) % OUTSIDE_LEVELS] =
        (struct outside_change){.at_ps = port->unit->clock->time, .level = level};
    outside_tell(port, true);
}

sim_time outside_levels_next(const struct outside_levels *self)
{
    return self->count ? self->changes[self->first].at_ps : SIM_NEVER;
}

void outside_levels_take(struct dmasim_port *port, struct outside_levels *self,
                         struct dmasim_event *event)
{
    const struct outside_change *change = &self->changes[self->first];
    event->kind = DMASIM_EVENT_LEVEL;
    event->level = change->level;
    event->missed = change->missed;
    self->first = (self->first + 1) % OUTSIDE_LEVELS;
    self->count--;
    outside_took(port);
}

/* ---- request lines --------------------------------------------------------------------------- */

struct outside_line_config {
    uint16_t controller;
    uint32_t line;
    bool dreq_low, dack_high;
};

struct outside_line {
    struct dmasim_port port; /* first */
    struct unit unit;
    struct dma_handshake *line;
    struct outside_levels levels;
};

#define SAME(level, pin) ((int)DMASIM_LEVEL_##level == (int)HANDSHAKE_##pin)
_Static_assert(SAME(BURST, BURST) && SAME(SINGLE, SINGLE) && SAME(LAST, LAST) && SAME(ACK, ACK) &&
                   SAME(FINISH, FINISH),
               "levels are those of the pins");
#undef SAME

static sim_cycle outside_line_step(void *instance, sim_cycle now)
{
    struct outside_line *self = instance;
    (void)now;
    outside_level(&self->port, &self->levels,
                  (uint32_t)wire_get(&self->line->acknowledge, self->unit.clock->time));
    return SIM_NEVER;
}

static int outside_line_set(struct dmasim_port *port, uint32_t level)
{
    struct outside_line *self = (struct outside_line *)port;
    if (level & ~(uint32_t)(HANDSHAKE_BURST | HANDSHAKE_SINGLE | HANDSHAKE_LAST))
        return DMASIM_INVALID;
    wire_put(&self->line->request, outside_now(port), level);
    return DMASIM_OK;
}

static sim_time outside_line_next(const struct dmasim_port *port)
{
    return outside_levels_next(&((const struct outside_line *)port)->levels);
}

static void outside_line_take(struct dmasim_port *port, struct dmasim_event *event)
{
    outside_levels_take(port, &((struct outside_line *)port)->levels, event);
}

static int outside_line_create(struct build *build, struct component *component)
{
    static const struct outside_type type = {.kind = "request line",
                                             .set = outside_line_set,
                                             .next = outside_line_next,
                                             .take = outside_line_take};
    const struct outside_line_config *config = component->config;
    const struct component *controller =
        &build->plan->components[SECTION_CONTROLLERS][config->controller];
    int index;
    struct isa_bus *isa = outside_isa_bus(build, controller, &index);
    if (isa) {
        struct dma_handshake *line = handshake_line(build, component, controller, config->line);
        return line ? outside_isa_line_create(build, component, isa, index, line, config->line,
                                              config->dreq_low, config->dack_high)
                    : DMASIM_INVALID;
    }
    struct outside_line *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->line = handshake_join(build, component, controller, config->line, &self->unit);
    if (!self->line)
        return DMASIM_INVALID;
    component->instance = self;
    component->clock = controller->clock;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, outside_line_step,
               self);
    outside_join(build, &self->port, &type, component, &self->unit);
    return DMASIM_OK;
}

static bool outside_line_claims(const struct plan *plan, const struct component *self,
                                uint32_t index, struct component_claim *claim)
{
    const struct outside_line_config *config = self->config;
    return index == 0 && handshake_claim(plan, config->controller, config->line, "line", claim);
}

static const struct parameter outside_line_parameters[] = {
    {.name = "controller",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_CONTROLLER,
     PARAMETER_AT(outside_line_config, controller),
     .doc = "DMA controller that has the line."},
    {.name = "line",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(outside_line_config, line),
     .max = 255,
     .doc = "Number of the line; of an 8237A the channel."},
    {.name = "dreq_active_low",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(outside_line_config, dreq_low),
     .doc = "8237A: whether DREQ is active low, as the controller must be told."},
    {.name = "dack_active_high",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(outside_line_config, dack_high),
     .doc = "8237A: whether it takes DACK as active high."},
    {.name = NULL},
};

const struct component_type outside_line_type = {
    .name = "outside-line",
    .section = SECTION_PERIPHERALS,
    .doc =
        "A controller's request line that a caller of the library drives; at an 8237A the device "
        "with that DREQ and DACK.",
    .config_bytes = sizeof(struct outside_line_config),
    .parameters = outside_line_parameters,
    .create = outside_line_create,
    .claims = outside_line_claims,
};

/* ---- interrupt inputs ------------------------------------------------------------------------ */

struct outside_interrupt_config {
    uint16_t interrupt;
};

struct outside_interrupt {
    struct dmasim_port port; /* first */
    struct unit unit;        /* never stepped for anything: the port's clock */
    struct wire wire;
};

static sim_cycle outside_interrupt_step(void *instance, sim_cycle now)
{
    (void)instance;
    (void)now;
    return SIM_NEVER;
}

static int outside_interrupt_set(struct dmasim_port *port, uint32_t level)
{
    struct outside_interrupt *self = (struct outside_interrupt *)port;
    if (level > 1)
        return DMASIM_INVALID;
    wire_put(&self->wire, outside_now(port), level);
    return DMASIM_OK;
}

static int outside_interrupt_create(struct build *build, struct component *component)
{
    static const struct outside_type type = {.kind = "interrupt input",
                                             .set = outside_interrupt_set};
    const struct outside_interrupt_config *config = component->config;
    struct outside_interrupt *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    component->instance = self;
    component->clock = build->plan->components[SECTION_CPUS][config->interrupt].clock;
    kernel_add(build->kernel, &self->unit, component->name, component->clock,
               outside_interrupt_step, self);
    outside_join(build, &self->port, &type, component, &self->unit);
    return build_interrupt(build, component, "irq", &self->wire, config->interrupt);
}

static const struct parameter outside_interrupt_parameters[] = {
    {.name = "interrupt",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_CPU,
     PARAMETER_AT(outside_interrupt_config, interrupt),
     .initial = UINT16_MAX,
     .doc = "CPU that takes it."},
    {.name = NULL},
};

const struct component_type outside_interrupt_type = {
    .name = "outside-interrupt",
    .section = SECTION_PERIPHERALS,
    .doc = "An interrupt input of a CPU that a caller of the library drives.",
    .config_bytes = sizeof(struct outside_interrupt_config),
    .parameters = outside_interrupt_parameters,
    .create = outside_interrupt_create,
};
