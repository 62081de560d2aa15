/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * state: tables become lists of operations, which a walk goes through.
 *
 * A list has the rows of a struct and of the parts in it, each with its place in the whole; parts that are
 * told in part, or lie behind a pointer, have a list of their own. What is STATE_SAME is told in words of the
 * whole struct, without the bytes that are not; whole words in a row are one operation.
 */
#include "kernel/state.h"
#include "kernel/base.h"

#include <string.h>

#include "kernel/repeat.h"

enum code {
    CODE_SAME, /* bytes */
    CODE_WORD, /* bytes of a word */
    CODE_COUNT_8,
    CODE_COUNT_16,
    CODE_COUNT_32,
    CODE_COUNT_64,
    CODE_STAMP,
    CODE_OLD_STAMP,
    CODE_EACH,   /* elements, by a list of their own */
    CODE_PLACES, /* one element or none */
    CODES
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
    uint64_t mask;    /* CODE_WORD */
    uint32_t valid_at, place_at;
    uint8_t bit;
};

struct span {
    struct operation *at, *end;
};

/* Those of a code stand together. */
struct state_code {
    struct span spans[CODES];
    uint32_t same, counts; /* words at most */
    bool rare;             /* others than words, stamps, and counts of 32 and 64 bits */
    struct operation operations[];
};

/* ---- building -------------------------------------------------------------------------------- */

struct builder {
    struct arena *arena;
    struct state_code *code;
    uint32_t bytes; /* of the whole struct */
    bool failed;
};

static uint32_t words_of(uint32_t bytes)
{
    return (bytes + 7) / 8;
}

static bool is_apart(const struct state_field *field)
{
    return field->live || field->pointer || field->valid_at;
}

static enum code code_of(const struct state_field *field)
{
    if (field->valid_at)
        return CODE_PLACES;
    if (is_apart(field))
        return CODE_EACH;
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

/* Operations at most of a table, without those of lists of their own. */
static void add_room(const struct state_table *table, uint32_t *room)
{
    KNOWN(table);
    for (const struct state_field *field = table->fields; field->name; field++) {
        const uint32_t elements = field->bytes / field->each;
        if (field->kind == STATE_KIND_FREE)
            continue;
        const enum code code = code_of(field);
        if (is_apart(field)) {
            room[code]++;
        } else if (field->kind == STATE_KIND_PART) {
            uint32_t one[CODES] = {0};
            add_room(field->part, one);
            for (enum code each = 0; each < CODES; each++)
                room[each] += elements * one[each];
        } else if (code == CODE_SAME) {
            room[CODE_SAME]++;
            room[CODE_WORD] += 2; /* at its ends */
        } else {
            room[code] += elements;
        }
    }
}

static void add(struct builder *self, const struct operation *operation)
{
    *self->code->spans[operation->code].end++ = *operation;
}

/* Bytes of one word, from `offset` on. Rows that are near each other often share one. */
static void add_word(struct builder *self, uint32_t offset, uint32_t bytes)
{
    struct state_code *code = self->code;
    const uint32_t last = self->bytes - 8;
    const uint32_t word = (offset & ~7u) < last ? offset & ~7u : last;
    const uint64_t mask = (bytes < 8 ? (UINT64_C(1) << 8 * bytes) - 1 : UINT64_MAX)
                          << 8 * (offset - word);
    struct operation *before = code->spans[CODE_WORD].end;
    for (unsigned near = 0; near < 8 && before-- > code->spans[CODE_WORD].at; near++) {
        if (before->offset == word) {
            before->mask |= mask;
            return;
        }
    }
    add(self, &(struct operation){.code = CODE_WORD, .offset = word, .mask = mask});
}

static void add_same(struct builder *self, uint32_t offset, uint32_t bytes)
{
    if (self->bytes < 8) {
        add(self, &(struct operation){.code = CODE_SAME, .offset = offset, .bytes = bytes});
        return;
    }
    const uint32_t to_word = -offset & 7u;
    const uint32_t head = to_word < bytes ? to_word : bytes;
    if (head)
        add_word(self, offset, head);
    offset += head;
    bytes -= head;
    if (bytes >= 16) {
        const uint32_t whole = bytes & ~7u;
        add(self, &(struct operation){.code = CODE_SAME, .offset = offset, .bytes = whole});
        offset += whole;
        bytes -= whole;
    }
    for (; bytes; offset += 8) {
        const uint32_t part = bytes < 8 ? bytes : 8;
        add_word(self, offset, part);
        bytes -= part;
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
                  .code = code_of(field),
                  .offset = base + field->offset,
                  .bytes = field->behind ? field->part->bytes : field->each,
                  .elements = field->behind ? field->behind : field->bytes / field->each,
                  .pointers = field->pointer && !field->behind,
                  .behind = field->behind > 0,
                  .part = part,
                  .live = field->live,
                  .live_of = base,
                  .valid_at = base + field->valid_at - 1,
                  .place_at = base + field->place_at,
                  .bit = field->bit,
              });
}

static void add_table(struct builder *self, const struct state_table *table, uint32_t base)
{
    for (const struct state_field *field = table->fields; field->name; field++) {
        if (field->kind == STATE_KIND_FREE)
            continue;
        if (is_apart(field)) {
            add_apart(self, field, base);
            continue;
        }
        if (field->kind == STATE_KIND_SAME) {
            add_same(self, base + field->offset, field->bytes);
            continue;
        }
        for (uint32_t at = 0; at < field->bytes; at += field->each) {
            if (field->kind == STATE_KIND_PART)
                add_table(self, field->part, base + field->offset + at);
            else
                add(self, &(struct operation){.code = code_of(field),
                                              .offset = base + field->offset + at,
                                              .old = field->old});
        }
    }
}

static uint32_t count_of(const struct state_code *self, enum code which)
{
    return (uint32_t)(self->spans[which].end - self->spans[which].at);
}

static void count_words(struct state_code *self)
{
    self->same = count_of(self, CODE_WORD) + count_of(self, CODE_STAMP);
    for (enum code which = CODE_COUNT_8; which <= CODE_COUNT_64; which++)
        self->counts += count_of(self, which);
    self->same += count_of(self, CODE_OLD_STAMP);
    self->counts += count_of(self, CODE_OLD_STAMP);
    for (struct span s = self->spans[CODE_SAME]; s.at < s.end; s.at++)
        self->same += words_of(s.at->bytes);
    for (enum code which = CODE_EACH; which <= CODE_PLACES; which++) {
        for (struct span s = self->spans[which]; s.at < s.end; s.at++) {
            self->same += 1 + s.at->elements * s.at->part->same;
            self->counts += s.at->elements * s.at->part->counts;
        }
    }
    for (enum code which = 0; which < CODES; which++)
        self->rare |= which != CODE_WORD && which != CODE_STAMP && which != CODE_COUNT_32 &&
                      which != CODE_COUNT_64 && count_of(self, which) > 0;
}

const struct state_code *state_compile(struct arena *arena, const struct state_table *table)
{
    uint32_t room[CODES] = {0}, all = 0;
    add_room(table, room);
    for (enum code code = 0; code < CODES; code++)
        all += room[code];
    struct builder builder = {
        .arena = arena,
        .code = arena_room(arena, sizeof(struct state_code) + all * sizeof(struct operation)),
        .bytes = table->bytes,
    };
    if (!builder.code)
        return NULL;
    *builder.code = (struct state_code){.same = 0};
    struct operation *next = builder.code->operations;
    for (enum code code = 0; code < CODES; next += room[code++])
        builder.code->spans[code] = (struct span){next, next};
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

/* ---- telling --------------------------------------------------------------------------------- */

/* Where the next words go; there is room for them. */
struct teller {
    uint64_t *same, *counts;
    sim_cycle now;
};

static inline uint64_t load(const uint8_t *at, size_t bytes)
{
    uint64_t word = 0;
    memcpy(&word, at, bytes);
    return word;
}

static void tell_bytes(struct teller *teller, const uint8_t *at, uint32_t bytes)
{
    teller->same[words_of(bytes) - 1] = 0;
    memcpy(teller->same, at, bytes);
    teller->same += words_of(bytes);
}

static bool is_old(sim_cycle cycle, sim_cycle now, uint32_t old)
{
    return cycle != SIM_NEVER && cycle <= now && now - cycle >= old;
}

static inline uint64_t from_now(sim_cycle cycle, sim_cycle now)
{
    return cycle == SIM_NEVER ? SIM_NEVER : cycle - now;
}

/* How long ago no longer matters, but it moves on if it did. */
static inline void tell_old_stamp(struct teller *teller, sim_cycle cycle, uint32_t old)
{
    const bool over = is_old(cycle, teller->now, old);
    *teller->same++ = over ? SIM_NEVER - 1 : from_now(cycle, teller->now);
    if (over)
        *teller->counts++ = cycle;
}

/* The elements of an operation that are told, or pass. */
struct elements {
    uint8_t *at; /* null: none */
    uint32_t index, count;
};

static inline struct elements elements_of(const struct operation *operation, uint8_t *base)
{
    struct elements elements = {base + operation->offset, 0, operation->elements};
    if (operation->code == CODE_PLACES) {
        elements.count = base[operation->valid_at] >> operation->bit & 1;
        elements.index = base[operation->place_at] >> operation->bit & 1;
    } else if (operation->live) {
        const struct state_live live = operation->live(base + operation->live_of);
        elements.index = live.first;
        elements.count = live.count;
    }
    KNOWN(elements.at);
    if (operation->behind)
        memcpy(&elements.at, (const void *)elements.at, sizeof elements.at);
    return elements;
}

/* The next element; null at a pointer that is. */
static inline uint8_t *element_next(const struct operation *operation, struct elements *elements)
{
    uint8_t *element = elements->at + (size_t)elements->index * operation->bytes;
    if (++elements->index == operation->elements)
        elements->index = 0;
    elements->count--;
    if (operation->pointers)
        memcpy(&element, (const void *)element, sizeof element);
    return element;
}

static void tell(const struct state_code *code, uint8_t *base, struct teller *teller);

static void tell_apart(const struct operation *operation, uint8_t *base, struct teller *teller)
{
    struct elements elements = elements_of(operation, base);
    if (operation->live)
        *teller->same++ = elements.count;
    while (elements.at && elements.count) {
        uint8_t *element = element_next(operation, &elements);
        if (element)
            tell(operation->part, element, teller);
    }
}

static void tell_rare(const struct state_code *code, uint8_t *base, struct teller *teller)
{
    for (struct span s = code->spans[CODE_SAME]; s.at < s.end; s.at++)
        tell_bytes(teller, base + s.at->offset, s.at->bytes);
    for (struct span s = code->spans[CODE_COUNT_8]; s.at < s.end; s.at++)
        *teller->counts++ = base[s.at->offset];
    for (struct span s = code->spans[CODE_COUNT_16]; s.at < s.end; s.at++)
        *teller->counts++ = load(base + s.at->offset, 2);
    for (struct span s = code->spans[CODE_OLD_STAMP]; s.at < s.end; s.at++)
        tell_old_stamp(teller, load(base + s.at->offset, 8), s.at->old);
    for (struct span s = code->spans[CODE_EACH]; s.at < s.end; s.at++)
        tell_apart(s.at, base, teller);
    for (struct span s = code->spans[CODE_PLACES]; s.at < s.end; s.at++)
        if (base[s.at->valid_at] >> s.at->bit & 1)
            tell_apart(s.at, base, teller);
}

static void tell(const struct state_code *code, uint8_t *base, struct teller *teller)
{
    uint64_t *same = teller->same, *counts = teller->counts;
    for (struct span s = code->spans[CODE_WORD]; s.at < s.end; s.at++)
        *same++ = load(base + s.at->offset, 8) & s.at->mask;
    for (struct span s = code->spans[CODE_STAMP]; s.at < s.end; s.at++)
        *same++ = from_now(load(base + s.at->offset, 8), teller->now);
    for (struct span s = code->spans[CODE_COUNT_32]; s.at < s.end; s.at++)
        *counts++ = load(base + s.at->offset, 4);
    for (struct span s = code->spans[CODE_COUNT_64]; s.at < s.end; s.at++)
        *counts++ = load(base + s.at->offset, 8);
    teller->same = same;
    teller->counts = counts;
    if (code->rare)
        tell_rare(code, base, teller);
}

/* ---- passing --------------------------------------------------------------------------------- */

static void grow(struct repeat *repeat, uint8_t *at, size_t bytes)
{
    const uint64_t value = repeat_grown(repeat, load(at, bytes));
    memcpy(at, &value, bytes);
}

static void pass_stamp(struct repeat *repeat, uint8_t *at, uint32_t old)
{
    sim_cycle cycle = load(at, sizeof cycle);
    if (old && is_old(cycle, repeat->now, old))
        repeat_count(repeat, &cycle);
    else
        repeat_stamp(repeat, &cycle);
    memcpy(at, &cycle, sizeof cycle);
}

/* In the order in which they were told. */
static void pass(const struct state_code *code, uint8_t *base, struct repeat *repeat)
{
    static const struct {
        enum code code;
        size_t bytes;
    } counts[] = {{CODE_COUNT_32, 4}, {CODE_COUNT_64, 8}, {CODE_COUNT_8, 1}, {CODE_COUNT_16, 2}};
    for (struct span s = code->spans[CODE_STAMP]; s.at < s.end; s.at++)
        pass_stamp(repeat, base + s.at->offset, 0);
    for (unsigned i = 0; i < COUNT(counts); i++)
        for (struct span s = code->spans[counts[i].code]; s.at < s.end; s.at++)
            grow(repeat, base + s.at->offset, counts[i].bytes);
    for (struct span s = code->spans[CODE_OLD_STAMP]; s.at < s.end; s.at++)
        pass_stamp(repeat, base + s.at->offset, s.at->old);
    for (enum code which = CODE_EACH; which <= CODE_PLACES; which++) {
        for (struct span s = code->spans[which]; s.at < s.end; s.at++) {
            struct elements elements = elements_of(s.at, base);
            while (elements.at && elements.count) {
                uint8_t *element = element_next(s.at, &elements);
                if (element)
                    pass(s.at->part, element, repeat);
            }
        }
    }
}

void state_walk(const struct state_code *code, void *self, struct repeat *repeat)
{
    if (repeat->times) {
        pass(code, self, repeat);
        return;
    }
    if (repeat->same_room - repeat->same_count < code->same ||
        repeat->count_room - repeat->count_count < code->counts) {
        repeat->same_count = repeat->same_room; /* it takes no part */
        return;
    }
    struct teller teller = {.same = repeat->same + repeat->same_count,
                            .counts = repeat->counts + repeat->count_count,
                            .now = repeat->now};
    tell(code, self, &teller);
    repeat->same_count = (uint32_t)(teller.same - repeat->same);
    repeat->count_count = (uint32_t)(teller.counts - repeat->counts);
}
