/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * i8237_causes: what a channel does in a half, for whoever asks where time went (plan/cause.h).
 *
 * A channel that is masked, or whose chip is disabled, is its driver's; so is one that has reached terminal count. Of
 * memory to memory both channels are channel 0.
 */
#include "bus/isa/isa_component.h"
#include "controllers/i8237/i8237_state.h"

bool i8237_does(const struct component *component, uint32_t channel, struct cause_wait *wait)
{
    const struct i8237 *self = component->instance;
    const struct i8237_service *service = &self->service;
    *wait = (struct cause_wait){.reason = CAUSE_PERIPHERAL, .elsewhere = CAUSE_FIFO};
    if (channel >= ISA_CHANNELS)
        return false;
    const bool pair = self->command & I8237_MEMORY_TO_MEMORY && channel == 1;
    const unsigned own = pair ? 0 : channel;
    const bool serves = self->state != I8237_SI && self->state != I8237_S0;
    const bool served = serves && service->channel == own;
    const unsigned requests = i8237_requests(self) >> own & 1;
    const bool cascade = (self->channels[own].mode & I8237_SERVICE) == I8237_CASCADE;
    const bool off = self->command & I8237_DISABLE || self->mask >> own & 1;
    wait->active = served || (!cascade && (!off || requests));
    if (served || (requests && !serves))
        cause_uses(wait, self->bus, 0, 1 + (unsigned)self->index, false);
    if (served || requests)
        wait->reason = serves && !served ? CAUSE_TURN : CAUSE_LATENCY;
    if (wait->use_count == 0)
        wait->elsewhere = wait->reason;
    return true;
}
