/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * marker: which files of a results folder a run has made. A text:
 *
 *     dmasim results 1
 *     SIZE NAME
 *     ...
 *
 * A file that has another size, or was written to later than the marker, was changed since. The marker comes from wherever
 * the folder comes from, so what it says is not believed further than this: names are checked as those of outputs
 * are, and a file that was changed is not the run's. Two runs that are the same leave the same text.
 */
#ifndef DMASIM_TRACE_MARKER_H
#define DMASIM_TRACE_MARKER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct made_file {
    struct made_file *next;
    int64_t size;
    struct timespec latest; /* at which it was written to */
    char name[];            /* below the folder */
};

/* A name that a result may have: relative, no part empty or with a dot in front, nothing that ends a line. */
bool made_name_valid(const char *name);

/* Adds to the list; false if memory is short. */
bool made_add(struct made_file **list, const char *name, const struct stat *status);
void made_free(struct made_file *list);

/* The first of this name; null if there is none. Many may have it, of which one or none is the file. */
const struct made_file *made_find(const struct made_file *list, const char *name);

/* The file with this status is one of the list's. */
bool made_same(const struct made_file *list, const char *name, const struct stat *status);

/* Reads the marker that `descriptor` stands at; false if it is none, or memory is short. */
bool marker_read(int descriptor, struct made_file **list);

/* Writes it; false with errno. */
bool marker_write(int descriptor, const struct made_file *const lists[], unsigned count);

#endif
