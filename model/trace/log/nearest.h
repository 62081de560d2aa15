/* SPDX-License-Identifier: BSD-2-Clause */
/* nearest: what lies around an address at which nobody answers. */
#ifndef DMASIM_TRACE_NEAREST_H
#define DMASIM_TRACE_NEAREST_H

#include "plan/component.h"
#include "plan/log.h"

/* Appends the regions of a bus below and above an address. */
void nearest_add(struct log_text *text, const struct plan *plan, const char *bus, uint64_t address);

#endif
