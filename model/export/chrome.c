/* SPDX-License-Identifier: BSD-2-Clause */
#include "export/chrome.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "compare/texts.h"
#include "reading/csv.h"

#define TRACKS_MAX 256
#define NAME_ROOM 96

/* One track: what the viewer calls a thread, of a process that is a bus or a controller. */
struct track {
    char process[NAME_ROOM], name[NAME_ROOM];
    unsigned pid, tid;
    /* Of a master: the slice that is open. */
    bool open, write;
    char slave[NAME_ROOM], kind[NAME_ROOM];
    uint64_t begin_ps, end_ps, start_cycle, address, beats, bytes;
};

struct chrome {
    FILE *out;
    const char *comma;
    struct track tracks[TRACKS_MAX];
    size_t track_count;
    unsigned processes;
    uint64_t transfers;
    char *error;
    size_t error_room;
};

/* ---- events ---------------------------------------------------------------------------------- */

static void text(struct chrome *self, const char *key, const char *value)
{
    fprintf(self->out, ", \"%s\": ", key);
    json_print(value, self->out);
}

static void time_us(struct chrome *self, const char *key, uint64_t ps)
{
    fprintf(self->out, ", \"%s\": %" PRIu64 ".%06" PRIu64, key, ps / 1000000, ps % 1000000);
}

static void begin(struct chrome *self, const char *phase, const struct track *track)
{
    fprintf(self->out, "%s\n{\"ph\": \"%s\", \"pid\": %u, \"tid\": %u", self->comma, phase,
            track->pid, track->tid);
    self->comma = ",";
}

/* Names a process or a thread. */
static void metadata(struct chrome *self, const struct track *track, const char *what,
                     const char *name)
{
    begin(self, "M", track);
    text(self, "name", what);
    fputs(", \"args\": {\"name\": ", self->out);
    json_print(name, self->out);
    fputs("}}", self->out);
}

static struct track *track_of(struct chrome *self, const char *process, const char *name)
{
    unsigned pid = 0, tid = 1;
    for (size_t i = 0; i < self->track_count; i++) {
        struct track *track = &self->tracks[i];
        if (strcmp(track->process, process) != 0)
            continue;
        if (strcmp(track->name, name) == 0)
            return track;
        pid = track->pid;
        tid++;
    }
    if (self->track_count == TRACKS_MAX) {
        snprintf(self->error, self->error_room, "more than %d tracks", TRACKS_MAX);
        return NULL;
    }
    struct track *track = &self->tracks[self->track_count++];
    *track = (struct track){.pid = pid ? pid : ++self->processes, .tid = tid};
    snprintf(track->process, NAME_ROOM, "%s", process);
    snprintf(track->name, NAME_ROOM, "%s", name);
    if (!pid)
        metadata(self, track, "process_name", process);
    metadata(self, track, "thread_name", name);
    return track;
}

/* ---- tables ---------------------------------------------------------------------------------- */

/* Opens a table of the folder; null without an error if there is none. Reads its header. */
static struct csv *open_table(struct chrome *self, const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%.3900s/%s", folder, name);
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

static bool find_columns(struct chrome *self, const struct csv *csv, const char *table,
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

static bool end_table(struct chrome *self, struct csv *csv, const char *name)
{
    const bool good = !csv->error[0];
    if (!good)
        snprintf(self->error, self->error_room, "%s:%" PRIu64 ": %s", name, csv->error_line,
                 csv->error);
    csv_close(csv);
    return good && !self->error[0];
}

static uint64_t number(const struct csv *csv, size_t column, int base)
{
    return strtoull(csv_text(csv, column), NULL, base);
}

/* ---- transfers ------------------------------------------------------------------------------- */

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

static const char *const transfer_columns[T_COLUMNS] = {
    "controller",    "channel",          "name",         "call",
    "bytes",         "status",           "submit_ps",    "issue_ps",
    "first_beat_ps", "last_beat_ps",     "interrupt_ps", "callback_ps",
    "data_beats",    "descriptor_beats", "cpu_accesses", "cpu_stall_cycles"};

/* A part of a transfer, nested in it: such are told apart by an id, since transfers of a channel overlap. */
static void span(struct chrome *self, const struct track *track, const char *name, uint64_t from,
                 uint64_t to)
{
    static const char *const phases[] = {"b", "e"};
    for (int end = 0; end < 2; end++) {
        begin(self, phases[end], track);
        fprintf(self->out, ", \"cat\": \"transfer\", \"id\": %" PRIu64, self->transfers);
        text(self, "name", name);
        time_us(self, "ts", end ? to : from);
        fputs("}", self->out);
    }
}

static void transfer(struct chrome *self, const struct csv *csv, const size_t *columns)
{
    static const struct {
        const char *name;
        int from, to;
    } parts[] = {{"waits to be issued", T_SUBMIT, T_ISSUE},
                 {"data", T_FIRST, T_LAST},
                 {"interrupt to callback", T_INTERRUPT, T_CALLBACK}};
    char process[NAME_ROOM], name[NAME_ROOM + 64];
    const char *controller = csv_text(csv, columns[T_CONTROLLER]);
    snprintf(process, sizeof process, "%s%.60s", *controller ? "transfers of " : "programs",
             controller);
    snprintf(name, sizeof name, "channel %.60s", csv_text(csv, columns[T_CHANNEL]));
    const struct track *track = track_of(self, process, name);
    if (!track)
        return;
    self->transfers++;
    uint64_t first = UINT64_MAX, last = 0;
    for (int i = T_SUBMIT; i <= T_CALLBACK; i++) {
        if (!*csv_text(csv, columns[i]))
            continue;
        const uint64_t at = number(csv, columns[i], 10);
        first = at < first ? at : first;
        last = at > last ? at : last;
    }
    if (first > last)
        return;
    snprintf(name, sizeof name, "%.60s (%.20s, %.20s bytes)", csv_text(csv, columns[T_NAME]),
             csv_text(csv, columns[T_CALL]), csv_text(csv, columns[T_BYTES]));
    begin(self, "b", track);
    fprintf(self->out, ", \"cat\": \"transfer\", \"id\": %" PRIu64, self->transfers);
    text(self, "name", name);
    time_us(self, "ts", first);
    fputs(", \"args\": {", self->out);
    static const int told[] = {T_STATUS, T_DATA, T_DESCRIPTORS, T_ACCESSES, T_STALLS};
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        fprintf(self->out, "%s\"%s\": ", i ? ", " : "", transfer_columns[told[i]]);
        json_print(csv_text(csv, columns[told[i]]), self->out);
    }
    fputs("}}", self->out);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const char *from = csv_text(csv, columns[parts[i].from]);
        const char *to = csv_text(csv, columns[parts[i].to]);
        if (*from && *to && strtoull(from, NULL, 10) < strtoull(to, NULL, 10))
            span(self, track, parts[i].name, strtoull(from, NULL, 10), strtoull(to, NULL, 10));
    }
    if (*csv_text(csv, columns[T_INTERRUPT])) {
        begin(self, "i", track);
        text(self, "name", "interrupt");
        text(self, "s", "t");
        time_us(self, "ts", number(csv, columns[T_INTERRUPT], 10));
        fputs("}", self->out);
    }
    begin(self, "e", track);
    fprintf(self->out, ", \"cat\": \"transfer\", \"id\": %" PRIu64, self->transfers);
    text(self, "name", name);
    time_us(self, "ts", last);
    fputs("}", self->out);
}

static bool transfers(struct chrome *self, struct csv *csv)
{
    size_t columns[T_COLUMNS];
    if (find_columns(self, csv, "transfers.csv", transfer_columns, T_COLUMNS, columns))
        while (csv_row(csv) && !self->error[0])
            transfer(self, csv, columns);
    return end_table(self, csv, "transfers.csv");
}

/* ---- buses ----------------------------------------------------------------------------------- */

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

static void close_slice(struct chrome *self, struct track *track)
{
    char name[2 * NAME_ROOM];
    if (!track->open)
        return;
    track->open = false;
    snprintf(name, sizeof name, "%s %.80s", track->write ? "write" : "read", track->slave);
    begin(self, "X", track);
    text(self, "name", name);
    time_us(self, "ts", track->begin_ps);
    time_us(self, "dur", track->end_ps - track->begin_ps);
    fprintf(self->out,
            ", \"args\": {\"address\": \"0x%" PRIx64 "\", \"beats\": %" PRIu64
            ", \"bytes\": %" PRIu64 ", \"kind\": ",
            track->address, track->beats, track->bytes);
    json_print(track->kind, self->out);
    fputs("}}", self->out);
}

static void beat(struct chrome *self, const struct csv *csv, const size_t *columns, bool ahb)
{
    char process[NAME_ROOM], name[NAME_ROOM];
    snprintf(process, sizeof process, "bus %.80s", csv_text(csv, columns[B_BUS]));
    const bool write = *csv_text(csv, columns[B_WRITE]) == '1';
    /* Where reads and writes have channels of their own they have tracks of their own. */
    snprintf(name, sizeof name, "%.80s%s", csv_text(csv, columns[B_MASTER]),
             ahb     ? ""
             : write ? ", writes"
                     : ", reads");
    struct track *track = track_of(self, process, name);
    if (!track)
        return;
    const uint64_t cycle = number(csv, columns[B_CYCLE], 10),
                   time = number(csv, columns[B_TIME], 10);
    const uint64_t start = number(csv, columns[B_START], 10);
    const uint64_t address = number(csv, columns[B_ADDRESS], 16);
    const uint64_t size = number(csv, columns[B_BYTES], 10),
                   bytes = ahb ? 1ull << (size & 7) : size;
    const char *slave = csv_text(csv, columns[B_SLAVE]);
    /* Of AHB a burst goes on with SEQ; elsewhere all its beats have its start. */
    const bool goes_on = track->open && (ahb ? strcmp(csv_text(csv, columns[B_TRANS]), "SEQ") == 0
                                             : track->start_cycle == start);
    if (!goes_on) {
        close_slice(self, track);
        track->open = true;
        track->start_cycle = start;
        track->write = write;
        track->address = address;
        track->beats = track->bytes = 0;
        /* A cycle ends with its edge, which is at time_ps. */
        const uint64_t since = start < cycle ? cycle - start : 0;
        const uint64_t period = cycle ? time / cycle : 0;
        const uint64_t from = time > (since + 1) * period ? time - (since + 1) * period : 0;
        track->begin_ps = from < track->end_ps ? track->end_ps : from;
        snprintf(track->slave, NAME_ROOM, "%s", slave);
        snprintf(track->kind, NAME_ROOM, "%s", csv_text(csv, columns[B_KIND]));
    }
    track->end_ps = time > track->begin_ps ? time : track->begin_ps;
    track->beats++;
    track->bytes += bytes;
}

static bool beats(struct chrome *self, struct csv *csv, bool ahb)
{
    size_t columns[B_COLUMNS];
    const char *table = ahb ? "bus.csv" : "beats.csv";
    if (find_columns(self, csv, table, ahb ? ahb_columns : beat_columns, B_COLUMNS, columns))
        while (csv_row(csv) && !self->error[0])
            beat(self, csv, columns, ahb);
    for (size_t i = 0; i < self->track_count; i++)
        close_slice(self, &self->tracks[i]);
    return end_table(self, csv, table);
}

bool export_chrome(const char *folder, FILE *out, char *error, size_t room)
{
    struct chrome *self = calloc(1, sizeof *self);
    *error = '\0';
    if (!self) {
        snprintf(error, room, "no memory");
        return false;
    }
    *self = (struct chrome){.out = out, .comma = "", .error = error, .error_room = room};
    fputs("{\"displayTimeUnit\": \"ns\", \"traceEvents\": [", out);
    bool any = false;
    struct csv *csv = open_table(self, folder, "transfers.csv");
    if (csv)
        any = transfers(self, csv);
    csv = error[0] ? NULL : open_table(self, folder, "beats.csv");
    if (csv)
        any |= beats(self, csv, false);
    csv = error[0] ? NULL : open_table(self, folder, "bus.csv");
    if (csv && has_column(csv, "HADDR"))
        any |= beats(self, csv, true);
    else
        csv_close(csv); /* of another bus: beats.csv has them */
    if (!any && !error[0])
        snprintf(error, room, "there is no transfers.csv, beats.csv or bus.csv");
    fputs("\n]}\n", out);
    free(self);
    return !error[0];
}
