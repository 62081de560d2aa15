/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outside_slave: a slave whose accesses are answered from outside, now or much later.
 *
 * Requests go from free to free: taking (a write whose data are still to come), asked (an event), open (its
 * caller took the event), answered (the bus has still to be served), free. Everything else is the bus's own:
 * outside_ahb.c, outside_axi.c, outside_isa.c.
 */
#include "outside/outside_slave.h"
#include "kernel/base.h"

#include <string.h>

#include "bus/ahb/ahb_component.h"
#include "bus/axi/axi_component.h"
#include "bus/isa/isa_component.h"

bool outside_requests_create(struct build *build, struct outside_slave *self, uint32_t places,
                             size_t data_bytes, bool strobes)
{
    struct arena *arena = build->kernel->arena;
    self->places = places;
    self->requests = arena_alloc(arena, places * sizeof *self->requests);
    for (uint32_t i = 0; self->requests && i < places; i++) {
        struct outside_request *request = &self->requests[i];
        request->data = arena_alloc(arena, data_bytes);
        request->strobes = strobes ? arena_alloc(arena, (data_bytes + 7) / 8) : NULL;
        if (!request->data || (strobes && !request->strobes))
            return false;
    }
    return self->requests != NULL;
}

void outside_ask(struct outside_slave *self, struct outside_request *request)
{
    request->id = ++self->last_id;
    request->asked_ps = self->unit.clock->time;
    request->state = OUTSIDE_ASKED;
    outside_tell(&self->port, true);
}

/* The oldest request that was asked and not taken; null if there is none. */
static struct outside_request *first_asked(const struct outside_slave *self)
{
    struct outside_request *first = NULL;
    for (uint32_t i = 0; i < self->places; i++) {
        struct outside_request *request = &self->requests[i];
        if (request->state == OUTSIDE_ASKED && (!first || request->id < first->id))
            first = request;
    }
    return first;
}

sim_time outside_slave_next(const struct dmasim_port *port)
{
    const struct outside_request *first = first_asked((const struct outside_slave *)port);
    return first ? first->asked_ps : SIM_NEVER;
}

void outside_withdraw(struct outside_slave *self, struct outside_request *request)
{
    const bool told = request->state == OUTSIDE_ASKED;
    request->state = OUTSIDE_FREE;
    if (told)
        outside_took(&self->port);
}

static void describe(const struct outside_slave *self, const struct outside_request *request,
                     struct dmasim_event *event)
{
    event->kind = DMASIM_EVENT_REQUEST;
    event->time_ps = request->asked_ps;
    event->id = request->id;
    event->address = request->address;
    event->beats = request->beats;
    event->beat_bytes = request->beat_bytes;
    event->bytes = request->beats * request->beat_bytes;
    event->word_bytes = self->word_bytes;
    event->burst = request->burst;
    event->write = request->write;
    event->privileged = request->privileged;
    event->dma = request->dma;
    event->sequential = request->sequential;
    event->master = request->master;
    event->attributes = request->attributes;
    event->data = request->early   ? self->early(self, request)
                  : request->write ? request->data
                                   : NULL;
    event->strobes = request->write ? request->strobes : NULL;
}

void outside_slave_take(struct dmasim_port *port, struct dmasim_event *event)
{
    struct outside_slave *self = (struct outside_slave *)port;
    struct outside_request *request = first_asked(self);
    describe(self, request, event);
    request->state = OUTSIDE_OPEN;
    outside_took(port);
}

bool outside_slave_open(const struct dmasim_port *port, uint32_t index, struct dmasim_event *event)
{
    const struct outside_slave *self = (const struct outside_slave *)port;
    const struct outside_request *found = NULL;
    uint64_t after = 0;
    do {
        found = NULL;
        for (uint32_t i = 0; i < self->places; i++) {
            const struct outside_request *request = &self->requests[i];
            if (request->state == OUTSIDE_OPEN && request->id > after &&
                (!found || request->id < found->id))
                found = request;
        }
        after = found ? found->id : 0;
    } while (found && index-- > 0);
    if (found)
        describe(self, found, event);
    return found != NULL;
}

/* The data of a read; false: not as many as there must be. */
static bool take_answer(const struct outside_slave *self, struct outside_request *request,
                        const struct dmasim_answer *answer)
{
    const uint32_t bytes = request->beats * request->beat_bytes;
    const uint32_t words = self->word_bytes ? request->beats * self->word_bytes : bytes;
    request->words = answer->bytes == words;
    if (answer->response != DMASIM_RESPONSE_OKAY && answer->bytes == 0) {
        memset(request->data, 0, bytes);
        return true;
    }
    if (!answer->data || (answer->bytes != bytes && answer->bytes != words))
        return false;
    memcpy(request->data, answer->data, answer->bytes);
    return true;
}

int outside_slave_answer(struct dmasim_port *port, const struct dmasim_answer *answer)
{
    struct outside_slave *self = (struct outside_slave *)port;
    struct outside_request *request = NULL;
    for (uint32_t i = 0; i < self->places && !request; i++)
        if (self->requests[i].state == OUTSIDE_OPEN && self->requests[i].id == answer->id)
            request = &self->requests[i];
    if (!request || (unsigned)answer->response > DMASIM_RESPONSE_WAIT ||
        !(self->responses >> answer->response & 1))
        return DMASIM_INVALID;
    if (!request->write && !take_answer(self, request, answer))
        return DMASIM_INVALID;
    if (answer->response == DMASIM_RESPONSE_WAIT) {
        if (!request->write)
            self->shows(self, request);
        return DMASIM_OK;
    }
    request->response = (uint8_t)answer->response;
    request->state = OUTSIDE_ANSWERED;
    self->answered(self, request);
    return DMASIM_OK;
}

/* ---- the types ------------------------------------------------------------------------------- */

static const struct {
    const struct component_type *bus;
    int (*create)(struct build *build, struct component *component);
} ends[] = {
    {&ahb_type, outside_ahb_create},
    {&axi_type, outside_axi_create},
    {&isa_type, outside_isa_create},
};

#define ENDS (COUNT(ends))

static size_t end_of(const struct plan *plan, const struct component *self)
{
    const struct outside_slave_config *config = self->config;
    const struct component_type *bus = plan->components[SECTION_BUSES][config->bus].type;
    size_t i = 0;
    while (i < ENDS && ends[i].bus != bus)
        i++;
    return i;
}

static int outside_slave_create(struct build *build, struct component *component)
{
    return ends[end_of(build->plan, component)].create(build, component);
}

static void outside_slave_check(const struct plan *plan, const struct component *self,
                                struct check *check)
{
    const struct outside_slave_config *config = self->config;
    const struct component_type *bus = plan->components[SECTION_BUSES][config->bus].type;
    if (end_of(plan, self) == ENDS)
        check->fail(check, self, "bus", "no slave outside can be on a bus of type %s", bus->name);
}

static bool outside_slave_region(const struct component *self, uint32_t index,
                                 struct component_region *region)
{
    const struct outside_slave_config *config = self->config;
    *region = (struct component_region){
        .bus = config->bus, .base = config->base, .bytes = config->size_bytes};
    return index == 0;
}

static const struct parameter outside_slave_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     PARAMETER_AT(outside_slave_config, bus),
     .doc = "Bus it is a slave of."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(outside_slave_config, base),
     .max = UINT64_MAX,
     .doc = "First address; a multiple of what the bus asks for. ISA's port n is 0x8000_0000 + n."},
    {.name = "size",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(outside_slave_config, size_bytes),
     .min = 1,
     .max = UINT64_C(1) << 40,
     .doc = "Size; a multiple of what the bus asks for."},
    {.name = "outstanding_reads",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(outside_slave_config, reads_max),
     .initial = 1,
     .min = 1,
     .max = 64,
     .doc = "On AXI: bursts that may wait for their last R."},
    {.name = "outstanding_writes",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(outside_slave_config, writes_max),
     .initial = 1,
     .min = 1,
     .max = 64,
     .doc = "On AXI: bursts that may wait for their B."},
    {.name = "early_writes",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(outside_slave_config, early_writes),
     .doc = "On AHB: a write is asked at the edge that takes its address, with what HWDATA has "
            "from then on; so it "
            "can end without wait states."},
    {.name = "ready_first",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(outside_slave_config, ready_first),
     .doc = "On ISA: READY is low only where it is looked at and there is no answer, not from the "
            "command on."},
    {.name = "wait_states",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(outside_slave_config, wait_states),
     .max = 1000,
     .doc = "On ISA: clocks by which every access is longer, however soon it is answered."},
    {.name = NULL},
};

#define SLAVE_TYPE(in, text)                                                                       \
    {                                                                                              \
        .name = "outside", .section = (in), .doc = (text),                                         \
        .config_bytes = sizeof(struct outside_slave_config),                                       \
        .parameters = outside_slave_parameters, .create = outside_slave_create,                    \
        .check = outside_slave_check, .region = outside_slave_region                               \
    }

const struct component_type outside_memory_type =
    SLAVE_TYPE(SECTION_MEMORIES, "A slave that a caller of the library answers, taken as memory.");

const struct component_type outside_device_type =
    SLAVE_TYPE(SECTION_PERIPHERALS, "A slave that a caller of the library answers.");
