/* SPDX-License-Identifier: BSD-2-Clause */
#include "reading/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#ifdef DMASIM_ZSTD
#include <zstd.h>
#endif

#define PACKED_ROOM ((size_t)1 << 16)
#define MAGIC_BYTES 4

enum packing { PACKING_UNKNOWN, PACKING_NONE, PACKING_GZIP, PACKING_ZSTD };

struct source {
    int file; /* -1: bytes in memory */
    const unsigned char *bytes;
    size_t bytes_left;
    enum packing packing;
    bool file_ended;
    bool inside; /* a member or frame has begun and not ended */
    z_stream gzip;
#ifdef DMASIM_ZSTD
    ZSTD_DStream *zstd;
#endif
    size_t at, end; /* what of `packed` is not used yet */
    char error[160];
    unsigned char packed[PACKED_ROOM];
};

__attribute__((format(printf, 2, 3))) static bool fail(struct source *self, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(self->error, sizeof self->error, format, list);
    va_end(list);
    return false;
}

struct source *source_open(const char *path, char *error, size_t room)
{
    const bool standard = strcmp(path, "-") == 0;
    const int file = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0 || S_ISDIR(status.st_mode)) {
        snprintf(error, room, "%s",
                 errno == ENOENT ? "no such file" : strerror(file < 0 ? errno : EISDIR));
        if (file >= 0 && !standard)
            close(file);
        return NULL;
    }
    struct source *self = calloc(1, sizeof *self);
    if (!self) {
        snprintf(error, room, "no memory");
        if (!standard)
            close(file);
        return NULL;
    }
    self->file = file;
    return self;
}

struct source *source_open_descriptor(int descriptor)
{
    struct source *self = calloc(1, sizeof *self);
    if (self)
        self->file = descriptor;
    return self;
}

struct source *source_open_bytes(const void *bytes, size_t length)
{
    struct source *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->file = -1;
    self->bytes = bytes;
    self->bytes_left = length;
    return self;
}

void source_close(struct source *self)
{
    if (!self)
        return;
    if (self->packing == PACKING_GZIP)
        inflateEnd(&self->gzip);
#ifdef DMASIM_ZSTD
    ZSTD_freeDStream(self->zstd);
#endif
    if (self->file > STDIN_FILENO)
        close(self->file);
    free(self);
}

const char *source_error(const struct source *self)
{
    return self->error;
}

static bool read_raw(struct source *self, void *to, size_t room, size_t *got)
{
    *got = 0;
    if (self->file < 0) {
        *got = room < self->bytes_left ? room : self->bytes_left;
        if (*got)
            memcpy(to, self->bytes, *got);
        self->bytes += *got;
        self->bytes_left -= *got;
        return true;
    }
    ssize_t n;
    do
        n = read(self->file, to, room);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return fail(self, "%s", strerror(errno));
    *got = (size_t)n;
    return true;
}

/* More packed bytes behind those that are left; at the end of the file nothing changes. */
static bool fill(struct source *self)
{
    if (self->at) {
        memmove(self->packed, self->packed + self->at, self->end - self->at);
        self->end -= self->at;
        self->at = 0;
    }
    size_t got;
    if (!read_raw(self, self->packed + self->end, PACKED_ROOM - self->end, &got))
        return false;
    self->end += got;
    self->file_ended = got == 0;
    return true;
}

static bool begin(struct source *self)
{
    while (self->end < MAGIC_BYTES && !self->file_ended)
        if (!fill(self))
            return false;
    const unsigned char *m = self->packed;
    if (self->end >= 2 && m[0] == 0x1f && m[1] == 0x8b) {
        if (inflateInit2(&self->gzip, 15 + 16) != Z_OK)
            return fail(self, "no memory");
        self->packing = PACKING_GZIP;
        return true;
    }
    /* A frame, or a frame to be skipped (RFC 8878, 3.1). */
    if (self->end >= MAGIC_BYTES &&
        ((m[0] == 0x28 && m[1] == 0xb5 && m[2] == 0x2f && m[3] == 0xfd) ||
         ((m[0] & 0xf0) == 0x50 && m[1] == 0x2a && m[2] == 0x4d && m[3] == 0x18))) {
#ifdef DMASIM_ZSTD
        self->zstd = ZSTD_createDStream();
        if (!self->zstd)
            return fail(self, "no memory");
        self->packing = PACKING_ZSTD;
        return true;
#else
        return fail(self, "Zstandard: this program was built without libzstd");
#endif
    }
    self->packing = PACKING_NONE;
    return true;
}

static bool read_gzip(struct source *self, char *to, size_t room, size_t *got)
{
    z_stream *z = &self->gzip;
    z->next_out = (unsigned char *)to;
    z->avail_out = (unsigned)(room < (1u << 30) ? room : 1u << 30);
    const unsigned wanted = z->avail_out;
    while (z->avail_out == wanted) {
        if (self->at == self->end && !self->file_ended && !fill(self))
            return false;
        if (self->at == self->end) {
            *got = 0;
            return !self->inside || fail(self, "gzip: the file is cut off");
        }
        self->inside = true;
        z->next_in = self->packed + self->at;
        z->avail_in = (unsigned)(self->end - self->at);
        const int code = inflate(z, Z_NO_FLUSH);
        self->at = self->end - z->avail_in;
        if (code == Z_STREAM_END) {
            self->inside = false;
            inflateReset(z);
        } else if (code != Z_OK && code != Z_BUF_ERROR) {
            fail(self, "gzip: %s", z->msg ? z->msg : "damaged");
            break; /* what came out before is good */
        }
    }
    *got = wanted - z->avail_out;
    return *got > 0;
}

#ifdef DMASIM_ZSTD
static bool read_zstd(struct source *self, char *to, size_t room, size_t *got)
{
    ZSTD_outBuffer out = {to, room, 0};
    while (out.pos == 0) {
        if (self->at == self->end && !self->file_ended && !fill(self))
            return false;
        if (self->at == self->end && !self->inside) {
            *got = 0;
            return true;
        }
        const bool last = self->at == self->end;
        ZSTD_inBuffer in = {self->packed, self->end, self->at};
        const size_t code = ZSTD_decompressStream(self->zstd, &out, &in);
        self->at = in.pos;
        if (ZSTD_isError(code)) {
            fail(self, "Zstandard: %s", ZSTD_getErrorName(code));
            break; /* what came out before is good */
        }
        self->inside = code != 0;
        if (last && self->inside && out.pos == 0)
            return fail(self, "Zstandard: the file is cut off");
    }
    *got = out.pos;
    return *got > 0;
}
#endif

bool source_read(struct source *self, char *to, size_t room, size_t *got)
{
    *got = 0;
    if (self->error[0] || (self->packing == PACKING_UNKNOWN && !begin(self)))
        return false;
    switch (self->packing) {
    case PACKING_GZIP:
        return read_gzip(self, to, room, got);
#ifdef DMASIM_ZSTD
    case PACKING_ZSTD:
        return read_zstd(self, to, room, got);
#endif
    default:
        break;
    }
    if (self->at < self->end) {
        const size_t left = self->end - self->at;
        *got = room < left ? room : left;
        memcpy(to, self->packed + self->at, *got);
        self->at += *got;
        return true;
    }
    return read_raw(self, to, room, got);
}
