/* SPDX-License-Identifier: BSD-2-Clause */
/* mappings_log: lines of the log about faults of mappings. */
#ifndef DMASIM_MAPPINGS_LOG_H
#define DMASIM_MAPPINGS_LOG_H

#include "host/mappings/mappings.h"
#include "plan/component.h"

/* Appends "0x1000 .. 0x103f, single, to_device, mapped by boot, step 3 at 0.420000 us". */
void mappings_describe(struct log_text *text, const struct mapping *mapping);

/* A line about a fault of `of`, an entry of work or a controller, and its text. */
struct log_line mappings_line(const struct plan *plan, const char *of,
                              const struct mapping_fault *fault, struct log_text *text);

/* Tells a fault in the log of a unit, as one of `of`: an entry of work, a controller; null: of the unit. */
void mappings_log(const struct unit *unit, const struct plan *plan, const char *of,
                  const struct mapping_fault *fault);

#endif
