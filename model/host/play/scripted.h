/* SPDX-License-Identifier: BSD-2-Clause */
/* scripted: an AHB master that plays a list of commands; see scripted.c. */
#ifndef DMASIM_SCRIPTED_H
#define DMASIM_SCRIPTED_H

#include "plan/component.h"

struct scripted_command {
    uint64_t delay;
    uint64_t address;
    uint32_t beats;
    uint16_t busy;
    uint8_t size; /* HSIZE */
    uint8_t burst;
    uint8_t drop;
    bool write;
    bool lock;
};

struct scripted_config {
    uint16_t bus;
    uint32_t repeat;                /* how often the list is played; 0 = for ever */
    struct parameter_list commands; /* struct scripted_command */
};

extern const struct component_type scripted_type;

#endif
