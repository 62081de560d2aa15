/* SPDX-License-Identifier: BSD-2-Clause */
/* clock: the component type "clock". */
#ifndef DMASIM_CLOCK_H
#define DMASIM_CLOCK_H

#include "plan/component.h"

struct clock_config {
    uint64_t frequency_hz;
    uint64_t period_ps; /* 0: from the frequency */
    uint64_t phase_ps;
};

extern const struct component_type clock_type;

#endif
