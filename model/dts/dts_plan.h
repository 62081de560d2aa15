/* SPDX-License-Identifier: BSD-2-Clause */
/* dts_plan: what a plan says of a component, by the names of its parameters. */
#ifndef DMASIM_DTS_PLAN_H
#define DMASIM_DTS_PLAN_H

#include "plan/component.h"

/* A number, flag, choice or index; 0 if there is no such parameter. */
uint64_t plan_number(const struct component *component, const char *parameter);

/* What a reference leads to; null if to nothing. */
const struct component *plan_reference(const struct plan *plan, const struct component *component,
                                       const char *parameter, enum component_section section);

/* The buses of a controller's master ports, `masters`, or else the one of its registers. */
uint32_t plan_master_count(const struct component *component);
uint16_t plan_master(const struct component *component, uint32_t index);

uint64_t plan_bus_bits(const struct plan *plan, uint16_t bus);

/* The clock of a bus; null if it has none. */
const struct component *plan_clock(const struct plan *plan, uint16_t bus);

/* Of a clock, in Hz, rounded. */
uint64_t plan_frequency(const struct component *clock);

/* A device gives data, or takes them. */
bool plan_feeds_memory(const struct component *device);

#endif
