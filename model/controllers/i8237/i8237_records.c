/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * i8237_records: transfers of the 8237A as software that writes its registers makes them, for whoever listens
 * ("transfer"). Of a chip that calls of `work` run, those tell the transfers.
 *
 *   address, count written    S1 of the first service    S4 ...           S4 with TC or EOP
 *   ---|----------------------------|---------------------|------------------|---
 *   submit_ps (the last write)   issue_ps           bytes moved         callback_ps
 *
 * One that autoinitialisation begins, or a device that asks again, is submitted when it is issued. EOP from outside, a
 * write to the address or the count in mid-transfer and a master clear make it "stopped". Memory to memory is a
 * transfer of channel 0. The chip has no interrupt. A channel in cascade has no transfers; bytes that are verified are
 * not moved. Nothing here acts on the model.
 */
#include "controllers/i8237/i8237_state.h"

static const char *const modes[] = {"verify", "dev_to_mem", "mem_to_dev", "mem_to_mem",
                                    "mem_to_mem"};

static sim_time seen(const struct i8237 *self)
{
    const struct clock *clock = self->unit.clock;
    return clock_time(clock, clock_edge_after(clock, self->kernel->now));
}

static struct transfer_record record_of(const struct i8237 *self, unsigned number,
                                        const char *status)
{
    const struct i8237_channel *channel = &self->channels[number];
    return (struct transfer_record){
        .name = self->name,
        .call = "registers",
        .mode = modes[channel->kind],
        .controller = self->name,
        .channel = number,
        .bytes = channel->bytes,
        .submit_ps = channel->submit_ps,
        .issue_ps = channel->issue_ps,
        .interrupt_ps = SIM_NEVER,
        .callback_ps = SIM_NEVER,
        .status = status,
    };
}

void i8237_transfer_served(struct i8237 *self, unsigned number)
{
    struct i8237_channel *channel = &self->channels[number];
    if (channel->begun)
        return;
    channel->begun = true;
    round_mark(&self->unit);
    i8237_check_begin(self, number);
    channel->kind = 0;
    channel->bytes = 0;
    channel->issue_ps = self->kernel->now;
    channel->submit_ps =
        channel->programmed_ps == SIM_NEVER ? channel->issue_ps : channel->programmed_ps;
    channel->programmed_ps = SIM_NEVER;
}

void i8237_transfer_byte(struct i8237 *self, unsigned number, uint8_t kind)
{
    struct i8237_channel *channel = &self->channels[number];
    channel->kind = kind;
    if (kind != 0 && kind != 3) /* what memory to memory reads it writes */
        channel->bytes += UINT64_C(1) << self->shift;
}

void i8237_transfer_ended(struct i8237 *self, unsigned number, const char *status)
{
    struct i8237_channel *channel = &self->channels[number];
    if (!channel->begun)
        return;
    channel->begun = false;
    if (!probe_observed(&self->transfer_probe))
        return;
    struct transfer_record record = record_of(self, number, status);
    record.callback_ps = seen(self);
    probe_publish(&self->transfer_probe, self->unit.clock->cycle, &record);
}

void i8237_transfer_programmed(struct i8237 *self, unsigned number)
{
    i8237_transfer_ended(self, number, "stopped");
    self->channels[number].programmed_ps = self->kernel->now;
}

bool i8237_unended(const struct component *component, uint32_t index,
                   struct transfer_record *record)
{
    const struct i8237 *self = component->instance;
    if (component->driven)
        return false;
    for (unsigned number = 0; number < ISA_CHANNELS; number++) {
        if (!self->channels[number].begun || index-- > 0)
            continue;
        *record = record_of(self, number, "unfinished");
        return true;
    }
    return false;
}
