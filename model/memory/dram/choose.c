/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who goes first. Each function takes what it has to offer into `best` if that is allowed sooner, or in the same cycle
 * but is older. `at` is never before `now`, so the best with at == now is the one that FR-FCFS sends: of those whose
 * command is allowed the oldest. A best of a later cycle is when there will be one, if nothing else happens.
 */
#include "memory/dram/internal.h"

/* Without branches: which candidate is better is nothing that a processor could foretell. */
static inline void consider(struct choice *best, int64_t at, uint64_t order, uint16_t index,
                            unsigned command)
{
    const bool better = (at < best->at) | ((at == best->at) & (order < best->order));
    best->at = better ? at : best->at;
    best->order = better ? order : best->order;
    best->index = better ? index : best->index;
    best->command = better ? (uint8_t)command : best->command;
}

/* The next command of a request whose bank is not half open. */
static unsigned command_of(const struct dram_channel *self, const struct entry *entry)
{
    if (!(self->open >> entry->bank & 1))
        return DRAM_ACT;
    if (self->row[entry->bank] != entry->row)
        return DRAM_PREPB;
    return entry->write ? DRAM_WR : DRAM_RD;
}

/* Not protected, but by a bank that is half open. Equal ages: the earlier ACT. */
void dram_choose_active(const struct dram_channel *self, int64_t now, unsigned kinds,
                        struct choice *best)
{
    for (uint16_t i = 0; i < self->active_count; i++) {
        const struct entry *entry = &self->entries[self->active[i]];
        const unsigned command = command_of(self, entry);
        if (!(kinds & (command <= DRAM_WR ? CHOOSE_COLUMN : CHOOSE_ROW)))
            continue;
        if (self->half_bank && (command == DRAM_ACT || self->half_bank >> entry->bank & 1))
            continue;
        consider(best, later_of(bank_ready_at(self, entry->bank, command), now),
                 (uint64_t)entry->accepted, i, command);
    }
    if (best->at != CYCLE_NEVER)
        best->source = FROM_ACTIVE;
}

/* Row hits held back a conflict: one of the same queue that is not younger. */
static bool held_by_hit(const struct dram_channel *self, const struct lane *lane)
{
    return lane->hit != NONE &&
           self->entries[lane->hit].accepted <= self->entries[lane->conflict].accepted;
}

/* The banks of a mask that are of one rank: hits, by RD or WR. */
static void choose_hits(const struct dram_channel *self, const struct queue *queue, uint64_t banks,
                        unsigned access, int64_t from, struct choice *out)
{
    struct choice best = *out;
    for (uint64_t rest = banks; rest; rest &= rest - 1) {
        const unsigned bank = (unsigned)__builtin_ctzll(rest);
        const uint16_t hit = queue->lanes[bank].hit;
        const int64_t ready = later_of(self->bank_ready[bank][access],
                                       self->group_ready[self->group_of[bank]][access]);
        consider(&best, later_of(ready, from), self->entries[hit].order, hit, access);
    }
    *out = best;
}

/* Conflicts, by PRE, which no constraint of a bank group keeps away. */
static void choose_conflicts(const struct dram_channel *self, const struct queue *queue,
                             uint64_t banks, int64_t from, struct choice *out)
{
    struct choice best = *out;
    const bool holds = self->config->scheduler == DRAM_FRFCFS_ROW_HIT;
    for (uint64_t rest = banks; rest; rest &= rest - 1) {
        const unsigned bank = (unsigned)__builtin_ctzll(rest);
        const struct lane *lane = &queue->lanes[bank];
        if (holds && held_by_hit(self, lane))
            continue;
        consider(&best, later_of(self->bank_ready[bank][DRAM_PREPB], from),
                 self->entries[lane->conflict].order, lane->conflict, DRAM_PREPB);
    }
    *out = best;
}

/* Closed banks, by ACT. */
static void choose_closed(const struct dram_channel *self, const struct queue *queue,
                          uint64_t banks, int64_t from, struct choice *out)
{
    struct choice best = *out;
    for (uint64_t rest = banks; rest; rest &= rest - 1) {
        const unsigned bank = (unsigned)__builtin_ctzll(rest);
        const uint16_t first = queue->lanes[bank].first;
        const int64_t ready = later_of(self->bank_ready[bank][DRAM_ACT],
                                       self->group_ready[self->group_of[bank]][DRAM_ACT]);
        consider(&best, later_of(ready, from), self->entries[first].order, first, DRAM_ACT);
    }
    *out = best;
}

void dram_choose_queued(const struct dram_channel *self, int64_t now, unsigned kinds,
                        struct choice *best)
{
    const struct queue *queue = &self->queues[self->write_mode];
    const unsigned access = self->write_mode ? DRAM_WR : DRAM_RD;
    const uint64_t kept = dram_protected(self) | self->half_bank;
    const uint64_t hits = kinds & CHOOSE_COLUMN ? queue->hits : 0;
    const uint64_t conflicts = kinds & CHOOSE_ROW ? queue->conflicts & ~kept : 0;
    const uint64_t closed = kinds & CHOOSE_ROW && !self->half_bank ? queue->any & ~self->open : 0;
    for (unsigned rank = 0; rank < self->config->ranks; rank++) {
        const uint64_t banks = self->rank_banks[rank];
        const int64_t *ready = self->rank_ready[rank];
        const int64_t pre = later_of(ready[DRAM_PREPB], now), act = later_of(ready[DRAM_ACT], now),
                      column = later_of(ready[access], now);
        /* Not sooner than the rank is ready: often there is no need to look at its banks. */
        if (conflicts & banks && pre <= best->at)
            choose_conflicts(self, queue, conflicts & banks, pre, best);
        if (hits & banks && column <= best->at)
            choose_hits(self, queue, hits & banks, access, column, best);
        if (closed & banks && act <= best->at)
            choose_closed(self, queue, closed & banks, act, best);
    }
}

bool dram_choose_more(struct dram_channel *self, int64_t now, const struct entry *entry,
                      uint16_t index)
{
    struct choice *best = &self->plan;
    const struct dram_config *config = self->config;
    const struct queue *queue = &self->queues[entry->write];
    const struct lane *lane = &queue->lanes[entry->bank];
    const uint64_t bit = UINT64_C(1) << entry->bank;
    const unsigned writes = self->queues[true].count;
    if (config->scheduler != DRAM_FRFCFS)
        return false;
    /* Would the write mode be another with it? */
    if (entry->write && self->mode_before && now <= self->planned_for)
        return false;
    if (self->write_mode || (entry->write ? writes >= config->write_high : queue->count < 2))
        return false;
    if (entry->write || self->duty_count)
        return true;
    unsigned command;
    if (!(self->open & bit))
        command = lane->first == index ? DRAM_ACT : DRAM_COMMANDS;
    else if (self->row[entry->bank] == entry->row)
        command = lane->hit == index ? DRAM_RD : DRAM_COMMANDS;
    else
        command =
            lane->conflict == index && !(dram_protected(self) & bit) ? DRAM_PREPB : DRAM_COMMANDS;
    if (command == DRAM_COMMANDS)
        return true;
    struct choice more = {.at = CYCLE_NEVER, .order = UINT64_MAX, .source = FROM_QUEUE};
    consider(&more, later_of(bank_ready_at(self, entry->bank, command), now), entry->order, index,
             command);
    /* It is the youngest: in the same cycle everybody else goes first. */
    if (more.at < best->at)
        *best = more;
    return true;
}

void dram_choose_duty(const struct dram_channel *self, int64_t now, struct choice *best)
{
    if (self->duty_count == 0)
        return;
    const struct duty *duty = dram_duty(self);
    const bool whole = duty->kind == DUTY_REFRESH_RANK;
    const uint64_t banks = whole ? self->rank_banks[duty->where] : UINT64_C(1) << duty->where;
    unsigned command = DRAM_PREPB;
    if (duty->kind != DUTY_PRECHARGE) {
        const bool closed = !((self->open | self->half_bank) & banks);
        if (whole)
            command = closed ? DRAM_REFAB : DRAM_PREAB;
        else if (closed)
            command = DRAM_REFPB;
    }
    const bool closes = command == DRAM_PREPB || command == DRAM_PREAB;
    if (banks & (self->half_bank | (closes ? dram_protected(self) : 0)))
        return;
    const int64_t ready =
        whole ? self->rank_ready[duty->where][command] : bank_ready_at(self, duty->where, command);
    *best = (struct choice){
        .at = later_of(ready, now), .source = FROM_MAINTENANCE, .command = (uint8_t)command};
}

void dram_update_mode(struct dram_channel *self)
{
    const unsigned reads = self->queues[false].count, writes = self->queues[true].count;
    if (!self->write_mode)
        self->write_mode = writes >= self->config->write_high || reads == 0;
    else if (writes <= self->config->write_low && reads > 0)
        self->write_mode = false;
}
