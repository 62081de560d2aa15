/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * copier_driver: calls of `work` on the example's copier, as a thread of a CPU.
 *
 *   its turn -> SOURCE, DESTINATION, LENGTH written -> sleeps ... interrupt -> STATUS read, taken back
 *
 * Inaccuracies: those of work.c. Entries do not queue: two that are under way at a time disturb each other, so
 * give one `after` the other.
 */
#include "copier.h"

#include "host/work/work.h"
#include "plan/route.h"

struct copy {
    struct work work; /* first */
    uint64_t base;    /* of the registers, as the CPU sees them */
    struct cpu_line *line;
};

enum copy_state { COPY_START = WORK_STATE_TURN, COPY_WAIT, COPY_SERVE, COPY_END, COPY_OVER };

static void copy_run(struct cpu_task *task, sim_cycle now)
{
    struct copy *self = (struct copy *)task; /* task, work and copy start together */
    struct work *work = &self->work;
    const struct memcpy_config *config = work->component->config;
    if (!work_turn(work, now))
        return;
    switch ((enum copy_state)work->state) {
    case COPY_START:
        work_begin(work);
        work->record.issue_ps = work_time(work);
        cpu_write(task, self->base + COPIER_AT_SOURCE, (uint32_t)config->from);
        cpu_write(task, self->base + COPIER_AT_DESTINATION, (uint32_t)config->to);
        cpu_write(task, self->base + COPIER_AT_LENGTH, (uint32_t)config->bytes);
        work->state = COPY_WAIT;
        break;
    case COPY_WAIT:
        task->waits = self->line;
        work->state = COPY_SERVE;
        break;
    case COPY_SERVE:
        work->record.interrupt_ps = self->line->seen_ps;
        cpu_read(task, self->base + COPIER_AT_STATUS);
        cpu_write(task, self->base + COPIER_AT_STATUS, COPIER_DONE | COPIER_ERROR);
        work->state = COPY_END;
        break;
    case COPY_END:
        work->record.callback_ps = work_time(work);
        work->state = COPY_START;
        if (work_done(work, now, config->bytes, work_failed(work) || task->value & COPIER_ERROR)) {
            copy_run(task, now);
            break;
        }
        work_finish(work);
        work->state = COPY_OVER;
        break;
    case COPY_OVER:
        break;
    }
}

static int copy_create(struct build *build, struct component *component,
                       const struct component *controller)
{
    const struct copier_config *config = controller->config;
    struct copy *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    struct cpu *cpu = cpu_of(component_port(controller, PORT_INTERRUPT, NULL)->to);
    self->line = cpu_line_of(cpu, controller->interrupt);
    self->line->waited = true; /* by a thread: no other driver may handle it */
    plan_reach(build->plan, cpu->config->bus, config->bus, config->base, &self->base);
    work_create_call(build, component, &self->work, cpu, controller, copy_run);
    return DMASIM_OK;
}

static void check_range(const struct plan *plan, const struct component *work,
                        const struct component *controller, const char *parameter, uint64_t address,
                        struct check *check)
{
    const struct copier_config *config = controller->config;
    const uint64_t bytes = ((const struct memcpy_config *)work->config)->bytes;
    struct plan_route route;
    if (address % 4 || bytes % 4)
        check->fail(check, work, parameter, "the copier moves whole words");
    else if (!plan_route(plan, config->bus, address, REGION_ANY, &route) || route.bytes < bytes)
        check->fail(check, work, parameter, "0x%jx .. 0x%jx is not in one memory",
                    (uintmax_t)address, (uintmax_t)(address + bytes - 1));
}

static void copy_check(const struct plan *plan, const struct component *work,
                       const struct component *controller, struct check *check)
{
    const struct copier_config *config = controller->config;
    const struct memcpy_config *copy = work->config;
    uint64_t seen;
    if (work->type != &memcpy_type) {
        check->fail(check, work, "controller", "the copier does memcpy only");
        return;
    }
    if (config->interrupt >= plan->counts[SECTION_CPUS])
        check->fail(check, work, "controller", "%s has no interrupt to a CPU", controller->name);
    else if (!plan_reach(
                 plan,
                 ((const struct cpu_config *)plan->components[SECTION_CPUS][config->interrupt]
                      .config)
                     ->bus,
                 config->bus, config->base, &seen))
        check->fail(check, work, "controller", "its CPU does not reach the registers");
    check_range(plan, work, controller, "from", copy->from, check);
    check_range(plan, work, controller, "to", copy->to, check);
}

const struct work_driver copier_driver = {
    .name = "copier", .controller = &copier_type, .create = copy_create, .check = copy_check};
