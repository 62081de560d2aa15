/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * observed_axi: what masters of an AXI interconnect wait for, cycle by cycle from the wires of all its ports, against
 * which what the interconnect counts itself is held (observed_figures.h). Shares no code with that.
 */
#ifndef OBSERVED_AXI_H
#define OBSERVED_AXI_H

#include <check.h>
#include <string.h>

#include "bus/axi/axi.h"
#include "system.h"

enum { OBSERVED_PORTS = 16, OBSERVED_INTERCONNECTS = 4 };

struct observed_axi_port {
    struct probe_observer observer; /* first */
    struct observed_axi *bus;
    const struct axi_port *port;
    struct axi_row row;                             /* holds */
    uint64_t reads_open, addresses, lasts, answers; /* handed over: writes' AW, last W, B */
    uint64_t grant, wait, pressure;
};

struct observed_axi {
    const struct axi_bus *bus;
    struct observed_axi_port ports[OBSERVED_PORTS];
    unsigned count;
    sim_cycle next; /* cycle that is to be looked at, with the rows that hold now */
};

/* Is the master's address at a slave in this cycle? In a pair it always is. */
static bool observed_axi_shown(const struct observed_axi *self,
                               const struct observed_axi_port *master, bool write)
{
    const uint8_t channels = write ? AXI_WRITES : AXI_READS;
    if ((self->bus->crossing & channels) == 0)
        return true;
    for (unsigned i = 0; i < self->count; i++) {
        const struct axi_row *row = &self->ports[i].row;
        if (self->ports[i].port->master)
            continue;
        if (write ? row->awvalid && row->awid >> 24 == master->port->index
                  : row->arvalid && row->arid >> 24 == master->port->index)
            return true;
    }
    return false;
}

static void observed_axi_cycle(struct observed_axi *self, struct observed_axi_port *master)
{
    const struct axi_row *row = &master->row;
    const bool ar = row->arvalid && (row->arready || observed_axi_shown(self, master, false));
    const bool aw = row->awvalid && (row->awready || observed_axi_shown(self, master, true));
    master->grant += row->arvalid && !ar;
    master->grant += row->awvalid && !aw;
    master->pressure += ar && !row->arready;
    master->pressure += row->rvalid && !row->rready;
    master->pressure += (aw && !row->awready) ||
                        (row->wvalid && !row->wready && (aw || !row->awvalid)) ||
                        (row->bvalid && !row->bready);
    master->wait += master->reads_open > 0 && !row->rvalid;
    const bool b = row->bvalid && row->bready;
    master->wait += master->addresses > master->answers && master->lasts >= master->addresses && !b;
    master->reads_open += row->arvalid && row->arready;
    master->reads_open -= row->rvalid && row->rready && row->rlast;
    master->addresses += row->awvalid && row->awready;
    master->lasts += row->wvalid && row->wready && row->wlast;
    master->answers += b;
}

/* All cycles before `now`. */
static void observed_axi_to(struct observed_axi *self, sim_cycle now)
{
    for (; self->next < now; self->next++)
        for (unsigned i = 0; i < self->count; i++)
            if (self->ports[i].port->master)
                observed_axi_cycle(self, &self->ports[i]);
}

static void observed_axi_notify(struct probe_observer *observer, const struct probe *probe,
                                sim_cycle now, const void *record)
{
    struct observed_axi_port *port = (struct observed_axi_port *)observer;
    (void)probe;
    observed_axi_to(port->bus, now);
    memcpy(&port->row, record, offsetof(struct axi_row, data));
}

static void observed_axi_open(struct observed_axi *self, const struct axi_bus *bus)
{
    memset(self, 0, sizeof *self);
    self->bus = bus;
    ck_assert_uint_le(bus->master_count + bus->slave_count, OBSERVED_PORTS);
    for (unsigned i = 0; i < bus->master_count + bus->slave_count; i++) {
        struct axi_port *port =
            i < bus->master_count ? bus->masters[i] : bus->slaves[i - bus->master_count];
        struct observed_axi_port *one = &self->ports[self->count++];
        one->bus = self;
        one->port = port;
        one->observer.notify = observed_axi_notify;
        probe_observe(&port->row_probe, &one->observer);
    }
}

#endif
