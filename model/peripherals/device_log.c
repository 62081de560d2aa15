/* SPDX-License-Identifier: BSD-2-Clause */
#include "peripherals/device_log.h"

void device_lost(const struct unit *unit, const char *what, uint32_t level, uint32_t depth,
                 bool requests, const char *owner)
{
    const struct log_line line = {.level = LOG_WARNING, .kind = LOG_LOSS, .of = unit->name};
    if (!log_wanted(unit))
        return;
    if (depth)
        log_say(unit, &line, "%s, its FIFO has %u of %u%s; %s%s", what, level, depth,
                requests ? "; it asks for service, and nobody comes in time"
                         : "; it does not ask for service",
                owner ? owner : "nobody", " has the bus");
    else
        log_say(unit, &line, "%s", what);
}
