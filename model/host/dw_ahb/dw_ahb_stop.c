/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_stop: how a client of the DesignWare AHB DMAC's driver pauses its job, asks how far it came and
 * ends it; and the look at a channel's descriptors that this and a bus error take.
 *
 * Source: Linux 6.12 drivers/dma/dw/core.c, dwc_pause(), dwc_tx_status(), dwc_terminate_all(),
 * dwc_scan_descriptors().
 *
 *   pause      CFG_LO read, written with CH_SUSP | FIFO_EMPTY polled, 21 times 2 us apart
 *   look       LLP | RAW_TFR | LLP of each descriptor in memory up to the one that has what the
 *              register has: it is under way | CTL_HI CTL_LO
 *   residue    look; block by block CTL_HI CTL_LO only
 *   terminate  pause | CH_EN off, polled | CFG_LO read, written without CH_SUSP | start of the next job
 *
 * Timing: each of the three keeps interrupts and others off from its first access to its last.
 *
 * Inaccuracies: Linux ends all jobs of a channel, which there has one client.
 */
#include "host/dw_ahb/dw_ahb_driver_internal.h"

#define FIFO_EMPTY_TRIES 21
#define FIFO_EMPTY_PAUSE_PS UINT64_C(2000000)

/* ---- the look ------------------------------------------------------------------------------ */

enum look_step { LOOK_BEGIN, LOOK_LLP, LOOK_RAW, LOOK_ITEM, LOOK_CTL_HI, LOOK_CTL_LO };

static void read_item(struct cpu_task *task, const struct dw_ahb_job *job, uint32_t item)
{
    cpu_read(task, job->descriptors + item * DW_DESCRIPTOR_BYTES + ITEM_LLP);
}

/* Bytes of the block of a descriptor; goes on to the next one. */
static uint64_t item_bytes(const struct dw_ahb_driver *self, const struct dw_ahb_job *job,
                           struct dw_ahb_look *look)
{
    struct dw_ahb_job at = *job;
    struct dw_ahb_block block = {.bytes = 0};
    at.cursor = look->at;
    dw_ahb_job_next(self, &at, &block);
    look->at = at.cursor;
    return block.bytes;
}

static void read_sent(struct dw_ahb_driver *self, struct cpu_task *task, unsigned channel,
                      struct dw_ahb_look *look)
{
    cpu_read(task, channel_address(self, channel, DRIVER_CTL_HI));
    look->step = LOOK_CTL_HI;
}

bool dw_ahb_look(struct dw_ahb_driver *self, struct cpu_task *task, unsigned channel,
                 struct dw_ahb_look *look)
{
    const struct dw_ahb_channel_queue *queue = &self->queues[channel];
    const struct dw_ahb_job *job = queue->active;
    switch ((enum look_step)look->step) {
    case LOOK_BEGIN:
        *look = (struct dw_ahb_look){.step = LOOK_LLP, .sent = look->sent};
        cpu_read(task, channel_address(self, channel, DRIVER_LLP));
        return false;
    case LOOK_LLP:
        look->llp = task->value;
        look->step = LOOK_RAW;
        read_common(self, task, DRIVER_RAW_TFR);
        return false;
    case LOOK_RAW:
        look->step = LOOK_BEGIN;
        look->complete = task->value >> channel & 1;
        if (look->complete || !job)
            return true;
        if (queue->soft_list) {
            look->left = job->residue;
            if (look->sent && look->left > 0)
                read_sent(self, task, channel, look);
            return look->step == LOOK_BEGIN;
        }
        look->left = job->bytes;
        if ((look->llp & DW_MASK(LLP, LOC)) == job->descriptors)
            return true; /* not begun */
        look->step = LOOK_ITEM;
        read_item(task, job, 0);
        return false;
    case LOOK_ITEM:
        if (task->value == look->llp) {
            read_sent(self, task, channel, look);
            return false;
        }
        look->left -= item_bytes(self, job, look);
        if (look->at.extent == job->extents) {
            look->step = LOOK_BEGIN;
            return true;
        }
        read_item(task, job, look->at.block);
        return false;
    case LOOK_CTL_HI:
        look->items = DW_GET(task->value, CTL_HI, BLOCK_TS);
        look->step = LOOK_CTL_LO;
        cpu_read(task, channel_address(self, channel, DRIVER_CTL_LO));
        return false;
    case LOOK_CTL_LO:
        look->step = LOOK_BEGIN;
        look->left -= (uint64_t)look->items << DW_GET(task->value, CTL_LO, SRC_TR_WIDTH);
        return true;
    }
    return true;
}

/* ---- the client's side --------------------------------------------------------------------- */

/* What the interrupt service knows of a channel is no longer so: the tasklet may wait in the middle of its scan. */
static void forget(struct dw_ahb_driver *self, const struct dw_ahb_job *job)
{
    const uint32_t mask = UINT32_C(1) << job->channel;
    self->tfr &= ~mask;
    self->err &= ~mask;
    self->block &= ~mask;
    if (self->finished == job)
        self->finished = NULL;
}

static void suspend(struct dw_ahb_driver *self, struct cpu_task *task, uint64_t cfg_at)
{
    const sim_time period = self->cpu->unit.clock->period_ps;
    cpu_write(task, cfg_at, task->value | DW_MASK(CFG_LO, CH_SUSP));
    cpu_push(task, &(struct cpu_op){.kind = CPU_POLL,
                                    .hsize = 2,
                                    .address = cfg_at,
                                    .value = DW_MASK(CFG_LO, FIFO_EMPTY),
                                    .mask = DW_MASK(CFG_LO, FIFO_EMPTY),
                                    .tries = FIFO_EMPTY_TRIES,
                                    .cycles = (FIFO_EMPTY_PAUSE_PS + period - 1) / period});
}

/* The place that has a job in the queue of its channel; null if it does not wait there. */
static struct dw_ahb_job **waiting(struct dw_ahb_channel_queue *queue, const struct dw_ahb_job *job)
{
    struct dw_ahb_job **at = &queue->first;
    while (*at && *at != job)
        at = &(*at)->next;
    return *at ? at : NULL;
}

enum stop_step { STOP_BEGIN, STOP_SUSPEND, STOP_RESUME };

bool dw_ahb_driver_pause(struct dw_ahb_driver *self, struct cpu_task *task, struct dw_ahb_job *job)
{
    struct dw_ahb_channel_queue *queue = &self->queues[job->channel];
    const uint64_t cfg_at = channel_address(self, job->channel, DRIVER_CFG_LO);
    if (queue->active != job)
        return true; /* it ended meanwhile, or waits */
    if (queue->stop_step == STOP_BEGIN) {
        cpu_read(task, cfg_at);
        cpu_lock_on(task);
        queue->stop_step = STOP_SUSPEND;
        return false;
    }
    const unsigned first = task->count;
    suspend(self, task, cfg_at);
    cpu_lock_from(task, first);
    queue->stop_step = STOP_BEGIN;
    return true;
}

bool dw_ahb_driver_residue(struct dw_ahb_driver *self, struct cpu_task *task,
                           struct dw_ahb_job *job, uint64_t *bytes, bool *complete)
{
    struct dw_ahb_channel_queue *queue = &self->queues[job->channel];
    struct dw_ahb_look *look = &queue->look;
    const bool waits = waiting(queue, job) != NULL;
    *bytes = waits ? job->bytes : 0;
    *complete = false;
    if (queue->active != job)
        return true;
    look->sent = true;
    if (!dw_ahb_look(self, task, job->channel, look)) {
        cpu_lock_on(task);
        return false;
    }
    cpu_unlock(task);
    *bytes = look->left;
    if (!look->complete)
        return true;
    /* Its interrupt was not served yet: the client does what the tasklet would do. */
    const unsigned first = task->count;
    forget(self, job);
    write_common(self, task, DRIVER_CLEAR_TFR, UINT32_C(1) << job->channel);
    if (queue->soft_list && job->cursor.extent < job->extents) {
        dw_ahb_start_block(self, task, job);
        look->complete = false;
        look->left = job->residue;
        read_sent(self, task, job->channel, look);
        cpu_lock_from(task, first);
        cpu_lock_on(task);
        return false;
    }
    *complete = true;
    *bytes = 0;
    read_common(self, task, DRIVER_CH_EN);
    dw_ahb_start_next(self, task, queue);
    cpu_lock_from(task, first);
    return true;
}

bool dw_ahb_driver_terminate(struct dw_ahb_driver *self, struct cpu_task *task,
                             struct dw_ahb_job *job)
{
    const unsigned channel = job->channel;
    struct dw_ahb_channel_queue *queue = &self->queues[channel];
    const uint32_t mask = UINT32_C(1) << channel;
    const uint64_t cfg_at = channel_address(self, channel, DRIVER_CFG_LO);
    const unsigned first = task->count;
    if (queue->active != job) {
        struct dw_ahb_job **at = waiting(queue, job);
        if (at)
            *at = job->next;
        return true;
    }
    switch ((enum stop_step)queue->stop_step) {
    case STOP_BEGIN:
        cpu_read(task, cfg_at);
        cpu_lock_on(task);
        queue->stop_step = STOP_SUSPEND;
        return false;
    case STOP_SUSPEND:
        suspend(self, task, cfg_at);
        dw_ahb_poll_disabled(self, task, mask);
        cpu_read(task, cfg_at);
        cpu_lock_from(task, first);
        cpu_lock_on(task);
        queue->stop_step = STOP_RESUME;
        return false;
    case STOP_RESUME:
        break;
    }
    queue->stop_step = STOP_BEGIN;
    cpu_write(task, cfg_at, task->value & ~DW_MASK(CFG_LO, CH_SUSP));
    if (job->cyclic) {
        write_common(self, task, DRIVER_MASK_BLOCK, clear_bits(mask));
        write_common(self, task, DRIVER_CLEAR_ERR, mask);
        write_common(self, task, DRIVER_CLEAR_TFR, mask);
        write_common(self, task, DRIVER_CLEAR_BLOCK, mask);
    }
    forget(self, job);
    dw_ahb_start_next(self, task, queue);
    cpu_lock_from(task, first);
    return true;
}
