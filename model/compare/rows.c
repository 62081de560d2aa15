/* SPDX-License-Identifier: BSD-2-Clause */
#include "compare/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_MAX ((size_t)1 << 30)
#define NONE UINT32_MAX

static bool room_for(void *array, size_t *room, size_t count, size_t size)
{
    if (count <= *room)
        return true;
    const size_t wanted = 2 * count + 16;
    void *more = wanted * size > 2 * BYTES_MAX ? NULL : realloc(*(void **)array, wanted * size);
    if (!more)
        return false;
    memcpy(array, &more, sizeof more);
    *room = wanted;
    return true;
}

static bool key_of(struct rows *self, const struct csv *csv, const size_t *keys, size_t key_count)
{
    self->key_length = 0;
    for (size_t i = 0; i < key_count; i++) {
        const size_t length = csv->cells[keys[i]].length + 1;
        if (!room_for(&self->key, &self->key_room, self->key_length + length, 1))
            return false;
        memcpy(self->key + self->key_length, csv_text(csv, keys[i]), length);
        self->key_length += length;
    }
    return true;
}

static uint64_t hash_of(const char *text, size_t length)
{
    uint64_t hash = 0x9e3779b97f4a7c15u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
    return hash ^ hash >> 29;
}

static bool add(struct rows *self, const struct csv *csv, const size_t *keys, size_t key_count)
{
    if (!key_of(self, csv, keys, key_count) || self->count >= NONE - 1 ||
        self->texts_length + self->key_length + csv->text_length > BYTES_MAX ||
        !room_for(&self->all, &self->room, self->count + 1, sizeof *self->all) ||
        !room_for(&self->texts, &self->texts_room,
                  self->texts_length + self->key_length + csv->text_length, 1) ||
        !room_for(&self->cells, &self->cell_room, self->cell_count + csv->count,
                  sizeof *self->cells))
        return false;
    struct row *row = &self->all[self->count++];
    *row = (struct row){.key = self->texts_length,
                        .key_length = self->key_length,
                        .text = self->texts_length + self->key_length,
                        .cells = self->cell_count,
                        .next = NONE};
    memcpy(self->texts + row->key, self->key, self->key_length);
    memcpy(self->texts + row->text, csv->text, csv->text_length);
    memcpy(self->cells + row->cells, csv->cells, csv->count * sizeof *csv->cells);
    self->texts_length = row->text + csv->text_length;
    self->cell_count += csv->count;
    return true;
}

bool rows_read(struct rows *self, struct csv *csv, const size_t *keys, size_t key_count)
{
    while (csv_row(csv)) {
        if (!add(self, csv, keys, key_count)) {
            snprintf(self->error, sizeof self->error, "--key keeps this table: it is too large");
            return false;
        }
    }
    if (csv->error[0])
        return false;
    self->bucket_count = 64;
    while (self->bucket_count < self->count)
        self->bucket_count *= 2;
    self->buckets = malloc(self->bucket_count * sizeof *self->buckets);
    if (!self->buckets) {
        snprintf(self->error, sizeof self->error, "no memory");
        return false;
    }
    memset(self->buckets, 0xff, self->bucket_count * sizeof *self->buckets);
    for (size_t i = self->count; i-- > 0;) { /* so that the first of equal keys is found first */
        struct row *row = &self->all[i];
        uint32_t *head = &self->buckets[hash_of(self->texts + row->key, row->key_length) &
                                        (self->bucket_count - 1)];
        row->next = *head;
        *head = (uint32_t)i;
    }
    return true;
}

struct row *rows_take(struct rows *self, const struct csv *csv, const size_t *keys,
                      size_t key_count)
{
    if (!key_of(self, csv, keys, key_count))
        return NULL;
    uint32_t *at = &self->buckets[hash_of(self->key, self->key_length) & (self->bucket_count - 1)];
    for (; *at != NONE; at = &self->all[*at].next) {
        struct row *row = &self->all[*at];
        if (row->key_length != self->key_length ||
            memcmp(self->texts + row->key, self->key, self->key_length) != 0)
            continue;
        row->taken = true;
        *at = row->next;
        return row;
    }
    return NULL;
}

void rows_free(struct rows *self)
{
    free(self->all);
    free(self->texts);
    free(self->cells);
    free(self->buckets);
    free(self->key);
    *self = (struct rows){.count = 0};
}
