/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_sequence: the programs that the recorded traces of the ADI AXI DMAC were made with, played on its
 * register port with every cycle in its hands.
 *
 * It is the driver of traces/golden/adi_axi_dmac (README there, "Driver"): the sequence of Linux 6.12
 * drivers/dma/dma-axi-dmac.c, axi_dmac_start_transfer(), or a shorter one, and an interrupt service.
 *
 *   cycle          t        t+1 .. t+4          t+5
 *   AWVALID WVALID -------------                          raised together, BREADY is 1
 *   B                             *
 *   next access                                 ---       in the cycle after the answer
 *
 * Timing
 *   - First access in start_cycle: IRQ_MASK, then CONTROL = 1, then
 *       driver  TRANSFER_SUBMIT until it reads 0, TRANSFER_ID, all registers of the transfer, submit;
 *       driver64  the same, each address with its high half behind it;
 *       fast    X_LENGTH and FLAGS once; then per transfer TRANSFER_SUBMIT until 0, the addresses, submit.
 *   - irq_mask 1: the write of IRQ_PENDING is raised 8 cycles after the interrupt's rise. irq_mask 0:
 * a service is raised in the cycle in which the interrupt is 1 and no access is open; it reads and clears
 * IRQ_PENDING, reads the done bits at the end of a transfer, and starts the next when the register is free.
 *   - pause_at, abort_at: the write of CONTROL is raised so many cycles, and one, after the submit's B; a
 *     pause ends 301 cycles after its own B.
 *
 * Inaccuracies: none.
 */
#include "host/play/adi_sequence.h"
#include "kernel/base.h"

#include <string.h>

#include "bus/axi/axi_lite.h"
#include "controllers/adi/adi_dmac.h"
#include "controllers/adi/adi_dmac_watch.h"
#include "kernel/round.h"
#include "kernel/wire.h"

#define ACKNOWLEDGE_CYCLES 8
#define PAUSE_CYCLES 300

enum phase {
    PHASE_MASK,
    PHASE_ENABLE,
    PHASE_LENGTH, /* fast: once */
    PHASE_FLAGS,
    PHASE_START, /* `step` of the start sequence */
    PHASE_WAIT,  /* for an interrupt */
    PHASE_ACKNOWLEDGE,
    PHASE_PAUSE,
    PHASE_RESUME,
    PHASE_ABORT,
    PHASE_PENDING, /* interrupt service */
    PHASE_CLEAR,
    PHASE_DONE,
    PHASE_ACTIVE,
    PHASE_END,
};

struct adi_sequence {
    struct unit unit;
    struct kernel *kernel;
    struct axi_lite lite;
    const struct adi_sequence_config *config;
    struct wire *pending, *completed;
    uint64_t base;
    enum phase phase;
    uint32_t step;
    uint32_t started;   /* transfers */
    uint32_t service;   /* what IRQ_PENDING read */
    sim_cycle ready_at; /* the next access may be raised in the cycle after */
    bool paused, holding;
};

static void raise_read(struct adi_sequence *self, uint32_t offset)
{
    axi_lite_read(&self->lite, self->base + offset);
}

static void raise_write(struct adi_sequence *self, uint32_t offset, uint32_t value)
{
    axi_lite_write(&self->lite, self->base + offset, value);
}

/* ---- the start of a transfer ----------------------------------------------------------------- */

static uint32_t length_of(const struct adi_sequence *self, uint32_t transfer)
{
    const uint64_t *lengths = self->config->lengths.items;
    return transfer < self->config->lengths.count ? (uint32_t)lengths[transfer]
                                                  : self->config->length_bytes;
}

/* Raises access `step` of the start sequence; false if the sequence has no such. */
static bool raise_start(struct adi_sequence *self)
{
    const struct adi_sequence_config *config = self->config;
    const uint32_t step =
        config->step_bytes > UINT32_MAX ? config->length_bytes : (uint32_t)config->step_bytes;
    const uint64_t skip = (uint64_t)self->started * step;
    const uint64_t source = config->source + skip, destination = config->destination + skip;
    const bool fast_kind = config->kind == ADI_SEQUENCE_FAST;
    if (self->step == 0) {
        raise_read(self, ADI_AT_TRANSFER_SUBMIT);
        return true;
    }
    if (!fast_kind && self->step == 1) {
        raise_read(self, ADI_AT_TRANSFER_ID);
        return true;
    }
    const struct {
        uint32_t offset, value;
    } driver[] =
        {
            {ADI_AT_DEST_ADDRESS, (uint32_t)destination},
            {ADI_AT_DEST_ADDRESS_HIGH, (uint32_t)(destination >> 32)},
            {ADI_AT_DEST_STRIDE, 0},
            {ADI_AT_SRC_ADDRESS, (uint32_t)source},
            {ADI_AT_SRC_ADDRESS_HIGH, (uint32_t)(source >> 32)},
            {ADI_AT_SRC_STRIDE, 0},
            {ADI_AT_X_LENGTH, length_of(self, self->started) - 1},
            {ADI_AT_Y_LENGTH, 0},
            {ADI_AT_FLAGS, 2},
            {ADI_AT_TRANSFER_SUBMIT, 1},
        },
      fast[] = {
          {ADI_AT_X_LENGTH, length_of(self, self->started) - 1},
          {ADI_AT_SRC_ADDRESS, (uint32_t)source},
          {ADI_AT_DEST_ADDRESS, (uint32_t)destination},
          {ADI_AT_TRANSFER_SUBMIT, 1},
      };
    if (!fast_kind) {
        const bool high = self->step - 2 < COUNT(driver) &&
                          (driver[self->step - 2].offset == ADI_AT_DEST_ADDRESS_HIGH ||
                           driver[self->step - 2].offset == ADI_AT_SRC_ADDRESS_HIGH);
        if (high && config->kind == ADI_SEQUENCE_DRIVER)
            self->step++;
        if (self->step - 2 >= COUNT(driver))
            return false;
        raise_write(self, driver[self->step - 2].offset, driver[self->step - 2].value);
        return true;
    }
    if (self->step == 1 && config->lengths.count == 0)
        self->step++; /* X_LENGTH was written once */
    if (self->step - 1 >= COUNT(fast))
        return false;
    raise_write(self, fast[self->step - 1].offset, fast[self->step - 1].value);
    return true;
}

/* What follows the B of a submit in cycle `now`. */
static void submitted(struct adi_sequence *self, sim_cycle now)
{
    const struct adi_sequence_config *config = self->config;
    self->started++;
    self->step = 0;
    if (config->kind == ADI_SEQUENCE_FAST) {
        self->phase = self->started < config->transfers ? PHASE_START : PHASE_END;
    } else if (config->pause_at != UINT32_MAX && !self->paused) {
        self->phase = PHASE_PAUSE;
        self->paused = true;
        self->ready_at = now + config->pause_at;
    } else if (config->abort_at != UINT32_MAX) {
        self->phase = PHASE_ABORT;
        self->ready_at = now + config->abort_at;
    } else {
        self->phase = PHASE_WAIT;
    }
}

/* ---- phases ---------------------------------------------------------------------------------- */

/* The access of the phase is over; for a read with this value. */
static void finished(struct adi_sequence *self, sim_cycle now, uint32_t value)
{
    const struct adi_sequence_config *config = self->config;
    const bool more = self->started < config->transfers;
    switch (self->phase) {
    case PHASE_MASK:
        self->phase = PHASE_ENABLE;
        break;
    case PHASE_ENABLE:
        self->phase = config->kind == ADI_SEQUENCE_FAST ? PHASE_LENGTH : PHASE_START;
        break;
    case PHASE_LENGTH:
        self->phase = PHASE_FLAGS;
        break;
    case PHASE_FLAGS:
        self->phase = PHASE_START;
        break;
    case PHASE_START:
        if (self->step > 0 || value == 0)
            self->step++;
        break; /* the end of the sequence is found when it has no further access */
    case PHASE_PAUSE:
        self->phase = PHASE_RESUME;
        self->ready_at = now + PAUSE_CYCLES;
        break;
    case PHASE_RESUME:
        self->phase = PHASE_WAIT;
        break;
    case PHASE_PENDING:
        self->service = value;
        self->phase = PHASE_CLEAR;
        break;
    case PHASE_CLEAR:
        self->phase = PHASE_DONE;
        break;
    case PHASE_DONE:
        self->phase = PHASE_ACTIVE;
        break;
    case PHASE_ACTIVE:
        self->phase = self->service & 1 && more ? PHASE_START : PHASE_WAIT;
        break;
    case PHASE_ACKNOWLEDGE:
        self->phase = more ? PHASE_START : PHASE_END;
        break;
    default:
        self->phase = PHASE_END;
        break;
    }
    if (self->phase == PHASE_DONE && !(self->service & 2))
        self->phase = self->service & 1 && more ? PHASE_START : PHASE_WAIT;
}

static void raise_next(struct adi_sequence *self, sim_cycle now)
{
    const struct adi_sequence_config *config = self->config;
    if (self->phase == PHASE_START && raise_start(self))
        return;
    if (self->phase == PHASE_START) {
        submitted(self, now);
        if (now < self->ready_at)
            return;
    }
    if (self->phase == PHASE_WAIT) {
        if (!wire_get(self->pending, self->kernel->now))
            return;
        self->phase = config->irq_mask ? PHASE_ACKNOWLEDGE : PHASE_PENDING;
        if (config->irq_mask) {
            self->ready_at = now + ACKNOWLEDGE_CYCLES;
            return;
        }
    }
    switch (self->phase) {
    case PHASE_MASK:
        raise_write(self, ADI_AT_IRQ_MASK, config->irq_mask);
        break;
    case PHASE_ENABLE:
    case PHASE_RESUME:
        raise_write(self, ADI_AT_CONTROL, 1);
        break;
    case PHASE_LENGTH:
        raise_write(self, ADI_AT_X_LENGTH, config->length_bytes - 1);
        break;
    case PHASE_FLAGS:
        raise_write(self, ADI_AT_FLAGS, 2);
        break;
    case PHASE_START:
        raise_start(self);
        break;
    case PHASE_PAUSE:
        raise_write(self, ADI_AT_CONTROL, 3);
        break;
    case PHASE_ABORT:
        raise_write(self, ADI_AT_CONTROL, 0);
        break;
    case PHASE_ACKNOWLEDGE:
        raise_write(self, ADI_AT_IRQ_PENDING, 3);
        break;
    case PHASE_PENDING:
        raise_read(self, ADI_AT_IRQ_PENDING);
        break;
    case PHASE_CLEAR:
        raise_write(self, ADI_AT_IRQ_PENDING, self->service);
        break;
    case PHASE_DONE:
        raise_read(self, ADI_AT_TRANSFER_DONE);
        break;
    case PHASE_ACTIVE:
        raise_read(self, ADI_AT_ACTIVE_TRANSFER_ID);
        break;
    default:
        break;
    }
}

/* Nothing is left to do, and no transfer is under way. */
static bool all_done(const struct adi_sequence *self)
{
    const sim_time time = self->unit.clock->time;
    const struct adi_sequence_config *config = self->config;
    if (axi_lite_open(&self->lite) || self->started < config->transfers)
        return false;
    if (config->abort_at != UINT32_MAX)
        return self->phase == PHASE_END;
    return wire_get(self->completed, time) >= config->transfers &&
           (self->phase == PHASE_END ||
            (self->phase == PHASE_WAIT && !wire_get(self->pending, time)));
}

static sim_cycle adi_sequence_step(void *sequence, sim_cycle now)
{
    struct adi_sequence *self = sequence;
    struct axi_lite *lite = &self->lite;
    if (axi_lite_edge(lite, now))
        finished(self, now, lite->value);
    if (!axi_lite_open(lite) && self->phase != PHASE_END && now >= self->ready_at)
        raise_next(self, now);
    axi_lite_drive(lite, now);
    if (self->holding && all_done(self)) {
        self->holding = false;
        kernel_release(self->kernel);
    }
    return !axi_lite_open(lite) && self->phase != PHASE_END && self->ready_at > now ? self->ready_at
                                                                                    : SIM_NEVER;
}

/* ---- from round to round --------------------------------------------------------------------- */

static const struct state_field round_rows[] = {
    {STATE_PART(struct adi_sequence, lite, axi_lite_round)},
    {STATE_COUNT(struct adi_sequence, started), .figure = true},
    {STATE_STAMP(struct adi_sequence, ready_at), .old = 1},
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(adi_sequence, round_rows)};

/* Up to the last transfer but one; with `lengths`, once all of them have been. */
static uint64_t round_limit(const void *sequence, const struct round *round, uint64_t times)
{
    const struct adi_sequence *self = sequence;
    const uint64_t growth = round_growth(round, &self->started);
    const uint64_t left = self->config->transfers - self->started;
    if (growth == 0)
        return times;
    if (left <= 1 || self->started < self->config->lengths.count)
        return 0;
    return (left - 1) / growth < times ? (left - 1) / growth : times;
}

static const struct round_hooks sequence_round = {.state = &round_state, .limit = round_limit};

/* ---- building -------------------------------------------------------------------------------- */

static int adi_sequence_create(struct build *build, struct component *component)
{
    const struct adi_sequence_config *config = component->config;
    const struct component *controller =
        &build->plan->components[SECTION_CONTROLLERS][config->controller];
    struct adi_sequence *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    struct axi_bus *bus = build_axi(build, config->bus);
    self->kernel = build->kernel;
    self->config = config;
    self->base = ((const struct adi_dmac_config *)controller->config)->base;
    self->ready_at = config->start_cycle ? config->start_cycle - 1 : 0;
    component->clock = bus->unit.clock;
    component->instance = self;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, adi_sequence_step,
               self);
    self->unit.round = &sequence_round;
    self->pending = adi_dmac_pending(controller, &self->unit);
    self->completed = adi_dmac_completed(controller, &self->unit);
    struct axi_port *port = build_axi_master(build, component, "bus", bus, &self->unit,
                                             component->name, AXI_READS | AXI_WRITES);
    if (!port || !self->pending || !self->completed)
        return DMASIM_INVALID;
    if (!axi_lite_init(&self->lite, port))
        return DMASIM_MEMORY;
    self->holding = true;
    kernel_hold(build->kernel);
    return DMASIM_OK;
}

static void adi_sequence_check(const struct plan *plan, const struct component *self,
                               struct check *check)
{
    const struct adi_sequence_config *config = self->config;
    const struct component *controller = &plan->components[SECTION_CONTROLLERS][config->controller];
    if (controller->type != &adi_dmac_type) {
        check->fail(check, self, "controller", "must be an adi,axi-dmac");
        return;
    }
    const struct adi_dmac_config *dmac = controller->config;
    if (dmac->bus != config->bus)
        check->fail(check, self, "bus", "must be that of the controller's registers");
}

static const char *const kind_names[] = {
    [ADI_SEQUENCE_DRIVER] = "driver",
    [ADI_SEQUENCE_FAST] = "fast",
    [ADI_SEQUENCE_DRIVER64] = "driver64",
    NULL,
};

static const struct parameter adi_sequence_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     PARAMETER_AT(adi_sequence_config, bus),
     .of = "axi",
     .doc = "Bus of the controller's registers."},
    {.name = "controller",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_CONTROLLER,
     PARAMETER_AT(adi_sequence_config, controller),
     .of = "adi,axi-dmac",
     .doc = "The controller it drives, alone."},
    {.name = "sequence",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(adi_sequence_config, kind),
     .names = kind_names,
     .doc = "driver: as the Linux driver starts a transfer; fast: as few accesses as possible."},
    {.name = "transfers",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(adi_sequence_config, transfers),
     .initial = 1,
     .min = 1,
     .max = UINT32_MAX,
     .doc = "How many transfers."},
    {.name = "length",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(adi_sequence_config, length_bytes),
     .min = 1,
     .max = UINT32_MAX,
     .doc = "Bytes of a transfer."},
    {.name = "step",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(adi_sequence_config, step_bytes),
     .initial = UINT64_MAX,
     .max = UINT32_MAX,
     .doc = "Bytes from one transfer's addresses to the next one's; none: length."},
    {.name = "lengths",
     .kind = PARAMETER_UINTS,
     PARAMETER_AT(adi_sequence_config, lengths),
     .min = 1,
     .max = UINT32_MAX,
     .doc = "Bytes of each transfer, if they differ."},
    {.name = "source",
     .kind = PARAMETER_ADDRESS,
     PARAMETER_AT(adi_sequence_config, source),
     .max = UINT32_MAX,
     .doc = "Where the first transfer reads."},
    {.name = "destination",
     .kind = PARAMETER_ADDRESS,
     PARAMETER_AT(adi_sequence_config, destination),
     .max = UINT32_MAX,
     .doc = "Where the first transfer writes."},
    {.name = "irq_mask",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(adi_sequence_config, irq_mask),
     .initial = 1,
     .max = 1,
     .doc = "IRQ_MASK: 1 only the end of a transfer interrupts, 0 its start too, and a service "
            "starts the next."},
    {.name = "start",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(adi_sequence_config, start_cycle),
     .initial = 60,
     .max = UINT32_MAX,
     .doc = "Cycle of the first access."},
    {.name = "pause_at",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(adi_sequence_config, pause_at),
     .initial = UINT32_MAX,
     .max = 1000000000,
     .doc = "Cycles from the submit to a pause."},
    {.name = "abort_at",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(adi_sequence_config, abort_at),
     .initial = UINT32_MAX,
     .max = 1000000000,
     .doc = "Cycles from the submit to a disable."},
    {.name = NULL},
};

const struct component_type adi_sequence_type = {
    .name = "adi-sequence",
    .section = SECTION_MASTERS,
    .doc = "A fixed driver of an ADI AXI DMAC, to the cycle.",
    .config_bytes = sizeof(struct adi_sequence_config),
    .parameters = adi_sequence_parameters,
    .create = adi_sequence_create,
    .check = adi_sequence_check,
};
