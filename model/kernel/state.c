/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * state: tables become lists of operations, which a walk goes through.
 *
 * A list has the rows of a struct and of the parts in it, each with its place in the whole; parts that are
 * told in part, or lie behind a pointer, have a list of their own. Rows of STATE_SAME that touch are one
 * operation: padding lies between two, since nobody says what is in it.
 */
#include "kernel/state.h"

#include <string.h>

#include "kernel/repeat.h"

enum code {
    CODE_SAME,
    CODE_COUNT_8,
    CODE_COUNT_16,
    CODE_COUNT_32,
    CODE_COUNT_64,
    CODE_STAMP,
    CODE_OLD_STAMP,
    CODE_EACH, /* elements, by a list of their own */
};

struct operation {
    enum code code;
    uint32_t offset;
    uint32_t bytes; /* CODE_SAME; CODE_EACH: from element to element */
    uint32_t old;
    uint32_t elements;
    bool pointers, behind; /* CODE_EACH */
    const struct state_code *part;
    struct state_live (*live)(const void *self);
    uint32_t live_of; /* offset of the struct it is asked about */
};

struct state_code {
    uint32_t count, same, counts; /* operations; words at most */
    struct operation operations[];
};

/* ---- building -------------------------------------------------------------------------------- */

struct builder {
    struct arena *arena;
    struct state_code *code;
    uint32_t room;
    bool failed;
};

static uint32_t words_of(uint32_t bytes)
{
    return (bytes + 7) / 8;
}

/* Operations at most of a table, without those of lists of their own. */
static uint32_t room_for(const struct state_table *table)
{
    uint32_t room = 0;
    for (const struct state_field *field = table->fields; field->name; field++) {
        const uint32_t elements = field->bytes / field->each;
        if (field->kind == STATE_KIND_PART && !field->pointer && !field->live)
            room += elements * room_for(field->part);
        else if (field->kind != STATE_KIND_FREE)
            room += field->kind == STATE_KIND_SAME || field->live ? 1 : elements;
    }
    return room;
}

static void add(struct builder *self, const struct operation *operation)
{
    struct state_code *code = self->code;
    struct operation *last = code->count ? &code->operations[code->count - 1] : NULL;
    if (last && last->code == CODE_SAME && operation->code == CODE_SAME &&
        last->offset + last->bytes == operation->offset)
        last->bytes += operation->bytes;
    else
        code->operations[code->count++] = *operation;
}

static enum code code_of(const struct state_field *field)
{
    switch (field->kind) {
    case STATE_KIND_COUNT:
        return field->each == 1   ? CODE_COUNT_8
               : field->each == 2 ? CODE_COUNT_16
               : field->each == 4 ? CODE_COUNT_32
                                  : CODE_COUNT_64;
    case STATE_KIND_STAMP:
        return field->old ? CODE_OLD_STAMP : CODE_STAMP;
    default:
        return CODE_SAME;
    }
}

/* A list for one element of a row that is told in part and is no struct. */
static const struct state_code *element_code(struct arena *arena, const struct state_field *field)
{
    const struct state_field rows[] = {{.name = field->name,
                                        .bytes = field->each,
                                        .each = field->each,
                                        .kind = field->kind,
                                        .old = field->old},
                                       {.name = NULL}};
    const struct state_table table = {.name = field->name, .bytes = field->each, .fields = rows};
    return state_compile(arena, &table);
}

static void add_apart(struct builder *self, const struct state_field *field, uint32_t base)
{
    const struct state_code *part = field->kind == STATE_KIND_PART
                                        ? state_compile(self->arena, field->part)
                                        : element_code(self->arena, field);
    self->failed |= !part;
    add(self, &(struct operation){
                  .code = CODE_EACH,
                  .offset = base + field->offset,
                  .bytes = field->behind ? field->part->bytes : field->each,
                  .elements = field->behind ? field->behind : field->bytes / field->each,
                  .pointers = field->pointer && !field->behind,
                  .behind = field->behind > 0,
                  .part = part,
                  .live = field->live,
                  .live_of = base,
              });
}

static void add_table(struct builder *self, const struct state_table *table, uint32_t base)
{
    for (const struct state_field *field = table->fields; field->name; field++) {
        if (field->kind == STATE_KIND_FREE)
            continue;
        if (field->live || field->pointer) {
            add_apart(self, field, base);
            continue;
        }
        const uint32_t bytes = field->kind == STATE_KIND_SAME ? field->bytes : field->each;
        for (uint32_t at = 0; at < field->bytes; at += bytes) {
            if (field->kind == STATE_KIND_PART)
                add_table(self, field->part, base + field->offset + at);
            else
                add(self, &(struct operation){.code = code_of(field),
                                              .offset = base + field->offset + at,
                                              .bytes = bytes,
                                              .old = field->old});
        }
    }
}

static void count_words(struct state_code *self)
{
    for (uint32_t i = 0; i < self->count; i++) {
        const struct operation *operation = &self->operations[i];
        switch (operation->code) {
        case CODE_SAME:
            self->same += words_of(operation->bytes);
            break;
        case CODE_STAMP:
            self->same++;
            break;
        case CODE_OLD_STAMP:
            self->same++;
            self->counts++;
            break;
        case CODE_EACH:
            self->same += 1 + operation->elements * operation->part->same;
            self->counts += operation->elements * operation->part->counts;
            break;
        default:
            self->counts++;
        }
    }
}

const struct state_code *state_compile(struct arena *arena, const struct state_table *table)
{
    struct builder builder = {.arena = arena};
    builder.room = room_for(table);
    builder.code =
        arena_alloc(arena, sizeof *builder.code + builder.room * sizeof *builder.code->operations);
    if (!builder.code)
        return NULL;
    add_table(&builder, table, 0);
    if (builder.failed)
        return NULL;
    count_words(builder.code);
    return builder.code;
}

void state_words(const struct state_code *code, uint32_t *same, uint32_t *counts)
{
    *same = code->same;
    *counts = code->counts;
}

/* ---- walking --------------------------------------------------------------------------------- */

/* So many words at least; a walk that has no room for them tells nothing more. */
static inline bool same_room(struct repeat *repeat, uint32_t words)
{
    if (repeat->same_room - repeat->same_count >= words)
        return true;
    repeat->same_count = repeat->same_room;
    return false;
}

static inline void tell_same(struct repeat *repeat, const uint8_t *at, uint32_t bytes)
{
    const uint32_t words = words_of(bytes);
    if (!same_room(repeat, words))
        return;
    uint64_t *to = repeat->same + repeat->same_count;
    repeat->same_count += words;
    if (bytes >= 64) {
        const uint32_t whole = bytes & ~7u;
        memcpy(to, at, whole);
        to += whole / 8;
        at += whole;
        bytes -= whole;
    }
    for (; bytes >= 8; bytes -= 8, at += 8)
        memcpy(to++, at, 8);
    uint64_t word = 0;
    uint8_t *tail = (uint8_t *)&word;
    if (bytes & 4) {
        memcpy(tail, at, 4);
        tail += 4;
        at += 4;
    }
    if (bytes & 2) {
        memcpy(tail, at, 2);
        tail += 2;
        at += 2;
    }
    if (bytes & 1)
        *tail = *at;
    if (bytes)
        *to = word;
}

/* How long ago no longer matters, but it moves on if it did. */
static void old_stamp(struct repeat *repeat, sim_cycle *cycle, uint32_t old)
{
    if (*cycle != SIM_NEVER && *cycle <= repeat->now && repeat->now - *cycle >= old) {
        repeat_same(repeat, SIM_NEVER - 1);
        repeat_count(repeat, cycle);
    } else {
        repeat_stamp(repeat, cycle);
    }
}

/* Of a number or a pointer. */
static inline void count_64(struct repeat *repeat, uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    value = repeat_grown(repeat, value);
    memcpy(at, &value, sizeof value);
}

static void walk_each(const struct operation *operation, uint8_t *self, struct repeat *repeat)
{
    uint8_t *at = self + operation->offset;
    uint32_t index = 0, count = operation->elements;
    if (operation->live) {
        const struct state_live live = operation->live(self + operation->live_of);
        index = live.first;
        count = live.count;
        repeat_same(repeat, count);
    }
    if (operation->behind)
        memcpy(&at, at, sizeof at);
    for (; at && count > 0; count--) {
        uint8_t *element = at + (size_t)index * operation->bytes;
        if (operation->pointers)
            memcpy(&element, element, sizeof element);
        if (element)
            state_walk(operation->part, element, repeat);
        if (++index == operation->elements)
            index = 0;
    }
}

void state_walk(const struct state_code *code, void *self, struct repeat *repeat)
{
    uint8_t *base = self;
    const struct operation *operation = code->operations;
    for (const struct operation *end = operation + code->count; operation < end; operation++) {
        uint8_t *at = base + operation->offset;
        switch (operation->code) {
        case CODE_SAME:
            if (!repeat->times)
                tell_same(repeat, at, operation->bytes);
            break;
        case CODE_COUNT_8:
            *at = (uint8_t)repeat_grown(repeat, *at);
            break;
        case CODE_COUNT_16:
            *(uint16_t *)(void *)at = (uint16_t)repeat_grown(repeat, *(uint16_t *)(void *)at);
            break;
        case CODE_COUNT_32:
            repeat_count_32(repeat, (uint32_t *)(void *)at);
            break;
        case CODE_COUNT_64:
            count_64(repeat, at);
            break;
        case CODE_STAMP:
            repeat_stamp(repeat, (sim_cycle *)(void *)at);
            break;
        case CODE_OLD_STAMP:
            old_stamp(repeat, (sim_cycle *)(void *)at, operation->old);
            break;
        case CODE_EACH:
            walk_each(operation, base, repeat);
            break;
        }
    }
}
