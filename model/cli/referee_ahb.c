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

#include "bus/components.h"
#include "cli/referee.h"
#include "host/scripted.h"
#include "memory/pattern.h"
#include "system.h"

#define MASTERS 4
#define COMMANDS_MAX 256
#define COLUMNS_MAX 32
#define CYCLES_MAX 1000000

struct clock_only {
    uint64_t frequency_hz, period_ps, phase_ps;
};

struct replay {
    /* The plan. */
    struct plan plan;
    struct clock_only clock_config;
    struct ahb_bus_config bus;
    struct scripted_config scripts[MASTERS];
    struct scripted_command commands[MASTERS][COMMANDS_MAX];
    struct pattern_config slaves[2];
    struct component clock, ahb, masters[MASTERS], memories[2];

    /* The comparison. */
    struct probe_observer row_observer, beat_observer;
    const struct table *golden;
    const struct probe_field *fields[COLUMNS_MAX]; /* by column; null: not compared */
    struct ahb_row held;      /* shows from held_from on */
    sim_cycle held_from;      /* SIM_NEVER: nothing yet */
    sim_cycle last_data;      /* cycle in which the last data phase ended */
    bool last_failed;         /* with ERROR */
    char difference[256];
};

static const char *const master_names[MASTERS] = {"m0", "m1", "m2", "m3"};

/* ---- from a row of cases.csv to a plan --------------------------------------------------------- */

/* Settings from the folder's name: gen_amba, or grlib_{fp,rr}[_fb][_defN][_mprio[N]]. */
static bool arbiter_from_name(struct ahb_arbiter_config *arbiter, const char *name)
{
    *arbiter = (struct ahb_arbiter_config){.default_master = master_names[0]};
    if (strncmp(name, "gen_amba", 8) == 0) {
        arbiter->policy = AHB_FAIR_MASK;
        arbiter->order = AHB_LOWEST_FIRST;
        arbiter->grant = AHB_REGISTERED;
        arbiter->rearbitrate = AHB_AT_RELEASE;
        arbiter->park = AHB_PARK_NOBODY;
        arbiter->ignore_lock = true;
        return true;
    }
    bool ring = strncmp(name, "grlib_rr", 8) == 0;
    if (!ring && strncmp(name, "grlib_fp", 8) != 0)
        return false;
    arbiter->policy = ring ? AHB_ROUND_ROBIN : AHB_FIXED;
    arbiter->park = ring ? AHB_PARK_LAST : AHB_PARK_DEFAULT;
    arbiter->count_beats = name[8] == '_';
    const char *def = strstr(name, "_def");
    if (def && def[4] >= '0' && def[4] < '0' + MASTERS)
        arbiter->default_master = master_names[def[4] - '0'];
    const char *prio = strstr(name, "_mprio");
    if (prio) {
        int index = prio[6] >= '0' && prio[6] < '0' + MASTERS ? prio[6] - '0' : 2;
        arbiter->ahead = master_names[index];
    }
    return true;
}

/* master:delay:write:lock:size:burst:beats:addr:drop:busy, joined by ';' */
static bool parse_script(struct replay *self, const char *script)
{
    while (*script) {
        unsigned master, delay, write, lock, size, burst, beats, address, drop, busy;
        int used = 0;
        if (sscanf(script, "%u:%u:%u:%u:%u:%u:%u:%x:%u:%x%n", &master, &delay, &write, &lock,
                   &size, &burst, &beats, &address, &drop, &busy, &used) != 10 ||
            master >= MASTERS || size > 4 || burst > 7 || drop > 2 ||
            self->scripts[master].commands.count == COMMANDS_MAX)
            return false;
        struct parameter_list *list = &self->scripts[master].commands;
        self->commands[master][list->count++] = (struct scripted_command){
            .delay = delay,
            .address = address,
            .beats = beats,
            .busy = (uint16_t)busy,
            .size = (uint8_t)size,
            .burst = (uint8_t)burst,
            .drop = (uint8_t)drop,
            .write = write != 0,
            .lock = lock != 0,
        };
        script += used;
        if (*script == ';')
            script++;
        else if (*script)
            return false;
    }
    return true;
}

static long cell_number(const struct table *cases, size_t row, const char *column, long absent)
{
    size_t index = table_column(cases, column);
    if (index == SIZE_MAX || !*table_cell(cases, row, index))
        return absent;
    return strtol(table_cell(cases, row, index), NULL, 0);
}

static bool plan_case(struct replay *self, const struct table *cases, size_t row)
{
    const char *name = table_cell(cases, row, table_column(cases, "dut"));
    self->clock_config = (struct clock_only){.period_ps = 10000};
    self->clock = (struct component){"hclk", &clock_type, &self->clock_config, .instance = NULL};
    self->bus.width_bits = 32;
    if (!arbiter_from_name(&self->bus.arbiter, name))
        return false;
    self->ahb = (struct component){"ahb", &ahb_type, &self->bus, .instance = NULL};
    for (unsigned i = 0; i < MASTERS; i++) {
        self->scripts[i] = (struct scripted_config){
            .repeat = 1, .commands = {.items = self->commands[i], .count = 0}};
        self->masters[i] =
            (struct component){master_names[i], &scripted_type, &self->scripts[i], .instance = NULL};
    }
    if (!parse_script(self, table_cell(cases, row, table_column(cases, "script"))))
        return false;

    for (uint8_t i = 0; i < 2; i++) {
        self->slaves[i] = (struct pattern_config){
            .base = i ? UINT64_C(0x80000000) : 0,
            .size_bytes = UINT64_C(0x80000000),
            .first_wait_cycles = (uint32_t)cell_number(cases, row, i ? "wn1" : "wn", 0),
            .next_wait_cycles = (uint32_t)cell_number(cases, row, i ? "ws1" : "ws", 0),
            .number = i,
            .inject_at = UINT32_MAX,
            .words = 1u << 14,
        };
        self->memories[i] =
            (struct component){i ? "s1" : "s0", &pattern_type, &self->slaves[i], .instance = NULL};
    }
    long inject = cell_number(cases, row, "injn", -1);
    if (inject >= 0) {
        self->slaves[0].inject_at = (uint32_t)inject;
        self->slaves[0].inject_response = (uint8_t)cell_number(cases, row, "injr", 0);
    }
    self->plan = (struct plan){.name = "referee"};
    self->plan.components[SECTION_CLOCKS] = &self->clock;
    self->plan.components[SECTION_BUSES] = &self->ahb;
    self->plan.components[SECTION_MASTERS] = self->masters;
    self->plan.components[SECTION_MEMORIES] = self->memories;
    self->plan.counts[SECTION_CLOCKS] = self->plan.counts[SECTION_BUSES] = 1;
    self->plan.counts[SECTION_MASTERS] = MASTERS;
    self->plan.counts[SECTION_MEMORIES] = 2;
    return true;
}

/* ---- the comparison ---------------------------------------------------------------------------- */

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
                differ(self, decimal ? "cycle %llu: %s is %llu, recorded %s"
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
    struct replay *self =
        (struct replay *)((char *)observer - offsetof(struct replay, row_observer));
    compare_held(self, now);
    memcpy(&self->held, record, sizeof self->held);
    self->held_from = now;
}

static void take_beat(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                      const void *record)
{
    (void)probe;
    struct replay *self =
        (struct replay *)((char *)observer - offsetof(struct replay, beat_observer));
    const struct ahb_beat *beat = record;
    self->last_data = now;
    self->last_failed = beat->hresp == AHB_ERROR;
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

static void report_failure(struct check *check, const struct component *component,
                           const char *parameter, const char *format, ...)
{
    (void)parameter;
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s: ", component ? component->name : "referee");
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    check->failures++;
}

static void replay_run(struct replay *self, unsigned flags)
{
    struct check check = {.fail = report_failure};
    struct system system;
    if (system_create(&system, &self->plan, flags, &check) != DMASIM_OK) {
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
        kernel_advance(&system.kernel, CYCLES_MAX * self->clock_config.period_ps, true);
        bool finished = system.kernel.quiet_since != SIM_NEVER;
        kernel_advance(&system.kernel, system.kernel.now + 8 * self->clock_config.period_ps, false);
        compare_held(self, SIM_NEVER);
        /* Rule 7: the recording ends 4 rows behind the last data phase, 5 behind a last ERROR. */
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
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
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
