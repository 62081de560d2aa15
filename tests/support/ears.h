/* SPDX-License-Identifier: BSD-2-Clause */
/* ears: observers that keep a hash of each record, to compare runs of one system. */
#ifndef DMASIM_TESTS_EARS_H
#define DMASIM_TESTS_EARS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "kernel/probe.h"
#include "plan/log.h"

#include <check.h> /* last: it takes the word `fail` */

/* ---- what an observer sees ------------------------------------------------------------------ */

struct mark {
    sim_cycle cycle;
    uint64_t hash;
};

struct ear {
    struct probe_observer observer;
    struct mark *marks;
    size_t count, room;
    uint8_t *bytes; /* of a stream */
    size_t byte_count, byte_room;
    unsigned incomplete; /* transfers */
    unsigned warnings;   /* of rules, in the log */
    char warned[LOG_TEXT_BYTES];
};

static inline uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static inline uint64_t hash_record(const struct probe_type *type, const void *record)
{
    uint64_t hash = 1;
    for (size_t i = 0; i < type->field_count; i++) {
        const struct probe_field *field = &type->fields[i];
        const char *at = (const char *)record + field->offset;
        uint64_t words[2] = {0, 0};
        if (field->radix == PROBE_TEXT) {
            const char *text;
            memcpy(&text, at, sizeof text);
            for (; text && *text; text++)
                hash = mix(hash, (uint8_t)*text);
            continue;
        }
        memcpy(words, at, field->size_bytes);
        hash = mix(mix(hash, words[0]), words[1]);
    }
    return hash;
}

static inline void *grown(void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return items;
    *room = *room ? 2 * *room : 256;
    items = realloc(items, *room * size);
    if (!items)
        ck_abort_msg("out of memory");
    return items;
}

static inline void hear(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                        const void *record)
{
    struct ear *ear = (struct ear *)observer;
    uint64_t hash = hash_record(probe->type, record);
    if (probe->type->kind != PROBE_EVENT && ear->count && ear->marks[ear->count - 1].hash == hash)
        return; /* an unchanged record may be repeated */
    ear->marks = grown(ear->marks, ear->count, &ear->room, sizeof *ear->marks);
    ear->marks[ear->count++] = (struct mark){now, hash};
    if (probe->type == &log_probe_type) {
        const struct log_line *line = record;
        if (line->level <= LOG_WARNING && line->rule && ear->warnings++ == 0)
            snprintf(ear->warned, sizeof ear->warned, "%s", line->text);
    }
    if (probe->type == &stream_probe_type) {
        const struct stream_record *stream = record;
        for (unsigned i = 0; i < stream->bytes; i++) {
            ear->bytes = grown(ear->bytes, ear->byte_count, &ear->byte_room, 1);
            ear->bytes[ear->byte_count++] = (uint8_t)(stream->value >> 8 * i);
        }
    }
    if (probe->type == &transfer_probe_type)
        ear->incomplete +=
            strcmp(((const struct transfer_record *)record)->status, "complete") != 0;
}

#endif
