/* SPDX-License-Identifier: BSD-2-Clause */
#include "system.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/ahb/ahb_component.h"
#include "bus/axi/axi_component.h"
#include "bus/bridge/bridge.h"
#include "bus/isa/isa_component.h"
#include "bus/isa/isa_pages.h"
#include "controllers/adi/adi_dmac.h"
#include "controllers/dw_ahb/dw_ahb.h"
#include "controllers/i8237/i8237.h"
#include "host/adi/adi_work.h"
#include "host/cpu/cpu.h"
#include "host/dw_ahb/dw_ahb_work.h"
#include "host/i8237/i8237_work.h"
#include "host/play/adi_script.h"
#include "host/play/adi_sequence.h"
#include "host/play/scripted.h"
#include "host/work/work.h"
#include "memory/ahb_pattern.h"
#include "memory/ahb_sram.h"
#include "memory/axi_memory.h"
#include "memory/axi_sram.h"
#include "memory/dram_memory.h"
#include "memory/isa_memory.h"
#include "outside/outside.h"
#include "peripherals/fifo_device.h"
#include "peripherals/isa_device.h"
#include "peripherals/stream_device.h"
#include "plan/clock.h"
#include "plan/log.h"
#include "system_mappings.h"

/* One per line. The first type of a section is the one a scenario gets without `type`. */
/* clang-format off */
const struct component_type *const component_types[] = {
    &clock_type,
    &ahb_type,
    &axi_type,
    &isa_type,
    &cpu_type,
    &dw_ahb_type,
    &i8237_type,
    &adi_dmac_type,
    &scripted_type,
    &adi_sequence_type,
    &adi_script_type,
    &outside_master_type,
    &sram_type,
    &axi_memory_type,
    &axi_sram_type,
    &dram_type,
    &pattern_type,
    &isa_memory_type,
    &outside_memory_type,
    &fifo_device_type,
    &isa_pages_type,
    &isa_device_type,
    &axi_stream_source_type,
    &axi_stream_sink_type,
    &fifo_writer_type,
    &fifo_reader_type,
    &sync_pulse_type,
    &outside_device_type,
    &outside_line_type,
    &outside_source_type,
    &outside_sink_type,
    &outside_interrupt_type,
    &ahb_to_axi_type,
    &axi_to_ahb_type,
    &memcpy_type,
    &slave_sg_type,
    &cyclic_type,
    &interleaved_type,
    &program_type,
    NULL,
};
/* clang-format on */

const struct work_driver *const work_drivers[] = {
    &dw_ahb_work_driver,
    &i8237_work_driver,
    &adi_work_driver,
    NULL,
};

const struct component_type *component_type_find(enum component_section section, const char *name)
{
    for (const struct component_type *const *type = component_types; *type; type++)
        if ((*type)->section == section && (!name || strcmp((*type)->name, name) == 0))
            return *type;
    return NULL;
}

/* Rounded up. */
static size_t mebibytes(size_t bytes)
{
    return bytes / (1u << 20) + (bytes % (1u << 20) != 0);
}

static int create_section(struct build *build, enum component_section section)
{
    int code = DMASIM_OK;
    for (uint32_t i = 0; i < build->plan->counts[section]; i++) {
        struct component *component = &build->plan->components[section][i];
        int result = component->type->create(build, component);
        const struct arena *arena = build->kernel->arena;
        if (result != DMASIM_OK && arena->refused_bytes) {
            build->check->fail(build->check, component, NULL,
                               "with %s the system takes %zu MiB of memory, the limit is %zu MiB: "
                               "see --memory-limit",
                               component->name, mebibytes(arena->refused_bytes),
                               mebibytes(arena->limit_bytes));
            return DMASIM_LIMIT;
        }
        if (result == DMASIM_MEMORY || arena->exhausted) {
            build->check->fail(build->check, component, NULL, "out of memory while building '%s'",
                               component->name);
            return DMASIM_MEMORY;
        }
        if (code == DMASIM_OK)
            code = result;
    }
    return code;
}

/* Joins interrupt outputs to the CPUs that take them. */
static int attach_interrupts(struct build *build)
{
    for (int section = 0; section < SECTION_WORK; section++)
        for (uint32_t i = 0; i < build->plan->counts[section]; i++) {
            struct component *source = &build->plan->components[section][i];
            const struct component_port *port = NULL;
            while ((port = component_port(source, PORT_INTERRUPT, port))) {
                int code =
                    port->to ? port->to->type->interrupt(build, port->to, source, port) : DMASIM_OK;
                if (code != DMASIM_OK)
                    return code;
            }
        }
    return DMASIM_OK;
}

static int complete_all(struct build *build)
{
    for (int section = 0; section < SECTION_WORK; section++)
        for (uint32_t i = 0; i < build->plan->counts[section]; i++) {
            struct component *component = &build->plan->components[section][i];
            int code =
                component->type->complete ? component->type->complete(build, component) : DMASIM_OK;
            if (code != DMASIM_OK)
                return code;
        }
    return DMASIM_OK;
}

/* Gives each unit a probe for what it has to say. */
static int add_logs(struct build *build)
{
    for (struct unit *unit = build->kernel->units; unit; unit = unit->link) {
        unit->log = arena_alloc(build->kernel->arena, sizeof *unit->log);
        if (!unit->log)
            return DMASIM_MEMORY;
        build_probe(build, unit->log, unit->name, &log_probe_type, unit->clock, unit->self);
    }
    return DMASIM_OK;
}

static int build_all(struct build *build)
{
    struct plan *plan = build->plan;
    work_drive(plan);
    for (int section = 0; section < SECTION_COUNT; section++) {
        if (section == SECTION_WORK) {
            int code = complete_all(build);
            if (code == DMASIM_OK)
                code = attach_interrupts(build);
            if (code != DMASIM_OK)
                return code;
        }
        int code = create_section(build, (enum component_section)section);
        if (code != DMASIM_OK)
            return code;
    }
    work_link(plan);
    return add_logs(build);
}

/* Tells the caller's check of its own components instead of the copies. */
struct system_check {
    struct check check;
    struct check *caller;
    const struct system *system;
};

static const struct component *origin_of(const struct system *self,
                                         const struct component *component)
{
    const uintptr_t at = (uintptr_t)component;
    for (int section = 0; component && section < SECTION_COUNT; section++) {
        const uintptr_t first = (uintptr_t)self->plan->components[section];
        if (first && at >= first && at - first < self->plan->counts[section] * sizeof *component)
            return &self->from->components[section][(at - first) / sizeof *component];
    }
    return NULL;
}

static void system_fail(struct check *check, const struct component *component,
                        const char *parameter, const char *format, ...)
{
    struct system_check *self = (struct system_check *)check;
    char text[sizeof((struct dmasim_error *)0)->text];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    check->failures++;
    self->caller->fail(self->caller, origin_of(self->system, component), parameter, "%s", text);
}

/* The plan with components of its own, which lie in the arena. */
static struct plan *copy_plan(struct arena *arena, const struct plan *plan)
{
    struct plan *copy = arena_alloc(arena, sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *plan;
    for (int section = 0; section < SECTION_COUNT; section++) {
        const size_t bytes = plan->counts[section] * sizeof *plan->components[section];
        copy->components[section] = arena_alloc(arena, bytes);
        if (!copy->components[section])
            return NULL;
        if (bytes)
            memcpy(copy->components[section], plan->components[section], bytes);
    }
    return copy;
}

int system_create(struct system *self, const struct plan *plan, unsigned flags, struct check *check)
{
    return system_create_within(self, plan, flags, SYSTEM_BYTES_MAX, check);
}

int system_create_within(struct system *self, const struct plan *plan, unsigned flags,
                         uint64_t limit_bytes, struct check *check)
{
    *self = (struct system){.from = plan, .arena.limit_bytes = limit_bytes};
    kernel_init(&self->kernel, &self->arena);
    self->plan = copy_plan(&self->arena, plan);
    self->outside = arena_alloc(&self->arena, sizeof *self->outside);
    if (!self->plan || !self->outside) {
        check->fail(check, NULL, NULL, "out of memory");
        return DMASIM_MEMORY;
    }
    *self->outside = (struct outside_list){.tail = &self->outside->first};
    struct system_check own = {.check.fail = system_fail, .caller = check, .system = self};
    struct build build = {.kernel = &self->kernel,
                          .plan = self->plan,
                          .check = &own.check,
                          .probes = &self->probes,
                          .outside = self->outside,
                          .unfilled = flags & SYSTEM_UNFILLED};
    int code = build_all(&build);
    if (code != DMASIM_OK)
        return code;

    if (system_watch_mappings(self) != DMASIM_OK) {
        check->fail(check, NULL, NULL, "out of memory");
        return DMASIM_MEMORY;
    }
    struct dmasim_error error;
    code = kernel_seal(&self->kernel, flags & ~(unsigned)SYSTEM_UNFILLED, &error);
    if (code != DMASIM_OK)
        check->fail(check, NULL, NULL, "%s", code == DMASIM_MEMORY ? "out of memory" : error.text);
    return code;
}

void system_free(struct system *self)
{
    free(self->watches);
    arena_free(&self->arena);
    *self = (struct system){.plan = NULL};
}

struct component *system_built(const struct system *self, const struct component *component)
{
    for (int section = 0; self->plan && section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < self->plan->counts[section]; i++)
            if (component == &self->from->components[section][i])
                return &self->plan->components[section][i];
    return NULL;
}

struct system_snapshot {
    struct kernel kernel;
    struct arena_snapshot *state;
    uint64_t backings;
};

struct system_snapshot *system_save(const struct system *self)
{
    struct system_snapshot *snapshot = malloc(sizeof *snapshot);
    if (!snapshot)
        return NULL;
    snapshot->kernel = self->kernel;
    snapshot->backings = self->backings;
    snapshot->state = arena_save(&self->arena);
    if (!snapshot->state) {
        free(snapshot);
        return NULL;
    }
    return snapshot;
}

int system_restore(struct system *self, const struct system_snapshot *snapshot)
{
    if (snapshot->backings != self->backings)
        return DMASIM_INVALID;
    const struct kernel now = self->kernel;
    size_t count = 0;
    for (const struct probe *p = self->probes; p; p = p->link)
        count++;
    struct probe *probes = malloc((count + 1) * sizeof *probes);
    if (!probes)
        return DMASIM_MEMORY;
    count = 0;
    for (const struct probe *p = self->probes; p; p = p->link)
        probes[count++] = *p;
    self->kernel = snapshot->kernel;
    arena_restore(&self->arena, snapshot->state);
    self->kernel.observed = now.observed;
    self->kernel.literally = now.literally;
    self->kernel.witnesses = now.witnesses;
    self->kernel.round_witnesses = now.round_witnesses;
    kernel_sample(&self->kernel, now.sampler);
    count = 0;
    for (struct probe *p = self->probes; p; p = p->link) {
        *p = probes[count++];
        p->told = UINT8_MAX;
    }
    free(probes);
    return DMASIM_OK;
}

sim_time system_saved_at(const struct system_snapshot *snapshot)
{
    return snapshot->kernel.now;
}

void system_snapshot_free(struct system_snapshot *snapshot)
{
    if (snapshot)
        arena_snapshot_free(snapshot->state);
    free(snapshot);
}

struct probe *system_probe(const struct system *self, const char *type, const struct probe *from)
{
    for (struct probe *p = from ? from->link : self->probes; p; p = p->link)
        if (strcmp(p->type->name, type) == 0)
            return p;
    return NULL;
}
