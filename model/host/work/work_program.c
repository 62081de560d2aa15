/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * work_program: register programs by name, for whoever wants the registers in his own hands.
 *
 *   steps:
 *     - {op: write, to: dma.CH0_CFG_HI, value: FIFO_MODE=1}
 *     - {op: poll, to: dma.RAW_TFR, value: INT=1}
 *
 * Each step is one operation of a CPU thread; texts are resolved while the system is built
 * (host/work/expression.h).
 *
 * Timing: as cpu.c's accesses. wait_interrupt goes on interrupt_latency cycles after the line was
 * seen high. A poll reads again `time` after the end of the read before.
 *
 * Inaccuracies: no loops, no branches: `repeat` plays the whole list again.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "host/work/expression.h"
#include "host/work/work.h"
#include "host/work/work_mappings.h"

struct program_step {
    uint8_t op; /* enum work_op */
    uint8_t hsize;
    uint32_t value, mask;
    uint64_t address;
    sim_cycle cycles;
    sim_time at_ps;
    const struct cpu_line *line;
    const struct component *call;       /* to be terminated */
    const struct register_entry *entry; /* at the address; null: none was named */
    const struct dma_request *request;  /* of the DMA API; null: it is no call of it */
    uint64_t dma_mask;
    uint16_t device;
    bool handle; /* value is an address of a buffer of device */
};

struct program {
    struct work work; /* first */
    const struct program_step *steps;
    uint32_t count;
    uint32_t next;
    bool expecting; /* the value of the last read is to be compared with that of steps[next - 1] */
    bool failed;
    const struct dma_request *request; /* under way; null: none */
    struct dma_progress progress;      /* of it */
};

/* ---- the log --------------------------------------------------------------------------------- */

static const struct work_step *texts(const struct program *self)
{
    return ((const struct program_config *)self->work.component->config)->steps.items;
}

/* "step 3 of 15 (expect dma.RAW_TFR 1)" */
static void say_step(struct log_text *text, const struct program *self, uint32_t index)
{
    const struct work_step *step = &texts(self)[index];
    log_add(text, "step %u of %u (%s%s%s%s%s)", index + 1, self->count, work_op_names[step->op],
            step->to ? " " : "", step->to ? step->to : "", step->value ? " = " : "",
            step->value ? step->value : "");
}

static void say(const struct program *self, const struct log_text *text)
{
    log_say(&self->work.task.cpu->unit,
            &(struct log_line){
                .level = LOG_ERROR, .kind = LOG_TRANSFER, .of = self->work.component->name},
            "%s", text->text);
}

/* The fields in which two values of a register differ. */
static void say_fields(struct log_text *text, const struct register_entry *entry, uint32_t mask,
                       uint32_t got, uint32_t wanted)
{
    const char *front = ":";
    const struct register_field *field = entry ? entry->fields : NULL;
    for (; field && field->name; field++) {
        const uint64_t has = field_get(field, got & mask), wants = field_get(field, wanted & mask);
        if (has == wants)
            continue;
        log_add(text, "%s %s is %llu, not %llu", front, field->name, (unsigned long long)has,
                (unsigned long long)wants);
        front = ",";
    }
}

static void tell_expected(const struct program *self, const struct program_step *step)
{
    struct log_text text = {.used = 0};
    const uint32_t got = self->work.task.value;
    if (!log_wanted(&self->work.task.cpu->unit))
        return;
    say_step(&text, self, (uint32_t)(step - self->steps));
    log_add(&text, " got 0x%x, wanted 0x%x", got & step->mask, step->value & step->mask);
    if (step->mask != UINT32_MAX)
        log_add(&text, " (mask 0x%x)", step->mask);
    say_fields(&text, step->entry, step->mask, got, step->value);
    say(self, &text);
}

/* The step up to the one that is next whose access has this address. */
static bool step_at(const struct program *self, uint64_t address, uint32_t *index)
{
    *index = self->next < self->count ? self->next : self->count;
    while ((*index)-- > 0)
        if (self->steps[*index].op <= WORK_EXPECT && self->steps[*index].address == address)
            return true;
    return false;
}

static void tell_failed_access(const struct program *self)
{
    struct log_text text = {.used = 0};
    uint32_t index;
    if (!log_wanted(&self->work.task.cpu->unit))
        return;
    if (step_at(self, self->work.task.failed_at, &index))
        say_step(&text, self, index);
    log_add(&text, "%sthe access at 0x%08llx was answered with an error", text.used ? ": " : "",
            (unsigned long long)self->work.task.failed_at);
    say(self, &text);
}

static bool program_waits(const struct component *component, uint32_t index, struct log_text *text)
{
    const struct program *self = component->instance;
    const struct cpu_task *task = &self->work.task;
    uint32_t at;
    if (index > 0 || self->next > self->count)
        return false;
    if (work_waits_turn(&self->work, text))
        return true;
    const uint32_t last = self->next > 0 ? self->next - 1 : 0;
    const struct cpu_op *op = task->count ? &task->ops[task->head] : NULL;
    if (op && op->kind == CPU_POLL && step_at(self, op->address, &at)) {
        say_step(text, self, at);
        log_add(text, " reads 0x%x, and waits for 0x%x in the bits 0x%x", task->value & op->mask,
                op->value, op->mask);
        say_fields(text, self->steps[at].entry, op->mask, task->value, op->value);
        return true;
    }
    say_step(text, self, last);
    log_add(text, " has not ended");
    if (task->waits)
        log_add(text, ": the interrupt of %s does not come", texts(self)[last].to);
    return true;
}

static void program_begin(struct program *self)
{
    struct work *work = &self->work;
    work_begin(work);
    work->record.issue_ps = work->record.submit_ps;
}

/* True if the list is to be played again. */
static bool program_finish(struct program *self, sim_cycle now)
{
    struct work *work = &self->work;
    work->record.callback_ps = work_time(work);
    const bool refused = work_failed(work), failed = refused || self->failed;
    if (refused)
        tell_failed_access(self);
    self->next = 0;
    self->failed = false;
    if (work_done(work, now, 0, failed))
        return true;
    self->next = self->count + 1;
    work_finish(work);
    return false;
}

/* Goes on with a call of the DMA API; false: it is not done. */
static bool program_dma(struct program *self)
{
    if (self->request && !dma_go_on(self->request, &self->progress, &self->work.task))
        return false;
    self->request = NULL;
    return true;
}

/* A write of a name that can only be read goes to another register of the same address, as of STATUS of an 8237A. */
static void tell_other_name(const struct program *self, const struct program_step *step)
{
    const struct register_entry *entry = step->entry;
    struct log_text text = {.used = 0};
    if (!entry || entry->access != REGISTER_RO || !entry[1].name ||
        entry[1].offset != entry->offset || !log_wanted(&self->work.task.cpu->unit))
        return;
    say_step(&text, self, (uint32_t)(step - self->steps));
    log_say(&self->work.task.cpu->unit,
            &(struct log_line){
                .level = LOG_WARNING, .kind = LOG_STATE, .of = self->work.component->name},
            "%s: %s is read-only, what is written at its address is %s", text.text, entry->name,
            entry[1].name);
}

/* Appends a step; false if the thread sleeps first, or if it must see what a read brings. */
static bool program_step(struct program *self, const struct program_step *step, sim_cycle now)
{
    struct cpu_task *task = &self->work.task;
    struct cpu_op op = {.hsize = step->hsize,
                        .address = step->address,
                        .value = step->value,
                        .mask = step->mask,
                        .cycles = step->cycles};
    switch ((enum work_op)step->op) {
    case WORK_WRITE:
        op.kind = CPU_WRITE;
        tell_other_name(self, step);
        if (step->handle)
            op.value =
                (uint32_t)mappings_handle(&task->cpu->mappings->tracker, step->device, step->value);
        return cpu_push(task, &op);
    case WORK_READ:
        op.kind = CPU_READ;
        return cpu_push(task, &op);
    case WORK_POLL:
        op.kind = CPU_POLL;
        return cpu_push(task, &op);
    case WORK_EXPECT:
        op.kind = CPU_READ;
        cpu_push(task, &op);
        self->expecting = true;
        return false;
    case WORK_DELAY:
        cpu_delay(task, step->cycles);
        return true;
    case WORK_AT: {
        sim_cycle at = clock_edge_at(task->cpu->unit.clock, step->at_ps);
        if (at > now)
            task->ready_at = at;
        return at <= now;
    }
    case WORK_WAIT_INTERRUPT:
        task->waits = step->line;
        return false;
    case WORK_TERMINATE: {
        struct work *call = step->call->instance;
        wire_put(&call->ask, work_time(&self->work), 1);
        cpu_task_await(task, &call->ended);
        return false;
    }
    case WORK_DMA_MASK:
        task->cpu->mappings->tracker.devices[step->device].mask = step->dma_mask;
        return true;
    default: /* of the DMA API */
        self->request = step->request;
        self->progress = (struct dma_progress){.next = 0};
        return program_dma(self);
    }
    return true;
}

/* Some steps must be the first of a list: they look at the time or at mappings, or put the thread to sleep. */
static bool program_alone(const struct program_step *step)
{
    return step->op == WORK_AT || step->op >= WORK_WAIT_INTERRUPT || step->handle;
}

static void program_expect(struct program *self)
{
    const struct program_step *step = &self->steps[self->next - 1];
    self->expecting = false;
    if ((self->work.task.value & step->mask) == (step->value & step->mask))
        return;
    self->failed = true;
    tell_expected(self, step);
}

/* Appends steps up to one that must wait for those before it. */
static void program_append(struct program *self, sim_cycle now)
{
    const struct cpu_task *task = &self->work.task;
    while (self->next < self->count && task->count < CPU_OPS) {
        const struct program_step *step = &self->steps[self->next];
        if (program_alone(step) && task->count > 0)
            return;
        self->next++;
        if (!program_step(self, step, now))
            return;
    }
}

static void program_run(struct cpu_task *task, sim_cycle now)
{
    struct program *self = (struct program *)task; /* task, work and program start together */
    if (self->next > self->count || !work_turn(&self->work, now))
        return;
    if (!program_dma(self))
        return;
    if (self->expecting)
        program_expect(self);
    else if (self->next == 0)
        program_begin(self);
    do {
        if (self->next == self->count) {
            if (!program_finish(self, now))
                return;
            program_begin(self);
        }
        program_append(self, now);
        /* The last steps may have asked for nothing: a time that has passed, a delay of 0. */
    } while (self->next == self->count && !self->expecting && task->count == 0 && task->awake &&
             !task->waits && !task->trigger && task->ready_at <= now);
}

/* ---- building ------------------------------------------------------------------------------ */

struct compiling {
    const struct plan *plan;
    const struct component *work;
    struct check *check;
    uint64_t last; /* address that its CPU reaches */
    uint32_t index;
    struct dma_step *built; /* of the step, in the arena; null: it is checked, not built */
};

/* What is wrong with a key of the step, or with all of it (null). */
static void fail(const struct compiling *self, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void fail(const struct compiling *self, const char *key, const char *format, ...)
{
    char text[256], path[64];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    snprintf(path, sizeof path, "steps.%u%s%s", self->index, key ? "." : "", key ? key : "");
    self->check->fail(self->check, self->work, path, "step %u: %s", self->index + 1, text);
}

static bool resolve(struct compiling *self, const char *key, const char *text,
                    const struct register_entry *fields, struct expression *result)
{
    if (expression_resolve(self->plan, text, fields, result))
        return true;
    fail(self, key, "%s: %s", key, result->error);
    return false;
}

static bool compile_value(struct compiling *self, const struct work_step *step,
                          const struct register_entry *entry, struct program_step *out)
{
    struct expression value = {.value = 0}, mask = {.value = 0};
    bool compared = step->op == WORK_POLL || step->op == WORK_EXPECT;
    if (step->op == WORK_READ)
        return true;
    if (!step->value) {
        fail(self, NULL, "%s needs a value", step->op == WORK_WRITE ? "write" : "the comparison");
        return false;
    }
    if (!resolve(self, "value", step->value, entry, &value))
        return false;
    uint64_t most = UINT64_MAX >> (64 - step->width_bits);
    if (value.value > most) {
        fail(self, "value", "value: 0x%jx is wider than %u bits", (uintmax_t)value.value,
             step->width_bits);
        return false;
    }
    out->value = (uint32_t)value.value;
    out->mask = (uint32_t)(value.mask && compared ? value.mask : most);
    if (!step->mask)
        return true;
    if (!resolve(self, "mask", step->mask, entry, &mask))
        return false;
    out->mask = (uint32_t)(mask.mask ? mask.mask : mask.value);
    out->value &= out->mask;
    return true;
}

/* The component with this name, whether it answers on a bus or not; null if there is none. */
static const struct component *find(const struct plan *plan, const char *name)
{
    for (unsigned section = 0; section < SECTION_WORK; section++)
        for (uint32_t i = 0; i < plan->counts[section]; i++)
            if (strcmp(plan->components[section][i].name, name) == 0)
                return &plan->components[section][i];
    return NULL;
}

static bool compile_terminate(struct compiling *self, const struct work_step *step,
                              struct program_step *out)
{
    const struct plan *plan = self->plan;
    const struct component *call = work_call(plan, step->to);
    if (!call) {
        fail(self, "to", "to: \"%s\" is no call of `work`", step->to);
        return false;
    }
    const struct component *controller = work_controller(plan, call->config);
    const struct work_driver *driver = controller ? work_driver_of(plan, controller) : NULL;
    if (driver && !driver->ends) {
        fail(self, "to", "the driver of a %s does not end calls before their time",
             controller->type->name);
        return false;
    }
    if (call->ender && call->ender != work_program_cpu(plan, self->work)) {
        fail(self, "to", "%s is ended by a program of another CPU too", call->name);
        return false;
    }
    out->call = call;
    return true;
}

/* A step of the DMA API; `built` may be null. */
static bool compile_dma(const struct compiling *self, const struct work_step *step,
                        struct program_step *out, struct dma_step *built)
{
    struct dma_step local;
    struct dma_step *made = built ? built : &local;
    const struct component *cpu = work_program_cpu(self->plan, self->work);
    const char *key;
    char error[200];
    if (cpu && !dma_step_compile(self->plan, cpu, step, made, &key, error)) {
        fail(self, key, "%s%s%s", key ? key : "", key ? ": " : "", error);
        return false;
    }
    made->request.by = (struct mapping_owner){self->work->name, self->index + 1};
    out->device = cpu ? made->request.device : 0;
    out->dma_mask = made->mask;
    out->request = built ? &built->request : NULL;
    return cpu != NULL;
}

/* One step; the interrupt and clock, which exist once built, are filled by program_create(). */
static bool compile(struct compiling *self, const struct work_step *step, struct program_step *out,
                    const struct component **named)
{
    struct expression to;
    *out = (struct program_step){.op = step->op, .at_ps = step->time_ps};
    *named = NULL;
    out->handle = step->handle;
    if (step->handle && step->op != WORK_WRITE) {
        fail(self, "handle", "handle: is of `write`");
        return false;
    }
    if ((dma_is_step(step) || step->handle) && !compile_dma(self, step, out, self->built))
        return false;
    if (dma_is_step(step))
        return true;
    if (step->op == WORK_DELAY || step->op == WORK_AT)
        return true;
    if (!step->to) {
        fail(self, NULL, "needs `to`");
        return false;
    }
    if (step->op == WORK_TERMINATE)
        return compile_terminate(self, step, out);
    if (step->op == WORK_WAIT_INTERRUPT && (*named = find(self->plan, step->to)) != NULL)
        return true;
    if (!resolve(self, "to", step->to, NULL, &to))
        return false;
    *named = to.component;
    if (step->op == WORK_WAIT_INTERRUPT) {
        if (to.component && !to.entry)
            return true;
        fail(self, "to", "to: \"%s\" is not a component with an interrupt", step->to);
        return false;
    }
    if (step->width_bits != 8 && step->width_bits != 16 && step->width_bits != 32) {
        fail(self, "width_bits", "width_bits must be 8, 16 or 32, not %u", step->width_bits);
        return false;
    }
    if (to.value > self->last || to.value % (step->width_bits / 8) != 0) {
        fail(self, "to", "to: 0x%jx is not an address for %u bits", (uintmax_t)to.value,
             step->width_bits);
        return false;
    }
    out->hsize = (uint8_t)__builtin_ctz(step->width_bits / 8);
    out->address = to.value;
    out->entry = to.entry;
    return compile_value(self, step, to.entry, out);
}

/* The last address of the bus of a CPU. */
static uint64_t last_address(const struct plan *plan, const struct component *cpu)
{
    const uint16_t bus = ((const struct cpu_config *)cpu->config)->bus;
    return plan->components[SECTION_BUSES][bus].type->space->last;
}

static void program_check(const struct plan *plan, const struct component *work,
                          struct check *check)
{
    const struct program_config *config = work->config;
    const struct work_step *steps = config->steps.items;
    const struct component *cpu = work_program_cpu(plan, work);
    struct compiling compiling = {.plan = plan, .work = work, .check = check, .last = UINT64_MAX};
    work_check_order(plan, work, config->after, check);
    if (cpu)
        compiling.last = last_address(plan, cpu);
    else
        check->fail(check, work, "cpu", "there is no CPU to run it");
    for (uint32_t i = 0; i < config->steps.count; i++) {
        struct program_step step;
        const struct component *named;
        compiling.index = i;
        compile(&compiling, &steps[i], &step, &named);
    }
}

static bool create_line(struct compiling *self, struct cpu *cpu, const struct component *source,
                        struct program_step *step)
{
    struct cpu_line *line = source->interrupt ? cpu_line_of(cpu, source->interrupt) : NULL;
    if (!line) {
        fail(self, "to", "%s has no interrupt to %s", source->name, cpu->name);
        return false;
    }
    if (line->handler) {
        fail(self, "to", "the interrupt of %s is served by the driver of other entries",
             source->name);
        return false;
    }
    line->waited = true;
    step->line = line;
    return true;
}

static int program_create_steps(struct build *build, const struct component *component,
                                struct cpu *cpu, struct program_step *steps)
{
    const struct program_config *config = component->config;
    const struct work_step *list = config->steps.items;
    struct compiling compiling = {
        .plan = build->plan,
        .work = component,
        .check = build->check,
        .last = last_address(build->plan, work_program_cpu(build->plan, component))};
    for (uint32_t i = 0; i < config->steps.count; i++) {
        const struct component *named;
        compiling.index = i;
        compiling.built = NULL;
        if (dma_is_step(&list[i]) &&
            !(compiling.built = arena_alloc(build->kernel->arena, sizeof *compiling.built)))
            return DMASIM_MEMORY;
        if (!compile(&compiling, &list[i], &steps[i], &named))
            return DMASIM_INVALID;
        if (list[i].op == WORK_WAIT_INTERRUPT && !create_line(&compiling, cpu, named, &steps[i]))
            return DMASIM_INVALID;
        if (list[i].op != WORK_AT)
            steps[i].cycles =
                (list[i].time_ps + cpu->unit.clock->period_ps - 1) / cpu->unit.clock->period_ps;
    }
    return DMASIM_OK;
}

static int program_create(struct build *build, struct component *component)
{
    const struct program_config *config = component->config;
    const struct plan *plan = build->plan;
    const struct component *host = work_program_cpu(plan, component);
    if (!host) {
        build->check->fail(build->check, component, "cpu", "there is no CPU to run it");
        return DMASIM_INVALID;
    }
    struct cpu *cpu = cpu_of(host);
    struct program *self = arena_alloc(build->kernel->arena, sizeof *self);
    struct program_step *steps =
        arena_alloc(build->kernel->arena, (config->steps.count + 1) * sizeof *steps);
    if (!self || !steps)
        return DMASIM_MEMORY;
    work_create(build, component, &self->work, cpu, config->after, config->at_ps, config->repeat,
                program_run);
    self->steps = steps;
    self->count = config->steps.count;
    self->work.record = (struct transfer_record){
        .name = component->name, .call = component->type->name, .mode = ""};
    return program_create_steps(build, component, cpu, steps);
}

const struct component_type program_type = {
    .name = "program",
    .section = SECTION_WORK,
    .unended = work_unended,
    .waits = program_waits,
    .doc = "A list of register and memory accesses by name.",
    .config_bytes = sizeof(struct program_config),
    .parameters = program_parameters,
    .create = program_create,
    .check = program_check,
};
