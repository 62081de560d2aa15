/* SPDX-License-Identifier: BSD-2-Clause */
/* dram_memory: the component type. */
#include "memory/dram_memory.h"

#include "bus/ahb/ahb_component.h"
#include "bus/axi/axi_component.h"

#include <string.h>

static void dram_check(const struct plan *plan, const struct component *self, struct check *check)
{
    const struct dram_memory_config *config = self->config;
    struct dram_config dram;
    const char *parameter, *wrong = dram_memory_configure(config, &dram, &parameter);
    const struct component_type *bus = plan->components[SECTION_BUSES][config->bus].type;
    if (bus != &axi_type && bus != &ahb_type)
        check->fail(check, self, "bus", "a dram is on an AXI or an AHB");
    store_check(STORE_CONTENT(config), self, check);
    if (wrong) {
        char path[64] = "timing.";
        bool timing = false;
        for (const char *const *name = dram_timing_names; parameter && *name; name++)
            timing |= strcmp(*name, parameter) == 0;
        if (timing)
            strncat(path, parameter, sizeof path - strlen(path) - 1);
        check->fail(check, self, timing ? path : parameter, "%s%s%s", timing ? parameter : "",
                    timing ? " " : "", wrong);
    } else if (config->size_bytes > dram_bytes(&dram)) {
        check->fail(check, self, "size", "the DRAM has %llu bytes",
                    (unsigned long long)dram_bytes(&dram));
    }
}

static int dram_create(struct build *build, struct component *component)
{
    const struct dram_memory_config *config = component->config;
    struct dram_config dram;
    const char *parameter, *wrong = dram_memory_configure(config, &dram, &parameter);
    if (wrong) {
        build->check->fail(build->check, component, NULL, "%s", wrong);
        return DMASIM_INVALID;
    }
    const sim_time period_ps =
        config->period_ps ? config->period_ps : dram_presets[config->preset].period_ps;
    const struct component *bus = &build->plan->components[SECTION_BUSES][config->bus];
    return bus->type == &ahb_type ? dram_ahb_create(build, component, &dram, period_ps)
                                  : dram_axi_create(build, component, &dram, period_ps);
}

static bool dram_region(const struct component *self, uint32_t index,
                        struct component_region *region)
{
    const struct dram_memory_config *config = self->config;
    *region = (struct component_region){
        .bus = config->bus, .base = config->base, .bytes = config->size_bytes};
    return index == 0;
}

static bool dram_output(const struct component *self, uint32_t index,
                        struct component_output *output)
{
    const struct dram_memory_config *config = self->config;
    return store_output(self, &config->dumps, index, output);
}

static bool dram_counters(const struct component *self, uint32_t index, sim_time now,
                          struct counter_part *part)
{
    return dram_controller_counters(((const struct dram_port *)self->instance)->controller, index,
                                    now, part);
}

const struct component_type dram_type = {
    .name = "dram",
    .section = SECTION_MEMORIES,
    .doc = "DRAM with its controller: banks, rows, refresh, every command in its cycle.",
    .config_bytes = sizeof(struct dram_memory_config),
    .parameters = dram_parameters,
    .create = dram_create,
    .check = dram_check,
    .region = dram_region,
    .access = store_access,
    .output = dram_output,
    .counters = dram_counters,
};
