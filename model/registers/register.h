/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * register: one table per controller, from which everything about its registers follows.
 *
 * Decode, access policy (reserved bits, read only, write one to clear), reset, names in traces and
 * scenarios, documentation, the C header and the fuzzers' addresses all walk the same table. A
 * controller adds side effects only, by index.
 *
 * A register with count > 1 is an array of equal registers, stride_bytes apart ("CH%u_SAR").
 */
#ifndef DMASIM_REGISTER_H
#define DMASIM_REGISTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum register_access {
    REGISTER_RW,
    REGISTER_RO,
    REGISTER_WO,  /* reads 0 */
    REGISTER_W1C, /* writing 1 clears */
    REGISTER_WE8, /* bit n of a byte is taken only if bit n + 8 is 1 in the same write; reads the
                     low byte */
};

struct register_field {
    const char *name;
    uint8_t lsb, width;
    enum register_access access;
    const char *doc;
};

struct register_entry {
    const char *name; /* "SAR", or with %u for the array index */
    uint32_t offset;
    uint16_t count;              /* 0 or 1: a single register */
    uint16_t stride_bytes;       /* between array elements */
    enum register_access access; /* of bits no field names; reserved bits are RO */
    uint64_t reset;
    const struct register_field *fields; /* ends with a null name; null: all bits as `access` */
    const char *doc;
};

struct register_map {
    const char *compatible; /* "snps,dw-dmac" */
    const char *title;
    const struct register_entry *entries; /* by rising offset; ends with a null name */
    uint32_t width_bits;                  /* of a register */
    uint32_t size_bytes;                  /* of the window */
};

struct register_hit {
    const struct register_entry *entry;
    uint32_t index; /* in map->entries: an enum of the controller */
    uint32_t array; /* element */
};

/* The register at an offset; false for a hole. Constant time after register_index is not needed:
 * a map has few entries, and accesses are rare beside beats. */
bool register_find(const struct register_map *map, uint32_t offset, struct register_hit *hit);

/* The name of what is written at an offset, or read there: two registers may share one. "0x44" if there is none. */
void register_name_at(const struct register_map *map, uint32_t offset, bool write, char *text,
                      size_t size);

/* By name: "CFG", "CH2_SAR". False if unknown. */
bool register_lookup(const struct register_map *map, const char *name, struct register_hit *hit,
                     uint32_t *offset);

/* The value a register has after `written` (with byte lanes `lanes`, bit per byte) over `old`:
 * the one place that knows access kinds. */
uint64_t register_write(const struct register_entry *entry, uint64_t old, uint64_t written,
                        uint8_t lanes);

/* What a read shows of a stored value. */
uint64_t register_read(const struct register_entry *entry, uint64_t stored);

/* Value of a field by name; lsb and width for composing. Null if there is no such field. */
const struct register_field *register_field(const struct register_entry *entry, const char *name);

static inline uint64_t field_get(const struct register_field *f, uint64_t value)
{
    return value >> f->lsb & ((f->width < 64 ? UINT64_C(1) << f->width : 0) - 1);
}

/* An element's name, cut if there is no room. */
void register_name(const struct register_entry *entry, uint32_t array, char *text, size_t size);

/* "RW", "RO", "WO", "W1C", "WE8"; "mixed" if fields differ. */
const char *register_access_name(const struct register_entry *entry);

/* The map as text. `write` gets pieces; nothing is allocated. */
enum register_format { REGISTER_MARKDOWN, REGISTER_C_HEADER, REGISTER_CSV };
typedef void register_sink(void *context, const char *text, size_t length);
void register_print(const struct register_map *map, enum register_format format,
                    register_sink *sink, void *context);

#endif
