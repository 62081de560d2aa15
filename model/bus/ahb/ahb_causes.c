/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahb_causes: what a settled row of an AHB was used for; the conditions are those of plan/cause.c.
 *
 *   data phase   HREADY low: wait of its slave; high: a beat            before anything else:
 *   address      NONSEQ, SEQ without a data phase; BUSY                 the data phase is what moves bytes
 *   IDLE         who asks: hand-over, lock, an owner that does nothing
 */
#include "bus/ahb/ahb_component.h"

static bool at(uint32_t vector, uint32_t index)
{
    return vector >> index & 1;
}

static struct cause plain(enum cause_kind kind)
{
    return (struct cause){.kind = (uint8_t)kind};
}

/* The data phase of this row. */
static struct cause of_data(const struct ahb_bus *bus, const struct cause_cycle *cycle)
{
    const struct ahb_row *row = &bus->row;
    if (row->hresp != AHB_OKAY)
        return plain(CAUSE_FAILED);
    if (!row->hready)
        return (struct cause){CAUSE_WAIT, bus->slaves[bus->data_slave].name};
    if (at(cycle->registers, (uint32_t)bus->data_slave))
        return plain(CAUSE_REGISTER);
    return plain(at(cycle->fetching[0], (uint32_t)bus->data_master) ? CAUSE_DESCRIPTOR
                                                                    : CAUSE_DATA);
}

/* HTRANS IDLE, no data phase, HBUSREQ of this master high; it may be the owner. */
static struct cause of_asking(const struct ahb_bus *bus, uint32_t master)
{
    const struct ahb_row *row = &bus->row;
    const uint32_t owner = row->hmaster, mine = UINT32_C(1) << owner;
    if (!bus->config.arbiter.ignore_lock && (row->hmastlock || at(row->hlock, owner)))
        return plain(CAUSE_LOCK);
    if (master == owner || row->hgrant != mine || bus->arbiter.candidate != mine)
        return plain(CAUSE_HANDOVER);
    return plain(CAUSE_OWNER_IDLE);
}

static struct cause of_bus(const struct ahb_bus *bus, const struct cause_cycle *cycle)
{
    const struct ahb_row *row = &bus->row;
    if (bus->data_slave >= 0)
        return of_data(bus, cycle);
    if (row->htrans != AHB_IDLE)
        return plain(row->htrans == AHB_BUSY ? CAUSE_FIFO : CAUSE_ADDRESS);
    const uint32_t others = row->hbusreq & ~(UINT32_C(1) << row->hmaster);
    if (row->hbusreq == 0)
        return plain(CAUSE_UNASKED);
    return of_asking(bus, others ? (uint32_t)__builtin_ctz(others) : row->hmaster);
}

/* From the side of one master. */
static struct cause of_master(const struct ahb_bus *bus, const struct cause_cycle *cycle,
                              uint32_t master)
{
    const struct ahb_row *row = &bus->row;
    const bool data = bus->data_slave >= 0;
    const uint32_t holder = data ? (uint32_t)bus->data_master : row->hmaster;
    if (data && holder == master)
        return of_data(bus, cycle);
    const bool shows = row->hmaster == master && row->htrans != AHB_IDLE;
    if (!shows && !at(row->hbusreq, master))
        return plain(CAUSE_UNASKED);
    if (data && !(shows && row->hready))
        return (struct cause){CAUSE_ARBITRATION, bus->masters[holder].name};
    if (shows)
        return plain(row->htrans == AHB_BUSY ? CAUSE_FIFO : CAUSE_ADDRESS);
    if (row->htrans != AHB_IDLE)
        return (struct cause){CAUSE_ARBITRATION, bus->masters[holder].name};
    return of_asking(bus, master);
}

static struct cause ahb_cause(const struct component *self, const struct cause_cycle *cycle,
                              sim_cycle now, uint32_t path, uint32_t master)
{
    (void)now;
    (void)path;
    const struct ahb_bus *bus = self->instance;
    return master == CAUSE_WHOLE ? of_bus(bus, cycle) : of_master(bus, cycle, master);
}

static const char *master_name(const struct component *self, uint32_t index)
{
    const struct ahb_bus *bus = self->instance;
    return index < bus->master_count ? bus->masters[index].name : NULL;
}

static const char *slave_name(const struct component *self, uint32_t index)
{
    const struct ahb_bus *bus = self->instance;
    return index < bus->slave_count ? bus->slaves[index].name : NULL;
}

const struct cause_bus ahb_causes = {
    .paths = {""}, .master = master_name, .slave = slave_name, .cause = ahb_cause};
