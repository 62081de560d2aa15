/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_file: temporary name, buffer, rename. */
#include "trace/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* A file that did not exist, with the user's umask; -1 with errno. */
static int create_temporary(struct trace_file *self, size_t size)
{
    unsigned number = (unsigned)getpid();
    for (int tries = 0; tries < 1000; tries++, number += 7919) {
        snprintf(self->temporary, size, "%s.tmp-%06x", self->path, number & 0xffffff);
        int fd = open(self->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

struct trace_file *trace_file_open(struct trace_file **list, const char *dir, const char *name,
                                   struct dmasim_error *error)
{
    struct trace_file *self = calloc(1, sizeof *self);
    size_t size = (dir ? strlen(dir) + 1 : 0) + strlen(name) + 1;
    if (self) {
        self->path = malloc(size);
        self->temporary = malloc(size + 16);
        self->buffer = malloc(TRACE_FILE_BUFFER);
    }
    if (!self || !self->path || !self->temporary || !self->buffer) {
        if (self)
            free_one(self);
        trace_error(error, DMASIM_MEMORY, name, "out of memory");
        return NULL;
    }
    snprintf(self->path, size, "%s%s%s", dir ? dir : "", dir ? "/" : "", name);
    int fd = create_temporary(self, size + 16);
    if (fd >= 0) {
        self->stream = fdopen(fd, "wb");
        if (!self->stream) {
            close(fd);
            unlink(self->temporary);
        }
    }
    if (!self->stream) {
        trace_error(error, DMASIM_IO, self->path, "cannot create: %s", strerror(errno));
        free_one(self);
        return NULL;
    }
    setvbuf(self->stream, NULL, _IONBF, 0);
    self->next = *list;
    *list = self;
    return self;
}

static void fail(struct trace_file *self, int error)
{
    if (self->error == 0)
        self->error = error ? error : EIO;
    if (self->failed)
        *self->failed = true;
}

static void put(struct trace_file *self, const void *data, size_t bytes)
{
    if (self->error || bytes == 0)
        return;
    errno = 0;
    if (fwrite(data, 1, bytes, self->stream) != bytes)
        fail(self, errno);
}

void trace_file_flush(struct trace_file *self)
{
    put(self, self->buffer, self->used);
    self->used = 0;
}

void trace_file_write(struct trace_file *self, const void *data, size_t bytes)
{
    if (bytes == 0)
        return;
    if (bytes > TRACE_FILE_BUFFER / 2) {
        trace_file_flush(self);
        put(self, data, bytes);
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
    trace_file_flush(self);
    errno = 0;
    if (fclose(self->stream) != 0)
        fail(self, errno);
    self->stream = NULL;
}

int trace_file_publish_all(struct trace_file **list, struct dmasim_error *error)
{
    int code = DMASIM_OK;
    for (struct trace_file *f = *list; f; f = f->next) {
        finish(f);
        if (f->error && code == DMASIM_OK)
            code = trace_error(error, DMASIM_IO, f->path, "cannot write: %s", strerror(f->error));
    }
    while (code == DMASIM_OK && *list) {
        struct trace_file *f = *list;
        if (rename(f->temporary, f->path) != 0) {
            code = trace_error(error, DMASIM_IO, f->path, "cannot rename: %s", strerror(errno));
            break;
        }
        *list = f->next;
        free_one(f);
    }
    trace_file_discard_all(list);
    return code;
}

void trace_file_discard_all(struct trace_file **list)
{
    while (*list) {
        struct trace_file *f = *list;
        *list = f->next;
        unlink(f->temporary);
        free_one(f);
    }
}
