/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mappings_ranges: mappings by address, and sets of bytes.
 *
 * An index is sorted by the first byte, and knows the longest: who has a byte lies no further back than that. A set is a
 * list of ranges that neither meet nor touch, by address.
 */
#include <string.h>

#include "host/mappings/mappings.h"

/* ---- an index -------------------------------------------------------------------------------- */

/* The first place whose address is later than `address`. */
static uint32_t behind(const struct mappings *self, const struct mapping_index *index,
                       uint64_t address)
{
    uint32_t low = 0, high = self->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (mapping_key(self, index, middle) <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct mapping *mapping_index_meets(const struct mappings *self, const struct mapping_index *index,
                                    uint64_t address, uint64_t bytes, uint32_t *at)
{
    if (*at == MAPPING_NONE)
        *at = behind(self, index, address + (bytes - 1));
    while (*at > 0) {
        const uint64_t first = mapping_key(self, index, --*at);
        struct mapping *entry = &self->entries[index->order[*at]];
        if (first < address && address - first >= index->longest)
            break;
        if (first >= address || address - first < entry->bytes)
            return entry;
    }
    *at = 0;
    return NULL;
}

void mapping_index_add(const struct mappings *self, struct mapping_index *index, uint32_t entry)
{
    const struct mapping *added = &self->entries[entry];
    const uint64_t first =
        index->key == offsetof(struct mapping, handle) ? added->handle : added->memory;
    const uint32_t at = behind(self, index, first);
    if (self->count == 0 || added->bytes > index->longest)
        index->longest = added->bytes;
    memmove(&index->order[at + 1], &index->order[at], (self->count - at) * sizeof *index->order);
    index->order[at] = entry;
}

void mapping_index_remove(const struct mappings *self, struct mapping_index *index, uint32_t entry)
{
    const struct mapping *removed = &self->entries[entry];
    const uint64_t first =
        index->key == offsetof(struct mapping, handle) ? removed->handle : removed->memory;
    uint32_t at = behind(self, index, first);
    while (index->order[--at] != entry)
        continue;
    memmove(&index->order[at], &index->order[at + 1],
            (self->count - at - 1) * sizeof *index->order);
}

/* ---- sets ------------------------------------------------------------------------------------ */

static uint32_t take_range(struct mappings *self, uint64_t first, uint64_t end, uint32_t next)
{
    const uint32_t at = self->free_range;
    if (at == MAPPING_NONE)
        return at;
    self->free_range = self->ranges[at].next;
    self->ranges[at] = (struct mapping_range){.first = first, .end = end, .next = next};
    return at;
}

static void drop_range(struct mappings *self, uint32_t *place)
{
    const uint32_t at = *place;
    *place = self->ranges[at].next;
    self->ranges[at].next = self->free_range;
    self->free_range = at;
}

bool mapping_ranges_add(struct mappings *self, uint32_t *set, uint64_t first, uint64_t end)
{
    uint32_t *place = set;
    while (*place != MAPPING_NONE && self->ranges[*place].end < first)
        place = &self->ranges[*place].next;
    while (*place != MAPPING_NONE && self->ranges[*place].first <= end) {
        const struct mapping_range *old = &self->ranges[*place];
        first = old->first < first ? old->first : first;
        end = old->end > end ? old->end : end;
        drop_range(self, place);
    }
    const uint32_t added = take_range(self, first, end, *place);
    if (added == MAPPING_NONE)
        return false;
    *place = added;
    return true;
}

bool mapping_ranges_remove(struct mappings *self, uint32_t *set, uint64_t first, uint64_t end)
{
    uint32_t *place = set;
    while (*place != MAPPING_NONE && self->ranges[*place].first < end) {
        struct mapping_range *old = &self->ranges[*place];
        if (old->end <= first) {
            place = &old->next;
        } else if (old->first >= first && old->end <= end) {
            drop_range(self, place);
        } else if (old->first >= first) {
            old->first = end;
        } else {
            const uint64_t rest = old->end;
            old->end = first;
            place = &old->next;
            if (rest <= end)
                continue;
            const uint32_t cut = take_range(self, end, rest, *place);
            if (cut == MAPPING_NONE)
                return false;
            *place = cut;
        }
    }
    return true;
}

void mapping_ranges_clear(struct mappings *self, uint32_t *set)
{
    while (*set != MAPPING_NONE)
        drop_range(self, set);
}

bool mapping_ranges_meet(const struct mappings *self, uint32_t set, uint64_t first, uint64_t end,
                         uint64_t *at)
{
    while (set != MAPPING_NONE && self->ranges[set].end <= first)
        set = self->ranges[set].next;
    if (set == MAPPING_NONE || self->ranges[set].first >= end)
        return false;
    *at = self->ranges[set].first > first ? self->ranges[set].first : first;
    return true;
}

bool mapping_ranges_miss(const struct mappings *self, uint32_t set, uint64_t first, uint64_t end,
                         uint64_t *at)
{
    for (; set != MAPPING_NONE && self->ranges[set].first <= first; set = self->ranges[set].next)
        if (self->ranges[set].end > first)
            first = self->ranges[set].end;
    *at = first;
    return first < end;
}
