/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The read and the write queue, who is accepted into them, and the return queue.
 *
 * An address is forwarded from or merged into as long as its write is in the write queue: until its ACT, or its WR.
 */
#include "memory/dram/internal.h"

/* Entries that may be between their ACT and their access while the queues are full. Without a cap it is one a bank. */
#define ACTIVE_MORE 256

static unsigned hash(uint64_t address)
{
    return (unsigned)(address * UINT64_C(0x9E3779B97F4A7C15) >> 56);
}

static uint32_t power_of_two(uint64_t least)
{
    uint32_t power = 1;
    while (power < least)
        power *= 2;
    return power;
}

bool dram_queue_init(struct dram_channel *self, struct arena *arena)
{
    const struct dram_config *config = self->config;
    const unsigned count = (unsigned)config->read_queue + config->write_queue + ACTIVE_MORE;
    /* A read waits CL + BL cycles at most, in each of which a RD and as many forwarded reads as there are offers join. */
    const uint64_t wait = (uint64_t)config->timing[DRAM_T_CL] + config->timing[DRAM_T_BL] + 2;
    const uint32_t dues = power_of_two(wait * (1 + (uint64_t)config->offers_max));
    self->entries = arena_alloc(arena, count * sizeof *self->entries);
    self->active = arena_alloc(arena, count * sizeof *self->active);
    self->due = arena_alloc(arena, dues * sizeof *self->due);
    if (!self->entries || !self->active || !self->due)
        return false;
    self->due_mask = dues - 1;
    for (unsigned i = 0; i < count; i++)
        self->entries[i].next = i + 1 < count ? (uint16_t)(i + 1) : NONE;
    self->free_count = (uint16_t)count;
    for (unsigned q = 0; q < 2; q++) {
        self->queues[q].size = q ? config->write_queue : config->read_queue;
        for (unsigned bank = 0; bank < DRAM_BANKS_MAX; bank++)
            self->queues[q].lanes[bank] = (struct lane){NONE, NONE, NONE, NONE};
    }
    self->half_open = NONE;
    return true;
}

/* ---- lanes ----------------------------------------------------------------------------------- */

static void set(uint64_t *mask, uint64_t bit, bool on)
{
    *mask = on ? *mask | bit : *mask & ~bit;
}

static void set_oldest(struct queue *queue, unsigned bank)
{
    const struct lane *lane = &queue->lanes[bank];
    const uint64_t bit = UINT64_C(1) << bank;
    set(&queue->hits, bit, lane->hit != NONE);
    set(&queue->conflicts, bit, lane->conflict != NONE);
}

/* The first from `at` on whose row is, or is not, `row`. */
static uint16_t find(const struct dram_channel *self, uint16_t at, uint32_t row, bool same)
{
    while (at != NONE && (self->entries[at].row == row) != same)
        at = self->entries[at].next;
    return at;
}

void dram_queue_opened(struct dram_channel *self, unsigned bank, uint32_t row)
{
    for (unsigned q = 0; q < 2; q++) {
        struct lane *lane = &self->queues[q].lanes[bank];
        lane->hit = find(self, lane->first, row, true);
        lane->conflict = find(self, lane->first, row, false);
        set_oldest(&self->queues[q], bank);
    }
}

void dram_queue_closed(struct dram_channel *self, uint64_t banks)
{
    for (unsigned q = 0; q < 2; q++) {
        struct queue *queue = &self->queues[q];
        for (uint64_t rest = banks & queue->any; rest; rest &= rest - 1) {
            struct lane *lane = &queue->lanes[__builtin_ctzll(rest)];
            lane->hit = lane->conflict = NONE;
        }
        queue->hits &= ~banks;
        queue->conflicts &= ~banks;
    }
}

static void append(struct dram_channel *self, struct entry *entry, uint16_t index)
{
    struct queue *queue = &self->queues[entry->write];
    struct lane *lane = &queue->lanes[entry->bank];
    const uint64_t bit = UINT64_C(1) << entry->bank;
    entry->next = NONE;
    entry->previous = lane->last;
    if (lane->last != NONE)
        self->entries[lane->last].next = index;
    else
        lane->first = index;
    lane->last = index;
    queue->any |= bit;
    queue->count++;
    if (!(self->open & bit))
        return;
    uint16_t *oldest = entry->row == self->row[entry->bank] ? &lane->hit : &lane->conflict;
    if (*oldest != NONE)
        return;
    *oldest = index;
    set_oldest(queue, entry->bank);
}

void dram_queue_remove(struct dram_channel *self, struct entry *entry)
{
    struct queue *queue = &self->queues[entry->write];
    struct lane *lane = &queue->lanes[entry->bank];
    const uint16_t index = (uint16_t)(entry - self->entries);
    if (entry->previous != NONE)
        self->entries[entry->previous].next = entry->next;
    else
        lane->first = entry->next;
    if (entry->next != NONE)
        self->entries[entry->next].previous = entry->previous;
    else
        lane->last = entry->previous;
    if (lane->first == NONE)
        queue->any &= ~(UINT64_C(1) << entry->bank);
    queue->count--;
    if (lane->hit == index) /* a conflict only leaves once its bank is closed */
        lane->hit = find(self, entry->next, self->row[entry->bank], true);
    set_oldest(queue, entry->bank);
    if (entry->write)
        self->write_hashes[hash(entry->address)]--;
}

void dram_entry_free(struct dram_channel *self, struct entry *entry)
{
    entry->next = self->free;
    self->free = (uint16_t)(entry - self->entries);
    self->free_count++;
}

/* ---- acceptance ------------------------------------------------------------------------------ */

static bool in_lane(const struct dram_channel *self, const struct lane *lane, uint64_t address)
{
    uint16_t at = lane->first;
    while (at != NONE && self->entries[at].address != address)
        at = self->entries[at].next;
    return at != NONE;
}

static bool in_active(const struct dram_channel *self, uint64_t address, bool write)
{
    for (unsigned i = 0; i < self->active_count; i++) {
        const struct entry *entry = &self->entries[self->active[i]];
        if (entry->address == address && entry->write == write)
            return true;
    }
    if (self->half_open == NONE)
        return false;
    const struct entry *half = &self->entries[self->half_open];
    return half->address == address && half->write == write;
}

static bool write_waits(const struct dram_channel *self, unsigned bank, uint64_t address)
{
    if (self->write_hashes[hash(address)] &&
        in_lane(self, &self->queues[true].lanes[bank], address))
        return true;
    return self->config->mended & DRAM_MEND_SAME_ADDRESS && in_active(self, address, true);
}

static bool read_waits(const struct dram_channel *self, unsigned bank, uint64_t address)
{
    return in_lane(self, &self->queues[false].lanes[bank], address) ||
           in_active(self, address, false);
}

bool dram_full(const struct dram_channel *self, uint64_t address, bool write)
{
    return self->queues[write].count >= self->queues[write].size &&
           !self->write_hashes[hash(address)] && !(self->config->mended & DRAM_MEND_SAME_ADDRESS);
}

enum dram_answer dram_accept(struct dram_channel *self, int64_t now, uint64_t address,
                             const struct dram_place *place, bool write, uint64_t tag)
{
    const struct dram_config *config = self->config;
    const unsigned bank =
        ((unsigned)place->rank * config->groups + place->group) * config->banks + place->bank;
    if (write_waits(self, bank, address)) {
        if (write) {
            self->counts.merged++;
            return DRAM_MERGED;
        }
        const struct entry read = {.tag = tag, .accepted = now};
        self->counts.forwarded++;
        dram_return(self, now, &read);
        return DRAM_FORWARDED;
    }
    const struct queue *queue = &self->queues[write];
    if (queue->count >= queue->size || self->free_count == 0)
        return DRAM_REFUSED;
    if (write && config->mended & DRAM_MEND_SAME_ADDRESS && read_waits(self, bank, address))
        return DRAM_REFUSED;
    const uint16_t index = self->free;
    struct entry *entry = &self->entries[index];
    self->free = entry->next;
    self->free_count--;
    *entry = (struct entry){.address = address,
                            .tag = tag,
                            .order = self->orders++,
                            .accepted = now,
                            .row = place->row,
                            .column = place->column,
                            .bank = (uint8_t)bank,
                            .rank = place->rank,
                            .write = write};
    append(self, entry, index);
    if (write)
        self->write_hashes[hash(address)]++;
    dram_wait_begins(self, now, place->rank);
    int64_t next = now;
    if (self->planned && dram_choose_more(self, now, entry, index)) {
        next = self->plan.at;
    } else {
        if (self->planned && now <= self->planned_for) /* it was found too soon */
            self->write_mode = self->mode_before;
        self->planned = false;
    }
    if (next < self->next)
        self->next = next;
    return DRAM_ACCEPTED;
}

/* ---- the return queue ------------------------------------------------------------------------ */

void dram_return(struct dram_channel *self, int64_t due, const struct entry *entry)
{
    const bool at_once = due == entry->accepted && self->config->mended & DRAM_MEND_FORWARDED;
    if (at_once) /* in front of the others */
        self->due_first--;
    const uint32_t at = self->due_first + (at_once ? 0 : self->due_count);
    self->due_count++;
    self->due[at & self->due_mask] =
        (struct due){.cycle = due, .accepted = entry->accepted, .tag = entry->tag};
    const int64_t head = self->due[self->due_first & self->due_mask].cycle;
    if (head < self->next)
        self->next = head;
}

void dram_complete(struct dram_channel *self, int64_t now)
{
    while (self->due_count) {
        const struct due *due = &self->due[self->due_first & self->due_mask];
        if (due->cycle > now)
            return;
        self->due_first++;
        self->due_count--;
        self->owner->completed(self->owner->self, (sim_cycle)now, due->tag, false);
    }
}
