/* SPDX-License-Identifier: BSD-2-Clause */
#include "reading/paths.h"

#include <stdlib.h>
#include <string.h>

#define BYTES_LIMIT ((size_t)1 << 30)
#define BUCKETS_FIRST ((size_t)1 << 10)

bool paths_init(struct paths *self)
{
    *self = (struct paths){.bytes_limit = BYTES_LIMIT};
    self->room = 256;
    self->all = calloc(self->room, sizeof *self->all);
    self->texts_room = 4096;
    self->texts = malloc(self->texts_room);
    self->bucket_count = BUCKETS_FIRST;
    self->buckets = calloc(self->bucket_count, sizeof *self->buckets);
    if (!self->all || !self->texts || !self->buckets) {
        paths_free(self);
        return false;
    }
    self->count = 1;
    return true;
}

void paths_free(struct paths *self)
{
    free(self->all);
    free(self->texts);
    free(self->buckets);
    *self = (struct paths){.count = 0};
}

static uint64_t mixed(uint64_t hash)
{
    hash ^= hash >> 32;
    hash *= 0xd6e8feb86659fd93u;
    return hash ^ hash >> 32;
}

static size_t bucket(const struct paths *self, uint32_t parent, const char *text, size_t length)
{
    uint64_t hash = mixed(((uint64_t)parent << 32 | length) + 0x9e3779b97f4a7c15u);
    for (; length >= 8; length -= 8, text += 8) {
        uint64_t word;
        memcpy(&word, text, 8);
        hash = mixed(hash ^ word);
    }
    uint64_t word = 0;
    memcpy(&word, text, length);
    return mixed(hash ^ word) & (self->bucket_count - 1);
}

uint32_t paths_find(const struct paths *self, uint32_t parent, const char *text, size_t length)
{
    uint32_t at = self->buckets[bucket(self, parent, text, length)];
    for (; at != PATH_ROOT; at = self->all[at].next) {
        const struct path_element *name = &self->all[at];
        if (name->parent == parent && name->length == length &&
            memcmp(self->texts + name->text, text, length) == 0)
            return at;
    }
    return PATH_ROOT;
}

static bool grow(struct paths *self, size_t length)
{
    if (self->count == self->room) {
        struct path_element *more = realloc(self->all, 2 * self->room * sizeof *more);
        if (!more)
            return false;
        self->all = more;
        self->room *= 2;
    }
    if (self->texts_room - self->texts_length < length) {
        size_t room = 2 * self->texts_room + length;
        char *more = realloc(self->texts, room);
        if (!more)
            return false;
        self->texts = more;
        self->texts_room = room;
    }
    if (self->count < self->bucket_count)
        return true;
    uint32_t *more = calloc(2 * self->bucket_count, sizeof *more);
    if (!more)
        return false;
    free(self->buckets);
    self->buckets = more;
    self->bucket_count *= 2;
    for (uint32_t i = 1; i < self->count; i++) {
        struct path_element *name = &self->all[i];
        uint32_t *head = &more[bucket(self, name->parent, self->texts + name->text, name->length)];
        name->next = *head;
        *head = i;
    }
    return true;
}

uint32_t paths_add(struct paths *self, uint32_t parent, const char *text, size_t length)
{
    const uint32_t known = paths_find(self, parent, text, length);
    if (known != PATH_ROOT)
        return known;
    const size_t bytes = self->texts_length + length + self->count * (sizeof *self->all + 8);
    if (bytes > self->bytes_limit || self->count == UINT32_MAX || length > UINT32_MAX ||
        !grow(self, length))
        return PATH_ROOT;
    const uint32_t made = (uint32_t)self->count++;
    uint32_t *head = &self->buckets[bucket(self, parent, text, length)];
    self->all[made] = (struct path_element){.parent = parent,
                                            .next = *head,
                                            .depth = self->all[parent].depth + 1,
                                            .length = (uint32_t)length,
                                            .text = self->texts_length};
    *head = made;
    memcpy(self->texts + self->texts_length, text, length);
    self->texts_length += length;
    return made;
}

size_t paths_length(const struct paths *self, uint32_t name)
{
    size_t length = 0;
    for (; name != PATH_ROOT; name = self->all[name].parent)
        length += self->all[name].length + 1;
    return length ? length - 1 : 0;
}

void paths_print(const struct paths *self, uint32_t name, char *to)
{
    char *at = to + paths_length(self, name);
    *at = '\0';
    while (name != PATH_ROOT) {
        const struct path_element *element = &self->all[name];
        at -= element->length;
        memcpy(at, self->texts + element->text, element->length);
        name = element->parent;
        if (name != PATH_ROOT)
            *--at = '.';
    }
}
