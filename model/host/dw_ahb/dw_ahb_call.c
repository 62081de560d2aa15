/* SPDX-License-Identifier: BSD-2-Clause */
/* dw_ahb_call: what a call says to a DesignWare AHB DMAC alone, as the group `dw` of an entry of `work`. */
#include "controllers/dw_ahb/dw_ahb.h"
#include "host/dw_ahb/dw_ahb_work.h"

static const char *const lock_names[] = {[DW_LOCK_NONE] = "none",
                                         [DW_LOCK_TRANSACTION] = "transaction",
                                         [DW_LOCK_BLOCK] = "block",
                                         [DW_LOCK_TRANSFER] = "transfer",
                                         NULL};
static const char *const gaps_names[] = {
    [DW_GAPS_REGISTERS] = "registers", [DW_GAPS_DESCRIPTORS] = "descriptors", NULL};

const struct parameter dw_ahb_call_parameters[] = {
    {.name = "given", .kind = PARAMETER_GIVEN, PARAMETER_AT(dw_ahb_call, given)},
    {.name = "lock",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(dw_ahb_call, lock),
     .names = lock_names,
     .doc = "How long the bus stays locked once it is granted."},
    {.name = "priority",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(dw_ahb_call, priority),
     .initial = UINT32_MAX,
     .max = 7,
     .doc = "Of the channel, 7 is served first; none: lower channels are served first."},
    {.name = "memory_master",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(dw_ahb_call, memory_master),
     .max = DW_MASTERS_MAX - 1,
     .doc = "Master port for memory and descriptors."},
    {.name = "peripheral_master",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(dw_ahb_call, peripheral_master),
     .max = DW_MASTERS_MAX - 1,
     .doc = "Master port for the peripheral."},
    {.name = "gaps",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(dw_ahb_call, gaps),
     .names = gaps_names,
     .doc = "How interleaved leaves gaps out: by the gather and scatter registers, or by a "
            "descriptor per chunk."},
    {.name = NULL},
};
