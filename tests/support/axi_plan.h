/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_plan: AXI masters of tests (axi_traffic.h) as components of a plan (../host/plan.h). */
#ifndef TESTS_AXI_PLAN_H
#define TESTS_AXI_PLAN_H

#include "axi_traffic.h"
#include "bus/axi/axi_component.h"
#include "host_plan.h"

struct traffic_config {
    uint16_t bus;
    struct traffic traffic; /* as it is at the start */
};

static inline int traffic_create(struct build *build, struct component *component)
{
    const struct traffic_config *config = component->config;
    struct traffic *self = arena_alloc(build->kernel->arena, sizeof *self);
    *self = config->traffic;
    traffic_join(self, build->kernel, build_axi(build, config->bus), component->name);
    component->clock = self->unit.clock;
    component->instance = self;
    if (self->reads.count + self->writes.count > 0)
        kernel_hold(build->kernel);
    self->held = build->kernel;
    return DMASIM_OK;
}

static const struct parameter traffic_parameters[] = {{.name = NULL}};

static const struct component_type traffic_type = {
    .name = "traffic",
    .section = SECTION_MASTERS,
    .config_bytes = sizeof(struct traffic_config),
    .parameters = traffic_parameters,
    .create = traffic_create,
};

/* Adds an AXI master on the bus with this index. */
static inline struct traffic *test_add_traffic(struct test_plan *t, const char *name, uint16_t bus)
{
    struct traffic_config *config = test_add_type(t, &traffic_type, name);
    config->bus = bus;
    return &config->traffic;
}

/* The built one. */
static inline struct traffic *test_traffic(struct test_plan *t, const char *name)
{
    return test_find(t, SECTION_MASTERS, name)->instance;
}

#endif
