/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bridge: what bridges between two buses share: a window on one bus that is repeated on the other.
 *
 *   bus      base ........ base + size - 1
 *   target   to .......... to + size - 1
 */
#ifndef DMASIM_BRIDGE_H
#define DMASIM_BRIDGE_H

#include "plan/component.h"

#define BRIDGE_SAME UINT64_MAX /* `to`: as base */
#define BRIDGE_UNIT 0x1000u

struct bridge_config {
    uint16_t bus, target; /* indices of buses */
    uint64_t base, size_bytes, to;
    uint32_t read_ahead_beats; /* ahb-to-axi only */
};

extern const struct component_type ahb_to_axi_type, axi_to_ahb_type;

/* Where base appears on the target. */
static inline uint64_t bridge_to(const struct bridge_config *config)
{
    return config->to == BRIDGE_SAME ? config->base : config->to;
}

/* component_type.check, .region and .leads of both types. */
void bridge_check(const struct plan *plan, const struct component *self, struct check *check);
bool bridge_region(const struct component *self, uint32_t index, struct component_region *region);
bool bridge_leads(const struct component *self, uint32_t index, struct component_region *beyond);

/* Complains unless both buses have one clock. DMASIM_OK or DMASIM_INVALID. */
int bridge_clocks(struct build *build, const struct component *component);

#endif
