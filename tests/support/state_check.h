/* SPDX-License-Identifier: BSD-2-Clause */
/* state_check: is every byte of a struct in exactly one row of its table (kernel/state.h)? */
#ifndef DMASIM_TESTS_STATE_CHECK_H
#define DMASIM_TESTS_STATE_CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/state.h"

struct state_fault {
    char text[200]; /* empty: none */
};

static inline bool state_wrong(struct state_fault *fault, const struct state_table *table,
                               const char *member, const char *what)
{
    snprintf(fault->text, sizeof fault->text, "%s.%s %s", table->name, member, what);
    return false;
}

static inline bool state_row_sound(const struct state_table *table, const struct state_field *row,
                                   struct state_fault *fault)
{
    if (row->bytes == 0 || row->each == 0 || row->bytes % row->each ||
        row->offset + row->bytes > table->bytes)
        return state_wrong(fault, table, row->name, "is no member");
    if ((row->kind == STATE_KIND_FREE || row->live) && !row->why)
        return state_wrong(fault, table, row->name, "does not say why it is not told");
    if (row->kind == STATE_KIND_COUNT && (row->each > 8 || row->each & (row->each - 1)))
        return state_wrong(fault, table, row->name, "is no count of 1, 2, 4 or 8 bytes");
    if (row->kind == STATE_KIND_STAMP && row->each != 8)
        return state_wrong(fault, table, row->name, "is no cycle");
    if (row->kind != STATE_KIND_PART)
        return true;
    if (row->pointer)
        return row->each == sizeof(void *) && (!row->behind || row->bytes == sizeof(void *))
                   ? true
                   : state_wrong(fault, table, row->name, "is no pointer");
    return row->each == row->part->bytes
               ? true
               : state_wrong(fault, table, row->name, "is another struct");
}

/* Bytes of padding become 0 in `members`. A compiler that cannot tell them: every gap of less than a word. */
static inline void state_members(const struct state_table *table, const uint8_t *rows,
                                 uint8_t *members)
{
    memset(members, 0xff, table->bytes);
    if (table->clear_padding) {
        table->clear_padding(members);
        return;
    }
    for (uint32_t i = 0, gap = 0; i < table->bytes; i++) {
        gap = rows[i] ? 0 : gap + 1;
        if (gap && gap < 8)
            members[i] = 0;
    }
}

/* Of the table and of those of its parts. The first fault is told. */
static inline bool state_covered(const struct state_table *table, struct state_fault *fault)
{
    uint8_t *rows = calloc(2, table->bytes), *members = rows + table->bytes;
    bool good = rows != NULL;
    fault->text[0] = '\0';
    for (const struct state_field *row = table->fields; good && row->name; row++) {
        good = state_row_sound(table, row, fault);
        for (uint32_t i = row->offset; good && i < row->offset + row->bytes; i++)
            good = rows[i]++ == 0 ? true : state_wrong(fault, table, row->name, "is in two rows");
        if (good && row->kind == STATE_KIND_PART && row->part != table)
            good = state_covered(row->part, fault);
    }
    if (good)
        state_members(table, rows, members);
    for (uint32_t i = 0; good && i < table->bytes; i++) {
        char place[32];
        snprintf(place, sizeof place, "[byte %u]", i);
        if (members[i] && !rows[i])
            good = state_wrong(fault, table, place, "is in no row");
    }
    free(rows);
    return good;
}

#endif
