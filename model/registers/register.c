/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * register: decode, access policy and names; see register.h.
 *
 * The kinds of a register's bits are the only input of the policy:
 *
 *   kind   a write of w over o leaves        a read of s shows
 *   RW     w                                 s
 *   RO     o                                 s
 *   WO     w                                 0
 *   W1C    o & ~w                            s
 *   WE8    (w & w >> 8) | (o & ~(w >> 8))    s (the enables above it read 0)
 *
 * Byte lanes that are not written count as zeros in w for W1C and WE8 and keep o for RW and WO.
 */
#include "registers/register.h"

#include <stdio.h>
#include <string.h>

/* Bits lsb .. lsb+width-1. */
static uint64_t field_mask(const struct register_field *field)
{
    uint64_t ones = field->width < 64 ? (UINT64_C(1) << field->width) - 1 : UINT64_MAX;
    return ones << field->lsb;
}

/* All bits of an entry that have this kind. */
static uint64_t kind_mask(const struct register_entry *entry, enum register_access kind)
{
    if (!entry->fields)
        return entry->access == kind ? UINT64_MAX : 0;
    uint64_t mask = 0;
    for (const struct register_field *field = entry->fields; field->name; field++)
        if (field->access == kind)
            mask |= field_mask(field);
    return mask;
}

bool register_find(const struct register_map *map, uint32_t offset, struct register_hit *hit)
{
    uint32_t bytes = map->width_bits / 8;
    for (uint32_t i = 0; map->entries[i].name; i++) {
        const struct register_entry *entry = &map->entries[i];
        if (offset < entry->offset)
            continue;
        uint32_t distance = offset - entry->offset;
        uint32_t array = entry->count > 1 ? distance / entry->stride_bytes : 0;
        uint32_t within = entry->count > 1 ? distance % entry->stride_bytes : distance;
        if (within < bytes && array < (entry->count > 1 ? entry->count : 1u)) {
            *hit = (struct register_hit){.entry = entry, .index = i, .array = array};
            return true;
        }
    }
    return false;
}

/* True if `name` is the entry's name, with *array its element. A number has no leading zeros. */
static bool name_matches(const struct register_entry *entry, const char *name, uint32_t *array)
{
    *array = 0;
    const char *pattern = strstr(entry->name, "%u");
    if (!pattern)
        return strcmp(entry->name, name) == 0;
    size_t head = (size_t)(pattern - entry->name);
    if (strncmp(entry->name, name, head) != 0)
        return false;
    const char *digit = name + head;
    if (*digit < '0' || *digit > '9' || (digit[0] == '0' && digit[1] >= '0' && digit[1] <= '9'))
        return false;
    for (; *digit >= '0' && *digit <= '9'; digit++) {
        *array = *array * 10 + (uint32_t)(*digit - '0');
        if (*array >= entry->count)
            return false;
    }
    return strcmp(pattern + 2, digit) == 0;
}

bool register_lookup(const struct register_map *map, const char *name, struct register_hit *hit,
                     uint32_t *offset)
{
    for (uint32_t i = 0; map->entries[i].name; i++) {
        uint32_t array;
        const struct register_entry *entry = &map->entries[i];
        if (name_matches(entry, name, &array)) {
            *hit = (struct register_hit){.entry = entry, .index = i, .array = array};
            *offset = entry->offset + array * entry->stride_bytes;
            return true;
        }
    }
    return false;
}

void register_name(const struct register_entry *entry, uint32_t array, char *text, size_t size)
{
    const char *pattern = strstr(entry->name, "%u");
    if (pattern)
        snprintf(text, size, "%.*s%u%s", (int)(pattern - entry->name), entry->name, array,
                 pattern + 2);
    else
        snprintf(text, size, "%s", entry->name);
}

uint64_t register_write(const struct register_entry *entry, uint64_t old, uint64_t written,
                        uint8_t lanes)
{
    uint64_t lane_mask = 0;
    for (unsigned lane = 0; lane < 8; lane++)
        if (lanes >> lane & 1)
            lane_mask |= UINT64_C(0xff) << (8 * lane);
    uint64_t given = written & lane_mask;

    uint64_t plain = (kind_mask(entry, REGISTER_RW) | kind_mask(entry, REGISTER_WO)) & lane_mask;
    uint64_t clear = kind_mask(entry, REGISTER_W1C) & given;
    uint64_t enabled = kind_mask(entry, REGISTER_WE8) & lane_mask & given >> 8;
    uint64_t taken = plain | enabled;
    return (old & ~taken & ~clear) | (given & taken);
}

uint64_t register_read(const struct register_entry *entry, uint64_t stored)
{
    return stored & ~kind_mask(entry, REGISTER_WO);
}

const struct register_field *register_field(const struct register_entry *entry, const char *name)
{
    if (!entry->fields)
        return NULL;
    for (const struct register_field *field = entry->fields; field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

void register_name_at(const struct register_map *map, uint32_t offset, bool write, char *text,
                      size_t size)
{
    struct register_hit hit, other;
    if (!register_find(map, offset, &hit)) {
        snprintf(text, size, "0x%x", (unsigned)offset);
        return;
    }
    /* Of two at one offset they follow each other. */
    for (const struct register_entry *next = hit.entry + 1;
         next->name && next->offset == hit.entry->offset; next++) {
        other = (struct register_hit){.entry = next, .array = hit.array};
        if (hit.entry->access == (write ? REGISTER_RO : REGISTER_WO) &&
            next->access != (write ? REGISTER_RO : REGISTER_WO))
            hit = other;
    }
    register_name(hit.entry, hit.array, text, size);
}
