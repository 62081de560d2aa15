/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * round_build: what there is to compare from round to round: pieces of the arena, without what may differ.
 *
 * Room for it is made while the system is built, and not touched before it is needed.
 */
#include <stdlib.h>

#include "kernel/base.h"
#include "kernel/round_state.h"

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
    witness->group = kernel->joining;
    witness->next = kernel->round_witnesses;
    kernel->round_witnesses = witness;
}

void round_leave_all(struct kernel *kernel, const void *group)
{
    struct round_witness **place = &kernel->round_witnesses;
    while (*place) {
        if ((*place)->group == group)
            *place = (*place)->next;
        else
            place = &(*place)->next;
    }
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
        pieces[list->count++] = (struct piece){(uint8_t *)at, bytes, 0};
}

static void add_words(struct list *list, struct word *words, const struct state_field *field,
                      uint8_t *at, const struct clock *clock)
{
    for (uint32_t i = 0; i < field->bytes; i += field->each)
        if (room_in(list))
            words[list->count++] = (struct word){at + i, (uint8_t)field->each, field->old, clock};
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

void rounds_make_ready(struct rounds *self, const struct kernel *kernel)
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
    for (uint32_t i = 0; i < self->same.count; all += self->piece[i++].bytes)
        self->piece[i].kept = all;
    for (uint32_t i = 0; i < self->data.count; i++)
        all += self->datum[i].bytes;
    self->able = self->sealed >= kernel->arena->used_bytes && !self->holes.full &&
                 !self->same.full && !self->data.full && !self->figures.full &&
                 !self->stamps.full && !self->parts.full && !self->members.full &&
                 !self->past.full && all <= 2 * self->room;
}
