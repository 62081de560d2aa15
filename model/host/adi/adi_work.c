/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_work: the calls of `work` on an ADI AXI DMAC, as threads over its driver (adi_driver.c).
 *
 *   memcpy       memory to memory: cut into equal segments where 2^DMA_LENGTH_WIDTH bytes end
 *   interleaved  memory to memory: one 2D transfer; without gaps a memcpy
 *   slave_sg     between memory and the stream or FIFO that `peripheral` is at: each segment cut so
 *   cyclic       the same, a segment a period, for ever; after `periods` of them terminated
 *
 *   thread: probed -> its turn -> issue, start -> sleeps ... callback -> transfer record
 *
 * A transfer whose device has lost words and has no more to come (bus/feed.h) is terminated, as by a client whose
 * time-out has passed; it is an error.
 *
 * mode: linked_list makes the segments a chain of descriptors in the CPU's memory, which the controller
 * fetches (descriptor_bus); those of a memcpy are segment_bytes long.
 *
 * How a call is cut is in adi_work_segments.c, what the loader refuses in adi_work_check.c.
 *
 * Inaccuracies: those of work.c and adi_driver.c. The controller ignores bus errors, so a call that met
 * one is complete.
 */
#include "host/adi/adi_work.h"
#include "host/work/work_buffers.h"

struct transfer {
    struct work work; /* first */
    struct adi_job job;
    uint32_t periods, periods_done;
    bool lost; /* the device has lost what this round waits for, and no more comes */
};

enum transfer_state {
    TRANSFER_BEGIN = WORK_STATE_TURN,
    TRANSFER_PREP,
    TRANSFER_ISSUE,
    TRANSFER_START,
    TRANSFER_RUN, /* sleeps; the callback decides what follows */
    TRANSFER_TERMINATE,
    TRANSFER_OTHERS, /* start again */
    TRANSFER_STOPPED,
    TRANSFER_FINISH,
};

/* A round is over. */
static void transfer_done(struct transfer *self, sim_cycle now)
{
    struct work *work = &self->work;
    const bool failed = work_failed(work) || self->job.failed || self->lost;
    const bool again = work_done(work, now, self->job.bytes, failed);
    work->state = again ? TRANSFER_BEGIN : TRANSFER_FINISH;
    self->periods_done = 0;
    self->lost = false;
}

static void transfer_run(struct cpu_task *task, sim_cycle now)
{
    struct transfer *self = (struct transfer *)task; /* task, work and transfer start together */
    struct work *work = &self->work;
    struct adi_driver *driver = work->driver;
    while (task->count == 0) {
        if (!work_turn(work, now))
            return;
        switch ((enum transfer_state)work->state) {
        case TRANSFER_BEGIN:
            if (!work_buffers_begin(work))
                break;
            work_begin(work);
            work->state = TRANSFER_PREP;
            if (work_buffers_failed(work))
                work->state = work_done(work, now, 0, true) ? TRANSFER_BEGIN : TRANSFER_FINISH;
            break;
        case TRANSFER_PREP:
            if (adi_driver_prep(driver, task, &self->job))
                work->state = TRANSFER_ISSUE;
            break;
        case TRANSFER_ISSUE:
            work->record.issue_ps = work_time(work);
            adi_driver_submit(driver, task, &self->job);
            work->state = TRANSFER_START;
            break;
        case TRANSFER_START:
            if (!adi_driver_start(driver, task))
                work->state = TRANSFER_RUN;
            break;
        case TRANSFER_RUN:
            if (!work_buffers_periods(work))
                break;
            if (!work_gives_up(work))
                return;
            self->lost = true;
            work->state = TRANSFER_TERMINATE;
            break;
        case TRANSFER_TERMINATE:
            work_stops(work);
            work->state =
                adi_driver_terminate(driver, task, &self->job) ? TRANSFER_OTHERS : TRANSFER_STOPPED;
            break;
        case TRANSFER_OTHERS:
            if (!adi_driver_start(driver, task))
                work->state = TRANSFER_STOPPED;
            break;
        case TRANSFER_STOPPED:
            transfer_done(self, now);
            break;
        case TRANSFER_FINISH:
            if (!work_buffers_end(work))
                break;
            work_finish(work);
            work->state = TRANSFER_RUN;
            return;
        }
    }
}

static void transfer_callback(struct adi_job *job, sim_cycle now)
{
    struct transfer *self = job->owner;
    struct work *work = &self->work;
    if (work->state > TRANSFER_RUN)
        return; /* it is being stopped */
    work->record.interrupt_ps = job->interrupt_ps;
    work->record.callback_ps = work_time(work);
    if (!job->cyclic) {
        transfer_done(self, now);
    } else {
        if (work->state != TRANSFER_RUN)
            return; /* a period more */
        work_periods(work, now, job->ended);
        self->periods_done += job->ended;
        job->ended = 0;
        if (self->periods_done < self->periods)
            return;
        work->state = TRANSFER_TERMINATE;
    }
    cpu_task_wake(&work->task);
}

/* Segments whose memory has moved. */
static void transfer_move(struct work *work, bool source, uint64_t from, uint64_t bytes,
                          uint64_t to)
{
    struct transfer *self = (struct transfer *)work;
    for (uint32_t i = 0; i < self->job.count; i++) {
        struct adi_segment *segment = &self->job.segments[i];
        uint32_t *at = source ? &segment->source : &segment->destination;
        if (*at >= from && *at - from < bytes)
            *at = (uint32_t)(to + (*at - from));
    }
}

/* ---- from round to round --------------------------------------------------------------------- */

static const struct state_field job_rows[] = {
    {STATE_SAME(struct adi_job, interrupt_ps), .past = true},
    {STATE_COUNT(struct adi_job, bytes), .figure = true}, /* of a cyclic one */
    {.name = NULL},
};
static const struct state_table job_round = {STATE_TABLE(adi_job, job_rows)};

static const struct state_field round_rows[] = {
    {STATE_PART(struct transfer, job, job_round)},
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

/* ---- building -------------------------------------------------------------------------------- */

static int create_descriptors(struct build *build, const struct component *component,
                              struct transfer *self)
{
    struct cpu *cpu = self->work.task.cpu;
    struct adi_job *job = &self->job;
    const uint64_t room = cpu->heap_bytes - cpu->heap_used;
    uint64_t address = 0;
    job->chained = true;
    /* One more: they start at multiples of their size. */
    if (!cpu_heap(cpu, (job->count + UINT64_C(1)) * ADI_DESCRIPTOR_BYTES, &address)) {
        build->check->fail(
            build->check, component, NULL,
            "its %u descriptors, %u bytes each, do not fit into the %ju bytes that are "
            "left of the `descriptors` of %s",
            job->count, ADI_DESCRIPTOR_BYTES, (uintmax_t)room, cpu->name);
        return DMASIM_INVALID;
    }
    job->descriptors = (address + ADI_DESCRIPTOR_BYTES - 1) & ~(ADI_DESCRIPTOR_BYTES - UINT64_C(1));
    return DMASIM_OK;
}

static int transfer_create(struct build *build, struct component *component,
                           const struct component *controller)
{
    const struct work_common *common = component->config;
    const struct adi_dmac_config *config = controller->config;
    struct adi_driver *driver = work_driver_built(build->plan, controller);
    if (!driver)
        driver = adi_driver_create(build, controller, component);
    if (!driver)
        return DMASIM_INVALID;
    struct transfer *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    struct adi_job *job = &self->job;
    const uint32_t count = (uint32_t)adi_work_segments(component, config);
    job->segments = arena_alloc(build->kernel->arena, count * sizeof *job->segments);
    if (!job->segments)
        return DMASIM_MEMORY;
    struct adi_extent extent;
    for (uint32_t i = 0; job->count < count && adi_work_extent(component, i, &extent); i++)
        job->count += (uint32_t)adi_work_cut(config, &extent, &job->segments[job->count]);
    job->callback = transfer_callback;
    job->owner = self;
    if (!round_join(build->kernel, &transfer_round, self, driver->cpu->unit.clock))
        return DMASIM_MEMORY;
    if (component->type == &cyclic_type) {
        job->cyclic = true;
        self->periods = ((const struct cyclic_config *)component->config)->periods;
    }
    self->work.driver = driver;
    self->work.probed = &driver->probed;
    work_create_call(build, component, &self->work, driver->cpu, controller, transfer_run);
    const int code = work_buffers_create(build, component, &self->work, controller,
                                         config->source_type != ADI_MEMORY, transfer_move);
    if (code != DMASIM_OK)
        return code;
    if (common->mode == WORK_LINKED_LIST)
        return create_descriptors(build, component, self);
    return DMASIM_OK;
}

static const struct component *transfer_descriptors(const struct plan *plan,
                                                    const struct component *work,
                                                    const struct component *controller)
{
    const struct adi_dmac_config *config = controller->config;
    if (((const struct work_common *)work->config)->mode != WORK_LINKED_LIST ||
        config->interrupt >= plan->counts[SECTION_CPUS])
        return NULL;
    return &plan->components[SECTION_CPUS][config->interrupt];
}

const struct work_driver adi_work_driver = {.name = "adi",
                                            .controller = &adi_dmac_type,
                                            .create = transfer_create,
                                            .check = adi_work_check,
                                            .descriptors = transfer_descriptors};
