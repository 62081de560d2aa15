/* SPDX-License-Identifier: BSD-2-Clause */
#include "export/chrome.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "compare/texts.h"
#include "export/states.h"
#include "export/tables.h"

#define TRACKS_MAX 1024
#define NAME_ROOM 96

/* One track: what the viewer calls a thread, of a process that is a bus or a controller. */
struct track {
    char process[NAME_ROOM], name[NAME_ROOM];
    unsigned pid, tid;
};

struct chrome {
    FILE *out;
    const char *comma;
    struct track tracks[TRACKS_MAX];
    size_t track_count;
    unsigned processes;
    uint64_t transfers;
    struct tables tables;
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
        snprintf(self->tables.error, self->tables.error_room, "more than %d tracks", TRACKS_MAX);
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

/* ---- transfers ------------------------------------------------------------------------------- */

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

static void transfer(void *context, const struct table_transfer *transfer)
{
    static const struct {
        const char *name;
        int from, to;
    } parts[] = {{"waits to be issued", T_SUBMIT, T_ISSUE},
                 {"data", T_FIRST, T_LAST},
                 {"interrupt to callback", T_INTERRUPT, T_CALLBACK}};
    struct chrome *self = context;
    const char *const *cells = transfer->cells;
    char process[NAME_ROOM], name[NAME_ROOM + 64];
    snprintf(process, sizeof process, "%s%.60s",
             *cells[T_CONTROLLER] ? "transfers of " : "programs", cells[T_CONTROLLER]);
    snprintf(name, sizeof name, "channel %.60s", cells[T_CHANNEL]);
    const struct track *track = track_of(self, process, name);
    if (!track)
        return;
    self->transfers++;
    if (transfer->first_ps > transfer->last_ps)
        return;
    snprintf(name, sizeof name, "%.60s (%.20s, %.20s bytes)", cells[T_NAME], cells[T_CALL],
             cells[T_BYTES]);
    begin(self, "b", track);
    fprintf(self->out, ", \"cat\": \"transfer\", \"id\": %" PRIu64, self->transfers);
    text(self, "name", name);
    time_us(self, "ts", transfer->first_ps);
    fputs(", \"args\": {", self->out);
    static const int told[] = {T_STATUS, T_DATA, T_DESCRIPTORS, T_ACCESSES, T_STALLS};
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        fprintf(self->out, "%s\"%s\": ", i ? ", " : "", transfer_columns[told[i]]);
        json_print(cells[told[i]], self->out);
    }
    fputs("}}", self->out);
    uint64_t from, to;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (table_time(cells[parts[i].from], &from) && table_time(cells[parts[i].to], &to) &&
            from < to)
            span(self, track, parts[i].name, from, to);
    if (table_time(cells[T_INTERRUPT], &from)) {
        begin(self, "i", track);
        text(self, "name", "interrupt");
        text(self, "s", "t");
        time_us(self, "ts", from);
        fputs("}", self->out);
    }
    begin(self, "e", track);
    fprintf(self->out, ", \"cat\": \"transfer\", \"id\": %" PRIu64, self->transfers);
    text(self, "name", name);
    time_us(self, "ts", transfer->last_ps);
    fputs("}", self->out);
}

/* ---- buses ----------------------------------------------------------------------------------- */

static void burst(void *context, const struct table_burst *burst)
{
    struct chrome *self = context;
    char process[NAME_ROOM], name[2 * NAME_ROOM];
    snprintf(process, sizeof process, "bus %.80s", burst->bus);
    /* Where reads and writes have channels of their own they have tracks of their own. */
    snprintf(name, NAME_ROOM, "%.80s%s", burst->master,
             burst->ahb     ? ""
             : burst->write ? ", writes"
                            : ", reads");
    const struct track *track = track_of(self, process, name);
    if (!track)
        return;
    snprintf(name, sizeof name, "%s %.80s", burst->write ? "write" : "read", burst->slave);
    begin(self, "X", track);
    text(self, "name", name);
    time_us(self, "ts", burst->begin_ps);
    time_us(self, "dur", burst->end_ps - burst->begin_ps);
    fprintf(self->out,
            ", \"args\": {\"address\": \"0x%" PRIx64 "\", \"beats\": %" PRIu64
            ", \"bytes\": %" PRIu64 ", \"kind\": ",
            burst->address, burst->beats, burst->bytes);
    json_print(burst->kind, self->out);
    fputs("}}", self->out);
}

static void stall(void *context, const struct table_stall *stall)
{
    struct chrome *self = context;
    char process[NAME_ROOM];
    snprintf(process, sizeof process, "states of %.60s", stall->cpu);
    const struct track *track = track_of(self, process, "stalls");
    if (!track)
        return;
    begin(self, "X", track);
    text(self, "name", stall->write ? "stalled write" : "stalled read");
    time_us(self, "ts", stall->begin_ps);
    time_us(self, "dur", stall->end_ps - stall->begin_ps);
    fprintf(self->out,
            ", \"args\": {\"address\": \"0x%" PRIx64 "\", \"bytes\": %" PRIu64
            ", \"cycles\": %" PRIu64 ", \"context\": ",
            stall->address, stall->bytes, stall->cycles);
    json_print(stall->context, self->out);
    fputs("}}", self->out);
}

/* ---- states ---------------------------------------------------------------------------------- */

static void state(void *context, const struct table_state *state)
{
    struct chrome *self = context;
    char process[NAME_ROOM], name[NAME_ROOM];
    const size_t owner = strcspn(state->scope, ".");
    const char *part = state->scope + owner + (state->scope[owner] == '.');
    snprintf(process, sizeof process, "states of %.*s", (int)(owner < 60 ? owner : 60),
             state->scope);
    snprintf(name, sizeof name, "%.40s%s%.40s", part, *part ? " " : "", state->signal);
    const struct track *track = track_of(self, process, name);
    if (!track)
        return;
    begin(self, "X", track);
    text(self, "name", state->name);
    time_us(self, "ts", state->begin_ps);
    time_us(self, "dur", state->end_ps - state->begin_ps);
    fputs("}", self->out);
}

bool export_chrome(const char *folder, FILE *out, char *error, size_t room)
{
    struct chrome *self = calloc(1, sizeof *self);
    *error = '\0';
    if (!self) {
        snprintf(error, room, "no memory");
        return false;
    }
    *self = (struct chrome){
        .out = out,
        .comma = "",
        .tables = {.folder = folder, .error = error, .error_room = room},
    };
    fputs("{\"displayTimeUnit\": \"ns\", \"traceEvents\": [", out);
    if (tables_transfers(&self->tables, transfer, self) &&
        tables_bursts(&self->tables, burst, self) && states_read(&self->tables, state, self) &&
        tables_stalls(&self->tables, stall, self) && !self->tables.any)
        snprintf(error, room, "there is no transfers.csv, beats.csv or bus.csv");
    fputs("\n]}\n", out);
    free(self);
    return !error[0];
}
