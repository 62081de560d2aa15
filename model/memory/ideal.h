/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ideal: what a memory would hold if there were no caches: of each byte what was written last, by whoever; and so which
 * bytes that somebody reads are stale.
 *
 *   store of a CPU ---> cache ---write-back---> memory      ideal_stored(), later ideal_carried()
 *   store past it, DMA ----------------------> memory       ideal_written()
 *   read of a CPU <--- cache                                ideal_check() of what it got
 *   read past it, DMA <----------------------- memory       ideal_check() of what the memory holds
 *
 * A byte is stale if its value is not that which was written last; one that an older write happens to have made the same
 * is not. A store counts when it is in the cache or in its write buffer, a write past the cache and of DMA when the
 * memory takes it; so does a read. Memories step before CPUs in a cycle (kernel_order), so nothing depends on the
 * order of stepping.
 *
 * Kept is only where memory and ideal differ, bit by bit; who wrote is kept for each aligned 8 bytes. Nothing of it acts
 * on the model. In a system with a cache every beat is stepped (kernel_all_beats()).
 *
 * Inaccuracies: bytes that are stored from outside (dmasim_write, a memory of the caller) count as what is in memory, not
 * as a write: what was in a cache then stays newer.
 */
#ifndef DMASIM_IDEAL_H
#define DMASIM_IDEAL_H

#include "bus/records.h"
#include "memory/store.h"

#define IDEAL_CACHES 8
#define IDEAL_AGENTS 64

/* Who reads or writes at a memory, as its bus says. */
struct ideal_by {
    const void *bus;
    uint32_t master; /* its index there */
    const char *name;
    bool
        cacheable; /* its attributes say so: a line of a cache, if a CPU of this memory with a cache sent it */
};

/* A cache that has lines of the memory. */
struct ideal_cache {
    const void *bus;
    uint32_t master;
    const char *cpu;
    /* Has it the byte of this address of its bus, and is to write it? */
    bool (*holds)(const void *self, uint64_t address);
    const void *self;
};

struct ideal {
    struct store *store;
    struct unit *unit; /* the memory's */
    const char *name;
    uint64_t base; /* address of the first byte, for messages */
    uint8_t *
        newest; /* good where the bit is set: what was written last, if the memory does not hold it */
    uint64_t *differs; /* a bit for each byte */
    uint64_t *written; /* for each 8 bytes: picoseconds << 8 | agent */
    const char *agents[IDEAL_AGENTS];
    uint32_t agent_count;
    struct ideal_cache caches[IDEAL_CACHES];
    uint32_t cache_count;
    struct ideal_figures {
        uint64_t stale_reads, stale_bytes;
    } figures;
    struct probe probe;
};

/* Follows a memory from now on, while it is built: store->ideal. Null if memory is short. */
struct ideal *ideal_create(struct build *build, struct component *memory, uint64_t base);

/* A cache joins. False if there are too many. */
bool ideal_join(struct ideal *self, const struct ideal_cache *cache);

/* A CPU's store into its cache or write buffer. */
void ideal_stored(struct ideal *self, const char *agent, uint64_t offset, const uint8_t *data,
                  size_t bytes);

/* Somebody got these bytes out of a cache. `agent`: the CPU whose cache it is. */
void ideal_check(struct ideal *self, const char *agent, bool own_cache, uint64_t offset,
                 const uint8_t *got, size_t bytes);

/* The memory is about to take bytes, and gives some: its store is followed. */
void ideal_takes(struct ideal *self, const struct ideal_by *by, uint64_t offset,
                 const uint8_t *data, size_t bytes);
void ideal_gives(struct ideal *self, const struct ideal_by *by, uint64_t offset, size_t bytes);

#endif
