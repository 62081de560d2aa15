/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * observed_figures: the figures of a run as an observer of every record counts them, against which what the units
 * count themselves is held. Shares no code with that.
 *
 * A row of an AHB that holds for k cycles is accounted for when it ends: in its first cycle the data phase is
 * that of the address accepted before; if HREADY is high it is over, and in the other k - 1 cycles it is that of
 * this row's own address.
 */
#ifndef OBSERVED_FIGURES_H
#define OBSERVED_FIGURES_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/ahb/ahb.h"
#include "bus/axi/axi.h"
#include "bus/records.h"
#include "observed_axi.h"
#include "system.h"

enum { OBSERVED_PROBES = 96, OBSERVED_FIGURES = 640, OBSERVED_MASTERS = 16, OBSERVED_NAME = 96 };

struct observed_master {
    const char *name; /* null: no such master */
    uint64_t data, wait, retried, grant_wait, held, losses, bytes, errors, broken;
    uint64_t waiting, longest; /* cycles of grant_wait that follow one another */
    uint64_t reads, writes;
    uint32_t burst_left;
};

/* What CPUs wait for: sums, and what their ports had waited when the access began. */
struct observed_stall {
    uint64_t grant, waits, pressure, longest;
    uint64_t grant_then, waits_then, pressure_then;
};

struct observed;

/* What is heard at one probe. */
struct observed_probe {
    struct probe_observer observer; /* first */
    struct observed *all;
    const struct probe *probe;
    struct observed_stall stall;
    struct ahb_row row; /* holds from cycle `since` on */
    sim_cycle since;
    int data_master; /* whose data phase cycle `since` is; -1: none */
    bool known;
    uint64_t cycles, busy, data, wait, bytes, errors, retries, bursts, broken, reads, writes;
    struct observed_master masters[OBSERVED_MASTERS];
    uint64_t beats, descriptors, writebacks, stalls, requests, request_cycles, longest, overruns,
        underruns, max_level, edges;
    uint8_t level;
    struct {
        uint64_t strikes, first;
    } errata[16];
};

struct observed {
    struct observed_probe probes[OBSERVED_PROBES];
    unsigned probe_count;
    struct {
        char name[OBSERVED_NAME];
        uint64_t value;
    } figures[OBSERVED_FIGURES];
    unsigned figure_count;
    struct observed_axi interconnects[OBSERVED_INTERCONNECTS];
    unsigned interconnect_count;
};

/* ---- an AHB ---------------------------------------------------------------------------------- */

static bool observed_moves(const struct ahb_row *row)
{
    return row->htrans == AHB_NONSEQ || row->htrans == AHB_SEQ;
}

static void observed_phase(struct observed_probe *self, uint64_t cycles)
{
    const struct ahb_row *row = &self->row;
    if (!row->hready)
        self->wait += cycles;
    if (self->data_master < 0)
        return;
    struct observed_master *master = &self->masters[self->data_master];
    self->busy += cycles;
    if (!row->hready) {
        master->wait += cycles;
    } else if (row->hresp == AHB_OKAY) {
        self->data += cycles;
        master->data += cycles;
    }
}

static void observed_rows(struct observed_probe *self, uint64_t cycles)
{
    const struct ahb_row *row = &self->row;
    if (cycles == 0)
        return;
    self->cycles += cycles;
    if (row->htrans == AHB_BUSY)
        self->masters[row->hmaster].held += cycles;
    for (unsigned i = 0; i < OBSERVED_MASTERS; i++) {
        struct observed_master *one = &self->masters[i];
        const bool waits = row->hbusreq >> i & 1 && row->hmaster != i;
        one->waiting = waits ? one->waiting + cycles : 0;
        one->longest = one->waiting > one->longest ? one->waiting : one->longest;
        if (!waits)
            continue;
        one->grant_wait += cycles;
        if (row->hready && observed_moves(row) && !(row->hgrant >> i & 1))
            self->masters[i].losses += cycles;
    }
    observed_phase(self, 1);
    if (row->hready)
        self->data_master = observed_moves(row) ? row->hmaster : -1;
    if (cycles > 1)
        observed_phase(self, cycles - 1);
}

static void observed_row(struct observed_probe *self, sim_cycle now, const void *record)
{
    if (self->known)
        observed_rows(self, now - self->since);
    self->since = now;
    self->known = true;
    self->row = *(const struct ahb_row *)record;
}

static void observed_ahb_beat(struct observed_probe *self, const struct ahb_beat *beat)
{
    struct observed_master *master = &self->masters[beat->master_index];
    const unsigned beats = ahb_burst_beats(beat->hburst);
    if (beat->htrans == AHB_NONSEQ) {
        self->bursts++;
        self->broken += master->burst_left != 0;
        master->broken += master->burst_left != 0;
        master->burst_left = beats > 1 ? beats : 0;
    }
    if (beat->hresp == AHB_OKAY) {
        master->burst_left -= master->burst_left != 0;
        self->bytes += UINT64_C(1) << beat->hsize;
        master->bytes += UINT64_C(1) << beat->hsize;
    } else if (beat->hresp == AHB_ERROR) {
        master->burst_left = 0;
        self->errors++;
        master->errors++;
    } else {
        if (master->burst_left == beats)
            master->burst_left = 0;
        self->retries++;
        master->retried++;
    }
}

/* ---- other probes ---------------------------------------------------------------------------- */

static void observed_bus_beat(struct observed_probe *self, const struct bus_beat_record *beat)
{
    unsigned i = 0;
    while (self->masters[i].name && self->masters[i].name != beat->master)
        i++;
    struct observed_master *master = &self->masters[i];
    master->name = beat->master;
    self->reads += !beat->write;
    master->reads += !beat->write;
    self->writes += beat->write;
    master->writes += beat->write;
    self->bytes += beat->error ? 0 : beat->bytes;
    master->bytes += beat->error ? 0 : beat->bytes;
    self->errors += beat->error;
    master->errors += beat->error;
}

static uint64_t observed_least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* A CPU's access is over. On an AHB what it did not wait for its slave, it waited for the bus; on AXI what it did not
 * wait for the grant or READY, it waited for its slave. */
static void observed_stall(struct observed_probe *cpu, uint64_t stall)
{
    struct observed_stall *self = &cpu->stall;
    const struct observed *all = cpu->all;
    const char *name = cpu->probe->name;
    uint64_t grant = stall, waits = 0, pressure = 0;
    self->longest = stall > self->longest ? stall : self->longest;
    for (unsigned i = 0; i < all->probe_count; i++) {
        const struct observed_probe *rows = &all->probes[i], *beats = rows + 1;
        if (strcmp(rows->probe->type->name, "ahb_row") != 0)
            continue;
        const struct ahb_bus *bus = rows->probe->owner;
        while (beats->probe->owner != bus)
            beats++;
        for (unsigned m = 0; m < OBSERVED_MASTERS; m++) {
            if (!bus->masters[m].name || strcmp(bus->masters[m].name, name) != 0)
                continue;
            const uint64_t waited = rows->masters[m].wait + beats->masters[m].retried;
            waits = observed_least(waited - self->waits_then, stall);
            grant = stall - waits;
            self->waits_then = waited;
        }
    }
    for (unsigned i = 0; i < all->interconnect_count; i++)
        for (unsigned p = 0; p < all->interconnects[i].count; p++) {
            const struct observed_axi_port *port = &all->interconnects[i].ports[p];
            if (!port->port->master || strcmp(port->port->name, name) != 0)
                continue;
            grant = observed_least(port->grant - self->grant_then, stall);
            pressure = observed_least(port->pressure - self->pressure_then, stall - grant);
            waits = stall - grant - pressure;
            self->grant_then = port->grant;
            self->pressure_then = port->pressure;
        }
    self->grant += grant;
    self->waits += waits;
    self->pressure += pressure;
}

static void observed_notify(struct probe_observer *observer, const struct probe *probe,
                            sim_cycle now, const void *record)
{
    struct observed_probe *self = (struct observed_probe *)observer;
    const char *type = probe->type->name;
    if (strcmp(type, "ahb_row") == 0) {
        observed_row(self, now, record);
    } else if (strcmp(type, "ahb_beat") == 0) {
        observed_ahb_beat(self, record);
    } else if (probe->type == &bus_beat_probe_type) {
        observed_bus_beat(self, record);
    } else if (probe->type == &dma_beat_probe_type) {
        const struct dma_beat_record *beat = record;
        self->beats++;
        self->descriptors += beat->purpose == DMA_DESCRIPTOR;
        self->writebacks += beat->purpose == DMA_WRITEBACK;
        self->errors += beat->error;
    } else if (probe->type == &cpu_access_probe_type) {
        const struct cpu_access_record *access = record;
        self->reads += !access->write;
        self->writes += access->write;
        self->errors += access->error;
        self->stalls += access->stall_cycles;
        observed_stall(self, access->stall_cycles);
    } else if (probe->type == &fifo_probe_type) {
        const struct fifo_record *fifo = record;
        self->overruns = fifo->overruns;
        self->underruns = fifo->underruns;
        self->max_level = fifo->level > self->max_level ? fifo->level : self->max_level;
    } else if (probe->type == &interval_probe_type) {
        const struct interval_record *interval = record;
        const uint64_t cycles = interval->ps / probe->clock->period_ps;
        self->requests += interval->kind == INTERVAL_REQUEST;
        self->request_cycles += cycles;
        self->longest = cycles > self->longest ? cycles : self->longest;
    } else if (probe->type == &interrupt_probe_type) {
        const struct interrupt_record *interrupt = record;
        self->edges += interrupt->level && !self->level;
        self->level = interrupt->level;
    } else if (probe->type == &erratum_probe_type) {
        const struct erratum_record *erratum = record;
        if (self->errata[erratum->number].strikes++ == 0)
            self->errata[erratum->number].first = now;
    }
}

static bool observed_counts(const struct probe *probe)
{
    static const char *const types[] = {"ahb_row",  "ahb_beat",   "bus_beat",
                                        "dma_beat", "cpu_access", "fifo",
                                        "interval", "interrupt",  "erratum"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(probe->type->name, types[i]) == 0)
            return true;
    return false;
}

/* Joins all probes that figures are made of. The system must be one that steps every cycle. */
static struct observed *observed_open(const struct system *system)
{
    struct observed *self = calloc(1, sizeof *self);
    ck_assert_ptr_nonnull(self);
    for (struct probe *p = system->probes; p; p = p->link) {
        if (!observed_counts(p))
            continue;
        if (p->type == &bus_beat_probe_type) {
            ck_assert_uint_lt(self->interconnect_count, OBSERVED_INTERCONNECTS);
            observed_axi_open(&self->interconnects[self->interconnect_count++], p->owner);
        }
        ck_assert_uint_lt(self->probe_count, OBSERVED_PROBES);
        struct observed_probe *one = &self->probes[self->probe_count++];
        one->probe = p;
        one->all = self;
        one->data_master = -1;
        one->observer.notify = observed_notify;
        probe_observe(p, &one->observer);
    }
    return self;
}

/* ---- by name --------------------------------------------------------------------------------- */

static void observed_put(struct observed *self, const char *group, const char *name,
                         const char *master, const char *figure, uint64_t value)
{
    ck_assert_uint_lt(self->figure_count, OBSERVED_FIGURES);
    char *text = self->figures[self->figure_count].name;
    const int length = snprintf(text, OBSERVED_NAME, "%s.%s%s%s.%s", group, name,
                                master ? ".master." : "", master ? master : "", figure);
    ck_assert_int_lt(length, OBSERVED_NAME);
    self->figures[self->figure_count++].value = value;
}

/* The rows' probe is in front of that of the beats. */
static void observed_tell_ahb(struct observed *self, struct observed_probe *rows)
{
    const struct ahb_bus *bus = rows->probe->owner;
    const char *name = rows->probe->name;
    const struct observed_probe *beats = rows;
    do
        beats++;
    while (beats->probe->owner != bus);
    observed_put(self, "bus", name, NULL, "cycles", rows->cycles);
    observed_put(self, "bus", name, NULL, "busy_cycles", rows->busy);
    observed_put(self, "bus", name, NULL, "data_cycles", rows->data);
    observed_put(self, "bus", name, NULL, "wait_cycles", rows->wait);
    uint64_t grant = 0, held = 0;
    for (unsigned i = 0; i < OBSERVED_MASTERS; i++) {
        grant += rows->masters[i].grant_wait;
        held += rows->masters[i].held;
    }
    observed_put(self, "bus", name, NULL, "grant_wait_cycles", grant);
    observed_put(self, "bus", name, NULL, "back_pressure_cycles", held);
    observed_put(self, "bus", name, NULL, "bytes", beats->bytes);
    observed_put(self, "bus", name, NULL, "errors", beats->errors);
    observed_put(self, "bus", name, NULL, "retries", beats->retries);
    observed_put(self, "bus", name, NULL, "bursts", beats->bursts);
    observed_put(self, "bus", name, NULL, "bursts_broken", beats->broken);
    for (unsigned i = 0; i < AHB_MASTERS_MAX; i++) {
        const char *master = bus->masters[i].name;
        if (!master)
            continue;
        observed_put(self, "bus", name, master, "data_cycles", rows->masters[i].data);
        observed_put(self, "bus", name, master, "wait_cycles", rows->masters[i].wait);
        observed_put(self, "bus", name, master, "grant_wait_cycles", rows->masters[i].grant_wait);
        observed_put(self, "bus", name, master, "longest_wait", rows->masters[i].longest);
        observed_put(self, "bus", name, master, "back_pressure_cycles", rows->masters[i].held);
        observed_put(self, "bus", name, master, "arbitration_losses", rows->masters[i].losses);
        observed_put(self, "bus", name, master, "bytes", beats->masters[i].bytes);
        observed_put(self, "bus", name, master, "errors", beats->masters[i].errors);
        observed_put(self, "bus", name, master, "bursts_broken", beats->masters[i].broken);
    }
}

static void observed_tell_waits(struct observed *self, struct observed_axi *bus, sim_time now)
{
    const char *name = bus->bus->name;
    uint64_t grant = 0, wait = 0, pressure = 0;
    observed_axi_to(bus, clock_edge_after(bus->bus->unit.clock, now));
    for (unsigned i = 0; i < bus->count; i++) {
        const struct observed_axi_port *one = &bus->ports[i];
        grant += one->grant;
        wait += one->wait;
        pressure += one->pressure;
    }
    observed_put(self, "bus", name, NULL, "grant_wait_cycles", grant);
    observed_put(self, "bus", name, NULL, "wait_cycles", wait);
    observed_put(self, "bus", name, NULL, "back_pressure_cycles", pressure);
}

static void observed_tell_beats(struct observed *self, const struct observed_probe *bus,
                                sim_time now)
{
    const char *name = bus->probe->name;
    struct observed_axi *axi = NULL;
    for (unsigned i = 0; i < self->interconnect_count; i++)
        if (self->interconnects[i].bus == bus->probe->owner)
            axi = &self->interconnects[i];
    if (axi)
        observed_tell_waits(self, axi, now);
    observed_put(self, "bus", name, NULL, "cycles", clock_edge_after(bus->probe->clock, now));
    observed_put(self, "bus", name, NULL, "reads", bus->reads);
    observed_put(self, "bus", name, NULL, "writes", bus->writes);
    observed_put(self, "bus", name, NULL, "bytes", bus->bytes);
    observed_put(self, "bus", name, NULL, "errors", bus->errors);
    for (const struct observed_master *master = bus->masters; master->name; master++) {
        for (unsigned i = 0; axi && i < axi->count; i++) {
            const struct observed_axi_port *one = &axi->ports[i];
            if (!one->port->master || strcmp(one->port->name, master->name) != 0)
                continue;
            observed_put(self, "bus", name, master->name, "grant_wait_cycles", one->grant);
            observed_put(self, "bus", name, master->name, "wait_cycles", one->wait);
            observed_put(self, "bus", name, master->name, "back_pressure_cycles", one->pressure);
        }
        observed_put(self, "bus", name, master->name, "reads", master->reads);
        observed_put(self, "bus", name, master->name, "writes", master->writes);
        observed_put(self, "bus", name, master->name, "bytes", master->bytes);
        observed_put(self, "bus", name, master->name, "errors", master->errors);
    }
}

/* Intervals of an entry of `work` are no counter's, and a device without them has no levels. */
static bool observed_has(const struct observed *self, const struct probe_type *type,
                         const char *name)
{
    for (unsigned i = 0; i < self->probe_count; i++)
        if (self->probes[i].probe->type == type && strcmp(self->probes[i].probe->name, name) == 0)
            return true;
    return false;
}

static void observed_tell_unit(struct observed *self, const struct observed_probe *one)
{
    const char *name = one->probe->name;
    const struct probe_type *type = one->probe->type;
    if (type == &dma_beat_probe_type) {
        observed_put(self, "controller", name, NULL, "beats", one->beats);
        observed_put(self, "controller", name, NULL, "descriptor_beats", one->descriptors);
        observed_put(self, "controller", name, NULL, "writeback_beats", one->writebacks);
        observed_put(self, "controller", name, NULL, "error_beats", one->errors);
    } else if (type == &cpu_access_probe_type) {
        observed_put(self, "cpu", name, NULL, "accesses", one->reads + one->writes);
        observed_put(self, "cpu", name, NULL, "reads", one->reads);
        observed_put(self, "cpu", name, NULL, "writes", one->writes);
        observed_put(self, "cpu", name, NULL, "errors", one->errors);
        observed_put(self, "cpu", name, NULL, "stall_cycles", one->stalls);
        observed_put(self, "cpu", name, NULL, "longest_stall", one->stall.longest);
        observed_put(self, "cpu", name, NULL, "grant_wait_cycles", one->stall.grant);
        observed_put(self, "cpu", name, NULL, "wait_cycles", one->stall.waits);
        observed_put(self, "cpu", name, NULL, "back_pressure_cycles", one->stall.pressure);
    } else if (type == &fifo_probe_type) {
        observed_put(self, "fifo", name, NULL, "overruns", one->overruns);
        observed_put(self, "fifo", name, NULL, "underruns", one->underruns);
        if (observed_has(self, &interval_probe_type, name))
            observed_put(self, "fifo", name, NULL, "max_level", one->max_level);
    } else if (type == &interval_probe_type && observed_has(self, &fifo_probe_type, name)) {
        observed_put(self, "fifo", name, NULL, "requests", one->requests);
        observed_put(self, "fifo", name, NULL, "request_cycles", one->request_cycles);
        observed_put(self, "fifo", name, NULL, "longest_request", one->longest);
    } else if (type == &interrupt_probe_type) {
        observed_put(self, "interrupt", name, NULL, "count", one->edges);
    } else if (type == &erratum_probe_type) {
        for (unsigned i = 0; i < 16; i++) {
            char figure[32];
            if (!one->errata[i].strikes)
                continue;
            snprintf(figure, sizeof figure, "erratum_%u.strikes", i);
            observed_put(self, "controller", name, NULL, figure, one->errata[i].strikes);
            snprintf(figure, sizeof figure, "erratum_%u.first", i);
            observed_put(self, "controller", name, NULL, figure, one->errata[i].first);
        }
    }
}

/* The figures as they are at `now`, which every edge at or before it was stepped for. */
static void observed_tell(struct observed *self, sim_time now)
{
    self->figure_count = 0;
    for (unsigned i = 0; i < self->probe_count; i++) {
        struct observed_probe *one = &self->probes[i];
        if (strcmp(one->probe->type->name, "ahb_row") == 0) {
            const struct ahb_row row = one->row;
            if (one->known) /* counted up to here, and goes on */
                observed_row(one, clock_edge_after(one->probe->clock, now), &row);
            observed_tell_ahb(self, one);
        } else if (one->probe->type == &bus_beat_probe_type) {
            observed_tell_beats(self, one, now);
        } else {
            observed_tell_unit(self, one);
        }
    }
}

/* False if there is no such figure. */
static bool observed_find(const struct observed *self, const char *name, uint64_t *value)
{
    for (unsigned i = 0; i < self->figure_count; i++)
        if (strcmp(self->figures[i].name, name) == 0) {
            *value = self->figures[i].value;
            return true;
        }
    return false;
}

#endif
