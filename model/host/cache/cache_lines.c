/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache_lines: tags, data and replacement of a set-associative cache.
 *
 * LRU    the line whose use is longest ago
 * PLRU   a binary tree for each set: each bit points away from the half that was used last
 * FIFO   the line that was filled first
 * RANDOM any, drawn when a victim is needed
 */
#include "host/cache/cache.h"

bool cache_lines_create(struct cache_lines *self, struct arena *arena,
                        const struct cache_config *config, struct random random)
{
    const size_t count = (size_t)(config->size_bytes / config->line_bytes);
    *self = (struct cache_lines){.sets = (uint32_t)(count / config->ways),
                                 .ways = config->ways,
                                 .bytes = config->line_bytes,
                                 .replacement = config->replacement,
                                 .random = random};
    self->lines = arena_alloc(arena, count * sizeof *self->lines);
    self->data = arena_alloc(arena, count * config->line_bytes);
    self->tree = arena_alloc(arena, self->sets * sizeof *self->tree);
    return self->lines && self->data && self->tree;
}

static uint32_t set_of(const struct cache_lines *self, uint64_t address)
{
    return (uint32_t)(address / self->bytes) & (self->sets - 1);
}

struct cache_line *cache_lines_find(const struct cache_lines *self, uint64_t address)
{
    struct cache_line *set = self->lines + (size_t)set_of(self, address) * self->ways;
    const uint64_t first = address & ~(uint64_t)(self->bytes - 1);
    for (uint32_t way = 0; way < self->ways; way++)
        if (set[way].valid && set[way].address == first)
            return &set[way];
    return NULL;
}

/* Nodes of the tree are bits 1 .. ways - 1, as in a heap; a bit of 1 points to the upper half. */
static void point_away(struct cache_lines *self, const struct cache_line *line)
{
    const size_t index = (size_t)(line - self->lines);
    uint32_t *tree = &self->tree[index / self->ways];
    uint32_t node = (uint32_t)(index % self->ways) + self->ways;
    for (; node > 1; node /= 2) {
        const uint32_t bit = UINT32_C(1) << node / 2;
        *tree = node & 1 ? *tree & ~bit : *tree | bit;
    }
}

static uint32_t pointed_at(const struct cache_lines *self, uint32_t set)
{
    uint32_t node = 1;
    while (node < self->ways)
        node = 2 * node + (self->tree[set] >> node & 1);
    return node - self->ways;
}

void cache_lines_touch(struct cache_lines *self, struct cache_line *line)
{
    if (self->replacement == CACHE_LRU)
        line->stamp = ++self->stamps;
    else if (self->replacement == CACHE_PLRU)
        point_away(self, line);
}

struct cache_line *cache_lines_victim(struct cache_lines *self, uint64_t address)
{
    const uint32_t index = set_of(self, address);
    struct cache_line *set = self->lines + (size_t)index * self->ways;
    struct cache_line *oldest = set;
    for (uint32_t way = 0; way < self->ways; way++) {
        if (!set[way].valid)
            return &set[way];
        if (set[way].stamp < oldest->stamp)
            oldest = &set[way];
    }
    switch ((enum cache_replacement)self->replacement) {
    case CACHE_RANDOM:
        return &set[random_below(&self->random, self->ways)];
    case CACHE_PLRU:
        return &set[pointed_at(self, index)];
    case CACHE_LRU:
    case CACHE_FIFO:
        break;
    }
    return oldest;
}

void cache_lines_fill(struct cache_lines *self, struct cache_line *line, uint64_t address)
{
    line->address = address & ~(uint64_t)(self->bytes - 1);
    line->valid = true;
    line->dirty = false;
    if (self->replacement == CACHE_FIFO)
        line->stamp = ++self->stamps;
    cache_lines_touch(self, line);
}
