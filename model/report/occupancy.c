/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * occupancy: who was on each bus, and when, from its beats.
 *
 * AHB (bus.csv): a master has the data bus from the cycle after its address was accepted to the one in which its data
 * phase ends, wait states included; so all of them together are `busy_cycles`.
 * AXI (beats.csv): a beat of R or of W takes a cycle of its own channel.
 * ISA (beats.csv): a bus cycle lasts from the half in which its first command went on to its last.
 *
 * The longest wait: on AHB the wait states of one data phase; on AXI the cycles from a request, or from the beat
 * before, to a beat, without that beat's own.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "compare/texts.h"
#include "report/bins.h"
#include "report/run.h"

#define BUSES_MAX 64u
#define MASTERS_MAX 64u /* of a bus, AXI's of each direction */

enum kind { AHB, AXI, ISA };

struct beat {
    uint64_t cycle, time_ps, start;
    bool write;
    char master[100], slave[100];
};

struct user {
    char name[120];
    size_t series;
    uint64_t last; /* cycle of its last beat */
};

struct bus {
    char name[100];
    enum kind kind;
    bool begun;        /* there is a first beat */
    struct beat first; /* which waits until the length of a cycle is known */
    double period_ps;  /* 0: not known yet */
    double longest_ps; /* of a wait */
    struct report_moment stall;
    struct report_bins bins;
    struct user users[MASTERS_MAX];
    size_t user_count;
};

struct occupancy {
    struct bus *buses;
    size_t count;
};

static struct bus *bus_of(struct occupancy *self, const char *name, enum kind kind)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp(self->buses[i].name, name) == 0)
            return &self->buses[i];
    if (self->count == BUSES_MAX)
        return NULL;
    struct bus *bus = &self->buses[self->count++];
    *bus = (struct bus){.kind = kind};
    report_bins_start(&bus->bins);
    snprintf(bus->name, sizeof bus->name, "%s", name);
    return bus;
}

static struct user *user_of(struct bus *self, const struct beat *beat)
{
    char name[120];
    snprintf(name, sizeof name, "%s%s", beat->master,
             self->kind != AXI ? ""
             : beat->write     ? " write"
                               : " read");
    for (size_t i = 0; i < self->user_count; i++)
        if (strcmp(self->users[i].name, name) == 0)
            return &self->users[i];
    if (self->user_count == MASTERS_MAX)
        return NULL;
    struct user *user = &self->users[self->user_count];
    if ((user->series = report_bins_new(&self->bins)) == SIZE_MAX)
        return NULL;
    memcpy(user->name, name, sizeof name);
    user->last = 0;
    self->user_count++;
    return user;
}

static void offer_stall(struct bus *self, const struct beat *beat, uint64_t waited)
{
    const double length = (double)waited * self->period_ps;
    if (length <= self->longest_ps)
        return;
    self->longest_ps = length;
    struct report_moment *stall = &self->stall;
    *stall = (struct report_moment){.there = true, .to_ps = beat->time_ps};
    stall->from_ps = (double)beat->time_ps > length ? beat->time_ps - (uint64_t)length : 0;
    snprintf(stall->scope, sizeof stall->scope, "%s.%s", self->name, beat->master);
    snprintf(stall->text, sizeof stall->text, "%s waits %" PRIu64 " cycles for %s", beat->master,
             waited, beat->slave);
}

static void place(struct bus *self, const struct beat *beat)
{
    struct user *user = user_of(self, beat);
    if (!user)
        return;
    uint64_t cycles = 1, waited = 0;
    if (self->kind == AHB) {
        cycles = beat->cycle - beat->start;
        waited = cycles > 0 ? cycles - 1 : 0;
    } else if (self->kind == ISA) {
        cycles = beat->cycle - beat->start + 1;
    } else {
        const uint64_t since = user->last > beat->start ? user->last : beat->start;
        waited = beat->cycle > since + 1 ? beat->cycle - since - 1 : 0;
    }
    user->last = beat->cycle;
    const double length = (double)cycles * self->period_ps;
    const uint64_t from =
        (double)beat->time_ps > length ? beat->time_ps - (uint64_t)(length + 0.5) : 0;
    report_bins_add(&self->bins, user->series, from, beat->time_ps, 1);
    offer_stall(self, beat, waited);
}

static void take(struct bus *self, const struct beat *beat)
{
    if (beat->cycle < beat->start)
        return;
    if (!self->begun) {
        self->begun = true;
        self->first = *beat;
        return;
    }
    if (beat->cycle > self->first.cycle && beat->time_ps > self->first.time_ps) {
        const bool known = self->period_ps > 0;
        self->period_ps = (double)(beat->time_ps - self->first.time_ps) /
                          (double)(beat->cycle - self->first.cycle);
        if (!known)
            place(self, &self->first);
    }
    if (self->period_ps > 0)
        place(self, beat);
}

/* Of a bus with one beat all told, the time of that beat. */
static void end(struct bus *self)
{
    if (self->period_ps > 0 || !self->first.cycle)
        return;
    self->period_ps = (double)self->first.time_ps / (double)self->first.cycle;
    place(self, &self->first);
}

/* ---- the two tables -------------------------------------------------------------------------- */

enum { CYCLE, TIME, BUS, START, MASTER, SLAVE, DIRECTION, KIND, COLUMNS };

static bool read_table(struct occupancy *self, struct csv *csv, const char *table, bool ahb,
                       struct dmasim_error *error)
{
    const char *const names[COLUMNS] = {
        "cycle",
        "time_ps",
        "bus",
        ahb ? "address_cycle" : "start_cycle",
        "master",
        "slave",
        ahb ? "HWRITE" : "write",
        "kind",
    };
    size_t at[COLUMNS];
    bool good = report_columns(csv, table, names, ahb ? KIND : COLUMNS, at, error);
    while (good && csv_row(csv)) {
        struct beat beat = {
            .cycle = strtoull(csv_text(csv, at[CYCLE]), NULL, 10),
            .time_ps = strtoull(csv_text(csv, at[TIME]), NULL, 10),
            .start = strtoull(csv_text(csv, at[START]), NULL, 10),
            .write = csv_text(csv, at[DIRECTION])[0] == '1',
        };
        snprintf(beat.master, sizeof beat.master, "%s", csv_text(csv, at[MASTER]));
        snprintf(beat.slave, sizeof beat.slave, "%s", csv_text(csv, at[SLAVE]));
        const char *kind = ahb ? "" : csv_text(csv, at[KIND]);
        struct bus *bus = bus_of(self, csv_text(csv, at[BUS]),
                                 ahb                            ? AHB
                                 : *kind >= 'A' && *kind <= 'Z' ? ISA
                                                                : AXI);
        if (bus)
            take(bus, &beat);
    }
    return report_close(csv, table, error) && good;
}

static void print(struct occupancy *self, FILE *out, struct report_moment *stall)
{
    static const char *const kinds[] = {[AHB] = "ahb", [AXI] = "axi", [ISA] = "isa"};
    double longest = 0;
    fputs(",\n\"buses\":[", out);
    for (size_t i = 0; i < self->count; i++) {
        struct bus *bus = &self->buses[i];
        end(bus);
        fprintf(out, "%s{\"name\":", i ? ",\n" : "");
        json_print(bus->name, out);
        fprintf(out, ",\"kind\":\"%s\",\"width\":%" PRIu64 ",\"end\":%" PRIu64 ",\"masters\":[",
                kinds[bus->kind], bus->bins.width_ps, bus->bins.end_ps);
        for (size_t k = 0; k < bus->user_count; k++) {
            fputs(k ? ",\n{\"name\":" : "{\"name\":", out);
            json_print(bus->users[k].name, out);
            fputs(",\"share\":", out);
            report_bins_print(&bus->bins, bus->users[k].series, REPORT_BIN_MEAN, out);
            fputc('}', out);
        }
        fputs("]}", out);
        if (bus->longest_ps > longest) {
            longest = bus->longest_ps;
            *stall = bus->stall;
        }
        report_bins_free(&bus->bins);
    }
    fputs("]", out);
}

bool report_occupancy(const char *folder, FILE *out, struct report_moment *stall,
                      struct dmasim_error *error)
{
    struct occupancy self = {.buses = calloc(BUSES_MAX, sizeof *self.buses)};
    bool good = self.buses != NULL;
    *error = (struct dmasim_error){.code = DMASIM_MEMORY, .text = "out of memory"};
    for (int ahb = 1; good && ahb >= 0; ahb--) {
        const char *table = ahb ? "bus.csv" : "beats.csv";
        struct csv *csv = report_open(folder, table, error);
        bool of_ahb = false;
        for (size_t i = 0; csv && i < csv->columns; i++)
            of_ahb |= strcmp(csv_text(csv, i), "HADDR") == 0;
        if (csv && ahb && !of_ahb) /* an ISA bus's own table: beats.csv has them too */
            csv_close(csv);
        else
            good = csv ? read_table(&self, csv, table, ahb, error) : error->code == DMASIM_OK;
    }
    if (good && self.count)
        print(&self, out, stall);
    for (size_t i = 0; i < self.count; i++)
        report_bins_free(&self.buses[i].bins);
    free(self.buses);
    return good;
}
