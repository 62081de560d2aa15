/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who goes first. Each function takes what it has to offer into `best` if that is allowed sooner, or in the same cycle
 * but is older. `at` is never before `now`, so the best with at == now is the one that FR-FCFS sends: of those whose
 * command is allowed the oldest. A best of a later cycle is when there will be one, if nothing else happens.
 */
#include "memory/dram/internal.h"

static inline void consider(struct choice *best, int64_t now, int64_t ready, uint64_t order,
                            uint16_t index, unsigned command)
{
    const int64_t at = later_of(ready, now);
    if (at > best->at || (at == best->at && order >= best->order))
        return;
    best->at = at;
    best->order = order;
    best->index = index;
    best->command = (uint8_t)command;
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
        consider(best, now, bank_ready_at(self, entry->bank, command), (uint64_t)entry->accepted, i,
                 command);
    }
    if (best->at != CYCLE_NEVER)
        best->source = FROM_ACTIVE;
}

/* Row hits held back a conflict: one of the same queue that is not younger. */
static bool held_by_hit(const struct dram_channel *self, const struct lane *lane)
{
    return self->config->scheduler == DRAM_FRFCFS_ROW_HIT && lane->hit != NONE &&
           self->entries[lane->hit].accepted <= self->entries[lane->conflict].accepted;
}

void dram_choose_queued(const struct dram_channel *self, int64_t now, unsigned kinds,
                        struct choice *best)
{
    const struct queue *queue = &self->queues[self->write_mode];
    const struct entry *entries = self->entries;
    if (kinds & CHOOSE_COLUMN) {
        const unsigned access = self->write_mode ? DRAM_WR : DRAM_RD;
        for (uint64_t rest = queue->hits; rest; rest &= rest - 1) {
            const unsigned bank = (unsigned)__builtin_ctzll(rest);
            const uint16_t hit = queue->lanes[bank].hit;
            consider(best, now, bank_ready_at(self, bank, access), entries[hit].order, hit, access);
        }
    }
    if (kinds & CHOOSE_ROW) {
        const uint64_t kept = dram_protected(self) | self->half_bank;
        for (uint64_t rest = queue->conflicts & ~kept; rest; rest &= rest - 1) {
            const unsigned bank = (unsigned)__builtin_ctzll(rest);
            const struct lane *lane = &queue->lanes[bank];
            if (!held_by_hit(self, lane))
                consider(best, now, bank_ready_at(self, bank, DRAM_PREPB),
                         entries[lane->conflict].order, lane->conflict, DRAM_PREPB);
        }
        const uint64_t closed = self->half_bank ? 0 : queue->any & ~self->open;
        for (uint64_t rest = closed; rest; rest &= rest - 1) {
            const unsigned bank = (unsigned)__builtin_ctzll(rest);
            const uint16_t first = queue->lanes[bank].first;
            consider(best, now, bank_ready_at(self, bank, DRAM_ACT), entries[first].order, first,
                     DRAM_ACT);
        }
    }
    if (best->at != CYCLE_NEVER)
        best->source = FROM_QUEUE;
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
