/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_service: the interrupt half of the DesignWare AHB DMAC's driver; its accesses, in their order,
 * are listed at the head of dw_ahb_driver.c.
 *
 *   line up -> service: masks off -> tasklet: a look at each channel with news (dw_ahb_stop.c)
 *                                      complete -> next job, callback -> masks on
 *                                      error    -> next job, callback with the error
 *                                      block    -> callback of a period (cyclic)
 *
 * Timing: tasklet_latency after the service; each callback callback_latency after the accesses of
 * its channel.
 *
 * Inaccuracies: as dw_ahb_driver.c.
 */
#include "host/dw_ahb/dw_ahb_driver_internal.h"
#include "kernel/base.h"

/* ---- interrupt service --------------------------------------------------------------------- */

enum isr_state { ISR_STATUS, ISR_MASK, ISR_VERIFY, ISR_END };

void dw_ahb_isr_run(struct cpu_task *task, sim_cycle now)
{
    struct dw_ahb_driver *self = CONTAINER_OF(task, struct dw_ahb_driver, isr);
    switch ((enum isr_state)self->isr_state) {
    case ISR_STATUS:
        if (!self->in_use)
            return;
        self->interrupt_ps = self->line->seen_ps;
        read_common(self, task, DRIVER_STATUS_INT);
        self->isr_state = ISR_MASK;
        return;
    case ISR_MASK:
        self->isr_state = ISR_STATUS;
        if (task->value == 0)
            return; /* not ours */
        write_common(self, task, DRIVER_MASK_TFR, clear_bits(self->all_mask));
        write_common(self, task, DRIVER_MASK_BLOCK, clear_bits(self->all_mask));
        write_common(self, task, DRIVER_MASK_ERR, clear_bits(self->all_mask));
        read_common(self, task, DRIVER_STATUS_INT);
        self->isr_state = ISR_VERIFY;
        return;
    case ISR_VERIFY:
        self->isr_state = ISR_END;
        if (task->value != 0) { /* unexpected: everything off */
            for (unsigned which = DRIVER_MASK_TFR; which <= DRIVER_MASK_ERR; which++)
                write_common(self, task, which, clear_bits(UINT8_MAX));
            return;
        }
        /* fall through */
    case ISR_END:
        self->isr_state = ISR_STATUS;
        self->scheduled = true;
        if (!self->tasklet.awake)
            self->tasklet.ready_at = now + self->cpu->config->tasklet_latency;
        cpu_task_wake(&self->tasklet);
        return;
    }
}

/* ---- tasklet ------------------------------------------------------------------------------- */

enum tasklet_state {
    TASKLET_IDLE,
    TASKLET_TFR,
    TASKLET_ERR,
    TASKLET_BLOCK,
    TASKLET_CHANNEL,
    TASKLET_LOOK,
    TASKLET_STOPPED,
    TASKLET_CALLBACK,
    TASKLET_PERIOD,
    TASKLET_MASK,
};

static uint32_t cyclic_mask(const struct dw_ahb_driver *self)
{
    uint32_t mask = 0;
    for (unsigned i = 0; i < self->channels; i++)
        if (self->queues[i].active && self->queues[i].active->cyclic && !self->queues[i].soft_list)
            mask |= UINT32_C(1) << i;
    return mask;
}

/* The active job of the channel is over: starts the next one, then calls back. */
static void tasklet_finish(struct dw_ahb_driver *self, struct cpu_task *task)
{
    struct dw_ahb_channel_queue *queue = &self->queues[self->scan];
    self->finished = queue->active;
    self->finished->interrupt_ps = self->interrupt_ps;
    dw_ahb_start_next(self, task, queue);
    cpu_delay(task, self->cpu->config->callback_latency);
    self->tasklet_state = TASKLET_CALLBACK;
}

/* Looks at the next channel with news; false if there is none left. */
static bool tasklet_channel(struct dw_ahb_driver *self, struct cpu_task *task)
{
    for (; self->scan < self->channels; self->scan++) {
        uint32_t mask = UINT32_C(1) << self->scan;
        struct dw_ahb_job *job = self->queues[self->scan].active;
        if (!((self->tfr | self->err | self->block) & mask))
            continue;
        if (job && job->cyclic && !self->queues[self->scan].soft_list && !(self->err & mask)) {
            if (!(self->block & mask))
                continue;
            write_common(self, task, DRIVER_CLEAR_BLOCK, mask);
            cpu_delay(task, self->cpu->config->callback_latency);
            self->finished = job;
            self->tasklet_state = TASKLET_PERIOD;
            return true;
        }
        if (!((self->tfr | self->err) & mask))
            continue;
        self->look = (struct dw_ahb_look){.step = 0};
        self->tasklet_state = TASKLET_LOOK;
        return true;
    }
    return false;
}

/* The look at a channel is over. */
static void tasklet_looked(struct dw_ahb_driver *self, struct cpu_task *task)
{
    uint32_t mask = UINT32_C(1) << self->scan;
    struct dw_ahb_channel_queue *queue = &self->queues[self->scan];
    struct dw_ahb_job *job = queue->active;
    self->tasklet_state = TASKLET_CHANNEL;
    if (self->err & mask) {
        if (self->look.complete)
            write_common(self, task, DRIVER_CLEAR_TFR, mask);
        write_common(self, task, DRIVER_CLEAR_ERR, mask);
        if (job)
            tasklet_finish(self, task);
        else
            self->scan++;
        return;
    }
    if (!self->look.complete) {
        self->scan++;
        return;
    }
    write_common(self, task, DRIVER_CLEAR_TFR, mask);
    if (!job) {
        self->scan++;
        return;
    }
    if (queue->soft_list && (job->cyclic || job->cursor.extent < job->extents)) {
        dw_ahb_start_block(self, task, job);
        if (!job->cyclic) {
            self->scan++;
            return;
        }
        cpu_delay(task, self->cpu->config->callback_latency);
        self->finished = job;
        self->tasklet_state = TASKLET_PERIOD;
        return;
    }
    read_common(self, task, DRIVER_CH_EN);
    self->tasklet_state = TASKLET_STOPPED;
}

void dw_ahb_tasklet_run(struct cpu_task *task, sim_cycle now)
{
    struct dw_ahb_driver *self = CONTAINER_OF(task, struct dw_ahb_driver, tasklet);
    while (task->count == 0) {
        uint32_t mask = UINT32_C(1) << (self->scan % DW_CHANNELS_MAX);
        struct dw_ahb_job *job;
        switch ((enum tasklet_state)self->tasklet_state) {
        case TASKLET_IDLE:
            if (!self->scheduled)
                return;
            self->scheduled = false;
            read_common(self, task, DRIVER_RAW_TFR);
            self->tasklet_state = TASKLET_TFR;
            break;
        case TASKLET_TFR:
            self->tfr = task->value;
            read_common(self, task, DRIVER_RAW_ERR);
            self->tasklet_state = TASKLET_ERR;
            break;
        case TASKLET_ERR:
            self->err = task->value;
            self->block = 0;
            self->scan = 0;
            self->tasklet_state = TASKLET_CHANNEL;
            if (cyclic_mask(self)) {
                read_common(self, task, DRIVER_RAW_BLOCK);
                self->tasklet_state = TASKLET_BLOCK;
            }
            break;
        case TASKLET_BLOCK:
            self->block = task->value & cyclic_mask(self);
            self->tasklet_state = TASKLET_CHANNEL;
            break;
        case TASKLET_CHANNEL:
            if (tasklet_channel(self, task))
                break;
            write_common(self, task, DRIVER_MASK_TFR, set_bits(self->all_mask));
            if (cyclic_mask(self))
                write_common(self, task, DRIVER_MASK_BLOCK, set_bits(cyclic_mask(self)));
            write_common(self, task, DRIVER_MASK_ERR, set_bits(self->all_mask));
            self->tasklet_state = TASKLET_MASK;
            break;
        case TASKLET_LOOK:
            if (dw_ahb_look(self, task, self->scan, &self->look))
                tasklet_looked(self, task);
            break;
        case TASKLET_STOPPED:
            if (task->value & mask) /* done, yet enabled: off with it */
                dw_ahb_poll_disabled(self, task, mask);
            tasklet_finish(self, task);
            break;
        case TASKLET_CALLBACK:
            job = self->finished;
            self->finished = NULL;
            self->scan++;
            self->tasklet_state = TASKLET_CHANNEL;
            job->callback(job, now, self->err & mask ? DW_JOB_ERROR : DW_JOB_COMPLETE);
            break;
        case TASKLET_PERIOD:
            job = self->finished; /* null if it was terminated */
            self->finished = NULL;
            self->scan++;
            self->tasklet_state = TASKLET_CHANNEL;
            if (job) {
                job->interrupt_ps = self->interrupt_ps;
                job->callback(job, now, DW_JOB_PERIOD);
            }
            break;
        case TASKLET_MASK:
            self->tasklet_state = TASKLET_IDLE;
            break;
        }
    }
}
