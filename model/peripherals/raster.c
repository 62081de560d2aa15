/* SPDX-License-Identifier: BSD-2-Clause */
/* raster: parameters and checks of the raster; see raster.h. */
#include "peripherals/raster.h"

enum {
    RASTER_MOST = 65535,
    RASTER_BLANK_LINES = 1023
}; /* a pause of all of them is below 2^27 items */

const struct parameter raster_parameters[] = {
    {.name = "active",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(raster_config, active),
     .max = RASTER_MOST,
     .doc = "Items of a line, say its pixels; 0: there are no lines."},
    {.name = "blank",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(raster_config, blank),
     .max = RASTER_MOST,
     .doc = "Horizontal blanking: the pause behind each line, in the time of so many items."},
    {.name = "lines",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(raster_config, lines),
     .max = RASTER_MOST,
     .doc = "Lines of a frame; 0: line follows line."},
    {.name = "blank_lines",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(raster_config, blank_lines),
     .max = RASTER_BLANK_LINES,
     .doc = "Vertical blanking: the pause behind each frame, in the time of so many lines with "
            "their blanking."},
    {.name = NULL},
};

void raster_check(const struct raster_config *raster, uint64_t period_ps,
                  const struct component *self, struct check *check)
{
    if (raster->active == 0 && (raster->blank || raster->lines || raster->blank_lines))
        check->fail(check, self, "raster", "needs `active`, the items of a line");
    if (raster->lines == 0 && raster->blank_lines)
        check->fail(check, self, "raster.blank_lines", "belongs to frames: give their `lines`");
    const uint64_t most = (raster->active + raster->blank) * (1 + raster->blank_lines) + 1;
    if (raster->active && period_ps > PARAMETER_TIME_MAX / most)
        check->fail(check, self, "raster", "its blanking would last longer than a million seconds");
}
