/* SPDX-License-Identifier: BSD-2-Clause */
/* cache_internal: what the files of a cache share. See cache.h. */
#ifndef DMASIM_HOST_CACHE_INTERNAL_H
#define DMASIM_HOST_CACHE_INTERNAL_H

#include "host/cache/cache.h"

static inline uint64_t line_address(const struct cache *self, uint64_t address)
{
    return address & ~(uint64_t)(self->lines.bytes - 1);
}

static inline struct cache_entry *entry_at(struct cache *self, uint32_t index)
{
    return &self->buffer[(self->first + index) % self->config->buffer_entries];
}

static inline uint32_t entry_bytes(const struct cache_entry *entry)
{
    return (uint32_t)entry->beats * entry->beat_bytes;
}

/* A line as an entry, or on its way past the buffer. */
void cache_put_line(const struct cache *self, const struct cache_line *line,
                    struct cache_entry *entry);

/* The line is on its way over the bus, or in the write buffer. */
bool cache_under_way(const struct cache *self, uint64_t line);

/* Answers masters that ask, one after the other, line by line. */
void cache_snoop(struct cache *self, sim_cycle now);

/* The line that a master's look-up had to write back is in memory. */
void cache_take_snooped(struct cache *self, sim_cycle now);

#endif
