/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/arena.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_ALIGN 16u
#define ARENA_CHUNK_BYTES (1024u * 1024u)

/* Pieces share chunks, so that the state of units that work together lies together, and so that a small system
 * is one block, of which only what is used is touched: built again and again it gets the same one back. A
 * large piece has a block of its own, which the operating system zeroes only when it is touched. */
struct arena_block {
    struct arena_block *next;
    size_t size_bytes;
    size_t used_bytes;
    uint64_t alone; /* one large piece; its width keeps the bytes aligned */
    unsigned char bytes[];
};

struct arena_snapshot {
    size_t size_bytes;
    unsigned char bytes[];
};

static struct arena_block *block_new(struct arena *self, size_t size_bytes, bool zeroed)
{
    if (size_bytes > SIZE_MAX - sizeof(struct arena_block))
        return NULL;
    const size_t bytes = sizeof(struct arena_block) + size_bytes;
    struct arena_block *block = zeroed ? calloc(1, bytes) : malloc(bytes);
    if (!block)
        return NULL;
    block->size_bytes = size_bytes;
    block->used_bytes = block->alone = 0;
    block->next = self->blocks;
    self->blocks = block;
    return block;
}

static void *piece_new(struct arena *self, size_t bytes, bool zeroed)
{
    if (bytes > SIZE_MAX - ARENA_ALIGN)
        return NULL;
    bytes = (bytes + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    if (self->limit_bytes && bytes > self->limit_bytes - self->used_bytes) {
        if (!self->refused_bytes)
            self->refused_bytes =
                bytes > SIZE_MAX - self->used_bytes ? SIZE_MAX : self->used_bytes + bytes;
        return NULL;
    }

    struct arena_block *block = self->blocks;
    if (bytes > ARENA_CHUNK_BYTES / 4) {
        block = block_new(self, bytes, zeroed);
        zeroed = false;
        if (block)
            block->alone = 1;
        /* Keep the open chunk in front, or its rest would be lost. */
        if (block && block->next && block->next->used_bytes < block->next->size_bytes) {
            struct arena_block *chunk = block->next;
            block->next = chunk->next;
            chunk->next = block;
            self->blocks = chunk;
        }
    } else if (!block || block->size_bytes - block->used_bytes < bytes) {
        block = block_new(self, ARENA_CHUNK_BYTES, false);
    }
    if (!block)
        return NULL;
    void *piece = block->bytes + block->used_bytes;
    block->used_bytes += bytes;
    self->used_bytes += bytes;
    return zeroed ? memset(piece, 0, bytes) : piece;
}

static void *given(struct arena *self, void *piece)
{
    self->exhausted |= !piece;
    return piece;
}

void *arena_alloc(struct arena *self, size_t bytes)
{
    return given(self, piece_new(self, bytes, true));
}

void *arena_room(struct arena *self, size_t bytes)
{
    return given(self, piece_new(self, bytes, false));
}

void *arena_scratch(struct arena *self, size_t bytes)
{
    struct arena_block *open = self->blocks;
    struct arena_block *block = block_new(self, bytes, false);
    if (!block)
        return given(self, NULL);
    block->size_bytes = 0; /* nothing else goes there, and nothing of it is used */
    if (open) {            /* stays in front: see piece_new() */
        self->blocks = open;
        block->next = open->next;
        open->next = block;
    }
    return block->bytes;
}

unsigned char *arena_bytes(const struct arena *self, unsigned index, size_t *bytes)
{
    struct arena_block *block = self->blocks;
    for (; block && (block->used_bytes == 0 || index > 0); block = block->next)
        index -= block->used_bytes > 0;
    *bytes = block ? block->used_bytes : 0;
    return block ? block->bytes : NULL;
}

char *arena_text(struct arena *self, const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *copy = arena_alloc(self, bytes);
    return copy ? memcpy(copy, text, bytes) : NULL;
}

void arena_release(struct arena *self, const void *piece)
{
    for (struct arena_block **link = &self->blocks; *link; link = &(*link)->next) {
        struct arena_block *block = *link;
        if (block->bytes != piece || !block->alone)
            continue;
        *link = block->next;
        self->used_bytes -= block->used_bytes;
        free(block);
        return;
    }
}

void arena_free(struct arena *self)
{
    while (self->blocks) {
        struct arena_block *block = self->blocks;
        self->blocks = block->next;
        free(block);
    }
    self->used_bytes = 0;
}

struct arena_snapshot *arena_save(const struct arena *self)
{
    struct arena_snapshot *snapshot = malloc(sizeof *snapshot + self->used_bytes);
    if (!snapshot)
        return NULL;
    snapshot->size_bytes = 0;
    for (const struct arena_block *block = self->blocks; block; block = block->next) {
        memcpy(snapshot->bytes + snapshot->size_bytes, block->bytes, block->used_bytes);
        snapshot->size_bytes += block->used_bytes;
    }
    return snapshot;
}

void arena_restore(struct arena *self, const struct arena_snapshot *snapshot)
{
    size_t offset = 0;
    for (struct arena_block *block = self->blocks; block; block = block->next) {
        memcpy(block->bytes, snapshot->bytes + offset, block->used_bytes);
        offset += block->used_bytes;
    }
}

void arena_snapshot_free(struct arena_snapshot *snapshot)
{
    free(snapshot);
}
