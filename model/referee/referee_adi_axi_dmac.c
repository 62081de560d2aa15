/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * referee_adi_axi_dmac: replays FOLDER/cases.csv of the ADI AXI DMAC on the model.
 *
 * A row becomes a plan of the controller, a memory and a fixed driver. Every event of the core is compared
 * with the recorded file FOLDER/<folder>/<case>.csv, in order and in every column; the first line that
 * differs is shown as recorded and as the model has it. Of later columns, `addr_width` absent is 32, and `in_flight`,
 * where it is told, is compared: the most transfers that were accepted and not yet complete.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "kernel/base.h"
#include "referee/adi_case.h"
#include "referee/referee.h"
#include "referee/rtl_compare.h"
#include "system.h"

#define WRAPPED_BYTES (1u << 23) /* a memory whose addresses wrap */
#define QUIET_CYCLES 2000        /* the model must not go on after the last recorded event */

struct replay {
    struct system system;
    struct adi_case wiring;
    struct rtl_compare compare;
    struct probe_observer flight;
    int64_t in_flight, most_in_flight;
};

/* ---- from a row of cases.csv to a plan ------------------------------------------------------- */

static const char *cell(const struct table *cases, size_t row, const char *column)
{
    size_t index = table_column(cases, column);
    return index == SIZE_MAX ? "" : table_cell(cases, row, index);
}

static bool number(const struct table *cases, size_t row, const char *column, uint64_t *value)
{
    const char *text = cell(cases, row, column);
    char *end;
    if (!*text)
        return false;
    *value = strtoull(text, &end, 0);
    return *end == '\0';
}

static uint64_t address_or(const struct table *cases, size_t row, const char *column,
                           uint64_t absent)
{
    uint64_t value;
    return number(cases, row, column, &value) ? value : absent;
}

static bool sequence_kind(const char *name, uint8_t *kind)
{
    static const char *const names[] = {[ADI_SEQUENCE_DRIVER] = "driver",
                                        [ADI_SEQUENCE_FAST] = "fast",
                                        [ADI_SEQUENCE_DRIVER64] = "driver64"};
    for (uint8_t i = 0; i < COUNT(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            *kind = i;
            return true;
        }
    }
    return false;
}

static uint32_t number_or(const struct table *cases, size_t row, const char *column,
                          uint32_t absent)
{
    uint64_t value;
    return number(cases, row, column, &value) ? (uint32_t)value : absent;
}

static bool plan_lengths(struct adi_case *wiring, const char *text)
{
    struct parameter_list *list = &wiring->sequence.lengths;
    while (*text) {
        char *end;
        unsigned long value = strtoul(text, &end, 0);
        if (end == text || list->count == ADI_CASE_LENGTHS || value == 0)
            return false;
        wiring->lengths[list->count++] = value;
        text = end + strspn(end, " ;:/|");
    }
    return true;
}

static bool plan_case(struct adi_case *wiring, const struct table *cases, size_t row)
{
    static const struct {
        const char *column;
        enum axi_channel channel;
    } stalls[] = {{"stall_ar", AXI_AR},
                  {"stall_r", AXI_R},
                  {"stall_aw", AXI_AW},
                  {"stall_w", AXI_W},
                  {"stall_b", AXI_B}};
    adi_case_init(wiring);
    struct adi_dmac_config *dmac = &wiring->dmac;
    dmac->fifo_size = number_or(cases, row, "fifo_size", 8);
    dmac->max_bytes_per_burst = number_or(cases, row, "max_bytes_per_burst", 128);
    dmac->source_slice = dmac->destination_slice = number_or(cases, row, "axi_slice", 0) != 0;
    dmac->two_d = number_or(cases, row, "dma_2d", 0) != 0;
    dmac->address_width_bits = number_or(cases, row, "addr_width", 32);
    wiring->data.width_bits = number_or(cases, row, "data_width_bits", 64);

    struct adi_sequence_config *sequence = &wiring->sequence;
    const char *kind = cell(cases, row, "sequence");
    if (!sequence_kind(kind, &sequence->kind))
        return false;
    sequence->length_bytes = number_or(cases, row, "length_bytes", 0);
    sequence->transfers = number_or(cases, row, "transfers", 1);
    sequence->source = address_or(cases, row, "src", 0x10000);
    sequence->destination = address_or(cases, row, "dst", 0x80000);
    sequence->irq_mask = (uint8_t)number_or(cases, row, "irq_mask", 1);
    sequence->pause_at = number_or(cases, row, "pause_at", UINT32_MAX);
    sequence->abort_at = number_or(cases, row, "abort_at", UINT32_MAX);

    struct axi_memory_config *memory = &wiring->memory;
    memory->read_latency_cycles = number_or(cases, row, "read_latency", 1);
    memory->write_latency_cycles = number_or(cases, row, "write_latency", 1);
    memory->read_max = number_or(cases, row, "read_max", 64);
    memory->write_max = number_or(cases, row, "write_max", 64);
    memory->write_from_cycle = number_or(cases, row, "aw_from", 0);
    memory->stalls.seed = number_or(cases, row, "seed", 1);
    memory->fill_seed = memory->stalls.seed + 17;
    for (size_t i = 0; i < COUNT(stalls); i++)
        memory->stalls.percent[stalls[i].channel] = number_or(cases, row, stalls[i].column, 0);
    const uint64_t most = sequence->length_bytes * (uint64_t)sequence->transfers;
    memory->wraps = true;
    if (sequence->source + most > memory->size_bytes ||
        sequence->destination + most > memory->size_bytes)
        memory->size_bytes = WRAPPED_BYTES;
    return sequence->length_bytes > 0 && most <= WRAPPED_BYTES &&
           plan_lengths(wiring, cell(cases, row, "lengths"));
}

/* ---- the comparison -------------------------------------------------------------------------- */

/* Bytes that should have been copied and were not; only for runs that come to their end. */
static bool bytes_differ(const struct replay *self, uint64_t *at)
{
    const struct adi_sequence_config *sequence = &self->wiring.sequence;
    const uint8_t *bytes = store_bytes(system_built(&self->system, &self->wiring.store), NULL);
    const uint64_t mask = self->wiring.memory.size_bytes - 1;
    for (uint32_t transfer = 0; transfer < sequence->transfers; transfer++) {
        uint64_t skip = (uint64_t)transfer * sequence->length_bytes;
        uint64_t length = transfer < sequence->lengths.count ? self->wiring.lengths[transfer]
                                                             : sequence->length_bytes;
        for (uint64_t i = 0; i < length; i++) {
            *at = sequence->destination + skip + i;
            if (bytes[*at & mask] != bytes[(sequence->source + skip + i) & mask])
                return true;
        }
    }
    return false;
}

static void follow_flight(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                          const void *record)
{
    struct replay *self = CONTAINER_OF(observer, struct replay, flight);
    const struct rtl_event_record *event = record;
    (void)probe, (void)now;
    if (strcmp(event->event, "req_accept") == 0)
        self->in_flight++;
    else if (strcmp(event->event, "resp") == 0 && event->last)
        self->in_flight--;
    if (self->in_flight > self->most_in_flight)
        self->most_in_flight = self->in_flight;
}

/* `in_flight`: as the recording counted; UINT64_MAX: it did not. */
static void replay_run(struct replay *self, const struct table *golden, unsigned flags,
                       bool completes, uint64_t in_flight)
{
    struct check check = {.fail = adi_case_fail};
    struct rtl_compare *compare = &self->compare;
    if (system_create(&self->system, &self->wiring.plan, flags, &check) != DMASIM_OK) {
        rtl_compare_differ(compare, "", "could not be built");
        system_free(&self->system);
        return;
    }
    rtl_compare_start(compare, system_probe(&self->system, "rtl_event", NULL), golden,
                      adi_memory_event_order);
    compare->plain_responses = true;
    self->flight.notify = follow_flight;
    probe_observe(system_probe(&self->system, "rtl_event", NULL), &self->flight);
    const sim_cycle last = strtoull(table_cell(golden, golden->rows - 1, 0), NULL, 10);
    const sim_cycle end = last + QUIET_CYCLES;
    for (sim_cycle cycle = 0; cycle <= end && !compare->differs; cycle++) {
        kernel_advance(&self->system.kernel, cycle * ADI_CASE_PERIOD_PS, 0);
        if (axi_memory_wrong_last(system_built(&self->system, &self->wiring.store)) == cycle)
            compare->last_cycle = cycle; /* a wrong AWLEN ends the recording */
    }
    rtl_compare_end(compare);
    uint64_t at = 0;
    if (!compare->differs && completes && bytes_differ(self, &at))
        rtl_compare_differ(compare, "all bytes were copied", "byte at 0x%" PRIx64 " was not", at);
    if (!compare->differs && in_flight != UINT64_MAX &&
        (uint64_t)self->most_in_flight != in_flight) {
        char recorded[EVENT_LINE_BYTES];
        snprintf(recorded, sizeof recorded, "in_flight %" PRIu64, in_flight);
        rtl_compare_differ(compare, recorded, "in_flight %" PRId64, self->most_in_flight);
    }
    system_free(&self->system);
}

static bool referee_case(struct referee *referee, const struct table *cases, size_t row)
{
    char file[512];
    snprintf(file, sizeof file, "%s/%s.csv", cell(cases, row, "folder"), cell(cases, row, "case"));
    struct table golden;
    struct replay *self = calloc(1, sizeof *self);
    if (!self)
        return false;
    const char *abort_at = cell(cases, row, "abort_at");
    bool completes = strcmp(cell(cases, row, "outcome"), "completes") == 0 && !*abort_at;
    if (!table_read(&golden, referee->folder, file)) {
        rtl_compare_differ(&self->compare, "can't be read", " ");
    } else {
        if (golden.rows < 2 || golden.columns != EVENT_COLUMNS ||
            !plan_case(&self->wiring, cases, row))
            rtl_compare_differ(&self->compare, "is not understood", " ");
        else
            replay_run(self, &golden, referee->flags, completes,
                       address_or(cases, row, "in_flight", UINT64_MAX));
        table_free(&golden);
    }
    const bool passed = !self->compare.differs;
    if (!passed)
        printf("%s:%zu:\n  recorded  %s\n  model     %s\n", file, self->compare.row + 1,
               self->compare.recorded, self->compare.modelled);
    free(self);
    return passed;
}

bool referee_adi_axi_dmac(struct referee *self)
{
    struct table cases;
    if (!table_read(&cases, self->folder, "cases.csv"))
        return false;
    static const char *const needed[] = {"folder", "case", "sequence", "length_bytes"};
    for (size_t i = 0; i < COUNT(needed); i++) {
        if (table_column(&cases, needed[i]) == SIZE_MAX) {
            fprintf(stderr, "%s/cases.csv:1: error: no column '%s'\n", self->folder, needed[i]);
            table_free(&cases);
            return false;
        }
    }
    for (size_t row = 1; row < cases.rows; row++) {
        if (referee_case(self, &cases, row))
            self->passed++;
        else
            self->failed++;
    }
    table_free(&cases);
    return true;
}
