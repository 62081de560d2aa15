/* SPDX-License-Identifier: BSD-2-Clause */
/* dw_ahb_driver_internal: what dw_ahb_driver.c (probe, client's side) and dw_ahb_service.c (interrupt, tasklet)
 * share. */
#ifndef DMASIM_DW_DRIVER_INTERNAL_H
#define DMASIM_DW_DRIVER_INTERNAL_H

#include "host/dw_ahb/dw_ahb_driver.h"

/* The words of a descriptor, by register. */
enum { ITEM_SAR = 0, ITEM_DAR = 4, ITEM_LLP = 8, ITEM_CTL_LO = 12, ITEM_CTL_HI = 16 };

static inline void read_common(struct dw_ahb_driver *self, struct cpu_task *task,
                               enum dw_ahb_driver_register which)
{
    cpu_read(task, self->at[which]);
}

static inline void write_common(struct dw_ahb_driver *self, struct cpu_task *task,
                                enum dw_ahb_driver_register which, uint32_t value)
{
    cpu_write(task, self->at[which], value);
}

static inline uint64_t channel_address(const struct dw_ahb_driver *self, unsigned channel,
                                       enum dw_ahb_driver_register which)
{
    return self->at[which] + channel * self->channel_stride;
}

static inline void write_channel(struct dw_ahb_driver *self, struct cpu_task *task,
                                 unsigned channel, enum dw_ahb_driver_register which,
                                 uint32_t value)
{
    cpu_write(task, channel_address(self, channel, which), value);
}

/* Bits with their write enables, 8 above. */
static inline uint32_t set_bits(uint32_t mask)
{
    return mask << 8 | mask;
}

static inline uint32_t clear_bits(uint32_t mask)
{
    return mask << 8;
}

/* dw_ahb_driver.c: operations that start a job, start its next block by hand, start the job that waits
 * behind the active one, if any, and switch channels off. */
void dw_ahb_start_job(struct dw_ahb_driver *self, struct cpu_task *task, struct dw_ahb_job *job);
void dw_ahb_start_block(struct dw_ahb_driver *self, struct cpu_task *task, struct dw_ahb_job *job);
void dw_ahb_start_next(struct dw_ahb_driver *self, struct cpu_task *task,
                       struct dw_ahb_channel_queue *queue);
void dw_ahb_poll_disabled(struct dw_ahb_driver *self, struct cpu_task *task, uint32_t mask);

/* dw_ahb_stop.c: a look at what a channel has done, with look->step 0 first; to be called again, once the
 * operations that it appends are done, until it returns true. */
bool dw_ahb_look(struct dw_ahb_driver *self, struct cpu_task *task, unsigned channel,
                 struct dw_ahb_look *look);

/* dw_ahb_service.c */
void dw_ahb_isr_run(struct cpu_task *task, sim_cycle now);
void dw_ahb_tasklet_run(struct cpu_task *task, sim_cycle now);

#endif
