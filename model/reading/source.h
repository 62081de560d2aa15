/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * source: the bytes of a file as a stream: plain, gzip (RFC 1952, any number of members) or Zstandard
 * (RFC 8878, any number of frames); which of them is told by the first bytes. "-" is standard input.
 *
 * Memory does not grow with the length: two buffers, and what the decompressors keep (32 KiB of gzip, of
 * Zstandard the frame's window, at most 128 MiB: more is refused).
 */
#ifndef DMASIM_READING_SOURCE_H
#define DMASIM_READING_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct source;

/* Opens a file. Null with a text in `error` if that fails. */
struct source *source_open(const char *path, char *error, size_t room);

/* The same of a descriptor, which is the source's from then on. */
struct source *source_open_descriptor(int descriptor);

/* The same of bytes in memory, which stay the caller's. */
struct source *source_open_bytes(const void *bytes, size_t length);

void source_close(struct source *self);

/* Reads up to `room` bytes; *got is 0 only at the end. False after an error: source_error() tells it. */
bool source_read(struct source *self, char *to, size_t room, size_t *got);

const char *source_error(const struct source *self);

#endif
