/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rows: what was counted as rows of figures, and as causes.csv.
 *
 * The file has a line for each cause of each time that an entry ran: those lines of one entry and submit_ps are one row
 * of transfers.csv, and add up to callback_cycle - submit_cycle there.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/causes/causes_state.h"
#include "trace/format.h"

/* ---- rounds ---------------------------------------------------------------------------------- */

void account_free(struct account *self)
{
    free(self->named);
}

bool entry_round(struct entry *self, sim_time submit_ps)
{
    if (self->round_count && self->submit_ps == submit_ps)
        return true;
    self->submit_ps = submit_ps;
    if (self->round_count > CAUSE_ROUNDS)
        return true;
    if (self->round_count == self->round_room) {
        const uint32_t room = self->round_room ? 2 * self->round_room : 1;
        struct cause_round *rounds = realloc(self->rounds, room * sizeof *rounds);
        if (!rounds)
            return false;
        self->rounds = rounds;
        self->round_room = room;
    }
    self->rounds[self->round_count++] = (struct cause_round){.submit_ps = submit_ps};
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void tell(const char *const *parts, uint64_t cycles, uint32_t edges, statistics_row *row,
                 void *context)
{
    char value[2 * FORMAT_DIGITS_MAX];
    size_t length = 1;
    for (const char *const *part = parts; *part; part++)
        length += strlen(*part);
    struct trace_text name = {0};
    char *at = trace_text_room(&name, length);
    if (at) {
        for (; *parts; parts++)
            at = put_text(at, *parts);
        *at = '\0';
        put_ratio(value, cycles, 1, edges > 1 ? edges : 1, edges > 1)[0] = '\0';
        row(context, name.data, value, "cycles");
    }
    trace_text_free(&name);
}

/* `group`, `name` and `path` are what the account is of. */
static void tell_account(const struct account *self, const char *group, const char *name,
                         const char *path, const struct clock *clock, bool all, statistics_row *row,
                         void *context)
{
    const char *dot = *path ? "." : "";
    for (uint8_t kind = 0; kind < CAUSES; kind++) {
        const struct cause_info *info = &cause_table[kind];
        if (!info->named && (all || self->kinds[kind]) && !(all && kind == CAUSE_ARBITRATION))
            tell((const char *const[]){group, name, dot, path, ".cause.", info->name, NULL},
                 self->kinds[kind], clock->edges, row, context);
        for (uint32_t i = 0; i < self->named_count; i++)
            if (self->named[i].kind == kind)
                tell((const char *const[]){group, name, dot, path, ".cause.", info->name, ".",
                                           self->named[i].who, NULL},
                     self->named[i].cycles, clock->edges, row, context);
    }
}

void trace_causes_rows(const struct trace_causes *self, statistics_row *row, void *context)
{
    for (uint32_t i = 0; i < self->bus_count; i++) {
        const struct bus *bus = &self->buses[i];
        for (uint32_t path = 0; path < bus->path_count; path++)
            if (!bus->hooks->used || bus->hooks->used(bus->component, path))
                tell_account(&bus->accounts[path], "bus.", bus->component->name,
                             bus->hooks->paths[path], bus->component->clock, true, row, context);
    }
    for (uint32_t i = 0; i < self->entry_count; i++)
        if (self->entries[i].clock && !self->entries[i].program)
            tell_account(&self->entries[i].account, "transfer.", self->entries[i].component->name,
                         "", self->entries[i].clock, false, row, context);
    for (uint32_t i = 0; i < self->free_count; i++)
        tell_account(&self->free[i].account, "controller.", self->free[i].component->name, "",
                     self->free[i].component->clock, false, row, context);
}

/* Its number from 1, or "rest". */
static void put_number(char text[FORMAT_DIGITS_MAX + 1], uint32_t round)
{
    if (round == CAUSE_ROUNDS)
        put_text(text, "rest")[0] = '\0';
    else
        put_decimal(text, round + 1u)[0] = '\0';
}

void trace_causes_rounds(const struct trace_causes *self, statistics_row *row, void *context)
{
    for (uint32_t i = 0; i < self->entry_count; i++) {
        const struct entry *entry = &self->entries[i];
        for (uint32_t r = 0; r < entry->round_count; r++) {
            char path[FORMAT_DIGITS_MAX + 8], *number = put_text(path, "round.");
            put_number(number, r);
            tell_account(&entry->rounds[r].account, entry->program ? "program." : "transfer.",
                         entry->component->name, path, entry->clock, false, row, context);
        }
    }
}

/* ---- causes.csv ------------------------------------------------------------------------------ */

struct writing {
    struct trace_file *file;
    const struct entry *entry;
    uint32_t round;
};

/* A row whose name ends with the cause. */
static void write_row(void *context, const char *name, const char *value, const char *unit)
{
    const struct writing *self = context;
    const struct component *component = self->entry->component;
    struct trace_text cells = {0};
    char number[FORMAT_DIGITS_MAX + 1];
    (void)unit;
    trace_text_cell(&cells, component->name);
    trace_file_write(self->file, cells.data, cells.used);
    trace_text_free(&cells);
    trace_file_text(self->file, ",");
    trace_file_text(self->file, component->type->name);
    put_number(number, self->round);
    trace_file_text(self->file, ",");
    trace_file_text(self->file, number);
    put_decimal(number, self->entry->rounds[self->round].submit_ps)[0] = '\0';
    trace_file_text(self->file, ",");
    trace_file_text(self->file, number);
    trace_file_text(self->file, ",");
    trace_file_text(self->file, name + strlen(".cause."));
    trace_file_text(self->file, ",");
    trace_file_text(self->file, value);
    trace_file_text(self->file, "\n");
}

void trace_causes_write(const struct trace_causes *self, struct trace_file *file)
{
    trace_file_text(file, "name,call,round,submit_ps,cause,cycles\n");
    for (uint32_t i = 0; i < self->entry_count; i++) {
        struct writing writing = {.file = file, .entry = &self->entries[i]};
        for (; writing.round < writing.entry->round_count; writing.round++)
            tell_account(&writing.entry->rounds[writing.round].account, "", "", "",
                         writing.entry->clock, false, write_row, &writing);
    }
}
