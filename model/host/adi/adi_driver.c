/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_driver: what Linux 6.12's drivers/dma/dma-axi-dmac.c does to an ADI AXI DMAC, access by access.
 *
 *   probe      VERSION INTERFACE_DESCRIPTION_1 | FLAGS = 1 SG_ADDRESS Y_LENGTH X_LENGTH DEST_ADDRESS
 *              SRC_ADDRESS = all ones, each read back | X_LENGTH = 0, read back | IRQ_MASK: of chains the start
 *   prep       of a chain: a descriptor a segment in memory, 12 words each
 *   issue      CONTROL = ENABLE (and HWDESC) | start
 *   start      TRANSFER_SUBMIT must read 0 | TRANSFER_ID | DEST_ADDRESS DEST_STRIDE SRC_ADDRESS
 *              SRC_STRIDE (of the sides that are memories) | X_LENGTH Y_LENGTH FLAGS | TRANSFER_SUBMIT = 1
 *              a chain: TRANSFER_SUBMIT | TRANSFER_ID | that into its first descriptor | SG_ADDRESS
 *              SG_ADDRESS_HIGH FLAGS | TRANSFER_SUBMIT = 1
 *   service    IRQ_PENDING, written back | end of a transfer: TRANSFER_DONE, and while its bit 31 is
 *              set PARTIAL_TRANSFER_LEN PARTIAL_TRANSFER_ID TRANSFER_DONE | start of one, or the end of a chain
 *              before another: start
 *   tasklet    callbacks
 *   terminate  CONTROL = 0
 *
 *   TRANSFER_SUBMIT   _/1\____/2\_________/3\____
 *   queue taken       ____1______2____________3_     start-of-transfer interrupt: the next is submitted
 *   runs              ____<--- 1 ---><--- 2 --->     while this one runs
 *
 * FLAGS: TLAST (1) with the last segment of a job, PARTIAL_REPORTING_EN always, as for any core from 4.2
 * on. A cyclic job is started segment by segment again, as Linux does for one with a callback: CYCLIC is
 * not used.
 *
 * Timing: each access is one of the CPU; interrupt_latency, tasklet_latency and callback_latency are the
 * CPU's. issue and start run with interrupts off.
 *
 * Inaccuracies
 *   What differs from Linux on purpose is listed in docs/controllers/axi-dmac.md. A burst under way at a
 *   terminate may end after another's start, as it may after Linux's next issue_pending; the core then takes its end
 *   for the new job's, whose callback never comes. Without a chain descriptors cost no accesses, and clearing those
 *   of a chain costs none.
 */
#include "host/adi/adi_driver.h"
#include "host/work/work.h"
#include "kernel/base.h"
#include "kernel/round.h"

#include "plan/route.h"

/* ---- queues of jobs -------------------------------------------------------------------------- */

static void jobs_clear(struct adi_jobs *jobs)
{
    jobs->first = NULL;
    jobs->end = &jobs->first;
}

static void jobs_push(struct adi_jobs *jobs, struct adi_job *job)
{
    job->next = NULL;
    *jobs->end = job;
    jobs->end = &job->next;
}

static struct adi_job *jobs_pop(struct adi_jobs *jobs)
{
    struct adi_job *job = jobs->first;
    if (job && !(jobs->first = job->next))
        jobs->end = &jobs->first;
    return job;
}

static void read_at(const struct adi_driver *self, struct cpu_task *task, uint32_t offset)
{
    cpu_read(task, self->base + offset);
}

static void write_at(const struct adi_driver *self, struct cpu_task *task, uint32_t offset,
                     uint32_t value)
{
    cpu_write(task, self->base + offset, value);
}

/* ---- probe ----------------------------------------------------------------------------------- */

static void probe_run(struct cpu_task *task, sim_cycle now)
{
    struct adi_driver *self = CONTAINER_OF(task, struct adi_driver, probe);
    static const struct {
        uint32_t offset, value;
    } tries[] = {
        {ADI_AT_FLAGS, ADI_CYCLIC},
        {ADI_AT_SG_ADDRESS, UINT32_MAX},
        {ADI_AT_Y_LENGTH, 1},
        {ADI_AT_X_LENGTH, UINT32_MAX},
        {ADI_AT_DEST_ADDRESS, UINT32_MAX},
        {ADI_AT_SRC_ADDRESS, UINT32_MAX},
        {ADI_AT_X_LENGTH, 0},
    };
    (void)now;
    if (self->probing) {
        self->probing = false;
        wire_put(&self->probed, self->cpu->unit.clock->time, 1);
        return;
    }
    if (self->probed.value)
        return;
    self->probing = true;
    read_at(self, task, ADI_AT_VERSION);
    read_at(self, task, ADI_AT_INTERFACE_DESCRIPTION_1);
    for (size_t i = 0; i < COUNT(tries); i++) {
        write_at(self, task, tries[i].offset, tries[i].value);
        read_at(self, task, tries[i].offset);
    }
    write_at(self, task, ADI_AT_IRQ_MASK, self->chains ? ADI_IRQ_START : 0);
}

/* ---- descriptors ----------------------------------------------------------------------------- */

enum { DESCRIPTOR_WORDS = 12, DESCRIPTOR_LAST = 1, DESCRIPTOR_INTERRUPT = 2 };
enum {
    DESCRIPTOR_ID = 4,
    DESCRIPTOR_UNUSED = 32
}; /* byte of the id, and what it is until the start */

bool adi_driver_prep(struct adi_driver *self, struct cpu_task *task, struct adi_job *job)
{
    (void)self;
    if (!job->chained)
        return true;
    while (job->written < job->count && task->count + DESCRIPTOR_WORDS <= CPU_OPS) {
        const struct adi_segment *segment = &job->segments[job->written];
        const uint64_t at = job->descriptors + job->written++ * ADI_DESCRIPTOR_BYTES;
        const bool last = job->written == job->count;
        const uint32_t words[DESCRIPTOR_WORDS] = {
            last ? DESCRIPTOR_LAST | DESCRIPTOR_INTERRUPT : 0,
            DESCRIPTOR_UNUSED,
            segment->destination,
            0,
            segment->source,
            0,
            last ? 0 : (uint32_t)at + ADI_DESCRIPTOR_BYTES,
            0,
            segment->rows - 1,
            segment->bytes - 1,
            segment->source_stride,
            segment->destination_stride,
        };
        for (uint32_t i = 0; i < DESCRIPTOR_WORDS; i++)
            cpu_write(task, at + 4 * i, words[i]);
    }
    return job->written == job->count;
}

/* ---- start of a transfer --------------------------------------------------------------------- */

/* The job at the head is over; the tasklet calls back. */
static void job_ended(struct adi_driver *self, struct adi_job *job)
{
    jobs_pop(&self->active);
    jobs_push(&self->ended, job);
}

/* The tasklet runs if there is something for it. */
static void schedule(struct adi_driver *self)
{
    if (!self->ended.first && !self->period)
        return;
    if (!self->tasklet.awake)
        self->tasklet.ready_at = self->cpu->unit.clock->cycle + self->cpu->config->tasklet_latency;
    cpu_task_wake(&self->tasklet);
}

enum start_state { START_QUERY, START_CHOOSE, START_WRITE };

/* The segment that is next, counted as submitted, and its flags; null if there is none, or if it is in
 * the controller still (cyclic). */
static struct adi_segment *choose(struct adi_driver *self)
{
    struct adi_job *job = self->next;
    if (!job) {
        job = jobs_pop(&self->issued);
        if (!job)
            return NULL;
        jobs_push(&self->active, job);
        self->next = job;
    }
    self->starting_job = job;
    struct adi_segment *segment = &job->segments[job->submitted];
    if (segment->id != ADI_NO_ID) {
        segment->wanted = true;
        return NULL;
    }
    self->flags = ADI_PARTIAL;
    if (job->chained) {
        self->next = NULL;
        return segment;
    }
    if (++job->submitted == job->count || job->partial) {
        self->flags |= ADI_TLAST;
        if (job->cyclic)
            job->submitted = 0;
        else
            self->next = NULL;
        if (job->closing)
            job_ended(self, job);
    }
    return segment;
}

static void write_segment(struct adi_driver *self, struct cpu_task *task)
{
    const struct adi_segment *segment = self->starting;
    if (self->starting_job->chained) {
        cpu_write(task, self->starting_job->descriptors + DESCRIPTOR_ID, segment->id);
        write_at(self, task, ADI_AT_SG_ADDRESS, (uint32_t)self->starting_job->descriptors);
        write_at(self, task, ADI_AT_SG_ADDRESS_HIGH,
                 (uint32_t)(self->starting_job->descriptors >> 32));
        write_at(self, task, ADI_AT_FLAGS, self->flags);
        write_at(self, task, ADI_AT_TRANSFER_SUBMIT, 1);
        return;
    }
    if (self->writes_destination) {
        write_at(self, task, ADI_AT_DEST_ADDRESS, segment->destination);
        write_at(self, task, ADI_AT_DEST_STRIDE, segment->destination_stride);
    }
    if (self->writes_source) {
        write_at(self, task, ADI_AT_SRC_ADDRESS, segment->source);
        write_at(self, task, ADI_AT_SRC_STRIDE, segment->source_stride);
    }
    write_at(self, task, ADI_AT_X_LENGTH, segment->bytes - 1);
    write_at(self, task, ADI_AT_Y_LENGTH, segment->rows - 1);
    write_at(self, task, ADI_AT_FLAGS, self->flags);
    write_at(self, task, ADI_AT_TRANSFER_SUBMIT, 1);
}

bool adi_driver_start(struct adi_driver *self, struct cpu_task *task)
{
    const unsigned first = task->count;
    switch ((enum start_state)self->start_state) {
    case START_QUERY:
        self->start_state = START_CHOOSE;
        read_at(self, task, ADI_AT_TRANSFER_SUBMIT);
        cpu_lock_on(task);
        return true;
    case START_CHOOSE:
        self->starting = task->value ? NULL : choose(self);
        if (!self->starting)
            break; /* the queue is full: the next start-of-transfer interrupt comes back to it */
        self->start_state = START_WRITE;
        read_at(self, task, ADI_AT_TRANSFER_ID);
        cpu_lock_on(task);
        return true;
    case START_WRITE:
        self->starting->id = task->value & 3;
        write_segment(self, task);
        cpu_lock_from(task, first);
        break;
    }
    self->start_state = START_QUERY;
    if (task->count == first)
        cpu_unlock(task);
    if (task != &self->isr)
        schedule(self);
    return false;
}

static void job_reset(struct adi_job *job)
{
    job->submitted = job->completed = job->ended = 0;
    job->bytes = 0;
    job->partial = job->closing = job->failed = false;
    for (uint32_t i = 0; i < job->count; i++) {
        job->segments[i].id = ADI_NO_ID;
        job->segments[i].wanted = false;
        job->segments[i].partial = 0;
    }
}

static uint32_t control_of(const struct adi_job *job)
{
    return ADI_ENABLE | (job->chained ? ADI_HARDWARE : 0);
}

void adi_driver_submit(struct adi_driver *self, struct cpu_task *task, struct adi_job *job)
{
    job_reset(job);
    job->interrupt_ps = SIM_NEVER;
    job->written = 0;
    write_at(self, task, ADI_AT_CONTROL, control_of(job));
    jobs_push(&self->issued, job);
}

bool adi_driver_terminate(struct adi_driver *self, struct cpu_task *task, struct adi_job *job)
{
    struct adi_jobs all = self->active;
    const bool some = all.first != NULL;
    struct adi_job *waiting = self->issued.first;
    jobs_clear(&self->issued);
    jobs_clear(&self->active);
    for (struct adi_job *each = some ? all.first : waiting, *next; each; each = next) {
        next = each->next;
        if (!next && waiting && some) { /* the waiting ones follow the active ones */
            next = waiting;
            waiting = NULL;
        }
        if (each == job)
            continue;
        job_reset(each);
        jobs_push(&self->issued, each);
    }
    self->next = NULL;
    if (self->period == job)
        self->period = NULL;
    if (self->calling == job)
        self->calling = NULL;
    write_at(self, task, ADI_AT_CONTROL, 0);
    if (self->issued.first) {
        cpu_lock_on(task);
        write_at(self, task, ADI_AT_CONTROL, control_of(self->issued.first));
    }
    return self->issued.first != NULL;
}

/* ---- interrupt service ----------------------------------------------------------------------- */

enum isr_state {
    ISR_BEGIN,
    ISR_CLEAR,
    ISR_DONE,
    ISR_LENGTH,
    ISR_ID,
    ISR_MORE,
    ISR_START,
    ISR_END,
};

/* A transfer that a stream ended early. */
static void report_partial(struct adi_driver *self, uint32_t id)
{
    for (struct adi_job *job = self->active.first; job; job = job->next)
        for (uint32_t i = 0; i < job->count; i++) {
            if (job->segments[i].id != id)
                continue;
            job->partial = true;
            job->segments[i].partial = self->partial_length;
            return;
        }
}

/* The next segment of the job at the head is done. */
static void segment_done(struct adi_driver *self, struct adi_job *job)
{
    struct adi_segment *segment = &job->segments[job->completed++];
    segment->id = ADI_NO_ID;
    self->start_again |= segment->wanted;
    segment->wanted = false;
    job->bytes += segment->partial ? segment->partial : (uint64_t)segment->bytes * segment->rows;
    if (job->cyclic) {
        job->ended++;
        job->interrupt_ps = self->interrupt_ps;
        self->period = job;
        segment->partial = 0;
        if (job->completed == job->count)
            job->completed = 0;
        return;
    }
    if (job->completed < job->count && !segment->partial)
        return;
    job->interrupt_ps = self->interrupt_ps;
    /* The controller skips what follows up to TLAST: if no segment with it is there yet, one more is
     * submitted first. */
    job->closing = self->next == job;
    self->start_again |= job->closing;
    if (!job->closing)
        job_ended(self, job);
}

static void chain_done(struct adi_driver *self, struct adi_job *job)
{
    for (uint32_t i = 0; i < job->count; i++)
        job->bytes += (uint64_t)job->segments[i].bytes * job->segments[i].rows;
    job->segments[0].id = ADI_NO_ID;
    job->interrupt_ps = self->interrupt_ps;
    job_ended(self, job);
    self->start_again |=
        self->active.first || self->issued.first; /* no interrupt tells of a start */
}

/* What TRANSFER_DONE tells; in the order of the transfers. */
static void transfers_done(struct adi_driver *self)
{
    struct adi_job *job;
    while ((job = self->active.first)) {
        const uint8_t id = job->segments[job->completed].id;
        if (job->closing || id == ADI_NO_ID || !(self->done >> id & 1))
            return;
        job->failed |= self->isr.failed;
        if (job->chained)
            chain_done(self, job);
        else
            segment_done(self, job);
    }
}

static void isr_run(struct cpu_task *task, sim_cycle now)
{
    struct adi_driver *self = CONTAINER_OF(task, struct adi_driver, isr);
    (void)now;
    while (task->count == 0) {
        switch ((enum isr_state)self->isr_state) {
        case ISR_BEGIN:
            self->interrupt_ps = self->line->seen_ps;
            self->start_again = false;
            read_at(self, task, ADI_AT_IRQ_PENDING);
            self->isr_state = ISR_CLEAR;
            break;
        case ISR_CLEAR: {
            const uint32_t pending = task->value;
            if (!pending) {
                self->isr_state = ISR_BEGIN;
                return; /* not ours */
            }
            self->start_again = pending & ADI_IRQ_START;
            self->isr_state = pending & ADI_IRQ_END ? ISR_DONE : ISR_START;
            write_at(self, task, ADI_AT_IRQ_PENDING, pending);
            if (pending & ADI_IRQ_END)
                read_at(self, task, ADI_AT_TRANSFER_DONE);
            break;
        }
        case ISR_DONE:
            self->done = task->value;
            self->isr_state = ISR_MORE;
            /* fall through */
        case ISR_MORE:
            if (task->value >> 31 && self->active.first) {
                read_at(self, task, ADI_AT_PARTIAL_TRANSFER_LEN);
                self->isr_state = ISR_LENGTH;
                break;
            }
            transfers_done(self);
            self->isr_state = ISR_START;
            break;
        case ISR_LENGTH:
            self->partial_length = task->value;
            read_at(self, task, ADI_AT_PARTIAL_TRANSFER_ID);
            self->isr_state = ISR_ID;
            break;
        case ISR_ID:
            report_partial(self, task->value);
            read_at(self, task, ADI_AT_TRANSFER_DONE);
            self->isr_state = ISR_MORE;
            break;
        case ISR_START:
            if (!self->start_again || !adi_driver_start(self, task))
                self->isr_state = ISR_END;
            break;
        case ISR_END:
            self->isr_state = ISR_BEGIN;
            schedule(self);
            return;
        }
    }
}

/* ---- tasklet --------------------------------------------------------------------------------- */

enum tasklet_state { TASKLET_IDLE, TASKLET_CALL };

static void tasklet_run(struct cpu_task *task, sim_cycle now)
{
    struct adi_driver *self = CONTAINER_OF(task, struct adi_driver, tasklet);
    while (task->count == 0) {
        if (self->tasklet_state == TASKLET_CALL) {
            struct adi_job *job = self->calling; /* null if it was terminated */
            self->calling = NULL;
            self->tasklet_state = TASKLET_IDLE;
            if (job)
                job->callback(job, now);
            continue;
        }
        if (self->period) {
            self->calling = self->period;
            self->period = NULL;
        } else if (self->ended.first) {
            self->calling = jobs_pop(&self->ended);
        } else {
            return;
        }
        self->tasklet_state = TASKLET_CALL;
        cpu_delay(task, self->cpu->config->callback_latency);
    }
}

/* ---- from round to round --------------------------------------------------------------------- */

static const struct state_field round_rows[] = {
    {STATE_PART(struct adi_driver, probed, wire_state)},
    {STATE_SAME(struct adi_driver, interrupt_ps), .past = true},
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(adi_driver, round_rows)};
static const struct round_hooks driver_round = {.state = &round_state};

/* ---- building -------------------------------------------------------------------------------- */

struct adi_driver *adi_driver_create(struct build *build, const struct component *controller,
                                     const struct component *work)
{
    const struct adi_dmac_config *config = controller->config;
    const struct component *host = component_port(controller, PORT_INTERRUPT, NULL)->to;
    struct adi_driver *self = arena_alloc(build->kernel->arena, sizeof *self);
    uint64_t base;
    if (!self || !round_join(build->kernel, &driver_round, self, cpu_of(host)->unit.clock))
        return NULL;
    self->cpu = cpu_of(host);
    self->controller = controller;
    self->writes_source = config->source_type == ADI_MEMORY;
    self->writes_destination = config->destination_type == ADI_MEMORY;
    self->probed.reader = &self->cpu->unit;
    jobs_clear(&self->issued);
    jobs_clear(&self->active);
    jobs_clear(&self->ended);
    if (!plan_reach(build->plan, self->cpu->config->bus, config->bus, config->base, &base)) {
        build->check->fail(build->check, work, "controller", "%s does not reach its registers",
                           host->name);
        return NULL;
    }
    self->base = base;
    self->chains = ((const struct work_common *)work->config)->mode == WORK_LINKED_LIST;
    self->line = cpu_line_of(self->cpu, controller->interrupt);
    if (!self->line || self->line->handler || self->line->waited) {
        build->check->fail(build->check, work, "controller",
                           "the interrupt of %s is not free for its driver: a program waits for it",
                           controller->name);
        return NULL;
    }
    cpu_add_task(self->cpu, &self->isr, "axi_dmac interrupt", CPU_ISR, isr_run);
    cpu_add_task(self->cpu, &self->tasklet, "axi_dmac tasklet", CPU_TASKLET, tasklet_run);
    cpu_add_task(self->cpu, &self->probe, "axi_dmac probe", CPU_THREAD, probe_run);
    self->line->handler = &self->isr;
    cpu_task_wake(&self->probe);
    return self;
}
