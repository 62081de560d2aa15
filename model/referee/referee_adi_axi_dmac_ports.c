/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * referee_adi_axi_dmac_ports: replays every row of every FOLDER/<folder>/cases.csv of the ADI AXI DMAC with its
 * other ports: descriptors, streams, FIFOs, rows, unequal widths.
 *
 * A row becomes a plan of the controller, what stands at its ports and a script. Compared are all events of the
 * core with the recorded file <case>.csv, in order and in every column; the registers that the script reads;
 * the checksums of the memory and of the output bytes; and where, and how, the run ends.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "controllers/adi/adi_dmac_watch.h"
#include "kernel/base.h"
#include "kernel/random.h"
#include "referee/adi_case.h"
#include "referee/adi_ports_case.h"
#include "referee/rtl_compare.h"
#include "system.h"

#define FNV_BASIS UINT32_C(2166136261)
#define FNV_PRIME UINT32_C(16777619)
#define INPUT_WORDS (1u << 20)
#define OUTPUT_BYTES (1u << 20)

struct replay {
    struct system system;
    struct adi_ports_case wiring;
    struct rtl_compare compare;
    struct probe_observer counter, output;
    /* Words of the source, in order: taken, or lost. */
    bool *taken;
    uint32_t words;
    uint64_t overflows, underflows;
    uint8_t *out;
    size_t out_bytes;
};

/* ---- what the run leaves behind -------------------------------------------------------------- */

static void count_event(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                        const void *record)
{
    struct replay *self = CONTAINER_OF(observer, struct replay, counter);
    const char *event = ((const struct rtl_event_record *)record)->event;
    (void)probe, (void)now;
    if (strcmp(event, "FIFO_OVF") == 0) {
        self->overflows++;
        if (self->words)
            self->taken[self->words - 1] = false; /* told before the FIFO_WR of the same cycle */
    } else if (strcmp(event, "FIFO_UNF") == 0) {
        self->underflows++;
    } else if ((strcmp(event, "S") == 0 || strcmp(event, "FIFO_WR") == 0) &&
               self->words < INPUT_WORDS) {
        self->taken[self->words++] = true;
    }
}

static void take_output(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                        const void *record)
{
    struct replay *self = CONTAINER_OF(observer, struct replay, output);
    const struct stream_record *stream = record;
    (void)probe, (void)now;
    for (unsigned i = 0; i < stream->bytes && self->out_bytes < OUTPUT_BYTES; i++)
        self->out[self->out_bytes++] = (uint8_t)(stream->value >> 8 * i);
}

static uint32_t fnv(const uint8_t *bytes, size_t length)
{
    uint32_t hash = FNV_BASIS;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ bytes[i]) * FNV_PRIME;
    return hash;
}

/* The bytes that the controller took from its source; the caller frees them. */
static uint8_t *input_bytes(const struct replay *self, size_t *length)
{
    const uint32_t width = self->wiring.dmac.source_width_bits / 8;
    uint8_t *bytes = calloc((size_t)self->words + 1, width);
    uint32_t state = (uint32_t)self->wiring.source.pattern_seed;
    *length = 0;
    for (uint32_t word = 0; bytes && word < self->words; word++)
        for (uint32_t i = 0; i < width; i++) {
            state = xorshift32(state);
            bytes[*length] = (uint8_t)state;
            *length += self->taken[word];
        }
    return bytes;
}

/* One comparison of the row's `check`; the first byte that differs, SIZE_MAX if none does. */
static size_t check_bytes(const struct replay *self, char kind, uint64_t from, uint64_t to,
                          uint64_t length)
{
    uint8_t *memory = store_bytes(system_built(&self->system, &self->wiring.stores[0]), NULL);
    size_t in_bytes;
    uint8_t *in = input_bytes(self, &in_bytes);
    size_t found = SIZE_MAX;
    for (uint64_t i = 0; i < length && found == SIZE_MAX; i++) {
        const bool from_input = kind == 'i' || kind == 'x', from_output = kind == 'o';
        const uint64_t a = from + i, b = to + i;
        bool there = in && !(from_input && a >= in_bytes) &&
                     !(from_output && a >= self->out_bytes) &&
                     !(kind == 'x' && b >= self->out_bytes);
        if (!there) {
            found = (size_t)i;
            break;
        }
        uint8_t left = from_input    ? in[a]
                       : from_output ? self->out[a]
                                     : memory[a % ADI_PORTS_MEMORY_BYTES];
        uint8_t right = kind == 'x' ? self->out[b] : memory[b % ADI_PORTS_MEMORY_BYTES];
        if (left != right)
            found = (size_t)i;
    }
    free(in);
    return found;
}

/* The row's `check` as its `check_result` has it. */
static bool check_result(const struct replay *self, const char *text, char *result, size_t room)
{
    snprintf(result, room, *text ? "ok" : "-");
    for (unsigned number = 0; *text; number++) {
        const char kind = *text++;
        char *end;
        const uint64_t from = strtoull(text, &end, 16);
        if (*end != ':')
            return false;
        const uint64_t to = strtoull(end + 1, &end, 16);
        if (*end != ':')
            return false;
        const uint64_t length = strtoull(end + 1, &end, 16);
        text = end + (*end == '|');
        size_t at = check_bytes(self, kind, from, to, length);
        if (at != SIZE_MAX) {
            snprintf(result, room, "bad@%u+%zx", number, at);
            return true;
        }
    }
    return true;
}

static void compare_text(struct replay *self, const struct table *cases, size_t row,
                         const char *column, const char *value)
{
    const char *recorded = adi_ports_cell(cases, row, column);
    if (strcmp(recorded, value) != 0) {
        char text[EVENT_LINE_BYTES];
        snprintf(text, sizeof text, "%s %.100s", column, recorded);
        rtl_compare_differ(&self->compare, text, "%s %s", column, value);
    }
}

static void compare_number(struct replay *self, const struct table *cases, size_t row,
                           const char *column, const char *format, uint64_t value)
{
    char text[32];
    snprintf(text, sizeof text, format, value);
    compare_text(self, cases, row, column, text);
}

static void compare_end(struct replay *self, const struct table *cases, size_t row)
{
    const struct adi_script_result result =
        adi_script_result(system_built(&self->system, &self->wiring.host));
    const struct adi_counts *counts =
        adi_dmac_counts(system_built(&self->system, &self->wiring.controller));
    const bool wrong_last =
        self->wiring.dmac.destination_type == ADI_MEMORY &&
        axi_memory_wrong_last(system_built(&self->system, &self->wiring.stores[0])) != SIM_NEVER;
    char reads[4096], check[64];
    size_t used = 0;
    reads[0] = '\0';
    for (uint32_t i = 0; i < result.read_count && used + 32 < sizeof reads; i++)
        used += (size_t)snprintf(reads + used, sizeof reads - used, "%s%x=%x", i ? " " : "",
                                 result.reads[i].offset, result.reads[i].value);
    compare_text(self, cases, row, "reads", reads);
    compare_text(self, cases, row, "status", result.timed_out ? "timeout" : "ok");
    compare_number(self, cases, row, "end_cycle", "%" PRIu64, result.end);
    compare_number(self, cases, row, "mem_fnv", "%08" PRIx64,
                   fnv(store_bytes(system_built(&self->system, &self->wiring.stores[0]), NULL),
                       ADI_PORTS_MEMORY_BYTES));
    compare_number(self, cases, row, "out_fnv", "%08" PRIx64, fnv(self->out, self->out_bytes));
    compare_number(self, cases, row, "wlast_error", "%" PRIu64, wrong_last);
    compare_number(self, cases, row, "n_axis_out", "%" PRIu64, counts->sent);
    compare_number(self, cases, row, "n_fifo_out", "%" PRIu64, counts->read);
    compare_number(self, cases, row, "n_overflow", "%" PRIu64, self->overflows);
    compare_number(self, cases, row, "n_underflow", "%" PRIu64, self->underflows);
    compare_number(self, cases, row, "n_eot", "%" PRIu64, counts->completions);
    if (check_result(self, adi_ports_cell(cases, row, "check"), check, sizeof check))
        compare_text(self, cases, row, "check_result", check);
    else
        rtl_compare_differ(&self->compare, "check", "is not understood");
}

/* ---- the run --------------------------------------------------------------------------------- */

/* Runs to the end of the script. A poke changes the memory ahead of the edge that ends its cycle. */
static bool run(struct replay *self, struct kernel *kernel, const char *pokes)
{
    uint8_t *memory = store_bytes(system_built(&self->system, &self->wiring.stores[0]), NULL);
    while (*pokes) {
        char *end;
        const sim_cycle cycle = strtoull(pokes, &end, 10);
        if (*end != ':' || cycle == 0)
            return false;
        const uint32_t address = (uint32_t)strtoul(end + 1, &end, 16);
        if (*end != ':' || address > ADI_PORTS_MEMORY_BYTES - 4)
            return false;
        const uint32_t value = (uint32_t)strtoul(end + 1, &end, 16);
        pokes = end + (*end == '|');
        if (kernel->quiet_since != SIM_NEVER)
            continue;
        kernel_advance(kernel, (cycle - 1) * ADI_PORTS_PERIOD_PS, KERNEL_STOP_QUIET);
        memcpy(memory + address, &value, sizeof value);
        const struct rtl_event_record event = {"POKE", address, value, 0, SIM_NEVER};
        rtl_compare_add(&self->compare, cycle, &event);
    }
    const sim_cycle last = self->wiring.script.limit_cycle + 8;
    if (kernel->quiet_since == SIM_NEVER)
        kernel_advance(kernel, last * ADI_PORTS_PERIOD_PS, KERNEL_STOP_QUIET);
    return true;
}

static void replay_run(struct replay *self, const struct table *golden, const struct table *cases,
                       size_t row, unsigned flags)
{
    struct check check = {.fail = adi_case_fail};
    if (system_create(&self->system, &self->wiring.plan, flags, &check) != DMASIM_OK) {
        rtl_compare_differ(&self->compare, "", "could not be built");
        system_free(&self->system);
        return;
    }
    struct probe *events = system_probe(&self->system, "rtl_event", NULL);
    rtl_compare_start(&self->compare, events, golden, adi_event_order);
    self->counter.notify = count_event;
    probe_observe(events, &self->counter);
    struct probe *output = system_probe(&self->system, "stream", NULL);
    self->output.notify = take_output;
    if (output)
        probe_observe(output, &self->output);
    if (!adi_ports_case_fill(&self->wiring, &self->system, cases, row) ||
        !run(self, &self->system.kernel, adi_ports_cell(cases, row, "poke")))
        rtl_compare_differ(&self->compare, "desc or poke", "is not understood");
    rtl_compare_end(&self->compare);
    compare_end(self, cases, row);
    system_free(&self->system);
}

static bool referee_case(struct referee *referee, const char *folder, const struct table *cases,
                         size_t row)
{
    char path[512];
    struct table golden;
    struct replay *self = calloc(1, sizeof *self);
    snprintf(path, sizeof path, "%s/%s.csv", folder, adi_ports_cell(cases, row, "case"));
    if (!self)
        return false;
    self->taken = calloc(INPUT_WORDS, sizeof *self->taken);
    self->out = calloc(OUTPUT_BYTES, 1);
    if (!self->taken || !self->out) {
        rtl_compare_differ(&self->compare, "", "out of memory");
    } else if (!table_read(&golden, referee->folder, path)) {
        rtl_compare_differ(&self->compare, "can't be read", " ");
    } else {
        if (golden.rows < 2 || golden.columns != EVENT_COLUMNS ||
            !adi_ports_case_row(&self->wiring, cases, row))
            rtl_compare_differ(&self->compare, "is not understood", " ");
        else
            replay_run(self, &golden, cases, row, referee->flags);
        table_free(&golden);
    }
    const bool passed = !self->compare.differs;
    if (!passed)
        printf("%s:%zu:\n  recorded  %s\n  model     %s\n", path, self->compare.row + 1,
               self->compare.recorded, self->compare.modelled);
    free(self->taken);
    free(self->out);
    free(self);
    return passed;
}

/* ---- folders --------------------------------------------------------------------------------- */

static bool referee_folder(struct referee *self, const char *folder)
{
    char file[512];
    struct table cases;
    snprintf(file, sizeof file, "%s/cases.csv", folder);
    if (!table_read(&cases, self->folder, file))
        return false;
    static const char *const needed[] = {"case", "type_src", "type_dst", "script", "limit"};
    for (size_t i = 0; i < COUNT(needed); i++) {
        if (table_column(&cases, needed[i]) == SIZE_MAX) {
            fprintf(stderr, "%s/%s:1: error: no column '%s'\n", self->folder, file, needed[i]);
            table_free(&cases);
            return false;
        }
    }
    for (size_t row = 1; row < cases.rows; row++) {
        if (referee_case(self, folder, &cases, row))
            self->passed++;
        else
            self->failed++;
    }
    table_free(&cases);
    return true;
}

static int is_case_folder(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strchr(entry->d_name, '.') == NULL;
}

bool referee_adi_axi_dmac_ports(struct referee *self)
{
    struct dirent **folders;
    int count = scandir(self->folder, &folders, is_case_folder, alphasort);
    if (count <= 0) {
        fprintf(stderr, "%s: error: no folders of cases\n", self->folder);
        return false;
    }
    bool good = true;
    for (int i = 0; i < count; i++) {
        good = good && referee_folder(self, folders[i]->d_name);
        free(folders[i]);
    }
    free(folders);
    return good;
}
