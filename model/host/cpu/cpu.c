/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpu: a bus master that runs software: interrupt service, tasklets, threads, background traffic.
 *
 *   interrupt lines --> [ service | tasklets | threads ] -- one access at a time --> host_port
 *                        first      then       then    traffic fills the gaps
 *
 *   row          n         n+1       n+2       n+3
 *   line         1
 *   step         sees it
 *   HADDR                            first access of the service, interrupt_latency = 1
 *
 * Timing
 *   A line that is high in row n starts its service in step n + interrupt_latency; the first access
 *   opens in the row after that. An access ends with its data phase, in row e say; the next one
 *   opens in row e + 1 + access_gap if that was software's, and in row e + 1 at the earliest if it was
 *   background traffic, whose own pause is think_cycles (cpu_traffic.c): so 0 of either is back to
 *   back. Software costs nothing but its accesses, this gap and explicit delays. Higher contexts preempt lower ones between accesses, not inside one; threads run until
 *   they sleep or delay. Stall: what an access takes longer than on a bus that is free, granted and
 *   without wait states (host_port.h; on an AHB b beats take b + 1 rows), in cycles of the bus. The
 *   port says which part of it is waiting for the grant, wait states and back pressure.
 *
 * Inaccuracies
 *   No instructions, no fetches; without `cache` (host/cache) memory is as DMA sees it. One access
 *   is outstanding. An ERROR is noted by the task, there is no abort exception.
 */
#include "host/cpu/cpu.h"
#include "bus/host_port.h"
#include "plan/route.h"

bool cpu_push(struct cpu_task *task, const struct cpu_op *op)
{
    if (task->count == CPU_OPS)
        return false;
    task->ops[(task->head + task->count) % CPU_OPS] = *op;
    if (task->count++ == 0) {
        task->cpu->busy[task->priority]++;
        cpu_task_list(task);
    }
    return true;
}

void cpu_lock_from(struct cpu_task *task, unsigned first)
{
    for (unsigned i = first; i + 1u < task->count; i++)
        task->ops[(task->head + i) % CPU_OPS].locked = true;
}

bool cpu_heap(struct cpu *self, uint64_t bytes, uint64_t *address)
{
    if (bytes > self->heap_bytes - self->heap_used)
        return false;
    *address = self->heap_base + self->heap_used;
    self->heap_used += bytes;
    return true;
}

/* ---- interrupts ---------------------------------------------------------------------------- */

struct cpu_line *cpu_line_of(struct cpu *self, const struct wire *wire)
{
    for (uint32_t i = 0; i < self->line_count; i++)
        if (self->lines[i].wire == wire)
            return &self->lines[i];
    return NULL;
}

static int cpu_interrupt(struct build *build, struct component *component, struct component *source,
                         const struct component_port *port)
{
    struct cpu *self = component->instance;
    struct wire *wire = port->link;
    if (self->line_count == CPU_INTERRUPTS) {
        build->check->fail(build->check, source, "interrupt",
                           "%s has %d interrupt inputs, all taken", component->name,
                           CPU_INTERRUPTS);
        return DMASIM_INVALID;
    }
    wire->reader = &self->unit;
    self->lines[self->line_count++] = (struct cpu_line){.wire = wire};
    return DMASIM_OK;
}

static void cpu_sample(struct cpu *self, struct cpu_line *line, sim_cycle now)
{
    bool level = wire_get(line->wire, self->unit.clock->time) != 0;
    if (!level) {
        line->pending = false;
    } else if (!line->pending && !line->in_service) {
        line->pending = true;
        cpu_line_pends(line);
        line->take_at = now + self->config->interrupt_latency;
        line->seen_ps = self->unit.clock->time;
    }
}

static void cpu_take(struct cpu *self, sim_cycle now)
{
    for (uint32_t i = 0; i < self->line_count; i++) {
        struct cpu_line *line = &self->lines[i];
        if (!line->pending || line->take_at > now || !line->handler)
            continue;
        line->pending = false;
        line->in_service = true;
        cpu_task_wake(line->handler);
    }
}

static void cpu_end_service(struct cpu *self, const struct cpu_task *task, sim_cycle now)
{
    for (uint32_t i = 0; i < self->line_count; i++) {
        struct cpu_line *line = &self->lines[i];
        if (line->handler == task && line->in_service) {
            line->in_service = false;
            cpu_sample(self, line, now);
        }
    }
}

/* ---- choosing what to do ------------------------------------------------------------------- */

/* True if what the task waits for, if anything, is there. */
static bool cpu_task_woken(struct cpu *self, struct cpu_task *task, sim_cycle now)
{
    if (task->waits) {
        if (!task->waits->pending || task->waits->take_at > now)
            return false;
        task->waits = NULL;
        task->awake = true;
    }
    if (task->trigger) {
        if (!wire_get(task->trigger, self->unit.clock->time))
            return false;
        task->trigger = NULL;
        task->awake = true;
    }
    for (unsigned i = 0; i < CPU_WATCHES; i++) {
        if (!task->watch[i] || !wire_get(task->watch[i], self->unit.clock->time))
            continue;
        task->watch[i] = NULL;
        task->awake = true;
    }
    if (task->wake_at <= now) {
        task->wake_at = SIM_NEVER;
        task->awake = true;
    }
    return task->awake;
}

static bool cpu_task_try(struct cpu *self, struct cpu_task *task, sim_cycle now)
{
    if (task->ready_at > now)
        return false;
    if (task->count == 0 && cpu_task_woken(self, task, now)) {
        task->run(task, now);
        if (task->count == 0 && task->ready_at <= now) {
            task->awake = false;
            if (task->priority == CPU_ISR)
                cpu_end_service(self, task, now);
        }
    }
    return task->count > 0;
}

/* True if the task has an operation for this step. If not, it need not be looked at again before it has. */
static bool cpu_task_ready(struct cpu *self, struct cpu_task *task, sim_cycle now)
{
    if (cpu_task_try(self, task, now))
        return true;
    cpu_task_file(task, now);
    return false;
}

/* The oldest of a priority that has an operation; null if none has. */
static struct cpu_task *cpu_pick_of(struct cpu *self, enum cpu_priority priority, sim_cycle now)
{
    struct cpu_task *task = NULL;
    for (uint32_t from = 0; (task = cpu_listed(&self->sets[priority], from));
         from = task->index + 1)
        if (cpu_task_ready(self, task, now))
            return task;
    return NULL;
}

static struct cpu_task *cpu_pick(struct cpu *self, sim_cycle now)
{
    struct cpu_task *locker = self->locker;
    if (locker && cpu_task_ready(self, locker, now))
        return locker;
    if (self->locker)
        return NULL;
    cpu_take(self, now);
    cpu_tasks_due(self, now);
    struct cpu_task *task;
    for (enum cpu_priority priority = CPU_ISR; priority < CPU_THREAD; priority++)
        if ((task = cpu_pick_of(self, priority, now)))
            return task;
    if (self->thread && cpu_task_ready(self, self->thread, now))
        return self->thread;
    return cpu_pick_of(self, CPU_THREAD, now);
}

static void cpu_pop(struct cpu *self, struct cpu_task *task)
{
    self->locker = task->ops[task->head].locked ? task : NULL;
    task->head = (uint8_t)((task->head + 1u) % CPU_OPS);
    if (--task->count == 0)
        self->busy[task->priority]--;
    if (task->priority == CPU_THREAD)
        self->thread = task;
}

static uint8_t cpu_context_of(const struct cpu_task *task)
{
    return task->priority == CPU_ISR ? CPU_SERVICE : CPU_PROGRAM;
}

static void cpu_start(struct cpu *self, sim_cycle now, const struct host_access *access,
                      uint8_t context)
{
    self->port->type->start(self->port, now, access);
    self->access = (struct cpu_access_record){
        .address = access->address,
        .context = context,
        .write = access->write,
        .bytes = access->bytes,
        .start_cycle = now + 1,
    };
}

/* Starts the next access, if there is one for this step. */
static void cpu_next(struct cpu *self, sim_cycle now)
{
    struct host_access access;
    if (self->free_at > now)
        return;
    struct cpu_task *task;
    while ((task = cpu_pick(self, now))) {
        const struct cpu_op *op = &task->ops[task->head];
        if (op->kind == CPU_DELAY) {
            task->ready_at = now + op->cycles;
            cpu_pop(self, task);
            continue;
        }
        access = (struct host_access){
            .address = op->address,
            .beats = 1,
            .bytes = (uint8_t)(1u << op->hsize),
            .write = op->kind == CPU_WRITE,
            .privileged = true,
            .uncached = op->uncached ||
                        (self->mappings && self->cache &&
                         cpu_mappings_uncached(self, op->address, UINT64_C(1) << op->hsize)),
            .value = op->value,
        };
        if (op->kind == CPU_MAINTAIN)
            access.maintain = (uint8_t)op->value;
        self->owner = task;
        cpu_start(self, now, &access, cpu_context_of(task));
        return;
    }
    self->owner = NULL;
    if (self->locker || !cpu_traffic_next(self, now, &access))
        return;
    if (self->mappings && self->cache)
        access.uncached =
            cpu_mappings_uncached(self, access.address, (uint64_t)access.beats * access.bytes);
    cpu_start(self, now, &access, CPU_TRAFFIC);
}

/* ---- the access under way ------------------------------------------------------------------ */

static void cpu_finish_op(struct cpu *self, sim_cycle now, bool failed, uint32_t value)
{
    struct cpu_task *task = self->owner;
    const struct cpu_op *op = &task->ops[task->head];
    if (op->kind != CPU_WRITE)
        task->value = value;
    if (failed) {
        task->failed = true;
        task->failed_at = op->address;
    }
    if (op->kind == CPU_POLL && !failed && (value & op->mask) != op->value) {
        struct cpu_op *poll = &task->ops[task->head];
        if (poll->tries != 1) {
            poll->tries -= poll->tries > 0;
            task->ready_at = now + poll->cycles;
            return;
        }
        task->timed_out = true;
    }
    cpu_pop(self, task);
}

/* A line is done: the next, or what comes after them. */
static void cpu_finish_line(struct cpu *self)
{
    struct cpu_task *task = self->owner;
    struct cpu_op *op = &task->ops[task->head];
    const uint64_t line = self->port->line_bytes;
    const uint64_t passed = line - op->address % line;
    if (op->cycles <= passed) {
        cpu_pop(self, task);
        return;
    }
    op->address += passed;
    op->cycles -= passed;
}

static sim_cycle least(sim_cycle a, sim_cycle b)
{
    return a < b ? a : b;
}

/* The parts add up to the stall. */
static void cpu_count_stall(struct cpu *self, sim_cycle stall, const struct host_result *result)
{
    struct cpu_figures *figures = &self->figures;
    sim_cycle rest = stall;
    const sim_cycle grant = least(result->grant / self->edges, rest);
    rest -= grant;
    const sim_cycle pressure = least(result->pressure / self->edges, rest);
    rest -= pressure;
    const sim_cycle waits = result->rest_waits ? rest : least(result->waits / self->edges, rest);
    figures->stall_cycles += stall;
    figures->grant_wait_cycles += stall - pressure - waits;
    figures->back_pressure_cycles += pressure;
    figures->wait_cycles += waits;
    if (stall > figures->longest_stall)
        figures->longest_stall = stall;
}

/* What drivers have mapped is held against the access that has ended. */
static void cpu_judge(struct cpu *self)
{
    const struct cpu_access_record *access = &self->access;
    const struct cpu_task *owner = self->owner;
    const uint32_t beats = owner ? 1 : self->traffic.config->beats;
    if (!access->error && !(owner && owner->ops[owner->head].kernel))
        cpu_mappings_access(self, owner ? owner->name : self->name, access->address,
                            (uint64_t)beats * access->bytes, access->write);
}

static void cpu_finish(struct cpu *self, sim_cycle now, const struct host_result *result)
{
    struct cpu_access_record *access = &self->access;
    if (self->owner && self->owner->ops[self->owner->head].kind == CPU_MAINTAIN) {
        cpu_finish_line(self);
        self->owner = NULL;
        return;
    }
    access->end_cycle = now;
    access->error = result->failed;
    sim_cycle took = now - access->start_cycle + 1;
    access->stall_cycles =
        took > result->at_least ? (uint32_t)((took - result->at_least) / self->edges) : 0;
    access->stall_ps = access->stall_cycles * clock_cycle_ps(self->unit.clock);
    struct cpu_figures *figures = &self->figures;
    cpu_count_stall(self, access->stall_cycles, result);
    figures->accesses++;
    figures->reads += !access->write;
    figures->writes += access->write;
    figures->errors += access->error;
    probe_publish(&self->access_probe, now, access);
    if (self->mappings)
        cpu_judge(self);

    if (!self->owner) {
        cpu_traffic_done(self, now);
        return;
    }
    self->free_at = now + self->config->access_gap;
    cpu_finish_op(self, now, result->failed, (uint32_t)result->value);
    self->owner = NULL;
}

static void cpu_publish(struct cpu *self, sim_cycle now)
{
    bool busy = self->port->busy;
    uint8_t context = CPU_IDLE;
    if (busy) {
        context = self->access.context;
    } else if (self->busy[CPU_ISR]) {
        context = CPU_SERVICE;
    } else if (self->busy[CPU_TASKLET] || self->busy[CPU_THREAD]) {
        context = CPU_PROGRAM;
    }
    struct cpu_record state = {.context = context, .access = busy};
    if (state.context == self->state.context && state.access == self->state.access &&
        !self->probe.late)
        return;
    self->state = state;
    self->probe.late = false;
    probe_publish(&self->probe, now, &state);
}

/* When a task that is listed has something to do, as far as is known. */
static sim_cycle cpu_task_next(const struct cpu_task *task)
{
    const bool sleeps = task->count == 0 && !task->waits && !task->trigger;
    sim_cycle next = task->waits && task->waits->pending ? task->waits->take_at : SIM_NEVER;
    if (task->trigger && task->trigger->value) /* seen from the next edge on */
        next = task->ready_at;
    for (unsigned i = 0; i < CPU_WATCHES; i++)
        if (sleeps && task->watch[i] && task->watch[i]->value)
            next = task->ready_at;
    if (sleeps && task->wake_at < next)
        next = task->wake_at;
    return task->count > 0 || (task->awake && sleeps) ? task->ready_at : next;
}

/* Next step of its own: delays, latencies and think times that end. Wires wake it by themselves. */
static sim_cycle cpu_alarm(const struct cpu *self, sim_cycle now)
{
    if (self->port->busy)
        return SIM_NEVER;
    sim_cycle next = self->traffic.next_at;
    for (uint32_t i = 0; i < self->line_count; i++) {
        const struct cpu_line *line = &self->lines[i];
        if (line->pending && line->handler && line->take_at < next)
            next = line->take_at;
    }
    const sim_cycle earliest = self->free_at > now ? self->free_at : now + 1;
    if (self->due_count && self->due[0]->ready_at < next)
        next = self->due[0]->ready_at;
    for (enum cpu_priority priority = CPU_ISR; priority <= CPU_THREAD; priority++) {
        const struct cpu_set *set = &self->sets[priority];
        const struct cpu_task *task = NULL;
        for (uint32_t from = 0; next > earliest && (task = cpu_listed(set, from));
             from = task->index + 1)
            if (cpu_task_next(task) < next)
                next = cpu_task_next(task);
    }
    if (next == SIM_NEVER)
        return SIM_NEVER;
    return next > earliest ? next : earliest;
}

static sim_cycle cpu_step(void *instance, sim_cycle now)
{
    struct cpu *self = instance;
    struct host_port *port = self->port;
    struct host_result result;
    if (self->mappings)
        cpu_mappings_judge(self, self->unit.clock->time);
    if (port->type->edge(port, now, &result))
        cpu_finish(self, now, &result);
    for (uint32_t i = 0; i < self->line_count; i++)
        cpu_sample(self, &self->lines[i], now);
    if (!port->busy)
        cpu_next(self, now);
    sim_cycle opens = port->type->drive(port, now);
    cpu_publish(self, now);
    sim_cycle alarm = cpu_alarm(self, now);
    return opens < alarm ? opens : alarm;
}

/* ---- building ------------------------------------------------------------------------------ */

/* Without a place given: the end of the first memory on the CPU's bus. */
void cpu_heap_place(const struct plan *plan, const struct component *cpu, uint64_t *base,
                    uint64_t *bytes)
{
    const struct cpu_config *config = cpu->config;
    *base = config->descriptors.base;
    *bytes = config->descriptors.bytes;
    if (config->descriptors.given)
        return;
    *bytes = 0;
    for (uint32_t i = 0; i < plan->counts[SECTION_MEMORIES]; i++) {
        const struct component *memory = &plan->components[SECTION_MEMORIES][i];
        struct component_region region;
        if (!component_region(memory, 0, &region) || region.bus != config->bus)
            continue;
        *bytes = region.bytes / 4 < 65536 ? region.bytes / 4 : 65536;
        *base = region.base + region.bytes - *bytes;
        return;
    }
}

static int cpu_create(struct build *build, struct component *component)
{
    const struct cpu_config *config = component->config;
    const struct component *bus = &build->plan->components[SECTION_BUSES][config->bus];
    struct cpu *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->name = component->name;
    self->config = config;
    self->kernel = build->kernel;
    component->instance = self;
    component->clock = bus->clock;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, cpu_step, self);
    self->unit.round = &cpu_round;
    uint32_t failures = build->check->failures;
    self->port = bus->type->host_port(build, bus, component, &self->unit);
    if (!self->port)
        return build->check->failures == failures ? DMASIM_MEMORY : DMASIM_INVALID;
    if (config->cache.given) {
        self->cache = cache_create(build, &config->cache, component->name, self->port, &self->unit);
        if (!self->cache)
            return DMASIM_MEMORY;
        self->port = &self->cache->port;
    }
    build_probe(build, &self->probe, component->name, &cpu_probe_type, component->clock, self);
    build_probe(build, &self->access_probe, component->name, &cpu_access_probe_type,
                component->clock, self);
    self->edges = component->clock->edges ? component->clock->edges : 1;
    cpu_heap_place(build->plan, component, &self->heap_base, &self->heap_bytes);
    cpu_traffic_create(build, self);
    return cpu_mappings_create(build, self, config->bus);
}

static int cpu_complete(struct build *build, struct component *component)
{
    struct cpu *self = component->instance;
    if (self->cache) {
        const int code =
            cache_complete(build, self->cache, component, self->config->bus,
                           &(const struct cache_range){self->heap_base, self->heap_bytes});
        if (code != DMASIM_OK)
            return code;
    }
    return cpu_mappings_complete(build, self);
}

static bool cpu_in_memory(const struct plan *plan, uint16_t bus, uint64_t base, uint64_t bytes)
{
    struct plan_route route;
    return plan_route(plan, bus, base, REGION_ANY, &route) &&
           route.component->type->section == SECTION_MEMORIES && bytes <= route.bytes;
}

static void cpu_check(const struct plan *plan, const struct component *self, struct check *check)
{
    const struct cpu_config *config = self->config;
    const struct cpu_memory *descriptors = &config->descriptors;
    const struct component_type *bus = plan->components[SECTION_BUSES][config->bus].type;
    if (!bus->host_port)
        check->fail(check, self, "bus", "no CPU can be on a bus of type %s", bus->name);
    if (descriptors->given && descriptors->base % 32 != 0)
        check->fail(check, self, "descriptors", "base must be a multiple of 32");
    else if (descriptors->given &&
             !cpu_in_memory(plan, config->bus, descriptors->base, descriptors->bytes))
        check->fail(check, self, "descriptors", "0x%jx .. 0x%jx is not in a memory",
                    (uintmax_t)descriptors->base,
                    (uintmax_t)(descriptors->base + descriptors->bytes - 1));
    if (config->traffic.given)
        cpu_traffic_check(plan, self, check);
    if (config->cache.given)
        cache_check(plan, self, config->bus, &config->cache, check);
    if (config->mappings.given)
        cpu_mappings_check(plan, self, check);
}

static bool cpu_claims(const struct plan *plan, const struct component *self, uint32_t index,
                       struct component_claim *claim)
{
    return claim_host(plan, ((const struct cpu_config *)self->config)->bus, index, claim);
}

static const struct counter cpu_table[] = {
    COUNTER(cpu_figures, accesses, "accesses", "accesses", "bus accesses that ended"),
    COUNTER(cpu_figures, reads, "reads", "accesses", "of them, reads"),
    COUNTER(cpu_figures, writes, "writes", "accesses", "of them, writes"),
    COUNTER(cpu_figures, errors, "errors", "accesses", "of them, those answered with an error"),
    COUNTER(
        cpu_figures, stall_cycles, "stall_cycles", "cycles",
        "what they took longer than on a bus that is free and without wait states: the sum of the "
        "next three"),
    COUNTER(cpu_figures, grant_wait_cycles, "grant_wait_cycles", "cycles",
            "of them, waiting for the bus: its grant, and others that are still on it"),
    COUNTER(cpu_figures, wait_cycles, "wait_cycles", "cycles",
            "of them, wait states and latency of the slave"),
    COUNTER(cpu_figures, back_pressure_cycles, "back_pressure_cycles", "cycles",
            "of them, addresses and data that were shown and not taken (AXI: VALID without READY)"),
    COUNTER_STEADY(cpu_figures, longest_stall, "longest_stall", "cycles",
                   "stall of the one access that stalled most"),
    {.name = NULL},
};

static bool cpu_counters(const struct component *component, uint32_t index, sim_time now,
                         struct counter_part *part)
{
    const struct cpu *self = component->instance;
    (void)now;
    if (index > 0 && cpu_mappings_counters(self, index - 1, part))
        return true;
    if (index > 0) {
        struct counter_part other;
        uint32_t mappings = 0; /* their parts, which come first */
        while (cpu_mappings_counters(self, mappings, &other))
            mappings++;
        return self->cache && cache_counters(self->cache, index - 1 - mappings, part);
    }
    counter_tell(part, COUNTERS_CPU, 0, cpu_table, &self->figures, sizeof self->figures);
    return true;
}

static const struct parameter cpu_memory_parameters[] = {
    {.name = "given", .kind = PARAMETER_GIVEN, PARAMETER_AT(cpu_memory, given)},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(cpu_memory, base),
     .doc = "First address, a multiple of 32."},
    {.name = "bytes",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(cpu_memory, bytes),
     .initial = 4096,
     .min = 32,
     .max = UINT64_C(1) << 30,
     .doc = "Size; a descriptor takes 32 bytes."},
    {.name = NULL},
};

static const struct parameter cpu_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     PARAMETER_AT(cpu_config, bus),
     .doc = "Bus it is a master of. Its times in cycles, below and in `traffic`, are in cycles of "
            "that bus's "
            "clock, on an ISA bus in halves of CLK."},
    {.name = "interrupt_latency",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_config, interrupt_latency),
     .initial = 20,
     .max = 1000000,
     .doc = "Cycles from an interrupt line seen high to the first step of its service."},
    {.name = "tasklet_latency",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_config, tasklet_latency),
     .initial = 10,
     .max = 1000000,
     .doc = "Cycles from the end of a driver's interrupt service to its tasklet."},
    {.name = "callback_latency",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_config, callback_latency),
     .initial = 10,
     .max = 1000000,
     .doc = "Cycles from the end of the tasklet's work on a channel to the transfer's callback."},
    {.name = "access_gap",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_config, access_gap),
     .initial = 2,
     .max = 1000000,
     .doc = "Cycles of computing between the end of an access of a program, a driver or a service, "
            "and the "
            "next access of this CPU; 0 is back to back. Background accesses have `think_cycles` "
            "instead."},
    {.name = "descriptors",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(cpu_config, descriptors),
     .sub = cpu_memory_parameters,
     .doc = "Memory in which its drivers build DMA descriptors; if not given, the last quarter, 64 "
            "KiB "
            "at most, of the first memory on its bus."},
    {.name = "traffic",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(cpu_config, traffic),
     .sub = cpu_traffic_parameters,
     .doc = "Background accesses, made while no program and no interrupt service wants the bus."},
    {.name = "mappings",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(cpu_config, mappings),
     .sub = cpu_mappings_parameters,
     .doc = "If it is there, `{}` will do, the DMA mappings of its drivers and programs are "
            "followed, and "
            "every wrong use is told in the log and makes the run fail (docs/memory.md)."},
    {.name = "cache",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(cpu_config, cache),
     .sub = cache_parameters,
     .doc =
         "If it is there, `{}` will do, the CPU has a data cache for the memories on its bus, AHB "
         "or AXI (docs/memory.md)."},
    {.name = NULL},
};

/* Asleep with nothing under way, it waits for an interrupt; work that is left may wait for something else. */
static sim_time cpu_earliest(const struct component *component)
{
    const struct cpu *self = component->instance;
    const bool idle = self->kernel->holds == 0 && !self->port->busy && unit_asleep(&self->unit);
    return idle ? SIM_NEVER : kernel_next(self->kernel);
}

/* It runs software, or is about to take an interrupt. */
static bool cpu_does(const struct component *component, uint32_t channel, struct cause_wait *wait)
{
    const struct cpu *self = component->instance;
    *wait = (struct cause_wait){.reason = CAUSE_CPU, .elsewhere = CAUSE_CPU};
    wait->active = self->busy[CPU_ISR] || self->busy[CPU_TASKLET] || self->busy[CPU_THREAD];
    for (uint32_t i = 0; i < self->line_count; i++)
        wait->active |=
            self->lines[i].in_service ||
            (self->lines[i].pending && (self->lines[i].handler || self->lines[i].waited));
    return channel == 0;
}

const struct component_type cpu_type = {
    .name = "cpu",
    .section = SECTION_CPUS,
    .doc = "Bus master that runs the drivers, takes interrupts and makes background traffic.",
    .config_bytes = sizeof(struct cpu_config),
    .parameters = cpu_parameters,
    .earliest = cpu_earliest,
    .create = cpu_create,
    .complete = cpu_complete,
    .leaves = cpu_mappings_left,
    .check = cpu_check,
    .claims = cpu_claims,
    .interrupt = cpu_interrupt,
    .counters = cpu_counters,
    .does = cpu_does,
};
