/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paths: hierarchical names, each path once. A name is a number; two files that share a table have the
 * same numbers for the same paths, so matching them needs no comparing of texts.
 */
#ifndef DMASIM_READING_PATHS_H
#define DMASIM_READING_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PATH_ROOT = 0 };

struct path_element {
    uint32_t parent;
    uint32_t next;  /* in its bucket; PATH_ROOT: the last */
    uint32_t depth; /* elements of the path */
    uint32_t length;
    size_t text; /* of its own element, in `texts` */
};

struct paths {
    struct path_element *all; /* all[PATH_ROOT] is the empty path */
    size_t count, room;
    char *texts;
    size_t texts_length, texts_room;
    uint32_t *buckets;
    size_t bucket_count; /* a power of two */
    size_t bytes_limit;  /* of everything here; paths_add fails beyond */
};

bool paths_init(struct paths *self);
void paths_free(struct paths *self);

/* The name `text` inside `parent`, made if it is new. PATH_ROOT if there is no room for it. */
uint32_t paths_add(struct paths *self, uint32_t parent, const char *text, size_t length);

/* The same, or PATH_ROOT if there is none such. */
uint32_t paths_find(const struct paths *self, uint32_t parent, const char *text, size_t length);

/* Bytes of a printed name: elements joined by full stops, without the zero at the end. */
size_t paths_length(const struct paths *self, uint32_t name);

/* Prints it into `to`, which has room for paths_length() + 1. */
void paths_print(const struct paths *self, uint32_t name, char *to);

#endif
