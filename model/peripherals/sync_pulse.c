/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync_pulse: drives the pin that starts the transfers of a controller (a pulse per second, a trigger).
 *
 * Timing
 *   The pin is 1 in cycle n if n >= from and (n - from) mod period < width; with period 0 in the one
 *   pulse from `from` on.
 *
 * Inaccuracies
 *   No synchroniser: the pin belongs to the controller's clock.
 */
#include "peripherals/stream_device.h"

struct sync_pulse {
    struct unit unit;
    struct stream_ports *ports;
    const struct sync_pulse_config *config;
};

static bool level(const struct sync_pulse_config *config, sim_cycle cycle)
{
    if (cycle < config->from_cycle)
        return false;
    uint64_t at = cycle - config->from_cycle;
    return (config->period_cycles ? at % config->period_cycles : at) < config->width_cycles;
}

/* The first cycle after `cycle` with another level. */
static sim_cycle change(const struct sync_pulse_config *config, sim_cycle cycle)
{
    if (cycle < config->from_cycle)
        return config->from_cycle;
    uint64_t at = cycle - config->from_cycle;
    uint64_t start =
        config->period_cycles ? cycle - at % config->period_cycles : config->from_cycle;
    if (cycle < start + config->width_cycles)
        return start + config->width_cycles;
    return config->period_cycles ? start + config->period_cycles : SIM_NEVER;
}

static sim_cycle sync_pulse_step(void *instance, sim_cycle now)
{
    struct sync_pulse *self = instance;
    uint64_t value = level(self->config, now + 1);
    if (value != self->ports->sync->value) {
        wire_put(self->ports->sync, self->unit.clock->time, value);
        for (unsigned i = 0; i < STREAM_WATCHERS; i++)
            if (self->ports->watchers[i])
                unit_wake(self->ports->watchers[i]);
    }
    sim_cycle next = change(self->config, now + 1);
    return next == SIM_NEVER ? SIM_NEVER : next - 1;
}

static int sync_pulse_create(struct build *build, struct component *component)
{
    const struct sync_pulse_config *config = component->config;
    struct sync_pulse *self = arena_alloc(build->kernel->arena, sizeof *self);
    struct stream_ports *ports = build_streams(build, component, config->controller);
    if (!self)
        return DMASIM_MEMORY;
    if (!ports)
        return DMASIM_INVALID;
    component->clock = build->plan->components[SECTION_CONTROLLERS][config->controller].clock;
    component->instance = self;
    self->ports = ports;
    self->config = config;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, sync_pulse_step,
               self);
    ports->sync->value = ports->sync->before = level(config, 0);
    return DMASIM_OK;
}

static void sync_pulse_check(const struct plan *plan, const struct component *self,
                             struct check *check)
{
    (void)plan;
    const struct sync_pulse_config *config = self->config;
    if (config->period_cycles && config->width_cycles >= config->period_cycles)
        check->fail(check, self, "width", "must be below the period");
}

static bool sync_pulse_claims(const struct plan *plan, const struct component *self, uint32_t index,
                              struct component_claim *claim)
{
    const struct sync_pulse_config *config = self->config;
    if (index > 0 || config->controller >= plan->counts[SECTION_CONTROLLERS])
        return false;
    *claim =
        (struct component_claim){.of = &plan->components[SECTION_CONTROLLERS][config->controller],
                                 .what = "the sync pin",
                                 .number = CLAIM_ALONE,
                                 .parameter = "controller"};
    return true;
}

static const struct parameter sync_pulse_parameters[] = {
    {.name = "controller",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_CONTROLLER,
     PARAMETER_AT(sync_pulse_config, controller),
     .initial = UINT16_MAX,
     .doc = "Controller whose sync pin it drives."},
    {.name = "from",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(sync_pulse_config, from_cycle),
     .max = UINT32_MAX,
     .doc = "First cycle of the first pulse."},
    {.name = "period",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(sync_pulse_config, period_cycles),
     .max = UINT32_MAX,
     .doc = "Cycles from one pulse to the next; 0 means one pulse."},
    {.name = "width",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(sync_pulse_config, width_cycles),
     .initial = 1,
     .min = 1,
     .max = UINT32_MAX,
     .doc = "Cycles a pulse lasts."},
    {.name = NULL},
};

const struct component_type sync_pulse_type = {
    .name = "sync-pulse",
    .section = SECTION_PERIPHERALS,
    .doc = "Drives the pin that starts the transfers of a controller.",
    .config_bytes = sizeof(struct sync_pulse_config),
    .parameters = sync_pulse_parameters,
    .create = sync_pulse_create,
    .check = sync_pulse_check,
    .claims = sync_pulse_claims,
};
