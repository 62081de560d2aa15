/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Banks, and when each command is allowed.
 *
 * After a command the ready times of the nodes it went through become later: of its bank, its bank group and its rank,
 * and of the other ranks. A constraint of the whole channel is one of its own and of the other ranks.
 */
#include "memory/dram/internal.h"

/* Of two for one command the longer; one of 0 cycles or less is none. */
static void add(struct delays *self, const struct dram_constraint *row)
{
    uint32_t i = 0;
    if (row->cycles <= 0)
        return;
    while (i < self->count && self->list[i].to != row->to)
        i++;
    if (i == self->count) {
        self->list[self->count].to = row->to;
        self->list[self->count++].cycles = 0;
    }
    if ((uint32_t)row->cycles > self->list[i].cycles)
        self->list[i].cycles = (uint32_t)row->cycles;
}

void dram_banks_init(struct dram_channel *self)
{
    const struct dram_config *config = self->config;
    struct dram_constraint list[DRAM_CONSTRAINTS_MAX];
    self->banks_of_rank = (uint8_t)(config->groups * config->banks);
    for (unsigned bank = 0; bank < (unsigned)config->ranks * self->banks_of_rank; bank++) {
        self->group_of[bank] = (uint8_t)(bank / config->banks);
        self->rank_of[bank] = (uint8_t)(bank / self->banks_of_rank);
        self->rank_banks[self->rank_of[bank]] |= UINT64_C(1) << bank;
    }
    const unsigned count = dram_constraints(config, list);
    for (unsigned i = 0; i < count; i++) {
        const struct dram_constraint *row = &list[i];
        if (row->window > 1) {
            self->faw = row->cycles;
            continue;
        }
        const bool channel = row->level == DRAM_AT_CHANNEL;
        for (unsigned level = 0; level < DRAM_LEVELS; level++) {
            if (channel ? level != DRAM_AT_RANK && level != DRAM_AT_OTHER_RANKS
                        : level != row->level)
                continue;
            add(&self->delays[level][row->from], row);
        }
    }
}

static inline void postpone(int64_t *ready, const struct delays *delays, int64_t now)
{
    for (uint32_t i = 0; i < delays->count; i++) {
        int64_t *time = &ready[delays->list[i].to];
        *time = later_of(*time, now + delays->list[i].cycles);
    }
}

void dram_constrain(struct dram_channel *self, int64_t now, unsigned command, unsigned rank,
                    unsigned bank)
{
    postpone(self->rank_ready[rank], &self->delays[DRAM_AT_RANK][command], now);
    for (unsigned other = 0; other < self->config->ranks; other++)
        if (other != rank)
            postpone(self->rank_ready[other], &self->delays[DRAM_AT_OTHER_RANKS][command], now);
    if (command == DRAM_PREAB || command == DRAM_REFAB)
        return;
    postpone(self->group_ready[self->group_of[bank]], &self->delays[DRAM_AT_GROUP][command], now);
    postpone(self->bank_ready[bank], &self->delays[DRAM_AT_BANK][command], now);
    if (command == DRAM_ACT) {
        uint8_t *at = &self->act_at[rank];
        self->acts[rank][*at] = now;
        *at = (*at + 1) & 3;
        if (self->act_count[rank] < 4)
            self->act_count[rank]++;
        if (self->act_count[rank] == 4) {
            int64_t *ready = &self->rank_ready[rank][DRAM_ACT];
            *ready = later_of(*ready, self->acts[rank][*at] + self->faw);
        }
    }
}

void dram_open(struct dram_channel *self, unsigned bank, uint32_t row)
{
    self->open |= UINT64_C(1) << bank;
    self->row[bank] = row;
    dram_queue_opened(self, bank, row);
}

void dram_close(struct dram_channel *self, uint64_t banks)
{
    self->open &= ~banks;
    self->over &= ~banks;
    self->flagged &= ~banks;
    for (uint64_t rest = banks; rest && self->config->row_policy == DRAM_CLOSED_CAP;
         rest &= rest - 1)
        self->accesses[__builtin_ctzll(rest)] = 0;
    dram_queue_closed(self, banks);
}
