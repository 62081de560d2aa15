/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_bench: one run of an ADI AXI DMAC with a script and what its sides need, and what came of it. The
 * rules of AXI4-Stream at its output are checked in every cycle by a look at the link itself.
 */
#ifndef DMASIM_TESTS_ADI_BENCH_H
#define DMASIM_TESTS_ADI_BENCH_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "controllers/adi/adi_dmac_watch.h"
#include "kernel/random.h"
#include "referee/adi_case.h"
#include "referee/adi_ports_case.h"
#include "system.h"

#define BENCH_SCRIPT_BYTES 8192
#define BENCH_OUTPUT_BYTES (1u << 16)
#define BENCH_EVENTS 16384

struct bench_event {
    sim_cycle cycle;
    struct rtl_event_record event;
};

struct bench {
    struct adi_ports_case wiring;
    char script[BENCH_SCRIPT_BYTES];
    uint8_t memory[ADI_PORTS_MEMORY_BYTES]; /* before the run, then behind it */
    bool look_at_stream;                    /* step by step, for the rules of the output */
    bool watch_rows;
    void *observers; /* while it runs */

    /* What came of it. */
    uint64_t hash;      /* of all events */
    uint64_t rows_hash; /* of the rows of streams and FIFOs as they change, each apart */
    /* Sums over what happens at streams and FIFOs, by the events and by the rows. */
    uint64_t told, seen;
    uint64_t transfers, transfer_bytes; /* that were told, and are complete */
    struct bench_event events[BENCH_EVENTS];
    unsigned event_count;
    uint32_t errata; /* bit of each that struck */
    bool wrong_last, timed_out;
    unsigned broken; /* rules of the output stream */
    sim_cycle end;
    struct adi_counts counts;
    uint8_t output[BENCH_OUTPUT_BYTES];
    size_t output_bytes;
    uint32_t reads[64], read_count;
};

/* The rows of one stream or FIFO. */
struct bench_rows {
    struct probe_observer observer;
    struct bench *bench;
    const struct probe *probe;
    sim_cycle since; /* `row` holds from here on */
    uint64_t hash;
    union {
        struct axi_stream_row stream;
        struct fifo_row fifo;
    } row;
};

struct bench_observers {
    struct probe_observer events, errata, output, transfers;
    struct bench_rows rows[2];
    struct bench *bench;
};

static inline struct bench *bench_new(void)
{
    struct bench *self = calloc(1, sizeof *self);
    ck_assert_ptr_nonnull(self);
    adi_ports_case_init(&self->wiring);
    self->wiring.script.limit_cycle = 60000;
    return self;
}

static inline void bench_script(struct bench *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline void bench_script(struct bench *self, const char *format, ...)
{
    size_t used = strlen(self->script);
    va_list args;
    va_start(args, format);
    int length = vsnprintf(self->script + used, sizeof self->script - used, format, args);
    va_end(args);
    ck_assert_int_lt(length, (int)(sizeof self->script - used));
}

static inline uint64_t bench_mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15) + (hash >> 29);
}

static inline uint64_t bench_moved(const char *event, sim_cycle cycle, uint64_t word)
{
    uint64_t hash = bench_mix(cycle + 1, word);
    for (const char *c = event; *c; c++)
        hash = bench_mix(hash, (uint8_t)*c);
    return hash;
}

/* Adds what the row shows in each cycle up to `end`. */
static inline void bench_rows_until(struct bench_rows *self, sim_cycle end)
{
    const bool input = self == &((struct bench_observers *)self->bench->observers)->rows[0];
    const char *type = self->probe->type->name;
    for (sim_cycle n = self->since; n < end; n++) {
        uint64_t *seen = &self->bench->seen;
        if (strcmp(type, "axi_stream_row") == 0) {
            uint32_t word;
            memcpy(&word, self->row.stream.tdata, sizeof word);
            if (self->row.stream.tvalid && self->row.stream.tready)
                *seen += bench_moved(input ? "S" : "M", n,
                                     word + self->row.stream.tuser + 2u * self->row.stream.tlast);
            continue;
        }
        const struct fifo_row *row = &self->row.fifo;
        const bool writes = strcmp(type, "fifo_write_row") == 0;
        if (row->en)
            *seen += bench_moved(writes ? "FIFO_WR" : "FIFO_RD_EN", n,
                                 (writes ? (uint32_t)row->data[0] : 0) + row->xfer_req);
        if (row->valid)
            *seen += bench_moved("FIFO_RD", n, (uint32_t)row->data[0]);
        if (row->lost)
            *seen += bench_moved(writes ? "FIFO_OVF" : "FIFO_UNF", n, 0);
    }
    self->since = end;
}

static inline void bench_row(struct probe_observer *observer, const struct probe *probe,
                             sim_cycle now, const void *record)
{
    struct bench_rows *self = (struct bench_rows *)observer;
    const size_t bytes = probe->type->record_bytes;
    if (memcmp(&self->row, record, bytes) == 0)
        return;
    bench_rows_until(self, now);
    memcpy(&self->row, record, bytes);
    self->hash = bench_mix(self->hash, now);
    for (size_t i = 0; i < bytes; i++)
        self->hash = bench_mix(self->hash, ((const uint8_t *)record)[i]);
}

static inline void bench_transfer(struct probe_observer *observer, const struct probe *probe,
                                  sim_cycle now, const void *record)
{
    struct bench *self =
        ((struct bench_observers *)((char *)observer - offsetof(struct bench_observers, transfers)))
            ->bench;
    const struct transfer_record *transfer = record;
    const struct transfer_beats *beats = transfer->beats;
    const uint64_t fields[] = {now,
                               transfer->channel,
                               transfer->bytes,
                               transfer->submit_ps,
                               transfer->issue_ps,
                               transfer->interrupt_ps,
                               transfer->callback_ps,
                               beats->first_ps,
                               beats->last_ps,
                               beats->data,
                               beats->descriptor};
    (void)probe;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        self->hash = bench_mix(self->hash, fields[i]);
    if (strcmp(transfer->status, "complete") != 0)
        return;
    self->transfers++;
    self->transfer_bytes += transfer->bytes;
}

/* Follows the rows of the streams and FIFOs. */
static inline void bench_watch(struct bench_observers *observers, struct probe *probes)
{
    unsigned count = observers->bench->wiring.dmac.source_type == ADI_MEMORY;
    for (struct probe *p = probes; p; p = p->link) {
        const char *type = p->type->name;
        if (strcmp(type, "axi_stream_row") != 0 && strncmp(type, "fifo_", 5) != 0)
            continue;
        ck_assert_uint_lt(count, 2);
        struct bench_rows *rows = &observers->rows[count++];
        rows->bench = observers->bench;
        rows->probe = p;
        rows->observer.notify = bench_row;
        probe_observe(p, &rows->observer);
    }
}

static inline void bench_event(struct probe_observer *observer, const struct probe *probe,
                               sim_cycle now, const void *record)
{
    struct bench *self =
        ((struct bench_observers *)((char *)observer - offsetof(struct bench_observers, events)))
            ->bench;
    const struct rtl_event_record *event = record;
    uint64_t hash = bench_mix(self->hash, now);
    (void)probe;
    for (const char *c = event->event; *c; c++)
        hash = bench_mix(hash, (uint8_t)*c);
    hash = bench_mix(bench_mix(hash, event->value), event->len);
    if (strcmp(event->event, "S") == 0 || strcmp(event->event, "M") == 0)
        self->told +=
            bench_moved(event->event, now, (uint32_t)event->value + event->len + 2u * event->last);
    else if (strncmp(event->event, "FIFO_", 5) == 0)
        self->told += bench_moved(event->event, now, (uint32_t)event->value + event->len);
    self->hash = bench_mix(bench_mix(hash, event->last), event->valid_since);
    if (self->event_count < BENCH_EVENTS)
        self->events[self->event_count++] = (struct bench_event){now, *event};
}

static inline void bench_erratum(struct probe_observer *observer, const struct probe *probe,
                                 sim_cycle now, const void *record)
{
    struct bench *self =
        ((struct bench_observers *)((char *)observer - offsetof(struct bench_observers, errata)))
            ->bench;
    (void)probe, (void)now;
    self->errata |= 1u << ((const struct erratum_record *)record)->number;
}

static inline void bench_output(struct probe_observer *observer, const struct probe *probe,
                                sim_cycle now, const void *record)
{
    struct bench *self =
        ((struct bench_observers *)((char *)observer - offsetof(struct bench_observers, output)))
            ->bench;
    const struct stream_record *stream = record;
    (void)probe, (void)now;
    for (unsigned i = 0; i < stream->bytes && self->output_bytes < BENCH_OUTPUT_BYTES; i++)
        self->output[self->output_bytes++] = (uint8_t)(stream->value >> 8 * i);
}

/* Cycle by cycle: what was offered and not taken stays as it is (IHI 0051A 2.2.1). */
static inline void bench_look(struct bench *self, struct kernel *kernel, struct axi_stream *link)
{
    struct axi_stream_beat before;
    bool waits = false;
    for (sim_cycle cycle = 0; kernel->quiet_since == SIM_NEVER && cycle < 100000; cycle++) {
        kernel_advance(kernel, cycle * ADI_PORTS_PERIOD_PS, 0);
        struct axi_stream_view view = axi_stream_look(link, cycle * ADI_PORTS_PERIOD_PS);
        if (waits &&
            (!view.valid || view.beat->last != before.last || view.beat->user != before.user ||
             memcmp(view.beat->data, before.data, link->bytes) != 0))
            self->broken++;
        waits = view.valid && !view.ready;
        if (waits)
            before = *view.beat;
    }
}

static inline void bench_run(struct bench *self, unsigned flags)
{
    struct check check = {.fail = adi_case_fail};
    struct bench_observers observers = {.events = {.notify = bench_event},
                                        .errata = {.notify = bench_erratum},
                                        .output = {.notify = bench_output},
                                        .bench = self};
    struct system system;
    self->hash = self->rows_hash = self->told = self->seen = 0;
    self->observers = &observers;
    self->errata = self->broken = self->event_count = self->read_count = 0;
    self->output_bytes = 0;
    self->wiring.script.script = self->script;
    adi_ports_case_wire(&self->wiring);
    ck_assert_int_eq(system_create(&system, &self->wiring.plan, flags, &check), DMASIM_OK);
    probe_observe(system_probe(&system, "rtl_event", NULL), &observers.events);
    probe_observe(system_probe(&system, "erratum", NULL), &observers.errata);
    struct probe *output = system_probe(&system, "stream", NULL);
    if (output)
        probe_observe(output, &observers.output);
    observers.transfers.notify = bench_transfer;
    self->transfers = self->transfer_bytes = 0;
    probe_observe(system_probe(&system, "transfer", NULL), &observers.transfers);
    if (self->watch_rows)
        bench_watch(&observers, system.probes);
    memcpy(store_bytes(system_built(&system, &self->wiring.stores[0]), NULL), self->memory,
           sizeof self->memory);
    struct stream_ports *streams =
        component_link(system_built(&system, &self->wiring.controller), PORT_STREAMS, 0);
    if (self->look_at_stream && streams->stream_out)
        bench_look(self, &system.kernel, streams->stream_out);
    else
        kernel_advance(&system.kernel, UINT64_C(100000) * ADI_PORTS_PERIOD_PS, KERNEL_STOP_QUIET);
    for (unsigned i = 0; i < 2; i++)
        if (observers.rows[i].probe) {
            bench_rows_until(&observers.rows[i], system.kernel.now / ADI_PORTS_PERIOD_PS + 1);
            self->rows_hash += observers.rows[i].hash * (i + 1);
        }
    self->observers = NULL;
    const struct adi_script_result result =
        adi_script_result(system_built(&system, &self->wiring.host));
    ck_assert(result.finished);
    self->timed_out = result.timed_out;
    self->end = result.end;
    for (uint32_t i = 0; i < result.read_count && i < 64; i++)
        self->reads[self->read_count++] = result.reads[i].value;
    self->counts = *adi_dmac_counts(system_built(&system, &self->wiring.controller));
    self->wrong_last =
        self->wiring.dmac.destination_type == ADI_MEMORY &&
        axi_memory_wrong_last(system_built(&system, &self->wiring.stores[0])) != SIM_NEVER;
    memcpy(self->memory, store_bytes(system_built(&system, &self->wiring.stores[0]), NULL),
           sizeof self->memory);
    system_free(&system);
}

/* Cycle of the index-th event of a name, SIM_NEVER if there are fewer. */
static inline sim_cycle bench_cycle(const struct bench *self, const char *event, unsigned index)
{
    for (unsigned i = 0; i < self->event_count; i++)
        if (strcmp(self->events[i].event.event, event) == 0 && index-- == 0)
            return self->events[i].cycle;
    return SIM_NEVER;
}

static inline void bench_fill(struct bench *self, uint32_t seed)
{
    uint32_t state = seed ? seed : 1;
    for (size_t i = 0; i < sizeof self->memory; i++) {
        state = xorshift32(state);
        self->memory[i] = (uint8_t)state;
    }
}

/* Lays a descriptor of 48 bytes. */
static inline void bench_descriptor(struct bench *self, uint32_t at, uint32_t flags, uint32_t id,
                                    uint32_t dest, uint32_t src, uint32_t next, uint32_t y,
                                    uint32_t x, uint32_t src_stride, uint32_t dest_stride)
{
    const uint32_t words[] = {flags, id, dest, 0, src, 0, next, 0, y, x, src_stride, dest_stride};
    memcpy(self->memory + at, words, sizeof words);
}

#endif
