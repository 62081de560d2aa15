/* SPDX-License-Identifier: BSD-2-Clause */
#include "bus/axi/axi_lite.h"

#include <string.h>

static uint32_t give(void *lite, const struct axi_beat *beat, struct axi_give *give)
{
    const struct axi_lite *self = lite;
    memcpy(give->lanes + beat->lane, &self->written, sizeof self->written);
    return 1;
}

static const struct state_field round_rows[] = {
    {STATE_PART(struct axi_lite, master, axi_master_round)},
    {.name = NULL},
};
const struct state_table axi_lite_round = {STATE_TABLE(axi_lite, round_rows)};

bool axi_lite_init(struct axi_lite *self, struct axi_port *port)
{
    const struct axi_master_config config = {
        .channels = AXI_READS | AXI_WRITES, .parked = AXI_TO_MASTER, .give = give, .owner = self};
    return axi_master_init(&self->master, port, &config);
}

static void access(struct axi_lite *self, uint64_t addr, bool write)
{
    const struct axi_command command = {
        .addr = addr, .bytes = 4, .size = 2, .burst = AXI_INCR, .write = write};
    self->value = 0;
    axi_master_queue(&self->master, &command);
}

void axi_lite_read(struct axi_lite *self, uint64_t addr)
{
    access(self, addr, false);
}

void axi_lite_write(struct axi_lite *self, uint64_t addr, uint32_t value)
{
    self->written = value;
    access(self, addr, true);
}

bool axi_lite_edge(struct axi_lite *self, sim_cycle now)
{
    struct axi_events events;
    axi_master_edge(&self->master, now, &events);
    if (events.fires & AXI_BIT_R)
        memcpy(&self->value, events.r_data, sizeof self->value);
    return events.done != 0;
}

void axi_lite_drive(struct axi_lite *self, sim_cycle now)
{
    axi_master_drive(&self->master, now);
}
