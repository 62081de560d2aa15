/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * round: finds rounds and passes them.
 *
 * The search is that of repeat.c: the state of one mark is kept and compared with that of each mark after it. Most
 * marks differ in the first thing that is looked at, which is what differed last. What is compared is found from
 * the tables when it is first needed: pieces of the arena, without what may differ.
 */
#include "kernel/round.h"

#include <stdlib.h>

#include "kernel/base.h"

enum {
    FIRST_MARK = 12,   /* marks before the first look: runs that are short are left alone */
    MARKS_MAX = 4096,  /* rounds are not sought beyond */
    RESTS_MAX = 12,    /* log2 of the marks not looked at after failures in a row */
    PIECES_MAX = 8192, /* of each kind */
    WORDS_MAX = 8192,  /* bytes of what is told of live members, of clocks and by hooks */
    CLOCKS_MAX = 64,
    BLOCKS_MAX = 1024, /* of the arena */
    LOG_MAX = 4096,    /* writes that change bytes in a watched round */
    LOG_BYTES = 1 << 17,
    STATE_BYTES_MAX = 1 << 22, /* larger systems without memories have no rounds */
};

struct round_hole {
    const uint8_t *at;
    size_t bytes;
    bool data;
    struct round_hole *next;
};

/* A unit with hooks, or what round_join() has added. */
struct round_member {
    const struct round_hooks *hooks;
    void *self;
    const struct clock *clock;
    struct round_member *next;
};

/* Bytes in a row. */
struct piece {
    uint8_t *at;
    size_t bytes;
};

/* A figure or stamp. */
struct word {
    uint8_t *at;
    uint8_t bytes;
    uint32_t old;
    const struct clock *clock;
};

/* A member of which some elements are told. */
struct part {
    const struct state_field *field;
    uint8_t *base;
    const struct clock *clock;
};

/* What bytes of a memory were before a write, in the order of the writes. */
struct change {
    uint8_t *at;
    uint32_t bytes, offset; /* among those of the log */
};

struct list {
    uint32_t count;
    bool full;
};

struct rounds {
    bool ready, able;
    uint64_t marks, upto, rest;
    unsigned failures;
    uint64_t told;
    sim_time kept_at; /* SIM_NEVER: nothing is kept */
    sim_time due;     /* end of the watched round; SIM_NEVER: none is watched */
    sim_time period;
    bool data_differ;

    /* The arena as the units have filled it: what the kernel adds it tells by itself. */
    struct piece *block;
    uint32_t blocks;
    size_t sealed; /* bytes of the arena when all was built */

    /* Of pieces: those that may differ, while they are collected; then those that must not. */
    struct list holes, same, data, figures, stamps, past, parts, members;
    struct piece *hole, *piece, *datum;
    struct word *figure, *stamp, *been;
    struct part *part;
    struct round_member *member; /* those that have more than a table */
    struct change *log;
    uint32_t changes, logged;
    uint8_t *before, *after; /* bytes of the log */
    size_t room;             /* of kept bytes */
    uint8_t *kept;           /* bytes of the pieces, then those of data */
    uint64_t *kept_figures, *growth;
    uint64_t *kept_stamps, *fresh_stamps, *kept_past;
    uint64_t *kept_words, *fresh_words;
    uint32_t kept_count, fresh_count;
};

/* ---- memory ---------------------------------------------------------------------------------- */

static bool add_hole(struct kernel *kernel, const struct round_hole *hole)
{
    struct round_hole *own = arena_alloc(kernel->arena, sizeof *own);
    if (!own)
        return false;
    *own = *hole;
    own->next = kernel->holes;
    kernel->holes = own;
    return true;
}

bool round_leave_out(struct kernel *kernel, const void *bytes, size_t length)
{
    return add_hole(kernel, &(struct round_hole){.at = bytes, .bytes = length});
}

bool round_data(struct kernel *kernel, const void *bytes, size_t length)
{
    return add_hole(kernel, &(struct round_hole){.at = bytes, .bytes = length, .data = true});
}

bool round_join(struct kernel *kernel, const struct round_hooks *hooks, void *self,
                const struct clock *clock)
{
    struct round_member *member = arena_alloc(kernel->arena, sizeof *member);
    if (!member)
        return false;
    *member = (struct round_member){hooks, self, clock, kernel->members};
    kernel->members = member;
    return true;
}

void round_join_witness(struct kernel *kernel, struct round_witness *witness)
{
    witness->next = kernel->round_witnesses;
    kernel->round_witnesses = witness;
}

void round_compare(struct kernel *kernel, void *to, const void *from, size_t bytes)
{
    struct rounds *self = kernel->rounds;
    if (kernel->watch.changed || memcmp(to, from, bytes) == 0)
        return;
    if (self->changes == LOG_MAX || bytes > LOG_BYTES - self->logged) {
        kernel->watch.changed = true;
        return;
    }
    self->log[self->changes++] = (struct change){to, (uint32_t)bytes, self->logged};
    memcpy(self->before + self->logged, to, bytes);
    self->logged += (uint32_t)bytes;
}

/* Do bytes that were changed in the watched round differ at its end? All are taken back for a moment, to see what was
 * there in the beginning. */
static bool memories_differ(struct rounds *self, const struct kernel *kernel)
{
    bool differ = kernel->watch.changed;
    for (uint32_t i = 0; i < self->changes; i++)
        memcpy(self->after + self->log[i].offset, self->log[i].at, self->log[i].bytes);
    for (uint32_t i = self->changes; i > 0; i--)
        memcpy(self->log[i - 1].at, self->before + self->log[i - 1].offset, self->log[i - 1].bytes);
    for (uint32_t i = 0; i < self->changes; i++)
        differ |=
            memcmp(self->log[i].at, self->after + self->log[i].offset, self->log[i].bytes) != 0;
    for (uint32_t i = 0; i < self->changes; i++)
        memcpy(self->log[i].at, self->after + self->log[i].offset, self->log[i].bytes);
    return differ;
}

static size_t bytes_to_keep(const struct kernel *kernel)
{
    size_t all = kernel->arena->used_bytes;
    for (const struct round_hole *hole = kernel->holes; hole; hole = hole->next)
        all -= hole->data ? 0 : hole->bytes;
    return all;
}

/* Cuts the next `count` items off. */
static void *cut(uint8_t **room, size_t count, size_t each)
{
    void *items = *room;
    *room += (count * each + 15) & ~(size_t)15;
    return items;
}

int rounds_prepare(struct kernel *kernel)
{
    unsigned clocks = 0;
    bool any = false;
    for (const struct clock *c = kernel->clocks; c; c = c->link)
        clocks++;
    for (const struct unit *unit = kernel->units; unit && !any; unit = unit->link)
        any = unit->round;
    const size_t room = bytes_to_keep(kernel);
    if (!any || clocks > CLOCKS_MAX || room > STATE_BYTES_MAX || kernel->flags & KERNEL_EVERY_CYCLE)
        return DMASIM_OK;
    const size_t bytes = sizeof(struct rounds) + BLOCKS_MAX * sizeof(struct piece) +
                         3 * PIECES_MAX * sizeof(struct piece) +
                         3 * PIECES_MAX * sizeof(struct word) + PIECES_MAX * sizeof(struct part) +
                         PIECES_MAX * sizeof(struct round_member) +
                         5 * PIECES_MAX * sizeof(uint64_t) + 2 * WORDS_MAX * sizeof(uint64_t) +
                         LOG_MAX * sizeof(struct change) + 2 * LOG_BYTES + 2 * room + 32 * 16;
    uint8_t *next = arena_scratch(kernel->arena, bytes);
    if (!next)
        return DMASIM_MEMORY;
    struct rounds *self = cut(&next, 1, sizeof *self);
    *self = (struct rounds){.rest = FIRST_MARK, .room = room};
    self->block = cut(&next, BLOCKS_MAX, sizeof *self->block);
    self->hole = cut(&next, PIECES_MAX, sizeof *self->hole);
    self->piece = cut(&next, PIECES_MAX, sizeof *self->piece);
    self->datum = cut(&next, PIECES_MAX, sizeof *self->datum);
    self->figure = cut(&next, PIECES_MAX, sizeof *self->figure);
    self->stamp = cut(&next, PIECES_MAX, sizeof *self->stamp);
    self->been = cut(&next, PIECES_MAX, sizeof *self->been);
    self->part = cut(&next, PIECES_MAX, sizeof *self->part);
    self->member = cut(&next, PIECES_MAX, sizeof *self->member);
    self->kept_figures = cut(&next, PIECES_MAX, sizeof(uint64_t));
    self->growth = cut(&next, PIECES_MAX, sizeof(uint64_t));
    self->kept_stamps = cut(&next, PIECES_MAX, sizeof(uint64_t));
    self->fresh_stamps = cut(&next, PIECES_MAX, sizeof(uint64_t));
    self->kept_past = cut(&next, PIECES_MAX, sizeof(uint64_t));
    self->kept_words = cut(&next, WORDS_MAX, sizeof(uint64_t));
    self->fresh_words = cut(&next, WORDS_MAX, sizeof(uint64_t));
    self->log = cut(&next, LOG_MAX, sizeof *self->log);
    self->before = cut(&next, LOG_BYTES, 1);
    self->after = cut(&next, LOG_BYTES, 1);
    self->kept = cut(&next, 2 * room, 1);
    self->kept_at = self->due = SIM_NEVER;
    for (struct piece *block = self->block; self->blocks < BLOCKS_MAX; block++) {
        block->at = arena_bytes(kernel->arena, self->blocks, &block->bytes);
        if (!block->at) {
            kernel->rounds = self;
            break;
        }
        self->blocks++;
    }
    return DMASIM_OK;
}

void rounds_sealed(struct kernel *kernel)
{
    if (kernel->rounds)
        kernel->rounds->sealed = kernel->arena->used_bytes;
}

/* ---- what there is to compare ---------------------------------------------------------------- */

static bool room_in(struct list *list)
{
    list->full |= list->count == PIECES_MAX;
    return !list->full;
}

static void add_piece(struct list *list, struct piece *pieces, const void *at, size_t bytes)
{
    if (bytes && room_in(list))
        pieces[list->count++] = (struct piece){(uint8_t *)at, bytes};
}

static void add_words(struct list *list, struct word *words, const struct state_field *field,
                      uint8_t *at, const struct clock *clock)
{
    for (uint32_t i = 0; i < field->bytes; i += field->each)
        if (room_in(list))
            words[list->count++] = (struct word){at + i, (uint8_t)field->each, field->old, clock};
}

static void *pointer_at(const uint8_t *at)
{
    void *pointer;
    memcpy(&pointer, at, sizeof pointer);
    return pointer;
}

static void add_table(struct rounds *self, const struct state_table *table, uint8_t *base,
                      const struct clock *clock);

static void add_pointers(struct rounds *self, const struct state_field *field, uint8_t *at,
                         uint32_t bytes, const struct clock *clock)
{
    for (uint32_t i = 0; i < bytes; i += field->each) {
        uint8_t *to = pointer_at(at + i);
        const uint32_t elements = field->behind ? field->behind : 1;
        for (uint32_t j = 0; to && j < elements; j++)
            add_table(self, field->part, to + (size_t)j * field->part->bytes, clock);
    }
}

static void add_field(struct rounds *self, const struct state_field *field, uint8_t *base,
                      const struct clock *clock)
{
    uint8_t *at = base + field->offset;
    const uint32_t bytes = field->built ? field->live(base).count * field->each : field->bytes;
    const bool told =
        field->valid_at || (field->live && !field->built && (!field->pointer || field->behind));
    if (field->dead) {
        add_piece(&self->holes, self->hole, at, field->bytes);
    } else if (field->data) {
        add_piece(&self->holes, self->hole, at, field->bytes);
        add_piece(&self->data, self->datum, at, field->bytes);
    } else if (told) {
        if (field->behind)
            add_piece(&self->holes, self->hole, pointer_at(at),
                      (size_t)field->behind * field->part->bytes);
        else
            add_piece(&self->holes, self->hole, at, field->bytes);
        if (room_in(&self->parts))
            self->part[self->parts.count++] = (struct part){field, base, clock};
    } else if (field->past) {
        const bool cycle = field->kind == STATE_KIND_STAMP;
        add_piece(&self->holes, self->hole, at, field->bytes);
        add_words(&self->past, self->been, field, at, cycle ? clock : NULL);
    } else if (field->kind == STATE_KIND_STAMP) {
        add_piece(&self->holes, self->hole, at, field->bytes);
        add_words(&self->stamps, self->stamp, field, at, clock);
    } else if (field->kind == STATE_KIND_COUNT && field->figure) {
        add_piece(&self->holes, self->hole, at, field->bytes);
        add_words(&self->figures, self->figure, field, at, clock);
    } else if (field->kind == STATE_KIND_PART && field->pointer) {
        add_pointers(self, field, at, bytes, clock);
    } else if (field->kind == STATE_KIND_PART) {
        for (uint32_t i = 0; i < bytes; i += field->each)
            add_table(self, field->part, at + i, clock);
    }
}

static void add_table(struct rounds *self, const struct state_table *table, uint8_t *base,
                      const struct clock *clock)
{
    for (const struct state_field *field = table->fields; field->name; field++)
        add_field(self, field, base, clock);
}

static int by_place(const void *a, const void *b)
{
    const struct piece *one = a, *other = b;
    return one->at < other->at ? -1 : one->at > other->at;
}

static int by_word(const void *a, const void *b)
{
    const struct word *one = a, *other = b;
    return one->at < other->at ? -1 : one->at > other->at;
}

/* A struct that two units share has its words once. */
static void sort_words(struct list *list, struct word *words)
{
    uint32_t kept = 0;
    qsort(words, list->count, sizeof *words, by_word);
    for (uint32_t i = 0; i < list->count; i++)
        if (kept == 0 || words[kept - 1].at != words[i].at)
            words[kept++] = words[i];
    list->count = kept;
}

/* The bytes of the arena between the holes, which are sorted. */
static void add_between(struct rounds *self, uint8_t *at, uint8_t *end)
{
    for (uint32_t i = 0; i < self->holes.count; i++) {
        const struct piece *hole = &self->hole[i];
        if (hole->at + hole->bytes <= at || hole->at >= end)
            continue;
        if (hole->at > at)
            add_piece(&self->same, self->piece, at, (size_t)(hole->at - at));
        at = hole->at + hole->bytes;
        if (at >= end)
            return;
    }
    add_piece(&self->same, self->piece, at, (size_t)(end - at));
}

static void add_member(struct rounds *self, const struct round_hooks *hooks, void *member,
                       const struct clock *clock)
{
    if (hooks->state)
        add_table(self, hooks->state, member, clock);
    if ((hooks->tell || hooks->limit || hooks->pass) && room_in(&self->members))
        self->member[self->members.count++] = (struct round_member){hooks, member, clock, NULL};
}

/* Clocks, and what the kernel has in units, are told by hand. */
static void add_own(struct rounds *self, const struct kernel *kernel)
{
    for (const struct clock *c = kernel->clocks; c; c = c->link) {
        add_piece(&self->holes, self->hole, c, sizeof *c);
        add_piece(&self->holes, self->hole, c->heap, c->unit_count * sizeof *c->heap);
        add_piece(&self->holes, self->hole, c->current, c->words * sizeof *c->current);
        add_piece(&self->holes, self->hole, c->next, c->words * sizeof *c->next);
    }
    for (struct unit *unit = kernel->units; unit; unit = unit->link) {
        static const struct state_field alarm = {.bytes = sizeof unit->alarm,
                                                 .each = sizeof unit->alarm};
        add_piece(&self->holes, self->hole, &unit->alarm, sizeof unit->alarm);
        add_piece(&self->holes, self->hole, &unit->heap_index, sizeof unit->heap_index);
        add_words(&self->stamps, self->stamp, &alarm, (uint8_t *)&unit->alarm, unit->clock);
        if (unit->round)
            add_member(self, unit->round, unit->self, unit->clock);
    }
    for (const struct round_member *m = kernel->members; m; m = m->next)
        add_member(self, m->hooks, m->self, m->clock);
    for (const struct round_hole *hole = kernel->holes; hole; hole = hole->next) {
        add_piece(&self->holes, self->hole, hole->at, hole->bytes);
        if (hole->data)
            add_piece(&self->data, self->datum, hole->at, hole->bytes);
    }
}

static void make_ready(struct rounds *self, const struct kernel *kernel)
{
    self->ready = self->able = true;
    add_own(self, kernel);
    sort_words(&self->figures, self->figure);
    sort_words(&self->stamps, self->stamp);
    sort_words(&self->past, self->been);
    qsort(self->hole, self->holes.count, sizeof *self->hole, by_place);
    size_t all = 0;
    for (uint32_t i = 0; i < self->blocks; i++)
        add_between(self, self->block[i].at, self->block[i].at + self->block[i].bytes);
    for (uint32_t i = 0; i < self->same.count; i++)
        all += self->piece[i].bytes;
    for (uint32_t i = 0; i < self->data.count; i++)
        all += self->datum[i].bytes;
    self->able = self->sealed >= kernel->arena->used_bytes && !self->holes.full &&
                 !self->same.full && !self->data.full && !self->figures.full &&
                 !self->stamps.full && !self->parts.full && !self->members.full &&
                 !self->past.full && all <= 2 * self->room;
}

/* ---- telling --------------------------------------------------------------------------------- */

static uint64_t load(const uint8_t *at, size_t bytes)
{
    uint64_t value = 0;
    memcpy(&value, at, bytes);
    return value;
}

static bool is_old(sim_cycle cycle, sim_cycle now, uint32_t old)
{
    return old && cycle != SIM_NEVER && cycle <= now && now - cycle >= old;
}

static uint64_t from_now(sim_cycle cycle, sim_cycle now, uint32_t old)
{
    if (is_old(cycle, now, old))
        return SIM_NEVER - 1;
    return cycle == SIM_NEVER ? SIM_NEVER : cycle - now;
}

/* Told words go to `words`; without them the stamps among what is told move on by `cycles`. */
struct teller {
    struct repeat *words;
    sim_cycle now, cycles;
};

static void tell_bytes(struct teller *teller, const uint8_t *at, uint32_t bytes)
{
    for (; teller->words && bytes; at += least(bytes, 8), bytes -= least(bytes, 8))
        repeat_same(teller->words, load(at, least(bytes, 8)));
}

static void tell_stamp(struct teller *teller, uint8_t *at, uint32_t old)
{
    const sim_cycle cycle = load(at, sizeof cycle);
    if (teller->words) {
        repeat_same(teller->words, from_now(cycle, teller->now, old));
    } else if (cycle != SIM_NEVER && !is_old(cycle, teller->now, old)) {
        const sim_cycle later = cycle + teller->cycles;
        memcpy(at, &later, sizeof later);
    }
}

static void tell_part(struct teller *teller, const struct state_field *field, uint8_t *base);

/* An element that is told, of a row. */
static void tell_element(struct teller *teller, const struct state_field *field, uint8_t *at)
{
    if (field->kind != STATE_KIND_PART) {
        if (field->kind == STATE_KIND_STAMP)
            tell_stamp(teller, at, field->old);
        else
            tell_bytes(teller, at, field->each);
        return;
    }
    for (const struct state_field *row = field->part->fields; row->name; row++) {
        if (row->dead)
            continue;
        if (row->live || row->valid_at) {
            tell_part(teller, row, at);
            continue;
        }
        for (uint32_t i = 0; i < row->bytes; i += row->each) {
            if (row->pointer)
                tell_bytes(teller, at + row->offset + i, row->each);
            else
                tell_element(teller, row, at + row->offset + i);
        }
    }
}

static void tell_part(struct teller *teller, const struct state_field *field, uint8_t *base)
{
    uint8_t *at = base + field->offset;
    const uint32_t each = field->behind ? field->part->bytes : field->each;
    const uint32_t elements = field->behind ? field->behind : field->bytes / field->each;
    struct state_live live = {0, 0};
    if (field->behind)
        at = pointer_at(at);
    if (field->valid_at) {
        live.count = base[field->valid_at - 1] >> field->bit & 1;
        live.first = base[field->place_at] >> field->bit & 1;
    } else {
        live = field->live(base);
    }
    if (teller->words)
        repeat_same(teller->words, live.count);
    for (uint32_t i = 0, index = live.first; at && i < live.count; i++) {
        tell_element(teller, field, at + (size_t)index * each);
        index = index + 1 < elements ? index + 1 : 0;
    }
}

static void tell_clock(const struct clock *clock, struct repeat *words)
{
    const sim_cycle now = clock->cycle;
    repeat_same(words, clock->time == SIM_NEVER ? SIM_NEVER : clock->kernel->now - clock->time);
    repeat_same(words, from_now(clock->next_cycle, now, 0));
    repeat_same(words, from_now(clock->mask_cycle, now, 0));
    for (uint32_t i = 0; i < clock->words; i++)
        repeat_same(words, clock->next[i]);
}

/* False if somebody cannot take part, or there is too much. */
static bool tell(struct rounds *self, const struct kernel *kernel)
{
    struct repeat words = {.same = self->fresh_words, .same_room = WORDS_MAX};
    for (const struct clock *c = kernel->clocks; c; c = c->link)
        tell_clock(c, &words);
    repeat_same(&words, kernel->holds);
    for (uint32_t i = 0; i < self->members.count; i++) {
        const struct round_member *member = &self->member[i];
        if (member->hooks->tell && !member->hooks->tell(member->self, &words))
            return false;
    }
    for (uint32_t i = 0; i < self->parts.count; i++) {
        const struct part *part = &self->part[i];
        struct teller teller = {.words = &words, .now = part->clock->cycle};
        tell_part(&teller, part->field, part->base);
    }
    for (uint32_t i = 0; i < self->stamps.count; i++) {
        const struct word *stamp = &self->stamp[i];
        self->fresh_stamps[i] = from_now(load(stamp->at, 8), stamp->clock->cycle, stamp->old);
    }
    self->fresh_count = words.same_count;
    return words.same_count < WORDS_MAX;
}

/* ---- keeping and comparing ------------------------------------------------------------------- */

/* What was told last, and all bytes, are kept. */
static void keep(struct rounds *self, const struct kernel *kernel)
{
    uint64_t *swap = self->kept_words;
    self->kept_words = self->fresh_words;
    self->fresh_words = swap;
    swap = self->kept_stamps;
    self->kept_stamps = self->fresh_stamps;
    self->fresh_stamps = swap;
    self->kept_count = self->fresh_count;
    uint8_t *to = self->kept;
    for (uint32_t i = 0; i < self->same.count; to += self->piece[i++].bytes)
        memcpy(to, self->piece[i].at, self->piece[i].bytes);
    for (uint32_t i = 0; i < self->data.count; to += self->datum[i++].bytes)
        memcpy(to, self->datum[i].at, self->datum[i].bytes);
    for (uint32_t i = 0; i < self->figures.count; i++)
        self->kept_figures[i] = load(self->figure[i].at, self->figure[i].bytes);
    for (uint32_t i = 0; i < self->past.count; i++)
        self->kept_past[i] = load(self->been[i].at, 8);
    self->kept_at = kernel->now;
}

/* How much a time that has been has gone on since it was kept, if that was so long ago: not at all, or as long. */
static bool goes_on(const struct word *word, uint64_t kept, sim_time since, uint64_t *growth)
{
    const uint64_t now = load(word->at, 8);
    *growth = now - kept;
    return *growth == 0 || (now != SIM_NEVER && kept != SIM_NEVER &&
                            *growth == (word->clock ? since / word->clock->period_ps : since));
}

/* What was told, and all bytes, are as they were kept. */
static bool alike(struct rounds *self, const struct kernel *kernel)
{
    if (self->fresh_count != self->kept_count ||
        memcmp(self->fresh_words, self->kept_words, self->kept_count * sizeof(uint64_t)) != 0 ||
        memcmp(self->fresh_stamps, self->kept_stamps, self->stamps.count * sizeof(uint64_t)) != 0)
        return false;
    for (uint32_t i = 0; i < self->past.count; i++) {
        uint64_t growth;
        if (!goes_on(&self->been[i], self->kept_past[i], kernel->now - self->kept_at, &growth))
            return false;
    }
    const uint8_t *kept = self->kept;
    for (uint32_t i = 0; i < self->same.count; kept += self->piece[i++].bytes)
        if (memcmp(kept, self->piece[i].at, self->piece[i].bytes) != 0)
            return false;
    self->data_differ = false;
    for (uint32_t i = 0; i < self->data.count; kept += self->datum[i++].bytes)
        self->data_differ |= memcmp(kept, self->datum[i].at, self->datum[i].bytes) != 0;
    return true;
}

/* ---- passing --------------------------------------------------------------------------------- */

uint64_t round_growth(const struct round *self, const void *figure)
{
    const struct rounds *rounds = self->of;
    uint32_t first = 0, end = rounds->figures.count;
    while (first < end) {
        const uint32_t middle = (first + end) / 2;
        if ((const void *)rounds->figure[middle].at < figure)
            first = middle + 1;
        else
            end = middle;
    }
    return first < rounds->figures.count && rounds->figure[first].at == figure
               ? rounds->growth[first]
               : 0;
}

static bool whole_cycles(const struct kernel *kernel, sim_time period)
{
    for (const struct clock *c = kernel->clocks; c; c = c->link)
        if (period % c->period_ps)
            return false;
    return true;
}

static struct round round_of(const struct rounds *self, const struct clock *clock, uint64_t times)
{
    return (struct round){.of = self, .times = times, .cycles = self->period / clock->period_ps};
}

/* Rounds that are free from now on, after a watched one. */
static uint64_t rounds_free(struct rounds *self, const struct kernel *kernel, sim_time until)
{
    const bool same = !memories_differ(self, kernel) && !self->data_differ;
    uint64_t times = (until - kernel->now) / self->period;
    const uint64_t left = same ? 0 : 2;
    if (until == SIM_NEVER || !whole_cycles(kernel, self->period) ||
        (!same && kernel->watch.read) || times <= left)
        return 0;
    times -= left;
    for (uint32_t i = 0; i < self->figures.count; i++) {
        const uint8_t bytes = self->figure[i].bytes;
        const uint64_t growth = load(self->figure[i].at, bytes) - self->kept_figures[i];
        self->growth[i] = bytes < 8 ? growth & ((UINT64_C(1) << 8 * bytes) - 1) : growth;
    }
    for (uint32_t i = 0; i < self->members.count && times; i++) {
        const struct round_member *member = &self->member[i];
        const struct round round = round_of(self, member->clock, times);
        if (member->hooks->limit) {
            const uint64_t most = member->hooks->limit(member->self, &round, times + left);
            times = most <= left ? 0 : most - left < times ? most - left : times;
        }
    }
    return times;
}

/* The alarms have all moved on alike: their heap stays one. */
static void pass_clock(struct clock *clock, sim_cycle cycles)
{
    const sim_time time = cycles * clock->period_ps;
    clock->cycle += cycles;
    clock->repeated += cycles;
    if (clock->time != SIM_NEVER)
        clock->time += time;
    if (clock->mask_cycle != SIM_NEVER)
        clock->mask_cycle += cycles;
    if (clock->next_cycle != SIM_NEVER) {
        clock->next_cycle += cycles;
        clock->next_time += time;
    }
}

static void pass(struct rounds *self, struct kernel *kernel, uint64_t times)
{
    for (uint32_t i = 0; i < self->figures.count; i++) {
        const uint64_t value =
            load(self->figure[i].at, self->figure[i].bytes) + times * self->growth[i];
        memcpy(self->figure[i].at, &value, self->figure[i].bytes);
    }
    for (uint32_t i = 0; i < self->stamps.count; i++) {
        const struct word *stamp = &self->stamp[i];
        struct teller teller = {.now = stamp->clock->cycle,
                                .cycles = times * (self->period / stamp->clock->period_ps)};
        tell_stamp(&teller, stamp->at, stamp->old);
    }
    for (uint32_t i = 0; i < self->past.count; i++) {
        uint64_t growth;
        goes_on(&self->been[i], self->kept_past[i], self->period, &growth);
        const uint64_t value = load(self->been[i].at, 8) + times * growth;
        memcpy(self->been[i].at, &value, 8);
    }
    for (uint32_t i = 0; i < self->parts.count; i++) {
        const struct part *part = &self->part[i];
        struct teller teller = {.now = part->clock->cycle,
                                .cycles = times * (self->period / part->clock->period_ps)};
        tell_part(&teller, part->field, part->base);
    }
    for (uint32_t i = 0; i < self->members.count; i++) {
        const struct round_member *member = &self->member[i];
        const struct round round = round_of(self, member->clock, times);
        if (member->hooks->pass)
            member->hooks->pass(member->self, &round);
    }
    for (struct round_witness *w = kernel->round_witnesses; w; w = w->next)
        w->pass(w, times);
    kernel->now += times * self->period;
    for (struct clock *c = kernel->clocks; c; c = c->link)
        pass_clock(c, times * (self->period / c->period_ps));
}

/* ---- the search ------------------------------------------------------------------------------ */

void rounds_forget(struct kernel *kernel)
{
    struct rounds *self = kernel->rounds;
    kernel->round = kernel->watch.on = false;
    if (!self)
        return;
    self->kept_at = self->due = SIM_NEVER;
    self->marks = 0;
    self->upto = 1;
    self->told = kernel->answered;
}

/* Looks again after a while, which grows from failure to failure. */
static void rest(struct rounds *self, struct kernel *kernel)
{
    rounds_forget(kernel);
    self->rest = UINT64_C(16) << self->failures;
    if (self->failures < RESTS_MAX)
        self->failures++;
}

/* A round that is like the one before begins: the bytes of memories are watched. */
static void watch(struct rounds *self, struct kernel *kernel)
{
    self->period = kernel->now - self->kept_at;
    self->due = kernel->now + self->period;
    keep(self, kernel);
    kernel->watch.on = true;
    kernel->watch.changed = kernel->watch.read = false;
    self->changes = self->logged = 0;
    for (struct round_witness *w = kernel->round_witnesses; w; w = w->next)
        w->begin(w);
}

static void watched(struct rounds *self, struct kernel *kernel, sim_time until)
{
    kernel->watch.on = false;
    const bool again = kernel->now == self->due && tell(self, kernel) && alike(self, kernel);
    const uint64_t times = again ? rounds_free(self, kernel, until) : 0;
    if (times == 0) {
        rest(self, kernel);
        return;
    }
    pass(self, kernel, times);
    for (struct clock *c = kernel->clocks; c; c = c->link)
        repeat_forget(c);
    self->failures = 0;
    rounds_forget(kernel);
}

void rounds_look(struct kernel *kernel, sim_time until)
{
    struct rounds *self = kernel->rounds;
    kernel->round = false;
    if (!self || kernel->observed || kernel->flags & KERNEL_IN_STEPS)
        return;
    if (self->rest) {
        self->rest--;
        return;
    }
    if (!self->ready) {
        make_ready(self, kernel);
        rounds_forget(kernel);
    }
    if (!self->able)
        return;
    if (self->told != kernel->answered)
        rounds_forget(kernel);
    if (self->due != SIM_NEVER) {
        if (kernel->now >= self->due)
            watched(self, kernel, until);
        return;
    }
    if (!tell(self, kernel)) {
        rest(self, kernel);
        return;
    }
    if (self->kept_at != SIM_NEVER && alike(self, kernel)) {
        watch(self, kernel);
        return;
    }
    if (self->kept_at == SIM_NEVER || ++self->marks == self->upto) {
        keep(self, kernel);
        self->marks = 0;
        self->upto *= 2;
        if (self->upto > MARKS_MAX)
            rest(self, kernel);
    }
}
