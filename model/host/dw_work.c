/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_work: the calls of `work` on a DesignWare AHB DMAC, as threads over its driver (dw_driver.c).
 *
 * What `mode` programs is in dw_work_job.c.
 *
 * Inaccuracies: those of work.c and dw_driver.c.
 */
#include "host/dw_work.h"

#include "peripherals/fifo_device.h"

struct transfer {
    struct work work; /* first */
    struct dw_driver *driver;
    struct dw_job job;
    uint32_t device_control; /* register that enables the device; 0: not ours to do */
    bool device_receives;    /* dev_to_mem */
    uint32_t periods, periods_done;
    uint64_t period_bytes;
    bool ready; /* the driver has probed */
};

enum transfer_state {
    TRANSFER_ALLOC = WORK_STATE_TURN,
    TRANSFER_BEGIN,
    TRANSFER_PREP,
    TRANSFER_ISSUE,
    TRANSFER_RUN, /* sleeps; the callback decides what follows */
    TRANSFER_TERMINATE,
    TRANSFER_STOPPED,
    TRANSFER_QUIET, /* a receiving device is switched off: nobody takes its items any more */
    TRANSFER_FINISH,
};

static sim_time task_time(const struct cpu_task *task)
{
    return task->cpu->unit.clock->time;
}

static void transfer_run(struct cpu_task *task, sim_cycle now)
{
    struct transfer *self = (struct transfer *)task; /* task, work and transfer start together */
    struct work *work = &self->work;
    if (!self->ready) {
        self->ready = true;
        cpu_task_await(task, &self->driver->probed);
        return;
    }
    while (task->count == 0) {
        if (!work_turn(work, now))
            return;
        switch ((enum transfer_state)work->state) {
        case TRANSFER_ALLOC:
            work->state = TRANSFER_BEGIN;
            dw_driver_alloc(self->driver, task, self->job.channel);
            break;
        case TRANSFER_BEGIN:
            work->record.submit_ps = task_time(task);
            work->record.interrupt_ps = work->record.callback_ps = SIM_NEVER;
            dw_driver_start(self->driver, &self->job);
            work->state = TRANSFER_PREP;
            break;
        case TRANSFER_PREP:
            if (dw_driver_prep(self->driver, task, &self->job))
                work->state = TRANSFER_ISSUE;
            break;
        case TRANSFER_ISSUE:
            work->record.issue_ps = task_time(task);
            work->state = TRANSFER_RUN;
            dw_driver_issue(self->driver, task, &self->job);
            if (self->device_control)
                cpu_write(task, self->device_control, 1);
            break;
        case TRANSFER_RUN:
            return;
        case TRANSFER_TERMINATE:
            work->state = TRANSFER_STOPPED;
            dw_driver_terminate(self->driver, task, &self->job);
            break;
        case TRANSFER_STOPPED:
            if (work_done(work, now, self->periods_done * self->period_bytes, "complete")) {
                work->state = TRANSFER_BEGIN;
                self->periods_done = 0;
                break;
            }
            work->state = TRANSFER_QUIET;
            break;
        case TRANSFER_QUIET:
            work->state = TRANSFER_FINISH;
            if (self->device_control && self->device_receives)
                cpu_write(task, self->device_control, 0);
            break;
        case TRANSFER_FINISH:
            work_finish(work);
            work->state = TRANSFER_RUN;
            return;
        }
    }
}

static void transfer_callback(struct dw_job *job, sim_cycle now, enum dw_job_status status)
{
    struct transfer *self = job->owner;
    struct work *work = &self->work;
    if (work->state != TRANSFER_RUN)
        return; /* a period more, while it is being stopped */
    work->record.interrupt_ps = job->interrupt_ps;
    work->record.callback_ps = task_time(&work->task);
    cpu_task_wake(&work->task);
    if (status == DW_JOB_PERIOD) {
        if (++self->periods_done == self->periods)
            work->state = TRANSFER_TERMINATE;
        return;
    }
    bool failed = status == DW_JOB_ERROR || work->task.failed;
    work->task.failed = false;
    bool again = work_done(work, now, failed ? 0 : job->bytes, failed ? "error" : "complete");
    work->state = again ? TRANSFER_BEGIN : TRANSFER_QUIET;
}

/* The driver of a controller is made by the first entry that uses it. */
static struct dw_driver *transfer_driver(struct build *build, const struct component *component,
                                         const struct component *controller)
{
    const struct component *other = NULL;
    while ((other = work_built(build->plan, controller, other))) {
        const struct transfer *transfer = other->instance;
        if (transfer->driver)
            return transfer->driver;
    }
    return dw_driver_create(build, controller, component);
}

static int transfer_create_descriptors(struct build *build, const struct component *component,
                                       struct transfer *self)
{
    const struct dw_dmac_config *config = self->driver->controller->config;
    if (!config->multi_block)
        return DMASIM_OK;
    uint64_t room = self->driver->cpu->heap_bytes - self->driver->cpu->heap_used;
    uint32_t blocks =
        dw_driver_blocks(self->driver, &self->job, (uint32_t)(room / DW_DESCRIPTOR_BYTES));
    if (cpu_heap(self->driver->cpu, (uint64_t)blocks * DW_DESCRIPTOR_BYTES, &self->job.descriptors))
        return DMASIM_OK;
    build->check->fail(
        build->check, component, NULL,
        "its descriptors, %u bytes each, do not fit into the %ju bytes that are left of "
        "the `descriptors` of %s",
        DW_DESCRIPTOR_BYTES, (uintmax_t)room, self->driver->cpu->name);
    return DMASIM_INVALID;
}

static int transfer_create(struct build *build, struct component *component,
                           const struct component *controller)
{
    const struct work_common *common = component->config;
    const struct component *peripheral = work_peripheral(build->plan, component);
    struct dw_driver *driver = transfer_driver(build, component, controller);
    if (!driver)
        return DMASIM_INVALID;
    struct transfer *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    struct dw_extent *list = NULL;
    if (component->type == &slave_sg_type) {
        const struct slave_sg_config *config = component->config;
        list = arena_alloc(build->kernel->arena, config->segments.count * sizeof *list);
        if (!list)
            return DMASIM_MEMORY;
    }
    self->driver = driver;
    work_create(build, component, &self->work, driver->cpu, common->after, common->at_ps,
                common->repeat, transfer_run);
    dw_work_job(build->plan, component, &self->job, list);
    self->job.callback = transfer_callback;
    self->job.owner = self;
    if (component->type == &cyclic_type) {
        const struct cyclic_config *config = component->config;
        self->periods = config->periods;
        self->period_bytes = config->period_bytes;
    }
    if (peripheral) {
        const struct fifo_config *device = peripheral->config;
        if (device->start == FIFO_START_DRIVER)
            self->device_control = fifo_register_address(device, FIFO_CTRL);
        self->device_receives = device->direction == FIFO_DEV_TO_MEM;
    }
    self->work.record = (struct transfer_record){
        .name = component->name,
        .call = component->type->name,
        .mode = work_mode_names[common->mode],
        .controller = controller->name,
        .channel = common->channel,
    };
    return transfer_create_descriptors(build, component, self);
}

static const struct component *transfer_descriptors(const struct plan *plan,
                                                    const struct component *work,
                                                    const struct component *controller)
{
    const struct dw_dmac_config *config = controller->config;
    (void)work;
    if (!config->multi_block || config->interrupt >= plan->counts[SECTION_CPUS])
        return NULL;
    return &plan->components[SECTION_CPUS][config->interrupt];
}

const struct work_driver dw_work_driver = {.controller = &dw_dmac_type,
                                           .create = transfer_create,
                                           .check = dw_work_check,
                                           .descriptors = transfer_descriptors};
