/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * state: a unit's state as a table, member by member, for what repeats (kernel/repeat.h).
 *
 * Every member of a struct is in exactly one row, so that a word that was forgotten is found by a test
 * (tests/system/test_state_tables.c: by bytes and by the names in the source) and not by a wrong cycle. A row
 * says what becomes of a member when periods that are alike pass:
 *
 *   STATE_SAME    must be equal at both ends of a period
 *   STATE_COUNT   grows by the same amount in each: an address, an id, bytes moved; modulo its width. Of a
 *                 pointer, its bytes
 *   STATE_STAMP   a cycle, as far from now as it was; SIM_NEVER stays. One that is `old` cycles back or more
 *                 only has to stay that: how long ago no longer matters
 *   STATE_FREE    is not told. `why` says what holds it: it is set while building, or read by nobody
 *                 before it is written, or limit() and pass() of a unit see to it
 *   STATE_PART    structs with a table of their own, in the member or behind a pointer
 *
 * A row may be told in part: live() says which elements of an array or ring anybody reads (a scalar is
 * an array of one), STATE_PLACES which of two places is shown. The others are as if they were free; `why` says so.
 *
 *     static const struct state_field rows[] = {
 *         {STATE_SAME(struct turner, phase)},
 *         {STATE_COUNT(struct turner, items)},
 *         {STATE_STAMP(struct turner, last)},
 *         {STATE_FREE(struct turner, unit), .why = STATE_KERNEL},
 *         {.name = NULL},
 *     };
 *     const struct state_table turner_state = {STATE_TABLE(turner, rows)};
 */
#ifndef DMASIM_STATE_H
#define DMASIM_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct repeat;

enum state_kind {
    STATE_KIND_SAME,
    STATE_KIND_COUNT,
    STATE_KIND_STAMP,
    STATE_KIND_FREE,
    STATE_KIND_PART
};

/* Elements that are told: `count` of them from `first` on, from the last on to element 0. */
struct state_live {
    uint32_t first, count;
};

struct state_field {
    const char *name;       /* null ends a table */
    uint32_t offset, bytes; /* of the member */
    uint32_t each;          /* bytes of an element; those of the member if it is one */
    enum state_kind kind;
    uint32_t old; /* STATE_STAMP; 0: never */
    const struct state_table *part;
    bool pointer;    /* STATE_PART: the member is a pointer, or are pointers; null: nothing there */
    uint32_t behind; /* elements behind a single pointer; 0: one behind each */
    struct state_live (*live)(const void *self); /* of the row's struct; null: all */
    /* STATE_PLACES: offsets of the bytes, the first + 1, 0: it is none. */
    uint32_t valid_at, place_at;
    uint8_t bit;
    /* From round to round (kernel/round.h): it grows; nobody reads it; bytes on their way. */
    bool figure, dead, data;
    /* likewise: a cycle (STATE_STAMP) or a time (STATE_SAME) that has been, and is in reports only: as far from now as
     * it was, or where it was. */
    bool past;
    bool
        built; /* live() tells what is there once the system is built: from the first element on, that many */
    const char *why;
};

struct state_table {
    const char *name; /* of the struct */
    uint32_t bytes;
    const struct state_field *fields;
};

#define STATE_MEMBER(type, member, what)                                                           \
    .name = #member, .offset = offsetof(type, member), .bytes = sizeof(((type *)0)->member),       \
    .kind = STATE_KIND_##what

#define STATE_SAME(type, member)                                                                   \
    STATE_MEMBER(type, member, SAME), .each = sizeof(((type *)0)->member)
#define STATE_COUNT(type, member)                                                                  \
    STATE_MEMBER(type, member, COUNT), .each = sizeof(((type *)0)->member)
#define STATE_STAMP(type, member)                                                                  \
    STATE_MEMBER(type, member, STAMP), .each = sizeof(((type *)0)->member)
#define STATE_FREE(type, member)                                                                   \
    STATE_MEMBER(type, member, FREE), .each = sizeof(((type *)0)->member)
#define STATE_PART(type, member, table)                                                            \
    STATE_MEMBER(type, member, PART), .each = sizeof(((type *)0)->member), .part = &(table)

/* Arrays. */
#define STATE_SAMES(type, member)                                                                  \
    STATE_MEMBER(type, member, SAME), .each = sizeof(*((type *)0)->member)
#define STATE_COUNTS(type, member)                                                                 \
    STATE_MEMBER(type, member, COUNT), .each = sizeof(*((type *)0)->member)
#define STATE_STAMPS(type, member)                                                                 \
    STATE_MEMBER(type, member, STAMP), .each = sizeof(*((type *)0)->member)
#define STATE_PARTS(type, member, table)                                                           \
    STATE_MEMBER(type, member, PART), .each = sizeof(*((type *)0)->member), .part = &(table)

/* One of two places, or none. The byte `valid` is told in another row or by hand. */
#define STATE_PLACES(type, member, table, valid, place, number)                                    \
    STATE_PARTS(type, member, table), .valid_at = offsetof(type, valid) + 1,                       \
                                      .place_at = offsetof(type, place), .bit = (number)

/* Pointers: each to one, or a single one to `elements` in a row. */
#define STATE_POINTERS(type, member, table)                                                        \
    STATE_MEMBER(type, member, PART), .each = sizeof(void *), .part = &(table), .pointer = true
#define STATE_BEHIND(type, member, table, elements)                                                \
    STATE_POINTERS(type, member, table), .behind = (elements)

/* Why a row is free: the usual reasons. */
#define STATE_KERNEL "the kernel's: it passes alarms itself"
#define STATE_BUILT "set while building"
#define STATE_PROBE "who observes is outside of the state"

#define STATE_TABLE(type, rows) .name = #type, .bytes = sizeof(struct type), .fields = (rows)

/* A table made ready to be walked: rows that lie side by side are one. */
struct state_code;

/* In the arena; null if memory is short. */
const struct state_code *state_compile(struct arena *arena, const struct state_table *table);

/* Words of a struct at most, if every row is told in full. */
void state_words(const struct state_code *code, uint32_t *same, uint32_t *counts);

/* Tells the struct's words, or passes them: see struct repeat. In which order is its own affair. */
void state_walk(const struct state_code *code, void *self, struct repeat *repeat);

#endif
