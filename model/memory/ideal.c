/* SPDX-License-Identifier: BSD-2-Clause */
#include "memory/ideal.h"

#include <string.h>

#include "plan/log.h"

/* ---- what differs ---------------------------------------------------------------------------- */

static bool differs(const struct ideal *self, uint64_t offset)
{
    return self->differs[offset / 64] >> offset % 64 & 1;
}

static void set_differs(struct ideal *self, uint64_t offset, bool on)
{
    const uint64_t bit = UINT64_C(1) << offset % 64;
    self->differs[offset / 64] =
        on ? self->differs[offset / 64] | bit : self->differs[offset / 64] & ~bit;
}

/* Is there anything in a range? */
static bool any_differs(const struct ideal *self, uint64_t offset, size_t bytes)
{
    const uint64_t last = offset + bytes - 1;
    for (uint64_t word = offset / 64; word <= last / 64; word++) {
        uint64_t mask = UINT64_MAX;
        if (word == offset / 64)
            mask &= UINT64_MAX << offset % 64;
        if (word == last / 64)
            mask &= UINT64_MAX >> (63 - last % 64);
        if (self->differs[word] & mask)
            return true;
    }
    return false;
}

/* ---- writes ---------------------------------------------------------------------------------- */

/* Index of a name; the last stands for all that there is no room for. */
static uint32_t agent_of(struct ideal *self, const char *name)
{
    for (uint32_t i = 0; i < self->agent_count; i++)
        if (self->agents[i] == name)
            return i;
    if (self->agent_count == IDEAL_AGENTS)
        return IDEAL_AGENTS - 1;
    self->agents[self->agent_count] = name;
    return self->agent_count++;
}

static void note(struct ideal *self, const char *agent, uint64_t offset, size_t bytes)
{
    const uint64_t entry = self->unit->clock->kernel->now << 8 | agent_of(self, agent);
    for (uint64_t word = offset / 8; word <= (offset + bytes - 1) / 8; word++)
        self->written[word] = entry;
}

void ideal_stored(struct ideal *self, const char *agent, uint64_t offset, const uint8_t *data,
                  size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        self->newest[offset + i] = data[i];
        set_differs(self, offset + i, data[i] != self->store->bytes[offset + i]);
    }
    note(self, agent, offset, bytes);
}

static void written(struct ideal *self, const char *agent, uint64_t offset, size_t bytes)
{
    if (any_differs(self, offset, bytes))
        for (size_t i = 0; i < bytes; i++)
            set_differs(self, offset + i, false);
    note(self, agent, offset, bytes);
}

/* What a cache writes back was written before: memory is as new as that, or older than it was. */
static void carried(struct ideal *self, uint64_t offset, const uint8_t *data, size_t bytes)
{
    const uint8_t *memory = self->store->bytes + offset;
    for (size_t i = 0; i < bytes; i++) {
        const uint64_t at = offset + i;
        if (!differs(self, at))
            self->newest[at] = memory[i];
        set_differs(self, at, self->newest[at] != data[i]);
    }
}

static const struct ideal_cache *cache_of(const struct ideal *self, const struct ideal_by *by)
{
    for (uint32_t i = 0; by->cacheable && i < self->cache_count; i++)
        if (self->caches[i].bus == by->bus && self->caches[i].master == by->master)
            return &self->caches[i];
    return NULL;
}

void ideal_takes(struct ideal *self, const struct ideal_by *by, uint64_t offset,
                 const uint8_t *data, size_t bytes)
{
    if (bytes == 0)
        return;
    if (cache_of(self, by))
        carried(self, offset, data, bytes);
    else
        written(self, by->name, offset, bytes);
}

/* ---- reads ----------------------------------------------------------------------------------- */

/* Who has the newest byte; null if nobody has. */
static const struct ideal_cache *holder(const struct ideal *self, uint64_t offset)
{
    for (uint32_t i = 0; i < self->cache_count; i++)
        if (self->caches[i].holds(self->caches[i].self, self->base + offset))
            return &self->caches[i];
    return NULL;
}

static const char *const whys[] = {
    [STALE_DIRTY] = "the write is still in a cache and was not cleaned",
    [STALE_CACHED] = "memory has it, but its own cache has an older line that was not invalidated",
    [STALE_LOST] =
        "the write is lost: its line was invalidated while dirty, or an older one written over it",
};

static void tell(struct ideal *self, const struct stale_record *record)
{
    const struct unit *unit = self->unit;
    self->figures.stale_reads++;
    self->figures.stale_bytes += record->bytes;
    probe_publish(&self->probe, unit->clock->cycle, record);
    if (!log_wanted(unit))
        return;
    struct log_text got = {.used = 0}, should = {.used = 0};
    for (uint32_t i = 0; i < record->bytes; i++) {
        log_add(&got, "%02x", record->got[i]);
        log_add(&should, "%02x", record->should[i]);
    }
    log_say(unit, &(struct log_line){.level = LOG_ERROR, .kind = LOG_STALE, .of = record->reader},
            "%s read %u stale byte%s at 0x%08llx: %s instead of %s, which %s wrote at %llu.%03llu "
            "ns: %s (%s)",
            record->reader, record->bytes, record->bytes == 1 ? "" : "s",
            (unsigned long long)record->address, got.text, should.text, record->writer,
            (unsigned long long)(record->written_ps / 1000),
            (unsigned long long)(record->written_ps % 1000), whys[record->cause], record->cache);
}

static uint8_t newest_at(const struct ideal *self, uint64_t offset)
{
    return differs(self, offset) ? self->newest[offset] : self->store->bytes[offset];
}

static void describe(const struct ideal *self, const char *agent, bool own_cache, uint64_t offset,
                     struct stale_record *record)
{
    const uint64_t entry = self->written[offset / 8];
    const bool missing = differs(self, offset);
    const struct ideal_cache *cache = missing ? holder(self, offset) : NULL;
    *record = (struct stale_record){
        .reader = agent,
        .writer = entry ? self->agents[entry & UINT8_MAX] : "the start",
        .cache = cache                             ? cache->cpu
                 : own_cache || !self->cache_count ? agent
                                                   : self->caches[0].cpu,
        .address = self->base + offset,
        .written_ps = entry >> 8,
        .cause = cache     ? STALE_DIRTY
                 : missing ? STALE_LOST
                           : STALE_CACHED,
    };
}

static bool joins(const struct stale_record *a, const struct stale_record *b)
{
    return a->bytes < STALE_BYTES && a->address + a->bytes == b->address && a->cause == b->cause &&
           a->writer == b->writer && a->written_ps == b->written_ps && a->cache == b->cache;
}

void ideal_check(struct ideal *self, const char *agent, bool own_cache, uint64_t offset,
                 const uint8_t *got, size_t bytes)
{
    struct stale_record record = {.bytes = 0}, next;
    for (size_t i = 0; i < bytes; i++) {
        const uint8_t should = newest_at(self, offset + i);
        if (got[i] == should)
            continue;
        describe(self, agent, own_cache, offset + i, &next);
        if (record.bytes && !joins(&record, &next)) {
            tell(self, &record);
            record.bytes = 0;
        }
        if (!record.bytes)
            record = next;
        record.got[record.bytes] = got[i];
        record.should[record.bytes++] = should;
    }
    if (record.bytes)
        tell(self, &record);
}

void ideal_gives(struct ideal *self, const struct ideal_by *by, uint64_t offset, size_t bytes)
{
    if (bytes && any_differs(self, offset, bytes) && !cache_of(self, by))
        ideal_check(self, by->name, false, offset, self->store->bytes + offset, bytes);
}

/* ---- building -------------------------------------------------------------------------------- */

static struct unit *unit_of(const struct kernel *kernel, const void *instance)
{
    struct unit *unit = kernel->units;
    while (unit && unit->self != instance)
        unit = unit->link;
    return unit;
}

struct ideal *ideal_create(struct build *build, struct component *memory, uint64_t base)
{
    struct arena *arena = build->kernel->arena;
    struct store *store = memory->store;
    struct ideal *self = arena_alloc(arena, sizeof *self);
    if (!self)
        return NULL;
    *self = (struct ideal){.store = store,
                           .unit = unit_of(build->kernel, memory->instance),
                           .name = memory->name,
                           .base = base,
                           .newest = arena_alloc(arena, store->size_bytes),
                           .differs = arena_alloc(arena, store->size_bytes / 8 + 8),
                           .written = arena_alloc(arena, store->size_bytes + 8)};
    if (!self->unit || !self->newest || !self->differs || !self->written)
        return NULL;
    build_probe(build, &self->probe, memory->name, &stale_probe_type, memory->clock, self);
    store->ideal = self;
    kernel_all_beats(build->kernel);
    return self;
}

bool ideal_join(struct ideal *self, const struct ideal_cache *cache)
{
    if (self->cache_count == IDEAL_CACHES)
        return false;
    self->caches[self->cache_count++] = *cache;
    return true;
}
