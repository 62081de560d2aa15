/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mappings_pools: coherent memory in blocks, as Linux's dma_pool has it. Where a block lies the caller says, as of all memory.
 *
 * Source: Linux mm/dmapool.c.
 */
#include "host/mappings/mappings.h"

struct mapping_pool *mapping_pool_at(const struct mappings *self, uint64_t address)
{
    for (uint32_t i = 0; i < MAPPING_POOLS; i++) {
        struct mapping_pool *pool = &self->pools[i];
        if (pool->block_bytes && address >= pool->base && address - pool->base < pool->bytes)
            return pool;
    }
    return NULL;
}

static void fail(struct mappings *self, const struct mapping_call *call, const char *what)
{
    mapping_tell_call(self, MAPPING_FAULT_POOL, call, NULL, 0, what);
}

void mappings_pool_create(struct mappings *self, const struct mapping_call *call,
                          uint64_t block_bytes)
{
    struct mapping_pool *free = NULL;
    for (uint32_t i = 0; i < MAPPING_POOLS && !free; i++)
        free = self->pools[i].block_bytes ? NULL : &self->pools[i];
    if (!mappings_map(self, call))
        return;
    if (free)
        *free = (struct mapping_pool){call->memory, call->bytes, block_bytes, call->device,
                                      MAPPING_NONE};
    else
        mapping_full(self);
}

void mappings_pool_destroy(struct mappings *self, const struct mapping_call *call)
{
    struct mapping_pool *pool = mapping_pool_at(self, call->memory);
    struct mapping_call whole = *call;
    if (!pool || pool->base != call->memory || pool->device != call->device) {
        fail(self, call, "is no pool");
        return;
    }
    if (pool->used != MAPPING_NONE)
        fail(self, call, "has blocks in use");
    mapping_ranges_clear(self, &pool->used);
    whole.bytes = pool->bytes;
    pool->block_bytes = 0;
    mappings_unmap(self, &whole);
}

/* The pool of a block; null after it was told. */
static struct mapping_pool *pool_of(struct mappings *self, const struct mapping_call *call)
{
    struct mapping_pool *pool = mapping_pool_at(self, call->memory);
    if (!pool || pool->device != call->device || (call->memory - pool->base) % pool->block_bytes ||
        pool->block_bytes > pool->bytes - (call->memory - pool->base)) {
        fail(self, call, "is no block of a pool");
        return NULL;
    }
    return pool;
}

void mappings_pool_alloc(struct mappings *self, const struct mapping_call *call)
{
    struct mapping_pool *pool = pool_of(self, call);
    uint64_t at;
    if (!pool)
        return;
    if (mapping_ranges_meet(self, pool->used, call->memory, call->memory + 1, &at))
        fail(self, call, "is in use");
    else if (!mapping_ranges_add(self, &pool->used, call->memory, call->memory + pool->block_bytes))
        mapping_full(self);
}

void mappings_pool_free(struct mappings *self, const struct mapping_call *call)
{
    struct mapping_pool *pool = pool_of(self, call);
    uint64_t at;
    if (!pool)
        return;
    if (!mapping_ranges_meet(self, pool->used, call->memory, call->memory + 1, &at))
        fail(self, call, "is free already");
    else if (!mapping_ranges_remove(self, &pool->used, call->memory,
                                    call->memory + pool->block_bytes))
        mapping_full(self);
}
