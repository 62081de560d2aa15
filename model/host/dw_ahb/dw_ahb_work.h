/* SPDX-License-Identifier: BSD-2-Clause */
/* dw_ahb_work: between dw_ahb_work.c and dw_ahb_work_job.c. */
#ifndef DMASIM_DW_WORK_H
#define DMASIM_DW_WORK_H

#include "host/dw_ahb/dw_ahb_driver.h"
#include "host/work/work.h"

enum dw_ahb_lock { DW_LOCK_NONE, DW_LOCK_TRANSACTION, DW_LOCK_BLOCK, DW_LOCK_TRANSFER };
enum dw_ahb_gaps { DW_GAPS_REGISTERS, DW_GAPS_DESCRIPTORS };

/* The driver's group in a call. */
struct dw_ahb_call {
    bool given;
    uint8_t lock;      /* enum dw_ahb_lock */
    uint8_t gaps;      /* enum dw_ahb_gaps */
    uint32_t priority; /* 0 .. 7; more: by channel */
    uint32_t memory_master, peripheral_master;
};

extern const struct parameter dw_ahb_call_parameters[];

/* The job of an entry, without its descriptors. The list, if it needs one, goes to `list` (as long as
 * the segments; may be null while checking). */
void dw_ahb_work_job(const struct plan *plan, const struct component *self, struct dw_ahb_job *job,
                     struct dw_ahb_extent *list);

void dw_ahb_work_check(const struct plan *plan, const struct component *work,
                       const struct component *controller, struct check *check);

extern const struct work_driver dw_ahb_work_driver;

#endif
