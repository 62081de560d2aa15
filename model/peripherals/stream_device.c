/* SPDX-License-Identifier: BSD-2-Clause */
/* stream_device: what sources and sinks have in common. */
#include "peripherals/stream_device.h"

const struct parameter stream_stall_parameters[] = {
    {.name = "percent",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(stream_stalls, percent),
     .max = 99,
     .doc = "Percent of the draws that stall."},
    {.name = "seed",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(stream_stalls, seed),
     .initial = 1,
     .max = UINT32_MAX,
     .doc = "Seed of the draws."},
    {.name = NULL},
};
