/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_script: a list of register accesses and waits on the register port of an ADI AXI DMAC, to the cycle.
 *
 * Steps are separated by ';'. Numbers of W, R and P are hexadecimal, the others decimal.
 *
 *   W a v   write v to the register at a        Q     wait for the interrupt
 *   R a     read                                T n   wait until n transfers are complete
 *   P a     read until it is 0                  B n   ... until n B responses
 *   I n     n cycles of nothing                 M n   ... until n beats of a stream destination
 *                                               X n   ... until n words of a FIFO destination
 *                                               S n   ... until n beats of a stream or FIFO source
 *
 *   cycle          t        t+1 .. t+4     t+5
 *   AWVALID WVALID -------------                   raised together, BREADY is 1
 *   B                             *
 *   next step                              ---     in the cycle after the answer
 *
 * Timing
 *   A step starts in the cycle after the one before it: I n takes n cycles, an access takes up to its
 *   answer. T B M X S count from the start of the run and end in the cycle after the event; Q ends in the
 *   first cycle in which the interrupt is 1. To see that in time the unit steps after the controller.
 *   No step starts at or after `limit`.
 */
#include "host/play/adi_script.h"

#include <stdlib.h>
#include <string.h>

#include "bus/axi/axi_lite.h"
#include "controllers/adi/adi_dmac.h"
#include "controllers/adi/adi_dmac_watch.h"
#include "kernel/round.h"

#define NO_LIMIT (UINT64_C(1) << 40) /* cycles: of any clock a time that picoseconds hold */

struct step {
    char kind;
    uint32_t offset, value;
    uint64_t count;
};

struct adi_script {
    struct unit unit;
    struct kernel *kernel;
    struct axi_lite lite;
    const struct adi_script_config *config;
    const struct component *controller;
    uint64_t base;
    struct step *steps;
    uint32_t step_count, next;
    sim_cycle ready_at;   /* first cycle in which the next step may start */
    struct adi_wish wish; /* what the next step waits for */
    struct adi_script_read *reads;
    struct adi_script_result result;
};

/* ---- the script ------------------------------------------------------------------------------ */

/* Reads one step; null if it is none. */
static const char *parse_step(const char *text, struct step *step)
{
    char *end;
    *step = (struct step){.kind = *text++};
    switch (step->kind) {
    case 'W':
        step->offset = (uint32_t)strtoul(text, &end, 16);
        if (end == text)
            return NULL;
        text = end;
        step->value = (uint32_t)strtoul(text, &end, 16);
        break;
    case 'R':
    case 'P':
        step->offset = (uint32_t)strtoul(text, &end, 16);
        break;
    case 'I':
    case 'T':
    case 'B':
    case 'M':
    case 'X':
    case 'S':
        step->count = strtoull(text, &end, 10);
        break;
    case 'Q':
        return text;
    default:
        return NULL;
    }
    return end == text ? NULL : end;
}

/* Steps of a script into `steps` (null: only counts them); -1 if one is not understood, *at is where. */
static int parse(const char *text, struct step *steps, const char **at)
{
    int count = 0;
    struct step step;
    for (text += strspn(text, "; \n"); *text; text += strspn(text, "; \n")) {
        *at = text;
        text = parse_step(text, &step);
        if (!text || !strchr("; \n", *text))
            return -1;
        if (steps)
            steps[count] = step;
        count++;
    }
    return count;
}

/* ---- accesses -------------------------------------------------------------------------------- */

/* The access of the step before `next` is over. */
static void answered(struct adi_script *self, sim_cycle now)
{
    const struct step *step = &self->steps[self->next - 1];
    self->ready_at = now + 1;
    const uint32_t value = self->lite.value;
    if (step->kind == 'P')
        self->next -= value != 0;
    else if (step->kind == 'R')
        self->reads[self->result.read_count++] = (struct adi_script_read){step->offset, value};
}

/* ---- steps ----------------------------------------------------------------------------------- */

static enum adi_wish_kind wish_of(const struct step *step)
{
    switch (step->kind) {
    case 'T':
        return ADI_WISH_COMPLETIONS;
    case 'B':
        return ADI_WISH_RESPONSES;
    case 'M':
        return ADI_WISH_SENT;
    case 'X':
        return ADI_WISH_READ;
    case 'S':
        return ADI_WISH_RECEIVED;
    default:
        return ADI_WISH_INTERRUPT;
    }
}

static void finish(struct adi_script *self, sim_cycle end, bool timed_out)
{
    self->result.finished = true;
    self->result.timed_out = timed_out;
    self->result.end = end;
    kernel_release(self->kernel);
}

/* Begins the steps that start in now + 1; false if the one that is next has to wait. */
static bool begin_steps(struct adi_script *self, sim_cycle now)
{
    while (!axi_lite_open(&self->lite) && !self->result.finished && self->ready_at <= now + 1) {
        if (self->next == self->step_count || now + 1 >= self->config->limit_cycle) {
            self->wish.kind = ADI_WISH_NOTHING;
            finish(self, now + 1, self->next < self->step_count);
            return true;
        }
        const struct step *step = &self->steps[self->next];
        switch (step->kind) {
        case 'W':
            axi_lite_write(&self->lite, self->base + step->offset, step->value);
            break;
        case 'R':
        case 'P':
            axi_lite_read(&self->lite, self->base + step->offset);
            break;
        case 'I':
            self->ready_at = now + 1 + step->count;
            break;
        default:
            self->wish = (struct adi_wish){wish_of(step), step->count};
            if (!adi_dmac_reached(self->controller, &self->wish))
                return false;
            self->wish.kind = ADI_WISH_NOTHING;
            break;
        }
        self->next++;
    }
    return true;
}

static sim_cycle adi_script_step(void *script, sim_cycle now)
{
    struct adi_script *self = script;
    if (axi_lite_edge(&self->lite, now))
        answered(self, now);
    const bool waits = !begin_steps(self, now);
    axi_lite_drive(&self->lite, now);
    if (axi_lite_open(&self->lite) || self->result.finished)
        return SIM_NEVER;
    if (!waits)
        return self->ready_at - 1;
    const sim_cycle limit = self->config->limit_cycle;
    return limit < NO_LIMIT ? limit - 1 : SIM_NEVER; /* the controller wakes it */
}

static const struct state_field round_rows[] = {
    {STATE_PART(struct adi_script, lite, axi_lite_round)},
    {STATE_STAMP(struct adi_script, ready_at), .old = 1},
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(adi_script, round_rows)};

/* No step starts behind the limit, so no round ends there. */
static uint64_t round_limit(const void *script, const struct round *round, uint64_t times)
{
    const struct adi_script *self = script;
    const sim_cycle now = self->unit.clock->cycle, limit = self->config->limit_cycle;
    const uint64_t most = now + 1 < limit ? (limit - now - 1) / round->cycles : 0;
    return most < times ? most : times;
}

static const struct round_hooks script_round = {.state = &round_state, .limit = round_limit};

/* ---- building -------------------------------------------------------------------------------- */

static int adi_script_create(struct build *build, struct component *component)
{
    const struct adi_script_config *config = component->config;
    struct arena *arena = build->kernel->arena;
    struct adi_script *self = arena_alloc(arena, sizeof *self);
    const char *at;
    if (!self)
        return DMASIM_MEMORY;
    self->config = config;
    self->kernel = build->kernel;
    self->controller = &build->plan->components[SECTION_CONTROLLERS][config->controller];
    self->step_count = (uint32_t)parse(config->script, NULL, &at);
    self->steps = arena_alloc(arena, (self->step_count + 1) * sizeof *self->steps);
    self->reads = arena_alloc(arena, (self->step_count + 1) * sizeof *self->reads);
    if (!self->steps || !self->reads)
        return DMASIM_MEMORY;
    parse(config->script, self->steps, &at);
    self->result.reads = self->reads;
    self->base = ((const struct adi_dmac_config *)self->controller->config)->base;
    self->ready_at = config->start_cycle ? config->start_cycle : 1;
    struct axi_bus *bus = build_axi(build, config->bus);
    component->clock = bus->unit.clock;
    component->instance = self;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, adi_script_step,
               self);
    self->unit.round = &script_round;
    struct axi_port *port = build_axi_master(build, component, "bus", bus, &self->unit,
                                             component->name, AXI_READS | AXI_WRITES);
    if (!port)
        return DMASIM_INVALID;
    if (!axi_lite_init(&self->lite, port))
        return DMASIM_MEMORY;
    kernel_hold(build->kernel);
    return adi_dmac_follow(self->controller, &self->unit, &self->wish);
}

static void adi_script_check(const struct plan *plan, const struct component *self,
                             struct check *check)
{
    const struct adi_script_config *config = self->config;
    const struct component *controller = &plan->components[SECTION_CONTROLLERS][config->controller];
    const char *at = config->script;
    if (((const struct adi_dmac_config *)controller->config)->bus != config->bus)
        check->fail(check, self, "bus", "must be that of the controller's registers");
    if (parse(config->script, NULL, &at) < 0)
        check->fail(check, self, "script", "not understood: '%.20s'", at);
}

struct adi_script_result adi_script_result(const struct component *component)
{
    const struct adi_script *self = component->instance;
    return self->result;
}

static const struct parameter adi_script_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     PARAMETER_AT(adi_script_config, bus),
     .of = "axi",
     .doc = "Bus of the controller's registers."},
    {.name = "controller",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_CONTROLLER,
     PARAMETER_AT(adi_script_config, controller),
     .of = "adi,axi-dmac",
     .doc = "The controller it drives, alone."},
    {.name = "script",
     .kind = PARAMETER_TEXT,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(adi_script_config, script),
     .doc = "Steps, separated by semicolons: W a v, R a, P a (read until 0), I n (cycles), Q "
            "(interrupt), T n (completions), B n, M n, X n, S n."},
    {.name = "start",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(adi_script_config, start_cycle),
     .initial = 60,
     .min = 1,
     .max = UINT32_MAX,
     .doc = "Cycle of the first step."},
    {.name = "limit",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(adi_script_config, limit_cycle),
     .initial = NO_LIMIT,
     .max = NO_LIMIT,
     .doc = "No step starts at or after this cycle."},
    {.name = NULL},
};

const struct component_type adi_script_type = {
    .name = "adi-script",
    .section = SECTION_MASTERS,
    .doc = "A script of register accesses and waits on an ADI AXI DMAC, to the cycle.",
    .config_bytes = sizeof(struct adi_script_config),
    .parameters = adi_script_parameters,
    .create = adi_script_create,
    .check = adi_script_check,
};
