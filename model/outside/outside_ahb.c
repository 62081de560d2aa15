/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outside_ahb: the AHB end of a slave outside.
 *
 * Source: AMBA Specification rev 2.0 (Arm IHI 0011A), 3.4, 3.9.
 *
 *   edge           n        n+1      n+2      n+3
 *   address        | A      |        |        |       taken at edge n
 *   read event     ^
 *   HWDATA                  D |               |
 *   write event             ^                         HWDATA is there from the cycle after the address
 *   HREADY         --------\______ ... __/-------     low until the answer
 *
 * Timing
 *   A beat is a request: a read when its address is taken, a write one cycle later, with HWDATA. Answered
 * at t, the data phase ends with the first edge later than t: OKAY in one cycle, ERROR and RETRY one cycle
 * later, since they take two (3.9.3). So a read that is answered at the time of its request has no wait
 * states, a write has one. Nobody steps while HREADY is low.
 *   With early_writes a write is asked when its address is taken, as a read is: its master's register has HWDATA
 * from that edge on, and it is from there that the event has the data. So a write too may have no wait states.
 *   Lanes that a read did not ask for are 0, unless the answer is a whole word. While HREADY is low HRDATA is what
 * DMASIM_RESPONSE_WAIT brought, 0 before.
 *   After RETRY the master asks for the same beat again, which is a request of its own.
 *
 * Inaccuracies: no SPLIT.
 */
#include <string.h>

#include "bus/ahb/ahb_component.h"
#include "outside/outside_slave.h"

struct outside_ahb {
    struct outside_slave slave; /* first */
    struct ahb_bus *bus;
    int index;
    uint8_t hmaster; /* whose request it is */
};

static void take_address(struct outside_ahb *self, const struct ahb_access *access)
{
    struct outside_request *request = &self->slave.requests[0];
    ahb_slave_wait(self->bus, self->index);
    request->address = access->haddr;
    request->beats = 1;
    request->beat_bytes = UINT32_C(1) << access->hsize;
    request->write = access->hwrite;
    request->sequential = access->htrans == AHB_SEQ;
    request->privileged = access->hprot >> 1 & 1; /* 3.7 */
    request->master = self->bus->masters[access->hmaster].name;
    request->attributes = (struct dmasim_attributes){.id = access->hmaster,
                                                     .prot = access->hprot,
                                                     .burst = access->hburst,
                                                     .lock = access->hmastlock};
    request->early = request->write && self->slave.config->early_writes;
    self->hmaster = access->hmaster;
    request->state = OUTSIDE_TAKING;
    if (!request->write || request->early)
        outside_ask(&self->slave, request);
}

static const uint8_t *early_data(const struct outside_slave *slave,
                                 const struct outside_request *request)
{
    const struct outside_ahb *self = (const struct outside_ahb *)slave;
    const struct ahb_master_out *out = &self->bus->links.master[self->hmaster];
    return (const uint8_t *)out->hwdata.lane + (request->address & self->bus->lane_mask);
}

static sim_cycle outside_ahb_step(void *instance, sim_cycle now)
{
    struct outside_ahb *self = instance;
    struct outside_request *request = &self->slave.requests[0];
    const struct ahb_bus *bus = self->bus;
    const struct ahb_access *access;
    if (request->state == OUTSIDE_TAKING) {
        memcpy(request->data,
               (const uint8_t *)bus->row.hwdata.lane + (request->address & bus->lane_mask),
               request->beat_bytes);
        outside_ask(&self->slave, request);
    } else if (ahb_slave_address(bus, self->index, now, &access)) {
        take_address(self, access);
    }
    return request->state == OUTSIDE_TAKING ? now + 1 : SIM_NEVER;
}

static struct ahb_data lanes_of(const struct outside_ahb *self,
                                const struct outside_request *request)
{
    struct ahb_data data = {{0, 0}};
    if (request->write)
        return data;
    if (request->words)
        memcpy(data.lane, request->data, self->slave.word_bytes);
    else
        memcpy((uint8_t *)data.lane + (request->address & self->bus->lane_mask), request->data,
               request->beat_bytes);
    return data;
}

static void outside_ahb_shows(struct outside_slave *slave, const struct outside_request *request)
{
    struct outside_ahb *self = (struct outside_ahb *)slave;
    self->bus->links.slave[self->index].hrdata = lanes_of(self, request);
    unit_wake(&self->bus->unit);
}

static void outside_ahb_answered(struct outside_slave *slave, struct outside_request *request)
{
    static const uint8_t hresp[] = {[DMASIM_RESPONSE_OKAY] = AHB_OKAY,
                                    [DMASIM_RESPONSE_ERROR] = AHB_ERROR,
                                    [DMASIM_RESPONSE_RETRY] = AHB_RETRY};
    struct outside_ahb *self = (struct outside_ahb *)slave;
    const struct ahb_data data = lanes_of(self, request);
    request->state = OUTSIDE_FREE;
    ahb_slave_end_wait(self->bus, self->index, outside_cycle(&slave->port),
                       (enum ahb_resp)hresp[request->response], &data);
}

int outside_ahb_create(struct build *build, struct component *component)
{
    static const struct outside_type type = {.kind = "slave",
                                             .answer = outside_slave_answer,
                                             .open = outside_slave_open,
                                             .next = outside_slave_next,
                                             .take = outside_slave_take};
    const struct outside_slave_config *config = component->config;
    struct outside_ahb *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    struct outside_slave *slave = &self->slave;
    self->bus = build_ahb(build, config->bus);
    slave->config = config;
    slave->word_bytes = self->bus->lane_mask + 1u;
    slave->answered = outside_ahb_answered;
    slave->shows = outside_ahb_shows;
    slave->early = early_data;
    slave->responses = 1u << DMASIM_RESPONSE_OKAY | 1u << DMASIM_RESPONSE_ERROR |
                       1u << DMASIM_RESPONSE_RETRY | 1u << DMASIM_RESPONSE_WAIT;
    if (!outside_requests_create(build, slave, 1, sizeof(struct ahb_data), false))
        return DMASIM_MEMORY;
    component->instance = self;
    component->clock = self->bus->unit.clock;
    kernel_add(build->kernel, &slave->unit, component->name, component->clock, outside_ahb_step,
               self);
    outside_join(build, &slave->port, &type, component, &slave->unit);
    return build_ahb_slave(build, component, self->bus, &slave->unit, config->base,
                           config->size_bytes, &self->index);
}
