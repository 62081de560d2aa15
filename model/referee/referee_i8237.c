/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * referee_i8237: replays FOLDER/cases.csv on an 8237A and compares its states, clock by clock, and its
 * transfers with FOLDER/expected.csv (traces/golden/i8237/README.md).
 *
 * `S2 S3 SW*2 S4` are five states of a clock each; they start at the first S0 and end at the last S4.
 * `1@051234:TC` is a byte of channel 1 that reaches terminal count.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"
#include "referee/i8237_case.h"
#include "referee/referee.h"

#define TEXT_MAX 64
#define CLOCKS_MAX 1000000
#define QUIET_CLOCKS 4096 /* without a change: the case is over */

/* A list that is made while the case runs. */
struct list {
    char (*items)[TEXT_MAX / 4];
    size_t count, room;
    sim_cycle *clocks;
};

struct replay {
    struct i8237_case wiring;
    struct probe_observer state_observer, byte_observer;
    struct list states, transfers;
    uint8_t state; /* holds since clock `since` */
    sim_cycle since;
    size_t length; /* states up to the last S4 */
    bool started;
    char difference[256];
};

static void differ(struct replay *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void differ(struct replay *self, const char *format, ...)
{
    if (self->difference[0])
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(self->difference, sizeof self->difference, format, args);
    va_end(args);
}

/* ---- from a row of cases.csv to a case ------------------------------------------------------- */

static const char *cell(const struct table *cases, size_t row, const char *column)
{
    size_t index = table_column(cases, column);
    return index == SIZE_MAX ? "" : table_cell(cases, row, index);
}

static unsigned long cell_number(const struct table *cases, size_t row, const char *column)
{
    return strtoul(cell(cases, row, column), NULL, 0);
}

static bool parse_drop(struct i8237_script *script, const char *text)
{
    char state[8];
    unsigned transfer, clocks;
    if (sscanf(text, "drop in %7s of transfer %u, low for %u clocks", state, &transfer, &clocks) !=
        3)
        return false;
    static const struct {
        const char *name;
        uint8_t state;
    } states[] = {
        {"S2", I8237_S2},
        {"S3", I8237_S3},
        {"SW", I8237_S3}, /* there is no SW while READY is high: the last state before S4 */
        {"S4", I8237_S4},
    };
    for (size_t i = 0; i < COUNT(states); i++) {
        if (strcmp(states[i].name, state) != 0)
            continue;
        script->drop_state = states[i].state;
        script->drop_transfer = transfer;
        script->drop_clocks = clocks;
        script->request = I8237_REQUEST_UNTIL_EOP;
        return true;
    }
    return false;
}

static bool parse_request(struct i8237_script *script, const char *text)
{
    if (sscanf(text, "pulse services=%u gap=%u", &script->services, &script->gap) == 2) {
        script->request = I8237_REQUEST_PULSE;
        return script->gap > 0;
    }
    if (strncmp(text, "until EOP", 9) == 0) {
        script->request = I8237_REQUEST_UNTIL_EOP;
        return true;
    }
    if (strncmp(text, "hold", 4) == 0) {
        script->request = I8237_REQUEST_HOLD;
        return true;
    }
    return parse_drop(script, text);
}

static bool build_case(struct replay *self, const struct table *cases, size_t row, unsigned flags)
{
    struct i8237_case *wiring = &self->wiring;
    i8237_case_init(wiring);
    wiring->flags = flags;
    struct i8237_script script = {.request = I8237_REQUEST_NONE};
    uint8_t command = (uint8_t)cell_number(cases, row, "command");
    if (!parse_request(&script, cell(cases, row, "request")))
        return false;
    script.low = command & I8237_DREQ_LOW;
    wiring->ready_low = (uint32_t)cell_number(cases, row, "ready_low_samples");
    wiring->eop_transfer = (uint32_t)cell_number(cases, row, "external_eop_in_transfer");
    wiring->bus_config.hlda_clocks = (uint32_t)cell_number(cases, row, "hlda_clocks");
    if (wiring->bus_config.hlda_clocks == 0)
        return false;

    char *channels = (char[64]){0}, *addresses = (char[128]){0};
    snprintf(channels, 64, "%s", cell(cases, row, "channels"));
    snprintf(addresses, 128, "%s", cell(cases, row, "addresses"));
    struct {
        unsigned long channel, address;
    } used[ISA_CHANNELS];
    size_t count = 0;
    for (; *channels && count < ISA_CHANNELS; count++) {
        char *end = channels;
        used[count].channel = strtoul(channels, &channels, 10);
        if (channels == end || used[count].channel >= ISA_CHANNELS)
            return false;
        end = addresses;
        used[count].address = strtoul(addresses, &addresses, 0);
        if (addresses == end)
            return false;
        wiring->scripts[used[count].channel] = script;
        while (*channels == ' ')
            channels++;
    }
    if (i8237_case_build(wiring) != DMASIM_OK)
        return false;
    i8237_case_out(wiring, 0, I8237_COMMAND, command);
    for (size_t i = 0; i < count; i++)
        i8237_case_channel(wiring, (unsigned)used[i].channel,
                           (uint8_t)(cell_number(cases, row, "mode") & ~3u),
                           (uint32_t)used[i].address, (uint32_t)cell_number(cases, row, "count"));
    return count > 0;
}

/* ---- what the model did ---------------------------------------------------------------------- */

static void list_add(struct list *list, sim_cycle clock, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void list_add(struct list *list, sim_cycle clock, const char *format, ...)
{
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 256;
        list->items = realloc(list->items, list->room * sizeof *list->items);
        list->clocks = realloc(list->clocks, list->room * sizeof *list->clocks);
        if (!list->items || !list->clocks)
            abort();
    }
    va_list args;
    va_start(args, format);
    vsnprintf(list->items[list->count], sizeof *list->items, format, args);
    va_end(args);
    list->clocks[list->count++] = clock;
}

static void list_free(struct list *list)
{
    free(list->items);
    free(list->clocks);
}

static const char *state_name(const struct replay *self, uint8_t state)
{
    const struct probe_field *field = self->wiring.chip->probe.type->fields;
    return field->names[state];
}

static void take_state(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                       const void *record)
{
    (void)probe;
    struct replay *self = CONTAINER_OF(observer, struct replay, state_observer);
    uint8_t state = ((const struct i8237_record *)record)->state;
    sim_cycle clock = now / 2;
    for (; self->started && self->since < clock; self->since++) {
        list_add(&self->states, self->since, "%s", state_name(self, self->state));
        if (self->state == I8237_S4 || self->state == I8237_S24)
            self->length = self->states.count;
    }
    self->started |= state == I8237_S0;
    self->state = state;
    self->since = clock;
}

static void take_byte(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                      const void *record)
{
    (void)probe;
    struct replay *self = CONTAINER_OF(observer, struct replay, byte_observer);
    const struct i8237_byte_record *byte = record;
    list_add(&self->transfers, now / 2, "%u@%06X%s", byte->channel, byte->address,
             byte->tc ? ":TC" : "");
}

/* ---- the comparison -------------------------------------------------------------------------- */

/* Compares a list with words; a word `X*n` stands for n. */
static void compare(struct replay *self, const char *what, const struct list *list, size_t count,
                    const char *expected)
{
    size_t at = 0;
    while (*expected) {
        size_t length = strcspn(expected, " ");
        char word[TEXT_MAX];
        snprintf(word, sizeof word, "%.*s", (int)(length < TEXT_MAX ? length : TEXT_MAX - 1),
                 expected);
        char *star = strchr(word, '*');
        unsigned long times = star ? strtoul(star + 1, NULL, 10) : 1;
        if (star)
            *star = '\0';
        for (; times > 0; times--, at++) {
            if (at >= count) {
                differ(self, "%zu %s, expected %s next", count, what, word);
                return;
            }
            if (strcmp(list->items[at], word) != 0) {
                differ(self, "clock %llu: %s %zu is %s, expected %s",
                       (unsigned long long)list->clocks[at], what, at + 1, list->items[at], word);
                return;
            }
        }
        expected += length;
        expected += strspn(expected, " ");
    }
    if (at < count)
        differ(self, "clock %llu: %s %zu is %s, expected no more",
               (unsigned long long)list->clocks[at], what, at + 1, list->items[at]);
}

static bool expected_of(const struct table *expected, const char *name, const char **states,
                        const char **transfers)
{
    size_t column = table_column(expected, "case");
    for (size_t row = 1; row < expected->rows; row++) {
        if (strcmp(table_cell(expected, row, column), name) != 0)
            continue;
        *states = cell(expected, row, "expected_states");
        *transfers = cell(expected, row, "expected_transfers");
        return true;
    }
    return false;
}

static bool referee_case(struct referee *referee, const struct table *cases, size_t row,
                         const struct table *expected)
{
    const char *name = cell(cases, row, "case"), *states = "", *transfers = "";
    struct replay *self = calloc(1, sizeof *self);
    if (!self)
        return false;
    if (!expected_of(expected, name, &states, &transfers)) {
        differ(self, "expected.csv has no such case");
    } else if (!build_case(self, cases, row, referee->flags)) {
        differ(self, "the row's settings are not understood");
    } else {
        self->state_observer.notify = take_state;
        self->byte_observer.notify = take_byte;
        probe_observe(&self->wiring.chip->probe, &self->state_observer);
        probe_observe(&self->wiring.chip->byte_probe, &self->byte_observer);
        sim_cycle quiet = QUIET_CLOCKS + 2 * (sim_cycle)self->wiring.bus_config.hlda_clocks;
        if (!i8237_case_run(&self->wiring, CLOCKS_MAX, quiet))
            differ(self, "not over after %d clocks", CLOCKS_MAX);
        compare(self, "states", &self->states, self->length, states);
        compare(self, "transfers", &self->transfers, self->transfers.count, transfers);
    }
    bool passed = !self->difference[0];
    if (!passed)
        printf("%s: %s\n", name, self->difference);
    i8237_case_free(&self->wiring);
    list_free(&self->states);
    list_free(&self->transfers);
    free(self);
    return passed;
}

static bool has_columns(const struct table *table, const char *folder, const char *file,
                        const char *const *columns)
{
    for (; *columns; columns++) {
        if (table_column(table, *columns) != SIZE_MAX)
            continue;
        fprintf(stderr, "%s/%s:1: error: no column '%s'\n", folder, file, *columns);
        return false;
    }
    return true;
}

bool referee_i8237(struct referee *self)
{
    static const char *const case_columns[] = {"case",      "command", "mode",    "channels",
                                               "addresses", "count",   "request", NULL};
    static const char *const expected_columns[] = {"case", "expected_states", "expected_transfers",
                                                   NULL};
    struct table cases, expected;
    if (!table_read(&cases, self->folder, "cases.csv"))
        return false;
    if (!table_read(&expected, self->folder, "expected.csv")) {
        table_free(&cases);
        return false;
    }
    bool usable = has_columns(&cases, self->folder, "cases.csv", case_columns) &&
                  has_columns(&expected, self->folder, "expected.csv", expected_columns);
    for (size_t row = 1; usable && row < cases.rows; row++) {
        if (referee_case(self, &cases, row, &expected))
            self->passed++;
        else
            self->failed++;
    }
    table_free(&cases);
    table_free(&expected);
    return usable;
}
