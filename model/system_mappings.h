/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * system_mappings: what controllers read and write reaches the CPU whose drivers map for them (host/cpu/cpu_mappings.h).
 *
 * The observers lie outside of the arena, as all do; what they tell is kept in the CPU.
 */
#ifndef DMASIM_SYSTEM_MAPPINGS_H
#define DMASIM_SYSTEM_MAPPINGS_H

#include "system.h"

/* The system is built, and not sealed. DMASIM_OK or DMASIM_MEMORY. */
int system_watch_mappings(struct system *self);

#endif
