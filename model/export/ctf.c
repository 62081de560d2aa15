/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctf: one stream of one packet.
 *
 *   magic, stream_id | timestamp_begin, timestamp_end, content_size, packet_size | id, timestamp, fields | ...
 *
 * All is little-endian and aligned to bytes; sizes are in bits, times in picoseconds of simulated time. The types and
 * fields of the events are the table below, from which the metadata follow (TSDL, CTF 1.8.3, section 7).
 */
#include "export/ctf.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export/states.h"
#include "export/tables.h"

#define MAGIC 0xc1fc1fc1u
#define HEAD_BYTES 40 /* of the packet */

enum ctf_event {
    EVENT_SUBMIT,
    EVENT_ISSUE,
    EVENT_FIRST_BEAT,
    EVENT_LAST_BEAT,
    EVENT_INTERRUPT,
    EVENT_CALLBACK,
    EVENT_END,
    EVENT_BURST_BEGIN,
    EVENT_BURST_END,
    EVENT_STATE_BEGIN,
    EVENT_STATE_END,
    EVENT_STALL_BEGIN,
    EVENT_STALL_END,
    EVENTS
};

#define TRANSFER_FIELDS "string controller; uint32_t channel; string name;"
#define BURST_FIELDS                                                                               \
    "string bus; string master; string slave; uint8_t write; address_t address; string kind;"
#define STATE_FIELDS "string owner; string signal; string state;"
#define STALL_FIELDS                                                                               \
    "string cpu; string context; uint8_t write; address_t address; uint64_t bytes; "               \
    "uint64_t cycles;"

static const struct {
    const char *name, *fields;
} events[EVENTS] = {
    [EVENT_SUBMIT] = {"transfer_submit", TRANSFER_FIELDS " string call; uint64_t bytes;"},
    [EVENT_ISSUE] = {"transfer_issue", TRANSFER_FIELDS},
    [EVENT_FIRST_BEAT] = {"transfer_first_beat", TRANSFER_FIELDS},
    [EVENT_LAST_BEAT] = {"transfer_last_beat", TRANSFER_FIELDS},
    [EVENT_INTERRUPT] = {"transfer_interrupt", TRANSFER_FIELDS},
    [EVENT_CALLBACK] = {"transfer_callback", TRANSFER_FIELDS},
    [EVENT_END] = {"transfer_end", TRANSFER_FIELDS
                   " string status; uint64_t data_beats; uint64_t descriptor_beats; "
                   "uint64_t cpu_accesses; uint64_t cpu_stall_cycles;"},
    [EVENT_BURST_BEGIN] = {"burst_begin", BURST_FIELDS},
    [EVENT_BURST_END] = {"burst_end", BURST_FIELDS " uint64_t beats; uint64_t bytes;"},
    [EVENT_STATE_BEGIN] = {"state_begin", STATE_FIELDS},
    [EVENT_STATE_END] = {"state_end", STATE_FIELDS},
    [EVENT_STALL_BEGIN] = {"cpu_stall_begin", STALL_FIELDS},
    [EVENT_STALL_END] = {"cpu_stall_end", STALL_FIELDS},
};

/* Where an event's bytes are, behind its header. */
struct entry {
    uint64_t time, number;
    size_t at, length;
    enum ctf_event event;
};

struct ctf {
    struct tables tables;
    unsigned char *bytes;
    size_t length, room;
    struct entry *entries;
    size_t count, entry_room;
    bool failed; /* memory */
};

/* ---- bytes ----------------------------------------------------------------------------------- */

static void put(struct ctf *self, const void *bytes, size_t length)
{
    if (self->room - self->length < length && !self->failed) {
        const size_t room = 2 * self->room + length + 4096;
        unsigned char *more = realloc(self->bytes, room);
        self->failed = !more;
        self->bytes = more ? more : self->bytes;
        self->room = more ? room : self->room;
    }
    if (self->failed)
        return;
    memcpy(self->bytes + self->length, bytes, length);
    self->length += length;
}

static unsigned char *little(unsigned char *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        *to++ = (unsigned char)(value >> 8 * i);
    return to;
}

static void put_number(struct ctf *self, uint64_t value, unsigned bytes)
{
    unsigned char text[8];
    little(text, value, bytes);
    put(self, text, bytes);
}

static void put_text(struct ctf *self, const char *text)
{
    put(self, text, strlen(text) + 1);
}

/* Begins an event; what is put then is its fields. */
static void begin(struct ctf *self, enum ctf_event event, uint64_t time)
{
    if (self->count == self->entry_room) {
        const size_t room = self->entry_room ? 2 * self->entry_room : 1024;
        struct entry *more = realloc(self->entries, room * sizeof *more);
        self->failed |= !more;
        self->entries = more ? more : self->entries;
        self->entry_room = more ? room : self->entry_room;
    }
    if (self->failed)
        return;
    self->entries[self->count] =
        (struct entry){.time = time, .number = self->count, .at = self->length, .event = event};
    self->count++;
}

static void end(struct ctf *self)
{
    if (self->failed)
        return;
    struct entry *entry = &self->entries[self->count - 1];
    entry->length = self->length - entry->at;
}

/* ---- events ---------------------------------------------------------------------------------- */

static uint64_t number_of(const char *cell)
{
    return strtoull(cell, NULL, 10);
}

static void begin_transfer(struct ctf *self, enum ctf_event event, uint64_t time,
                           const struct table_transfer *transfer)
{
    begin(self, event, time);
    put_text(self, transfer->cells[T_CONTROLLER]);
    put_number(self, number_of(transfer->cells[T_CHANNEL]), 4);
    put_text(self, transfer->cells[T_NAME]);
}

static void add_transfer(void *context, const struct table_transfer *transfer)
{
    struct ctf *self = context;
    for (int i = T_SUBMIT; i <= T_CALLBACK; i++) {
        uint64_t time;
        if (!table_time(transfer->cells[i], &time))
            continue;
        begin_transfer(self, (enum ctf_event)(EVENT_SUBMIT + (i - T_SUBMIT)), time, transfer);
        if (i == T_SUBMIT) {
            put_text(self, transfer->cells[T_CALL]);
            put_number(self, number_of(transfer->cells[T_BYTES]), 8);
        }
        end(self);
    }
    if (transfer->first_ps > transfer->last_ps)
        return;
    begin_transfer(self, EVENT_END, transfer->last_ps, transfer);
    put_text(self, transfer->cells[T_STATUS]);
    for (int i = T_DATA; i <= T_STALLS; i++)
        put_number(self, number_of(transfer->cells[i]), 8);
    end(self);
}

static void add_burst(void *context, const struct table_burst *burst)
{
    struct ctf *self = context;
    for (int last = 0; last < 2; last++) {
        begin(self, last ? EVENT_BURST_END : EVENT_BURST_BEGIN,
              last ? burst->end_ps : burst->begin_ps);
        put_text(self, burst->bus);
        put_text(self, burst->master);
        put_text(self, burst->slave);
        put_number(self, burst->write, 1);
        put_number(self, burst->address, 8);
        put_text(self, burst->kind);
        if (last) {
            put_number(self, burst->beats, 8);
            put_number(self, burst->bytes, 8);
        }
        end(self);
    }
}

static void add_state(void *context, const struct table_state *state)
{
    struct ctf *self = context;
    for (int last = 0; last < 2; last++) {
        begin(self, last ? EVENT_STATE_END : EVENT_STATE_BEGIN,
              last ? state->end_ps : state->begin_ps);
        put_text(self, state->scope);
        put_text(self, state->signal);
        put_text(self, state->name);
        end(self);
    }
}

static void add_stall(void *context, const struct table_stall *stall)
{
    struct ctf *self = context;
    for (int last = 0; last < 2; last++) {
        begin(self, last ? EVENT_STALL_END : EVENT_STALL_BEGIN,
              last ? stall->end_ps : stall->begin_ps);
        put_text(self, stall->cpu);
        put_text(self, stall->context);
        put_number(self, stall->write, 1);
        put_number(self, stall->address, 8);
        put_number(self, stall->bytes, 8);
        put_number(self, stall->cycles, 8);
        end(self);
    }
}

static int by_time(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void write_metadata(FILE *out)
{
    fputs("/* CTF 1.8 */\n\n", out);
    for (int bits = 8; bits <= 64; bits *= 2)
        fprintf(out, "typealias integer { size = %d; align = 8; signed = false; } := uint%d_t;\n",
                bits, bits);
    fputs("typealias integer { size = 64; align = 8; signed = false; base = 16; } := address_t;\n"
          "\n"
          "trace {\n"
          "    major = 1;\n"
          "    minor = 8;\n"
          "    byte_order = le;\n"
          "    packet.header := struct { uint32_t magic; uint32_t stream_id; };\n"
          "};\n"
          "\n"
          "env {\n"
          "    tracer_name = \"dmasim\";\n"
          "};\n"
          "\n"
          "clock {\n"
          "    name = simulated;\n"
          "    description = \"simulated time, in picoseconds\";\n"
          "    freq = 1000000000000;\n"
          "};\n"
          "\n"
          "typealias integer {\n"
          "    size = 64; align = 8; signed = false;\n"
          "    map = clock.simulated.value;\n"
          "} := simulated_t;\n"
          "\n"
          "stream {\n"
          "    id = 0;\n"
          "    packet.context := struct {\n"
          "        simulated_t timestamp_begin;\n"
          "        simulated_t timestamp_end;\n"
          "        uint64_t content_size;\n"
          "        uint64_t packet_size;\n"
          "    };\n"
          "    event.header := struct { uint16_t id; simulated_t timestamp; };\n"
          "};\n",
          out);
    for (int i = 0; i < EVENTS; i++)
        fprintf(out,
                "\nevent {\n    id = %d;\n    name = \"%s\";\n    stream_id = 0;\n"
                "    fields := struct { %s };\n};\n",
                i, events[i].name, events[i].fields);
}

static void write_stream(const struct ctf *self, FILE *out)
{
    uint64_t bytes = HEAD_BYTES;
    for (size_t i = 0; i < self->count; i++)
        bytes += 10 + self->entries[i].length;
    unsigned char head[HEAD_BYTES], *at = head;
    at = little(at, MAGIC, 4);
    at = little(at, 0, 4);
    at = little(at, self->count ? self->entries[0].time : 0, 8);
    at = little(at, self->count ? self->entries[self->count - 1].time : 0, 8);
    at = little(at, bytes * 8, 8);
    little(at, bytes * 8, 8);
    fwrite(head, 1, sizeof head, out);
    for (size_t i = 0; i < self->count; i++) {
        const struct entry *entry = &self->entries[i];
        at = little(head, (uint64_t)entry->event, 2);
        at = little(at, entry->time, 8);
        fwrite(head, 1, (size_t)(at - head), out);
        fwrite(self->bytes + entry->at, 1, entry->length, out);
    }
}

static bool close_file(FILE *file)
{
    const bool good = file && !ferror(file);
    return file && fclose(file) == 0 && good;
}

static FILE *create(const char *folder, const char *name)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return fopen(path, "wb");
}

static void remove_all(const char *folder)
{
    static const char *const names[] = {"metadata", "stream"};
    for (int i = 0; i < 2; i++) {
        char path[4200];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

static bool write_folder(const struct ctf *self, const char *to)
{
    char temporary[4096];
    const int length = snprintf(temporary, sizeof temporary, "%s.tmp", to);
    errno = ENAMETOOLONG;
    if (length >= (int)sizeof temporary || mkdir(temporary, 0777) != 0)
        return false;
    FILE *metadata = create(temporary, "metadata"), *stream = create(temporary, "stream");
    if (metadata)
        write_metadata(metadata);
    if (stream)
        write_stream(self, stream);
    bool good = close_file(metadata);
    good = close_file(stream) && good && rename(temporary, to) == 0;
    const int why = errno;
    if (!good)
        remove_all(temporary);
    errno = why;
    return good;
}

bool export_ctf(const char *folder, const char *to, char *error, size_t room)
{
    struct ctf self = {.tables = {.folder = folder, .error = error, .error_room = room}};
    *error = '\0';
    bool good = tables_transfers(&self.tables, add_transfer, &self) &&
                tables_bursts(&self.tables, add_burst, &self) &&
                states_read(&self.tables, add_state, &self) &&
                tables_stalls(&self.tables, add_stall, &self);
    if (good && !self.tables.any)
        snprintf(error, room, "there is no transfers.csv, beats.csv or bus.csv");
    else if (self.failed)
        snprintf(error, room, "no memory");
    good = good && self.tables.any && !self.failed;
    if (good && self.count)
        qsort(self.entries, self.count, sizeof *self.entries, by_time);
    if (good && !write_folder(&self, to)) {
        snprintf(error, room, "%.200s: %s", to, strerror(errno));
        good = false;
    }
    free(self.bytes);
    free(self.entries);
    return good;
}
