/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/clock.h"

static const struct parameter clock_parameters[] = {
    {.name = "frequency",
     .kind = PARAMETER_FREQUENCY,
     PARAMETER_AT(clock_config, frequency_hz),
     .max = UINT64_C(100000000000),
     .doc = "Frequency; the period is rounded to a picosecond. Give this or period."},
    {.name = "period",
     .kind = PARAMETER_TIME,
     PARAMETER_AT(clock_config, period_ps),
     .max = UINT64_C(1000000000000),
     .doc = "Period; 0 takes it from frequency."},
    {.name = "phase",
     .kind = PARAMETER_TIME,
     PARAMETER_AT(clock_config, phase_ps),
     .max = UINT64_C(1000000000000),
     .doc = "Time of the first edge."},
    {.name = NULL},
};

static void clock_check(const struct plan *plan, const struct component *component,
                        struct check *check)
{
    (void)plan;
    const struct clock_config *config = component->config;
    if (!config->period_ps && !config->frequency_hz)
        check->fail(check, component, NULL, "give a frequency or a period");
    if (config->period_ps && config->frequency_hz)
        check->fail(check, component, "period", "give a frequency or a period, not both");
}

static int clock_create(struct build *build, struct component *component)
{
    const struct clock_config *config = component->config;
    sim_time period = config->period_ps;
    if (!period && config->frequency_hz)
        period = (UINT64_C(1000000000000) + config->frequency_hz / 2) / config->frequency_hz;
    if (!period) {
        build->check->fail(build->check, component, "frequency", "the clock stands still");
        return DMASIM_INVALID;
    }
    component->clock = kernel_clock(build->kernel, component->name, period, config->phase_ps);
    component->instance = component->clock;
    return component->clock ? DMASIM_OK : DMASIM_MEMORY;
}

const struct component_type clock_type = {
    .name = "clock",
    .section = SECTION_CLOCKS,
    .doc = "A period and a phase; whatever is synchronous to it steps at its edges.",
    .config_bytes = sizeof(struct clock_config),
    .parameters = clock_parameters,
    .create = clock_create,
    .check = clock_check,
};
