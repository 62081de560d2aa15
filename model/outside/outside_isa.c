/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outside_isa: the ISA end of a slave outside: by address, or, as a device with DREQ and DACK, by its
 * DACK; and the request line of such a device.
 *
 *   clock     T1      T2      T3      TW      T4
 *   half      L   H   L   H   L   H   L   H   L   H
 *   command   ________/-----------------------\____
 *   READY     --------\_______ ... __/-------------    low until the answer
 *   read              ^ event        ^ data from here on
 *   write                     ^ event: the data are there
 *
 * Timing
 *   A bus cycle is a request: a read in the half in which its command goes on, a write in the half before
 * the one at whose end READY is first looked at, or when the command goes on if that is later, or when
 * another slave outside that gives the data has answered. READY is low from the command on. Answered at t, it
 * is high, and data of a read are on the bus, in the half that ends with the first edge of a half later
 * than t, until the command goes off. Answered at the time of its request, an access of a CPU has no wait
 * state; nor has one of the 8237A, but for its late or compressed write, whose command comes with the look
 * at READY: one.
 *   With ready_first READY is low only from the half on at whose end it is first looked at, as long as there is no
 * answer, and with wait_states for so many looks at the least, as that of a memory is. What an 8237A's late or
 * compressed write brings in that very half is not held: the cycle ends, whenever it is answered.
 *   DREQ and EOP are on the bus in the half that ends with the first edge later than the call. DACK and EOP
 * are events of the half at whose edge they are seen to have changed.
 *   A command that goes off unanswered, say by a master clear, takes its request back.
 *
 * Inaccuracies: every answer is OKAY: ISA has no other. Of a device's access by DACK the address is that of
 * the memory.
 */
#include "outside/outside_isa.h"
#include "bus/isa/isa_component.h"
#include "outside/outside_slave.h"

struct outside_isa {
    struct outside_slave slave; /* first */
    struct isa_bus *bus;
    int index, controller;
    uint8_t channel, line; /* line: enum isa_line of the request */
    bool dreq_low, dack_high;
    struct isa_slave_out out;
    struct outside_levels levels; /* DACK and EOP */
};

static struct outside_request *request_of(struct outside_isa *self)
{
    return &self->slave.requests[0];
}

static void begin(struct outside_isa *self, enum isa_line line, const struct isa_command *command)
{
    struct outside_request *request = request_of(self);
    const bool io = line == ISA_IOR || line == ISA_IOW;
    self->line = (uint8_t)line;
    request->address =
        io && !command->dma ? ISA_PORT_BASE + (command->address & ISA_PORT_LAST) : command->address;
    request->beats = 1;
    request->beat_bytes = command->bytes;
    request->write = line == ISA_IOW || line == ISA_MEMW;
    request->dma = command->dma;
    request->master = self->bus->cycle.master;
    request->state = OUTSIDE_TAKING;
    if (!request->write)
        outside_ask(&self->slave, request);
}

/* The command that was on is off. */
static void end(struct outside_isa *self)
{
    struct outside_request *request = request_of(self);
    self->out.data = 0xffff;
    self->out.drives_data = self->out.released = false;
    if (request->state != OUTSIDE_FREE)
        outside_withdraw(&self->slave, request);
}

/* The half in which to look for the data of a write. */
static sim_cycle take_data(struct outside_isa *self, sim_cycle now)
{
    struct outside_request *request = request_of(self);
    const sim_cycle at = isa_data_at(self->bus, self->index, now);
    if (at != now)
        return at;
    request->data[0] = (uint8_t)self->bus->row.data;
    request->data[1] = (uint8_t)(self->bus->row.data >> 8);
    outside_ask(&self->slave, request);
    return SIM_NEVER;
}

static sim_cycle outside_isa_step(void *instance, sim_cycle now)
{
    struct outside_isa *self = instance;
    struct isa_bus *bus = self->bus;
    const struct isa_command *command;
    for (unsigned line = 0; line < ISA_LINES; line++)
        if (isa_ends(bus, self->index, (enum isa_line)line, now, &command))
            end(self);
    for (unsigned line = 0; line < ISA_LINES; line++)
        if (isa_begins(bus, self->index, (enum isa_line)line, now, &command))
            begin(self, (enum isa_line)line, command);
    isa_slave_drive(bus, self->index, &self->out);
    if (self->controller != ISA_NOBODY) {
        const bool dack = isa_dack(bus, self->controller, self->channel) == self->dack_high;
        const uint32_t level =
            (dack ? DMASIM_LEVEL_DACK : 0u) | (dack && !bus->row.eop_n ? DMASIM_LEVEL_EOP : 0u);
        outside_level(&self->slave.port, &self->levels, level);
    }
    return request_of(self)->state == OUTSIDE_TAKING ? take_data(self, now) : SIM_NEVER;
}

/* ---- calls ----------------------------------------------------------------------------------- */

static void drive_data(struct outside_isa *self, const struct outside_request *request)
{
    const unsigned high = request->beat_bytes > 1 ? request->data[1] : 0xffu;
    self->out.data = (uint16_t)(request->data[0] | high << 8);
    self->out.drives_data = true;
}

static void outside_isa_answered(struct outside_slave *slave, struct outside_request *request)
{
    struct outside_isa *self = (struct outside_isa *)slave;
    self->out.released = true;
    if (!request->write)
        drive_data(self, request);
    request->state = OUTSIDE_FREE;
    isa_slave_drive(self->bus, self->index, &self->out);
}

static void outside_isa_shows(struct outside_slave *slave, const struct outside_request *request)
{
    struct outside_isa *self = (struct outside_isa *)slave;
    drive_data(self, request);
    isa_slave_drive(self->bus, self->index, &self->out);
}

static int outside_isa_set(struct dmasim_port *port, uint32_t level)
{
    struct outside_isa *self = (struct outside_isa *)port;
    if (level & ~(uint32_t)(DMASIM_LEVEL_DREQ | DMASIM_LEVEL_EOP))
        return DMASIM_INVALID;
    const bool dreq = level & DMASIM_LEVEL_DREQ;
    self->out.eop = level & DMASIM_LEVEL_EOP;
    isa_slave_drive(self->bus, self->index, &self->out);
    isa_request(self->bus, self->controller, self->channel, outside_now(port),
                dreq != self->dreq_low);
    return DMASIM_OK;
}

static sim_time outside_isa_next(const struct dmasim_port *port)
{
    const struct outside_isa *self = (const struct outside_isa *)port;
    const sim_time request = outside_slave_next(port), level = outside_levels_next(&self->levels);
    return request < level ? request : level;
}

/* Of one time: the level first, which is DACK that comes before the command. */
static void outside_isa_take(struct dmasim_port *port, struct dmasim_event *event)
{
    struct outside_isa *self = (struct outside_isa *)port;
    if (outside_slave_next(port) < outside_levels_next(&self->levels))
        outside_slave_take(port, event);
    else
        outside_levels_take(port, &self->levels, event);
}

/* ---- building -------------------------------------------------------------------------------- */

static struct outside_isa *create(struct build *build, struct component *component,
                                  struct isa_bus *bus, const struct outside_type *type)
{
    struct outside_isa *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self || !outside_requests_create(build, &self->slave, 1, 2, false))
        return NULL;
    self->bus = bus;
    self->controller = ISA_NOBODY;
    self->out.data = 0xffff;
    self->slave.answered = outside_isa_answered;
    self->slave.shows = outside_isa_shows;
    self->slave.responses = 1u << DMASIM_RESPONSE_OKAY | 1u << DMASIM_RESPONSE_WAIT;
    component->instance = self;
    component->clock = bus->unit.clock;
    kernel_add(build->kernel, &self->slave.unit, component->name, component->clock,
               outside_isa_step, self);
    outside_join(build, &self->slave.port, type, component, &self->slave.unit);
    return self;
}

int outside_isa_create(struct build *build, struct component *component)
{
    static const struct outside_type type = {.kind = "slave",
                                             .answer = outside_slave_answer,
                                             .open = outside_slave_open,
                                             .next = outside_slave_next,
                                             .take = outside_slave_take};
    const struct outside_slave_config *config = component->config;
    struct isa_bus *bus = build_isa(build, config->bus);
    struct outside_isa *self = create(build, component, bus, &type);
    if (!self)
        return DMASIM_MEMORY;
    self->slave.config = config;
    int code = build_isa_slave(build, component, bus, &self->slave.unit, config->wait_states,
                               &self->index);
    if (code != DMASIM_OK)
        return code;
    isa_bus_holds(bus, self->index, config->ready_first);
    const bool port = config->base >= ISA_PORT_BASE;
    return build_isa_window(build, component, bus, self->index, port, "base",
                            port ? config->base - ISA_PORT_BASE : config->base, config->size_bytes);
}

struct isa_bus *outside_isa_bus(const struct build *build, const struct component *controller,
                                int *index)
{
    const struct dma_handshake *first = component_link(controller, PORT_REQUEST, 0);
    for (uint32_t i = 0; i < build->plan->counts[SECTION_BUSES]; i++) {
        const struct component *component = &build->plan->components[SECTION_BUSES][i];
        struct isa_bus *bus = component->type == &isa_type ? component->instance : NULL;
        for (uint32_t k = 0; bus && k < bus->controller_count; k++)
            if (bus->controllers[k].lines == first) {
                *index = (int)k;
                return bus;
            }
    }
    return NULL;
}

int outside_isa_line_create(struct build *build, struct component *component, struct isa_bus *bus,
                            int controller, struct dma_handshake *line, unsigned channel,
                            bool dreq_low, bool dack_high)
{
    static const struct outside_type type = {.kind = "request line",
                                             .answer = outside_slave_answer,
                                             .open = outside_slave_open,
                                             .set = outside_isa_set,
                                             .next = outside_isa_next,
                                             .take = outside_isa_take};
    struct outside_isa *self = create(build, component, bus, &type);
    if (!self)
        return DMASIM_MEMORY;
    self->controller = controller;
    self->channel = (uint8_t)channel;
    self->dreq_low = dreq_low;
    self->dack_high = dack_high;
    line->request.value = line->request.before = dreq_low;
    int code = build_isa_slave(build, component, bus, &self->slave.unit, 0, &self->index);
    if (code != DMASIM_OK)
        return code;
    isa_bus_holds(bus, self->index, false);
    isa_bus_dack(bus, self->index, controller, channel, dack_high);
    return DMASIM_OK;
}
