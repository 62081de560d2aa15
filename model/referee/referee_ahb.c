/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * referee_ahb: replays FOLDER/cases.csv of AHB arbiters on the model.
 *
 * A case becomes a plan of four scripted masters, two pattern slaves and one bus, whose arbiter
 * follows from the name of the case's folder (traces/golden/ahb/README.md, "Settings"). Every wire of
 * every cycle is compared with the recorded file, and the number of cycles (rule 7).
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"
#include "referee/ahb_case.h"
#include "referee/referee.h"
#include "system.h"

#define COLUMNS_MAX 32
#define CYCLES_MAX 1000000

struct replay {
    struct ahb_case wiring;
    /* The comparison. */
    struct probe_observer row_observer, beat_observer;
    const struct table *golden;
    const struct probe_field *fields[COLUMNS_MAX]; /* by column; null: not compared */
    struct ahb_row held;                           /* shows from held_from on */
    sim_cycle held_from;                           /* SIM_NEVER: nothing yet */
    sim_cycle last_data;                           /* cycle in which the last data phase ended */
    bool last_failed;                              /* with ERROR, on its command's last beat */
    char difference[256];
};

/* ---- from a row of cases.csv to a plan ------------------------------------------------------- */

static long cell_number(const struct table *cases, size_t row, const char *column, long absent)
{
    size_t index = table_column(cases, column);
    if (index == SIZE_MAX || !*table_cell(cases, row, index))
        return absent;
    return strtol(table_cell(cases, row, index), NULL, 0);
}

static bool plan_case(struct replay *self, const struct table *cases, size_t row)
{
    struct ahb_case *wiring = &self->wiring;
    ahb_case_init(wiring);
    if (!ahb_case_arbiter(&wiring->bus.arbiter,
                          table_cell(cases, row, table_column(cases, "dut"))) ||
        !ahb_case_script(wiring, table_cell(cases, row, table_column(cases, "script"))))
        return false;
    for (unsigned i = 0; i < 2; i++) {
        wiring->slaves[i].first_wait_cycles =
            (uint32_t)cell_number(cases, row, i ? "wn1" : "wn", 0);
        wiring->slaves[i].next_wait_cycles = (uint32_t)cell_number(cases, row, i ? "ws1" : "ws", 0);
    }
    long inject = cell_number(cases, row, "injn", -1);
    if (inject >= 0) {
        wiring->slaves[0].inject_at = (uint32_t)inject;
        wiring->slaves[0].inject_response = (uint8_t)cell_number(cases, row, "injr", 0);
    }
    return true;
}

/* ---- the comparison -------------------------------------------------------------------------- */

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

/* Compares the held row with the recorded rows of the cycles from held_from to before `until`. */
static void compare_held(struct replay *self, sim_cycle until)
{
    const struct table *golden = self->golden;
    if (self->held_from == SIM_NEVER)
        return;
    for (sim_cycle cycle = self->held_from; cycle < until && cycle + 1 < golden->rows; cycle++) {
        for (size_t column = 0; column < golden->columns; column++) {
            const struct probe_field *field = self->fields[column];
            if (!field)
                continue;
            const char *cell = table_cell(golden, cycle + 1, column);
            uint64_t value = probe_value(field, &self->held);
            bool decimal = field->radix == PROBE_DECIMAL;
            if (strtoull(cell, NULL, decimal ? 10 : 16) != value) {
                differ(self,
                       decimal ? "cycle %llu: %s is %llu, recorded %s"
                               : "cycle %llu: %s is %llx, recorded %s",
                       (unsigned long long)cycle, field->name, (unsigned long long)value, cell);
                return;
            }
        }
    }
}

static void take_row(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                     const void *record)
{
    (void)probe;
    struct replay *self = CONTAINER_OF(observer, struct replay, row_observer);
    compare_held(self, now);
    memcpy(&self->held, record, sizeof self->held);
    self->held_from = now;
}

/* Is the transfer in its data phase the last beat of its command? HWDATA has the numbers of both. */
static bool last_beat(const struct ahb_case *wiring, unsigned master, const struct ahb_row *row)
{
    const uint32_t word = (uint32_t)row->hwdata.lane[0];
    const struct scripted_command *command =
        &wiring->commands[master][word >> 16 & (AHB_CASE_COMMANDS - 1)];
    const unsigned beats = ahb_burst_beats(command->burst);
    return (word & 0xffff) + 1 == (beats ? beats : command->beats);
}

static void take_beat(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                      const void *record)
{
    (void)probe;
    struct replay *self = CONTAINER_OF(observer, struct replay, beat_observer);
    const struct ahb_beat *beat = record;
    self->last_data = now;
    self->last_failed =
        beat->hresp == AHB_ERROR && last_beat(&self->wiring, beat->master_index, &self->held);
}

static bool match_columns(struct replay *self, const struct probe_type *type)
{
    if (self->golden->columns > COLUMNS_MAX)
        return false;
    for (size_t column = 0; column < self->golden->columns; column++) {
        const char *name = table_cell(self->golden, 0, column);
        self->fields[column] = NULL;
        for (size_t i = 0; i < type->field_count; i++)
            if (strcmp(type->fields[i].name, name) == 0)
                self->fields[column] = &type->fields[i];
        if (!self->fields[column] && strcmp(name, "cycle") != 0) {
            differ(self, "the model has no column %s", name);
            return false;
        }
    }
    return true;
}

static void replay_run(struct replay *self, unsigned flags)
{
    struct check check = {.fail = ahb_case_fail};
    struct system system;
    if (system_create(&system, &self->wiring.plan, flags, &check) != DMASIM_OK) {
        differ(self, "the model could not be built");
        system_free(&system);
        return;
    }
    struct probe *rows = system_probe(&system, "ahb_row", NULL);
    struct probe *beats = system_probe(&system, "ahb_beat", NULL);
    self->held_from = SIM_NEVER;
    self->row_observer.notify = take_row;
    self->beat_observer.notify = take_beat;
    if (match_columns(self, rows->type)) {
        probe_observe(rows, &self->row_observer);
        probe_observe(beats, &self->beat_observer);
        kernel_advance(&system.kernel, CYCLES_MAX * (sim_time)AHB_CASE_PERIOD_PS,
                       KERNEL_STOP_QUIET);
        bool finished = system.kernel.quiet_since != SIM_NEVER;
        kernel_advance(&system.kernel, system.kernel.now + 8 * (sim_time)AHB_CASE_PERIOD_PS, 0);
        compare_held(self, SIM_NEVER);
        /* Rule 7: the recording ends 4 rows after the last data phase, 5 after an ERROR on a last beat. */
        sim_cycle rows_expected = self->last_data + 5 + self->last_failed;
        if (!finished)
            differ(self, "the model did not finish in %d cycles", CYCLES_MAX);
        else if (rows_expected != self->golden->rows - 1)
            differ(self, "%llu cycles, recorded %zu", (unsigned long long)rows_expected,
                   self->golden->rows - 1);
    }
    system_free(&system);
}

static bool referee_case(struct referee *referee, const struct table *cases, size_t row)
{
    const char *file = table_cell(cases, row, table_column(cases, "file"));
    struct table golden;
    struct replay *self = calloc(1, sizeof *self);
    if (!self)
        return false;
    if (!table_read(&golden, referee->folder, file)) {
        differ(self, "the recording can't be read");
    } else {
        self->golden = &golden;
        if (golden.rows < 2)
            differ(self, "the recording is empty");
        else if (!plan_case(self, cases, row))
            differ(self, "the row's settings or script are not understood");
        else
            replay_run(self, referee->flags);
        table_free(&golden);
    }
    bool passed = !self->difference[0];
    if (!passed)
        printf("%s: %s\n", file, self->difference);
    free(self);
    return passed;
}

bool referee_ahb(struct referee *self)
{
    struct table cases;
    if (!table_read(&cases, self->folder, "cases.csv"))
        return false;
    static const char *const needed[] = {"file", "dut", "script"};
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
