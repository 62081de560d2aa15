/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_file: buffer, errors, the folder's file behind it. */
#include "trace/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/folder/folder.h"

#define COPY_MAX ((size_t)1 << 24)

int trace_error(struct dmasim_error *error, int code, const char *file, const char *format, ...)
{
    if (!error)
        return code;
    *error = (struct dmasim_error){.code = code};
    if (file)
        snprintf(error->file, sizeof error->file, "%s", file);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return code;
}

static void free_one(struct trace_file *self)
{
    if (self->stream)
        fclose(self->stream);
    free(self->path);
    free(self->temporary);
    free(self->buffer);
    free(self);
}

/* A file that did not exist beside the path, with the user's umask; -1 with *error filled. */
static int create_temporary(struct trace_file *self, struct dmasim_error *error)
{
    const size_t size = strlen(self->path) + 16;
    unsigned number = (unsigned)getpid();
    int descriptor = -1;
    self->temporary = malloc(size);
    errno = ENOMEM;
    for (int tries = 0; self->temporary && descriptor < 0 && tries < 1000; tries++) {
        snprintf(self->temporary, size, "%s.tmp-%06x", self->path, number & 0xffffff);
        descriptor = open(self->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor < 0 && errno != EEXIST)
            break;
        number += 7919;
    }
    if (descriptor < 0)
        trace_error(error, DMASIM_IO, self->path, "cannot create: %s", strerror(errno));
    return descriptor;
}

static void discard(struct trace_file *self)
{
    if (self->sink)
        return;
    if (self->folder)
        folder_discard(self->folder, self->place);
    else
        unlink(self->temporary);
}

static struct trace_file *make(const char *name, struct dmasim_error *error)
{
    struct trace_file *self = calloc(1, sizeof *self);
    if (self) {
        self->path = strdup(name);
        self->buffer = malloc(TRACE_FILE_BUFFER);
    }
    if (self && self->path && self->buffer)
        return self;
    if (self)
        free_one(self);
    trace_error(error, DMASIM_MEMORY, name, "out of memory");
    return NULL;
}

struct trace_file *trace_file_sink(struct trace_file **list, const char *name, dmasim_write *sink,
                                   void *context, struct dmasim_error *error)
{
    struct trace_file *self = make(name, error);
    if (!self)
        return NULL;
    self->sink = sink;
    self->sink_context = context;
    self->next = *list;
    *list = self;
    return self;
}

struct trace_file *trace_file_open(struct trace_file **list, struct folder *folder,
                                   const char *name, struct dmasim_error *error)
{
    struct trace_file *self = make(name, error);
    if (!self)
        return NULL;
    self->folder = folder;
    const int descriptor =
        folder ? folder_create(folder, name, &self->place, error) : create_temporary(self, error);
    if (descriptor >= 0) {
        self->stream = fdopen(descriptor, "wb");
        if (!self->stream) {
            trace_error(error, DMASIM_IO, name, "cannot create: %s", strerror(errno));
            close(descriptor);
            discard(self);
        }
    }
    if (!self->stream) {
        free_one(self);
        return NULL;
    }
    setvbuf(self->stream, NULL, _IONBF, 0);
    self->next = *list;
    *list = self;
    return self;
}

struct trace_file *trace_file_memory(const char *name)
{
    struct trace_file *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->path = strdup(name);
    self->buffer = malloc(TRACE_FILE_BUFFER);
    self->stream = open_memstream(&self->text, &self->text_length);
    if (self->path && self->buffer && self->stream)
        return self;
    trace_file_memory_free(self);
    return NULL;
}

void trace_file_memory_free(struct trace_file *self)
{
    if (!self)
        return;
    if (self->stream)
        fclose(self->stream); /* the text is its until then */
    self->stream = NULL;
    free(self->text);
    free_one(self);
}

const char *trace_file_memory_text(struct trace_file *self)
{
    trace_file_flush(self);
    return fflush(self->stream) == 0 && self->text ? self->text : "";
}

static void fail(struct trace_file *self, int error)
{
    if (self->error == 0)
        self->error = error ? error : EIO;
    if (self->failed)
        *self->failed = true;
}

/* A dmasim_write: bytes as the file has them. */
static bool put_raw(void *context, const char *data, size_t bytes)
{
    struct trace_file *self = context;
    self->bytes += bytes;
    return self->sink ? self->sink(self->sink_context, data, bytes)
                      : fwrite(data, 1, bytes, self->stream) == bytes;
}

static void put(struct trace_file *self, const void *data, size_t bytes, bool last)
{
    const struct dmasim_packer *packer = self->packer;
    if (self->error || (bytes == 0 && !(packer && last)))
        return;
    errno = 0;
    if (!(packer ? packer->pack(packer->context, data, bytes, last, put_raw, self)
                 : put_raw(self, data, bytes)))
        fail(self, errno);
}

static void copy(struct trace_copy *self, const char *data, size_t bytes)
{
    if (self->failed)
        return;
    if (self->room - self->used < bytes + TRACE_COPY_SPARE) {
        size_t room = self->room ? self->room : TRACE_FILE_BUFFER;
        while (room < self->used + bytes + TRACE_COPY_SPARE)
            room *= 2;
        char *text = room <= COPY_MAX ? realloc(self->text, room) : NULL;
        self->failed = !text;
        if (!text)
            return;
        self->text = text;
        self->room = room;
    }
    memcpy(self->text + self->used, data, bytes);
    self->used += bytes;
}

/* What is in the buffer is in the copy. */
static void copy_buffer(struct trace_file *self)
{
    if (self->copy && self->used > self->copied)
        copy(self->copy, self->buffer + self->copied, self->used - self->copied);
    self->copied = self->used;
}

void trace_file_copy(struct trace_file *self, struct trace_copy *to)
{
    copy_buffer(self);
    if (self->copy && self->copy->text)
        memset(self->copy->text + self->copy->used, 0, TRACE_COPY_SPARE);
    self->copy = to;
    if (to) {
        to->used = 0;
        to->failed = false;
        copy(to, "", 0); /* there is a text, even if nothing is written */
    }
}

void trace_file_flush(struct trace_file *self)
{
    copy_buffer(self);
    put(self, self->buffer, self->used, false);
    self->used = self->copied = 0;
}

void trace_file_write(struct trace_file *self, const void *data, size_t bytes)
{
    if (bytes == 0)
        return;
    if (bytes > TRACE_FILE_BUFFER / 2) {
        trace_file_flush(self);
        if (self->copy)
            copy(self->copy, data, bytes);
        put(self, data, bytes, false);
        return;
    }
    memcpy(trace_file_room(self, bytes), data, bytes);
    self->used += bytes;
}

void trace_file_text(struct trace_file *self, const char *text)
{
    trace_file_write(self, text, strlen(text));
}

static void finish(struct trace_file *self)
{
    put(self, self->buffer, self->used, true);
    self->used = 0;
    errno = 0;
    if (self->stream && fclose(self->stream) != 0)
        fail(self, errno);
    self->stream = NULL;
}

int trace_file_publish_all(struct trace_file **list, struct dmasim_error *error)
{
    struct folder *folder = NULL;
    int code = DMASIM_OK;
    for (struct trace_file *f = *list; f; f = f->next) {
        finish(f);
        if (!f->error || code != DMASIM_OK)
            continue;
        code = f->folder
                   ? folder_error(f->folder, f->path, f->error, error)
                   : trace_error(error, DMASIM_IO, f->path, "cannot write: %s", strerror(f->error));
    }
    while (code == DMASIM_OK && *list) {
        struct trace_file *f = *list;
        if (f->folder) {
            folder = f->folder;
            folder_keep(folder, f->place);
        } else if (!f->sink && rename(f->temporary, f->path) != 0) {
            code = trace_error(error, DMASIM_IO, f->path, "cannot rename: %s", strerror(errno));
            break;
        }
        *list = f->next;
        free_one(f);
    }
    trace_file_discard_all(list);
    return folder && code == DMASIM_OK ? folder_publish(folder, error) : code;
}

void trace_file_discard_all(struct trace_file **list)
{
    while (*list) {
        struct trace_file *f = *list;
        *list = f->next;
        discard(f);
        free_one(f);
    }
}
