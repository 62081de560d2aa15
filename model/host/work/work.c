/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * work: the clients' threads. Each entry of `work` is a thread on a CPU that does what a user of
 * Linux's dmaengine does, in its order:
 *
 *   its turn -> prep (descriptors) -> submit, issue_pending -> enable the device -> ... callback
 *                                                   (off again when a receiving entry is over)
 *   ^ at, after                                                              | again: repeat
 *                                                                            v
 *                                                      transfer record, dependents, end of the hold
 *
 * A call that is not over after its `timeout`, or that a program ends, is paused, asked for its residue and
 * terminated, where its driver can do that: its record is "stopped", with the bytes it got.
 *
 * Timing: the thread's turn comes at the first edge at or after `at`, and one cycle after the
 * callback of the entry it comes `after`. What follows are bus accesses (dw_ahb_driver.c) and the CPU's
 * latencies. submit is the start of the prep, issue the start of issue_pending, interrupt the time
 * the CPU saw the line, callback the time the callback runs.
 *
 * A call goes to the driver of its controller's type (struct work_driver); register programs are in
 * work_program.c.
 *
 * On a CPU that follows mappings the client maps its buffers before a round and unmaps them behind it (work_buffers.h);
 * neither is part of the record.
 *
 * Inaccuracies: a callback costs its latency only.
 */
#include "host/work/work.h"

#include <string.h>

#include "host/work/work_buffers.h"
#include "plan/route.h"

const char *const work_mode_names[] = {[WORK_BURST] = "burst",
                                       [WORK_CYCLE_STEALING] = "cycle_stealing",
                                       [WORK_DEMAND] = "demand",
                                       [WORK_LINKED_LIST] = "linked_list",
                                       NULL};

#define WORK_PATIENCE_CYCLES 1000 /* beside the latencies of the CPU */

/* The loader finds loops of any length, all at once; checked entry by entry, as in plans made by hand, only those that
 * are not longer than this. */
enum { LOOP_STEPS = 16 };

/* ---- what all entries have ----------------------------------------------------------------- */

uint32_t work_after(const struct component *self)
{
    if (self->type == &program_type)
        return ((const struct program_config *)self->config)->after;
    return ((const struct work_common *)self->config)->after;
}

void work_check_order(const struct plan *plan, const struct component *self, uint32_t after,
                      struct check *check)
{
    for (unsigned steps = 0; after < plan->counts[SECTION_WORK] && steps < LOOP_STEPS; steps++) {
        const struct component *before = &plan->components[SECTION_WORK][after];
        if (before == self) {
            check->fail(check, self, "after", "%s would wait for itself", self->name);
            return;
        }
        after = work_after(before);
    }
}

void work_link(struct plan *plan)
{
    for (uint32_t i = 0; i < plan->counts[SECTION_WORK]; i++) {
        const struct component *entry = &plan->components[SECTION_WORK][i];
        const uint32_t after = work_after(entry);
        struct work *self = entry->instance;
        if (!self || after >= plan->counts[SECTION_WORK])
            continue;
        struct work *before = plan->components[SECTION_WORK][after].instance;
        self->before = before;
        if (before->last_dependent)
            before->last_dependent->next_dependent = self;
        else
            before->dependents = self;
        before->last_dependent = self;
    }
}

/* ---- from round to round --------------------------------------------------------------------- */

static const struct state_field record_rows[] = {
    {STATE_SAME(struct transfer_record, submit_ps), .past = true},
    {STATE_SAME(struct transfer_record, issue_ps), .past = true},
    {STATE_SAME(struct transfer_record, interrupt_ps), .past = true},
    {STATE_SAME(struct transfer_record, callback_ps), .past = true},
    {.name = NULL},
};
static const struct state_table record_round = {STATE_TABLE(transfer_record, record_rows)};

static const struct state_field feed_rows[] = {
    {STATE_PART(struct feed, wire, wire_state)},
    {STATE_PART(struct feed, over, wire_state)},
    {.name = NULL},
};
static const struct state_table feed_round = {STATE_TABLE(feed, feed_rows)};

static const struct state_field round_rows[] = {
    {STATE_PART(struct work, record, record_round)},
    {STATE_SAME(struct work, period_from), .past = true},
    {STATE_PART(struct work, trigger, wire_state)},
    {STATE_PART(struct work, ask, wire_state)},
    {STATE_PART(struct work, ended, wire_state)},
    {STATE_PART(struct work, feed, feed_round)},
    {STATE_COUNT(struct work, left), .figure = true},
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(work, round_rows)};

/* Up to the last repeat but one. */
static uint64_t round_limit(const void *work, const struct round *round, uint64_t times)
{
    const struct work *self = work;
    const uint32_t done = 0 - (uint32_t)round_growth(round, &self->left);
    return work_round_limit(self->left, done, times);
}

static const struct round_hooks work_round = {.state = &round_state, .limit = round_limit};

/* ---- building -------------------------------------------------------------------------------- */

void work_create(struct build *build, struct component *component, struct work *self,
                 struct cpu *cpu, uint32_t after, uint64_t at_ps, uint32_t repeat,
                 void (*run)(struct cpu_task *, sim_cycle))
{
    component->instance = self;
    component->clock = cpu->unit.clock;
    self->component = component;
    self->kernel = build->kernel;
    self->at_ps = at_ps;
    self->left = repeat;
    self->trigger.reader = self->ask.reader = &cpu->unit;
    self->ended.reader = component->ender ? &cpu_of(component->ender)->unit : NULL;
    self->triggered = after < build->plan->counts[SECTION_WORK];
    build_probe(build, &self->probe, component->name, &transfer_probe_type, component->clock, self);
    cpu_add_task(cpu, &self->task, component->name, CPU_THREAD, run);
    cpu_task_wake(&self->task);
    kernel_hold(build->kernel);
    round_join(build->kernel, &work_round, self,
               component->clock); /* the arena tells if it cannot */
}

/* Bytes that a round brings to the device. */
static uint64_t bytes_of(const struct component *component)
{
    uint64_t bytes = 0;
    if (component->type == &cyclic_type)
        return FEED_ENDLESS;
    if (component->type != &slave_sg_type)
        return 0;
    const struct slave_sg_config *config = component->config;
    const struct work_segment *segments = config->segments.items;
    for (uint32_t i = 0; i < config->segments.count; i++)
        bytes += segments[i].bytes;
    return bytes;
}

void work_create_call(struct build *build, struct component *component, struct work *self,
                      struct cpu *cpu, const struct component *controller,
                      void (*run)(struct cpu_task *, sim_cycle))
{
    const struct work_common *common = component->config;
    work_create(build, component, self, cpu, common->after, common->at_ps, common->repeat, run);
    const size_t at = (size_t)(controller - build->plan->components[SECTION_CONTROLLERS]);
    build->plan->components[SECTION_CONTROLLERS][at].driver = self->driver;
    self->record = (struct transfer_record){
        .name = component->name,
        .call = component->type->name,
        .mode = work_mode_names[common->mode],
        .controller = controller->name,
        .channel = common->channel,
    };
    if (component->type == &cyclic_type)
        build_probe(build, &self->intervals, component->name, &interval_probe_type,
                    component->clock, self);
    const struct component *device = work_peripheral(build->plan, component);
    self->brings = bytes_of(component);
    self->feed.over.reader = &cpu->unit;
    if (device && device->type->fed)
        device->type->fed(device, &self->feed);
}

void work_stops(struct work *self)
{
    cpu_task_watch(&self->task, 0, NULL);
    wire_put(&self->feed.wire, work_time(self), 0);
}

bool work_gives_up(struct work *self)
{
    struct cpu_task *task = &self->task;
    const struct cpu_config *cpu = task->cpu->config;
    if (!wire_get(&self->feed.over, work_time(self))) {
        self->patient = false;
        cpu_task_watch(task, 0, &self->feed.over);
        return false;
    }
    if (self->patient)
        return true;
    self->patient = true;
    cpu_delay(task, WORK_PATIENCE_CYCLES + cpu->interrupt_latency + cpu->tasklet_latency +
                        cpu->callback_latency);
    return false;
}

static const char unfinished[] = "unfinished";

bool work_unended(const struct component *self, uint32_t index, struct transfer_record *record)
{
    const struct work *work = self->instance;
    if (index > 0 || !work || work->record.status != unfinished)
        return false;
    *record = work->record;
    return true;
}

void work_begin(struct work *self)
{
    self->patient = false;
    wire_put(&self->feed.wire, work_time(self), self->brings);
    self->record.submit_ps = work_time(self);
    self->record.issue_ps = self->record.interrupt_ps = self->record.callback_ps = SIM_NEVER;
    self->record.bytes = 0;
    self->record.status = unfinished;
    self->period_from = SIM_NEVER;
    self->task.cpu->rounds++;
}

void work_periods(struct work *self, sim_cycle now, uint32_t count)
{
    const sim_time to = work_time(self);
    work_buffers_period(self, count);
    if (count > 1 && log_wanted(&self->task.cpu->unit))
        log_say(&self->task.cpu->unit,
                &(struct log_line){
                    .level = LOG_WARNING, .kind = LOG_STATE, .of = self->component->name},
                "%u periods end with one callback: %u missed the deadline, which is the end of the "
                "period behind",
                count, count - 1);
    sim_time from = self->period_from == SIM_NEVER ? self->record.issue_ps : self->period_from;
    for (; count > 0; count--, from = to)
        probe_publish(&self->intervals, now,
                      &(struct interval_record){.kind = INTERVAL_PERIOD, .ps = to - from});
    self->period_from = to;
}

bool work_failed(struct work *self)
{
    const bool failed = self->task.failed;
    self->task.failed = false;
    return failed;
}

static bool round_over(struct work *self, sim_cycle now, uint64_t bytes, const char *status)
{
    work_stops(self);
    self->record.bytes = bytes;
    self->record.status = status;
    self->task.cpu->rounds++;
    probe_publish(&self->probe, now, &self->record);
    return --self->left > 0 && !work_asked(self);
}

bool work_done(struct work *self, sim_cycle now, uint64_t bytes, bool failed)
{
    const struct unit *unit = &self->task.cpu->unit;
    if (failed && self->record.controller && log_wanted(unit))
        log_say(unit,
                &(struct log_line){
                    .level = LOG_ERROR, .kind = LOG_TRANSFER, .of = self->component->name},
                "the %s on channel %u of %s failed, %llu bytes are known to be moved%s",
                self->component->type->name, self->record.channel, self->record.controller,
                (unsigned long long)bytes,
                self->feed.over.value ? ": its device has lost data and has no more" : "");
    return round_over(self, now, failed ? 0 : bytes, failed ? "error" : "complete");
}

bool work_stopped(struct work *self, sim_cycle now, uint64_t bytes)
{
    return round_over(self, now, bytes, "stopped");
}

bool work_asked(const struct work *self)
{
    return self->ended.reader && wire_get(&self->ask, work_time(self)) != 0;
}

bool work_sleep(struct work *self, sim_cycle now, sim_cycle since)
{
    const struct work_common *common = self->component->config;
    const sim_time period = self->task.cpu->unit.clock->period_ps;
    const sim_cycle until =
        common->timeout_ps ? since + (common->timeout_ps + period - 1) / period : SIM_NEVER;
    if (now >= until || work_asked(self))
        return true;
    cpu_task_watch(&self->task, 1, self->ended.reader ? &self->ask : NULL);
    cpu_task_sleep_until(&self->task, until);
    return false;
}

void work_finish(struct work *self)
{
    const sim_time now_ps = work_time(self);
    if (self->ended.reader)
        wire_put(&self->ended, now_ps, 1);
    for (struct work *w = self->dependents; w; w = w->next_dependent) {
        wire_put(&w->trigger, now_ps, 1);
        cpu_task_tell(&w->task);
    }
    kernel_release(self->kernel);
}

bool work_turn(struct work *self, sim_cycle now)
{
    if (self->probed) {
        cpu_task_await(&self->task, self->probed);
        self->probed = NULL;
        return false;
    }
    if (self->state == WORK_STATE_AFTER) {
        self->state = WORK_STATE_AT;
        if (self->triggered) {
            cpu_task_await_told(&self->task, &self->trigger);
            return false;
        }
    }
    if (self->state == WORK_STATE_AT) {
        sim_cycle at = clock_edge_at(self->task.cpu->unit.clock, self->at_ps);
        if (at > now) {
            self->task.ready_at = at;
            return false;
        }
        self->state = WORK_STATE_TURN;
    }
    return true;
}

/* ---- what all calls have ------------------------------------------------------------------- */

const struct component *work_controller(const struct plan *plan, const struct work_common *common)
{
    if (common->controller < plan->counts[SECTION_CONTROLLERS])
        return &plan->components[SECTION_CONTROLLERS][common->controller];
    if (common->controller == UINT16_MAX && plan->counts[SECTION_CONTROLLERS] == 1)
        return &plan->components[SECTION_CONTROLLERS][0];
    return NULL;
}

const struct component *work_program_cpu(const struct plan *plan, const struct component *program)
{
    const struct program_config *config = program->config;
    const uint16_t index = config->cpu == UINT16_MAX ? 0 : config->cpu;
    return index < plan->counts[SECTION_CPUS] ? &plan->components[SECTION_CPUS][index] : NULL;
}

const struct component *work_call(const struct plan *plan, const char *name)
{
    for (uint32_t i = 0; i < plan->counts[SECTION_WORK]; i++) {
        const struct component *call = &plan->components[SECTION_WORK][i];
        if (call->type != &program_type && strcmp(call->name, name) == 0)
            return call;
    }
    return NULL;
}

static void note_enders(struct plan *plan, const struct component *program)
{
    const struct program_config *config = program->config;
    const struct work_step *steps = config->steps.items;
    for (uint32_t i = 0; i < config->steps.count; i++) {
        const struct component *call =
            steps[i].op == WORK_TERMINATE && steps[i].to ? work_call(plan, steps[i].to) : NULL;
        if (call && !call->ender)
            plan->components[SECTION_WORK][call - plan->components[SECTION_WORK]].ender =
                work_program_cpu(plan, program);
    }
}

void work_drive(struct plan *plan)
{
    for (uint32_t i = 0; i < plan->counts[SECTION_WORK]; i++)
        if (plan->components[SECTION_WORK][i].type == &program_type)
            note_enders(plan, &plan->components[SECTION_WORK][i]);
    for (uint32_t i = 0; i < plan->counts[SECTION_WORK]; i++) {
        const struct component *entry = &plan->components[SECTION_WORK][i];
        uint16_t index = component_reference(entry, REFERS_CONTROLLER);
        if (index == UINT16_MAX)
            index = 0;
        if (entry->type != &program_type && index < plan->counts[SECTION_CONTROLLERS])
            plan->components[SECTION_CONTROLLERS][index].driven = true;
    }
}

void *work_driver_built(const struct plan *plan, const struct component *controller)
{
    (void)plan;
    return controller->driver;
}

const struct component *work_peripheral(const struct plan *plan, const struct component *self)
{
    uint16_t index = UINT16_MAX;
    if (self->type == &slave_sg_type)
        index = ((const struct slave_sg_config *)self->config)->peripheral;
    else if (self->type == &cyclic_type)
        index = ((const struct cyclic_config *)self->config)->peripheral;
    if (index >= plan->counts[SECTION_PERIPHERALS])
        return NULL;
    return &plan->components[SECTION_PERIPHERALS][index];
}

/* ---- calls --------------------------------------------------------------------------------- */

const struct work_driver *work_driver_of(const struct plan *plan,
                                         const struct component *controller)
{
    for (const struct work_driver *const *driver = plan->drivers; driver && *driver; driver++)
        if ((*driver)->controller == controller->type)
            return *driver;
    return NULL;
}

static bool find_descriptors(const struct plan *plan, const struct component *cpu)
{
    for (uint32_t i = 0; i < plan->counts[SECTION_WORK]; i++) {
        const struct component *call = &plan->components[SECTION_WORK][i];
        if (call->type == &program_type)
            continue;
        const struct component *controller = work_controller(plan, call->config);
        const struct work_driver *driver = controller ? work_driver_of(plan, controller) : NULL;
        if (driver && driver->descriptors && driver->descriptors(plan, call, controller) == cpu)
            return true;
    }
    return false;
}

/* Whether some call builds descriptors in the memory of a CPU. Looked up once: a plan is checked by one who reads it. */
static bool builds_descriptors(const struct plan *plan, struct component *cpu)
{
    if (!cpu->descriptors)
        cpu->descriptors = find_descriptors(plan, cpu) ? 1 : 2;
    return cpu->descriptors == 1;
}

void work_check_descriptors(const struct plan *plan, const struct component *self,
                            const char *parameter, uint16_t bus, uint64_t address, uint64_t bytes,
                            struct check *check)
{
    struct plan_route data, heap;
    if (!plan_route(plan, bus, address, REGION_ANY, &data))
        return;
    for (uint32_t i = 0; i < plan->counts[SECTION_CPUS]; i++) {
        struct component *cpu = &plan->components[SECTION_CPUS][i];
        uint64_t base, room;
        cpu_heap_place(plan, cpu, &base, &room);
        if (room == 0 ||
            !plan_route(plan, ((const struct cpu_config *)cpu->config)->bus, base, REGION_ANY,
                        &heap) ||
            heap.component != data.component ||
            (data.address - heap.address >= room && heap.address - data.address >= bytes) ||
            !builds_descriptors(plan, cpu))
            continue;
        check->fail(check, self, parameter,
                    "0x%jx .. 0x%jx meets the `descriptors` of %s, 0x%jx .. 0x%jx: its drivers "
                    "write there",
                    (uintmax_t)address, (uintmax_t)(address + bytes - 1), cpu->name,
                    (uintmax_t)base, (uintmax_t)(base + room - 1));
        return;
    }
}

static int call_create(struct build *build, struct component *component)
{
    const struct component *controller = work_controller(build->plan, component->config);
    const struct work_driver *driver = controller ? work_driver_of(build->plan, controller) : NULL;
    if (driver)
        return driver->create(build, component, controller);
    build->check->fail(build->check, component, "controller", "has no driver");
    return DMASIM_INVALID;
}

/* A group of this table is in the file. */
static bool is_given(const struct parameter *table, const void *group)
{
    for (const struct parameter *p = table; p->name; p++)
        if (p->kind == PARAMETER_GIVEN)
            return *(const bool *)((const char *)group + p->offset);
    return false;
}

/* A call says nothing to other drivers than that of its controller. */
static void check_groups(const struct plan *plan, const struct component *work,
                         const struct component *controller, struct check *check)
{
    for (const struct work_driver *const *driver = plan->drivers; driver && *driver; driver++)
        if ((*driver)->parameters && (*driver)->controller != controller->type &&
            is_given((*driver)->parameters, driver_group(plan, work, *driver)))
            check->fail(check, work, (*driver)->name, "is for a %s, and %s is a %s",
                        (*driver)->controller->name, controller->name, controller->type->name);
}

static void call_check(const struct plan *plan, const struct component *work, struct check *check)
{
    const struct work_common *common = work->config;
    const struct component *controller = work_controller(plan, common);
    work_check_order(plan, work, common->after, check);
    if (!controller)
        check->fail(check, work, "controller",
                    plan->counts[SECTION_CONTROLLERS] ? "which of the controllers?"
                                                      : "there is no controller");
    else if (!work_driver_of(plan, controller))
        check->fail(check, work, "controller", "there is no driver for a %s",
                    controller->type->name);
    else if (common->timeout_ps && !work_driver_of(plan, controller)->ends)
        check->fail(check, work, "timeout",
                    "the driver of a %s does not end calls before their time",
                    controller->type->name);
    else
        work_driver_of(plan, controller)->check(plan, work, controller, check);
    if (controller)
        check_groups(plan, work, controller, check);
}

const struct component_type memcpy_type = {
    .name = "memcpy",
    .section = SECTION_WORK,
    .unended = work_unended,
    .waits = work_waits,
    .doc = "Copies memory to memory.",
    .config_bytes = sizeof(struct memcpy_config),
    .parameters = memcpy_parameters,
    .call = true,
    .create = call_create,
    .check = call_check,
};

const struct component_type slave_sg_type = {
    .name = "slave_sg",
    .section = SECTION_WORK,
    .unended = work_unended,
    .waits = work_waits,
    .doc = "Moves a list of memory segments to or from a peripheral.",
    .config_bytes = sizeof(struct slave_sg_config),
    .parameters = slave_sg_parameters,
    .call = true,
    .create = call_create,
    .check = call_check,
};

const struct component_type cyclic_type = {
    .name = "cyclic",
    .section = SECTION_WORK,
    .unended = work_unended,
    .waits = work_waits,
    .doc =
        "Moves a ring buffer to or from a peripheral, with an interrupt each period, and stops it.",
    .config_bytes = sizeof(struct cyclic_config),
    .parameters = cyclic_parameters,
    .call = true,
    .create = call_create,
    .check = call_check,
};

const struct component_type interleaved_type = {
    .name = "interleaved",
    .section = SECTION_WORK,
    .unended = work_unended,
    .waits = work_waits,
    .doc = "Copies equal chunks with gaps between them on either side.",
    .config_bytes = sizeof(struct interleaved_config),
    .parameters = interleaved_parameters,
    .call = true,
    .create = call_create,
    .check = call_check,
};
