/* SPDX-License-Identifier: BSD-2-Clause */
#include "export/tables.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MASTERS_MAX 256

const char *const transfer_columns[T_COLUMNS] = {
    "controller",    "channel",          "name",         "call",
    "bytes",         "status",           "submit_ps",    "issue_ps",
    "first_beat_ps", "last_beat_ps",     "interrupt_ps", "callback_ps",
    "data_beats",    "descriptor_beats", "cpu_accesses", "cpu_stall_cycles"};

/* Opens a table of the folder; null without an error if there is none. Reads its header. */
static struct csv *open_table(struct tables *self, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%.3900s/%s", self->folder, name);
    FILE *there = fopen(path, "rb");
    if (!there)
        return NULL;
    fclose(there);
    struct csv *csv = csv_open(path);
    if (csv && csv_row(csv))
        return csv;
    snprintf(self->error, self->error_room, "%s: %s", name, csv ? csv->error : "no memory");
    csv_close(csv);
    return NULL;
}

static bool has_column(const struct csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->columns; i++)
        if (strcmp(csv_text(csv, i), name) == 0)
            return true;
    return false;
}

static bool find_columns(struct tables *self, const struct csv *csv, const char *table,
                         const char *const *names, size_t count, size_t *columns)
{
    for (size_t i = 0; i < count; i++) {
        columns[i] = csv->columns;
        for (size_t k = 0; k < csv->columns; k++)
            if (strcmp(csv_text(csv, k), names[i]) == 0)
                columns[i] = k;
        if (columns[i] == csv->columns) {
            snprintf(self->error, self->error_room, "%s has no column %s", table, names[i]);
            return false;
        }
    }
    return true;
}

static bool end_table(struct tables *self, struct csv *csv, const char *name)
{
    const bool good = !csv->error[0];
    if (!good)
        snprintf(self->error, self->error_room, "%s:%" PRIu64 ": %s", name, csv->error_line,
                 csv->error);
    csv_close(csv);
    self->any = true;
    return good && !self->error[0];
}

/* ---- transfers ------------------------------------------------------------------------------- */

bool tables_transfers(struct tables *self,
                      void (*each)(void *context, const struct table_transfer *transfer),
                      void *context)
{
    size_t columns[T_COLUMNS];
    struct csv *csv = open_table(self, "transfers.csv");
    if (!csv)
        return !self->error[0];
    if (find_columns(self, csv, "transfers.csv", transfer_columns, T_COLUMNS, columns)) {
        while (csv_row(csv) && !self->error[0]) {
            struct table_transfer transfer = {.first_ps = UINT64_MAX};
            for (int i = 0; i < T_COLUMNS; i++)
                transfer.cells[i] = csv_text(csv, columns[i]);
            for (int i = T_SUBMIT; i <= T_CALLBACK; i++) {
                uint64_t at;
                if (!table_time(transfer.cells[i], &at))
                    continue;
                transfer.first_ps = at < transfer.first_ps ? at : transfer.first_ps;
                transfer.last_ps = at > transfer.last_ps ? at : transfer.last_ps;
            }
            each(context, &transfer);
        }
    }
    return end_table(self, csv, "transfers.csv");
}

/* ---- bursts ---------------------------------------------------------------------------------- */

enum {
    B_CYCLE,
    B_TIME,
    B_BUS,
    B_START,
    B_MASTER,
    B_SLAVE,
    B_KIND,
    B_ADDRESS,
    B_WRITE,
    B_BYTES,
    B_TRANS,
    B_COLUMNS
};

static const char *const beat_columns[B_COLUMNS] = {"cycle",  "time_ps", "bus",  "start_cycle",
                                                    "master", "slave",   "kind", "address",
                                                    "write",  "bytes",   "kind"};
static const char *const ahb_columns[B_COLUMNS] = {"cycle",  "time_ps", "bus",    "address_cycle",
                                                   "master", "slave",   "HBURST", "HADDR",
                                                   "HWRITE", "HSIZE",   "HTRANS"};

struct open_burst {
    bool open;
    uint64_t start_cycle;
    struct table_burst burst;
};

struct reader {
    struct tables *tables;
    bool ahb;
    struct open_burst all[MASTERS_MAX]; /* by bus and master; but for AHB by direction too */
    size_t count;
    void (*each)(void *context, const struct table_burst *burst);
    void *context;
};

static struct open_burst *burst_of(struct reader *self, const char *bus, const char *master,
                                   bool write)
{
    for (size_t i = 0; i < self->count; i++) {
        const struct table_burst *burst = &self->all[i].burst;
        if ((self->ahb || burst->write == write) &&
            strncmp(burst->master, master, TABLE_NAME_ROOM - 1) == 0 &&
            strncmp(burst->bus, bus, TABLE_NAME_ROOM - 1) == 0)
            return &self->all[i];
    }
    if (self->count == MASTERS_MAX) {
        snprintf(self->tables->error, self->tables->error_room, "more than %d masters",
                 MASTERS_MAX);
        return NULL;
    }
    struct open_burst *made = &self->all[self->count++];
    *made = (struct open_burst){.burst = {.ahb = self->ahb, .write = write}};
    snprintf(made->burst.bus, TABLE_NAME_ROOM, "%s", bus);
    snprintf(made->burst.master, TABLE_NAME_ROOM, "%s", master);
    return made;
}

static void close_burst(struct reader *self, struct open_burst *open)
{
    if (open->open)
        self->each(self->context, &open->burst);
    open->open = false;
}

static uint64_t number(const struct csv *csv, size_t column, int base)
{
    return strtoull(csv_text(csv, column), NULL, base);
}

static void beat(struct reader *self, const struct csv *csv, const size_t *columns)
{
    const bool ahb = self->ahb, write = *csv_text(csv, columns[B_WRITE]) == '1';
    struct open_burst *open =
        burst_of(self, csv_text(csv, columns[B_BUS]), csv_text(csv, columns[B_MASTER]), write);
    if (!open)
        return;
    struct table_burst *burst = &open->burst;
    const uint64_t cycle = number(csv, columns[B_CYCLE], 10),
                   time = number(csv, columns[B_TIME], 10);
    const uint64_t start = number(csv, columns[B_START], 10);
    const uint64_t size = number(csv, columns[B_BYTES], 10);
    /* Of AHB a burst goes on with SEQ; elsewhere all its beats have its start. */
    const bool goes_on = open->open && (ahb ? strcmp(csv_text(csv, columns[B_TRANS]), "SEQ") == 0
                                            : open->start_cycle == start);
    if (!goes_on) {
        close_burst(self, open);
        open->open = true;
        open->start_cycle = start;
        burst->write = write;
        burst->address = number(csv, columns[B_ADDRESS], 16);
        burst->beats = burst->bytes = 0;
        /* A cycle ends with its edge, which is at time_ps. */
        const uint64_t since = start < cycle ? cycle - start : 0;
        const uint64_t period = cycle ? time / cycle : 0;
        const uint64_t from = time > (since + 1) * period ? time - (since + 1) * period : 0;
        burst->begin_ps = from < burst->end_ps ? burst->end_ps : from;
        snprintf(burst->slave, TABLE_NAME_ROOM, "%s", csv_text(csv, columns[B_SLAVE]));
        snprintf(burst->kind, TABLE_NAME_ROOM, "%s", csv_text(csv, columns[B_KIND]));
    }
    burst->end_ps = time > burst->begin_ps ? time : burst->begin_ps;
    burst->beats++;
    burst->bytes += ahb ? 1ull << (size & 7) : size;
}

static bool read_beats(struct reader *self, struct csv *csv, const char *table)
{
    size_t columns[B_COLUMNS];
    if (find_columns(self->tables, csv, table, self->ahb ? ahb_columns : beat_columns, B_COLUMNS,
                     columns))
        while (csv_row(csv) && !self->tables->error[0])
            beat(self, csv, columns);
    for (size_t i = 0; i < self->count; i++)
        close_burst(self, &self->all[i]);
    self->count = 0;
    return end_table(self->tables, csv, table);
}

bool tables_bursts(struct tables *self,
                   void (*each)(void *context, const struct table_burst *burst), void *context)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        snprintf(self->error, self->error_room, "no memory");
        return false;
    }
    reader->tables = self;
    reader->each = each;
    reader->context = context;
    struct csv *csv = open_table(self, "beats.csv");
    bool good = csv ? read_beats(reader, csv, "beats.csv") : !self->error[0];
    csv = good ? open_table(self, "bus.csv") : NULL;
    reader->ahb = csv && has_column(csv, "HADDR");
    if (reader->ahb)
        good = read_beats(reader, csv, "bus.csv");
    else
        csv_close(csv); /* of another bus: beats.csv has them */
    free(reader);
    return good && !self->error[0];
}

/* ---- stalls ---------------------------------------------------------------------------------- */

enum { A_TIME, A_CPU, A_ADDRESS, A_CONTEXT, A_WRITE, A_BYTES, A_CYCLES, A_STALL, A_COLUMNS };

static const char *const access_columns[A_COLUMNS] = {
    "time_ps", "cpu", "address", "context", "write", "bytes", "stall_cycles", "stall_ps"};

bool tables_stalls(struct tables *self,
                   void (*each)(void *context, const struct table_stall *stall), void *context)
{
    size_t columns[A_COLUMNS];
    const bool any = self->any;
    struct csv *csv = open_table(self, "accesses.csv");
    if (!csv)
        return !self->error[0];
    if (find_columns(self, csv, "accesses.csv", access_columns, A_COLUMNS, columns)) {
        while (csv_row(csv) && !self->error[0]) {
            const uint64_t end = number(csv, columns[A_TIME], 10);
            const uint64_t took = number(csv, columns[A_STALL], 10);
            if (took == 0 || took > end)
                continue;
            each(context, &(struct table_stall){
                              .cpu = csv_text(csv, columns[A_CPU]),
                              .context = csv_text(csv, columns[A_CONTEXT]),
                              .write = *csv_text(csv, columns[A_WRITE]) == '1',
                              .begin_ps = end - took,
                              .end_ps = end,
                              .address = number(csv, columns[A_ADDRESS], 16),
                              .bytes = number(csv, columns[A_BYTES], 10),
                              .cycles = number(csv, columns[A_CYCLES], 10),
                          });
        }
    }
    const bool good = end_table(self, csv, "accesses.csv");
    self->any = any; /* no reason for an export by itself */
    return good;
}
