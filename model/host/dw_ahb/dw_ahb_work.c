/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_work: the calls of `work` on a DesignWare AHB DMAC, as threads over its driver (dw_ahb_driver.c).
 *
 * What `mode` programs is in dw_ahb_work_job.c. A transfer whose device has lost items and has no more to come
 * (bus/feed.h) is terminated, as by a client whose time-out has passed; it is an error.
 *
 * Inaccuracies: those of work.c and dw_ahb_driver.c.
 */
#include "host/dw_ahb/dw_ahb_work.h"
#include "host/work/work_buffers.h"

#include "peripherals/fifo_device.h"
#include "plan/route.h"

#define OVER_POLL_CYCLES 100

struct transfer {
    struct work work; /* first */
    struct dw_ahb_job job;
    uint64_t device_control; /* register that enables the device; 0: not ours to do */
    bool device_receives;    /* dev_to_mem */
    bool lost;               /* the device has lost items of this round, and no more come */
    uint32_t periods, periods_done;
    uint64_t period_bytes;
    sim_cycle since;            /* edge at which the round began to run */
    bool stops;                 /* it is ended before its time */
    bool over;                  /* it ended meanwhile */
    bool failed;                /* and so */
    uint64_t left;              /* bytes it did not get */
    struct dw_ahb_extent *list; /* the job's; null: it has none */
};

enum transfer_state {
    TRANSFER_ALLOC = WORK_STATE_TURN,
    TRANSFER_BEGIN,
    TRANSFER_PREP,
    TRANSFER_ISSUE,
    TRANSFER_START,
    TRANSFER_RUN, /* sleeps; the callback decides what follows, unless it is ended before */
    TRANSFER_PAUSE,
    TRANSFER_RESIDUE,
    TRANSFER_TERMINATE,
    TRANSFER_STOPPED,
    TRANSFER_QUIET, /* a receiving device is switched off: nobody takes its items any more */
    TRANSFER_FINISH,
    TRANSFER_OVER,
};

/* The device has lost items and no more come: what waits before this job is told too. */
static void transfer_lost(struct transfer *self)
{
    struct work *work = &self->work;
    self->lost = dw_ahb_driver_active(work->driver, &self->job);
    if (self->lost)
        work->state = TRANSFER_TERMINATE;
    else
        cpu_delay(&work->task, OVER_POLL_CYCLES);
}

static void transfer_residue(struct transfer *self)
{
    struct work *work = &self->work;
    bool complete;
    if (!dw_ahb_driver_residue(work->driver, &work->task, &self->job, &self->left, &complete))
        return;
    work->state = TRANSFER_TERMINATE;
    if (!complete)
        return;
    self->over = true;
    self->failed = work_failed(work);
    work->record.callback_ps = work_time(work);
}

/* A round was terminated; true if another one follows. */
static bool transfer_stopped(struct transfer *self, sim_cycle now)
{
    struct work *work = &self->work;
    const bool stops = self->stops && !self->over;
    uint64_t bytes = self->job.bytes;
    bool failed = self->over ? self->failed : self->lost;
    if (self->job.cyclic)
        bytes = self->periods_done * self->period_bytes;
    else if (stops)
        bytes -= self->left;
    self->periods_done = 0;
    if (!stops)
        return work_done(work, now, bytes, failed);
    work->record.callback_ps = work_time(work);
    return work_failed(work) ? work_done(work, now, 0, true) : work_stopped(work, now, bytes);
}

static void transfer_run(struct cpu_task *task, sim_cycle now)
{
    struct transfer *self = (struct transfer *)task; /* task, work and transfer start together */
    struct work *work = &self->work;
    struct dw_ahb_driver *driver = work->driver;
    while (task->count == 0) {
        if (!work_turn(work, now))
            return;
        switch ((enum transfer_state)work->state) {
        case TRANSFER_ALLOC:
            work->state = work_asked(work) ? TRANSFER_FINISH : TRANSFER_BEGIN;
            if (work->state == TRANSFER_BEGIN)
                dw_ahb_driver_alloc(driver, task, self->job.channel);
            break;
        case TRANSFER_BEGIN:
            if (!work_buffers_begin(work))
                break;
            self->lost = self->stops = self->over = false;
            work_begin(work);
            if (work_buffers_failed(work)) {
                work->state = work_done(work, now, 0, true) ? TRANSFER_BEGIN : TRANSFER_QUIET;
                break;
            }
            dw_ahb_driver_start(driver, &self->job);
            work->state = TRANSFER_PREP;
            break;
        case TRANSFER_PREP:
            if (dw_ahb_driver_prep(driver, task, &self->job))
                work->state = TRANSFER_ISSUE;
            break;
        case TRANSFER_ISSUE:
            work->record.issue_ps = work_time(work);
            work->state = TRANSFER_START;
            dw_ahb_driver_issue(driver, task, &self->job);
            if (self->device_control)
                cpu_write(task, self->device_control, 1);
            break;
        case TRANSFER_START:
            self->since = now;
            work->state = TRANSFER_RUN;
            break;
        case TRANSFER_RUN:
            if (!work_buffers_periods(work))
                break;
            if (work_gives_up(work)) {
                transfer_lost(self);
                break;
            }
            if (task->count > 0) /* it waits a little */
                return;
            if (!work_sleep(work, now, self->since))
                return;
            self->stops = true;
            work->state = self->job.cyclic ? TRANSFER_TERMINATE : TRANSFER_PAUSE;
            break;
        case TRANSFER_PAUSE:
            if (dw_ahb_driver_pause(driver, task, &self->job))
                work->state = TRANSFER_RESIDUE;
            break;
        case TRANSFER_RESIDUE:
            transfer_residue(self);
            break;
        case TRANSFER_TERMINATE:
            work_stops(work);
            if (dw_ahb_driver_terminate(driver, task, &self->job))
                work->state = TRANSFER_STOPPED;
            break;
        case TRANSFER_STOPPED:
            if (!self->over && dw_ahb_driver_ended(driver, &self->job))
                return; /* its callback is on its way */
            work->state = transfer_stopped(self, now) ? TRANSFER_BEGIN : TRANSFER_QUIET;
            break;
        case TRANSFER_QUIET:
            work->state = TRANSFER_FINISH;
            if (self->device_control && self->device_receives)
                cpu_write(task, self->device_control, 0);
            break;
        case TRANSFER_FINISH:
            if (!work_buffers_end(work))
                break;
            work_finish(work);
            work->state = TRANSFER_OVER;
            return;
        case TRANSFER_OVER:
            return;
        }
    }
}

static void transfer_callback(struct dw_ahb_job *job, sim_cycle now, enum dw_ahb_job_status status)
{
    struct transfer *self = job->owner;
    struct work *work = &self->work;
    const bool stopping = work->state != TRANSFER_RUN && work->state != TRANSFER_START;
    if (stopping && job->cyclic)
        return; /* a period more */
    work->record.interrupt_ps = job->interrupt_ps;
    work->record.callback_ps = work_time(work);
    if (stopping) {
        self->over = true;
        self->failed = work_failed(work) || status == DW_JOB_ERROR;
        cpu_task_wake(&work->task);
        return;
    }
    cpu_task_wake(&work->task);
    if (status == DW_JOB_PERIOD) {
        work_periods(work, now, 1);
        if (++self->periods_done == self->periods)
            work->state = TRANSFER_TERMINATE;
        return;
    }
    const bool failed = work_failed(work) || status == DW_JOB_ERROR;
    const bool again = work_done(work, now, job->bytes, failed);
    work->state = again ? TRANSFER_BEGIN : TRANSFER_QUIET;
}

/* What of the job lies in memory that has moved. */
static void transfer_move(struct work *work, bool source, uint64_t from, uint64_t bytes,
                          uint64_t to)
{
    struct transfer *self = (struct transfer *)work;
    uint32_t *side = source ? &self->job.source : &self->job.destination;
    for (uint32_t i = 0; self->list && i < self->job.extents; i++)
        if (self->list[i].address >= from && self->list[i].address - from < bytes)
            self->list[i].address = (uint32_t)(to + (self->list[i].address - from));
    if (!self->list && *side >= from && *side - from < bytes)
        *side = (uint32_t)(to + (*side - from));
}

static const struct state_field job_rows[] = {
    {STATE_SAME(struct dw_ahb_job, interrupt_ps), .past = true},
    {.name = NULL},
};
static const struct state_table job_round = {STATE_TABLE(dw_ahb_job, job_rows)};

static const struct state_field round_rows[] = {
    {STATE_PART(struct transfer, job, job_round)},
    /* What is to be done when it ends its time stands in the task. */
    {STATE_STAMP(struct transfer, since), .past = true},
    {STATE_COUNT(struct transfer, periods_done), .figure = true},
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(transfer, round_rows)};

/* Up to the last period but one. */
static uint64_t round_limit(const void *transfer, const struct round *round, uint64_t times)
{
    const struct transfer *self = transfer;
    return work_round_limit(self->periods - self->periods_done,
                            round_growth(round, &self->periods_done), times);
}

static const struct round_hooks transfer_round = {.state = &round_state, .limit = round_limit};

static int transfer_create_descriptors(struct build *build, const struct component *component,
                                       struct transfer *self)
{
    struct dw_ahb_driver *driver = self->work.driver;
    struct cpu *cpu = driver->cpu;
    const struct dw_ahb_config *config = driver->controller->config;
    if (!config->multi_block)
        return DMASIM_OK;
    uint64_t room = cpu->heap_bytes - cpu->heap_used;
    uint32_t blocks =
        dw_ahb_driver_blocks(driver, &self->job, (uint32_t)(room / DW_DESCRIPTOR_BYTES));
    uint64_t address;
    if (cpu_heap(cpu, (uint64_t)blocks * DW_DESCRIPTOR_BYTES, &address)) {
        self->job.descriptors = (uint32_t)address;
        return DMASIM_OK;
    }
    build->check->fail(
        build->check, component, NULL,
        "its descriptors, %u bytes each, do not fit into the %ju bytes that are left of "
        "the `descriptors` of %s",
        DW_DESCRIPTOR_BYTES, (uintmax_t)room, cpu->name);
    return DMASIM_INVALID;
}

static int transfer_create(struct build *build, struct component *component,
                           const struct component *controller)
{
    const struct component *peripheral = work_peripheral(build->plan, component);
    struct dw_ahb_driver *driver = work_driver_built(build->plan, controller);
    if (!driver)
        driver = dw_ahb_driver_create(build, controller, component);
    if (!driver)
        return DMASIM_INVALID;
    struct transfer *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    struct dw_ahb_extent *list = NULL;
    if (component->type == &slave_sg_type) {
        const struct slave_sg_config *config = component->config;
        list = arena_alloc(build->kernel->arena, config->segments.count * sizeof *list);
        if (!list)
            return DMASIM_MEMORY;
    }
    self->work.driver = driver;
    self->work.probed = &driver->probed;
    work_create_call(build, component, &self->work, driver->cpu, controller, transfer_run);
    dw_ahb_work_job(build->plan, component, &self->job, list);
    self->list = list;
    const int code = work_buffers_create(
        build, component, &self->work, controller,
        peripheral &&
            ((const struct fifo_config *)peripheral->config)->direction == FIFO_DEV_TO_MEM,
        transfer_move);
    if (code != DMASIM_OK)
        return code;
    self->job.callback = transfer_callback;
    self->job.owner = self;
    if (!round_join(build->kernel, &transfer_round, self, component->clock))
        return DMASIM_MEMORY;
    if (component->type == &cyclic_type) {
        const struct cyclic_config *config = component->config;
        self->periods = config->periods;
        self->period_bytes = config->period_bytes;
    }
    if (peripheral) {
        const struct fifo_config *device = peripheral->config;
        if (device->start == FIFO_START_DRIVER &&
            !plan_reach(build->plan, driver->cpu->config->bus, device->bus,
                        fifo_register_address(device, FIFO_CTRL), &self->device_control)) {
            build->check->fail(build->check, component, "peripheral",
                               "%s does not reach the registers of %s", driver->cpu->name,
                               peripheral->name);
            return DMASIM_INVALID;
        }
        self->device_receives = device->direction == FIFO_DEV_TO_MEM;
    }
    return transfer_create_descriptors(build, component, self);
}

static const struct component *transfer_descriptors(const struct plan *plan,
                                                    const struct component *work,
                                                    const struct component *controller)
{
    const struct dw_ahb_config *config = controller->config;
    (void)work;
    if (!config->multi_block || config->interrupt >= plan->counts[SECTION_CPUS])
        return NULL;
    return &plan->components[SECTION_CPUS][config->interrupt];
}

const struct work_driver dw_ahb_work_driver = {.name = "dw",
                                               .doc =
                                                   "What a DesignWare AHB DMAC alone understands.",
                                               .controller = &dw_ahb_type,
                                               .ends = true,
                                               .parameters = dw_ahb_call_parameters,
                                               .config_bytes = sizeof(struct dw_ahb_call),
                                               .create = transfer_create,
                                               .check = dw_ahb_work_check,
                                               .descriptors = transfer_descriptors};
