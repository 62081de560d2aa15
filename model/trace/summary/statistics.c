/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_statistics: counting.
 *
 * A row of the bus that holds for k cycles is accounted for when it ends: in its first cycle the
 * data phase is that of the address accepted before; if HREADY is high it is over, and in the other
 * k - 1 cycles it is that of this row's own address.
 */
#include "trace/summary/statistics.h"

#include <stdlib.h>
#include <string.h>

#include "trace/summary/statistics_state.h"

/* ---- buses --------------------------------------------------------------------------------- */

static bool moves(const struct ahb_row *row)
{
    return row->htrans == AHB_NONSEQ || row->htrans == AHB_SEQ;
}

/* `cycles` cycles of the held row, all with the same data phase. */
static void count_phase(struct bus_counts *self, uint64_t cycles)
{
    const struct ahb_row *row = &self->row;
    if (!row->hready)
        self->wait_cycles += cycles;
    if (self->data_master < 0)
        return;
    struct master_counts *master = &self->masters[self->data_master];
    self->busy_cycles += cycles;
    if (!row->hready) {
        master->wait_cycles += cycles;
    } else if (row->hresp == AHB_OKAY) {
        self->data_cycles += cycles;
        master->data_cycles += cycles;
    }
}

static void count_row(struct bus_counts *self, uint64_t cycles)
{
    const struct ahb_row *row = &self->row;
    if (cycles == 0)
        return;
    self->cycles += cycles;
    uint32_t waiting = row->hbusreq & ~(UINT32_C(1) << row->hmaster);
    uint32_t losing = row->hready && moves(row) ? waiting & ~row->hgrant : 0;
    for (; waiting; waiting &= waiting - 1) {
        unsigned i = (unsigned)__builtin_ctz(waiting);
        if (i >= AHB_MASTERS_MAX)
            break;
        self->masters[i].request_wait_cycles += cycles;
        if (losing >> i & 1)
            self->masters[i].arbitration_losses += cycles;
    }
    count_phase(self, 1);
    if (row->hready)
        self->data_master = moves(row) ? row->hmaster % AHB_MASTERS_MAX : -1;
    if (cycles > 1)
        count_phase(self, cycles - 1);
}

static void notify_row(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                       const void *record)
{
    (void)probe;
    struct bus_counts *self = (struct bus_counts *)observer; /* `rows` is its first member */
    if (self->known)
        count_row(self, now - self->since);
    self->since = now;
    self->known = true;
    self->row = *(const struct ahb_row *)record;
}

static void notify_beat(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                        const void *record)
{
    (void)probe;
    (void)now;
    struct bus_counts *self =
        (struct bus_counts *)((char *)observer - offsetof(struct bus_counts, beats));
    const struct ahb_beat *beat = record;
    struct master_counts *master = &self->masters[beat->master_index % AHB_MASTERS_MAX];
    unsigned beats = ahb_burst_beats(beat->hburst & 7);
    master->name = beat->master;
    if (beat->htrans == AHB_NONSEQ) {
        self->bursts++;
        if (master->burst_left) {
            self->bursts_broken++;
            master->bursts_broken++;
        }
        master->burst_left = beats > 1 ? beats : 0;
    }
    switch (beat->hresp) {
    case AHB_OKAY:
        if (master->burst_left)
            master->burst_left--;
        self->bytes += UINT64_C(1) << beat->hsize;
        master->bytes += UINT64_C(1) << beat->hsize;
        break;
    case AHB_ERROR:
        master->burst_left = 0;
        self->errors++;
        master->errors++;
        break;
    default:
        if (master->burst_left == beats)
            master->burst_left = 0; /* the first beat: the whole burst comes again */
        self->retries++;
        break;
    }
}

/* ---- controllers and transfers ------------------------------------------------------------- */

static struct controller_counts *controller(struct trace_statistics *self, const char *name)
{
    for (uint32_t i = 0; i < self->controller_count; i++)
        if (strcmp(self->controllers[i]->name, name) == 0)
            return self->controllers[i];
    struct controller_counts **table =
        realloc(self->controllers, (self->controller_count + 1) * sizeof(*table));
    if (table)
        self->controllers = table;
    struct controller_counts *counts = calloc(1, sizeof *counts);
    if (!table || !counts) {
        free(counts);
        self->failed = true;
        return NULL;
    }
    counts->name = name;
    for (const struct probe *p = self->system->probes; p; p = p->link)
        counts->tells |= statistics_is(p, "dma_beat") && strcmp(p->name, name) == 0;
    self->controllers[self->controller_count++] = counts;
    return counts;
}

static void notify_dma_beat(struct probe_observer *observer, const struct probe *probe,
                            sim_cycle now, const void *record)
{
    (void)probe;
    (void)now;
    struct unit_counts *self = (struct unit_counts *)observer;
    const struct dma_beat_record *beat = record;
    if (!self->controller || self->controller_name != beat->controller) {
        self->controller = controller(self->all, beat->controller);
        self->controller_name = beat->controller;
        if (!self->controller)
            return;
        self->controller->tells = true;
    }
    self->controller->beats++;
    self->controller->descriptor += beat->purpose == DMA_DESCRIPTOR;
    self->controller->writeback += beat->purpose == DMA_WRITEBACK;
    self->controller->errors += beat->error != 0;
}

static bool count_transfer(struct latencies *self, const struct transfer_record *record)
{
    self->transfers++;
    if (strcmp(record->status, "complete") != 0) {
        self->failed++;
        return true;
    }
    self->bytes += record->bytes;
    if (record->submit_ps == SIM_NEVER || record->callback_ps == SIM_NEVER ||
        record->callback_ps < record->submit_ps)
        return true;
    if (self->count == self->size) {
        size_t size = self->size ? 2 * self->size : 64;
        uint64_t *ps = realloc(self->ps, size * sizeof *ps);
        if (!ps)
            return false;
        self->ps = ps;
        self->size = size;
    }
    self->ps[self->count++] = record->callback_ps - record->submit_ps;
    return true;
}

static void notify_transfer(struct probe_observer *observer, const struct probe *probe,
                            sim_cycle now, const void *record)
{
    (void)probe;
    (void)now;
    struct trace_statistics *all = ((struct unit_counts *)observer)->all;
    const struct transfer_record *transfer = record;
    if (!count_transfer(&all->latencies, transfer))
        all->failed = true;
    if (!transfer->controller)
        return;
    struct controller_counts *counts = controller(all, transfer->controller);
    if (counts && !count_transfer(&counts->latencies, transfer))
        all->failed = true;
}

/* ---- CPUs, FIFOs, interrupts --------------------------------------------------------------- */

static void notify_access(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                          const void *record)
{
    (void)probe;
    (void)now;
    struct unit_counts *self = (struct unit_counts *)observer;
    const struct cpu_access_record *access = record;
    self->accesses++;
    self->writes += access->write != 0;
    self->errors += access->error != 0;
    self->stall_cycles += access->stall_cycles;
}

static void notify_fifo(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                        const void *record)
{
    (void)probe;
    (void)now;
    struct unit_counts *self = (struct unit_counts *)observer;
    const struct fifo_record *fifo = record;
    self->overruns = fifo->overruns;
    self->underruns = fifo->underruns;
    if (fifo->level > self->max_level)
        self->max_level = fifo->level;
}

static void notify_interrupt(struct probe_observer *observer, const struct probe *probe,
                             sim_cycle now, const void *record)
{
    (void)probe;
    (void)now;
    struct unit_counts *self = (struct unit_counts *)observer;
    const struct interrupt_record *interrupt = record;
    self->edges += interrupt->level && !self->level;
    self->level = interrupt->level;
}

static void notify_erratum(struct probe_observer *observer, const struct probe *probe,
                           sim_cycle now, const void *record)
{
    (void)probe;
    errata_add(&((struct unit_counts *)observer)->errata, now, record);
}

/* ---- opening and closing ------------------------------------------------------------------- */

static const struct unit_kind {
    const char *type;
    void (*notify)(struct probe_observer *, const struct probe *, sim_cycle, const void *);
} unit_kinds[] = {
    {"dma_beat", notify_dma_beat}, {"transfer", notify_transfer},   {"cpu_access", notify_access},
    {"fifo", notify_fifo},         {"interrupt", notify_interrupt}, {"erratum", notify_erratum},
};

static const struct unit_kind *kind_of(const struct probe *probe)
{
    for (size_t i = 0; i < sizeof unit_kinds / sizeof unit_kinds[0]; i++)
        if (statistics_is(probe, unit_kinds[i].type))
            return &unit_kinds[i];
    return NULL;
}

static void open_bus(struct bus_counts *self, const struct system *system, struct probe *rows)
{
    const struct ahb_bus *bus = rows->owner;
    self->probe = rows;
    self->data_master = -1;
    self->width_bits = bus ? bus->width_bits : 32;
    for (uint32_t i = 0; bus && i < AHB_MASTERS_MAX; i++)
        self->masters[i].name = bus->masters[i].name;
    self->rows.notify = notify_row;
    probe_witness(rows, &self->rows);
    for (struct probe *p = system->probes; p; p = p->link) {
        if (statistics_is(p, "ahb_beat") && strcmp(p->name, rows->name) == 0) {
            self->beats.notify = notify_beat;
            probe_witness(p, &self->beats);
            break;
        }
    }
}

/* ---- other buses ----------------------------------------------------------------------------- */

static void count_bus_beat(struct beat_counts *self, const struct bus_beat_record *beat)
{
    self->reads += !beat->write;
    self->writes += beat->write;
    self->bytes += beat->error ? 0 : beat->bytes;
    self->errors += beat->error;
}

static void notify_bus_beat(struct probe_observer *observer, const struct probe *probe,
                            sim_cycle now, const void *record)
{
    struct bus_beats *self = (struct bus_beats *)observer;
    const struct bus_beat_record *beat = record;
    (void)probe;
    (void)now;
    count_bus_beat(&self->all, beat);
    for (unsigned i = 0; beat->master && i < BEAT_MASTERS_MAX; i++) {
        struct beat_counts *master = &self->masters[i];
        if (!master->master)
            master->master = beat->master;
        if (master->master == beat->master) {
            count_bus_beat(master, beat);
            return;
        }
    }
}

struct trace_statistics *trace_statistics_open(const struct system *system,
                                               struct dmasim_error *error)
{
    uint32_t buses = 0, others = 0, units = 0;
    for (const struct probe *p = system->probes; p; p = p->link) {
        buses += statistics_is(p, "ahb_row");
        others += statistics_is(p, "bus_beat");
        units += kind_of(p) != NULL;
    }
    struct trace_statistics *self = calloc(1, sizeof *self);
    if (self) {
        self->system = system;
        self->buses = calloc(buses + 1, sizeof *self->buses);
        self->others = calloc(others + 1, sizeof *self->others);
        self->units = calloc(units + 1, sizeof *self->units);
        const struct plan *plan = system->plan;
        for (uint32_t i = 0; plan && i < plan->counts[SECTION_CONTROLLERS]; i++)
            controller(self, plan->components[SECTION_CONTROLLERS][i].name);
    }
    if (!self || !self->buses || !self->others || !self->units || self->failed) {
        trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
        trace_statistics_free(self);
        return NULL;
    }
    for (struct probe *p = system->probes; p; p = p->link) {
        if (statistics_is(p, "ahb_row"))
            open_bus(&self->buses[self->bus_count++], system, p);
        if (statistics_is(p, "bus_beat")) {
            struct bus_beats *bus = &self->others[self->other_count++];
            bus->probe = p;
            bus->observer.notify = notify_bus_beat;
            probe_witness(p, &bus->observer);
        }
        const struct unit_kind *kind = kind_of(p);
        if (kind) {
            struct unit_counts *unit = &self->units[self->unit_count++];
            unit->probe = p;
            unit->all = self;
            unit->observer.notify = kind->notify;
            probe_witness(p, &unit->observer);
        }
    }
    trace_statistics_repeat_open(self);
    return self;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(struct controller_counts *const *)a)->name,
                  (*(struct controller_counts *const *)b)->name);
}

int trace_statistics_close(struct trace_statistics *self, sim_time final_time,
                           struct dmasim_error *error)
{
    self->final_time = final_time;
    for (uint32_t i = 0; i < self->bus_count; i++) {
        struct bus_counts *bus = &self->buses[i];
        const struct clock *clock = bus->probe->clock;
        if (!bus->known || final_time < clock->phase_ps)
            continue;
        sim_cycle last = (final_time - clock->phase_ps) / clock->period_ps;
        if (last >= bus->since)
            count_row(bus, last - bus->since + 1);
    }
    if (self->latencies.count)
        qsort(self->latencies.ps, self->latencies.count, sizeof(uint64_t), by_value);
    if (self->controller_count)
        qsort(self->controllers, self->controller_count, sizeof *self->controllers, by_name);
    for (uint32_t i = 0; i < self->controller_count; i++) {
        struct latencies *latencies = &self->controllers[i]->latencies;
        if (latencies->count)
            qsort(latencies->ps, latencies->count, sizeof(uint64_t), by_value);
    }
    if (self->failed)
        return trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
    return DMASIM_OK;
}

void trace_statistics_free(struct trace_statistics *self)
{
    if (!self)
        return;
    for (uint32_t i = 0; i < self->controller_count; i++) {
        free(self->controllers[i]->latencies.ps);
        free(self->controllers[i]);
    }
    free(self->controllers);
    free(self->latencies.ps);
    free(self->buses);
    free(self->others);
    free(self->units);
    free(self->kept);
    free(self);
}
