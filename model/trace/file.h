/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_file: an output file that appears whole or not at all.
 *
 *   open:    a file of a claimed folder (folder/folder.h), written through a buffer of its own; without a folder
 *            PATH.tmp-XXXXXX
 *   finish:  flushed and closed; the first error since open is told here
 *   publish: the folder keeps it, and lets it appear unless it is held; without one it is renamed to PATH
 *   discard: removed
 *
 * A sink gets its bytes in their order at once, and none is taken back. A packer stands between the buffer and either.
 */
#ifndef DMASIM_TRACE_FILE_H
#define DMASIM_TRACE_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "dmasim/dmasim.h"

#define TRACE_FILE_BUFFER ((size_t)1 << 18)

struct folder;
struct folder_file;

/* What goes to a file meanwhile, kept too. Behind the text there are TRACE_COPY_SPARE bytes that may be read. */
#define TRACE_COPY_SPARE 64
struct trace_copy {
    char *text;
    size_t used, room;
    bool failed; /* there was too much of it, or no memory */
};

struct trace_file {
    FILE *stream;
    struct folder *folder;
    struct folder_file *place;
    char *path;      /* below the folder */
    char *temporary; /* without a folder */
    char *text;      /* of a file in memory */
    size_t text_length;
    dmasim_write *sink; /* of what is no file at all */
    void *sink_context;
    const struct dmasim_packer *packer; /* null: none */
    char *buffer;
    size_t used;
    struct trace_copy *copy; /* null: none */
    size_t copied;           /* bytes of the buffer that are in it, or came before */
    uint64_t bytes;          /* written, as they were packed, without those in the buffer */
    int error;    /* errno of the first failed write, 0 if none; later output is dropped */
    bool *failed; /* set at that moment; may be null */
    struct trace_file *next;
};

/* Opens NAME in a folder (null: NAME is a path of the user's) and puts it at the front of *list, from which trace_file_discard_all() frees it. Null on
 * error, with *error filled. */
struct trace_file *trace_file_open(struct trace_file **list, struct folder *folder,
                                   const char *name, struct dmasim_error *error);

/* The same of what is handed to a sink. */
struct trace_file *trace_file_sink(struct trace_file **list, const char *name, dmasim_write *sink,
                                   void *context, struct dmasim_error *error);

/* A file that is text in memory only; null if there is none. trace_file_memory_free() frees it. */
struct trace_file *trace_file_memory(const char *name);
void trace_file_memory_free(struct trace_file *self);

/* All that was written to it, with a zero at the end; good until more is. */
const char *trace_file_memory_text(struct trace_file *self);

void trace_file_flush(struct trace_file *self);

/* From now on all goes to this copy too, which begins empty; null: to none. The one before is complete. */
void trace_file_copy(struct trace_file *self, struct trace_copy *copy);

/* Room for `bytes` (at most half the buffer) at the end of the file. The caller then moves `used`.
 */
static inline char *trace_file_room(struct trace_file *self, size_t bytes)
{
    if (TRACE_FILE_BUFFER - self->used < bytes)
        trace_file_flush(self);
    return self->buffer + self->used;
}

static inline void trace_file_to(struct trace_file *self, const char *end)
{
    self->used = (size_t)(end - self->buffer);
}

void trace_file_write(struct trace_file *self, const void *data, size_t bytes);
void trace_file_text(struct trace_file *self, const char *text);

/* Finishes all files of the list and, if none has an error, publishes them. On error none is left, save those already
 * in place when that of a later one fails. Frees the list in any case. */
int trace_file_publish_all(struct trace_file **list, struct dmasim_error *error);

/* Removes what was written and frees the list. */
void trace_file_discard_all(struct trace_file **list);

/* Fills *error (may be null) and returns code. */
int trace_error(struct dmasim_error *error, int code, const char *file, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
