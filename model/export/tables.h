/* SPDX-License-Identifier: BSD-2-Clause */
/* tables: what an export reads of a folder of results: transfers, and bursts made of the beats of its buses. */
#ifndef DMASIM_EXPORT_TABLES_H
#define DMASIM_EXPORT_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reading/csv.h"

#define TABLE_NAME_ROOM 96

struct tables {
    const char *folder;
    char *error; /* empty: none yet */
    size_t error_room;
    bool any; /* a table was there */
};

/* Columns of transfers.csv, in the order of transfer_columns. */
enum {
    T_CONTROLLER,
    T_CHANNEL,
    T_NAME,
    T_CALL,
    T_BYTES,
    T_STATUS,
    T_SUBMIT,
    T_ISSUE,
    T_FIRST,
    T_LAST,
    T_INTERRUPT,
    T_CALLBACK,
    T_DATA,
    T_DESCRIPTORS,
    T_ACCESSES,
    T_STALLS,
    T_COLUMNS
};
extern const char *const transfer_columns[T_COLUMNS];

/* A transfer: its cells, as they are in the table; times are picoseconds or empty. Good until `each` returns. */
struct table_transfer {
    const char *cells[T_COLUMNS];
    uint64_t first_ps, last_ps; /* of all its times; first > last: it has none */
};

/* A burst: beats of one master that belong together. */
struct table_burst {
    char bus[TABLE_NAME_ROOM], master[TABLE_NAME_ROOM], slave[TABLE_NAME_ROOM],
        kind[TABLE_NAME_ROOM];
    bool ahb, write;
    uint64_t begin_ps, end_ps, address, beats, bytes;
};

/* An access of a CPU that took longer than on a bus that is free and without wait states: it would have ended at
 * begin_ps. */
struct table_stall {
    const char *cpu, *context; /* "program" */
    bool write;
    uint64_t begin_ps, end_ps, address, bytes, cycles;
};

/* Tells each transfer, in the order of the table. False after an error. */
bool tables_transfers(struct tables *self,
                      void (*each)(void *context, const struct table_transfer *transfer),
                      void *context);

/* Tells each burst of beats.csv and of an AHB's bus.csv when it has ended. False after an error. */
bool tables_bursts(struct tables *self,
                   void (*each)(void *context, const struct table_burst *burst), void *context);

/* Tells each stall of accesses.csv, if there is one, in the order of their ends. False after an error. */
bool tables_stalls(struct tables *self,
                   void (*each)(void *context, const struct table_stall *stall), void *context);

/* Of a cell. */
static inline bool table_time(const char *cell, uint64_t *time_ps)
{
    if (!*cell)
        return false;
    uint64_t value = 0;
    for (; *cell >= '0' && *cell <= '9'; cell++)
        value = value * 10 + (uint64_t)(*cell - '0');
    *time_ps = value;
    return true;
}

#endif
