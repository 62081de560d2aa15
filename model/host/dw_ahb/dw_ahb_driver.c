/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_driver: what Linux 6.12's drivers/dma/dw does to a DesignWare AHB DMAC, access by access.
 *
 *   probe     DW_PARAMS MAX_BLK_SIZE | off, masks off | per channel CH_EN off, DWC_PARAMS | CLEARs
 *   alloc     CH_EN must be 0 | DMA_CFG = 1
 *   prep      a descriptor a block in memory: SAR DAR CTL, LLP of the one before; the last: INT_EN,
 *             LLP = 0, list enables off (read, modify, write)
 *   start     CH_EN must be 0 | CFG_LO CFG_HI | MASK_TFR MASK_ERR on | LLP CTL_LO CTL_HI | CH_EN
 *   service   STATUS_INT | MASK_TFR MASK_BLOCK MASK_ERR off | STATUS_INT must be 0
 *   tasklet   RAW_TFR RAW_ERR | per channel LLP RAW_TFR CLEAR_TFR CH_EN, start of the next job,
 *             callback | MASK_TFR MASK_ERR on
 *
 * Where a channel has no linked lists (DWC_PARAMS), each block is started by hand from the tasklet:
 * SAR DAR CTL_LO with INT_EN, CTL_HI, CH_EN. Without the parameter registers (DW_PARAMS.EN = 0) the
 * driver knows the hardware from its configuration, as from platform data.
 * Cyclic jobs, which Linux 6.12 has no longer for this controller, are rings of descriptors with
 * INT_EN each; the start then writes CLEAR_BLOCK and MASK_BLOCK, and the tasklet also reads
 * RAW_BLOCK and writes CLEAR_BLOCK.
 *
 * The interrupt service and the tasklet are in dw_ahb_service.c; pause, residue and termination in dw_ahb_stop.c.
 *
 * Timing: each access is a bus transfer of the CPU; interrupt_latency, tasklet_latency and
 * callback_latency are the CPU's.
 *
 * Inaccuracies
 *   Resume is not offered. In block-by-block mode the descriptors stay in the driver, Linux keeps
 *   them in memory. A job that failed is dropped and the next one started.
 */
#include "bus/ahb/ahb_component.h"
#include "host/dw_ahb/dw_ahb_driver_internal.h"
#include "kernel/base.h"
#include "plan/route.h"

static const char *const register_names[DRIVER_REGISTERS] = {
    [DRIVER_SAR] = "CH0_SAR",
    [DRIVER_DAR] = "CH0_DAR",
    [DRIVER_LLP] = "CH0_LLP",
    [DRIVER_CTL_LO] = "CH0_CTL_LO",
    [DRIVER_CTL_HI] = "CH0_CTL_HI",
    [DRIVER_CFG_LO] = "CH0_CFG_LO",
    [DRIVER_CFG_HI] = "CH0_CFG_HI",
    [DRIVER_SGR] = "CH0_SGR",
    [DRIVER_DSR] = "CH0_DSR",
    [DRIVER_RAW_TFR] = "RAW_TFR",
    [DRIVER_RAW_BLOCK] = "RAW_BLOCK",
    [DRIVER_RAW_ERR] = "RAW_ERR",
    [DRIVER_MASK_TFR] = "MASK_TFR",
    [DRIVER_MASK_BLOCK] = "MASK_BLOCK",
    [DRIVER_MASK_SRC_TRAN] = "MASK_SRC_TRAN",
    [DRIVER_MASK_DST_TRAN] = "MASK_DST_TRAN",
    [DRIVER_MASK_ERR] = "MASK_ERR",
    [DRIVER_CLEAR_TFR] = "CLEAR_TFR",
    [DRIVER_CLEAR_BLOCK] = "CLEAR_BLOCK",
    [DRIVER_CLEAR_SRC_TRAN] = "CLEAR_SRC_TRAN",
    [DRIVER_CLEAR_DST_TRAN] = "CLEAR_DST_TRAN",
    [DRIVER_CLEAR_ERR] = "CLEAR_ERR",
    [DRIVER_STATUS_INT] = "STATUS_INT",
    [DRIVER_DMA_CFG] = "DMA_CFG",
    [DRIVER_CH_EN] = "CH_EN",
    [DRIVER_DWC_PARAMS] = "DWC_PARAMS_7",
    [DRIVER_MAX_BLK_SIZE] = "MAX_BLK_SIZE",
    [DRIVER_DW_PARAMS] = "DW_PARAMS",
};

/* ---- probe --------------------------------------------------------------------------------- */

enum probe_state { PROBE_PARAMS, PROBE_BLOCKS, PROBE_OFF, PROBE_CHANNEL, PROBE_CHANNEL_PARAMS };

static void probe_platform(struct dw_ahb_driver *self)
{
    const struct dw_ahb_config *config = self->controller->config;
    self->channels = config->channels;
    for (unsigned i = 0; i < self->channels; i++)
        self->queues[i] = (struct dw_ahb_channel_queue){
            .block_items = config->max_block_items,
            .index = (uint8_t)i,
            .soft_list = !config->multi_block,
        };
    self->all_mask = (UINT32_C(1) << self->channels) - 1;
}

static bool encoded(const struct dw_ahb_driver *self)
{
    const struct dw_ahb_config *config = self->controller->config;
    return config->encoded_parameters;
}

static void probe_params(struct dw_ahb_driver *self, uint32_t params)
{
    if (!(params & DW_MASK(DW_PARAMS, EN)))
        return;
    self->channels = DW_GET(params, DW_PARAMS, NR_CHAN) + 1;
    self->all_mask = (UINT32_C(1) << self->channels) - 1;
    for (unsigned i = 0; i < DW_MASTERS_MAX; i++)
        self->data_bytes[i] = 4u << (params >> (DW_DW_PARAMS_DATA_WIDTH1_LSB + 2 * i) & 3);
}

static void probe_off(struct dw_ahb_driver *self, struct cpu_task *task)
{
    write_common(self, task, DRIVER_DMA_CFG, 0);
    for (unsigned which = DRIVER_MASK_TFR; which <= DRIVER_MASK_ERR; which++)
        write_common(self, task, which, clear_bits(self->all_mask));
    cpu_push(task, &(struct cpu_op){.kind = CPU_POLL,
                                    .hsize = 2,
                                    .address = self->at[DRIVER_DMA_CFG],
                                    .mask = DW_MASK(DMA_CFG, DMA_EN)});
    self->probe_channel = 0;
    self->probe_state = PROBE_CHANNEL;
}

static void probe_run(struct cpu_task *task, sim_cycle now)
{
    struct dw_ahb_driver *self = CONTAINER_OF(task, struct dw_ahb_driver, probe);
    (void)now;
    switch ((enum probe_state)self->probe_state) {
    case PROBE_PARAMS:
        if (!encoded(self)) {
            probe_off(self, task);
            return;
        }
        read_common(self, task, DRIVER_DW_PARAMS);
        self->probe_state = PROBE_BLOCKS;
        return;
    case PROBE_BLOCKS:
        probe_params(self, task->value);
        read_common(self, task, DRIVER_MAX_BLK_SIZE);
        self->probe_state = PROBE_OFF;
        return;
    case PROBE_OFF:
        for (unsigned i = 0; i < self->channels; i++)
            self->queues[i].block_items = (4u << (task->value >> (4 * i) & 0xf)) - 1;
        probe_off(self, task);
        return;
    case PROBE_CHANNEL_PARAMS: {
        uint32_t params = task->value;
        self->queues[self->probe_channel++].soft_list =
            !(params & DW_MASK(DWC_PARAMS, MBLK_EN)) || (params & DW_MASK(DWC_PARAMS, HC_LLP));
    }
        /* fall through */
    case PROBE_CHANNEL:
        if (self->probe_channel < self->channels) {
            unsigned channel = self->probe_channel;
            write_common(self, task, DRIVER_CH_EN, clear_bits(UINT32_C(1) << channel));
            if (encoded(self)) { /* those of channel 7 come first */
                cpu_read(task, self->at[DRIVER_DWC_PARAMS] - 4 * channel);
                self->probe_state = PROBE_CHANNEL_PARAMS;
            } else {
                self->probe_channel++;
            }
            return;
        }
        if (self->probe_channel == self->channels) {
            for (unsigned which = DRIVER_CLEAR_TFR; which <= DRIVER_CLEAR_ERR; which++)
                write_common(self, task, which, self->all_mask);
            self->probe_channel++;
            self->probe_state = PROBE_CHANNEL;
            return;
        }
        wire_put(&self->probed, self->cpu->unit.clock->time, 1);
        return;
    }
}

/* ---- the client's side --------------------------------------------------------------------- */

bool dw_ahb_driver_alloc(struct dw_ahb_driver *self, struct cpu_task *task, unsigned channel)
{
    struct dw_ahb_channel_queue *queue = &self->queues[channel];
    if (queue->allocated)
        return false;
    queue->allocated = true;
    read_common(self, task, DRIVER_CH_EN);
    if (!self->in_use)
        write_common(self, task, DRIVER_DMA_CFG, DW_MASK(DMA_CFG, DMA_EN));
    self->in_use = true;
    return true;
}

void dw_ahb_driver_start(struct dw_ahb_driver *self, struct dw_ahb_job *job)
{
    dw_ahb_job_start(self, job);
    job->next = NULL;
    job->interrupt_ps = SIM_NEVER;
}

static void prep_block(struct cpu_task *task, struct dw_ahb_job *job, uint32_t item)
{
    struct dw_ahb_block *block = &job->block;
    if (job->cyclic)
        block->ctl_lo |= DW_MASK(CTL_LO, INT_EN);
    cpu_write(task, item + ITEM_SAR, block->sar);
    cpu_write(task, item + ITEM_DAR, block->dar);
    if (job->list) {
        cpu_write(task, item + ITEM_CTL_HI, block->ctl_hi);
        cpu_write(task, item + ITEM_CTL_LO, block->ctl_lo);
    } else {
        cpu_write(task, item + ITEM_CTL_LO, block->ctl_lo);
        cpu_write(task, item + ITEM_CTL_HI, block->ctl_hi);
    }
    if (item != job->descriptors)
        cpu_write(task, item - DW_DESCRIPTOR_BYTES + ITEM_LLP, item | job->memory_master);
}

static void prep_end(struct cpu_task *task, struct dw_ahb_job *job, uint32_t item)
{
    uint32_t ctl_lo = job->block.ctl_lo;
    if (job->cyclic) {
        cpu_write(task, item + ITEM_LLP, job->descriptors | job->memory_master);
        return;
    }
    ctl_lo |= DW_MASK(CTL_LO, INT_EN);
    cpu_read(task, item + ITEM_CTL_LO);
    cpu_write(task, item + ITEM_CTL_LO, ctl_lo);
    cpu_write(task, item + ITEM_LLP, 0);
    ctl_lo &= ~(DW_MASK(CTL_LO, LLP_DST_EN) | DW_MASK(CTL_LO, LLP_SRC_EN));
    cpu_read(task, item + ITEM_CTL_LO);
    cpu_write(task, item + ITEM_CTL_LO, ctl_lo);
}

bool dw_ahb_driver_prep(struct dw_ahb_driver *self, struct cpu_task *task, struct dw_ahb_job *job)
{
    if (self->queues[job->channel].soft_list)
        return true;
    while (task->count + 10 <= CPU_OPS) {
        uint32_t item = job->descriptors + job->cursor.block * DW_DESCRIPTOR_BYTES;
        if (!dw_ahb_job_next(self, job, &job->block))
            return true;
        prep_block(task, job, item);
        if (job->block.last)
            prep_end(task, job, item);
    }
    return job->cursor.extent == job->extents;
}

/* Starts the next block by hand; the channel has no linked lists. */
void dw_ahb_start_block(struct dw_ahb_driver *self, struct cpu_task *task, struct dw_ahb_job *job)
{
    unsigned channel = job->channel;
    struct dw_ahb_block *block = &job->block;
    const uint64_t finished = block->bytes;
    if (!dw_ahb_job_next(self, job, block)) {
        dw_ahb_job_start(self, job); /* cyclic */
        dw_ahb_job_next(self, job, block);
    }
    job->residue = job->cursor.block == 1 ? job->bytes : job->residue - finished;
    /* Only the last descriptor is without list enables, which do nothing here. */
    uint32_t lists = DW_MASK(CTL_LO, LLP_DST_EN) | DW_MASK(CTL_LO, LLP_SRC_EN);
    uint32_t ctl_lo = block->last && !job->cyclic ? block->ctl_lo & ~lists : block->ctl_lo;
    write_channel(self, task, channel, DRIVER_SAR, block->sar);
    write_channel(self, task, channel, DRIVER_DAR, block->dar);
    write_channel(self, task, channel, DRIVER_CTL_LO, ctl_lo | DW_MASK(CTL_LO, INT_EN));
    write_channel(self, task, channel, DRIVER_CTL_HI, block->ctl_hi);
    write_common(self, task, DRIVER_CH_EN, set_bits(UINT32_C(1) << channel));
}

void dw_ahb_start_job(struct dw_ahb_driver *self, struct cpu_task *task, struct dw_ahb_job *job)
{
    unsigned channel = job->channel;
    struct dw_ahb_channel_queue *queue = &self->queues[channel];
    uint32_t mask = UINT32_C(1) << channel;
    uint32_t priority = job->priority < 0 ? self->channels - 1 - channel : (uint32_t)job->priority;
    unsigned first = task->count;
    queue->active = job;

    read_common(self, task, DRIVER_CH_EN);
    write_channel(self, task, channel, DRIVER_CFG_LO,
                  job->cfg_lo | DW_PUT(priority, CFG_LO, CH_PRIOR));
    write_channel(self, task, channel, DRIVER_CFG_HI, job->cfg_hi);
    write_common(self, task, DRIVER_MASK_TFR, set_bits(mask));
    if (job->cyclic && !queue->soft_list) {
        /* Jobs before had no use for it and left it set. */
        write_common(self, task, DRIVER_CLEAR_BLOCK, mask);
        write_common(self, task, DRIVER_MASK_BLOCK, set_bits(mask));
    }
    write_common(self, task, DRIVER_MASK_ERR, set_bits(mask));
    if (job->sgr)
        write_channel(self, task, channel, DRIVER_SGR, job->sgr);
    if (job->dsr)
        write_channel(self, task, channel, DRIVER_DSR, job->dsr);
    if (queue->soft_list) {
        dw_ahb_start_block(self, task, job);
    } else {
        write_channel(self, task, channel, DRIVER_LLP, job->descriptors | job->memory_master);
        write_channel(self, task, channel, DRIVER_CTL_LO,
                      DW_MASK(CTL_LO, LLP_DST_EN) | DW_MASK(CTL_LO, LLP_SRC_EN));
        write_channel(self, task, channel, DRIVER_CTL_HI, 0);
        write_common(self, task, DRIVER_CH_EN, set_bits(mask));
    }
    cpu_lock_from(task, first);
}

void dw_ahb_start_next(struct dw_ahb_driver *self, struct cpu_task *task,
                       struct dw_ahb_channel_queue *queue)
{
    struct dw_ahb_job *next = queue->first;
    queue->active = NULL;
    if (!next)
        return;
    queue->first = next->next;
    next->next = NULL;
    dw_ahb_start_job(self, task, next);
}

void dw_ahb_driver_issue(struct dw_ahb_driver *self, struct cpu_task *task, struct dw_ahb_job *job)
{
    struct dw_ahb_channel_queue *queue = &self->queues[job->channel];
    if (!queue->active) {
        dw_ahb_start_job(self, task, job);
        return;
    }
    *(queue->first ? &queue->last->next : &queue->first) = job;
    queue->last = job;
}

void dw_ahb_poll_disabled(struct dw_ahb_driver *self, struct cpu_task *task, uint32_t mask)
{
    write_common(self, task, DRIVER_CH_EN, clear_bits(mask));
    cpu_push(task,
             &(struct cpu_op){
                 .kind = CPU_POLL, .hsize = 2, .address = self->at[DRIVER_CH_EN], .mask = mask});
}

bool dw_ahb_driver_ended(const struct dw_ahb_driver *self, const struct dw_ahb_job *job)
{
    return self->finished == job;
}

bool dw_ahb_driver_active(const struct dw_ahb_driver *self, const struct dw_ahb_job *job)
{
    return self->queues[job->channel].active == job;
}

static const struct state_field round_rows[] = {
    {STATE_PART(struct dw_ahb_driver, probed, wire_state)},
    {STATE_SAME(struct dw_ahb_driver, interrupt_ps), .past = true},
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(dw_ahb_driver, round_rows)};
static const struct round_hooks driver_round = {.state = &round_state};

/* ---- building ------------------------------------------------------------------------------ */

static bool create_registers(struct dw_ahb_driver *self, uint64_t base)
{
    struct register_hit hit;
    for (unsigned i = 0; i < DRIVER_REGISTERS; i++) {
        uint32_t offset;
        if (!register_lookup(&dw_ahb_registers, register_names[i], &hit, &offset))
            return false;
        self->at[i] = base + offset;
        if (i == DRIVER_SAR)
            self->channel_stride = hit.entry->stride_bytes;
    }
    return true;
}

struct dw_ahb_driver *dw_ahb_driver_create(struct build *build, const struct component *controller,
                                           const struct component *work)
{
    const struct dw_ahb_config *config = controller->config;
    struct check *check = build->check;
    const struct component_port *port = component_port(controller, PORT_INTERRUPT, NULL);
    if (!port || !port->to) {
        check->fail(check, work, "controller",
                    "%s has no interrupt to a CPU, and its driver needs one", controller->name);
        return NULL;
    }
    struct cpu *cpu = cpu_of(port->to);
    struct dw_ahb_driver *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self || !round_join(build->kernel, &driver_round, self, cpu->unit.clock))
        return NULL;
    self->cpu = cpu;
    self->controller = controller;
    self->probed.reader = &cpu->unit;
    self->line = cpu_line_of(cpu, controller->interrupt);
    if (!self->line || self->line->handler || self->line->waited) {
        check->fail(check, work, "controller",
                    "the interrupt of %s is not free for its driver: a program waits for it",
                    controller->name);
        return NULL;
    }
    uint64_t base;
    if (!plan_reach(build->plan, cpu->config->bus, config->bus, config->base, &base)) {
        check->fail(check, work, "controller", "%s does not reach its registers", cpu->name);
        return NULL;
    }
    if (!create_registers(self, base)) {
        check->fail(check, work, "controller", "the register table of %s lacks registers",
                    controller->name);
        return NULL;
    }
    for (unsigned i = 0; i < DW_MASTERS_MAX; i++) {
        const uint16_t *buses = config->masters.items;
        uint16_t bus = i < config->masters.count ? buses[i] : config->bus;
        self->data_bytes[i] = build_ahb(build, bus)->width_bits / 8;
    }
    probe_platform(self);
    cpu_add_task(cpu, &self->isr, "dw_dmac interrupt", CPU_ISR, dw_ahb_isr_run);
    cpu_add_task(cpu, &self->tasklet, "dw_dmac tasklet", CPU_TASKLET, dw_ahb_tasklet_run);
    cpu_add_task(cpu, &self->probe, "dw_dmac probe", CPU_THREAD, probe_run);
    self->line->handler = &self->isr;
    cpu_task_wake(&self->probe);
    return self;
}
