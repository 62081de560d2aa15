/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arena: all state of one system, allocated while it is built; nothing is freed but large pieces.
 *
 * Addresses are stable, so a snapshot is a copy of the bytes and pointers inside survive it.
 */
#ifndef DMASIM_ARENA_H
#define DMASIM_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena_block;

struct arena {
    struct arena_block *blocks;
    size_t used_bytes;    /* of all blocks */
    size_t limit_bytes;   /* what would make them more is refused; 0: no limit */
    size_t refused_bytes; /* how many they would have been then; 0: nothing was refused */
    bool exhausted;       /* some piece was not given, for whichever reason */
};

struct arena_snapshot;

/* Zeroed memory, aligned to 16 bytes; null if there is none left, or if it is beyond the limit. */
void *arena_alloc(struct arena *self, size_t bytes);

/* The same, but not zeroed: room of which nothing is read before it is written (rings, buffers). */
void *arena_room(struct arena *self, size_t bytes);

/* Room that is no part of the state: no snapshot has it, and it is not counted. */
void *arena_scratch(struct arena *self, size_t bytes);

/* The bytes given so far, piece by piece of those that lie together: the index-th; null if there are no more. */
unsigned char *arena_bytes(const struct arena *self, unsigned index, size_t *bytes);

/* A copy of `text` in the arena, null if there is no memory left. */
char *arena_text(struct arena *self, const char *text);

/* Gives a piece back that is not needed any more, if it is a large one; snapshots from before are void. */
void arena_release(struct arena *self, const void *piece);

void arena_free(struct arena *self);

/* A copy of every byte in the arena; null if memory is short. The caller frees it. */
struct arena_snapshot *arena_save(const struct arena *self);

/* Puts the bytes back. The snapshot must come from this arena, with nothing allocated since. */
void arena_restore(struct arena *self, const struct arena_snapshot *snapshot);

void arena_snapshot_free(struct arena_snapshot *snapshot);

#endif
